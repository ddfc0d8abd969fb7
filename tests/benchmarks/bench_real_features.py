"""Zero-shot against the Multi-Modal Adapter on real CLIP features: base, new and H over class orders and seeds.

    python tests/benchmarks/bench_real_features.py [FOLDER]

FOLDER holds the two feature files of the trial data (default: ../shared/data beside the checkout). H is the mean of
the runs' harmonic means. The paper's recipe; early stopping on the file's validation images.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch

from mma_desktop.core.types import Scores
from mma_desktop.engine.training.trainer import train
from tests.engine.cases import read_features

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = {"caltech-clip-vit-b32-28.safetensors": (3, 3), "imagenet-clip-vit-b32-144-4shot.safetensors": (6, 3)}
VARIANTS: dict[str, dict[str, str | bool]] = {
    "-inf mask": {},
    "0/1 mask": {"mask": "additive"},
    "image only": {"adapt_text": False},
    "single down": {"down": "single"},
}


def line(title: str, rows: list[Scores], extra: str = "") -> str:
    triples = [(scores.base.percent, scores.new.percent, scores.h) for scores in rows if scores.base and scores.new]
    columns = zip(*triples, strict=True)
    cells = [f"{statistics.mean(values):6.2f} ± {statistics.stdev(values):4.2f}" for values in columns]
    return f"  {title:14s} base {cells[0]}  new {cells[1]}  H {cells[2]}{extra}"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    torch.set_num_threads(1)
    for name, (orders, seeds) in FILES.items():
        print(f"{name}: {orders} class orders x {seeds} seeds, mean ± standard deviation")
        for title, options in VARIANTS.items():
            before, after, gains, epochs = [], [], [], []
            started = time.perf_counter()
            for order in range(orders):
                data = read_features(folder / name, order)
                for seed in range(seeds):
                    result = train(data, options=options, seed=seed)
                    found = result.evaluation
                    before.append(found.zero_shot)
                    after.append(found.adapted)
                    gains.append((found.adapted.h or 0) - (found.zero_shot.h or 0))
                    epochs.append(result.best_epoch)
            if not options:
                print(line("zero-shot", before))
            spent = (time.perf_counter() - started) / len(after)
            extra = (
                f"  gain in H {statistics.mean(gains):+.2f}, best epoch {statistics.median(epochs):.0f}, {spent:.2f} s"
            )
            print(line(title, after, extra), flush=True)


if __name__ == "__main__":
    main()
