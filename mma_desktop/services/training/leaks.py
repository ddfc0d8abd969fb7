"""Near-duplicates in both the training and the test set of a training."""

from __future__ import annotations

import numpy as np

from mma_desktop.core.class_names import name_key
from mma_desktop.core.events import CancelToken, Stepwise
from mma_desktop.core.types import Role, RunRecord, TrainRequest, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.duplicates import near_duplicates
from mma_desktop.services.training.mistakes import measured_of
from mma_desktop.services.training.snapshot import uses_of

Leak = tuple[tuple[int, ...], tuple[int, ...]]
"""A picture in both training and test set: ids of its copies among the shots and among the test images."""


def leaks(context: ProjectContext, request: TrainRequest, token: CancelToken) -> Stepwise[list[Leak]]:
    """Pictures with one copy among the shots of a training and another among its test images."""
    uses = uses_of(context, request)
    asked = np.array([image for image, use in uses.items() if use is not Use.VALIDATION], np.int64)
    groups = yield from near_duplicates(context, token, asked)
    found = []
    for group in groups:
        shots = tuple(image for image in group if uses[image] is Use.SHOT)
        tests = tuple(image for image in group if uses[image] is Use.TEST)
        if shots and tests:
            found.append((shots, tests))
    return found


def measured_copies(context: ProjectContext, run: RunRecord, token: CancelToken) -> Stepwise[int]:
    """Number of pictures a run was measured on that are copies of its shots, going by the labels as they are now."""
    shots, seed = run.settings.get("shots"), run.settings.get("seed")
    measured = {picture.image for picture in measured_of(run) or ()}
    if not isinstance(shots, int) or not isinstance(seed, int) or not measured:
        return 0
    names = zip(run.metrics["class_names"], run.metrics.get("roles", ()), strict=False)
    held_back = {name_key(name) for name, role in names if role == Role.NEW}
    new = frozenset(item.id for item in context.classes if name_key(item.name) in held_back)
    found = yield from leaks(context, TrainRequest(shots=shots, seed=seed, new_classes=new), token)
    return len(measured & {image for _, tests in found for image in tests})
