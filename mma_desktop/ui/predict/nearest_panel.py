"""The labelled images most similar to the tested picture, as buttons that open them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QGridLayout, QSizePolicy, QWidget

from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import ImageClass, ImageRow
from mma_desktop.services.labels.neighbours import Among, Neighbour
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.picture_drag import PictureDrag
from mma_desktop.ui.grid.thumbnail_loader import ThumbnailLoader
from mma_desktop.ui.widgets.controls import heading, hint, in_column
from mma_desktop.ui.widgets.text_format import unmarked
from mma_desktop.ui.widgets.theme import mix, tokens, watcher

A_ROW = 3
SIDE = 84
PAD = 6
TITLES = {
    Among.SHOTS: later("Nearest examples"),
    Among.SEEN: later("Nearest trained images"),
    Among.LABELLED: later("Nearest labelled images"),
}
MEANING = later("Similarity, 1 for the same picture. Enter or a click shows the image on the Label page.")


class ShotButton(QAbstractButton):
    """One image: its thumbnail over its class and similarity.

    Signals:
        dragged: The button is dragged with the mouse.
    """

    dragged = Signal()

    def __init__(
        self, neighbour: Neighbour, one: ImageClass | None, loader: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.neighbour = neighbour
        self._loader = loader
        self._name = ""
        self._pressed_at = QPoint()
        self.show_class(one)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_class(self, one: ImageClass | None) -> None:
        """Update the name of the class."""
        self._colour = one.colour if one is not None else tokens().dim
        self._class = one_line(one.name) if one is not None else tr("no class")
        self.setText(unmarked(self._class))
        self.tell(self._name)
        self.update()

    @property
    def similarity(self) -> str:
        """The cosine similarity as shown."""
        return number(self.neighbour.similarity, ".2f")

    def tell(self, name: str) -> None:
        """Set the tooltip that names the file."""
        self._name = name
        similarity = tr("similarity {cosine}", cosine=self.similarity)
        words = ", ".join(filter(None, (self._class, similarity, name)))
        self.setAccessibleName(words)
        self.setToolTip("\n".join((words, tr("Show on the Label page"))))

    def sizeHint(self) -> QSize:
        return QSize(SIDE + 2 * PAD, SIDE + 3 * PAD + 2 * self.fontMetrics().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Click on Enter, as Qt does on Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        way = event.position().toPoint() - self._pressed_at
        if self.isDown() and way.manhattanLength() >= QApplication.startDragDistance():
            self.setDown(False)
            self.dragged.emit()
        else:
            super().mouseMoveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, line = tokens(), self.fontMetrics().height()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        hot = self.underMouse() or self.isDown()
        painter.setPen(QPen(QColor(look.focus if self.hasFocus() else look.border), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(mix(look.raised, look.text, 0.05) if hot else look.raised))
        painter.drawRoundedRect(area, 6, 6)
        box = QRect(PAD, PAD, self.width() - 2 * PAD, SIDE)
        picture = self._loader.pixmap(self.neighbour.image_id, min(SIDE, box.width()), self.devicePixelRatioF())
        if picture is not None:
            size = picture.deviceIndependentSize().toSize()
            painter.drawPixmap(box.center() - QRect(0, 0, size.width(), size.height()).center(), picture)
        else:
            painter.setPen(QColor(look.dim))
            none = self._loader.impossible(self.neighbour.image_id)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tr("No preview") if none else "\N{HORIZONTAL ELLIPSIS}")
        top = SIDE + 2 * PAD
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawEllipse(QRectF(PAD, top + (line - 8) / 2, 8, 8))
        words = QRect(PAD + 13, top, self.width() - 2 * PAD - 13, line)
        painter.setPen(QColor(look.text))
        name = self.fontMetrics().elidedText(self._class, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(look.dim))
        painter.drawText(words.translated(0, line), Qt.AlignmentFlag.AlignVCenter, self.similarity)
        painter.end()


class NearestShots(QWidget):
    """Up to six images, the most similar first.

    Signals:
        chosen: Show an image on the Label page (image id).
    """

    chosen = Signal(int)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._loader = ThumbnailLoader(controller, self)
        self._loader.loaded.connect(self._loaded)
        self._drag = PictureDrag(self, self._loader, controller)
        self._rows: dict[int, ImageRow] = {}
        self.buttons: list[ShotButton] = []
        self.title = heading("", 3)
        self.title.setToolTip(tr(MEANING))
        self.empty = hint("")
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        for at in range(A_ROW):
            self._grid.setColumnStretch(at, 1)
        in_column(self.title, self.empty, self._grid, inside=self, margins=(0, 4, 0, 0), spacing=6)
        watcher().changed.connect(self.update)
        self.hide()

    def clear(self) -> None:
        self._controller.bridge.forget((self, "rows"))
        self._take_away()
        self._loader.clear()
        self.hide()

    def _take_away(self) -> None:
        for one in self.buttons:
            self._grid.removeWidget(one)
            one.hide()
            one.deleteLater()
        self.buttons = []

    def show_nearest(self, nearest: Sequence[Neighbour], among: Among, note: str = "") -> None:
        """Show these images, searched in `among`, under a note; those already shown keep the keyboard focus."""
        self.title.setText(tr(TITLES[among]))
        none = "" if nearest else tr("Label some images, and the ones most like this picture are shown here.")
        self.empty.setText(none or note)
        self.empty.setVisible(bool(none or note))
        self.show()
        context = self._controller.context
        if context is None:
            return
        if [one.neighbour for one in self.buttons] == list(nearest):
            for one in self.buttons:
                one.show_class(context.class_by_id(one.neighbour.class_id))
            return
        self._controller.bridge.forget((self, "rows"))
        self._take_away()
        for at, neighbour in enumerate(nearest):
            one = ShotButton(neighbour, context.class_by_id(neighbour.class_id), self._loader)
            one.clicked.connect(self._clicked)
            one.dragged.connect(self._drag_shot)
            self._grid.addWidget(one, at // A_ROW, at % A_ROW)
            self.buttons.append(one)
        if nearest:
            self._controller.ask_rows([one.image_id for one in nearest], self._take_rows, (self, "rows"))

    def _drag_shot(self) -> None:
        one = self.sender()
        if isinstance(one, ShotButton) and one.neighbour.image_id in self._rows:
            self._drag.begin([one.neighbour.image_id], min(SIDE, one.width() - 2 * PAD), self._rows.get)

    def _take_rows(self, rows: Sequence[ImageRow]) -> None:
        self._rows = {row.id: row for row in rows}
        names = {row.id: row.path.name for row in rows}
        for one in self.buttons:
            one.tell(one_line(names.get(one.neighbour.image_id, "")))
        self._loader.want(rows)

    def _loaded(self, image_id: int) -> None:
        for one in self.buttons:
            if one.neighbour.image_id == image_id:
                one.update()

    def _clicked(self) -> None:
        one = self.sender()
        if isinstance(one, ShotButton):
            self.chosen.emit(one.neighbour.image_id)
