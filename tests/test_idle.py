"""What is let go while nobody asks for it."""

from __future__ import annotations

import subprocess
import sys
import time

from mma_desktop.core.idle import ReleasedWhenIdle

ENDING = """
import threading
import time
from mma_desktop.core.idle import ReleasedWhenIdle

begun = threading.Event()

class Large:
    def __del__(self):
        begun.set()
        print("going", flush=True)
        time.sleep(0.5)
        print("gone", flush=True)

kept = ReleasedWhenIdle(0.05)
kept.get(Large)
begun.wait()
"""


def test_it_is_loaded_again_after_it_was_let_go() -> None:
    loads = iter(([1], [2]))
    kept: ReleasedWhenIdle[list[int]] = ReleasedWhenIdle(0.05)
    assert kept.get(lambda: next(loads)) == [1]
    end = time.monotonic() + 30
    while kept.loaded and time.monotonic() < end:
        time.sleep(0.01)
    assert kept.get(lambda: next(loads)) == [2]
    kept.stop_timer()


def test_a_program_that_ends_waits_for_what_is_being_let_go() -> None:
    """Otherwise a thread is stopped inside a library's destructor, and the process aborts."""
    done = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["going", "gone"]


def test_a_program_does_not_wait_for_what_is_kept() -> None:
    code = "from mma_desktop.core.idle import ReleasedWhenIdle; kept = ReleasedWhenIdle(1e4); kept.get(list)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
