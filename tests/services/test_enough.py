"""Have I labelled enough: through the session: kept with the run, refused with a sentence, told in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Accuracy, Recipe, RunRecord, TrainRequest
from mma_desktop.engine.training.learning_curve import CurveProgress, Difference, Point, ShotCurve
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training import project_training
from mma_desktop.services.training.label_sufficiency import (
    curve_json,
    footnote,
    kept_curve,
    measure,
    request_of,
    verdict,
)
from mma_desktop.services.training.project_training import TrainOutcome
from tests.steps import run

from .understanding import small_project


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectContext, TrainOutcome]]:
    with small_project(tmp_path_factory.mktemp("enough"), cache_home, sample_pictures, shots=4) as made:
        yield made


def test_a_curve_is_measured_as_the_run_was_trained_and_kept_with_it(
    trained: tuple[ProjectContext, TrainOutcome],
) -> None:
    context, outcome = trained
    assert kept_curve(outcome.run) is None
    events, found = run(measure(context, outcome.run.id, CancelToken(), 2))
    curve = found.curve
    assert [one.shots for one in curve.points] == [1, 2, 4]
    assert curve.left_out == (8, 16)
    assert curve.zero_shot_base == outcome.evaluation.zero_shot.base
    last, adapted = curve.points[-1].base, outcome.evaluation.adapted.base
    assert last is not None
    assert adapted is not None
    assert last.n == adapted.n, "the same test images"
    assert curve.points[-1].base_each[0] == pytest.approx(adapted.percent), "all shots, the same seed: the same run"
    assert any(isinstance(event, CurveProgress) and event.curve is not None for event in events)
    assert found.changes.runs
    (stored,) = context.project.runs()
    again = kept_curve(stored)
    assert again is not None
    assert [one.shots for one in again.points] == [1, 2, 4]
    assert again.difference == curve.difference
    assert verdict(again) == verdict(curve)
    assert stored.metrics["history"], "what the run kept before is still there"
    assert not context.is_current(replace(stored, checkpoint="runs/other.safetensors"))
    assert context.is_current(stored), "the adapter in use is still the run's"


def test_a_stop_keeps_nothing(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, _ = trained
    _, outcome = run(project_training.train(context, TrainRequest(shots=2, recipe=Recipe(max_epochs=3)), CancelToken()))
    token = CancelToken()
    steps = measure(context, outcome.run.id, token)
    next(steps)
    token.cancel()
    with pytest.raises(Cancelled):
        run(steps)
    assert all(kept_curve(one) is None for one in context.project.runs() if one.id == outcome.run.id)


def test_what_cannot_be_measured_is_a_sentence(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, _ = trained
    _, plain = run(project_training.train(context, TrainRequest(method="zero-shot", shots=4), CancelToken()))
    with pytest.raises(UserError, match="nothing to train"):
        run(measure(context, plain.run.id, CancelToken()))
    with pytest.raises(UserError, match="not there any more"):
        run(measure(context, 999, CancelToken()))


def test_a_run_is_asked_for_again_as_it_was(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    _, outcome = trained
    assert request_of(outcome.run) == TrainRequest(shots=4, recipe=Recipe(max_epochs=8))


# ------------------------------------------------------------------ words


def made(change: Difference | None, left_out: tuple[int, ...] = (), base_by: str = "held-out") -> ShotCurve:
    accuracy = Accuracy(80, 100, 71.1171, 86.6633)
    points = tuple(Point(shots, accuracy, None, (80.0,), ()) for shots in (8, 16))
    return ShotCurve(points, accuracy, None, change, base_by, 3, left_out)


@pytest.mark.parametrize(
    ("low", "points", "high", "said"),
    [
        (0.4, 2.1, 3.8, "rose by 2.1 points (95% interval +0.4 to +3.8, 100 images): more shots still help."),
        (-1.0, 0.3, 1.5, "changed by +0.3 points (95% interval \N{MINUS SIGN}1.0 to +1.5, 100 images): flat"),
        (-4.0, 2.0, 8.0, "it cannot be told whether more labels help"),
        (-6.0, -3.0, -0.5, "fell by 3.0 points"),
    ],
)
def test_the_verdict_in_words(low: float, points: float, high: float, said: str) -> None:
    told = verdict(made(Difference(8, 16, points, low, high)))
    assert told.startswith("From 8 to 16 shots base accuracy")
    assert said in told


def test_what_is_left_out_is_said() -> None:
    assert "nothing to compare" in verdict(made(None))
    assert "measured on the same test images" in footnote(made(None))
    assert "8 and 16 shots are left out" in footnote(made(None, (8, 16)))
    folded = footnote(made(None, (16,), "cross-validation"))
    assert "cross-validation" in folded
    assert "quarter" not in folded, "of two or three shots it is a half or a third"
    assert "16 shots is left out" in folded
    in_turn = footnote(made(None, (32,), "leave-one-out"))
    assert in_turn.startswith("Each point was trained 3 times, with other shots, and measured on all shots: those it")
    assert in_turn.endswith("32 shots is left out: this training has 16 per class to train on.")


def test_a_kept_curve_comes_back_and_a_spoilt_one_is_none() -> None:
    curve = made(Difference(8, 16, 1.0, -1.0, 3.0), (32,))
    metrics = {"enough": json.loads(json.dumps(curve_json(curve)))}
    record = RunRecord(1, "run", 0.0, "multi-modal-adapter", "starter", "runs/a.safetensors", {}, metrics)
    assert kept_curve(record) == curve
    for spoilt in ({"points": 3}, {"points": [{}]}, [], "x", {**metrics["enough"], "difference": {"no": 1}}):
        assert kept_curve(replace(record, metrics={"enough": spoilt})) is None
