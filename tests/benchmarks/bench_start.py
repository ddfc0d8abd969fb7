"""How long until the first window stands, in processes of their own: the program's start, Qt's alone beside it.

    python tests/benchmarks/bench_start.py [RUNS]

Prints medians in seconds from the start of the process, on the clock and of processor time, whether torch was imported
by then, and the resident memory. Modules are compiled by a first run that does not count, as by an installation.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

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


def once(code: str, home: str) -> tuple[float, float, bool, int]:
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment |= dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "PYTHONPYCACHEPREFIX"), home)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    seconds, processor, torch, memory = done.stdout.split()[-4:]
    return float(seconds), float(processor), torch == "True", int(memory)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
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
