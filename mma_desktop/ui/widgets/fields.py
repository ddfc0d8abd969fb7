"""Fields made from tables, with their values read and set alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QSize, Qt, SignalInstance
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionComboBox,
)

from mma_desktop.core.i18n import tr
from mma_desktop.core.settings import Setting
from mma_desktop.ui.widgets.controls import button
from mma_desktop.ui.widgets.windows import ask_file

Field = QCheckBox | QComboBox | QSpinBox | QDoubleSpinBox | QLineEdit
NUMBER_MARGINS = (6, 0, 0, 0)  # Qt ignores the style sheet's padding there
Changed = Callable[..., object] | SignalInstance
"""What a change does: a slot, or a signal to emit."""


def line_edit(
    text: str = "", name: str = "", *, placeholder: str = "", tip: str = "", most: int = 0, clears: bool = False
) -> QLineEdit:
    """Return a field of at most `most` characters, named for screen readers, with a button that `clears` it."""
    field = QLineEdit(text)
    field.setAccessibleName(name or placeholder)
    field.setPlaceholderText(placeholder)
    field.setToolTip(tip)
    field.setClearButtonEnabled(clears)
    if most:
        field.setMaxLength(most)
    return field


def browse_button(
    field: QLineEdit, title: str, text: str = "", filters: str = "", *, folder: bool, near: QLineEdit | None = None
) -> QPushButton:
    def chosen(path: str) -> None:
        field.setText(path)
        field.setModified(True)
        field.editingFinished.emit()

    def ask() -> None:
        before = field.text().strip() or (str(Path(near.text()).parent) if near is not None else str(Path.home()))
        ask_file(field.window(), title, before, chosen, filters, folder=folder)

    return button(text or tr("Choose…"), clicked=ask)


class ChoiceBox(QComboBox):
    """A box whose rows the style sheet can pad; Qt's default delegate ignores it."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(QStyledItemDelegate(self))


def choice_box(choices: Iterable[tuple[str, Any]], name: str = "", changed: Changed | None = None) -> QComboBox:
    box = ChoiceBox()
    box.setAccessibleName(name)
    for title, value in choices:
        box.addItem(title, value)
    if changed is not None:
        box.currentIndexChanged.connect(changed)
    return box


def whole_box(low: int, high: int, value: int = 0, changed: Changed | None = None) -> QSpinBox:
    box = QSpinBox()
    box.lineEdit().setTextMargins(*NUMBER_MARGINS)
    box.setRange(low, high)
    box.setValue(value)
    if changed is not None:
        box.valueChanged.connect(changed)
    return box


def check_box(text: str, on: bool, changed: Changed | None = None) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(on)
    if changed is not None:
        box.toggled.connect(changed)
    return box


def value_of(field: Field) -> Any:
    """Return whether a box is ticked, the value of a choice, a number, or a text."""
    if isinstance(field, QLineEdit):
        return field.text().strip()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    return field.currentData() if isinstance(field, QComboBox) else field.value()


def put_value(field: Field, value: Any) -> None:
    if isinstance(field, QCheckBox):
        field.setChecked(bool(value))
    elif isinstance(field, QComboBox):
        field.setCurrentIndex(max(0, field.findData(value)))
    elif isinstance(field, QLineEdit):
        field.setText(str(value))
        field.editingFinished.emit()
    else:
        field.setValue(value)


# Qt's box takes no exponent: also what is typed on the way to one, such as "5e-".
_EXPONENT = re.compile(r"\d+([.,]\d*)?[eE]-?\d*")


class NumberBox(QDoubleSpinBox):
    """A box for numbers over many orders of magnitude, such as 0.005 or 5e-3."""

    # A decimal point is taken as well as the language's separator.

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(*NUMBER_MARGINS)
        self.setDecimals(9)  # the least step size of an experiment is 1e-8
        self.setRange(low, high)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    def textFromValue(self, value: float) -> str:
        return f"{value:.9f}".rstrip("0").rstrip(".").replace(".", QLocale().decimalPoint())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if not _EXPONENT.fullmatch(text):
            return super().validate(text.replace(".", QLocale().decimalPoint()), position)
        whole = text[-1].isdigit() and self.minimum() <= self.valueFromText(text) <= self.maximum()
        return QValidator.State.Acceptable if whole else QValidator.State.Intermediate, text, position

    def valueFromText(self, text: str) -> float:
        return float(text.replace(",", ".")) if _EXPONENT.fullmatch(text) else super().valueFromText(text)


def setting_field(spec: Setting, value: Any, changed: Changed) -> Field:
    """Return the field of a setting or an option, with its name and help for screen readers."""
    field: Field
    if isinstance(spec.default, bool):
        field = check_box(tr(spec.label), bool(value), changed)
    elif spec.choices:
        field = choice_box((tr(title), choice) for choice, title in spec.choices)
        put_value(field, value)
        field.currentIndexChanged.connect(changed)
    elif isinstance(spec.default, str):
        field = line_edit(str(value))
        field.editingFinished.connect(changed)
    elif isinstance(spec.default, int):
        field = whole_box(spec.low, spec.high, int(value), changed)
    else:
        field = NumberBox(spec.low, spec.high)
        field.setValue(value)
        field.valueChanged.connect(changed)
    field.setAccessibleName(tr(spec.label))
    field.setAccessibleDescription(tr(spec.help))
    return field


ARROW, NARROWEST = 54, 96  # what the arrow and the paddings take; beside them, a few letters stay readable


class WideBox(ChoiceBox):
    """Combo box whose popup is as wide as its content, however narrow the box; its own text is elided."""

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + ARROW)
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.width() - ARROW - (0 if option.currentIcon.isNull() else option.iconSize.width() + 4)
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
