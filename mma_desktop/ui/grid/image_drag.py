"""Dragging images: onto a class as images, onto a file manager or another program as copies of the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QCursor, QDrag, QDropEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from mma_desktop.core.i18n import number, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.services.image_index import Show
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import IMAGE_MIME, pack
from mma_desktop.ui.grid.image_model import ImageModel
from mma_desktop.ui.grid.thumbnail_loader import ThumbnailLoader, rows_of
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.painting import CENTRE, paint_box, paint_words, painted_icon

MAX_FILES = 20_000  # addresses in one drag, which other programs read at once: 2 MB
SIDE = 84  # of the image below the pointer: it shows what is dragged, and not over all of the target
_DRAGS = {QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop}


def drag_data(ids: NDArray[np.int64] | Sequence[int], files: Iterable[Path]) -> QMimeData:
    data = pack(np.asarray(ids, np.int64))
    if paths := list(files):
        # Built from the bytes of a path: a QUrl made from text loses bytes that cannot be decoded.
        data.setUrls([QUrl(path.as_uri()) for path in paths])
        text = "\n".join(map(str, paths))
        data.setText(text.encode("utf-8", "replace").decode())  # bytes that cannot be decoded become question marks
    return data


class ImageDrag(QObject):
    def __init__(self, view: QWidget, images: ImageModel, thumbnails: ThumbnailLoader, controller: Controller) -> None:
        super().__init__(view)
        self._view = view
        self._images = images
        self._thumbnails = thumbnails
        self._controller = controller

    def begin(self, wanted: Sequence[int], side: int) -> None:
        """Drag images: at once if all their rows are known, else once these are fetched.

        More than `MAX_FILES` images can be dropped on a class only, not on other programs. `side` is that of the
        thumbnails on the screen, in device-independent pixels.
        """
        if len(wanted) > MAX_FILES or self._controller.context is None:
            self._drag(wanted, side, [])
            return
        rows = [row for image in wanted if (row := self._images.row(image)) is not None]
        if len(rows) == len(wanted):
            self._drag(wanted, side, rows)
        else:
            drag = partial(self._drag, wanted, side)
            self._controller.ask(LaneName.STORE, rows_of(wanted), drag, question=(self, "rows"))

    def copy(self, ids: Sequence[int]) -> None:
        wanted = ids[:MAX_FILES]

        def copied(rows: Sequence[ImageRow]) -> None:
            files = self._files(rows)
            QApplication.clipboard().setMimeData(drag_data(wanted, files))
            self._controller.notice.emit(tr("{n} picture copied.", "{n} pictures copied.", len(files)))

        if wanted:
            self._controller.ask(LaneName.STORE, rows_of(wanted), copied, question=(self, "copy"))

    def cancel(self) -> None:
        # The button was released before the drag began.
        self._controller.bridge.forget((self, "rows"))

    def _drag(self, ids: Sequence[int], side: int, rows: Sequence[ImageRow]) -> None:
        drag = QDrag(self._view)
        drag.setMimeData(drag_data(ids, self._files(rows) if rows else ()))
        drag.setPixmap(self._shown(ids[0], len(ids), side))
        drag.setHotSpot(QPoint(12, 12))
        application, fields = QApplication.instance(), _TextFields()
        assert application is not None
        application.installEventFilter(fields)
        try:
            # Copy only: a folder or trash that moved the files would take them from their place.
            taken = drag.exec(Qt.DropAction.CopyAction)
        finally:
            application.removeEventFilter(fields)
        outside = QApplication.widgetAt(QCursor.pos()) is None
        if len(ids) > MAX_FILES and taken == Qt.DropAction.IgnoreAction and outside:
            self._controller.notice.emit(
                tr(
                    "Select at most {n} picture to drag it to another program.",
                    "Select at most {n} pictures to drag them to another program.",
                    MAX_FILES,
                )
            )

    def _files(self, rows: Sequence[ImageRow]) -> list[Path]:
        lost = self._controller.open_context.index.lost
        here = [row.path for row in rows if lost.state(row.id) != Show.MISSING.value]
        return list(dict.fromkeys(path for path in here if path.is_absolute()))

    def _shown(self, image_id: int, count: int, shown_side: int) -> QPixmap:
        """Return the first image, with the number of all."""
        thumbnail = self._thumbnails.pixmap(image_id, shown_side, self._view.devicePixelRatioF())

        def paint(painter: QPainter, room: QRectF) -> None:
            colours = theme.tokens()
            paint_box(painter, room.adjusted(1, 1, -1, -1), theme.RADIUS, colours.surface, colours.border)
            if thumbnail is not None:
                size = thumbnail.deviceIndependentSize().scaled(room.size() * 0.9, Qt.AspectRatioMode.KeepAspectRatio)
                target = QRectF(QPointF(), size)
                target.moveCenter(room.center())
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawPixmap(target, thumbnail, QRectF(thumbnail.rect()))
            if count > 1:
                width = max(22, painter.fontMetrics().horizontalAdvance(number(count)) + 12)
                bubble = QRectF(room.right() - width, room.bottom() - 22, width, 22)
                paint_box(painter, bubble, 11, colours.accent)
                paint_words(painter, bubble, number(count), colours.on_accent, flags=CENTRE)

        return painted_icon(QSize(SIDE, SIDE), paint).pixmap(SIDE)


class _TextFields(QObject):
    """Keeps the paths of our own images out of our text fields, which accept any dropped text."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _DRAGS and isinstance(event, QDropEvent) and event.mimeData().hasFormat(IMAGE_MIME):
            field = watched if isinstance(watched, QLineEdit) else watched.parent()
            if isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit):
                event.ignore()
                return True
        return False
