"""The reliability diagram: real numbers after a training, words for who does not see it, and old runs without any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import Accuracy, Evaluation, Role, Scores
from mma_desktop.engine.evaluation.calibration import answers_of, calibration
from mma_desktop.ui.results.reliability import NONE_MEASURED, OLD, ReliabilityPanel, tendency
from mma_desktop.ui.widgets.controls import EmptyState

from .person import Key, Person, words


def evaluation(count: int = 200) -> Evaluation:
    draw = np.random.default_rng(0)
    sure = draw.uniform(0.3, 1, count)
    before, after = answers_of(sure, draw.random(count) < sure - 0.25), answers_of(sure, draw.random(count) < sure)
    scores = Scores(Accuracy.of(8, 10), None, Accuracy.of(8, 10))
    return Evaluation(("a", "b"), (Role.BASE, Role.BASE), scores, scores, (), (), "held-out", before, after)


@pytest.fixture
def panel(qtbot: QtBot) -> ReliabilityPanel:
    made = ReliabilityPanel()
    qtbot.addWidget(made)
    made.resize(820, 460)
    made.show()
    return made


def test_before_and_after_stand_side_by_side_with_their_numbers(panel: ReliabilityPanel, qtbot: QtBot) -> None:
    found = evaluation()
    panel.show_evaluation(found)
    assert found.zero_shot_answers is not None
    assert found.adapted_answers is not None
    old, new = calibration(found.zero_shot_answers), calibration(found.adapted_answers)
    assert old.ece > new.ece + 5
    assert f"{old.ece:.1f} points before training, {new.ece:.1f} after" in panel.summary.text()
    assert "200 images" in panel.summary.text()
    assert f"about {new.chance:.1f}" in panel.summary.text()
    assert "rough" in panel.summary.text()
    assert f"ECE {old.ece:.1f} points on 200 images" in panel.charts[0].accessibleDescription()
    assert "Too sure" in panel.charts[0].accessibleDescription()
    assert panel.charts[1].accessibleName() == "Adapted"
    assert not panel.grab().isNull()


def test_every_bar_is_told_by_keys(panel: ReliabilityPanel, qtbot: QtBot) -> None:
    panel.show_evaluation(evaluation())
    chart = panel.charts[1]
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    first = panel.line.text()
    assert first.startswith("Confidence ")
    assert "right" in first
    assert "image" in first
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert panel.line.text() != first
    assert chart.accessibleDescription() == panel.line.text()
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert panel.line.text().startswith("Confidence 93 to 100%")
    chart.grab()


def test_a_run_of_an_older_version_says_that_it_kept_none(panel: ReliabilityPanel) -> None:
    panel.show_evaluation(replace(evaluation(), base_by="leave-one-out"))
    assert "leaving out one shot at a time" in panel.summary.text()
    panel.show_evaluation(replace(evaluation(), zero_shot_answers=None, adapted_answers=None))
    empty = panel.findChild(EmptyState)
    assert OLD in words(empty)
    assert empty.isVisible()
    nothing = replace(evaluation(), zero_shot_answers=None, adapted_answers=None, adapted=Scores())
    panel.show_evaluation(nothing)
    assert NONE_MEASURED in words(empty)
    panel.show_evaluation(evaluation())
    assert not empty.isVisible()
    panel.show_evaluation(None)
    assert empty.isVisible()


def test_tendencies_in_words() -> None:
    sure = np.full(100, 0.8)
    for right, said in ((80, "as sure as right"), (50, "Too sure"), (95, "Not sure enough")):
        answers = answers_of(sure, np.arange(100) < right)
        assert answers is not None
        assert said in tendency(calibration(answers))


def test_after_a_training_the_tab_is_there(trained_person: Person) -> None:
    person = trained_person
    page = person.window.pages["train"].advanced
    bar = page.tabs.tabBar()
    person.click(bar, bar.tabRect(3).center())
    panel = page.tabs.reliability
    person.until(panel.summary.isVisible)
    run = page.shown_run
    assert run is not None
    measured = run.metrics["adapted"]["all"]["n"]
    assert f"{measured} images" in panel.summary.text()
    person.click(panel.charts[1])
    person.press(Key.Key_End)
    assert "right" in panel.line.text()
    # a cell of the confusion matrix by keys alone: the images that were measured, no others
    person.click(bar, bar.tabRect(2).center())
    view = page.tabs.confusion.view
    view.setFocus()
    person.press(Key.Key_End)
    person.press(Key.Key_Home)
    assert view.accessibleDescription()
    assert page.tabs.confusion.line.text().startswith(view.accessibleDescription())
    person.press(Key.Key_Return)
    cell = run.metrics["confusion"][0][0]
    if cell:
        person.until(lambda: person.window.current_page == "label")
        person.until(lambda: len(person.label.grid.images.ids) == cell)
        kept = run.metrics["measured"]
        rows = zip(kept["ids"], kept["labels"], kept["predicted"], strict=True)
        assert sorted(person.label.grid.images.ids.tolist()) == sorted(i for i, a, b in rows if (a, b) == (0, 0))
    else:
        person.until(lambda: "No image" in person.window.statusBar().currentMessage())


def test_calibration_is_spoken_of_where_there_is_some(panel: ReliabilityPanel) -> None:
    panel.show_evaluation(None)
    assert panel.calibrated.isHidden()
    panel.show_evaluation(None, calibrated=True)
    assert not panel.calibrated.isHidden()
