"""The experiment "open world": the classes of a benchmark that are not trained are strangers."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mma_desktop.core.atomic_io import atomic_path, check_writable
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress, result_of
from mma_desktop.core.paths import temporary_folder
from mma_desktop.core.types import DEFAULT_METHOD, STARTER_ID
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.batch.benchmark.benchmark_plan import BenchmarkOptions
from mma_desktop.services.batch.benchmark.runner import opened_source
from mma_desktop.services.batch.benchmark.sources import CellInputs, PictureSource
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.project_factory import embeddings_of_user

if TYPE_CHECKING:
    from mma_desktop.engine.evaluation.open_world import OpenWorldRow
    from mma_desktop.services.batch.benchmark.sources import Source

FILE = "open-world.md"


def run_open_world(
    data: Sequence[Path],
    asked: BenchmarkOptions,
    out: Path,
    token: CancelToken,
    backbone: str = STARTER_ID,
    device: str = "auto",
) -> Generator[Progress, None, tuple[Path, str]]:
    """Train the default on the base classes of each data set, and measure with the other classes as strangers.

    Returns:
        The file written, and its text: a table per data set, the mean over the seeds.

    Raises:
        UserError: A data set cannot be read, or has no test image of both kinds.
    """
    out.mkdir(parents=True, exist_ok=True)
    check_writable(out / FILE)
    parts = []
    with ExitStack() as stack:
        folder = embeddings_of_user() or Path(stack.enter_context(TemporaryDirectory(dir=temporary_folder())))
        engine = InferenceState(folder)
        stack.callback(engine.close)
        for one in data:
            source = yield from opened_source(one, engine, token, backbone, device)
            if isinstance(source, PictureSource):
                stack.callback(source.close)
            base, rows = yield from open_world_rows(source, asked, token)
            parts.append(open_world_table(source.title, base, len(source.class_names), rows))
    text = "\n\n".join(parts) + "\n"
    with atomic_path(out / FILE) as temporary:
        temporary.write_text(text, "utf-8")
    return out / FILE, text


def open_world_rows(
    source: Source, asked: BenchmarkOptions, token: CancelToken
) -> Generator[Progress, None, tuple[int, list[OpenWorldRow]]]:
    """Train on the base classes of an opened data set, once a seed, and measure with its other classes as strangers.

    Returns:
        The number of base classes, and a row per score, the mean over the seeds.

    Raises:
        UserError: The data set has no test image of both kinds.
        Cancelled: `token` was set.
    """
    from mma_desktop.engine.evaluation.open_world import mean_rows, measure
    from mma_desktop.engine.training.trainer import train

    spec = find_method(DEFAULT_METHOD)
    needs = []
    for seed in range(asked.seeds):
        drawn, base = source.draw(asked.shots, seed, asked.base_fraction)
        needs.append(CellInputs(spec, drawn, base, source.own_prompt, 0.0))
    yield from source.prepare(needs, token)
    runs = []
    for seed, need in enumerate(needs):
        found = source.data(need)
        result = result_of(train(found, DEFAULT_METHOD, seed=seed, cancel=token, claims=True))
        try:
            runs.append(measure(result.adapter, result.strangers, result.temperatures, found))
        except ValueError as error:
            raise UserError(f"{source.title}: {error}.") from error
        yield Progress(seed + 1, asked.seeds, f"[{seed + 1}/{asked.seeds}] {source.title}, open world")
    return needs[-1].base, mean_rows(runs)


def open_world_table(title: str, base: int, classes: int, rows: Sequence[OpenWorldRow]) -> str:
    """A Markdown table of what `open_world_rows` found."""
    from mma_desktop.engine.evaluation.open_world import SHARES

    head = " | ".join(f"{100 * share:.0f}%" for share in SHARES)
    lines = [
        f"## {title}: {base} of {classes} classes",
        "",
        f"| score | AUC | named at 95% recall | overall, with strangers: {head} |",
        "|---|---|---|" + "---|" * len(SHARES),
    ]
    for row in rows:
        curve = " | ".join(f"{value:.1f}" for value in row.overall)
        lines.append(f"| {row.score} | {row.auc:.1f} | {row.named:.1f} | {curve} |")
    forced = " | ".join(f"{value:.1f}" for value in rows[0].forced)
    return "\n".join([*lines, f"| everything gets a name | | | {forced} |"])
