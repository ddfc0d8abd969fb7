"""Draw a benchmark's plots as PNG files; needs no screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7f7f7f")
"""The colour-blind-safe palette of Okabe and Ito; markers differ as well."""


def draw_plots(results: Sequence[CellResult], out: Path) -> tuple[Path, ...]:
    """Draw the plots there is data for: base against new, share of base classes (Figure 3), accuracy by shots."""
    drawn = (
        _scatter(results, out / "base-against-new.png"),
        _lines(results, SHARE, lambda one: one.cell.base_fraction, "share of base classes", out / "share.png"),
        _lines(results, SHOTS, lambda one: float(one.cell.shots), "shots per class", out / "shots.png"),
    )
    return tuple(path for path in drawn if path is not None)


def _panels(count: int) -> tuple[Any, list[Any]]:
    with safe_current_folder():  # matplotlib reads `matplotlibrc` from the current folder, which can start LaTeX
        from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE * count, HIGH), layout="constrained")
    return figure, list(figure.subplots(1, count, squeeze=False)[0])


def _style(at: int) -> dict[str, Any]:
    return {"color": COLOURS[at % len(COLOURS)], "marker": MARKERS[at % len(MARKERS)]}


def _save(figure: Any, axes: Sequence[Any], path: Path) -> Path:
    handles, labels = axes[0].get_legend_handles_labels()
    for one in axes[1:]:
        more = zip(*one.get_legend_handles_labels(), strict=True)
        for handle, label in more:
            if label not in labels:
                handles.append(handle)
                labels.append(label)
    figure.legend(handles, labels, loc="outside right upper", fontsize="small", frameon=False)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=DPI, format="png")
    return path


def _scatter(results: Sequence[CellResult], path: Path) -> Path | None:
    """Plot base against new accuracy per method, one panel per data set, with the spread over seeds."""
    rows = means(results, MAIN)
    sources = list(dict.fromkeys(source for by_source in rows.values() for source in by_source))
    if not sources:
        return None
    figure, axes = _panels(len(sources))
    for axis, source in zip(axes, sources, strict=True):
        for at, (row, by_source) in enumerate(rows.items()):
            found = by_source.get(source)
            if found is None or found["base"].value is None or found["new"].value is None:
                continue
            base, new = found["base"], found["new"]
            axis.errorbar(
                base.value, new.value, xerr=base.spread, yerr=new.spread, label=row, linestyle="none", **_style(at)
            )
        axis.set(title=source, xlabel="base accuracy (%)", ylabel="new accuracy (%)")
        axis.grid(alpha=0.3)
    return _save(figure, axes, path)


def _lines(
    results: Sequence[CellResult], table: str, where: Callable[[CellResult], float], xlabel: str, path: Path
) -> Path | None:
    """Plot base (solid) and new accuracy (dashed) along a sweep, one panel per data set."""
    some = [one for one in results if one.cell.table == table]
    sources = list(dict.fromkeys(one.source for one in some))
    if not sources:
        return None
    figure, axes = _panels(len(sources))
    for axis, source in zip(axes, sources, strict=True):
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
        axis.set(title=source, xlabel=xlabel, ylabel="accuracy (%)", xticks=steps)
        axis.grid(alpha=0.3)
    return _save(figure, axes, path)
