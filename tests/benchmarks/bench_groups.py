"""Naming groups of pictures, by a simulated person who never corrects, on photographs whose labels are hidden.

python tests/benchmarks/bench_groups.py [FOLDER ...] [--draws 5] [--wanted SHARE] [--questions N]
"""

from __future__ import annotations

import argparse
import random
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench_suggestions import DATA, NONE, TOKEN, Trial  # beside this file

from mma_desktop.services.predicting import prediction
from mma_desktop.services.training import groups
from mma_desktop.services.training.learning import learn


class Row(NamedTuple):
    steps: int
    examples: int
    right: float
    classes: int
    rest: float
    known: float
    found: float
    questions: int


def measure(trial: Trial, share: float, questions: int, seed: int) -> Row:
    context, every = trial.context, sorted(set(trial.names_of.values()))
    wanted = set(random.Random(seed).sample(every, round(share * len(every))))
    context.project.delete_classes([one.id for one in context.every_class])
    context.engine.use(None)
    learn.put(context, None)
    steps, right, examples = 0, 0, {}
    while found := groups.open_groups(context, TOKEN):
        images = found[0].typical.tolist()
        names = [trial.names_of[one] for one in images]
        most = max(sorted(set(names)), key=names.count)
        groups.take(context, images, most if most in wanted else "")
        steps += 1
        if most in wanted:
            right += names.count(most)
            examples[most] = examples.get(most, 0) + len(images)
    by_name = {one.name: one.id for one in context.classes}
    trial.truth = {image: by_name.get(name, NONE) for image, name in trial.names_of.items()}
    answered = trial.answer(16, 0, questions) if questions else 0
    learn(context, TOKEN)
    prediction.score(context, TOKEN)
    guesses, columns = context.guesses, context.index.columns
    free = ~columns.labelled[columns.positions(guesses.image_ids)]
    truth = np.array([trial.truth[one] for one in guesses.image_ids[free].tolist()])
    said = np.where(guesses.rejected, NONE, guesses.best_class)[free]
    good, known = said == truth, truth != NONE
    count = sum(examples.values())
    return Row(
        steps,
        count,
        100 * right / count,
        sum(one >= 16 for one in examples.values()),
        100 * good.mean(),
        100 * good[known].mean(),
        100 * good[~known].mean() if (~known).any() else np.nan,
        answered,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--wanted", type=float, default=1.0)
    parser.add_argument("--questions", type=int, default=0)
    asked = parser.parse_args()
    for folder in asked.folders or [DATA / "caltech-20", DATA / "steel-6", DATA / "flowers-5"]:
        if not folder.is_dir():
            sys.exit(f"{folder} is not there")
        with ExitStack() as stack:
            trial = Trial(stack, folder)
            draws = asked.draws if asked.wanted < 1 else 1
            rows = [measure(trial, asked.wanted, asked.questions, seed) for seed in range(draws)]
        for row in rows:
            print(folder.name, Row(*(round(float(one), 1) for one in row)), flush=True)


if __name__ == "__main__":
    main()
