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
from mma_desktop.ui.widgets.controls import InfoBar
from mma_desktop.ui.widgets.notice_stack import OneNotice

from .person import shown_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bars(qtbot: QtBot) -> Iterator[list[InfoBar]]:
    """Three bars of one place: the first is the most important."""
    place = QWidget()
    qtbot.addWidget(place)
    column, made = QVBoxLayout(place), [InfoBar(), InfoBar(), InfoBar()]
    for bar in made:
        column.addWidget(bar)
    OneNotice(place, [(bar, {"bad": -1}, rank) for rank, bar in enumerate(made)])
    place.resize(600, 200)
    place.show()
    qtbot.waitExposed(place)
    yield made
    place.close()


def seen(bars: list[InfoBar]) -> list[str]:
    return [bar.text for bar in bars if bar.isVisible()]


def test_the_most_important_is_seen_and_the_next_comes_when_it_is_dismissed(bars: list[InfoBar]) -> None:
    first, second, third = bars
    third.show_message("third")
    assert seen(bars) == ["third"]
    assert not third.more_button.isVisible()
    first.show_message("first", "warn")
    assert seen(bars) == ["first"]
    assert first.more_button.text() == "1 more"
    second.show_message("second", action_text="Do it", on_action=lambda: None)
    assert seen(bars) == ["first"]
    assert first.more_button.text() == "2 more"
    QTest.mouseClick(first.close_button, LEFT)
    assert seen(bars) == ["second"]
    QTest.mouseClick(second.action_button, LEFT)
    assert seen(bars) == ["third"]
    third.dismiss()
    assert seen(bars) == []
    third.show_message("worse", "bad")
    first.show_message("first")
    assert seen(bars) == ["worse"]  # a problem goes before


def test_the_others_are_reached_without_dismissing_any(bars: list[InfoBar], qtbot: QtBot) -> None:
    first, second, third = bars
    for bar, text in zip(bars, ("first", "second", "third"), strict=True):
        bar.show_message(text)
    first.window().activateWindow()
    qtbot.waitUntil(first.window().isActiveWindow)
    first.more_button.setFocus()
    for text in ("second", "third", "first", "second"):
        focus = QApplication.focusWidget()
        assert focus is not None
        assert "more" in focus.text()
        QTest.keyClick(focus, Qt.Key.Key_Space)
        assert seen(bars) == [text]
    third.show_message("news")  # looking through them ends when there is news
    assert seen(bars) == ["first"]
    first.dismiss()
    second.dismiss()
    assert seen(bars) == ["news"]
    assert not third.more_button.isVisible()


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
    window.pages["experiments"].leaks.bar.show_message("leaks", "warn")
    page.message.show_message("done", "good")
    here = [bar for bar in page.findChildren(InfoBar) if bar.isVisible()]
    assert [bar.text for bar in here] == ["leaks"]
    page.message.show_message("did not work", "bad")
    order = []
    while here := [bar for bar in page.findChildren(InfoBar) if bar.isVisible()]:
        assert len(here) == 1
        order.append(here[0].text)
        QTest.mouseClick(here[0].close_button, LEFT)
    assert order == ["did not work", "leaks"]
    with qtbot.waitSignal(window.closed, timeout=60_000):
        window.close()
    window.deleteLater()
