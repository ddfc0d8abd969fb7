"""Files outside the program: watched folders, from which new images are imported, and missing or changed images.

Qt does not report what comes on network drives, nor that a file still grows: folders are also checked every minute, and
every second while a file may still be written.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from mma_desktop.core.class_names import listed
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import file_check, watching
from mma_desktop.services.images.file_check import CheckReport, FindReport
from mma_desktop.services.images.importing import unimported_files, unimported_sentence
from mma_desktop.services.images.watching import ScanResult
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import WindowActions
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.widgets.controls import button, close_button, fill_dialog, single_shot
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_labels import hint, set_or_hide
from mma_desktop.ui.widgets.windows import ask_folder, open_once


class WatchedFoldersDialog(QDialog):
    wanted = Signal(object)  # Path to watch, too
    unwanted = Signal(object)  # Path to watch no more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Watched folders"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._enable_remove)
        self.note = hint()
        self.add_button = button(tr("Add folder…"), "add", clicked=self.choose)
        self.remove_button = button(
            tr("Remove"),
            "close",
            tip=tr("Do not watch this folder any more; its pictures stay in the project"),
            clicked=self._remove,
        )
        self.close_button = close_button(self)
        fill_dialog(
            self,
            hint(tr("Pictures that come into these folders, or folders inside them, are imported and predicted.")),
            (self.list, 1),
            self.note,
            title=tr("Watched folders"),
            buttons=(self.add_button, self.remove_button, None, self.close_button),
        )
        self.resize(620, 360)
        self.note.hide()
        self._enable_remove()

    def show_folders(self, folders: Sequence[Path], missing: Collection[Path]) -> None:
        chosen = self._chosen()
        self.list.clear()
        for folder in folders:
            gone = folder in missing
            name = one_line(str(folder))
            item = QListWidgetItem(tr("{name} (missing)", name=name) if gone else name, self.list)
            item.setIcon(icon("warning" if gone else "folder"))
            item.setToolTip(name)
            item.setData(Qt.ItemDataRole.UserRole, folder)
            if folder == chosen:
                self.list.setCurrentItem(item)
        self._enable_remove()

    def choose(self) -> None:
        set_or_hide(self.note, "")
        ask_folder(self, tr("Choose a folder"), str(Path.home()), lambda folder: self.wanted.emit(Path(folder)))

    def _chosen(self) -> Path | None:
        items = self.list.selectedItems()
        return items[0].data(Qt.ItemDataRole.UserRole) if items else None

    def _remove(self) -> None:
        if (folder := self._chosen()) is not None:
            self.unwanted.emit(folder)

    def _enable_remove(self) -> None:
        self.remove_button.setEnabled(self._chosen() is not None)


# The kind of message about watched folders.
WATCHED = "watched"
SOON_MS = 500  # gathers what a copy of many files reports
WRITTEN_MS = int(watching.STABLE_SECONDS * 1000) + 100  # a scan just before would see the file as growing still
SLOW_MS = 60_000  # for what no report comes of, as from network drives
# A check is followed by a pause of at least this many times its duration: for the fast and the slow check.
REST, SLOW_REST = 2, 50


class FolderWatch(WindowActions):
    def __init__(self, controller: Controller, messages: Messages, menus: Menus, window: QWidget) -> None:
        super().__init__(controller, messages, window)
        self._folders: list[Path] = []
        self._missing: list[Path] = []
        self._watches = False
        self._job: Job | None = None
        self._again = False
        self._scan_seconds = 0.0
        self.dialog: WatchedFoldersDialog | None = None
        self._events = QFileSystemWatcher(self)
        self._events.directoryChanged.connect(self._scan_soon)
        self._soon = single_shot(self, SOON_MS, self._scan)
        self._slow = single_shot(self, SLOW_MS, self._scan)
        controller.opened.connect(self._opened)
        menus.watch_folders.triggered.connect(self.show_folders)

    def _opened(self, context: ProjectContext | None) -> None:
        if self.dialog is not None:
            self.dialog.close()
        self._missing = []
        self._set_folders([] if context is None else watching.watched_folders(context))
        if context is not None and self._folders and not self._watches:
            QTimer.singleShot(0, self, self._ask)  # after the window has removed the notices of the previous project

    def _ask(self) -> None:
        context = self._controller.context
        if context is None or not self._folders or self._watches:
            return

        def allow() -> None:
            if self._controller.context is context:
                self._keep_allowed(context)
                self._set_folders(self._folders)

        self._messages.show_message(
            tr(
                "This project was set up elsewhere to import what comes into {folders}.",
                folders=listed([str(folder) for folder in self._folders]),
            ),
            "info",
            tr("Watch here, too"),
            allow,
            WATCHED,
        )

    def _set_folders(self, folders: Sequence[Path]) -> None:
        # Only if a user of this computer agreed: a project from elsewhere may name any folder.
        self._folders = list(folders)
        context, allows = self._controller.context, self._controller.settings.allows_watching
        self._watches = context is not None and bool(folders) and allows(context.project.folder, self._folders)
        if self._watches:
            self._scan()
            return
        self._soon.stop()
        self._slow.stop()
        self._watch_places([])

    def _keep_allowed(self, context: ProjectContext) -> None:
        self._controller.settings.allow_watching(context.project.folder, self._folders)

    def show_folders(self) -> None:
        """Open the list of watched folders; if it is empty, ask for a folder."""
        dialog = WatchedFoldersDialog(self._window)
        dialog.wanted.connect(self._add)
        dialog.unwanted.connect(self._remove)
        dialog.show_folders(self._folders, self._missing)
        open_once(dialog, self)
        if not self._folders:
            dialog.choose()

    def _add(self, folder: Path) -> None:
        context = self._controller.open_context
        why_not = watching.why_not_watchable(context, folder)
        if why_not and self.dialog is not None:
            set_or_hide(self.dialog.note, why_not)
        elif not why_not:
            self._change(context, [*self._folders, folder])

    def _remove(self, folder: Path) -> None:
        self._change(self._controller.open_context, [watched for watched in self._folders if watched != folder])

    def _change(self, context: ProjectContext, folders: Sequence[Path]) -> None:
        def changed(kept: list[Path]) -> None:
            self._messages.dismiss_kind(WATCHED)
            self._folders = kept
            self._missing = [folder for folder in self._missing if folder in kept]
            self._keep_allowed(context)
            self._set_folders(kept)
            self._update_dialog()

        def change(_token: object) -> list[Path]:
            watching.watch(context, folders)
            return watching.watched_folders(context)

        self._controller.bridge.run(LaneName.STORE, "", change, done=changed, context=context)

    def _update_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.show_folders(self._folders, self._missing)

    def _scan_soon(self) -> None:
        if self._watches and not self._soon.isActive():
            self._soon.start(max(SOON_MS, int(1000 * REST * self._scan_seconds)))

    def _scan(self) -> None:
        # With the lowest priority of the lane; nothing is imported while another import runs.
        context = self._controller.context
        if context is None or not self._watches:
            return
        if self._job is not None:
            self._again = True
            return

        def over() -> None:
            self._job = None
            again, self._again = self._again, False
            self._slow.start(max(SLOW_MS, int(1000 * SLOW_REST * self._scan_seconds)))
            if again:
                self._scan_soon()

        self._job = self._controller.ask(
            LaneName.MEDIA, watching.scan_folders, self._scanned, finished=over, background=True
        )

    def _scanned(self, scan: ScanResult) -> None:
        if not self._watches:
            return
        self._scan_seconds = scan.seconds
        self._watch_places(scan.places)
        self._show_missing(scan.missing)
        if scan.ready:
            new = scan.ready
            self._controller.import_by(lambda context, token: watching.import_new(context, new, token))
        if scan.waiting:
            self._soon.start(WRITTEN_MS)

    def _show_missing(self, missing: list[Path]) -> None:
        before, self._missing = self._missing, missing
        for folder in missing:
            if folder not in before:
                self._controller.notice.emit(
                    tr("{folder} is not there. It is watched again when it is back.", folder=folder)
                )
        for folder in before:
            if folder not in missing:
                self._controller.notice.emit(tr("{folder} is back and watched again.", folder=folder))
        if missing != before:
            self._update_dialog()

    def _watch_places(self, places: Sequence[str]) -> None:
        before = set(self._events.directories())
        gone, new = sorted(before.difference(places)), sorted(set(places) - before)
        if gone:
            self._events.removePaths(gone)
        if new and len(self._events.addPaths(new)) < len(new):  # the slow check covers those it does not accept
            self._scan_soon()  # nothing reports files that arrived between the check and now


# The kind of message about missing and changed files.
FILES = "files"
# The kind of message about files that are imported again.
AGAIN = "again"
# How long after a check the next one is made when somebody comes back to the window, as from the file manager.
AGAIN_SECONDS = 30.0
# It is at least this many times as long as the check took.
CHECK_REST = 50
# Maximum number of files with another date that are read without having been asked.
READ = 50


class MissingActions(WindowActions):
    """Reports which images are missing or changed on disk, and finds them again."""

    checked = Signal(object)  # CheckReport
    searched = Signal(object)  # FindReport

    def __init__(self, controller: Controller, messages: Messages, menus: Menus, window: QWidget) -> None:
        super().__init__(controller, messages, window)
        self._folder = str(Path.home())
        self._next_look = 0.0
        window.installEventFilter(self)
        controller.opened.connect(self._opened)
        menus.check_files.triggered.connect(self.check)
        menus.find_missing.triggered.connect(self.find)
        controller.changed.connect(self._changed)

    def _opened(self, context: ProjectContext | None) -> None:
        if context is None:
            return
        self._controller.ask(LaneName.MEDIA, lambda context, _token: unimported_files(context), self._import_strays)
        if len(context.index.columns.ids):
            self._check(by_user=False)

    def _changed(self, changes: Changes) -> None:
        context = self._controller.context
        if (changes.files or changes.images_removed) and context is not None and not len(context.index.lost.ids):
            self._messages.dismiss_kind(FILES)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        context = self._controller.context
        if event.type() is QEvent.Type.WindowActivate and context is not None and time.monotonic() > self._next_look:
            self._check(by_user=False)
        return super().eventFilter(watched, event)

    def _import_strays(self, files: list[Path]) -> None:
        if files:
            self._controller.import_paths(files)
            self._messages.show_message(unimported_sentence(len(files)), "info")

    def check(self) -> None:
        self._check(by_user=True)

    def _check(self, *, by_user: bool) -> None:
        context = self._controller.open_context
        check = file_check.FileCheck(context, hashing=by_user, few=READ)
        self._next_look = time.monotonic() + AGAIN_SECONDS
        self._controller.ask(
            LaneName.MEDIA,
            lambda _context, token: check.run(token),
            partial(self._checked, by_user, context.index.lost.ids.tolist()),
            title=tr("Checking the files") if by_user else "",
            event=self._controller.on_progress,
            background=True,
            question=(self, "check"),
        )

    def _checked(self, by_user: bool, before: list[int], report: CheckReport) -> None:
        self._next_look = time.monotonic() + max(AGAIN_SECONDS, CHECK_REST * report.seconds)
        same = self._controller.open_context.index.lost.ids.tolist() == before
        if not same or by_user:
            self._controller.changed.emit(Changes(files=True))
        if (report.missing or report.changed) and (by_user or not same):
            self._messages.show_message(report.sentence(), "warn", tr("Find again…"), self.find, FILES)
        elif by_user:
            self._messages.show_message(report.sentence(), "warn" if report.unread else "good", kind=FILES)
        if report.back and self._controller.settings.get("embed_on_import"):
            self._controller.embed()
        if report.again and not self._controller.is_importing:
            self._controller.import_paths(report.again)
            self._messages.show_message(report.again_sentence(), "info", kind=AGAIN)
        self.checked.emit(report)

    def find(self) -> None:
        context = self._controller.open_context
        if not len(context.index.lost.ids):
            self.check()
            return
        ask_folder(self._window, tr("Where are the missing pictures now?"), self._folder, self.search)

    def search(self, folder: str) -> None:
        context = self._controller.context
        if context is None:
            return
        self._folder = folder
        self._controller.ask(
            LaneName.MEDIA,
            lambda context, token: file_check.find_missing(context, [Path(folder)], token),
            self._searched,
            title=tr("Looking for missing pictures"),
            event=self._controller.on_progress,
        )

    def _searched(self, report: FindReport) -> None:
        self._controller.changed.emit(Changes(files=True))
        again = tr("Look elsewhere…") if report.found < report.wanted else ""
        self._messages.show_message(report.sentence(), "warn" if again else "good", again, self.find, FILES)
        if report.found and self._controller.settings.get("embed_on_import"):
            self._controller.embed()
        self.searched.emit(report)
