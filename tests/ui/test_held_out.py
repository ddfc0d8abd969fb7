"""Testing on pictures that are set apart, as a person does it on the page Check."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import ConfidenceHistogram
from mma_desktop.services.training import learning
from mma_desktop.services.training.claims import range_words
from mma_desktop.ui.check.check_cards import HeldOutCard
from mma_desktop.ui.check.check_charts import ReliabilityChart
from mma_desktop.ui.check.check_page import CheckPage
from mma_desktop.ui.dialogs.import_preview import ImportPreview
from mma_desktop.ui.widgets.text_format import capital

from .person import LONG, Key, Person
from .projects import open_copy


@pytest.fixture
def card(person: Person, labelled_project: Path, tmp_path: Path) -> HeldOutCard:
    """At the page Check of 48 labelled pictures."""
    person.window.controller.prepare_on_open = person.window.controller.learns = True
    open_copy(person.window.controller, labelled_project, tmp_path / "project.mma")
    person.go_to(Key.Key_4, "check")
    front: CheckPage = person.window.pages["check"]
    person.until(lambda: learned_from(person) == 48 and front.run is not None and front.held_out.isVisible(), LONG)
    return front.held_out


def learned_from(person: Person) -> int:
    found = learning.learn.kept(person.context)
    return 0 if found is None else found.labels


def measured(card: HeldOutCard) -> int:
    return 0 if card.held_out is None else len(card.held_out.measured)


def test_a_fifth_is_set_apart_and_given_back(person: Person, card: HeldOutCard) -> None:
    assert not card.result.isVisible()
    assert not card.back_button.isVisible()
    person.click(card.apart_button)
    person.until(lambda: measured(card) == 8 and learned_from(person) == 40, LONG)
    assert card.how.text() == "8 pictures are set apart: nothing is learned from them."
    assert card.value.text() == capital(range_words(card.held_out.evaluation.adapted.all))
    assert "8 pictures, 95% interval" in card.exact.text()
    assert not card.apart_button.isVisible()
    person.click(card.back_button)
    person.until(lambda: card.held_out is None and learned_from(person) == 48, LONG)
    person.window.menus.undo.trigger()
    person.until(lambda: measured(card) == 8 and learned_from(person) == 40, LONG)
    person.window.menus.undo.trigger()
    person.until(lambda: card.apart_button.isVisible() and learned_from(person) == 48, LONG)


def test_a_folder_is_dropped_and_taken_back(
    person: Person, card: HeldOutCard, drawn_pictures: Path, tmp_path: Path
) -> None:
    imports, folder = person.window.imports, tmp_path / "held out"
    for at, (name, under) in enumerate(
        [("apples", "apples"), ("boxes", "boxes"), ("clouds", "apples"), ("stripes", "pears")]
    ):
        (folder / under).mkdir(parents=True, exist_ok=True)
        with Image.open(drawn_pictures / name / f"{name} 0{at + 1}.jpg") as picture:
            picture.rotate(180).save(folder / under / f"{name}.png")
    shutil.copy(drawn_pictures / "boxes" / "boxes 05.jpg", folder / "boxes" / "an example.jpg")
    classes = [one.name for one in person.context.classes]
    person.drop_files([folder])
    person.until(lambda: isinstance(imports.dialog, ImportPreview) and imports.dialog.import_button.isEnabled())
    dialog = imports.dialog
    assert dialog.windowTitle() == "Test on a folder"
    assert dialog.import_button.text() == "Test on 5 pictures"
    assert not dialog.overwrite.isVisible()
    assert "'pears' is no class here: its pictures count as None of these." in dialog.bar.text
    assert {line[2].text for line in dialog.table.cells.lines} == {"test"}
    person.click(dialog.import_button)
    person.until(lambda: measured(card) == 5 and learned_from(person) == 47, LONG)
    assert [one.name for one in person.context.classes] == classes
    said = [one.title for one in card.pairs.entries]
    assert "apples taken for clouds" in said
    assert "None of these taken for stripes" in said
    rows = {line[0].text: line[1].text for line in card.table.cells.lines}
    assert rows == {"apples": "2", "boxes": "2", "clouds": "0", "stripes": "0", "None of these": "1"}
    person.click_row(card.pairs, said.index("apples taken for clouds"))
    person.until(lambda: person.window.current_page == "label" and len(person.shown()) == 1)
    person.go_to(Key.Key_4, "check")
    person.click(card.wrong_button)
    person.until(lambda: person.window.current_page == "label" and len(person.shown()) >= 2)
    person.go_to(Key.Key_4, "check")
    person.window.menus.undo.trigger()
    person.until(lambda: card.held_out is None and learned_from(person) == 48, LONG)
    assert person.context.none_of_these is None


def test_a_folder_is_chosen_by_its_button(person: Person, card: HeldOutCard) -> None:
    person.click(card.folder_button)
    dialog = person.window.imports.dialog
    assert isinstance(dialog, ImportPreview)
    assert dialog.windowTitle() == "Test on a folder"
    assert not dialog.import_button.isEnabled()
    dialog.reject()


def test_copies_of_trained_pictures_are_told(
    person: Person, card: HeldOutCard, drawn_pictures: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "held out" / "apples"
    folder.mkdir(parents=True)
    imports = person.window.imports
    shutil.copy(drawn_pictures / "boxes" / "boxes 05.jpg", folder)
    person.drop_files([folder.parent])
    person.until(lambda: isinstance(imports.dialog, ImportPreview) and "has a label" in imports.dialog.bar.text)
    assert not imports.dialog.import_button.isEnabled()
    imports.dialog.reject()
    (folder.parent / "boxes").mkdir()
    shutil.move(folder / "boxes 05.jpg", folder.parent / "boxes")
    with Image.open(drawn_pictures / "apples" / "apples 09.jpg") as picture:
        picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).save(folder / "smaller.jpg", quality=70)
    person.drop_files([folder.parent])
    person.until(lambda: isinstance(imports.dialog, ImportPreview) and imports.dialog.import_button.isEnabled())
    person.click(imports.dialog.import_button)
    person.until(lambda: card.copies.text() == "1 of them is a copy of a trained one.", LONG)


def test_an_import_says_what_stays_set_apart(person: Person, card: HeldOutCard, picture_folder: Path) -> None:
    person.click(card.apart_button)
    person.until(lambda: measured(card) == 8, LONG)
    folders = {folder.name: folder for folder in picture_folder.iterdir()}
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=LONG):
        person.window.controller.import_paths([picture_folder], folders)
    assert person.says("8 of these are set apart for testing, so they are not trained on.")
    person.until(lambda: learned_from(person) == 40)


def test_a_version_that_learned_from_them_before_is_not_tested_on_them(person: Person, card: HeldOutCard) -> None:
    controller = person.window.controller
    front: CheckPage = person.window.pages["check"]
    person.click(front.keep_button)
    person.until(lambda: len(front.versions.versions) == 1, LONG)
    controller.use_run(front.versions.versions[0].id)
    person.until(lambda: person.context.engine.adapter_file is not None, LONG)
    person.click(card.apart_button)
    person.until(lambda: "The model in use had learned from 8 before, which are left out." in card.how.text(), LONG)
    assert not card.result.isVisible()


def test_the_chart_has_a_bar_and_words_for_each_tenth(qtbot: QtBot) -> None:
    chart = ReliabilityChart()
    qtbot.addWidget(chart)
    chart.show_answers(ConfidenceHistogram((0.55, 0.93, 0.97), (4, 10, 10), (1, 9, 10)))
    assert [item.words for item in chart.chart_items] == [
        "50 to 60% sure: 25.0% right, 4 pictures, 95% interval 4.6 to 69.9.",
        "90 to 100% sure: 95.0% right, 20 pictures, 95% interval 76.4 to 99.1.",
    ]
    assert [(item.x, item.y) for item in chart.chart_items] == [(pytest.approx(55), 25), (pytest.approx(95), 95)]
    chart.resize(360, 220)
    assert chart.grab().toImage().pixelColor(chart.spot(95, 40).toPoint()) != chart.grab().toImage().pixelColor(
        chart.spot(25, 40).toPoint()
    )
