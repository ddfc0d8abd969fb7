"""Questions that fill the page, in the real window: keys, clicks, what comes next, the way back, and what stays."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource
from mma_desktop.services.image_index import Lost
from mma_desktop.services.labels.label_errors import Suspect
from mma_desktop.services.training.label_suggestions import Suggestions
from mma_desktop.ui.grid.review import Proposals, SuspectedLabels, nothing_more
from mma_desktop.ui.label.question_view import QuestionView

from .person import CONTROL, NAMES, Key, Person


@pytest.fixture
def person(settings: Settings, request: pytest.FixtureRequest) -> Person:
    """Somebody at 48 pictures of four classes, embedded by the real starter, none labelled; nothing is learned."""
    settings.set("shots", 8)
    return request.getfixturevalue("at_pictures")  # type: ignore[no-any-return]


def view(person: Person) -> QuestionView:
    found: QuestionView = person.label.question
    return found


def asked(person: Person) -> int:
    """The picture that is asked about, -1 for none."""
    found: int = person.label.review.questions.image_id
    return found


def ask(person: Person, *pairs: tuple[int, str], sure: tuple[tuple[int, str], ...] = ()) -> None:
    """Show suggestions: (image, class that is asked about)."""
    ids = {one.name: one.id for one in person.context.classes}

    def numbered(found: tuple[tuple[int, str], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((image, ids[name]) for image, name in found)

    person.window.finder.found.emit(Proposals(person.context, Suggestions(numbered(sure), numbered(pairs))))


def test_a_question_fills_the_page_and_keys_answer_it(person: Person) -> None:
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: asked(person) >= 0)
    assert view(person).isVisible()
    assert not person.label.splitter.isVisible()
    assert view(person).width() > 0.9 * person.label.width()
    assert view(person).hasFocus()
    person.until(lambda: not view(person).picture.pixmap.isNull())
    keys = [(one.text(), one.accessibleName()) for one in view(person).classes.buttons]
    assert keys == [(f"{name} ({number})", f"{name}, key {number}") for number, name in enumerate(NAMES, 1)]
    assert view(person).none_button.accessibleName() == f"{NONE_OF_THESE}, key 0"
    first = asked(person)
    name = view(person).title.text().removeprefix("Does it show '").removesuffix("'?")
    assert name in NAMES
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {first: name})
    second = asked(person)
    assert second != first
    person.type("0")
    person.until(lambda: person.labels().get(second) == NONE_OF_THESE)
    third = asked(person)
    person.type("3")
    person.until(lambda: person.labels().get(third) == "clouds")
    rows = person.context.project.image_rows([first, second, third])
    assert {row.source for row in rows} == {LabelSource.PERSON}


def test_a_question_beyond_what_classes_need_says_so(person: Person) -> None:
    (first, second, *_), (one, *_) = person.shown(), person.context.classes
    questions, other = ((first, one.id), (second, one.id)), f"No other unlabelled picture looks like '{one.name}'."
    for found, said in (
        (Suggestions(questions=questions, lacking=(one.id,)), "0/8 examples"),
        (Suggestions(questions=questions, lacking=(one.id,), beyond=True), other),
        (Suggestions(questions=questions, beyond=True), "Every class has its 8 examples."),
    ):
        person.window.finder.found.emit(Proposals(person.context, found))
        assert said in view(person).progress.text()
    person.press(Key.Key_Return)
    person.until(lambda: asked(person) == second)


def test_pictures_that_cannot_be_asked_about_are_counted_though_every_class_has_its_examples(person: Person) -> None:
    one = person.context.classes[0]
    said = "3 are left out, as their files are missing or were changed."
    assert nothing_more(person.context, Suggestions(lost=3), 8) == f"Every class has its 8 examples. {said}"
    assert nothing_more(person.context, Suggestions(lost=3, lacking=(one.id,)), 8).endswith(said)


def test_clicks_answer_and_the_keyboard_stays(person: Person) -> None:
    ids = person.shown()
    ask(person, *((image, "apples") for image in ids[:5]))
    person.click(view(person).yes_button)
    person.until(lambda: person.labels() == {ids[0]: "apples"})
    person.click(view(person).classes.buttons[1])
    person.until(lambda: person.labels().get(ids[1]) == "boxes")
    person.click(view(person).none_button)
    person.until(lambda: person.labels().get(ids[2]) == NONE_OF_THESE)
    person.click(view(person).skip_button)
    person.until(lambda: asked(person) == ids[4])
    assert ids[3] not in person.labels()
    assert view(person).hasFocus()
    person.type("4")
    person.until(lambda: person.labels().get(ids[4]) == "stripes")


def test_the_next_question_comes_before_the_answer_is_written(person: Person) -> None:
    ids = person.shown()
    ask(person, (ids[0], "apples"), (ids[3], "boxes"), (ids[1], "apples"))
    person.press(Key.Key_Return)
    assert asked(person) == ids[3]
    person.type("1")  # it is apples, too
    assert asked(person) == ids[1]
    person.until(lambda: len(person.labels()) == 2)


def test_a_picture_that_cannot_be_shown_is_not_asked_about(person: Person) -> None:
    ids = person.shown()
    person.context.index.lost = Lost(np.array(ids[:1]), np.array(ids[1:2]))
    ask(person, *((image, "apples") for image in ids[:3]))
    assert asked(person) == ids[2]
    person.press(Key.Key_Escape)
    person.context.index.lost = Lost(np.array(ids))
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: person.window.messages.bars)
    left_out = "48 are left out, as their files are missing or were changed."
    assert person.window.messages.bars[0].text.endswith(left_out)


def test_back_shows_the_answer_and_another_one_replaces_it(person: Person) -> None:
    ids = person.shown()
    ask(person, (ids[0], "apples"), (ids[1], "boxes"), (ids[2], "clouds"))
    assert not view(person).back_button.isEnabled()
    person.press(Key.Key_Return)
    person.press(Key.Key_Right)  # skipped
    person.until(lambda: len(person.labels()) == 1 and asked(person) == ids[2])
    person.press(Key.Key_Left)
    assert asked(person) == ids[1]
    person.type("k")
    assert asked(person) == ids[0]
    assert not view(person).back_button.isEnabled()
    person.type("2")
    person.until(lambda: person.labels() == {ids[0]: "boxes"} and asked(person) == ids[2])  # where it was left
    person.click(view(person).back_button)
    person.type("4")
    person.until(lambda: person.labels() == {ids[0]: "boxes", ids[1]: "stripes"})


def test_undo_asks_again_what_it_took_back(person: Person) -> None:
    ids = person.shown()
    ask(person, (ids[0], "apples"), (ids[1], "boxes"), (ids[2], "clouds"))
    person.press(Key.Key_Return)
    person.press(Key.Key_Return)
    person.until(lambda: len(person.labels()) == 2)
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: person.labels() == {ids[0]: "apples"} and asked(person) == ids[1])
    assert view(person).title.text() == "Does it show 'boxes'?"


def test_what_arrives_changes_nothing_on_the_screen(person: Person) -> None:
    ids, classes = person.shown(), person.context.classes
    ask(person, (ids[0], "apples"), (ids[1], "apples"))
    newer = Suggestions(((ids[9], classes[0].id), (ids[10], classes[0].id)), ((ids[5], classes[3].id),))
    person.window.finder.renewed.emit(Proposals(person.context, newer))
    assert asked(person) == ids[0]
    assert view(person).list_button.text() == "Look over 2 sure ones"
    person.press(Key.Key_Return)
    assert asked(person) == ids[5]  # but the next one is of the newer ones
    person.click(view(person).list_button)
    bar = person.label.review.bar
    assert person.shown() == ids[9:11]
    assert bar.accept_button.text() == "Accept 2"
    person.window.finder.renewed.emit(Proposals(person.context, Suggestions(((ids[11], classes[1].id),), ())))
    assert person.shown() == ids[9:11], "a list that is looked at stays"
    person.click(bar.newer_button)
    assert person.shown() == [ids[11]]


def test_what_is_skipped_stays_so_until_it_is_answered(person: Person) -> None:
    ids, classes = person.shown(), person.context.classes
    ask(person, (ids[0], "apples"), (ids[1], "boxes"))
    person.press(Key.Key_Right)
    newer = Suggestions(((ids[9], classes[1].id),), ((ids[0], classes[0].id), (ids[2], classes[2].id)))
    person.window.finder.renewed.emit(Proposals(person.context, newer))  # looked for before the skip
    person.press(Key.Key_Return)
    assert asked(person) == ids[2]
    person.press(Key.Key_Left)
    person.press(Key.Key_Left)
    assert asked(person) == ids[0]
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {ids[0]: "apples", ids[1]: "boxes"})
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: person.labels() == {ids[1]: "boxes"})
    person.click(view(person).list_button)
    assert person.label.review.bar.ask_button.text() == "Answer 2 questions"


def test_a_question_stays_when_newer_suggestions_and_a_label_arrive(person: Person) -> None:
    ids, classes = person.shown(), person.context.classes
    ask(person, (ids[0], "apples"), (ids[1], "boxes"))
    # The newer suggestions ask nothing about this picture, or are sure of another class.
    for newer in (Suggestions((), ((ids[5], classes[3].id),)), Suggestions(((ids[0], classes[2].id),), ())):
        person.window.finder.renewed.emit(Proposals(person.context, newer))
        before = len(person.labels())
        person.window.controller.assign([ids[20 + before]], classes[3].id)  # such as the answer before, written late
        person.until(lambda before=before: len(person.labels()) == before + 1)
        QApplication.processEvents()
        assert asked(person) == ids[0]
        assert view(person).title.text() == "Does it show 'apples'?"
    person.press(Key.Key_Return)
    person.until(lambda: person.labels().get(ids[0]) == "apples")


def test_a_list_accepts_what_is_selected_and_says_how_many(person: Person) -> None:
    ids = person.shown()
    ask(person, sure=tuple((image, "boxes") for image in ids[:4]))
    bar = person.label.review.bar
    assert not view(person).isVisible()
    assert (bar.accept_button.text(), bar.reject_button.text()) == ("Accept 4", "Leave 4 out")
    person.click_image(1)
    assert (bar.accept_button.text(), bar.reject_button.text()) == ("Accept 1", "Leave 1 out")
    person.press(Key.Key_Escape)
    assert not bar.accept_button.isEnabled()
    person.press(Key.Key_Return)
    assert not person.labels(), "nothing is selected"
    person.press(Key.Key_A, CONTROL)
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == dict.fromkeys(ids[:4], "boxes"))
    assert person.context.project.undo_title == "Accept 4 pictures as 'boxes'"


def test_a_label_that_looks_wrong_is_a_question(person: Person) -> None:
    ids, classes = person.shown(), person.context.classes
    person.window.controller.assign(ids[:4], classes[0].id)
    person.until(lambda: len(person.labels()) == 4)
    found = [Suspect(image, classes[0].id, classes[1].id, 0.1, 0.9) for image in ids[:4]]
    person.window.finder.found.emit(SuspectedLabels(person.context, found))
    assert view(person).title.text() == "Labelled apples. Does it show 'boxes'?"
    assert view(person).keep_button.accessibleName() == "No, it is apples, key 1"
    assert view(person).list_button.text() == "All 4 in a list"
    person.press(Key.Key_Return)
    person.until(lambda: person.labels()[ids[0]] == "boxes")
    person.type("1")  # the key of its own class: the label is right
    person.type("3")
    person.until(lambda: person.labels()[ids[2]] == "clouds")
    assert person.labels()[ids[1]] == "apples"
    assert asked(person) == ids[3]
    person.press(Key.Key_Left)
    person.press(Key.Key_Left)
    assert asked(person) == ids[1]
    person.type("2")  # after all
    person.until(lambda: person.labels()[ids[1]] == "boxes")
    person.click(view(person).keep_button)
    person.until(lambda: not view(person).isVisible())
    assert person.says("That was the last question.")


def test_an_answer_that_cannot_be_written_is_asked_again(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise UserError("The disk is full.")

    ids = person.shown()
    ask(person, (ids[0], "apples"))
    with monkeypatch.context() as patch:
        patch.setattr(person.context.project, "assign", full)
        person.press(Key.Key_Return)
        person.until(lambda: any("disk is full" in one.text for one in person.window.messages.bars))
    person.until(lambda: asked(person) == ids[0])
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {ids[0]: "apples"})


def test_escape_leads_to_the_grid_as_it_was(person: Person) -> None:
    ids = person.shown()
    person.click_image(3)
    ask(person, (ids[0], "apples"))
    person.press(Key.Key_Escape)
    person.until(lambda: not view(person).isVisible())
    assert person.shown() == ids
    assert person.label.grid.selected_ids().tolist() == [ids[3]]
    person.type("2")
    person.until(lambda: person.labels() == {ids[3]: "boxes"})


def test_enter_on_another_button_is_no_yes(person: Person) -> None:
    ids = person.shown()
    ask(person, (ids[0], "apples"), (ids[1], "boxes"))
    view(person).skip_button.setFocus()
    assert QApplication.focusWidget() is view(person).skip_button
    person.press(Key.Key_Return)
    person.press(Key.Key_Space)
    person.until(lambda: asked(person) == ids[1])
    assert not person.labels()


def test_a_class_without_a_key_is_answered_by_its_name(person: Person) -> None:
    controller = person.window.controller
    controller.add_classes([f"extra {number}" for number in range(30)])
    person.until(lambda: len(person.context.classes) == 34)
    last = person.context.classes[-1]
    assert not last.key
    image = person.shown()[0]
    ask(person, (image, last.name))
    assert view(person).classes.buttons[-1].text() == last.name, "the class that is asked about is there"
    assert len(view(person).classes.buttons) < 34
    assert view(person).classes.buttons[9].accessibleName() == "extra 5, key A"
    person.type("/")
    person.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    person.type("extra 28")
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {image: "extra 28"})
