"""Count what a person does from a fresh start to a classifier in use: clicks, keys and seconds, in the real window.

    python tests/benchmarks/bench_ways.py PICTURES

PICTURES holds one sub-folder a class. Four ways are gone: the sample project; a drop of the class folders; a drop of
the same pictures in one flat folder, where a person who knows every picture names the groups that they fall into, and
the same where they type the names and answer questions until the program asks no more. A classifier is in use when the
page of predictions shows pictures, or says that every picture is labelled and offers to try one. A drop counts as a
click, a shortcut as a key. Seconds are the program's own: whoever sits in front of it here needs none to think.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QMimeData, Qt, QUrl  # noqa: E402
from PySide6.QtGui import QDropEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit  # noqa: E402
from studio import Studio, wait  # noqa: E402

LEFT, NONE, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
PATIENCE = 3.0
SETTINGS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")


class Hands:
    """Somebody at the window whose clicks and keys are counted."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.window = studio.window
        self.clicks = self.keys = 0

    def until(self, what) -> None:
        self.studio.until(what)

    def click(self, widget) -> None:
        self.until(lambda: widget.isVisible() and widget.isEnabled())
        self.clicks += 1
        QTest.mouseClick(widget, LEFT, NONE, widget.rect().center())

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
        page = self.window.pages["use"]
        self.window.show_page("use")
        self.until(lambda: page.stack.currentWidget() is not page.grid or len(page.grid.images.ids) > 0)


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
        hands.studio.idle()  # a name is proposed by then
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
    truth = {}
    flat = hands.studio.home / "flat"
    flat.mkdir()
    for file in sorted(pictures.glob("*/*")):
        target = flat / f"{len(truth):05}{file.suffix}"
        shutil.copyfile(file, target)
        truth[target.name] = file.parent.name
    named(hands, flat)
    hands.until(lambda: hands.context is not None and len(hands.context.index.columns.ids) == len(truth))
    return truth


def flat_folder(hands: Hands, pictures: Path) -> None:
    """Drop, name, type class names, answer questions, accept what the program is sure of."""
    truth = dropped_flat(hands, pictures)
    page = hands.studio.window.pages["label"]
    names = sorted(set(truth.values()))
    hands.until(page.isVisible)
    hands.click(page.panel.names.viewport())
    hands.type(", ".join(names))
    hands.press(Qt.Key.Key_Return)
    hands.studio.idle()
    page.focus_images()
    hands.press(Qt.Key.Key_G, CONTROL)
    questions, bar = page.review.questions, page.review.bar
    hands.until(lambda: questions.active or hands.window.messages.bars)
    while questions.active or bar.isVisible():
        before = _labels(hands)
        if questions.active and questions.image_id < 0:
            wait(10)
            continue
        if questions.active:
            image = questions.image_id
            (row,) = hands.context.project.image_rows([image])
            one = next(one for one in hands.context.classes if one.name == truth[row.path.name])
            if page.review.review.question(image).about.id == one.id:
                hands.press(Qt.Key.Key_Return)
            elif one.key:
                hands.type(one.key)
            else:
                hands.studio.controller.assign([image], one.id)
                hands.keys += 4  # slash, the beginning of the name, Enter
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument(
        "--way", choices=("sample", "class_folders", "by_groups", "flat_folder"), help="one way, in this process"
    )
    given = parser.parse_args()
    if given.way is None:
        print(f"{'way':15}{'clicks':>8}{'keys':>8}{'seconds':>9}  accuracy it says of itself", flush=True)
        for way in ("sample", "class_folders", "by_groups", "flat_folder"):
            os.system(f'"{sys.executable}" "{__file__}" "{given.pictures}" --way {way}')
        return
    home = Path(tempfile.mkdtemp(prefix="ways-"))
    for name in SETTINGS:
        os.environ[name] = str(home / name)
    studio = Studio(home, home, [(1280, 800)], ("light",))
    studio.begin()
    hands = Hands(studio)
    start = time.monotonic()
    globals()[given.way](hands, given.pictures.resolve())
    seconds = time.monotonic() - start
    found = hands.learned()
    said = "unknown" if found is None or found.accuracy is None else f"{found.accuracy.percent:.1f}"
    print(f"{given.way:15}{hands.clicks:8}{hands.keys:8}{seconds:9.1f}  {said}", flush=True)
    studio.close()
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
