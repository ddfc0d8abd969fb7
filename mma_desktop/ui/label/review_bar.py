"""Bar above the grid for a list under review: headline, advice, buttons, previous and next, close."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QSizePolicy,
)

from mma_desktop.core.i18n import tr
from mma_desktop.ui.grid.review import ReviewButtons
from mma_desktop.ui.widgets.controls import SPACE, Flow, IconLabel, bold, button, hint, in_column, in_row, say, tool
from mma_desktop.ui.widgets.text_format import with_keys

KEYS = {"reject": "Ctrl+Backspace", "every": "Ctrl+Shift+Return", "previous": "Alt+Left", "next": "Alt+Right"}


class ReviewBar(QFrame):
    """Shows the state of a review and its buttons; hidden without one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("infobar")
        self.setProperty("severity", "info")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._title = QLabel()
        self._title.setWordWrap(True)
        bold(self._title)
        self._advice = hint("")
        self.close_button = tool("close", tr("Close the list"), "Escape")
        self.previous_button = tool("left", tr("Previous picture"), KEYS["previous"])
        self.next_button = tool("right", tr("Next picture"), KEYS["next"])
        self.accept_button = button("", "check", primary=True)
        self.reject_button = button("", "right")
        self.ask_button = button("", "help")
        self.newer_button = button(tr("Show newer suggestions"), "star")
        self.newer_button.hide()
        self.every_button = button("", "copy")
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        texts = in_column(self._title, self._advice, spacing=2)
        top = in_row(IconLabel("eye", 18, "accent"), (texts, 1), spacing=SPACE + 2)
        for arrow in (self.previous_button, self.next_button, self.close_button):
            top.addWidget(arrow, 0, Qt.AlignmentFlag.AlignTop)
        rest = (self.newer_button, self.ask_button)
        self._deeds = Flow(self.accept_button, self.reject_button, self.every_button, *rest)
        below = in_row((self._deeds, 1), margins=(28, 0, 0, 0))
        in_column(top, below, inside=self, margins=(SPACE + 4, 6, 6, 6), spacing=6)
        # A click keeps the keyboard focus in the grid, where the class keys work; Tab still reaches these.
        for widget in (self.accept_button, *self.buttons(), self.close_button, *rest):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _connect(self) -> None:
        for target, keys in zip(self.buttons(), KEYS.values(), strict=True):
            QShortcut(QKeySequence(keys), target).activated.connect(target.click)

    def buttons(self) -> tuple[QAbstractButton, ...]:
        """Return those with a key of their own, in the order of `KEYS`; Enter in the grid accepts."""
        return (self.reject_button, self.every_button, self.previous_button, self.next_button)

    @property
    def text(self) -> str:
        return self._title.text()

    @property
    def advice(self) -> str:
        return self._advice.text()

    def show_texts(self, title: str, advice: str) -> None:
        self._title.setText(title)
        say(self._advice, advice)
        self.setAccessibleName(f"{title}. {advice}")
        self.show()

    def show_buttons(self, buttons: ReviewButtons, several: bool) -> None:
        texts = (
            (self.accept_button, buttons.accept, "Return"),
            (self.reject_button, buttons.reject, KEYS["reject"]),
            (self.ask_button, buttons.ask, ""),
            (self.every_button, buttons.every, KEYS["every"]),
        )
        for item, text, keys in texts:
            say(item, text)
            item.setToolTip(with_keys(text, keys) if keys else "")
        if buttons.accept_tip:
            self.accept_button.setToolTip(with_keys(buttons.accept_tip, "Return"))
        for arrow in (self.previous_button, self.next_button):
            arrow.setVisible(several)
        self._deeds.place()

    def offer_newer(self, newer: bool) -> None:
        self.newer_button.setVisible(newer)
        self._deeds.place()

    def enable(self, *, accept: bool, reject: bool, every: bool, back: bool, on: bool) -> None:
        self.accept_button.setEnabled(accept)
        for item, possible in zip(self.buttons(), (reject, every, back, on), strict=True):
            item.setEnabled(possible)
