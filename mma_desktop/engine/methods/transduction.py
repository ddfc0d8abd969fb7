"""Transduction: images without a label, next to the labelled ones, tell where the classes lie.

Images of a class lie together, so a few names or examples are enough to find the groups among images at hand. They
are fitted with a Gaussian mixture with one covariance for all classes, on principal components of their rows. The
mixture starts from the adapter's logits z and is held to them, as TransCLIP is to the text (Zanella, Gérin and Ben Ayed
2024, "Boosting Vision-Language Models with Transduction"); EM-Dirichlet is a mixture of the kind, too (Martin et al.
2024, "Transductive Zero-Shot and Few-Shot CLIP"). Images at hand belong to class c with the probability

    softmax_c (z_c + b_c + t r_c l_c + p log(n_c + `PRIOR_COUNT`))
    t = `LIKELIHOOD_WEIGHT` (m / (m + `HALF_WEIGHT_COUNT`))² min(1, v u)      r_c = n_c / (n_c + 1)

where l_c is the log-likelihood, n_c the number of images of the class, m the mean number of images at hand per class,
and u how unsure the adapter is. What t and r_c leave out is what few images cannot tell of a class or of a name that no
image shows (StatA, Zanella et al. 2025, "Realistic Test-Time Adaptation of Vision-Language Models", has the same aim
with another penalty), or what an adapter that is sure need not hear. b evens out the classes' shares (distribution
alignment, Berthelot et al. 2020, "ReMixMatch"). An image counts by how well any name fits (`_typicality`).

With one covariance, everything but z is linear in the row, f_c = w_c · x + o_c, so what is learned holds for images
that were not at hand. For these, the mixture's answers are learned once more, by ridge regression h on twice as many
components, where images that no name fits ask for no name. How far to believe either is told by images that it has not
seen: z is learned from one half of the images at hand and from the other, and a is how well the two regressions
correlate. It is 0 if the rows say nothing of the names, whatever was learned by heart. The whole has the reliability
2 a / (1 + a) then (Spearman 1910 and Brown 1910), and a signal of a / (1 - a) times the noise:

    d = 2 a / (1 + a) f + (a / (1 - a))^1.5 / 4 h

d is a `VisualHead` of all names: it moves probability among those names only. The mixture is sure of nearly everything,
unknown images included, so z + d is divided by what makes images at hand as confident as z made them on average: they
tell which name it is, but not how likely that is so.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.quick import leading_directions
from mma_desktop.engine.methods.visual_head import HeadFit, VisualHead

# Chosen by the gain at hand and unseen over five data sets in 105 situations, five draws each (`DECISIONS.md`). Two
# values are those without and with shots.
COMPONENTS, MAX_COMPONENTS = 64, 128  # more for more classes: they differ in as many directions, less one
EM_STEPS = 14  # 10 lose 0.7 points from names alone, 20 and 30 gain 0.04
SHOT_WEIGHT = 2.0  # images at hand: the label of a shot is sure
LIKELIHOOD_WEIGHT = (1.2, 1.8)  # with u, t is 0.1 to 0.4: the likelihood is too sure of itself
HALF_WEIGHT_COUNT = 20.0  # images per class, with which t has a quarter of its weight
UNCERTAINTY_WEIGHT = (5.0, 10.0)  # v: an adapter that is sure need not hear
MEAN_PRIOR_COUNT = 3.0  # images
SHRINKAGE = (0.6, 0.4)  # how much of the covariance is its mean variance
MIN_VARIANCE = 1e-6  # of images that are all alike
ALIGNMENT, MAX_ALIGNMENT = 4.5, (1.0, 0.3)  # times u; shots say better than names which of these no image shows
PRIOR_POWER, PRIOR_COUNT = (1.0, 0.5), 3.0  # p, and images of each class to begin with: no class dies out
SHARE_FLOOR = 0.1  # of an even share, below which a share is not raised: the name may be absent
ALIGNMENT_STEPS = 25  # each goes 0.3 of the way, so that names do not take images from one another in turn
TYPICALITY_WIDTH = 1.5  # logits
NAME_BIAS, HALF_BIAS_SHOTS = 1.5, 8.0  # logits for names without a shot, and the shots of each other with half of it
NEGLIGIBLE = 2.0**-30  # weight of images that say nothing where others do
CONFIDENCE_POWER = 8  # of the confidence by which images say what is usual: only sure ones do
PENALTY = 0.6  # of the ridge regressions, times the images' variance; a third and three times as much are as good
AGREEMENT_POWER = 1.5  # of h's signal to noise; 1 and 2, with a factor of 1 and 0.1 for 1/4, are as good
MAX_AGREEMENT = 0.99
MIN_SHARPNESS, BISECTIONS = 2.0**-6, 12  # far below the lowest, 0.1, and to 0.1% of it


def principal_axes(rows: Tensor) -> Tensor:
    """(E, M) orthonormal axes of the M <= `MAX_COMPONENTS` directions in which rows (N, E) vary most, these first."""
    centred = rows - rows.mean(0)
    axes = leading_directions(centred, min(MAX_COMPONENTS, len(rows) - 1, rows.shape[1]))
    points = centred @ axes
    turned: Tensor = axes @ torch.linalg.eigh(points.T @ points)[1].flip(1)
    return turned


def component_count(classes: int) -> int:
    """Of the mixture of so many classes."""
    return max(COMPONENTS, min(MAX_COMPONENTS, classes))


def fit_transduction(points: Tensor, labels: Tensor, logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The weights (F, M, C) and offsets (F, C) of d for points, and what multiplies z + d (F,).

    F fits are made at once, as small steps are mostly calls.

    Args:
        points: (N, M) coordinates of the rows along `principal_axes`, of which the mixture has the first.
        labels: (F, N) classes of the shots, from 0 to C - 1; -1 for images at hand. Each fit has shots, or none has.
        logits: (F, N, C) z of the images; those of shots do not count.
    """
    fits, count, classes = logits.shape
    every, points = points, points[:, : component_count(classes)].contiguous()
    size = points.shape[1]
    logits = logits.mT.contiguous()  # sums over a few classes are far quicker down columns
    unlabelled, known = (labels < 0).unsqueeze(1), labels.amax(0)
    shots, at_hand = torch.nonzero(known >= 0), unlabelled.to(logits)
    last, has_shots = int(shots[-1]) + 1 if len(shots) else 0, int(len(shots) > 0)
    pooled = SHRINKAGE[has_shots]
    unseen = torch.ones(classes).index_fill_(0, known[known >= 0], 0.0)  # names that no shot shows
    plain = logits.softmax(1)
    confidence, best = plain.max(1, keepdim=True)
    # Weighted by the confidence itself, so that unknown images do not make the adapter look unsure, and by images with
    # a name without a shot alone, where there are any: of the others it is sure anyway.
    confidence_weights = confidence * at_hand * (unseen[best] + NEGLIGIBLE)
    unsure = 1 - ((confidence_weights * confidence).sum(2) / confidence_weights.sum(2)).double()
    # An adapter that is sure has the shares as they are.
    bias = _alignment_bias(logits, at_hand, (ALIGNMENT * unsure).clamp_max(MAX_ALIGNMENT[has_shots]))
    # Shots bring back the images that a name without shots takes from their class; nothing brings back its own.
    per_class = len(shots) / max(1.0, float(classes - unseen.sum()))
    bias = bias + NAME_BIAS * per_class / (per_class + HALF_BIAS_SHOTS) * (unseen - unseen.mean())
    start = logits + bias.unsqueeze(2).float()
    responsibilities, first = start.softmax(1), None
    counts = _typicality(logits, responsibilities, at_hand)
    mean_count = counts.sum(2).double() / classes
    likelihood_weight = (
        LIKELIHOOD_WEIGHT[has_shots]
        * (mean_count / (mean_count + HALF_WEIGHT_COUNT)) ** 2
        * (UNCERTAINTY_WEIGHT[has_shots] * unsure).clamp_max(1.0)
    )
    one_hot = functional.one_hot(labels[:, :last].clamp_min(0), classes).mT.to(logits)
    weights = torch.where(unlabelled, counts, SHOT_WEIGHT).mT
    squares, total = ((weights * points).mT @ points).double(), weights.sum(1).double().unsqueeze(2)
    eye = torch.eye(size, dtype=torch.float64)
    # Sums over images are in single precision, for speed, and what is solved with them in double.
    for _ in range(EM_STEPS):
        weighted = responsibilities * counts
        weighted[:, :, :last] = torch.where(unlabelled[:, :, :last], weighted[:, :, :last], SHOT_WEIGHT * one_hot)
        numbers = weighted.sum(2, keepdim=True).double() + 1e-9
        sums = (weighted.view(-1, count) @ points).view(fits, classes, size).double()
        first = sums / numbers if first is None else first
        means = (sums + MEAN_PRIOR_COUNT * first) / (numbers + MEAN_PRIOR_COUNT)
        cross = sums.mT @ means
        # The scatter within classes by sums alone, without deviations of all images: sum w x x' - s m' - m s' + n m m'.
        spread = (squares - cross - cross.mT + (means * numbers).mT @ means) / total
        level = spread.diagonal(dim1=1, dim2=2).mean(1).clamp_min(MIN_VARIANCE).view(-1, 1, 1)
        factor = torch.linalg.cholesky((1 - pooled) * spread + pooled * level * eye)
        # Without r_c, a name that no image shows would take those of its neighbours.
        trust = likelihood_weight.unsqueeze(2) * numbers / (numbers + 1)
        slopes = torch.cholesky_solve(means.mT, factor).mT * trust
        log_prior = PRIOR_POWER[has_shots] * ((numbers + PRIOR_COUNT) / total).log()
        offsets = log_prior - 0.5 * (means * slopes).sum(2, keepdim=True)
        offsets -= offsets.mean(1, keepdim=True)
        moved = torch.addmm((start + offsets.float()).view(-1, count), slopes.float().view(-1, size), points.T)
        responsibilities = moved.view_as(start).softmax(1)
    # Images that no name fits ask for none, by even targets. Halves learn z alone: what the mixture made of all images
    # they would agree on by heart.
    even = torch.full_like(counts, 1 / classes)
    before, targets = (torch.lerp(even, part, counts) for part in (plain, responsibilities))
    targets[:, :, :last] = torch.where(unlabelled[:, :, :last], targets[:, :, :last], one_hot)
    further, levels, agreement = _regressions(every, before, targets, unlabelled[:, :, :last])
    reliability, amount = 2 * agreement / (1 + agreement), (agreement / (1 - agreement)) ** AGREEMENT_POWER / 4
    slopes = amount * further + functional.pad(reliability * slopes, (0, every.shape[1] - size))
    offsets = amount * levels + reliability * (bias.unsqueeze(2) + offsets)
    taught = torch.addmm((logits + offsets.float()).view(-1, count), slopes.float().view(-1, every.shape[1]), every.T)
    return slopes.mT, offsets.squeeze(2), _sharpness(taught.view_as(start), at_hand, confidence)


def _regressions(points: Tensor, before: Tensor, targets: Tensor, unlabelled: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Slopes (F, C, M) and offsets (F, C, 1) of h, learned from targets (F, C, N), and the agreement a (F, 1, 1).

    `before` (F, C, N) is what the halves learn. In neither are the first rows, shots or `unlabelled` (F, 1, S) ones.
    """
    fits, shots = len(before), unlabelled.shape[2]
    halves = [slice(shots + first, None, 2) for first in (0, 1)]
    # Around its own mean: rounding would else be the scatter of a single image, or of images that are nearly alike.
    centred = [functional.pad(points[half] - points[half].mean(0), (0, 1), value=1.0) for half in halves]
    flat = before.flatten(0, 1)
    squares = torch.stack([rows.T @ rows for rows in centred]).double()
    products = torch.stack([flat[:, half] @ rows for half, rows in zip(halves, centred, strict=True)]).double()
    slopes, scatter, _ = _ridge(squares, products)
    # The correlation of what the two explain, over the images of both.
    explained = slopes @ scatter.sum(0)
    common, *own = ((slopes[i] * explained[j]).view(fits, -1).sum(1) for i, j in ((0, 1), (0, 0), (1, 1)))
    agreement = (common / (own[0] * own[1]).sqrt().clamp_min(1e-30)).clamp(0, MAX_AGREEMENT)
    rows, weights = functional.pad(points, (0, 1), value=1.0), torch.where(unlabelled, 1.0, SHOT_WEIGHT)
    squares = (rows[shots:].T @ rows[shots:] + (weights.mT * rows[:shots]).mT @ rows[:shots]).double()
    products = ((targets[:, :, :shots] * weights) @ rows[:shots]).double()
    products += (targets[:, :, shots:].flatten(0, 1) @ rows[shots:]).view_as(products)
    slopes, _, centre = _ridge(squares, products)
    return slopes, -slopes @ centre.mT, agreement.view(-1, 1, 1)


def _ridge(squares: Tensor, products: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Slopes (B, K, M) of ridge regressions, the scatter (B, M, M) of the rows around their mean, and that (B, 1, M).

    By inner products of rows, with a 1 behind each, with one another (B, M + 1, M + 1) and with targets (B, K, M + 1).
    """
    total, size = squares[:, -1:, -1:].clamp_min(1.0), squares.shape[1] - 1  # half of a single image is none
    centre = squares[:, -1:, :-1] / total
    scatter = squares[:, :-1, :-1] - squares[:, -1:, :-1].mT @ centre
    variance = scatter.diagonal(dim1=1, dim2=2).sum(1).view(-1, 1, 1) / total
    factor = torch.linalg.cholesky(scatter + PENALTY * variance.clamp_min(MIN_VARIANCE) * torch.eye(size).double())
    slopes = torch.cholesky_solve((products[:, :, :-1] - products[:, :, -1:] @ centre).mT, factor).mT
    return slopes, scatter, centre


def _sharpness(logits: Tensor, at_hand: Tensor, confidence: Tensor) -> Tensor:
    """(F,) by how much, at most 1, logits (F, C, N) are multiplied to be as confident (F, 1, N) `at_hand` (F, 1, N)."""
    # The mixture is sure of nearly everything, unknown images included: it tells which name, not how likely that is.
    behind, asked = logits - logits.amax(1, keepdim=True), (confidence * at_hand).sum(2)
    low = torch.full_like(asked, math.log(MIN_SHARPNESS))
    middle, step = torch.zeros_like(low), -0.5 * low
    # Mean confidence rises with the factor, so its logarithm is found by bisection.
    for _ in range(BISECTIONS):
        mean = (at_hand / (middle.exp().unsqueeze(2) * behind).exp().sum(1, keepdim=True)).sum(2)
        middle = (middle + torch.where(mean > asked, -step, step)).clamp_max(0)
        step = step / 2
    return middle.exp().squeeze(1).double()


def _typicality(logits: Tensor, responsibilities: Tensor, at_hand: Tensor) -> Tensor:
    """(F, 1, N) how much images count, by logits (F, C, N) of those `at_hand` and how likely their classes are."""
    # Unknown images, which no name fits, lie in groups of their own that would draw the mean of the nearest class away.
    confident = responsibilities * responsibilities.amax(1, keepdim=True) ** CONFIDENCE_POWER * at_hand
    usual = (confident * logits).sum(2, keepdim=True) / confident.sum(2, keepdim=True).clamp_min(1e-30)
    return at_hand * torch.exp(-0.5 * ((logits - usual).amax(1, keepdim=True).clamp_max(0) / TYPICALITY_WIDTH) ** 2)


def _alignment_bias(logits: Tensor, at_hand: Tensor, amount: Tensor) -> Tensor:
    """The b (F, C) of the module for logits (F, C, N) of those images `at_hand` (F, 1, N), with a mean of 0."""
    classes, odds = logits.shape[1], (logits - logits.amax(1, keepdim=True)).exp()
    bias, mean_count = amount.new_zeros(len(logits), classes), at_hand.sum(2)
    for _ in range(ALIGNMENT_STEPS):
        factor = bias.exp()
        shares = factor * (odds @ (at_hand / (factor.float().unsqueeze(1) @ odds)).mT).squeeze(2) / mean_count
        # Logits by which a class of less than an even share is raised, 0 for an even share.
        raised = -((classes * shares + SHARE_FLOOR) / (1 + SHARE_FLOOR)).log()
        bias = 0.7 * bias + 0.3 * amount * raised
    return bias - bias.mean(1, keepdim=True)


def as_head(
    axes: Tensor, centre: Tensor, slopes: Tensor, offsets: Tensor, sharpness: Tensor, codes: Tensor
) -> VisualHead:
    """The `VisualHead` of names with these codes (C, `CODE_LENGTH`) that adds d and multiplies by the sharpness.

    Args:
        axes: (E, M) of the points.
        centre: (M,) what was taken from the points.
        slopes: (M, C) weights from `fit_transduction`.
        offsets: (C,) likewise.
        sharpness: () likewise.
        codes: Of the names.
    """
    offsets = offsets - centre.double() @ slopes
    weights = axes.double() @ (slopes - slopes.mean(1, keepdim=True))  # what all have in common moves nothing
    head = VisualHead(len(codes), len(axes), 1.0)
    none = torch.zeros(0)
    level = (offsets - offsets.mean()).float()
    head.load_fit(HeadFit(weights.float(), level, none, none.long(), amount=1.0, sharpness=float(sharpness)), codes)
    return head
