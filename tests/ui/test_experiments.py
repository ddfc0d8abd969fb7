"""The page Experiments: its form, what speaks against it, real short trainings, and what is shown of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractScrollArea, QCheckBox, QFileDialog, QMessageBox, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.jobs import JobState, LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import (
    DEFAULT_METHOD,
    STARTER_ID,
    Accuracy,
    ClassScore,
    Evaluation,
    QuickFix,
    Recipe,
    Role,
    RunRecord,
    Scores,
    TrainingFinding,
)
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.engine.methods.method_table import LINEAR_PROBE, METHODS, MULTI_MODAL_ADAPTER, ZERO_SHOT, find_method
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import open_project as open_again
from mma_desktop.services.serialization import evaluation_from, evaluation_json, saved_curves
from mma_desktop.services.training.experiment_table import FoldedRun, markdown
from mma_desktop.services.training.experiments import Division, Trial
from mma_desktop.services.training.learning import current
from mma_desktop.ui.base.cell_table import CellTable
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import AdapterInUse, ExportAdapter, MakeReport, ShowMessage, how_good
from mma_desktop.ui.dialogs.backbone_picker import HERE, BackbonePicker
from mma_desktop.ui.experiments.experiment_form import RECIPE_FIELDS, ExperimentForm, OptionFields
from mma_desktop.ui.experiments.experiments_page import FIRST, METHOD, TESTED_ON, ExperimentsPage, RowsTable
from mma_desktop.ui.experiments.row_views import RowViews, class_cells
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.fields import ChoiceBox, NumberBox

from .person import LONG, tick
from .projects import open_copy

Opener = Callable[[Controller], ProjectContext]
LEFT = Qt.MouseButton.LeftButton
FAR, NEAR = [spec for spec in BACKBONES if not spec.bundled][:2]
SMALL, SIZE = (825, 448), (1195, 736)
"""The page in windows of 910x512 and of 1280x800."""


@pytest.fixture
def page(controller: Controller, settings: Settings, qtbot: QtBot) -> ExperimentsPage:
    made = ExperimentsPage(controller)
    qtbot.addWidget(made)
    made.resize(1180, 700)
    made.show()
    made.set_active(True)
    return made


@pytest.fixture
def starter_session(controller: Controller, labelled_project: Path, tmp_path: Path, qtbot: QtBot) -> ProjectContext:
    """48 labelled pictures of four classes."""
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        return open_copy(controller, labelled_project, tmp_path / "project.mma")


@pytest.fixture
def filled(page: ExperimentsPage, starter_session: ProjectContext, qtbot: QtBot) -> ExperimentsPage:
    page.form.shots.setText("4")
    qtbot.waitUntil(page.form.run_button.isEnabled, timeout=LONG)
    return page


def findings_of(page: ExperimentsPage) -> str:
    return " | ".join(item.text for item in page.form.checklist.items)


def run(page: ExperimentsPage, controller: Controller, qtbot: QtBot) -> tuple[RunRecord, ...]:
    qtbot.waitUntil(page.form.run_button.isEnabled, timeout=LONG)
    with qtbot.waitSignal(controller.experiment_finished, timeout=LONG) as finished:
        qtbot.mouseClick(page.form.run_button, LEFT)
    assert finished.args[0] is not None
    runs: tuple[RunRecord, ...] = finished.args[0].runs
    ids = {one.id for one in runs}
    qtbot.waitUntil(lambda: {one.id for row in page.table.selected() for one in row.runs} >= ids)
    return runs


def answer(page: ExperimentsPage, text: str, qtbot: QtBot) -> str:
    """Answer the question of the page; returns what it said."""
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is not None)
    box = page.findChild(QMessageBox)
    said: str = box.informativeText()
    buttons = {one.text().replace("&", ""): one for one in box.findChildren(QPushButton)}
    qtbot.mouseClick(buttons[text], LEFT)
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)
    return said


def test_making_the_page_imports_neither_pyqtgraph_nor_torch() -> None:
    code = "import sys, mma_desktop.ui.experiments.experiments_page, mma_desktop.ui.use.use_page; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not {"pyqtgraph", "torch", "open_clip"} & set(done.stdout.split())


# ------------------------------------------------------------------ fields made from tables


@pytest.mark.parametrize("method", [spec.id for spec in METHODS])
def test_every_option_of_the_table_has_a_field(qtbot: QtBot, method: str) -> None:
    spec = find_method(method)
    fields = OptionFields(spec.options)
    qtbot.addWidget(fields)
    kinds = {bool: QCheckBox, str: ChoiceBox, int: QSpinBox, float: NumberBox}
    assert [type(fields.fields[one.name]) for one in spec.options] == [kinds[type(one.default)] for one in spec.options]
    assert fields.values() == {one.name: one.default for one in spec.options}
    assert all(fields.fields[one.name].accessibleName() == one.label for one in spec.options)


def test_every_method_can_carry_a_visual_head_and_only_the_default_does() -> None:
    heads = {spec.id: option.default for spec in METHODS for option in spec.options if option.name == "visual_head"}
    assert set(heads) == {spec.id for spec in METHODS if spec.trains} - {"linear-probe"}, "that one is nothing else"
    assert [method for method, on in heads.items() if on] == [DEFAULT_METHOD]
    assert "Teachable Machine" in find_method("linear-probe").summary


def test_the_recipe_goes_back_to_the_papers(qtbot: QtBot) -> None:
    recipe = OptionFields(RECIPE_FIELDS)
    qtbot.addWidget(recipe)
    assert Recipe(**recipe.values()) == Recipe()
    recipe.fields["learning_rate"].selectAll()
    qtbot.keyClicks(recipe.fields["learning_rate"], "0.001")
    recipe.fields["max_epochs"].setValue(7)
    assert Recipe(**recipe.values()) == Recipe(learning_rate=1e-3, max_epochs=7)
    recipe.reset()
    assert Recipe(**recipe.values()) == Recipe()


def test_every_backbone_is_offered_with_its_facts(controller: Controller, qtbot: QtBot) -> None:
    picker = BackbonePicker(controller.bridge)
    qtbot.addWidget(picker)
    assert picker.combo.count() == len(BACKBONES) + 1, "and the row for any other"
    assert HERE in picker.facts.text()
    other = FAR
    picker.show_backbone(other.id)
    for fact in (str(other.embed_dim), other.licence, f"{other.download_mb:,} MB"):
        assert fact in picker.facts.text()
    picker.set_local(frozenset({other.id}))
    assert HERE in picker.facts.text()
    picker.show_backbone("Some-Model/own")
    assert picker.backbone_id == "Some-Model/own"


def test_a_backbone_that_is_not_here_is_downloaded_only_when_asked_for(controller: Controller, qtbot: QtBot) -> None:
    picker = BackbonePicker(controller.bridge)
    qtbot.addWidget(picker)
    picker.show()
    picked: list[str] = []
    picker.picked.connect(picked.append)
    far, near = FAR, NEAR
    picker.set_local(frozenset({near.id}))
    choose(picker, near.id)
    assert picked == [near.id]
    assert not picker.download_button.isVisible()
    choose(picker, far.id)
    assert picked == [near.id]
    assert picker.is_undecided
    assert picker.file_button.isVisible()
    assert picker.download_button.text() == f"Download {far.download_mb:,} MB"
    qtbot.mouseClick(picker.download_button, LEFT)
    assert picked == [near.id, far.id]
    assert not picker.is_undecided
    assert not picker.download_button.isVisible()


def choose(picker: BackbonePicker, backbone_id: str) -> None:
    at = picker.combo.findData(backbone_id, Qt.ItemDataRole.UserRole)
    picker.combo.setCurrentIndex(at)
    picker.combo.activated.emit(at)


# ------------------------------------------------------------------ the form


@pytest.fixture
def form(controller: Controller, qtbot: QtBot) -> ExperimentForm:
    made = ExperimentForm(controller)
    qtbot.addWidget(made)
    made.show()
    return made


def test_several_methods_are_ticked_and_each_keeps_its_own_options(form: ExperimentForm) -> None:
    assert [one.method for one in form.experiment().trials] == [DEFAULT_METHOD, MULTI_MODAL_ADAPTER]
    for at, spec in enumerate(METHODS):
        form.methods.setCurrentRow(at)
        made = form.options.currentWidget()
        assert made.spec is spec
        assert made.trial() == Trial(spec.id, {}, spec.recipe)
        made.recipe.fields["max_epochs"].setValue(7)
    tick(form.methods, "clip-adapter", ZERO_SHOT)
    trials = form.experiment().trials
    assert [one.method for one in trials] == ["clip-adapter", ZERO_SHOT]
    assert trials[0].recipe == replace(find_method("clip-adapter").recipe, max_epochs=7)


def test_a_recipe_is_shown_for_methods_that_train_weights_alone(form: ExperimentForm) -> None:
    shown = set()
    for at, spec in enumerate(METHODS):
        form.methods.setCurrentRow(at)
        made = form.options.currentWidget()
        if made.isAncestorOf(made.recipe):
            shown.add(spec.id)
    assert shown == {spec.id for spec in METHODS} - {ZERO_SHOT, LINEAR_PROBE}


def test_an_unusable_field_is_named_and_holds_the_start_back(form: ExperimentForm) -> None:
    form.set_findings([])
    assert form.run_button.isEnabled()
    for field, wrong, right, said in (
        (form.seeds, "0-x", "0-2", "'0-x' is not valid"),
        (form.shots, "999999", "4, 8", "'999999' is not valid"),
        (form.prompt, "a photo", "a photo of a {}", "lacks {}"),
    ):
        field.setText(wrong)
        assert not form.run_button.isEnabled()
        assert said in form.obstacle
        assert said in form.checklist.items[0].text
        field.setText(right)
        assert form.run_button.isEnabled()
    assert form.experiment().seeds == (0, 1, 2)
    assert "Ready: 12 trainings." in form.checklist.items[0].text
    tick(form.methods)
    assert "at least one method" in form.obstacle


def test_blocking_findings_come_first_with_their_button(form: ExperimentForm, qtbot: QtBot) -> None:
    short = TrainingFinding("'ant': fewer than 16 shots.", True, QuickFix.FEWER_SHOTS, 7)
    form.set_findings([TrainingFinding("No new class.", False), short])
    assert [item.kind for item in form.checklist.items] == ["block", "note"]
    (button,) = form.checklist.items[0].buttons
    assert button.text() == "Train with 7 shots"
    qtbot.mouseClick(button, LEFT)
    assert form.shots.text() == "7"


def test_a_failed_backbone_holds_the_start_back_until_it_is_tried_again_or_the_starter_is_used(
    form: ExperimentForm, controller: Controller, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    form.set_findings([])
    form.picker.show_backbone(FAR.id)
    controller.engine_trouble = "It cannot be downloaded: go online, pick a file, or use the starter."
    controller.engine_changed.emit()
    assert not form.run_button.isEnabled()
    again, starter = form.checklist.items[0].findChildren(QPushButton)
    assert (again.text(), starter.text()) == ("Try again", "Use the starter")
    asked: list[str] = []
    monkeypatch.setattr(controller, "prepare", asked.append)
    monkeypatch.setattr(controller, "set_project_setting", lambda *_setting: None)
    qtbot.mouseClick(again, LEFT)
    qtbot.mouseClick(starter, LEFT)
    assert asked == [FAR.id, STARTER_ID]
    controller.engine_trouble = ""
    controller.engine_changed.emit()
    assert form.run_button.isEnabled()


def test_classes_that_are_new_in_the_project_are_picked(
    page: ExperimentsPage, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    context = open_project(controller)
    assert page.form.division.currentData() == Division.HALVES
    controller.add_classes(["a", "b", "c", "d"])
    qtbot.waitUntil(lambda: page.form.new_classes.count() == 4)
    assert page.form.counts.text() == "2 base, 2 new"
    page.form.pick_new([context.classes[3].id])
    assert page.form.experiment().new_classes(context.classes, 0) == {context.classes[3].id}
    assert [one.role for one in context.classes] == [Role.BASE] * 4


def test_what_is_missing_is_said_and_mended_by_one_click(
    page: ExperimentsPage, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    open_project(controller)
    qtbot.waitUntil(lambda: "no base class" in findings_of(page))
    assert not page.form.run_button.isEnabled()
    with qtbot.waitSignal(page.page_wanted) as wanted:
        qtbot.mouseClick(page.form.checklist.items[0].buttons[0], LEFT)
    assert wanted.args == ["label", None]
    controller.settings.set("embed_on_import", False)
    found = {one.name: one for one in sorted(picture_folder.iterdir())}
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder], found)
    mended = "Train with 12 shots"
    item = lambda: next((i for i in page.form.checklist.items if i.buttons and i.buttons[0].text() == mended), None)  # noqa: E731
    qtbot.waitUntil(lambda: item() is not None)
    qtbot.mouseClick(item().buttons[0], LEFT)
    qtbot.waitUntil(page.form.run_button.isEnabled)
    assert page.form.shots.text() == "12"
    assert "leaving out shots, one of each class" in findings_of(page)


# ------------------------------------------------------------------ real trainings


def test_an_experiment_that_waits_in_line_says_what_for(
    filled: ExperimentsPage, controller: Controller, qtbot: QtBot
) -> None:
    free = Event()
    first = controller.bridge.run(LaneName.ENGINE, "Exporting the model", lambda _token: free.wait(60))
    qtbot.waitUntil(lambda: first.state is JobState.RUNNING)
    filled.start()
    assert findings_of(filled) == "The experiment waits for: Exporting the model."
    filled.stop()
    free.set()
    qtbot.waitUntil(lambda: findings_of(filled) == "An experiment is running.")
    qtbot.waitUntil(lambda: controller.training is None, timeout=LONG)


def test_methods_and_seeds_make_rows_and_nothing_else_changes(
    filled: ExperimentsPage, controller: Controller, starter_session: ProjectContext, qtbot: QtBot
) -> None:
    page, context, settings = filled, starter_session, controller.settings
    states = settings.path.read_bytes() if settings.path.exists() else b""
    page.form.seeds.setText("0-1")
    tick(page.form.methods, DEFAULT_METHOD, ZERO_SHOT)
    epochs: list[EpochEvent] = []
    controller.epoch.connect(epochs.append)
    runs = run(page, controller, qtbot)
    assert len(runs) == 4
    assert context.current_run == 0
    assert context.engine.adapter_file is None
    assert [one.role for one in context.classes] == [Role.BASE] * 4
    assert (settings.path.read_bytes() if settings.path.exists() else b"") == states
    rows = [(row.method, row.seeds) for row in page.every]
    assert sorted(rows) == [(DEFAULT_METHOD, "0, 1"), (ZERO_SHOT, "0, 1")]
    texts = [page.table.lines[at][METHOD].value(Qt.ItemDataRole.DisplayRole) for at in range(2)]
    assert {text[:3] for text in texts} == {"A: ", "B: "}
    page.views.setCurrentWidget(page.views.settings)
    qtbot.waitUntil(lambda: "exact McNemar test" in page.views.settings.line.text())
    for at in range(page.views.count()):
        page.views.setCurrentIndex(at)
        qtbot.wait(30)
        page.grab()
    assert page.views.classes.table.model().rowCount() == 4
    assert page.views.scatter.dots
    assert page.views.scatter.chart_items[0].words in page.views.scatter.accessibleDescription()


def test_a_training_of_an_instant_is_shown_as_it_went_and_stays_on_the_curves(
    filled: ExperimentsPage, controller: Controller, qtbot: QtBot
) -> None:
    page = filled
    tick(page.form.methods, DEFAULT_METHOD)
    (only,) = run(page, controller, qtbot)
    curves = page.views.curves
    assert page.views.currentWidget() is curves
    assert curves.currentWidget() is curves.panel
    drawn = curves.panel.data
    kept = saved_curves(only)
    qtbot.waitUntil(lambda: "train" in drawn.phases and drawn.phases["train"].epochs == kept.phases["train"].epochs)
    assert curves.panel.data is drawn, "it was not drawn anew at the end"
    for name, values in drawn.phases["train"].values.items():
        assert kept.phases["train"].values[name] == pytest.approx(values, abs=1e-3, nan_ok=True)
    plot = curves.panel.accuracy_plot
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.accessibleDescription().startswith("Epoch ")
    assert "Base" in plot.accessibleDescription()


def begun(page: ExperimentsPage, controller: Controller, qtbot: QtBot) -> None:
    """Start a training that does not end by itself, and wait for its first numbers in the table."""
    tick(page.form.methods, MULTI_MODAL_ADAPTER)
    recipe = page.form.options.currentWidget().recipe
    recipe.fields["max_epochs"].setValue(10_000)
    recipe.fields["patience"].setValue(10_000)
    qtbot.waitUntil(page.form.run_button.isEnabled, timeout=LONG)
    with qtbot.waitSignal(controller.epoch, timeout=LONG):
        qtbot.mouseClick(page.form.run_button, LEFT)
    qtbot.waitUntil(lambda: all(texts_of(page)[FIRST : FIRST + 3]))


def texts_of(page: ExperimentsPage) -> list[str]:
    """The first row of the table."""
    return [str(cell.value(Qt.ItemDataRole.DisplayRole)) for cell in page.table.lines[0]]


def scrolls(page: ExperimentsPage) -> list[QAbstractScrollArea]:
    """What scrolls besides the page itself."""
    areas = (one for one in page.findChildren(QAbstractScrollArea) if one.isVisible() and one is not page.area)
    return [one for one in areas if one.verticalScrollBar().maximum() or one.horizontalScrollBar().maximum()]


def test_live_base_and_new_accuracy_stay_visible(
    filled: ExperimentsPage, controller: Controller, starter_session: ProjectContext, qtbot: QtBot
) -> None:
    page = filled
    begun(page, controller, qtbot)
    assert texts_of(page)[METHOD] == "Multi-Modal Adapter (paper), training"
    curves = page.views.curves.panel
    for size in (SMALL, SIZE):
        page.resize(*size)
        visible = page.area.viewport().rect()
        where = lambda: QRect(curves.mapTo(page.area.viewport(), QPoint()), curves.size())  # noqa: E731
        qtbot.waitUntil(lambda: visible.contains(where()) and not scrolls(page))  # noqa: B023
        assert curves.accuracy_plot.height() >= 150
    assert page.area.verticalScrollBar().maximum() == 0, "nothing is outside at 1280x800"
    notices: list[str] = []
    controller.notice.connect(notices.append)
    with qtbot.waitSignal(controller.experiment_finished, timeout=LONG) as finished:
        qtbot.mouseClick(page.form.stop_button, LEFT)
    assert finished.args[0].stopped
    (kept,) = starter_session.project.runs()
    assert 1 <= kept.metrics["best_epoch"] <= kept.metrics["epochs"]
    qtbot.waitUntil(lambda: kept.id in {row.first.id for row in page.table.selected()})
    assert "Stopped. 1 training kept." in notices


def test_the_settings_fold_away_while_it_runs_and_come_back_by_one_click(
    filled: ExperimentsPage, controller: Controller, qtbot: QtBot
) -> None:
    page, form = filled, filled.form
    assert form.methods.isVisible()
    assert page.empty.isVisible(), "instead of an empty table"
    assert not page.table.isVisible()
    form.shots.setFocus()
    begun(page, controller, qtbot)
    assert not form.methods.isVisible()
    assert form.checklist.isVisible()
    assert page.table.isVisible()
    assert not page.empty.isVisible()
    qtbot.mouseClick(form.fold_button, LEFT)
    assert form.methods.isVisible()
    assert not form.methods.isEnabled(), "it runs"
    assert page.area.verticalScrollBar().value() == 0
    qtbot.mouseClick(form.fold_button, LEFT)
    with qtbot.waitSignal(controller.experiment_finished, timeout=LONG):
        qtbot.mouseClick(form.stop_button, LEFT)
    assert not form.methods.isVisible(), "what came of it stays in sight"
    qtbot.mouseClick(form.fold_button, LEFT)
    assert form.methods.isEnabled()


def test_the_page_alone_scrolls(filled: ExperimentsPage, qtbot: QtBot) -> None:
    page, heights = filled, []
    for size in (SMALL, SIZE):
        page.resize(*size)
        for at in range(page.form.methods.count()):
            page.form.methods.setCurrentRow(at)
            qtbot.waitUntil(lambda: not scrolls(page))
        heights.append(page.form.height())
        assert page.form.width() <= size[0]
    assert heights[0] > heights[1], "in two rows where there is less room"


def test_what_is_in_a_tab_is_as_tall_as_its_rows(page: ExperimentsPage, qtbot: QtBot) -> None:
    names = tuple(f"class {at:02}" for at in range(24))
    roles, score = (Role.BASE,) * 24, Accuracy.of(9, 10)
    per_class = tuple(ClassScore(name, Role.BASE, score, score) for name in names)
    confusion = tuple(tuple(9 if at == to else 0 for to in range(24)) for at in range(24))
    found = replace(evaluation(), class_names=names, roles=roles, per_class=per_class, confusion=confusion)
    page.table.show_rows([row_of(1, found)], 0)
    page.empty.hide()
    page.results.show()
    for view in (page.views.classes, page.views.confusion, page.views.settings, page.views.curves):
        page.views.setCurrentWidget(view)
        qtbot.waitUntil(lambda: page.views.isVisible() and not scrolls(page))
    assert page.views.height() < 400, "the tallest tab does not make the others tall"


def test_every_accuracy_says_on_how_many_pictures_it_was_measured(
    filled: ExperimentsPage, controller: Controller, qtbot: QtBot
) -> None:
    page = filled
    tick(page.form.methods, DEFAULT_METHOD)
    (only,) = run(page, controller, qtbot)
    scores = evaluation_from(only.metrics).adapted
    n = f"{scores.base.n} + {scores.new.n}"
    assert scores.all.n == scores.base.n + scores.new.n
    assert texts_of(page)[TESTED_ON] == n
    legends = page.views.curves.panel.legends
    qtbot.waitUntil(lambda: legends["base"].text == f"Base, n = {scores.base.n}")
    assert legends["new"].text == f"New, n = {scores.new.n}"
    assert saved_curves(only).pictures == {"base": scores.base.n, "new": scores.new.n}
    page.views.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.views.scatter.chart_items[0].words.endswith(f", n = {n}"))
    page.views.setCurrentWidget(page.views.shots)
    qtbot.waitUntil(lambda: page.views.shots.chart.chart_items[0].words.endswith(f", n = {n}"))
    page.views.setCurrentWidget(page.views.settings)
    qtbot.waitUntil(lambda: len(page.views.settings.table.lines) > 0)
    found = {line[0].text: line[1].text for line in page.views.settings.table.lines}
    assert found["Tested on"] == n
    assert found["Parameters"] == texts_of(page)[-3], "what has no room in the table"


def test_columns_without_room_are_left_out(qtbot: QtBot) -> None:
    table = RowsTable()
    qtbot.addWidget(table)
    table.show_rows([row_of(1, evaluation()), row_of(2, evaluation(), shots=8)], 0)
    shown = []
    table.show()
    for width in (500, 1160, 1900):
        table.resize(width, 100)
        shown.append([at for at in range(table.cells.columnCount()) if not table.isColumnHidden(at)])
        assert table.horizontalScrollBar().maximum() == 0
        assert table.verticalScrollBar().maximum() == 0
    assert shown[0] == list(range(len(shown[0])))
    assert FIRST < len(shown[0]) < len(shown[1]) <= len(shown[2]) == table.cells.columnCount()
    table.horizontalHeader().resizeSection(0, 300)  # by hand
    table.resize(500, 100)
    assert not any(table.isColumnHidden(at) for at in range(table.cells.columnCount()))


def test_one_is_used_after_a_question_with_both_scores_and_taken_back(
    filled: ExperimentsPage, controller: Controller, starter_session: ProjectContext, qtbot: QtBot
) -> None:
    page, context = filled, starter_session
    controller.learns = context.learns = True
    with qtbot.waitSignal(controller.learned, timeout=LONG):
        controller.follow()
    qtbot.waitUntil(lambda: (now := current(context)) is not None and now.accuracy is not None, timeout=LONG)
    tick(page.form.methods, DEFAULT_METHOD)
    (only,) = run(page, controller, qtbot)
    qtbot.mouseClick(page.use_button, LEFT)
    said = answer(page, "Cancel", qtbot)
    assert "Now: " in said
    assert "This one: " in said
    assert said.count("%") >= 2
    assert context.current_run == 0
    qtbot.mouseClick(page.use_button, LEFT)
    told: list[ShowMessage] = []
    page.action_requested.connect(told.append)
    answer(page, "Use this one", qtbot)
    qtbot.waitUntil(lambda: context.is_current(only))
    qtbot.waitUntil(lambda: "(in use)" in page.table.lines[0][METHOD].value(Qt.ItemDataRole.DisplayRole))
    assert not page.use_button.isEnabled()
    assert told[-1].button == "Take back"
    told[-1].act()
    qtbot.waitUntil(lambda: context.current_run == 0 and context.engine.adapter_file is None)
    for turn, used in ((controller.undo, True), (controller.redo, False), (controller.undo, True)):
        turn()  # taking it back is an edit, too
        qtbot.waitUntil(lambda used=used: bool(context.current_run) is used)
        qtbot.waitUntil(lambda used=used: (context.engine.adapter_file is not None) is used)
        qtbot.waitUntil(
            lambda used=used: ("(in use)" in page.table.lines[0][METHOD].value(Qt.ItemDataRole.DisplayRole)) is used
        )


def test_rows_are_exported_reported_and_deleted_after_a_yes(
    filled: ExperimentsPage, controller: Controller, starter_session: ProjectContext, tmp_path: Path, qtbot: QtBot
) -> None:
    page = filled
    tick(page.form.methods, ZERO_SHOT)
    (only,) = run(page, controller, qtbot)
    for button, deed in ((page.export_button, ExportAdapter), (page.report_button, MakeReport)):
        with qtbot.waitSignal(page.action_requested) as asked:
            qtbot.mouseClick(button, LEFT)
        assert asked.args == [deed(only.id)]
    actions = {one.text(): one for one in page.table_button.menu().actions()}
    actions["Copy as Markdown"].trigger()
    assert QGuiApplication.clipboard().text().startswith("| Method | Prompt | Shots |")
    actions["Save as CSV…"].trigger()
    dialog = page.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "table.csv"))
    dialog.close()
    qtbot.waitUntil((tmp_path / "table.csv").exists)
    assert (tmp_path / "table.csv").read_text("utf-8").startswith("method,title,shots,seeds,base,base_sd")
    qtbot.mouseClick(page.delete_button, LEFT)
    answer(page, "Cancel", qtbot)
    assert len(starter_session.project.runs()) == 1
    qtbot.mouseClick(page.delete_button, LEFT)
    assert only.name in answer(page, "Delete", qtbot)
    qtbot.waitUntil(lambda: page.every == [])
    assert starter_session.project.runs() == []


def test_its_table_is_there_again_when_the_project_is_opened_again(
    filled: ExperimentsPage, controller: Controller, starter_session: ProjectContext, qtbot: QtBot
) -> None:
    page = filled
    tick(page.form.methods, ZERO_SHOT)
    run(page, controller, qtbot)
    closed: list[bool] = []
    controller.close_context(lambda: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed))
    assert page.every == []
    controller.prepare_on_open = False
    controller.set_context(open_again(starter_session.project.folder, threads=1))
    qtbot.waitUntil(lambda: len(page.every) == 1)


def test_another_device_than_asked_for_stays_told(
    page: ExperimentsPage,
    controller: Controller,
    starter_session: ProjectContext,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    assert starter_session.engine.ready
    monkeypatch.setattr("mma_desktop.engine.device.available", lambda kind: kind == "cpu")
    controller.settings.set("device", "cuda")
    controller.prepare()
    qtbot.waitUntil(lambda: controller.preparing is None, timeout=LONG)
    assert "no usable cuda device" in page.form.picker.state.text()


# ------------------------------------------------------------------ the views


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


def row_of(number: int, found: Evaluation, **settings: object) -> FoldedRun:
    settings = {"shots": 4, "seed": 0, "recipe": {"patience": 0}, **settings}
    metrics = {**evaluation_json(found), "history": [], "parameters": 7, "seconds": 1.0}
    one = RunRecord(number, f"run {number}", 0.0, MULTI_MODAL_ADAPTER, "starter", "runs/x", settings, metrics)
    return FoldedRun((one,), (found,))


def cells(model: object, row: int) -> list[str]:
    return [str(model.index(row, at).data() or "") for at in range(model.columnCount())]  # type: ignore[attr-defined]


def test_one_row_is_beside_zero_shot_and_several_are_beside_each_other(qtbot: QtBot) -> None:
    table = CellTable("Each class")
    qtbot.addWidget(table)
    table.show_cells(*class_cells([row_of(1, evaluation())]))
    one = table.model()
    assert cells(one, 0) == ["ant", "base", "10", "80.0%", "100.0%", "+20.0"]
    assert cells(one, 1)[5] == "\N{MINUS SIGN}20.0"
    worse = replace(evaluation(), per_class=(ClassScore("ant", Role.BASE, None, Accuracy.of(9, 10)),))
    table.show_cells(*class_cells([row_of(1, evaluation()), row_of(2, worse)]))
    two = table.model()
    assert cells(two, 0) == ["ant", "base", "10", "100.0%", "90.0%", "\N{MINUS SIGN}10.0"]
    assert cells(two, 1) == ["bee", "base", "10", "70.0%", "not measured", ""]


@pytest.mark.parametrize(
    ("language", "ordered"),
    [("de", ["Äpfel", "birne", "Teil 9", "Teil 10"]), ("sv", ["birne", "Teil 9", "Teil 10", "Äpfel"])],
)
def test_classes_sort_by_name_as_the_locale_does(language: str, ordered: list[str], qtbot: QtBot) -> None:
    former = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        names = ("Teil 10", "birne", "Teil 9", "Äpfel")
        scores = tuple(replace(one, name=name) for one, name in zip(evaluation().per_class, names, strict=True))
        table = CellTable("Each class")
        qtbot.addWidget(table)
        table.show_cells(*class_cells([row_of(1, replace(evaluation(), class_names=names, per_class=scores))]))
        table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        assert [line[0].text for line in table.lines] == ordered
    finally:
        QLocale.setDefault(former)


def test_what_makes_a_comparison_unfair_is_said(qtbot: QtBot) -> None:
    views = RowViews()
    qtbot.addWidget(views)
    views.resize(900, 320)
    views.show()
    views.setCurrentWidget(views.settings)
    same = {"split_hashes": {"test": "a"}}
    views.show_rows([row_of(1, evaluation(), **same), row_of(2, evaluation(), **same)], [])
    qtbot.waitUntil(lambda: "No paired test" in views.settings.line.text())
    assert "not the same" not in views.settings.line.text()
    other = evaluation(base_by="leave-one-out")
    views.show_rows([row_of(1, evaluation(), **same), row_of(2, other, split_hashes={"test": "b"}, shots=8)], [])
    qtbot.waitUntil(lambda: "The test images are not the same" in views.settings.line.text())
    assert "not measured in the same way" in views.settings.line.text()
    shown = {cells(views.settings.table.model(), at)[0] for at in range(views.settings.table.model().rowCount())}
    assert "Shots per class" in shown
    assert "Method" not in shown, "only what differs"


def test_choices_are_compared_by_their_names(qtbot: QtBot) -> None:
    views = RowViews()
    qtbot.addWidget(views)
    views.show()
    views.setCurrentWidget(views.settings)
    views.show_rows([row_of(1, evaluation()), row_of(2, evaluation(), options={"mask": "additive"})], [])
    qtbot.waitUntil(lambda: len(views.settings.table.lines) > 0)
    table = views.settings.table.model()
    shown = {cells(table, at)[0]: cells(table, at)[1:] for at in range(len(views.settings.table.lines))}
    assert shown["Attention mask"] == ["Exclusive", "Additive"]


def test_accuracy_by_shots_is_a_line_of_the_rows_that_differ_in_shots_alone(qtbot: QtBot) -> None:
    views = RowViews()
    qtbot.addWidget(views)
    views.resize(900, 320)
    views.show()
    views.setCurrentWidget(views.shots)
    rows = [row_of(at, evaluation(), shots=shots) for at, shots in enumerate((1, 4, 16), 1)]
    views.show_rows(rows[1:2], [*rows, row_of(9, evaluation(), options={"share": 0.5}, shots=2)])
    qtbot.waitUntil(lambda: len(views.shots.chart.chart_items) == 3)
    views.shots.chart.setFocus()
    qtbot.keyClick(views.shots.chart, Qt.Key.Key_End)
    assert views.shots.line.text() == "A, 16 shots: 66.8, n = 20 + 20"


def test_no_letter_lies_under_the_dot_of_another_row(qtbot: QtBot) -> None:
    from pyqtgraph import TextItem

    from mma_desktop.ui.experiments.row_charts import SIZE, BaseNewPlot

    plot = BaseNewPlot()
    qtbot.addWidget(plot)
    plot.show()
    spots = ((80.0, 70.0), (80.6, 70.0), (81.2, 70.1), (80.6, 71.0), (95.0, 72.0), (80.0, 70.0))
    rows = []
    for number, (base, new) in enumerate(spots, 1):
        scores = Scores(Accuracy.of(round(base * 10), 1000), Accuracy.of(round(new * 10), 1000), None)
        rows.append(row_of(number, replace(evaluation(), adapted=scores)))
    plot.show_rows(rows[:4], rows)
    for size in ((900, 320), (340, 220)):
        plot.resize(*size)
        qtbot.wait(50)
        letters = [one for one in plot.item.items if isinstance(one, TextItem)]
        assert sorted(one.toPlainText() for one in letters) == ["A", "B", "C", "D"]
        margin = letters[0].textItem.document().documentMargin()
        rooms = [one.mapRectToScene(one.boundingRect()).adjusted(margin, margin, -margin, -margin) for one in letters]
        dots = [QRectF(0, 0, SIZE, SIZE) for _ in plot.dots]
        for dot, (_, base, new) in zip(dots, plot.dots, strict=True):
            dot.moveCenter(plot.spot(base, new))
        assert not any(room.intersects(dot) for room in rooms for dot in dots)
        assert not any(a.intersects(b) for a, b in combinations(rooms, 2))


def test_new_classes_are_strangers_by_their_share_and_by_each_score(
    filled: ExperimentsPage, controller: Controller, qtbot: QtBot
) -> None:
    page, world = filled, filled.views.world
    page.form.new_share.setValue(25)
    assert page.form.counts.text() == "3 base, 1 new"
    page.form.seeds.setText("0-1")
    tick(page.form.methods, DEFAULT_METHOD)
    run(page, controller, qtbot)
    page.views.setCurrentWidget(world)
    qtbot.waitUntil(lambda: len(world.table.lines) == 5)
    assert cells(world.table.model(), 0)[0] == "A: claims of the head"
    assert all(50 < float(one) <= 100 for one in cells(world.table.model(), 0)[1:2])
    assert cells(world.table.model(), 4)[:3] == ["E: everything gets a name", "", ""]
    assert len(world.chart.chart_items) == 5 * 5
    qtbot.keyClick(world.chart, Qt.Key.Key_End)
    assert world.chart.accessibleDescription().startswith("E, 75% unknown pictures: ")
    (row,) = page.table.selected()
    text = markdown([row])
    assert "| claims of the head |" in text
    assert f"| everything gets a name |  |  | {cells(world.table.model(), 4)[3]} |" in text


def test_without_strangers_the_open_world_says_what_it_takes(qtbot: QtBot) -> None:
    views = RowViews()
    qtbot.addWidget(views)
    views.show()
    views.setCurrentWidget(views.world)
    views.show_rows([row_of(1, evaluation())], [])
    qtbot.waitUntil(lambda: views.world.line.text().startswith("Not measured"))
    assert views.world.table.isHidden()


def test_the_run_in_use_is_named(controller: Controller, open_project: Opener, qtbot: QtBot) -> None:
    context = open_project(controller)
    file = context.project.runs_dir / "a.safetensors"
    file.write_bytes(b"x")
    checkpoint = file.relative_to(context.project.folder).as_posix()
    used = context.project.add_run("mine", MULTI_MODAL_ADAPTER, "starter", checkpoint, {}, {}, 1.0)
    line = AdapterInUse(controller)
    qtbot.addWidget(line)
    assert line.isHidden()
    context.engine.adapter_file = context.project.checkpoint_path(used)
    controller.predictions_changed.emit()
    qtbot.waitUntil(lambda: line.text() == "Predicted by: mine. How often it is right was not measured.")
    measured = RunRecord(1, "mine", 1.0, "m", "starter", "a", {}, {"claimed": asdict(Accuracy.of(95, 100))})
    assert how_good(measured) == "88 to 98% right, measured on 100 labels."
    loaded = replace(measured, settings={"loaded_from": "shapes"})
    assert how_good(loaded) == "88 to 98% right on other pictures, where it was trained."
    line.set_by_name(True)
    assert line.text() == "Ranked by the name alone"
    context.engine.adapter_file = None
    line.set_by_name(False)
    controller.predictions_changed.emit()
    qtbot.waitUntil(line.isHidden)


def test_figures_are_written_alike() -> None:
    assert text_format.points(6.94) == "+6.9"
    assert text_format.points(-0.04) == "0.0"
    assert text_format.points(-2.0) == "\N{MINUS SIGN}2.0"
    assert text_format.duration(0.2) == "under 1 s"
    assert text_format.duration(130) == "2 min 10 s"
    assert text_format.duration(3900) == "1 h 5 min"
