"""Notifications about finished long jobs while the user works in another window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import JobState
from mma_desktop.core.settings import Settings
from mma_desktop.ui.widgets.timers import single_shot
from mma_desktop.ui.widgets.windows import bring_to_front

TITLE = "mma-desktop"
SETTING = "notify_long_jobs"
SHOWN_MS = 15_000
SAID = {JobState.DONE: later("{job}: done."), JobState.FAILED: later("{job}: failed.")}


class Notifier(QObject):
    """Marks the window in the task bar and, if enabled and the desktop has a tray, shows a message.

    The tray icon exists only as long as its message and never outlives the window; a click raises that.
    """

    message = Signal(str)  # about the finished job, for the status bar, as the window was marked

    def __init__(self, window: QWidget, settings: Settings, tray: type[QSystemTrayIcon] = QSystemTrayIcon) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._tray_class = tray
        self._tray: QSystemTrayIcon | None = None
        self._timer = single_shot(self, SHOWN_MS, self.put_away)
        window.installEventFilter(self)
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.put_away)

    def tell(self, title: str, state: JobState) -> None:
        """Notify when a long job finishes, unless the user cancelled it."""
        if state not in SAID or self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        self.message.emit(tr(SAID[state], job=title))
        if self._settings.get(SETTING) and self._tray_class.isSystemTrayAvailable():
            self._show(title, state)

    def _show(self, title: str, state: JobState) -> None:
        if self._tray is None:
            self._tray = self._tray_class(self._window.windowIcon(), self)
            self._tray.setToolTip(TITLE)  # not the project's name: desktops interpret markup in it
            self._tray.messageClicked.connect(self.raise_window)
            self._tray.activated.connect(self.raise_window)
        failed = state is JobState.FAILED
        kind = QSystemTrayIcon.MessageIcon.Warning if failed else QSystemTrayIcon.MessageIcon.Information
        text = tr(SAID[state], job=title)
        self._tray.show()
        self._tray.showMessage(TITLE, text, kind, SHOWN_MS)
        self._timer.start()

    def raise_window(self) -> None:
        state = self._window.windowState()
        self._window.setWindowState(state & ~Qt.WindowState.WindowMinimized)
        bring_to_front(self._window)
        self.put_away()

    def put_away(self) -> None:
        self._timer.stop()
        if self._tray is not None:
            self._tray.hide()
            self._tray.deleteLater()
            self._tray = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remove the icon when the user returns to or leaves the window."""
        if event.type() in {QEvent.Type.WindowActivate, QEvent.Type.Hide}:
            self.put_away()
        return super().eventFilter(watched, event)
