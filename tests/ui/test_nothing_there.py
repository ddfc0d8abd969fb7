"""Every way into a feature while there is nothing to work on: a sentence says what is missing, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.names_dialog import LOOKING, NamesDialog

from .person import CONTROL, SHIFT, Key, Person, words

pytestmark = pytest.mark.usefixtures("no_embedding")


def told(person: Person) -> list[str]:
    return [bar.text for bar in person.window.messages.bars]


def all_ways(person: Person) -> dict[str, str]:
    """What is said to each way of the Find menu, by key."""
    keys = {"suggest": Key.Key_G, "alike": Key.Key_M, "copies": Key.Key_D, "wrong": Key.Key_L}
    said = {}
    for name, key in keys.items():
        person.window.messages.clear()
        person.press(key, CONTROL)
        person.until(lambda: told(person))
        said[name] = " ".join(told(person))
    person.window.messages.clear()
    person.press(Key.Key_F, CONTROL | SHIFT)
    assert any(one.isVisible() for one in person.window.findChildren(QDialog))
    person.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    person.type("red car")
    person.press(Key.Key_Return)
    person.until(lambda: told(person))
    said["words"] = " ".join(told(person))
    person.window.messages.clear()
    person.press(Key.Key_N, CONTROL | SHIFT)
    names = next(one for one in person.window.findChildren(NamesDialog) if one.isVisible())
    person.until(lambda: LOOKING not in words(names.empty))
    said["names"] = words(names.empty)
    names.show_tab(1)
    assert not names.prompts.measure_button.isEnabled()
    said["prompts"] = names.prompts.caution.text()
    names.close()
    return said


def test_in_an_empty_project(person: Person, open_project: Callable[[Controller], ProjectContext]) -> None:
    open_project(person.window.controller)
    person.until(lambda: person.window.current_page == "label")
    said = all_ways(person)
    assert all(said.values()), said
    for key, name in ((Key.Key_4, "check"), (Key.Key_5, "use"), (Key.Key_2, "label")):
        person.press(key, CONTROL)
        assert person.window.current_page == name
        person.until(lambda: not person.window.controller.bridge.jobs())
        person.window.grab()


def test_with_one_class_and_no_backbone(
    person: Person, open_project: Callable[[Controller], ProjectContext], picture_folder: Path
) -> None:
    controller = person.window.controller
    context = open_project(controller)
    controller.add_classes(["apples"])
    with person.qtbot.waitSignal(controller.import_done):
        controller.import_paths([picture_folder / "apples"])
    person.until(lambda: len(person.shown()) == 12)
    controller.assign(context.index.columns.ids.tolist(), context.classes[0].id)
    person.until(lambda: len(person.labels()) == 12)
    person.label.focus_images()
    said = all_ways(person)
    assert all(said.values()), said
    for key, name in ((Key.Key_4, "check"), (Key.Key_5, "use"), (Key.Key_2, "label")):
        person.press(key, CONTROL)
        assert person.window.current_page == name
        person.until(lambda: not controller.bridge.jobs())
        person.window.grab()
