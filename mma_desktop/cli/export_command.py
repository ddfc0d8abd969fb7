"""The command `mma-desktop export`: everything that the window exports, by the same names."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli import common
from mma_desktop.cli.evaluate import print_report
from mma_desktop.cli.import_labels import FormatIds
from mma_desktop.cli.parser import UsageError, commands_of, usage_errors
from mma_desktop.cli.progress import Reporter, echo, note
from mma_desktop.core.atomic_io import STDOUT, copy_file, is_streamed
from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import full_path
from mma_desktop.core.types import USUAL_LIMIT, TrainRequest
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.project_factory import given_project, project_folder

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

USAGE = "WHAT PROJECT|ADAPTER OUT [--images copy|link|none] [--splits marked|all|none] [--classes a,b,c]"
ABOUT = "write a model, labels and pictures, predictions or a report, like Export in the window"
IMAGES = ("copy", "link", "none")
SPLITS = ("marked", "all", "none")
CHECKED_WITH = 32  # pictures of a project; enough to meet each branch, in a few seconds
_ENGINE = ("device", "weights")
_WHOLE_MODEL = ("classes", "names", "prompt", "pictures", "weights", "overwrite")
_DATA = ("images", "splits", "all", "predictions", "overwrite")
_FOLDERS, _BYTES = ("sorted",), ("model", "onnx", "torch-export", "features")


class _Kinds(FormatIds):
    """What can be exported, in the order of the window."""

    def __iter__(self) -> Iterator[str]:
        for export in EXPORTS:
            yield from super().__iter__() if export.id == "pictures" else export.formats


def _help() -> str:
    """What each kind is, in the words of the window."""
    titles = {export.id: export.title for export in EXPORTS}
    parts = [f"{', '.join(export.formats)}: {export.title}" for export in EXPORTS if export.formats]
    beside = f"{titles['keywords']}: mma-desktop predict PROJECT --xmp"
    return f"%(choices)s. {'; '.join(parts)}; all others: {titles['pictures']}. {beside}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=_Kinds(written=True), metavar="WHAT", help=_help())
    parser.add_argument(
        "source",
        type=Path,
        metavar="PROJECT|ADAPTER",
        help="a project folder (.mma); for onnx and torch-export also an adapter file",
    )
    parser.add_argument(
        "out", type=common.output_any, metavar="OUT", help="the folder or the file to write, or - for standard output"
    )
    data = parser.add_argument_group("labels and pictures")
    data.add_argument("--images", choices=IMAGES, help="copy the pictures, hard-link them, or only list them")
    data.add_argument(
        "--splits",
        choices=SPLITS,
        default=SPLITS[0],
        help="which uses to write: those marked on labels (default), all, divided as for a training, or none",
    )
    data.add_argument("--all", action="store_true", help="include unlabelled pictures; for sorted, labelled ones")
    data.add_argument("--predictions", action="store_true", help="compute the predictions first, and include them")
    whole = parser.add_argument_group("onnx and torch-export")
    common.names_arguments(whole)
    whole.add_argument(
        "--prompt",
        type=common.prompt,
        action="append",
        metavar="TEMPLATE",
        help="prompt template for class names (default: as in the training); repeat it for an ensemble",
    )
    whole.add_argument(
        "--pictures",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="pictures, or folders of pictures, to verify the file with; default: some of the sample project",
    )
    features = parser.add_argument_group("features")
    common.shots_argument(features)
    features.add_argument("--seed", type=common.seed, default=0, help="seed that chooses the shots (default: 0)")
    common.engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    _refuse_other_options(arguments)
    what, out = arguments.what, arguments.out
    if out == STDOUT and what in _FOLDERS:
        raise _no_folder_into_stdout(what)
    if what in _BYTES:
        common.refuse_terminal(out, what)
    if what not in _WRITERS:
        return _write_data(arguments)
    if what not in _FOLDERS:
        common.check_file(out, overwrite=arguments.overwrite)
    write, _ = _WRITERS[what]
    return write(arguments)


def _refuse_other_options(arguments: argparse.Namespace) -> None:
    """Refuse, as a UsageError, an option that says nothing about what is written."""
    is_data = arguments.what not in _WRITERS
    engine = _ENGINE if arguments.predictions else ()
    taken = (*_DATA, *engine) if is_data else _WRITERS[arguments.what][1]
    known = {*_DATA, *_ENGINE, *(option for _, options in _WRITERS.values() for option in options)} - {*taken}
    for action in commands_of(arguments.program)["export"]._actions:
        if action.dest in known and getattr(arguments, action.dest) != action.default:
            without = " without --predictions" if is_data and action.dest in _ENGINE else ""
            able = ", ".join(f"--{option}" for option in taken)
            raise UsageError(f"--{action.dest} does not apply to {arguments.what}{without}. It takes {able}.")


def _no_folder_into_stdout(what: str) -> UsageError:
    return UsageError(f"{what} makes a folder, which cannot be written to standard output.")


def _write_data(arguments: argparse.Namespace) -> int:
    from mma_desktop.services.batch.on_projects import opened
    from mma_desktop.services.formats import exports
    from mma_desktop.services.formats.dataset import Images
    from mma_desktop.services.formats.exporting import Splits, check_images, export
    from mma_desktop.services.formats.registry import FORMATS, find_format

    chosen = find_format(arguments.what)
    if arguments.predictions and not chosen.predictions:
        able = ", ".join(form.id for form in FORMATS if form.predictions)
        raise UsageError(f"{chosen.title} cannot hold predictions; {able} can. Nothing was written.")
    if arguments.all and not chosen.unlabelled:
        raise UsageError(f"{chosen.title} has a label for each picture: leave out --all. Nothing was written.")
    if arguments.overwrite and not chosen.suffix:
        raise UsageError(f"--overwrite does not apply to {chosen.id}, which makes a new folder. Nothing was written.")
    images = Images(arguments.images) if arguments.images else chosen.images[0]
    if arguments.out == STDOUT and not chosen.suffix:
        raise _no_folder_into_stdout(chosen.id)
    with usage_errors():
        check_images(chosen, images)
    if chosen.suffix:
        common.check_file(arguments.out, overwrite=arguments.overwrite)
    reporter = Reporter()
    with opened(arguments.source) as context, reporter:
        if arguments.predictions:
            _predict(context, arguments, reporter)
        written = export(
            context,
            chosen,
            full_path(arguments.out),
            reporter.token,
            images,
            overwrite=arguments.overwrite or (bool(chosen.suffix) and is_streamed(arguments.out)),
            splits=Splits(arguments.splits),
            labelled_only=not arguments.all,
        )
    echo(f"{common.shown_path(written.path)}: {written.sentence}")
    common.show_use(exports.data_code(written.path, chosen.id), written.path)
    return common.DONE


def _predict(context: ProjectContext, arguments: argparse.Namespace, reporter: Reporter) -> None:
    from mma_desktop.services.batch.on_projects import predict_all

    with reporter:
        messages = predict_all(context, arguments.device, arguments.weights, reporter.token)
    for message in messages:
        note(message)


def _project(arguments: argparse.Namespace) -> Path:
    from mma_desktop.store.project_folder import check_is_project

    folder = project_folder(arguments.source)
    check_is_project(folder)
    return folder


def _write_model(arguments: argparse.Namespace) -> int:
    """Write the model that a project predicts with, as `predict PROJECT` finds it."""
    from mma_desktop.services.formats import exports

    out, folder = arguments.out, _project(arguments)
    with common.given_model(folder, arguments.device, arguments.weights, Reporter()) as model:
        copy_file(model.adapter, out)
    which = f"'{model.run}'" if model.run else "that learns while you label"
    echo(f"The model {which} is in {common.shown_path(out)}.")
    common.show_use(exports.adapter_code(out), out)
    return common.DONE


def _write_whole_model(arguments: argparse.Namespace) -> int:
    from mma_desktop.engine.export.runtimes import find_format
    from mma_desktop.services.formats import exports

    form, out = find_format(arguments.what), arguments.out
    form.check_can()
    given = given_project(arguments.source) or arguments.source
    names, reporter = common.asked_names(arguments), Reporter()
    with common.given_model(given, "cpu", arguments.weights, reporter) as model:
        classifier = common.loaded(model, "cpu", reporter)
    images = _some_images(arguments.pictures or [])
    note(f"Writing {form.title} and verifying it with {form.runtime}")
    written = classifier.export(out, form.id, names, prompt="\n".join(arguments.prompt or []), pictures=images)
    about = written.metadata
    size = "" if is_streamed(written.path) else f", {written.path.stat().st_size / 1e6:.1f} MB"
    place = common.shown_path(written.path)
    echo(
        f"The classifier of {len(about['class_names'])} classes is in {place} ({form.title}{size}). "
        f"On {written.pictures} pictures, {about['checked']['runtime']} gives the same probabilities as this program "
        f"to within {written.largest_difference:.1g}."
    )
    common.show_use(exports.model_code(out, form.id, about), out)
    return common.DONE


def _some_images(given: list[Path]) -> list[Path]:
    """A sample of the images in these places, spread evenly."""
    from mma_desktop.media.scan import walk

    if missing := [path for path in given if not os.path.lexists(path)]:
        raise UserError(f"{missing[0]} does not exist. Check its name. Nothing was written.")
    images = [file.path for file in walk(given) if file.problem is None]
    if given and not images:
        raise UserError(f"There are no pictures in {', '.join(map(str, given))}. Nothing was written.")
    return images[:: -(-len(images) // CHECKED_WITH) or 1]


def _write_features(arguments: argparse.Namespace) -> int:
    from mma_desktop.services.batch.on_projects import opened
    from mma_desktop.services.formats import exports
    from mma_desktop.services.formats.exporting import export_features

    reporter = Reporter()
    request = TrainRequest(
        device=arguments.device, weights_file=arguments.weights, shots=arguments.shots, seed=arguments.seed
    )
    with opened(arguments.source) as context, reporter:
        written = export_features(context, arguments.out, request, reporter.token)
    echo(written.sentence)
    common.show_use(exports.features_code(written.path), written.path)
    return common.DONE


def _use_predictions(arguments: argparse.Namespace) -> int:
    from mma_desktop.services.batch.on_projects import opened
    from mma_desktop.services.formats import exporting
    from mma_desktop.services.formats.dataset import Images

    what, out, reporter = arguments.what, arguments.out, Reporter()
    if what == "sorted":
        exporting.check_target(out)
    with opened(arguments.source) as context:
        _predict(context, arguments, reporter)
        if what == "predictions":
            echo(f"The predictions are in {common.shown_path(exporting.predictions(context, out))}.")
        else:
            images = Images(arguments.images or IMAGES[0])
            with reporter:
                written = exporting.sort_project(
                    context, out, images, limit=USUAL_LIMIT, token=reporter.token, labelled=arguments.all
                )
            echo(f"{common.shown_path(written.path)}: {written.sentence}")
    return common.DONE


def _write_report(arguments: argparse.Namespace) -> int:
    from mma_desktop.services.batch.on_projects import evaluate_project, opened

    folder, out, reporter = _project(arguments), arguments.out, Reporter()
    with (
        common.given_model(folder, arguments.device, arguments.weights, reporter) as model,
        opened(folder) as context,
        reporter,
    ):
        report = evaluate_project(
            context,
            model.adapter,
            device=arguments.device,
            weights_file=model.weights,
            token=reporter.token,
            report_file=out,
            own=True,
        )
    print_report(report)
    echo(f"The report is in {common.shown_path(out)}.")
    return common.DONE


# How each export is written, and its options; `_DATA` apply to labels and images, `_ENGINE` with `--predictions`.
_WRITERS: Mapping[str, tuple[Callable[[argparse.Namespace], int], tuple[str, ...]]] = {
    "model": (_write_model, (*_ENGINE, "overwrite")),
    "onnx": (_write_whole_model, _WHOLE_MODEL),
    "torch-export": (_write_whole_model, _WHOLE_MODEL),
    "features": (_write_features, ("shots", "seed", *_ENGINE, "overwrite")),
    "predictions": (_use_predictions, (*_ENGINE, "overwrite")),
    "sorted": (_use_predictions, ("images", "all", *_ENGINE)),
    "report": (_write_report, (*_ENGINE, "overwrite")),
}
