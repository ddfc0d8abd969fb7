"""Compare methods: train each chosen one on the project's examples in the background; one table and one plot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from mma_desktop.core.i18n import later, tr
from mma_desktop.engine.methods.method_spec import MethodSpec
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.services.training.method_comparison import COMPARED, MethodRow
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.window_state import keep_columns
from mma_desktop.ui.results.method_plot import MethodPlot
from mma_desktop.ui.results.method_rows import HEADS, MethodModel, Rows, csv_text
from mma_desktop.ui.results.results_panel import CopyTable, export_csv
from mma_desktop.ui.results.run_model import trained_on
from mma_desktop.ui.widgets.controls import (
    SPACE,
    EmptyState,
    InfoBar,
    ProgressBar,
    button,
    heading,
    hint,
    in_column,
    in_row,
)
from mma_desktop.ui.widgets.tables import HIGHEST, SortedRows, bold_font
from mma_desktop.ui.widgets.text_format import as_title

if TYPE_CHECKING:
    from mma_desktop.core.types import TrainRequest

ID_ROLE = Qt.ItemDataRole.UserRole
SLOW = later("slow: learns in front of the text encoder")
ONCE_MORE = later("encodes the pictures once more")
NOTHING = later("nothing is trained")
NUMBER, COUNT, CELL_ROOM = f"100.0 {HIGHEST}", "8,888,888", 26
INTRO = later(
    "Trains each chosen method with its own default recipe and with the shots and seed set under Advanced: {settings}. "
    "Each training is kept, and none is used until you choose one."
)
CAUTION = later(
    "In percent; point at a number for its images and 95% interval. A difference within the intervals may be chance."
)
ASK = later(
    "Choose methods on the left, then press Start. Those that are ticked take seconds each; results "
    "appear here one by one."
)


def words_of(spec: MethodSpec) -> str:
    """Return a short note on a method's extra cost."""
    if spec.needs_encoder:
        return tr(SLOW)
    if spec.needs_projection:
        return tr(ONCE_MORE)
    return "" if spec.trains else tr(NOTHING)


class CompareMethodsDialog(QDialog):
    """Methods to choose on the left, results on the right. `compare_methods_controller` runs the trainings.

    Signals:
        start: Train these methods (list of ids).
        stop: Train no more methods.
        use: Predict with the adapter of this run (run id).
    """

    start = Signal(list)
    stop = Signal()
    use = Signal(int)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._obstacle = ""
        self._running = False
        self.setWindowTitle(as_title(tr("&Compare methods…")))
        self.setModal(False)
        self.model = MethodModel(self)
        self.sorted = SortedRows(self.model, parent=self)
        self.message = InfoBar(passing=True)
        self.intro = hint("")
        self._make_left()
        self._make_right()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._update()
        self.resize(1220, 720)  # all columns

    # ------------------------------------------------------------------ building

    def _make_left(self) -> None:
        self.methods = QListWidget()
        self.methods.setAccessibleName(self.windowTitle())
        self.methods.setStyleSheet("QListWidget::item { padding: 4px 2px; }")
        self.methods.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for spec in METHODS:
            title, words = tr(spec.title), words_of(spec)
            item = QListWidgetItem(f"{title}\n{words}" if words else title)
            item.setData(ID_ROLE, spec.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {words}" if words else title)
            item.setToolTip(tr(spec.summary))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if spec.id in COMPARED else Qt.CheckState.Unchecked)
            self.methods.addItem(item)
        self.methods.setCurrentRow(0)
        self.start_button = button(tr("Start"), "play", primary=True)
        self.stop_button = button(tr("Stop"), "stop", tip=tr("Stop; what is finished is kept"))
        self.obstacle = hint("")

    def _make_right(self) -> None:
        self.table = CopyTable(self.windowTitle())
        self.table.setModel(self.sorted)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        header.setObjectName("compare methods")
        header.setStretchLastSection(True)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setMinimumHeight(140)
        self._size_columns()
        self.plot = MethodPlot()
        self.bar = ProgressBar()
        self.bar.setFixedWidth(180)
        self.state = hint("")
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setObjectName("compare methods")
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.plot)
        parts.setStretchFactor(1, 1)
        parts.setSizes([300, 300])
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState("compare", tr("Nothing compared yet"), tr(ASK)))
        self.stack.addWidget(parts)

    def _size_columns(self) -> None:
        """Size columns for every title and numbers of the usual length."""
        header, metrics = self.table.horizontalHeader(), QFontMetrics(bold_font())
        for at, head in enumerate(HEADS[:-1]):
            usual = COUNT if head == "Parameters" else NUMBER
            texts = [tr(head), *([tr(spec.title) for spec in METHODS] if at == 0 else [usual])]
            header.resizeSection(at, max(metrics.horizontalAdvance(one) for one in texts) + CELL_ROOM)
        self.table.watch()

    def _make_buttons(self) -> None:
        self.export_button = button(tr("Export as CSV…"), "export")
        self.copy_button = button(tr("Copy table"), "copy")
        self.use_button = button(tr("Use"), "check")
        self.close_button = button(tr("Close"))

    def _lay_out(self) -> None:
        left = QWidget()
        left.setFixedWidth(310)
        side = in_column((self.methods, 1), self.obstacle, inside=left, margins=(0, 0, 0, 0), spacing=SPACE)
        pair = in_row((self.start_button, 2), (self.stop_button, 1))
        side.addLayout(pair)
        work = in_row(self.bar, (self.state, 1), spacing=SPACE)
        right = in_column((self.stack, 1), spacing=SPACE)
        self.caution = hint(tr(CAUTION))
        right.addWidget(self.caution)
        right.addLayout(work)
        middle = in_row(left, (right, 1), spacing=2 * SPACE)
        buttons = in_row(self.export_button, self.copy_button, None, self.use_button, self.close_button)
        in_column(
            heading(self.windowTitle(), 2),
            self.intro,
            self.message,
            (middle, 1),
            buttons,
            inside=self,
            margins=(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE),
            spacing=SPACE,
        )

    def _connect(self) -> None:
        self.methods.itemChanged.connect(self._update)
        self.start_button.clicked.connect(self._start)
        self.stop_button.clicked.connect(self.stop)
        self.use_button.clicked.connect(self._use)
        self.table.activated.connect(self._use)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.copy_button.clicked.connect(self._copy)
        self.export_button.clicked.connect(self._export)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self._finished)

    # ------------------------------------------------------------------ display

    def chosen(self) -> list[str]:
        """Return the ids of the checked methods."""
        items = (self.methods.item(at) for at in range(self.methods.count()))
        return [str(one.data(ID_ROLE)) for one in items if one.checkState() is Qt.CheckState.Checked]

    def choose(self, methods: list[str]) -> None:
        for at in range(self.methods.count()):
            item = self.methods.item(at)
            item.setCheckState(Qt.CheckState.Checked if item.data(ID_ROLE) in methods else Qt.CheckState.Unchecked)

    def show_request(self, request: TrainRequest) -> None:
        settings = trained_on(request.shots, request.seed, request.backbone)
        self.intro.setText(tr(INTRO, settings=settings))

    def show_obstacle(self, obstacle: str) -> None:
        """Show why nothing can be started; empty if it can."""
        self._obstacle = obstacle
        self._update()

    def show_rows(self, shown: Rows) -> None:
        self.model.show_rows(shown)
        self.stack.setCurrentIndex(1 if shown.rows or self._running else 0)
        if shown.rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self.plot.show_rows(shown)
        self._update()

    def show_running(self, running: bool) -> None:
        """Lock the choice of methods while a comparison runs."""
        former, self._running = self._running, running
        had_keyboard = self.methods.hasFocus() or self.start_button.hasFocus() or self.stop_button.hasFocus()
        self.stack.setCurrentIndex(1 if self.model.shown.rows or running else 0)
        self._update()
        if running and not former and had_keyboard:
            self.stop_button.setFocus()
        elif former and not running and (had_keyboard or self.focusWidget() is None):
            (self.table if self.model.rowCount() else self.methods).setFocus()

    def show_progress(self, text: str, done: int = 0, total: int | None = None) -> None:
        self.state.setText(text)
        self.bar.show_progress(done, total)

    def current(self) -> MethodRow | None:
        index = self.table.currentIndex()
        return self.model.row(self.sorted.mapToSource(index).row()) if index.isValid() else None

    def _chosen(self, *_rows: QModelIndex) -> None:
        row = self.current()
        self.plot.select("" if row is None else row.title)
        self._update()

    def _update(self, *_item: QListWidgetItem) -> None:
        none = "" if self.chosen() else tr("Tick at least one method.")
        obstacle = "" if self._running else self._obstacle or none
        self.methods.setEnabled(not self._running)
        self.start_button.setEnabled(not self._running and not obstacle)
        self.start_button.setToolTip(obstacle)
        self.start_button.setAccessibleDescription(obstacle)
        self.stop_button.setEnabled(self._running)
        self.obstacle.setText(obstacle)
        self.obstacle.setVisible(bool(obstacle))
        self.bar.setVisible(self._running)
        row, rows = self.current(), bool(self.model.rowCount())
        self.use_button.setEnabled(row is not None and self.model.shown.usable(row))
        for one in (self.export_button, self.copy_button):
            one.setEnabled(rows)
        self.caution.setVisible(rows)

    # ------------------------------------------------------------------ actions

    def _start(self) -> None:
        if self.start_button.isEnabled():
            self.message.dismiss()
            self.start.emit(self.chosen())

    def _use(self) -> None:
        row = self.current()
        if row is not None and self.model.shown.usable(row):
            self.use.emit(row.run_id)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the rows to their check boxes, whose size the style sheet sets only now."""
        super().showEvent(event)
        self.methods.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Return to the widget with the keyboard focus: it presses no default button."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def _finished(self) -> None:
        window = self.parentWidget()
        if window is not None and window.isVisible():
            window.activateWindow()  # not every window manager does this for a modeless dialog
        keep_columns(self._controller.settings, self)

    def _copy(self) -> None:
        current = self.table.currentIndex()
        self.table.clearSelection()  # copy the whole table
        self.table.copy()
        if current.isValid():
            self.table.selectRow(current.row())

    def _export(self) -> None:
        text = partial(csv_text, self.model.shown)
        export_csv(self, self._controller, self.message, "methods.csv", text)
