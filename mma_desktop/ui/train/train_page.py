"""Train: the Multi-Modal Adapter on every label, with live base and new accuracy and what names alone would find."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QWidget

from mma_desktop.core.class_names import name_key
from mma_desktop.core.events import Changes, EpochEvent, Progress
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training import adapter_training
from mma_desktop.services.training.adapter_training import Outcome, Row, RowStep
from mma_desktop.services.training.experiment_table import backbone_title
from mma_desktop.services.training.likeliest import SHOWN, Likeliest
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import Actions, ExportAdapter, Page, ShowImages, ShowMessage
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.train.sees_with import SeesWithDialog
from mma_desktop.ui.train.train_cards import LiveCard, PlanCard, ResultCard, is_quick
from mma_desktop.ui.widgets.controls import SPACE, Card, button, in_column, in_row, scrolled, single_shot
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.text_labels import heading, hint
from mma_desktop.ui.widgets.windows import open_once

LOOK_MS = 150  # gathers the changes of one action
STRIPS_MS = 300  # between two orders of the pictures of a name: faster, nobody can follow
STRIPS = 12  # classes; more would be a page of its own


class TrainPage(Page):
    """What will be trained, or what is being trained, what came of it, and how to compare methods."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._job: Job | None = None
        self._likeliest: Likeliest | None = None
        self._likely: dict[int, tuple[int, ...]] = {}
        self._soon = single_shot(self, LOOK_MS, self.refresh)
        self._strips_soon = single_shot(self, STRIPS_MS, self._show_strips)
        self.plan_card, self.live, self.result = PlanCard(), LiveCard(), ResultCard()
        self._build()
        self._connect()
        self._opened()

    def _build(self) -> None:
        self.strips = FindingList(tr("The likeliest pictures of new classes"), self.controller, most=SHOWN)
        self.strips_note = hint(tr("The pictures that the adapter would give each class that it was not trained on."))
        self.name_field = line_edit(placeholder=tr("One more name, such as zebra"), most=200)
        self.name_button = button(tr("Add name"), "add", clicked=self._add_name)
        names = in_row((self.name_field, 1), self.name_button, spacing=SPACE)
        self.names_card = Card(heading(tr("Unseen classes"), 3), self.strips_note, self.strips, names)
        inner = QWidget()
        title = heading(tr("Train", "page"), 2)
        cards = (title, self.live, self.result, self.plan_card, self.names_card, None)
        in_column(*cards, inside=inner, margins=(2 * SPACE, SPACE, 2 * SPACE, 2 * SPACE), spacing=SPACE + 4)
        self.area: QScrollArea = scrolled(inner, QScrollArea(self))
        in_column(self.area, inside=self, margins=0, spacing=0)

    def _connect(self) -> None:
        controller, plan = self.controller, self.plan_card
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.engine_changed.connect(self._soon.ensure_started)
        controller.epoch.connect(self._epoch)
        controller.adapter_progress.connect(self._on_progress)
        controller.adapter_trained.connect(self._trained)
        plan.start_wanted.connect(self.start)
        plan.label_wanted.connect(lambda: self.page_wanted.emit("label", None))
        plan.model_wanted.connect(lambda: open_once(SeesWithDialog(controller, self.window())))
        self.live.stop_wanted.connect(self.stop)
        self.result.use_wanted.connect(self.use)
        self.result.export_wanted.connect(lambda row: self.action_requested.emit(ExportAdapter(row.run.id)))
        self.name_field.returnPressed.connect(self._add_name)
        self.strips.chosen.connect(self._show_likely)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.start)

    def use_actions(self, actions: Actions) -> None:
        self.plan_card.compare_wanted.connect(actions["experiments"].trigger)

    def set_active(self, active: bool) -> None:
        if active:
            self.refresh()

    # ------------------------------------------------------------------ at rest

    def _opened(self, _context: object = None) -> None:
        self._job = self._likeliest = None
        self._likely = {}
        self._show_cards()
        self.result.show_rows(())
        self._soon.ensure_started()
        if self.controller.context is not None:
            self.controller.ask(
                LaneName.STORE,
                lambda context, _t: adapter_training.last_rows(context),
                self._former,
                question=(self, 0),
            )

    def _former(self, rows: tuple[Row, ...]) -> None:
        if self._job is None and not self.result.rows:
            comparison = adapter_training.compared(*rows) if len(rows) == 2 else None
            words = "" if comparison is None else adapter_training.sentence(comparison)
            self.result.show_rows(rows, None if comparison is None else comparison.better, words)
            self._show_cards()

    def _changed(self, changes: Changes) -> None:
        if changes.classes or changes.labels or changes.settings or changes.images_added or changes.images_removed:
            self._soon.ensure_started()

    def refresh(self) -> None:
        """Show what would be trained now."""
        context = self.controller.context
        if context is not None and self.isVisible():
            self.plan_card.show_plan(adapter_training.plan(context), backbone_title(context.backbone_id))

    def _show_cards(self) -> None:
        running = self._job is not None
        self.live.setVisible(running or bool(self.live.chart.events))
        self.result.setVisible(not running and bool(self.result.rows))
        self.names_card.setVisible(running or bool(self._likely))
        self.plan_card.setVisible(not running)
        self.name_field.setEnabled(running)
        self.name_button.setEnabled(running)

    # ------------------------------------------------------------------ the training

    def start(self) -> None:
        """Train what is chosen."""
        context = self.controller.context
        if context is None or self._job is not None or not adapter_training.plan(context).can_start:
            return
        choice = self.plan_card.choice
        self._likeliest, self._likely = Likeliest(), {}
        self.live.begin(choice)
        self._job = self.controller.train_adapter(choice, self._likeliest)
        self.strips.show_entries(())
        self._show_cards()
        self.area.verticalScrollBar().setValue(0)
        self.live.stop_button.setFocus()

    def stop(self) -> None:
        """End it with its best epoch so far; a second time, at once."""
        if self._job is None:
            return
        if self._job.token.wrapping_up:
            self._job.cancel()
        self._job.token.wrap_up()
        self.live.show_line(tr("Stopping"))

    def _epoch(self, event: EpochEvent) -> None:
        if self._job is None or self.controller.training is not self._job:
            return
        self.live.add(event)
        self._add_likely(event.likely)

    def _on_progress(self, progress: Progress) -> None:
        if self._job is None:
            return
        if isinstance(progress, RowStep):
            self._add_likely(progress.likely)
            if not progress.shown and progress.run is None:
                self.live.show_line(
                    tr("Training {method} on the same pictures, to compare", method=progress.choice.title)
                )
        elif progress.message:
            self.live.show_line(progress.message)

    def _trained(self, outcome: Outcome | None) -> None:
        self._job = self._likeliest = None
        self.live.finish(outcome.rows[0] if outcome is not None else None)
        if outcome is not None:
            self.result.show_outcome(outcome)
        self._show_cards()
        self._show_strips()
        self.refresh()
        (self.result.use_button if outcome is not None else self.plan_card.start_button).setFocus()

    # ------------------------------------------------------------------ names without labels

    def _add_likely(self, likely: Mapping[int, tuple[int, ...]]) -> None:
        if likely:
            self._likely.update(likely)
            self._strips_soon.ensure_started()

    def _show_strips(self) -> None:
        context = self.controller.context
        if context is None:
            return
        counts = context.index.counts(examples=True)
        items = [item for item in context.classes if item.id in self._likely]
        items.sort(key=lambda item: counts.get(item.id, 0) > 0)  # names without labels come first
        entries = [
            FindingEntry(
                item.title,
                tr("held back in half of the fits")
                if counts.get(item.id)
                else tr("no labels: known by its name alone"),
                item.id,
                self._likely[item.id],
            )
            for item in items[:STRIPS]
        ]
        self.strips.show_entries(entries)
        self._show_cards()

    def _show_likely(self, class_id: int) -> None:
        item = self.controller.open_context.class_by_id(class_id)
        if item is not None:
            title = tr("Likeliest {class_name}", class_name=item.title)
            self.page_wanted.emit("label", ShowImages(self._likely[class_id], title))

    def _add_name(self) -> None:
        name, context = one_line(self.name_field.text()).strip(), self.controller.context
        if not name or context is None or self._job is None:
            return
        if name_key(name) not in {name_key(item.name) for item in context.classes}:
            self.controller.edit(
                lambda project: project.add_classes([name], Role.BASE), partial(self._named, context, name)
            )
        self.name_field.clear()

    def _named(self, context: ProjectContext, name: str, _changes: Changes) -> None:
        item = next((item for item in context.classes if name_key(item.name) == name_key(name)), None)
        if item is not None and self._likeliest is not None and self.controller.context is context:
            self._likeliest.add(item)

    # ------------------------------------------------------------------ after

    def use(self, row: Row) -> None:
        """Make a trained row the model of the project; Quick goes on learning."""
        context = self.controller.context
        if context is None:
            return
        back = partial(self.controller.use_run, context.current_run)
        self.controller.use_run(0 if is_quick(row) else row.run.id)
        text = tr("{method} is the model of this project now.", method=row.choice.title)
        self.action_requested.emit(ShowMessage(text, "good", tr("Take back"), back))
