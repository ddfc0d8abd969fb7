"""Pasting and dropping pictures: files are imported, pictures that are none become files of the project first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.ui.home.project_actions import ProjectActions
from mma_desktop.ui.shell.controller import Controller
from mma_desktop.ui.shell.dropped_pictures import clipboard_data, find_pictures
from mma_desktop.ui.shell.import_flow import ImportActions
from mma_desktop.ui.shell.message_bar import Messages

PASTE_PAGES = frozenset({"home", "label"})
"""Pages where Ctrl+V takes pictures in. On Predict it belongs to the test panel."""


class IntakeActions(QObject):
    """Takes in what a clipboard or a drop holds.

    Args:
        controller: The open project.
        projects: What files and folders are given to; asks for a new project where none is open.
        imports: What pictures are given to.
        messages: Where it is said that there is nothing to take.
        window: The owner.
    """

    def __init__(
        self,
        controller: Controller,
        projects: ProjectActions,
        imports: ImportActions,
        messages: Messages,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._projects = projects
        self._imports = imports
        self._messages = messages

    def paste(self) -> None:
        """Take in what is on the clipboard."""
        self.take(clipboard_data(), "pasted")

    def take(self, data: QMimeData, word: str = "dropped") -> None:
        """Take in what was pasted or dropped."""
        found = find_pictures(data, word, datetime.now())
        if found.files:
            self._projects.take(found.files)
        elif found.pictures and self._controller.context is not None:
            self._imports.take(found.pictures)
        elif found.pictures:
            self._projects.new_project(tr("My project"), found.pictures)
        elif found.typed:
            self._look_for(found.typed)
        else:
            self._messages.show_message(found.refusal)

    def _look_for(self, typed: Sequence[Path]) -> None:
        """A text may look like paths and be none: see off the main thread, a drive may be slow."""
        context = self._controller.context

        def seen(there: list[Path]) -> None:
            # No rule of the bridge: pasted where no project was open, they are not for one opened since either.
            if self._controller.context is not context:
                return
            if there:
                self._projects.take(there)
            else:
                self._messages.show_message(_nothing_at(typed))

        self._controller.bridge.run(
            LaneName.VIEW,
            tr("Looking for files"),
            lambda _token: [path for path in typed if path.exists()],
            done=seen,
            visible=False,
        )


def _nothing_at(paths: Sequence[Path]) -> str:
    if len(paths) == 1:
        return tr("There is no file at {path}.", path=paths[0])
    return tr(
        "There is no file at {path} and the {n} other.",
        "There is no file at {path} and the {n} others.",
        len(paths) - 1,
        path=paths[0],
    )
