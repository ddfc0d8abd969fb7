"""Which backups to keep: the last ones, then one an hour, one a day, one a week.

What is counted are backups, not ages: a project that nobody opened for a year keeps all it had, and a clock that is
wrong for a day makes nothing look old.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

LAST = 8
"""The last two hours at one backup every 15 minutes."""

HOUR, DAY, WEEK = 3600, 86_400, 604_800
TIERS = ((HOUR, 24), (DAY, 14), (WEEK, 26))
"""Length of a span in seconds, and in how many of the newest spans that have a backup the newest one is kept."""


def superfluous(moments: Sequence[float], now: float, most: int | None = None) -> list[int]:
    """Which backups may go.

    Args:
        moments: When each was made, in seconds since 1970. Of equal moments the later in the list is the newer.
        now: The present moment. What is dated after it was made by a wrong clock: it stays and is not counted.
        most: How many may stay at all, where disk space is short; the newest of all tiers then go before their oldest.

    Returns:
        Places in `moments`, ascending; never that of the newest one up to now.
    """
    past = sorted((at for at, moment in enumerate(moments) if moment <= now), key=lambda at: (moments[at], at))[::-1]
    tiers = [past[:LAST], *(_newest_of_spans(moments, past, length)[:number] for length, number in TIERS)]
    kept = dict.fromkeys(at for rank in zip_longest(*tiers) for at in rank if at is not None)
    stay = set(list(kept)[: max(1, most)] if most is not None else kept)
    return sorted(set(past) - stay)


def _newest_of_spans(moments: Sequence[float], newest_first: Sequence[int], length: int) -> list[int]:
    """The newest of each span of time that has any, newest first."""
    newest: dict[int, int] = {}
    for at in newest_first:
        newest.setdefault(int(moments[at] // length), at)
    return list(newest.values())
