"""Trainings side by side, starred, sorted, restored and deleted, through the real window."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from shiboken6 import isValid

from mma_desktop.core.events import Changes
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Accuracy, ClassScore, Evaluation, Recipe, Role, RunRecord, Scores
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.serialization import evaluation_json
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.names_dialog import NamesDialog, open_names
from mma_desktop.ui.results import results_panel
from mma_desktop.ui.results.compare_runs import MOST, compare, csv_text
from mma_desktop.ui.results.compare_trainings import CompareDialog
from mma_desktop.ui.results.run_model import COLUMNS, NAME, STAR
from mma_desktop.ui.results.runs_panel import RunsPanel
from mma_desktop.ui.widgets.controls import Picture
from mma_desktop.ui.widgets.tables import HIGHEST

from .person import CONTROL, SHIFT, Key, Person, close, shown_window, words

Opener = Callable[[Controller], ProjectContext]
SPLIT = {"shot": "a", "validation": "b", "test": "c"}
RECIPE = Recipe(learning_rate=0.001, batch_size=32, weight_decay=0.0, max_epochs=50, patience=5)


def evaluation(base: int, new: int, ant: int = 9) -> Evaluation:
    """Four classes of ten images; `base` and `new` of twenty are right, `ant` of its ten."""
    roles = (Role.BASE, Role.BASE, Role.NEW, Role.NEW)
    before, after = (Accuracy.of(10, 20), Accuracy.of(10, 20)), (Accuracy.of(base, 20), Accuracy.of(new, 20))
    right = {"ant": ant, "bee": base - ant, "cat": 5, "dog": 5}
    per_class = tuple(
        ClassScore(name, role, Accuracy.of(5, 10), Accuracy.of(min(10, max(0, right[name])), 10))
        for name, role in zip(right, roles, strict=True)
    )
    scores = Scores(*before, Accuracy.of(20, 40)), Scores(*after, Accuracy.of(base + new, 40))
    return Evaluation(tuple(right), roles, *scores, per_class, ((0,) * 4,) * 4)


def history(epochs: int, top: float) -> list[dict[str, Any]]:
    return [
        {"phase": "train", "epoch": at, "loss": 2.0 / at, "validation_loss": 1.0 / at, "base": top - at, "new": top}
        for at in range(1, epochs + 1)
    ]


def add_run(context: ProjectContext, name: str, created: float, found: Evaluation, **settings: Any) -> RunRecord:
    checkpoint = context.project.runs_dir / f"{name}.safetensors"
    checkpoint.write_bytes(b"x")
    kept = {
        "shots": 8,
        "seed": 0,
        "options": {},
        "recipe": asdict(Recipe()),
        "prompt_template": "a photo of a {}.",
        "split_hashes": SPLIT,
        "device": "cpu",
        **settings,
    }
    return context.project.add_run(
        name=name,
        created_at=created,
        method=str(kept.pop("method", "multi-modal-adapter")),
        backbone="starter",
        checkpoint=checkpoint.relative_to(context.project.folder).as_posix(),
        settings=kept,
        metrics={
            **evaluation_json(found),
            "epochs": 20,
            "best_epoch": 10,
            "parameters": 10,
            "seconds": 1.0,
            "history": history(20, 70.0),
        },
    )


def gone(window: QWidget) -> None:
    """Delete a window while Python still knows it: its plots do not bear to be collected in any order."""
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def person(person: Person, open_project: Opener) -> Person:
    """Somebody in front of the finished trainings "first", "second" and "third" (the newest)."""
    controller = person.window.controller
    context = open_project(controller)
    add_run(context, "first", 1000.0, evaluation(18, 12))
    add_run(context, "second", 2000.0, evaluation(14, 16, 5), shots=4, seed=3)
    add_run(context, "third", 3000.0, evaluation(16, 8), split_hashes={**SPLIT, "test": "other"}, shots=16)
    controller.changed.emit(Changes(runs=True))  # as after a training
    page = person.go_to_advanced()
    page.sides.setCurrentIndex(1)
    person.until(lambda: page.runs.sorted.rowCount() == 3)
    page.runs.list.setFocus()
    return person


def panel(person: Person) -> RunsPanel:
    found: RunsPanel = person.window.pages["train"].advanced.runs
    return found


def names(person: Person) -> list[str]:
    runs = panel(person).sorted
    return [runs.run(row).name for row in range(runs.rowCount())]


def click_cell(person: Person, row: int, column: int, **keys: Any) -> None:
    view = panel(person).list
    at = view.visualRect(panel(person).sorted.index(row, column)).center()
    person.click(view.viewport(), at, **keys)


def click_head(person: Person, name: str) -> None:
    header = panel(person).list.header()
    at = next(at for at, column in enumerate(COLUMNS) if column.name == name)
    panel(person).list.scrollTo(panel(person).sorted.index(0, at))
    left = header.sectionViewportPosition(at)
    person.click(header.viewport(), QPoint(left + header.sectionSize(at) // 2, header.height() // 2))


def dialog_of(person: Person) -> CompareDialog:
    person.until(lambda: any(one.isVisible() for one in person.window.findChildren(CompareDialog)))
    return next(one for one in person.window.findChildren(CompareDialog) if one.isVisible())


def cells(table: Any, row: int) -> list[str]:
    model = table.model()
    return [str(model.index(row, at).data() or "") for at in range(model.columnCount())]


# ------------------------------------------------------------------ the table


def test_runs_are_sorted_by_a_click_on_a_head_and_back_after_a_restart(person: Person, settings: Settings) -> None:
    assert names(person) == ["third", "second", "first"]
    click_head(person, "h")
    best_first = names(person)
    if best_first[0] != "second":
        click_head(person, "h")
    assert names(person) == ["second", "first", "third"]  # H 74.7, 72.0, 53.3
    click_head(person, "name")
    click_head(person, "name")
    expected = names(person)
    assert expected in (["third", "second", "first"], ["first", "second", "third"])
    header = panel(person).list.header()
    header.moveSection(header.visualIndex(NAME), 3)
    header.resizeSection(NAME, 201)
    panel(person).columns_button.menu().actions()[5].setChecked(True)
    assert not header.isSectionHidden(5)
    close(person)
    kept = Settings(settings.path.parent)
    again = shown_window(Controller(person.window.controller.bridge, kept), kept, person.qtbot)
    again.make_pages()
    other = again.pages["train"].advanced.runs.list.header()
    assert other.visualIndex(NAME) == 3
    assert other.sectionSize(NAME) == 201
    assert not other.isSectionHidden(5)
    assert (other.sortIndicatorSection(), other.sortIndicatorOrder()) == (NAME, header.sortIndicatorOrder())
    assert again.pages["train"].advanced.runs.sorted.sortColumn() == NAME
    again.closing.over = True
    gone(again)


def test_the_columns_of_the_results_stay_as_they_were_sized(person: Person, settings: Settings) -> None:
    page = person.window.pages["train"].advanced
    click_cell(person, 0, NAME)
    person.until(lambda: page.tabs.results.evaluation is not None)
    table = page.tabs.results.per_class
    table.horizontalHeader().resizeSection(1, 131)
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    before = page.tabs.results.evaluation
    click_cell(person, 2, NAME)
    person.until(lambda: page.tabs.results.evaluation is not before)
    assert table.columnWidth(1) == 131, "another run changes nothing"
    close(person)
    kept = Settings(settings.path.parent)
    again = shown_window(Controller(person.window.controller.bridge, kept), kept, person.qtbot)
    again.make_pages()
    results = again.pages["train"].advanced.tabs.results
    results.show_evaluation(before)
    assert results.per_class.columnWidth(1) == 131
    assert results.per_class.horizontalHeader().sortIndicatorSection() == 2
    untouched = results.summary.columnWidth(1)
    assert untouched >= results.summary.fontMetrics().horizontalAdvance(cells(results.summary, 0)[1]), "fitted anew"
    again.closing.over = True
    gone(again)


def test_the_columns_of_the_dialogs_come_back(person: Person) -> None:
    def compare() -> CompareDialog:
        panel(person).list.setFocus()
        panel(person).list.selectAll()
        person.press(Key.Key_C)
        return dialog_of(person)

    dialog = compare()
    dialog.tabs.setCurrentWidget(dialog.classes.parentWidget())
    dialog.classes.horizontalHeader().resizeSection(1, 133)
    dialog.classes.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    dialog.close()
    person.until(lambda: not person.window.findChildren(CompareDialog))
    again = compare()
    assert again.classes.columnWidth(1) == 133
    assert again.classes.horizontalHeader().sortIndicatorSection() == 2
    again.close()

    names_dialog = open_names(person.window.controller, person.window)
    assert names_dialog is not None
    names_dialog.prompts.table.setColumnWidth(0, 177)
    names_dialog.close()
    person.until(lambda: not person.window.findChildren(NamesDialog))
    names_dialog = open_names(person.window.controller, person.window)
    assert names_dialog is not None
    assert names_dialog.prompts.table.columnWidth(0) == 177
    names_dialog.close()


def test_a_star_by_click_and_by_key_and_only_the_starred(person: Person) -> None:
    runs = panel(person)
    click_cell(person, 1, STAR)
    person.until(lambda: runs.sorted.run(1).starred)
    assert runs.current is not None
    assert runs.current.name == "third", "a click on a star selects nothing"
    assert runs.sorted.index(1, STAR).data(Qt.ItemDataRole.AccessibleTextRole) == "starred"
    runs.list.setFocus()
    person.press(Key.Key_S)
    person.until(lambda: runs.sorted.run(0).starred)
    person.click(runs.starred_button)
    assert names(person) == ["third", "second"]
    assert runs.count_label.text() == "2 of 3"
    assert {run.name for run in person.context.project.runs() if run.starred} == {"second", "third"}
    runs.list.setFocus()
    person.press(Key.Key_A, CONTROL)
    person.press(Key.Key_S)
    person.until(lambda: not any(run.starred for run in person.context.project.runs()))
    person.until(lambda: runs.sorted.rowCount() == 0)
    assert "No starred training" in words(runs)
    person.click(runs.starred_button)
    assert len(names(person)) == 3


def test_several_are_deleted_after_one_question(person: Person) -> None:
    runs = panel(person)
    files = [person.context.project.checkpoint_path(run) for run in person.context.project.runs()]
    runs.list.setFocus()
    person.press(Key.Key_Down, SHIFT)
    person.press(Key.Key_Delete)
    box = person.window.findChild(QMessageBox)
    assert "2 trainings" in box.text()
    assert all(name in box.informativeText() for name in ("second", "third"))
    person.answer("Cancel")
    person.until(lambda: not any(one.isVisible() for one in person.window.findChildren(QMessageBox)))
    assert all(path.exists() for path in files)
    runs.list.setFocus()
    person.press(Key.Key_Delete)
    person.answer("Delete")
    person.until(lambda: names(person) == ["first"])
    assert [path.exists() for path in files] == [False, False, True]


def test_a_rename_by_key_keeps_the_place(person: Person) -> None:
    runs = panel(person)
    person.press(Key.Key_Down)
    person.press(Key.Key_F2)
    editor = runs.list.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    person.qtbot.keyClicks(editor, "the good one")
    person.qtbot.keyClick(editor, Key.Key_Return)
    person.until(lambda: names(person) == ["third", "the good one", "first"])
    assert runs.current is not None
    assert runs.current.name == "the good one"


# ------------------------------------------------------------------ restoring


def test_the_settings_of_a_run_come_back_into_the_form(person: Person) -> None:
    page = person.window.pages["train"].advanced
    context = person.context
    kept = {"shots": 2, "seed": 77, "recipe": asdict(RECIPE), "prompt_template": "a sketch of a {}."}
    add_run(context, "old", 4000.0, evaluation(18, 12), options={"share": 0.35}, **kept)
    context.project.add_run("strange", "no-such-method", "starter", "runs/x.safetensors", {"shots": 1}, {}, 5000.0)
    person.window.controller.changed.emit(Changes(runs=True))
    person.until(lambda: names(person)[:2] == ["strange", "old"])
    page.form.method.setCurrentIndex(page.form.method.count() - 1)
    panel(person).list.setFocus()
    click_cell(person, 1, NAME)
    person.click(panel(person).restore_button)
    request = page.form.request()
    assert (request.method, request.shots, request.seed) == ("multi-modal-adapter", 2, 77)
    assert request.recipe == RECIPE
    assert request.options["share"] == 0.35
    assert page.sides.currentIndex() == 0
    person.until(lambda: context.prompt_template == "a sketch of a {}.")
    assert "'old'" in page.message.text

    page.sides.setCurrentIndex(1)
    person.qtbot.wait(QApplication.doubleClickInterval() + 20)
    click_cell(person, 0, NAME)
    person.click(panel(person).restore_button)
    assert "no-such-method" in page.message.text
    assert "recipe" in page.message.text
    assert page.form.request().method == "multi-modal-adapter"


# ------------------------------------------------------------------ side by side


def test_two_runs_are_compared_by_keyboard(person: Person, tmp_path: Path) -> None:
    runs = panel(person)
    assert not runs.compare_button.isEnabled()
    person.press(Key.Key_Down)
    person.press(Key.Key_Down, SHIFT)
    person.press(Key.Key_C)
    dialog = dialog_of(person)
    assert dialog.comparison.names == ("A: first", "B: second")  # the older one is A
    assert dialog.fairness.text().startswith("A fair comparison")

    base, h = cells(dialog.numbers, 0), cells(dialog.numbers, 3)
    assert base[:2] == ["Base classes", "After training"]
    one = Accuracy.of(18, 20)
    assert base[2] == f"90.0% ({one.low:.1f} to {one.high:.1f}), n 20 {HIGHEST}"
    assert base[3].startswith("70.0% (")
    assert base[4] == "\N{MINUS SIGN}20.0"
    assert HIGHEST in h[3]
    assert cells(dialog.numbers, 4)[1] == "Zero-shot"

    settings = {row[0]: row for row in (cells(dialog.settings, at) for at in range(dialog.settings.model().rowCount()))}
    assert settings["Shots per class"][1:] == ["8", "4", "differs"]
    assert settings["Batch size"][1:] == ["256", "256", ""]
    dialog.tabs.setCurrentIndex(1)
    person.click(dialog.only, QPoint(10, dialog.only.height() // 2))
    shown = [cells(dialog.settings, at)[0] for at in range(dialog.settings.model().rowCount())]
    assert shown == ["Shots per class", "Seed"]

    classes = {cells(dialog.classes, at)[0]: cells(dialog.classes, at) for at in range(4)}
    assert classes["ant"][4] == "\N{MINUS SIGN}40.0 (A better)"
    assert classes["cat"][4] == "0.0 (about the same)"

    dialog.tabs.setCurrentIndex(3)
    person.until(lambda: dialog.curves is not None)
    assert dialog.curves is not None
    assert set(dialog.curves.accuracy.shown) == {"A", "B"}
    assert len(dialog.curves.loss.shown["A"][0]) == 20

    out = tmp_path / "trainings.csv"
    person.click(dialog.export_button)
    person.until(lambda: any(one.isVisible() for one in dialog.findChildren(QFileDialog)))
    files = next(one for one in dialog.findChildren(QFileDialog) if one.isVisible())
    field = files.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.setText(str(out))
    person.qtbot.keyClick(field, Key.Key_Return)
    person.until(out.exists)
    person.until(lambda: "Written to" in dialog.message.text)
    table = list(csv.reader(out.read_text("utf-8").splitlines()))
    assert table[0] == ["section", "row", "of", "A: first", "B: second", "difference"]
    assert ["settings", "Seed", "value", "0", "3", "differs"] in table
    assert ["accuracy", "Base classes, after training", "percent", "90.00", "70.00", "-20.00"] in table
    person.press(Key.Key_Escape)
    person.until(lambda: not person.window.findChildren(CompareDialog))


def test_a_comparison_that_was_closed_while_it_is_written_is_told_in_the_window(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = panel(person)
    runs.list.selectAll()
    runs.compare_button.click()
    dialog = dialog_of(person)
    written: list[Callable[[Path], None]] = []
    monkeypatch.setattr(person.window.controller, "export", lambda _title, _work, done: written.append(done))
    monkeypatch.setattr(results_panel, "ask_where", lambda _dialog, _title, _offered, chosen: chosen("a file"))
    dialog.export_button.click()
    dialog.reject()
    person.until(lambda: not isValid(dialog))
    written[0](tmp_path / "trainings.csv")
    assert person.window.statusBar().currentMessage() == f"Written to {tmp_path / 'trainings.csv'}."


def test_other_test_images_are_said(person: Person) -> None:
    runs = panel(person)
    runs.list.setFocus()
    click_cell(person, 0, NAME)
    person.qtbot.wait(QApplication.doubleClickInterval() + 20)
    click_cell(person, 2, NAME, modifiers=CONTROL)
    assert runs.compare_button.text() == "Compare 2…"
    person.click(runs.compare_button)
    dialog = dialog_of(person)
    assert dialog.comparison.names == ("A: first", "B: third")
    assert "test images are not the same" in dialog.fairness.text()
    assert any(one.accessibleName() == "Warning" for one in dialog.findChildren(Picture))
    person.click(dialog.close_button)
    person.until(lambda: not person.window.findChildren(CompareDialog))


# ------------------------------------------------------------------ the tables without a window


def record(number: int, found: Evaluation | None, **settings: Any) -> RunRecord:
    kept = {"split_hashes": SPLIT, "shots": 4, **settings}
    metrics = evaluation_json(found) if found is not None else {}
    return RunRecord(number, f"=run {number}", 0.0, "multi-modal-adapter", "starter", "x", kept, metrics)


def test_three_runs_have_a_spread_and_the_highest_is_marked() -> None:
    comparison = compare([record(1, evaluation(10, 10)), record(2, evaluation(15, 10)), record(3, None)])
    base, new = comparison.numbers[0], comparison.numbers[1]
    assert (base.note, base.best) == ("25.0", (1,))
    assert (new.note, new.best) == ("0.0", ())
    assert base.cells[2] == "not measured"
    assert comparison.fairness.fair is None
    assert comparison.classes[0].cells[2] == "\u2013"
    assert comparison.difference_head == "Highest minus lowest"
    for wrong in ([], [record(1, None)], [record(at, None) for at in range(MOST + 1)]):
        with pytest.raises(ValueError, match="cannot compare"):
            compare(wrong)


def test_runs_of_one_name_are_told_apart_and_what_was_measured_is_said() -> None:
    crossed = replace(evaluation(12, 10), base_by="cross-validation")
    older = replace(record(1, evaluation(10, 10)), name="same")
    newer = replace(record(2, crossed), name="same", created_at=86_400.0 * 40)
    comparison = compare([older, newer])
    first, second = comparison.names
    assert first.startswith("A: same (")
    assert second.startswith("B: same (")
    assert first[2:] != second[2:]
    said = {line.head: line.cells for line in comparison.settings}
    assert said["Base accuracy measured on"] == ("20 held-out test images", "20 cross-validated images")
    left_out = replace(newer, metrics={**newer.metrics, "base_by": "leave-one-out"})
    said = {line.head: line.cells for line in compare([newer, left_out]).settings}
    assert said["Base accuracy measured on"] == ("20 cross-validated images", "20 shots, each left out in turn")
    assert "Held-out test images" in said


def test_unfairness_has_its_reasons() -> None:
    one = evaluation(10, 10)
    renamed = replace(one, class_names=("ant", "wasp", "cat", "dog"))
    crossed = replace(one, base_by="cross-validation")

    def said(*runs: RunRecord) -> str:
        found = compare(runs).fairness
        assert not found.fair
        return found.text

    assert "not known" in said(record(1, one), record(2, one, split_hashes={}))
    assert "class names" in said(record(1, one), record(2, renamed))
    assert "not measured in the same way" in said(record(1, one), record(2, crossed))
    left_out = replace(one, base_by="leave-one-out")
    assert "not measured in the same way" in said(record(1, left_out), record(2, crossed))
    other = {**SPLIT, "shot": "z"}
    for estimated in (crossed, left_out):
        assert "the shots, which are not the same" in said(
            record(1, estimated), record(2, estimated, split_hashes=other)
        )
        assert compare([record(1, estimated), record(2, estimated)]).fairness.fair


def test_the_csv_runs_no_formula() -> None:
    rows = list(
        csv.reader(csv_text(compare([record(1, evaluation(10, 10)), record(2, evaluation(12, 8))])).splitlines())
    )
    assert rows[0][3] == "A: =run 1"
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert ["class", "ant", "n", "10", "10", ""] in rows
