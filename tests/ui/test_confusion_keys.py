"""The confusion matrix by keys: every cell can be reached, is said and seen, and is the images that were measured."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import Accuracy, Evaluation, Role, RunRecord, Scores
from mma_desktop.services.serialization import evaluation_json
from mma_desktop.ui.results.confused_images import measured_ids
from mma_desktop.ui.results.results_panel import ConfusionPanel

COUNT = 40


def evaluation() -> Evaluation:
    names = tuple(f"class {number}" for number in range(COUNT))
    cells = tuple(tuple(int(row == column) + int(column == row + 1) for column in range(COUNT)) for row in range(COUNT))
    scores = Scores(Accuracy.of(5, 10), None, Accuracy.of(5, 10))
    return Evaluation(names, (Role.BASE,) * COUNT, scores, scores, (), cells)


def test_walking_says_the_cell_and_keeps_it_in_sight(qtbot: QtBot) -> None:
    panel = ConfusionPanel()
    qtbot.addWidget(panel)
    panel.resize(420, 320)
    panel.show_evaluation(evaluation())
    panel.show()
    view = panel.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.current == ("class 0", f"class {COUNT - 1}")
    for _ in range(COUNT - 1):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.current == (f"class {COUNT - 1}",) * 2
    assert panel.line.text().startswith(f"1 of 1 image of 'class {COUNT - 1}' (100%) was recognised.")
    assert view.accessibleDescription() in panel.line.text()
    visible = view.visibleRegion().boundingRect()
    assert visible.contains(view.current_rect), "the area follows the keyboard"
    with qtbot.waitSignal(panel.confusion_clicked) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == [f"class {COUNT - 1}"] * 2
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.current == (f"class {COUNT - 1}", "class 0")
    assert view.visibleRegion().boundingRect().contains(view.current_rect)


def test_a_cell_is_the_images_that_were_measured() -> None:
    metrics = {
        **evaluation_json(evaluation()),
        "measured": {"ids": [7, 3, 9, 4], "labels": [0, 0, 1, 0], "predicted": [1, 1, 1, 0]},
    }
    run = RunRecord(1, "run", 0.0, "multi-modal-adapter", "starter", "runs/a.safetensors", {}, metrics)
    found = measured_ids(run, "Class 0", "class 1")
    assert found is not None
    assert found.tolist() == [3, 7]
    assert measured_ids(run, "class 5", "class 1") is not None
    assert measured_ids(run, "renamed", "class 1") is None
    for spoilt in (None, {}, {"ids": [1], "labels": [1, 2, 3], "predicted": [1]}, "x"):
        other = RunRecord(1, "run", 0.0, "m", "starter", "c", {}, {**metrics, "measured": spoilt})
        assert measured_ids(other, "class 0", "class 1") is None


def test_a_class_without_measured_images_says_so(qtbot: QtBot) -> None:
    panel = ConfusionPanel()
    qtbot.addWidget(panel)
    panel.view.set_matrix(("ant", "bee"), ((2, 1), (0, 0)))
    assert panel.view.describe(0, 1) == "1 of 3 images of 'ant' (33%) were taken for 'bee'."
    assert panel.view.describe(1, 0) == "No image of 'bee' was measured."
