"""Every text that a window holds, shown or not, and those among them that no translation would reach."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QTabWidget,
    QWidget,
)

from mma_desktop.core import i18n
from mma_desktop.core.paths import resource

OPEN, SHUT = "⟦", "⟧"
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
ROWS = 12


def marked() -> i18n.Language:
    """A language in which every text stands in brackets that translators have been given, and no other."""
    tree = ElementTree.parse(resource("translations", "de.ts"))
    known = {(one.findtext("source", ""), one.findtext("comment", "")) for one in tree.iter("message")}

    def lookup(text: str, other: str, number: int) -> str:
        if (text, other) not in known:
            return ""
        return f"{OPEN}{other if number not in {-1, 1} else text}{SHUT}"

    return i18n.Language(lookup)


def outside(text: str) -> str:
    """What of a text stands in no brackets."""
    depth, left = 0, []
    for sign in text:
        depth += (sign == OPEN) - (sign == SHUT)
        if depth == 0 and sign != SHUT:
            left.append(sign)
    return "".join(left)


def of_model(model: QAbstractItemModel, column_titles: bool) -> Iterator[str]:
    """The first rows of a model, with the titles of its columns where they are shown."""
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        if column_titles:
            for role in ROLES:
                yield str(model.headerData(column, Qt.Orientation.Horizontal, role) or "")
        for row in range(min(ROWS, model.rowCount(QModelIndex()))):
            index = model.index(row, column, QModelIndex())
            yield from (str(model.data(index, role) or "") for role in ROLES)


def of_action(action: QAction) -> Iterator[str]:
    yield from (action.text().split("\t")[0], action.toolTip(), action.statusTip())


def of_widget(widget: QWidget) -> Iterator[str]:
    """What one widget says, without its children."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    yield from (widget.windowTitle(), widget.whatsThis(), widget.statusTip())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QGroupBox | QMenu):
        yield widget.title()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QTabWidget):
        for at in range(widget.count()):
            yield from (widget.tabText(at), widget.tabToolTip(at))
    elif isinstance(widget, QComboBox):
        yield from of_model(widget.model(), False)
    elif isinstance(widget, QProgressBar):
        yield widget.text()
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from of_model(widget.model(), hasattr(widget, "horizontalHeader") or hasattr(widget, "header"))
    for action in widget.actions():
        yield from of_action(action)


def unreached(top: QWidget, known: Sequence[str]) -> set[str]:
    """Texts with words that are in no translation.

    Args:
        top: A window or a dialog; all its children are asked.
        known: Patterns of what needs none: names that the person gave, keys, proper names.
    """
    pattern = re.compile("|".join(known), re.IGNORECASE)
    found = set()
    for widget in (top, *top.findChildren(QWidget)):
        for text in of_widget(widget):
            bare = pattern.sub("", re.sub(r"<[^>]*>|&nbsp;|&amp;", " ", outside(text)))
            if re.search(r"[A-Za-z]{2,}", bare):
                found.add(f"{type(widget).__name__}: {text[:200]}")
    return found
