"""What an experiment trains: methods with their options, the division of the classes, shots, seeds, prompt, model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.settings import BY_NAME
from mma_desktop.core.types import DEFAULT_METHOD, DEFAULT_SHOTS, STARTER_ID, QuickFix, Recipe, TrainingFinding
from mma_desktop.engine.methods.method_spec import MULTI_MODAL_ADAPTER, MethodSpec
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.engine.prompt_templates import in_words
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training.experiments import (
    MAX_SEED,
    Division,
    Experiment,
    Trial,
    new_count,
    roles_of,
    whole_numbers,
)
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.experiments.backbone_picker import BackbonePicker
from mma_desktop.ui.experiments.option_fields import RECIPE_FIELDS, OptionFields
from mma_desktop.ui.widgets.checklist import Check, Checklist
from mma_desktop.ui.widgets.controls import (
    Card,
    bold,
    button,
    heading,
    hint,
    in_column,
    in_row,
    pad_spin_boxes,
    scrolled,
)
from mma_desktop.ui.widgets.fields import choice_box, line_edit, whole_box
from mma_desktop.ui.widgets.text_format import with_keys

MOST_SHOTS = BY_NAME["shots"].high
BLOCK_HEIGHT = 204
WIDE = 1000
"""From this width on, the four blocks stand beside each other."""
PREVENTS = {"block", "wait"}
UNDECIDED = later("This backbone is not on this computer. Download it, choose its weights file, or choose another one.")


def fix_text(finding: TrainingFinding) -> str:
    """Return the text of a finding's button, empty if no single step fixes it."""
    return {
        QuickFix.NONE: "",
        QuickFix.LABEL: tr("Go to labelling"),
        QuickFix.FEWER_SHOTS: tr("Train with {n} shot", "Train with {n} shots", finding.shots),
        QuickFix.FIRST_HALF_BASE: tr("Train the first half only"),
        QuickFix.ALL_BASE: tr("Train all classes"),
    }[finding.fix]


class MethodOptions(QWidget):
    area: QScrollArea

    def __init__(self, spec: MethodSpec) -> None:
        super().__init__()
        self.spec = spec
        self.options = OptionFields(spec.options)
        own = [replace(field, default=getattr(spec.recipe, field.name)) for field in RECIPE_FIELDS]
        self.recipe = OptionFields(own)
        reset = button(tr("Reset to the method's own"), "undo", clicked=self.recipe.reset)
        recipe = in_column(heading(tr("Recipe"), 3), self.recipe, in_row(reset, None))
        parts = (self.options, *((recipe,) if spec.trains else ()), None)
        in_column(hint(tr(spec.summary)), *parts, inside=self, margins=(0, 0, 8, 0), spacing=6)
        self.setToolTip(tr(spec.source))
        pad_spin_boxes(self)

    def trial(self) -> Trial:
        """Return the method as it is set."""
        defaults = {option.name: option.default for option in self.spec.options}
        changed = {name: value for name, value in self.options.values().items() if value != defaults[name]}
        return Trial(self.spec.id, changed, Recipe(**self.recipe.values()))


def _named(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    bold(label)
    return label


def _ticked(found: QListWidget) -> list[QListWidgetItem]:
    items = (found.item(row) for row in range(found.count()))
    return [item for item in items if item.checkState() is Qt.CheckState.Checked]


class ExperimentForm(Card):
    """The form above the table. The page places `run_button` and `stop_button`."""

    changed = Signal()  # what would be trained changed
    fix_requested = Signal(object)  # TrainingFinding whose button was pressed, and that the form cannot answer
    leaks_wanted = Signal()  # show the pictures that are both trained on and tested with
    retry = Signal()  # after a backbone failed to load
    starter = Signal()  # use the starter in place of a backbone that failed to load

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.picker = BackbonePicker(bridge)
        self._findings: Sequence[TrainingFinding] | None = None
        self._leaks = 0
        self._waiting = ""
        self._failed = ("", "")
        self._running = False
        self._classes: tuple[int, ...] = ()
        self._new: frozenset[int] = frozenset()
        self._made: dict[str, MethodOptions] = {}
        self._make_methods()
        self._make_fields()
        self._make_bottom()
        self._lay_out()
        self._connect()
        self.methods.setCurrentRow(next(at for at, spec in enumerate(METHODS) if spec.id == MULTI_MODAL_ADAPTER))
        self._update()

    def _make_methods(self) -> None:
        self.methods = QListWidget()
        self.methods.setAccessibleName(tr("Methods"))
        for spec in METHODS:
            item = QListWidgetItem(tr(spec.title), self.methods)
            item.setData(Qt.ItemDataRole.UserRole, spec.id)
            item.setToolTip(tr(spec.summary))
            ticked = spec.id in {DEFAULT_METHOD, MULTI_MODAL_ADAPTER}
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.option_title = heading("", 3)
        self.options = QStackedWidget()

    def _make_fields(self) -> None:
        self.division = choice_box((tr(division.value), division) for division in Division)
        self.division.setToolTip(
            tr("Which classes are trained (base), and which are held back (new). Of this experiment only")
        )
        self.new_share = whole_box(10, 90, 50)
        self.new_share.setSuffix(" " + tr("% new"))
        self.new_share.setAccessibleName(tr("Share of new classes"))
        self.new_classes = QListWidget()
        self.new_classes.setAccessibleName(tr("New classes"))
        self.counts = hint("")
        tip = tr("Labelled images of each base class that are trained on; several such as 4, 8, 16")
        self.shots = line_edit(str(DEFAULT_SHOTS), tip=tip)
        tip = tr("Each seed draws different shots and another start; several, such as 0-2, give a mean and a deviation")
        self.seeds = line_edit("0", tip=tip)
        tip = tr("How a class name is put to the text encoder; {} stands for the name. Of this experiment only")
        self.prompt = line_edit(tip=tip, most=300)

    def _make_bottom(self) -> None:
        self.checklist = Checklist(tr("New training"))
        self.run_button = button(tr("Run"), "play", primary=True)
        self.stop_button = button(
            tr("Stop"), "stop", tip=tr("End the training with its best epoch so far, and begin no other")
        )

    def _lay_out(self) -> None:
        method = in_column(_named(tr("&Methods"), self.methods), (self.methods, 1), spacing=6)
        options = in_column(self.option_title, (self.options, 1), spacing=6)
        numbers = in_row(
            in_column(_named(tr("&Shots"), self.shots), self.shots, spacing=4),
            in_column(_named(tr("See&ds"), self.seeds), self.seeds, spacing=4),
            spacing=8,
        )
        division = in_column(
            _named(tr("Divisi&on"), self.division),
            self.division,
            self.new_share,
            (self.new_classes, 1),
            self.counts,
            numbers,
            None,
            spacing=4,
        )
        inner = QWidget()
        in_column(
            _named(tr("&Prompt"), self.prompt),
            self.prompt,
            _named(tr("&Backbone"), self.picker.combo),
            self.picker,
            hint(tr("The backbone applies to the whole project.")),
            None,
            inside=inner,
            margins=(0, 0, 0, 0),
            spacing=4,
        )
        self._blocks: list[QWidget] = []
        for layout in (method, options, division):
            block = QWidget()
            block.setLayout(layout)
            layout.setContentsMargins(0, 0, 0, 0)
            self._blocks.append(block)
        self._blocks.append(scrolled(inner))
        for block in self._blocks:
            block.setFixedHeight(BLOCK_HEIGHT)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self.body.setContentsMargins(14, 10, 14, 10)
        self.body.setSpacing(8)
        self.body.addLayout(self._grid)  # before its widgets, which move: no item of theirs is wrapped then
        self._place()
        self.body.addWidget(self.checklist)

    def _place(self) -> None:
        """Place the blocks in a row, or in two rows if the width is too small."""
        columns = 4 if self.width() >= WIDE else 2
        for at, block in enumerate(self._blocks):
            self._grid.addWidget(block, at // columns, at % columns)
        for at in range(4):
            self._grid.setColumnStretch(at, int(at < columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _connect(self) -> None:
        self.methods.currentItemChanged.connect(self._show_options)
        self.methods.itemChanged.connect(self._edited)
        self.division.currentIndexChanged.connect(self._division_changed)
        self.new_classes.itemChanged.connect(self._edited)
        self.new_share.valueChanged.connect(self._edited)
        for field in (self.shots, self.seeds, self.prompt):
            field.textChanged.connect(self._edited)
        self.picker.undecided.connect(self._edited)
        self._division_changed()

    def _show_options(self) -> None:
        item = self.methods.currentItem()
        if item is None:
            return
        spec = next(spec for spec in METHODS if spec.id == item.data(Qt.ItemDataRole.UserRole))
        if spec.id not in self._made:
            made = self._made[spec.id] = MethodOptions(spec)
            made.options.changed.connect(self._edited)
            made.recipe.changed.connect(self._edited)
            made.area = scrolled(made)
            self.options.addWidget(made.area)
            made.ensurePolished()
            made.area.setMinimumWidth(made.minimumSizeHint().width() + made.area.verticalScrollBar().sizeHint().width())
        self.option_title.setText(tr("Options of {method}", method=tr(spec.title)))
        self.options.setCurrentWidget(self._made[spec.id].area)
        self.options.setAccessibleName(self.option_title.text())

    def _division_changed(self) -> None:
        picked = self.division.currentData() == Division.PICKED
        self.new_classes.setVisible(picked)
        self.new_share.setHidden(picked)
        self._edited()

    def show_project(self, context: ProjectContext | None) -> None:
        """Show the classes of the project, those that are new in it ticked, and its prompt."""
        classes = [] if context is None else context.classes
        self.prompt.setPlaceholderText(one_line(in_words(context.prompt_template)) if context is not None else "")
        known, new = tuple(choice.id for choice in classes), roles_of(classes)
        follows = new != self._new  # otherwise what was ticked here stays
        if known == self._classes and not follows:
            for row, choice in enumerate(classes):
                self.new_classes.item(row).setText(one_line(choice.name))
            return
        kept = {item.data(Qt.ItemDataRole.UserRole) for item in _ticked(self.new_classes)}
        self._classes, self._new = known, new
        self.new_classes.blockSignals(True)
        self.new_classes.clear()
        for choice in classes:
            item = QListWidgetItem(one_line(choice.name), self.new_classes)
            item.setData(Qt.ItemDataRole.UserRole, choice.id)
            ticked = choice.id in (new if follows else kept)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.new_classes.blockSignals(False)
        if follows:
            self.division.setCurrentIndex(self.division.findData(Division.PICKED if new else Division.HALVES))
        self._edited()

    def pick_new(self, ids: Sequence[int]) -> None:
        for row in range(self.new_classes.count()):
            item = self.new_classes.item(row)
            new = item.data(Qt.ItemDataRole.UserRole) in ids
            item.setCheckState(Qt.CheckState.Checked if new else Qt.CheckState.Unchecked)
        self.division.setCurrentIndex(self.division.findData(Division.PICKED))

    def experiment(self) -> Experiment:
        """Return what is asked for; the project adds its weights file and the settings the device.

        Raises:
            UserError: A field has something else than it takes.
        """
        trials = []
        for item in _ticked(self.methods):
            method = item.data(Qt.ItemDataRole.UserRole)
            trials.append(self._made[method].trial() if method in self._made else Trial(method))
        if not trials:
            raise UserError.tr("Choose at least one method.")
        prompt = self.prompt.text().strip()
        if prompt and "{" not in prompt:
            raise UserError.tr("The prompt lacks {}, which stands for the class name.")
        return Experiment(
            trials=tuple(trials),
            shots=whole_numbers(self.shots.text(), 1, MOST_SHOTS),
            seeds=whole_numbers(self.seeds.text(), 0, MAX_SEED),
            division=Division(self.division.currentData()),
            picked=frozenset(item.data(Qt.ItemDataRole.UserRole) for item in _ticked(self.new_classes)),
            new_share=self.new_share.value() / 100,
            prompt_template=prompt,
            backbone=self.picker.backbone_id,
        )

    def _edited(self) -> None:
        self._show_counts()
        self._update()
        self.changed.emit()

    def _show_counts(self) -> None:
        count, picked = len(self._classes), self.division.currentData() == Division.PICKED
        new = len(_ticked(self.new_classes)) if picked else new_count(count, self.new_share.value() / 100)
        words = tr("{base} base, {new} new", base=count - new, new=new) if count else ""
        if words and picked:
            ticked = tr("ticked")
            words += f" ({ticked})"
        self.counts.setText(words)

    def set_findings(self, findings: Sequence[TrainingFinding] | None) -> None:
        """Show the findings of a check, None while they are unknown."""
        self._findings = findings
        self._update()

    def set_leaks(self, count: int) -> None:
        """Tell how many pictures are both trained on and tested with."""
        self._leaks = count
        self._update()

    def set_failed(self, backbone_id: str, why: str) -> None:
        """Show that a backbone failed to load, and why; empty once that is resolved."""
        self._failed = (backbone_id, why)
        self._update()

    def set_waiting(self, reason: str) -> None:
        self._waiting = reason
        self._update()

    def set_running(self, running: bool) -> None:
        self._running = running
        former, now = (self.run_button, self.stop_button) if running else (self.stop_button, self.run_button)
        had_keyboard = self.window().focusWidget() is former
        for block in self._blocks:
            block.setEnabled(not running)
        now.setEnabled(True)
        if had_keyboard:
            now.setFocus()
        self._update()

    @property
    def wrong(self) -> str:
        try:
            self.experiment()
        except UserError as error:
            return str(error)
        return ""

    def _checks(self) -> list[Check]:
        """What speaks against a start, what prevents it first, or that nothing does."""
        if self._running:
            return [Check("wait", tr("An experiment is running."))]
        wrong, (backbone, why), waiting = self.wrong, self._failed, self._waiting
        checks = [Check("block", wrong)] if wrong else []
        if self.picker.is_undecided:  # no download was requested yet, so nothing loads and nothing failed
            checks.append(Check("block", tr(UNDECIDED)))
        elif why:
            starter = (tr("Use the starter"), self.starter.emit)
            fixes = ((tr("Try again"), self.retry.emit), *((starter,) if backbone != STARTER_ID else ()))
            checks.append(Check("block", why, fixes))
        for finding in sorted(self._findings or (), key=lambda finding: not finding.blocking):
            text = fix_text(finding)
            fix = ((text, partial(self._fix, finding)),) if text else ()
            checks.append(Check("block" if finding.blocking else "note", finding.text, fix))
        if self._leaks:
            text = tr(
                "One picture is both trained on and tested with: accuracy looks too good.",
                "{n} pictures are both trained on and tested with: accuracy looks too good.",
                self._leaks,
            )
            checks.append(Check("note", text, ((tr("Show"), self.leaks_wanted.emit),)))
        waiting = waiting or (tr("Checking the labels.") if self._findings is None else "")
        if waiting and not self.picker.is_undecided:
            checks.append(Check("wait", waiting))
        if not any(check.kind in PREVENTS for check in checks):
            checks.insert(0, Check("good", self._ready()))
        return checks

    @property
    def obstacle(self) -> str:
        """Why an experiment cannot start now; empty if it can."""
        return next((check.text for check in self._checks() if check.kind in PREVENTS), "")

    def _update(self) -> None:
        obstacle = self.obstacle
        self.run_button.setEnabled(not obstacle)
        self.run_button.setToolTip(obstacle or with_keys(self.run_button.text(), "Ctrl+Return"))
        self.run_button.setAccessibleDescription(obstacle)
        self.stop_button.setEnabled(self._running)
        self.checklist.show_checks(self._checks())

    def _ready(self) -> str:
        asked = self.experiment()
        n = len(asked.trials) * len(asked.shots) * len(asked.seeds)
        return tr("Ready: {n} training. It changes nothing else.", "Ready: {n} trainings. They change nothing else.", n)

    def _fix(self, finding: TrainingFinding) -> None:
        if finding.fix is QuickFix.FEWER_SHOTS:
            self.shots.setText(str(finding.shots))
        elif finding.fix is QuickFix.FIRST_HALF_BASE:
            self.new_share.setValue(50)
            self.division.setCurrentIndex(self.division.findData(Division.HALVES))
        elif finding.fix is QuickFix.ALL_BASE:
            self.pick_new(())
        else:
            self.fix_requested.emit(finding)

    def sizeHint(self) -> QSize:
        """As tall as its content: the page scrolls."""
        return QSize(600, super().sizeHint().height())
