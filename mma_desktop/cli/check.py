"""The command `mma-desktop check`: find missing and changed images of a project."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.common import json_argument, project_argument, write_json
from mma_desktop.cli.progress import Reporter, echo
from mma_desktop.core.paths import full_path

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

USAGE = "PROJECT [--find FOLDER] [--json FILE]"
ABOUT = "list missing and changed pictures of a project (exit code 1 if there are any), and find them again"
SHOWN = 20  # lost pictures; about a screen, the rest is for --json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--find",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="search this folder and its subfolders for missing files; may be repeated",
    )
    json_argument(parser, "the report")


def run(arguments: argparse.Namespace) -> int:
    """Check a project's files, then search for lost ones; returns 1 if some are still lost or unreadable."""
    from mma_desktop.services.batch.on_projects import opened
    from mma_desktop.services.images import file_check, importing
    from mma_desktop.services.images.importing import unimported_files, unimported_sentence

    reporter = Reporter()
    token = reporter.token
    with opened(arguments.project) as context:
        if unimported := unimported_files(context):
            echo(unimported_sentence(len(unimported)))
            with reporter:
                importing.import_paths(context, unimported, token)
        with reporter:
            report = file_check.FileCheck(context).run(token)
        echo(report.sentence())
        if report.again:
            echo(report.again_sentence())
            with reporter:
                importing.import_paths(context, report.again, token)
        data = {"images": report.images, "missing": report.missing, "changed": report.changed, "unread": report.unread}
        if arguments.find:
            with reporter:
                search = file_check.find_missing(context, list(map(full_path, arguments.find)), token)
            echo(search.sentence())
            data |= {"found": search.found}
        lost = _lost(context)
        for row in lost[:SHOWN]:
            echo(f"{row['state']}: {row['path']}")
        if len(lost) > SHOWN:
            echo(f"and {len(lost) - SHOWN:,} more; --json FILE lists them all")
        if arguments.json is not None:
            write_json(arguments.json, {**data, "lost": lost})
    return int(bool(lost) or report.unread > 0)


def _lost(context: ProjectContext) -> list[dict[str, str]]:
    """Path, state and label of the images that are still lost."""
    names = {kind.id: kind.name for kind in context.classes}
    return [
        {
            "path": str(row.path),
            "state": context.index.lost.state(row.id),
            "label": names.get(row.class_id, "") if row.class_id is not None else "",
        }
        for row in context.project.image_rows(context.index.lost.ids.tolist())
    ]
