"""Quick, what learns while one labels: a regularised linear map of images, and a visual head for trained names.

It has no attention and leaves the texts as they are; the paper's Multi-Modal Adapter is in `mma`.

A linear map M moves all images in the shared space towards the names of the trained classes:

    I' = normalise(I + a (M - I) I)        logits = s · cos(I', T)

It is trained with cross-entropy at half the logit scale, plus λ ||M - I||², λ = penalty / shots per class (ProLIP's
penalty, Fahes et al. 2024) times s / `PENALTY_SCALE`, and applied with the share a (WiSE-FT, Wortsman et al. 2022). It
moves the images of all classes, so untrained classes benefit too.

By the representer theorem M - I lies in the span of the shots and names: with Q (D, r) an orthonormal basis of that, M
= I + Q R Q', and only R (r, r) is trained, in 20 steps of L-BFGS from 0. Above `MAX_RANK` dimensions Q is limited to
the strongest directions.

The visual head (`visual_head`) adds the scores of a linear classifier on all features of the image encoder to trained
names. Its balance between trained and other names is fitted to left-out classes, as in calibrated stacking (Chao et al.
2016, "An empirical study and analysis of generalized zero-shot learning"): the trained classes are split into halves,
and each half in turn is treated as untrained. A logistic regression on the shots of both halves says how likely an
image shows a trained class, by how much higher the best trained name is than the best other one, and by the head's
highest score above chance, (K f - 1) / (K - 1) for K classes.

Penalty, share and steps were chosen on validation images of base classes, half of them used as new classes:
`tests/benchmarks/bench_default.py` has the figures.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from mma_desktop.engine.methods.adapter import MAX_RANK, Adapter, Scorer, Sizes, Start
from mma_desktop.engine.methods.optimiser import Evaluate, Lbfgs
from mma_desktop.engine.methods.visual_head import CODE_LENGTH, HeadFit, fuse, refit_head
from mma_desktop.engine.open_set_scores import expit

Doubles = NDArray[np.float64]

LOSS_SCALE = 0.5  # factor of the logit scale in the loss, so that correctly classified shots still contribute
# The starter's logit scale, at which λ is penalty / shots. The gradient of the cross-entropy at the identity is
# proportional to the scale; so is λ, so that the same shots move the images of all backbones about equally far.
PENALTY_SCALE = 30.0
MAX_EXACT_VECTORS = 640  # maximum number of vectors for an exact basis
HALF_STEPS = 8  # of L-BFGS; a fit of all classes has 20
ROUNDS, ROUNDS_SHOTS = 8, 1280  # divisions into halves: as many as there are, or together as many shots
ODDS_MEAN, ODDS_DEVIATION = (1.0, 0.0, 0.0), (0.3, 20.0, 20.0)  # a normal prior: logits are about right as they are
LEAST_ODDS = (0.05, 0.0, -np.inf)  # more of either never speaks against a trained name
ODDS_STEPS, MAX_ODDS_STEP = 30, 5.0  # 11 were enough on five data sets; where all odds are certain, steps would be long
# Weight of the trained map for the shots it was trained on: 1 is overconfident, 0 underconfident.
TRAINED_WEIGHT = 0.5


class _MapLoss(NamedTuple):
    """The loss of R (r, r): weighted cross-entropy of the full map, plus its squared distance from the identity.

    Attributes:
        inside, names: Images (B, r) and names (K, r) in the basis.
        outside: What the rest of an image contributes to its cosines (B, K).
        outside_square: Its squared length (B, 1).
        targets, weight: Place of its name (B, 1), and its share of the cross-entropy (B, 1).
        scale, penalty: Factor of the cosines, and λ.
    """

    inside: Tensor
    names: Tensor
    outside: Tensor
    outside_square: Tensor
    targets: Tensor
    weight: Tensor
    scale: float
    penalty: float

    def at(self, matrix: Tensor) -> tuple[Tensor, ...]:
        """The loss, and what its gradient needs."""
        moved = torch.addmm(self.inside, self.inside, matrix)
        length = (self.outside_square + moved.square().sum(1, keepdim=True)).clamp_min(1e-12).sqrt()
        logits = torch.addmm(self.outside, moved, self.names.T) * (self.scale / length)
        log_probabilities = logits.log_softmax(1)
        loss = self.penalty * matrix.square().sum() - (self.weight * log_probabilities.gather(1, self.targets)).sum()
        return loss, moved, length, logits, log_probabilities

    def with_gradient(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of R as a vector (r r,), with its gradient (r r,)."""
        # In closed form it takes half as long as by autograd.
        loss, moved, length, logits, log_probabilities = self.at(point.view(self.inside.shape[1], -1))
        # Softmax less the target, as of every cross-entropy; then through the normalisation of moved images.
        residuals = (self.weight * log_probabilities.exp()).scatter_add_(1, self.targets, -self.weight)
        shrunk = (residuals * logits).sum(1, keepdim=True) / length.square()
        moves = torch.addmm(moved * -shrunk, residuals * (self.scale / length), self.names)
        return loss, (self.inside.T @ moves).flatten().add_(point, alpha=2 * self.penalty)


class Quick(Adapter):
    """See the module.

    Args:
        sizes: `rank` is r.
        share: Position a between the identity and the trained map.
        penalty: λ = penalty / shots per class at a logit scale of `PENALTY_SCALE`.
    """

    basis: Tensor
    own_temperature: float = 1 / LOSS_SCALE
    of_any_length: ClassVar[bool] = True
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
        self._closed: tuple[tuple[Tensor, ...], _MapLoss] | None = None
        self._spanning: tuple[Tensor, Tensor] | None = None
        """Vectors (M, D) and weights (M, r) with the basis as their product, while they are known and few."""
        self._turned: tuple[int, Tensor, tuple[Tensor, int, Tensor | None, Tensor | None]] | None = None

    def begin(self, start: Start) -> None:
        self._shots = len(start.images) / len(start.texts)
        vectors = torch.cat([self.images(start.images), self._unit(start.texts)])
        if len(vectors) <= MAX_EXACT_VECTORS:
            weights = spanning(vectors, self.image_map.shape[0])
            self._spanning, basis = (vectors, weights), (vectors.to(weights).T @ weights).to(vectors)
        else:
            self._spanning, basis = None, leading_directions(vectors, self.image_map.shape[0])
        self.basis.copy_(basis)

    @torch.no_grad()
    def fit(self, start: Start, steps: int) -> None:
        """Begin, and take all steps at once."""
        self.class_weights = start.class_weights
        self.begin(start)
        loss, lbfgs, point = self.map_loss(*start[:3]), Lbfgs(), torch.zeros_like(self.image_map).flatten()
        for _ in range(steps):
            _, point = lbfgs.step(point, loss.with_gradient)
        self.image_map.copy_(point.view_as(self.image_map))

    def moved(self, images: Tensor) -> Tensor:
        """Images I' (B, D) of unit length, with the share applied."""
        inside = (images @ self.basis) @ (self.share * self.image_map)
        return self._unit(images + inside @ self.basis.T)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of images of any length, with the share applied."""
        # Texts are moved instead of images, and the lengths of moved images follow from images in the basis.
        moved, growth = self._moved(texts)
        # One product: there is a column for each name, and few columns alone take as long as many.
        inside, logits = (images @ torch.cat([self.basis, moved.T], dim=1)).tensor_split([self.basis.shape[1]], dim=1)
        squared = torch.linalg.vector_norm(images, dim=1, keepdim=True).square()
        squared = squared + (inside * (inside @ growth)).sum(1, keepdim=True)
        scores: Tensor = self.logit_scale * logits * squared.clamp_min(1e-24).rsqrt()
        return scores

    def _moved(self, texts: Tensor) -> tuple[Tensor, Tensor]:
        """Moved texts (C, D), and G (r, r) with |I'|² = |I|² + (Q' I)' G (Q' I)."""
        moves = self.share * self.image_map
        # The identity, but for columns beyond the span.
        inner = self.basis.T @ self.basis
        moved = texts + ((texts @ self.basis) @ moves.T) @ self.basis.T
        return moved, moves + moves.T + moves @ inner @ moves.T

    @torch.no_grad()
    def for_names(self, inputs: Tensor, beside: Tensor | None = None) -> Scorer:
        """See `Adapter.for_names`: along the eigenvectors of G, a length takes no second product."""
        names, codes = (inputs[:, :-CODE_LENGTH], inputs[:, -CODE_LENGTH:]) if self.row_heads else (inputs, inputs)
        # The version counts changes in place, as of a training step.
        kept, version = self._turned, self.image_map._version
        if kept is None or kept[0] != version or not torch.equal(kept[1], names):  # two scorers follow each training
            self._turned = kept = version, names, self._columns_of(self._unit(names))
        columns, shrinks, anchors, of_anchors = kept[2]
        rank, moved = len(columns) - len(names), columns[-len(names) :]
        matches = [head.match(codes) for head in self.row_heads]
        heads = [(head, known.sum(1) > 0.5) for head, known in zip(self.row_heads, matches, strict=True)]
        each = zip(self.row_heads, matches, strict=True)
        linear = [(known @ head.weights.T, known @ head.offsets) for head, known in each]
        if self.head is not None and beside is not None:
            linear.insert(1, (beside, torch.zeros(len(beside)).to(beside)))
        first = sum(len(part) for part, _ in linear[: len(linear) - len(heads) + 1])  # what is the visual head's
        weights, offsets = (torch.cat(part) for part in zip(*linear, strict=True)) if linear else (moved, moved[:, 0])

        def score(rows: Tensor, products: Tensor | None) -> tuple[Tensor, Tensor | None]:
            if products is None or of_anchors is None:
                images = self._used(rows)
                products, squared = columns @ images.T, torch.linalg.vector_norm(images, dim=1).square()
            else:
                spanned, plain = products[: of_anchors.shape[1]], products[of_anchors.shape[1] :]
                products, squared = of_anchors @ spanned, torch.ones(len(rows))
                products[rank:] += plain
            squares = products[:rank].square()
            squared = squared + squares[shrinks:].sum(0)
            length = (squared - squares[:shrinks].sum(0)).clamp_min(1e-24).rsqrt()
            logits = (self.logit_scale * products[rank:] * length).T
            if not heads:
                return logits, None
            head_scores = torch.addmm(offsets.unsqueeze(1), weights, rows.T).T
            for (head, known), start in zip(heads, (0, first), strict=False):
                logits = head.fused(logits, head_scores[:, start : start + len(moved)], known)
            return logits, None if self.head is None else head_scores[:, :first]

        return Scorer(score, anchors)

    def _columns_of(self, names: Tensor) -> tuple[Tensor, int, Tensor | None, Tensor | None]:
        """Eigenvectors of G by the roots of their values, then moved names (r + C, D), and how many values are below 0.

        Then anchors, the vectors of the basis and the names (M + C, D), and weights (r + C, M) of the vectors by which
        these are the columns, but for the names themselves; None where they are not known, or more than D.
        """
        moved, growth = self._moved(names)
        values, vectors = torch.linalg.eigh(growth.cpu().double())
        # With G = V diag(v) V', the quadratic form is a sum of squares, those of negative v subtracted.
        turns = vectors * values.abs().sqrt()
        columns, shrinks = torch.cat([(self.basis @ turns.to(self.basis)).T, moved]), int((values < 0).sum())
        known = self._spanning
        if known is None or columns.device.type != "cpu" or len(known[0]) + len(names) > self.embed_dim:
            return columns, shrinks, None, None
        moves = self.share * self.image_map @ (self.basis.T @ names.T)
        weights = known[1].double() @ torch.cat([turns, moves.double()], dim=1)
        return columns, shrinks, torch.cat([known[0], names]), weights.T.float()

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        """Cross-entropy of the full map, plus its squared distance from the identity."""
        return self.map_loss(images, targets, texts).at(self.image_map)[0]

    def closed_loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Evaluate:
        """See `Adapter.closed_loss`; what does not depend on the map is kept for the same tensors."""
        given = images, targets, texts
        if self._closed is None or any(kept is not new for kept, new in zip(self._closed[0], given, strict=True)):
            self._closed = given, self.map_loss(*given)
        return self._closed[1].with_gradient

    def map_loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> _MapLoss:
        """`loss` as a function of the map."""
        seen, names = self.images(images), self._unit(texts)
        inside, of_names = seen @ self.basis, names @ self.basis
        outside, outside_square = seen @ names.T - inside @ of_names.T, 1 - inside.square().sum(1, keepdim=True)
        target_column = targets.unsqueeze(1)
        weight = torch.ones_like(outside_square) if self.class_weights is None else self.class_weights[target_column]
        penalty = self.penalty / self._shots * (self.logit_scale / PENALTY_SCALE)
        scale = LOSS_SCALE * self.logit_scale
        return _MapLoss(inside, of_names, outside, outside_square, target_column, weight / weight.sum(), scale, penalty)

    # ------------------------------------------------------------------ the head

    def balance_head(self, start: Start) -> None:
        self._closed = None
        if self.head is not None and self.left_out_fit is not None:
            self.head.balance.copy_(self.balance(start, self.left_out_fit))

    @torch.no_grad()
    def balance(self, start: Start, fit: HeadFit) -> Tensor:
        """The head's g and b (2,); see the module."""
        # Halves of two or three classes say too little.
        if (classes := len(start.texts)) < 4:
            return torch.zeros(2)
        coords = coordinates(torch.cat([self.images(start.images), self._unit(start.names)]))
        # One division of ten classes leaves too much to chance; the first is of every other class, whatever is drawn.
        turns = range(max(1, min(ROUNDS, ROUNDS_SHOTS // len(start.images))))
        orders = (np.random.default_rng(turn).permutation(classes) if turn else np.arange(classes) for turn in turns)
        halves = dict.fromkeys(tuple((order % 2 == first).tolist()) for order in orders for first in (0, 1))
        kept = (torch.tensor(half, device=start.labels.device) for half in halves)
        evidence = np.concatenate([self._half_evidence(start, coords, trained, fit) for trained in kept])
        weight, gate, bias = _fit_logistic(evidence[:, :3], evidence[:, 3], evidence[:, 4] / len(halves))
        gate, bias = gate / (weight * self.logit_scale), bias / (weight * self.logit_scale)
        # From scores above chance to scores as they are.
        return torch.tensor([gate * classes / (classes - 1), bias + gate / (classes - 1)])

    def _half_evidence(self, start: Start, coords: Tensor, kept: Tensor, fit: HeadFit) -> Doubles:
        """(N, 5) of the shots, with the classes outside `kept` (K,) untrained: what tells trained from other names.

        How much higher the highest logit of a trained name is than that of another, the head's highest score above
        chance, -1; whether it is of a kept class, and then left out; its weight, where both kinds have half. `coords`
        (N + K, M) are `coordinates` of images and names, `fit` the head of all classes.
        """
        seen, names = coords[: len(start.images)], coords[len(start.images) :]
        kept_shots, classes = kept[start.labels], int(kept.sum())
        labels = (torch.cumsum(kept.long(), 0) - 1)[start.labels[kept_shots]]
        copies = None if start.copies is None else start.copies[kept_shots]
        weights = None if start.class_weights is None else start.class_weights[kept]
        judge = _half_fit(self, Start(seen[kept_shots], labels, names[kept], names[kept], class_weights=weights))
        head = refit_head(fit, start.images[kept_shots], labels, classes, copies, kept_shots)
        names = torch.cat([names[kept], names[~kept]])
        trained = torch.arange(len(names), device=kept.device) < classes
        judged = seen[kept_shots][head.left_out_rows]
        logits = torch.lerp(self.logit_scale * judge.cosines(judged, names), judge.plain(judged, names), TRAINED_WEIGHT)

        def evidence(logits: Tensor, scores: Tensor, known: float) -> Doubles:
            padded = torch.cat([scores, scores.new_zeros(len(scores), len(names) - classes)], dim=1)
            fused = fuse(logits, padded, trained, self.logit_scale, head.amount, torch.zeros(2), head.sharpness)
            margins = fused[:, :classes].amax(1) - fused[:, classes:].amax(1)
            # The head of half of the classes scores all images higher, so it is taken above chance.
            above = (classes * scores.amax(1) - 1) / (classes - 1)
            constants = above.new_tensor([-1.0, known, 0.5 * len(seen) / len(scores)]).expand(len(scores), -1)
            return np.asarray(torch.cat([torch.stack([margins, above], 1), constants], 1).cpu(), np.float64)

        scores, plain = start.images[~kept_shots] @ head.weights + head.offsets, judge.plain(seen[~kept_shots], names)
        return np.concatenate([evidence(logits, head.left_out, 1.0), evidence(plain, scores, 0.0)])


def _fit_logistic(evidence: Doubles, known: Doubles, weights: Doubles) -> Doubles:
    """The most probable coefficients (3,) of evidence (N, 3) in the log odds that images are `known` (N,), 0 or 1."""
    coefficients, precision = np.zeros(3), np.diag(np.array(ODDS_DEVIATION) ** -2.0)
    for _ in range(ODDS_STEPS):
        probabilities = expit(evidence @ coefficients)
        slope = (weights * (probabilities - known)) @ evidence + precision @ (coefficients - ODDS_MEAN)
        curvature = (evidence.T * (weights * probabilities * (1 - probabilities))) @ evidence + precision
        free = (coefficients > LEAST_ODDS) | (slope < 0)
        # Projected Newton: what is at its bound and would go below it stays.
        curvature = np.where(np.outer(free, free), curvature, np.eye(3))
        step = np.linalg.solve(curvature, slope * free)
        coefficients = np.maximum(coefficients - step / max(1.0, np.abs(step).max() / MAX_ODDS_STEP), LEAST_ODDS)
    return coefficients


@torch.no_grad()
def _half_fit(like: Quick, start: Start) -> Quick:
    dim = start.images.shape[1]
    sizes = Sizes(rank=min(MAX_RANK, len(start.images) + len(start.texts), dim))
    adapter = Quick(dim, like.logit_scale, sizes, share=like.share, penalty=like.penalty)
    adapter.to(start.images.device).fit(start, HALF_STEPS)
    return adapter


def coordinates(vectors: Tensor) -> Tensor:
    """Vectors (M, min(M, D)) with the same inner products as vectors (M, D): shorter ones to compute with."""
    if len(vectors) >= vectors.shape[1] or vectors.device.type == "mps":
        return vectors
    wide = vectors.double()
    # A Cholesky factor L of the inner products has them as L L'; equal vectors would make it singular.
    products = wide @ wide.T
    products.diagonal().add_(1e-10)
    roots: Tensor = torch.linalg.cholesky(products).to(vectors.dtype)
    return roots


def leading_directions(vectors: Tensor, rank: int) -> Tensor:
    """An orthonormal basis (D, rank) of the strongest directions of vectors (M, D); columns beyond their span are 0."""
    if len(vectors) <= MAX_EXACT_VECTORS:
        weights = spanning(vectors, rank)
        return torch.matmul(vectors.to(weights).T, weights).to(vectors)
    # Subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4), from the same random directions each time.
    draw = torch.from_numpy(np.random.default_rng(0).standard_normal((len(vectors), rank), np.float32))
    basis = orthonormal(vectors.T @ draw.to(vectors))
    return orthonormal(vectors.T @ (vectors @ basis))


def spanning(vectors: Tensor, rank: int) -> Tensor:
    """The exact weights (M, rank) of vectors (M, D) in their `leading_directions`; double precision for few vectors."""
    few = len(vectors) <= rank and vectors.device.type != "mps"  # then weak directions are needed as well
    exact = vectors.double() if few else vectors
    values, eigenvectors = torch.linalg.eigh(exact @ exact.T)
    values, eigenvectors = values[-rank:], eigenvectors[:, -rank:]
    # Smaller eigenvalues are rounding: their directions are left out, as columns of 0.
    sound = values > 1e-7 * values[-1].clamp_min(1e-30)
    scale = torch.where(sound, values.clamp_min(1e-30).rsqrt(), torch.zeros_like(values))
    return torch.mul(eigenvectors, scale)


def orthonormal(columns: Tensor) -> Tensor:
    """Orthonormal columns (D, r) with the same span."""
    # Cholesky QR; once would lose half the digits, and Householder QR is several times slower.
    for _ in range(2):
        inner = columns.T @ columns
        shift = 1e-6 * inner.diagonal().mean() * torch.eye(len(inner), dtype=inner.dtype, device=inner.device)
        factor = torch.linalg.cholesky(inner + shift)
        columns = torch.linalg.solve_triangular(factor, columns.T, upper=False).T
    return columns
