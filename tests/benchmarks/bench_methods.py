"""How long each method trains: 100 classes, 16 shots each, by its own recipe, in one run.

    python tests/benchmarks/bench_methods.py [--threads 1] [--runs 3]

Features are drawn, 512 numbers and 768 before the projection as CLIP ViT-B/32's, since time does not depend on what
they say. Early stopping does, so the epochs that were trained are printed. The methods that learn in front of the text
encoder run through the starter's: a few steps are timed and multiplied by the recipe's; the whole takes hours.
"""

from __future__ import annotations

import statistics
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import torch

from mma_desktop.core.types import Role
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.methods.adapter import Sizes, Start, build_adapter
from mma_desktop.engine.methods.method_table import METHODS, MethodSpec
from mma_desktop.engine.methods.optimiser import ScheduledOptimiser
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet, TrainingData
from tests.engine.cases import unit

CLASSES, SHOTS, DIM, BEFORE = 100, 16, 512, 768
TIMED_STEPS = 3


def drawn(dim: int = DIM, before: int = BEFORE) -> TrainingData:
    """Every class base, rows as a ViT's: the shared feature, then that before the projection.

    Zero-shot is right about two of three, so that there is something to learn.
    """
    rng = np.random.default_rng(0)
    matrix = unit(rng.normal(size=(before, dim))).astype(np.float32)
    prototypes = rng.normal(size=(CLASSES, before))

    def images(each: int) -> FeatureSet:
        labels = np.repeat(np.arange(CLASSES), each)
        seen = unit(prototypes[labels] + 2.5 * rng.normal(size=(len(labels), before)))
        return FeatureSet(np.concatenate([unit(seen @ matrix), seen], axis=1), labels)

    names = prototypes @ matrix
    texts = unit(names + 1.5 * names.std() * rng.normal(size=names.shape))
    parts = images(SHOTS), images(SHOTS), images(5)
    names_of = [f"thing {at}" for at in range(CLASSES)]
    layout = RowLayout(dim, dim + before, (dim, dim + before))
    return TrainingData(names_of, [Role.BASE] * CLASSES, texts, 100.0, *parts, projection=matrix, layout=layout)


def by_steps(spec: MethodSpec) -> tuple[float, int, int]:
    """Seconds of the whole recipe, from a few steps; its steps and parameters."""
    backbone = load_backbone("starter", "cpu", None)
    tower = backbone.text_tower()
    data = drawn(backbone.embed_dim)
    adapter = build_adapter(spec.id, data.embed_dim, 30.0, sizes=Sizes(width=tower.width))
    adapter.attach(tower)
    texts = adapter.name_inputs(data.class_names)
    shots, labels = torch.tensor(data.shots.features[:, : data.embed_dim]), torch.tensor(data.shots.labels)
    adapter.begin(Start(shots, labels, texts, torch.tensor(data.text_features)))
    size = min(spec.recipe.batch_size, len(labels))
    steps = ScheduledOptimiser(adapter, spec.optimiser, spec.recipe, 1)
    taken = []
    for at in range(TIMED_STEPS + 1):
        started = time.perf_counter()
        batch = slice(at * size, (at + 1) * size)
        steps.step(partial(adapter.loss, shots[batch], labels[batch], texts))
        taken.append(time.perf_counter() - started)
    count = spec.recipe.max_epochs * -(-len(labels) // size)
    return statistics.median(taken[1:]) * count, count, adapter.parameter_count()


def main() -> None:
    words = sys.argv[1:]
    threads = int(words[words.index("--threads") + 1]) if "--threads" in words else 1
    runs = int(words[words.index("--runs") + 1]) if "--runs" in words else 3
    torch.set_num_threads(threads)
    print(f"{CLASSES} classes, {SHOTS} shots, {threads} thread{'s' if threads > 1 else ''}, median of {runs} runs")
    data = drawn()
    for spec in METHODS:
        if not spec.trains:
            continue
        if spec.needs_encoder:
            seconds, count, parameters = by_steps(spec)
            print(
                f"  {spec.title:30s} {seconds:9.1f} s  {count:5d} steps (estimated)   {parameters:9,} parameters",
                flush=True,
            )
            continue
        results = [train(data, spec.id, seed=seed) for seed in range(runs)]
        seconds = statistics.median(result.seconds for result in results)
        epochs = statistics.median_low(result.epochs for result in results)
        said = f"{seconds:9.2f} s  {epochs:5d} epochs              {results[0].parameters:9,} parameters"
        print(f"  {spec.title:30s} {said}", flush=True)


if __name__ == "__main__":
    main()
