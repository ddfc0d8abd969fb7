"""Rate and time left of jobs that only count."""

from __future__ import annotations

import pytest

from mma_desktop.core.events import Progress
from mma_desktop.ui.shell.jobs_bar import spoken_progress
from mma_desktop.ui.widgets.eta import Pace


def test_a_job_that_only_counts_gets_a_rate_and_a_time_left() -> None:
    pace = Pace()
    assert pace.fill(Progress(0, 100), 10.0).rate is None
    assert pace.fill(Progress(2, 100), 10.5).rate is None, "too early"
    told = pace.fill(Progress(20, 100), 14.0)
    assert told.rate == pytest.approx(5.0)
    assert told.seconds_left == pytest.approx(16.0)
    assert spoken_progress(told) == "20 of 100, 5 a second, 16 s left"


def test_what_a_job_knows_itself_is_kept() -> None:
    pace = Pace()
    own = Progress(5, 10, "", 2.0, 2.5)
    pace.fill(Progress(0, 10), 0.0)
    assert pace.fill(own, 9.0) is own
    assert pace.fill(Progress(7, None), 12.0).rate is None


def test_another_total_and_a_pause_begin_anew() -> None:
    pace = Pace()
    pace.fill(Progress(0, 10), 0.0)
    assert pace.fill(Progress(5, 10), 5.0).rate == pytest.approx(1.0)
    assert pace.fill(Progress(0, 40), 6.0).rate is None
    assert pace.fill(Progress(8, 40), 8.0).rate == pytest.approx(4.0)
    pace.reset()
    assert pace.fill(Progress(9, 40), 100.0).rate is None
    assert pace.fill(Progress(13, 40), 102.0).rate == pytest.approx(2.0)
