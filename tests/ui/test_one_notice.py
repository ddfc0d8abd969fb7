"""At most one notice is seen at a time, the newest first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.ui.widgets.controls import InfoBar
from mma_desktop.ui.widgets.messages import Messages

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def messages(qtbot: QtBot) -> Iterator[Messages]:
    """In a window that is shown."""
    place = QWidget()
    qtbot.addWidget(place)
    made = Messages()
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


def test_the_newest_is_seen_and_the_other_comes_when_it_is_dismissed(messages: Messages) -> None:
    messages.show_message("informs")
    assert seen(messages) == ["informs"]
    messages.show_message("offers", action_text="Do it", on_action=lambda: None)
    assert seen(messages) == ["offers"]
    QTest.mouseClick(shown(messages).action_button, LEFT)
    assert seen(messages) == ["informs"]
    shown(messages).dismiss()
    assert seen(messages) == []
    assert messages.isHidden()


def test_what_is_under_the_mouse_stays_until_the_mouse_has_left(messages: Messages, qtbot: QtBot) -> None:
    done: list[str] = []
    for kind in ("", "kind"):
        messages.clear()
        QTest.mouseMove(messages.parentWidget(), QPoint(5, 5))
        messages.show_message("first", "info", "Do it", lambda: done.append("first"), kind)
        button = shown(messages).action_button
        QTest.mouseMove(button)
        qtbot.waitUntil(shown(messages).underMouse)
        messages.show_message("second", "info", "Do it", lambda: done.append("second"), kind)
        assert seen(messages) == ["first"]
        if kind:  # the newer one takes the place of the other
            QTest.mouseMove(messages.parentWidget(), QPoint(5, 5))
            qtbot.waitUntil(lambda: seen(messages) == ["second"])
            assert [bar.text for bar in messages.bars] == ["second"]
        else:
            QTest.mouseClick(button, LEFT)
            assert done == ["first"]
            assert seen(messages) == ["second"]
