"""Watched folders in the window: what comes into them is imported, predicted and offered as new."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import watching
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell import file_watch

from .person import Person

Opener = Callable[[Controller], ProjectContext]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a second takes a tenth; the slow look, which notices an unplugged drive, comes at once."""
    monkeypatch.setattr(watching, "STABLE_SECONDS", 0.1)
    monkeypatch.setattr(file_watch, "WRITTEN_MS", 150)
    monkeypatch.setattr(file_watch, "SOON_MS", 50)
    monkeypatch.setattr(file_watch, "SLOW_MS", 100)


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    made = tmp_path / "hotfolder"
    made.mkdir()
    return made


def picture(path: Path, shade: int = 0) -> Path:
    Image.new("RGB", (40, 30), (shade, 90, 200)).save(path)
    return path


def count(person: Person) -> int:
    return int(person.context.index.columns.usable.sum())


def watch(person: Person, folder: Path) -> None:
    """Choose the first folder to watch, from the menu."""
    person.menu("fw")
    dialog = person.window.watch.dialog
    assert dialog is not None
    person.answer_file_dialog(folder)
    person.until(lambda: dialog.list.count() == 1)
    assert dialog.list.item(0).text() == str(folder)
    person.click(dialog.close_button)
    person.until(lambda: person.window.watch.dialog is None)


def bar_texts(person: Person) -> list[str]:
    return [bar.text for bar in person.window.messages.bars]


def test_from_the_menu_to_a_list_of_what_is_new(
    person: Person, starter_session: ProjectContext, hot: Path, picture_folder: Path
) -> None:
    person.window.controller.add_classes(["apple", "box"])
    watch(person, hot)
    for number, file in enumerate(sorted((picture_folder / "apples").iterdir())[:3], 1):
        shutil.copy(file, hot)
        person.until(lambda n=number: count(person) == n)
    person.until(lambda: bar_texts(person) == ["3 pictures added."])
    person.wait_for_guesses(3)
    person.click(person.window.messages.bars[0].action_button)
    assert person.window.current_page == "label"
    person.until(lambda: len(person.shown()) == 3)
    picture(hot / "late.png")
    person.until(lambda: count(person) == 4)
    person.until(lambda: bar_texts(person) == ["1 picture added."])


def test_what_came_while_the_program_was_closed_is_imported(person: Person, open_project: Opener, hot: Path) -> None:
    context = open_project(person.window.controller)
    watch(person, hot)
    closed: list[bool] = []
    person.window.controller.close_context(lambda: closed.append(True))
    person.until(lambda: closed)
    picture(hot / "a.png")
    from mma_desktop.services.project_factory import open_project as open_again

    person.window.controller.set_context(open_again(context.project.folder, threads=1))
    person.until(lambda: count(person) == 1)


def test_a_project_from_elsewhere_has_to_ask(person: Person, open_project: Opener, hot: Path) -> None:
    context = open_project(person.window.controller)
    picture(hot / "a.png")
    context.project.set_setting("watched_folders", [str(hot)])
    person.window.controller.set_context(context)
    person.until(lambda: any("set up elsewhere" in text for text in bar_texts(person)))
    person.qtbot.wait(400)
    assert count(person) == 0
    person.click(person.window.messages.bars[-1].action_button)
    person.until(lambda: count(person) == 1)


def test_a_folder_that_goes_and_comes_back(person: Person, open_project: Opener, hot: Path) -> None:
    open_project(person.window.controller)
    told: list[str] = []
    person.window.controller.notice.connect(told.append)
    watch(person, hot)
    hot.rename(hot.with_name("unplugged"))
    person.until(lambda: told == [f"{hot} is not there. It is watched again when it is back."])
    person.window.watch.show_folders()
    dialog = person.window.watch.dialog
    assert dialog is not None
    assert dialog.list.item(0).text() == f"{hot} (missing)"
    hot.with_name("unplugged").rename(hot)
    picture(hot / "a.png")
    person.until(lambda: count(person) == 1)
    assert told[1] == f"{hot} is back and watched again."
    assert dialog.list.item(0).text() == str(hot)
    dialog.list.setCurrentRow(0)
    person.click(dialog.remove_button)
    person.until(lambda: dialog.list.count() == 0)
    picture(hot / "b.png", 9)
    person.qtbot.wait(600)
    assert count(person) == 1


def test_nothing_is_taken_while_another_import_runs(
    person: Person, open_project: Opener, hot: Path, picture_folder: Path
) -> None:
    open_project(person.window.controller)
    controller = person.window.controller
    watch(person, hot)
    reports: list[object] = []
    controller.import_done.connect(reports.append)
    shutil.copytree(picture_folder, hot / "inside")
    controller.import_paths([hot])
    person.until(lambda: count(person) == 48 and not controller.bridge.jobs())
    person.qtbot.wait(400)
    person.until(lambda: not controller.bridge.jobs())
    assert [report.added for report in reports] == [48]


def test_a_folder_of_the_project_is_refused_with_a_sentence(person: Person, open_project: Opener, hot: Path) -> None:
    context = open_project(person.window.controller)
    person.window.watch.show_folders()
    dialog = person.window.watch.dialog
    assert dialog is not None
    modal = QApplication.activeModalWidget()
    assert modal is not None
    modal.close() if modal is not dialog else None
    dialog.wanted.emit(context.project.images_dir)
    assert "belongs to the project itself" in dialog.note.text()
    assert dialog.note.isVisible()
    assert dialog.list.count() == 0
