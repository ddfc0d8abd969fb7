"""Loaders of what the visible images need: their details (path, size, error), and their thumbnails."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QImage, QPainter, QPixmap

from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.media.decoding import Pixels
from mma_desktop.ui.base.controller import ContextWork, Controller
from mma_desktop.ui.widgets.controls import single_shot

KEPT_ROWS = 4096  # images: several screens on either side of the one shown


def rows_of(ids: Sequence[int]) -> ContextWork:
    """Work that reads the rows of these images; for the store lane."""
    return lambda context, _token: context.project.image_rows(ids)


class RowCache(QObject):
    arrived = Signal(object)  # image ids of the rows that were fetched

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._rows: OrderedDict[int, ImageRow] = OrderedDict()
        self._asked: dict[int, int] = {}
        self._round = 0

    def get(self, image_id: int) -> ImageRow | None:
        row = self._rows.get(image_id)
        if row is not None:
            self._rows.move_to_end(image_id)
        return row

    def want(self, ids: Sequence[int]) -> None:
        """Fetch those of `ids` that are neither cached nor pending."""
        if self._controller.context is None:
            return
        missing = [image for image in ids if image not in self._rows and image not in self._asked]
        if missing:
            self._round += 1
            self._asked.update(dict.fromkeys(missing, self._round))
            self._controller.ask(LaneName.STORE, rows_of(missing), partial(self._on_loaded, self._round, missing))

    def drop(self, ids: Iterable[int]) -> None:
        """Drop changed rows; pending results for them are ignored."""
        for image in ids:
            self._rows.pop(image, None)
            self._asked.pop(image, None)

    def clear(self) -> None:
        self._rows.clear()
        self._asked.clear()

    def _on_loaded(self, asked: int, missing: Sequence[int], rows: list[ImageRow]) -> None:
        fresh = [row for row in rows if self._asked.get(row.id) == asked]
        for image in missing:
            if self._asked.get(image) == asked:
                del self._asked[image]
        self._rows.update((row.id, row) for row in fresh)
        while len(self._rows) > KEPT_ROWS:
            self._rows.popitem(last=False)
        if fresh:
            self.arrived.emit([row.id for row in fresh])


LIMIT_BYTES = 128 * 2**20  # some 1,600 thumbnails of 144 pixels, 400 on a screen of twice the resolution
MAX_JOBS = 6  # in the queue of the lane: what scrolled out of sight meanwhile is not read
SCALED_PER_TURN = 4  # thumbnails scaled per turn of the event loop; each takes a millisecond or two
MAX_ENLARGED = 4  # times the size of a tiny image; larger, nothing more is seen
CORNER = 4  # radius, as of the cards around them


def to_pixmap(picture: Pixels) -> QPixmap:
    """Return a pixmap of an (h, w, 3) image."""
    height, width = picture.shape[:2]
    packed = np.ascontiguousarray(picture)
    image = QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)


def rounded(source: QPixmap, side: int, ratio: float) -> QPixmap:
    """Return an image scaled into a square of `side` device-independent pixels, with round corners."""
    most = min(side * ratio, MAX_ENLARGED * max(source.width(), source.height()))
    scaled = source.scaled(
        round(most), round(most), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    pixmap = QPixmap(scaled.size())
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(scaled))
    painter.drawRoundedRect(QRectF(pixmap.rect()), CORNER * ratio, CORNER * ratio)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


@dataclass
class _Thumbnail:
    source: QPixmap
    painted_as: tuple[int, float] = (0, 0.0)
    painted: QPixmap = field(default_factory=QPixmap)

    @property
    def bytes(self) -> int:
        return _bytes(self.source) + _bytes(self.painted)

    def stretched(self, side: int) -> QPixmap | None:
        """What was painted last, so that it fits into another side and no more; None if nothing was."""
        if self.painted.isNull():
            return None
        pixmap = QPixmap(self.painted)
        pixmap.setDevicePixelRatio(pixmap.devicePixelRatio() * self.painted_as[0] / side)
        return pixmap


class ThumbnailLoader(QObject):
    """Requests thumbnails a few at a time and keeps them up to `limit` bytes."""

    loaded = Signal(int)  # a thumbnail arrived or is known to be unavailable (image id)

    def __init__(self, controller: Controller, parent: QObject | None = None, limit: int = LIMIT_BYTES) -> None:
        super().__init__(parent)
        self._controller = controller
        self._limit = limit
        self._entries: OrderedDict[int, _Thumbnail] = OrderedDict()
        self.bytes = 0
        self._without: set[int] = set()
        self._waiting: deque[ImageRow] = deque()
        self._jobs: dict[int, Job] = {}
        self._scaled = 0
        self._later: set[int] = set()
        self._next_turn_timer = single_shot(self, 0, self._next_turn)

    @property
    def in_flight(self) -> int:
        return len(self._jobs)

    def __contains__(self, image_id: int) -> bool:
        return image_id in self._entries

    def impossible(self, image_id: int) -> bool:
        return image_id in self._without

    def pixmap(self, image_id: int, side: int, ratio: float) -> QPixmap | None:
        """Return a thumbnail fitted into `side` device-independent pixels, if it is loaded."""
        entry = self._entries.get(image_id)
        if entry is None:
            return None
        self._entries.move_to_end(image_id)
        if entry.painted_as != (side, ratio):
            # A screen full of new ones is scaled over several turns of the event loop: a postponed one comes as it was
            # painted last, stretched to `side` by its pixel ratio, and `loaded` is emitted for it.
            if self._scaled >= SCALED_PER_TURN:
                self._later.add(image_id)
                return entry.stretched(side)
            self._scaled += 1
            self._next_turn_timer.ensure_started()
            self.bytes -= entry.bytes
            entry.painted, entry.painted_as = rounded(entry.source, side, ratio), (side, ratio)
            self.bytes += entry.bytes
            self._drop_oldest()
        return entry.painted

    def _next_turn(self) -> None:
        self._scaled = 0
        later, self._later = self._later, set()
        for image_id in later:
            self.loaded.emit(image_id)

    def want(self, rows: Sequence[ImageRow]) -> None:
        """Request the visible thumbnails, most important first; earlier requests not among them are dropped."""
        wanted = {row.id for row in rows}
        for image_id in [image for image in self._jobs if image not in wanted]:
            del self._jobs[image_id]
            self._controller.bridge.forget((self, image_id))
        self._waiting = deque(
            row
            for row in rows
            if row.problem is None
            and row.id not in self._entries
            and row.id not in self._jobs
            and row.id not in self._without
        )
        self._start_jobs()

    def forget(self, ids: Iterable[int]) -> None:
        for image_id in ids:
            self._without.discard(image_id)
            entry = self._entries.pop(image_id, None)
            if entry is not None:
                self.bytes -= entry.bytes

    def clear(self) -> None:
        for image_id in self._jobs:
            self._controller.bridge.forget((self, image_id))
        self._jobs.clear()
        self._waiting.clear()
        self._entries.clear()
        self._without.clear()
        self.bytes = 0

    def _start_jobs(self) -> None:
        # A job that ends with a bug never answers and must not occupy a slot forever.
        for image_id in [image for image, job in self._jobs.items() if job.finished and job.error is not None]:
            del self._jobs[image_id]
        while self._waiting and len(self._jobs) < MAX_JOBS and self._controller.context is not None:
            row = self._waiting.popleft()
            self._jobs[row.id] = self._load(row)

    def _load(self, row: ImageRow) -> Job:
        return self._controller.ask(
            LaneName.VIEW,
            lambda context, _t: context.thumbnail(row),
            partial(self._on_loaded, row.id),
            question=(self, row.id),
        )

    def _on_loaded(self, image_id: int, image: Pixels | None) -> None:
        self._jobs.pop(image_id, None)
        if image is None:
            self._without.add(image_id)
        else:
            self.forget([image_id])
            entry = _Thumbnail(to_pixmap(image))
            self._entries[image_id] = entry
            self.bytes += entry.bytes
            self._drop_oldest()
        self.loaded.emit(image_id)
        self._start_jobs()

    def _drop_oldest(self) -> None:
        while self.bytes > self._limit and len(self._entries) > 1:
            _, entry = self._entries.popitem(last=False)
            self.bytes -= entry.bytes
