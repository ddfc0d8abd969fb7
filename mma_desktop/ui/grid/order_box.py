"""Combo box for the order of the grid, with reasons why some orders are not available."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyleOptionComboBox

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.services.image_index import BY_FEATURES, Filter, Order
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.image_grid import ImageGrid

MOST_ANCHORS = 1_000
MOST_LETTERS = 40
ARROW = 54
ORDERS: tuple[tuple[Order, str, str], ...] = (
    (Order.ADDED, later("Order added"), ""),
    (Order.NAME, later("File name"), ""),
    (Order.NEWEST, later("Date, newest first"), ""),
    (Order.OLDEST, later("Date, oldest first"), ""),
    (Order.CONFIDENCE, later("Most confident"), ""),
    (Order.LEAST_CONFIDENT, later("Least confident"), ""),
    (Order.LIKELY, later("Most likely"), ""),
    (
        Order.SIMILAR,
        later("Most similar"),
        later("Most like the selected pictures first. Choose it again to compare with others."),
    ),
    (Order.TYPICAL, later("Most typical"), later("First what looks most like the others of its class.")),
    (
        Order.OUTLIERS,
        later("Least typical"),
        later("First what looks least like the others of its class: outliers, wrong labels."),
    ),
)
ROWS = [order for order, _, _ in ORDERS]
NO_CLASS = later("Select a class in the list on the left first.")
NO_IMAGE = later("Select one or more pictures first.")
NO_BACKBONE = later("The image model is not loaded yet.")
NO_FEATURES = later("No picture has been looked at yet.")
NO_PREDICTIONS = later(
    "There are no predictions yet: they come once there are classes and the pictures have been looked at."
)


class WideBox(QComboBox):
    """Combo box whose popup is as wide as its content, however narrow the box; its own text is elided."""

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + ARROW)
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.width() - ARROW - (0 if option.currentIcon.isNull() else option.iconSize.width() + 4)
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)


class OrderBox(WideBox):
    """Chooses an `Order`, and the images that "most similar" compares with."""

    chosen = Signal()  # an order was chosen, maybe the current one

    def __init__(self, controller: Controller, grid: ImageGrid) -> None:
        super().__init__()
        self._controller, self._grid = controller, grid
        self.anchors: tuple[int, ...] = ()
        self._compared = tr("Most similar")
        self.likely: ImageClass | None = None
        self._reasons: dict[Order, str] = {}
        for order, text, _ in ORDERS:
            self.addItem(tr(text), order)
        self.activated.connect(self._activated)
        self.currentIndexChanged.connect(self._say)
        of_project = (controller.opened, controller.changed, controller.engine_ready, controller.guesses_changed)
        for signal in (*of_project, grid.selection_changed, grid.current_changed):
            signal.connect(self._offer)
        self._offer()

    @property
    def order(self) -> Order:
        return Order(self.currentData())

    def why_not(self, order: Order) -> str:
        return tr(self._reasons.get(order, ""))

    def show_query(self, query: Filter) -> None:
        if query.order is Order.SIMILAR and query.anchors != self.anchors:
            self._compare_with(query.anchors)
        self.setCurrentIndex(ROWS.index(query.order))
        self._name_similar(query.order is Order.SIMILAR)

    def set_likely(self, choice: ImageClass | None) -> None:
        self.likely = choice
        self.setItemText(
            ROWS.index(Order.LIKELY),
            tr("Most likely {class_name}", class_name=choice.title) if choice is not None else tr("Most likely"),
        )
        self._offer()

    def _offer(self, _what: object = None) -> None:
        """Enable the available orders and explain the others; reads memory only."""
        context = self._controller.context
        any_image = self._grid.current_position >= 0 or len(self._grid.selection) > 0
        cache = context.engine.cache if context is not None else None
        no_features = NO_BACKBONE if cache is None else "" if len(cache) else NO_FEATURES
        guesses = context.guesses if context is not None else None
        no_guesses = "" if guesses is not None and len(guesses.image_ids) else NO_PREDICTIONS
        reasons = dict.fromkeys(BY_FEATURES, no_features)
        reasons |= dict.fromkeys((Order.CONFIDENCE, Order.LEAST_CONFIDENT), no_guesses)
        reasons[Order.LIKELY] = NO_CLASS if self.likely is None else no_features
        reasons[Order.SIMILAR] = no_features or ("" if any_image else NO_IMAGE)
        if reasons == self._reasons:
            return
        self._reasons = reasons
        items = self.model()
        assert isinstance(items, QStandardItemModel)
        for row, (order, _, tip) in enumerate(ORDERS):
            why = self.why_not(order)
            item: QStandardItem = items.item(row)
            item.setEnabled(not why)
            text = " ".join(filter(None, (tr(tip), why)))
            item.setData(text, Qt.ItemDataRole.ToolTipRole)
            item.setData(text, Qt.ItemDataRole.AccessibleDescriptionRole)

    def _activated(self, row: int) -> None:
        similar = ROWS[row] is Order.SIMILAR
        if similar:
            self._compare_with(tuple(self._grid.selected_ids()[:MOST_ANCHORS].tolist()))
        self._name_similar(similar)
        self.chosen.emit()

    def _compare_with(self, anchors: tuple[int, ...]) -> None:
        self.anchors = anchors
        row = self._grid.images.row(anchors[0]) if len(anchors) == 1 else None
        if row is not None:
            name = row.path.stem
            short = name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"
            self._compared = tr("Similar to {file_name}", file_name=short)
        else:
            self._compared = tr("Similar to {n} picture", "Similar to {n} pictures", len(anchors))

    def _name_similar(self, in_use: bool) -> None:
        self.setItemText(ROWS.index(Order.SIMILAR), self._compared if in_use else tr("Most similar"))
        self._say()

    def _say(self, _row: int = -1) -> None:
        self.setToolTip(self.currentText())
