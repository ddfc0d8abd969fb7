"""Fields made from tables: the options of a method and the recipe of a training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator, QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Recipe
from mma_desktop.engine.methods.method_spec import OptionKind, OptionSpec
from mma_desktop.services.training.experiment_table import CHOICES
from mma_desktop.ui.widgets.controls import button, pad_popups, pad_spin_boxes

Field = QCheckBox | QComboBox | QSpinBox | QDoubleSpinBox


def form_layout(parent: QWidget) -> QFormLayout:
    """Return a form layout with labels beside fields that fill the width."""
    layout = QFormLayout(parent)
    layout.setContentsMargins(4, 0, 0, 0)
    layout.setHorizontalSpacing(12)
    layout.setVerticalSpacing(8)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def add_row(layout: QFormLayout, text: str, field: QWidget) -> None:
    """Add a field with its label on one line."""
    label = QLabel(text)
    label.setBuddy(field)
    label.setMinimumHeight(max(32, field.sizeHint().height()))
    layout.addRow(label, field)


class OptionFields(QWidget):
    """One field per option, of the kind given in the table.

    Signals:
        changed: A value changed.
    """

    changed = Signal()

    def __init__(self, specs: Sequence[OptionSpec]) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        layout = form_layout(self)
        for spec in specs:
            field = self._make(spec)
            field.setToolTip(tr(spec.help))
            field.setAccessibleName(tr(spec.label))
            field.setAccessibleDescription(tr(spec.help))
            self.fields[spec.name] = field
            if isinstance(field, QCheckBox):
                layout.addRow(field)
            else:
                add_row(layout, tr(spec.label), field)
        pad_spin_boxes(self)

    def _make(self, spec: OptionSpec) -> Field:
        if spec.kind is OptionKind.BOOL:
            box = QCheckBox(tr(spec.label))
            box.setChecked(bool(spec.default))
            box.toggled.connect(self.changed)
            return box
        if spec.kind is OptionKind.CHOICE:
            combo = QComboBox()
            pad_popups(combo)
            for choice in spec.choices:
                combo.addItem(tr(CHOICES.get(choice, choice)), choice)
            combo.setCurrentIndex(combo.findData(spec.default))
            combo.currentIndexChanged.connect(self.changed)
            return combo
        if spec.kind is OptionKind.INT:
            whole = QSpinBox()
            whole.setRange(int(spec.minimum), int(spec.maximum))
            whole.setValue(int(spec.default))
            whole.valueChanged.connect(self.changed)
            return whole
        number = QDoubleSpinBox()
        number.setDecimals(3)
        if spec.maximum - spec.minimum <= 10:
            number.setSingleStep(0.05)
        else:
            number.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        number.setRange(spec.minimum, spec.maximum)
        number.setValue(float(spec.default))
        number.valueChanged.connect(self.changed)
        return number

    def values(self) -> dict[str, Any]:
        """Return the value of every option, as `resolve_options` takes them."""
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            if isinstance(field, QCheckBox):
                values[name] = field.isChecked()
            else:
                values[name] = field.currentData() if isinstance(field, QComboBox) else field.value()
        return values


class _Check(QDoubleValidator):
    """Validator that accepts a decimal point as well as the language's own separator."""

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Return whether the text is a number in the range, or may become one."""
        state: Any = super().validate(_pointed(text), at)
        return state[0], text, at


def _pointed(text: str) -> str:
    return text.replace(QLocale().decimalPoint(), ".")


class NumberEdit(QLineEdit):
    """Field for a number over many orders of magnitude (a learning rate), such as 0.005 or 5e-3."""

    def __init__(self, low: float, high: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        check = _Check(low, high, 12, self)
        check.setNotation(QDoubleValidator.Notation.ScientificNotation)
        check.setLocale(QLocale.c())
        self.setValidator(check)

    def value(self) -> float | None:
        """Return the number, or None if the text is not a number in the range."""
        if not self.hasAcceptableInput():
            return None
        return float(_pointed(self.text()))

    def set_value(self, value: float) -> None:
        self.setText(f"{value:g}".replace(".", QLocale().decimalPoint()))


class RecipeFields(QWidget):
    """The recipe of a training.

    Signals:
        changed: A value changed.
    """

    changed = Signal()

    def __init__(self, own: Recipe) -> None:
        super().__init__()
        self._own = own
        self.learning_rate = NumberEdit(1e-8, 10.0)
        self.weight_decay = NumberEdit(0.0, 10.0)
        self.batch_size = self._whole(65_536)
        self.max_epochs = self._whole(10_000)
        self.patience = self._whole(10_000)
        self.patience.setMinimum(0)
        self.patience.setSpecialValueText(tr("0: train all epochs"))
        self.reset_button = button(tr("Reset to the method's own"), "undo")
        self.reset_button.clicked.connect(self.reset)
        layout = form_layout(self)
        rows: tuple[tuple[str, QWidget, str], ...] = (
            (
                tr("Learning rate"),
                self.learning_rate,
                tr("Step size of the optimiser. The paper's adapter uses 0.005."),
            ),
            (tr("Batch size"), self.batch_size, tr("Images a step, at most. The paper's adapter uses 256.")),
            (
                tr("Weight decay"),
                self.weight_decay,
                tr("Pull of the weights to zero. The paper's adapter uses 0.0001."),
            ),
            (tr("Max epochs"), self.max_epochs, tr("The training ends after this many epochs at the latest.")),
            (
                tr("Patience"),
                self.patience,
                tr("It ends after this many epochs without a better validation loss. With 0 all epochs are trained."),
            ),
        )
        for label, field, tip in rows:
            field.setToolTip(tip)
            add_row(layout, label, field)
        layout.addRow(self.reset_button)
        self.reset()
        for edit in (self.learning_rate, self.weight_decay):
            edit.textChanged.connect(self._changed)
        for spin in (self.batch_size, self.max_epochs, self.patience):
            spin.valueChanged.connect(self._changed)

    @staticmethod
    def _whole(high: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, high)
        return box

    def _changed(self) -> None:
        self.reset_button.setEnabled(self.recipe() != self._own)
        self.changed.emit()

    def recipe(self) -> Recipe | None:
        """Return the recipe, or None if a number is not valid."""
        rate, decay = self.learning_rate.value(), self.weight_decay.value()
        if rate is None or decay is None:
            return None
        return Recipe(rate, self.batch_size.value(), decay, self.max_epochs.value(), self.patience.value())

    def reset(self) -> None:
        """Return to the method's own recipe."""
        self.learning_rate.set_value(self._own.learning_rate)
        self.weight_decay.set_value(self._own.weight_decay)
        self.batch_size.setValue(self._own.batch_size)
        self.max_epochs.setValue(self._own.max_epochs)
        self.patience.setValue(self._own.patience)
        self._changed()
