"""Accuracy by number of examples. Imports pyqtgraph, so import this late."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import Accuracy, Role
from mma_desktop.engine.training.learning_curve import Point, ShotCurve
from mma_desktop.services.training.label_sufficiency import verdict
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.plot import Item, Levels, Series, WalkedPlot, zero_shot_levels
from mma_desktop.ui.widgets.series import BASE, NEW, Look
from mma_desktop.ui.widgets.theme import tokens

BESIDE = 0.4  # margin left of the first point and right of the last, in doublings
ASIDE = 0.09  # offset of the repetitions to the right of their point
BEAM = 0.08


class ShotsChart(WalkedPlot):
    """Base and new accuracy by examples per class, each step twice the one before; zero-shot as dashed lines.

    Bars are the 95% intervals of base accuracy, small ticks the repetitions.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Accuracy by shots per class"), tr("Shots per class"), tr("Accuracy"), parent)
        self.curve: ShotCurve | None = None
        self.zero_shot = Levels(self)
        self._last = 4.0
        self.sized.connect(self._fit)

    def show_curve(self, curve: ShotCurve | None) -> None:
        self.curve = curve
        self.set_items((), "")
        if curve is not None:
            shots = [one.shots for one in curve.points]
            self._last = math.log2(max([16, *shots]))
            ticks = sorted({*(one for one in (1, 2, 4, 8, 16) if one not in curve.left_out), *shots})
            self.axis("bottom").setTicks([[(math.log2(one), number(one, "d")) for one in ticks], []])
            values = [one.percent for one in (curve.zero_shot_base, curve.zero_shot_new) if one is not None]
            values += [one.base.low for one in curve.points if one.base is not None]
            values += [value for one in curve.points for value in (*one.base_each, *one.new_each)]
            low = max(0.0, 10 * math.floor((min(values, default=0.0) - 4) / 10))
            self.percent_axis("left", low, room=(100 - low) / 40)
            self.set_items([_item(one) for one in curve.points if one.base is not None], verdict(curve))
        self.draw()

    def _fit(self) -> None:
        self.zero_shot.fit(-BESIDE, self._last + BESIDE)

    def draw(self) -> None:
        curve = self.curve
        self.zero_shot.clear()
        self.item.clear()
        if curve is None:
            return
        self.zero_shot.show(zero_shot_levels(curve.zero_shot_base, curve.zero_shot_new))
        self._fit()
        if not curve.points:
            ground = QColor(tokens().surface)
            words = self.text(tr("The first point comes in a moment."), tokens().dim, anchor=(0.5, 0.5), fill=ground)
            words.setZValue(9)
            words.setPos(self._last / 2, sum(self.box.viewRange()[1]) / 2)
        for look, part in ((NEW, "new"), (BASE, "base")):
            self._draw_line(look, part, curve)

    def _draw_line(self, look: Look, part: str, curve: ShotCurve) -> None:
        found = [(one, value) for one in curve.points if (value := getattr(one, part)) is not None]
        x = np.array([math.log2(one.shots) for one, _ in found])
        y = np.array([value.percent for _, value in found])
        if part == "base" and found:
            low, high = (np.array([getattr(value, edge) for _, value in found]) for edge in ("low", "high"))
            bars = pg.ErrorBarItem(x=x, y=y, top=high - y, bottom=y - low, beam=BEAM, pen=self.pen(look.colour, 1.2))
            self.item.addItem(bars, ignoreBounds=True)
        if curve.repetitions > 1:
            each = [(math.log2(one.shots) + ASIDE, at) for one, _ in found for at in getattr(one, f"{part}_each")]
            self.scatter(
                [at for at, _ in each], [at for _, at in each], symbol="_", size=8, brush=look.colour, pen=None
            )
        Series(self, look).show(x, y)


def _item(point: Point) -> Item:
    assert point.base is not None
    words = _words(Role.BASE, point.base, point.base_each)
    if point.new is not None:
        words += f"; {_words(Role.NEW, point.new, point.new_each)}"
    said = tr("{n} shot per class: {accuracy}", "{n} shots per class: {accuracy}", point.shots, accuracy=words)
    return Item(math.log2(point.shots), point.base.percent, f"{said}.")


def _words(role: Role, value: Accuracy, each: tuple[float, ...]) -> str:
    details = [number_format.interval(value.low, value.high), number_format.images(value.n)]
    if len(each) > 1:
        details.append(tr("repetitions {interval}", interval=number_format.interval(min(each), max(each))))
    return f"{number_format.role_word(role)} {number_format.percent(value.percent)} ({', '.join(details)})"
