"""Types that describe a method in the table of methods. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mma_desktop.core.settings import Setting
from mma_desktop.core.types import Recipe

ZERO_SHOT = "zero-shot"
MULTI_MODAL_ADAPTER = "multi-modal-adapter"
MULTI_MODAL_ADAPTER_PLUS = "multi-modal-adapter-plus"
LINEAR_PROBE = "linear-probe"
VISUAL_HEAD = "visual_head"
"""Name of the option that enables a visual head."""
MAX_NUMBER = 2**53  # larger integers are not exact as floats; also rejects infinity and NaN


@dataclass(frozen=True, slots=True)
class Optimiser:
    """The optimiser of a method: everything in its recipe that is not a number in `Recipe`.

    `kind` is "adam", "adamw", "sgd" (with momentum 0.9) or "lbfgs" (a step is one iteration with a line search).
    `schedule` is "constant", or "cosine": from the learning rate to 0 over all steps, updated every step. During the
    first `warm_up` epochs the rate is `WARM_UP_RATE`.
    """

    kind: str = "adam"
    schedule: str = "constant"
    warm_up: int = 0


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """A method.

    Attributes:
        id, title, summary: Its names, and a sentence for users.
        adapter: Its class in this package, as "module.Class".
        source: The publication it follows.
        options: Its options.
        trains: Whether it learns from shots; false for what names alone decide, which `begin` is not called for.
        recipe: Its default recipe. With patience 0 there is no early stopping: all epochs are trained.
        optimiser: Its optimiser.
        sizes: Which `methods.adapter.Sizes` the shapes of its tensors depend on.
        needs_encoder: It learns inputs of the text encoder, so cached text features are not enough.
        needs_projection: It learns the visual projection, so it needs the backbone's.
        left_out: Without test images, it is measured by leave-one-out on its shots, at no extra cost.
        is_probe: It classifies image features only, so only its visual head is fitted.
    """

    id: str
    title: str
    summary: str
    adapter: str
    source: str
    options: tuple[Setting, ...] = ()
    trains: bool = True
    recipe: Recipe = field(default_factory=Recipe)
    optimiser: Optimiser = Optimiser()
    sizes: tuple[str, ...] = ()
    needs_encoder: bool = False
    needs_projection: bool = False
    left_out: bool = False
    is_probe: bool = False

    def sizes_with(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """The dimensions that a trained adapter with these options depends on, including those of a visual head."""
        return tuple(dict.fromkeys((*self.sizes, *(("classes", "row") if self.has_head(options) else ()))))

    def leaves_out(self, options: Mapping[str, Any]) -> bool:
        """Whether it is measured by leave-one-out with these options, which requires a visual head."""
        return self.left_out and self.has_head(options)

    def has_head(self, options: Mapping[str, Any]) -> bool:
        """Whether it has a visual head with these options."""
        usual = next((option.default for option in self.options if option.name == VISUAL_HEAD), self.is_probe)
        return bool(options.get(VISUAL_HEAD, usual))
