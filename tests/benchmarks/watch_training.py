"""Watches the page Train from labels to a result: clicks, the window's longest pause, the thread, pictures.

    python tests/benchmarks/watch_training.py OUT PICTURES [--shots 16] [--new 3]

PICTURES are class folders; the last `--new` classes stay names without labels. A pause is the time between two ticks of
a timer of 5 ms on the window's thread. One at a time on an idle machine.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path

import numpy as np
from studio import Studio, wait

TICK_MS = 5


class Threads(logging.Handler):
    """Keeps what the log says about the thread of the training."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the sentence."""
        if "on the thread" in record.getMessage():
            self.said.append(record.getMessage())


class Pauses:
    """The times between ticks of a timer on this thread, in milliseconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.found: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin."""
        self.found, self._last = [], time.perf_counter()
        self._timer.start(TICK_MS)

    def stop(self) -> None:
        """End."""
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.found.append(1000 * (now - self._last))
        self._last = now


def labelled(studio: Studio, pictures: Path, shots: int, new: int) -> None:
    """Import class folders, keep so many labels a class, and none of the last classes."""
    from mma_desktop.services.image_index import Filter, Order, Show
    from mma_desktop.services.project_factory import create_project

    window, controller = studio.window, studio.controller
    controller.set_context(create_project(studio.projects / "Watched.mma"))
    studio.idle()
    window.imports.import_items([pictures])
    studio.until(studio.dialogs)
    wait(300)
    (dialog,) = studio.dialogs()
    dialog.defaultButton().click()
    studio.until(lambda: len(controller.open_context.index.columns.ids))
    studio.idle()
    context = controller.open_context
    for at, item in enumerate(context.classes):
        ids = context.select(Filter(Show.CLASS, item.id, Order.NAME))
        kept = 0 if at >= len(context.classes) - new else shots
        controller.assign(ids[kept:].tolist(), None)
    studio.idle()


def main() -> None:
    """Watch one training."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--shots", type=int, default=16)
    parser.add_argument("--new", type=int, default=3)
    parser.add_argument("--grab", action="store_true", help="a picture each second; drawing them is a pause itself")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = home
        studio, threads, pauses = Studio(given.out, Path(home)), Threads(), Pauses()
        logging.getLogger("mma_desktop").addHandler(threads)
        logging.getLogger("mma_desktop").setLevel(logging.INFO)
        studio.begin()
        labelled(studio, given.pictures, given.shots, given.new)
        clicks = 0
        studio.window.pages["label"].next_step.action.click()
        clicks += 1
        if studio.window.current_page != "train":
            studio.window.show_page("train")
        page = studio.window.pages["train"]
        studio.until(page.plan_card.start_button.isEnabled)
        wait(1000)
        pauses.start()
        page.plan_card.start_button.click()
        clicks += 1
        begun, shown = time.perf_counter(), 0
        while page.result.isHidden():
            wait(100)
            if given.grab and time.perf_counter() - begun > shown:
                studio.window.grab().save(str(given.out / f"watched-{shown:03}.png"))
                shown += 1
        pauses.stop()
        seconds, epochs = time.perf_counter() - begun, len(page.live.chart.events)
        page.result.export_button.click()
        clicks += 1
        studio.until(studio.dialogs)
        clicks += 1  # its Save
        for dialog in studio.dialogs():
            dialog.reject()
        worst = np.sort(pauses.found)[::-1]
        print(f"{clicks} clicks from labels to the exported adapter; {epochs} epochs drawn in {seconds:.1f} s")
        print(
            f"longest pauses {', '.join(f'{value:.0f}' for value in worst[:5])} ms, "
            f"p99 {np.percentile(worst, 99):.0f} ms"
        )
        for row in page.result.rows:
            print(f"{row.choice.title}: base {row.base}, new {row.new}, epoch {row.epoch}, {row.seconds:.1f} s")
        print(page.result.sentence.text(), *dict.fromkeys(threads.said), sep="\n")
        studio.close()


if __name__ == "__main__":
    main()
