"""Transduction: pictures without a label, next to the labelled ones, tell where the classes lie.

Pictures of a class lie together, so a few names or examples are enough to find the groups among pictures at hand. They
are fitted with a Gaussian mixture with one covariance for all classes, on principal components of their rows. The
mixture starts from the adapter's logits z and is held to them, as TransCLIP is to the text (Zanella, Gérin and Ben Ayed
2024, "Boosting Vision-Language Models with Transduction"); EM-Dirichlet is a mixture of the kind, too (Martin et al.
2024, "Transductive Zero-Shot and Few-Shot CLIP"). Pictures at hand belong to class c with the probability

    softmax_c (z_c + b_c + t r_c l_c + p log(n_c + `PRIOR`))
    t = `WEIGHT` (m / (m + `FEW`))² min(1, v u)      r_c = n_c / (n_c + 1)

where l_c is the log-likelihood, n_c the number of pictures of the class, and m the mean number of pictures at hand per
class; shots are held at their labels, but z knows them already. u is how unsure the adapter is: 1 less its confidence
in the mean of pictures, weighted by it, so that strangers do not make it look unsure. What t and r_c leave out is what
few pictures cannot tell, or what an adapter that is sure need not hear: of a class, and of a name that no picture
shows, which would otherwise take those of its neighbours (StatA, Zanella et al. 2025, "Realistic Test-Time Adaptation
of Vision-Language Models", has the same aim with another penalty). b evens out the classes' shares, the less the surer
the adapter is (distribution alignment, Berthelot et al. 2020, "ReMixMatch"): if it is sure, they are what they are.
Class means are held to the first ones by `HELD` pictures.

A picture counts by how well any name fits: by exp(-(g / `BELOW`)² / 2), where g is how far its z_c is below what is
usual for c, for the name where that is least. Strangers, whom no name fits, lie in groups of their own that would draw
the mean of the nearest class away from its pictures, however sure the mixture then is of them.

With one covariance, everything but z is linear in the row, d_c = w_c · x + o_c, so what is learned holds for pictures
that were not at hand, and is a `VisualHead` of all names: it moves probability among those names only.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.mma_plus import span
from mma_desktop.engine.methods.visual_head import HeadFit, VisualHead

COMPONENTS, MOST_COMPONENTS = 64, 128  # more for more classes: they differ in as many directions, less one
STEPS = 14
SHOT = 2.0  # weight of a shot
WEIGHT = (1.2, 1.8)  # without and with shots
FEW = 20.0  # pictures per class
UNSURE = (5.0, 10.0)  # v, likewise
HELD = 3.0  # pictures
POOLED = (0.6, 0.4)  # how much of the covariance is its mean variance, likewise
LEAST_VARIANCE = 1e-6  # of pictures that are all alike
EVENING, MOST_EVENING = 4.5, (1.0, 0.3)  # times u; shots say better than names which of these no picture shows
SHARES, PRIOR = (1.0, 0.5), 3.0  # p, likewise, and pictures of each class to begin with
FLOOR = 0.1  # of an even share, below which a share is not raised
EVENING_STEPS = 25
BELOW = 1.5  # logits
SURE = 8  # power of the confidence by which pictures say what is usual


def principal_axes(rows: Tensor, classes: int = 0) -> Tensor:
    """(E, M) orthonormal axes of the directions in which rows (N, E) vary most: M is at most `component_count`."""
    return span(rows - rows.mean(0), min(component_count(classes), len(rows) - 1, rows.shape[1]))


def component_count(classes: int) -> int:
    """Of the mixture of so many classes."""
    return max(COMPONENTS, min(MOST_COMPONENTS, classes))


def fit_transduction(points: Tensor, labels: Tensor, logits: Tensor) -> tuple[Tensor, Tensor]:
    """The weights (M, C) and offsets (C,) of d for points.

    Args:
        points: (N, M) coordinates of the rows along principal axes.
        labels: (N,) classes of the shots, from 0 to C - 1; -1 for pictures at hand.
        logits: (U, C) z of the pictures at hand, in this order.
    """
    free, classes, size = labels < 0, logits.shape[1], points.shape[1]
    given = int(not bool(free.all()))
    pooled = POOLED[given]
    confidence = _softmax(logits).amax(1)
    unsure = 1 - float(confidence.square().sum() / confidence.sum())
    even = _even_shares(logits.double(), min(MOST_EVENING[given], EVENING * unsure))
    start = (logits + even.float()).T.contiguous().T  # sums over a few classes are far quicker down columns
    own, eye = points[free], torch.eye(size, dtype=torch.float64)
    belongs, first = _softmax(start), None
    counts = _fitting(logits, belongs)
    many = float(counts.sum()) / classes
    weight = WEIGHT[given] * (many / (many + FEW)) ** 2 * min(1.0, UNSURE[given] * unsure)
    counted = SHOT * functional.one_hot(labels.clamp_min(0), classes).float()
    counted[free] = counts
    weights = counted.amax(1, keepdim=True)
    squares, total = ((weights * points).T @ points).double(), weights.sum().double()
    for _ in range(STEPS):  # sums over pictures are in single precision, and what is solved with them in double
        counted[free] = belongs * counts
        numbers, sums = counted.sum(0).double() + 1e-9, (counted.T @ points).double()
        first = sums / numbers.unsqueeze(1) if first is None else first
        means = (sums + HELD * first) / (numbers + HELD).unsqueeze(1)
        across = sums.T @ means
        spread = (squares - across - across.T + (means * numbers.unsqueeze(1)).T @ means) / total
        level = (spread.trace() / size).clamp_min(LEAST_VARIANCE)
        factor = torch.linalg.cholesky((1 - pooled) * spread + pooled * level * eye)
        trust = weight * numbers / (numbers + 1)
        slopes = torch.cholesky_solve(means.T, factor) * trust
        offsets = SHARES[given] * ((numbers + PRIOR) / total).log() - 0.5 * (means.T * slopes).sum(0)
        offsets -= offsets.mean()
        belongs = _softmax(torch.addmm(start + offsets.float(), own, slopes.float()))
    return slopes, even + offsets


def _fitting(logits: Tensor, belongs: Tensor) -> Tensor:
    """(U, 1) how much pictures count, by logits (U, C) of pictures that belong to classes with probabilities (U, C)."""
    sure = belongs * belongs.amax(1, keepdim=True) ** SURE
    usual = (sure * logits).sum(0) / sure.sum(0).clamp_min(1e-30)
    return torch.exp(-0.5 * ((logits - usual).amax(1, keepdim=True).clamp_max(0) / BELOW) ** 2)


def _softmax(logits: Tensor) -> Tensor:
    """Of logits (N, C) over the classes; down columns, since along rows it takes ten times as long for a few."""
    return logits.T.contiguous().softmax(0).T


def _even_shares(logits: Tensor, amount: float) -> Tensor:
    """The b (C,) of the module for logits (U, C), with a mean of 0."""
    classes, odds = logits.shape[1], (logits - logits.amax(1, keepdim=True)).exp()
    even: Tensor = logits.new_zeros(classes)
    for _ in range(EVENING_STEPS):
        factor = even.exp()
        shares = factor * (odds.T @ (1 / (odds @ factor))) / len(odds)
        raised = -((classes * shares + FLOOR) / (1 + FLOOR)).log()
        even = 0.7 * even + 0.3 * amount * raised
    return even - even.mean()


def as_head(axes: Tensor, centre: Tensor, slopes: Tensor, offsets: Tensor, codes: Tensor) -> VisualHead:
    """The `VisualHead` of names with these codes (C, `CODE`) that adds d.

    Args:
        axes: (E, M) of the points.
        centre: (M,) what was taken from the points.
        slopes: (M, C) weights from `fit_transduction`.
        offsets: (C,) likewise.
        codes: Of the names.
    """
    offsets = offsets - centre.double() @ slopes
    weights = axes.double() @ (slopes - slopes.mean(1, keepdim=True))  # what all have in common moves nothing
    head = VisualHead(len(codes), len(axes), 1.0)
    none = torch.zeros(0)
    head.load_fit(HeadFit(weights.float(), (offsets - offsets.mean()).float(), none, none.long(), amount=1.0), codes)
    return head
