"""From drop to embedded: pictures of 12 megapixels imported, with thumbnails, and embedded, against decoding alone.

    python tests/benchmarks/bench_import.py [--images 150] [--rounds 3] [--backbone starter]

In each round, one after the other, on all cores: `decode_file` in threads (pure decoding: read, checked, decoded, made
small for the backbone), the import alone, both at the same time as the program does it, and the import followed by an
embedding from the files. Wall-clock and processor seconds; the ratios are medians over the rounds, to pure decoding.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from mma_desktop.core.events import CancelToken
from mma_desktop.engine.device import usable_cores
from mma_desktop.media.decoding import decode_file
from mma_desktop.media.reader import Thumbnails
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding
from mma_desktop.services.images import importing as importing_service
from mma_desktop.services.images.embedding import import_and_embed
from mma_desktop.services.predicting import model_in_use
from mma_desktop.store.project import Project
from tests.benchmarks.bench_media import photograph

DIFFERENT = 4


def photographs(folder: Path, count: int) -> dict[Path, bytes]:
    """JPEGs of 12 megapixels and their hashes; a few photographs, told apart by a comment."""
    drawn = [photograph(seed) for seed in range(min(DIFFERENT, count))]
    found = {}
    for number in range(count):
        comment = f"{number:08}".encode()
        data = drawn[number % len(drawn)]
        data = data[:2] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2, "big") + comment + data[2:]
        path = folder / f"{number:05}.jpg"
        path.write_bytes(data)
        found[path] = hashlib.sha256(data).digest()
    return found


class Bench:
    """The four ways, each on a project of its own."""

    def __init__(self, files: dict[Path, bytes], backbone: str) -> None:
        self.files, self.folder = files, next(iter(files)).parent
        with tempfile.TemporaryDirectory() as scratch:
            context = self.context(Path(scratch))
            model_in_use.prepare(context, CancelToken(), backbone, "cpu")
            self.engine = context.engine
            assert self.engine.backbone is not None
            self.backbone = self.engine.backbone
            context.project.close()

    def context(self, folder: Path) -> ProjectContext:
        return ProjectContext(Project.create(folder / "bench.mma"), Thumbnails(folder / "thumbnails"), lasting=False)

    def on(self, work: Callable[[ProjectContext], None]) -> Callable[[], None]:
        def run() -> None:
            with tempfile.TemporaryDirectory() as scratch:
                context = self.context(Path(scratch))
                context.engine.use_backbone(self.backbone)
                work(context)
                context.close()

        return run

    def decode(self) -> None:
        def one(file: tuple[Path, bytes]) -> None:
            decode_file(file[0], self.backbone.image_spec, file[1])

        with ThreadPoolExecutor(usable_cores()) as pool:
            list(pool.map(one, self.files.items()))

    def importing(self, context: ProjectContext) -> None:
        importing_service.import_paths(context, [self.folder], CancelToken())

    def together(self, context: ProjectContext) -> None:
        token = CancelToken()
        import_and_embed(context, partial(importing_service.import_paths, context, [self.folder]), token)
        assert context.engine.embedded(context.index.columns.hashes).sum() == len(self.files)

    def after(self, context: ProjectContext) -> None:
        self.importing(context)
        embedding.embed(context, CancelToken())


def measured(work: Callable[[], None]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--backbone", default="starter")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(photographs(Path(name), given.images), given.backbone)
        ways = {
            "pure decoding": bench.decode,
            "import alone": bench.on(bench.importing),
            "drop to embedded": bench.on(bench.together),
            "import, then embed": bench.on(bench.after),
        }
        ways["drop to embedded"]()  # the first pictures compile the network
        rounds = [{way: measured(work) for way, work in ways.items()} for _ in range(given.rounds)]
    print(f"{given.images} JPEGs of 12 megapixels, {usable_cores()} cores, medians of {given.rounds} rounds")
    print(f"{'':22}{'wall':>9}{'ratio':>7}{'processor':>12}{'ratio':>7}")
    for way in ways:
        seconds = [statistics.median(one[way][kind] for one in rounds) for kind in (0, 1)]
        ratio = [statistics.median(one[way][kind] / one["pure decoding"][kind] for one in rounds) for kind in (0, 1)]
        print(f"{way:22}{seconds[0]:7.2f} s{ratio[0]:7.2f}{seconds[1]:10.2f} s{ratio[1]:7.2f}")


if __name__ == "__main__":
    main()
