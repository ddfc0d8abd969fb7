"""Undo and redo, against a model in plain Python and around imports."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import LabelSource, Role, ScannedFile, Use
from mma_desktop.store import undo
from mma_desktop.store.project import Project
from mma_desktop.store.rows import RowChange
from mma_desktop.store.undo import History, Step

Scanned = Callable[..., ScannedFile]
IMAGES = 6
WORDS = st.sampled_from(["cat", "Cat", "dog", "owl", "red  fox", "yak", "emu", ""])
SOME_IMAGES = st.lists(st.integers(1, IMAGES), min_size=1, max_size=4)
PICK = st.integers(0, 6)


def text_of(one: dict[str, Any]) -> str:
    """What the model reads for a class, to be compared."""
    return name_key(one["reads"] or one["name"])


class ProjectMachine(RuleBasedStateMachine):
    """A project and a model: lists and dictionaries, a whole copy for each step of undo."""

    template: Path
    work: Path
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        folder = self.work / f"run-{self.runs}.mma"
        shutil.copytree(self.template, folder)
        self.project = Project.open(folder)
        self.classes: list[dict[str, Any]] = []
        self.labels: dict[int, tuple[int, LabelSource, Use | None]] = {}
        self.images = set(range(1, IMAGES + 1))
        self.done: list[Any] = []
        self.undone: list[Any] = []

    def teardown(self) -> None:
        self.project.close()
        shutil.rmtree(self.project.folder)

    def snapshot(self) -> Any:
        return ([dict(one) for one in self.classes], dict(self.labels), set(self.images))

    def restore(self, state: Any) -> None:
        self.classes, self.labels, self.images = [dict(one) for one in state[0]], dict(state[1]), set(state[2])

    def step(self, edit: Callable[[], None]) -> None:
        before = self.snapshot()
        edit()
        if self.snapshot() != before:
            self.done.append(before)
            self.undone.clear()

    def chosen(self, pick: int) -> dict[str, Any]:
        return self.classes[pick % len(self.classes)]

    @rule(names=st.lists(WORDS, max_size=3), role=st.sampled_from([None, Role.BASE, Role.NEW]))
    def add_classes(self, names: list[str], role: Role | None) -> None:
        keys = [name_key(name) for name in names]
        known = {name_key(one["name"]) for one in self.classes} | {text_of(one) for one in self.classes}
        if not names or "" in keys or len(set(keys)) < len(keys) or known & set(keys):
            with pytest.raises(UserError):
                self.project.add_classes(names, role)
            return
        self.project.add_classes(names, role)
        ids = [one.id for one in self.project.classes()][len(self.classes) :]

        def edit() -> None:
            for number, name in zip(ids, names, strict=True):
                self.classes.append(
                    {"id": number, "name": " ".join(name.split()), "role": role or Role.BASE, "reads": ""}
                )

        self.step(edit)

    @precondition(lambda self: self.classes)
    @rule(pick=PICK, name=WORDS)
    def rename(self, pick: int, name: str) -> None:
        one = self.chosen(pick)
        clean = " ".join(name.split())
        reads = one["reads"]  # also if it is the new name: somebody said that it is read as it stands
        others = [other for other in self.classes if other is not one]
        taken = {name_key(other["name"]) for other in others}
        if not name or name_key(name) in taken or name_key(reads or name) in map(text_of, others):
            with pytest.raises(UserError):
                self.project.rename_class(one["id"], name)
            return
        self.project.rename_class(one["id"], name)
        self.step(lambda: one.update(name=clean, reads=reads))

    @precondition(lambda self: self.classes)
    @rule(pick=PICK, text=WORDS)
    def read(self, pick: int, text: str) -> None:
        one = self.chosen(pick)
        reads = " ".join(text.split())
        if name_key(reads or one["name"]) in {text_of(other) for other in self.classes if other is not one}:
            with pytest.raises(UserError):
                self.project.set_reads({one["id"]: text})
            return
        self.project.set_reads({one["id"]: text})
        self.step(lambda: one.update(reads=reads))

    @precondition(lambda self: self.classes)
    @rule(picks=st.lists(PICK, min_size=1, max_size=2))
    def delete(self, picks: list[int]) -> None:
        gone = {self.chosen(pick)["id"] for pick in picks}
        self.project.delete_classes(gone)

        def edit() -> None:
            self.classes = [one for one in self.classes if one["id"] not in gone]
            self.labels = {image: label for image, label in self.labels.items() if label[0] not in gone}

        self.step(edit)

    @precondition(lambda self: self.classes)
    @rule(pick=PICK, position=st.integers(-1, 7))
    def move(self, pick: int, position: int) -> None:
        one = self.chosen(pick)
        self.project.move_class(one["id"], position)

        def edit() -> None:
            self.classes.remove(one)
            self.classes.insert(max(0, min(position, len(self.classes))), one)

        self.step(edit)

    @precondition(lambda self: self.classes)
    @rule(pick=PICK, role=st.sampled_from((Role.BASE, Role.NEW)))
    def give_role(self, pick: int, role: Role) -> None:
        one = self.chosen(pick)
        self.project.set_role([one["id"]], role)
        self.step(lambda: one.update(role=role))

    @precondition(lambda self: self.classes)
    @rule(images=SOME_IMAGES, pick=PICK, source=st.sampled_from(LabelSource))
    def assign(self, images: list[int], pick: int, source: LabelSource) -> None:
        class_id = self.chosen(pick)["id"]
        self.project.assign(images, class_id, source)

        def edit() -> None:
            for image in self.images.intersection(images):
                old = self.labels.get(image)
                self.labels[image] = (class_id, source, old[2] if old else None)

        self.step(edit)

    @rule(images=SOME_IMAGES, use=st.sampled_from([None, *Use]))
    def set_use(self, images: list[int], use: Use | None) -> None:
        labelled = self.labels.keys() & set(images)
        if labelled:
            self.project.set_use(images, use)
            self.step(lambda: self.labels.update({one: (*self.labels[one][:2], use) for one in labelled}))

    @rule(images=SOME_IMAGES)
    def unassign(self, images: list[int]) -> None:
        self.project.assign(images, None)
        self.step(lambda: [self.labels.pop(image, None) for image in images] and None)

    @rule(image=st.integers(1, IMAGES))
    def remove(self, image: int) -> None:
        self.project.remove_images([image])

        def edit() -> None:
            self.images.discard(image)
            self.labels.pop(image, None)

        self.step(edit)

    @rule()
    def undo(self) -> None:
        changes = self.project.undo()
        assert changes.empty == (not self.done)
        if self.done:
            self.undone.append(self.snapshot())
            self.restore(self.done.pop())

    @rule()
    def redo(self) -> None:
        changes = self.project.redo()
        assert changes.empty == (not self.undone)
        if self.undone:
            self.done.append(self.snapshot())
            self.restore(self.undone.pop())

    @rule()
    def reopen(self) -> None:
        self.project.close()
        self.project = Project.open(self.project.folder)
        self.done.clear()
        self.undone.clear()

    @invariant()
    def agrees(self) -> None:
        classes = self.project.classes()
        assert [one.position for one in classes] == list(range(len(classes)))
        assert [{"id": o.id, "name": o.name, "role": o.role, "reads": o.reads} for o in classes] == self.classes
        assert len({name_key(one.text) for one in classes}) == len(classes)
        rows = self.project.image_rows(range(1, IMAGES + 1))
        assert {row.id for row in rows} == self.images
        assert all(row.places for row in rows)
        assert {r.id: (r.class_id, r.source, r.use) for r in rows if r.class_id is not None} == self.labels
        assert (self.project.undo_title is None) == (not self.done)
        assert (self.project.redo_title is None) == (not self.undone)


def test_edits_undo_and_redo_agree_with_a_model(tmp_path: Path, scanned: Scanned) -> None:
    with Project.create(tmp_path / "template.mma") as project:
        project.add_files([scanned(f"/photos/{number}.jpg") for number in range(1, IMAGES + 1)])

    class Machine(ProjectMachine):
        template = project.folder
        work = tmp_path

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_an_import_leaves_the_steps_in_place(filled: Project, class_ids: dict[str, int], scanned: Scanned) -> None:
    filled.assign([1], class_ids["cat"])
    filled.undo()
    filled.add_files([scanned("/photos/new.jpg")])
    assert filled.redo_title == "Label 1 picture as 'cat'"
    filled.redo()
    assert filled.image_rows([1])[0].class_id == class_ids["cat"]


def test_redo_passes_over_an_image_that_an_import_replaced(
    filled: Project, class_ids: dict[str, int], scanned: Scanned
) -> None:
    filled.assign([1, 2], class_ids["cat"])
    filled.undo()
    filled.add_files([scanned("/photos/01.jpg", "other bytes")])
    changes = filled.redo()
    assert changes is not None
    assert changes.labels == (2,)
    filled.undo()
    assert filled.catalogue().class_ids.max() == -1


def test_undoing_a_removal_after_the_file_was_imported_again_labels_the_present_image(
    filled: Project, class_ids: dict[str, int], scanned: Scanned
) -> None:
    filled.assign([1], class_ids["cat"])
    filled.remove_images([1, 2])
    (again,) = filled.add_files([scanned("/photos/01.jpg")]).added_ids
    assert again == 11, "ids are never used twice"
    changes = filled.undo()
    assert changes is not None
    assert (changes.images_added, changes.labels) == ((2,), (again,))
    assert filled.image_rows([again])[0].class_id == class_ids["cat"]
    assert filled.catalogue().ids.tolist() == [*range(2, 12)]
    filled.redo()
    assert filled.catalogue().ids.tolist() == [*range(3, 12)]
    assert filled.image_rows([again])[0].class_id is None


def test_undoing_a_removal_keeps_the_label_that_the_image_got_when_it_was_imported_again(
    filled: Project, class_ids: dict[str, int], scanned: Scanned
) -> None:
    filled.assign([1, 2], class_ids["cat"])
    filled.remove_images([1, 2])
    (again,) = filled.add_files([scanned("/photos/01.jpg")]).added_ids
    with filled.collecting_steps(hidden=True):  # an import that is still running labels what it adds
        filled.assign([again], class_ids["dog"], LabelSource.FOLDER)
    changes = filled.undo()
    assert (changes.images_added, changes.labels) == ((2,), (2,))
    assert [row.class_id for row in filled.image_rows([again, 2])] == [class_ids["dog"], class_ids["cat"]]


def test_older_steps_follow_an_image_that_undo_found_under_another_id(
    filled: Project, class_ids: dict[str, int], scanned: Scanned
) -> None:
    filled.assign([1, 2], class_ids["cat"])
    filled.assign([1], class_ids["dog"])
    again = 1
    for turn in range(2):  # removed and imported anew twice: followed twice
        filled.remove_images([again])
        (again,) = filled.add_files([scanned("/photos/01.jpg")]).added_ids
        filled.undo()
        assert filled.image_rows([again])[0].class_id == class_ids["dog"], turn
    filled.undo()
    assert filled.image_rows([again])[0].class_id == class_ids["cat"]
    filled.undo()
    assert [row.class_id for row in filled.image_rows([again, 2])] == [None, None]
    filled.redo()
    assert [row.class_id for row in filled.image_rows([again, 2])] == [class_ids["cat"]] * 2


def test_undoing_a_removal_whose_path_holds_other_bytes_now(
    filled: Project, class_ids: dict[str, int], scanned: Scanned
) -> None:
    filled.assign([1], class_ids["cat"])
    filled.remove_images([1, 2])
    filled.add_files([scanned("/photos/01.jpg", "new 1"), scanned("/photos/02.jpg", "new 2")])
    filled.undo()
    kept = filled.image_rows([1, 2])
    assert [row.id for row in kept] == [1], "the labelled one is kept without a place; the other has nothing left"
    assert (kept[0].class_id, kept[0].places, kept[0].path) == (class_ids["cat"], (), Path("/photos/01.jpg"))
    filled.redo()
    assert filled.image_rows([1]) == []


def test_undoing_a_removal_brings_back_the_places_that_are_free(filled: Project, scanned: Scanned) -> None:
    filled.add_files([scanned("/elsewhere/copy.jpg", "/photos/01.jpg")])
    filled.remove_images([1])
    filled.add_files([scanned("/elsewhere/copy.jpg", "other bytes")])
    filled.undo()
    assert filled.image_rows([1])[0].places == (Path("/photos/01.jpg"),)


def test_a_place_that_comes_back_ends_that_the_image_is_missing(
    filled: Project, class_ids: dict[str, int], scanned: Scanned
) -> None:
    filled.remove_images([1])
    (again,) = filled.add_files([scanned("/elsewhere/copy.jpg", "/photos/01.jpg")]).added_ids
    with filled.collecting_steps(hidden=True):
        filled.assign([again], class_ids["cat"], LabelSource.FOLDER)
    filled.add_files([scanned("/elsewhere/copy.jpg", "other bytes")])
    assert filled.image_rows([again])[0].places == ()
    filled.undo()
    (row,) = filled.image_rows([again])
    assert (row.path, row.places) == (Path("/photos/01.jpg"), (Path("/photos/01.jpg"),))
    (files,) = filled.files_of([again])
    assert files.last_path is None


def test_a_label_of_a_class_that_undo_took_back_already_is_passed_over(
    filled: Project, class_ids: dict[str, int]
) -> None:
    with filled.collecting_steps() as steps:
        filled.add_classes(["yak"])
    yak = filled.classes()[3].id
    filled.assign([1], yak)
    filled.assign([1], class_ids["dog"])
    filled.join(steps, "Import")
    filled.undo()
    filled.undo()
    assert filled.catalogue().class_ids[0] == class_ids["dog"]
    filled.undo()
    assert filled.catalogue().class_ids[0] == -1


def test_redoing_a_removal_takes_places_that_came_since(filled: Project, scanned: Scanned) -> None:
    filled.remove_images([1])
    filled.undo()
    filled.add_files([scanned("/elsewhere/copy.jpg", "/photos/01.jpg")])
    assert len(filled.image_rows([1])[0].places) == 2
    changes = filled.redo()
    assert changes is not None
    assert changes.images_removed == (1,)
    filled.undo()
    assert len(filled.image_rows([1])[0].places) == 2


def test_the_history_is_bounded_by_steps_and_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "MAX_STEPS", 3)
    monkeypatch.setattr(undo, "MAX_ROWS", 10)

    def step(number: int, rows: int) -> Step:
        return Step(str(number), tuple(RowChange("label", key, None, (key,)) for key in range(rows)))

    history = History()
    for number in range(5):
        history.push(step(number, 1))
    titles = []
    while (last := history.peek_undo()) is not None:
        titles.append(last.title)
        history.undone(last)
    assert titles == ["4", "3", "2"]
    history.push(step(9, 100))
    assert history.peek_undo().title == "9", "the last step stays, however large"
    assert history.peek_redo() is None
    history.push(step(10, 1))
    assert history.peek_undo() == step(10, 1)
    history.undone(step(10, 1))
    assert history.peek_undo() is None


def test_what_was_undone_takes_no_room_from_older_steps(
    filled: Project, class_ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "MAX_ROWS", 8)
    filled.assign([1, 2, 3], class_ids["cat"])
    for _ in range(4):
        filled.assign([4, 5, 6], class_ids["dog"])
        filled.undo()
    filled.redo()
    filled.undo()
    filled.undo()
    assert filled.catalogue().class_ids[:3].tolist() == [-1, -1, -1]
