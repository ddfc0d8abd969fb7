"""Going through suspected labels and copies, by keys and by clicks in the real window."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from mma_desktop.core.settings import Settings
from mma_desktop.core.types import ImageClass, LabelSource, Role, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Predictions
from mma_desktop.services.labels.label_errors import Suspect
from mma_desktop.services.training.label_suggestions import Suggestions
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.review import Proposals, Question, SuspectedLabels
from mma_desktop.ui.label.review_controller import ReviewBar

from . import projects
from .person import CONTROL, LONG, NAMES, SHIFT, Key, Person


@pytest.fixture
def person(person: Person, settings: Settings) -> Person:
    """Somebody at a window without a project."""
    settings.set("embed_on_import", False)
    return person


@pytest.fixture
def embedded(settings: Settings, request: pytest.FixtureRequest) -> Person:
    """48 pictures of four classes, embedded by the real starter, none labelled."""
    settings.set("shots", 3)
    return request.getfixturevalue("at_pictures")  # type: ignore[no-any-return]


def bar(person: Person) -> ReviewBar:
    found: ReviewBar = person.label.review.bar
    return found


def says(person: Person, text: str) -> None:
    person.until(lambda: text in bar(person).text)


def second_lines(person: Person) -> set[str]:
    grid = person.label.grid
    return {note.text for one in person.shown() if (note := grid.images.note(one)) is not None}


def select(person: Person, image_id: int) -> None:
    person.click_image(person.shown().index(image_id))


def sources(person: Person, ids: list[int]) -> set[LabelSource | None]:
    return {row.source for row in person.context.project.image_rows(ids)}


def folder_labels(person: Person) -> None:
    """Give every picture the class that is on it."""
    context = person.context
    ids = context.index.columns.ids.tolist()
    for one in context.classes:
        mine = [image for image, name in zip(ids, person.true_classes(ids), strict=True) if name == one.name]
        person.window.controller.assign(mine, one.id)
    person.until(lambda: len(person.labels()) == len(ids))


# ---------------------------------------------------------------------- suggestions


def test_a_proposed_name_does_not_turn_the_text_around_it(
    person: Person, controller: Controller, with_pictures: ProjectContext
) -> None:
    context = with_pictures
    controller.add_classes(["red\N{RIGHT-TO-LEFT OVERRIDE}car"])
    person.until(lambda: context.classes)
    one, (sure, asked) = context.classes[0].id, context.index.columns.ids[:2].tolist()
    review = Proposals(context, Suggestions(confident=((sure, one),), questions=((asked, one),)))
    suspects = SuspectedLabels(context, [Suspect(sure, 0, one, 0.1, 0.9)])
    name, note = "red\N{REPLACEMENT CHARACTER}car", suspects.note(sure, None)
    assert note is not None
    assert (review.caption(sure, None), note.text) == (f"{name}?", f"\u2192 {name}")
    question = review.question(asked)
    assert question is not None
    assert question.text == f"Does it show '{name}'?"


@pytest.mark.parametrize("name", ["metal", "apples", "3 legs", "no defect"])
def test_a_question_reads_rightly_whatever_the_class_is_called(name: str) -> None:
    about = ImageClass(1, name, Role.BASE, 0, "")
    assert Question(7, about).text == f"Does it show '{name}'?"
    assert Question(7, about, replace(about, id=2, name="wood")).text == f"Labelled wood. Does it show '{name}'?"
    assert Question(7, replace(about, role=Role.NONE)).text == "Does it show none of your classes?"


# ---------------------------------------------------------------------- suspected labels


def test_suspected_labels_are_relabelled_kept_and_corrected(embedded: Person) -> None:
    person = embedded
    person.press(Key.Key_L, CONTROL)
    person.until(lambda: any("at least three pictures" in one.text for one in person.window.messages.bars))
    folder_labels(person)
    mine = [one for one, name in person.labels().items() if name == "stripes"]
    wrong = [mine[0], mine[1], mine[6]]
    apples, other = person.context.classes[:2]  # all of one class would vouch for each other
    person.window.controller.assign(wrong[::2], apples.id)
    person.window.controller.assign(wrong[1:2], other.id)
    person.until(lambda: [person.labels()[one] for one in wrong] == ["apples", other.name, "apples"])
    notice = person.window.pages["check"].suspects.bar
    person.go_to(Key.Key_4, "check")
    person.until(notice.isVisible, LONG)
    assert "wrong beside the others" in notice.text
    person.click(notice.action_button)
    person.until(lambda: person.label.question.title.text().startswith("Labelled "))
    person.click(person.label.question.list_button)
    says(person, "wrong, the surest first")
    listed = person.shown()
    assert set(wrong) <= set(listed)
    assert "\u2192 stripes" in second_lines(person)
    select(person, wrong[0])
    assert bar(person).accept_button.text() == "Relabel 1"
    person.press(Key.Key_Return)  # relabel, although a person had set the label
    person.until(lambda: wrong[0] not in person.shown())
    assert person.labels()[wrong[0]] == "stripes"
    select(person, wrong[1])
    person.type("3")  # it is neither: its class key
    person.until(lambda: wrong[1] not in person.shown())
    assert person.labels()[wrong[1]] == "clouds"
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: wrong[1] in person.shown())  # what is undone comes back into the list
    select(person, wrong[2])
    person.click(bar(person).reject_button)  # the label is right
    person.until(lambda: wrong[2] not in person.shown())
    assert person.labels()[wrong[2]] == "apples"
    person.click(person.label.notice.action_button)  # a slip: undo
    person.until(lambda: wrong[2] in person.shown())
    select(person, wrong[2])
    person.press(Key.Key_Backspace, CONTROL)
    person.until(lambda: wrong[2] not in person.shown())
    before = person.label.review.review
    person.press(Key.Key_L, CONTROL)
    person.until(lambda: person.label.review.review is not before)
    person.label.review.show_as_list()
    assert wrong[1] in person.shown()
    assert wrong[2] not in person.shown()  # remembered
    person.press(Key.Key_A, CONTROL)
    person.press(Key.Key_Return)  # all the others
    says(person, "No label of this list looks wrong any more")
    assert person.labels()[wrong[1]] == "stripes"
    assert person.labels()[wrong[2]] == "apples"


def test_the_undo_of_a_kept_label_goes_with_its_project(embedded: Person) -> None:
    person, controller = embedded, embedded.window.controller
    image, (apples, boxes) = person.shown()[0], (one.id for one in person.context.classes[:2])
    controller.assign([image], apples)
    person.until(lambda: person.labels() == {image: "apples"})
    person.window.finder.found.emit(SuspectedLabels(person.context, [Suspect(image, apples, boxes, 0.1, 0.9)]))
    person.label.review.show_as_list()
    select(person, image)
    person.click(bar(person).reject_button)
    assert person.label.notice.action_button.isVisible()
    controller.close_context(lambda: None)
    assert not person.label.notice.wanted
    person.until(lambda: not controller.is_closing)


def test_the_notice_of_wrong_labels_goes_when_they_are_corrected_or_looked_at(embedded: Person) -> None:
    person, controller = embedded, embedded.window.controller
    folder_labels(person)
    wrong = [one for one, name in person.labels().items() if name == "stripes"][:3]
    apples, stripes = person.context.classes[0].id, person.context.classes[3].id
    notice = person.window.pages["check"].suspects.bar

    def spoil() -> None:
        controller.assign(wrong, apples)
        person.until(lambda: [person.labels()[one] for one in wrong] == ["apples"] * 3)
        person.go_to(Key.Key_4, "check")
        person.until(notice.isVisible, LONG)

    spoil()
    assert "of 48 labels look" in notice.text
    assert "at least 90% likely" in notice.text
    controller.assign(wrong, stripes)
    person.until(lambda: not notice.wanted)
    person.go_to(Key.Key_2, "label")
    spoil()
    person.press(Key.Key_L, CONTROL)
    person.until(person.label.question.isVisible)
    assert not notice.wanted


# ---------------------------------------------------------------------- copies


@pytest.fixture(scope="module")
def with_copies(drawn_pictures: Path, made_projects: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 12 pictures of boxes, three of them a second time smaller."""
    folder = shutil.copytree(drawn_pictures / "boxes", tmp_path_factory.mktemp("copies") / "boxes")
    for number in (1, 2, 3):
        with Image.open(folder / f"boxes {number:02}.jpg") as picture:
            small = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4))
        small.save(folder / f"copy {number}.jpg", quality=70)
    with projects.embedded(made_projects / "copies.mma", folder, labelled=False) as context:
        return context.project.folder


@pytest.fixture
def copied(person: Person, controller: Controller, with_copies: Path, tmp_path: Path) -> dict[str, int]:
    """These pictures are shown; image id by file name."""
    context = projects.open_copy(controller, with_copies, tmp_path / "project.mma", NAMES)
    person.until(lambda: len(person.shown()) == 15)
    person.label.focus_images()
    return {row.path.name: row.id for row in context.project.image_rows(person.shown())}


def test_one_copy_is_kept_with_the_label_and_undo_brings_the_others_back(
    person: Person, copied: dict[str, int]
) -> None:
    big, small = copied["boxes 01.jpg"], copied["copy 1.jpg"]
    person.window.controller.assign([small], person.context.classes[1].id)
    person.until(lambda: person.labels() == {small: "boxes"})
    person.label.preview_controller.open_full()  # one picture over the whole page gives way to the list
    person.press(Key.Key_D, CONTROL)
    says(person, "3 pictures with copies")
    assert bar(person).isVisible()
    shown = person.shown()
    assert len(shown) == 6
    assert shown.index(small) == shown.index(big) + 1
    person.until(lambda: len(second_lines(person)) == 6)
    lines = second_lines(person)
    assert sum("Keep: " in line and ("kB" in line or "bytes" in line) and "\u00d7" in line for line in lines) == 3
    select(person, big)
    assert bar(person).accept_button.text() == "Take 1 copy out"
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {big: "boxes"})
    assert small not in person.context.index.columns.ids.tolist()
    says(person, "2 pictures with copies")
    assert len(person.label.grid.selected_ids()) == 1, "the next group's turn"
    assert person.context.project.undo_title == "Keep one copy"
    with person.qtbot.waitSignal(
        person.window.controller.undone_or_redone, timeout=LONG
    ):  # which selects what is undone
        person.press(Key.Key_Z, CONTROL)
    assert person.labels() == {small: "boxes"}
    assert person.shown() == shown
    select(person, small)  # the other one is to be kept
    person.until(lambda: (note := person.label.grid.images.note(small)) and "Keep: " in note.text)
    person.click(bar(person).accept_button)
    person.until(lambda: big not in person.context.index.columns.ids.tolist())
    assert person.labels() == {small: "boxes"}


def test_copies_with_different_labels_take_a_class_key_first(person: Person, copied: dict[str, int]) -> None:
    big, small = copied["boxes 02.jpg"], copied["copy 2.jpg"]
    controller, classes = person.window.controller, person.context.classes
    controller.assign([big], classes[0].id)
    controller.assign([small], classes[2].id)
    person.until(lambda: len(person.labels()) == 2)
    person.press(Key.Key_D, CONTROL)
    says(person, "3 pictures with copies")
    select(person, big)
    person.click_image(person.shown().index(small), SHIFT)
    assert "different labels: apples, clouds" in bar(person).advice
    assert not bar(person).accept_button.isEnabled()
    person.type("2")
    person.until(lambda: person.labels() == {big: "boxes", small: "boxes"})
    person.until(bar(person).accept_button.isEnabled)
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {big: "boxes"})


def test_one_of_every_group_is_kept_in_one_step(person: Person, copied: dict[str, int]) -> None:
    controller, classes = person.window.controller, person.context.classes
    controller.assign([copied["boxes 02.jpg"]], classes[0].id)
    controller.assign([copied["copy 2.jpg"]], classes[2].id)
    person.until(lambda: len(person.labels()) == 2)
    person.press(Key.Key_D, CONTROL)
    says(person, "3 pictures with copies")
    person.press(Key.Key_A, CONTROL)
    assert bar(person).accept_button.text() == "Take 2 copies out"
    person.press(Key.Key_Return)
    person.until(lambda: len(person.context.index.columns.ids) == 13)
    person.until(lambda: set(person.shown()) == {copied["boxes 02.jpg"], copied["copy 2.jpg"]})  # what is left to do
    person.until(lambda: "different labels" in bar(person).advice)
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: len(person.context.index.columns.ids) == 15)


def test_the_experiments_warn_of_leaks_and_shows_them(person: Person, copied: dict[str, int]) -> None:
    controller, boxes = person.window.controller, person.context.classes[1].id
    big, small = copied["boxes 03.jpg"], copied["copy 3.jpg"]
    controller.assign([big, small], boxes)
    controller.edit(lambda project: project.set_use([big], Use.SHOT))
    controller.edit(lambda project: project.set_use([small], Use.TEST))
    person.until(lambda: len(person.labels()) == 2)
    person.go_to_experiments()
    said = "One picture is both trained on and tested with: accuracy looks too good."
    checklist = person.window.pages["experiments"].form.checklist
    told = lambda: [item for item in checklist.items if item.text == said]  # noqa: E731
    person.until(lambda: len(told()) == 1)
    person.click(told()[0].buttons[0])
    says(person, "1 picture with copies")
    assert person.shown() == [big, small]
    person.go_to_experiments()
    assert told(), "nothing was mended"
    person.click(told()[0].buttons[0])
    person.until(lambda: person.window.current_page == "label")
    assert "One is trained on and another tested with" in bar(person).advice
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {big: "boxes"})
    says(person, "No picture of this list is here twice any more")
    person.go_to_experiments()
    person.until(lambda: not told())


# ---------------------------------------------------------------------- what is accepted is what was shown


def test_return_accepts_the_prediction_on_the_screen_not_one_that_came_meanwhile(
    person: Person, copied: dict[str, int]
) -> None:
    context, controller = person.context, person.window.controller
    ids = context.index.columns.ids
    apples, boxes = (one.id for one in context.classes[:2])

    def all_of(class_id: int) -> Predictions:
        return Predictions(ids, np.full(len(ids), class_id), np.full(len(ids), 0.9, np.float32))

    context.predictions = all_of(apples)
    controller.predictions_changed.emit()
    first = person.shown()[0]
    select(person, first)
    assert person.label.grid.images.badge(first).guess.name == "apples"
    context.predictions = all_of(boxes)  # as the engine lane does it, before the window hears of it
    person.press(Key.Key_Return)
    person.until(lambda: person.labels() == {first: "apples"})


def test_the_bar_is_reached_by_tab_and_names_its_buttons(person: Person, copied: dict[str, int]) -> None:
    person.press(Key.Key_D, CONTROL)
    says(person, "3 pictures with copies")
    seen: list[str] = []
    person.label.filter_bar.preview_button.setFocus()
    while not person.label.grid.hasFocus() and len(seen) < 20:
        person.press(Key.Key_Tab)
        focus = QApplication.focusWidget()
        seen.append(focus.accessibleName() or focus.text())
    assert seen[-1] == "Pictures"
    assert {"Take 1 copy out", "Close the list"} <= set(seen)
    assert bar(person).accept_button.toolTip().endswith("(Enter)")
    assert bar(person).accessibleName().startswith("3 pictures with copies")
