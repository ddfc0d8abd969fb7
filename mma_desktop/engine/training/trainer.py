"""Train an adapter on cached features with its method's recipe, and report each epoch.

A recipe with patience stops early, as the paper's does. One without trains all its epochs, keeps the last weights and
needs no validation images, because nothing is chosen. With many short epochs (full-batch steps) only about `EVENTS` of
them are measured.

Early stopping uses the validation loss, not the accuracy: with few validation images the accuracy saturates after an
epoch or two and would stop the training there, while the loss still distinguishes epochs.

If the number of epochs is found by cross-validation over the shots, it is the epoch with the lowest loss over all
held-out shots, and no fold stops before `FOLD_STEPS` optimiser steps. The paper's patience of 10 epochs suits 16 shots
of many classes. With few shots an epoch is one step, the loss stays flat for more than 10 of these before it falls
again, and a fold holds out too few images for its own minimum to be meaningful. Stopping each fold by patience and
taking the median ended after 30 to 60 epochs where accuracy rose until 100 and more. It ended even earlier with diverse
shots, which are hard to predict from other folds.

A training `in_turn` is of another kind (`in_turn`): folds and held-back halves of the classes go beside the final fit.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import DEFAULT_METHOD, MAX_RATE, Evaluation, Recipe, Role, Scores
from mma_desktop.engine.device import on_threads, training_threads
from mma_desktop.engine.evaluation.calibration import Temperatures, fit_temperature, likely_temperature
from mma_desktop.engine.evaluation.cross_validation import MAX_FOLDS, Plan, best_epoch, make_plan, stratified_folds
from mma_desktop.engine.evaluation.metrics import (
    LabelledPredictions,
    logits,
    name_inputs,
    predict,
    predictions_from_logits,
    scores_of,
    summarise,
    zero_shot_of,
)
from mma_desktop.engine.methods.adapter import MAX_RANK, Adapter, Sizes, Start, build_adapter
from mma_desktop.engine.methods.method_table import MethodSpec, find_method
from mma_desktop.engine.methods.open_mixture import fit_open_mixture
from mma_desktop.engine.methods.open_set import (
    MIN_IMAGES,
    OpenSetModel,
    OpenSetScorer,
    fit_name_thresholds,
    fit_open_set,
    fit_reach,
    fit_text_margins,
)
from mma_desktop.engine.methods.ridge import left_out_rows
from mma_desktop.engine.methods.visual_head import fit_head, fuse, name_codes, refit_head
from mma_desktop.engine.training.at_hand import ImagesAtHand, Unlabelled, content_order, is_worse
from mma_desktop.engine.training.fit_loop import Clock, Fit, Live, TrainingSetup, fit_adapter, learns
from mma_desktop.engine.training.in_turn import Answers, Part, Watch, fit_together, parts_of
from mma_desktop.engine.training_data import FeatureSet, Floats, Integers, TrainingData, tensor_of

__all__ = ["FeatureSet", "TrainingData", "TrainingResult", "train"]

log = logging.getLogger(__name__)

HeldOut = list[tuple[Adapter, FeatureSet]]  # adapters of cross-validation with the shots they were not trained on

FALLBACK_EPOCHS = 30  # without images to decide when to stop; about where early stopping ends on real features
FOLD_STEPS = 100  # minimum per fold; accuracy gains up to here, hardly beyond (20 classes of 4 shots)


@dataclass(frozen=True)
class TrainingResult:
    """A finished training.

    `adapter` is on the CPU, in eval mode, with the weights of `best_epoch` of its `epochs` epochs. `parameters` is the
    number of trained numbers, `seconds` the total time including cross-validation. `predictions` has the measured
    images: base classes in the order of the test images, or with `of_shots` the shots `shot_rows` of base classes, then
    the test images of new classes. `temperatures` calibrate the confidences; fitted on validation images or held-out
    shots. `open_set` tell images of none of the base classes from theirs, by the scores of `adapter.open_set_scorer`.
    `left_out` are the answers of a training in turn, by role.
    """

    adapter: Adapter
    evaluation: Evaluation
    epochs: int
    best_epoch: int
    parameters: int
    seconds: float
    predictions: LabelledPredictions
    of_shots: bool
    shot_rows: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    temperatures: Temperatures = field(default_factory=Temperatures)
    open_set: OpenSetModel | None = None
    left_out: Mapping[Role, Answers] = field(default_factory=dict)


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
    with_open_set: bool = False,
    balances: bool = True,
    transductive: bool = False,
    in_turn: bool = False,
    watch: Watch | None = None,
) -> TrainingResult:
    """Train an adapter on the shots of the base classes, with the base class names only.

    Deterministic to the last bit for the same arguments on the same machine, whatever number of threads torch has (see
    `training_threads`); does not use or change the global random state.

    If every base class has validation images, they decide when to stop and which epoch's weights are kept. Otherwise
    cross-validation over the shots finds the number of epochs (with the lowest loss over all shots, each held out
    once), and a final fit trains on all shots. If a base class has no test image, base accuracy is measured on the same
    folds (`Evaluation.base_by` is "cross-validation"), as are the base images in `all`, the per-class scores and the
    confusion matrix: each shot is predicted by an adapter that was not trained on it. With fewer than 2 to 3 shots in a
    class, cross-validation is impossible: the number of epochs is `FALLBACK_EPOCHS`, and base accuracy is None unless
    there are test images. A method without training reports none.

    Args:
        data: Cached features.
        method: Id in the table of methods.
        options: The method's, as `resolve_options` returns them; one that is left out has its default.
        recipe: Optimiser settings; None for the method's own.
        seed: For initialisation, batch order and folds.
        device: Where to train.
        cancel: Gets an `EpochEvent` per epoch, during cross-validation with the phase "fold i of k". Checked before
            each batch. If it asks to wrap up, the final fit ends with its best epoch so far.
        with_open_set: Whether to learn what tells images of none of the base classes.
        balances: Whether to fit what only other names than the trained ones need: the balance of a visual head against
            them, and `OpenSetModel.text` and `names`.
        transductive: Whether to learn from `TrainingData.unlabelled`, too, for all names (`Adapter.transduction`); not
            if the shots, left out in turn, or the validation images say that this does harm. Shots that are measured
            are among those without a label then. The default method may do without base classes, when shots of any
            class hold the mixture.
        in_turn: Whether base and new accuracy are measured on the shots alone, by fits that leave them out in turn, go
            through the epochs beside the one of all shots, and decide together when to stop (`training.in_turn`).
            Nothing is taught by images without a label then, and no other images are looked at.
        watch: With `in_turn`, called after each epoch that is reported.

    Raises:
        UserError: The data, options or recipe do not allow a training, or it diverged.
        Cancelled: `cancel` was set.
    """
    spec = find_method(method)
    if in_turn:
        nothing = FeatureSet.empty(data.image_dim)
        data, transductive = replace(data, validation=nothing, test=nothing), False
    with on_threads(training_threads(with_encoder=spec.needs_encoder)) as outside:
        return _train(
            data,
            spec,
            options or {},
            recipe or spec.recipe,
            seed,
            device,
            cancel or CancelToken(),
            outside,
            with_open_set=with_open_set,
            balances=balances,
            transductive=transductive,
            in_turn=in_turn,
            watch=watch,
        )


def _train(
    data: TrainingData,
    spec: MethodSpec,
    options: Mapping[str, Any],
    recipe: Recipe,
    seed: int,
    device: str | torch.device,
    cancel: CancelToken,
    outside: int,
    *,
    with_open_set: bool,
    balances: bool,
    transductive: bool,
    in_turn: bool,
    watch: Watch | None,
) -> TrainingResult:
    started = time.perf_counter()
    cancel.raise_if_cancelled()
    if not spec.trains:
        plain = build_adapter(spec.id, data.embed_dim, data.logit_scale, options)
        return _untrained(plain, data, started, cancel, Temperatures())
    transductive = transductive and data.unlabelled is not None and len(data.unlabelled) > 1
    names_alone = Role.BASE not in data.roles
    known = data.shots if names_alone else _base_shots(data)
    at_hand = ImagesAtHand(data, known, cancel) if transductive else None
    # Nothing to train: images at hand teach next to the names, and labels of any class hold the mixture.
    if at_hand is not None and spec.id == DEFAULT_METHOD and len(data.class_names) > 1 and names_alone:
        adapter = _adapter_factory(data, spec, options, seed)(1).eval()
        adapter.transduction = at_hand.teach(adapter)
        return _untrained(adapter, data, started, cancel, at_hand.temperatures(adapter))
    if trouble := _trouble(data, recipe, spec):
        raise UserError(trouble)
    left_out, maker = spec.leaves_out(options), _adapter_factory(data, spec, options, seed)
    example = maker(1)
    setup = TrainingSetup(
        data,
        recipe,
        optimiser=spec.optimiser,
        seed=seed % 2**63,
        device=torch.device(device),
        cancel=cancel,
        outside=outside,
        zero_shot=Scores(),
        build=maker,
        inputs=name_inputs(example, data.class_names, data.text_features, data.reads),
        live_images=example.live_images,
        with_head=spec.has_head(options),
        balances=balances,
    )
    if in_turn:
        parts = parts_of(data, _base_shots(data), _proposed_of(data), setup.seed)
        setups = [
            replace(setup, data=part.data, build=_adapter_factory(part.data, spec, options, seed)) for part in parts
        ]
        return _train_in_turn([setup, *setups], parts, started, watch, with_open_set=with_open_set)
    plan = _plan(data, recipe, left_out=left_out, learns=learns(example))
    measured = _measured_shots(data, plan) if plan.estimate else np.zeros(0, np.int64)
    base = _base_shots(data).select(measured) if plan.estimate else _test_of(data, Role.BASE)
    images = base.joined(_test_of(data, Role.NEW))
    zero_shot = predict(zero_shot_of(data), images, data, cancel)
    setup = replace(setup, zero_shot=scores_of(zero_shot, data.roles))
    # Each fold is a phase, and the final fit.
    clock = Clock(phases=plan.folds + 1)
    held_out, epochs = _cross_validate(setup, plan, clock, at_hand)
    adapter, fit = _final_fit(setup, plan, epochs, clock)
    # What follows is closed forms, whose digits must not depend on the graphics card.
    adapter = adapter.to("cpu")
    open_set = _fit_open_set(data, adapter) if with_open_set else None
    # Before anything is taught: they tell whether that does harm, and the temperature.
    without = _leave_one_out_logits(setup, adapter) if left_out else None
    if at_hand is not None:
        without = _teach(setup, at_hand, adapter, held_out, without)
    if open_set is not None and balances:
        open_set = _fit_name_thresholds(data, adapter, open_set)
    _forget_shots(adapter)
    temperatures = _temperatures(setup, adapter, held_out, without)
    predictions = _predictions(setup, plan, adapter, held_out, images, measured, temperatures, without)
    by = ("cross-validation" if plan.folds else "leave-one-out") if plan.estimate else "held-out"
    counts = _base_shots(data).counts(len(data.class_names)) if by == "leave-one-out" else None
    evaluation = summarise(zero_shot, predictions, data.class_names, data.roles, by, counts)
    seconds = time.perf_counter() - started
    log.info("trained %s for %d epochs (best %d) in %.2f s", spec.id, fit.epochs, fit.best_epoch, seconds)
    return TrainingResult(
        adapter,
        evaluation,
        fit.epochs,
        fit.best_epoch,
        adapter.parameter_count(),
        seconds,
        predictions,
        plan.estimate,
        measured,
        temperatures,
        open_set,
    )


def _train_in_turn(
    setups: list[TrainingSetup], parts: list[Part], started: float, watch: Watch | None, *, with_open_set: bool
) -> TrainingResult:
    """The training of all shots, with the first setup, beside those of `parts`."""
    setup, data, shots = setups[0], setups[0].data, _base_shots(setups[0].data)
    least = _least_epochs(setup, min((int(part.trained.sum()) for part in parts), default=1))
    done = fit_together(setups, shots, parts, least=least, fallback=FALLBACK_EPOCHS, watch=watch)
    folds = [(judge, part) for judge, part in zip(done.judges, parts, strict=True) if part.role is Role.BASE]
    weighed = [(done.adapter, shots)]
    if Role.NEW in data.roles:  # no other names, nothing to weigh trained ones against
        weighed += [(judge, shots.select(part.trained)) for judge, part in folds]
    for adapter, trained in weighed if setup.with_head and setup.balances else ():
        setup.checkpoint()
        adapter.balance_head(setup.on_device(trained))
    # What follows is closed forms, whose digits must not depend on the graphics card.
    adapter = done.adapter.to("cpu")
    open_set = _fit_open_set(data, adapter) if with_open_set else None
    if open_set is not None and setup.balances:
        open_set = _fit_name_thresholds(data, adapter, open_set)
    for one in (adapter, *done.judges):
        _forget_shots(one.to("cpu"))
    held_out = [(judge, shots.select(part.asked)) for judge, part in folds]
    temperatures = _temperatures(setup, adapter, held_out, None)
    base = done.answers.get(Role.BASE, Answers(np.zeros(0, np.int64), np.zeros(0, np.int64)))
    order = np.argsort(base.rows, kind="stable")
    measured, named = base.rows[order], base.classes[order]
    nothing = predict(adapter, shots.select(measured[:0]), data)
    each = [
        predict(judge, shots.select(part.measured), data, setup.cancel, None, temperatures) for judge, part in folds
    ]
    predictions = replace(LabelledPredictions.join([nothing, *each]).select(order), among_role=named)
    if Role.NEW not in data.roles:
        predictions = replace(predictions, among_all=named)
    zero_shot = predict(zero_shot_of(data), shots.select(measured), data, setup.cancel)
    evaluation = summarise(zero_shot, predictions, data.class_names, data.roles, "cross-validation")
    evaluation = replace(
        evaluation,
        zero_shot=replace(evaluation.zero_shot, new=done.zero_shot.new),
        adapted=replace(evaluation.adapted, new=done.scores.new),
    )
    seconds = time.perf_counter() - started
    log.info("trained in turn for %d epochs (best %d) in %.2f s", done.fit.epochs, done.fit.best_epoch, seconds)
    return TrainingResult(
        adapter,
        evaluation,
        done.fit.epochs,
        done.fit.best_epoch,
        adapter.parameter_count(),
        seconds,
        predictions,
        of_shots=True,
        shot_rows=measured,
        temperatures=temperatures,
        open_set=open_set,
        left_out=done.answers,
    )


def _least_epochs(setup: TrainingSetup, trained: int) -> int:
    """How many epochs make `FOLD_STEPS` with so many shots."""
    return math.ceil(FOLD_STEPS / math.ceil(trained / setup.recipe.batch_size))


def _adapter_factory(
    data: TrainingData, spec: MethodSpec, options: Mapping[str, Any], seed: int
) -> Callable[[int], Adapter]:
    """A function that creates the untrained adapter for a number of shots, with the text encoder if it needs one."""
    classes, (first, end) = len(data.classes_of(Role.BASE)), data.rows.probe
    known = {
        "classes": classes,
        "width": 0 if data.encoder is None else data.encoder.width,
        "before": end - first,
        "start": first,
        "row": data.rows.width,
    }
    names = spec.sizes_with(options)

    def build(shots: int) -> Adapter:
        rank = min(MAX_RANK, shots + classes, data.embed_dim)
        sizes = Sizes(**{name: {**known, "shots": shots, "rank": rank}[name] for name in names})
        adapter = build_adapter(spec.id, data.embed_dim, data.logit_scale, options, seed=seed, sizes=sizes)
        if data.encoder is not None:
            adapter.attach(data.encoder)
        return adapter

    return build


# --------------------------------------------------------------------------------------
# what to do with which images


def _trouble(data: TrainingData, recipe: Recipe, spec: MethodSpec) -> str:
    """Why this cannot be trained; "" if it can."""
    if spec.needs_encoder and data.encoder is None:
        return tr(
            "{method} learns in front of the text encoder, and there are only cached features here.",
            method=tr(spec.title),
        )
    if spec.needs_projection and data.projection is None:
        return tr(
            "{method} needs the features before the visual projection, which are not here.", method=tr(spec.title)
        )
    base = data.classes_of(Role.BASE)
    if len(base) < 2:
        return tr("Training needs at least two base classes. Add a class, or make one trained (base).")
    bare = [data.class_names[i] for i in base if not (data.shots.labels == i).any()]
    if bare:
        return tr(
            "No shots for {classes}. Label some images, or make the class name only (new).", classes=", ".join(bare)
        )
    numbers = (recipe.learning_rate, recipe.weight_decay)
    if not all(0 <= number <= MAX_RATE for number in numbers) or recipe.learning_rate == 0:
        return tr(
            "The learning rate must be above 0 and the weight decay at least 0, each at most {most:,}. Correct the "
            "recipe.",
            most=int(MAX_RATE),
        )
    if min(recipe.batch_size, recipe.max_epochs) < 1 or recipe.patience < 0:
        return tr("Batch size and epochs must be at least 1, and the patience at least 0. Correct the recipe.")
    return ""


def _plan(data: TrainingData, recipe: Recipe, *, left_out: bool, learns: bool) -> Plan:
    """Plan cross-validation; there is no epoch to choose for a method that `learns` no weights."""
    base = data.classes_of(Role.BASE)
    if left_out:
        estimate = bool(_base_shots(data).can_be_left_out.any()) and not data.test.covers(base)
        # Leave-one-out is exact and costs nothing, so no fold is trained.
        return Plan(0, estimate=estimate, choose=False)
    return make_plan(
        data.shots.fewest_images(base),
        has_validation=not learns or recipe.patience == 0 or data.validation.covers(base),
        has_test=data.test.covers(base),
    )


def _test_of(data: TrainingData, role: Role) -> FeatureSet:
    return data.test.of_classes(data.classes_of(role))


def _base_shots(data: TrainingData) -> FeatureSet:
    return data.shots.of_classes(data.classes_of(Role.BASE))


def _proposed_of(data: TrainingData) -> NDArray[np.bool_] | None:
    """(N,) which of the base shots have a label that accepts a prediction."""
    return None if data.proposed is None else data.proposed[np.isin(data.shots.labels, data.classes_of(Role.BASE))]


def _measured_shots(data: TrainingData, plan: Plan) -> Integers:
    """Indices of the base shots that replace test images: those with predictions, and with labels of their own."""
    # The only image of a class is not among them: left out, it leaves nothing to recognise it by.
    shots, proposed = _base_shots(data), _proposed_of(data)
    rows: Integers = np.arange(len(shots)) if plan.folds else left_out_rows(len(shots)).numpy()
    rows = rows[shots.can_be_left_out[rows]]
    return rows if proposed is None else rows[~proposed[rows]]


def _predictions(
    setup: TrainingSetup,
    plan: Plan,
    adapter: Adapter,
    held_out: HeldOut,
    images: FeatureSet,
    measured: Integers,
    temperatures: Temperatures,
    left_out: tuple[Floats, Floats] | None,
) -> LabelledPredictions:
    """Predictions of `images`; shots are predicted by the folds' adapters that were not trained on them."""
    data = setup.data

    def predict_with(judge: Adapter, some: FeatureSet) -> LabelledPredictions:
        return predict(judge, some, data, setup.cancel, temperatures=temperatures)

    if not plan.estimate:
        return predict_with(adapter, images)
    base_shots = _base_shots(data)
    if left_out is not None:
        rows = np.isin(left_out_rows(len(base_shots)).numpy(), measured)
        adapted, zero_shot = (part[rows] for part in left_out)
        shots = predictions_from_logits(adapted, base_shots.labels[measured], data, temperatures, zero_shot)
    else:
        fold_of = stratified_folds(base_shots, plan.folds, setup.seed)
        # The folds have the shots in another order, which is undone.
        rows = np.concatenate([np.flatnonzero(fold_of == fold) for fold in range(plan.folds)])
        shots = LabelledPredictions.join([predict_with(judge, test) for judge, test in held_out])
        shots = shots.select(np.argsort(rows)).select(measured)
    return LabelledPredictions.join([shots, predict_with(adapter, _test_of(data, Role.NEW))])


def _temperatures(
    setup: TrainingSetup, adapter: Adapter, held_out: HeldOut, left_out: tuple[Floats, Floats] | None
) -> Temperatures:
    """Temperatures fitted on the validation images of base classes, or on held-out shots."""
    data, base = setup.data, setup.data.classes_of(Role.BASE)
    held = data.validation.of_classes(base)
    judged = [(adapter, held)] if held else held_out
    # What is taught leaves the adapter as sure as it was without.
    usual = adapter.own_temperature if adapter.transduction is None else 1.0
    if not judged and left_out is not None:
        after, before = (part[:, base] for part in left_out)
        shots = _base_shots(data)
        rows = left_out_rows(len(shots)).numpy()
        labels, several = np.searchsorted(base, shots.labels)[rows], shots.can_be_left_out[rows]
        expected = 1.0 if several.any() else usual  # the head's sharpness is fitted to the same shots
        return Temperatures(
            fit_temperature(after[several], labels[several], expected),
            likely_temperature(before, labels),
        )
    if not judged:
        # Nothing was held out to fit one on.
        return Temperatures(usual)
    names, reads = ([texts[at] for at in base] for texts in (data.class_names, data.reads))
    texts, adapted, zero_shot = data.text_features[base], [], []
    for judge, images in judged:
        inputs = name_inputs(judge, names, texts, reads)
        adapted.append(logits(judge, images.features, inputs, cancel=setup.cancel))
        zero_shot.append(logits(zero_shot_of(data), images.features, texts))
    labels = np.concatenate([np.searchsorted(base, images.labels) for _, images in judged])
    return Temperatures(
        fit_temperature(np.concatenate(adapted), labels, usual),
        likely_temperature(np.concatenate(zero_shot), labels),
    )


def _fit_open_set(data: TrainingData, adapter: Adapter) -> OpenSetModel | None:
    """Fit `adapter.open_set_scorer`, with the penalty of its visual head if it has one."""
    base, shots = data.classes_of(Role.BASE), _base_shots(data)
    rows, labels, copies = (
        tensor_of(part) for part in (shots.features, np.searchsorted(base, shots.labels), shots.copies)
    )
    fit = adapter.left_out_fit
    if fit is None:
        cosines = adapter.cosines(rows, torch.tensor(data.text_features[base]))
        fit = fit_head(rows, labels, cosines, data.logit_scale, copies=copies)
    of_base = np.isin(data.shots.labels, base)
    proposed, by_hand, confirmed = (
        tensor_of(np.zeros(len(shots), bool) if mask is None else mask[of_base])
        for mask in (data.proposed, data.by_hand, data.confirmed)
    )
    answered = None if data.none_proposed is None else torch.tensor(~data.none_proposed)
    place = fit.weights.device  # where the training was; the adapter itself is on the processor again
    none = None if data.none is None else tensor_of(data.none).to(place)
    shot_masks = {"copies": copies.to(place), "measured": ~(proposed | confirmed), "answered": answered}
    open_set_scorer, open_set = fit_open_set(rows.to(place), labels.to(place), fit, none, **shot_masks)
    # Answers to questions are about typical images: they are held in the mixture, and never left out.
    drawn, asked = ~(proposed | by_hand), by_hand & ~proposed
    if data.unlabelled is not None:
        open_set_scorer, open_set = _open_mixture(data, open_set_scorer, open_set, drawn, answered, asked)
    if open_set is not None:
        at_hand, open_set_scorer = (
            None if data.unlabelled is None else Unlabelled.of(data).rows,
            open_set_scorer.to("cpu"),
        )
        order = tensor_of(np.argsort(shots.features[:, 0], kind="stable"))  # sums in another order end in other digits
        rows, labels, copies, drawn = (part[order] for part in (rows, labels, copies, drawn))
        open_set = replace(open_set, reaches=fit_reach(open_set_scorer, rows, labels, copies, at_hand, drawn))
    adapter.open_set_scorer = None if open_set is None else open_set_scorer
    return open_set


def _fit_name_thresholds(data: TrainingData, adapter: Adapter, open_set: OpenSetModel) -> OpenSetModel:
    """With what tells whether an image is of a name that was not trained."""
    base, new = data.classes_of(Role.BASE), data.classes_of(Role.NEW)
    base_shots = _base_shots(data)
    labels, images = np.searchsorted(base, base_shots.labels), base_shots.features[:, : data.embed_dim]
    if data.unlabelled is not None and len(data.unlabelled) >= MIN_IMAGES and len(new):
        rows = Unlabelled.of(data).rows.numpy()
        best = logits(adapter, rows, name_inputs(adapter, data.class_names, data.text_features, data.reads)).argmax(1)
        if np.isin(best, new).any():
            order = np.concatenate([base, new])
            texts = data.text_features[order].T.astype(np.float64)
            shots, cosines = images @ texts[:, : len(base)], rows[:, : data.embed_dim] @ texts
            with_thresholds = fit_name_thresholds(open_set, shots, labels, cosines, np.argsort(order)[best])
            if with_thresholds.keeps_all_names or data.background is None:
                return with_thresholds
    if data.background is None:
        return open_set
    return replace(open_set, text=fit_text_margins(images, labels, data.text_features[base], data.background))


def _open_mixture(
    data: TrainingData,
    open_set_scorer: OpenSetScorer,
    open_set: OpenSetModel | None,
    measured: torch.Tensor,
    answered: torch.Tensor | None,
    asked: torch.Tensor,
) -> tuple[OpenSetScorer, OpenSetModel | None]:
    """The mixture, fitted to rows that are ordered by their contents; what is given where it says nothing."""
    shots, images = _base_shots(data), Unlabelled.of(data).rows
    order = content_order(shots.features)
    shots = shots.select(order)
    labels = tensor_of(np.searchsorted(data.classes_of(Role.BASE), shots.labels))
    measured, asked = (item[tensor_of(order)] for item in (measured, asked))
    none = None
    if data.none is not None and len(given := data.none if answered is None else data.none[answered.numpy()]):
        none = tensor_of(given[content_order(given)])
    shot_masks = {"copies": tensor_of(shots.copies), "measured": measured, "asked": asked}
    rows = tensor_of(shots.features)
    fitted = fit_open_mixture(rows, labels, images, open_set_scorer, open_set, none, **shot_masks)
    return fitted or (open_set_scorer, open_set)


def _forget_shots(adapter: Adapter) -> None:
    """Release what its visual head was fitted to."""
    if adapter.left_out_fit is not None:
        adapter.left_out_fit = replace(adapter.left_out_fit, shots=None)


def _teach(
    setup: TrainingSetup,
    at_hand: ImagesAtHand,
    adapter: Adapter,
    held_out: HeldOut,
    left_out: tuple[Floats, Floats] | None,
) -> tuple[Floats, Floats] | None:
    """Set `Adapter.transduction` unless it does harm, else remove that of the folds; returns `left_out` with it."""
    # A fold's adapter was taught without the labels of the shots that it is measured on.
    data, shots = setup.data, _base_shots(setup.data)
    held = data.validation.of_classes(data.classes_of(Role.BASE))
    judged = held_out or ([(adapter, held)] if held else [])
    if left_out is None:
        adapter.transduction = at_hand.teach(adapter)
    else:
        taught = _left_out_taught(setup, at_hand, adapter, left_out[0])
        labels = shots.labels[left_out_rows(len(shots)).numpy()]
        if not is_worse(taught.argmax(1) != labels, left_out[0].argmax(1) != labels):
            return taught, left_out[1]
    # Without anything that was held out, there is no sign of harm.
    if left_out is None and not (judged and is_worse(*(_wrong(data, judged, taught=item) for item in (True, False)))):
        return None
    # It does harm: the folds' adapters must be as the final one is, or their temperature would be another's.
    for judge in (adapter, *(judge for judge, _ in held_out)):
        judge.transduction = None
    return left_out


def _wrong(data: TrainingData, judged: HeldOut, *, taught: bool) -> NDArray[np.bool_]:
    """Which of the images are not recognised among all names, with or without what images at hand taught."""
    parts = []
    for judge, images in judged:
        known = judge.transduction
        judge.transduction = known if taught else None
        inputs = name_inputs(judge, data.class_names, data.text_features, data.reads)
        parts.append(logits(judge, images.features, inputs).argmax(1) != images.labels)
        judge.transduction = known
    return np.concatenate(parts)


def _left_out_taught(setup: TrainingSetup, at_hand: ImagesAtHand, adapter: Adapter, before: Floats) -> Floats:
    """Set `Adapter.transduction`; the leave-one-out logits (M, C) of shots, taught without the labels of their fold.

    `before` (M, C) are those without. Each fold is taught next to zero-shot with a head that is fitted to the others.
    """
    base_shots, fit = _base_shots(setup.data), adapter.left_out_fit
    if adapter.head is None or fit is None:
        raise ValueError("there is no visual head")
    start, codes = setup.on_device(base_shots), name_codes(setup.data.class_names)
    fold_of, judged = stratified_folds(base_shots, MAX_FOLDS, setup.seed), left_out_rows(len(base_shots)).numpy()
    folds, heads = [np.zeros(len(base_shots), bool)], []
    several = base_shots.can_be_left_out
    for fold in range(MAX_FOLDS):
        tested = (fold_of == fold) & several
        # A class of which all shots are in one fold would be unknown to the others.
        tested &= np.isin(base_shots.labels, base_shots.labels[~tested])
        if not tested.any():
            continue
        kept = tensor_of(~tested).to(start.images.device)
        heads.append(refit_head(fit, start.images[kept], start.labels[kept], len(start.texts), kept=kept, none=True))
        folds.append(tested)
    weights = torch.cat([head.weights.T for head in heads]).cpu() if heads else None
    logits, products = at_hand.logits(adapter, weights)
    fits, parts = [logits], torch.split(products, len(start.texts), 1)
    if heads:
        plain, each = at_hand.zero_shot(adapter), zip(heads, parts, strict=True)
        fits += [adapter.head.joined(plain, part + head.offsets.cpu(), codes) for head, part in each]
    # The whole and all folds in one product a step; the first is the one that is kept.
    adapter.transduction, added, sharpness = at_hand.fit(torch.stack(fits), ~np.stack(folds))
    taught, names = tensor_of(before.copy()), torch.ones(before.shape[1], dtype=torch.bool)
    for tested, d, factor in zip(folds[1:], added[1:], sharpness[1:], strict=True):
        rows, shots = tensor_of(tested[judged]), tensor_of(judged[tested[judged]])
        taught[rows] = fuse(taught[rows], d[shots], names, 1.0, 1.0, torch.zeros(2), factor)
    return taught.numpy()


def _untrained(
    adapter: Adapter, data: TrainingData, started: float, cancel: CancelToken, temperatures: Temperatures
) -> TrainingResult:
    """The result without training on shots. Without base test images its shots are used, since they are unseen."""
    has_test = data.test.covers(data.classes_of(Role.BASE))
    images = (_test_of(data, Role.BASE) if has_test else _base_shots(data)).joined(_test_of(data, Role.NEW))
    predictions = predict(adapter, images, data, cancel, temperatures=temperatures if adapter.row_heads else None)
    before = predict(zero_shot_of(data), images, data, cancel) if adapter.row_heads else predictions
    evaluation = summarise(before, predictions, data.class_names, data.roles)
    parameters, seconds = adapter.parameter_count(), time.perf_counter() - started
    shot_rows = np.arange(0 if has_test else len(_base_shots(data)))
    return TrainingResult(
        adapter.eval(), evaluation, 0, 0, parameters, seconds, predictions, not has_test, shot_rows, temperatures
    )


def _leave_one_out_logits(setup: TrainingSetup, adapter: Adapter) -> tuple[Floats, Floats]:
    """Leave-one-out logits (M, C) of the shots, of the adapter and of zero-shot."""
    inputs = name_inputs(adapter, setup.data.class_names, setup.data.text_features)
    adapted, zero_shot = adapter.left_out(tensor_of(_base_shots(setup.data).features), tensor_of(inputs))
    return adapted.cpu().numpy(), zero_shot.cpu().numpy()


# --------------------------------------------------------------------------------------
# fits


def _cross_validate(
    setup: TrainingSetup, plan: Plan, clock: Clock, at_hand: ImagesAtHand | None
) -> tuple[HeldOut, int | None]:
    """Run one fit per fold, and find the epoch with the lowest loss over all folds; None if that is not chosen."""
    held_out: HeldOut = []
    curves: list[list[float]] = []
    sizes: list[int] = []
    shots = _base_shots(setup.data)
    fold_of = stratified_folds(shots, max(1, plan.folds), setup.seed)
    for fold in range(plan.folds):
        tested, trained = fold_of == fold, np.ones(len(shots), bool)
        test, stop = _test_of(setup.data, Role.BASE), setup.data.validation
        if plan.estimate:
            test = shots.select(tested)
            trained &= ~tested
        if plan.choose:
            chosen = fold_of == (fold + plan.estimate) % plan.folds
            stop = shots.select(chosen)
            trained &= ~chosen
        least = _least_epochs(setup, int(trained.sum())) if plan.choose else 0
        phase = f"fold {fold + 1} of {plan.folds}"
        adapter, fit = fit_adapter(setup, phase, shots.select(trained), stop, _live(setup, test), clock, least=least)
        if setup.cancel.wrapping_up:
            raise Cancelled  # this would measure another training than the final one
        _forget_shots(adapter)
        if plan.choose:
            curves.append(fit.losses)
            sizes.append(int(chosen.sum()))
        if plan.estimate:
            held_out.append((adapter.to("cpu"), test))
            if at_hand is not None:
                adapter.transduction = at_hand.teach(adapter, ~tested)
    return held_out, best_epoch(curves, sizes) if plan.choose else None


def _final_fit(setup: TrainingSetup, plan: Plan, epochs: int | None, clock: Clock) -> tuple[Adapter, Fit]:
    """The fit on all shots: with early stopping if there are validation images, else for a fixed number of epochs."""
    stop = setup.data.validation.of_classes(setup.data.classes_of(Role.BASE))
    if not setup.stops_early:  # nothing is chosen on them, but they are shown
        epochs = setup.recipe.max_epochs
    elif plan.choose or not stop:
        stop, epochs = FeatureSet.empty(setup.data.image_dim), min(epochs or FALLBACK_EPOCHS, setup.recipe.max_epochs)
    test = FeatureSet.empty(setup.data.image_dim) if plan.estimate else _test_of(setup.data, Role.BASE)
    return fit_adapter(setup, "train", _base_shots(setup.data), stop, _live(setup, test), clock, epochs)


def _live(setup: TrainingSetup, base: FeatureSet) -> Live:
    """At most `Adapter.live_images` per role, always the same; None for roles that cannot be measured."""
    draw = np.random.default_rng(setup.seed)
    parts: list[Start | None] = []
    for images, role in ((base, Role.BASE), (_test_of(setup.data, Role.NEW), Role.NEW)):
        some = images.select(draw.permutation(len(images))[: setup.live_images])
        parts.append(setup.on_device(some, role) if len(some) and len(setup.data.classes_of(role)) > 1 else None)
    return parts[0], parts[1]
