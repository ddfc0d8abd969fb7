"""The confusion matrix as a small heat map with keyboard navigation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.theme import mix, tokens, watcher

MIN_CELL = 14
MAX_CELL = 44
LABEL_LIMIT = 150
NUMBER_CELL = 20
GAP = 8
TITLE = 22


class ConfusionView(QWidget):
    """Rows are true classes, columns are predictions among all class names; darker means more images.

    Signals:
        cell_clicked: A cell was clicked or chosen by key: (true name, predicted name).
        moved: The current cell changed.
    """

    cell_clicked = Signal(str, str)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self._current = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Confusion matrix"))
        watcher().changed.connect(self.update)

    def set_matrix(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show a matrix; counts[i][j] are images of class i predicted as class j."""
        self._names = tuple(names)
        self._counts = tuple(tuple(row) for row in counts)
        self._current = (0, 0)
        self.updateGeometry()
        self.setMinimumSize(self.minimumSizeHint())
        self._tell()
        self.update()

    @property
    def current_rect(self) -> QRect:
        return self.cell_rect(*self._current)

    @property
    def current(self) -> tuple[str, str]:
        """True and predicted class of the current cell."""
        row, column = self._current
        return self._names[row], self._names[column]

    @property
    def current_count(self) -> int:
        row, column = self._current
        return self._counts[row][column]

    def text(self) -> str:
        head = "\t".join([tr("true \\ predicted"), *self._names])
        lines = ["\t".join([name, *map(str, row)]) for name, row in zip(self._names, self._counts, strict=True)]
        return "\n".join([head, *lines])

    def describe(self, row: int, column: int) -> str:
        found, total, name = self._counts[row][column], sum(self._counts[row]), self._names[row]
        if not total:
            return tr("No image of '{class_name}' was measured.", class_name=name)
        share = number_format.whole_percent(found / total)
        if row == column:
            return tr(
                "{found:,} of {n} image of '{class_name}' ({share}) was recognised.",
                "{found:,} of {n} images of '{class_name}' ({share}) were recognised.",
                total,
                found=found,
                class_name=name,
                share=share,
            )
        return tr(
            "{found:,} of {n} image of '{class_name}' ({share}) was taken for '{other_class}'.",
            "{found:,} of {n} images of '{class_name}' ({share}) were taken for '{other_class}'.",
            total,
            found=found,
            class_name=name,
            share=share,
            other_class=self._names[column],
        )

    # ------------------------------------------------------------------ geometry

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.88))
        return font

    def _label_width(self) -> int:
        metrics = QFontMetrics(self._small())
        longest = max((metrics.horizontalAdvance(one_line(name)) for name in self._names), default=0)
        return min(LABEL_LIMIT, longest + 6) + GAP

    def _cell(self) -> QSize:
        """Return the cell size: as large as fits, and rather wide than tall, for the number."""
        count = max(1, len(self._names))
        label = self._label_width() + TITLE + GAP
        wide, high = ((room - label) // count for room in (self.width(), self.height()))
        high = max(MIN_CELL, min(MAX_CELL, high))
        return QSize(max(MIN_CELL, min(MAX_CELL, wide, 2 * high)), high)

    def _origin(self) -> QPoint:
        label = self._label_width() + TITLE
        return QPoint(label, label)

    def cell_rect(self, row: int, column: int) -> QRect:
        cell, origin = self._cell(), self._origin()
        at = QPoint(origin.x() + column * cell.width(), origin.y() + row * cell.height())
        return QRect(at, cell)

    def _at(self, point: QPoint) -> tuple[int, int] | None:
        cell, origin = self._cell(), self._origin()
        column, row = (point.x() - origin.x()) // cell.width(), (point.y() - origin.y()) // cell.height()
        inside = 0 <= row < len(self._names) and 0 <= column < len(self._names)
        return (row, column) if inside else None

    def minimumSizeHint(self) -> QSize:
        side = self._label_width() + TITLE + MIN_CELL * max(1, len(self._names)) + GAP
        return QSize(side, side)

    def sizeHint(self) -> QSize:
        """Return the size with cells that show their number."""
        side = self._label_width() + TITLE + 28 * max(1, len(self._names)) + GAP
        return QSize(side, side)

    # ------------------------------------------------------------------ drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._names:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        self._paint_cells(painter)
        self._paint_names(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens().focus), 2))
            painter.drawRect(self.cell_rect(*self._current).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_cells(self, painter: QPainter) -> None:
        look, cell = tokens(), self._cell()
        roomy = cell.width() >= NUMBER_CELL and cell.height() >= MIN_CELL
        for row, counts in enumerate(self._counts):
            total = max(1, sum(counts))
            for column, number in enumerate(counts):
                share = number / total
                hue = look.good if row == column else look.bad
                fill = mix(look.raised, hue, 0.12 + 0.78 * share) if number else look.raised
                rect = self.cell_rect(row, column)
                painter.fillRect(rect.adjusted(0, 0, -1, -1), QColor(fill))
                if number and roomy:
                    painter.setPen(QColor(look.surface if share > 0.5 else look.text))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(number))

    def _paint_names(self, painter: QPainter) -> None:
        look, metrics = tokens(), QFontMetrics(self._small())
        width = self._label_width() - GAP
        for at, name in enumerate(self._names):
            painter.setPen(QColor(look.text))
            short = metrics.elidedText(one_line(name), Qt.TextElideMode.ElideRight, width)
            row = self.cell_rect(at, 0)
            side = QRect(TITLE, row.y(), width, row.height())
            painter.drawText(side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short)
            column = self.cell_rect(0, at)
            painter.save()
            painter.translate(column.center().x(), column.y() - GAP)
            painter.rotate(-90)
            painter.drawText(
                QRectF(0, -column.width() / 2, width, column.width()), Qt.AlignmentFlag.AlignVCenter, short
            )
            painter.restore()
        painter.setPen(QColor(look.dim))
        last = self.cell_rect(len(self._names) - 1, len(self._names) - 1)
        origin = self._origin()
        top = QRect(origin.x(), 0, max(80, last.right() - origin.x()), TITLE)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, tr("Predicted"))
        painter.save()
        painter.translate(0, last.bottom())
        painter.rotate(-90)
        side = QRect(0, 0, max(80, last.bottom() - origin.y()), TITLE)
        painter.drawText(side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tr("True class"))
        painter.restore()

    # ------------------------------------------------------------------ keyboard and mouse

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(event.pos())
            if at is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.describe(*at), self, self.cell_rect(*at))
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._names:
            self.moved.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if at is not None and event.button() is Qt.MouseButton.LeftButton:
            self._go(*at)
            self.cell_clicked.emit(*self.current)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        inside = self._at(event.position().toPoint()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if inside else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        key = Qt.Key(event.key())
        if self._names and key in steps:
            last = len(self._names) - 1
            row, column = (a + b for a, b in zip(self._current, steps[key], strict=True))
            self._go(min(max(row, 0), last), min(max(column, 0), last))
        elif self._names and key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            row = self._current[0]
            self._go(row, 0 if key == Qt.Key.Key_Home else len(self._names) - 1)
        elif self._names and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.cell_clicked.emit(*self.current)
        else:
            super().keyPressEvent(event)

    def _go(self, row: int, column: int) -> None:
        self._current = (row, column)
        self._tell()
        self.update()
        self.moved.emit()

    def _tell(self) -> None:
        words = self.describe(*self._current) if self._names else ""
        self.setAccessibleDescription(words)
