"""Buttons, layouts and other small widgets of every page; timers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.ui.widgets import painting, theme
from mma_desktop.ui.widgets.text_format import in_title, shown_keys, unmarked, with_keys
from mma_desktop.ui.widgets.text_labels import IconLabel, heading, hint, set_or_hide, wrapped
from mma_desktop.ui.widgets.windows import DialogBody

SPACE = theme.SPACE
TEXT_WIDTH, TEXT_LEAST = 440, 160  # of an empty state: lines of 65 characters read well, of 20 just so
ICON_SIDE = 48  # of an empty state
NAME_WIDTH = 190  # longer class names are elided on their buttons
# From this number on, the actions of an empty state go in two columns.
IN_TWO_COLUMNS = 4
PASSING_MS = 8_000  # time to notice a message and to read a short one
READING_MS = 60  # reading time per character of a long sentence
# Icon and colour of each severity, the worst first.
SEVERITIES = {
    "bad": ("error", "bad"),
    "warn": ("warning", "warn"),
    "good": ("check", "good"),
    "info": ("info", "accent"),
}
_TIMER_EVENTS = {QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.Show, QEvent.Type.Hide}
_SPOKEN = {"info": later("Note"), "good": later("Done"), "warn": later("Warning"), "bad": later("Problem")}


Part = QWidget | QLayout | int | None | tuple[Any, ...]  # see `_fill`
Margins = tuple[int, int, int, int] | int | None
Clicked = Callable[..., object] | SignalInstance | None  # a slot, or a signal to emit


def button(
    text: str, icon_name: str = "", *, primary: bool = False, tip: str = "", clicked: Clicked = None
) -> QPushButton:
    widget = QPushButton(text)
    if icon_name:
        widget.setIcon(painting.icon(icon_name, "on_accent" if primary else "text"))
        widget.setIconSize(QSize(18, 18))
    widget.setProperty("primary", primary)
    widget.setToolTip(tip)
    if clicked is not None:
        widget.clicked.connect(clicked)
    return widget


def discard(widget: QWidget) -> None:
    # Deleted after the current event, whose sender it may be.
    widget.hide()
    widget.deleteLater()


def stacked(*pages: QWidget, inside: QWidget | None = None) -> QStackedWidget:
    stack = QStackedWidget(inside)
    for page in pages:
        stack.addWidget(page)
    return stack


def restyle(widget: QWidget, name: str, value: str | bool) -> None:
    widget.setProperty(name, value)
    # Qt applies selectors by property only when a widget is polished.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def tool(icon_name: str, name: str, keys: str = "", *, clicked: Clicked = None) -> QToolButton:
    widget = QToolButton()
    if icon_name:
        widget.setIcon(painting.icon(icon_name))
    widget.setIconSize(QSize(18, 18))
    widget.setToolTip(with_keys(name, keys) if keys else name)
    widget.setAccessibleName(name)
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if clicked is not None:
        widget.clicked.connect(clicked)
    return widget


def tool_of(action: QAction) -> QToolButton:
    action.setToolTip(with_keys(action.text(), action.shortcut().toString()))
    widget = tool("", action.text())
    widget.setDefaultAction(action)
    return widget


def in_row(*parts: Part, inside: QWidget | None = None, margins: Margins = None, spacing: int = -1) -> QHBoxLayout:
    row = QHBoxLayout(inside) if inside is not None else QHBoxLayout()
    _fill(row, parts, margins, spacing)
    return row


def in_column(*parts: Part, inside: QWidget | None = None, margins: Margins = None, spacing: int = -1) -> QVBoxLayout:
    column = QVBoxLayout(inside) if inside is not None else QVBoxLayout()
    _fill(column, parts, margins, spacing)
    return column


def _fill(layout: QBoxLayout, parts: Sequence[Part], margins: Margins, spacing: int) -> None:
    """Add widgets and layouts; a tuple adds the stretch and alignment, None is a stretch, a number is a space."""
    if margins is not None:
        layout.setContentsMargins(*(margins if isinstance(margins, tuple) else [margins] * 4))
    if spacing >= 0:
        layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            content, *stretch_and_alignment = part if isinstance(part, tuple) else (part,)
            (layout.addLayout if isinstance(content, QLayout) else layout.addWidget)(content, *stretch_and_alignment)


Row = tuple[str, QWidget | tuple[QWidget, ...]] | tuple[str, QWidget | tuple[QWidget, ...], str]


def in_form(*rows: Row) -> QGridLayout:
    """Return rows of a label and its field, with widgets beside it; a third text explains a row below its field."""
    form = QGridLayout()  # a QFormLayout places labels above the middle of their fields
    form.setHorizontalSpacing(2 * SPACE)
    form.setVerticalSpacing(SPACE)
    form.setColumnStretch(1, 1)
    for row, (text, field, *about) in enumerate(rows):
        first, *beside = field if isinstance(field, tuple) else (field,)
        cell = in_column(in_row((first, 1), *beside, spacing=SPACE), *map(hint, about), spacing=4)
        form.addLayout(cell, row, 1)
        if text:
            label = QLabel(text)
            label.setBuddy(first)
            form.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop if about else Qt.AlignmentFlag(0))
            label.setMinimumHeight(max(part.sizeHint().height() for part in (first, *beside)) if about else 0)
    return form


def scrolled(inner: QWidget, area: QScrollArea | None = None) -> QScrollArea:
    inner.setObjectName("page")
    area = area or QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def fill_dialog(
    dialog: QDialog, *parts: Part, title: str = "", buttons: Sequence[Part] = (), spacing: int = SPACE
) -> QVBoxLayout:
    """Fill a dialog with a column of these parts, with the margins of all dialogs; see `_fill`."""
    if title:
        dialog.setWindowTitle(in_title(title))
        parts = (heading(title, 2), *parts)
    # The buttons are below what scrolls, so that they stay in sight.
    body = DialogBody()
    column = in_column(*parts, inside=body.column, margins=(3 * SPACE, 0, 3 * SPACE, 0), spacing=spacing)
    row = in_row(*buttons, margins=(3 * SPACE, 0, 3 * SPACE, 0))
    in_column((body, 1), row, inside=dialog, margins=(0, 3 * SPACE, 0, 2 * SPACE), spacing=spacing)
    if buttons and isinstance(last := buttons[-1], QPushButton) and last.property("primary"):
        # Qt gives Return to the button that was made first, if several are automatic defaults.
        for other in dialog.findChildren(QPushButton):
            other.setAutoDefault(other is last)
        last.setDefault(True)
    return column


def close_button(dialog: QDialog) -> QPushButton:
    return button(tr("Close"), primary=True, clicked=dialog.accept)


def cancel_button(dialog: QDialog) -> QPushButton:
    return button(tr("Cancel"), clicked=dialog.reject)


class Flow(QWidget):
    """Buttons, and what stands among them, in as many rows as they need; a field at the end takes what is left."""

    placed = Signal()  # they need another height

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.buttons: list[QWidget] = [*widgets]
        for item in widgets:
            item.setParent(self)

    def event(self, event: QEvent) -> bool:
        # A button whose text changes asks for it, too, but not while it cannot be seen.
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            self.place()
        return super().event(event)

    def place(self) -> None:
        left = top = height = 0
        for widget in self.buttons:
            if widget.isHidden():
                continue
            size = widget.sizeHint().expandedTo(widget.minimumSize())
            width, expands = size.width(), widget is self.buttons[-1] and isinstance(widget, QLineEdit)
            if expands:
                width = widget.minimumWidth()
            if left and left + width > self.width():
                left, top = 0, top + height + 4
            width = min(widget.maximumWidth() if expands else width, self.width() - left)
            widget.setGeometry(left, top, width, size.height())
            left, height = left + width + 6, size.height()
        if self.height() != top + height:
            self.setFixedHeight(top + height)
            QTimer.singleShot(0, self, self.updateGeometry)  # a layout that is at work misses the first change
            self.placed.emit()


class KeyButton(QPushButton):
    """A button that tells its key. A click leaves the keyboard where it is."""

    def __init__(self, text: str, key: str, colour: str = "", *, primary: bool = False) -> None:
        super().__init__()
        self.setProperty("primary", primary)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if colour:
            self.setIcon(painting.chip(colour))
        self.show_text(text, key)

    def show_text(self, text: str, key: str) -> None:
        text = one_line(text)
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, NAME_WIDTH)
        self.setText(unmarked(with_keys(shown, key) if key else shown))
        self.setAccessibleName(tr("{text}, key {key}", text=text, key=shown_keys(key)) if key else text)
        self.setToolTip(text if shown != text else "")


class EmptyState(QWidget):
    """Placeholder of an empty page: an icon, what is missing, and what to do about it."""

    def __init__(self, icon_name: str, title: str, text: str, actions: Sequence[QPushButton] = ()) -> None:
        super().__init__()
        self._title = heading(title, 2)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setWordWrap(True)
        self._text = hint(text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setMaximumWidth(TEXT_WIDTH)
        row = QGridLayout()
        row.setSpacing(SPACE)
        beside = len(actions) if len(actions) < IN_TWO_COLUMNS else 2
        for number, action in enumerate(actions):
            row.addWidget(action, *divmod(number, beside))
        self._icon_label = IconLabel(icon_name, ICON_SIDE)
        self._actions = actions
        self._column = in_column(
            (self._icon_label, 0, Qt.AlignmentFlag.AlignHCenter),
            SPACE,
            self._title,
            in_row(None, (self._text, 1000), None),
            SPACE,
            in_row(None, row, None),
            inside=self,
            margins=3 * SPACE,
            spacing=SPACE,
        )
        self._column.insertStretch(0, 2)
        self._column.addStretch(3)

    def show_text(self, icon_name: str, title: str, text: str, *actions: QPushButton) -> None:
        self._icon_label.show_icon(icon_name)
        self._title.setText(title)
        self._text.setText(text)
        for action in self._actions:
            action.setVisible(action in actions)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        # Less than the current size: the text can wrap, and the icon can hide.
        return QSize(TEXT_LEAST + 6 * SPACE, self._height_without_icon)

    @property
    def _height_without_icon(self) -> int:
        icon = 0 if self._icon_label.isHidden() else ICON_SIDE + SPACE
        return self._column.minimumHeightForWidth(self.width()) - icon

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._icon_label.setVisible(self.height() >= self._height_without_icon + ICON_SIDE + SPACE)


class Card(QFrame):
    """A bordered surface with a column of parts; see `_fill`."""

    def __init__(self, *parts: Part, spacing: int = SPACE) -> None:
        super().__init__()
        self.setObjectName("card")
        self.body = in_column(*parts, inside=self, margins=2 * SPACE, spacing=spacing)

    def fill(self, *parts: Part, spacing: int = -1) -> None:
        _fill(self.body, parts, None, spacing)


def only_informs(severity: str, action_text: str) -> bool:
    return severity in {"info", "good"} and not action_text


class InfoBar(QFrame):
    """A message with at most one action. One that is `passing` and only informs disappears after a while."""

    shown_or_hidden = Signal()

    def __init__(self, parent: QWidget | None = None, *, passing: bool = False) -> None:
        super().__init__(parent)
        self._passing = passing
        self._timer = single_shot(self, PASSING_MS, self.dismiss)
        self.setObjectName("infobar")
        self._icon_label = IconLabel("info", 18, "accent")
        self._label = wrapped()
        self.action_button = button("", clicked=self._act)
        self.close_button = tool("close", tr("Dismiss"), clicked=self.dismiss)
        self._on_action: Callable[[], None] | None = None
        self.wanted = False  # whether it has a message, even while another bar hides it
        self.severity = "info"
        parts = (self._icon_label, (self._label, 1), self.action_button, self.close_button)
        in_row(*parts, inside=self, margins=(SPACE + 4, 6, 6, 6), spacing=SPACE + 2)
        self.hide()
        app = QApplication.instance()
        if passing and isinstance(app, QApplication):
            app.focusChanged.connect(self._update_timer)

    @property
    def passes(self) -> bool:
        return self._passing and only_informs(self.severity, self.action_button.text())

    @property
    def text(self) -> str:
        return self._label.text()

    def show_message(
        self,
        text: str,
        severity: str = "info",
        action_text: str = "",
        on_action: Callable[[], None] | None = None,
    ) -> None:
        """Show a message of severity "info", "good", "warn" or "bad"; its button hides it and calls `on_action`."""
        icon_name, role = SEVERITIES[severity]
        self._icon_label.show_icon(icon_name, role)
        self._label.setText(text)
        self._timer.setInterval(max(PASSING_MS, READING_MS * len(text)))
        self.setAccessibleName(f"{tr(_SPOKEN[severity])}: {text}")
        self._on_action = on_action
        set_or_hide(self.action_button, action_text)
        self.severity = severity
        restyle(self, "severity", severity)
        self.wanted = True
        self.show()
        self._timer.stop()
        self._update_timer()
        self.shown_or_hidden.emit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in _TIMER_EVENTS:
            self._update_timer()
        return done

    def _update_timer(self, *_focus: object) -> None:
        # What is read or about to be clicked must not vanish: the time starts again after that.
        focus = QApplication.focusWidget()
        looked_at = self.underMouse() or (focus is not None and self.isAncestorOf(focus))
        if not self.passes or not self.isVisible() or looked_at:
            self._timer.stop()
        else:
            self._timer.ensure_started()

    def dismiss(self) -> None:
        self.wanted = False
        self.hide()
        self.shown_or_hidden.emit()

    def _act(self) -> None:
        self.dismiss()
        if self._on_action is not None:
            self._on_action()


class ProgressBar(QProgressBar):
    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setAccessibleName(name or tr("Progress"))

    def show_progress(self, done: int, total: int | None) -> None:
        # In thousandths: a number of bytes is too large for Qt's int. Without a total the bar is busy.
        self.setRange(0, 1000 if total else 0)
        self.setValue(round(1000 * done / total) if total else 0)


class Timer(QTimer):
    def ensure_started(self) -> None:
        # Started again, it would wait for the last of a series that may not end.
        if not self.isActive():
            self.start()


def single_shot(parent: QObject, milliseconds: int, then: Callable[..., object] | SignalInstance) -> Timer:
    """Return a timer that calls `then` once, this long after `start`; a started one starts over."""
    timer = repeating(parent, milliseconds, then)
    timer.setSingleShot(True)
    return timer


def repeating(parent: QObject, milliseconds: int, then: Callable[..., object] | SignalInstance) -> Timer:
    """Return a timer that calls `then` again and again from `start` to `stop`."""
    timer = Timer(parent)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
