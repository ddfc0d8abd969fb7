"""Base and new accuracy, and the loss, over the epochs of the training that runs, drawn as they come."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import Accuracy, Role, Scores
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.painting import small_font
from mma_desktop.ui.widgets.theme import BASE_COLOUR, NEW_COLOUR, tokens

COLOURS = {Role.BASE: BASE_COLOUR, Role.NEW: NEW_COLOUR}
LOSS_SHARE = 0.22  # of the height, below the accuracies
PAD = 8
LIGHT = 0.45  # opacity of the curve with the head


def colour_of(role: Role) -> QColor:
    """The colour of a role in this theme."""
    light, dark = COLOURS[role]
    return QColor(dark if tokens().name == "dark" else light)


def trained(event: EpochEvent) -> Scores:
    """What is being trained, without the head that was fitted before the first epoch."""
    alone = event.alone
    return alone if alone.base is not None or alone.new is not None else Scores(event.base, event.new)


def has_head(event: EpochEvent) -> bool:
    """Whether the event tells the adapter alone from the one with its head."""
    return event.alone.base is not None or event.alone.new is not None


def of(scores: Scores | EpochEvent, role: Role) -> Accuracy | None:
    """The accuracy of a role."""
    return scores.base if role is Role.BASE else scores.new


class EpochChart(QWidget):
    """Curves of what is trained, lighter ones with the head, dashed lines before training, and the loss below."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[EpochEvent] = []
        self.setAccessibleName(tr("Base and new accuracy by epoch"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(190)

    def sizeHint(self) -> QSize:
        return QSize(480, 230)

    def clear(self) -> None:
        """Start anew."""
        self.events = []
        self.update()

    def add(self, event: EpochEvent) -> None:
        """Draw one epoch more; Qt gathers what comes within a frame."""
        self.events.append(event)
        self.setAccessibleDescription(self._words(event))
        self.update()

    @staticmethod
    def _words(event: EpochEvent) -> str:
        parts = [tr("Epoch {n}", n=event.epoch)]
        for role, name in ((Role.BASE, tr("Base")), (Role.NEW, tr("New"))):
            if (value := of(event, role)) is not None:
                parts.append(f"{name} {text_format.percent(value.percent)}")
        return ", ".join(parts)

    # ------------------------------------------------------------------ drawing

    def _entries(self) -> list[tuple[str, QColor, float, Qt.PenStyle]]:
        """The legend: text, colour, opacity and dash of each curve."""
        if not self.events:
            return []
        newest, entries = self.events[-1], []
        for role, name in ((Role.BASE, tr("Base")), (Role.NEW, tr("New"))):
            if of(trained(newest), role) is not None:
                entries.append((name, colour_of(role), 1.0, Qt.PenStyle.SolidLine))
        if has_head(newest):
            entries.append((tr("with the head"), QColor(tokens().text), LIGHT, Qt.PenStyle.SolidLine))
        entries.append((tr("zero-shot"), QColor(tokens().dim), 1.0, Qt.PenStyle.DashLine))
        if newest.best_epoch:
            entries.append((tr("best epoch"), QColor(tokens().good), 1.0, Qt.PenStyle.DotLine))
        return entries

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font(self.font()))
        metrics = painter.fontMetrics()
        top = self._paint_legend(painter)
        left, bottom = metrics.horizontalAdvance("100%") + PAD, metrics.height() + 2
        across = QRectF(left, top, max(1, self.width() - left - PAD), max(1, self.height() - top - bottom))
        loss_height = LOSS_SHARE * across.height()
        accuracy = across.adjusted(0, 0, 0, -loss_height - PAD)
        loss = QRectF(across.left(), across.bottom() - loss_height, across.width(), loss_height)
        painter.setPen(QColor(tokens().border))
        painter.drawRect(accuracy)
        painter.drawRect(loss)
        if self.events:
            last = self._last
            self._paint_accuracies(painter, accuracy, last)
            self._paint_loss(painter, loss, last)
            painter.setPen(QColor(tokens().dim))
            line = QRectF(across.left(), across.bottom(), across.width(), bottom)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, tr("Epoch {n}", n=1))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, number(last))

    @property
    def _last(self) -> int:
        """The last epoch of the axis, which grows in steps."""
        newest = self.events[-1]
        return max(2, min(newest.max_epochs, max(5, math.ceil(1.1 * newest.epoch / 5) * 5)))

    def _paint_legend(self, painter: QPainter) -> float:
        """Draw the legend in as many lines as it needs; where it ends."""
        metrics, x, y = painter.fontMetrics(), float(PAD), 0.0
        height = metrics.height() + 4
        for text, colour, opacity, dash in self._entries():
            width = 26 + metrics.horizontalAdvance(text) + 2 * PAD
            if x + width > self.width() and x > PAD:
                x, y = float(PAD), y + height
            painter.setOpacity(opacity)
            painter.setPen(QPen(colour, 2.4, dash))
            painter.drawLine(QPointF(x, y + height / 2), QPointF(x + 20, y + height / 2))
            painter.setOpacity(1)
            painter.setPen(QColor(tokens().text))
            painter.drawText(QRectF(x + 26, y, width, height), Qt.AlignmentFlag.AlignVCenter, text)
            x += width
        return y + height + 2

    def _range(self) -> tuple[float, float]:
        values = [
            value.percent
            for event in self.events
            for scores in (Scores(event.base, event.new), event.alone, event.zero_shot)
            for value in (scores.base, scores.new)
            if value is not None
        ] or [0.0, 100.0]
        return max(0.0, 10 * math.floor((min(values) - 2) / 10)), min(100.0, 10 * math.ceil((max(values) + 2) / 10))

    def _paint_accuracies(self, painter: QPainter, area: QRectF, last: int) -> None:
        low, high = self._range()
        left = QRectF(0, 0, area.left() - 4, 16)
        for share in (0.0, 0.5, 1.0):
            value = low + share * (high - low)
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(QColor(tokens().border), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens().dim))
            left.moveCenter(QPointF(left.center().x(), min(max(y, area.top() + 6), area.bottom() - 6)))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(left, right, text_format.whole_percent(value / 100))
        best = self.events[-1].best_epoch
        if best:
            x = self._x(area, best, last)
            painter.setPen(QPen(QColor(tokens().good), 1.4, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

        def line(role: Role, which: Sequence[Scores | EpochEvent], opacity: float, width: float) -> None:
            points = [
                (event.epoch, value.percent)
                for event, scores in zip(self.events, which, strict=True)
                if (value := of(scores, role)) is not None
            ]
            painter.setOpacity(opacity)
            self._paint_line(painter, area, points, last, (low, high), QPen(colour_of(role), width))
            painter.setOpacity(1)

        for role in (Role.BASE, Role.NEW):
            zero_shot = of(self.events[-1].zero_shot, role)
            if zero_shot is not None:
                y = area.bottom() - (zero_shot.percent - low) / (high - low) * area.height()
                painter.setPen(QPen(colour_of(role), 1.2, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if has_head(self.events[-1]):
                line(role, self.events, LIGHT, 1.6)
            line(role, [trained(event) for event in self.events], 1.0, 2.6)

    def _paint_loss(self, painter: QPainter, area: QRectF, last: int) -> None:
        points = [(event.epoch, event.loss) for event in self.events]
        low, high = min(y for _, y in points), max(y for _, y in points)
        colour = QColor(tokens().dim)
        self._paint_line(
            painter, area.adjusted(0, 3, 0, -3), points, last, (low, max(high, low + 1e-6)), QPen(colour, 1.4)
        )
        painter.setPen(colour)
        corner = area.adjusted(4, 2, -4, -2)
        loss = tr("Loss {value}", value=number(self.events[-1].loss, ".3g"))
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, loss)

    @staticmethod
    def _x(area: QRectF, epoch: float, last: int) -> float:
        return area.left() + (epoch - 1) / max(1, last - 1) * area.width()

    def _paint_line(
        self,
        painter: QPainter,
        area: QRectF,
        points: Sequence[tuple[int, float]],
        last: int,
        ends: tuple[float, float],
        pen: QPen,
    ) -> None:
        low, high = ends
        placed = [
            QPointF(self._x(area, epoch, last), area.bottom() - (value - low) / (high - low) * area.height())
            for epoch, value in points
        ]
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(placed) == 1:
            painter.setBrush(pen.color())
            painter.drawEllipse(placed[0], 2.5, 2.5)
        elif placed:
            painter.drawPolyline(QPolygonF(placed))
