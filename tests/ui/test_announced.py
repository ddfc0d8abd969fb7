"""What arrives moves nothing in the grid, and the Edit menu acts on what is selected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication

from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Predictions, Show
from mma_desktop.ui.base.controller import Controller

from .person import CONTROL, LONG, Key, Person
from .projects import open_copy

COUNT = 12


@pytest.fixture
def person(person: Person, settings: Settings) -> Iterator[Person]:
    settings.set("embed_on_import", False)
    yield person
    QGuiApplication.clipboard().clear()


@pytest.fixture
def context(person: Person, controller: Controller, apples_project: Path, tmp_path: Path) -> ProjectContext:
    """Twelve pictures, two classes, the keyboard on the first picture."""
    opened = open_copy(controller, apples_project, tmp_path / "project.mma", ("apples", "boxes"))
    person.until(lambda: len(person.shown()) == COUNT and len(opened.classes) == 2)
    person.click_image(0)
    return opened


def guess(person: Person, confidence: np.ndarray) -> None:
    """New predictions, as after a fit."""
    context = person.context
    ids = context.index.columns.ids
    context.predictions = Predictions(ids, np.full(len(ids), context.classes[0].id), confidence.astype(np.float32))
    person.window.controller.predictions_changed.emit()


def test_new_scores_are_announced_and_sort_when_asked(person: Person, context: ProjectContext) -> None:
    page, rising = person.label, np.linspace(0.1, 0.9, COUNT)
    guess(person, rising)
    page.query.show(Filter(order=Order.CONFIDENCE))
    person.until(lambda: page.query.answered)
    before = person.shown()
    person.click_image(2)
    chosen, size = page.grid.selected_ids().tolist(), page.grid.size()
    guess(person, rising[::-1])
    person.until(page.news_button.isVisible)
    person.qtbot.wait(600)
    assert person.shown() == before
    assert page.grid.size() == size
    assert page.grid.selected_ids().tolist() == chosen
    person.click(page.news_button)
    person.until(lambda: person.shown() == before[::-1])
    assert not page.news_button.isVisible()


def test_new_pictures_are_announced_where_they_would_come_between(
    person: Person, context: ProjectContext, tmp_path: Path
) -> None:
    page, controller = person.label, person.window.controller
    page.query.show(Filter(order=Order.NAME))
    person.until(lambda: page.query.answered)
    before = person.shown()
    (folder := tmp_path / "new").mkdir()
    for number in range(3):
        Image.new("RGB", (30 + number, 30), (20, 20 + number, 90)).save(folder / f"a {number}.png")
    place = page.grid.mapToGlobal(page.grid.rect().topLeft())
    with person.qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([folder])
    person.until(page.news_button.isVisible)
    assert page.news_button.text() == "Show 3 new pictures"
    assert person.shown() == before
    assert page.grid.mapToGlobal(page.grid.rect().topLeft()) == place, "nothing moves under the mouse"
    person.click(page.news_button)
    person.until(lambda: len(person.shown()) == COUNT + 3)
    assert person.shown()[3:] == before


def test_a_picture_whose_answer_is_undone_is_selected_and_in_sight(person: Person, context: ProjectContext) -> None:
    page, ids = person.label, person.shown()
    person.click_image(5)
    person.type("2")
    person.until(lambda: person.labels() == {ids[5]: "boxes"})
    person.click_image(0)
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: page.grid.selected_ids().tolist() == [ids[5]])
    assert not person.labels()
    person.until(lambda: person.says("Undone: Label 1 picture as 'boxes'."))
    page.query.show(Filter(Show.LABELLED))
    person.until(lambda: not person.shown())
    person.press(Key.Key_Y, CONTROL)
    person.until(lambda: person.shown() == [ids[5]])
    page.query.show(Filter(Show.UNLABELLED))
    person.until(lambda: len(person.shown()) == COUNT - 1)
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: ids[5] in person.shown() and page.grid.selected_ids().tolist() == [ids[5]])
    person.press(Key.Key_Y, CONTROL)
    person.until(lambda: page.query.listed)  # the filter leaves it out
    assert person.shown() == [ids[5]]
    assert page.review.bar.text == "Label 1 picture as 'boxes' (1 picture)"
    person.press(Key.Key_Escape)
    person.press(Key.Key_Escape)
    person.until(lambda: len(person.shown()) == COUNT - 1)


def test_edit_selects_copies_and_removes_pictures_or_text(person: Person, context: ProjectContext) -> None:
    page, menus = person.label, person.window.menus
    menus.select_all.trigger()
    assert len(page.grid.selected_ids()) == COUNT
    person.click_image(1)
    image = page.grid.current_id()
    menus.copy.trigger()
    (row,) = context.project.image_rows([image])
    clipboard = QGuiApplication.clipboard()
    person.until(lambda: clipboard.text() == str(row.path))
    assert [one.toLocalFile() for one in clipboard.mimeData().urls()] == [str(row.path)]
    clipboard.clear()
    person.press(Key.Key_C, CONTROL)
    person.until(lambda: clipboard.text() == str(row.path))
    page.panel.names.setFocus()
    person.type("cat")
    menus.select_all.trigger()
    menus.delete.trigger()
    assert page.panel.names.toPlainText() == ""
    page.focus_images()
    assert page.grid.selected_ids().tolist() == [image]
    menus.delete.trigger()
    person.until(lambda: len(person.shown()) == COUNT - 1)
    assert image not in person.shown()
