"""Folders of thirty kinds, labelled as people label: what gets the right answer, what is lost, and what is said of it.

    python tests/benchmarks/bench_folders.py [FOLDER] [--folders 400] [--first 0] [--processes 2] [--sets]
    python tests/benchmarks/bench_folders.py [FOLDER] --closed [--draws 1] [--processes 2]

FOLDER holds the trial data (default: ../shared/data beside the checkout): caltech-20, flowers-5, steel-6 and the sets
of `wide`. Each folder is drawn from its number (`packaging/simulated_folders.py`): which classes are named, how many
pictures are strangers, how many are left, and how the labels came. 400 of them take ten minutes on two cores once the
rows are cached. All figures are of the pictures left, in percent, as means over the folders:

    right     get the right answer, None of these included
    named     would be right if every picture got a name
    best cut  would be right with the cut on the same scores that somebody would choose who knows the answers
    lost      known pictures that are None of these, in folders without strangers
    said      what is said to be right, less what is, with its sign, and the mean of its size
    holds     in how many folders the stated range of what is left holds the truth
    wide      the mean width of that range, in points

Where labels were accepted, the ranges are those of the model in use, not of its judge.

With `--closed`, every class is named, labels are drawn at random, half of the other pictures are at hand and the other
half is unseen: right of the unseen ones without and with pictures at hand, what is said of them, and beside them the
best of the peers of `bench_default.py` on the same rows.

What held, 2026-12-03, 400 folders:

                         folders right   named  best cut   lost     said, size   holds    wide
    random                   100    75.1    59.8    81.7     4.5     +6.2  13.0      84    38.0
    groups                   100    51.1    47.3    65.6    41.7    +31.2  32.9      36    38.8
    questions                100    79.7    65.2    84.7     1.0     +2.2  10.0      85    35.7
    accepted                 100    50.4    42.5    68.5    21.5    +24.5  28.8      56    48.3
    no strangers left        133    66.9    75.7    75.7    17.4    +14.5  20.4      69    38.4
    scans                     45    47.0    41.6    61.8    22.3    +24.8  30.5      60    51.9
    surfaces                  61    64.4    56.8    75.1    11.8    +17.5  22.1      64    39.0
    plants                    79    63.7    56.9    76.1    17.1    +16.9  21.0      61    37.3
    scenes                    52    74.0    57.4    86.9    31.3     +9.0  17.2      71    38.2
    drawings                  70    64.1    50.5    73.5    13.8    +13.3  18.9      73    43.5
    objects                   93    66.9    55.2    75.3    16.2    +15.9  20.3      63    36.5
    all                      400    64.1    53.7    75.1    17.4    +16.0  21.2      65    40.2

Closed, one draw of each set:

    shots      alone   at hand   said - right, size: alone, at hand   best peer of each set
        0       33.1      35.9       +24.8, 24.8     -7.2, 11.9               nan
        1       59.2      61.3        +4.9, 11.7    +10.3, 14.5              58.8
        2       65.7      65.9        +0.8,  9.6     -3.6, 10.8              67.0
        4       74.7      76.2        -1.5,  6.7     -5.4,  7.9              75.1
        8       81.0      81.1        -1.2,  4.0     -2.2,  4.7              81.8
       16       83.6      83.8        +2.1,  3.2     +1.4,  2.9              85.9
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(1, str(Path(__file__).resolve().parents[2] / "packaging"))

import numpy as np
import torch
from bench_default import FOLDER, PEERS, TOKEN, pictures  # beside this file
from numpy.typing import NDArray
from simulated_folders import FAMILIES, STRANGER, WAYS, Folder, PictureSet, draw_folder  # in packaging

from mma_desktop.core import paths
from mma_desktop.core.types import Role
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.engine.evaluation.metrics import logits, name_inputs
from mma_desktop.engine.training.trainer import TrainingResult, train
from mma_desktop.engine.training_data import FeatureSet, Floats
from mma_desktop.services.batch.benchmark.sources import list_images
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training import claims
from mma_desktop.services.training.mistakes import Measured

SHOTS = (0, 1, 2, 4, 8, 16)
MOST_TRAINED = 16  # of a class: half of 40 pictures are neither
Doubles = NDArray[np.float64]


class Answers(NamedTuple):
    """Of N pictures: the best name, how likely it is the right one of the names, and whether it is None of these.

    `known` is how likely a picture shows one of the classes, and `scores` what that is decided by.
    """

    best: NDArray[np.int64]
    confidence: Doubles
    known: Doubles
    scores: Doubles
    rejected: NDArray[np.bool_]

    def right(self, truth: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.where(self.rejected, truth == STRANGER, self.best == truth)

    @property
    def said(self) -> Doubles:
        return np.where(self.rejected, 1 - self.known, self.confidence * self.known)


class Row(NamedTuple):
    """Of a folder, all but the first four in percent."""

    way: str
    family: str
    set: str
    strangers: float
    right: float
    named: float
    best_cut: float
    lost: float
    said: float
    low: float
    high: float


def picture_sets(folder: Path, only: str = "") -> Iterator[PictureSet]:
    """Every set of the folder, its rows from the cache of embeddings, where they stay."""
    room = InferenceState(paths.cache_dir() / "embeddings")
    room.load("starter", "cpu", None, TOKEN)
    names = [name for family in FAMILIES.values() for name in family]
    for name in sorted(name for name in names if only in name):
        where = folder / name if (folder / name).is_dir() else folder / "wide" / name
        with ExitStack() as lent:
            data = pictures(list_images(where, lent.enter_context(scratch_project()), TOKEN), room, 0, 0, 1, 1.0)()
        every = data.shots
        for part in (data.validation, data.test):
            every = every.joined(part) if len(part) else every
        yield PictureSet(name, data, every)


def by_family(sets: Sequence[PictureSet]) -> dict[str, list[PictureSet]]:
    found: dict[str, list[PictureSet]] = {}
    for one in sets:
        found.setdefault(one.family, []).append(one)
    return found


def answered(fit: TrainingResult, folder: Folder, rows: Floats) -> Answers:
    """What a training says of rows (N, E) that are predicted together."""
    data = folder.data
    inputs = name_inputs(fit.adapter, data.class_names, data.text_features, data.reads)
    probabilities = softmax(logits(fit.adapter, rows, inputs) / fit.temperatures.adapted).astype(np.float64)
    known, scores, rejected = np.ones(len(rows)), np.ones(len(rows)), np.zeros(len(rows), bool)
    if fit.open_set is not None and fit.adapter.open_set_scorer is not None:
        scores = fit.adapter.open_set_scorer.score_rows(rows).astype(np.float64)
        thresholds = fit.open_set.decide(scores)[2]
        known = thresholds.known(scores, np.full(len(rows), np.nan))
        rejected = scores < thresholds.score
    return Answers(probabilities.argmax(1), probabilities.max(1), known, scores, rejected)


def best_cut(answers: Answers, truth: NDArray[np.int64]) -> float:
    """The share right with the best cut on the scores."""
    order = np.argsort(answers.scores, kind="stable")
    named = (answers.best == truth)[order]
    strange = (truth == STRANGER)[order]
    # With the i lowest None of these.
    right = np.concatenate([[0], strange.cumsum()]) + named.sum() - np.concatenate([[0], named.cumsum()])
    return 100 * float(right.max()) / len(truth)


def claimed(fit: TrainingResult, answers: Answers, folder: Folder) -> tuple[float, float]:
    """The range that is stated of what is left, as `claims.accuracy_claims` does it without spot checks."""
    said = fit.predictions
    measured = [
        Measured(0, *one)
        for one in zip(said.labels.tolist(), said.among_all.tolist(), said.confidence.tolist(), strict=True)
    ]
    share = (0.0, 0.0)
    if fit.open_set is not None and (found := fit.open_set.decide(answers.scores)[1]).pictures:
        ends = np.clip((found.value, *found.range), claims.EPSILON, 1 - claims.EPSILON)
        middle, low, high = np.log(ends / (1 - ends)).tolist()
        share = low - middle, high - middle
    says = np.clip((answers.confidence, 1 - answers.known), claims.EPSILON, 1 - claims.EPSILON).astype(np.float32)
    taught = np.bincount(folder.data.shots.labels)[answers.best].astype(np.float64)
    learned_of = np.where(answers.rejected, np.inf, taught)
    # private: a project would be needed for what is asked of a table here.
    values = np.array(claims._values(says, says, answers.rejected, measured, share, learned_of))
    of = np.where(answers.rejected, 0, answers.best + 1)
    sums = np.array([np.bincount(of, value, len(folder.data.class_names) + 1) for value in values])
    # private: a project would be needed for what is asked of a table here.
    accuracy = claims._accuracy(sums, 0, len(of), len(measured))
    return accuracy.low, accuracy.high


def row_of(folder: Folder, family: str) -> Row:
    fit = train(folder.data, seed=folder.number, with_open_set=True, balances=False, transductive=True)
    rows, truth = folder.data.unlabelled, folder.truth
    assert rows is not None
    answers = answered(fit, folder, rows)
    known = truth != STRANGER
    lost = np.nan if (~known).any() or folder.others else 100 * float(answers.rejected.mean())
    return Row(
        folder.way,
        family,
        folder.sets[0],
        100 * float((~known).mean()),
        100 * float(answers.right(truth).mean()),
        100 * float((answers.best == truth).mean()),
        best_cut(answers, truth),
        lost,
        100 * float(answers.said.mean()),
        *claimed(fit, answers, folder),
    )


def shown(title: str, rows: Sequence[Row]) -> str:
    numbers = np.array([row[3:] for row in rows], np.float64)
    _, right, named, cut, _, said, low, high = numbers.T
    away, holds = said - right, 100 * np.mean((low <= right + 1e-9) & (right - 1e-9 <= high))
    lost = numbers[~np.isnan(numbers[:, 4]), 4]
    return (
        f"{title:22s}{len(rows):5d}{right.mean():8.1f}{named.mean():8.1f}{cut.mean():8.1f}"
        f"{lost.mean() if len(lost) else np.nan:8.1f}   {away.mean():+6.1f} {np.abs(away).mean():5.1f}{holds:8.0f}"
        f"{(high - low).mean():8.1f}"
    )


def in_folders(sets: Sequence[PictureSet], numbers: Sequence[int]) -> list[Row]:
    torch.set_num_threads(1)
    families = by_family(sets)
    folders = (draw_folder(families, number) for number in numbers)
    of = {one.name: one.family for one in sets}
    return [row_of(folder, of[folder.sets[0]]) for folder in folders]


def closed(one: PictureSet, draws: int) -> list[tuple[float, ...]]:
    """For each of `SHOTS`: right without and with pictures at hand, said less right of both, the best peer."""
    torch.set_num_threads(1)
    found = []
    for shots in SHOTS:
        rows = []
        for seed in range(draws):
            draw, every = np.random.default_rng([52, seed]), one.every
            order = draw.permutation(len(every))
            rank = np.zeros(len(every), np.int64)
            for index in range(len(one.data.class_names)):
                own = order[every.labels[order] == index]
                rank[own] = np.arange(len(own))
            trained, others = every.select(rank < shots), np.flatnonzero(rank >= MOST_TRAINED)
            here, unseen = (every.select(half) for half in np.array_split(draw.permutation(others), 2))
            nothing = FeatureSet.empty(one.data.image_dim)
            roles = [Role.BASE if shots else Role.NEW] * len(one.data.class_names)
            parts = {"validation": nothing, "test": nothing, "roles": roles, "components": None, "kept": None}
            data = one.data.with_shots(trained, unlabelled=here.features, **parts)
            row = []
            for case in (replace(data, unlabelled=None), data):
                if not shots and case.unlabelled is None:
                    texts = case.text_features
                    said = softmax(case.logit_scale * unseen.features[:, : case.embed_dim] @ texts.T)
                else:
                    fit = train(case, seed=seed, transductive=case.unlabelled is not None, balances=False)
                    inputs = name_inputs(fit.adapter, case.class_names, case.text_features, case.reads)
                    by = fit.temperatures.adapted if shots else fit.temperatures.zero_shot
                    said = softmax(logits(fit.adapter, unseen.features, inputs) / by)
                row += [100 * float((said.argmax(1) == unseen.labels).mean()), 100 * float(said.max(1).mean())]
            peers = [np.nan]
            if shots:
                given = trained.features.astype(np.float64), trained.labels, unseen.features.astype(np.float64)
                each = (peer for name, peer in PEERS if shots > 1 or "LDA" not in name)
                peers = [100 * float((peer(*given).argmax(1) == unseen.labels).mean()) for peer in each]
            rows.append((row[0], row[2], row[1] - row[0], row[3] - row[2], *peers))
        width = max(map(len, rows))
        means = np.mean([row + (np.nan,) * (width - len(row)) for row in rows], 0)
        found.append((*means[:4].tolist(), float(means[4:].max())))
    return found


def show_closed(sets: Sequence[PictureSet], work: Callable[..., Iterator[list[tuple[float, ...]]]], draws: int) -> None:
    table = np.array(list(work(partial(closed, draws=draws), sets)))  # (sets, shots, columns)
    print("shots      alone   at hand   said - right, size: alone, at hand   best peer of each set")
    for at, shots in enumerate(SHOTS):
        alone, here, off, off_here, peer = table[:, at].T
        size, size_here = np.abs(off).mean(), np.abs(off_here).mean()
        print(
            f"{shots:5d}   {alone.mean():8.1f}{here.mean():10.1f}      {off.mean():+6.1f}, {size:4.1f}   "
            f"{off_here.mean():+6.1f}, {size_here:4.1f}          {peer.mean():8.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--folders", type=int, default=400)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--closed", action="store_true")
    parser.add_argument("--draws", type=int, default=1, help="of each set, with --closed")
    parser.add_argument("--sets", action="store_true", help="print each set, too")
    asked = parser.parse_args()
    sets = list(picture_sets(asked.folder))
    with ProcessPoolExecutor(asked.processes) as pool:
        if asked.closed:
            show_closed(sets, pool.map, asked.draws)
            return
        numbers = range(asked.first, asked.first + asked.folders)
        parts = [numbers[at::20] for at in range(20)]
        rows = [row for part in pool.map(partial(in_folders, sets), parts) for row in part]
    print(f"{'':22s}  folders right   named  best cut   lost     said, size   holds    wide")
    for way in WAYS:
        print(shown(way, [row for row in rows if row.way == way]))
    print(shown("no strangers left", [row for row in rows if not row.strangers]))
    for family in FAMILIES:
        print(shown(family, [row for row in rows if row.family == family]))
    for name in sorted({row.set for row in rows}) if asked.sets else []:
        print(shown(name, [row for row in rows if row.set == name]))
    print(shown("all", rows))


if __name__ == "__main__":
    main()
