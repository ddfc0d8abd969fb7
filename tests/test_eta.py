"""Rate and time left of jobs that only count."""

from __future__ import annotations

import pytest

from mma_desktop.core.events import Eta, Progress, ReportEta


def test_nothing_is_told_before_something_was_done() -> None:
    eta = Eta(now=10.0)
    assert eta.measure(0, 5, 12.0) == (None, None)
    assert eta.measure(3, 5, 10.0) == (None, None)
    assert eta.measure(2, 166, 10.01) == (None, None), "two that were waiting say nothing of the others"
    assert eta.measure(4, 6, 12.0) == (2.0, 3.0)
    assert eta.measure(4, None, 12.0) == (2.0, None)
    assert eta.measure(4, -1, 12.0) == (2.0, 0.0), "more than was expected"


def test_the_seconds_since_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mma_desktop.core.events.time.perf_counter", lambda: 13.5)
    assert Eta(now=10.0).seconds == 3.5
    assert Eta().seconds == 0.0


def test_what_was_done_before_the_start_does_not_count() -> None:
    assert Eta(100, 0.0).measure(110, 20, 5.0) == (2.0, 10.0)
    assert Eta(100, 0.0).measure(100, 20, 5.0) == (None, None)


def test_a_job_that_only_counts_gets_a_rate_and_a_time_left() -> None:
    eta = ReportEta()
    assert eta.fill(Progress(0, 100), 10.0).rate is None
    assert eta.fill(Progress(2, 100), 10.5).rate is None, "too early"
    told = eta.fill(Progress(20, 100), 14.0)
    assert told.rate == pytest.approx(5.0)
    assert told.seconds_left == pytest.approx(16.0)


def test_what_a_job_knows_itself_is_kept() -> None:
    eta = ReportEta()
    own = Progress(5, 10, "", 2.0, 2.5)
    eta.fill(Progress(0, 10), 0.0)
    assert eta.fill(own, 9.0) is own
    assert eta.fill(Progress(7, None), 12.0).rate is None


def test_another_total_and_a_pause_begin_anew() -> None:
    eta = ReportEta()
    eta.fill(Progress(0, 10), 0.0)
    assert eta.fill(Progress(5, 10), 5.0).rate == pytest.approx(1.0)
    assert eta.fill(Progress(0, 40), 6.0).rate is None
    assert eta.fill(Progress(8, 40), 8.0).rate == pytest.approx(4.0)
    eta.reset()
    assert eta.fill(Progress(9, 40), 100.0).rate is None
    assert eta.fill(Progress(13, 40), 102.0).rate == pytest.approx(2.0)
