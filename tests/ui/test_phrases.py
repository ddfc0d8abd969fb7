"""Names of things and keys inside sentences, in English and in another language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMainWindow, QPushButton, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core import i18n
from mma_desktop.ui.dialogs.help import ShortcutsDialog
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.shell.navigation import WIDTH, Rail
from mma_desktop.ui.widgets.text_format import in_sentence, in_title, shown_keys, unmarked, without_mnemonics

GERMAN = {"&Undo {edit}": "&Rückgängig: {edit}", "Use": "Zuordnungen vorhersagen", "letters": "Buchstaben"}


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """A few texts of ours and all of Qt's in German."""
    of_qt = QTranslator(qapp)
    assert of_qt.load(f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_de.qm")
    qapp.installTranslator(of_qt)
    i18n.install(i18n.Language(lookup=lambda text, _other, _n: GERMAN.get(text, "")))
    yield
    i18n.install(i18n.ENGLISH)
    qapp.removeTranslator(of_qt)


def test_english_begins_a_title_small_inside_a_sentence() -> None:
    assert in_sentence("Show them") == "show them"
    assert shown_keys("Ctrl+Shift+Return") == "Ctrl+Shift+Enter"
    assert shown_keys("no keys") == "no keys"


@pytest.mark.usefixtures("german")
def test_another_language_keeps_its_letters_and_has_its_own_keys() -> None:
    assert in_sentence("Klassen") == "Klassen"
    assert shown_keys("Ctrl+Shift+Return") == "Strg+Umschalt+Enter"


@pytest.mark.usefixtures("german")
def test_the_keys_are_listed_as_the_language_writes_them(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    menus = Menus(window)
    menus.show_undo("Klassen hinzufügen", "")
    dialog = ShortcutsDialog(menus.keys, window)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Strg+4", "Strg+A", "1 \u2013 9, Buchstaben", "Alt+Hoch, Alt+Herunter", "Entf"} <= shown
    assert "F1 or ?" in shown, "every key of an action"
    assert not any("Klassen hinzufügen" in text for text in shown), "nor is it only the next edit that Undo reverts"


@pytest.mark.usefixtures("german")
def test_undo_is_a_whole_sentence_of_the_language(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    menus = Menus(window)
    menus.show_undo("Klassen hinzufügen", "")
    assert menus.undo.text() == "&Rückgängig: Klassen hinzufügen"
    assert menus.redo.text() == "&Redo"


@pytest.mark.usefixtures("german")
def test_the_rail_has_room_for_longer_words(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    rail = Rail()
    row.addWidget(rail)
    page = QSplitter()
    page.addWidget(QLabel("x" * 200))
    row.addWidget(page, 1)
    window.resize(800, 600)
    window.show()
    words = max(rail.fontMetrics().horizontalAdvance(rail.tabs.tabText(at)) for at in range(4))
    assert rail.width() >= WIDTH
    assert rail.tabs.tabRect(0).width() > words


def test_a_name_on_a_button_and_in_a_title_is_read_as_it_is_called(qtbot: QtBot) -> None:
    button, window = QPushButton(), QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(button)
    for name in ("R&D", "&&", "a & b", "x[*]", "[*][*]"):
        button.setText(f"&Back to {unmarked(name)}")
        assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == f"Back to {name}"
        assert without_mnemonics(button.text()) == f"Back to {name}"
        window.setWindowTitle(in_title(name))
        window.show()
        assert window.windowHandle().title().removesuffix(f" - {QApplication.applicationDisplayName()}") == name
    assert unmarked("a\tCtrl+Q") == "a Ctrl+Q"  # a tab would begin the keys of an action
