"""Work done ahead in a few threads, with its results in order, and whether a thread works."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


def footprint(thread: threading.Thread) -> object:
    """What differs between two looks at a thread that works: tenths of a second on the processor, or else its place.

    A thread that hangs in a driver or waits for a lock gives the same twice.
    """
    ident = thread.ident
    if ident is None or not thread.is_alive():
        return None
    if hasattr(time, "pthread_getcpuclockid"):  # Linux; elsewhere a long call of a library looks like a hanging one
        return round(time.clock_gettime(time.pthread_getcpuclockid(ident)), 1)
    frame = sys._current_frames().get(ident)
    return None if frame is None else (frame.f_code, frame.f_lasti)


@contextmanager
def thread_pool(workers: int, name: str) -> Generator[ThreadPoolExecutor, None, None]:
    """A pool whose waiting work is dropped at the end, so that nothing is read after an error or a cancel."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def fetch_ahead(items: Iterable[Item], depth: int) -> Iterator[Item]:
    """Yield `items` in order, each once `depth` more were fetched; the work that `items` submits runs meanwhile."""
    waiting: deque[Item] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > depth:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()
