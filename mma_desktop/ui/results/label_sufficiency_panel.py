"""Have I labelled enough? Accuracy by the number of shots, measured in the background when it is asked for."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import later, number, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import Accuracy, RunRecord
from mma_desktop.engine.training.learning_curve import CurveProgress, Point, ShotCurve
from mma_desktop.services.training.label_sufficiency import EnoughOutcome, footnote, kept_curve, measure, verdict
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.chart import Axis, Chart, Item, percent_axis
from mma_desktop.ui.widgets.controls import EmptyState, button, hint, scrolled
from mma_desktop.ui.widgets.series import BASE, NEW, LegendEntry, Look, draw_symbol

TITLE = later("Have I labelled enough?")
JOB = later("Measuring with fewer shots")
ASK = later(
    "Trains again as this training did, with 1, 2, 4, 8 and 16 shots a class, and measures each on "
    "the same images. It runs in the background, can be paused and stopped, and the answer is kept "
    "with the training."
)
OTHER = later("Another training is being measured.")
HALF_BAR = 5


class EnoughChart(Chart):
    """Base and new accuracy by shots (each twice the one before is one step), zero-shot as dashed lines.

    Bars are the 95% intervals of base accuracy, small ticks the repetitions.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Accuracy by shots a class"),
            Axis(tr("Shots a class"), -0.4, 4.4, ()),
            percent_axis(tr("Accuracy")),
            parent,
        )
        self.curve: ShotCurve | None = None

    def show_curve(self, curve: ShotCurve | None) -> None:
        """Show a curve, finished or not."""
        self.curve = curve
        if curve is None:
            self.set_items((), "")
            return
        shots = [one.shots for one in curve.points]
        last = math.log2(max([16, *shots]))
        ticks = sorted({*(one for one in (1, 2, 4, 8, 16) if one not in curve.left_out), *shots})
        self.x_axis = Axis(
            tr("Shots a class"), -0.4, last + 0.4, tuple((math.log2(one), number(one, "d")) for one in ticks)
        )
        values = [value for point in curve.points for value in _extent(point)]
        zero = [one.percent for one in (curve.zero_shot_base, curve.zero_shot_new) if one is not None]
        low = min([*values, *zero], default=0.0)
        self.y_axis = percent_axis(tr("Accuracy"), max(0.0, 10 * math.floor((low - 4) / 10)))
        self.set_items([_item(one) for one in curve.points if one.base is not None], verdict(curve))

    def paint_data(self, painter: QPainter) -> None:
        """Draw zero-shot, the lines, intervals, repetitions and symbols."""
        curve = self.curve
        if curve is None:
            return
        self._paint_zero(painter)
        if not curve.points:
            self.paint_words(painter, tr("The first point comes in a moment."))
        for look, part in ((NEW, "new"), (BASE, "base")):
            self._paint_line(painter, look, part, curve)

    def _zero_shot(self) -> list[tuple[Look, float, str]]:
        """The zero-shot lines with their labels, from the top."""
        if self.curve is None:
            return []
        pairs = ((BASE, self.curve.zero_shot_base), (NEW, self.curve.zero_shot_new))
        known = [(look, one.percent) for look, one in pairs if one is not None]
        known.sort(key=lambda one: -one[1])
        return [(look, value, _zero_label(look, value)) for look, value in known]

    @property
    def plot(self) -> QRectF:
        """Right of the data is room for the labels of the zero-shot lines, so that they cover none of it."""
        metrics = QFontMetrics(self.small_font())
        lines = [line for _, _, text in self._zero_shot() for line in text.split("\n")]
        room = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        return super().plot.adjusted(0, 0, -room, 0)

    def label_boxes(self) -> list[QRectF]:
        """Where the labels of the zero-shot lines are, from the top: beside their line, but not over one another."""
        area, zero = self.plot, self._zero_shot()
        high = 2.0 * QFontMetrics(self.small_font()).height()
        least, last = 4.0, self.rect().bottom() - 4.0 - high  # within the frame of the focus
        tops = [min(max(least, self.spot(0, value).y() - high / 2), last) for _, value, _ in zero]
        if len(tops) == 2 and tops[1] - tops[0] < high:
            first = min(max(least, (tops[0] + tops[1] - high) / 2), last - high)
            tops = [first, first + high]
        return [QRectF(area.right() + 6, top, self.width() - area.right() - 6, high) for top in tops]

    def _paint_zero(self, painter: QPainter) -> None:
        painter.setFont(self.small_font())
        for (look, value, text), box in zip(self._zero_shot(), self.label_boxes(), strict=True):
            at = self.spot(self.x_axis.low, value)
            painter.setPen(QPen(look.colour, 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(at, QPointF(self.plot.right(), at.y()))
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_line(self, painter: QPainter, look: Look, part: str, curve: ShotCurve) -> None:
        found = [(one, value) for one in curve.points if (value := getattr(one, part)) is not None]
        spots = [self.spot(math.log2(one.shots), value.percent) for one, value in found]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour, 2, look.dash))
        painter.drawPolyline(QPolygonF(spots))
        for (one, value), at in zip(found, spots, strict=True):
            painter.setPen(QPen(look.colour, 1.2))
            if part == "base":
                low, high = (self.spot(math.log2(one.shots), edge) for edge in (value.low, value.high))
                painter.drawLine(low, high)
                for edge in (low, high):
                    painter.drawLine(edge - QPointF(HALF_BAR, 0), edge + QPointF(HALF_BAR, 0))
            for percent in getattr(one, f"{part}_each") if curve.repetitions > 1 else ():
                each = self.spot(math.log2(one.shots), percent)
                painter.drawLine(each + QPointF(HALF_BAR + 2, 0), each + QPointF(2 * HALF_BAR + 3, 0))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(look.colour)))
            draw_symbol(painter, look.symbol, at, 5.0)


def _extent(point: Point) -> list[float]:
    base = [] if point.base is None else [point.base.low]
    return [*base, *point.base_each, *point.new_each]


def _item(point: Point) -> Item:
    assert point.base is not None
    base = tr(
        "base {percent} ({details})",
        percent=number_format.percent(point.base.percent),
        details=_details(point.base, point.base_each),
    )
    words = [tr("{n} shot a class: {accuracy}", "{n} shots a class: {accuracy}", point.shots, accuracy=base)]
    if point.new is not None:
        words.append(
            tr(
                "new {percent} ({details})",
                percent=number_format.percent(point.new.percent),
                details=_details(point.new, point.new_each),
            )
        )
    return Item(math.log2(point.shots), point.base.percent, "; ".join(words) + ".")


def _details(value: Accuracy, each: tuple[float, ...]) -> str:
    details = [number_format.interval(value.low, value.high), number_format.images(value.n)]
    if len(each) > 1:
        details.append(tr("repetitions {interval}", interval=number_format.interval(min(each), max(each))))
    return ", ".join(details)


def _zero_label(look: Look, value: float) -> str:
    percent = number_format.percent(value)
    if look is BASE:
        return tr("zero-shot\nbase {percent}", percent=percent)
    return tr("zero-shot\nnew {percent}", percent=percent)


class EnoughPanel(QWidget):
    """The question, the work on it, and the answer; a tab of the results."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._run: RunRecord | None = None
        self._measured: int | None = None
        self._progress: CurveProgress | None = None
        self._found: dict[int, ShotCurve] = {}
        self.job: Job | None = None
        self.chart = EnoughChart()
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.verdict.font()
        font.setBold(True)
        self.verdict.setFont(font)
        self.footnote = hint("")
        self.line = hint("")
        self.ask_button = button(tr(TITLE), "chart", primary=True, tip=tr("Measure this training with fewer shots"))
        self.again_button = button(tr("Measure again"), "refresh", tip=tr("Measure once more, with the labels of now"))
        self.stop_button = button(tr("Stop"), "stop", tip=tr("Stop measuring; nothing of it is kept"))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Progress of measuring"))
        self.bar.setTextVisible(False)
        self.state = hint("")
        self._empty = EmptyState("chart", tr(TITLE), tr(ASK), (self.ask_button,))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(scrolled(self._inner()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.ask_button.clicked.connect(self.start)
        self.again_button.clicked.connect(self.start)
        self.stop_button.clicked.connect(self.stop)
        self.chart.told.connect(self.line.setText)
        controller.opened.connect(self._opened)
        controller.bridge.job_changed.connect(self._job_changed)

    def _inner(self) -> QWidget:
        inner = QWidget()
        self._work = QWidget()
        work = QHBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(8)
        work.addWidget(self.bar, 1)
        work.addWidget(self.state, 2)
        work.addWidget(self.stop_button)
        legend = QHBoxLayout()
        legend.setSpacing(20)
        for look, text in (
            (BASE, tr("Base, with 95% interval")),
            (NEW, tr("New, never trained on")),
            (None, tr("Zero-shot")),
        ):
            legend.addWidget(LegendEntry(look, text))
        legend.addStretch(1)
        legend.addWidget(self.again_button)
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.verdict)
        column.addWidget(self._work)
        column.addLayout(legend)
        column.addWidget(self.chart, 1)
        column.addWidget(self.line)
        column.addWidget(self.footnote)
        return inner

    # ------------------------------------------------------------------ what is shown

    @property
    def curve(self) -> ShotCurve | None:
        """The curve that is shown."""
        return self.chart.curve

    def show_run(self, run: RunRecord | None) -> None:
        """Show what a run keeps, what is being measured of it, or the question."""
        self._run = run
        busy = self._busy
        running = busy and run is not None and self._measured == run.id
        curve = None if run is None else self._found.get(run.id) or kept_curve(run)
        if running and self._progress is not None:
            curve = self._progress.curve or curve
        self._stack.setCurrentIndex(1 if running or curve is not None else 0)
        self.ask_button.setEnabled(run is not None and not busy)
        self._empty.set_texts(tr(TITLE), f"{tr(OTHER)} {tr(ASK)}" if busy else tr(ASK))
        self.again_button.setEnabled(not busy)
        self.again_button.setVisible(not running)
        self._work.setVisible(busy)
        for one in (self.bar, self.stop_button):
            one.setVisible(running)
        if not running:
            self.state.setText(tr(OTHER) if busy else "")
        self._show_curve(curve, finished=not running)

    def _show_curve(self, curve: ShotCurve | None, *, finished: bool) -> None:
        self.chart.show_curve(curve)
        self.line.setText(
            tr("Walk along the points with the arrow keys, or point at one.") if curve is not None else ""
        )
        if curve is None or not finished:
            self.verdict.setText(" ".join((tr(TITLE), tr("Measuring."))))
            self.footnote.setText("")
            return
        self.verdict.setText(verdict(curve))
        self.footnote.setText(footnote(curve))

    def _opened(self, _context: object) -> None:
        self._measured, self._progress, self.job = None, None, None
        self._found.clear()
        self.show_run(None)

    @property
    def _busy(self) -> bool:
        return self.job is not None and not self.job.finished

    # ------------------------------------------------------------------ the work

    def start(self) -> None:
        """Measure the run that is shown."""
        run, context = self._run, self._controller.context
        if run is None or context is None or self._busy:
            return
        run_id = run.id
        self._measured, self._progress = run_id, None

        def done(outcome: EnoughOutcome) -> None:
            self._found[run_id] = outcome.curve
            self._controller.changed.emit(outcome.changes)
            self._controller.notice.emit(verdict(outcome.curve))

        def finished() -> None:
            if self.job is job:  # called always, also when `_opened` has forgotten the job
                self._measured, self._progress, self.job = None, None, None
                self.show_run(self._run)

        job = self.job = self._controller.bridge.run(
            LaneName.ENGINE,
            tr(JOB),
            lambda token: measure(context, run_id, token),
            event=self._take,
            done=done,
            finished=finished,
            context=context,
        )
        self.state.setText(tr("Waiting for the engine"))
        self.bar.setRange(0, 0)
        self.show_run(run)
        self.stop_button.setFocus()

    def stop(self) -> None:
        """Stop measuring."""
        if self.job is not None:
            self.job.cancel()

    def _take(self, progress: Progress) -> None:
        if not isinstance(progress, CurveProgress):
            if progress.changes is not None:
                self._controller.changed.emit(progress.changes)
            return
        self._progress = progress
        if self._run is not None and self._run.id == self._measured:
            self._show_curve(progress.curve, finished=False)

    def _job_changed(self, job: Job, progress: Progress | None) -> None:
        if job is not self.job or progress is None:
            return
        text = progress.message
        if progress.seconds_left is not None:
            left = number_format.duration(progress.seconds_left)
            text = tr("{step}, about {duration} left", step=text, duration=left)
        self.state.setText(text)
        self.bar.setRange(0, progress.total or 0)
        self.bar.setValue(progress.done)
