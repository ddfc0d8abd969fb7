"""Groups of pictures that look alike: one glance and one name label a dozen.

The groups follow from the rows alone (`engine.methods.grouping`), so a label moves none of them: a group that was taken
is not open any more, and one that was split stays so. Without its outer quarter a group is nearly all of one class, so
only pictures of the inner part are labelled; the model that learns from them says where the others belong. Engine lane
only.
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
from mma_desktop.services.training.snapshot import sampled

if TYPE_CHECKING:
    from mma_desktop.engine.methods.grouping import Grouping

Wide = NDArray[np.float64]

TYPICAL = 16
"""Maximum number of pictures that stand for a group: as many examples as a class needs."""
INNER = 0.75
"""Part of a group, nearest to its centre, that these are spread over: 99.5% of one class where the whole group is 97%
(caltech-20, steel-6), and more teaching than the nearest ones alone."""
FITTING = 0.15
"""Probability of a name among all that are known, below which none is proposed: 16 of 18 above it fit on caltech-20,
none of six below."""
GENERAL = 1.25
"""How much more likely a general name is than a special one that is proposed in its place."""
COMPETES = 0.1
"""How likely the text of a class is, against the best other name, for what is predicted as it to be called so: a model
of few names calls everything one of them."""
TAKEN = 0.5
"""Share of a group's typical pictures that have a label once it was taken: some are taken out of it."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """The groups of all pictures with features.

    Attributes:
        ids: (N,) the pictures, ascending.
        labels: (N,) the group of each.
        cosines: (N,) how near it is to the centre of its group.
        grouping: The groups.
    """

    ids: Ids
    labels: Ids
    cosines: Floats
    grouping: Grouping


@dataclass(frozen=True, eq=False)
class Group:
    """A group that is open.

    Attributes:
        key: Its most central picture, by which it is known while labels change.
        typical: Ids of the pictures that stand for it, the most central first, and
        others: of those that are left; without what has a label.
    """

    key: int
    typical: Ids
    others: Ids


class _Splits:
    """Ids of the pictures whose groups the user split, in this order."""

    def __init__(self) -> None:
        self.pictures: tuple[int, ...] = ()


def splits(context: ProjectContext) -> tuple[int, ...]:
    return context.state_of(_Splits).pictures


def set_splits(context: ProjectContext, pictures: tuple[int, ...]) -> None:
    """Split the groups of these pictures (ids) in two, one after the other."""
    context.state_of(_Splits).pictures = pictures


@graph.derived(graph.rows)
def clusters(context: ProjectContext, token: CancelToken) -> Clusters:
    from mma_desktop.engine.methods.grouping import find_groups

    ids, hashes, _ = graph.rows(context, token)
    labels, cosines = np.empty(len(ids), np.int64), np.empty(len(ids), np.float32)
    grouping = find_groups(context.engine.gather(hashes[sampled(hashes)]))
    for part, rows in context.engine.blocks(hashes, token):
        labels[part], cosines[part] = grouping.place(rows)
    return Clusters(ids, labels, cosines, grouping)


@graph.derived(clusters, splits)
def _split(context: ProjectContext, token: CancelToken) -> Clusters:
    """The clusters with those that are mixed in two."""
    found = clusters(context, token)
    _, hashes, _ = graph.rows(context, token)
    for picture in splits(context):
        at = np.flatnonzero(found.ids == picture)
        inside = np.flatnonzero(found.labels == found.labels[at]) if len(at) else at
        if len(inside) > 1:
            some = inside[sampled(hashes[inside])]
            group = int(found.labels[at[0]])
            grouping = found.grouping.split(group, context.engine.gather(hashes[some]))
            labels, cosines, halves = found.labels.copy(), found.cosines.copy(), (group, len(grouping.centres) - 1)
            for part, rows in context.engine.blocks(hashes[inside], token):
                labels[inside[part]], cosines[inside[part]] = grouping.place(rows, halves)
            found = Clusters(found.ids, labels, cosines, grouping)
    return found


@graph.derived(_split, graph.labels)
def open_groups(context: ProjectContext, token: CancelToken) -> tuple[Group, ...]:
    """The groups of which no pictures were labelled yet, the clearest first."""
    found = _split(context, token)
    columns = context.index.columns
    where = columns.positions(found.ids)
    has_label, set_apart = columns.labelled[where], columns.set_apart[where]
    groups = []
    for number in np.argsort(-found.grouping.silhouettes, kind="stable").tolist():
        inside = np.flatnonzero((found.labels == number) & ~set_apart)
        if not len(inside):
            continue
        inside = inside[np.argsort(-found.cosines[inside], kind="stable")]
        inner = inside[: int(np.ceil(INNER * len(inside)))]
        typical = inner[np.unique(np.linspace(0, len(inner) - 1, TYPICAL).round().astype(np.int64))]
        if has_label[typical].mean() >= TAKEN:
            continue
        shown, free = typical[~has_label[typical]], inside[~has_label[inside]]
        groups.append(Group(int(found.ids[inside[0]]), found.ids[shown], found.ids[np.setdiff1d(free, shown)]))
    return tuple(groups)


@graph.derived(open_groups, graph.names, graph.template, graph.shown)
def proposals(context: ProjectContext, token: CancelToken) -> Mapping[int, str]:
    """A name for each open group, by its key; "" where none fits.

    It is a class of the project if most of its typical pictures are predicted as that, and no other name fits much
    better; else one of ImageNet's 1,000 names, or the noun that several of these end in ("monarch butterfly" and
    "ringlet butterfly": butterfly), in the language of the window where its translation is known. A backbone that has
    no `background` reads the names first, which takes a minute once.
    """
    from mma_desktop.engine.evaluation.calibration import softmax
    from mma_desktop.engine.methods.strangers import is_far

    groups, predictor = open_groups(context, token), context.engine.predictor
    backbone = predictor.backbone
    template, names = context.prompt_template, _known_names()
    firsts = [synonyms[0] for synonyms in names]
    known = predictor.features_of(firsts, template) if backbone.background is None else backbone.background
    typed = predictor.texts([one.name for one in context.classes], template)
    counts, columns, guesses = context.index.counts(examples=True), context.index.columns, context.guesses
    far = is_far(known, typed)
    found = {}
    for group in groups:
        token.raise_if_cancelled()
        rows = context.engine.gather(columns.hashes[columns.positions(group.typical)], whole=False)
        fits = softmax(predictor.name_logits(rows, np.concatenate([typed, known[far]]))).mean(0)
        by_text, others = fits[: len(typed)], np.zeros(len(known))
        others[far] = fits[len(typed) :]
        own, share = _predicted(context, group)
        at = next((at for at, one in enumerate(context.classes) if one.id == own), None)
        taught = guesses is not None and guesses.can_reject and counts.get(own)
        if at is not None and share > 0.5 and (taught or by_text[at] >= COMPETES * others.max()):
            found[group.key] = context.classes[at].name
        else:
            found[group.key] = _named(names, others)
    return found


def _predicted(context: ProjectContext, group: Group) -> tuple[int, float]:
    """The class that most typical pictures are predicted as, and their share; 0 if there is none."""
    guesses = context.guesses
    if guesses is None:
        return 0, 0.0
    where = guesses.positions(group.typical)
    classes = guesses.best_class[where[where >= 0]][~guesses.rejected[where[where >= 0]]]
    if not len(classes):
        return 0, 0.0
    found, counts = np.unique(classes, return_counts=True)
    return int(found[counts.argmax()]), float(counts.max() / len(group.typical))


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
    noun, fit = max(nouns.items(), key=lambda one: one[1])
    name, likely = (noun, fit) if fit >= GENERAL * fits[best] else (names[best][0], float(fits[best]))
    return in_language(name, language().tag) or name if likely >= FITTING else ""


def take(context: ProjectContext, images: Sequence[int], name: str) -> Changes:
    """Label pictures with a class, which is added if there is none of this name, or as None of these for "".

    Labels of a class are accepted suggestions: no model is measured by them. One step of undo.

    Raises:
        UserError: The name is not one, or a picture has a problem.
    """
    project = context.project
    with project.collecting_steps() as steps:
        if name:
            added = add_missing_classes(project, [name])
            found = next(one for one in context.classes if name_key(one.name) == name_key(name))
            changes = project.assign(images, found.id, LabelSource.SUGGESTION)
            changes = replace(changes, classes=changes.classes or added.classes)
        else:
            changes = project.assign_none(images)
    if steps:  # they may all be labelled so
        project.join(steps, steps[-1].title)
    return changes
