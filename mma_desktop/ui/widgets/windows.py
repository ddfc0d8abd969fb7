"""Open dialogs that fit on the screen, without blocking; ask before something is done; remember where windows were."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSize, Qt, QUrl, qVersion
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHeaderView,
    QMainWindow,
    QMenu,
    QMessageBox,
    QScrollArea,
    QSplitter,
    QWidget,
)

from mma_desktop.core.i18n import tr
from mma_desktop.core.settings import Settings
from mma_desktop.ui.widgets.painting import icon

TITLE_BAR = 32  # its height, in pixels, as on Windows: Qt knows that of the frame only once a window is shown
# The least that a dialog shows of what scrolls in it, if it has as much.
MIN_HEIGHT, MIN_WIDTH = 96, 280


def available_geometry(window: QWidget) -> QRect:
    """Return where a window may be on its screen, below a title bar."""
    owner = window.parentWidget() or window  # a dialog is not placed before it is shown
    # Not `owner.screen()`: PySide6 makes the screen a child of the widget and may destroy it with the widget.
    screen = QGuiApplication.screenAt(owner.window().geometry().center()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry().adjusted(0, TITLE_BAR, 0, 0)


def fit(window: QWidget) -> None:
    """Make a window as large as it wants to be, and no larger than its screen."""
    room, resized = available_geometry(window).size(), window.testAttribute(Qt.WidgetAttribute.WA_Resized)
    # A minimum above the screen would push buttons off it.
    least = window.minimumSize()
    window.setMinimumSize(least.boundedTo(room))
    asked = window.size() if resized else window.sizeHint().expandedTo(least)
    window.resize(asked.boundedTo(room))


class _Column(QWidget):
    def heightForWidth(self, width: int) -> int:
        # The least height, from which on the column scrolls: its lists scroll before.
        layout = self.layout()
        assert layout is not None
        return layout.totalMinimumHeightForWidth(width)


class DialogBody(QScrollArea):
    """What a dialog shows above its buttons, in a layout of `column`; it scrolls where the screen has no more room."""

    def __init__(self) -> None:
        super().__init__()
        self.column = _Column()
        self.column.setObjectName("page")
        self.setWidget(self.column)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def sizeHint(self) -> QSize:
        hint, layout = self.column.sizeHint(), self.column.layout()
        assert layout is not None
        return QSize(hint.width(), layout.totalHeightForWidth(hint.width())) if layout.hasHeightForWidth() else hint

    def minimumSizeHint(self) -> QSize:
        return self.column.minimumSizeHint().boundedTo(QSize(MIN_WIDTH, MIN_HEIGHT))

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._grow()
        return done

    def _grow(self) -> None:
        window, missing = self.window(), self.column.height() - self.viewport().height()
        if missing <= 0 or not window.isVisible():
            return
        room = available_geometry(window)
        window.resize(window.width(), max(window.height(), min(window.height() + missing, room.height())))
        if window.geometry().bottom() > room.bottom():
            window.move(window.x(), max(room.top(), window.y() - missing))

    def _follow(self, _former: QWidget | None, focused: QWidget | None) -> None:
        # Qt scrolls to the focus only if it was inside before.
        if focused is not None and self.column.isAncestorOf(focused):
            self.ensureWidgetVisible(focused)


def open_once(dialog: QDialog, owner: Any = None) -> None:
    # A closed dialog is deleted, so its owner must not keep it.
    if not isinstance(dialog, QMessageBox):  # which has the size of its text
        fit(dialog)
    dialog.finished.connect(dialog.deleteLater)
    if owner is not None:
        owner.dialog = dialog
        dialog.finished.connect(lambda _result: setattr(owner, "dialog", None))
    dialog.open()


def confirm(
    parent: QWidget,
    title: str,
    text: str,
    details: str,
    on_accept: Callable[[], object],
    *,
    cancel_text: str = "",
    safe: bool = False,
    choice: QCheckBox | None = None,
    other_action: tuple[str, Callable[[], object]] | None = None,
) -> QMessageBox:
    """Ask before something is done, without blocking; the question deletes itself.

    `title` is also the button that does it, `details` what it means, `cancel_text` the button that does nothing, by
    default Cancel, as do Escape and, if that is `safe`, Return. The `choice` is a box to tick, `other_action` another
    button.
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(details)
    yes = box.addButton(title, QMessageBox.ButtonRole.AcceptRole)
    if other_action is not None:
        box.addButton(other_action[0], QMessageBox.ButtonRole.ActionRole).clicked.connect(other_action[1])
    no = box.addButton(cancel_text or tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no if safe else yes)
    box.setEscapeButton(no)
    box.accepted.connect(on_accept)
    if choice is not None:
        box.setCheckBox(choice)
    open_once(box)
    return box


def pop_up(menu: QMenu, where: QPoint) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)


def add_action(
    menu: QMenu, text: str, icon_name: str, then: Callable[[], object], enabled: bool = True, key: str = ""
) -> QAction:
    """Add an action to a menu; its key is only shown."""
    action = menu.addAction(icon(icon_name), text) if icon_name else menu.addAction(text)
    action.triggered.connect(then)
    action.setEnabled(enabled)
    if key:
        action.setShortcut(QKeySequence(key))
    return action


def bring_to_front(window: QWidget) -> None:
    if not window.isVisible():
        fit(window)
    window.show()
    window.raise_()
    window.activateWindow()


def or_all_files(name: str, suffixes: Iterable[str]) -> str:
    """Return the filters of a file dialog: the files of these suffixes (".jpg") under a name, or all files."""
    patterns = " ".join(f"*{suffix}" for suffix in suffixes)
    every = tr("All files")
    return f"{name} ({patterns});;{every} (*)"


def ask_where(parent: QWidget, title: str, offered: Path, chosen: Callable[[str], object]) -> QFileDialog:
    """Ask for a path without blocking; `offered` suggests its name, and the suffix of names without one."""
    suffix = offered.suffix.removeprefix(".")
    kind = tr("{kind} files", kind=suffix.upper())
    dialog = QFileDialog(parent, title, str(offered), f"{kind} (*.{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(offered.name)
    dialog.fileSelected.connect(chosen)
    open_once(dialog)
    return dialog


def ask_file(
    parent: QWidget, title: str, start: str, chosen: Callable[[str], object], filters: str = "", *, folder: bool = False
) -> QFileDialog:
    """Ask for an existing file, or folder, without blocking, beginning at `start`; the dialog deletes itself."""
    dialog = QFileDialog(parent, title, start, filters)
    dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(chosen)
    open_once(dialog)
    return dialog


ask_folder = partial(ask_file, folder=True)


def open_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> None:
    open_file(path if path.is_dir() else path.parent)


WINDOW = "window"
# Property of a self-fitting table header: whether the user changed it, now or in an earlier session.
TOUCHED = "touched"


def _encode(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _decode(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))


class WindowState:
    """Saves in the settings the geometry of a window and the state of its named splitters and table headers."""

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        self._window = window
        self._settings = settings

    def restore(self) -> None:
        saved = self._settings.window_state(WINDOW)
        if saved:
            self._window.restoreGeometry(_decode(saved))

    def restore_splitters(self, inside: QWidget) -> None:
        for name, part in _named(inside):
            saved = self._settings.window_state(name)
            if saved and part.restoreState(_decode(saved)) and isinstance(part, QHeaderView):
                part.setProperty(TOUCHED, True)

    def save(self) -> None:
        states = {WINDOW: _encode(self._window.saveGeometry())}
        for name, part in _named(self._window):
            if isinstance(part, QSplitter) or part.property(TOUCHED):
                states[name] = _encode(part.saveState())
        self._settings.set_window_states(states)


def _named(inside: QWidget) -> Iterator[tuple[str, QHeaderView | QSplitter]]:
    """Yield the table headers and splitters that have a name, each under the name of its setting."""
    parts: list[QHeaderView | QSplitter] = [*inside.findChildren(QHeaderView), *inside.findChildren(QSplitter)]
    for part in parts:
        if name := part.objectName():
            yield f"{'columns' if isinstance(part, QHeaderView) else 'splitter'}/{name}", part


def check_screen() -> int:
    """Write on which screen Qt can open a window."""
    # Qt aborts where there is no screen, so this runs in a process of its own.
    app = QGuiApplication(sys.argv[:1])
    screen = app.primaryScreen()
    size = "no screen" if screen is None else f"{screen.size().width()} x {screen.size().height()} pixels"
    sys.stdout.write(f"Qt {qVersion()}, platform {app.platformName()}, {size}\n")
    return 0
