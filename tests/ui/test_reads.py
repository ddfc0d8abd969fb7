"""What the model reads for a class, typed at every place of the window that takes it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.class_name_lint import NamesReport
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.names_dialog import ClassNameDialog, NamesWatch
from mma_desktop.ui.label.class_panel import ClassPanel
from mma_desktop.ui.use.try_panel import NameTrials

Key = Qt.Key


@pytest.fixture
def context(controller: Controller, open_project: Callable[[Controller], ProjectContext]) -> ProjectContext:
    return open_project(controller)


@pytest.fixture
def panel(controller: Controller, settings: Settings, context: ProjectContext, qtbot: QtBot) -> ClassPanel:
    made = ClassPanel(controller)
    controller.changed.connect(made.show_classes)
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def reads(context: ProjectContext) -> dict[str, str]:
    return {one.name: one.reads for one in context.classes}


def typed(panel: ClassPanel, text: str) -> None:
    panel.names.setFocus()
    QTest.keyClicks(panel.names, text)
    QTest.keyClick(panel.names, Key.Key_Return)


def test_it_is_typed_behind_the_name(panel: ClassPanel, context: ProjectContext, qtbot: QtBot) -> None:
    typed(panel, "Kohlmeise = great tit, cat, =new()")
    wanted = {"Kohlmeise": "great tit", "cat": "", "=new()": ""}
    qtbot.waitUntil(lambda: reads(context) == wanted and len(panel.model.classes) == 3)
    first, second = panel.model.index(0), panel.model.index(1)
    assert first.data() == "Kohlmeise"
    said = first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Kohlmeise: The model reads 'great tit', 0/16 examples")
    assert "The model reads 'great tit'" in first.data(Qt.ItemDataRole.ToolTipRole)
    assert "model reads" not in second.data(Qt.ItemDataRole.ToolTipRole)
    typed(panel, "Great Tit")
    assert "would read 'great tit' for both 'Kohlmeise' and 'Great Tit'" in panel.notice.text
    assert panel.names.toPlainText() == "Great Tit", "what was typed is still there"
    panel.names.clear()
    typed(panel, f"owl = {'x' * 201}")
    assert "too long" in panel.notice.text
    assert reads(context) == wanted


def test_the_menu_asks_for_it(panel: ClassPanel, context: ProjectContext, controller: Controller, qtbot: QtBot) -> None:
    typed(panel, "Kohlmeise, coal tit")
    qtbot.waitUntil(lambda: len(panel.model.classes) == 2)
    panel.list.select_class(context.classes[0].id)
    menu = panel.make_menu()
    action = next(one for one in menu.actions() if one.text() == "What the model reads…")
    assert action.isEnabled()
    action.trigger()
    dialog = panel.window().findChild(ClassNameDialog)
    assert dialog is not None
    assert dialog.reads.placeholderText() == "Kohlmeise"
    assert {label.buddy() for label in dialog.findChildren(QLabel)} >= {dialog.name, dialog.reads}
    QTest.keyClicks(dialog.reads, "Coal tit")
    QTest.keyClick(dialog.reads, Key.Key_Return)
    qtbot.waitUntil(lambda: "would read 'Coal tit' for both 'Kohlmeise' and 'coal tit'" in dialog.message.text)
    dialog.reads.selectAll()
    QTest.keyClicks(dialog.reads, "great tit")
    QTest.keyClick(dialog.reads, Key.Key_Return)
    qtbot.waitUntil(lambda: reads(context) == {"Kohlmeise": "great tit", "coal tit": ""})
    assert context.project.undo_title == "Read 'Kohlmeise' as 'great tit'"
    controller.undo()
    qtbot.waitUntil(lambda: reads(context) == {"Kohlmeise": "", "coal tit": ""})


def test_a_typed_name_to_try_can_have_it(qtbot: QtBot) -> None:
    trials = NameTrials()
    qtbot.addWidget(trials)
    QTest.keyClicks(trials.edit, "Erdbeere = strawberry, zebra")
    QTest.keyClick(trials.edit, Key.Key_Return)
    assert trials.names == ["Erdbeere", "zebra"]
    assert (trials.current, trials.reads("erdbeere"), trials.reads("zebra")) == ("Erdbeere", "strawberry", "")
    assert "The model reads 'strawberry'" in trials.list.item(0).toolTip()
    QTest.keyClicks(trials.edit, "erdbeere")
    QTest.keyClick(trials.edit, Key.Key_Return)
    assert trials.reads("Erdbeere") == "strawberry", "the name alone shows it again"
    QTest.keyClicks(trials.edit, "Erdbeere = wild strawberry")
    QTest.keyClick(trials.edit, Key.Key_Return)
    assert trials.names == ["zebra", "Erdbeere"]
    assert trials.reads("Erdbeere") == "wild strawberry"


def test_what_is_to_be_checked_is_told_until_somebody_saves_it(
    panel: ClassPanel, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    controller.add_classes(["Känguru", "Löwe", "Seestern"])
    qtbot.waitUntil(lambda: len(panel.model.classes) == 3)
    kangaroo, lion, starfish = context.classes
    texts = {kangaroo.id: "koala; Kalapuya; chachka", lion.id: "lion; lioness"}
    names = NamesWatch.of(controller)
    names.soon.stop()
    names.report = NamesReport(read_as=texts, doubtful=frozenset({kangaroo.id, starfish.id}))
    first, second, third = (panel.model.index(row).data(Qt.ItemDataRole.ToolTipRole) for row in range(3))
    assert "The model probably reads 'koala; Kalapuya; chachka': please check" in first
    assert "The model reads 'lion; lioness'" in second
    assert "The model does not understand this name" in third
    for one in (lion, kangaroo):
        panel.list.reads_clicked.emit(one.id)
        dialog = next(box for box in panel.window().findChildren(ClassNameDialog) if box.reads.text() == texts[one.id])
        dialog.save_button.click()
    qtbot.waitUntil(lambda: reads(context) == {"Känguru": "koala; Kalapuya; chachka", "Löwe": "", "Seestern": ""})
    qtbot.waitUntil(lambda: "please check" not in panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole))


def test_a_name_that_is_still_being_written_does_not_need_its_dialog(
    controller: Controller, context: ProjectContext, qtbot: QtBot
) -> None:
    context.project.add_classes(["cat"])
    dialog = ClassNameDialog(controller, context.classes[0])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    written = Event()
    controller.bridge.run(LaneName.STORE, "", lambda _token: written.wait(60))
    dialog.name.setText("lion")
    dialog.save_button.click()
    dialog.reject()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete.value)
    written.set()
    qtbot.waitUntil(lambda: not controller.bridge.jobs())
    qtbot.waitUntil(lambda: [choice.name for choice in context.classes] == ["lion"] and not isValid(dialog))
