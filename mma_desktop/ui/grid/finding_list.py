"""Lists of findings about a model, with small images: as rows or as tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QListView, QListWidget, QListWidgetItem, QScrollArea, QWidget

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.thumbnail_loader import ThumbnailLoader, rows_of
from mma_desktop.ui.widgets.controls import Part, in_column, in_row
from mma_desktop.ui.widgets.painting import Index, chip
from mma_desktop.ui.widgets.text_labels import ElidedLabel, IconLabel, elided_hint, hint, set_or_hide

PAD, BORDERS = 6, 4  # around an entry; the style sheet draws two borders of 2 around that
CHIP = 12  # as high as a small letter
ROW_SIDE, MAX_IN_ROW = 52, 4  # of the images of a row: as high as its two lines, and half of a card wide


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """Content of a row or tile, the value chosen with it, and the `colour` of its class, "" for none."""

    title: str
    detail: str
    value: Any
    images: tuple[int, ...] = ()
    colour: str = ""

    @property
    def words(self) -> str:
        return f"{self.title}, {self.detail}"


class FindingList(QListWidget):
    """List as tall as its entries. A click, Enter or Space chooses an entry; arrow keys move between them.

    A `note`, placed by its owner, says what there is to say of them, or why there are none; the list is hidden then.
    With `tile`, the side of their images in pixels, the entries are tiles side by side, otherwise rows of at most
    `most` images.
    """

    chosen = Signal(object)  # the value of an entry

    def __init__(self, name: str, controller: Controller, *, tile: int = 0, most: int = MAX_IN_ROW) -> None:
        super().__init__()
        self._most = 1 if tile else most
        self.setAccessibleName(name)
        self._controller = controller
        self.tile = tile
        self.note = hint()
        self.loader = ThumbnailLoader(controller, self)
        self.loader.loaded.connect(self._show_image)
        controller.opened.connect(self.loader.clear)  # the ids of another project mean other images
        self._pictures: dict[int, list[QLabel]] = {}
        self.entries: tuple[FindingEntry, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("findings")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        if tile:
            self.setViewMode(QListView.ViewMode.IconMode)
            self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.clicked.connect(self._choose)
        self._fit()

    def show_entries(self, entries: Sequence[FindingEntry], note: str = "") -> None:
        entries = tuple(entries)
        set_or_hide(self.note, note)
        self.setVisible(bool(entries))
        if entries == self.entries:
            return
        row = self.currentRow()
        self.clear()
        self.entries = entries
        for entry in entries:
            item, shown = QListWidgetItem(entry.title), self._widget(entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.words)
            item.setToolTip(entry.words)
            item.setSizeHint(QSize(shown.sizeHint().width() if self.tile else 1, shown.sizeHint().height()))
            self.addItem(item)
            self.setItemWidget(item, shown)
        if row >= 0:
            self.setCurrentRow(min(row, len(entries) - 1))
        if images := list(dict.fromkeys(image for entry in entries for image in entry.images)):
            self._controller.ask(LaneName.STORE, rows_of(images), self._on_rows, question=(self, "rows"))
        self._fit()

    def _widget(self, entry: FindingEntry) -> QWidget:
        title, shown = ElidedLabel(entry.title), QWidget()
        detail = elided_hint(entry.detail) if self.tile or entry.images else hint(entry.detail)  # beside none it wraps
        first: list[Part] = [(title, 1)]
        if entry.colour:
            first.insert(0, IconLabel(chip(entry.colour), CHIP))
        words = in_column(in_row(*first, spacing=PAD), detail, spacing=0)
        side = self.tile or ROW_SIDE
        images: list[Part] = [self._picture(image, side) for image in entry.images[: self._most]]
        place, margins = in_column if self.tile else in_row, (PAD, PAD, PAD, PAD)
        parts = (*images, words) if self.tile else ((words, 1), *images)
        place(*parts, inside=shown, margins=margins, spacing=PAD)
        shown.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return shown

    def _picture(self, image: int, side: int) -> QLabel:
        label = QLabel()
        label.setFixedSize(side, side)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        self._pictures.setdefault(image, []).append(label)
        self._show_image(image)
        return label

    def _show_image(self, image: int) -> None:
        for label in self._pictures.get(image, ()):
            picture = self.loader.pixmap(image, label.width(), self.devicePixelRatioF())
            if picture is not None:
                label.setPixmap(picture)
            elif self.loader.impossible(image):
                label.setText(tr("No preview"))

    def clear(self) -> None:
        self._controller.bridge.forget((self, "rows"))
        self.entries = ()
        self._pictures.clear()
        super().clear()
        self._fit()

    def _on_rows(self, rows: Sequence[ImageRow]) -> None:
        shown = (image for entry in self.entries for image in entry.images)
        order = {image: position for position, image in enumerate(shown)}
        self.loader.want(sorted(rows, key=lambda row: order.get(row.id, 0)))
        if self.tile:  # a single image, whose name is told
            names = {row.id: one_line(row.path.name) for row in rows}
            for position, entry in enumerate(self.entries):
                name = names.get(entry.images[0], "")
                self.item(position).setToolTip(f"{entry.words}\n{name}")
                self.item(position).setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.words}, {name}")

    def _fit(self) -> None:
        for item in map(self.item, range(self.count())):
            shown = self.itemWidget(item)
            if shown is not None and shown.hasHeightForWidth():
                item.setSizeHint(QSize(1, shown.heightForWidth(self.viewport().width() - BORDERS) + BORDERS))
        self.doItemsLayout()
        self.setFixedHeight(max(1, self.contentsSize().height() + 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.entries[index.row()].value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and not event.modifiers():
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.entries and self.currentRow() < 0:
            self.setCurrentRow(0)
        self._show_current()

    def currentChanged(self, now: Index, before: Index) -> None:
        # The page scrolls: this list has no scroll bar of its own.
        super().currentChanged(now, before)
        if self.hasFocus():
            self._show_current()

    def _show_current(self) -> None:
        area: QWidget | None = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        shown = self.itemWidget(self.currentItem()) if self.currentRow() >= 0 else None
        if isinstance(area, QScrollArea) and shown is not None:
            area.ensureWidgetVisible(shown, 0, PAD)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The wheel is the page's.
        event.ignore()
