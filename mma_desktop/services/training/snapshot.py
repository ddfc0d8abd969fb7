"""The frozen input of a training: labelled images divided by use, with features and class names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import IN_TURN, ImageClass, Role, RunRecord, TrainRequest, Use
from mma_desktop.engine.methods.method_table import find_method, training_prompt
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns, Floats, Ids, indices_in
from mma_desktop.services.images.duplicates import copies_among
from mma_desktop.services.labels.splits import Split, divide, hash_prefixes, in_order, too_few
from mma_desktop.services.training.spot_checks import confirmed

if TYPE_CHECKING:
    from mma_desktop.engine.features.extraction import Cache
    from mma_desktop.engine.training.at_hand import Unlabelled
    from mma_desktop.engine.training_data import FeatureSet, TrainingData


# Maximum number of examples of none of the classes; more tell nothing new.
MAX_NONE = 1024
# Maximum number of images at hand: what groups there are shows by then, and a million cost what these do, 20 MB.
MAX_AT_HAND = 2000


def classes_of(context: ProjectContext, request: TrainRequest) -> tuple[ImageClass, ...]:
    new = request.new_classes
    if new is None:
        return tuple(context.classes)
    return tuple(replace(item, role=Role.NEW if item.id in new else Role.BASE) for item in context.classes)


def divided(
    context: ProjectContext, columns: Columns, classes: Sequence[ImageClass], request: TrainRequest
) -> tuple[Ids, Split]:
    """Positions of the labelled images in the image index, and their split.

    A training `IN_TURN` has shots alone: it does not look at what is set apart for validation or testing.
    """
    roles = tuple((item.id, item.role) for item in classes)
    shots = request.shots or most_labels(context, columns)
    labelled, split = _divided(context, columns, roles, shots, request.seed)
    if request.division == IN_TURN:
        split = Split(split.shots, split.validation[:0], split.test[:0])
    return labelled, split


def most_labels(context: ProjectContext, columns: Columns) -> int:
    """The number of labels to train on of the class that has most; 1 without any."""
    trained = context.classed(columns) & ~columns.held_back
    return max(1, int(np.bincount(columns.class_ids[trained], minlength=1).max()))


@graph.derived()
def _divided(
    _context: ProjectContext, columns: Columns, roles: tuple[tuple[int, Role], ...], shots: int, seed: int
) -> tuple[Ids, Split]:
    # Kept: a training is checked, embedded, checked again and begun with the same division.
    labelled = np.flatnonzero(columns.labelled & columns.usable)
    parts = (columns.class_ids[labelled], columns.uses[labelled], columns.hashes[labelled])
    return labelled, divide(*parts, dict(roles), shots, seed, columns.proposed[labelled])


def none_examples(context: ProjectContext, columns: Columns, seed: int) -> Ids:
    """Positions of the images labelled "None of these" that have features and are not for validation or testing."""
    none = context.none_of_these
    if none is None:
        return np.empty(0, np.int64)
    labelled_none = (columns.class_ids == none.id) & columns.usable & ~columns.held_back
    where = in_order(context.embedded(columns, labelled_none), columns.hashes, seed)
    # What somebody answered tells more than what was accepted.
    answers_first = where[np.argsort(columns.proposed[where], kind="stable")]
    return np.sort(answers_first[:MAX_NONE])


def sampled(hashes: NDArray[np.bytes_], most: int = 0) -> Ids:
    """Positions of the `most`, or `MAX_AT_HAND`, smallest of content hashes (N,), or of all, ascending by hash."""
    from mma_desktop.engine.features.feature_cache import heads_of

    # By content alone it is the same in any order, and an import changes no more of it than its own share (bottom-k
    # sampling, Cohen and Kaplan 2007).
    where, most = np.arange(len(hashes)), most or MAX_AT_HAND
    if len(hashes) > most:  # to sort all contents of a large project takes as long as the fit
        where = np.argpartition(heads_of(hashes), most)[:most]
    return where[np.argsort(hashes[where], kind="stable")]


def needed(columns: Columns, *, at_hand: bool) -> NDArray[np.bool_]:
    """(N,) mask of the images whose features a training needs: those with a label, and those `at_hand`."""
    mask: NDArray[np.bool_] = columns.usable & columns.labelled
    if at_hand:
        free = np.flatnonzero(columns.usable & ~columns.labelled)
        mask[free[sampled(columns.hashes[free])]] = True
    return mask


@graph.derived(graph.rows)
def _first_by_content(context: ProjectContext, token: CancelToken) -> Ids:
    """Ids of the images with the smallest content hashes, ascending by hash: three times as many as `sampled` takes."""
    rows = graph.rows(context, token)
    return rows.ids[sampled(rows.hashes, 3 * MAX_AT_HAND)]


def sample_of(context: ProjectContext, columns: Columns, mask: NDArray[np.bool_]) -> Ids:
    """Positions of the masked images that `sampled` takes of those with features."""
    # To sort all contents of a million images takes as long as half a fit, and labels change few of the first ones.
    token = CancelToken()
    first = columns.positions(_first_by_content(context, token))
    some = first[(first >= 0) & mask[first]]
    if len(some) < MAX_AT_HAND and len(first) < len(graph.rows(context, token).ids):
        where = context.embedded(columns, mask)
        return where[sampled(columns.hashes[where])]
    return some[:MAX_AT_HAND]


class _Components:
    """The newest components: most labels change neither the images nor what they vary in, so these stay the same."""

    newest: tuple[tuple[str, bytes], Floats] | None = None


def _components(context: ProjectContext, columns: Columns, held_out: Ids) -> Floats:
    """`TrainingData.components` of a sample of the images, but those at positions that are `held_out`."""
    from mma_desktop.engine.training.at_hand import components_of

    state, (backbone, cache) = context.state_of(_Components), context.engine.need()
    wanted = columns.usable & ~columns.held_back
    # Images to be tested on have no part in anything that is fitted.
    wanted[held_out] = False
    hashes = columns.hashes[sample_of(context, columns, wanted)]
    key = backbone.fingerprint, hashes.tobytes()
    if state.newest is None or state.newest[0] != key:
        state.newest = key, components_of(cache.gather_rows(hashes))
    return state.newest[1]


class _AtHand:
    """The newest unlabelled images, which are the same after most labels, and the cache that their rows are from."""

    _newest: tuple[Cache, NDArray[np.bytes_], Floats, Unlabelled] | None = None

    def prepared(self, cache: Cache, hashes: NDArray[np.bytes_], components: Floats) -> Unlabelled:
        from mma_desktop.engine.training.at_hand import Unlabelled

        newest = self._newest
        if newest is None or newest[0] is not cache or not np.array_equal(newest[1], hashes):
            newest = None
        if newest is None or newest[2] is not components:
            given = cache.gather_rows(hashes) if newest is None else newest[3].given
            self._newest = newest = cache, hashes, components, Unlabelled(given, components)
        return newest[3]


def uses_of(context: ProjectContext, request: TrainRequest) -> dict[int, Use]:
    """The use of each labelled image in a training, by image id."""
    columns = context.index.columns
    labelled, split = divided(context, columns, classes_of(context, request), request)
    parts = {Use.SHOT: split.shots, Use.VALIDATION: split.validation, Use.TEST: split.test}
    return {image: use for use, part in parts.items() for image in columns.ids[labelled[part]].tolist()}


def newest_request(runs: Sequence[RunRecord]) -> TrainRequest:
    """A request with the shots and seed of the newest training, or with the defaults; `runs` have the newest first."""
    # A kept learning model learned from every label, which would leave no image to test on; one that was loaded learned
    # from none of these.
    for run in runs:
        shots, seed = run.settings.get("shots"), run.settings.get("seed")
        if isinstance(shots, int) and isinstance(seed, int) and not run.kept and not run.loaded:
            return TrainRequest(shots=shots, seed=seed)
    return TrainRequest()


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The input of a training, frozen: later edits of the project do not affect it.

    `digests` identify the split, `seen` the images used for training or selection (16 hexadecimal digits each), and
    `counts` the number of images by use. `shot_ids` and `test_ids` are the images of the data's shots and test set.
    """

    data: TrainingData
    classes: tuple[ImageClass, ...]
    prompt_template: str
    digests: dict[str, str]
    seen: tuple[str, ...]
    counts: dict[str, int]
    shot_ids: Ids
    test_ids: Ids


def holds_shots_out(
    request: TrainRequest, trained: Ids, shots: FeatureSet, validation: FeatureSet, test: FeatureSet
) -> bool:
    """Whether a training judges shots: up to `MAX_LEFT_OUT` of them by leave-one-out, or in folds without other images.

    One `IN_TURN` always does.

    `trained` are the base classes.
    """
    from mma_desktop.engine.methods.ridge import MAX_LEFT_OUT

    spec = find_method(request.method)
    if request.division == IN_TURN:
        return spec.trains
    if spec.leaves_out(request.options):
        return len(shots) <= MAX_LEFT_OUT
    return spec.trains and not all(held.covers(trained) for held in (validation, test))


def _by_index(class_weight: str | Mapping[str, float] | None, names: Sequence[str]) -> str | Mapping[int, float] | None:
    if class_weight is None or isinstance(class_weight, str):
        return class_weight
    places = {name_key(name): at for at, name in enumerate(names)}
    return {places[name_key(name)]: weight for name, weight in class_weight.items()}


def assemble(
    context: ProjectContext,
    classes: tuple[ImageClass, ...],
    columns: Columns,
    request: TrainRequest,
    token: CancelToken,
    *,
    cached: bool = False,
) -> Snapshot:
    """Take a snapshot of these classes and columns; all labelled images must have features.

    Copies of an image are looked for only where shots are held out. With `cached` they are found only by thumbnails
    that are there. Without a base class, names alone are learned from images at hand, and the labels there are.

    Raises:
        UserError: No labelled image of a base class is left, or fewer than two images are at hand for names alone.
    """
    from mma_desktop.engine.training_data import FeatureSet, TrainingData

    template = training_prompt(request.method, context.backbone_id, request.prompt_template or context.prompt_template)
    trained = np.flatnonzero([item.role is Role.BASE for item in classes])
    divisible = classes if len(trained) else tuple(replace(item, role=Role.BASE) for item in classes)
    labelled, split = divided(context, columns, divisible, request)
    if not len(trained):  # nothing is chosen, and without being asked no label is spent on measuring names
        unseen = np.concatenate([split.validation, split.test])
        split = Split(split.shots, unseen[:0], unseen[columns.held_back[labelled[unseen]]])
    held_out = np.concatenate([split.validation, split.test])
    tested, base = columns.class_ids[labelled[split.test]], [classes[at].id for at in trained]
    # So few test images say less than the shots, which are left out in turn then.
    if len(split.shots) >= 2 * len(base) and too_few(tested, base, compared=bool(request.division)):
        split = Split(split.shots, split.validation, split.test[~np.isin(tested, base)])
    none = none_examples(context, columns, request.seed)
    # At hand is what has no label; while a folder is being looked at, the first images of what has been.
    free = sample_of(context, columns, columns.usable & ~columns.labelled) if request.at_hand else none[:0]
    spec = find_method(request.method)
    backbone, cache = context.engine.need()
    class_ids = [item.id for item in classes]

    def part(where: Ids) -> FeatureSet:
        at = labelled[where]
        labels = indices_in(class_ids, columns.class_ids[at])
        return FeatureSet(cache.gather_rows(columns.hashes[at]), labels)

    shots = part(split.shots)
    if not len(trained) and len(free) < 2:
        raise UserError.tr("To learn from names alone takes two or more pictures. Add pictures.")
    if len(trained) and not shots:
        raise UserError.tr("There is no labelled image of a base class to train on.")
    validation, test = part(split.validation), part(split.test)
    # Only there: to find them takes a while, and elsewhere a copy among the shots does no harm.
    if len(trained) and holds_shots_out(request, trained, shots, validation, test):
        copies = copies_among(context, token, columns.ids[labelled[split.shots]], cached=cached)
        shots = replace(shots, copies=copies)
    reads = context.engine.predictor.read({item.name: item.reads for item in classes}, adapted=False)
    others = None
    if len(free):
        components = _components(context, columns, labelled[held_out])
        others = context.state_of(_AtHand).prepared(cache, columns.hashes[free], components)
    data = TrainingData(
        class_names=tuple(item.name for item in classes),
        roles=tuple(item.role for item in classes),
        text_features=context.engine.predictor.features_of(reads, template),
        logit_scale=backbone.logit_scale,
        shots=shots,
        validation=validation,
        test=test,
        encoder=backbone.text_tower() if spec.needs_encoder else None,
        projection=backbone.need_projection() if spec.needs_projection else None,
        layout=backbone.layout,
        proposed=columns.proposed[labelled[split.shots]],
        by_hand=columns.by_hand[labelled[split.shots]],
        confirmed=np.isin(columns.ids[labelled[split.shots]], list(confirmed(context))),
        reads=reads,
        none=cache.gather_rows(columns.hashes[none]) if len(none) else None,
        none_proposed=columns.proposed[none],
        unlabelled=None if others is None else others.given,
        components=None if others is None else others.components,
        kept=others,
        background=backbone.background,
        class_weight=_by_index(request.class_weight, [item.name for item in classes]),
    )
    counts = {"shots": len(split.shots), "validation": len(split.validation), "test": len(split.test)}
    counts["images"] = int(columns.usable.sum())
    counts["labelled"] = len(labelled)
    if len(none):
        counts["none_of_these"] = len(none)
    if len(free):
        counts["at_hand"] = len(free)
    seen = columns.hashes[np.concatenate([labelled[np.concatenate([split.shots, split.validation])], none])]
    return Snapshot(
        data,
        classes,
        template,
        split.digests(columns.hashes[labelled]),
        tuple(sorted(hash_prefixes(seen))),
        counts,
        columns.ids[labelled[split.shots]],
        columns.ids[labelled[split.test]],
    )
