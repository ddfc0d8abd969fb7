"""Help > Guide: every page opens offline, links between pages work, and the system's browser opens only on a click."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QTextTable
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.help import PAGES, GuideWindow
from mma_desktop.ui.widgets import theme

from .person import Person, close, shown_window


@pytest.fixture
def guide(qtbot: QtBot) -> GuideWindow:
    made = GuideWindow()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked to open."""
    urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(url.toString()))
    return urls


@pytest.mark.parametrize("row", range(len(PAGES)), ids=list(PAGES))
def test_each_page_opens(guide: GuideWindow, row: int, opened: list[str]) -> None:
    guide.list.setCurrentRow(row)
    assert guide.page == list(PAGES)[row]
    document = guide.browser.document()
    assert document.begin().blockFormat().headingLevel() == 1
    text = document.toPlainText()
    assert len(text) > 1000
    assert "](" not in text
    assert "|---" not in text
    assert "```" not in text
    assert opened == []


def test_links_lead_to_pages_and_headings(guide: GuideWindow, opened: list[str]) -> None:
    guide.follow(QUrl("performance.md#ten-million-pictures"))
    assert guide.page == "performance"
    assert guide.list.currentItem().text() == PAGES["performance"]
    assert guide.browser.verticalScrollBar().value() > 100
    guide.follow(QUrl("#pictures"))
    assert guide.page == "performance"
    first = guide.browser.verticalScrollBar().value()
    guide.follow(QUrl("labelling.md"))
    assert guide.page == "labelling"
    assert guide.browser.verticalScrollBar().value() == 0 < first
    guide.follow(QUrl("../../../etc/passwd"))
    assert guide.page == "labelling"
    assert opened == []


def test_a_click_follows_a_link(guide: GuideWindow, qtbot: QtBot) -> None:
    cursor = guide.browser.document().find("Command line:")
    cursor.setPosition(cursor.selectionStart() + 3)
    place = guide.browser.cursorRect(cursor).center()
    qtbot.mouseClick(guide.browser.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert guide.page == "command-line"


def test_an_outside_link_is_for_the_system(guide: GuideWindow, opened: list[str]) -> None:
    guide.browser.anchorClicked.emit(QUrl("https://example.org/a"))
    assert opened == ["https://example.org/a"]
    assert guide.page == "index"


def test_colours_follow_the_theme(guide: GuideWindow, qapp: QApplication) -> None:
    for name in ("dark", "light"):
        theme.apply_theme(qapp, name)
        (table,) = (one for one in guide.browser.document().rootFrame().childFrames() if isinstance(one, QTextTable))
        assert table.format().borderBrush().color() == QColor(theme.tokens().border)


def test_it_stands_beside_the_window_once(controller: Controller, settings: Settings, qtbot: QtBot) -> None:
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    window = person.window
    window.menus.guide.trigger()
    guide = window.guide
    assert guide is not None
    assert guide.isVisible()
    assert not guide.isModal()
    window.menus.guide.trigger()
    assert window.guide is guide
    close(person)
    assert not guide.isVisible()
    window.deleteLater()
