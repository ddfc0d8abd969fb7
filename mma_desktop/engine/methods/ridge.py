"""Ridge regression from rows of image features to classes, with exact leave-one-out predictions at no extra cost.

Features X (N, E) and one-hot targets Y (N, K) are centred, which fits an unpenalised intercept. With the hat matrix H =
X (X'X + r I)^-1 X' + 1/N, the prediction for row i with row i left out is

    y_i - (y_i - (H Y)_i) / (1 - H_ii)

which is exact for every linear smoother of this kind (Allen 1974, "The relationship between variable selection and data
augmentation and a method for prediction"). For rows G that are left out together, such as copies of one picture, it is

    y_G - (I - H_GG)^-1 (y_G - (H Y)_G)
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

PENALTIES = tuple(10 ** (exponent / 2) for exponent in range(-6, 3))
"""Values of r, for rows whose parts have about unit length."""
LARGE_PENALTIES = (0.01, 0.1, 1.0)
"""Values of r to try in single precision."""
DOUBLE = 1000  # maximum rows for double precision, which is cheap up to here
JUDGED = 4096  # maximum rows with leave-one-out predictions
LEAST_REMAINING = 1e-6


class Ridge:
    """Ridge regressions of the same rows with several penalties.

    Args:
        rows: (N, E) float32.
        labels: (N,) class of each row, from 0 to K - 1.
        classes: K.
        products: (N, N) inner products of the rows after subtracting any one vector, if already computed.
        once: Whether only one penalty will be used.
        copies: (N,) equal for rows that are left out together. Ignored for more than `JUDGED` rows.
    """

    def __init__(
        self,
        rows: Tensor,
        labels: Tensor,
        classes: int,
        *,
        products: Tensor | None = None,
        once: bool = False,
        copies: Tensor | None = None,
    ) -> None:
        large = min(rows.shape) > DOUBLE
        self.penalties = LARGE_PENALTIES if large else PENALTIES
        exact = torch.float32 if large or rows.device.type == "mps" else torch.float64
        one = rows.to(exact)
        mean = one.mean(0)
        one = one - mean  # before rounding, which small penalties are sensitive to
        self.mean, self._rows = mean.float(), one.float()
        targets = functional.one_hot(labels, classes).to(exact)
        self._intercept = targets.mean(0)
        self._targets = targets - self._intercept
        count = len(rows)
        self.judged = judged_rows(count).to(rows.device)
        self._together = [] if copies is None or count > JUDGED else _groups(copies)
        self._dual = count <= rows.shape[1]
        self.products: Tensor | None = None
        if self._dual:
            self.products = one @ one.T if products is None else products.to(exact)
            means = self.products.mean(0)
            self._gram = self.products - means - means.unsqueeze(1) + means.mean()
        else:
            self._gram = one.T @ one
        self._spectrum: tuple[Tensor, Tensor] | None = None
        if self._dual and not large and not once:
            values, vectors = torch.linalg.eigh(self._gram)
            self._spectrum = values.clamp_min(0), vectors

    def fit(self, penalty: float) -> tuple[Tensor, Tensor, Tensor]:
        """Fit all rows with one penalty.

        Returns:
            Weights (E, K), offsets (K,), and leave-one-out predictions (M, K) of the M rows `judged`; all float32.
        """
        count = len(self._rows)
        if self._dual:
            root = self._inverse_root(penalty)
            dual = root @ (root.T @ self._targets)
            weights = self._rows.T @ dual.float()
            residual = penalty * dual[self.judged]
            root, free, sign = root[self.judged], 0.0, penalty
        else:
            factor = self._factor(penalty)
            rows = self._rows.to(factor.dtype)
            weights = torch.cholesky_solve(rows.T @ self._targets, factor)
            some = rows[self.judged]
            residual = self._targets[self.judged] - some @ weights
            root = torch.linalg.solve_triangular(factor, some.T, upper=False).T
            free, sign = 1.0, -1.0
        # I - H is free I + sign root root' - 1/N
        remaining = (free + sign * root.square().sum(1) - 1 / count).clamp_min(LEAST_REMAINING)
        error = residual / remaining.unsqueeze(1)
        for group in self._together:
            parts = root[group]
            block = sign * parts @ parts.mT - 1 / count
            block.diagonal(dim1=1, dim2=2).add_(free + torch.finfo(block.dtype).eps)
            error[group] = torch.linalg.solve(block, residual[group])
        left_out = self._targets[self.judged] - error
        weights = weights.float()
        offsets = self._intercept.float() - self.mean @ weights
        return weights, offsets, (left_out + self._intercept).float()

    def _inverse_root(self, penalty: float) -> Tensor:
        """A matrix A (N, N) with A A' = (K + r I)^-1."""
        if self._spectrum is not None:
            values, vectors = self._spectrum
            return vectors * (values + penalty).rsqrt()
        factor = self._factor(penalty)
        half: Tensor = torch.linalg.solve_triangular(factor, torch.eye(len(factor)).to(factor), upper=False)
        return half.T

    def _factor(self, penalty: float) -> Tensor:
        """The Cholesky factor L of the Gram matrix plus the penalty. `cholesky_inverse` would be 10 times slower."""
        factor: Tensor = torch.linalg.cholesky(self._gram + penalty * torch.eye(len(self._gram)).to(self._gram))
        return factor


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
