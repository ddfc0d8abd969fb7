"""Rate and time left of a job that only counts, worked out from when its reports came."""

from __future__ import annotations

from dataclasses import replace

from mma_desktop.core.events import Progress

LEAST_SECONDS = 1.0


class Pace:
    """Follows the reports of one job. A pause, another total or a count that went back begins anew."""

    def __init__(self) -> None:
        self._start: tuple[float, int] | None = None
        self._total: int | None = None
        self._done = 0

    def reset(self) -> None:
        """The job was paused, or goes on after a pause: what is between says nothing about its pace."""
        self._start = None

    def fill(self, progress: Progress, now: float) -> Progress:
        """The report with rate and time left, where it has none of its own and enough is known.

        Args:
            progress: What the job reported.
            now: When, in seconds of a clock that only goes on.
        """
        if progress.total is None or progress.rate is not None or progress.seconds_left is not None:
            return progress
        if self._start is None or progress.total != self._total or progress.done < self._done:
            self._start = (now, progress.done)
        self._total, self._done = progress.total, progress.done
        since, first = self._start
        if now - since < LEAST_SECONDS or progress.done <= first:
            return progress
        rate = (progress.done - first) / (now - since)
        return replace(progress, rate=rate, seconds_left=(progress.total - progress.done) / rate)
