"""At most one notice is seen at a time, the most important first, on the train page too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.widgets.controls import InfoBar

from .person import shown_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def messages(qtbot: QtBot) -> Iterator[Messages]:
    """Three bars in a window that is shown, the most severe message first."""
    place = QWidget()
    qtbot.addWidget(place)
    made = Messages(3, worst_first=True)
    QVBoxLayout(place).addWidget(made)
    place.resize(600, 200)
    place.show()
    qtbot.waitExposed(place)
    yield made
    place.close()


def seen(messages: Messages) -> list[str]:
    return [bar.text for bar in messages.bars if bar.isVisible()]


def shown(messages: Messages) -> InfoBar:
    (bar,) = (bar for bar in messages.bars if bar.isVisible())
    return bar


def test_the_worst_is_seen_and_the_next_comes_when_it_is_dismissed(messages: Messages) -> None:
    messages.show_message("informs")
    assert seen(messages) == ["informs"]
    assert not shown(messages).more_button.isVisible()
    messages.show_message("warns", "warn")
    assert seen(messages) == ["warns"]
    assert shown(messages).more_button.text() == "1 more"
    messages.show_message("offers", action_text="Do it", on_action=lambda: None)
    assert seen(messages) == ["warns"]
    assert shown(messages).more_button.text() == "2 more"
    QTest.mouseClick(shown(messages).close_button, LEFT)
    assert seen(messages) == ["offers"]
    QTest.mouseClick(shown(messages).action_button, LEFT)
    assert seen(messages) == ["informs"]
    shown(messages).dismiss()
    assert seen(messages) == []
    assert messages.isHidden()
    messages.show_message("worse", "bad")
    messages.show_message("warns", "warn")
    assert seen(messages) == ["worse"]  # a problem goes before


def test_the_others_are_reached_without_dismissing_any(messages: Messages, qtbot: QtBot) -> None:
    for text in ("third", "second", "first"):
        messages.show_message(text, "warn")
    messages.window().activateWindow()
    qtbot.waitUntil(messages.window().isActiveWindow)
    shown(messages).more_button.setFocus()
    for text in ("second", "third", "first", "second"):
        focus = QApplication.focusWidget()
        assert focus is not None
        assert "more" in focus.text()
        QTest.keyClick(focus, Qt.Key.Key_Space)
        assert seen(messages) == [text]
    messages.show_message("third", "warn")  # looking through them ends when there is news
    assert seen(messages) == ["third"]
    for text in ("third", "first"):
        assert seen(messages) == [text]
        shown(messages).dismiss()
    assert seen(messages) == ["second"]
    assert not shown(messages).more_button.isVisible()


def test_the_experiments_show_one_of_their_notices(
    controller: Controller,
    settings: Settings,
    open_project: Callable[[Controller], ProjectContext],
    qtbot: QtBot,
) -> None:
    window = shown_window(controller, settings, qtbot)
    window.make_pages()
    open_project(controller)
    window.show_page("experiments")
    page = window.pages["experiments"]
    page.messages.show_message("leaks", "warn")
    page.messages.show_message("done", "good")
    here = [bar for bar in page.findChildren(InfoBar) if bar.isVisible()]
    assert [bar.text for bar in here] == ["leaks"]
    page.messages.show_message("did not work", "bad")
    order = []
    while here := [bar for bar in page.findChildren(InfoBar) if bar.isVisible()]:
        assert len(here) == 1
        order.append(here[0].text)
        QTest.mouseClick(here[0].close_button, LEFT)
    assert order == ["did not work", "leaks", "done"]
    with qtbot.waitSignal(window.closed, timeout=60_000):
        window.close()
    window.deleteLater()
