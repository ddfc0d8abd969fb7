"""Numbers in tables, axes and fields are written as the language writes them; files keep the point."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from mma_desktop.core import i18n
from mma_desktop.core.events import EpochEvent
from mma_desktop.core.types import Accuracy, Recipe, RunRecord, Scores
from mma_desktop.engine.methods.method_spec import OptionKind
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.services.training.method_comparison import MethodRow
from mma_desktop.ui.results import method_rows
from mma_desktop.ui.results.compare_runs import compare, csv_text
from mma_desktop.ui.results.curves import CurvesPanel
from mma_desktop.ui.results.method_rows import PARTS, MethodModel, Rows
from mma_desktop.ui.train.option_fields import CHOICES, NumberEdit, RecipeFields
from mma_desktop.ui.train.score_cards import BigNumbers
from mma_desktop.ui.widgets import number_format
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
    assert number_format.percent(79.25) == "79,2%"
    assert number_format.points(-6.94) == "\N{MINUS SIGN}6,9"
    assert number_format.points(0.01) == "0,0"
    assert number_format.interval(74.2, 84.11) == "74,2 to 84,1"
    assert number_format.images(2000) == "2.000 images"


def test_a_learning_rate_is_typed_with_either_mark(qtbot: QtBot) -> None:
    edit = NumberEdit(1e-8, 10.0)
    qtbot.addWidget(edit)
    edit.set_value(0.005)
    assert edit.text() == "0,005"
    for text, value in (("0,25", 0.25), ("0.25", 0.25), ("5e-3", 0.005), ("2,5e-3", 0.0025)):
        edit.clear()
        qtbot.keyClicks(edit, text)
        assert edit.value() == value, text
    for text in ("1.000,5", "11", "", "1,2,3"):
        edit.setText(text)
        assert edit.value() is None, text


def test_a_recipe_comes_back_as_it_was_set(qtbot: QtBot) -> None:
    fields = RecipeFields()
    qtbot.addWidget(fields)
    recipe = Recipe(learning_rate=0.00125, batch_size=65_536, weight_decay=1e-4, max_epochs=300, patience=5)
    fields.set_recipe(recipe)
    assert fields.recipe() == recipe


def test_axes_have_the_languages_marks(qtbot: QtBot) -> None:
    assert NumberAxis("left").tickStrings([0.5, 1.0], 1.0, 0.5) == ["0,5", "1,0"]
    assert NumberAxis("bottom").tickStrings([500, 1000], 1.0, 500) == ["500", "1.000"]
    panel = CurvesPanel()
    qtbot.addWidget(panel)
    for plot in (panel.loss_plot, panel.accuracy_plot):
        assert all(isinstance(plot.item.getAxis(side), NumberAxis) for side in ("left", "bottom"))


def test_a_comparison_reads_in_the_language_and_is_written_with_points() -> None:
    recipe = {"learning_rate": 0.005, "batch_size": 65_536}
    runs = [RunRecord(at, f"run {at}", 0.0, "clap", "starter", "x", {"recipe": recipe}, {}) for at in (1, 2)]
    found = compare(runs)
    cells = {line.head: line.cells for line in found.settings}
    assert cells["Learning rate"] == ("0,005", "0,005")
    assert cells["Batch size"] == ("65.536", "65.536")
    rows = {row[1]: row[3:5] for row in csv.reader(csv_text(found).splitlines())}
    assert rows["Learning rate"] == ["0.005", "0.005"]
    assert rows["Batch size"] == ["65,536", "65,536"]
    i18n.install(i18n.ENGLISH)
    plain = csv_text(compare(runs))
    i18n.install(i18n.Language(lookup=lambda text, _other, _number: f"<{text}>", group=".", decimal=","))
    assert csv_text(compare(runs)) == csv_text(found) == plain


def test_methods_read_in_the_language_and_are_written_with_points() -> None:
    accuracy = Accuracy.of(37, 48)
    row = MethodRow("clip-adapter", "CLIP-Adapter", 1, Scores(accuracy, accuracy, accuracy), 107_712, 2.5)
    model = MethodModel()
    model.show_rows(Rows((row,)))
    texts = [model.index(0, at).data() for at in range(model.columnCount())]
    assert texts == ["CLIP-Adapter", *["77,1"] * len(PARTS), "107.712", "2,5 s", "kept"]
    written = next(csv.DictReader(method_rows.csv_text(Rows((row,))).splitlines()))
    assert (written["base"], written["parameters"], written["seconds"]) == ("77.08", "107712", "2.500")


def test_what_a_file_says_of_an_adapter_is_the_same_in_every_language() -> None:
    i18n.install(i18n.Language(lookup=lambda text, _other, _number: f"<{text}>"))
    kept, refused = MethodRow("clap", "CLAP", 1), MethodRow("clap", "CLAP", reason="too few shots")
    written = [row["adapter"] for row in csv.DictReader(method_rows.csv_text(Rows((kept, refused))).splitlines())]
    assert written == ["kept", "not trained: too few shots"]


def test_a_fold_is_named_in_the_language(qtbot: QtBot) -> None:
    said = {"Cross-validation, fold {fold} of {folds}": "Kreuzvalidierung, Teil {fold} von {folds}"}
    i18n.install(i18n.Language(lookup=lambda text, _other, _number: said.get(text, "")))
    numbers = BigNumbers()
    qtbot.addWidget(numbers)
    event = EpochEvent("fold 2 of 4", 1, 6, 0.5, 0.4, None, None, None, None, Scores(), 1, 3.0)
    numbers.show_epoch(event, "no base", "no new")
    assert numbers.progress.title.text() == "Kreuzvalidierung, Teil 2 von 4"


def test_every_choice_of_a_method_has_a_name() -> None:
    options = [option for spec in METHODS for option in spec.options if option.kind is OptionKind.CHOICE]
    assert options
    assert {choice for option in options for choice in option.choices} == set(CHOICES)
