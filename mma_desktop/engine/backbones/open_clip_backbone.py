"""Any open_clip model as a backbone, with its own configuration and weights from the hub or a file."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from open_clip import factory
from torch import nn

from mma_desktop.core.errors import UserError, first_line
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.backbones import weights
from mma_desktop.engine.backbones.backbone import Backbone, Floats
from mma_desktop.engine.backbones.backbone_table import ROW_BYTES, BackboneSpec, RowLayout, model_config, weights_config
from mma_desktop.engine.backbones.text_tower import TextParts

log = logging.getLogger(__name__)

# Increase when tokenisation changes, to invalidate caches and checkpoints.
TEXT_VERSION = 1


# Substrings of the names of models with a multilingual text encoder.
MANY_LANGUAGES = ("siglip2", "siglip-i18n", "xlm", "nllb", "mt5")


@contextmanager
def quiet() -> Iterator[None]:
    """Suppress open_clip's warnings, and its messages to the root logger."""
    # Logging to a root logger without handlers would also install one permanently.
    root, handler = logging.getLogger(), logging.NullHandler()

    def others(record: logging.LogRecord) -> bool:
        return "open_clip" not in record.pathname or record.name != "root"

    root.addHandler(handler)
    root.addFilter(others)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.removeFilter(others)
        root.removeHandler(handler)


def build_model(spec: BackboneSpec) -> nn.Module:
    """Build the architecture with random weights, configured for the tag's; UserError if it needs a file of the hub."""
    known = weights_config(spec.model_name, spec.pretrained)
    _check_no_lookalikes(spec)
    try:
        with quiet(), weights.plain_transfers():
            model: nn.Module = open_clip.create_model(
                spec.model_name,
                load_weights=False,
                precision="fp32",
                device="cpu",
                force_quick_gelu=bool(known.get("quick_gelu", False)),
                force_preprocess_cfg=known,
                pretrained_image=False,
                pretrained_text=False,
            )
    except OSError as error:
        raise weights.cannot_load(spec, tr("its text encoder's configuration is not here either")) from error
    return model.eval()


def _check_no_lookalikes(spec: BackboneSpec) -> None:
    """Check that the current folder has no file named like the model's text encoder or tokenizer on the hub.

    Raises:
        UserError: There is one, and it would be loaded instead.
    """
    config = model_config(spec.model_name).get("text_cfg", {})
    for name in (config.get("hf_model_name"), config.get("hf_tokenizer_name")):
        if name and os.path.lexists(name):
            raise UserError.tr(
                "The folder {folder} holds '{name}', which would be read in place of what is published under this "
                "name. Start the program from another folder.",
                folder=Path.cwd(),
                name=name,
            )


def load_weights(model: nn.Module, path: Path, spec: BackboneSpec) -> None:
    """Load a file's weights into the model (strict); UserError if it is damaged, or for another architecture."""
    weights.check_suffix(path)
    try:
        with quiet():
            # weights_only, so that no code in the file can run.
            factory.load_checkpoint(model, str(path), strict=True, weights_only=True, device="cpu")
    except Exception as error:  # damaged or foreign files raise almost anything
        log.warning("%s could not be loaded into %s", path, spec.model_name, exc_info=True)
        if "loading state_dict" in str(error) or isinstance(error, KeyError | AttributeError | IndexError):
            raise UserError.tr(
                "The weights in {file} are not those of {model}. Pick that model's file, or "
                "choose the backbone that this file belongs to.",
                file=path.name,
                model=spec.model_name,
            ) from error
        raise UserError.tr(
            "{file} could not be read as weights of {model}: it is damaged, or holds program "
            "code, which is never run. Pick a {suffix} file of the same model. ({reason})",
            file=path.name,
            model=spec.model_name,
            suffix=weights.SAFE_SUFFIX,
            reason=first_line(error)[:120],
        ) from error


def image_spec(model: nn.Module) -> ImageSpec:
    """open_clip's preprocessing for this model, from its attached configuration."""
    config: dict[str, Any] = dict(model.visual.preprocess_cfg)  # type: ignore[arg-type,union-attr]
    size = config["size"]
    height, width = (size, size) if isinstance(size, int) else (int(size[0]), int(size[-1]))
    if height != width:
        raise UserError.tr(
            "This model takes pictures of {width} x {height} pixels; only square inputs are supported.",
            width=width,
            height=height,
        )
    mean, std = (tuple(float(value) for value in config[name]) for name in ("mean", "std"))
    # open_clip uses bicubic for everything but bilinear.
    interpolation = "bilinear" if config["interpolation"] == "bilinear" else "bicubic"
    return ImageSpec(
        size=height,
        resize_to=height,
        mean=(mean[0], mean[1], mean[2]),
        std=(std[0], std[1], std[2]),
        interpolation=interpolation,
        resize_mode=str(config["resize_mode"]),
    )


Tokenizer = Callable[[list[str]], torch.Tensor]


def load_tokenizer(spec: BackboneSpec) -> Tokenizer:
    """Load the model's tokenizer: open_clip's own, or from the hub, cache first; UserError if that is unreachable."""
    _check_no_lookalikes(spec)
    text_config = model_config(spec.model_name).get("text_cfg", {})
    local: tuple[dict[str, Any], ...] = (
        ({"local_files_only": True}, {}) if text_config.get("hf_tokenizer_name") else ({},)
    )
    failure: Exception | None = None
    for extra in local:
        try:
            with quiet(), weights.plain_transfers():
                tokenizer: Tokenizer = open_clip.get_tokenizer(spec.model_name, **extra)
                return tokenizer
        except Exception as error:  # transformers and the hub client raise many types when offline
            log.info("tokenizer of %s not loaded with %s", spec.id, extra, exc_info=True)
            failure = error
    raise weights.cannot_load(spec, tr("its tokenizer is not here either")) from failure


def fingerprint_of(spec: BackboneSpec, weights_hash: str, images: ImageSpec) -> str:
    """Twelve hexadecimal digits that identify the weights, the model's configuration and the preprocessing."""
    known = weights_config(spec.model_name, spec.pretrained)
    parts = {
        "model": spec.model_name,
        "quick_gelu": bool(known.get("quick_gelu", False)),
        "config": model_config(spec.model_name),
        "weights": weights_hash,
        "spec": images.fingerprint,
        "text_version": TEXT_VERSION,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:12]


class PlainTower(nn.Module):
    """An image encoder without known internals: rows (B, D) of unit length."""

    def __init__(self, visual: nn.Module) -> None:
        super().__init__()
        self.visual = visual

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return nn.functional.normalize(self.visual(images).float(), dim=-1)


class VisionTransformerTower(nn.Module):
    """Rows of a vision transformer: features after the projection, features before it, and the mean of the patches.

    Each of the three is normalised to unit length.

    Args:
        visual: open_clip's `VisionTransformer` with a projection (P, D), which is moved to this module.
        patches: Whether a row includes the mean of the patches.
    """

    def __init__(self, visual: Any, patches: bool) -> None:
        super().__init__()
        self.projection = nn.Parameter(visual.proj.detach())
        visual.proj, visual.output_tokens = None, True
        self.visual, self.patches = visual, patches

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pooled, tokens = self.visual(images)
        before = nn.functional.normalize(pooled.float(), dim=-1)
        shared = nn.functional.normalize(before @ self.projection.float(), dim=-1)
        if not self.patches:
            return torch.cat([shared, before], dim=1)
        return torch.cat([shared, before, nn.functional.normalize(tokens.float().mean(1), dim=-1)], dim=1)


def tower_of(visual: nn.Module, embed_dim: int) -> tuple[nn.Module, RowLayout]:
    """The image encoder as a tower, and the layout of its rows."""
    # Only a vision transformer that pools its first token and ends in a matrix has features before a projection. The
    # patches are omitted if a row would be longer than `ROW_BYTES`.
    matrix = getattr(visual, "proj", None)
    plain = getattr(visual, "pool_type", "") in {"tok", "avg"} and getattr(visual, "attn_pool", None) is None
    if not (isinstance(matrix, nn.Parameter) and matrix.ndim == 2 and plain):
        return PlainTower(visual), RowLayout.plain(embed_dim)
    end = embed_dim + len(matrix)
    longest = (end + len(matrix)) * np.dtype(np.float16).itemsize
    patches = visual.pool_type == "tok" and longest <= ROW_BYTES
    layout = RowLayout(embed_dim, end + len(matrix) if patches else end, (embed_dim, end))
    return VisionTransformerTower(visual, patches), layout


class OpenClipBackbone(Backbone):
    """An open_clip model. SigLIP's logit bias is dropped: it is equal for all classes, so it cancels in the softmax."""

    def __init__(
        self,
        spec: BackboneSpec,
        model: nn.Module,
        tokenizer: Tokenizer,
        weights_hash: str,
        device: torch.device,
        messages: Sequence[str],
    ) -> None:
        images = image_spec(model)
        self._tokenizer = tokenizer
        self.many_languages = any(word in spec.model_name.lower() for word in MANY_LANGUAGES)
        scale = float(model.logit_scale.detach().float().exp().max())  # type: ignore[operator]
        fingerprint = fingerprint_of(spec, weights_hash, images)
        tower, layout = tower_of(model.visual, spec.embed_dim)  # type: ignore[arg-type]
        model.visual = tower  # registers it as a submodule, so that it moves to the device
        super().__init__(spec.id, fingerprint, layout, scale, images, device, tower, messages, model=model)

    def need_projection(self) -> Floats:
        if not isinstance(self.tower, VisionTransformerTower):
            return super().need_projection()
        return self.tower.projection.detach().float().cpu().numpy().copy()

    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        return self._encode_tokens(self._tokenise(texts).to(self.device))

    def _text_parts(self) -> TextParts:
        module = nn.ModuleList([part for name, part in self._model.named_children() if name != "visual"])
        return TextParts(module, self._tokenise, self._encode_tokens)

    def _tokenise(self, texts: Sequence[str]) -> torch.Tensor:
        return self._tokenizer(list(texts))

    def _encode_tokens(self, tokens: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self._model.encode_text(tokens)  # type: ignore[operator]
        return features


def load_open_clip(
    spec: BackboneSpec,
    device: torch.device,
    weights_file: Path | None = None,
    progress: weights.ByteProgress | None = None,
    cancel: CancelToken | None = None,
    messages: Sequence[str] = (),
) -> OpenClipBackbone:
    """Load an open_clip model with weights from `weights_file`, the hub cache or the hub, in this order.

    Raises:
        UserError: There is no network and nothing cached, or the file is for another model; the message lists the
            options.
        Cancelled: The load was cancelled.
    """
    cancel = cancel or CancelToken()
    path = weights_file or weights.cached_weights(spec) or weights.download_weights(spec, progress, cancel)
    cancel.raise_if_cancelled()
    tokenizer = load_tokenizer(spec)
    cancel.raise_if_cancelled()
    model = build_model(spec)
    load_weights(model, path, spec)
    cancel.raise_if_cancelled()
    return OpenClipBackbone(spec, model, tokenizer, weights.content_hash(path), device, messages)
