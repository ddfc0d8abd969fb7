"""Cards and the notice of the page Check: accuracy, versions, wrong labels, and the test on what is set apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import moment, number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import Evaluation, Role, RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.label_errors import SURE, Suspects, find_suspects
from mma_desktop.services.training import set_apart
from mma_desktop.services.training.claims import AccuracyClaims, range_words, sentence, short
from mma_desktop.services.training.mistakes import Pair, pairs_of
from mma_desktop.services.training.overview import Overview, beside_now, how_measured, score_of
from mma_desktop.services.training.report import class_rows
from mma_desktop.services.training.set_apart import HeldOut
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import ShowImages, in_use
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import SPACE, Card, InfoBar, button, in_column, in_row
from mma_desktop.ui.widgets.text_format import capital, with_ellipsis
from mma_desktop.ui.widgets.text_labels import bold, heading, hint, set_or_hide, wrapped
from mma_desktop.ui.widgets.windows import confirm

if TYPE_CHECKING:
    from mma_desktop.ui.check.check_charts import ReliabilityChart

LARGE = 2.2  # of the one number that a card is about, beside the text
MAX_VERSIONS, MAX_CLASSES = 6, 8  # rows of the tables; more scroll, so that the cards below stay in sight
MAX_LISTED, MAX_BESIDE = 8, 4  # findings in a card of their own, and beside the chart of the test, which is as tall
MAX_IMAGES = 2  # of a finding: more leave no room for its words
CHART_HEIGHT = 220  # as tall as `MAX_BESIDE` findings


class VersionsCard(Card):
    """The versions, newest first; hidden while there are none."""

    export_requested = Signal(int)  # run id

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.versions: list[RunRecord] = []
        self.table = CellTable(tr("Versions"), single=True)
        self.table.setEditTriggers(CellTable.EditTrigger.EditKeyPressed | CellTable.EditTrigger.DoubleClicked)
        self.compared = wrapped()
        self.back_button = button(tr("Go back to it"), "undo", clicked=self._go_back)
        self.export_button = button(with_ellipsis(tr("Export")), "export", clicked=self._export)
        self.rename_button = button(tr("Rename"), "edit", clicked=self._rename)
        self.delete_button = button(with_ellipsis(tr("Delete")), "trash", clicked=self._delete)
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
        self._controller.ask_runs(self._on_runs, question=(self, "runs"))

    def name_version(self, run: RunRecord) -> None:
        def named(runs: list[RunRecord]) -> None:
            self._on_runs(runs)
            row = next((index for index, version in enumerate(self.versions) if version.id == run.id), -1)
            if row >= 0:
                self.table.select_lines([row])
                self._rename()

        self._controller.ask_runs(named, question=(self, "runs"))

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
        self.table.setFixedHeight(self.table.height_of(min(MAX_VERSIONS, len(versions))))
        ids = [run.id for run in versions]
        row = ids.index(former.id) if former is not None and former.id in ids else 0
        self.table.select_lines([row] if versions else [])
        self._selected()

    @staticmethod
    def _cells(run: RunRecord) -> list[TableCell]:
        accuracy, counts = score_of(run), run.metrics.get("counts", {})
        labels, right = str(counts.get("shots", "")), "" if accuracy is None else short(accuracy)
        name, kept = TableCell(one_line(run.name), edits=True), TableCell(moment(run.created_at))
        return [name, TableCell(labels, 0), TableCell(right), kept]

    def _selected(self) -> None:
        run, context = self.selected, self._controller.context
        self.back_button.setEnabled(run is not None and not in_use(context, run))
        self.compared.setText("")
        if run is not None and context is not None:
            self._controller.ask(
                LaneName.STORE,
                lambda context, _t: beside_now(context, run),
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
            confirm(self, tr("Delete"), text, details, on_accept, safe=True)


class SuspectNotice(QObject):
    """Checks the labels while the page is shown; silent unless some are surely suspect."""

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
                    sure=text_format.whole_percent(SURE),
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


class NumberCard(Card):
    """One large number, what it counts, and whether images that it was measured on are copies of trained ones."""

    def __init__(self) -> None:
        super().__init__()
        self.value, self.unit, self.copies = QLabel(), QLabel(tr("of pictures right")), hint()
        bold(self.value, LARGE)
        bold(self.unit, 1.15)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copies.hide()

    def show_copies(self, count: int) -> None:
        words = tr("{n} of them is a copy of a trained one.", "{n} of them are copies of trained ones.", count)
        set_or_hide(self.copies, words if count else "")


class AccuracyCard(NumberCard):
    def __init__(self) -> None:
        super().__init__()
        self.before, self.interval, self.how = hint(wraps=False), hint(), QLabel()
        self.how.setWordWrap(True)
        number = in_column(self.value, in_row(self.unit, self.before, None, spacing=2 * SPACE), spacing=0)
        self.fill(number, self.interval, self.how, self.copies, None)

    def show_overview(self, overview: Overview) -> None:
        evaluation, right = overview.evaluation, overview.right
        if right is None and overview.run is not None and (score := score_of(overview.run, evaluation)) is not None:
            right = AccuracyClaims(score)
        before = None if evaluation is None else evaluation.zero_shot.all
        # A model that was loaded says nothing of this project's images and classes.
        loaded = overview.run is not None and overview.run.loaded
        known = None if right is None else right.known
        self.value.setVisible(known is not None)
        if right is None:
            self.unit.setText(tr("Not measured yet"))
            self.before.hide()
            self.interval.hide()
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
            self.interval.setText(" ".join(filter(None, (sentence(right), overview.reason))))
            self.interval.setHidden(loaded or not self.interval.text())
        if loaded:
            measured = tr("Measured where it was trained, on other pictures.")
            self.how.setText(measured if right is not None else tr("Its file does not record an accuracy."))
        elif evaluation is None and overview.run is not None:
            self.how.setText(tr("The numbers of '{run}' cannot be read.", run=overview.run.name))
        else:
            self.how.setText(how_measured(evaluation, overview.proposed))
        self._name_all()

    def show_copies(self, count: int) -> None:
        super().show_copies(count)
        self._name_all()

    def _name_all(self) -> None:
        # Screen readers read the card as a whole, without what is hidden.
        shown = (self.value, self.unit, self.before, self.interval, self.how, self.copies)
        self.setAccessibleName(" ".join(label.text() for label in shown if not label.isHidden()))


def pair_entry(names: Sequence[str], pair: Pair) -> FindingEntry:
    """Images of one class that were taken for another, with the names of both as its value."""
    labelled, answer = names[pair.label], names[pair.answer]
    title = tr("{labelled} taken for {predicted}", labelled=labelled, predicted=answer)
    detail = tr("{count:,} of {n} picture", "{count:,} of {n} pictures", pair.of, count=pair.count)
    return FindingEntry(one_line(title), detail, (labelled, answer), pair.wrong[:MAX_IMAGES])


class HeldOutCard(NumberCard):
    """The test on images that are set apart: how to do it, what it says, and how to end it."""

    folder_wanted = Signal()
    images_wanted = Signal(object)  # ShowImages

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.held_out: HeldOut | None = None
        self.chart: ReliabilityChart | None = None
        self.exact, self.how = hint(), hint()
        self.table = CellTable(tr("Classes"))
        self.pairs = FindingList(tr("What is confused"), controller)
        self.pairs.chosen.connect(self._show_wrong)
        self.folder_button = button(with_ellipsis(tr("Test on a folder")), "folder", clicked=self.folder_wanted.emit)
        apart, give_back = tr("Set a fifth of the labels apart"), tr("Give them back to training")
        set_aside = partial(self._edit, lambda context: set_apart.set_apart(context, CancelToken()))
        self.apart_button = button(apart, "check", clicked=set_aside)
        self.wrong_button = button("", clicked=partial(self._show_wrong, None))
        self.back_button = button(give_back, "undo", clicked=lambda: self._edit(set_apart.give_back))
        self.result, self._drawing = QWidget(), QWidget()
        self.chart_note = hint()
        number_part = in_column(self.value, self.unit, self.exact, spacing=0)
        left = in_column(number_part, self.table, None, spacing=SPACE)
        title = heading(tr("Confidence against how often it was right"), 3)
        right = in_column(title, self._drawing, self.chart_note, self.pairs.note, self.pairs, None, spacing=SPACE)
        in_row((left, 1), (right, 1), inside=self.result, margins=0, spacing=2 * SPACE)
        buttons = (self.folder_button, self.apart_button, self.wrong_button, self.back_button)
        head = in_row((heading(tr("Test"), 3), 1), *buttons, spacing=SPACE)
        self.fill(head, self.how, self.copies, self.result, spacing=SPACE // 2)

    def show_test(self, held_out: HeldOut | None) -> None:
        self._find_copies(held_out)
        self.held_out, evaluation = held_out, None if held_out is None else held_out.evaluation
        self.apart_button.setVisible(held_out is None)
        self.back_button.setVisible(held_out is not None)
        self.result.setVisible(evaluation is not None)
        self.how.setText(_test_words(held_out))
        wrong = 0
        if held_out is not None and evaluation is not None:
            wrong = sum(item.label != item.answer for item in held_out.measured)
            self._show_evaluation(held_out, evaluation)
        self.wrong_button.setVisible(wrong > 0)
        self.wrong_button.setText(tr("Show the wrong one", "Show the {n} wrong ones", wrong))

    def _show_evaluation(self, held_out: HeldOut, evaluation: Evaluation) -> None:
        accuracy = evaluation.adapted.all
        if accuracy is not None:
            self.value.setText(capital(range_words(accuracy)))
            self.unit.setText(tr("of pictures like these right"))
            percent = text_format.percent(accuracy.percent)
            self.exact.setText(f"{percent}, {text_format.interval(accuracy)}")
        heads = [
            Head(tr("Class")),
            Head(tr("Pictures"), "", True),
            Head(tr("Found"), tr("How many of its pictures are given this class (recall)"), True),
            Head(tr("Right if said"), tr("How many of those given this class show it (precision)"), True),
        ]
        rows = class_rows(evaluation, {})
        self.table.show_cells(heads, [self._cells(row) for row in rows])
        self.table.setFixedHeight(self.table.height_of(min(MAX_CLASSES, len(rows))))
        names = _titles(evaluation)
        entries = [pair_entry(names, pair) for pair in pairs_of(evaluation, held_out.measured)[:MAX_BESIDE]]
        self.pairs.show_entries(entries, "" if entries else tr("Every picture was right."))
        self._show_chart(evaluation)
        self.setAccessibleName(" ".join(label.text() for label in (self.value, self.unit, self.exact, self.how)))

    @staticmethod
    def _cells(row: dict[str, Any]) -> list[TableCell]:
        right, share = row["accuracy"], row["share"]
        return [
            TableCell(one_line(tr(row["name"]) if row["name"] == NONE_OF_THESE else row["name"])),
            TableCell(number(row["n"]), row["n"]),
            _percent(None if right is None else right.percent, "" if right is None else text_format.interval(right)),
            _percent(share, tr("{n} picture", "{n} pictures", row["answered"])),
        ]

    def _show_chart(self, evaluation: Evaluation) -> None:
        if self.chart is None:
            from mma_desktop.ui.check.check_charts import ReliabilityChart

            self.chart = ReliabilityChart()
            self.chart.setMinimumHeight(CHART_HEIGHT)
            self.chart.message.connect(self.chart_note.setText)
            in_column((self.chart, 1), inside=self._drawing, margins=0)
        self.chart.show_answers(evaluation.adapted_answers)
        set_or_hide(
            self.chart_note,
            tr("Bars: pictures that were given a class, with 95% ranges. Dashed: as often right as it is sure."),
        )

    def _find_copies(self, held_out: HeldOut | None) -> None:
        if held_out is self.held_out:
            return
        self._controller.bridge.forget((self, "copies"))
        self.show_copies(0)
        if held_out is not None:
            self._controller.ask(LaneName.MEDIA, set_apart.copies, self.show_copies, question=(self, "copies"))

    def _edit(self, work: Callable[[ProjectContext], Changes]) -> None:
        context = self._controller.open_context
        self._controller.edit(lambda _project: work(context))

    def _show_wrong(self, pair: tuple[str, str] | None = None) -> None:
        """Show the images that are wrong, or those of one class that were taken for another."""
        assert self.held_out is not None
        assert self.held_out.evaluation is not None
        names, notes = _titles(self.held_out.evaluation), dict[int, str]()
        for item in self.held_out.measured:
            if item.label != item.answer and pair in {None, (names[item.label], names[item.answer])}:
                sure = "" if names[item.answer] == tr(NONE_OF_THESE) else text_format.whole_percent(item.confidence)
                notes[item.image] = f"{one_line(names[item.answer])} {sure}".rstrip()
        title = tr("Mistakes")
        if pair is not None:
            title = tr("{labelled} taken for {predicted}", labelled=pair[0], predicted=pair[1])
        self.images_wanted.emit(ShowImages([*notes], title, notes))


def _titles(evaluation: Evaluation) -> list[str]:
    names = zip(evaluation.class_names, evaluation.roles, strict=True)
    return [tr(name) if role is Role.NONE else name for name, role in names]


def _percent(value: float | None, tip: str) -> TableCell:
    return TableCell("", -1) if value is None else TableCell(text_format.percent(value), value, tip)


def _test_words(held_out: HeldOut | None) -> str:
    if held_out is None:
        return tr(
            "How good the model really is shows best on pictures that it never learned from. Drop a folder of them "
            "here, with a folder for each class."
        )
    sentences = [
        tr(
            "{n} picture is set apart: nothing is learned from it.",
            "{n} pictures are set apart: nothing is learned from them.",
            held_out.pictures,
        )
    ]
    if held_out.seen:
        sentences.append(
            tr(
                "The model in use had learned from {n} before, which is left out.",
                "The model in use had learned from {n} before, which are left out.",
                held_out.seen,
            )
        )
    if n := held_out.pictures - held_out.seen - len(held_out.measured):
        sentences.append(tr("{n} is still to be looked at.", "{n} are still to be looked at.", n))
    return " ".join(sentences)
