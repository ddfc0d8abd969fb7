"""The command `mma-desktop backups`: list a project's backups, or restore one."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.common import DONE, project_argument
from mma_desktop.cli.progress import aligned, echo, note
from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import full_path
from mma_desktop.services.project_factory import project_folder

if TYPE_CHECKING:
    from mma_desktop.store.snapshots import BackupFile

USAGE = "PROJECT [--restore FILE|newest]"
ABOUT = "list a project's backups, or restore one; the current database is kept"
NEWEST = "newest"
HEADER = ("made", "images", "labelled", "classes", "MB", "file", "")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--restore", type=Path, metavar="FILE|newest", help="name or path of a backup, or the newest undamaged one"
    )


def run(arguments: argparse.Namespace) -> int:
    from mma_desktop.store.snapshots import list_restorable, newest_restorable, restore

    folder = full_path(project_folder(arguments.project))
    if not folder.is_dir():
        raise UserError(f"The folder {folder} does not exist. Give a project folder; its name ends in .mma.")
    files = list_restorable(folder)
    if arguments.restore is None:
        _list(folder, files)
        return DONE
    source = newest_restorable(folder) if str(arguments.restore) == NEWEST else _chosen(arguments.restore, files)
    done = restore(folder, source)
    echo(f"{folder.name} was restored to {_when(done.backup.file)}, with {done.backup.labels:,} labelled.")
    if done.kept is not None:
        echo(f"Its previous database was kept as {done.kept}.")
    return DONE


def _chosen(given: Path, files: Sequence[BackupFile]) -> Path:
    chosen = next((file.path for file in files if file.path.name == str(given)), given)
    if not chosen.is_file():
        raise UserError(f"There is no backup {given}. Run the command without --restore to list them.")
    return chosen


def _list(folder: Path, files: Sequence[BackupFile]) -> None:
    from mma_desktop.store.project_folder import check_is_project
    from mma_desktop.store.snapshots import inspect_backup

    if not files:
        check_is_project(folder)
        note(f"{folder} has no backups. One is made when you close a changed project in the window.")
        return
    rows: list[tuple[str, ...]] = [HEADER]
    for backup in map(inspect_backup, files):
        counts = (backup.images, backup.labels, backup.classes)
        cells = ["", "", ""] if backup.problem else [f"{count:,}" for count in counts]
        remark = backup.problem or backup.file.tag.replace("-", " ")
        rows.append((_when(backup.file), *cells, f"{backup.size / 1e6:.1f}", backup.file.path.name, remark))
    echo(aligned(rows, "<>>>><<"))


def _when(file: BackupFile) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(file.moment))
