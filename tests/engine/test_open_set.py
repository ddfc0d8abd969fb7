"""Telling pictures of none of the classes by the scores of a ridge, against fits without the closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from mma_desktop.engine.methods import open_set
from mma_desktop.engine.methods.open_set import (
    MIN_IMAGES,
    NO_THRESHOLD,
    PRIOR_SHARE,
    QUANTILES,
    STRICT_WEIGHT,
    OpenSetModel,
    Tail,
    Thresholds,
    auroc,
    fit_name_thresholds,
    fit_open_set,
    fit_reach,
    fit_text_margins,
    text_margins,
)
from mma_desktop.engine.methods.ridge import Ridge
from mma_desktop.engine.methods.visual_head import ROWS, HeadFit, LinearClassifier, left_together
from mma_desktop.engine.open_set_scores import FAR_KNOWN, NEVER

WIDTH, SPREAD = 24, 0.25


def clouds(classes: int, each: int, seed: int, spread: float = SPREAD) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of classes around directions that depend on the class alone, and their labels."""
    centres = torch.randn(12, WIDTH, generator=torch.Generator().manual_seed(1))
    labels = torch.arange(classes).repeat_interleave(each)
    noise = torch.randn(len(labels), WIDTH, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(centres[labels] + spread * WIDTH**0.5 * noise, dim=1), labels


def head(penalty: float) -> HeadFit:
    """A head of one ridge regression, of which only the parts matter."""
    nothing = torch.zeros(0)
    return HeadFit(nothing, nothing, nothing, nothing, 1.0, (LinearClassifier(ROWS, penalty),))


def above_chance(best: torch.Tensor, columns: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = (columns * best.double().numpy() - 1) / (columns - 1)
    return found


def test_scores_with_a_class_left_out_are_those_of_a_fit_without_it() -> None:
    rows, labels = clouds(6, 8, 0)
    _, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    wanted = []
    for gone in range(6):
        rest = labels != gone
        kept = labels[rest] - (labels[rest] > gone).long()
        weights, offsets = Ridge(rows[rest], kept, 5).weights({0.1: 1.0})
        wanted.append(above_chance((rows[~rest] @ weights + offsets).amax(1), 5))
    levels = (np.arange(QUANTILES) + 0.5) / QUANTILES
    np.testing.assert_allclose(found.unknown, np.quantile(np.concatenate(wanted), levels), atol=1e-5)
    known = above_chance(Ridge(rows, labels, 6, copies=left_together(labels, rows=rows)).left_out([0.1])[0].amax(1), 6)
    np.testing.assert_allclose(found.known, np.quantile(known, levels), atol=1e-5)


@pytest.mark.parametrize("open_set", [0, 300])
def test_the_share_is_that_of_the_pictures_at_hand(open_set: int) -> None:
    rows, labels = clouds(6, 12, 0, spread=0.15)
    open_set_scorer, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    others, own = clouds(12, 50, 2, spread=0.15)
    seen = torch.cat([others[own < 6], others[own >= 6][:open_set]])
    scores = open_set_scorer(seen).numpy()
    share = found.estimate(scores)
    low, high = share.range
    assert low <= open_set / len(seen) <= high
    assert high - low < 0.35
    threshold = found.thresholds(share.lower_bound).score
    lost, named = (scores[:300] < threshold).sum(), (scores[300:] >= threshold).sum()
    assert lost + named <= max(3, open_set // 3)


@pytest.mark.parametrize("open_set", [0, 300])
def test_labelled_pictures_score_higher_than_those_that_are_left(open_set: int) -> None:
    """Whoever labels typical pictures, and accepts sure ones, leaves those that score lower; most keep their names."""
    draw = np.random.default_rng(3)
    known, unknown = (np.sort(draw.normal(mean, spread, 64)) for mean, spread in ((0.88, 0.08), (0.2, 0.1)))
    learned = OpenSetModel(
        tuple(known.tolist()), tuple(unknown.tolist()), ((-6.0, 12.0), (-6.1, 12.0), (-5.9, 12.0)), 8
    )
    left = np.clip(draw.normal(0.65, 0.18, 300), 0.3, None)
    scores = np.concatenate([left, draw.normal(0.12, 0.05, open_set)])
    found, share = learned.fitted_to(scores)
    assert share.value == pytest.approx(open_set / len(scores), abs=0.06)
    assert share.value <= learned.estimate(scores).value, "no example of none was given"
    threshold = found.thresholds(share.lower_bound).score
    again = learned.decide(scores)
    assert (*again[:2], again[2][:2]) == (found, share, Thresholds(threshold)[:2])
    lost = float((left < threshold).mean())
    assert lost < 0.05
    assert not open_set or float((scores[300:] < threshold).mean()) > 0.95
    before = learned.thresholds(learned.estimate(scores).lower_bound).score
    assert float((left < before).mean()) > 0.05, "as labelled pictures score, more would be lost"
    assert learned.fitted_to(scores[: MIN_IMAGES - 1])[0] is learned


def test_a_share_that_each_class_tells_otherwise_loses_nothing() -> None:
    rows, labels = clouds(5, 12, 0)
    _, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    (offset, slope), *_ = found.ratios
    apart = replace(found, ratios=((offset, slope), *((offset + 16 * (at % 2) - 8, slope) for at in range(5))))
    scores = np.concatenate([np.array(found.known)[::2] * 0.6, np.array(found.unknown), np.array(found.known)])
    for model, cut in ((found, True), (apart, False)):
        _, share, thresholds = model.decide(scores)
        assert share.value > 0.2
        assert (thresholds.score > NO_THRESHOLD) == cut
        assert share.lower_bound <= max(0.0, share.value - share.error)


def test_images_that_are_halfway_to_far_do_not_move_the_threshold_for_the_others() -> None:
    rows, labels = clouds(5, 12, 0)
    _, model = fit_open_set(rows, labels, head(0.1))
    assert model is not None
    model = replace(model, reaches=True)
    near = np.concatenate([np.array(model.unknown), np.array(model.known), np.array(model.known)])
    lowest = min(model.unknown[0], model.known[0])
    fallen = np.linspace(NO_THRESHOLD, lowest - 0.05, 60)
    _, share, thresholds = model.decide(near)
    _, more, moved = model.decide(np.concatenate([near, fallen]))
    assert moved.score == thresholds.score > NO_THRESHOLD
    assert more.value == pytest.approx((share.value * len(near) + len(fallen)) / (len(near) + len(fallen)), abs=0.01)


def test_classes_that_cannot_be_told_apart_lose_nothing() -> None:
    rows, labels = clouds(4, 4, 0, spread=2.0)
    open_set_scorer, found = fit_open_set(rows, labels, head(1.0))
    assert found is not None
    scores = open_set_scorer(clouds(4, 60, 3, spread=2.0)[0]).numpy()
    threshold = found.thresholds(found.estimate(scores).lower_bound).score
    assert (scores < threshold).mean() <= 0.02


def test_examples_of_none_become_a_column_and_tell_more_than_alike_classes() -> None:
    rows, labels = clouds(3, 12, 0, spread=0.6)
    others, own = clouds(12, 20, 4, spread=0.6)
    none = others[own >= 9]
    open_set_scorer, found = fit_open_set(rows, labels, head(0.1), none[:16])
    plain, _ = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    assert found.answers == 16
    known = clouds(3, 50, 5, spread=0.6)[0]
    with_them, without = (auroc(one(known).numpy(), one(none[16:]).numpy()) for one in (open_set_scorer, plain))
    assert with_them > without


def test_what_a_model_rejected_becomes_a_column_but_tells_nothing_of_how_strangers_score() -> None:
    rows, labels = clouds(3, 12, 0, spread=0.6)
    others, own = clouds(12, 20, 4, spread=0.6)
    none, answered = others[own >= 9][:16], torch.arange(16) < 5
    open_set_scorer, found = fit_open_set(rows, labels, head(0.1), none, answered=answered)
    same, trusted = fit_open_set(rows, labels, head(0.1), none)
    assert found is not None
    assert trusted is not None
    assert found.answers == 5
    assert torch.equal(open_set_scorer.weights, same.weights)
    assert found.unknown != trusted.unknown, "left-out classes tell it"
    _, rejected = fit_open_set(rows, labels, head(0.1), none, answered=torch.zeros(16, dtype=torch.bool))
    assert rejected is not None
    assert (rejected.answers, rejected.unknown) == (0, found.unknown)


def test_strangers_that_are_like_a_class_are_no_known_pictures() -> None:
    draw = np.random.default_rng(3)
    known, unknown = (np.sort(draw.normal(mean, spread, 64)) for mean, spread in ((0.8, 0.18), (0.2, 0.08)))
    learned = OpenSetModel(
        tuple(known.tolist()), tuple(unknown.tolist()), ((-6.0, 12.0), (-6.1, 12.0), (-5.9, 12.0)), 8
    )
    left, far, near = draw.normal(0.8, 0.18, 200), draw.normal(0.2, 0.08, 160), draw.uniform(0.3, 0.5, 60)
    threshold = learned.decide(np.concatenate([left, far, near]))[2].score
    assert (near < threshold).mean() > 0.9
    assert (left < threshold).mean() < 0.06


def test_two_classes_need_examples_of_none() -> None:
    rows, labels = clouds(2, 10, 0)
    assert fit_open_set(rows, labels, head(0.1))[1] is None
    others, own = clouds(12, 20, 4)
    assert fit_open_set(rows, labels, head(0.1), others[own == 7][:7])[1] is None
    _, found = fit_open_set(rows, labels, head(0.1), others[own >= 7][:20])
    assert found is not None
    assert found.estimate(np.zeros(99)).value == PRIOR_SHARE


def test_of_many_shots_some_of_every_class_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_set, "MAX_LEFT_OUT", 40)
    rows, labels = clouds(6, 20, 0)
    shots = torch.cat([torch.arange(2), torch.tensor([110]), torch.arange(2, 50)])
    assert 2 not in torch.linspace(0, 50, 40).round(), "evenly spaced shots have none of the class of one shot"
    rows, labels = rows[shots], torch.unique(labels[shots], return_inverse=True)[1]
    for own in (labels, (labels + 2) % 4):  # it is the last class, or one between others
        open_set_scorer, _ = fit_open_set(rows, own, head(0.1))
        assert open_set_scorer.weights.shape == (WIDTH, 4)
        assert (open_set_scorer.weights.abs().sum(0) > 0).all()
    none, _ = clouds(12, 5, 2)
    _, found = fit_open_set(rows, labels, head(0.1), none)
    assert found is not None
    assert found.answers == 10


def test_the_order_of_the_shots_does_not_matter() -> None:
    rows, labels = clouds(5, 9, 0)
    order = torch.from_numpy(np.random.default_rng(0).permutation(len(rows)))
    _, first = fit_open_set(rows, labels, head(0.1))
    _, second = fit_open_set(rows[order], labels[order], head(0.1))
    assert first is not None
    assert second is not None
    np.testing.assert_allclose(first.unknown, second.unknown, atol=1e-6)
    assert np.mean(first.known) == pytest.approx(np.mean(second.known), abs=0.02), "others are left out together"


def test_copies_are_left_out_together_and_proposed_labels_tell_nothing() -> None:
    rows, labels = clouds(5, 6, 0)
    twice, again = torch.cat([rows, rows]), torch.cat([labels, labels])
    copies = torch.arange(len(rows)).repeat(2)
    _, one = fit_open_set(rows, labels, head(0.05))
    _, two = fit_open_set(twice, again, head(0.1), copies=copies)
    assert one is not None
    assert two is not None
    assert np.mean(one.known) == pytest.approx(np.mean(two.known), abs=0.005)
    measured = torch.arange(len(rows)) % 2 == 0
    _, some = fit_open_set(rows, labels, head(0.05), measured=measured)
    assert some is not None
    known = above_chance(
        Ridge(rows, labels, 5, copies=left_together(labels, rows=rows)).left_out([0.05])[0].amax(1), 5
    )[measured.numpy()]
    np.testing.assert_allclose(some.known, np.quantile(known, (np.arange(QUANTILES) + 0.5) / QUANTILES), atol=1e-5)


def test_a_cut_is_stricter_for_more_strangers_and_where_none_may_have_a_name() -> None:
    rows, labels = clouds(6, 12, 0, spread=0.5)
    _, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    thresholds = [found.thresholds(share).score for share in (0.0, 0.1, 0.5, 0.9)]
    assert thresholds[0] == NO_THRESHOLD
    assert thresholds == sorted(thresholds)
    assert found.thresholds(0.5, STRICT_WEIGHT).score > found.thresholds(0.5).score
    assert found.unknown_recall(thresholds[2]) > found.unknown_recall(thresholds[1])
    probabilities = found.thresholds(0.5).known(np.array([-0.2, 0.3, 1.0]), np.full(3, np.nan))
    assert list(probabilities) == sorted(probabilities)


def test_what_no_file_should_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="distributions"):
        OpenSetModel((0.0,), (0.0,), ((0.0, 1.0),), 8)
    levels = (0.0,) * QUANTILES
    with pytest.raises(ValueError, match="mean nothing"):
        OpenSetModel(levels, levels, ((0.0, -1.0),), 8)


def margins(known: int, unknown: int, seed: int = 0) -> NDArray[np.float32]:
    draw = np.random.default_rng(seed)
    return np.concatenate([draw.normal(0.06, 0.08, known), draw.normal(-0.11, 0.04, unknown)]).astype(np.float32)


@pytest.mark.parametrize(("known", "unknown"), [(150, 0), (150, 150), (20, 300)])
def test_the_pictures_at_hand_tell_how_many_of_a_named_class_are_strangers(known: int, unknown: int) -> None:
    rows, labels = clouds(6, 12, 0)
    _, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    text = np.sort(margins(QUANTILES, 0, 1)), np.sort(margins(0, QUANTILES, 1))
    found = replace(found, text=tuple(tuple(one.tolist()) for one in text))
    at = margins(known, unknown)
    scores = np.zeros(len(at))
    thresholds = found.decide(scores, at)[2]
    assert (at[:known] < thresholds.margin).mean() < 0.1 or unknown > known
    assert not unknown or (at[known:] < thresholds.margin).mean() > 0.9
    assert found.decide(scores, at, STRICT_WEIGHT)[2].margin >= thresholds.margin
    few = found.decide(scores[: MIN_IMAGES - 1], at[: MIN_IMAGES - 1])[2]
    assert few.margin == found.thresholds(found.share).margin, "few pictures tell nothing"
    none = replace(found, text=None).decide(scores, np.full(len(at), np.inf))
    assert none[2].margin == NO_THRESHOLD
    assert none[1].pictures == 0, "pictures that a name claims tell nothing of the others"


@pytest.mark.parametrize("at", [-0.03, -0.05])
def test_a_few_pictures_of_a_named_class_do_not_tell_that_all_or_none_are_strangers(at: float) -> None:
    rows, labels = clouds(6, 12, 0)
    _, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    text = np.sort(margins(QUANTILES, 0, 1)), np.sort(margins(0, QUANTILES, 1))
    found = replace(found, text=tuple(tuple(one.tolist()) for one in text))
    few = np.full(MIN_IMAGES, np.nan)
    few[:3] = at
    threshold = found.decide(np.ones(MIN_IMAGES), few)[2].margin
    unlike, like = (np.quantile(one, 0.5) for one in (text[1], text[0]))
    assert unlike < threshold < like


def test_margins_are_over_the_nearest_names_of_a_background_together() -> None:
    texts = np.eye(64, dtype=np.float32)
    own, kind, others = texts[:2], texts[2:3], texts[3:40]
    picture = (own[:1] + 1.2 * kind) / np.linalg.norm(own[:1] + 1.2 * kind)
    background = np.concatenate([kind, others])
    (margin,) = text_margins(picture, own, np.array([0]), background)
    assert margin > 0, "one background name that is a kind of what is named does not decide"
    (alone,) = text_margins(picture, own, np.array([0]), kind)
    assert alone == pytest.approx(float((picture @ own[0] - picture @ kind[0])[0]))
    known, unknown = fit_text_margins(np.concatenate([own, own]), np.array([0, 1, 0, 1]), own, background)
    assert min(known) > max(unknown)


LEVEL = np.array([0.14, 0.20, 0.26, 0.10, 0.16, 0.24])  # how near the pictures of three trained names and others are
ELSE = 0.02


def cosines(labels: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Of pictures with six names, one of which is farther from all pictures than others are."""
    draw = np.random.default_rng(seed)
    found = ELSE + 0.02 * draw.normal(size=(len(labels), len(LEVEL)))
    found[:, 3] -= 0.02
    shown = labels >= 0
    found[shown, labels[shown]] += LEVEL[labels[shown]]
    return found


@pytest.mark.parametrize(("unknown", "background"), [(0, True), (150, True), (150, False)])
def test_names_that_are_far_from_their_pictures_keep_them(unknown: int, background: bool) -> None:
    rows, labels = clouds(6, 12, 0)
    _, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    texts = np.sort(margins(QUANTILES, 0, 1)), np.sort(margins(0, QUANTILES, 1))
    found = replace(found, text=tuple(tuple(one.tolist()) for one in texts) if background else None)
    shots, shown = np.repeat(np.arange(3), 4), np.concatenate([np.repeat(np.arange(6), 40), np.full(unknown, -1)])
    at = cosines(shown, 1)
    best = at.argmax(axis=1)
    fitted = fit_name_thresholds(found, cosines(shots, 0)[:, :3], shots, at, best)
    assert len(fitted.names) == 4
    own = best >= 3
    said = fitted.name_margins(at[own, best[own]], best[own] - 3)
    _, _, thresholds = fitted.decide(np.zeros(int(own.sum())), said)
    lost = said < thresholds.margin
    assert thresholds.margin == 0
    for name in range(3, 6):
        assert lost[shown[own] == name].mean() < 0.1, "nor are they all lost together"
    assert not unknown or lost[shown[own] < 0].mean() > 0.8
    assert fitted.decide(np.zeros(len(said)), said, STRICT_WEIGHT)[2].margin > 0
    assert (fitted.name_margins(np.full(1, 0.3), np.array([3])) > 0).all(), "another name"


def test_scores_are_told_apart_as_by_scikit_learn() -> None:
    random = np.random.default_rng(0)
    for known, unknown in ((30, 20), (1, 500)):
        scores = random.normal(size=known + unknown).round(1)  # with ties
        shown = np.repeat([1, 0], [known, unknown])
        assert auroc(scores[:known], scores[known:]) == pytest.approx(roc_auc_score(shown, scores))


def test_a_picture_far_from_all_shots_is_unknown_whatever_its_score() -> None:
    rows, labels = clouds(4, 12, 0, spread=0.3)
    rows += 2 * rows.mean(0)  # as of a backbone, whose pictures all have something in common
    open_set_scorer, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    copies = torch.arange(len(rows))
    far = -rows[:10] + 0.1 * rows[10:20]
    before = open_set_scorer(rows)
    assert fit_reach(open_set_scorer, rows, labels, copies)
    near = (open_set_scorer(rows) - before).abs() < 1e-5
    assert near.sum() >= len(rows) - 1
    rows = rows[near]
    assert (open_set_scorer(far) < NO_THRESHOLD).all(), "even where nothing is cut"
    assert not fit_reach(open_set_scorer, rows[:1], labels[:1], copies[:1]), "a picture alone tells nothing"
    thresholds = found.thresholds(0.2)
    known = thresholds.known(open_set_scorer(torch.cat([rows, far])).numpy(), np.full(len(rows) + 10, np.nan))
    assert known[: len(rows)].min() > 0.5
    assert known[len(rows) :].max() <= FAR_KNOWN
    scores = open_set_scorer(torch.cat([rows, rows, rows, far])).numpy()
    _, share, _ = found.decide(scores)
    assert share.value >= 10 / len(scores), "they count among strangers"


def cosines_of(draw: np.random.Generator, of: str, count: int) -> torch.Tensor:
    values = draw.normal(0, 1, count) if of == "normal" else draw.standard_t(4, count)
    return torch.from_numpy(0.6 + 0.05 * values)


@pytest.mark.parametrize(("of", "shots"), [("normal", 12), ("normal", 80), ("long-tailed", 80)])
def test_few_known_pictures_are_taken_for_far_ones(of: str, shots: int) -> None:
    draw = np.random.default_rng(0)
    every = cosines_of(draw, of, 100_000)
    far = [float((every < Tail.of(cosines_of(draw, of, shots)).quantile(0.005)).double().mean()) for _ in range(300)]
    assert 0.003 < np.mean(far) < 0.0105


@pytest.mark.parametrize("aliens", [0, 80])
def test_pictures_at_hand_tell_how_far_known_ones_are_and_aliens_among_them_do_no_harm(aliens: int) -> None:
    rows, labels = clouds(4, 4, 0, spread=0.3)
    here, _ = clouds(4, 100, 1, spread=0.3)
    seen, _ = clouds(4, 500, 2, spread=0.3)
    common = 2 * rows.mean(0)  # as of a backbone, whose pictures all have something in common
    rows, here, seen = rows + common, here + common, seen + common
    far = -rows.mean(0) + 0.2 * torch.randn(200, WIDTH, generator=torch.Generator().manual_seed(3))
    lost = []
    for at_hand in (None, torch.cat([here, far[:aliens]])):
        open_set_scorer, _ = fit_open_set(rows, labels, head(0.1))
        assert fit_reach(open_set_scorer, rows, labels, torch.arange(len(rows)), at_hand)
        assert (open_set_scorer(far[100:]) < NO_THRESHOLD).double().mean() > 0.95
        lost.append(float((open_set_scorer(seen) < NO_THRESHOLD).double().mean()))
    assert lost[0] < 0.01
    assert lost[1] < (0.04 if aliens else 0.01), "a tenth of what is found may be known"
    assert aliens or lost[1] >= lost[0], "more certain"


def test_shots_that_are_typical_do_not_make_others_far() -> None:
    here, labels = clouds(4, 100, 1, spread=0.3)
    here += 2 * here.mean(0)
    middles = torch.stack([here[labels == kind].mean(0) for kind in range(4)])
    shots = torch.cat([torch.nonzero(labels == kind)[:, 0] for kind in range(4)])
    near = (here - middles[labels]).norm(dim=1)
    shots = torch.cat([some[near[some].argsort()[:4]] for some in shots.view(4, -1)])  # as a person is asked about
    rows, of = here[shots], labels[shots]
    lost = []
    for drawn in (None, torch.zeros(len(rows), dtype=torch.bool)):
        open_set_scorer, _ = fit_open_set(rows, of, head(0.1))
        assert fit_reach(open_set_scorer, rows, of, torch.arange(len(rows)), here, drawn)
        lost.append(float((open_set_scorer(here) < NO_THRESHOLD).double().mean()))
    assert lost[0] > 0.1
    assert lost[1] < 0.02


def test_shots_of_a_few_classes_do_not_tell_how_known_pictures_score() -> None:
    rows, labels = clouds(8, 2, 0, spread=0.3)
    each = torch.arange(len(rows)) % 2 == 0  # one shot of each class
    for classes_of_two, tells in ((3, False), (4, True)):
        some = each | (labels < classes_of_two)
        _, model = fit_open_set(rows[some], labels[some], head(0.1))
        assert (model is not None) == tells, "as many shots that can be left out as there are classes"


@pytest.mark.parametrize("aliens", [0, 5, 60])
def test_a_group_of_aliens_at_hand_moves_the_cut_and_a_few_pictures_do_not(aliens: int) -> None:
    draw = np.random.default_rng(0)
    here, far = cosines_of(draw, "normal", 200), torch.from_numpy(0.6 + 0.05 * draw.normal(-3, 0.4, 60))
    tail = Tail.of(cosines_of(draw, "normal", 80))
    found, usual = tail.discovered(torch.cat([here, far[:aliens]])), tail.quantile(0.005)
    assert (found > usual) == (aliens == 60)
    assert aliens < 60 or (far < found).double().mean() > (far < usual).double().mean() + 0.1
    assert (here < found).double().mean() < 0.03


def test_what_is_said_of_a_picture_is_how_likely_it_shows_a_class() -> None:
    at = np.array([0.2, 0.9, -np.inf]), np.array([np.nan, np.nan, 2.0])
    np.testing.assert_allclose(Thresholds().known(*at), 1)
    np.testing.assert_allclose(Thresholds(odds=None, text=(0.0, 1.0)).known(*at), [0.2, 0.9, 1 / (1 + np.exp(-2))])
    odds = Thresholds(odds=(-1.0, 4.0)).known(*at)
    np.testing.assert_allclose(odds[:2], 1 / (1 + np.exp(1 - 4 * np.array([0.2, 0.9]))))
    far = np.array([-4.9, 0.3]), np.full(2, np.nan)
    flat = Thresholds(0.1, odds=(5.2, 0.0)).known(*far)
    np.testing.assert_allclose(flat, [FAR_KNOWN, 1 / (1 + np.exp(-5.2))], err_msg="near ones tell nothing of far ones")
    np.testing.assert_allclose(NEVER.known(*far), 1)
    rows, labels = clouds(6, 12, 0, spread=0.5)
    _, found = fit_open_set(rows, labels, head(0.1))
    assert found is not None
    scores, margins = np.linspace(-0.2, 1, 5), np.full(5, np.nan)
    ratio = np.exp(found.ratios[0][0] + found.ratios[0][1] * scores)
    for share in (0.1, 0.5):
        wanted = (1 - share) * ratio / ((1 - share) * ratio + share)
        np.testing.assert_allclose(found.thresholds(share).known(scores, margins), wanted, atol=1e-9)
