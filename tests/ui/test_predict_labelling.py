"""The grid of the predict page answers to the same keys, menu and double click as the one of the label page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import LabelSource

from .person import CONTROL, NONE, Key, Person


@pytest.fixture
def person(trained_person: Person) -> Person:
    """At the Predict page, the keyboard on the grid."""
    person = trained_person
    page = person.go_to(Key.Key_5, "use")
    person.until(lambda: len(page.grid.images.ids) == 8)
    page.grid.setFocus()
    return person


def first(person: Person) -> int:
    return int(person.window.pages["use"].grid.current_id())


def test_space_and_double_click_open_the_preview(person: Person, qtbot: QtBot) -> None:
    page = person.window.pages["use"]
    person.window.resize(1280, 800)
    assert not page.preview_controller.preview.isVisible()
    person.press(Key.Key_Space)
    person.until(page.preview_controller.preview.isVisible)
    assert page.preview_controller.preview.image_id == first(person)
    assert page.grid.isVisible()
    assert page.preview_button.isChecked()
    assert not page.test.isVisible(), "the preview takes its place"
    before = page.preview_controller.preview.width()
    assert before >= 240
    person.press(Key.Key_Right)
    assert page.preview_controller.preview.image_id == int(page.grid.images.ids[1])
    person.press(Key.Key_Space)
    assert not page.preview_controller.preview.isVisible()
    assert page.test.isVisible()
    QTest.mouseDClick(page.grid.viewport(), Qt.MouseButton.LeftButton, NONE, page.grid.card_rect(2).center())
    person.until(page.preview_controller.preview.isVisible)
    assert not page.grid.isVisible()
    assert page.preview_controller.preview.image_id == int(page.grid.images.ids[2])
    person.press(Key.Key_Escape)
    person.until(page.grid.isVisible)
    assert not page.preview_controller.preview.isVisible()
    assert page.test.isVisible()


def test_a_tested_picture_is_seen_though_the_preview_was_open(person: Person) -> None:
    page = person.window.pages["use"]
    person.press(Key.Key_Space)
    person.until(page.preview_controller.preview.isVisible)
    person.press(Key.Key_T, CONTROL)
    person.until(page.test.isVisible)
    assert not page.preview_controller.preview.isVisible()


def test_a_class_key_labels_and_undo_takes_it_back(person: Person) -> None:
    page, context = person.window.pages["use"], person.context
    chosen = context.classes[1]
    image = first(person)
    person.type(chosen.key)
    person.until(lambda: person.labels().get(image) == chosen.name)
    assert context.project.image_rows([image])[0].source is LabelSource.PERSON
    person.until(lambda: len(page.grid.images.ids) == 7)
    assert first(person) != image
    assert first(person) >= 0, "it goes on with the next image"
    second = first(person)
    person.type(".")
    person.until(lambda: person.labels().get(second) == chosen.name)
    for left in (7, 8):
        person.press(Key.Key_Z, CONTROL)
        person.until(lambda left=left: len(page.grid.images.ids) == left)  # type: ignore[misc]
    assert image not in person.labels()


def test_undo_takes_back_what_the_button_accepted_though_a_name_was_typed_before(person: Person) -> None:
    page = person.window.pages["use"]
    person.window.resize(1280, 800)
    page.trials.edit.setFocus()
    person.type("zebra")
    page.trials.edit.clear()  # the field could undo that
    page.grid.setFocus()
    person.press(Key.Key_Right)
    before = len(page.grid.images.ids)
    person.click(page.accept_button)
    person.until(lambda: len(page.grid.images.ids) == before - 1 and page.accept_button.isEnabled())
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: len(page.grid.images.ids) == before)


def test_a_class_key_labels_in_the_preview_too(person: Person) -> None:
    page, chosen = person.window.pages["use"], person.context.classes[2]
    page.preview_controller.open_full()
    image = first(person)
    assert page.preview_controller.preview.hasFocus()
    person.type(chosen.key)
    person.until(lambda: person.labels().get(image) == chosen.name)
    person.until(lambda: page.preview_controller.preview.image_id == first(person) != image)


def test_the_menu_labels_opens_and_removes(person: Person) -> None:
    page, chosen = person.window.pages["use"], person.context.classes[3]
    ids = page.grid.images.ids[:2].copy()
    page.grid.select_ids(ids)
    page.grid.menu_requested.emit(page.grid.mapToGlobal(page.grid.rect().center()))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions()]
    assert "Label 2 pictures as" in texts
    assert {"Open large", "Show in folder", "Remove from the project"} <= set(texts)
    classes = menu.actions()[texts.index("Label 2 pictures as")].menu()
    assert isinstance(classes, QMenu)
    assert [action.text() for action in classes.actions()] == [
        *(one.name for one in person.context.classes),
        "None of these",
    ]
    classes.actions()[3].trigger()
    menu.close()
    person.until(lambda: all(person.labels().get(one) == chosen.name for one in ids.tolist()))
    person.until(lambda: not np.isin(ids, page.grid.images.ids).any())


def test_removed_images_come_back_by_undo(person: Person) -> None:
    page, image = person.window.pages["use"], first(person)
    count = len(person.context.index.columns.ids)
    person.press(Key.Key_Delete)
    person.until(lambda: len(person.context.index.columns.ids) == count - 1)
    assert person.says("Removed 1 picture")
    assert person.says("Undo brings it back.")
    person.until(lambda: len(page.grid.images.ids) == 7)
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: image in page.grid.images.ids.tolist())
    page.grid.select_ids([image])
    person.window.menus.delete.trigger()
    person.until(lambda: len(person.context.index.columns.ids) == count - 1)


def test_nothing_is_opened_where_no_image_is_left(person: Person, tmp_path: Path) -> None:
    page = person.window.pages["use"]
    person.press(Key.Key_Space)
    person.press(Key.Key_A, CONTROL)
    person.type(person.context.classes[0].key)
    person.until(page.stack.mistakes_button.isVisible)
    assert not page.preview_controller.preview.isVisible()
