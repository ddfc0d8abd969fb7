"""Shows one of several notices at a time, the most important first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt

from mma_desktop.ui.widgets.controls import InfoBar

Ranked = tuple[InfoBar, Mapping[str, int], int]


class OneNotice(QObject):
    """Holds back all bars of a place but one; dismissing it shows the next.

    Each bar has ranks by its severity, and a default one. The lowest rank is shown first; a button on the visible bar
    shows how many wait, and cycles through them.
    """

    def __init__(self, parent: QObject, bars: Sequence[Ranked]) -> None:
        super().__init__(parent)
        self._bars = list(bars)
        self._chosen: InfoBar | None = None
        for bar, _, _ in self._bars:
            bar.shown_or_hidden.connect(partial(self._changed, bar))
            bar.more_button.clicked.connect(partial(self._next, bar))
        self._arrange()

    def put_first(self, bar: InfoBar) -> None:
        """Show one bar regardless of rank, until it or another one changes."""
        self._chosen = bar
        self._arrange()

    def _waiting(self) -> list[InfoBar]:
        wanted = [(ranks.get(bar.severity, rank), bar) for bar, ranks, rank in self._bars if bar.wanted]
        return [bar for _, bar in sorted(wanted, key=lambda pair: pair[0])]

    def _changed(self, bar: InfoBar) -> None:
        if bar.wanted or bar is self._chosen:
            self._chosen = None
        self._arrange()

    def _next(self, bar: InfoBar) -> None:
        waiting = self._waiting()
        if bar in waiting:
            self._chosen = waiting[(waiting.index(bar) + 1) % len(waiting)]
            self._arrange()
            self._chosen.more_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        waiting = self._waiting()
        seen = self._chosen if self._chosen in waiting else next(iter(waiting), None)
        if seen is not None:
            seen.tell_more(len(waiting) - 1)
            seen.hold(False)  # first, so that the keyboard focus finds a place to go
        for bar, _, _ in self._bars:
            if bar is not seen:
                bar.hold(True)
