"""The command `mma-desktop predict`: classify pictures with an adapter."""

from __future__ import annotations

import argparse
import os
import shlex
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli import shards
from mma_desktop.cli.common import (
    DONE,
    REFUSED,
    asked_names,
    counted,
    engine_arguments,
    names_arguments,
    positive,
    share,
)
from mma_desktop.cli.progress import Reporter, drive, note, say, say_table
from mma_desktop.core.atomic_io import check_adapter_file, is_streamed, output_path
from mma_desktop.core.class_names import ClassNames
from mma_desktop.core.confidence_histogram import NONE_OF_THESE, USUAL_LIMIT
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, left_out_sentence
from mma_desktop.core.safe_csv import open_table, write_rows
from mma_desktop.core.types import LeftOut, Prediction

if TYPE_CHECKING:
    from mma_desktop.media.scan import Found

USAGE = "ADAPTER PATH... [--out FILE | --out FOLDER] [--sort-into FOLDER] [--xmp]"
ABOUT = "classify pictures with an adapter"
CSV_HEADER = ("file_name", "prediction", "confidence", "zero_shot", "zero_shot_confidence", "problem")
PLACES_SHOWN = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("adapter", type=Path, metavar="ADAPTER")
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help=shards.PATHS)
    names_arguments(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="a CSV file in UTF-8 (file names that are not valid Unicode keep their bytes), or a folder; "
        "default: standard output",
    )
    parser.add_argument(
        "--reject",
        type=share,
        metavar="X",
        help=f"predict '{NONE_OF_THESE}' below this confidence (0 to 1); default: the adapter's own threshold",
    )
    parser.add_argument("--top-k", type=positive, metavar="N", help="classes per picture in a folder (default: 5)")
    engine_arguments(parser)
    use = parser.add_argument_group("using the predictions")
    use.add_argument(
        "--sort-into",
        type=Path,
        metavar="FOLDER",
        help="sort the pictures into one folder per class, and into 'Unsure' and 'None of these'; nothing is "
        "overwritten, and 'mma-desktop undo-sort FOLDER' undoes it",
    )
    use.add_argument(
        "--sort-by", choices=("copy", "link", "move"), help="copy (default), hard link or move the pictures"
    )
    use.add_argument(
        "--xmp", action="store_true", help="write the class as a keyword into an XMP side-car beside each picture"
    )
    use.add_argument(
        "--min-confidence",
        type=share,
        metavar="X",
        help=f"below this confidence (0 to 1; default: {USUAL_LIMIT}) a picture is sorted as 'Unsure' and gets no "
        "keyword",
    )
    shards.add_predict_arguments(parser)


def _is_used(arguments: argparse.Namespace) -> bool:
    """Whether the predictions are to be used for more than a table; fails fast on what cannot be.

    Raises:
        UserError: Options do not fit together, or nothing can be sorted into the folder.
    """
    if not arguments.xmp and arguments.sort_into is None:
        if arguments.sort_by is not None or arguments.min_confidence is not None:
            raise UserError("--sort-by and --min-confidence need --sort-into or --xmp.")
        return False
    if shards.into_folder(arguments):
        raise UserError("--sort-into and --xmp cannot be combined with shards: give a CSV file as --out, or none.")
    if arguments.sort_into is not None:
        from mma_desktop.services.predicting.sorting import check_target

        check_target(arguments.sort_into)
    elif arguments.sort_by is not None:
        raise UserError("--sort-by needs --sort-into.")
    return True


def run(arguments: argparse.Namespace) -> int:
    """Classify pictures with an adapter."""
    check_adapter_file(arguments.adapter)
    names = asked_names(arguments)
    is_used = _is_used(arguments)
    if shards.into_folder(arguments):
        return shards.predict(arguments, names)
    from mma_desktop.services.predicting.classifier import load_classifier

    reporter = Reporter()
    try:
        classifier = load_classifier(arguments.adapter, arguments.device, arguments.weights, reporter.show_bytes)
    finally:
        reporter.end()
    for message in classifier.messages:
        note(message)
    counts = {"read": 0, "problems": 0}
    kept: list[Prediction] = []

    def each() -> Iterable[Prediction]:
        files = _files(arguments.paths)
        classify = partial(classifier.predict_each, reject=arguments.reject)
        try:
            for one in _found_predictions(classify, files, names, arguments.top_k or 1):
                counts["problems" if one.problem else "read"] += 1
                reporter.show_count("Classifying", counts["read"] + counts["problems"], len(files))
                if is_used and not one.problem:
                    kept.append(replace(one, ranked=one.ranked[:1], zero_shot=()))
                yield one
        finally:
            reporter.end()

    if arguments.out is None and is_used:
        deque(each(), maxlen=0)
        if counts["problems"]:
            note(f"{counted(counts['problems'], 'file')} could not be used; --out FILE lists them.")
    elif arguments.out is None:
        say_table(_prediction_rows(each()))
    else:
        with output_path(arguments.out) as temporary, open_table(temporary) as handle:
            write_rows(handle, _prediction_rows(each()))
        read = counted(counts["read"], "picture")
        tell = note if is_streamed(arguments.out) else say
        tell(f"{read} classified, {counts['problems']} with a problem. See {arguments.out}.")
    if not counts["read"]:
        raise UserError(_nothing_read(arguments.paths, counts["problems"], arguments.out))
    return _use(arguments, kept, list(names or classifier.classes), reporter) if is_used else DONE


def _files(paths: Sequence[Path]) -> list[Found]:
    """The pictures at these paths; says what else was left out."""
    from mma_desktop.media.scan import walk

    left_out: Counter[LeftOut] = Counter()
    files = list(walk(paths, left_out=left_out))
    if sentence := left_out_sentence(left_out):
        note(sentence)
    return files


def _use(
    arguments: argparse.Namespace, predictions: Sequence[Prediction], names: Sequence[str], reporter: Reporter
) -> int:
    """Write keywords and sort, as asked."""
    limit = USUAL_LIMIT if arguments.min_confidence is None else arguments.min_confidence
    troubles = []
    if arguments.xmp:  # first, since side-cars go along with their pictures
        troubles.append(_write_keywords(predictions, limit, reporter))
    if arguments.sort_into is not None and not any(troubles):
        way = arguments.sort_by or "copy"
        troubles.append(_sort(arguments.sort_into, way, predictions, names, limit, reporter))
    return REFUSED if any(troubles) else DONE


def _write_keywords(predictions: Sequence[Prediction], limit: float, reporter: Reporter) -> str:
    """Returns why it ended early, if it did."""
    from mma_desktop.services.predicting.sidecars import write_keywords

    sure = [
        (Path(one.source), one.ranked[0].class_name)
        for one in predictions
        if not one.rejected and one.ranked[0].confidence >= limit
    ]
    report = drive(write_keywords(sure, len(sure), CancelToken()), reporter)
    say(report.sentence())
    return report.trouble


def _sort(
    out: Path, way: str, predictions: Sequence[Prediction], names: Sequence[str], limit: float, reporter: Reporter
) -> str:
    """Returns why it ended early, if it did."""
    from mma_desktop.services.predicting.sorting import Folders, Item, Way, can_undo, sort_files

    folders = Folders.of(names)
    items = (
        Item(
            Path(one.source),
            folders.choose(one.ranked[0].class_name, one.ranked[0].confidence, limit, rejected=one.rejected),
        )
        for one in predictions
    )
    how = f"To undo it: mma-desktop undo-sort {shlex.quote(str(out))}"
    try:
        report = drive(sort_files(items, len(predictions), folders, out, Way(way), CancelToken()), reporter)
    except (KeyboardInterrupt, SystemExit):
        if can_undo(out):
            note(how)
        raise
    say(report.sentence())
    if report.journal is not None:
        say(how)
    return report.trouble


def _nothing_read(given: Sequence[Path], problems: int, out: Path | None) -> str:
    places = ", ".join(str(path) for path in given[:PLACES_SHOWN])
    if len(given) > PLACES_SHOWN:
        places += f" and {len(given) - PLACES_SHOWN} more"
    if not problems:
        return f"There are no pictures in {places}."
    return f"No picture could be read in {places} ({counted(problems, 'problem')}, see {out or 'above'})."


def _found_predictions(
    classify: Callable[..., Iterable[Prediction]], files: Iterable[Found], names: ClassNames | None, top_k: int
) -> Iterable[Prediction]:
    """Predictions for everything a walk found, in its order, including files with problems."""
    from mma_desktop.media.error_messages import told

    problems: deque[Prediction | None] = deque()  # None marks a picture whose prediction comes later

    def pictures() -> Iterable[Path]:
        for found in files:
            if found.problem is None:
                problems.append(None)
                yield found.path
            else:
                problems.append(Prediction(str(found.path), problem=told(found.reason)))

    for one in classify(pictures(), names, top_k):
        while (problem := problems.popleft()) is not None:
            yield problem
        yield one
    yield from (problem for problem in problems if problem is not None)


def _prediction_rows(found: Iterable[Prediction]) -> Iterable[Sequence[str]]:
    yield CSV_HEADER
    yield from map(_prediction_cells, found)


def _prediction_cells(one: Prediction) -> list[str]:
    cells = [one.source]
    for ranked, rejected in ((one.ranked, one.rejected), (one.zero_shot, False)):
        answer = NONE_OF_THESE if rejected else ranked[0].class_name if ranked else ""
        cells += [answer, f"{ranked[0].confidence:.4f}" if ranked else ""]
    name = os.fsencode(Path(one.source).name).decode("utf-8", "replace")  # written the way the problem text starts
    return [*cells, one.problem.removeprefix(f"{name}: ")]
