"""Predictions binned by confidence. Standard library only, so that `core.types` can use it."""

from __future__ import annotations

from dataclasses import dataclass

from mma_desktop.core.i18n import later

NONE_OF_THESE = later("None of these")  # shown in place of a rejected class
USUAL_LIMIT = 0.5
"""Predictions below this confidence are unsure when pictures are sorted, unless another limit is given."""


@dataclass(frozen=True, slots=True)
class ConfidenceHistogram:
    """Distribution of confidence and correctness over predictions among all class names.

    Entries are aligned and sorted by confidence: `counts[i]` images had confidence `levels[i]` (0 to 1), of which
    `correct[i]` were predicted correctly.
    """

    levels: tuple[float, ...]
    counts: tuple[int, ...]
    correct: tuple[int, ...]
