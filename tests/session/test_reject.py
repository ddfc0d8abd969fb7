"""The answer "None of these", from the checkpoint to every prediction: filters, CSV files, the public classifier."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mma_desktop import load_classifier
from mma_desktop.cli import commands
from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.evaluation.calibration import RejectCurve
from mma_desktop.services.context import ProjectSession
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.services.predicting.reject_threshold import reject_of, set_reject
from mma_desktop.services.serialization import evaluation_from
from mma_desktop.services.training.project_training import TrainOutcome

from .understanding import small_project


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectSession, TrainOutcome]]:
    with small_project(tmp_path_factory.mktemp("reject"), cache_home, sample_pictures, shots=4) as made:
        session, _ = made
        session.assign(session.catalogue.columns.ids[::3].tolist(), None)  # some are not labelled
        yield made


def middle(session: ProjectSession) -> float:
    """A threshold that rejects some and keeps some."""
    assert session.guesses is not None
    return math.floor(1000 * float(np.median(session.guesses.best_confidence))) / 1000


def ids_of(session: ProjectSession, show: Show, class_id: int | None = None) -> set[int]:
    return set(session.select(Filter(show, class_id)).tolist())


def test_nothing_is_rejected_until_somebody_asks_for_it(trained: tuple[ProjectSession, TrainOutcome]) -> None:
    session, outcome = trained
    assert reject_of(session, outcome.run.id) == 0
    assert session.guesses is not None
    assert not session.guesses.rejected.any()
    assert ids_of(session, Show.REJECTED) == set()


def test_a_threshold_is_in_the_checkpoint_and_in_every_prediction(
    trained: tuple[ProjectSession, TrainOutcome], tmp_path: Path
) -> None:
    session, outcome = trained
    limit = middle(session)
    before = {one.id: ids_of(session, Show.PREDICTED, one.id) for one in session.classes}
    changes = set_reject(session, outcome.run.id, limit)
    assert changes.predictions
    assert read_header(session.project.checkpoint_path(outcome.run)).reject == limit
    assert reject_of(session, outcome.run.id) == limit
    guesses = session.guesses
    assert guesses is not None
    assert guesses.rejected.tolist() == (guesses.best_confidence.astype(np.float64) < limit).tolist()
    unsure = ids_of(session, Show.REJECTED)
    assert unsure
    for one in session.classes:
        assert ids_of(session, Show.PREDICTED, one.id) == before[one.id] - unsure
    session.score(CancelToken())
    assert ids_of(session, Show.REJECTED) == unsure, "scored anew, it is the same"

    sure = set().union(*before.values()) - unsure
    pairs = shown_pairs(session.guesses, sorted(unsure | sure))
    assert {image for image, _ in pairs} == sure, "accepting leaves the unsure ones"
    with pytest.raises(UserError, match=NONE_OF_THESE):
        shown_pairs(session.guesses, sorted(unsure))

    with session.export_predictions(tmp_path / "p.csv").open(newline="") as handle:
        table = {row["file_name"]: row for row in csv.DictReader(handle)}
    for row in session.rows(sorted(unsure | sure)):
        told = table[str(row.path)]["prediction"]
        assert (told == NONE_OF_THESE) == (row.id in unsure)
        assert float(table[str(row.path)]["confidence"]) > 0
    with session.export_labels(tmp_path / "l.csv").open(newline="") as handle:
        assert NONE_OF_THESE in {row["prediction"] for row in csv.DictReader(handle)}


def test_one_picture_the_exported_adapter_and_the_command_line_agree(
    trained: tuple[ProjectSession, TrainOutcome], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session, outcome = trained
    set_reject(session, outcome.run.id, middle(session))
    assert session.guesses is not None
    by_confidence = session.guesses.image_ids[np.argsort(session.guesses.best_confidence)]
    at = len(by_confidence) * 7 // 8  # the least sure one, and one that is sure enough, but not altogether
    low, high = (row.path for row in session.rows([int(by_confidence[0]), int(by_confidence[at])]))
    assert session.guess_picture(low).rejected
    assert not session.guess_picture(high).rejected
    out = session.export_adapter(outcome.run.id, tmp_path / "a.safetensors")
    classifier = load_classifier(out)
    assert classifier.reject == middle(session)
    said = classifier.predict([low, high])
    assert [one.rejected for one in said] == [True, False]
    assert said[0].ranked, "its guesses are there all the same"
    assert [one.rejected for one in classifier.predict([low, high], reject=0)] == [False, False]
    assert classifier.predict([low], reject=1)[0].rejected
    with pytest.raises(ValueError, match="reject"):
        classifier.predict([low], reject=2)

    def told(*more: str) -> list[str]:
        assert commands.main(["predict", str(out), str(low), str(high), *more], lambda: 1) == 0
        rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
        assert all(row["zero_shot"] != NONE_OF_THESE for row in rows)
        return [row["prediction"] for row in rows]

    assert [one == NONE_OF_THESE for one in told()] == [True, False]
    assert NONE_OF_THESE not in told("--reject", "0")
    assert told("--reject", "1")[0] == NONE_OF_THESE
    with pytest.raises(SystemExit):
        commands.main(["predict", str(out), str(low), "--reject", "1.5"], lambda: 1)


def test_what_the_curve_says_is_what_happens_to_the_measured_images(
    trained: tuple[ProjectSession, TrainOutcome],
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
    trained: tuple[ProjectSession, TrainOutcome], tmp_path: Path
) -> None:
    session, outcome = trained
    set_reject(session, outcome.run.id, 0.25)
    adapter, header = session.engine.adapter, session.engine.header
    session.engine.use(None)
    session.score(CancelToken())
    assert session.guesses is not None
    assert not session.guesses.rejected.any(), "zero-shot rejects nothing"
    assert not set_reject(session, outcome.run.id, 0.5).predictions
    assert reject_of(session, outcome.run.id) == 0.5
    assert adapter is not None
    assert header is not None
    session.use_run(outcome.run.id)
    session.score(CancelToken())
    assert session.guesses.reject == 0.5
    with pytest.raises(UserError, match="not in the project"):
        reject_of(session, 999)
