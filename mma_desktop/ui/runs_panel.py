"""The finished trainings of a project, newest first: look at one, use it, rename, export or delete it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QListView,
    QMessageBox,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mma_desktop.domain import Changes, RunRecord, UserError
from mma_desktop.session.records import evaluation_from
from mma_desktop.ui.controller import Controller
from mma_desktop.ui.icons import pixmap
from mma_desktop.ui.theme import mix, tokens
from mma_desktop.ui.widgets import EmptyState, button

Index = QModelIndex | QPersistentModelIndex
RUN_ROLE = Qt.ItemDataRole.UserRole + 1
PAD = 10


def percents_of(metrics: Mapping[str, Any]) -> str:
    """H, base and new of a run in a line; what was not measured is left out."""
    try:
        scores = evaluation_from(metrics).adapted
    except (KeyError, TypeError, ValueError):
        return "numbers not readable"
    parts = []
    if scores.h is not None:
        parts.append(f"H {scores.h:.1f}")
    if scores.base is not None:
        parts.append(f"base {scores.base.percent:.1f}")
    if scores.new is not None:
        parts.append(f"new {scores.new.percent:.1f}")
    return "  ".join(parts) if parts else "not measured"


def when(run: RunRecord) -> str:
    """Date and time of a run."""
    return time.strftime("%d %b %Y, %H:%M", time.localtime(run.created_at))


class RunModel(QAbstractListModel):
    """The runs as a list; names are edited in place through the controller."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._runs: list[RunRecord] = []

    def set_runs(self, runs: Sequence[RunRecord]) -> None:
        """Show other runs, newest first."""
        self.beginResetModel()
        self._runs = list(runs)
        self.endResetModel()

    def run(self, row: int) -> RunRecord:
        """One run."""
        return self._runs[row]

    def row_of(self, run_id: int) -> int:
        """Row of a run, -1 when it is not here."""
        return next((row for row, run in enumerate(self._runs) if run.id == run_id), -1)

    def is_current(self, run: RunRecord) -> bool:
        """Whether the predictions come from this run."""
        session = self._controller.session
        try:
            return session is not None and session.is_current(run)
        except UserError:  # it names a file outside the project, so nothing can come from it
            return False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many runs there are."""
        return 0 if parent.isValid() else len(self._runs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tooltip and the run itself."""
        run = self._runs[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return run.name
        if role == RUN_ROLE:
            return run
        current = ", in use" if self.is_current(run) else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{run.name}, {when(run)}, {percents_of(run.metrics)}{current}"
        if role == Qt.ItemDataRole.ToolTipRole:
            shots, seed = run.settings.get("shots", "?"), run.settings.get("seed", "?")
            return (
                f"{run.name}{current}\n{when(run)}\nMethod {run.method}, backbone {run.backbone}\n"
                f"{shots} shots a class, seed {seed}, {run.metrics.get('epochs', '?')} epochs"
            )
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename."""
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not name or name == self._runs[index.row()].name:
            return False
        self._controller.rename_run(self._runs[index.row()].id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable


class RunDelegate(QStyledItemDelegate):
    """Two lines a run: its name with the mark "in use", then date and numbers."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Room for three lines."""
        return QSize(160, 3 * option.fontMetrics.height() + 2 * PAD + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a run."""
        run: RunRecord = index.data(RUN_ROLE)
        model = index.model()
        current = isinstance(model, RunModel) and model.is_current(run)
        look = tokens()
        state = option.state
        painter.save()
        rect = option.rect
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(look.accent_soft))
            painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height()), QColor(look.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(mix(look.surface, look.text, 0.04)))
        painter.setPen(QColor(look.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        self._lines(painter, option, run, current=current)
        painter.restore()

    @staticmethod
    def _lines(painter: QPainter, option: QStyleOptionViewItem, run: RunRecord, *, current: bool) -> None:
        look, height = tokens(), option.fontMetrics.height()
        inner = option.rect.adjusted(PAD + 2, PAD, -PAD, -PAD)
        line = QRect(inner.x(), inner.y(), inner.width(), height)
        bold = QFont(option.font)
        bold.setBold(True)
        name_line = QRect(line)
        if current:
            text = "in use"
            width = option.fontMetrics.horizontalAdvance(text)
            painter.setPen(QColor(look.good))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            painter.drawPixmap(line.right() - width - 18, line.y() + (height - 14) // 2, pixmap("check", 14, look.good))
            name_line.setRight(line.right() - width - 24)
        painter.setFont(bold)
        painter.setPen(QColor(look.text))
        name = painter.fontMetrics().elidedText(run.name, Qt.TextElideMode.ElideRight, name_line.width())
        painter.drawText(name_line, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(option.font)
        for text, colour in ((percents_of(run.metrics), look.text), (when(run), look.dim)):
            line.translate(0, height + 2)
            painter.setPen(QColor(colour))
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, short)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """The editor covers the name only."""
        editor.setGeometry(option.rect.adjusted(PAD - 4, PAD - 4, -PAD, -2 * option.fontMetrics.height() - PAD))


class RunsPanel(QWidget):
    """The list of runs with its actions.

    Signals:
        selected: A run was chosen to look at (RunRecord), or nothing is (None).
        export_requested: (run id)
        counted: How many runs there are.
    """

    selected = Signal(object)
    export_requested = Signal(int)
    counted = Signal(int)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._generation = 0
        self._wanted: int | None = None
        self._box: QMessageBox | None = None
        self.model = RunModel(controller, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(RunDelegate(self.list))
        self.list.setAccessibleName("Finished trainings, newest first")
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.activated.connect(self._use)
        self.use_button = button("Use", "check", tip="Predict with the adapter of this training (Enter)")
        self.rename_button = button("Rename", "edit", tip="Give this training another name (F2)")
        self.export_button = button("Export…", "export", tip="Save the adapter of this training as a file")
        self.delete_button = button("Delete…", "trash", tip="Delete this training with its adapter (Delete)")
        self.use_button.clicked.connect(self._use)
        self.rename_button.clicked.connect(self._rename)
        self.export_button.clicked.connect(self._export)
        self.delete_button.clicked.connect(self.ask_delete)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.ask_delete)
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState("chart", "No training yet", "Every finished training is kept here."))
        self._stack.addWidget(self.list)
        buttons = QGridLayout()
        buttons.setSpacing(8)
        four = (self.use_button, self.rename_button, self.export_button, self.delete_button)
        for at, one in enumerate(four):
            buttons.addWidget(one, at // 2, at % 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self._stack, 1)
        layout.addLayout(buttons)
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.guesses_changed.connect(self._mark_again)
        self._show_runs([])
        self.reload()

    # ------------------------------------------------------------------ what is shown

    @property
    def current(self) -> RunRecord | None:
        """The run that is looked at."""
        index = self.list.currentIndex()
        return self.model.run(index.row()) if index.isValid() else None

    def reload(self, select: int | None = None) -> None:
        """Fetch the runs; then select one by its id, or keep the selection."""
        self._generation += 1
        generation = self._generation
        if select is not None:
            self._wanted = select
        if self._controller.session is None:
            self._show_runs([])
            return

        def answer(runs: list[RunRecord]) -> None:
            if generation == self._generation:
                self._show_runs(runs)

        self._controller.ask_runs(answer)

    def _show_runs(self, runs: Sequence[RunRecord]) -> None:
        former = self.current
        wanted = self._wanted if self._wanted is not None else (former.id if former else None)
        self._wanted = None
        self.model.set_runs(runs)
        self._stack.setCurrentIndex(1 if runs else 0)
        self.counted.emit(len(runs))
        row = self.model.row_of(wanted) if wanted is not None else -1
        if row < 0 and runs:
            row = next((at for at, run in enumerate(runs) if self.model.is_current(run)), 0)
        if row >= 0:
            self.list.selectionModel().setCurrentIndex(
                self.model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        else:
            self._current_changed()

    def _current_changed(self) -> None:
        run = self.current
        self._enable(run)
        self.selected.emit(run)

    def _enable(self, run: RunRecord | None) -> None:
        for one in (self.rename_button, self.export_button, self.delete_button):
            one.setEnabled(run is not None)
        self.use_button.setEnabled(run is not None and not self.model.is_current(run))

    def _mark_again(self) -> None:
        self.list.viewport().update()
        self._enable(self.current)

    def _opened(self, _session: object) -> None:
        self._wanted = None
        self.model.set_runs([])
        self.reload()

    def _changed(self, changes: Changes) -> None:
        if changes.runs:
            self.reload()

    # ------------------------------------------------------------------ actions

    def _use(self) -> None:
        if (run := self.current) is not None and not self.model.is_current(run):
            self._controller.use_run(run.id)

    def _rename(self) -> None:
        self.list.setFocus()
        self.list.edit(self.list.currentIndex())

    def _export(self) -> None:
        if (run := self.current) is not None:
            self.export_requested.emit(run.id)

    def ask_delete(self) -> None:
        """Delete the selected run after a question."""
        run = self.current
        if run is None:
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Delete training")
        box.setText(f"Delete '{run.name}' with its adapter?")
        box.setInformativeText("Its numbers and its adapter file in the project are deleted. This cannot be undone.")
        delete = box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        run_id = run.id

        def answered() -> None:
            self._box = None
            if box.clickedButton() is delete:
                self._controller.delete_run(run_id)

        box.finished.connect(answered)
        self._box = box
        box.open()
