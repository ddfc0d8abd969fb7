"""Adapters of the literature that take a page each; the class names the paper and how it is trained."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.i18n import tr
from mma_desktop.engine.methods.adapter import Adapter, AnchoredAdapter, Sizes, Start

# Tip-Adapter's defaults, and the grid of both that its authors search.
ALPHA, BETA = 1.0, 5.5
ALPHAS = tuple(0.1 + step * (3 - 0.1) / 20 for step in range(20))
BETAS = tuple(0.1 + step * (7 - 0.1) / 50 for step in range(50))
SEARCHED = 2048  # maximum validation images for the search


class ClipAdapter(Adapter):
    """CLIP-Adapter (Gao et al. 2021, section 3.2): a bottleneck on the image features.

    I' = normalise(a · A(I) + (1-a) · I), logits s · cos(I', T). Trained: two linear maps without bias, D -> D/4 -> D,
    each followed by a ReLU (2 · D²/4 parameters: 131,072 at D = 512). Initialisation: that of `nn.Linear`. Loss:
    cross-entropy. Optimiser: Adam with the recipe of the Multi-Modal Adapter.

    Args:
        embed_dim: Size D of the features, a multiple of 4.
        share: Fraction a of the adapted feature.

    Raises:
        ValueError: An argument is out of range.
    """

    def __init__(self, embed_dim: int, logit_scale: float = 100.0, *, share: float = 0.2) -> None:
        super().__init__(embed_dim, logit_scale)
        if embed_dim < 4 or embed_dim % 4:
            raise ValueError(
                tr("the embedding size must be a multiple of {divisor}, not {size}", divisor=4, size=embed_dim)
            )
        self.share = share
        self.down = nn.Linear(embed_dim, embed_dim // 4, bias=False)
        self.up = nn.Linear(embed_dim // 4, embed_dim, bias=False)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        adapted = functional.relu(self.up(functional.relu(self.down(images))))
        mixed = functional.normalize(self.share * adapted + (1 - self.share) * images, dim=-1)
        return self.logit_scale * mixed @ texts.T


class TipAdapter(AnchoredAdapter):
    """Tip-Adapter-F (Zhang et al. 2021, section 3.2): a cache of the shots whose keys are trained.

    Logits s · cos(I, T) + alpha exp(-beta (1 - I·K)) V, where V has the shots' classes. Trained: the keys K (N, D).
    Initialisation: the features of the shots. Loss: cross-entropy. Optimiser: AdamW 1e-3, eps 1e-4, cosine, 20 epochs.

    During training alpha is 1 and beta 5.5; afterwards both are searched on the validation images, if there are any.
    alpha is the paper's for s = 100 and is scaled with s. New classes have no shots, so they stay zero-shot.

    Args:
        sizes: `classes` is K, `shots` N.
    """

    values: Tensor
    weights: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.keys = nn.Parameter(torch.zeros(sizes.shots, embed_dim))
        self.register_buffer("values", torch.zeros(sizes.shots, sizes.classes))
        self.register_buffer("weights", torch.tensor([ALPHA, BETA]))

    def begin(self, start: Start) -> None:
        super().begin(start)
        self.values.copy_(functional.one_hot(start.labels, len(self.anchors)))
        with torch.no_grad():
            self.keys.copy_(self.images(start.images))

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        owners = self.values @ self.match(texts).T
        return self.logit_scale * (images @ texts.T) + self._votes(images @ self.keys.T, owners, *self.weights)

    def _votes(self, near: Tensor, owners: Tensor, alpha: Tensor | float, beta: Tensor | float) -> Tensor:
        """The cache's contribution (B, C): `near` (B, N) are cosines, `owners` (N, C) has the class of each key."""
        return alpha * self.logit_scale / 100 * torch.exp(-beta * (1 - near)) @ owners

    @torch.no_grad()
    def finish(self, images: Tensor, targets: Tensor, texts: Tensor) -> None:
        """Choose the alpha and beta with the highest validation accuracy; ties are broken by the lowest loss."""
        images, targets, texts = self.images(images[:SEARCHED]), targets[:SEARCHED], self._unit(texts)
        near, owners, plain = images @ self.keys.T, self.values @ self.match(texts).T, images @ texts.T
        best = (-1, -math.inf)
        for beta in BETAS:
            votes = self._votes(near, owners, 1.0, beta)
            for alpha in ALPHAS:
                logits = self.logit_scale * plain + alpha * votes
                quality = (int((logits.argmax(1) == targets).sum()), -float(functional.cross_entropy(logits, targets)))
                if quality > best:
                    best = quality
                    self.weights.copy_(torch.tensor([alpha, beta]))


class TaskRes(AnchoredAdapter):
    """TaskRes (Yu et al. 2023, section 3.2): a residual of each base class's text feature.

    Logits s · cos(I, t + a r). Trained: r (K, D), from 0, which is zero-shot; `scale` is a. Loss: cross-entropy.
    Optimiser: Adam 2e-3, cosine, one warm-up epoch, 100 epochs. New classes stay zero-shot.
    """

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, scale: float = 0.5) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.scale = scale
        self.residual = nn.Parameter(torch.zeros(sizes.classes, embed_dim))

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        weights = texts + self.scale * (self.match(texts) @ self.residual)
        return self.logit_scale * images @ functional.normalize(weights, dim=-1).T


class Clap(AnchoredAdapter):
    """CLAP (Silva-Rodriguez et al. 2024, section 4): a prototype in place of each base class's text feature.

    Logits s · cos(I, w). Trained: w (K, D), from the text features, which is zero-shot. Loss: cross-entropy + the mean
    over classes of λ_c ||w_c - t_c||², where λ_c is the mean zero-shot probability of the true class on the shots of c.
    Optimiser: SGD 0.1, momentum 0.9, cosine, one warm-up epoch at 1e-5, 300 epochs. New classes stay zero-shot.
    """

    trust: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.prototypes = nn.Parameter(torch.zeros(sizes.classes, embed_dim))
        self.register_buffer("trust", torch.zeros(sizes.classes), persistent=False)

    def begin(self, start: Start) -> None:
        """Start from the text features; computes λ_c from the zero-shot predictions of the shots."""
        super().begin(start)
        images = self.images(start.images)
        probabilities = (self.logit_scale * images @ self.anchors.T).softmax(-1)
        right = probabilities.gather(1, start.labels.unsqueeze(1)).squeeze(1)
        counts = torch.bincount(start.labels, minlength=len(self.anchors)).clamp_min(1)
        self.trust = torch.zeros_like(self.trust).index_add(0, start.labels, right) / counts
        with torch.no_grad():
            self.prototypes.copy_(self.anchors)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        known = self.match(texts)
        weights = known @ self.prototypes + (1 - known.sum(1, keepdim=True)) * texts
        return self.logit_scale * images @ functional.normalize(weights, dim=-1).T

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        away = (self.prototypes - self.anchors).square().sum(1)
        return super().loss(images, targets, texts) + (self.trust * away).mean()


class IdentityAdapter(Adapter):
    """A linear map of images, held near the identity as `ProLip` is near its projection; same recipe.

    I' = normalise(I W), logits s · cos(I', T); W (D, D) starts at the identity.

    Args:
        penalty: λ = penalty / shots a class.
    """

    def __init__(self, embed_dim: int, logit_scale: float = 100.0, *, penalty: float = 1.0) -> None:
        super().__init__(embed_dim, logit_scale)
        self.penalty = penalty
        self.image_map = nn.Parameter(torch.eye(embed_dim))
        self._shots = 1.0

    def begin(self, start: Start) -> None:
        self._shots = len(start.images) / len(start.texts)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        return self.logit_scale * functional.normalize(images @ self.image_map, dim=-1) @ texts.T

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        # ||W - I||²_F without allocating the identity
        away = self.image_map.square().sum() - 2 * self.image_map.diagonal().sum() + self.embed_dim
        return super().loss(images, targets, texts) + self.penalty / self._shots * away


class ProLip(Adapter):
    """ProLIP ("CLIP's Visual Embedding Projector is a Few-shot Cornucopia", Fahes et al. 2024).

    Fine-tunes the last visual projection with cross-entropy + λ · ||W - W0||²_F, λ = 1 / shots, from zero-shot.
    Optimiser: Adam, cosine, 300 full-batch steps; the paper uses a rate of 1e-5 and reports equal results up to 1e-2.

    I' = normalise(x W), where x (P,) is the image feature before the projection; W (P, D) starts at W0.

    Args:
        sizes: `before` is P; the features begin at `start` in a row.
        penalty: λ = penalty / shots per class.

    Raises:
        ValueError: There are no features before a projection.
    """

    pretrained: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, penalty: float = 1.0) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        if sizes.before < 1:
            raise ValueError(tr("it has no linear visual projection to fine-tune"))
        self.penalty = penalty
        self.projection = nn.Parameter(torch.zeros(sizes.before, embed_dim))
        self.register_buffer("pretrained", torch.zeros(sizes.before, embed_dim), persistent=False)
        self._shots = 1.0

    @property
    def columns(self) -> slice:
        return slice(self.sizes.start, self.sizes.start + self.sizes.before)

    def begin(self, start: Start) -> None:
        if start.projection is None:
            raise ValueError("the pretrained projection is missing")
        self.pretrained = start.projection.detach().clone()
        self._shots = len(start.images) / len(start.texts)
        with torch.no_grad():
            self.projection.copy_(start.projection)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of image features (B, P)."""
        return self.logit_scale * functional.normalize(images @ self.projection, dim=-1) @ texts.T

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        away = (self.projection - self.pretrained).square().sum()
        return super().loss(images, targets, texts) + self.penalty / self._shots * away
