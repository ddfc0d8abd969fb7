"""Bringing pictures in: what to do with class folders and other tools' files, the import itself, and what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import ImportReport
from mma_desktop.core.i18n import tr
from mma_desktop.services.formats.dataset import Format, Listing
from mma_desktop.ui.dialogs.details import DetailsDialog
from mma_desktop.ui.dialogs.import_folders import ImportFoldersDialog
from mma_desktop.ui.dialogs.import_preview import Asked, ImportPreview
from mma_desktop.ui.shell.controller import Controller
from mma_desktop.ui.shell.dropped_pictures import Incoming
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.shell.message_bar import Messages


class ImportActions(QObject):
    """Imports into the open project.

    Args:
        controller: The open project.
        messages: Where it is said what an import found.
        menus: Whose import from another tool it does.
        window: The owner.

    Signals:
        started: An import began.
        problems_wanted: The person wants to see the files that could not be used.
    """

    started = Signal()
    problems_wanted = Signal()

    def __init__(self, controller: Controller, messages: Messages, menus: Menus, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._messages = messages
        self._window = window
        self._notes: tuple[str, ...] = ()
        self.dialog: ImportFoldersDialog | ImportPreview | None = None
        controller.import_done.connect(self._report)
        controller.opened.connect(self._forget)
        menus.import_labels.triggered.connect(self._choose_source)

    def take(self, things: Sequence[Path | Incoming]) -> None:
        """Import files and folders, and ask first what class folders mean; take in pictures that are no files."""
        dropped = [one for one in things if isinstance(one, Path)]
        pictures = [one for one in things if isinstance(one, Incoming)]
        context = self._controller.context
        if pictures and context is not None:
            self._controller.take_in([one.picture for one in pictures])
            self.started.emit()
        if not dropped or context is None:
            return

        def answer(classes: Mapping[str, Path] | None) -> None:
            if classes:
                self._ask(dropped, classes)
            else:
                self._start(dropped, None, False)

        def recognised(found: tuple[Path, Format] | None) -> None:
            if found is None:
                self._controller.ask_class_folders(dropped, answer)
            else:
                self._preview(*found)

        self._controller.ask_recognised(dropped, recognised)

    def _choose_source(self) -> None:
        self._preview(None, None)

    def _preview(self, source: Path | None, found: Format | None) -> None:
        """Show what another tool's file or folder lists, and import it when that is wanted."""
        self._forget()
        dialog = ImportPreview(source, found, self._window)
        self.dialog = dialog
        dialog.wanted.connect(self._read)
        dialog.chosen.connect(self._start_listing)
        dialog.finished.connect(self._forget)
        dialog.open()
        dialog.begin()

    def _read(self, asked: Asked) -> None:
        dialog = self.dialog
        if not isinstance(dialog, ImportPreview) or self._controller.context is None:
            return

        def answer(read: tuple[Format, Listing]) -> None:
            dialog.show_listing(*read)

        self._controller.ask_listing(
            asked.source, asked.format, asked.options, answer, dialog.show_problem, (self, "dialog")
        )

    def _start_listing(self, listing: Listing, title: str, overwrite: bool) -> None:
        if self._controller.context is not None:
            self._controller.import_listing(listing, title, overwrite)
            self.started.emit()

    def _ask(self, dropped: Sequence[Path], classes: Mapping[str, Path]) -> None:
        self._forget()
        dialog = ImportFoldersDialog(dropped, classes, self._window)
        self.dialog = dialog
        dialog.chosen.connect(self._start)
        dialog.finished.connect(self._forget)
        self._controller.ask_class_counts(classes, dialog.show_counts, (self, "dialog"))
        dialog.open()

    def _forget(self, _which: object = None) -> None:
        self._controller.bridge.forget((self, "dialog"))
        if self.dialog is not None:
            dialog, self.dialog = self.dialog, None
            dialog.close()
            dialog.deleteLater()

    def _start(self, dropped: list[Path], classes: Mapping[str, Path] | None, half: bool) -> None:
        if self._controller.context is not None:
            self._controller.import_paths(dropped, classes, half)
            self.started.emit()

    def _report(self, report: ImportReport) -> None:
        if report.problems:
            self._messages.show_message(
                tr(
                    "{n} file could not be used. The reason is kept with it.",
                    "{n} files could not be used. The reason is kept with each of them.",
                    report.problems,
                ),
                "warn",
                tr("Show them"),
                self.problems_wanted.emit,
            )
        if report.notes:
            self._notes = report.notes
            self._messages.show_message(
                tr(
                    "{n} picture carries another label already and kept it.",
                    "{n} pictures carry another label already and kept it.",
                    len(report.notes),
                ),
                "warn",
                tr("Show details"),
                self._show_notes,
            )
        nothing = not (report.added or report.duplicates or report.known or report.problems)
        if nothing and not report.stopped:
            self._messages.show_message(
                tr("There was no picture in what you gave. JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF files are read."),
                "info",
            )

    def _show_notes(self) -> None:
        dialog = DetailsDialog(
            tr("Pictures that kept another label"),
            tr("A picture carries one label: the one it had, or the first one that it was given in this import."),
            self._notes,
            self._window,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
