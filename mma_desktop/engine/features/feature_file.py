"""Feature files: image and text features of a data set, without its images, as one `.safetensors`.

Tensors `train_features, val_features, test_features` (N, D) of any floating type with `train_labels, val_labels,
test_labels` (N,) integer, and `text_features` (C, D). Metadata: `class_names`, a JSON list of C names; `logit_scale` if
it is not CLIP's 100. The validation part may be missing or empty.

Image features may be whole rows (N, W): the first D columns, which texts are compared with, then visual features. The
metadata then has `columns`, JSON such as {"shared": [0, 1280], "visual": [1280, 2696], "probe": [0, 1280]}, each from
a column up to another, where `probe` is what a linear probe reads.
"""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from mma_desktop.core.atomic_io import open_regular, output_path
from mma_desktop.core.class_names import duplicate_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_json import parsed
from mma_desktop.engine.backbones.backbone_table import CLIP_LOGIT_SCALE, RowLayout
from mma_desktop.engine.training_data import FeatureSet, Floats

MAX_FILE_BYTES = 8 << 30  # a million rows of the widest backbone in half precision
FORMAT_VERSION = 2  # "format_version" in the metadata; 1 if missing, which has no whole rows
PARTS = ("train", "val", "test")
TENSORS = {"text_features", *(f"{part}_{kind}" for part in PARTS for kind in ("features", "labels"))}
MIN_CLASSES = 2  # among one, everything is right
LONGEST_ROW = 1 << 20  # numbers; above any encoder
# Limit for feature values, whose squares must not overflow.
LARGEST = 1e15
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")


@dataclass(frozen=True, eq=False)
class FeatureFile:
    """Contents of a feature file. `digest` identifies them, `parts` are named as in `PARTS`.

    `layout` says what the columns of the parts' features are: of whole rows, only the first `embed_dim` are compared
    with `text_features`.
    """

    class_names: tuple[str, ...]
    text_features: Floats
    parts: dict[str, FeatureSet]
    logit_scale: float
    digest: str
    layout: RowLayout


def read_feature_file(path: str | Path) -> FeatureFile:
    """Read a feature file; what is compared with texts is normalised.

    Raises:
        UserError: It is missing, damaged, or not a feature file; the message says what is wrong.
    """
    path = Path(path)
    try:
        with open_regular(path, MAX_FILE_BYTES) as handle:
            str(path).encode()  # safetensors opens no other path, and says so differently in each version
            with safe_open(str(path), "pt") as file:  # numpy does not support bfloat16
                arrays = {name: file.get_tensor(name) for name in TENSORS & set(file.keys())}
                metadata = file.metadata() or {}
            tensors = {
                name: (part.float() if part.is_floating_point() else part).numpy() for name, part in arrays.items()
            }
            digest = hashlib.file_digest(handle, "sha256").hexdigest()[:12]
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeEncodeError as error:
        raise UserError(
            f"{path} cannot be read: its name, or that of a folder above it, is not valid Unicode. Rename it."
        ) from error
    except SafetensorError as error:
        raise UserError(f"{path} is not a .safetensors file, or is damaged.") from error
    _check_version(metadata, path)
    class_names = _class_names(metadata, path)
    texts = _features(tensors, "text_features", path)
    if len(texts) != len(class_names):
        raise UserError(
            f"{path}: {len(class_names)} class names and {len(texts)} text features do not belong together."
        )
    layout = _layout(metadata, texts.shape[1], path)
    parts = {part: _part(tensors, part, layout, len(class_names), path) for part in PARTS}
    for part in ("train", "test"):
        if not len(parts[part]):
            raise UserError(f"{path}: it has no {part}_features, which a benchmark needs.")
    return FeatureFile(class_names, texts, parts, _scale(metadata, path), digest, layout)


def _check_version(metadata: dict[str, str], path: Path) -> None:
    number = metadata.get("format_version", "1")
    if not re.fullmatch("[1-9][0-9]{0,8}", number):
        raise UserError(f"{path}: its 'format_version' is not a whole number.")
    if int(number) > FORMAT_VERSION:
        raise UserError(
            f"{path} was written by a newer version of mma-desktop (format {number}; this one reads up to "
            f"{FORMAT_VERSION}). Update mma-desktop to use it."
        )


def _class_names(metadata: dict[str, str], path: Path) -> tuple[str, ...]:
    try:
        names = parsed(metadata.get("class_names", ""))
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        raise UserError(f"{path}: its metadata lacks 'class_names', a JSON list of names.")
    if len(names) < MIN_CLASSES or duplicate_names(names):
        raise UserError(f"{path}: there must be at least {MIN_CLASSES} class names, no two the same.")
    return tuple(names)


def _scale(metadata: dict[str, str], path: Path) -> float:
    try:
        scale = float(metadata.get("logit_scale", CLIP_LOGIT_SCALE))
    except ValueError:
        scale = math.nan
    if not 0 < scale < math.inf:
        raise UserError(f"{path}: its 'logit_scale' is not a positive number.")
    return scale


def _layout(metadata: dict[str, str], width: int, path: Path) -> RowLayout:
    if "columns" not in metadata:
        return RowLayout.plain(width)
    try:
        columns = parsed(metadata["columns"])
        (zero, shared), (first, end), (low, high) = (columns[name] for name in ("shared", "visual", "probe"))
    except (ValueError, KeyError, TypeError):
        zero = shared = first = end = low = high = None
    numbers = (zero, shared, first, end, low, high)
    if not all(type(number) is int for number in numbers) or not (
        zero == 0 and shared == width == first <= end <= LONGEST_ROW and 0 <= low < high <= end
    ):
        raise UserError(f"{path}: its 'columns' do not say what is in which column of the image features.")
    return RowLayout(width, end, (low, high))


def _features(tensors: dict[str, NDArray[Any]], name: str, path: Path, shared: int | None = None) -> Floats:
    features = tensors.get(name)
    if features is None or features.ndim != 2 or features.dtype.kind != "f":
        raise UserError(f"{path}: it lacks '{name}', a matrix of floating numbers.")
    if features.size and not np.abs(features).max() < LARGEST:  # written this way to reject NaN
        raise UserError(f"{path}: '{name}' holds something that is not a number.")
    unit: Floats = features.astype(np.float32)
    part = unit[:, :shared]
    part /= np.linalg.norm(part, axis=1, keepdims=True).clip(1e-12)
    return unit


def _part(tensors: dict[str, NDArray[Any]], part: str, layout: RowLayout, classes: int, path: Path) -> FeatureSet:
    width = layout.width
    if part == "val" and "val_features" not in tensors:
        return FeatureSet.empty(width)
    features = _features(tensors, f"{part}_features", path, layout.embed_dim)
    labels = tensors.get(f"{part}_labels")
    if labels is None or labels.dtype.kind not in "iu" or labels.shape != (len(features),):
        raise UserError(f"{path}: '{part}_labels' is not one whole number for each of '{part}_features'.")
    if features.shape[1] != width:
        raise UserError(f"{path}: '{part}_features' has {features.shape[1]} columns instead of {width}.")
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise UserError(f"{path}: '{part}_labels' has a label that is not a place in 'class_names'.")
    return FeatureSet(features, labels.astype(np.int64))


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
    _check_given(class_names, texts, parts, None if layout is None else layout.width)
    tensors: dict[str, NDArray[Any]] = {"text_features": texts, **(more or {})}
    for part, images in parts.items():
        tensors[f"{part}_features"], tensors[f"{part}_labels"] = images.features, images.labels
    if sum(tensor.nbytes for tensor in tensors.values()) > MAX_FILE_BYTES:
        raise UserError.tr(
            "{path} would be larger than {limit} GB. Write fewer images; nothing was lost.",
            path=path,
            limit=MAX_FILE_BYTES >> 30,
        )
    metadata = {
        **(about or {}),
        "format_version": "1" if layout is None else str(FORMAT_VERSION),
        "class_names": json.dumps(list(class_names), ensure_ascii=False),
        "logit_scale": repr(float(logit_scale)),
    }
    if layout is not None:
        shared, whole = layout.embed_dim, layout.width
        columns = {"shared": [0, shared], "visual": [shared, whole], "probe": list(layout.probe)}
        metadata["columns"] = json.dumps(columns)
    with output_path(path) as temporary:
        try:
            save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, temporary, metadata)
        except SafetensorError as error:
            raise _system_error(error) from error
    return path


def _system_error(error: SafetensorError) -> OSError:
    """Recover the system error from a safetensors error, which has it only in its text: "… (os error 28)"."""
    match = _SYSTEM_ERROR.search(str(error))
    number = int(match[1]) if match else errno.EIO
    return OSError(number, os.strerror(number) if match else str(error))


def _check_given(class_names: Sequence[str], texts: Floats, parts: Mapping[str, FeatureSet], width: int | None) -> None:
    count = len(class_names)
    if count < MIN_CLASSES or duplicate_names(class_names) or not all(name.strip() for name in class_names):
        raise ValueError(f"there must be at least {MIN_CLASSES} class names, no two the same and none empty")
    if texts.ndim != 2 or len(texts) != count or not np.isfinite(texts).all():
        raise ValueError(f"text features must be ({count}, D) finite numbers, not {texts.shape}")
    for part, images in parts.items():
        if part not in PARTS:
            raise ValueError(f"{part!r} is none of {', '.join(PARTS)}")
        if images.features.shape[1] != (width or texts.shape[1]) or not np.isfinite(images.features).all():
            raise ValueError(f"{part} features must be (N, {width or texts.shape[1]}) finite numbers")
        if len(images) and not 0 <= images.labels.min() <= images.labels.max() < count:
            raise ValueError(f"a label of {part} is not a place in the class names")
