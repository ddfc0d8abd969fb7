"""Rate and time left of a job that counts."""

from __future__ import annotations

import time
from dataclasses import replace

from mma_desktop.core.events import Progress

LEAST_SECONDS = 1.0


class Eta:
    """Works out rate and time left from what was done since the start; times are those of `time.perf_counter`.

    `done` is counted already and says nothing about the pace; nor do the first `least` seconds, in which what was
    waiting already comes at once.
    """

    def __init__(self, done: int = 0, now: float | None = None, least: float = LEAST_SECONDS) -> None:
        self.done, self.since, self._least = done, time.perf_counter() if now is None else now, least

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.since

    def measure(self, done: int, left: int | None, now: float | None = None) -> tuple[float | None, float | None]:
        """Items per second and seconds left, each None while unknown; `left` items remain, None if unknown."""
        seconds, worked = (time.perf_counter() if now is None else now) - self.since, done - self.done
        if worked <= 0 or seconds <= 0 or seconds < self._least:
            return None, None
        return worked / seconds, None if left is None else max(0, left) * seconds / worked


class ReportEta:
    """Follows the reports of one job. Starts again after a pause, and when the total changes or the count decreases."""

    def __init__(self) -> None:
        self._eta: Eta | None = None
        self._last = Progress(0, None)

    def reset(self) -> None:
        """Start measuring again, because the time of a pause says nothing about the job's pace."""
        self._eta = None

    def fill(self, progress: Progress, now: float) -> Progress:
        """Add rate and time left to a report that has no rate of its own, once they are known."""
        if progress.total is None or progress.rate is not None or progress.seconds_left is not None:
            return progress
        if self._eta is None or progress.total != self._last.total or progress.done < self._last.done:
            self._eta = Eta(progress.done, now)
        self._last = progress
        rate, left = self._eta.measure(progress.done, progress.total - progress.done, now)
        return replace(progress, rate=rate, seconds_left=left)
