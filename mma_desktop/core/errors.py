"""What can go wrong outside the program, and an outcome that is no error. Standard library only."""

from __future__ import annotations


class UserError(Exception):
    """Something outside the program is not as needed; the message says what to do about it.

    Shown to the person as it is, never with a traceback. Everything else that escapes is a bug of ours and is
    reported with the log.
    """


class Cancelled(Exception):  # noqa: N818 - an outcome the person asked for, not an error
    """Raised inside a job at the next safe point after its cancel token was set."""
