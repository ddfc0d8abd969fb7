"""Curves of a training by phase, as epochs come or as stored with a run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.types import RunRecord, Scores, harmonic_mean
from mma_desktop.services.serialization import epoch_json, evaluation_from

SERIES = ("loss", "validation_loss", "base", "new")
COUNTS = {"base": "base_n", "new": "new_n"}
"""What each accuracy's number of images is called where epochs are stored; older runs lack it."""


@dataclass
class Phase:
    """The epochs of one fit so far; NaN where nothing was measured."""

    epochs: list[int] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in SERIES})
    pictures: dict[str, int] = field(default_factory=dict)
    """On how many images each accuracy was measured, where that is known."""

    best_epoch: int = 0

    def add(self, epoch: int, measured: Mapping[str, float | None]) -> None:
        self.epochs.append(epoch)
        self.pictures.update({name: int(n) for name, key in COUNTS.items() if (n := measured.get(key)) is not None})
        for name, values in self.values.items():
            value = measured[name]
            values.append(float("nan") if value is None else float(value))

    def series(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return epochs and values of a series, or of the harmonic mean "h", where it was measured."""
        if name == "h":
            pairs = zip(self.values["base"], self.values["new"], strict=True)
            y = np.array([harmonic_mean(*pair) if math.isfinite(sum(pair)) else math.nan for pair in pairs])
        else:
            y = np.array(self.values[name], float)
        x = np.array(self.epochs, float)
        known = np.isfinite(y)
        return x[known], y[known]


class CurveData:
    """The epochs of one training by phase. It can be kept and drawn again."""

    def __init__(self) -> None:
        self.phases: dict[str, Phase] = {}
        self.zero_shot = Scores()

    def add(self, event: EpochEvent) -> None:
        phase = self.phases.setdefault(event.phase, Phase())
        phase.add(event.epoch, epoch_json(event))
        phase.best_epoch = event.best_epoch
        self.zero_shot = event.zero_shot

    @property
    def pictures(self) -> dict[str, int]:
        """On how many images each accuracy was measured in the newest fit that tells."""
        return next((phase.pictures for phase in reversed(self.phases.values()) if phase.pictures), {})

    @property
    def current(self) -> str:
        """The newest phase, "" before the first epoch."""
        return next(reversed(self.phases), "")


def saved_curves(run: RunRecord) -> CurveData:
    """Return the curves stored with a run; empty if it has none or they cannot be read."""
    data = CurveData()
    try:
        data.zero_shot = evaluation_from(run.metrics).zero_shot
        for row in run.metrics.get("history", ()):
            data.phases.setdefault(str(row["phase"]), Phase()).add(int(row["epoch"]), row)
        recipe = run.settings.get("recipe")
        if not isinstance(recipe, Mapping) or recipe.get("patience") != 0:  # with 0, the last weights were kept
            losses = {name: phase.series("validation_loss") for name, phase in data.phases.items()}
            best = {name: int(epochs[loss.argmin()]) for name, (epochs, loss) in losses.items() if len(epochs)}
            if best and run.metrics.get("best_epoch"):
                best["train"] = int(run.metrics["best_epoch"])
            for name, phase in data.phases.items():
                phase.best_epoch = best.get(name, 0)
    except (AttributeError, KeyError, TypeError, ValueError):
        return CurveData()
    return data
