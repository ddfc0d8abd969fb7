"""What is dragged from the grid: the ids of images, under a private type that no other program reads."""

from __future__ import annotations

import uuid

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData

# In another instance of the program, with its own project, these ids are other images: there only the files are seen.
IMAGE_MIME = f"application/x-mma-desktop-images-{uuid.uuid4().hex}"


def pack(ids: NDArray[np.int64]) -> QMimeData:
    """Images as drag data."""
    data = QMimeData()
    data.setData(IMAGE_MIME, np.ascontiguousarray(ids, np.int64).tobytes())
    return data


def unpack(data: QMimeData) -> list[int]:
    """The images in drag data; empty where there are none."""
    if not data.hasFormat(IMAGE_MIME):
        return []
    raw = data.data(IMAGE_MIME).data()
    found: list[int] = np.frombuffer(raw[: len(raw) // 8 * 8], np.int64).tolist()
    return found
