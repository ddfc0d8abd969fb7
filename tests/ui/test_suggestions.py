"""Learning while labelling, in the real window: suggestions, questions, accuracy, and the line of the next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Guesses
from mma_desktop.services.training.learning import Learned, Learning
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.settings_dialog import SettingsDialog
from mma_desktop.ui.label.next_step import NextStep
from mma_desktop.ui.label.review_bar import ReviewBar

from .person import CONTROL, NAMES, Key, Person, at_embedded_pictures


@pytest.fixture
def person(
    controller: Controller,
    settings: Settings,
    open_project: Callable[[Controller], ProjectContext],
    picture_folder: Path,
    qtbot: QtBot,
) -> Iterator[Person]:
    """Somebody at 48 pictures of four classes, embedded by the real starter, none labelled; the program learns."""
    settings.set("shots", 8)
    settings.set("learn", True)
    yield from at_embedded_pictures(controller, settings, open_project, picture_folder, qtbot)


def bar(person: Person) -> ReviewBar:
    found: ReviewBar = person.label.review.bar
    return found


def next_step(person: Person) -> NextStep:
    found: NextStep = person.label.next_step
    return found


def learned(person: Person) -> Learned | None:
    return person.context.state_of(Learning).learned


def answer(person: Person) -> None:
    """Say of the current picture what it is: yes, or the key of its class."""
    image = person.label.grid.current_id()
    note = person.label.grid.images.note(image)
    (true,) = person.true_classes([image])
    before = len(person.labels())
    if note is not None and true in note.text:
        person.press(Key.Key_Return)
    else:
        person.type(str(1 + NAMES.index(true)))
    person.until(lambda: len(person.labels()) == before + 1)
    person.until(lambda: image not in person.shown())


def test_from_names_to_examples_by_questions_and_one_button(person: Person) -> None:
    step = next_step(person)
    person.until(lambda: "answer a few questions" in step.text.text())
    assert not step.accuracy.isVisible()
    person.click(step.action)
    person.until(lambda: bar(person).text == "8 questions")
    assert not bar(person).accept_button.isVisible()  # nothing is sure yet
    person.until(lambda: not step.action.isVisible())  # the list has its own buttons
    for _ in range(60):
        if not bar(person).isVisible():
            break
        if "sure" in bar(person).text:
            sure = {image for image, _ in person.label.review.review.all_pairs(person.context)}
            assert "sure" in bar(person).accept_button.text()
            person.press(Key.Key_Return, CONTROL)
            person.until(lambda sure=sure: sure <= person.labels().keys() and sure.isdisjoint(person.shown()))
        elif person.shown() and person.label.grid.current_id() >= 0:
            answer(person)
        person.until(lambda: person.shown() or not bar(person).isVisible())
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
    person.until(lambda: "See results" in step.action.text())


def test_without_a_model_the_next_step_is_what_one_lacks(person: Person, qtbot: QtBot) -> None:
    context, ids = person.context, person.shown()
    step = NextStep()
    qtbot.addWidget(step)

    def said() -> str:
        step.show_state(context, None, 1, reviewing=False)
        return step.text.text()

    person.window.controller.assign(ids, context.classes[0].id)
    person.until(lambda: "at least two classes" in said())
    person.window.controller.assign(ids[:20], context.classes[1].id)
    person.until(lambda: said() == "Next: wait until the pictures have been looked at.")
    context.learns = False
    assert said() == "Next: start a training on the Check page."


def test_a_class_key_on_a_sure_picture_is_a_persons_label_and_accepting_it_is_none(person: Person) -> None:
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: bar(person).text == "8 questions")

    def until_sure() -> None:
        """Answer until pictures are sure. The list is renewed after a label: until then its picture may be current."""
        for _ in range(30):
            person.until(lambda: person.label.grid.current_id() not in {-1, *person.labels()})
            if "sure" in bar(person).text:
                return
            answer(person)

    def source_after(press: Callable[[str], object]) -> LabelSource | None:
        image = person.label.grid.current_id()
        (true,) = person.true_classes([image])
        press(true)
        person.until(lambda: image in person.labels())
        (row,) = person.context.project.image_rows([image])
        return row.source

    until_sure()
    assert source_after(lambda name: person.type(str(1 + NAMES.index(name)))) is LabelSource.PERSON
    until_sure()
    assert source_after(lambda _name: person.press(Key.Key_Return)) is LabelSource.SUGGESTION


def test_accepting_all_where_nothing_is_left_to_accept_says_so(person: Person) -> None:
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: bar(person).text == "8 questions")
    person.press(Key.Key_Return, CONTROL)
    assert person.says("Nothing to accept now. Is each picture what it says?")
    for _ in range(30):
        if "sure" in bar(person).text:
            break
        answer(person)
        person.until(person.shown)
    person.window.statusBar().clearMessage()
    pairs = person.label.review.review.all_pairs(person.context)
    with person.qtbot.assertNotEmitted(person.window.controller.changed):
        person.context.project.assign_many(pairs, LabelSource.SUGGESTION)  # written, but the window does not know yet
    assert "sure" in bar(person).text
    person.press(Key.Key_Return, CONTROL)
    assert person.says("Nothing to accept now.")


def test_the_model_follows_labels_and_undo(person: Person) -> None:
    ids = person.shown()
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    by_name = {one.name: one.id for one in person.context.classes}
    for name in NAMES[:2]:
        mine = [image for image in ids if truth[image] == name][:2]
        person.window.controller.assign(mine, by_name[name])
    person.until(lambda: learned(person) is not None and learned(person).labels == 4)
    person.until(lambda: person.context.guesses.adapted_class is not None)
    person.until(lambda: "learned from 4 labels" in next_step(person).accuracy.text())
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: learned(person) is None)
    person.until(lambda: person.context.guesses.adapted_class is None)
    person.until(lambda: not next_step(person).accuracy.isVisible())


def test_what_is_left_out_does_not_come_back_and_a_correction_is_a_label(person: Person) -> None:
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: bar(person).text == "8 questions")
    first = person.shown()[0]
    person.press(Key.Key_Backspace, CONTROL)
    person.until(lambda: first not in person.shown())
    second = person.shown()[0]
    person.label.grid.set_current(0)
    person.type("3")
    person.until(lambda: person.labels() == {second: "clouds"})
    person.until(lambda: second not in person.shown())
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: len(person.shown()) >= 7)
    assert first not in person.shown()
    person.press(Key.Key_Escape)
    person.press(Key.Key_Escape)
    person.until(lambda: len(person.shown()) == 48)
    assert not bar(person).isVisible()


def test_leaving_out_every_question_brings_others(person: Person) -> None:
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: bar(person).text == "8 questions")
    assert "or None of these if it shows none of your classes" in bar(person).advice
    person.qtbot.wait(500)  # the first fit, after which suggestions are renewed anyway
    person.until(lambda: not person.window.controller.bridge.jobs())
    first = set(person.shown())
    person.label.grid.select_all()
    person.press(Key.Key_Backspace, CONTROL)
    person.until(lambda: bar(person).text == "8 questions" and first.isdisjoint(person.shown()))
    assert not person.labels()


def test_labels_that_cannot_be_written_stay_suggested(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise UserError("The disk is full.")

    person.press(Key.Key_G, CONTROL)
    person.until(lambda: bar(person).text == "8 questions")
    with monkeypatch.context() as patch:
        patch.setattr(person.context.project, "assign_many", full)
        person.press(Key.Key_Return)
        person.until(lambda: any("disk is full" in one.text for one in person.window.messages.bars))
    assert bar(person).text == "8 questions"
    assert not person.labels()
    person.click(bar(person).close_button)
    person.until(lambda: not bar(person).isVisible())


def test_it_can_be_switched_off_and_on(person: Person) -> None:
    ids = person.shown()
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    controller = person.window.controller
    person.window.show_settings()
    (dialog,) = person.window.findChildren(SettingsDialog)
    dialog.editors["learn"].setChecked(False)
    dialog.accept()
    for one in person.context.classes:
        controller.assign([image for image in ids if truth[image] == one.name][:3], one.id)
    person.until(lambda: len(person.labels()) == 12)
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: "questions" in bar(person).text)
    assert learned(person) is None
    person.window.settings.set("learn", True)
    controller.apply_learn_setting()
    person.until(lambda: learned(person) is not None)
    kept = []
    controller.store_learned(kept.append)
    person.until(lambda: kept)
    assert person.context.is_current(kept[0])
    controller.learn_again()
    person.until(lambda: not person.context.current_run)


def test_a_suggestion_names_one_class(person: Person) -> None:
    controller, grid = person.window.controller, person.label.grid
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: bar(person).text == "8 questions")
    ids, shown = person.context.index.columns.ids, person.shown()
    for guessed in person.context.classes[:2]:
        person.context.guesses = Guesses(ids, np.full(len(ids), guessed.id), np.full(len(ids), 0.9, np.float32))
        controller.guesses_changed.emit()
        for at, one in enumerate(shown):
            spoken = grid.images.data(grid.images.index_at(at), Qt.ItemDataRole.AccessibleTextRole)
            asked = grid.images.note(one).about
            assert spoken.endswith(f", {asked.name}?")
            assert (f"guess {asked.name}, 90%" in spoken) == (guessed.id == asked.id)
