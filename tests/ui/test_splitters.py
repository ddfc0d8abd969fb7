"""What comes back after a restart of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QSplitter
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.main_window import MainWindow

from .person import WAIT, shown_window


def splitter_of(window: MainWindow, name: str) -> QSplitter:
    found: QSplitter = window.pages[name].splitter
    return found


def test_the_splitters_of_every_page_come_back(
    controller: Controller,
    settings: Settings,
    open_project: Callable[[Controller], ProjectContext],
    qtbot: QtBot,
) -> None:
    window = shown_window(controller, settings, qtbot)
    open_project(controller)
    window.resize(1500, 700)
    for name in ("label", "use"):
        window.show_page(name)
        splitter = splitter_of(window, name)
        former = splitter.sizes()
        splitter.setSizes([former[0] + 90, *former[1:-1], former[-1] + 60])
        assert splitter.sizes() != former
    before = {name: splitter_of(window, name).sizes() for name in ("label", "use")}
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close()
    window.deleteLater()
    again = MainWindow(controller, Settings(settings.path.parent))
    qtbot.addWidget(again)
    again.show()
    again.resize(1500, 700)
    open_project(controller, "second")  # type: ignore[call-arg]
    for name, sizes in before.items():
        again.show_page(name)
        assert splitter_of(again, name).sizes() == sizes, name
    again.closing.over = True
