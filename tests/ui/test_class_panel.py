"""The class panel through keys, clicks and drops, on a real project."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import pack
from mma_desktop.ui.dialogs.names_dialog import ClassNameDialog, KeyDialog
from mma_desktop.ui.label.class_panel import SEARCHED, ClassPanel

from .person import words

Open = Callable[[Controller], ProjectContext]
Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def context(controller: Controller, open_project: Open) -> ProjectContext:
    return open_project(controller)


@pytest.fixture
def panel(controller: Controller, settings: Settings, context: ProjectContext, qtbot: QtBot) -> ClassPanel:
    made = ClassPanel(controller)
    controller.changed.connect(made.show_classes)
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    qtbot.addWidget(made)
    made.resize(280, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(context: ProjectContext) -> list[str]:
    return [one.name for one in context.classes]


def typed(panel: ClassPanel, text: str, qtbot: QtBot, context: ProjectContext) -> None:
    """Type names and press Enter; waits until the list shows more classes."""
    before = len(context.classes)
    panel.names.setFocus()
    QTest.keyClicks(panel.names, text)
    QTest.keyClick(panel.names, Key.Key_Return)
    # The session has them on the store lane's thread, the list a moment later.
    qtbot.waitUntil(lambda: len(panel.model.classes) == len(context.classes) > before)


def row(panel: ClassPanel, number: int) -> QPoint:
    return panel.list.visualRect(panel.model.index(number)).center()


def click(panel: ClassPanel, number: int) -> None:
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, NONE, row(panel, number))


def dropped(target: QWidget, data: QMimeData, point: QPoint) -> bool:
    """Send enter, move and drop; whether the drop was taken."""
    action, left = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(target, QDragEnterEvent(point, action, data, left, NONE))
    move = QDragMoveEvent(point, action, data, left, NONE)
    QApplication.sendEvent(target, move)
    drop = QDropEvent(point.toPointF(), action, data, left, NONE)
    QApplication.sendEvent(target, drop)
    return drop.isAccepted()


def test_names_are_typed_with_commas_and_pasted_as_lines(
    panel: ClassPanel, context: ProjectContext, qtbot: QtBot
) -> None:
    typed(panel, "cat, dog", qtbot, context)
    assert names(context) == ["cat", "dog"]
    assert panel.names.toPlainText() == ""
    QApplication.clipboard().setText("bird\nfish\n\n  big   horse ")
    panel.names.paste()
    QTest.keyClick(panel.names, Key.Key_Return)
    qtbot.waitUntil(lambda: names(context) == ["cat", "dog", "bird", "fish", "big horse"])
    assert [one.key for one in context.classes] == list("12345")


def test_a_name_that_is_there_is_left_out_and_said(panel: ClassPanel, context: ProjectContext, qtbot: QtBot) -> None:
    typed(panel, "cat, dog", qtbot, context)
    typed(panel, "CAT, cow", qtbot, context)
    assert names(context) == ["cat", "dog", "cow"]
    assert "'CAT'" in panel.notice.text
    assert panel.notice.isVisible()


def test_what_is_typed_is_shown_whole_when_it_needs_more_lines(panel: ClassPanel, qtbot: QtBot) -> None:
    field, one_line = panel.names, panel.names.height()

    def shown() -> bool:
        """Whether the field shows its first line and its last one, without a scroll bar."""
        first, last = field.document().firstBlock(), field.document().lastBlock()
        lines = last.layout().lineCount()
        bottom = field.blockBoundingGeometry(last).translated(field.contentOffset()).bottom()
        top = field.blockBoundingGeometry(first).translated(field.contentOffset()).top()
        whole = top >= 0 and bottom <= field.viewport().height() + 1
        return lines > 1 and whole and not field.verticalScrollBar().isVisible()

    field.setFocus()
    QTest.keyClicks(field, "great spotted woodpecker, lesser spotted woodpecker, middle spotted woodpecker")
    qtbot.waitUntil(shown)
    assert field.height() > one_line
    QTest.keyClicks(field, ", a bird of a name that no list of birds has, and another one of them" * 4)
    qtbot.waitUntil(field.verticalScrollBar().isVisible)  # five lines are the most
    assert field.height() < 7 * one_line
    QTest.keyClick(field, Key.Key_Escape)
    qtbot.waitUntil(lambda: field.height() == one_line)


def test_names_that_cannot_be_written_stay_in_the_field(
    panel: ClassPanel, context: ProjectContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise UserError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(context.project, "add_classes", full)
        panel.names.setFocus()
        QTest.keyClicks(panel.names, "cat, Kohlmeise = great tit")
        QTest.keyClick(panel.names, Key.Key_Return)
        QTest.keyClicks(panel.names, "dog")
        qtbot.waitUntil(lambda: "The disk is full." in words(panel))
    assert panel.names.toPlainText() == "cat\nKohlmeise = great tit\ndog"
    QTest.keyClick(panel.names, Key.Key_Return)
    qtbot.waitUntil(lambda: names(context) == ["cat", "Kohlmeise", "dog"])
    assert context.classes[1].text == "great tit"
    qtbot.waitUntil(lambda: "The disk is full." not in words(panel))


def test_f2_renames(panel: ClassPanel, context: ProjectContext, qtbot: QtBot) -> None:
    typed(panel, "cat, dog", qtbot, context)
    click(panel, 1)
    QTest.keyClick(panel.list, Key.Key_F2)
    (dialog,) = panel.window().findChildren(ClassNameDialog)
    QTest.keyClicks(dialog.name, "wolf")
    QTest.keyClick(dialog.name, Key.Key_Return)
    qtbot.waitUntil(lambda: names(context) == ["cat", "wolf"])
    qtbot.waitUntil(lambda: panel.list.current_class() == context.classes[1])  # a moment after the project


def test_alt_and_arrows_reorder_and_keep_the_class_selected(
    panel: ClassPanel, context: ProjectContext, qtbot: QtBot
) -> None:
    typed(panel, "cat, dog, cow", qtbot, context)
    click(panel, 0)
    QTest.keyClick(panel.list, Key.Key_Down, ALT)
    qtbot.waitUntil(lambda: names(context) == ["dog", "cat", "cow"])
    qtbot.waitUntil(lambda: panel.list.currentIndex().row() == 1)
    QTest.keyClick(panel.list, Key.Key_Up, ALT)
    qtbot.waitUntil(lambda: names(context) == ["cat", "dog", "cow"])
    qtbot.waitUntil(lambda: panel.list.currentIndex().row() == 0)
    QTest.keyClick(panel.list, Key.Key_Up, ALT)  # at the top already
    assert panel.list.current_class() == context.classes[0]


def test_delete_takes_the_class_and_undo_brings_it_back(
    panel: ClassPanel, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    typed(panel, "cat, dog", qtbot, context)
    click(panel, 0)
    with qtbot.waitSignal(controller.notice) as told:
        QTest.keyClick(panel.list, Key.Key_Delete)
    assert told.args == ["Deleted: 'cat'. Undo brings it back."]
    qtbot.waitUntil(lambda: names(context) == ["dog"])
    qtbot.waitUntil(lambda: panel.list.current_class() == context.classes[0])
    controller.undo()
    qtbot.waitUntil(lambda: names(context) == ["cat", "dog"])


def test_a_key_is_pressed_to_be_given_and_a_taken_one_is_named(
    panel: ClassPanel, context: ProjectContext, qtbot: QtBot
) -> None:
    typed(panel, "cat, dog", qtbot, context)
    click(panel, 0)
    panel.ask_key()
    dialog = panel.findChild(KeyDialog)
    assert dialog is not None
    QTest.keyClick(dialog, Key.Key_2)
    assert dialog.isVisible()
    assert "'dog'" in words(dialog)
    QTest.keyClick(dialog, Key.Key_U)
    assert "another meaning" in words(dialog)
    QTest.keyClick(dialog, Key.Key_Q)
    qtbot.waitUntil(lambda: context.classes[0].key == "q")


def test_a_click_offers_to_label_what_is_selected_and_shows_nothing_else(
    panel: ClassPanel, context: ProjectContext, qtbot: QtBot
) -> None:
    typed(panel, "cat, dog", qtbot, context)
    panel.show_selection(3)
    with qtbot.assertNotEmitted(panel.class_chosen), qtbot.assertNotEmitted(panel.label_requested):
        click(panel, 1)
    assert panel.label_button.accessibleName() == "Label 3 as dog"
    with qtbot.waitSignal(panel.label_requested) as told:
        QTest.mouseClick(panel.label_button, Qt.MouseButton.LeftButton)
    assert told.args == [context.classes[1].id]
    with qtbot.waitSignal(panel.label_requested) as told:
        QTest.keyClick(panel.list, Key.Key_Return)
    assert told.args == [context.classes[1].id]
    click(panel, 2)
    assert panel.label_button.accessibleName() == f"Label 3 as {NONE_OF_THESE}"
    panel.show_selection(0)
    assert not panel.label_button.isEnabled()
    with qtbot.assertNotEmitted(panel.label_requested):
        QTest.keyClick(panel.list, Key.Key_Return)
    menu = {action.text(): action for action in panel.make_menu().actions()}
    with qtbot.waitSignal(panel.class_chosen):
        menu["Show its pictures"].trigger()


def test_images_dropped_on_a_class_ask_for_its_label_and_files_are_left_to_the_window(
    panel: ClassPanel, context: ProjectContext, qtbot: QtBot, tmp_path: Path
) -> None:
    typed(panel, "cat, dog", qtbot, context)
    with qtbot.waitSignal(panel.model.images_dropped) as told:
        edge = panel.list.visualRect(panel.model.index(1)).bottomLeft() + QPoint(40, -2)
        assert dropped(panel.list.viewport(), pack(np.array([7, 9])), edge)
    assert told.args == [[7, 9], context.classes[1].id]
    empty = QPoint(20, panel.list.viewport().height() - 2)
    with qtbot.assertNotEmitted(panel.model.images_dropped, wait=50):
        dropped(panel.list.viewport(), pack(np.array([7])), empty)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    assert not dropped(panel.list.viewport(), files, row(panel, 0))


def test_every_control_has_a_name(panel: ClassPanel) -> None:
    for control in (panel.names, panel.list, panel.label_button, panel.delete_button):
        assert control.accessibleName()
    assert panel.names.accessibleName() == "New class names"


def test_the_menu_offers_what_can_be_done(panel: ClassPanel, context: ProjectContext, qtbot: QtBot) -> None:
    typed(panel, "cat, dog", qtbot, context)
    click(panel, 0)
    texts = {action.text(): action.isEnabled() for action in panel.make_menu().actions() if action.text()}
    assert texts["Delete"]
    assert not texts["Move up"]


def shown(panel: ClassPanel) -> list[str]:
    rows = range(len(panel.model.classes))
    return [panel.model.classes[row].name for row in rows if not panel.list.isRowHidden(row)]


def test_many_classes_are_searched(
    panel: ClassPanel, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    controller.add_classes([f"bird {number}" for number in range(SEARCHED - 1)])
    qtbot.waitUntil(lambda: len(panel.model.classes) == SEARCHED - 1)
    assert not panel.search.isVisible()
    controller.add_classes([*(f"tit {number}" for number in range(90)), "Great tit"])
    qtbot.waitUntil(panel.search.isVisible)
    panel.list.setCurrentIndex(panel.model.index(0))
    QTest.keyClicks(panel.search, "GREAT")
    assert shown(panel) == ["Great tit"]
    assert not panel.list.selected_classes()
    panel.list.selectAll()
    assert [one.name for one in panel.list.selected_classes()] == ["Great tit"], "none that is out of sight"
    chosen: list[int] = []
    panel.label_requested.connect(chosen.append)
    panel.show_selection(1)
    panel.search.setFocus()
    QTest.keyClick(panel.search, Key.Key_Down)
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Key.Key_Return)
    assert chosen == [context.classes[-1].id]
    controller.edit(lambda project: project.rename_class(context.classes[-1].id, "Great titmouse"))
    qtbot.waitUntil(lambda: shown(panel) == ["Great titmouse"])
    typed(panel, "owl", qtbot, context)
    assert shown(panel) == ["Great titmouse", "owl"], "what was typed just now is in sight"
    panel.search.setFocus()
    QTest.keyClick(panel.search, Key.Key_Escape)
    assert len(shown(panel)) == len(context.classes)
    assert not panel.search.text()


def test_roles_are_for_nobody(panel: ClassPanel, controller: Controller, context: ProjectContext, qtbot: QtBot) -> None:
    names = ["ant", "bee"]
    controller.add_classes(names)
    qtbot.waitUntil(lambda: len(panel.model.classes) == 2)
    controller.changed.emit(context.project.set_role([panel.model.classes[1].id], Role.NEW))
    qtbot.waitUntil(lambda: panel.model.classes[1].role is Role.NEW)
    row = panel.model.index(1)
    assert str(row.data(Qt.ItemDataRole.AccessibleTextRole)) == "bee, 0/16 examples, key 2"
