"""A job that raises anything has failed, and the lane goes on; one that never comes back is known by its silence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from mma_desktop.core.events import CancelToken
from mma_desktop.core.jobs import SILENT_SECONDS, Job, JobState, LaneName, Lanes
from tests.test_jobs import Listener

WAIT = 20


class Hang:
    """A call that does not return, until the test is over."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.gate = threading.Event()

    def __call__(self) -> None:
        self.entered.set()
        self.gate.wait()


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes()
    yield made
    assert made.close(WAIT)


@pytest.fixture
def hang(lanes: Lanes) -> Iterator[Hang]:
    made = Hang()
    yield made
    made.gate.set()


def until(true: Callable[[], bool]) -> None:
    for _ in range(1000 * WAIT):
        if true():
            return
        time.sleep(0.001)
    pytest.fail("it never came to that")


ERRORS = (
    ValueError("no"),
    MemoryError(),
    SystemExit(3),
    KeyboardInterrupt(),
    GeneratorExit(),
    torch.OutOfMemoryError(),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("in_steps", [False, True], ids=["call", "steps"])
def test_whatever_a_job_raises_the_next_one_works(lanes: Lanes, error: BaseException, in_steps: bool) -> None:
    heard = Listener()

    def at_once(_token: CancelToken) -> None:
        raise error

    def between(token: CancelToken) -> None:
        token.checkpoint(1)
        raise error

    job = lanes.submit(LaneName.ENGINE, "broken", between if in_steps else at_once, heard)
    lanes.submit(LaneName.ENGINE, "fine", lambda _t: 7, heard)
    heard.wait(2)
    assert heard.ends() == [("broken", "failed"), ("fine", "done")]
    assert job.error is error


@pytest.mark.parametrize(
    "sign", [lambda token: token.report("half"), lambda token: token.raise_if_cancelled()], ids=["report", "look"]
)
def test_only_a_job_without_a_sign_of_life_is_silent(
    lanes: Lanes, hang: Hang, sign: Callable[[CancelToken], None], let_pass: Callable[[float], None]
) -> None:
    heard = Listener()
    gate, there = threading.Event(), threading.Event()

    def work(token: CancelToken) -> None:
        gate.wait(WAIT)
        sign(token)
        there.set()
        hang()

    job = lanes.submit(LaneName.ENGINE, "work", work, heard)
    lanes.submit(LaneName.ENGINE, "waits", lambda _t: None, heard)
    until(lambda: job.state is JobState.RUNNING)
    assert lanes.silent() == []
    let_pass(SILENT_SECONDS + 1)
    assert lanes.silent() == [job]
    gate.set()
    assert there.wait(WAIT)
    assert lanes.silent() == []
    hang.gate.set()
    heard.wait(2)


def test_a_job_that_works_is_told_from_one_that_hangs(
    lanes: Lanes, hang: Hang, let_pass: Callable[[float], None]
) -> None:
    over, there = threading.Event(), threading.Event()

    def work(_token: CancelToken) -> None:
        there.set()
        while not over.is_set():
            sum(range(1000))

    works = lanes.submit(LaneName.ENGINE, "works", work, Listener())
    hangs = lanes.submit(LaneName.MEDIA, "hangs", lambda _token: hang(), Listener())
    assert there.wait(WAIT)
    assert hang.entered.wait(WAIT)
    let_pass(SILENT_SECONDS + 1)
    assert lanes.silent() == [works, hangs]
    until(lambda: lanes.silent() == [works, hangs] and (works.works, hangs.works) == (True, False))
    over.set()


def test_a_paused_job_is_not_silent(lanes: Lanes, let_pass: Callable[[float], None]) -> None:
    heard = Listener()
    held = threading.Event()

    def work(token: CancelToken) -> None:
        token.checkpoint(1)

    gate = threading.Event()
    lanes.submit(LaneName.ENGINE, "gate", lambda _t: gate.wait(WAIT), heard)
    job = lanes.submit(LaneName.ENGINE, "paused", work, heard)
    job.pause()
    gate.set()
    job.notify = lambda *said: (heard(*said), said[1] == "event" and held.set())  # type: ignore[assignment,func-returns-value]
    assert held.wait(WAIT)
    let_pass(SILENT_SECONDS + 1)
    until(lambda: job.silent_seconds < SILENT_SECONDS)  # the lane gives the sign for it
    job.resume()
    heard.wait(2)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_whatever_a_listener_raises_the_next_job_works(lanes: Lanes, error: BaseException) -> None:
    heard = Listener()

    def fatal(job: Job, kind: str, payload: Any) -> None:
        heard(job, kind, payload)
        if kind == "done":
            raise error

    lanes.submit(LaneName.STORE, "first", lambda _t: 1, fatal)
    lanes.submit(LaneName.STORE, "second", lambda _t: 2, heard)
    heard.wait(2)
    assert heard.ends() == [("first", "done"), ("second", "done")]


def test_lanes_with_a_hanging_thread_are_closed_in_bounded_time() -> None:
    lanes, hang, heard = Lanes(), Hang(), Listener()
    lanes.submit(LaneName.ENGINE, "hangs", lambda _t: hang(), heard)
    assert hang.entered.wait(WAIT)
    assert not lanes.close(0.05)
    assert lanes.alive
    hang.gate.set()
    assert lanes.close(WAIT)
    assert not lanes.alive
