"""Draw a benchmark's plots as PNG files; needs no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mma_desktop.core.atomic_io import atomic_path
from mma_desktop.core.paths import safe_current_folder
from mma_desktop.services.batch.benchmark.benchmark_plan import MAIN, SHARE, SHOTS, Results
from mma_desktop.services.batch.benchmark.result_tables import means, row_of, source_of
from mma_desktop.services.batch.benchmark.sources import Cell

DPI = 150
WIDE, HIGH = 4.8, 4.0
MARKERS = "osD^vP*Xhp<>"
FILES = SCATTER, BY_SHARE, BY_SHOTS = "base-against-new.png", "share.png", "shots.png"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7f7f7f")
"""The colour-blind-safe palette of Okabe and Ito; markers differ as well."""


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
    """Plot base against new accuracy per method, with the spread over seeds."""
    found = means(results, MAIN, row_of, source_of)
    rows = list(dict.fromkeys(row for row, _ in found))

    def draw(axis: Any, source: str) -> None:
        for at, row in enumerate(rows):
            base, new = (found.get((row, source), {}).get(name) for name in ("base", "new"))
            if base is not None and new is not None:
                how = {"xerr": base.spread, "yerr": new.spread, "label": row, "linestyle": "none"}
                axis.errorbar(base.mean, new.mean, **how, **_style(at))

    return _plot((source for _, source in found), path, "base accuracy (%)", "new accuracy (%)", draw)


def _lines(results: Results, table: str, step: Callable[[Cell], float], xlabel: str, path: Path) -> Path | None:
    """Plot base (solid) and new accuracy (dashed) along a sweep."""
    found = means(results, table, source_of, row_of, step)

    def draw(axis: Any, source: str) -> None:
        own = {(row, at): numbers for (of, row, at), numbers in found.items() if of == source}
        steps = sorted({at for _, at in own})
        for at, row in enumerate(dict.fromkeys(row for row, _ in own)):
            for number, line in (("base", "-"), ("new", "--")):
                found_here = (own[row, place][number] for place in steps)
                values = [None if figure is None else figure.mean for figure in found_here]
                axis.plot(steps, values, linestyle=line, label=f"{row}, {number}", **_style(at))
        axis.set(xticks=steps)

    return _plot((source for source, *_ in found), path, xlabel, "accuracy (%)", draw)
