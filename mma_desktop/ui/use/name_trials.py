"""Try any class name: typed names appear as chips; the selected one ranks the images, without training."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy, QWidget

from mma_desktop.core.class_names import name_key, split_names, split_reading
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.ui.widgets.controls import Card, button, discard, heading, hint, in_column, in_row, say, scrolled, tool
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import unmarked

MAX_CHIPS_HEIGHT = 120


class Chip(QWidget):
    """One typed name with buttons that show its ranking, add it as a class, or remove it."""

    def __init__(self, name: str, reads: str = "") -> None:
        super().__init__()
        self.name, self.reads = name, reads
        self.show_button = QPushButton(unmarked(name))
        self.show_button.setCheckable(True)
        tip = [one_line(name)]
        tip += [tr("The model reads '{text}'", text=reads)] if reads else []
        self.show_button.setToolTip("\n".join(tip))
        self.show_button.setAccessibleName(one_line(name))
        self.show_button.setStyleSheet("text-align: left;")
        self.show_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add_button = button(tr("Add"), "add")
        self.add_button.setAccessibleName(tr("Add {name} as a new class", name=name))
        self.remove_button = tool("close", tr("Forget '{name}'", name=name))
        in_row((self.show_button, 1), self.add_button, self.remove_button, inside=self, margins=(0, 0, 0, 0), spacing=6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - self.add_button.width() - self.remove_button.width() - 42
        metrics = self.show_button.fontMetrics()
        short = metrics.elidedText(one_line(self.name), Qt.TextElideMode.ElideRight, max(24, room))
        self.show_button.setText(unmarked(short))

    def set_is_class(self, is_class: bool) -> None:
        self.add_button.setEnabled(not is_class)
        self.add_button.setText(tr("Is a class") if is_class else tr("Add"))
        self.add_button.setIcon(icon("check" if is_class else "add"))


class NameTrials(Card):
    chosen = Signal(str)  # name to rank the images by, "" to stop ranking
    add_asked = Signal(str)  # name to add as a class
    names_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chips: dict[str, Chip] = {}
        self.current = ""
        """The name that ranks the images, "" for none."""
        self._class_keys: frozenset[str] = frozenset()
        tip = tr(
            "Type a name that nobody labelled and press Enter. With Kohlmeise = great tit the model reads great tit."
        )
        name, such_as = tr("Try any class name"), tr("zebra, red car")
        self.edit = line_edit("", name, placeholder=such_as, tip=tip, clears=True)
        self.rank_button = button(tr("Rank"), "search", clicked=self.take)
        self.before = QCheckBox(tr("As before training"))
        self.before.setToolTip(tr("Without what the model has learned from your labels"))
        self.before.toggled.connect(self._again)
        self.problem = hint("")
        self.problem.hide()
        inner = QWidget()
        self._list = in_column(inside=inner, margins=(0, 0, 0, 0), spacing=6)
        self._scroll = scrolled(inner)
        about = hint(tr("Finds matching pictures, whatever your classes are. No labels needed."))
        typed = in_row((self.edit, 1), self.rank_button, spacing=6)
        self.fill(heading(tr("Try any class name"), 3), about, typed, self.before, self.problem, self._scroll)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.edit.returnPressed.connect(self.take)
        self._fit()

    @property
    def names(self) -> list[str]:
        return [chip.name for chip in self.chips.values()]

    def reads(self, name: str) -> str:
        """Return what the model reads for a typed name, "" for the name itself."""
        chip = self.chips.get(name_key(name))
        return "" if chip is None else chip.reads

    def take(self) -> None:
        names = [split_reading(typed) for typed in split_names(self.edit.text())]
        if not names:
            self.tell(tr("Type a class name"))
            return
        for name, reads in names:
            self._chip(name, reads)
        self.edit.clear()
        self.tell("")
        self._fit()
        self.names_changed.emit()
        self.choose(names[0][0])

    def _chip(self, name: str, reads: str) -> None:
        key = name_key(name)
        if key in self.chips and reads in {"", self.chips[key].reads}:
            return
        self._drop(key)
        chip = Chip(name, reads)
        chip.set_is_class(key in self._class_keys)
        chip.show_button.clicked.connect(partial(self._toggle, name))
        chip.add_button.clicked.connect(partial(self.add_asked.emit, name))
        chip.remove_button.clicked.connect(partial(self.remove, name))
        self.chips[key] = chip
        self._list.addWidget(chip)

    def tell(self, problem: str) -> None:
        say(self.problem, problem)

    def _toggle(self, name: str) -> None:
        self.choose("" if name_key(name) == name_key(self.current) else name)

    def _again(self) -> None:
        if self.current:
            self.chosen.emit(self.current)

    def choose(self, name: str) -> None:
        self.current = name
        for key, chip in self.chips.items():
            chip.show_button.setChecked(key == name_key(name))
        self.chosen.emit(name)

    def remove(self, name: str) -> None:
        if not self._drop(name_key(name)):
            return
        self._fit()
        self.names_changed.emit()
        if name_key(name) == name_key(self.current):
            self.choose("")
        self.edit.setFocus()

    def _drop(self, key: str) -> bool:
        """Remove a chip and return whether it existed."""
        chip = self.chips.pop(key, None)
        if chip is None:
            return False
        self._list.removeWidget(chip)
        discard(chip)
        return True

    def clear(self) -> None:
        """Remove all names without emitting a signal."""
        for key in list(self.chips):
            self._drop(key)
        self.current = ""
        self.tell("")
        self._fit()

    def set_classes(self, names: Iterable[str]) -> None:
        """Mark the names that are classes already and cannot be added."""
        self._class_keys = frozenset(map(name_key, names))
        for key, chip in self.chips.items():
            chip.set_is_class(key in self._class_keys)

    def _fit(self) -> None:
        self._scroll.setVisible(bool(self.chips))
        height = sum(max(34, chip.sizeHint().height()) + 6 for chip in self.chips.values())
        self._scroll.setFixedHeight(min(MAX_CHIPS_HEIGHT, height))
