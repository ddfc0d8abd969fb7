"""A project with class names and no label: every page names its model, which is kept, exported and used."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mma_desktop import load_classifier
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.importing import ImportReport
from mma_desktop.services.training import learning
from mma_desktop.ui.label.next_step import accuracy_text, measured_text

from .person import LONG, Key, Person
from .projects import open_copy

NAMES = ("apples", "boxes", "clouds", "stripes")


@pytest.fixture
def named(person: Person, embedded_project: Path, tmp_path: Path) -> ProjectContext:
    """A window at a project of pictures that have features, and names for them."""
    controller = person.window.controller
    controller.prepare_on_open = controller.learns = True
    context = open_copy(controller, embedded_project, tmp_path / "project.mma", NAMES)
    person.until(lambda: learning.in_use(context) and context.predictions is not None, LONG)
    person.until(lambda: context.predictions.adapted_class is not None, LONG)
    return context


def test_every_page_says_that_it_is_from_names_alone(person: Person, named: ProjectContext) -> None:
    window = person.window
    label = window.pages["label"]
    person.until(lambda: label.next_step.accuracy.text() == "From names alone, accuracy not known yet")
    assert accuracy_text(named, short=True) == "From names alone, accuracy not known yet"
    assert measured_text(named).startswith("Make a spot check (Ctrl+K), or label two different pictures")
    window.resize(910, 512)
    assert "answer a few questions" in label.next_step.text.shown
    assert not label.next_step.text.shown.endswith("\u2026")
    person.go_to(Key.Key_4, "check")
    check = window.pages["check"]
    person.until(lambda: check.subtitle.text() == "From names alone")
    assert check.accuracy.unit.text() == "How many pictures are right is not known yet"
    assert not check.accuracy.value.isVisible()
    person.go_to(Key.Key_5, "use")
    use = window.pages["use"]
    person.until(lambda: use.info.wanted)
    assert "from names alone" in use.info.text
    assert named.predictions.adapted_class is not None


def test_pictures_at_hand_are_switched_off_and_on(person: Person, named: ProjectContext) -> None:
    form = person.go_to_experiments().form
    assert form.at_hand.isChecked()
    person.click(form.at_hand)
    person.until(lambda: named.engine.adapter is None and named.predictions.adapted_class is None, LONG)
    person.click(form.at_hand)
    person.until(lambda: learning.in_use(named) and named.predictions.adapted_class is not None, LONG)


def test_it_is_kept_and_used_as_any_other(person: Person, named: ProjectContext) -> None:
    person.go_to(Key.Key_4, "check")
    check = person.window.pages["check"]
    person.until(check.keep_button.isVisible)
    person.click(check.keep_button)
    person.until(lambda: len(check.versions.versions) == 1, LONG)
    (run,) = check.versions.versions
    assert run.name.startswith("From names alone, 4 classes, ")
    classifier = load_classifier(named.project.checkpoint_path(run), device="cpu")
    assert sorted(classifier.classes_.tolist()) == sorted(NAMES)
    person.window.controller.use_run(run.id)
    person.until(lambda: named.is_current(run))
    person.go_to(Key.Key_5, "use")
    adapter = person.window.pages["use"].adapter
    person.until(lambda: adapter.toolTip().startswith("Predicted by: From names alone"))
    assert "How often it is right was not measured." in adapter.toolTip()


def test_labels_take_over_and_an_undo_returns(person: Person, named: ProjectContext) -> None:
    step, controller = person.window.pages["label"].next_step, person.window.controller
    by_name, ids = {one.name: one.id for one in named.classes}, named.index.columns.ids.tolist()
    controller.assign(ids[:1], by_name["apples"])
    person.until(lambda: step.accuracy.text() == "From names alone and 1 label, accuracy not known yet", LONG)
    controller.assign(ids[1:2], by_name["boxes"])
    person.until(lambda: step.accuracy.text().startswith("Learned from 2 labels"), LONG)
    assert accuracy_text(named, short=True) == "Accuracy not known yet"
    controller.undo()
    person.until(lambda: step.accuracy.text().startswith("From names alone and 1 label"), LONG)


def test_names_that_are_given_during_an_import_need_not_wait_for_its_end(person: Person, named: ProjectContext) -> None:
    controller, over = person.window.controller, threading.Event()

    def work(_context: ProjectContext, _token: object) -> ImportReport:
        over.wait(60)
        return ImportReport()

    controller.import_by(work)
    try:
        controller.add_classes(["hats"])
        person.until(lambda: len(learning.current(named).snapshot.classes) == 5, LONG)
        assert controller.is_importing
    finally:
        over.set()
    person.until(lambda: not controller.is_importing)


def test_one_class_asks_for_another(person: Person, named: ProjectContext) -> None:
    step = person.window.pages["label"].next_step
    person.window.controller.delete_classes([one.id for one in named.classes[1:]])
    person.until(lambda: step.text.text() == "Next: name your classes, such as cat and dog.")
    assert step.action.text() == "Name classes"
