"""Controller of a review on the Label page: the bar above the grid, its buttons and keys, group after group.

Accepting writes what the second lines below the images say, even if predictions change meanwhile. The review moves on
from a group once its labels are saved and shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageRow
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.grid_query import GridQuery
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.image_model import Note
from mma_desktop.ui.grid.preview_controller import PreviewDesk
from mma_desktop.ui.label.label_controller import Accepted, Labeller
from mma_desktop.ui.label.review import Copies, Proposals, Review, ReviewButtons, SuspectedLabels
from mma_desktop.ui.label.review_bar import ReviewBar
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import InfoBar
from mma_desktop.ui.widgets.windows import ask_first

SUGGESTING = "suggesting"
"""The question for what to label next; its answer is dropped once the list is closed."""


class _ReviewPage(Protocol):
    """What a review needs from its page."""

    controller: Controller
    grid: ImageGrid
    query: GridQuery
    labeller: Labeller
    desk: PreviewDesk
    notice: InfoBar

    def show_all(self) -> None: ...
    def focus_images(self) -> None: ...


class ReviewController(QObject):
    """The review on a Label page, if there is one.

    Args:
        page: The page whose grid shows the images.
        parent: The same page as the parent widget.

    Signals:
        suggest_requested: The model or the classes changed, so the suggestions would differ now.
    """

    suggest_requested = Signal()

    def __init__(self, page: _ReviewPage, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = page
        self._widget = parent
        self._controller = page.controller
        self.review: Review | None = None
        self.question: QMessageBox | None = None
        # Images still being written; once all are, the review moves to the next group.
        self._awaited: set[int] = set()
        self.bar = ReviewBar(parent)
        self.bar.take_keys(False)
        self.bar.accept_requested.connect(self.accept_all)
        self.bar.none_requested.connect(self._label_none)
        self.bar.reject_button.clicked.connect(self.reject)
        self.bar.every_button.clicked.connect(self.ask_every)
        self.bar.stepped.connect(self.step)
        self.bar.close_button.clicked.connect(self._close)
        page.query.query_changed.connect(self._query_changed)
        page.query.ids_changed.connect(self._ids_changed)
        page.grid.selection_changed.connect(self._selection_changed)
        self._controller.changed.connect(self._changed)
        self._controller.opened.connect(self._opened)
        self._controller.bridge.problem.connect(self._problem)
        self._controller.learned.connect(self._learned)
        self._shown_buttons: ReviewButtons | None = None

    # ------------------------------------------------------------------ opening and closing

    def show_list(
        self, ids: Sequence[int] | NDArray[np.int64], title: str, notes: Mapping[int, str] | None = None
    ) -> None:
        self.begin(Review([np.asarray(ids, np.int64).tolist()], title, notes))

    def begin(self, review: Review) -> None:
        """Start a review at its first group; new suggestions continue where the former ones were."""
        if isinstance(review, Proposals) and isinstance(self.review, Proposals):
            self._renew(self.review, review)
            return
        self.review = review
        self._page.notice.dismiss()
        self._page.desk.leave_full()
        self._shown_buttons = None
        self._page.labeller.proposed = self._proposed if review.acts else None
        self._page.grid.images.set_notes(self._note if review.acts or review.notes else None)
        self._show_group()

    def _renew(self, former: Proposals, review: Proposals) -> None:
        review.dismissed.update(former.dismissed)
        self.review = review
        self._show_again()

    @property
    def left_out(self) -> set[int]:
        """The images that the user dismissed from the suggestions."""
        return set(self.review.dismissed) if isinstance(self.review, Proposals) else set()

    def end(self) -> None:
        if self.review is None:
            return
        self.review = None
        self._controller.bridge.forget(SUGGESTING)
        self._awaited.clear()
        self._page.labeller.proposed = None
        self._page.grid.images.set_notes(None)
        self.bar.take_keys(False)
        self.bar.hide()

    def drop_suggestions(self) -> None:
        """Close the suggestions, as there are none left; other reviews stay open."""
        if isinstance(self.review, Proposals):
            self._page.show_all()

    def _close(self) -> None:
        self._page.show_all()
        self._page.focus_images()

    def _query_changed(self) -> None:
        if not self._page.query.listed:
            self.end()

    def _ids_changed(self, _ids: object, _same: bool) -> None:
        if self.review is not None and not self.review.acts:
            self._tell()

    def _opened(self, _context: object) -> None:
        if self.question is not None:
            self.question.reject()
        self.end()

    def _problem(self, _title: str, _sentence: str) -> None:
        self._awaited.clear()

    # ------------------------------------------------------------------ display

    def _show_group(self) -> None:
        """Show another group and select its first image, or all of them if they need one class."""
        review, context, grid = self.review, self._controller.context, self._page.grid
        if review is None or context is None:
            return
        self._awaited.clear()
        if isinstance(review, Copies):
            review.keeper = 0
        here = review.shown(context)
        self._page.query.show_list(here, review.headline(context, len(here)))
        grid.set_current(0)
        if isinstance(review, Copies) and review.torn(context):
            grid.select_all()
        self._tell()

    def _show_again(self) -> None:
        """Refresh the group after images were labelled, dismissed or restored."""
        review, context, query = self.review, self._controller.context, self._page.query
        if review is None or context is None:
            return
        if review.acts:
            here = review.shown(context)
            if here != query.ids.tolist():
                query.show_list(here, review.headline(context, len(here)), same=True)
            if len(here) and self._page.grid.current_id() < 0:  # new suggestions may share no image with the former
                self._page.grid.set_current(0)
        self._tell()

    def _tell(self) -> None:
        review, context = self.review, self._controller.context
        if review is None or context is None:
            return
        buttons = review.buttons_for(context)
        if buttons != self._shown_buttons:
            self._shown_buttons = buttons
            self.bar.show_buttons(buttons, len(review.groups) > 1)
            self.bar.show_none_key(label_choices(context)[-1].key if buttons.none else "")
            self.bar.take_keys(True)
        here = review.shown(context) if review.acts else self._page.query.ids.tolist()
        self.bar.show_texts(review.headline(context, len(here)), review.advice(context))
        accept = review.choice(context) if isinstance(review, Copies) else review.all_pairs(context)
        many = len(review.groups) > 1
        self.bar.enable(
            accept=bool(accept),
            reject=bool(here),
            every=many and review.next_open(context) >= 0,
            back=review.at > 0,
            on=review.at + 1 < len(review.groups),
        )

    def look_again(self) -> None:
        self._tell()

    def _learned(self, _learned: object) -> None:
        if isinstance(self.review, Proposals):
            self.suggest_requested.emit()

    def _note(self, image_id: int, row: ImageRow | None) -> Note | None:
        context = self._controller.context
        return self.review.note(context, image_id, row) if self.review is not None and context is not None else None

    def _selection_changed(self) -> None:
        """Keep the selected duplicate if exactly one is selected."""
        if isinstance(self.review, Copies):
            chosen = self._page.grid.selected_ids()
            self.review.keeper = int(chosen[0]) if len(chosen) == 1 else 0
            self._tell()

    def _changed(self, changes: Changes) -> None:
        if self.review is None:
            return
        waited = bool(self._awaited)
        self._awaited.difference_update(changes.labels, changes.images_removed)
        self._show_again()
        if waited and not self._awaited:
            self._go_on()
        context = self._controller.context
        if context is None:
            return
        # After a label, the learning model brings the next suggestions.
        if changes.classes or (changes.labels and not context.learns and not self.review.shown(context)):
            self._ask_for_more()

    def _ask_for_more(self) -> None:
        if isinstance(self.review, Proposals):
            self.suggest_requested.emit()

    def _go_on(self) -> None:
        review, context = self.review, self._controller.context
        if review is None or context is None:
            return
        at = review.next_open(context)
        if at >= 0 and at != review.at:
            review.at = at
            self._show_group()

    # ------------------------------------------------------------------ actions

    def step(self, by: int) -> None:
        """Show the next or previous group, whatever the state of this one."""
        review = self.review
        if review is not None and 0 <= review.at + by < len(review.groups):
            review.at += by
            self._show_group()

    def _proposed(self, ids: NDArray[np.int64]) -> Accepted:
        """Return what Return accepts for these images."""
        review, context = self.review, self._controller.context
        if review is None or context is None:
            return Accepted()
        if isinstance(review, Copies):
            self.accept_all()
            return Accepted()
        pairs = review.pairs(context, ids.tolist())
        if not pairs and len(ids):
            self._controller.notice.emit(tr("Nothing to accept: these pictures are labelled already."))
        return Accepted(pairs, review.overwrites, review.source(image for image, _ in pairs))

    def accept_all(self) -> None:
        """Accept the proposals of the whole group, then move on; say so if there is nothing to accept."""
        review, context = self.review, self._controller.context
        if review is None or context is None:
            return
        if isinstance(review, Copies) and (chosen := review.choice(context)):
            self._keep_one(chosen)
        elif pairs := review.all_pairs(context):
            self._page.labeller.accept_pairs(Accepted(pairs, review.overwrites))
            self._awaited.update(image for image, _ in pairs)
        else:
            nothing = tr("Nothing to accept now.")
            self._controller.notice.emit(f"{nothing} {review.advice(context)}".strip())

    def _keep_one(self, chosen: Sequence[tuple[int, list[int]]]) -> None:
        self._controller.keep_one(chosen)
        self._awaited.update(one for _, copies in chosen for one in copies)

    def _label_none(self) -> None:
        """Label the selection with "None of these"."""
        context = self._controller.context
        if context is not None and context.classes:
            self._page.labeller.label(label_choices(context)[-1].id)

    def reject(self) -> None:
        """Dismiss the selection: not an example of this class, or a label that is right."""
        review, context = self.review, self._controller.context
        if review is None or context is None or not review.buttons_for(context).reject:
            return
        here = set(review.shown(context))
        ids = [one for one in self._page.grid.target_ids().tolist() if one in here]
        if not ids:
            return
        review.dismissed.update(ids)
        if isinstance(review, SuspectedLabels):
            self._controller.confirm_labels(ids)
            text = tr(
                "The label of {n} picture will not be listed again.",
                "The labels of {n} pictures will not be listed again.",
                len(ids),
            )
            self._page.notice.show_message(text, "info", tr("Undo"), lambda: self._suspect_again(review, ids))
        self._show_again()
        if not review.is_open(context, review.at):
            self._go_on()
            self._ask_for_more()

    def _suspect_again(self, review: Review, ids: list[int]) -> None:
        if self._controller.context is None:
            return
        review.dismissed.difference_update(ids)
        self._controller.confirm_labels(ids, keep=False)
        if self.review is review:
            self._show_again()

    # ------------------------------------------------------------------ all groups at once

    def ask_every(self) -> None:
        review, context = self.review, self._controller.context
        if not isinstance(review, Copies) or context is None or self.question is not None:
            return
        chosen, left_out = review.choices(context)
        if not chosen:
            self._controller.notice.emit(tr("There is no picture whose copies agree on a label."))
            return
        count = sum(len(copies) for _, copies in chosen)
        pictures = number_format.pictures(len(chosen))
        text = tr(
            "Keep one copy each of {pictures} and take {copies} out of the project?",
            pictures=pictures,
            copies=tr("{n} copy", "{n} copies", count),
        )
        more = tr("Labels go to the copy that is kept. The files stay, and Undo brings all back.")
        if left_out:
            left = tr("Left out: {n} with different labels.", "Left out: {n} with different labels.", left_out)
            more = f"{more} {left}"
        deed = tr("Keep one in all groups")
        self.question = ask_first(self._widget.window(), deed, text, more, tr("Cancel"), self._keep_every)
        self.question.finished.connect(self._answered)

    def _answered(self) -> None:
        self.question = None

    def _keep_every(self) -> None:
        review, context = self.review, self._controller.context
        if isinstance(review, Copies) and context is not None:  # it may have been closed since
            self._keep_one(review.choices(context)[0])
