"""Which backups go: the newest never, none of a wrong clock's, and what stays covers hours, days and weeks."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.store.snapshots import DAY, HOUR, LAST, TIERS, WEEK, expired_backups

NOW = 1_750_000_000.0
MOMENTS = st.lists(st.integers(0, 400 * DAY).map(lambda ago: NOW - ago) | st.floats(NOW - 3 * DAY, NOW), max_size=120)
FUTURE = st.lists(st.floats(NOW + 1, NOW + 900 * DAY), max_size=5)
MOST = st.none() | st.integers(0, 100)


def kept(moments: list[float], now: float = NOW, most: int | None = None) -> list[float]:
    gone = set(expired_backups(moments, now, most))
    return [moment for at, moment in enumerate(moments) if at not in gone]


@given(MOMENTS, FUTURE, MOST)
def test_the_newest_and_what_is_dated_later_never_go(
    moments: list[float], later: list[float], most: int | None
) -> None:
    stay = kept(moments + later, most=most)
    assert stay[len(stay) - len(later) :] == later
    assert kept(moments, most=most) == stay[: len(stay) - len(later)], "a wrong date costs no other backup"
    if moments:
        assert max(moments) in stay


@given(MOMENTS, MOST)
def test_doing_it_again_removes_nothing_more(moments: list[float], most: int | None) -> None:
    stay = kept(moments, most=most)
    assert kept(stay, most=most) == stay
    assert len(stay) <= min(LAST + sum(number for _, number in TIERS), len(moments) if most is None else max(1, most))


@given(MOMENTS.map(sorted))
def test_rotating_after_each_backup_keeps_the_same_as_rotating_once(moments: list[float]) -> None:
    held: list[float] = []
    for moment in moments:
        held = kept([*held, moment], moment)
        assert moment in held
    assert held == kept(moments)


@given(MOMENTS)
def test_every_span_of_every_tier_has_its_newest(moments: list[float]) -> None:
    stay = set(kept(moments))
    assert set(sorted(moments)[-LAST:]) <= stay
    for length, number in TIERS:
        newest: dict[int, float] = {}
        for moment in sorted(moments):
            newest[int(moment // length)] = moment
        assert set(list(newest.values())[-number:]) <= stay


@given(MOMENTS, st.integers(1, 2000))
def test_a_clock_that_jumps_ahead_for_one_backup_costs_at_most_the_oldest_of_a_tier(
    moments: list[float], days: int
) -> None:
    before = kept(moments)
    after = kept([*before, NOW + days * DAY], NOW + days * DAY)
    assert len(before) - (len(after) - 1) <= 1 + len(TIERS)


@given(MOMENTS, st.integers(1, 2000))
def test_a_clock_set_back_costs_nothing_that_is_newer(moments: list[float], days: int) -> None:
    before, now = kept(moments), NOW - days * DAY
    after = kept([*before, now], now)
    assert after[-1] == now
    assert {moment for moment in before if moment > now} <= set(after)


def test_a_year_of_work_is_a_few_dozen_backups() -> None:
    quarters = [NOW - at * 900 for day in range(365) for at in range(day * 96, day * 96 + 32)]  # eight hours a day
    stay = sorted(kept(quarters), reverse=True)
    assert stay[:LAST] == [NOW - at * 900 for at in range(LAST)]
    assert 50 <= len(stay) <= 72
    assert NOW - stay[-1] >= 24 * WEEK
    assert all(later - earlier <= WEEK + DAY for later, earlier in itertools.pairwise(stay))
    assert sum(NOW - moment <= 24 * HOUR for moment in stay) >= 8 + 6


def test_where_disks_are_small_all_tiers_stay_represented() -> None:
    quarters = [NOW - at * 900 for at in range(4 * 24 * 60)]
    stay = kept(quarters, most=6)
    assert len(stay) == 6
    assert min(stay) < NOW - DAY
    assert sum(moment > NOW - HOUR for moment in stay) >= 2
