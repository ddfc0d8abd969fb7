"""The context menu of the grid."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from mma_desktop.domain import Use
from mma_desktop.ui.filter_bar import chip_icon
from mma_desktop.ui.icons import icon

if TYPE_CHECKING:
    from mma_desktop.ui.label_page import LabelPage

_USES: tuple[tuple[Use | None, str], ...] = (
    (None, "Automatic"),
    (Use.SHOT, "Shot (trained on)"),
    (Use.VALIDATION, "Validation"),
    (Use.TEST, "Test"),
)


def grid_menu(page: LabelPage) -> QMenu:
    """What can be done to the selected images."""
    menu = QMenu(page)
    session = page.controller.session
    ids = page.grid.target_ids()
    if session is None or not len(ids):
        menu.addAction("No image selected").setEnabled(False)
        return menu
    columns = session.catalogue.columns
    where = columns.positions(ids)
    here = where >= 0
    labelled = here & (columns.class_ids[where] >= 0)
    usable = here & ~columns.problems[where]
    guesses = page.grid.images.guesses
    guessed = usable & ~labelled & ((guesses.positions(ids) >= 0) if guesses else np.zeros(len(ids), bool))
    proposed = page.labeller.proposed is not None

    def add(target: QMenu, text: str, name: str, then: Callable[[], object], enabled: bool, key: str = "") -> QAction:
        action = target.addAction(icon(name), text) if name else target.addAction(text)
        action.triggered.connect(then)
        action.setEnabled(enabled)
        if key:
            action.setShortcut(QKeySequence(key))
        return action

    number = f" {len(ids):,} images" if len(ids) > 1 else ""
    classes = menu.addMenu(icon("label"), f"Label{number} as")
    classes.setEnabled(bool(usable.any()) and bool(session.classes))
    for one in session.classes:
        action = classes.addAction(chip_icon(one.colour), one.name.replace("&", "&&"))
        action.triggered.connect(partial(page.labeller.label, one.id))
        if one.key:
            action.setShortcut(QKeySequence(one.key.upper()))
    last = page.labeller.last
    same = "Same as last" + (f": {last.name.replace('&', '&&')}" if last is not None else "")
    add(menu, same, "label", page.labeller.same_as_last, last is not None and bool(usable.any()), ".")
    accept = "Accept what is proposed" if proposed else "Accept prediction"
    add(menu, accept, "check", page.labeller.accept, proposed or bool(guessed.any()), "Enter")
    add(menu, "Remove label", "close", page.labeller.unlabel, bool(labelled.any()), "U")
    uses = menu.addMenu("Use for")
    uses.setEnabled(bool(labelled.any()))
    only = int(columns.uses[where[0]]) if len(ids) == 1 and labelled[0] else None
    for use, text in _USES:
        action = add(uses, text, "", partial(page.labeller.set_use, use), True)
        action.setCheckable(True)
        action.setChecked(only is not None and only == (-1 if use is None else list(Use).index(use)))
    menu.addSeparator()
    one_row = len(ids) == 1
    add(menu, "Open large", "eye", page.open_full, one_row)
    test = partial(page.test_requested.emit, page.grid.current_id())
    like = "More like this" if one_row else "More like these"
    add(menu, like, "image", page.more_like_requested.emit, bool(usable.any()), "Ctrl+M")
    add(menu, "Test this picture", "predict", test, one_row and bool(usable.any()), "Ctrl+T")
    add(menu, "Show in folder", "folder", page.reveal_current, one_row)
    add(menu, "Copy path" if one_row else "Copy paths", "copy", page.copy_paths, True)
    menu.addSeparator()
    add(menu, "Remove from the project", "trash", page.labeller.remove, True, "Del")
    return menu
