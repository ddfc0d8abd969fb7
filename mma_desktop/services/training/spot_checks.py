"""Spot checks: a dozen random images, of which a person says which are wrong, tell how many of all are right.

A check is a simple random sample of what nobody looked at in one stratum: the names that are predicted, None of these,
the labels that accept a prediction, or the folder of a class. The project keeps what was drawn (`SETTING`), since other
answers are about images that were chosen for being hard and tell nothing of the rest.

How much of a stratum is right has a beta distribution: what is said of it, worth as many images as its range tells, and
what was found. If a check contradicts what is said, that is worth a dozen at most. It counts less as more of the labels
were set by hand since, as another model says it then, and as the stratum shrinks, since the easy ones leave it first (a
power prior, Ibrahim and Chen 2000).
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.events import Changes
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids, looked_up

Floats = NDArray[np.floating[Any]]
SETTING = "spot_checks"
SAMPLE_SIZE = 12  # images of a check
NAMED, NONE, ACCEPTED = 0, -1, -2
"""Strata: predicted names, None of these and accepted labels; that of a class, with both, is its id."""
MIN_GAIN = 0.1
"""By which part a check must be expected to narrow the range of all images, to be offered."""
MAX_CHECKS = 200
"""Checks that are kept, the newest; more would narrow no range that is shown in whole percent."""
Z_95 = 1.96  # as in `claims`
EPSILON = 1e-3
"""Probabilities are not nearer to 0 or 1 here: one wrong image of those that are sure would move all by far."""


class CheckedImage(NamedTuple):
    """An image, the class that the folder says (`NONE` for None of these), and whether that is right."""

    image: int
    class_id: int
    right: bool = True


class Check(NamedTuple):
    """A sample of a stratum, when that had so many images, and so many labels were set by hand."""

    of: int
    labels: int
    size: int
    pictures: tuple[CheckedImage, ...]


def stored(context: ProjectContext) -> str:
    """The checks of a project as JSON, which is their version, too."""
    return json.dumps(context.spot_checks)


def read(text: str) -> list[Check]:
    """The checks in `stored`; none if that is of another version."""
    try:
        return [
            Check(
                int(of),
                max(0, int(float(labels))),
                int(float(size)),
                tuple(CheckedImage(int(a), int(b), bool(c)) for a, b, c in pictures),
            )
            for of, labels, size, pictures in json.loads(text)
        ]
    except (TypeError, ValueError, OverflowError):
        return []


def confirmed(context: ProjectContext) -> frozenset[int]:
    """Ids of right images of checks of accepted labels, or of classes: as typical as what is accepted."""
    pictures = (item for check in read(stored(context)) if check.of not in (NAMED, NONE) for item in check.pictures)
    return frozenset(item.image for item in pictures if item.right)


def store_check(context: ProjectContext, check: Check, wrong: Collection[int]) -> Changes:
    """Write what a person says of a check, as one step of undo: other labels are right, wrong accepted ones go.

    Images that are gone or have a problem by now tell nothing, nor do those of a class that is gone.
    """
    columns, kinds = context.index.columns, {NONE, *(item.id for item in context.classes)}
    where = columns.positions(np.array([item.image for item in check.pictures]))
    usable, accepted = (looked_up(column, where, False) for column in (columns.usable, columns.proposed))
    counted = [
        (item._replace(right=item.image not in wrong), by_model)
        for item, here, by_model in zip(check.pictures, usable, accepted, strict=True)
        if here and item.class_id in kinds
    ]
    every = [*read(stored(context)), check._replace(pictures=tuple(item for item, _ in counted))][-MAX_CHECKS:]
    return context.project.spot_check(
        [(item.image, item.class_id) for item, _ in counted if item.right],
        [item.image for item, by_model in counted if by_model and not item.right],
        SETTING,
        json.dumps(every),
    )


def draw_check(
    ids: Ids, strata: Ids, class_ids: Ids, labels: int, checks: Sequence[Check], of: int, without: Ids
) -> Check | None:
    """A sample of a stratum of these images (N,), without some (ids); None where no other is left.

    It is the same until another check is kept or the number of images in the stratum changes.
    """
    inside = (class_ids if of > NAMED else strata) == of
    members = np.flatnonzero(inside & ~np.isin(ids, without))
    draw = np.random.default_rng([len(checks), of - ACCEPTED, len(members)])
    chosen = draw.permutation(members)[:SAMPLE_SIZE]
    pictures = tuple(map(CheckedImage, ids[chosen].tolist(), class_ids[chosen].tolist()))
    return Check(of, labels, int(inside.sum()), pictures) if len(chosen) else None


def _checked(checks: Sequence[Check], of: int, labels: int, strata: Ids, size: int) -> tuple[float, float]:
    """How many images were checked in a stratum, and how many were right, as far as that still counts."""
    n = right = 0.0
    accepted = int((strata == ACCEPTED).sum())  # beside many of these, few labels change the model little
    for check in checks:
        if check.of == of:
            same_model = 1.0 if check.labels >= labels else (check.labels + accepted) / (labels + accepted)
            weight = same_model * min(1.0, size / max(1, check.size))
            n += weight * len(check.pictures)
            right += weight * sum(picture.right for picture in check.pictures)
    return n, right


def _stratum(values: Floats, rows: slice) -> tuple[float, float]:
    """The mean of `claims._values` (R, N), and the standard deviation of that as these rows are off."""
    variance = float(np.square(values[rows].sum(axis=1)).sum()) / 2 / Z_95**2  # one half of the rows is downwards
    mean = float(np.clip(values[0].mean(), EPSILON, 1 - EPSILON))
    return mean, max(math.sqrt(variance) / values.shape[1], EPSILON)


def most_informative(values: Floats, strata: Ids, checks: Sequence[Check], labels: int, together: int) -> int | None:
    """The stratum whose check narrows the range of all images most; None if by less than `MIN_GAIN`.

    Its number of images squared, times by how much a dozen lowers the variance of the share that is right, if what is
    said is worth a dozen at most. `values` are `claims._values` (R, N) before the checks.
    """
    total, best, most = 0.0, None, 0.0
    for of in (NAMED, NONE, ACCEPTED):
        if (members := strata == of).any():
            size, (mean, deviation) = int(members.sum()), _stratum(values[:, members], slice(2, 2 + together))
            n, right = _checked(checks, of, labels, strata, size)
            worth = min(max(mean * (1 - mean) / deviation**2 - 1, 0.0), SAMPLE_SIZE)
            mean, worth = (mean * worth + right + 1) / (worth + n + 2), worth + n + 2  # the rule of succession
            total += (variance := size**2 * mean * (1 - mean) / (worth + 1))
            if (gain := variance * SAMPLE_SIZE / (worth + SAMPLE_SIZE + 1)) > most:
                best, most = of, gain
    return best if most > (1 - (1 - MIN_GAIN) ** 2) * total else None


def posterior_values(
    values: Floats, strata: Ids, class_ids: Ids, checks: Sequence[Check], labels: int, together: int
) -> Floats:
    """What is said of N images, `claims._values` (R, N), as checks tell.

    A check of a class tells of all rows of its images; one of another stratum of those that are off `together`. Images
    that got a name, or came to a class, since the newest check are no part of its sample, as after an answer that makes
    another model of None of these: all may be wrong.
    """
    values = values.copy() if checks else values
    for of in sorted({check.of for check in checks}):
        members = np.flatnonzero((strata if of <= NAMED else class_ids) == of)
        n, right = _checked(checks, of, labels, strata, len(members))
        if not n:
            continue
        rows, inside = slice(2, None if of > NAMED else 2 + together), values[:, members]
        mean, deviation = _stratum(inside, rows)
        worth = max(mean * (1 - mean) / deviation**2 - 1, 0.0)
        chance = mean * (1 - mean) * n * (worth + n) / (worth + 1)  # the variance of a beta-binomial
        contradicted = abs(right - n * mean) > Z_95 * math.sqrt(chance)
        worth = min(worth, SAMPLE_SIZE) if contradicted else worth
        after = float(np.clip((mean * worth + right) / (worth + n), EPSILON, 1 - EPSILON))
        shift = math.log(after / (1 - after)) - math.log(mean / (1 - mean))
        inside[0] = inside[0] / (inside[0] + (1 - inside[0]) * math.exp(-shift))
        inside[1] = inside[0] * (1 - inside[0])
        # One right and one wrong more, as a beta distribution near an end is skewed (after Agresti and Coull 1998).
        wide = (after * (worth + n) + 1) / (worth + n + 2)
        factor = math.sqrt(wide * (1 - wide) / (worth + n + 1)) / deviation
        inside[rows] *= factor if contradicted else min(factor, 1.0)
        # As far as another model says it by now, that may have learned to be right of all.
        fresh = n / sum(len(check.pictures) for check in checks if check.of == of)
        inside[2] = np.maximum(inside[2], (1 - fresh) * (1 - inside[0]))
        if of > NAMED:
            newest = [check for check in checks if check.of == of][-1]
            _doubt(inside, len(members) - (newest.size - len(newest.pictures)))  # these were labelled
        values[:, members] = inside
    named = strata == NAMED
    values[:, named] = _doubt(values[:, named], _named_since(strata, checks, labels))
    return values


def _doubt(values: Floats, new: int) -> Floats:
    """Lower, in place, the low end of images (R, N) of which so many are new and may all be wrong."""
    if new > 0:
        values[3] = -np.hypot(values[3], new / values.shape[1] * values[0])
    return values


def _named_since(strata: Ids, checks: Sequence[Check], labels: int) -> int:
    """How many images, at least, got a name since the newest check of names or None of these."""
    newest = next((check for check in reversed(checks) if check.of in (NAMED, NONE)), None)
    if newest is None:
        return 0
    now = int((strata == newest.of).sum())
    if newest.of == NAMED:
        return max(0, now - newest.size)
    # Labels, and all that was accepted, may have taken as many from None of these otherwise.
    taken = max(0, labels - newest.labels) + int((strata == ACCEPTED).sum())
    return min(max(0, newest.size - now - taken), int((strata == NAMED).sum()))
