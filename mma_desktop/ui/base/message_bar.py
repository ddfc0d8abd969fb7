"""Messages for the user: a few, one of them visible, no duplicates.

Purely informative ones disappear after a while and on a page change. Those of the window are below the page, as a bar
above would push it away from under the mouse.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from mma_desktop.ui.widgets.controls import SPACE, InfoBar, in_column, only_informs

MOST = 2
STAYS = "stays"
"""The kind of message about the computer, which stays valid whatever project is opened."""


class Messages(QWidget):
    """Message bars: one too many replaces the oldest, and a message replaces an older one of its kind.

    The newest is visible until it is dismissed, then the one before it. What is under the mouse stays as it is until
    the mouse has left it, so that no click hits what has just come.
    """

    def __init__(self) -> None:
        super().__init__()
        self._bars = [InfoBar(self, passing=True) for _ in range(MOST)]
        self._kinds: dict[InfoBar, str] = {}
        self._outdated: InfoBar | None = None  # a newer message waits for the mouse to leave it
        in_column(*self._bars, inside=self, margins=(SPACE, 0, SPACE, SPACE))
        for bar in self._bars:
            bar.shown_or_hidden.connect(self._arrange)
            bar.installEventFilter(self)
        self._arrange()

    @property
    def bars(self) -> list[InfoBar]:
        """The bars in use, oldest first."""
        return [bar for bar in self._bars if bar.wanted]

    def show_message(
        self,
        text: str,
        severity: str = "info",
        action_text: str = "",
        on_action: Callable[[], None] | None = None,
        kind: str = "",
    ) -> None:
        """See `InfoBar.show_message`. Replaces a message of the same kind, and informative by informative ones."""
        bar = next((bar for bar in self.bars if bar.text == text or (kind and self._kinds.get(bar) == kind)), None)
        if bar is None and only_informs(severity, action_text):
            bar = next((bar for bar in self.bars if bar.passes), None)
        held = self._held()
        if bar is not None and bar is held and bar.text != text:
            self._outdated, bar = bar, None
        others = [other for other in self._bars if other is not held]
        bar = bar or next((other for other in others if not other.wanted), others[0])
        self._bars.remove(bar)
        self._bars.append(bar)
        self._kinds[bar] = kind
        bar.show_message(text, severity, action_text, on_action)

    def dismiss_kind(self, kind: str) -> None:
        for bar in self.bars:
            if self._kinds.get(bar) == kind:
                bar.dismiss()

    def leave_page(self) -> None:
        """Hide informative messages, as another page is shown."""
        for bar in self.bars:
            if bar.passes:
                bar.dismiss()

    def clear(self) -> None:
        """Hide all messages except those that stay until the user closes them."""
        for bar in self.bars:
            if self._kinds.get(bar) != STAYS:
                bar.dismiss()

    def _held(self) -> InfoBar | None:
        """Return the message that is under the mouse."""
        return next((bar for bar in self.bars if bar.isVisible() and bar.underMouse()), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            QTimer.singleShot(0, self, self._released)
        return super().eventFilter(watched, event)

    def _released(self) -> None:
        outdated, held = self._outdated, self._held()
        if outdated is not None and outdated is not held:
            self._outdated = None
            outdated.dismiss()
        self._arrange()

    def _arrange(self) -> None:
        """Show the newest first, so that the keyboard focus finds a place to go, and hide the others."""
        waiting, held = self.bars, self._held()
        self.setVisible(bool(waiting))
        for bar in reversed(waiting):
            bar.setVisible(bar is (held or waiting[-1]))
