"""Combo box for the order of the grid, with reasons why some orders are not available."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyleOptionComboBox

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.image_index import BY_FEATURES, BY_GUESS, Order
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.fields import ChoiceBox

ARROW, NARROWEST = 54, 96
ORDERS: tuple[tuple[Order, str, str], ...] = (
    (Order.ADDED, later("Order added"), ""),
    (Order.NAME, later("File name"), ""),
    (Order.NEWEST, later("Date, newest first"), ""),
    (Order.OLDEST, later("Date, oldest first"), ""),
    (Order.CONFIDENCE, later("Most confident"), ""),
    (Order.LEAST_CONFIDENT, later("Least confident"), ""),
    (Order.TYPICAL, later("Most typical"), later("First what looks most like the others of its class.")),
    (
        Order.OUTLIERS,
        later("Least typical"),
        later("First what looks least like the others of its class: outliers, wrong labels."),
    ),
)
ROWS = [order for order, _, _ in ORDERS]
NO_IMAGE = later("Select one or more pictures first.")
NO_BACKBONE = later("The image model is not loaded yet.")
NO_FEATURES = later("No picture has been looked at yet.")
NO_PREDICTIONS = later(
    "There are no predictions yet: they come once there are classes and the pictures have been looked at."
)


class WideBox(ChoiceBox):
    """Combo box whose popup is as wide as its content, however narrow the box; its own text is elided."""

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + ARROW)
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.width() - ARROW - (0 if option.currentIcon.isNull() else option.iconSize.width() + 4)
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)


class OrderBox(WideBox):
    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._reasons: dict[Order, str] = {}
        for order, text, _ in ORDERS:
            self.addItem(tr(text), order)
        self.currentTextChanged.connect(self.setToolTip)
        for signal in (controller.opened, controller.changed, controller.engine_ready, controller.guesses_changed):
            signal.connect(self._offer)
        self._offer()

    @property
    def order(self) -> Order:
        return Order(self.currentData())

    def why_not(self, order: Order) -> str:
        return tr(self._reasons.get(order, ""))

    def _offer(self, _what: object = None) -> None:
        """Enable the available orders and explain the others; reads memory only."""
        context = self._controller.context
        cache = context.engine.cache if context is not None else None
        no_features = NO_BACKBONE if cache is None else "" if len(cache) else NO_FEATURES
        guesses = context.guesses if context is not None else None
        no_guesses = "" if guesses is not None and len(guesses.image_ids) else NO_PREDICTIONS
        reasons = dict.fromkeys(BY_FEATURES, no_features)
        reasons |= dict.fromkeys(BY_GUESS, no_guesses)
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
