"""The key that gives the class that was set last, and what names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller

from .person import CONTROL, Key, Person
from .projects import open_copy

Open = Callable[[Controller], ProjectContext]
pytestmark = pytest.mark.usefixtures("no_embedding")


@pytest.fixture
def person(person: Person, apples_project: Path, tmp_path: Path) -> Person:
    """Twelve pictures, two classes, the keyboard on the first picture."""
    controller = person.window.controller
    open_copy(controller, apples_project, tmp_path / "project.mma", ("accordion", "drum & bass"))
    person.until(lambda: len(person.shown()) == 12 and person.classes_are("accordion", "drum & bass"))
    person.click_image(0)
    return person


def test_the_key_labels_with_the_last_class_and_moves_on(person: Person, controller: Controller) -> None:
    action = person.window.menus.same_as_last
    assert not action.isEnabled()
    told: list[str] = []
    controller.notice.connect(told.append)
    person.type(".")
    assert "No class was set yet" in told[-1]
    assert not person.labels()
    ids = person.shown()
    person.type("2..s.")
    person.until(lambda: len(person.labels()) == 4)
    assert person.labels() == dict.fromkeys([ids[0], ids[1], ids[2], ids[4]], "drum & bass")
    assert person.label.grid.current_id() == ids[5]
    assert action.text() == "&Same as last: drum && bass"
    assert action.isEnabled()
    person.type("1")
    assert action.text() == "&Same as last: accordion"
    person.click_image(7)
    action.trigger()
    person.until(lambda: person.labels().get(ids[7]) == "accordion")
    texts = [one.text() for one in person.label.make_menu().actions()]
    assert "&Same as last: accordion" in texts
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: ids[7] not in person.labels())


def test_it_follows_a_new_name_and_ends_with_its_class_and_its_page(person: Person, controller: Controller) -> None:
    action = person.window.menus.same_as_last
    person.type("1")
    person.until(lambda: len(person.labels()) == 1)
    accordion = person.context.classes[0].id
    controller.edit(lambda project: project.rename_class(accordion, "squeezebox"))
    person.until(lambda: action.text() == "&Same as last: squeezebox")
    person.press(Key.Key_3, CONTROL)
    assert not action.isEnabled()
    person.press(Key.Key_2, CONTROL)
    assert action.isEnabled()
    controller.delete_classes([accordion])
    person.until(lambda: not action.isEnabled())
    assert action.text() == "&Same as last"


def test_the_key_is_the_windows_own_and_a_dot_in_a_text_field(person: Person) -> None:
    with pytest.raises(UserError, match="used by the window"):
        person.context.project.set_key(person.context.classes[0].id, ".")
    person.type("1")
    person.until(lambda: len(person.labels()) == 1)
    person.press(Key.Key_F, CONTROL)
    person.type("a.jpg")
    assert person.label.filter_bar.search.text() == "a.jpg"
    assert len(person.labels()) == 1
    assert "." in dict(person.window.menus.keys)["Edit"]


def test_held_down_it_labels_once(person: Person, qtbot: QtBot) -> None:
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    person.type("1")
    for repeated in (False, True, True):
        none = Qt.KeyboardModifier.NoModifier
        held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Period, none, ".", repeated)
        QApplication.sendEvent(person.label.grid, held)
    person.until(lambda: len(person.labels()) == 2)
    QTest.keyClick(person.label.grid, Key.Key_U)
    assert person.label.grid.current_id() == person.shown()[2]
