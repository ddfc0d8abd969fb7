"""Missing and changed pictures in the window: told, shown, found again; labelling goes on meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from mma_desktop.media.scan import Found
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Show
from mma_desktop.services.images import importing
from mma_desktop.ui.base.controller import Controller

from .person import Person, labels_of

Key = Qt.Key
pytestmark = pytest.mark.usefixtures("no_embedding")


@pytest.fixture
def person(
    person: Person, open_project: Callable[[Controller], ProjectContext], picture_folder: Path, qtbot: QtBot
) -> Person:
    """At the Label page of a project with 48 labelled pictures."""
    controller = person.window.controller
    open_project(controller)
    folders = {one.name: one for one in sorted(picture_folder.iterdir())}
    with qtbot.waitSignal(controller.import_done, timeout=60_000):
        controller.import_paths([picture_folder], folders)
    person.until(lambda: len(person.shown()) == 48)
    return person


def message(person: Person) -> str:
    return " | ".join(bar.text for bar in person.window.messages.bars)


def check(person: Person) -> None:
    """Choose "Check the files" from the menu."""
    with person.qtbot.waitSignal(person.window.missing.checked):
        person.menu("fh")
    person.window.activateWindow()  # the offscreen platform leaves the closed menu active
    person.until(person.window.isActiveWindow)


def test_missing_pictures_are_told_shown_and_found_again(person: Person, picture_folder: Path) -> None:
    before = labels_of(person.context)
    assert not person.label.filter_bar.buttons[Show.MISSING].isVisible()
    away = picture_folder.with_name("elsewhere")
    away.mkdir()
    shutil.move(picture_folder / "apples", away / "fruit")
    Image.new("RGB", (70, 50), "teal").save(picture_folder / "boxes" / "boxes 01.jpg")
    check(person)
    assert message(person) == "12 pictures are missing, 1 was changed on disk. Labels and what was learned are kept."
    missing, changed = (person.label.filter_bar.buttons[show] for show in (Show.MISSING, Show.CHANGED))
    person.until(lambda: missing.text() == "Missing 12" and changed.text() == "Changed 1")
    person.click(missing)
    person.until(lambda: len(person.shown()) == 12)
    assert {before[image] for image in person.shown()} == {"apples"}
    grid = person.label.grid
    person.until(lambda: grid.images.row(person.shown()[0]) is not None)
    spoken = grid.images.data(grid.images.index_at(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("apples, labelled by its folder, missing")
    person.click_image(0)
    person.press(Key.Key_Space)
    person.until(lambda: person.label.preview.isVisible() and person.label.preview.problem.isVisible())
    assert person.label.preview.problem.text().startswith("Missing. The file is at none of its places.")
    person.press(Key.Key_Space)
    bar = person.window.messages.bars[-1]
    assert bar.action_button.text() == "Find again…"
    with person.qtbot.waitSignal(person.window.missing.searched):
        person.click(bar.action_button)
        person.answer_file_dialog(away)
    assert message(person) == "12 of 13 pictures found again; 1 is not in that folder."
    person.until(lambda: not person.shown())
    assert person.label.empty.isVisible()
    person.click(person.label.empty.all_button)
    person.until(lambda: len(person.shown()) == 48)
    assert labels_of(person.context) == before
    person.until(lambda: not missing.isVisible() and changed.isVisible())
    check(person)
    assert message(person) == "1 picture was changed on disk. Labels and what was learned are kept."
    assert person.window.messages.bars[-1].action_button.text() == "Find again…"


def test_pictures_that_failed_as_their_drive_was_pulled_are_imported_once_it_is_back(
    person: Person, picture_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive, away = tmp_path / "drive", tmp_path / "away"
    drive.mkdir()
    for number in range(3):
        Image.new("RGB", (60, 40), (80 * number, 0, 90)).save(drive / f"{number}.png")
    controller, walked = person.window.controller, importing.walk

    def pulled(*given: Any) -> Iterator[Found]:
        yield from walked(*given)
        drive.rename(away)  # each file is known by now, and none is read

    with monkeypatch.context() as patched, person.qtbot.waitSignal(controller.import_done, timeout=60_000):
        patched.setattr(importing, "walk", pulled)
        controller.import_paths([drive])
    person.until(lambda: "3 pictures could not be used." in message(person))
    check(person)
    assert "3 pictures could not be looked at" in message(person)
    assert person.context.index.numbers()[Show.PROBLEMS] == 3
    away.rename(drive)
    with person.qtbot.waitSignal(controller.import_done, timeout=60_000):
        check(person)
    person.until(lambda: len(person.shown()) == 51)
    assert person.context.index.numbers()[Show.PROBLEMS] == 0
    assert message(person) == "3 pictures that could not be read are there again. They are imported now."


def test_that_pictures_are_missing_is_no_more_said_once_they_are_back(
    person: Person, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = picture_folder.with_name("elsewhere")
    shutil.move(picture_folder / "apples", away)
    check(person)
    assert message(person).startswith("12 pictures are missing.")
    shutil.move(away, picture_folder / "apples")
    monkeypatch.setattr(person.window.missing, "_next_look", 0.0)  # private: the clock of the checks
    with person.qtbot.waitSignal(person.window.missing.checked):
        QApplication.sendEvent(person.window, QEvent(QEvent.Type.WindowActivate))
    person.until(lambda: message(person) == "")


def test_what_happens_to_files_behind_the_window_is_noticed_on_the_way_back_to_it(
    person: Person, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(person)
    monkeypatch.setattr("mma_desktop.ui.shell.file_watch.AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("mma_desktop.ui.shell.file_watch.CHECK_REST", 0)
    missing = person.window.missing
    with person.qtbot.waitSignal(missing.checked):
        missing.check()
    shutil.move(picture_folder / "apples", picture_folder.with_name("elsewhere"))
    file = picture_folder / "boxes" / "boxes 01.jpg"
    data = bytearray(file.read_bytes())
    data[-100] ^= 1  # another picture of the same size
    file.write_bytes(data)
    os.utime(file, (1e9, 1e9))
    for told in ("12 pictures are missing, 1 was changed on disk. Labels and what was learned are kept.", ""):
        with person.qtbot.waitSignal(missing.checked):
            QApplication.sendEvent(person.window, QEvent(QEvent.Type.WindowActivate))
        assert message(person) == told, "it is told once"
        person.window.messages.clear()


def test_no_folder_is_asked_for_when_nothing_is_missing(person: Person, picture_folder: Path) -> None:
    with person.qtbot.waitSignal(person.window.missing.checked):
        person.window.menus.find_missing.trigger()
    assert message(person) == "48 pictures checked: every file is there, as it was."
    assert not person.window.findChildren(QFileDialog)
    shutil.move(picture_folder / "apples", picture_folder.with_name("elsewhere"))
    with person.qtbot.waitSignal(person.window.missing.checked):
        person.window.menus.find_missing.trigger()  # what went since the last look is found by looking
    assert message(person) == "12 pictures are missing. Labels and what was learned are kept."
    person.window.menus.find_missing.trigger()
    (dialog,) = person.window.findChildren(QFileDialog)
    dialog.reject()


def test_a_project_whose_pictures_are_away_is_opened_with_a_notice_and_can_be_labelled(
    person: Person, picture_folder: Path, tmp_path: Path
) -> None:
    window, folder = person.window, person.context.project.folder
    before = labels_of(person.context)
    with person.qtbot.waitSignal(window.controller.opened):
        window.closing.close_project()
    person.until(lambda: not window.controller.is_closing and window.controller.context is None)
    picture_folder.rename(tmp_path / "unplugged")
    with person.qtbot.waitSignal(window.missing.checked):
        window.projects.open_folder(folder)
    assert message(person) == "48 pictures are missing. Labels and what was learned are kept."
    person.until(lambda: len(person.shown()) == 48)
    person.click_image(0)
    image = person.shown()[0]
    person.press(Key.Key_2)
    person.until(lambda: labels_of(person.context)[image] == "boxes")
    assert labels_of(person.context) == {**before, image: "boxes"}
    (tmp_path / "unplugged").rename(picture_folder)
    check(person)
    assert message(person) == "48 pictures checked: every file is there, as it was."
    with person.qtbot.waitSignal(window.controller.opened):
        window.closing.close_project()
    person.until(lambda: window.controller.context is None)
    assert message(person) == "", "the notice was about that project"


def test_the_state_is_painted_on_the_thumbnail(person: Person, picture_folder: Path) -> None:
    grid = person.label.grid
    person.until(lambda: all(grid.thumbnails.pixmap(image, grid.side, 1.0) for image in person.shown()[:4]))
    QApplication.processEvents()
    before = grid.viewport().grab(grid.card_rect(0)).toImage()
    shutil.rmtree(picture_folder / "apples")
    with person.qtbot.waitSignal(person.window.missing.checked):
        person.window.missing.check()
    assert person.context.index.lost.state(person.shown()[0]) == "missing"
    person.until(lambda: grid.viewport().grab(grid.card_rect(0)).toImage() != before)
