"""The Find menu through the real window, with the real starter."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Progress
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ProblemKind
from mma_desktop.media.error_messages import NO_PERMISSION
from mma_desktop.services.image_index import Show
from mma_desktop.services.training import label_suggestions
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.main_window import MainWindow

from .person import NAMES, Person
from .projects import embedded, open_copy


@pytest.fixture(scope="module")
def with_a_copy(drawn_pictures: Path, made_projects: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four class folders of twelve pictures, one of them a second time in another size, embedded."""
    folder = shutil.copytree(drawn_pictures, tmp_path_factory.mktemp("with a copy") / "pictures")
    first = sorted((folder / "boxes").iterdir())[0]
    with Image.open(first) as image:
        image.resize((image.width * 3 // 4, image.height * 3 // 4)).save(first.with_name("copy.jpg"), quality=60)
    with embedded(made_projects / "copy.mma", folder, labelled=False) as context:
        return context.project.folder


@pytest.fixture
def window(person: Person, controller: Controller, with_a_copy: Path, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window on these pictures."""
    controller.prepare_on_open = True
    context = open_copy(controller, with_a_copy, tmp_path / "project.mma", NAMES)
    qtbot.waitUntil(
        lambda: context.predictions is not None and len(context.predictions.image_ids) == 49, timeout=120_000
    )
    person.window.show_page("label")
    qtbot.waitUntil(lambda: len(listed(person.window)) == 49)
    return person.window


def listed(window: MainWindow) -> list[int]:
    return [int(one) for one in window.pages["label"].grid.images.ids]


def test_more_like_the_selected_images(window: MainWindow, qtbot: QtBot) -> None:
    context = window.controller.open_context
    by_name = {row.path.name: row.id for row in context.project.image_rows(listed(window))}
    copy = by_name["copy.jpg"]
    window.pages["label"].grid.select_ids([copy])
    menu = window.pages["label"].make_menu()
    next(one for one in menu.actions() if one.text() == "&More like the selected pictures").trigger()
    qtbot.waitUntil(lambda: "Most like" in window.pages["label"].review.bar.text)
    shown = listed(window)
    assert shown[0] == copy
    assert sorted(shown) == sorted(by_name.values())
    bar = window.pages["label"].review.bar
    assert bar.text == "Most like the selected pictures first (49 pictures)"
    assert not bar.accept_button.isVisible()
    bar.close_button.click()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_more_like_nothing_says_what_to_do(window: MainWindow) -> None:
    window.show_page("home")
    window.menus.more_like.trigger()
    assert "Select one or more pictures" in window.messages.bars[-1].text


def test_suggestions_that_wait_say_so_in_place_with_how_far_looking_is(window: MainWindow, qtbot: QtBot) -> None:
    free, page = Event(), window.pages["label"]

    def look(token: object) -> None:
        token.checkpoint(Progress(34, 200))
        free.wait(60)

    window.controller.bridge.run(LaneName.ENGINE, "Looking at pictures", look, background=True)
    qtbot.waitUntil(lambda: page.looking_text() == "Looked at 34 of 200")
    window.finder.suggest()
    assert page.question.isVisible()
    assert page.question.title.text() == "Getting the questions ready"
    assert page.question.progress.text() == "Looked at 34 of 200"
    free.set()
    qtbot.waitUntil(lambda: page.review.questions.image_id >= 0)
    assert page.question.title.text().startswith("Does it show")
    assert not page.looking_text()


def test_what_is_waited_for_in_vain_is_told_and_left(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_options: object) -> None:
        raise UserError("No image model is here.")

    free, page = Event(), window.pages["label"]
    monkeypatch.setattr(label_suggestions, "suggest", fail)
    window.controller.bridge.run(LaneName.ENGINE, "Loading", lambda _token: free.wait(60))
    window.finder.suggest()
    assert page.question.isVisible()
    free.set()
    qtbot.waitUntil(lambda: not page.question.isVisible())
    assert [bar.text for bar in window.messages.bars] == ["No image model is here."]


def test_no_picture_to_suggest_is_not_called_a_labelled_one(window: MainWindow, qtbot: QtBot) -> None:
    controller, context = window.controller, window.controller.open_context
    ids = context.index.columns.ids.tolist()
    controller.remove_images(ids[12:])
    controller.assign(ids[:11], context.classes[0].id)
    context.project.mark_problems([(ids[11], ProblemKind.UNREADABLE, NO_PERMISSION)])
    qtbot.waitUntil(lambda: context.index.numbers()[Show.LABELLED] == 11 and not controller.bridge.jobs())
    window.finder.suggest()
    qtbot.waitUntil(lambda: bool(window.messages.bars))
    assert window.messages.bars[-1].text.startswith("No unlabelled picture is left. Add pictures for more examples of ")


def test_by_words(window: MainWindow, qtbot: QtBot) -> None:
    window.menus.words.trigger()
    (dialog,) = (one for one in window.findChildren(QDialog) if one.isVisible())
    field = dialog.findChild(QLineEdit)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    QTest.keyClicks(field, "stripes")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "'stripes'" in window.pages["label"].review.bar.text)
    assert len(listed(window)) == 49


def test_near_duplicates(window: MainWindow, qtbot: QtBot) -> None:
    window.menus.duplicates.trigger()
    qtbot.waitUntil(lambda: "with copies" in window.pages["label"].review.bar.text, timeout=20_000)
    context = window.controller.open_context
    review = window.pages["label"].review.review
    names = {row.path.name for row in context.project.image_rows(review.ids)}
    assert "copy.jpg" in names
    assert len(names) < 10
