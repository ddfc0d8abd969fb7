"""The command `mma-desktop sample`: open the sample project, or train and evaluate on it without a window."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mma_desktop.cli.common import DONE, device_argument, output_folder, seed, trained_on, write_json
from mma_desktop.cli.progress import Reporter, echo, table
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ALL_SHOTS, TrainRequest

USAGE = "[--headless OUT]"
ABOUT = "open the sample project, whose pictures come with the program"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--headless",
        type=output_folder,
        metavar="OUT",
        help="copy the pictures into this folder, train and evaluate, without a window",
    )
    parser.add_argument("--seed", type=seed, default=0, help="seed of the training (default: 0)")
    device_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    from mma_desktop.services.batch.headless import train
    from mma_desktop.services.batch.labelled_images import in_class_folders
    from mma_desktop.services.images.sample_project import PER_CLASS, UNLABELLED, copy_sample

    if arguments.headless is None:
        code: int = arguments.open_sample()
        return code
    out: Path = arguments.headless
    images, adapter, metrics = out / "pictures", out / "adapter.safetensors", out / "metrics.json"
    if there := [path for path in (images, adapter, metrics) if os.path.lexists(path)]:
        raise UserError(f"{there[0]} already exists. Give another folder, or remove it.")
    reporter = Reporter()
    labelled = PER_CLASS - UNLABELLED  # as many as are labelled in the window's sample project
    with reporter:
        copy_sample(images, labelled, reporter.token)
    request = TrainRequest(device=arguments.device, seed=arguments.seed, shots=ALL_SHOTS)
    with reporter:
        report = train(source := in_class_folders(images), adapter, request, reporter.token, source.names)
    write_json(metrics, report.json)
    echo(table(report.evaluation))
    echo("\n" + trained_on(report))
    echo("The sample's pictures are drawn, so they are far easier to tell apart than photographs.")
    echo(f"The pictures are in {images}, the adapter in {adapter}, the metrics in {metrics}.")
    return DONE
