"""Axes whose numbers are written as the language writes them. Imports pyqtgraph: import it late."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg

from mma_desktop.core.i18n import language


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # it has no types
    """An axis with the language's decimal mark."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """The numbers at the ticks."""
        return [text.replace(".", language().decimal) for text in super().tickStrings(values, scale, spacing)]


def number_axes() -> dict[str, NumberAxis]:
    """The two axes of a plot, as `pyqtgraph.PlotWidget` takes them."""
    return {side: NumberAxis(side) for side in ("left", "bottom")}
