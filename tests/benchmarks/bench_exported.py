"""Pictures a second of exported classifiers in their own runtimes, beside this program's `predict`.

    python tests/benchmarks/bench_exported.py [ADAPTER] [--forms onnx torch-export] [--batches 1 8 32]
        [--images 64] [--rounds 7] [--threads 1 2]

Without an adapter one is trained on some of the sample pictures. Only the classifier is measured, on pictures that are
decoded, resized and cut. Each round runs everything once, in another order; the ratio to `predict` is that of a round.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the program; torch reads it when it is imported

import numpy as np
import onnxruntime
import torch

from mma_desktop import Classifier, load_classifier
from mma_desktop.core.paths import resource
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.device import set_threads, usable_cores
from mma_desktop.engine.export.runtimes import FORMATS
from mma_desktop.media.decoding import decode

Run = Callable[[np.ndarray], object]


def trained(folder: Path) -> Classifier:
    """A classifier of the twelve sample classes from four pictures of each."""
    pictures = [one for of in sorted(resource("sample").iterdir()) if of.is_dir() for one in sorted(of.glob("*"))[:6]]
    classifier = Classifier(shots=4).fit(pictures, [path.parent.name for path in pictures])
    classifier.save(folder / "a.safetensors")
    return classifier


def loaded(form: str, path: Path, threads: int) -> Run:
    """A file in its own runtime, from pictures (N, 3, size, size)."""
    if form != "onnx":
        return FORMATS[form].read(path)[0]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda pictures: session.run(None, {"pictures": pictures})[0]


def predicting(classifier: Classifier, *, compiled: bool) -> Run:
    """What `predict` does with decoded pictures (N, size, size, 3)."""

    def run(pictures: np.ndarray) -> object:
        Backbone.compiled = compiled
        return list(classifier.answered(pictures, keeps=False))

    return run


def in_batches(run: Run, pictures: np.ndarray, batch: int) -> None:
    for start in range(0, len(pictures), batch):
        run(pictures[start : start + batch])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("adapter", nargs="?", type=Path)
    parser.add_argument("--forms", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--images", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        classifier = load_classifier(options.adapter, "cpu") if options.adapter else trained(folder)
        for form in options.forms:
            classifier.export(folder / form, form)
        some = sorted(resource("sample").glob("*/*.jpg"))
        spec = classifier.image_spec
        pictures = np.stack([decode(some[at * len(some) // options.images], spec) for at in range(options.images)])
        first = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
        print(f"{classifier.header.backbone}, {usable_cores()} cores, medians of {options.rounds} rounds")
        for threads in options.threads:
            set_threads(threads)
            torch.set_num_threads(threads)
            runs: dict[str, tuple[Run, np.ndarray, int]] = {
                "predict": (predicting(classifier, compiled=True), pictures, options.images),
                "predict, torch": (predicting(classifier, compiled=False), pictures, options.images),
            }
            for form in options.forms:
                run = loaded(form, folder / form, threads)
                runs |= {f"{form}, {batch} at a time": (run, first, batch) for batch in options.batches}
            report(runs, options.images, options.rounds, threads)


def report(runs: dict[str, tuple[Run, np.ndarray, int]], count: int, rounds: int, threads: int) -> None:
    for one in runs.values():
        in_batches(*one)
    rates: dict[str, list[float]] = {name: [] for name in runs}
    order = random.Random(0)
    for _ in range(rounds):
        for name in order.sample(list(runs), len(runs)):
            start = time.perf_counter()
            in_batches(*runs[name])
            rates[name].append(count / (time.perf_counter() - start))
    print(f"{threads} thread{'s' if threads > 1 else ''}")
    for name, found in rates.items():
        ratio = statistics.median(a / b for a, b in zip(found, rates["predict"], strict=True))
        print(f"  {name:30} {statistics.median(found):6.1f}/s, {ratio:.2f} times predict", flush=True)


if __name__ == "__main__":
    main()
