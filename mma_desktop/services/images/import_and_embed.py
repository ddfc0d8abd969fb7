"""Import and embed concurrently where there are no lanes (command line)."""

from __future__ import annotations

import threading
from contextlib import closing
from queue import Empty, SimpleQueue
from typing import TypeVar

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken, Progress, Stepwise, result_of
from mma_desktop.core.threads import thread_pool
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.embedding import follow

Report = TypeVar("Report")


def import_and_embed(context: ProjectContext, steps: Stepwise[Report], token: CancelToken) -> Stepwise[Report]:
    """Run an import on its own thread while embedding on this one; the backbone must be loaded.

    Yields the import's progress, then the embedding's, and returns the import's result. Raises whatever either of them
    raises; the other is cancelled then.
    """
    events: SimpleQueue[Progress] = SimpleQueue()
    announced, received, stopping = threading.Event(), threading.Event(), threading.Event()

    def show(event: Progress) -> None:
        events.put(event)
        if stopping.is_set():
            raise Cancelled

    def run() -> Report:
        with context.picture_buffer.importing(), closing(steps):
            announced.set()
            received.wait()
            if stopping.is_set():
                raise Cancelled
            return result_of(steps, show)

    with thread_pool(1, "mma-import") as pool, closing(follow(context, token)) as embedding:
        imported = pool.submit(run)
        try:
            announced.wait()
            next(embedding)  # from here on it receives what the import decodes
            received.set()
            for event in embedding:
                importing = not imported.done()
                yield from _waiting(events)
                if imported.done() and imported.exception() is not None:
                    break
                if not importing:
                    yield event
        except BaseException:
            stopping.set()
            received.set()
            raise
    yield from _waiting(events)
    return imported.result()


def _waiting(events: SimpleQueue[Progress]) -> Stepwise[None]:
    while True:
        try:
            yield events.get_nowait()
        except Empty:
            return
