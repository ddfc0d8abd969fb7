"""Lanes: order, events, cancelling, pausing, quick jobs, and a lane that outlives every failure."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.core import jobs
from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken
from mma_desktop.core.jobs import Job, JobState, LaneName, Lanes


class Listener:
    """Collects what jobs say and waits for their end."""

    def __init__(self) -> None:
        self.given_texts: list[tuple[str, str, Any]] = []
        self.over = threading.Semaphore(0)

    def __call__(self, job: Job, kind: str, payload: Any) -> None:
        self.given_texts.append((job.title, kind, payload))
        if kind in {"done", "cancelled", "failed"}:
            self.over.release()

    def wait(self, jobs: int = 1) -> None:
        for _ in range(jobs):
            assert self.over.acquire(timeout=20)

    def ends(self) -> list[tuple[str, str]]:
        return [(title, kind) for title, kind, _ in self.given_texts if kind in {"done", "cancelled", "failed"}]


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes()
    yield made
    assert made.close(10)


def test_events_and_result_of_a_job_in_order(lanes: Lanes) -> None:
    heard = Listener()

    def work(token: CancelToken) -> str:
        token.checkpoint(1)
        token.checkpoint(2)
        return "end"

    lanes.submit(LaneName.ENGINE, "count", work, heard)
    heard.wait()
    assert [(kind, payload) for _, kind, payload in heard.given_texts] == [
        ("started", None),
        ("event", 1),
        ("event", 2),
        ("done", "end"),
    ]


def test_a_failure_is_told_and_the_next_job_works(lanes: Lanes) -> None:
    heard = Listener()

    def broken(_token: CancelToken) -> None:
        raise SystemExit("even this")

    job = lanes.submit(LaneName.ENGINE, "broken", broken, heard)
    lanes.submit(LaneName.ENGINE, "fine", lambda _t: 7, heard)
    heard.wait(2)
    assert job.state is JobState.FAILED
    assert isinstance(job.error, SystemExit)
    assert ("fine", "done", 7) in heard.given_texts


def test_a_job_cancelled_at_a_checkpoint_cleans_up_and_returns_what_it_has(lanes: Lanes) -> None:
    heard = Listener()
    going = threading.Event()

    def work(token: CancelToken) -> str:
        try:
            while True:
                going.set()
                token.checkpoint(0)
        except Cancelled:
            return f"tidy, {token.cancelled}"

    job = lanes.submit(LaneName.MEDIA, "forever", work, heard)
    assert going.wait(10)
    job.cancel()
    heard.wait()
    assert heard.given_texts[-1] == ("forever", "done", "tidy, True")


def test_cancel_before_the_start_never_starts(lanes: Lanes) -> None:
    heard = Listener()
    gate = threading.Event()
    ran = []
    lanes.submit(LaneName.STORE, "first", lambda _t: gate.wait(10), heard)
    second = lanes.submit(LaneName.STORE, "second", lambda _t: ran.append(1), heard)
    second.cancel()
    gate.set()
    heard.wait(2)
    assert second.state is JobState.CANCELLED
    assert not ran


def test_pause_holds_and_resume_goes_on(lanes: Lanes) -> None:
    heard = Listener()
    steps: list[int] = []
    reached = threading.Event()

    def work(token: CancelToken) -> None:
        for number in range(3):
            steps.append(number)
            if number == 0:
                job.pause()
                reached.set()
            token.checkpoint(number)

    gate = threading.Event()
    lanes.submit(LaneName.ENGINE, "gate", lambda _t: gate.wait(10), heard)
    job = lanes.submit(LaneName.ENGINE, "paused", work, heard)
    gate.set()
    assert reached.wait(10)
    heard.wait()
    for _ in range(4):  # each at a checkpoint of its own, of which it has three, unless it holds at the first
        lanes.submit(LaneName.ENGINE, "quick", lambda _t: None, heard, quick=True)
        heard.wait()
    assert heard.ends() == [("gate", "done"), *[("quick", "done")] * 4]
    assert steps == [0]
    job.resume()
    heard.wait()
    assert steps == [0, 1, 2]


def test_a_quick_job_runs_at_a_checkpoint_of_a_long_one(lanes: Lanes) -> None:
    heard = Listener()
    started = threading.Event()
    answered = threading.Event()

    def long(token: CancelToken) -> str:
        started.set()
        for number in range(1000):
            if answered.wait(0.01):
                return f"answered after {number} events"
            token.checkpoint(number)
        return "never"

    lanes.submit(LaneName.ENGINE, "long", long, heard)
    assert started.wait(10)
    lanes.submit(LaneName.ENGINE, "quick", lambda _t: answered.set(), heard, quick=True)
    heard.wait(2)
    endings = [(title, payload) for title, kind, payload in heard.given_texts if kind == "done"]
    assert endings[0] == ("quick", None)
    assert "answered" in endings[1][1]


def test_a_report_from_where_a_job_cannot_stop(lanes: Lanes) -> None:
    heard = Listener()
    lanes.submit(LaneName.ENGINE, "download", lambda token: token.report("half"), heard)
    heard.wait()
    assert ("download", "event", "half") in heard.given_texts


def test_closing_cancels_what_runs_and_refuses_what_comes() -> None:
    lanes = Lanes()
    heard = Listener()
    started = threading.Event()

    def work(token: CancelToken) -> None:
        while True:
            started.set()
            token.checkpoint(0)

    lanes.submit(LaneName.ENGINE, "long", work, heard)
    assert started.wait(10)
    assert lanes.close(10)
    late = lanes.submit(LaneName.ENGINE, "late", lambda _t: 1, heard)
    assert late.state is JobState.CANCELLED
    assert [kind for title, kind, _ in heard.given_texts if title == "long"][-1] == "cancelled"


def test_an_idle_lane_keeps_nothing_alive(lanes: Lanes) -> None:
    class Asker:
        pass

    heard, asker = Listener(), Asker()
    gone = threading.Event()
    weakref.finalize(asker, gone.set)

    def work(_token: CancelToken, asker: Asker = asker) -> None:
        return None

    lanes.submit(LaneName.VIEW, "ask", work, heard)
    heard.wait()
    del asker, work
    assert gone.wait(10)


def test_a_background_job_stands_back_and_goes_on_afterwards(lanes: Lanes) -> None:
    heard = Listener()
    done_before: list[int] = []
    going = threading.Event()

    def background(token: CancelToken) -> str:
        """Goes on where it left off, as embedding does."""
        while len(done_before) < 200:
            done_before.append(len(done_before))
            if len(done_before) == 3:
                going.set()
            time.sleep(0.002)
            token.checkpoint(len(done_before))
        return "all"

    job = lanes.submit(LaneName.ENGINE, "embed", background, heard, background=True)
    assert going.wait(10)
    for title in ("train", "use"):
        lanes.submit(LaneName.ENGINE, title, lambda _t: None, heard)
    heard.wait(3)
    endings = [(title, payload) for title, kind, payload in heard.given_texts if kind == "done"]
    assert [title for title, _ in endings] == ["train", "use", "embed"]
    assert endings[-1] == ("embed", "all")
    assert done_before == list(range(200)), "nothing was done twice"
    assert job.state is JobState.DONE
    assert not lanes.jobs()


def test_a_background_job_that_stands_back_cleans_up_and_does_not_take_it_for_an_error(lanes: Lanes) -> None:
    heard = Listener()
    going = threading.Event()
    rounds: list[str] = []

    def background(token: CancelToken) -> str:
        if rounds:
            return "again"
        try:
            while True:
                going.set()
                token.checkpoint(0)
        except Exception:  # noqa: BLE001 - as around a file that may raise anything
            rounds.append("caught")
        finally:
            rounds.append("clean")
        return "never"

    lanes.submit(LaneName.ENGINE, "embed", background, heard, background=True)
    assert going.wait(10)
    lanes.submit(LaneName.ENGINE, "train", lambda _t: rounds.append("train"), heard)
    heard.wait(2)
    assert rounds == ["clean", "train"]
    assert ("embed", "waiting", None) in heard.given_texts
    assert heard.given_texts[-1] == ("embed", "done", "again")


def test_work_at_a_checkpoint_of_a_part_belongs_to_the_job(lanes: Lanes) -> None:
    heard = Listener()
    answered = threading.Event()
    started = threading.Event()

    def long(token: CancelToken) -> bool:
        part = token.relaying(lambda number: f"part {number}")
        started.set()
        while not answered.wait(0.01):
            part.checkpoint(1)
        return True

    lanes.submit(LaneName.ENGINE, "long", long, heard)
    assert started.wait(10)
    lanes.submit(LaneName.ENGINE, "quick", lambda _t: answered.set(), heard, quick=True)
    heard.wait(2)
    assert heard.ends() == [("quick", "done"), ("long", "done")]
    assert ("long", "event", "part 1") in heard.given_texts


def test_a_job_that_ended_reports_nothing_more(lanes: Lanes) -> None:
    heard = Listener()
    job = lanes.submit(LaneName.ENGINE, "short", lambda token: token.checkpoint(1), heard)
    heard.wait()
    job.token.checkpoint(2)  # of a thread that it left behind
    assert [payload for _, kind, payload in heard.given_texts if kind == "event"] == [1]


def test_a_background_job_waits_behind_what_comes_later(lanes: Lanes) -> None:
    heard = Listener()
    gate = threading.Event()
    lanes.submit(LaneName.ENGINE, "gate", lambda _t: gate.wait(10), heard)
    lanes.submit(LaneName.ENGINE, "embed", lambda _t: None, heard, background=True)
    lanes.submit(LaneName.ENGINE, "train", lambda _t: None, heard)
    gate.set()
    heard.wait(3)
    assert [title for title, kind, _ in heard.given_texts if kind == "done"] == ["gate", "train", "embed"]


def test_a_paused_background_job_lets_others_go_first_and_stays_paused(lanes: Lanes) -> None:
    heard = Listener()
    going = threading.Event()

    def background(token: CancelToken) -> None:
        going.set()
        token.checkpoint(1)

    job = lanes.submit(LaneName.ENGINE, "embed", background, heard, background=True)
    job.pause()
    assert going.wait(10)
    lanes.submit(LaneName.ENGINE, "train", lambda _t: None, heard)
    heard.wait()
    assert [title for title, kind, _ in heard.given_texts if kind == "done"] == ["train"]
    assert job.paused
    job.resume()
    heard.wait()
    assert job.state is JobState.DONE


def test_a_background_job_can_be_stopped_while_it_stands_back(lanes: Lanes) -> None:
    heard = Listener()
    going, gate, entered = threading.Event(), threading.Event(), threading.Event()

    def background(token: CancelToken) -> None:
        while True:
            going.set()
            token.checkpoint(0)

    def train(_token: CancelToken) -> None:
        entered.set()
        gate.wait(10)

    job = lanes.submit(LaneName.ENGINE, "embed", background, heard, background=True)
    assert going.wait(10)
    lanes.submit(LaneName.ENGINE, "train", train, heard)
    assert entered.wait(10)
    assert job.state is JobState.WAITING
    job.cancel()
    gate.set()
    heard.wait(2)
    assert job.state is JobState.CANCELLED
    assert not lanes.jobs()


def test_closing_while_a_background_job_stands_back() -> None:
    lanes = Lanes()
    heard = Listener()
    going, entered = threading.Event(), threading.Event()

    def background(token: CancelToken) -> None:
        while True:
            going.set()
            token.checkpoint(0)

    def train(token: CancelToken) -> None:
        while True:
            entered.set()
            token.checkpoint(0)

    job = lanes.submit(LaneName.ENGINE, "embed", background, heard, background=True)
    assert going.wait(10)
    lanes.submit(LaneName.ENGINE, "train", train, heard)
    assert entered.wait(10)
    assert lanes.close(10)
    assert job.state is JobState.CANCELLED


def test_only_a_job_with_checkpoints_can_be_paused(lanes: Lanes) -> None:
    heard = Listener()
    gate, there, at_step = threading.Event(), threading.Event(), threading.Event()

    def download(token: CancelToken) -> None:
        token.report("half")
        there.set()
        gate.wait(10)

    def steps(token: CancelToken) -> None:
        at_step.set()
        token.checkpoint(1)

    first = lanes.submit(LaneName.ENGINE, "download", download, heard)
    second = lanes.submit(LaneName.ENGINE, "steps", steps, heard)
    assert there.wait(10)
    assert not first.can_pause
    assert not second.can_pause
    second.pause()
    gate.set()
    assert at_step.wait(10)
    assert second.can_pause
    second.resume()
    heard.wait(2)
    assert not second.can_pause


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps so much")
def test_a_lane_at_rest_leaves_no_free_memory_behind(lanes: Lanes, monkeypatch: pytest.MonkeyPatch) -> None:
    library = ctypes.CDLL(None)
    if not hasattr(library, "malloc_trim"):
        pytest.skip("another C library than glibc")
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    kept: list[int] = []

    def resident() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def work(_token: CancelToken) -> float:
        size = 65_536  # the heap's, not pages of their own
        blocks = [library.malloc(size) for _ in range(3_200)]
        for block in blocks:
            ctypes.memset(block, 1, size)
        most = resident()
        kept.extend(blocks[::100])  # the heap cannot shrink from its end
        for block in set(blocks) - set(kept):
            library.free(block)
        return most

    monkeypatch.setattr(jobs, "REST_SECONDS", 0.01)
    heard = Listener()
    lanes.submit(LaneName.ENGINE, "load", work, heard)
    heard.wait()
    (most,) = (payload for _, kind, payload in heard.given_texts if kind == "done")
    until = time.monotonic() + 10
    while (left := resident()) > most - 150 and time.monotonic() < until:
        time.sleep(0.01)
    for block in kept:
        library.free(block)
    assert left <= most - 150
