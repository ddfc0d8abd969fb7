"""Python's cyclic garbage is collected on the main thread only.

The interpreter collects on whatever thread happens to allocate. In a program with worker threads that may be a lane,
and what it finds may be a window that was closed a moment ago: Qt's objects must not be destroyed on another thread
than their own. So the automatic collection is switched off, and a timer of the main thread does the same work by the
same thresholds.
"""

from __future__ import annotations

import gc
import logging

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)
LOOK_MS = 100  # seldom means a heap of young objects at once: 50 ms instead of 2


class GarbageCollector(QObject):
    """Takes over the collection of cyclic garbage while it lives.

    Args:
        parent: The owner, on the main thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Switch the automatic collection off and look after it from here."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give the collection back to the interpreter."""
        self._timer.stop()
        gc.enable()

    def look(self) -> None:
        """Collect the oldest generation that is due, as the interpreter would have done."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def settle(self) -> None:
        """Leave out of all later collections what is there now: modules that stay, a hundred thousand objects."""
        gc.collect()
        gc.freeze()
        log.debug("%d objects are left out of collections", gc.get_freeze_count())
