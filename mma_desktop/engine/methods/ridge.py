"""Linear classifiers of rows of image features in closed form, with exact leave-one-out predictions at no extra cost.

Both have a penalty r on features X (N, E) with one-hot targets Y (N, K).

`Ridge`, ridge regression from X to Y. Both are centred, which fits an unpenalised intercept. With the hat matrix H = X
(X'X + r I)^-1 X' + 1/N, the prediction for rows G with these rows left out, such as one row or the copies of one
image, is

    y_G - (I - H_GG)^-1 (y_G - (H Y)_G)

which is exact for every linear smoother of this kind (Allen 1974, "The relationship between variable selection and data
augmentation and a method for prediction"). With weights of the rows, all is as if centred by their weighted mean and
multiplied by the roots of the weights, which stand in the place of the ones of 1/N.

`Discriminant`, linear discriminant analysis with a shrunken within-class scatter (Friedman 1989, "Regularized
discriminant analysis"). With class means m_k, deviations D = X - m_Y and S = D'D + r I, the class with the smallest (x
- m_k)' S^-1 (x - m_k) is chosen. Without rows G, of which g_c are of class c with n_c rows,

    m'_k = m_k - sum of d_j of class k in G / (n_k - g_k)          S' = S - D_G' W D_G
    W_jl = [j = l] + [c_j = c_l] / (n_c - g_c)                     S'^-1 = S^-1 + S^-1 D_G' (W^-1 - D_G S^-1 D_G')^-1
                                                                           D_G S^-1

so that the distances to the class means that are left are exact as well. They are brought to the scale of `Ridge`'s
predictions: of each row, less their mean over the classes, times a factor, plus 1 / K.

With no more rows than features, both need inverses of Gram matrices alone, and these all come from one spectrum of the
centred products X X' (`Inverse`): with E (N, K) the normalised indicators of the classes, D = (I - E E') X, so that
with M = (X X' + r I)^-1

    (D D' + r I)^-1 = M - M E (E' M E)^-1 E' M + E E' / r
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from copy import copy
from functools import cached_property, partial
from typing import NamedTuple, Self

import torch
from torch import Tensor
from torch.nn import functional

PENALTIES = tuple(10 ** (exponent / 2) for exponent in range(-5, 3))
"""Values of r, for rows whose parts have about unit length."""
LARGE_PENALTIES = (0.01, 0.1, 1.0)
"""Values of r to try in single precision."""
MAX_DOUBLE_ROWS = 1000  # maximum rows for double precision, which is cheap up to here
MAX_LEFT_OUT = 4096  # maximum rows with leave-one-out predictions
MIN_SPECTRUM_PENALTIES = 3  # penalties for which one spectrum costs less than a triangular factor each
STRIPS, COLUMNS = 4, 256
MIN_REMAINING = 1e-6
MIN_SCALE = 1e-3


class Inverse:
    """(K + r I)^-1 of a Gram matrix K (N, N) for penalties r: by its spectrum, or by a triangular factor for each.

    Args:
        gram: K.
        penalties: How many penalties will be used; None for many.
    """

    def __init__(self, gram: Tensor, penalties: int | None = None) -> None:
        self._gram = gram
        self._last: tuple[float, Tensor] | None = None
        self._blocks: dict[tuple[float, int], tuple[Tensor, Tensor]] = {}
        self._spectrum: tuple[Tensor, Tensor, Tensor] | None = None
        if len(gram) <= MAX_DOUBLE_ROWS and (penalties is None or penalties >= MIN_SPECTRUM_PENALTIES):
            values, vectors = torch.linalg.eigh(gram)
            self._spectrum = values.clamp_min(0), vectors, vectors.square()

    def times(self, columns: Tensor) -> Callable[[float], Tensor]:
        """The product (N, C) with columns as a function of r. The spectrum gives those of all `PENALTIES` at once."""
        found: dict[float, Tensor] = {}

        def at(penalty: float) -> Tensor:
            if self._spectrum is None:
                root = self.root(penalty)
                return root @ (root.T @ columns)
            if penalty not in found:
                values, vectors, _ = self._spectrum
                projected, together = vectors.T @ columns, PENALTIES if penalty in PENALTIES else (penalty,)
                shrunk = torch.cat([projected / (values + r).unsqueeze(1) for r in together], 1)
                found.update(zip(together, torch.split(vectors @ shrunk, columns.shape[1], 1), strict=True))
            return found[penalty]

        return at

    def diagonal(self, penalty: float) -> Tensor:
        if self._spectrum is None:
            return self.root(penalty).square().sum(1)
        values, _, squares = self._spectrum
        return squares @ (values + penalty).reciprocal()

    def blocks(self, penalty: float, group: Tensor) -> Tensor:
        """(n, g, g) of the inverse, of rows in groups (n, g). Those of the last groups are kept for each penalty."""
        key = penalty, group.shape[1]
        if key not in self._blocks or self._blocks[key][0] is not group:
            if self._spectrum is None:
                self._blocks[key] = group, _inner(self.root(penalty)[group])
            else:
                values, vectors, _ = self._spectrum
                rows = vectors[group]
                self._blocks[key] = group, (rows / (values + penalty)) @ rows.mT
        return self._blocks[key][1]

    def root(self, penalty: float) -> Tensor:
        """A matrix A (N, N) with A A' = (K + r I)^-1."""
        if self._spectrum is not None:
            values, vectors, _ = self._spectrum
            return vectors * (values + penalty).rsqrt()
        if self._last is None or self._last[0] != penalty:
            factor = _cholesky(self._gram, penalty)
            half: Tensor = torch.linalg.solve_triangular(factor, torch.eye(len(factor)).to(factor), upper=False)
            self._last = penalty, half.T
        return self._last[1]


def _cholesky(gram: Tensor, penalty: float) -> Tensor:
    """The Cholesky factor L of a Gram matrix plus the penalty. `cholesky_inverse` would be 10 times slower."""
    factor: Tensor = torch.linalg.cholesky(gram + penalty * torch.eye(len(gram)).to(gram))
    return factor


class ClosedForm(ABC):
    """A linear classifier of the same rows with several penalties.

    Args:
        rows: (N, E) float32.
        labels: (N,) class of each row, from 0 to K - 1.
        classes: K.
        products: (N, N) inner products of the rows after subtracting any one vector, if already computed.
        like: A classifier of the same rows and weights, of which the centred rows and the inverse are used again.
        penalties: How many penalties will be used; None for many.
        copies: (N,) equal for rows that are left out together. Ignored for more than `MAX_LEFT_OUT` rows.
        importance: (N,) weight of each row's error, above 0, as scikit-learn's `sample_weight`; None for 1. A
            discriminant, for which classes weigh the same whatever their rows, has no use for it.

    Attributes:
        judged: (M,) rows with leave-one-out predictions.
        products: As the argument; None if there are more rows than features.
        inverse: Of the centred products; None likewise.
    """

    mean: Tensor
    inverse: Inverse | None
    _rows: Tensor
    _together: list[Tensor]

    def __init__(
        self,
        rows: Tensor,
        labels: Tensor,
        classes: int,
        *,
        products: Tensor | None = None,
        like: ClosedForm | None = None,
        penalties: int | None = None,
        copies: Tensor | None = None,
        importance: Tensor | None = None,
    ) -> None:
        large = min(rows.shape) > MAX_DOUBLE_ROWS
        self.penalties = LARGE_PENALTIES if large else PENALTIES
        exact = torch.float32 if large or rows.device.type == "mps" else torch.float64
        count = len(rows)
        weight = torch.ones(count, dtype=exact, device=rows.device) if importance is None else importance.to(exact)
        self._weight, self._total = weight, weight.sum()
        self._dual = count <= rows.shape[1]
        if like is not None:
            self.mean, one, products = like.mean, like._rows, like.products
        else:  # any vector near the mean will do for products, since they are centred again
            wide, share = (rows, weight.to(rows)) if self._dual else (rows.to(exact), weight)
            mean = share @ wide / share.sum()
            one = wide - mean  # before rounding, which small penalties are sensitive to
            self.mean = mean.float()
        self._rows = one.float()
        self._labels, self._classes = labels, classes
        self.left_out_rows = left_out_rows(count).to(rows.device)
        self._copies = copies
        if like is not None and copies is like._copies:
            self._together = like._together
        else:
            self._together = [] if copies is None or count > MAX_LEFT_OUT else _groups(copies)
        self.products: Tensor | None = None
        centred: Tensor | None = None
        if self._dual:
            self.products = inner_products(one, exact) if products is None else products.to(exact)
            means = weight @ self.products / self._total
            centred = self.products - means - means.unsqueeze(1) + weight @ means / self._total
        self._gram = self._prepare(one, centred)
        known = None if like is None else like.inverse
        self.inverse = (known or Inverse(self._gram, penalties)) if self._dual else None

    def with_copies(self, copies: Tensor) -> Self:
        """The same classifier with other rows left out together; nothing is computed again."""
        other = copy(self)
        other._copies = copies
        other._together = [] if len(self._rows) > MAX_LEFT_OUT else _groups(copies)
        return other

    def _spread(self, dual: Tensor) -> Tensor:
        """(E, K) of weights of the rows (N, K). The transposed product takes a quarter of the time for few rows."""
        return (dual.T @ self._rows).T

    @abstractmethod
    def _prepare(self, rows: Tensor, products: Tensor | None) -> Tensor:
        """What the penalty is added to: (E, E) of centred rows, or (N, N) of their centred `products`."""

    @abstractmethod
    def left_out(self, penalty: float) -> Tensor:
        """Leave-one-out predictions (M, K) of the rows `left_out_rows`, float32."""

    @abstractmethod
    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        """Weights (E, K) and offsets (K,), float32, of all rows: the sum over penalties, each times its share."""


class Ridge(ClosedForm):
    """Ridge regression; see the module."""

    def _prepare(self, rows: Tensor, products: Tensor | None) -> Tensor:
        targets = functional.one_hot(self._labels, self._classes).to(self._weight)
        self._root = root = self._weight.sqrt().unsqueeze(1)
        self._intercept = self._weight @ targets / self._total
        self._targets = root * (targets - self._intercept)
        self._rows = self._rows * root.float()
        return (root * rows).T @ (root * rows) if products is None else root * products * root.T

    def left_out(self, penalty: float) -> Tensor:
        # I - H is free I + sign root root' - 1/N
        if self.inverse is not None:
            residual = penalty * self._dual_weights(penalty)[self.left_out_rows]
            diagonal = penalty * self.inverse.diagonal(penalty)[self.left_out_rows]
            blocks: Callable[[Tensor], Tensor] = partial(self.inverse.blocks, penalty)
            free, sign = 0.0, penalty
        else:
            factor = _cholesky(self._gram, penalty)
            rows = self._rows.to(factor)
            some = rows[self.left_out_rows]
            residual = self._targets[self.left_out_rows] - some @ torch.cholesky_solve(rows.T @ self._targets, factor)
            root = torch.linalg.solve_triangular(factor, some.T, upper=False).T
            diagonal, free, sign = 1 - root.square().sum(1), 1.0, -1.0
            blocks = partial(_inner_of, root)
        own = self._root[self.left_out_rows]
        level = self._weight[self.left_out_rows] / self._total
        error = residual / (diagonal - level).clamp_min(MIN_REMAINING).unsqueeze(1)
        for group in self._together:
            block = sign * blocks(group) - own[group] @ own[group].mT / self._total
            block.diagonal(dim1=1, dim2=2).add_(free + torch.finfo(block.dtype).eps)
            error[group] = torch.linalg.solve(block, residual[group])
        return ((self._targets[self.left_out_rows] - error) / own + self._intercept).float()

    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        found = torch.zeros_like(self._targets[:0])
        if self.inverse is not None:
            solved = (share * self._dual_weights(penalty) for penalty, share in shares.items())
            weights = self._spread(sum(solved, found.new_zeros(())).float())
        else:
            inner = self._rows.to(found).T @ self._targets
            factors = ((share, _cholesky(self._gram, penalty)) for penalty, share in shares.items())
            solved = (share * torch.cholesky_solve(inner, factor) for share, factor in factors)
            weights = sum(solved, found.new_zeros(())).float()
        return weights, sum(shares.values()) * self._intercept.float() - self.mean @ weights

    @cached_property
    def _dual_weights(self) -> Callable[[float], Tensor]:
        assert self.inverse is not None
        return self.inverse.times(self._targets)


class Discriminant(ClosedForm):
    """Linear discriminant analysis; see the module.

    A class of which all rows are left out together has the prediction 0, as with `Ridge`.

    Attributes:
        scales: The factor for each penalty that was used. If it is not set, it is the one that makes leave-one-out
            predictions nearest to Y.
    """

    def _prepare(self, rows: Tensor, products: Tensor | None) -> Tensor:
        self.scales: dict[float, float] = {}
        self._known: dict[float, _Solved] = {}
        self._counts = torch.bincount(self._labels, minlength=self._classes)
        # (N, K), the columns average over a class; of no row at all, 0
        self._averages = functional.one_hot(self._labels, self._classes).to(self._weight) / self._counts.clamp_min(1)
        if products is None:
            means = self._averages.T @ rows
            self._means, self._deviations = means, rows - means[self._labels]
            return self._deviations.T @ self._deviations
        to_means = products @ self._averages
        self._of_means = self._averages.T @ to_means
        self._to_means = to_means - self._of_means[self._labels]
        self._indicators = self._averages * self._counts.sqrt()
        return products

    def left_out(self, penalty: float) -> Tensor:
        solved = self._solved(penalty)
        labels, classes = self._labels[self.left_out_rows], self._classes
        alone = torch.ones(len(labels), dtype=torch.bool, device=labels.device)
        for group in self._together:
            alone[group] = False
        found = solved.inner.new_zeros(len(labels), classes)
        gone = torch.zeros_like(found, dtype=torch.bool)
        for group in (torch.nonzero(alone), *self._together):
            found[group], gone[group] = self._without(group, labels[group], solved)
        left = (~gone).sum(1, keepdim=True).clamp_min(1)
        found = found.masked_fill(gone, 0.0)
        found = (found - found.sum(1, keepdim=True) / left).masked_fill(gone, 0.0)
        if penalty not in self.scales:
            self.scales[penalty] = _least_squares_scale(found, functional.one_hot(labels, classes) - 1 / left, gone)
        return (self.scales[penalty] * found + 1 / left).masked_fill(gone, 0.0).float()

    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        found = torch.zeros_like(self._averages if self._dual else self._means.T)
        offsets = torch.zeros_like(found[0])
        for penalty, share in shares.items():
            if penalty not in self.scales:
                self.left_out(penalty)
            scale = share * self.scales[penalty]
            solved = self._solved(penalty)
            offsets -= 0.5 * scale * solved.between.diagonal()
            if self._dual:
                spent = solved.spent - (self._averages.T @ solved.spent)[self._labels]
                found += scale / penalty * (self._averages - spent)
            else:
                found += scale * solved.spent
        found = (found - found.mean(1, keepdim=True)).float()
        weights = self._spread(found) if self._dual else found
        offsets = (offsets - offsets.mean()).float() + sum(shares.values()) / self._classes
        return weights, offsets - self.mean @ weights

    def _solved(self, penalty: float) -> _Solved:
        """What leaving rows out needs; computed once for each penalty, which `with_copies` keeps."""
        if penalty not in self._known:
            self._known[penalty] = self._solve(penalty)
        return self._known[penalty]

    def _solve(self, penalty: float) -> _Solved:
        judged, inverse = self.left_out_rows, self.inverse
        if inverse is None:
            factor = _cholesky(self._gram, penalty)
            root, means = (
                torch.linalg.solve_triangular(factor, part.T, upper=False).T
                for part in (self._deviations[judged], self._means)
            )
            spent = torch.cholesky_solve(self._means.T, factor)
            return _Solved(spent, root @ means.T, means @ means.T, root.square().sum(1), lambda one: _inner(root[one]))
        indicators = self._indicators  # of a class without rows 0, and so is what belongs to it
        projected, to_means = self._projected(penalty).chunk(2, 1)
        factor = torch.linalg.cholesky(indicators.T @ projected + torch.diag((self._counts == 0).to(projected)))
        lost = torch.linalg.solve_triangular(factor, projected.T, upper=False).T
        spent = to_means - lost @ (lost.T @ self._to_means)
        between = (self._of_means - self._to_means.T @ spent) / penalty
        own, gone = indicators[judged], lost[judged]
        diagonal = penalty * (gone.square().sum(1) - inverse.diagonal(penalty)[judged]) + 1 - own.square().sum(1)

        def scatter(group: Tensor) -> Tensor:
            parts = penalty * (_inner(gone[group]) - inverse.blocks(penalty, group))
            return torch.eye(group.shape[1]).to(parts) + parts - _inner(own[group])

        return _Solved(spent, spent[judged], between, diagonal, scatter)

    @cached_property
    def _projected(self) -> Callable[[float], Tensor]:
        """The indicators (N, K) and D M' (N, K) times the inverse."""
        assert self.inverse is not None
        return self.inverse.times(torch.cat([self._indicators, self._to_means], 1))

    def _without(self, group: Tensor, labels: Tensor, solved: _Solved) -> tuple[Tensor, Tensor]:
        """Minus half the distances (n, g, K) of rows in groups (n, g), and which classes have no other rows.

        They are less what is the same for all classes of a row.
        """
        size = group.shape[1]
        kinds = functional.one_hot(labels, self._classes).to(solved.inner)
        rest = self._counts - kinds.sum(1)  # (n, K)
        share = torch.where(rest > 0, 1 / rest.clamp_min(1), torch.zeros_like(rest))
        shifts = kinds * share.unsqueeze(1)  # (n, g, K), what each row moves the class mean by, in deviations
        one = torch.eye(size).to(solved.inner)
        scatter = solved.diagonal[group].unsqueeze(2) if size == 1 else solved.scatter(group)  # D_G S^-1 D_G'
        weights = one + shifts @ kinds.mT
        inner = solved.inner[group]  # (n, g, K), D_G S^-1 M'
        block = (1 / weights if size == 1 else torch.linalg.inv(weights)) - scatter
        block.diagonal(dim1=1, dim2=2).add_(torch.finfo(block.dtype).eps)
        both = torch.cat([inner, scatter], 2)
        solution = both / block if size == 1 else torch.linalg.solve(block, both)
        own = inner.gather(2, labels.unsqueeze(1).expand(-1, size, -1))  # (n, j, i), of the class of row i
        # In S'^-1: products of deviations (n, g, g), of these with means (n, g, K), of own with all means (n, g, K)
        across, pairs = torch.split(both + scatter @ solution, [self._classes, size], 2)
        means = solved.between[labels] + own.mT @ solution[:, :, : self._classes]
        squared = solved.between.diagonal() + (inner * solution[:, :, : self._classes]).sum(1, keepdim=True)
        own = across.gather(2, labels.unsqueeze(1).expand(-1, size, -1))
        squared = squared + ((pairs @ shifts - 2 * across) * shifts).sum(1, keepdim=True)
        found = across + means - (pairs + own.mT) @ shifts - 0.5 * squared
        return found, (rest <= 0).unsqueeze(1).expand_as(found)


class _Solved(NamedTuple):
    """Products in S^-1 of the deviations D of the rows judged, and of the class means M.

    Attributes:
        spent: (D D' + r I)^-1 D M' (N, K) of all rows, or S^-1 M' (E, K) if there are more rows than features.
        inner: D S^-1 M' (M, K).
        between: M S^-1 M' (K, K).
        diagonal: That of D S^-1 D' (M,).
        scatter: D_G S^-1 D_G' (n, g, g) of groups (n, g).
    """

    spent: Tensor
    inner: Tensor
    between: Tensor
    diagonal: Tensor
    scatter: Callable[[Tensor], Tensor]


def _inner(parts: Tensor) -> Tensor:
    return parts @ parts.mT


def _inner_of(rows: Tensor, group: Tensor) -> Tensor:
    return _inner(rows[group])


def _least_squares_scale(scores: Tensor, targets: Tensor, ignored: Tensor) -> float:
    """The factor of scores (M, K) that brings them nearest to targets; above 0."""
    used = scores.masked_fill(ignored, 0.0)
    size = max(float(used.square().sum()), 1e-30)
    return max(float((used * targets).sum()) / size, float(MIN_SCALE * (len(scores) / size) ** 0.5))


def inner_products(rows: Tensor, exact: torch.dtype = torch.float64) -> Tensor:
    """(N, N) inner products of rows (N, E), summed in another precision; only half of them are computed.

    Within `COLUMNS` columns, single precision rounds no more than the rows themselves do.
    """
    found = torch.zeros(len(rows), len(rows), dtype=exact, device=rows.device)
    strips = [(int(strip[0]), int(strip[-1]) + 1) for strip in torch.arange(len(rows)).chunk(STRIPS)]
    for part in torch.split(rows, COLUMNS, 1):
        for first, end in strips:
            found[first:end, :end] += part[first:end] @ part[:end].T
    for first, end in strips:
        found[:first, first:end] = found[first:end, :first].T
    return found


def _groups(copies: Tensor) -> list[Tensor]:
    """The rows (n, size) of the groups of each size from 2 on. A group of all rows is none: nothing would remain."""
    _, places, sizes = torch.unique(copies, return_inverse=True, return_counts=True)
    order = torch.argsort(places, stable=True)
    of_row = sizes[places[order]]
    found = [(int(size), order[of_row == size]) for size in torch.unique(sizes)]
    return [rows.reshape(-1, size) for size, rows in found if 1 < size < len(copies)]


def left_out_rows(count: int) -> Tensor:
    """(M,) the rows to leave out in turn: all of `count`, or `MAX_LEFT_OUT` evenly spaced ones."""
    return torch.linspace(0, count - 1, min(count, MAX_LEFT_OUT)).round().long()
