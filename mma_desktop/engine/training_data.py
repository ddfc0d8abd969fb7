"""Input of a training or an evaluation: cached features with labels, and their classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Role
from mma_desktop.engine.backbones.backbone_table import RowLayout

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.text_tower import TextTower

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def tensor_of(array: NDArray[Any]) -> Tensor:
    """A tensor that is not to be modified: it shares memory, unless the array is read-only, which torch refuses."""
    return torch.from_numpy(array) if array.flags.writeable else torch.tensor(array)


def check_finite(rows: Floats) -> None:
    """Refuse rows (N, E) with anything that is not a finite number, with a `UserError`."""
    if not np.isfinite(rows).all():
        raise UserError.tr("Some embeddings are damaged (not numbers). Clear the embeddings and embed again.")


class Prepared:
    """What a training prepared of rows `given` (U, E) without a label and their `components`, for later ones."""

    def __init__(self, given: Floats, components: Floats | None) -> None:
        self.given, self.components = given, components


@dataclass(frozen=True, eq=False)
class FeatureSet:
    """Image features (N, E) float32, whole rows, with class indices (N,) int64.

    `copies` (N,) is equal for images of the same image, which are held out together; by default each image is a
    image of its own.
    """

    features: Floats
    labels: Integers
    copies: Integers = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        object.__setattr__(self, "features", np.asarray(self.features, dtype=np.float32))
        object.__setattr__(self, "labels", np.asarray(self.labels, dtype=np.int64))
        if self.features.ndim != 2 or self.labels.shape != (len(self.features),):
            raise ValueError(f"features {self.features.shape} and labels {self.labels.shape} do not belong together")
        if not len(self.copies):
            object.__setattr__(self, "copies", np.arange(len(self)))
        if self.copies.shape != self.labels.shape:
            raise ValueError(f"copies {self.copies.shape} and labels {self.labels.shape} do not belong together")

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def empty(cls, width: int) -> FeatureSet:
        return cls(np.zeros((0, width), np.float32), np.zeros(0, np.int64))

    def select(self, rows: NDArray[np.bool_] | Integers) -> FeatureSet:
        return FeatureSet(self.features[rows], self.labels[rows], self.copies[rows])

    def of_classes(self, classes: Integers) -> FeatureSet:
        """Select the images of these classes; labels are unchanged."""
        kept = np.isin(self.labels, classes)
        return self if kept.all() else self.select(kept)

    def joined(self, other: FeatureSet) -> FeatureSet:
        """These images, then those of another set; copies are no longer known."""
        features = np.concatenate([self.features, other.features])
        return FeatureSet(features, np.concatenate([self.labels, other.labels]))

    def covers(self, classes: Integers) -> bool:
        """Whether all of these classes have an image."""
        return bool(np.isin(classes, self.labels).all())

    def counts(self, classes: int = 1) -> Integers:
        """(C,) how many images each class has, its copies counted once; C is at least `classes`."""
        return np.bincount(np.unique(np.stack([self.labels, self.copies]), axis=1)[0], minlength=classes)

    @property
    def can_be_left_out(self) -> NDArray[np.bool_]:
        """(N,) whether the class still has an image if this one is left out with its copies."""
        return self.counts()[self.labels] > 1

    def fewest_images(self, classes: Integers) -> int:
        """The number of images in the smallest of these classes; an image counts for the class of its first copy."""
        first = np.unique(self.copies, return_index=True)[1]
        return min(int((self.labels[first] == index).sum()) for index in classes)


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Everything that a training needs, as plain arrays that are not modified.

    `reads` (C,) is what the text encoder reads for each class; empty if it reads the names.

    Only the shots of base classes are trained on; images of new classes are used only in `test`, so put all their
    labelled images there. If `validation` or `test` lacks a base class, cross-validation over the shots replaces it. No
    image may be in two of the three sets; this is not checked.

    `proposed` marks the shots whose label accepts a prediction: trained on, but never measured, since a model would be
    judged by what a model said. `by_hand` marks those that a person picked or was asked about. They are more typical
    than the images at hand, so they are not left out to tell which of these are unknown images
    (`methods.open_mixture`). `confirmed` marks those that a spot check of accepted labels, or of a class, found right:
    measured, but as typical as accepted ones, so they do not tell how known images score (`methods.open_set`).

    `none` (M, E) are rows of images of none of the classes; `none_proposed` marks those whose label accepts a
    prediction, which do not tell how such images score. `background` (V, D) are text features of what images often
    show.

    `unlabelled` (U, E) are rows of images without a label, in any order: they may tell the groups of unknown images
    among them, and a transductive training learns from them where the classes lie. It looks along `components` (E, M),
    which are `transduction.principal_axes` of such images; if None, of these and the shots, which takes as long as the
    fit. `kept` is what was prepared of both for an earlier training.

    `class_weight` is "balanced", or the weights of classes by index, above 0, and 1 for the others (scikit-learn's).

    `encoder` is the text encoder for methods that learn its inputs, `projection` (P, D) the backbone's for methods that
    learn it. `layout` describes the rows of image features; None if they are (N, D).
    """

    class_names: Sequence[str]
    roles: Sequence[Role]
    text_features: Floats  # (C, D), L2-normalised
    logit_scale: float
    shots: FeatureSet
    validation: FeatureSet = field(default_factory=lambda: FeatureSet.empty(0))
    test: FeatureSet = field(default_factory=lambda: FeatureSet.empty(0))
    encoder: TextTower | None = None
    projection: Floats | None = None
    layout: RowLayout | None = None
    proposed: NDArray[np.bool_] | None = None  # (N,) of the shots
    by_hand: NDArray[np.bool_] | None = None  # likewise
    confirmed: NDArray[np.bool_] | None = None  # likewise
    reads: Sequence[str] = ()
    none: Floats | None = None
    none_proposed: NDArray[np.bool_] | None = None  # (M,)
    unlabelled: Floats | None = None
    components: Floats | None = None
    kept: Prepared | None = None
    background: Floats | None = None
    class_weight: str | Mapping[int, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", tuple(self.reads or self.class_names))
        object.__setattr__(self, "text_features", np.asarray(self.text_features, dtype=np.float32))
        object.__setattr__(self, "roles", tuple(Role(role) for role in self.roles))
        count = len(self.class_names)
        if {len(self.roles), len(self.reads)} != {count} or self.text_features.shape[:-1] != (count,):
            raise ValueError("class names, roles and text features do not belong together")
        masks = (mask for mask in (self.proposed, self.by_hand, self.confirmed) if mask is not None)
        if not {len(mask) for mask in masks} <= {len(self.shots)}:
            raise ValueError("shots and their masks do not belong together")
        for name in ("validation", "test"):
            if not getattr(self, name):
                object.__setattr__(self, name, FeatureSet.empty(self.image_dim))
        for part in (self.shots, self.validation, self.test):
            if part.features.shape[1] != self.image_dim:
                raise ValueError(f"rows of {part.features.shape[1]} numbers, and the layout says {self.image_dim}")
            if len(part) and not 0 <= part.labels.min() <= part.labels.max() < count:
                raise ValueError("a label is not an index of a class name")
            check_finite(part.features)
        if self.unlabelled is not None and (self.kept is None or self.kept.given is not self.unlabelled):
            check_finite(self.unlabelled)
        if not np.isfinite(self.text_features).all():
            raise UserError.tr("The embedding of a class name is damaged (not numbers). Choose another backbone.")

    def with_shots(self, shots: FeatureSet, **others: Any) -> TrainingData:
        """With other shots, of which no mask is known, and other values of fields."""
        return replace(self, shots=shots, proposed=None, by_hand=None, confirmed=None, **others)

    @property
    def embed_dim(self) -> int:
        return int(self.text_features.shape[1])

    @property
    def rows(self) -> RowLayout:
        return self.layout or RowLayout.plain(self.embed_dim)

    @property
    def image_dim(self) -> int:
        """Length E of a row of image features."""
        return self.rows.width

    def classes_of(self, role: Role) -> Integers:
        """The indices of the classes with this role, in order."""
        return np.array([i for i, other in enumerate(self.roles) if other is role], dtype=np.int64)
