"""Suggested shots against random ones on photographs whose labels are hidden: the accuracy of the adapter they train.

    python tests/benchmarks/bench_suggestions.py [FOLDER] [--odd] [--heaps 5]

FOLDER holds class folders (default: ../shared/data/caltech-20 beside the checkout). For each of the heaps (seeds), 30
images a class are drawn at random as the heap to be labelled and the others are held out: nobody may choose them. A
simulated person asks for k shots a class, gives every suggested image its true class, and asks again until each class
has k. All classes are base classes; the paper's adapter and recipe, epochs by cross-validation over the shots.

    same shots    the first k images of each class that came up, against k random ones of each class of the heap
    same labels   the first k x C images that came up, whatever they show, against as many random ones of the heap
    4, then 4     4 shots a class, one training, 4 more by margin: against 8 random ones of each class

"held out" is the accuracy on the held-out images, "remaining" on these and those of the heap that were not trained on
(suggestions take typical images away from it, which makes it harder). Differences are paired by heap and training
seed; ± is the standard error over the heaps. --odd takes every second class, the half that no choice was made on when
the algorithm was chosen.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np

from mma_desktop.domain import CancelToken, Role, TrainRequest
from mma_desktop.engine.training import FeatureSet, TrainingData, train
from mma_desktop.session import ProjectSession, scratch_session

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "caltech-20"
HEAP = 30
TRAININGS = 2
MOST_ROUNDS = 200
TOKEN = CancelToken()


class Photos(NamedTuple):
    paths: list[Path]
    labels: np.ndarray
    features: np.ndarray
    names: list[str]
    texts: np.ndarray
    logit_scale: float


def drive(steps: Generator[Any, None, Any]) -> Any:
    try:
        while True:
            next(steps)
    except StopIteration as stop:
        return stop.value


def read(folders: Sequence[Path]) -> Photos:
    """Embed every photograph; kept in the user's cache for the next time."""
    with scratch_session() as session:
        drive(session.import_paths(folders, TOKEN, {one.name: one for one in folders}))
        session.prepare(TOKEN)
        drive(session.embed(TOKEN))
        backbone, cache = session.engine.need()
        columns = session.catalogue.columns
        names = [one.name for one in session.classes]
        index = {one.id: at for at, one in enumerate(session.classes)}
        labels = np.array([index[one] for one in columns.class_ids.tolist()])
        paths = [row.path for row in session.rows(columns.ids.tolist())]
        texts = session.engine.texts(names, session.prompt_template)
        return Photos(paths, labels, cache.gather(columns.hashes), names, texts, backbone.logit_scale)


def accuracy(photos: Photos, shots: Sequence[int], held: np.ndarray, heap: np.ndarray) -> list[tuple[float, float]]:
    """(held out, remaining) in percent for each training seed."""
    test = np.concatenate([held, np.setdiff1d(heap, shots)])
    data = TrainingData(
        photos.names,
        [Role.BASE] * len(photos.names),
        photos.texts,
        photos.logit_scale,
        FeatureSet(photos.features[shots], photos.labels[shots]),
        None,
        FeatureSet(photos.features[test], photos.labels[test]),
    )
    found = []
    for seed in range(TRAININGS):
        result = drive(train(data, seed=seed))
        from mma_desktop.engine.evaluation import logits

        right = logits(result.adapter, data.test.features, photos.texts).argmax(1) == photos.labels[test]
        found.append((100 * float(right[: len(held)].mean()), 100 * float(right.mean())))
    return found


class Person:
    """Gives suggested images their true class, in a project of the heap without labels."""

    def __init__(self, session: ProjectSession, photos: Photos, heap: np.ndarray, seed: int) -> None:
        self.session, self.photos, self.seed = session, photos, seed
        drive(session.import_paths([photos.paths[at] for at in heap], TOKEN))
        session.add_classes(photos.names)
        session.prepare(TOKEN)
        drive(session.embed(TOKEN))
        place = {photos.paths[at]: int(at) for at in heap}
        rows = session.rows(session.catalogue.columns.ids.tolist())
        self.photo = {row.id: place[row.path] for row in rows}
        self.class_ids = [one.id for one in session.classes]
        self.labelled: list[int] = []

    def label(self, per_class: int) -> int:
        """Label suggestions until every class has so many shots; returns how often suggestions were asked for."""
        for asked in range(MOST_ROUNDS):
            found = self.session.suggest_shots(per_class, TOKEN, self.seed)
            ids = [one for part in found.by_class.values() for one in part]
            if not ids:
                return asked
            for at, class_id in enumerate(self.class_ids):
                mine = [one for one in ids if self.photos.labels[self.photo[one]] == at]
                if mine:
                    self.session.assign(mine, class_id)
            self.labelled += [self.photo[one] for one in ids]
        raise RuntimeError("the suggestions do not come to an end")


def first_of_each(photos: Photos, order: Sequence[int], count: int) -> list[int]:
    """The first so many of each class, in this order."""
    order = np.asarray(order)
    labels = photos.labels[order]
    return np.concatenate([order[labels == at][:count] for at in range(len(photos.names))]).tolist()


def covering(photos: Photos, order: Sequence[int], count: int) -> list[int]:
    """The first so many, and as many more as it takes until no class is without a shot."""
    while len(set(photos.labels[list(order[:count])].tolist())) < len(photos.names):
        count += 1
    return list(order[:count])


def labels_needed(photos: Photos, order: Sequence[int], count: int) -> int:
    """How many images are labelled until every class has so many."""
    seen = np.zeros(len(photos.names), int)
    for number, at in enumerate(order, 1):
        seen[photos.labels[at]] += 1
        if seen.min() >= count:
            return number
    return len(order)


def one_heap(photos: Photos, seed: int, table: dict[tuple[str, int, str], list[Any]]) -> None:
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(photos.labels == at)) for at in range(len(photos.names))]
    heap = np.concatenate([part[:HEAP] for part in drawn])
    held = np.concatenate([part[HEAP:] for part in drawn])
    shuffled = rng.permutation(heap).tolist()

    def note(kind: str, count: int, who: str, shots: Sequence[int]) -> None:
        table.setdefault((kind, count, who), []).append(accuracy(photos, shots, held, heap))

    for count in (4, 8):
        with scratch_session() as session:
            person = Person(session, photos, heap, seed)
            rounds = person.label(count)
            order = person.labelled
        table.setdefault(("labels", count, "suggested"), []).append((len(order), rounds))
        table.setdefault(("labels", count, "random"), []).append((labels_needed(photos, shuffled, count), 1))
        note("same shots", count, "suggested", first_of_each(photos, order, count))
        note("same shots", count, "random", first_of_each(photos, shuffled, count))
        total = count * len(photos.names)
        note("same labels", count, "suggested", covering(photos, order, total))
        note("same labels", count, "random", covering(photos, shuffled, total))
    with scratch_session() as session:
        person = Person(session, photos, heap, seed)
        person.label(4)
        drive(session.train(TrainRequest(shots=4, seed=seed, device="cpu"), TOKEN))
        person.label(8)
        order = person.labelled
    note("4, then 4", 8, "suggested", first_of_each(photos, order, 8))
    table.setdefault(("4, then 4", 8, "random"), []).append(table["same shots", 8, "random"][-1])


def show(table: dict[tuple[str, int, str], list[Any]]) -> None:
    print(f"{'':12s} {'k':>2s}  {'held out: suggested':>19s} {'random':>7s} {'gain':>14s}   {'remaining: gain':>15s}")
    lost = []
    for kind, count, who in table:
        if who != "suggested" or kind == "labels":
            continue
        mine, other = np.array(table[kind, count, "suggested"]), np.array(table[kind, count, "random"])
        gain = (mine - other).mean(1)  # (heaps, 2)
        error = gain.std(0, ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.zeros(2)
        means = gain.mean(0)
        print(
            f"{kind:12s} {count:2d}  {mine[..., 0].mean():19.2f} {other[..., 0].mean():7.2f} "
            f"{means[0]:+7.2f} ± {error[0]:4.2f}   {means[1]:+8.2f} ± {error[1]:4.2f}"
        )
        if means[0] <= 0:
            lost.append(f"{kind}, {count}")
    for count in (4, 8):
        (labels, rounds), (random, _) = (np.mean(table["labels", count, who], 0) for who in ("suggested", "random"))
        print(
            f"Labels until every class has {count}: {labels:.0f} suggested (asked {rounds:.1f} times), "
            f"{random:.0f} at random."
        )
    print("Suggestions win on average in every row." if not lost else f"Suggestions do NOT win in: {'; '.join(lost)}.")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--odd", action="store_true")
    parser.add_argument("--heaps", type=int, default=5)
    asked = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    folders = sorted(one for one in asked.folder.iterdir() if one.is_dir())[int(asked.odd) :: 2 if asked.odd else 1]
    photos = read(folders)
    print(f"{len(photos.names)} classes, {len(photos.paths)} images, {asked.heaps} heaps, {TRAININGS} trainings each")
    table: dict[tuple[str, int, str], list[Any]] = {}
    for seed in range(asked.heaps):
        one_heap(photos, seed, table)
        print(f"heap {seed + 1} done", flush=True)
    show(table)


if __name__ == "__main__":
    main()
