"""A long job that ends while another window is in front is told, through the real window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.jobs_bar import SETTING, Notifier
from mma_desktop.ui.shell.main_window import MainWindow

from .person import Person, close, shown_window


class Tray(QSystemTrayIcon):
    """A tray icon on a desktop that has a tray; it keeps what it is told to show."""

    messages: ClassVar[list[tuple[str, str]]] = []
    shown: ClassVar[list[Tray]] = []

    @staticmethod
    def isSystemTrayAvailable() -> bool:  # noqa: N802 - Qt's own name
        """There is one."""
        return True

    def show(self) -> None:
        """Noted; the offscreen platform shows nothing."""
        self.shown.append(self)

    def hide(self) -> None:
        """Noted."""
        if self in self.shown:
            self.shown.remove(self)

    def showMessage(self, title: str, text: str, *_more: Any) -> None:  # type: ignore[override]  # noqa: N802 - Qt's own name
        """Noted."""
        self.messages.append((title, text))


@pytest.fixture
def person(
    controller: Controller, settings: Settings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Person]:
    """Somebody at a window for which every job is a long one."""
    monkeypatch.setattr("mma_desktop.ui.shell.jobs_bar.LONG_SECONDS", 0.0)
    Tray.messages.clear()
    Tray.shown.clear()
    made = Person(shown_window(controller, settings, qtbot), qtbot)
    yield made
    if not made.window.closing.over:
        made.window.activateWindow()
        close(made)
    made.window.deleteLater()
    QApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete.value)
    assert not Tray.shown, "no icon is left behind"


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


def with_tray(window: MainWindow, settings: Settings) -> Notifier:
    window.jobs.long_job_done.disconnect(window.notifier.tell)
    made = Notifier(window, settings, Tray)
    window.jobs.long_job_done.connect(made.tell)
    return made


def fail(_token: object) -> None:
    raise UserError("The disk is full.")


@pytest.mark.usefixtures("other")
def test_without_a_tray_the_window_is_marked_and_says_what_is_done(person: Person, qtbot: QtBot) -> None:
    assert not QSystemTrayIcon.isSystemTrayAvailable()
    with qtbot.waitSignal(person.window.notifier.message) as told:
        run(person, lambda _token: None)
    assert told.args == ["Copying pictures: done."]
    assert person.says("Copying pictures: done.")
    with qtbot.waitSignal(person.window.notifier.message) as told:
        run(person, fail)
    assert told.args == ["Copying pictures: failed."]


def test_nothing_is_told_to_who_is_looking(person: Person, qtbot: QtBot, settings: Settings) -> None:
    notifier = with_tray(person.window, settings)
    with qtbot.assertNotEmitted(notifier.message):
        run(person, lambda _token: None)
    assert Tray.messages == []


@pytest.mark.usefixtures("other")
def test_a_stopped_job_is_no_news(person: Person, qtbot: QtBot) -> None:
    def steps(token: Any) -> Any:
        while True:
            token.raise_if_cancelled()
            yield None

    job = person.window.controller.bridge.run(LaneName.MEDIA, "Copying pictures", steps)
    person.until(person.window.jobs.stop_button.isVisible)
    with qtbot.assertNotEmitted(person.window.notifier.message):
        person.click(person.window.jobs.stop_button)
        person.until(lambda: job.finished and person.window.jobs.isHidden())


def test_a_click_on_the_message_raises_the_window(person: Person, settings: Settings, other: QWidget) -> None:
    with_tray(person.window, settings)
    person.window.showMinimized()
    other.activateWindow()
    person.until(other.isActiveWindow)
    run(person, lambda _token: None)
    assert Tray.messages == [("mma-desktop", "Copying pictures: done.")]
    assert len(Tray.shown) == 1
    Tray.shown[0].messageClicked.emit()
    person.until(person.window.isActiveWindow)
    assert not person.window.isMinimized()
    assert Tray.shown == []


@pytest.mark.usefixtures("other")
def test_an_icon_goes_with_the_window(person: Person, settings: Settings, qtbot: QtBot) -> None:
    with_tray(person.window, settings)
    run(person, fail)
    assert Tray.messages == [("mma-desktop", "Copying pictures: failed.")]
    with qtbot.waitSignal(person.window.closed):
        person.window.close()
    assert Tray.shown == []


def test_the_setting_turns_messages_off(
    person: Person, controller: Controller, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> None:
    open_project(controller)
    window, settings = person.window, person.window.settings
    notifier = with_tray(window, settings)
    window.menus.settings.trigger()
    box = next(one for one in window.findChildren(QCheckBox) if one.accessibleName() == "Notify when a long job ends")
    assert box.isChecked()
    box.click()
    assert settings.get(SETTING) is False
    assert QApplication.activeModalWidget() is not None
    QApplication.activeModalWidget().close()
    front = QWidget()
    qtbot.addWidget(front)
    front.show()
    front.activateWindow()
    qtbot.waitUntil(front.isActiveWindow)
    with qtbot.waitSignal(notifier.message):
        run(person, lambda _token: None)
    assert Tray.messages == []
