"""Context menu of the Use page's grid."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from mma_desktop.core.i18n import tr
from mma_desktop.ui.base.page import Actions
from mma_desktop.ui.grid.label_menu import add_action, add_classes, add_files, no_image, targets_of
from mma_desktop.ui.use.use_controller import PredictDesk


def use_menu(page: PredictDesk, actions: Actions, show: Callable[[], object]) -> QMenu:
    """Build the context menu for the selected images of the Use page.

    Args:
        page: The page's grid and labeller.
        actions: Those of the window.
        show: Shows the current image on the Label page.
    """
    menu = QMenu(page.grid)
    context = page.controller.context
    if context is None or not len(page.grid.selected_ids()):
        return no_image(menu)
    targets = targets_of(context, page.grid)
    accept = page.accept_button
    add_action(menu, accept.text(), "check", page.accept, accept.isEnabled(), "Enter")
    add_classes(menu, context, page.labeller, targets, page.pick_class)
    if targets.labelled.any():
        add_action(menu, tr("Remove label"), "close", page.labeller.unlabel, True, "U")
    menu.addSeparator()
    add_action(menu, tr("Open large"), "eye", page.desk.open_full, targets.one)
    menu.addActions([actions["more_like"], actions["test_picture"]])
    add_action(menu, tr("Show on the Label page"), "label", show, targets.one)
    add_files(menu, page.desk, targets)
    menu.addSeparator()
    add_action(menu, tr("Remove from the project"), "trash", page.labeller.remove, True, "Del")
    return menu
