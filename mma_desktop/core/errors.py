"""The exceptions that are not bugs: errors the user can fix, and cancellation. How to install what is missing."""

from __future__ import annotations

import errno
from typing import Any, Self

from mma_desktop.core import i18n
from mma_desktop.core.i18n import tr

_NO_MEMORY = ("out of memory", "allocate memory", "not enough memory", "failed to map segment")
_NO_THREAD = "can't start new thread"


class TranslatedError(Exception):
    """An error whose message is for people."""

    @classmethod
    def tr(cls, text: str, other: str = "", n: int | None = None, /, **values: Any) -> Self:
        """The error with a translated message; arguments as for `i18n.tr`."""
        return cls(i18n.tr(text, other, n, **values))


class UserError(TranslatedError, ValueError):
    """Something outside the program is wrong; the message says what to do. Any other that escapes is a bug."""


class DamagedError(UserError):
    """The database of a project is damaged or missing; a backup can replace it."""


class Cancelled(Exception):  # noqa: N818 - cancellation is a requested outcome, not an error
    """Raised inside a job at its next safe point after its token was cancelled."""


def out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out: a graphics card's, or the machine's, also while a library loads."""
    # torch, whose error for a card is no MemoryError, must not be imported for this.
    if isinstance(error, MemoryError) or any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, RuntimeError | ImportError) and any(sign in str(error).lower() for sign in _NO_MEMORY)


def shortage_sentence(error: BaseException) -> str:
    """The sentence for an error that means too few threads or too little memory; "" for any other."""
    if not out_of_memory(error) and not (isinstance(error, RuntimeError) and _NO_THREAD in str(error)):
        return ""
    return tr(
        "The system gives this program no more memory or threads. Close other programs and try again, or raise the "
        "limits that were set for it (on Linux and macOS, 'ulimit -a' lists them)."
    )


def first_line(error: BaseException) -> str:
    """The first line of an error's text (torch appends paragraphs), or its type."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


# Lines for a shell that install the program, in files for others.
INSTALL = ("# from a copy of the repository of mma-desktop", "pip install .")


def install_hint(extra: str = "") -> str:
    """Say how to install an extra, or everything anew: whole sentences that end with a command."""
    if not extra:
        return tr(
            "To install it again, run in a copy of the repository of mma-desktop: {command}",
            command="pip install --force-reinstall .",
        )
    return tr(
        "To install it, run in a copy of the repository of mma-desktop: {command}", command=f"pip install '.[{extra}]'"
    )
