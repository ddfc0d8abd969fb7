"""Runs Python's cyclic garbage collection on the main thread only.

The interpreter collects on whatever thread allocates. With worker threads that may be a lane, and the garbage may
include a window that was just closed: but Qt objects must be destroyed on their own thread. So the automatic collection
is switched off, and a timer on the main thread does the same with the same thresholds.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject

from mma_desktop.ui.widgets.timers import repeating

LOOK_MS = 100  # longer intervals let young objects pile up: 50 ms instead of 2 per collection


class GarbageCollector(QObject):
    """Takes over the cyclic garbage collection while it exists."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = repeating(self, LOOK_MS, self.look)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def hold(self) -> None:
        """Collect nothing until `settle` or `resume`: a large import makes many objects, which nearly all stay."""
        self._timer.stop()

    def resume(self) -> None:
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest due generation, as the interpreter would."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def settle(self) -> None:
        """Exclude everything present from later collections: hundreds of thousands of objects of modules that stay.

        They are not searched for garbage before: that stops the window for 0.1 to 0.2 s, to find less than 1 MB.
        """
        gc.freeze()
        self.resume()
