"""What a screen reader and a keyboard find: every control of every page and dialog has a name and a role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.filter_bar import FilterBar
from mma_desktop.ui.shell.main_window import MainWindow
from mma_desktop.ui.widgets.fields import WideBox

from .dialogs import every_dialog

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QTabBar,
    QTabWidget,
)
PARTS = (QScrollBar, QHeaderView)
"""Parts of a control that Qt makes and names by their owner."""


@pytest.fixture
def window(controller: Controller, settings: Settings, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(controller, settings)
    made.show()
    qtbot.waitExposed(made)
    yield made
    with qtbot.waitSignal(made.closed, timeout=20_000):
        made.close()
    made.deleteLater()


def is_part(widget: QWidget) -> bool:
    """Whether a widget belongs to another control: the line edit of a spin box, the list of a combo box, a corner."""
    if isinstance(widget, PARTS) or widget.objectName().startswith("qt_"):
        return True
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractSpinBox | QComboBox | QDialogButtonBox | QTabBar | QPlainTextEdit | QHeaderView):
            return not isinstance(above, QDialogButtonBox)
        if isinstance(above, QAbstractItemView | QLineEdit) and isinstance(widget, QAbstractButton):
            return True  # the corner of a table, the cross that clears a field
        above = above.parentWidget()
    return False


def nameless(top: QWidget) -> list[str]:
    """Controls without a name or with no role, as a screen reader is told."""
    missed = []
    for widget in top.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or is_part(widget) or not widget.isVisibleTo(top):
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        name = told.text(QAccessible.Text.Name) if told is not None else ""
        role = told.role() if told is not None else QAccessible.Role.NoRole
        if not name.strip() or role == QAccessible.Role.NoRole:
            owner = widget.parentWidget()
            missed.append(f"{type(widget).__name__} {widget.objectName()!r} in {type(owner).__name__}")
    return missed


def unreachable(top: QWidget) -> list[str]:
    """Buttons and fields on the screen that Tab never stops at and that belong to nothing that it stops at."""
    missed = []
    for widget in top.findChildren(QWidget):
        if not isinstance(widget, QLineEdit | QAbstractSpinBox | QComboBox | QAbstractItemView) or is_part(widget):
            continue
        if widget.isVisible() and widget.isEnabled() and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            missed.append(f"{type(widget).__name__} {widget.accessibleName()!r}")
    return missed


def fill(context: ProjectContext) -> None:
    context.project.add_classes(["apples", "boxes"], Role.BASE)
    context.project.add_classes(["clouds"], Role.NEW)


def test_every_control_of_every_page_has_a_name_and_a_role(
    window: MainWindow,
    controller: Controller,
    open_project: Callable[[Controller], ProjectContext],
    picture_folder: Path,
    qtbot: QtBot,
) -> None:
    assert nameless(window) == []
    fill(open_project(controller))
    with qtbot.waitSignal(controller.import_done, timeout=20_000):
        controller.import_paths([picture_folder])
    for page in ("label", "check", "use", "home"):
        window.show_page(page)
        qtbot.waitUntil(window.pages[page].isVisible)
        if page in {"label", "use"}:
            window.pages[page].preview_controller.set_shown(True)
        assert nameless(window.pages[page]) == [], page
        assert unreachable(window.pages[page]) == [], page


def test_choices_are_called_what_they_choose_in_a_narrow_window_too(controller: Controller, qtbot: QtBot) -> None:
    bar = FilterBar(controller)
    qtbot.addWidget(bar)
    bar.resize(500, 120)
    bar.show()
    labels = {one.buddy(): one for one in bar.findChildren(QLabel) if one.buddy() is not None}
    boxes = bar.findChildren(WideBox)
    assert sorted(box.accessibleName() for box in boxes) == ["Class", "Sort"]
    for box in boxes:  # on Linux Qt gives a box the name of its value, and refers to its label
        assert labels[box].text() == box.accessibleName()
        assert labels[box].isVisible()


def test_every_control_of_the_dialogs_has_a_name_and_a_role(
    window: MainWindow,
    controller: Controller,
    open_project: Callable[[Controller], ProjectContext],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    fill(open_project(controller))
    for dialog in every_dialog(window, tmp_path, "things"):
        dialog.open()
        qtbot.waitExposed(dialog)
        tabs = dialog.findChild(QTabWidget)
        for tab in range(tabs.count() if tabs is not None else 1):
            if tabs is not None:
                tabs.setCurrentIndex(tab)
            assert nameless(dialog) == [], (type(dialog).__name__, tab)
            assert unreachable(dialog) == [], (type(dialog).__name__, tab)
        assert dialog.windowTitle()
        dialog.close()
    qtbot.waitUntil(lambda: not controller.bridge.jobs(), timeout=60_000)


def actions(given: Sequence[QAction]) -> Iterator[QAction]:
    """Actions of menus and of the menus in them."""
    for action in given:
        yield action
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from actions(menu.actions())


def test_every_menu_action_has_words_and_no_key_is_given_twice(
    window: MainWindow, controller: Controller, open_project: Callable[[Controller], ProjectContext]
) -> None:
    open_project(controller)
    keys: dict[str, str] = {}
    for action in actions(window.menus.actions()):
        assert "\t" not in action.text(), "a screen reader would read it, and the key after it"
        assert action.text().replace("&", "").strip() or action.isSeparator()
        for sequence in action.shortcuts():
            text = sequence.toString()
            assert keys.setdefault(text, action.text()) == action.text(), text
