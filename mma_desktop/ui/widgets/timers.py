"""Timers of views."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, SignalInstance


def single_shot(parent: QObject, milliseconds: int, then: Callable[..., object] | SignalInstance) -> QTimer:
    """Return a timer that calls `then` once, this long after `start`; a started one starts over."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
