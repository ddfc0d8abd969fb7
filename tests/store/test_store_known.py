"""A database that this program closed is not looked at again; one that anybody touched since is."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.store import integrity
from mma_desktop.store.project import Project


@pytest.fixture
def looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How often values were looked at: one entry a time."""
    counted: list[int] = []
    check = integrity.check_values

    def counting(connection: sqlite3.Connection) -> None:
        counted.append(1)
        check(connection)

    monkeypatch.setattr(integrity, "check_values", counting)
    integrity.set_notes_folder(tmp_path / "known")
    yield counted
    integrity.set_notes_folder(None)


@pytest.fixture
def closed(looks: list[int], tmp_path: Path) -> Path:
    with Project.create(tmp_path / "birds.mma") as project:
        project.add_classes(["robin", "wren"])
        folder = project.folder
    looks.clear()
    return folder


def test_our_own_is_looked_at_once(closed: Path, looks: list[int]) -> None:
    for _ in range(2):
        with Project.open(closed) as project:
            project.add_classes([f"bird {len(project.classes())}"])
    assert looks == []


def test_what_another_program_wrote_is_refused(closed: Path, looks: list[int]) -> None:
    with closing(sqlite3.connect(closed / "project.db")) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE class SET position = -1")
        connection.commit()
    with pytest.raises(UserError, match="not as this program writes it"):
        Project.open(closed)
    assert looks


def test_a_copy_from_elsewhere_is_looked_at(closed: Path, looks: list[int], tmp_path: Path) -> None:
    other = tmp_path / "other.mma"
    shutil.copytree(closed, other)
    with Project.open(other):
        pass
    assert looks == [1]
    shutil.copy(other / "project.db", closed / "project.db")  # its own place, other bytes
    with Project.open(closed):
        pass
    assert looks == [1, 1]


def test_a_log_that_was_not_folded_in_is_looked_at(closed: Path, looks: list[int]) -> None:
    (closed / "project.db-wal").write_bytes(b"")
    with Project.open(closed):
        pass
    assert looks == [1]


def test_without_a_place_to_note_it_nothing_is_known(closed: Path, looks: list[int]) -> None:
    integrity.set_notes_folder(None)
    for _ in range(2):
        with Project.open(closed):
            pass
    assert looks == [1, 1]


def test_a_place_that_cannot_be_written_to_costs_time_only(closed: Path, looks: list[int], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    integrity.set_notes_folder(tmp_path / "file" / "known")
    with Project.open(closed):
        pass
    assert looks == [1]
