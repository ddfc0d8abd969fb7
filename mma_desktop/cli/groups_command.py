"""The command `mma-desktop groups`: find groups of images that look alike, with a name proposed for each."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from mma_desktop.cli import common
from mma_desktop.cli.progress import Reporter, counted, echo, note
from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.class_names import split_names
from mma_desktop.core.inputs import keep_unwritten
from mma_desktop.core.safe_csv import open_table, unambiguous_path, write_rows
from mma_desktop.core.types import STARTER_ID

if TYPE_CHECKING:
    from mma_desktop.services.batch.image_groups import Groups

USAGE = "PATH... [--names a,b,c] [--out FILE.csv] [--sort-into FOLDER]"
ABOUT = "find groups of pictures that look alike, with a name proposed for each"
CSV_HEADER = ("file_name", "group", "central", "name")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        type=common.input_path,
        nargs="+",
        metavar="PATH",
        help="pictures, and folders of them; - lists paths on standard input",
    )
    parser.add_argument("--names", type=split_names, default=[], metavar="a,b,c", help="candidate names for the groups")
    parser.add_argument(
        "--out",
        type=common.output_file,
        metavar="FILE",
        help="a CSV file with each picture's group, whether it is central to it, and the proposed name; correct the "
        "names, and 'mma-desktop train FILE' trains on the central pictures",
    )
    parser.add_argument(
        "--sort-into",
        type=common.output_folder,
        metavar="FOLDER",
        help="make a new folder with copies of the central pictures, in one folder per group",
    )
    common.json_argument(parser, "the groups")
    parser.add_argument("--backbone", default=STARTER_ID, metavar="ID", help="the image and text encoder")
    common.engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from mma_desktop.services.batch.image_groups import find_groups
    from mma_desktop.services.formats.dataset import ImageEntry, Images
    from mma_desktop.services.formats.exporting import check_target, sort_files

    if arguments.sort_into is not None:
        check_target(arguments.sort_into)
    reporter = Reporter()
    with reporter:
        groups = find_groups(
            common.given_paths(arguments.paths, zeros=False),
            arguments.names,
            reporter.token,
            backbone=arguments.backbone,
            device=arguments.device,
            weights_file=arguments.weights,
        )
    keep_unwritten(lambda: (path for group in groups.groups for path in group.files))
    _print_groups(groups)
    if arguments.sort_into is not None:
        names = [group.name or f"group {number}" for number, group in enumerate(groups.groups, 1)]
        entries = [
            ImageEntry(path, name) for name, group in zip(names, groups.groups, strict=True) for path in group.central
        ]
        with reporter:
            sorted_ = sort_files(
                lambda: iter(entries),
                len(entries),
                names,
                arguments.sort_into,
                Images.COPY,
                reporter.token,
            )
        echo(f"{sorted_.path}: {sorted_.sentence}")
    if arguments.out is not None:
        rows = [
            (
                unambiguous_path(str(path)),
                str(number),
                "1" if path in central else "0",
                group.name if path in central else "",
            )
            for number, group in enumerate(groups.groups, 1)
            for central in [set(group.central)]
            for path in group.files
        ]
        with output_path(arguments.out) as temporary, open_table(temporary) as handle:
            write_rows(handle, [CSV_HEADER, *rows])
    if arguments.json is not None:
        common.write_json(
            arguments.json,
            {
                "clear": groups.clear,
                "groups": [
                    {"name": group.name, "central": list(map(str, group.central)), "files": list(map(str, group.files))}
                    for group in groups.groups
                ],
            },
        )
    return common.DONE


def _print_groups(groups: Groups) -> None:
    from mma_desktop.services.training.groups import NO_NAME

    for problem in groups.notes:
        note(problem)
    for number, group in enumerate(groups.groups, 1):
        echo(f"{number:3}  {counted(len(group.files), 'picture'):14}  {group.name or NO_NAME:24}  {group.central[0]}")
    if len(groups.groups) == 1:
        echo("These are too few pictures to tell groups apart.")
    elif not groups.clear:
        echo("These pictures hardly fall into groups: many groups are mixed. Label single pictures instead.")
    for name, count in Counter(group.name for group in groups.groups).items():
        if name and count > 1:
            echo(f"{count} groups are named {name}: they are one class.")
