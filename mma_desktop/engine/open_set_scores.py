"""Which predictions are None of these: what speaks for and against each, and the thresholds. Without torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]
Flags = NDArray[np.bool_]
# Below every score and margin.
NO_THRESHOLD = -2.0


Line = tuple[float, float]
CERTAIN_ODDS: Line = (50.0, 0.0)  # known whatever the score: e^-50 is no probability that a float32 shows
FAR_KNOWN = 0.1  # probability that an image far from all shots shows a class: that many are, if found among others
MIN_KNOWN = 1e-6  # probability, so that a confidence which was multiplied by it can be divided by it again
# Beyond every score and margin.
FAR = 1e6


class Thresholds(NamedTuple):
    """Below what an image is None of these: its score, or its margin where the text of a name decides.

    `odds` and `text` are offset and slope of the logarithm of the odds that an image with such a score, or margin,
    shows one of the classes. Without `odds` the score itself is the probability, but for `far_known`, the least of all.
    Below `NO_THRESHOLD` are the scores of images far from all shots alone. Near ones cannot tell their odds, which are
    those of `far_known`.
    """

    score: float = NO_THRESHOLD
    margin: float = NO_THRESHOLD
    odds: Line | None = CERTAIN_ODDS
    text: Line = CERTAIN_ODDS
    far_known: float = FAR_KNOWN

    def known(self, scores: NDArray[np.floating], margins: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N,) probability that images with these scores and margins (NaN where no text decides) show a class."""
        scores, margins = (np.asarray(part, np.float64) for part in (scores, margins))
        known = scores.clip(self.far_known, 1)
        if self.odds is not None:
            far = scores < min(self.score, NO_THRESHOLD)
            known = np.where(far, self.far_known, _sigmoid(self.odds, scores))
        return np.maximum(np.where(np.isnan(margins), known, _sigmoid(self.text, margins)), MIN_KNOWN)


# Nothing is None of these.
NEVER = Thresholds(-np.inf, -np.inf)


def _sigmoid(line: Line, at: NDArray[np.float64]) -> NDArray[np.float64]:
    offset, slope = line
    odds = offset + slope * np.nan_to_num(at, posinf=FAR, neginf=-FAR)
    return expit(odds)


def expit(log_odds: NDArray[np.floating]) -> NDArray[np.float64]:
    """Probabilities of log odds of any shape, as `scipy.special.expit`."""
    # scipy.special takes 0.25 s to import, before the first fit; exp of more than 709 overflows.
    probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(np.asarray(log_odds, np.float64), -700, 700)))
    return probabilities


@dataclass(frozen=True, eq=False)
class OpenSetScores:
    """What speaks for and against the best names of N images.

    Attributes:
        scores: (N,) how much the asked names that were trained claim the image (`methods.open_set`).
        margins: (N,) how much nearer it is to the text of the best name than to others, if the name was not trained, so
            that its text decides alone. NaN where it was; inf where the backbone knows no `background`.
    """

    scores: Features
    margins: Features

    @property
    def by_text(self) -> Flags:
        """(N,) whether the text of the best name decides alone."""
        return ~np.isnan(self.margins)

    def rejected(self, thresholds: Thresholds) -> Flags:
        """(N,) which images show none of the names."""
        return np.where(self.by_text, self.margins < thresholds.margin, self.scores < thresholds.score)

    def exported_scores(self, thresholds: Thresholds) -> Features:
        """(N,) the scores that an exported classifier gives; `FAR` or its negative where the text alone decides."""
        text = np.where(self.margins < thresholds.margin, -FAR, FAR)
        return np.where(self.by_text, text, np.maximum(self.scores, -FAR)).astype(np.float32)

    def known(self, thresholds: Thresholds) -> NDArray[np.float64]:
        """(N,) how likely each image shows one of the names."""
        return thresholds.known(self.scores, self.margins)

    @classmethod
    def join(cls, parts: Sequence[OpenSetScores]) -> OpenSetScores:
        """Concatenate what was found for several groups of images."""
        columns = zip(*((part.scores, part.margins) for part in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    def part(self, rows: slice | NDArray[np.int64] | Flags) -> OpenSetScores:
        return OpenSetScores(self.scores[rows], self.margins[rows])
