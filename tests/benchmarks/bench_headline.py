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

With `--spot-checks`, four pictures of each named class are labelled, and then the person goes through spot checks of a
dozen pictures: first of the class whose range is the widest, which is undone, then of what the program offers, or
asks for, four times, about a minute. What was wrong is labelled rightly. Said are the mean widths of the ranges in
points, and how many of twelve draws hold the truth (of all images; class: of 12 times as many as there are):

                      before              after one           after four          the class that was checked
    caltech-20, 10    25.1, 5             16.1, 8             11.4, 9             68.9, 10 -> 37.9, 10
    flowers-5, 3      54.5, 10            40.3, 12            29.1, 12            74.4, 11 -> 60.8, 12
    steel-6, 3        51.2, 8             20.4, 6             11.1, 10            82.6, 12 -> 30.1, 9

With `--buried`, four pictures of each named class are labelled, sure ones accepted, and what is offered as near to a
weak class is gone through up to three times: how many of the offered ones show it, and how many are buried by then.

    caltech-20, 10    before 53 of 390; after accepting 185 of 489, 16 of 317, 3 of 276; buried 267, 38, 21 (six draws)
    flowers-5, 3      before 24 of 59; after accepting 37 of 90, 12 of 35, 1 of 13; buried 205, 25, 5 (ten draws)
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
from mma_desktop.services.training import label_suggestions, learning, spot_checks
from mma_desktop.services.training.claims import MEANINGLESS, Right, range_words, right_of
from mma_desktop.services.training.overview import buried

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


def every_claim(trial: Trial) -> list[Claim]:
    """The claims, also those that are too wide to be shown."""
    found, (_, right, free) = right_of(trial.context), truth_of(trial)
    if found is None or found.left is None:
        return []
    pairs = (("headline", found.every, right), ("left", found.left, right[free]))
    rows = [Claim(what, said.low, said.high, 100 * float(true.mean())) for what, said, true in pairs]
    return [*rows, *(one for one in build_scorer(trial, found) if one.what == "class")]


def looked_over(trial: Trial, class_id: int | None = None) -> bool:
    """Go through a spot check; whether there was one."""
    context = trial.context
    right = right_of(context, class_id)
    if right is not None and right.check is None:
        right = right_of(context, spot_checks.NAMED)
    if right is None or right.check is None:
        return False
    wrong = [one.image for one in right.check.pictures if trial.truth[one.image] != one.said]
    spot_checks.keep(context, right.check, wrong)
    trial.label(wrong)
    learning.follow_edits(context, TOKEN)
    return True


def spot_checked(trial: Trial, named: int, seed: int) -> dict[str, list[Claim]]:
    """The claims before and after checks, each with the class that was checked alone under "own"."""
    context, names, draw = trial.context, sorted(set(trial.names_of.values())), random.Random(seed)
    trial.test, trial.heap = [], []
    context.project.assign(list(trial.truth), None)
    context.project.set_setting(spot_checks.SETTING, None)
    trial.name(sorted(draw.sample(names, named)))
    learning.learn.put(context, None)
    context.engine.use(None)
    for one in context.classes:
        trial.label(draw.sample([image for image, label in trial.truth.items() if label == one.id], 4))
    learning.follow_edits(context, TOKEN)
    right, found = right_of(context), {}
    if right is None:
        return found
    found["before"] = every_claim(trial)
    widest = max(right.folders, key=lambda at: right.folders[at].right.high - right.folders[at].right.low)

    def own(when: str) -> None:
        said, right_ones, _ = truth_of(trial)
        folder, mine = right_of(context).folders.get(widest), said == widest
        if folder is not None and mine.any():
            true = 100 * float(right_ones[mine].mean())
            found.setdefault(when, []).append(Claim("own", folder.right.low, folder.right.high, true))

    own("before")
    steps = len(spot_checks.read(spot_checks.stored(context)))
    if looked_over(trial, widest):
        own("after")
        while len(spot_checks.read(spot_checks.stored(context))) > steps:
            context.project.undo()
        learning.follow_edits(context, TOKEN)
    for times in range(1, 5):
        looked_over(trial)
        if times in (1, 4):
            found.setdefault("after" if times == 1 else "after four", []).extend(every_claim(trial))
    return found


def print_spot_checks(folder: str, named: int, draws: int) -> None:
    every: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    with ExitStack() as stack:
        trial = Trial(stack, DATA / folder)
        for seed in range(draws):
            for when, claims in spot_checked(trial, named, seed).items():
                for claim in claims:
                    every[claim.what, when].append(claim)
    for what in ("headline", "left", "class", "own"):
        parts = [
            f"{when} {statistics.fmean(one.high - one.low for one in some):.1f} wide, {sum(one.holds for one in some)} "
            f"of {len(some)} hold"
            for when in ("before", "after", "after four")
            if (some := every[what, when])
        ]
        print(f"{folder}, {named} named, {what}: {'; '.join(parts)}", flush=True)


def print_buried(folder: str, named: int, draws: int) -> None:
    counts: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    lost: dict[str, int] = defaultdict(int)
    with ExitStack() as stack:
        trial = Trial(stack, DATA / folder)
        context, names = trial.context, sorted(set(trial.names_of.values()))
        for seed in range(draws):
            draw = random.Random(seed)
            trial.test, trial.heap = [], []
            context.project.assign(list(trial.truth), None)
            trial.name(sorted(draw.sample(names, named)))
            learning.learn.put(context, None)
            context.engine.use(None)
            for one in context.classes:
                trial.label(draw.sample([image for image, label in trial.truth.items() if label == one.id], 4))
            for when in ("before", "after"):
                learning.follow_edits(context, TOKEN)
                seen: set[int] = set()
                for time in range(3):
                    said, _, free = truth_of(trial)
                    ids = context.guesses.image_ids.tolist()
                    none = [image for image, is_none in zip(ids, free & (said == NONE), strict=True) if is_none]
                    lost[f"{when}, time {time + 1}"] += sum(trial.truth[image] != NONE for image in none)
                    for class_id, images in buried(context, leave_out=frozenset(seen)).items():
                        hits = [image for image in images if trial.truth[image] == class_id]
                        chance = sum(trial.truth[image] == class_id for image in none) / max(1, len(none))
                        counts[f"{when}, time {time + 1}"].append((len(hits), len(images), chance * len(images)))
                        seen.update(images)
                        if when == "after":
                            trial.label(hits)
                    if when == "before":
                        break
                    learning.follow_edits(context, TOKEN)
                while when == "before" and (found := label_suggestions.suggest(context, SHOTS, TOKEN, seed)).confident:
                    context.project.assign_many(list(found.confident), LabelSource.SUGGESTION)
                    learning.follow_edits(context, TOKEN)
    for when, rows in counts.items():
        hits, offered, chance = (sum(column) for column in zip(*rows, strict=True))
        print(
            f"{folder}, {named} named, {when}: {hits} of {offered} offered ({100 * hits / max(1, offered):.0f}%, by "
            f"chance {100 * chance / max(1, offered):.0f}%), {len(rows)} lists, buried {lost[when]}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--spot-checks", action="store_true")
    parser.add_argument("--buried", action="store_true")
    asked = parser.parse_args()
    for folder, numbers in CASES.items():
        for named in numbers:
            if asked.only not in (title := f"{folder}, {named} named"):
                continue
            if asked.spot_checks or asked.buried:
                (print_buried if asked.buried else print_spot_checks)(folder, named, asked.draws)
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
