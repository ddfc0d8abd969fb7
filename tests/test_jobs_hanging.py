"""A job that raises anything, or never comes back: it has failed, and the lane goes on without it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
import torch

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.jobs import SILENT_SECONDS, Job, JobState, LaneName, Lanes
from tests.test_jobs import Listener

WAIT = 20


class Hang:
    """A call that does not return, until the test is over."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.threads: list[threading.Thread] = []

    def __call__(self) -> None:
        self.threads.append(threading.current_thread())
        self.entered.set()
        self.gate.wait()

    def end(self) -> None:
        """Let it return after all, and wait until its thread is gone."""
        self.gate.set()
        for thread in self.threads:
            thread.join(WAIT)
            assert not thread.is_alive()


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

    def between(_token: CancelToken) -> Generator[int, None, None]:
        yield 1
        raise error

    job = lanes.submit(LaneName.ENGINE, "broken", between if in_steps else at_once, heard)
    lanes.submit(LaneName.ENGINE, "fine", lambda _t: 7, heard)
    heard.wait(2)
    assert heard.ends() == [("broken", "failed"), ("fine", "done")]
    assert job.error is error


def test_a_job_that_hangs_is_given_up_and_its_return_is_dropped(lanes: Lanes, hang: Hang) -> None:
    heard, wrote = Listener(), []

    def work(token: CancelToken) -> str:
        hang()
        wrote.append("after the hang")
        token.report("late")
        return "late result"

    job = lanes.submit(LaneName.ENGINE, "Training", work, heard)
    lanes.submit(LaneName.ENGINE, "next", lambda _t: threading.current_thread(), heard)
    assert hang.entered.wait(WAIT)
    assert lanes.give_up(job)
    heard.wait(2)
    assert heard.ends() == [("Training", "failed"), ("next", "done")]
    assert isinstance(job.error, UserError)
    assert "Training did not answer and was given up. Every label is saved." in str(job.error)
    assert heard.said[-1][2] not in hang.threads
    assert lanes.hanging
    assert not lanes.jobs()
    hang.end()
    assert (job.state, wrote, heard.ends()) == (JobState.FAILED, [], [("Training", "failed"), ("next", "done")])
    assert ("Training", "event", "late") not in heard.said
    assert not lanes.hanging
    assert not lanes.give_up(job), "it is over"


def test_a_step_that_hangs_writes_nothing_afterwards(lanes: Lanes, hang: Hang) -> None:
    heard, wrote = Listener(), []

    def work(_token: CancelToken) -> Generator[int, None, str]:
        yield 1
        try:
            hang()
        except Exception:  # noqa: BLE001 - as code of others does
            wrote.append("kept")
        wrote.append("written")
        yield 2
        return "late"

    job = lanes.submit(LaneName.MEDIA, "Importing", work, heard)
    assert hang.entered.wait(WAIT)
    assert lanes.give_up(job)
    heard.wait()
    hang.end()
    assert wrote == []
    assert [kind for _, kind, _ in heard.said] == ["started", "event", "failed"]


@pytest.mark.parametrize("background", [True, False], ids=["background", "long"])
def test_a_quick_job_hangs_between_two_steps(lanes: Lanes, hang: Hang, background: bool) -> None:
    heard, starts = Listener(), []
    going, submitted = threading.Event(), threading.Event()

    def long(_token: CancelToken) -> Generator[int, None, str]:
        starts.append(threading.current_thread())
        going.set()
        submitted.wait(WAIT)
        yield 1
        return "all"

    first = lanes.submit(LaneName.ENGINE, "Embedding", long, heard, background=background)
    assert going.wait(WAIT)
    quick = lanes.submit(LaneName.ENGINE, "Scoring", lambda _t: hang(), heard, quick=True)
    submitted.set()
    assert hang.entered.wait(WAIT)
    assert not lanes.give_up(first), "the quick one is at work"
    assert lanes.give_up(quick)
    heard.wait(2)
    if background:
        assert sorted(heard.ends()) == [("Embedding", "done"), ("Scoring", "failed")]
        assert len(starts) == 2
    else:
        assert sorted(heard.ends()) == [("Embedding", "failed"), ("Scoring", "failed")]
        assert str(first.error).startswith("Embedding was ended, because Scoring did not answer.")
    hang.end()
    assert len(heard.ends()) == 2


def test_what_the_lost_thread_used_is_put_away_before_the_next_one_starts(lanes: Lanes, hang: Hang) -> None:
    heard, order = Listener(), []
    job = lanes.submit(LaneName.ENGINE, "hung", lambda _t: hang(), heard)
    lanes.submit(LaneName.ENGINE, "next", lambda _t: order.append("next"), heard)
    assert hang.entered.wait(WAIT)
    assert lanes.give_up(job, lambda: order.append("put away"))
    heard.wait(2)
    assert order == ["put away", "next"]


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


def test_a_slow_step_may_be_silent_for_longer(let_pass: Callable[[float], None]) -> None:
    token = CancelToken()
    with token.slow_step(600):
        let_pass(500)
        assert token.silence < 0
        let_pass(500)
        assert token.silence > 300
    assert abs(token.silence) < 100


def test_a_paused_job_is_not_silent(lanes: Lanes, let_pass: Callable[[float], None]) -> None:
    heard = Listener()
    held = threading.Event()

    def work(_token: CancelToken) -> Generator[int, None, None]:
        yield 1

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


def test_a_thread_that_ends_is_replaced(lanes: Lanes) -> None:
    heard = Listener()
    threads: list[threading.Thread] = []

    def fatal(job: Job, kind: str, payload: Any) -> None:
        heard(job, kind, payload)
        if kind == "done":
            threads.append(threading.current_thread())
            raise SystemExit

    lanes.submit(LaneName.STORE, "first", lambda _t: 1, fatal)
    lanes.submit(LaneName.STORE, "second", lambda _t: threading.current_thread(), heard)
    heard.wait(2)
    assert heard.ends() == [("first", "done"), ("second", "done")]
    assert heard.said[-1][2] is not threads[0]
    threads[0].join(WAIT)
    assert not threads[0].is_alive()


def test_lanes_with_a_hanging_thread_are_closed_in_bounded_time() -> None:
    lanes, hang, heard = Lanes(), Hang(), Listener()
    given_up = lanes.submit(LaneName.ENGINE, "given up", lambda _t: hang(), heard)
    assert hang.entered.wait(WAIT)
    assert lanes.give_up(given_up)
    hang.entered.clear()
    lanes.submit(LaneName.VIEW, "at its place", lambda _t: hang(), heard)
    assert hang.entered.wait(WAIT)
    assert not lanes.close(0.05)
    assert lanes.hanging
    hang.end()
    assert lanes.close(WAIT)
    assert not lanes.hanging
