"""From a backbone's id to a loaded, frozen model on a device."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import BackboneSpec, find_backbone
from mma_desktop.engine.backbones.weights import ByteProgress, cached_weights
from mma_desktop.engine.device import pick_device

log = logging.getLogger(__name__)


def is_local(spec: BackboneSpec) -> bool:
    """Whether the weights are on this machine: they come with the program, or lie in the hub cache. Asks no network."""
    return spec.embedded or cached_weights(spec) is not None


def load_backbone(
    backbone_id: str,
    device: str = "auto",
    weights_file: Path | None = None,
    progress: ByteProgress | None = None,
    cancel: CancelToken | None = None,
) -> Backbone:
    """Load a backbone, downloading its weights first where they are not here yet.

    Args:
        backbone_id: "starter", an open_clip "MODEL/PRETRAINED", or "MODEL/file" together with `weights_file`.
        device: "auto" or a device's name (see `engine.device.pick_device`).
        weights_file: Weights to take instead of the published ones (.safetensors, .pt, .pth or .bin).
        progress: Called with downloaded bytes and bytes in all.
        cancel: Stops a download within a megabyte.

    Returns:
        The backbone; its `messages` say which fallbacks were taken.

    Raises:
        UserError: Unknown id, no network, a wrong or damaged file; each says what to do.
        Cancelled: The person stopped it.
    """
    spec = find_backbone(backbone_id)
    chosen, messages = pick_device(device)
    backbone: Backbone
    if spec.embedded:
        if weights_file is not None:
            raise UserError(
                tr("The starter comes with its own weights. Choose another backbone for your weights file.")
            )
        from mma_desktop.engine.backbones.starter import load_starter

        backbone = load_starter(chosen, messages)
    else:
        from mma_desktop.engine.backbones.open_clip_backbone import load_open_clip

        backbone = load_open_clip(spec, chosen, weights_file, progress, cancel, messages)
    if chosen.type != "cpu":
        # A device may pass the probe and still lack an operation of this model; find out now, not in the first batch.
        size = backbone.image_spec.size
        backbone.encode_images(np.zeros((1, size, size, 3), np.uint8))
    log.info("backbone %s (%s) on %s", backbone.id, backbone.fingerprint, backbone.device)
    return backbone
