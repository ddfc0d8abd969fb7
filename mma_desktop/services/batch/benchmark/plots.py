"""Draw a benchmark's plots as PNG files; needs no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mma_desktop.core.atomic_io import atomic_path
from mma_desktop.core.paths import safe_current_folder
from mma_desktop.services.batch.benchmark.benchmark_plan import MAIN, SHARE, SHOTS
from mma_desktop.services.batch.benchmark.result_tables import Mean, means

if TYPE_CHECKING:
    from mma_desktop.services.batch.benchmark.benchmark_plan import CellResult

DPI = 150
WIDE, HIGH = 4.8, 4.0
MARKERS = "osD^vP*Xhp<>"
FILES = SCATTER, BY_SHARE, BY_SHOTS = "base-against-new.png", "share.png", "shots.png"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7f7f7f")
"""The colour-blind-safe palette of Okabe and Ito; markers differ as well."""


def draw_plots(results: Sequence[CellResult], out: Path) -> tuple[Path, ...]:
    """Draw the plots there is data for: base against new, share of base classes (Figure 3), accuracy by shots."""
    drawn = (
        _scatter(results, out / SCATTER),
        _lines(results, SHARE, lambda one: one.cell.base_fraction, "share of base classes", out / BY_SHARE),
        _lines(results, SHOTS, lambda one: float(one.cell.shots), "shots per class", out / BY_SHOTS),
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


def _scatter(results: Sequence[CellResult], path: Path) -> Path | None:
    """Plot base against new accuracy per method, with the spread over seeds."""
    rows = means(results, MAIN)

    def draw(axis: Any, source: str) -> None:
        for at, (row, by_source) in enumerate(rows.items()):
            found = by_source.get(source)
            if found is None or found["base"].value is None or found["new"].value is None:
                continue
            base, new = found["base"], found["new"]
            axis.errorbar(
                base.value, new.value, xerr=base.spread, yerr=new.spread, label=row, linestyle="none", **_style(at)
            )

    sources = (source for by_source in rows.values() for source in by_source)
    return _plot(sources, path, "base accuracy (%)", "new accuracy (%)", draw)


def _lines(
    results: Sequence[CellResult], table: str, where: Callable[[CellResult], float], xlabel: str, path: Path
) -> Path | None:
    """Plot base (solid) and new accuracy (dashed) along a sweep."""
    some = [one for one in results if one.cell.table == table]

    def draw(axis: Any, source: str) -> None:
        own = [one for one in some if one.source == source]
        steps = sorted({where(one) for one in own})
        for at, row in enumerate(dict.fromkeys(one.cell.row for one in own)):
            for number, line in (("base", "-"), ("new", "--")):
                values = [
                    Mean.of(
                        [getattr(one.result, number) for one in own if one.cell.row == row and where(one) == step]
                    ).value
                    for step in steps
                ]
                axis.plot(steps, values, linestyle=line, label=f"{row}, {number}", **_style(at))
        axis.set(xticks=steps)

    return _plot((one.source for one in some), path, xlabel, "accuracy (%)", draw)
