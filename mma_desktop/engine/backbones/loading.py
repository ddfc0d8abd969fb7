"""Load a backbone by id as a frozen model on a device."""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import find_backbone
from mma_desktop.engine.backbones.weights import ByteProgress
from mma_desktop.engine.device import pick_device

log = logging.getLogger(__name__)


def load_backbone(
    backbone_id: str,
    device: str = "auto",
    weights_file: Path | None = None,
    progress: ByteProgress | None = None,
    cancel: CancelToken | None = None,
) -> Backbone:
    """Load a backbone, downloading its weights if necessary.

    Args:
        backbone_id: A bundled one, "MODEL/PRETRAINED" of open_clip, or "MODEL/file" with `weights_file`.
        device: "auto" or the name of a device (see `engine.device.pick_device`).
        weights_file: Weights to use instead of the published ones (.safetensors, .pt, .pth or .bin).
        progress: Called with bytes downloaded and total bytes.
        cancel: Stops a download within a megabyte.

    Returns:
        The backbone; its `messages` list the fallbacks taken.

    Raises:
        UserError: The id is unknown, there is no network, or the file is wrong or damaged; the message says what to do.
        Cancelled: The load was cancelled.
    """
    spec = find_backbone(backbone_id)
    chosen, messages = pick_device(device)
    backbone: Backbone
    if spec.bundled:
        if weights_file is not None:
            raise UserError.tr("It comes with its own weights. Choose another backbone for your weights file.")
        module, function = spec.loader.split(".")
        backbone = getattr(import_module(f"mma_desktop.engine.backbones.{module}"), function)(chosen, messages)
    else:
        from mma_desktop.engine.backbones.open_clip_backbone import load_open_clip

        backbone = load_open_clip(spec, chosen, weights_file, progress, cancel, messages)
    if chosen.type != "cpu":
        # A device can pass the probe and still lack an operation of this model; find out now, not in the first batch.
        size = backbone.image_spec.size
        backbone.encode_images(np.zeros((1, size, size, 3), np.uint8))
    log.info("backbone %s (%s) on %s", backbone.id, backbone.fingerprint, backbone.device)
    return backbone
