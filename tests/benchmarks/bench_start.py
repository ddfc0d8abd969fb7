"""How long until the first window stands, in processes of their own: the program's start, Qt's alone beside it.

    python tests/benchmarks/bench_start.py [RUNS] [--predict]

With `--predict`, the processor time of `predict` for pictures that are known instead, and of what comes after torch's
import until the first of them is answered.
Prints medians in seconds from the start of the process, on the clock and of processor time, whether torch was imported
by then, and the resident memory. Modules are compiled by a first run that does not count, as by an installation.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from million_project import make_pictures

SHOWN = """
import os, resource, sys, time
from PySide6.QtCore import QTimer
def shown():
    started = float(open('/proc/self/stat').read().rsplit(') ', 1)[1].split()[19]) / os.sysconf('SC_CLK_TCK')
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    seconds = time.clock_gettime(time.CLOCK_BOOTTIME) - started
    print(seconds, time.process_time(), 'torch' in sys.modules, memory, flush=True)
    os._exit(0)
"""

PROGRAM = (
    SHOWN
    + """
from mma_desktop.ui.shell import application
application._let_interrupts_in = lambda *_: QTimer.singleShot(0, shown)  # the last thing done before the event loop
application.run_window(None)
"""
)

PLAIN = (
    SHOWN
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
a = QApplication([])
w = QMainWindow()
w.resize(1280, 800)
w.show()
QTimer.singleShot(0, shown)
a.exec()
"""
)

FIRST = """
import os, sys, time
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
from mma_desktop.cli import main as cli
cli.prepare_process()
import torch
start = time.process_time()
from pathlib import Path
from mma_desktop.services.predicting.classifier import load_ranker
from mma_desktop.services.predicting.model_in_use import Model
next(load_ranker(Model(Path(sys.argv[1]), None)).predict_each([sys.argv[2]]))
print(time.process_time() - start)
"""
COMMAND = "from mma_desktop.__main__ import main; main()"


def ran(code: str, home: str, *arguments: str) -> list[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment |= dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "PYTHONPYCACHEPREFIX"), home)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return done.stdout.split()


def once(code: str, home: str) -> tuple[float, float, bool, int]:
    seconds, processor, torch, memory = ran(code, home)[-4:]
    return float(seconds), float(processor), torch == "True", int(memory)


def predict(runs: int) -> None:
    """What commands cost with pictures that are known."""

    def used(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ran(COMMAND, home, *arguments)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    sample = Path(__file__).parents[2] / "resources" / "sample"
    with tempfile.TemporaryDirectory() as home:
        model = str(Path(home, "model.safetensors"))
        ran(COMMAND, home, "train", str(sample), "--out", model)
        for count in (20, 2000):
            folder = Path(home, str(count))
            make_pictures(folder, count)
            asked = "predict", model, str(folder), "--out", str(Path(home, f"{count}.csv")), "--overwrite"
            used(*asked)
            print(f"predict, {count:,} known pictures: {statistics.median(used(*asked) for _ in range(runs)):.2f} s")
        first = str(next(Path(home, "20").rglob("*.jpg")))
        found = [float(ran(FIRST, home, model, first)[-1]) for _ in range(runs)]
        print(f"from torch's import to the first answer: {statistics.median(found):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=int, nargs="?", default=7)
    parser.add_argument("--predict", action="store_true")
    asked = parser.parse_args()
    runs = asked.runs
    if asked.predict:
        predict(runs)
        return
    with tempfile.TemporaryDirectory() as home:
        once(PROGRAM, home)
        pairs = [(once(PROGRAM, home), once(PLAIN, home)) for _ in range(runs)]
    for name, at in (("mma-desktop", 0), ("an empty QMainWindow", 1)):
        seconds = [pair[at][0] for pair in pairs]
        processor = [pair[at][1] for pair in pairs]
        torch = any(pair[at][2] for pair in pairs)
        memory = [pair[at][3] for pair in pairs]
        print(
            f"{name}: first window after {statistics.median(seconds):.2f} s (from {min(seconds):.2f} to "
            f"{max(seconds):.2f}), {statistics.median(processor):.2f} s of processor time, "
            f"{statistics.median(memory):.0f} MB resident, torch imported: {torch}"
        )


if __name__ == "__main__":
    main()
