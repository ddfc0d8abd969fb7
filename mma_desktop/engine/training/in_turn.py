"""Fits beside each other: of all shots, and of parts that leave some out in turn, so that none is lost to measuring.

Up to `MAX_FOLDS` parts leave out a fold of the shots each, which tells base accuracy. With four or more classes, two
parts hold back half of the classes each, with their shots, which tells new accuracy: each class is base once and new
once. All go through their epochs side by side, so both are known after each of them.

The epoch is chosen once for all, by the loss of all shots that were left out. A fold's own would be by a few pictures,
and the fit of all shots, the one that is used, has none. How much that flatters is in `engine/DECISIONS.md`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import EpochEvent
from mma_desktop.core.types import Role, Scores, left_out_worth
from mma_desktop.engine.evaluation.cross_validation import MAX_FOLDS, stratified_folds
from mma_desktop.engine.evaluation.metrics import accuracy, scored, scores, zero_shot_of
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.training.fit_loop import (
    UNSTABLE,
    Clock,
    Fit,
    TrainingSetup,
    begun,
    learns,
    optimiser_of,
    run_epoch,
    validate,
    weights_of,
)
from mma_desktop.engine.training_data import FeatureSet, Integers, TrainingData

LEAST_CLASSES = 4  # of which half can be held back: among one name, everything is right
WORTH = {Role.BASE: "cross-validation", Role.NEW: "halves"}  # for `left_out_worth`

Watch = Callable[[Adapter, Integers], Mapping[int, tuple[int, ...]]]
"""Given an adapter between two epochs and the indices of the classes it is trained on: `EpochEvent.likely`."""


@dataclass(frozen=True, eq=False)
class Part:
    """A fit that is trained on some of N shots and asked about others.

    Attributes:
        data: With the roles of this fit; names that it neither trains nor is asked about are of `Role.NONE`.
        role: Of the names among which it is asked: those it trains, or those that are held back.
        trained, asked: (N,) masks of the shots.
        measured: (N,) mask of those whose answers count; the others say only which epoch is best.
    """

    data: TrainingData
    role: Role
    trained: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    measured: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answers:
    """What was said of shots by fits that were not trained on them: their places, and classes among those of a role."""

    rows: Integers
    classes: Integers


@dataclass(frozen=True, eq=False)
class Together:
    """The end of `fit_together`: the adapter of all shots, those of the parts, and what these said at that epoch."""

    adapter: Adapter
    fit: Fit
    judges: list[Adapter]
    answers: dict[Role, Answers]
    scores: Scores
    zero_shot: Scores


def parts_of(data: TrainingData, shots: FeatureSet, proposed: NDArray[np.bool_] | None, seed: int) -> list[Part]:
    """The parts of a training on these shots of its base classes; `proposed` (N,) are never measured."""
    trusted = np.ones(len(shots), bool) if proposed is None else ~proposed
    base = data.classes_of(Role.BASE)
    parts = []
    # As many folds as the largest class has images: where all have two, half of them is left out of each class.
    folds = min(MAX_FOLDS, int(shots.counts().max()))
    fold_of = stratified_folds(shots, max(1, folds), seed)
    for fold in range(folds):
        asked = (fold_of == fold) & shots.can_be_left_out
        asked &= np.isin(shots.labels, shots.labels[~asked])
        if asked.any():
            parts.append(Part(data, Role.BASE, ~asked, asked, asked & trusted))
    if len(base) >= LEAST_CLASSES:
        order = np.random.default_rng(seed).permutation(base)
        middle = -(-len(base) // 2)
        for held in (order[middle:], order[:middle]):
            roles = [
                Role.NEW if at in held else Role.BASE if at in base else Role.NONE for at in range(len(data.roles))
            ]
            asked = np.isin(shots.labels, held)
            parts.append(Part(replace(data, roles=roles), Role.NEW, ~asked, asked, asked & trusted))
    return parts


class _Running:
    """A fit between two of its epochs."""

    def __init__(self, setup: TrainingSetup, shots: FeatureSet, part: Part | None = None) -> None:
        data, role = setup.data, Role.BASE if part is None else part.role
        self.setup, self.classes = setup, data.classes_of(Role.BASE)
        self.adapter, self.start = begun(setup, shots if part is None else shots.select(part.trained))
        self.asked = None if part is None else setup.on_device(shots.select(part.asked), role)
        self._names = data.classes_of(role)
        self._steps = optimiser_of(setup, self.adapter, self.start) if learns(self.adapter) else None
        self._order = torch.Generator().manual_seed(setup.seed)
        self._best: dict[str, torch.Tensor] = {}

    def run_epoch(self) -> float:
        """The mean loss per image."""
        if self._steps is None:
            return validate(self.adapter.eval(), self.start)[0]
        return run_epoch(self.setup, self.adapter, self._steps, self.start, self._order)

    def answer(self, *, alone: bool = False) -> tuple[float, Integers]:
        """The summed loss of the shots it is asked about, and their classes; with `alone`, without its heads."""
        adapter, asked = self.adapter, self.asked
        if asked is None:
            raise ValueError("it is asked about nothing")
        if alone:
            logits, _ = scored(
                lambda rows: (adapter.plain(rows, asked.texts), None), adapter, asked.images, len(asked.texts)
            )
        else:
            logits = scores(adapter, asked.images, asked.inputs(adapter))
        loss = functional.cross_entropy(logits / adapter.own_temperature, asked.labels, reduction="sum")
        return float(loss), self._classes_of(logits)

    def zero_shot(self) -> Integers:
        asked, plain = self.asked, zero_shot_of(self.setup.data)
        if asked is None:
            raise ValueError("it is asked about nothing")
        return self._classes_of(scores(plain, asked.images[:, : plain.embed_dim], asked.names))

    def _classes_of(self, logits: torch.Tensor) -> Integers:
        classes: Integers = self._names[logits.argmax(1).cpu().numpy()]
        return classes

    def keep(self) -> None:
        self._best = weights_of(self.adapter)

    def restored(self) -> Adapter:
        if self._best:
            self.adapter.load_state_dict(self._best)
        return self.adapter.eval()


class _Pool:
    """Puts the answers of all parts together."""

    def __init__(self, shots: FeatureSet, parts: Sequence[Part]) -> None:
        self._labels, self._parts = shots.labels, parts
        self.left_out = sum(int(part.asked.sum()) for part in parts if part.role is Role.BASE)

    def answers(self, found: Sequence[Integers]) -> dict[Role, Answers]:
        """Of each role that was measured, given each part's classes of what it was asked."""
        result = {}
        for role in (Role.BASE, Role.NEW):
            of_role = [(part, classes) for part, classes in zip(self._parts, found, strict=True) if part.role is role]
            if any(part.measured.any() for part, _ in of_role):
                rows = [np.flatnonzero(part.measured) for part, _ in of_role]
                classes = [classes[part.measured[part.asked]] for part, classes in of_role]
                result[role] = Answers(np.concatenate(rows), np.concatenate(classes))
        return result

    def scores(self, found: Sequence[Integers], *, zero_shot: bool = False) -> Scores:
        """Base and new accuracy of those answers."""
        values = {}
        for role, given in self.answers(found).items():
            worth = 1.0 if zero_shot else left_out_worth(WORTH[role], len(given.rows), 0)
            values[role.value] = accuracy(given.classes, self._labels[given.rows], worth)
        return Scores(**values)

    def loss(self, losses: Sequence[float]) -> float | None:
        """The mean of all shots that are left out of trained classes, given each part's sum."""
        summed = (loss for part, loss in zip(self._parts, losses, strict=True) if part.role is Role.BASE)
        return sum(summed) / self.left_out if self.left_out else None


class _Together:
    """The fits of `fit_together`, and the best of their epochs."""

    def __init__(self, setups: Sequence[TrainingSetup], shots: FeatureSet, parts: Sequence[Part]) -> None:
        self._setup, self._pool = setups[0], _Pool(shots, parts)
        self._final = _Running(self._setup, shots)
        self._judges = []
        for part, setup in zip(parts, setups[1:], strict=True):
            self._setup.checkpoint()
            self._judges.append(_Running(setup, shots, part))
        self._fits = [self._final, *self._judges]
        self._watched = [judge for judge, part in zip(self._judges, parts, strict=True) if part.role is Role.NEW]
        self._best = self._said = [judge.zero_shot() for judge in self._judges]
        self._zero_shot = self._pool.scores(self._said, zero_shot=True)
        self.fit, self.trains = Fit(), learns(self._final.adapter)
        self.chooses = self._setup.stops_early and self.trains and self._pool.left_out > 0

    @property
    def live_events(self) -> int:
        return self._final.adapter.live_events

    def run_epoch(self) -> float:
        """The loss of the fit of all shots."""
        losses = []
        for one in self._fits:
            losses.append(_finite(one.run_epoch()))
            self._setup.checkpoint()
        self.fit.epochs += 1
        return losses[0]

    def ask(self) -> None:
        """Ask about what is left out, and keep this epoch if it is the best so far."""
        found = [judge.answer() for judge in self._judges]
        loss, self._said = self._pool.loss([part for part, _ in found]), [classes for _, classes in found]
        if loss is not None:
            self.fit.losses.append(_finite(loss))
        if not self.chooses or loss is None:
            self.fit.best_epoch, self._best = self.fit.epochs, self._said
        elif loss < self.fit.best_loss:
            self.fit.best_epoch, self.fit.best_loss, self._best = self.fit.epochs, loss, self._said
            for one in self._fits:
                one.keep()

    def event(self, limit: int, loss: float, seconds_left: float, watch: Watch | None) -> EpochEvent:
        """What `ask` was told."""
        now, alone = self._pool.scores(self._said), Scores()
        if self._final.adapter.row_heads:
            alone = self._pool.scores([judge.answer(alone=True)[1] for judge in self._judges])
        likely: dict[int, tuple[int, ...]] = {}
        if watch is not None:
            for one in (self._final, *self._watched):
                likely.update(watch(one.adapter, one.classes))
        return EpochEvent(
            phase="train",
            epoch=self.fit.epochs,
            max_epochs=limit,
            loss=loss,
            validation_loss=self.fit.losses[-1] if self.fit.losses else None,
            validation=now.base,
            base=now.base,
            new=now.new,
            h=now.h,
            zero_shot=self._zero_shot,
            best_epoch=self.fit.best_epoch if self.chooses else 0,
            seconds_left=seconds_left,
            alone=alone,
            likely=likely,
        )

    def end(self) -> Together:
        """With the weights of the best epoch in all."""
        adapter, *judges = [one.restored() for one in self._fits]
        answers, scores = self._pool.answers(self._best), self._pool.scores(self._best)
        return Together(adapter, self.fit, judges, answers, scores, self._zero_shot)


def _finite(loss: float) -> float:
    if not math.isfinite(loss):
        raise UserError.tr(UNSTABLE)
    return loss


def fit_together(
    setups: Sequence[TrainingSetup],
    shots: FeatureSet,
    parts: Sequence[Part],
    *,
    least: int,
    fallback: int,
    watch: Watch | None = None,
) -> Together:
    """Train a fresh adapter on all shots and one for each part, and restore the weights of the best epoch in all.

    Reports an `EpochEvent` after each epoch, or for a method with many short ones after some.

    Args:
        setups: Of the fit of all shots, then of each part.
        shots: Of the base classes.
        parts: From `parts_of`.
        least: Early stopping does not apply before so many epochs.
        fallback: How many epochs a recipe with patience trains where nothing is left out to stop it.
        watch: Called after an epoch that is reported, for the fit of all shots and for those that hold back classes.
    """
    setup, clock, fits = setups[0], Clock(phases=1), _Together(setups, shots, parts)
    patience, fit, limit = setup.recipe.patience, fits.fit, setup.recipe.max_epochs if fits.trains else 1
    if setup.stops_early and not fits.chooses:
        limit = min(fallback, limit)
    seldom = 1 if setup.stops_early else max(1, limit // fits.live_events)

    def end() -> int:
        """The last epoch, if none improves."""
        return min(limit, max(least, fit.best_epoch + patience)) if fits.chooses else limit

    clock.start_phase()
    while fit.epochs < end():
        loss = fits.run_epoch()
        if fit.epochs % seldom and fit.epochs < limit:
            continue
        fits.ask()
        setup.checkpoint(fits.event(limit, loss, clock.seconds_left(fit.epochs, end() - fit.epochs), watch))
        if setup.cancel.wrapping_up:
            break
    return fits.end()
