"""The window as a whole: keys, drops, imports, undo, exports and closing, through real widgets and files."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.registry import find_format
from mma_desktop.services.image_index import Predictions
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training.learning import NO_MODEL
from mma_desktop.services.training.mistakes import confused_ids
from mma_desktop.ui.base.controller import LOADING, Controller
from mma_desktop.ui.dialogs.place_dialog import ExportFormatsDialog
from mma_desktop.ui.dialogs.settings_dialog import SettingsDialog
from mma_desktop.ui.shell.main_window import MainWindow
from mma_desktop.ui.shell.navigation import PAGES

from .person import Person, close
from .projects import open_copy

Opener = Callable[[Controller], ProjectContext]
WAIT = 20_000


@pytest.fixture
def window(controller: Controller, settings: Settings, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(controller, settings)
    made.show()
    qtbot.waitExposed(made)
    yield made
    close(Person(made, qtbot))
    made.deleteLater()


@pytest.fixture
def labelled(window: MainWindow, controller: Controller, labelled_project: Path, tmp_path: Path) -> ProjectContext:
    """A copy of `labelled_project` is open."""
    return open_copy(controller, labelled_project, tmp_path / "project.mma")


def drop(window: MainWindow, paths: Sequence[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left = Qt.MouseButton.LeftButton
    where = QPoint(400, 300)
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()


def choose(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Answer the file dialog that is open, by typing and Return."""
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)), timeout=WAIT)
    dialog = window.findChildren(QFileDialog)[-1]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=WAIT)


def slow_work(token: CancelToken) -> None:
    for number in range(10_000):
        time.sleep(0.01)
        token.checkpoint(Progress(number, 10_000, "Waiting", 100.0, 99.0))


def import_with_labels(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    """Drop class folders and take their names as labels."""
    drop(window, [folder])
    qtbot.waitUntil(lambda: window.imports.dialog is not None, timeout=WAIT)
    with qtbot.waitSignal(window.controller.import_done, timeout=WAIT):
        QTest.mouseClick(window.imports.dialog.defaultButton(), Qt.MouseButton.LeftButton)


def test_pages_by_key(window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "home", "there is no project to label in"
    assert not window.rail.tabs.isTabEnabled(1)
    context = open_project(controller)
    assert window.current_page == "label"
    assert window.windowTitle() == f"{context.project.name} \u2013 mma-desktop"
    keys = {
        "home": Qt.Key.Key_1,
        "label": Qt.Key.Key_2,
        "train": Qt.Key.Key_3,
        "check": Qt.Key.Key_4,
        "use": Qt.Key.Key_5,
    }
    for name, key in keys.items():
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.current_page == name
        assert window.stack.currentWidget() is window.pages[name]
        assert PAGES[window.rail.tabs.currentIndex()] == name
    tabs = window.rail.tabs
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(PAGES.index("check")).center())
    assert window.current_page == "check"


def test_the_rail_is_a_list_of_tabs_for_a_screen_reader(
    window: MainWindow, controller: Controller, open_project: Opener
) -> None:
    open_project(controller)
    window.show_page("check")
    tabs = QAccessible.queryAccessibleInterface(window.rail.tabs)
    assert tabs.role() is QAccessible.Role.PageTabList
    pages = [tabs.child(at) for at in range(len(PAGES))]
    assert [one.role() for one in pages] == [QAccessible.Role.PageTab] * len(PAGES)
    assert [one.text(QAccessible.Text.Name) for one in pages][:5] == ["Home", "Label", "Train", "Check", "Use"]


def test_the_arrows_step_through_the_rail(window: MainWindow, controller: Controller, open_project: Opener) -> None:
    open_project(controller)
    window.rail.tabs.setFocus()
    for page in (*PAGES[PAGES.index("label") + 1 :], PAGES[-1]):
        QTest.keyClick(window.rail.tabs, Qt.Key.Key_Down)
        assert window.current_page == page
        assert window.focusWidget() is window.rail.tabs
    QTest.keyClick(window.rail.tabs, Qt.Key.Key_Up)
    assert window.current_page == PAGES[-2]


def test_pages_are_made_before_they_are_needed(window: MainWindow, qtbot: QtBot) -> None:
    assert list(window.pages) == ["home"]
    window.make_pages_soon()
    qtbot.waitUntil(lambda: list(window.pages) == list(PAGES), timeout=WAIT)
    assert window.current_page == "home"


def test_a_page_is_made_when_it_is_wanted(window: MainWindow, controller: Controller, open_project: Opener) -> None:
    """It says what became of loading the backbone before there was a page to hear it."""
    open_project(controller)
    controller.engine_trouble = "It cannot be downloaded."
    assert list(window.pages) == ["home", "label"]
    window.show_page("experiments")
    assert list(window.pages) == ["home", "label", "experiments"]
    page = window.pages["experiments"]
    assert page.form.checklist.items[0].text == "It cannot be downloaded."
    methods = page.form.methods
    first, second = (methods.visualItemRect(methods.item(row)) for row in (0, 1))
    assert second.y() == first.y() + methods.sizeHintForRow(0), "rows as high as with the style"
    window.show_page("home")
    window.show_page("experiments")
    assert window.pages["experiments"] is page


def test_drop_on_welcome_makes_a_project(
    window: MainWindow, settings: Settings, picture_folder: Path, qtbot: QtBot
) -> None:
    folder = picture_folder / "apples"
    drop(window, [folder])
    dialog = window.projects.dialog
    assert dialog is not None
    assert dialog.name.text() == "apples"
    assert dialog.isVisible()
    with qtbot.waitSignal(window.controller.import_done, timeout=WAIT) as done:
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert done.args[0].added == 12
    context = window.controller.open_context
    assert context.project.folder == Path(str(settings.get("projects_folder"))) / "apples.mma"
    assert len(context.index.columns.ids) == 12
    assert settings.recent() == [context.project.folder]
    assert window.current_page == "label"


def test_class_folders_are_asked_about(
    window: MainWindow, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    context = open_project(controller)
    drop(window, [picture_folder])
    qtbot.waitUntil(lambda: window.imports.dialog is not None, timeout=WAIT)
    dialog = window.imports.dialog
    assert dialog is not None
    assert dialog.checkBox().isChecked()
    assert dialog.text() == "4 class folders found"
    assert dialog.informativeText() == "'apples', 'boxes', 'clouds', 'stripes'"
    with qtbot.waitSignal(controller.import_done, timeout=WAIT) as done:
        QTest.mouseClick(dialog.defaultButton(), Qt.MouseButton.LeftButton)
    assert (done.args[0].added, done.args[0].labelled) == (48, 48)
    assert [(one.name, one.role) for one in context.classes] == [
        ("apples", Role.BASE),
        ("boxes", Role.BASE),
        ("clouds", Role.BASE),
        ("stripes", Role.BASE),
    ]
    assert sorted(context.index.counts().values()) == [12] * 4
    assert window.statusBar().currentMessage() == "48 pictures added, 48 labelled from folder names."


def test_after_an_import_with_classes_the_keyboard_is_on_the_images(
    window: MainWindow, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    open_project(controller)
    page = window.pages["label"]
    page.panel.names.setFocus()
    import_with_labels(window, qtbot, picture_folder)
    qtbot.waitUntil(lambda: window.focusWidget() is page.grid, timeout=WAIT)


def test_the_first_window_fits_on_the_screen(window: MainWindow) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    wanted = min(1280, max(window.minimumWidth(), room.width())), min(800, max(window.minimumHeight(), room.height()))
    assert window.width() == wanted[0]
    assert window.height() <= wanted[1]


def test_what_only_informs_does_not_follow_to_another_page(
    window: MainWindow, controller: Controller, open_project: Opener
) -> None:
    open_project(controller)
    window.messages.show_message("Broken.", "bad")
    window.messages.show_message("The report is on the clipboard.")
    assert len(window.messages.bars) == 2
    window.show_page("check")
    assert [bar.text for bar in window.messages.bars] == ["Broken."]


def test_only_what_opens_a_dialog_ends_with_an_ellipsis(window: MainWindow) -> None:
    assert window.menus.check_files.text() == "C&heck the files"
    assert window.menus.find_missing.text().endswith("\u2026")


def test_a_backbone_that_fails_is_told_once(window: MainWindow, controller: Controller, open_project: Opener) -> None:
    open_project(controller)
    controller.bridge.problem.emit(LOADING, "It cannot be downloaded.")
    assert [bar.text for bar in window.messages.bars] == ["It cannot be downloaded."]
    window.messages.clear()
    window.show_page("experiments")
    controller.engine_trouble = "It cannot be downloaded."
    controller.engine_changed.emit()
    controller.bridge.problem.emit(LOADING, "It cannot be downloaded.")
    assert window.messages.bars == []
    assert window.pages["experiments"].form.checklist.items[0].text == "It cannot be downloaded."


@pytest.mark.parametrize("loose", [0, 5])
def test_class_folders_without_labels(
    window: MainWindow,
    controller: Controller,
    open_project: Opener,
    picture_folder: Path,
    loose: int,
    qtbot: QtBot,
) -> None:
    """Beside loose pictures, folders are taken for classes only if that is asked for."""
    context = open_project(controller)
    for picture in sorted(picture_folder.glob("apples/*"))[:loose]:
        picture.rename(picture_folder / picture.name)
    drop(window, [picture_folder])
    qtbot.waitUntil(lambda: window.imports.dialog is not None, timeout=WAIT)
    dialog = window.imports.dialog
    assert dialog is not None
    assert dialog.checkBox().isChecked() == (not loose)
    if not loose:
        dialog.checkBox().setFocus()
        QTest.keyClick(dialog.checkBox(), Qt.Key.Key_Space)
    with qtbot.waitSignal(controller.import_done, timeout=WAIT) as done:
        QTest.mouseClick(dialog.defaultButton(), Qt.MouseButton.LeftButton)
    assert (done.args[0].added, done.args[0].labelled) == (48, 0)
    assert context.classes == []


def test_cancelled_import_imports_nothing(
    window: MainWindow, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    context = open_project(controller)
    drop(window, [picture_folder])
    qtbot.waitUntil(lambda: window.imports.dialog is not None, timeout=WAIT)
    with qtbot.assertNotEmitted(controller.import_done, wait=200):
        QTest.keyClick(window.imports.dialog, Qt.Key.Key_Escape)
    assert window.imports.dialog is None
    assert len(context.index.columns.ids) == 0


def test_bad_files_are_counted_and_shown(
    window: MainWindow, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    open_project(controller)
    folder = picture_folder / "boxes"
    (folder / "empty.jpg").touch()
    (folder / "letter.png").write_text("no picture at all")
    with qtbot.waitSignal(controller.import_done, timeout=WAIT) as done:
        drop(window, [folder])
    assert (done.args[0].added, done.args[0].problems) == (12, 2)
    bar = window.messages.bars[-1]
    assert bar.text.startswith("2 pictures could not be used.")
    assert bar.accessibleName().startswith("Warning")
    window.show_page("home")
    QTest.mouseClick(bar.action_button, Qt.MouseButton.LeftButton)
    assert window.current_page == "label"
    assert bar.isHidden()


def test_same_picture_in_two_class_folders(
    window: MainWindow, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    open_project(controller)
    twin = picture_folder / "boxes" / "twin.jpg"
    twin.write_bytes((picture_folder / "apples" / "apples 01.jpg").read_bytes())
    import_with_labels(window, qtbot, picture_folder)
    bar = window.messages.bars[-1]
    assert bar.text.startswith("1 picture carries another label already")
    QTest.mouseClick(bar.action_button, Qt.MouseButton.LeftButton)
    shown = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    assert len(shown) == 1
    assert "twin.jpg" in shown[0].text.toPlainText()


def test_drop_of_a_project_opens_it(window: MainWindow, controller: Controller, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "other.mma"
    create_project(folder, threads=1).close()
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        drop(window, [folder])
    assert controller.open_context.project.folder == folder


def test_a_project_open_elsewhere_is_refused_with_its_sentence(
    window: MainWindow, controller: Controller, open_project: Opener, tmp_path: Path, qtbot: QtBot
) -> None:
    mine = open_project(controller)
    other = create_project(tmp_path / "other.mma", threads=1)
    try:
        drop(window, [tmp_path / "other.mma"])
        qtbot.waitUntil(lambda: bool(window.messages.bars), timeout=WAIT)
    finally:
        other.close()
    assert "other" in window.messages.bars[0].text
    assert window.messages.bars[0].accessibleName().startswith("Problem")
    assert controller.context is mine, "what was open stays open"


def test_undo_menu_names_the_edit(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    context = open_project(controller)
    assert not window.menus.undo.isEnabled()
    with qtbot.waitSignal(controller.undo_changed, timeout=WAIT):
        controller.add_classes(["red", "blue"])
    title = context.project.undo_title
    assert title
    assert window.menus.undo.text().lower() == f"&undo {title}".lower()
    with qtbot.waitSignal(controller.undo_changed, timeout=WAIT):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert context.classes == []
    assert window.menus.undo.text() == "&Undo"
    assert window.menus.redo.text().lower() == f"&redo {title}".lower()
    with qtbot.waitSignal(controller.undo_changed, timeout=WAIT):
        QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert [one.name for one in context.classes] == ["red", "blue"]


@pytest.mark.parametrize(("form", "out"), [("csv", "out.csv"), ("imagefolder", "out")])
def test_labels_and_pictures_are_exported(
    window: MainWindow,
    controller: Controller,
    labelled: ProjectContext,
    tmp_path: Path,
    form: str,
    out: str,
    qtbot: QtBot,
) -> None:
    window.menus.export["pictures"].trigger()
    dialog = window.findChild(ExportFormatsDialog)
    assert dialog.format.currentData().id == "csv"
    dialog.format.setCurrentIndex(dialog.format.findData(find_format(form)))
    dialog.name.setText("out")
    dialog.folder.setText(str(tmp_path))
    dialog.go_button.click()
    qtbot.waitUntil(lambda: any("ritten to" in bar.text for bar in window.messages.bars), timeout=WAIT)
    assert window.messages.bars[-1].action_button.text() == "How to use it"
    classes = ["apples", "boxes", "clouds", "stripes"]
    if form == "csv":
        with (tmp_path / out).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 48
        assert {row["label"] for row in rows} == set(classes)
    else:
        assert sorted(path.name for path in (tmp_path / out).iterdir()) == classes
        assert len(list((tmp_path / out).rglob("*.jpg"))) == 48


def test_export_of_an_adapter_that_is_not_there(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    window.menus.export["model"].trigger()
    qtbot.waitUntil(lambda: bool(window.messages.bars), timeout=WAIT)
    assert window.messages.bars[0].text == NO_MODEL


def test_jobs_bar(window: MainWindow, controller: Controller, qtbot: QtBot) -> None:
    first = controller.bridge.run(LaneName.MEDIA, "First thing", slow_work)
    second = controller.bridge.run(LaneName.MEDIA, "Second thing", slow_work)
    jobs = window.jobs
    qtbot.waitUntil(lambda: jobs.isVisible() and "of 10,000" in jobs.detail.text(), timeout=WAIT)
    assert jobs.title.text() == "First thing"
    assert "100 per second" in jobs.detail.text()
    assert jobs.list_button.text() == "1 more"
    QTest.mouseClick(jobs.pause_button, Qt.MouseButton.LeftButton)
    assert first.paused
    assert "paused" in jobs.detail.text()
    QTest.mouseClick(jobs.pause_button, Qt.MouseButton.LeftButton)
    assert not first.paused
    QTest.mouseClick(jobs.list_button, Qt.MouseButton.LeftButton)
    assert [row.entry.job.title for row in jobs.popup.rows] == ["First thing", "Second thing"]
    detail = jobs.popup.rows[0].detail
    qtbot.waitUntil(lambda: "about 2 min left" in detail.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: detail.width() >= detail.sizeHint().width(), timeout=WAIT)
    assert jobs.popup.frameGeometry().bottom() < jobs.mapToGlobal(QPoint(0, 0)).y()
    QTest.mouseClick(jobs.popup.rows[1].stop_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(jobs.popup.rows[0].stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: first.finished and second.finished, timeout=WAIT)
    qtbot.waitUntil(lambda: not jobs.isVisible() and not jobs.popup.isVisible(), timeout=WAIT)


def test_a_job_that_gives_way_to_its_successor_is_not_shown_to_stop(
    window: MainWindow, controller: Controller, qtbot: QtBot
) -> None:
    bridge, jobs, going, gate = controller.bridge, window.jobs, threading.Event(), threading.Event()

    def deaf(_token: CancelToken) -> None:
        going.set()
        gate.wait(20)

    first = bridge.run(LaneName.MEDIA, "Groups", deaf, question="groups")
    qtbot.waitUntil(jobs.isVisible, timeout=WAIT)
    assert going.wait(20)
    second = bridge.run(LaneName.MEDIA, "Groups", slow_work, question="groups")
    qtbot.waitUntil(lambda: jobs.entry is not None and jobs.entry.job is second, timeout=WAIT)
    assert not first.finished
    assert jobs.detail.text() == "waiting"
    gate.set()
    qtbot.waitUntil(lambda: "of 10,000" in jobs.detail.text(), timeout=WAIT)
    bridge.forget("groups")
    qtbot.waitUntil(jobs.isHidden, timeout=WAIT)


def test_closing_while_busy_asks(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    context = open_project(controller)
    job = controller.bridge.run(LaneName.MEDIA, "Copying", slow_work)
    window.close()
    box = window.closing.question
    assert box is not None
    assert "Copying" in box.text()
    press(box, "Keep working")
    assert window.isVisible()
    assert not job.finished
    window.close()
    box = window.closing.question
    assert box is not None
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        press(box, "Stop and close")
        assert not window.isVisible()
    assert job.finished
    assert controller.context is None
    create_again = context.project.folder
    reopened = ProjectContext(type(context.project).open(create_again))
    reopened.close()


def test_the_question_at_closing_promises_nothing_of_a_training(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    controller.training = controller.bridge.run(LaneName.ENGINE, "Training", slow_work)
    window.close()
    box = window.closing.question
    assert box is not None
    assert box.informativeText() == "Every label is saved. Nothing is kept of a training that is stopped."
    press(box, "Keep working")


def test_what_goes_on_by_itself_later_is_not_asked_about_at_closing(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    job = controller.bridge.run(LaneName.ENGINE, "Embedding pictures", slow_work, background=True)
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close()
    assert window.closing.question is None
    assert job.finished


def test_what_is_only_for_the_window_is_not_asked_about_at_closing(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    """Nobody asked for the groups that are being found, and nothing is lost with them."""
    open_project(controller)
    former = controller.bridge.run(LaneName.ENGINE, "Finding groups", slow_work, question="groups")
    job = controller.bridge.run(LaneName.ENGINE, "Finding groups", slow_work, question="groups")
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close()
    assert window.closing.question is None
    assert former.finished
    assert job.finished


def press(box: QMessageBox, text: str) -> None:
    button = next(one for one in box.findChildren(QPushButton) if one.text().replace("&", "") == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_label_set_just_before_closing_is_kept(
    window: MainWindow, controller: Controller, labelled: ProjectContext, qtbot: QtBot
) -> None:
    context = labelled
    folder = context.project.folder
    qtbot.waitUntil(lambda: not controller.bridge.busy(), timeout=WAIT)
    ids = context.index.columns.ids.tolist()
    boxes = next(one.id for one in context.classes if one.name == "boxes")
    for image_id in ids:
        controller.assign([image_id], boxes)
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close()
    reopened = ProjectContext(type(context.project).open(folder))
    try:
        assert dict(reopened.index.counts()) == {boxes: 48}
    finally:
        reopened.close()


def test_closing_the_project_goes_home(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "home"
    assert window.windowTitle() == "mma-desktop"
    assert not window.menus.exports.isEnabled()


def test_messages_go_with_their_project_and_move_nothing_above_them(
    window: MainWindow, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    window.messages.show_message("The folder is not there.", "bad")
    open_project(controller)
    assert window.messages.bars == []
    before = window.stack.geometry()
    window.messages.show_message("2 pictures are missing.", "warn")
    window.show_notice("Undone: label 2 images.")
    qtbot.waitUntil(lambda: window.stack.height() < before.height())
    assert window.stack.geometry().topLeft() == before.topLeft()
    controller.close_context(lambda: None)
    qtbot.waitUntil(lambda: controller.context is None and not controller.is_closing, timeout=WAIT)
    assert window.messages.bars == []
    assert not window.statusBar().currentMessage()


def test_opening_another_while_busy_asks(
    window: MainWindow, controller: Controller, open_project: Opener, tmp_path: Path, qtbot: QtBot
) -> None:
    mine = open_project(controller)
    other = tmp_path / "other.mma"
    create_project(other, threads=1).close()
    job = controller.bridge.run(LaneName.MEDIA, "Copying", slow_work)
    drop(window, [other])
    assert window.closing.question is not None
    press(window.closing.question, "Keep working")
    assert controller.context is mine
    assert not job.finished
    drop(window, [other])
    assert window.closing.question is not None
    press(window.closing.question, "Stop and close")
    qtbot.waitUntil(lambda: controller.context is not None and controller.context.project.folder == other, timeout=WAIT)
    assert job.finished


def test_a_cell_of_the_confusion_matrix_shows_its_images(
    window: MainWindow, controller: Controller, labelled: ProjectContext, qtbot: QtBot
) -> None:
    context = labelled
    apples, boxes = (next(one.id for one in context.classes if one.name == name) for name in ("apples", "boxes"))
    columns = context.index.columns
    predicted = np.full(len(columns.ids), boxes)
    predicted[np.flatnonzero(columns.class_ids == apples)[3:]] = apples
    context.predictions = Predictions(columns.ids, predicted, np.ones(len(predicted), np.float32))
    assert confused_ids(context, "Apples", "boxes").tolist() == columns.ids[columns.class_ids == apples][:3].tolist()
    window.show_page("check")
    window.pages["check"].pairs.chosen.emit(("apples", "boxes"))
    assert window.current_page == "label"
    qtbot.waitUntil(lambda: window.pages["label"].grid.images.ids.tolist() == [1, 2, 3], timeout=WAIT)
    window.pages["check"].pairs.chosen.emit(("boxes", "apples"))
    assert window.statusBar().currentMessage().startswith("No picture labelled boxes is predicted as apples")


def test_geometry_comes_back(window: MainWindow, controller: Controller, settings: Settings, qtbot: QtBot) -> None:
    window.resize(940, 700)
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close()
    again = MainWindow(controller, Settings(settings.path.parent))
    qtbot.addWidget(again)
    assert again.height() == 700, "the height of a fresh window is another"
    again.closing.over = True


def test_every_action_has_text_and_no_key_is_taken_twice(window: MainWindow) -> None:
    keys: dict[str, str] = {}
    for action in window.findChildren(QAction):
        for sequence in action.shortcuts():
            key = sequence.toString()
            assert key not in keys, f"{key}: {keys.get(key)} and {action.text()}"
            keys[key] = action.text()
    assert {"Ctrl+1", "Ctrl+5", "Ctrl+N", "Ctrl+Z", "F1", "?"} <= set(keys)


def test_theme_from_the_settings(window: MainWindow, settings: Settings) -> None:
    window.menus.settings.trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    dialog.editors["theme"].setCurrentIndex(dialog.editors["theme"].findData("dark"))
    dialog.accept()
    assert settings.get("theme") == "dark"
    assert window.palette().window().color().lightness() < 60
