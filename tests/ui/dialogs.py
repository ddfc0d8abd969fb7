"""Every dialog that stands by itself, made with any text in the places of names."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog

from mma_desktop.core.i18n import one_line
from mma_desktop.store.snapshots import Backup, BackupFile
from mma_desktop.ui.dialogs.backbone_picker import OtherBackboneDialog
from mma_desktop.ui.dialogs.help import GuideWindow, ShortcutsDialog
from mma_desktop.ui.dialogs.names_dialog import ClassNameDialog, KeyDialog, NamesDialog, PromptEditor
from mma_desktop.ui.dialogs.place_dialog import KeywordsDialog, NewProjectDialog, SortDialog, SortRequest
from mma_desktop.ui.dialogs.settings_dialog import SettingsDialog
from mma_desktop.ui.dialogs.text_dialogs import AboutDialog, DetailsDialog, HowToUseDialog, ProblemDialog
from mma_desktop.ui.grid.label_controller import ClassPicker
from mma_desktop.ui.home.project_actions import RestoreDialog
from mma_desktop.ui.shell.main_window import MainWindow


def every_dialog(window: MainWindow, folder: Path, text: str) -> list[QDialog]:
    """The dialogs of a window with an open project.

    Args:
        window: Their owner.
        folder: Where they look for and put things.
        text: The name of what they are about.
    """
    controller = window.controller
    classes = controller.open_context.classes
    return [
        SettingsDialog(window.settings, window, controller.bridge),
        GuideWindow(window),
        ShortcutsDialog(window.menus.keys, window),
        AboutDialog(window),
        NewProjectDialog(text, folder, parent=window),
        ProblemDialog(one_line(text), "/trace", folder / "log.txt", window),
        RestoreDialog(text, [Backup(BackupFile(1.7e9, 1, "before-v2", folder / "x.db"), 2_000_000)], True, window),
        DetailsDialog("project", "project", [text], window),
        HowToUseDialog(folder, "import json", window.close, window),
        KeyDialog(classes[0], list(classes), window),
        ClassNameDialog(controller, classes[0], window),
        PromptEditor("a photo of a {}", classes[0].name, window),
        NamesDialog(controller, window),
        ClassPicker(classes, window.pages["label"].labeller, 2, window),
        OtherBackboneDialog(controller.bridge, window),
        SortDialog(controller, SortRequest(folder / one_line(text)), window),
        KeywordsDialog(controller, SortRequest(folder), window),
    ]
