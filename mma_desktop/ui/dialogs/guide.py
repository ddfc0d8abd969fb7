"""The guide, offline: the Markdown pages in `resources/guide`, with the list of pages beside them."""

from __future__ import annotations

import re
from itertools import groupby

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import resource
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.controls import SPACE

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
"""The pages in their order: file name without suffix, and title in the list."""

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_LIST_WIDTH = 200
_SIZE = (1100, 760)
_LINE_HEIGHT = 125  # percent


def anchor(title: str) -> str:
    """What links call a heading, as mkdocs and git hosts do."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())


class GuideWindow(QDialog):
    """A window of its own that leaves the main window usable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        # As a plain window it can be put behind the main window; a dialog would always stay in front of it.
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Guide"))
        self._folder = resource("guide")
        self.page = ""
        self.list = QListWidget()
        self.list.ensurePolished()  # before it measures its rows
        self.list.setAccessibleName(tr("Pages of the guide"))
        for name, title in PAGES.items():
            item = QListWidgetItem(tr(title), self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
        self.browser = QTextBrowser()
        self.browser.setAccessibleName(tr("Guide"))
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
        column = QVBoxLayout(self)
        column.addWidget(splitter)
        self.resize(*_SIZE)
        self.list.currentItemChanged.connect(self._chosen)
        self.browser.anchorClicked.connect(self.follow)
        theme.watcher().changed.connect(self._show_again)
        self.list.setCurrentRow(0)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(Qt.ItemDataRole.UserRole) != self.page:
            self.show_page(item.data(Qt.ItemDataRole.UserRole))

    def follow(self, url: QUrl) -> None:
        """Go where a link leads: to a page of the guide, or outside, in the system's browser."""
        if url.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(url)
            return
        name = url.path().rpartition("/")[2].removesuffix(".md") or self.page
        if name in PAGES:
            self.show_page(name, url.fragment())

    def show_page(self, name: str, fragment: str = "") -> None:
        """Show one page.

        Args:
            name: One of `PAGES`.
            fragment: The anchor of the heading to begin at.
        """
        if name != self.page:
            self.page = name
            self.list.setCurrentRow(list(PAGES).index(name))
            self._load()
        heading = next((one for one in _blocks(self.browser.document()) if _is_heading(one, fragment)), None)
        if heading is None:
            self.browser.verticalScrollBar().setValue(0)
        else:
            top = self.browser.document().documentLayout().blockBoundingRect(heading).top()
            self.browser.verticalScrollBar().setValue(round(top) - SPACE)

    def _load(self) -> None:
        document = self.browser.document()
        document.setMarkdown((self._folder / f"{self.page}.md").read_text(encoding="utf-8"), _FEATURES)
        _dress(document)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)

    def _show_again(self) -> None:
        place = self.browser.verticalScrollBar().value()
        self._load()
        self.browser.verticalScrollBar().setValue(place)


def _blocks(document: QTextDocument) -> list[QTextBlock]:
    blocks, block = [], document.begin()
    while block.isValid():
        blocks.append(block)
        block = block.next()
    return blocks


def _is_heading(block: QTextBlock, fragment: str) -> bool:
    return bool(fragment and block.blockFormat().headingLevel() and anchor(block.text()) == fragment)


def _dress(document: QTextDocument) -> None:
    """Give headings, code and tables the look of the theme, which Qt's Markdown reader does not know."""
    blocks = _blocks(document)
    for block in blocks:
        if block.blockFormat().nonBreakableLines():
            continue  # a line of a listing
        look = QTextBlockFormat()
        look.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if block.blockFormat().headingLevel():
            look.setTopMargin(2.5 * SPACE if block.blockNumber() else 0)
            look.setBottomMargin(SPACE)
        QTextCursor(block).mergeBlockFormat(look)
        _mark_code(block)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            grid = frame.format()
            _outline(grid)
            grid.setBorderCollapse(True)
            grid.setCellPadding(0.75 * SPACE)
            # At 100% Qt rounds up, and a horizontal scroll bar appears for one pixel.
            grid.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
            grid.setTopMargin(SPACE)
            grid.setBottomMargin(SPACE)
            frame.setFormat(grid)
    runs = groupby(blocks, lambda block: block.blockFormat().nonBreakableLines())
    listings = [[QTextCursor(block) for block in run] for is_listing, run in runs if is_listing]
    for lines in listings:
        _box(lines)


def _outline(look: QTextFrameFormat) -> None:
    look.setBorder(1)
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setBorderBrush(QColor(theme.tokens().border))


def _mark_code(block: QTextBlock) -> None:
    """Set off code within the text of a block."""
    look = QTextCharFormat()
    look.setBackground(QColor(theme.tokens().window))
    spans, at = [], block.begin()
    while not at.atEnd():
        fragment = at.fragment()
        if fragment.charFormat().fontFixedPitch():
            spans.append((fragment.position(), fragment.length()))
        at += 1
    for start, length in spans:
        cursor = QTextCursor(block)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(look)


def _box(lines: list[QTextCursor]) -> None:
    """Put the lines of a listing into a frame."""
    look = QTextFrameFormat()
    _outline(look)
    look.setBackground(QColor(theme.tokens().window))
    look.setPadding(SPACE)
    cursor = lines[0]
    cursor.setPosition(lines[-1].block().position() + lines[-1].block().length() - 1, QTextCursor.MoveMode.KeepAnchor)
    before = cursor.insertFrame(look).firstCursorPosition().block().previous()
    flat = QTextBlockFormat()  # Qt leaves an empty line above a frame
    flat.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    QTextCursor(before).setBlockFormat(flat)
