"""The context menus of the grids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import ImageClass, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import looked_up
from mma_desktop.ui.grid.filter_bar import chip_icon
from mma_desktop.ui.label.label_controller import Labeller
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import unmarked

if TYPE_CHECKING:
    from mma_desktop.ui.grid.image_grid import ImageGrid
    from mma_desktop.ui.grid.preview_controller import PreviewDesk
    from mma_desktop.ui.label.label_page import LabelPage
    from mma_desktop.ui.predict.predict_controller import PredictDesk

_USES: tuple[tuple[Use | None, str], ...] = (
    (None, later("Automatic")),
    (Use.SHOT, later("Shot (trained on)")),
    (Use.VALIDATION, later("Validation")),
    (Use.TEST, later("Test")),
)


@dataclass(frozen=True, eq=False)
class _Targets:
    """What a menu is for: images, and of each whether it has a label and can have one."""

    ids: NDArray[np.int64]
    labelled: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    use: int | None

    @property
    def one(self) -> bool:
        """Whether it is for a single image."""
        return len(self.ids) == 1


def _targets(context: ProjectContext, grid: ImageGrid) -> _Targets:
    ids = grid.target_ids()
    columns = context.index.columns
    where = columns.positions(ids)
    labelled = looked_up(columns.class_ids, where, -1) >= 0
    usable = ~looked_up(columns.problems, where, True)
    only = int(columns.uses[where[0]]) if len(ids) == 1 and labelled[0] else None
    return _Targets(ids, labelled, usable, only)


def _add(
    target: QMenu, text: str, name: str, then: Callable[[], object], enabled: bool = True, key: str = ""
) -> QAction:
    action = target.addAction(icon(name), text) if name else target.addAction(text)
    action.triggered.connect(then)
    action.setEnabled(enabled)
    if key:
        action.setShortcut(QKeySequence(key))
    return action


def _add_classes(
    menu: QMenu,
    classes: Sequence[ImageClass],
    labeller: Labeller,
    targets: _Targets,
    pick: Callable[[], object],
) -> None:
    """Label as each class, by its name, and as the last one."""
    usable = bool(targets.usable.any())
    title = tr("Label as") if targets.one else tr("Label {n} image as", "Label {n} images as", len(targets.ids))
    under = menu.addMenu(icon("label"), title)
    under.setEnabled(usable and bool(classes))
    for one in classes:
        action = under.addAction(chip_icon(one.colour), unmarked(one.name))
        action.triggered.connect(partial(labeller.label, one.id))
        if one.key:
            action.setShortcut(QKeySequence(one.key.upper()))
    _add(menu, tr("Label by name…"), "label", pick, usable and bool(classes), "/")
    last = labeller.last
    same = tr("Same as last")
    if last is not None:
        same = tr("Same as last: {class_name}", class_name=unmarked(last.name))
    _add(menu, same, "label", labeller.same_as_last, last is not None and usable, ".")


def _add_files(menu: QMenu, desk: PreviewDesk, targets: _Targets) -> None:
    """What is done with the files."""
    _add(menu, tr("Show in folder"), "folder", desk.reveal_current, targets.one)
    _add(menu, tr("Copy path") if targets.one else tr("Copy paths"), "copy", desk.copy_paths)


def _nothing(menu: QMenu) -> QMenu:
    menu.addAction(tr("No image selected")).setEnabled(False)
    return menu


def grid_menu(page: LabelPage) -> QMenu:
    """What can be done to the selected images of the label page."""
    menu = QMenu(page)
    context = page.controller.context
    if context is None or not len(page.grid.target_ids()):
        return _nothing(menu)
    targets, labeller = _targets(context, page.grid), page.labeller
    guesses = page.grid.images.guesses
    free = targets.usable & ~targets.labelled
    guessed = bool((free & (guesses.positions(targets.ids) >= 0)).any()) if guesses is not None else False
    proposed = labeller.proposed is not None
    labelled, usable = bool(targets.labelled.any()), bool(targets.usable.any())
    _add_classes(menu, context.classes, labeller, targets, page.pick_class)
    accept = tr("Accept what is proposed") if proposed else tr("Accept prediction")
    _add(menu, accept, "check", labeller.accept, proposed or guessed, "Enter")
    _add(menu, tr("Remove label"), "close", labeller.unlabel, labelled, "U")
    uses = menu.addMenu(tr("Use for"))
    uses.setEnabled(labelled)
    for use, text in _USES:
        action = _add(uses, tr(text), "", partial(labeller.set_use, use))
        action.setCheckable(True)
        action.setChecked(targets.use is not None and targets.use == (-1 if use is None else list(Use).index(use)))
    menu.addSeparator()
    _add(menu, tr("Open large"), "eye", page.desk.open_full, targets.one)
    like = tr("More like this") if targets.one else tr("More like these")
    _add(menu, like, "image", page.more_like_requested.emit, usable, "Ctrl+M")
    test = partial(page.test_requested.emit, page.grid.current_id())
    _add(menu, tr("Test this picture"), "predict", test, targets.one and usable, "Ctrl+T")
    _add_files(menu, page.desk, targets)
    menu.addSeparator()
    _add(menu, tr("Remove from the project"), "trash", labeller.remove, True, "Del")
    return menu


def predict_menu(
    page: PredictDesk, test: Callable[[], object], show: Callable[[], object], more_like: QAction
) -> QMenu:
    """What can be done to the selected images of the predict page.

    Args:
        page: The page's grid and what labels in it.
        test: Shows the current image in the test panel.
        show: Shows the current image on the label page.
        more_like: The window's action.
    """
    menu = QMenu(page.grid)
    context = page.controller.context
    if context is None or not len(page.grid.target_ids()):
        return _nothing(menu)
    targets = _targets(context, page.grid)
    accept = page.accept_button
    _add(menu, accept.text(), "check", page.accept, accept.isEnabled(), "Enter")
    _add_classes(menu, context.classes, page.labeller, targets, page.pick_class)
    if targets.labelled.any():
        _add(menu, tr("Remove label"), "close", page.labeller.unlabel, True, "U")
    menu.addSeparator()
    _add(menu, tr("Open large"), "eye", page.desk.open_full, targets.one)
    menu.addAction(more_like)
    _add(menu, tr("Test this picture"), "predict", test, targets.one, "Ctrl+T")
    _add(menu, tr("Show on the Label page"), "label", show, targets.one)
    _add_files(menu, page.desk, targets)
    menu.addSeparator()
    _add(menu, tr("Remove from the project"), "trash", page.labeller.remove, True, "Del")
    return menu
