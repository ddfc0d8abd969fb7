"""Choice of backups to keep: the most recent, then one per hour, day and week.

Tiers count backups, not elapsed time: a project that nobody opened for a year keeps all its backups, and a clock that
is wrong for a day does not make them look old.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

LAST = 8
"""At one backup every 15 minutes, two hours."""

HOUR, DAY, WEEK = 3600, 86_400, 604_800
TIERS = ((HOUR, 24), (DAY, 14), (WEEK, 26))
"""Length of a time span in seconds, and how many of the newest non-empty spans keep their newest backup."""


def expired_backups(moments: Sequence[float], now: float, most: int | None = None) -> list[int]:
    """Select the backups to delete.

    Args:
        moments: Creation times in seconds since 1970. Of equal times the later in the list is the newer.
        now: Current time. Backups with a later date come from a wrong clock; they are kept and not counted.
        most: Maximum number to keep if disk space is short. The newest backup of every tier is then deleted before any
            tier's oldest.

    Returns:
        Indices into `moments`, ascending; never that of the newest backup up to now.
    """
    past = sorted((at for at, moment in enumerate(moments) if moment <= now), key=lambda at: (moments[at], at))[::-1]
    tiers = [past[:LAST], *(_newest_of_spans(moments, past, length)[:number] for length, number in TIERS)]
    kept = dict.fromkeys(at for rank in zip_longest(*tiers) for at in rank if at is not None)
    stay = set(list(kept)[: max(1, most)] if most is not None else kept)
    return sorted(set(past) - stay)


def _newest_of_spans(moments: Sequence[float], newest_first: Sequence[int], length: int) -> list[int]:
    """The newest backup of each non-empty time span, newest first."""
    newest: dict[int, int] = {}
    for at in newest_first:
        newest.setdefault(int(moments[at] // length), at)
    return list(newest.values())
