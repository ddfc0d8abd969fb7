"""How many statements the database is asked, as SQLAlchemy hands them over; BEGIN is one of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, Pool, event

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.store.project import Project

from ..benchmarks.million_project import make_pictures
from .conftest import fill

PICTURES = 80


class Asked(list[str]):
    """The statements since the last `taken`; `traced` are those that SQLite ran, each row of many by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.traced: list[str] = []

    def taken(self) -> list[str]:
        statements = [*self]
        self.clear()
        self.traced.clear()
        return statements


@pytest.fixture
def asked() -> Iterator[Asked]:
    asked = Asked()

    def note(_connection: Any, _cursor: Any, statement: str, *_how: Any) -> None:
        asked.append(statement)

    def trace(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(asked.traced.append)

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Pool, "connect", trace)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)
    event.remove(Pool, "connect", trace)


@pytest.fixture
def context(asked: Asked, tmp_path: Path) -> Iterator[ProjectContext]:
    """With ten images and three classes; nothing is counted yet."""
    context = ProjectContext(fill(Project.create(tmp_path / "birds.mma")), threads=1)
    asked.taken()
    yield context
    context.close()


def _drop(context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch, classes: dict[str, Path]) -> int:
    """Import pictures that take 3 s to read, as the window does; returns how many are new."""
    clock = count()
    monkeypatch.setattr(importing, "time", SimpleNamespace(monotonic=lambda: next(clock) * 3 / PICTURES))
    return importing.import_paths(context, [folder], CancelToken(), classes).added


def test_a_drop_of_pictures(
    asked: Asked, context: ProjectContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pictures(tmp_path / "pictures", PICTURES)
    assert _drop(context, tmp_path / "pictures", monkeypatch, {}) == PICTURES
    assert len(asked) <= 40, asked
    assert asked.count("BEGIN IMMEDIATE") == asked.traced.count("BEGIN IMMEDIATE") == 4, "of 0.3, 0.6, 1.2 and 0.9 s"
    assert asked.traced.count("COMMIT") == asked.traced.count("BEGIN") + 4


def test_a_drop_of_class_folders(
    asked: Asked, context: ProjectContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pictures(tmp_path / "cat", PICTURES)
    assert _drop(context, tmp_path / "cat", monkeypatch, {"cat": tmp_path / "cat"}) == PICTURES
    assert len(context.index.columns.class_ids) == 10 + PICTURES
    assert context.index.columns.labelled.sum() == PICTURES
    assert len(asked) <= 60, asked
    asked.taken()
    context.project.undo()
    assert len(asked) == 4, asked


@pytest.mark.parametrize("images", [[1], range(1, 10)])
def test_a_label_and_its_undo(asked: Asked, context: ProjectContext, images: list[int]) -> None:
    """A transaction with the question what is there and the answer, and one that reads for the index."""
    for class_id, source in ((1, LabelSource.PERSON), (2, LabelSource.SUGGESTION)):
        context.project.assign_many([(image, class_id) for image in images], source, overwrite=True)
        assert len(asked.traced) == 7 + len(images), "and PRAGMA defer_foreign_keys and twice COMMIT"
        assert len(asked.taken()) == 5
    context.project.undo()
    assert len(asked.taken()) == 5
    context.project.undo()
    assert len(asked.taken()) == 4
    context.project.redo()
    assert len(asked.taken()) == 5
    context.project.assign(images, None)
    assert len(asked.taken()) == 4
    assert not context.index.columns.labelled.any()


def test_no_picture_is_no_question(asked: Asked, context: ProjectContext) -> None:
    assert context.project.assign([], 1).empty
    assert asked.taken() == ["BEGIN IMMEDIATE"]


def test_removed_pictures_and_their_undo(asked: Asked, context: ProjectContext) -> None:
    context.project.assign([1, 2, 3], 1)
    asked.taken()
    context.project.remove_images([1, 2, 3])
    assert len(asked.taken()) <= 7
    context.project.undo()
    assert len(asked.taken()) <= 12
    assert context.index.columns.labelled.sum() == 3


def test_opening(asked: Asked, context: ProjectContext) -> None:
    context.close()
    asked.taken()
    again = ProjectContext(Project.open(context.project.folder), threads=1)
    try:
        assert len(asked) <= 11, asked
    finally:
        again.close()
