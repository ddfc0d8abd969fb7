"""Large things in memory that are let go while nobody asks for them."""

from __future__ import annotations

import atexit
import ctypes
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing")

KEPT_SECONDS = 60.0


def call_glibc(name: str, *args: int) -> None:
    """Call a function of glibc; nothing on other C libraries."""
    if sys.platform == "linux" and (function := getattr(ctypes.CDLL(None), name, None)):
        function(*args)


class Kept(Generic[Thing]):
    """A value that is loaded on first use and released after `seconds` without use. Thread-safe.

    A caller that still holds it keeps it alive; the next use loads another.
    """

    def __init__(self, seconds: float = KEPT_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._thing: Thing | None = None
        self._asked = 0.0
        self._timer: threading.Timer | None = None
        _every.add(self)

    def get(self, load: Callable[[], Thing]) -> Thing:
        """The value, loaded if necessary. Raises whatever loading raises."""
        with self._lock:
            self._asked = time.monotonic()
            if self._thing is None:
                self._thing = load()
                self._wait(self._seconds)
            return self._thing

    @property
    def there(self) -> bool:
        return self._thing is not None

    def let_go(self) -> None:
        with self._lock:
            self._thing = None
            if self._timer is not None:
                self._timer.cancel()

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, _look_after, [weakref.ref(self)])
        self._timer.name, self._timer.daemon = "idle", True  # it outlives the work that asked
        self._timer.start()

    def release_idle(self) -> None:
        """Release the value if it was not used for long enough; otherwise check again later."""
        with self._lock:
            left = self._asked + self._seconds - time.monotonic()
            if self._thing is not None and left > 0:
                self._wait(left)
                return
            self._thing = None
        call_glibc("malloc_trim", 0)

    def stop_looking(self) -> None:
        """End the thread that waits; if it is releasing the value, wait for it."""
        while (timer := self._timer) is not None and timer.is_alive():
            timer.cancel()
            timer.join()


_every: weakref.WeakSet[Kept[Any]] = weakref.WeakSet()


@atexit.register
def _end() -> None:
    """No thread may be inside a library that frees memory while the interpreter ends: C++ aborts the process."""
    for kept in list(_every):
        kept.stop_looking()


def _look_after(kept: weakref.ref[Kept[Any]]) -> None:
    if (value := kept()) is not None:
        value.release_idle()
