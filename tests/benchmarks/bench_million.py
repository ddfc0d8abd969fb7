"""A project of 10,000, 100,000 and 1,000,000 images: what each action takes, and how it grows.

    python tests/benchmarks/bench_million.py [--rows N ...] [--images N ...] [--repeat N] [--folder FOLDER]

Pictures are really imported for `--images`: small JPEGs, each with other bytes. For `--rows`, rows are put straight
into the tables, and empty files lie where they say, so that a re-scan finds and stats every one of them. Each size runs
in processes of its own; times are medians of `--repeat`. The last column is the slope of log time over log size between
the smallest and the largest: 1 is linear, less is better.

With `--real`, only what a label costs is measured, as processor time on one thread: rows are the starter's, those of
the sample's pictures with a little noise, and the first ten of each of its classes are labelled. No picture is read,
but the labelled ones have thumbnails, as after an import.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
from million_project import make_files, make_pictures, make_project, make_real_project
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.services.images import importing
from mma_desktop.services.predicting import prediction
from tests.steps import Stopped, meanwhile, stop

DIMENSIONS = 512
CLASSES = 100
FEATURE_CHUNK = 50_000
LABELS_EACH, ON_SCREEN = 10, 40
NOISE, NOISE_CHUNK = 0.3, 10_000
Numbers = dict[str, float]


def memory(line: str = "VmRSS") -> float:
    """Megabytes of this process: resident now, or "VmHWM" at most so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(one for one in status if one.startswith(line)).split()[1]) / 1024


def timed(work: Callable[[], object], repeat: int) -> float:
    """Median milliseconds."""
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


# ---------------------------------------------------------------- in processes of their own


def imported(folder: Path, count: int, _repeat: int) -> Numbers:
    """A real import with thumbnails."""
    from mma_desktop.media.reader import Thumbnails
    from mma_desktop.services.context import ProjectContext
    from mma_desktop.store.project import Project

    make_pictures(folder / "jpegs", count)
    context = ProjectContext(Project.create(folder / "import.mma"), Thumbnails(folder / "thumbnails"))
    before = memory()
    start = time.perf_counter()
    report = importing.import_paths(context, [folder / "jpegs"], CancelToken())
    seconds = time.perf_counter() - start
    assert report.added == count, report
    context.close()
    return {"import, files/s": count / seconds, "import, MB more at most": memory("VmHWM") - before}


def simulated(folder: Path, count: int, repeat: int) -> Numbers:
    """Everything that the session does with rows that are there."""
    from mma_desktop.services.image_index import Filter, Order, Show
    from mma_desktop.services.project_factory import open_project

    make_project(folder / "many.mma", folder / "pictures", count)
    make_files(folder / "pictures", count)
    numbers: Numbers = {"database, MB": (folder / "many.mma" / "project.db").stat().st_size / 1e6}

    def open_and_close() -> None:
        open_project(folder / "many.mma", 1).close()

    open_and_close()  # imports
    numbers["open and close"] = timed(open_and_close, repeat)
    context = open_project(folder / "many.mma", 1)
    for show in Show:
        numbers[f"filter: {show.value}"] = timed(lambda show=show: context.select(Filter(show, 5)), repeat)
    for text in ("img", f"{count // 2:07}"):
        words = "in every name" if text == "img" else "in one name"
        numbers[f"filter: text {words}"] = timed(lambda text=text: context.select(Filter(text=text)), repeat)
    for order in (Order.NAME, Order.NEWEST):
        numbers[f"order: {order.value}, first time"] = timed(lambda o=order: context.select(Filter(order=o)), 1)
        numbers[f"order: {order.value}, then"] = timed(lambda o=order: context.select(Filter(order=o)), repeat)
    one = context.classes[0].id
    numbers["label 1"] = timed(lambda: context.project.assign([5], one), 1)
    numbers["undo 1"] = timed(context.project.undo, 1)
    some = range(100, 1100)
    numbers["label 1,000"] = timed(lambda: context.project.assign(some, one), 1)
    numbers["undo 1,000"] = timed(context.project.undo, 1)
    numbers["re-scan of known files"] = timed(
        lambda: importing.import_paths(context, [folder / "pictures"], CancelToken()), 1
    )
    assert len(context.index.columns.ids) == count
    numbers["session, MB resident"] = memory()
    context.close()
    return numbers


def shown(folder: Path, count: int, _repeat: int) -> Numbers:
    """The real window, until the grid shows the project; its memory before the engine starts."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from mma_desktop.core.settings import Settings
    from mma_desktop.services.image_index import Filter, Show
    from mma_desktop.ui.shell.application import Application
    from mma_desktop.ui.shell.navigation import TABS

    def wait(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(true: Callable[[], object]) -> float:
        start = time.perf_counter()
        while not true():
            wait(2)
        return 1000 * (time.perf_counter() - start)

    app = QApplication([])
    parts = Application(app, Settings(folder / "config"), None)
    window, controller = parts.window, parts.controller
    controller.prepare_on_open = False
    window.resize(1280, 800)
    window.show()
    window.make_pages_soon()
    until(lambda: len(window.pages) == len(TABS))
    grid, query = window.pages["label"].grid, window.pages["label"].query
    numbers: Numbers = {}
    for name in ("window: open, first time", "window: open"):
        window.projects.open_folder(folder / "many.mma")
        numbers[name] = until(lambda: len(grid.images.ids) == count and grid.isVisible())
        wait(500)
        if name == "window: open, first time":
            window.menus.close_project.trigger()
            until(lambda: controller.context is None and not controller.is_closing)
    query.show(Filter(Show.UNLABELLED))
    numbers["window: filter"] = until(lambda: 0 < len(grid.images.ids) < count)
    query.show(Filter())
    until(lambda: len(grid.images.ids) == count)
    wait(2000)
    assert "torch" not in sys.modules
    numbers["window, MB resident"], numbers["window, MB at most"] = memory(), memory("VmHWM")
    window.close()
    app.exec()
    return numbers


def predicted(folder: Path, count: int, repeat: int) -> Numbers:
    """Predictions of all images from cached embeddings."""
    from mma_desktop.engine.backbones.backbone_table import RowLayout
    from mma_desktop.engine.features.feature_cache import FeatureCache
    from mma_desktop.services.project_factory import open_project

    context = open_project(folder / "many.mma")
    cache = FeatureCache(folder / "features", DIMENSIONS)
    noise = np.random.default_rng(1)
    part = noise.normal(size=(FEATURE_CHUNK, DIMENSIONS)).astype(np.float32)
    part /= np.linalg.norm(part, axis=1, keepdims=True)
    hashes = context.index.columns.hashes
    for start in range(0, count, FEATURE_CHUNK):
        rows = hashes[start : start + FEATURE_CHUNK]
        cache.append(rows, part[: len(rows)])
    texts = part[:CLASSES]
    layout = RowLayout.plain(DIMENSIONS)
    given = {"id": "drawn", "fingerprint": "0", "embed_dim": DIMENSIONS, "layout": layout, "logit_scale": 100.0}
    context.engine.use_backbone(type("Backbone", (), given)())
    context.engine.close()
    context.engine.cache = cache
    context.engine.predictor.texts = lambda names, _template: texts[: len(names)]  # type: ignore[method-assign]

    def score() -> None:
        prediction.scores.put(context, None)
        prediction.score(context, CancelToken())

    before = memory()
    numbers = {"predict from cache": timed(score, repeat)}
    assert context.predictions is not None
    assert len(context.predictions.image_ids) == count
    numbers["predict, MB more at most"] = memory("VmHWM") - before
    context.close()
    return numbers


def real(folder: Path, count: int, repeat: int) -> Numbers:
    """What answers cost with the starter's rows: processor time of the services that the window calls."""
    from mma_desktop.core.paths import resource
    from mma_desktop.core.types import STARTER_ID
    from mma_desktop.engine.features.feature_cache import FEATURE_TYPE
    from mma_desktop.media.reader import Thumbnails
    from mma_desktop.services.predicting import prediction
    from mma_desktop.services.project_factory import open_project
    from mma_desktop.services.training import groups, learning

    pictures = sorted(resource("sample").glob("*/*.jpg"))
    names = sorted({path.parent.name for path in pictures})
    sample = next(resource("starter", "sample-features").iterdir())
    keys = np.fromfile(sample / "hashes.bin", "S32")
    seen = np.fromfile(sample / "features.f16", FEATURE_TYPE).reshape(len(keys), -1).astype(np.float32)
    row = {key: at for at, key in enumerate(keys.tolist())}
    digests = [hashlib.sha256(path.read_bytes()).digest().rstrip(b"\0") for path in pictures]
    seen = seen[[row[digest] for digest in digests]]
    shown = np.array([names.index(path.parent.name) for path in pictures])
    noise = np.random.default_rng(0)
    of_row = noise.permutation(np.arange(count) % len(seen))
    make_real_project(folder / "real.mma", folder / "pictures", names, shown[of_row].tolist(), LABELS_EACH)
    threads, token = 1, CancelToken()
    context = open_project(folder / "real.mma", threads)
    context.engine.load(STARTER_ID, "cpu", None, token)
    cache = context.engine.need()[1]
    drawn = NOISE * seen.std(axis=0) * noise.standard_normal((NOISE_CHUNK, seen.shape[1]), np.float32)
    with (cache.folder / "features.f16").open("wb") as rows:  # in one go: to append sorts all hashes each time
        for start in range(0, count, NOISE_CHUNK):
            part = seen[of_row[start : start + NOISE_CHUNK]]
            part += noise.choice([-1, 1]) * drawn[noise.permutation(NOISE_CHUNK)[: len(part)]]
            part.astype(FEATURE_TYPE).tofile(rows)
    context.index.columns.hashes.tofile(cache.folder / "hashes.bin")
    cache.refresh()
    numbers: Numbers = {
        "rows on disk, kB an image": sum(f.stat().st_size for f in cache.folder.iterdir()) / count / 1e3
    }

    thumbnails, free = Thumbnails(folder / "thumbnails"), np.flatnonzero(~context.index.columns.labelled)
    asked = noise.permutation(free)[: 60 + 2 * repeat].tolist()
    for at in (*np.flatnonzero(context.index.columns.labelled).tolist(), *asked):
        picture = Image.fromarray(noise.integers(0, 256, (8, 8, 3), np.uint8)).resize((64, 48))  # like no other
        thumbnails.write(context.index.columns.hashes[at].ljust(32, b"\0"), picture)

    def opened() -> None:
        nonlocal context
        context.close()
        context = open_project(folder / "real.mma", threads)
        context.thumbnails = thumbnails
        prediction.restore_scores(context)
        context.learns = True

    def understood() -> None:
        context.engine.load(STARTER_ID, "cpu", None, token)
        learning.learn(context, token)
        prediction.score(context, token)

    numbers["open, with no prediction"] = used(opened)
    numbers["open to predictions, first time"] = used(opened, understood)
    prediction.keep_scores(context, current=learning.is_followed(context))
    numbers["open to predictions"] = used(opened)
    assert context.predictions is not None
    assert len(context.predictions.image_ids) == count
    numbers["then until all is learned again"] = used(understood)
    kept = context.project.embeddings_dir / prediction.SCORES_FILE
    numbers["scores on disk, kB an image"] = kept.stat().st_size / count / 1e3
    before = memory()
    kinds = {kind.name: kind.id for kind in context.classes}
    answers = iter(asked)

    def answer() -> None:
        at = next(answers)
        context.project.assign([int(context.index.columns.ids[at])], kinds[names[shown[of_row[at]]]])

    def label_all() -> None:
        answer()
        learning.learn(context, token)
        prediction.score(context, token)

    def label_screen() -> None:
        answer()
        learning.learn(context, token)
        with suppress(Stopped):
            prediction.score(context, meanwhile(stop))  # the next label stops the rest

    learning.learn.put(context, None)
    numbers["fit alone"] = used(lambda: learning.learn(context, token))
    context.on_screen = tuple(context.index.columns.ids[:ON_SCREEN].tolist())
    numbers["label until the screen"] = statistics.median(used(label_screen) for _ in range(repeat))
    numbers["label until all"] = statistics.median(used(label_all) for _ in range(repeat))
    numbers["each of 40 answers, a pause after each"] = statistics.mean(used(label_all) for _ in range(10))
    numbers["each of 40 answers"] = statistics.mean(used(label_screen) for _ in range(40))
    prediction.score(context, token)
    assert context.predictions is not None
    assert len(context.predictions.image_ids) == count
    numbers["MB more by answers"] = memory() - before
    numbers["find groups"] = used(lambda: groups.open_groups(context, token))
    answer()
    numbers["groups that are open after a label"] = used(lambda: groups.open_groups(context, token))
    context.close()
    return numbers


def reopened(folder: Path, _count: int, _repeat: int) -> Numbers:
    """The memory of what `real` left, in a process that has only opened it."""
    from mma_desktop.core.types import STARTER_ID, LabelSource
    from mma_desktop.media.reader import Thumbnails
    from mma_desktop.services.predicting import prediction
    from mma_desktop.services.project_factory import open_project
    from mma_desktop.services.training import learning

    context, token = open_project(folder / "real.mma", 1), CancelToken()
    context.thumbnails = Thumbnails(folder / "thumbnails")
    prediction.restore_scores(context)
    numbers: Numbers = {"opened, MB resident": memory()}
    context.learns = True
    context.engine.load(STARTER_ID, "cpu", None, token)
    for image_id in context.index.columns.ids[:2].tolist():
        context.project.assign([image_id], context.classes[0].id, LabelSource.PERSON)
        learning.learn(context, token)
        prediction.score(context, token)
    numbers["after two labels, MB resident"], numbers["and at most"] = memory(), memory("VmHWM")
    context.close()
    return numbers


def used(*works: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    start = time.process_time()
    for work in works:
        work()
    return 1000 * (time.process_time() - start)


PARTS = {one.__name__: one for one in (imported, simulated, shown, predicted, real, reopened)}

# ---------------------------------------------------------------- the table


def child(part: str, folder: Path, count: int, repeat: int) -> Numbers:
    """One part for one size, in a process of its own."""
    home = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"), str(folder / "home"))
    if part in {"real", "reopened"}:
        home["OMP_NUM_THREADS"] = "1"
    command = [sys.executable, __file__, "--part", part, str(folder), str(count), str(repeat)]
    done = subprocess.run(command, env={**os.environ, **home}, stdout=subprocess.PIPE, text=True, check=True)
    numbers: Numbers = json.loads(done.stdout.splitlines()[-1])
    return numbers


def slope(sizes: Sequence[int], values: Sequence[float]) -> str:
    """Of log value over log size, from the smallest to the largest."""
    if len(sizes) < 2 or min(values) <= 0:
        return ""
    return f"{math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0]):.2f}"


def table(results: dict[int, Numbers]) -> None:
    """Print sizes beside each other."""
    sizes = sorted(results)
    names = list(dict.fromkeys(name for size in sizes for name in results[size]))
    print(f"{'ms where nothing else is said':40}" + "".join(f"{size:>12,}" for size in sizes) + f"{'slope':>8}")
    for name in names:
        have = [size for size in sizes if name in results[size]]
        cells = "".join(f"{results[size][name]:12,.1f}" if name in results[size] else f"{'':12}" for size in sizes)
        print(f"{name:40}{cells}{slope(have, [results[size][name] for size in have]):>8}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--images", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--real", action="store_true", help="what answers cost with the starter's rows, nothing else")
    parser.add_argument("--folder", type=Path, help="where the trees are made; a temporary folder otherwise")
    parser.add_argument("--part", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        part, folder, count, repeat = asked.part
        print(json.dumps(PARTS[part](Path(folder), int(count), int(repeat))))
        return
    results: dict[int, Numbers] = {}
    rows = ("real", "reopened") if asked.real else ("simulated", "shown", "predicted")
    for parts, sizes in ((("imported",), () if asked.real else asked.images), (rows, asked.rows)):
        for size in sizes:
            with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
                for part in parts:
                    print(f"{part} {size:,}", file=sys.stderr)
                    results.setdefault(size, {}).update(child(part, Path(folder), size, asked.repeat))
    table(results)


if __name__ == "__main__":
    main()
