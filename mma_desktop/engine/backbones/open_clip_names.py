"""Queries of open_clip's model names that do not build a model.

open_clip is imported on the first query: it brings in torchvision and transformers, 170 MB that users of the starter do
not need.
"""

from __future__ import annotations

from typing import Any


def config(model_name: str) -> dict[str, Any]:
    """A copy of an architecture's configuration; empty if open_clip does not know it, or would ask the hub for it."""
    import open_clip

    hub = model_name.partition(":")[0] in {"hf-hub", "local-dir"}
    return {} if hub else open_clip.get_model_config(model_name) or {}


def weights_config(model_name: str, pretrained: str) -> dict[str, Any]:
    """Source and preprocessing of published weights; empty if unknown."""
    import open_clip

    return dict(open_clip.get_pretrained_cfg(model_name, pretrained))


def all_ids() -> list[str]:
    """Every "MODEL/PRETRAINED" that open_clip lists."""
    import open_clip

    return [f"{model_name}/{tag}" for model_name, tag in open_clip.list_pretrained()]
