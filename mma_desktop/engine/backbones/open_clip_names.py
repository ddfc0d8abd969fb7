"""What open_clip knows by name, asked without building a model.

It is imported with the first question, not with this module: it brings torchvision and transformers along, 170 MB that
nobody needs who stays with the starter.
"""

from __future__ import annotations

from typing import Any


def embed_dim(model_name: str) -> int | None:
    """The embedding size of an architecture, or None when open_clip has none of this name."""
    if model_name.partition(":")[0] in {"hf-hub", "local-dir"}:
        return None
    import open_clip

    config = open_clip.get_model_config(model_name)
    return int(config["embed_dim"]) if config else None


def config(model_name: str) -> dict[str, Any]:
    """A copy of an architecture's configuration; empty when there is none of this name."""
    import open_clip

    return open_clip.get_model_config(model_name) or {}


def weights_config(model_name: str, pretrained: str) -> dict[str, Any]:
    """Where the weights of a tag are published and how pictures are prepared for them; empty when unknown."""
    import open_clip

    return dict(open_clip.get_pretrained_cfg(model_name, pretrained))


def has_weights(model_name: str, pretrained: str) -> bool:
    """Whether open_clip lists these weights."""
    return bool(weights_config(model_name, pretrained))


def all_ids() -> list[str]:
    """Every "MODEL/PRETRAINED" that open_clip lists."""
    import open_clip

    return [f"{model_name}/{tag}" for model_name, tag in open_clip.list_pretrained()]


def source(model_name: str, pretrained: str) -> str:
    """The repository that publishes these weights, or their address."""
    known = weights_config(model_name, pretrained)
    return str(known.get("hf_hub") or known.get("url") or "").rstrip("/")
