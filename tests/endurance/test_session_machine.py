"""Random edits of a project, compared with a plain model after each; reopened, it must still hold all of them."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import seed as seeded
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PIL import Image

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import LabelSource, Recipe, Role, TrainRequest, Use
from mma_desktop.engine.backbones import loading
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.training import project_training
from mma_desktop.store.project import Project
from mma_desktop.store.snapshots import back_up

from .duration import long_seconds
from .model import Label, Model

PICTURES = 18
BROKEN = "broken.jpg"
NAMES = ("ant", "bee", "cat", "dog", "eel", "Ant", "fox", "görk")
TEXTS = ("", "insect", "Insect", "great tit", "umbrella")
ROLES = (Role.BASE, Role.NEW)
KINDS = (LabelSource.PERSON, LabelSource.FOLDER, LabelSource.SUGGESTION)

images = st.lists(st.integers(0, PICTURES), min_size=1, max_size=6, unique=True)
anywhere = st.integers(0, 99)


def draw_pictures(folder: Path) -> list[str]:
    """Small pictures, each with other bytes, and a file that is none."""
    rng = np.random.default_rng(0)
    names = [f"picture {number:02}.jpg" for number in range(PICTURES)]
    for number, name in enumerate(names):
        pixels = rng.integers(0, 90, (48, 64, 3), np.uint8)
        pixels[..., number % 3] += 120
        Image.fromarray(pixels).save(folder / name)
    (folder / BROKEN).write_bytes(b"no picture")
    return [*names, BROKEN]


class SessionMachine(RuleBasedStateMachine):
    """One project under random hands. `pictures` and `features` outlive it: nothing is encoded twice."""

    pictures: Path
    features: Path
    names: list[str]
    trains = True

    @initialize()
    def make(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mma-machine-"))
        self.model = Model()
        self.context = self._context(Project.create(self.folder / "test.mma"))
        self.made(self.context.project.add_classes(NAMES[:3]))
        self.import_files([*range(PICTURES)])
        for at in range(3):
            self.label([*range(4 * at, 4 * at + 4)], at, LabelSource.PERSON)

    def _context(self, project: Project) -> ProjectContext:
        return ProjectContext(project, shared_dir=self.features, most_shared=1e9, threads=1)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.context.close()
            self.check_file()
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------------ helpers

    def ids(self, numbers: list[int]) -> tuple[list[str], list[int]]:
        """Those of the pictures that are in the project: names and ids."""
        known = self.known()
        names = [self.names[number] for number in numbers if self.names[number] in known]
        return names, [known[name] for name in names]

    def known(self) -> dict[str, int]:
        """Name -> id of all images of the project."""
        rows = self.context.project.image_rows(self.context.index.columns.ids.tolist())
        return {row.path.name: row.id for row in rows}

    def class_id(self, at: int) -> int | None:
        return self.model.classes[at % len(self.model.classes)].id if self.model.classes else None

    def do(self, changes: Changes, **after: Any) -> None:
        """Take an acknowledged edit into the model."""
        self.model.edit(changes.title, **after)

    def made(self, changes: Changes) -> None:
        """Take new classes into the model, with the ids, keys and colours that the project gave them."""
        known = {one.id for one in self.model.classes}
        fresh = [one for one in self.context.classes if one.id not in known]
        self.do(changes, classes=[*self.model.classes, *fresh])

    # ------------------------------------------------------------------ images

    @rule(numbers=images)
    def import_files(self, numbers: list[int]) -> None:
        paths = [self.pictures / self.names[number] for number in numbers]
        importing.import_paths(self.context, paths, CancelToken())
        self.model.present |= {path.name for path in paths}

    @rule(numbers=images)
    def remove(self, numbers: list[int]) -> None:
        names, ids = self.ids(numbers)
        self.do(self.context.project.remove_images(ids), removed=set(names))

    @rule(numbers=images)
    def keep_one(self, numbers: list[int]) -> None:
        names, ids = self.ids(numbers)
        if len(ids) < 2:
            return
        self.model.broken = {BROKEN}
        try:
            labels, gone = self.model.keep_one(names[0], names[1:])
        except UserError:
            with pytest.raises(UserError):
                self.context.project.keep_one([(ids[0], ids[1:])])
            return
        self.do(self.context.project.keep_one([(ids[0], ids[1:])]), labels=labels, removed=gone)

    # ------------------------------------------------------------------ labels

    @rule(numbers=images, at=anywhere, source=st.sampled_from(KINDS))
    def label(self, numbers: list[int], at: int, source: LabelSource) -> None:
        names, ids = self.ids(numbers)
        class_id = self.class_id(at)
        if class_id is None:
            return
        if BROKEN in names:
            with pytest.raises(UserError):
                self.context.project.assign(ids, class_id, source)
            return
        self.do(self.context.project.assign(ids, class_id, source), labels=self.model.assign(names, class_id, source))

    @rule(numbers=images)
    def unlabel(self, numbers: list[int]) -> None:
        names, ids = self.ids(numbers)
        after = self.model.assign(names, None, LabelSource.PERSON)
        self.do(self.context.project.assign(ids, None), labels=after)

    @rule(numbers=images, at=anywhere)
    def accept(self, numbers: list[int], at: int) -> None:
        names, ids = self.ids(numbers)
        chosen = [self.class_id(at + number) for number in range(len(ids))]
        if not ids or None in chosen or BROKEN in names:
            return
        pairs = [one for one in chosen if one is not None]
        after = self.model.accept(list(zip(names, pairs, strict=True)))
        self.do(
            self.context.project.assign_many(list(zip(ids, pairs, strict=True)), LabelSource.SUGGESTION), labels=after
        )

    @rule(numbers=images, use=st.sampled_from([*Use, None]))
    def set_use(self, numbers: list[int], use: Use | None) -> None:
        names, ids = self.ids(numbers)
        try:
            after = self.model.pin(names, use)
        except UserError:
            with pytest.raises(UserError):
                self.context.project.set_use(ids, use)
            return
        self.do(self.context.project.set_use(ids, use), labels=after)

    # ------------------------------------------------------------------ classes

    @rule(name=st.sampled_from(NAMES), role=st.sampled_from(ROLES))
    def add_class(self, name: str, role: Role) -> None:
        if name_key(name) in {name_key(one.name) for one in self.model.classes}:
            with pytest.raises(UserError):
                self.context.project.add_classes([name], role)
            return
        self.made(self.context.project.add_classes([name], role))
        last = self.model.classes[-1]
        assert (last.name, last.role) == (name, role)

    @precondition(lambda self: self.model.classes)
    @rule(at=anywhere, name=st.sampled_from(NAMES))
    def rename(self, at: int, name: str) -> None:
        chosen = self.class_id(at)
        assert chosen is not None
        if any(name_key(one.name) == name_key(name) and one.id != chosen for one in self.model.classes):
            with pytest.raises(UserError):
                self.context.project.rename_class(chosen, name)
            return
        after = [replace(one, name=name) if one.id == chosen else one for one in self.model.classes]
        self.do(self.context.project.rename_class(chosen, name), classes=after)

    @precondition(lambda self: self.model.classes)
    @rule(at=anywhere, text=st.sampled_from(TEXTS))
    def set_reads(self, at: int, text: str) -> None:
        chosen = self.class_id(at)
        assert chosen is not None
        if text and any(name_key(one.reads) == name_key(text) and one.id != chosen for one in self.model.classes):
            with pytest.raises(UserError):
                self.context.project.set_reads({chosen: text})
            return
        after = [replace(one, reads=text) if one.id == chosen else one for one in self.model.classes]
        self.do(self.context.project.set_reads({chosen: text}), classes=after)

    @precondition(lambda self: self.model.classes)
    @rule(at=anywhere)
    def delete(self, at: int) -> None:
        chosen = self.class_id(at)
        assert chosen is not None
        labels = {name: one for name, one in self.model.labels.items() if one.class_id != chosen}
        after = [one for one in self.model.classes if one.id != chosen]
        self.do(self.context.project.delete_classes([chosen]), labels=labels, classes=after)

    @precondition(lambda self: self.model.classes)
    @rule(at=anywhere, to=st.integers(0, 8))
    def move(self, at: int, to: int) -> None:
        chosen = self.class_id(at)
        assert chosen is not None
        rest = [one for one in self.model.classes if one.id != chosen]
        rest.insert(min(to, len(rest)), next(one for one in self.model.classes if one.id == chosen))
        self.do(self.context.project.move_class(chosen, to), classes=rest)

    @precondition(lambda self: self.model.classes)
    @rule(at=anywhere, role=st.sampled_from(ROLES))
    def set_role(self, at: int, role: Role) -> None:
        chosen = self.class_id(at)
        assert chosen is not None
        after = [replace(one, role=role) if one.id == chosen else one for one in self.model.classes]
        self.do(self.context.project.set_role([chosen], role), classes=after)

    # ------------------------------------------------------------------ undo

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.context.project.undo()
            self.model.undo()

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.context.project.redo()
            self.model.redo()

    # ------------------------------------------------------------------ engine

    @precondition(lambda self: self.trains and self.model.present - {BROKEN})
    @rule()
    def predict(self) -> None:
        model_in_use.prepare(self.context, CancelToken())
        embedding.embed(self.context, CancelToken())
        prediction.score(self.context, CancelToken())
        predictions = self.context.predictions
        assert (predictions is None) == (not self.model.classes)
        if predictions is not None:
            assert len(predictions.image_ids) == len(self.model.present - {BROKEN})

    @precondition(lambda self: self.trains and self.model.labels)
    @rule(seed=st.integers(0, 3))
    def train(self, seed: int) -> None:
        request = TrainRequest(shots=2, seed=seed, recipe=Recipe(max_epochs=2))
        model_in_use.prepare(self.context, CancelToken())
        if any(finding.blocking for finding in project_training.check(self.context, request)):
            with pytest.raises(UserError):
                project_training.train(self.context, request, CancelToken())
            return
        before = len(self.context.project.runs())
        project_training.train(self.context, request, CancelToken())
        assert len(self.context.project.runs()) == before + 1

    # ------------------------------------------------------------------ coming back

    @rule()
    def backup(self) -> None:
        copy = back_up(self.context.project.folder)
        assert labels_in(copy) == labels_in(self.folder / "test.mma" / DATABASE_FILE)
        copy.unlink()

    @rule()
    def close_and_open(self) -> None:
        runs = [(one.id, one.name) for one in self.context.project.runs()]
        self.context.close()
        self.check_file()
        self.context = self._context(Project.open(self.folder / "test.mma"))
        self.model.forget_steps()
        assert [(one.id, one.name) for one in self.context.project.runs()] == runs

    def check_file(self) -> None:
        """What lies on the disk, read without the program."""
        path = self.folder / "test.mma" / DATABASE_FILE
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert not connection.execute("PRAGMA foreign_key_check").fetchall()
            classes = connection.execute(
                'SELECT id, name, role, position, colour, "key", reads FROM class ORDER BY position'
            )
            assert classes.fetchall() == [
                (one.id, one.name, one.role.value, one.position, one.colour, one.key, one.reads)
                for one in self.model.classes
            ]
        assert labels_in(path) == {
            name: (one.class_id, one.source.value, None if one.use is None else one.use.value)
            for name, one in self.model.labels.items()
        }

    @invariant()
    def same(self) -> None:
        if not hasattr(self, "session"):
            return
        assert self.context.classes == self.model.classes
        assert (self.context.project.undo_title, self.context.project.redo_title) == (
            self.model.undo_title,
            self.model.redo_title,
        )
        columns, known = self.context.index.columns, self.known()
        assert set(known) == self.model.present
        assert len(known) == len(columns.ids)
        places = columns.positions(np.array([*known.values()], np.int64)).tolist()
        shown = dict(zip(known, places, strict=True))
        uses, sources = [*Use, None], list(LabelSource)
        assert {
            name: Label(int(columns.class_ids[at]), sources[columns.sources[at]], uses[columns.uses[at]])
            for name, at in shown.items()
            if columns.class_ids[at] >= 0
        } == self.model.labels
        assert self.context.index.counts() == {
            one.id: count
            for one in self.model.classes
            if (count := sum(label.class_id == one.id for label in self.model.labels.values()))
        }


def labels_in(database: Path) -> dict[str, tuple[int, str, str | None]]:
    """File name -> class id, source and use of every label of a database."""
    query = (
        "SELECT p.path, l.class_id, l.source, l.use FROM label l JOIN place p ON p.image_id = l.image_id "
        "JOIN image i ON i.id = l.image_id"
    )
    with closing(sqlite3.connect(database)) as connection:
        return {os.fsdecode(path).rsplit("/", 1)[-1]: tuple(rest) for path, *rest in connection.execute(query)}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[SessionMachine]:
    """The machine with pictures of its own; the backbone is loaded once for all its projects."""
    load, loaded = loading.load_backbone, list[Any]()

    def once(*arguments: Any) -> Any:
        if not loaded:
            loaded.append(load(*arguments))
        return loaded[0]

    monkeypatch.setattr(loading, "load_backbone", once)
    folder = tmp_path / "pictures"
    folder.mkdir()
    return type(
        "Machine",
        (SessionMachine,),
        {"pictures": folder, "features": tmp_path / "features", "names": draw_pictures(folder)},
    )


def play(machine: type[SessionMachine], number: int, examples: int, steps: int) -> None:
    """Some projects of so many random steps; `number` makes them the same again."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(seeded(number)(machine), settings=chosen)


def test_random_edits_end_where_a_plain_model_does(machine: type[SessionMachine]) -> None:
    play(machine, 20_251_125, examples=6, steps=30)


@pytest.mark.slow
def test_hours_of_random_edits_end_where_a_plain_model_does(machine: type[SessionMachine]) -> None:
    end, number = time.monotonic() + long_seconds(), random.SystemRandom().randrange(1 << 30)
    while time.monotonic() < end:
        try:
            play(machine, number, examples=5, steps=60)
        except BaseException as error:
            error.add_note(f"The numbers came from the seed {number}.")
            raise
        number += 1
