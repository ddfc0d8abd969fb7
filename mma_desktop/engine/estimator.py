"""What an estimator inherits from scikit-learn: parameters, `clone`, `score`, and the checks of labels."""

from __future__ import annotations

from typing import Any, NoReturn

from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils import assert_all_finite, column_or_1d
from sklearn.utils.multiclass import check_classification_targets


class PictureEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier of pictures in scikit-learn's sense.

    It is given a list of pictures, not a table of numbers, and checks them by itself.
    """

    _repr_mimebundle_ = None
    """Notebooks show `_repr_html_`, not scikit-learn's table of parameters."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.no_validation = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def checked_labels(labels: ArrayLike | None) -> NDArray[Any]:
    """(N,) class labels, texts or whole numbers.

    Raises:
        ValueError: They are missing, empty, not finite, not of one dimension, or measurements rather than classes.
    """
    if labels is None:
        raise ValueError("This classifier requires y to be passed, but the target y is None: give each picture's class")
    found: NDArray[Any] = column_or_1d(labels, warn=True)
    assert_all_finite(found, input_name="y")
    check_classification_targets(found)
    return found


def refuse_unfitted(name: str) -> NoReturn:
    """Say that a classifier has learned nothing yet.

    Raises:
        NotFittedError: Always.
    """
    raise NotFittedError(f"This {name} is not fitted yet: call `fit`, or get a trained one from `load_classifier`.")
