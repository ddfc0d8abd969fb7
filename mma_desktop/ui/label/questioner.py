"""Asks the questions of a review one by one. One that is shown stays until it is answered or skipped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, tr
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.grid_query import GridQuery
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.label_controller import Labeller
from mma_desktop.ui.grid.preview import PreviewController
from mma_desktop.ui.grid.review import Question, Review
from mma_desktop.ui.label.question_view import QuestionView, show_picture
from mma_desktop.ui.widgets.controls import InfoBar
from mma_desktop.ui.widgets.text_labels import set_or_hide

LEARNING = later("Learning from your answers")
LOOKING = later("Getting the questions ready")


class ReviewPage(Protocol):
    """What reviews need of their page."""

    controller: Controller
    grid: ImageGrid
    labeller: Labeller
    query: GridQuery
    preview_controller: PreviewController
    notice: InfoBar
    question: QuestionView

    def progress_text(self, question: Question) -> str: ...
    def doing_text(self) -> str: ...
    def leave_list(self) -> None: ...
    def show_question(self, shown: bool) -> None: ...
    def show_whole(self, whole: bool) -> None: ...
    def focus_images(self) -> None: ...


class Questioner(QObject):
    """The questions of one review. It is a `label_controller.Labels`: the keys answer the question that is shown."""

    ran_out = Signal()  # every question is answered or skipped

    def __init__(self, page: ReviewPage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._controller = page.controller
        self._view = view = page.question
        self._review: Review | None = None
        self._trail: list[int] = []  # the images asked about, in order; the last one may be open
        self._at = -1
        self._pending: dict[int, int] = {}  # answers that are still being written
        self._kept: set[int] = set()  # images whose labels were found right
        self._shown: Question | None = None
        self._imaged = -1
        view.answered.connect(self.label)
        view.yes_button.clicked.connect(self.accept)
        view.skip_button.clicked.connect(self.skip)
        view.keep_button.clicked.connect(self.keep_label)
        view.back_button.clicked.connect(partial(self.step, -1))
        page.grid.images.details.arrived.connect(self._show_image)

    @property
    def active(self) -> bool:
        return self._review is not None

    @property
    def image_id(self) -> int:
        return self._shown.image_id if self._shown is not None else -1

    def begin(self, review: Review) -> None:
        self._review, self._trail, self._at, self._pending, self._kept = review, [], -1, {}, set()
        self._go_on()

    def renew(self, review: Review) -> None:
        former = (self._asked(image) for image in self._trail)
        review.keep_asked([question for question in former if question is not None])
        self._review = review
        if self._shown is not None:
            self.refresh()
        elif (chosen := self._next(self._pending)) is not None:
            self._append(chosen)
        else:
            self.show_wait()

    def end(self) -> None:
        self._review, self._shown, self._imaged = None, None, -1
        self._pending.clear()
        self._view.picture.cancel()
        self._view.beside.cancel()

    def on_changes(self, changes: Changes) -> None:
        for image in changes.labels:
            self._pending.pop(image, None)
        if not self.active or not (changes.labels or changes.images_removed or changes.classes):
            return
        if self._shown is not None and self._asked(self._shown.image_id) is None:
            self._trail.pop(self._at)
            self._go_on()
        elif self._shown is None:
            self._go_on()
        else:
            self.refresh()

    def on_problem(self) -> None:
        # What could not be written is asked again.
        self._pending.clear()
        if self.active and self._shown is None:
            self._go_on()

    def _asked(self, image_id: int) -> Question | None:
        return None if self._review is None else self._review.question(image_id)

    def _next(self, pending: Mapping[int, int]) -> Question | None:
        return None if self._review is None else self._review.next_question(pending)

    def _is_open(self, image_id: int) -> bool:
        review = self._review
        if review is None or image_id in review.dismissed or image_id in self._pending:
            return False
        return review.is_asked(image_id)

    def _go_on(self) -> None:
        # What was left to go back comes first.
        if self._review is None:
            return
        left = next((at for at in reversed(range(len(self._trail))) if self._is_open(self._trail[at])), None)
        if left is not None and (question := self._asked(self._trail[left])) is not None:
            self._at = left
            self._show(question)
        elif (chosen := self._next(self._pending)) is not None:
            self._append(chosen)
        else:
            self._at, self._shown = len(self._trail), None
            self.show_wait()
            set_or_hide(self._view.list_button, self._review.list_text())
            self.ran_out.emit()

    def show_wait(self) -> None:
        """Say what is waited for while no question is left, and how far that is."""
        if self._review is not None and self._shown is None:
            text = LOOKING if self._review.waits else LEARNING if self._review.renewed else ""
            self._view.show_wait(tr(text) if text else "", self._page.doing_text(), back=bool(self._trail))

    def _append(self, chosen: Question) -> None:
        if chosen.image_id in self._trail:
            self._trail.remove(chosen.image_id)
        self._trail.append(chosen.image_id)
        self._at = len(self._trail) - 1
        self._show(chosen)

    def show_image(self, image_id: int) -> bool:
        """Ask about an image again, such as one whose answer was undone. Return whether it was asked about before."""
        if image_id not in self._trail or (question := self._asked(image_id)) is None:
            return False
        self._at = self._trail.index(image_id)
        self._show(question)
        return True

    def step(self, by: int) -> None:
        """Show the question before, or the next one; the open one is skipped."""
        at = self._at + by
        while 0 <= at < len(self._trail):
            if (question := self._asked(self._trail[at])) is not None:
                self._at = at
                self._show(question)
                return
            at += by
        if by > 0:
            self._go_on()

    def _show(self, question: Question) -> None:
        self._shown = question
        self.refresh()
        self._show_image()

    def refresh(self) -> None:
        review, shown = self._review, self._shown
        if review is None or shown is None:
            return
        self._shown = question = self._asked(shown.image_id) or shown
        self._view.show_question(
            question,
            label_choices(review.context),
            self._page.progress_text(question),
            back=self._at > 0,
            confirms=review.confirms,
        )
        set_or_hide(self._view.list_button, review.list_text())

    def _show_image(self) -> None:
        # The next image is loaded while this one is looked at.
        question = self._shown
        if question is None:
            return
        following = self._next({**self._pending, question.image_id: question.about.id})
        images = self._page.grid.images
        wanted = [question.image_id, question.beside, following.image_id if following is not None else None]
        images.details.want([item for item in wanted if item is not None])
        for image, picture in ((question.image_id, self._view.picture), (question.beside, self._view.beside)):
            row = images.row(image) if image is not None else None
            if image is not None and (row is not None or self._imaged != question.image_id):
                show_picture(picture, row, images.badge(image).lost)
        self._view.beside.setVisible(question.beside is not None)
        self._imaged = question.image_id
        if following is not None and (row := images.row(following.image_id)) is not None:
            self._view.picture.prepare(row)

    def label(self, class_id: int) -> None:
        shown, review = self._shown, self._review
        if shown is None or review is None:
            return
        if review.confirms and shown.label is not None and shown.label.id == class_id:
            self.keep_label()
            return
        self._answer(shown.image_id, class_id)
        self._page.labeller.label_ids([shown.image_id], class_id)
        self._go_on()

    def accept(self) -> None:
        if self._shown is not None:
            self.label(self._shown.about.id)

    def keep_label(self) -> None:
        """Answer that the label is right; it is not asked about again."""
        shown, review = self._shown, self._review
        if shown is None or review is None or not review.confirms:
            return
        self._kept.add(shown.image_id)
        self._controller.confirm_labels([shown.image_id])
        self._leave(shown.image_id)

    def _answer(self, image_id: int, class_id: int) -> None:
        self._pending[image_id] = class_id
        if self._review is not None:
            self._review.dismissed.discard(image_id)
        if image_id in self._kept:
            self._kept.discard(image_id)
            self._controller.confirm_labels([image_id], keep=False)

    def skip(self) -> None:
        if self._shown is None:
            return
        if self._is_open(self._shown.image_id):
            self._leave(self._shown.image_id)
        else:
            self.step(1)

    def _leave(self, image_id: int) -> None:
        if self._review is not None:
            self._review.dismissed.add(image_id)
        self._go_on()

    def unlabel(self) -> None:
        if self._shown is not None and self._shown.label is not None:
            self._controller.assign([self._shown.image_id], None)

    def remove(self) -> None:
        if self._shown is not None:
            self._controller.remove_images([self._shown.image_id])

    def same_as_last(self) -> None:
        last = self._page.labeller.last
        if last is not None:
            self.label(last.id)
