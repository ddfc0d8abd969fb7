"""Fields made from tables: the options of a method and the recipe of a training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.settings import Setting
from mma_desktop.services.training.experiment_table import RECIPE
from mma_desktop.ui.widgets.controls import in_column, in_form
from mma_desktop.ui.widgets.fields import Field, put_value, setting_field, value_of

RECIPE_FIELDS = (
    Setting(
        "learning_rate",
        0.005,
        RECIPE["learning_rate"],
        later("Step size of the optimiser. The paper's adapter uses 0.005."),
        low=1e-8,
        high=10.0,
    ),
    Setting(
        "batch_size",
        256,
        RECIPE["batch_size"],
        later("Images a step, at most. The paper's adapter uses 256."),
        low=1,
        high=65_536,
    ),
    Setting(
        "weight_decay",
        1e-4,
        RECIPE["weight_decay"],
        later("Pull of the weights to zero. The paper's adapter uses 0.0001."),
        high=10.0,
    ),
    Setting(
        "max_epochs",
        200,
        RECIPE["max_epochs"],
        later("The training ends after this many epochs at the latest."),
        low=1,
        high=10_000,
    ),
    Setting(
        "patience",
        10,
        RECIPE["patience"],
        later("It ends after this many epochs without a better validation loss. With 0 all epochs are trained."),
        high=10_000,
    ),
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
