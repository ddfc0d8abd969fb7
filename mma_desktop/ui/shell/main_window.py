"""The main window: creates and connects pages, menus and status bar. It contains no logic of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from mma_desktop.core import paths
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import JobState
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import LOADING, Controller
from mma_desktop.ui.base.dropped_images import clipboard_data, may_hold_images
from mma_desktop.ui.base.page import (
    ExportAdapter,
    MakeReport,
    Page,
    Renewal,
    ShowLeaks,
    ShowMessage,
    Suggest,
    TryImage,
    Wanted,
)
from mma_desktop.ui.dialogs.help import GuideWindow, ShortcutsDialog
from mma_desktop.ui.dialogs.names_dialog import open_names
from mma_desktop.ui.dialogs.settings_dialog import SettingsDialog
from mma_desktop.ui.dialogs.text_dialogs import AboutDialog, copy_report
from mma_desktop.ui.grid.thumbnail_delegate import SIDE, ImageSide
from mma_desktop.ui.home.project_actions import AutoBackups, Closing, ProjectActions, RestoreActions
from mma_desktop.ui.shell.export_actions import ExportActions
from mma_desktop.ui.shell.file_watch import FolderWatch, MissingActions
from mma_desktop.ui.shell.find_actions import FindActions
from mma_desktop.ui.shell.import_flow import PASTE_PAGES, AddedNotice, ImportActions
from mma_desktop.ui.shell.jobs_bar import JobsBar
from mma_desktop.ui.shell.menus import Menus, wire_edit_actions
from mma_desktop.ui.shell.navigation import BELOW, ENTRIES, PAGES, KeyboardKeeper, Rail
from mma_desktop.ui.widgets import painting, text_format, theme
from mma_desktop.ui.widgets.controls import PASSING_MS, in_column, in_row, repeating, scrolled, single_shot
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.text_format import in_title
from mma_desktop.ui.widgets.text_labels import ElidedLabel
from mma_desktop.ui.widgets.windows import WindowState, available_geometry, bring_to_front, open_once, show_in_folder

log = logging.getLogger(__name__)
TITLE = "mma-desktop"
ENDS = {JobState.DONE: later("{job}: done."), JobState.FAILED: later("{job}: failed.")}
SUMMARY_MS = 200  # gathers changes; a count in the corner may lag
PAGE_MS = 60  # between two pages that are made ahead: what is typed and clicked comes first
LAST_PROJECT, LAST_PAGE = "last/project", "last/page"
LEAST = QSize(850, 460)  # the usable area of 1280x800 at 150%
BARS = 70  # height of menus and status bar


class Pages(dict[str, Page]):
    """The pages by name; one that is not there yet is made when it is asked for."""

    def __init__(self, make: Callable[[str], Page]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Page:
        return self._make(name)


class Middle(QWidget):
    """All between the menus and the status bar. It scrolls only where the screen has no room for the least window."""

    def heightForWidth(self, _width: int) -> int:
        return self.minimumHeight()


class MainWindow(QMainWindow):
    closed = Signal()  # the window and its project are closed, and no job of it is running
    language_changed = Signal()  # the settings name another language than the one of this window

    def __init__(self, controller: Controller, settings: Settings) -> None:
        super().__init__()
        self.controller = controller
        self.settings = settings
        self.setObjectName("window")
        self.setWindowIcon(painting.icon("app"))
        self.setWindowTitle(window_title(None))
        self.setAcceptDrops(True)
        self._pictures = ImageSide.of(controller)
        self.messages = Messages()
        self.menus = Menus(self)
        self.setMenuBar(self.menus)
        self.rail = Rail()
        self.rail.add_action(self.menus.settings)
        self.stack = QStackedWidget()
        self.pages = Pages(self._make_page)
        self.current_page = ""
        self._first_page = "label"
        self.guide: GuideWindow | None = None
        self.jobs = JobsBar(controller.bridge)
        self._summary = ElidedLabel()
        self._lay_out()
        self.exports = ExportActions(controller, self.messages, self.menus, self)
        self.finder = FindActions(controller, self.messages, self)
        self.closing = Closing(controller, self)
        self.projects = ProjectActions(controller, self.messages, self.closing, self)
        self.backups = AutoBackups(controller, self)
        self.restoring = RestoreActions(controller, self.messages, self.projects, self)
        self.imports = ImportActions(controller, self.projects, self.messages, self.menus, self)
        self.missing = MissingActions(controller, self.messages, self.menus, self)
        self.watch = FolderWatch(controller, self.messages, self.menus, self)
        wire_edit_actions(self.menus, lambda: self.pages.get(self.current_page))
        self.keyboard = KeyboardKeeper(self, lambda: self.pages.get(self.current_page))
        self.added = AddedNotice(controller, self.messages, self)
        self.window_state = WindowState(self, settings)
        self._summary_timer = single_shot(self, SUMMARY_MS, self._show_summary)
        self._page_timer = repeating(self, PAGE_MS, self._make_next_page)
        self._wire_menus()
        self._wire_controller()
        self.menus.set_project_open(controller.context is not None)
        self.show_page("home")
        self._show_summary()
        room = available_geometry(self).size()
        self.setMinimumSize(LEAST.boundedTo(room))
        self.resize(QSize(1280, 800).boundedTo(room))
        self.window_state.restore()

    def _lay_out(self) -> None:
        content = in_column((self.stack, 1), self.messages, margins=0, spacing=0)
        row = in_row(self.rail, (content, 1), margins=0, spacing=0)
        middle = Middle()
        middle.setLayout(row)
        middle.setMinimumSize(LEAST - QSize(0, BARS))
        area = scrolled(middle)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setCentralWidget(area)
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self._summary.setContentsMargins(4, 0, 8, 0)
        bar.addWidget(self._summary, 1)
        bar.addPermanentWidget(self.jobs)
        bar.setMinimumHeight(38)

    # ------------------------------------------------------------------ wiring

    def _wire_menus(self) -> None:
        menus = self.menus
        pairs = (
            (menus.new, partial(self.projects.new_project, "")),
            (menus.open, self.projects.choose_project),
            (menus.sample, self.projects.open_sample),
            (menus.import_folder, lambda: self.imports.choose_images(folders=True, new=self._starts_anew)),
            (menus.import_files, lambda: self.imports.choose_images(folders=False, new=self._starts_anew)),
            (menus.close_project, self.closing.close_project),
            (menus.quit, self.close),
            (menus.undo, self.controller.undo),
            (menus.redo, self.controller.redo),
            (menus.groups, lambda: self.turn_to("label", Wanted.GROUPS)),
            (menus.spot_check, lambda: self.turn_to("label", Wanted.SPOT_CHECK)),
            (menus.more_like, lambda: self.finder.more_like(self.pages[self.current_page].target_ids())),
            (menus.words, self.finder.by_words),
            (menus.duplicates, partial(self.finder.near_duplicates, None)),
            (menus.names, partial(open_names, self.controller, self)),
            (menus.suspects, self.finder.wrong_labels),
            (menus.test_picture, self._test_image),
            (menus.experiments, partial(self.show_page, "experiments")),
            (menus.paste, lambda: self.imports.handle_drop(clipboard_data(), "pasted", new=self._starts_anew)),
            (menus.settings, self.show_settings),
            (menus.full_screen, lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)),
            (menus.guide, self.show_guide),
            (menus.shortcuts, lambda: open_once(ShortcutsDialog(menus.keys, self))),
            (menus.log_folder, lambda: show_in_folder(paths.log_dir())),
            (menus.copy_report, lambda: self.messages.show_message(copy_report())),
            (menus.about, lambda: open_once(AboutDialog(self))),
        )
        for action, slot in pairs:
            action.triggered.connect(slot)
        self.finder.found.connect(partial(self.turn_to, "label"))
        self.finder.renewed.connect(lambda review: self.pages["label"].handle_request(Renewal(review)))
        menus.page_chosen.connect(self.show_page)
        self.rail.chosen.connect(self.show_page)

    def _test_image(self) -> None:
        image_id = self.pages[self.current_page].current_id()
        if image_id >= 0:
            self.turn_to("use", TryImage(image_id))

    def _wire_controller(self) -> None:
        controller = self.controller
        controller.opened.connect(self._session_changed)
        controller.changed.connect(self._summary_timer.ensure_started)
        controller.undo_changed.connect(self.menus.show_undo)
        controller.notice.connect(self.show_notice)
        controller.epoch.connect(lambda event: self.jobs.show_epoch(controller.training, event))
        controller.bridge.problem.connect(self._problem)
        self.projects.about_to_open.connect(lambda: [self.pages[name] for name in ("label", self._first_page)])
        self.projects.shown_again.connect(self._leave_home)
        self.projects.busy.connect(self.welcome.show_state)
        self.projects.recent_changed.connect(self.welcome.refresh)
        self.welcome.recent.chosen.connect(self.projects.open_folder)
        self.welcome.recent.forgotten.connect(self.projects.forget)
        self.welcome.recent.backup_wanted.connect(self.restoring.ask)
        self.imports.problems_wanted.connect(partial(self.turn_to, "label", Wanted.PROBLEMS))
        self.imports.images_wanted.connect(partial(self.turn_to, "label"))
        self.imports.started.connect(self._leave_home)
        self.jobs.long_job_done.connect(self._notify_long_job)
        self.closing.starts.connect(self.window_state.save)
        self.closing.starts.connect(self._remember)
        self.closing.starts.connect(self.projects.shut_down)
        self.closing.done.connect(self.closed)

    # ------------------------------------------------------------------ pages

    @property
    def welcome(self) -> Any:
        return self.pages["home"]

    def make_pages_soon(self) -> None:
        # One by one while the user looks at the Home page, so that opening a project is quick.
        self._page_timer.start()

    def _make_next_page(self) -> None:
        missing = next((name for name in PAGES if name not in self.pages), None)
        if missing is None:
            self._page_timer.stop()
        else:
            self._make_page(missing)

    def _make_page(self, name: str) -> Page:
        entry = next(entry for entry in ENTRIES if entry.name == name)
        page: Page = getattr(import_module(entry.module), entry.kind)(self.controller, self.stack)
        self.pages[name] = page
        self.stack.addWidget(page)
        page.use_actions(self.menus.by_name)
        page.page_wanted.connect(self.turn_to)
        page.action_requested.connect(self._do)
        self.window_state.restore_splitters(page)
        return page

    def _do(self, action: object) -> None:
        match action:
            case Suggest(leave_out, again):
                self.finder.suggest(leave_out, again=again)
            case ShowMessage(text, severity, button, act):
                self.messages.show_message(text, severity, button, act)
            case ShowLeaks(training):
                self.finder.near_duplicates(training)
            case ExportAdapter(run_id):
                self.exports.adapter(run_id)
            case MakeReport(run_id):
                self.exports.report(run_id)
            case Wanted.TEST_FOLDER:
                self.imports.test_on(None)

    def turn_to(self, name: str, request: object = None) -> None:
        self.show_page(name)
        if request is not None:
            self.pages[name].handle_request(request)

    def show_page(self, name: str) -> None:
        if name != "home" and self.controller.context is None:
            self.rail.show_page(self.current_page or "home")
            return
        former, self.current_page = self.current_page, name
        self.stack.setCurrentWidget(self.pages[name])
        self.menus.paste.setEnabled(name in PASTE_PAGES)
        self.rail.show_page(name)
        if former != name:
            self.messages.leave_page()
            if former:
                self.pages[former].set_active(False)
            self.pages[name].set_active(True)
            self.keyboard.enter(self.pages[name])

    def _session_changed(self, context: ProjectContext | None) -> None:
        self.messages.clear()
        self.statusBar().clearMessage()
        self.setWindowTitle(window_title(context))
        self.menus.set_project_open(context is not None)
        self.rail.set_project_open(context is not None)
        page, self._first_page = self._first_page if context is not None else "home", "label"
        self.show_page(page)
        self._show_summary()
        if context is not None:
            self._remember()  # already now: a window that is killed does not close

    def _show_summary(self) -> None:
        self._summary.setText(summary(self.controller.context))

    # ------------------------------------------------------------------ messages

    def show_notice(self, text: str) -> None:
        self.statusBar().showMessage(text, PASSING_MS)

    def _notify_long_job(self, title: str, state: JobState) -> None:
        # Behind another window; a job that the user cancelled is no news.
        if state in ENDS and not self.isActiveWindow():
            QApplication.alert(self)
            self.show_notice(tr(ENDS[state], job=title))

    def _problem(self, title: str, sentence: str) -> None:
        log.info("Told: %s: %s", title, sentence)
        if title == LOADING and self.current_page == "experiments":
            return  # the page shows it in its checklist, with a way to fix it
        self.messages.show_message(sentence, "bad")

    # ------------------------------------------------------------------ actions

    @property
    def _starts_anew(self) -> bool:
        return self.current_page == "home"

    def _leave_home(self) -> None:
        if self.current_page == "home":
            self.show_page("label")

    def _setting_changed(self, name: str) -> None:
        if name == "theme":
            app = QApplication.instance()
            assert isinstance(app, QApplication)
            theme.apply_theme(app, str(self.settings.get("theme")))
        elif name == "language":
            QTimer.singleShot(0, self.language_changed.emit)  # the dialog that says so goes with the window
        elif name == "device" and self.controller.context is not None:
            self.controller.prepare()
        for page in self.pages.values():
            page.setting_changed(name)

    def show_settings(self) -> None:
        dialog = SettingsDialog(self.settings, self, self.controller.bridge)
        dialog.changed.connect(self._setting_changed)
        open_once(dialog)

    def show_guide(self) -> None:
        if self.guide is None:
            self.guide = GuideWindow(self)
            self.closing.starts.connect(self.guide.close)
        bring_to_front(self.guide)

    # ------------------------------------------------------------------ the last project

    def _remember(self) -> None:
        context = self.controller.context
        project = "" if context is None or not context.lasting else str(context.project.folder)
        page, side = BELOW.get(self.current_page, self.current_page), str(self._pictures.value)
        self.settings.set_window_states({LAST_PROJECT: project, LAST_PAGE: page, SIDE: side})

    def open_last(self) -> None:
        last, page = self.settings.window_state(LAST_PROJECT), self.settings.window_state(LAST_PAGE)
        if last:
            self._first_page = page if page in PAGES else "label"
            self.projects.open_folder(Path(last))

    def open_from_outside(self, target: Path | None, sample: bool = False) -> None:
        """Come to the front, and open what a start of the program was given: images as a new project, always."""
        bring_to_front(self)
        if sample:
            self.projects.open_sample()
        elif target is not None:
            self.imports.open_or_import([paths.full_path(target)], new=True)

    # ------------------------------------------------------------------ drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_hold_images(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            context = self.controller.context
            if self.current_page == "home":
                self.welcome.zone.set_hot(True)
            elif context is not None:
                add = tr("Drop anywhere to add to {project}", project=context.project.name)
                self.show_notice(tr("Drop a folder to test on it") if self.current_page == "check" else add)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drag_over()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._drag_over()
        if may_hold_images(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            tests = self.current_page == "check"
            self.imports.handle_drop(event.mimeData(), "dropped", new=self._starts_anew, tests=tests)

    def _drag_over(self) -> None:
        self.welcome.zone.set_hot(False)
        self.statusBar().clearMessage()

    # ------------------------------------------------------------------ closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if a job is running; then close the project in the background and emit `closed`."""
        if self.closing.over:
            event.accept()
            return
        event.ignore()
        self.closing.close_window()


def summary(context: ProjectContext | None) -> str:
    if context is None:
        return tr("No project is open.")
    columns = context.index.columns
    problems = int(columns.problems.sum())
    images, labelled = len(columns.ids) - problems, int(columns.labelled.sum())
    parts = text_format.project_words(images, labelled, len(context.classes))
    if problems:
        parts.append(tr("{count:,} with a problem", count=problems))
    return ", ".join(parts)


def window_title(context: ProjectContext | None) -> str:
    return TITLE if context is None else f"{in_title(context.project.name)} \u2013 {TITLE}"
