"""Controller of what is under review on the Label page: its questions, or its list with the bar above the grid.

Accepting writes what the second lines below the selected images say, even if predictions change meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training.learning import classes_losing_predictions
from mma_desktop.services.training.overview import buried
from mma_desktop.ui.grid.review import Accepted, Nearest, Review, ReviewButtons
from mma_desktop.ui.label.questioner import Questioner, ReviewPage
from mma_desktop.ui.widgets.controls import SPACE, Flow, button, in_column, in_row, tool
from mma_desktop.ui.widgets.text_format import with_keys
from mma_desktop.ui.widgets.text_labels import IconLabel, bold, hint, set_or_hide

REJECT = "Ctrl+Backspace"
# If fewer than one of so many nearest images show a class, the next ones hardly do.
FEW_FOUND = 4


class ReviewBar(QFrame):
    """Shows the state of a review and its buttons; hidden without one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("infobar")
        self.setProperty("severity", "info")
        self._title = QLabel()
        self._title.setWordWrap(True)
        bold(self._title)
        self._advice = hint("")
        self.text, self.advice, self._low = "", "", False
        self.close_button = tool("close", tr("Close the list"), "Escape")
        self.accept_button = button("", "check", primary=True)
        self.reject_button = button("", "right")
        self.ask_button = button("", "help")
        self.newer_button = button(tr("Show newer suggestions"), "star")
        QShortcut(QKeySequence(REJECT), self.reject_button).activated.connect(self.reject_button.click)
        texts = in_column(self._title, self._advice, spacing=2)
        top = in_row(IconLabel("eye", 18, "accent"), (texts, 1), spacing=SPACE + 2)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        actions = (self.accept_button, self.reject_button, self.newer_button, self.ask_button)
        self._actions = Flow(*actions)
        below = in_row((self._actions, 1), margins=(28, 0, 0, 0))
        in_column(top, below, inside=self, margins=(SPACE + 4, 6, 6, 6), spacing=6)
        # A click keeps the keyboard focus in the grid, where the class keys work; Tab still reaches these.
        for widget in (*actions, self.close_button):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def set_low(self, low: bool) -> None:
        # The room of the advice is for the images: it is the tooltip then.
        self._low = low
        set_or_hide(self._advice, "" if low else self.advice)
        self.setToolTip(self.advice if low else "")

    def show_state(self, title: str, advice: str, buttons: ReviewButtons, *, newer: bool) -> None:
        """Show texts and buttons; `newer` offers newer suggestions."""
        self.text, self.advice = title, advice
        self._title.setText(title)
        self.set_low(self._low)
        self.setAccessibleName(f"{title}. {advice}")
        texts = (
            (self.accept_button, buttons.accept, "Return"),
            (self.reject_button, buttons.reject, REJECT),
            (self.ask_button, buttons.ask, ""),
        )
        for item, text, keys in texts:
            set_or_hide(item, text)
            item.setToolTip(with_keys(text, keys) if keys else "")
        self.newer_button.setVisible(newer)
        self._actions.place()
        self.show()


# The question for what to label next; its answer is dropped once the review is over.
SUGGESTING = "suggesting"


class ReviewController(QObject):
    """The review on a Label page, if there is one. `parent` is the same page as a widget."""

    suggest_requested = Signal()  # the model or the classes changed, so the suggestions would differ now

    def __init__(self, page: ReviewPage, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = page
        self._controller = page.controller
        self.review: Review | None = None
        self._newer: Review | None = None
        self._done: Review | None = None  # the last one whose list was done, which undo takes back
        self.looked_over: set[int] = set()  # images of lists that are done
        self.exhausted: set[int] = set()  # classes of which hardly any was found among the nearest images
        self._asked_first: set[int] = set()  # classes whose last predictions were about to be accepted
        self._accepting: Accepted | None = None  # while it is worked out what that would take
        self.questions = Questioner(page, self)
        self.bar = ReviewBar()
        self.bar.accept_button.clicked.connect(page.labeller.accept)
        self.bar.reject_button.clicked.connect(self.reject)
        self.bar.ask_button.clicked.connect(self.ask)
        self.bar.newer_button.clicked.connect(self._show_newer)
        self.bar.close_button.clicked.connect(self._close)
        page.question.list_button.clicked.connect(self.show_as_list)
        page.question.close_button.clicked.connect(self._close)
        page.query.query_changed.connect(self._query_changed)
        page.query.ids_changed.connect(self._show_bar)
        page.grid.selection_changed.connect(self._show_bar)
        self.questions.ran_out.connect(self._ran_out)
        self._controller.changed.connect(self._changed)
        self._controller.opened.connect(self._opened)
        self._controller.bridge.problem.connect(self.questions.on_problem)
        self._controller.learned.connect(self._learned)
        self._controller.predictions_changed.connect(self._features_arrived)

    # ------------------------------------------------------------------ opening and closing

    def begin(self, review: Review) -> None:
        """Start a review: with its first question, or with its list if that comes first or there is none to ask."""
        review.dismissed |= self.left_out if review.renewed else set()
        self.questions.end()
        self.review, self._newer, self._done = review, None, None
        self._page.notice.dismiss()
        self._page.preview_controller.leave_full()
        if (review.questions_left() or review.waits) and not review.list_first:
            self.ask()
        else:
            self.show_as_list()

    def renew(self, review: Review) -> None:
        """Take new suggestions in place of the former: what is shown stays until it is dealt with."""
        former = self.review
        if former is None or not former.renewed:
            return
        review.dismissed |= former.dismissed
        if self.questions.active:
            self.review = review
            self.questions.renew(review)
            if self.questions.image_id < 0 and review.shown():
                self.show_as_list()
        elif former.shown():
            self._newer = review
            self._show_bar()
        else:
            self.begin(review)
            self._page.focus_images()

    def _opened(self) -> None:
        self.end()
        self._done = None
        for noted in (self.looked_over, self.exhausted, self._asked_first):
            noted.clear()

    def _show_newer(self) -> None:
        if self._newer is not None:
            self.begin(self._newer)
            self._page.focus_images()

    @property
    def left_out(self) -> set[int]:
        return set(self.review.dismissed) if self.review is not None and self.review.renewed else set()

    def end(self) -> None:
        if self.review is None:
            return
        self.review = self._newer = None
        self._controller.bridge.forget(SUGGESTING)
        self._page.labeller.proposed = None
        self._page.grid.selection.picks = ""
        self._page.show_whole(False)
        self._page.grid.images.set_notes(None)
        self._page.grid.images.set_captions(None)
        self.questions.end()
        self._page.show_question(False)
        self.bar.hide()

    def drop_suggestions(self) -> None:
        """Close the suggestions, as there are none left; what is being looked at stays, and so do other reviews."""
        review = self.review
        if review is None or not review.renewed:
            return
        if self.questions.active and self.questions.image_id >= 0:
            return
        if self.questions.active or not review.shown():
            self._close()

    def _close(self) -> None:
        asking = self.questions.active
        self.end()
        if asking and not self._page.query.listed:
            self._page.focus_images()
            return
        self._page.leave_list()
        self._page.focus_images()

    def _query_changed(self) -> None:
        if not self._page.query.listed:
            self.end()

    # ------------------------------------------------------------------ questions

    def ask(self) -> None:
        if self.review is None:
            return
        self._page.show_question(True)
        self.questions.begin(self.review)

    def _ran_out(self) -> None:
        """Ask for more, or end the review with its last question."""
        if self.review is None:
            return
        if self.review.renewed:
            self.suggest_requested.emit()
            return
        self._finish(tr("That was the last question."))

    def _finish(self, text: str = "") -> None:
        review = self.review
        self._close()
        if review is not None:
            self._done = review
            text = review.end_text() or text
        if text:
            self._controller.notice.emit(text)

    # ------------------------------------------------------------------ the list

    def show_as_list(self) -> None:
        review = self.review
        if review is None:
            return
        self.questions.end()
        self._page.show_question(False)
        self._page.labeller.proposed = self._proposed if review.can_accept else None
        self._page.grid.images.set_notes(review.note if review.has_notes else None)
        self._page.grid.images.set_captions(review.caption)
        self._page.query.show_list(review.shown())
        self._page.show_whole(review.whole)
        self._page.grid.selection.picks = review.picks
        if review.picks:
            self._page.grid.select_ids([*review.picked])
        self._page.grid.set_current(0)
        if review.renewed:  # all of them are almost certain
            self._page.grid.select_all()
        self._show_bar()
        self._page.focus_images()

    def _show_again(self) -> None:
        review, query = self.review, self._page.query
        if review is None or self.questions.active:
            return
        if review.can_accept:
            here = review.shown()
            if here != query.ids.tolist():
                query.show_list(here, same=True)
                grid = self._page.grid
                if not len(grid.selection) and self._controller.settings.get("advance_after_label"):
                    grid.set_current(grid.current_position)
        self._show_bar()

    def _show_bar(self) -> None:
        review = self.review
        if review is None or self.questions.active:
            return
        chosen = self._page.grid.selected_ids().tolist() if review.can_accept else []
        review.choose(chosen)
        here = review.shown() if review.can_accept else self._page.query.ids
        title, newer = review.headline(len(here)), self._newer is not None
        self.bar.show_state(title, review.advice(chosen), review.buttons(chosen), newer=newer)
        self.bar.accept_button.setEnabled(bool(len(review.accepted(chosen))))
        self.bar.reject_button.setEnabled(review.can_accept and not set(here).isdisjoint(chosen))

    def refresh(self) -> None:
        self._show_bar()
        self.questions.refresh()

    def show_undone(self, images: Sequence[int]) -> bool:
        """Ask again about images that were undone; return whether something is under review."""
        review = self.review
        if review is None or not review.can_accept:
            return False
        if self.questions.active:
            self.questions.show_image(images[0])
        return True

    def _features_arrived(self) -> None:
        # More images have been looked at, and nothing could be asked before.
        if self.review is not None and self.review.waits:
            self.suggest_requested.emit()

    def show_looking(self) -> None:
        self.questions.show_wait()
        self.questions.refresh()

    def _learned(self, _learned: object) -> None:
        if self.review is not None and self.review.renewed:
            self.suggest_requested.emit()

    def _changed(self, changes: Changes) -> None:
        if self.review is None and self._done is not None and self._done.list_first and not self._done.over:
            self.begin(self._done)  # it was undone
        if self.review is None:
            return
        if self.review.list_first and self.questions.active and not self.review.over:  # it was undone
            self.show_as_list()
        self.questions.on_changes(changes)
        if self.review.over and not self.questions.active:
            self.looked_over.update(self.review.ids)
            if isinstance(self.review, Nearest) and FEW_FOUND * self.review.found < len(self.review.ids):
                self.exhausted.add(self.review.about.id)
            if not self.review.questions_left():
                self._finish()
                return
            self.ask()
        self._show_again()
        if self.review is None or not self.review.renewed:
            return
        learns = self.review.context.learns
        # After a label, the learning model brings the next suggestions.
        if changes.classes or (changes.labels and not learns and not self.questions.active):
            self.suggest_requested.emit()
        elif changes.embeddings:
            self._features_arrived()

    def _proposed(self, ids: NDArray[np.int64]) -> Accepted:
        """Return what accepting these images writes; say so if it is nothing."""
        review = self.review
        if review is None:
            return Accepted()
        accepted = review.accepted(ids.tolist())
        if review.renewed and accepted.pairs:
            if accepted != self._accepting:  # a second Enter means the same
                self._ask_first(review, accepted)
            return Accepted()
        if not len(accepted):
            nothing = tr("Nothing to accept now.")
            self._controller.notice.emit(f"{nothing} {review.advice(ids.tolist())}".strip())
        return accepted

    def _ask_first(self, review: Review, accepted: Accepted) -> None:
        # Once, images near a class are shown before its last predictions are taken.
        def accept() -> None:
            self._page.labeller.accept_pairs(accepted, advance=True)

        def then(nearest: Mapping[int, Sequence[int]]) -> None:
            class_id = next((asked for asked in nearest if asked not in self._asked_first), None)
            about = None if class_id is None else review.context.class_by_id(class_id)
            if about is None or self.review is not review:
                accept()
                return
            self._asked_first.add(about.id)
            self.begin(Nearest(review.context, about, nearest[about.id]))
            count = len(accepted)
            text = tr(
                "Accepting {n} picture would leave none predicted as '{class_name}'. Look at these first.",
                "Accepting {n} pictures would leave none predicted as '{class_name}'. Look at these first.",
                count,
                class_name=about.title,
            )
            self._page.notice.show_message(text, "warn", tr("Accept {n}", "Accept {n}", count), accept)

        # Nor what was refused for another class.
        seen = frozenset(self.looked_over.union(image for image, _ in accepted.pairs))

        def work(context: ProjectContext, token: CancelToken) -> Mapping[int, Sequence[int]]:
            lost = classes_losing_predictions(context, tuple(accepted.pairs), token)
            return buried(context, frozenset(lost), seen) if lost else {}

        def ended() -> None:
            self._accepting = None

        self._accepting = accepted
        self._controller.ask(
            LaneName.ENGINE,
            work,
            then,
            title=tr("Accepting"),
            quick=True,
            failed=lambda _sentence: accept(),
            finished=ended,
        )

    def reject(self) -> None:
        review = self.review
        if review is None or not review.can_accept:
            return
        here = set(review.shown())
        ids = [image for image in self._page.grid.selected_ids().tolist() if image in here]
        if not ids:
            return
        review.dismissed.update(ids)
        if review.confirms:
            self._controller.confirm_labels(ids)
            text = tr(
                "The label of {n} picture will not be listed again.",
                "The labels of {n} pictures will not be listed again.",
                len(ids),
            )
            self._page.notice.show_message(text, "info", tr("Undo"), lambda: self._suspect_again(review, ids))
        self._show_again()
        if review.renewed and not review.shown():
            self.suggest_requested.emit()

    def _suspect_again(self, review: Review, ids: list[int]) -> None:
        review.dismissed.difference_update(ids)
        self._controller.confirm_labels(ids, keep=False)
        if self.review is review:
            self._show_again()
