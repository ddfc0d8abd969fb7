"""Shared by several commands: exit codes, types of arguments, what they read and write, projects and adapters."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mma_desktop.cli.parser import UsageError, usage_errors
from mma_desktop.cli.progress import Reporter, counted, echo, note
from mma_desktop.core import atomic_io, class_names, inputs
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_csv import guess_delimiter
from mma_desktop.core.types import DEFAULT_SHOTS, MAX_RATE
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.project_factory import given_project

if TYPE_CHECKING:
    from mma_desktop.services.batch.headless import HeadlessReport
    from mma_desktop.services.predicting.classifier import Ranker
    from mma_desktop.services.predicting.model_in_use import Model


Number = TypeVar("Number", int, float)

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
# Error handler for JSON: a byte of a path that is not Unicode becomes JSON's own escape, from which it can be told.
JSON_ERRORS = "backslashreplace"

NAMES_FILE = "its columns are name and reads, what the model reads instead, such as the English name"

STDIN = Path("/dev/stdin")


def input_path(text: str) -> Path:
    """Argument type: a path to read, or - for standard input."""
    return STDIN if text == "-" else Path(text)


def output_file(text: str) -> Path:
    """Argument type: a file of text to write, or - for standard output."""
    return atomic_io.STDOUT if text == "-" else Path(text)


def output_any(text: str) -> Path:
    """Argument type: a file or folder to write, as the command decides, or - for standard output."""
    return output_file(text)


def output_folder(text: str) -> Path:
    """Argument type: a folder to make or to write into."""
    if text == "-":
        raise argparse.ArgumentTypeError("a folder cannot be written to standard output")
    return Path(text)


FILES = (output_file, output_any)
OUTPUTS = (*FILES, output_folder)


def outputs_of(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> Mapping[argparse.Action, Path]:
    """The outputs of a command that were given or have a default; UsageError if two are standard output."""
    outputs = {action: getattr(arguments, action.dest) for action in parser._actions if action.type in OUTPUTS}
    given = {action: path for action, path in outputs.items() if path is not None}
    streamed = [action for action, path in given.items() if path == atomic_io.STDOUT]
    if len(streamed) > 1:
        names = " and ".join(
            action.option_strings[-1] if action.option_strings else str(action.metavar) for action in streamed
        )
        raise UsageError(f"{names} cannot both be standard output.")
    return given


def overwrite_argument(parser: argparse.ArgumentParser) -> None:
    if any(action.type in FILES for action in parser._actions):
        parser.add_argument("--overwrite", action="store_true", help="replace a file that exists")


def inputs_of(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> list[Path]:
    """The files and folders that a command was given to read."""
    values = [getattr(arguments, action.dest) for action in parser._actions if action.type in (Path, input_path)]
    given = [path for value in values for path in (value if isinstance(value, list) else [value])]
    return [given_project(path) or path for path in given if path not in (None, STDIN)]


def check_outputs(outputs: Mapping[argparse.Action, Path], read: Sequence[Path], *, overwrite: bool) -> None:
    """Check that outputs can be written, before long work, and replace nothing that is `read`, else UserError.

    Whether an `output_any` can be written is left to the command.
    """
    atomic_io.replace_existing()
    inputs.forget()
    inputs.keep_unwritten(lambda: read)
    for action, path in outputs.items():
        if path != atomic_io.STDOUT:
            check_parent(path)
            inputs.note_output(path)
        if action.type is output_file:
            check_file(path, overwrite=overwrite)


def check_file(path: Path, *, overwrite: bool) -> None:
    """Check that a file can be written, and that it replaces none unless asked for, now and later, else UserError."""
    atomic_io.check_writable(path)
    if atomic_io.is_streamed(path):
        return
    inputs.note_output(path)
    if overwrite:
        return
    error = UserError(f"{path} already exists. Choose another name, or use --overwrite. Nothing was changed.")
    if os.path.lexists(path):
        raise error
    # The file may appear during the hours that the command takes; it is looked for once more when it is written.
    atomic_io.keep_existing(path, error)


def refuse_terminal(path: Path | None, what: str) -> None:
    """Refuse, as a UsageError, to write what is not text to a terminal."""
    if path == atomic_io.STDOUT and sys.stdout.isatty():
        raise UsageError(f"{what} is not text: name a file, or send standard output into one.")


def check_parent(path: Path) -> None:
    """Check that the folder exists in which a file or folder is to be made, else raise UserError."""
    # What is written goes where the link leads, so the folder there has to exist.
    is_link = os.path.islink(path)  # noqa: PTH114 - Path.is_symlink raises for a name that is too long
    folder = Path(os.path.realpath(path) if is_link else path.absolute()).parent
    try:
        folder.stat()
    except FileNotFoundError:
        raise UserError(f"The folder {folder} does not exist. Create it, or choose another place.") from None
    except (OSError, ValueError):
        pass  # told by whoever writes there


def shown_path(path: Path) -> str:
    return "standard output" if path == atomic_io.STDOUT else str(path)


def given_paths(paths: list[Path], *, zeros: bool) -> list[Path]:
    """The paths, with standard input replaced by the paths that it lists.

    With `zeros`, the listed paths end with zero bytes instead of line ends.

    Raises:
        UsageError: Zero bytes were asked for without standard input, or are there without having been asked for.
        UserError: Standard input lists nothing.
    """
    if zeros and STDIN not in paths:
        raise UsageError("-0 is about paths from standard input: add - as a path.")
    listed = [listed_path for path in paths for listed_path in (_from_stdin(zeros) if path == STDIN else [path])]
    inputs.keep_unwritten(lambda: listed)
    return listed


def _from_stdin(zeros: bool) -> Iterator[Path]:
    given = sys.stdin.buffer.read()
    if b"\0" in given and not zeros:
        raise UsageError("The paths from standard input end with zero bytes: add -0.")
    # Lines may come from a list that was written on Windows, whichever system this is.
    ended = given.split(b"\0") if zeros else [line.removesuffix(b"\r") for line in given.split(b"\n")]
    names = [name for name in ended if name]
    if not names:
        raise UserError("Standard input lists no path.")
    # As Python decodes arguments: bytes that are not valid Unicode come back whole.
    return (Path(os.fsdecode(name)) for name in names)


def write_json(path: Path, data: Any) -> None:
    with atomic_io.output_path(path) as temporary:
        temporary.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8", JSON_ERRORS)


def show_use(code: str, out: Path) -> None:
    """Print lines of Python that use what was written, unless it was written into a stream that they may be in."""
    if code and (out.is_dir() or not atomic_io.is_streamed(out)):
        echo(f"\nHow to use it:\n\n{code}")


def trained_on(report: HeadlessReport) -> str:
    """Sentences on which classes were trained, and on what else."""
    base, new = report.json["classes"]["base"], report.json["classes"]["new"]
    method = find_method(report.json["method"])
    if not method.trains:
        return f"{method.title} trains nothing; it was measured on {len(base) + len(new)} classes."
    none, at_hand = report.json["counts"].get("none_of_these", 0), report.json["counts"]["at_hand"]
    also = f" Also on {counted(none, 'picture')} of '{class_names.NONE_OF_THESE}'." if none else ""
    also += f" {counted(at_hand, 'picture')} at hand taught, too." if at_hand else ""
    if not base:
        return f"Trained on the names alone of {len(new)} classes, by {counted(at_hand, 'picture')} at hand."
    if not new:
        return (
            f"Trained on {'both' if len(base) == 2 else f'all {len(base)}'} classes: {class_names.listed(base)}.{also}"
        )
    return f"Trained on {len(base)} of {len(base) + len(new)} classes: {class_names.listed(base)}.{also}"


def _number(read: Callable[[str], Number], fits: Callable[[Number], bool], what: str) -> Callable[[str], Number]:
    """Argument type: what `read` makes of a text, if it fits."""

    def parse(text: str) -> Number:
        with suppress(ValueError):
            if fits(value := read(text)):
                return value
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")

    return parse


def integer(low: int, high: int) -> Callable[[str], int]:
    """Argument type: an integer from `low` to `high`."""
    return _number(int, lambda value: low <= value <= high, f"a whole number from {low} to {high}")


def number(low: float, *, above: bool) -> Callable[[str], float]:
    """Argument type: a number of at least (or, if `above`, more than) `low`, and at most `MAX_RATE`."""
    what = f"a number {'above' if above else 'of at least'} {low:g} and at most {MAX_RATE:,.0f}"
    return _number(float, lambda value: low <= value <= MAX_RATE and not (above and value == low), what)


positive = integer(1, 2**31 - 1)
seed = integer(0, 2**63 - 1)
share = _number(float, lambda found: 0 <= found <= 1, "a number from 0 to 1")
fraction = _number(float, lambda found: 0 < found <= 1, "a number above 0 and at most 1")


def prompt(text: str) -> str:
    """Argument type: a prompt template with "{}" for the class name in each line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all("{}" in line or class_names.DEFINITION in line for line in lines):
        raise argparse.ArgumentTypeError(
            f"{text[: class_names.LONGEST_TEMPLATE]!r} has no {{}} where the class name goes"
        )
    if trouble := class_names.unfit_templates(text):
        raise argparse.ArgumentTypeError(trouble)
    return "\n".join(lines)


def names_arguments(parser: argparse._ActionsContainer) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--classes",
        metavar="a,b,c",
        help="any class names; default: the adapter's own. 'Kohlmeise=great tit' names a class that was not trained "
        "and what the model reads for it",
    )
    which.add_argument("--names", type=Path, metavar="FILE", help=f"a CSV file with the class names; {NAMES_FILE}")


def asked_names(arguments: argparse.Namespace) -> dict[str, str] | None:
    """The class names of `names_arguments`, with what the model reads ("" if not said); None for the adapter's own.

    Raises:
        UsageError: The list of names is empty, or has one twice or an impossible one.
        UserError: The file of names cannot be used.
    """
    if arguments.names is not None:
        return read_names(arguments.names)
    if arguments.classes is None:
        return None
    pairs = split_pairs(arguments.classes)
    if not pairs:
        raise UsageError("Name at least one class to choose from.")
    with usage_errors():
        return _checked(pairs)


def split_pairs(text: str) -> list[tuple[str, str]]:
    """Class names of a list such as "Kohlmeise=great tit,cat" with what the model reads, "" if not said."""
    return [class_names.split_reading(name) for name in class_names.split_names(text)]


def read_names(path: Path) -> dict[str, str]:
    """Read class names and what the model reads from a CSV file with the columns name and reads, else UserError."""
    from mma_desktop.services.formats.text_decoding import read_spreadsheet, table_rows

    text, remark = read_spreadsheet(path)
    if remark:
        note(remark)
    cells = ([" ".join(cell.split()) for cell in row] for _, row in table_rows(path, text, guess_delimiter(text)))
    table = filter(any, cells)
    head = [cell.casefold() for cell in next(table, [])]
    if "name" not in head:
        raise UserError(f"{path} has no column 'name'. Its first line should be: name,reads")
    rows = (dict(zip(head, row, strict=False)) for row in table)
    pairs = [(row["name"], row.get("reads", "")) for row in rows if row.get("name")]
    if not pairs:
        raise UserError(f"{path} names no class.")
    return _checked(pairs)


def _checked(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    names = [name for name, _ in pairs]
    texts = [text or name for name, text in pairs]
    if trouble := class_names.unfit_names(names) or class_names.unfit_names(texts):
        raise UserError(trouble)
    if twice := class_names.duplicate_names(names):
        raise UserError(f"The class name '{twice[0]}' is given twice. Give each class once.")
    if trouble := class_names.same_text(dict(zip(names, texts, strict=True))):
        raise UserError(trouble)
    return dict(pairs)


def method(text: str) -> str:
    try:
        return find_method(text).id
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def shots_argument(parser: argparse._ActionsContainer, default: int = DEFAULT_SHOTS) -> None:
    parser.add_argument(
        "--shots",
        type=positive,
        default=default,
        metavar="N",
        help=f"labelled pictures of each class to train on (default: {default or 'all'})",
    )


def json_argument(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--json", type=output_file, metavar="FILE", help=f"write {what} as JSON; - is standard output")


def device_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where the model runs (default: auto)")


def engine_arguments(parser: argparse.ArgumentParser) -> None:
    device_argument(parser)
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a weights file for the backbone")


def project_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT", help="a project folder (.mma)")


MODEL = "an adapter file, or a project (.mma), whose model in use is taken"


def refuse_given(arguments: argparse.Namespace, *options: str) -> None:
    """Refuse, as a UsageError, options that a project decides itself."""
    for option in options:
        if getattr(arguments, option.removeprefix("--").replace("-", "_")):
            raise UsageError(f"{option} is not for a project, which says this itself. Leave it out.")


def check_adapter(path: Path) -> None:
    """Check that an adapter file is there before importing anything slow to read it, else raise UserError."""
    with suppress(OSError):  # said by `check_adapter_file`
        if path.is_dir():
            raise UserError(f"{path} is a folder, not an adapter file. The adapter comes first, then the pictures.")
    atomic_io.check_adapter_file(path)


@contextmanager
def given_model(given: Path, device: str, weights: Path | None, reporter: Reporter) -> Iterator[Model]:
    """The model of an adapter file or of a project, else UserError; see `on_projects.given_model`."""
    if given_project(given) is None:
        from mma_desktop.services.predicting.model_in_use import Model

        check_adapter(given)
        yield Model(given, weights)
        return
    from mma_desktop.services.batch import on_projects  # imports what trains

    with reporter, on_projects.given_model(given, device, weights, reporter.token) as model:
        reporter.end()
        for text in model.messages:
            note(text)
        yield model


def loaded(model: Model, device: str, reporter: Reporter) -> Ranker:
    """Load a model and its backbone, and say what deviates from the request."""
    from mma_desktop.services.predicting.classifier import load_ranker

    try:
        ranker = load_ranker(model, device, reporter.token)
    finally:
        reporter.end()
    for message in ranker.messages:
        note(message)
    return ranker


def images_at(paths: Sequence[Path], model: Model, *, labelled: bool) -> tuple[list[Path], Path | None]:
    """The paths, with each project replaced by its images, and the weights file, if need be that of such a project.

    With `labelled`, a project stands for all its images, not only for those without a label.
    """
    images, weights = list[Path](), model.weights
    for path in paths:
        folder = given_project(path)
        if folder is None:
            images.append(path)
            continue
        from mma_desktop.engine.checkpoint import read_header
        from mma_desktop.services.batch.on_projects import images_of, opened, weights_for

        with opened(folder) as context:
            images += images_of(context, labelled=labelled)
            if weights is None:
                weights = weights_for(context, read_header(model.adapter).backbone, weights)
    return images, weights
