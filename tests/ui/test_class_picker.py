"""Labelling by name with "/", for the classes that have no key."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from PySide6.QtWidgets import QApplication

from mma_desktop.core.types import ImageClass, Role
from mma_desktop.ui.grid.label_controller import ClassPicker, matching

from .person import Key, Person
from .projects import open_copy

pytestmark = pytest.mark.usefixtures("no_embedding")


@pytest.fixture
def person(person: Person, apples_project: Path, tmp_path: Path) -> Person:
    """At the Label page, with forty classes and the pictures of one folder."""
    controller = person.window.controller
    open_copy(controller, apples_project, tmp_path / "project.mma", [f"kind {number:02}" for number in range(40)])
    person.until(lambda: len(person.shown()) == 12)
    person.label.grid.setFocus()
    person.label.grid.set_current(0)
    return person


def picker(person: Person) -> ClassPicker:
    person.until(lambda: isinstance(QApplication.activeModalWidget(), ClassPicker))
    found = QApplication.activeModalWidget()
    assert isinstance(found, ClassPicker)
    person.until(lambda: QApplication.focusWidget() is found.edit)
    return found


def test_a_class_without_a_key_is_typed(person: Person) -> None:
    last = person.context.classes[39]
    assert last.key == ""
    chosen = person.shown()[:3]
    person.label.grid.select_ids(chosen)
    person.type("/")
    dialog = picker(person)
    assert dialog.list.count() == 41  # and "None of these"
    person.type("39")
    assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == ["kind 39"]
    person.press(Key.Key_Return)
    person.until(lambda: [person.labels().get(one) for one in chosen] == [last.name] * 3)
    person.until(lambda: QApplication.activeModalWidget() is None)
    assert person.keyboard() is person.label.grid
    person.until(lambda: person.label.grid.current_id() == person.shown()[3])


def test_escape_leaves_and_arrows_choose(person: Person) -> None:
    image = person.label.grid.current_id()
    person.type("/")
    picker(person)
    person.press(Key.Key_Escape)
    person.until(lambda: QApplication.activeModalWidget() is None)
    assert person.labels() == {}
    person.type("/")
    dialog = picker(person)
    person.type("KIND 3")
    person.press(Key.Key_Down)
    assert dialog.list.currentItem().text() == "kind 31"
    person.type("zebra")
    assert dialog.none.isVisible()
    assert not dialog.label_button.isEnabled()
    person.press(Key.Key_Return)
    for _ in "zebra":
        person.press(Key.Key_Backspace)
    person.press(Key.Key_Down)
    person.press(Key.Key_Return)
    person.until(lambda: person.labels().get(image) == "kind 31")


def test_it_opens_on_the_predict_page_too(person: Person) -> None:
    page = person.go_to(Key.Key_5, "use")
    page.grid.set_ids(person.context.index.columns.ids)
    page.stack.setCurrentWidget(page.grid)
    page.grid.setFocus()
    image = page.grid.current_id()
    person.type("/")
    picker(person)
    person.type("kind 12")
    person.press(Key.Key_Return)
    person.until(lambda: person.labels().get(image) == "kind 12")


def test_what_begins_with_the_words_comes_first() -> None:
    names = ("wild cat", "bobcat", "cat", "catfish", "dog")
    classes = [ImageClass(at, name, Role.BASE, at, "#000000", "") for at, name in enumerate(names)]
    assert [one.name for one in matching(classes, " Cat ")] == ["cat", "catfish", "wild cat", "bobcat"]
    assert len(matching(classes, "")) == 5


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["lowe", "Löwe", "LO\N{COMBINING DIAERESIS}WE", "löw"])
def test_accents_need_not_be_typed_and_come_in_any_form(form: Literal["NFC", "NFD"], typed: str) -> None:
    names = ("Birne", unicodedata.normalize(form, "Löwe"))
    classes = [ImageClass(at, name, Role.BASE, at, "#000000", "") for at, name in enumerate(names)]
    assert [one.id for one in matching(classes, typed)] == [1]


def test_the_field_above_the_classes_finds_them_without_accents(person: Person) -> None:
    person.window.controller.add_classes(["Löwe", "Lo\N{COMBINING DIAERESIS}ffel"])
    panel = person.label.panel
    person.until(lambda: len(panel.model.classes) == 42)

    def found(typed: str) -> list[str]:
        panel.search.setText(typed)
        rows = range(panel.model.rowCount())
        return [panel.model.rows[row].name for row in rows if not panel.list.isRowHidden(row)]

    person.until(lambda: panel.search.isVisibleTo(panel))
    assert found("lowe") == found("Lo\N{COMBINING DIAERESIS}we") == ["Löwe"]
    assert len(found("lof")) == len(found("löf")) == 1
