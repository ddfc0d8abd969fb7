"""scikit-learn's checks train on tables of numbers; here each row is drawn as a picture of stripes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop import Classifier


class RowsAsPictures(Classifier):
    """A classifier whose `X` (N, D) is drawn; all else is as it is."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags

    def fit(self, X: Any, y: Any = None, **more: Any) -> Any:  # noqa: N803 - scikit-learn's name
        pictures = drawn(X)
        self._row_length = np.shape(X)[-1]
        return super().fit(pictures, y, **more)

    def probabilities(self, images: Any, classes: Any = None) -> NDArray[np.float32]:
        return super().probabilities(drawn(images), classes)

    def transform(self, X: Any) -> NDArray[np.float32]:  # noqa: N803
        if np.shape(X)[-1] != getattr(self, "_row_length", np.shape(X)[-1]):
            raise ValueError("rows of another length")  # pictures may have any size
        return super().transform(drawn(X))


def drawn(rows: Any) -> list[NDArray[np.uint8]]:
    """A picture of each row: two stripes for each number. One tells small numbers apart, one numbers of any size."""
    numbers = np.asarray(rows, np.float64)
    values = 255 * np.concatenate([1 / (1 + np.exp(-numbers)), (1 + np.sin(numbers)) / 2], axis=-1)
    return [np.repeat(np.tile(row, (len(row), 1))[:, :, None], 3, axis=2).astype(np.uint8) for row in values]
