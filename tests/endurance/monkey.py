"""A monkey at the real window: random keys, clicks, menus and pages, with what it was told kept beside it."""

from __future__ import annotations

import ctypes
import gc
import math
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QMenu, QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.services.context import ProjectContext

from ..ui.person import CONTROL, NONE, SHIFT, Person

Key = Qt.Key
KEYS = (
    Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_U, Key.Key_S, Key.Key_J, Key.Key_K, Key.Key_Period,
    Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_PageDown, Key.Key_Home, Key.Key_End,
    Key.Key_Space, Key.Key_Tab, Key.Key_Return, Key.Key_Delete, Key.Key_Escape, Key.Key_Slash,
)  # fmt: skip
CHORDS = (
    (Key.Key_Z, CONTROL), (Key.Key_Y, CONTROL), (Key.Key_A, CONTROL), (Key.Key_F, CONTROL), (Key.Key_D, CONTROL),
    (Key.Key_L, CONTROL), (Key.Key_G, CONTROL), (Key.Key_M, CONTROL), (Key.Key_Right, SHIFT), (Key.Key_Down, SHIFT),
    (Key.Key_Tab, SHIFT),
)  # fmt: skip
WORDS = ("apples", "0", "b", "new name", "zz", "Ä")
# Leaving, and other projects: the monkey stays in its own. It closes and opens that by itself.
LEFT_OUT = ("&Quit", "&Close project", "&New project…", "&Open project…", "Open the &sample project", "&Full screen")
QUIET_MS = 20
MENU_MS = 200
SETTLE_MS = 400  # longer than an edit waits for its predictions, or a list for its counts


@dataclass(frozen=True)
class Holdings:
    """What the process holds while nothing happens: resident MB, Qt objects, threads, file descriptors.

    Without a backbone, which may have failed or been stopped, the memory is not a number.
    """

    memory: float
    objects: int
    threads: int
    descriptors: int


class Told:
    """The label of every image as the window was told of it: by the project once, then by each change alone."""

    def __init__(self, context: ProjectContext) -> None:
        self._context = context
        self.labels: dict[int, int] = {}
        self._take(context.index.columns.ids.tolist())

    def hear(self, changes: Changes) -> None:
        """A change was acknowledged."""
        for gone in changes.images_removed:
            self.labels.pop(gone, None)
        self._take([*changes.images_added, *changes.labels])

    def _take(self, ids: Sequence[int]) -> None:
        columns = self._context.index.columns
        for image in ids:
            at = int(columns.ids.searchsorted(image))
            here = at < len(columns.ids) and int(columns.ids[at]) == image
            label = int(columns.class_ids[at]) if here else -1
            if label >= 0:
                self.labels[image] = label
            else:
                self.labels.pop(image, None)


class Monkey:
    """Random hands at the window.

    Args:
        person: Whose hands.
        project: The folder of the project it plays with; it is open.
        pictures: A folder that it imports from.
        number: The same number plays the same.
    """

    def __init__(self, person: Person, project: Path, pictures: Path, number: int) -> None:
        self.person = person
        self.window = person.window
        self.controller = person.window.controller
        self.project = project
        self.pictures = sorted(pictures.rglob("*.jpg"))
        self.dice = random.Random(number)
        self.told = Told(person.context)
        self.done: list[str] = []
        self.controller.changed.connect(self._hear)
        self.actions: dict[Callable[[], str], int] = {
            self.press_key: 30,
            self.press_chord: 12,
            self.click_image: 30,
            self.click_button: 12,
            self.choose_in_box: 5,
            self.type_word: 3,
            self.choose_in_menu: 6,
            self.show_page: 5,
            self.drop_pictures: 2,
            self.resize: 2,
            self.reopen: 1,
        }

    def _hear(self, changes: Changes) -> None:
        self.told.hear(changes)

    def play(self, seconds: float, until: Callable[[], bool] = lambda: False) -> int:
        """Go on for so long, or until something is so; returns how many things were done."""
        end, count = time.monotonic() + seconds, 0
        while time.monotonic() < end and not until():
            action = self.dice.choices([*self.actions], [*self.actions.values()])[0]
            self.done.append(action.__name__)
            self.done[-1] = f"{action.__name__}: {action()}"
            self.person.qtbot.wait(QUIET_MS)
            self.put_away()
            count += 1
        return count

    # ------------------------------------------------------------------ what it does

    def press_key(self) -> str:
        key = self.dice.choice(KEYS)
        self.press(key)
        return key.name

    def press_chord(self) -> str:
        key, modifiers = self.dice.choice(CHORDS)
        self.press(key, modifiers)
        return key.name

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key; in an active window something always has the keyboard."""
        self.activate()
        self.person.press(key, modifiers)

    def activate(self) -> None:
        """Have the window active, as a window manager does."""
        active = QApplication.activeWindow()
        if active is None or not active.isVisible():  # Qt's platform without a screen gives it back to no window
            wanted = QApplication.activeModalWidget() or self.window
            wanted.activateWindow()
            self.person.until(lambda: QApplication.activeWindow() is wanted)

    def click_image(self) -> str:
        grid = self.person.label.grid
        if not grid.isVisible() or not len(grid.images.ids):
            self.window.show_page("label")
            return "label page"
        position = self.dice.randrange(len(grid.images.ids))
        grid.scrollTo(grid.images.index_at(position))
        modifiers = self.dice.choice((NONE, NONE, NONE, CONTROL, SHIFT))
        at = grid.card_rect(position).center()
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifiers, at)
        return str(position)

    def click_button(self) -> str:
        buttons = [
            one
            for one in self.window.findChildren(QAbstractButton)
            if one.isVisible() and one.isEnabled() and one.visibleRegion().boundingRect().isValid()
        ]
        if not buttons:
            return "none"
        button = self.dice.choice(buttons)
        name = f"{type(button).__name__} {button.text() or button.accessibleName() or button.toolTip()}"
        # A tool button returns from the click only when its menu is closed.
        QTimer.singleShot(MENU_MS, self.person.window, leave_popups)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, NONE, button.rect().center())
        return name

    def choose_in_box(self) -> str:
        boxes = [one for one in self.window.findChildren(QComboBox) if one.isVisible() and one.isEnabled()]
        if not boxes:
            return "none"
        box = self.dice.choice(boxes)
        QTest.keyClick(box, self.dice.choice((Key.Key_Down, Key.Key_Up)))
        return box.currentText()

    def type_word(self) -> str:
        word = self.dice.choice(WORDS)
        self.activate()
        self.person.type(word)
        return word

    def choose_in_menu(self) -> str:
        actions = [one for menu in self.window.menus.findChildren(QMenu) for one in menu.actions()]
        fitting = [one for one in actions if self.may_choose(one)]
        action = self.dice.choice(fitting)
        text = action.text()
        action.trigger()
        return text

    def may_choose(self, action: QAction) -> bool:
        if action.menu() is not None or action.isSeparator() or not action.isEnabled():
            return False
        return action.text() not in LEFT_OUT

    def show_page(self) -> str:
        name = self.dice.choice(("label", "label", "check", "use"))
        self.window.show_page(name)
        return name

    def drop_pictures(self) -> str:
        some = self.dice.sample(self.pictures, 3)
        self.controller.import_paths(some)
        return ", ".join(path.name for path in some)

    def resize(self) -> str:
        width, height = self.dice.randrange(900, 1500), self.dice.randrange(600, 1000)
        self.window.resize(width, height)
        return f"{width} x {height}"

    def reopen(self) -> str:
        """Close the project and open it again."""
        self.settle()
        self.compare()
        self.window.menus.close_project.trigger()
        self.person.until(lambda: self.controller.context is None and not self.controller.is_closing)
        self.window.projects.open_folder(self.project)
        self.person.until(lambda: self.controller.context is not None)
        self.told = Told(self.person.context)
        self.window.show_page("label")
        return "again"

    # ------------------------------------------------------------------ keeping the window free

    def put_away(self) -> None:
        """Escape from menus and dialogs, until the window has the keyboard."""
        for _ in range(20):
            asked: QWidget | None = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if asked is None:
                return
            QTest.keyClick(asked, Key.Key_Escape)
            self.person.qtbot.wait(QUIET_MS)
            if shiboken6.isValid(asked) and asked.isVisible():
                asked.close()
        raise AssertionError(f"{asked} does not close")

    def settle(self) -> None:
        """Stop long jobs, never an edit, and wait until nothing is on its way."""
        self.put_away()
        for _ in range(2):
            for job in self.controller.bridge.jobs():
                if job.lane is not LaneName.STORE:
                    job.cancel()
            self.person.until(lambda: not self.controller.bridge.jobs(), 300_000)
            self.person.qtbot.wait(SETTLE_MS)

    def load_backbone(self) -> None:
        """Load the backbone again if that was stopped, and let what follows go on to its end."""
        if self.controller.prepare_on_open and not self.person.context.engine.ready:
            self.controller.prepare()
            self.person.until(lambda: not self.controller.bridge.jobs(), 300_000)

    # ------------------------------------------------------------------ looking

    def compare(self) -> None:
        """What the window was told, what it shows, and what is in the database are one."""
        columns = self.person.context.index.columns
        pairs = zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True)
        shown = {image: label for image, label in pairs if label >= 0}
        with closing(sqlite3.connect(self.project / DATABASE_FILE)) as connection:
            stored = dict(connection.execute("SELECT image_id, class_id FROM label"))
            assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        assert self.told.labels == stored == shown

    def holdings(self) -> Holdings:
        """What is held once all is quiet, at the label page, with every image shown and the backbone loaded."""
        self.settle()
        self.load_backbone()
        self.window.show_page("label")
        self.window.resize(1280, 800)
        self.person.label.show_all()
        self.settle()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        give_back()
        has_backbone = self.person.context.engine.ready or not self.controller.prepare_on_open
        return Holdings(
            resident() if has_backbone else math.nan,
            len(self.window.findChildren(QObject)) + len(QApplication.topLevelWidgets()),
            threading.active_count(),
            len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        )


def leave_popups() -> None:
    """Escape from the menus that are open."""
    while (popup := QApplication.activePopupWidget()) is not None:
        QTest.keyClick(popup, Key.Key_Escape)
        if QApplication.activePopupWidget() is popup:
            popup.close()


def give_back() -> None:
    """Have the allocator return what is free to the system, where it can be asked: that is not held by anyone."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def resident() -> float:
    """Megabytes of this process in memory."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the system does not say")
