"""Output of the command line: messages, progress (a bar on a terminal, otherwise lines) and the final table.

Results go to standard output, all else to standard error; so do results while standard output carries data. File and
class names are untrusted, so every message goes through `terminal_safe`.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import re
import shutil
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TextIO, TypeVar, cast

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.logging import show_warnings_safely, terminal_safe
from mma_desktop.core.safe_csv import UNDECODABLE, LfEnds, write_rows
from mma_desktop.core.types import Accuracy, Evaluation, Role

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table
    from rich.text import Text

    from mma_desktop.services.training.adapter_training import Row


Result = TypeVar("Result")
BAR = 24  # columns, which leave 55 of 79 for the message and numbers
WIDEST = 10_000  # columns; above any row, so that rich cuts none
LINE_SECONDS = 5.0  # a log of an hour has 700 lines
REWRITE_SECONDS = 0.1  # ten times a second looks steady
NUMBERS = re.compile(r"\d[\d,]*")
LEGEND = "zero-shot: before training. The interval is for the adapted accuracy."
LEGEND_OF_TWO_KINDS = """zero-shot: before training. base: trained classes; new: never trained;
all: every class{h}. The interval is for the adapted accuracy."""
NOT_MEASURED = "How often it is right was not measured. 'mma-desktop evaluate' measures it on pictures with labels."
NONE_TRAINED = "None of these classes was trained."


@dataclass
class _OutputMode:
    """What a command says, and where.

    Attributes:
        quiet: Neither progress nor notes.
        verbose: A line for each epoch.
        data: Standard output carries data, so results in words go to standard error.
    """

    quiet: bool = False
    verbose: bool = False
    data: bool = False


_mode = _OutputMode()


@contextmanager
def output_mode(*, quiet: bool = False, verbose: bool = False, data: bool = False) -> Iterator[None]:
    """Speak in this manner for the duration of a command; `verbose` also tells the log and why an error occurred."""
    former = vars(_mode).copy()
    vars(_mode).update(quiet=quiet, verbose=verbose, data=data)
    root, handler = logging.getLogger(), _Notes()
    level, started = root.level, time.perf_counter()
    if verbose:
        root.addHandler(handler)
        root.setLevel(logging.INFO)
    try:
        yield
    except UserError as error:
        if verbose and error.__cause__ is not None:
            note("".join(traceback.format_exception(error.__cause__)).rstrip())
        raise
    finally:
        if verbose:
            note(f"Took {time.perf_counter() - started:.1f} s.")
            root.removeHandler(handler)
            root.setLevel(level)
        vars(_mode).update(former)


class _Notes(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        note(f"{record.name}: {record.getMessage()}")


def counted(number: int, noun: str) -> str:
    """Such as "3 pictures"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def echo(text: str = "") -> None:
    """Print a result in words, to standard output unless that carries data.

    Raises:
        UserError: It cannot be written to, for example because the disk is full.
        BrokenPipeError: The reader has closed the pipe.
    """
    if _mode.data:
        note(text)
    else:
        _put(terminal_safe(text) + "\n")


def echo_styled(text: str, styles: Mapping[str, str]) -> None:
    from rich.console import Console
    from rich.text import Text

    styled = Text(terminal_safe(text))
    for pattern, style in styles.items():
        styled.highlight_regex(pattern, style)
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", highlight=False)
    with console.capture() as rendered:
        console.print(styled, soft_wrap=True)
    _put(rendered.get())


def note(text: str) -> None:
    if not _mode.quiet:
        complain(text)


def complain(text: str) -> None:
    """Print to standard error what went wrong, also with `--quiet`; otherwise like `note`."""
    Reporter.make_way(sys.stderr)
    _QuietStream(sys.stderr).write(terminal_safe(text) + "\n")


def echo_table(rows: Iterable[Iterable[str]]) -> None:
    """Write a CSV table to standard output: exact UTF-8 bytes for programs, sanitised on a terminal.

    Raises:
        UserError: As for `echo`.
        BrokenPipeError: As for `echo`.
    """
    if sys.stdout.isatty():
        rows = ([terminal_safe(cell).replace("\n", "?") for cell in row] for row in rows)
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=UNDECODABLE, newline="")
    write_rows(LfEnds(SimpleNamespace(write=partial(_put, exact=not sys.stdout.isatty()))), rows)


class _QuietStream:
    """A stream that ignores write errors, like `note`; implements what rich needs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> None:
        with suppress(OSError):
            _write(self._stream, text)


def _put(text: str, *, exact: bool = False) -> None:
    Reporter.make_way(sys.stdout)
    try:
        _write(sys.stdout, text, exact=exact)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = "it is closed" if error.errno == errno.EBADF else error.strerror or error
        raise UserError(f"Cannot write to standard output: {reason}.") from error


def _write(stream: TextIO, text: str, *, exact: bool = False) -> None:
    if not exact:  # replace what the stream's encoding cannot represent by question marks
        encoding = getattr(stream, "encoding", None) or "utf-8"
        text = text.encode(encoding, "replace").decode(encoding)
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        redirect_to_null(stream)
        raise


def redirect_to_null(stream: TextIO) -> None:
    # The interpreter would fail to flush a broken stream on exit.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def install_safe_output() -> None:
    """Sanitise warnings of the log and tracebacks like all other output."""
    show_warnings_safely()

    def print_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        complain("".join(traceback.format_exception(kind, error, trace)))
        ending.code = None

    sys.excepthook = print_exception


class Reporter:
    """Writes progress to standard error, unless `--quiet`; as a context manager around a job, ends its line after it.

    On a terminal, one line with a bar is updated in place, and cleared before anything else is written. Otherwise it
    prints plain lines: each phase's latest state every few seconds, and its last.

    Args:
        stream: The output; standard error by default.

    Attributes:
        token: For jobs, which report through it too.
        last_epoch: The last one that was shown.
    """

    _on_screen: ClassVar[Reporter | None] = None
    """The one whose line is on the terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = _QuietStream(stream or sys.stderr)
        self._terminal = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._line: Live | None = None
        self._phase = ""
        self._written_at = 0.0
        self._waiting = ""
        self._vague = False  # the line has no known total, so its last state is not a final count
        self._made_way = False
        self.token = CancelToken(self.show, ending.raise_pending)
        self.last_epoch: EpochEvent | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def show(self, event: Progress | EpochEvent) -> None:
        if isinstance(event, EpochEvent):
            self.last_epoch = event
        if _mode.quiet:
            return
        if isinstance(event, EpochEvent) and _mode.verbose:
            self.end()
            self._stream.write(_epoch_line(event) + "\n")
        elif isinstance(event, EpochEvent):
            self._count(event.phase if self._terminal else _without_numbers(event.phase), _epoch_line(event))
        elif event.done or event.total is not None:
            self._count(_without_numbers(event.message), _plain_line(event), event)
            self._vague = event.total is None and not NUMBERS.search(event.message)
        else:
            self._write_line(terminal_safe(event.message))

    def show_count(self, message: str, done: int, total: int) -> None:
        self.show(Progress(done, total, f"{message}: {done:,} of {counted(total, 'picture')}"))

    def _count(self, phase: str, text: str, event: Progress | None = None) -> None:
        now = time.monotonic()
        if phase != self._phase:
            self.end()
            self._phase, self._written_at, self._made_way = phase, now, False
        due = now - self._written_at > (REWRITE_SECONDS if self._terminal else LINE_SECONDS)
        if self._terminal:
            # The first state of a phase shows at once, unless output between its events would make the line flicker.
            due |= self._line is None and not self._made_way
            if self._line is None and not due:
                return  # rows come faster than a line can be read between them
            self._made_way = False
            self._line = self._line or _rewritten_line(self._stream)
            Reporter._on_screen = self
            self._line.update(_with_bar(event) if event and event.total else _clipped(text), refresh=due)
        else:
            self._waiting = terminal_safe(text)
            if due:
                self.end()
        if due:
            self._written_at = now

    def _write_line(self, text: str) -> None:
        """Print a full line; on a terminal, a short one is replaced by the next message."""
        if text == self._phase:
            return
        self.end()
        if self._terminal and "\n" not in text and len(text) < shutil.get_terminal_size().columns:
            self._count(text, text)
        else:
            self._phase, self._written_at = text, time.monotonic()
            self._stream.write(text + "\n")

    def end(self) -> None:
        """Finish the line being updated, or print the pending one; a line without a known total is dropped."""
        if self._line is not None:
            # A count without a total says nothing once it is over.
            self._line.transient = self._vague
            self._line.stop()
        elif self._waiting and not self._vague:
            self._stream.write(self._waiting + "\n")
        self._line, self._waiting, self._vague = None, "", False
        if Reporter._on_screen is self:
            Reporter._on_screen = None

    @classmethod
    def make_way(cls, stream: TextIO) -> None:
        """Clear the line being updated before something else is written to a terminal; its next event redraws it."""
        if (reporter := cls._on_screen) is not None and stream.isatty():
            reporter._vague = reporter._made_way = True
            reporter.end()


def _rewritten_line(stream: _QuietStream) -> Live:
    """A live terminal line without rich's thread, and without redirecting stdout and stderr, which carry tables."""
    from rich.console import Console
    from rich.live import Live

    console = Console(file=cast("TextIO", stream))
    line = Live(console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
    line.start()
    console.show_cursor()  # a killed or suspended command could not restore it
    return line


def _clipped(text: str) -> Text:
    from rich.text import Text

    return Text(terminal_safe(text), no_wrap=True, overflow="crop")


def _with_bar(event: Progress) -> Table:
    """The message, a bar, and numbers unless the message has them."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    parts = [] if NUMBERS.search(event.message) else [f"{event.done:,}/{event.total:,}"]
    parts += [f"{event.rate:.0f}/s"] if event.rate else []
    parts += [f"{event.seconds_left:.0f} s left"] if event.seconds_left is not None else []
    line = Table.grid(padding=(0, 1))
    line.add_row(_clipped(event.message), ProgressBar(event.total, event.done, BAR), _clipped("  ".join(parts)))
    return line


class PendingExit:
    """A pending request to end, made by a signal: a library being imported may swallow the handler's exception.

    Attributes:
        code: The exit code of the command that ran, None before and if the program failed since.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        self._by: BaseException | None = None

    def ask(self, error: BaseException) -> None:
        """Raise the error now, and again at the next checkpoint of a job."""
        # While torch is imported it waits for that: an error in the middle of its C++ code would abort the process.
        self._by = error
        torch = sys.modules.get("torch")
        if not getattr(getattr(torch, "__spec__", None), "_initializing", False):
            raise error

    def raise_pending(self) -> None:
        if self._by is not None:
            error, self._by = self._by, None
            raise error

    def hush(self, unraisable: sys.UnraisableHookArgs) -> None:
        """Report unraisable exceptions, except the pending one, which `raise_pending` raises again."""
        if unraisable.exc_value is None or unraisable.exc_value is not self._by:
            sys.__unraisablehook__(unraisable)


ending = PendingExit()


def _without_numbers(message: str) -> str:
    """The phase of a counting message ("Downloading 3 of 40 MB")."""
    return NUMBERS.sub("", message)


def _plain_line(event: Progress) -> str:
    if NUMBERS.search(event.message):
        return event.message
    of = "" if event.total is None else f" of {event.total:,}"
    return f"{event.message}: {event.done:,}{of}"


def _epoch_line(event: EpochEvent) -> str:
    """At most 79 columns, to fit narrow terminals; leaves out what was not measured."""
    parts = [] if event.phase == "train" else [event.phase.replace(" of ", "/")]
    parts += [f"epoch {event.epoch}/{event.max_epochs}", f"loss {event.loss:.3f}"]
    base = "accuracy" if event.new is None else "base"
    # In turn, what tells when to stop is what is measured.
    validation = None if event.validation is event.base else event.validation
    measured = (("val", validation), (base, event.base), ("new", event.new))
    parts += [f"{name} {accuracy.percent:.1f}" for name, accuracy in measured if accuracy is not None]
    return "  ".join([*parts, f"H {event.h:.1f}"] if event.h is not None else parts)


def epochs_line(last: EpochEvent) -> str:
    """Which epoch was kept, or how many were trained if none is selected."""
    if last.best_epoch:
        return f"best epoch {last.best_epoch} of {last.epoch}"
    return f"trained for {counted(last.epoch, 'epoch')}"


# How base accuracy was measured without test images.
ESTIMATED = {
    "cross-validation": "is estimated by cross-validation.",
    "leave-one-out": "is estimated on the shots by leaving out one of each class at a time.",
}


def table(evaluation: Evaluation) -> str:
    """Table of zero-shot and adapted accuracy, with n and the 95% interval of the latter."""
    # Without both base and new classes there is one accuracy, and no word of them.
    if evaluation.adapted.all is None:
        return NOT_MEASURED
    rows = [["", "zero-shot", "adapted", "change", "n", " 95% interval"]]
    words = {"base": "base", "new": "new", "all": "all"} if evaluation.has_two_kinds else {"all": "accuracy"}
    for part, word in words.items():
        before, after = getattr(evaluation.zero_shot, part), getattr(evaluation.adapted, part)
        if before is None or after is None:
            rows.append([word, "not measured"])
            continue
        interval = f" {after.low:.1f} to {after.high:.1f}"
        rows.append([word, *_change(before.percent, after.percent), str(after.n), interval])
    before_h, after_h = evaluation.zero_shot.h, evaluation.adapted.h
    if evaluation.has_two_kinds and before_h is not None and after_h is not None:
        rows.append(["H", *_change(before_h, after_h)])
    lines = [aligned(rows, "<>>>><")]
    if how := ESTIMATED.get(evaluation.base_by):
        lines.append(f"{'Base accuracy' if evaluation.has_two_kinds else 'Accuracy'} {how}")
    if Role.BASE not in evaluation.roles:
        lines.append(NONE_TRAINED)
    of_two = LEGEND_OF_TWO_KINDS.format(h="" if after_h is None else "; H: harmonic mean of base and new")
    return "\n".join([*lines, of_two if evaluation.has_two_kinds else LEGEND])


def method_table(title: str, row: Row) -> str:
    """What a training measured, as the page Train shows it for each method: a head and a line, "-" if not measured."""
    zero_shot = (_or_dash(row.zero_shot.base), _or_dash(row.zero_shot.new))
    epochs = int(row.run.metrics["epochs"])
    cells = (
        title,
        _or_dash(row.base, counted=True),
        _or_dash(row.new, counted=True),
        "-" if row.h is None else f"{row.h:.1f}",
        " / ".join(zero_shot),
        str(epochs or "-") if row.epoch == epochs else f"{row.epoch} of {epochs}",
        f"{row.seconds:.1f}",
    )
    return aligned([("Method", "Base", "New", "H", "zero-shot base/new", "Epoch", "Seconds"), cells], "<<<<<<<")


def _or_dash(accuracy: Accuracy | None, *, counted: bool = False) -> str:
    if accuracy is None:
        return "-"
    return f"{accuracy.percent:.1f}" + (f" (n {accuracy.n})" if counted else "")


def _change(before: float, after: float) -> list[str]:
    return [f"{before:.2f}", f"{after:.2f}", f"{after - before:+.2f}"]


def aligned(rows: Iterable[Sequence[str]], sides: str) -> str:
    """Format rows as aligned columns, uncut; `sides` has "<" or ">" for each column."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    grid = Table.grid(*(Column(justify="left" if side == "<" else "right") for side in sides), padding=(0, 2, 0, 0))
    for row in rows:
        grid.add_row(*(Text(terminal_safe(cell)) for cell in row))
    out = io.StringIO()
    Console(file=out, width=WIDEST, color_system=None).print(grid)
    return re.sub(" *\n", "\n", out.getvalue()).removesuffix("\n")
