"""An import whose pictures are embedded while it runs, each decoded once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Eta, Progress
from mma_desktop.core.types import ProblemKind
from mma_desktop.media.decoding import decode_file
from mma_desktop.media.image_buffer import ImageBuffer
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.embedding import import_and_embed
from mma_desktop.services.images.importing import ImportReport
from tests.chaos.nursery import TINY
from tests.steps import Stopped, meanwhile, run, stop

from .conftest import noisy_folders

MakeFolder = Callable[..., Path]


@pytest.fixture
def decoded(context: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The session with a backbone of nothing; returns the files that its embedding reads itself."""
    again: list[Path] = []

    def counted(path: Path, *more: object) -> np.ndarray:
        again.append(path)
        return decode_file(path, *more)

    monkeypatch.setattr(embedding, "decode_file", counted)
    context.engine.use_backbone(TINY)
    return again


class Taking:
    """An import on a thread of its own, which goes on from one checkpoint to the next when it is told to."""

    def __init__(self, context: ProjectContext, folder: Path) -> None:
        self._go, self._there = threading.Semaphore(0), threading.Semaphore(0)
        self._over, self.event = False, Progress(0, None)
        token = CancelToken(lambda event: setattr(self, "event", event), self._hold)

        def run() -> None:
            self._go.acquire()
            try:
                importing.import_paths(context, [folder], token)
            finally:
                self._over = True
                self._there.release()

        threading.Thread(target=run, daemon=True).start()

    def _hold(self) -> None:
        self._there.release()
        self._go.acquire()

    def step(self) -> Progress:
        if not self._over:
            self._go.release()
            assert self._there.acquire(timeout=60)
        return self.event


def all_embedded(context: ProjectContext) -> bool:
    columns = context.index.columns
    return bool(context.engine.embedded(columns.hashes[columns.usable]).all())


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that tests only read."""
    return noisy_folders(tmp_path_factory.mktemp("many"), "pictures", {"a": 150, "b": 170})


def test_each_picture_is_decoded_once(context, decoded, many):
    events, report = run(
        lambda token: import_and_embed(context, partial(importing.import_paths, context, [many]), token)
    )
    assert report.added == 320
    assert decoded == []
    assert all_embedded(context)
    assert max(event.done for event in events if event.message == "Importing") == 320, "its progress is seen"
    columns = context.index.columns
    rows = context.project.image_rows(columns.ids[::90].tolist())
    expected = TINY.encode_images(np.stack([decode_file(row.path, TINY.image_spec, None) for row in rows]))
    np.testing.assert_allclose(context.engine.gather(columns.hashes[::90]), expected, atol=1e-3)


def test_the_embedding_counts_the_whole_folder_and_not_what_has_come_so_far(
    context, decoded, make_folder, many, monkeypatch
):
    monkeypatch.setattr(embedding, "Eta", partial(Eta, least=0.0))
    old = make_folder("old", {"z": 9})
    import_and_embed(context, partial(importing.import_paths, context, [old]), CancelToken())
    taking = Taking(context, many)
    while not (event := taking.step()).changes or not event.changes.images_added:
        pass
    assert event.done < 320, "there are files to come"
    events: list[Progress] = []

    def followed(event: Progress) -> None:
        events.append(event)
        if len(events) % 3 == 0:
            taking.step()

    embedding.follow(context, CancelToken(followed))
    assert all_embedded(context)
    new = len(context.index.columns.ids) - 9
    assert new > 300
    assert {event.total for event in events} == {new}
    done = [event.done for event in events]
    assert done == sorted(done)
    assert done[-1] == new
    timed = [event for event in events if event.rate]
    assert timed
    for event in timed:
        assert event.seconds_left == pytest.approx((new - event.done) / event.rate)


def test_what_is_on_the_screen_is_embedded_first(context, decoded, make_folder):
    images = make_folder("pictures", {"a": 400})
    importing.import_paths(context, [images], CancelToken())
    ids = context.index.columns.ids.tolist()
    context.on_screen = tuple(ids[350:362])

    def scroll(_token: CancelToken) -> None:
        context.on_screen = tuple(ids[390:400])

    embedding.follow(context, meanwhile(scroll, lambda event: event.done >= 128))
    places = {row.path for row in context.project.image_rows([*ids[350:362], *ids[390:400]])}
    came = [at for at, path in enumerate(decoded) if path in places]
    assert len(decoded) == len(set(decoded)) == 400
    assert all_embedded(context)
    assert max(came[:12]) < 16, "before any other, but for those that are decoded at the same time"
    assert max(came) < 330, "what was scrolled to meanwhile comes long before its turn"


def test_what_an_import_puts_on_the_screen_is_embedded_before_older_images(context, decoded, make_folder, many):
    old = make_folder("old", {"z": 300})
    importing.import_paths(context, [old], CancelToken())
    older = set(context.index.columns.ids.tolist())
    taking = Taking(context, many)
    taking.step()
    looked_at = 0

    def followed(_event: Progress) -> None:
        nonlocal looked_at
        taking.step()
        newer = [one for one in context.index.columns.ids.tolist() if one not in older]
        if newer and not looked_at:
            looked_at, context.on_screen = len(decoded), tuple(newer[:10])

    embedding.follow(context, CancelToken(followed))
    rows = context.project.image_rows(list(context.on_screen))
    features = context.engine.cache.rows([row.content_hash for row in rows])
    assert looked_at < 300
    assert features.max() < 300, "before the last of the older ones"
    assert all_embedded(context)


def test_without_room_the_rest_is_decoded_from_the_files(context, decoded, make_folder):
    context.image_buffer = ImageBuffer(3 * TINY.image_spec.size**2 * 4)
    images = make_folder("pictures", {"a": 60, "b": 60})
    report = import_and_embed(context, partial(importing.import_paths, context, [images]), CancelToken())
    assert report.added == 120
    assert 0 < len(decoded) <= 116
    assert all_embedded(context)


def test_what_has_features_is_not_prepared_again(context, decoded, make_folder, monkeypatch):
    images = make_folder("pictures", {"a": 20, "b": 20})
    import_and_embed(context, partial(importing.import_paths, context, [images]), CancelToken())
    context.project.remove_images(context.index.columns.ids.tolist())
    given = []
    monkeypatch.setattr(context.image_buffer, "put", lambda *one: given.append(one))
    report = import_and_embed(context, partial(importing.import_paths, context, [images]), CancelToken())
    assert report.added == 40
    assert (given, decoded) == ([], [])
    assert all_embedded(context)


def test_broken_files_are_the_problems_they_were(context, decoded, make_folder):
    images = make_folder("pictures", {"a": 10})
    data = (images / "a" / "a 03.jpg").read_bytes()
    (images / "a" / "a 03.jpg").write_bytes(data[: len(data) // 2])
    report = import_and_embed(context, partial(importing.import_paths, context, [images]), CancelToken())
    assert (report.added, report.problems) == (9, 1)
    columns = context.index.columns
    (row,) = context.project.image_rows(columns.ids[columns.problems].tolist())
    assert row.problem is ProblemKind.TRUNCATED
    assert all_embedded(context)


def endless(context: ProjectContext, folder: Path, token: CancelToken) -> ImportReport:
    """An import that goes on until it is stopped."""
    report = importing.import_paths(context, [folder], token)
    with suppress(Cancelled):
        while True:
            threading.Event().wait(0.01)
            token.checkpoint(Progress(0, None, "on and on"))
    return report


def test_an_error_of_the_import_comes_out(context, decoded, make_folder):
    def refused(token: CancelToken) -> ImportReport:
        importing.import_paths(context, [make_folder("pictures", {"a": 10})], token)
        raise UserError("No.")

    with pytest.raises(UserError, match="No"):
        import_and_embed(context, refused, CancelToken())
    assert not context.image_buffer.importing_now


def test_an_error_of_the_embedding_ends_the_import(context, decoded, make_folder, monkeypatch):
    def full(*_: object) -> int:
        raise UserError("The disk is full.")

    monkeypatch.setattr(context.engine.cache, "append", full)
    images = make_folder("pictures", {"a": 10})
    with pytest.raises(UserError, match="disk"):
        import_and_embed(context, partial(endless, context, images), CancelToken())
    assert not context.image_buffer.importing_now


def test_a_stop_ends_both(context, decoded, make_folder):
    images, more = make_folder("pictures", {"a": 40}), make_folder("more", {"b": 40}, 1)
    with pytest.raises(Cancelled):
        import_and_embed(context, partial(endless, context, images), meanwhile(CancelToken.cancel))
    assert not context.image_buffer.importing_now
    with pytest.raises(Stopped):
        import_and_embed(context, partial(importing.import_paths, context, [more]), meanwhile(stop))
    assert not context.image_buffer.importing_now


def test_an_import_on_another_thread_is_followed(context, decoded, make_folder):
    """As in the window: the embedding may begin before the import, and goes on until that is over."""
    images = make_folder("pictures", {"a": 200})
    begun = threading.Event()
    thread = threading.Thread(
        target=importing.import_paths, args=(context, [images], CancelToken(lambda _event: begun.set()))
    )

    def start(_token: CancelToken) -> None:
        thread.start()
        begun.wait(60)
        announced.close()

    with ExitStack() as announced:
        announced.enter_context(context.image_buffer.importing())
        embedding.embed(context, meanwhile(start))
    thread.join()
    assert decoded == []
    assert all_embedded(context)
