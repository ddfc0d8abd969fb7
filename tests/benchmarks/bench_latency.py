"""How late the window's event loop is while it works: a 5 ms timer during import, embedding, training and scrolling.

Run by itself: `python tests/benchmarks/bench_latency.py [PICTURES] [--stalls]`. PICTURES is a folder of class folders;
without it the sample's are drawn, 80 a class. The real window, lanes, project and starter backbone are used,
offscreen, after the warm-up that the program itself does. Printed for each part: ticks, median, 99th percentile and
longest lateness in milliseconds. `--stalls` also says what the main thread was doing in the longest ones.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from mma_desktop.core.settings import Settings
from mma_desktop.core.types import DEFAULT_METHOD, Role, ScannedFile
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training.experiments import Experiment, Trial
from mma_desktop.services.training.learning import Learned
from mma_desktop.ui.shell.application import Application

TICK_MS = 5
ROWS = 100_000
TRAININGS = 4
EXAMPLES, LABELS = 16, 40
SCROLL_SECONDS = 8.0
STALL_SECONDS = 0.025


class Meter(QObject):
    """A timer that notes how much later than due it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self.last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, 1000 * (now - self.last) - TICK_MS))
        self.last = now

    def start(self) -> None:
        """Forget what was before."""
        self.late.clear()
        self.last = time.perf_counter()


class Watch(threading.Thread):
    """Looks at the main thread whenever its timer is late; itself a load, so not for the numbers that are reported.

    The stack is written by `faulthandler`: a frame held here would let this thread end objects of Qt.
    """

    def __init__(self, meter: Meter, folder: Path) -> None:
        super().__init__(daemon=True)
        self.meter = meter
        self.mark = f"0x{threading.main_thread().ident:016x}"
        self.file = (folder / "stacks.txt").open("w+", encoding="utf-8")
        self.seen: Counter[str] = Counter()

    def run(self) -> None:
        while True:
            time.sleep(0.004)
            if time.perf_counter() - self.meter.last > STALL_SECONDS:
                self.file.seek(0)
                self.file.truncate()
                faulthandler.dump_traceback(self.file, all_threads=True)
                self.file.seek(0)
                parts = [part for part in self.file.read().split("\n\n") if self.mark in part]
                lines = re.findall(r'File ".*?([^/"]+)", line (\d+)', parts[0]) if parts else []
                self.seen[" < ".join(f"{name}:{number}" for name, number in lines[:6])] += 1


def wait_until(done: Callable[[], bool], seconds: float = 900.0) -> None:
    """Run the event loop until something holds; looks every 20 ms."""
    loop, started = QEventLoop(), time.monotonic()
    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() - started > seconds else None)
    timer.start()
    loop.exec()
    timer.stop()
    if not done():
        raise SystemExit("It did not end in time.")


def wait(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Shelf:
    """Thumbnails of a few real pictures for any image: real files, really decoded."""

    def __init__(self, context: ProjectContext) -> None:
        assert context.thumbnails is not None
        self._real = context.thumbnails
        hashes = context.index.columns.hashes
        self._hashes = [one.ljust(32, b"\0") for one in hashes[:500].tolist()]

    def ensure(self, content_hash: bytes, _source: Path) -> np.ndarray:
        picture = self._real.load(self._hashes[int.from_bytes(content_hash[:4], "big") % len(self._hashes)])
        assert picture is not None
        return picture


def add_rows(context: ProjectContext, count: int) -> None:
    """Rows of pictures that need not be there: the grid shows names and thumbnails."""
    rng = np.random.default_rng(0)
    for start in range(0, count, 20_000):
        files = [
            ScannedFile(
                context.project.folder / "none" / f"{start + one:06}.jpg", rng.bytes(32), 1, 1, 640, 480, "JPEG"
            )
            for one in range(min(20_000, count - start))
        ]
        context.project.add_files(files)


def scroll(parts: Application, context: ProjectContext) -> None:
    """Turn the wheel from top to bottom, with a jump now and then."""
    grid = parts.window.pages["label"].grid
    bar = grid.verticalScrollBar()
    started, steps = time.monotonic(), 0
    loop, timer = QEventLoop(), QTimer()

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps % 60 == 0:
            bar.setValue((steps * 7919) % max(1, bar.maximum()))
        else:
            bar.setValue(min(bar.maximum(), bar.value() + max(1, bar.singleStep())))
        if time.monotonic() - started > SCROLL_SECONDS:
            loop.quit()

    timer.setInterval(16)
    timer.timeout.connect(step)
    timer.start()
    loop.exec()
    timer.stop()


def learn(parts: Application, context: ProjectContext, meter: Meter) -> Iterator[str]:
    """Label one picture after another, each as soon as the model has followed the one before."""
    controller, window = parts.controller, parts.window
    ids, class_ids = context.index.columns.ids, context.index.columns.class_ids
    truth = dict(zip(ids.tolist(), class_ids.tolist(), strict=True))
    rest = [one for class_id in set(class_ids.tolist()) for one in ids[class_ids == class_id].tolist()[EXAMPLES:]]
    found: list[Learned | None] = []
    controller.learned.connect(found.append)
    context.project.set_role([one.id for one in context.classes], Role.BASE)
    controller.assign(rest, None)
    kept = len(ids) - len(rest)
    wait_until(lambda: bool(found) and found[-1] is not None and found[-1].labels == kept)
    window.show_page("label")
    wait(500)
    meter.start()
    seconds = []
    for number, image in enumerate(np.random.default_rng(0).permutation(rest)[:LABELS].tolist(), 1):
        started = time.perf_counter()
        controller.assign([image], truth[image])
        wait_until(lambda count=kept + number: found[-1] is not None and found[-1].labels == count)
        seconds.append(time.perf_counter() - started)
    yield f"labelling, {kept} examples"
    print(
        f"{'':4}from a label to the model that knows it: median {np.median(seconds):.2f} s, p90 "
        f"{np.quantile(seconds, 0.9):.2f} s, longest {max(seconds):.2f} s",
        flush=True,
    )


def measure(parts: Application, folder: Path, pictures: Path, meter: Meter) -> Iterator[str]:
    """Yields the name of each part when it has been done."""
    controller, window = parts.controller, parts.window
    context = create_project(folder / "latency.mma")
    window.make_pages_soon()
    controller.set_context(context)
    wait_until(lambda: context.engine.ready and not controller.bridge.busy())
    for page in ("label", "check", "use", "label"):
        window.show_page(page)
        wait(500)
    parts.garbage.freeze()
    meter.start()
    wait(2_000)
    yield "idle"

    meter.start()
    imported: list[object] = []
    controller.import_done.connect(imported.append)
    parts.window.controller.settings.set("embed_on_import", False)
    controller.import_paths([pictures], class_folders([pictures]))
    wait_until(lambda: bool(imported))
    yield "import"

    meter.start()
    embedding = controller.embed()
    wait_until(lambda: embedding is None or embedding.finished)
    yield "embedding"

    yield from learn(parts, context, meter)

    window.show_page("experiments")
    wait(300)
    meter.start()
    trained: list[object] = []
    controller.experiment_finished.connect(trained.append)
    for seed in range(TRAININGS):
        controller.run_experiment(Experiment((Trial(DEFAULT_METHOD),), (16,), (seed,)))
        wait_until(lambda number=seed: len(trained) > number)
        wait(1_000)  # somebody looks at the results
    wait(500)
    yield "training"

    add_rows(context, ROWS)
    context.thumbnails = Shelf(context)  # type: ignore[assignment]
    window.show_page("label")
    window.pages["label"].grid.set_ids(context.index.columns.ids)
    wait(500)
    meter.start()
    scroll(parts, context)
    yield f"scrolling {len(context.index.columns.ids):,} rows"


def draw(folder: Path) -> None:
    """Twice as many sample pictures as come with the program."""
    sys.path.append(str(Path(__file__).parents[2] / "packaging"))
    from sample_pictures import write

    write(folder, per_class=80)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="?", type=Path, help="a folder of class folders")
    parser.add_argument("--stalls", action="store_true", help="say what the main thread did when it was late")
    given = parser.parse_args()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        pictures = given.pictures
        if pictures is None:
            pictures = folder / "drawn"
            draw(pictures)
        parts = Application(app, Settings(folder / "config"), None)
        parts.window.resize(1280, 800)
        parts.window.show()
        warm = parts.controller.bridge.jobs
        parts.warm_up()
        wait_until(lambda: not warm())
        meter = Meter()
        watch = Watch(meter, folder)
        if given.stalls:
            watch.start()
        print(f"{'':28}{'ticks':>8}{'median':>9}{'p99':>9}{'longest':>9}  ms late", flush=True)
        for part in measure(parts, folder, pictures, meter):
            late = np.array(meter.late)
            p99 = np.percentile(late, 99)
            print(f"{part:28}{len(late):8,}{np.median(late):9.1f}{p99:9.1f}{late.max():9.1f}", flush=True)
            for stack, times in watch.seen.most_common(8):
                print(f"    {times:4} x {stack}")
            watch.seen.clear()
        closed: list[bool] = []
        parts.controller.close_context(lambda: closed.append(True))
        wait_until(lambda: bool(closed))
        parts.window.closed.disconnect()
        parts.lanes.close()
        parts.reporter.uninstall()
        parts.garbage.pause()


if __name__ == "__main__":
    main()
