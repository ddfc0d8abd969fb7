"""What the learning model says of itself when every labelled picture has copies, and what is true.

    python tests/benchmarks/bench_copies.py [FOLDER ...] [--seeds 3] [--shots 8]

FOLDER holds class folders (default: caltech-20 and flowers-5 of ../shared/data beside the checkout). SHOTS pictures of
each class are labelled, and each comes three times: as it is, and resized and recompressed twice, as in a series of
shots or after an export. All other pictures are predicted by the same model, which gives the true accuracy.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role
from mma_desktop.services.images import duplicates, embedding, importing
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training import snapshot
from mma_desktop.services.training.learning import learn

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TOKEN = CancelToken()
SIZES = ((0.8, 85), (0.6, 75))


def alone(_context: Any, _token: CancelToken, ids: np.ndarray, **_how: bool) -> np.ndarray:
    """Every picture counts as one of its own."""
    return np.arange(len(ids))


def measure(folder: Path, seed: int, shots: int) -> tuple[float, float, float, float]:
    """Accuracy said without and with regard to copies, the true one, and the seconds that finding copies adds."""
    draw = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as home, scratch_project() as context:
        labelled: dict[str, str] = {}
        truth: dict[str, str] = {}
        for class_folder in sorted(one for one in folder.iterdir() if one.is_dir()):
            files = sorted(one for one in class_folder.iterdir() if one.is_file())
            chosen = set(draw.permutation(len(files))[:shots].tolist())
            for at, file in enumerate(files):
                truth[str(file)] = class_folder.name
                if at not in chosen:
                    continue
                labelled[str(file)] = class_folder.name
                with Image.open(file) as picture:
                    flat = picture.convert("RGB")
                for share, quality in SIZES:
                    copy = Path(home) / f"{class_folder.name} {at} {quality}.jpg"
                    size = (max(1, round(flat.width * share)), max(1, round(flat.height * share)))
                    flat.resize(size).save(copy, quality=quality)
                    labelled[str(copy)] = truth[str(copy)] = class_folder.name
        importing.import_paths(context, [folder, Path(home)], TOKEN)
        names = sorted(set(truth.values()))
        context.project.add_classes(names, Role.BASE)
        class_ids = {one.name: one.id for one in context.classes}
        model_in_use.prepare(context, TOKEN)
        embedding.embed(context, TOKEN)
        rows = context.project.image_rows(context.index.columns.ids.tolist())
        for name in names:
            mine = [row.id for row in rows if labelled.get(str(row.path)) == name]
            context.project.assign(mine, class_ids[name])
        found: list[float] = []
        real = snapshot.copies_among
        for way in (alone, real):
            snapshot.copies_among = way
            learn.put(context, None)  # or the former fit is kept
            learned = learn(context, TOKEN)
            found.append(learned.accuracy.percent)
        start = time.perf_counter()
        duplicates.copies_among(context, TOKEN, learned.snapshot.shot_ids)
        seconds = time.perf_counter() - start
        prediction.score(context, TOKEN)
        said = dict(zip(context.predictions.image_ids.tolist(), context.predictions.best_class.tolist(), strict=True))
        rest = [row for row in rows if str(row.path) not in labelled and row.id in said]
        right = [said[row.id] == class_ids[truth[str(row.path)]] for row in rest]
        return found[0], found[1], 100 * float(np.mean(right)), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[DATA / "caltech-20", DATA / "flowers-5"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--shots", type=int, default=8)
    given = parser.parse_args()
    print(f"{'pictures':15}{'left out alone':>16}{'with copies':>13}{'true':>8}{'seconds':>9}")
    for folder in given.folders:
        rows = [measure(folder.resolve(), seed, given.shots) for seed in range(given.seeds)]
        alone_said, together, true, seconds = (statistics.mean(part) for part in zip(*rows, strict=True))
        print(f"{folder.name:15}{alone_said:16.1f}{together:13.1f}{true:8.1f}{seconds:9.3f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
