"""The small widgets, and how progress is put into words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import Progress
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.use.predicted_classes import PredictedClasses
from mma_desktop.ui.widgets import controls, theme
from mma_desktop.ui.widgets.controls import EmptyState, Flow, InfoBar, in_column, scrolled
from mma_desktop.ui.widgets.fields import NumberBox
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.text_format import how_far
from mma_desktop.ui.widgets.windows import ask_where


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (61, "1 min"), (3540, "59 min"), (4800, "1 h 20 min")]
)
def test_the_time_that_is_left(seconds: float, words: str) -> None:
    assert how_far(Progress(1, 9, "", None, seconds)) == f"1 of 9, about {words} left"


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(0, None), ""),
        (Progress(128, 520), "128 of 520"),
        (Progress(1200, None), "1,200 so far"),
        (Progress(340, 1200, "", 32.4, 26.5), "340 of 1,200, 32 per second, about 26 s left"),
        (Progress(3, 9, "", 0.25, 24), "3 of 9, 4 s each, about 24 s left"),
        (Progress(9, 9, "", 2.0, 0), "9 of 9, 2 per second"),
    ],
)
def test_how_far_a_job_is(progress: Progress, words: str) -> None:
    assert how_far(progress) == words


def test_a_file_dialog_names_the_kind_of_file_it_writes(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = ask_where(window, "Export", tmp_path / "trainings.csv", print)
    assert dialog.nameFilters() == ["CSV files (*.csv)"]


def test_info_bar(qtbot: QtBot) -> None:
    bar = InfoBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    done: list[bool] = []
    bar.show_message("Written.", "good", "Show", lambda: done.append(bar.isHidden()))
    assert bar.accessibleName() == "Done: Written."
    QTest.mouseClick(bar.action_button, Qt.MouseButton.LeftButton)
    assert done == [True]
    bar.show_message("Broken.", "bad")
    assert bar.action_button.isHidden()
    QTest.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_messages_keep_the_newest_two(qtbot: QtBot) -> None:
    messages = Messages()
    qtbot.addWidget(messages)
    assert messages.isHidden()
    for text in ("one", "two", "three", "two", "four"):
        messages.show_message(text, "warn")
    assert [bar.text for bar in messages.bars] == ["two", "four"]
    messages.clear()
    assert messages.isHidden()


def test_one_message_is_seen_and_the_one_before_it_waits(qtbot: QtBot) -> None:
    messages = Messages()
    qtbot.addWidget(messages)
    messages.show_message("one", "bad")
    messages.show_message("two", "warn")
    first, second = messages.bars
    assert first.isHidden()
    assert not second.isHidden()
    second.dismiss()
    assert not first.isHidden()


def test_what_only_informs_is_one_bar_and_goes_with_the_page(qtbot: QtBot) -> None:
    messages = Messages()
    qtbot.addWidget(messages)
    messages.show_message("Broken.", "bad")
    for text in ("Copied.", "Nothing to suggest."):
        messages.show_message(text)
    messages.show_message("Written.", "good")
    assert [bar.text for bar in messages.bars] == ["Broken.", "Written."]
    messages.leave_page()
    assert [bar.text for bar in messages.bars] == ["Broken."]
    messages.show_message("Added.", "info", "Show them")
    messages.leave_page()
    assert [bar.text for bar in messages.bars] == ["Broken.", "Added."]


@pytest.fixture
def passing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[InfoBar]:
    """A bar in a window that is shown; what passes does so at once."""
    monkeypatch.setattr(controls, "PASSING_MS", 0)
    monkeypatch.setattr(controls, "READING_MS", 0)
    place = QWidget()
    qtbot.addWidget(place)
    bar = InfoBar(passing=True)
    QVBoxLayout(place).addWidget(bar)
    place.show()
    place.activateWindow()
    qtbot.waitUntil(place.isActiveWindow)
    yield bar
    place.close()


def come_and_go(bar: InfoBar) -> None:
    """Let every timer that is due run."""
    for _ in range(3):
        QApplication.processEvents()
    assert bar.isVisible() is bar.wanted


@pytest.mark.parametrize("severity", ["info", "good"])
def test_what_only_informs_goes_by_itself(passing: InfoBar, qtbot: QtBot, severity: str) -> None:
    passing.show_message("Copied.", severity)
    assert passing.isVisible()
    qtbot.waitUntil(lambda: not passing.wanted)


def test_a_long_sentence_stays_longer(passing: InfoBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "READING_MS", 1_000)
    passing.show_message("Copied, and a good deal more to read.")
    come_and_go(passing)
    assert passing.isVisible()
    passing.show_message("")
    qtbot.waitUntil(lambda: not passing.wanted)


@pytest.mark.parametrize(("severity", "action"), [("warn", ""), ("bad", ""), ("info", "Undo"), ("good", "Show")])
def test_a_warning_and_what_can_be_acted_on_stay(passing: InfoBar, severity: str, action: str) -> None:
    passing.show_message("Copied.")
    passing.show_message("Look.", severity, action)
    come_and_go(passing)
    assert passing.isVisible()


def test_a_notice_waits_while_the_mouse_or_the_keyboard_is_in_it(passing: InfoBar, qtbot: QtBot) -> None:
    passing.show_message("Copied.")
    QApplication.sendEvent(passing, QEnterEvent(QPointF(), QPointF(), QPointF()))
    come_and_go(passing)
    assert passing.isVisible()
    passing.close_button.setFocus()
    QApplication.sendEvent(passing, QEvent(QEvent.Type.Leave))
    come_and_go(passing)
    assert passing.isVisible()
    passing.close_button.clearFocus()
    qtbot.waitUntil(lambda: not passing.wanted)


def test_the_text_of_an_empty_state_is_whole_in_a_narrow_place(qtbot: QtBot) -> None:
    state = EmptyState("star", "None", "A text that needs two lines in a narrow place, else one.")
    place = QScrollArea()
    place.setWidget(state)
    place.setWidgetResizable(True)
    qtbot.addWidget(place)
    place.resize(300, 400)
    place.show()
    text = next(one for one in state.findChildren(QLabel) if one.text().startswith("A text"))
    assert state.rect().contains(text.geometry())
    narrow = text.height()
    assert narrow >= text.heightForWidth(text.width())
    place.resize(900, 400)
    qtbot.waitUntil(lambda: text.width() == 440)
    assert text.height() < narrow


def test_a_button_whose_text_changes_while_its_page_is_not_shown_has_room_for_it_afterwards(qtbot: QtBot) -> None:
    page, labelled = QWidget(), QPushButton("Labelled 1")
    in_column(Flow(labelled, QPushButton("All")), inside=page)
    page.resize(600, 80)
    qtbot.addWidget(page)
    page.show()
    page.hide()
    labelled.setText("Labelled 1,000,000")
    page.show()
    assert labelled.width() >= labelled.sizeHint().width()


def test_what_has_no_room_scrolls_instead_of_being_squeezed(qtbot: QtBot) -> None:
    inner = QWidget()
    column = QVBoxLayout(inner)
    for _ in range(4):
        one = QPushButton("A button")
        one.setMinimumHeight(40)
        column.addWidget(one)
    area = scrolled(inner)
    qtbot.addWidget(area)
    area.resize(200, 90)
    area.show()
    places = [one.geometry() for one in inner.findChildren(QPushButton)]
    assert all(a.bottom() < b.top() for a, b in pairwise(places))
    assert area.verticalScrollBar().maximum() > 0


def test_a_bar_is_filled_as_far_as_it_is(qtbot: QtBot) -> None:
    bar = QProgressBar()
    bar.setTextVisible(False)
    qtbot.addWidget(bar)
    bar.resize(200, 6)
    bar.setMaximum(16)
    bar.setValue(8)
    image = bar.grab().toImage()
    assert QColor(image.pixel(20, 3)) == QColor(theme.tokens().accent)
    assert QColor(image.pixel(130, 3)) == QColor(theme.tokens().border)


def test_a_wide_table_that_began_without_rows_fits_its_columns_to_them(qtbot: QtBot) -> None:
    table, place = CellTable("Table"), QWidget()
    qtbot.addWidget(place)
    heads = [Head(f"column {at}") for at in range(14)]
    table.show_cells(heads, [])
    in_column(table, inside=place)
    place.show()
    first = TableCell("a long text in the first column")
    table.show_cells(heads, [[first, *(TableCell("") for _ in heads[1:])]])
    assert table.horizontalHeader().sectionSize(0) >= table.sizeHintForColumn(0) > 100


def test_the_title_of_the_first_column_is_whole_in_a_narrow_table(qtbot: QtBot) -> None:
    table = CellTable("Table")
    qtbot.addWidget(table)
    table.resize(120, 90)
    table.show()
    table.show_cells([Head("A long method"), Head("Accuracy", "", True)], [[TableCell("x"), TableCell("1", 1.0)]])
    header = table.horizontalHeader()
    assert header.sectionSize(0) > header.fontMetrics().horizontalAdvance("A long method")


def test_predicted_classes_stay_where_they_are_scrolled_to_when_their_numbers_change(qtbot: QtBot) -> None:
    made = PredictedClasses()
    qtbot.addWidget(made)
    made.resize(250, 300)
    classes = [ImageClass(number, f"class {number}", Role.BASE, number, "#aa0000", "") for number in range(1, 100)]
    made.set_lines(0, [(choice, 0) for choice in classes])
    made.show()
    qtbot.waitExposed(made)
    made.selectRow(made.row_of(classes[70].id))
    made.verticalScrollBar().setValue(50)
    made.set_lines(2, [(choice, 1) for choice in classes])
    assert (made.verticalScrollBar().value(), made.class_id) == (50, classes[70].id)


def test_predicted_classes_give_their_names_the_room_that_the_numbers_leave(qtbot: QtBot) -> None:
    made = PredictedClasses()
    qtbot.addWidget(made)
    made.resize(206, 300)
    guitar = ImageClass(1, "electric guitar", Role.BASE, 1, "#aa0000", "")
    for count in (0, 10, 123, 10):
        made.set_lines(count, [(guitar, count)])
        made.show()
        qtbot.waitExposed(made)
        for column in (1, 2):
            assert made.columnWidth(column) == made.sizeHintForColumn(column)
        assert made.columnWidth(0) >= made.sizeHintForColumn(0)
        widths = sum(made.columnWidth(column) for column in range(3))
        assert widths == pytest.approx(made.viewport().width(), abs=4)


@pytest.mark.parametrize(("language", "point"), [("en", "."), ("de", ",")])
def test_a_small_number_can_be_typed_with_an_exponent(qtbot: QtBot, language: str, point: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        made = NumberBox(1e-8, 10)
        qtbot.addWidget(made)
        for typed, value in (("5e-3", 0.005), (f"2{point}5e-4", 0.00025), ("0.001", 0.001)):
            made.lineEdit().selectAll()
            QTest.keyClicks(made.lineEdit(), typed)
            QTest.keyClick(made, Qt.Key.Key_Return)
            assert made.value() == value
            assert made.text() == f"{value:.9f}".rstrip("0").replace(".", point)
    finally:
        QLocale.setDefault(before)


def test_a_message_of_many_lines_is_whole_beside_what_could_take_its_room(qtbot: QtBot) -> None:
    place, bar = QWidget(), InfoBar()
    in_column(bar, (QListWidget(), 1), inside=place)
    qtbot.addWidget(place)
    bar.show_message("A message that is so long that it takes many lines in a narrow place, and all of them are read.")
    place.resize(240, 500)
    place.show()
    text = next(label for label in bar.findChildren(QLabel) if label.text().startswith("A message"))
    qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()) > 60)
    assert bar.height() < text.height() + 40, "no more than it needs"
