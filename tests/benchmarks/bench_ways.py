"""Count what a person does from a fresh start to a classifier in use: clicks, keys and seconds, in the real window.

    apt-get install xvfb openbox xdotool  # on Debian, once
    xvfb-run -a -s "-screen 0 1600x900x24" python tests/benchmarks/bench_ways.py PICTURES --screen

With `--screen` the mouse and the keyboard of the X server do it, under a window manager, and the folder is dragged in
from another program. Without it, events go straight to the parts of the window, and no screen is needed.

PICTURES holds one sub-folder a class. Four ways are taken: the sample project; a drop of the class folders; a drop of
the same pictures in one flat folder, where a person who knows every picture names the groups that they fall into, and
the same where they type the names and answer questions until every class has its examples. A classifier is in use when
the page of predictions shows pictures, or says that every picture is labelled and offers to try one. A drop counts as a
click, a shortcut as a key. Seconds are the program's own: whoever sits in front of it here needs none to think, and
goes on as soon as the next group, or the next question, is there. `after` are those since every picture was looked at,
`cpu` the processor time of each. Where the truth is known: labels that were given, how many of them are right, and how
many predictions for the other pictures, in percent.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if "--screen" in sys.argv else "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl  # noqa: E402
from PySide6.QtGui import QDropEvent, QKeySequence  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit  # noqa: E402
from studio import Studio, wait  # noqa: E402

LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
PATIENCE, QUIET = 3.0, subprocess.DEVNULL
WAYS = ("sample", "class_folders", "by_groups", "flat_folder")
DRAGGED, BESIDE, STEPS = "ways-folder", 1300, 8
FILES = f"""
import sys
from PySide6.QtCore import QMimeData, QUrl, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel

class Folder(QLabel):
    def mousePressEvent(self, event):
        data, drag = QMimeData(), QDrag(self)
        data.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)

app, folder = QApplication([]), Folder(sys.argv[1])
folder.setWindowTitle("{DRAGGED}")
folder.setGeometry({BESIDE}, 200, 200, 100)
folder.show()
app.exec()
"""  # another program, with a folder to drag
SETTINGS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")


def now() -> np.ndarray:
    """Seconds on the clock, and of processor time."""
    return np.array([time.monotonic(), time.process_time()])


class Hands:
    """Somebody at the window whose clicks and keys are counted."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.window = studio.window
        self.clicks = self.keys = 0
        self.start = self.looked = now()
        self.truth: dict[str, str] = {}
        self._watch = QTimer(interval=100)
        self._watch.timeout.connect(self._look)
        self._watch.start()

    def _look(self) -> None:
        """Note when every picture was looked at."""
        if self.context is not None and self.context.engine.ready:
            hashes = self.context.index.columns.hashes
            if len(hashes) and self.context.engine.embedded(hashes).all():
                self.looked = now()
                self._watch.stop()

    def until(self, what) -> None:
        self.studio.until(what)

    def click(self, widget) -> None:
        self.until(lambda: widget.isVisible() and widget.isEnabled())
        self.clicks += 1
        self.click_at(widget, widget.rect().center())

    def click_at(self, widget, place) -> None:
        QTest.mouseClick(widget, LEFT, NONE, place)

    def keyboard(self):
        """What has the keyboard focus; the offscreen platform activates no window by itself."""
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
        self.until(lambda: QApplication.focusWidget() is not None)
        return QApplication.focusWidget()

    def press(self, key, modifiers=NONE) -> None:
        self.keys += 1
        QTest.keyClick(self.keyboard(), key, modifiers)

    def type(self, text: str) -> None:
        self.keys += len(text)
        QTest.keyClicks(self.keyboard(), text)

    def leave(self) -> None:
        """Nothing else was started."""

    def drop(self, folder: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(folder))])
        self.clicks += 1
        at = self.window.rect().center()
        event = QDropEvent(at.toPointF(), Qt.DropAction.CopyAction, data, LEFT, NONE)
        QApplication.sendEvent(self.window.windowHandle(), _entered(data, at))
        QApplication.sendEvent(self.window.windowHandle(), event)

    def dialog(self) -> QDialog:
        self.until(self.studio.dialogs)
        return self.studio.dialogs()[0]

    @property
    def context(self):
        return self.studio.controller.context

    def learned(self):
        from mma_desktop.services.training.learning import learn

        return None if self.context is None else learn.kept(self.context)

    def measured(self) -> bool:
        found = self.learned()
        return found is not None and found.accuracy is not None

    def use(self) -> None:
        """Look at what the classifier says."""
        from mma_desktop.ui.shell.navigation import PAGES

        page, tabs = self.window.pages["use"], self.window.rail.tabs
        self.clicks += 1
        self.click_at(tabs, tabs.tabRect(PAGES.index("use")).center())
        self.until(lambda: page.stack.currentWidget() is not page.grid or len(page.grid.images.ids) > 0)


class RealHands(Hands):
    """Somebody at the mouse and the keyboard of the X server."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._programs: list[subprocess.Popen] = []
        self._start("openbox", "--sm-disable")
        self.until(
            lambda: (
                subprocess.run(["xdotool", "get_num_desktops"], check=False, stderr=QUIET, stdout=QUIET).returncode == 0
            )
        )
        self.window.move(0, 0)

    def _start(self, *command: str) -> subprocess.Popen:
        self._programs.append(subprocess.Popen(command, stdout=QUIET, stderr=QUIET))
        return self._programs[-1]

    def _do(self, *command: str) -> None:
        """One act; the window lives meanwhile."""
        act = subprocess.Popen(["xdotool", *command], stdout=QUIET)
        self.until(lambda: act.poll() is not None)
        if act.returncode:
            raise RuntimeError(f"xdotool {command} failed")

    def click_at(self, widget, place) -> None:
        at = widget.mapToGlobal(place)
        self._do("mousemove", str(at.x()), str(at.y()), "click", "1")

    def press(self, key, modifiers=NONE) -> None:
        self.keys += 1
        name = QKeySequence(modifiers.value | key.value).toString()
        self._do("key", name.lower() if "+" in name else name)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self._do("type", text)

    def drop(self, folder: Path) -> None:
        self.clicks += 1
        self._start(sys.executable, "-c", FILES, str(folder))
        self._do("search", "--sync", "--onlyvisible", "--name", DRAGGED)
        wait(500)  # until it is drawn
        self.start = now()
        to, x, y = self.window.mapToGlobal(self.window.rect().center()), BESIDE + 50, 250
        self._do("mousemove", str(x), str(y), "mousedown", "1")
        for step in range(1, STEPS + 1):
            part = step / STEPS
            self._do("mousemove", str(round(x + part * (to.x() - x))), str(round(y + part * (to.y() - y))))
        self._do("mouseup", "1")

    def leave(self) -> None:
        for program in self._programs:
            program.terminate()
            program.wait()


def _entered(data: QMimeData, at):
    from PySide6.QtGui import QDragEnterEvent

    return QDragEnterEvent(at, Qt.DropAction.CopyAction, data, LEFT, NONE)


def sample(hands: Hands, _pictures: Path) -> None:
    """One button."""
    hands.click(hands.window.welcome.sample_button)
    hands.until(hands.measured)
    hands.studio.idle()
    hands.use()


def named(hands: Hands, folder: Path, *, classes: bool = False) -> None:
    """Drop a folder and take the project's name as it is offered, and the names of class folders once they are."""
    hands.drop(folder)
    hands.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    hands.until(lambda: hands.window.projects.dialog.use_names.isVisible() or not classes)
    hands.press(Qt.Key.Key_Return)


def class_folders(hands: Hands, pictures: Path) -> None:
    """Drop and name: the dialog that asks for the name takes the folders as classes, as it offers."""
    named(hands, pictures, classes=True)
    hands.until(hands.measured)
    hands.studio.idle()
    hands.use()


def by_groups(hands: Hands, pictures: Path) -> None:
    """Drop, name, name each group after most of its pictures."""
    truth = dropped_flat(hands, pictures)
    name_groups(hands, truth, set(truth.values()), lambda _said: None)
    hands.studio.idle()
    hands.use()


def name_groups(hands: Hands, truth: dict[str, str], wanted: set[str], show: Callable[[str], None]) -> None:
    """Name the groups after most of their pictures, or as None of these where that is not `wanted`."""
    view = hands.window.pages["label"].group_view
    hands.until(lambda: view.isVisible() and view.group is not None)
    while view.isVisible() and (group := view.group) is not None:
        hands.until(lambda: view.name.text() or not hands.studio.parts.bridge.jobs())  # a name, if one is proposed
        shown = [truth[row.path.name] for row in hands.context.project.image_rows(group.typical.tolist())]
        name = max(sorted(set(shown)), key=shown.count)
        if name not in wanted:
            show("0: none of these")
            hands.type("0")
        else:
            if view.name.text() == name:
                show("Enter takes the name that is proposed")
            else:
                hands.type(name)
                show("Type a name for all of them")
            hands.press(Qt.Key.Key_Return)
        hands.until(lambda key=group.key: view.group is None or view.group.key != key)


def dropped_flat(hands: Hands, pictures: Path) -> dict[str, str]:
    """Drop the pictures in one folder, and take the project's name; what each file shows."""
    truth = hands.truth
    flat = hands.studio.home / "flat"
    flat.mkdir()
    for file in sorted(pictures.glob("*/*")):
        target = flat / f"{len(truth):05}{file.suffix}"
        shutil.copyfile(file, target)
        truth[target.name] = file.parent.name
    hands.start = now()
    named(hands, flat)
    hands.until(lambda: hands.context is not None and len(hands.context.index.columns.ids) == len(truth))
    return truth


def flat_folder(hands: Hands, pictures: Path) -> None:
    """Drop, name, type class names, answer questions, accept what the program is sure of."""
    from mma_desktop.ui.grid.label_controller import ClassPicker, matching

    truth = dropped_flat(hands, pictures)
    page = hands.studio.window.pages["label"]
    names = sorted(set(truth.values()))
    hands.until(page.isVisible)
    hands.click(page.panel.names.viewport())
    hands.type(", ".join(names))
    hands.press(Qt.Key.Key_Return)
    hands.studio.idle()
    hands.press(Qt.Key.Key_G, CONTROL)
    questions, bar = page.review.questions, page.review.bar
    hands.until(lambda: questions.active or hands.window.messages.bars)
    while questions.active or bar.isVisible():
        before = _labels(hands)
        if questions.active and questions.image_id < 0:
            wait(10)
            continue
        if questions.active and page.review.review.beyond(0):
            hands.press(Qt.Key.Key_Escape)
        elif questions.active:
            image = questions.image_id
            (row,) = hands.context.project.image_rows([image])
            one = next(one for one in hands.context.classes if one.name == truth[row.path.name])
            if page.review.review.question(image).about.id == one.id:
                hands.press(Qt.Key.Key_Return)
            elif one.key:
                hands.type(one.key)
            else:
                hands.type("/")
                hands.until(lambda: isinstance(QApplication.activeWindow(), ClassPicker))
                letters = range(1, len(one.name) + 1)
                hands.type(
                    next(one.name[:n] for n in letters if matching(hands.context.classes, one.name[:n])[0] is one)
                )
                hands.press(Qt.Key.Key_Return)
            hands.until(lambda image=image: questions.image_id != image)
        elif len(page.grid.selected_ids()):
            hands.press(Qt.Key.Key_Return)  # what is sure, all selected
            again = time.monotonic() + PATIENCE  # whoever sees nothing happen looks again
            hands.until(lambda before=before, again=again: _labels(hands) != before or time.monotonic() > again)
        else:
            wait(10)
    hands.studio.idle()
    hands.use()


def _labels(hands: Hands) -> dict[int, int]:
    columns = hands.context.index.columns
    return {int(i): int(c) for i, c in zip(columns.ids, columns.class_ids, strict=True) if c >= 0}


def rightness(hands: Hands) -> str:
    """Labels, how many of them are right, and how many predictions of the other pictures."""
    context, predictions, given = hands.context, hands.context.predictions, _labels(hands)
    names = {one.id: one.name for one in context.every_class}
    said = np.where(predictions.rejected, -1, predictions.best_class).tolist()
    others = {image: one for image, one in zip(predictions.image_ids.tolist(), said, strict=True) if image not in given}
    shows = {
        row.id: hands.truth[row.path.name] for row in context.project.image_rows(context.index.columns.ids.tolist())
    }
    right = [np.mean([names.get(one) == shows[image] for image, one in told.items()]) for told in (given, others)]
    return f"{len(given):9}" + "".join(f"{100 * one:9.1f}" for one in right)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--screen", action="store_true", help="by the mouse and the keyboard of the X server")
    parser.add_argument("--way", choices=WAYS, help="one way, in this process")
    given = parser.parse_args()
    if given.way is None:
        columns = ("clicks", "keys", "seconds", "cpu", "after", "cpu", "it says", "labels", "right", "others")
        print(f"{'way':15}" + "".join(f"{one:>9}" for one in columns), flush=True)
        for way in WAYS:
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--way", way], check=False)
        return
    home = Path(tempfile.mkdtemp(prefix="ways-"))
    for name in SETTINGS:
        os.environ[name] = str(home / name)
    studio = Studio(home, home, [(1280, 800)], ("light",))
    hands = (RealHands if given.screen else Hands)(studio)
    studio.begin()
    hands.start = now()
    globals()[given.way](hands, given.pictures.resolve())
    end = now()
    found = hands.learned()
    said = "unknown" if found is None or found.accuracy is None else f"{found.accuracy.percent:.1f}"
    times = "".join(f"{one:9.1f}" for since in (hands.start, hands.looked) for one in end - since)
    known = rightness(hands) if hands.truth else ""
    print(f"{given.way:15}{hands.clicks:9}{hands.keys:9}{times}{said:>9}{known}", flush=True)
    studio.idle()
    studio.close()
    hands.leave()
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
