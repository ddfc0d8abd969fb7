"""Selection in a long list: one byte per image, so that selecting a million takes a millisecond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


class GridSelection:
    """A set of positions in a flat list, with the anchor of range selections.

    Positions outside the list are ignored everywhere, so that empty cells of the last row are never selected.
    """

    def __init__(self) -> None:
        self.mask: Mask = np.zeros(0, bool)
        self.anchor = -1
        self._base: Mask | None = None

    def __len__(self) -> int:
        return int(np.count_nonzero(self.mask))

    def __contains__(self, position: int) -> bool:
        return 0 <= position < len(self.mask) and bool(self.mask[position])

    def reset(self, mask: Mask) -> None:
        self.mask = mask
        self.anchor = -1
        self._base = None

    def grow(self, count: int) -> None:
        self.mask = np.concatenate([self.mask, np.zeros(count, bool)])
        self._base = None

    def clear(self) -> None:
        self.mask[:] = False

    def all(self) -> None:
        self.mask[:] = True

    def only(self, position: int) -> None:
        self.mask[:] = False
        self._set(position, True)
        self.anchor = position

    def toggle(self, position: int) -> None:
        self._set(position, position not in self)
        self.anchor = position

    def range_to(self, position: int, keep: bool = False) -> None:
        """Select from the anchor to `position` in reading order; with `keep`, add to the selection."""
        if not keep:
            self.mask[:] = False
        start = position if self.anchor < 0 else self.anchor
        first, last = sorted((start, position))
        self.mask[max(0, first) : last + 1] = True
        self.anchor = start

    def hold(self, keep: bool) -> None:
        """Start a rubber band; with `keep`, it adds to the current selection."""
        self._base = self.mask.copy() if keep else np.zeros(len(self.mask), bool)

    def band(self, positions: Positions) -> None:
        """Select what the rubber band touches; everything else is as it was at `hold`."""
        if self._base is None or len(self._base) != len(self.mask):
            self.hold(False)
        self.mask[:] = self._base
        self.mask[positions[(positions >= 0) & (positions < len(self.mask))]] = True

    def positions(self) -> Positions:
        return np.flatnonzero(self.mask).astype(np.int64)

    def _set(self, position: int, selected: bool) -> None:
        if 0 <= position < len(self.mask):
            self.mask[position] = selected
