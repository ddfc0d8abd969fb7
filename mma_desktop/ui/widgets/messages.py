"""Messages and findings.

A few messages are kept, one is visible, none is there twice. Those of the window are below the page, as a bar above
would push it away from under the mouse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, Part, button, discard, in_column, in_row, only_informs
from mma_desktop.ui.widgets.text_labels import IconLabel, heading, wrapped

MAX_BARS = 2  # the visible one, and one to go back to: more would have to be dismissed one by one
# The kind of message about the computer, which stays valid whatever project is opened.
STAYS = "stays"


class Messages(QWidget):
    """Message bars: one too many replaces the oldest, and a message replaces an older one of its kind."""

    # What is under the mouse stays until the mouse has left it, so that no click hits what has just come.

    def __init__(self) -> None:
        super().__init__()
        self._bars = [InfoBar(self, passing=True) for _ in range(MAX_BARS)]
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
        hovered = self._hovered()
        if bar is not None and bar is hovered and bar.text != text:
            self._outdated, bar = bar, None
        others = [other for other in self._bars if other is not hovered]
        bar = bar or next((other for other in others if not other.wanted), others[0])
        self._bars.remove(bar)
        self._bars.append(bar)
        self._kinds[bar] = kind
        bar.show_message(text, severity, action_text, on_action)

    def dismiss_kind(self, kind: str) -> None:
        self._dismiss(lambda bar: self._kinds.get(bar) == kind)

    def leave_page(self) -> None:
        self._dismiss(lambda bar: bar.passes)

    def clear(self) -> None:
        self._dismiss(lambda bar: self._kinds.get(bar) != STAYS)

    def _dismiss(self, outdated: Callable[[InfoBar], bool]) -> None:
        for bar in filter(outdated, self.bars):
            bar.dismiss()

    def _hovered(self) -> InfoBar | None:
        return next((bar for bar in self.bars if bar.isVisible() and bar.underMouse()), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            QTimer.singleShot(0, self, self._mouse_left)
        return super().eventFilter(watched, event)

    def _mouse_left(self) -> None:
        outdated, hovered = self._outdated, self._hovered()
        if outdated is not None and outdated is not hovered:
            self._outdated = None
            outdated.dismiss()
        self._arrange()

    def _arrange(self) -> None:
        # The newest is shown first, so that the keyboard focus finds a place to go.
        waiting, hovered = self.bars, self._hovered()
        self.setVisible(bool(waiting))
        for bar in reversed(waiting):
            bar.setVisible(bar is (hovered or waiting[-1]))


MARKS = {
    "good": ("check", "good"),
    "note": ("info", "accent"),
    "warn": ("warning", "warn"),
    "block": ("error", "bad"),
    "wait": ("refresh", "dim"),
}
SPOKEN = {"note": later("Note"), "warn": later("Warning"), "block": later("Fix this first"), "wait": later("Wait")}
Fix = tuple[str, Callable[[], object]] | tuple[str, Callable[[], object], str]
"""The text of a button, what it does, and its name for screen readers if the text alone does not say it."""


class Check(NamedTuple):
    """A sentence of a kind of `MARKS`, buttons with their texts and what they do, and a title, if it takes one."""

    kind: str
    text: str
    fixes: tuple[Fix, ...] = ()
    title: str = ""


class CheckItem(QFrame):
    def __init__(self, check: Check) -> None:
        super().__init__()
        self.kind, self.text, fixes, title = check
        mark, role = MARKS[self.kind]
        spoken = [tr(SPOKEN[self.kind])] if self.kind in SPOKEN else []
        self.setAccessibleName(": ".join([*spoken, *filter(None, (title, self.text))]))
        self.buttons = []
        for label, fix, *spoken in fixes:
            self.buttons.append(button(label, clicked=lambda _on, fix=fix: fix()))
            self.buttons[-1].setAccessibleName("".join(spoken))
        head = heading(title, 3)
        row = in_row(*self.buttons, None, spacing=6)
        parts: tuple[Part, ...] = (*((head,) if title else ()), wrapped(self.text), *((row,) if fixes else ()))
        words = in_column(*parts, spacing=4)
        image = IconLabel(mark, 18, role)
        in_row((image, 0, Qt.AlignmentFlag.AlignTop), (words, 1), inside=self, margins=0, spacing=8)


class Checklist(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.items: list[CheckItem] = []
        self._shown: list[tuple[str, str, int]] = []
        self._layout = in_column(inside=self, margins=(0, 0, 6, 0), spacing=10)
        self.setAccessibleName(name)

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show these; the same ones stay as they are, with their keyboard focus."""
        shown = [(check.kind, f"{check.title} {check.text}", len(check.fixes)) for check in checks]
        if shown == self._shown:
            return
        self._shown = shown
        for item in self.items:
            discard(item)
        self.items = list(map(CheckItem, checks))
        for item in self.items:
            self._layout.addWidget(item)
