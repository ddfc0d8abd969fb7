"""How the command line shows progress: bars on a terminal, plain lines elsewhere; and the table at the end."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from mma_desktop.answers import NONE_OF_THESE
from mma_desktop.domain import EpochEvent, Evaluation, Progress

if TYPE_CHECKING:
    from mma_desktop.engine.calibration import Kept

Result = TypeVar("Result")
BAR = 24
LINE_SECONDS = 5.0
REWRITE_SECONDS = 0.1
MEGABYTE = 1 << 20
NUMBERS = re.compile(r"\d[\d,]*")
LEGEND = """zero-shot: before training. base: trained classes; new: never trained;
all: every class; H: harmonic mean. The interval is the adapted accuracy's."""


class Reporter:
    """Writes progress to standard error.

    On a terminal a line with a bar rewrites itself. Elsewhere there are plain lines: the latest of a phase every few
    seconds, and its last.

    Args:
        stream: Where to.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._phase = ""
        self._told = 0.0
        self._open = False
        self._waiting = ""
        self._vague = False  # the line counts towards no known end, so what it said last is not all there was
        self.last_epoch: EpochEvent | None = None

    def show(self, event: Progress | EpochEvent) -> None:
        """Show one event."""
        if isinstance(event, EpochEvent):
            self.last_epoch = event
            self._count(_epoch_line(event), event.phase if self._terminal else _without_numbers(event.phase))
        elif event.done or event.total is not None:
            text = _bar_line(event) if self._terminal else _plain_line(event)
            self._count(text, _without_numbers(event.message))
            self._vague = event.total is None and not NUMBERS.search(event.message)
        else:
            self._say(event.message)

    def show_count(self, message: str, done: int, total: int) -> None:
        """Show how many pictures are done; at most every so often, since it may come for each, and at the end."""
        if done >= total or not self._terminal or time.monotonic() - self._told > REWRITE_SECONDS:
            self._count(f"{message}: {done:,} of {total:,} picture{'' if total == 1 else 's'}", message)

    def show_bytes(self, done: int, total: int) -> None:
        """Show how much of a download is here; `total` is 0 while it is not known."""
        of = f" of {total // MEGABYTE}" if total else ""
        self.show(Progress(done, total or None, f"Downloading {done // MEGABYTE}{of} MB"))

    def _count(self, text: str, phase: str) -> None:
        """One of many lines that say how far a phase is."""
        if phase != self._phase:
            self.end()
            self._phase, self._told = phase, time.monotonic()
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r" + text[:width].ljust(width))
            self._stream.flush()
            self._open, self._told = True, time.monotonic()
            return
        self._waiting = text
        if time.monotonic() - self._told > LINE_SECONDS:
            self.end()
            self._told = time.monotonic()

    def _say(self, text: str) -> None:
        """A line of its own, whole; on a terminal a short one makes room for what comes next."""
        if text == self._phase:
            return
        self.end()
        self._phase, self._told = text, time.monotonic()
        short = "\n" not in text and len(text) < shutil.get_terminal_size().columns
        self._open = self._terminal and short
        # A path need not be valid Unicode, which a terminal refuses.
        self._stream.write(text.encode("utf-8", "replace").decode() + ("" if self._open else "\n"))
        self._stream.flush()

    def end(self) -> None:
        """Finish the line that is being rewritten, or write the one that waits; one that counts vaguely goes."""
        if self._vague and (self._open or self._waiting):
            if self._open:
                self._stream.write("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r")
                self._stream.flush()
        elif self._open or self._waiting:
            self._stream.write(self._waiting + "\n")
            self._stream.flush()
        self._open, self._waiting, self._vague = False, "", False


def drive(steps: Generator[Any, None, Result], reporter: Reporter) -> Result:
    """Run a long job to its end and show how it goes."""
    try:
        while True:
            reporter.show(next(steps))
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


def _bar_line(event: Progress) -> str:
    if not event.total:
        return _plain_line(event)
    share = min(1.0, event.done / event.total)
    bar = "#" * round(BAR * share)
    line = f"{event.message} [{bar.ljust(BAR, '.')}]"
    if not NUMBERS.search(event.message):
        line += f" {event.done}/{event.total}"
    if event.rate:
        line += f"  {event.rate:.0f}/s"
    if event.seconds_left is not None:
        line += f"  {event.seconds_left:.0f} s left"
    return line


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


def table(evaluation: Evaluation) -> str:
    """Zero-shot against adapted, with n and the 95% interval of the adapted accuracy."""
    lines = [f"{'':<6}{'zero-shot':>10}{'adapted':>10}{'change':>9}{'n':>7}   95% interval"]
    for part in ("base", "new", "all"):
        before, after = getattr(evaluation.zero_shot, part), getattr(evaluation.adapted, part)
        if before is None or after is None:
            lines.append(f"{part:<6}{'not measured':>20}")
            continue
        change = after.percent - before.percent
        lines.append(
            f"{part:<6}{before.percent:>10.2f}{after.percent:>10.2f}{change:>+9.2f}{after.n:>7}"
            f"   {after.low:.1f} to {after.high:.1f}"
        )
    before_h, after_h = evaluation.zero_shot.h, evaluation.adapted.h
    if before_h is not None and after_h is not None:
        lines.append(f"{'H':<6}{before_h:>10.2f}{after_h:>10.2f}{after_h - before_h:>+9.2f}")
    if evaluation.base_by != "held-out":
        lines.append(f"Base accuracy is estimated by {evaluation.base_by}.")
    lines.append(LEGEND)
    return "\n".join(lines)
