"""The two methods of the page Train on every set of the trial data, beside the paper's alone, zero-shot and peers.

    python tests/benchmarks/bench_two_rows.py [FOLDER] [--cache CACHE] [--seeds 3] [--shots 4 16] [--sets a b ...]
        [--out rows.jsonl] [--table]

FOLDER holds the trial data (default: ../shared/data beside the checkout): folders of class folders, also those in
`wide`, and files of CLIP features. For each draw, the classes come in a drawn order and the shots are drawn among all
pictures; every other picture is tested. Half of the classes are trained first, the others are names alone: base, new,
H, and all names, where each class counts alike. Then every class is trained, beside the best of logistic regression,
linear discriminant analysis and a linear SVM (scikit-learn, on the same whole rows, each with its penalty by
cross-validation on the shots; the best of the three on the test pictures, which flatters them).

The Multi-Modal Adapters train `EPOCHS` and `PAPER_EPOCHS` epochs, so that nothing is chosen and no fold is needed;
`seconds` are of one such training with every class, on as many threads as torch is given (`OMP_NUM_THREADS`). The page
chooses its epoch by pictures that are left out.

With `--out` each measurement is written as a line of JSON, and those that are there are not measured again; `--table`
prints the tables of the guide from it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.svm import LinearSVC

from mma_desktop.core import paths
from mma_desktop.core.types import Recipe, Role, harmonic_mean
from mma_desktop.engine.evaluation.metrics import logits, name_inputs
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER, QUICK, WITH_HEAD, ZERO_SHOT
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet, TrainingData
from mma_desktop.services.batch.benchmark.sources import list_images
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.project_factory import scratch_project
from tests.benchmarks.bench_default import FOLDER, TOKEN, pictures
from tests.engine.cases import read_features

EPOCHS, PAPER_EPOCHS = 30, 100
ROWS: tuple[tuple[str, str, dict[str, Any], Recipe | None], ...] = (
    ("Zero-shot", ZERO_SHOT, {}, None),
    ("Quick", QUICK, {}, None),
    ("Multi-Modal Adapter", MULTI_MODAL_ADAPTER, WITH_HEAD, Recipe(max_epochs=EPOCHS, patience=0)),
    ("the paper's alone", MULTI_MODAL_ADAPTER, {}, Recipe(max_epochs=PAPER_EPOCHS, patience=0)),
)
PEER = "best peer"
PENALTIES = tuple(10.0**exponent for exponent in range(-3, 5))
SHRINKAGES = (0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9)
FOLDS = 5
CLIP = {
    "CLIP, 28 Caltech classes": "caltech-clip-vit-b32-28",
    "CLIP, 144 ImageNet classes": "imagenet-clip-vit-b32-144-4shot",
}
FAMILIES = {
    "scans and cells": "blood_cells dental_xray skin_lesions",
    "surfaces and boards": "circuit_board_defects steel-6",
    "leaves, seedlings and food": "corn_leaves flowers-5 fruit_freshness indian_food mangrove_leaves seedlings",
    "scenes": "house_rooms satellite weather",
    "drawings and letters": "drawn_shapes handwritten_alphabets paintings sketches",
}


def family(name: str) -> str:
    return next((title for title, sets in FAMILIES.items() if name in sets.split()), "objects")


Pool = tuple[TrainingData, FeatureSet]


def pools(folder: Path, cache: Path, wanted: list[str]) -> Iterator[tuple[str, Pool]]:
    """Each set: its classes, and all of its pictures."""
    room = InferenceState(cache)
    folders = [item for part in (folder, folder / "wide") for item in sorted(part.iterdir()) if item.is_dir()]
    for item in (item for item in folders if item.name != "wide" and (not wanted or item.name in wanted)):
        if not room.ready:
            room.load("starter", "cpu", None, TOKEN)
        with ExitStack() as lent:
            source = list_images(item, lent.enter_context(scratch_project()), TOKEN)
            yield item.name, joined(pictures(source, room, 0, 0, 1, 1.0)())
    for title, name in CLIP.items():
        if not wanted or title in wanted:
            yield title, joined(read_features(folder / f"{name}.safetensors"))


def joined(data: TrainingData) -> Pool:
    every = data.shots
    for part in (data.validation, data.test):
        every = every.joined(part)
    return data, every


def drawn(pool: Pool, shots: int, seed: int, *, half: bool) -> TrainingData:
    """So many shots of each trained class, or all but one of its pictures; all other pictures are tested."""
    (data, every), draw = pool, np.random.default_rng(seed)
    order = draw.permutation(len(data.class_names))
    base = set(order[: -(-len(order) // 2)].tolist()) if half else set(order.tolist())
    roles = [Role.BASE if at in base else Role.NEW for at in range(len(order))]
    chosen = np.zeros(len(every), bool)
    for at in sorted(base):
        places = np.flatnonzero(every.labels == at)
        chosen[draw.permutation(places)[: min(shots, len(places) - 1)]] = True
    empty = FeatureSet.empty(data.image_dim)
    return data.with_shots(every.select(chosen), roles=roles, validation=empty, test=every.select(~chosen))


def measured(adapter: Adapter, data: TrainingData) -> dict[str, float]:
    """Percent right: base, new, H, and all names with each class counting alike."""
    inputs = name_inputs(adapter, data.class_names, data.text_features, data.reads)
    found, labels = logits(adapter, data.test.features, inputs), data.test.labels
    result = {}
    for role in (Role.BASE, Role.NEW):
        classes = data.classes_of(role)
        rows = np.isin(labels, classes)
        if len(classes) > 1:
            result[role.value] = 100 * float((classes[found[rows][:, classes].argmax(1)] == labels[rows]).mean())
    right = found.argmax(1) == labels
    result["all"] = 100 * float(np.mean([right[labels == at].mean() for at in np.unique(labels)]))
    if len(result) == 3:
        result["H"] = harmonic_mean(result["base"], result["new"])
    return result


def peers(data: TrainingData) -> dict[str, float]:
    """Percent right of each peer, every class trained."""
    shots, asked = (part.features.astype(np.float64) for part in (data.shots, data.test))
    centre = shots.mean(0)
    basis = np.linalg.svd(shots - centre, full_matrices=False)[2]  # nothing outside the span of the shots is learned
    inside, outside = (shots - centre) @ basis.T, (asked - centre) @ basis.T
    folds = min(FOLDS, int(np.bincount(data.shots.labels).min()))
    division = StratifiedKFold(folds, shuffle=True, random_state=0)
    choices = {
        "logistic regression": (LogisticRegression(max_iter=1000), {"C": PENALTIES}),
        "LDA": (LinearDiscriminantAnalysis(solver="lsqr"), {"shrinkage": SHRINKAGES}),
        "SVM": (LinearSVC(), {"C": PENALTIES}),
    }
    result = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no convergence with hardly any penalty
        for name, (judge, grid) in choices.items():
            search = GridSearchCV(judge, grid, cv=division).fit(inside, data.shots.labels)
            result[name] = 100 * float((search.predict(outside) == data.test.labels).mean())
    return result


def measure(pool: Pool, shots: int, seed: int) -> Iterator[dict[str, Any]]:
    """A row for each method, half of the classes trained or every one."""
    for half in (True, False):
        data = drawn(pool, shots, seed, half=half)
        for name, method, options, recipe in ROWS:
            started = time.perf_counter()
            adapter = train(data, method, options, recipe, seed).adapter
            taken = time.perf_counter() - started
            yield {"method": name, "half": half, "seconds": taken, **measured(adapter, data)}
        if not half:
            found = peers(data)
            yield {"method": PEER, "half": False, "all": max(found.values()), **found}


# --------------------------------------------------------------------------------------
# the tables of the guide


def mean(rows: list[dict[str, Any]], key: str) -> float:
    values = [row[key] for row in rows if key in row]
    return statistics.fmean(values) if values else float("nan")


def tables(rows: list[dict[str, Any]]) -> Iterator[str]:
    names = [name for name, *_ in ROWS]
    sets = list(dict.fromkeys(row["set"] for row in rows))
    for shots in sorted({row["shots"] for row in rows}):
        of_shots = [row for row in rows if row["shots"] == shots]

        def of(name: str, half: bool, which: str | None = None, some: list[dict[str, Any]] = of_shots) -> list[Any]:
            return [row for row in some if (row["method"], row["half"]) == (name, half) and which in (None, row["set"])]

        here = [one for one in sets if of("Quick", False, one)]
        yield f"\n{shots} shots, {len(here)} sets: mean of sets (worst set)\n"
        yield "| | base | new | H | all names | every class trained | seconds |"
        yield "|---|---|---|---|---|---|---|"
        for name in (*names, PEER):
            cells = []
            for half, key in ((True, "base"), (True, "new"), (True, "H"), (True, "all"), (False, "all")):
                each = [value for one in here if (value := mean(of(name, half, one), key)) == value]
                cells.append(f"{statistics.fmean(each):.1f} ({min(each):.1f})" if each else "")
            seconds = mean(of(name, False), "seconds")
            yield f"| {name} | {' | '.join(cells)} | {seconds:.1f} |".replace("nan", "")
        yield f"\n{shots} shots, each set: base / new / H / all names; every class trained\n"
        yield f"| | {' | '.join(names)} | {PEER} |"
        yield "|---" * (len(names) + 2) + "|"
        for one in here:
            cells = [
                " / ".join(f"{mean(of(name, True, one), key):.0f}" for key in ("base", "new", "H", "all"))
                + f"; **{mean(of(name, False, one), 'all'):.1f}**"
                for name in names
            ]
            yield f"| {one} | {' | '.join(cells)} | {mean(of(PEER, False, one), 'all'):.1f} |"
    yield "\nMulti-Modal Adapter less Quick, by family: every class trained / new / all names\n"
    for title in dict.fromkeys(map(family, sets)):
        differences = []
        for half, key in ((False, "all"), (True, "new"), (True, "all")):
            both = (
                [row for row in rows if family(row["set"]) == title and (row["method"], row["half"]) == (name, half)]
                for name in ("Multi-Modal Adapter", "Quick")
            )
            first, second = (mean(part, key) for part in both)
            differences.append(f"{first - second:+.1f}")
        yield f"{title}: {' / '.join(differences)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--cache", type=Path, default=paths.cache_dir() / "embeddings")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--shots", type=int, nargs="+", default=[4, 16])
    parser.add_argument("--sets", nargs="+", default=[])
    parser.add_argument("--out", type=Path, nargs="+", default=[])
    parser.add_argument("--table", action="store_true")
    asked = parser.parse_args()
    lines = [line for file in asked.out if file.exists() for line in file.read_text().splitlines()]
    rows = [json.loads(line) for line in lines]
    done = {(row["set"], row["shots"], row["seed"]) for row in rows}
    if not asked.table:
        kept = dict(pools(asked.folder, asked.cache, asked.sets))
        for seed in range(asked.seeds):
            for name, pool in kept.items():
                for shots in asked.shots:
                    if (name, shots, seed) in done or np.bincount(pool[1].labels).min() <= shots:
                        continue
                    new = [{"set": name, "shots": shots, "seed": seed, **row} for row in measure(pool, shots, seed)]
                    rows += new
                    print(name, shots, "shots, draw", seed, flush=True)
                    if asked.out:
                        with asked.out[0].open("a") as file:
                            file.writelines(json.dumps(row) + "\n" for row in new)
    print("\n".join(tables(rows)))


if __name__ == "__main__":
    main()
