"""What an experiment trains: methods with their options, the division of the classes, shots, seeds, prompt, model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import Job, JobState, LaneName
from mma_desktop.core.settings import BY_NAME, Setting
from mma_desktop.core.types import DEFAULT_METHOD, STARTER_ID, QuickFix, Recipe, TrainingFinding, TrainRequest
from mma_desktop.engine.methods.method_table import METHODS, MULTI_MODAL_ADAPTER, MethodSpec
from mma_desktop.engine.prompt_templates import in_words
from mma_desktop.services.graph import AT_HAND, at_hand
from mma_desktop.services.training.experiment_table import RECIPE
from mma_desktop.services.training.experiments import (
    MAX_SEED,
    Division,
    Experiment,
    Trial,
    check,
    new_count,
    roles_of,
    whole_numbers,
)
from mma_desktop.services.training.mistakes import Leak, leaks
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import ShowLeaks
from mma_desktop.ui.dialogs.backbone_picker import BackbonePicker
from mma_desktop.ui.grid.filter_bar import NO_BACKBONE
from mma_desktop.ui.widgets.controls import Card, Part, button, in_column, in_form, in_row, single_shot
from mma_desktop.ui.widgets.fields import Field, choice_box, line_edit, put_value, setting_field, value_of, whole_box
from mma_desktop.ui.widgets.messages import Check, Checklist, Fix
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_format import with_keys
from mma_desktop.ui.widgets.text_labels import bold, heading, hint

MAX_SHOTS = BY_NAME["shots"].high
CHECK_MS = 120  # after the last key, so that a number of two digits is checked once
MAX_CLASSES_SHOWN = 8  # rows; more scroll, so that the settings below stay in sight
PREVENTS = {"block", "wait"}
UNDECIDED = later("This backbone is not on this computer. Download it, choose its weights file, or choose another one.")


_LIMITS = {
    "learning_rate": (1e-8, 10.0, later("Step size of the optimiser. The paper's adapter uses 0.005.")),
    "batch_size": (1, 65_536, later("Images a step, at most. The paper's adapter uses 256.")),
    "weight_decay": (0.0, 10.0, later("Pull of the weights to zero. The paper's adapter uses 0.0001.")),
    "max_epochs": (1, 10_000, later("The training ends after this many epochs at the latest.")),
    "patience": (
        0,
        10_000,
        later("It ends after this many epochs without a better validation loss. With 0 all epochs are trained."),
    ),
}
# The numbers of a `Recipe`, by their names there.
RECIPE_FIELDS = tuple(
    Setting(name, getattr(Recipe(), name), title, _LIMITS[name][2], low=_LIMITS[name][0], high=_LIMITS[name][1])
    for name, title in RECIPE.items()
)


class OptionFields(QWidget):
    changed = Signal()

    def __init__(self, specs: Sequence[Setting]) -> None:
        super().__init__()
        self._specs = specs
        self.fields: dict[str, Field] = {}
        for spec in specs:
            field = self.fields[spec.name] = setting_field(spec, spec.default, self.changed)
            field.setToolTip(tr(spec.help))
        titles = ("" if isinstance(self.fields[spec.name], QCheckBox) else tr(spec.label) for spec in specs)
        form = in_form(*zip(titles, self.fields.values(), strict=True))
        in_column(form, inside=self, margins=(4, 0, 0, 0))

    def values(self) -> dict[str, Any]:
        return {name: value_of(field) for name, field in self.fields.items()}

    def reset(self) -> None:
        for spec in self._specs:
            put_value(self.fields[spec.name], spec.default)


class MethodOptions(QWidget):
    def __init__(self, spec: MethodSpec) -> None:
        super().__init__()
        self.spec = spec
        self.options = OptionFields(spec.options)
        recipe_fields = [replace(field, default=getattr(spec.recipe, field.name)) for field in RECIPE_FIELDS]
        self.recipe = OptionFields(recipe_fields)
        reset = button(tr("Reset to the method's own"), "undo", clicked=self.recipe.reset)
        title = heading(tr("Options of {method}", method=tr(spec.title)), 3)
        title.setWordWrap(True)
        options = in_column(title, hint(tr(spec.summary)), self.options, None, spacing=6)
        recipe = in_column(heading(tr("Recipe"), 3), self.recipe, in_row(reset, None), None, spacing=6)
        parts = ((options, 1), *(((recipe, 1),) if spec.trains and not spec.is_probe else ()))
        in_row(*parts, inside=self, margins=0, spacing=16)
        self.setToolTip(tr(spec.source))

    def trial(self) -> Trial:
        defaults = {option.name: option.default for option in self.spec.options}
        changed = {name: value for name, value in self.options.values().items() if value != defaults[name]}
        return Trial(self.spec.id, changed, Recipe(**self.recipe.values()))


def _named(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    bold(label)
    return label


class TickList(QListWidget):
    """Choices by their values, any number of which are ticked. As tall as its rows, of which it shows `most`."""

    def __init__(self, name: str, most: int = 1_000) -> None:
        super().__init__()
        self._most = most
        self.setAccessibleName(name)
        self.ensurePolished()  # rows would keep the places that they have without the style

    def fill(self, choices: Iterable[tuple[str, Any]], ticked: Collection[Any]) -> None:
        # Qt reports each new row as a change by the user.
        with QSignalBlocker(self):
            self.clear()
            for text, value in choices:
                item = QListWidgetItem(text, self)
                item.setData(Qt.ItemDataRole.UserRole, value)
                item.setCheckState(Qt.CheckState.Checked if value in ticked else Qt.CheckState.Unchecked)
        rows = max(1, min(self.count(), self._most))
        # Qt's own size hint of a list is the same whatever its rows.
        self.setFixedHeight(rows * max(0, self.sizeHintForRow(0)) + 2 * self.frameWidth() + 4)

    @property
    def ticked(self) -> list[Any]:
        items = (self.item(row) for row in range(self.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked]


class ExperimentForm(Card):
    """The form above the table. The page places `run_button` and `stop_button`."""

    label_wanted = Signal()  # what is missing is mended on the Label page
    action_requested = Signal(object)  # an action of `ui.base.page`

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.picker = BackbonePicker(controller.bridge)
        self._check_timer = single_shot(self, CHECK_MS, self._check)
        self._findings: Sequence[TrainingFinding] | None = None
        self._leaks = 0
        self._leaks_of: object = None
        self._running = False
        self._new: frozenset[int] = frozenset()
        self._made: dict[str, MethodOptions] = {}
        self._make_methods()
        self._make_fields()
        self._make_bottom()
        self._lay_out()
        self._connect()
        self._opened(controller.context)

    def _make_methods(self) -> None:
        self.methods = TickList(tr("Methods"))
        self.methods.fill(((tr(spec.title), spec.id) for spec in METHODS), {DEFAULT_METHOD, MULTI_MODAL_ADAPTER})
        for row, spec in enumerate(METHODS):
            self.methods.item(row).setToolTip(tr(spec.summary))
        self.methods.setMinimumWidth(self.methods.sizeHintForColumn(0) + 2 * self.methods.frameWidth() + 8)
        self.options = QStackedWidget()

    def _make_fields(self) -> None:
        self.division = choice_box((tr(division.value), division) for division in Division)
        self.division.setToolTip(
            tr("Which classes are trained (base), and which are held back (new). Of this experiment only")
        )
        self.new_share = whole_box(10, 90, 50)
        self.new_share.setSuffix(" " + tr("% new"))
        self.new_share.setAccessibleName(tr("Share of new classes"))
        self.new_classes = TickList(tr("New classes"), MAX_CLASSES_SHOWN)
        self.counts = hint()
        tip = tr("Labelled images of each base class that are trained on; several such as 4, 8, 16")
        self.shots = line_edit(str(self._controller.settings.get("shots")), tip=tip)
        tip = tr("Each seed draws different shots and another start; several, such as 0-2, give a mean and a deviation")
        self.seeds = line_edit("0", tip=tip)
        tip = tr("How a class name is put to the text encoder; {} stands for the name. Of this experiment only")
        self.prompt = line_edit(tip=tip, most=300)

        self.at_hand = QCheckBox(tr("Also learn from pictures without a label"))
        self.at_hand.setToolTip(
            tr(
                "Leave it off if they are mostly of other things, or have little in common with what is to be "
                "predicted."
            )
        )

    def _make_bottom(self) -> None:
        self.checklist = Checklist(tr("New training"))
        self.fold_button = button("", clicked=lambda: self.set_folded(not self.folded))
        self.run_button = button(tr("Run"), "play", primary=True)
        self.stop_button = button(
            tr("Stop"), "stop", tip=tr("End the training with its best epoch so far, and begin no other")
        )

    def _lay_out(self) -> None:
        def block(*parts: Part) -> QWidget:
            widget = QWidget(self)
            in_column(*parts, None, inside=widget, margins=0, spacing=4)
            return widget

        numbers = in_row(
            in_column(_named(tr("&Shots"), self.shots), self.shots, spacing=4),
            in_column(_named(tr("See&ds"), self.seeds), self.seeds, spacing=4),
            spacing=8,
        )
        division, backbone = _named(tr("Divisi&on"), self.division), _named(tr("&Backbone"), self.picker.combo)
        fields = (self.division, self.new_share, self.new_classes, self.counts, numbers)
        model = (_named(tr("&Prompt"), self.prompt), self.prompt, backbone, self.picker)
        about = hint(tr("Both apply to the whole project. Experiments learn from labels alone."))
        checks = (self.checklist, 1, Qt.AlignmentFlag.AlignVCenter)
        head = in_row(checks, (self.fold_button, 0, Qt.AlignmentFlag.AlignTop), spacing=16)
        self.fields = QWidget(self)
        self._grid = QGridLayout(self.fields)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._beside = [
            block(_named(tr("&Methods"), self.methods), self.methods),
            block(division, *fields, *model, self.at_hand, about),
        ]
        for column, beside in enumerate(self._beside):
            self._grid.addWidget(beside, 0, column)
            self._grid.setColumnStretch(column, 1)
        self.body.setContentsMargins(14, 10, 14, 10)
        self.body.setSpacing(8)
        self.fill(head, self.fields)
        self._place()
        self.set_folded(False)

    def _place(self) -> None:
        # Beside the other blocks, or below them in a narrow window.
        least = sum(widget.minimumSizeHint().width() for widget in (*self._beside, self.options))
        wide = self.width() >= least + 2 * 16 + 2 * 15  # with what is between them, and beside
        where = (0, 2, 1, 1) if wide else (1, 0, 1, 2)
        self._grid.addWidget(self.options, *where)
        self._grid.setColumnStretch(2, 2 if wide else 0)

    @property
    def folded(self) -> bool:
        return self.fields.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Hide the fields, or show them again; what speaks against the experiment stays."""
        self.fields.setHidden(folded)
        self.fold_button.setText(tr("Show settings") if folded else tr("Hide settings"))
        self.fold_button.setIcon(icon("down" if folded else "up"))

    def minimumSizeHint(self) -> QSize:
        # With the options below the other blocks, where they go in a narrower place.
        needed, blocks = super().minimumSizeHint(), [widget.minimumSizeHint().width() for widget in self._beside]
        below = max(sum(blocks) + 16, self.options.minimumSizeHint().width()) + 2 * 15
        return QSize(min(needed.width(), below), needed.height())

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
        self.at_hand.clicked.connect(lambda teach: self._controller.set_project_setting(AT_HAND, teach))
        self.picker.undecided.connect(self._edited)
        self.picker.picked.connect(self._backbone_picked)
        self.picker.weights_picked.connect(self._weights_picked)
        self._controller.opened.connect(self._opened)
        self._controller.changed.connect(self._changed)
        self._controller.engine_changed.connect(self._engine_changed)
        self._controller.bridge.job_changed.connect(self._job_changed)
        self._division_changed()

    def _show_options(self) -> None:
        item = self.methods.currentItem()
        if item is None:
            return
        spec = next(spec for spec in METHODS if spec.id == item.data(Qt.ItemDataRole.UserRole))
        if spec.id not in self._made:
            options = self._made[spec.id] = MethodOptions(spec)
            options.options.changed.connect(self._edited)
            options.recipe.changed.connect(self._edited)
            self.options.addWidget(options)
        self.options.setCurrentWidget(self._made[spec.id])
        self._place()

    def _division_changed(self) -> None:
        picked = self.division.currentData() == Division.PICKED
        self.new_classes.setVisible(picked)
        self.new_share.setHidden(picked)
        self._edited()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.methods.currentRow() < 0:  # only now are the options styled in the place that they keep
            self.methods.setCurrentRow(next(row for row, spec in enumerate(METHODS) if spec.id == MULTI_MODAL_ADAPTER))
        self._show_project()
        self._check_soon()

    def _opened(self, _context: object) -> None:
        self._findings, self._leaks, self._leaks_of = None, 0, None
        self._show_project()
        self._show_backbone()
        self._show_engine()
        self._check_soon()

    def _changed(self, changes: Changes) -> None:
        if changes.settings:
            self._show_backbone()
        if changes.classes or changes.settings:
            self._show_project()
        if changes.classes or changes.labels or changes.images_removed or changes.images_added:
            self._leaks_of = None
            self._check_soon()

    def _show_project(self) -> None:
        context = self._controller.context
        self.at_hand.setChecked(context is not None and at_hand(context))
        self.prompt.setPlaceholderText(one_line(in_words(context.prompt_template)) if context is not None else "")
        new = roles_of([] if context is None else context.classes)
        follows = new != self._new  # otherwise what was ticked here stays
        self._fill_classes(new if follows else self.new_classes.ticked)
        if follows:
            self._new = new
            put_value(self.division, Division.PICKED if new else Division.HALVES)
        self._edited()

    def _fill_classes(self, ticked: Collection[int]) -> None:
        context = self._controller.context
        classes = [] if context is None else context.classes
        self.new_classes.fill(((one_line(choice.name), choice.id) for choice in classes), ticked)

    def pick_new(self, ids: Collection[int]) -> None:
        self._fill_classes(ids)
        put_value(self.division, Division.PICKED)
        self._edited()

    def experiment(self) -> Experiment:
        """Return what is asked for. Raises UserError if a field has something else than it takes."""
        ticked = self.methods.ticked
        trials = [self._made[method].trial() if method in self._made else Trial(method) for method in ticked]
        if not trials:
            raise UserError.tr("Choose at least one method.")
        prompt = self.prompt.text().strip()
        if prompt and "{" not in prompt:
            raise UserError.tr("The prompt lacks {}, which stands for the class name.")
        context, backbone = self._controller.context, self.picker.backbone_id
        return Experiment(
            trials=tuple(trials),
            shots=whole_numbers(self.shots.text(), 1, MAX_SHOTS),
            seeds=whole_numbers(self.seeds.text(), 0, MAX_SEED),
            division=Division(self.division.currentData()),
            picked=frozenset(self.new_classes.ticked),
            new_share=self.new_share.value() / 100,
            prompt_template=prompt,
            backbone=backbone,
            weights_file=context.weights_file if context is not None and context.backbone_id == backbone else None,
            device=str(self._controller.settings.get("device")),
        )

    def _edited(self) -> None:
        self._show_counts()
        self._update()
        self._check_soon()

    def _check_soon(self) -> None:
        # Of what is not visible, nothing is computed.
        if self._controller.context is not None and self.isVisible():
            self._check_timer.ensure_started()

    def _request(self) -> TrainRequest | None:
        """Return the first training, None without a project or if a field is not valid."""
        context = self._controller.context
        return None if context is None or self.wrong else self.experiment().requests(context.classes)[0]

    def _check(self) -> None:
        request = self._request()
        if request is None:
            return
        experiment, drawn = self.experiment(), (request.shots, request.seed, request.new_classes)
        self._controller.ask(
            LaneName.STORE, lambda context, _t: check(context, experiment), self.set_findings, question=(self, "check")
        )
        # To find copies takes seconds; they follow from what is drawn alone.
        if drawn != self._leaks_of:
            self._leaks_of = drawn
            self._controller.ask(
                LaneName.MEDIA,
                lambda context, token: leaks(context, request, token),
                self._on_leaks,
                background=True,
                question=(self, "leaks"),
            )

    def _on_leaks(self, leaking: Sequence[Leak]) -> None:
        self._leaks = len(leaking)
        self._update()

    def _show_leaks(self) -> None:
        request = self._request()
        if request is not None:
            self.action_requested.emit(ShowLeaks(request))

    def _show_backbone(self) -> None:
        context = self._controller.context
        if context is not None:
            self.picker.show_backbone(context.backbone_id, context.weights_file)

    def _backbone_picked(self, backbone_id: str) -> None:
        self._controller.set_project_setting("weights_file", "")
        self._controller.set_project_setting("backbone", backbone_id)
        self._controller.prepare(backbone_id)

    def _weights_picked(self, backbone_id: str, path: Path) -> None:
        self._controller.set_project_setting("weights_file", str(path))
        self._controller.prepare(backbone_id, weights_file=path)

    def _use_starter(self) -> None:
        self.picker.show_backbone(STARTER_ID)
        self._backbone_picked(STARTER_ID)

    def _engine_changed(self) -> None:
        self._show_engine()
        if self._controller.context is not None and self._controller.preparing is None:
            self.picker.refresh()

    def _show_engine(self) -> None:
        context = self._controller.context
        lacking = context is not None and not context.engine.ready
        loads = self._controller.preparing is not None
        self.picker.show_message(
            "" if loads else tr(NO_BACKBONE) if lacking else " ".join(self._controller.engine_notes)
        )
        self._update()

    def _show_counts(self) -> None:
        count, picked = self.new_classes.count(), self.division.currentData() == Division.PICKED
        new = len(self.new_classes.ticked) if picked else new_count(count, self.new_share.value() / 100)
        words = tr("{base} base, {new} new", base=count - new, new=new) if count else ""
        if words and picked:
            ticked = tr("ticked")
            words += f" ({ticked})"
        self.counts.setText(words)

    def set_findings(self, findings: Sequence[TrainingFinding] | None) -> None:
        """Show the findings of a check, None while they are unknown."""
        self._findings = findings
        self._update()

    def set_running(self, running: bool) -> None:
        self._running = running
        former, now = (self.run_button, self.stop_button) if running else (self.stop_button, self.run_button)
        # A disabled widget would hand the keyboard to any other.
        keyboard = self.window().focusWidget()
        had_keyboard = keyboard is former or (running and keyboard is not None and self.fields.isAncestorOf(keyboard))
        self.fields.setEnabled(not running)
        self.set_folded(self.folded or running)
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
            busy = (job for job in self._controller.bridge.jobs() if job.lane is LaneName.ENGINE)
            first = next((job for job in busy if job.state is JobState.RUNNING), None)  # it has to wait for this one
            job = self._controller.training
            if job is None or first in {None, job} or job.state is not JobState.WAITING:
                return [Check("wait", tr("An experiment is running."))]
            return [Check("wait", tr("The experiment waits for: {job}.", job=first.title))]
        checks = [Check("block", self.wrong)] if self.wrong else []
        if self.picker.is_undecided:  # no download was requested yet, so nothing loads and nothing failed
            checks.append(Check("block", tr(UNDECIDED)))
        elif self._controller.engine_trouble:
            starter = (tr("Use the starter"), self._use_starter)
            again = (tr("Try again"), lambda: self._controller.prepare(self.picker.backbone_id))
            fixes = (again, *((starter,) if self.picker.backbone_id != STARTER_ID else ()))
            checks.append(Check("block", self._controller.engine_trouble, fixes))
        # What prevents a start comes first.
        checks += [
            Check("block" if finding.blocking else "note", finding.text, self._fix_of(finding))
            for finding in sorted(self._findings or (), key=lambda finding: not finding.blocking)
        ]
        if self._leaks:
            text = tr(
                "One picture is both trained on and tested with: accuracy looks too good.",
                "{n} pictures are both trained on and tested with: accuracy looks too good.",
                self._leaks,
            )
            checks.append(Check("note", text, ((tr("Show"), self._show_leaks),)))
        loads = self._controller.preparing is not None
        if (loads or self._findings is None) and not self.picker.is_undecided:
            loading = tr("The backbone is loading. Training can start when it is here.")
            checks.append(Check("wait", loading if loads else tr("Checking the labels.")))
        if not any(check.kind in PREVENTS for check in checks):
            checks.insert(0, Check("good", self._ready()))
        return checks

    def _job_changed(self, job: Job, _progress: object) -> None:
        if self._running and job is self._controller.training:
            self._update()

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
        experiment = self.experiment()
        n = len(experiment.trials) * len(experiment.shots) * len(experiment.seeds)
        return tr("Ready: {n} training. It changes nothing else.", "Ready: {n} trainings. They change nothing else.", n)

    def _fix_of(self, finding: TrainingFinding) -> tuple[Fix, ...]:
        """Return the button that mends what is found, if a single step does."""
        match finding.fix:
            case QuickFix.LABEL:
                return ((tr("Go to labelling"), self.label_wanted.emit),)
            case QuickFix.FEWER_SHOTS:
                text = tr("Train with {n} shot", "Train with {n} shots", finding.shots)
                return ((text, partial(self.shots.setText, str(finding.shots))),)
            case QuickFix.FIRST_HALF_BASE:
                return ((tr("Train the first half only"), self._halve),)
            case QuickFix.ALL_BASE:
                return ((tr("Train all classes"), partial(self.pick_new, ())),)
        return ()

    def _halve(self) -> None:
        self.new_share.setValue(50)
        put_value(self.division, Division.HALVES)

    def sizeHint(self) -> QSize:
        # As tall as its content: the page scrolls.
        return QSize(600, super().sizeHint().height())
