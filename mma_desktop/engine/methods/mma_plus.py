"""Multi-Modal Adapter Plus, the default: a regularised linear map of images, and a visual head for trained names.

A linear map M moves all images in the shared space towards the names of the trained classes:

    I' = normalise(I + a (M - I) I)        logits = s · cos(I', T)

It is trained with cross-entropy at half the logit scale, so that correctly classified shots still contribute, plus λ
||M - I||², λ = penalty / shots per class (ProLIP's penalty, Fahes et al. 2024) times s / `PENALTY_SCALE`, and applied
with the share a (WiSE-FT, Wortsman et al. 2022). The gradient of the cross-entropy at the identity is proportional to
s; so is λ, so that backbones of different logit scales have their images moved about equally far by the same shots. It
moves the images of all classes, so untrained classes benefit too.

By the representer theorem M - I lies in the span of the shots and names: with Q (D, r) an orthonormal basis of that, M
= I + Q R Q', and only R (r, r) is trained, in 20 steps of L-BFGS from 0. Above `MOST_RANK` dimensions Q is limited to
the strongest directions.

The visual head (`visual_head`) adds the scores of a linear classifier on all features of the image encoder to trained
names. Its balance between trained and other names is chosen on left-out classes: the trained classes are split into
halves, each half in turn is treated as untrained, and the values of `GATES` and `BIASES` with the highest accuracy on
the shots of both halves are chosen, over up to `ROUNDS` divisions (one division of ten classes leaves too much to
chance). Two or three classes are too few for that, so their balance stays 0.

Penalty, share and steps were chosen on validation images of base classes, half of them used as new classes:
`tests/benchmarks/bench_default.py` has the figures.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.types import Recipe
from mma_desktop.engine.methods.adapter import MOST_RANK, Adapter, Sizes, Start
from mma_desktop.engine.methods.method_spec import Optimiser
from mma_desktop.engine.methods.optimiser import Steps
from mma_desktop.engine.methods.visual_head import HeadFit, fuse, refit_head

SOFTER = 0.5  # factor of the logit scale in the loss
PENALTY_SCALE = 30.0  # the starter's logit scale, at which λ is penalty / shots
EXACT = 640  # maximum number of vectors for an exact basis
POWER_STEPS = 1
HALF_STEPS = 8
ROUNDS, ROUNDS_SHOTS = 8, 1280  # divisions into halves: as many as there are, or together as many shots
GATES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
BIASES = tuple(round(-0.1 + 0.01 * step, 2) for step in range(71))
SEEN = 0.5
"""Weight of the trained map for the shots it was trained on: 1 is overconfident, 0 underconfident."""


class MultiModalAdapterPlus(Adapter):
    """See the module.

    Args:
        sizes: `rank` is r.
        share: Position a between the identity and the trained map.
        penalty: λ = penalty / shots per class at a logit scale of `PENALTY_SCALE`.
    """

    basis: Tensor
    own_temperature: ClassVar[float] = 1 / SOFTER
    live_images: ClassVar[int] = 1024
    live_events: ClassVar[int] = 5

    def __init__(
        self, embed_dim: int, logit_scale: float, sizes: Sizes, *, share: float = 0.75, penalty: float = 0.1
    ) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.share, self.penalty = share, penalty
        self.register_buffer("basis", torch.zeros(embed_dim, sizes.rank))
        self.image_map = nn.Parameter(torch.zeros(sizes.rank, sizes.rank))
        self._shots = 1.0
        self._cached: tuple[Tensor, Tensor, Tensor, Tensor, Tensor] | None = None

    def begin(self, start: Start) -> None:
        """Compute the basis."""
        self._shots = len(start.images) / len(start.texts)
        images, texts = self.images(start.images), self._unit(start.texts)
        basis = span(torch.cat([images, texts]), self.image_map.shape[0])
        self.basis.copy_(basis)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C), with the share applied."""
        moved = images + self.share * ((images @ self.basis) @ self.image_map) @ self.basis.T
        return self.logit_scale * functional.normalize(moved, dim=-1) @ texts.T

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        """Cross-entropy of the full map, plus its squared distance from the identity."""
        plain, inside, names = self._projected(images, texts)
        step = inside @ self.image_map
        length = (1 + 2 * (inside * step).sum(1) + step.square().sum(1)).clamp_min(1e-12).sqrt()
        logits = SOFTER * self.logit_scale * (plain + step @ names.T) / length.unsqueeze(1)
        penalty = self.penalty / self._shots * (self.logit_scale / PENALTY_SCALE)
        return functional.cross_entropy(logits, targets, self.class_weights) + penalty * self.image_map.square().sum()

    def _projected(self, images: Tensor, texts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Cosines (B, K), and images (B, r) and names (K, r) in the basis; cached for the same tensors."""
        if self._cached is None or self._cached[0] is not images or self._cached[1] is not texts:
            seen, names = self.images(images), self._unit(texts)
            self._cached = images, texts, seen @ names.T, seen @ self.basis, names @ self.basis
        return self._cached[2:]

    # ------------------------------------------------------------------ the head

    def balance_head(self, start: Start) -> None:
        """See `Adapter.balance_head`; the module says how."""
        self._cached = None
        if self.head is not None and self.left_out_fit is not None:
            self.head.balance.copy_(self._balance(start, self.left_out_fit))

    def _balance(self, start: Start, fit: HeadFit) -> Tensor:
        """The head's g and b (2,); see the module."""
        classes = len(start.texts)
        right = torch.zeros(len(GATES), len(BIASES), dtype=torch.float64)
        if classes < 4:
            return torch.zeros(2)
        for turn in range(max(1, min(ROUNDS, ROUNDS_SHOTS // len(start.images)))):
            order = np.random.default_rng(turn).permutation(classes) if turn else np.arange(classes)
            for first in (0, 1):
                kept = torch.from_numpy(order % 2 == first).to(start.labels.device)
                right += self._half_accuracies(start, kept, fit)
        best = right.amax()
        gate = int(right.amax(1).argmax())
        level = torch.nonzero(right[gate] >= best - 1e-9).flatten()
        return torch.tensor([GATES[gate], BIASES[int(level[len(level) // 2])]])

    def _half_accuracies(self, start: Start, kept: Tensor, fit: HeadFit) -> Tensor:
        """(gates, biases) accuracy with the classes outside `kept` untrained, averaged over both groups of shots."""
        place = torch.cumsum(kept.long(), 0) - 1
        other = torch.cumsum((~kept).long(), 0) - 1
        mine = kept[start.labels]
        copies = None if start.copies is None else start.copies[mine]
        weights = None if start.class_weights is None else start.class_weights[kept]
        texts = start.texts[kept], start.names[kept]
        half = Start(start.images[mine], place[start.labels[mine]], *texts, copies=copies, class_weights=weights)
        judge = _trained_on(self, half)
        head = refit_head(fit, half.images, half.labels, len(half.texts), copies, mine)
        rows, names = start.images[~mine], torch.cat([start.texts[kept], start.texts[~kept]])
        trained = torch.arange(len(names), device=kept.device) < len(half.texts)
        absent = torch.zeros(1, len(names) - len(half.texts), device=kept.device)
        seen = half.images[head.judged]
        logits = SEEN * judge.plain(seen, names) + (1 - SEEN) * self.logit_scale * judge.cosines(seen, names)
        parts = (
            (logits, head.left_out, half.labels[head.judged]),
            (
                judge.plain(rows, names),
                rows @ head.weights + head.offsets,
                len(half.texts) + other[start.labels[~mine]],
            ),
        )
        right = torch.zeros(len(GATES), len(BIASES), dtype=torch.float64)
        for logits, own, labels in parts:
            scores = torch.cat([own, absent.expand(len(own), -1)], dim=1)
            for at, gate in enumerate(GATES):
                found = fuse(
                    logits, scores, trained, self.logit_scale, head.amount, torch.tensor([gate, 0.0]), head.sharpness
                )
                right[at] += 0.5 * self._bias_accuracies(found, trained, labels)
        return right

    def _bias_accuracies(self, logits: Tensor, trained: Tensor, labels: Tensor) -> Tensor:
        """(biases,) accuracy for each bias of the untrained names."""
        known, others = logits[:, trained].max(1), logits[:, ~trained].max(1)
        margin = ((known.values - others.values) / self.logit_scale).unsqueeze(1)
        biases = torch.tensor(BIASES, device=logits.device)
        found = torch.where(
            margin >= biases, known.indices.unsqueeze(1), len(trained) - (~trained).sum() + others.indices.unsqueeze(1)
        )
        return (found == labels.unsqueeze(1)).double().mean(0).cpu()


def _trained_on(like: MultiModalAdapterPlus, start: Start) -> MultiModalAdapterPlus:
    """A quickly trained adapter for a subset of the classes."""
    rank = min(MOST_RANK, len(start.images) + len(start.texts), like.embed_dim)
    adapter = MultiModalAdapterPlus(
        like.embed_dim, like.logit_scale, Sizes(rank=rank), share=like.share, penalty=like.penalty
    ).to(start.images.device)
    adapter.class_weights = start.class_weights
    with torch.enable_grad():
        adapter.begin(start)
        steps = Steps(adapter, Optimiser("lbfgs"), Recipe(), 1)
        for _ in range(HALF_STEPS):
            steps.step(partial(adapter.loss, start.images, start.labels, start.texts))
    return adapter.requires_grad_(False)


def span(vectors: Tensor, rank: int) -> Tensor:
    """An orthonormal basis (D, rank) of the strongest directions of vectors (M, D); columns beyond their span are 0.

    Exact for up to `EXACT` vectors, else by subspace iteration from fixed random directions (Halko, Martinsson and
    Tropp 2011, algorithm 4.4).
    """
    if len(vectors) <= EXACT:
        few = len(vectors) <= rank and vectors.device.type != "mps"  # then weak directions are needed as well
        exact = vectors.double() if few else vectors
        values, found = torch.linalg.eigh(exact @ exact.T)
        values, found = values[-rank:], found[:, -rank:]
        sound = values > 1e-7 * values[-1].clamp_min(1e-30)
        scale = torch.where(sound, values.clamp_min(1e-30).rsqrt(), torch.zeros_like(values))
        return torch.matmul(exact.T, found * scale).to(vectors.dtype)
    draw = torch.from_numpy(np.random.default_rng(0).standard_normal((len(vectors), rank), np.float32))
    basis = orthonormal(vectors.T @ draw.to(vectors))
    for _ in range(POWER_STEPS):
        basis = orthonormal(vectors.T @ (vectors @ basis))
    return basis


def orthonormal(columns: Tensor) -> Tensor:
    """Orthonormal columns (D, r) with the same span, by Cholesky QR applied twice.

    Householder QR is several times slower; a single Cholesky QR would lose half the digits.
    """
    for _ in range(2):
        inner = columns.T @ columns
        shift = 1e-6 * inner.diagonal().mean() * torch.eye(len(inner), dtype=inner.dtype, device=inner.device)
        factor = torch.linalg.cholesky(inner + shift)
        columns = torch.linalg.solve_triangular(factor, columns.T, upper=False).T
    return columns
