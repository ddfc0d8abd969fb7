"""Pictures that show none of the classes, in the real window: the row, its key, questions, predictions and exports."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Role
from mma_desktop.services.predicting.none_of_these import NOT_YET, Strictness, strictness_of
from mma_desktop.services.training.mistakes import Measured
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.label.next_step import measured_text
from mma_desktop.ui.use.predicted_classes import NONE_ID, NoneControl
from mma_desktop.ui.widgets.controls import in_column

from .person import CONTROL, LONG, NAMES, Key, Person


@pytest.fixture
def person(controller: Controller, settings: Settings, request: pytest.FixtureRequest) -> Person:
    """As `at_pictures`, and the program learns."""
    settings.set("shots", 8)
    controller.learns = True
    somebody: Person = request.getfixturevalue("at_pictures")
    return somebody


def test_labelling_with_the_row_below_the_classes(person: Person) -> None:
    context, panel = person.context, person.label.panel
    row = len(NAMES)
    none = panel.model.rows[row]
    assert (none.title, none.key, none.role) == (NONE_OF_THESE, "0", Role.NONE)
    first, second, third = person.shown()[:3]
    person.type("0")
    person.until(lambda: person.labels() == {first: NONE_OF_THESE})
    person.until(lambda: panel.model.numbers(panel.model.rows[row]) == "1 labelled")
    assert [one.name for one in context.classes] == list(NAMES), "it is no class"
    person.until(lambda: person.label.grid.current_id() == second)
    person.type(".")  # same as last
    person.until(lambda: person.labels() == {first: NONE_OF_THESE, second: NONE_OF_THESE})
    person.click_row(panel.list, row)
    panel.class_chosen.emit(panel.model.rows[row].id)
    person.until(lambda: set(person.shown()) == {first, second})
    assert person.label.grid.images.badge(first).words() == "None of these, labelled by you"
    assert not panel.delete_button.isEnabled()
    assert not panel.edit_button.isEnabled()
    assert not panel.up_button.isEnabled()
    person.label.focus_images()
    person.press(Key.Key_Z, CONTROL)
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: not person.labels() and context.none_of_these is None)
    person.until(lambda: panel.model.rows[row].id == NOT_YET)
    assert panel.model.rows[row].key == "0", "the row stays"
    panel.model.images_dropped.emit([third], panel.model.rows[row].id)
    person.until(lambda: person.labels() == {third: NONE_OF_THESE})
    menu: QMenu = person.label.make_menu()
    labels = next(one for one in menu.findChildren(QMenu) if one.title() == "Label as")
    assert [one.text() for one in labels.actions()] == [*NAMES, NONE_OF_THESE]


def test_predictions_have_the_row_and_one_control(person: Person) -> None:
    ids, controller, context = person.shown(), person.window.controller, person.context
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    stranger = NAMES[-1]
    controller.delete_classes([context.classes[-1].id])
    person.until(lambda: len(context.classes) == len(NAMES) - 1)
    for one in context.classes:
        controller.assign([image for image in ids if truth[image] == one.name][:6], one.id)
    strange = [image for image in ids if truth[image] == stranger]
    controller.assign(strange[:6], 0)
    person.until(lambda: len(person.labels()) == 24)
    person.until(lambda: context.predictions is not None and context.predictions.open_set is not None, LONG)
    person.until(lambda: context.predictions.open_set.answers == 6, LONG)
    page = person.go_to(Key.Key_5, "use")
    person.until(lambda: page.classes.row_of(NONE_ID) == len(NAMES))
    line = page.classes.counts[-1]
    assert line.cells[0].text == NONE_OF_THESE
    assert line.count > 0
    assert page.none.isVisible()
    assert "left, at least" in page.none.words.text()

    def choose(strictness: Strictness) -> None:
        page.none.choice.setCurrentIndex(page.none.choice.findData(strictness))
        page.none.choice.activated.emit(page.none.choice.currentIndex())
        person.until(lambda: strictness_of(context) is strictness)

    choose(Strictness.OFF)
    person.until(lambda: page.classes.counts[-1].count == 0)
    choose(Strictness.STRICT)
    person.until(lambda: page.classes.counts[-1].count >= line.count)
    page.classes.selectRow(page.classes.row_of(NONE_ID))

    def all_shown() -> bool:
        if page.sort_button.isVisible():  # it was judged anew after they were shown
            person.click(page.sort_button)
        return len(page.grid.images.ids) == page.classes.counts[-1].count > 0

    person.until(all_shown)
    page.grid.setFocus()
    person.press(Key.Key_A, CONTROL)
    chosen = set(page.grid.selected_ids().tolist())
    assert page.accept_button.text() == "Label as None of these"
    person.click(page.accept_button)
    person.until(lambda: {person.labels().get(image) for image in chosen} == {NONE_OF_THESE})


def test_a_mistake_says_what_the_model_said_without_it(person: Person) -> None:
    ids, controller, context = person.shown(), person.window.controller, person.context
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    for one in context.classes:
        controller.assign([image for image in ids if truth[image] == one.name][:6], one.id)
    wrong = next(image for image in ids if truth[image] == NAMES[0])
    controller.assign([wrong], context.classes[1].id)
    person.until(lambda: person.labels().get(wrong) == NAMES[1])
    front = person.go_to(Key.Key_4, "check")

    def mistakes() -> list[Measured]:
        """The picture among those that are read wrong, with the label that it got last."""
        return [one for one in front.overview.all_wrong if (one.image, one.label) == (wrong, 1)]

    person.until(mistakes, LONG)
    (measured,) = mistakes()
    answer = NAMES[measured.answer]
    said = f"{100 * measured.confidence:.0f}% read as {answer}"
    entry = next(one for one in front.mistakes.entries if one.value == wrong)
    assert entry.detail == said
    person.click_row(front.mistakes, front.mistakes.entries.index(entry))
    person.until(lambda: person.window.current_page == "label" and person.shown()[:1] == [wrong])
    assert person.label.grid.images.note(wrong).text == said
    person.label.preview_controller.set_shown(True)
    predictions = person.label.preview.predictions
    person.until(lambda: predictions.accessibleName().startswith(f"Without this picture: {answer}"))


def test_the_same_labels_say_the_same_whatever_was_undone_in_between(person: Person) -> None:
    ids, controller, context = person.shown(), person.window.controller, person.context
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    step = person.label.next_step

    def after(labels: int) -> tuple[str, str, list[float]]:
        """What the window says of so many labels, and the confidences, once the predictions are renewed."""
        person.until(lambda: f"from {labels} labels" in step.accuracy.text(), LONG)
        person.until(lambda: not controller.bridge.jobs())
        person.until(lambda: step.toolTip() == measured_text(context))
        return step.accuracy.text(), step.toolTip(), context.predictions.best_confidence.tolist()

    for one in context.classes:
        controller.assign([image for image in ids if truth[image] == one.name][:4], one.id)
    before = after(16)
    controller.assign([image for image in ids if truth[image] == NAMES[0]][4:7], context.classes[1].id)
    assert after(19) != before
    person.press(Key.Key_Z, CONTROL)
    assert after(16) == before


def test_the_words_below_the_choice_are_whole_where_it_is_wider_than_its_panel(
    controller: Controller, qtbot: QtBot
) -> None:
    panel = QWidget()
    control = NoneControl(controller)
    control.choice.addItem("Everything is given a name, whatever it shows")
    control.words.setText("Of the 440 left at least 95% are right. About 20% of them show none of your classes. " * 2)
    in_column((QListView(), 1), control, inside=panel)
    control.show()
    panel.setMinimumWidth(228)
    panel.resize(228, 600)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    assert control.width() <= panel.width() < control.choice.sizeHint().width()
    assert control.words.height() == control.words.heightForWidth(control.words.width())
