"""Count the calls of the program's functions, on all threads."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from types import FrameType

PACKAGE = "mma_desktop."


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """How often each function is called meanwhile, as "module.name" or "module.Class.name"; not generators."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        module = frame.f_globals.get("__name__", "")
        if event == "call" and not code.co_flags & CO_GENERATOR and module.startswith(PACKAGE):
            calls[f"{module.rpartition('.')[2]}.{code.co_qualname}"] += 1

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
