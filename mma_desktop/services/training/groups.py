"""Groups of images that look alike: one glance and one name label a dozen. Engine lane only.

They are found from the rows alone (`engine.methods.grouping`). Once there are labels, those still open are made anew
around what is known, by the mixture of `engine.methods.open_mixture`. The same labels give the same groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import name_key
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import language
from mma_desktop.core.types import LabelSource
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Floats, Ids
from mma_desktop.services.images.importing import add_missing_classes
from mma_desktop.services.inference_state import CHUNK
from mma_desktop.services.training.label_suggestions import CONFIDENT
from mma_desktop.services.training.snapshot import sampled

if TYPE_CHECKING:
    from mma_desktop.engine.methods.grouping import Grouping

Wide = NDArray[np.float64]

# Maximum number of images that stand for a group: as many examples as a class needs.
TYPICAL = 16
# Part of a group, nearest to its centre, that these are spread over: 99.5% of one class where the whole group is 97%
# (caltech-20, steel-6), and more teaching than the nearest ones alone.
INNER = 0.75
# Probability of a name among all that are known, below which none is proposed: on caltech-20, 16 of 19 above it fit or
# are near, none of five below.
FITTING = 0.15
# How much more likely a general name is than a special one that is proposed in its place.
GENERAL = 1.25
# Names: a second at most with the larger image models on one core.
READ_AT_ONCE = 20
# How likely the text of a class is, against the best other name, for what is predicted as it to be called so: a model
# of few names calls everything one of them.
COMPETES = 0.1
# How many images of a group have a label once it was taken, as a share of its typical ones: some are taken out.
TAKEN = 0.5
# Silhouettes from which on a group is alike, and below which it is probably mixed. In 28 folders, 45 groups above hold
# 93% of one class on average, 125 between 76%, 164 below 57%.
ALIKE, MIXED = 0.25, 0.1
# What stands in place of a name where none is proposed.
NO_NAME = "\N{EN DASH}"
# Minimum number of images of a group that lost some to known classes, or of unknowns: less is for questions.
MIN_IMAGES = 5


@dataclass(frozen=True, eq=False)
class Clusters:
    """The groups of all images with features.

    Attributes:
        ids: (N,) the images, ascending.
        labels: (N,) the group of each.
        cosines: (N,) how near it is to the centre of its group.
        points: (N, M) its place, in half precision.
        grouping: The groups.
    """

    ids: Ids
    labels: Ids
    cosines: Floats
    points: NDArray[np.float16]
    grouping: Grouping


@dataclass(frozen=True, eq=False)
class Group:
    """A group that is open.

    Attributes:
        key: The most central image that it had without any label, by which it is known while labels change.
        typical: Ids of the images that stand for it, the most central first, and
        others: of those that are left; without what has a label.
        silhouette: How much nearer its images are to each other than to those of other groups, -1 to 1.
    """

    key: int
    typical: Ids
    others: Ids
    silhouette: float


class _Splits:
    """Ids of the images whose groups the user split, in this order."""

    pictures: tuple[int, ...] = ()


def splits(context: ProjectContext) -> tuple[int, ...]:
    return context.state_of(_Splits).pictures


def set_splits(context: ProjectContext, images: tuple[int, ...]) -> None:
    """Split the groups of these images (ids) in two, one after the other."""
    context.state_of(_Splits).pictures = images


@graph.derived(graph.rows)
def clusters(context: ProjectContext, token: CancelToken) -> Clusters:
    from mma_desktop.engine.methods.grouping import find_groups

    ids, hashes, _ = graph.rows(context, token)
    labels, cosines = np.empty(len(ids), np.int64), np.empty(len(ids), np.float32)
    # Of a sample by content, which an import changes little; all other images then go to the nearest centre.
    grouping = find_groups(context.engine.gather(hashes[sampled(hashes)]))
    points = np.empty((len(ids), grouping.axes.shape[1]), np.float16)
    for part, rows in context.engine.blocks(hashes, token):
        points[part] = places = grouping.points(rows)
        labels[part], cosines[part] = grouping.place(places)
    return Clusters(ids, labels, cosines, points, grouping)


@graph.derived(clusters, splits)
def _split(context: ProjectContext, token: CancelToken) -> Clusters:
    """The clusters with those that are mixed in two."""
    split = clusters(context, token)
    _, hashes, _ = graph.rows(context, token)
    for image in splits(context):
        token.raise_if_cancelled()
        position = np.flatnonzero(split.ids == image)
        inside = np.flatnonzero(split.labels == split.labels[position]) if len(position) else position
        if len(inside) > 1:
            sample, group = inside[sampled(hashes[inside])], int(split.labels[position[0]])
            grouping = split.grouping.split(group, split.points[sample].astype(np.float32))
            labels, cosines = split.labels.copy(), split.cosines.copy()
            among = group, len(grouping.centres) - 1
            labels[inside], cosines[inside] = grouping.place(split.points[inside].astype(np.float32), among)
            split = replace(split, labels=labels, cosines=cosines, grouping=grouping)
    return split


@graph.derived(_split, graph.labels, graph.shown)
def open_groups(context: ProjectContext, token: CancelToken) -> tuple[Group, ...]:
    """The groups of which no images were labelled yet, the clearest first, made anew around what has a label."""
    split = _split(context, token)
    columns = context.index.columns
    where = columns.positions(split.ids)
    set_apart = columns.set_apart[where]
    free = ~columns.labelled[where] & ~set_apart
    keys = {}
    for number in np.argsort(-split.grouping.silhouettes, kind="stable").tolist():
        inside = np.flatnonzero((split.labels == number) & ~set_apart)
        count = min(TYPICAL, int(np.ceil(INNER * len(inside))))
        if len(inside) and (~free[inside]).sum() < TAKEN * count:
            # Known by its most central image: numbers of groups change with each split.
            keys[number] = inside[split.cosines[inside].argmax()]
    labels = split.labels if free.all() or not keys else _around(context, token, split, list(keys))
    groups = []
    for number, key in keys.items():
        inside = np.flatnonzero((labels == number) & free)
        if len(inside) < min(MIN_IMAGES, int((split.labels == number).sum())):
            continue
        points = split.points[inside].astype(np.float32)
        inside = inside[np.argsort(-(points @ points.mean(0)), kind="stable")]
        inner = int(np.ceil(INNER * len(inside)))
        # Spread over the inner part, not the most central ones: they teach more, and are as surely of one class.
        typical = np.unique(np.linspace(0, inner - 1, TYPICAL).round().astype(np.int64))
        silhouette = float(split.grouping.silhouettes[number])
        ids, others = split.ids[inside[typical]], split.ids[np.delete(inside, typical)]
        groups.append(Group(int(split.ids[key]), ids, others, silhouette))
    return tuple(groups)


def _around(context: ProjectContext, token: CancelToken, grouped: Clusters, groups: list[int]) -> Ids:
    """(N,) which of these groups each image is in, -1 for a label and for what is rather known."""
    from mma_desktop.engine.methods.grouping import around

    _, hashes, _ = graph.rows(context, token)
    columns = context.index.columns
    where = columns.positions(grouped.ids)
    kinds = np.where(columns.set_apart[where], -1, columns.class_ids[where])
    free, labelled = np.flatnonzero(kinds < 0), np.flatnonzero(kinds >= 0)
    labelled, unlabelled = labelled[sampled(hashes[labelled])], free[sampled(hashes[free])]
    pairs = kinds * len(grouped.grouping.centres) + grouped.labels
    # The labels of each class in each cluster hold one component: examples of none are of many kinds.
    there, held = np.unique(pairs[labelled], return_inverse=True)
    points = grouped.points[np.concatenate([labelled, unlabelled])].astype(np.float32)
    held = np.concatenate([held, np.full(len(unlabelled), -1)])
    slopes, offsets = around(points, held, grouped.grouping.centres[groups])
    # The first components are what is known, which no group gets.
    numbers = np.append(np.full(slopes.shape[1] - len(groups), -1), groups)
    labels = np.full(len(kinds), -1)
    for part in token.slices(len(free), CHUNK):
        places = grouped.points[free[part]].astype(np.float32)
        labels[free[part]] = numbers[(places @ slopes + offsets).argmax(1)]
    predictions = context.predictions
    if predictions is not None and predictions.adapted_class is not None:
        # What the model is sure of leaves if labels in its cluster say the same: unknown images are far from labels.
        none = context.none_of_these
        kinds = np.where(predictions.rejected, -1 if none is None else none.id, predictions.best_class)
        sure = predictions.rejected | (predictions.best_confidence >= CONFIDENT)
        where = predictions.positions(grouped.ids)
        pairs = kinds[where] * len(grouped.grouping.centres) + grouped.labels
        labels[(where >= 0) & sure[where] & np.isin(pairs, there)] = -1
    return labels


@graph.derived(open_groups, graph.shown)
def rejected_groups(context: ProjectContext, _token: CancelToken) -> tuple[Group, ...]:
    """The open groups of which most images are None of these to the model, without their other images."""
    predictions, groups = context.predictions, []
    rejected = np.zeros(0, np.int64) if predictions is None else predictions.image_ids[predictions.rejected]
    for group in open_groups(context, _token):
        typical, others = (ids[np.isin(ids, rejected)] for ids in (group.typical, group.others))
        count = len(typical) + len(others)
        # A group of which the model knows the larger part is no group of unknown images.
        if 2 * count > len(group.typical) + len(group.others) and count >= MIN_IMAGES and len(typical):
            groups.append(replace(group, typical=typical, others=others))
    return tuple(groups)


@graph.derived(open_groups, graph.names, graph.template, graph.shown)
def proposals(context: ProjectContext, token: CancelToken) -> Mapping[int, str]:
    """A name for each open group, by its key; "" where none fits.

    It is a class of the project if most of its typical images are predicted as that, and no other name fits much
    better; else one of ImageNet's 1,000 names, or the noun that several of these end in ("monarch butterfly" and
    "ringlet butterfly": butterfly), in the language of the window where its translation is known.
    """
    from mma_desktop.engine.evaluation.calibration import softmax
    from mma_desktop.engine.methods.open_set import is_far

    groups, predictor = open_groups(context, token), context.engine.predictor
    backbone = predictor.backbone
    template, names = context.prompt_template, _known_names()
    firsts = [synonyms[0] for synonyms in names]
    # A backbone that has no background reads the names first, which takes a minute once.
    for part in token.slices(0 if backbone.background is not None else len(firsts), READ_AT_ONCE):
        predictor.features_of(firsts[part], template)  # which keeps each
        token.checkpoint()
        if context.engine.backbone is not backbone:  # what ran at the checkpoint chose another
            return {}
    known = predictor.features_of(firsts, template) if backbone.background is None else backbone.background
    typed = predictor.texts([item.name for item in context.classes], template)
    counts, columns, predictions = context.index.counts(examples=True), context.index.columns, context.predictions
    far = is_far(known, typed)
    name_of = {}
    for group in groups:
        token.raise_if_cancelled()
        rows = context.engine.gather(columns.hashes[columns.positions(group.typical)], whole=False)
        fits = softmax(predictor.name_logits(rows, np.concatenate([typed, known[far]]))).mean(0)
        by_text, others = fits[: len(typed)], np.zeros(len(known))
        others[far] = fits[len(typed) :]
        class_id, share = _predicted(context, group)
        at = next((at for at, choice in enumerate(context.classes) if choice.id == class_id), None)
        taught = predictions is not None and predictions.can_reject and counts.get(class_id)
        competes = COMPETES if len(typed) > 1 else 1.0  # nothing else is predicted beside a single class
        if at is not None and share > 0.5 and (taught or by_text[at] >= competes * others.max()):
            name_of[group.key] = context.classes[at].name
        else:
            name_of[group.key] = _named(names, others)
    return name_of


def _predicted(context: ProjectContext, group: Group) -> tuple[int, float]:
    """The class that most typical images are predicted as, and their share; 0 if there is none."""
    predictions = context.predictions
    if predictions is None:
        return 0, 0.0
    where = predictions.positions(group.typical)
    classes = predictions.best_class[where[where >= 0]][~predictions.rejected[where[where >= 0]]]
    if not len(classes):
        return 0, 0.0
    class_ids, counts = np.unique(classes, return_counts=True)
    return int(class_ids[counts.argmax()]), float(counts.max() / len(group.typical))


@cache
def _known_names() -> tuple[tuple[str, ...], ...]:
    """The synonyms of each of ImageNet's 1,000 names, the usual one first."""
    from mma_desktop.engine.backbones.wordnet import entries

    return tuple(tuple(map(str.strip, names.split(","))) for names, _ in entries("imagenet_synsets.txt"))


def _named(names: Sequence[Sequence[str]], fits: Wide) -> str:
    """The name that fits best, or the noun that several names end in if that is more likely; "" if nothing fits."""
    from mma_desktop.engine.backbones.languages import in_language

    best = int(fits.argmax())
    nouns = Counter[str]()
    for at in np.flatnonzero(fits >= fits[best] / 10).tolist():
        nouns.update(dict.fromkeys({name.split()[-1].casefold() for name in names[at]}, float(fits[at])))
    noun, fit = max(nouns.items(), key=lambda pair: pair[1])
    name, likely = (noun, fit) if fit >= GENERAL * fits[best] else (names[best][0], float(fits[best]))
    return in_language(name, language().tag) or name if likely >= FITTING else ""


def label_group(context: ProjectContext, images: Sequence[int], name: str) -> Changes:
    """Label images with a class, which is added if there is none of this name, or as None of these for "".

    Labels of a class are accepted suggestions: no model is measured by them. One step of undo.

    Raises:
        UserError: The name is not one, or an image has a problem.
    """
    project = context.project
    with project.collecting_steps() as steps:
        if name:
            added = add_missing_classes(project, [name])
            image_class = next(item for item in context.classes if name_key(item.name) == name_key(name))
            changes = project.assign(images, image_class.id, LabelSource.SUGGESTION)
            changes = replace(changes, classes=changes.classes or added.classes)
        else:
            changes = project.assign_none(images)
    if steps:  # they may all be labelled so
        project.join(steps, steps[-1].title)
    return changes
