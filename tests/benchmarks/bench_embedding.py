"""Images a second from files to features, by torch and by OpenVINO, beside the bare network and decoding alone.

    python tests/benchmarks/bench_embedding.py [FOLDER] [--backbone starter | --random ViT-B-32] [--side 500]
        [--images 320] [--rounds 5] [--threads 1 2] [--device auto]

Everything is measured in the same run, one after the other in each round, on the same pictures: `embed` with the
program's own decoder from the files, by the clock and (per core) by processor time, `encode_images` on tensors decoded
before, and `decode_file` on one thread. Rounds are pairs: on a machine with other work the rates drift, their ratio
does much less. The starter looks at each picture twice. What torch makes of one look at 224 pixels is measured beside
it: the network alone in the batches and the layout that suit it best, and a plain loop from the files in batches. The
share of decoding is of the processor's time. Without FOLDER it takes the sample pictures; --side makes JPEGs of that
longer side from either.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import statistics
import tempfile
import time
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image

from mma_desktop.core.paths import resource
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import find_backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.backbones.open_clip_backbone import OpenClipBackbone, build_model, load_tokenizer
from mma_desktop.engine.backbones.starter import SMALL_LOOK, StarterBackbone
from mma_desktop.engine.device import set_threads, usable_cores
from mma_desktop.engine.features.extraction import embed
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.media.decoding import decode_file

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def from_disk(backbone: Backbone, files: list[tuple[bytes, Path]], batch: int, workers: int | None) -> float:
    """Images a second from files to features on disk."""

    def load(file: tuple[bytes, Path], spec: ImageSpec) -> np.ndarray:
        return decode_file(file[1], spec, file[0])

    width = backbone.layout.width
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(FeatureCache(Path(folder), width, backbone.embed_dim)) as cache,
    ):
        start = time.perf_counter()
        items = [(content_hash, (content_hash, path)) for content_hash, path in files]
        unread = embed(backbone, cache, items, load, len(items), batch, workers)
        seconds = time.perf_counter() - start
    assert not unread, unread
    return len(files) / seconds


def bare(backbone: Backbone, pictures: np.ndarray, batch: int) -> float:
    """Images a second from decoded tensors to features in memory."""
    start = time.perf_counter()
    for first in range(0, len(pictures), batch):
        backbone.encode_images(pictures[first : first + batch])
    return len(pictures) / (time.perf_counter() - start)


def one_look(backbone: Backbone, pictures: np.ndarray) -> float:
    """Images a second of processor time in torch alone, of one look at 224 pixels; 0 with other backbones."""
    if not isinstance(backbone, StarterBackbone):
        return 0.0
    look, size = backbone.tower._downsampled, backbone.processor_batch  # private: one of the two looks
    small = torch.from_numpy(pictures[:, :SMALL_LOOK, :SMALL_LOOK].copy()).permute(0, 3, 1, 2)
    start = time.process_time()
    with torch.inference_mode():
        for part in small.split(size):
            look(part.float().sub_(127.5).div_(127.5).contiguous(memory_format=torch.channels_last))
    return len(pictures) / (time.process_time() - start)


def plain_torch(backbone: Backbone, files: list[tuple[bytes, Path]], batch: int) -> float:
    """Images a second of processor time, from files to one look at 224 pixels, as anybody would write it in torch."""
    if not isinstance(backbone, StarterBackbone):
        return 0.0
    look = backbone.tower._downsampled  # private: one of the two looks
    start = time.process_time()
    for part in (files[at : at + batch] for at in range(0, len(files), batch)):
        pictures = []
        for _, path in part:
            with Image.open(path) as image:
                small = image.convert("RGB").resize((SMALL_LOOK, SMALL_LOOK), Image.Resampling.BICUBIC)
            pictures.append(torch.from_numpy(np.array(small)).permute(2, 0, 1))
        with torch.inference_mode():
            look(torch.stack(pictures).float().sub_(127.5).div_(127.5))
    return len(files) / (time.process_time() - start)


def gather(folder: Path, count: int) -> list[tuple[bytes, Path]]:
    """Pictures of all sub-folders in turn, each content once."""
    groups: dict[Path, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            groups.setdefault(path.parent, []).append(path)
    mixed = [path for turn in itertools.zip_longest(*groups.values()) for path in turn if path is not None]
    files = {hashlib.sha256(path.read_bytes()).digest(): path for path in mixed[:count]}
    return list(files.items())


def resized(files: list[Path], side: int, folder: Path) -> Path:
    """JPEGs of this longer side, of the usual quality."""
    for number, path in enumerate(files):
        with Image.open(path) as image:
            factor = side / max(image.size)
            small = image.convert("RGB").resize((round(image.width * factor), round(image.height * factor)))
        small.save(folder / f"{number:05}.jpg", quality=90)
    return folder


def random_model(name: str) -> Backbone:
    """An open_clip model with random weights, which take as long as any."""
    spec = find_backbone(f"{name}/file")
    model = build_model(spec)
    return OpenClipBackbone(spec, model, load_tokenizer(spec), "0" * 64, torch.device("cpu"), [])


def decoding(backbone: Backbone, files: list[tuple[bytes, Path]]) -> float:
    """Milliseconds of processor time to read, check and decode one picture."""
    start = time.process_time()
    for content_hash, path in files:
        decode_file(path, backbone.image_spec, content_hash)
    return 1000 * (time.process_time() - start) / len(files)


class Row(NamedTuple):
    """One round: images a second of wall-clock and of processor time, and decoding's share of the latter in percent."""

    torch_disk: float
    disk: float
    torch_bare: float
    bare: float
    torch_processor: float
    processor: float
    share: float
    one_look: float
    plain: float


def one_round(backbone: Backbone, files: list[tuple[bytes, Path]], pictures: np.ndarray, given: Namespace) -> Row:
    """The rates of one round: by torch and as the program does it."""
    disk, network, processor = [], [], []
    for compiled in (False, True):
        backbone.compiled = compiled
        started = time.process_time()
        disk.append(from_disk(backbone, files, given.batch, given.workers))
        processor.append(len(files) / (time.process_time() - started))
        network.append(bare(backbone, pictures, given.batch))
    share = decoding(backbone, files) * processor[1] / 10
    return Row(
        *disk, *network, *processor, share, one_look(backbone, pictures), plain_torch(backbone, files, given.batch)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--backbone", default="starter")
    which.add_argument("--random", metavar="MODEL", help="an open_clip model with random weights")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--side", type=int, help="longer side of the JPEGs; the pictures as they are without it")
    parser.add_argument("--images", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="threads of torch and of OpenVINO")
    parser.add_argument("--workers", type=int, help="decoding threads; by default as in the program")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as drawn:
        folder = options.folder
        if folder is None:
            folder = resource("sample")
        files = gather(folder, options.images)
        if options.side:
            (Path(drawn) / "resized").mkdir()
            folder = resized([path for _, path in files], options.side, Path(drawn) / "resized")
            files = gather(folder, options.images)
        set_threads(max(options.threads))
        backbone = random_model(options.random) if options.random else load_backbone(options.backbone, options.device)
        pictures = np.stack([decode_file(path, backbone.image_spec, None) for _, path in files])
        print(f"{len(files)} images, {backbone.id} on {backbone.device}, {usable_cores()} cores")
        for threads in options.threads:
            set_threads(threads)
            for backbone.compiled in (False, True):
                bare(backbone, pictures[: options.batch], options.batch)
            rows = [one_round(backbone, files, pictures, options) for _ in range(options.rounds)]
            middle = Row(*(statistics.median(column) for column in zip(*rows, strict=True)))
            print(f"{threads} thread{'s' if threads > 1 else ''}, medians of {options.rounds} rounds")
            disk = statistics.median(row.disk / row.torch_disk for row in rows)
            network = statistics.median(row.bare / row.torch_bare for row in rows)
            work = statistics.median(row.processor / row.torch_processor for row in rows)
            kept = statistics.median(100 * row.disk / row.bare for row in rows)
            print(f"  from disk   torch {middle.torch_disk:6.1f}/s, OpenVINO {middle.disk:6.1f}/s: {disk:.2f} times")
            print(f"  the network torch {middle.torch_bare:6.1f}/s, OpenVINO {middle.bare:6.1f}/s: {network:.2f} times")
            slow, fast = middle.torch_processor, middle.processor
            print(f"  per core    torch {slow:6.1f}/s, OpenVINO {fast:6.1f}/s: {work:.2f} times")
            if middle.one_look:
                ratio = statistics.median(row.processor / row.one_look for row in rows)
                print(f"  per core    torch's one look {middle.one_look:6.1f}/s; both from disk {ratio:.2f} times that")
                ratio = statistics.median(row.processor / row.plain for row in rows)
                print(f"  per core    from disk, plain {middle.plain:6.1f}/s; both from disk {ratio:.2f} times that")
            print(f"  decoding takes {middle.share:.0f}% of the processor's time; {kept:.0f}% of the bare rate remain")


if __name__ == "__main__":
    main()
