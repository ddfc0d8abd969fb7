"""The big preview: the picture, and everything that is known of its file and its label."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mma_desktop.domain import ImageRow, Prediction
from mma_desktop.jobs import Job
from mma_desktop.ui import icons, theme
from mma_desktop.ui.controller import Controller
from mma_desktop.ui.image_grid import ImageGrid
from mma_desktop.ui.image_model import printable
from mma_desktop.ui.preview_parts import GuessBars, LabelLine
from mma_desktop.ui.thumbnail_loader import to_pixmap
from mma_desktop.ui.widgets import SPACE, heading, hint, tool

LOAD_MS = 60
GUESS_MS = 250
PLACES_SHOWN = 3
_KILO = 1024


def file_size(size: int) -> str:
    """A number of bytes as people read it."""
    if size < _KILO:
        return f"{size} bytes"
    if size < _KILO**2:
        return f"{size / _KILO:.0f} KB"
    return f"{size / _KILO**2:.1f} MB"


class Canvas(QWidget):
    """One picture, as large as fits.

    Signals:
        double_clicked: It was double clicked.
        resized: It wants a picture of another size.
    """

    double_clicked = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._scaled = QPixmap()
        self._text = ""
        self._icon = "image"
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.watcher().changed.connect(self.update)

    @property
    def pixmap(self) -> QPixmap:
        """What is shown."""
        return self._pixmap

    def show_pixmap(self, pixmap: QPixmap) -> None:
        """Show a picture."""
        self._pixmap, self._scaled, self._text = pixmap, QPixmap(), ""
        self.update()

    def show_text(self, text: str, icon_name: str = "image") -> None:
        """Show words instead of a picture."""
        self._pixmap, self._scaled = QPixmap(), QPixmap()
        self._text, self._icon = text, icon_name
        self.update()

    def sizeHint(self) -> QSize:
        """As large as possible."""
        return QSize(400, 400)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale again."""
        super().resizeEvent(event)
        self._scaled = QPixmap()
        self.resized.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """Full page and back."""
        self.double_clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it centred."""
        now = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(now.border))
        painter.setBrush(QColor(now.raised))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        if self._pixmap.isNull():
            self._paint_text(painter)
            return
        ratio = self.devicePixelRatioF()
        if self._scaled.isNull():
            room = (self.size() - QSize(2 * SPACE, 2 * SPACE)) * ratio
            # A small picture is enlarged, but not beyond four times.
            most = self._pixmap.size() * 4
            self._scaled = self._pixmap.scaled(
                room.boundedTo(most), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._scaled.setDevicePixelRatio(ratio)
        size = self._scaled.deviceIndependentSize()
        painter.drawPixmap(
            round((self.width() - size.width()) / 2), round((self.height() - size.height()) / 2), self._scaled
        )

    def _paint_text(self, painter: QPainter) -> None:
        now = theme.tokens()
        mark = icons.pixmap(self._icon, 40, now.warn if self._icon == "warning" else now.dim, self.devicePixelRatioF())
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - 20, middle.y() - 44, mark)
        painter.setPen(QColor(now.text if self._icon == "warning" else now.dim))
        room = QRect(2 * SPACE, middle.y() + 8, self.width() - 4 * SPACE, self.height() // 2 - 2 * SPACE)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), self._text)


class Preview(QWidget):
    """Shows the current image of a grid, beside it or over the whole page.

    Args:
        controller: Who fetches the picture.
        grid: Whose current image it is.
        parent: The owner.

    Signals:
        close_requested: Space or the close button.
        full_toggled: Over the whole page, or beside the grid again.
        stepped: Go so many images on.
        reveal_requested: Show this file in its folder (Path).
        copy_requested: Put this text on the clipboard.
    """

    close_requested = Signal()
    full_toggled = Signal()
    stepped = Signal(int)
    reveal_requested = Signal(object)
    copy_requested = Signal(str)

    def __init__(self, controller: Controller, grid: ImageGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._grid = grid
        self._image_id = -1
        self._row: ImageRow | None = None
        self._generation = 0
        self._job: Job | None = None
        self._loaded_side = 0
        self.canvas = Canvas()
        self._make_parts()
        self._make_layout()
        self._load = self._timer(LOAD_MS, self._load_picture)
        self._guess = self._timer(GUESS_MS, self._ask_guess)
        self.canvas.double_clicked.connect(self.full_toggled)
        self.canvas.resized.connect(self._canvas_resized)
        self._grid.images.details.arrived.connect(self._details_arrived)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Preview")
        self.setMinimumWidth(240)
        self.show_image(-1)

    def _timer(self, interval: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(then)
        return timer

    def _make_parts(self) -> None:
        self.name = heading("", 3)
        self.name.setWordWrap(True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = hint("")
        self.places = hint("")
        self.places.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem = QLabel()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.label_line = LabelLine()
        self.guesses = GuessBars()
        self.previous_button = tool("up", "Image before (K, left arrow)")
        self.next_button = tool("down", "Next image (J, right arrow)")
        self.full_button = tool("zoom-in", "Whole page (double click)")
        self.reveal_button = tool("folder", "Show in folder")
        self.copy_button = tool("copy", "Copy path")
        self.close_button = tool("close", "Close the preview (Space)")
        self.previous_button.clicked.connect(partial(self.stepped.emit, -1))
        self.next_button.clicked.connect(partial(self.stepped.emit, 1))
        self.full_button.clicked.connect(self.full_toggled)
        self.close_button.clicked.connect(self.close_requested)
        self.reveal_button.clicked.connect(self._reveal)
        self.copy_button.clicked.connect(self._copy)

    def _make_layout(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for one in (self.previous_button, self.next_button, self.full_button, self.reveal_button, self.copy_button):
            tools.addWidget(one)
        tools.addStretch()
        tools.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4)
        column.setSpacing(SPACE)
        column.addLayout(tools)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.name)
        column.addWidget(self.label_line)
        column.addWidget(self.problem)
        column.addWidget(self.guesses)
        column.addWidget(self.facts)
        column.addWidget(self.places)

    # ------------------------------------------------------------------ what is shown

    @property
    def image_id(self) -> int:
        """The image that is shown, -1 for none."""
        return self._image_id

    def show_image(self, image_id: int) -> None:
        """Show an image, -1 for none. Nothing is loaded while the preview is hidden."""
        if image_id != self._image_id or self._row is None:
            self._image_id = image_id
            self._row = None
            self._loaded_side = 0
            self._cancel()
            self.guesses.show_guesses("", [])
        self.refresh()

    def refresh(self) -> None:
        """The label, the guess or the file of the image may be others now."""
        if not self.isVisible():
            return
        if self._image_id >= 0:
            self._grid.images.details.want([self._image_id])
        row = self._grid.images.row(self._image_id) if self._image_id >= 0 else None
        new = row is not None and self._row is None
        self._row = row or self._row
        self._show_details()
        if new or (self._row is not None and self._loaded_side == 0):
            self._show_thumbnail()
            self._load.start()
            self._guess.start()

    def _show_details(self) -> None:
        row, there = self._row, self._image_id >= 0
        self.name.setText(printable(row.path.name) if row is not None else "")
        badge = self._grid.images.badge(self._image_id) if there else None
        self.label_line.setVisible(there and (row is None or row.problem is None))
        self.label_line.show_badge(badge)
        for one in (self.reveal_button, self.copy_button, self.previous_button, self.next_button, self.full_button):
            one.setEnabled(there)
        if row is None:
            self.facts.setText("")
            self.places.setText("")
            self.problem.hide()
            if not there:
                self.canvas.show_text("No image selected")
            return
        facts = [f"{row.width:,} \u00d7 {row.height:,} pixels"] if row.width else []
        facts += [file_size(row.size)] if row.size else []
        facts += [row.format] if row.format else []
        self.facts.setText(", ".join(facts))
        self.facts.setVisible(bool(facts))
        self.places.setText(self._places(row))
        self.problem.setVisible(row.problem is not None)
        if row.problem is not None:
            self.problem.setText(f"{row.problem.value.capitalize()}. {row.reason}".strip())

    @staticmethod
    def _places(row: ImageRow) -> str:
        places = list(dict.fromkeys(str(place) for place in (row.path, *row.places)))
        # A path has nowhere to break, so it may break at every separator.
        lines = [printable(place).replace("/", "/\u200b").replace("\\", "\\\u200b") for place in places[:PLACES_SHOWN]]
        if len(places) > 1:
            lines.insert(0, f"In {len(places)} places:")
        if len(places) > PLACES_SHOWN:
            lines.append(f"and {len(places) - PLACES_SHOWN} more")
        return "\n".join(lines)

    def _details_arrived(self, ids: list[int]) -> None:
        if self._image_id in ids:
            self.refresh()

    # ------------------------------------------------------------------ the picture

    def _show_thumbnail(self) -> None:
        """Until the picture is here its thumbnail stands in."""
        row = self._row
        if row is not None and row.problem is not None:
            self.canvas.show_text(row.reason or row.problem.value, "warning")
            return
        thumbnail = self._grid.thumbnails.pixmap(self._image_id, self._grid.side, self.devicePixelRatioF())
        if thumbnail is not None:
            self.canvas.show_pixmap(thumbnail)
        else:
            self.canvas.show_text("Loading")

    def _wanted_side(self) -> int:
        longer = max(self.canvas.width(), self.canvas.height())
        return max(64, round(longer * self.devicePixelRatioF()))

    def _canvas_resized(self) -> None:
        if self._loaded_side and self._wanted_side() > self._loaded_side:
            self._load.start()

    def _cancel(self) -> None:
        self._generation += 1
        self._load.stop()
        self._guess.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _load_picture(self) -> None:
        row = self._row
        if row is None or not self.isVisible() or self._controller.session is None:
            return
        self._loaded_side = self._wanted_side()
        if row.problem is not None:
            return
        now = self._generation
        self._job = self._controller.ask_picture(
            row, self._loaded_side, partial(self._take_picture, now), partial(self._take_failure, now)
        )

    def _take_picture(self, generation: int, picture: NDArray[np.uint8]) -> None:
        if generation == self._generation:
            self.canvas.show_pixmap(to_pixmap(picture))

    def _take_failure(self, generation: int, reason: str) -> None:
        if generation == self._generation:
            self.canvas.show_text(reason, "warning")

    # ------------------------------------------------------------------ the guesses

    def _ask_guess(self) -> None:
        session, row = self._controller.session, self._row
        if session is None or row is None or row.problem is not None or not self.isVisible():
            return
        if not session.classes or not session.engine.ready:
            return
        now = self._generation
        self._controller.ask_guess(row.path, None, partial(self._take_guess, now), self._no_guess)

    def _take_guess(self, generation: int, prediction: Prediction) -> None:
        session = self._controller.session
        if generation != self._generation or session is None:
            return
        adapted = session.guesses is not None and session.guesses.adapted_class is not None
        colours = {one.name: one.colour for one in session.classes}
        bars = [(one.class_name, one.confidence, colours.get(one.class_name, "")) for one in prediction.ranked]
        self.guesses.show_guesses("Adapter" if adapted else "Zero-shot", bars)

    def _no_guess(self, _reason: str) -> None:
        self.guesses.show_guesses("", [])

    # ------------------------------------------------------------------ actions

    def _path(self) -> Path | None:
        return self._row.path if self._row is not None else None

    def _reveal(self) -> None:
        if (path := self._path()) is not None:
            self.reveal_requested.emit(path)

    def _copy(self) -> None:
        if (path := self._path()) is not None:
            self.copy_requested.emit(printable(str(path)))

    def set_full(self, full: bool) -> None:
        """Say that it is over the whole page."""
        self.full_button.setIcon(icons.icon("zoom-out" if full else "zoom-in"))
        self.full_button.setToolTip("Back to the grid (double click, Escape)" if full else "Whole page (double click)")
        self.full_button.setAccessibleName("Back to the grid" if full else "Whole page")

    def showEvent(self, event: object) -> None:
        """Load what was not loaded while hidden."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Space and Escape close."""
        key = event.key()
        if key in {Qt.Key.Key_Left, Qt.Key.Key_Up}:
            self.stepped.emit(-1)
        elif key in {Qt.Key.Key_Right, Qt.Key.Key_Down}:
            self.stepped.emit(1)
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Escape}:
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)
