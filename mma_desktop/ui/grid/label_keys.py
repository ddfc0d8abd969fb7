"""Labelling keys, active only while the grid or the preview has the keyboard focus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.ui.base.controller import Controller

_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_OWN: dict[int, str] = {
    Qt.Key.Key_Return: "accept",
    Qt.Key.Key_Enter: "accept",
    Qt.Key.Key_Backspace: "unlabel",
    Qt.Key.Key_Delete: "remove",
}
_LETTERS = {"u": "unlabel", "s": "skip", "j": "next", "k": "previous", ".": "same-as-last", "/": "pick"}


class Labels(Protocol):
    def label(self, class_id: int) -> None: ...
    def unlabel(self) -> None: ...
    def remove(self) -> None: ...
    def same_as_last(self) -> None: ...
    def skip(self) -> None: ...


class LabelKeys(QObject):
    """Event filter for the widgets in which keys label."""

    stepped = Signal(int)  # by this many images
    pick_requested = Signal()

    def __init__(
        self, controller: Controller, labeller: Labels, accept: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._labeller = labeller
        self._acts: dict[str, Callable[[], None]] = {
            "accept": accept,
            "unlabel": labeller.unlabel,
            "remove": labeller.remove,
            "same-as-last": labeller.same_as_last,
            "pick": self.pick_requested.emit,
            "skip": labeller.skip,
            "next": partial(self.stepped.emit, 1),
            "previous": partial(self.stepped.emit, -1),
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride} or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        meaning = self._meaning(event)
        if meaning is None or (meaning == "accept" and _is_on_a_part(watched)):
            return super().eventFilter(watched, event)
        if kind == QEvent.Type.ShortcutOverride:
            # Labelling takes precedence over any shortcut of the window.
            event.accept()
            return True
        # A held key labels only once; only moving repeats.
        if not event.isAutoRepeat() or meaning in {"next", "previous"}:
            if isinstance(meaning, int):
                self._labeller.label(meaning)
            else:
                self._acts[meaning]()
        return True

    def _meaning(self, event: QKeyEvent) -> str | int | None:
        if event.modifiers() & _WITH:
            return None
        if event.key() in _OWN:
            return _OWN[event.key()]
        text = event.text().lower()
        context = self._controller.context
        if len(text) != 1 or not text.isprintable() or text == " " or context is None:
            return None
        own = next((choice.id for choice in label_choices(context) if choice.key == text), None)
        return own if own is not None else _LETTERS.get(text)


def _is_on_a_part(watched: QObject) -> bool:
    """Return whether a part of the widget has the keyboard, such as a button: Enter is not for the pictures then."""
    focus = QApplication.focusWidget()
    if focus is None or focus is watched:
        return False
    return isinstance(watched, QWidget) and watched.isAncestorOf(focus)
