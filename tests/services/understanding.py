"""Features of a test's own, and a small trained project."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Recipe, TrainRequest
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.methods import method_table
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.predicting import prediction
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training import project_training
from mma_desktop.services.training.project_training import TrainOutcome
from tests.steps import run

EACH = 14


def whole_rows(cache: FeatureCache, shared: np.ndarray) -> np.ndarray:
    """Rows (N, E) with these features (N, D) of the shared space and nothing beside them."""
    return np.pad(shared, [(0, 0), (0, cache.width - cache.embed_dim)]).astype(np.float32)


def train_shortly(monkeypatch: pytest.MonkeyPatch, epochs: int) -> None:
    """Let no method's own recipe take more epochs, or learn more prompts, where the accuracy is not looked at."""
    short = [
        replace(
            one,
            recipe=replace(one.recipe, max_epochs=min(one.recipe.max_epochs, epochs)),
            options=tuple(replace(each, default=4) if each.name == "prompts" else each for each in one.options),
        )
        for one in METHODS
    ]
    monkeypatch.setattr(method_table, "METHODS", tuple(short))


@contextmanager
def small_project(
    folder: Path, cache_home: Path, pictures: Path, shots: int
) -> Iterator[tuple[ProjectContext, TrainOutcome]]:
    """Half of the classes of the drawn pictures is new; trained for a few epochs, then embedded and scored."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    context = create_project(folder / "small.mma", threads=1)
    add_features(context.project.embeddings_dir)
    some = folder / "pictures"
    for one in sorted(pictures.iterdir())[:4]:
        (some / one.name).mkdir(parents=True)
        for file in sorted(one.iterdir())[:EACH]:
            shutil.copy(file, some / one.name)
    run(importing.import_paths(context, [some], CancelToken(), class_folders([some])))
    context.project.first_half_base()
    _, outcome = run(
        project_training.train(context, TrainRequest(shots=shots, recipe=Recipe(max_epochs=8)), CancelToken())
    )
    prediction.score(context, CancelToken())
    try:
        yield context, outcome
    finally:
        context.close()
        patch.undo()
