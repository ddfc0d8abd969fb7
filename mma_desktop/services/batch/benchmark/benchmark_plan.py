"""Plan a benchmark: expand the requested options into the cells of each table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mma_desktop.core.class_names import DEFAULT_PROMPT
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import DEFAULT_METHOD, DEFAULT_SHOTS
from mma_desktop.engine.methods.method_table import (
    METHODS,
    MULTI_MODAL_ADAPTER,
    QUICK,
    ZERO_SHOT,
    find_method,
    training_prompt,
)
from mma_desktop.services.batch.benchmark.sources import AT_HAND, PROMPTS, Cell, Options, Source

MAIN = "main"
ABLATION = "ablation"
SHARE = "share"
NOISE = "noise"
SHOTS = "shots"
# As `AT_HAND`, measured on the other half of the test images.
OTHERS = "others"
TAUGHT = "with pictures at hand"

PAPER = "paper"

# Variants of the Multi-Modal Adapter (Tables 2 and 3).
ABLATIONS: tuple[tuple[str, Options], ...] = (
    ("as published", ()),
    ("image only (Table 2)", (("adapt_text", False),)),
    ("attention, linear up and down (Table 3)", (("down", "single"), ("up", "linear"))),
    ("attention, MLP up and down (Table 3)", (("down", "mlp"), ("up", "mlp"))),
    (
        "transformer block, linear up and down (Table 3)",
        (("block", "transformer"), ("down", "single"), ("up", "linear")),
    ),
    ("transformer block, MLP up and down (Table 3)", (("block", "transformer"), ("down", "mlp"), ("up", "mlp"))),
    ("0/1 mask (the authors' code)", (("mask", "additive"),)),
    ("down-projection in one layer (the paper's text)", (("down", "single"),)),
)

# Shares of base classes in Figure 3.
SHARES = (0.2, 0.4, 0.6, 0.8)
SHARE_METHODS = (ZERO_SHOT, MULTI_MODAL_ADAPTER, QUICK)
# Table 4, plus the default method.
NOISE_METHODS = (ZERO_SHOT, "clip-adapter", MULTI_MODAL_ADAPTER, QUICK)


@dataclass(frozen=True, slots=True)
class BenchmarkOptions:
    """Options of a benchmark, as on the command line."""

    methods: tuple[str, ...]
    shots: int = DEFAULT_SHOTS
    seeds: int = 3
    base_fraction: float = 0.5
    shots_sweep: tuple[int, ...] = ()
    noise: float = 0.0
    ablations: bool = False
    prompt: str = ""
    """A prompt template, `PAPER` for CoOp's of each data set, or "" for what a training reads anyway."""
    at_hand: bool = False
    """Half of the test images are at hand, without their labels; both halves are measured, with and without that."""
    open_world: bool = False
    """Instead of all that, train the default and tell the images of the other classes from those of the base ones."""


@dataclass(frozen=True, slots=True)
class Result:
    """Measurements of one cell: accuracies in percent, None if nothing was measured."""

    base: float | None
    new: float | None
    all: float | None
    h: float | None
    seconds: float
    epochs: int
    parameters: int


Results = Mapping[Cell, Result]
"""In the order they ran."""


def choose_methods(text: str) -> tuple[str, ...]:
    """Parse "a,b" or "all" into known method ids (else UserError), from zero-shot to the default, as in the table."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    chosen = {spec.id for spec in METHODS} if names == ["all"] else {find_method(name).id for name in names}
    if not chosen:
        raise UserError("Name at least one method, or 'all'.")
    return tuple(spec.id for spec in reversed(METHODS) if spec.id in chosen)


def plan(source: Source, options: BenchmarkOptions) -> list[Cell]:
    """All cells of one data set, the main table first."""
    return [
        replace(cell, seed=seed)
        for cell in _rows(source, options)
        for seed in range(options.seeds)
        if not source.refuses(find_method(cell.method), cell.noise)
    ]


def refusals(source: Source, options: BenchmarkOptions) -> list[str]:
    """One sentence for each requested method that cannot run on this data set."""
    reasons = []
    for method in options.methods:
        spec = find_method(method)
        if reason := source.refuses(spec):
            reasons.append(f"{source.title}: {spec.title} is left out; {reason.rstrip('.')}.")
    if options.noise and (reason := source.refuses(find_method(ZERO_SHOT), options.noise)):
        reasons.append(f"{source.title}: the noise table is left out; {reason}.")
    return reasons


def prompt_for(source: Source, method: str, options: BenchmarkOptions) -> str:
    """The prompt for a method, as for any training with it; "" if the text features are given."""
    given = PROMPTS.get(source.data_set or "", DEFAULT_PROMPT) if options.prompt == PAPER else options.prompt
    return training_prompt(method, source.backbone, given) if source.own_prompt else ""


def _rows(source: Source, options: BenchmarkOptions) -> Iterator[Cell]:
    k, half = options.shots, options.base_fraction

    def row(table: str, method: str, shots: int = k, fraction: float = half, noise: float = 0.0) -> Cell:
        title = find_method(method).title
        return Cell(
            source.title, table, title, method, (), shots, 0, fraction, noise, prompt_for(source, method, options)
        )

    yield from (row(MAIN, method) for method in options.methods)
    for shots in options.shots_sweep:
        # Prompt learners train through the text encoder and would take too long.
        yield from (
            row(SHOTS, method, shots=shots) for method in options.methods if not find_method(method).needs_encoder
        )
    if options.at_hand:
        yield from _halves(options, row)
    if options.noise:
        yield from (row(NOISE, method, noise=options.noise) for method in _asked(options, NOISE_METHODS))
    if options.ablations:
        for name, values in ABLATIONS:
            yield replace(row(ABLATION, MULTI_MODAL_ADAPTER), row=name, options=values)
        for share in SHARES:
            yield from (row(SHARE, method, fraction=share) for method in _asked(options, SHARE_METHODS))


def _halves(options: BenchmarkOptions, row: Callable[..., Cell]) -> Iterator[Cell]:
    """The tables of images at hand: names alone, then each method, without and with them if it trains."""
    for table in (AT_HAND, OTHERS):
        if DEFAULT_METHOD in options.methods:
            cell = replace(row(table, DEFAULT_METHOD), tested=table, taught=True, names_alone=True)
            yield replace(cell, row=f"From names alone, {TAUGHT}")
        for spec in map(find_method, options.methods):
            for shots in (
                sorted({options.shots, *options.shots_sweep}) if spec.trains and not spec.needs_encoder else ()
            ):
                title = f"{spec.title}, {shots} shot{'' if shots == 1 else 's'}"
                cell = replace(row(table, spec.id, shots), row=title, tested=table)
                yield from (cell, replace(cell, row=f"{title}, {TAUGHT}", taught=True))
            if not spec.trains:
                yield replace(row(table, spec.id), tested=table)


def _asked(options: BenchmarkOptions, of_table: Sequence[str]) -> list[str]:
    return [method for method in of_table if method in options.methods]
