"""Convert evaluations to JSON (for a run's row, a checkpoint's header, the command line's report) and back.

The curves of a training by phase are here too, as epochs come or as stored with a run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import one_line
from mma_desktop.core.safe_json import as_record
from mma_desktop.core.types import Accuracy, Evaluation, Recipe, RunRecord, Scores, harmonic_mean


def _plain(record: Any) -> dict[str, Any]:
    """The fields of a record and of the records in it, with numbers rounded to four places."""
    return asdict(
        record,
        dict_factory=lambda pairs: {
            name: round(value, 4) if isinstance(value, float) else value for name, value in pairs
        },
    )


def accuracy_json(accuracy: Accuracy | None) -> dict[str, Any] | None:
    return None if accuracy is None else _plain(accuracy)


def percents(scores: Scores) -> dict[str, float | None]:
    """Base, new, all and H as percentages; None if not measured."""
    values = {part: getattr(scores, part) for part in ("base", "new", "all")}
    plain = {part: None if value is None else round(value.percent, 2) for part, value in values.items()}
    return {**plain, "h": None if scores.h is None else round(scores.h, 2)}


def answers_json(evaluation: Evaluation) -> dict[str, Any]:
    """Confidence and correctness of predictions before and after training. Stored in runs, not in exported adapters."""
    answers = {"zero_shot": evaluation.zero_shot_answers, "adapted": evaluation.adapted_answers}
    return {part: None if answer is None else asdict(answer) for part, answer in answers.items()}


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything in an evaluation except its answers (see `answers_json`)."""
    return {
        "class_names": list(evaluation.class_names),
        "roles": [role.value for role in evaluation.roles],
        "zero_shot": _plain(evaluation.zero_shot),
        "adapted": _plain(evaluation.adapted),
        "per_class": [_plain(score) for score in evaluation.per_class],
        "confusion": [list(row) for row in evaluation.confusion],
        "base_by": evaluation.base_by,
    }


def epoch_json(event: EpochEvent) -> dict[str, Any]:
    return {
        "phase": event.phase,
        "epoch": event.epoch,
        "loss": round(event.loss, 5),
        "validation_loss": None if event.validation_loss is None else round(event.validation_loss, 5),
        "base": None if event.base is None else round(event.base.percent, 3),
        "new": None if event.new is None else round(event.new.percent, 3),
        "base_n": None if event.base is None else event.base.n,
        "new_n": None if event.new is None else event.new.n,
    }


def evaluation_from(data: Mapping[str, Any]) -> Evaluation:
    """The inverse of `evaluation_json`; the key "answers" holds `answers_json`, if stored.

    Raises:
        ValueError: The data was not written by `evaluation_json`.
    """
    answers = data.get("answers")
    parts = {f"{part}_answers": answer for part, answer in answers.items()} if isinstance(answers, Mapping) else {}
    evaluation = as_record(Evaluation, {**data, **parts})
    for answer in (evaluation.zero_shot_answers, evaluation.adapted_answers):
        if answer and (not len(answer.levels) == len(answer.counts) == len(answer.correct) or sum(answer.counts) < 1):
            raise ValueError("levels, counts and correct answers do not belong together")
    return evaluation


def evaluation_of(data: Mapping[str, Any]) -> Evaluation | None:
    """The evaluation in the metrics of a run or a checkpoint; None if there is none that can be read."""
    try:
        return evaluation_from(data)
    except ValueError:
        return None


def recipe_of(run: RunRecord) -> Recipe | None:
    """The recipe a run was trained with; None if it is missing or unreadable."""
    kept = run.settings.get("recipe")
    if not isinstance(kept, Mapping) or not {field.name for field in fields(Recipe)} <= set(kept):
        return None
    try:
        return as_record(Recipe, kept)
    except ValueError:
        return None


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:]))


def markdown_cell(text: str) -> str:
    """Escape text for Markdown, also inside a table."""
    return re.sub(r"([\\`*_\[\]<>#|~$&])", r"\\\1", one_line(text))


SERIES = ("loss", "validation_loss", "base", "new")
# What each accuracy's number of images is called where epochs are stored; older runs lack it.
COUNTS = {"base": "base_n", "new": "new_n"}


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
