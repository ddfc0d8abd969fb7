"""Benchmark tables in Markdown, laid out like the paper's Table 1, with the published figures beside them.

A cell is the mean ± standard deviation over seeds, in percent. A data set's H is the mean of the seeds' harmonic means;
the average row's H is the harmonic mean of the average base and the average new.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mma_desktop.core.types import harmonic_mean
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.batch.benchmark import paper_results
from mma_desktop.services.batch.benchmark.benchmark_plan import (
    ABLATION,
    MAIN,
    NOISE,
    PROMPTS,
    SHARE,
    SHOTS,
    BenchmarkOptions,
)
from mma_desktop.services.batch.benchmark.sources import Source

if TYPE_CHECKING:
    from mma_desktop.services.batch.benchmark.benchmark_plan import CellResult

AVERAGE = "average"
NUMBERS = ("base", "new", "h", "all")


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean and standard deviation over seeds; None if nothing was measured."""

    value: float | None
    spread: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float | None]) -> Mean:
        """Aggregate the values of the seeds; a single seed has spread 0."""
        found = [value for value in values if value is not None]
        if not found or len(found) < len(values):
            return cls(None)
        return cls(statistics.fmean(found), statistics.stdev(found) if len(found) > 1 else 0.0)

    def text(self, *, best: bool) -> str:
        """Format for a table cell; the best value is bold."""
        if self.value is None:
            return ""
        spread = f" ± {self.spread:.1f}" if self.spread else ""
        return f"**{self.value:.1f}**{spread}" if best else f"{self.value:.1f}{spread}"


Row = Mapping[str, Mean]
"""Means by column: base, new, h, all."""


def means(results: Sequence[CellResult], table: str) -> dict[str, dict[str, Row]]:
    """Means of a table by row, then data set, in the order they ran."""
    found: dict[str, dict[str, list[CellResult]]] = {}
    for one in results:
        if one.cell.table == table:
            found.setdefault(one.cell.row, {}).setdefault(one.source, []).append(one)
    return {
        row: {
            source: {name: Mean.of([getattr(one.result, name) for one in cells]) for name in NUMBERS}
            for source, cells in by_source.items()
        }
        for row, by_source in found.items()
    }


def average(by_source: Mapping[str, Row], sources: Sequence[str]) -> Row | None:
    """Average over all data sets with the true harmonic mean; None if any data set is missing."""
    if len(sources) < 2 or any(source not in by_source for source in sources):
        return None
    plain = {name: [by_source[source][name].value for source in sources] for name in NUMBERS}
    found = {name: Mean.of(values) for name, values in plain.items()}
    base, new = found["base"].value, found["new"].value
    h = None if base is None or new is None else harmonic_mean(base, new)
    return {**{name: Mean(mean.value) for name, mean in found.items()}, "h": Mean(h)}


def markdown(
    results: Sequence[CellResult], asked: BenchmarkOptions, sources: Mapping[str, Source], notes: Sequence[str]
) -> str:
    titles = list(sources)
    parts = ["# Benchmark", _about(asked, sources), *(f"- {note}" for note in notes)]
    sections: tuple[tuple[str, str, str], ...] = (
        (MAIN, "Methods", "Base, new and H of each method (the layout of Table 1). The best of a column is bold."),
        (
            PROMPTS,
            "Effect of the prompts",
            "The same trainings with the paper's prompts and with the backbone's own.",
        ),
        (
            ABLATION,
            "Ablations of the Multi-Modal Adapter",
            "Tables 2 and 3, and both readings of the mask and the down-projection.",
        ),
        (NOISE, f"Noisy shots (Gaussian, sigma {asked.noise:g})", "Table 4: noise on the shots alone."),
    )
    for table, title, words in sections:
        rows = means(results, table)
        if rows:
            parts += [f"## {title}", words, *_tables(rows, titles)]
    parts += _sweep(results, SHARE, "Share of base classes", "Figure 3", lambda one: f"{one.cell.base_fraction:g}")
    parts += _sweep(results, SHOTS, "Shots per class", "", lambda one: str(one.cell.shots))
    parts += _costs(results)
    parts += _published(sources, asked)
    return "\n\n".join(parts).replace("\n\n- ", "\n- ") + "\n"


def _about(asked: BenchmarkOptions, sources: Mapping[str, Source]) -> str:
    data = "; ".join(
        f"{source.title} ({len(source.class_names)} classes, {len(source.labels)} images, {source.backbone})"
        for source in sources.values()
    )
    seeds = "seed 0" if asked.seeds == 1 else f"seeds 0 to {asked.seeds - 1}"
    return (
        f"{asked.shots} shots per class, {seeds}, the first {asked.base_fraction:.0%} of the classes base. Data: "
        f"{data}. Accuracy in percent, mean ± standard deviation over the seeds; base among base names, new among new "
        "names, H their harmonic mean. No model selection uses the reported images."
    )


def _tables(rows: Mapping[str, Mapping[str, Row]], titles: Sequence[str]) -> list[str]:
    columns: list[tuple[str, dict[str, Row]]] = []
    averages = {row: found for row, by_source in rows.items() if (found := average(by_source, titles)) is not None}
    if averages:
        columns.append((AVERAGE, averages))
    for title in titles:
        own = {row: by_source[title] for row, by_source in rows.items() if title in by_source}
        if own:
            columns.append((title, own))
    return [_table(list(rows), title, found) for title, found in columns]


def _table(names: Sequence[str], title: str, rows: Mapping[str, Row]) -> str:
    measured = {name: [value for row in rows.values() if (value := row[name].value) is not None] for name in NUMBERS}
    best = {name: max(values, default=None) for name, values in measured.items()}
    found = {
        name: [rows[name][one].text(best=rows[name][one].value == best[one]) for one in NUMBERS]
        for name in names
        if name in rows
    }
    return _grid([title, "base", "new", "H", "all"], found)


def _grid(head: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """A table in Markdown; each row begins with its name."""
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *([name, *cells] for name, cells in rows.items()))]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def _sweep(
    results: Sequence[CellResult], table: str, title: str, source: str, where: Callable[[CellResult], str]
) -> list[str]:
    """Render one table per data set with one column per step: base / new / H."""
    some = [one for one in results if one.cell.table == table]
    parts: list[str] = []
    for name in dict.fromkeys(one.source for one in some):
        own = [one for one in some if one.source == name]
        steps = list(dict.fromkeys(where(one) for one in own))
        rows: dict[str, list[str]] = {}
        for row in dict.fromkeys(one.cell.row for one in own):
            for step in steps:
                these = [one.result for one in own if one.cell.row == row and where(one) == step]
                numbers = [Mean.of([getattr(one, number) for one in these]) for number in ("base", "new", "h")]
                cell = " / ".join("" if mean.value is None else f"{mean.value:.1f}" for mean in numbers)
                rows.setdefault(row, []).append(cell)
        parts.append(_grid([name, *steps], rows))
    words = f"{source}: base / new / H." if source else "Base / new / H."
    return [f"## {title}", words, *parts] if parts else []


def _costs(results: Sequence[CellResult]) -> list[str]:
    rows: dict[tuple[str, str], list[CellResult]] = {}
    for one in results:
        if one.cell.table == MAIN:
            rows.setdefault((one.cell.row, one.source), []).append(one)
    if not rows:
        return []
    lines = ["| method | data | seconds (median) | epochs | parameters |", "|---|---|---|---|---|"]
    for (row, source), cells in rows.items():
        seconds = statistics.median(one.result.seconds for one in cells)
        epochs = statistics.median_low(one.result.epochs for one in cells)
        lines.append(f"| {row} | {source} | {seconds:.2f} | {epochs} | {cells[0].result.parameters:,} |")
    return ["## Time and size", "Training only, without encoding the pictures.", "\n".join(lines)]


def _published(sources: Mapping[str, Source], asked: BenchmarkOptions) -> list[str]:
    """Render the paper's figures for those data sets that are in the paper."""
    known = {source.title: source.data_set for source in sources.values() if source.data_set is not None}
    if not known:
        return []
    columns = dict.fromkeys(known.values())
    rows = {
        find_method(method).title: [
            f"{base:.1f} / {new:.1f} / {harmonic_mean(base, new):.1f}" for base, new in (row[one] for one in columns)
        ]
        for method, row in paper_results.PUBLISHED.items()
    }
    same = (
        all(source.backbone == paper_results.BACKBONE for source in sources.values())
        and asked.shots == paper_results.SHOTS
    )
    words = (
        f"Base / new / H (the harmonic mean) as the paper prints base and new: {paper_results.SHOTS} shots, "
        f"{paper_results.BACKBONE}. " + ("" if same else "The figures above use another backbone or number of shots.")
    )
    return ["## Published", words.strip(), _grid(["published", *columns], rows)]
