"""Drag data of the grid: image ids under a private type that no other program reads."""

from __future__ import annotations

import uuid

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData

# In another instance, with its own project, these ids mean other images: there only the files are used.
IMAGE_MIME = f"application/x-mma-desktop-images-{uuid.uuid4().hex}"


def pack(ids: NDArray[np.int64]) -> QMimeData:
    data = QMimeData()
    data.setData(IMAGE_MIME, np.ascontiguousarray(ids, np.int64).tobytes())
    return data


def unpack(data: QMimeData) -> list[int]:
    """Return the image ids in drag data; empty if there are none."""
    if not data.hasFormat(IMAGE_MIME):
        return []
    raw = data.data(IMAGE_MIME).data()
    found: list[int] = np.frombuffer(raw[: len(raw) // 8 * 8], np.int64).tolist()
    return found
