"""Context menu of the Label page's grid, with the parts shared by the Use page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import looked_up
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.ui.grid.filter_bar import chip_icon
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.image_model import capital
from mma_desktop.ui.grid.label_controller import Labeller
from mma_desktop.ui.grid.preview_controller import PreviewDesk
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import unmarked

_USES: tuple[tuple[Use | None, str], ...] = (
    (None, later("Automatic")),
    *number_format.USE_WORDS.items(),
)


@dataclass(frozen=True, eq=False)
class Targets:
    """The images a menu is for, and whether each has a label and can have one."""

    ids: NDArray[np.int64]
    labelled: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    use: int | None

    @property
    def single(self) -> bool:
        return len(self.ids) == 1


def targets_of(context: ProjectContext, grid: ImageGrid) -> Targets:
    ids = grid.selected_ids()
    columns = context.index.columns
    where = columns.positions(ids)
    labelled = looked_up(columns.class_ids, where, -1) >= 0
    usable = ~looked_up(columns.problems, where, True)
    only = int(columns.uses[where[0]]) if len(ids) == 1 and labelled[0] else None
    return Targets(ids, labelled, usable, only)


def add_action(
    target: QMenu, text: str, name: str, then: Callable[[], object], enabled: bool = True, key: str = ""
) -> QAction:
    action = target.addAction(icon(name), text) if name else target.addAction(text)
    action.triggered.connect(then)
    action.setEnabled(enabled)
    if key:
        action.setShortcut(QKeySequence(key))
    return action


def add_classes(
    menu: QMenu,
    context: ProjectContext,
    labeller: Labeller,
    targets: Targets,
    pick: Callable[[], object],
) -> None:
    """Add a labelling action for each class, for "None of these", and for the last one."""
    classes = label_choices(context)
    usable = bool(targets.usable.any())
    title = tr("Label as") if targets.single else tr("Label {n} picture as", "Label {n} pictures as", len(targets.ids))
    under = menu.addMenu(icon("label"), title)
    under.setEnabled(usable and bool(classes))
    for choice in classes:
        action = under.addAction(chip_icon(choice.colour), unmarked(choice.title))
        action.triggered.connect(partial(labeller.label, choice.id))
        if choice.key:
            action.setShortcut(QKeySequence(choice.key.upper()))
    add_action(menu, tr("Label by name…"), "label", pick, usable and bool(classes), "/")
    same = labeller.last is not None and usable
    add_action(menu, labeller.same_as_last_text, "label", labeller.same_as_last, same, ".")


def add_files(menu: QMenu, desk: PreviewDesk, targets: Targets) -> None:
    add_action(menu, tr("Show in folder"), "folder", desk.reveal_current, targets.single)
    add_action(menu, tr("Copy path"), "copy", desk.copy_paths)


def no_image(menu: QMenu) -> QMenu:
    menu.addAction(tr("No picture selected")).setEnabled(False)
    return menu


def grid_menu(
    context: ProjectContext | None,
    grid: ImageGrid,
    labeller: Labeller,
    preview: PreviewDesk,
    *,
    pick_class: Callable[[], object],
    more_like: Callable[[], object],
    test: Callable[[], object],
) -> QMenu:
    menu = QMenu(grid)
    if context is None or not len(grid.selected_ids()):
        return no_image(menu)
    targets = targets_of(context, grid)
    guesses = grid.images.guesses
    free = targets.usable & ~targets.labelled
    guessed = bool((free & (guesses.positions(targets.ids) >= 0)).any()) if guesses is not None else False
    proposed = labeller.proposed is not None
    labelled, usable = bool(targets.labelled.any()), bool(targets.usable.any())
    add_classes(menu, context, labeller, targets, pick_class)
    add_action(menu, tr("Accept"), "check", labeller.accept, proposed or guessed, "Enter")
    add_action(menu, tr("Remove label"), "close", labeller.unlabel, labelled, "U")
    uses = menu.addMenu(tr("Use for"))
    uses.setEnabled(labelled)
    for use, text in _USES:
        action = add_action(uses, capital(tr(text)), "", partial(labeller.set_use, use))
        action.setCheckable(True)
        action.setChecked(targets.use is not None and targets.use == (-1 if use is None else list(Use).index(use)))
    menu.addSeparator()
    add_action(menu, tr("Open large"), "eye", preview.open_full, targets.single)
    add_action(menu, tr("&More like the selected pictures"), "image", more_like, usable, "Ctrl+M")
    add_action(menu, tr("Test this picture"), "use", test, targets.single and usable, "Ctrl+T")
    add_files(menu, preview, targets)
    menu.addSeparator()
    add_action(menu, tr("Remove from the project"), "trash", labeller.remove, True, "Del")
    return menu
