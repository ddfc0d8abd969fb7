"""Saved curves of a finished training, as the epochs they were drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.types import Accuracy, RunRecord, Scores, harmonic_mean
from mma_desktop.services.serialization import evaluation_from


def chooses_epoch(run: RunRecord) -> bool:
    """Return whether one epoch was selected; without a patience, all are trained and the last weights are kept."""
    recipe = run.settings.get("recipe")
    return not isinstance(recipe, Mapping) or recipe.get("patience") != 0


def kept_epochs(run: RunRecord) -> list[EpochEvent]:
    """Return the epochs stored with a run; none if it has none or they cannot be read.

    Only what the curves show is stored: the accuracies come back without their intervals.
    """
    try:
        zero_shot = evaluation_from(run.metrics).zero_shot
        return _events(run, zero_shot)
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _events(run: RunRecord, zero_shot: Scores) -> list[EpochEvent]:
    rows = list(run.metrics.get("history", ()))
    best = _best_epochs(rows) if chooses_epoch(run) else {}
    if best and run.metrics.get("best_epoch"):
        best["train"] = int(run.metrics["best_epoch"])
    last = {str(row["phase"]): int(row["epoch"]) for row in rows}
    events = []
    for row in rows:
        phase, base, new = str(row["phase"]), _accuracy(row["base"]), _accuracy(row["new"])
        validation_loss = row["validation_loss"]
        events.append(
            EpochEvent(
                phase=phase,
                epoch=int(row["epoch"]),
                max_epochs=last[phase],
                loss=float(row["loss"]),
                validation_loss=None if validation_loss is None else float(validation_loss),
                validation=None,
                base=base,
                new=new,
                h=None if base is None or new is None else harmonic_mean(base.percent, new.percent),
                zero_shot=zero_shot,
                best_epoch=best.get(phase, 0),
                seconds_left=0.0,
            )
        )
    return events


def _best_epochs(rows: list[Mapping[str, Any]]) -> dict[str, int]:
    """Map each phase to its epoch with the lowest validation loss."""
    least: dict[str, tuple[float, int]] = {}
    for row in rows:
        if row["validation_loss"] is not None:
            one = (float(row["validation_loss"]), int(row["epoch"]))
            phase = str(row["phase"])
            least[phase] = min(least.get(phase, one), one)
    return {phase: epoch for phase, (_, epoch) in least.items()}


def _accuracy(percent: float | None) -> Accuracy | None:
    return None if percent is None else Accuracy(float(percent), 0, float(percent), float(percent))
