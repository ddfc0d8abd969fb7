"""Small parts of the preview: the label in one line, and bars of the best predictions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.ui.grid.image_model import Badge
from mma_desktop.ui.widgets import number_format, theme
from mma_desktop.ui.widgets.controls import SPACE
from mma_desktop.ui.widgets.painting import elided, paint_chip_in, paint_meter, paint_text

CHIP = 12


class LabelLine(QWidget):
    """The class of an image and the source of its label, or that it has none."""

    def __init__(self) -> None:
        super().__init__()
        self._badge: Badge | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_badge(self, badge: Badge | None) -> None:
        self._badge = badge
        self.setAccessibleName(badge.words() if badge is not None else "")
        self.setToolTip(badge.words() if badge is not None else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        badge, now = self._badge, theme.tokens()
        if badge is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.rect()
        if badge.label is None:
            words, font = tr("Unlabelled"), QFont(self.font())
            font.setItalic(True)
            if badge.guess is not None:
                words = f"{badge.guess.name}? {number_format.whole_percent(badge.confidence)}"
            paint_text(painter, room, words, font, now.dim)
            return
        room = paint_chip_in(painter, room, badge.label.colour, CHIP)
        name, bold = one_line(badge.label.title), QFont(self.font())
        bold.setBold(True)
        paint_text(painter, room, name, bold, now.text)
        rest = room.adjusted(painter.fontMetrics().horizontalAdvance(elided(name, bold, room.width())), 0, 0, 0)
        paint_text(painter, rest, badge.words()[len(name) :], self.font(), now.dim)


class GuessMeters(QWidget):
    """The best predictions as bars with percentages. Hidden without any."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._guesses: list[tuple[str, float, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_guesses(self, title: str, guesses: Sequence[tuple[str, float, str]]) -> None:
        """Show predictions, best first: (name, 0 to 1, colour), under a title that says what made them."""
        self._title, self._guesses = title, list(guesses)
        words = ", ".join(f"{one_line(name)} {number_format.whole_percent(share)}" for name, share, _ in guesses)
        self.setAccessibleName(f"{title}: {words}" if guesses else "")
        self.setVisible(bool(guesses))
        self.updateGeometry()
        self.update()

    def _line(self) -> int:
        return self.fontMetrics().height() + 3

    def sizeHint(self) -> QSize:
        return QSize(120, self._line() * (len(self._guesses) + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        now, line = theme.tokens(), self._line()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(now.dim))
        painter.drawText(QRect(0, 0, self.width(), line), Qt.AlignmentFlag.AlignVCenter, self._title)
        names = min(self.width() // 2, 160)
        for number, (name, share, colour) in enumerate(self._guesses, 1):
            top = number * line
            room = QRect(0, top, names - SPACE, line)
            rest = paint_chip_in(painter, room, colour, CHIP) if colour else room.adjusted(CHIP + 7, 0, 0, 0)
            paint_text(painter, rest, name, self.font(), now.text)
            # 100% would be painted as full, which marks completion; a prediction never is.
            text = number_format.whole_percent(share)
            paint_meter(painter, QRectF(names, top, self.width() - names, line), min(share, 0.9999), text)
