"""Backups of a project: made while it is open, inspected and restored while it is closed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import open_project

if TYPE_CHECKING:
    from mma_desktop.store.backup.restoring import Backup, Restored
    from mma_desktop.store.backup.snapshots import BackupFile

log = logging.getLogger(__name__)


def back_up(context: ProjectContext) -> Path | None:
    """Back up an open project if it changed since its last backup; see `store.backup.auto_backup.AutoBackup.keep`.

    Call from any thread except the main one; labelling can go on meanwhile.

    Raises:
        UserError: No backup was made, or `labels.csv` beside the database could not be written.
    """
    return context.project.keep_backup()


def close(context: ProjectContext) -> str:
    """Back up a project if it changed, and close it even if that fails.

    Returns:
        Why there is no backup, as a sentence; empty on success.
    """
    try:
        if context.lasting:
            back_up(context)
    except UserError as error:
        log.warning("%s was closed without a backup: %s", context.project.folder, error)
        return str(error)
    finally:
        context.close()
    return ""


def is_damage(error: BaseException | None) -> bool:
    """Whether opening a project failed because its database is damaged or missing."""
    from mma_desktop.store.database import DamagedError

    return isinstance(error, DamagedError)


def restorable(folder: Path) -> Sequence[BackupFile]:
    """Backups of a project that can be restored, newest first, judged by file name only.

    Raises:
        UserError: The folder cannot be read.
    """
    from mma_desktop.store.backup import restoring

    return restoring.restorable(folder)


def inspect_backup(file: BackupFile) -> Backup:
    """Open a backup, verify it and count its content."""
    from mma_desktop.store.backup import restoring

    return restoring.inspect_backup(file)


def newest_restorable(folder: Path) -> Backup:
    """The newest backup that can be restored.

    Raises:
        UserError: There is none.
    """
    from mma_desktop.store.backup import restoring

    found = restoring.newest_restorable(folder)
    if found is None:
        raise UserError(tr("{folder} has no backup that can be restored.", folder=folder.name))
    return found


def restore(folder: Path, source: Path) -> Restored:
    """Replace a project's database with a backup; the old one is kept. See `store.backup.restoring.restore`."""
    from mma_desktop.store.backup import restoring

    return restoring.restore(folder, source)


def restore_and_open(folder: Path, source: Path, threads: int | None = None) -> tuple[ProjectContext, Restored]:
    """Restore a backup and open the project as it was then.

    Raises:
        UserError: See `restore` and `open_project`.
    """
    restored = restore(folder, source)
    return open_project(folder, threads), restored
