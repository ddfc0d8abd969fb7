"""Write a whole classifier: trace it, run it in its own runtime, compare, and only then move it into place."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError, first_line
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.checkpoint import CheckpointHeader
from mma_desktop.engine.export.full_model import Parts, WholeClassifier
from mma_desktop.engine.export.runtimes import INPUT, OUTPUT, SCORE, TRACED, Format
from mma_desktop.engine.open_set_scores import OpenSetScores
from mma_desktop.version import __version__

log = logging.getLogger(__name__)

# Version 2 has scores, and their threshold, in place of one of probabilities; with 3, these count None of these.
FORMAT_VERSION = 3
# Maximum difference of a probability from ours; reordering float32 additions causes about 1e-6.
TOLERANCE = 1e-4
# If the two best probabilities are closer than this, rounding may decide which calibration applies.
CLOSE = 1e-2
RANDOM_IMAGES = 8  # noise, where a wrong preprocessing shows
TOGETHER = 8  # images a batch, after one image and three: 36 of them take 600 MB in the starter

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """A written file, its metadata, and the maximum difference of its probabilities from ours."""

    path: Path
    metadata: Mapping[str, Any]
    pictures: int
    largest_difference: float


def describe(
    header: CheckpointHeader,
    digest: str,
    spec: ImageSpec,
    names: Sequence[str],
    reads: Mapping[str, str],
    prompt: str,
    form: Format,
    none_weight: float = 1.0,
) -> dict[str, Any]:
    """The metadata: everything needed to run the file.

    `digest` is the SHA-256 of the adapter file, `names` (C,) are in the order of the probabilities, and `reads` is what
    was read for some of them in place of the name. `none_weight` is that of `OpenSetModel.thresholds`; 0 for no
    threshold.
    """
    open_set = header.open_set
    return {
        "format_version": FORMAT_VERSION,
        "app_version": __version__,
        "class_names": list(names),
        "reads": dict(reads),
        "trained": header.trained(names).tolist(),
        "threshold": open_set.thresholds(open_set.share, none_weight).score if open_set and none_weight else None,
        "none_share": None if open_set is None else open_set.share,
        "none_of_these": NONE_OF_THESE,
        "prompt_template": prompt,
        "input": {
            "name": INPUT,
            "type": "uint8",
            "shape": ["batch", 3, spec.size, spec.size],
            "channels": "RGB",
            "values": "0 to 255, prepared as `preprocessing` says; scaling and normalising are in the model",
        },
        "output": {"name": OUTPUT, "type": "float32", "shape": ["batch", len(names)]},
        "score": None if header.open_set is None else {"name": SCORE, "type": "float32", "shape": ["batch"]},
        "preprocessing": {
            "size": spec.size,
            "resize_to": spec.resize_to,
            "resize_mode": spec.resize_mode,
            "interpolation": spec.interpolation,
            "crop": "none" if spec.resize_mode == "squash" else "centre",
            "mean": list(spec.mean),
            "std": list(spec.std),
            "normalisation_in_model": True,
        },
        "backbone": {"id": header.backbone, "fingerprint": header.fingerprint},
        "adapter": {"sha256": digest, "method": header.method, "options": dict(header.options)},
        "checked": {"runtime": form.runtime, "tolerance": TOLERANCE},
    }


def write_model(
    parts: Parts,
    form: Format,
    path: Path,
    metadata: Mapping[str, Any],
    images: Pictures,
    expected: Floats,
    token: CancelToken | None = None,
    open_set_scores: OpenSetScores | None = None,
) -> ExportedModel:
    """Write a whole classifier, provided its own runtime reproduces the expected probabilities.

    Args:
        parts: The classifier, on the CPU.
        form: The format.
        path: Replaced atomically.
        metadata: From `describe`.
        images: (N, size, size, 3) uint8 images to check with, N at least 5.
        expected: (N, C) our own probabilities for them if they show one of the classes.
        token: Checked before the file is moved into place.
        open_set_scores: Our own of them; None if the model has no scores.

    Raises:
        UserError: The format does not support the model, or its outputs differ; nothing was written.
        Cancelled: `token` was set.
    """
    token = token or CancelToken()
    model = WholeClassifier(parts).eval().requires_grad_(False)
    form.check_can(model)
    channels_first = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    example = torch.from_numpy(channels_first[:TRACED].copy())
    text = json.dumps(metadata, allow_nan=False, ensure_ascii=False)
    with output_path(path) as temporary:
        try:
            form.write(model, example, text, temporary)
            run, kept = form.read(temporary)
            # In batches of several sizes, to detect a batch size fixed by tracing.
            runs = [run(part) for part in np.split(channels_first, [1, *range(4, len(images), TOGETHER)])]
            probabilities, *scores = (np.concatenate(outputs) for outputs in zip(*runs, strict=True))
        except (OSError, MemoryError):
            raise
        except Exception as error:  # exporters and runtimes raise unrelated types
            log.warning("%s could not be exported as %s", metadata["adapter"]["method"], form.id, exc_info=True)
            raise UserError(_not_possible(metadata, form, first_line(error))) from error
        token.raise_if_cancelled()
        if json.loads(kept) != metadata:
            raise UserError(_not_possible(metadata, form, tr("its metadata was not kept")))
        apart, known = 0.0, np.ones(len(probabilities))
        if open_set_scores is not None:
            (score,) = scores
            apart = float(np.abs(score - open_set_scores.exported_scores(parts.thresholds)).max())
            # By its own score, which rounding moves along a steep line.
            known = parts.thresholds.known(score, open_set_scores.margins)
        difference = max(largest_difference(probabilities, expected, known), apart)
        if not difference <= TOLERANCE:
            raise UserError.tr(
                "As {format} this classifier does not answer as it does here (probabilities differ by up to "
                "{difference:.2g}, allowed is {tolerance:g}), so {path} was not written. Choose another format.",
                format=form.title,
                difference=difference,
                tolerance=TOLERANCE,
                path=path,
            )
    return ExportedModel(path, metadata, len(images), difference)


def check_pictures(size: int, real: Sequence[Pictures]) -> Pictures:
    """Images (N, size, size, 3) for checking a model: random ones and real ones (each (size, size, 3))."""
    random = np.random.default_rng(0).integers(0, 256, (RANDOM_IMAGES, size, size, 3), np.uint8)
    return np.concatenate([random, *(image[None] for image in real)])


def largest_difference(probabilities: Floats, expected: Floats, known: NDArray[np.float64] | float = 1.0) -> float:
    """The largest difference of probabilities (N, C); infinite if shapes differ or a value is not finite.

    `expected` are of images that show one of the classes, as they do with the probability `known` (N,).

    Images whose two best answers are almost tied are ignored, unless that is nearly all: the order of the two
    determines which calibration applies.
    """
    if probabilities.shape != expected.shape or not np.isfinite(probabilities).all():
        return float("inf")
    best = np.sort(expected, axis=1)[:, -2:]
    clear = np.full(len(best), True) if best.shape[1] < 2 else best[:, 1] - best[:, 0] > CLOSE
    if 2 * clear.sum() < len(clear):
        clear[:] = True
    wanted = expected * np.broadcast_to(known, len(expected))[:, None]
    return float(np.abs(probabilities - wanted)[clear].max())


def _not_possible(metadata: Mapping[str, Any], form: Format, why: str) -> str:
    return tr(
        "A classifier of the method {method} with the backbone {backbone} cannot be written as "
        "{format} ({reason}). Nothing was written; choose another format, or another method.",
        method=metadata["adapter"]["method"],
        backbone=metadata["backbone"]["id"],
        format=form.title,
        reason=why,
    )
