"""The command `mma-desktop export-features`: a project's features and labels as one file."""

from __future__ import annotations

import argparse

from mma_desktop.cli.common import DONE, engine_arguments, project_argument, seed, shots_argument, show_use
from mma_desktop.cli.outputs import output_binary
from mma_desktop.cli.progress import Reporter, drive, say
from mma_desktop.cli.projects import opened_project
from mma_desktop.core.types import TrainRequest

USAGE = "PROJECT OUT.safetensors"
ABOUT = "write a project's features and labels as one file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    project_argument(parser)
    parser.add_argument("out", type=output_binary, metavar="OUT.safetensors")
    shots_argument(parser)
    parser.add_argument("--seed", type=seed, default=0, help="chooses the shots (0)")
    engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the features of a project."""
    from mma_desktop.services.formats import python_snippets
    from mma_desktop.services.formats.feature_export import export_features

    reporter = Reporter()
    request = TrainRequest(
        device=arguments.device, weights_file=arguments.weights, shots=arguments.shots, seed=arguments.seed
    )
    with opened_project(arguments.project) as context:
        written = drive(export_features(context, arguments.out, request, reporter.token), reporter)
    say(written.sentence)
    show_use(python_snippets.of_features(written.path), written.path)
    return DONE
