"""Encode the images of a project that have no features, also while an import adds more. Engine lane only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from mma_desktop.core.events import CancelToken, Changes, Eta, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import thread_pool
from mma_desktop.core.types import ImageRow, ImageSpec, ProblemKind
from mma_desktop.media.decoding import Pixels, decode_file
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids
from mma_desktop.services.images.file_check import clear_problems_of_embedded
from mma_desktop.services.predicting.prediction import score
from mma_desktop.store.columns import positions

PATHS_AT_ONCE = 64  # of the database; what comes on the screen waits for no more
WAIT_SECONDS = 0.2  # for more pictures of an import, between two looks
RESCORE_SECONDS = 3.0  # often enough to see predictions arrive, seldom enough to cost little


def embed(context: ProjectContext, token: CancelToken) -> Changes:
    """Encode images without features, and those a running import adds; failures become problems.

    Predictions are refreshed every few seconds; such a `Progress` has `Changes(predictions=True)`.
    """
    scored = time.monotonic()

    def rescored(event: Progress) -> Progress:
        nonlocal scored
        if time.monotonic() - scored > RESCORE_SECONDS and context.classes:
            event = replace(event, changes=score(context, token.quiet()))
            scored = time.monotonic()
        return event

    return follow(context, token.relaying(rescored))


def embed_images(context: ProjectContext, ids: Ids | None, token: CancelToken) -> Changes:
    """Encode images without features: all usable ones, or those of `ids`; what is on the screen comes first."""
    # An image that can no longer be read becomes a problem with its reason; the others go on.
    return clear_problems_of_embedded(context, _embed(context, _Queue(context, ids), token))


def follow(context: ProjectContext, token: CancelToken) -> Changes:
    """`embed_images` for all images, then follow a running import, reusing what it has already decoded."""
    # Progress counts what is embedded now, what was imported since, and the files that the import still has.
    with _consuming(context):
        return _follow(context, token)


def _consuming(context: ProjectContext) -> AbstractContextManager[None]:
    # What an import decodes meanwhile is kept for the encoder.
    backbone, cache = context.engine.need()
    return context.image_buffer.consuming(
        backbone.image_spec, lambda content_hash: bool(cache.rows([content_hash])[0] >= 0)
    )


def _follow(context: ProjectContext, token: CancelToken) -> Changes:
    image_buffer, changes, newest = context.image_buffer, Changes(), -1
    count = _WholeCount(context)
    part_token = token.relaying(count.of_part)
    while True:
        # Read before listing the images, otherwise the last ones of an import could be missed.
        more = image_buffer.importing_now
        ids = context.index.columns.ids
        fresh = ids[ids > newest]
        count.begin_part(len(ids))
        queue = _Queue(context, fresh if newest >= 0 else None)
        part = clear_problems_of_embedded(context, _embed(context, queue, part_token))
        changes = Changes(embeddings=changes.embeddings or part.embeddings, labels=(*changes.labels, *part.labels))
        if queue.ended_early:
            continue
        if not more:
            return changes
        newest = max(newest, int(fresh.max(initial=0)))
        while not image_buffer.wait(WAIT_SECONDS):
            token.checkpoint(count.waiting())


class _WholeCount:
    """Counts the parts in which an import is embedded as one, with the rate and time left of the whole."""

    def __init__(self, context: ProjectContext) -> None:
        self._context = context
        self._before = self._done = self._listed = 0
        self._eta: Eta | None = None
        self._message = tr("Looking at pictures")

    def begin_part(self, listed: int) -> None:
        """Begin a part, when the project has this many images."""
        self._before, self._listed = self._done, listed

    def of_part(self, event: Progress) -> Progress:
        """The event of a part as one of the whole."""
        self._done, self._message = self._before + event.done, event.message
        if self._eta is None:
            self._eta = Eta(self._done)
        return self._progress(None if event.total is None else event.total - event.done)

    def waiting(self) -> Progress:
        return self._progress(0)

    def _progress(self, left: int | None) -> Progress:
        coming = self._context.image_buffer.to_come
        if left is not None and coming is not None:
            left += coming + len(self._context.index.columns.ids) - self._listed
        else:
            left = None
        total = None if left is None else self._done + left
        pace = (None, None) if self._eta is None else self._eta.measure(self._done, left)
        return Progress(self._done, total, self._message, *pace)


class _Queue:
    """Images without features, all usable ones or those of `ids`: what is on the screen first, then by id."""

    # The screen is looked at whenever some are asked for. If an import has put newer ones on it, the queue ends early,
    # so that the next one begins with them.

    def __init__(self, context: ProjectContext, ids: Ids | None) -> None:
        columns = context.index.columns
        wanted = columns.usable.copy()
        if ids is not None:
            wanted &= np.isin(columns.ids, ids)
        where = np.flatnonzero(wanted)
        self.ids = columns.ids[where[~context.engine.embedded(columns.hashes[where])]]
        self.ended_early = False
        self._context = context
        self._newest = int(columns.ids.max(initial=0))

    def __iter__(self) -> Iterator[list[int]]:
        early: set[int] = set()
        start = 0
        while True:
            shown = np.asarray(self._context.on_screen, np.int64)
            self.ended_early = self._context.image_buffer.importing_now and bool((shown > self._newest).any())
            if self.ended_early:
                return
            # Of the screen, what the order by id has not passed yet.
            at = positions(self.ids, shown)
            part = [image for image in self.ids[at[at >= start]].tolist() if image not in early]
            early.update(part)
            if not part:
                if start >= len(self.ids):
                    return
                part = [image for image in self.ids[start : start + PATHS_AT_ONCE].tolist() if image not in early]
                start += PATHS_AT_ONCE
            yield part


def _embed(context: ProjectContext, queue: _Queue, token: CancelToken) -> Changes:
    # What a running import has decoded is not read again.
    if not len(queue.ids):
        return Changes()
    from mma_desktop.engine.features.extraction import embed

    def items() -> Iterator[tuple[bytes, tuple[ImageRow, Path]]]:
        for part in queue:
            rows = {row.id: row for row in context.project.image_rows(part)}
            for row in (rows[image] for image in part if image in rows):
                if row.content_hash is not None:
                    yield row.content_hash, (row, row.existing_place())

    def load(key: tuple[ImageRow, Path], spec: ImageSpec) -> Pixels:
        content_hash = key[0].content_hash or b""
        # What the import has just decoded for its thumbnail.
        ready = context.image_buffer.pop(content_hash, spec)
        return decode_file(key[1], spec, content_hash) if ready is None else ready

    if context.lasting and context.engine.renews():
        why = tr("Looking at pictures again, as the image model is of another version now")
        token = token.relaying(lambda event: replace(event, message=why))
    failed = [
        (row.id, ProblemKind.UNREADABLE if path.is_file() else ProblemKind.VANISHED, reason)
        for (row, path), reason in embed(*context.engine.need(), items(), load, len(queue.ids), cancel=token)
    ]
    changes = context.project.mark_problems(failed) if failed else Changes()
    return Changes(embeddings=True, labels=changes.labels)


Report = TypeVar("Report")


def import_and_embed(context: ProjectContext, run: Callable[[CancelToken], Report], token: CancelToken) -> Report:
    """Run an import on its own thread while embedding on this one, where there are no lanes; the backbone is loaded.

    Reports the import's progress, then the embedding's, and returns the import's result. Raises whatever either of them
    raises; the other is cancelled then.
    """
    # The caller's token is for one thread: what the import reports is passed on from here.
    events: SimpleQueue[Progress] = SimpleQueue()
    importing = CancelToken(events.put)

    def run_announced(announced: ExitStack) -> Report:
        with announced:
            return run(importing)

    def shown(event: Progress | None = None) -> Progress | None:
        # Asked first: what it reports last must not be missed.
        is_over = imported.done()
        while not events.empty():
            token.report(events.get())
        if is_over:
            imported.result()
        return event if is_over else None

    with thread_pool(1, "mma-import") as pool, _consuming(context), ExitStack() as announced:
        # Announced before its thread runs: otherwise the embedding might end before the import begins.
        announced.enter_context(context.image_buffer.importing())
        imported = pool.submit(run_announced, announced.pop_all())
        try:
            _follow(context, token.relaying(shown))
        except BaseException:
            importing.cancel()
            raise
    shown()
    return imported.result()
