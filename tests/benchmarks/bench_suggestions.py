"""Suggested shots against random ones on photographs whose labels are hidden: the accuracy of the adapter they train.

    python tests/benchmarks/bench_suggestions.py [FOLDER] [--seeds 5] [--first 0] [--half | --all]

FOLDER holds class folders (default: ../shared/data/caltech-20 beside the checkout). For each seed, 30 images a class
are drawn at random as the heap to be labelled; the others are the test images, the same for all, and in no heap. A
simulated person asks for k shots a class, accepts each suggestion that is right, gives each other one its true class,
and asks again until each base class has k. Everything goes through the project as in the window: `suggest_shots`, the
labels, `train` with the default method and recipe. "half" has the first half of the classes as base classes and the
others as new ones, which are in the heap, too; "all" has base classes only.

    same shots    exactly k shots a class: the first k of each class that the person came by, against k random ones of
                  each class of the heap
    same labels   all labels the person gave until each class had k, against as many random images of the heap (and
                  more, until no base class is without a shot)
    4, then 4     4 shots a class, a training, 4 more by its adapter: against 8 random ones of each class

Numbers are the mean over the seeds and its standard deviation; gains are paired by seed, ± is their standard error.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role, TrainRequest, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.labels import shot_selection
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training import project_training

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "caltech-20"
HEAP = 30
MOST_ROUNDS = 200
TOKEN = CancelToken()


class Row(NamedTuple):
    """One seed's suggested and random arm, (base, new, H) in percent each, and the labels each took."""

    suggested: tuple[float, float, float]
    random: tuple[float, float, float]
    labels: tuple[int, int]


def drive(steps: Generator[Any, None, Any]) -> Any:
    try:
        while True:
            next(steps)
    except StopIteration as stop:
        return stop.value


class Trial:
    """One seed in one project: what is in the heap, what is for testing, and the truth about both."""

    def __init__(self, context: ProjectContext, truth: dict[int, int], half: bool, seed: int) -> None:
        self.context, self.truth, self.seed = context, truth, seed
        classes = [one.id for one in context.classes]
        base = classes[: -(-len(classes) // 2)] if half else classes
        context.project.set_role(classes, Role.NEW)
        context.project.set_role(base, Role.BASE)
        self.base = base
        rng = np.random.default_rng(seed)
        heap, self.test = [], []
        for one in classes:
            drawn = rng.permutation([image for image, of in truth.items() if of == one]).tolist()
            heap += drawn[:HEAP]
            self.test += drawn[HEAP:]
        self.order: list[int] = rng.permutation(heap).tolist()

    def begin(self) -> None:
        """Only the test images are labelled, and there is no adapter."""
        self.context.engine.use(None)
        self.context.project.assign(list(self.truth), None)
        self.label(self.test)
        self.context.project.set_use(self.test, Use.TEST)

    def label(self, images: Sequence[int]) -> None:
        for class_id in {self.truth[one] for one in images}:
            self.context.project.assign([one for one in images if self.truth[one] == class_id], class_id)

    def follow(self, per_class: int, labelled: list[int]) -> tuple[int, int]:
        """Label suggestions until every base class has so many; returns how often asked, how many were accepted."""
        right = 0
        for asked in range(MOST_ROUNDS):
            found = shot_selection.suggest(self.context, per_class, TOKEN, self.seed).by_class
            right += sum(self.truth[one] == class_id for class_id, part in found.items() for one in part)
            # The person goes through the classes in turn, one suggestion each.
            most = max(map(len, found.values()), default=0)
            images = [part[at] for at in range(most) for part in found.values() if at < len(part)]
            if not images:
                return asked, right
            self.label(images)
            labelled += images
        raise RuntimeError("the suggestions do not come to an end")

    def train(self, shots: Sequence[int]) -> tuple[float, float, float]:
        """Train on exactly these; base, new and H of the test images (nan where there is none)."""
        self.begin()
        self.label(shots)
        self.context.project.set_use(list(shots), Use.SHOT)
        fewest = min(sum(self.truth[one] == class_id for one in shots) for class_id in self.base)
        outcome = drive(
            project_training.train(self.context, TrainRequest(shots=fewest, seed=self.seed, device="cpu"), TOKEN)
        )
        found = outcome.evaluation.adapted
        return tuple(
            float("nan") if one is None else one
            for one in (found.base and found.base.percent, found.new and found.new.percent, found.h)
        )

    def first(self, order: Sequence[int], per_class: int) -> list[int]:
        """The first so many of each base class, in this order."""
        return [one for class_id in self.base for one in [i for i in order if self.truth[i] == class_id][:per_class]]

    def of_base(self, order: Sequence[int], count: int) -> list[int]:
        """Those of base classes among the first `count`, and among as many more as leave no base class empty."""
        while not set(self.base) <= {self.truth[one] for one in order[:count]}:
            count += 1
        return [one for one in order[:count] if self.truth[one] in self.base]

    def labels_needed(self, per_class: int) -> int:
        """How many images of the heap are labelled at random until every base class has so many."""
        seen = dict.fromkeys(self.truth.values(), 0)
        for number, one in enumerate(self.order, 1):
            seen[self.truth[one]] += 1
            if min(seen[class_id] for class_id in self.base) >= per_class:
                return number
        return len(self.order)


def one_seed(trial: Trial, table: dict[tuple[str, int], list[Row]], asked: dict[int, list[tuple[int, ...]]]) -> None:
    random: dict[int, tuple[float, float, float]] = {}
    for count in (4, 8):
        trial.begin()
        order: list[int] = []
        rounds, right = trial.follow(count, order)
        needed = trial.labels_needed(count)
        asked.setdefault(count, []).append((rounds, right, len(order), needed))
        random[count] = trial.train(trial.first(trial.order, count))
        mine = trial.train(trial.first(order, count))
        table.setdefault(("same shots", count), []).append(Row(mine, random[count], (len(order), needed)))
        mine = trial.train(trial.of_base(order, len(order)))
        other = trial.train(trial.of_base(trial.order, len(order)))
        table.setdefault(("same labels", count), []).append(Row(mine, other, (len(order), len(order))))
    trial.begin()
    order = []
    trial.follow(4, order)
    drive(project_training.train(trial.context, TrainRequest(shots=4, seed=trial.seed, device="cpu"), TOKEN))
    trial.follow(8, order)
    mine = trial.train(trial.first(order, 8))
    table.setdefault(("4, then 4", 8), []).append(Row(mine, random[8], (len(order), trial.labels_needed(8))))


def show(title: str, table: dict[tuple[str, int], list[Row]], asked: dict[int, list[tuple[int, ...]]]) -> list[str]:
    print(f"\n{title}\n{'':11s}  k {'':5s} {'suggested':>13s} {'random':>13s} {'gain':>14s}  better   labels")
    lost = []
    for (kind, count), rows in table.items():
        labels = np.mean([row.labels for row in rows], 0)
        for at, part in enumerate(("base", "new", "H")):
            mine, other = (np.array([arm[at] for arm in arms]) for arms in zip(*[row[:2] for row in rows], strict=True))
            if np.isnan(mine).any():
                continue
            gain = mine - other
            spread = [one.std(ddof=1) if len(rows) > 1 else 0.0 for one in (mine, other, gain)]
            print(
                f"{kind:11s} {count:2d} {part:5s} {mine.mean():6.2f} ± {spread[0]:4.2f} {other.mean():6.2f} ± "
                f"{spread[1]:4.2f} {gain.mean():+7.2f} ± {spread[2] / np.sqrt(len(rows)):4.2f}  "
                f"{int((gain > 0).sum())} of {len(rows)}   {labels[0]:.0f} / {labels[1]:.0f}"
            )
            if part == "base" and gain.mean() <= 0:
                lost.append(f"{title}: {kind}, {count}")
    for count, rows in asked.items():
        rounds, right, labels, needed = np.mean(rows, 0)
        print(
            f"Until every class has {count}: {labels:.0f} labels as suggested (asked {rounds:.1f} times, "
            f"{100 * right / labels:.0f}% accepted), {needed:.0f} at random."
        )
    return lost


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--half", action="store_true", help="only with half of the classes as base")
    which.add_argument("--all", action="store_true", help="only with all classes as base")
    given = parser.parse_args()
    folders = sorted(one for one in given.folder.iterdir() if one.is_dir())
    import torch

    torch.set_num_threads(1)
    lost: list[str] = []
    with scratch_project() as context:
        drive(importing.import_paths(context, folders, TOKEN, {one.name: one for one in folders}))
        model_in_use.prepare(context, TOKEN)
        drive(embedding.embed(context, TOKEN))
        columns = context.index.columns
        truth = dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True))
        print(f"{len(folders)} classes, {len(truth)} images, seeds {given.first} to {given.first + given.seeds - 1}")
        for half in (True, False):
            if (half and given.all) or (not half and given.half):
                continue
            table: dict[tuple[str, int], list[Row]] = {}
            asked: dict[int, list[tuple[int, ...]]] = {}
            for seed in range(given.first, given.first + given.seeds):
                one_seed(Trial(context, truth, half, seed), table, asked)
                print(f"seed {seed} done", flush=True)
            lost += show("half of the classes base, half new" if half else "all classes base", table, asked)
    print(f"\nSuggestions do NOT win in: {'; '.join(lost)}." if lost else "\nSuggestions win on average in every row.")


if __name__ == "__main__":
    main()
