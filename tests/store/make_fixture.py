"""Writes the fixture of the present schema version: a small project as this version of the program leaves it, as SQL.

    .venv/bin/python -m tests.store.make_fixture

Run it once for each new `SCHEMA_VERSION`, before that version is released, and never change the file again: it stands
for the projects that people have. `test_store_migrations.py` fails while a version has none.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from mma_desktop.core.types import LabelSource, ProblemKind, Role, Use
from mma_desktop.media import error_messages
from mma_desktop.store.project import Project
from mma_desktop.store.schema import APPLICATION_ID, DATABASE_FILE, SCHEMA_VERSION
from tests.store.conftest import make_scanned

DATA = Path(__file__).with_name("data")


def fixture(version: int) -> Path:
    """The fixture of a schema version."""
    return DATA / f"version_{version}.sql"


def fill(project: Project) -> None:
    """Put a row of every kind into a project."""
    odd = os.fsdecode(b"/photos/caf\xe9.jpg") if os.name != "nt" else "/photos/odd.jpg"
    project.add_classes(["cat", "Eule & Käuzchen"])
    project.add_classes(["=new()"], Role.NEW)
    cat, owl, new = (one.id for one in project.classes())
    project.set_reads({owl: "owls & little owls"})
    project.set_key(owl, "q")
    project.set_colour(owl, "#123456")
    project.add_files([make_scanned(f"/photos/{number:02}.jpg") for number in range(1, 7)])
    project.add_files([make_scanned(odd), make_scanned("/copies/01.jpg", "/photos/01.jpg")])
    project.add_files([make_scanned("/photos/notes.txt", "", ProblemKind.NOT_AN_IMAGE)])
    project.mark_problems([(6, ProblemKind.TOO_LARGE, error_messages.LARGE_FILE.of(size=600.5, limit=512))])
    project.assign([1], cat)
    project.assign([2], cat)
    project.set_use([2], Use.TEST)
    project.assign_many([(3, owl), (7, owl)], LabelSource.SUGGESTION)
    project.assign_many([(4, new)], LabelSource.FOLDER)
    project.set_use([3], Use.SHOT)
    project.add_files([make_scanned("/photos/02.jpg", "other bytes")])  # 2 keeps its label and its last place
    first = project.add_run("first try", "multi-modal-adapter", "starter", "runs/a.safetensors", {"shots": 4}, {"h": 7})
    project.add_run("second", "linear-probe", "starter", "runs/b.safetensors", {}, {"names": ["cat", "=new()"]})
    project.star_runs([first.id], True)
    project.set_setting("current_run", first.id)
    project.set_setting("prompt_template", "a photo of a {}.")


def dump(database: Path) -> str:
    """A database as SQL."""
    with closing(sqlite3.connect(database)) as connection:
        lines = "\n".join(connection.iterdump())
    return f"PRAGMA application_id = {APPLICATION_ID};\n{lines}\n"


def main() -> int:
    """Write the fixture of the present version, unless there is one."""
    out = fixture(SCHEMA_VERSION)
    if out.exists():
        sys.stderr.write(f"{out} is there already, and what is released does not change.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        with Project.create(Path(folder) / "birds.mma") as project:
            fill(project)
        text = dump(project.folder / DATABASE_FILE)
    out.write_text(f"-- A project of schema version {SCHEMA_VERSION} with a row of every kind.\n{text}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
