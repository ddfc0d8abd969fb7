"""Images a second by batch on the processor: torch's, and OpenVINO's, which has one picture a request.

    python tests/benchmarks/bench_batch.py [--backbone starter | --random ViT-B-32] [--batches 1 2 4 8 16 32]
        [--images 64] [--rounds 7] [--threads 1 2]

Only the network is measured, on pictures that are decoded. Each round runs every batch once, in another order, so that
what else the machine does meets all of them; the ratio is that of a round, to the batch that the program uses.
"OpenVINO" runs requests of so many pictures, each on one thread; "handed" is how many pictures a call of
`encode_images` has.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the program; torch reads it when it is imported

import numpy as np
import openvino
import torch

from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.backbones.on_processor import AHEAD, CompiledTower
from mma_desktop.engine.device import set_threads, usable_cores
from tests.benchmarks.bench_embedding import random_model

Step = Callable[[], None]


def with_torch(backbone: Backbone, pictures: np.ndarray, batch: int) -> Step:
    def step() -> None:
        backbone.compiled, backbone.processor_batch = False, batch  # type: ignore[misc]
        backbone.encode_images(pictures)

    return step


def handed(backbone: Backbone, pictures: np.ndarray, batch: int) -> Step:
    def step() -> None:
        backbone.compiled = True
        for start in range(0, len(pictures), batch):
            backbone.encode_images(pictures[start : start + batch])

    return step


def in_requests(backbone: Backbone, pictures: np.ndarray, batch: int, threads: int) -> Step:
    """OpenVINO with requests of a batch, as many at a time as the program has of one picture."""
    model = CompiledTower(lambda: backbone.tower, backbone.image_spec)._convert().model  # private: reshaped below
    assert model is not None
    model.reshape([batch, *pictures.shape[1:]])
    options = {
        "NUM_STREAMS": threads,
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "f32",
        "ENABLE_CPU_PINNING": False,
    }
    compiled = openvino.Core().compile_model(model, "CPU", options)
    queue = openvino.AsyncInferQueue(compiled, AHEAD * threads)

    def step() -> None:
        for start in range(0, len(pictures), batch):
            queue.start_async([pictures[start : start + batch]])
        queue.wait_all()

    return step


def measured(title: str, steps: dict[int, Step], count: int, rounds: int, own: int) -> None:
    """Print the medians of each batch, and its ratio to the program's own within a round."""
    for step in steps.values():
        step()
    rates: dict[int, list[float]] = {batch: [] for batch in steps}
    order = random.Random(0)
    for _ in range(rounds):
        for batch in order.sample(list(steps), len(steps)):
            start = time.perf_counter()
            steps[batch]()
            rates[batch].append(count / (time.perf_counter() - start))
    reference = rates[own if own in rates else max(rates)]
    parts = [
        f"{batch}: {statistics.median(found):.1f}/s "
        f"({statistics.median(a / b for a, b in zip(found, reference, strict=True)):.2f})"
        for batch, found in rates.items()
    ]
    print(f"  {title:9} {'   '.join(parts)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--backbone", default="starter")
    which.add_argument("--random", metavar="MODEL", help="an open_clip model with random weights")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 2, 4, 8, 16, 32])
    parser.add_argument("--images", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    set_threads(max(options.threads))
    backbone = random_model(options.random) if options.random else load_backbone(options.backbone, "cpu")
    size = backbone.image_spec.size
    pictures = np.random.default_rng(0).integers(0, 256, (options.images, size, size, 3), np.uint8)
    print(f"{backbone.id}, {usable_cores()} cores, {options.images} pictures, medians of {options.rounds} rounds")
    own = backbone.processor_batch or max(options.batches)
    for threads in options.threads:
        set_threads(threads)
        torch.set_num_threads(threads)
        print(f"{threads} thread{'s' if threads > 1 else ''}; in brackets the ratio to the batch of the program")
        rest = (options.images, options.rounds)
        measured("torch", {one: with_torch(backbone, pictures, one) for one in options.batches}, *rest, own)
        requests = {one: in_requests(backbone, pictures, one, threads) for one in options.batches}
        measured("OpenVINO", requests, *rest, 1)
        measured("handed", {one: handed(backbone, pictures, one) for one in options.batches}, *rest, 32)


if __name__ == "__main__":
    main()
