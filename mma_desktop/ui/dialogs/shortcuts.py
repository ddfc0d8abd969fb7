"""The keys of the window, in one place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mma_desktop.ui.widgets import SPACE, Card, button, heading, hint, set_default

Table = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

SHORTCUTS: Table = (
    (
        "Everywhere",
        (
            ("Ctrl+1 ... Ctrl+4", "Home, Label, Train, Predict"),
            ("Ctrl+N", "New project"),
            ("Ctrl+O", "Open a project"),
            ("Ctrl+W", "Close the project"),
            ("Ctrl+I", "Import a folder"),
            ("Ctrl+Shift+I", "Import files"),
            ("Ctrl+E", "Export the adapter in use"),
            ("Ctrl+V", "On Home and Label: paste pictures into the project"),
            ("Ctrl+Z", "Undo"),
            ("Ctrl+Shift+Z", "Redo"),
            ("Ctrl+,", "Settings"),
            ("F11", "Full screen"),
            ("F1 or ?", "These keys"),
            ("Ctrl+Q", "Quit"),
        ),
    ),
    (
        "Labelling, in the grid or the preview of Label and Predict",
        (
            ("1 ... 9, letters", "Give the selected images the class of that key"),
            ("/", "Label by name: type the beginning, for classes without a key"),
            (".", "Same as last: the class that was set last"),
            ("Return", "Accept the prediction"),
            ("Backspace or U", "Take the label away"),
            ("S", "Skip to the next unlabelled image"),
            ("J and K", "Next and previous image"),
            ("Arrows", "Move; with Shift, select"),
            ("Space", "Big preview"),
            ("+, -, 0", "In the preview: zoom in, zoom out, all of it; Shift and arrows move it"),
            ("Ctrl+A", "Select all images"),
            ("Escape", "Select nothing, or show all images again"),
            ("Ctrl+F", "Search by file name"),
            ("Ctrl+G", "Suggest the next images worth labelling"),
            ("Ctrl+M", "More like the selected images"),
            ("Ctrl+Shift+F", "Find images by words"),
            ("Ctrl+D", "Find near duplicates"),
            ("Ctrl+L", "Find labels that look wrong"),
            ("Delete", "Remove the selected images from the project"),
        ),
    ),
    (
        "Going through suggestions, suspected labels or copies",
        (
            ("Return", "Accept what is proposed for the selected images"),
            ("Ctrl+Return", "Accept all, or keep one copy, and go on"),
            ("Ctrl+Backspace", "Not this class, or: the label is right"),
            ("Ctrl+Shift+Return", "Keep one copy in all groups"),
            ("Alt+Right, Alt+Left", "Next and previous group"),
            ("Escape", "Close the list"),
        ),
    ),
    (
        "Class list",
        (
            ("Alt+Up, Alt+Down", "Move the class"),
            ("Ctrl+Shift+N", "Names and prompts: findings, library"),
            ("Delete", "Delete the class"),
        ),
    ),
    (
        "Train and Predict",
        (
            ("Ctrl+Return", "Start training"),
            ("Ctrl+Shift+M", "Compare methods"),
            ("Return", "Accept the selected predictions as labels"),
            ("Ctrl+V", "Test a picture from the clipboard"),
            ("Ctrl+T", "Test the current image, on Label too"),
            ("S", "Star the selected trainings"),
            ("C", "Compare the selected trainings"),
            ("F2, Delete", "Rename, delete trainings"),
            ("Arrows, Home, End", "Walk through a chart or the confusion matrix; Enter opens a cell"),
        ),
    ),
)


def _native(keys: str) -> str:
    """Keys as this system writes them; what is no key sequence stays as it is."""
    if "..." in keys or " " in keys or "," in keys.removeprefix("Ctrl+,"):
        return keys
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")
    return shown or keys


class ShortcutsDialog(QDialog):
    """Shows the table above."""

    def __init__(self, table: Table = SHORTCUTS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        columns = QHBoxLayout()
        columns.setSpacing(2 * SPACE)
        # The first and the last group are short ones: they share the left side.
        for groups in ((table[0], *table[3:]), table[1:3]):
            side = QVBoxLayout()
            side.setSpacing(2 * SPACE)
            for group in groups:
                side.addWidget(self._card(*group))
            side.addStretch()
            columns.addLayout(side, 1)
        inner = QWidget()
        inner.setObjectName("page")
        inner.setLayout(columns)
        columns.setContentsMargins(0, 0, SPACE, 0)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Keyboard shortcuts")
        self.close_button = button("Close", primary=True)
        self.close_button.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(heading("Keyboard shortcuts", 2))
        column.addWidget(scroll, 1)
        column.addLayout(buttons)
        self.resize(900, 640)
        self.close_button.setFocus()
        set_default(self, self.close_button)

    @staticmethod
    def _card(title: str, keys: tuple[tuple[str, str], ...]) -> QWidget:
        card = Card()
        card.body.addWidget(heading(title, 3))
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE)
        for row, (key, meaning) in enumerate(keys):
            name = QLabel(_native(key))
            font = name.font()
            font.setBold(True)
            name.setFont(font)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(hint(meaning), row, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        card.body.addStretch()
        return card
