"""Large values in memory that are released while nobody uses them."""

from __future__ import annotations

import atexit
import ctypes
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

IDLE_SECONDS = 60.0  # longer than a person pauses between two names; a reload takes up to a second


def call_glibc(name: str, *args: int) -> None:
    """Call a function of glibc; nothing on other C libraries."""
    if sys.platform == "linux" and (function := getattr(ctypes.CDLL(None), name, None)):
        function(*args)


class ReleasedWhenIdle(Generic[Value]):
    """A value that is loaded on first use and released after `seconds` without use. Thread-safe."""

    # A caller that still holds the value keeps it alive; the next use loads another.

    def __init__(self, seconds: float = IDLE_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._value: Value | None = None
        self._asked = 0.0
        self._timer: threading.Timer | None = None
        _all_values.add(self)

    def get(self, load: Callable[[], Value]) -> Value:
        """The value, loaded if necessary. Raises whatever loading raises."""
        with self._lock:
            self._asked = time.monotonic()
            if self._value is None:
                self._value = load()
                self._wait(self._seconds)
            return self._value

    @property
    def loaded(self) -> bool:
        return self._value is not None

    def release(self) -> None:
        with self._lock:
            self._value = None
            if self._timer is not None:
                self._timer.cancel()

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, _release_if_idle, [weakref.ref(self)])
        self._timer.name, self._timer.daemon = "idle", True  # it outlives the work that asked
        self._timer.start()

    def release_idle(self) -> None:
        """Release the value if it was not used for long enough; otherwise check again later."""
        with self._lock:
            left = self._asked + self._seconds - time.monotonic()
            if self._value is not None and left > 0:
                self._wait(left)
                return
            self._value = None
        call_glibc("malloc_trim", 0)

    def stop_timer(self) -> None:
        """End the thread that waits; if it is releasing the value, wait for it."""
        while (timer := self._timer) is not None and timer.is_alive():
            timer.cancel()
            timer.join()


_all_values: weakref.WeakSet[ReleasedWhenIdle[Any]] = weakref.WeakSet()


@atexit.register
def _stop_timers() -> None:
    # No thread may be inside a library that frees memory while the interpreter ends: C++ aborts the process.
    for kept in list(_all_values):
        kept.stop_timer()


def _release_if_idle(kept: weakref.ref[ReleasedWhenIdle[Any]]) -> None:
    if (value := kept()) is not None:
        value.release_idle()
