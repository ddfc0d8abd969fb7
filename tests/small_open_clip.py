"""Small open_clip models with random weights: the real path without a download."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import open_clip
import torch
from open_clip import factory
from safetensors.torch import save_file

from mma_desktop.engine.backbones import open_clip_backbone

TINY: dict[str, Any] = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
    "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}
"""An architecture as open_clip reads it."""
factory.SimpleTokenizer = cache(factory.SimpleTokenizer)  # reading its merges takes 0.3 s for each model


@contextmanager
def architectures(folder: Path, configs: Mapping[str, dict[str, Any]]) -> Iterator[None]:
    """These architectures are among open_clip's own until the block ends; ``folder`` takes their files."""
    for name, config in configs.items():
        (folder / f"{name}.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder)
    try:
        yield
    finally:
        factory._MODEL_CONFIG_PATHS.remove(folder)  # open_clip has no way to take one out again
        for name in configs:
            factory._MODEL_CONFIGS.pop(name)


def build(name: str, **options: object) -> torch.nn.Module:
    """A model of an architecture that open_clip knows, always with the same random weights."""
    torch.manual_seed(0)
    with open_clip_backbone.quiet():
        model = open_clip.create_model(name, load_weights=False, **options).eval()
    with torch.no_grad():
        model.logit_scale.fill_(3.0)
    return model


def write_weights(name: str, path: Path) -> Path:
    """The weights of such a model as a file; its path."""
    save_file(build(name).state_dict(), path)
    return path
