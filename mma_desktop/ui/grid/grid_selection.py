"""Which images of a long list are selected: one byte an image, so that selecting a million takes a millisecond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


class GridSelection:
    """A set of positions in a flat list, with the anchor that a range is drawn from.

    Positions outside the list are left out everywhere, so that the empty cells of a last row are never selected.
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
        """Take another list with this selection."""
        self.mask = mask
        self.anchor = -1
        self._base = None

    def grow(self, count: int) -> None:
        """The list has `count` entries more at its end; they are not selected."""
        self.mask = np.concatenate([self.mask, np.zeros(count, bool)])
        self._base = None

    def clear(self) -> None:
        """Select nothing."""
        self.mask[:] = False

    def all(self) -> None:
        """Select everything."""
        self.mask[:] = True

    def only(self, position: int) -> None:
        """Select one position, which ranges start from."""
        self.mask[:] = False
        self._set(position, True)
        self.anchor = position

    def toggle(self, position: int) -> None:
        """Add or take one position away; ranges start from it."""
        self._set(position, position not in self)
        self.anchor = position

    def range_to(self, position: int, keep: bool = False) -> None:
        """Select from the anchor to `position` in reading order; with `keep`, besides what is selected."""
        if not keep:
            self.mask[:] = False
        start = position if self.anchor < 0 else self.anchor
        first, last = sorted((start, position))
        self.mask[max(0, first) : last + 1] = True
        self.anchor = start

    def hold(self, keep: bool) -> None:
        """Begin a rubber band: with `keep` it adds to what is selected now."""
        self._base = self.mask.copy() if keep else np.zeros(len(self.mask), bool)

    def band(self, positions: Positions) -> None:
        """What the rubber band touches at the moment; what it left again is as it was at `hold`."""
        if self._base is None or len(self._base) != len(self.mask):
            self.hold(False)
        self.mask[:] = self._base
        self.mask[positions[(positions >= 0) & (positions < len(self.mask))]] = True

    def positions(self) -> Positions:
        """The selected positions, ascending."""
        return np.flatnonzero(self.mask).astype(np.int64)

    def _set(self, position: int, selected: bool) -> None:
        if 0 <= position < len(self.mask):
            self.mask[position] = selected
