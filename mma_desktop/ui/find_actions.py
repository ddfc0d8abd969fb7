"""Finding images: worth labelling next, like others, by words, copies of one picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from mma_desktop.domain import TrainRequest
from mma_desktop.settings import Settings
from mma_desktop.ui.controller import Controller
from mma_desktop.ui.messages import Messages

SHOWN = 500


class FindActions(QObject):
    """The actions of the Find menu.

    Signals:
        found: Image ids in the order to show them, and a title for the list.
    """

    found = Signal(object, str)

    def __init__(self, controller: Controller, settings: Settings, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._settings = settings
        self._messages = messages
        self._window = window
        self.dialog: QInputDialog | None = None

    def _guarded(self, then: Callable[[Any], None]) -> Callable[[Any], None]:
        """Drop an answer about a project that is not the open one any more."""
        session = self._controller.session

        def answer(result: Any) -> None:
            if self._controller.session is session:
                then(result)

        return answer

    def _say(self, text: str) -> None:
        self._messages.show_message(text)

    # ------------------------------------------------------------------ what to label next

    def suggest(self) -> None:
        """The images to label next, so that every base class gets its shots: typical, diverse, class by class."""
        session = self._controller.session
        if session is None:
            return
        shots = int(self._settings.get("shots"))

        def then(result: Any) -> None:
            ids = [image for chosen in result.by_class.values() for image in chosen]
            if ids:
                self.found.emit(ids, f"Suggested shots, class by class: {len(ids)}")
            else:
                self._say(
                    f"Nothing to suggest: every base class has its {shots} shots, or no unlabelled image is left."
                )

        self._controller.ask_engine(
            "Suggesting shots", lambda session, token: session.suggest_shots(shots, token), self._guarded(then)
        )

    # ------------------------------------------------------------------ alike

    def more_like(self, ids: Sequence[int]) -> None:
        """All images, those most like the given ones first."""
        if not ids:
            self._say("Select one or more images first; the others are then sorted by how much they look like them.")
            return
        chosen = list(ids)

        def then(result: tuple[np.ndarray, np.ndarray]) -> None:
            self.found.emit([*chosen, *result[0][:SHOWN].tolist()], "Most like the selected images first")

        self._controller.ask_engine(
            "Comparing images", lambda session, token: session.more_like(chosen, token), self._guarded(then)
        )

    def by_words(self) -> None:
        """Ask for words, then show the images that fit them best."""
        if self._controller.session is None:
            return
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Find images by words")
        dialog.setLabelText("What is on the images? The backbone compares the words with each of them.")
        dialog.setOkButtonText("Find")
        dialog.textValueSelected.connect(self.search)
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def search(self, words: str) -> None:
        """Show the images that fit the words best."""
        text = " ".join(words.split())
        if not text or self._controller.session is None:
            return

        def then(result: tuple[np.ndarray, np.ndarray]) -> None:
            if len(result[0]):
                self.found.emit(result[0][:SHOWN], f"Most like '{text}' first")
            else:
                self._say("No image is embedded yet. Wait until they are.")

        self._controller.ask_engine(
            f"Looking for {text}", lambda session, token: session.search_text(text, token), self._guarded(then)
        )

    # ------------------------------------------------------------------ copies

    def near_duplicates(self) -> None:
        """Groups of images that are the same picture, one group after the other, the largest of each first."""
        if self._controller.session is None:
            return

        def then(groups: Any) -> None:
            ids = [image for group in groups for image in group.ids]
            if not ids:
                self._say("No near duplicates: no picture is here twice in another size or compression.")
                return
            extra = len(ids) - len(groups)
            self.found.emit(ids, f"{len(groups)} pictures that are here more than once ({extra} copies too many)")
            self._warn_of_leaks()

        self._controller.export(
            "Comparing pictures", lambda session, token: session.near_duplicates(token), self._guarded(then)
        )

    def _warn_of_leaks(self) -> None:
        """Copies on both sides of a training make its accuracy look better than it is."""
        request = TrainRequest(shots=int(self._settings.get("shots")))

        def then(leaks: Any) -> None:
            if leaks:
                self._messages.show_message(
                    f"{len(leaks)} of these pictures would be trained on and tested with: the accuracy would look "
                    "better than it is. Remove the label of one copy each.",
                    "warn",
                )

        self._controller.export(
            "Comparing shots and tests", lambda session, token: session.leaks(request, token), self._guarded(then)
        )
