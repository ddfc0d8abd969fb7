"""One fit: train an adapter through the epochs of its recipe, with measurements along the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Eta
from mma_desktop.core.i18n import later
from mma_desktop.core.types import Accuracy, Recipe, Role, Scores, harmonic_mean
from mma_desktop.engine.device import on_threads
from mma_desktop.engine.evaluation.metrics import scores
from mma_desktop.engine.methods.adapter import Adapter, Start
from mma_desktop.engine.methods.method_table import Optimiser
from mma_desktop.engine.methods.optimiser import ScheduledOptimiser
from mma_desktop.engine.methods.visual_head import name_codes
from mma_desktop.engine.training_data import FeatureSet, Floats, TrainingData, tensor_of

UNSTABLE = later(
    "The training became unstable: its loss is no longer a number. Lower the learning rate and start again."
)


Live = tuple[Start | None, Start | None]
"""Held-out images of base and of new classes that are classified after each epoch, for display only."""


@dataclass
class Fit:
    epochs: int = 0
    best_epoch: int = 0
    best_loss: float = math.inf
    losses: list[float] = field(default_factory=list)
    """The validation loss after each epoch, if there are validation images."""


@dataclass(frozen=True)
class TrainingSetup:
    """Everything that all fits of a training share."""

    data: TrainingData
    recipe: Recipe
    optimiser: Optimiser
    seed: int
    device: torch.device
    cancel: CancelToken
    outside: int
    """How many threads torch has outside the training."""
    zero_shot: Scores
    build: Callable[[int], Adapter]
    inputs: Floats
    live_images: int
    with_head: bool = False
    balances: bool = True

    @property
    def stops_early(self) -> bool:
        """Whether the best epoch is chosen; otherwise it is the last."""
        return self.recipe.patience > 0

    def checkpoint(self, event: EpochEvent | None = None) -> None:
        with on_threads(self.outside):  # for the work of others that may run here
            self.cancel.checkpoint(event)

    def on_device(self, images: FeatureSet, role: Role = Role.BASE) -> Start:
        """Select the images of classes of this role, with the role's names, on the device."""
        classes = self.data.classes_of(role)
        images = images.of_classes(classes)
        labels = np.searchsorted(classes, images.labels)
        names = self.inputs[classes], self.data.text_features[classes]
        arrays = images.features, labels, *names, images.copies, name_codes(self.data.class_names).numpy()[classes]
        seen, targets, texts, plain, copies, codes = (tensor_of(array).to(self.device) for array in arrays)
        return Start(seen, targets, texts, plain, copies=copies, codes=codes)

    def class_weights(self, labels: Tensor) -> Tensor | None:
        """(K,) weights of the base classes for shots with these labels; None for 1."""
        weights, classes = self.data.class_weight, self.data.classes_of(Role.BASE)
        if weights is None:
            return None
        from sklearn.utils.class_weight import compute_class_weight

        places = np.arange(len(classes))
        given = (
            weights
            if isinstance(weights, str)
            else {at: weights.get(index, 1.0) for at, index in enumerate(classes.tolist())}
        )
        balanced = compute_class_weight(given, classes=places, y=labels.cpu().numpy())
        return torch.tensor(balanced, dtype=torch.float32, device=self.device)


# --------------------------------------------------------------------------------------
# the fit


def fit_adapter(
    setup: TrainingSetup,
    phase: str,
    shots: FeatureSet,
    stop: FeatureSet,
    live: Live,
    clock: Clock,
    epochs: int | None = None,
    least: int = 0,
) -> tuple[Adapter, Fit]:
    """Train a fresh adapter for at most `epochs`, and restore the weights of the best epoch.

    Early stopping does not apply before `least` epochs.
    """
    adapter, start = begun(setup, shots)
    if not learns(adapter):
        setup.checkpoint(_event(setup, phase, adapter, live, Fit(1), 1, validate(adapter, start)[0]))
        return adapter.eval(), Fit(1, 1)
    validation = setup.on_device(stop) if stop else None
    fit = _train_epochs(setup, phase, adapter, start, validation, live, clock, epochs, least)
    adapter.eval()
    if validation is not None:
        adapter.finish(validation.images, validation.labels, validation.texts)
    if setup.with_head and setup.balances:
        setup.cancel.raise_if_cancelled()
        adapter.balance_head(start)
    return adapter, fit


def begun(setup: TrainingSetup, shots: FeatureSet) -> tuple[Adapter, Start]:
    """A fresh adapter before its first step, and what it is trained on."""
    part = setup.on_device(shots)
    projection = None if setup.data.projection is None else torch.tensor(setup.data.projection, device=setup.device)
    start = part._replace(projection=projection, class_weights=setup.class_weights(part.labels))
    adapter = setup.build(len(start.labels)).to(setup.device).train()
    adapter.class_weights = start.class_weights
    adapter.begin(start)
    if setup.with_head:
        adapter.attach_head(start)
    return adapter, start


def learns(adapter: Adapter) -> bool:
    """Whether it has weights that epochs change."""
    return any(weight.requires_grad for weight in adapter.parameters())


def optimiser_of(setup: TrainingSetup, adapter: Adapter, start: Start) -> ScheduledOptimiser:
    steps = math.ceil(len(start.labels) / setup.recipe.batch_size)
    return ScheduledOptimiser(adapter, setup.optimiser, setup.recipe, steps)


def weights_of(adapter: Adapter) -> dict[str, Tensor]:
    """A copy of them, to be loaded again."""
    return {name: value.detach().clone() for name, value in adapter.state_dict().items()}


def _train_epochs(
    setup: TrainingSetup,
    phase: str,
    adapter: Adapter,
    start: Start,
    validation: Start | None,
    live: Live,
    clock: Clock,
    epochs: int | None,
    least: int,
) -> Fit:
    """The epochs of `fit_adapter`; leaves the adapter with the weights of the best one."""
    recipe, chooses = setup.recipe, setup.stops_early and validation is not None
    steps = optimiser_of(setup, adapter, start)
    order = torch.Generator().manual_seed(setup.seed)
    watched = validation if chooses or validation is None else _subsample(validation, setup.live_images)
    limit, fit, best = epochs or recipe.max_epochs, Fit(), {}
    seldom = 1 if setup.stops_early else max(1, limit // adapter.live_events)
    clock.start_phase()
    while fit.epochs < limit and (not chooses or fit.epochs < max(least, fit.best_epoch + recipe.patience)):
        loss = run_epoch(setup, adapter, steps, start, order)
        fit.epochs += 1
        if not math.isfinite(loss):
            raise UserError.tr(UNSTABLE)
        if fit.epochs % seldom and fit.epochs < limit:
            setup.cancel.raise_if_cancelled()
            continue
        checked = None if watched is None else validate(adapter, watched)
        if checked is not None:
            if not math.isfinite(checked[0]):
                raise UserError.tr(UNSTABLE)
            fit.losses.append(checked[0])
        if not chooses or checked is None or checked[0] < fit.best_loss:
            fit.best_epoch = fit.epochs
            if chooses and checked is not None:
                fit.best_loss = checked[0]
                best = weights_of(adapter)
        end = min(limit, max(least, fit.best_epoch + recipe.patience)) if chooses else limit
        left = clock.seconds_left(fit.epochs, end - fit.epochs)
        setup.checkpoint(_event(setup, phase, adapter, live, fit, limit, loss, checked, left))
        if setup.cancel.wrapping_up:
            break
    if best:
        adapter.load_state_dict(best)
    return fit


def _event(
    setup: TrainingSetup,
    phase: str,
    adapter: Adapter,
    live: Live,
    fit: Fit,
    limit: int,
    loss: float,
    checked: tuple[float, Accuracy] | None = None,
    seconds_left: float = 0.0,
) -> EpochEvent:
    base, new = (None if some is None else validate(adapter, some)[1] for some in live)
    return EpochEvent(
        phase=phase,
        epoch=fit.epochs,
        max_epochs=limit,
        loss=loss,
        validation_loss=checked[0] if checked else None,
        validation=checked[1] if checked else None,
        base=base,
        new=new,
        h=harmonic_mean(base.percent, new.percent) if base and new else None,
        zero_shot=setup.zero_shot,
        best_epoch=fit.best_epoch if setup.stops_early else 0,
        seconds_left=seconds_left,
    )


def _subsample(part: Start, most: int) -> Start:
    rows = torch.linspace(0, len(part.labels) - 1, min(most, len(part.labels))).round().long().to(part.labels.device)
    return part._replace(images=part.images[rows], labels=part.labels[rows])


def run_epoch(
    setup: TrainingSetup, adapter: Adapter, steps: ScheduledOptimiser, part: Start, order: torch.Generator
) -> float:
    """One pass over the shots in random order; returns the mean loss per image."""
    size = setup.recipe.batch_size
    batches: Iterable[tuple[Tensor, Tensor]] = [(part.images, part.labels)]
    if size < len(part.labels):
        rows = torch.randperm(len(part.labels), generator=order).to(setup.device)
        batches = zip(torch.split(part.images[rows], size), torch.split(part.labels[rows], size), strict=True)
    total = torch.zeros((), device=setup.device)
    adapter.train()
    for images, targets in batches:
        setup.cancel.raise_if_cancelled()
        batch = images, targets, part.texts
        loss = steps.step(partial(adapter.loss, *batch), adapter.closed_loss(*batch))
        total += loss * len(targets)
    adapter.eval()
    return float(total) / len(part.labels)


def validate(adapter: Adapter, part: Start) -> tuple[float, Accuracy]:
    """Mean cross-entropy of images among the names of their role, at the loss's temperature, and their accuracy."""
    logits = scores(adapter, part.images, part.inputs(adapter)) / adapter.own_temperature
    correct = int((logits.argmax(1) == part.labels).sum())
    return float(functional.cross_entropy(logits, part.labels)), Accuracy.of(correct, len(part.labels))


class Clock:
    """Estimates the remaining time: epochs left in this phase, and the mean duration of a phase for later ones."""

    def __init__(self, phases: int) -> None:
        self._phases, self._phase = phases, 0
        self._whole = self._eta = Eta(least=0)

    def start_phase(self) -> None:
        self._eta = Eta(least=0)
        if self._phase == 0:
            self._whole = self._eta
        self._phase += 1

    def seconds_left(self, done: int, left: int) -> float:
        """Seconds until the end, after `done` epochs of this phase with `left` to come, if none improves."""
        seconds = self._eta.measure(done, left)[1] or 0.0
        return seconds + (self._phases - self._phase) * (self._whole.seconds + seconds) / self._phase
