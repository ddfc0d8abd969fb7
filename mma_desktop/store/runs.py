"""Finished trainings with their checkpoint files, and project settings.

A checkpoint is added and deleted by way of a pending name, so that record and file agree even if the process is killed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Executable, delete, insert, select, update

from mma_desktop.core.atomic_io import os_errors, sync_folder
from mma_desktop.core.class_names import unfit_templates
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import is_inside
from mma_desktop.core.safe_json import parsed, parsed_object
from mma_desktop.core.types import RunRecord
from mma_desktop.store.rows import RowWriter, upsert
from mma_desktop.store.schema import RUN, RUNS_FOLDER, SETTING

log = logging.getLogger(__name__)
_ENDING = ".parked"


def add_run(connection: Connection, run: RunRecord) -> RunRecord:
    """Record a finished training, which gets its id.

    Raises:
        ValueError: The checkpoint is not a path inside the project folder.
    """
    if not is_inside(run.checkpoint):
        raise ValueError(f"a run's checkpoint is relative to the project folder, not {run.checkpoint!r}")
    statement = insert(RUN).values(
        name=_clean_name(run.name),
        created_at=run.created_at,
        method=run.method,
        backbone=run.backbone,
        checkpoint=run.checkpoint,
        settings=json.dumps(dict(run.settings)),
        metrics=json.dumps(dict(run.metrics)),
    )
    (stored,) = _read(connection, statement.returning(RUN))
    return stored


def read_runs(connection: Connection) -> list[RunRecord]:
    """All runs, newest first; sorted by id, since the clock may have been set back."""
    return _read(connection, select(RUN).order_by(RUN.c.id.desc()))


def _read(connection: Connection, statement: Executable) -> list[RunRecord]:
    rows = connection.execute(statement).mappings()
    return [
        RunRecord(**{**row, "settings": _parsed(row["settings"]), "metrics": _parsed(row["metrics"])}) for row in rows
    ]


@lru_cache(maxsize=256)
def _parsed(text: str) -> Mapping[str, Any]:
    # Cached: the list of runs is read often, and parsing holds the GIL.
    return MappingProxyType(parsed_object(text))


def find_run(connection: Connection, run_id: int) -> RunRecord:
    """One run. Raises UserError if it was deleted."""
    for run in _read(connection, select(RUN).where(RUN.c.id == run_id)):
        return run
    raise UserError.tr("That training is not there any more. Choose another one.")


def rename_run(connection: Connection, run_id: int, name: str) -> Changes:
    find_run(connection, run_id)
    connection.execute(update(RUN).where(RUN.c.id == run_id).values(name=_clean_name(name)))
    return Changes(runs=True)


def delete_run(connection: Connection, run_id: int) -> None:
    connection.execute(delete(RUN).where(RUN.c.id == run_id))


def _clean_name(name: str) -> str:
    text = " ".join(name.encode("utf-8", "replace").decode().split())
    if not text:
        raise UserError.tr("A training needs a name. Type at least one character.")
    return text


def pending_path(path: Path) -> Path:
    """Where to write a checkpoint before its run is recorded."""
    return path.with_name(f".{path.name}{_ENDING}")


@contextmanager
def publishing(path: Path) -> Iterator[None]:
    """Record the run inside the block; afterwards its pending file is moved into place.

    If recording fails, the file stays pending: a write reported as failed because of a full disk may still have reached
    the database, which is known only when the project is opened again.

    Raises:
        UserError: The run is recorded, but its file could not be moved; opening the project again moves it.
    """
    yield
    waiting = pending_path(path)
    with os_errors(path):
        if waiting.exists():
            waiting.replace(path)
            sync_folder(path.parent)


@contextmanager
def deleting(path: Path) -> Iterator[None]:
    """Delete the run record inside the block; its file gets the pending name first, and deleted afterwards."""
    # A file that cannot be moved or deleted is left behind, which is harmless.
    waiting = pending_path(path)
    with suppress(OSError):
        path.replace(waiting)
    try:
        yield
    except BaseException:  # an interrupt too must not leave a run without its file
        with suppress(OSError):
            waiting.replace(path)
        raise
    for file in (waiting, path):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def recover(connection: Connection, folder: Path) -> None:
    """Resolve pending files left by a killed process; the caller holds the project's lock."""
    named = set(connection.execute(select(RUN.c.checkpoint)).scalars())
    for waiting in (folder / RUNS_FOLDER).glob(f".*{_ENDING}"):
        path = waiting.with_name(waiting.name[1 : -len(_ENDING)])
        with suppress(OSError):
            if path.relative_to(folder).as_posix() in named and not path.exists():
                log.info("%s gets its place, of which a program that was stopped kept it", path)
                waiting.replace(path)
            else:
                log.info("removing %s, which no training names", waiting)
                waiting.unlink(missing_ok=True)


def read_setting(connection: Connection, name: str, default: Any = None) -> Any:
    """A setting's value, or the default if it was never set."""
    return read_settings(connection, {name: default})[name]


def read_settings(connection: Connection, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Several of them at once; each has the default if it was never set."""
    rows = connection.execute(select(SETTING.c.name, SETTING.c.value).where(SETTING.c.name.in_(defaults)))
    return {**defaults, **{name: parsed(text, paths=True) for name, text in rows}}


def set_current(writer: RowWriter, run_id: int) -> str:
    """Make a run the one that predicts; 0 is the learning model."""
    writer.put(SETTING, [("current_run", json.dumps(run_id))])
    return tr("Use another model")


def write_setting(connection: Connection, name: str, value: Any) -> Changes:
    """Set a setting to a JSON value, or reset it to its default with None.

    Raises:
        UserError: It cannot be read back, there are too many prompt templates, or one is too long.
    """
    if name == "prompt_template" and (trouble := unfit_templates(value or "")):
        raise UserError(trouble)
    before = connection.execute(select(SETTING.c.value).where(SETTING.c.name == name)).scalar_one_or_none()
    text = None if value is None else json.dumps(value)
    try:
        parsed(text or "null", paths=True)  # a project with what cannot be read back could not be opened again
    except ValueError as error:
        raise UserError.tr(
            "This was not saved, because it holds a sign or a number that could not be read back. Type it again."
        ) from error
    if before == text:
        return Changes()
    if text is None:
        connection.execute(delete(SETTING).where(SETTING.c.name == name))
    else:
        connection.execute(upsert(SETTING), {"name": name, "value": text})
    return Changes(settings=True)
