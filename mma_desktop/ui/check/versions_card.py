"""The versions of the model that were kept: look at them, compare them with now, go back to one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import RunRecord
from mma_desktop.services.training import overview
from mma_desktop.services.training.overview import Overview, short
from mma_desktop.ui.base.cell_table import ROW_HEIGHT, CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.run_in_use import in_use, when
from mma_desktop.ui.widgets.controls import SPACE, Card, button, heading, in_row, wrapped
from mma_desktop.ui.widgets.text_format import asks
from mma_desktop.ui.widgets.windows import ask_first

MOST_SHOWN = 6


class VersionsCard(Card):
    """The versions, newest first; hidden while there are none."""

    export_requested = Signal(int)  # run id

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.versions: list[RunRecord] = []
        self.table = CellTable(tr("Versions"))
        self.table.setEditTriggers(CellTable.EditTrigger.EditKeyPressed | CellTable.EditTrigger.DoubleClicked)
        self.table.setSelectionMode(CellTable.SelectionMode.SingleSelection)
        self.compared = wrapped()
        self.back_button = button(tr("Go back to it"), "undo", clicked=self._go_back)
        self.export_button = button(asks(tr("Export")), "export", clicked=self._export)
        self.rename_button = button(tr("Rename"), "edit", clicked=self._rename)
        self.delete_button = button(asks(tr("Delete")), "trash", clicked=self._delete)
        buttons = (self.back_button, self.export_button, self.rename_button, self.delete_button)
        parts = (heading(tr("Versions"), 3), self.table, self.compared, in_row(*buttons, None, spacing=SPACE))
        self.fill(*parts, spacing=SPACE // 2)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.table.cells.edited.connect(self._edited)
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        self._show([])

    @property
    def selected(self) -> RunRecord | None:
        row = self.table.currentIndex().row()
        return self.versions[row] if 0 <= row < len(self.versions) else None

    def _opened(self, _context: object) -> None:
        self._show([])

    def _changed(self, changes: Changes) -> None:
        if changes.runs and self._controller.context is not None:
            self._ask_runs(self._take)

    def show_overview(self, _found: Overview) -> None:
        """Look at the versions again, and compare the selected one with the model as it is now."""
        if self._controller.context is not None:
            self._ask_runs(self._take)

    def name_version(self, run: RunRecord) -> None:
        """Let the user type a name for a version that was just kept."""

        def named(runs: list[RunRecord]) -> None:
            self._take(runs)
            row = next((at for at, version in enumerate(self.versions) if version.id == run.id), -1)
            if row >= 0:
                self.table.select_lines([row])
                self._rename()

        self._ask_runs(named)

    def _ask_runs(self, then: Callable[[list[RunRecord]], None]) -> None:
        self._controller.ask(LaneName.STORE, lambda context, _t: context.project.runs(), then, question=(self, "runs"))

    def _take(self, runs: list[RunRecord]) -> None:
        kept = [run for run in runs if run.kept]
        if kept != self.versions:
            self._show(kept)
        else:
            self._selected()

    def _show(self, versions: list[RunRecord]) -> None:
        former = self.selected
        self.versions = versions
        self.setVisible(bool(versions))
        heads = [Head(tr("Version")), Head(tr("Labels"), "", True), Head(tr("Right")), Head(tr("Kept"))]
        self.table.show_cells(heads, list(map(self._cells, versions)), sorts=False)
        shown = ROW_HEIGHT * min(MOST_SHOWN, len(versions))
        self.table.setFixedHeight(shown + self.table.horizontalHeader().sizeHint().height() + 4)
        ids = [run.id for run in versions]
        row = ids.index(former.id) if former is not None and former.id in ids else 0
        self.table.select_lines([row] if versions else [])
        self._selected()

    @staticmethod
    def _cells(run: RunRecord) -> list[TableCell]:
        accuracy, counts = overview.score_of(run), run.metrics.get("counts", {})
        labels, right = str(counts.get("shots", "")), "" if accuracy is None else short(accuracy)
        return [TableCell(one_line(run.name), edits=True), TableCell(labels, 0), TableCell(right), TableCell(when(run))]

    def _selected(self) -> None:
        run, context = self.selected, self._controller.context
        self.back_button.setEnabled(run is not None and not in_use(context, run))
        self.compared.setText("")
        if run is not None and context is not None:
            self._controller.ask(
                LaneName.STORE,
                lambda context, _t: overview.beside_now(context, run),
                lambda lines: self.compared.setText("\n".join(lines)),
                question=(self, "compared"),
            )

    def _go_back(self) -> None:
        if self.selected is not None:
            self._controller.use_run(self.selected.id)

    def _export(self) -> None:
        if self.selected is not None:
            self.export_requested.emit(self.selected.id)

    def _rename(self) -> None:
        if self.selected is not None:
            self.table.setFocus()
            self.table.edit(self.table.cells.index(self.table.currentIndex().row(), 0))

    def _edited(self, row: int, _column: int, typed: str) -> None:
        run, name = self.versions[row], " ".join(typed.split())
        if name:
            self._controller.edit(lambda project: project.rename_run(run.id, name))

    def _delete(self) -> None:
        run = self.selected
        if run is not None:
            text = tr("Delete the version '{run}'?", run=one_line(run.name))
            more = tr("Its file in the project is deleted. This cannot be undone.")
            agreed = partial(self._controller.delete_run, run.id)
            ask_first(self, tr("Delete"), text, more, tr("Cancel"), agreed, safe=True)
