"""Results: tables, confusion matrix, figures and the list of runs, through real widgets and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import Accuracy, ClassScore, Evaluation, Role, RunRecord, Scores
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.serialization import evaluation_json
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.results_panel import CELL_ROOM, LEAST_HEIGHT, ConfusionPanel, ResultsView
from mma_desktop.ui.results.run_model import NAME, RunInUse
from mma_desktop.ui.results.runs_panel import RunsPanel
from mma_desktop.ui.train.adapter_in_use import AdapterInUse
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.text_format import alphabetical

from .person import words


def evaluation(*, new: bool = True, base_by: str = "held-out") -> Evaluation:
    names, roles = ("ant", "bee", "cat", "dog"), (Role.BASE, Role.BASE, Role.NEW, Role.NEW)
    pairs = ((8, 10), (9, 7), (6, 6), (5, 5))
    per_class = tuple(
        ClassScore(
            name,
            role,
            Accuracy.of(before, 10) if new or role is Role.BASE else None,
            Accuracy.of(after, 10) if new or role is Role.BASE else None,
        )
        for name, role, (before, after) in zip(names, roles, pairs, strict=True)
    )
    new_before, new_after = (Accuracy.of(11, 20), Accuracy.of(11, 20)) if new else (None, None)
    return Evaluation(
        names,
        roles,
        Scores(Accuracy.of(17, 20), new_before, Accuracy.of(26, 40)),
        Scores(Accuracy.of(17, 20), new_after, Accuracy.of(27, 40)),
        per_class,
        ((10, 0, 0, 0), (1, 7, 2, 0), (0, 4, 6, 0), (0, 0, 5, 5)),
        base_by,
    )


@pytest.fixture
def view(qtbot: QtBot) -> ResultsView:
    made = ResultsView()
    qtbot.addWidget(made)
    made.resize(820, 520)
    made.show()
    return made


def cells(table: object, row: int) -> list[str]:
    model = table.model()  # type: ignore[attr-defined]
    return [str(model.index(row, at).data() or "") for at in range(model.columnCount())]


def test_the_summary_has_base_new_all_and_h(view: ResultsView) -> None:
    view.show_evaluation(evaluation())
    assert [cells(view.summary, row)[0] for row in range(4)] == [
        "Base classes",
        "New classes",
        "All classes together",
        "Harmonic mean (H)",
    ]
    base = cells(view.summary, 0)
    assert base[1:4] == ["85.0%", "85.0%", "0.0"]
    assert base[5] == "20"
    wilson = Accuracy.of(17, 20)
    assert base[6] == number_format.interval(wilson.low, wilson.high)


def test_missing_new_accuracy_is_said_in_words(view: ResultsView) -> None:
    view.show_evaluation(evaluation(new=False))
    assert cells(view.summary, 1)[1] == "not measured"
    assert cells(view.summary, 3)[1] == "not measured"
    assert "%" not in "".join(cells(view.summary, 1) + cells(view.summary, 3))
    assert "New classes: not measured, as there is no labelled image of a new class." in words(view)


def test_an_estimate_is_called_one(view: ResultsView) -> None:
    view.show_evaluation(evaluation(base_by="cross-validation"))
    assert "(cross-validation)" in cells(view.summary, 0)[0]
    view.show_evaluation(evaluation(base_by="leave-one-out"))
    assert "(leave-one-out)" in cells(view.summary, 0)[0]


@pytest.mark.parametrize("width", [480, 700, 820])
def test_no_name_is_cut_while_other_columns_have_room(view: ResultsView, qtbot: QtBot, width: int) -> None:
    view.resize(width, 500)
    view.show_evaluation(evaluation(new=False, base_by="cross-validation"))
    for table in (view.summary, view.per_class):
        font, model = table.font(), table.model()
        font.setBold(True)
        names = [str(model.index(row, 0).data() or "") for row in range(model.rowCount())]
        needed = max(map(QFontMetrics(font).horizontalAdvance, names)) + CELL_ROOM
        qtbot.waitUntil(lambda table=table, needed=needed: table.columnWidth(0) >= needed)


@pytest.mark.parametrize("size", [(530, 340), (530, 260), (430, 400), (820, 520)])
def test_nothing_is_printed_over_another_thing_in_a_small_window(
    view: ResultsView, qtbot: QtBot, size: tuple[int, int]
) -> None:
    view.resize(*size)
    view.show_evaluation(evaluation(new=False, base_by="cross-validation"))
    area = view.findChild(QScrollArea)
    assert area is not None
    page = area.widget()
    texts = [one for one in page.findChildren(QLabel) if one.wordWrap()]
    assert any("no labelled image of a new class" in one.text() for one in texts)
    parts = [view.summary, *texts, view.worse_label, view.per_class]

    def whole() -> None:
        for text in texts:
            assert text.height() >= text.heightForWidth(text.width())
        for upper, lower in pairwise(sorted(parts, key=lambda one: one.y())):
            assert upper.geometry().bottom() < lower.geometry().top()
        assert view.per_class.height() >= LEAST_HEIGHT
        assert page.rect().contains(view.per_class.geometry())
        assert area.verticalScrollBar().maximum() == max(0, page.height() - area.viewport().height())
        last = view.summary.visualRect(view.summary.model().index(3, 0))
        assert last.bottom() <= view.summary.viewport().rect().bottom()

    qtbot.waitUntil(whole)


def test_a_class_made_worse_is_marked_by_word_and_icon(view: ResultsView) -> None:
    view.show_evaluation(evaluation())
    verdicts = {cells(view.per_class, row)[0]: cells(view.per_class, row)[6] for row in range(4)}
    assert verdicts == {"ant": "better", "bee": "worse", "cat": "about the same", "dog": "about the same"}
    model = view.per_class.model()
    row = next(row for row in range(4) if cells(view.per_class, row)[0] == "bee")
    assert model.index(row, 6).data(Qt.ItemDataRole.DecorationRole) is not None
    assert view.worse_label.text() == "1 class made worse by training"


def test_classes_sort_by_number_when_a_head_is_clicked(view: ResultsView, qtbot: QtBot) -> None:
    view.show_evaluation(evaluation())
    header = view.per_class.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(5) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    order = [cells(view.per_class, row)[0] for row in range(4)]
    if order[0] != "bee":
        order.reverse()
    assert order[0] == "bee"
    assert order[-1] == "ant"


@pytest.fixture
def locale() -> Iterator[None]:
    former = QLocale()
    yield
    QLocale.setDefault(former)


@pytest.mark.usefixtures("locale")
@pytest.mark.parametrize(
    ("language", "ordered"),
    [("de", ["Äpfel", "birne", "Teil 9", "Teil 10"]), ("sv", ["birne", "Teil 9", "Teil 10", "Äpfel"])],
)
def test_classes_sort_by_name_as_the_locale_does(language: str, ordered: list[str], qtbot: QtBot) -> None:
    QLocale.setDefault(QLocale(language))
    view = ResultsView()
    qtbot.addWidget(view)
    found = evaluation()
    names = ("Teil 10", "birne", "Teil 9", "Äpfel")
    scores = tuple(replace(one, name=name) for one, name in zip(found.per_class, names, strict=True))
    view.show_evaluation(replace(found, class_names=names, per_class=scores))
    view.per_class.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [cells(view.per_class, row)[0] for row in range(4)] == ordered
    assert alphabetical(names) == ordered


def test_tables_are_copied_as_text(view: ResultsView, qtbot: QtBot) -> None:
    view.show_evaluation(evaluation())
    view.per_class.setFocus()
    view.per_class.selectRow(0)
    qtbot.keyClick(view.per_class, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:2] == ["Class", "Role"]
    assert lines[1].split("\t")[0] == "ant"
    assert len(lines) == 2


def test_the_interval_of_h_holds_h_and_shrinks_with_n() -> None:
    few = number_format.harmonic_interval(Accuracy.of(8, 10), Accuracy.of(6, 10))
    many = number_format.harmonic_interval(Accuracy.of(800, 1000), Accuracy.of(600, 1000))
    h = 2 * 80 * 60 / 140
    for low, high in (few, many):
        assert 0 <= low < h < high <= 100
    assert many[1] - many[0] < (few[1] - few[0]) / 5
    assert number_format.harmonic_interval(Accuracy.of(0, 5), Accuracy.of(0, 5))[0] == 0


def test_figures_are_written_alike() -> None:
    assert number_format.points(6.94) == "+6.9"
    assert number_format.points(-0.04) == "0.0"
    assert number_format.points(-2.0) == "\N{MINUS SIGN}2.0"
    assert number_format.duration(0.2) == "under 1 s"
    assert number_format.duration(130) == "2 min 10 s"
    assert number_format.duration(3900) == "1 h 5 min"


@pytest.fixture
def panel(qtbot: QtBot) -> ConfusionPanel:
    made = ConfusionPanel()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show_evaluation(evaluation())
    made.show()
    return made


def test_a_click_on_a_cell_names_both_classes(panel: ConfusionPanel, qtbot: QtBot) -> None:
    matrix = panel.view
    with qtbot.waitSignal(matrix.cell_clicked) as clicked:
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell_rect(2, 1).center())
    assert clicked.args == ["cat", "bee"]
    assert matrix.describe(2, 1) == "4 of 10 images of 'cat' (40%) were taken for 'bee'."


def test_the_matrix_is_walked_by_key(panel: ConfusionPanel, qtbot: QtBot) -> None:
    matrix = panel.view
    matrix.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(matrix, key)
    assert matrix.current == ("ant", "cat")
    assert matrix.accessibleDescription() == matrix.describe(0, 2)
    assert panel.line.text() == matrix.describe(0, 2)
    qtbot.keyClick(matrix, Qt.Key.Key_Left)
    qtbot.keyClick(matrix, Qt.Key.Key_Left)
    assert panel.line.text() == f"{matrix.describe(0, 0)} Press Enter to see them."
    qtbot.keyClick(matrix, Qt.Key.Key_Right)
    qtbot.keyClick(matrix, Qt.Key.Key_Right)
    with qtbot.waitSignal(matrix.cell_clicked) as clicked:
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert clicked.args == ["ant", "cat"]


def add_run(context: ProjectContext, name: str, created: float) -> RunRecord:
    checkpoint = context.project.runs_dir / f"{name}.safetensors"
    checkpoint.write_bytes(b"x")
    return context.project.add_run(
        name=name,
        created_at=created,
        method="multi-modal-adapter",
        backbone="starter",
        checkpoint=checkpoint.relative_to(context.project.folder).as_posix(),
        settings={"shots": 8, "seed": 0},
        metrics={**evaluation_json(evaluation()), "epochs": 20, "best_epoch": 10, "parameters": 10, "seconds": 1.0},
    )


@pytest.fixture
def runs(controller: Controller, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot) -> RunsPanel:
    panel = RunsPanel(controller)
    qtbot.addWidget(panel)
    panel.resize(320, 500)
    panel.show()
    context = open_project(controller)
    add_run(context, "older", 1000.0)
    add_run(context, "newer", 2000.0)
    panel.reload()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    return panel


def test_runs_come_newest_first_and_one_is_looked_at(runs: RunsPanel, qtbot: QtBot) -> None:
    assert [runs.model.run(row).name for row in range(2)] == ["newer", "older"]
    assert runs.current is not None
    assert runs.current.name == "newer"
    runs.list.setFocus()
    with qtbot.waitSignal(runs.selected) as seen:
        qtbot.keyClick(runs.list, Qt.Key.Key_Down)
    assert seen.args[0].name == "older"
    words = runs.model.index(0, NAME).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "base 85.0" in words
    assert "new 55.0" in words


def test_a_training_without_its_number_of_shots_claims_none(
    controller: Controller, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> None:
    panel = RunsPanel(controller)
    qtbot.addWidget(panel)
    context = open_project(controller)
    odd: tuple[dict[str, object], ...] = ({}, {"shots": None}, {"shots": "many"}, {"shots": True}, {"shots": 4})
    for at, shots in enumerate(odd):
        settings = {"seed": 0, **shots}
        context.project.add_run("run", "tip-adapter", "starter", f"runs/{at}.safetensors", settings, {}, float(at + 1))
    panel.reload()
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(odd))
    tips = [panel.model.index(row, NAME).data(Qt.ItemDataRole.ToolTipRole) for row in range(len(odd))]
    assert ["per class" in tip for tip in tips] == [True, False, False, False, False]
    assert "4 shots per class, seed 0, starter" in tips[0]


def test_the_training_in_use_is_marked_in_words(runs: RunsPanel, controller: Controller, qtbot: QtBot) -> None:
    def shown(role: Qt.ItemDataRole) -> list[str]:
        return [runs.model.index(row, NAME).data(role) for row in range(2)]

    line, in_use = AdapterInUse(), RunInUse(controller)
    in_use.changed.connect(line.show_run)
    in_use.ask()
    qtbot.addWidget(line)
    assert shown(Qt.ItemDataRole.DisplayRole) == ["newer", "older"]
    assert not line.text()
    older, newer = runs.model.run(1), runs.model.run(0)
    for used, names in ((older, ["newer", "older (in use)"]), (newer, ["newer (in use)", "older"])):
        engine = controller.open_context.engine
        engine.adapter_file = controller.open_context.project.checkpoint_path(used)
        controller.guesses_changed.emit()
        assert shown(Qt.ItemDataRole.DisplayRole) == names
        assert shown(Qt.ItemDataRole.EditRole) == ["newer", "older"]
        assert ["in use" in words for words in shown(Qt.ItemDataRole.AccessibleTextRole)] == [
            "(in use)" in name for name in names
        ]
        said = f"Predicted by: {used.name}"
        qtbot.waitUntil(lambda said=said: line.text() == said)
        assert not line.isHidden()
        line.set_by_name(True)
        assert line.text() == "Ranked by the name alone"
        line.set_by_name(False)
        assert line.text() == said
    engine.adapter_file = None
    controller.guesses_changed.emit()
    assert line.isHidden()


def test_a_run_is_renamed_in_place(runs: RunsPanel, qtbot: QtBot) -> None:
    runs.list.setFocus()
    qtbot.mouseClick(runs.rename_button, Qt.MouseButton.LeftButton)
    editor = runs.list.findChild(QLineEdit)
    assert editor is not None
    editor.setText("the good one")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: runs.model.run(0).name == "the good one")
    assert runs.current is not None
    assert runs.current.name == "the good one"


def test_a_run_is_deleted_only_after_a_yes(runs: RunsPanel, qtbot: QtBot) -> None:
    for answer, left in (("Cancel", 2), ("Delete", 1)):
        runs.activateWindow()
        runs.list.setFocus()
        qtbot.waitUntil(runs.list.hasFocus)
        qtbot.keyClick(runs.list, Qt.Key.Key_Delete)
        box = runs.findChild(QMessageBox)
        assert box is not None
        buttons = {one.text().replace("&", ""): one for one in box.findChildren(QPushButton)}
        qtbot.mouseClick(buttons[answer], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda left=left: runs.model.rowCount() == left)
        qtbot.waitUntil(lambda: runs.findChild(QMessageBox) is None)
    assert runs.model.run(0).name == "older"


def test_export_names_the_run(runs: RunsPanel, qtbot: QtBot) -> None:
    assert runs.current is not None
    with qtbot.waitSignal(runs.export_requested) as asked:
        qtbot.mouseClick(runs.export_button, Qt.MouseButton.LeftButton)
    assert asked.args == [runs.current.id]
