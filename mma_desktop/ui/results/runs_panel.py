"""The finished trainings of a project: view, use, star, compare, restore, rename, export or delete them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QTreeView,
    QWidget,
)

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import RunRecord
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.compare_runs import MOST
from mma_desktop.ui.results.run_model import COLUMNS, NAME, STAR, WHEN, RunModel, SortedRuns
from mma_desktop.ui.widgets.controls import EmptyState, button, in_column, in_row, tool
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import as_title, with_keys
from mma_desktop.ui.widgets.windows import open_once

WIDTHS = {"star": 34, "name": 196, "when": 140, "shots": 56, "seed": 56, "method": 150, "backbone": 120}
NUMBER_WIDTH = 48
NAMED = 8


class RunsTable(QTreeView):
    """Table of runs: sorted by a click on a header; columns can be moved, sized and hidden."""

    def __init__(self, runs: SortedRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(runs)
        self.setAccessibleName(tr("Trainings"))
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of one method differ at their end
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setStyleSheet("QTreeView::item { padding: 4px 3px; }")
        header = self.header()
        header.setObjectName("runs")
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(WIDTHS["star"])
        header.setHighlightSections(False)
        header.setFirstSectionMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for at, column in enumerate(COLUMNS):
            header.resizeSection(at, WIDTHS.get(column.name, NUMBER_WIDTH))
            header.setSectionHidden(at, not column.shown)
        self.setSortingEnabled(True)
        self.sortByColumn(WHEN, Qt.SortOrder.DescendingOrder)


def _named(runs: Sequence[RunRecord]) -> list[str]:
    """Return the names of the first runs, then the number of other ones and of starred ones, a line each."""
    lines = [one_line(run.name) for run in runs[:NAMED]]
    left, starred = len(runs) - NAMED, sum(run.starred for run in runs)
    if left > 0:
        lines.append(tr("and {n} more", "and {n} more", left))
    if starred:
        lines.append(tr("{n} starred training among them.", "{n} starred trainings among them.", starred))
    return lines


class RunsPanel(QWidget):
    """The table of runs with its actions.

    Signals:
        selected: A run was selected (RunRecord), or none (None).
        export_requested: (run id)
        restore_requested: Fill the form with the settings of this run (RunRecord).
        counted: The number of runs.
    """

    selected = Signal(object)
    export_requested = Signal(int)
    restore_requested = Signal(object)
    counted = Signal(int)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._wanted: int | None = None
        self._told: RunRecord | None = None
        self._box: QMessageBox | None = None
        self._dialog: QWidget | None = None
        self.model = RunModel(controller, self)
        self.sorted = SortedRuns(self.model, self)
        self.list = RunsTable(self.sorted)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.selectionModel().selectionChanged.connect(self._enable)
        self.list.activated.connect(self._use)
        self.list.viewport().installEventFilter(self)
        self._make_buttons()
        self._make_keys()
        self._lay_out()
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.guesses_changed.connect(self._mark_again)
        self._show_runs([])
        self.reload()

    # ------------------------------------------------------------------ building

    def _make_buttons(self) -> None:
        self.use_button = button(tr("Use"), "check")
        self.restore_button = button(
            tr("Restore settings"),
            "undo",
            tip=tr("Put the settings of this training into the form, to train again with them"),
        )
        self.compare_button = button(tr("Compare…"), "compare")
        self.star_button = tool("star", tr("Star"), "S")
        self.rename_button = tool("edit", tr("Rename"), "F2")
        self.export_button = tool("export", tr("Export the adapter"))
        self.delete_button = tool("trash", tr("Delete"), "Del")
        self.starred_button = QToolButton()
        self.starred_button.setText(tr("Only starred"))
        self.starred_button.setIcon(icon("starred"))
        self.starred_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.starred_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.starred_button.setCheckable(True)
        self.columns_button = tool("more", tr("Columns"))
        self.columns_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.count_label = QLabel()
        self.count_label.setObjectName("hint")
        self._deeds: dict[QPushButton | QToolButton, Callable[[], None]] = {
            self.use_button: self._use,
            self.restore_button: self._restore,
            self.compare_button: self.compare,
            self.star_button: self.star,
            self.rename_button: self._rename,
            self.export_button: self._export,
            self.delete_button: self.ask_delete,
        }
        for one, slot in self._deeds.items():
            one.clicked.connect(slot)
        self.starred_button.toggled.connect(self._filter)

    def _make_keys(self) -> None:
        keys: tuple[tuple[Qt.Key, Callable[[], None]], ...] = (
            (Qt.Key.Key_Delete, self.ask_delete),
            (Qt.Key.Key_F2, self._rename),
            (Qt.Key.Key_S, self.star),
            (Qt.Key.Key_C, self.compare),
        )
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)
        menu = QMenu(self.columns_button)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._check_columns)
        self._column_actions: list[QAction] = []
        for at, column in enumerate(COLUMNS):
            action = menu.addAction(tr(column.head))
            action.setCheckable(True)
            action.setToolTip(tr(column.tip) if column.tip else "")
            action.setEnabled(at != NAME)
            action.toggled.connect(lambda on, at=at: self.list.header().setSectionHidden(at, not on))
            self._column_actions.append(action)
        self.columns_button.setMenu(menu)
        header = self.list.header()
        header.customContextMenuRequested.connect(lambda at: menu.popup(header.mapToGlobal(at)))
        self.list.customContextMenuRequested.connect(self._menu)

    def _lay_out(self) -> None:
        self._none_starred = EmptyState("star", tr("No starred training"), "")
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState("chart", tr("No training yet"), ""))
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._none_starred)
        self._top = QWidget()
        in_row(self.starred_button, None, self.count_label, self.columns_button, inside=self._top, margins=(0, 0, 0, 0))
        first = in_row((self.use_button, 1), (self.restore_button, 1))
        others = (self.star_button, self.rename_button, self.export_button, self.delete_button)
        second = in_row((self.compare_button, 1), *others)
        in_column(self._top, (self._stack, 1), first, second, inside=self, margins=(0, 8, 0, 0), spacing=8)

    def _check_columns(self) -> None:
        header = self.list.header()
        for at, action in enumerate(self._column_actions):
            action.setChecked(not header.isSectionHidden(at))

    # ------------------------------------------------------------------ display

    @property
    def current(self) -> RunRecord | None:
        """The run shown on the page."""
        index = self.list.currentIndex()
        return self.sorted.run(index.row()) if index.isValid() else None

    def chosen(self) -> list[RunRecord]:
        """Return the selected runs in table order."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedRows())
        return [self.sorted.run(row) for row in rows]

    def reload(self, select: int | None = None) -> None:
        """Fetch the runs, then select one by its id or keep the selection."""
        if select is not None:
            self._wanted = select
        if self._controller.context is None:
            self._show_runs([])
        else:
            self._controller.ask_runs(self._show_runs, (self, "runs"))

    def _show_runs(self, runs: Sequence[RunRecord]) -> None:
        former = self.current
        kept = {run.id for run in self.chosen()}
        wanted = self._wanted if self._wanted is not None else (former.id if former else None)
        if self._wanted is not None:
            kept = set()
        self._wanted = None
        self.model.set_runs(runs)
        self.counted.emit(len(runs))
        self._show_state()
        row = self.sorted.row_of(wanted) if wanted is not None else -1
        if row < 0 and self.sorted.rowCount():
            current = (at for at in range(self.sorted.rowCount()) if self.model.is_current(self.sorted.run(at)))
            row = next(current, 0)
        if row < 0:
            self._current_changed()
            return
        flag = QItemSelectionModel.SelectionFlag
        selection = self.list.selectionModel()
        selection.setCurrentIndex(self.sorted.index(row, NAME), flag.ClearAndSelect | flag.Rows)
        for at in range(self.sorted.rowCount()):
            if self.sorted.run(at).id in kept:
                selection.select(self.sorted.index(at, NAME), flag.Select | flag.Rows)
        self._current_changed()

    def _show_state(self) -> None:
        every, shown = self.model.rowCount(), self.sorted.rowCount()
        self._stack.setCurrentIndex(0 if not every else 1 if shown else 2)
        self._top.setVisible(every > 0)
        some = tr("{done:,} of {total:,}", done=shown, total=every)
        self.count_label.setText(some if shown != every else "")

    def _filter(self, only: bool) -> None:
        self.sorted.show_only(only)
        self._show_state()
        if self.current is None and self.sorted.rowCount():
            flag = QItemSelectionModel.SelectionFlag
            self.list.selectionModel().setCurrentIndex(self.sorted.index(0, NAME), flag.ClearAndSelect | flag.Rows)
        self._enable()

    def _current_changed(self) -> None:
        run = self.current
        self._enable()
        if run != self._told or run is None:
            self._told = run
            self.selected.emit(run)

    def _enable(self) -> None:
        run, chosen = self.current, self.chosen()
        one = run is not None and len(chosen) <= 1
        for each in (self.rename_button, self.export_button, self.restore_button):
            each.setEnabled(one)
        for each in (self.star_button, self.delete_button):
            each.setEnabled(bool(chosen))
        self.use_button.setEnabled(one and run is not None and not self.model.is_current(run))
        possible = 2 <= len(chosen) <= MOST
        self.compare_button.setEnabled(possible)
        self.compare_button.setText(tr("Compare {count}…", count=len(chosen)) if len(chosen) > 1 else tr("Compare…"))
        why = "" if possible else tr("Select 2 to {most} trainings with Ctrl or Shift.", most=MOST)
        self.compare_button.setToolTip(why or with_keys(as_title(self.compare_button.text()), "C"))
        starred = bool(chosen) and all(each.starred for each in chosen)
        self.star_button.setIcon(icon("starred" if starred else "star"))
        name = tr("Remove star") if starred else tr("Star")
        self.star_button.setToolTip(with_keys(name, "S"))
        self.star_button.setAccessibleName(name)

    def _mark_again(self) -> None:
        self.model.mark_again()
        self._enable()

    def _opened(self, _context: object) -> None:
        self._wanted = self._told = None
        self.model.set_runs([])
        self.reload()

    def _changed(self, changes: Changes) -> None:
        if changes.runs:
            self.reload()

    # ------------------------------------------------------------------ actions

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a star toggles it without selecting the row."""
        presses = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if event.type() in presses and isinstance(event, QMouseEvent):
            index = self.list.indexAt(event.position().toPoint())
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if index.isValid() and index.column() == STAR and event.button() == Qt.MouseButton.LeftButton and plain:
                run = self.sorted.run(index.row())
                self._controller.star_runs([run.id], not run.starred)
                return True
        return super().eventFilter(watched, event)

    def _use(self) -> None:
        if (run := self.current) is not None and not self.model.is_current(run):
            self._controller.use_run(run.id)

    def _restore(self) -> None:
        if (run := self.current) is not None:
            self.restore_requested.emit(run)

    def star(self) -> None:
        """Star the selected runs; if all are starred, remove their stars."""
        chosen = self.chosen()
        self._controller.star_runs([run.id for run in chosen], not all(run.starred for run in chosen))

    def compare(self) -> None:
        chosen = self.chosen()
        if not 2 <= len(chosen) <= MOST:
            return
        from mma_desktop.ui.results.compare_trainings import CompareDialog

        # Kept until the next one: Python must not collect its plots before Qt deletes them.
        chosen.sort(key=lambda run: run.created_at)  # so that "B minus A" is the effect of the change
        self._dialog = dialog = CompareDialog(chosen, self._controller, self)
        open_once(dialog)

    def _rename(self) -> None:
        if (run := self.current) is not None:
            index = self.sorted.index(self.sorted.row_of(run.id), NAME)
            self.list.setFocus()
            self.list.scrollTo(index)
            self.list.edit(index)

    def _export(self) -> None:
        if (run := self.current) is not None:
            self.export_requested.emit(run.id)

    def ask_delete(self) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Delete"))
        count = len(chosen)
        box.setText(tr("Delete {n} training with its adapter?", "Delete {n} trainings with their adapters?", count))
        lines = _named(chosen)
        lines.append(tr("Numbers and adapter files in the project are deleted. This cannot be undone."))
        box.setInformativeText("\n".join(lines))
        delete = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        delete.setAutoDefault(False)  # a theme may move the focus to it, but Enter must not delete
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ids = [run.id for run in chosen]
        context = self._controller.context

        def answered() -> None:
            self._box = None
            # The user may have opened another project while the question was shown.
            if box.clickedButton() is delete and self._controller.context is context:
                for run_id in ids:
                    self._controller.delete_run(run_id)

        box.finished.connect(answered)
        self._box = box
        box.open()

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for one in self._deeds:
            text = one.text() or one.accessibleName()
            action = menu.addAction(one.icon(), text)
            action.setEnabled(one.isEnabled())
            action.triggered.connect(one.click)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(at))
