"""The page Train: an adapter trained on every label, watched as it learns, measured beside another method, and used.

What is used is trained on all labels. Beside it, in the same epochs, go fits that leave pictures out in turn (Base),
and fits that hold back half of the classes in turn (New), so that both are known in every epoch and no label is lost to
measuring. Both methods leave out the same pictures.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mma_desktop.core.class_names import listed
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import (
    DEFAULT_METHOD,
    IN_TURN,
    Accuracy,
    ImageClass,
    QuickFix,
    Recipe,
    Role,
    RunRecord,
    Scores,
    TrainingFinding,
    TrainRequest,
)
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER, WITH_HEAD, find_method, resolve_options
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.model_in_use import prepare
from mma_desktop.services.serialization import evaluation_of
from mma_desktop.services.training import project_training
from mma_desktop.services.training.likeliest import Likeliest
from mma_desktop.services.training.mistakes import exact_mcnemar
from mma_desktop.services.training.snapshot import most_labels

log = logging.getLogger(__name__)
MAX_FOLDS, LEAST_TO_HALVE = 4, 4  # as the engine has, which a plan must not load
LEAST_LABELS = 2  # of a class: one is left out to test what was learned from the other
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Choice:
    """What is trained: a method with its options; without a recipe, its own."""

    method: str
    options: Mapping[str, Any] = field(default_factory=dict)
    recipe: Recipe | None = None

    @property
    def title(self) -> str:
        return tr("Multi-Modal Adapter") if self._with_head else tr(find_method(self.method).title)

    @property
    def about(self) -> str:
        """What it is, in a sentence."""
        if self._with_head:
            return tr(
                "The paper's attention over text and picture features, beside a visual head that is fitted to the "
                "shots at once."
            )
        return tr(find_method(self.method).summary)

    @property
    def _with_head(self) -> bool:
        return self.method == MULTI_MODAL_ADAPTER and WITH_HEAD.items() <= dict(self.options).items()


# With every class trained the Multi-Modal Adapter is within a point of Quick on 29 of 30 sets of pictures, and no worse
# on new classes, after so many epochs (`bench_two_rows.py`); more take minutes for what cannot be told from nothing.
EPOCHS = 30
ROWS = (Choice(MULTI_MODAL_ADAPTER, WITH_HEAD, Recipe(max_epochs=EPOCHS)), Choice(DEFAULT_METHOD))


@dataclass(frozen=True)
class Plan:
    """What will be trained, where, with what, and what is held back.

    Attributes:
        trained: The classes with labels.
        new: Names without labels.
        fewest, most: Labels of the trained class that has fewest and most.
        pictures: Labels that are trained on.
        folds: In how many folds pictures are left out in turn.
        in_turn: Whether half of the trained classes are held back in turn, so that new accuracy is known.
        device: The device's name for torch; "" while no image model is loaded.
        obstacles: What prevents it, or limits its figures.
        rows: The methods that are offered; the first is chosen first, which `why` explains.
    """

    trained: tuple[ImageClass, ...]
    new: tuple[ImageClass, ...]
    fewest: int
    most: int
    pictures: int
    folds: int
    in_turn: bool
    device: str
    obstacles: tuple[TrainingFinding, ...]
    rows: tuple[Choice, ...]
    why: str

    @property
    def can_start(self) -> bool:
        return not any(finding.blocking for finding in self.obstacles)

    @property
    def gpu(self) -> bool:
        return self.device not in ("", "cpu")


@dataclass(frozen=True, slots=True)
class RowStep(Progress):
    """The training of a row begins, or was stored as a run. Only of one that is `shown` epochs are reported.

    `likely` is as for `EpochEvent`, of the adapter that was stored.
    """

    choice: Choice = ROWS[0]
    shown: bool = True
    run: RunRecord | None = None
    likely: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A trained row: its run and what was measured, None where there was nothing to measure it on.

    `base`: pictures left out in turn, every class trained. `new`: pictures of classes held back in turn, among their
    names. `all`: those of `base` among all names, which are more where some have no labels.
    """

    choice: Choice
    run: RunRecord
    base: Accuracy | None
    new: Accuracy | None
    all: Accuracy | None
    zero_shot: Scores
    epoch: int
    seconds: float

    @property
    def h(self) -> float | None:
        return Scores(self.base, self.new).h


@dataclass(frozen=True, slots=True)
class Difference:
    """How much oftener the first of two rows is right about the same `n` pictures, in points with its 95% interval.

    `p` is of the exact McNemar test.
    """

    n: int
    points: float
    low: float
    high: float
    p: float

    @property
    def told(self) -> bool:
        """Whether it can be told from chance."""
        return self.low > 0 or self.high < 0

    @classmethod
    def of(cls, only_first: int, only_second: int, n: int) -> Difference:
        """Of `n` pictures about which one row alone was right that often (Bonett and Price 2012, adjusted Wald)."""
        first, second = (only_first + 1) / (n + 2), (only_second + 1) / (n + 2)
        half = Z_95 * math.sqrt((first + second - (first - second) ** 2) / (n + 2))
        low, high = max(-1.0, first - second - half), min(1.0, first - second + half)
        points = 100 * (only_first - only_second) / n
        return cls(n, points, 100 * low, 100 * high, exact_mcnemar(only_first, only_second))


@dataclass(frozen=True)
class Comparison:
    """Two rows on the same left-out pictures, picture by picture; None where there are none.

    `better` is None if chance explains the difference as well, or if each is better at one of the two.
    """

    first: Row
    second: Row
    base: Difference | None
    new: Difference | None

    @property
    def better(self) -> Row | None:
        told = [part for part in (self.base, self.new) if part is not None and part.told]
        if not told or len({part.points > 0 for part in told}) > 1:
            return None
        return self.first if told[0].points > 0 else self.second


@dataclass(frozen=True)
class Outcome:
    """A finished training: the row that was asked for, and the other one unless it was stopped before."""

    rows: tuple[Row, ...]
    comparison: Comparison | None
    stopped: bool
    changes: Changes


# ------------------------------------------------------------------------------ before


def plan(context: ProjectContext) -> Plan:
    """What would be trained now; reads memory only."""
    columns, counts = context.index.columns, _labels(context)
    trained = tuple(item for item in context.classes if counts.get(item.id))
    of_each = [counts[item.id] for item in trained]
    fewest, most = min(of_each, default=0), max(of_each, default=0)
    backbone = context.engine.backbone
    obstacles = [_blocked(trained, counts)] if fewest < LEAST_LABELS or len(trained) < LEAST_LABELS else []
    if not obstacles:
        request = _request(context, ROWS[0])
        obstacles = [finding for finding in project_training.check(context, request, columns) if finding.blocking]
    return Plan(
        trained=trained,
        new=tuple(item for item in context.classes if item not in trained),
        fewest=fewest,
        most=most,
        pictures=sum(of_each),
        folds=min(MAX_FOLDS, most) if most > 1 else 0,
        in_turn=len(trained) >= LEAST_TO_HALVE,
        device="" if backbone is None else str(backbone.device),
        obstacles=tuple(obstacles),
        rows=ROWS,
        why=tr(
            "On 30 sets of pictures the two were equally good, on classes that were trained and on new ones; Quick "
            "takes a fifth of the time. Which is better varies with the pictures, so the other one is trained as well, "
            "to compare them on the same pictures."
        ),
    )


def _labels(context: ProjectContext) -> dict[int, int]:
    """How many labels of each class there are to train on."""
    columns = context.index.columns
    mask = context.classed(columns) & ~columns.held_back
    ids, counts = np.unique(columns.class_ids[mask], return_counts=True)
    return dict(zip(ids.tolist(), counts.tolist(), strict=True))


def _blocked(trained: Sequence[ImageClass], counts: Mapping[int, int]) -> TrainingFinding:
    if len(trained) < 2:
        text = tr("Label two pictures each of two classes: one is left out in turn to test what was learned.")
    else:
        few = listed([item.name for item in trained if counts[item.id] < LEAST_LABELS])
        text = tr("{classes}: one label. Label one picture more, so that one can be left out.", classes=few)
    return TrainingFinding(text, True, QuickFix.LABEL)


def _request(context: ProjectContext, choice: Choice) -> TrainRequest:
    counts = _labels(context)
    return TrainRequest(
        method=choice.method,
        options=resolve_options(find_method(choice.method), choice.options),
        recipe=choice.recipe,
        backbone=context.backbone_id,
        weights_file=context.weights_file,
        shots=most_labels(context, context.index.columns),
        fewer=True,
        new_classes=frozenset(item.id for item in context.classes if not counts.get(item.id)),
        division=IN_TURN,
    )


# ------------------------------------------------------------------------------ the training


def train_adapter(
    context: ProjectContext,
    choice: Choice,
    token: CancelToken,
    *,
    compare: bool = True,
    likeliest: Likeliest | None = None,
) -> Outcome:
    """Train a choice on every label, then with `compare` the other row in the same folds. Engine lane.

    Reports a `RowStep` as a row begins and ends, and an `EpochEvent` for each epoch of `choice`, with the `likeliest`
    images. If `token` asks to wrap up, the running training ends with its best epoch so far and no other begins.

    Raises:
        UserError: Something prevents it (`plan`), or the image model is unavailable.
        Cancelled: `token` was cancelled; nothing of the running training is kept.
    """
    log.info("training %s on the thread %s", choice.method, threading.current_thread().name)
    for message in prepare(context, token):
        token.checkpoint(Progress(0, None, message))
    found = plan(context)
    if not found.can_start:
        raise UserError("\n".join(finding.text for finding in found.obstacles if finding.blocking))
    others = [row for row in ROWS if row.method != choice.method][:1] if compare else []
    rows: list[Row] = []
    for at, each in enumerate([choice, *others]):
        step = RowStep(at, 1 + len(others), each.title, changes=Changes(), choice=each, shown=not at)
        token.checkpoint(step)
        part = token if not at else token.relaying(lambda event: event if isinstance(event, Progress) else None)
        watched = None if at else likeliest
        done = project_training.train(context, _request(context, each), part, use=False, likeliest=watched)
        rows.append(row_of(done.run, each))
        token.checkpoint(
            RowStep(
                at + 1,
                1 + len(others),
                each.title,
                changes=Changes(runs=True),
                choice=each,
                shown=not at,
                run=done.run,
                likely={} if watched is None else watched.at_end(done.result.adapter),
            )
        )
        if token.wrapping_up:
            break
    comparison = compared(*rows) if len(rows) == 2 else None
    return Outcome(tuple(rows), comparison, token.wrapping_up, Changes(title=tr("Train"), runs=True))


def row_of(run: RunRecord, choice: Choice | None = None) -> Row:
    """What a run of this page measured."""
    evaluation = evaluation_of(run.metrics)
    adapted, zero_shot = (Scores(), Scores()) if evaluation is None else (evaluation.adapted, evaluation.zero_shot)
    return Row(
        choice=choice or Choice(run.method, run.settings.get("options", {})),
        run=run,
        base=adapted.base,
        new=adapted.new,
        all=adapted.all,
        zero_shot=zero_shot,
        epoch=int(run.metrics.get("best_epoch", 0)),
        seconds=float(run.metrics.get("seconds", 0.0)),
    )


def compared(first: Row, second: Row) -> Comparison:
    """Two rows picture by picture, among the names that each was left out of; see `Comparison`."""
    names = [row.run.metrics.get("class_names") or () for row in (first, second)]
    least = min(map(len, names))  # a name that was typed meanwhile comes last, and has no pictures
    same = names[0][:least] == names[1][:least]
    base, new = (_difference(first.run, second.run, role) if same else None for role in (Role.BASE, Role.NEW))
    return Comparison(first, second, base, new)


def _difference(first: RunRecord, second: RunRecord, role: Role) -> Difference | None:
    """None where the two were not asked about the same pictures."""
    try:
        one, other = (run.metrics["left_out"][role.value] for run in (first, second))
        if not one["ids"] or (one["ids"], one["labels"]) != (other["ids"], other["labels"]):
            return None
        left, right = (np.array(part["predicted"]) == np.array(part["labels"]) for part in (one, other))
        return Difference.of(int((left & ~right).sum()), int((right & ~left).sum()), len(one["ids"]))
    except (KeyError, TypeError, ValueError):
        return None


def sentence(comparison: Comparison) -> str:
    """By how much one row is better on trained and on new classes, and whether that can be told from chance."""
    parts = ((tr("Trained classes"), comparison.base), (tr("New classes"), comparison.new))
    said = [_said(title, part, comparison) for title, part in parts if part is not None]
    return " ".join(said) or tr("The two were not asked about the same pictures, so they cannot be compared.")


def _said(title: str, part: Difference, comparison: Comparison) -> str:
    row, sign = (comparison.first, 1) if part.points >= 0 else (comparison.second, -1)
    low, high = sorted((sign * part.low, sign * part.high))
    ends = {"low": number(low, "+.1f"), "high": number(high, "+.1f"), "classes": title}
    if not part.told:
        return tr(
            "{classes}: on {n} left-out picture the two cannot be told apart ({low} to {high} points).",
            "{classes}: on {n} left-out pictures the two cannot be told apart ({low} to {high} points).",
            part.n,
            **ends,
        )
    return tr(
        "{classes}: {method} is right {points} points oftener on {n} left-out picture ({low} to {high}).",
        "{classes}: {method} is right {points} points oftener on {n} left-out pictures ({low} to {high}).",
        part.n,
        method=row.choice.title,
        points=number(abs(part.points), ".1f"),
        **ends,
    )


# ------------------------------------------------------------------------------ after


def last_rows(context: ProjectContext) -> tuple[Row, ...]:
    """The newest run of each row that was trained here. Store lane."""
    newest: dict[str, Row] = {}
    for run in context.project.runs():
        if run.settings.get("division") == IN_TURN:
            newest.setdefault(run.method, row_of(run))
    return tuple(newest.values())
