"""Write feature files; `feature_file` reads them and documents the format."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import save_file

from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.class_names import duplicate_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.engine.backbones.backbone_table import CLIP_LOGIT_SCALE
from mma_desktop.engine.backbones.row_layout import RowLayout
from mma_desktop.engine.features.feature_file import FORMAT_VERSION, LEAST_CLASSES, MAX_FILE_BYTES, PARTS, columns_text
from mma_desktop.engine.training_data import FeatureSet, Floats

_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")


def write_feature_file(
    path: str | Path,
    class_names: Sequence[str],
    text_features: Floats,
    parts: Mapping[str, FeatureSet],
    logit_scale: float = CLIP_LOGIT_SCALE,
    *,
    layout: RowLayout | None = None,
    more: Mapping[str, NDArray[Any]] | None = None,
    about: Mapping[str, str] | None = None,
) -> Path:
    """Write features and labels in the format of `read_feature_file` and `mma-desktop benchmark`.

    >>> images = FeatureSet(np.array([[3.0, 4.0], [0.0, 2.0]]), np.array([0, 1]))
    >>> path = write_feature_file("two.safetensors", ["cat", "dog"], np.eye(2), {"train": images, "test": images})
    >>> from mma_desktop import read_feature_file
    >>> read_feature_file(path).parts["train"].features
    array([[0.6, 0.8],
           [0. , 1. ]], dtype=float32)

    Args:
        path: The file to write, replaced atomically.
        class_names: (C,) at least two.
        text_features: (C, D).
        parts: Image features (N, D) with labels (N,), indices into `class_names`, by "train", "val" and "test". Reading
            the file requires non-empty "train" and "test".
        logit_scale: The factor for cosines.
        layout: Of whole rows, whose features are (N, W); None for (N, D).
        more: Further tensors, by name.
        about: Further metadata.

    Raises:
        ValueError: Names, shapes or labels do not match, or a value is not finite.
        UserError: The folder is not writable, the disk is full, or the file would be too large to read.
    """
    path, texts = Path(path), np.asarray(text_features, np.float32)
    _check(class_names, texts, parts, None if layout is None else layout.width)
    tensors: dict[str, NDArray[Any]] = {"text_features": texts, **(more or {})}
    for part, images in parts.items():
        tensors[f"{part}_features"], tensors[f"{part}_labels"] = images.features, images.labels
    if sum(tensor.nbytes for tensor in tensors.values()) > MAX_FILE_BYTES:
        raise UserError(
            tr(
                "{path} would be larger than {limit} GB. Write fewer images; nothing was lost.",
                path=path,
                limit=MAX_FILE_BYTES >> 30,
            )
        )
    metadata = {
        **(about or {}),
        "format_version": "1" if layout is None else str(FORMAT_VERSION),
        "class_names": json.dumps(list(class_names), ensure_ascii=False),
        "logit_scale": repr(float(logit_scale)),
        **({} if layout is None else {"columns": columns_text(layout)}),
    }
    with output_path(path) as temporary:
        try:
            save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, temporary, metadata)
        except SafetensorError as error:
            raise _system_error(error) from error
    return path


def _system_error(error: SafetensorError) -> OSError:
    """Recover the system error from a safetensors error, which has it only in its text: "… (os error 28)"."""
    found = _SYSTEM_ERROR.search(str(error))
    number = int(found[1]) if found else errno.EIO
    return OSError(number, os.strerror(number) if found else str(error))


def _check(class_names: Sequence[str], texts: Floats, parts: Mapping[str, FeatureSet], width: int | None) -> None:
    count = len(class_names)
    if count < LEAST_CLASSES or duplicate_names(class_names) or not all(name.strip() for name in class_names):
        raise ValueError(f"there must be at least {LEAST_CLASSES} class names, no two the same and none empty")
    if texts.ndim != 2 or len(texts) != count or not np.isfinite(texts).all():
        raise ValueError(f"text features must be ({count}, D) finite numbers, not {texts.shape}")
    for part, images in parts.items():
        if part not in PARTS:
            raise ValueError(f"{part!r} is none of {', '.join(PARTS)}")
        if images.features.shape[1] != (width or texts.shape[1]) or not np.isfinite(images.features).all():
            raise ValueError(f"{part} features must be (N, {width or texts.shape[1]}) finite numbers")
        if len(images) and not 0 <= images.labels.min() <= images.labels.max() < count:
            raise ValueError(f"a label of {part} is not a place in the class names")
