"""The menu bar: every action of the window, with its shortcut, and what those of the Edit menu act on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu, QMenuBar, QPlainTextEdit

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.ui.base.page import add_exports
from mma_desktop.ui.dialogs.text_dialogs import COPY_TIP
from mma_desktop.ui.shell.navigation import TABS
from mma_desktop.ui.widgets import painting
from mma_desktop.ui.widgets.text_format import (
    action_title,
    in_sentence,
    unmarked,
    with_ellipsis,
    with_mnemonics,
    without_mnemonics,
)

ICONS = {"model": "train", "pictures": "label", "predictions": "use", "report": "chart"}


class Menus(QMenuBar):
    page_chosen = Signal(str)  # the name of a page

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._of_project: list[QAction | QMenu] = []
        self._project_action = partial(self._action, of_project=True)
        titles = (tr("&File"), tr("&Edit"), tr("F&ind"), tr("&View"), tr("&Help"))
        file, edit, find, view, helps = self._menus = [self.addMenu(title) for title in titles]
        for menu in self._menus:
            menu.setToolTipsVisible(True)
        self._file(file)
        self._edit(edit)
        self._find(find)
        self._view(view)
        self._help(helps)
        self.set_project_open(False)

    @property
    def by_name(self) -> dict[str, QAction]:
        return {name: action for name, action in vars(self).items() if isinstance(action, QAction)} | self.export

    def _action(
        self,
        menu: QMenu | None,
        text: str,
        icon_name: str = "",
        keys: str | QKeySequence.StandardKey = "",
        of_project: bool = False,
    ) -> QAction:
        action = QAction(painting.icon(icon_name) if icon_name else QIcon(), text, self._window)
        action.setToolTip(without_mnemonics(text).removesuffix("…"))
        if keys:
            action.setShortcut(QKeySequence(keys))
        if menu is not None:
            menu.addAction(action)
        if of_project:
            self._of_project.append(action)
        return action

    def _file(self, menu: QMenu) -> None:
        self.new = self._action(menu, tr("&New project…"), "add", "Ctrl+N")
        self.open = self._action(menu, tr("&Open project…"), "open", "Ctrl+O")
        self.sample = self._action(menu, tr("Open the &sample project"), "sample")
        menu.addSeparator()
        self.import_folder = self._action(menu, tr("&Import folder…"), "folder", "Ctrl+I")
        self.import_files = self._action(menu, tr("Import &files…"), "image", "Ctrl+Shift+I")
        self.import_labels = self._project_action(menu, tr("Import from another &tool…"), "label")
        self.load_model = self._project_action(menu, tr("&Load a model…"), "train")
        self.watch_folders = self._project_action(menu, tr("&Watch a folder…"), "eye")
        self.check_files = self._project_action(menu, tr("C&heck the files"), "check")
        self.find_missing = self._project_action(menu, tr("Find &missing pictures…"), "search")
        menu.addSeparator()
        self.exports = menu.addMenu(painting.icon("export"), tr("&Export"))
        self._of_project.append(self.exports)
        self.export: dict[str, QAction] = {}
        for export, title in zip(EXPORTS, with_mnemonics(tr(export.title) for export in EXPORTS), strict=True):
            keys = "Ctrl+E" if export.id == "model" else ""
            action = self._project_action(None, with_ellipsis(title), ICONS[export.group], keys)
            action.setToolTip(tr(export.about))
            self.export[export.id] = action
        add_exports(self.exports, self.export)
        menu.addSeparator()
        self.close_project = self._project_action(menu, tr("&Close project"), "close", "Ctrl+W")
        self.quit = self._action(menu, tr("&Quit"), "", "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

    def _edit(self, menu: QMenu) -> None:
        self.undo = self._action(menu, tr("&Undo"), "undo", QKeySequence.StandardKey.Undo)
        self.redo = self._action(menu, tr("&Redo"), "redo")
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        menu.addSeparator()
        self.select_all = self._action(menu, tr("Select &all"), "check", "Ctrl+A")
        self.copy = self._action(menu, tr("&Copy"), "copy", "Ctrl+C")
        self.delete = self._action(menu, tr("&Delete"), "trash", "Del")
        self.delete.setToolTip(tr("Remove the selected pictures from the project; the files stay"))
        self._of_project += [self.select_all, self.copy, self.delete]
        menu.addSeparator()
        self.paste = self._action(menu, tr("&Paste pictures"), "copy", QKeySequence.StandardKey.Paste)
        self.same_as_last = self._action(menu, tr("&Same as last"), "label", ".")
        self.same_as_last.setEnabled(False)
        # These keys belong to what has the keyboard, texts, images, classes, tables: the menu only shows them.
        for action in (self.select_all, self.copy, self.delete, self.same_as_last):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        menu.addSeparator()
        self.settings = self._action(menu, tr("S&ettings…"), "settings", "Ctrl+,")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _find(self, menu: QMenu) -> None:
        self.suggest = self._project_action(menu, tr("&Suggest examples"), "star", "Ctrl+G")
        self.groups = self._project_action(menu, tr("&Groups"), "grid", "Ctrl+Shift+G")
        self.more_like = self._project_action(menu, tr("&More like the selected pictures"), "image", "Ctrl+M")
        self.test_picture = self._project_action(menu, tr("&Test this picture"), "use", "Ctrl+T")
        self.words = self._project_action(menu, tr("By &words…"), "search", "Ctrl+Shift+F")
        self.duplicates = self._project_action(menu, tr("Near &duplicates"), "copy", "Ctrl+D")
        self.names = self._project_action(menu, tr("&Names and prompts…"), "names", "Ctrl+Shift+N")
        self.suspects = self._project_action(menu, tr("Suspected wrong &labels"), "warning", "Ctrl+L")
        self.spot_check = self._project_action(menu, tr("Spot &check"), "check", "Ctrl+K")

    def _view(self, menu: QMenu) -> None:
        self.pages: dict[str, QAction] = {}
        for number, page in enumerate(TABS, 1):
            action = self._action(menu, f"&{page.title()}", page.icon, f"Ctrl+{number}")
            action.triggered.connect(partial(self.page_chosen.emit, page.name))
            self.pages[page.name] = action
            if page.name != "home":
                self._of_project.append(action)
        self.experiments = self._project_action(menu, tr("Compare &methods"), "chart", "Ctrl+Shift+E")
        menu.addSeparator()
        self.full_screen = self._action(menu, tr("&Full screen"), "", "F11")
        self.full_screen.setCheckable(True)

    def _help(self, menu: QMenu) -> None:
        self.guide = self._action(menu, tr("&Guide"), "help")
        self.shortcuts = self._action(menu, tr("&Keyboard shortcuts"), "key", "F1")
        self.shortcuts.setShortcuts([QKeySequence("F1"), QKeySequence("?")])
        self.log_folder = self._action(menu, tr("Open &log folder"), "folder")
        self.copy_report = self._action(menu, tr("Copy &report"), "copy")
        self.copy_report.setToolTip(tr(COPY_TIP))
        menu.addSeparator()
        self.about = self._action(menu, tr("&About mma-desktop"), "info")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    @property
    def keys(self) -> list[tuple[str, dict[str, str]]]:
        alone = {self.undo: tr("&Undo"), self.redo: tr("&Redo")}  # without the edit that they are about now

        def texts(menu: QMenu, before: str = "") -> dict[str, str]:
            parts = [(alone.get(action, action.text()), action.shortcuts()) for action in menu.actions()]
            titles = (
                (" or ".join(keys.toString() for keys in every), f"{before}{action_title(text)}")
                for text, every in parts
            )
            return {keys: button for keys, button in titles if keys}

        export = texts(self.exports, f"{action_title(self.exports.title())}: ")
        return [
            (action_title(menu.title()), texts(menu) | (export if menu is self._menus[0] else {}))
            for menu in self._menus
        ]

    def set_project_open(self, is_open: bool) -> None:
        for action in self._of_project:
            action.setEnabled(is_open)
        if not is_open:
            self.show_undo("", "")

    def show_undo(self, undo: str, redo: str) -> None:
        for action, alone, with_edit, title in (
            (self.undo, later("&Undo"), later("&Undo {edit}"), undo),
            (self.redo, later("&Redo"), later("&Redo {edit}"), redo),
        ):
            action.setText(tr(with_edit, edit=unmarked(in_sentence(title))) if title else tr(alone))
            action.setEnabled(bool(title))


Field = QLineEdit | QPlainTextEdit


def wire_edit_actions(menus: Menus, page: Callable[[], Any]) -> None:
    """Connect the actions; `page` returns the page that is shown, which may have a grid and a labeller."""

    def act(on_text: Callable[[Field], object], part: str, method: str) -> None:
        focus, owner = QApplication.focusWidget(), getattr(page(), part, None)
        if isinstance(focus, Field):
            on_text(focus)
        elif owner is not None:
            getattr(owner, method)()

    def delete(field: Field) -> None:
        field.del_() if isinstance(field, QLineEdit) else field.textCursor().removeSelectedText()

    for action, on_text, part, method in (
        (menus.select_all, lambda field: field.selectAll(), "grid", "select_all"),
        (menus.copy, lambda field: field.copy(), "grid", "copy"),
        (menus.delete, delete, "labeller", "remove"),
    ):
        action.triggered.connect(partial(act, on_text, part, method))
