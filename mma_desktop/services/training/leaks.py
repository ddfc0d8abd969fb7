"""Near-duplicates in both the training and the test set of a training."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.types import TrainRequest, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.duplicates import near_duplicates
from mma_desktop.services.training.snapshot import uses_of


@dataclass(frozen=True, slots=True)
class Leak:
    """A picture in both training and test set: ids of its copies among the shots and among the test images."""

    shots: tuple[int, ...]
    tests: tuple[int, ...]


def leaks(context: ProjectContext, request: TrainRequest, token: CancelToken) -> Generator[Progress, None, list[Leak]]:
    """Pictures with one copy among the shots of a training and another among its test images.

    Raises:
        Cancelled: `token` was set.
    """
    uses = uses_of(context, request)
    asked = np.array([one for one, use in uses.items() if use is not Use.VALIDATION], np.int64)
    groups = yield from near_duplicates(context, token, asked)
    found = []
    for group in groups:
        shots = tuple(one for one in group.ids if uses[one] is Use.SHOT)
        tests = tuple(one for one in group.ids if uses[one] is Use.TEST)
        if shots and tests:
            found.append(Leak(shots, tests))
    return found
