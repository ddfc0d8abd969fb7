"""Cache of image details (path, size, error), fetched for visible images."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.ui.base.controller import ContextWork, Controller

KEPT = 4096
PAGE = 512


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
        for start in range(0, len(missing), PAGE):
            page = missing[start : start + PAGE]
            self._round += 1
            self._asked.update(dict.fromkeys(page, self._round))
            self._controller.ask(LaneName.STORE, rows_of(page), partial(self._take, self._round, page))

    def drop(self, ids: Iterable[int]) -> None:
        """Drop changed rows; pending results for them are ignored."""
        for image in ids:
            self._rows.pop(image, None)
            self._asked.pop(image, None)

    def clear(self) -> None:
        self._rows.clear()
        self._asked.clear()

    def _take(self, asked: int, page: Sequence[int], rows: list[ImageRow]) -> None:
        fresh = [row for row in rows if self._asked.get(row.id) == asked]
        for image in page:
            if self._asked.get(image) == asked:
                del self._asked[image]
        for row in fresh:
            self._rows[row.id] = row
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)
        if fresh:
            self.arrived.emit([row.id for row in fresh])
