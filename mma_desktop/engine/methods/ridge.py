"""Linear classifiers of rows of image features in closed form, with exact leave-one-out predictions at no extra cost.

Both have a penalty r on features X (N, E) with one-hot targets Y (N, K).

`Ridge`, ridge regression from X to Y. Both are centred, which fits an unpenalised intercept. With the hat matrix H = X
(X'X + r I)^-1 X' + 1/N, the prediction for rows G with these rows left out, such as one row or the copies of one
picture, is

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
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from typing import NamedTuple, Self

import torch
from torch import Tensor
from torch.nn import functional

PENALTIES = tuple(10 ** (exponent / 2) for exponent in range(-5, 3))
"""Values of r, for rows whose parts have about unit length."""
LARGE_PENALTIES = (0.01, 0.1, 1.0)
"""Values of r to try in single precision."""
DOUBLE = 1000  # maximum rows for double precision, which is cheap up to here
JUDGED = 4096  # maximum rows with leave-one-out predictions
SEVERAL = 3  # penalties for which one spectrum costs less than a triangular factor each
STRIPS = 8
LEAST_REMAINING = 1e-6
LEAST_SCALE = 1e-3


class ClosedForm(ABC):
    """A linear classifier of the same rows with several penalties.

    Args:
        rows: (N, E) float32.
        labels: (N,) class of each row, from 0 to K - 1.
        classes: K.
        products: (N, N) inner products of the rows after subtracting any one vector, if already computed.
        penalties: How many penalties will be used; None for many.
        copies: (N,) equal for rows that are left out together. Ignored for more than `JUDGED` rows.
        importance: (N,) weight of each row's error, above 0, as scikit-learn's `sample_weight`; None for 1. A
            discriminant, for which classes weigh the same whatever their rows, has no use for it.

    Attributes:
        judged: (M,) rows with leave-one-out predictions.
        products: As the argument; None if there are more rows than features.
    """

    def __init__(
        self,
        rows: Tensor,
        labels: Tensor,
        classes: int,
        *,
        products: Tensor | None = None,
        penalties: int | None = None,
        copies: Tensor | None = None,
        importance: Tensor | None = None,
    ) -> None:
        large = min(rows.shape) > DOUBLE
        self.penalties = LARGE_PENALTIES if large else PENALTIES
        exact = torch.float32 if large or rows.device.type == "mps" else torch.float64
        count = len(rows)
        weight = torch.ones(count, dtype=exact, device=rows.device) if importance is None else importance.to(exact)
        self._weight, self._total = weight, weight.sum()
        self._dual = count <= rows.shape[1]
        if self._dual:  # any vector near the mean will do, since the products are centred again
            one = rows
            mean = weight.to(rows) @ rows / self._total.to(rows)
        else:
            one = rows.to(exact)
            mean = weight @ one / self._total
        one = one - mean  # before rounding, which small penalties are sensitive to
        self.mean, self._rows = mean.float(), one.float()
        self._labels, self._classes = labels, classes
        self.judged = judged_rows(count).to(rows.device)
        self._together = [] if copies is None or count > JUDGED else _groups(copies)
        self.products: Tensor | None = None
        centred: Tensor | None = None
        if self._dual:
            self.products = inner_products(one.to(exact)) if products is None else products.to(exact)
            means = weight @ self.products / self._total
            centred = self.products - means - means.unsqueeze(1) + weight @ means / self._total
        self._gram = self._prepare(one, centred)
        self._last: tuple[float, Tensor] | None = None
        self._spectrum: tuple[Tensor, Tensor] | None = None
        if self._dual and not large and (penalties is None or penalties >= SEVERAL):
            values, vectors = torch.linalg.eigh(self._gram)
            self._spectrum = values.clamp_min(0), vectors

    def leaving(self, copies: Tensor | None) -> Self:
        """The same classifier with other rows left out together; nothing is computed again."""
        other = copy(self)
        other._together = [] if copies is None or len(self._rows) > JUDGED else _groups(copies)
        return other

    @abstractmethod
    def _prepare(self, rows: Tensor, products: Tensor | None) -> Tensor:
        """What the penalty is added to, (N, N) with centred `products`, else (E, E); `rows` are centred."""

    @abstractmethod
    def left_out(self, penalty: float) -> Tensor:
        """Leave-one-out predictions (M, K) of the rows `judged`, float32."""

    @abstractmethod
    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        """Weights (E, K) and offsets (K,), float32, of all rows: the sum over penalties, each times its share."""

    def _inverse_root(self, penalty: float) -> Tensor:
        """A matrix A (N, N) with A A' = (K + r I)^-1."""
        if self._spectrum is not None:
            values, vectors = self._spectrum
            return vectors * (values + penalty).rsqrt()
        if self._last is None or self._last[0] != penalty:
            factor = self._factor(penalty)
            half: Tensor = torch.linalg.solve_triangular(factor, torch.eye(len(factor)).to(factor), upper=False)
            self._last = penalty, half.T
        return self._last[1]

    def _factor(self, penalty: float) -> Tensor:
        """The Cholesky factor L of the Gram matrix plus the penalty. `cholesky_inverse` would be 10 times slower."""
        factor: Tensor = torch.linalg.cholesky(self._gram + penalty * torch.eye(len(self._gram)).to(self._gram))
        return factor


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
        """See `ClosedForm.left_out`."""
        if self._dual:
            root = self._inverse_root(penalty)
            residual = penalty * (root @ (root.T @ self._targets))[self.judged]
            root, free, sign = root[self.judged], 0.0, penalty
        else:
            factor = self._factor(penalty)
            rows = self._rows.to(factor)
            some = rows[self.judged]
            residual = self._targets[self.judged] - some @ torch.cholesky_solve(rows.T @ self._targets, factor)
            root = torch.linalg.solve_triangular(factor, some.T, upper=False).T
            free, sign = 1.0, -1.0
        # I - H is free I + sign root root' - 1/N
        own = self._root[self.judged]
        level = self._weight[self.judged] / self._total
        remaining = (free + sign * root.square().sum(1) - level).clamp_min(LEAST_REMAINING)
        error = residual / remaining.unsqueeze(1)
        for group in self._together:
            parts = root[group]
            block = sign * parts @ parts.mT - own[group] @ own[group].mT / self._total
            block.diagonal(dim1=1, dim2=2).add_(free + torch.finfo(block.dtype).eps)
            error[group] = torch.linalg.solve(block, residual[group])
        return ((self._targets[self.judged] - error) / own + self._intercept).float()

    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        """See `ClosedForm.weights`."""
        found = torch.zeros_like(self._targets[:0])
        if self._dual:
            roots = ((share, self._inverse_root(penalty)) for penalty, share in shares.items())
            dual = sum((share * (root @ (root.T @ self._targets)) for share, root in roots), found.new_zeros(()))
            weights = self._rows.T @ dual.float()
        else:
            inner = self._rows.to(found).T @ self._targets
            solved = (share * torch.cholesky_solve(inner, self._factor(penalty)) for penalty, share in shares.items())
            weights = sum(solved, found.new_zeros(())).float()
        return weights, sum(shares.values()) * self._intercept.float() - self.mean @ weights


class Discriminant(ClosedForm):
    """Linear discriminant analysis; see the module.

    A class of which all rows are left out together has the prediction 0, as with `Ridge`.

    Attributes:
        scales: The factor for each penalty that was used. If it is not set, it is the one that makes leave-one-out
            predictions nearest to Y.
    """

    def _prepare(self, rows: Tensor, products: Tensor | None) -> Tensor:
        self.scales: dict[float, float] = {}
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
        across = to_means[:, self._labels]
        return products - across - across.T + self._of_means[self._labels][:, self._labels]

    def left_out(self, penalty: float) -> Tensor:
        """See `ClosedForm.left_out`."""
        solved = self._solved(penalty)
        labels, classes = self._labels[self.judged], self._classes
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
            self.scales[penalty] = _nearest(found, functional.one_hot(labels, classes) - 1 / left, gone)
        return (self.scales[penalty] * found + 1 / left).masked_fill(gone, 0.0).float()

    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        """See `ClosedForm.weights`."""
        found = torch.zeros_like(self._averages if self._dual else self._means.T)
        offsets = torch.zeros_like(found[0])
        for penalty, share in shares.items():
            if penalty not in self.scales:
                self.left_out(penalty)
            scale = share * self.scales[penalty]
            offsets -= 0.5 * scale * self._solved(penalty).between.diagonal()
            if self._dual:
                root = self._inverse_root(penalty)
                spent = root @ (root.T @ self._to_means)
                spent = spent - (self._averages.T @ spent)[self._labels]
                found += scale / penalty * (self._averages - spent)
            else:
                found += scale * torch.cholesky_solve(self._means.T, self._factor(penalty))
        found = (found - found.mean(1, keepdim=True)).float()
        weights = self._rows.T @ found if self._dual else found
        offsets = (offsets - offsets.mean()).float() + sum(shares.values()) / self._classes
        return weights, offsets - self.mean @ weights

    def _solved(self, penalty: float) -> _Solved:
        if self._dual:
            root = self._inverse_root(penalty)
            of_means = root.T @ self._to_means
            between = (self._of_means - of_means.T @ of_means) / penalty
            root = root[self.judged]
            return _Solved(root, root @ of_means, between, 1.0, -penalty)
        factor = self._factor(penalty)
        root, means = (
            torch.linalg.solve_triangular(factor, part.T, upper=False).T
            for part in (self._deviations[self.judged], self._means)
        )
        return _Solved(root, root @ means.T, means @ means.T, 0.0, 1.0)

    def _without(self, group: Tensor, labels: Tensor, solved: _Solved) -> tuple[Tensor, Tensor]:
        """Minus half the distances (n, g, K) of rows in groups (n, g), and which classes have no other rows."""
        size = group.shape[1]
        kinds = functional.one_hot(labels, self._classes).to(solved.inner)
        rest = self._counts - kinds.sum(1)  # (n, K)
        share = torch.where(rest > 0, 1 / rest.clamp_min(1), torch.zeros_like(rest))
        moved = kinds * share.unsqueeze(1)  # (n, g, K), what each row moves the class mean by, in deviations
        parts = solved.root[group]
        one = torch.eye(size).to(parts)
        scatter = solved.free * one + solved.sign * parts @ parts.mT  # D_G S^-1 D_G'
        weights = one + moved @ kinds.mT
        inner = solved.inner[group]  # (n, g, K), D_G S^-1 M'
        own = inner.gather(2, labels.unsqueeze(1).expand(-1, size, -1))  # (n, j, i), of the class of row i
        across = own.mT.unsqueeze(2) - inner.mT.unsqueeze(1)  # (n, i, K, j)
        spread = solved.between.diagonal()
        apart = spread[labels].unsqueeze(2) + spread - 2 * solved.between[labels]  # (n, i, K)
        ways = one.unsqueeze(1) + moved.mT.unsqueeze(1)  # (n, i, K, j), x - m' in deviations, besides own mean to mean
        turned = ways @ scatter.unsqueeze(1)
        plain = (turned * ways).sum(3) + 2 * (across * ways).sum(3) + apart
        reach = (turned + across).flatten(1, 2)  # (n, i K, j)
        block = torch.linalg.inv(weights) - scatter
        block.diagonal(dim1=1, dim2=2).add_(torch.finfo(block.dtype).eps)
        extra = (reach * torch.linalg.solve(block, reach.mT).mT).sum(2)
        found = -0.5 * (plain + extra.reshape_as(plain))
        return found, (rest <= 0).unsqueeze(1).expand_as(found)


class _Solved(NamedTuple):
    """Products in S^-1 of the deviations D of the rows judged, and of the class means.

    D S^-1 D' is free I + sign root root', with root (M, R). `inner` (M, K) is of both, `between` (K, K) of the means.
    """

    root: Tensor
    inner: Tensor
    between: Tensor
    free: float
    sign: float


def _nearest(scores: Tensor, targets: Tensor, ignored: Tensor) -> float:
    """The factor of scores (M, K) that brings them nearest to targets; above 0."""
    used = scores.masked_fill(ignored, 0.0)
    size = max(float(used.square().sum()), 1e-30)
    return max(float((used * targets).sum()) / size, float(LEAST_SCALE * (len(scores) / size) ** 0.5))


def inner_products(rows: Tensor) -> Tensor:
    """(N, N) inner products of rows (N, E); only half of them are computed."""
    found = rows.new_empty(len(rows), len(rows))
    for strip in torch.arange(len(rows)).chunk(STRIPS):
        first, end = int(strip[0]), int(strip[-1]) + 1
        found[first:end, :end] = rows[first:end] @ rows[:end].T
        found[:first, first:end] = found[first:end, :first].T
    return found


def _groups(copies: Tensor) -> list[Tensor]:
    """The rows (n, size) of the groups of each size from 2 on. A group of all rows is none: nothing would remain."""
    _, places, sizes = torch.unique(copies, return_inverse=True, return_counts=True)
    order = torch.argsort(places, stable=True)
    of_row = sizes[places[order]]
    found = [(int(size), order[of_row == size]) for size in torch.unique(sizes)]
    return [rows.reshape(-1, size) for size, rows in found if 1 < size < len(copies)]


def judged_rows(count: int) -> Tensor:
    """(M,) the rows to leave out in turn: all of `count`, or `JUDGED` evenly spaced ones."""
    return torch.linspace(0, count - 1, min(count, JUDGED)).round().long()
