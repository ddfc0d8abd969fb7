"""Qt objects end on the main thread, and what is gone hears nothing."""

from __future__ import annotations

import gc
import threading
import weakref
from functools import partial

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from mma_desktop.jobs import LaneName
from mma_desktop.ui.bridge import Bridge
from mma_desktop.ui.garbage import GarbageCollector


class Ring(QObject):
    """Refers to itself, so that only the collector ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self
        self.timer = QTimer(self)


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def take(self, what: str, found: object) -> None:
        self.heard.append((what, found))


def allocate(kept: list[list[str]]) -> None:
    """Allocate, and keep, enough for many collections."""
    kept.extend([threading.current_thread().name] for _ in range(20 * gc.get_threshold()[0]))


def test_a_lane_that_allocates_collects_nothing_and_the_main_thread_does(
    bridge: Bridge, garbage: GarbageCollector, qtbot: QtBot
) -> None:
    gc.collect()
    ended_on: list[str] = []
    ring = Ring()
    weakref.finalize(ring, lambda: ended_on.append(threading.current_thread().name))
    del ring
    worked: list[list[str]] = []
    bridge.run(LaneName.MEDIA, "allocate", lambda _token: allocate(worked))
    qtbot.waitUntil(lambda: bool(worked))
    assert worked[0] == ["mma-media"]
    qtbot.waitUntil(lambda: bool(ended_on), timeout=20_000)
    assert ended_on == ["MainThread"]
    assert not gc.isenabled()


def test_collection_is_given_back_when_stopped(garbage: GarbageCollector) -> None:
    try:
        garbage.stop()
        assert gc.isenabled()
    finally:
        garbage.start()
    assert not gc.isenabled()


def test_what_is_settled_is_left_out_of_collections(garbage: GarbageCollector) -> None:
    try:
        garbage.settle()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_an_answer_to_a_deleted_object_is_dropped(bridge: Bridge, qtbot: QtBot) -> None:
    listener, other = Listener(), Listener()
    release = threading.Event()
    for one in (listener, other):
        bridge.run(
            LaneName.VIEW,
            "ask",
            lambda _token: release.wait(10),
            done=partial(one.take, "done"),
            finished=partial(one.take, "finished", None),
        )
    delete(listener)
    release.set()
    qtbot.waitUntil(lambda: len(other.heard) == 2)
    assert listener.heard == []
