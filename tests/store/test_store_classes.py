"""Class names, order, roles, colours and keys."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from mma_desktop.core.class_names import LONGEST_NAME
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Role
from mma_desktop.store.classes import PALETTE, clean_class_name
from mma_desktop.store.project import Project


def names(project: Project) -> list[str]:
    classes = project.classes()
    assert [one.position for one in classes] == list(range(len(classes)))
    return [one.name for one in classes]


def test_names_are_trimmed_and_get_position_colour_key_and_role(project: Project) -> None:
    changes = project.add_classes(["  snowy \t owl ", "cat"])
    assert changes.classes
    assert changes.title == "Add classes 'snowy owl', 'cat'"
    assert names(project) == ["snowy owl", "cat"]
    first, second = project.classes()
    assert (first.role, first.key, first.colour) == (Role.BASE, "1", PALETTE[0])
    assert (second.key, second.colour) == ("2", PALETTE[1])
    project.add_classes(["yak"], Role.NEW)
    assert project.classes()[2].role is Role.NEW


def test_keys_run_from_digits_to_letters_and_leave_the_windows_out(project: Project) -> None:
    project.add_classes([f"class {number}" for number in range(40)])
    keys = [one.key for one in project.classes()]
    assert keys[:12] == [*"123456789", "a", "b", "c"]
    assert not set(keys) & set("usjk")
    assert keys[31:] == [""] * 9
    assert len(PALETTE) == len(set(PALETTE)) == 20
    colours = [one.colour for one in project.classes()]
    assert colours[:20] == list(PALETTE)
    assert len(set(colours)) == 40, "no two classes share one"


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (list("0123456789"), list("0123456789")),
        (["None of these", "0", "1"], ["", "0", "1"]),
        (["cat", "1", "A"], ["2", "1", "a"]),
        (["S", "/", "\u0416"], ["1", "2", "\u0436"]),
    ],
    ids=["digits", "none of these", "words too", "keys of the window"],
)
def test_a_class_named_by_one_character_gets_that_key(project: Project, typed: list[str], keys: list[str]) -> None:
    project.add_classes(typed)
    by_name = {one.name: one.key for one in project.classes()}
    assert [by_name[name] for name in typed] == keys


def test_a_key_that_is_taken_stays_where_it_is(project: Project) -> None:
    project.add_classes(["cat", "dog"])
    project.add_classes(["1", "7", "bird"])
    assert [one.key for one in project.classes()] == ["1", "2", "3", "7", "4"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([""], "needs a name"),
        (["cat", "   "], "needs a name"),
        ([], "No class name"),
        (["Dog"], "'Dog' is already"),
        (["ant", "ANT"], "'ANT' is already"),
        (["bell\x07"], "control characters"),
        (["x" * (LONGEST_NAME + 1)], "too long"),
    ],
)
def test_bad_names_are_refused_and_nothing_is_added(project: Project, bad: list[str], words: str) -> None:
    project.add_classes(["dog"])
    with pytest.raises(UserError, match=words):
        project.add_classes(bad)
    assert names(project) == ["dog"]
    assert project.undo_title == "Add class 'dog'"


def test_a_folder_name_that_is_not_utf8_becomes_a_name(project: Project) -> None:
    assert clean_class_name("caf\udce9") == "caf\ufffd"
    project.add_classes(["caf\udce9"])
    assert names(project) == ["caf\ufffd"]


def reads(project: Project) -> dict[str, str]:
    return {one.name: one.reads for one in project.classes()}


def test_a_class_can_read_another_text_than_its_name(project: Project) -> None:
    project.add_classes(["Kohlmeise", "Amsel"], reads={"Kohlmeise": "  great \t tit "})
    assert reads(project) == {"Kohlmeise": "great tit", "Amsel": ""}
    assert [one.text for one in project.classes()] == ["great tit", "Amsel"]
    tit, bird = project.classes()
    changes = project.set_reads({bird.id: "blackbird"})
    assert changes.classes
    assert changes.title == "Read 'Amsel' as 'blackbird'"
    assert project.undo_title == changes.title
    project.undo()
    assert reads(project)["Amsel"] == ""
    project.redo()
    assert reads(project)["Amsel"] == "blackbird"
    assert project.set_reads({bird.id: "blackbird"}).empty
    assert project.set_reads({bird.id: " "}).title == "Read 'Amsel' by its name"
    assert project.classes()[1].text == "Amsel"
    assert project.set_reads({tit.id: "tit", bird.id: "bird"}).title == "Change what the model reads for 2 classes"
    assert project.set_reads({bird.id: "Amsel"}).classes
    assert reads(project) == {"Kohlmeise": "tit", "Amsel": "Amsel"}, "somebody wants the name itself to be read"


def test_a_rename_can_change_both_and_is_one_step(project: Project) -> None:
    project.add_classes(["Kohlmeise"], reads={"Kohlmeise": "great tit"})
    (tit,) = project.classes()
    assert project.rename_class(tit.id, "Meise").title == "Rename class 'Kohlmeise' to 'Meise'"
    assert reads(project) == {"Meise": "great tit"}, "a new name leaves what is read"
    project.rename_class(tit.id, "Parus major", "tit")
    assert reads(project) == {"Parus major": "tit"}
    project.undo()
    assert reads(project) == {"Meise": "great tit"}
    project.rename_class(tit.id, "great tit")
    assert reads(project) == {"great tit": "great tit"}


def test_two_classes_never_read_the_same_text(project: Project) -> None:
    project.add_classes(["Kohlmeise", "Meise", "coal tit"], reads={"Kohlmeise": "great tit"})
    tit, other, coal = project.classes()
    with pytest.raises(UserError, match="would read 'great tit' for both 'Kohlmeise' and 'Meise'"):
        project.set_reads({other.id: "Great  Tit"})
    with pytest.raises(UserError, match="would read 'Coal tit' for both 'Kohlmeise' and 'coal tit'"):
        project.set_reads({tit.id: "Coal tit"})
    with pytest.raises(UserError, match="for both 'Kohlmeise' and 'Great Tit'"):
        project.rename_class(coal.id, "Great Tit")
    with pytest.raises(UserError, match="for both 'Kohlmeise' and 'great tit'"):
        project.add_classes(["great tit"])
    assert reads(project) == {"Kohlmeise": "great tit", "Meise": "", "coal tit": ""}
    project.set_reads({tit.id: "coal tit", coal.id: "great tit"})  # only what comes out has to fit


@pytest.mark.parametrize(("bad", "words"), [("bell\x07", "control characters"), ("x" * 201, "too long")])
def test_a_text_that_no_name_could_be_is_refused(project: Project, bad: str, words: str) -> None:
    project.add_classes(["dog"])
    with pytest.raises(UserError, match=words):
        project.set_reads({project.classes()[0].id: bad})
    with pytest.raises(UserError, match=words):
        project.add_classes(["cat"], reads={"cat": bad})
    with pytest.raises(UserError, match="not there any more"):
        project.set_reads({99: "x"})
    assert reads(project) == {"dog": ""}


def test_rename(project: Project) -> None:
    project.add_classes(["cat", "dog"])
    cat, dog = project.classes()
    assert project.rename_class(cat.id, " Cat ").title == "Rename class 'cat' to 'Cat'"
    with pytest.raises(UserError, match="A class named 'DOG' already exists"):
        project.rename_class(cat.id, "DOG")
    with pytest.raises(UserError, match="not there any more"):
        project.rename_class(99, "x")
    assert project.rename_class(dog.id, "dog").empty
    assert project.undo_title == "Rename class 'cat' to 'Cat'"
    assert names(project) == ["Cat", "dog"]


def test_deleting_takes_the_labels_along_and_undo_brings_both_back(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([1, 2], class_ids["cat"])
    filled.assign([3], class_ids["dog"])
    before = filled.classes()
    changes = filled.delete_classes([class_ids["cat"]])
    assert (changes.labels, changes.classes) == ((1, 2), True)
    assert names(filled) == ["dog", "owl"]
    assert filled.catalogue_for([1, 2, 3]).class_ids.tolist() == [-1, -1, class_ids["dog"]]
    undone = filled.undo()
    assert undone is not None
    assert undone.labels == (1, 2)
    assert filled.classes() == before
    assert filled.catalogue_for([1, 2]).class_ids.tolist() == [class_ids["cat"]] * 2
    assert filled.delete_classes([99]).empty


def test_move(project: Project) -> None:
    project.add_classes(list("abcd"))
    a, _, c, _ = project.classes()
    project.move_class(c.id, 0)
    assert names(project) == list("cabd")
    project.move_class(a.id, 99)
    assert names(project) == list("cbda")
    project.move_class(a.id, -5)
    assert names(project) == list("acbd")
    assert project.move_class(a.id, 0).empty


def test_role_colour_and_key(project: Project) -> None:
    project.add_classes(["cat", "dog"])
    cat, dog = project.classes()
    assert project.set_role([cat.id, dog.id], Role.NEW).title == "Make 'cat', 'dog' new"
    assert project.set_colour(cat.id, "#AbCdEf").title == "Colour of class 'cat'"
    project.set_key(cat.id, "X")
    shown = project.classes()[0]
    assert (shown.role, shown.colour, shown.key) == (Role.NEW, "#abcdef", "x")
    for bad in ("red", "#12345", "#12345g"):
        with pytest.raises(IntegrityError):
            project.set_colour(cat.id, bad)
    with pytest.raises(UserError, match="belongs to the class 'cat'"):
        project.set_key(dog.id, "x")
    with pytest.raises(UserError, match="used by the window"):
        project.set_key(dog.id, "J")
    with pytest.raises(UserError, match="cannot be a key"):
        project.set_key(dog.id, "ab")
    project.set_key(cat.id, "")
    project.set_key(dog.id, "x")
    assert [one.key for one in project.classes()] == ["", "x"]
