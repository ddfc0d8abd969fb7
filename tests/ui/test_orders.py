"""Sorting the grid through the real window: what can be had, what cannot and why, and what outlives a restart."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import CancelToken
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Order
from mma_desktop.services.similarity import typicality_of
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.filter_bar import NO_BACKBONE, NO_PREDICTIONS, ROWS

from .person import CONTROL, LONG, Key, Person, close, shown_window

Open = Callable[[Controller], ProjectContext]


def filled(person: Person, controller: Controller, folders: list[Path]) -> None:
    """Import, and put the keyboard on the first image."""
    with person.qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths(folders)
    count = sum(len(list(folder.iterdir())) for folder in folders)
    person.until(lambda: len(person.shown()) == count)
    person.click_image(0)
    person.until(lambda: person.label.grid.images.row(person.shown()[0]) is not None)


def enabled(person: Person) -> list[Order]:
    model = person.label.filter_bar.order_box.model()
    flags = [model.flags(model.index(row, 0, QModelIndex())) for row in range(len(ROWS))]
    return [order for order, flag in zip(ROWS, flags, strict=True) if flag & Qt.ItemFlag.ItemIsEnabled]


def take_keyboard(person: Person, widget: QWidget) -> None:
    """A popup that is over gives the keyboard back; the offscreen platform does not."""
    person.window.activateWindow()
    person.until(person.window.isActiveWindow)
    widget.setFocus()
    person.until(widget.hasFocus)


def choose(person: Person, order: Order) -> None:
    """Open the box and walk to an order by keys, over those that cannot be chosen."""
    box = person.label.filter_bar.order_box
    take_keyboard(person, box)
    person.press(Key.Key_Space)
    person.until(box.view().isVisible)
    QTest.keyClick(box.view(), Key.Key_Home)
    for _ in range(enabled(person).index(order)):
        QTest.keyClick(box.view(), Key.Key_Down)
    QTest.keyClick(box.view(), Key.Key_Return)
    person.until(lambda: not box.view().isVisible())
    take_keyboard(person, box)
    person.until(lambda: person.label.query.query.order is order and person.label.query.answered)


def test_dates_and_names_order_without_a_backbone_and_the_rest_says_why_not(
    person: Person, controller: Controller, open_project: Open, settings: Settings, picture_folder: Path
) -> None:
    settings.set("embed_on_import", False)
    folder = picture_folder / "apples"
    for number, path in enumerate(sorted(folder.iterdir())):
        os.utime(path, (1_700_000_000, 1_700_000_000 + (number * 5) % 12))
    context = open_project(controller)
    filled(person, controller, [folder])
    assert enabled(person) == [Order.ADDED, Order.NAME, Order.NEWEST, Order.OLDEST]

    def date(image: int) -> float:
        return context.project.image_rows([image])[0].path.stat().st_mtime

    choose(person, Order.OLDEST)
    oldest = person.shown()
    assert [date(one) for one in oldest] == sorted(map(date, oldest))
    choose(person, Order.NEWEST)
    assert person.shown() == oldest[::-1]
    box = person.label.filter_bar.order_box
    assert box.why_not(Order.TYPICAL) == NO_BACKBONE
    assert box.why_not(Order.CONFIDENCE) == NO_PREDICTIONS
    index = box.model().index(ROWS.index(Order.TYPICAL), 0)
    assert NO_BACKBONE in index.data(Qt.ItemDataRole.ToolTipRole)
    assert NO_BACKBONE in index.data(Qt.ItemDataRole.AccessibleDescriptionRole)


def test_typical_and_outliers_with_the_real_starter(
    person: Person, controller: Controller, starter_session: ProjectContext, picture_folder: Path
) -> None:
    controller.add_classes(["red apple", "blue box"])
    filled(person, controller, [picture_folder / "apples", picture_folder / "boxes"])
    person.wait_for_guesses(24)
    person.until(lambda: {Order.TYPICAL, Order.OUTLIERS} <= set(enabled(person)))

    # Typical first, outliers first: the same scores from both ends, shown from the start.
    choose(person, Order.TYPICAL)
    typical = person.shown()
    scores = typicality_of(starter_session, CancelToken())
    of = dict(zip(*(part.tolist() for part in scores), strict=True))
    assert [of[one] for one in typical] == sorted(of.values(), reverse=True)
    assert person.label.grid.current_id() == typical[0]
    choose(person, Order.OUTLIERS)
    assert [of[one] for one in person.shown()] == sorted(of.values())
    assert person.label.grid.verticalScrollBar().value() == 0


def test_names_and_size_come_back_after_a_restart(
    controller: Controller, open_project: Open, settings: Settings, picture_folder: Path, qtbot: QtBot
) -> None:
    settings.set("embed_on_import", False)
    first = Person(shown_window(controller, settings, qtbot), qtbot)
    context = open_project(controller)
    filled(first, controller, [picture_folder / "apples"])
    first.click(first.label.filter_bar.names_button)
    first.label.filter_bar.slider.setFocus()
    first.press(Key.Key_PageUp)
    side = first.label.filter_bar.slider.value()
    assert side != 144
    folder = context.project.folder
    close(first)
    first.window.deleteLater()

    second = Person(shown_window(controller, Settings(settings.path.parent), qtbot), qtbot)
    second.window.projects.open_folder(folder)
    second.until(lambda: controller.context is not None and len(second.shown()) == 12)
    bar = second.label.filter_bar
    assert bar.names_button.isChecked()
    assert second.label.grid.itemDelegate().show_names
    assert bar.slider.value() == side
    close(second)
    second.window.deleteLater()


def test_all_of_a_million_are_selected_at_once(
    person: Person, controller: Controller, open_project: Open, settings: Settings, picture_folder: Path
) -> None:
    settings.set("embed_on_import", False)
    open_project(controller)
    filled(person, controller, [picture_folder / "apples"])
    person.label.grid.set_ids(np.arange(1, 1_000_001))
    person.label.grid.setFocus()
    person.press(Key.Key_A, CONTROL)
    assert len(person.label.grid.selection) == 1_000_000
    assert person.label.status.text() == "1,000,000 of 1,000,000 pictures selected"
