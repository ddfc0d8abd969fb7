"""The base of the charts: pointed at, walked through, and never in the way of the page's wheel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from mma_desktop.ui.widgets.plot import Item, Plot

from .person import LEFT


@pytest.fixture
def area(qtbot: QtBot) -> QScrollArea:
    made = QScrollArea()
    qtbot.addWidget(made)
    chart = Plot("Chart", "x", "y")
    chart.resize(400, 600)
    chart.percent_axis("bottom")
    chart.percent_axis("left")
    chart.set_items([Item(25, 25, "low"), Item(75, 75, "high")], "two items")
    made.setWidget(chart)
    made.resize(420, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def chart_in(area: QScrollArea) -> Plot:
    chart = area.widget()
    assert isinstance(chart, Plot)
    return chart


def test_an_item_is_told_by_pointer_and_key(area: QScrollArea) -> None:
    chart = chart_in(area)
    told: list[str] = []
    chart.message.connect(told.append)
    assert chart.accessibleDescription() == "two items"
    QTest.mouseClick(chart.viewport(), LEFT, pos=chart.spot(75, 75).toPoint())
    QTest.mouseClick(chart.viewport(), LEFT, pos=chart.spot(10, 90).toPoint())
    assert told == ["high"]
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(chart, key)
    assert told == ["high", "low", "low", "high"]
    assert chart.accessibleDescription() == "high"
    chart.grab()


def test_the_wheel_scrolls_the_page(area: QScrollArea, qtbot: QtBot) -> None:
    before = chart_in(area).box.viewRange()
    QTest.wheelEvent(area.windowHandle(), QPointF(100, 100), QPoint(0, -120))
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    assert chart_in(area).box.viewRange() == before
