"""Features of a test's own, and short trainings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.methods import method_table
from mma_desktop.engine.methods.method_table import METHODS


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
