"""Qt objects end on the main thread, and what is gone hears nothing."""

from __future__ import annotations

import gc
import re
import threading
import weakref
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken, delete

from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell import application
from mma_desktop.ui.shell.application import GarbageCollector
from mma_desktop.ui.shell.main_window import MainWindow
from mma_desktop.ui.shell.navigation import ENTRIES


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

    def ask(self, bridge: Bridge, release: threading.Event) -> None:
        def answer(_found: object) -> None:
            self.heard.append("answer")

        bridge.run(
            LaneName.VIEW,
            "ask",
            lambda _token: release.wait(10),
            done=answer,
            finished=lambda: self.heard.append("finished"),
        )


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
    garbage.start()
    worked: list[list[str]] = []
    bridge.run(LaneName.MEDIA, "allocate", lambda _token: allocate(worked))
    qtbot.waitUntil(lambda: bool(worked))
    assert worked[0] == ["mma-media"]
    qtbot.waitUntil(lambda: bool(ended_on), timeout=20_000)
    assert ended_on == ["MainThread"]
    assert not gc.isenabled()
    garbage.pause()


def test_what_is_settled_is_left_out_of_collections(garbage: GarbageCollector) -> None:
    gc.collect()
    before, kept = gc.get_freeze_count(), [Ring() for _ in range(10_000)]
    try:
        garbage.freeze()
        assert gc.get_freeze_count() > before + len(kept)
    finally:
        open_rings(map(weakref.ref, kept))
        garbage.pause()


def open_rings(rings: Iterable[weakref.ref[Ring]]) -> None:
    """Let go of what no collection will find."""
    for ring in rings:
        if (found := ring()) is not None:
            del found.itself


@pytest.mark.parametrize("settled", [False, True])
def test_nothing_is_collected_while_it_is_held(settled: bool, garbage: GarbageCollector, qtbot: QtBot) -> None:
    """Afterwards it is; what was there when it settled is not."""
    kept: list[list[str]] = []
    ended: list[str] = []
    rings: list[weakref.ref[Ring]] = []

    def leave(name: str) -> None:
        ring = Ring()
        weakref.finalize(ring, ended.append, name)
        rings.append(weakref.ref(ring))
        del ring
        allocate(kept)

    gc.collect()
    garbage.start()
    garbage.pause()
    leave("held")
    qtbot.wait(3 * application.CHECK_MS)
    assert not ended
    try:
        if settled:
            garbage.freeze()
        else:
            garbage.resume()
        leave("later")
        qtbot.waitUntil(lambda: "later" in ended, timeout=20_000)
        assert ("held" in ended) is not settled
    finally:
        open_rings(rings)
        garbage.pause()


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


def test_a_function_that_a_deleted_object_gave_hears_nothing(bridge: Bridge, qtbot: QtBot) -> None:
    listener, other = Listener(), Listener()
    release = threading.Event()
    for one in (listener, other):
        one.ask(bridge, release)
    delete(listener)
    release.set()
    qtbot.waitUntil(lambda: other.heard == ["answer", "finished"])
    assert listener.heard == []


def test_no_screen_is_asked_of_a_window() -> None:
    """The collector would end the screen with the window, and the next window would be a segmentation fault.

    PySide6 makes what `QWidget.screen()` returns a child of the widget; a collection that meets the screen before the
    window takes the child away from its parent, owns it, and deletes it. What `QGuiApplication` returns is nobody's.
    """
    sources = Path(application.__file__).parent.rglob("*.py")
    asked = [path.name for path in sources if re.search(r"\.screen\(\)(?!`)", path.read_text("utf-8"))]
    assert asked == []


def test_the_screen_outlives_the_windows(controller: Controller, settings: Settings, qtbot: QtBot) -> None:
    for _ in range(2):
        screen = QGuiApplication.primaryScreen()  # before the window, so that the collector meets it first
        window = MainWindow(controller, settings)
        del screen, window
        gc.collect()
    assert [one.name() for one in QGuiApplication.screens()] == [QGuiApplication.primaryScreen().name()]


def test_no_layout_item_outlives_its_place(
    controller: Controller, settings: Settings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stale item is what Python gets for the next object at its address, a viewport for example.

    PySide6 wraps what a layout holds when it is nested in another, and does not see an item end when its widget is
    placed anew. So a layout whose widgets move is nested first and filled then.
    """
    window = MainWindow(controller, settings)
    qtbot.addWidget(window)
    assert all(window.pages[entry.name] for entry in ENTRIES)
    items = [one for one in Shiboken.getAllValidWrappers() if isinstance(one, QWidgetItem)]
    wrapped = {one.widget() for one in items}
    moved = set()
    place = QGridLayout.addWidget

    def placed(layout: QGridLayout, widget: QWidget, *where: int) -> None:
        if layout.indexOf(widget) >= 0:
            moved.add(widget)
        place(layout, widget, *where)

    monkeypatch.setattr(QGridLayout, "addWidget", placed)
    window.show()
    for page in window.pages.values():
        window.stack.setCurrentWidget(page)  # no project is open, so the rail would stay at Home
        for width, height in ((1280, 800), (760, 520), (1920, 1080)):
            window.resize(width, height)
            qtbot.wait(1)
    assert moved
    assert not moved & wrapped
