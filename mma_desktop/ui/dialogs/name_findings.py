"""Findings of the class-name check, as cards with suggestions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.services.names.class_name_lint import NameFinding, NameIssue, NamesReport
from mma_desktop.ui.widgets.controls import (
    SPACE,
    Card,
    EmptyState,
    IconLabel,
    button,
    discard,
    heading,
    hint,
    in_column,
    in_row,
    say,
    scrolled,
    wrapped,
)
from mma_desktop.ui.widgets.text_format import asks, unmarked

Ask = Callable[[int], object]
LOOKING = later("Looking at the names.")
_UNREADABLE = {NameIssue.UNKNOWN, NameIssue.DOUBTFUL, NameIssue.NEGATION, NameIssue.UNRECOGNISED}


class NameCard(Card):
    """One finding: an icon, what is wrong, what to do, and buttons for each class concerned."""

    def __init__(self, finding: NameFinding, rename: Ask, ask_reads: Ask) -> None:
        super().__init__()
        self.finding = finding
        spoken = tr("Note") if finding.weak else tr("Warning")
        self.setAccessibleName(f"{spoken}: {finding.title}")
        self.setAccessibleDescription(" ".join(filter(None, (finding.text, finding.advice))))
        title = heading(finding.title, 3)
        title.setWordWrap(True)
        mark = IconLabel("info" if finding.weak else "warning", 18, "accent" if finding.weak else "warn")
        mark.setAccessibleName(spoken)
        head = in_row((mark, 0, Qt.AlignmentFlag.AlignTop), (title, 1), spacing=SPACE)
        buttons = in_row(spacing=SPACE)
        self.rename_buttons = []
        self.reads_buttons = []
        for class_id, name in zip(finding.class_ids, finding.names, strict=False):
            short = name if len(name) <= 28 else f"{name[:27]}\u2026"
            made = button(
                tr("Rename '{class_name}'…", class_name=unmarked(short)),
                "edit",
                tip=one_line(name),
            )
            made.clicked.connect(partial(rename, class_id))
            self.rename_buttons.append(made)
            if finding.issue in _UNREADABLE:
                reads = button(asks(tr("What the model reads")), "names")
                reads.setAccessibleName(tr("What the model reads for {name}", name=name))
                reads.clicked.connect(partial(ask_reads, class_id))
                self.reads_buttons.append(reads)
                buttons.addWidget(reads)
            buttons.addWidget(made)
        buttons.addStretch()
        self.body.setContentsMargins(12, 10, 12, 10)
        text, deeds = [wrapped(finding.text)] if finding.text else [], [buttons] if finding.class_ids else []
        self.fill(head, *text, hint(finding.advice), *deeds)


class NameFindings(QScrollArea):
    """The cards of a report, or a text if there are none; both deeds are asked for by the class id."""

    def __init__(self, rename: Ask, ask_reads: Ask) -> None:
        super().__init__()
        self._deeds = rename, ask_reads
        self.cards: list[NameCard] = []
        self._shown: NamesReport | None = None
        inner = QWidget()
        self.empty = EmptyState("names", tr("Names"), tr(LOOKING))
        self.foot = hint("")
        parts = ((self.empty, 1), self.foot, None)
        self._column = in_column(*parts, inside=inner, margins=(0, 0, SPACE, 0), spacing=SPACE)
        scrolled(inner, self)
        self.setAccessibleName(tr("Names"))
        self.foot.hide()

    def show_report(self, report: NamesReport) -> None:
        """Show a report; an identical one is left as it is, with its keyboard focus."""
        if report == self._shown:
            return
        self._shown = report
        for card in self.cards:
            self._column.removeWidget(card)
            discard(card)
        self.cards = []
        for at, finding in enumerate(report.findings):
            card = NameCard(finding, *self._deeds)
            self._column.insertWidget(at, card)
            self.cards.append(card)
        self.empty.setVisible(not self.cards)
        if report.checked < 2:
            self.empty.set_texts(tr("Names"), tr("Add at least two classes on the Label page to compare their names."))
        else:
            self.empty.set_texts(tr("No name stands out"), "")
        notes = []
        if report.left_out:
            notes.append(
                tr(
                    "{n} more finding is not listed. Fix some of these first.",
                    "{n} more findings are not listed. Fix some of these first.",
                    report.left_out,
                )
            )
        if not report.complete:
            notes.append(tr("No image model is loaded, so the names were looked at as words only."))
        say(self.foot, " ".join(notes))
