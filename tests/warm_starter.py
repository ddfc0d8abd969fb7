"""The starter that most tests share: loaded once a process, and it encodes no text a second time, and no picture.

Tests of loading import `load_backbone` themselves, before this takes its place.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone import Backbone, Floats, Pictures
from mma_desktop.engine.backbones.starter import StarterBackbone, load_image_model, load_space

MAX_ROWS = 5000
"""55 MB of picture rows."""


class WarmStarter(StarterBackbone):
    """The starter with a memory, and a folder in which other processes find the rows of pictures."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(load_image_model, load_space(), torch.device("cpu"), [])
        self._folder = folder
        self._pictures: dict[str, Floats] = {}
        self._texts: dict[str, Floats] = {}

    def encode_images(self, pictures: Pictures) -> Floats:
        if pictures.dtype != np.uint8 or pictures.ndim != 4:
            return super().encode_images(pictures)  # which refuses them
        keys = [hashlib.sha256(np.ascontiguousarray(one)).hexdigest() for one in pictures]  # in hardware
        for key in set(keys) - set(self._pictures) if self._folder else ():
            with contextlib.suppress(FileNotFoundError):
                self._pictures[key] = np.fromfile(self._folder / key, np.float32)

        def encode(new: list[int]) -> Floats:
            if self._compiled is not None:
                # private: compiling takes a second; neither a minute nor other threads let it go
                self._compiled._threads, self._compiled._requests._seconds = torch.get_num_threads(), 3600.0
            rows = super(WarmStarter, self).encode_images(pictures[new])
            for at, row in zip(new, rows, strict=True) if self._folder else ():
                part = self._folder / f"{keys[at]}.{os.getpid()}"
                row.tofile(part)
                part.replace(self._folder / keys[at])
            return rows

        return remembered(self._pictures, keys, encode, self.layout.width)

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        return remembered(
            self._texts,
            texts,
            lambda new: super(WarmStarter, self).encode_texts([texts[at] for at in new]),
            self.embed_dim,
        )


def remembered(
    known: dict[Any, Floats], keys: Sequence[Any], work: Callable[[list[int]], Floats], width: int
) -> Floats:
    """Rows by their keys; `work` makes those of the positions that nobody has asked for yet."""
    if len(known) > MAX_ROWS:
        known.clear()
    new = list({key: at for at, key in enumerate(keys) if key not in known}.values())
    if new:
        known.update(zip([keys[at] for at in new], work(new), strict=True))
    return np.stack([known[key] for key in keys]) if keys else np.empty((0, width), np.float32)


def warm_load(load: Callable[..., Backbone], folder: Path | None = None) -> Callable[..., Backbone]:
    """`load_backbone` with one starter for everybody who asks for it on the processor."""
    made: list[WarmStarter] = []

    def load_backbone(backbone_id: str, device: str = "auto", weights_file: Any = None, *others: Any) -> Backbone:
        if (backbone_id, device, weights_file) not in {(STARTER_ID, one, None) for one in ("cpu", "auto")}:
            return load(backbone_id, device, weights_file, *others)
        if not made:
            made.append(WarmStarter(folder))
        made[0].messages = []
        return made[0]

    return load_backbone
