"""Progress of the command line: a bar on a terminal, few plain lines elsewhere."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from mma_desktop.cli import progress
from mma_desktop.cli.progress import Reporter, aligned
from mma_desktop.core.events import EpochEvent, Progress
from mma_desktop.core.types import Accuracy, Scores
from mma_desktop.services.inference_state import downloading

FULL = Accuracy.of(10, 10)
SHOW = "\x1b[?25h"
EPOCH = EpochEvent("train", 1, 200, 1.5, None, None, FULL, None, None, Scores(), 1, 0.0)


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Whether lines may be rewritten."""
        return True


def plain_text(said: str) -> str:
    """What was written without the sequences that move the cursor and set colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)


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
    reporter.show(Progress(0, None, "Loading the model"))
    reporter.end()
    assert stream.getvalue().splitlines() == [
        "Importing",
        "Importing: 700 of 1,000",
        "Importing: 1,000 of 1,000",
        "Loading the model",
    ]


def test_a_count_towards_no_known_end_does_not_stay(clock: Clock) -> None:
    stream, screen = io.StringIO(), Screen()
    for reporter in (Reporter(stream), Reporter(screen)):
        reporter.show(Progress(1, None, "Reading pictures"))
        clock.now += 1
        reporter.show(Progress(0, None, "Loading the model"))
        reporter.show(Progress(1, None, "Reading pictures"))
        reporter.end()
    assert stream.getvalue() == "Loading the model\n"
    assert screen.getvalue().endswith(f"Reading pictures: 1\n{SHOW}\r\x1b[1A\x1b[2K")


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
    assert lines[-1] == "epoch 30/200  loss 1.500  accuracy 100.0"


def test_a_download_is_one_phase(clock: Clock) -> None:
    stream, screen = io.StringIO(), Screen()
    plain, bar = Reporter(stream), Reporter(screen)
    for reporter in (plain, bar):
        tell = downloading(reporter.token)
        tell(0, 0)
        for done in range(0, 41 << 20, 1 << 20):
            tell(done, 40 << 20)
        reporter.end()
    assert stream.getvalue().splitlines()[-1] == "Downloading 40 of 40 MB"
    assert len(stream.getvalue().splitlines()) <= 2
    assert screen.getvalue().count("\n") <= 2
    assert plain_text(screen.getvalue()).split("\r")[-1].strip() == f"Downloading 40 of 40 MB {'━' * 24}"


def test_a_sentence_is_whole_on_a_narrow_terminal() -> None:
    screen = Screen()
    reporter = Reporter(screen)
    text = "'cat' and 'kitten': " + "a long sentence about two names, " * 10
    reporter.show(Progress(0, None, text))
    reporter.show(Progress(0, None, "Loading the model"))
    reporter.show(Progress(1, 2, "Embedding"))
    reporter.end()
    lines = plain_text(screen.getvalue()).splitlines()
    assert lines[0] == text
    assert lines[-1] == "Embedding ━━━━━━━━━━━━╺━━━━━━━━━━━ 1/2"


@pytest.mark.parametrize("width", [100, 40, 12])
def test_a_line_is_one_line_on_any_terminal_and_names_are_no_markup(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    screen = Screen()
    reporter = Reporter(screen)
    name = "[bold]x[/] :smile: 日本 {y}"
    for done in range(1, 11):
        reporter.show(Progress(done, 10, name, 50.0, 2.0))
        clock.now += 1
    reporter.end()
    lines = re.split("[\r\n]+", plain_text(screen.getvalue()))
    assert len(lines) > 10
    assert screen.getvalue().count("\n") == 1
    assert all(cell_len(line) <= width for line in lines)
    assert lines[-2].startswith(name if width == 100 else "[b")
    if width == 100:
        assert lines[-2].split()[-4:] == ["50/s", "2", "s", "left"]


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    said = []
    for value in ("", "1"):
        monkeypatch.setenv("NO_COLOR", value)
        screen = Screen()
        reporter = Reporter(screen)
        reporter.show(Progress(1, 2, "Importing"))
        reporter.end()
        said.append("\x1b[9" in screen.getvalue())
    assert said == [True, False]


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    reporter = Reporter(screen)
    reporter.show(Progress(1, 2, "Importing"))
    reporter.show(Progress(2, 2, "Importing"))
    reporter.end()
    assert screen.getvalue() == "Importing: 2 of 2\n"


def test_a_terminal_keeps_its_cursor_while_a_line_is_rewritten(clock: Clock) -> None:
    screen = Screen()
    reporter = Reporter(screen)
    reporter.show(Progress(1, 9, "Importing"))
    assert screen.getvalue().rindex("\x1b[?25h") > screen.getvalue().rindex("\x1b[?25l")

    with pytest.raises(KeyboardInterrupt), reporter:
        for done in range(2, 9):
            reporter.token.checkpoint(Progress(done, 9, "Importing"))
        raise KeyboardInterrupt
    assert screen.getvalue().endswith(f"8/9\n{SHOW}")


def test_a_table_is_aligned_as_a_terminal_shows_it_and_never_cut() -> None:
    rows = [["", "n"], ["日本", "1,000"], ["[bold]x[/]", "22"], ["y" * 500, ""], ["a\x1b[2J"]]
    assert aligned(rows, "<>").split("\n")[3:] == ["y" * 500, "a?[2J"]
    lines = aligned(rows[:3], "<>").split("\n")
    assert lines == ["                n", "日本        1,000", "[bold]x[/]     22"]
