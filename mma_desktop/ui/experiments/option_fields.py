"""Fields made from tables: the options of a method and the recipe of a training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.settings import Setting
from mma_desktop.core.types import Recipe
from mma_desktop.services.training.experiment_table import RECIPE
from mma_desktop.ui.widgets.controls import SPACE, button, in_column, in_form, in_row
from mma_desktop.ui.widgets.fields import Field, setting_field, value_of, whole_box


class OptionFields(QWidget):
    changed = Signal()

    def __init__(self, specs: Sequence[Setting]) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        for spec in specs:
            field = self.fields[spec.name] = setting_field(spec, spec.default, self.changed)
            field.setToolTip(tr(spec.help))
        titles = ("" if isinstance(self.fields[spec.name], QCheckBox) else tr(spec.label) for spec in specs)
        form = in_form(*zip(titles, self.fields.values(), strict=True))
        in_column(form, inside=self, margins=(4, 0, 0, 0))

    def values(self) -> dict[str, Any]:
        """Return the value of every option, as `resolve_options` takes them."""
        return {name: value_of(field) for name, field in self.fields.items()}


class NumberEdit(QLineEdit):
    """Field for a number over many orders of magnitude (a learning rate), such as 0.005 or 5e-3.

    It takes a decimal point as well as the language's own separator.
    """

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self._low, self._high = low, high

    def value(self) -> float | None:
        found, valid = QLocale.c().toDouble(self.text().replace(QLocale().decimalPoint(), "."))
        return found if valid and self._low <= found <= self._high else None

    def setValue(self, value: float) -> None:
        self.setText(f"{value:g}".replace(".", QLocale().decimalPoint()))


class RecipeFields(QWidget):
    changed = Signal()

    def __init__(self, own: Recipe) -> None:
        super().__init__()
        self._own = own
        self.learning_rate, self.weight_decay = NumberEdit(1e-8, 10.0), NumberEdit(0.0, 10.0)
        self.batch_size, self.max_epochs = whole_box(1, 65_536), whole_box(1, 10_000)
        self.patience = whole_box(0, 10_000)
        self.patience.setSpecialValueText(tr("0: train all epochs"))
        self.reset_button = button(tr("Reset to the method's own"), "undo", clicked=self.reset)
        tips = {
            "learning_rate": tr("Step size of the optimiser. The paper's adapter uses 0.005."),
            "batch_size": tr("Images a step, at most. The paper's adapter uses 256."),
            "weight_decay": tr("Pull of the weights to zero. The paper's adapter uses 0.0001."),
            "max_epochs": tr("The training ends after this many epochs at the latest."),
            "patience": tr(
                "It ends after this many epochs without a better validation loss. With 0 all epochs are trained."
            ),
        }
        self._fields: dict[str, NumberEdit | QSpinBox] = {name: getattr(self, name) for name in RECIPE}
        rows = [(tr(title), self._fields[name]) for name, title in RECIPE.items()]
        in_column(in_form(*rows), in_row(self.reset_button, None), inside=self, margins=(4, 0, 0, 0), spacing=SPACE)
        self.reset()
        for name, field in self._fields.items():
            field.setToolTip(tips[name])
            field.textChanged.connect(self._changed)

    def _changed(self) -> None:
        self.reset_button.setEnabled(self.recipe() != self._own)
        self.changed.emit()

    def recipe(self) -> Recipe | None:
        values: dict[str, Any] = {name: field.value() for name, field in self._fields.items()}
        return None if None in values.values() else Recipe(**values)

    def reset(self) -> None:
        for name, field in self._fields.items():
            field.setValue(getattr(self._own, name))
        self._changed()
