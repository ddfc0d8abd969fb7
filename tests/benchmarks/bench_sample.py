"""How much processor time the sample project takes from the click to predictions, in processes of their own.

    python tests/benchmarks/bench_sample.py [RUNS] [--warm]

Each run opens it in the real window, in a fresh home folder, right after the window is shown: imports that the program
does behind the Home page count. With `--warm` the click waits until the window's pages and the engine's modules are
there. Prints medians, over the runs, of the processor seconds of all threads and child processes from the click until

    opened       the pictures are in the grid, with their classes
    pictures     every visible thumbnail is there
    embedded     every picture has features and a prediction
    learned      the first model is fitted
    predictions  every picture has that model's prediction
    idle         nothing is left to do

and what the program has taken before the click.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

SETTINGS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
PICTURES = 480
PHASES = ("opened", "pictures", "embedded", "learned", "predictions", "idle")


def processor_seconds() -> float:
    """Of all threads of this process, and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def once(warm: bool) -> dict[str, float]:
    """The processor seconds at each phase, in this process."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from studio import Studio, wait

    from mma_desktop.ui.shell.application import WARM_UP_AFTER_MS
    from mma_desktop.ui.shell.navigation import TABS

    home = Path(tempfile.mkdtemp(prefix="sample-"))
    for name in SETTINGS:
        os.environ[name] = str(home / name)
    studio = Studio(home, home, [(1280, 800)], ("light",))
    window, controller = studio.window, studio.controller
    window.resize(1280, 800)
    window.show()
    window.make_pages_soon()
    if warm:
        studio.until(lambda: len(window.pages) == len(TABS))
        studio.parts.warm_up()
        studio.idle()
    else:
        QTimer.singleShot(WARM_UP_AFTER_MS, studio.parts.warm_up)
        wait(1)
    found: dict[str, float] = {}

    def mark(phase: str) -> None:
        found.setdefault(phase, processor_seconds())

    def guessed() -> None:
        predictions = controller.open_context.predictions
        if predictions is not None and len(predictions.image_ids) == PICTURES:
            mark("embedded")
            if predictions.adapted_class is not None:
                mark("predictions")

    controller.opened.connect(lambda _context: mark("opened"))
    controller.learned.connect(lambda learned: learned is None or mark("learned"))
    controller.predictions_changed.connect(guessed)
    before = processor_seconds()
    QTest.mouseClick(window.welcome.sample_button, Qt.MouseButton.LeftButton)
    studio.until(lambda: "opened" in found)
    loader = window.pages["label"].grid.thumbnails
    loader.loaded.connect(lambda _id: mark("pictures") if not loader.in_flight else None)
    studio.until(lambda: all(phase in found for phase in PHASES[:-1]))
    studio.idle()
    mark("idle")
    studio.close()
    shutil.rmtree(home, ignore_errors=True)
    return {"before": before} | {phase: found[phase] - before for phase in PHASES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=int, nargs="?", default=7)
    parser.add_argument("--warm", action="store_true", help="click once the pages and the engine's modules are there")
    parser.add_argument("--once", action="store_true", help="one run, in this process; prints JSON")
    given = parser.parse_args()
    if given.once:
        print(json.dumps(once(given.warm)), flush=True)
        return
    command = [sys.executable, __file__, "--once", *(["--warm"] if given.warm else [])]
    runs = []
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(given.runs + 1):
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
            runs.append(json.loads(done.stdout.splitlines()[-1]))
    del runs[0]  # compiled the modules, as an installation does
    for phase in ("before", *PHASES):
        seconds = [run[phase] for run in runs]
        print(f"{phase:12} {statistics.median(seconds):6.2f} s  (from {min(seconds):.2f} to {max(seconds):.2f})")


if __name__ == "__main__":
    main()
