"""The command `mma-desktop benchmark`: the paper's tables on your own data."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from mma_desktop.cli.common import device_argument, fraction, number, output_folder, positive, prompt, shots_argument
from mma_desktop.cli.parser import usage_errors
from mma_desktop.cli.progress import Reporter, echo, note
from mma_desktop.core.events import EpochEvent, Progress
from mma_desktop.core.types import STARTER_ID

USAGE = "DATA... [--methods a,b|all] [--shots 16] [--seeds 3] [--out DIR]"
ABOUT = "compare methods on data sets: tables, plots, and the paper's published figures"
DATA_HELP = (
    "a folder of class folders (optionally inside train, val and test), a CoOp split or anything else that "
    "'mma-desktop import' reads (FILE=FOLDER if its pictures are elsewhere), or a .safetensors file of features"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:

    def sweep(text: str) -> tuple[int, ...]:
        return tuple(sorted({positive(part) for part in text.split(",") if part.strip()}))

    parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help=DATA_HELP)
    parser.add_argument("--methods", default="all", metavar="a,b|all", help="method ids, or all (default)")
    shots_argument(parser)
    parser.add_argument("--seeds", type=positive, default=3, help="number of seeds, starting at 0 (default: 3)")
    parser.add_argument("--backbone", default=STARTER_ID, help=f"the image and text encoder (default: {STARTER_ID})")
    parser.add_argument(
        "--base-fraction", type=fraction, default=0.5, help="share of base classes, rounded up (default: 0.5)"
    )
    parser.add_argument(
        "--prompt",
        type=_prompt,
        metavar="TEMPLATE|paper",
        help="prompt template of all methods, or 'paper' for CoOp's of each data set (default: the backbone's own)",
    )
    parser.add_argument(
        "--shots-sweep", type=sweep, default=(), metavar="1,2,4,...", help="also use these numbers of shots"
    )
    parser.add_argument(
        "--noise",
        type=number(0, above=False),
        default=0.0,
        metavar="SIGMA",
        help="also train with Gaussian noise on the shots (Table 4: 25)",
    )
    parser.add_argument(
        "--ablations",
        action="store_true",
        help="also run the variants of Tables 2 and 3 and the class shares of Figure 3",
    )
    parser.add_argument(
        "--at-hand",
        action="store_true",
        help="also train with half of the test pictures as unlabelled ones, and measure on both halves",
    )
    parser.add_argument(
        "--open-world",
        action="store_true",
        help="instead, train the default on the base classes and measure how well it rejects pictures of the others",
    )
    parser.add_argument(
        "--out",
        type=output_folder,
        dest="dir",
        default=Path("benchmark"),
        metavar="DIR",
        help="output folder (default: benchmark)",
    )
    device_argument(parser)


def _prompt(text: str) -> str:
    """Argument type: a prompt template, or the paper's."""
    from mma_desktop.services.batch.benchmark.benchmark_plan import PAPER

    return text if text == PAPER else prompt(text)


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark; one line of progress per cell."""
    from mma_desktop.services.batch.benchmark.benchmark_plan import BenchmarkOptions, choose_methods
    from mma_desktop.services.batch.benchmark.runner import run_benchmark

    with usage_errors():
        methods = choose_methods(arguments.methods)
    given = {field.name: getattr(arguments, field.name) for field in fields(BenchmarkOptions)}
    options = BenchmarkOptions(**{**given, "methods": methods, "prompt": arguments.prompt or ""})
    reporter = _Cells()
    with reporter:
        outcome = run_benchmark(
            arguments.data, options, arguments.dir, reporter.token, backbone=arguments.backbone, device=arguments.device
        )
    echo("\n" + outcome.text)
    note("Written: " + ", ".join(str(path) for path in outcome.files))
    return 0


class _Cells(Reporter):
    """Keeps the line of each cell, such as "[2/12] flowers, CoOp, …"."""

    def show(self, event: Progress | EpochEvent) -> None:
        if isinstance(event, Progress) and event.message.startswith("["):
            self.end()
            note(event.message)
        elif isinstance(event, Progress) and event.message:
            super().show(event)
