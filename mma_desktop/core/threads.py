"""Work done ahead in a few threads, with its results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


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
