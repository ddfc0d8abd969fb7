"""Do the slow imports in the background while the user looks at the home page."""

from __future__ import annotations

import importlib

from mma_desktop.core.events import CancelToken, Progress, Stepwise
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_json import record_checker
from mma_desktop.core.types import Evaluation
from mma_desktop.services.project_factory import clear_unfinished

# In order of need. Each import blocks the interpreter for a while, so the window gets a turn in between. Other
# backbones import what they need on top (open_clip with torchvision and transformers, 170 MB) when they are loaded.
MODULES = (
    "mma_desktop.store.project",
    "torch",
    "mma_desktop.engine.backbones.loading",
    "mma_desktop.engine.backbones.starter",
    "mma_desktop.engine.features.extraction",
    "mma_desktop.engine.training.trainer",
    "mma_desktop.engine.checkpoint",
)


def warm_up(token: CancelToken) -> Stepwise[None]:
    """Clean up after killed processes, then import what the engine needs, one module at a time."""
    clear_unfinished()
    record_checker(Evaluation)  # first needed when opening a project with trainings
    for number, name in enumerate(MODULES):
        token.raise_if_cancelled()
        importlib.import_module(name)
        yield Progress(number + 1, len(MODULES), tr("Getting ready"))
