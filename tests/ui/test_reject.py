"""The reject slider through the real window: live numbers, kept with the adapter, used by the predictions."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.types import Accuracy
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.evaluation.calibration import RejectCurve, answers_of
from mma_desktop.services.formats import exporting
from mma_desktop.services.serialization import evaluation_from
from mma_desktop.ui.predict.predicted_classes import NONE_ID
from mma_desktop.ui.results.reject_control import RejectControl, kept_words

from .person import CONTROL, LEFT, LONG, Key, Person


@pytest.fixture
def control(qtbot: QtBot) -> RejectControl:
    made = RejectControl()
    qtbot.addWidget(made)
    sure = np.linspace(0.4, 0.99, 60)
    made.show_answers(answers_of(sure, sure > 0.6))
    made.resize(600, 120)
    made.show()
    return made


def test_off_is_the_default_and_keeps_all(control: RejectControl) -> None:
    assert control.reject == 0
    assert control.number.text() == "off"
    assert control.words.text().startswith("Keeps 100.0% of 60 measured, 66.7% of those right")


def test_the_numbers_are_live_while_it_is_dragged_and_kept_once_after(control: RejectControl, qtbot: QtBot) -> None:
    moved: list[float] = []
    settled: list[float] = []
    control.moved.connect(moved.append)
    control.settled.connect(settled.append)
    slider = control.slider
    start, end = QPoint(8, slider.height() // 2), QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 5):
        QTest.mouseMove(slider, start + (end - start) * step / 4)
    assert len(moved) >= 3
    now = control.curve.at(control.reject) if control.curve is not None else None
    assert now is not None
    assert now.accuracy is not None
    assert control.words.text() == kept_words(now, Accuracy.of(40, 60))
    assert "95% interval" in control.words.text()
    assert not settled
    assert control.pending
    with qtbot.waitSignal(control.settled):
        QTest.mouseRelease(slider, LEFT, Qt.KeyboardModifier.NoModifier, end)
    assert settled == [control.reject]
    assert not control.pending


def test_keys_and_typing_move_it_too(control: RejectControl, qtbot: QtBot) -> None:
    control.slider.setFocus()
    qtbot.keyClick(control.slider, Qt.Key.Key_Right)
    assert control.reject == 0.01
    qtbot.keyClick(control.slider, Qt.Key.Key_PageUp)
    assert control.reject == 0.06
    control.number.selectAll()
    qtbot.keyClicks(control.number, "55.5")
    qtbot.keyClick(control.number, Qt.Key.Key_Return)
    assert control.reject == 0.555
    assert control.slider.value() == 555
    qtbot.keyClick(control.slider, Qt.Key.Key_End)
    assert control.words.text() == "Keeps none of 60 measured."


def test_a_suggestion_keeps_its_promise_or_says_why_not(control: RejectControl, qtbot: QtBot) -> None:
    qtbot.mouseClick(control.suggest_button, LEFT)
    assert control.curve is not None
    kept = control.curve.at(control.reject).accuracy
    assert kept is not None
    assert kept.percent >= 95
    assert 0.5 < control.reject <= 0.61
    control.show_answers(answers_of(np.linspace(0.4, 0.9, 60), np.zeros(60, bool)))
    qtbot.mouseClick(control.suggest_button, LEFT)
    assert control.words.text().startswith("No threshold keeps 95% right")
    control.show_answers(answers_of(np.linspace(0.4, 0.9, 60), np.ones(60, bool)))
    control.show_reject(0)
    qtbot.mouseClick(control.suggest_button, LEFT)
    assert control.words.text().startswith("95% are right without a threshold")
    control.show_answers(None)
    assert not control.suggest_button.isEnabled()


def test_the_whole_way_of_a_threshold(trained_person: Person, tmp_path: Path) -> None:
    person = trained_person
    window, context = person.window, person.context
    page = window.pages["train"].advanced
    run = page.shown_run
    assert run is not None
    path = context.project.checkpoint_path(run)
    bar = page.tabs.tabBar()
    person.click(bar, bar.tabRect(4).center())
    panel = page.tabs.reject
    person.until(panel.control.isEnabled)
    answers = evaluation_from(run.metrics).adapted_answers
    assert answers is not None
    assert panel.control.curve is not None
    assert panel.control.curve.n == RejectCurve(answers).n
    guesses = context.guesses
    assert guesses is not None
    free = context.index.columns.ids[~context.index.columns.labelled]
    sure = guesses.best_confidence[guesses.positions(free)]
    limit = round(100 * float(np.sort(sure)[len(sure) // 2]), 1) - 0.1  # a value between two of the unlabelled ones

    # on the train page, by typing
    panel.control.number.setFocus()
    panel.control.number.selectAll()
    person.type(f"{limit:.1f}")
    person.press(Key.Key_Return)
    person.until(lambda: read_header(path).reject == pytest.approx(limit / 100), LONG)
    person.until(lambda: context.guesses is not None and context.guesses.reject > 0)
    guesses = context.guesses  # scored anew meanwhile, perhaps
    assert guesses is not None
    sure = guesses.best_confidence[guesses.positions(free)]
    assert panel.chart.reject == pytest.approx(limit / 100)
    panel.chart.setFocus()
    person.press(Key.Key_Home)
    assert panel.line.text().startswith("From ")

    # on the predict page: a group of its own, the same threshold, nothing to accept
    window.show_page("predict")
    predict = window.pages["predict"]
    unsure = set(free[sure < limit / 100].tolist())
    assert 0 < len(unsure) < len(free)
    person.until(lambda: predict.classes.row_of(NONE_ID) == 1)
    line = predict.classes.lines[1]
    assert (line.title, line.count) == (NONE_OF_THESE, len(unsure))
    person.until(lambda: predict.reject.isVisible() and predict.reject.control.reject == pytest.approx(limit / 100))
    person.click_row(predict.classes, 1)
    person.until(lambda: set(predict.grid.images.ids.tolist()) == unsure)
    assert predict.title.text() == NONE_OF_THESE
    assert predict.grid.images.badge(next(iter(unsure))).words().startswith("not labelled, none of these: guess")
    predict.grid.setFocus()
    person.press(Key.Key_A, CONTROL)
    assert len(predict.grid.selected_ids()) == len(unsure)
    assert not predict.accept_button.isEnabled()
    predict.grid.grab()
    person.click_row(predict.classes, 0)
    person.until(lambda: len(predict.grid.images.ids) == len(free))
    predict.grid.setFocus()
    person.press(Key.Key_A, CONTROL)
    person.click(predict.accept_button)
    person.until(lambda: len(context.index.columns.ids[~context.index.columns.labelled]) == len(unsure))

    # exports
    with exporting.labels(context, tmp_path / "l.csv").open(newline="") as handle:
        told = {row["file_name"]: row["prediction"] for row in csv.DictReader(handle)}
    rows = context.project.image_rows(sorted(unsure))
    assert {told[str(row.path)] for row in rows} == {NONE_OF_THESE}

    # and off again, from the predict page: the train page follows
    predict.reject.control.slider.setFocus()
    person.press(Key.Key_Home)
    person.until(lambda: read_header(path).reject == 0, LONG)
    person.until(lambda: predict.classes.row_of(NONE_ID) == -1)
    person.until(lambda: panel.control.reject == 0)
