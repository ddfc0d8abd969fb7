"""Grab every page and dialog, light and dark, at 1280x800 and 1920x1080, with real pictures loaded and a real training.

    python tests/benchmarks/screenshots.py OUT PICTURES

PICTURES holds one sub-folder a class. Ten pictures of each class stay unlabelled, so that there is something to
predict. The window is the real one, on a project and with settings in a temporary folder.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QPushButton,
    QTableView,
    QTabWidget,
    QWidget,
)

SIZES = ((1280, 800), (1920, 1080))
UNLABELLED = 10
SECONDS = 120.0


def wait(milliseconds: int) -> None:
    """Let the window and the lanes live. (QTest.qWait keeps the interpreter to itself: the lanes would stand still.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Studio:
    """The window and what is done to it."""

    def __init__(self, out: Path, home: Path) -> None:
        from mma_desktop.settings import Settings
        from mma_desktop.ui.app import Application

        self.out = out
        self.app = QApplication([])
        settings = Settings(home / "config")
        settings.set("projects_folder", str(home / "projects"))
        self.parts = Application(self.app, settings, None)
        self.window = self.parts.window
        self.controller = self.parts.controller

    def until(self, what: Callable[[], object]) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + SECONDS
        while not what():
            wait(30)
            if time.monotonic() > end:
                raise TimeoutError(f"still at work: {[job.title for job in self.parts.bridge.jobs()]}")

    def idle(self) -> None:
        """Wait for every job, also those that one starts after another."""
        for _ in range(3):
            self.until(lambda: not self.parts.bridge.jobs())
            wait(350)

    def grab(self, name: str) -> None:
        """The window in both sizes and looks."""
        from mma_desktop.ui import theme

        for width, height in SIZES:
            self.window.resize(width, height)
            self.idle()
            for look in ("light", "dark"):
                theme.apply_theme(self.app, look)
                wait(250)
                self.window.grab().save(str(self.out / f"{name}-{width}-{look}.png"))
        theme.apply_theme(self.app, "light")

    def grab_dialog(self, name: str, dialog: QWidget) -> None:
        """A dialog in both looks, at its own size."""
        from mma_desktop.ui import theme

        for look in ("light", "dark"):
            theme.apply_theme(self.app, look)
            wait(150)
            dialog.grab().save(str(self.out / f"dialog-{name}-{look}.png"))
        theme.apply_theme(self.app, "light")
        dialog.close()

    def dialogs(self) -> list[QDialog]:
        """The dialogs that are open."""
        return [one for one in self.app.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]

    # -------------------------------------------------------------- what is shown

    def welcome(self, home: Path) -> None:
        """The welcome page with and without recent projects, the dialogs that need no project."""
        window = self.window
        window.resize(*SIZES[0])
        window.show()
        window.make_pages_soon()
        self.until(lambda: len(window.pages) == 4)
        self.grab("welcome-empty")
        for name in ("Birds of the garden", "Mushrooms", "Screws and bolts"):
            folder = home / "projects" / f"{name}.mma"
            folder.mkdir(parents=True)
            window.settings.add_recent(folder)
        window.settings.add_recent(home / "a drive that is not there" / "Old.mma")
        window._show_recent()
        self.grab("welcome")
        for name, action in (
            ("settings", window.menus.settings),
            ("about", window.menus.about),
            ("shortcuts", window.menus.shortcuts),
            ("new", window.menus.new),
        ):
            action.trigger()
            wait(200)
            for dialog in self.dialogs():
                self.grab_dialog(name, dialog)

    def open_project(self, home: Path, pictures: Path) -> None:
        """Drop class folders into a new project; leave some pictures of each class unlabelled."""
        from mma_desktop.session import Filter, Order, Show, create_session

        session = create_session(home / "projects" / "Caltech.mma", threads=1)
        self.controller.set_session(session)
        window = self.window
        window.show_page("label")
        self.idle()
        self.grab("label-empty")
        window.show_page("train")
        self.idle()
        self.grab("train-empty")
        window.show_page("predict")
        self.grab("predict-empty")
        window.show_page("label")
        bad = home / "odd files"
        bad.mkdir()
        (bad / "empty.png").write_bytes(b"")
        (bad / "notes.jpg").write_text("not a picture")
        whole = next(pictures.rglob("*.jpg")).read_bytes()
        (bad / "cut off.jpg").write_bytes(whole[: len(whole) // 2])
        window.imports.take([pictures])
        self.until(self.dialogs)
        wait(300)
        (dialog,) = self.dialogs()
        from mma_desktop.ui import theme

        for look in ("dark", "light"):
            theme.apply_theme(self.app, look)
            wait(150)
            dialog.grab().save(str(self.out / f"dialog-import-{look}.png"))
        dialog.half.setChecked(True)
        dialog._import()
        self.until(lambda: len(session.catalogue.columns.ids) > 200)
        self.window.grab().save(str(self.out / "label-importing-1280-light.png"))
        self.idle()
        self.controller.import_paths([bad])
        self.idle()
        for one in session.classes:
            ids = session.select(Filter(Show.CLASS, one.id, Order.NAME))[-UNLABELLED:].tolist()
            self.controller.assign(ids, None)
        self.idle()

    def label(self) -> None:
        """The label page in its states."""
        window = self.window
        page = window.pages["label"]
        window.messages.hide()
        page.show_all()
        self.grab("label")
        page.show_problems()
        self.grab("label-problems")
        first = self.controller.open_session.classes[5]
        page.show_likely(first.id)
        self.idle()
        page.set_preview(True)
        page.grid.set_current(1)
        page.grid.setFocus()
        self.grab("label-likely")
        page.set_preview(False)
        page.show_all()

    def find(self) -> None:
        """What the Find menu shows, and its dialogs."""
        window = self.window
        window.show_page("label")
        page = window.pages["label"]
        page.grid.set_current(7)
        for name, action in (
            ("suggested", window.menus.suggest),
            ("suspects", window.menus.suspects),
            ("more-like", window.menus.more_like),
            ("duplicates", window.menus.duplicates),
        ):
            action.trigger()
            self.idle()
            self.grab(f"find-{name}")
            page.show_all()
        window.menus.names.trigger()
        self.idle()
        (dialog,) = self.dialogs()
        self.grab_dialog("names", dialog)
        window.menus.names.trigger()
        self.idle()
        (dialog,) = self.dialogs()
        tabs = dialog.findChild(QTabWidget)
        if tabs is not None:
            tabs.setCurrentIndex(1)
        for button in dialog.findChildren(QPushButton):
            if button.isVisible() and button.text().startswith("Measure"):
                button.click()
        self.idle()
        self.grab_dialog("prompts", dialog)

    def compare(self) -> None:
        """Two trainings side by side."""
        window = self.window
        window.show_page("train")
        page = window.pages["train"]
        page.form.shots.setValue(4)
        self.idle()
        page.start()
        self.until(lambda: self.controller.training is not None)
        self.until(lambda: self.controller.training is None)
        self.idle()
        page.tabs.setCurrentIndex(page.tabs.count() - 1)
        runs = page.findChild(QTableView, "runs") or page.tabs.currentWidget().findChild(QAbstractItemView)
        runs.selectAll()
        self.grab("train-runs-chosen")
        QTest.keyClick(runs, Qt.Key.Key_C)
        self.idle()
        for dialog in self.dialogs():
            self.grab_dialog("compare", dialog)

    def train(self) -> None:
        """The train page before, after, and the trainings."""
        window = self.window
        window.show_page("train")
        self.idle()
        self.grab("train-ready")
        page = window.pages["train"]
        page.start()
        self.until(lambda: self.controller.training is not None)
        self.until(lambda: self.controller.training is None)
        self.idle()
        for at in range(page.tabs.count()):
            page.tabs.setCurrentIndex(at)
            name = page.tabs.tabText(at).lower().replace("&", "").replace(" ", "-")
            self.grab(f"train-{name}")

    def predict(self, pictures: Path) -> None:
        """The predict page, a typed name and a tested picture."""
        window = self.window
        window.show_page("predict")
        self.idle()
        self.grab("predict")
        page = window.pages["predict"]
        page.trials.edit.setText("sailing boat, musical instrument")
        page.trials.take()
        page.trials.choose("musical instrument")
        page.test.test(sorted(sorted(pictures.iterdir())[-4].iterdir())[30])
        self.idle()
        self.grab("predict-typed")
        window.show_page("label")
        self.grab("label-trained")

    def close(self) -> None:
        """Close the window as a person would and let the lanes end."""
        self.window.close()
        self.app.exec()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def main() -> None:
    """Make all pictures."""
    out, pictures = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mma-shots-") as folder:
        home = Path(folder)
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            os.environ[name] = str(home / name)
        os.environ.setdefault("XDG_CACHE_HOME", str(home / "cache"))
        studio = Studio(out, home)
        studio.welcome(home)
        studio.open_project(home, pictures)
        studio.label()
        studio.train()
        studio.predict(pictures)
        studio.find()
        studio.compare()
        studio.close()


if __name__ == "__main__":
    main()
