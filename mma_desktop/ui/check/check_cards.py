"""Cards and the notice of the page Check: one large accuracy, the versions that were kept, labels that look wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.label_errors import SURE, Suspects, find_suspects
from mma_desktop.services.training import overview
from mma_desktop.services.training.claims import Right, range_words, sentence, short
from mma_desktop.services.training.overview import Overview, how_measured, score_of
from mma_desktop.ui.base.cell_table import ROW_HEIGHT, CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.run_in_use import in_use, when
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import (
    SPACE,
    Card,
    InfoBar,
    bold,
    button,
    heading,
    hint,
    in_column,
    in_row,
    wrapped,
)
from mma_desktop.ui.widgets.text_format import asks, capital
from mma_desktop.ui.widgets.windows import confirm

MAX_SHOWN = 6


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
        self._opened()

    @property
    def selected(self) -> RunRecord | None:
        row = self.table.currentIndex().row()
        return self.versions[row] if 0 <= row < len(self.versions) else None

    def _opened(self) -> None:
        self._show([])

    def refresh(self) -> None:
        """Look at the versions again, and compare the selected one with the model as it is now."""
        self._ask_runs(self._on_runs)

    def name_version(self, run: RunRecord) -> None:
        """Let the user type a name for a version that was just kept."""

        def named(runs: list[RunRecord]) -> None:
            self._on_runs(runs)
            row = next((at for at, version in enumerate(self.versions) if version.id == run.id), -1)
            if row >= 0:
                self.table.select_lines([row])
                self._rename()

        self._ask_runs(named)

    def _ask_runs(self, then: Callable[[list[RunRecord]], None]) -> None:
        self._controller.ask(LaneName.STORE, lambda context, _t: context.project.runs(), then, question=(self, "runs"))

    def _on_runs(self, runs: list[RunRecord]) -> None:
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
        shown = ROW_HEIGHT * min(MAX_SHOWN, len(versions))
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
            details = tr("Its file in the project is deleted. This cannot be undone.")
            on_accept = partial(self._controller.delete_run, run.id)
            confirm(self, tr("Delete"), text, details, tr("Cancel"), on_accept, safe=True)


class SuspectNotice(QObject):
    """Checks the labels while the page is shown; silent unless some are surely suspect.

    It disappears once the labels are reviewed or changed.
    """

    show_requested = Signal()

    def __init__(self, page: QWidget, controller: Controller) -> None:
        super().__init__(page)
        self._controller = controller
        self._page = page
        self._stale = True
        self.bar = InfoBar()
        controller.opened.connect(self.clear)
        controller.learned.connect(self.refresh)
        controller.changed.connect(self._changed)

    def clear(self) -> None:
        self._controller.bridge.forget((self, "suspects"))
        self._stale = True
        if self.bar.wanted:
            self.bar.dismiss()

    def _changed(self, changes: Changes) -> None:
        if changes.labels or changes.classes or changes.images_removed:
            self.clear()
            self.refresh()

    def refresh(self) -> None:
        context = self._controller.context
        if context is None or not self._stale or not self._page.isVisible() or not context.engine.ready:
            return
        self._stale = False

        def work(context: ProjectContext, token: CancelToken) -> object:
            columns = context.index.columns
            labelled = columns.hashes[columns.labelled & columns.usable]
            return find_suspects(context, token) if context.engine.embedded(labelled).all() else None

        def then(result: Suspects | None) -> None:
            if result is None:
                self._stale = True
            elif result.worth_telling:
                text = tr(
                    "{n} of {judged:,} labels looks wrong beside the others: another class is at least {sure} likely.",
                    "{n} of {judged:,} labels look wrong beside the others: another class is at least {sure} likely.",
                    result.sure,
                    judged=result.judged,
                    sure=number_format.whole_percent(SURE),
                )
                self.bar.show_message(text, "info", tr("Show it", "Show them", result.sure), self.show_requested.emit)

        # Too few labels to compare is not worth reporting here: the user did not ask.
        self._controller.ask(
            LaneName.ENGINE,
            work,
            then,
            quick=True,  # otherwise an embedding would end for it
            failed=lambda _sentence: None,
            question=(self, "suspects"),
        )


LARGE = 2.2


class AccuracyCard(Card):
    def __init__(self) -> None:
        super().__init__()
        self.value, self.unit, self.before = QLabel(), QLabel(tr("of pictures right")), QLabel()
        bold(self.value, LARGE)
        bold(self.unit, 1.15)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.before.setObjectName("hint")
        self.interval, self.how = hint(""), QLabel()
        self.how.setWordWrap(True)
        self.copies = hint("")
        self.copies.hide()
        number = in_column(self.value, in_row(self.unit, self.before, None, spacing=2 * SPACE), spacing=0)
        self.fill(number, self.interval, self.how, self.copies, None)

    def show_overview(self, found: Overview) -> None:
        evaluation, right = found.evaluation, found.right
        if right is None and found.run is not None and (score := score_of(found.run, evaluation)) is not None:
            right = Right(score)
        before = None if evaluation is None else evaluation.zero_shot.all
        loaded = found.run is not None and found.run.loaded  # it says nothing of this project's images and classes
        known = None if right is None else right.known
        self.value.setVisible(known is not None)
        self.before.setVisible(right is not None)
        self.interval.setHidden(right is None or loaded)
        if right is None:
            self.unit.setText(tr("Not measured yet"))
        else:
            self.value.setText("" if known is None else capital(range_words(known)))
            images = tr("of {n:,} picture right", "of {n:,} pictures right", right.pictures)
            if known is None:
                images = tr("How many pictures are right is not known yet")
            other = tr("of other pictures right") if loaded else tr("of pictures right")
            self.unit.setText(images if right.pictures else other)
            self.before.setVisible(before is not None and not right.pictures)
            if before is not None:
                self.before.setText(tr("before training {accuracy}", accuracy=range_words(before)))
            self.interval.setText(" ".join(filter(None, (sentence(right), found.reason))))
            self.interval.setHidden(loaded or not self.interval.text())
        if loaded:
            measured = tr("Measured where it was trained, on other pictures.")
            self.how.setText(measured if right is not None else tr("Its file does not record an accuracy."))
        elif evaluation is None and found.run is not None:
            self.how.setText(tr("The numbers of '{run}' cannot be read.", run=found.run.name))
        else:
            self.how.setText(how_measured(evaluation, found.proposed))
        self._show_interval()

    def show_copies(self, count: int) -> None:
        """Show how many of the images kept for testing are copies of trained ones."""
        self.copies.setText(
            tr("{n} of them is a copy of a trained one.", "{n} of them are copies of trained ones.", count)
        )
        self.copies.setVisible(count > 0)
        self._show_interval()

    def _show_interval(self) -> None:
        shown = (self.value, self.unit, self.before, self.interval, self.how, self.copies)
        self.setAccessibleName(" ".join(label.text() for label in shown if not label.isHidden()))
