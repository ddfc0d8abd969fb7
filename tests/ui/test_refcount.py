"""PySide6 6.12 on Python 3.11 loses a reference to None at each emit and ends the interpreter; ours must not."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal


class _Sender(QObject):
    plain = Signal()
    loaded = Signal(object)


def _take(_value: object = None) -> None:
    return None


def test_emits_lose_no_reference(qapp: object) -> None:
    sender = _Sender()
    sender.plain.connect(_take)
    sender.loaded.connect(_take)
    sender.plain.emit()
    before = sys.getrefcount(None)
    for _ in range(1_000):
        sender.plain.emit()
        sender.loaded.emit(None)
    assert abs(sys.getrefcount(None) - before) < 100
