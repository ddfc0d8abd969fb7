"""Dialog with all keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.ui.widgets.controls import (
    SPACE,
    Card,
    bold,
    close_button,
    fill_dialog,
    heading,
    hint,
    in_column,
    in_row,
    scrolled,
)
from mma_desktop.ui.widgets.text_format import as_title, shown_keys

Table = Sequence[tuple[str, Mapping[str, str]]]
"""Groups of shortcuts: a title, then keys mapped to their effect."""

WORDS = frozenset((later("letters"), later("Arrows")))
"""Names for several keys at once."""
_JOINED = ((" or ", later("{first} or {second}")), (" and ", later("{first} and {second}")))

SHORTCUTS: Table = (
    (
        later("Labelling, in the grid or the preview of Label and Use"),
        {
            "1 \u2013 9, letters": later("Give the selected pictures the class of that key"),
            "/": later("Label by name…"),
            "Return": later("Accept"),
            "Backspace or U": later("Remove label"),
            "S": later("Skip to the next unlabelled picture"),
            "J and K": later("Next and previous picture"),
            "Arrows": later("Move; with Shift, select"),
            "Space": later("Big preview; in a spot check, wrong or not"),
            "+, -, Home": later("In the preview: zoom in, zoom out, all of it; Shift and arrows move it"),
            "Escape": later("Select nothing, or leave a list"),
            "Ctrl+F": later("Search file names"),
            "Delete": later("Remove from the project"),
        },
    ),
    (
        later("Questions about single pictures"),
        {
            "Return": later("Yes"),
            "1 \u2013 9, letters": later("It is the class of that key"),
            "/": later("By name…"),
            "S or Right": later("Skip"),
            "Left": later("Back to the answer before"),
            "+, -, Home": later("Zoom in, zoom out, all of it; Shift and arrows move it"),
            "Escape": later("Back to the grid"),
        },
    ),
    (
        later("Groups of pictures"),
        {
            "Return": later("Label the pictures with the name"),
            "0": later("They are none of your classes"),
            "Delete": later("Leave the group for later"),
            "Alt+S": later("Split the group in two; outside the name, S does, too"),
            "Backspace": later("In the pictures: take one out, or back in"),
            "Space": later("Big preview"),
            "Escape": later("Back to the grid"),
        },
    ),
    (
        later("Lists of suggestions, suspected labels or copies"),
        {
            "Return": later("Accept what is proposed for the selected pictures"),
            "Ctrl+Backspace": later("Leave the selected pictures out, or keep their labels"),
            "Escape": later("Close the list"),
        },
    ),
    (
        later("Class list"),
        {
            "Return": later("Label the selected pictures"),
            "F2": later("Rename"),
            "Alt+Up, Alt+Down": later("Move the class"),
            "Delete": later("Delete"),
        },
    ),
    (
        later("Check and Use"),
        {
            "Ctrl+Return": later("Run an experiment"),
            "Return": later("Accept"),
            "Ctrl+V": later("Test a picture from the clipboard"),
            "Delete": later("Delete trainings"),
            "Arrows, Home, End": later("Walk through a chart or the confusion matrix; Enter opens a cell"),
        },
    ),
)


def _spoken(keys: str) -> str:
    for word, sentence in _JOINED:
        first, joined, second = keys.partition(word)
        if joined:
            return tr(sentence, first=_spoken(first), second=_spoken(second))
    for sign in (", ", " \u2013 "):
        if sign in keys:
            return sign.join(_spoken(part) for part in keys.split(sign))
    return tr(keys) if keys in WORDS else shown_keys(keys)


class ShortcutsDialog(QDialog):
    """The keys of the menus, by their titles, and those of pages and lists."""

    def __init__(self, menus: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = as_title(tr("&Keyboard shortcuts"))
        sides = [
            in_column(*(self._card(*group) for group in half), None, spacing=2 * SPACE) for half in (menus, SHORTCUTS)
        ]
        inner = QWidget()
        in_row(*((side, 1) for side in sides), inside=inner, margins=(0, 0, SPACE, 0), spacing=2 * SPACE)
        scroll = scrolled(inner)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll it
        scroll.setAccessibleName(title)
        self.close_button = close_button(self)
        fill_dialog(self, (scroll, 1), title=title, buttons=(None, self.close_button), spacing=2 * SPACE)
        self.resize(900, 640)
        self.close_button.setFocus()

    @staticmethod
    def _card(title: str, keys: Mapping[str, str]) -> QWidget:
        above = heading(tr(title), 3)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE)
        for row, (key, meaning) in enumerate(keys.items()):
            name = QLabel(_spoken(key))
            bold(name)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(hint(as_title(tr(meaning))), row, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnStretch(1, 1)
        return Card(above, grid, None)
