"""The grid with a million images: time to show, to jump to the end, to resize, to append; scrolling; memory.

Run it by itself: `python tests/benchmarks/bench_grid.py [--rows N]`. Ids are synthetic and there is no database;
details and thumbnails are answered from memory, a picture for every image, so that scrolling paints what it paints in a
project.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from mma_desktop.core.jobs import Lanes
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import ImageRow
from mma_desktop.services.image_index import Columns, Lost
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.widgets.theme import apply_theme

STEPS = 300


class ImageIndex:
    """Answers for any id, off the main thread, as the store and the thumbnails do."""

    def __init__(self, rows: int) -> None:
        noise = np.random.default_rng(0)
        self.pictures = [noise.integers(0, 255, (192, 256, 3), dtype=np.uint8) for _ in range(16)]
        self.rows = rows

    def row(self, image_id: int) -> ImageRow:
        path = Path(f"/pictures/{image_id:07}.jpg")
        return ImageRow(image_id, path, b"x", 640, 480, "JPEG", 1, (path,), None, None, None, None, None, 0.0)


class _Memory:
    """Stands for an open project: rows and thumbnails are answered from memory, through the same lanes and bridge."""

    def __init__(self, rows: int) -> None:
        source = ImageIndex(rows)
        self.project = SimpleNamespace(image_rows=lambda ids: [source.row(one) for one in ids])
        self.thumbnails = SimpleNamespace(ensure=lambda _hash, path: source.pictures[int(path.stem) % 16])
        none = np.full(rows, -1, np.int8)
        hashes = np.zeros(rows, "S32")
        columns = Columns(np.arange(1, rows + 1), none.astype(np.int64), none, none, np.zeros(rows, bool), hashes)
        self.index = SimpleNamespace(columns=columns, lost=Lost())
        self.predictions = None
        self.classes: list[Any] = []


def resident() -> float:
    """Megabytes of this process in memory; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def wait(milliseconds: int) -> None:
    """Let the grid and the lanes live; QTest.qWait would keep the interpreter's lock."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def timed(grid: ImageGrid, action: Callable[[], object]) -> float:
    """Milliseconds until an action is done and painted."""
    start = time.perf_counter()
    action()
    grid.viewport().repaint()
    return 1000 * (time.perf_counter() - start)


def measure(rows: int) -> dict[str, float]:
    """All the numbers; times in milliseconds, memory in megabytes."""
    app = QApplication.instance() or QApplication([])
    apply_theme(app, "light")
    numbers: dict[str, float] = {}
    lanes = Lanes()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder))
        controller = Controller(Bridge(lanes), settings)
        empty = resident()
        controller.bridge.context = _Memory(rows)
        grid = ImageGrid(controller)
        grid.resize(1200, 800)
        ids = np.arange(1, rows + 1)
        numbers["show"] = timed(grid, lambda: (grid.set_ids(ids), grid.show(), grid.grab()))
        wait(500)
        numbers["jump to the end"] = timed(grid, lambda: grid.set_current(rows - 1))
        wait(300)
        numbers["select all"] = timed(grid, grid.select_all)
        grid.selection.clear()
        numbers["resize"] = timed(grid, lambda: grid.resize(900, 800))
        wait(300)
        numbers["append 1,000"] = timed(grid, lambda: grid.set_ids(np.arange(1, rows + 1001), keep_place=True))
        bar = grid.verticalScrollBar()
        steps = [
            timed(grid, lambda at=at: bar.setValue(at))
            for at in np.linspace(0, bar.maximum(), STEPS, dtype=int).tolist()
        ]
        numbers["scroll anywhere p50"] = statistics.median(steps)
        bar.setValue(0)
        smooth = []
        for _ in range(STEPS):
            smooth.append(timed(grid, lambda: bar.setValue(bar.value() + 40)))
            wait(4)
        numbers["scroll with thumbnails p50"] = statistics.median(smooth)
        numbers["scroll with thumbnails p99"] = sorted(smooth)[round(0.99 * (len(smooth) - 1))]
        numbers["memory of grid and catalogue, MB"] = resident() - empty
        numbers["thumbnails kept, MB"] = grid.thumbnails.bytes / 2**20
        numbers["lateness of a 5 ms timer while scrolling p99"] = lateness(grid)
        grid.thumbnails.clear()
        grid.close()
        grid.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        lanes.close()
    return numbers


def lateness(grid: ImageGrid) -> float:
    """How late a 5 ms timer of the event loop is, 99th percentile in milliseconds, while the grid scrolls fast."""
    bar, late = grid.verticalScrollBar(), []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        late.append(max(0.0, 1000 * (now - last[0]) - 5))
        last[0] = now

    ticker, scroller = QTimer(), QTimer()
    ticker.setInterval(5)
    scroller.setInterval(16)
    ticker.timeout.connect(tick)
    scroller.timeout.connect(lambda: bar.setValue(bar.value() + 60))
    ticker.start()
    scroller.start()
    wait(4000)
    ticker.stop()
    scroller.stop()
    return sorted(late)[round(0.99 * (len(late) - 1))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    print(f"{rows:,} images")
    for name, number in measure(rows).items():
        print(f"{name:>48}  {number:8.1f}")


if __name__ == "__main__":
    main()
