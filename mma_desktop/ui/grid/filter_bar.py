"""Bar above the grid: filter, order with reasons why some are not available, thumbnail size, search by file name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.services.image_index import BY_FEATURES, BY_PREDICTION, Filter, Order, Show
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.image_model import LOST
from mma_desktop.ui.grid.thumbnail_delegate import LARGEST, SMALLEST, STEP, ImageSide
from mma_desktop.ui.widgets.controls import SPACE, Flow, in_column, in_row, single_shot, tool
from mma_desktop.ui.widgets.fields import WideBox, line_edit
from mma_desktop.ui.widgets.painting import chip, icon
from mma_desktop.ui.widgets.text_format import with_keys
from mma_desktop.ui.widgets.text_labels import IconLabel, hint

SEARCH_MS = 250  # after the last letter, so that a word is looked for once
QWIDGETSIZE_MAX = 16_777_215  # as Qt calls it
SEARCH_WIDTH, SEARCH_ICONS = 320, 72  # at most, and what the magnifier and the cross take
# Minimum widths of the bar for labels and signs, for the slider, and for the button of the file names.
WITH_WORDS, WITH_SLIDER, WITH_NAMES = 640, 500, 320
_SHOWS = (
    (Show.ALL, later("All"), ""),
    (Show.UNLABELLED, later("Unlabelled"), ""),
    (Show.LABELLED, later("Labelled"), ""),
    (Show.PROBLEMS, later("Problems"), later("Files that could not be read as pictures, with the reason")),
    (Show.MISSING, later("Missing"), LOST[Show.MISSING.value]),
    (Show.CHANGED, later("Changed"), LOST[Show.CHANGED.value]),
)
_RARE = (Show.PROBLEMS, Show.MISSING, Show.CHANGED)  # their buttons are hidden unless there are such files
NAMES = "grid/names"


class FilterBar(QWidget):
    query_edited = Signal(object)  # Filter, changed by the user

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._settings = controller.settings
        self.order_box = OrderBox(controller)
        self._query: Filter | None = Filter()
        self._dispensable: list[tuple[int, QWidget]] = []
        self._labels: list[QLabel] = []
        self.slider = SizeSlider(controller)
        self._make_controls()
        self._make_layout()
        self._connect()
        self.set_classes([])
        self.set_query(Filter())

    def _make_controls(self) -> None:
        self._group = QButtonGroup(self)
        self.buttons: dict[Show, QRadioButton] = {}
        for show, text, tip in _SHOWS:
            button = QRadioButton(tr(text))
            button.setToolTip(tr(tip))
            self._group.addButton(button)
            self.buttons[show] = button
        for show in _RARE:
            self.buttons[show].setIcon(icon("warning"))
            self.buttons[show].hide()
        name = tr("Search file names")
        self.search = line_edit(placeholder=name, tip=with_keys(name, "Ctrl+F"), clears=True)
        self.search.addAction(icon("search", "dim"), QLineEdit.ActionPosition.LeadingPosition)
        # Qt makes a button of the magnifier, and gives it no name.
        for magnifier in self.search.findChildren(QToolButton):
            if not magnifier.accessibleName():
                magnifier.setAccessibleName(name)
        self.search.setMinimumWidth(self.search.fontMetrics().horizontalAdvance(name) + SEARCH_ICONS)
        self.search.setMaximumWidth(SEARCH_WIDTH)
        self.class_box = WideBox()
        for box in (self.class_box, self.order_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14)
            box.setMaxVisibleItems(20)
        self.names_button = tool("", tr("File names below the pictures"))
        self.names_button.setText(tr("Names", "of files"))
        self.names_button.setCheckable(True)
        self.names_button.setChecked(self._settings.window_state(NAMES) == "shown")
        self.preview_button = tool("eye", tr("Big preview"), "Space")

    def _make_layout(self) -> None:
        second = in_row(spacing=SPACE)
        for text, box in ((tr("Class"), self.class_box), (tr("Sort"), self.order_box)):
            label = hint(text, wraps=False)
            label.setBuddy(box)
            label.setContentsMargins(0, 0, SPACE, 0)  # none where the label has no width
            box.setAccessibleName(text)
            second.addLayout(in_row(label, box, spacing=0))
            self._labels.append(label)
        second.addStretch(1)
        for part in (IconLabel("zoom-out", 16), self.slider, IconLabel("zoom-in", 16)):
            second.addWidget(part)
            self._dispensable.append((WITH_SLIDER if part is self.slider else WITH_WORDS, part))
        second.addWidget(self.names_button)
        self._dispensable.append((WITH_NAMES, self.names_button))
        second.addWidget(self.preview_button)
        in_column(Flow(*self.buttons.values(), self.search), second, inside=self, margins=0, spacing=SPACE)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self._search_soon = single_shot(self, SEARCH_MS, self._emit_query)
        for button in self.buttons.values():
            button.clicked.connect(self._show_clicked)
        self.search.textChanged.connect(self._search_soon.start)  # clearing by its own button is not an edit
        self.search.returnPressed.connect(self._emit_query)
        self.class_box.activated.connect(self._class_activated)
        self.class_box.currentIndexChanged.connect(self._name_class)
        self.order_box.activated.connect(self._emit_query)
        self.names_button.toggled.connect(
            lambda shown: self._settings.set_window_states({NAMES: "shown" if shown else "hidden"})
        )
        QShortcut("Ctrl+F", self).activated.connect(self._find)

    def query(self) -> Filter:
        show = next((show for show, button in self.buttons.items() if button.isChecked()), None)
        class_id: int | None = None
        chosen = self.class_box.currentData()
        if show is None and chosen is not None:
            word, _, digits = str(chosen).partition(" ")
            show, class_id = Show(word), int(digits)
        return Filter(show or Show.ALL, class_id, self.order_box.order, self.search.text().strip())

    def set_query(self, query: Filter, *, listed: bool = False) -> None:
        # While a list is shown none is checked, so that any can be chosen.
        self._query = None if listed else query
        self._search_soon.stop()
        if listed:
            query = Filter(Show.CLASS, order=query.order)  # of no class
        row = self.class_box.findData(f"{query.show.value} {query.class_id}")  # none unless it is by class
        self._check(None if query.show in {Show.CLASS, Show.PREDICTED} else query.show)
        self.class_box.setCurrentIndex(max(0, row))
        self.order_box.setCurrentIndex(ROWS.index(query.order))
        if self.search.text().strip() != query.text:
            with QSignalBlocker(self.search):
                self.search.setText(query.text)

    def _check(self, show: Show | None) -> None:
        self._group.setExclusive(False)
        for other, button in self.buttons.items():
            button.setChecked(other is show)
        self._group.setExclusive(show is not None)

    def set_counts(self, counts: dict[Show, int]) -> None:
        for show, text, _ in _SHOWS:
            count = counts.get(show, 0)
            self.buttons[show].setText(f"{tr(text)} {number(count)}")
            if show in _RARE:
                self.buttons[show].setVisible(count > 0 or self.buttons[show].isChecked())

    def set_classes(self, classes: Sequence[ImageClass]) -> None:
        chosen = self.class_box.currentData()
        items = QStandardItemModel(self.class_box)
        items.appendRow(QStandardItem(tr("Any class")))
        for show, title in ((Show.CLASS, tr("Labelled as")), (Show.PREDICTED, tr("Predicted as"))):
            if classes:
                head = QStandardItem(title)
                head.setEnabled(False)
                items.appendRow(head)
            for choice in classes:
                if show is Show.CLASS:
                    name, tip = one_line(choice.title), tr("Labelled as {class_name}", class_name=choice.title)
                elif choice.role is Role.NONE:
                    continue
                else:
                    name, tip = f"{one_line(choice.name)}?", tr("Predicted as {class_name}", class_name=choice.name)
                item = QStandardItem(chip(choice.colour), name)
                item.setData(f"{show.value} {choice.id}", Qt.ItemDataRole.UserRole)
                item.setData(tip, Qt.ItemDataRole.ToolTipRole)
                item.setData(tip, Qt.ItemDataRole.AccessibleTextRole)
                items.appendRow(item)
        self.class_box.setModel(items)  # deletes the former model
        self.class_box.setCurrentIndex(max(0, self.class_box.findData(chosen) if chosen is not None else 0))
        self._name_class()

    def _show_clicked(self) -> None:
        self._group.setExclusive(True)
        self.class_box.setCurrentIndex(0)
        self._emit_query()

    def _class_activated(self) -> None:
        self._check(None if self.class_box.currentData() is not None else Show.ALL)
        self._emit_query()

    def _name_class(self) -> None:
        self.class_box.setToolTip(self.class_box.currentData(Qt.ItemDataRole.ToolTipRole) or "")

    def _emit_query(self) -> None:
        self._search_soon.stop()
        query = self.query()
        if query != self._query:
            self._query = query
            self.query_edited.emit(query)

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for least, widget in self._dispensable:
            widget.setVisible(event.size().width() >= least)
        for label in self._labels:  # not hidden: on Linux it names the box for screen readers, whatever that is called
            label.setMaximumWidth(QWIDGETSIZE_MAX if event.size().width() >= WITH_WORDS else 0)


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


class SizeSlider(QSlider):
    """The size of the pictures in every grid."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        size = ImageSide.of(controller)
        self.setRange(SMALLEST, LARGEST)
        self.setSingleStep(STEP)
        self.setPageStep(2 * STEP)
        self.setValue(size.value)
        size.changed.connect(self.setValue)
        self.valueChanged.connect(size.set)
        self.setFixedWidth(96)
        self.setAccessibleName(tr("Size of pictures"))
        self.setToolTip(tr("Size of pictures"))


class OrderBox(WideBox):
    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._reasons: dict[Order, str] = {}
        for order, text, _ in ORDERS:
            self.addItem(tr(text), order)
        self.currentTextChanged.connect(self.setToolTip)
        for signal in (controller.opened, controller.changed, controller.engine_ready, controller.predictions_changed):
            signal.connect(self._offer)
        self._offer()

    @property
    def order(self) -> Order:
        return Order(self.currentData())

    def why_not(self, order: Order) -> str:
        return tr(self._reasons.get(order, ""))

    def _offer(self, _what: object = None) -> None:
        # An order that is not available says why; this reads memory only.
        context = self._controller.context
        cache = context.engine.cache if context is not None else None
        no_features = NO_BACKBONE if cache is None else "" if len(cache) else NO_FEATURES
        predictions = context.predictions if context is not None else None
        no_predictions = "" if predictions is not None and len(predictions.image_ids) else NO_PREDICTIONS
        reasons = dict.fromkeys(BY_FEATURES, no_features)
        reasons |= dict.fromkeys(BY_PREDICTION, no_predictions)
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
