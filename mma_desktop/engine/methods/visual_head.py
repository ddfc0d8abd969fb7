"""The visual head: uses image features without a text counterpart, for trained names only.

A linear classifier on whole rows of image features (`backbones.row_layout`), fitted in closed form by ridge regression
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

f is a weighted mean of three kinds of linear classifiers, each with several penalties:

    rows            ridge regression on the rows as they are
    standardised    ridge regression on columns divided by their deviation among the shots, plus `FLOOR` times the mean
                    one; better where classes differ in small things
    discriminant    linear discriminant analysis with a shrunken within-class scatter; better where rows vary much in
                    directions that tell no classes apart

Which of them suits best depends on the pictures, and few shots do not tell for sure. So they are weighted by their
exact leave-one-out likelihood of the shots' labels (`ridge`; pseudo-Bayesian model averaging, Yao et al. 2018, "Using
stacking to average Bayesian predictive distributions"): for each kind and penalty, t and u maximise the likelihood
under the logits t s cos(x, t_c) + u f_c, and the weight is this likelihood of all pictures together. Parts below
`LEAST_WEIGHT` of the largest are dropped. A mean of linear classifiers is one, so f costs the same whatever its parts.
Its t and its a = u / (t s) are found in the same way.

Copies of a picture are left out together. The only picture of a class carries no information when left out, so it is
ignored; if every class has one, f is ridge regression on the rows, penalty and weight are `ALONE`, and t is 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.class_names import name_key
from mma_desktop.engine.methods.ridge import Discriminant, Ridge

CODE = 8  # length of a class name's code
NOTHING = -1e30
MOST = 4.0  # maximum of the weight a; larger values change nothing
ALONE = (0.1, 10.0)
"""Penalty and s a for one shot per class. On caltech-20 s a of 5, 10, 20 gives 89.0, 90.3, 91.2; CLIP needs less."""
LEAST_SHARPNESS = 0.01  # where nothing tells the classes apart, their order still has to be seen
NEWTON_STEPS = 12
FIRST = (0.5, 1.0)  # t and u to start from
ROWS, STANDARDISED, DISCRIMINANT = "rows", "standardised", "discriminant"
KINDS = (ROWS, STANDARDISED, DISCRIMINANT)
FLOOR = 0.1
LEAST_WEIGHT = 0.2  # of the largest


def name_codes(names: Sequence[str]) -> Tensor:
    """(C, `CODE`) float32 hash codes from 0 to 1, equal for equal names.

    Text features would not do: a text encoder may give two names, such as part numbers, the same feature.
    """
    digests = [hashlib.sha256(name_key(name).encode("utf-8", "surrogatepass")).digest() for name in names]
    flat = torch.tensor([list(digest[:CODE]) for digest in digests], dtype=torch.float32)
    return flat.reshape(len(digests), CODE) / 255


class Part(NamedTuple):
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
        left_out: (M, K) leave-one-out scores f of the shots `judged` (M,).
        parts: What f is a mean of; the weights sum to 1.
        columns: (E,) factors of standardised columns.
        sharpness: t.
        products: Inner products (N, N) of the rows of each kind of part, if computed.
        importance: (N,) weights of the shots; None for 1.
    """

    weights: Tensor
    offsets: Tensor
    left_out: Tensor
    judged: Tensor
    amount: float
    parts: tuple[Part, ...] = ()
    columns: Tensor | None = None
    sharpness: float = 1.0
    products: Mapping[str, Tensor] = field(default_factory=dict)
    importance: Tensor | None = None


class _Shots:
    """The closed forms of each kind for the same shots, made on first use; arguments as in `fit_head`."""

    def __init__(
        self,
        rows: Tensor,
        labels: Tensor,
        classes: int,
        copies: Tensor | None,
        columns: Tensor | None = None,
        products: Mapping[str, Tensor] | None = None,
        *,
        once: bool = False,
        every: bool = False,
        importance: Tensor | None = None,
    ) -> None:
        self._rows, self._labels, self._classes, self._copies = rows, labels, classes, copies
        self._importance = importance
        self._once, self._every = once, every
        self.columns = standardising(rows) if columns is None else columns
        self.products = dict(products or {})
        self._made: dict[str, Ridge | Discriminant] = {}

    def of(self, kind: str) -> Ridge | Discriminant:
        """The closed form of this kind."""
        if kind not in self._made:
            space = STANDARDISED if kind == STANDARDISED else ROWS
            rows = self._rows * self.columns if space == STANDARDISED else self._rows
            made = (Discriminant if kind == DISCRIMINANT else Ridge)(
                rows,
                self._labels,
                self._classes,
                products=self.products.get(space),
                once=self._once,
                copies=self._copies,
                importance=self._importance,
            )
            if made.products is not None:
                self.products[space] = made.products
            if self._every:
                made.judged = torch.arange(len(rows), device=rows.device)
            self._made[kind] = made
        return self._made[kind]

    def mean(self, parts: Sequence[Part], left_out: Tensor | None = None) -> HeadFit:
        """The fit with these parts; `left_out` are its leave-one-out scores, if already computed."""
        weights, offsets, scores = (torch.zeros((), device=self._rows.device) for _ in range(3))
        for kind in dict.fromkeys(part.kind for part in parts):
            form = self.of(kind)
            own = [part for part in parts if part.kind == kind]
            if isinstance(form, Discriminant):
                form.scales.update({part.penalty: part.factor for part in own})
            turned, level = form.weights({part.penalty: part.weight for part in own})
            weights = weights + (turned * self.columns.unsqueeze(1) if kind == STANDARDISED else turned)
            offsets = offsets + level
            if left_out is None:
                scores = sum((part.weight * form.left_out(part.penalty) for part in own), scores)
        left_out = scores if left_out is None else left_out
        fit = HeadFit(weights, offsets, left_out, form.judged, 0.0, tuple(parts), self.columns, products=self.products)
        return replace(fit, importance=self._importance)


def standardising(rows: Tensor) -> Tensor:
    """(E,) factors for the columns of rows (N, E); they leave the rows' total variance as it is."""
    spread = rows.double().std(0, correction=0) if rows.device.type != "mps" else rows.std(0, correction=0)
    factors = 1 / (spread + FLOOR * spread.mean()).clamp_min(1e-12)
    size = (spread * factors).square().sum().clamp_min(1e-30)
    return (factors * (spread.square().sum() / size).sqrt()).float()


def fit_head(
    rows: Tensor,
    labels: Tensor,
    cosines: Tensor,
    logit_scale: float,
    near: HeadFit | None = None,
    copies: Tensor | None = None,
    importance: Tensor | None = None,
) -> HeadFit:
    """Fit the head to the shots, as described in the module.

    Args:
        rows: (N, E) whole rows.
        labels: (N,) from 0 to K - 1.
        cosines: (N, K) of images and class names before training.
        logit_scale: s.
        near: The fit to nearly the same shots; only its parts are tried.
        copies: (N,) equal for shots of the same picture.
        importance: (N,) weights of the shots in errors and likelihoods, above 0; None for 1.
    """
    shots = _Shots(rows, labels, cosines.shape[1], copies, importance=importance)
    judged = shots.of(ROWS).judged
    of_several = _of_several(labels, copies)[judged]
    if not bool(of_several.any()):
        alone = replace(shots.mean([Part(ROWS, ALONE[0])]), amount=ALONE[1] / logit_scale)
        return replace(alone, products={})
    asked = judged[of_several]
    plain, targets = logit_scale * cosines[asked], labels[asked]
    weight = None if importance is None else importance[asked]
    pictures = len(asked if copies is None else torch.unique(copies[asked]))
    tried: list[tuple[float, Part, Tensor]] = []  # cross-entropy, part, leave-one-out scores
    at = FIRST if near is None else (near.sharpness, near.sharpness * near.amount * logit_scale)
    for kind in KINDS:
        last = None if near is None else [part.penalty for part in near.parts if part.kind == kind]
        if last == []:
            continue
        form = shots.of(kind)
        for penalty in form.penalties:
            if last is None or penalty in last:
                left_out = form.left_out(penalty)
                loss, at = _fit_fusion(plain, left_out[of_several], targets, at, weight)
                factor = form.scales[penalty] if isinstance(form, Discriminant) else 1.0
                tried.append((loss, Part(kind, penalty, factor=factor), left_out))
    likely = torch.softmax(torch.tensor([-pictures * loss for loss, _, _ in tried], dtype=torch.float64), 0)
    likely = torch.where(likely < LEAST_WEIGHT * likely.max(), 0.0, likely)
    shares = (likely / likely.sum()).tolist()
    kept = [(share, part, scores) for share, (_, part, scores) in zip(shares, tried, strict=True) if share]
    parts = [part._replace(weight=share) for share, part, _ in kept]
    left_out = torch.stack([share * scores for share, _, scores in kept]).sum(0)
    found = shots.mean(parts, left_out)
    _, (t, u) = _fit_fusion(plain, left_out[of_several], targets, at, weight)
    amount = min(MOST, u / max(t * logit_scale, 1e-9))
    sharpness = max(LEAST_SHARPNESS, t if amount < MOST else u / (MOST * logit_scale))
    return replace(found, amount=amount, sharpness=sharpness)


def refit_head(
    fit: HeadFit,
    rows: Tensor,
    labels: Tensor,
    classes: int,
    copies: Tensor | None = None,
    kept: Tensor | None = None,
    *,
    every: bool = False,
) -> HeadFit:
    """Fit the same parts to other shots, with the same weight a and sharpness t.

    With `copies` the labels, whole classes are left out: `left_out` are the scores of shots by a head that has never
    seen their class, 0 for that class.

    Args:
        fit: Of other shots, or of the same ones.
        rows: (N, E) whole rows.
        labels: (N,) from 0 to K - 1.
        classes: K.
        copies: (N,) equal for shots that are left out together.
        kept: Which shots of `fit` these are, a mask over those. Its products and their weights are used again.
        every: Whether all N rows are left out in turn, however many there are.
    """
    products, importance = {}, None
    if kept is not None:
        products = {kind: found[kept][:, kept] for kind, found in fit.products.items()}
        importance = None if fit.importance is None else fit.importance[kept]
    shots = _Shots(rows, labels, classes, copies, fit.columns, products, once=True, every=every, importance=importance)
    found = shots.mean(fit.parts)
    return replace(found, amount=fit.amount, sharpness=fit.sharpness)


def _of_several(labels: Tensor, copies: Tensor | None) -> Tensor:
    """(N,) whether the class of a shot has another picture."""
    of_each = labels if copies is None else torch.unique(torch.stack([labels, copies]), dim=1)[0]
    return torch.bincount(of_each)[labels] > 1


def _fit_fusion(
    plain: Tensor, scores: Tensor, labels: Tensor, first: tuple[float, float], weight: Tensor | None = None
) -> tuple[float, tuple[float, float]]:
    """Minimise the cross-entropy of t · plain + u · scores, from `first`; returns it, t and u, both at least 0.

    `weight` (N,) are those of a mean; None for 1.

    It is convex in both, so a few Newton steps suffice. Each target assigns 1 / (N + 2) to the other classes, like
    Platt's targets (1999, section 2.2); otherwise logits would diverge if all shots are right.
    """
    count, classes = plain.shape
    each = plain.new_ones(count) if weight is None else weight.to(plain)
    each = (each / each.sum()).double()
    target = functional.one_hot(labels, classes).double()
    target = target + (1 / max(1, classes - 1) - target * (1 + 1 / max(1, classes - 1))) / (count + 2)
    parts = torch.stack([plain.double(), scores.double()])
    # Softmax is shift-invariant; after this shift the loss is a log-sum-exp.
    parts = parts - (parts * target).sum(2, keepdim=True)
    at = torch.tensor(first, dtype=torch.float64, device=plain.device)
    best, found = float("inf"), at
    step = torch.zeros_like(at)
    for _ in range(NEWTON_STEPS):
        logits = at[0] * parts[0] + at[1] * parts[1]
        loss = float(each @ logits.logsumexp(1))
        if loss > best + 1e-12:  # overshot: halve the step
            step = step / 2
            at = (found + step).clamp_min(0)
            continue
        best, found = loss, at
        chances = logits.softmax(1)
        means = (parts * chances).sum(2)
        gradient = means @ each
        spread = parts - means.unsqueeze(2)
        curvature = (spread * chances * each.unsqueeze(1)).flatten(1) @ spread.flatten(1).T
        free = ~((at <= 0) & (gradient > 0))
        curvature = curvature + 1e-9 * torch.eye(2, dtype=torch.float64, device=plain.device)
        step = torch.zeros_like(at)
        step[free] = -torch.linalg.solve(curvature[free][:, free], gradient[free])
        at = (at + step).clamp_min(0)
        if float(step.abs().max()) < 1e-4:
            break
    return best, (float(found[0]), float(found[1]))


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
        self.register_buffer("codes", torch.full((classes, CODE), -1.0))
        self.register_buffer("weights", torch.zeros(width, classes))
        self.register_buffer("offsets", torch.zeros(classes))
        self.register_buffer("amount", torch.zeros(()))
        self.register_buffer("sharpness", torch.ones(()))
        self.register_buffer("balance", torch.zeros(2))  # g and b

    def load_fit(self, fit: HeadFit, codes: Tensor) -> None:
        """Store the result of a fit, for class names with these codes (K, `CODE`)."""
        self.codes.copy_(codes)
        self.weights.copy_(fit.weights)
        self.offsets.copy_(fit.offsets)
        self.amount.fill_(fit.amount)
        self.sharpness.fill_(fit.sharpness)

    def match(self, codes: Tensor) -> Tensor:
        """(C, K) one-hot rows for trained names, zero rows for others."""
        return (codes.unsqueeze(1) == self.codes).all(2).to(self.weights)

    def scores(self, rows: Tensor) -> Tensor:
        """Scores f (B, K) of rows (B, E)."""
        return rows.to(self.weights) @ self.weights + self.offsets

    def forward(self, logits: Tensor, rows: Tensor, codes: Tensor) -> Tensor:
        """Logits (B, C) of names with codes (C, `CODE`), given logits (B, C) without the head."""
        return self.joined(logits, self.scores(rows), codes)

    def joined(self, logits: Tensor, scores: Tensor, codes: Tensor) -> Tensor:
        """Like `forward`, for given scores f (B, K)."""
        known = self.match(codes)
        return fuse(
            logits, scores @ known.T, known.sum(1) > 0.5, self.logit_scale, self.amount, self.balance, self.sharpness
        )


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
    raised = sharpness * (logits + logit_scale * amount * scores)
    before = logits.masked_fill(~trained, NOTHING).logsumexp(1, keepdim=True)
    after = raised.masked_fill(~trained, NOTHING).logsumexp(1, keepdim=True)
    surest = scores.masked_fill(~trained, 0.0).amax(1, keepdim=True)
    moved = raised + (before - after) + logit_scale * balance[0] * surest
    return torch.where(trained, moved, logits + logit_scale * balance[1])
