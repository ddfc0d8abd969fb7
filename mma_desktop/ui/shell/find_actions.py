"""Actions that find images: what to label next, similar images, search by text, duplicates, wrong labels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import Role, TrainRequest
from mma_desktop.services import similarity
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Show
from mma_desktop.services.images import duplicates
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.labels import label_errors
from mma_desktop.services.labels.label_errors import Suspects
from mma_desktop.services.training import label_suggestions, mistakes
from mma_desktop.services.training.label_suggestions import Suggestions
from mma_desktop.ui.base.controller import ContextWork, Controller
from mma_desktop.ui.base.page import WindowActions
from mma_desktop.ui.dialogs.text_dialogs import LineDialog
from mma_desktop.ui.grid.filter_bar import NO_FEATURES, NO_IMAGE
from mma_desktop.ui.grid.review import Copies, Proposals, Review, SuspectedLabels, nothing_more
from mma_desktop.ui.label.review_controller import SUGGESTING
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.windows import open_once

SHOWN = 500  # similar images: more than anybody looks through
# The kind of message that there is nothing to suggest.
NOTHING = "nothing"


class FindActions(WindowActions):
    found = Signal(object)  # Review to show
    renewed = Signal(object)  # Review in place of the suggestions on the screen, None if nothing is left to suggest

    def __init__(self, controller: Controller, messages: Messages, window: QWidget) -> None:
        super().__init__(controller, messages, window)
        self._show_message = messages.show_message
        controller.changed.connect(self._changed)

    def _changed(self, changes: Changes) -> None:
        # That there is nothing to suggest was said of other classes and images.
        if changes.classes or changes.images_added or changes.labels or changes.embeddings:
            self._messages.dismiss_kind(NOTHING)

    def suggest(self, leave_out: Collection[int] = (), *, again: bool = False) -> None:
        """Suggest what to label next: questions until the model is in no doubt, and what is sure.

        Images to leave out were dismissed; `again`, they take the place of those on the screen.
        """
        context = self._controller.open_context
        if not any(choice.role is Role.BASE for choice in context.classes):
            self._show_message(tr("There is no class to suggest pictures for. Add some class names first."))
            return
        shots = int(self._controller.settings.get("shots"))
        self._messages.dismiss_kind(NOTHING)
        engine = [job for job in self._controller.bridge.busy() if job.lane is LaneName.ENGINE]
        unlabelled = context.index.numbers()[Show.UNLABELLED]
        if not again and engine and unlabelled:  # the page asks again as soon as it shows that it waits
            self.found.emit(Proposals(context, Suggestions(waiting=unlabelled), leave_out))
            return

        def then(suggestions: Suggestions) -> None:
            if len(suggestions) or (suggestions.waiting and suggestions.lacking):
                (self.renewed if again else self.found).emit(Proposals(context, suggestions, leave_out))
                if not len(suggestions) and not engine:
                    self._controller.embed()
                return
            self.renewed.emit(None)
            self._show_message(nothing_more(context, suggestions, shots), kind=NOTHING)

        def failed(sentence: str) -> None:
            self.renewed.emit(None)
            self._show_message(sentence, "bad")

        self._controller.ask(
            LaneName.ENGINE,
            lambda context, token: label_suggestions.suggest(context, shots, token, leave_out=frozenset(leave_out)),
            then,
            failed=failed,
            quick=True,
            question=SUGGESTING,
        )

    def more_like(self, ids: Sequence[int]) -> None:
        if not ids:
            self._show_message(tr(NO_IMAGE))
            return
        chosen, title = list(ids), tr("Most like the selected pictures first")
        self._rank(title, lambda context, token: similarity.more_like(context, chosen, token), chosen)

    def _rank(self, title: str, work: ContextWork, first: Sequence[int] = ()) -> None:
        """Show these images, and after them those that `work` ranks highest."""

        def then(result: tuple[np.ndarray, np.ndarray]) -> None:
            ids = [*first, *result[0][:SHOWN].tolist()]
            if ids:
                self.found.emit(Review(self._controller.open_context, ids, title))
            else:
                self._show_message(tr(NO_FEATURES))

        self._controller.ask(LaneName.ENGINE, work, then, quick=True)

    def by_words(self) -> None:
        about = tr("What is in the pictures? The image model compares the words with each of them.")
        dialog = LineDialog(tr("Find pictures by words"), about, tr("Find"), self._window)
        dialog.chosen.connect(self.search)
        open_once(dialog)

    def search(self, words: str) -> None:
        text = " ".join(words.split())
        if text and self._controller.context is not None:
            title = tr("Most like '{words}' first", words=text)
            self._rank(title, lambda context, token: similarity.search_text(context, text, token))

    def near_duplicates(self, training: TrainRequest | None) -> None:
        """Show groups of near-duplicates, those split between training and test first; of a training, these alone."""
        context = self._controller.open_context
        request = training or TrainRequest(shots=int(self._controller.settings.get("shots")))

        def work(token: CancelToken) -> tuple[Any, frozenset[int]]:
            groups = duplicates.near_duplicates(context, token)
            leaks = mistakes.leaks(context, request, token)
            return groups, frozenset(image for shots, tests in leaks for image in (*shots, *tests))

        def then(result: Any) -> None:
            groups, leaking = result
            if training is not None:
                groups = [group for group in groups if not leaking.isdisjoint(group)]
            if groups:
                self.found.emit(Copies(context, groups, leaking))
            elif training is not None:
                self._show_message(tr("No picture is both trained on and tested with any more."))
            else:
                self._show_message(tr("No near duplicates: no picture is here twice in another size or compression."))

        self._controller.bridge.run(LaneName.MEDIA, tr("Comparing pictures"), work, done=then, context=context)

    def wrong_labels(self) -> None:
        def then(result: Suspects) -> None:
            if result.found:
                self.found.emit(SuspectedLabels(self._controller.open_context, result.found))
                return
            self._show_message(_all_right(result))

        def find(_nothing: object) -> None:
            self._controller.ask(
                LaneName.ENGINE,
                _wrong_labels,
                then,
                title=tr("Looking for wrong labels"),
                event=self._controller.on_progress,
            )

        # The check reads the database, so confirmed labels must be written first.
        self._controller.ask(LaneName.STORE, lambda _context, _token: None, find)


def _all_right(result: Suspects) -> str:
    text = tr(
        "None of the {n} labels looks wrong beside the others.",
        "None of the {n} labels looks wrong beside the others.",
        result.judged,
    )
    if not result.kept:
        return text
    kept = tr(
        "{n} that you found right is left out.",
        "{n} that you found right are left out.",
        result.kept,
    )
    return f"{text} {kept}"


def _wrong_labels(context: ProjectContext, token: CancelToken) -> Suspects:
    # Only images with features can be checked, so those that wait for it are embedded first.
    columns = context.index.columns
    if context.engine.ready:
        changes = embed_images(context, columns.ids[columns.labelled & columns.usable], token)
        token.checkpoint(Progress(0, None, changes=changes))
    return label_errors.find_suspects(context, token)
