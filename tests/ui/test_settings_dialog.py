"""The settings dialog shows the whole table, and a change takes effect and is kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import SETTINGS, Settings
from mma_desktop.ui.dialogs.settings_dialog import SettingsDialog


@pytest.fixture
def dialog(settings: Settings, qtbot: QtBot) -> SettingsDialog:
    made = SettingsDialog(settings)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_whole_table_is_there(dialog: SettingsDialog) -> None:
    assert set(dialog.editors) == {setting.name for setting in SETTINGS}
    groups = [dialog.tabs.tabText(at) for at in range(dialog.tabs.count())]
    assert groups == list(dict.fromkeys(setting.group for setting in SETTINGS))
    for setting in SETTINGS:
        assert dialog.editors[setting.name].accessibleName() == setting.label
        assert dialog.editors[setting.name].accessibleDescription() == setting.help


def test_changes_are_kept_at_once(dialog: SettingsDialog, settings: Settings, qtbot: QtBot) -> None:
    theme = dialog.editors["theme"]
    assert isinstance(theme, QComboBox)
    with qtbot.waitSignal(dialog.changed) as told:
        QTest.keyClick(theme, Qt.Key.Key_Down)
    assert told.args == ["theme"]
    shots = dialog.editors["shots"]
    assert isinstance(shots, QSpinBox)
    shots.setValue(8)
    advance = dialog.editors["advance_after_label"]
    assert isinstance(advance, QCheckBox)
    advance.click()
    again = Settings(settings.path.parent)
    assert again.get("theme") == "light"
    assert again.get("shots") == 8
    assert again.get("advance_after_label") is False


def test_a_template_without_its_place_is_refused(dialog: SettingsDialog, settings: Settings) -> None:
    field = dialog.editors["prompt_template"]
    assert isinstance(field, QLineEdit)
    dialog.tabs.setCurrentIndex(2)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "a nice photo")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Return finishes the field, not the dialog"
    assert "{}" in dialog.bar.text
    assert "{definition}" in dialog.bar.text
    assert settings.get("prompt_template") == ""
    QTest.keyClicks(field, " of a {}")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.bar.isHidden()
    assert settings.get("prompt_template") == "a nice photo of a {}"
    field.selectAll()
    QTest.keyClicks(field, "a photo of {definition}")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.bar.isHidden()
    assert settings.get("prompt_template") == "a photo of {definition}"


def test_reset(dialog: SettingsDialog, settings: Settings) -> None:
    settings_before = {setting.name: settings.get(setting.name) for setting in SETTINGS}
    assert settings_before["projects_folder"], "the fixture sets one"
    shots = dialog.editors["shots"]
    assert isinstance(shots, QSpinBox)
    shots.setValue(3)
    QTest.mouseClick(dialog.defaults_button, Qt.MouseButton.LeftButton)
    assert shots.value() == 16
    for setting in SETTINGS:
        assert settings.get(setting.name) == setting.default


def test_backbones_come_from_their_table(dialog: SettingsDialog) -> None:
    backbone = dialog.editors["backbone"]
    assert isinstance(backbone, QComboBox)
    assert backbone.currentData() == "starter"
    assert backbone.count() >= 12
