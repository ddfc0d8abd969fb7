"""Predicting many pictures: rates of one core, one process against a local Ray cluster, and dividing ten million paths.

    python tests/benchmarks/bench_shards.py ADAPTER PICTURES [--pictures 240] [--rounds 3]
    python tests/benchmarks/bench_shards.py --paths 10000000

On a machine with other work pictures a second tell little; pictures a second of CPU time, of all processes together,
tell what Ray costs. Rates are those between the first and the last report with pictures done: loading the model does
not count. All ways must give the same answers; at the end an actor of the cluster is killed on the way.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from PIL import Image

from mma_desktop.cli.shards import load_same
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.device import set_threads, usable_cores
from mma_desktop.media.decoding import decode
from mma_desktop.services.batch.sharding.image_list import divided
from mma_desktop.services.batch.sharding.parts import Request
from mma_desktop.services.batch.sharding.shard import ShardJob, run_in_turn, run_on_ray

SHARD = 20
TURNS = 100
SIZES = ((320, 240), (640, 480), (1600, 1200), (4000, 3000))
DIVIDE = """
import re, sys, time
from pathlib import Path
from mma_desktop.core.events import CancelToken
from mma_desktop.services.batch.sharding.image_list import divided
def peak(): return int(re.search("VmHWM: *(.*) kB", Path("/proc/self/status").read_text().replace("\\t", " "))[1])
before, started = peak(), time.process_time()
turn = (3, int(sys.argv[2])) if sys.argv[2] != "0" else None
shards = divided([Path(sys.argv[1])], Path("/nowhere"), 4096, CancelToken(), turn)
paths = sum(shards.paths(number).count(b"\\0") for number in shards.sizes)
seconds, more = time.process_time() - started, peak() - before
print(f"{len(shards.sizes):,} of {shards.count:,} shards, {paths:,} of {shards.pictures:,} pictures: "
      f"{seconds:.0f} s of CPU time, {more / 1024:.0f} MB more memory")
"""


def divide(count: int) -> None:
    """Divide a list of made-up paths, whole and for one task of `TURNS`."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "list.txt"
        with place.open("w") as handle:
            for number in range(count):
                handle.write(f"/data/camera {number % 977:03}/2025-06/picture {number:08}.jpg\n")
        print(f"a list of {count:,} paths, {place.stat().st_size / 1e6:,.0f} MB")
        for turns in (0, TURNS):
            subprocess.run([sys.executable, "-c", DIVIDE, str(place), str(turns)], check=True)


def below() -> Iterator[Path]:
    """The folders in /proc of this process and all below it."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    for process in parents:
        above = process
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid():
            yield Path(f"/proc/{process}")


def cpu_seconds() -> float:
    """CPU time so far of this process and all below it."""
    ticks = 0
    for place in below():
        with suppress(OSError):
            ticks += sum(map(int, (place / "stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def photograph(size: tuple[int, int]) -> bytes:
    """A JPEG with detail at every scale."""
    rng = np.random.default_rng(0)
    total = np.zeros((size[1], size[0], 3), np.float32)
    for cells, weight in ((4, 60), (32, 30), (256, 18)):
        for channel in range(3):
            grid = rng.normal(0, weight, (cells * 3 // 4, cells)).astype(np.float32)
            total[:, :, channel] += np.asarray(Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC))
    buffer = io.BytesIO()
    Image.fromarray(np.clip(total + 128, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def rate(work: Callable[[], object], count: int, repeats: int = 5) -> float:
    """Median a second of CPU time of this thread, which waiting for other processes does not lengthen."""
    rates = []
    for _ in range(repeats):
        started = time.thread_time()
        work()
        rates.append(count / (time.thread_time() - started))
    return statistics.median(rates)


def single_rates(classifier: Any, spec: ImageSpec, folder: Path) -> float:
    """Print decode and forward rates of one core; returns the forward rate."""
    for size in SIZES:
        path = folder / f"{size[0]}.jpg"
        path.write_bytes(photograph(size))
        count = max(2, 4_000_000 // (size[0] * size[1]))
        found = rate(lambda path=path, count=count: [decode(path, spec) for _ in range(count)], count)  # type: ignore[misc]
        print(
            f"decode {size[0]} x {size[1]} ({path.stat().st_size / 1e3:,.0f} kB): {found:7.1f} pictures/s of CPU time"
        )
    pictures = np.random.default_rng(1).integers(0, 255, (64, spec.size, spec.size, 3), np.uint8)
    forward = rate(lambda: list(classifier.answered(pictures, keeps=False)), 64)
    print(f"forward, class names and answers included: {forward:7.1f} pictures/s of CPU time, one thread")
    return forward


def steady(work: Callable[[CancelToken], object], at_report: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """Pictures a second, and a second of CPU time, between the first and the last report of pictures done."""
    reports: list[tuple[float, float, int]] = []

    def heard(step: Progress) -> None:
        if step.done and (not reports or step.done > reports[-1][2]):
            reports.append((time.perf_counter(), cpu_seconds(), step.done))
            at_report()

    work(CancelToken(heard))
    (first, cpu_first, before), (last, cpu_last, after) = reports[0], reports[-1]
    return (after - before) / (last - first), (after - before) / (cpu_last - cpu_first)


def kill_one(killed: list[int]) -> None:
    """Kill an actor with a model, once."""
    if not killed:
        killed += [int(one.name) for one in below() if b"ray::MapWorker" in (one / "cmdline").read_bytes()][:1]
        os.kill(killed[0], signal.SIGKILL)


class Bench:
    def __init__(self, adapter: Path, files: list[Path], folder: Path) -> None:
        header = read_header(adapter)
        self.shards = divided(files, folder, SHARD, CancelToken())
        digest = hashlib.sha256(adapter.read_bytes()).hexdigest()
        named = (digest, header.backbone, header.fingerprint, header.class_names, header.prompt_template)
        counts = (self.shards.pictures, self.shards.sha256, self.shards.count)
        self.request = Request(*named, min(5, len(header.class_names)), *counts)
        self.load, self.out = partial(load_same, adapter, digest, "cpu", None), folder / "out"
        self.expected: list[Any] = []

    def measure(self, on_ray: bool, at_report: Callable[[], None] = lambda: None) -> tuple[float, float]:
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        numbers = list(self.shards.sizes)
        if on_ray:
            job = ShardJob(self.out, self.request, partial(self.load, 1))
            found = steady(partial(run_on_ray, job, self.shards, numbers, "local"), at_report)
        else:
            job = ShardJob(self.out, self.request, partial(self.load, None), min(4, usable_cores()))
            found = steady(partial(run_in_turn, job, self.shards, numbers, job.load()))
        parts = [pq.read_table(path, columns=["path", "prediction"]) for path in sorted(self.out.glob("*.parquet"))]
        answers = [row for part in parts for row in part.to_pylist()]
        self.expected = self.expected or answers
        assert answers == self.expected
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("adapter", type=Path, nargs="?")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=240)
    parser.add_argument("--paths", type=int, default=0)
    options = parser.parse_args()
    if options.paths:
        divide(options.paths)
        return
    files = sorted(path.absolute() for path in options.folder.rglob("*.jpg"))[: options.pictures]
    print(f"{len(files)} pictures, {usable_cores()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(options.adapter.absolute(), files, Path(name))
        classifier = bench.load(1)
        single_rates(classifier, classifier.image_spec, Path(name))
        set_threads(usable_cores())
        rows: dict[str, list[tuple[float, float]]] = {}
        for _ in range(options.rounds):
            rows.setdefault("one process", []).append(bench.measure(on_ray=False))
            rows.setdefault("Ray", []).append(bench.measure(on_ray=True))
        for kind, row in rows.items():
            speed, per_cpu = (statistics.median(column) for column in zip(*row, strict=True))
            print(f"{kind:12s} {speed:6.1f}/s, {per_cpu:6.1f} a CPU second")
        size = sum(one.stat().st_size for one in bench.out.glob("*.parquet")) / len(files)
        killed: list[int] = []
        bench.measure(on_ray=True, at_report=lambda: kill_one(killed))
        print(f"killed actor {killed[0]} on the way: the same answers; {size:.0f} bytes a picture in shards of {SHARD}")


if __name__ == "__main__":
    sys.exit(main())
