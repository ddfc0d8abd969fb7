"""Settings dialog, generated from the table of settings, with a page for the caches. Changes take effect at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QWidget,
)

from mma_desktop.core import paths
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import SETTINGS, Setting, Settings
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.services.project_factory import Cache, caches
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.dialogs.names_dialog import has_placeholder, lacks_placeholder
from mma_desktop.ui.widgets.controls import (
    SPACE,
    InfoBar,
    Row,
    button,
    close_button,
    fill_dialog,
    in_column,
    in_form,
    scrolled,
)
from mma_desktop.ui.widgets.fields import Field, browse_button, put_value, setting_field, value_of
from mma_desktop.ui.widgets.text_format import action_title, in_sentence
from mma_desktop.ui.widgets.text_labels import hint

ABOUT = later("Kept for speed alone: no label, project or model is in them, and each is made again when it is needed.")


class CachePage(QWidget):
    def __init__(self, bridge: Bridge, bar: InfoBar) -> None:
        super().__init__()
        self._bridge = bridge
        self._bar = bar
        self.sizes: dict[str, QLabel] = {}
        self.buttons: dict[str, QPushButton] = {}
        form = in_form(*map(self._row, caches()))
        form.setVerticalSpacing(2 * SPACE)
        margins = (3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        in_column(hint(tr(ABOUT)), form, None, inside=self, margins=margins, spacing=2 * SPACE)

    def _row(self, cache: Cache) -> Row:
        size = self.sizes[cache.name] = QLabel(tr("Working"))
        size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        clear = self.buttons[cache.name] = button(tr("Clear"), "trash", clicked=lambda: self._clear(cache))
        clear.setAccessibleName(tr("Clear {cache}", cache=in_sentence(cache.name)))
        clear.setEnabled(False)
        return cache.name, (size, clear), f"{cache.folder}; {cache.again}"

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for cache in caches():
            self._measure(cache)

    def _measure(self, cache: Cache) -> None:
        def show(size: int) -> None:
            self.sizes[cache.name].setText(QLocale().formattedDataSize(size, 1))
            self.buttons[cache.name].setEnabled(size > 0)

        self.sizes[cache.name].setText(tr("Working"))
        self._run(cache.size_bytes, show)

    def _clear(self, cache: Cache) -> None:
        self.buttons[cache.name].setEnabled(False)
        self.sizes[cache.name].setText(tr("Working"))
        self._run(cache.clear, lambda _none: self._measure(cache), cache)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None], failing: Cache | None = None) -> None:
        def failed(sentence: str) -> None:
            self._bar.show_message(sentence, "warn")
            if failing is not None:
                self._measure(failing)

        self._bridge.run(LaneName.VIEW, "", lambda _token: work(), done=done, failed=failed)


class SettingsDialog(QDialog):
    """One tab per group, one row per setting, and with a bridge that measures and clears them a tab for the caches."""

    changed = Signal(str)  # the name of a setting

    def __init__(self, settings: Settings, parent: QWidget | None = None, bridge: Bridge | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(action_title(tr("S&ettings…")))
        self._settings = settings
        self.editors: dict[str, Field] = {}
        self.bar = InfoBar(self)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(False)
        self.tabs.setAccessibleName(self.windowTitle())
        for group in dict.fromkeys(setting.group for setting in SETTINGS):
            self.tabs.addTab(self._page(group), tr(group))
        if bridge is not None:
            self.tabs.addTab(scrolled(CachePage(bridge, self.bar)), tr("Caches"))
        self.defaults_button = button(tr("Reset to defaults"), "undo", clicked=self._reset)
        self.close_button = close_button(self)
        buttons = (self.defaults_button, None, self.close_button)
        fill_dialog(self, self.bar, (self.tabs, 1), buttons=buttons, spacing=2 * SPACE)
        self.setMinimumWidth(560)  # below it, sentences are cut off
        self.resize(680, 600)

    def _page(self, group: str) -> QWidget:
        rows: list[Row] = []
        for setting in SETTINGS:
            if setting.group != group:
                continue
            editor = self.editors[setting.name] = self._editor(setting)
            beside = []
            if isinstance(editor, QLineEdit) and setting.folder:
                beside.append(browse_button(editor, tr(setting.label), folder=True))
                beside[0].setAccessibleName(tr("Choose {setting}", setting=in_sentence(tr(setting.label))))
            label = "" if isinstance(editor, QCheckBox) else tr(setting.label)
            rows.append((label, (editor, *beside), tr(setting.help)))
        page, form = QWidget(), in_form(*rows)
        form.setVerticalSpacing(2 * SPACE)
        in_column(form, None, inside=page, margins=(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE))
        return scrolled(page)

    def _editor(self, setting: Setting) -> Field:
        value, choices = self._settings.get(setting.name), setting.choices
        if setting.name == "backbone":
            choices = tuple((spec.id, spec.title) for spec in BACKBONES)
        if choices and value not in dict(choices):
            choices = (*choices, (value, str(value)))
        field: Field = setting_field(
            replace(setting, choices=choices), value, lambda *_new: self._set(setting, value_of(field))
        )
        if isinstance(field, QComboBox):
            field.setMaxVisibleItems(max(10, min(20, field.count())))
        elif isinstance(field, QSpinBox):
            field.setKeyboardTracking(False)
        elif isinstance(field, QLineEdit) and setting.folder:
            field.setPlaceholderText(str(paths.documents_dir()))
        return field

    def _trouble(self, setting: Setting, value: Any) -> str:
        if setting.name == "prompt_template" and value.strip() and not has_placeholder(value):
            return lacks_placeholder(value)
        if setting.folder and value and not paths.expanded(value).is_absolute():
            return tr("{setting}: give the whole path, or leave it empty.", setting=tr(setting.label))
        return ""

    def _set(self, setting: Setting, value: Any) -> None:
        if self._settings.get(setting.name) == value:
            return
        try:
            trouble = self._trouble(setting, value)
            if not trouble:
                self._settings.set(setting.name, value)
        except UserError as error:
            trouble = str(error)
        if trouble:
            self.bar.show_message(trouble, "warn")
            return
        if self._settings.trouble:
            self.bar.show_message(self._settings.trouble, "warn")
        elif not self.bar.isHidden():
            self.bar.dismiss()
        self.changed.emit(setting.name)

    def _reset(self) -> None:
        for setting in SETTINGS:
            put_value(self.editors[setting.name], setting.default)

    def keyPressEvent(self, event: Any) -> None:
        # Return finishes a field without closing the dialog.
        inside = isinstance(self.focusWidget(), QLineEdit | QSpinBox)
        if inside and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        super().keyPressEvent(event)
