"""The live curves: fed with the events of a training, drawn in one frame, telling lines apart without colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.types import Accuracy, Scores, harmonic_mean
from mma_desktop.services.serialization import CurveData, Phase
from mma_desktop.ui.experiments.row_charts import BASE, EPOCH_STYLES, LOSS, NEW, VALIDATION_LOSS, CurvesPanel
from mma_desktop.ui.widgets import theme

from .test_theme import contrast

ZERO_SHOT = Scores(Accuracy.of(72, 100), Accuracy.of(71, 100), Accuracy.of(60, 200))


def event(epoch: int, phase: str = "train", *, base: int | None = 75, new: int | None = 70) -> EpochEvent:
    b = None if base is None else Accuracy.of(base, 100)
    n = None if new is None else Accuracy.of(new, 100)
    return EpochEvent(
        phase=phase,
        epoch=epoch,
        max_epochs=200,
        loss=1.0 / epoch,
        validation_loss=1.2 / epoch,
        validation=Accuracy.of(7, 10),
        base=b,
        new=n,
        h=harmonic_mean(b.percent, n.percent) if b and n else None,
        zero_shot=ZERO_SHOT,
        best_epoch=max(1, epoch - 1),
        seconds_left=3.0,
    )


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    made = CurvesPanel()
    qtbot.addWidget(made)
    made.resize(900, 360)
    made.show()
    return made


def test_the_lines_carry_the_measured_values(panel: CurvesPanel, qtbot: QtBot) -> None:
    for epoch in range(1, 11):
        panel.add(event(epoch, base=70 + epoch))
    qtbot.waitUntil(lambda: len(panel.data.phases.get("train", Phase()).epochs) == 10)
    panel.draw()
    x, y = panel.accuracy_plot.lines["train", "base"].curve.getData()
    assert x.tolist() == list(range(1, 11))
    assert y.tolist() == [70.0 + epoch for epoch in range(1, 11)]
    _, loss = panel.loss_plot.lines["train", "loss"].curve.getData()
    np.testing.assert_allclose(loss, [1 / epoch for epoch in range(1, 11)], atol=1e-5)
    assert panel.loss_plot.best.value() == 9


def test_many_epochs_are_drawn_in_few_frames(panel: CurvesPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[int] = []
    tell = panel.accuracy_plot.set_epochs
    monkeypatch.setattr(panel.accuracy_plot, "set_epochs", lambda phase: (frames.append(1), tell(phase))[1])
    for epoch in range(1, 151):
        panel.add(event(epoch))
    qtbot.waitUntil(lambda: len(panel.data.phases.get("train", Phase()).epochs) == 150)
    assert 3 < len(frames) < 30, "as it went, and soon"


def test_the_epochs_are_walked_by_keys_and_say_their_values(panel: CurvesPanel, qtbot: QtBot) -> None:
    for epoch in range(1, 4):
        panel.add(event(epoch, base=70 + epoch))
    panel.draw()
    for plot, first, last in (
        (panel.accuracy_plot, "Epoch 1: Base 71%, New 70%", "Epoch 3: Base 73%, New 70%"),
        (panel.loss_plot, "Epoch 1: Training 1, Validation 1.2", "Epoch 3: Training 0.333, Validation 0.4"),
    ):
        assert plot.accessibleName()
        plot.setFocus()
        qtbot.keyClick(plot, Qt.Key.Key_Home)
        assert plot.accessibleDescription() == first
        qtbot.keyClick(plot, Qt.Key.Key_End)
        assert plot.accessibleDescription() == last
    panel.add(event(4))
    panel.draw()
    assert panel.accuracy_plot.current == 2, "an epoch that comes moves nothing"


def test_the_zero_shot_baselines_are_dashed_and_told_in_the_legend(panel: CurvesPanel) -> None:
    panel.add(event(1))
    panel.draw()
    for name, look, percent in (("base", BASE, 72.0), ("new", NEW, 71.0)):
        line = panel.zero_shot[name]
        assert line.isVisible()
        assert line.value() == pytest.approx(percent)
        assert line.pen.style() == Qt.PenStyle.DashLine
        assert line.pen.color() == look.colour
    assert panel.zero_shot_words.text() == "Dashed: zero-shot, base 72.0% (n = 100), new 71.0% (n = 100)"
    panel.show_data(CurveData())
    panel.add(replace(event(1, base=None), zero_shot=Scores(None, Accuracy.of(0, 100), None)))
    panel.draw()
    assert [line.isVisible() for line in panel.zero_shot.values()] == [False, True]
    assert panel.zero_shot_words.text() == "Dashed: zero-shot, new 0.0% (n = 100)"


def test_a_fold_without_base_images_still_has_its_new_accuracy_drawn(panel: CurvesPanel, qtbot: QtBot) -> None:
    for fold in (1, 2, 3):
        panel.add(event(1, f"fold {fold} of 4", base=None))
    qtbot.waitUntil(lambda: ("fold 3 of 4", "new") in panel.accuracy_plot.lines)
    assert len(panel.accuracy_plot.lines["fold 3 of 4", "new"].curve.getData()[0]) == 1


def test_a_new_accuracy_that_was_not_measured_is_not_drawn(panel: CurvesPanel) -> None:
    panel.add(event(1, new=None))
    panel.draw()
    assert panel.accuracy_plot.lines["train", "new"].curve.getData()[0] is None
    assert len(panel.accuracy_plot.lines["train", "base"].curve.getData()[0]) == 1


def test_former_folds_are_faint(panel: CurvesPanel) -> None:
    for phase in ("fold 1 of 4", "fold 2 of 4", "train"):
        for epoch in (1, 2, 3):
            panel.add(event(epoch, phase))
    panel.draw()
    now = panel.accuracy_plot.lines["train", "base"].curve.opts["pen"]
    before = panel.accuracy_plot.lines["fold 1 of 4", "base"].curve.opts["pen"]
    assert before.color().alphaF() < 0.5
    assert now.color().alphaF() == 1.0
    assert before.widthF() < now.widthF()


def test_lines_differ_by_dash_and_symbol_not_by_colour_alone() -> None:
    for one, other in ((LOSS, VALIDATION_LOSS), (BASE, NEW)):
        assert one.dash != other.dash
        assert one.symbol != other.symbol
    assert Qt.PenStyle.DashLine not in {style.dash for style in EPOCH_STYLES.values()}, "dashed is zero-shot"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_colours_follow_the_theme_and_can_be_read(panel: CurvesPanel, qapp: QApplication, name: str) -> None:
    panel.add(event(1))
    theme.apply_theme(qapp, name)
    panel.draw()
    ground = theme.tokens().surface
    assert panel.accuracy_plot.backgroundBrush().color().name() == ground
    for style in EPOCH_STYLES.values():
        assert contrast(style.colour.name(), ground) >= 4.5
    assert panel.accuracy_plot.lines["train", "base"].curve.opts["pen"].color() == BASE.colour


def test_axes_have_names_and_units(panel: CurvesPanel) -> None:
    assert panel.accuracy_plot.item.getAxis("left").labelText == "Accuracy"
    assert panel.accuracy_plot.item.getAxis("left").labelUnits == "%"
    assert panel.loss_plot.item.getAxis("bottom").labelText == "Epoch"


def test_another_training_starts_with_an_empty_plot(panel: CurvesPanel) -> None:
    panel.add(event(1))
    panel.draw()
    panel.show_data(CurveData())
    assert not panel.accuracy_plot.lines
    assert not any(line.isVisible() for line in panel.zero_shot.values())
    assert panel.zero_shot_words.text() == ""
    assert not panel.loss_plot.best.isVisible()


def test_epochs_faster_than_frames_starve_neither_plot(panel: CurvesPanel, qtbot: QtBot) -> None:
    epochs = iter(range(1, 10_000))
    stream = QTimer(panel)
    stream.setInterval(5)
    stream.timeout.connect(lambda: panel.add(event(next(epochs))))
    stream.start()
    qtbot.waitUntil(lambda: ("train", "loss") in panel.loss_plot.lines)
    qtbot.waitUntil(lambda: ("train", "base") in panel.accuracy_plot.lines)
    assert stream.isActive()
    stream.stop()
