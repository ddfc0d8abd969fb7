"""Learning curve: accuracy after trainings with 1, 2, 4, 8, 16 shots per class, on the same test images.

The shots of each size are a subset of those of every larger size. Torch is imported when training starts, so that a
stored curve can be read and drawn without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.eta import Eta
from mma_desktop.core.events import CancelToken, Changes, Progress, relayed
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Accuracy, Role, TrainRequest
from mma_desktop.engine.evaluation.cross_validation import MAX_FOLDS, stratified_folds
from mma_desktop.engine.methods.method_table import find_method, resolve_options
from mma_desktop.engine.training_data import FeatureSet, Integers, TrainingData

if TYPE_CHECKING:
    from mma_desktop.engine.evaluation.metrics import Predictions
    from mma_desktop.engine.methods.adapter import Adapter
    from mma_desktop.engine.training.trainer import TrainingResult

SIZES = (1, 2, 4, 8, 16)
Z = 1.959963984540054
Shares = NDArray[np.float64]  # per image, the fraction of correct predictions: 0 to 1, NaN if not measured


@dataclass(frozen=True, slots=True)
class Point:
    """Accuracy with `shots` shots per class: the mean over repetitions, and each repetition's percentage.

    The interval is that of one accuracy on the images measured at least once.
    """

    shots: int
    base: Accuracy | None
    new: Accuracy | None
    base_each: tuple[float, ...]
    new_each: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Change of base accuracy between two numbers of shots, in points, with its 95% interval.

    Both used the same images, so the interval is that of paired proportions (Agresti and Min 2005), widened by the
    spread of the repetitions. It may exclude 0 although the intervals of the two accuracies overlap.
    """

    before: int
    after: int
    points: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ShotCurve:
    """The results so far.

    `base_by` is as in `Evaluation`. `left_out` are sizes for which there are too few shots.
    """

    points: tuple[Point, ...]
    zero_shot_base: Accuracy | None
    zero_shot_new: Accuracy | None
    difference: Difference | None
    base_by: str
    repetitions: int
    left_out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CurveProgress(Progress):
    """Progress with the curve so far, if it has a new point."""

    curve: ShotCurve | None = None


@dataclass(frozen=True, eq=False)
class _Trial:
    """One split of the base images: candidates for shots and validation images, and test images."""

    shots: FeatureSet
    validation: FeatureSet | None
    test: FeatureSet
    places: Integers  # of the test images among all measured base images


def shot_curve(
    data: TrainingData, request: TrainRequest, repetitions: int | None = None, cancel: CancelToken | None = None
) -> Generator[CurveProgress, None, ShotCurve]:
    """Train on nested random subsets of the shots and measure each adapter on the same images.

    If base classes have test images, those are measured. Otherwise all shots are measured. A method with leave-one-out
    predicts shots outside a subset with the adapter trained on it, and those inside by leave-one-out: one fit per size
    and repetition. The only shot of a class carries no information when left out, so it is not counted. With other
    methods the shots are divided into folds, and each fold is measured by adapters trained on subsets of the others,
    which leaves three quarters of the shots for training (of two or three shots per class, one or two). Shots whose
    label accepts a prediction are not counted either. Validation images, if any, are as many as shots. Images of new
    classes are always measured.

    The number of shots of the request does not matter. `repetitions` is the number of subsets per size; None for 3, or
    1 with folds, which repeat anyway.

    Yields:
        Progress in trainings, with the curve so far when a size is complete.

    Raises:
        UserError: There are too few shots, or a training failed.
        Cancelled: `cancel` was set.
    """
    work = _Work(data, request, cancel or CancelToken())
    repetitions = repetitions or (1 if work.folded else 3)
    total = repetitions * len(work.sizes) * len(work.trials)
    eta, done = Eta(), 0
    curve = work.curve()
    yield CurveProgress(0, total, tr("Measuring zero-shot"), changes=Changes(), curve=curve)
    for repetition in range(repetitions):
        for size in work.sizes:
            message = _step(size, repetition + 1, repetitions)
            parts: list[tuple[_Trial, Shares, Shares]] = []
            for trial in work.trials:
                _, left = eta.measure(done, total - done)
                said = yield from work.fit(trial, size, repetition, CurveProgress(done, total, message, None, left))
                parts.append((trial, *said))
                done += 1
            work.add_size(size, parts)
            curve = work.curve()
            yield CurveProgress(done, total, message, changes=Changes(), curve=curve)
    return curve


def _step(shots: int, repetition: int, repetitions: int) -> str:
    if repetitions == 1:
        return tr("{n} shot per class", "{n} shots per class", shots)
    return tr(
        "{n} shot a class, repetition {repetition} of {repetitions}",
        "{n} shots per class, repetition {repetition} of {repetitions}",
        shots,
        repetition=repetition,
        repetitions=repetitions,
    )


class _Work:
    def __init__(self, data: TrainingData, request: TrainRequest, cancel: CancelToken) -> None:
        self._data, self._request, self._cancel = data, request, cancel
        base = data.classes_of(Role.BASE)
        if len(base) < 2:
            raise UserError(tr("Training needs at least two base classes. Add a class, or make one trained (base)."))
        self._base = base
        shots = data.shots.of_classes(base)
        test = FeatureSet.empty(data.image_dim) if data.test is None else data.test
        spec = find_method(request.method)
        lacks_test = not test.covers(base)
        self.leaves_out = lacks_test and spec.leaves_out(resolve_options(spec, request.options))
        self.folded = lacks_test and not self.leaves_out
        self._measured = shots if lacks_test else test.of_classes(base)
        self._proposed = np.zeros(len(self._measured), bool)
        if lacks_test and data.proposed is not None:
            self._proposed = data.proposed[np.isin(data.shots.labels, base)]
        new = data.classes_of(Role.NEW)
        self._new = test.of_classes(new) if len(new) > 1 else FeatureSet.empty(data.image_dim)
        if self.folded:
            folds = max(1, min(MAX_FOLDS, shots.fewest_pictures(base)))
            fold_of = stratified_folds(shots, folds, request.seed)
            tested = [np.flatnonzero(fold_of == fold) for fold in range(folds)]
            self.trials = [
                _Trial(shots.select(fold_of != fold), None, shots.select(part), part)
                for fold, part in enumerate(tested)
            ]
        else:
            held = data.validation if data.validation is not None and data.validation.covers(base) else None
            self.trials = [_Trial(shots, held, self._measured, np.arange(len(self._measured)))]
        most = min(int((trial.shots.labels == one).sum()) for trial in self.trials for one in base)
        if most < 1 + self.leaves_out or (self.leaves_out and not shots.can_be_left_out.any()):
            raise UserError(tr("With one labelled picture in a class there is nothing to compare. Label a few more."))
        self.sizes = tuple(sorted({*(size for size in SIZES if size <= most), most}))
        self._left_out = tuple(size for size in SIZES if size > most)
        self._hits: dict[int, list[Shares]] = defaultdict(list)
        self._new_hits: dict[int, list[Shares]] = defaultdict(list)
        self._zero_shot = self._zero_shot_accuracies()

    # ---------------------------------------------------------------- fits

    def fit(
        self, trial: _Trial, size: int, repetition: int, progress: CurveProgress
    ) -> Generator[CurveProgress, None, tuple[Shares, Shares]]:
        """Train once; returns the correctness of each test image of the trial and of each image of the new classes."""
        from mma_desktop.engine.training.trainer import train

        data, asked = self._data, self._request
        draw = np.random.default_rng([asked.seed % 2**63, repetition])
        rows = self._sample_rows(trial.shots, size, draw)
        shots = trial.shots.select(rows)
        validation = trial.validation
        if validation is not None:
            validation = validation.select(self._sample_rows(validation, size, draw))
        # The training itself measures one image per class, at no cost; the real measurement is below.
        one = trial.test.select(self._sample_rows(trial.test, 1, np.random.default_rng(0)))
        test = None if self.leaves_out else one
        small = replace(data, shots=shots, validation=validation, test=test, proposed=None)
        seed = asked.seed + repetition
        steps = train(small, asked.method, asked.options, asked.recipe, seed, asked.device, self._cancel)
        result = yield from relayed(steps, lambda _event: progress)
        new = self._correct(result.adapter, self._new)
        if self.leaves_out:
            return self._correct_shots(result, rows), new
        return self._correct(result.adapter, trial.test), new

    def _correct_shots(self, result: TrainingResult, rows: Integers) -> Shares:
        """Correctness of every shot; trained ones, `rows`, are measured by leave-one-out, and their copies are not."""
        right = np.full(len(self._measured), np.nan)
        if result.of_shots:
            count = len(result.shot_rows)
            right[rows[result.shot_rows]] = _shares(result.predictions.select(np.arange(count)))
        others = np.setdiff1d(np.arange(len(right)), rows)
        copies = self._measured.copies
        others = others[~np.isin(copies[others], copies[rows])]
        right[others] = self._correct(result.adapter, self._measured.select(others))
        return right

    def _sample_rows(self, images: FeatureSet, size: int, draw: np.random.Generator) -> Integers:
        """At most `size` images of each base class; with equal `draw` state, a superset of every smaller size."""
        rows = [draw.permutation(np.flatnonzero(images.labels == one))[:size] for one in self._base]
        return np.sort(np.concatenate(rows))

    def _correct(self, adapter: Adapter, images: FeatureSet) -> Shares:
        from mma_desktop.engine.evaluation.metrics import predict

        return _shares(predict(adapter, images, self._data, self._cancel))

    def _zero_shot_accuracies(self) -> tuple[Accuracy | None, Accuracy | None]:
        from mma_desktop.engine.evaluation.metrics import zero_shot_of

        adapter = zero_shot_of(self._data)
        base, new = (self._correct(adapter, images) for images in (self._measured, self._new))
        base[self._proposed] = np.nan
        return _accuracy([base]), _accuracy([new])

    # ---------------------------------------------------------------- what was found

    def add_size(self, size: int, parts: Sequence[tuple[_Trial, Shares, Shares]]) -> None:
        """Record a repetition of a size. Each base image was measured at most once, each new one once per fold."""
        base = np.zeros(len(self._measured))
        for trial, right, _ in parts:
            base[trial.places] = right
        base[self._proposed] = np.nan
        self._hits[size].append(base)
        self._new_hits[size].append(np.mean([new for _, _, new in parts], axis=0))

    def curve(self) -> ShotCurve:
        points = tuple(
            Point(
                size,
                _accuracy(self._hits[size]),
                _accuracy(self._new_hits[size]),
                _percents(self._hits[size]),
                _percents(self._new_hits[size]),
            )
            for size in self.sizes
            if self._hits[size]
        )
        change = None
        if len(points) > 1 and points[-1].shots == self.sizes[-1]:
            before, after = points[-2].shots, points[-1].shots
            change = difference(before, after, self._hits[before], self._hits[after])
        return ShotCurve(
            points,
            *self._zero_shot,
            change,
            "leave-one-out" if self.leaves_out else "cross-validation" if self.folded else "held-out",
            max((len(found) for found in self._hits.values()), default=0),
            self._left_out,
        )


def difference(before: int, after: int, few: Sequence[Shares], many: Sequence[Shares]) -> Difference | None:
    """The change between two sizes over their common repetitions, from correctness (N,) per repetition."""
    repetitions = min(len(few), len(many))
    if not repetitions:
        return None
    changes = np.array(many[:repetitions]) - np.array(few[:repetitions])
    changes = changes[:, ~np.isnan(changes).all(axis=0)]
    if not changes.size:
        return None
    of_image = np.nanmean(changes, axis=0)
    n = len(of_image) + 2  # Agresti and Min: adds half an image to each of the four cells of the paired table
    mean = of_image.sum() / n
    variance = ((of_image**2).sum() + 1) / n - mean**2
    error = variance / n
    if repetitions > 1:
        error += np.nanmean(changes, axis=1).var(ddof=1) / repetitions
    half = Z * float(np.sqrt(error))
    low, high = (100 * max(-1.0, min(1.0, float(mean) + side * half)) for side in (-1, 1))
    return Difference(before, after, 100 * float(of_image.mean()), low, high)


def _shares(said: Predictions) -> Shares:
    right: Shares = (said.among_role == said.labels).astype(np.float64)
    return right


def _accuracy(found: Sequence[Shares]) -> Accuracy | None:
    """The mean over repetitions, with the interval of one accuracy on as many images."""
    if not found:
        return None
    each = np.array(found)
    n = int((~np.isnan(each)).any(axis=0).sum())
    if not n:
        return None
    mean = float(np.nanmean(each))
    return replace(Accuracy.of(round(mean * n), n), percent=100 * mean)


def _percents(found: Sequence[Shares]) -> tuple[float, ...]:
    return tuple(100 * float(np.nanmean(one)) for one in found if np.isfinite(one).any())
