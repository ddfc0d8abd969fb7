"""How the command line shows progress: bars on a terminal, plain lines elsewhere; and the table at the end."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, TextIO

from mma_desktop.answers import NONE_OF_THESE
from mma_desktop.domain import EpochEvent, Evaluation, Progress

if TYPE_CHECKING:
    from mma_desktop.engine.calibration import Kept

BAR = 24
LINE_SECONDS = 5.0
LEGEND = """zero-shot: before training. base: trained classes; new: never trained;
all: every class; H: harmonic mean. The interval is the adapted accuracy's."""


class Reporter:
    """Writes progress to standard error.

    Args:
        stream: Where to; a bar that rewrites itself is drawn only if this is a terminal.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._message = ""
        self._told = 0.0
        self._open = False
        self.last_epoch: EpochEvent | None = None

    def show(self, event: Progress | EpochEvent) -> None:
        """Show one event."""
        if isinstance(event, EpochEvent):
            self.last_epoch = event
        text = _progress_line(event) if isinstance(event, Progress) else _epoch_line(event)
        message = event.message if isinstance(event, Progress) else event.phase
        self._write(text, message, now=isinstance(event, EpochEvent) or self._due(event))

    def _write(self, text: str, message: str, *, now: bool) -> None:
        if self._terminal:
            if message != self._message:
                self.end()
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r" + text[:width].ljust(width))
            self._open = True
        elif message != self._message or now:
            self._stream.write(text + "\n")
            self._told = time.monotonic()
        self._message = message
        self._stream.flush()

    def show_count(self, message: str, done: int, total: int) -> None:
        """Show how many pictures are done; at most every so often, since it may come for each, and at the end."""
        if done >= total or time.monotonic() - self._told > (0.1 if self._terminal else LINE_SECONDS):
            self._write(f"{message}: {done:,} of {total:,} picture{'' if total == 1 else 's'}", message, now=True)
            self._told = time.monotonic()

    def _due(self, event: Progress) -> bool:
        return time.monotonic() - self._told > LINE_SECONDS or event.done == event.total

    def end(self) -> None:
        """Finish the line that is being rewritten."""
        if self._open:
            self._stream.write("\n")
            self._stream.flush()
            self._open = False


def _progress_line(event: Progress) -> str:
    if event.total is None:
        return f"{event.message}: {event.done}" if event.done else event.message
    share = min(1.0, event.done / event.total) if event.total else 1.0
    bar = "#" * round(BAR * share)
    line = f"{event.message} [{bar.ljust(BAR, '.')}] {event.done}/{event.total}"
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
