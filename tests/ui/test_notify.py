"""A long job that ends while another window is in front is told, through the real window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.ui.base.controller import Controller

from .person import Person, close, shown_window


@pytest.fixture
def person(
    controller: Controller, settings: Settings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Person]:
    """Somebody at a window for which every job is a long one."""
    monkeypatch.setattr("mma_desktop.ui.shell.jobs_bar.LONG_SECONDS", 0.0)
    made = Person(shown_window(controller, settings, qtbot), qtbot)
    yield made
    if not made.window.closing.over:
        made.window.activateWindow()
        close(made)
    made.window.deleteLater()
    QApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def other(person: Person, qtbot: QtBot) -> QWidget:
    """Another window in front of ours."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    assert not person.window.isActiveWindow()
    return made


def run(person: Person, work: Callable[[Any], object]) -> None:
    """Run a job that is seen in the status bar before it ends."""
    done: list[bool] = []
    go_on = threading.Event()

    def waiting(token: Any) -> object:
        go_on.wait(60)
        return work(token)

    person.window.controller.bridge.run(
        LaneName.MEDIA, "Copying pictures", waiting, failed=lambda _why: None, finished=lambda: done.append(True)
    )
    person.until(person.window.jobs.isVisible)
    go_on.set()
    person.until(lambda: done)


def fail(_token: object) -> None:
    raise UserError("The disk is full.")


@pytest.mark.usefixtures("other")
def test_the_window_is_marked_and_says_what_is_done(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    marked: list[QWidget] = []
    monkeypatch.setattr(QApplication, "alert", marked.append)
    run(person, lambda _token: None)
    person.until(lambda: person.says("Copying pictures: done."))
    run(person, fail)
    person.until(lambda: person.says("Copying pictures: failed."))
    assert marked == [person.window] * 2


def test_nothing_is_told_to_who_is_looking(person: Person) -> None:
    run(person, lambda _token: None)
    assert not person.says("Copying pictures: done.")


@pytest.mark.usefixtures("other")
def test_a_stopped_job_is_no_news(person: Person) -> None:
    def steps(token: Any) -> Any:
        while True:
            token.checkpoint()

    job = person.window.controller.bridge.run(LaneName.MEDIA, "Copying pictures", steps)
    person.until(person.window.jobs.stop_button.isVisible)
    person.click(person.window.jobs.stop_button)
    person.until(lambda: job.finished and person.window.jobs.isHidden())
    assert not person.says("Copying pictures: ")
