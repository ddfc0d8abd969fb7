"""Navigation bar on the left with one button per page."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton

from mma_desktop.core.i18n import tr
from mma_desktop.ui.widgets import icons
from mma_desktop.ui.widgets.controls import SPACE, in_column
from mma_desktop.ui.widgets.text_format import NATIVE, shown_keys

PAGES = ("home", "label", "train", "predict")
"""The pages, which are also the names of their icons."""
WIDTH = 84


def page_title(page: str) -> str:
    """Return the title of a page."""
    titles = {
        "home": tr("Home", "page"),
        "label": tr("Label", "page"),
        "train": tr("Results", "page"),
        "predict": tr("Predict", "page"),
    }
    return titles[page]


class Pages(Protocol):
    """Interface of the window for switching between pages."""

    pages: dict[str, Any]
    current_page: str

    def show_page(self, name: str) -> None:
        """Show a page if it is available."""


class Rail(QFrame):
    """Page buttons above, settings and help below.

    Signals:
        chosen: The name of a page.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName(tr("Pages"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._column = in_column(inside=self, margins=(5, SPACE, 5, SPACE), spacing=4)
        for number, name in enumerate(PAGES, 1):
            made = self._button(page_title(name), name)
            made.setCheckable(True)
            made.setToolTip(self._tip(number, name))
            made.setAccessibleName(page_title(name))
            made.clicked.connect(lambda _on=False, name=name: self.chosen.emit(name))
            self._group.addButton(made)
            self._column.addWidget(made)
            self.buttons[name] = made
        self._column.addStretch()

    def sizeHint(self) -> QSize:
        """Fit the fixed width to the texts, which are longer in some languages."""
        hint = super().sizeHint()
        return QSize(max(WIDTH, hint.width()), hint.height())

    @staticmethod
    def _tip(number: int, name: str) -> str:
        return f"{page_title(name)} ({shown_keys(f'Ctrl+{number}')})"

    @staticmethod
    def _button(title: str, icon_name: str) -> QToolButton:
        made = QToolButton()
        made.setText(title)
        made.setIcon(icons.icon(icon_name))
        made.setIconSize(QSize(24, 24))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made

    def add_action(self, action: QAction, title: str) -> None:
        made = self._button(title, "settings")
        made.setIcon(action.icon())
        made.setAccessibleName(title)
        made.setToolTip(f"{title} ({action.shortcut().toString(NATIVE)})")
        made.clicked.connect(action.trigger)
        self._column.addWidget(made)

    def show_page(self, name: str) -> None:
        self.buttons[name].setChecked(True)

    def set_project_open(self, is_open: bool) -> None:
        for number, name in enumerate(PAGES, 1):
            if name != "home":
                self.buttons[name].setEnabled(is_open)
                tip = self._tip(number, name) if is_open else tr("{page}: open a project first", page=page_title(name))
                self.buttons[name].setToolTip(tip)
