"""Getting the slow imports out of the way while the person looks at the welcome page."""

from __future__ import annotations

import importlib
from collections.abc import Generator

from mma_desktop.domain import CancelToken, Progress
from mma_desktop.words import tr

FIRST_STEP = "mma_desktop.engine.training"  # the first optimiser step of a process costs a second: it makes one

# In the order of need; each import holds the interpreter for a while, so the window gets a turn between two of them.
MODULES = (
    "mma_desktop.store",
    "torch",
    "torchvision",
    "timm",
    "transformers",
    "mma_desktop.engine.backbones.loading",
    "mma_desktop.engine.backbones.starter",
    "mma_desktop.engine.features",
    FIRST_STEP,
    "mma_desktop.engine.checkpoint",
)


def warm_up(token: CancelToken) -> Generator[Progress, None, None]:
    """Import what the engine needs, one module at a time."""
    for number, name in enumerate(MODULES):
        token.raise_if_cancelled()
        importlib.import_module(name)
        if name == FIRST_STEP:
            importlib.import_module(name).warm_up()
        yield Progress(number + 1, len(MODULES), tr("Getting ready"))
