"""Answers of a classifier by confidence, and when one is not given at all. Standard library only, below `domain`."""

from __future__ import annotations

from dataclasses import dataclass

from mma_desktop.core.i18n import later

NONE_OF_THESE = later("None of these")  # what is said in place of a class that was rejected


@dataclass(frozen=True, slots=True)
class Answers:
    """How sure the answers among all class names were, and how many right.

    Aligned and by rising confidence: `counts[i]` images had the confidence `levels[i]` (0 to 1), `correct[i]` of them
    were right.
    """

    levels: tuple[float, ...]
    counts: tuple[int, ...]
    correct: tuple[int, ...]


def is_rejected(confidence: float, reject: float) -> bool:
    """Whether an answer is too unsure to be given: its confidence is below the threshold `reject` (0 is never)."""
    return confidence < reject
