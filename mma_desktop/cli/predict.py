"""The command `mma-desktop predict`: classify images with an adapter."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from mma_desktop.cli import common, shards
from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, complain, counted, echo, echo_table, note
from mma_desktop.core.atomic_io import STDOUT, is_streamed, output_path
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import left_out_sentence
from mma_desktop.core.i18n import shortened
from mma_desktop.core.inputs import keep_unwritten
from mma_desktop.core.paths import temporary_folder
from mma_desktop.core.safe_csv import open_table, unambiguous_path, write_rows
from mma_desktop.core.types import USUAL_LIMIT, LeftOut, Prediction, Ranked
from mma_desktop.services.project_factory import given_project

if TYPE_CHECKING:
    from mma_desktop.media.scan import Found
    from mma_desktop.services.predicting.classifier import Ranker
    from mma_desktop.services.predicting.model_in_use import Model

USAGE = "ADAPTER PATH...|- | PROJECT.mma [PATH...] [--out FILE | --out FOLDER] [--sort-into FOLDER] [--xmp]"
ABOUT = "classify pictures with an adapter, or with the model of a project"
CSV_HEADER = ("file_name", "prediction", "confidence", "zero_shot", "zero_shot_confidence", "problem")
PLACES_SHOWN = 3  # of what was given, in one sentence
UNREAD_SHOWN = 20  # about a screen
OF_PROJECT = "a project means its unlabelled pictures"
FROM_STDIN = "- means the paths on standard input, one per line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapter", type=Path, metavar="ADAPTER", help=common.MODEL)
    parser.add_argument(
        "paths", type=common.input_path, nargs="*", metavar="PATH", help=f"{shards.PATHS}; {OF_PROJECT}; {FROM_STDIN}"
    )
    parser.add_argument(
        "-0",
        "--null",
        action="store_true",
        help="paths on standard input end with NUL bytes, as from 'find -print0'",
    )
    parser.add_argument("--all", action="store_true", help="also predict the labelled pictures of a project")
    common.names_arguments(parser)
    parser.add_argument(
        "--out",
        type=common.output_any,
        metavar="FILE",
        help="a CSV file in UTF-8 (file names that are not valid Unicode keep their bytes), or a folder; "
        "default: standard output",
    )
    common.json_argument(parser, "the predictions")
    parser.add_argument(
        "--none-share",
        type=common.share,
        metavar="X",
        help="expected share (0 to 1) of pictures that show none of the trained classes; with 0, none is "
        f"'{NONE_OF_THESE}'; default: estimated from 100 pictures on, otherwise that of the training",
    )
    parser.add_argument(
        "--top-k", type=common.positive, metavar="N", help="classes per picture, for shards and JSON (default: 5)"
    )
    common.engine_arguments(parser)
    use = parser.add_argument_group("using the predictions")
    use.add_argument(
        "--sort-into",
        type=common.output_folder,
        metavar="FOLDER",
        help="make a new folder with copies of the pictures, in one folder per class and in 'Unsure' and "
        "'None of these'; pictures stay where they are and are never changed",
    )
    use.add_argument("--sort-by", choices=("copy", "link"), help="copy the pictures (default), or make hard links")
    use.add_argument(
        "--xmp", action="store_true", help="write the class of each picture as a keyword into an XMP side-car beside it"
    )
    use.add_argument(
        "--min-confidence",
        type=common.share,
        metavar="X",
        help=f"pictures below this confidence (0 to 1; default: {USUAL_LIMIT}) are sorted as 'Unsure' and get no "
        "keyword",
    )
    shards.add_predict_arguments(parser)


def _is_used(arguments: argparse.Namespace) -> bool:
    """Whether the predictions are to be used for more than a table. Raises UserError early for what cannot be."""
    if not arguments.xmp and arguments.sort_into is None:
        if arguments.sort_by is not None or arguments.min_confidence is not None:
            raise UsageError("--sort-by and --min-confidence need --sort-into or --xmp.")
        return False
    if shards.into_folder(arguments):
        raise UsageError("--sort-into and --xmp cannot be combined with shards: give a CSV file as --out, or none.")
    if arguments.sort_into is not None:
        from mma_desktop.services.formats.exporting import check_target

        check_target(arguments.sort_into)
    elif arguments.sort_by is not None:
        raise UsageError("--sort-by needs --sort-into.")
    return True


def run(arguments: argparse.Namespace) -> int:
    """Classify images with an adapter, or with a project's model; 1 if a path on the command line cannot be read."""
    of_project = [path for path in (arguments.adapter, *arguments.paths) if given_project(path) is not None]
    if not arguments.paths and not of_project:
        raise UsageError("the following arguments are required: PATH")
    if arguments.all and not of_project:
        raise UsageError("--all is for a project: files and folders are predicted as a whole.")
    names = common.asked_names(arguments)
    is_used = _is_used(arguments)
    if shards.into_folder(arguments):
        if of_project:
            raise UserError(
                "Shards take an adapter file, and folders or lists of pictures. Export what is in the project first: "
                "'mma-desktop export model PROJECT OUT.safetensors' writes its model, and 'mma-desktop export csv "
                "PROJECT pictures.csv --all' a list."
            )
        # Before torch is imported, which takes seconds.
        common.check_adapter(arguments.adapter)
        return shards.predict(arguments, names)
    if arguments.out is not None:
        common.check_file(arguments.out, overwrite=arguments.overwrite)
    listed_paths = common.given_paths(arguments.paths, zeros=arguments.null)
    reporter = Reporter()
    with common.given_model(arguments.adapter, arguments.device, arguments.weights, reporter) as model:
        paths = [model.project] if model.project is not None and not arguments.paths else listed_paths
        images, weights = common.images_at(paths, model, labelled=arguments.all)
        return _predict(arguments, replace(model, weights=weights), images, names, reporter, is_used)


def _predict(
    arguments: argparse.Namespace,
    model: Model,
    paths: Sequence[Path],
    names: dict[str, str] | None,
    reporter: Reporter,
    is_used: bool,
) -> int:
    named = frozenset(os.fspath(path) for path in arguments.paths if path != common.STDIN)
    classifier = common.loaded(model, arguments.device, reporter)
    _note_readings(classifier, names)
    top_k = arguments.top_k or (shards.TOP_K if arguments.json is not None else 1)
    counts = Counter[str]()
    kept: list[Prediction] = []
    unread: list[Prediction] = []

    def each() -> Iterable[Prediction]:
        files = _files(paths)
        try:
            for prediction in classifier.predict_each(files, names, top_k, none_share=arguments.none_share):
                counts["problems" if prediction.problem else "read"] += 1
                reporter.show_count("Classifying", counts["read"] + counts["problems"], len(files))
                if prediction.problem and prediction.source in named:
                    unread.append(prediction)
                yield prediction
        finally:
            reporter.end()

    def noted(predictions: Iterable[Prediction]) -> Iterable[Prediction]:
        for prediction in predictions:
            counts["none"] += prediction.rejected
            counts["by text"] += prediction.by_text and not prediction.rejected
            # Without a background, the backbone has no margin for names that were not trained.
            counts["kept"] += prediction.by_text and prediction.margin is None
            if is_used and not prediction.problem:
                # Only the best class is used below; all of them would take gigabytes for a million pictures.
                kept.append(replace(prediction, ranked=prediction.ranked[:1], zero_shot=()))
            yield prediction

    predictions = each() if arguments.none_share is not None else _with_estimated_threshold(classifier, each())
    written = _write(arguments, noted(predictions), is_used=is_used)
    _complain_of(unread)
    if arguments.out is not None and arguments.out != STDOUT:
        read = counted(counts["read"], "picture")
        echo_or_note = note if is_streamed(arguments.out) else echo
        none = f", {counts['none']} of them '{NONE_OF_THESE}'" if counts["none"] else ""
        by_text = f", {counts['by text']} by a name's text alone" if counts["by text"] else ""
        by_text += ", which this backbone never refuses" if counts["kept"] else ""
        echo_or_note(f"{read} classified{none}{by_text}, {counts['problems']} with a problem. See {arguments.out}.")
    elif not written and counts["problems"] > len(unread):
        complain(f"{counted(counts['problems'], 'file')} could not be used; --out FILE lists them.")
    if not counts["read"]:
        raise UserError(_nothing_read(paths, counts["problems"], arguments.out or arguments.json))
    code = _use_predictions(arguments, kept, list(names or classifier.classes), reporter) if is_used else common.DONE
    return common.REFUSED if unread else code


def _note_readings(classifier: Ranker, names: dict[str, str] | None) -> None:
    from mma_desktop.services.batch.labelled_images import READS, read_as_notes

    doubtful = classifier.read_in_doubt(names)
    for sentence in [*read_as_notes(classifier.read_as(names), doubtful), *([READS] if doubtful else [])]:
        note(sentence)


def _with_estimated_threshold(classifier: Ranker, predictions: Iterable[Prediction]) -> Iterable[Prediction]:
    """Predictions that are None of these by how all of them score, which are kept in a file."""
    evidence: list[tuple[float, float]] = []
    with tempfile.TemporaryFile("w+", encoding="ascii", dir=temporary_folder()) as spool:
        for prediction in predictions:
            values = {field.name: getattr(prediction, field.name) for field in fields(prediction)}
            spool.write(f"{json.dumps(values, default=astuple)}\n")
            evidence.append(classifier.evidence(prediction))
        spool.seek(0)
        yield from classifier.decided(map(_read_again, spool), classifier.none_thresholds(evidence))


def _read_again(line: str) -> Prediction:
    values = json.loads(line)
    for name in ("ranked", "zero_shot"):
        values[name] = tuple(Ranked(*ranked) for ranked in values[name])
    return Prediction(**values)


def _complain_of(unread: Sequence[Prediction]) -> None:
    """Say why paths that were named could not be read."""
    for prediction in unread[:UNREAD_SHOWN]:
        complain(f"{prediction.source}: {_problem(prediction)}")
    if len(unread) > UNREAD_SHOWN:
        complain(f"and {counted(len(unread) - UNREAD_SHOWN, 'more path')} that could not be read.")


def _write(arguments: argparse.Namespace, predictions: Iterable[Prediction], *, is_used: bool) -> bool:
    """Go through the predictions, and write what was asked for; False if that is nothing."""
    table: Path | None = arguments.out
    if table is None and arguments.json is None and not is_used:
        table = STDOUT
    with ExitStack() as opened:
        if arguments.json is not None:
            temporary = opened.enter_context(output_path(arguments.json))
            handle = opened.enter_context(temporary.open("w", encoding="utf-8", errors=common.JSON_ERRORS))
            predictions = _also_json(predictions, handle)
        if table is None:
            deque(predictions, maxlen=0)
        elif table == STDOUT:
            echo_table(_prediction_rows(predictions))
        else:
            temporary = opened.enter_context(output_path(table))
            write_rows(opened.enter_context(open_table(temporary)), _prediction_rows(predictions))
    return table is not None or arguments.json is not None


def _files(paths: Sequence[Path]) -> list[Found]:
    """The images at these paths; says what else was left out."""
    from mma_desktop.media.scan import walk

    left_out: Counter[LeftOut] = Counter()
    files = list(walk(paths, left_out=left_out))
    if sentence := left_out_sentence(left_out):
        note(sentence)
    keep_unwritten(lambda: (found.file for found in files))
    return files


def _use_predictions(
    arguments: argparse.Namespace, predictions: Sequence[Prediction], names: Sequence[str], reporter: Reporter
) -> int:
    """Write keywords and sort, as asked; refused if writing ended early, or no keyword could be written."""
    from mma_desktop.services.formats.dataset import ImageEntry, Images
    from mma_desktop.services.formats.exporting import none_and_unsure, sort_files
    from mma_desktop.services.formats.kinds.xmp_keywords import write_keywords

    limit = USUAL_LIMIT if arguments.min_confidence is None else arguments.min_confidence
    none, unsure = none_and_unsure(names)

    def answer(prediction: Prediction) -> str:
        best = prediction.ranked[0]
        return none if prediction.rejected else best.class_name if best.confidence >= limit else unsure

    answers = [(Path(prediction.source), answer(prediction)) for prediction in predictions]
    if arguments.xmp:
        sure = [(path, name) for path, name in answers if name not in (none, unsure)]
        with reporter:
            report = write_keywords(sure, len(sure), reporter.token)
        echo(report.sentence())
        if report.failed:
            return common.REFUSED
    if (out := arguments.sort_into) is not None:
        images = Images(arguments.sort_by or Images.COPY)
        with reporter:
            written = sort_files(
                lambda: (ImageEntry(*pair) for pair in answers),
                total=len(answers),
                classes=names,
                out=out,
                images=images,
                token=reporter.token,
            )
        echo(f"{written.path}: {written.sentence}")
    return common.DONE


def _nothing_read(given: Sequence[Path], problems: int, out: Path | None) -> str:
    places = shortened(list(map(str, given)), PLACES_SHOWN)
    if not problems:
        return f"There are no pictures in {places}."
    where = "above" if out is None or out == STDOUT else out
    return f"No picture could be read in {places} ({counted(problems, 'problem')}, see {where})."


def _prediction_rows(predictions: Iterable[Prediction]) -> Iterable[Sequence[str]]:
    yield CSV_HEADER
    for prediction in predictions:
        cells = [unambiguous_path(prediction.source)]
        before = prediction.zero_shot[0].class_name if prediction.zero_shot else ""
        for answer, ranked in ((prediction.answer, prediction.ranked), (before, prediction.zero_shot)):
            cells += [answer, f"{ranked[0].confidence:.4f}" if ranked else ""]
        yield [*cells, _problem(prediction)]


def _also_json(predictions: Iterable[Prediction], handle: TextIO) -> Iterable[Prediction]:
    """Write each prediction as JSON as it passes, one a line."""
    before = "["
    for prediction in predictions:
        handle.write(f"{before}\n{json.dumps(_as_json(prediction), ensure_ascii=False)}")
        before = ","
        yield prediction
    handle.write("[]\n" if before == "[" else "\n]\n")


def _as_json(prediction: Prediction) -> dict[str, object]:
    best, before = next(iter(prediction.ranked), None), next(iter(prediction.zero_shot), None)
    return {
        "file_name": prediction.source,
        "prediction": prediction.answer or None,
        "confidence": None if best is None else best.confidence,
        "zero_shot": None if before is None else before.class_name,
        "zero_shot_confidence": None if before is None else before.confidence,
        "by_text": prediction.by_text,
        "problem": _problem(prediction) or None,
        "classes": [{"name": ranked.class_name, "confidence": ranked.confidence} for ranked in prediction.ranked],
    }


def _problem(prediction: Prediction) -> str:
    # Written the way the problem text starts.
    name = os.fsencode(Path(prediction.source).name).decode("utf-8", "replace")
    return prediction.problem.removeprefix(f"{name}: ")
