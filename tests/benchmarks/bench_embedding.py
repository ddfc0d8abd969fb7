"""How much of the bare forward rate remains when pictures come from disk: read, hashed, decoded, encoded, written.

    python tests/benchmarks/bench_embedding.py [FOLDER] [--backbone starter] [--images 320] [--rounds 5] [--device auto]

Both are measured in the same run, one after the other in each round, on the same pictures, backbone, batch size and
torch threads: `embed` with the program's own decoder from the files, and `encode_images` on tensors decoded before.
The goal is a median ratio of 90%. Without FOLDER it draws the sample pictures into a temporary folder.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import statistics
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np

from mma_desktop.domain import ImageSpec
from mma_desktop.engine.backbones.base import Backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.device import set_threads, usable_cores
from mma_desktop.engine.features import FeatureCache, embed
from mma_desktop.media.decoding import decode_file
from mma_desktop.media.sample import draw_sample

GOAL = 90.0
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def finish(generator: Generator[object, None, object]) -> object:
    while True:
        try:
            next(generator)
        except StopIteration as stop:
            return stop.value


def from_disk(backbone: Backbone, files: list[tuple[bytes, Path]], batch: int, workers: int | None) -> float:
    """Images a second from files to features on disk."""

    def load(file: tuple[bytes, Path], spec: ImageSpec) -> np.ndarray:
        return decode_file(file[1], spec, file[0])

    with tempfile.TemporaryDirectory() as folder, FeatureCache(Path(folder), backbone.embed_dim) as cache:
        start = time.perf_counter()
        items = [(content_hash, (content_hash, path)) for content_hash, path in files]
        report = finish(embed(backbone, cache, items, load, len(items), batch, workers))
        seconds = time.perf_counter() - start
    assert report.encoded == len(files), report  # type: ignore[attr-defined]
    return len(files) / seconds


def bare(backbone: Backbone, pictures: np.ndarray, batch: int) -> float:
    """Images a second from decoded tensors to features in memory."""
    start = time.perf_counter()
    for first in range(0, len(pictures), batch):
        backbone.encode_images(pictures[first : first + batch])
    return len(pictures) / (time.perf_counter() - start)


def gather(folder: Path, count: int) -> list[tuple[bytes, Path]]:
    """Pictures of all sub-folders in turn, each content once."""
    groups: dict[Path, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            groups.setdefault(path.parent, []).append(path)
    mixed = [path for turn in itertools.zip_longest(*groups.values()) for path in turn if path is not None]
    files = {hashlib.sha256(path.read_bytes()).digest(): path for path in mixed[:count]}
    return list(files.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--backbone", default="starter")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--images", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, help="torch threads; by default one less than cores, as in the program")
    parser.add_argument("--workers", type=int, help="decoding threads; by default as in the program")
    options = parser.parse_args()
    threads = set_threads(options.threads)
    with tempfile.TemporaryDirectory() as drawn:
        folder = options.folder
        if folder is None:
            folder = Path(drawn) / "sample"
            finish(draw_sample(folder))
        files = gather(folder, options.images)
        backbone = load_backbone(options.backbone, device=options.device)
        pictures = np.stack([decode_file(path, backbone.image_spec, None) for _, path in files])
        print(
            f"{len(files)} images, {backbone.id} on {backbone.device}, {usable_cores()} cores, {threads} torch threads"
        )
        bare(backbone, pictures, options.batch)
        rounds: list[tuple[float, float]] = []
        for number in range(options.rounds):
            disk = from_disk(backbone, files, options.batch, options.workers)
            forward = bare(backbone, pictures, options.batch)
            rounds.append((disk, forward))
            share = 100 * disk / forward
            print(f"round {number + 1}: from disk {disk:6.1f}/s, bare forward {forward:6.1f}/s, {share:5.1f}%")
    disk, forward = (statistics.median(column) for column in zip(*rounds, strict=True))
    # Rounds are pairs: on a machine with other work the rates drift, their ratio does much less.
    ratio = statistics.median(100 * one / other for one, other in rounds)
    print(f"median : from disk {disk:6.1f}/s, bare forward {forward:6.1f}/s, ratio {ratio:5.1f}% (goal {GOAL:.0f}%)")


if __name__ == "__main__":
    main()
