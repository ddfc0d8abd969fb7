"""The Use page: predictions of every unlabelled image, any typed class name, one tested image."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QLineEdit,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from mma_desktop.core.class_names import NONE_OF_THESE, name_key
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import Job, JobState, LaneName
from mma_desktop.core.types import ImageClass, LabelSource, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.services.predicting.prediction import rank
from mma_desktop.services.similarity import Among
from mma_desktop.services.training import learning
from mma_desktop.services.training.groups import rejected_groups
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import Actions, AdapterInUse, ShowImages, TryImage, add_exports
from mma_desktop.ui.grid.filter_bar import NO_BACKBONE, ORDERS, SizeSlider
from mma_desktop.ui.grid.grid_page import GridPage
from mma_desktop.ui.grid.grid_query import ask_ids, moved
from mma_desktop.ui.grid.group_view import ADD, GroupView, size
from mma_desktop.ui.grid.label_controller import FREE
from mma_desktop.ui.use.predicted_classes import NONE_ID, NoneControl, PredictedClasses
from mma_desktop.ui.use.try_panel import NO_SUCH_WORD, TITLES, NameTrials, TestPanel
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import (
    EmptyState,
    InfoBar,
    button,
    in_column,
    in_row,
    scrolled,
    single_shot,
    stacked,
    tool,
)
from mma_desktop.ui.widgets.fields import choice_box
from mma_desktop.ui.widgets.text_format import unmarked, with_ellipsis, with_keys, without_mnemonics
from mma_desktop.ui.widgets.text_labels import ElidedLabel, elided_heading, elided_hint, heading
from mma_desktop.ui.widgets.windows import add_action

Ids = NDArray[np.int64]
REFRESH_MS = 80  # gathers the changes of one action
WAITING_MS = 300  # until the page looks again whether a job has brought predictions
BESIDE_TITLE = 420  # width below which the buttons stand under the title
NARROW = 960  # width of the page below which the panel is a button away
OFFERED = (Order.CONFIDENCE, Order.LEAST_CONFIDENT, Order.ADDED, Order.NAME)


class UsePage(GridPage):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._stale = True
        self.left_wanted = True
        self._query: tuple[object, ...] = ()
        self._declined = False  # whether no class is wanted for unknown images
        self._places: dict[int, int] = {}  # of a ranking, from 1, by image id
        self.classes = PredictedClasses()
        self.none = NoneControl(controller)
        self.trials = NameTrials()
        self.test = TestPanel(controller)
        self.info = InfoBar()
        self.group_view = GroupView(controller, lambda: "", of_rejected=True)
        self._timer = single_shot(self, REFRESH_MS, self._refresh)
        self._build()
        self._add_preview(self.splitter, self.right)
        self.splitter.setSizes([232, 600, 352])
        self._connect()
        self._opened(controller.context)

    # ------------------------------------------------------------------ layout

    def _build(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self._centre())
        self.splitter.addWidget(self._right())
        self.splitter.setObjectName("use")
        self.splitter.setChildrenCollapsible(False)
        for index, stretch in enumerate((0, 1, 0)):
            self.splitter.setStretchFactor(index, stretch)
        self.front = stacked(self.splitter, self.group_view)
        in_column(self.front, inside=self, margins=0)

    def _left(self) -> QWidget:
        self.left = QWidget(self.splitter)
        self.left.setMinimumWidth(228)
        parts = (heading(tr("Predicted as"), 3), (self.classes, 1), self.none)
        in_column(*parts, inside=self.left, margins=12, spacing=8)
        return self.left

    def _centre(self) -> QWidget:
        centre = QWidget(self.splitter)
        self.title, self.subtitle, self.adapter = elided_heading(), elided_hint(), AdapterInUse(self.controller)
        self.sort_button = QToolButton()
        self.sort_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.sort_button.clicked.connect(self._sort_again)
        self.subtitle.setMinimumHeight(self.sort_button.sizeHint().height())  # so that nothing moves when it comes
        self.sort_button.hide()
        titles = {order: title for order, title, _ in ORDERS}
        self.order = choice_box(((tr(titles[order]), order) for order in OFFERED), tr("Sort"))
        self.preview_button = tool("eye", tr("Big preview"), "Space")
        self.more_button = tool("search", tr("Try a class name, test a picture"))
        self.more_button.setCheckable(True)
        self.more_button.toggled.connect(self._fit)
        heads = in_column(self.title, in_row((self.subtitle, 1), self.sort_button), self.adapter, spacing=0)
        self._head = in_row((heads, 1), in_row((self.order, 1), self.preview_button, self.more_button))
        self.accept_button = button(tr("Accept"), "check", primary=True, clicked=self.accept)
        self.export_button = button(tr("Export"), "export", tip=tr("Model, labels and pictures, predictions, report"))
        self.export_button.setMenu(QMenu(self.export_button))
        self._selected = ElidedLabel()
        self._selected.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._foot = QWidget()
        self.slider = SizeSlider(self.controller)
        foot = (self.export_button, self.slider, (self._selected, 1), self.accept_button)
        in_row(*foot, inside=self._foot, margins=0)
        self.stack = PredictStack(self.grid)
        parts = (self._head, self.info, (self.stack, 1), self._foot)
        in_column(*parts, inside=centre, margins=12, spacing=10)
        self.info.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)  # as tall as its text
        return centre

    def _fit(self) -> None:
        # In a narrow page the right side is shown only on request.
        small = self.width() < NARROW
        self.more_button.setVisible(small and self.left_wanted)
        if not self.preview_controller.is_open:
            self.right.setVisible(not small or self.more_button.isChecked() or not self.left_wanted)
        self.left.setVisible(self.left_wanted and not (small and self.more_button.isChecked()))
        narrow = self.stack.width() < BESIDE_TITLE
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)  # after the splitter has placed its parts

    def _right(self) -> QWidget:
        inner = QWidget()
        self.right = right = scrolled(inner, QScrollArea(self.splitter))
        right.setMinimumWidth(280)
        in_column(self.trials, self.test, None, inside=inner, margins=12, spacing=12)
        return right

    def _connect(self) -> None:
        controller = self.controller
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.predictions_changed.connect(self._predictions_changed)
        controller.engine_changed.connect(self._refresh_soon)
        self.classes.chosen.connect(self._class_chosen)
        self.classes.clicked.connect(lambda _index: self.grid.setFocus())  # where the keys of classes label
        self.order.currentIndexChanged.connect(self._refresh_soon)
        self.grid.selection_changed.connect(self._show_selection)
        self.grid.current_changed.connect(self._show_selection)
        self.trials.chosen.connect(self._refresh_soon)
        self.trials.add_asked.connect(
            lambda name: controller.add_classes([name], Role.NEW, {name: self.trials.reads(name)})
        )
        self.trials.names_changed.connect(self._names_changed)
        self.stack.embed_button.clicked.connect(self._embed)
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        paste = QShortcut(QKeySequence.StandardKey.Paste, self, context=inside)
        paste.activated.connect(self.test.paste)
        for field in self.findChildren(QLineEdit):
            field.installEventFilter(self.test)
        self.splitter.splitterMoved.connect(self._fit)
        self.preview_button.setDefaultAction(self.preview_controller.action)
        self.preview_controller.action.toggled.connect(self._fit)
        self.test.nearest.list.chosen.connect(
            lambda image_id: self._show_on_label(image_id, tr(TITLES[Among.LABELLED]))
        )
        self.test.test_requested.connect(lambda: self.preview_controller.set_shown(False))
        self.group_view.found.connect(self._refresh_soon)
        self.info.close_button.clicked.connect(self._decline)
        controller.undone_or_redone.connect(self._undone)
        for leave in (self.group_view.close_button.clicked, self.group_view.questions_requested):
            leave.connect(self.leave_groups)

    # ------------------------------------------------------------------ showing and hiding

    def use_actions(self, actions: Actions) -> None:
        self._actions = actions
        add_exports(self.export_button.menu(), actions)
        self.stack.label_button.clicked.connect(partial(self.page_wanted.emit, "label", None))
        self.stack.mistakes_button.clicked.connect(partial(self.page_wanted.emit, "check", None))
        self.stack.import_button.clicked.connect(actions["import_files"].trigger)
        self.stack.watch_button.clicked.connect(actions["watch_folders"].trigger)

    def handle_request(self, request: object) -> None:
        if isinstance(request, TryImage):
            self.more_button.setChecked(True)
            self.test.test_image(request.image_id)
            self.test.spot.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_groups(self) -> None:
        self.preview_controller.leave_full()
        self.front.setCurrentWidget(self.group_view)
        self.group_view.begin()

    def _decline(self) -> None:
        self._declined |= self.info.action_button.text() == tr(ADD)

    def _undone(self, changes: Changes) -> None:
        if self.group_view.isVisible() and changes.labels:
            self.group_view.show_undone(list(changes.labels))

    def leave_groups(self) -> None:
        self.front.setCurrentWidget(self.splitter)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh_soon()

    def _show_on_label(self, image_id: int, title: str) -> None:
        self.page_wanted.emit("label", ShowImages([image_id], title))

    def _add_own(self, menu: QMenu, single: bool) -> None:
        show = partial(self._show_on_label, self.grid.current_id(), tr("Chosen on the page Use"))
        add_action(menu, tr("Show on the Label page"), "label", show, single)

    def _offer(self) -> tuple[str, bool]:
        return self.accept_button.text(), self.accept_button.isEnabled()

    def set_active(self, active: bool) -> None:
        if active and self._stale:
            self._refresh_soon()
        if active and not self.group_view.isHidden():
            self.group_view.focus()
        elif active and self.focusWidget() is None:
            self.grid.setFocus()

    def _opened(self, context: ProjectContext | None) -> None:
        self._query, self._places, self._declined = (), {}, False
        self.trials.clear()
        self.adapter.set_by_name(False)
        self.test.clear()
        self.test.set_extra_names({})
        self.info.dismiss()
        self.front.setCurrentWidget(self.splitter)
        self.preview_controller.set_shown(False)
        self.grid.images.set_captions(None)
        self.grid.set_ids(np.empty(0, np.int64))
        self.classes.set_lines(0, [])
        if context is not None:
            self._refresh_soon()

    def _changed(self, changes: Changes) -> None:
        if changes.classes:
            self.trials.set_classes(choice.name for choice in self.controller.open_context.classes)
        if changes.classes or changes.labels or changes.images_removed:
            self.test.ask_again()
        if changes.labels or changes.images_added or changes.images_removed or changes.classes:
            self._refresh_soon()

    def _predictions_changed(self) -> None:
        self.test.ask_again()
        self._refresh_soon()

    def _refresh_soon(self) -> None:
        self._stale = True
        if self.isVisible():
            self._timer.ensure_started()

    # ------------------------------------------------------------------ display

    def _refresh(self) -> None:
        context = self.controller.context
        if context is None or not self.isVisible():
            return
        self._stale = False
        self._count(context)
        self.none.show_state(context)
        self._show_adapter(context)
        jobs = [job for job in self.controller.bridge.jobs() if job.lane is LaneName.ENGINE]
        self.left_wanted = not self.stack.finds_nothing(context, jobs, named=bool(self.trials.current))
        for part in (self.order, self.preview_button, self._foot):
            part.setVisible(self.left_wanted)
        self._fit()
        if not self.left_wanted:
            if jobs:  # one that brings no predictions ends without a word
                QTimer.singleShot(WAITING_MS, self, self._refresh_soon)
            self.preview_controller.set_shown(False)
            self._set_heading(tr("Use", "page"), "")
            self.adapter.set_by_name(False)
            return
        self.classes.set_muted(bool(self.trials.current))
        (self._rank if self.trials.current else self._select)()

    def _count(self, context: ProjectContext) -> None:
        total = context.index.numbers()[Show.UNLABELLED]
        counts: dict[int, int] = {}
        none: int | None = None
        predictions = context.predictions
        if predictions is not None:
            free, rejected = context.index.matches(FREE, None, predictions.image_ids), predictions.rejected
            class_ids, numbers = np.unique(predictions.best_class[free & ~rejected], return_counts=True)
            counts = dict(zip(class_ids.tolist(), numbers.tolist(), strict=True))
            # Without a number the line is hidden: the model cannot tell what shows none of the classes.
            none = int((free & rejected).sum()) if predictions.can_reject else None
        self.classes.set_lines(total, [(choice, counts.get(choice.id, 0)) for choice in context.classes], none)

    def _show_adapter(self, context: ProjectContext) -> None:
        learned = learning.used(context)
        names_alone = learned is not None and learned.run.names_alone
        if context.predictions is None or (context.predictions.adapted_class is not None and not names_alone):
            self._offer_groups(context)
            return
        text = tr("Nothing is learned from labels yet: these predictions come from names alone.")
        counts = context.index.counts(examples=True)
        if context.learns and sum(choice.id in counts for choice in context.classes) > 1:
            text = tr("Learning from your labels: until then these predictions come from the names alone.")
        self.info.show_message(text, "info", tr("Go to Check"), partial(self.page_wanted.emit, "check", None))

    def _offer_groups(self, context: ProjectContext) -> None:
        view, none = self.group_view, next((line.count for line in self.classes.counts if line.id == NONE_ID), 0)
        # Made only where there is something to offer, as this takes a while.
        if none and not rejected_groups.is_current(context):
            view.refresh()
        if not view.open or not none or self._declined:
            self.info.dismiss()
            return
        group = view.open[0]
        alike = tr("{count:,} of them look alike: {name}?", count=size(group), name=view.name_of(group))
        if not view.name_of(group):
            alike = tr("{count:,} of them look alike.", count=size(group))
        text = tr("{n} picture shows none of your classes.", "{n} pictures show none of your classes.", none)
        self.info.show_message(f"{text} {alike}", "info", tr(ADD), self.show_groups)

    def _embed(self) -> None:
        context = self.controller.context
        if context is not None and context.engine.ready:
            self.controller.embed()
        elif context is not None:
            self.controller.prepare()
        self._refresh_soon()

    def _select(self) -> None:
        class_id = self.classes.class_id
        show = {None: Show.UNLABELLED, NONE_ID: Show.REJECTED}.get(class_id, Show.PREDICTED)
        order = Order(self.order.currentData())  # Qt returns a plain string

        self.order.setEnabled(True)
        ask_ids(self.controller, Filter(show, class_id, order), self._show, (self, "shown"))

    def _rank(self) -> None:
        def work(context: ProjectContext, token: CancelToken) -> tuple[Ids, bool]:
            ids, _ = rank(context, name, token, reads, zero_shot=zero_shot)
            header = None if zero_shot else context.engine.header
            learned = header is not None and name_key(name) in header.base_keys
            return ids, learned or not context.engine.predictor.not_understood({name: reads})

        def answer(ranking: tuple[Ids, bool]) -> None:
            ids, understood = ranking
            self.trials.show_problem("" if understood else tr(NO_SUCH_WORD, class_name=one_line(name)))
            self._show_ranking(name, ids)

        self.order.setEnabled(False)
        name = self.trials.current
        reads, zero_shot = self.trials.reads(name), self.trials.before.isChecked()
        self.controller.ask(
            LaneName.ENGINE,
            work,
            answer,
            failed=self.trials.show_problem,
            quick=True,
            question=(self, "shown"),
        )

    def _show_ranking(self, name: str, ids: Ids) -> None:
        free = self.controller.open_context.index.matches(FREE, None, ids)
        if free.any():  # labelled images are already known; rank them only if there are no others
            ids = ids[free]
        self._places = {image_id: place for place, image_id in enumerate(ids.tolist(), 1)}
        self._show(ids, name)

    def _show(self, ids: Ids, name: str = "") -> None:
        query = (name, self.trials.before.isChecked(), self.classes.class_id, self.order.currentData())
        # The same query keeps selection and place: its answer follows new predictions.
        again, self._query = query == self._query, query
        self.grid.images.set_captions(self._caption if name else None)
        ids = self._in_place(ids, again=again)
        self.grid.set_ids(ids, keep_place=again)
        self.grid.refresh()
        if not again:  # a new query shows its first results
            self.grid.selection.clear()
            self.grid.set_current(0, select=False)
            self.grid.scrollToTop()
            self.grid.emit_selection()
        none = self.classes.class_id == NONE_ID
        self.stack.empty.show_text("search", tr(NONE_REJECTED if none else NONE_HERE), "")
        self.stack.setCurrentWidget(self.grid if len(ids) else self.stack.empty)
        if not len(ids):
            self.preview_controller.leave_full()
        self._show_heading(name, len(ids))
        self._show_selection()

    def _in_place(self, ids: Ids, *, again: bool) -> Ids:
        """Return images as they are shown, the new ones last: nothing moves under the mouse until it is asked for."""
        shown = self.grid.images.ids
        if again:
            shown = shown[self.controller.open_context.index.matches(FREE, None, shown)]
        if not again or not len(shown):
            self._show_moved(0)
            return ids
        in_place = np.concatenate([shown, ids[~np.isin(ids, shown)]])
        self.controller.ask(
            LaneName.VIEW,
            lambda _context, _token: moved(in_place, ids),
            self._show_moved,
            quick=True,
            question=(self, "moved"),
        )
        return in_place

    def _show_moved(self, count: int) -> None:
        if not count:
            self.controller.bridge.forget((self, "moved"))
        self.sort_button.setText(tr("{n} has moved: sort again", "{n} have moved: sort again", count))
        self.sort_button.setVisible(bool(count))

    def _sort_again(self) -> None:
        self._query = ()
        self._refresh_soon()
        self.grid.setFocus()

    def _show_heading(self, name: str, n: int) -> None:
        choice = self.controller.open_context.class_by_id(self.classes.class_id)
        if name:
            title = tr("Most likely '{name}' first", name=name)
        elif choice:
            title = choice.name
        else:
            title = tr(NONE_OF_THESE) if self.classes.class_id == NONE_ID else tr("All unlabelled")
        self._set_heading(title, text_format.pictures(n))
        self.adapter.set_by_name(bool(name) and self.trials.before.isChecked())

    def _caption(self, image_id: int, _guess: ImageClass | None) -> str:
        # No percentage: the best of a thousand pictures may still show something else.
        place = self._places.get(image_id)
        return "" if place is None else f"{place}. {one_line(self.trials.current)}"

    def _set_heading(self, title: str, subtitle: str) -> None:
        self.title.setText(title)
        self.subtitle.setText(subtitle)

    # ------------------------------------------------------------------ actions

    def _class_chosen(self) -> None:
        if self.trials.current:
            self.trials.choose("")
        self._refresh_soon()

    def _names_changed(self) -> None:
        context = self.controller.open_context
        keys = {name_key(choice.name) for choice in context.classes}
        self.trials.set_classes(choice.name for choice in context.classes)
        typed = [name for name in self.trials.names if name_key(name) not in keys]
        self.test.set_extra_names({name: self.trials.reads(name) for name in typed})

    def _given(self) -> ImageClass | None:
        """Return the class that accepting gives to all: that of the name that ranks the grid, or None of these."""
        context, key = self.controller.context, name_key(self.trials.current)
        choices = label_choices(context) if context is not None else []
        # The last choice is None of these.
        if choices and not key and self.classes.class_id == NONE_ID:
            return choices[-1]
        return next((choice for choice in choices if name_key(choice.name) == key), None)

    def _show_selection(self) -> None:
        count, given, name = len(self.grid.selected_ids()), self._given(), self.trials.current
        self.accept_button.setEnabled(count > 0 and (not name or given is not None))
        text, tip = tr("Accept"), ""
        if given is not None:
            text = tr("Label as {class_name}", class_name=unmarked(given.title))
        elif name:
            tip = tr("Add '{name}' as a new class first, then label pictures with it", name=name)
        self.accept_button.setText(text)
        self.accept_button.setToolTip(tip or with_keys(without_mnemonics(text), "Return"))
        self._selected.setText(tr("{n} selected", "{n} selected", count) if count else "")

    def accept(self) -> None:
        """Label the selected images with their predictions, or with the typed class that ranks them."""
        ids = self.grid.selected_ids().tolist()
        if not ids or not self.accept_button.isEnabled():
            return
        if self.accept_button.hasFocus():  # it is disabled next, and Qt would focus the field to type names in
            self.grid.setFocus()
        given = self._given()
        if given is not None:
            self.controller.assign(ids, given.id, LabelSource.SUGGESTION)
        else:
            self.labeller.accept()


NONE_HERE = later("No unlabelled picture is predicted as this class.")
NONE_REJECTED = later("The model is sure enough of every unlabelled picture.")


class PredictStack(QStackedWidget):
    """The grid, or what stands in its place."""

    def __init__(self, grid: QWidget) -> None:
        super().__init__()
        self.label_button = button(tr("Go to labelling"), "label", primary=True)
        self.embed_button = button(tr("Look at them now"), "play")
        self.import_button = button(with_ellipsis(tr("Import pictures")), "add", primary=True)
        self.watch_button = button(without_mnemonics(tr("&Watch a folder…")), "eye")
        self.mistakes_button = button(tr("Go to Check"), "chart")
        self._more = (self.import_button, self.watch_button, self.mistakes_button)
        self.empty = EmptyState("image", "", "", (self.label_button, self.embed_button, *self._more))
        self.addWidget(grid)
        self.addWidget(self.empty)

    def finds_nothing(self, context: ProjectContext, jobs: list[Job], *, named: bool) -> bool:
        """Return whether there are no predictions, or with `named` no ranking by a name, and say why."""
        ready, tell = context.engine.ready and (named or context.predictions is not None), self.empty.show_text
        if not len(context.index.columns.ids):
            text = tr("Add pictures on the Label page, or drop them anywhere.")
            tell("image", tr("No pictures yet"), text, self.label_button)
        elif not context.classes and not named:
            text = tr(
                "Type class names on the Label page, or try any name on the right: no labels are needed for that."
            )
            tell("label", tr("No classes yet"), text, self.label_button)
        elif not ready and jobs:
            job = next((job for job in reversed(jobs) if job.state is JobState.RUNNING), jobs[0])
            doing = job.title if job.visible else tr("Predicting what the pictures show")
            tell("refresh", tr("Getting ready"), doing)
        elif not ready and context.engine.ready:
            tell("refresh", tr("No picture has been looked at yet."), "", self.embed_button)
        elif not ready:
            text = tr("Choose one under Train, or try to load it again.")
            tell("refresh", tr(NO_BACKBONE), text, self.embed_button)
        elif not named and not context.index.numbers()[Show.UNLABELLED]:
            text = tr("Drop more pictures anywhere, test one on the right, or see what the model gets wrong.")
            tell("check", tr("Every picture is labelled"), text, *self._more)
        else:
            return False
        self.setCurrentWidget(self.empty)
        return True
