"""Following the suggestions from typed names alone, on photographs whose labels are hidden, against random labelling.

    python tests/benchmarks/bench_suggestions.py [FOLDER ...] [--seeds 5] [--shots 16] [--plot FILE.png]
                                                  [--language German]
    python tests/benchmarks/bench_suggestions.py [FOLDER ...] --half-named 20 | --all-named 4 [--answers 45]

FOLDER holds class folders (default: caltech-20 and flowers-5 of ../shared/data beside the checkout). For each seed, 30%
of the pictures are set aside for testing; the rest is unlabelled, and only the class names are known. A simulated
person answers a question (its yes, or the key of the right class), and the program learns before the next; when no
question is left, they accept all confident predictions without looking at them, until no class lacks anything.
Everything goes through the project as in the window. The random arm labels as many random pictures as the person
answered questions, with the same learning model.

    confident, right  what "accept the sure ones" wrote, and how much of it was right
    answers           questions answered, one key each
    corrections       answers that were not the proposed class, plus wrong labels among the confident ones
    accuracy          of the test pictures among all names; measured: what the program said of itself
    98% after         answers until so many test pictures are right

    caltech-20: 99.6% of 199 right; 121 answers, 13 corrections (124 of 402); accuracy 99.3 (measured 96.8), random
        98.0; 98% after 10 to 39 answers
    flowers-5: 99.2% of 26 right; 56 answers, 25 corrections (57 of 105); accuracy 84.0 (measured 71.2), random 82.4

"former" is how the program suggested before: as many typical pictures a class as it lacked, from the names alone, each
corrected by hand.

With `--half-named`, half of the class names (3 of 5) are typed, another half each time, as where a folder holds
pictures of things that nobody named. The person answers at most `--answers` questions, truthfully: yes, another of the
typed names, or None of these. Then every picture without a label is predicted. With `--all-named`, every picture shows
a typed name:

    right             of all of them; known: of those that show a typed name; found: of the others
    claimed           what the window says of all of them, and of the share of the others; "no" if it is not so

    caltech-20, 30 answers, twelve draws: right 95.9 (least 89.8), known 96.5, found 95.4; all claims so
    flowers-5, the same: right 81.3 (least 76.6), known 78.0, found 85.9; the share of the others so in nine
    caltech-20, all named, 45 answers: right 98.2, and the claim so
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
from bench_languages import NAMES, split  # beside this file

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training import label_suggestions
from mma_desktop.services.training.claims import AccuracyClaims, accuracy_claims, range_words, short
from mma_desktop.services.training.label_suggestions import facility_location
from mma_desktop.services.training.learning import Learned, learn

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TESTED = 0.3
RANDOM_STEP = 5
TOKEN = CancelToken()
NONE = -1  # the class of pictures of none of the named ones
Curve = list[tuple[int, float]]


class Row(NamedTuple):
    """One seed."""

    confident: int
    wrong: int
    answers: int
    corrected: int
    accuracy: float
    measured: float
    random: float
    former_labels: int
    former_corrected: int
    curve: Curve
    random_curve: Curve

    def until(self, accuracy: float, *, of_random: bool = False) -> int | None:
        """The answers after which the accuracy is so high, None if it never is."""
        return next((count for count, at in (self.random_curve if of_random else self.curve) if at >= accuracy), None)


class Trial:
    """One folder in one project, or a `part` of its images that is drawn, and the truth about it."""

    def __init__(self, stack: ExitStack, folder: Path, language: str = "", *, part: float = 1.0, seed: int = 0) -> None:
        self.context = context = stack.enter_context(scratch_project())
        context.learns = True
        files = sorted(one for one in folder.glob("*/*") if one.is_file())
        some = random.Random(seed).sample(files, round(part * len(files)))
        importing.import_paths(context, [folder] if part == 1 else some, TOKEN)
        folders = sorted(one.name for one in folder.iterdir() if one.is_dir())
        names = split(NAMES[folder.name][language]) if language else folders
        typed = dict(zip(folders, names, strict=True))
        model_in_use.prepare(context, TOKEN)
        embedding.embed(context, TOKEN)
        rows = context.project.image_rows(context.index.columns.ids.tolist())
        self.names_of = {row.id: typed[row.path.parent.name] for row in rows}
        self.name(names)

    def name(self, names: Sequence[str]) -> None:
        """The names that are typed; nothing is labelled."""
        context = self.context
        context.project.delete_classes([one.id for one in context.every_class])
        context.project.add_classes(names)
        by_name = {one.name: one.id for one in context.classes}
        self.truth = {image: by_name.get(name, NONE) for image, name in self.names_of.items()}
        self.names = [one.name for one in context.classes]
        self.class_ids = np.array([one.id for one in context.classes])

    def begin(self, seed: int) -> None:
        """No label, no model; which pictures are for testing."""
        order = np.random.default_rng(seed).permutation(list(self.truth)).tolist()
        cut = round(TESTED * len(order))
        self.test, self.heap = sorted(order[:cut]), order[cut:]
        self.context.project.assign(list(self.truth), None)
        learn.put(self.context, None)
        self.context.engine.use(None)

    def label(self, images: Sequence[int]) -> None:
        for class_id in {self.truth[one] for one in images}:
            some = [one for one in images if self.truth[one] == class_id]
            if class_id == NONE:
                self.context.project.assign_none(some)
            else:
                self.context.project.assign(some, class_id)

    def accuracy(self, learned: Learned | None) -> float:
        """Of the test pictures among all names, in percent."""
        engine = self.context.engine
        predictor = engine.predictor if learned is None else learned.predictor
        where = self.context.index.columns.positions(np.array(self.test))
        rows = engine.gather(self.context.index.columns.hashes[where])
        found = predictor.probabilities(rows, self.names, self.context.prompt_template, adapted=learned is not None)
        right = self.class_ids[found.argmax(1)] == np.array([self.truth[one] for one in self.test])
        return float(100 * right.mean())

    def answer(self, shots: int, seed: int, most: int) -> int:
        """Answer questions, at most so many, and accept what is confident. The number of answers."""
        answers = 0
        while True:
            learn(self.context, TOKEN)
            found = label_suggestions.suggest(self.context, shots, TOKEN, seed)
            if found.questions and answers < most:
                answers += 1
                self.label([found.questions[0][0]])
            elif found.confident:
                self.context.project.assign_many(list(found.confident), LabelSource.SUGGESTION)
            else:
                return answers

    def follow(self, shots: int, seed: int) -> tuple[list[int], Curve]:
        """Confident, wrong, answers and corrections, and the accuracy after so many answers."""
        confident = wrong = answers = corrected = 0
        curve: Curve = []
        while True:
            curve.append((answers, self.accuracy(learn(self.context, TOKEN))))
            found = label_suggestions.suggest(self.context, shots, TOKEN, seed, frozenset(self.test))
            if found.questions and not found.beyond:
                (image, class_id), *_ = found.questions
                answers += 1
                corrected += self.truth[image] != class_id
                self.label([image])
            elif found.confident:
                self.context.project.assign_many(list(found.confident), LabelSource.SUGGESTION)
                confident += len(found.confident)
                wrong += sum(self.truth[image] != class_id for image, class_id in found.confident)
            else:
                return [confident, wrong, answers, corrected], curve

    def at_random(self, counts: Sequence[int]) -> Curve:
        """The accuracy after so many random labels."""
        curve: Curve = []
        for count in counts:
            self.label(self.heap[:count])
            curve.append((count, self.accuracy(learn(self.context, TOKEN))))
        return curve

    def former(self, shots: int) -> tuple[int, int]:
        """Labels and corrections until every class has its shots, by lists of typical pictures from the names."""
        context, labels, corrected = self.context, 0, 0
        columns = context.index.columns
        features = context.engine.gather(columns.hashes, whole=False)
        rows = context.engine.gather(columns.hashes)
        probabilities = context.engine.predictor.probabilities(rows, self.names, context.prompt_template, adapted=False)
        heap = set(self.heap)
        have = dict.fromkeys(self.class_ids.tolist(), 0)
        while True:
            asked = []
            for index, class_id in enumerate(self.class_ids.tolist()):
                need = shots - have[class_id]
                free = np.array([at for at, one in enumerate(columns.ids.tolist()) if one in heap])
                if need <= 0 or not len(free):
                    continue
                group = free[probabilities[free, index] >= 0.5 * probabilities[free].max(1)]
                rows = facility_location(features[group], probabilities[group, index], features[:0], need, TOKEN)
                chosen = group[rows]
                rest = np.setdiff1d(free, chosen)
                more = rest[np.argsort(-probabilities[rest, index], kind="stable")[: need - len(chosen)]]
                for at in [*chosen.tolist(), *more.tolist()]:
                    heap.discard(int(columns.ids[at]))
                    asked.append((int(columns.ids[at]), class_id))
            if not asked:
                return labels, corrected
            for image, class_id in asked:
                labels += 1
                corrected += self.truth[image] != class_id
                have[self.truth[image]] += 1


def measure(trial: Trial, shots: int, seed: int) -> Row:
    trial.begin(seed)
    former = trial.former(shots)
    counts, curve = trial.follow(shots, seed)
    learned = learn.kept(trial.context)
    accuracy, said = trial.accuracy(learned), learned.accuracy if learned is not None else None
    trial.begin(seed)
    random = trial.at_random([*range(RANDOM_STEP, counts[2], RANDOM_STEP), counts[2]])
    return Row(*counts, accuracy, said.percent if said else float("nan"), random[-1][1], *former, curve, random)


class Left(NamedTuple):
    """What is left after the answers."""

    answers: int
    right: float
    known: float
    found: float
    claimed: AccuracyClaims
    share: float

    @property
    def honest(self) -> tuple[bool, bool]:
        """Whether what is claimed of the pictures, and of the share of the others, is so."""
        left, here = self.claimed.left, self.claimed.at_hand
        high = 100 if "at least" in range_words(left) else math.ceil(left.high)
        share = here is None or here.low <= self.share <= here.high
        return math.floor(left.low) <= self.right <= high, share


def measure_left(trial: Trial, shots: int, seed: int, most: int, *, half: bool) -> Left:
    """Type all names or half of them, answer questions, and look at the predictions of all other pictures."""
    context, every = trial.context, sorted(set(trial.names_of.values()))
    trial.test, trial.heap = [], []
    trial.name(sorted(random.Random(seed).sample(every, (len(every) + 1) // 2)) if half else every)
    learn.put(context, None)
    context.engine.use(None)
    answers = trial.answer(shots, seed, most)
    prediction.score(context, TOKEN)
    predictions, columns = context.predictions, context.index.columns
    claimed = accuracy_claims(context)
    if predictions is None or claimed is None:
        sys.exit("nothing was learned")
    free = ~columns.labelled[columns.positions(predictions.image_ids)]
    truth = np.array([trial.truth[image] for image in predictions.image_ids[free].tolist()])
    said = np.where(predictions.rejected, NONE, predictions.best_class)[free]
    right, known = said == truth, truth != NONE
    figures = (float(100 * part.mean()) if len(part) else math.nan for part in (right, right[known], right[~known]))
    return Left(answers, *figures, claimed, float(1 - known.mean()))


def report_left(trial: Trial, name: str, draws: int, shots: int, most: int, *, half: bool) -> None:
    """Print each draw as it is over, the means, and how often what is claimed is so."""
    print(f"\n{name}, {'half of' if half else 'all'} the names typed, {draws} draws")
    rows = []
    for seed in range(draws):
        row = measure_left(trial, shots, seed, most, half=half)
        rows.append(row)
        (right, share), here = row.honest, row.claimed.at_hand
        about = "" if here is None else f", others {100 * here.low:.0f} to {100 * here.high:.0f}%"
        print(
            f"  {seed}: {row.answers} answers; right {row.right:.1f}, known {row.known:.1f}, found {row.found:.1f}; "
            f"claimed: {short(row.claimed.left)}{'' if right else ' (no)'}{about} of which there are "
            f"{100 * row.share:.0f}%{'' if share else ' (no)'}",
            flush=True,
        )
    means = [statistics.fmean(values) for values in zip(*(row[1:4] for row in rows), strict=True)]
    so = [sum(values) for values in zip(*(row.honest for row in rows), strict=True)]
    print(
        f"  mean: right {means[0]:.1f} (least {min(row.right for row in rows):.1f}), known {means[1]:.1f}, found "
        f"{means[2]:.1f}; claims that are so: right {so[0]} of {len(rows)}, share {so[1]} of {len(rows)}"
    )


def plot(file: Path, found: dict[str, list[Row]]) -> None:
    """Accuracy against answers, suggested and random, one panel a folder."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5 * len(found), 4), layout="constrained")
    for axes, (name, rows) in zip(np.atleast_1d(figure.subplots(1, len(found))), found.items(), strict=True):
        for row in rows:
            axes.plot(*zip(*row.curve, strict=True), color="tab:blue", alpha=0.6)
            axes.plot(*zip(*row.random_curve, strict=True), color="tab:gray", alpha=0.6, linestyle="--")
        axes.set(title=name, xlabel="answers", ylabel="accuracy, %")
        axes.legend(["suggested", "random"])
    figure.savefig(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--shots", type=int, default=16)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--language", default="", help="type the names of bench_languages.py, such as German")
    parser.add_argument("--half-named", type=int, default=0, metavar="DRAWS")
    parser.add_argument("--all-named", type=int, default=0, metavar="DRAWS")
    parser.add_argument("--answers", type=int, default=45)
    asked = parser.parse_args()
    every: dict[str, list[Row]] = {}
    for folder in asked.folders or [DATA / "caltech-20", DATA / "flowers-5"]:
        if not folder.is_dir():
            sys.exit(f"{folder} is not there")
        with ExitStack() as stack:
            trial = Trial(stack, folder, asked.language)
            if draws := asked.half_named or asked.all_named:
                report_left(trial, folder.name, draws, asked.shots, asked.answers, half=bool(asked.half_named))
                continue
            rows = every[folder.name] = [measure(trial, asked.shots, seed) for seed in range(asked.seeds)]
        print(f"\n{folder.name}, {asked.shots} examples a class, {asked.seeds} seeds")
        for seed, row in enumerate(rows):
            right = 100 * (1 - row.wrong / max(1, row.confident))
            print(
                f"  {seed}: {row.confident} confident, {right:.1f}% right; {row.answers} answers, "
                f"{row.corrected + row.wrong} corrections (former {row.former_corrected} of {row.former_labels}); "
                f"accuracy {row.accuracy:.1f} (measured {row.measured:.1f}), 98% after {row.until(98)} answers; "
                f"{row.answers} random labels {row.random:.1f}, 98% after {row.until(98, of_random=True)}"
            )
        columns = [statistics.fmean(values) for values in zip(*(row[:9] for row in rows), strict=True)]
        confident, wrong, answers, corrected, accuracy, said, random, labels, former = columns
        print(
            f"  mean: {100 * (1 - wrong / max(1, confident)):.1f}% of {confident:.0f} right; {answers:.0f} answers, "
            f"{corrected + wrong:.0f} corrections (former {former:.0f} of {labels:.0f}); accuracy {accuracy:.1f} "
            f"(measured {said:.1f}), random {random:.1f}"
        )
    if asked.plot is not None:
        plot(asked.plot, every)


if __name__ == "__main__":
    main()
