"""The Help menu: the offline guide, from the Markdown pages in `resources/guide`, and all keyboard shortcuts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QListWidget, QSplitter, QTextBrowser, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import resource
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.controls import SPACE, Card, close_button, fill_dialog, in_column, in_row, scrolled
from mma_desktop.ui.widgets.text_format import action_title, shown_keys
from mma_desktop.ui.widgets.text_labels import bold, heading, hint

Table = Sequence[tuple[str, Mapping[str, str]]]
"""Groups of shortcuts: a title, then keys mapped to their effect."""

# Names for several keys at once.
WORDS = frozenset((later("letters"), later("Arrows")))
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
            "Space": later("Big preview; in a spot check, wrong or not"),
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
        title = action_title(tr("&Keyboard shortcuts"))
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
            grid.addWidget(hint(action_title(tr(meaning))), row, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnStretch(1, 1)
        return Card(above, grid, None)


# The pages in order: file name without suffix, and title in the list.
PAGES = {
    "index": later("Overview"),
    "labelling": later("Labelling and training"),
    "command-line": later("Command line"),
    "formats": later("Formats"),
    "python": later("Python"),
    "methods": later("Methods and figures"),
    "performance": later("Performance"),
    "files": later("Files and safety"),
}

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_LIST_WIDTH = 200  # the longest title of a page
_SIZE = (1100, 760)  # lines of the guide read well at the width that this leaves, and 1280x800 holds it
_LINE_HEIGHT = 125  # percent


def anchor(title: str) -> str:
    """Return a heading's anchor, as generated by mkdocs and git hosts."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())


class GuideWindow(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        # A plain window can go behind the main window; a dialog would always stay in front.
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(action_title(tr("&Guide")))
        self._folder = resource("guide")
        self.page = ""
        self.list = QListWidget()
        self.list.ensurePolished()  # before it measures its rows
        self.list.setAccessibleName(tr("Pages"))
        self.list.addItems(list(map(tr, PAGES.values())))
        self.browser = QTextBrowser()
        self.browser.setAccessibleName(self.windowTitle())
        self.browser.setOpenLinks(False)
        self.browser.document().setBaseUrl(QUrl.fromLocalFile(f"{self._folder}/"))
        self.browser.document().setDocumentMargin(3 * SPACE)
        self.browser.document().setIndentWidth(3 * SPACE)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.list)
        splitter.addWidget(self.browser)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, _SIZE[0] - _LIST_WIDTH])
        in_column(splitter, inside=self)
        self.resize(*_SIZE)
        self.list.currentRowChanged.connect(lambda row: self.show_page(list(PAGES)[row]))
        self.browser.anchorClicked.connect(self.follow)
        theme.watcher().changed.connect(self._show_again)
        self.list.setCurrentRow(0)

    def follow(self, url: QUrl) -> None:
        if url.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(url)
            return
        name = url.path().rpartition("/")[2].removesuffix(".md") or self.page
        if name in PAGES:
            self.show_page(name, url.fragment())

    def show_page(self, name: str, fragment: str = "") -> None:
        if name != self.page:
            self.page = name
            self.list.setCurrentRow(list(PAGES).index(name))
            self._load()
        headings = (block for block in _blocks(self.browser.document()) if block.blockFormat().headingLevel())
        heading = next((block for block in headings if fragment and anchor(block.text()) == fragment), None)
        if heading is None:
            self.browser.verticalScrollBar().setValue(0)
        else:
            top = self.browser.document().documentLayout().blockBoundingRect(heading).top()
            self.browser.verticalScrollBar().setValue(round(top) - SPACE)

    def _load(self) -> None:
        document = self.browser.document()
        document.setMarkdown((self._folder / f"{self.page}.md").read_text(encoding="utf-8"), _FEATURES)
        _style_document(document)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)

    def _show_again(self) -> None:
        place = self.browser.verticalScrollBar().value()
        self._load()
        self.browser.verticalScrollBar().setValue(place)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _style_document(document: QTextDocument) -> None:
    # Qt's Markdown reader ignores the theme.
    for block in _blocks(document):
        style = QTextBlockFormat()
        if block.blockFormat().nonBreakableLines():  # a line of a code block
            style.setBackground(QColor(theme.tokens().window))
        else:
            style.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if block.blockFormat().headingLevel():
            style.setTopMargin(2.5 * SPACE if block.blockNumber() else 0)
            style.setBottomMargin(SPACE)
        QTextCursor(block).mergeBlockFormat(style)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            grid = frame.format()
            grid.setBorder(1)
            grid.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            grid.setBorderBrush(QColor(theme.tokens().border))
            grid.setBorderCollapse(True)
            grid.setCellPadding(0.75 * SPACE)
            # At 100% Qt rounds up, and one pixel causes a horizontal scroll bar.
            grid.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
            grid.setTopMargin(SPACE)
            grid.setBottomMargin(SPACE)
            frame.setFormat(grid)
