"""Timers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, SignalInstance


def single_shot(parent: QObject, milliseconds: int, then: Callable[..., object] | SignalInstance) -> QTimer:
    """Return a timer that calls `then` once, this long after `start`; a started one starts over."""
    timer = repeating(parent, milliseconds, then)
    timer.setSingleShot(True)
    return timer


def repeating(parent: QObject, milliseconds: int, then: Callable[..., object] | SignalInstance) -> QTimer:
    """Return a timer that calls `then` again and again from `start` to `stop`."""
    timer = QTimer(parent)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
