"""Images of none of the classes: how they score, how many there are, and the threshold. Closed form, without history.

The score of an image is its highest score by the visual head (`visual_head`) among the trained classes, before any
softmax, above chance: s = (C max_k f_k - 1) / (C - 1), where C counts the columns of f, whose scores sum to 1.

*Known images* score like the shots when each is left out. *Unknown images* score like the shots of a class when the
whole class is left out, or like examples of none of the classes (`_LeaveOneOut`). Where images at hand tell the groups
of unknown images, `open_mixture` takes the place of these scores.

The share of unknown images among images at hand is estimated by EM on their scores (Saerens, Latinne and Decaestecker
2002, "Adjusting the outputs of a classifier to new a priori probabilities"), with a logistic model of known against
unknown and a Beta prior, and its standard error by the jackknife over the classes. The threshold minimises the expected
number of errors. An image that is far from all shots is unknown whatever its score (`fit_reach`).

For a class that is only named, its text decides: its margin is how much nearer an image is to it than to the nearest
names of a background vocabulary (NegLabel, Jiang et al. 2024, has a larger one). Margins of the shots, with and without
the names of their own classes, show how known and unknown images look. Without a vocabulary, or where images at hand
say more, each name has a threshold for the plain cosine (`fit_name_thresholds`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.engine.methods.ridge import MAX_LEFT_OUT
from mma_desktop.engine.methods.visual_head import HeadFit, VisualHead, refit_head
from mma_desktop.engine.open_set_scores import CERTAIN_ODDS, NO_THRESHOLD, Line, Thresholds, expit

Doubles = NDArray[np.float64]
Quantiles = tuple[float, ...]

QUANTILES = 64  # quantiles that stand for a distribution of scores
JACKKNIFE_GROUPS = 20  # at most; with fewer classes one a class, since errors come class by class
MIN_IMAGES = 100  # images that tell a share: of fewer, its sampling error alone is 5 points at a share of a half
MIN_EXAMPLES = 8  # of none of the classes, that tell how unknown images score: fewer say little of their spread
SHARE_PRIOR = (2.0, 10.0)  # Beta, of the share: its mode is `PRIOR_SHARE`, and it is worth ten images
MIN_SHARE = 1e-3  # of either kind, in odds, which would be infinite otherwise
PRIOR_SHARE = 0.1  # its mode, where no images tell
HISTOGRAM_LOW, HISTOGRAM_HIGH, HISTOGRAM_STEPS = -1.0, 2.0, 600  # scores, which are 0 to 1 but for outliers, by 0.005
MAX_WIDTH = 1 << 24  # of a row that a file names: as `checkpoint.MAX_SIZE`, so that none asks for gigabytes
MAX_MAGNITUDE = 1e4  # of a name's threshold and slope
SAME_MEANING_COSINE = 0.75  # of a background name with one that it may mean, both less the background's mean
FAR_SHARE = 0.0035  # of known images, that may pass for far ones: 1% of unseen ones are; 0.5% lose 1.5, 0.25% find less
MAX_FALSE = 0.1  # share of images at hand found to be far; with 0.05 no more are found than without, with 0.2 2% lost
SCORE_RAMP = 0.25  # deviations of cosines of known images, over which a score falls by `FALL`
FALL = 5.0  # so that an image that is far scores below `NO_THRESHOLD` even from the highest scores, about 2
BISECTIONS = 24  # to 1e-7 of a share
EM_STEPS = 100  # after 60, means of 20,000 scores still move by 1e-4
MAX_DISTINCT, DISTINCT_DECIMALS = 20_000, 4  # more values are counted by decimals: these take 0.24 s as they are
# Of a share, by scores: 0.1 to 0.2 where 29% of known images were lost, mostly 0.4 to 0.7 elsewhere.
MIN_INFORMATION = 0.25
PRIOR_STRENGTH = 30.0  # images that labelled ones are worth: fewer than `MIN_IMAGES`, which may move them
TEXT_PRIOR_STRENGTH = 10.0  # likewise for margins, which differ more from class to class
NEAREST_NAMES = 10  # background names: a single one may be a kind of what is named ("bolete", "mushroom")
MIN_DEVIATION = 0.05  # of scores: all shots of few easy classes score 1
MIN_COSINE_DEVIATION = 0.01  # likewise of the cosines of one name, or with class means
POOLED_VARIANCE = 0.15  # part of a variance that is common: all of it loses known images (caltech-20 97 -> 91)
MIN_KERNEL_WIDTH = 0.02  # of a kernel: four steps of the histogram
MIN_WEIGHT = 1e-12  # of a value: probabilities may all be 1, so that nothing says how unknown images score
KNOWN_THRESHOLD = 0.5  # probability below which an image is none of the classes, by `MixtureScorer`
MAX_GROUPS = 64  # of `open_mixture`, whose time grows with them
MAX_TAIL_SHARE = 0.15  # share that may be the far images of names: `fit_name_thresholds` finds up to 0.13 without any
MIN_NEAR_PROBABILITY = 0.9  # least probability of an image that is nearer than the mean of its name
START_QUANTILE = 0.9  # quantile of its nearest images from which the mean of a name starts: they are its own if any is
# After 20 steps, thresholds are within 1e-3 of where they end, after 40 within 2e-5.
NAME_EM_STEPS, FIXED_SPREAD_STEPS = 40, 10
LOWEST_THRESHOLD = -3.0  # below every cosine, however strict
STRICT_WEIGHT = 4.0  # how many lost images an unknown image under a name is worth, for whom no name may be wrong


@dataclass(frozen=True)
class Share:
    """An estimated share of unknown images, 0 to 1, with its standard error, from a number of images; 0 for none.

    `groups` are the parts of the jackknife that told the error. `sampling` is by how much lower the share is that the
    threshold is for; None for the error.
    """

    value: float
    error: float
    pictures: int
    groups: int = 0
    sampling: float | None = None

    @property
    def lower_bound(self) -> float:
        """The share that the threshold is for."""
        return max(0.0, self.value - (self.error if self.sampling is None else self.sampling))

    @property
    def range(self) -> tuple[float, float]:
        """About 95%."""
        from scipy.special import stdtrit  # takes 0.2 s

        # Student's distribution: few classes tell an error badly. The second part is the sampling of the images.
        by_classes = float(stdtrit(max(1, self.groups - 1), 0.975)) * self.error
        half = float(np.hypot(by_classes, 1.96 * np.sqrt(self.value * (1 - self.value) / max(1, self.pictures))))
        return max(0.0, self.value - half), min(1.0, self.value + half)


@dataclass(frozen=True)
class OpenSetModel:
    """How known and unknown images score.

    Attributes:
        known, unknown: Quantiles of their scores, ascending.
        ratios: Offset and slope of the logarithm of their ratio of densities as a function of the score: of all
            classes, then without each group of them.
        share: The share of unknown images where none is estimated.
        pictures: The number of images that told it, 0 for none.
        answers: The number of examples of none of the classes that somebody gave, not a model.
        text: Quantiles of the margins (`text_margins`) of known and unknown images; None if nothing tells them.
        names: Cosine that decides and slope, of each name that was not trained and then of any other: the margin is the
            logarithm of the odds of a known image, slope * (cosine - threshold). Empty where `text` alone decides.
        width: Length E of the rows that are scored.
        groups: Number J of groups without a name of `MixtureScorer`, whose scores are probabilities, so that the
            threshold depends on no share; 0 for `OpenSetScorer`.
        error: Standard error of their share.
        reaches: Whether the scores fall for images that are far from all shots.
    """

    known: Quantiles
    unknown: Quantiles
    ratios: tuple[tuple[float, float], ...]
    width: int
    share: float = PRIOR_SHARE
    pictures: int = 0
    answers: int = 0
    text: tuple[Quantiles, Quantiles] | None = None
    groups: int = 0
    error: float = 0.0
    names: tuple[tuple[float, float], ...] = ()
    reaches: bool = False

    def __post_init__(self) -> None:
        distributions = self.known, self.unknown, *(self.text or ())
        if {len(levels) for levels in distributions} != {QUANTILES}:
            raise ValueError("not two distributions of scores")
        if not 1 <= len(self.ratios) <= JACKKNIFE_GROUPS + 1:
            raise ValueError("not ratios of densities")
        if any(slope < 0 for _, slope in self.ratios) or not 0 <= self.share <= 1 or not 0 <= self.error <= 1:
            raise ValueError("scores that mean nothing")
        least = min(self.pictures, self.answers, self.width - 1, self.groups)
        if least < 0 or self.width > MAX_WIDTH or self.groups > MAX_GROUPS:
            raise ValueError("numbers that cannot be counted")

    def fitted_to(self, scores: NDArray[np.floating]) -> tuple[OpenSetModel, Share]:
        """How known and unknown images score among images with these scores (N,), and the share of unknown ones.

        Below `MIN_IMAGES` images, what the training knows; else a mixture of two normal distributions, fitted by EM.
        """
        if self.groups or len(scores) < MIN_IMAGES:
            return self, self.estimate(scores)
        # Labelled images are no random ones: questions are about typical images and sure ones are accepted, so their
        # leave-one-out scores are higher than those of the known images that are left. They only start and hold the
        # mixture.
        values = np.asarray(scores, np.float64)
        prior = np.array([self.unknown, self.known])
        has_examples = self.answers >= MIN_EXAMPLES
        strength = min(PRIOR_STRENGTH, self.answers) if has_examples else PRIOR_STRENGTH
        # Unknown images that are like a class score where the narrow distribution of left-out classes does not reach.
        pooled = 0.0 if has_examples else POOLED_VARIANCE
        (unknown, known), means, variances, shares = _fit_two_normals(
            values, prior, np.array([strength, PRIOR_STRENGTH]), pooled
        )
        prior_ratio, fitted_ratio = _ratio(prior[1], prior[0]), _ratio(known, unknown)
        offset, slope = fitted_ratio[0] - prior_ratio[0], fitted_ratio[1] - prior_ratio[1]
        # Each jackknife ratio moves as that of all classes did, so that their spread, the standard error, stays.
        ratios = tuple((old_offset + offset, max(0.0, old_slope + slope)) for old_offset, old_slope in self.ratios)
        model = replace(self, known=tuple(known.tolist()), unknown=tuple(unknown.tolist()), ratios=ratios)
        densities = np.exp(-0.5 * (values[:, None] - means) ** 2 / variances) / np.sqrt(variances)
        # Derivative of each image's log-likelihood by the share; the sum of their squares is the information about it.
        slopes = (densities[:, 0] - densities[:, 1]) / np.maximum(densities @ shares, 1e-300)
        sampling = float(1 / np.sqrt(max(1.0, (slopes**2).sum())))
        # Known images that score lower than labelled ones can only pass for unknown ones: without examples, the share
        # is at most what the classes say.
        most = 1.0 if has_examples else self.estimate(values).value
        share = replace(model.estimate(values), value=min(most, float(shares[0])), sampling=sampling)
        # Of the information that counting known and unknown images would have; if little, the classes' error holds.
        information = float(shares.prod()) / len(values) / sampling**2
        return model, share if information > MIN_INFORMATION else replace(share, sampling=max(sampling, share.error))

    def decide(
        self, scores: NDArray[np.floating], margins: NDArray[np.floating] | None = None, weight: float = 1.0
    ) -> tuple[OpenSetModel, Share, Thresholds]:
        """`fitted_to`, with the thresholds for a cautious share: the one way for images that are predicted together.

        Args:
            scores: (N,) of all trained names that are asked for; -inf if none is.
            margins: (N,) where the text of a name decides, inf if nothing tells them, and NaN elsewhere; None if it
                nowhere does.
            weight: As for `thresholds`.
        """
        margins = np.full(len(scores), np.nan) if margins is None else margins
        usual = self.thresholds(self.share, weight)
        threshold, text = usual.margin, usual.text
        if self.text is not None and not self.names and len(scores) >= MIN_IMAGES:
            known, unknown = self.text
            values = np.asarray(margins[np.isfinite(margins)], np.float64)
            (unlike, like), _, _, shares = _fit_two_normals(values, np.array([unknown, known]), TEXT_PRIOR_STRENGTH)
            threshold = _threshold(like, unlike, float(shares[0]), weight)
            text = _odds(_ratio(like, unlike), float(shares[0]))
        # Images that a class without shots claims say nothing of the share for the scores of those with shots.
        unclaimed = scores[np.isfinite(scores) & ~(margins >= threshold)]
        near = unclaimed[self.are_near(unclaimed)]
        model, share = self.fitted_to(near)
        odds = model.thresholds(share.value, weight).odds
        # For a share one standard error lower: where it can hardly be told, there is no threshold.
        thresholds = model.thresholds(share.lower_bound, weight)._replace(margin=threshold, odds=odds, text=text)
        if share.pictures and len(near) < len(unclaimed):  # those that are far are unknown images
            part = len(near) / len(unclaimed)
            value = 1 - part * (1 - share.value)
            share = replace(share, value=value, error=part * share.error, pictures=len(unclaimed))
        return model, share, thresholds

    def are_near(self, scores: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which scores (N,) tell a share: those of far images, below all of shots, are of unknown ones in any case."""
        lowest = -np.inf if self.groups else min(self.known[0], self.unknown[0]) if self.reaches else NO_THRESHOLD
        return np.asarray(scores) > lowest

    def thresholds(self, share: float, weight: float = 1.0) -> Thresholds:
        """Below what an image is none of the classes, `NO_THRESHOLD` if nothing is.

        Args:
            share: Of unknown images; of `MixtureScorer`, only whether there are any.
            weight: How many known images an unknown image under a name is worth; see `STRICT_WEIGHT`.
        """
        margin, text = NO_THRESHOLD, CERTAIN_ODDS
        if self.names:
            # The margin is the logarithm of the odds already.
            margin, text = math.log(weight), (0.0, 1.0)
        elif self.text is not None:
            known, unknown = (np.array(item) for item in self.text)
            margin, text = _threshold(known, unknown, share, weight), _odds(_ratio(known, unknown), share)
        if self.groups:
            # The score is a probability, so whatever the share: the threshold is where both errors cost the same. No
            # image is less likely known than those at hand.
            odds = weight * (1 - KNOWN_THRESHOLD) / KNOWN_THRESHOLD
            lowest = min(max(self.unknown[0], 0.0), KNOWN_THRESHOLD)
            return Thresholds(odds / (odds + 1) if share else NO_THRESHOLD, margin, None, text, lowest)
        score = _threshold(self.known, self.unknown, share, weight)
        return Thresholds(score, margin, _odds(self.ratios[0], share), text)

    def estimate(self, scores: NDArray[np.floating]) -> Share:
        """The share of unknown images among images with these scores (N,); that of the training below `MIN_IMAGES`."""
        # Those that told it are other images, so none of these tell it.
        if len(scores) < MIN_IMAGES:
            return Share(self.share, 0.0, 0)
        if self.groups:
            share = float((scores < KNOWN_THRESHOLD).mean())
            return Share(share, self.error, len(scores), JACKKNIFE_GROUPS, sampling=0.0)
        value, *others = _most_probable_shares(histogram(scores), self.ratios).tolist()
        # Jackknife (Tukey 1958): (n - 1)/n times the sum of squares, which is (n - 1) times the variance.
        error = float(np.sqrt((len(others) - 1) * np.var(others))) if others else value
        return Share(value, error, len(scores), len(others))

    @property
    def keeps_all_names(self) -> bool:
        """Whether every image keeps a name that was not trained: `fit_name_thresholds` found none unknown."""
        return bool(self.names) and all(threshold == LOWEST_THRESHOLD for threshold, _ in self.names)

    def name_margins(self, cosines: NDArray[np.floating], places: NDArray[np.int64]) -> NDArray[np.float32]:
        """(N,) the margins by `names` at these places (N,), of cosines (N,) with them."""
        thresholds, slopes = np.array(self.names, np.float32)[places].T
        margins: NDArray[np.float32] = slopes * (np.asarray(cosines, np.float32) - thresholds)
        return margins

    def unknown_recall(self, threshold: float) -> float:
        """The share of unknown images that a threshold finds."""
        return float(_smoothed_cdf(self.unknown, np.array([threshold]))[0])


class OpenSetScorer(nn.Module):
    """The scores s (B,) of rows (B, E): how much the trained classes claim an image."""

    weights: Tensor
    offsets: Tensor
    columns: Tensor
    centres: Tensor
    reach: Tensor

    def __init__(self, width: int, classes: int, *, reaches: bool = False) -> None:
        super().__init__()
        self.register_buffer("weights", torch.zeros(width, classes))
        self.register_buffer("offsets", torch.zeros(classes))
        self.register_buffer("columns", torch.tensor(2.0))
        self._register_reach(width, classes, reaches=reaches)

    def _register_reach(self, width: int, classes: int, *, reaches: bool) -> None:
        if reaches:  # older files have none
            self.register_buffer("centres", torch.zeros(width, classes))
            self.register_buffer("reach", torch.tensor([-1.0, 1.0]))  # where scores begin to fall, and over how much

    @property
    def reaches(self) -> bool:
        """Whether the scores fall for images that are far from all shots."""
        return hasattr(self, "centres")

    def set_reach(self, centres: Tensor, start: float, over: float) -> None:
        """Let scores fall from the cosine `start` with the nearest of centres (E, K) on, by `FALL` over `over`."""
        self._register_reach(*centres.shape, reaches=True)
        self.centres.copy_(centres)
        self.reach.copy_(torch.tensor([start, over]))

    def linear(self) -> Tensor:
        """(E, J) what rows are multiplied by: the weights, then the centres if the scores fall far from these."""
        return torch.cat([self.weights, self.centres], dim=1) if self.reaches else self.weights

    def within(self, scores: Tensor, near: Tensor, lengths: Tensor) -> Tensor:
        """Scores (B,) of rows with these lengths (B,), less what they fall because they are far from all shots.

        `near` (K, B) are the products of the centres with the rows.
        """
        if not self.reaches:
            return scores
        # A ramp and not a step, so that rounding does not decide; the amount is enough to pass below every threshold.
        lowered: Tensor = scores - FALL * ((self.reach[0] - near.amax(0) / lengths) / self.reach[1]).clamp(0, 1)
        return lowered

    def forward(self, rows: Tensor, columns: Tensor | None = None) -> Tensor:
        """See the class; with `columns`, as some of the trained classes claim it."""
        rows = rows.to(self.weights)
        # A third quicker than rows @ linear.
        return self.of_products(self.linear().T @ rows.T, lengths_of(rows), columns)

    def of_products(self, products: Tensor, lengths: Tensor, columns: Tensor | None = None) -> Tensor:
        """`forward`, with the products (J, B) of `linear` and rows, and the lengths (B,) of these."""
        class_scores = products[: len(self.offsets)] + self.offsets.unsqueeze(1)
        best = (class_scores if columns is None else class_scores[columns]).amax(0)
        return self.within(self.above_chance(best), products[len(self.offsets) :], lengths)

    def matches(self, head: VisualHead) -> bool:
        """Whether the scores f are those of this head, as they are without a column for examples of none."""
        same = zip((self.weights, self.offsets), (head.weights, head.offsets), strict=True)
        return type(self) is OpenSetScorer and all(torch.equal(*pair) for pair in same)

    def above_chance(self, best: Tensor) -> Tensor:
        """The scores s (B,) of the highest f (B,)."""
        scores: Tensor = (self.columns * best - 1) / (self.columns - 1)
        return scores

    def predict(self, rows: Tensor) -> Tensor:
        """(B,) the class that claims rows (B, E) most."""
        return (self.weights.T @ rows.to(self.weights).T + self.offsets.unsqueeze(1)).argmax(0)

    def score_rows(self, rows: NDArray[np.float32], columns: Sequence[int] | None = None) -> NDArray[np.float32]:
        """Scores (N,) of rows (N, E), as `forward`."""
        device = self.weights.device
        chosen = None if columns is None else torch.tensor(columns, device=device)
        scores: NDArray[np.float32] = self(torch.as_tensor(rows, device=device), chosen).cpu().numpy()
        return scores


class MixtureScorer(OpenSetScorer):
    """The probability (B,) that rows (B, E) show one of the K classes, by a linear mixture of these and J other groups.

    t(x) = sum over components of softmax(w · x + o) · known, with x of unit length (`open_mixture`). `known` (K + J, K)
    is how likely an image of a component is of each class; those that are asked for are summed.
    """

    known: Tensor

    def __init__(self, width: int, classes: int, groups: int, *, reaches: bool = False) -> None:
        nn.Module.__init__(self)  # there is nothing above chance
        self._register_reach(width, classes, reaches=reaches)
        self.register_buffer("weights", torch.zeros(width, classes + groups))
        self.register_buffer("offsets", torch.zeros(classes + groups))
        self.register_buffer("known", torch.zeros(classes + groups, classes))

    def of_products(self, products: Tensor, lengths: Tensor, columns: Tensor | None = None) -> Tensor:
        known = self.known if columns is None else self.known[:, columns]
        # The product of a row of unit length is that of the row, divided by its length.
        posteriors = (products[: len(self.offsets)] / lengths + self.offsets.unsqueeze(1)).softmax(0)
        return self.within(known.sum(1) @ posteriors, products[len(self.offsets) :], lengths)


def lengths_of(rows: Tensor) -> Tensor:
    """(B,) of rows (B, E), above 0."""
    lengths: Tensor = torch.linalg.vector_norm(rows, dim=1).clamp_min(1e-12)
    return lengths


def build_scorer(open_set: OpenSetModel, classes: int) -> OpenSetScorer:
    """What scores images as `open_set` says, with weights of 0."""
    if open_set.groups:
        return MixtureScorer(open_set.width, classes, open_set.groups, reaches=open_set.reaches)
    return OpenSetScorer(open_set.width, classes, reaches=open_set.reaches)


def fit_open_set(
    rows: Tensor,
    labels: Tensor,
    head: HeadFit,
    none: Tensor | None = None,
    *,
    copies: Tensor | None = None,
    measured: Tensor | None = None,
    answered: Tensor | None = None,
) -> tuple[OpenSetScorer, OpenSetModel | None]:
    """Fit the scores and learn how known and unknown images score.

    Args:
        rows: (N, E) whole rows of the shots.
        labels: (N,) from 0 to K - 1.
        head: The visual head, of which the scores have the parts.
        none: (M, E) rows of examples of none of the classes.
        copies: (N,) equal for shots of the same image.
        measured: (N,) shots whose label tells how known images score; None for all.
        answered: (M,) examples of none that tell how unknown images score; None for all. The others only train
            the extra output column.

    Returns:
        Without a distribution of unknown images if nothing tells it: two classes, and few examples of none.
    """
    classes = int(labels.max()) + 1
    if none is not None and len(none) > MAX_LEFT_OUT // 4:
        part = torch.linspace(0, len(none) - 1, MAX_LEFT_OUT // 4).round().long().to(none.device)
        none, answered = none[part], None if answered is None else answered[part.to(answered.device)]
    none = rows[:0] if none is None else none
    answered = torch.ones(len(none), dtype=torch.bool) if answered is None else answered
    most = MAX_LEFT_OUT - len(none)
    # Leave-one-out of `ridge` takes memory for at most so many rows, examples of none with them.
    if len(rows) > most:  # classes can be left out of so many rows; some of their shots are enough
        some = stratified_subset(labels, most)
        rows, labels = rows[some], labels[some]
        copies, measured = (None if array is None else array[some.to(array.device)] for array in (copies, measured))
    keep = reliable_shots(labels, copies, measured)
    plain = _LeaveOneOut.fit(rows, labels, classes, head, rows[:0], copies)
    best, examples, human = plain, plain.open_set_scorer(none).cpu().double().numpy(), answered.cpu().numpy()
    if len(none) > 1:
        wider = _LeaveOneOut.fit(rows, labels, classes, head, none, copies)
        # One more column for examples of none, if by leave-one-out that tells them from the shots better.
        if auroc(wider.known, wider.examples) >= auroc(plain.known, examples):
            best, examples = wider, wider.examples
    telling = keep.sum() if measured is None else min(keep.sum(), int(measured.sum()))
    if telling < classes and human.sum() < MIN_EXAMPLES:
        # Left-out shots of a few classes alone, or typical ones, as accepted predictions are: other known images would
        # pass for unknown ones.
        return best.open_set_scorer, None
    return best.open_set_scorer, best.open_set_model(labels, keep, examples[human])


@dataclass(frozen=True, eq=False)
class _LeaveOneOut:
    """Scores with each shot left out (N,), with its class left out (N,), and of examples of none left out (M,)."""

    open_set_scorer: OpenSetScorer
    known: Doubles
    unknown: Doubles
    examples: Doubles

    def open_set_model(self, labels: Tensor, keep: NDArray[np.bool_], examples: Doubles) -> OpenSetModel | None:
        """See `fit_open_set`; `keep` (N,) are the shots that tell, and `examples` the scores of those of none."""
        groups = labels.cpu().numpy()
        known, of, unknown = self.known[keep], groups[keep], self.unknown
        # Both overstate how much unknown images look like the classes: left-out classes are of one kind with the
        # others, and examples were asked about since they scored high. So those that shots are told from more easily.
        if len(examples) >= MIN_EXAMPLES and (not len(unknown) or auroc(known, examples) >= auroc(known, unknown)):
            unknown, groups = examples, np.arange(len(examples))
        if len(known) < 2 or len(unknown) < 2:
            return None
        parts = min(JACKKNIFE_GROUPS, int(labels.max()) + 1)
        without = [(of % parts != part, groups % parts != part) for part in range(parts)]
        subsets = [(np.ones(len(known), bool), np.ones(len(unknown), bool))]
        # A regression needs two of either kind.
        subsets += [masks for masks in without if min(mask.sum() for mask in masks) > 1]
        ratios = _fit_density_ratios(known, unknown, *(np.array(some) for some in zip(*subsets, strict=True)))
        width = len(self.open_set_scorer.weights)
        return OpenSetModel(_quantiles(known), _quantiles(unknown), ratios, width, answers=len(examples))

    @classmethod
    def fit(
        cls, rows: Tensor, labels: Tensor, classes: int, head: HeadFit, none: Tensor, copies: Tensor | None
    ) -> _LeaveOneOut:
        count, columns = len(rows), classes + (len(none) > 0)
        every, targets, together = rows, labels, copies
        alone = torch.arange(count, count + len(none), device=labels.device)
        if len(none):
            every = torch.cat([rows, none.to(rows)])
            targets = torch.cat([labels, labels.new_full((len(none),), classes)])
            # Examples of none are left out one by one: no two are copies.
            together = None if copies is None else torch.cat([copies, copies.max() + 1 + alone])
        fitted = refit_head(head, every, targets, columns, together)
        # With a whole class as one group, the same closed form leaves the class out.
        groups = torch.cat([labels, classes + alone])
        of_class = refit_head(fitted, every, targets, columns, groups).left_out[:count]
        open_set_scorer = OpenSetScorer(rows.shape[1], classes).to(rows.device)
        open_set_scorer.weights.copy_(fitted.weights[:, :classes])
        open_set_scorer.offsets.copy_(fitted.offsets[:classes])
        open_set_scorer.columns.fill_(columns)
        scores = _above_chance(fitted.left_out[:, :classes].amax(1), columns)
        without = of_class[:, :classes].scatter(1, labels.unsqueeze(1), -torch.inf).amax(1)
        # Of the left-out class nothing is left to compare with, so chance is that of one column less.
        unknown = _above_chance(without, columns - 1) if columns > 2 else np.zeros(0)
        return cls(open_set_scorer, scores[:count], unknown, scores[count:])


def fit_reach(
    open_set_scorer: OpenSetScorer,
    rows: Tensor,
    labels: Tensor,
    copies: Tensor,
    at_hand: Tensor | None = None,
    drawn: Tensor | None = None,
) -> bool:
    """Let the scores fall for images that are far from all shots; False without a class of two images.

    An image is far if the cosine of its whole row with the nearest class mean, not centred, is one that at most
    `FAR_SHARE` of known images have. A head of few classes that are alike says little of drawings, screens and noise.

    Args:
        open_set_scorer: Changed.
        rows: (N, E) whole rows of the shots.
        labels: (N,) from 0 to K - 1.
        copies: (N,) equal for shots of the same image, which are left out together.
        at_hand: (U, E) rows of images without a label.
        drawn: (N,) shots that are as near to others of their class as images at hand are; None for all.
    """
    if (cosines := nearest_cosines(rows, labels, copies)) is None:
        return False
    several, centres = ~cosines[0].isnan(), cosines[1]
    nearest, telling = cosines[0][several], cosines[0][several if drawn is None else several & drawn]
    if at_hand is None or not len(at_hand):
        start = Tail.of(nearest).quantile(FAR_SHARE)
    else:
        mixed = isinstance(open_set_scorer, MixtureScorer)  # which tells the known images among them
        known = at_hand[open_set_scorer(at_hand) >= KNOWN_THRESHOLD] if mixed else at_hand
        known = known.to(centres)
        near = (centres.T @ known.T).amax(0) / lengths_of(known)  # without a copy of so many rows
        wider = Tail.of(torch.cat([nearest, near])).quantile(FAR_SHARE)
        start = wider
        if not mixed and len(telling) >= centres.shape[1]:
            # Unknown images among them make the tail too long, and are found by being more than known ones would be.
            tail = Tail.of(telling)
            start = max(tail.quantile(FAR_SHARE), wider, tail.discovered(near))
    open_set_scorer.set_reach(centres, start, SCORE_RAMP * max(float(nearest.std()), MIN_COSINE_DEVIATION))
    return True


def nearest_cosines(rows: Tensor, labels: Tensor, copies: Tensor) -> tuple[Tensor, Tensor] | None:
    """Cosines (S,) of shots with the nearest class, each left out with its copies, and the means (E, K) of the classes.

    NaN for the only image of a class; None if there are no others. See `fit_reach` for the arguments.
    """
    unit, classes = functional.normalize(rows, dim=1), int(labels.max()) + 1
    images, of, times = torch.unique(torch.stack([labels, copies]), dim=1, return_inverse=True, return_counts=True)
    # Counted by images: a class of copies of one image has nothing left without it.
    several = torch.bincount(images[0], minlength=classes)[labels] > 1
    if not bool(several.any()):
        return None
    sums = torch.zeros(classes, rows.shape[1], device=rows.device).index_add_(0, labels, unit)
    image_sums = torch.zeros(len(times), rows.shape[1], device=rows.device).index_add_(0, of, unit)[of]
    lengths, with_all, place = sums.norm(dim=1), unit @ sums.T, labels.unsqueeze(1)
    others = (with_all / lengths).scatter(1, place, -1.0).amax(1)
    # The mean without the image would be longer than that of all, which has averaged more: it is given the same length.
    shots = torch.bincount(labels)[labels]
    with_rest = with_all.gather(1, place).squeeze(1) - (unit * image_sums).sum(1)
    with_rest *= shots / (shots - times[of]).clamp_min(1) / lengths[labels]
    return torch.maximum(others, with_rest).masked_fill(~several, torch.nan), (sums / lengths.unsqueeze(1)).T


class Tail(NamedTuple):
    """The lower tail of cosines of known images with the nearest class: a `share` of them is below `first`."""

    # Of a normal distribution 0.5% are in fact below the quantile of 0.5%, by 80 images, and 1% by 12. Real ones have
    # longer tails: whole kinds of a class may be in no shot. So it is exponential (Breiman, Stone and Kooperberg 1990,
    # "Robust confidence bounds for extreme upper quantiles").

    first: float
    excess: float
    share: float
    ordered: Tensor

    @classmethod
    def of(cls, cosines: Tensor) -> Tail:
        ordered = cosines.double().sort().values
        # About the root of their number, as in the source; at least one, and the last is never in the tail.
        lowest = min(1 + round(math.sqrt(len(ordered))), len(ordered) - 1)
        first = float(ordered[lowest])
        excess = max(first - float(ordered[:lowest].mean()), MIN_COSINE_DEVIATION)
        return cls(first, excess, (lowest + 1) / len(ordered), ordered)

    def quantile(self, share: float) -> float:
        """Below what a share of known images is."""
        return self.first - self.excess * math.log(self.share / share)

    def below(self, cosines: Tensor) -> Tensor:
        """Which shares of known images are below `cosines` of any shape."""
        at = cosines.double()
        beyond = self.share * ((at - self.first).clamp_max(0) / self.excess).exp()
        return torch.where(at < self.first, beyond, torch.searchsorted(self.ordered, at) / len(self.ordered))

    def discovered(self, cosines: Tensor) -> float:
        """The highest of `cosines` (N,) up to which at most `MAX_FALSE` are of known images; -1 if there is none."""
        # By Benjamini and Hochberg 1995, "Controlling the false discovery rate".
        ordered = cosines.double().sort().values
        # Of the k lowest, N times the tail's share below are expected to be known: at most `MAX_FALSE` of k.
        far = ordered[self.below(ordered) <= MAX_FALSE * torch.arange(1, len(ordered) + 1) / len(ordered)]
        return float(far[-1]) if len(far) else -1.0


def stratified_subset(labels: Tensor, most: int) -> Tensor:
    """Up to `most` places of shots, ascending: the first of each class, and of the others a part in proportion."""
    order, counts = torch.argsort(labels, stable=True), torch.bincount(labels)
    place = torch.empty_like(labels)
    place[order] = torch.arange(len(labels), device=labels.device) - (counts.cumsum(0) - counts)[labels[order]]
    part = max(0, most - len(counts))
    # Bresenham's rule: the i-th is taken where i * part / N passes a whole number, which spreads them evenly.
    whole = (place + 1) * part // len(labels) > place * part // len(labels)
    return torch.nonzero(whole | (place == 0)).squeeze(1)[:most]


def _above_chance(best: Tensor, columns: int) -> Doubles:
    # First to the CPU: not every device has doubles.
    wide: Doubles = best.cpu().double().numpy()
    return (columns * wide - 1) / (columns - 1)


def reliable_shots(labels: Tensor, copies: Tensor | None, measured: Tensor | None) -> NDArray[np.bool_]:
    """Which shots tell how known images score: not the only image of its class, nor what a model proposed."""
    classes = labels.cpu().numpy()
    each = classes if copies is None else np.unique(np.stack([classes, copies.cpu().numpy()]), axis=1)[0]
    several: NDArray[np.bool_] = np.bincount(each)[classes] > 1
    # What a model proposed scores high by choice; with too few others than these, all have to do.
    if measured is not None and (several & measured.cpu().numpy()).sum() >= len(np.unique(classes)):
        several &= measured.cpu().numpy()
    return several


def text_margins(
    images: NDArray[np.float32], texts: NDArray[np.float32], best: NDArray[np.int64], background: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N,) by which cosine images (N, D) are nearer to the `best` (N,) of names (C, D) than to a background (V, D)."""
    # Background names near one of the names (`SAME_MEANING_COSINE`) are left out, since they may mean it.
    margins: NDArray[np.float32] = (images * texts[best]).sum(axis=1) - background_similarity(images, texts, background)
    return margins


def background_similarity(
    images: NDArray[np.float32], texts: NDArray[np.float32], background: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N,) how near images (N, D) are to a background (V, D) without what is near names (C, D): a mean cosine."""
    return _mean_cosine(_highest_cosines(images @ far_from(background, texts).T))


def _highest_cosines(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, `NEAREST_NAMES`) the highest of cosines (N, V) in any order, or all if there are fewer."""
    most = min(NEAREST_NAMES, cosines.shape[1])
    # Not sorted: the mean of the ten is all that is asked, and a partition takes a fifth of the time.
    highest: NDArray[np.float32] = -np.partition(-cosines, most - 1, axis=1)[:, :most] if most else cosines
    return highest


def _mean_cosine(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N,) the mean of cosines (N, V); -1 without any."""
    means: NDArray[np.float32] = cosines.mean(axis=1) if cosines.shape[1] else -np.ones(len(cosines), np.float32)
    return means


def fit_text_margins(
    images: NDArray[np.float32], labels: NDArray[np.int64], texts: NDArray[np.float32], background: NDArray[np.float32]
) -> tuple[Quantiles, Quantiles]:
    """`OpenSetModel.text` by shots (N, D) among the names (K, D) of all classes, and without their own name."""
    near = _centred_cosines(background, texts) >= SAME_MEANING_COSINE
    others, named = ((torch.tensor(images) @ torch.tensor(names).T).numpy() for names in (background, texts))
    nearest = _highest_cosines(others[:, ~near.any(axis=1)])
    indices = np.arange(len(images))
    known, best = named[indices, labels] - _mean_cosine(nearest), _mean_cosine(nearest)
    for label in np.unique(labels):
        # Without the class, background names that are near its name alone would not have been left out.
        rows, columns = indices[labels == label], near[:, label] & (near.sum(axis=1) == 1)
        beside = np.concatenate([nearest[rows], others[np.ix_(rows, columns)]], axis=1)
        best[rows] = _mean_cosine(_highest_cosines(beside))
    # An unknown image looks like a shot whose own name nobody typed.
    named[indices, labels] = -np.inf
    return _quantiles(known.astype(np.float64)), _quantiles((named.max(axis=1) - best).astype(np.float64))


def fit_name_thresholds(
    open_set: OpenSetModel, shots: Doubles, labels: NDArray[np.int64], cosines: Doubles, best: NDArray[np.int64]
) -> OpenSetModel:
    """With `OpenSetModel.names`, by a mixture of normal distributions of the cosines with the nearest name.

    Args:
        open_set: Without.
        shots: (S, K) cosines of the shots with the K trained names.
        labels: (S,) from 0 to K - 1.
        cosines: (N, K + M) of images at hand with these and then the M names that were not trained.
        best: (N,) which of all names the model says, at least one of them of the M.
    """
    trained, middles, deviations = shots.shape[1], cosines.mean(axis=0), cosines.std(axis=0)
    # Images of a class are about as near to its name, and those of another may be much nearer to theirs: with one
    # threshold for all, a class would lie on one side as a whole. Some names are near to any image, so cosines are
    # standardised.
    scales = deviations.mean() / np.maximum(deviations, MIN_COSINE_DEVIATION)
    other_names = (shots - middles[:trained]) * scales[:trained]
    own_name = other_names[np.arange(len(labels)), labels]
    other_names[np.arange(len(labels)), labels] = -np.inf
    named = best >= trained
    cosines, best = ((cosines - middles) * scales)[named, trained:], best[named] - trained
    fitted = _NamesMixture.fitted(own_name, other_names.max(axis=1), labels, cosines, best)
    named_cosines, count = cosines[np.arange(len(best)), best], cosines.shape[1]
    unknown = 1 - fitted.known_probabilities(named_cosines, best)
    share = float(unknown.mean())
    deviation = np.bincount(best, unknown, count) - share * np.bincount(best, minlength=count)
    # Of a ratio, over names as clusters: images of one name are lost or found together.
    error = float(np.sqrt((deviation**2).sum() * count / max(1, count - 1))) / len(best)
    thresholds, slopes = replace(fitted, share=float(np.clip(share - error, 1e-6, 1 - 1e-6))).thresholds()
    # So few may be the far images of the names themselves: every image keeps its name.
    if share <= MAX_TAIL_SHARE:
        thresholds[:] = -MAX_MAGNITUDE
    scales = np.append(scales[trained:], scales.mean())
    thresholds = np.clip(np.append(middles[trained:], middles.mean()) + thresholds / scales, LOWEST_THRESHOLD, 1)
    slopes = np.minimum(slopes * scales, MAX_MAGNITUDE)
    # Rounded, so that a checkpoint does not depend on the digits in which processors differ.
    names = zip(np.round(thresholds, 6).tolist(), np.round(slopes, 6).tolist(), strict=True)
    return replace(open_set, names=tuple(names))


@dataclass(frozen=True, eq=False)
class _NamesMixture:
    """Each of M names, and then any other one, has a mean; all have one variance, and unknown images have their own.

    Means differ from name to name as those of the trained ones do, so they are held to the common one by that, and
    `posterior_variances` (M + 1,) are the variances that are left.
    """

    means: Doubles
    posterior_variances: Doubles
    within_variance: float
    unknown_mean: float
    unknown_variance: float
    share: float

    def known_probabilities(self, values: Doubles, names: NDArray[np.int64]) -> Doubles:
        """(N,) probability that images with these cosines (N,) are of these names (N,)."""
        square, linear, constant = (part[names] for part in self._odds())
        probabilities = expit((square * values + linear) * values + constant)
        # The wider distribution of unknown images wins far out on both sides, so also nearest to the name.
        return np.where(values >= self.means[names], np.maximum(probabilities, MIN_NEAR_PROBABILITY), probabilities)

    def thresholds(self) -> tuple[Doubles, Doubles]:
        """(M + 1,) cosines at even odds, at most the mean, and the slope of the logarithm of the odds there."""
        square, linear, constant = self._odds()
        # The roots of square x^2 + linear x + constant; without a square part, it is as good as linear.
        inner, double = linear**2 - 4 * square * constant, np.where(square == 0, 1e-12, 2 * square)
        slopes = np.clip(np.sqrt(np.maximum(inner, 0)), 1, MAX_MAGNITUDE)
        roots = np.where(inner > 0, (-linear + slopes) / double, -np.sign(double) * MAX_MAGNITUDE)
        return np.minimum(roots, self.means), slopes

    def _odds(self) -> tuple[Doubles, Doubles, Doubles]:
        """(M + 1,) coefficients of the logarithm of the odds, which is a quadratic function of the cosine."""
        around, means = self.within_variance + self.posterior_variances, self.means
        constant = math.log((1 - self.share) / self.share) + 0.5 * np.log(self.unknown_variance / around)
        constant = constant + 0.5 * (self.unknown_mean**2 / self.unknown_variance - means**2 / around)
        linear = means / around - self.unknown_mean / self.unknown_variance
        return 0.5 / self.unknown_variance - 0.5 / around, linear, constant

    @classmethod
    def fitted(
        cls, named: Doubles, other: Doubles, labels: NDArray[np.int64], cosines: Doubles, best: NDArray[np.int64]
    ) -> _NamesMixture:
        """By EM; images tell the mean of a name if the model says the same as the text.

        Args:
            named: (S,) cosines of shots with their names.
            other: (S,) highest ones with another trained name.
            labels: (S,) of the shots.
            cosines: (N, M) of images at hand.
            best: (N,) which name the model says.
        """
        # Variance within names and between them, as in one-way analysis of variance with random effects.
        of_class = [named[labels == label] for label in np.unique(labels)]
        middles, free = np.array([item.mean() for item in of_class]), len(named) - len(of_class)
        inside = sum(float(((item - item.mean()) ** 2).sum()) for item in of_class)
        within_variance = max(inside / free if free else named.var() / 2, MIN_COSINE_DEVIATION**2)
        centre = middles.mean()
        between_variance = max(middles.var(ddof=1) - within_variance * len(of_class) / len(named), within_variance / 4)
        count, nearest = cosines.shape[1], cosines.argmax(axis=1)
        at, agreed = cosines[np.arange(len(cosines)), nearest], nearest == best
        # Images tell the mean of a name only where model and text agree.
        tells = [at[agreed & (nearest == name)] for name in range(count)]
        means = np.array([*(np.quantile(item, START_QUANTILE) if len(item) else centre for item in tells), centre])
        first, unknown_variance = float(other.mean()), max(float(other.var()), MIN_COSINE_DEVIATION**2)
        fitted = cls(means, np.append(np.zeros(count), between_variance), within_variance, first, unknown_variance, 0.5)
        for step in range(NAME_EM_STEPS):
            known = fitted.known_probabilities(at, nearest)
            weights, unknown = known * agreed, 1 - known
            # The posterior of a normal mean with known variances: precisions add up.
            precisions = np.bincount(nearest, weights, count + 1) / fitted.within_variance
            weighted = np.bincount(nearest, weights * at, count + 1) / fitted.within_variance
            posterior_variances = 1 / (precisions + 1 / between_variance)
            means = posterior_variances * (weighted + centre / between_variance)
            spread, total = fitted.within_variance, unknown.sum() + TEXT_PRIOR_STRENGTH
            # Free from the start, the spread would grow until all images fit one name.
            if step >= FIXED_SPREAD_STEPS:
                around = ((at - means[nearest]) ** 2 + posterior_variances[nearest]) @ weights
                spread = float((around + PRIOR_STRENGTH * within_variance) / (weights.sum() + PRIOR_STRENGTH))
            unknown_mean = float((unknown @ at + TEXT_PRIOR_STRENGTH * first) / total)
            prior_scatter = unknown_variance + (first - unknown_mean) ** 2
            scatter = unknown @ (at - unknown_mean) ** 2 + TEXT_PRIOR_STRENGTH * prior_scatter
            share = (unknown.sum() + SHARE_PRIOR[0] - 1) / (len(at) + sum(SHARE_PRIOR) - 2)
            share = float(np.clip(share, 1e-6, 1 - 1e-6))
            fitted = cls(means, posterior_variances, spread, unknown_mean, float(scatter / total), share)
        return fitted


def far_from(background: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows of a background (V, D) that are not near one of texts (C, D)."""
    far: NDArray[np.float32] = background[is_far(background, texts)]
    return far


def is_far(background: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(V,) which rows of a background (V, D) are not near one of texts (C, D)."""
    far: NDArray[np.bool_] = _centred_cosines(background, texts).max(axis=1, initial=-1) < SAME_MEANING_COSINE
    return far


def _centred_cosines(background: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.float32]:
    """(V, C) cosines of a background (V, D) and texts (C, D), both less the background's mean."""
    # An encoder may give every text a common part, by which all would be near.
    mean = background.mean(axis=0)
    others, names = torch.from_numpy(background - mean), functional.normalize(torch.from_numpy(texts - mean), dim=1)
    cosines: NDArray[np.float32] = (others @ names.T / others.norm(dim=1, keepdim=True).clamp_min(1e-12)).numpy()
    return cosines


def auroc(known: Doubles, unknown: Doubles) -> float:
    """The area under the ROC curve: how often a known image scores higher than an unknown one."""
    if not len(known) or not len(unknown):
        return 0.5
    ordered = np.sort(unknown)
    # Equal scores count half, as the mean of both sides. `sklearn.metrics` takes 0.9 s to import.
    below = np.searchsorted(ordered, known, "left") + np.searchsorted(ordered, known, "right")
    return float(below.mean() / (2 * len(unknown)))


def histogram(scores: NDArray[np.floating]) -> Doubles:
    """(`HISTOGRAM_STEPS` + 1,) how many images have which score."""
    at = np.round(
        (np.clip(np.asarray(scores, np.float64), HISTOGRAM_LOW, HISTOGRAM_HIGH) - HISTOGRAM_LOW)
        / (HISTOGRAM_HIGH - HISTOGRAM_LOW)
        * HISTOGRAM_STEPS
    ).astype(np.int64)
    return np.bincount(at, minlength=HISTOGRAM_STEPS + 1).astype(np.float64)


def _grid() -> Doubles:
    return np.linspace(HISTOGRAM_LOW, HISTOGRAM_HIGH, HISTOGRAM_STEPS + 1)


def _fit_two_normals(
    values: Doubles, prior: Doubles, strength: Doubles | float, pooled: float = 0.0
) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """A mixture of two normal distributions, fitted by EM to values (N,).

    Args:
        values: The values.
        prior: (2, `QUANTILES`) quantiles of unknown and known values that it starts from and is held to.
        strength: (2,) by how many values.
        pooled: How much of a variance is that of all values around their means.

    Returns:
        `prior` spread as in the mixture, and (2,) its means, variances and shares.
    """
    count: Doubles = np.ones(len(values))
    # A hundred steps over each of a million values would take a minute.
    if len(values) > MAX_DISTINCT:
        values, times = np.unique(np.round(values, DISTINCT_DECIMALS), return_counts=True)
        count = times.astype(np.float64)
    centres, spread = prior.mean(axis=1), np.maximum(prior.std(axis=1), MIN_DEVIATION) ** 2
    means, variances, shares = centres, spread, np.array([PRIOR_SHARE, 1 - PRIOR_SHARE])
    for _ in range(EM_STEPS):
        away = np.square(values - means[:, None])
        # E step, by the log odds of the second: two densities far out would both be 0.
        first_log, second_log = np.log(np.maximum(shares, 1e-12)) - 0.5 * np.log(variances)
        odds = second_log - first_log + away[0] * (0.5 / variances[0]) - away[1] * (0.5 / variances[1])
        second = count * expit(odds)
        weights = np.stack([count - second, second])
        sums = weights.sum(axis=1)
        # M step with priors: of the shares Beta, of means and variances as if `strength` values lay as in `prior`.
        shares = (sums + np.array(SHARE_PRIOR) - 1) / (sums.sum() + sum(SHARE_PRIOR) - 2)
        means = (weights @ values + strength * centres) / (sums + strength)
        scatter = (weights * np.square(values - means[:, None])).sum(axis=1)
        scatter += strength * (spread + (centres - means) ** 2)
        variances = (1 - pooled) * scatter / (sums + strength) + pooled * scatter.sum() / np.sum(sums + strength)
    return (prior - centres[:, None]) * np.sqrt(variances / spread)[:, None] + means[:, None], means, variances, shares


def _threshold(
    known: Sequence[float] | Doubles, unknown: Sequence[float] | Doubles, share: float, weight: float
) -> float:
    """See `OpenSetModel.thresholds`; `known` and `unknown` are quantiles."""
    grid = _grid()
    # Expected errors of either kind by the picture, for each threshold of the grid.
    named = weight * share * (1 - _smoothed_cdf(unknown, grid))
    lost = (1 - share) * _smoothed_cdf(known, grid)
    errors = named + lost
    best = int(np.argmin(errors))
    # Without any threshold, all unknown images are under a name.
    return float(grid[best]) if errors[best] < weight * share - 1e-9 else NO_THRESHOLD


def _quantiles(scores: Doubles) -> Quantiles:
    quantiles = np.quantile(scores, (np.arange(QUANTILES) + 0.5) / QUANTILES)
    return tuple(np.round(quantiles, 6).tolist())


def weighted_quantiles(values: Doubles, weights: Doubles) -> Quantiles:
    """`QUANTILES` quantiles of weighted values, ascending; where none has any weight, all have the same."""
    order = np.argsort(values, kind="stable")
    weights = weights[order] + MIN_WEIGHT
    total = np.cumsum(weights)
    middle = (total - 0.5 * weights) / total[-1]
    quantiles = np.interp((np.arange(QUANTILES) + 0.5) / QUANTILES, middle, values[order])
    return tuple(np.round(quantiles, 6).tolist())


def _smoothed_cdf(quantiles: Sequence[float] | Doubles, at: Doubles) -> Doubles:
    """The share of scores below each point, smoothed by a logistic kernel of Silverman's width."""
    values = np.array(quantiles)
    # Silverman 1986, equation 3.31; 1.34 is the interquartile range of a standard normal distribution.
    middle = (np.quantile(values, 0.75) - np.quantile(values, 0.25)) / 1.34
    width = max(MIN_KERNEL_WIDTH, 0.9 * min(values.std(), middle or np.inf) * len(values) ** -0.2)
    # A logistic distribution of scale s has the deviation s pi / sqrt(3): 0.5513 is the scale for a deviation of 1.
    shares: Doubles = expit((at[:, None] - values) / (width * 0.5513)).mean(axis=1)
    return shares


def _fit_density_ratios(
    known: Doubles, unknown: Doubles, some: NDArray[np.bool_], others: NDArray[np.bool_]
) -> tuple[tuple[float, float], ...]:
    """Offsets and slopes of ln p(s | known) / p(s | unknown), by logistic regression with both weighing the same.

    Args:
        known: (N,) scores.
        unknown: (M,) scores.
        some: (R, N) which of the known ones each regression is told.
        others: (R, M) likewise.
    """
    parts = [part.sum(axis=1, keepdims=True) for part in (some, others)]
    # Platt's (1999, section 2.2): with 0 and 1, scores that do not overlap would have no finite slope.
    targets = np.concatenate([some * (parts[0] + 1) / (parts[0] + 2), others / (parts[1] + 2)], axis=1)
    # Both kinds weigh half whatever their numbers, so that the odds are the ratio of densities.
    weights = np.concatenate([0.5 * some / parts[0], 0.5 * others / parts[1]], axis=1)
    scores = np.concatenate([known, unknown])
    coefficients = np.zeros((len(some), 2))
    active = np.ones(len(some), bool)
    for _ in range(50):
        current, weight = coefficients[active], weights[active]
        probabilities = expit(current[:, :1] + current[:, 1:] * scores)
        residuals, curvatures = weight * (probabilities - targets[active]), weight * probabilities * (1 - probabilities)
        gradient = np.stack([residuals.sum(axis=1), residuals @ scores], axis=1)
        across = curvatures @ scores
        curvature = np.stack([curvatures.sum(axis=1), across, across, curvatures @ scores**2], axis=1).reshape(-1, 2, 2)
        # Newton's step of all regressions at once; clipped, as the first ones may overshoot.
        step = np.clip(np.linalg.solve(curvature + 1e-9 * np.eye(2), gradient[:, :, None])[:, :, 0], -5, 5)
        coefficients[active] -= step
        active[active] = np.abs(step).max(axis=1) >= 1e-8
        if not active.any():
            break
    # A lower score never speaks for a known image: a falling line tells nothing.
    return tuple((offset, slope) if slope > 0 else (0.0, 0.0) for offset, slope in np.round(coefficients, 6).tolist())


def _ratio(known: Doubles, unknown: Doubles) -> Line:
    """`_fit_density_ratios` of all values."""
    every = np.ones((1, len(known)), bool)
    return _fit_density_ratios(known, unknown, every, every)[0]


def _odds(ratio: Line, share: float) -> Line:
    """Offset and slope of the logarithm of the odds of a known image, where a share is unknown."""
    share = min(max(share, MIN_SHARE), 1 - MIN_SHARE)
    return ratio[0] + math.log((1 - share) / share), ratio[1]


def _most_probable_shares(counts: Doubles, ratios: Sequence[tuple[float, float]]) -> Doubles:
    """(R,) the likeliest share of unknown images under the prior for each of R ratios of densities: where EM ends."""
    offsets, slopes = np.array(ratios, np.float64).T
    ratio = np.exp(np.clip(offsets[:, None] + slopes[:, None] * _grid(), -50, 50))
    first, second = SHARE_PRIOR
    # The logarithm of the posterior is concave in the share: its slope falls, and bisection finds where it is 0.
    low, high = np.full(len(ratios), 0.0), np.full(len(ratios), 1.0)
    for _ in range(BISECTIONS):
        share = (low + high) / 2
        mixed = share[:, None] + (1 - share[:, None]) * ratio
        slope = (counts * (1 - ratio) / mixed).sum(axis=1) + (first - 1) / share - (second - 1) / (1 - share)
        low, high = np.where(slope > 0, share, low), np.where(slope > 0, high, share)
    shares: Doubles = (low + high) / 2
    return shares
