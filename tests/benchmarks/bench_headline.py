"""What the window says of a folder from the first answer to the last accepted picture, against the truth.

    python tests/benchmarks/bench_headline.py [--draws 20] [--only flowers-5] [--every 10]

A simulated person types some of the names of a folder (`CASES`), answers questions truthfully, five between two fits,
accepts sure pictures, ten at a time, and at last every name that is predicted, the surest first, a twentieth at a time.
Each draw asks about other two thirds of the pictures. At every tenth step each range is compared with the truth: the
headline (of all pictures), what is left (of those without a label), and each class's folder. A headline that is not
shown is no claim. It falls if it is lower than at the step before by more than its range, while the truth is not.

    holds             of the stated ranges, how many hold the truth; 19 of 20 is asked
    off by            the middle of a range less the truth, mean and mean of the size, in points
    wide              the mean width of the headline's range, in points

What holds, one or two draws; before, of the claim about pictures that show one of the classes, and taken for all:

                      headline             left                class             falls
    caltech-20, 20    10% ->  88%          35% ->  24%         100%              0
    caltech-20, 10    44% ->  94%          39% -> 100%          94%              0
    flowers-5, 5      71% -> 100%          75% -> 100%          97%              0
    steel-6, 6       100% -> 100%          88% -> 100%         100%              0
    steel-6, 3       100% -> not shown     90% -> not shown    100%              0

Where hardly a picture is wrong, what is left is better than said, by about a point.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
from collections import defaultdict
from contextlib import ExitStack
from typing import NamedTuple

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
from bench_suggestions import DATA, NONE, TOKEN, Trial  # beside this file

from mma_desktop.core.types import Accuracy, LabelSource
from mma_desktop.services.image_index import Filter, Order, Show, looked_up
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.services.training import label_suggestions, learning
from mma_desktop.services.training.claims import MEANINGLESS, Right, range_words, right_of

CASES = {"caltech-20": (20, 10, 8), "flowers-5": (5, 3), "steel-6": (6, 3)}
SHOTS, AT_ONCE, ACCEPTED = 16, 5, 10


class Claim(NamedTuple):
    """A stated range in percent, and what is so."""

    what: str
    low: float
    high: float
    true: float

    @property
    def holds(self) -> bool:
        return self.low - 1e-9 <= self.true <= self.high + 1e-9


def truth_of(trial: Trial) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N,) of the pictures with a prediction: what the folder says, whether that is right, which have no label."""
    context = trial.context
    guesses, columns = context.guesses, context.index.columns
    where = columns.positions(guesses.image_ids)
    labels = looked_up(columns.class_ids, where, -1)
    none = context.none_of_these
    said = np.where(guesses.rejected, NONE, guesses.best_class)
    said = np.where(labels >= 0, np.where(labels == (none.id if none else -2), NONE, labels), said)
    true = np.array([trial.truth[image] for image in guesses.image_ids.tolist()])
    return said, said == true, labels < 0


def shown_high(accuracy: Accuracy) -> float:
    """The upper end that is said: "at least" says none."""
    return 100.0 if range_words(accuracy).startswith("at least") else float(math.ceil(accuracy.high))


def build_scorer(trial: Trial, found: Right | None) -> list[Claim]:
    if found is None:
        return []
    said, right, free = truth_of(trial)
    rows = []
    if found.known is not None:
        rows.append(Claim("headline", math.floor(found.every.low), shown_high(found.every), 100 * right.mean()))
    if found.left is not None and found.left.high - found.left.low <= MEANINGLESS:
        rows.append(Claim("left", math.floor(found.left.low), shown_high(found.left), 100 * right[free].mean()))
    for class_id, folder in found.folders.items():
        own = said == class_id
        if own.any():
            rows.append(Claim("class", folder.right.low, folder.right.high, 100 * right[own].mean()))
    return rows


def is_none(trial: Trial, image: int) -> bool:
    guesses = trial.context.guesses
    return bool(guesses.rejected[guesses.positions(np.array([image]))[0]])


def followed(trial: Trial, named: int, seed: int, every: int) -> list[tuple[int, str, list[Claim]]]:
    """(step, what was done, claims) at every so many steps."""
    context, names = trial.context, sorted(set(trial.names_of.values()))
    trial.test, trial.heap = [], []
    context.project.assign(list(trial.truth), None)
    trial.name(sorted(random.Random(seed).sample(names, named)))
    learning.learn.put(context, None)
    context.engine.use(None)
    rows, steps, due, draw = [], 0, every, random.Random(seed)
    spared = frozenset(draw.sample(sorted(trial.truth), len(trial.truth) // 3))  # so that each draw labels others
    while True:
        learning.follow_edits(context, TOKEN)
        found = label_suggestions.suggest(context, SHOTS, TOKEN, seed, spared)
        if steps >= due or not (found.questions or found.confident):
            due = steps + every
            done = int(context.index.columns.labelled.sum()), int(context.index.columns.proposed.sum())
            rows.append(
                (steps, "{} labelled, {} of them accepted".format(*done), build_scorer(trial, right_of(context)))
            )
        if found.questions:
            asked = draw.sample(found.questions, min(AT_ONCE, len(found.questions)))
            trial.label([image for image, _ in asked])
            steps += len(asked)
        elif found.confident:
            context.project.assign_many(list(found.confident[:ACCEPTED]), LabelSource.SUGGESTION)
            steps += ACCEPTED // 2
        elif len(sure := context.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE))) and (
            some := [image for image in sure.tolist() if not is_none(trial, image)][: max(10, len(trial.truth) // 20)]
        ):
            context.project.assign_many(shown_pairs(context.guesses, some), LabelSource.SUGGESTION)
            steps += every
        else:
            return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    for folder, numbers in CASES.items():
        for named in numbers:
            if asked.only not in (title := f"{folder}, {named} named"):
                continue
            held, wide, falls, shown, moments = defaultdict(list), [], 0, 0, 0
            away = defaultdict(list)
            with ExitStack() as stack:
                trial = Trial(stack, DATA / folder)
                for seed in range(asked.draws):
                    last = None
                    for step, done, claims in followed(trial, named, seed, asked.every):
                        moments += 1
                        for claim in claims:
                            held[claim.what].append(claim.holds)
                            away[claim.what].append((claim.low + claim.high) / 2 - claim.true)
                        head = next((one for one in claims if one.what == "headline"), None)
                        if head is not None:
                            shown += 1
                            wide.append(head.high - head.low)
                            falls += last is not None and last.low > head.high and last.true <= head.true
                            last = head
                        if asked.verbose:
                            words = [f"{one.what} {one.low:.0f} to {one.high:.0f} ({one.true:.0f})" for one in claims]
                            print(f"    {seed} {step}, {done}: {', '.join(words[:2])}", flush=True)
            parts = [
                f"{what} {sum(some)} of {len(some)} ({100 * sum(some) / len(some):.0f}%), off by "
                f"{statistics.fmean(away[what]):+.1f} / {statistics.fmean(map(abs, away[what])):.1f}"
                for what, some in held.items()
            ]
            print(
                f"{title}: {'; '.join(parts)}; headline shown {shown} of {moments}, "
                f"wide {statistics.fmean(wide or [0]):.1f}, falls {falls}",
                flush=True,
            )


if __name__ == "__main__":
    main()
