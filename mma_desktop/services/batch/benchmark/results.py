"""Results of a benchmark: tables in Markdown beside the paper's figures, laid out like its Table 1, and plots as PNG.

A cell is the mean ± standard deviation over seeds, in percent. A data set's H is the mean of the seeds' harmonic means;
the average row's H is the harmonic mean of the average base and the average new.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from mma_desktop.core.atomic_io import atomic_path
from mma_desktop.core.paths import safe_current_folder
from mma_desktop.core.types import harmonic_mean
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.batch.benchmark.benchmark_plan import (
    ABLATION,
    MAIN,
    NOISE,
    OTHERS,
    SHARE,
    SHOTS,
    TAUGHT,
    BenchmarkOptions,
    Result,
    Results,
)
from mma_desktop.services.batch.benchmark.sources import AT_HAND, Cell, Source
from mma_desktop.services.serialization import markdown_table
from mma_desktop.services.training.experiment_table import Figure

AVERAGE = "average"
HALVES = (
    f'Half of the test pictures, which were at hand, without their labels, in the rows that say "{TAUGHT}"; no other '
    "row saw them, and all other tables of this page are without pictures at hand."
)
NUMBERS = ("base", "new", "h", "all")
source_of, row_of = attrgetter("source"), attrgetter("row")
DPI = 150
WIDE, HIGH = 4.8, 4.0  # inches of a plot; two stand side by side on a page
MARKERS = "osD^vP*Xhp<>"
FILES = SCATTER, BY_SHARE, BY_SHOTS = "base-against-new.png", "share.png", "shots.png"
# The colour-blind-safe palette of Okabe and Ito; markers differ as well.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7f7f7f")


Row = Mapping[str, Figure | None]
"""Means over the seeds by column: base, new, h, all; None if one of the seeds did not measure it."""


def means(results: Results, table: str, *parts: Callable[[Cell], Any]) -> dict[tuple[Any, ...], Row]:
    """Means over the seeds of a table, by what `parts` say of a cell, in the order they ran."""
    results_of: dict[tuple[Any, ...], list[Result]] = {}
    for cell, result in results.items():
        if cell.table == table:
            results_of.setdefault(tuple(part(cell) for part in parts), []).append(result)
    return {
        key: {name: Figure.of([getattr(result, name) for result in some]) for name in NUMBERS}
        for key, some in results_of.items()
    }


def average(by_source: Mapping[str, Row], sources: Sequence[str]) -> Row | None:
    """Average over all data sets with the true harmonic mean; None if any data set is missing."""
    if len(sources) < 2 or any(source not in by_source for source in sources):
        return None
    plain = {name: _mean([by_source[source][name] for source in sources]) for name in NUMBERS}
    base, new = plain["base"], plain["new"]
    plain["h"] = None if base is None or new is None else harmonic_mean(base, new)
    return {name: Figure.of([value]) for name, value in plain.items()}


def _mean(figures: Sequence[Figure | None]) -> float | None:
    values = [figure.mean for figure in figures if figure is not None]
    return statistics.fmean(values) if len(values) == len(figures) else None


def markdown(results: Results, options: BenchmarkOptions, sources: Mapping[str, Source], notes: Sequence[str]) -> str:
    titles = list(sources)
    parts = ["# Benchmark", _about(options, sources), *(f"- {note}" for note in notes)]
    sections: tuple[tuple[str, str, str], ...] = (
        (MAIN, "Methods", "Base, new and H of each method (the layout of Table 1). The best of a column is bold."),
        (
            ABLATION,
            "Ablations of the Multi-Modal Adapter",
            "Tables 2 and 3, and both readings of the mask and the down-projection.",
        ),
        (NOISE, f"Noisy shots (Gaussian, sigma {options.noise:g})", "Table 4: noise on the shots alone."),
        (SHARE, "Share of base classes", "Figure 3."),
        (SHOTS, "Shots per class", "Base, new and H of each method by the number of shots."),
        (AT_HAND, "On the pictures at hand", HALVES),
        (OTHERS, "On others", "The same trainings, measured on the other half, which none of them ever saw."),
    )
    names: dict[str, Callable[[Cell], str]] = {
        SHARE: lambda cell: f"{cell.row}, {cell.base_fraction:.0%} base",
        SHOTS: lambda cell: f"{cell.row}, {cell.shots} shots",
    }
    for table, title, words in sections:
        rows = means(results, table, names.get(table, row_of), source_of)
        if rows:
            parts += [f"## {title}", words, *_tables(rows, titles)]
    parts += _published(sources, options)
    return "\n\n".join(parts).replace("\n\n- ", "\n- ") + "\n"


def _about(options: BenchmarkOptions, sources: Mapping[str, Source]) -> str:
    data = "; ".join(
        f"{source.title} ({len(source.class_names)} classes, {len(source.labels)} images, {source.backbone})"
        for source in sources.values()
    )
    seeds = "seed 0" if options.seeds == 1 else f"seeds 0 to {options.seeds - 1}"
    return (
        f"{options.shots} shots per class, {seeds}, the first {options.base_fraction:.0%} of the classes base. Data: "
        f"{data}. Accuracy in percent, mean ± standard deviation over the seeds; base among base names, new among new "
        "names, H their harmonic mean. No model selection uses the reported images."
    )


def _tables(rows: Mapping[tuple[Any, ...], Row], titles: Sequence[str]) -> list[str]:
    by_name: dict[str, dict[str, Row]] = {}
    for (name, source), row in rows.items():
        by_name.setdefault(name, {})[source] = row
    means_of = {name: average(by_source, titles) for name, by_source in by_name.items()}
    columns = {AVERAGE: {name: row for name, row in means_of.items() if row is not None}}
    columns |= {title: {name: cells[title] for name, cells in by_name.items() if title in cells} for title in titles}
    return [_table(title, cells) for title, cells in columns.items() if cells]


def _table(title: str, rows: Mapping[str, Row]) -> str:
    best = {name: max((figure.mean for row in rows.values() if (figure := row[name])), default=0.0) for name in NUMBERS}

    def text(row: Row, name: str) -> str:
        if (figure := row[name]) is None:
            return ""
        return f"**{figure.text()}**" if figure.mean == best[name] else figure.text()

    lines = [[title, *(text(row, name) for name in NUMBERS)] for title, row in rows.items()]
    return markdown_table([[title, "base", "new", "H", "all"], *lines])


PAPER_BACKBONE, PAPER_SHOTS = "ViT-B-16/openai", 16

_COLUMNS = (
    AVERAGE,
    "Caltech101",
    "OxfordPets",
    "StanfordCars",
    "SUN397",
    "EuroSAT",
    "ImageNet",
    "Flowers102",
    "Food101",
    "FGVCAircraft",
    "DTD",
    "UCF101",
)
_ROWS: Mapping[str, str] = {
    "zero-shot": "69.34/74.22 96.84/94.00 91.17/97.26 63.37/74.89 69.36/75.35 56.48/64.05 "
    "72.43/68.14 72.08/77.80 90.10/91.22 27.19/36.29 53.24/59.90 70.53/77.50",
    "coop": "82.69/63.22 98.00/89.81 93.67/95.29 78.12/60.40 80.60/65.89 92.19/54.74 "
    "76.47/67.88 97.60/59.67 88.33/82.26 40.44/22.30 79.44/41.18 84.69/56.05",
    "cocoop": "80.47/71.69 97.96/93.81 95.20/97.69 70.49/73.59 79.74/76.86 87.49/60.04 "
    "75.98/70.43 94.87/71.75 90.70/91.29 33.41/23.71 77.01/56.00 82.33/73.45",
    "proda": "81.56/72.30 98.27/93.23 95.43/97.83 74.70/71.20 78.67/76.93 83.90/66.00 "
    "75.40/70.23 97.70/68.68 90.30/88.57 36.90/34.13 80.67/56.48 85.23/71.97",
    "clip-adapter": "83.05/65.20 98.13/92.19 91.55/90.10 79.16/59.49 79.44/66.81 93.45/54.41 "
    "75.74/68.21 98.29/64.68 88.24/88.33 42.14/25.67 81.94/39.49 85.42/67.77",
    "multi-modal-adapter": "78.37/73.24 97.80/94.10 94.50/97.03 67.24/70.66 75.59/77.28 82.14/64.60 "
    "73.23/69.52 91.26/73.40 92.57/93.30 34.15/35.27 71.84/54.58 81.79/75.95",
}

PUBLISHED: Mapping[str, Mapping[str, tuple[float, float]]] = {
    method: {
        column: (float(pair.split("/")[0]), float(pair.split("/")[1]))
        for column, pair in zip(_COLUMNS, row.split(), strict=True)
    }
    for method, row in _ROWS.items()
}
"""(base, new) accuracy in percent by method and data set (Seputis et al. 2024, Table 1).

H is computed here rather than copied: the paper's H for Flowers102, EuroSAT, DTD, FGVCAircraft and UCF101 is not the
harmonic mean of its base and new, and its average H is an arithmetic mean.
"""


def _published(sources: Mapping[str, Source], options: BenchmarkOptions) -> list[str]:
    known = {source.title: source.data_set for source in sources.values() if source.data_set is not None}
    if not known:
        return []
    columns = dict.fromkeys(known.values())
    rows = [["published", *columns]]
    for method, row in PUBLISHED.items():
        pairs = (row[column] for column in columns)
        cells = (f"{base:.1f} / {new:.1f} / {harmonic_mean(base, new):.1f}" for base, new in pairs)
        rows.append([find_method(method).title, *cells])
    same = all(source.backbone == PAPER_BACKBONE for source in sources.values()) and options.shots == PAPER_SHOTS
    words = (
        f"Base / new / H (the harmonic mean) as the paper prints base and new: {PAPER_SHOTS} shots, "
        f"{PAPER_BACKBONE}. " + ("" if same else "The figures above use another backbone or number of shots.")
    )
    return ["## Published", words.strip(), markdown_table(rows)]


# ------------------------------------------------------------------------------ plots


def draw_plots(results: Results, out: Path) -> tuple[Path, ...]:
    """Draw the plots there is data for: base against new, share of base classes (Figure 3), accuracy by shots."""
    drawn = (
        _scatter(results, out / SCATTER),
        _lines(results, SHARE, lambda cell: cell.base_fraction, "share of base classes", out / BY_SHARE),
        _lines(results, SHOTS, lambda cell: float(cell.shots), "shots per class", out / BY_SHOTS),
    )
    return tuple(path for path in drawn if path is not None)


def _style(at: int) -> dict[str, Any]:
    return {"color": COLOURS[at % len(COLOURS)], "marker": MARKERS[at % len(MARKERS)]}


def _plot(
    sources: Iterable[str], path: Path, xlabel: str, ylabel: str, draw: Callable[[Any, str], None]
) -> Path | None:
    """Plot one panel per data set, with a legend of what is in any of them; None if there is no data set."""
    titles = list(dict.fromkeys(sources))
    if not titles:
        return None
    with safe_current_folder():  # matplotlib reads `matplotlibrc` from the current folder, which can start LaTeX
        from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE * len(titles), HIGH), layout="constrained")
    legend: dict[str, Any] = {}
    for axis, title in zip(figure.subplots(1, len(titles), squeeze=False)[0], titles, strict=True):
        draw(axis, title)
        axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
        axis.grid(alpha=0.3)
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            legend.setdefault(label, handle)
    figure.legend(legend.values(), legend.keys(), loc="outside right upper", fontsize="small", frameon=False)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=DPI, format="png")
    return path


def _scatter(results: Results, path: Path) -> Path | None:
    means_of = means(results, MAIN, row_of, source_of)
    rows = list(dict.fromkeys(row for row, _ in means_of))

    def draw(axis: Any, source: str) -> None:
        for at, row in enumerate(rows):
            base, new = (means_of.get((row, source), {}).get(name) for name in ("base", "new"))
            if base is not None and new is not None:
                axis.errorbar(
                    base.mean, new.mean, xerr=base.spread, yerr=new.spread, label=row, linestyle="none", **_style(at)
                )

    return _plot((source for _, source in means_of), path, "base accuracy (%)", "new accuracy (%)", draw)


def _lines(results: Results, table: str, step: Callable[[Cell], float], xlabel: str, path: Path) -> Path | None:
    means_of = means(results, table, source_of, row_of, step)

    def draw(axis: Any, source: str) -> None:
        of_source = {(row, at): numbers for (of, row, at), numbers in means_of.items() if of == source}
        steps = sorted({at for _, at in of_source})
        for at, row in enumerate(dict.fromkeys(row for row, _ in of_source)):
            for number, line in (("base", "-"), ("new", "--")):
                found_here = (of_source[row, place][number] for place in steps)
                values = [None if figure is None else figure.mean for figure in found_here]
                axis.plot(steps, values, linestyle=line, label=f"{row}, {number}", **_style(at))
        axis.set(xticks=steps)

    return _plot((source for source, *_ in means_of), path, xlabel, "accuracy (%)", draw)
