"""What the program says of itself against what is true: accuracy, ranges, confidences, None of these, drawn aliens.

    python tests/benchmarks/bench_claims.py [FOLDER] [--draws 5] [--only WORD] [--against CHECKOUT]
    python tests/benchmarks/bench_claims.py [FOLDER] --person [--draws 20] [--first 0] [--every 10] [--only WORD]
    python tests/benchmarks/bench_claims.py [FOLDER] --spot-checks | --groups | --buried [--draws 12] [--first 0] ...

FOLDER holds the trial data (default: ../shared/data beside the checkout). Shots are drawn among all pictures. With
`--against`, every case runs in the other checkout as well, and its line comes first, as "before".

Closed: every class is trained and every other picture is tested; nothing is at hand. Said and true are means over the
draws in percent, holds is how often the range held the truth, with how often it was all above it, and width the mean
width. ECE is the mean over the draws, chance what perfect confidences would have with as many pictures, pooled that of
all draws together.

Open: the rest is at hand and, in the other half, unseen, which is measured. All classes are named, or half of them,
whose pictures are strangers otherwise; 60 drawn aliens (text, screens, charts, faces, noise) are in each half where
said. Right counts strangers and aliens as None of these; lost are known pictures that are None of these; found are
strangers and aliens, with the worst draw. Then, of pictures shown with 70 to 90%, how many are right, by the class's
probability alone and by that times the chance that it shows any of them; and how many these are.

From names alone: half of the pictures are at hand, the other half is unseen. All classes are named, or half of them,
and pictures of the others are wrong. Steel-6's names mean little to the starter. At hand / unseen, without a
temperature -> with the one that is found without a label (`calibration.name_temperature`):

                             true       said                  ECE                   right of 70 to 90%
    flowers-5, all           48 / 47    78 / 72 -> 53 / 49    32 / 26 -> 15 / 15    49 / 54 -> 59 / 61
    flowers-5, strangers     26 / 26    78 / 78 -> 57 / 58    51 / 53 -> 32 / 33    24 / 19 -> 43 / 41
    steel-6, all              4 /  5    76 / 72 -> 19 / 19    72 / 67 -> 15 / 14     4 /  4 -> none
    steel-6, strangers       19 / 18    80 / 78 -> 37 / 36    61 / 62 -> 22 / 23    29 / 24 -> none
    caltech-20, all          83 / 85    88 / 85 -> 82 / 79     9 /  8 ->  8 / 10    78 / 81 -> 81 / 85
    caltech-20, strangers    46 / 46    71 / 69 -> 54 / 53    25 / 24 -> 15 / 14    46 / 53 -> 75 / 73
    Caltech-28, all          99 / 99    98 / 98 -> 98 / 97     1 /  1 ->  2 /  2    92 / 92 -> 94 / 93
    Caltech-28, strangers    41 / 41    75 / 74 -> 44 / 44    34 / 33 -> 18 / 17    13 / 16 -> 96 / 97
    ImageNet-144, all        75 / 75    72 / 70 -> 72 / 70     5 /  6 ->  5 /  6    84 / 85 -> 84 / 85
    ImageNet-144, strangers  42 / 40    62 / 60 -> 62 / 60    21 / 20 -> 21 / 20    53 / 55 -> 53 / 55

With `--person`, a simulated person types some of the names of a folder (`CASES`), answers questions truthfully, five
between two fits, accepts sure pictures, ten at a time, and at last every name that is predicted, the surest first, a
twentieth at a time. Each draw asks about other two thirds of the pictures. At every tenth step each range is compared
with the truth: the headline (of all pictures), what is left (of those without a label), and each class's folder. A
headline that is not shown is no claim. It falls if it is lower than at the step before by more than its range, while
the truth is not.

    holds             of the stated ranges, how many hold the truth; 19 of 20 is asked
    off by            the middle of a range less the truth, mean and mean of the size, in points
    wide              the mean width of the headline's range, in points

What held, twenty draws; no headline fell:

                      headline        left           class              wide
    caltech-20, 20    739 of 739      711 of 717     14204 of 14780      3.6
    caltech-20, 10    504 of 505      501 of 505      4930 of  5049     13.9
    caltech-20, 8     447 of 455      444 of 455      3544 of  3639     15.1
    flowers-5, 5      426 of 426      321 of 321      2186 of  2200     28.7
    flowers-5, 3      452 of 458      314 of 318      1367 of  1380     39.5
    steel-6, 6        445 of 445      422 of 422      2658 of  2682      6.0
    steel-6, 3        253 of 253      253 of 253       756 of   759     16.0

Of what is left, before, 24% held on caltech-20 with 20 named. Questions are about doubtful pictures, so the others are
right more often than these with the same confidence, and all middles are too low.

With `--spot-checks`, four pictures of each named class are labelled, and then the person goes through spot checks of a
dozen pictures: first of the class whose range is the widest, which is undone, then of what the program offers, or
asks for, four times, about a minute. What was wrong is labelled rightly. Said are the mean widths of the ranges in
points, and in how many of four draws, from 400 on, the range holds the truth:

                      before              after one           after four          the class that was checked
    caltech-20, 10    19.5, 4             27.1, 4             16.1, 4             57.1, 4 -> 56.1, 4
    caltech-20, 8     19.8, 4             33.7, 4             19.2, 3             56.4, 4 -> 62.5, 4
    flowers-5, 3      65.1, 4             35.3, 4             26.7, 4             79.1, 3 -> 63.0, 4
    flowers-5, 5      40.7, 4             36.8, 4             21.9, 4             68.7, 4 -> 53.1, 4
    steel-6, 3        38.4, 4             31.3, 3             13.9, 3             66.1, 4 -> 48.0, 4
    steel-6, 6        10.7, 3             11.9, 3              7.8, 3             26.0, 4 -> 14.7, 4

In ten draws from 400 that class's range holds in 10 of each, where it did in 4, 2, 10, 10, 7 and 10.

With `--groups`, nothing is labelled in nine tenths of a folder. The person names each group after most of its typical
pictures, or says None of these, and goes through three spot checks. Said are how many of all pictures are right, how
many known ones became None of these, and how many ranges hold. Flowers-5 with all classes named, six draws; before,
accepted labels that a check confirmed told how known pictures score, and the range of a class did not depend on how
few labels told it:

                right (least)                 lost (most)            classes, wide
    named       79.2 (76.7) -> 79.2 (76.7)    0.0 -> 0.0
    check 1     79.4 (68.9) -> 80.1 (77.0)    8.2 (43) -> 0.0 (0)    24 of 30, 77.2 -> 30 of 30, 66.5
    check 2     79.3 (73.0) -> 81.1 (78.1)    8.5 (47) -> 1.7 (8)    28 of 30, 54.0 -> 30 of 30, 53.8
    check 3     82.8 (80.4) -> 82.5 (80.4)    0.0 (0)  -> 0.3 (2)    28 of 30, 46.3 -> 30 of 30, 46.0

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
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

sys.path.insert(0, os.environ.get("CLAIMS_OF", str(Path(__file__).resolve().parents[2])))
sys.path.insert(0, str(Path(sys.path[0]) / "tests" / "benchmarks"))

import numpy as np
import torch
from bench_at_hand import drawn_from, situation  # beside this file
from bench_default import FOLDER, TOKEN, pictures
from bench_groups import starting_at
from bench_suggestions import NONE, Trial
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mma_desktop.core import paths
from mma_desktop.core.types import Accuracy, LabelSource, Role
from mma_desktop.engine.evaluation.calibration import answers_of, calibration, softmax
from mma_desktop.engine.evaluation.metrics import CandidateNames, calibrated_probabilities, logits, name_inputs
from mma_desktop.engine.features.extraction import Content, rows_of
from mma_desktop.engine.methods import grouping
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet, Floats, TrainingData
from mma_desktop.media.decoding import read_hashed
from mma_desktop.services.batch.benchmark.sources import list_images
from mma_desktop.services.image_index import Filter, Order, Show, looked_up
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training import groups, label_suggestions, learning, spot_checks
from mma_desktop.services.training.claims import MAX_WIDTH, AccuracyClaims, accuracy_claims, check_of, range_words
from mma_desktop.services.training.overview import buried
from tests.engine.cases import read_features

SIDE, ALIENS = 256, 60
STRANGER, ALIEN = -1, -2
SHOWN = (0.7, 0.9)
WORDS = ("quick", "brown", "fox", "jumps", "over", "lazy", "dog", "seven", "owls", "watch", "from", "old", "oak")
CASES = {"caltech-20": (20, 10, 8), "flowers-5": (5, 3), "steel-6": (6, 3)}
PART = 0.9  # of a folder, whose groups would be the same in each draw
MOST_SHOTS, AT_ONCE, ACCEPTED = 16, 5, 10
Draw = np.random.Generator


def colour(draw: Draw, low: int = 0, high: int = 256) -> tuple[int, int, int]:
    red, green, blue = draw.integers(low, high, 3).tolist()
    return red, green, blue


def written(on: ImageDraw.ImageDraw, at: tuple[float, float], width: float, lines: int, draw: Draw, ink: Any) -> None:
    size = int(draw.integers(9, 18))
    font = ImageFont.load_default(size)
    for line in range(lines):
        text = ""
        while on.textlength(text, font) < 0.85 * width:
            text += f"{draw.choice(WORDS)} "
        on.text((at[0], at[1] + 1.35 * size * line), text, fill=ink, font=font)


def page(draw: Draw) -> Image.Image:
    image = Image.new("RGB", (SIDE, int(SIDE * draw.uniform(0.7, 1.4))), colour(draw, 225))
    written(ImageDraw.Draw(image), (12, 12), SIDE - 24, 30, draw, colour(draw, 0, 80))
    return image


def screen(draw: Draw) -> Image.Image:
    dark = draw.random() < 0.5
    image = Image.new("RGB", (SIDE * 3 // 2, SIDE), colour(draw, *((20, 60) if dark else (220, 256))))
    on, ink = ImageDraw.Draw(image), colour(draw, *((180, 256) if dark else (0, 80)))
    for box in ((0, 0, image.width, 22), (0, 22, 80, SIDE)):
        on.rectangle(box, fill=colour(draw, 60, 200))
    written(on, (8, 30), 60, int(draw.integers(4, 9)), draw, ink)
    for _ in range(int(draw.integers(2, 6))):
        x, y = (float(draw.integers(*limits)) for limits in ((90, image.width - 70), (40, SIDE - 40)))
        on.rounded_rectangle((x, y, x + float(draw.integers(30, 120)), y + 24), 5, fill=colour(draw))
    written(on, (96, 32), 180, int(draw.integers(2, 8)), draw, ink)
    return image


def chart(draw: Draw) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), "white")
    on, kind = ImageDraw.Draw(image), int(draw.integers(3))
    if kind == 2:
        thresholds = sorted(draw.choice(360, int(draw.integers(3, 8)), replace=False).tolist())
        for start, end in pairwise([*thresholds, thresholds[0] + 360]):
            on.pieslice((40, 40, 216, 216), start, end, fill=colour(draw, 0, 220))
    else:
        on.line((30, 20, 30, 226, 240, 226), fill="black", width=2)
    for number in range(int(draw.integers(3, 9)) if kind == 0 else 0):
        on.rectangle(
            (36 + 22 * number, float(draw.integers(30, 210)), 50 + 22 * number, 225), fill=colour(draw, 0, 220)
        )
    for _ in range(int(draw.integers(1, 5)) if kind == 1 else 0):
        heights = (draw.normal(0, 12, 20).cumsum() + draw.integers(60, 190)).clip(20, 224).tolist()
        on.line([(34 + 10 * at, height) for at, height in enumerate(heights)], fill=colour(draw, 0, 220), width=2)
    written(on, (60, 4), 140, 1, draw, "black")
    return image


def face(draw: Draw) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), colour(draw))
    on, hair, shade = ImageDraw.Draw(image), colour(draw, 0, 120), draw.uniform(0.4, 1.05)
    skin = int(235 * shade), int(190 * shade), int(150 * shade)
    wide, high = (int(draw.integers(*limits)) for limits in ((55, 80), (75, 100)))
    on.ellipse((118 - wide, 104 - high, 138 + wide, 128 + high // 2), fill=hair)
    on.ellipse((128 - wide, 128 - high, 128 + wide, 128 + high), fill=skin)
    for side in (-1, 1):
        eye = 128 + side * 0.42 * wide
        on.ellipse((eye - 12, 105, eye + 12, 119), fill="white")
        on.ellipse((eye - 5, 106, eye + 5, 118), fill=colour(draw, 0, 120))
        on.line((eye - 15, 95, eye + 15, 93), fill=hair, width=4)
    on.line((128, 115, 122, 148, 132, 150), fill=hair, width=3)
    on.arc((104, 150, 152, 185), 10, 170, fill=(150, 30, 30), width=5)
    return image


def noise(draw: Draw) -> Image.Image:
    kind = int(draw.integers(3))
    values = draw.integers(0, 256, (16, 16, 3) if kind == 2 else (SIDE, SIDE, 3)).astype(np.uint8)
    values = values[:, :, :1].repeat(3, 2) if kind == 1 else values
    return Image.fromarray(values).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def aliens(room: InferenceState, count: int = 4 * ALIENS) -> Floats:
    """Rows (N, E) of drawn pictures that nobody would call by any name of the trial data."""
    draw, (backbone, _) = np.random.default_rng(0), room.need()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.png" for number in range(count)]
        for number, file in enumerate(files):
            (page, screen, chart, face, noise)[number % 5](draw).save(file)

        def read(file: Path) -> Content:
            return Content(*read_hashed(file, backbone.image_spec))

        rows = [one.row for some in rows_of(backbone, None, files, read) for one in some if one.row is not None]
    return np.stack(rows).astype(np.float16).astype(np.float32)  # as a project keeps them


def closed(cases: list[TrainingData]) -> str:
    rows, every = [], []
    for seed, data in enumerate(cases):
        test = data.test
        fit = train(replace(data, test=FeatureSet.empty(0)), seed=seed, with_open_set=True, balances=False)
        said = fit.evaluation.adapted.all
        inputs = name_inputs(fit.adapter, data.class_names, data.text_features, data.reads)
        probabilities = softmax(logits(fit.adapter, test.features, inputs) / fit.temperatures.adapted)
        right, sure = probabilities.argmax(1) == test.labels, probabilities.max(1)
        answers, true = answers_of(sure, right), 100 * float(right.mean())
        assert said is not None
        assert answers is not None
        found = calibration(answers)
        holds = said.low <= true <= said.high
        rows.append(
            (said.percent, true, 100 * holds, 100 * (said.low > true), said.high - said.low, found.ece, found.chance)
        )
        every.append((sure, right))
    together = answers_of(*(np.concatenate(part) for part in zip(*every, strict=True)))
    assert together is not None
    said, true, holds, above, width, ece, chance = np.mean(rows, 0)
    return (
        f"said {said:5.1f} true {true:5.1f} ({said - true:+5.1f}), holds {holds:3.0f} (above {above:2.0f}) "
        f"width {width:4.1f}, ECE {ece:4.1f} (chance {chance:3.1f}, pooled {calibration(together).ece:4.1f})"
    )


def parted(data: TrainingData, seed: int, others: Floats | None, *, half: bool) -> tuple[TrainingData, FeatureSet]:
    """The training data with pictures at hand, and the unseen ones; labels are `STRANGER` or `ALIEN` for the others."""
    draw, count = np.random.default_rng(1000 + seed), len(data.class_names)
    some = np.sort(draw.permutation(count)[: (count + 1) // 2 if half else count])
    place = np.full(count, STRANGER)
    place[some] = np.arange(len(some))
    shots = data.shots.of_classes(some)
    parts = [
        replace(data.test, labels=place[data.test.labels]).select(rows)
        for rows in np.array_split(draw.permutation(len(data.test)), 2)
    ]
    if others is not None:
        drawn = others[draw.permutation(len(others))[: 2 * ALIENS]].reshape(2, ALIENS, -1)
        parts = [part.joined(FeatureSet(rows, np.full(ALIENS, ALIEN))) for part, rows in zip(parts, drawn, strict=True)]
    named = {name: [getattr(data, name)[at] for at in some] for name in ("class_names", "roles", "reads")}
    texts, own = data.text_features[some], replace(shots, labels=place[shots.labels])
    none = FeatureSet.empty(0)
    return data.with_shots(own, **named, text_features=texts, test=none, unlabelled=parts[0].features), parts[1]


def opened(cases: list[tuple[TrainingData, FeatureSet]]) -> str:
    rows, shown = [], []
    for seed, (data, unseen) in enumerate(cases):
        fit = train(data, seed=seed, with_open_set=True, balances=False, transductive=True)
        inputs = name_inputs(fit.adapter, data.class_names, data.text_features, data.reads)
        probabilities = softmax(logits(fit.adapter, unseen.features, inputs) / fit.temperatures.adapted)
        best, sure = probabilities.argmax(1), probabilities.max(1)
        none, known = np.zeros(len(best), bool), np.ones(len(best))
        if fit.open_set is not None and fit.adapter.open_set_scorer is not None and data.unlabelled is not None:
            _, _, thresholds = fit.open_set.decide(fit.adapter.open_set_scorer.score_rows(data.unlabelled))
            scores = fit.adapter.open_set_scorer.score_rows(unseen.features)
            none, known = scores < thresholds.score, thresholds.known(scores, np.full(len(scores), np.nan))
        labels, right = unseen.labels, best == unseen.labels
        parts = [
            np.where(labels >= 0, ~none & right, none),
            none[labels >= 0],
            none[labels == STRANGER],
            none[labels == ALIEN],
        ]
        rows.append([100 * float(part.mean()) if len(part) else np.nan for part in parts])
        shown.append((sure[~none], (sure * known)[~none], right[~none]))
    right, lost, open_set, aliens = np.mean(rows, 0)
    alone, times, true = (np.concatenate(part) for part in zip(*shown, strict=True))
    worst = np.min(rows, 0)
    return (
        f"right {right:5.1f} lost {lost:4.1f} found {open_set:5.1f} aliens {aliens:5.1f} (worst {worst[3]:5.1f}), "
        f"at 70 to 90%: {at_shown(alone, true)} -> {at_shown(times, true)}"
    )


def named(cases: list[tuple[TrainingData, FeatureSet, FeatureSet]]) -> str:
    """From names alone, at hand and unseen."""
    found: dict[str, list[tuple[NDArray[np.floating], NDArray[np.bool_]]]] = {"at hand": [], "unseen": []}
    for seed, (data, *parts) in enumerate(cases):
        fit = train(data, seed=seed, transductive=True)
        inputs = name_inputs(fit.adapter, data.class_names, data.text_features, data.reads)
        names = CandidateNames(inputs, data.text_features, np.zeros(len(inputs), bool))
        for rows, part in zip(found.values(), parts, strict=True):
            outputs = logits(fit.adapter, part.features, inputs)
            shown = calibrated_probabilities(fit.adapter, outputs, part.features, names, fit.temperatures)
            rows.append((shown.max(1), shown.argmax(1) == part.labels))
    said = []
    for where, rows in found.items():
        errors = [calibration(answers).ece for row in rows if (answers := answers_of(*row)) is not None]
        sure, right = (np.concatenate(part) for part in zip(*rows, strict=True))
        said.append(
            f"{where} said {100 * sure.mean():5.1f} true {100 * right.mean():5.1f}, ECE {np.mean(errors):4.1f}, "
            f"at 70 to 90%: {at_shown(sure, right)}"
        )
    return "; ".join(said)


def at_shown(sure: NDArray[np.floating], right: NDArray[np.bool_]) -> str:
    some = right[(sure >= SHOWN[0]) & (sure < SHOWN[1])]
    return f"{100 * some.mean() if len(some) else np.nan:3.0f} of {len(some):4d}"


def cases(folder: Path, draws: int, only: str) -> Iterator[tuple[str, Callable[[], str]]]:
    room, lent = InferenceState(paths.cache_dir() / "embeddings"), ExitStack()
    room.load("starter", "cpu", None, TOKEN)
    none, strange = FeatureSet.empty(0), aliens(room)
    sources = [(name, (2, 4, 8, 16), True) for name in ("flowers-5", "steel-6", "caltech-20")]
    sources += [("caltech-clip-vit-b32-28", (4, 16), False), ("imagenet-clip-vit-b32-144-4shot", (2, 4), False)]
    for name, numbers, starter in sources:
        if starter:
            listed = list_images(folder / name, lent.enter_context(scratch_project()), TOKEN)
            data = pictures(listed, room, 0, 0, 4, 1.0)()
        else:
            data = read_features(folder / f"{name}.safetensors")
        every = data.shots.joined(data.validation).joined(data.test)
        roles = [Role.BASE] * len(data.class_names)
        whole = data.with_shots(every, roles=roles, validation=none, test=none)
        for kind in ("all", "strangers"):
            if only in (title := f"{name}, names alone, {kind}"):
                yield (
                    title,
                    lambda kind=kind, whole=whole: named(
                        [situation(drawn_from(whole, 0, seed), kind, 0, seed) for seed in range(draws)]
                    ),
                )
        for shots in numbers:
            drawn = [drawn_from(whole, shots, seed) for seed in range(draws)]
            if only in (title := f"{name}, {shots} shots"):
                yield f"{title}, closed", lambda drawn=drawn: closed(drawn)
            for half in (False, True) if starter and shots in (4, 16) else ():
                for others in (None, strange):
                    how = f"{title}, {'half' if half else 'all'} named{', aliens' if others is not None else ''}"
                    if only in how:
                        yield (
                            how,
                            lambda drawn=drawn, half=half, others=others: opened(
                                [parted(one, seed, others, half=half) for seed, one in enumerate(drawn)]
                            ),
                        )
    lent.close()


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
    predictions, columns = context.predictions, context.index.columns
    where = columns.positions(predictions.image_ids)
    labels = looked_up(columns.class_ids, where, -1)
    none = context.none_of_these
    said = np.where(predictions.rejected, NONE, predictions.best_class)
    said = np.where(labels >= 0, np.where(labels == (none.id if none else -2), NONE, labels), said)
    true = np.array([trial.truth[image] for image in predictions.image_ids.tolist()])
    return said, said == true, labels < 0


def shown_high(accuracy: Accuracy) -> float:
    """The upper end that is said: "at least" says none."""
    return 100.0 if range_words(accuracy).startswith("at least") else float(math.ceil(accuracy.high))


def claims_of(trial: Trial, found: AccuracyClaims | None) -> list[Claim]:
    if found is None:
        return []
    said, right, free = truth_of(trial)
    rows = []
    if found.known is not None:
        rows.append(Claim("headline", math.floor(found.overall.low), shown_high(found.overall), 100 * right.mean()))
    if found.left is not None and found.left.high - found.left.low <= MAX_WIDTH:
        rows.append(Claim("left", math.floor(found.left.low), shown_high(found.left), 100 * right[free].mean()))
    for class_id, folder in found.by_class.items():
        own = said == class_id
        if own.any():
            rows.append(Claim("class", folder.right.low, folder.right.high, 100 * right[own].mean()))
    return rows


def is_none(trial: Trial, image: int) -> bool:
    predictions = trial.context.predictions
    return bool(predictions.rejected[predictions.positions(np.array([image]))[0]])


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
        found = label_suggestions.suggest(context, MOST_SHOTS, TOKEN, seed, spared)
        if steps >= due or found.beyond or not len(found):
            due = steps + every
            done = int(context.index.columns.labelled.sum()), int(context.index.columns.proposed.sum())
            rows.append(
                (steps, "{} labelled, {} of them accepted".format(*done), claims_of(trial, accuracy_claims(context)))
            )
        if found.questions and not found.beyond:
            asked = draw.sample(found.questions, min(AT_ONCE, len(found.questions)))
            trial.label([image for image, _ in asked])
            steps += len(asked)
        elif found.confident:
            context.project.assign_many(list(found.confident[:ACCEPTED]), LabelSource.SUGGESTION)
            steps += ACCEPTED // 2
        elif len(sure := context.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE))) and (
            some := [image for image in sure.tolist() if not is_none(trial, image)][: max(10, len(trial.truth) // 20)]
        ):
            context.project.assign_many(shown_pairs(context.predictions, some), LabelSource.SUGGESTION)
            steps += every
        else:
            return rows


def person(folder: Path, named: int, seeds: range, every: int, *, verbose: bool) -> str:
    """What held of all that was said to the person of each seed."""
    held, away, wide, falls, shown, moments = defaultdict(list), defaultdict(list), [], 0, 0, 0
    with ExitStack() as stack:
        trial = Trial(stack, folder)
        for seed in seeds:
            last = None
            for step, done, claims in followed(trial, named, seed, every):
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
                if verbose:
                    words = [f"{one.what} {one.low:.0f} to {one.high:.0f} ({one.true:.0f})" for one in claims]
                    print(f"    {seed} {step}, {done}: {', '.join(words[:2])}", flush=True)
    parts = [
        f"{what} {sum(some)} of {len(some)} ({100 * sum(some) / len(some):.0f}%), off by "
        f"{statistics.fmean(away[what]):+.1f} / {statistics.fmean(map(abs, away[what])):.1f}"
        for what, some in held.items()
    ]
    parts.append(f"headline shown {shown} of {moments}, wide {statistics.fmean(wide or [0]):.1f}, falls {falls}")
    return "; ".join(parts)


def every_claim(trial: Trial) -> list[Claim]:
    """The claims, also those that are too wide to be shown."""
    found, (_, right, free) = accuracy_claims(trial.context), truth_of(trial)
    if found is None or found.left is None:
        return []
    pairs = (("headline", found.overall, right), ("left", found.left, right[free]))
    rows = [Claim(what, said.low, said.high, 100 * float(true.mean())) for what, said, true in pairs]
    return [*rows, *(one for one in claims_of(trial, found) if one.what == "class")]


def looked_over(trial: Trial, class_id: int | None = None) -> bool:
    """Go through a spot check; whether there was one."""
    context = trial.context
    check = check_of(context, class_id)
    if check is None:
        return False
    wrong = [one.image for one in check.pictures if trial.truth[one.image] != one.class_id]
    spot_checks.store_check(context, check, wrong)
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
    right, found = accuracy_claims(context), {}
    if right is None:
        return found
    found["before"] = every_claim(trial)
    widest = max(right.by_class, key=lambda at: right.by_class[at].right.high - right.by_class[at].right.low)

    def own(when: str) -> None:
        said, right_ones, _ = truth_of(trial)
        folder, mine = accuracy_claims(context).by_class.get(widest), said == widest
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


def print_spot_checks(folder: Path, named: int, seeds: range) -> None:
    every: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    with ExitStack() as stack:
        trial = Trial(stack, folder)
        for seed in seeds:
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
        print(f"{folder.name}, {named} named, {what}: {'; '.join(parts)}", flush=True)


def grouped(trial: Trial, wanted: set[str]) -> Iterator[tuple[str, list[Claim], NDArray[np.bool_], int, int]]:
    """Name the groups, then three checks: when, claims, which are right, how many have no label, and how many are lost.

    Groups of classes that are not `wanted` are None of these.
    """
    context = trial.context
    context.project.delete_classes([one.id for one in context.every_class])
    while found := groups.open_groups(context, TOKEN):
        images = found[0].typical.tolist()
        shown = [trial.names_of[one] for one in images]
        most = max(sorted(set(shown)), key=shown.count)
        groups.label_group(context, images, most if most in wanted else "")
        learning.follow_edits(context, TOKEN)
    by_name = {one.name: one.id for one in context.classes}
    trial.truth = {image: by_name.get(name, NONE) for image, name in trial.names_of.items()}
    for times in range(4):
        if times:
            looked_over(trial)
        said, right, free = truth_of(trial)
        known = np.array([trial.truth[image] != NONE for image in context.predictions.image_ids.tolist()])
        lost = int((free & (said == NONE) & known).sum())
        claims = claims_of(trial, accuracy_claims(context))
        yield f"check {times}" if times else "named", claims, right, int(free.sum()), lost


def print_groups(folder: Path, named: int, seeds: range, *, verbose: bool) -> None:
    rows: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    every: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for seed in seeds:
        with ExitStack() as stack, patch.object(grouping, "k_means", starting_at(seed * grouping.STARTS)):
            trial = Trial(stack, folder, part=PART, seed=seed)
            wanted = set(random.Random(seed).sample(sorted(set(trial.names_of.values())), named))
            for when, claims, right, left, lost in grouped(trial, wanted):
                rows[when].append((100 * float(right.mean()), left, lost))
                for claim in claims:
                    every[when, claim.what].append(claim)
                if verbose:
                    words = [f"{one.what} {one.low:.0f} to {one.high:.0f} ({one.true:.0f})" for one in claims]
                    print(
                        f"    {seed} {when}: right {100 * right.mean():.1f}, {left} left, {lost} lost, {words}",
                        flush=True,
                    )
    for when, some in rows.items():
        right, left, lost = zip(*some, strict=True)
        held = [
            f"{what} {sum(one.holds for one in told)} of {len(told)} hold, "
            f"{statistics.fmean(one.high - one.low for one in told):.1f} wide"
            for what in ("headline", "left", "class")
            if (told := every[when, what])
        ]
        print(
            f"{folder.name}, {named} named, {when}: right {statistics.fmean(right):.1f} (least {min(right):.1f}), "
            f"{statistics.fmean(left):.0f} left, lost {statistics.fmean(lost):.1f} (most {max(lost)})",
            *held,
            sep="; ",
            flush=True,
        )


def print_buried(folder: Path, named: int, seeds: range) -> None:
    counts: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    lost: dict[str, int] = defaultdict(int)
    with ExitStack() as stack:
        trial = Trial(stack, folder)
        context, names = trial.context, sorted(set(trial.names_of.values()))
        for seed in seeds:
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
                    ids = context.predictions.image_ids.tolist()
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
                while (
                    when == "before"
                    and (found := label_suggestions.suggest(context, MOST_SHOTS, TOKEN, seed)).confident
                ):
                    context.project.assign_many(list(found.confident), LabelSource.SUGGESTION)
                    learning.follow_edits(context, TOKEN)
    for when, rows in counts.items():
        hits, offered, chance = (sum(column) for column in zip(*rows, strict=True))
        print(
            f"{folder.name}, {named} named, {when}: {hits} of {offered} offered ({100 * hits / max(1, offered):.0f}%, "
            f"by chance {100 * chance / max(1, offered):.0f}%), {len(rows)} lists, buried {lost[when]}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--person", action="store_true")
    parser.add_argument("--spot-checks", action="store_true")
    parser.add_argument("--groups", action="store_true")
    parser.add_argument("--buried", action="store_true")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    if asked.person or asked.spot_checks or asked.groups or asked.buried:
        for name, numbers in CASES.items():
            for named in numbers:
                if asked.only in (title := f"{name}, {named} named"):
                    seeds = range(asked.first, asked.first + asked.draws)
                    case = asked.folder / name, named, seeds
                    if asked.person:
                        print(f"{title} | {person(*case, asked.every, verbose=asked.verbose)}", flush=True)
                    elif asked.groups:
                        print_groups(*case, verbose=asked.verbose)
                    else:
                        (print_buried if asked.buried else print_spot_checks)(*case)
        return
    before: dict[str, str] = {}
    if asked.against is not None:
        command = [sys.executable, __file__, asked.folder, "--draws", str(asked.draws), "--only", asked.only]
        environment = {**os.environ, "CLAIMS_OF": str(asked.against.resolve())}
        told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        before = dict(line.split(" | ", 1) for line in told.splitlines())
    for title, measure in cases(asked.folder, asked.draws, asked.only):
        if title in before:
            print(f"{title} | before {before[title]}", flush=True)
        print(f"{title} | {measure()}", flush=True)


if __name__ == "__main__":
    main()
