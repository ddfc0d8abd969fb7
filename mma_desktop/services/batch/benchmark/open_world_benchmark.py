"""The experiment "open world": the classes of a benchmark that are not trained are strangers."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress, result_of
from mma_desktop.core.types import DEFAULT_METHOD
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.batch.benchmark.sources import CellInputs

if TYPE_CHECKING:
    from mma_desktop.services.batch.benchmark.benchmark_plan import BenchmarkOptions
    from mma_desktop.services.batch.benchmark.sources import Source


def open_world(
    sources: Sequence[Source], asked: BenchmarkOptions, token: CancelToken
) -> Generator[Progress, None, str]:
    """Train the default on the base classes of each data set, once a seed, and measure with the others as strangers.

    Returns:
        A table in Markdown for each, with a row per score, the mean over the seeds.

    Raises:
        UserError: A data set has no test image of both kinds.
        Cancelled: `token` was set.
    """
    from mma_desktop.engine.evaluation.open_world import markdown, mean_rows, measure
    from mma_desktop.engine.training.trainer import train

    tables = []
    for source in sources:
        drawn = [source.draw(asked.shots, seed, asked.base_fraction) for seed in range(asked.seeds)]
        needs = [CellInputs(find_method(DEFAULT_METHOD), split, base, source.own_prompt) for split, base in drawn]
        yield from source.prepare(needs, token)
        runs = []
        for seed, need in enumerate(needs):
            data = source.data(need)
            result = result_of(train(data, DEFAULT_METHOD, seed=seed, cancel=token, claims=True))
            try:
                runs.append(measure(result.adapter, result.strangers, result.temperatures, data))
            except ValueError as error:
                raise UserError(f"{source.title}: {error}.") from error
            yield Progress(seed + 1, asked.seeds, f"[{seed + 1}/{asked.seeds}] {source.title}, open world")
        title = f"{source.title}: {needs[-1].base} of {len(source.class_names)} classes"
        tables.append(markdown(title, mean_rows(runs)))
    return "\n\n".join(tables) + "\n"
