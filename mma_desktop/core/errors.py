"""The exceptions that are not bugs: errors the user can fix, and cancellation."""

from __future__ import annotations

from typing import Any, Self

from mma_desktop.core import i18n


class TranslatedError(Exception):
    """An error whose message is for people."""

    @classmethod
    def tr(cls, text: str, other: str = "", n: int | None = None, /, **values: Any) -> Self:
        """The error with a translated message; arguments as for `i18n.tr`."""
        return cls(i18n.tr(text, other, n, **values))


class UserError(TranslatedError, ValueError):
    """Something outside the program is wrong; the message says what to do about it.

    Shown to the user as it is, without a traceback. Any other exception that escapes is a bug and is reported with the
    log.
    """


class DamagedError(UserError):
    """The database of a project is damaged or missing; a backup can replace it."""


class Cancelled(Exception):  # noqa: N818 - cancellation is a requested outcome, not an error
    """Raised inside a job at its next safe point after its token was cancelled."""


def first_line(error: BaseException) -> str:
    """The first line of an error's text (torch appends paragraphs), or its type."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
