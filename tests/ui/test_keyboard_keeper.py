"""Something in the window always has the keyboard, whatever becomes of what had it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller

from .person import SHIFT, Key, Person


@pytest.fixture
def person(person: Person, open_project: Callable[[Controller], ProjectContext]) -> Person:
    open_project(person.window.controller).project.add_classes(["apples", "boxes"])
    return person


def on_page(person: Person, name: str) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and person.window.pages[name].isAncestorOf(focus)


@pytest.mark.parametrize("name", ["home", "label", "check", "use"])
def test_what_loses_the_keyboard_gives_it_to_the_page(person: Person, name: str) -> None:
    person.window.show_page(name)
    person.until(lambda: QApplication.focusWidget() is not None)
    QApplication.focusWidget().clearFocus()
    person.until(lambda: on_page(person, name))


def test_a_page_that_comes_while_nothing_has_the_keyboard_takes_it(person: Person) -> None:
    person.window.show_page("check")
    person.until(lambda: on_page(person, "check"))
    QApplication.focusWidget().clearFocus()
    person.window.show_page("use")
    person.until(lambda: on_page(person, "use"))


@pytest.mark.parametrize("name", ["label", "check", "use"])
def test_a_page_whose_last_widget_is_hidden_by_now_takes_it_elsewhere(person: Person, name: str) -> None:
    person.window.show_page(name)
    person.until(lambda: on_page(person, name))
    last = QApplication.focusWidget()
    person.window.show_page("home")
    person.until(lambda: on_page(person, "home"))
    last.hide()
    person.window.show_page(name)
    assert on_page(person, name)
    assert last.isVisible() or last is not QApplication.focusWidget()


def test_a_window_behind_another_takes_nothing(person: Person, qtbot: QtBot) -> None:
    person.window.show_page("check")
    person.until(lambda: on_page(person, "check"))
    dialog = person.window.menus.about
    dialog.trigger()
    person.until(lambda: QApplication.activeWindow() not in {None, person.window})
    other = QApplication.activeWindow()
    focus = other.focusWidget()
    if focus is not None:
        focus.clearFocus()
    qtbot.wait(50)
    assert not on_page(person, "check")
    other.close()


def test_only_keys_ring_what_they_move_to(person: Person) -> None:
    label = person.go_to(Key.Key_2, "label")
    flat, bar, slider = label.filter_bar.names_button, label.filter_bar, label.filter_bar.slider
    before = flat.grab().toImage()

    def click(widget: QWidget) -> None:
        """Click as the screen does, through the window."""
        at = widget.mapTo(person.window, widget.rect().center())
        QTest.mouseClick(person.window.windowHandle(), Qt.MouseButton.LeftButton, pos=at)

    person.until(flat.isEnabled)
    click(flat)
    click(flat)
    assert flat.hasFocus()
    assert not flat.property("ring")
    person.press(Key.Key_Backtab, SHIFT)
    assert slider.hasFocus()
    assert slider.property("ring")
    person.press(Key.Key_Tab)
    assert flat.property("ring")
    assert not slider.property("ring")
    assert flat.grab().toImage() != before
    click(bar.search)
    assert bar.search.hasFocus()
    assert not bar.search.property("ring"), "a field for text shows without it"


def test_a_dialog_that_keys_opened_rings_what_has_the_keyboard(person: Person) -> None:
    person.go_to(Key.Key_2, "label")
    person.press(Key.Key_Tab)
    person.window.menus.shortcuts.trigger()
    person.until(lambda: isinstance(QApplication.activeWindow(), QDialog))
    dialog = QApplication.activeWindow()
    person.until(dialog.close_button.hasFocus)
    assert dialog.close_button.property("ring")
    dialog.reject()
