"""The command `mma-desktop export`: everything that the window exports of a project, by the same names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from mma_desktop.cli import evaluate, export_features, export_model
from mma_desktop.cli.common import DEVICES, DONE, engine_arguments, project_argument, show_use
from mma_desktop.cli.import_labels import FormatIds
from mma_desktop.cli.outputs import check_file, output_any, told
from mma_desktop.cli.parser import UsageError, usage_errors
from mma_desktop.cli.progress import Reporter, drive, note, say
from mma_desktop.cli.projects import opened_project, project_model
from mma_desktop.core.atomic_io import STDOUT, copy_file, is_streamed
from mma_desktop.core.paths import full_path
from mma_desktop.core.types import USUAL_LIMIT, TrainRequest
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.project_factory import project_folder

USAGE = "PROJECT TARGET --format ID [--images copy|link|none] [--splits marked|all|none]"
ABOUT = "write a project's model, labels and pictures, predictions or a report, as the window's Export does"
IMAGES = ("copy", "link", "none")
SPLITS = ("marked", "all", "none")
_NO_DATA = tuple(form for one in EXPORTS for form in one.formats)
_BY_PREDICTION = ("predictions", "sorted")


def _help() -> str:
    """What each format is, in the words of the window."""
    parts = [f"{', '.join(one.formats)}: {one.title}" for one in EXPORTS if one.formats]
    data = next(one.title for one in EXPORTS if one.id == "pictures")
    return f"%(choices)s. {'; '.join(parts)}; all others: {data}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    project_argument(parser)
    parser.add_argument(
        "target",
        type=output_any,
        metavar="TARGET",
        help="the folder or the file to write, or - for standard output",
    )
    parser.add_argument(
        "--format",
        choices=FormatIds(*_NO_DATA, written=True),
        required=True,
        metavar="ID",
        help=_help(),
    )
    parser.add_argument("--images", choices=IMAGES, help="copy the pictures, hard-link them, or only list them")
    parser.add_argument(
        "--splits",
        choices=SPLITS,
        default=SPLITS[0],
        help="which uses to write: those marked on labels (default), all as a training would divide them, or none",
    )
    parser.add_argument("--all", action="store_true", help="include images without a label")
    parser.add_argument("--predictions", action="store_true", help="compute the predictions first, and include them")
    engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write a project in another tool's format, or its model."""
    if arguments.format in _NO_DATA:
        _refuse_data_options(arguments)
        return _OTHERS[arguments.format](arguments)
    if not arguments.predictions:
        for option, is_given in (("--device", arguments.device != DEVICES[0]), ("--weights", arguments.weights)):
            if is_given:
                raise UsageError(f"{option} needs --predictions or --format model.")
    from mma_desktop.services.formats import python_snippets
    from mma_desktop.services.formats.dataset import Images
    from mma_desktop.services.formats.exporting import Splits, check_images, export
    from mma_desktop.services.formats.registry import FORMATS, find_format

    chosen = find_format(arguments.format)
    if arguments.predictions and not chosen.predictions:
        able = ", ".join(one.id for one in FORMATS if one.predictions)
        raise UsageError(f"{chosen.title} cannot hold predictions; {able} can. Nothing was written.")
    images = Images(arguments.images) if arguments.images else chosen.images[0]
    if arguments.target == STDOUT and not chosen.suffix:
        raise UsageError(f"--format {chosen.id} makes a folder, which cannot be written to standard output.")
    with usage_errors():
        check_images(chosen, images)
    if chosen.suffix:
        check_file(arguments.target, overwrite=arguments.overwrite)
    reporter = Reporter()
    token = reporter.token
    with opened_project(arguments.project) as context:
        if arguments.predictions:
            _predict(context, arguments, reporter)
        steps = export(
            context,
            chosen,
            full_path(arguments.target),
            token,
            images,
            overwrite=arguments.overwrite or (bool(chosen.suffix) and is_streamed(arguments.target)),
            splits=Splits(arguments.splits),
            labelled_only=not arguments.all,
        )
        written = drive(steps, reporter)
    say(f"{told(written.path)}: {written.sentence}")
    show_use(python_snippets.of_data(written.path, chosen.id), written.path)
    return DONE


def _predict(context: ProjectContext, arguments: argparse.Namespace, reporter: Reporter) -> None:
    """Make the predictions of an open project."""
    from mma_desktop.services.images import embedding
    from mma_desktop.services.predicting import model_in_use, prediction

    for message in model_in_use.prepare(context, reporter.token, None, arguments.device, arguments.weights):
        note(message)
    drive(embedding.embed(context, reporter.token), reporter)
    prediction.score(context, reporter.token)


def _refuse_data_options(arguments: argparse.Namespace) -> None:
    """Refuse options that say nothing about this format."""
    taken = ("images", "all") if arguments.format == "sorted" else ()
    for option in ("images", "all", "predictions"):
        if getattr(arguments, option) and option not in taken:
            raise UsageError(f"--{option} is about pictures and labels. Leave it out with --format {arguments.format}.")
    if arguments.splits != SPLITS[0]:
        raise UsageError(f"--splits is about pictures and labels. Leave it out with --format {arguments.format}.")


def _write_model(arguments: argparse.Namespace) -> int:
    """Write the model that a project predicts with, as `predict PROJECT` finds it."""
    from mma_desktop.services.formats import python_snippets

    out: Path = arguments.target
    if out == STDOUT and sys.stdout.isatty():
        raise UsageError("A model is not text: name a file, or send standard output into one.")
    check_file(out, overwrite=arguments.overwrite)
    folder, reporter = project_folder(arguments.project), Reporter()
    with project_model(folder, arguments.device, arguments.weights, reporter) as model:
        copy_file(model.adapter, out)
    which = f"'{model.run}'" if model.run else "that learns while you label"
    say(f"The model {which} is in {told(out)}.")
    show_use(python_snippets.of_adapter(out), out)
    return DONE


def _use_predictions(arguments: argparse.Namespace) -> int:
    """Write a project's predictions as a table, or its pictures as sorted folders."""
    from mma_desktop.services.formats import exporting, sorting
    from mma_desktop.services.formats.dataset import Images

    out, reporter = arguments.target, Reporter()
    if arguments.format == "sorted":
        sorting.check_target(out)
    else:
        check_file(out, overwrite=arguments.overwrite)
    images = Images(arguments.images or IMAGES[0])
    with opened_project(arguments.project) as context:
        _predict(context, arguments, reporter)
        if arguments.format == "predictions":
            say(f"The predictions are in {told(exporting.predictions(context, out))}.")
        else:
            how = (USUAL_LIMIT, reporter.token)
            written = drive(sorting.sort_project(context, out, images, *how, labelled=arguments.all), reporter)
            say(f"{told(written.path)}: {written.sentence}")
    return DONE


def _by_command(command: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    """Write what another command writes of a project, with its defaults."""
    request = TrainRequest()
    given = {
        **{"project": arguments.project, "adapter": arguments.project, "images": project_folder(arguments.project)},
        **{"out": arguments.target, "report": arguments.target, "json": None, "column": None, "base_folder": None},
        **{"classes": None, "names": None, "prompt": None, "pictures": []},
        **{"shots": request.shots, "seed": request.seed},
        **{name: getattr(arguments, name) for name in ("device", "weights", "overwrite")},
    }
    form = arguments.format if command is export_model.run else None
    return command(argparse.Namespace(**given, format=form))


_OTHERS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "model": _write_model,
    "onnx": partial(_by_command, export_model.run),
    "torch-export": partial(_by_command, export_model.run),
    "features": partial(_by_command, export_features.run),
    **dict.fromkeys(_BY_PREDICTION, _use_predictions),
    "report": partial(_by_command, evaluate.run),
}
