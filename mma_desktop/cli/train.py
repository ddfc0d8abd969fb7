"""The command `mma-desktop train`: an adapter from a folder of class folders."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from mma_desktop.cli.common import (
    DONE,
    NAMES_FILE,
    engine_arguments,
    fraction,
    json_argument,
    method,
    number,
    positive,
    prompt,
    read_names,
    seed,
    show_use,
    trained_on,
    whole,
    write_json,
)
from mma_desktop.cli.outputs import output_binary
from mma_desktop.cli.parser import usage_errors
from mma_desktop.cli.progress import Reporter, drive, epochs_line, note, say, table
from mma_desktop.core.atomic_io import STDOUT
from mma_desktop.core.class_names import DEFAULT_PROMPT, split_names
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import DEFAULT_METHOD, DEFAULT_SHOTS, STARTER_ID, Recipe, TrainRequest
from mma_desktop.engine.backbones.backbone_table import find_backbone
from mma_desktop.engine.methods.method_table import find_method, resolve_options

USAGE = "IMAGES [--out FILE] [--base A,B,...]"
ABOUT = "train an adapter on a folder of class folders"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("images", type=Path, metavar="IMAGES", help="a folder with one subfolder per class")
    parser.add_argument(
        "--out", type=output_binary, default=Path("adapter.safetensors"), help="the checkpoint to write"
    )
    parser.add_argument("--method", type=method, default=DEFAULT_METHOD, help=f"default: {DEFAULT_METHOD}")
    parser.add_argument(
        "--option", type=_option, action="append", default=[], metavar="NAME=VALUE", help="an option of the method"
    )
    parser.add_argument("--backbone", default=STARTER_ID, help=f"default: {STARTER_ID}; see 'mma-desktop backbones'")
    parser.add_argument("--shots", type=positive, default=DEFAULT_SHOTS, help="labelled images a base class (16)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--base", metavar="A,B,...", help="the base classes; the others are new")
    which.add_argument("--base-fraction", type=fraction, default=0.5, help="share of base classes, rounded up (0.5)")
    parser.add_argument("--names", type=Path, metavar="FILE", help=f"a CSV file on the class folders; {NAMES_FILE}")
    parser.add_argument(
        "--prompt",
        type=prompt,
        action="append",
        metavar="TEMPLATE",
        help="prompt template: {} is the class name, {definition} its meaning; several templates, "
        f"repeated or one per line, make an ensemble (default: the backbone's own, or '{DEFAULT_PROMPT}' with a "
        "method other than the default)",
    )
    parser.add_argument("--seed", type=seed, default=0, help="seed of the shots and the training (default: 0)")
    json_argument(parser, "the numbers")
    engine_arguments(parser)
    advanced = parser.add_argument_group("recipe (the defaults are the method's own)")
    advanced.add_argument("--learning-rate", type=number(0, above=True))
    advanced.add_argument("--batch-size", type=positive)
    advanced.add_argument("--weight-decay", type=number(0, above=False))
    advanced.add_argument("--max-epochs", type=positive)
    advanced.add_argument("--patience", type=whole(0, 2**31 - 1), help="0 trains all epochs")


def _option(text: str) -> tuple[str, Any]:
    """Argument type: `name=value`; the value is parsed as JSON if possible, otherwise kept as text."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _recipe(arguments: argparse.Namespace) -> Recipe | None:
    """The method's recipe with the given overrides; None if there are none."""
    given = {one.name: getattr(arguments, one.name) for one in fields(Recipe)}
    changes = {name: value for name, value in given.items() if value is not None}
    return replace(find_method(arguments.method).recipe, **changes) if changes else None


def run(arguments: argparse.Namespace) -> int:
    """Train an adapter on a folder of class folders."""
    from mma_desktop.services.batch.headless import train_folder
    from mma_desktop.services.formats import how_to_use

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
    with usage_errors():
        resolve_options(find_method(request.method), request.options)
        find_backbone(request.backbone)
    base = split_names(arguments.base) if arguments.base is not None else None
    reads = read_names(arguments.names) if arguments.names is not None else {}
    template = "\n".join(arguments.prompt or [])
    reporter = Reporter()
    token = CancelToken(reporter.show)
    steps = train_folder(
        arguments.images, arguments.out, request, token, base, arguments.base_fraction, template, reads
    )
    report = drive(steps, reporter)
    if (last := reporter.last_epoch) is not None:
        note(f"{epochs_line(last)}, {report.json['seconds']['train']:.1f} s")
    for text in report.notes:
        note(text)
    say(table(report.evaluation))
    say("\n" + trained_on(report))
    if report.json["classes"]["new"] and find_method(request.method).trains:
        used = "used to measure new accuracy" if report.evaluation.adapted.new is not None else "not trained"
        say(f"The others were {used}; for a classifier of all classes use --base-fraction 1.")
    if arguments.out != STDOUT:
        say(f"The adapter is in {arguments.out}.")
    if arguments.json is not None:
        write_json(arguments.json, report.json)
    else:
        show_use(how_to_use.of_adapter(arguments.out), arguments.out)
    return DONE
