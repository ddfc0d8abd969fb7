"""Spot checks: a dozen random images, of which a person says which are wrong, tell how many of all are right.

A check is a simple random sample of one stratum: the names that are predicted, None of these, the labels that accept a
prediction, or the folder of a class. The project keeps what was drawn (`SETTING`), since other answers are about images
that were chosen for being hard and tell nothing of the rest.

In the beta-binomial model the prior is what was said of the drawn images, worth as many of them as its range tells. By
how much the log-odds of its mean differ from the posterior's, those of the stratum's images are off; so a check also
tells of what is left of a stratum once its easy images were accepted.
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
from mma_desktop.services.image_index import Ids

Wide = NDArray[np.floating[Any]]
SETTING = "spot_checks"
DOZEN = 12
NAMED, NONE, ACCEPTED = 0, -1, -2
"""Strata: predicted names, None of these and accepted labels; that of a class, with both, is its id."""
MOST = 4 * DOZEN
"""Images that what is said is worth at most, so that five checks outweigh it however sure it is."""
WORTH = 0.05
"""By which part a check must be expected to narrow the range of all images, to be offered."""
KEPT = 200
"""Checks that are kept, the newest; more would narrow no range that is shown in whole percent."""
NORMAL = 1.96
EDGE = 1e-3
"""Probabilities are not nearer to 0 or 1 here: one wrong image of those that are sure would move all by far."""


class Drawn(NamedTuple):
    """An image, the class that the folder says (`NONE` for None of these) and how likely that was right."""

    image: int
    said: int
    probability: float
    right: bool = True


class Check(NamedTuple):
    """A sample of a stratum, drawn when so many labels were set by hand."""

    of: int
    labels: int
    pictures: tuple[Drawn, ...]


def stored(context: ProjectContext) -> str:
    """The checks of a project as JSON, which is their version, too."""
    return json.dumps(context.project.setting(SETTING, []))


def read(text: str) -> list[Check]:
    """The checks in `stored`; none if that is of another version."""
    try:
        return [
            Check(int(of), int(labels), tuple(Drawn(int(a), int(b), float(c), bool(d)) for a, b, c, d in pictures))
            for of, labels, pictures in json.loads(text)
        ]
    except (TypeError, ValueError):
        return []


def keep(context: ProjectContext, check: Check, wrong: Collection[int]) -> Changes:
    """Write what a person said of a check, as one step of undo: other labels are right, wrong accepted ones go."""
    here = context.index.columns.positions(np.array([one.image for one in check.pictures])) >= 0
    pictures = [
        one._replace(right=one.image not in wrong) for one, is_here in zip(check.pictures, here, strict=True) if is_here
    ]
    columns = context.index.columns
    accepted = columns.proposed[columns.positions(np.array([one.image for one in pictures], np.int64))]
    every = [*read(stored(context)), check._replace(pictures=tuple(pictures))][-KEPT:]
    return context.project.spot_check(
        [(one.image, one.said) for one in pictures if one.right],
        [one.image for one, by_model in zip(pictures, accepted, strict=True) if by_model and not one.right],
        SETTING,
        json.dumps(every),
    )


def drawn(
    of: int | None,
    ids: Ids,
    strata: Ids,
    said: Ids,
    probabilities: Wide,
    labels: int,
    lost: Ids,
    checks: Sequence[Check],
) -> Check | None:
    """A sample of a stratum of these images (N,), without lost ones; None of an empty one.

    It is the same until another check is kept or the number of images in the stratum changes.
    """
    if of is None:
        return None
    members = np.flatnonzero(((said if of > NAMED else strata) == of) & ~np.isin(ids, lost))
    draw = np.random.default_rng([len(checks), of - ACCEPTED, len(members)])
    chosen = draw.permutation(members)[:DOZEN]
    columns = (ids[chosen].tolist(), said[chosen].tolist(), probabilities[chosen].tolist())
    return Check(of, labels, tuple(map(Drawn, *columns))) if len(chosen) else None


class Stratum(NamedTuple):
    """What is said of a stratum's N images: their mean probability, and how many the prior is worth; its variance."""

    pictures: int
    mean: float
    worth: float
    variance: float

    @classmethod
    def of(cls, values: Wide, rows: slice) -> Stratum:
        """From what is said of its images, `claims._values` (R, N), off by these rows; the variance is of the sum."""
        moved = values[rows].sum(axis=1)
        variance = float(np.square(moved).sum()) / 2 / NORMAL**2  # half of the rows are downwards, half upwards
        count, mean = values.shape[1], float(np.clip(values[0].mean(), EDGE, 1 - EDGE)) if values.shape[1] else 0.5
        return cls(count, mean, mean * (1 - mean) * count**2 / max(variance, 1e-9) - 1, variance)

    def gain(self, n: int = DOZEN) -> float:
        """By how much `n` drawn images are expected to lower the variance of how many are right."""
        worth = min(max(self.worth, 0.0), MOST)
        return self.variance * min(n, self.pictures) / (worth + n + 1)


def most_telling(values: Wide, strata: Ids, deviation: float, together: int) -> int | None:
    """The stratum whose check narrows the range of all images most, of this standard deviation of their number."""
    found = {of: Stratum.of(values[:, strata == of], slice(2, 2 + together)).gain() for of in (NAMED, NONE, ACCEPTED)}
    best = max(found, key=found.__getitem__)
    return best if found[best] > (1 - (1 - WORTH) ** 2) * deviation**2 else None


def informed(values: Wide, strata: Ids, class_ids: Ids, checks: Sequence[Check], labels: int, together: int) -> Wide:
    """What is said of N images, `claims._values` (R, N), as checks tell.

    A check of a class tells of all rows of its images; one of another stratum of those that are off `together`. It
    counts less as more labels are set by hand than when it was drawn, by another model (a power prior, Ibrahim and Chen
    2000).
    """
    values = values.copy()
    for of in {check.of for check in checks}:
        members = np.flatnonzero((strata if of <= NAMED else class_ids) == of)
        if not len(members):
            continue
        rows = slice(2, None if of > NAMED else 2 + together)
        found = [(min(1.0, one.labels / max(1, labels)), one.pictures) for one in checks if one.of == of]
        n = sum(weight * len(pictures) for weight, pictures in found)
        right, said = (
            sum(weight * getattr(one, field) for weight, pictures in found for one in pictures)
            for field in ("right", "probability")
        )
        stratum = Stratum.of(values[:, members], rows)
        if not n or stratum.variance <= 0:
            continue
        worth, before = min(max(stratum.worth, 0.0), MOST), float(np.clip(said / n, EDGE, 1 - EDGE))
        after = float(np.clip((before * worth + right) / (worth + n), EDGE, 1 - EDGE))
        by = math.log(after / (1 - after)) - math.log(before / (1 - before))
        own = values[:, members]
        own[0] = own[0] / (own[0] + (1 - own[0]) * math.exp(-by))
        own[1] = own[0] * (1 - own[0])
        deviation = math.sqrt(after * (1 - after) / (worth + n + 1)) * stratum.pictures
        own[rows] *= min(1.0, deviation / math.sqrt(stratum.variance))
        values[:, members] = own
    return values
