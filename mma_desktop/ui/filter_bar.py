"""Above the grid: what is shown, in which order, how large, and the search by file name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mma_desktop.domain import ImageClass
from mma_desktop.session import Filter, Order, Show
from mma_desktop.settings import BY_NAME, Settings
from mma_desktop.ui.icons import icon
from mma_desktop.ui.thumbnail_delegate import paint_chip
from mma_desktop.ui.widgets import SPACE, Picture, tool

SEARCH_MS = 250
SAVE_MS = 500
_SHOWS = (
    (Show.ALL, "All", "Every picture"),
    (Show.UNLABELLED, "Unlabelled", "Pictures without a label"),
    (Show.LABELLED, "Labelled", "Pictures with a label"),
    (Show.PROBLEMS, "Problems", "Files that could not be read as pictures, with the reason"),
)
_ORDERS = (
    (Order.ADDED, "Order added"),
    (Order.NAME, "File name"),
    (Order.CONFIDENCE, "Most confident"),
    (Order.LEAST_CONFIDENT, "Least confident"),
    (Order.LIKELY, "Most likely"),
)


class FilterBar(QWidget):
    """Edits a `Filter`.

    Args:
        settings: For the size of the thumbnails.
        parent: The owner.

    Signals:
        query_edited: The person asked for another filter (Filter).
        side_changed: Another thumbnail size (int).
        names_toggled: File names are wanted or not.
        preview_toggled: The preview is wanted or not.
    """

    query_edited = Signal(object)
    side_changed = Signal(int)
    names_toggled = Signal(bool)
    preview_toggled = Signal(bool)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._query: Filter | None = Filter()
        self._likely: ImageClass | None = None
        self._make_controls()
        self._make_layout()
        self._connect()
        self.set_classes([])
        self.set_query(Filter())

    def _make_controls(self) -> None:
        self._group = QButtonGroup(self)
        self.buttons: dict[Show, QToolButton] = {}
        for show, text, tip in _SHOWS:
            made = QToolButton()
            made.setText(text)
            made.setToolTip(tip)
            made.setCheckable(True)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setAccessibleName(text)
            self._group.addButton(made)
            self.buttons[show] = made
        self.buttons[Show.PROBLEMS].setIcon(icon("warning"))
        self.buttons[Show.PROBLEMS].setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search file names")
        self.search.setAccessibleName("Search file names")
        self.search.setToolTip("Show only files whose name holds this text (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "dim"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMinimumWidth(110)
        self.search.setMaximumWidth(280)
        self.class_box = QComboBox()
        self.class_box.setAccessibleName("Class that is shown")
        self.class_box.setToolTip("Show the pictures labelled as one class, or predicted as one")
        self.order_box = QComboBox()
        self.order_box.setAccessibleName("Order")
        self.order_box.setToolTip("Order of the pictures. Most likely needs a selected class.")
        for order, text in _ORDERS:
            self.order_box.addItem(text, order)
        for box in (self.class_box, self.order_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(13)
            box.setMaxVisibleItems(20)
        self.names_button = QToolButton()
        self.names_button.setText("Names")
        self.names_button.setToolTip("File names below the pictures")
        self.names_button.setAccessibleName("File names below the pictures")
        self.names_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.names_button.setCheckable(True)
        self.preview_button = tool("eye", "Big preview (Space)")
        self.preview_button.setCheckable(True)
        side = BY_NAME["thumbnail_side"]
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(side.low, side.high)
        self.slider.setSingleStep(16)
        self.slider.setPageStep(32)
        self.slider.setValue(int(self._settings.get("thumbnail_side")))
        self.slider.setFixedWidth(96)
        self.slider.setAccessibleName("Thumbnail size")
        self.slider.setToolTip("Thumbnail size")

    def _make_layout(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(2)
        for one in self.buttons.values():
            first.addWidget(one)
        first.addStretch(1)
        first.addSpacing(SPACE)
        first.addWidget(self.search, 2)
        second = QHBoxLayout()
        second.setSpacing(SPACE)
        for text, box in (("Class", self.class_box), ("Sort", self.order_box)):
            label = QLabel(text)
            label.setObjectName("hint")
            label.setBuddy(box)
            second.addWidget(label)
            second.addWidget(box)
        second.addStretch(1)
        second.addWidget(Picture("zoom-out", 16))
        second.addWidget(self.slider)
        second.addWidget(Picture("zoom-in", 16))
        second.addWidget(self.names_button)
        second.addWidget(self.preview_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(first)
        column.addLayout(second)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self._search_soon = QTimer(self)
        self._save_soon = QTimer(self)
        for timer, interval in ((self._search_soon, SEARCH_MS), (self._save_soon, SAVE_MS)):
            timer.setSingleShot(True)
            timer.setInterval(interval)
        self._search_soon.timeout.connect(self._tell)
        self._save_soon.timeout.connect(self._save_side)
        for one in self.buttons.values():
            one.clicked.connect(self._show_clicked)
        self.search.textEdited.connect(self._search_edited)
        self.search.textChanged.connect(self._search_changed)
        self.search.returnPressed.connect(self._tell)
        self.class_box.activated.connect(self._class_activated)
        self.order_box.activated.connect(self._tell)
        self.slider.valueChanged.connect(self._side_moved)
        self.names_button.toggled.connect(self.names_toggled)
        self.preview_button.toggled.connect(self.preview_toggled)
        self.find_action = QAction("Search file names", self)
        self.find_action.setShortcut("Ctrl+F")
        self.find_action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.find_action.triggered.connect(self._find)
        self.addAction(self.find_action)

    # ------------------------------------------------------------------ the filter

    def query(self) -> Filter:
        """The filter as the controls say it."""
        show = next((show for show, one in self.buttons.items() if one.isChecked()), None)
        class_id: int | None = None
        chosen = self.class_box.currentData()
        if show is None and chosen is not None:
            word, _, number = str(chosen).partition(" ")
            show, class_id = Show(word), int(number)
        show = show or Show.ALL
        order = Order(self.order_box.currentData())
        if order is Order.LIKELY and class_id is None:
            class_id = self._likely.id if self._likely is not None else None
            order = order if class_id is not None else Order.ADDED
        return Filter(show, class_id, order, self.search.text().strip())

    def set_query(self, query: Filter) -> None:
        """Show a filter without telling anybody."""
        self._query = query
        self._search_soon.stop()
        by_class = query.show in {Show.CLASS, Show.PREDICTED}
        self._check(None if by_class else query.show)
        if by_class:
            row = self.class_box.findData(f"{query.show.value} {query.class_id}")
            self.class_box.setCurrentIndex(max(0, row))
        else:
            self.class_box.setCurrentIndex(0)
        self.order_box.setCurrentIndex([order for order, _ in _ORDERS].index(query.order))
        if self.search.text().strip() != query.text:
            with QSignalBlocker(self.search):
                self.search.setText(query.text)

    def set_listed(self) -> None:
        """Something else than a filter is shown: none is marked, and each can be chosen."""
        self._query = None
        self._search_soon.stop()
        self._check(None)
        self.class_box.setCurrentIndex(0)

    def _check(self, show: Show | None) -> None:
        self._group.setExclusive(False)
        for other, one in self.buttons.items():
            one.setChecked(other is show)
        self._group.setExclusive(show is not None)

    def set_counts(self, counts: dict[Show, int]) -> None:
        """How many pictures each of the first four shows."""
        for show, text, _ in _SHOWS:
            number = counts.get(show, 0)
            self.buttons[show].setText(f"{text} {number:,}")
            self.buttons[show].setAccessibleName(f"{text}, {number:,}")

    def set_classes(self, classes: Sequence[ImageClass]) -> None:
        """Offer these classes."""
        chosen = self.class_box.currentData()
        items = QStandardItemModel(self.class_box)
        items.appendRow(QStandardItem("Any class"))
        for show, title in ((Show.CLASS, "Labelled as"), (Show.PREDICTED, "Predicted as")):
            if classes:
                head = QStandardItem(title)
                head.setEnabled(False)
                items.appendRow(head)
            for one in classes:
                item = QStandardItem(chip_icon(one.colour), one.name if show is Show.CLASS else f"{one.name}?")
                item.setData(f"{show.value} {one.id}", Qt.ItemDataRole.UserRole)
                item.setData(f"{title} {one.name}", Qt.ItemDataRole.ToolTipRole)
                item.setData(f"{title} {one.name}", Qt.ItemDataRole.AccessibleTextRole)
                items.appendRow(item)
        self.class_box.setModel(items)  # which deletes the former one
        self.class_box.setCurrentIndex(max(0, self.class_box.findData(chosen) if chosen is not None else 0))

    def set_likely(self, one: ImageClass | None) -> None:
        """The class that the order "most likely" is for."""
        self._likely = one
        row = [order for order, _ in _ORDERS].index(Order.LIKELY)
        self.order_box.setItemText(row, f"Most likely {one.name}" if one is not None else "Most likely")
        items = self.order_box.model()
        if isinstance(items, QStandardItemModel):
            items.item(row).setEnabled(one is not None)

    def _show_clicked(self) -> None:
        self._group.setExclusive(True)
        self.class_box.setCurrentIndex(0)
        if all(not one.isChecked() for one in self.buttons.values()):
            self.buttons[Show.ALL].setChecked(True)
        self._tell()

    def _class_activated(self, _row: int) -> None:
        self._check(None if self.class_box.currentData() is not None else Show.ALL)
        self._tell()

    def _search_edited(self, _text: str) -> None:
        self._search_soon.start()

    def _search_changed(self, text: str) -> None:
        # The clear button of a line edit does not count as an edit.
        if not text:
            self._search_soon.start()

    def _tell(self, _value: object = None) -> None:
        self._search_soon.stop()
        query = self.query()
        if query != self._query:
            self._query = query
            self.query_edited.emit(query)

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # ------------------------------------------------------------------ the looks

    def set_preview(self, shown: bool) -> None:
        """Show whether the preview is open, without telling anybody."""
        with QSignalBlocker(self.preview_button):
            self.preview_button.setChecked(shown)

    def _side_moved(self, side: int) -> None:
        self.side_changed.emit(side)
        self._save_soon.start()

    def _save_side(self) -> None:
        self._settings.set("thumbnail_side", self.slider.value())


def chip_icon(colour: str) -> QIcon:
    """A class's colour as an icon, for lists and menus."""
    ratio = 2.0
    size = QSize(16, 16)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_chip(painter, pixmap.rect().toRectF().adjusted(2, 2, -18, -18), colour)
    painter.end()
    return QIcon(pixmap)
