"""The command `mma-desktop import`: import another tool's images and labels into a project."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.common import DONE, check_parent, project_argument
from mma_desktop.cli.progress import Reporter, aligned, counted, echo, note
from mma_desktop.core.atomic_io import check_writable
from mma_desktop.core.class_names import split_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.inputs import keep_unwritten
from mma_desktop.core.paths import full_path
from mma_desktop.services.project_factory import create_project, open_project, project_folder

if TYPE_CHECKING:
    from mma_desktop.services.batch.labelled_images import LabelledImages
    from mma_desktop.services.context import ProjectContext
    from mma_desktop.services.formats.dataset import Format, Listing, ReadOptions

USAGE = "PROJECT SOURCE [--format ID] [--column file=NAME] [--base-folder FOLDER] [--preview]"
ABOUT = "import another tool's pictures and labels into a project, creating it if needed"
ANSWER = "Use --column label=NAME"
WITHOUT_LABELS = f"{ANSWER}, or --column label= to import the pictures without labels."
SHOWN = 5  # rows of a preview
CLASSES_LISTED = 20  # a line or two of names
PROBLEMS_SHOWN = 20  # about a screen


class FormatIds:
    """The ids of the formats, looked up when they are asked for: no parser should import the registry.

    Args:
        written: Whether to leave out the formats that can only be read.
    """

    def __init__(self, *, written: bool = False) -> None:
        self._written = written

    def __str__(self) -> str:
        return ", ".join(self)

    def __iter__(self) -> Iterator[str]:
        from mma_desktop.services.formats.registry import FORMATS

        yield from (form.id for form in FORMATS if form.write or not self._written)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument("source", type=Path, metavar="SOURCE", help="another tool's file or folder")
    source_arguments(parser)
    parser.add_argument(
        "--classes",
        metavar="a,b,c",
        help="of several keywords (XMP) of a picture, the one among these is its label; default: the project's classes",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace existing labels and uses")
    parser.add_argument("--preview", action="store_true", help="show what would be imported, without importing it")


def source_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=FormatIds(), metavar="ID", help="%(choices)s; default: detected from the source"
    )
    parser.add_argument(
        "--column",
        type=_column,
        action="append",
        default=[],
        metavar="ROLE=NAME",
        help="the column of a CSV file with the file, label, split, prediction, confidence or reads (what the model "
        "reads for the label); label is also the question of Label Studio, or the field of Hugging Face, that has it",
    )
    parser.add_argument("--base-folder", type=Path, metavar="FOLDER", help="folder that relative file names start from")


def _column(text: str) -> tuple[str, str]:
    role, equals, name = text.partition("=")
    if not role or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not ROLE=NAME")
    return role, name


def run(arguments: argparse.Namespace) -> int:
    from mma_desktop.services.formats.importer import import_listing

    source = full_path(arguments.source)
    reporter = Reporter()
    chosen, options = how_to_read(arguments, source)
    if chosen is not None and chosen.id in {"xmp", "archive"}:
        options = replace(options, classes=_classes(arguments))
    elif chosen is not None and arguments.classes is not None:
        raise UserError(f"--classes chooses among keywords, and '{source}' is read as {chosen.title}, without any.")
    chosen, listing = _read(source, chosen, options, ("import", arguments.project), reporter, echo)
    if arguments.preview:
        _show_classes(listing)
    if listing.question:
        raise UserError(f"{listing.question} {WITHOUT_LABELS} Nothing was imported.")
    if not listing.entries:
        raise _nothing_found(source, chosen, options, " Nothing was imported.")
    if arguments.preview:
        _check_project(arguments.project)
        return DONE
    with _project(arguments.project) as context:
        with reporter:
            report = import_listing(context, listing, source.name, reporter.token, overwrite=arguments.overwrite)
        problems = _unusable(context, listing)
    problems += [f"{path}: {reason}" for path, reason in report.unread]
    _note_first(problems, "pictures that could not be used", PROBLEMS_SHOWN)
    _note_first(report.notes, "pictures that kept their label")
    echo(report.sentence()[:1].upper() + report.sentence()[1:])
    return DONE


def _classes(arguments: argparse.Namespace) -> tuple[str, ...]:
    if arguments.classes is not None:
        return tuple(split_names(arguments.classes))
    folder = project_folder(arguments.project)
    if not os.path.lexists(folder):
        return ()
    with closing(open_project(folder)) as context:
        return tuple(kind.name for kind in context.classes)


def how_to_read(arguments: argparse.Namespace, source: Path) -> tuple[Format | None, ReadOptions]:
    """The format of a source, None if it is not recognised, and the options of `source_arguments`."""
    from mma_desktop.services.formats.dataset import ReadOptions
    from mma_desktop.services.formats.registry import find_format, recognise

    base = full_path(arguments.base_folder) if arguments.base_folder is not None else None
    chosen = find_format(arguments.format) if arguments.format else recognise(source, dict(arguments.column))
    return chosen, ReadOptions(dict(arguments.column), base)


def read_images(
    arguments: argparse.Namespace, source: Path, reporter: Reporter, new: Sequence[str] = ()
) -> LabelledImages:
    """Read class folders or what another tool wrote, else UserError; `new` names are classes without an image."""
    from mma_desktop.services.batch.labelled_images import in_listing

    given, source = source, full_path(source)
    chosen, options = how_to_read(arguments, source)
    adapter = (arguments.adapter,) if arguments.command == "evaluate" else ()
    chosen, listing = _read(source, chosen, options, (arguments.command, *adapter), reporter, note)
    if listing.question:
        raise UserError(f"{listing.question} {ANSWER}.")
    if not listing.entries:
        raise _nothing_found(source, chosen, options)
    keep_unwritten(lambda: (entry.image for entry in listing.entries))
    return in_listing(given, chosen, listing, new)


def _nothing_found(source: Path, chosen: Format, options: ReadOptions, more: str = "") -> UserError:
    unsaid = chosen.based and options.base is None
    where = " Use --base-folder FOLDER to say where its file names start." if unsaid else ""
    return UserError(f"None of the pictures listed in {source.name} could be found.{more}{where}")


def _read(
    source: Path,
    chosen: Format | None,
    options: ReadOptions,
    command: Sequence[object],
    reporter: Reporter,
    echo_line: Callable[[str], None],
) -> tuple[Format, Listing]:
    """Read a source; tell what was read, which rows cannot be used, and with which `command` other tables are read."""
    from mma_desktop.services.formats.registry import read_source

    try:
        listing = read_source(source, chosen, options, reporter.token)
    finally:
        reporter.end()
    assert chosen is not None  # otherwise `read_source` has refused the source
    echo_line(
        f"{source.name}, {chosen.title}: {counted(len(listing.entries), 'picture')}, {listing.labelled:,} labelled, "
        f"{len(listing.classes):,} class{'' if len(listing.classes) == 1 else 'es'}."
    )
    if listing.mapping:
        echo_line("Columns: " + ", ".join(f"{role} is '{name}'" for role, name in listing.mapping.items()) + ".")
    for text in listing.notes:
        echo_line(text)
    _note_first([problem.sentence() for problem in listing.problems], "rows with a problem")
    for table in listing.unused:
        column = table.columns[0] if len(table.columns) == 1 else "NAME"
        place = source if len(listing.unused) == 1 else source / table.name
        words = (*command, place, "--column", f"label={column}")
        echo_line(f"{table.sentence()} To use it: mma-desktop {' '.join(shlex.quote(str(word)) for word in words)}")
    return chosen, listing


def _show_classes(listing: Listing) -> None:
    counts = Counter(entry.label for entry in listing.entries)
    if listing.classes:
        echo(aligned([(name, f"{counts[name]:,}") for name in listing.classes[:CLASSES_LISTED]], "<>"))
    if len(listing.classes) > CLASSES_LISTED:
        echo(f"and {len(listing.classes) - CLASSES_LISTED:,} more.")


def _note_first(texts: Sequence[str], what: str, shown: int = SHOWN) -> None:
    for text in texts[:shown]:
        note(text)
    if len(texts) > shown:
        note(f"and {len(texts) - shown:,} more {what}.")


def _unusable(context: ProjectContext, listing: Listing) -> list[str]:
    from mma_desktop.media.error_messages import reason_text
    from mma_desktop.services.image_index import Filter, Show

    listed = {entry.image for entry in listing.entries}
    rows = context.project.image_rows(context.select(Filter(Show.PROBLEMS)).tolist())
    return [f"{row.path}: {reason_text(row.reason) or row.problem}" for row in rows if row.path in listed]


def _check_project(folder: Path) -> None:
    """Refuse a place where no project could be opened or made, without doing so."""
    from mma_desktop.store.project_folder import check_is_project

    project = project_folder(folder)
    if os.path.lexists(project):
        check_is_project(project)
    else:
        check_parent(project)
    check_writable(project / "project.db")


@contextmanager
def _project(folder: Path) -> Iterator[ProjectContext]:
    """Open the project, or create it and say so; one that is still empty after a failure is removed."""
    project = project_folder(folder)
    if os.path.lexists(project):
        with closing(open_project(project)) as context:
            yield context
        return
    check_parent(project)
    context, done = create_project(folder), False
    try:
        yield context
        done = True
    finally:
        done = done or bool(len(context.index.columns.ids) or context.classes)
        context.close()
        if done:
            echo(f"Created the project {context.project.folder}.")
        else:
            shutil.rmtree(context.project.folder, ignore_errors=True)
