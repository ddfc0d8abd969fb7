"""Sentences for the person below the page: at most two, of which the newest is seen, the same sentence once.

What only informs goes by itself after a while and with the page. Below, for what is above the page pushes it away from
under the mouse.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mma_desktop.ui.widgets.controls import SPACE, InfoBar, only_informs
from mma_desktop.ui.widgets.notice_stack import OneNotice

MOST = 2
STAYS = "stays"
"""The kind of what is true of the machine, whatever project is opened."""


class Messages(QWidget):
    """Information bars; the oldest gives way to a third, and a message to a newer one of its kind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE, 0, SPACE, SPACE)
        self._bars = [InfoBar(self, passing=True) for _ in range(MOST)]
        self._kinds: dict[InfoBar, str] = {}
        for bar in self._bars:
            self._column.addWidget(bar)
            bar.shown_or_hidden.connect(self._fit)
        self._seen = OneNotice(self, [(bar, {}, 0) for bar in self._bars])
        self._fit()

    @property
    def bars(self) -> list[InfoBar]:
        """The bars that have something to say, oldest first; the last one is seen."""
        return [bar for bar in self._bars if bar.wanted]

    def show_message(
        self,
        text: str,
        severity: str = "info",
        action_text: str = "",
        on_action: Callable[[], None] | None = None,
        kind: str = "",
    ) -> None:
        """See `InfoBar.show_message`. A message of its kind is replaced, and what only informs by what does so."""
        bar = next((bar for bar in self.bars if bar.text == text or (kind and self._kinds.get(bar) == kind)), None)
        if bar is None and only_informs(severity, action_text):
            bar = next((bar for bar in self.bars if bar.passes), None)
        bar = bar or next((bar for bar in self._bars if not bar.wanted), self._bars[0])
        self._bars.remove(bar)
        self._bars.append(bar)
        self._kinds[bar] = kind
        bar.show_message(text, severity, action_text, on_action)
        self._seen.put_first(bar)

    def dismiss_kind(self, kind: str) -> None:
        """Hide the message of this kind: it is not true any more."""
        for bar in self.bars:
            if self._kinds.get(bar) == kind:
                bar.dismiss()

    def leave_page(self) -> None:
        """Hide what only informs: another page is shown."""
        for bar in self.bars:
            if bar.passes:
                bar.dismiss()

    def clear(self) -> None:
        """Hide all that does not stay until the person closes it."""
        for bar in self.bars:
            if self._kinds.get(bar) != STAYS:
                bar.dismiss()

    def _fit(self) -> None:
        self.setVisible(bool(self.bars))
