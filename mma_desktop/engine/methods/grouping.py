"""Groups of images that look alike, found without a name or a label: k-means, as many groups as the silhouette says.

On principal components of the rows, at unit length, spherical k-means finds the classes of a folder where its images
fall into groups at all. The number of groups is the one with the highest mean silhouette (Rousseeuw 1987); that also
tells whether they are groups: 0.3 for photographs of twenty kinds of things, 0.1 where images are alike (`CLEAR`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mma_desktop.engine.backbones.backbone_table import unit
from mma_desktop.engine.device import on_threads
from mma_desktop.engine.methods.open_mixture import DENSITY_POWER, k_means, mixture
from mma_desktop.engine.methods.quick import leading_directions
from mma_desktop.engine.methods.transduction import COMPONENTS

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

# Numbers of groups that are tried, in steps of a fifth.
NUMBERS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 29, 35, 42, 50, 60, 72, 86, 103, 124)
# Mean size of the smallest groups that are tried.
MIN_IN_GROUP = 8
# Starts of k-means: with ten, two of twenty classes shared a group on one order of caltech-20's images in three.
STARTS = 40
# Mean silhouette above which images fall into groups: 0.28 to 0.4 where groups hold one class, 0.09 to 0.15 where they
# are mixed.
CLEAR = 0.2
# Mean size of groups where they are not clear: the smaller they are, the fewer are mixed.
UNCLEAR = 20
# Maximum number of these, since each of them has to be looked at.
MAX_UNCLEAR = 24


@dataclass(frozen=True, eq=False)
class Grouping:
    """K groups of rows (N, E).

    Attributes:
        axes, mean: (E, M) principal axes of the rows, and what is taken from their coordinates (M,).
        centres: (K, M) of unit length.
        silhouettes: (K,) mean silhouette of each group's rows, -1 to 1.
        clear: Whether the rows fall into groups.
    """

    axes: Floats
    mean: Floats
    centres: Floats
    silhouettes: Floats
    clear: bool

    def points(self, rows: Floats) -> Floats:
        """(N, M) of unit length, of rows (N, E)."""
        return unit(rows @ self.axes - self.mean)

    def place(self, points: Floats, among: Sequence[int] = ()) -> tuple[Integers, Floats]:
        """(N,) the nearest group of each point, of all or `among` some, and the cosine with its centre."""
        groups = np.array(among or range(len(self.centres)))
        cosines = points @ self.centres[groups].T
        nearest: Integers = groups[cosines.argmax(1)]
        return nearest, cosines.max(1)

    def split(self, group: int, points: Floats) -> Grouping:
        """With one group in two, by some of its points (N, M); the second one is the last."""
        with _one_thread():
            halves = _closest(points, 2)
        if not halves.any():  # all are alike
            return self
        first, second = (unit(points[halves == half].mean(0)) for half in (0, 1))
        centres = np.concatenate([self.centres, second[None]])
        centres[group] = first
        return replace(self, centres=centres, silhouettes=np.append(self.silhouettes, self.silhouettes[group]))


def find_groups(rows: Floats) -> Grouping:
    """Group rows (N, E). Depends on their order, so callers sort them by content."""
    from scipy.cluster.hierarchy import linkage
    from sklearn.metrics import silhouette_samples

    if len(rows) < 2:
        nothing = np.zeros((rows.shape[1], 1), np.float32)
        return Grouping(nothing, nothing[0], nothing[:1], nothing[0], clear=False)
    with _one_thread():
        given = torch.from_numpy(rows)
        most = min(COMPONENTS, len(rows) - 1, rows.shape[1])
        axes: Floats = leading_directions(given - given.mean(0), most).numpy()
        mean: Floats = (rows @ axes).mean(0)
        points = unit(rows @ axes - mean)
        numbers = [number for number in NUMBERS if number <= len(rows) // MIN_IN_GROUP] or [1]
        if numbers == [1]:
            centre = unit(points.sum(0, keepdims=True))
            return Grouping(axes, mean, centre, np.zeros(1, np.float32), clear=False)
        # Of unit vectors: rounding may bring it below 0, and silhouettes want an exact diagonal.
        squares = np.maximum(2 - 2 * points @ points.T, 0)
        np.fill_diagonal(squares, 0)
        distances = np.sqrt(squares)

        def silhouettes(labels: Integers) -> Floats:
            if not labels.any():  # all rows are alike
                return np.zeros(len(labels), np.float32)
            values: Floats = silhouette_samples(distances, labels, metric="precomputed")
            return values

        tree = linkage(points, "ward")  # its groups are a good start for each number, and cost nothing
        means = [float(silhouettes(_from_tree(points, tree, number)).mean()) for number in numbers]
        clear = max(means) >= CLEAR
        number = numbers[int(np.argmax(means))] if clear else min(MAX_UNCLEAR, max(2, len(rows) // UNCLEAR))
        labels = _closest(points, number)
        # One-hot rows: products with them are sums over groups.
        members = np.eye(labels.max() + 1, dtype=np.float32)[labels]
        group_silhouettes = silhouettes(labels) @ members / members.sum(0).clip(1)
    return Grouping(axes, mean, unit(members.T @ points), group_silhouettes.astype(np.float32), clear)


def around(points: Floats, held: Integers, centres: Floats) -> tuple[Floats, Floats]:
    """Slopes (M, C) and offsets (C,) of a mixture of K known components and J groups: C = K + J.

    A point belongs to the component with the largest `point @ slopes + offsets`.

    Args:
        points: (N, M) of unit length.
        held: (N,) the known component of those that are held to one, 0 to K - 1 with each at least once; -1 elsewhere.
        centres: (J, M) that the groups start from.
    """
    # `mixture` takes what is held first.
    order = np.argsort(held < 0, kind="stable")
    given = torch.from_numpy(points[order]), torch.from_numpy(held[order])[None]
    with _one_thread():
        _, slopes, offsets = mixture(*given, int(held.max()) + 1, torch.from_numpy(centres)[None])
    return (DENSITY_POWER * slopes[0].T).numpy(), offsets[0].numpy()


@contextmanager
def _one_thread() -> Iterator[None]:
    # Sums over threads differ in their last digits.
    from threadpoolctl import threadpool_limits

    with on_threads(1), threadpool_limits(1):
        yield


def _from_tree(points: Floats, tree: NDArray[np.float64], number: int) -> Integers:
    from scipy.cluster.hierarchy import fcluster

    numbers = fcluster(tree, number, "maxclust")
    centres = np.stack([points[numbers == item].mean(0) for item in range(1, numbers.max() + 1)])
    return _counted(k_means(torch.from_numpy(points), torch.from_numpy(centres))[0])


def _closest(points: Floats, number: int) -> Integers:
    """Groups (N,) of the best of `STARTS` starts."""
    rows = torch.from_numpy(points)
    runs = (k_means(rows, number, start) for start in range(STARTS))
    return _counted(min(runs, key=lambda run: float((rows - run[1][run[0]]).square().sum()))[0])


def _counted(labels: Tensor) -> Integers:
    """From 0 to less than the number of groups: there may be fewer than were asked for, as some rows are alike."""
    counted: Integers = np.unique(labels.numpy(), return_inverse=True)[1].astype(np.int64)
    return counted
