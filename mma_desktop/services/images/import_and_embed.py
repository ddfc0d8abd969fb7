"""Import and embed concurrently where there are no lanes (command line)."""

from __future__ import annotations

import threading
from collections.abc import Generator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.services.images.embedding import follow

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

Report = TypeVar("Report")


class _Import(threading.Thread):
    """Thread that runs an import to the end; consumers read its progress from `events`."""

    def __init__(self, context: ProjectContext, steps: Generator[Progress, None, Report]) -> None:
        super().__init__(name="mma-import")
        self.events: SimpleQueue[Progress] = SimpleQueue()
        self.report: Report | None = None
        self.error: BaseException | None = None
        self.stopping = False
        self._steps = steps
        self._giving = context.picture_buffer.importing()
        self._giving.__enter__()  # before the embedding asks whether an import is running

    def end(self) -> None:
        """Cancel at the next step, and wait for it."""
        self.stopping = True
        if self.ident is None:  # never started
            self._steps.close()
            self._giving.__exit__(None, None, None)
        else:
            self.join()

    def run(self) -> None:
        try:
            event = next(self._steps)
            while True:
                self.events.put(event)
                event = self._steps.throw(Cancelled()) if self.stopping else next(self._steps)
        except StopIteration as stop:
            self.report = stop.value
        except BaseException as error:  # noqa: BLE001 - raised again where the import was asked for
            self.error = error
        finally:
            self._giving.__exit__(None, None, None)


def import_and_embed(
    context: ProjectContext, steps: Generator[Progress, None, Report], token: CancelToken
) -> Generator[Progress, None, Report]:
    """Run an import on its own thread while embedding on this one; the backbone must be loaded.

    Yields the import's progress, then the embedding's, and returns the import's result. Raises whatever either of them
    raises; the other is cancelled then.
    """
    thread, embedding = _Import(context, steps), follow(context, token)
    try:
        next(embedding)  # from here on it receives what the import decodes
        thread.start()
        for event in embedding:
            importing = thread.is_alive()
            yield from _waiting(thread.events)
            if thread.error is not None:
                break
            if not importing:
                yield event
    finally:
        embedding.close()
        thread.end()
    yield from _waiting(thread.events)
    if thread.error is not None:
        raise thread.error
    return thread.report  # type: ignore[return-value]  # set where there was no error


def _waiting(events: SimpleQueue[Progress]) -> Generator[Progress, None, None]:
    while True:
        try:
            yield events.get_nowait()
        except Empty:
            return
