"""Try any class name: typed names are listed; the selected one ranks the images, without training."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from mma_desktop.core.class_names import name_key, split_names, split_reading
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.ui.widgets.controls import Card, button, heading, hint, in_column, in_row, set_or_hide, tool
from mma_desktop.ui.widgets.fields import line_edit

MAX_ROWS = 4


class TypedNames(QListWidget):
    """A list in which a click on the selected name selects none."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if item is not None and item.isSelected():
            self.clearSelection()
        else:
            super().mousePressEvent(event)


class NameTrials(Card):
    chosen = Signal(str)  # name to rank the images by, "" to stop ranking
    add_asked = Signal(str)  # name to add as a class
    names_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._typed: dict[str, tuple[str, str]] = {}  # each name, and what the model reads for it, by the name's key
        self.current = ""
        """The name that ranks the images, "" for none."""
        self._class_keys: frozenset[str] = frozenset()
        tip = tr(
            "Type a name that nobody labelled and press Enter. With Kohlmeise = great tit the model reads great tit."
        )
        name, such_as = tr("Try any class name"), tr("zebra, red car")
        self.edit = line_edit("", name, placeholder=such_as, tip=tip, clears=True)
        self.rank_button = button(tr("Rank"), "search", clicked=self.rank_typed)
        self.before = QCheckBox(tr("As before training"))
        self.before.setToolTip(tr("Without what the model has learned from your labels"))
        self.before.toggled.connect(self._again)
        self.problem = hint("")
        self.problem.hide()
        self.list = TypedNames()
        self.list.setAccessibleName(name)
        self.list.itemSelectionChanged.connect(self._picked)
        self.add_button = button(tr("Add"), "add", clicked=lambda: self.add_asked.emit(self.current))
        self.remove_button = tool("close", "", clicked=self.remove)
        self._listed = QWidget()
        actions = in_row(self.add_button, None, self.remove_button)
        in_column(self.list, actions, inside=self._listed, margins=(0, 0, 0, 0), spacing=6)
        about = hint(tr("Finds matching pictures, whatever your classes are. No labels needed."))
        typed = in_row((self.edit, 1), self.rank_button, spacing=6)
        self.fill(heading(name, 3), about, typed, self.before, self.problem, self._listed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.edit.returnPressed.connect(self.rank_typed)
        self._list_names()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self._typed.values()]

    def reads(self, name: str) -> str:
        """Return what the model reads for a typed name, "" for the name itself."""
        return self._typed.get(name_key(name), ("", ""))[1]

    def rank_typed(self) -> None:
        names = [split_reading(typed) for typed in split_names(self.edit.text())]
        if not names:
            self.show_problem(tr("Type a class name"))
            return
        for name, reads in names:
            key = name_key(name)
            if key not in self._typed or reads not in {"", self.reads(name)}:
                self._typed.pop(key, None)
                self._typed[key] = (name, reads)
        self.edit.clear()
        self.show_problem("")
        self._list_names()
        self.names_changed.emit()
        self.choose(names[0][0])

    def show_problem(self, problem: str) -> None:
        set_or_hide(self.problem, problem)

    def _again(self) -> None:
        if self.current:
            self.chosen.emit(self.current)

    def _picked(self) -> None:
        self.choose(self.names[self.list.currentRow()] if self.list.selectedItems() else "")

    def choose(self, name: str) -> None:
        self.current = name
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(list(self._typed).index(name_key(name)) if name else -1)
        self._update_actions()
        self.chosen.emit(name)

    def remove(self) -> None:
        """Forget the name that ranks the images."""
        self._typed.pop(name_key(self.current))
        self._list_names()
        self.names_changed.emit()
        self.choose("")
        self.edit.setFocus()

    def clear(self) -> None:
        """Remove all names without emitting a signal."""
        self._typed.clear()
        self.current = ""
        self.show_problem("")
        self._list_names()

    def set_classes(self, names: Iterable[str]) -> None:
        """Mark the names that are classes already and cannot be added."""
        self._class_keys = frozenset(map(name_key, names))
        self._update_actions()

    def _list_names(self) -> None:
        with QSignalBlocker(self.list):
            self.list.clear()
            for name, reads in self._typed.values():
                item = QListWidgetItem(one_line(name), self.list)
                read = [tr("The model reads '{text}'", text=reads)] if reads else []
                item.setToolTip("\n".join([one_line(name), *read]))
        self._listed.setVisible(bool(self._typed))
        self.list.setFixedHeight(min(MAX_ROWS, len(self._typed)) * max(24, self.list.sizeHintForRow(0)) + 6)
        self._update_actions()

    def _update_actions(self) -> None:
        """Say what can be done with the name that ranks the images."""
        is_class = name_key(self.current) in self._class_keys
        self.add_button.setEnabled(bool(self.current) and not is_class)
        self.add_button.setText(tr("Is a class") if self.current and is_class else tr("Add"))
        self.add_button.setAccessibleName(tr("Add {name} as a new class", name=self.current))
        self.remove_button.setEnabled(bool(self.current))
        forget = tr("Forget '{name}'", name=one_line(self.current))
        self.remove_button.setToolTip(forget)
        self.remove_button.setAccessibleName(forget)
