"""Training an adapter on cached features with the paper's recipe, as a generator with one event an epoch.

Early stopping looks at the validation loss, not at the accuracy: on a few validation images the accuracy is at its
ceiling after an epoch or two and stops the training there; the loss goes on telling which epoch is better.

Where cross-validation over the shots finds the number of epochs, it is the epoch at which the loss of all held-out
shots together is lowest, and no fold stops before `FOLD_STEPS` steps of the optimiser. The paper's patience of 10
epochs is made for 16 shots of many classes: of a few shots an epoch is one step, the loss lies still for longer than
10 of those before it falls again, and a fold holds out too few images for a minimum of its own to mean much. Stopping
each fold by patience and taking the median ended after 30 to 60 epochs where accuracy rose up to 100 and more, the
sooner the more varied the shots were, for these look hard to each other's folds.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.domain import (
    DEFAULT_METHOD,
    Accuracy,
    CancelToken,
    EpochEvent,
    Evaluation,
    Recipe,
    Role,
    Scores,
    UserError,
    harmonic_mean,
)
from mma_desktop.engine.cross_validation import Plan, best_epoch, make_plan, stratified_folds
from mma_desktop.engine.data import FeatureSet, TrainingData
from mma_desktop.engine.evaluation import Predictions, predict, scores, scores_of, summarise, to_tensor
from mma_desktop.engine.methods.base import Adapter, build_adapter
from mma_desktop.engine.methods.table import find_method
from mma_desktop.engine.methods.zero_shot import ZeroShot

__all__ = ["FeatureSet", "TrainingData", "TrainingResult", "train", "warm_up"]

log = logging.getLogger(__name__)

FALLBACK_EPOCHS = 30  # where no image is left to tell when to stop; about where early stopping stops on real features
FOLD_STEPS = 100  # no fold stops earlier; up to here waiting gains accuracy, beyond hardly any (20 classes of 4 shots)
LIVE_IMAGES = 4096  # at most so many test images of a role are classified after each epoch; at the end all are


@dataclass(frozen=True)
class TrainingResult:
    """A finished training.

    `adapter` is on the CPU, in eval mode, with the weights of `best_epoch` of its `epochs` epochs. `parameters` is
    the number of trained numbers, `seconds` the time the whole training took, cross-validation included.
    `predictions` is what was said of each measured image: those of base classes in the order of the test images, or of
    the shots where `of_shots`, then the test images of new classes.
    """

    adapter: Adapter
    evaluation: Evaluation
    epochs: int
    best_epoch: int
    parameters: int
    seconds: float
    predictions: Predictions
    of_shots: bool


class _Part(NamedTuple):
    """Images on the device with the names that they are classified among; `labels` index the rows of `texts`."""

    features: Tensor
    labels: Tensor
    texts: Tensor


class _Live(NamedTuple):
    """The held-out images that are classified after each epoch; no choice depends on them."""

    base: _Part | None
    new: _Part | None


@dataclass
class _Fit:
    """One adapter's way through the epochs."""

    epochs: int = 0
    best_epoch: int = 0
    best_loss: float = math.inf
    losses: list[float] = field(default_factory=list)
    """The validation loss after each epoch, where there is validation."""


@dataclass(frozen=True)
class _Job:
    """What stays the same over all fits of one training."""

    data: TrainingData
    recipe: Recipe
    seed: int
    device: torch.device
    cancel: CancelToken
    zero_shot: Scores
    build: Callable[[], Adapter]

    def part(self, images: FeatureSet, role: Role = Role.BASE) -> _Part:
        """Those of the images that are of classes of this role, among the names of the role, on the device."""
        classes = self.data.classes_of(role)
        images = images.of_classes(classes)
        arrays = images.features, np.searchsorted(classes, images.labels), self.data.text_features[classes]
        return _Part(*(to_tensor(array, self.device) for array in arrays))


# --------------------------------------------------------------------------------------
# the public side


def train(
    data: TrainingData,
    method: str = DEFAULT_METHOD,
    options: Mapping[str, Any] | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
    cancel: CancelToken | None = None,
    *,
    build: Callable[[], Adapter] | None = None,
) -> Generator[EpochEvent, None, TrainingResult]:
    """Train an adapter on the shots of the base classes, under the base class names only.

    With the same arguments on the same machine the result is the same to the last bit; the global random state is
    neither read nor changed.

    When every base class has validation images, they decide when to stop and which epoch's weights are kept. When
    one has none, cross-validation over the shots finds the number of epochs (that with the lowest loss of all shots,
    each held out once), and then all shots are trained on. When a base class has no test image, base accuracy comes
    from the same folds (`Evaluation.base_by` is "cross-validation"), and `all`, the per-class scores and the
    confusion take base images from them, too: each shot is judged by an adapter that has not seen it. With fewer than
    2 to 3 shots in a class there is nothing to cross-validate: the number of epochs is `FALLBACK_EPOCHS`, and base
    accuracy is None unless some test images are there. A method that has nothing to train yields no event.

    Args:
        data: Cached features.
        method: Id in the table of methods.
        options: The method's options.
        recipe: How to optimise; the paper's recipe when None.
        seed: Of the adapter's start, the order of the batches and the folds.
        device: Where to train.
        cancel: Looked at before each batch.
        build: Makes the untrained adapter in place of `method` and `options`.

    Yields:
        One event an epoch; during cross-validation its phase is "fold i of k".

    Raises:
        UserError: The data, options or recipe do not allow a training, or it became unstable.
        Cancelled: `cancel` was set.
    """
    started = time.perf_counter()
    recipe, cancel = recipe or Recipe(), cancel or CancelToken()
    maker = build or (lambda: build_adapter(method, data.embed_dim, data.logit_scale, options, seed=seed))
    cancel.raise_if_cancelled()
    if build is None and not find_method(method).trains:
        return _untrained(maker(), data, started, cancel)
    _check(data, recipe)
    plan = _plan(data)
    images = _images_to_report(data, plan)
    zero_shot = predict(ZeroShot(data.embed_dim, data.logit_scale), images, data, cancel)
    baseline = scores_of(zero_shot, data.roles)
    job = _Job(data, recipe, seed % 2**63, torch.device(device), cancel, baseline, maker)
    clock = _Clock(phases=plan.folds + 1)
    folds = yield from _cross_validate(job, plan, clock)
    adapter, fit = yield from _final_fit(job, plan, folds.epochs, clock)
    said = _said(job, plan, adapter.to("cpu"), folds, images)
    by = "cross-validation" if plan.estimate else "held-out"
    evaluation = summarise(zero_shot, said, data.class_names, data.roles, by)
    seconds = time.perf_counter() - started
    log.info("trained %s for %d epochs (best %d) in %.2f s", method, fit.epochs, fit.best_epoch, seconds)
    epochs, best = fit.epochs, fit.best_epoch
    parameters = adapter.parameter_count()
    return TrainingResult(adapter, evaluation, epochs, best, parameters, seconds, said, plan.estimate)


def warm_up() -> None:
    """Make the first optimiser step, which imports parts of torch and takes a second, before anyone waits for it."""
    adapter = build_adapter(DEFAULT_METHOD, 16, 1.0)
    optimiser = torch.optim.Adam(adapter.parameters())
    adapter(torch.ones(2, 16), torch.eye(16)[:2]).sum().backward()
    optimiser.step()


# --------------------------------------------------------------------------------------
# what to do with which images


def _check(data: TrainingData, recipe: Recipe) -> None:
    """Refuse what cannot be trained, with a sentence each."""
    base = data.classes_of(Role.BASE)
    if len(base) < 2:
        raise UserError("Training needs at least two base classes. Add a class, or give one the role base.")
    bare = [data.class_names[i] for i in base if not (data.shots.labels == i).any()]
    if bare:
        raise UserError(f"No shots for {', '.join(bare)}. Label some images, or give the class the role new.")
    numbers = (recipe.learning_rate, recipe.weight_decay)
    if not all(map(math.isfinite, numbers)) or recipe.learning_rate <= 0 or recipe.weight_decay < 0:
        raise UserError("The learning rate must be above 0 and the weight decay at least 0. Correct the recipe.")
    if min(recipe.batch_size, recipe.max_epochs, recipe.patience) < 1:
        raise UserError("Batch size, epochs and patience must be at least 1. Correct the recipe.")


def _plan(data: TrainingData) -> Plan:
    base = data.classes_of(Role.BASE)
    fewest = min(int((data.shots.labels == i).sum()) for i in base)
    return make_plan(
        fewest,
        has_validation=data.validation is not None and data.validation.covers(base),
        has_test=data.test is not None and data.test.covers(base),
    )


def _test_of(data: TrainingData, role: Role) -> FeatureSet:
    if data.test is None:
        return FeatureSet.empty(data.embed_dim)
    return data.test.of_classes(data.classes_of(role))


def _base_shots(data: TrainingData) -> FeatureSet:
    return data.shots.of_classes(data.classes_of(Role.BASE))


def _images_to_report(data: TrainingData, plan: Plan) -> FeatureSet:
    """The images that the evaluation is about: base (the shots where cross-validation estimates), then new."""
    base = _base_shots(data) if plan.estimate else _test_of(data, Role.BASE)
    new = _test_of(data, Role.NEW)
    return FeatureSet(np.concatenate([base.features, new.features]), np.concatenate([base.labels, new.labels]))


def _said(job: _Job, plan: Plan, adapter: Adapter, folds: _Folds, images: FeatureSet) -> Predictions:
    """What a trained adapter says of `images`; what the folds' adapters say of the shots that each has not seen."""
    data = job.data
    if not plan.estimate:
        return predict(adapter, images, data, job.cancel)
    fold_of = stratified_folds(_base_shots(data).labels, plan.folds, job.seed)
    rows = np.concatenate([np.flatnonzero(fold_of == fold) for fold in range(plan.folds)])
    shots = Predictions.join(folds.held_out).select(np.argsort(rows))
    return Predictions.join([shots, predict(adapter, _test_of(data, Role.NEW), data, job.cancel)])


def _untrained(adapter: Adapter, data: TrainingData, started: float, cancel: CancelToken) -> TrainingResult:
    """The result of a method with nothing to train. Where base test images lack, its shots are as unseen as those."""
    has_test = data.test is not None and data.test.covers(data.classes_of(Role.BASE))
    predictions = predict(adapter, _images_to_report(data, Plan(0, not has_test, choose=False)), data, cancel)
    evaluation = summarise(predictions, predictions, data.class_names, data.roles)
    parameters, seconds = adapter.parameter_count(), time.perf_counter() - started
    return TrainingResult(adapter.eval(), evaluation, 0, 0, parameters, seconds, predictions, not has_test)


# --------------------------------------------------------------------------------------
# fits


class _Folds(NamedTuple):
    """What cross-validation found: what was said of the shots held out, and how many epochs to train."""

    held_out: list[Predictions]
    epochs: int | None


def _cross_validate(job: _Job, plan: Plan, clock: _Clock) -> Generator[EpochEvent, None, _Folds]:
    """One fit a fold; the epoch with the lowest loss over the folds is how long all shots are trained on."""
    held_out: list[Predictions] = []
    curves: list[list[float]] = []
    sizes: list[int] = []
    shots = _base_shots(job.data)
    fold_of = stratified_folds(shots.labels, max(1, plan.folds), job.seed)
    for fold in range(plan.folds):
        tested, rest = fold_of == fold, np.ones(len(shots), bool)
        test, stop = _test_of(job.data, Role.BASE), job.data.validation
        if plan.estimate:
            test = shots.select(tested)
            rest &= ~tested
        if plan.choose:
            chosen = fold_of == (fold + plan.estimate) % plan.folds
            stop = shots.select(chosen)
            rest &= ~chosen
        steps = math.ceil(int(rest.sum()) / job.recipe.batch_size)
        least = math.ceil(FOLD_STEPS / steps) if plan.choose else 0
        phase = f"fold {fold + 1} of {plan.folds}"
        adapter, fit = yield from _fit(job, phase, shots.select(rest), stop, _live(job, test), clock, least=least)
        if plan.choose:
            curves.append(fit.losses)
            sizes.append(int(chosen.sum()))
        if plan.estimate:
            held_out.append(predict(adapter, test, job.data, job.cancel))
    return _Folds(held_out, best_epoch(curves, sizes) if plan.choose else None)


def _final_fit(
    job: _Job, plan: Plan, epochs: int | None, clock: _Clock
) -> Generator[EpochEvent, None, tuple[Adapter, _Fit]]:
    """The fit on all shots: until early stopping where there is validation, else for so many epochs."""
    stop = job.data.validation
    if plan.choose or stop is None or not len(stop.of_classes(job.data.classes_of(Role.BASE))):
        stop, epochs = None, min(epochs or FALLBACK_EPOCHS, job.recipe.max_epochs)
    test = FeatureSet.empty(job.data.embed_dim) if plan.estimate else _test_of(job.data, Role.BASE)
    return (yield from _fit(job, "train", _base_shots(job.data), stop, _live(job, test), clock, epochs))


def _live(job: _Job, base: FeatureSet) -> _Live:
    """At most `LIVE_IMAGES` of each role, the same in every epoch; none where they measure nothing (`scores_of`)."""
    draw = np.random.default_rng(job.seed)
    parts: list[_Part | None] = []
    for images, role in ((base, Role.BASE), (_test_of(job.data, Role.NEW), Role.NEW)):
        some = images.select(draw.permutation(len(images))[:LIVE_IMAGES])
        parts.append(job.part(some, role) if len(some) and len(job.data.classes_of(role)) > 1 else None)
    return _Live(*parts)


def _fit(
    job: _Job,
    phase: str,
    shots: FeatureSet,
    stop: FeatureSet | None,
    live: _Live,
    clock: _Clock,
    epochs: int | None = None,
    least: int = 0,
) -> Generator[EpochEvent, None, tuple[Adapter, _Fit]]:
    """Train a fresh adapter, at most `epochs`, and put the best epoch's weights back.

    Patience ends it, but not before `least` epochs.
    """
    recipe = job.recipe
    adapter = job.build().to(job.device).train()
    optimiser = torch.optim.Adam(adapter.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    order = torch.Generator().manual_seed(job.seed)
    part = job.part(shots)
    validation = None if stop is None else job.part(stop)
    limit, fit, best = epochs or recipe.max_epochs, _Fit(), {}
    clock.start_phase()
    while fit.epochs < limit and (stop is None or fit.epochs < max(least, fit.best_epoch + recipe.patience)):
        loss = _epoch(job, adapter, optimiser, part, order)
        fit.epochs += 1
        checked = None if validation is None else _validate(adapter, validation)
        if not math.isfinite(loss) or (checked is not None and not math.isfinite(checked[0])):
            raise UserError(
                "The training became unstable: its loss is no longer a number. Lower the learning rate and start again."
            )
        if checked is not None:
            fit.losses.append(checked[0])
        if checked is None or checked[0] < fit.best_loss:
            fit.best_epoch = fit.epochs
            if checked is not None:
                fit.best_loss = checked[0]
                best = {name: value.detach().clone() for name, value in adapter.state_dict().items()}
        base, new = (None if some is None else _accuracy(adapter, some) for some in live)
        end = limit if stop is None else min(limit, max(least, fit.best_epoch + recipe.patience))
        yield EpochEvent(
            phase=phase,
            epoch=fit.epochs,
            max_epochs=limit,
            loss=loss,
            validation_loss=checked[0] if checked else None,
            validation=checked[1] if checked else None,
            base=base,
            new=new,
            h=harmonic_mean(base.percent, new.percent) if base and new else None,
            zero_shot=job.zero_shot,
            best_epoch=fit.best_epoch,
            seconds_left=clock.seconds_left(fit.epochs, end - fit.epochs),
        )
        job.cancel.raise_if_cancelled()
    if best:
        adapter.load_state_dict(best)
    return adapter.eval(), fit


def _epoch(job: _Job, adapter: Adapter, optimiser: torch.optim.Optimizer, part: _Part, order: torch.Generator) -> float:
    """One pass over the shots in a fresh order; the mean loss of an image."""
    rows = torch.randperm(len(part.labels), generator=order).to(job.device)
    size = job.recipe.batch_size
    batches = zip(torch.split(part.features[rows], size), torch.split(part.labels[rows], size), strict=True)
    total = torch.zeros((), device=job.device)
    for images, targets in batches:
        job.cancel.raise_if_cancelled()
        optimiser.zero_grad()
        loss = functional.cross_entropy(adapter(images, part.texts), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        total += loss.detach() * len(targets)
    return float(total) / len(rows)


def _validate(adapter: Adapter, part: _Part) -> tuple[float, Accuracy]:
    """Mean cross-entropy of the validation images among base names, and their accuracy."""
    found = scores(adapter, part.features, part.texts)
    correct = int((found.argmax(1) == part.labels).sum())
    return float(functional.cross_entropy(found, part.labels)), Accuracy.of(correct, len(part.labels))


def _accuracy(adapter: Adapter, part: _Part) -> Accuracy:
    """Accuracy of an adapter in the middle of its training."""
    found = scores(adapter, part.features, part.texts).argmax(1)
    return Accuracy.of(int((found == part.labels).sum()), len(part.labels))


class _Clock:
    """How long the rest of a training takes: epochs left in this phase, and later phases like the mean so far."""

    def __init__(self, phases: int) -> None:
        self._phases, self._phase = phases, 0
        self._begin = self._phase_begin = time.perf_counter()

    def start_phase(self) -> None:
        """A fit begins."""
        now = time.perf_counter()
        if self._phase == 0:
            self._begin = now
        self._phase += 1
        self._phase_begin = now

    def seconds_left(self, done: int, left: int) -> float:
        """Seconds until the end, after `done` epochs of this phase with `left` to come, if none improves."""
        now = time.perf_counter()
        rest = (now - self._phase_begin) / done * left
        return rest + (self._phases - self._phase) * (now - self._begin + rest) / self._phase
