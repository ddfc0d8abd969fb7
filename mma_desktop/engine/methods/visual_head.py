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

Penalty and weight a are chosen on the shots by exact leave-one-out (`ridge`). For each penalty, t and u maximise the
leave-one-out likelihood of the shots' labels under the logits t s cos(x, t_c) + u f_c; the penalty with the lowest
cross-entropy is chosen, with its t and a = u / (t s). Copies of a picture are left out together. The only picture of a
class carries no information when left out, so it is ignored; if every class has one, penalty and weight are `ALONE`,
and t is 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.class_names import name_key
from mma_desktop.engine.methods.ridge import Ridge

CODE = 8  # length of a class name's code
NOTHING = -1e30
MOST = 4.0  # maximum of the weight a; larger values change nothing
ALONE = (0.1, 10.0)
"""Penalty and s a for one shot per class. On caltech-20 s a of 5, 10, 20 gives 89.0, 90.3, 91.2; CLIP needs less."""
LEAST_SHARPNESS = 0.01  # where nothing tells the classes apart, their order still has to be seen
NEWTON_STEPS = 12
NEIGHBOUR = 4.0


def name_codes(names: Sequence[str]) -> Tensor:
    """(C, `CODE`) float32 hash codes from 0 to 1, equal for equal names.

    Text features would not do: a text encoder may give two names, such as part numbers, the same feature.
    """
    digests = [hashlib.sha256(name_key(name).encode("utf-8", "surrogatepass")).digest() for name in names]
    flat = torch.tensor([list(digest[:CODE]) for digest in digests], dtype=torch.float32)
    return flat.reshape(len(digests), CODE) / 255


@dataclass(frozen=True)
class HeadFit:
    """A fitted head.

    Attributes:
        weights, offsets: Of the scores f, (E, K) and (K,).
        amount: a.
        left_out: (M, K) leave-one-out scores of the shots `judged` (M,).
        penalty: The chosen ridge penalty.
        sharpness: t.
        products: (N, N) inner products of the rows, if computed.
    """

    weights: Tensor
    offsets: Tensor
    left_out: Tensor
    judged: Tensor
    amount: float
    penalty: float
    sharpness: float = 1.0
    products: Tensor | None = None


def fit_head(
    rows: Tensor,
    labels: Tensor,
    cosines: Tensor,
    logit_scale: float,
    chosen: tuple[float, float, float] | None = None,
    products: Tensor | None = None,
    near: float | None = None,
    copies: Tensor | None = None,
) -> HeadFit:
    """Fit the head to the shots, as described in the module.

    Args:
        rows: (N, E) whole rows.
        labels: (N,) from 0 to K - 1.
        cosines: (N, K) of images and class names before training.
        logit_scale: s.
        chosen: Fixed penalty, weight a and sharpness t, instead of choosing them.
        products: As in `HeadFit`, if already computed.
        near: The penalty chosen for nearly the same shots; only its neighbours are tried.
        copies: (N,) equal for shots of the same picture.
    """
    ridge = Ridge(rows, labels, cosines.shape[1], products=products, once=chosen is not None, copies=copies)
    if chosen is None:
        of_several = _of_several(labels, copies)[ridge.judged]
        if not bool(of_several.any()):
            chosen = ALONE[0], ALONE[1] / logit_scale, 1.0
    if chosen is not None:
        return HeadFit(*ridge.fit(chosen[0]), ridge.judged, chosen[1], chosen[0], chosen[2])
    asked = ridge.judged[of_several]
    plain, targets = logit_scale * cosines[asked], labels[asked]
    first = ridge.penalties[0]
    best, lowest = HeadFit(*ridge.fit(first), ridge.judged, amount=0.0, penalty=first), float("inf")
    for penalty in ridge.penalties:
        if near is not None and not near / NEIGHBOUR <= penalty <= near * NEIGHBOUR:
            continue
        parts = ridge.fit(penalty)
        loss, t, u = _fit_fusion(plain, parts[2][of_several], targets)
        if loss < lowest:
            amount = min(MOST, u / max(t * logit_scale, 1e-9))
            sharpness = max(LEAST_SHARPNESS, t if amount < MOST else u / (MOST * logit_scale))
            best, lowest = HeadFit(*parts, ridge.judged, amount, penalty, sharpness), loss
    return replace(best, products=ridge.products)


def _of_several(labels: Tensor, copies: Tensor | None) -> Tensor:
    """(N,) whether the class of a shot has another picture."""
    of_each = labels if copies is None else torch.unique(torch.stack([labels, copies]), dim=1)[0]
    return torch.bincount(of_each)[labels] > 1


def _fit_fusion(plain: Tensor, scores: Tensor, labels: Tensor) -> tuple[float, float, float]:
    """Minimise the cross-entropy of t · plain + u · scores; returns it, t and u, both at least 0.

    It is convex in both, so a few Newton steps suffice. Each target assigns 1 / (N + 2) to the other classes, like
    Platt's targets (1999, section 2.2); otherwise logits would diverge if all shots are right.
    """
    count, classes = plain.shape
    target = functional.one_hot(labels, classes).double()
    target = target + (1 / max(1, classes - 1) - target * (1 + 1 / max(1, classes - 1))) / (count + 2)
    parts = torch.stack([plain.double(), scores.double()])
    # Softmax is shift-invariant; after this shift the loss is a log-sum-exp.
    parts = parts - (parts * target).sum(2, keepdim=True)
    at = torch.tensor([0.5, 1.0], dtype=torch.float64, device=plain.device)
    best, found = float("inf"), at
    step = torch.zeros_like(at)
    for _ in range(NEWTON_STEPS):
        logits = at[0] * parts[0] + at[1] * parts[1]
        loss = float(logits.logsumexp(1).mean())
        if loss > best + 1e-12:  # overshot: halve the step
            step = step / 2
            at = (found + step).clamp_min(0)
            continue
        best, found = loss, at
        chances = logits.softmax(1)
        means = (parts * chances).sum(2)
        gradient = means.mean(1)
        spread = parts - means.unsqueeze(2)
        curvature = torch.einsum("inc,jnc,nc->ij", spread, spread, chances) / count
        free = ~((at <= 0) & (gradient > 0))
        curvature = curvature + 1e-9 * torch.eye(2, dtype=torch.float64, device=plain.device)
        step = torch.zeros_like(at)
        step[free] = -torch.linalg.solve(curvature[free][:, free], gradient[free])
        at = (at + step).clamp_min(0)
        if float(step.abs().max()) < 1e-4:
            break
    return best, float(found[0]), float(found[1])


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
