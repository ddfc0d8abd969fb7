"""Numbers in tables, axes and fields are written as the language writes them; files keep the point."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from mma_desktop.core import i18n
from mma_desktop.core.types import Accuracy, Evaluation, Recipe, Role, RunRecord, Scores
from mma_desktop.services.serialization import evaluation_json
from mma_desktop.services.training.experiment_table import csv_text, fold
from mma_desktop.ui.experiments.experiment_form import RECIPE_FIELDS, OptionFields
from mma_desktop.ui.experiments.experiments_page import RowsTable
from mma_desktop.ui.experiments.row_charts import CurvesPanel
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.fields import NumberBox
from mma_desktop.ui.widgets.plot import NumberAxis

COMMA = i18n.Language(group=".", decimal=",")


@pytest.fixture(autouse=True)
def comma() -> Iterator[None]:
    """A language of decimal commas."""
    former = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    i18n.install(COMMA)
    yield
    i18n.install(i18n.ENGLISH)
    QLocale.setDefault(former)


def test_figures_have_the_languages_marks() -> None:
    assert text_format.percent(79.25) == "79,2%"
    assert text_format.points(-6.94) == "\N{MINUS SIGN}6,9"
    assert text_format.points(0.01) == "0,0"
    assert text_format.interval(Accuracy.of(8, 10)) == "10 pictures, 95% interval 49,0 to 94,3"
    assert text_format.pictures(2000) == "2.000 pictures"


def test_a_learning_rate_is_typed_with_either_mark(qtbot: QtBot) -> None:
    edit = NumberBox(1e-8, 10.0)
    qtbot.addWidget(edit)
    edit.setValue(0.005)
    assert edit.text() == "0,005"
    for text, value in (("0,25", 0.25), ("0.25", 0.25), ("0.0000125", 1.25e-5)):
        edit.selectAll()
        qtbot.keyClicks(edit, text)
        assert edit.value() == value, text


def test_a_recipe_comes_back_as_it_was_set(qtbot: QtBot) -> None:
    recipe = Recipe(learning_rate=0.00125, batch_size=65_536, weight_decay=1e-4, max_epochs=300, patience=5)
    fields = OptionFields([replace(field, default=getattr(recipe, field.name)) for field in RECIPE_FIELDS])
    qtbot.addWidget(fields)
    assert Recipe(**fields.values()) == recipe


def test_axes_have_the_languages_marks(qtbot: QtBot) -> None:
    assert NumberAxis("left").tickStrings([0.5, 1.0], 1.0, 0.5) == ["0,5", "1,0"]
    assert NumberAxis("bottom").tickStrings([500, 1000], 1.0, 500) == ["500", "1.000"]
    panel = CurvesPanel()
    qtbot.addWidget(panel)
    for plot in (panel.loss_plot, panel.accuracy_plot):
        assert all(isinstance(plot.item.getAxis(side), NumberAxis) for side in ("left", "bottom"))


def test_the_table_of_experiments_reads_in_the_language_and_is_written_with_points() -> None:
    accuracy = Accuracy.of(37, 48)
    scores = Scores(accuracy, accuracy, accuracy)
    found = Evaluation(("a", "b"), (Role.BASE, Role.NEW), scores, scores, (), ((37, 11), (0, 0)))
    metrics = {**evaluation_json(found), "history": [], "parameters": 107_712, "seconds": 2.5}
    settings = {"shots": 4, "seed": 0, "options": {"share": 0.25}}
    runs = [RunRecord(1, "run", 0.0, "clip-adapter", "starter", "x", settings, metrics)]
    table = RowsTable()
    table.show_rows(fold(runs), 0)
    texts = [cell.text for cell in table.lines[0]]
    assert texts[3:9] == ["48 + 48", *["77,1"] * 5]
    assert "107.712" in texts
    assert "Adapted share 0,25" in texts[0]
    written = next(csv.DictReader(csv_text(fold(runs)).splitlines()))
    assert (written["base"], written["seconds"], written["title"]) == (
        "77.08",
        "2.5",
        "CLIP-Adapter, Adapted share 0.25",
    )
