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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import NamedTuple, Self

import torch
from torch import Tensor
from torch.nn import functional

# Values of r for rows whose parts have about unit length. They are averaged by likelihood, so a wide range costs only
# time. In single precision, less than 0.01 is lost in rounding.
PENALTIES = tuple(10 ** (exponent / 2) for exponent in range(-5, 3))
LARGE_PENALTIES = (0.01, 0.1, 1.0)
MAX_DOUBLE_ROWS = 1000  # maximum rows for double precision, which is cheap up to here
MAX_LEFT_OUT = 4096  # maximum rows with leave-one-out predictions, by memory
MIN_SPECTRUM_PENALTIES = 3  # penalties for which one spectrum costs less than a triangular factor each
AT_ONCE = 1 << 20  # numbers that are worked out at once, by memory; of few rows single penalties take mostly calls
STRIPS, COLUMNS = 4, 256  # parts of rows and columns of `inner_products`: by time, and by rounding
PADDING = 1.5  # how many times as large a group may be as another that is padded for it, by time
MIN_REMAINING = 1e-6  # of 1 - H_ii, which rounding could bring to 0
MIN_SCALE = 1e-3  # of a discriminant, relative to scores of unit variance: an order must remain to be seen


Group = tuple[Tensor, Tensor]
"""Rows that are left out together: places (n, g) in n groups of about one size, and which are no padding (n, g)."""


class Inverse:
    """(K + r I)^-1 of a Gram matrix K (N, N) for P penalties r: by its spectrum, or by a triangular factor for each.

    Args:
        gram: K.
        penalties: How many penalties will be used; None for many.
    """

    def __init__(self, gram: Tensor, penalties: int | None = None) -> None:
        self._gram = gram
        self._last: tuple[float, Tensor] | None = None
        self._blocks: dict[tuple[tuple[float, ...], int], tuple[Tensor, Tensor]] = {}
        self.has_spectrum = len(gram) <= MAX_DOUBLE_ROWS and (penalties or len(PENALTIES)) >= MIN_SPECTRUM_PENALTIES
        if self.has_spectrum:
            # One spectrum serves all penalties: (K + r I)^-1 = V diag(1 / (v + r)) V'.
            values, vectors = torch.linalg.eigh(gram)
            self._values: Tensor = values.clamp_min(0)
            self._vectors: Tensor = vectors

    def times(self, columns: Tensor, penalties: Sequence[float]) -> Tensor:
        """The products (P, N, C) with columns (N, C)."""
        if not self.has_spectrum:
            return torch.stack([root @ (root.T @ columns) for root in map(self.root, penalties)])
        # (N, P, C), for one product of all
        shrunk = (self._vectors.T @ columns).unsqueeze(1) * self._shrinks(penalties).T.unsqueeze(2)
        return (self._vectors @ shrunk.flatten(1)).view_as(shrunk).transpose(0, 1)

    def diagonal(self, penalties: Sequence[float]) -> Tensor:
        """(P, N)."""
        if not self.has_spectrum:
            return torch.stack([self.root(penalty).square().sum(1) for penalty in penalties])
        return self._shrinks(penalties) @ self._vectors.T.square()

    def blocks(self, penalties: tuple[float, ...], places: Tensor) -> Tensor:
        """(P, n, g, g) of the rows in groups (n, g); kept for the next classifier that has this inverse."""
        # The places are kept with the blocks, so that no other tensor gets their id.
        key, size = (penalties, id(places)), places.shape[1]
        if key not in self._blocks and not self.has_spectrum:
            self._blocks[key] = places, torch.stack([_inner(self.root(penalty)[places]) for penalty in penalties])
        elif key not in self._blocks:
            rows = self._vectors[places]
            # (n, P g, N): all penalties of a group in one product
            shrunk = (rows.unsqueeze(1) * self._shrinks(penalties).unsqueeze(1)).flatten(1, 2)
            self._blocks[key] = places, (shrunk @ rows.mT).view(-1, len(penalties), size, size).transpose(0, 1)
        return self._blocks[key][1]

    def _shrinks(self, penalties: Sequence[float]) -> Tensor:
        """(P, N) the eigenvalues of the inverses."""
        return (self._values + self._values.new_tensor(penalties).unsqueeze(1)).reciprocal()

    def root(self, penalty: float) -> Tensor:
        """A matrix A (N, N) with A A' = (K + r I)^-1, without a spectrum; only the newest is kept."""
        if self._last is None or self._last[0] != penalty:
            factor = _cholesky(self._gram, penalty)
            # `cholesky_inverse` would be 10 times slower.
            half: Tensor = torch.linalg.solve_triangular(factor, torch.eye(len(factor)).to(factor), upper=False)
            self._last = penalty, half.T
        return self._last[1]


def _cholesky(gram: Tensor, penalty: float) -> Tensor:
    """The Cholesky factor L of a Gram matrix plus the penalty."""
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
        left_out_rows: (M,) rows with leave-one-out predictions.
        products: As the argument; None if there are more rows than features.
        inverse: Of the centred products; None likewise.
    """

    mean: Tensor
    inverse: Inverse | None
    _rows: Tensor
    _groups: list[Group]

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
        exact = torch.float32 if large or rows.device.type == "mps" else torch.float64  # MPS has no doubles
        count = len(rows)
        weight = torch.ones(count, dtype=exact, device=rows.device) if importance is None else importance.to(exact)
        self._weighs, self._weight, self._total = importance is not None, weight, weight.sum()
        # The smaller of the two systems: (N, N) of the rows, or (E, E) of the features.
        self._dual = count <= rows.shape[1]
        if like is not None:
            self.mean, centred_rows, products = like.mean, like._rows, like.products
        else:
            # Products are centred again, so for them any vector near the mean will do. Features are centred before
            # they are rounded, which small penalties are sensitive to.
            wide, share = (rows, weight.to(rows)) if self._dual else (rows.to(exact), weight)
            mean = share @ wide / share.sum()
            centred_rows = wide - mean
            self.mean = mean.float()
        self._rows = centred_rows.float()
        self._labels, self._classes = labels, classes
        self.left_out_rows = left_out_rows(count).to(rows.device)
        self._copies = copies
        self._known: dict[tuple[float, ...], tuple[Tensor, ...]] = {}
        if like is not None and copies is like._copies:
            self._groups = like._groups
        else:
            self._groups = [] if copies is None or count > MAX_LEFT_OUT else _groups(copies)
        self.products: Tensor | None = None
        centred: Tensor | None = None
        if self._dual:
            self.products = inner_products(centred_rows, exact) if products is None else products.to(exact)
            means = weight @ self.products / self._total
            # Double centring gives (X - m)(X - m)' without the rows, as for kernel PCA.
            centred = self.products - means - means.unsqueeze(1) + weight @ means / self._total
        self._gram = self._prepare(centred_rows, centred)
        known = None if like is None else like.inverse
        self.inverse = (known or Inverse(self._gram, penalties)) if self._dual else None

    def with_copies(self, copies: Tensor) -> Self:
        """The same classifier with other rows left out together; nothing is computed again."""
        other = copy(self)
        other._copies = copies
        other._groups = [] if len(self._rows) > MAX_LEFT_OUT else _groups(copies)
        return other

    def left_out(self, penalties: Sequence[float]) -> Tensor:
        """Leave-one-out predictions (P, M, K) of the rows `left_out_rows`, float32."""
        return torch.cat([self._left_out(some) for some in self._in_turn(penalties)]).float()

    def _in_turn(self, penalties: Iterable[float]) -> Iterator[tuple[float, ...]]:
        """The penalties that are worked out together: more than one at a time with a spectrum, if the rows are few."""
        size, remaining = 1, tuple(penalties)
        if self.inverse is not None and self.inverse.has_spectrum:
            size = max(1, AT_ONCE // (len(self._rows) * max(len(self._rows), self._classes)))
        return (remaining[at : at + size] for at in range(0, len(remaining), size))

    def _solved(self, penalties: tuple[float, ...]) -> tuple[Tensor, ...]:
        """`_solve`, or what it found when it was asked for these and others."""
        for key, known in self._known.items():
            if set(penalties) <= set(key):
                at = [key.index(penalty) for penalty in penalties]
                return known if key == penalties else tuple(part[at] for part in known)
        self._known[penalties] = solved = self._solve(penalties)
        return solved

    def _spread(self, dual: Tensor) -> Tensor:
        """(E, K) of weights of the rows (N, K)."""
        # The transposed product takes a quarter of the time for few rows.
        return (dual.T @ self._rows).T

    @abstractmethod
    def _prepare(self, rows: Tensor, products: Tensor | None) -> Tensor:
        """What the penalty is added to: (E, E) of centred rows, or (N, N) of their centred `products`."""

    @abstractmethod
    def _solve(self, penalties: tuple[float, ...]) -> tuple[Tensor, ...]:
        """(P, ...) what predictions and weights both need; more than one penalty only with a spectrum."""

    @abstractmethod
    def _left_out(self, penalties: tuple[float, ...]) -> Tensor:
        """`left_out` of penalties that are worked out together."""

    @abstractmethod
    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        """Weights (E, K) and offsets (K,), float32, of all rows: the sum over penalties, each times its share."""


class Ridge(ClosedForm):
    """Ridge regression; see the module."""

    def _prepare(self, rows: Tensor, products: Tensor | None) -> Tensor:
        targets = functional.one_hot(self._labels, self._classes).to(self._weight)
        self._root = root = self._weight.sqrt().unsqueeze(1)
        self._intercept = self._weight @ targets / self._total
        # Weighted least squares: rows and targets times the roots of the weights.
        self._targets = root * (targets - self._intercept)
        if products is not None and not self._weighs:  # copies of rows cost more than what is done with them
            return products
        self._rows = self._rows * root.float()
        return (root * rows).T @ (root * rows) if products is None else root * products * root.T

    def _solve(self, penalties: tuple[float, ...]) -> tuple[Tensor, ...]:
        """The weights of the rows (P, N, K), or with more rows than features those of features (P, E, K)."""
        if self.inverse is not None:
            return (self.inverse.times(self._targets, penalties),)
        inner = self._rows.to(self._targets).T @ self._targets
        return (torch.stack([torch.cholesky_solve(inner, _cholesky(self._gram, penalty)) for penalty in penalties]),)

    def _left_out(self, penalties: tuple[float, ...]) -> Tensor:
        judged, (solved,) = self.left_out_rows, self._solved(penalties)
        if (inverse := self.inverse) is not None:  # I - H is r (X X' + r I)^-1, but for the 1/N
            factor = solved.new_tensor(penalties).view(-1, 1, 1)
            residual = factor * solved[:, judged]
            diagonal = factor[:, 0] * inverse.diagonal(penalties)[:, judged]

            # (P, n, g, g): I - H among the rows of a group
            def remaining(places: Tensor) -> Tensor:
                return factor.unsqueeze(3) * inverse.blocks(penalties, places)

        else:
            rows, lower = self._rows.to(solved)[judged], _cholesky(self._gram, penalties[0])
            residual = self._targets[judged] - rows @ solved
            root = torch.linalg.solve_triangular(lower, rows.T, upper=False).T
            diagonal = (1 - root.square().sum(1)).unsqueeze(0)

            def remaining(places: Tensor) -> Tensor:
                return torch.eye(places.shape[1]).to(root) - _inner(root[places]).unsqueeze(0)

        roots = self._root[judged]
        # What the unpenalised intercept adds to H: the 1/N of the module, for weighted rows.
        level = self._weight[judged] / self._total
        error = residual / (diagonal - level).clamp_min(MIN_REMAINING).unsqueeze(2)
        # Rows that are left out together replace what was just computed for each of them alone.
        for places, real in self._groups:
            block = _without_padding(remaining(places) - roots[places] @ roots[places].mT / self._total, real)
            # Padding gets 1, or nothing could be solved; equal rows make a block singular but for the last digit.
            block.diagonal(dim1=2, dim2=3).add_(~real + torch.finfo(block.dtype).eps)
            error[:, places[real]] = torch.linalg.solve(block, residual[:, places] * real.unsqueeze(2))[:, real]
        return (self._targets[judged] - error) / roots + self._intercept

    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        total = torch.zeros_like(self._targets[0])
        for some in self._in_turn(shares):
            (solved,) = self._solved(some)
            total = total + torch.tensordot(solved.new_tensor([shares[penalty] for penalty in some]), solved, 1)
        weights = total.float() if self.inverse is None else self._spread(total.float())
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
        self._indicators = self._averages * self._counts.sqrt()
        return products

    def _left_out(self, penalties: tuple[float, ...]) -> Tensor:
        judged, classes = self.left_out_rows, self._classes
        labels, solved = self._labels[judged], _Solved(*self._solved(penalties))
        # Rows in no group are left out alone, as groups of one without padding.
        alone = torch.ones(len(labels), dtype=torch.bool, device=labels.device)
        for places, real in self._groups:
            alone[places[real]] = False
        single = torch.nonzero(alone)
        distances = solved.inner.new_zeros(len(penalties), len(labels), classes)
        no_others = torch.zeros_like(distances[0], dtype=torch.bool)
        for places, real in ((single, torch.ones_like(single, dtype=torch.bool)), *self._groups):
            scores, without = self._without(penalties, (places, real), labels[places], solved)
            distances[:, places[real]], no_others[places[real]] = scores[:, real], without[real]
        # Less the mean over the classes that are left, which leaves out what is the same for all of a row.
        left = (~no_others).sum(1, keepdim=True).clamp_min(1)
        distances = distances.masked_fill(no_others, 0.0)
        distances = (distances - distances.sum(2, keepdim=True) / left).masked_fill(no_others, 0.0)
        for penalty, scores in zip(penalties, distances, strict=True):
            if penalty not in self.scales:
                self.scales[penalty] = _least_squares_scale(scores, functional.one_hot(labels, classes) - 1 / left)
        scales = distances.new_tensor([self.scales[penalty] for penalty in penalties]).view(-1, 1, 1)
        return (scales * distances + 1 / left).masked_fill(no_others, 0.0)

    def weights(self, shares: Mapping[float, float]) -> tuple[Tensor, Tensor]:
        if missing := [penalty for penalty in shares if penalty not in self.scales]:
            self.left_out(missing)
        total = offsets = torch.zeros_like(self._averages[0])
        for some in self._in_turn(shares):
            spent, _, between, *_ = self._solved(some)
            scales = spent.new_tensor([shares[penalty] * self.scales[penalty] for penalty in some])
            offsets = offsets - 0.5 * scales @ between.diagonal(dim1=1, dim2=2)
            if not self._dual:
                total = total + torch.tensordot(scales, spent, 1)
                continue
            scales = scales / spent.new_tensor(some)
            spent = torch.tensordot(scales, spent, 1)
            # Weights of the rows: r S^-1 M' = M' - D' (D D' + r I)^-1 D M', and the second part belongs to deviations.
            total = total + scales.sum() * self._averages - spent + (self._averages.T @ spent)[self._labels]
        total = (total - total.mean(1, keepdim=True)).float()
        weights = self._spread(total) if self._dual else total
        offsets = (offsets - offsets.mean()).float() + sum(shares.values()) / self._classes
        return weights, offsets - self.mean @ weights

    def _solve(self, penalties: tuple[float, ...]) -> tuple[Tensor, ...]:
        """The fields of `_Solved`."""
        judged, inverse = self.left_out_rows, self.inverse
        if inverse is None:
            factor = _cholesky(self._gram, penalties[0])
            root, means = (
                torch.linalg.solve_triangular(factor, part.T, upper=False).T
                for part in (self._deviations[judged], self._means)
            )
            spent = torch.cholesky_solve(self._means.T, factor)
            fields = spent, root @ means.T, means @ means.T, root.square().sum(1), root
            return _Solved(*(part.unsqueeze(0) for part in fields))
        # With the identities of the module. The column of a class without rows is 0, and so is what belongs to it.
        indicators = self._indicators
        both = inverse.times(torch.cat([indicators, self._to_means], 1), penalties)
        projected, to_means = both.chunk(2, 2)
        penalty = both.new_tensor(penalties).view(-1, 1, 1)
        factor = torch.linalg.cholesky(indicators.T @ projected + torch.diag((self._counts == 0).to(projected)))
        lost = torch.linalg.solve_triangular(factor, projected.mT, upper=False).mT
        spent = to_means - lost @ (lost.mT @ self._to_means)
        between = (self._of_means - self._to_means.T @ spent) / penalty
        judged_indicators, lost_judged = indicators[judged], lost[:, judged]
        diagonal = penalty[:, 0] * (lost_judged.square().sum(2) - inverse.diagonal(penalties)[:, judged])
        return _Solved(spent, spent[:, judged], between, diagonal + 1 - judged_indicators.square().sum(1), lost_judged)

    def _scatter(self, penalties: tuple[float, ...], places: Tensor, solved: _Solved) -> Tensor:
        """D_G S^-1 D_G' (P, n, g, g) of groups (n, g)."""
        across = _inner(solved.root[:, places])
        if self.inverse is None:
            return across
        across = across.new_tensor(penalties).view(-1, 1, 1, 1) * (across - self.inverse.blocks(penalties, places))
        class_means = _inner(self._indicators[self.left_out_rows][places])
        return torch.eye(places.shape[1]).to(across) + across - class_means

    def _without(
        self, penalties: tuple[float, ...], group: Group, labels: Tensor, solved: _Solved
    ) -> tuple[Tensor, Tensor]:
        """-1/2 times distances (P, n, g, K) of rows in groups (n, g), and (n, g, K) which classes have no others."""
        # Less what is the same for all classes of a row.
        places, real = group
        # The Woodbury identity of the module, for all groups and penalties at once; of single rows W is a number.
        size = places.shape[1]
        kinds = functional.one_hot(labels, self._classes).to(solved.inner) * real.unsqueeze(2)
        remaining = self._counts - kinds.sum(1)  # (n, K)
        share = torch.where(remaining > 0, 1 / remaining.clamp_min(1), torch.zeros_like(remaining))
        shifts = kinds * share.unsqueeze(1)  # (n, g, K), what each row moves the class mean by, in deviations
        inner = solved.inner[:, places] * real.unsqueeze(2)  # (P, n, g, K), D_G S^-1 M'
        weights = torch.eye(size).to(solved.inner) + shifts @ kinds.mT
        if size == 1:
            scatter = solved.diagonal[:, places].unsqueeze(3)
            block = 1 / weights - scatter
        else:
            scatter = _without_padding(self._scatter(penalties, places, solved), real)
            block = torch.linalg.inv(weights) - scatter
        block.diagonal(dim1=2, dim2=3).add_(torch.finfo(block.dtype).eps)  # equal rows make it singular
        both = torch.cat([inner, scatter], 3)
        solution = both / block if size == 1 else torch.linalg.solve(block, both)
        of_row = labels.unsqueeze(1).expand(len(inner), -1, size, -1)
        own_class = inner.gather(3, of_row)  # (P, n, j, i), of the class of row i
        # In S'^-1: products of deviations (P, n, g, g), and (P, n, g, K) of these with means, and of own with all means
        across, pairs = torch.split(both + scatter @ solution, [self._classes, size], 3)
        means = solved.between[:, labels] + own_class.mT @ solution[..., : self._classes]
        squared = solved.between.diagonal(dim1=1, dim2=2)[:, None, None]
        squared = squared + (inner * solution[..., : self._classes]).sum(2, keepdim=True)
        own_class = across.gather(3, of_row)
        squared = squared + ((pairs @ shifts - 2 * across) * shifts).sum(2, keepdim=True)
        distances = across + means - (pairs + own_class.mT) @ shifts - 0.5 * squared
        return distances, (remaining <= 0).unsqueeze(1).expand(-1, size, -1)


class _Solved(NamedTuple):
    """Products in S^-1 of the deviations D of the rows judged, and of the class means M, for each of P penalties.

    Attributes:
        spent: (D D' + r I)^-1 D M' (P, N, K) of all rows, or S^-1 M' (P, E, K) if there are more rows than features.
        inner: D S^-1 M' (P, M, K).
        between: M S^-1 M' (P, K, K).
        diagonal: That of D S^-1 D' (P, M).
        root: Of D S^-1 D', what `inverse` does not have: (P, M, K), or all of it (P, M, E) if there is none.
    """

    spent: Tensor
    inner: Tensor
    between: Tensor
    diagonal: Tensor
    root: Tensor


def _inner(parts: Tensor) -> Tensor:
    return parts @ parts.mT


def _without_padding(blocks: Tensor, real: Tensor) -> Tensor:
    """Blocks (..., n, g, g) with 0 where a row or a column is not `real` (n, g)."""
    return blocks.masked_fill(~(real.unsqueeze(2) & real.unsqueeze(1)), 0.0)


def _least_squares_scale(scores: Tensor, targets: Tensor) -> float:
    """The factor of scores (M, K) that brings them nearest to targets; above 0."""
    size = max(float(scores.square().sum()), 1e-30)
    return max(float((scores * targets).sum()) / size, float(MIN_SCALE * (len(scores) / size) ** 0.5))


def inner_products(rows: Tensor, exact: torch.dtype = torch.float64) -> Tensor:
    """(N, N) inner products of rows (N, E), summed in another precision."""
    products = torch.zeros(len(rows), len(rows), dtype=exact, device=rows.device)
    strips = [(int(strip[0]), int(strip[-1]) + 1) for strip in torch.arange(len(rows)).chunk(STRIPS)]
    # Products of few columns in single precision round no more than the rows do; their sum does, so it is in double.
    for part in torch.split(rows, COLUMNS, 1):
        for first, end in strips:
            products[first:end, :end] += part[first:end] @ part[:end].T
    # The matrix is symmetric: only the lower half is computed.
    for first, end in strips:
        products[:first, first:end] = products[first:end, :first].T
    return products


def _groups(copies: Tensor) -> list[Group]:
    """The groups of more than one row, those of about one size together. A group of all rows is none."""
    _, places, sizes = torch.unique(copies, return_inverse=True, return_counts=True)
    order, first = torch.argsort(places, stable=True), torch.cumsum(sizes, 0) - sizes
    # Rows of about one size share a batch, the largest first, so that little of it is padding.
    left, groups = sizes * ((sizes > 1) & (sizes < len(copies))), []
    while size := int(left.max()):
        some = (left > 0) & (left * PADDING >= size)
        real = torch.arange(size, device=copies.device) < sizes[some].unsqueeze(1)
        at = first[some].unsqueeze(1) + torch.arange(size, device=copies.device) * real
        groups.append((order[at], real))
        left[some] = 0
    return groups


def left_out_rows(count: int) -> Tensor:
    """(M,) the rows to leave out in turn: all of `count`, or `MAX_LEFT_OUT` evenly spaced ones."""
    return torch.linspace(0, count - 1, min(count, MAX_LEFT_OUT)).round().long()
