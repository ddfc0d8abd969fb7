"""Base of the pages with a grid of images: labelling by keys and menu, and the preview."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QSplitter, QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import Actions, Page
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.label_controller import LABELLED, USABLE, LabelKeys, Labeller, pick_class
from mma_desktop.ui.grid.preview import PreviewController
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.painting import chip, icon
from mma_desktop.ui.widgets.text_format import capital, unmarked
from mma_desktop.ui.widgets.windows import add_action, pop_up

_USES: tuple[tuple[Use | None, str], ...] = (
    (None, later("Automatic")),
    *text_format.USE_WORDS.items(),
)


class GridPage(Page):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._actions: Actions = {}
        self.grid = ImageGrid(controller)
        self.labeller = Labeller(controller, self.grid, self)
        self.keys = LabelKeys(controller, self.labeller, self.accept, self)

    def _add_preview(self, splitter: QSplitter, instead_of: QWidget | None = None) -> None:
        """Let keys and menu label the images, and add their preview to a splitter whose second part has the grid."""
        middle = splitter.widget(1)
        assert middle is not None
        self.preview_controller = PreviewController(self.controller, self.grid, splitter, middle, instead_of)
        self.preview = self.preview_controller.preview
        for widget in (self.grid, self.preview):
            widget.installEventFilter(self.keys)
        self.keys.stepped.connect(self.grid.step)
        self.keys.pick_requested.connect(self.pick_class)
        self.grid.menu_requested.connect(lambda where: pop_up(self.make_menu(), where))
        self.controller.bridge.problem.connect(self.labeller.reset)
        self.controller.opened.connect(self._clear)
        self.controller.changed.connect(self._follow)
        self.controller.predictions_changed.connect(self._repaint)
        QWidget.setTabOrder(self.grid, self.preview)

    def _clear(self) -> None:
        self.labeller.reset()
        self.grid.clear_cache()
        self.preview.show_image(-1)

    def _follow(self, changes: Changes) -> None:
        self.labeller.on_changes(changes)
        touched = [*changes.labels, *changes.images_removed]
        if touched or changes.classes or changes.files:
            self._repaint(touched)

    def _repaint(self, changed: Sequence[int] = ()) -> None:
        self.grid.refresh(changed)
        self.preview.refresh()

    def current_id(self) -> int:
        return self.grid.current_id()

    def target_ids(self) -> Sequence[int]:
        ids: list[int] = self.grid.selected_ids().tolist()
        return ids

    def pick_class(self) -> None:
        pick_class(self.controller, self.labeller, len(self.grid.selected_ids()), self)

    def accept(self) -> None:
        self.labeller.accept()

    def _offer(self) -> tuple[str, bool]:
        """Return what accepting is called, and whether it does something to the selected images."""
        raise NotImplementedError

    def make_menu(self) -> QMenu:
        menu, context, ids = QMenu(self.grid), self.controller.context, self.grid.selected_ids()
        if context is None or not len(ids):
            menu.addAction(tr("No picture selected")).setEnabled(False)
            return menu
        index, single, act = context.index, len(ids) == 1, partial(add_action, menu)
        labelled, usable = (bool(index.matches(query, None, ids).any()) for query in (LABELLED, USABLE))
        self._add_classes(menu, context, usable, len(ids))
        text, possible = self._offer()
        act(text, "check", self.accept, possible, "Enter")
        act(tr("Remove label"), "close", self.labeller.unlabel, labelled, "U")
        uses = menu.addMenu(tr("Use for"))
        uses.setEnabled(labelled)
        used = int(index.columns.uses[index.columns.positions(ids)[0]]) if single and labelled else None
        for number, (use, title) in enumerate(_USES, -1):
            action = add_action(uses, capital(tr(title)), "", partial(self.labeller.set_use, use))
            action.setCheckable(True)
            action.setChecked(used == number)
        menu.addSeparator()
        act(tr("Open large"), "eye", self.preview_controller.open_full, single)
        more = self._actions["more_like"].trigger
        act(tr("&More like the selected pictures"), "image", more, usable, "Ctrl+M")
        act(tr("Test this picture"), "use", self._actions["test_picture"].trigger, single and usable, "Ctrl+T")
        self._add_own(menu, single)
        act(tr("Show in folder"), "folder", self.preview_controller.reveal_current, single)
        menu.addSeparator()
        act(tr("Remove from the project"), "trash", self.labeller.remove, True, "Del")
        return menu

    def _add_classes(self, menu: QMenu, context: ProjectContext, usable: bool, count: int) -> None:
        """Add a labelling action for each class, for "None of these", and for the last one."""
        classes, labeller = label_choices(context), self.labeller
        title = tr("Label as") if count == 1 else tr("Label {n} picture as", "Label {n} pictures as", count)
        under = menu.addMenu(icon("label"), title)
        under.setEnabled(usable and bool(classes))
        for choice in classes:
            action = under.addAction(chip(choice.colour), unmarked(choice.title))
            action.triggered.connect(partial(labeller.label, choice.id))
            if choice.key:
                action.setShortcut(QKeySequence(choice.key.upper()))
        add_action(menu, tr("Label by name…"), "label", self.pick_class, usable and bool(classes), "/")
        same = labeller.last is not None and usable
        add_action(menu, labeller.same_as_last_text, "label", labeller.same_as_last, same, ".")

    def _add_own(self, menu: QMenu, single: bool) -> None:
        """Add what only this page can do with the selected images, or a `single` one."""
