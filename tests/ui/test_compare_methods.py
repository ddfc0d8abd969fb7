"""Compare methods through the real window: chosen, started, filled in, stopped, and an adapter taken into use."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.types import Accuracy, Role, Scores
from mma_desktop.services.training import method_comparison
from mma_desktop.services.training.method_comparison import COMPARED, ComparingProgress, MethodRow
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.window_state import restore_columns
from mma_desktop.ui.dialogs.definitions import sent_prompts, shown_prompt
from mma_desktop.ui.results.compare_methods import ONCE_MORE, SLOW, CompareMethodsDialog
from mma_desktop.ui.results.method_plot import MethodPlot, dots_of, groups_of, place
from mma_desktop.ui.results.method_rows import STATE, MethodModel, Rows, csv_text
from mma_desktop.ui.train.compare_methods_controller import JOB
from mma_desktop.ui.widgets.tables import HIGHEST

from .person import CONTROL, LONG, SHIFT, Key, Person

TITLES = {"clip-adapter": "CLIP-Adapter", "task-res": "TaskRes", "zero-shot": "Zero-shot"}


def opened(person: Person) -> CompareMethodsDialog:
    """Open the dialog with its key; the list of methods has the keyboard then."""
    person.press(Key.Key_M, CONTROL | SHIFT)
    person.until(lambda: person.window.findChild(CompareMethodsDialog) is not None)
    dialog = person.window.findChild(CompareMethodsDialog)
    assert isinstance(dialog, CompareMethodsDialog)
    person.until(dialog.isActiveWindow)
    return dialog


def state_of(dialog: CompareMethodsDialog, method: str) -> str:
    """What the last column says of a method."""
    row = next(at for at in range(dialog.model.rowCount()) if dialog.model.row(at).method == method)
    return str(dialog.model.index(row, STATE).data())


def test_chosen_started_filled_in_and_used(trained_person: Person) -> None:
    person = trained_person
    context, page = person.context, person.window.pages["train"].advanced
    first = page.shown_run
    dialog = opened(person)
    assert not dialog.isModal()
    person.until(dialog.methods.hasFocus)
    assert dialog.chosen() == list(COMPARED)
    texts = [dialog.methods.item(at).text() for at in range(dialog.methods.count())]
    assert f"CoOp\n{SLOW}" in texts
    assert f"ProLIP\n{ONCE_MORE}" in texts
    assert "4 shots per class, seed 0, starter" in dialog.intro.text()
    assert dialog.stack.currentIndex() == 0
    person.press(Key.Key_Home)
    person.press(Key.Key_Space)
    assert dialog.chosen() == list(COMPARED[1:])
    dialog.choose([])
    assert "Tick at least one" in dialog.obstacle.text()
    assert not dialog.start_button.isEnabled()
    dialog.choose(list(TITLES))
    counts: list[int] = []
    dialog.model.rowsInserted.connect(lambda: counts.append(dialog.model.rowCount()))
    person.until(dialog.start_button.isEnabled)
    person.click(dialog.start_button)
    job = page.methods.job
    assert job is not None
    assert job.title == JOB
    assert not dialog.start_button.isEnabled()
    assert dialog.stop_button.isEnabled()
    person.until(lambda: page.methods.job is None, LONG)
    assert counts == [1, 2, 3], "rows come one by one"
    assert dialog.state.text() == "3 methods compared."
    assert dialog.start_button.isEnabled()
    person.until(lambda: len(context.project.runs()) == 4)
    assert first is not None
    assert context.is_current(first), "none is used unasked"
    assert {state_of(dialog, one) for one in TITLES} == {"kept"}
    names = {one.name: one for one in dialog.plot.dots}
    assert set(names) == set(TITLES.values())
    assert [one.name for one in dialog.plot.dots if one.zero_shot] == ["Zero-shot"]

    guesses = context.guesses
    dialog.table.setFocus()
    dialog.table.selectRow(0)
    person.press(Key.Key_Return)
    person.until(lambda: state_of(dialog, "clip-adapter") == "in use", LONG)
    assert dialog.isVisible(), "Return closes nothing"
    assert not dialog.use_button.isEnabled()
    assert any(one.name == "CLIP-Adapter (in use)" for one in dialog.plot.dots)
    person.until(lambda: page.shown_run is not None and page.shown_run.method == "clip-adapter")
    assert "CLIP-Adapter" in page.title.text()
    person.until(lambda: context.guesses is not guesses, LONG)
    assert context.engine.header is not None
    assert context.engine.header.method == "clip-adapter"

    # another one by the button; a deleted one can be used no more
    dialog.table.selectRow(1)
    person.click(dialog.use_button)
    person.until(lambda: state_of(dialog, "task-res") == "in use", LONG)
    assert state_of(dialog, "clip-adapter") == "kept"
    person.window.controller.delete_run(dialog.model.row(0).run_id)
    person.until(lambda: state_of(dialog, "clip-adapter") == "deleted")
    dialog.table.selectRow(0)
    assert not dialog.use_button.isEnabled()
    dialog.copy_button.click()
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Method", *TITLES.values()]


def test_a_stop_keeps_what_is_finished_and_closing_goes_on(trained_person: Person) -> None:
    person = trained_person
    context, page = person.context, person.window.pages["train"].advanced
    dialog = opened(person)
    dialog.choose(["clip-adapter", "coop"])
    person.until(dialog.start_button.isEnabled)
    person.click(dialog.start_button)
    person.press(Key.Key_Escape)
    person.until(lambda: not dialog.isVisible())
    assert page.methods.job is not None
    again = opened(person)
    assert again is dialog
    person.until(lambda: dialog.model.rowCount() == 1, LONG)
    job = page.methods.job
    assert job is not None
    job.pause()
    person.click(dialog.stop_button)
    person.until(lambda: page.methods.job is None, LONG)
    assert dialog.state.text() == "Stopped. 1 finished training kept."
    assert [dialog.model.row(at).method for at in range(dialog.model.rowCount())] == ["clip-adapter"]
    assert len(context.project.runs()) == 2
    assert dialog.use_button.isEnabled()


def test_a_failure_names_its_method(trained_person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> Iterator[ComparingProgress]:
        row = MethodRow("clip-adapter", "CLIP-Adapter", 1, SCORES)
        yield ComparingProgress(1, 3, rows=(row,), changes=Changes(runs=True))
        raise UserError("The disk is full.")

    monkeypatch.setattr(method_comparison, "compare_methods", full)
    person = trained_person
    dialog = opened(person)
    dialog.choose(list(TITLES))
    person.until(dialog.start_button.isEnabled)
    person.click(dialog.start_button)
    person.until(lambda: dialog.message.text == "The disk is full.")
    person.until(lambda: dialog.state.text().endswith(" failed."))
    assert dialog.state.text() == f"{TITLES[dialog.chosen()[1]]} failed."


def test_what_blocks_a_training_blocks_a_comparison(trained_person: Person) -> None:
    person = trained_person
    page, controller = person.window.pages["train"].advanced, person.window.controller
    person.window.show_page("label")
    dialog = opened(person)
    person.until(dialog.start_button.isEnabled)
    page.form.recipe.learning_rate.clear()  # a recipe that is not used blocks nothing
    assert dialog.start_button.isEnabled()
    page.form.recipe.reset()
    controller.set_role([one.id for one in person.context.classes], Role.NEW)
    person.until(lambda: not dialog.start_button.isEnabled(), LONG)
    assert dialog.obstacle.text() == page.form.obstacle != ""
    assert dialog.obstacle.isVisible()
    assert "base class" in dialog.start_button.accessibleDescription()
    controller.undo()
    person.until(dialog.start_button.isEnabled, LONG)
    assert not dialog.obstacle.isVisible()


def test_an_adapter_of_the_projection_is_used_with_the_features_that_are_there(trained_person: Person) -> None:
    person = trained_person
    context, page = person.context, person.window.pages["train"].advanced
    dialog = opened(person)
    dialog.choose(["prolip"])
    person.until(dialog.start_button.isEnabled)
    person.click(dialog.start_button)
    person.until(lambda: page.methods.job is None, LONG)
    assert context.guesses is not None
    every = len(context.guesses.image_ids)
    dialog.table.selectRow(0)
    person.click(dialog.use_button)
    person.until(lambda: state_of(dialog, "prolip") == "in use", LONG)
    person.until(lambda: not person.window.controller.bridge.jobs(), LONG)
    _, header = context.engine.predictor.need_adapter()
    assert header.method == "prolip"
    assert context.guesses is not None
    assert len(context.guesses.image_ids) == every


def test_its_columns_come_back(trained_person: Person) -> None:
    person = trained_person
    dialog = opened(person)
    dialog.table.horizontalHeader().resizeSection(0, 333)
    person.press(Key.Key_Escape)
    person.until(lambda: not dialog.isVisible())
    second = CompareMethodsDialog(person.window.controller, person.window)
    restore_columns(person.window.settings, second)
    assert second.table.horizontalHeader().sectionSize(0) == 333
    second.deleteLater()


# ------------------------------------------------------------------ the parts

SCORES = Scores(Accuracy.of(45, 50), Accuracy.of(30, 50), Accuracy.of(70, 100))
LESS = Scores(Accuracy.of(40, 50), Accuracy.of(35, 50), Accuracy.of(60, 100))
ROWS = Rows(
    (
        MethodRow("clap", "CLAP", 1, SCORES, 1920, 0.42),
        MethodRow("coop", "CoOp", reason="This backbone has no text encoder that could be learned in front of."),
        MethodRow("zero-shot", "Zero-shot", 2, LESS),
    ),
    in_use=1,
)


def test_every_column_is_seen_as_it_opens(qtbot: QtBot, controller: Controller) -> None:
    dialog = CompareMethodsDialog(controller)
    qtbot.addWidget(dialog)
    dialog.show_rows(Rows(ROWS.rows * 4))
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.width() < 1280
    assert dialog.table.isVisible()
    assert dialog.table.horizontalScrollBar().maximum() == 0


def test_cells_say_numbers_and_reasons_in_words(qapp: QApplication) -> None:
    model = MethodModel()
    model.show_rows(ROWS)

    def of(row: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> list[str]:
        return [str(model.index(row, at).data(role)) for at in range(model.columnCount())]

    assert of(0) == ["CLAP", f"90.0 {HIGHEST}", "60.0", f"70.0 {HIGHEST}", "72.0", "1,920", "0.4 s", "in use"]
    assert of(1)[1:7] == ["\u2013"] * 6
    assert of(1)[-1].startswith("not trained: This backbone has no text encoder")
    assert of(2)[-2:] == ["none", "kept"]
    tips = of(0, Qt.ItemDataRole.ToolTipRole)
    assert tips[1].startswith("50 images, 95% interval 78.6 to 95.7")
    assert tips[4].startswith("100 images, 95% interval")
    assert of(0, Qt.ItemDataRole.AccessibleTextRole)[1] == "Base 90.0, the highest"
    assert of(1, Qt.ItemDataRole.AccessibleTextRole)[1] == "Base not measured"
    assert not ROWS.usable(ROWS.rows[0])
    assert not ROWS.usable(ROWS.rows[1])
    assert ROWS.usable(ROWS.rows[2])
    assert [one.name for one in dots_of(ROWS)] == ["CLAP (in use)", "Zero-shot"]


def test_the_table_as_csv(tmp_path: Path) -> None:
    rows = list(csv.DictReader(csv_text(ROWS).splitlines()))
    assert [row["method"] for row in rows] == ["clap", "coop", "zero-shot"]
    assert (rows[0]["base"], rows[0]["base_n"], rows[0]["parameters"]) == ("90.00", "50", "1920")
    assert rows[1]["base"] == rows[1]["parameters"] == ""
    assert "text encoder" in rows[1]["adapter"]


@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_names_stand_beside_their_points_and_not_over_one_another(qapp: QApplication, theme_name: str) -> None:
    from mma_desktop.ui.widgets import theme

    area = QRectF(0, 0, 600, 200)
    spots = [QPointF(300, 100), QPointF(300, 112), QPointF(306, 90), QPointF(590, 100)]
    places = place(spots, [QSizeF(120, 18)] * 4, area)
    assert all(area.contains(one) for one in places)
    assert not any(a.intersects(b) for at, a in enumerate(places) for b in places[:at])
    assert groups_of([QPointF(1, 1), QPointF(50, 1), QPointF(2, 1)]) == [[0, 2], [1]]
    theme.apply_theme(qapp, theme_name)
    plot = MethodPlot()
    plot.resize(600, 300)
    plot.show()
    assert "appears here" in plot.words.text()
    plot.show_rows(ROWS)
    plot.grab()
    assert plot.words.isHidden()
    assert "CLAP (in use): base 90.0%, new 60.0%" in plot.plot.accessibleDescription()
    assert len(plot.names) == 2
    no_new = Scores(Accuracy.of(40, 50))
    plot.show_rows(Rows((MethodRow("clap", "CLAP", 1, no_new, 1920, 0.4),)))
    assert "needs base and new accuracy" in plot.words.text()


def test_prompts_are_shown_as_they_are_sent() -> None:
    template = "a photo of a {definition}."
    assert shown_prompt("a photo of a {}.", "cat", None) == "\u201ca photo of a cat.\u201d"
    assert "what the dictionary says of it" in shown_prompt(template, "cat", None)
    assert shown_prompt(template, "cat", ("cat: a pet",)) == "\u201ca photo of a cat: a pet.\u201d"
    assert shown_prompt(template, "cat", ("cat: a pet", "Cat: a tractor")).endswith("and 1 more meaning")
    assert "does not know 'xyz'" in shown_prompt(template, "xyz", ())
    lines = sent_prompts(["a {}.", template], "cat", ("cat: a pet", "Cat: a tractor")).splitlines()
    assert lines == ["a cat.", "a photo of a cat: a pet.", "a photo of a Cat: a tractor."]
    assert sent_prompts(["a {}.", template], "xyz", ()) == "a xyz."
