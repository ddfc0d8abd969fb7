"""The page Check, the model at a glance: how often it is right, what it confuses or got wrong, what would help."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from mma_desktop.core.i18n import later, moment, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import Evaluation, RunRecord
from mma_desktop.services.serialization import evaluation_of
from mma_desktop.services.training.claims import class_words, short
from mma_desktop.services.training.mistakes import Measured, measured_copies
from mma_desktop.services.training.overview import Overview, WeakClass, from_names, summarise
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import (
    Actions,
    ExportAdapter,
    Page,
    ShowImages,
    ShowWeakClass,
    Wanted,
    in_use,
    show_confused,
)
from mma_desktop.ui.check.check_cards import (
    MAX_LISTED,
    AccuracyCard,
    HeldOutCard,
    SuspectNotice,
    VersionsCard,
    pair_entry,
)
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import (
    SPACE,
    Card,
    EmptyState,
    button,
    in_column,
    in_row,
    scrolled,
    single_shot,
    stacked,
)
from mma_desktop.ui.widgets.text_labels import elided_heading, elided_hint, heading, hint

if TYPE_CHECKING:
    from mma_desktop.ui.check.check_charts import LabelsChart

LOOK_MS = 150  # gathers the changes of one action
ELSEWHERE = later("It was tested elsewhere, on other pictures. Try it on yours under Use.")
TILE_SIDE = 148  # of a mistake: two stand side by side in a third of 1280 pixels
CHART_HEIGHT = 150  # in which a curve still rises; the card beside it is about as tall
# From this width on, in characters, what is confused, the classes and the mistakes stand beside each other.
WIDE = 150


class CheckPage(Page):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._searched: RunRecord | None = None
        self.overview = Overview()
        self.chart: LabelsChart | None = None
        self._soon = single_shot(self, LOOK_MS, self.refresh)
        self.suspects = SuspectNotice(self, controller)
        self._build()
        self._connect()
        self._opened()

    def _build(self) -> None:
        self.keep_button = button(
            tr("Keep this version"),
            "check",
            tip=tr("Save it as it is now; you can look at it and go back to it"),
            clicked=self._keep,
        )
        self.use_button = button(tr("Use it"), "use", primary=True, clicked=self._use)
        self.experiments_button = button(tr("Compare methods"), "chart")
        self.title, self.subtitle = elided_heading(), elided_hint()
        titles = in_column(self.title, self.subtitle, spacing=0)
        top = QWidget()
        buttons = (self.keep_button, self.use_button, self.experiments_button)
        in_row((titles, 1), *buttons, inside=top, margins=0, spacing=SPACE)
        go = partial(self.page_wanted.emit, "label", None)
        self.label_button = button(tr("Go to labelling"), "label", primary=True, clicked=go)
        self.start_button = button(tr("Compare methods"), "chart")
        self.empty = EmptyState("chart", "", "", (self.label_button, self.start_button))
        side, cards = 2 * SPACE, QWidget()
        above = in_column(top, self.suspects.bar, margins=(side, SPACE + 4, side, SPACE // 2), spacing=SPACE // 2)
        self.stack = stacked(self.empty, scrolled(cards))
        in_column(above, (self.stack, 1), inside=self, margins=0, spacing=0)
        self._fill_cards(cards)

    def _fill_cards(self, inside: QWidget) -> None:
        self.accuracy, self.held_out = AccuracyCard(), HeldOutCard(self.controller)
        controller, self.all_button = self.controller, button("", clicked=lambda: self._mistake_chosen(-1))
        self.pairs_card = FindingCard(tr("What is confused"), controller)
        self.weak_card = FindingCard(tr("Which classes need labels"), controller)
        self.mistakes_card = FindingCard(tr("Mistakes"), controller, tile=TILE_SIDE, beside=(self.all_button,))
        cards = (self.pairs_card, self.weak_card, self.mistakes_card)
        self.pairs, self.weak_classes, self.mistakes = (card.list for card in cards)
        self.versions = VersionsCard(controller)
        self._grid = QGridLayout()
        self._grid.setSpacing(SPACE + 4)
        for column in range(6):
            self._grid.setColumnStretch(column, 1)
        parts = (self._newer_line(), self._grid, self.versions, None)
        in_column(*parts, inside=inside, margins=(2 * SPACE, SPACE, 2 * SPACE, 2 * SPACE), spacing=SPACE + 4)
        self._grid.addWidget(self.accuracy, 0, 0, 1, 3)
        self._grid.addWidget(self._curve(), 0, 3, 1, 3)
        self._grid.addWidget(self.held_out, 1, 0, 1, 6)
        self._place()

    def _place(self) -> None:
        # In a row where there is room; the mistakes, which are images, below the others.
        wide = self.width() >= WIDE * self.fontMetrics().averageCharWidth()
        for column, card in enumerate((self.pairs_card, self.weak_card, self.mistakes_card)):
            below = column == 2 and not wide
            across = 2 if wide else 6 if below else 3
            self._grid.addWidget(card, 3 if below else 2, 0 if below else column * across, 1, across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _newer_line(self) -> QWidget:
        self.newer, self.newer_text = QWidget(), hint()
        self.newer_button = button(tr("Use the model that learns"), clicked=lambda: self.controller.use_run(0))
        in_row((self.newer_text, 1), self.newer_button, inside=self.newer, margins=0, spacing=SPACE)
        return self.newer

    def _curve(self) -> QWidget:
        self._drawing, self.chart_note = QWidget(), hint()
        self._drawing.hide()
        title = heading(tr("Accuracy by number of labels"), 3)
        return Card(title, (self._drawing, 1), self.chart_note, None, spacing=SPACE // 2)

    def _connect(self) -> None:
        controller = self.controller
        controller.opened.connect(self._opened)
        controller.changed.connect(self._refresh_soon)
        controller.learned.connect(self._refresh_soon)
        controller.predictions_changed.connect(self._refresh_soon)
        controller.engine_changed.connect(self._refresh_soon)
        self.versions.export_requested.connect(lambda run_id: self.action_requested.emit(ExportAdapter(run_id)))
        self.pairs.chosen.connect(
            lambda names: show_confused(controller, self.page_wanted, names[0], names[1], self.run)
        )
        self.weak_classes.chosen.connect(lambda class_id: self.page_wanted.emit("label", ShowWeakClass(class_id)))
        self.mistakes.chosen.connect(self._mistake_chosen)
        self.held_out.folder_wanted.connect(lambda: self.action_requested.emit(Wanted.TEST_FOLDER))
        self.held_out.images_wanted.connect(partial(self.page_wanted.emit, "label"))

    def use_actions(self, actions: Actions) -> None:
        self.suspects.show_requested.connect(actions["suspects"].trigger)
        actions["suspects"].triggered.connect(self.suspects.clear)
        for experiments_button in (self.experiments_button, self.start_button):
            experiments_button.clicked.connect(actions["experiments"].trigger)

    def set_active(self, active: bool) -> None:
        if active:
            self.refresh()
            self.suspects.refresh()

    def _opened(self) -> None:
        self._searched = None
        for findings in (self.pairs, self.weak_classes, self.mistakes, self.held_out.pairs):
            findings.clear()
        self.show_overview(Overview())
        self._refresh_soon()

    def _refresh_soon(self) -> None:
        if self.isVisible():
            self._soon.ensure_started()

    def refresh(self) -> None:
        context = self.controller.context
        if context is None:
            return
        self.controller.ask(
            LaneName.STORE, lambda context, _t: summarise(context), self.show_overview, question=(self, "look")
        )

    @property
    def run(self) -> RunRecord | None:
        return self.overview.run

    def show_overview(self, overview: Overview) -> None:
        self.overview = overview
        run = overview.run
        self.use_button.setVisible(run is not None)
        self.keep_button.setVisible(overview.learning)
        self.stack.setCurrentIndex(int(run is not None))
        self._show_title(overview)
        if run is None:
            self._show_empty(overview)
            return
        self.newer.setVisible(overview.learned is not None)
        self._show_learned(overview.learned)
        self.versions.refresh()
        self.accuracy.show_overview(overview)
        self.held_out.show_test(overview.test)
        self._find_copies(overview)
        self._show_curve()
        evaluation = overview.evaluation
        self._show_pairs(overview, evaluation)
        self._show_weak_classes(overview)
        self._show_mistakes(overview, evaluation)

    def _find_copies(self, overview: Overview) -> None:
        # Once for each model: the comparison reads every tested image.
        context, run, evaluation = self.controller.context, overview.run, overview.evaluation
        if run == self._searched or run is None or context is None:
            return
        self._searched = run
        self.controller.bridge.forget((self, "copies"))
        self.accuracy.show_copies(0)
        if evaluation is not None and evaluation.base_by == "held-out":
            self.controller.ask(
                LaneName.MEDIA,
                lambda context, token: measured_copies(context, run, token),
                self.accuracy.show_copies,
                question=(self, "copies"),
            )

    def _show_title(self, overview: Overview) -> None:
        run, subtitle = overview.run, ""
        if run is not None and overview.learning:
            subtitle = tr("Learned from {labels}", labels=text_format.labels(run.metrics["counts"]["shots"]))
            subtitle = from_names(run) if run.names_alone else subtitle
        elif run is not None:
            used = in_use(self.controller.context, run)
            subtitle = tr("In use, from {when}", when=moment(run.created_at)) if used else tr("Not in use")
        self.title.setText(tr("Check", "page") if run is None or overview.learning else run.name)
        self.subtitle.setText(subtitle)

    def _show_learned(self, learned: RunRecord | None) -> None:
        evaluation = None if learned is None else evaluation_of(learned.metrics)
        accuracy = None if evaluation is None else evaluation.adapted.all
        text = tr("You chose this model. The one that learns from your labels goes on learning.")
        if accuracy is not None:
            text = tr(
                "You chose this model. The one that learns from your labels is right in {accuracy}.",
                accuracy=short(accuracy),
            )
        self.newer_text.setText(text)

    def _show_empty(self, overview: Overview) -> None:
        buttons: tuple[QPushButton, ...] = ()
        if trouble := self.controller.engine_trouble:
            title, text, buttons = tr("The image model could not be loaded"), trouble, (self.start_button,)
        elif overview.labelled > 1:
            title = tr("Learning from your labels")
            text = tr("The results appear by themselves, once the labelled pictures have been looked at.")
        else:
            title, buttons = tr("No results yet"), (self.label_button,)
            text = tr("Name two classes or more, and label a few pictures of each; the results appear by themselves.")
        self.empty.show_text("chart", title, text, *buttons)

    def _show_curve(self) -> None:
        # From its second point on: until then pyqtgraph, which holds 40 MB, is not imported.
        points = self.overview.points
        if len(points) > 1 and self.chart is None:
            self.chart = self._make_chart()
        if self.chart is not None:
            self._drawing.setVisible(len(points) > 1)
            self.chart.show_points(points)
        note = tr("The curve begins when the model has learned twice: label a few more pictures.")
        if len(points) > 1:
            note = tr(
                "Each point is measured on the labels there were then. Questions get harder as the model learns, so "
                "the curve may fall while the model gets better."
            )
        self.chart_note.setText(note)

    def _make_chart(self) -> LabelsChart:
        from mma_desktop.ui.check.check_charts import LabelsChart
        from mma_desktop.ui.widgets.plot import BASE, LegendEntry

        chart = LabelsChart()
        entries = LegendEntry(BASE, tr("Trained")), LegendEntry(None, tr("Before training"))
        chart.setMinimumHeight(CHART_HEIGHT)
        chart.message.connect(self.chart_note.setText)
        legend = in_row(*entries, None, spacing=2 * SPACE)
        in_column(legend, (chart, 1), inside=self._drawing, margins=0, spacing=SPACE // 2)
        # Qt puts a widget that is made late at the end of the tab order.
        QWidget.setTabOrder(self.newer_button, chart)
        return chart

    def _show_pairs(self, overview: Overview, evaluation: Evaluation | None) -> None:
        entries = [pair_entry(overview.names, pair) for pair in overview.pairs[:MAX_LISTED]]
        none = _unmeasured(evaluation) or tr(
            "No two classes are confused. Label pictures that look alike to test it harder."
        )
        if overview.run is not None and overview.run.loaded:
            none = tr(ELSEWHERE)
        self.pairs.show_entries(entries, "" if entries else none)

    def _show_weak_classes(self, overview: Overview) -> None:
        def entry(weak: WeakClass) -> FindingEntry:
            words = [tr("{n} example", "{n} examples", weak.labels)]
            if weak.claim is not None:
                words = [class_words(weak.claim), *words]
            if weak.rejected:
                words.append(
                    tr(
                        "perhaps no more pictures of it: the nearest one is None of these",
                        "perhaps no more pictures of it: the {n} nearest are None of these",
                        weak.rejected,
                    )
                )
            image_class = weak.image_class
            name = one_line(image_class.title)
            return FindingEntry(name, ", ".join(words), image_class.id, colour=image_class.colour)

        weak = overview.weak_classes
        entries = list(map(entry, weak[:MAX_LISTED]))
        more = tr("{count} classes need labels; these {shown} need them most.", shown=len(entries), count=len(weak))
        none = tr("None stands out: all have examples and do well. To get better still, label pictures unlike these.")
        if overview.run is not None and overview.run.loaded:
            none = tr("It was trained elsewhere and says nothing of your labels. The model that learns does.")
        elif overview.right is None or not overview.right.by_class:
            none = _unmeasured(overview.evaluation) or none
        self.weak_classes.show_entries(entries, more if len(entries) < len(weak) else "" if entries else none)

    def _show_mistakes(self, overview: Overview, evaluation: Evaluation | None) -> None:
        wrong = len(overview.all_wrong)
        names = [one_line(name) for name in overview.names]
        entries = [
            FindingEntry(
                tr("is {class_name}", class_name=names[mistake.label]),
                self._mistake_text(mistake),
                mistake.image,
                (mistake.image,),
            )
            for mistake in overview.wrong
        ]
        self.all_button.setVisible(wrong > 1)
        self.all_button.setText(tr("Show all {n}", "Show all {n}", wrong))
        none = _unmeasured(evaluation) or tr(
            "Every measured picture was right. Wrong ones appear here, to correct or to learn from."
        )
        if overview.run is not None and overview.run.loaded:
            none = tr(ELSEWHERE)
        elif overview.pairs:
            none = tr("It is not kept which pictures were wrong. A new experiment keeps them.")
        self.mistakes.show_entries(entries, "" if entries else none)

    def _use(self) -> None:
        run = self.overview.run
        if run is not None and not self.overview.learning and not in_use(self.controller.context, run):
            self.controller.use_run(run.id)
        self.page_wanted.emit("use", None)

    def _keep(self) -> None:
        def kept(run: RunRecord) -> None:
            self.controller.notice.emit(tr("Kept as the version '{run}'. The model goes on learning.", run=run.name))
            self.versions.name_version(run)

        self.controller.store_learned(kept)

    def _mistake_text(self, mistake: Measured) -> str:
        """What the model said of a mistake, without having learned from it."""
        name = one_line(self.overview.names[mistake.answer])
        return tr("{sure} read as {class_name}", class_name=name, sure=text_format.whole_percent(mistake.confidence))

    def _mistake_chosen(self, image_id: int) -> None:
        chosen = sorted(self.overview.all_wrong, key=lambda mistake: mistake.image != image_id)
        notes = {mistake.image: self._mistake_text(mistake) for mistake in chosen}
        self.page_wanted.emit("label", ShowImages([*notes], tr("Mistakes"), notes))


def _unmeasured(evaluation: Evaluation | None) -> str:
    """Why there is nothing to say of how good a model is; empty if there is."""
    if evaluation is None:
        return tr("Its numbers cannot be read. Use the model that learns, or load this one again.")
    if evaluation.adapted.all is None:
        return tr("Not measured yet. Make a spot check, or label two different pictures of the same class yourself.")
    return ""


class FindingCard(Card):
    def __init__(self, title: str, controller: Controller, *, tile: int = 0, beside: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self.list = FindingList(title, controller, tile=tile)
        right = ((widget, 0, Qt.AlignmentFlag.AlignRight) for widget in beside)
        head = in_row((heading(title, 3), 1), *right)
        self.fill(head, self.list.note, self.list, None, spacing=SPACE // 2)
