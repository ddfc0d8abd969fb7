"""The answer "None of these", from the checkpoint to every prediction: filters, CSV files, the public classifier."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mma_desktop import load_classifier
from mma_desktop.cli import main as cli
from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.checkpoint import set_reject as set_in_file
from mma_desktop.engine.evaluation.calibration import RejectCurve
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.sorting import UNSURE, sort_targets
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.services.serialization import evaluation_from
from mma_desktop.services.training.project_training import TrainOutcome
from tests.steps import labels_csv

from .understanding import small_project


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectContext, TrainOutcome]]:
    with small_project(tmp_path_factory.mktemp("reject"), cache_home, sample_pictures, shots=4) as made:
        context, _ = made
        context.project.assign(context.index.columns.ids[::3].tolist(), None)  # some are not labelled
        yield made


def set_reject(context: ProjectContext, run_id: int, reject: float) -> None:
    """Put a threshold into a checkpoint, as earlier versions did, and use it."""
    run = context.project.run(run_id)
    header = set_in_file(context.project.checkpoint_path(run), reject)
    if context.is_current(run):
        context.engine.predictor.header = header
        assert context.guesses is not None
        context.guesses = replace(context.guesses, reject=reject)


def middle(context: ProjectContext) -> float:
    """A threshold that rejects some and keeps some."""
    assert context.guesses is not None
    return math.floor(1000 * float(np.median(context.guesses.best_confidence))) / 1000


def ids_of(context: ProjectContext, show: Show, class_id: int | None = None) -> set[int]:
    return set(context.select(Filter(show, class_id)).tolist())


def test_nothing_is_rejected_until_somebody_asks_for_it(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, _ = trained
    assert context.guesses is not None
    assert not context.guesses.rejected.any()
    assert ids_of(context, Show.REJECTED) == set()


def test_a_threshold_is_in_the_checkpoint_and_in_every_prediction(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path
) -> None:
    context, outcome = trained
    limit = middle(context)
    before = {one.id: ids_of(context, Show.PREDICTED, one.id) for one in context.classes}
    set_reject(context, outcome.run.id, limit)
    assert read_header(context.project.checkpoint_path(outcome.run)).reject == limit
    guesses = context.guesses
    assert guesses is not None
    assert guesses.rejected.tolist() == (guesses.best_confidence.astype(np.float64) < limit).tolist()
    unsure = ids_of(context, Show.REJECTED)
    assert unsure
    for one in context.classes:
        assert ids_of(context, Show.PREDICTED, one.id) == before[one.id] - unsure
    prediction.score(context, CancelToken())
    assert ids_of(context, Show.REJECTED) == unsure, "scored anew, it is the same"

    sure = set().union(*before.values()) - unsure
    pairs = shown_pairs(context.guesses, sorted(unsure | sure))
    assert {image for image, _ in pairs} == sure, "accepting leaves the unsure ones"
    with pytest.raises(UserError, match=NONE_OF_THESE):
        shown_pairs(context.guesses, sorted(unsure))

    with exporting.predictions(context, tmp_path / "p.csv").open(newline="") as handle:
        table = {row["file_name"]: row for row in csv.DictReader(handle)}
    for row in context.project.image_rows(sorted(unsure | sure)):
        told = table[str(row.path)]["prediction"]
        assert (told == NONE_OF_THESE) == (row.id in unsure)
        assert float(table[str(row.path)]["confidence"]) > 0
    with labels_csv(context, tmp_path / "l.csv").open(newline="") as handle:
        assert NONE_OF_THESE in {row["prediction"] for row in csv.DictReader(handle)}


def test_one_picture_the_exported_adapter_and_the_command_line_agree(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context, outcome = trained
    set_reject(context, outcome.run.id, middle(context))
    assert context.guesses is not None
    by_confidence = context.guesses.image_ids[np.argsort(context.guesses.best_confidence)]
    at = len(by_confidence) * 7 // 8  # the least sure one, and one that is sure enough, but not altogether
    low, high = (row.path for row in context.project.image_rows([int(by_confidence[0]), int(by_confidence[at])]))
    assert prediction.picture(context, low).rejected
    assert not prediction.picture(context, high).rejected
    out = exporting.adapter(context, outcome.run.id, tmp_path / "a.safetensors")
    classifier = load_classifier(out)
    assert classifier.header.reject == middle(context)
    said = classifier.rank([low, high])
    assert [one.rejected for one in said] == [True, False]
    assert said[0].ranked, "its guesses are there all the same"
    assert [one.rejected for one in classifier.rank([low, high], everything=True)] == [False, False]
    classifier.none_of_these = True
    assert [one == NONE_OF_THESE for one in classifier.predict([low, high])] == [True, False]
    with pytest.raises(ValueError, match="none_share"):
        classifier.rank([low], none_share=2)

    def told(*more: str) -> list[str]:
        assert cli.main(["predict", str(out), str(low), str(high), *more], lambda: 1) == 0
        rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
        assert all(row["zero_shot"] != NONE_OF_THESE for row in rows)
        return [row["prediction"] for row in rows]

    assert [one == NONE_OF_THESE for one in told()] == [True, False]
    assert NONE_OF_THESE not in told("--everything-gets-a-name")
    with pytest.raises(SystemExit):
        cli.main(["predict", str(out), str(low), "--none-share", "1.5"], lambda: 1)


def test_a_confidence_exactly_at_the_limit_is_enough_everywhere(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path
) -> None:
    context, outcome = trained
    assert context.guesses is not None
    free = ~context.index.columns.labelled[context.index.columns.positions(context.guesses.image_ids)]
    at = int(np.argsort(np.where(free, context.guesses.best_confidence, 2))[free.sum() // 2])
    number = int(context.guesses.image_ids[at])
    path = context.project.image_rows([number])[0].path

    def above(limit: float) -> float:
        return float(np.nextafter(limit, 1))

    limit = float(context.guesses.best_confidence[at])
    for reject, wanted in ((limit, False), (above(limit), True)):
        set_reject(context, outcome.run.id, reject)
        assert (bool(context.guesses.rejected[at]), context.guesses.rejects(at)) == (wanted, wanted)
        assert (number in ids_of(context, Show.REJECTED)) == wanted
    set_reject(context, outcome.run.id, 0)
    for least, wanted in ((limit, True), (above(limit), False)):
        ids, folders = sort_targets(context, least, labelled=False)
        assert (folders[ids == number][0] != UNSURE) == wanted

    shown = prediction.picture(context, path).ranked[0].confidence
    for reject, wanted in ((shown, False), (above(shown), True)):
        set_reject(context, outcome.run.id, reject)
        assert prediction.picture(context, path).rejected == wanted
    set_reject(context, outcome.run.id, 0)
    adapter = exporting.adapter(context, outcome.run.id, tmp_path / "a.safetensors")
    classifier = load_classifier(adapter)
    said = classifier.rank([path])[0].ranked[0].confidence
    for least, wanted in ((said, True), (above(said), False)):
        out = tmp_path / f"sorted-{wanted}"
        words = ["predict", str(adapter), str(path), "--sort-into", str(out), "--min-confidence", repr(least)]
        assert cli.main(words, lambda: 1) == 0
        (found,) = out.rglob(path.name)
        assert (found.parent.name != "Unsure") == wanted


def test_what_the_curve_says_is_what_happens_to_the_measured_images(
    trained: tuple[ProjectContext, TrainOutcome],
) -> None:
    _, outcome = trained
    answers = evaluation_from(outcome.run.metrics).adapted_answers
    assert answers is not None
    assert outcome.evaluation.adapted.all is not None
    curve = RejectCurve(answers)
    assert curve.n == outcome.evaluation.adapted.all.n
    whole = curve.at(0).accuracy
    assert whole is not None
    assert whole.percent == pytest.approx(outcome.evaluation.adapted.all.percent)


def test_a_run_that_is_not_in_use_keeps_its_own_threshold(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path
) -> None:
    context, outcome = trained
    set_reject(context, outcome.run.id, 0.25)
    adapter, header = context.engine.adapter, context.engine.header
    context.engine.use(None)
    prediction.score(context, CancelToken())
    assert context.guesses is not None
    assert not context.guesses.rejected.any(), "zero-shot rejects nothing"
    set_reject(context, outcome.run.id, 0.5)
    assert adapter is not None
    assert header is not None
    model_in_use.use_run(context, outcome.run.id)
    prediction.score(context, CancelToken())
    assert context.guesses.reject == 0.5
