"""A whole training run in closed form against the same run through the masked attention oracle, in time and memory.

    python tests/benchmarks/bench_training.py [--classes 100] [--base 50] [--shots 16] [--threads 1]

Both go through `mma_desktop.engine.training.trainer.train` with the paper's recipe until early stopping, with the same
seed, on the same made-up features. Memory is the growth of the process's peak over one forward and backward pass,
each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import torch

from mma_desktop.core.types import Role
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER
from mma_desktop.engine.methods.mma import MultiModalAdapter
from mma_desktop.engine.training import trainer
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet, TrainingData
from tests.engine.cases import unit
from tests.engine.oracle import MaskedOracle
from tests.steps import run

DIM = 512
KINDS = {"closed form": MultiModalAdapter, "oracle": MaskedOracle}
GRID = [(256, 50), (256, 100), (256, 200), (256, 400), (512, 400), (512, 800), (1024, 800)]
ORACLE_PAIRS = 256 * 200  # the oracle's memory at more than that is not worth having


def make_data(classes: int, base: int, shots: int, test: int) -> TrainingData:
    """Classes as CLIP sees them: neighbours that overlap, and a gap between the modalities."""
    draw = np.random.default_rng(0)
    prototypes = unit(draw.normal(size=(classes, DIM)) + 1.5 * draw.normal(size=(1, DIM)))
    gap = 0.8 * unit(draw.normal(size=(1, DIM)))

    def images(each: int, some: range) -> FeatureSet:
        labels = np.repeat(np.array(some, np.int64), each)
        noise = draw.normal(size=(len(labels), DIM)) / np.sqrt(DIM)
        return FeatureSet(unit(prototypes[labels] + gap + 1.6 * noise), labels)

    return TrainingData(
        class_names=[f"class {i}" for i in range(classes)],
        roles=[Role.BASE if i < base else Role.NEW for i in range(classes)],
        text_features=unit(prototypes + 0.9 * draw.normal(size=prototypes.shape) / np.sqrt(DIM)),
        logit_scale=100.0,
        shots=images(shots, range(base)),
        validation=images(shots, range(base)),
        test=images(test, range(classes)),
    )


def build(kind: str, seed: int) -> MultiModalAdapter | MaskedOracle:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        state = MultiModalAdapter(DIM).state_dict()
    adapter = KINDS[kind](DIM)
    adapter.load_state_dict(state)
    return adapter


def time_runs(arguments: argparse.Namespace) -> None:
    Adapter.batch = 256  # the oracle's memory for one batch; the same for both
    data = make_data(arguments.classes, arguments.base, arguments.shots, arguments.test)
    seconds = {}
    for kind in KINDS:
        trainer.build_adapter = lambda *_, kind=kind, **__: build(kind, 0)
        events, result = run(lambda token: train(data, MULTI_MODAL_ADAPTER, seed=0, cancel=token))
        seconds[kind] = result.seconds
        scores, h = result.evaluation.adapted, result.evaluation.adapted.h
        print(
            f"{kind:12s} {result.seconds:8.2f} s, {result.epochs} epochs (best {result.best_epoch}), "
            f"last loss {events[-1].loss:.4f}, base {scores.base.percent if scores.base else float('nan'):.2f}"
            + (f", H {h:.2f}" if h is not None else ""),
            flush=True,
        )
    print(f"{seconds['oracle'] / seconds['closed form']:.0f} times faster (the goal is 50)")


def peak_bytes() -> int:
    """The process's peak memory so far; of this program alone where the system can tell (Linux)."""
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measure_peak(kind: str, batch: int, classes: int) -> None:
    """Run in a process of its own: MiB that one step adds to the peak."""
    adapter = build(kind, 0)
    images, texts = torch.randn(batch, DIM), torch.randn(classes, DIM)
    torch.nn.functional.cross_entropy(adapter(images[:2], texts[:2]), torch.zeros(2, dtype=torch.long)).backward()
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5")  # the peak starts again from what is in use now
    before = peak_bytes()
    torch.nn.functional.cross_entropy(adapter(images, texts), torch.arange(batch) % classes).backward()
    print(json.dumps((peak_bytes() - before) / 2**20))


def compare_memory() -> None:
    print("\npeak of one step in MiB (forward and backward), and the size of one (B, C, D) tensor")
    for batch, classes in GRID:
        peaks = {}
        for kind in KINDS:
            if kind == "oracle" and batch * classes > ORACLE_PAIRS:
                continue
            command = [sys.executable, __file__, "--peak", kind, str(batch), str(classes)]
            peaks[kind] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        closed, full = peaks["closed form"], batch * classes * DIM * 4 / 2**20
        oracle = f"{peaks['oracle']:8.1f}" if "oracle" in peaks else "       -"
        print(
            f"B {batch:4d} C {classes:4d}: closed form {closed:7.1f} ({closed * 2**20 / batch / classes:5.0f} bytes a "
            f"pair), oracle {oracle}, (B, C, D) {full:7.1f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--base", type=int, default=50, help="how many of the classes are trained; the protocol's half")
    parser.add_argument("--shots", type=int, default=16)
    parser.add_argument("--test", type=int, default=10, help="test images a class")
    parser.add_argument("--only-memory", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peak", nargs=3, metavar=("KIND", "B", "C"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.peak:
        measure_peak(arguments.peak[0], int(arguments.peak[1]), int(arguments.peak[2]))
        return
    started = time.perf_counter()
    if not arguments.only_memory:
        time_runs(arguments)
    compare_memory()
    print(f"\nthe benchmark took {time.perf_counter() - started:.0f} s on {arguments.threads} thread(s)")


if __name__ == "__main__":
    main()
