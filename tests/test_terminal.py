"""Progress of the command line: a bar on a terminal, few plain lines elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from mma_desktop.cli import progress
from mma_desktop.cli.progress import Reporter
from mma_desktop.core.events import EpochEvent, Progress
from mma_desktop.core.types import Accuracy, Scores

FULL = Accuracy.of(10, 10)
EPOCH = EpochEvent("train", 1, 200, 1.5, None, None, FULL, None, None, Scores(), 1, 0.0)


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Whether lines may be rewritten."""
        return True


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        """The time in seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The reporter's clock."""
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_plain_lines_are_few_and_have_no_bars(clock: Clock) -> None:
    stream = io.StringIO()
    reporter = Reporter(stream)
    reporter.show(Progress(0, None, "Importing"))
    for done in range(100, 1100, 100):
        reporter.show(Progress(done, 1000, "Importing", 50.0, 2.0))
        clock.now += 1
    reporter.show(Progress(1000, 1000, "Importing"))
    reporter.show(Progress(0, None, "Loading the backbone"))
    reporter.end()
    assert stream.getvalue().splitlines() == [
        "Importing",
        "Importing: 700 of 1,000",
        "Importing: 1,000 of 1,000",
        "Loading the backbone",
    ]


def test_a_count_towards_no_known_end_does_not_stay(clock: Clock) -> None:
    stream, screen = io.StringIO(), Screen()
    for reporter in (Reporter(stream), Reporter(screen)):
        reporter.show(Progress(1, None, "Reading pictures"))
        clock.now += 1
        reporter.show(Progress(0, None, "Loading the backbone"))
        reporter.show(Progress(1, None, "Reading pictures"))
        reporter.end()
    assert stream.getvalue() == "Loading the backbone\n"
    assert screen.getvalue().split("\r")[-1] == ""
    assert "Reading pictures: 1" in screen.getvalue()


def test_epochs_off_a_terminal_are_the_last_and_one_every_few_seconds(clock: Clock) -> None:
    stream = io.StringIO()
    reporter = Reporter(stream)
    for fold in range(1, 5):
        for epoch in range(1, 21):
            reporter.show(replace(EPOCH, phase=f"fold {fold} of 4", epoch=epoch))
            clock.now += 0.1
    for epoch in range(1, 31):
        reporter.show(replace(EPOCH, epoch=epoch))
    reporter.end()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert lines[-2].startswith("fold 4/4  epoch 20/200")
    assert lines[-1] == "epoch 30/200  loss 1.500  base 100.0"


def test_a_download_is_one_phase(clock: Clock) -> None:
    stream, screen = io.StringIO(), Screen()
    plain, bar = Reporter(stream), Reporter(screen)
    for reporter in (plain, bar):
        reporter.show_bytes(0, 0)
        for done in range(0, 41 << 20, 1 << 20):
            reporter.show_bytes(done, 40 << 20)
        reporter.end()
    assert stream.getvalue().splitlines()[-1] == "Downloading 40 of 40 MB"
    assert len(stream.getvalue().splitlines()) <= 2
    assert screen.getvalue().count("\n") <= 2
    last = screen.getvalue().split("\r")[-1].strip()
    assert last == f"Downloading 40 of 40 MB [{'#' * 24}]"


def test_a_sentence_is_whole_on_a_narrow_terminal() -> None:
    screen = Screen()
    reporter = Reporter(screen)
    text = "'cat' and 'kitten': " + "a long sentence about two names, " * 10
    reporter.show(Progress(0, None, text))
    reporter.show(Progress(0, None, "Loading the backbone"))
    reporter.show(Progress(1, 2, "Embedding"))
    reporter.end()
    assert screen.getvalue().startswith(text + "\nLoading the backbone\n")
