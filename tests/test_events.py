"""Tokens: checkpoints, parts of a job, and how often is reported."""

from __future__ import annotations

import pytest

from mma_desktop.core import events
from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken, Throttle


def test_a_checkpoint_reports_then_lets_others_run_then_stops_a_cancelled_job() -> None:
    seen: list[object] = []

    def safe_point() -> None:
        seen.append("others")
        token.cancel()

    token = CancelToken(seen.append, safe_point)
    with pytest.raises(Cancelled):
        token.checkpoint(1)
    assert seen == [1, "others"]


def test_a_checkpoint_without_an_event_reports_nothing() -> None:
    seen: list[object] = []
    CancelToken(seen.append, lambda: seen.append("others")).checkpoint()
    assert seen == ["others"]


def test_a_report_is_no_safe_point() -> None:
    seen: list[object] = []
    token = CancelToken(seen.append, lambda: seen.append("others"))
    token.cancel()
    token.report(1)
    assert seen == [1]
    assert not token.has_checkpoints


def test_a_part_reports_what_is_made_of_its_events_and_shares_all_else() -> None:
    seen: list[object] = []
    token = CancelToken(seen.append, lambda: seen.append("others"))
    part = token.relaying(lambda number: f"event {number}" if number % 2 else None)
    inner = part.relaying(lambda number: number + 1)
    part.checkpoint(1)
    part.checkpoint(2)
    inner.report(4)
    token.report(5)
    assert seen == ["event 1", "others", "others", "event 5", 5]
    assert token.has_checkpoints
    inner.wrap_up()
    assert token.wrapping_up
    token.cancel()
    with pytest.raises(Cancelled):
        inner.checkpoint()


def test_a_part_gives_the_sign_of_life_of_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(events.time, "monotonic", lambda: now)
    token = CancelToken()
    token.beat()
    part = token.quiet()
    now = 160.0
    assert token.silence == 60
    part.checkpoint()
    assert token.silence == 0


def test_a_quiet_part_reports_nothing_has_no_safe_point_and_is_cancelled_with_its_job() -> None:
    seen: list[object] = []
    token = CancelToken(seen.append, lambda: seen.append("others"))
    part = token.quiet()
    part.checkpoint(1)
    assert not seen
    assert not token.has_checkpoints, "it could not be paused there"
    token.cancel()
    with pytest.raises(Cancelled):
        part.checkpoint()


def test_a_listener_that_fails_ends_the_job() -> None:
    token = CancelToken(lambda number: 1 // (number - 1))
    with pytest.raises(ZeroDivisionError):
        token.checkpoint(1)


def test_a_throttle_lets_one_report_through_each_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(events.time, "monotonic", lambda: now)
    throttle = Throttle(0.5)
    found = []
    for moment in (100.0, 100.2, 100.6, 100.7, 101.1):
        now = moment
        found.append(throttle.due())
    assert found == [True, False, True, False, True]
