"""The cards of the page Train: what will be trained, the training as it runs, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QSizePolicy, QWidget

from mma_desktop.core.class_names import listed
from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import DEFAULT_METHOD, Accuracy, QuickFix, Role
from mma_desktop.services.formats.exports import adapter_code
from mma_desktop.services.training.adapter_training import Choice, Outcome, Plan, Row, sentence
from mma_desktop.ui.train.epoch_chart import EpochChart, colour_of, has_head, of, trained
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import SPACE, Card, button, discard, in_column, in_form, in_row
from mma_desktop.ui.widgets.messages import Check, Checklist, Fix
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_format import with_ellipsis, with_keys
from mma_desktop.ui.widgets.text_labels import bold, heading, hint, set_or_hide, wrapped


def classes_words(plan: Plan) -> str:
    """Classes, shots and pictures that are trained on."""
    shots = tr("{n} shot", "{n} shots", plan.most)
    if plan.fewest != plan.most:
        shots = tr("{fewest} to {most} shots", fewest=plan.fewest, most=plan.most)
    return tr(
        "{classes}, {shots} each: {pictures}",
        classes=text_format.classes(len(plan.trained)),
        shots=shots,
        pictures=text_format.pictures(plan.pictures),
    )


def device_words(plan: Plan) -> str:
    """Where it is trained."""
    if not plan.device:
        return tr("The image model is not loaded yet.")
    if plan.gpu:
        return tr("On the GPU of this computer ({device}), in the background", device=plan.device)
    return tr("On the processor of this computer, in the background: no GPU was found")


def held_back_words(plan: Plan) -> str:
    """How Base and New are measured although nothing is lost to it."""
    parts = [
        tr(
            "Base: pictures are left out in turn, {n} time. New: {how}. What you get is trained on every label.",
            "Base: pictures are left out in turn, {n} times. New: {how}. What you get is trained on every label.",
            plan.folds,
            how=tr("half of the classes are held back in turn")
            if plan.in_turn
            else tr("not measured, which takes four classes"),
        )
    ]
    if plan.new:
        names = listed([item.name for item in plan.new])
        parts.append(tr("Names without labels, which are predicted, too: {names}.", names=names))
    return " ".join(parts)


class PlanCard(Card):
    """What will be trained, where, with what, and what is held back."""

    start_wanted = Signal()
    label_wanted = Signal()
    compare_wanted = Signal()
    model_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Choice, ...] = ()
        self.pictures, self.device, self.held_back, self.why = (wrapped() for _ in range(4))
        self.why.setObjectName("hint")
        self.group = QButtonGroup(self)
        self._choices = in_column(spacing=2)
        within = QWidget()
        in_column(self._choices, self.why, inside=within, margins=0, spacing=4)
        self.checklist = Checklist(tr("What prevents the training"))
        self.start_button = button(tr("Train"), "play", primary=True, clicked=self.start_wanted)
        self.start_button.setToolTip(with_keys(tr("Train"), "Ctrl+Return"))
        self.compare_button = button(with_ellipsis(tr("Compare methods")), "chart", clicked=self.compare_wanted)
        self.model_button = button(with_ellipsis(tr("Change")), clicked=self.model_wanted)
        self.model = wrapped()
        form = in_form(
            (tr("Trained on"), self.pictures),
            (tr("Where"), self.device),
            (tr("Sees with"), (self.model, self.model_button)),
            (tr("With what"), within),
            (tr("Held back"), self.held_back),
        )
        self.fill(form, self.checklist, in_row(self.start_button, self.compare_button, None, spacing=SPACE))

    def show_plan(self, plan: Plan, model: str) -> None:
        """Show what would be trained now, with an image model of that name."""
        self.pictures.setText(classes_words(plan))
        self.device.setText(device_words(plan))
        self.model.setText(model)
        self.held_back.setText(held_back_words(plan))
        self.why.setText(plan.why)
        if plan.rows != self._rows:
            self._show_rows(plan.rows)
        checks = [
            Check("block", finding.text, self._fix(finding.fix)) for finding in plan.obstacles if finding.blocking
        ]
        self.checklist.setVisible(bool(checks))
        self.checklist.show_checks(checks)
        self.start_button.setEnabled(plan.can_start)
        self.start_button.setAccessibleDescription(checks[0].text if checks else "")

    def _fix(self, fix: QuickFix) -> tuple[Fix, ...]:
        return ((tr("Go to labelling"), self.label_wanted.emit),) if fix is QuickFix.LABEL else ()

    def _show_rows(self, rows: tuple[Choice, ...]) -> None:
        for former in self.group.buttons():
            self.group.removeButton(former)
            discard(former)
        self._rows = rows
        for at, row in enumerate(rows):
            choice = QRadioButton(row.title)
            choice.setChecked(not at)
            self.group.addButton(choice, at)
            about = hint(row.about)
            self._choices.addWidget(choice)
            self._choices.addWidget(about)

    @property
    def choice(self) -> Choice:
        """The row that is chosen."""
        return self._rows[max(0, self.group.checkedId())]

    def choose(self, method: str) -> None:
        """Choose a row as the user does."""
        at = next(at for at, row in enumerate(self._rows) if row.method == method)
        self.group.button(at).setChecked(True)


class AccuracyFigure(QWidget):
    """One large figure with what it is about."""

    def __init__(self, title: str, role: Role) -> None:
        super().__init__()
        self.role = role
        self.title, self.value, self.about = QLabel(title), QLabel(), hint(wraps=False)
        bold(self.title)
        bold(self.value, 2.4)
        in_column(self.title, self.value, self.about, inside=self, margins=0, spacing=0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.show_value(None, None)

    def show_value(self, value: Accuracy | None, zero_shot: Accuracy | None, alone: Accuracy | None = None) -> None:
        """Show an accuracy beside zero-shot's on the same pictures, and the adapter's without its head."""
        self.value.setText("-" if value is None else text_format.percent(value.percent))
        self.value.setStyleSheet(f"color: {colour_of(self.role).name()}")
        parts = []
        if value is not None:
            parts.append(text_format.pictures(value.n))
        if zero_shot is not None:
            parts.append(tr("zero-shot {percent}", percent=text_format.percent(zero_shot.percent)))
        if alone is not None:
            parts.append(tr("adapter alone {percent}", percent=text_format.percent(alone.percent)))
        self.about.setText(", ".join(parts) or tr("not measured"))
        self.setAccessibleName(f"{self.title.text()} {self.value.text()}, {self.about.text()}")


class LiveCard(Card):
    """The training as it runs: two figures, their curves, the loss, the time left."""

    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = heading("", 3)
        self.base, self.new = AccuracyFigure(tr("Base"), Role.BASE), AccuracyFigure(tr("New"), Role.NEW)
        self.chart = EpochChart()
        self.line = hint(wraps=False)
        self.stop_button = button(
            tr("Stop"), "stop", tip=tr("End the training and keep its best epoch so far"), clicked=self.stop_wanted
        )
        top = in_row((self.title, 1), self.stop_button, spacing=SPACE)
        figures = in_row((self.base, 1), (self.new, 1), spacing=4 * SPACE)
        self.fill(top, figures, (self.chart, 1), self.line)

    def begin(self, choice: Choice) -> None:
        """Start anew for a method."""
        self.title.setText(tr("{method} is training", method=choice.title))
        self.chart.clear()
        self.line.setText(tr("Getting ready"))
        for figure in (self.base, self.new):
            figure.show_value(None, None)
        self.stop_button.show()
        self.stop_button.setEnabled(True)

    def show_line(self, text: str) -> None:
        """Say what it waits for."""
        self.line.setText(text)

    def add(self, event: EpochEvent) -> None:
        """Show an epoch: figures and curves are of the same one."""
        self.chart.add(event)
        self._show(event)
        parts = [tr("Epoch {n} of {most}", n=event.epoch, most=event.max_epochs)]
        if event.best_epoch:
            parts.append(tr("best so far: {n}", n=event.best_epoch))
        if event.seconds_left >= 1:
            parts.append(tr("about {duration} left", duration=text_format.duration(event.seconds_left)))
        self.line.setText(", ".join(parts))

    def _show(self, event: EpochEvent) -> None:
        alone = trained(event) if has_head(event) else None
        for figure in (self.base, self.new):
            role = figure.role
            without = None if alone is None else of(alone, role)
            figure.show_value(of(event, role), of(event.zero_shot, role), without)

    def finish(self, row: Row | None) -> None:
        """Show the epoch that is kept; None if nothing is."""
        self.stop_button.hide()
        if row is None:
            self.title.setText(tr("Stopped: nothing was kept"))
            self.line.setText("")
            return
        self.title.setText(tr("{method} is trained", method=row.choice.title))
        best = next((event for event in self.chart.events if event.epoch == row.epoch), None)
        if best is not None:
            self._show(best)
        epochs = len(self.chart.events)
        self.line.setText(
            tr("Kept: epoch {n}. Trained on every label, in {duration}.", n=row.epoch or epochs, duration=_took(row))
        )


def _took(row: Row) -> str:
    return text_format.duration(row.seconds)


class ResultCard(Card):
    """The rows that were trained, which is better, and what can be done with them."""

    use_wanted = Signal(object)  # Row
    export_wanted = Signal(object)  # Row

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.group = QButtonGroup(self)
        self.table = QGridLayout()
        self.table.setHorizontalSpacing(2 * SPACE)
        self.sentence = wrapped()
        self.use_button = button(
            tr("Use this model"), "check", primary=True, clicked=lambda: self._emit(self.use_wanted)
        )
        self.export_button = button(
            with_ellipsis(tr("Export adapter")), "export", clicked=lambda: self._emit(self.export_wanted)
        )
        self.note = hint()
        self.code = QLabel(adapter_code(Path("adapter.safetensors")).strip())
        self.code.setObjectName("code")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setAccessibleName(tr("Python lines that load the exported adapter"))
        actions = in_row(self.use_button, self.export_button, None, spacing=SPACE)
        load = hint(tr("The exported file loads with these lines:"))
        self.fill(heading(tr("Result"), 3), self.table, self.sentence, actions, self.note, load, self.code)
        self.group.idToggled.connect(self._show_note)

    def _emit(self, signal: SignalInstance) -> None:
        if self.chosen is not None:
            signal.emit(self.chosen)

    @property
    def chosen(self) -> Row | None:
        """The row that is used or exported."""
        at = self.group.checkedId()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def show_outcome(self, outcome: Outcome) -> None:
        """Show the rows of a training; the better one is chosen, or the one that was asked for."""
        better = None if outcome.comparison is None else outcome.comparison.better
        words = "" if outcome.comparison is None else sentence(outcome.comparison)
        self.show_rows(outcome.rows, better, words)

    def show_rows(self, rows: Sequence[Row], better: Row | None = None, words: str = "") -> None:
        """Show these rows; the `better` one is marked."""
        while (item := self.table.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                discard(widget)
        for former in self.group.buttons():
            self.group.removeButton(former)
        self.rows = tuple(rows)
        heads = (tr("Method"), tr("Base"), tr("New"), "H", tr("Zero-shot base, new"), tr("Epoch"), tr("Seconds"))
        for column, head in enumerate(heads):
            label = hint(head, wraps=False)
            self.table.addWidget(label, 0, column, _side(column))
        for at, row in enumerate(rows):
            choice = QRadioButton(
                tr("{method}, better", method=row.choice.title) if row is better else row.choice.title
            )
            choice.setChecked(row is better or (better is None and not at))
            self.group.addButton(choice, at)
            self.table.addWidget(choice, at + 1, 0)
            if row is better:
                choice.setIcon(icon("check", "good"))
            for column, text in enumerate(_cells(row), 1):
                self.table.addWidget(QLabel(text), at + 1, column, _side(column))
        self.table.setColumnStretch(0, 1)
        set_or_hide(self.sentence, words)
        self._show_note()

    def _show_note(self) -> None:
        row = self.chosen
        if row is None:
            return
        self.note.setText(
            tr("Quick goes on learning: every label that you give later teaches it at once.")
            if is_quick(row)
            else tr("Used, it stays as it is. Train again to teach it labels that you give later.")
        )


def is_quick(row: Row) -> bool:
    """Whether it is the method that learns while one labels."""
    return row.run.method == DEFAULT_METHOD


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft


def _cells(row: Row) -> tuple[str, ...]:
    def words(value: Accuracy | None) -> str:
        return (
            tr(text_format.NOTHING)
            if value is None
            else text_format.with_n(text_format.percent(value.percent), value.n)
        )

    zero = [
        tr(text_format.NOTHING) if value is None else text_format.percent(value.percent)
        for value in (row.zero_shot.base, row.zero_shot.new)
    ]
    h = tr(text_format.NOTHING) if row.h is None else number(row.h, ".1f")
    return words(row.base), words(row.new), h, ", ".join(zero), number(row.epoch), number(row.seconds, ".1f")
