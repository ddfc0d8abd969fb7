"""A clock that is set back: nothing is sorted or thrown away for its date."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mma_desktop.core.types import ScannedFile
from mma_desktop.store.project import Project
from mma_desktop.store.snapshots import back_up

Scanned = Callable[..., ScannedFile]
YEAR = 365 * 86_400.0


def by_age(project: Project) -> list[int]:
    rows = project.image_rows(project.catalogue().ids.tolist())
    return [row.id for row in sorted(rows, key=lambda row: (row.added_at, row.id))]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock by so many seconds."""
    real = time.time

    def set_by(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return set_by


def test_what_comes_in_after_the_clock_was_set_back_comes_last(
    project: Project, scanned: Scanned, clock: Callable[[float], None]
) -> None:
    clock(YEAR)
    first = project.add_files([scanned("/a.jpg")]).ids
    clock(0)
    second = project.add_files([scanned("/b.jpg")]).ids
    assert by_age(project) == first + second
    folder = project.folder
    project.close()
    clock(-YEAR)
    with Project.open(folder) as again:
        third = again.add_files([scanned("/c.jpg")]).ids
        assert by_age(again) == first + second + third


def test_the_place_seen_last_is_shown_whatever_the_clock_says(
    project: Project, scanned: Scanned, clock: Callable[[float], None]
) -> None:
    clock(YEAR)
    (image,) = project.add_files([scanned("/old/a.jpg", "a")]).ids
    clock(0)
    project.add_files([scanned("/new/a.jpg", "a")])
    (row,) = project.image_rows([image])
    assert row.path == Path("/new/a.jpg")
    project.add_files([scanned("/old/a.jpg", "a")])
    assert project.image_rows([image])[0].path == Path("/old/a.jpg")


def test_the_newest_training_is_first_whatever_the_clock_says(project: Project, clock: Callable[[float], None]) -> None:
    clock(YEAR)
    older = project.add_run("older", "m", "b", "runs/1.safetensors", {}, {})
    clock(0)
    newer = project.add_run("newer", "m", "b", "runs/2.safetensors", {}, {})
    assert [run.id for run in project.runs()] == [newer.id, older.id]


def test_labels_and_backups_go_on_after_the_clock_was_set_back(filled: Project, clock: Callable[[float], None]) -> None:
    cat, dog = (one.id for one in filled.classes()[:2])
    clock(YEAR)
    filled.assign([1, 2], cat)
    ahead = back_up(filled.folder)
    clock(0)
    filled.assign([1], dog)
    behind = back_up(filled.folder)
    assert ahead != behind
    assert filled.catalogue().class_ids[:2].tolist() == [dog, cat]
    filled.undo()
    assert filled.catalogue().class_ids[:2].tolist() == [cat, cat]
    filled.assign_many([(1, dog), (2, dog)], overwrite=True)
    assert filled.catalogue().class_ids[:2].tolist() == [dog, dog]
    kept = filled.keep_backup()
    assert kept is not None
    assert {ahead, behind, kept} <= set(ahead.parent.iterdir()), "none is thinned out for its date"
