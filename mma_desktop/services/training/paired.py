"""Compare two runs on the pictures that both were measured on."""

from __future__ import annotations

from dataclasses import dataclass

from mma_desktop.core.class_names import name_key
from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import Accuracy, RunRecord
from mma_desktop.services.training.experiment_table import FoldedRun
from mma_desktop.services.training.mistakes import measured_of


@dataclass(frozen=True, slots=True)
class Paired:
    """Pictures by which of two runs was right about them, among all names; `p` is of the exact McNemar test."""

    both: int
    only_first: int
    only_second: int
    neither: int
    p: float

    @property
    def n(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def first(self) -> Accuracy:
        return Accuracy.of(self.both + self.only_first, self.n)

    @property
    def second(self) -> Accuracy:
        return Accuracy.of(self.both + self.only_second, self.n)


def exact_mcnemar(only_first: int, only_second: int) -> float:
    """The two-sided p of the exact McNemar test (1947): a binomial test of the pairs that differ."""
    few, n = min(only_first, only_second), only_first + only_second
    ways = tail = 1
    for k in range(few):
        ways = ways * (n - k) // (k + 1)
        tail += ways
    return min(1.0, 2 * tail / (1 << n))


def paired(first: RunRecord, second: RunRecord) -> Paired | None:
    """Compare two runs picture by picture; None if no picture was measured with the same label in both."""
    own, other = _right(first), _right(second)
    shared = own.keys() & other.keys()
    pairs = [(own[at], other[at]) for at in shared]
    if not pairs:
        return None
    both, only_first, only_second = (pairs.count(kind) for kind in ((True, True), (True, False), (False, True)))
    neither = len(pairs) - both - only_first - only_second
    return Paired(both, only_first, only_second, neither, exact_mcnemar(only_first, only_second))


def _right(run: RunRecord) -> dict[tuple[int, str], bool]:
    """Whether each measured picture was predicted as its label, by image id and label."""
    measured = measured_of(run)
    if measured is None:
        return {}
    keys = [name_key(str(name)) for name in run.metrics["class_names"]]
    return {(picture.image, keys[picture.label]): picture.label == picture.answer for picture in measured}


def sentences(first: FoldedRun, second: FoldedRun) -> list[str]:
    """The paired test of two rows, a sentence for each seed that both have, or why there is none."""
    by_seed = {run.settings.get("seed"): run for run in second.runs}
    found = []
    for run in first.runs:
        seed = run.settings.get("seed")
        if seed not in by_seed or (pair := paired(run, by_seed[seed])) is None:
            continue
        found.append(
            tr(
                "Seed {seed}: of {n} picture that both were tested on, A alone was right about {first} and B alone "
                "about {second}; p = {p} (exact McNemar test).",
                "Seed {seed}: of {n} pictures that both were tested on, A alone was right about {first} and B alone "
                "about {second}; p = {p} (exact McNemar test).",
                pair.n,
                seed=seed,
                first=pair.only_first,
                second=pair.only_second,
                p=number(pair.p, ".2g"),
            )
        )
    return found or [tr("No paired test: the two share no test pictures for any seed.")]
