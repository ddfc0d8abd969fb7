"""The command line: the same session layer as the window, without a screen.

Exit codes: 0 done, 1 refused with a sentence on standard error or, of a check, something lacks or is wrong, 2 usage,
130 interrupted, 128 and the number of another signal that told it to end.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mma_desktop.cli import backups, benchmark, check, doctor, export, interchange
from mma_desktop.cli import predict as cli_predict
from mma_desktop.cli.progress import (
    Parser,
    Reporter,
    aligned,
    drive,
    ending,
    epochs_line,
    give_up,
    kept_line,
    note,
    say,
    say_table,
    table,
    tell_safely,
)
from mma_desktop.core import paths
from mma_desktop.core.atomic_io import (
    check_adapter_file,
    check_writable,
    is_streamed,
    output_path,
    unfinished,
    unreadable,
)
from mma_desktop.core.class_names import DEFAULT_PROMPT, DEFINITION, LONGEST_TEMPLATE, split_names, unfit_templates
from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.safe_csv import open_table, write_rows
from mma_desktop.core.types import (
    DEFAULT_METHOD,
    DEFAULT_SHOTS,
    MAX_RATE,
    STARTER_ID,
    Prediction,
    Recipe,
    TrainRequest,
)
from mma_desktop.engine.methods.method_table import find_method

if TYPE_CHECKING:
    from mma_desktop.media.scan import Found
    from mma_desktop.services.batch.headless import HeadlessReport

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
CLASSES_SHOWN = 6
PLACES_SHOWN = 3
DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
CSV_HEADER = ("file_name", "prediction", "confidence", "zero_shot", "zero_shot_confidence", "problem")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _write_json(path: Path, data: Any) -> None:
    with output_path(path) as temporary:
        # A path need not be valid Unicode.
        temporary.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8", "replace")


# ------------------------------------------------------------------------------ commands


def train(arguments: argparse.Namespace) -> int:
    """Train an adapter on a folder of class folders."""
    from mma_desktop.services.batch.headless import train_folder

    request = TrainRequest(
        method=arguments.method,
        options=dict(arguments.option),
        backbone=arguments.backbone,
        weights_file=arguments.weights,
        device=arguments.device,
        shots=arguments.shots,
        seed=arguments.seed,
        recipe=_recipe(arguments),
    )
    base = split_names(arguments.base) if arguments.base is not None else None
    prompt = "\n".join(arguments.prompt or [])
    reporter = Reporter()
    token = CancelToken(reporter.show)
    steps = train_folder(arguments.images, arguments.out, request, token, base, arguments.base_fraction, prompt)
    report = drive(steps, reporter)
    if (last := reporter.last_epoch) is not None:
        note(f"{epochs_line(last)}, {report.json['seconds']['train']:.1f} s")
    for text in report.notes:
        note(text)
    say(table(report.evaluation))
    say("\n" + _trained_on(report))
    if report.json["classes"]["new"] and find_method(request.method).trains:
        used = "used to measure new accuracy" if report.evaluation.adapted.new is not None else "not trained"
        say(f"The others were {used}; for a classifier of all of them use --base-fraction 1.")
    say(f"The adapter is in {arguments.out}.")
    if arguments.json is not None:
        _write_json(arguments.json, report.json)
    return DONE


def _trained_on(report: HeadlessReport) -> str:
    """Which of the classes were trained."""
    base, new = report.json["classes"]["base"], report.json["classes"]["new"]
    method = find_method(report.json["method"])
    if not method.trains:
        return f"{method.title} trains nothing; it was measured on {len(base) + len(new)} classes."
    names = ", ".join(base[:CLASSES_SHOWN])
    if len(base) > CLASSES_SHOWN:
        names += f" and {len(base) - CLASSES_SHOWN} more"
    return f"Trained on {len(base)} of {len(base) + len(new)} classes: {names}."


def evaluate(arguments: argparse.Namespace) -> int:
    """Measure an adapter on a folder of class folders."""
    check_adapter_file(arguments.adapter)
    from mma_desktop.services.batch.headless import evaluate_folder

    reporter = Reporter()
    token = CancelToken(reporter.show)
    steps = evaluate_folder(arguments.adapter, arguments.images, arguments.device, arguments.weights, token)
    report = drive(steps, reporter)
    for text in report.notes:
        note(text)
    say(table(report.evaluation))
    if report.kept is not None:
        say(kept_line(report.kept))
    if arguments.json is not None:
        _write_json(arguments.json, report.json)
    return DONE


def predict(arguments: argparse.Namespace) -> int:
    """Classify pictures with an adapter."""
    if cli_predict.into_folder(arguments):
        return cli_predict.predict(arguments)
    names = cli_predict.asked_names(arguments)
    from mma_desktop.services.predicting.classifier import load_classifier

    reporter = Reporter()
    try:
        classifier = load_classifier(arguments.adapter, arguments.device, arguments.weights, reporter.show_bytes)
    finally:
        reporter.end()
    for message in classifier.messages:
        note(message)
    counts = {"read": 0, "problems": 0}

    def counted() -> Iterable[Prediction]:
        from mma_desktop.media.scan import walk

        files = list(walk(arguments.paths))
        classify = partial(classifier.predict_each, reject=arguments.reject)
        try:
            for one in _found_predictions(classify, files, names, arguments.top_k or 1):
                counts["problems" if one.problem else "read"] += 1
                reporter.show_count("Classifying", counts["read"] + counts["problems"], len(files))
                yield one
        finally:
            reporter.end()

    if arguments.out is None:
        say_table(_prediction_rows(counted()))
    else:
        with output_path(arguments.out) as temporary, open_table(temporary) as handle:
            write_rows(handle, _prediction_rows(counted()))
        read = _counted(counts["read"], "picture")
        tell = note if is_streamed(arguments.out) else say
        tell(f"{read} classified, {counts['problems']} with a problem. See {arguments.out}.")
    if not counts["read"]:
        raise UserError(_nothing_read(arguments.paths, counts["problems"], arguments.out))
    return DONE


def _nothing_read(given: Sequence[Path], problems: int, out: Path | None) -> str:
    places = ", ".join(str(path) for path in given[:PLACES_SHOWN])
    if len(given) > PLACES_SHOWN:
        places += f" and {len(given) - PLACES_SHOWN} more"
    if not problems:
        return f"No picture could be read in {places}: there is none."
    return f"No picture could be read in {places} ({_counted(problems, 'problem')}, see {out or 'above'})."


def _found_predictions(
    classify: Callable[..., Iterable[Prediction]], files: Iterable[Found], names: Sequence[str] | None, top_k: int
) -> Iterable[Prediction]:
    """Predictions of everything that a walk found, problems of the walk among them, in its order."""
    problems: deque[Prediction | None] = deque()  # None for a picture, whose prediction comes later

    def pictures() -> Iterable[Path]:
        for found in files:
            if found.problem is None:
                problems.append(None)
                yield found.path
            else:
                problems.append(Prediction(str(found.path), problem=found.reason))

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
    name = os.fsencode(Path(one.source).name).decode("utf-8", "replace")  # as the problem begins with it
    return [*cells, one.problem.removeprefix(f"{name}: ")]


def backbones(_arguments: argparse.Namespace) -> int:
    """List the backbones."""
    from mma_desktop.engine.backbones.backbone_table import BACKBONES
    from mma_desktop.engine.backbones.loading import is_local

    rows = [("id", "dims", "download", "here", "licence", "title")]
    for spec in BACKBONES:
        size = f"{spec.download_mb} MB" if spec.download_mb else "none"
        here = "yes" if is_local(spec) else "no"
        rows.append((spec.id, str(spec.embed_dim), size, here, spec.licence, spec.title))
    say(aligned(rows, "<>><<<"))
    say("\nAny other open_clip model can be named as MODEL/PRETRAINED.")
    return DONE


def sample(arguments: argparse.Namespace) -> int:
    """Make the sample project and open it, or do the whole job on its pictures without a window."""
    from mma_desktop.services.batch.headless import train_folder
    from mma_desktop.services.images.sample_project import PER_CLASS, UNLABELLED, copy_sample

    if arguments.headless is None:
        for number in ENDING:
            if signal.getsignal(number) is _end:
                signal.signal(number, signal.SIG_DFL)  # as for any window
        code: int = arguments.open_sample()
        return code
    out: Path = arguments.headless
    pictures = out / "pictures"
    if pictures.exists():
        raise UserError(f"{pictures} is there already. Give another folder, or remove it.")
    reporter = Reporter()
    token = CancelToken(reporter.show)
    labelled = PER_CLASS - UNLABELLED  # the pictures that the window's sample trains and measures with
    drive(copy_sample(pictures, labelled, token), reporter)
    adapter = out / "adapter.safetensors"
    request = TrainRequest(device=arguments.device, seed=arguments.seed)
    report = drive(train_folder(pictures, adapter, request, token), reporter)
    _write_json(out / "metrics.json", report.json)
    say(table(report.evaluation))
    say("\n" + _trained_on(report))
    say(f"The pictures are in {pictures}, the adapter in {adapter}, the numbers in {out / 'metrics.json'}.")
    return DONE


# ------------------------------------------------------------------------------ arguments


def _option(text: str) -> tuple[str, Any]:
    """One `name=value` of a method; the value is read as JSON where it is JSON, else as text."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number from `low` to `high`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return number

    return read


_positive = _whole(1, 2**31 - 1)
_seed = _whole(0, 2**63 - 1)


def _prompt(text: str) -> str:
    """Reads a prompt template; "{}" must stand for the class name in each of its lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all("{}" in line or DEFINITION in line for line in lines):
        raise argparse.ArgumentTypeError(f"{text[:LONGEST_TEMPLATE]!r} has no {{}} where the class name goes")
    if trouble := unfit_templates(text):
        raise argparse.ArgumentTypeError(trouble)
    return "\n".join(lines)


def _share(text: str) -> float:
    """Reads a number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return number


def _fraction(text: str) -> float:
    """Reads a number above 0 and at most 1."""
    with suppress(argparse.ArgumentTypeError):
        if (number := _share(text)) > 0:
            return number
    raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and at most 1")


def _number(low: float, *, above: bool) -> Callable[[str], float]:
    """Reads a number of at least `low`, or above it, and at most `MAX_RATE`."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not low <= number <= MAX_RATE or (above and number == low):
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a number {'above' if above else 'of at least'} {low:g} and at most {MAX_RATE:,.0f}"
            )
        return number

    return read


def _engine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where the model runs (default: auto)")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a weights file for the backbone")


def _recipe(arguments: argparse.Namespace) -> Recipe | None:
    """The method's own recipe with what was given in its place; None where nothing was."""
    given = {one.name: getattr(arguments, one.name) for one in fields(Recipe)}
    changes = {name: value for name, value in given.items() if value is not None}
    return replace(find_method(arguments.method).recipe, **changes) if changes else None


def _train_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("images", type=Path, metavar="IMAGES", help="a folder with one sub-folder a class")
    parser.add_argument("--out", type=Path, default=Path("adapter.safetensors"), help="the checkpoint to write")
    parser.add_argument("--method", default=DEFAULT_METHOD, help=f"default: {DEFAULT_METHOD}")
    parser.add_argument(
        "--option", type=_option, action="append", default=[], metavar="NAME=VALUE", help="an option of the method"
    )
    parser.add_argument("--backbone", default=STARTER_ID, help=f"default: {STARTER_ID}; see 'mma-desktop backbones'")
    parser.add_argument("--shots", type=_positive, default=DEFAULT_SHOTS, help="labelled images a base class (16)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--base", metavar="A,B,...", help="the base classes; the others are new")
    which.add_argument("--base-fraction", type=_fraction, default=0.5, help="share of base classes, rounded up (0.5)")
    parser.add_argument(
        "--prompt",
        type=_prompt,
        action="append",
        metavar="TEMPLATE",
        help="how a class name is put to the text encoder, {} for the name, {definition} for its meaning; several, "
        f"repeated or one a line, make an ensemble (default: what suits the backbone, or '{DEFAULT_PROMPT}' with a "
        "method other than the default)",
    )
    parser.add_argument("--seed", type=_seed, default=0, help="chooses the shots and the start of the training (0)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers as JSON")
    _engine_arguments(parser)
    advanced = parser.add_argument_group("recipe (the defaults are the method's own)")
    advanced.add_argument("--learning-rate", type=_number(0, above=True))
    advanced.add_argument("--batch-size", type=_positive)
    advanced.add_argument("--weight-decay", type=_number(0, above=False))
    advanced.add_argument("--max-epochs", type=_positive)
    advanced.add_argument("--patience", type=_whole(0, 2**31 - 1), help="0 trains all epochs")


COMMANDS = {
    "sample": ("[--headless OUT]", "open the sample project, pictures that come with the program"),
    "train": ("IMAGES [--out FILE] [--base A,B,...]", "train an adapter on a folder of class folders"),
    "evaluate": ("ADAPTER IMAGES", "measure an adapter on a folder of class folders"),
    "predict": ("ADAPTER PATH... [--out FILE | --out FOLDER]", "classify pictures with an adapter"),
    "shards": (cli_predict.USAGE, cli_predict.ABOUT),
    "import": (interchange.IMPORT_USAGE, interchange.IMPORT_ABOUT),
    "export": (interchange.EXPORT_USAGE, interchange.EXPORT_ABOUT),
    "benchmark": (benchmark.USAGE, benchmark.ABOUT),
    "check": (check.USAGE, check.ABOUT),
    "backups": (backups.USAGE, backups.ABOUT),
    "export-model": (export.MODEL_USAGE, export.MODEL_ABOUT),
    "export-features": (export.FEATURES_USAGE, export.FEATURES_ABOUT),
    "backbones": ("", "list the backbones"),
    "doctor": (doctor.USAGE, doctor.ABOUT),
}
"""Each command with what follows it, in short, and what it does."""


def usage_of_commands() -> str:
    """One line a command, for the help of the program."""
    lines = [f"  {name} {what}".rstrip() + f"\n      {text}" for name, (what, text) in COMMANDS.items()]
    return "\n".join(["commands:", *lines, "", "'mma-desktop COMMAND --help' tells more of each"])


def build_parser() -> argparse.ArgumentParser:
    """The parser of all sub-commands."""
    parser = Parser(
        prog="mma-desktop",
        description="Label a few photos a class and train a classifier on your own machine. Without a command the "
        "window opens.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        text = COMMANDS[name][1]
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=run)
        return one

    one = add("sample", sample)
    one.add_argument(
        "--headless", type=Path, metavar="OUT", help="no window: copy the pictures into this folder, train and evaluate"
    )
    one.add_argument("--seed", type=_seed, default=0)
    one.add_argument("--device", choices=DEVICES, default="auto")
    _train_parser(add("train", train))
    one = add("evaluate", evaluate)
    one.add_argument("adapter", type=Path, metavar="ADAPTER")
    one.add_argument("images", type=Path, metavar="IMAGES")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the numbers as JSON")
    _engine_arguments(one)
    one = add("predict", predict)
    one.add_argument("adapter", type=Path, metavar="ADAPTER")
    one.add_argument("paths", type=Path, nargs="+", metavar="PATH", help=cli_predict.PATHS)
    one.add_argument("--classes", metavar="a,b,c", help="any class names; default: the adapter's own")
    one.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="a CSV file in UTF-8, in which a file's name that is no valid Unicode keeps its bytes, or a folder; "
        "default: standard output",
    )
    one.add_argument(
        "--reject",
        type=_share,
        metavar="X",
        help=f"an answer below this confidence (0 to 1) is '{NONE_OF_THESE}'; default: the adapter's own threshold",
    )
    one.add_argument("--top-k", type=_positive, metavar="N", help="classes kept of each picture in a folder (5)")
    _engine_arguments(one)
    cli_predict.add_arguments(one, _positive)
    cli_predict.add_check_arguments(add("shards", cli_predict.check))
    interchange.add_import_arguments(add("import", interchange.import_source))
    interchange.add_export_arguments(add("export", interchange.export_project))
    positive = _number(0, above=False)
    benchmark.add_arguments(add("benchmark", benchmark.benchmark), _whole, positive, _fraction, DEVICES)
    check.add_arguments(add("check", lambda given: check.check(given, _write_json)))
    backups.add_arguments(add("backups", backups.backups))
    export.add_model_arguments(add("export-model", export.export_model), _prompt)
    export.add_features_arguments(add("export-features", export.export_features), _whole, _engine_arguments)
    add("backbones", backbones)
    doctor.add_arguments(add("doctor", lambda given: doctor.doctor(given, _write_json)))
    return parser


def main(argv: Sequence[str], open_sample: Callable[[], int]) -> int:
    """Run one command.

    Args:
        argv: The command and its arguments.
        open_sample: Opens the window with the sample project; the only command that needs a window.

    Returns:
        The exit code.
    """

    def run() -> int:
        arguments = build_parser().parse_args(argv)
        arguments.open_sample = open_sample
        for out in (getattr(arguments, name, None) for name in ("out", "json")):
            if out is not None and not cli_predict.into_folder(arguments):
                check_writable(out)
        code: int = arguments.run(arguments)
        return code

    return guarded(run)


def prepare_process() -> None:
    """Make a process that runs a command clean up behind killed ones, and behind itself when it is told to end."""
    # Whatever Python a library may start, it does not import from the current folder.
    os.environ["PYTHONSAFEPATH"] = "1"
    tell_safely()
    unfinished.keep_in(paths.cache_dir() / "unfinished")
    unfinished.clear()
    sys.unraisablehook = ending.hush
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _end(number: int, _frame: object) -> None:
    """Leave as on Ctrl+C, cleaning up; a second signal ends the process at once."""
    signal.signal(number, signal.SIG_DFL)
    ending.ask(SystemExit(128 + number))


def _interrupt(_number: int, _frame: object) -> None:
    ending.ask(KeyboardInterrupt())


def guarded(run: Callable[[], int]) -> int:
    """Run something; whatever it raises that is no bug is a sentence and an exit code."""
    try:
        return run()
    except UserError as error:
        note(str(error))
        return REFUSED
    except PermissionError as error:  # a folder that may not be looked into, wherever that was tried
        note(str(unreadable(Path(error.filename or "."), error)))
        return REFUSED
    except BrokenPipeError:
        give_up(sys.stdout)  # who reads has enough ("… | head")
        return DONE
    except (KeyboardInterrupt, Cancelled):
        note("Stopped.")
        return INTERRUPTED
