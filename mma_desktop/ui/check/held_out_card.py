"""The test on images that are set apart: how to do it, what it says, and how to end it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import Evaluation, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training import set_apart
from mma_desktop.services.training.claims import range_words
from mma_desktop.services.training.mistakes import Pair, pairs_of
from mma_desktop.services.training.report import class_rows
from mma_desktop.services.training.set_apart import HeldOut
from mma_desktop.ui.base.cell_table import ROW_HEIGHT, CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import ShowImages
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import SPACE, Card, bold, button, heading, hint, in_column, in_row, set_or_hide
from mma_desktop.ui.widgets.text_format import asks, capital

if TYPE_CHECKING:
    from mma_desktop.ui.check.reliability_chart import ReliabilityChart

LARGE = 2.2
MAX_ROWS = 8
MAX_LISTED, MAX_BESIDE = 8, 4
MAX_IMAGES = 2
CHART_HEIGHT = 220


def pair_entry(names: Sequence[str], pair: Pair) -> FindingEntry:
    """Images of one class that were taken for another, with the names of both as its value."""
    labelled, answer = names[pair.label], names[pair.answer]
    title = tr("{labelled} taken for {predicted}", labelled=labelled, predicted=answer)
    detail = tr("{count:,} of {n} picture", "{count:,} of {n} pictures", pair.of, count=pair.count)
    return FindingEntry(one_line(title), detail, (labelled, answer), pair.wrong[:MAX_IMAGES])


class HeldOutCard(Card):
    folder_wanted = Signal()
    images_wanted = Signal(object)  # ShowPictures

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.found: HeldOut | None = None
        self.chart: ReliabilityChart | None = None
        self.value, self.unit, self.exact = QLabel(), QLabel(), hint("")
        bold(self.value, LARGE)
        bold(self.unit, 1.15)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.how, self.copies = hint(""), hint("")
        self.copies.hide()
        self.table = CellTable(tr("Classes"))
        self.pairs = FindingList(tr("What is confused"), controller)
        self.pairs.chosen.connect(self._show_wrong)
        self.folder_button = button(asks(tr("Test on a folder")), "folder", clicked=self.folder_wanted.emit)
        self.apart_button = button(tr("Set a fifth of the labels apart"), "check", clicked=self._set_apart)
        self.wrong_button = button("", clicked=partial(self._show_wrong, None))
        self.back_button = button(tr("Give them back to training"), "undo", clicked=self._give_back)
        self.result, self._drawing = QWidget(), QWidget()
        self.chart_note = hint("")
        number_part = in_column(self.value, self.unit, self.exact, spacing=0)
        left = in_column(number_part, self.table, None, spacing=SPACE)
        title = heading(tr("Confidence against how often it was right"), 3)
        right = in_column(title, self._drawing, self.chart_note, self.pairs.note, self.pairs, None, spacing=SPACE)
        in_row((left, 1), (right, 1), inside=self.result, margins=(0, 0, 0, 0), spacing=2 * SPACE)
        buttons = (self.folder_button, self.apart_button, self.wrong_button, self.back_button)
        head = in_row((heading(tr("Test"), 3), 1), *buttons, spacing=SPACE)
        self.fill(head, self.how, self.copies, self.result, spacing=SPACE // 2)

    def show_test(self, found: HeldOut | None) -> None:
        self._find_copies(found)
        self.found, evaluation = found, None if found is None else found.evaluation
        self.apart_button.setVisible(found is None)
        self.back_button.setVisible(found is not None)
        self.result.setVisible(evaluation is not None)
        self.how.setText(_how(found))
        wrong = 0
        if found is not None and evaluation is not None:
            wrong = sum(item.label != item.answer for item in found.measured)
            self._show_evaluation(found, evaluation)
        self.wrong_button.setVisible(wrong > 0)
        self.wrong_button.setText(tr("Show the wrong one", "Show the {n} wrong ones", wrong))

    def _show_evaluation(self, found: HeldOut, evaluation: Evaluation) -> None:
        accuracy = evaluation.adapted.all
        if accuracy is not None:
            self.value.setText(capital(range_words(accuracy)))
            self.unit.setText(tr("of pictures like these right"))
            percent = number_format.percent(accuracy.percent)
            self.exact.setText(f"{percent}, {number_format.interval(accuracy)}")
        heads = [
            Head(tr("Class")),
            Head(tr("Pictures"), "", True),
            Head(tr("Found"), tr("How many of its pictures are given this class (recall)"), True),
            Head(tr("Right if said"), tr("How many of those given this class show it (precision)"), True),
        ]
        rows = class_rows(evaluation, {})
        self.table.show_cells(heads, [self._cells(row) for row in rows])
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(ROW_HEIGHT * min(MAX_ROWS, len(rows)) + header + 4)
        names = _titles(evaluation)
        entries = [pair_entry(names, pair) for pair in pairs_of(evaluation, found.measured)[:MAX_BESIDE]]
        self.pairs.show_entries(entries, "" if entries else tr("Every picture was right."))
        self._show_chart(evaluation)
        self.setAccessibleName(" ".join(label.text() for label in (self.value, self.unit, self.exact, self.how)))

    @staticmethod
    def _cells(row: dict[str, Any]) -> list[TableCell]:
        right, share = row["accuracy"], row["share"]
        return [
            TableCell(one_line(tr(row["name"]) if row["name"] == NONE_OF_THESE else row["name"])),
            TableCell(number(row["n"]), row["n"]),
            _percent(None if right is None else right.percent, "" if right is None else number_format.interval(right)),
            _percent(share, tr("{n} picture", "{n} pictures", row["answered"])),
        ]

    def _show_chart(self, evaluation: Evaluation) -> None:
        if self.chart is None:
            from mma_desktop.ui.check.reliability_chart import ReliabilityChart

            self.chart = ReliabilityChart()
            self.chart.setMinimumHeight(CHART_HEIGHT)
            self.chart.message.connect(self.chart_note.setText)
            in_column((self.chart, 1), inside=self._drawing, margins=(0, 0, 0, 0))
        self.chart.show_answers(evaluation.adapted_answers)
        set_or_hide(
            self.chart_note,
            tr("Bars: pictures that were given a class, with 95% ranges. Dashed: as often right as it is sure."),
        )

    def _find_copies(self, found: HeldOut | None) -> None:
        if found is self.found:
            return
        self._controller.bridge.forget((self, "copies"))
        self._show_copies(0)
        if found is not None:
            self._controller.ask(LaneName.MEDIA, set_apart.copies, self._show_copies, question=(self, "copies"))

    def _show_copies(self, count: int) -> None:
        words = tr("{n} of them is a copy of a trained one.", "{n} of them are copies of trained ones.", count)
        set_or_hide(self.copies, words if count else "")

    def _edit(self, work: Callable[[ProjectContext], Changes]) -> None:
        context = self._controller.open_context
        self._controller.edit(lambda _project: work(context))

    def _set_apart(self) -> None:
        self._edit(lambda context: set_apart.set_apart(context, CancelToken()))

    def _give_back(self) -> None:
        self._edit(set_apart.give_back)

    def _show_wrong(self, pair: tuple[str, str] | None = None) -> None:
        """Show the images that are wrong, or those of one class that were taken for another."""
        assert self.found is not None
        assert self.found.evaluation is not None
        names, notes = _titles(self.found.evaluation), dict[int, str]()
        for item in self.found.measured:
            if item.label != item.answer and pair in {None, (names[item.label], names[item.answer])}:
                sure = "" if names[item.answer] == tr(NONE_OF_THESE) else number_format.whole_percent(item.confidence)
                notes[item.image] = f"{one_line(names[item.answer])} {sure}".rstrip()
        title = tr("Mistakes")
        if pair is not None:
            title = tr("{labelled} taken for {predicted}", labelled=pair[0], predicted=pair[1])
        self.images_wanted.emit(ShowImages([*notes], title, notes))


def _titles(evaluation: Evaluation) -> list[str]:
    """The names of its classes as the window shows them."""
    names = zip(evaluation.class_names, evaluation.roles, strict=True)
    return [tr(name) if role is Role.NONE else name for name, role in names]


def _percent(value: float | None, tip: str) -> TableCell:
    return TableCell("", -1) if value is None else TableCell(number_format.percent(value), value, tip)


def _how(found: HeldOut | None) -> str:
    if found is None:
        return tr(
            "How good the model really is shows best on pictures that it never learned from. Drop a folder of them "
            "here, with a folder for each class."
        )
    words = [
        tr(
            "{n} picture is set apart: nothing is learned from it.",
            "{n} pictures are set apart: nothing is learned from them.",
            found.pictures,
        )
    ]
    if found.seen:
        words.append(
            tr(
                "The model in use had learned from {n} before, which is left out.",
                "The model in use had learned from {n} before, which are left out.",
                found.seen,
            )
        )
    if n := found.pictures - found.seen - len(found.measured):
        words.append(tr("{n} is still to be looked at.", "{n} are still to be looked at.", n))
    return " ".join(words)
