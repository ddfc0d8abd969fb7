"""Delegate of the grid: a thumbnail on a card, with the label, prediction or problem below it; and how large it is."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import ImageRow, LabelSource
from mma_desktop.media.error_messages import reason_text
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.image_model import LOST_TAGS, Badge, GridSelection, ImageModel, Note
from mma_desktop.ui.grid.thumbnail_loader import ThumbnailLoader
from mma_desktop.ui.widgets import text_format, theme
from mma_desktop.ui.widgets.painting import (
    CENTRE,
    CHIP,
    RIGHT,
    WRAPPED,
    Index,
    elided,
    paint_box,
    paint_chip_in,
    paint_icon,
    paint_text,
    paint_words,
    paint_wrapped,
    small_font,
    wrapped_lines,
)
from mma_desktop.ui.widgets.text_format import capital

GAP = 5  # around a card
PAD = 6  # between a card and its image
AROUND = 2 * (GAP + PAD)
LETTERS = 10  # of a class name, which tell most names apart
BELOW = 3  # an underscore is drawn below the font's descent
SOURCE_ICONS = {LabelSource.FOLDER: "folder", LabelSource.SUGGESTION: "check"}


def _name(badge: Badge) -> str:
    """What is said of an image, in words alone."""
    if badge.label is None and badge.guess is not None:
        return badge.caption or badge.guess.title
    return badge.caption if badge.label is None else badge.label.title


class Fonts:
    def __init__(self, base: QFont) -> None:
        self.plain, self.italic, self.bold, self.small = QFont(base), QFont(base), QFont(base), small_font(base)
        self.italic.setItalic(True)
        self.bold.setBold(True)
        self.line, self.fine = QFontMetrics(base), QFontMetrics(self.small)


class ThumbnailDelegate(QStyledItemDelegate):
    def __init__(
        self, model: ImageModel, thumbnails: ThumbnailLoader, selection: GridSelection, view: QTableView
    ) -> None:
        super().__init__(view)
        self._model = model
        self._thumbnails = thumbnails
        self._selection = selection
        self._view = view
        self.fonts = Fonts(view.font())
        self.side = 144
        self.show_names = False
        self.leaves_out = False
        """Whether images stand alone, without cards, and the selected ones are left out: pale, with a cross."""
        self.lines = 0
        """Lines of a whole name, below an image as wide as its cell; 0 for one line, cut where it is too long."""

    def cell(self, side: int = 0) -> QSize:
        """Return the least cell for thumbnails of a size (default: the current one), in device-independent pixels."""
        names = self.fonts.fine.height() + 2 + BELOW if self.show_names else 0
        notes = self._band if self._model.has_notes else 0
        width = (side or self.side) + 2 * (GAP + self._pad)
        if self.leaves_out:
            return QSize(width, width)
        return QSize(width, width + 4 + self._name_height + notes + names)

    @property
    def _pad(self) -> int:
        return 0 if self.leaves_out else PAD

    @property
    def _band(self) -> int:
        return max(self.fonts.line.height(), 16) + 2

    @property
    def _name_height(self) -> int:
        return self._band + max(0, self.lines - 1) * self.fonts.line.height()

    def lines_within(self, width: int) -> int:
        """Return how many lines the longest name of the images needs in this width of a card."""
        names = {_name(self._model.badge(image)) for image in self._model.ids.tolist()}
        return max((wrapped_lines(name, self.fonts.italic, width - 2 * (GAP + PAD)) for name in names), default=1)

    def card(self, cell: QRect) -> QRect:
        width = cell.width() - 2 * GAP if self.lines else self.side + 2 * self._pad
        left = cell.left() + (cell.width() - width) // 2
        return QRect(left, cell.top() + GAP, width, cell.height() - 2 * GAP)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return self.cell()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        position = self._model.position(index)
        if position < 0:
            return
        image_id = int(self._model.ids[position])
        cell: QRect = option.rect
        card = self.card(cell)
        chosen = position in self._selection
        selected = chosen and not self.leaves_out
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.leaves_out:
            self._paint_card(painter, card, selected)
        if index == self._view.currentIndex():
            self._paint_ring(painter, card, selected)
        badge, row = self._model.badge(image_id), self._model.row(image_id)
        square = QRect(card.left() + self._pad, card.top() + self._pad, card.width() - 2 * self._pad, self.side)
        if badge.problem:
            self._paint_problem(painter, square, row)
        else:
            self._paint_image(painter, square, image_id, self._view.devicePixelRatioF())
        if not self.leaves_out:
            self._paint_below(painter, square, image_id, badge, row)
        elif chosen:
            self._paint_cross(painter, square)
        if selected:
            self._paint_tick(painter, square)
        if badge.lost:
            self._paint_lost(painter, square, badge.lost)
        painter.restore()

    def _paint_below(self, painter: QPainter, square: QRect, image_id: int, badge: Badge, row: ImageRow | None) -> None:
        band = QRect(square.left(), square.bottom() + 5, square.width(), self._name_height)
        if self.lines:
            font = self.fonts.italic if badge.label is None else self.fonts.plain
            paint_wrapped(painter, band, _name(badge), font, theme.tokens().text)
        else:
            self._paint_badge(painter, band, badge, row)
        if self._model.has_notes:
            band = band.translated(0, self._band)
            self._paint_note(painter, band, self._model.note(image_id))
        if self.show_names and row is not None:
            below = QRect(band.left(), band.bottom() + 1, band.width(), self.fonts.fine.height() + BELOW)
            paint_text(painter, below, row.path.name, self.fonts.small, theme.tokens().dim, middle=True)

    def _paint_cross(self, painter: QPainter, square: QRect) -> None:
        colours, side = theme.tokens(), square.width() // 2
        paint_box(painter, QRectF(square), theme.RADIUS - 2, f"#c0{colours.raised[1:]}")  # three quarters opaque
        paint_icon(painter, square.center() - QPointF(side / 2, side / 2).toPoint(), "close", side, colours.bad)

    def _paint_card(self, painter: QPainter, card: QRect, selected: bool) -> None:
        colours, width = theme.tokens(), 2 if selected else 1
        fill, line = (colours.accent_soft, colours.accent) if selected else (colours.raised, colours.border)
        area = QRectF(card).adjusted(width / 2, width / 2, -width / 2, -width / 2)  # its line lies inside the card
        paint_box(painter, area, theme.RADIUS, fill, line, width)

    def _paint_ring(self, painter: QPainter, card: QRect, selected: bool) -> None:
        # An image that a click selected is marked enough.
        colours, around = theme.tokens(), QRectF(card).adjusted(-2.5, -2.5, 2.5, 2.5)
        focused = self._view.hasFocus()
        if focused and selected and not theme.has_ring(self._view):
            return
        if focused:
            paint_box(painter, around, theme.RADIUS + 2, line=colours.focus, width=2)
        else:
            paint_box(painter, around, theme.RADIUS + 2, line=colours.dim, width=2, style=Qt.PenStyle.DotLine)

    def _paint_tick(self, painter: QPainter, square: QRect) -> None:
        colours = theme.tokens()
        spot = QRectF(square.left() + 4, square.top() + 4, 20, 20)
        painter.setPen(QPen(QColor(colours.on_accent), 1.5))
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(spot)
        paint_icon(painter, spot.topLeft() + QPointF(3, 3), self._selection.picks or "check", 14, colours.on_accent)

    def _paint_lost(self, painter: QPainter, square: QRect, lost: str) -> None:
        colours = theme.tokens()
        text = tr(LOST_TAGS[lost])
        width = self.fonts.fine.horizontalAdvance(text) + 30
        tag = QRectF(square.right() - width - 3, square.top() + 4, width, self.fonts.fine.height() + 6)
        paint_box(painter, tag, 4, colours.raised, colours.warn)
        paint_icon(painter, QPointF(tag.left() + 5, tag.center().y() - 7), "warning", 14, colours.warn)
        paint_words(painter, tag.adjusted(23, 0, -4, 0), text, colours.text, self.fonts.small)

    def _paint_image(self, painter: QPainter, square: QRect, image_id: int, ratio: float) -> None:
        pixmap = self._thumbnails.pixmap(image_id, min(LARGEST, max(square.width(), square.height())), ratio)
        if pixmap is not None:
            size = pixmap.deviceIndependentSize()
            if self.lines:  # on a card that is no square
                size.scale(min(size.width(), square.width()), square.height(), Qt.AspectRatioMode.KeepAspectRatio)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            left = square.left() + round((square.width() - size.width()) / 2)
            top = square.top() + round((square.height() - size.height()) / 2)
            painter.drawPixmap(QRect(left, top, round(size.width()), round(size.height())), pixmap)
            return
        colours = theme.tokens()
        paint_box(painter, QRectF(square), theme.RADIUS - 2, theme.mix(colours.raised, colours.border, 0.5))
        pale = theme.mix(colours.dim, colours.raised, 0.4)
        paint_icon(painter, square.center() - QPointF(14, 14).toPoint(), "image", 28, pale)
        if self._thumbnails.impossible(image_id):
            below = square.adjusted(0, square.height() // 2 + 18, 0, 0)
            paint_words(painter, below, tr("No preview"), colours.dim, self.fonts.small, WRAPPED)

    def _paint_problem(self, painter: QPainter, square: QRect, row: ImageRow | None) -> None:
        colours = theme.tokens()
        paint_box(painter, QRectF(square), theme.RADIUS - 2, theme.mix(colours.raised, colours.warn, 0.1))
        top = square.top() + 12
        paint_icon(painter, QPoint(square.center().x() - 13, top), "warning", 26, colours.warn)
        if row is None:
            return
        name_height = self.fonts.fine.height()
        text = QRect(square.left() + 8, top + 32, square.width() - 16, square.bottom() - top - 38 - name_height)
        lines = max(1, text.height() // name_height)
        reason = elided(capital(reason_text(row.reason)), self.fonts.small, text.width() * lines - 12 * lines)
        paint_words(painter, text, reason, colours.text, self.fonts.small, WRAPPED)
        name = elided(row.path.name, self.fonts.small, square.width() - 12, middle=True)
        below = QRect(square.left(), square.bottom() - name_height - 4, square.width(), name_height + BELOW)
        paint_words(painter, below, name, colours.dim, flags=CENTRE)

    def _paint_badge(self, painter: QPainter, band: QRect, badge: Badge, row: ImageRow | None) -> None:
        if badge.problem:
            kind = tr(row.problem.value) if row is not None and row.problem is not None else tr("Problem")
            paint_text(painter, band, capital(kind), self.fonts.bold, theme.tokens().warn)
        elif badge.label is not None:
            self._paint_label(painter, band, badge)
        elif badge.caption:
            paint_text(painter, band, badge.caption, self.fonts.italic, theme.tokens().dim)
        elif badge.guess is not None:
            self._paint_guess(painter, band, badge)
        else:
            paint_text(painter, band, tr("Unlabelled"), self.fonts.plain, theme.tokens().dim)

    def _paint_label(self, painter: QPainter, band: QRect, badge: Badge) -> None:
        colours = theme.tokens()
        assert badge.label is not None
        right = self._paint_marks(painter, band, badge)
        name = paint_chip_in(painter, band, badge.label.colour)
        name.setRight(right)
        paint_text(painter, name, badge.label.title, self.fonts.plain, colours.text)

    def _paint_marks(self, painter: QPainter, band: QRect, badge: Badge) -> int:
        """Paint the source of the label, if its name leaves room, and its use at the right; return their left edge."""
        colours = theme.tokens()
        right = band.right()
        tag = tr(text_format.USE_WORDS[badge.use]) if badge.use is not None else ""
        width = self.fonts.fine.horizontalAdvance(tag) + 8
        name = self.fonts.line.horizontalAdvance(one_line(badge.label.title)) + CHIP + 7 if badge.label else 0
        least = LETTERS * self.fonts.line.averageCharWidth() + CHIP + 7  # a name takes it before anything beside it
        if min(name, least) + width + 4 > band.width():
            tag = ""
        if badge.source in SOURCE_ICONS and name + 18 + (width + 4 if tag else 0) <= band.width():
            paint_icon(painter, QPoint(right - 13, band.center().y() - 6), SOURCE_ICONS[badge.source], 14, colours.dim)
            right -= 18
        if tag:
            box = QRectF(right - width + 0.5, band.top() + 1.5, width - 1, band.height() - 3)
            paint_box(painter, box, 3, line=colours.dim)
            paint_words(painter, box, tag, colours.dim, self.fonts.small, CENTRE)
            right -= width + 4
        return right

    def _paint_guess(self, painter: QPainter, band: QRect, badge: Badge) -> None:
        colours = theme.tokens()
        assert badge.guess is not None
        percent = "" if badge.rejected else text_format.whole_percent(badge.confidence)
        width = self.fonts.fine.horizontalAdvance(percent) + 4
        answer = tr(NONE_OF_THESE) if badge.rejected else f"{badge.guess.name}?"
        paint_words(painter, band, percent, colours.dim, self.fonts.small, RIGHT)
        paint_text(painter, band.adjusted(0, 0, -width, 0), answer, self.fonts.italic, colours.dim)

    def _paint_note(self, painter: QPainter, band: QRect, note: Note | None) -> None:
        if note is None:
            return
        if note.about is not None:
            band = paint_chip_in(painter, band, note.about.colour)
        paint_text(painter, band, note.text, self.fonts.bold if note.about else self.fonts.plain, theme.tokens().text)


SMALLEST, USUAL, LARGEST, STEP = 80, 144, 320, 16  # stored thumbnails have 256 pixels: above 320 they blur
SIDE = "grid/side"


class ImageSide(QObject):
    """The side of an image in device-independent pixels."""

    changed = Signal(int)  # the new value

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        saved = controller.settings.window_state(SIDE)
        self.value = int(saved) if saved in map(str, range(SMALLEST, LARGEST + 1)) else USUAL

    @classmethod
    def of(cls, controller: Controller) -> ImageSide:
        return controller.findChild(cls) or cls(controller)

    def set(self, value: int) -> None:
        value = min(max(value, SMALLEST), LARGEST)
        if value != self.value:
            self.value = value
            self.changed.emit(value)

    def step(self, steps: int) -> None:
        self.set(self.value + steps * STEP)
