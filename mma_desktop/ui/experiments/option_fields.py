"""Fields made from tables: the options of a method and the recipe of a training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.settings import Setting
from mma_desktop.core.types import Recipe
from mma_desktop.services.training.experiment_table import RECIPE
from mma_desktop.ui.widgets.controls import in_column, in_form
from mma_desktop.ui.widgets.fields import Field, put_value, setting_field, value_of

_LIMITS = {
    "learning_rate": (1e-8, 10.0, later("Step size of the optimiser. The paper's adapter uses 0.005.")),
    "batch_size": (1, 65_536, later("Images a step, at most. The paper's adapter uses 256.")),
    "weight_decay": (0.0, 10.0, later("Pull of the weights to zero. The paper's adapter uses 0.0001.")),
    "max_epochs": (1, 10_000, later("The training ends after this many epochs at the latest.")),
    "patience": (
        0,
        10_000,
        later("It ends after this many epochs without a better validation loss. With 0 all epochs are trained."),
    ),
}
RECIPE_FIELDS = tuple(
    Setting(name, getattr(Recipe(), name), title, _LIMITS[name][2], low=_LIMITS[name][0], high=_LIMITS[name][1])
    for name, title in RECIPE.items()
)
"""The numbers of a `Recipe`, by their names there."""


class OptionFields(QWidget):
    changed = Signal()

    def __init__(self, specs: Sequence[Setting]) -> None:
        super().__init__()
        self._specs = specs
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

    def reset(self) -> None:
        for spec in self._specs:
            put_value(self.fields[spec.name], spec.default)
