"""The train page: the form, what stands in the way, a real short training, and what is shown of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import EpochEvent, Progress
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import DEFAULT_METHOD, Finding, QuickFix, Recipe, Role, RunRecord
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.engine.methods.method_spec import OptionKind
from mma_desktop.engine.methods.method_table import METHODS, find_method
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import open_project as open_again
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.saved_curves import saved_curves
from mma_desktop.ui.results.train_text import NO_NEW_CLASS, how_far
from mma_desktop.ui.train.backbone_picker import HERE, BackbonePicker
from mma_desktop.ui.train.checklist import CheckItem, Checklist, fix_text
from mma_desktop.ui.train.option_fields import OptionFields, RecipeFields
from mma_desktop.ui.train.train_form import TrainForm
from mma_desktop.ui.train.train_page import TrainPage
from mma_desktop.ui.widgets.controls import pad_popups

Opener = Callable[[Controller], ProjectContext]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(controller: Controller, settings: Settings, qtbot: QtBot) -> TrainPage:
    made = TrainPage(controller, settings)
    qtbot.addWidget(made)
    made.resize(1180, 700)
    made.show()
    made.set_active(True)
    qtbot.waitUntil(lambda: made.curves is not None)
    return made


def findings_of(page: TrainPage) -> str:
    return " | ".join(item.text for item in page.form.checklist.items)


def import_pictures(controller: Controller, folder: Path, qtbot: QtBot, *, halves: bool) -> None:
    found = {one.name: one for one in sorted(folder.iterdir())}
    with qtbot.waitSignal(controller.import_done, timeout=60_000):
        controller.import_paths([folder], found, halves)


def test_making_the_page_imports_neither_pyqtgraph_nor_torch() -> None:
    code = "import sys, mma_desktop.ui.train.train_page, mma_desktop.ui.predict.predict_page; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not {"pyqtgraph", "torch", "open_clip"} & set(done.stdout.split())


# ------------------------------------------------------------------ fields made from tables


@pytest.mark.parametrize("method", [spec.id for spec in METHODS])
def test_every_option_of_the_table_has_a_field(qtbot: QtBot, method: str) -> None:
    fields = OptionFields()
    qtbot.addWidget(fields)
    spec = find_method(method)
    fields.set_options(spec.options)
    kinds = {
        OptionKind.BOOL: QCheckBox,
        OptionKind.CHOICE: QComboBox,
        OptionKind.INT: QSpinBox,
        OptionKind.FLOAT: QDoubleSpinBox,
    }
    assert [type(fields.fields[one.name]) for one in spec.options] == [kinds[one.kind] for one in spec.options]
    assert fields.values() == {one.name: one.default for one in spec.options}
    assert all(fields.fields[one.name].accessibleName() == one.label for one in spec.options)


def test_every_method_can_carry_a_visual_head_and_only_the_default_does() -> None:
    heads = {spec.id: option.default for spec in METHODS for option in spec.options if option.name == "visual_head"}
    assert set(heads) == {spec.id for spec in METHODS if spec.trains} - {"linear-probe"}, "that one is nothing else"
    assert [method for method, on in heads.items() if on] == [DEFAULT_METHOD]
    assert "Teachable Machine" in find_method("linear-probe").summary


def test_the_recipe_goes_back_to_the_papers(qtbot: QtBot) -> None:
    fields = RecipeFields()
    qtbot.addWidget(fields)
    assert fields.recipe() == Recipe()
    fields.learning_rate.clear()
    qtbot.keyClicks(fields.learning_rate, "1e-3")
    fields.max_epochs.setValue(7)
    assert fields.recipe() == Recipe(learning_rate=1e-3, max_epochs=7)
    fields.weight_decay.clear()
    assert fields.recipe() is None
    qtbot.mouseClick(fields.reset_button, LEFT)
    assert fields.recipe() == Recipe()


def test_every_backbone_is_offered_with_its_facts(qtbot: QtBot) -> None:
    picker = BackbonePicker()
    qtbot.addWidget(picker)
    assert picker.combo.count() == len(BACKBONES) + 1, "and the row for any other"
    assert HERE in picker.facts.text()
    other = BACKBONES[1]
    picker.show_backbone(other.id)
    for fact in (str(other.embed_dim), other.licence, f"{other.download_mb:,} MB"):
        assert fact in picker.facts.text()
    picker.set_local(frozenset({other.id}))
    assert HERE in picker.facts.text()
    picker.show_backbone("Some-Model/own")
    assert picker.backbone_id == "Some-Model/own"


def test_a_backbone_that_is_not_here_is_downloaded_only_when_asked_for(qtbot: QtBot) -> None:
    picker = BackbonePicker()
    qtbot.addWidget(picker)
    picker.show()
    picked: list[str] = []
    picker.picked.connect(picked.append)
    far, near = BACKBONES[1], BACKBONES[2]
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


def test_the_comparison_of_methods_shows_its_keys(settings: Settings, qtbot: QtBot) -> None:
    form = TrainForm(settings)
    qtbot.addWidget(form)
    assert form.compare_button.toolTip() == "Compare methods (Ctrl+Shift+M)"


def test_a_failed_backbone_holds_the_start_back_until_it_is_tried_again_or_the_starter_is_used(
    settings: Settings, qtbot: QtBot
) -> None:
    form = TrainForm(settings)
    qtbot.addWidget(form)
    form.set_findings([])
    assert form.start_button.isEnabled()
    form.set_failed(BACKBONES[1].id, "It cannot be downloaded: go online, pick a file, or use the starter.")
    assert not form.start_button.isEnabled()
    assert [(item.kind, item.text[:22]) for item in form.checklist.items] == [("block", "It cannot be downloade")]
    again, starter = form.checklist.items[0].findChildren(QPushButton)
    assert (again.text(), starter.text()) == ("Try again", "Use the starter")
    with qtbot.waitSignal(form.checklist.retry):
        qtbot.mouseClick(again, LEFT)
    with qtbot.waitSignal(form.checklist.starter):
        qtbot.mouseClick(starter, LEFT)
    form.set_failed("", "")
    assert form.start_button.isEnabled()


def test_blocking_findings_come_first_with_their_button(qtbot: QtBot) -> None:
    checklist = Checklist()
    qtbot.addWidget(checklist)
    short = Finding("'ant': fewer than 16 shots.", True, QuickFix.FEWER_SHOTS, 7)
    checklist.show_findings([Finding("No new class.", False), short])
    assert [item.kind for item in checklist.items] == ["block", "note"]
    assert fix_text(short) == "Train with 7 shots"
    button = checklist.items[0].buttons[0]
    with qtbot.waitSignal(checklist.fix_requested) as asked:
        qtbot.mouseClick(button, LEFT)
    assert asked.args == [short]


def test_another_device_than_asked_for_stays_told(
    page: TrainPage,
    controller: Controller,
    starter_session: ProjectContext,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    assert starter_session.engine.ready
    monkeypatch.setattr("mma_desktop.engine.device.available", lambda kind: kind == "cpu")
    controller.prepare(device="cuda")
    qtbot.waitUntil(lambda: controller.preparing is None, timeout=60_000)
    assert "no usable cuda device" in page.form.picker.state.text()


# ------------------------------------------------------------------ what stands in the way


def test_an_empty_project_says_what_is_missing(
    page: TrainPage, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    qtbot.waitUntil(lambda: "no base class" in findings_of(page))
    assert not page.form.start_button.isEnabled()
    assert "no base class" in page.form.start_button.toolTip()
    button = page.form.checklist.items[0].buttons[0]
    with qtbot.waitSignal(page.go_to_label):
        qtbot.mouseClick(button, LEFT)


def test_too_few_shots_are_mended_by_one_click(
    page: TrainPage, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    open_project(controller)
    settings = controller.settings
    settings.set("embed_on_import", False)
    import_pictures(controller, picture_folder, qtbot, halves=True)
    mended = "Train with 12 shots"
    qtbot.waitUntil(lambda: any(fix_button_text(one) == mended for one in page.form.checklist.items))
    assert "fewer than 16 shots" in findings_of(page)
    item = next(one for one in page.form.checklist.items if fix_button_text(one) == mended)
    qtbot.mouseClick(item.buttons[0], LEFT)
    qtbot.waitUntil(page.form.start_button.isEnabled)
    assert page.form.shots.value() == 12
    assert "leaving out one shot at a time" in findings_of(page)
    page.set_active(False)
    assert settings.get("shots") == 12


def test_first_half_base_is_one_click(
    page: TrainPage, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    context = open_project(controller)
    controller.add_classes(["a", "b", "c", "d"], Role.NEW)
    qtbot.waitUntil(
        lambda: any(fix_button_text(item) == "Train the first half only" for item in page.form.checklist.items)
    )
    item = next(one for one in page.form.checklist.items if fix_button_text(one) == "Train the first half only")
    qtbot.mouseClick(item.buttons[0], LEFT)
    qtbot.waitUntil(lambda: [one.role for one in context.classes].count(Role.BASE) == 2)


def fix_button_text(item: CheckItem) -> str:
    return "".join(one.text() for one in item.buttons)


def test_an_unusable_number_blocks_the_start(
    page: TrainPage, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    page.form.recipe_section.head.click()
    page.form.recipe.learning_rate.clear()
    assert page.request() is None
    assert "advanced recipe" in page.form.start_button.toolTip()


def test_each_method_comes_with_its_own_options_and_recipe(page: TrainPage) -> None:
    form = page.form
    for at, spec in enumerate(METHODS):
        form.method.setCurrentIndex(at)
        request = form.request()
        assert request is not None
        assert request.recipe == spec.recipe
        assert request.options == {one.name: one.default for one in spec.options}
        assert "changed" not in form.recipe_section.head.text() + form.options_section.head.text()
        assert form.summary.text() == spec.summary
        assert not spec.needs_encoder or "low" in form.summary.text(), "slow methods say so"
        if spec.recipe.patience == 0:
            assert form.recipe.patience.text() == "0: train all epochs"
        form.recipe.max_epochs.setValue(7)
        assert form.recipe_section.head.text().endswith("changed")


def test_a_loading_backbone_holds_the_start_back(
    page: TrainPage, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    controller.prepare()
    assert "loading" in page.form.obstacle or "no base class" in page.form.obstacle
    assert not page.form.start_button.isEnabled()
    assert page.form.picker.bar.isVisible()
    qtbot.waitUntil(lambda: controller.preparing is None, timeout=120_000)
    assert not page.form.picker.bar.isVisible()


def test_a_run_with_a_file_outside_the_project_is_not_in_use(
    page: TrainPage, controller: Controller, open_project: Opener
) -> None:
    open_project(controller)
    run = RunRecord(1, "foreign", 0.0, "mma", "starter", "../../elsewhere.safetensors", {}, {})
    assert not page.runs.model.is_current(run)
    page.runs.model.set_runs([run])
    page.runs.grab()


def test_combo_boxes_show_their_rows_whole(page: TrainPage, qtbot: QtBot) -> None:
    pad_popups(page)
    for box in (page.form.device, page.form.method):
        box.showPopup()
        qtbot.waitUntil(box.view().isVisible)
        last = box.view().visualRect(box.model().index(box.count() - 1, 0))
        assert last.bottom() <= box.view().viewport().height()
        box.hidePopup()


# ------------------------------------------------------------------ a real training


def test_a_training_from_the_key_to_the_results(
    page: TrainPage, controller: Controller, starter_session: ProjectContext, picture_folder: Path, qtbot: QtBot
) -> None:
    import_pictures(controller, picture_folder, qtbot, halves=True)
    page.form.shots.setValue(4)
    page.form.recipe.max_epochs.setValue(6)
    qtbot.waitUntil(page.form.start_button.isEnabled, timeout=60_000)
    epochs: list[EpochEvent] = []
    controller.epoch.connect(epochs.append)
    page.form.shots.setFocus()
    with qtbot.waitSignal(controller.train_finished, timeout=120_000) as finished:
        qtbot.keyClick(page.form.shots, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert not page.form.start_button.isEnabled()
        assert page.form.stop_button.isEnabled()
    outcome = finished.args[0]
    assert outcome is not None
    assert 1 <= len(epochs) <= 6
    qtbot.waitUntil(lambda: page.runs.model.rowCount() == 1)
    adapted = outcome.evaluation.adapted
    assert adapted.base is not None
    assert adapted.new is not None
    assert page.numbers.base.value.text() == f"{adapted.base.percent:.1f}%"
    assert f"{adapted.new.n} images" in page.numbers.new.detail.text()
    assert page.tabs.currentWidget() is page.tabs.results
    assert page.tabs.results.class_model.rowCount() == 4
    assert page.curves is not None
    drawn = page.curves.data.phases["train"]
    assert len(drawn.epochs) == len(epochs)
    kept = saved_curves(outcome.run)
    again = kept.phases["train"]
    assert (again.epochs, again.best_epoch) == (drawn.epochs, drawn.best_epoch)
    for name, values in drawn.values.items():
        assert again.values[name] == pytest.approx(values, abs=1e-3, nan_ok=True)
    assert kept.zero_shot.base is not None
    with qtbot.waitSignal(page.runs.export_requested) as asked:
        qtbot.mouseClick(page.export_button, LEFT)
    assert asked.args == [outcome.run.id]
    with qtbot.waitSignal(page.go_to_predict):
        qtbot.mouseClick(page.predict_button, LEFT)
    assert starter_session.is_current(outcome.run)
    closed: list[bool] = []
    controller.close_context(lambda: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed))
    controller.prepare_on_open = False
    controller.set_context(open_again(starter_session.project.folder, threads=1))
    qtbot.waitUntil(lambda: page.shown_run is not None)
    assert page.curves.data.phases["train"].epochs == drawn.epochs


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(0, None), ""),
        (Progress(128, 520), "128 of 520"),
        (Progress(128, 520, "", 5.0, 83), "128 of 520, about 1 min 23 s left"),
    ],
)
def test_what_comes_before_the_first_epoch_tells_how_far_it_is(progress: Progress, words: str) -> None:
    assert how_far(progress) == words


def test_a_stopped_training_leaves_no_run(
    page: TrainPage, controller: Controller, starter_session: ProjectContext, picture_folder: Path, qtbot: QtBot
) -> None:
    import_pictures(controller, picture_folder, qtbot, halves=False)
    page.form.shots.setValue(4)
    page.form.recipe.max_epochs.setValue(10_000)
    page.form.recipe.patience.setValue(10_000)
    qtbot.waitUntil(page.form.start_button.isEnabled, timeout=60_000)
    with qtbot.waitSignal(controller.epoch, timeout=120_000):
        qtbot.mouseClick(page.form.start_button, LEFT)
    assert page.numbers.new.detail.text() == NO_NEW_CLASS
    assert page.numbers.progress.value.text().endswith("of 10000")
    with qtbot.waitSignal(controller.train_finished, timeout=30_000) as finished:
        qtbot.mouseClick(page.form.stop_button, LEFT)
    assert finished.args == [None]
    assert page.numbers.progress.value.text() == "Stopped"
    qtbot.waitUntil(page.form.start_button.isEnabled)
    assert starter_session.project.runs() == []
