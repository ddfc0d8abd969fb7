"""Learning while labelling, in the real window: suggestions, questions, accuracy, and the line of the next step."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource
from mma_desktop.services.image_index import Predictions
from mma_desktop.services.training.label_suggestions import Suggestions
from mma_desktop.services.training.learning import Learned, learn
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.review import Proposals
from mma_desktop.ui.label.next_step import NextStep
from mma_desktop.ui.label.review_controller import ReviewBar, ReviewController

from .person import CONTROL, NAMES, Key, Person


@pytest.fixture
def person(controller: Controller, settings: Settings, request: pytest.FixtureRequest) -> Person:
    """Somebody at 48 pictures of four classes, embedded by the real starter, none labelled; the program learns."""
    settings.set("shots", 8)
    controller.learns = True
    return request.getfixturevalue("at_pictures")  # type: ignore[no-any-return]


def bar(person: Person) -> ReviewBar:
    found: ReviewBar = person.label.review.bar
    return found


def next_step(person: Person) -> NextStep:
    found: NextStep = person.label.next_step
    return found


def learned(person: Person) -> Learned | None:
    return learn.kept(person.context)


def asked(person: Person) -> int:
    """The picture that is asked about, -1 for none."""
    found: int = person.label.review.questions.image_id
    return found


def asking(person: Person) -> bool:
    """Whether a question fills the page, or is waited for."""
    return bool(person.label.question.isVisible())


def answer(person: Person) -> None:
    """Say of the picture that is asked about what it is: yes, or the key of its class."""
    image = asked(person)
    (true,) = person.true_classes([image])
    before = len(person.labels())
    if person.label.question.title.text() == f"Does it show '{true}'?":
        person.press(Key.Key_Return)
    else:
        person.type(str(1 + NAMES.index(true)))
    person.until(lambda: len(person.labels()) == before + 1)


def ask(person: Person) -> None:
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: asked(person) >= 0)


def until_sure(person: Person, least: int = 1) -> None:
    """Answer until so many pictures are sure, and look them over."""
    for _ in range(40):
        person.until(lambda: asked(person) >= 0 or not asking(person))
        if not asking(person):
            break
        found = re.search(r"\d+", person.label.question.list_button.text())
        if person.label.question.list_button.isVisible() and found and int(found[0]) >= least:
            person.click(person.label.question.list_button)
            break
        answer(person)
    person.until(lambda: "almost certain" in bar(person).text)


def test_from_names_to_examples_by_questions_and_lists(person: Person) -> None:
    step = next_step(person)
    person.until(lambda: "answer a few questions" in step.text.text())
    person.until(lambda: step.accuracy.text().startswith("From names alone"))
    person.click(step.action)
    person.until(lambda: asked(person) >= 0)
    assert not person.label.question.list_button.isVisible()  # nothing is sure yet
    for _ in range(90):
        person.until(lambda: asked(person) >= 0 or not asking(person))
        if asking(person):
            answer(person)
        elif bar(person).isVisible() and person.shown():
            sure = set(person.shown())
            assert bar(person).accept_button.text() == f"Accept {len(sure)}"
            person.press(Key.Key_Return)
            person.until(lambda sure=sure: sure <= person.labels().keys())
            person.until(lambda sure=sure: sure.isdisjoint(person.shown()) or not bar(person).isVisible())
        elif not bar(person).isVisible():
            break
        else:
            person.until(lambda: asking(person) or person.shown() or not bar(person).isVisible())
    assert not bar(person).isVisible()
    counts = person.context.index.counts()
    assert min(counts.values()) >= 8
    rows = person.context.project.image_rows(list(person.labels()))
    accepted = [row for row in rows if row.source is LabelSource.SUGGESTION]
    names = {one.id: one.name for one in person.context.classes}
    right = sum(names[row.class_id] == row.path.parent.name for row in accepted)
    assert right >= 0.9 * len(accepted)
    person.until(lambda: learned(person) is not None and learned(person).labels == len(rows))
    person.until(lambda: "learned from" in step.accuracy.text())
    assert learned(person).accuracy.n == len(rows) - len(accepted)
    person.until(lambda: "Go to Train" in step.action.text())


def test_without_a_model_the_next_step_is_what_one_lacks(person: Person, qtbot: QtBot) -> None:
    context, ids = person.context, person.shown()
    step = NextStep()
    qtbot.addWidget(step)

    def said() -> str:
        step.show_state(context, 1, reviewing=False)
        return step.text.text()

    person.window.controller.assign(ids, context.classes[0].id)
    person.until(lambda: "at least two classes" in said())
    person.window.controller.assign(ids[:20], context.classes[1].id)
    person.until(lambda: said() == "Next: wait until the pictures have been looked at.")
    context.learns = False
    assert said() == "Next: train the Multi-Modal Adapter."
    step.show_state(context, 1, reviewing=False, importing=True)
    assert step.text.text() == "Pictures are coming in."
    assert step.action.isHidden()


def test_no_more_is_asked_for_of_a_class_that_no_unlabelled_picture_shows(person: Person) -> None:
    controller, ids = person.window.controller, person.shown()
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    stripes = [image for image in ids if truth[image] == "stripes"]
    controller.remove_images(stripes[5:])
    for one in person.context.classes:
        controller.assign(
            [image for image in ids if truth[image] == one.name][: 5 if one.name == "stripes" else 8], one.id
        )
    person.until(lambda: learned(person) is not None and learned(person).labels == 29)
    person.until(lambda: next_step(person).text.text() == "Next: train the Multi-Modal Adapter.")
    ask(person)  # about what is in doubt
    assert "No other unlabelled picture looks like 'stripes'." in person.label.question.progress.text()
    for _ in ids:
        person.until(lambda: asked(person) >= 0 or person.window.messages.bars)
        if person.window.messages.bars:
            break
        person.type("s")
    assert [one.text for one in person.window.messages.bars] == ["No other unlabelled picture looks like 'stripes'."]
    controller.add_classes(["moons"])
    person.until(lambda: not person.window.messages.bars)  # what was said is not so any more
    assert next_step(person).text.text() == "Next: 1 class needs more examples."


def test_a_class_key_on_a_sure_picture_is_a_persons_label_and_accepting_it_is_none(person: Person) -> None:
    ask(person)
    until_sure(person, 2)
    first, second = person.shown()[:2]
    (true,) = person.true_classes([first])
    person.click_image(0)
    person.type(str(1 + NAMES.index(true)))
    person.until(lambda: first in person.labels() and second in person.shown())
    person.click_image(person.shown().index(second))
    assert bar(person).accept_button.text() == "Accept 1"
    person.press(Key.Key_Return)
    person.until(lambda: second in person.labels())
    sources = [row.source for row in person.context.project.image_rows([first, second])]
    assert sources == [LabelSource.PERSON, LabelSource.SUGGESTION]


def test_accepting_where_nothing_is_left_to_accept_says_so(person: Person) -> None:
    ask(person)
    until_sure(person)
    person.window.statusBar().clearMessage()
    pairs = person.label.review.review.accepted(person.shown()).pairs
    with person.qtbot.assertNotEmitted(person.window.controller.changed):
        person.context.project.assign_many(pairs, LabelSource.SUGGESTION)  # written, but the window does not know yet
    assert "almost certain" in bar(person).text
    person.press(Key.Key_Return)
    assert person.says("Nothing to accept now.")


def test_the_model_follows_labels_and_undo(person: Person) -> None:
    ids = person.shown()
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    by_name = {one.name: one.id for one in person.context.classes}
    for name in NAMES[:2]:
        mine = [image for image in ids if truth[image] == name][:2]
        person.window.controller.assign(mine, by_name[name])
    person.until(lambda: learned(person) is not None and learned(person).labels == 4)
    person.until(lambda: person.context.predictions.adapted_class is not None)
    person.until(lambda: "earned from 4 labels" in next_step(person).accuracy.text())
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: learned(person).run.names_alone)
    person.until(lambda: next_step(person).accuracy.text().startswith("From names alone and 2 labels"))


def test_what_is_skipped_does_not_come_back_and_a_correction_is_a_label(person: Person) -> None:
    ask(person)
    first = asked(person)
    person.type("s")
    person.until(lambda: asked(person) not in {-1, first})
    second = asked(person)
    person.type("3")
    person.until(lambda: person.labels() == {second: "clouds"})
    for _ in range(6):
        person.press(Key.Key_Right)
        person.until(lambda: asked(person) >= 0)
        assert asked(person) not in {first, second}
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: asked(person) >= 0)
    assert asked(person) not in {first, second}
    person.press(Key.Key_Escape)
    person.until(lambda: len(person.shown()) == 48 and not asking(person))
    assert not bar(person).isVisible()


@pytest.mark.parametrize("show", [ReviewController.begin, ReviewController.renew])
def test_what_is_skipped_while_suggestions_are_made_is_not_asked_again(
    person: Person, show: Callable[[ReviewController, Proposals], None]
) -> None:
    ask(person)
    first = asked(person)
    made_before = Suggestions(questions=((first, person.context.classes[0].id),))
    person.type("s")
    person.until(lambda: asked(person) not in {-1, first})
    proposals = Proposals(person.context, made_before)
    assert proposals.questions_left() == 1
    show(person.label.review, proposals)
    assert proposals.questions_left() == 0


def test_leaving_the_page_while_it_learns_stays_on_the_other_page(person: Person) -> None:
    ask(person)
    for _ in range(4):
        person.until(lambda: asked(person) >= 0)
        answer(person)
    person.go_to(Key.Key_1, "home")
    person.until(lambda: learned(person) is not None and not person.window.controller.bridge.jobs())
    person.qtbot.wait(300)
    assert person.window.current_page == "home"
    person.go_to(Key.Key_2, "label")
    assert asked(person) >= 0
    assert person.label.question.hasFocus()


def test_a_suggestion_names_one_class(person: Person) -> None:
    controller, grid, context = person.window.controller, person.label.grid, person.context
    ids, classes = context.index.columns.ids, context.classes
    sure = tuple((image, classes[at % 2].id) for at, image in enumerate(ids[:6].tolist()))
    person.window.finder.found.emit(Proposals(person.context, Suggestions(sure)))
    for guessed in classes[:2]:
        person.context.predictions = Predictions(ids, np.full(len(ids), guessed.id), np.full(len(ids), 0.9, np.float32))
        controller.predictions_changed.emit()
        for at, one in enumerate(person.shown()):
            spoken = grid.images.data(grid.images.index_at(at), Qt.ItemDataRole.AccessibleTextRole)
            about = context.class_by_id(dict(sure)[one])
            assert spoken.endswith(f", guess {about.name}, 90%" if guessed == about else f", {about.name}?")
    assert not grid.images.has_notes
