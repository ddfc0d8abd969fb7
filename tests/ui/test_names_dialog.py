"""Names and prompts through the real window, with the real starter: keys, clicks and what is on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.class_names import DICTIONARY_PROMPT
from mma_desktop.core.settings import Settings
from mma_desktop.engine.prompt_templates import LIBRARY
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.help import ShortcutsDialog
from mma_desktop.ui.dialogs.names_dialog import NAMES, NamesDialog, NamesWatch, PromptEditor
from mma_desktop.ui.shell.main_window import MainWindow

from .person import Person, words

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LONG = 120_000


@pytest.fixture
def window(
    person: Person, controller: Controller, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> MainWindow:
    """The window on an empty project with the real starter, at the Label page."""
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        open_project(controller)
    person.window.show_page("label")
    return person.window


def type_names(window: MainWindow, names: str, qtbot: QtBot) -> None:
    """Type class names into the panel and press Enter."""
    panel = window.pages["label"].panel
    before = len(window.controller.open_context.classes)
    QTest.keyClicks(panel.names, names)
    QTest.keyClick(panel.names, Key.Key_Return)
    # In the list, not in the project alone: the window hears of them a moment later.
    qtbot.waitUntil(lambda: len(panel.model.classes) == before + len(names.split(",")))


def opened(window: MainWindow, qtbot: QtBot) -> NamesDialog:
    """Open the dialog with its key."""
    QTest.keyClick(window, Key.Key_N, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: window.findChild(NamesDialog) is not None)
    dialog = window.findChild(NamesDialog)
    assert dialog is not None
    return dialog


def label_folders(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    """Import class folders with their names as labels, and wait for the predictions."""
    controller = window.controller
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([folder], {one.name: one for one in sorted(folder.iterdir())})
    count = len(list(folder.rglob("*.jpg")))
    context = controller.open_context
    qtbot.waitUntil(
        lambda: context.predictions is not None and len(context.predictions.image_ids) == count, timeout=LONG
    )


def test_the_names_of_an_opened_project_are_read_once_the_image_model_is_there(
    person: Person, controller: Controller, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> None:
    soon = NamesWatch.of(controller).soon
    open_project(controller)
    assert not soon.isActive()
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        controller.prepare()
    assert soon.isActive()


def test_names_that_nearly_coincide_are_told_quietly_and_renamed(window: MainWindow, qtbot: QtBot) -> None:
    warning = window.pages["label"].panel.warning
    assert not warning.isVisible()
    type_names(window, "sofa, couch, dolphin", qtbot)
    qtbot.waitUntil(warning.isVisible, timeout=LONG)
    assert warning.text() == "2 names are close to others"
    QTest.mouseClick(warning, LEFT)
    dialog = window.findChild(NamesDialog)
    assert dialog is not None
    assert dialog.tabs.currentIndex() == NAMES
    qtbot.waitUntil(lambda: len(dialog.findings.items) == 1)
    (card,) = dialog.findings.items
    assert dialog.tabs.tabText(NAMES) == "Names (1)"
    assert [one.text() for one in card.buttons] == ["Rename 'sofa'…", "Rename 'couch'…"]

    QTest.mouseClick(card.buttons[1], LEFT)
    answer(dialog, "dolphin")  # a name that already exists is refused with a sentence
    assert dialog.name_dialog is not None
    qtbot.waitUntil(lambda: "already" in dialog.name_dialog.message.text)
    QTest.keyClick(dialog.name_dialog, Key.Key_Escape)
    card.buttons[1].setFocus()
    QTest.keyClick(card.buttons[1], Key.Key_Space)
    answer(dialog, "garden bench")
    context = window.controller.open_context
    qtbot.waitUntil(lambda: [one.name for one in context.classes] == ["sofa", "garden bench", "dolphin"])
    qtbot.waitUntil(lambda: not dialog.findings.items, timeout=LONG)
    assert "No name stands out" in words(dialog.empty)
    dialog.reject()
    qtbot.waitUntil(lambda: not warning.isVisible(), timeout=LONG)


def test_a_button_tells_a_screen_reader_which_class_it_is_about(window: MainWindow, qtbot: QtBot) -> None:
    type_names(window, "sofa, xqzrt", qtbot)
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: len(dialog.findings.items) == 1, timeout=LONG)
    reads, rename = dialog.findings.items[0].buttons
    assert (reads.text(), reads.accessibleName()) == ("What the model reads…", "What the model reads: xqzrt")
    assert rename.text() == "Rename 'xqzrt'…"
    dialog.reject()


def answer(dialog: NamesDialog, name: str) -> None:
    """Type a name into the question and press Enter."""
    question = dialog.name_dialog
    assert question is not None
    field = question.name
    field.selectAll()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Key.Key_Return)


def test_the_library_is_measured_and_used(window: MainWindow, picture_folder: Path, qtbot: QtBot) -> None:
    label_folders(window, picture_folder, qtbot)
    context = window.controller.open_context
    dialog = opened(window, qtbot)
    dialog.show_tab(1)
    library = dialog.prompts
    qtbot.waitUntil(lambda: dialog.focusWidget() is library.table)
    assert library.table.lines[1][0].text == "Photo and dictionary (in use)"
    assert len(library.table.lines) == len(LIBRARY)
    assert not library.use_button.isEnabled()
    QTest.mouseClick(library.measure_button, LEFT)
    assert library.measure_button.text() == "Stop"
    qtbot.waitUntil(lambda: library.measure_button.text() == "Measure accuracy", timeout=LONG)
    for row in range(len(LIBRARY)):
        text = library.table.lines[row][2].text
        percent, interval = text.split("  ")
        assert 0 <= float(percent) <= 100
        assert " to " in interval
    assert library.table.columnWidth(2) >= library.table.sizeHintForColumn(2), "the interval is whole"
    assert "n = 48" in library.caution.text()

    library.table.setFocus()
    QTest.keyClick(library.table, Key.Key_Down)
    assert library.example.text().endswith("and 4 more")
    QTest.keyClick(library.table, Key.Key_Return)
    qtbot.waitUntil(lambda: context.prompt_template == LIBRARY[2].text)
    qtbot.waitUntil(lambda: library.table.lines[2][0].text == "Photo, 7 ways (in use)")
    # Labels are others: what was measured is not so any more.
    window.controller.assign([int(context.index.columns.ids[0])], None)
    qtbot.waitUntil(lambda: library.table.lines[0][2].text == "")
    dialog.reject()


def test_labelled_pictures_that_wait_to_be_looked_at_are_told_so(
    window: MainWindow, settings: Settings, picture_folder: Path, qtbot: QtBot
) -> None:
    settings.set("embed_on_import", False)
    with qtbot.waitSignal(window.controller.import_done, timeout=LONG):
        window.controller.import_paths([picture_folder], {one.name: one for one in sorted(picture_folder.iterdir())})
    dialog = opened(window, qtbot)
    dialog.show_tab(1)
    QTest.mouseClick(dialog.prompts.measure_button, LEFT)
    waiting = "The labelled pictures have not been looked at yet."
    qtbot.waitUntil(lambda: dialog.prompts.caution.text() == waiting, timeout=LONG)
    dialog.reject()


def test_without_labels_the_dialog_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    assert not dialog.prompts.measure_button.isEnabled()
    assert "Label a few" in dialog.prompts.caution.text()
    qtbot.waitUntil(lambda: "Add at least two classes" in words(dialog.empty))
    assert "No name stands out" not in words(dialog.empty)
    again = opened(window, qtbot)
    assert again is dialog
    QTest.keyClick(dialog, Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_name_that_the_dictionary_lacks_is_shown_as_it_is_sent(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    editor = PromptEditor("{definition}", "K-17b", parent)
    assert editor.preview.text() == "'K-17b'"
    assert editor.use_button.isEnabled()


def test_an_ensemble_is_written_by_keyboard_and_reset(window: MainWindow, qtbot: QtBot) -> None:
    type_names(window, "dolphin, laptop", qtbot)
    context = window.controller.open_context
    dialog = opened(window, qtbot)
    dialog.show_tab(1)
    library = dialog.prompts
    library.edit_button.setFocus()
    QTest.keyClick(library.edit_button, Key.Key_Space)
    editor = dialog.findChild(PromptEditor)
    assert isinstance(editor, PromptEditor)
    assert editor.edit.toPlainText() == DICTIONARY_PROMPT
    qtbot.waitUntil(lambda: "dolphinfish" in editor.preview.text() or "toothed whales" in editor.preview.text())
    assert editor.use_button.isEnabled()
    editor.edit.setPlainText("a photo of a {}.")
    QTest.keyClick(editor.edit, Key.Key_End, CONTROL)
    QTest.keyClick(editor.edit, Key.Key_Return)
    QTest.keyClicks(editor.edit, "a sketch")
    assert not editor.use_button.isEnabled()
    assert "a sketch" in editor.problem.text()
    QTest.keyClicks(editor.edit, " of a {}.")
    assert "'a sketch of a dolphin.'" in editor.preview.text()
    QTest.keyClick(editor.edit, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: context.prompt_template == "a photo of a {}.\na sketch of a {}.")
    qtbot.waitUntil(lambda: library.table.lines[0][0].text == "Your own (in use)")
    library.table.select_lines([2])
    QTest.mouseClick(library.use_button, LEFT)
    qtbot.waitUntil(lambda: context.prompt_template == DICTIONARY_PROMPT)
    assert "'a photo of a dolphin.'" in library.example.text()
    assert len(library.example.toolTip().splitlines()) > 2, "every meaning"
    dialog.reject()


def test_every_control_has_a_name_and_the_keys_are_listed(window: MainWindow, qtbot: QtBot) -> None:
    type_names(window, "sofa, couch", qtbot)
    dialog = opened(window, qtbot)
    qtbot.waitUntil(lambda: len(dialog.findings.items) == 1, timeout=20_000)

    def buttons() -> list[QPushButton]:
        return [one for one in dialog.findChildren(QPushButton) if one.isVisible()]

    qtbot.waitUntil(lambda: len(buttons()) == 3)
    shown = buttons()
    assert all(one.accessibleName() or one.text() for one in shown)
    table: QWidget = dialog.prompts.table
    assert table.accessibleName()
    assert window.menus.names.isEnabled()
    dialog.reject()
    window.menus.shortcuts.trigger()
    keys = window.findChild(ShortcutsDialog)
    assert keys is not None
    assert any("Names and prompts" in label.text() for label in keys.findChildren(QLabel))
