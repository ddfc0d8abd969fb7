"""Canvas that loads the picture of an image: a preview first, the size of the canvas next, every pixel when zoomed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap

from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.media.decoding import Pixels
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.images.viewing import picture
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.canvas import Canvas
from mma_desktop.ui.grid.image_model import LOST_TAGS
from mma_desktop.ui.grid.thumbnail_loader import to_pixmap
from mma_desktop.ui.widgets.timers import single_shot

MOST_PIXELS = 40_000_000  # a larger picture is reduced for 100%


class BigPicture(Canvas):
    """Shows one image at a time, and can load the one that comes next.

    Args:
        load_ms: How long an image must be shown before it is loaded: a held arrow key passes many.
    """

    def __init__(self, controller: Controller, load_ms: int = 0) -> None:
        super().__init__()
        self._controller = controller
        self._row: ImageRow | None = None
        self._lost = ""
        self._loaded_side = 0
        self._asked_closer = False
        self._next = -1
        self._ready: tuple[int, int, Pixels] | None = None  # image id, side, picture
        self._load = single_shot(self, load_ms, self._ask)
        self.resized.connect(self._take_size)
        self.zoomed.connect(self._ask_closer)

    def show_row(self, row: ImageRow | None, lost: str = "", thumbnail: QPixmap | None = None) -> None:
        """Show an image, or nothing.

        Args:
            row: The image; the same one again while it is not loaded yet shows its thumbnail, should that be there now.
            lost: A key of `LOST_TAGS` if its file is missing or changed: then there is only the thumbnail.
            thumbnail: Shown until the picture is loaded.
        """
        if row is None or self._row is None or row.id != self._row.id:
            self.cancel()
            self._row = row
            self.begin(QSize(row.width, row.height) if row is not None else QSize())
        self._lost = lost
        if row is None or self._loaded_side:
            return
        if row.problem is not None:
            self.show_text(reason_text(row.reason) or tr(row.problem.value), "warning")
        elif self._take_ready(row):
            return
        elif thumbnail is not None:
            self.show_pixmap(thumbnail)
        else:
            self.show_text(tr(LOST_TAGS[lost]) if lost else tr("Loading"), "warning" if lost else "image")
        self._load.start()

    def cancel(self) -> None:
        self._row = None
        self._load.stop()
        for question in ("picture", "closer"):
            self._controller.bridge.forget((self, question))
        self._loaded_side = 0
        self._asked_closer = False

    def prepare(self, row: ImageRow) -> None:
        side = self._wanted_side()
        if row.problem is not None or row.id == self._next:
            return
        self._next = row.id

        def take(picture: Pixels) -> None:
            self._ready = (row.id, side, picture)

        self._load_picture(row, side, take, self._not_prepared, "next")

    def _not_prepared(self, _reason: str) -> None:
        self._next = -1  # the reason is told when it is shown

    def _take_ready(self, row: ImageRow) -> bool:
        ready = self._ready
        if ready is None or ready[0] != row.id or ready[1] < self._wanted_side() or self._lost:
            return False
        self._loaded_side = ready[1]
        self._take_picture(row.width, ready[2])
        return True

    def _wanted_side(self) -> int:
        longer = max(self.width(), self.height())
        return max(64, round(longer * self.devicePixelRatioF()))

    def _take_size(self) -> None:
        if self._loaded_side and self._wanted_side() > self._loaded_side:
            self._load.start()

    def _ask(self) -> None:
        row = self._row
        if row is None or not self.isVisible() or self._controller.context is None or self._lost:
            return
        self._loaded_side = self._wanted_side()
        if row.problem is None:
            take = partial(self._take_picture, row.width)
            self._load_picture(row, self._loaded_side, take, self._take_failure, "picture")

    def _take_picture(self, full_width: int, picture: Pixels) -> None:
        self.show_pixmap(to_pixmap(picture))
        if picture.shape[1] >= full_width:
            self.set_pixels(picture)

    def _ask_closer(self) -> None:
        row = self._row
        if self.zoom is None or self.has_pixels or self._asked_closer or row is None:
            return
        if row.problem is not None or not row.width or self._controller.context is None or self._lost:
            return
        shrink = min(1.0, (MOST_PIXELS / (row.width * row.height)) ** 0.5)
        side = int(max(row.width, row.height) * shrink)
        self._asked_closer = True
        self._load_picture(row, side, self.set_pixels, self._take_failure, "closer")

    def _load_picture(
        self,
        row: ImageRow,
        side: int,
        take: Callable[[Pixels], None],
        failed: Callable[[str], None],
        question: str,
    ) -> None:
        self._controller.ask(
            LaneName.VIEW, lambda _context, _t: picture(row, side), take, failed=failed, question=(self, question)
        )

    def _take_failure(self, reason: str) -> None:
        self.show_text(reason, "warning")
