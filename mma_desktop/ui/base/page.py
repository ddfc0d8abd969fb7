"""What the window and its pages say to each other: no page knows another, and the window no part of a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mma_desktop.core.types import TrainRequest
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.ui.base.controller import Controller

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

    def current_id(self) -> int:
        """Return the image that actions of the menus are about, -1 for none."""
        return -1

    def target_ids(self) -> Sequence[int]:
        return ()


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


@dataclass(frozen=True)
class ShowProblems:
    """Show the files that could not be used."""


@dataclass(frozen=True)
class ShowGroups:
    """Show the groups that the images fall into."""


@dataclass(frozen=True)
class ShowSpotCheck:
    """Show random images of a class's folder, or of what tells most about all images, to say which are wrong."""

    class_id: int | None = None


@dataclass(frozen=True)
class TryImage:
    image_id: int


@dataclass(frozen=True)
class Renewal:
    """Take these suggestions (a review) in place of the former ones; None if there are none."""

    review: object


# What the window is asked for.


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
class TestOnFolder:
    """Ask for a folder with labels, to be set apart."""


@dataclass(frozen=True)
class ShowLeaks:
    """Show the images that a training would be both trained on and tested with."""

    training: TrainRequest
