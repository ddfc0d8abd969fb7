"""The table of methods and of their options: what the window and the command line offer. Imports no torch.

A method is declared here once; `mma_desktop.engine.methods.base` says which class carries it out.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mma_desktop.domain import UserError

ZERO_SHOT = "zero-shot"
MULTI_MODAL_ADAPTER = "multi-modal-adapter"
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
            raise UserError(f"{self.label}: {value!r} is not usable. Give {self._allowed()}.")
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
            return "true or false"
        if self.kind is OptionKind.CHOICE:
            return "one of " + ", ".join(self.choices)
        noun = "a whole number" if self.kind is OptionKind.INT else "a number"
        if self.minimum is not None and self.maximum is not None:
            return f"{noun} from {self.minimum:g} to {self.maximum:g}"
        if self.minimum is not None:
            return f"{noun} of at least {self.minimum:g}"
        return noun


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """One method. `trains` is False where there is nothing to train; `source` is the publication it follows."""

    id: str
    title: str
    summary: str
    source: str
    options: tuple[OptionSpec, ...] = ()
    trains: bool = True


METHODS: tuple[MethodSpec, ...] = (
    MethodSpec(
        id=MULTI_MODAL_ADAPTER,
        title="Multi-Modal Adapter",
        summary="A small attention block adapts image and text embeddings together. Learns the base classes and still "
        "takes new class names.",
        source="Seputis, Mihailov, Chatterjee and Xiao, Multi-Modal Adapter for Vision-Language Models, 2024",
        options=(
            OptionSpec(
                "share",
                OptionKind.FLOAT,
                0.2,
                "Adapted share",
                "How much of each embedding is replaced by its adapted version: 0 is zero-shot, 1 the adapter alone.",
                minimum=0.0,
                maximum=1.0,
            ),
            OptionSpec(
                "mask",
                OptionKind.CHOICE,
                "exclusive",
                "Attention mask",
                "exclusive: text and image tokens see only each other, as in the paper. additive: every token sees "
                "every other and the other modality gets a head start of 1, as in the authors' released code; slower.",
                choices=("exclusive", "additive"),
            ),
            OptionSpec(
                "adapt_text",
                OptionKind.BOOL,
                True,
                "Adapt text embeddings",
                "Off adapts the image embeddings only (the paper's Table 2).",
            ),
            OptionSpec(
                "down",
                OptionKind.CHOICE,
                "factorised",
                "Down-projection",
                "factorised: two small layers, the parameter count the paper reports. single: one layer, as its text "
                "describes; more parameters.",
                choices=("factorised", "single"),
            ),
            OptionSpec(
                "heads",
                OptionKind.INT,
                4,
                "Attention heads",
                "Must divide a quarter of the embedding size.",
                minimum=1,
                maximum=64,
            ),
        ),
    ),
    MethodSpec(
        id=ZERO_SHOT,
        title="Zero-shot",
        summary="The backbone as it is: nothing is trained, every class is known by its name alone.",
        source="Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021",
        trains=False,
    ),
)


def find_method(method_id: str) -> MethodSpec:
    """The method of this id.

    Raises:
        UserError: There is none; the sentence lists the known ones, the nearest first.
    """
    for spec in METHODS:
        if spec.id == method_id:
            return spec
    known = [spec.id for spec in METHODS]
    near = difflib.get_close_matches(method_id, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Choose one of {', '.join(known)}."
    raise UserError(f"There is no method called {method_id!r}. {hint}")


def resolve_options(spec: MethodSpec, options: Mapping[str, Any]) -> dict[str, float | int | bool | str]:
    """Every option of the method: the given values, checked, and defaults for the rest.

    Raises:
        UserError: An option is unknown, or a value is not allowed.
    """
    known = {option.name: option for option in spec.options}
    unknown = sorted(set(options) - set(known))
    if unknown:
        takes = f"It takes {', '.join(known)}." if known else "It takes none."
        raise UserError(f"{spec.title} has no option {', '.join(unknown)}. {takes}")
    return {name: option.check(options[name]) if name in options else option.default for name, option in known.items()}
