"""Imports, from a drop, paste or file dialog to the job, and a report of its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QMimeData, QUrl, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QMessageBox, QWidget

from mma_desktop.core.class_names import listed
from mma_desktop.core.events import CancelToken, Changes, Progress, left_out_sentence
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.paths import DATABASE_FILE, names_project
from mma_desktop.core.types import Ranked
from mma_desktop.media.image_formats import FORMAT_LIST
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import archive
from mma_desktop.services.formats.dataset import Format, Listing
from mma_desktop.services.formats.importer import for_testing, import_listing
from mma_desktop.services.formats.registry import Dropped, inspect_dropped, read_source, recognise
from mma_desktop.services.image_index import looked_up
from mma_desktop.services.images.importing import ImportReport, forget_interrupted, import_images, interrupted_import
from mma_desktop.services.training.adapter_loading import Loaded, ModelFile, predict_with
from mma_desktop.ui.base.controller import ContextWork, Controller
from mma_desktop.ui.base.dropped_images import Incoming, files_of, find_images
from mma_desktop.ui.base.page import ShowImages, WindowActions
from mma_desktop.ui.dialogs.import_preview import ADAPTER_SUFFIX, ImportPreview, ImportRequest, LoadModelDialog
from mma_desktop.ui.dialogs.text_dialogs import DetailsDialog
from mma_desktop.ui.grid.filter_bar import NO_FEATURES
from mma_desktop.ui.home.project_actions import ProjectActions
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.windows import confirm, open_once

IMPORT = "Import"  # the title of what an import adds, as in `store.images`
NEW = "new"
UNUSABLE = "unusable"  # the kind of message about pictures that could not be used
MANY = 2_000  # dropped files from which on they are looked at by a job: 200,000 take four seconds


class AddedNotice(WindowActions):
    """Tracks new images, and offers to show those that the Label page does not show anyway."""

    # Images that arrive by themselves, from watched folders, are offered on every page, together until viewed.

    _window: Any  # the main window with its pages, which imports this module

    def __init__(self, controller: Controller, messages: Messages, window: QWidget) -> None:
        super().__init__(controller, messages, window)
        self._imported: list[int] = []
        self._new: list[int] = []
        controller.opened.connect(self._forget)
        controller.changed.connect(self._changed)
        controller.import_done.connect(self._done)

    def _forget(self, _context: object) -> None:
        self._imported.clear()
        self._new.clear()

    def _changed(self, changes: Changes) -> None:
        if changes.title == IMPORT:
            self._imported.extend(changes.images_added)

    def _done(self, report: ImportReport) -> None:
        added, self._imported = self._imported, []
        context, window = self._controller.context, self._window
        if context is None or "label" not in window.pages:
            return
        if report.live:
            # One offer for all that has arrived since the last look, in the order of arrival.
            added = self._new = list(dict.fromkeys([*self._new, *added]))
        ids = _usable(context, added)
        here = not report.live and window.current_page == "label"
        if not len(ids) or (here and window.pages["label"].shows_all(ids)):
            return

        def show() -> None:
            # The button may be pressed much later: another project may be open, or images may be removed.
            there = _usable(context, ids)
            if self._controller.context is context and len(there):
                if report.live:
                    self._new = []
                window.turn_to("label", ShowImages(there, tr("Just added")))

        text = tr("{n} picture added.", "{n} pictures added.", len(ids))
        self._messages.show_message(
            text, "info", tr("Show it", "Show them", len(ids)), show, NEW if report.live else ""
        )


def _usable(context: ProjectContext, ids: list[int] | np.ndarray) -> np.ndarray:
    """Return the readable images still in the project, in the order they were added."""
    wanted = np.asarray(ids, np.int64)
    columns = context.index.columns
    return wanted[~looked_up(columns.problems, columns.positions(wanted), True)]


# Pages on which Ctrl+V imports images. On Use it belongs to the test panel.
PASTE_PAGES = frozenset({"home", "label"})
# Formats whose images are inside the file.
SELF_CONTAINED = frozenset({"archive", "webdataset"})


class ImportActions(WindowActions):
    """Imports into the open project, or into a new one if none is open."""

    started = Signal()
    problems_wanted = Signal()  # show the files that could not be used
    images_wanted = Signal(object)  # ShowImages

    def __init__(
        self, controller: Controller, projects: ProjectActions, messages: Messages, menus: Menus, window: QWidget
    ) -> None:
        super().__init__(controller, messages, window)
        self._projects = projects
        self._images_folder = str(Path.home())
        self.dialog: QMessageBox | ImportPreview | None = None
        controller.import_done.connect(self._report)
        controller.opened.connect(self._forget)
        controller.opened.connect(self._offer_unfinished)
        controller.changed.connect(self._changed)
        projects.opened_for.connect(self.import_items)
        menus.import_labels.triggered.connect(partial(self._preview, None, None))
        menus.load_model.triggered.connect(self.choose_model)

    def _changed(self, changes: Changes) -> None:
        context = self._controller.context
        touched = changes.labels or changes.images_added or changes.images_removed
        if touched and context is not None and not context.index.columns.problems.any():
            self._messages.dismiss_kind(UNUSABLE)

    def _offer_unfinished(self, context: ProjectContext | None) -> None:
        def seen(left: tuple[list[Path], dict[str, Path]] | None) -> None:
            if left is not None and not self._controller.is_importing:
                text = tr("The import of {places} was interrupted.", places=listed(list(map(str, left[0]))))
                self._messages.show_message(text, "warn", tr("Go on"), partial(self._start, *left), kind="import")
                self._controller.ask(LaneName.STORE, forget_interrupted, lambda _none: None)

        if context is not None:
            self._controller.ask(LaneName.STORE, lambda context, _token: interrupted_import(context), seen)

    def choose_images(self, *, folders: bool, new: bool = False) -> None:
        dialog = QFileDialog(self._window, tr("Import pictures"), self._images_folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folders else QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(partial(self._images_chosen, new))
        open_once(dialog)

    def _images_chosen(self, new: bool, files: list[str]) -> None:
        chosen = [Path(file) for file in files]
        if chosen:
            self._images_folder = str(chosen[0].parent)
            self.open_or_import(chosen, new=new)

    def handle_drop(self, data: QMimeData, word: str, *, new: bool = False, tests: bool = False) -> None:
        """Take what was dropped or pasted; a folder alone is one to be tested on if it `tests`."""
        urls = data.urls()
        if len(urls) > MANY and urls[0].isLocalFile():
            self._sort(urls, new)
            return
        contents = find_images(data, word, datetime.now())
        alone = contents.files[0] if tests and len(contents.files) == 1 else None
        if alone is not None and alone.is_dir() and not names_project(alone):
            self.test_on(alone)
        elif contents.files:
            self.open_or_import(contents.files, new=new)
        elif contents.pictures and self._controller.context is not None and not new:
            self.import_items(contents.pictures)
        elif contents.pictures:
            self._projects.new_project(tr("My project"), contents.pictures)
        else:
            self._messages.show_message(contents.refusal)

    def open_or_import(self, paths: Sequence[Path], *, new: bool = False) -> None:
        """Open or import files and folders, depending on what they are. A project's database stands for its project."""
        self._take(*by_kind(paths), new=new)

    def _sort(self, urls: Sequence[QUrl], new: bool) -> None:
        """As `open_or_import`, of so many that looking at their names takes seconds."""

        def work(token: CancelToken) -> tuple[list[Path], list[Path]]:
            projects: list[Path] = []
            others: list[Path] = []
            for part in token.slices(len(urls), MANY):
                some_projects, some_others = by_kind(files_of(urls[part]))
                projects += some_projects
                others += some_others
                token.checkpoint(Progress(part.stop, len(urls)))
            return projects, others

        self._controller.bridge.run(
            LaneName.VIEW,
            tr("Looking at what was dropped"),
            work,
            done=lambda kinds: self._take(*kinds, new=new),
            question=(self, "dropped"),
        )

    def _take(self, projects: Sequence[Path], others: Sequence[Path], *, new: bool) -> None:
        if projects:
            self._projects.open_folder(projects[0], others)
        elif others and self._controller.context is not None and not new:
            self.import_items(others)
        elif others:
            self._projects.new_project(suggested_name(others), others)

    def import_items(self, items: Sequence[Path | Incoming], classes: Mapping[str, Path] | None = None) -> None:
        """Import files and folders, and images that are not files."""
        # What class folders mean is asked first, unless `classes` answers it: a folder for each class, or none. A
        # trained model among the files is used from then on; of several, the first.
        files = [item for item in items if isinstance(item, Path)]
        models = [path for path in files if path.suffix.lower() == ADAPTER_SUFFIX]
        dropped = [path for path in files if path not in models]
        images = [item for item in items if isinstance(item, Incoming)]
        if self._controller.context is None:
            return
        if models:
            self.load_model(str(models[0]))
        if images:
            makers = [image.picture for image in images]
            self._import(lambda context, token: import_images(context, [make() for make in makers], token))
        if dropped and classes is not None:
            self._start(dropped, classes or None)
        elif dropped:
            self._inspect_dropped(dropped)

    def choose_model(self) -> None:
        dialog = LoadModelDialog(self._window)
        dialog.chosen.connect(self.load_model)
        open_once(dialog)

    def load_model(self, source: str) -> None:
        """Read a model from a file or the hub; where it has classes that the project lacks, ask what it is for."""

        def read(model: ModelFile) -> None:
            if not model.missing or not self._controller.open_context.classes:
                self._use_model(model)
                return
            text = tr("Use '{model}' in this project?", model=one_line(model.name))
            details = tr(
                "It has {n} class that is not in this project: {class_names}. Using it here adds that, and can be "
                "taken back in one step. Only looking shows what it says of your pictures, and changes nothing.",
                "It has {n} classes that are not in this project: {class_names}. Using it here adds them, and can be "
                "taken back in one step. Only looking shows what it says of your pictures, and changes nothing.",
                len(model.missing),
                class_names=listed(model.missing),
            )
            look = tr("Only look"), partial(self._preview_model, model)
            use = partial(self._use_model, model)
            confirm(self._window, tr("Use it here"), text, details, use, other_action=look)

        if self._controller.context is not None:
            self._controller.read_model(source, read)

    def _preview_model(self, model: ModelFile) -> None:
        """Show what a model says of the images, in a list that leaves the project as it is."""

        def show(predictions: Mapping[int, Ranked]) -> None:
            if not predictions:
                self._messages.show_message(tr(NO_FEATURES))
                return
            confidences = {
                ranked: text_format.whole_percent(ranked.confidence) if ranked.confidence else ""
                for ranked in predictions.values()
            }
            notes = {
                image: f"{one_line(best.class_name)} {confidences[best]}".rstrip()
                for image, best in predictions.items()
            }
            title = tr("What '{model}' says; nothing is changed", model=one_line(model.name))
            self.images_wanted.emit(ShowImages([*notes], title, notes))

        self._controller.ask(
            LaneName.ENGINE, lambda context, token: predict_with(context, model, token), show, quick=True
        )

    def _use_model(self, model: ModelFile) -> None:
        """Use a model with its classes, and offer the way back to the one before."""

        def done(loaded: Loaded) -> None:
            sentence = tr(
                "'{run}' is in use, with {classes}.", run=loaded.run.name, classes=text_format.classes(loaded.classes)
            )
            if n := len(loaded.added):
                sentence += " " + tr("{n} of them is new in this project.", "{n} of them are new in this project.", n)
            back = partial(self._controller.revert_model, loaded)
            self._messages.show_message(sentence, "good", tr("Use the former model"), back, kind="model")

        if self._controller.context is not None:
            self._controller.use_model(model, done)

    def _inspect_dropped(self, dropped: list[Path]) -> None:

        def seen(contents: Dropped) -> None:
            if contents.source is not None:
                self._recognised(dropped, *contents.source)
            elif contents.classes:
                self._ask_about(dropped, contents)
            else:
                self._start(dropped)

        self._forget()
        self._controller.ask(
            LaneName.VIEW,
            lambda _context, token: inspect_dropped(dropped, token),
            seen,
            title=tr("Looking at what was dropped") if len(dropped) > MANY else "",
            question=(self, "dialog"),
        )

    def _recognised(self, dropped: list[Path], source: Path, chosen: Format) -> None:
        if chosen.id in SELF_CONTAINED and len(dropped) > 1:  # a table is dropped with the images that it lists
            self._messages.show_message(
                tr(
                    "{file} is shown first. The other {n} item was not taken: drop it again afterwards.",
                    "{file} is shown first. The other {n} items were not taken: drop them again afterwards.",
                    len(dropped) - 1,
                    file=source.name,
                ),
                "info",
            )
        self._preview(source, chosen)

    def _ask_about(self, dropped: list[Path], contents: Dropped) -> None:
        """Ask what class folders mean; beside loose images they are taken for such only if the user says so."""
        names, classes = QCheckBox(tr("&Use folder names as classes and labels")), contents.classes
        names.setChecked(not contents.mixed)
        count_text = tr("{n} class folder found", "{n} class folders found", len(classes))

        def on_accept() -> None:
            self._start(dropped, classes if names.isChecked() else None)

        title, listing = tr("Import"), listed(list(classes))
        self.dialog = confirm(self._window, title, count_text, listing, on_accept, choice=names)
        self.dialog.finished.connect(self._forget)

    def test_on(self, folder: Path | None) -> None:
        self._preview(folder, None, tests=True)

    def _preview(self, source: Path | None, form: Format | None, *, tests: bool = False) -> None:
        """Show what another tool's file or folder lists, and import it if the user agrees."""
        self._forget()
        self.dialog = dialog = ImportPreview(source, form, self._window, tests=tests)
        dialog.wanted.connect(partial(self._read, dialog))
        dialog.chosen.connect(self._start_listing)
        dialog.finished.connect(self._forget)
        open_once(dialog)
        dialog.begin()

    def _read(self, dialog: ImportPreview, asked: ImportRequest) -> None:
        def work(context: ProjectContext, token: CancelToken) -> tuple[Format, Listing]:
            options = replace(asked.options, classes=tuple(choice.name for choice in context.classes))
            form = asked.format or recognise(asked.source)
            listing = read_source(asked.source, form, options, token)
            assert form is not None  # otherwise it was refused
            return form, for_testing(context, listing) if asked.tests else listing

        if self._controller.context is not None:
            self._controller.ask(
                LaneName.VIEW, work, dialog.show_listing, failed=dialog.show_problem, question=(self, "dialog")
            )

    def _start_listing(self, listing: Listing, title: str, overwrite: bool) -> None:
        if self._controller.context is not None:
            self._import(lambda context, token: import_listing(context, listing, title, token, overwrite=overwrite))

    def _import(self, work: ContextWork) -> None:
        self._controller.import_by(work)
        self.started.emit()

    def _forget(self, _which: object = None) -> None:
        self._controller.bridge.forget((self, "dialog"))
        if self.dialog is not None:
            dialog, self.dialog = self.dialog, None
            dialog.close()
            dialog.deleteLater()

    def _start(self, dropped: list[Path], classes: Mapping[str, Path] | None = None) -> None:
        if self._controller.context is not None:
            self._controller.import_paths(dropped, classes)
            self.started.emit()

    def _report(self, report: ImportReport) -> None:
        if report.problems:
            text = tr("{n} picture could not be used.", "{n} pictures could not be used.", report.problems)
            show = tr("Show it", "Show them", report.problems)
            self._messages.show_message(text, "warn", show, self.problems_wanted.emit, UNUSABLE)
        if report.unread:
            self._warn(
                tr("{n} picture could not be used.", "{n} pictures could not be used.", len(report.unread)),
                tr("Rows with a problem"),
                tr("These are left out, or taken without what is said. The rest is imported."),
                [f"{path}: {reason}" for path, reason in report.unread],
            )
        if sentence := report.set_apart_sentence():
            self._messages.show_message(sentence, "info")
        if report.notes:
            self._warn(
                tr(
                    "{n} picture carries another label already and kept it.",
                    "{n} pictures carry another label already and kept it.",
                    len(report.notes),
                ),
                tr("Pictures that kept another label"),
                tr("A picture carries one label: the one it had, or the first one that it was given in this import."),
                report.notes,
            )
        nothing = not (report.added or report.same_bytes or report.known or report.problems or report.unread)
        if nothing and not report.stopped and not report.live:
            nothing_there = tr("There was no picture in what you gave. Formats: {formats}.", formats=FORMAT_LIST)
            self._messages.show_message(f"{nothing_there} {left_out_sentence(report.left_out)}".strip(), "info")

    def _warn(self, sentence: str, title: str, text: str, lines: Sequence[str]) -> None:
        def show() -> None:
            open_once(DetailsDialog(title, text, lines, self._window))

        self._messages.show_message(sentence, "warn", tr("Show details"), show)


def by_kind(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the projects among files and folders, and the others."""
    dropped = [project_of(path) for path in paths]
    return [path for path in dropped if names_project(path)], [path for path in dropped if not names_project(path)]


def project_of(path: Path) -> Path:
    """Return the project of a database file, which file managers open instead; else the path itself."""
    inside = path.name == DATABASE_FILE and names_project(path.parent)
    return path.parent if inside else path


def suggested_name(dropped: Sequence[Path]) -> str:
    first = dropped[0]
    stem = archive.archive_stem(first) or ("" if first.suffix else first.name)
    if first.suffix.lower() == ADAPTER_SUFFIX:
        stem = first.stem
    name = stem if stem and len(dropped) == 1 else first.parent.name
    return name or tr("My project")
