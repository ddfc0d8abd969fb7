"""One mixture of classes and strangers: what it finds, when it is used, and that files and exports have it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors
import torch

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import DEFAULT_METHOD, Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.checkpoint import METADATA_KEY, CheckpointHeader
from mma_desktop.engine.methods.adapter import sizes_of
from mma_desktop.engine.methods.open_set import (
    KNOWN_THRESHOLD,
    MIN_IMAGES,
    STRICT_WEIGHT,
    MixtureScorer,
    OpenSetModel,
    weighted_quantiles,
)
from mma_desktop.engine.open_set_scores import NO_THRESHOLD
from mma_desktop.engine.training.trainer import FeatureSet, TrainingData, TrainingResult, train

CLASSES, TRAINED, WIDTH = 10, 5, 48


def drawn(classes: int, each: int, seed: int, spread: float = 0.7) -> FeatureSet:
    """Rows around directions that are alike, so that the head alone hardly tells the classes from others."""
    centres = np.random.default_rng(7).normal(size=(CLASSES, WIDTH)) + 1.5
    labels = np.repeat(np.arange(classes), each)
    noise = np.random.default_rng(seed).normal(size=(len(labels), WIDTH))
    return FeatureSet((centres[labels] + spread * noise).astype(np.float32), labels)


def data(at_hand: int, *, each: int = 40) -> TrainingData:
    """5 trained classes of 8 shots, with pictures at hand of so many classes."""
    texts = np.linalg.qr(np.random.default_rng(1).normal(size=(WIDTH, TRAINED)))[0].T
    names = [f"class {at}" for at in range(TRAINED)]
    shots, unlabelled = drawn(TRAINED, 8, 1), drawn(at_hand, each, 2).features
    return TrainingData(names, [Role.BASE] * TRAINED, texts.astype(np.float32), 30.0, shots, unlabelled=unlabelled)


def fitted(given: TrainingData) -> TrainingResult:
    return train(given, DEFAULT_METHOD, with_open_set=True)


@pytest.fixture(scope="module")
def opened() -> TrainingResult:
    return fitted(data(CLASSES))


def right(result: TrainingResult, seen: FeatureSet) -> float:
    """The share of pictures that are rightly known or None of these."""
    assert result.adapter.open_set_scorer is not None
    assert result.open_set is not None
    scores = result.adapter.open_set_scorer.score_rows(seen.features)
    return float(((scores >= result.open_set.decide(scores)[2].score) == (seen.labels < TRAINED)).mean())


def test_groups_of_strangers_at_hand_tell_strangers_that_were_not(opened: TrainingResult) -> None:
    unseen = drawn(CLASSES, 40, 3)
    assert right(opened, unseen) > 0.95
    assert isinstance(opened.adapter.open_set_scorer, MixtureScorer)
    assert opened.open_set is not None
    scores = opened.adapter.open_set_scorer.score_rows(unseen.features)
    _, share, thresholds = opened.open_set.decide(scores)
    assert thresholds.score == KNOWN_THRESHOLD
    low, high = share.range
    assert low <= 0.5 <= high
    assert high - low < 0.3
    assert (scores[unseen.labels < TRAINED] < KNOWN_THRESHOLD).mean() < 0.1
    assert opened.open_set.unknown_recall(KNOWN_THRESHOLD) > 0.9
    assert opened.open_set.thresholds(0.1, STRICT_WEIGHT).score == pytest.approx(0.8), "it is worth four lost pictures"
    assert opened.open_set.thresholds(0.0).score == NO_THRESHOLD, "somebody says that there are none"
    known = opened.open_set.thresholds(0.1).known(scores, np.full(len(scores), np.nan))
    np.testing.assert_allclose(known, scores.clip(thresholds.far_known, 1), atol=1e-6)
    assert 0.005 < thresholds.far_known < 0.1, "of 40 left-out shots half a one may be lost"


def test_a_class_that_is_not_asked_for_is_unknown(opened: TrainingResult) -> None:
    seen = drawn(TRAINED, 40, 3)
    assert opened.adapter.open_set_scorer is not None
    scores = opened.adapter.open_set_scorer.score_rows(seen.features, [0, 1, 2, 3])
    assert (scores[seen.labels == TRAINED - 1] < KNOWN_THRESHOLD).mean() > 0.9
    assert (scores[seen.labels < TRAINED - 1] >= KNOWN_THRESHOLD).mean() > 0.9


PICKED = np.ones(8 * TRAINED, bool)  # by a person, who picks typical ones


@pytest.mark.parametrize(
    "given", [data(TRAINED), data(CLASSES, each=MIN_IMAGES // CLASSES - 1), replace(data(CLASSES), by_hand=PICKED)]
)
def test_where_nothing_is_certain_the_scores_are_those_without_pictures_at_hand(given: TrainingData) -> None:
    found, without = fitted(given), fitted(replace(given, unlabelled=None))
    assert found.open_set == without.open_set
    assert found.adapter.open_set_scorer is not None
    assert without.adapter.open_set_scorer is not None
    assert not isinstance(found.adapter.open_set_scorer, MixtureScorer)
    for name, value in without.adapter.open_set_scorer.state_dict().items():
        assert name == "reach" or torch.equal(found.adapter.open_set_scorer.state_dict()[name], value)


def test_accepted_predictions_are_no_evidence() -> None:
    given = data(CLASSES)
    accepted = np.concatenate([given.shots.features, drawn(TRAINED, 8, 9).features])
    shots = FeatureSet(accepted, np.concatenate([given.shots.labels] * 2))
    proposed = np.arange(len(shots)) >= len(given.shots)
    found, every = (fitted(replace(given, shots=shots, proposed=one)).open_set for one in (proposed, None))
    assert found is not None
    assert every is not None
    assert found.groups == every.groups
    assert found.known != every.known
    assert right(fitted(replace(given, shots=shots, proposed=proposed)), drawn(CLASSES, 40, 3)) > 0.95


def test_examples_of_none_make_the_groups_they_are_in_unknown() -> None:
    given = data(CLASSES)
    seen = drawn(CLASSES, 40, 3)
    none = drawn(CLASSES, 2, 5)
    answers = none.features[none.labels >= TRAINED]
    found = fitted(replace(given, none=answers))
    assert found.open_set is not None
    assert (found.open_set.answers, found.open_set.groups > 0) == (len(answers), True)
    assert right(found, seen) > 0.95
    assert fitted(replace(given, none=answers[::-1].copy())).open_set == found.open_set
    rejected = fitted(replace(given, none=answers, none_proposed=np.ones(len(answers), bool)))
    assert rejected.open_set is not None
    assert rejected.open_set.answers == 0, "a model said so"


def asked(at_hand: int, shots: int, none: FeatureSet) -> TrainingData:
    """Of the classes somebody answered for so many pictures each, and for some that they show none of them."""
    given = data(at_hand)
    some = np.arange(8 * TRAINED) % 8 < shots
    return replace(given, shots=given.shots.select(some), by_hand=PICKED[some], none=none.features)


@pytest.mark.parametrize("shots", [1, 2])
def test_answers_tell_strangers_with_one_label_a_class(shots: int) -> None:
    none = drawn(CLASSES, 1, 5)
    given = asked(CLASSES, shots, none.select(none.labels >= TRAINED))
    found, seen = fitted(given), drawn(CLASSES, 40, 3)
    assert right(found, seen) > 0.95
    assert found.open_set is not None
    assert found.open_set.groups
    assert isinstance(found.adapter.open_set_scorer, MixtureScorer)
    share = found.open_set.decide(found.adapter.open_set_scorer.score_rows(seen.features))[1]
    low, high = share.range
    assert low <= 0.5 <= high
    shuffled = np.random.default_rng(0).permutation(len(given.shots))
    assert fitted(replace(given, shots=given.shots.select(shuffled))).open_set == found.open_set


@pytest.mark.parametrize("shots", [2, 4, 8])
def test_few_answers_of_none_leave_it_to_the_scores_how_many_strangers_there_are(shots: int) -> None:
    none = drawn(CLASSES, 1, 5)
    found = fitted(asked(CLASSES, shots, none.select(none.labels >= CLASSES - 2)))
    assert isinstance(found.adapter.open_set_scorer, MixtureScorer)
    assert right(found, drawn(CLASSES, 40, 3)) > 0.85, "labels of examples are no answers that there are none"


@pytest.mark.parametrize("shots", [1, 2, 8])
def test_one_answer_that_is_not_so_costs_no_other_class(shots: int) -> None:
    stray = drawn(TRAINED, 1, 6)
    found, seen = fitted(asked(TRAINED, shots, stray.select(stray.labels == 0))), drawn(TRAINED, 40, 3)
    assert right(found, seen.select(seen.labels > 0)) > 0.95


def test_what_is_unknown_is_anywhere_where_everything_at_hand_is_known_for_sure() -> None:
    scores = np.linspace(0, 1, 100)
    assert weighted_quantiles(scores, np.zeros(100)) == weighted_quantiles(scores, np.ones(100))


def test_neither_the_order_nor_the_threads_change_anything(opened: TrainingResult) -> None:
    given = data(CLASSES)
    assert given.unlabelled is not None
    draw = np.random.default_rng(0)
    shuffled = given.shots.select(draw.permutation(len(given.shots)))
    again = replace(given, unlabelled=given.unlabelled[draw.permutation(len(given.unlabelled))])
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(threads + 1)
        one, other = fitted(again), fitted(replace(again, shots=shuffled))
    finally:
        torch.set_num_threads(threads)
    assert one.open_set == opened.open_set == other.open_set
    for found in (one, other):
        assert found.adapter.open_set_scorer is not None
        assert opened.adapter.open_set_scorer is not None
        for name, value in opened.adapter.open_set_scorer.state_dict().items():
            assert torch.equal(found.adapter.open_set_scorer.state_dict()[name], value)


def header_of(result: TrainingResult) -> CheckpointHeader:
    given = data(CLASSES)
    return CheckpointHeader(
        method=DEFAULT_METHOD,
        backbone="starter",
        fingerprint="0" * 16,
        embed_dim=WIDTH,
        logit_scale=30.0,
        classes=tuple(zip(given.class_names, given.roles, strict=True)),
        prompt_template="{}",
        shots=8,
        seed=0,
        sizes=sizes_of(result.adapter, DEFAULT_METHOD, {}),
        temperatures=result.temperatures,
        open_set=result.open_set,
    )


def test_files_have_a_version_of_their_own_only_with_it(
    opened: TrainingResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "a.safetensors", drawn(CLASSES, 4, 3).features
    checkpoint.save(path, opened.adapter, header_of(opened))
    adapter, header = checkpoint.load(path)
    assert header.open_set == opened.open_set
    assert adapter.open_set_scorer is not None
    assert opened.adapter.open_set_scorer is not None
    np.testing.assert_array_equal(
        adapter.open_set_scorer.score_rows(seen), opened.adapter.open_set_scorer.score_rows(seen)
    )
    shut = fitted(data(TRAINED))
    plain = tmp_path / "b.safetensors"
    checkpoint.save(plain, shut.adapter, header_of(shut))
    with safetensors.safe_open(plain, "pt") as file:
        values = json.loads(file.metadata()[METADATA_KEY])
    assert values["format_version"] == checkpoint.FORMAT_VERSION, "of the scores that fall far from all shots"
    assert not {"groups", "error"} & set(values["strangers"]), "as it was written before"
    assert checkpoint.load(plain)[1].open_set == shut.open_set
    monkeypatch.setattr(checkpoint, "FORMAT_VERSION", checkpoint.WITHOUT_GROUPS)
    with pytest.raises(UserError, match="newer version"):
        checkpoint.load(path)


def test_what_no_file_should_hold_is_refused(opened: TrainingResult) -> None:
    assert isinstance(opened.open_set, OpenSetModel)
    for wrong in ({"groups": 1000}, {"groups": -1}, {"error": 2.0}):
        with pytest.raises(ValueError, match=r"numbers|mean nothing"):
            replace(opened.open_set, **wrong)


def test_classes_that_are_far_from_all_strangers_lose_no_picture() -> None:
    given = data(CLASSES)
    far = replace(given, shots=drawn(TRAINED, 8, 1, spread=0.2), unlabelled=drawn(CLASSES, 40, 2, spread=0.2).features)
    assert right(fitted(far), drawn(CLASSES, 40, 3, spread=0.2)) > 0.99


def with_hidden_kind(given: TrainingData) -> tuple[TrainingData, FeatureSet]:
    """With pictures at hand of a kind of the first class that no shot shows, and others of that kind."""
    middle, direction = (np.random.default_rng(7).normal(size=(CLASSES, WIDTH)) + 1.5)[[0, CLASSES - 1]]
    noise = np.random.default_rng(3).normal(size=(80, WIDTH))
    rows = (middle + 0.8 * (direction - middle) + 0.7 * noise).astype(np.float32)
    assert given.unlabelled is not None
    here = np.concatenate([given.unlabelled, rows[:40]])
    return replace(given, unlabelled=here), FeatureSet(rows[40:], np.zeros(40, np.int64))


@pytest.mark.parametrize(("shots", "doubt"), [(3, 0.06), (4, 0.05), (8, 0.04)])
def test_few_shots_leave_it_in_doubt_that_what_lies_apart_is_unknown(shots: int, doubt: float) -> None:
    given = data(TRAINED)
    few = replace(given, shots=given.shots.select(np.arange(len(given.shots)) % 8 < shots))
    few, hidden = with_hidden_kind(few)
    found = fitted(few)
    scorer = found.adapter.open_set_scorer
    assert found.open_set is not None
    assert isinstance(scorer, MixtureScorer)
    _, _, thresholds = found.open_set.decide(scorer.score_rows(few.unlabelled))
    scores = scorer.score_rows(hidden.features)
    assert (scores < thresholds.score).mean() > 0.9, "nothing says what it shows"
    known = thresholds.known(scores, np.full(len(scores), np.nan))
    assert known.min() > doubt, "half a shot more may be lost"


def aliens(kinds: int, each: int, seed: int) -> FeatureSet:
    """Rows around directions that have less in common with all classes than these with each other."""
    centres = np.random.default_rng(8).normal(size=(kinds, WIDTH)) + 0.3
    noise = np.random.default_rng(seed).normal(size=(kinds * each, WIDTH))
    features = np.repeat(centres, each, axis=0) + 0.7 * noise
    return FeatureSet(features.astype(np.float32), np.full(len(features), CLASSES))


def test_a_few_groups_far_from_all_shots_are_unknown_where_the_share_alone_is_not_certain() -> None:
    few = data(TRAINED, each=60)
    few = replace(few, shots=few.shots.select(np.arange(8 * TRAINED) % 8 < 4))
    assert few.unlabelled is not None
    found = fitted(replace(few, unlabelled=np.concatenate([few.unlabelled, aliens(3, 8, 4).features])))
    assert found.adapter.open_set_scorer is not None
    assert found.open_set is not None
    assert found.open_set.groups
    lost, told = (
        found.adapter.open_set_scorer.score_rows(seen.features) < KNOWN_THRESHOLD
        for seen in (drawn(TRAINED, 100, 5), aliens(3, 50, 6))
    )
    assert lost.mean() < 0.01
    assert told.mean() > 0.95


def of_many_kinds(seed: int) -> TrainingData:
    """12 classes of four kinds each, two shots of each class, and pictures at hand, ten times as many of three."""
    draw, classes = np.random.default_rng(seed), np.arange(12)
    kinds = draw.normal(size=(12, 1, WIDTH)) + 1.5 + 0.8 * draw.normal(size=(12, 4, WIDTH))

    def rows(labels: np.ndarray) -> np.ndarray:
        shown = kinds[labels, draw.integers(4, size=len(labels))]
        return (shown + 0.3 * draw.normal(size=shown.shape)).astype(np.float32)

    labels = np.repeat(classes, 2)
    shots = FeatureSet(rows(labels), labels)
    here = rows(np.repeat(classes, np.where(classes < 3, 120, 12)))
    texts = np.linalg.qr(np.random.default_rng(1).normal(size=(WIDTH, 12)))[0].T.astype(np.float32)
    return TrainingData([str(at) for at in classes], [Role.BASE] * 12, texts, 30.0, shots, unlabelled=here)


def test_a_shot_that_is_left_out_does_not_make_its_kind_look_known() -> None:
    found = [fitted(of_many_kinds(seed)).open_set for seed in range(6)]
    used = sum(model is not None and model.groups > 0 for model in found)
    assert used <= 1, "every picture shows a class, and two shots miss half of its kinds"
