"""The page Train through the real window: from labels to a used and exported Multi-Modal Adapter."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QPushButton

from mma_desktop.core.types import IN_TURN, Recipe, Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER, QUICK, WITH_HEAD
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training import adapter_training
from mma_desktop.services.training.adapter_training import Choice
from mma_desktop.ui.train.sees_with import SeesWithDialog
from mma_desktop.ui.train.train_page import TrainPage

from .person import LONG, Key, Person
from .projects import open_copy


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings of a few epochs."""
    rows = (Choice(MULTI_MODAL_ADAPTER, WITH_HEAD, Recipe(max_epochs=12)), Choice(QUICK))
    monkeypatch.setattr(adapter_training, "ROWS", rows)


@pytest.fixture
def labelled(person: Person, labelled_project: Path, tmp_path: Path) -> ProjectContext:
    """A project whose pictures are labelled, of which one class is a name alone."""
    window = person.window
    window.controller.prepare_on_open = window.controller.learns = True
    context = open_copy(window.controller, labelled_project, tmp_path / "project.mma")
    person.until(lambda: context.engine.ready, LONG)
    last = context.classes[-1].id
    columns = context.index.columns
    window.controller.assign(columns.ids[columns.class_ids == last].tolist(), None)
    person.until(lambda: not (context.index.columns.class_ids == last).any())
    return context


def at_train(person: Person) -> TrainPage:
    """The page by its key, once it can start."""
    page: TrainPage = person.go_to(Key.Key_3, "train")
    person.until(page.plan_card.start_button.isEnabled, LONG)
    return page


def test_it_says_what_will_be_trained_where_and_with_what(person: Person, labelled: ProjectContext) -> None:
    card = at_train(person).plan_card
    trained = len(labelled.classes) - 1
    assert card.pictures.text().startswith(f"{trained} classes")
    assert "processor" in card.device.text()
    assert "no GPU" in card.device.text()
    assert [one.text() for one in card.group.buttons()] == ["Multi-Modal Adapter", "Quick"]
    assert card.choice.method == MULTI_MODAL_ADAPTER
    assert labelled.classes[-1].name in card.held_back.text()
    assert "trained on every label" in card.held_back.text()


def test_labels_are_three_clicks_from_a_trained_adapter_that_is_offered_for_export(
    person: Person, labelled: ProjectContext
) -> None:
    page = at_train(person)
    person.click(page.plan_card.start_button)
    person.until(lambda: len(page.live.chart.events) > 1, LONG)
    assert "%" in page.live.base.value.text()
    event = page.live.chart.events[-1]
    assert f"{event.base.percent:.1f}%" == page.live.base.value.text()  # figures and curves are of the same epoch
    assert page.live.stop_button.isVisible()
    person.until(page.result.isVisible, LONG)
    assert [row.run.method for row in page.result.rows] == [MULTI_MODAL_ADAPTER, QUICK]
    assert page.result.rows[0].run.settings["division"] == IN_TURN
    assert page.result.sentence.text()
    best = page.live.chart.events[page.result.rows[0].epoch - 1]
    assert f"{best.base.percent:.1f}%" == page.live.base.value.text()
    new = labelled.classes[-1]
    assert page.strips.entries[0].title == new.title
    assert page.strips.entries[0].images
    person.click(page.result.export_button)
    person.until(lambda: any(one.isVisible() for one in person.window.findChildren(QDialog)))
    for dialog in person.window.findChildren(QDialog):
        dialog.close()
    # What is exported is trained on every class with labels.
    _, header = checkpoint.load(labelled.project.checkpoint_path(page.result.rows[0].run))
    assert [name for name, role in header.classes if role is Role.BASE] == [one.name for one in labelled.classes[:-1]]


def test_a_name_typed_while_it_trains_gets_pictures_and_becomes_a_class(
    person: Person, labelled: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (Choice(MULTI_MODAL_ADAPTER, WITH_HEAD, Recipe(max_epochs=400)), Choice(QUICK))
    monkeypatch.setattr(adapter_training, "ROWS", rows)
    page = at_train(person)
    person.click(page.plan_card.start_button)
    person.until(lambda: page.live.chart.events, LONG)
    person.click(page.name_field)
    person.type("zebra")
    person.press(Key.Key_Return)
    person.until(lambda: any(entry.title == "zebra" for entry in page.strips.entries), LONG)
    assert [one.name for one in labelled.classes][-1] == "zebra"
    person.click(page.live.stop_button)
    person.until(page.result.isVisible, LONG)
    (row,) = page.result.rows  # stopped: the other is not trained
    assert row.run.metrics["epochs"] == len(page.live.chart.events) < 400


def test_used_it_is_the_model_of_the_project_and_can_be_taken_back(person: Person, labelled: ProjectContext) -> None:
    page = at_train(person)
    person.click(page.plan_card.start_button)
    person.until(page.result.isVisible, LONG)
    page.result.group.button(0).setChecked(True)
    person.click(page.result.use_button)
    person.until(lambda: labelled.current_run == page.result.rows[0].run.id, LONG)
    message = person.window.messages
    person.until(lambda: any(one.text() == "Take back" for one in message.findChildren(QPushButton)))
    person.click(next(one for one in message.findChildren(QPushButton) if one.text() == "Take back"))
    person.until(lambda: labelled.current_run == 0, LONG)
    page.result.group.button(1).setChecked(True)
    assert "goes on learning" in page.result.note.text()


def test_too_few_labels_are_told_with_a_way_to_mend_them(person: Person, labelled: ProjectContext) -> None:
    columns = labelled.index.columns
    person.window.controller.assign(columns.ids[columns.labelled].tolist(), None)
    page: TrainPage = person.go_to(Key.Key_3, "train")
    person.until(lambda: not page.plan_card.start_button.isEnabled() and page.plan_card.checklist.items, LONG)
    assert "two pictures each of two classes" in page.plan_card.checklist.items[0].text
    button = next(one for one in page.plan_card.checklist.findChildren(QPushButton) if one.text() == "Go to labelling")
    person.click(button)
    assert person.window.current_page == "label"


def test_a_former_training_is_shown_again(person: Person, labelled: ProjectContext) -> None:
    page = at_train(person)
    person.click(page.plan_card.start_button)
    person.until(page.result.isVisible, LONG)
    page.result.show_rows(())
    # private: opening the project again would load its image model again, too
    page._opened()
    person.until(lambda: len(page.result.rows) == 2, LONG)
    assert page.result.sentence.text()


def test_the_image_model_is_changed_from_here_and_back(person: Person, labelled: ProjectContext) -> None:
    page = at_train(person)
    assert "Starter" in page.plan_card.model.text()
    person.click(page.plan_card.model_button)
    person.until(lambda: any(isinstance(one, SeesWithDialog) for one in person.window.findChildren(QDialog)))
    dialog = next(one for one in person.window.findChildren(SeesWithDialog) if one.isVisible())
    assert not dialog.back_button.isEnabled()
    dialog.picker.choose("ViT-B-32/openai")
    assert dialog.picker.is_undecided  # nothing is downloaded before it is agreed to
    assert labelled.backbone_id == "starter"
    assert "min for these pictures" in dialog.picker.facts.text() or "s for these" in dialog.picker.facts.text()
    dialog.choose("ViT-B-32/openai")
    person.until(lambda: labelled.backbone_id == "ViT-B-32/openai" and dialog.back_button.isEnabled(), LONG)
    person.click(dialog.back_button)
    person.until(lambda: labelled.backbone_id == "starter" and page.plan_card.start_button.isEnabled(), LONG)
    dialog.close()
