"""Groups of pictures that look alike, in the real window: names, keys, undo, and what is shown when."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.events import CancelToken
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import open_project
from mma_desktop.services.training import groups
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.group_view import GroupView

from . import projects
from .person import ALT, CONTROL, LONG, NONE, SHIFT, Key, Person, labels_of, words
from .projects import open_copy

TEXT = Qt.ItemDataRole.AccessibleTextRole
KINDS = ("banana", "daisy", "lemon", "umbrella")
PER_KIND = 20
TYPICAL = 15
"""Pictures that stand for a group of twenty: three quarters of it."""


@pytest.fixture(scope="session")
def flat_pictures(sample_pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty pictures of each of four kinds in one folder."""
    folder = tmp_path_factory.mktemp("flat") / "things"
    folder.mkdir()
    for name in KINDS:
        for file in sorted((sample_pictures / name).iterdir())[:PER_KIND]:
            shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="session")
def flat_project(flat_pictures: Path, made_projects: Path) -> Path:
    """They, embedded, without a class."""
    return projects.made(made_projects / "flat.mma", flat_pictures, labelled=False)


@pytest.fixture
def opened(person: Person, flat_project: Path, tmp_path: Path) -> Callable[..., Person]:
    """A function that opens a copy of the project, with these classes."""

    def open_it(*classes: str, learns: bool = False) -> Person:
        controller = person.window.controller
        controller.prepare_on_open, controller.learns = True, learns
        open_copy(controller, flat_project, tmp_path / "flat.mma", classes)
        return person

    return open_it


@pytest.fixture
def at_groups(opened: Callable[..., Person]) -> Person:
    """At the groups, which came by themselves, with a name for each."""
    person = opened()
    person.until(lambda: view(person).isVisible() and view(person).name.text(), LONG)
    return person


def view(person: Person) -> GroupView:
    found: GroupView = person.label.group_view
    return found


def kind(person: Person) -> str:
    """What most pictures of the group on the screen show."""
    assert view(person).group is not None
    return Counter(person.true_classes(view(person).group.typical.tolist())).most_common(1)[0][0]


def spoken(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def listed(person: Person) -> list[str]:
    """What a screen reader says of the other groups."""
    found = view(person).list
    return [found.item(row).data(TEXT) for row in range(found.count())]


def written(person: Person, count: int) -> None:
    person.until(lambda: len(person.labels()) == count)


def test_groups_come_by_themselves_and_a_name_labels_a_dozen(at_groups: Person) -> None:
    person = at_groups
    assert view(person).width() > 0.9 * person.label.width()
    assert QApplication.focusWidget() is view(person).name
    assert view(person).progress.text() == "1 of 4 groups"
    assert view(person).title.text() == f"{TYPICAL} pictures, 5 more like them"
    assert view(person).name.selectedText() == view(person).name.text()
    seen = {kind(person)}
    for done in range(1, 4):
        first = view(person).group.typical.tolist()
        person.type(kind(person))
        person.press(Key.Key_Return)
        assert view(person).group.typical.tolist() != first, "the next one is there at once"
        written(person, done * TYPICAL)
        rows = person.context.project.image_rows(first)
        assert {row.source for row in rows} == {LabelSource.SUGGESTION}
        person.until(lambda done=done: view(person).progress.text().startswith(f"{done + 1} of 4 groups"))
        seen.add(kind(person))
    assert seen == set(KINDS)
    labels = person.labels()
    assert person.true_classes(list(labels)) == list(labels.values())
    person.until(lambda: f"{TYPICAL} examples" in view(person).progress.text())


def test_what_screen_readers_are_told(at_groups: Person) -> None:
    person = at_groups
    name = view(person).name.text()
    assert spoken(view(person).name) == f"group of 20 pictures, proposed name: {name}"
    person.until(lambda: len(listed(person)) == 3 and all("proposed name: " in one for one in listed(person)))
    assert all(one.startswith("group of 20 pictures, proposed name: ") for one in listed(person))
    person.press(Key.Key_Tab)
    pictures = view(person).pictures
    assert QApplication.focusWidget() is pictures
    assert spoken(pictures) == "Typical pictures"
    person.until(lambda: pictures.images.row(int(pictures.images.ids[0])) is not None)
    person.press(Key.Key_Backspace)
    told = pictures.images.data(pictures.images.index_at(0), TEXT)
    assert told.endswith("taken out")
    assert spoken(view(person).none_button) == f"{NONE_OF_THESE}, key 0"


def test_a_picture_is_taken_out_and_back_in_by_click_and_by_keys(at_groups: Person) -> None:
    person, pictures = at_groups, view(at_groups).pictures
    ids = pictures.images.ids.tolist()
    person.click(pictures.viewport(), pictures.card_rect(2).center())
    assert QApplication.focusWidget() is view(person).name, "a click leaves the keyboard in the name"
    assert view(person).title.text() == f"{TYPICAL - 1} of {TYPICAL} pictures, 5 more like them"
    person.press(Key.Key_Tab)
    person.press(Key.Key_Right)
    person.press(Key.Key_Backspace)
    person.press(Key.Key_Right)
    person.press(Key.Key_Right)
    person.press(Key.Key_Backspace)
    at = pictures.current_position
    person.press(Key.Key_Backspace)
    assert pictures.selected_ids().tolist() == sorted({ids[2]} | set(pictures.selected_ids().tolist()))
    assert ids[at] not in pictures.selected_ids().tolist()
    out = pictures.selected_ids().tolist()
    assert len(out) == 2
    person.press(Key.Key_Tab, SHIFT)
    assert QApplication.focusWidget() is view(person).name
    person.press(Key.Key_Return)
    written(person, TYPICAL - 2)
    assert set(person.labels()) == set(ids) - set(out)
    assert not len(pictures.selection), "of the next group, none is taken out"


def test_nothing_is_labelled_without_a_name_or_a_picture(at_groups: Person) -> None:
    person = at_groups
    person.press(Key.Key_Backspace)
    person.press(Key.Key_Return)
    assert view(person).advice.text() == "Type a name first, or press 0 for None of these."
    person.type("fruit")
    for position in range(TYPICAL):
        view(person).pictures.toggle(position)
    person.press(Key.Key_Return)
    assert view(person).advice.text().startswith("Every picture is taken out.")
    assert not person.labels()
    assert not person.context.classes


def test_a_name_that_is_refused_leaves_the_group_open(at_groups: Person) -> None:
    person = at_groups
    key = view(person).group.key
    person.context.project.add_classes(["thing"], reads={"thing": "another"})
    person.type("another")
    person.press(Key.Key_Return)
    person.until(lambda: view(person).group.key == key and view(person).advice.text())
    assert "another" in view(person).advice.text()
    assert not person.labels()
    assert view(person).progress.text().startswith("1 of 4")


def test_zero_is_none_of_these_and_can_be_typed_in_a_name(at_groups: Person) -> None:
    person = at_groups
    person.type("type 0")
    assert view(person).name.text() == "type 0"
    person.press(Key.Key_Return)
    written(person, TYPICAL)
    person.type("0")
    written(person, 2 * TYPICAL)
    assert Counter(person.labels().values()) == {"type 0": TYPICAL, NONE_OF_THESE: TYPICAL}
    person.type("none of these")
    person.press(Key.Key_Return)
    written(person, 3 * TYPICAL)
    assert [one.name for one in person.context.classes] == ["type 0"]


def test_del_leaves_a_group_for_later_and_edits_a_name(at_groups: Person) -> None:
    person = at_groups
    first = view(person).group.key
    person.press(Key.Key_Delete)
    second = view(person).group.key
    assert second != first
    assert view(person).open[-1].key == first
    person.press(Key.Key_Z, CONTROL)
    assert view(person).group.key == first
    assert view(person).open[0].key == first
    person.press(Key.Key_Home)
    person.press(Key.Key_Delete)
    assert view(person).group.key == first, "it deleted a letter"
    assert person.context.project.undo_title is None or "label" not in person.context.project.undo_title.lower()


def test_two_groups_of_one_class_become_one(at_groups: Person) -> None:
    person = at_groups
    person.type("Fruit")
    person.press(Key.Key_Return)
    written(person, TYPICAL)
    person.until(lambda: "Fruit" in view(person).name.known.stringList())
    person.type("fr")
    popup = view(person).name.completer().popup()
    person.until(popup.isVisible)
    person.press(Key.Key_Down)
    person.press(Key.Key_Return)
    written(person, 2 * TYPICAL)
    assert [one.name for one in person.context.classes] == ["Fruit"]
    assert not popup.isVisible()
    assert view(person).name.text() != "Fruit", "the line is the next group's"


def test_undo_opens_the_group_again(at_groups: Person) -> None:
    person = at_groups
    first = view(person).group.key
    for count in (1, 2):
        person.press(Key.Key_Return)
        written(person, count * TYPICAL)
    person.until(person.window.menus.undo.isEnabled)
    person.press(Key.Key_Z, CONTROL)
    written(person, TYPICAL)
    person.press(Key.Key_Z, CONTROL)
    written(person, 0)
    person.until(lambda: view(person).group is not None and view(person).group.key == first)
    person.until(lambda: view(person).progress.text().startswith("1 of 4 groups"))
    assert not person.context.classes, "a name that was new goes, too"
    assert view(person).isVisible()
    person.type("what")
    person.press(Key.Key_Z, CONTROL)
    assert view(person).name.text() != "what", "the text is undone where something was typed"
    person.press(Key.Key_Y, CONTROL)


def test_a_split_makes_two_of_one_and_is_taken_back(at_groups: Person) -> None:
    person = at_groups
    before, key = [one.key for one in view(person).open], view(person).group.key
    person.press(Key.Key_S, ALT)
    person.until(lambda: len(view(person).open) == 5)
    assert view(person).progress.text() == "1 of 5 groups"
    shown = view(person).group
    assert key in (*shown.typical.tolist(), *shown.others.tolist())
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: [one.key for one in view(person).open] == before)
    assert view(person).group.key == key
    assert groups.splits(person.context) == ()
    person.type("s")
    assert view(person).name.text() == "s", "names begin with S"


def test_another_group_is_gone_to_and_the_clearest_comes_after_it(at_groups: Person) -> None:
    person = at_groups
    order = [one.key for one in view(person).open]
    person.until(lambda: len(listed(person)) == 3)
    person.click_row(view(person).list, 2)
    assert view(person).group.key == order[3]
    assert QApplication.focusWidget() is view(person).name
    person.press(Key.Key_Return)
    assert view(person).group.key == order[0]
    written(person, TYPICAL)
    person.press(Key.Key_Tab)
    person.press(Key.Key_Tab)
    assert QApplication.focusWidget() is view(person).list
    person.press(Key.Key_Down)
    person.press(Key.Key_Return)
    assert view(person).group.key == order[2]
    assert QApplication.focusWidget() is view(person).name


def test_a_held_key_names_one_group(at_groups: Person) -> None:
    person = at_groups
    for key in (Key.Key_Return, Key.Key_0, Key.Key_Delete):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE, "", True)
        QApplication.sendEvent(view(person).name, event)
    assert not person.labels()
    assert view(person).progress.text() == "1 of 4 groups"


def test_after_the_last_group_come_questions(opened: Callable[..., Person]) -> None:
    person = opened(learns=True)
    person.until(lambda: view(person).isVisible() and view(person).name.text(), LONG)
    for count in range(1, 5):
        person.press(Key.Key_A, CONTROL)
        person.type(kind(person))
        if count == 4:
            person.until(lambda: "more predicted" in view(person).progress.text(), LONG)
            text = view(person).progress.text()
            told = int(text.split(", ")[-1].split()[0])
            assert text.endswith(f": {TYPICAL} examples, {told} more predicted")
            assert 3 <= told <= PER_KIND - TYPICAL, "of the group that was named last"
        person.press(Key.Key_Return)
        person.press(Key.Key_Return if count == 4 else Key.Key_Shift)  # there is nothing that a second one labels
        written(person, count * TYPICAL)
    assert len(person.context.classes) == 4
    person.until(lambda: person.label.question.isVisible() or person.label.review.bar.isVisible(), LONG)
    assert person.label.review.review is not None


def test_without_a_class_what_is_left_is_said(at_groups: Person) -> None:
    person = at_groups
    for count in range(1, 5):
        person.type("0")
        written(person, count * TYPICAL)
    told: set[str] = set()
    person.until(lambda: told.add(words(view(person))) or not view(person).pictures.isVisible())
    person.until(lambda: told.add(words(view(person))) or "have no label" in words(view(person)))
    assert len([one for one in told if "have no label" in one]) == 1, "no number while a label is being written"
    assert f"{4 * (PER_KIND - TYPICAL)} pictures have no label." in words(view(person))
    assert "None of them shows a class of yours" in words(view(person))
    assert view(person).title.text() == "All groups are done"
    assert not view(person).pictures.isVisible()
    assert view(person).go_on_button.text() == "Name classes"
    person.press(Key.Key_Escape)
    assert person.label.splitter.isVisible()
    person.press(Key.Key_G, CONTROL | SHIFT)
    assert view(person).title.text() == "All groups are done"


def test_what_the_groups_gave_is_said_at_their_end(at_groups: Person) -> None:
    person = at_groups
    for count in range(1, 5):
        person.type(kind(person))
        person.press(Key.Key_Return)
        written(person, count * TYPICAL)
    person.until(lambda: person.label.front.currentWidget() is not view(person), LONG)
    person.press(Key.Key_Escape)
    person.press(Key.Key_G, CONTROL | SHIFT)
    person.until(view(person).go_on_button.isVisible)
    said = words(view(person))
    assert f"{4 * TYPICAL} examples of 4 classes" in said
    assert f"{4 * (PER_KIND - TYPICAL)} pictures have no label." in said
    assert QApplication.focusWidget() is view(person).go_on_button
    assert view(person).go_on_button.text() == "Suggest examples"
    person.click(view(person).go_on_button)
    person.until(lambda: person.label.front.currentWidget() is not view(person), LONG)


def test_undo_after_the_last_group_leads_back_to_it(opened: Callable[..., Person]) -> None:
    person = opened(learns=True)
    person.until(lambda: view(person).isVisible() and view(person).name.text(), LONG)
    for count in range(1, 5):
        last = view(person).group.key
        person.type(f"e thing {count}")
        person.press(Key.Key_Return)
        written(person, count * TYPICAL)
    person.until(person.label.question.isVisible, LONG)
    person.press(Key.Key_Z, CONTROL)
    written(person, 3 * TYPICAL)
    person.until(lambda: view(person).isVisible() and view(person).group is not None)
    assert view(person).group.key == last
    assert person.label.review.review is None, "nothing is asked about a class that is gone"
    assert QApplication.focusWidget() is view(person).name


def test_a_name_may_begin_with_a_zero(at_groups: Person) -> None:
    person = at_groups
    person.type("0603 resistor")
    person.press(Key.Key_Return)
    written(person, TYPICAL)
    person.type("00")
    written(person, 3 * TYPICAL)
    person.type("0")
    person.press(Key.Key_Return)
    written(person, 4 * TYPICAL)
    assert Counter(person.labels().values()) == {"0603 resistor": TYPICAL, NONE_OF_THESE: 3 * TYPICAL}


def test_a_picture_is_looked_at_closely(at_groups: Person) -> None:
    person, pictures = at_groups, view(at_groups).pictures
    place = pictures.card_rect(2).center()
    person.click(pictures.viewport(), place)
    person.click(pictures.viewport(), place)
    QTest.mouseDClick(pictures.viewport(), Qt.MouseButton.LeftButton, pos=place)
    preview = view(person).preview_controller.preview
    assert preview.isVisible()
    assert preview.image_id == int(pictures.images.ids[2])
    assert not pictures.isVisible()
    person.press(Key.Key_Escape)
    assert pictures.isVisible()
    assert not preview.isVisible()
    assert pictures.hasFocus()
    person.press(Key.Key_Space)
    assert preview.isVisible()
    assert pictures.isVisible(), "beside them"
    person.press(Key.Key_Tab, SHIFT)
    person.press(Key.Key_Return)
    written(person, TYPICAL - 1)
    assert not preview.isVisible(), "another group is shown"
    assert QApplication.focusWidget() is view(person).name


def test_s_splits_where_it_begins_no_name(at_groups: Person) -> None:
    person = at_groups
    person.press(Key.Key_Tab)
    person.type("s")
    person.until(lambda: len(view(person).open) == 5)


def test_groups_that_are_left_for_later_come_no_more_by_themselves(at_groups: Person) -> None:
    person = at_groups
    order = [one.key for one in view(person).open]
    for at, key in enumerate(order, 1):
        person.until(lambda key=key: view(person).group is not None and view(person).group.key == key)
        assert view(person).progress.text() == f"{at} of 4 groups"
        person.press(Key.Key_Delete)
    assert view(person).group is None
    assert view(person).title.text() == "All groups were looked at"
    assert "No group has a name yet" in words(view(person))
    assert "4 groups were left for later" in words(view(person))
    assert view(person).go_on_button.isVisible()
    person.press(Key.Key_Z, CONTROL)
    assert view(person).group.key == order[-1]
    person.press(Key.Key_Delete)
    person.press(Key.Key_G, CONTROL | SHIFT)
    person.until(lambda: view(person).group is not None and view(person).group.key == order[0])


def test_a_group_that_is_shown_stays_as_it_is(at_groups: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person = at_groups
    person.press(Key.Key_Return)
    written(person, TYPICAL)
    shown = view(person).group
    others = tuple(one for one in groups.open_groups(person.context, CancelToken()) if one.key != shown.key)
    less = replace(shown, typical=shown.typical[1:])
    for found in ((less, *others), others):
        monkeypatch.setattr(groups, "open_groups", lambda *_given, found=found: found)
        view(person).refresh()
        person.until(lambda: not person.window.controller.bridge.jobs())
        assert view(person).group is shown
        assert view(person).pictures.images.ids.tolist() == shown.typical.tolist()


def test_a_project_with_some_groups_named_offers_the_others(at_groups: Person, tmp_path: Path) -> None:
    person = at_groups
    person.type("fruit")
    person.press(Key.Key_Return)
    written(person, TYPICAL)
    controller = person.window.controller
    controller.close_context(lambda: None)
    person.until(lambda: not controller.is_closing)
    controller.set_context(open_project(tmp_path / "flat.mma", threads=1))
    step = person.label.next_step
    person.until(lambda: step.groups_button.text().startswith("Name 3 groups"), LONG)
    assert person.label.splitter.isVisible()
    person.click(step.groups_button)
    person.until(lambda: view(person).progress.text().startswith("1 of 3 groups"))


def test_strangers_are_groups_on_use_and_become_a_class(opened: Callable[..., Person]) -> None:
    person = opened("banana", "daisy", learns=True)
    controller, context = person.window.controller, person.context
    ids = context.index.columns.ids.tolist()
    truth = dict(zip(ids, person.true_classes(ids), strict=True))
    person.until(lambda: context.predictions is not None, LONG)
    labelled = ((context.classes[0].id, "banana"), (context.classes[1].id, "daisy"), (0, "umbrella"))
    for number, name in labelled:
        controller.assign([image for image in ids if truth[image] == name][:6], number)
    written(person, 18)
    lemons = [image for image in ids if truth[image] == "lemon"]
    person.until(
        lambda: context.predictions.rejected[context.predictions.positions(np.array(lemons))].mean() > 0.7, LONG
    )
    page = person.go_to(Key.Key_5, "use")
    person.until(lambda: "look alike" in page.info.text, LONG)
    none = page.classes.counts[-1].count
    assert page.info.text.startswith(f"{none} pictures show none of your classes. ")
    shown = page.group_view
    person.until(lambda: shown.name_of(shown.open[0]) and page.info.text.endswith("?"), LONG)
    person.click(page.info.action_button)
    assert page.info.action_button.text() == "Add as a class"
    person.until(lambda: shown.isVisible() and shown.group is not None)
    assert shown.take_button.text().startswith("Add as a class")
    assert not shown.questions_button.isVisible()
    assert QApplication.focusWidget() is shown.name
    typical = shown.group.typical.tolist()
    assert {truth[image] for image in typical} == {"lemon"}
    person.type("citrus")
    person.press(Key.Key_Return)
    written(person, 18 + len(typical))
    assert [one.name for one in context.classes] == ["banana", "daisy", "citrus"]
    assert {row.source for row in context.project.image_rows(typical)} == {LabelSource.SUGGESTION}
    person.until(page.splitter.isVisible, LONG)
    person.until(lambda: any(line.title == "citrus" and line.count for line in page.classes.counts), LONG)
    person.press(Key.Key_Z, CONTROL)
    written(person, 18)
    assert [one.name for one in context.classes] == ["banana", "daisy"], "in one step"
    person.until(page.info.isVisible, LONG)
    person.until(lambda: not person.window.controller.bridge.jobs(), LONG)
    person.click(page.info.action_button)
    person.type("0")
    written(person, 18 + len(typical))
    person.until(page.splitter.isVisible, LONG)
    person.press(Key.Key_Z, CONTROL)
    written(person, 18)
    person.until(page.info.isVisible, LONG)
    person.click(page.info.close_button)
    page.order.setCurrentIndex(1)
    person.until(lambda: not person.window.controller.bridge.jobs(), LONG)
    assert not page.info.isVisible(), "it is offered no more"


def test_names_that_were_typed_first_are_not_interrupted(opened: Callable[..., Person]) -> None:
    person = opened("banana", "daisy")
    step = person.label.next_step
    person.until(lambda: step.groups_button.text().startswith("Name 4 groups"), LONG)
    assert step.groups_button.toolTip() == "Name 4 groups of pictures at a glance"
    person.window.resize(1920, 1080)
    person.until(lambda: step.groups_button.text() == step.groups_button.toolTip())
    assert step.groups_button.isVisible()
    assert person.label.splitter.isVisible()
    person.click(step.groups_button)
    person.until(lambda: view(person).group is not None)
    assert QApplication.focusWidget() is view(person).name
    person.press(Key.Key_Escape)
    assert person.label.splitter.isVisible()
    person.press(Key.Key_G, CONTROL | SHIFT)
    assert view(person).isVisible()
    person.until(view(person).name.text)
    person.press(Key.Key_G, CONTROL)
    person.until(lambda: not view(person).isVisible())


def test_a_proposal_that_is_a_class_is_said_to_look_like_it(opened: Callable[..., Person]) -> None:
    person = opened("banana", "daisy", "lemon", "umbrella")
    person.press(Key.Key_G, CONTROL | SHIFT)
    person.until(lambda: view(person).group is not None and view(person).name.text() in KINDS, LONG)
    assert view(person).advice.text() == f"This looks like {view(person).name.text()}. The pictures are much alike."
    assert view(person).name.text() == kind(person)


def test_groups_that_are_not_clear_are_offered_and_said_to_be_so(
    person: Person, sample_pictures: Path, tmp_path: Path
) -> None:
    project = projects.made(tmp_path / "daisies.mma", sample_pictures / "daisy", labelled=False)
    person.window.controller.prepare_on_open = True
    open_copy(person.window.controller, project, tmp_path / "copy.mma")
    person.until(lambda: view(person).isVisible() and view(person).group is not None, LONG)
    assert "mixed: take out what does not belong, or split it." in view(person).advice.text()
    person.press(Key.Key_Escape)
    step = person.label.next_step
    assert step.groups_button.isVisible()
    assert step.text.text() == "Next: name your classes, such as cat and dog."


def test_what_comes_next_is_not_names_while_groups_are_still_being_found(opened: Callable[..., Person]) -> None:
    over = threading.Event()
    person = opened()
    step, bridge = person.label.next_step, person.window.controller.bridge
    bridge.run(LaneName.ENGINE, "Another job", lambda _token: over.wait(LONG / 1000))
    said: list[str] = []

    def found() -> bool:
        if step.isVisible():
            said.append(step.text.text())
        return view(person).group is not None

    try:
        person.until(lambda: found() or (said and person.window.jobs.title.text() == "Another job"))
    finally:
        over.set()
    person.until(found, LONG)
    assert set(said) == {"Groups of pictures that look alike are being found. You can also name your classes."}
    person.press(Key.Key_Escape)
    assert step.text.text() == "Next: name your classes, such as cat and dog."


def test_too_few_pictures_to_tell_groups_apart_are_not_offered_as_groups(
    person: Person, apples_project: Path, tmp_path: Path
) -> None:
    controller = person.window.controller
    controller.prepare_on_open = True
    open_copy(controller, apples_project, tmp_path / "apples.mma")
    step = person.label.next_step
    person.until(lambda: step.text.text() == "Next: name your classes, such as cat and dog.", LONG)
    assert step.action.text() == "Name classes"
    assert not step.groups_button.isVisible()
    person.press(Key.Key_G, CONTROL | SHIFT)
    person.until(lambda: view(person).advice.text() == "These are too few pictures to tell groups apart.", LONG)
    person.click(view(person).questions_button)
    assert QApplication.focusWidget() is person.label.panel.names


def test_a_project_without_pictures_has_no_groups(
    person: Person, open_project: Callable[[Controller], ProjectContext]
) -> None:
    controller = person.window.controller
    controller.prepare_on_open = True
    with person.qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        open_project(controller)
    person.go_to(Key.Key_2, "label")
    person.press(Key.Key_G, CONTROL | SHIFT)
    person.until(lambda: view(person).title.text() == "No pictures yet", LONG)
    assert not view(person).pictures.isVisible()


def test_another_project_has_other_groups(at_groups: Person, apples_project: Path, tmp_path: Path) -> None:
    person = at_groups
    person.press(Key.Key_Return)
    written(person, TYPICAL)
    controller = person.window.controller
    controller.close_context(lambda: None)
    person.until(lambda: not controller.is_closing)
    context = open_copy(controller, apples_project, tmp_path / "apples.mma")
    assert not labels_of(context)
    assert person.label.splitter.isVisible()
    assert not view(person).open


def test_a_dropped_folder_comes_as_groups(person: Person, flat_pictures: Path) -> None:
    person.window.controller.prepare_on_open = True
    person.drop_files([flat_pictures])
    person.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    person.press(Key.Key_Return)
    person.until(lambda: view(person).isVisible() and view(person).name.text(), LONG)
    assert person.keyboard() is view(person).name
    assert view(person).progress.text() == "1 of 4 groups"


@pytest.mark.parametrize(("width", "height"), [(850, 460), (910, 512), (1280, 800), (1920, 1080)])
def test_every_picture_and_button_is_in_sight(at_groups: Person, width: int, height: int) -> None:
    person, shown = at_groups, view(at_groups)
    person.window.resize(width, height)
    person.until(lambda: (person.window.width(), person.window.height()) == (width, height))
    person.qtbot.wait(50)
    pictures = shown.pictures
    inside = pictures.viewport().rect()
    assert all(inside.contains(pictures.card_rect(position)) for position in range(TYPICAL))
    share = TYPICAL * pictures.side**2 / (pictures.width() * pictures.height())
    assert share > 0.3
    parts = (shown.name, shown.take_button, shown.none_button, shown.later_button, shown.split_button)
    places = [QRect(part.mapTo(shown, part.rect().topLeft()), part.size()) for part in (*parts, pictures)]
    assert all(shown.rect().contains(one) for one in places)
    assert not any(one.intersects(other) for at, one in enumerate(places) for other in places[:at])


def test_names_may_come_after_the_groups(opened: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> None:
    go, real = threading.Event(), groups.proposals

    def slow(context: ProjectContext, token: object) -> object:
        go.wait(60)
        return real(context, token)

    monkeypatch.setattr(groups, "proposals", slow)
    person = opened()
    try:
        person.until(lambda: view(person).group is not None, LONG)
        assert view(person).name.text() == ""
        first, controller = view(person).group.key, person.window.controller
        assert isinstance(controller, Controller)
        person.type("typed")
    finally:
        go.set()
    person.until(lambda: all("proposed name" in one for one in listed(person)) and listed(person))
    assert view(person).name.text() == "typed", "what was typed stays"
    assert view(person).group.key == first


def test_the_keyboard_is_at_the_question_that_follows_a_name_with_choices(opened: Callable[..., Person]) -> None:
    person = opened(learns=True)
    person.until(lambda: view(person).isVisible() and view(person).name.text(), LONG)
    for count in range(1, 5):
        person.until(lambda: not person.window.controller.bridge.jobs(), LONG)
        person.type(f"e thing {count}")  # from the second on there are classes to choose
        person.press(Key.Key_Return)
        written(person, count * TYPICAL)
    person.until(lambda: person.label.review.questions.image_id >= 0, LONG)
    assert QApplication.focusWidget() is person.label.question


def test_pictures_taken_out_of_a_group_that_is_left_stay_out(at_groups: Person) -> None:
    person, pictures = at_groups, view(at_groups).pictures
    key, out = view(person).group.key, int(pictures.images.ids[2])
    person.click(pictures.viewport(), pictures.card_rect(2).center())
    for _ in range(4):
        person.press(Key.Key_Delete)
        person.until(lambda: not person.window.controller.bridge.jobs())
    person.press(Key.Key_G, CONTROL | SHIFT)
    assert view(person).group.key == key, "the others were left, too"
    assert pictures.selected_ids().tolist() == [out]
    assert view(person).title.text().startswith(f"{TYPICAL - 1} of {TYPICAL} pictures")
