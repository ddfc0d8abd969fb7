"""Somebody at the real window, with a mouse and a keyboard.

What is typed goes to the widget that has the keyboard, and what is dropped goes to the window's own handle, so that a
page that loses the focus or a widget that swallows files is a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.main_window import MainWindow
from mma_desktop.ui.shell.navigation import PAGES

from .projects import open_copy

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton
COPY = Qt.DropAction.CopyAction
WAIT = 60_000
LONG = 120_000


NAMES = ("apples", "boxes", "clouds", "stripes")


class Person:
    """Somebody at the window, with a mouse and a keyboard."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    # ------------------------------------------------------------------ hands

    def until(self, true: Callable[[], object], timeout: int = WAIT) -> None:
        """Wait; the lanes go on meanwhile."""
        self.qtbot.waitUntil(lambda: bool(true()), timeout=timeout)

    def keyboard(self) -> QWidget:
        """What has the keyboard. A dialog that is over gives it back to the window."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup
        if QApplication.activeWindow() is None:  # a window manager does this; the offscreen platform does not
            (QApplication.activeModalWidget() or self.window).activateWindow()
            self.until(lambda: QApplication.activeWindow() is not None)
        target = QApplication.focusWidget()
        assert target is not None, "nothing in the window has the keyboard"
        return target

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key: it goes where the keyboard is."""
        QTest.keyClick(self.keyboard(), key, modifiers)

    def type(self, text: str) -> None:
        """Type a text."""
        QTest.keyClicks(self.keyboard(), text)

    def click(self, widget: QWidget, at: QPoint | None = None, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click the middle of a widget, or a point of it."""
        self.until(lambda: widget.isVisible() and widget.isEnabled())
        QTest.mouseClick(widget, LEFT, modifiers, at or widget.rect().center())

    def click_row(self, view: QAbstractItemView, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click a row of a list; a pause before it, so that two clicks are no double click."""
        self.qtbot.wait(QApplication.doubleClickInterval() + 20)
        index = view.model().index(row, 0, QModelIndex())
        self.click(view.viewport(), view.visualRect(index).center(), modifiers)

    def drop(self, data: QMimeData, at: QPoint) -> bool:
        """Drag something in and drop it at a point of the window; whether it was taken."""
        handle = self.window.windowHandle()
        enter = QDragEnterEvent(at, COPY, data, LEFT, NONE)
        QApplication.sendEvent(handle, enter)
        move = QDragMoveEvent(at, COPY, data, LEFT, NONE)
        move.setDropAction(enter.dropAction())
        move.setAccepted(enter.isAccepted())  # as Qt does: a move is as welcome as the entrance was, until it is not
        QApplication.sendEvent(handle, move)
        if not move.isAccepted():
            return False
        event = QDropEvent(QPointF(at), COPY, data, LEFT, NONE)
        QApplication.sendEvent(handle, event)
        return event.isAccepted()

    def drop_files(self, paths: Sequence[Path], at: QPoint | None = None) -> None:
        """Drop files and folders, in the middle of the window or elsewhere."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        assert self.drop(data, at or self.window.rect().center())

    def menu(self, letters: str) -> None:
        """Walk through the menus by their underlined letters, the first with Alt."""
        self.press(getattr(Key, f"Key_{letters[0].upper()}"), ALT)
        for letter in letters[1:]:
            assert isinstance(QApplication.activePopupWidget(), QMenu), f"no menu is open before '{letter}'"
            self.type(letter)
        assert QApplication.activePopupWidget() is None

    def answer_file_dialog(self, path: Path) -> None:
        """Type a path over what is offered, and Return."""
        self.until(lambda: any(one.isVisible() for one in self.window.findChildren(QFileDialog)))
        dialog = next(one for one in self.window.findChildren(QFileDialog) if one.isVisible())
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        self.until(lambda: QApplication.focusWidget() is field)
        self.press(Key.Key_A, CONTROL)
        self.type(str(path))
        self.press(Key.Key_Return)
        self.until(lambda: not dialog.isVisible())

    def answer(self, text: str) -> None:
        """Click a button of the question that is asked."""
        boxes = [one for one in self.window.findChildren(QMessageBox) if one.isVisible()]
        assert len(boxes) == 1
        self.click(next(one for one in boxes[0].findChildren(QPushButton) if one.text().replace("&", "") == text))

    # ------------------------------------------------------------------ eyes

    @property
    def context(self) -> ProjectContext:
        """The open project."""
        return self.window.controller.open_context

    @property
    def label(self) -> Any:
        """The label page."""
        return self.window.pages["label"]

    def shown(self) -> list[int]:
        """The images in the grid of the label page."""
        found: list[int] = self.label.grid.images.ids.tolist()
        return found

    def true_classes(self, ids: Sequence[int]) -> list[str]:
        """What is on the pictures: their file names say it."""
        return [row.path.stem.rpartition(" ")[0] for row in self.context.project.image_rows(list(ids))]

    def labels(self) -> dict[int, str]:
        """The class name of every labelled image."""
        return labels_of(self.context)

    def says(self, text: str) -> bool:
        """Whether the status bar shows a text."""
        bar = self.window.statusBar()
        return text in bar.currentMessage() or any(text in one.text() for one in bar.findChildren(QLabel))

    def classes_are(self, *names: str) -> bool:
        """Whether the class panel lists these names."""
        return tuple(one.name for one in self.label.panel.model.classes) == names

    # ------------------------------------------------------------------ habits

    def go_to(self, key: Qt.Key, name: str) -> Any:
        """Show a page by Ctrl and its number; the keyboard is on it then, so that its own keys work at once."""
        self.press(key, CONTROL)
        page: Any = self.window.pages[name]
        assert page.isVisible()
        focus = self.keyboard()
        assert page.isAncestorOf(focus), f"the keyboard is on {focus}"
        return page

    def go_to_experiments(self) -> Any:
        """Show the experiments, by their key."""
        self.press(Key.Key_E, CONTROL | SHIFT)
        page: Any = self.window.pages["experiments"]
        self.until(lambda: page.isAncestorOf(self.keyboard()))
        return page

    def only_import(self) -> None:
        """Answer the question about class folders: only import the pictures."""
        self.until(lambda: self.window.imports.dialog is not None and self.window.imports.dialog.isVisible())
        dialog = self.window.imports.dialog
        assert dialog is not None
        names = dialog.checkBox()
        self.click(names, QPoint(12, names.height() // 2))
        assert not names.isChecked()
        self.click(dialog.defaultButton())

    def name_classes(self, text: str) -> None:
        """Type names into the class panel."""
        self.click(self.label.panel.names.viewport())
        self.type(text)
        self.press(Key.Key_Return)

    def search(self, text: str, count: int) -> None:
        """Show the images whose file name holds a text."""
        self.press(Key.Key_F, CONTROL)
        self.type(text)
        self.press(Key.Key_Return)
        self.until(lambda: set(self.true_classes(self.shown())) == {text} and len(self.shown()) == count)

    def filter_class(self, row: int) -> None:
        """Show the pictures of a class, by the class list's menu."""
        self.click_row(self.label.panel.list, row)
        actions = self.label.panel.make_menu().actions()
        next(one for one in actions if one.text() == "Show its pictures").trigger()

    def click_image(self, position: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click a thumbnail of the label page."""
        grid = self.label.grid
        grid.scrollTo(grid.images.index_at(position))
        self.click(grid.viewport(), grid.card_rect(position).center(), modifiers)

    def wait_for_guesses(self, count: int) -> None:
        """Wait until so many images are embedded and have a prediction."""
        self.until(
            lambda: self.context.predictions is not None and len(self.context.predictions.image_ids) == count, LONG
        )


def words(widget: QWidget) -> str:
    """What is written in a part of the window."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def tick(found: QListWidget, *wanted: object) -> None:
    """Tick these entries of a list, by their data, and no others."""
    for row in range(found.count()):
        item = found.item(row)
        on = item.data(Qt.ItemDataRole.UserRole) in wanted
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def labels_of(context: ProjectContext) -> dict[int, str]:
    columns = context.index.columns
    names = {one.id: one.name for one in context.every_class}
    pairs = zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True)
    return {image_id: names.get(class_id, "?") for image_id, class_id in pairs if class_id >= 0}


def shown_window(controller: Controller, settings: Settings, qtbot: QtBot) -> MainWindow:
    made = MainWindow(controller, settings)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def make_pages(window: MainWindow) -> None:
    """Make the pages that nobody has asked for yet, as the program does in its first second."""
    assert all(window.pages[name] for name in PAGES)


def at_embedded_pictures(
    controller: Controller, settings: Settings, embedded_project: Path, tmp_path: Path, qtbot: QtBot
) -> Iterator[Person]:
    """Somebody at the label page with 48 pictures of `NAMES`, embedded by the real starter, none labelled."""
    controller.prepare_on_open = True
    made = Person(shown_window(controller, settings, qtbot), qtbot)
    open_copy(controller, embedded_project, tmp_path / "project.mma", NAMES)
    made.wait_for_guesses(48)
    made.go_to(Key.Key_2, "label")
    made.until(lambda: len(made.shown()) == 48)
    made.label.focus_images()
    yield made
    close(made)
    made.window.deleteLater()


def close(person: Person) -> None:
    """Leave by Ctrl+Q, whatever still runs and whatever is still asked."""
    window = person.window
    if window.closing.over:
        return
    while (asked := QApplication.activeModalWidget()) is not None:
        asked.close()
    for dialog in window.findChildren(QDialog):
        dialog.close()
    window.activateWindow()  # the offscreen platform may leave a list that is gone the active one
    person.until(lambda: QApplication.activeWindow() in {None, window})
    with person.qtbot.waitSignal(window.closed, timeout=WAIT):
        person.press(Key.Key_Q, CONTROL)
        if window.closing.question is not None:
            person.answer("Stop and close")
