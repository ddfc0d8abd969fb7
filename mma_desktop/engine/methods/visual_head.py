"""The visual head: uses image features without a text counterpart, for trained names only.

A linear classifier on whole rows of image features (`RowLayout`), fitted in closed form by ridge regression
to the trained classes. Its scores f are added to their logits as a bias, as in AMU-Tuning (Tang et al. 2024,
"AMU-Tuning: Effective Logit Bias for CLIP-based Few-shot Learning"). Any method can have one.

Untrained names have no such score. So that trained ones do not attract every image, the head moves probability only
among the trained names:

    r_c = t (z_c + s a f_c)
    z'_c = r_c + (LSE_t z - LSE_t r) + s g max_t f      for trained names c
    z'_n = z_n + s b                                     for all others

LSE_t is the log-sum-exp over the trained names, s the logit scale. t makes the probabilities among trained names match
the shots' leave-one-out accuracy, so that an image of which the head is unsure is left to other names. g and b balance
trained against other names, and are 0 unless a method sets them.

f is a weighted mean of linear classifiers of three `KINDS`, each with several penalties: ridge regression on the rows
and on standardised columns, and linear discriminant analysis. Their weights are the exact leave-one-out likelihoods of
the shots' labels (`ridge`; pseudo-Bayesian model averaging, Yao et al. 2018, "Using stacking to average Bayesian
predictive distributions"). A mean of linear classifiers is one, so f costs the same whatever its parts.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.class_names import name_key
from mma_desktop.engine.methods.ridge import Discriminant, Ridge

CODE_LENGTH = 8  # bytes of a class name's code: two of 3,000 names share one with a probability of 1e-13
MASKED_LOGIT = -1e30  # adds nothing to a log-sum-exp; not -inf, as two of those have no difference
MAX_AMOUNT = 4.0  # maximum of the weight a; larger values change nothing
ONE_SHOT_FIT = (0.1, 10.0)  # penalty and s a for one shot per class, by caltech-20 and CLIP features (`DECISIONS.md`)
MIN_SHARPNESS = 0.01  # where nothing tells the classes apart, their order still has to be seen
NEWTON_STEPS = 30  # several times what it takes, with steps that overshot
LOSS_TOLERANCE = 1e-6  # of a loss in single precision
NEWTON_OPTIMISM = 2.0  # a loss may fall by this times gradient · step, of which the quadratic model says half
FUSED_AT_ONCE = 1 << 22  # scores that are fused at once; limits memory
START_FACTORS = (0.5, 8.0)  # t and u to start from; the loss is convex, so they change only the time
# Standardised columns are better where classes differ in small things, a discriminant where rows vary much in
# directions that tell no classes apart. Few shots do not tell for sure which suits, so they are averaged.
ROWS, STANDARDISED, DISCRIMINANT = "rows", "standardised", "discriminant"
KINDS = (ROWS, STANDARDISED, DISCRIMINANT)
DEVIATION_FLOOR = 0.1  # of the mean deviation: a column that hardly varies is mostly rounding
MIN_WEIGHT = 0.2  # of the largest, by time: every part is fitted again for folds and halves of the classes
TOGETHER = 128  # classes, by time, which grows with its square
MIXING = 65537.0  # the fraction of a number times this prime is as good as drawn, but the same in every run


def name_codes(names: Sequence[str]) -> Tensor:
    """(C, `CODE_LENGTH`) float32 hash codes from 0 to 1, equal for equal names."""
    # Text features would not do: a text encoder may give two names, such as part numbers, the same feature.
    digests = [hashlib.sha256(name_key(name).encode("utf-8", "surrogatepass")).digest() for name in names]
    flat = torch.tensor([list(digest[:CODE_LENGTH]) for digest in digests], dtype=torch.float32)
    return flat.reshape(len(digests), CODE_LENGTH) / 255


class LinearClassifier(NamedTuple):
    """One of the linear classifiers that f is a mean of: its kind, penalty, weight, and factor of a discriminant."""

    kind: str
    penalty: float
    weight: float = 1.0
    factor: float = 1.0


@dataclass(frozen=True)
class HeadFit:
    """A fitted head.

    Attributes:
        weights, offsets: Of the scores f, (E, K) and (K,). The scores of an image sum to 1.
        amount: a.
        left_out: (M, K) leave-one-out scores f of the shots `left_out_rows` (M,).
        parts: What f is a mean of; the weights sum to 1.
        columns: (E,) factors of standardised columns.
        sharpness: t.
        shots: What it was fitted to; large, so the trainer lets go of them.
    """

    weights: Tensor
    offsets: Tensor
    left_out: Tensor
    left_out_rows: Tensor
    amount: float
    parts: tuple[LinearClassifier, ...] = ()
    columns: Tensor | None = None
    sharpness: float = 1.0
    shots: Shots | None = field(default=None, repr=False)


class Shots:
    """The closed forms of each kind for the same shots, made on first use; arguments as in `fit_head`.

    `together` (N,) is equal for shots that are left out together.
    """

    def __init__(
        self,
        rows: Tensor,
        labels: Tensor,
        classes: int,
        together: Tensor,
        columns: Tensor | None = None,
        products: Mapping[str, Tensor] | None = None,
        *,
        penalties: Mapping[str, int] | None = None,
        every: bool = False,
        importance: Tensor | None = None,
    ) -> None:
        self._rows, self._labels, self._classes, self.together = rows, labels, classes, together
        self._penalties, self._every = penalties, every
        self.importance = importance
        self.columns = standardising(rows) if columns is None else columns
        self.products = dict(products or {})
        self._made: dict[str, Ridge | Discriminant] = {}

    def of(self, kind: str, parts: Sequence[LinearClassifier] = ()) -> Ridge | Discriminant:
        """The closed form of this kind; a discriminant has the factors of these parts, or finds its own."""
        if kind not in self._made:
            space = STANDARDISED if kind == STANDARDISED else ROWS
            shared = space if self.importance is None else kind  # only a ridge regression weighs its rows
            # A discriminant and a ridge regression of the same rows share the spectrum of the inner products.
            like = self._made.get(ROWS if kind == DISCRIMINANT else DISCRIMINANT) if shared == ROWS else None
            rows = self._rows * self.columns if space == STANDARDISED else self._rows
            made = (Discriminant if kind == DISCRIMINANT else Ridge)(
                rows,
                self._labels,
                self._classes,
                products=self.products.get(space),
                like=None if like is None or like.products is None else like,
                penalties=self._count(kind),
                copies=self.together,
                importance=self.importance,
            )
            if made.products is not None:
                self.products[space] = made.products
            if self._every:
                # Instead of `MAX_LEFT_OUT` evenly spaced ones.
                made.left_out_rows = torch.arange(len(rows), device=rows.device)
            self._made[kind] = made
        form = self._made[kind]
        if isinstance(form, Discriminant):
            form.scales.update({part.penalty: part.factor for part in parts})
        return form

    def _count(self, kind: str) -> int | None:
        """How many penalties the inverse of a kind is asked for; None for many."""
        if self._penalties is None:
            return None
        kinds = (ROWS, DISCRIMINANT) if kind == ROWS and self.importance is None else (kind,)
        return sum(self._penalties.get(kind, 0) for kind in kinds)

    def with_copies(self, together: Tensor) -> Shots:
        """The same shots with others left out together; what is computed is kept."""
        other = copy(self)
        other.together = together
        other._made = {kind: form.with_copies(together) for kind, form in self._made.items()}
        return other

    def is_fitted_to(self, rows: Tensor, labels: Tensor, columns: Tensor | None) -> bool:
        """Whether these are the shots, in this order, standardised by the same factors."""
        if rows.shape != self._rows.shape or rows.device != self._rows.device or columns is not self.columns:
            return False
        # The same memory needs no comparison of its contents.
        same = rows.data_ptr() == self._rows.data_ptr() and rows.stride() == self._rows.stride()
        return torch.equal(labels, self._labels) and (same or torch.equal(rows, self._rows))

    def left_out(self, parts: Sequence[LinearClassifier]) -> Tensor:
        """Leave-one-out scores (M, K) of the mean of these parts."""
        scores = torch.zeros((), device=self._rows.device)
        for kind, of_kind in _by_kind(parts).items():
            of_parts = self.of(kind, of_kind).left_out([part.penalty for part in of_kind])
            scores = scores + torch.tensordot(of_parts.new_tensor([part.weight for part in of_kind]), of_parts, 1)
        return scores

    def mean(self, parts: Sequence[LinearClassifier], left_out: Tensor | None = None) -> HeadFit:
        """The fit with these parts; `left_out` are its leave-one-out scores, if already computed."""
        weights, offsets = (torch.zeros((), device=self._rows.device) for _ in range(2))
        # By kind, as all penalties of one share what is solved.
        for kind, of_kind in _by_kind(parts).items():
            form = self.of(kind, of_kind)
            kind_weights, level = form.weights({part.penalty: part.weight for part in of_kind})
            weights = weights + (kind_weights * self.columns.unsqueeze(1) if kind == STANDARDISED else kind_weights)
            offsets = offsets + level
        left_out = self.left_out(parts) if left_out is None else left_out
        return HeadFit(weights, offsets, left_out, form.left_out_rows, 0.0, tuple(parts), self.columns, shots=self)


def _by_kind(parts: Sequence[LinearClassifier]) -> dict[str, list[LinearClassifier]]:
    return {kind: [part for part in parts if part.kind == kind] for kind in dict.fromkeys(part.kind for part in parts)}


def standardising(rows: Tensor) -> Tensor:
    """(E,) factors for the columns of rows (N, E); they leave the rows' total variance as it is."""
    exact = rows.dtype if rows.device.type == "mps" else torch.float64  # MPS has no doubles
    spread = (rows - rows.mean(0)).square_().mean(0, dtype=exact).sqrt()
    # Plus a part of the mean deviation, or columns that hardly vary would count as much as others.
    factors = 1 / (spread + DEVIATION_FLOOR * spread.mean()).clamp_min(1e-12)
    # The same total variance as before, so that one list of penalties serves standardised rows too.
    size = (spread * factors).square().sum().clamp_min(1e-30)
    return (factors * (spread.square().sum() / size).sqrt()).float()


def fit_head(
    rows: Tensor,
    labels: Tensor,
    cosines: Tensor,
    logit_scale: float,
    copies: Tensor | None = None,
    importance: Tensor | None = None,
) -> HeadFit:
    """Fit the head to the shots, as described in the module.

    Args:
        rows: (N, E) whole rows.
        labels: (N,) from 0 to K - 1.
        cosines: (N, K) of images and class names before training.
        logit_scale: s.
        copies: (N,) equal for shots of the same image.
        importance: (N,) weights of the shots in errors and likelihoods, above 0; None for 1.
    """
    shots = Shots(rows, labels, cosines.shape[1], left_together(labels, copies, rows), importance=importance)
    judged = shots.of(ROWS).left_out_rows
    # The only image of a class, left out, leaves nothing to know the class by, so it does not count. If every class
    # has one, nothing tells penalty and weight.
    has_other_shot = _has_other_shot(labels, copies)[judged]
    if not bool(has_other_shot.any()):
        return replace(shots.mean([LinearClassifier(ROWS, ONE_SHOT_FIT[0])]), amount=ONE_SHOT_FIT[1] / logit_scale)
    measured = judged[has_other_shot]
    zero_shot, targets = logit_scale * cosines[measured], labels[measured]
    weight = None if importance is None else importance[measured]
    images = len(measured if copies is None else torch.unique(copies[measured]))
    candidates: list[tuple[LinearClassifier, Tensor]] = []  # with leave-one-out scores
    for kind in KINDS:
        form = shots.of(kind)
        for penalty, scores in zip(form.penalties, form.left_out(form.penalties), strict=True):
            factor = form.scales[penalty] if isinstance(form, Discriminant) else 1.0
            candidates.append((LinearClassifier(kind, penalty, factor=factor), scores))
    size = max(1, FUSED_AT_ONCE // zero_shot.numel())
    groups = [candidates[at : at + size] for at in range(0, len(candidates), size)]
    scored = (torch.stack([scores[has_other_shot] for _, scores in group]) for group in groups)
    margin = -math.log(MIN_WEIGHT) / images  # of losses, from which on a part is dropped
    # Each part is judged beside the zero-shot logits that it will be added to, with the t and u that suit it best.
    losses = torch.cat([_fit_fusions(zero_shot, scores, targets, weight, margin)[0] for scores in scored])
    # The likelihood of all images together: copies of an image say no more than the image.
    likely = torch.softmax(-images * losses, 0)
    likely = torch.where(likely < MIN_WEIGHT * likely.max(), 0.0, likely)
    shares = (likely / likely.sum()).tolist()
    kept = [(share, part, scores) for share, (part, scores) in zip(shares, candidates, strict=True) if share]
    parts = [part._replace(weight=share) for share, part, _ in kept]
    left_out = torch.stack([share * scores for share, _, scores in kept]).sum(0)
    fit = shots.mean(parts, left_out)
    # The mean is surer than its parts are on average, so it gets factors of its own.
    t, u = _fit_fusions(zero_shot, left_out[has_other_shot].unsqueeze(0), targets, weight)[1][0].tolist()
    # From logits t z + u f to the module's t (z + s a f).
    amount = min(MAX_AMOUNT, u / max(t * logit_scale, 1e-9))
    sharpness = max(MIN_SHARPNESS, t if amount < MAX_AMOUNT else u / (MAX_AMOUNT * logit_scale))
    return replace(fit, amount=amount, sharpness=sharpness)


def left_together(labels: Tensor, copies: Tensor | None = None, rows: Tensor | None = None) -> Tensor:
    """(N,) equal for shots that are left out together: one image of each class, with its copies.

    With `rows` (N, E) the order of the shots does not matter.
    """
    classes, of = labels.cpu().numpy(), np.arange(len(labels)) if copies is None else copies.cpu().numpy()
    # One of each class: left out alone, an image leaves its class short of the others (`bench_claims.py`).
    _, first, image = np.unique(of, return_index=True, return_inverse=True)
    kinds, mixed = classes[first], np.zeros(len(first))
    if rows is not None:
        # Within a class by the digits of a feature, which do not depend on the order; the highest of its copies.
        np.maximum.at(mixed, image, rows[:, 0].cpu().double().numpy() * MIXING % 1)
    counts, order = np.bincount(kinds), np.lexsort((mixed, kinds))
    rank = np.empty(len(kinds), np.int64)
    rank[order] = np.arange(len(kinds)) - (np.cumsum(counts) - counts)[kinds[order]]
    # Images of smaller classes are spread evenly over as many groups as the largest class has images.
    turn = (2 * rank + 1) * counts.max() // (2 * counts[kinds])
    # The only image of a class is left out alone: without the class, the others would be too easy.
    # Blocks of `TOGETHER` classes have groups of their own, as time grows with the square of a group.
    group = np.where(counts[kinds] > 1, kinds // TOGETHER * counts.max() + turn, -1 - np.arange(len(kinds)))
    return torch.from_numpy(group[image]).to(labels.device)


def refit_head(
    fit: HeadFit,
    rows: Tensor,
    labels: Tensor,
    classes: int,
    copies: Tensor | None = None,
    kept: Tensor | None = None,
    *,
    every: bool = False,
    none: bool = False,
) -> HeadFit:
    """Fit the same parts to other shots, with the same weight a and sharpness t.

    With `copies` the labels, a class is one image: `left_out` are the scores of shots by a head that has never seen
    their class, 0 for that class.

    Args:
        fit: Of other shots, or of the same ones.
        rows: (N, E) whole rows.
        labels: (N,) from 0 to K - 1.
        classes: K.
        copies: (N,) equal for shots of the same image.
        kept: Which shots of `fit` these are, a mask over those. Its products and their weights are used again.
        every: Whether all N rows are left out in turn, however many there are.
        none: Whether none is, where only the weights are asked for.
    """
    # Only other groups, as for classes left out as a whole: what was solved is used again.
    former = fit.shots
    together = torch.arange(len(labels), device=labels.device) if none else left_together(labels, copies, rows)
    if former is not None and not every and former.is_fitted_to(rows, labels, fit.columns):
        if none or torch.equal(together, former.together):
            return fit
        shots = former.with_copies(together)
        return replace(fit, left_out=shots.left_out(fit.parts), shots=shots)
    products, importance = {}, None
    if former is not None and kept is not None:
        # Inner products of a subset are a part of those of all.
        products = {kind: gram[kept][:, kept] for kind, gram in former.products.items()}
        importance = None if former.importance is None else former.importance[kept]
    kinds = Counter(part.kind for part in fit.parts)
    shots = Shots(
        rows, labels, classes, together, fit.columns, products, penalties=kinds, every=every, importance=importance
    )
    refitted = shots.mean(fit.parts, fit.left_out[:0] if none else None)
    return replace(refitted, amount=fit.amount, sharpness=fit.sharpness)


def _has_other_shot(labels: Tensor, copies: Tensor | None) -> Tensor:
    """(N,) whether the class of a shot has another image."""
    of_each = labels if copies is None else torch.unique(torch.stack([labels, copies]), dim=1)[0]
    return torch.bincount(of_each)[labels] > 1


def _fit_fusions(
    plain: Tensor, scores: Tensor, labels: Tensor, weight: Tensor | None = None, margin: float = math.inf
) -> tuple[Tensor, Tensor]:
    """Minimise the cross-entropy of t · plain + u · scores for P heads at once, by Newton's method.

    Args:
        plain: (M, K).
        scores: (P, M, K).
        labels: (M,).
        weight: (M,) those of a mean; None for 1.
        margin: Heads that will remain further than this from the lowest cross-entropy are not fitted to the end.

    Returns:
        The cross-entropies (P,), and t and u (P, 2), both at least 0.
    """
    count, classes = plain.shape
    each = plain.new_ones(count) if weight is None else weight.to(plain)
    each = (each / each.sum()).double()
    target = functional.one_hot(labels, classes).double()
    # 1 / (M + 2) for the other classes, as Platt's targets (1999, section 2.2): logits would diverge if all are right.
    target = target + (1 / max(1, classes - 1) - target * (1 + 1 / max(1, classes - 1))) / (count + 2)
    # Softmax is shift-invariant; after this shift the loss is a log-sum-exp. Sums over classes are quickest down rows.
    first, second = (
        (part - (part * target).sum(-1, keepdim=True)).float().mT.contiguous()
        for part in (plain.double(), scores.double())
    )
    at = np.tile(START_FACTORS, (len(scores), 1))
    best, point, step = np.full(len(scores), np.inf), at.copy(), np.zeros_like(at)
    left = np.arange(len(scores))  # the heads that are not fitted yet
    # The loss is convex in t and u. Where a step overshot, half of it is tried from the best point so far.
    for _ in range(NEWTON_STEPS):
        active = second if len(left) == len(second) else second[torch.from_numpy(left)]
        t, u = torch.from_numpy(at[left]).to(first).T[:, :, None, None]
        logits = torch.addcmul(t * first, u, active)
        highest = logits.amax(1, keepdim=True)
        probabilities = (logits - highest).exp_()
        total = probabilities.sum(1, keepdim=True)
        loss = (total.log() + highest).squeeze(1)
        probabilities /= total
        zero_shot_mean, score_mean = probabilities * first, probabilities * active
        sums = [
            part.sum(1)
            for part in (zero_shot_mean, score_mean, zero_shot_mean * first, score_mean * active, score_mean * first)
        ]
        # Of a log-sum-exp, the gradient is the mean under the probabilities, and the Hessian the covariance.
        means = torch.stack([loss, *sums]).double()
        means[3:] -= torch.stack([means[1] ** 2, means[2] ** 2, means[1] * means[2]])
        loss, slope_t, slope_u, hessian_tt, hessian_uu, hessian_tu = (means @ each).cpu().numpy()
        decreased = loss <= best[left] + LOSS_TOLERANCE
        low = left[decreased]
        best[low], point[low] = loss[decreased], at[low]
        step[left[~decreased]] /= 2  # overshot
        gradient = np.stack([slope_t, slope_u], 1)[decreased]
        free = ~((point[low] <= 0) & (gradient > 0))  # at a bound of 0, what would go below it stays
        # The Newton step, with the inverse of the 2 x 2 Hessian in closed form; of what is at a bound, the diagonal.
        tt, uu = hessian_tt[decreased] + 1e-9, hessian_uu[decreased] + 1e-9
        tu = np.where(free.all(1), hessian_tu[decreased], 0.0)
        direction = np.stack([uu * gradient[:, 0] - tu * gradient[:, 1], tt * gradient[:, 1] - tu * gradient[:, 0]], 1)
        step[low] = -direction * free / (tt * uu - tu**2)[:, None]
        at[left] = (point[left] + step[left]).clip(0)
        expected_decrease = np.full(len(left), np.inf)
        expected_decrease[decreased] = -(gradient * step[low]).sum(1)
        done = decreased & (np.abs(step[left]).max(1) < 1e-4)
        # By its Newton decrement, a head that cannot come near enough to the best one is given up.
        left = left[~done & (best[left] - NEWTON_OPTIMISM * expected_decrease <= best.min() + margin)]
        if not len(left):
            break
    return torch.from_numpy(best), torch.from_numpy(point)


class VisualHead(nn.Module):
    """See the module: for K trained classes and rows of length E. `load_fit` fills its tensors."""

    codes: Tensor
    weights: Tensor
    offsets: Tensor
    amount: Tensor
    sharpness: Tensor
    balance: Tensor

    def __init__(self, classes: int, width: int, logit_scale: float) -> None:
        super().__init__()
        self.width, self.logit_scale = width, float(logit_scale)
        # Codes are 0 to 1, so nothing matches before a fit is loaded.
        self.register_buffer("codes", torch.full((classes, CODE_LENGTH), -1.0))
        self.register_buffer("weights", torch.zeros(width, classes))
        self.register_buffer("offsets", torch.zeros(classes))
        self.register_buffer("amount", torch.zeros(()))
        self.register_buffer("sharpness", torch.ones(()))
        self.register_buffer("balance", torch.zeros(2))  # g and b

    def load_fit(self, fit: HeadFit, codes: Tensor) -> None:
        """Store the result of a fit, for class names with these codes (K, `CODE_LENGTH`)."""
        self.codes.copy_(codes)
        self.weights.copy_(fit.weights)
        self.offsets.copy_(fit.offsets)
        self.amount.fill_(fit.amount)
        self.sharpness.fill_(fit.sharpness)

    def parameter_count(self) -> int:
        """Number of fitted weights and offsets."""
        return self.weights.numel() + self.offsets.numel()

    def match(self, codes: Tensor) -> Tensor:
        """(C, K) one-hot rows for trained names, zero rows for others."""
        return (codes.unsqueeze(1) == self.codes).all(2).to(self.weights)

    def scores(self, rows: Tensor) -> Tensor:
        """Scores f (B, K) of rows (B, E)."""
        # A third quicker for few classes than rows @ weights.
        return (self.weights.T @ rows.to(self.weights).T).T + self.offsets

    def forward(self, logits: Tensor, rows: Tensor, codes: Tensor) -> Tensor:
        """Logits (B, C) of names with codes (C, `CODE_LENGTH`), given logits (B, C) without the head."""
        return self.joined(logits, self.scores(rows), codes)

    def joined(self, logits: Tensor, scores: Tensor, codes: Tensor) -> Tensor:
        """Like `forward`, for given scores f (B, K)."""
        known = self.match(codes)
        return self.fused(logits, scores @ known.T, known.sum(1) > 0.5)

    def fused(self, logits: Tensor, scores: Tensor, trained: Tensor) -> Tensor:
        """Like `joined`, for scores f (B, C) of names that were `trained` (C,), and any number for others."""
        return fuse(logits, scores, trained, self.logit_scale, self.amount, self.balance, self.sharpness)


def fuse(
    logits: Tensor,
    scores: Tensor,
    trained: Tensor,
    logit_scale: float,
    amount: Tensor | float,
    balance: Tensor,
    sharpness: Tensor | float = 1.0,
) -> Tensor:
    """Logits z' (B, C) of the module, from logits z and scores f (B, C) of the names that are `trained` (C,)."""
    # Transposed: sums over a few classes are far quicker down columns.
    logits, scores, known = logits.T.contiguous(), scores.T.contiguous(), trained.unsqueeze(1)
    raised = sharpness * (logits + logit_scale * amount * scores)
    before, after = (part.masked_fill(~known, MASKED_LOGIT).logsumexp(0) for part in (logits, raised))
    highest = scores.masked_fill(~known, 0.0).amax(0)
    # Back by what all trained names gained together, so that the head moves probability only among them.
    shifted = raised + (before - after) + logit_scale * balance[0] * highest
    return torch.where(known, shifted, logits + logit_scale * balance[1]).T
