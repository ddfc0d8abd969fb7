"""Text field for class names, separated by commas or lines, and the warning about names that may be confused."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QSizePolicy

from mma_desktop.core.class_names import split_names
from mma_desktop.core.i18n import tr
from mma_desktop.services.names.class_name_lint import NamesReport
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_pictures import clipboard_data
from mma_desktop.ui.dialogs.names_dialog import NAMES, NamesWatch, open_names
from mma_desktop.ui.widgets.controls import say
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import as_title, with_keys


class NamesWarning(QPushButton):
    """Says how many names may be confused; a click opens "Names and prompts"."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.setIcon(icon("warning"))
        self.setStyleSheet("text-align: left;")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(with_keys(as_title(tr("&Names and prompts…")), "Ctrl+Shift+N"))
        self.hide()
        NamesWatch.of(controller).examined.connect(self._show)
        self.clicked.connect(partial(open_names, controller, self, NAMES))

    def _show(self, report: NamesReport) -> None:
        say(self, report.summary if report.complete else "")


MOST_LINES = 5


class NamesEdit(QPlainTextEdit):
    """Single-line text field that grows with pasted lines and with names that need more than one."""

    names_entered = Signal(list)  # the names as typed, without empty ones

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("New class names"))
        self.setToolTip(
            tr(
                "Type or paste names, separated by commas or lines. Enter adds them, Shift+Enter starts a line. "
                "With Kohlmeise = great tit the model reads great tit."
            )
        )
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self.textChanged.connect(self._fit)
        self._fit()

    def enter(self) -> None:
        names = split_names(self.toPlainText())
        if names:
            self.names_entered.emit(names)

    def event(self, event: QEvent) -> bool:
        """Leave keys that would do nothing here to the window, which pastes images and undoes edits of the project."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self._can_use(event):
            event.ignore()
            return True
        return super().event(event)

    def _can_use(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Paste):
            return clipboard_data().hasText()
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.document().isUndoAvailable()
        if event.matches(QKeySequence.StandardKey.Redo):
            return self.document().isRedoAvailable()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not shift:
            self.enter()
        elif event.key() == Qt.Key.Key_Escape and self.toPlainText():
            self.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(120, min(self._lines(), MOST_LINES) * self.fontMetrics().lineSpacing() + 14)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def _lines(self) -> int:
        """The number of lines as shown in this width."""
        document, lines, block = self.document(), 0, self.document().firstBlock()
        while block.isValid() and lines <= MOST_LINES:
            document.documentLayout().blockBoundingRect(block)  # lays the block out
            lines += max(1, block.layout().lineCount())
            block = block.next()
        return lines

    def _fit(self) -> None:
        needed, off = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        room = self.viewport().width() - 2 * round(self.document().documentMargin())
        example = self.fontMetrics().elidedText(tr("Add classes: cat, dog, …"), Qt.TextElideMode.ElideRight, room)
        self.setPlaceholderText(example)  # Qt would wrap it
        self.setVerticalScrollBarPolicy(needed if self._lines() > MOST_LINES else off)
        self.updateGeometry()
