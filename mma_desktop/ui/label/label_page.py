"""The Label page: classes on the left, grid in the middle, preview on the right. It only connects them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QToolButton, QWidget

from mma_desktop.core.events import Changes, Progress
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import Job, JobState, LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.services.predicting.prediction import by_likelihood
from mma_desktop.services.training.claims import check_of
from mma_desktop.services.training.overview import buried
from mma_desktop.services.training.spot_checks import Check
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import Actions, AdapterInUse, Renewal, ShowImages, ShowWeakClass, Suggest, Wanted
from mma_desktop.ui.grid.filter_bar import FilterBar
from mma_desktop.ui.grid.grid_page import GridPage
from mma_desktop.ui.grid.grid_query import GridQuery
from mma_desktop.ui.grid.group_view import GroupView
from mma_desktop.ui.grid.label_controller import FREE, LabelKeys, pick_class
from mma_desktop.ui.grid.review import Nearest, Question, Review, SpotCheck
from mma_desktop.ui.label.class_panel import ClassPanel
from mma_desktop.ui.label.next_step import EmptyGrid, NextStep, accuracy_text
from mma_desktop.ui.label.question_view import QuestionView
from mma_desktop.ui.label.review_controller import ReviewController
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, in_column, in_row, single_shot, stacked
from mma_desktop.ui.widgets.text_labels import elided_hint, hint

COUNT_MS = 80  # gathers the labels of a key that is held down
LOW, MIN_GRID = 400, 96  # heights: of a page whose advice is a tooltip, and the least of the grid, most of a row
KEYS = (later("?: all keys"), later("Class key: label"), later("Enter: accept"))
UNDONE_MS = 700  # how long the grid may take to show what was undone


class LabelPage(GridPage):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self.panel = ClassPanel(controller)
        self.filter_bar = FilterBar(controller)
        self.query = GridQuery(controller, self)
        self.question = QuestionView(controller)
        self.group_view = GroupView(controller, self.doing_text)
        self.review = ReviewController(self, self)
        questions = self.review.questions
        self.answer_keys = LabelKeys(controller, questions, questions.accept, self)
        self.next_step = NextStep(AdapterInUse(controller))
        self._looking: Progress | None = None  # at the images, while that goes on
        self.notice = InfoBar()
        self.status = hint(wraps=False)
        self._keys = elided_hint()  # after the numbers, which need their room
        self._keys.setText("    ".join(map(tr, KEYS)))
        self._keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.news_button = QToolButton()
        self.news_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._show_news(0, False)
        self.news_button.ensurePolished()
        self.status.setMinimumHeight(self.news_button.sizeHint().height())  # so that nothing moves when it comes
        self.empty = EmptyGrid(self.show_all)
        self._to_grid = self._bare = False
        self._undone: Changes | None = None  # what was undone or redone, until it is shown
        self._lay_out()
        self._count_soon = single_shot(self, COUNT_MS, self._show_counts)
        self._list_undone = single_shot(self, UNDONE_MS, self._show_undone_list)
        self._connect()
        self._opened(controller.context)

    # ------------------------------------------------------------------ building

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.front = stacked(self.splitter, self.question, self.group_view, inside=self)
        middle = QWidget()
        for number, (part, stretch) in enumerate(((self.panel, 1), (middle, 4))):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(number, stretch)
        self.stack = stacked(self.grid, self.empty, inside=middle)
        self.stack.setMinimumHeight(MIN_GRID)
        self._foot = QWidget()
        in_row(self.status, (self._keys, 1), self.news_button, inside=self._foot, margins=0, spacing=SPACE)
        in_column(
            self.filter_bar,
            self.next_step,
            self.review.bar,
            self.notice,
            (self.stack, 1),
            self._foot,
            inside=middle,
            margins=(SPACE + 4, SPACE + 4, SPACE + 4, SPACE // 2),
            spacing=SPACE,
        )
        self.splitter.setObjectName("label")
        # Dragged to nothing, a part would be hard to find again.
        self.splitter.setChildrenCollapsible(False)
        self._add_preview(self.splitter)
        self.splitter.setSizes([272, 800, 320])
        in_row(self.front, inside=self, margins=(0, 0, 0, 0))
        QWidget.setTabOrder(self.notice.close_button, self.grid)
        QWidget.setTabOrder(self.grid, self.preview)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.review.bar.set_low(event.size().height() < LOW)
        # Only where the size passes the limit: this runs for every pixel of a drag.
        if (event.size().height() < LOW) != (event.oldSize().height() < LOW):
            self._show_next()

    def _connect(self) -> None:
        controller = self.controller
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.predictions_changed.connect(self._predictions_changed)
        controller.import_done.connect(self._imported)
        controller.learned.connect(self._show_next)
        controller.learned.connect(self.review.refresh)
        controller.undone_or_redone.connect(self._show_undone)
        controller.bridge.job_changed.connect(self._on_job)
        self.query.ids_changed.connect(self._ids_changed)
        self.query.query_changed.connect(self._query_changed)
        self.query.announced.connect(self._show_news)
        self.news_button.clicked.connect(self.query.refresh)
        self.filter_bar.query_edited.connect(self.query.show)
        controller.engine_ready.connect(self.query.on_features)
        controller.engine_changed.connect(self.query.on_engine_failure)
        self.filter_bar.names_button.toggled.connect(self.grid.set_show_names)
        self.grid.set_show_names(self.filter_bar.names_button.isChecked())
        self.filter_bar.preview_button.setDefaultAction(self.preview_controller.action)
        self.panel.class_chosen.connect(self.show_class)
        self.panel.likely_requested.connect(self.show_likely)
        self.panel.check_requested.connect(self.show_spot_check)
        self.panel.nearest_requested.connect(
            lambda about, ids: self.review.begin(Nearest(self.controller.open_context, about, ids))
        )
        self.panel.model.images_dropped.connect(self.labeller.label_ids)
        self.panel.label_requested.connect(self.labeller.label)
        self.grid.selection_changed.connect(self._show_status)
        self.answer_keys.stepped.connect(self.review.questions.step)
        self.answer_keys.pick_requested.connect(self.pick_answer)
        self.question.name_button.clicked.connect(self.pick_answer)
        self.question.installEventFilter(self.answer_keys)
        self.next_step.names_requested.connect(self.panel.names.setFocus)
        self.group_view.found.connect(self._groups_found)
        self.group_view.questions_requested.connect(self._ask_questions)
        self.group_view.close_button.clicked.connect(self.leave_groups)

    # ------------------------------------------------------------------ requests of the shell and other pages

    def use_actions(self, actions: Actions) -> None:
        self._actions = actions
        self.empty.import_button.clicked.connect(actions["import_folder"].trigger)
        for wanted in (self.empty.train_button.clicked, self.next_step.results_requested):
            wanted.connect(partial(self.page_wanted.emit, "check", None))
        self.next_step.train_requested.connect(partial(self.page_wanted.emit, "train", None))
        self.next_step.suggest_requested.connect(actions["suggest"].trigger)
        self.next_step.groups_requested.connect(actions["groups"].trigger)
        self.next_step.check_requested.connect(actions["spot_check"].trigger)
        actions["suggest"].triggered.connect(lambda: self.action_requested.emit(Suggest(self.review.left_out)))
        self.review.suggest_requested.connect(
            lambda: self.action_requested.emit(Suggest(self.review.left_out, again=True))
        )
        actions["same_as_last"].triggered.connect(self.labeller.same_as_last)
        for changed in (self.labeller.last_changed, self.controller.changed, self.controller.opened):
            changed.connect(self._show_same_as_last)
        self._show_same_as_last()

    def handle_request(self, request: object) -> None:
        match request:
            case ShowImages(ids, title, notes):
                self.show_images(ids, title, notes)
            case ShowWeakClass(class_id):
                unlabelled = self.controller.open_context.index.numbers()[Show.UNLABELLED]
                (self.show_likely if unlabelled else self.show_class)(class_id)
            # These place the focus themselves.
            case Wanted.GROUPS:
                self.show_groups()
                return
            case Wanted.PROBLEMS:
                self.show_problems()
                return
            case Wanted.SPOT_CHECK:
                self.show_spot_check()
            case Renewal(Review() as review):
                self.review.renew(review)
                return
            case Renewal():
                self.review.drop_suggestions()
                return
            case Review():
                self.review.begin(request)
        self.focus_images()

    def shows_all(self, ids: NDArray[np.int64]) -> bool:
        context, query = self.controller.open_context, self.query
        shown = context.index.matches(query.query, context.predictions, ids)
        return not query.listed and not query.query.text and bool(shown.all())

    def _show_same_as_last(self, _what: object = None) -> None:
        action, last = self._actions["same_as_last"], self.labeller.last
        action.setText(self.labeller.same_as_last_text)
        action.setEnabled(last is not None and self.isVisible())

    def set_active(self, active: bool) -> None:
        self._show_same_as_last()
        if active:
            self._show_counts()
            self.review.refresh()
            self.grid.refresh()
            if self._types_nothing or not self.group_view.isHidden():
                self.focus_images()
            self._focus_grid()

    @property
    def _types_nothing(self) -> bool:
        """Whether nothing has the keyboard, or what has it is empty: `?` and the keys of classes would be typed."""
        return self.focusWidget() in {None, self.panel.names} and not self.panel.names.toPlainText()

    def keyboard_places(self) -> Sequence[QWidget]:
        """Return the images, or what stands in their place, before the field for the names of classes."""
        images = [self.question, self.grid, *self.empty.shown_buttons]
        return [*images, *super().keyboard_places()] if self._types_nothing else super().keyboard_places()

    def focus_images(self) -> None:
        """Move the keyboard focus to the question or the grid, or to what stands in its place."""
        if self.front.currentWidget() is self.group_view:
            self.group_view.focus()
        elif self.front.currentWidget() is self.question:
            self.question.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            action = next(iter(self.empty.shown_buttons if self.stack.currentWidget() is self.empty else ()), self.grid)
            action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _imported(self, _report: object) -> None:
        self._to_grid = self._types_nothing  # whoever is typing a name keeps the keyboard
        self._focus_grid()

    def _focus_grid(self) -> None:
        # Once they are shown: Qt would also focus them on a hidden page.
        if self._to_grid and self.grid.isVisible() and len(self.query.ids):
            self._to_grid = False
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def setting_changed(self, name: str) -> None:
        if name == "shots":
            self.panel.show_counts()
            self.review.refresh()

    def show_all(self) -> None:
        self.review.end()
        self.query.show(self.query.sorted_as_before())

    def leave_list(self) -> None:
        self.query.show(self._still(self.query.query))

    def _still(self, query: Filter) -> Filter:
        """Return a filter, without its class if that is gone."""
        gone = query.class_id is not None and self.controller.open_context.class_by_id(query.class_id) is None
        return self.query.sorted_as_before(text=query.text) if gone else query

    def show_whole(self, whole: bool) -> None:
        """Give the page to the images of the list, of which all are in sight, or back to what is around the grid."""
        for part in (self.panel, self.filter_bar, self._foot):
            part.setVisible(not whole)
        self.grid.set_whole(whole)

    def show_question(self, shown: bool) -> None:
        self.front.setCurrentWidget(self.question if shown else self.splitter)
        if shown:
            self.focus_images()

    def show_groups(self) -> None:
        self.review.end()
        self.preview_controller.leave_full()
        self.front.setCurrentWidget(self.group_view)
        self.group_view.begin()

    def leave_groups(self) -> None:
        self.front.setCurrentWidget(self.splitter)
        self.focus_images()
        self._show_next()

    def _groups_found(self) -> None:
        # By themselves only where there are images alone, and nothing was named, typed or labelled.
        context, view = self.controller.open_context, self.group_view
        bare = not (context.classes or self.panel.names.toPlainText() or context.index.columns.labelled.any())
        if bare and view.several and view.open and not view.begun and self.isVisible() and self.review.review is None:
            self.show_groups()
        self._show_next()

    def _ask_questions(self) -> None:
        """Ask questions, or for the names that these are about."""
        if self.controller.open_context.classes:
            self._actions["suggest"].trigger()
        else:
            self.leave_groups()
            self.panel.names.setFocus(Qt.FocusReason.OtherFocusReason)

    def progress_text(self, question: Question) -> str:
        """Return what is known of the class that is asked about, or of all, and how good the model is."""
        numbers, review = self.panel.model.numbers(question.about), self.review.review
        beyond = "" if review is None else review.beyond(int(self.controller.settings.get("shots")))
        parts = [beyond or f"{one_line(question.about.title)}: {numbers}", accuracy_text(self.controller.context)]
        return "    ".join(filter(None, (*parts, self.looking_text())))

    def looking_text(self) -> str:
        """Return how far looking at the images is; empty once it is done."""
        if self._looking is None or self._looking.total is None:
            return ""
        return tr("Looked at {how_far}", how_far=text_format.how_far(self._looking))

    def doing_text(self) -> str:
        """Return how far looking at the images is, or what goes on before it, such as loading the model."""
        jobs = [job for job in self.controller.bridge.busy() if job.lane is LaneName.ENGINE]
        running = next((job.title for job in jobs if job.state is JobState.RUNNING), "")
        return self.looking_text() or running

    def _on_job(self, job: Job, progress: Progress | None) -> None:
        if job.lane is not LaneName.ENGINE:
            return
        # Looking at the images is the only background job of the lane.
        if job.background and (job.finished or progress is not None):
            self._looking = None if job.finished else progress
        self.review.show_looking()
        self.group_view.show_looking()
        if job.background and job.finished:
            self.group_view.refresh()
        if progress is None:  # it began or ended, and groups may be on their way
            self._show_next()

    def show_problems(self) -> None:
        self.review.end()
        self.front.setCurrentWidget(self.splitter)
        self.query.show(self.query.sorted_as_before(Show.PROBLEMS))

    def show_class(self, class_id: int) -> None:
        self.review.end()
        self.front.setCurrentWidget(self.splitter)
        self.panel.list.select_class(class_id)
        self.query.show(self.query.sorted_as_before(Show.CLASS, class_id))

    def show_likely(self, class_id: int) -> None:
        self.panel.list.select_class(class_id)
        choice = self.controller.open_context.class_by_id(class_id)
        title = tr("Most likely '{name}' first", name=choice.title if choice is not None else "")
        self.controller.ask(
            LaneName.ENGINE,
            lambda context, token: by_likelihood(context, class_id, token),
            lambda ids: self.show_images(ids, title),
            failed=self.controller.notice.emit,
            quick=True,
            question=(self, "likely"),
        )

    def show_spot_check(self, class_id: int | None = None) -> None:
        """Show a spot check of a class's folder, of what tells most about all images, or else of what is predicted."""
        self.controller.ask(
            LaneName.STORE,
            lambda context, _token: check_of(context, class_id),
            partial(self._begin_check, class_id),
            question=(self, "check"),
        )

    def _begin_check(self, class_id: int | None, check: Check | None) -> None:
        context = self.controller.open_context
        if check is None:
            text = tr("There is nothing to check: no picture has its name from the model that learns.")
            if context.engine.adapter_file is not None:
                text = tr("Spot checks are of the model that learns. Press 'Use the model that learns' on Check first.")
            elif (choice := context.class_by_id(class_id)) is not None:
                text = tr(
                    "There is nothing to check: no picture is named '{class_name}' by the model that learns.",
                    class_name=choice.title,
                )
            self.controller.notice.emit(text)
            return
        self.review.begin(SpotCheck(context, check))

    def _look_for_buried(self) -> None:
        # Every label changes what may show the weak classes.
        context = self.controller.context
        if context is None or context.predictions is None:
            self.panel.show_buried({})
        else:
            seen, exhausted = frozenset(self.review.looked_over), self.review.exhausted
            self.controller.ask(
                LaneName.STORE,
                lambda context, _t: buried(context, leave_out=seen),
                lambda near: self.panel.show_buried({at: ids for at, ids in near.items() if at not in exhausted}),
                question=(self, "buried"),
            )

    def show_images(
        self, ids: Sequence[int] | NDArray[np.int64], title: str, notes: Mapping[int, str] | None = None
    ) -> None:
        self.review.begin(Review(self.controller.open_context, ids, title, notes))

    # ------------------------------------------------------------------ the project

    def _opened(self, context: ProjectContext | None) -> None:
        self.notice.dismiss()
        self.front.setCurrentWidget(self.splitter)
        self.panel.show_session()
        self.filter_bar.set_classes(label_choices(context) if context is not None else [])
        self._undone, self._to_grid = None, context is not None
        self.query.reset()
        self._show_counts()

    def _changed(self, changes: Changes) -> None:
        if changes.classes:
            self._classes_changed()
        elif changes.runs:  # another model may be in use, whose numbers these are not
            self._show_next()
        self.query.on_changes(changes)
        self._count_soon.ensure_started()

    def _classes_changed(self) -> None:
        self.panel.show_classes()
        self.filter_bar.set_classes(label_choices(self.controller.open_context))
        if not self.query.listed:
            self.query.show(self._still(self.query.query))
            self.filter_bar.set_query(self.query.query)
        self._show_next()

    def _predictions_changed(self) -> None:
        self.query.on_predictions()
        self._look_for_buried()
        self._show_next()

    def _show_counts(self) -> None:
        context = self.controller.context
        self._count_soon.stop()
        self.panel.show_counts()
        self.filter_bar.set_counts({} if context is None else context.index.numbers())
        self._look_for_buried()
        self._show_empty()
        self._show_next()
        self._show_status()

    # ------------------------------------------------------------------ display

    def _ids_changed(self, ids: NDArray[np.int64], same: bool) -> None:
        self.grid.set_ids(ids, keep_place=same)
        self._select_undone()
        # A list by its own order begins with its first image, wherever the former one was.
        if not same and self.query.from_start:
            self.grid.set_current(0)
        if not same and len(ids) and self.grid.current_position < 0 and self.grid.hasFocus():
            self.grid.set_current(0)
        self._show_empty()
        self._show_status()
        self._count_soon.ensure_started()

    def _query_changed(self) -> None:
        query, listed = self.query.query, self.query.listed
        self.filter_bar.set_query(query, listed=listed)
        self.panel.list.set_shown(query.class_id if query.show is Show.CLASS and not listed else None)
        self._show_next()

    # ------------------------------------------------------------------ undo

    def _show_undone(self, changes: Changes) -> None:
        """Select what was undone or redone, or ask about it again."""
        # A removal takes labels along: nothing is left of it to show.
        labels = set(changes.labels).difference(changes.images_removed)
        changes = replace(changes, labels=tuple(sorted(labels)))
        images = [*changes.labels, *changes.images_added]
        if not images or not self.isVisible():
            return
        if self.group_view.last == frozenset(images):  # questions may have begun after it
            self.show_groups()
        if not self.group_view.isHidden():
            self.group_view.show_undone(images)
            return
        self._undone = changes
        if self.review.show_undone(images):
            if not self.grid.selection.picks:
                self._select_undone()
            self._undone = None
        else:
            self._list_undone.start()
            self._select_undone()

    def _select_undone(self) -> None:
        if self._undone is None:
            return
        images = np.array([*self._undone.labels, *self._undone.images_added], np.int64)
        # They come with the next answer otherwise; until then what was undone is kept.
        if np.isin(images, self.query.ids).any():
            self._undone = None
            self._list_undone.stop()
            self.grid.select_ids(images)

    def _show_undone_list(self) -> None:
        undone, self._undone = self._undone, None
        if undone is not None:
            self.show_images([*undone.labels, *undone.images_added], undone.title)

    # ------------------------------------------------------------------ display of the model

    def _show_news(self, new: int, outdated: bool) -> None:
        text = tr("Show {n} new picture", "Show {n} new pictures", new) if new else tr("Sort by the newest predictions")
        self.news_button.setText(text)
        self.news_button.setVisible(bool(new or outdated))

    def _show_next(self) -> None:
        review = self.review.review
        reviewing = review is not None and (review.can_accept or self.height() < LOW)  # no room for two bars
        shots = int(self.controller.settings.get("shots"))
        self.next_step.show_state(
            self.controller.context,
            shots,
            reviewing=reviewing,
            importing=self.controller.is_importing,
            groups=len(self.group_view.open) if self.group_view.several else 0,
            grouping=self.group_view.coming,
        )

    def _show_empty(self) -> None:
        context = self.controller.context
        had_focus = self.grid.hasFocus()
        if len(self.query.ids):
            # Of a page without pictures, Qt has focused whatever comes first.
            first = self._bare and not self.panel.names.toPlainText()
            self._to_grid = self._to_grid or first or self.focusWidget() in self.empty.shown_buttons
            self._bare = False
            self.stack.setCurrentWidget(self.grid)
            self._focus_grid()
            return
        # The question is on its way: nothing is said to be missing yet.
        if not self.query.answered or context is None:
            return
        self._bare = self._bare or not len(context.index.columns.ids)
        self.empty.show_for(context, self.query.query, self.query.listed)
        self.stack.setCurrentWidget(self.empty)
        # A hidden grid would hand the keyboard to any widget.
        if had_focus:
            self.focus_images()

    def _show_status(self) -> None:
        selected, shown = len(self.grid.selection), len(self.grid.images.ids)
        images = text_format.pictures(shown) if shown else ""
        chosen = tr("{n} of {pictures} selected", "{n} of {pictures} selected", selected, pictures=images)
        self.status.setText(chosen if selected else images)
        self.panel.show_selection(selected)

    # ------------------------------------------------------------------ menu

    def pick_answer(self) -> None:
        pick_class(self.controller, self.review.questions, int(self.review.questions.image_id >= 0), self.question)

    def _offer(self) -> tuple[str, bool]:
        ids, predictions = self.grid.selected_ids(), self.grid.images.predictions
        free = self.controller.open_context.index.matches(FREE, None, ids)
        guessed = predictions is not None and bool((free & (predictions.positions(ids) >= 0)).any())
        return tr("Accept"), guessed or self.labeller.proposed is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.query.listed:
            self.leave_list()
        else:
            super().keyPressEvent(event)
