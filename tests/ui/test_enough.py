"""Have I labelled enough, through the real window: asked for, filled in, stopped, kept with the training."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import Accuracy
from mma_desktop.engine.training.learning_curve import Difference, Point, ShotCurve
from mma_desktop.services.training.label_sufficiency import kept_curve, verdict
from mma_desktop.ui.results.label_sufficiency_panel import JOB
from mma_desktop.ui.results.shots_chart import ShotsChart

from .person import LONG, Key, Person


def curve() -> ShotCurve:
    points = tuple(
        Point(shots, Accuracy.of(60 + 5 * at, 100), Accuracy.of(70, 90), (60.0 + 5 * at, 58.0 + 5 * at), (77.0, 78.0))
        for at, shots in enumerate((1, 2, 4, 8, 12))
    )
    zero = Accuracy.of(55, 100), Accuracy.of(69, 90)
    return ShotCurve(points, *zero, Difference(8, 12, 5.0, 1.0, 9.0), "cross-validation", 2, (16,))


def test_each_point_is_told_by_keys(qtbot: QtBot) -> None:
    chart = ShotsChart()
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    chart.show_curve(curve())
    chart.show()
    assert chart.accessibleDescription() == verdict(curve())
    assert [text for _, text in chart.axis("bottom")._tickLevels[0]] == ["1", "2", "4", "8", "12"]
    told: list[str] = []
    chart.message.connect(told.append)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End):
        qtbot.keyClick(chart, key)
    assert told[0].startswith("1 shot per class: base 60.0%")
    assert told[1].startswith("2 shots per class: base 65.0%")
    assert told[2].startswith("12 shots per class: base 80.0%")
    assert "100 images, repetitions 78.0 to 80.0" in told[2]
    assert "new 77.8%" in told[2]
    chart.grab()
    chart.show_curve(None)
    chart.grab()


@pytest.mark.parametrize(("base", "new"), [(91, 94), (91, 91), (55, 69), (93, 100), (10, 12)])
def test_the_labels_of_the_zero_shot_lines_cover_neither_data_nor_one_another(
    qtbot: QtBot, base: int, new: int
) -> None:
    chart = ShotsChart()
    qtbot.addWidget(chart)
    chart.resize(500, 200)
    chart.show_curve(replace(curve(), zero_shot_base=Accuracy.of(base, 100), zero_shot_new=Accuracy.of(new, 100)))
    with qtbot.waitSignal(chart.sized):
        chart.show()
    first, second = (text.mapRectToItem(chart.box, text.boundingRect()) for _, text in chart.zero_shot.drawn)
    assert not first.adjusted(0, 1, 0, -1).intersects(second)
    for one in (first, second):
        assert one.left() > chart.box.mapFromView(QPointF(4.0, 80.0)).x() + 8
        assert chart.box.rect().adjusted(-1, -1, 1, 1).contains(one)


def test_asked_for_filled_in_and_kept(trained_person: Person) -> None:
    person = trained_person
    context, page = person.context, person.window.pages["train"].advanced
    run = page.shown_run
    assert run is not None
    bar = page.tabs.tabBar()
    panel = page.tabs.enough
    person.click(bar, bar.tabRect(page.tabs.indexOf(panel)).center())
    person.until(panel.ask_button.isVisible)
    counts: list[int] = []
    real = panel.chart.show_curve

    def watched(found: ShotCurve | None) -> None:
        counts.append(0 if found is None else len(found.points))
        real(found)

    panel.chart.show_curve = watched  # type: ignore[method-assign]
    panel.ask_button.setFocus()
    person.press(Key.Key_Space)
    job = panel.job
    assert job is not None
    assert job.title == JOB
    person.until(lambda: job.finished and panel.job is None, LONG)
    person.until(lambda: panel.footnote.text() != "")
    assert counts == sorted(counts), "points only come"
    assert {1, 2, 3} <= set(counts)
    assert panel.verdict.text().startswith("From 2 to 4 shots base accuracy")
    assert "8 and 16 shots are left out" in panel.footnote.text()
    assert panel.again_button.isVisible()
    assert not panel.stop_button.isVisible()
    person.until(lambda: page.shown_run is not None and kept_curve(page.shown_run) is not None)
    assert kept_curve(context.project.runs()[0]) is not None
    panel.chart.setFocus()
    person.press(Key.Key_End)
    assert panel.line.text().startswith("4 shots per class: base ")

    # asked for again, stopped: what was kept stays
    before = kept_curve(context.project.runs()[0])
    person.click(panel.again_button)
    job = panel.job
    assert job is not None
    job.pause()
    assert job.paused
    person.until(panel.stop_button.isVisible)
    person.click(panel.stop_button)
    person.until(lambda: job.finished and panel.job is None, LONG)
    assert kept_curve(context.project.runs()[0]) == before
    person.until(lambda: panel.verdict.text().startswith("From 2 to 4 shots"))
