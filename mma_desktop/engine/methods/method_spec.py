"""What the table of methods says of a method and of its options. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Recipe

ZERO_SHOT = "zero-shot"
MULTI_MODAL_ADAPTER = "multi-modal-adapter"
MULTI_MODAL_ADAPTER_PLUS = "multi-modal-adapter-plus"
LINEAR_PROBE = "linear-probe"
VISUAL_HEAD = "visual_head"
"""The option of a method that says whether it carries a visual head."""
MAX_NUMBER = 2**53  # larger ones are not exact as a float; infinity and NaN are out, too


class OptionKind(StrEnum):
    """What a value of an option is."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One option of a method.

    `choices` belongs to `OptionKind.CHOICE`; `minimum` and `maximum` (both allowed values) to the two number kinds.
    `label` and `help` are what the person reads.
    """

    name: str
    kind: OptionKind
    default: float | int | bool | str
    label: str
    help: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def check(self, value: Any) -> float | int | bool | str:
        """The value in the type of this option.

        Raises:
            UserError: The value is of another type, out of range or not one of the choices.
        """
        result = self._typed(value)
        if result is None:
            raise UserError(
                tr(
                    "{option}: {value!r} is not usable. Give {allowed}.",
                    option=tr(self.label),
                    value=value,
                    allowed=self._allowed(),
                )
            )
        return result

    def _typed(self, value: Any) -> float | int | bool | str | None:
        if self.kind is OptionKind.BOOL:
            return value if isinstance(value, bool) else None
        if self.kind is OptionKind.CHOICE:
            return value if isinstance(value, str) and value in self.choices else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not abs(value) <= MAX_NUMBER:
            return None
        if (self.minimum is not None and value < self.minimum) or (self.maximum is not None and value > self.maximum):
            return None
        if self.kind is OptionKind.INT:
            return int(value) if value == int(value) else None
        return float(value)

    def _allowed(self) -> str:
        if self.kind is OptionKind.BOOL:
            return tr("true or false")
        if self.kind is OptionKind.CHOICE:
            return tr("one of {choices}", choices=", ".join(self.choices))
        low, high, whole = self.minimum, self.maximum, self.kind is OptionKind.INT
        if low is not None and high is not None:
            if whole:
                return tr("a whole number from {low:g} to {high:g}", low=low, high=high)
            return tr("a number from {low:g} to {high:g}", low=low, high=high)
        if low is not None:
            if whole:
                return tr("a whole number of at least {low:g}", low=low)
            return tr("a number of at least {low:g}", low=low)
        return tr("a whole number") if whole else tr("a number")


@dataclass(frozen=True, slots=True)
class Optimiser:
    """How the weights of a method move: everything of its recipe that is no number of `Recipe`.

    `kind` is "adam", "adamw", "sgd" (with momentum 0.9) or "lbfgs" (a step is one iteration with a line search).
    `schedule` is "constant", or "cosine": from the learning
    rate to 0 over all steps, each step its own. In `warm_up` epochs before that the rate is `WARM_UP_RATE`.
    """

    kind: str = "adam"
    schedule: str = "constant"
    warm_up: int = 0


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """One method.

    Attributes:
        id, title, summary: Its names, and a sentence for the person.
        source: The publication it follows.
        options: What can be set.
        trains: False where there is nothing to train.
        recipe: Its own recipe. A patience of 0 means no early stopping: all its epochs are trained.
        optimiser: Its own optimiser.
        sizes: Which of `methods.adapter.Sizes` the shapes of its tensors depend on.
        needs_encoder: It learns in front of the text encoder, so cached text features are not enough.
        needs_projection: It learns the visual projection, so the backbone's own has to be given.
        left_out: With shots alone, it is measured by leaving out one shot at a time, at no further cost.
        is_probe: It is a classifier of rows and nothing else: all that is fitted is a visual head.
        moves_new: What it learns reaches class names that it was not trained on. Where not, these are zero-shot.
    """

    id: str
    title: str
    summary: str
    source: str
    options: tuple[OptionSpec, ...] = ()
    trains: bool = True
    recipe: Recipe = field(default_factory=Recipe)
    optimiser: Optimiser = Optimiser()
    sizes: tuple[str, ...] = ()
    needs_encoder: bool = False
    needs_projection: bool = False
    left_out: bool = False
    is_probe: bool = False
    moves_new: bool = True

    def sizes_with(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """Which sizes the tensors of a trained one depend on, with these options: a visual head has its own."""
        head = ("classes", "row") if options.get(VISUAL_HEAD, self.is_probe) else ()
        return tuple(dict.fromkeys((*self.sizes, *head)))

    def leaves_out(self, options: Mapping[str, Any]) -> bool:
        """Whether it is measured by leaving out one shot at a time with these options: that takes a visual head."""
        return self.left_out and bool(options.get(VISUAL_HEAD, self.is_probe))
