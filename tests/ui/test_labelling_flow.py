"""Labelling as it goes on: corrections, what a list leaves behind, what came in unseen, what undo took back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import Changes
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Order, Show
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.filter_bar import ROWS
from mma_desktop.ui.label.class_list import ClassList
from mma_desktop.ui.label.label_page import UNDONE_MS
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.controls import InfoBar

from .person import CONTROL, LONG, SHIFT, Key, Person, make_pages
from .projects import open_copy

Open = Callable[[Controller], ProjectContext]
COUNT = 12


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Embedding takes seconds, and only the last test is about it."""
    settings.set("embed_on_import", False)
    settings.set("shots", 2)
    return settings


@pytest.fixture
def person(person: Person) -> Iterator[Person]:
    """Somebody at a window with all its pages, which hear of each label; the clipboard is empty afterwards."""
    make_pages(person.window)
    yield person
    QGuiApplication.clipboard().clear()


@pytest.fixture
def context(person: Person, controller: Controller, apples_project: Path, tmp_path: Path) -> ProjectContext:
    """Twelve pictures, classes apples (1) and boxes (2), the keyboard on the first picture."""
    opened = open_copy(controller, apples_project, tmp_path / "project.mma", ("apples", "boxes"))
    person.until(lambda: len(person.shown()) == COUNT and len(opened.classes) == 2)
    person.click_image(0)
    return opened


def more_pictures(folder: Path, count: int = 3) -> list[Path]:
    """Pictures that are in no project yet."""
    folder.mkdir()
    made = [folder / f"new {number}.png" for number in range(count)]
    for number, path in enumerate(made):
        Image.new("RGB", (30 + number, 30), (20, 20 + number, 90)).save(path)
    return made


def current(person: Person) -> int:
    return person.shown().index(person.label.grid.current_id())


def order(person: Person) -> Order:
    found: Order = person.label.filter_bar.order_box.order
    return found


def sort(person: Person, wanted: Order) -> None:
    box = person.label.filter_bar.order_box
    box.setCurrentIndex(ROWS.index(wanted))
    box.activated.emit(ROWS.index(wanted))
    person.until(lambda: person.label.query.query.order is wanted and person.label.query.answered)


def offer(person: Person) -> InfoBar:
    """The message that offers to show what came in."""
    found = [bar for bar in person.window.messages.bars if bar.action_button.text().startswith("Show ")]
    assert len(found) == 1
    return found[0]


# ---------------------------------------------------------------------- moving on


def test_a_correction_goes_to_the_neighbour_and_a_first_label_to_the_next_unlabelled(
    person: Person, context: ProjectContext
) -> None:
    grid = person.label.grid
    person.type("1111")
    assert current(person) == 4
    person.until(lambda: len(person.labels()) == 4)
    grid.set_current(1)
    person.type("2")
    assert current(person) == 2
    person.type("22")
    assert current(person) == 4
    person.until(lambda: sorted(person.labels().values()) == ["apples"] + 3 * ["boxes"])
    grid.set_current(0)
    grid.select_ids(person.shown()[1:3])
    person.type("1")
    assert current(person) == 3
    grid.set_current(COUNT - 1)
    person.type("1")  # the last one is labelled for the first time: round to the first unlabelled
    assert current(person) == 4
    person.until(lambda: len(person.labels()) == 5)
    grid.set_current(COUNT - 1)
    person.type("2")  # nothing comes after it
    assert current(person) == COUNT - 1
    person.until(lambda: len(set(person.labels().values())) == 2)


def test_keys_count_labels_that_are_still_being_written(
    person: Person, context: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid, ids, written, assign = person.label.grid, person.shown(), Event(), context.project.assign

    def slow(*what: Any) -> Changes:
        assert written.wait(20)
        return assign(*what)

    monkeypatch.setattr(context.project, "assign", slow)
    person.type("11")
    grid.set_current(COUNT - 1)
    person.type("1")
    assert current(person) == 2, "not back to what is labelled already"
    grid.set_current(0)
    person.type("2")
    assert current(person) == 1, "a correction goes to the neighbour"
    person.type("u")
    written.set()
    person.until(lambda: person.labels() == {ids[0]: "boxes", ids[-1]: "apples"})


def test_a_correction_stays_where_moving_on_is_off(person: Person, context: ProjectContext, settings: Settings) -> None:
    settings.set("advance_after_label", False)
    person.type("1")
    person.until(lambda: len(person.labels()) == 1)
    person.type("2")
    assert current(person) == 0
    person.until(lambda: list(person.labels().values()) == ["boxes"])


# ---------------------------------------------------------------------- the order


def test_the_order_outlives_a_list_and_a_class(person: Person, context: ProjectContext) -> None:
    sort(person, Order.NAME)
    by_name = person.shown()
    person.label.show_images(by_name[:2], "Two of them")
    person.press(Key.Key_Escape)
    person.press(Key.Key_Escape)
    person.until(lambda: person.shown() == by_name)
    assert order(person) is Order.NAME
    person.filter_class(0)
    person.until(lambda: person.label.query.query.show is Show.CLASS and person.label.query.answered)
    assert order(person) is Order.NAME
    person.click(person.label.filter_bar.buttons[Show.ALL])
    person.until(lambda: person.shown() == by_name)
    assert order(person) is Order.NAME


def test_an_order_that_needs_features_is_not_carried_into_an_empty_project(
    person: Person, context: ProjectContext, controller: Controller, open_project: Callable[..., ProjectContext]
) -> None:
    sort(person, Order.OUTLIERS)
    controller.close_context(lambda: None)
    person.until(lambda: controller.context is None and not controller.is_closing)
    open_project(controller, "second")
    person.until(lambda: person.label.query.answered)
    assert order(person) is Order.ADDED
    assert person.label.query.query.order is Order.ADDED


def test_an_order_that_cannot_be_had_without_the_backbone_gives_way_visibly(
    person: Person, context: ProjectContext, controller: Controller
) -> None:
    sort(person, Order.TYPICAL)
    with person.qtbot.waitSignal(controller.notice):
        controller.engine_trouble = "The backbone could not be loaded."
        controller.engine_changed.emit()
    assert order(person) is Order.ADDED
    assert person.says("order")


# ---------------------------------------------------------------------- what came in unseen


def test_what_comes_in_behind_a_filter_can_be_shown(person: Person, context: ProjectContext, tmp_path: Path) -> None:
    person.filter_class(0)
    person.until(lambda: person.label.query.query.show is Show.CLASS and person.label.query.answered)
    before = set(context.index.columns.ids.tolist())
    person.drop_files(more_pictures(tmp_path / "more"))
    person.until(lambda: len(person.window.messages.bars) == 1)
    assert offer(person).text == "3 pictures added."
    assert offer(person).action_button.text() == "Show them"
    person.click(offer(person).action_button)
    assert set(person.shown()) == set(context.index.columns.ids.tolist()) - before
    assert person.label.review.bar.text == "Just added (3 pictures)"
    assert person.keyboard() is person.label.grid


def test_a_pasted_picture_behind_a_list_can_be_shown(person: Person, context: ProjectContext) -> None:
    person.label.show_images(person.shown()[:1], "One")
    picture = QImage(40, 30, QImage.Format.Format_ARGB32)
    picture.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(picture)
    person.press(Key.Key_V, CONTROL)
    person.until(lambda: len(person.window.messages.bars) == 1)
    assert offer(person).text == "1 picture added."
    assert offer(person).action_button.text() == "Show it"


def test_nothing_is_offered_where_they_are_in_sight(person: Person, context: ProjectContext, tmp_path: Path) -> None:
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=LONG):
        person.drop_files(more_pictures(tmp_path / "more"))
    person.until(lambda: len(person.shown()) == COUNT + 3)
    assert not person.window.messages.bars


def test_a_drop_on_the_predict_page_stays_there(person: Person, context: ProjectContext, tmp_path: Path) -> None:
    person.label.show_images(person.shown()[:1], "One")
    person.window.show_page("use")
    person.drop_files(more_pictures(tmp_path / "more"), QPoint(400, 500))
    person.until(lambda: len(person.window.messages.bars) == 1)
    assert person.window.current_page == "use"
    assert offer(person).text == "3 pictures added."
    person.click(offer(person).action_button)
    assert person.window.current_page == "label"
    assert len(person.shown()) == 3


# ---------------------------------------------------------------------- undo


def test_undo_and_redo_say_what_they_did(person: Person, context: ProjectContext) -> None:
    person.label.grid.select_all()
    person.type("1")
    person.until(lambda: len(person.labels()) == COUNT)
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: person.says(f"Undone: Label {COUNT} pictures as 'apples'."))
    person.press(Key.Key_Y, CONTROL)
    person.until(lambda: person.says(f"Redone: Label {COUNT} pictures as 'apples'."))


def test_what_was_removed_is_not_shown_when_the_removal_is_done_again(person: Person, context: ProjectContext) -> None:
    person.label.grid.select_all()
    person.type("1")
    person.until(lambda: len(person.labels()) == COUNT)
    person.label.grid.select_all()
    person.press(Key.Key_Delete)
    person.until(lambda: not len(context.index.columns.ids))
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: len(person.shown()) == COUNT)
    person.press(Key.Key_Y, CONTROL)
    person.until(lambda: not len(context.index.columns.ids) and person.label.empty.isVisible())
    QTest.qWait(2 * UNDONE_MS)  # by then a list of what was undone would be shown
    assert not person.label.query.listed
    assert person.label.empty.import_button.isVisible()


def test_undo_takes_typed_classes_back_while_the_keyboard_is_in_their_field(
    person: Person, context: ProjectContext
) -> None:
    before = [one.name for one in context.classes]
    field = person.label.panel.names
    person.name_classes("walrus")
    person.until(lambda: person.classes_are(*before, "walrus"))
    person.until(person.window.menus.undo.isEnabled)
    assert field.hasFocus()
    person.type("otter")
    person.press(Key.Key_Z, CONTROL)  # what is being typed comes first
    assert not field.toPlainText()
    assert person.classes_are(*before, "walrus")
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: person.classes_are(*before))
    assert not field.toPlainText()
    field.document().clearUndoRedoStacks()
    person.until(person.window.menus.redo.isEnabled)
    person.press(Key.Key_Z, CONTROL | SHIFT)
    person.until(lambda: person.classes_are(*before, "walrus"))


# ---------------------------------------------------------------------- the looks of the class list


def ground(view: ClassList, row: int) -> QColor:
    """The colour of a row above its text."""
    rect = view.visualRect(view.model().index(row, 0))
    return view.viewport().grab().toImage().pixelColor(rect.center().x(), rect.top() + 5)


def test_only_the_added_class_looks_selected_while_another_is_shown(person: Person, context: ProjectContext) -> None:
    view = person.label.panel.list
    person.filter_class(0)
    person.until(lambda: person.label.query.query.show is Show.CLASS)
    assert ground(view, 0) == QColor(theme.tokens().accent_soft)
    person.name_classes("clouds")
    person.until(lambda: person.classes_are("apples", "boxes", "clouds"))
    person.until(lambda: ground(view, 2) == QColor(theme.tokens().accent_soft))
    assert ground(view, 0) == ground(view, 1)


# ---------------------------------------------------------------------- suggestions that are out of date


def test_suggest_looks_at_the_pictures_if_nothing_else_does(
    person: Person,
    controller: Controller,
    open_project: Open,
    picture_folder: Path,
    qtbot: QtBot,
) -> None:
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        open_project(controller)
    controller.add_classes(["apples", "boxes"])
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder / "apples"])
    person.until(lambda: not controller.bridge.jobs())
    person.label.focus_images()
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: person.label.review.questions.image_id >= 0, LONG)


def test_suggestions_follow_the_classes(
    person: Person,
    controller: Controller,
    settings: Settings,
    open_project: Open,
    picture_folder: Path,
    qtbot: QtBot,
) -> None:
    settings.set("embed_on_import", True)
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        context = open_project(controller)
    controller.add_classes(["apples", "boxes"])
    controller.import_paths([picture_folder / "apples", picture_folder / "boxes"])
    person.wait_for_guesses(24)
    person.label.focus_images()

    def asked() -> int:
        review = person.label.review.review
        return review.questions_left() if review is not None else 0

    person.press(Key.Key_G, CONTROL)
    person.until(lambda: asked() == 2)
    controller.add_classes(["clouds"])
    person.until(lambda: asked() == 3, LONG)
    controller.delete_classes([context.classes[0].id, context.classes[2].id])
    person.until(lambda: asked() == 1, LONG)
    # The classes are others before the window hears of it.
    person.until(lambda: person.label.question.title.text() == "Does it show 'boxes'?")
