"""Whatever is acknowledged is on the disk: every write waits for it. `test_power_cut.py` sees what is flushed."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event

from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import LabelSource, ProblemKind, Reason, Role, ScannedFile, Use
from mma_desktop.store.database import sqlite_connection
from mma_desktop.store.project import Project

FULL = 2
RUN = ("first", "multi-modal-adapter", "starter", "runs/a.safetensors", {}, {})

WRITES: dict[str, Callable[[Project, ScannedFile], object]] = {
    "add_files": lambda project, file: project.add_files([file]),
    "follow_images": lambda project, _: project.follow_images(),
    "mark_problems": lambda project, _: project.mark_problems([(1, ProblemKind.VANISHED, Reason("gone"))]),
    "note_files": lambda project, _: project.note_files([(1, 5)], []),
    "remove_images": lambda project, _: project.remove_images([3]),
    "keep_one": lambda project, _: project.keep_one([(1, [2])]),
    "add_classes": lambda project, _: project.add_classes(["yak"], Role.NEW),
    "rename_class": lambda project, _: project.rename_class(1, "ox"),
    "set_reads": lambda project, _: project.set_reads({1: "felis"}),
    "delete_classes": lambda project, _: project.delete_classes([3]),
    "move_class": lambda project, _: project.move_class(1, 2),
    "set_role": lambda project, _: project.set_role([1], Role.NEW),
    "set_colour": lambda project, _: project.set_colour(1, "#123456"),
    "set_key": lambda project, _: project.set_key(1, "x"),
    "assign": lambda project, _: project.assign([4], 1),
    "assign_none": lambda project, _: project.assign_none([4]),
    "assign_many": lambda project, _: project.assign_many([(4, 1), (5, 2)], LabelSource.SUGGESTION),
    "spot_check": lambda project, _: project.spot_check([(4, 1)], [5], "spot_checks", "[]"),
    "set_use": lambda project, _: project.set_use([9], Use.TEST),
    "undo": lambda project, _: project.undo(),
    "redo": lambda project, _: (project.undo(), project.redo()),
    "set_setting": lambda project, _: project.set_setting("prompt_template", "a {}."),
    "add_run": lambda project, _: project.add_run(*RUN),
    "rename_run": lambda project, _: project.rename_run(1, "second"),
    "delete_run": lambda project, _: project.delete_run(1),
    "set_current": lambda project, _: project.set_current(1),
}
OTHERS = (
    "create open close known_paths ids_for_paths catalogue catalogue_for image_rows paths_sorted stray_images "
    "search_names files_of failed_files classes collecting_steps join setting settings pending_path run runs "
    "checkpoint_path keep_backup"
)
"""What reads, and what copies files; those are flushed by `core.atomic_io.atomic_path`."""


def test_no_method_is_forgotten() -> None:
    methods = {name for name, _ in inspect.getmembers(Project, callable) if not name.startswith("_")}
    assert methods == {*WRITES, *OTHERS.split()}


@pytest.mark.parametrize("name", WRITES)
def test_every_commit_waits_for_the_disk(filled: Project, scanned: Callable[..., ScannedFile], name: str) -> None:
    filled.assign([9], 1)
    if name.endswith(("run", "runs", "metric")) and name != "add_run":
        filled.add_run(*RUN)
    commits: list[tuple[int, int]] = []

    def look(connection: Connection) -> None:
        sql = sqlite_connection(connection)
        if sql.execute("PRAGMA query_only").fetchone()[0]:  # it read
            return
        pragmas = [sql.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in ("synchronous", "fullfsync")]
        commits.append((pragmas[0], pragmas[1]))

    with closing(sqlite3.connect(filled.folder / DATABASE_FILE)) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        event.listen(Engine, "commit", look)
        try:
            WRITES[name](filled, replace(scanned("/new.jpg"), mtime_ns=3))
        finally:
            event.remove(Engine, "commit", look)
        assert other.execute("PRAGMA data_version").fetchone() != before, "this has to write something"
    assert commits
    assert set(commits) == {(FULL, 1)}
