"""What the pages and the window share: requests, actions, and the run that predictions come from.

No page knows another, and the window no part of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import moment, one_line, tr
from mma_desktop.core.types import RunRecord, TrainRequest
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.training.claims import range_words
from mma_desktop.services.training.mistakes import confused_ids
from mma_desktop.services.training.overview import score_of
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.text_format import capital
from mma_desktop.ui.widgets.text_labels import ElidedLabel, set_or_hide

Actions = Mapping[str, QAction]
"""The actions of the window by their names in the menus; a page puts them on its buttons."""


class Page(QWidget):
    """A page of the window; a page that cannot do one of these does nothing."""

    page_wanted = Signal(str, object)  # name of a page, and a request of those below or None
    action_requested = Signal(object)  # one of the actions below, which no page can do

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller

    def use_actions(self, actions: Actions) -> None:
        """Take the window's actions, once, before the page is shown."""

    def set_active(self, active: bool) -> None:
        """React to being shown or hidden."""

    def handle_request(self, request: object) -> None:
        """Do what another page or the window wants of this one."""

    def setting_changed(self, name: str) -> None:
        """Follow a setting."""

    def keyboard_places(self) -> Sequence[QWidget]:
        """Return what may have the keyboard, the best first: what had it last, then the first that takes keys."""
        former = self.focusWidget()
        return [*([] if former is None else [former]), *self.findChildren(QWidget)]

    def current_id(self) -> int:
        """Return the image that actions of the menus are about, -1 for none."""
        return -1

    def target_ids(self) -> Sequence[int]:
        return ()


class WindowActions(QObject):
    """Actions of the window on the open project, which say what came of them in its messages."""

    def __init__(self, controller: Controller, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._messages, self._window = controller, messages, window


def add_exports(menu: QMenu, actions: Actions) -> None:
    group = EXPORTS[0].group
    for export in EXPORTS:
        if export.group != group:
            menu.addSeparator()
        group = export.group
        menu.addAction(actions[export.id])


@dataclass(frozen=True)
class ShowImages:
    """Show exactly these images under a title, with second lines by id."""

    ids: Sequence[int] | NDArray[np.int64]
    title: str
    notes: Mapping[int, str] | None = None


@dataclass(frozen=True)
class ShowWeakClass:
    """Show unlabelled images that are like a class, or its own where all are labelled."""

    class_id: int


class Wanted(Enum):
    """What is shown, by a page, or asked for, by the window, without more to say of it."""

    PROBLEMS = auto()  # the files that could not be used
    GROUPS = auto()  # the groups that the images fall into
    SPOT_CHECK = auto()  # random images of what tells most about all images, to say which are wrong
    TEST_FOLDER = auto()  # an action: a folder with labels, to be set apart


@dataclass(frozen=True)
class TryImage:
    image_id: int


@dataclass(frozen=True)
class Renewal:
    """Take these suggestions (a review) in place of the former ones; None if there are none."""

    review: object


# What the window is asked for, by `action_requested`; those above are requests of a page, by `page_wanted`.


@dataclass(frozen=True)
class Suggest:
    """Suggest what to label next, without these images; `again` in place of what is shown."""

    leave_out: Collection[int] = ()
    again: bool = False


@dataclass(frozen=True)
class ShowMessage:
    """Show a message; the button, if it has a text, does `act`."""

    text: str
    severity: str
    button: str = ""
    act: Callable[[], None] | None = None


@dataclass(frozen=True)
class ExportAdapter:
    run_id: int


@dataclass(frozen=True)
class MakeReport:
    run_id: int


@dataclass(frozen=True)
class ShowLeaks:
    """Show the images that a training would be both trained on and tested with."""

    training: TrainRequest


def in_use(context: ProjectContext | None, run: RunRecord) -> bool:
    try:
        return context is not None and context.is_current(run)
    except UserError:  # it names a file outside the project, so no predictions can come from it
        return False


def show_confused(
    controller: Controller, page_wanted: SignalInstance, labelled: str, predicted: str, run: RunRecord | None
) -> None:
    ids = confused_ids(controller.open_context, labelled, predicted, run)
    # There may be none any more: labels and predictions have changed since the matrix was made.
    if len(ids):
        title = tr("{labelled} taken for {predicted}", labelled=labelled, predicted=predicted)
        page_wanted.emit("label", ShowImages(ids, title))
        return
    none = tr(
        "No picture labelled {labelled} is predicted as {predicted} at the moment.",
        labelled=labelled,
        predicted=predicted,
    )
    controller.notice.emit(none)


def how_good(run: RunRecord) -> str:
    """Say how often a training is right, as measured when it was stored."""
    score = score_of(run)
    if score is None:
        return tr("How often it is right was not measured.")
    right = range_words(score)
    if run.loaded:
        return tr("{accuracy} right on other pictures, where it was trained.", accuracy=capital(right))
    return tr(
        "{accuracy} right, measured on {n} label.",
        "{accuracy} right, measured on {n} labels.",
        score.n,
        accuracy=capital(right),
    )


class AdapterInUse(ElidedLabel):
    """Names the training that the predictions come from, and how good it is; hidden if there is none.

    While images are ranked by a typed name, which no training has part in, it says that instead.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.setObjectName("hint")
        self._controller = controller
        self._file: Path | None = None
        self._run: RunRecord | None = None
        self._by_name = False
        self.hide()
        for signal in (controller.opened, controller.changed, controller.predictions_changed):
            signal.connect(self._refresh)
        self._refresh()

    def _refresh(self, changes: object = None) -> None:
        context = self._controller.context
        file = context.engine.adapter_file if context is not None else None
        # The same run, and no run was renamed.
        if file == self._file and not (isinstance(changes, Changes) and changes.runs):
            return
        self._file = file
        if file is None:
            self._controller.bridge.forget((self, "runs"))
            self._show(None)
            return

        def answer(runs: list[RunRecord]) -> None:
            self._show(next((run for run in runs if in_use(context, run)), None))

        self._controller.ask_runs(answer, question=(self, "runs"))

    def set_by_name(self, by_name: bool) -> None:
        """Say that the images are ranked by a typed name alone, or name the training again."""
        self._by_name = by_name
        self._show(self._run)

    def _show(self, run: RunRecord | None) -> None:
        self._run = run
        text, tip = "", ""
        if self._by_name:
            text = tr("Ranked by the name alone")
        elif run is not None:
            text = tr("Predicted by: {run}. {how_good}", run=one_line(run.name), how_good=how_good(run))
            trained = tr("{run}, trained {when}", run=one_line(run.name), when=moment(run.created_at))
            tip = f"{text}\n{trained}"
        set_or_hide(self, text)
        self.setToolTip(tip)
