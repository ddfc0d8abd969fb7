"""What an estimator inherits from scikit-learn: parameters, `clone`, `score`, and the checks of labels."""

from __future__ import annotations

import os
from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any, NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils import assert_all_finite, check_consistent_length, column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from mma_desktop.core.class_names import is_text, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import shortened

if TYPE_CHECKING:  # scikit-learn has no types, and whatever inherits from it would have any attribute

    class PictureEstimator:
        """The interface of scikit-learn, for a classifier of images."""

        def get_params(self, deep: bool = True) -> dict[str, Any]:
            """The constructor's arguments by name."""

        def set_params(self, **params: Any) -> Self:
            """Set arguments of the constructor."""

        def __repr__(self, N_CHAR_MAX: int = 700) -> str:  # noqa: N803
            """The constructor's arguments that are not the defaults."""

        def score(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:  # noqa: N803
            """The share of images that are right, 0 to 1."""

        def fit_transform(self, X: Any, y: ArrayLike | None = None, **fit_params: Any) -> NDArray[np.float32]:  # noqa: N803
            """Fit to images and return their rows."""

else:

    class PictureEstimator(ClassifierMixin, TransformerMixin, BaseEstimator):
        """A scikit-learn classifier of images, also a transformer into rows as a step of a pipeline.

        Takes lists of images rather than a table of numbers, and checks them itself.
        """

        _repr_mimebundle_ = None
        """Notebooks show `_repr_html_`, not scikit-learn's table of parameters."""

        def __sklearn_tags__(self) -> Any:
            tags = super().__sklearn_tags__()
            tags.no_validation = True
            tags.input_tags.two_d_array = False
            tags.input_tags.string = True
            tags.transformer_tags.preserves_dtype = []  # rows are float32, whatever the images are
            return tags


_PLACES_SHOWN = 5  # in one sentence


def check_parameter(name: str, value: object, kinds: type | tuple[type | None, ...], what: str, least: int = 0) -> None:
    """Check the type of a parameter, of a whole number that it is not below `least`, and of texts that they are UTF-8.

    Raises:
        UserError: It is something else; the message has its name.
    """
    allowed = tuple(type(None) if kind is None else kind for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))
    good = isinstance(value, allowed) and not isinstance(value, bool)
    if not good or (isinstance(value, Integral) and int(value) < least):
        raise UserError(f"The parameter {name} must be {what}, not {value!r}.")
    texts = [*value, *value.values()] if isinstance(value, Mapping) else [value]
    if os.PathLike not in allowed and not all(is_text(text) for text in texts if isinstance(text, str)):
        raise UserError(f"The parameter {name} holds a text that is not UTF-8: {value!r}.")


def _missing(label: object) -> str:
    """The name of a missing value ("None", "NaN"), for messages; "" for a label."""
    if label is None or type(label).__name__ in {"NAType", "NaTType"}:  # pandas has its own kinds of nothing
        return "None" if label is None else "pd.NA" if type(label).__name__ == "NAType" else "pd.NaT"
    return "NaN" if isinstance(label, float | np.floating) and bool(np.isnan(label)) else ""


def checked_labels(labels: ArrayLike | None) -> NDArray[Any]:
    """(N,) class labels, texts or whole numbers.

    Raises:
        ValueError: They are missing, or one is (None, NaN, pd.NA), empty, not finite, not UTF-8, not of one dimension,
            or measurements rather than classes.
    """
    if labels is None:
        raise ValueError(
            "This classifier requires y to be passed, but the target y is None: give each picture's class, or with "
            "new= two or more class names, to learn from names alone"
        )
    missing = [
        (at, name) for at, label in enumerate(np.asarray(labels, object).ravel(), 1) if (name := _missing(label))
    ]
    if missing:
        names = " and ".join(sorted({name for _, name in missing}))
        places = shortened([str(at) for at, _ in missing], _PLACES_SHOWN)
        raise UserError(
            f"Input y contains {names}, which is no class: the label of picture {places} is missing. Leave these "
            "pictures out, or label them."
        )
    column: NDArray[Any] = column_or_1d(labels, warn=True)
    assert_all_finite(column, input_name="y")
    check_classification_targets(column)
    if strange := [label for label in column.tolist() if isinstance(label, str) and not is_text(label)]:
        raise UserError(f"Input y contains {strange[0]!r}, a label that is not UTF-8.")
    return column


def share_right(labels: NDArray[Any], answers: NDArray[Any], sample_weight: ArrayLike | None) -> float:
    """The share (0 to 1) of answers (N,) that are the labels (N,); a ValueError if they differ in length."""
    # They may differ in type, which scikit-learn refuses.
    check_consistent_length(labels, answers, sample_weight)
    pairs = list(zip(labels, answers, strict=True))  # a list of numbers and a text is of texts to NumPy
    right = [label == answer or name_key(str(label)) == name_key(str(answer)) for label, answer in pairs]
    weights = None if sample_weight is None else np.asarray(sample_weight, np.float64)
    return float(np.average(np.array(right, np.float64), weights=weights))


def refuse_unfitted(name: str) -> NoReturn:
    """Say that a classifier has learned nothing yet.

    Raises:
        NotFittedError: Always.
    """
    raise NotFittedError(f"This {name} is not fitted yet: call `fit`, or get a trained one from `load_classifier`.")
