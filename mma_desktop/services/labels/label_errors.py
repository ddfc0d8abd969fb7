"""Labels that look wrong: those that a classifier that has not seen them confidently disagrees with. Engine lane only.

Each labelled image is judged by what the default method says of it while it is left out: its class names and the visual
head (`engine.methods.visual_head`), fitted to the other labelled images in closed form, with the penalty and weight
that the head chooses. Labels of new classes are judged so, too: no adapter learns from this fit. Only those of a new
class with fewer than `FEW` labels are judged by their zero-shot probabilities among all names, and listed last.

Then the rule of confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset
Labels", JAIR 2021): the threshold of a class is the mean probability it is given where it is the label. A label is
suspected when another class passes its threshold and the label's own does not; the suspects are ordered by the margin
between the two.

Measured (tests/benchmarks/bench_suspects.py) on caltech-20 with the starter and 10% of the labels exchanged at random,
3 seeds, precision (share of the listed that are wrong) and recall (share of the wrong that are listed) with so many
labels a class:

                                          4            8            16           50
    with names (this)                     0.83  0.79   0.93  0.79   0.99  0.81   0.99  0.86
    the visual head alone                 0.64  0.71   0.91  0.79   1.00  0.79   0.99  0.86
    ridge on the shared space, fixed      0.69  0.88   0.89  0.79   0.96  0.82   0.99  0.87

Where no label is wrong, 1.3, 0.6, 0.2 and 0.2% of all labels are listed.

Nobody asked for the notice after a training, so it tells of the sure ones only, those with a margin of `SURE` or more,
and only where they are more than so many right labels give: `TELLING` of all. On the same photographs with 40, 16 and
8 labels a class, sure are 0.2, 0.1 and 0.2% of the labels where none is wrong; 1.8, 1.5 and 1.9% where 2% are, 95, 100
and 92% of them rightly; 6.0, 6.0 and 4.6% where a tenth is, all of them rightly.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Role
from mma_desktop.services.image_index import Columns, Ids
from mma_desktop.services.images.similar import embedded_among

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

Floats = NDArray[np.float32]

FEW = 3  # a class with fewer labels has no threshold worth the name; it gets at least the mean one
TOGETHER = 4_096
"""Images that are fitted to at once, so that a million labels take neither gigabytes nor minutes."""
BLOCK = 4_096
SURE = 0.9
TELLING = 0.01
KEPT = "kept_labels"
TITLE = later("Looking for wrong labels")
TOO_FEW = later(
    "Label at least three images of two classes each first; wrong labels show by comparison with the others."
)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that looks wrong: the image, its class, the class it looks like, and the probabilities of both.

    `by_name` says that it was judged by the names of the classes alone, which is wrong more often.
    """

    image_id: int
    class_id: int
    looks_like: int
    own: float
    other: float
    by_name: bool = False

    @property
    def margin(self) -> float:
        """How much likelier the other class is."""
        return self.other - self.own

    @property
    def sure(self) -> bool:
        """Whether it is hardly ever right."""
        return not self.by_name and self.margin >= SURE


@dataclass(frozen=True, slots=True)
class Suspects:
    """The suspected labels, the surest first; how many were judged, and how many were kept by the person before."""

    found: tuple[Suspect, ...]
    judged: int
    kept: int = 0

    @property
    def sure(self) -> int:
        """How many are sure."""
        return sum(one.sure for one in self.found)

    @property
    def worth_telling(self) -> bool:
        """Whether to speak of them to somebody who did not ask."""
        return self.sure > 0 and self.sure >= TELLING * self.judged


@dataclass(frozen=True, eq=False)
class Judged:
    """What confident learning asks about, in blocks so that no (N, C) matrix is ever whole.

    Args:
        labels: (N,) the column of each image's label.
        blocks: Gives slices of N with the (n, C) probabilities of their images, each time it is called.
    """

    labels: Ids
    blocks: Callable[[], Iterator[tuple[slice, Floats]]]


# --------------------------------------------------------------------------------------
# the question


def find_suspects(context: ProjectContext, token: CancelToken, seed: int = 0) -> Generator[Progress, None, Suspects]:
    """The labels of the project that look wrong; images without features are passed over.

    Labels that were kept by `keep_labels` are left out as long as they stay. It takes a second or less for a thousand
    labels.

    Raises:
        UserError: There are too few labels to compare, or no backbone is loaded.
        Cancelled: `token` was set.
    """
    context.engine.need()
    columns = context.index.columns
    roles = {one.id: one.role for one in context.classes}
    class_ids = np.array(list(roles), np.int64)
    where = embedded_among(context, columns, columns.usable & np.isin(columns.class_ids, class_ids))
    labels = columns.class_ids[where]
    enough = _classes_with(labels, FEW)
    base_ids = np.array([one for one, role in roles.items() if role is Role.BASE], np.int64)
    by_others = np.isin(labels, np.concatenate([base_ids, enough]))
    few = bool((~by_others).any()) and len(class_ids) > 1
    if len(enough) < 2 and not few:
        raise UserError(tr(TOO_FEW))
    total = len(where)
    found: list[Suspect] = []
    yield Progress(0, total, tr(TITLE))
    if len(enough) >= 2:
        found += _by_others(context, columns, where[by_others], token, seed)
        yield Progress(int(by_others.sum()), total, tr(TITLE))
    if few:
        found += _by_names(context, columns, where, ~by_others, token)
    yield Progress(total, total, tr(TITLE))
    kept = kept_labels(context)
    left = [one for one in found if kept.get(one.image_id) != one.class_id]
    left.sort(key=lambda one: (one.by_name, -one.margin, one.image_id))
    return Suspects(tuple(left), total, len(found) - len(left))


def _classes_with(labels: Ids, at_least: int) -> Ids:
    """The classes that so many of the labels name."""
    classes, counts = np.unique(labels, return_counts=True)
    result: Ids = classes[counts >= at_least]
    return result


def _by_others(
    context: ProjectContext, columns: Columns, where: Ids, token: CancelToken, seed: int
) -> Iterator[Suspect]:
    """Suspects among labels, judged by the others: leave-one-out."""
    backbone, cache = context.engine.need()
    classes, labels = np.unique(columns.class_ids[where], return_inverse=True)
    names = {one.id: one.name for one in context.classes}
    texts = context.engine.predictor.texts([names[one] for one in classes.tolist()], context.prompt_template)
    rows = Rows(lambda part: cache.gather_rows(columns.hashes[where[part]]), labels.astype(np.int64))
    judged = leave_one_out(rows, texts, backbone.logit_scale, token, seed)
    return _named(columns.ids[where], classes, confident(judged, np.ones(len(where), bool), len(classes)))


def _by_names(
    context: ProjectContext, columns: Columns, where: Ids, asked: NDArray[np.bool_], token: CancelToken
) -> Iterator[Suspect]:
    """Suspects among some labels (`asked`), zero-shot; the thresholds are those of all labels."""
    classes = context.classes
    class_ids = np.array([one.id for one in classes], np.int64)
    order = np.argsort(class_ids)
    labels = order[np.searchsorted(class_ids, columns.class_ids[where], sorter=order)]
    names = [one.name for one in classes]

    def blocks() -> Iterator[tuple[slice, Floats]]:
        for start in range(0, len(where), BLOCK):
            part = slice(start, min(start + BLOCK, len(where)))
            got: list[Floats] = []

            def take(_part: slice, chances: Floats, got: list[Floats] = got) -> None:
                got.append(chances)

            hashes = columns.hashes[where[part]]
            context.engine.probabilities(hashes, names, context.prompt_template, take, adapted=False, token=token)
            yield part, np.concatenate(got)

    found = confident(Judged(labels, blocks), asked, len(classes))
    return _named(columns.ids[where], class_ids, found, by_name=True)


def _named(
    ids: Ids, classes: Ids, found: Sequence[tuple[int, int, int, float, float]], *, by_name: bool = False
) -> Iterator[Suspect]:
    for row, label, other, own, rival in found:
        yield Suspect(int(ids[row]), int(classes[label]), int(classes[other]), own, rival, by_name)


# --------------------------------------------------------------------------------------
# the choice, on plain arrays


@dataclass(frozen=True, eq=False)
class Rows:
    """Labelled images: `of` gives whole rows of image features (n, E) of some of them, `labels` (N,) their classes."""

    of: Callable[[slice | Ids], Floats]
    labels: Ids


def leave_one_out(rows: Rows, texts: Floats, logit_scale: float, token: CancelToken, seed: int = 0) -> Judged:
    """Probabilities of images among classes with names (C, D), each by a fit to the others; see the module.

    Of more than `TOGETHER` images, about so many are fitted to, as many of each class as can be; the rest are judged by
    that fit, which has not seen them.
    """
    from mma_desktop.engine.evaluation.leave_one_out import leave_out

    labels, count = rows.labels, len(rows.labels)
    token.raise_if_cancelled()
    fitted = _some_of_each(labels, max(FEW, TOGETHER // len(texts)), seed) if count > TOGETHER else np.arange(count)
    found = leave_out(rows.of(fitted), labels[fitted], texts, logit_scale)

    def blocks() -> Iterator[tuple[slice, Floats]]:
        for start in range(0, count, BLOCK):
            token.raise_if_cancelled()
            part = slice(start, min(start + BLOCK, count))
            block = rows.of(part)
            scores = block @ found.weights + found.offsets
            first, end = np.searchsorted(fitted, (part.start, part.stop))
            scores[fitted[first:end] - start] = found.scores[first:end]
            yield part, found.probabilities(block, scores)

    return Judged(labels, blocks)


def _some_of_each(labels: Ids, most: int, seed: int) -> Ids:
    """At most so many rows of each class, at random, in ascending order."""
    order = np.random.default_rng(seed).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    starts = np.searchsorted(labels[order], labels[order])
    result: Ids = np.sort(order[np.arange(len(order)) - starts < most])
    return result


def confident(judged: Judged, asked: NDArray[np.bool_], classes: int) -> list[tuple[int, int, int, float, float]]:
    """Confident disagreements among the asked images: (row, label, other class, probability of label, of the other).

    The other class is the likeliest of those that pass their thresholds (JAIR 2021, equations 1 and 2).
    """
    thresholds = _thresholds(judged, classes)
    found: list[tuple[int, int, int, float, float]] = []
    for part, chances in judged.blocks():
        labels, lines = judged.labels[part], np.arange(len(chances))
        own = chances[lines, labels]
        passing = np.where(chances >= thresholds, chances, np.float32(-1.0))
        other = passing.argmax(1)
        rival = passing[lines, other]
        wrong = asked[part] & (other != labels) & (rival > own) & (own < thresholds[labels])
        found.extend(
            (part.start + at, int(labels[at]), int(other[at]), float(own[at]), float(rival[at]))
            for at in np.flatnonzero(wrong).tolist()
        )
    return found


def _thresholds(judged: Judged, classes: int) -> Floats:
    """(C,) mean probability of a class where it is the label; no label, no threshold: then it is never passed."""
    sums, counts = np.zeros(classes), np.zeros(classes)
    for part, chances in judged.blocks():
        labels = judged.labels[part]
        np.add.at(sums, labels, chances[np.arange(len(labels)), labels])
        np.add.at(counts, labels, 1)
    known = counts > 0
    means = np.where(known, sums / np.maximum(counts, 1), np.inf)
    few = known & (counts < FEW)
    means[few] = np.maximum(means[few], means[known].mean())
    return means.astype(np.float32)


# --------------------------------------------------------------------------------------
# labels that the person says are right


def kept_labels(context: ProjectContext) -> dict[int, int]:
    """Class id by image id of the labels that the person said are right."""
    stored: Mapping[str, int] = context.project.setting(KEPT, {})
    return {int(image): int(label) for image, label in stored.items()}


def keep_labels(context: ProjectContext, image_ids: Sequence[int], *, keep: bool = True) -> Changes:
    """Note that the labels of these images are right (or take that back); kept as long as a label stays as it is."""
    columns = context.index.columns
    kept = kept_labels(context)
    where = columns.positions(np.fromiter(kept, np.int64, len(kept)))
    now = {image: int(columns.class_ids[at]) for image, at in zip(kept, where.tolist(), strict=True) if at >= 0}
    kept = {image: label for image, label in kept.items() if now.get(image) == label}
    asked = np.asarray(image_ids, np.int64)
    at = columns.positions(asked)
    for image, place in zip(asked.tolist(), at.tolist(), strict=True):
        kept.pop(image, None)
        if keep and place >= 0 and columns.class_ids[place] >= 0:
            kept[image] = int(columns.class_ids[place])
    context.project.set_setting(KEPT, {str(image): label for image, label in sorted(kept.items())} or None)
    # No flag: no prediction and nothing that is trained depends on it.
    return Changes(title=tr("Keep labels"))
