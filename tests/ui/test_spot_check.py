"""Spot checks and what is near a weak class, by clicks and keys in the real window."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter

from mma_desktop.core.settings import Settings
from mma_desktop.services.training import spot_checks
from mma_desktop.services.training.claims import accuracy_claims
from mma_desktop.services.training.label_suggestions import Suggestions
from mma_desktop.services.training.learning import current
from mma_desktop.ui.grid import thumbnail_delegate
from mma_desktop.ui.grid.review import Nearest, Proposals, SpotCheck
from mma_desktop.ui.grid.thumbnail_delegate import PAD
from mma_desktop.ui.label.review_controller import ReviewBar
from mma_desktop.ui.widgets import painting

from .person import CONTROL, LONG, NAMES, Key, Person


@pytest.fixture
def person(settings: Settings, request: pytest.FixtureRequest) -> Person:
    """At 48 pictures of four classes, of which three of each are labelled and the program has learned from them."""
    settings.set("shots", 4)
    person: Person = request.getfixturevalue("at_pictures")
    person.context.learns = True
    ids = person.shown()
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    for one in person.context.classes:
        person.window.controller.assign([image for image in ids if truth[image] == one.name][:3], one.id)
    person.until(lambda: len(person.labels()) == 3 * len(NAMES))
    person.until(lambda: current(person.context) is not None and current(person.context).labels == 12, LONG)
    person.until(lambda: accuracy_claims(person.context) is not None, LONG)
    return person


def bar(person: Person) -> ReviewBar:
    found: ReviewBar = person.label.review.bar
    return found


def checks(person: Person) -> list[spot_checks.Check]:
    return spot_checks.read(spot_checks.stored(person.context))


def begun(person: Person) -> list[int]:
    """Begin a spot check by its key; the images."""
    person.press(Key.Key_K, CONTROL)
    person.until(lambda: "are wrong?" in bar(person).text)
    assert isinstance(person.label.review.review, SpotCheck)
    assert not len(person.label.grid.selection), "nothing is wrong before it is said"
    return person.shown()


def test_wrong_ones_are_clicked_and_asked_about_and_one_undo_takes_all_back(person: Person) -> None:
    shown, before = begun(person), person.labels()
    assert len(shown) == spot_checks.SAMPLE_SIZE
    assert bar(person).accept_button.text() == "All 12 are right", "also those below the edge"
    for at in (0, 2, 4):
        person.click_image(at)
    person.click_image(4)  # a second click takes it back
    assert person.label.grid.selected_ids().tolist() == [shown[0], shown[2]]
    assert bar(person).accept_button.text() == "2 are wrong, the others are right"
    assert "2 are wrong" in bar(person).accept_button.toolTip()
    person.press(Key.Key_Return)
    person.until(lambda: len(person.labels()) == len(before) + 10)
    assert {shown[0], shown[2]}.isdisjoint(person.labels())
    person.until(person.label.question.isVisible)
    assert person.label.review.questions.image_id == shown[0]
    assert "none of your classes" in person.label.question.title.text()
    assert person.window.menus.undo.text().replace("&", "") == "Undo spot check"
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: person.labels() == before)
    assert checks(person) == []
    person.until(lambda: not person.label.question.isVisible())
    person.until(person.window.menus.redo.isEnabled)
    assert sorted(person.label.grid.selected_ids().tolist()) == sorted([shown[0], shown[2]]), "as it was left"
    assert person.shown() == shown
    assert bar(person).accept_button.text() == "2 are wrong, the others are right"
    person.press(Key.Key_Y, CONTROL)
    person.until(lambda: len(checks(person)) == 1)
    person.until(person.label.question.isVisible)
    person.press(Key.Key_Return)  # none of the classes, which is no class yet
    person.until(lambda: person.labels().get(shown[0], "").startswith("None"))
    person.until(lambda: person.label.review.questions.image_id == shown[2])
    person.type("1")
    person.until(lambda: person.labels().get(shown[2]) == NAMES[0])
    person.until(lambda: not person.label.question.isVisible())
    assert person.says("Spot check done: 2 of 12 were wrong.")


def test_the_keyboard_alone_goes_through_a_spot_check(person: Person) -> None:
    shown, before = begun(person), len(person.labels())
    person.press(Key.Key_Right)
    assert not len(person.label.grid.selection), "moving says nothing"
    person.press(Key.Key_Space)
    assert person.label.grid.selected_ids().tolist() == [shown[1]]
    person.press(Key.Key_Space)
    assert bar(person).accept_button.text() == "All 12 are right"
    person.press(Key.Key_Return)
    person.until(lambda: len(person.labels()) == before + len(shown))
    person.until(lambda: not bar(person).isVisible())
    assert person.says("Spot check done: all 12 are right.")
    assert [one.right for one in checks(person)[0].pictures] == [True] * len(shown)
    person.click_image(0)
    person.click_image(1)
    assert len(person.label.grid.selection) == 1, "elsewhere a click selects one alone"
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: len(person.labels()) == before)
    person.until(lambda: bar(person).isVisible())
    assert person.shown() == shown, "as it was left, not twelve among all"
    assert not len(person.label.grid.selection)


LONG_NAMES = ("yellow-cheeked gibbon with young", "Schwarzpinseläffchen", "clouds", "stripes")


@pytest.mark.parametrize("size", [(850, 460), (910, 512), (1280, 800), (1920, 1080)])
def test_the_pictures_of_a_check_fill_the_page_with_whole_names(
    person: Person, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: dict[str, tuple[int, int]] = {}
    real = painting.paint_wrapped

    def seen(painter: QPainter, area: QRect, text: str, font: QFont, colour: str) -> None:
        written[text] = (area.height(), painting.wrapped_lines(text, font, area.width()) * QFontMetrics(font).height())
        real(painter, area, text, font, colour)

    monkeypatch.setattr(thumbnail_delegate, "paint_wrapped", seen)
    grid, page = person.label.grid, person.label
    for one, name in zip(person.context.classes, LONG_NAMES, strict=True):
        person.window.controller.changed.emit(person.context.project.rename_class(one.id, name, ""))
    person.until(lambda: person.classes_are(*LONG_NAMES))
    person.window.resize(*size)
    usual = grid.side
    shown = begun(person)
    person.until(lambda: grid.width() > 0.9 * page.width())  # nothing is beside them
    person.until(lambda: all(grid.viewport().rect().contains(grid.card_rect(at)) for at in range(len(shown))))
    cards = [grid.card_rect(at) for at in range(len(shown))]
    assert sum(card.width() * card.height() for card in cards) > 0.75 * grid.width() * grid.height()
    assert min(cards[0].width() - 2 * PAD, grid.side) >= 70, "in the least window, above three lines"
    grid.viewport().grab()
    assert set(written) <= set(LONG_NAMES), "whole names, none of them cut"
    assert set(LONG_NAMES[:2]) & set(written)
    assert all(there >= needed for there, needed in written.values()), written
    person.press(Key.Key_Escape)
    person.until(lambda: len(person.shown()) > len(shown))
    assert page.panel.isVisible()
    assert page.filter_bar.isVisible()
    person.until(lambda: grid.side == usual)


def test_a_wait_before_suggestions_are_accepted_is_seen(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = Event()
    monkeypatch.setattr(
        "mma_desktop.ui.label.review_controller.classes_losing_predictions", lambda *_: [may_end.wait(LONG / 1000)][1:]
    )
    ids = [image for image in person.shown() if image not in person.labels()]
    person.window.finder.found.emit(Proposals(person.context, Suggestions(((ids[0], person.context.classes[0].id),))))
    person.until(lambda: person.shown() == ids[:1])
    assert "Look at it" in bar(person).advice, "one picture is not looked through"
    person.press(Key.Key_Return)
    person.until(lambda: any(one.title == "Accepting" for one in person.window.controller.bridge.busy()))
    may_end.set()
    person.until(lambda: ids[0] in person.labels())


def test_a_key_of_a_class_says_that_a_picture_was_wrong(person: Person) -> None:
    shown = begun(person)
    said = {one.image: one.class_id for one in person.label.review.review.check.pictures}
    names = {one.id: one.name for one in person.context.classes}
    other = next(at for at, name in enumerate(NAMES) if name != names.get(said[shown[0]]))
    person.click_image(0)
    person.type(str(1 + other))
    person.until(lambda: person.labels().get(shown[0]) == NAMES[other])
    person.click_image(0)
    person.until(lambda: bar(person).accept_button.text() == "1 is wrong, the others are right")
    person.press(Key.Key_Return)
    person.until(lambda: len(checks(person)) == 1)
    assert person.labels()[shown[0]] == NAMES[other], "what was said stays"
    assert [one.right for one in checks(person)[0].pictures].count(False) == 1


def test_a_check_that_is_answered_twice_counts_once(person: Person) -> None:
    begun(person)
    review = person.label.review.review
    first, second = review.accepted([]), review.accepted([])  # a second Enter before the first one is written
    for one in (first, second):
        person.label.labeller.accept_pairs(one)
    person.until(lambda: not bar(person).isVisible())
    person.until(lambda: not person.window.controller.bridge.busy(), LONG)
    assert len(checks(person)) == 1


def test_a_class_is_checked_by_the_menu_of_the_classes(person: Person) -> None:
    panel = person.label.panel
    person.click_row(panel.list, 1)
    next(one for one in panel.make_menu().actions() if one.text() == "Spot check").trigger()
    person.until(lambda: "wrong?" in bar(person).text)
    second = person.context.classes[1].id
    assert {one.class_id for one in person.label.review.review.check.pictures} == {second}


def test_a_class_that_is_deleted_meanwhile_leaves_the_check(person: Person) -> None:
    shown = begun(person)
    said = {one.image: one.class_id for one in person.label.review.review.check.pictures}
    gone = said[shown[0]]
    left = [image for image in shown if said[image] != gone]
    person.window.controller.delete_classes([gone])
    person.until(lambda: person.shown() == left)
    person.press(Key.Key_Return)
    person.until(lambda: len(checks(person)) == 1)
    assert [one.image for one in checks(person)[0].pictures] == left
    person.until(lambda: person.says(f"Spot check done: all {len(left)} are right."))


def test_a_wrong_picture_has_a_cross_where_a_right_one_has_a_tick(person: Person) -> None:
    def mark() -> QImage:
        assert not grid.images.has_notes, "no empty line below a picture"
        person.click_image(0)
        corner = grid.card_rect(0).topLeft() + QPoint(PAD + 7, PAD + 7)
        return grid.viewport().grab(QRect(corner, QSize(14, 14))).toImage()

    grid = person.label.grid
    shown = begun(person)
    wrong = mark()
    person.press(Key.Key_Escape)
    person.label.panel.nearest_requested.emit(person.context.classes[0], tuple(shown))
    person.until(lambda: isinstance(person.label.review.review, Nearest))
    assert mark() != wrong


def test_without_a_model_there_is_nothing_to_check(settings: Settings, at_pictures: Person) -> None:
    at_pictures.press(Key.Key_K, CONTROL)
    at_pictures.until(
        lambda: at_pictures.says("There is nothing to check: no picture has its name from the model that learns")
    )


def test_where_every_picture_has_a_label_nothing_is_missing_for_a_check(person: Person) -> None:
    person.window.controller.assign(person.context.index.columns.ids.tolist(), person.context.classes[0].id)
    person.until(lambda: len(person.labels()) == len(person.context.index.columns.ids))
    person.press(Key.Key_K, CONTROL)
    person.until(lambda: person.says("There is nothing to check: no picture has its name from the model that learns"))


def test_with_a_kept_version_in_use_it_says_which_model_is_checked(person: Person) -> None:
    person.window.controller.store_learned(lambda run: person.window.controller.use_run(run.id))
    person.until(lambda: person.context.engine.adapter_file is not None, LONG)
    person.until(lambda: accuracy_claims(person.context) is None, LONG)
    person.press(Key.Key_K, CONTROL)
    person.until(lambda: person.says("Press 'Use the model that learns' on Check first"))


def test_a_class_without_a_picture_to_check_is_named(person: Person) -> None:
    ids, first = person.shown(), person.context.classes[0]
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    left = [image for image in ids if truth[image] == first.name and image not in person.labels()][:4]
    for one in person.context.classes:
        person.window.controller.assign([i for i in ids if truth[i] == one.name and i not in left], one.id)
    person.until(lambda: current(person.context) is not None and current(person.context).labels == 44, LONG)
    person.until(lambda: (claims := accuracy_claims(person.context)) is not None and claims.unlabelled == 4, LONG)
    person.click_row(person.label.panel.list, 1)
    next(one for one in person.label.panel.make_menu().actions() if one.text() == "Spot check").trigger()
    person.until(
        lambda: person.says(f"no picture is named '{person.context.classes[1].name}' by the model that learns")
    )


def test_what_may_be_of_a_weak_class_is_clicked(person: Person) -> None:
    panel, about, ids = person.label.panel, person.context.classes[2], person.shown()
    near = [image for image in ids if image not in person.labels()][:4]
    panel.show_buried({about.id: tuple(near)})
    person.until(panel.buried_button.isVisible)
    assert panel.buried_button.accessibleName() == f"4 more may be '{about.name}'"
    person.click(panel.buried_button)
    person.until(lambda: bar(person).text == f"4 more may be '{about.name}'")
    assert isinstance(person.label.review.review, Nearest)
    assert bar(person).accept_button.text() == "None of them is"
    before = len(person.labels())
    person.click_image(1)
    person.click_image(2)
    assert bar(person).accept_button.text() == f"Label 2 as {about.name}"
    person.press(Key.Key_Return)
    person.until(lambda: len(person.labels()) == before + 2)
    assert [person.labels()[near[at]] for at in (1, 2)] == [about.name] * 2
    person.until(lambda: not bar(person).isVisible())
    assert set(near) <= person.label.review.looked_over, "they are not offered again"
    assert not person.label.review.exhausted
    panel.show_buried({about.id: (near[0], near[3])})
    person.click(panel.buried_button)
    person.until(lambda: bar(person).text == f"2 more may be '{about.name}'")
    person.press(Key.Key_Return)  # none of them is
    person.until(lambda: not bar(person).isVisible())
    assert len(person.labels()) == before + 2
    assert person.label.review.exhausted == {about.id}, "farther ones are not offered"
    person.until(panel.buried_button.isHidden)


def test_a_class_whose_last_predictions_are_accepted_is_asked_about_first(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, predictions = person.context, person.context.predictions
    assert predictions is not None
    labelled = person.labels()
    best = zip(predictions.image_ids.tolist(), predictions.best_class.tolist(), strict=True)
    about = context.classes[0]
    *sure, last = [image for image, class_id in best if class_id == about.id and image not in labelled]
    monkeypatch.setattr("mma_desktop.ui.label.review_controller.classes_losing_predictions", lambda *_: [about.id])
    proposals = Proposals(context, Suggestions(confident=tuple((image, about.id) for image in sure)))
    person.window.finder.found.emit(proposals)
    person.until(lambda: set(person.shown()) == set(sure))
    person.press(Key.Key_Return)
    person.until(lambda: isinstance(person.label.review.review, Nearest))
    assert person.labels() == labelled, "nothing is accepted yet"
    assert person.shown() == [last]
    assert person.label.notice.text.startswith(f"Accepting {len(sure)} picture")
    assert about.name in person.label.notice.text
    person.click(person.label.notice.action_button)
    person.until(lambda: len(person.labels()) == len(labelled) + len(sure))
    person.window.controller.undo()
    person.until(lambda: person.labels() == labelled)
    person.window.finder.found.emit(Proposals(context, Suggestions(confident=((sure[0], about.id),))))
    person.until(lambda: person.shown() == sure[:1])
    person.press(Key.Key_Return)
    person.until(lambda: len(person.labels()) == len(labelled) + 1)  # it asks once


def test_what_was_refused_for_one_class_is_not_asked_about_for_another(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, predictions, labelled = person.context, person.context.predictions, person.labels()
    assert predictions is not None
    about, other, panel = *person.context.classes[:2], person.label.panel
    best = zip(predictions.image_ids.tolist(), predictions.best_class.tolist(), strict=True)
    *sure, last = [image for image, class_id in best if class_id == about.id and image not in labelled]
    panel.show_buried({other.id: (last,)})
    person.click(panel.buried_button)
    person.until(lambda: bar(person).text == f"1 more may be '{other.name}'")
    person.press(Key.Key_Return)  # none of them is
    person.until(lambda: not bar(person).isVisible())
    monkeypatch.setattr("mma_desktop.ui.label.review_controller.classes_losing_predictions", lambda *_: [about.id])
    person.window.finder.found.emit(Proposals(context, Suggestions(confident=tuple((one, about.id) for one in sure))))
    person.until(lambda: set(person.shown()) == set(sure))
    person.press(Key.Key_Return)
    person.until(lambda: len(person.labels()) == len(labelled) + len(sure))


def test_a_second_enter_does_not_accept_what_is_asked_about_first(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, predictions, labelled = person.context, person.context.predictions, person.labels()
    assert predictions is not None
    about, may_end = context.classes[0], Event()
    best = zip(predictions.image_ids.tolist(), predictions.best_class.tolist(), strict=True)
    *sure, _ = [image for image, class_id in best if class_id == about.id and image not in labelled]
    monkeypatch.setattr(
        "mma_desktop.ui.label.review_controller.classes_losing_predictions",
        lambda *_: [about.id] if may_end.wait(LONG / 1000) else [],
    )
    person.window.finder.found.emit(Proposals(context, Suggestions(confident=tuple((one, about.id) for one in sure))))
    person.until(lambda: set(person.shown()) == set(sure))
    person.press(Key.Key_Return)
    person.press(Key.Key_Return)
    may_end.set()
    person.until(lambda: isinstance(person.label.review.review, Nearest))
    person.until(lambda: not person.window.controller.bridge.busy(), LONG)
    assert person.labels() == labelled
    person.label.review.bar.close_button.click()
    person.window.finder.found.emit(Proposals(context, Suggestions(confident=tuple((one, about.id) for one in sure))))
    person.until(lambda: set(person.shown()) == set(sure))
    person.press(Key.Key_Return)
    person.until(lambda: len(person.labels()) == len(labelled) + len(sure))
