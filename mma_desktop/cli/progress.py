"""What the command line says and how it shows progress: bars on a terminal, lines elsewhere; the table at the end.

Texts hold names of files and classes, which are a stranger's: whatever is said goes through `shown`.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import sys
import time
import traceback
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar, cast

from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import EpochEvent, Progress
from mma_desktop.core.logging import show_warnings_safely, shown
from mma_desktop.core.safe_csv import UNDECODABLE, write_rows
from mma_desktop.core.types import Evaluation

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table
    from rich.text import Text

    from mma_desktop.engine.evaluation.calibration import Kept

Result = TypeVar("Result")
BAR = 24
WIDEST = 10_000
LINE_SECONDS = 5.0
REWRITE_SECONDS = 0.1
MEGABYTE = 1 << 20
NUMBERS = re.compile(r"\d[\d,]*")
LEGEND = """zero-shot: before training. base: trained classes; new: never trained;
all: every class; H: harmonic mean. The interval is the adapted accuracy's."""


def say(text: str = "") -> None:
    """Say something on standard output.

    Raises:
        UserError: It takes nothing, since its disk is full, say.
        BrokenPipeError: Who reads has enough.
    """
    _put(shown(text) + "\n")


def note(text: str) -> None:
    """Say something on standard error; where that takes nothing, nobody can be told so."""
    _Patient(sys.stderr).write(shown(text) + "\n")


def say_table(rows: Iterable[Iterable[str]]) -> None:
    """Write a CSV table to standard output: as bytes of UTF-8, exact for a program; on a terminal for reading.

    Raises:
        UserError: As `say`.
        BrokenPipeError: As `say`.
    """
    if sys.stdout.isatty():
        rows = ([shown(cell).replace("\n", "?") for cell in row] for row in rows)
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=UNDECODABLE, newline="")
    write_rows(_Output(), rows)


class _Output:
    """Standard output for a writer of tables, which need not know what there is to know of it."""

    def write(self, text: str) -> None:
        """Write a text, as it is where nobody reads it from a terminal."""
        _put(text, exact=not sys.stdout.isatty())


class _Patient:
    """A stream whose errors nobody is told, as `note`; rich asks no more of one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> None:
        with suppress(OSError):
            _write(self._stream, text)


def _put(text: str, *, exact: bool = False) -> None:
    try:
        _write(sys.stdout, text, exact=exact)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"Standard output cannot be written to: {error.strerror or error}.") from error


def _write(stream: TextIO, text: str, *, exact: bool = False) -> None:
    if not exact:  # what the encoding of a terminal or a pipe lacks is a question mark there
        encoding = getattr(stream, "encoding", None) or "utf-8"
        text = text.encode(encoding, "replace").decode(encoding)
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        give_up(stream)
        raise


def give_up(stream: TextIO) -> None:
    """Lead what is still in the buffer of a stream nowhere, or the interpreter would stumble over it at its exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors, which repeat what was typed, are said as everything else."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if message:
            (say if file is sys.stdout else note)(message.removesuffix("\n"))


def tell_safely() -> None:
    """Have warnings of the log and the traceback of a bug shown as everything else."""
    show_warnings_safely()

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        note("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = tell


class Reporter:
    """Writes progress to standard error.

    On a terminal a line with a bar rewrites itself. Elsewhere there are plain lines: the latest of a phase every few
    seconds, and its last.

    Args:
        stream: Where to.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = _Patient(stream or sys.stderr)
        self._terminal = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._line: Live | None = None
        self._phase = ""
        self._told = 0.0
        self._waiting = ""
        self._vague = False  # the line counts towards no known end, so what it said last is not all there was
        self.last_epoch: EpochEvent | None = None

    def show(self, event: Progress | EpochEvent) -> None:
        """Show one event."""
        if isinstance(event, EpochEvent):
            self.last_epoch = event
            self._count(event.phase if self._terminal else _without_numbers(event.phase), _epoch_line(event))
        elif event.done or event.total is not None:
            self._count(_without_numbers(event.message), _plain_line(event), event)
            self._vague = event.total is None and not NUMBERS.search(event.message)
        else:
            self._say(shown(event.message))

    def show_count(self, message: str, done: int, total: int) -> None:
        """Show how many pictures are done."""
        self.show(Progress(done, total, f"{message}: {done:,} of {total:,} picture{'' if total == 1 else 's'}"))

    def show_bytes(self, done: int, total: int) -> None:
        """Show how much of a download is here; `total` is 0 while it is not known."""
        of = f" of {total // MEGABYTE}" if total else ""
        self.show(Progress(done, total or None, f"Downloading {done // MEGABYTE}{of} MB"))

    def _count(self, phase: str, text: str, event: Progress | None = None) -> None:
        """One of many lines that say how far a phase is."""
        now = time.monotonic()
        if phase != self._phase:
            self.end()
            self._phase, self._told = phase, now
        due = now - self._told > (REWRITE_SECONDS if self._terminal else LINE_SECONDS)
        if self._terminal:
            due |= self._line is None
            self._line = self._line or _rewritten_line(self._stream)
            self._line.update(_with_bar(event) if event and event.total else _clipped(text), refresh=due)
        else:
            self._waiting = shown(text)
            if due:
                self.end()
        if due:
            self._told = now

    def _say(self, text: str) -> None:
        """A line of its own, whole; on a terminal a short one makes room for what comes next."""
        if text == self._phase:
            return
        self.end()
        if self._terminal and "\n" not in text and len(text) < shutil.get_terminal_size().columns:
            self._count(text, text)
        else:
            self._phase, self._told = text, time.monotonic()
            self._stream.write(text + "\n")

    def end(self) -> None:
        """Finish the line that is being rewritten, or write the one that waits; one that counts vaguely goes."""
        if self._line is not None:
            self._line.transient = self._vague
            self._line.stop()
        elif self._waiting and not self._vague:
            self._stream.write(self._waiting + "\n")
        self._line, self._waiting, self._vague = None, "", False


def _rewritten_line(stream: _Patient) -> Live:
    """A line of a terminal, without a thread and without rich's hands on the standard streams, which carry tables."""
    from rich.console import Console
    from rich.live import Live

    console = Console(file=cast("TextIO", stream))
    line = Live(console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
    line.start()
    console.show_cursor()  # a command that is killed or put aside could not show it again
    return line


def _clipped(text: str) -> Text:
    from rich.text import Text

    return Text(shown(text), no_wrap=True, overflow="crop")


def _with_bar(event: Progress) -> Table:
    """What is done, a bar, and numbers where the message has none."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    parts = [] if NUMBERS.search(event.message) else [f"{event.done:,}/{event.total:,}"]
    parts += [f"{event.rate:.0f}/s"] if event.rate else []
    parts += [f"{event.seconds_left:.0f} s left"] if event.seconds_left is not None else []
    line = Table.grid(padding=(0, 1))
    line.add_row(_clipped(event.message), ProgressBar(event.total, event.done, BAR), _clipped("  ".join(parts)))
    return line


class Ending:
    """What a signal asked for. A library that is being imported may swallow what a handler raises."""

    def __init__(self) -> None:
        self._by: BaseException | None = None

    def ask(self, error: BaseException) -> NoReturn:
        """Raise it now, and again at the next step of a long job."""
        self._by = error
        raise error

    def look(self) -> None:
        """Raise what was asked for, once."""
        if self._by is not None:
            error, self._by = self._by, None
            raise error

    def hush(self, unraisable: sys.UnraisableHookArgs) -> None:
        """Report what nobody could catch, unless it is what a signal asked for, which `look` raises again."""
        if unraisable.exc_value is None or unraisable.exc_value is not self._by:
            sys.__unraisablehook__(unraisable)


ending = Ending()


def drive(steps: Generator[Any, None, Result], reporter: Reporter) -> Result:
    """Run a long job to its end and show how it goes."""
    try:
        while True:
            event = next(steps)
            ending.look()
            reporter.show(event)
    except StopIteration as stop:
        result: Result = stop.value
        return result
    finally:
        reporter.end()
        steps.close()


def _without_numbers(message: str) -> str:
    """What names a phase in messages that count ("Downloading 3 of 40 MB")."""
    return NUMBERS.sub("", message)


def _plain_line(event: Progress) -> str:
    if NUMBERS.search(event.message):
        return event.message
    of = "" if event.total is None else f" of {event.total:,}"
    return f"{event.message}: {event.done:,}{of}"


def _epoch_line(event: EpochEvent) -> str:
    """At most 79 columns, so that it is whole on a narrow terminal; what is not measured is left out."""
    parts = [] if event.phase == "train" else [event.phase.replace(" of ", "/")]
    parts += [f"epoch {event.epoch}/{event.max_epochs}", f"loss {event.loss:.3f}"]
    measured = (("val", event.validation), ("base", event.base), ("new", event.new))
    parts += [f"{name} {accuracy.percent:.1f}" for name, accuracy in measured if accuracy is not None]
    return "  ".join([*parts, f"H {event.h:.1f}"] if event.h is not None else parts)


def epochs_line(last: EpochEvent) -> str:
    """Which epoch a training kept, or how many it trained where none is chosen."""
    if last.best_epoch:
        return f"best epoch {last.best_epoch} of {last.epoch}"
    return f"trained for {last.epoch} epoch{'' if last.epoch == 1 else 's'}"


def kept_line(kept: Kept) -> str:
    """What a "none of these" threshold keeps, in a sentence."""
    head = (
        f"'{NONE_OF_THESE}' below {100 * kept.threshold:g}% confidence: keeps {kept.coverage:.1f}% of {kept.n} pictures"
    )
    if kept.accuracy is None:
        return f"{head}."
    right = f"{kept.accuracy.percent:.1f}% of those are right among all class names"
    return f"{head};\n{right} (95% interval {kept.accuracy.low:.1f} to {kept.accuracy.high:.1f})."


ESTIMATED = {
    "cross-validation": "Base accuracy is estimated by cross-validation.",
    "leave-one-out": "Base accuracy is estimated on the shots, each judged while it was left out (leave-one-out).",
}
"""How base accuracy was measured where no test image was left for it."""


def table(evaluation: Evaluation) -> str:
    """Zero-shot against adapted, with n and the 95% interval of the adapted accuracy."""
    rows = [["", "zero-shot", "adapted", "change", "n", " 95% interval"]]
    for part in ("base", "new", "all"):
        before, after = getattr(evaluation.zero_shot, part), getattr(evaluation.adapted, part)
        if before is None or after is None:
            rows.append([part, "not measured"])
            continue
        interval = f" {after.low:.1f} to {after.high:.1f}"
        rows.append([part, *_change(before.percent, after.percent), str(after.n), interval])
    before_h, after_h = evaluation.zero_shot.h, evaluation.adapted.h
    if before_h is not None and after_h is not None:
        rows.append(["H", *_change(before_h, after_h)])
    return "\n".join(filter(None, [aligned(rows, "<>>>><"), ESTIMATED.get(evaluation.base_by), LEGEND]))


def _change(before: float, after: float) -> list[str]:
    return [f"{before:.2f}", f"{after:.2f}", f"{after - before:+.2f}"]


def aligned(rows: Iterable[Sequence[str]], sides: str) -> str:
    """Rows as lines of aligned columns, none of them cut; `sides` has "<" or ">" for each column."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    grid = Table.grid(*(Column(justify="left" if side == "<" else "right") for side in sides), padding=(0, 2, 0, 0))
    for row in rows:
        grid.add_row(*(Text(shown(cell)) for cell in row))
    out = io.StringIO()
    Console(file=out, width=WIDEST, color_system=None).print(grid)
    return re.sub(" *\n", "\n", out.getvalue()).removesuffix("\n")
