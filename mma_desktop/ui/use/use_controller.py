"""Labelling, preview and context menu of the Use page, as on the Label page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QMenu, QSplitter, QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.settings import Settings
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import Actions
from mma_desktop.ui.grid.class_picker import pick_class
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.label_controller import Labeller
from mma_desktop.ui.grid.label_keys import LabelKeys
from mma_desktop.ui.grid.label_menu import add_action, add_classes, add_files, no_image, targets_of
from mma_desktop.ui.grid.preview_controller import PreviewDesk


class PredictDesk(QObject):
    """Labels the images of the Use page and shows their preview in place of the right side."""

    def __init__(
        self,
        controller: Controller,
        settings: Settings,
        grid: ImageGrid,
        splitter: QSplitter,
        accept_button: QAbstractButton,
        accept: Callable[[], None],
    ) -> None:
        super().__init__(splitter)
        self.controller = controller
        self.grid = grid
        self.accept_button = accept_button
        self.accept = accept
        self.labeller = Labeller(controller, settings, grid, self)
        self._keys = LabelKeys(controller, self.labeller, accept, self)
        middle, right = splitter.widget(1), splitter.widget(2)
        assert middle is not None
        self.desk = PreviewDesk(controller, grid, splitter, middle, right)
        self.preview = self.desk.preview
        for widget in (grid, self.preview):
            widget.installEventFilter(self._keys)
        self._keys.stepped.connect(grid.step)
        self._keys.pick_requested.connect(self.pick_class)
        self.labeller.message.connect(controller.notice)
        self.labeller.removed.connect(self._removed)
        controller.bridge.problem.connect(self._problem)
        QWidget.setTabOrder(grid, self.preview)

    def reset(self) -> None:
        self.labeller.reset()
        self.desk.set_shown(False)
        self.preview.show_image(-1)

    def take(self, changes: Changes) -> None:
        self.labeller.take(changes)
        if self.preview.isVisible():
            self.preview.refresh()

    def menu(self, actions: Actions, show: Callable[[], object]) -> QMenu:
        """Return the context menu of the selected images; `show` shows the current one on the Label self."""
        menu = QMenu(self.grid)
        context = self.controller.context
        if context is None or not len(self.grid.selected_ids()):
            return no_image(menu)
        targets = targets_of(context, self.grid)
        accept = self.accept_button
        add_action(menu, accept.text(), "check", self.accept, accept.isEnabled(), "Enter")
        add_classes(menu, context, self.labeller, targets, self.pick_class)
        if targets.labelled.any():
            add_action(menu, tr("Remove label"), "close", self.labeller.unlabel, True, "U")
        menu.addSeparator()
        add_action(menu, tr("Open large"), "eye", self.desk.open_full, targets.single)
        menu.addActions([actions["more_like"], actions["test_picture"]])
        add_action(menu, tr("Show on the Label page"), "label", show, targets.single)
        add_files(menu, self.desk, targets)
        menu.addSeparator()
        add_action(menu, tr("Remove from the project"), "trash", self.labeller.remove, True, "Del")
        return menu

    def pick_class(self) -> None:
        pick_class(self.controller, self.labeller, len(self.grid.selected_ids()), self.grid.window())

    def _problem(self, _title: str, _sentence: str) -> None:
        self.labeller.reset()

    def _removed(self, count: int) -> None:
        removed = tr(
            "Removed {n} picture from the project. The files stay where they are.",
            "Removed {n} pictures from the project. The files stay where they are.",
            count,
        )
        back = tr("Undo brings it back.", "Undo brings them back.", count)
        self.controller.notice.emit(f"{removed} {back}")
