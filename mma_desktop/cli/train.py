"""The command `mma-desktop train`: an adapter from class folders, another tool's labels, or a project."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mma_desktop.cli import common
from mma_desktop.cli.evaluate import print_report
from mma_desktop.cli.import_labels import read_images, source_arguments
from mma_desktop.cli.parser import UsageError, usage_errors
from mma_desktop.cli.progress import Reporter, echo, epochs_line, method_table, note
from mma_desktop.core.atomic_io import STDOUT
from mma_desktop.core.class_names import NONE_OF_THESE, listed, split_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ALL_SHOTS, DEFAULT_METHOD, STARTER_ID, Recipe, Scores, TrainRequest
from mma_desktop.engine.backbones.backbone_table import find_backbone
from mma_desktop.engine.methods.method_table import find_method, resolve_options
from mma_desktop.services.project_factory import given_project

if TYPE_CHECKING:
    from mma_desktop.services.batch.headless import HeadlessReport

USAGE = "SOURCE [--new A,B,...] [--out FILE]"
ABOUT = "train an adapter on class folders, on what 'import' reads, or on a project"
OUT = Path("adapter.safetensors")
IN_TURN_WORDS = """Base: pictures were left out in turn. New: half of the classes were, with their pictures.
What is kept is trained on all {n} classes."""
OF_THE_PROJECT = (
    "--base",
    "--base-fraction",
    "--new",
    "--none",
    "--unlabelled",
    "--no-at-hand",
    "--names",
    "--prompt",
    "--format",
    "--column",
    "--base-folder",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "images",
        type=Path,
        metavar="SOURCE",
        help="a folder with one subfolder per class, anything that 'mma-desktop import' reads, or a project (.mma)",
    )
    parser.add_argument(
        "--out",
        type=common.output_file,
        metavar="FILE",
        help=f"the adapter to write (default: {OUT}; a project keeps its own copy and needs none)",
    )
    parser.add_argument("--method", type=common.method, default=DEFAULT_METHOD, help=f"default: {DEFAULT_METHOD}")
    parser.add_argument(
        "--option", type=_option, action="append", default=[], metavar="NAME=VALUE", help="an option of the method"
    )
    parser.add_argument("--backbone", help=f"default: {STARTER_ID}, or the project's; see 'mma-desktop backbones'")
    common.shots_argument(parser, ALL_SHOTS)
    parser.add_argument(
        "--new",
        type=common.split_pairs,
        action="extend",
        default=[],
        metavar="A,B,...",
        help="classes known by name only; given two or more, SOURCE may be a folder of unlabelled pictures. "
        "'Kohlmeise=great tit' also sets what the model reads",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--base", metavar="A,B,...", help="the base classes; the others are new")
    which.add_argument(
        "--base-fraction",
        type=common.fraction,
        metavar="X",
        help="share of base classes, rounded up (default: 1, which trains all classes); 0.5 is the paper's division",
    )
    parser.add_argument(
        "--none",
        type=Path,
        metavar="FOLDER",
        help=f"a folder of pictures that show none of the classes, like a class folder called '{NONE_OF_THESE}'",
    )
    at_hand = parser.add_mutually_exclusive_group()
    at_hand.add_argument(
        "--unlabelled",
        type=Path,
        metavar="FOLDER",
        help="unlabelled pictures to learn from, in addition to those of SOURCE: pictures like those to predict; 2,000 "
        "are enough",
    )
    at_hand.add_argument("--no-at-hand", action="store_true", help="learn from labelled pictures only")
    parser.add_argument("--names", type=Path, metavar="FILE", help=f"a CSV file of classes; {common.NAMES_FILE}")
    parser.add_argument(
        "--prompt",
        type=common.prompt,
        action="append",
        metavar="TEMPLATE",
        help="prompt template: {} is the class name, {definition} its meaning; several templates, given "
        "one by one or one per line, make an ensemble (default: the backbone's own)",
    )
    parser.add_argument("--seed", type=common.seed, default=0, help="seed of the shots and the training (default: 0)")
    common.json_argument(parser, "the measurements")
    source_arguments(parser)
    common.engine_arguments(parser)
    advanced = parser.add_argument_group("recipe (the defaults are the method's own)")
    advanced.add_argument("--learning-rate", type=common.number(0, above=True))
    advanced.add_argument("--batch-size", type=common.positive)
    advanced.add_argument("--weight-decay", type=common.number(0, above=False))
    advanced.add_argument("--max-epochs", type=common.positive)
    advanced.add_argument("--patience", type=common.integer(0, 2**31 - 1), help="0 trains all epochs")


def _option(text: str) -> tuple[str, Any]:
    """Argument type: `name=value`; the value is parsed as JSON if possible, otherwise kept as text."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def run(arguments: argparse.Namespace) -> int:
    with usage_errors():
        arguments.option = resolve_options(find_method(arguments.method), dict(arguments.option))
        if arguments.backbone is not None:
            find_backbone(arguments.backbone)
    reporter, folder, out = Reporter(), given_project(arguments.images), arguments.out
    common.refuse_terminal(out, "--out")
    if folder is not None:
        report = _trained_project(arguments, folder, reporter)
    else:
        if out is None:  # one that was given is checked with all outputs
            common.check_file(out := OUT, overwrite=arguments.overwrite)
        report = _trained(arguments, out, reporter)
    if (last := reporter.last_epoch) is not None:
        note(f"{epochs_line(last)}, {report.json['seconds']['train']:.1f} s")
    print_report(report)
    _print_row(report)
    echo("\n" + common.trained_on(report))
    divided = folder is not None or arguments.base is not None or arguments.base_fraction
    if divided and report.json["classes"]["new"] and find_method(report.json["method"]).trains:
        used = "used to measure new accuracy" if report.evaluation.adapted.new is not None else "not trained"
        given = "--base-fraction" if arguments.base is None else "--base"
        how = f"leave out {given}" if folder is None else "make them base classes in the window"
        echo(f"The others were {used}; for a classifier of all classes {how}.")
    if folder is not None:
        echo(f"The training is kept in {folder} as '{report.json['run']}'.")
    if out not in (None, STDOUT):
        echo(f"The adapter is in {out}.")
    if arguments.json is not None:
        common.write_json(arguments.json, report.json)
    elif out is not None:
        from mma_desktop.services.formats import exports

        common.show_use(exports.adapter_code(out), out)
    return common.DONE


def _print_row(report: HeadlessReport) -> None:
    if report.row is not None and report.evaluation.adapted != Scores():
        echo("\n" + method_table(find_method(report.json["method"]).title, report.row))
    if report.json["new_measured_by"] == "halves":
        echo(IN_TURN_WORDS.format(n=len(report.json["classes"]["base"])))


def _request(arguments: argparse.Namespace, backbone: str) -> TrainRequest:
    changes = {field.name: value for field in fields(Recipe) if (value := getattr(arguments, field.name)) is not None}
    return TrainRequest(
        method=arguments.method,
        options=arguments.option,
        backbone=arguments.backbone or backbone,
        weights_file=arguments.weights,
        device=arguments.device,
        shots=arguments.shots,
        seed=arguments.seed,
        recipe=replace(find_method(arguments.method).recipe, **changes) if changes else None,
    )


def _trained_project(arguments: argparse.Namespace, folder: Path, reporter: Reporter) -> HeadlessReport:
    from mma_desktop.services.batch.on_projects import opened, train_project

    common.refuse_given(arguments, *OF_THE_PROJECT)
    with opened(folder) as context, reporter:
        request = _request(arguments, context.backbone_id)
        return train_project(context, arguments.out, request, reporter.token, in_turn=True)


def _trained(arguments: argparse.Namespace, out: Path, reporter: Reporter) -> HeadlessReport:
    from mma_desktop.services.batch.headless import choose_base, refuse_backbone, train
    from mma_desktop.services.batch.labelled_images import images_below

    request = replace(_request(arguments, STARTER_ID), at_hand=not arguments.no_at_hand)
    base = split_names(arguments.base) if arguments.base is not None else None
    reads = common.read_names(arguments.names) if arguments.names is not None else {}
    new = dict(arguments.new)
    reads |= {name: text for name, text in new.items() if text}
    for option, folder in (("--none", arguments.none), ("--unlabelled", arguments.unlabelled)):
        if folder is not None and not folder.is_dir():
            raise UsageError(f"{folder} is not a folder. {option} takes a folder of pictures.")
    refuse_backbone(request.backbone, request.weights_file)
    images = read_images(arguments, arguments.images, reporter, list(new))
    if new and images.names:
        note(f"Classes with pictures: {listed(images.names)}. Only named: {listed(list(new))}.")
    if arguments.unlabelled is not None:
        images = images.beside(images_below(arguments.unlabelled, reporter.token))
    with usage_errors():
        alone = len(images.names) < 2
        for option in ("base", "base_fraction", "no_at_hand") if alone else ():
            if getattr(arguments, option):
                given = f"--{option.replace('_', '-')}"
                raise UserError(f"Fewer than two classes have a label, so names alone teach. Leave {given} out.")
        base = [] if alone else choose_base(images.names, base, arguments.base_fraction or 1)
    with reporter:
        return train(
            images,
            out,
            request,
            reporter.token,
            base=base,
            prompt="\n".join(arguments.prompt or []),
            reads=reads,
            none_of_these_folder=arguments.none,
            in_turn=not (arguments.new or arguments.base) and arguments.base_fraction in (None, 1),
        )
