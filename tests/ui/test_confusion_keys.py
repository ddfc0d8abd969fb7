"""The confusion matrix by keys: every cell can be reached, is said and seen, and is the images that were measured."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import Accuracy, Evaluation, Role, RunRecord, Scores
from mma_desktop.services.serialization import evaluation_json
from mma_desktop.services.training.mistakes import measured_ids
from mma_desktop.ui.experiments.row_views import ConfusionPanel
from mma_desktop.ui.widgets import theme

from .test_theme import contrast

COUNT = 40


def evaluation() -> Evaluation:
    names = tuple(f"class {number}" for number in range(COUNT))
    cells = tuple(tuple(int(row == column) + int(column == row + 1) for column in range(COUNT)) for row in range(COUNT))
    scores = Scores(Accuracy.of(5, 10), None, Accuracy.of(5, 10))
    return Evaluation(names, (Role.BASE,) * COUNT, scores, scores, (), cells)


def current(panel: ConfusionPanel) -> tuple[str, str]:
    names, at = panel.view.matrix.names, panel.view.currentIndex()
    return names[at.row()], names[at.column()]


def test_walking_says_the_cell_and_keeps_it_in_sight(qtbot: QtBot) -> None:
    panel = ConfusionPanel()
    qtbot.addWidget(panel)
    panel.resize(420, 320)
    made = evaluation()
    panel.view.set_matrix(made.class_names, made.confusion)
    panel.show()
    view = panel.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert current(panel) == ("class 0", f"class {COUNT - 1}")
    for _ in range(COUNT - 1):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert current(panel) == (f"class {COUNT - 1}",) * 2
    assert panel.line.text().startswith(f"1 of 1 image of 'class {COUNT - 1}' (100%) was recognised.")
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex())), "the area follows the keyboard"
    with qtbot.waitSignal(view.cell_clicked) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == [f"class {COUNT - 1}"] * 2
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert current(panel) == (f"class {COUNT - 1}", "class 0")
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_a_click_on_a_cell_names_both_classes(qtbot: QtBot) -> None:
    panel = ConfusionPanel()
    qtbot.addWidget(panel)
    panel.resize(500, 400)
    panel.view.set_matrix(("ant", "bee"), ((2, 1), (0, 3)))
    panel.show()
    at = panel.view.visualRect(panel.view.model().index(0, 1)).center()
    with qtbot.waitSignal(panel.view.cell_clicked) as clicked:
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert clicked.args == ["ant", "bee"]


def test_it_is_a_table_to_a_screen_reader_and_each_cell_says_itself(qtbot: QtBot) -> None:
    panel = ConfusionPanel()
    qtbot.addWidget(panel)
    panel.view.set_matrix(("ant", "bee"), ((2, 1), (0, 3)))
    panel.show()
    told = QAccessible.queryAccessibleInterface(panel.view)
    assert told.role() == QAccessible.Role.Table
    said = [told.child(at).text(QAccessible.Text.Name) for at in range(told.childCount())]
    assert "1 of 3 images of 'ant' (33%) were taken for 'bee'." in said
    assert {"ant", "bee"} <= set(said), "the titles of its rows and columns"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_tone_of_a_cell_can_be_read(qapp: QApplication, name: str, qtbot: QtBot) -> None:
    theme.apply_theme(qapp, name)
    panel = ConfusionPanel()
    qtbot.addWidget(panel)
    for found in range(0, 101, 2):
        panel.view.set_matrix(("ant", "bee"), ((found, 100 - found), (100 - found, found)))
        for row, column in ((0, 0), (0, 1)):
            assert contrast(*panel.view.matrix.colours(row, column)) >= 4.5


def test_a_cell_is_the_images_that_were_measured() -> None:
    metrics = {
        **evaluation_json(evaluation()),
        "measured": {"ids": [7, 3, 9, 4], "labels": [0, 0, 1, 0], "predicted": [1, 1, 1, 0], "confidence": [0.5] * 4},
    }
    run = RunRecord(1, "run", 0.0, "multi-modal-adapter", "starter", "runs/a.safetensors", {}, metrics)
    found = measured_ids(run, "Class 0", "class 1")
    assert found is not None
    assert found.tolist() == [3, 7]
    assert measured_ids(run, "class 5", "class 1") is not None
    assert measured_ids(run, "renamed", "class 1") is None
    for spoilt in (None, {}, {"ids": [1], "labels": [1, 2, 3], "predicted": [1], "confidence": [1.0]}, "x"):
        other = RunRecord(1, "run", 0.0, "m", "starter", "c", {}, {**metrics, "measured": spoilt})
        assert measured_ids(other, "class 0", "class 1") is None


def test_a_class_without_measured_images_says_so(qtbot: QtBot) -> None:
    panel = ConfusionPanel()
    qtbot.addWidget(panel)
    panel.view.set_matrix(("ant", "bee"), ((2, 1), (0, 0)))
    assert panel.view.matrix.describe(0, 1) == "1 of 3 images of 'ant' (33%) were taken for 'bee'."
    assert panel.view.matrix.describe(1, 0) == "No image of 'bee' was measured."
