"""Find labels that look wrong: those a classifier that has not seen them confidently contradicts. Engine lane only.

Each labelled image is left out of the default method: its class names and the visual head, in closed form. The decision
rule is confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels",
JAIR 2021): a label is suspected if another class passes its threshold, the mean probability over the images with that
label, and its own class does not. `tests/benchmarks/bench_suspects.py` has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Floats, Ids
from mma_desktop.services.images.duplicates import copies_among

FEW = 3  # with fewer labels a class's own threshold is unreliable; it is raised to the mean one
# Images fitted at once: bounds memory and time for a million labels.
TOGETHER = 4_096
BLOCK = 4_096  # labels judged between two looks at a cancel
SURE = 0.9  # 0.1 to 0.2% of right labels are as suspect, 5 to 6% where 10% are wrong (`bench_suspects.py`)
TELLING = 0.01  # between the 0.2% of right labels and the 1.5% that are sure suspects where 2% are wrong
KEPT = "kept_labels"
TITLE = later("Looking for wrong labels")
TOO_FEW = later(
    "Label at least three pictures of two classes each first; wrong labels show by comparison with the others."
)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that looks wrong: the image, its class, the class it looks like, and both probabilities."""

    image_id: int
    class_id: int
    looks_like: int
    label_probability: float
    other_probability: float

    @property
    def margin(self) -> float:
        return self.other_probability - self.label_probability

    @property
    def sure(self) -> bool:
        """Whether the label is almost certainly wrong."""
        return self.margin >= SURE


@dataclass(frozen=True, slots=True)
class Suspects:
    """Suspected labels, surest first; also how many were judged, and how many the user has already confirmed."""

    found: tuple[Suspect, ...]
    judged: int
    kept: int = 0

    @property
    def sure(self) -> int:
        return sum(suspect.sure for suspect in self.found)

    @property
    def worth_telling(self) -> bool:
        """Whether an unsolicited notice is justified."""
        return self.sure > 0 and self.sure >= TELLING * self.judged


@dataclass(frozen=True, eq=False)
class LabelBlocks:
    """The column (N,) of each image's label, and calls that yield slices of N with their (n, C) probabilities."""

    # In blocks, so that no full (N, C) matrix is needed.
    labels: Ids
    blocks: Callable[[], Iterator[tuple[slice, Floats]]]


# ------------------------------------------------------------------------------ search in a project


def find_suspects(context: ProjectContext, token: CancelToken) -> Suspects:
    """Find the labels of the project that look wrong; images without features are skipped.

    Copies of an image are recognised by the thumbnails that are there, among up to `TOGETHER` labels. Labels confirmed
    with `confirm_labels` are left out until they change. Takes about a second or less for a thousand labels.

    Raises:
        UserError: There are too few labels to compare, or no backbone is loaded.
    """
    backbone, cache = context.engine.need()
    columns, names = context.index.columns, {item.id: item.name for item in context.classes}
    learned_from = columns.usable & ~columns.set_apart  # others are not to tell of these labels
    where = context.embedded(columns, learned_from & np.isin(columns.class_ids, list(names)))
    classes, labels, counts = np.unique(columns.class_ids[where], return_inverse=True, return_counts=True)
    if (counts >= FEW).sum() < 2:
        raise UserError.tr(TOO_FEW)
    total, ids = len(where), columns.ids[where]
    token.checkpoint(Progress(0, total, tr(TITLE)))
    copies = None
    if total <= TOGETHER:
        copies = copies_among(context, token, ids, cached=True)
    texts = context.engine.predictor.texts([names[class_id] for class_id in classes.tolist()], context.prompt_template)
    judged = leave_one_out(
        lambda part: cache.gather_rows(columns.hashes[where[part]]),
        labels.astype(np.int64),
        texts,
        backbone.logit_scale,
        token,
        copies,
    )
    suspects = [
        Suspect(int(ids[row]), int(classes[label]), int(classes[likelier]), given_probability, other_probability)
        for row, label, likelier, given_probability, other_probability in confident(judged, len(classes))
    ]
    token.checkpoint(Progress(total, total, tr(TITLE)))
    kept = confirmed_labels(context)
    left = [suspect for suspect in suspects if kept.get(suspect.image_id) != suspect.class_id]
    left.sort(key=lambda suspect: (-suspect.margin, suspect.image_id))
    return Suspects(tuple(left), total, len(suspects) - len(left))


# ------------------------------------------------------------------------------ confident learning on plain arrays


def leave_one_out(
    of: Callable[[slice | Ids], Floats],
    labels: Ids,
    texts: Floats,
    logit_scale: float,
    token: CancelToken,
    copies: Ids | None = None,
) -> LabelBlocks:
    """Probabilities of images among classes with text features (C, D), each fitted to the others; see the module.

    `of` returns rows of image features (n, E), `labels` (N,) are their classes, and `copies` (N,) is equal for images
    of the same image; None if each has its own.

    With more than `TOGETHER` images, about that many are fitted, as evenly over the classes as possible. The rest are
    judged by that fit, which has not seen them. Up to that many, copies of an image are left out together.
    """
    from mma_desktop.engine.evaluation.cross_validation import leave_out

    count, together = len(labels), None
    token.raise_if_cancelled()
    if count > TOGETHER:
        # Time grows with the square of what is fitted; all others are judged by the same weights.
        fitted = _some_of_each(labels, max(FEW, TOGETHER // len(texts)))
    else:
        fitted = np.arange(count)
        if copies is not None:  # too few would be left of a class of fewer than `FEW` images
            images = np.bincount(np.unique(np.stack([labels, copies]), axis=1)[0])
            together = np.where(images[labels] < FEW, count + np.arange(count), copies)
    left_out = leave_out(of(fitted), labels[fitted], texts, logit_scale, together)

    def blocks() -> Iterator[tuple[slice, Floats]]:
        for part in token.slices(count, BLOCK):
            block = of(part)
            scores = block @ left_out.weights + left_out.offsets
            first, end = np.searchsorted(fitted, (part.start, part.stop))
            # An image that was fitted is judged without itself.
            scores[fitted[first:end] - part.start] = left_out.scores[first:end]
            yield part, left_out.probabilities(block, scores)

    return LabelBlocks(labels, blocks)


def _some_of_each(labels: Ids, most: int) -> Ids:
    """A random selection of at most `most` rows per class, ascending."""
    order = np.random.default_rng(0).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    # The order is by class, so a row's place less that where its class begins is its rank in the class.
    starts = np.searchsorted(labels[order], labels[order])
    return np.sort(order[np.arange(len(order)) - starts < most])


def confident(judged: LabelBlocks, classes: int) -> list[tuple[int, int, int, float, float]]:
    """Confident disagreements: (row, label, other class, their probabilities)."""
    # The likeliest of those that pass their thresholds (JAIR 2021, equations 1 and 2).
    thresholds = _thresholds(judged, classes)
    confident_rows: list[tuple[int, int, int, float, float]] = []
    for part, probabilities in judged.blocks():
        labels, lines = judged.labels[part], np.arange(len(probabilities))
        given = probabilities[lines, labels]
        passing = np.where(probabilities >= thresholds, probabilities, np.float32(-1.0))
        other = passing.argmax(1)
        rival = passing[lines, other]
        # The label's own class must be below its threshold, too: an image may well show two of the classes.
        wrong = (other != labels) & (rival > given) & (given < thresholds[labels])
        confident_rows.extend(
            (part.start + at, int(labels[at]), int(other[at]), float(given[at]), float(rival[at]))
            for at in np.flatnonzero(wrong).tolist()
        )
    return confident_rows


def _thresholds(judged: LabelBlocks, classes: int) -> Floats:
    """(C,) mean probability of each class over its labelled images; infinite for classes without labels."""
    sums, counts = np.zeros(classes), np.zeros(classes)
    for part, probabilities in judged.blocks():
        labels = judged.labels[part]
        np.add.at(sums, labels, probabilities[np.arange(len(labels)), labels])
        np.add.at(counts, labels, 1)
    known = counts > 0
    means = np.where(known, sums / np.maximum(counts, 1), np.inf)
    few = known & (counts < FEW)
    means[few] = np.maximum(means[few], means[known].mean())
    return means.astype(np.float32)


# ------------------------------------------------------------------------------ labels the user confirmed


def confirmed_labels(context: ProjectContext) -> dict[int, int]:
    """Class id by image id of the labels the user confirmed."""
    stored: Mapping[str, int] = context.project.setting(KEPT, {})
    return {int(image): int(label) for image, label in stored.items()}


def confirm_labels(context: ProjectContext, image_ids: Sequence[int], *, keep: bool = True) -> Changes:
    """Mark the labels of these images as correct, or undo that; a mark lasts until the label changes."""
    columns = context.index.columns
    kept = confirmed_labels(context)
    where = columns.positions(np.fromiter(kept, np.int64, len(kept)))
    # A mark is of a label: one that was changed since is to be judged again.
    now = {image: int(columns.class_ids[at]) for image, at in zip(kept, where.tolist(), strict=True) if at >= 0}
    kept = {image: label for image, label in kept.items() if now.get(image) == label}
    asked = np.asarray(image_ids, np.int64)
    at = columns.positions(asked)
    for image, place in zip(asked.tolist(), at.tolist(), strict=True):
        kept.pop(image, None)
        if keep and place >= 0 and columns.class_ids[place] >= 0:
            kept[image] = int(columns.class_ids[place])
    context.project.set_setting(KEPT, {str(image): label for image, label in sorted(kept.items())} or None)
    # No `Changes` flag: neither predictions nor trainings depend on it.
    return Changes(title=tr("Keep labels"))
