"""Predicting many pictures: decode and forward rates, one process against workers and a local Ray cluster.

    python tests/benchmarks/bench_shards.py ADAPTER PICTURES [--rounds 3] [--pictures 240] [--workers 2] [--no-ray]

Everything is measured in one run, one after the other in each round, and reported as medians of ratios. On a machine
with other work pictures a second tell little; pictures a second of CPU time, of all processes together, tell what
workers and Ray cost. Rates are those between the first and the last report with pictures done: loading the model does
not count. In each round all results must have the same bytes, and in the
last one an actor of the Ray cluster is killed on the way.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from mma_desktop.cli.shards import Loader
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.device import set_threads, usable_cores
from mma_desktop.media.decoding import decode_hashed
from mma_desktop.services.batch.sharding.resume import RemainingWork, Request, prepare
from mma_desktop.services.batch.sharding.shard import Job
from mma_desktop.services.batch.sharding.shard_plan import Settings, ShardSize
from mma_desktop.services.batch.sharding.workers import run_in_processes

SHARD = 20
TEN_MILLION = 10_000_000
SIZES = ((320, 240), (640, 480), (1600, 1200), (4000, 3000))


def value(steps: Iterator[Any]) -> Any:
    while True:
        try:
            next(steps)  # type: ignore[call-overload]
        except StopIteration as stop:
            return stop.value


class Measured(NamedTuple):
    """Pictures a second, pictures a second of CPU time of all processes, and seconds until the first report."""

    speed: float
    per_cpu: float
    start: float


def steady(steps: Iterator[Any], at_report: Callable[[int], None] = lambda _: None) -> Measured:
    """Rates between the first and the last report of pictures done."""
    started = time.perf_counter()
    reports: list[tuple[float, float, int]] = []
    for step in steps:
        if step.done and (not reports or step.done > reports[-1][2]):
            reports.append((time.perf_counter(), cpu_seconds(), step.done))
            at_report(step.done)
    (first, cpu_first, before), (last, cpu_last, after) = reports[0], reports[-1]
    done = after - before
    return Measured(done / (last - first), done / (cpu_last - cpu_first), first - started)


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
        found = rate(lambda path=path, count=count: [decode_hashed(path, spec) for _ in range(count)], count)  # type: ignore[misc]
        print(
            f"decode {size[0]} x {size[1]} ({path.stat().st_size / 1e3:,.0f} kB): {found:7.1f} pictures/s of CPU time"
        )
    pictures = [("", np.random.default_rng(1).integers(0, 255, (spec.size, spec.size, 3), np.uint8))] * 64
    forward = rate(lambda: list(classifier.predict_decoded(iter_generator(pictures))), 64)
    print(f"forward, class names and answers included: {forward:7.1f} pictures/s of CPU time, one thread")
    return forward


def iter_generator(pictures: list[Any]) -> Any:
    yield from pictures


def plain(classifier: Any, files: list[Path]) -> Iterator[Any]:
    """The command's simple form: one process, every file through `predict_each`."""
    from mma_desktop.core.events import Progress

    for number, _ in enumerate(classifier.predict_each(files), 1):
        if number % SHARD == 0:
            yield Progress(number, len(files))


def results(folder: Path) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(folder.glob("*.parquet"))}


def actors() -> list[int]:
    """Ray's actors that have a model, among the processes below this one."""
    return [int(place.name) for place in below() if b"ray::MapWorker" in (place / "cmdline").read_bytes()]


class Killer:
    """Kills one actor at the first report of pictures done."""

    def __init__(self) -> None:
        self.killed: list[int] = []

    def __call__(self, _done: int) -> None:
        if not self.killed:
            self.killed = actors()[:1]
            os.kill(self.killed[0], signal.SIGKILL)


class Bench:
    def __init__(self, adapter: Path, files: list[Path], folder: Path, workers: int) -> None:
        header = read_header(adapter)
        digest = hashlib.sha256(adapter.read_bytes()).hexdigest()
        names = header.class_names
        self.settings = Settings(
            digest, header.backbone, header.fingerprint, names, header.prompt_template, min(5, len(names))
        )
        self.load = Loader(adapter, digest, "cpu", None)
        self.files, self.folder, self.workers = files, folder, workers
        self.expected: dict[str, str] = {}

    def planned(self) -> RemainingWork:
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        todo: RemainingWork = value(prepare(Request(out, self.settings, self.files, ShardSize(SHARD)), None))
        return todo

    def same(self, what: str) -> None:
        found = results(self.folder / "out")
        self.expected = self.expected or found
        assert found == self.expected, f"{what} wrote something else"

    def processes(self, workers: int) -> Measured:
        todo = self.planned()
        found = steady(run_in_processes(Job(todo.plan, self.load), todo.shards, workers))
        self.same(f"{workers} workers")
        return found

    def ray(self, at_report: Callable[[int], None] = lambda _: None) -> Measured:
        from mma_desktop.services.batch.sharding.on_ray import run_on_ray

        todo = self.planned()
        found = steady(run_on_ray(Job(todo.plan, self.load), todo.shards, "local", self.workers), at_report)
        self.same("Ray")
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("adapter", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=240)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-ray", action="store_true")
    options = parser.parse_args()
    files = sorted(path.absolute() for path in options.folder.rglob("*.jpg"))[: options.pictures]
    print(f"{len(files)} pictures, {usable_cores()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(options.adapter, files, Path(name), options.workers)
        classifier = bench.load()
        set_threads(1)
        forward = single_rates(classifier, classifier.image_spec, Path(name))
        rows: dict[str, list[Measured]] = {}
        kinds: dict[str, Callable[[], Measured]] = {
            "one process, one thread": lambda: steady(plain(classifier, files)),
            "1 worker": lambda: bench.processes(1),
            f"{options.workers} workers": lambda: bench.processes(options.workers),
        }
        if not options.no_ray:
            kinds[f"Ray, {options.workers} actors"] = bench.ray
        for number in range(options.rounds):
            for kind, measure in kinds.items():
                rows.setdefault(kind, []).append(measure())
            said = (f"{kind} {row[-1].speed:.1f}/s ({row[-1].per_cpu:.1f} a CPU second)" for kind, row in rows.items())
            print(f"round {number + 1}: " + ", ".join(said), flush=True)
        base = rows["one process, one thread"]
        for kind, row in rows.items():
            speed, per_cpu = (
                statistics.median(one[at] / other[at] for one, other in zip(row, base, strict=True)) for at in (0, 1)
            )
            middle = [statistics.median(column) for column in zip(*row, strict=True)]
            print(
                f"{kind:26s} {middle[0]:6.1f}/s {speed:5.2f} x   {middle[1]:6.1f} a CPU second {per_cpu:5.2f} x   "
                f"first report after {middle[2]:5.1f} s"
            )
        size = sum(one.stat().st_size for one in (Path(name) / "out").glob("*.parquet")) / len(files)
        if not options.no_ray:
            killer = Killer()
            bench.ray(killer)
            print(f"killed actor {killer.killed[0]} on the way: the same bytes")
    hours = TEN_MILLION / forward / 3600
    print(f"ten million pictures: {hours:,.0f} core hours of forward pass; {size:.0f} bytes a picture in {SHARD}s")


if __name__ == "__main__":
    sys.exit(main())
