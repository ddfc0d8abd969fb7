"""Jobs inside jobs: events relayed, results passed on, reports limited."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from mma_desktop.core import events
from mma_desktop.core.events import Throttle, relayed, result_of


def counting(closed: list[str]) -> Generator[int, None, str]:
    try:
        yield 1
        yield 2
    finally:
        closed.append("closed")
    return "three"


def test_a_relayed_job_yields_what_is_made_of_its_events_and_returns_its_result() -> None:
    seen: list[str] = []

    def job() -> Generator[str, None, None]:
        seen.append((yield from relayed(counting(seen), lambda number: f"event {number}")))

    assert list(job()) == ["event 1", "event 2"]
    assert seen == ["closed", "three"]


def test_a_relayed_job_ends_with_the_one_around_it() -> None:
    seen: list[str] = []
    job = relayed(counting(seen), str)
    assert next(job) == "1"
    job.close()
    assert seen == ["closed"]


def test_the_result_of_a_job_and_what_it_reported() -> None:
    shown: list[int] = []
    assert result_of(counting([]), shown.append) == "three"
    assert shown == [1, 2]
    assert result_of(counting([])) == "three"


def test_a_listener_that_fails_ends_the_job() -> None:
    seen: list[str] = []
    with pytest.raises(ZeroDivisionError):
        result_of(counting(seen), lambda number: 1 // (number - 1))
    assert seen == ["closed"]


def test_a_throttle_lets_one_report_through_each_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(events.time, "monotonic", lambda: now)
    throttle = Throttle(0.5)
    found = []
    for moment in (100.0, 100.2, 100.6, 100.7, 101.1):
        now = moment
        found.append(throttle.due())
    assert found == [True, False, True, False, True]
