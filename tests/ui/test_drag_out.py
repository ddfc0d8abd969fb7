"""Pictures dragged out of the window are their files, to be copied and never moved; inside it they are images."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QCursor, QDrag, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Lost
from mma_desktop.services.similarity import Among, Neighbour
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import IMAGE_MIME, find_images, may_hold_images, unpack
from mma_desktop.ui.grid import image_drag
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.use.try_panel import NearestShots

from .person import COPY, LEFT, NONE, Person, at_embedded_pictures

Open = Callable[[Controller], ProjectContext]
FAR = QPoint(40, 0)
person = pytest.fixture(at_embedded_pictures)


class Drags:
    """What the system was given to drag; its own loop is the one thing that a test cannot run."""

    def __init__(self) -> None:
        self.ids: list[list[int]] = []
        self.files: list[list[Path]] = []
        self.text: list[str] = []
        self.actions: list[tuple[object, ...]] = []
        self.meanwhile: Callable[[QMimeData], None] = lambda _data: None

    def take(self, drag: QDrag, *actions: object) -> Qt.DropAction:
        data = drag.mimeData()
        self.ids.append(unpack(data))
        self.files.append([Path(url.toLocalFile()) for url in data.urls()])
        self.text.append(data.text())
        self.actions.append(actions)
        assert not drag.pixmap().isNull()
        self.meanwhile(data)
        return Qt.DropAction.IgnoreAction


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> Drags:
    made = Drags()
    monkeypatch.setattr(QDrag, "exec", lambda drag, *actions: made.take(drag, *actions))  # noqa: PLW0108 - it binds
    return made


@pytest.fixture
def grid(controller: Controller, settings: Settings, with_pictures: ProjectContext, qtbot: QtBot) -> ImageGrid:
    """48 pictures of a folder."""
    made = ImageGrid(controller)
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    qtbot.waitExposed(made)
    made.set_ids(with_pictures.index.columns.ids)
    return made


def paths(controller: Controller, ids: list[int]) -> list[Path]:
    return [row.path for row in controller.open_context.project.image_rows(ids)]


def pull(grid: ImageGrid, position: int) -> None:
    at = grid.card_rect(position).center()
    QTest.mousePress(grid.viewport(), LEFT, NONE, at)
    QTest.mouseMove(grid.viewport(), at + FAR)


def dropped_on(target: QWidget, data: QMimeData) -> bool:
    at = target.rect().center()
    enter = QDragEnterEvent(at, COPY, data, LEFT, NONE)
    QApplication.sendEvent(target, enter)
    drop = QDropEvent(at.toPointF(), COPY, data, LEFT, NONE)
    QApplication.sendEvent(target, drop)
    return enter.isAccepted() or drop.isAccepted()


def test_the_selection_is_dragged_as_its_files_to_be_copied(
    grid: ImageGrid, controller: Controller, drags: Drags, qtbot: QtBot
) -> None:
    ids = grid.images.ids[:3].tolist()
    grid.select_ids(ids)
    pull(grid, 1)
    qtbot.waitUntil(lambda: bool(drags.files))
    assert drags.ids == [ids]
    assert drags.files == [paths(controller, ids)]
    assert all(path.is_file() for path in drags.files[0])
    assert drags.text == ["\n".join(map(str, drags.files[0]))]
    assert drags.actions == [(COPY,)]


def test_what_was_never_on_the_screen_is_looked_up(
    grid: ImageGrid, controller: Controller, drags: Drags, qtbot: QtBot
) -> None:
    grid.images.details.clear()
    grid.select_all()
    pull(grid, 0)
    qtbot.waitUntil(lambda: bool(drags.files))
    assert drags.files == [paths(controller, grid.images.ids.tolist())]


def test_a_button_that_is_let_go_before_the_files_are_known_drags_nothing(
    grid: ImageGrid, drags: Drags, qtbot: QtBot
) -> None:
    grid.images.details.clear()
    grid.select_all()
    pull(grid, 0)
    QTest.mouseRelease(grid.viewport(), LEFT, NONE, grid.card_rect(0).center())
    qtbot.wait(200)
    assert not drags.ids


def test_a_file_that_is_known_to_be_gone_is_not_offered(
    grid: ImageGrid, controller: Controller, drags: Drags, qtbot: QtBot
) -> None:
    ids = grid.images.ids[:2].tolist()
    gone, there = paths(controller, ids)
    controller.open_context.index.lost = Lost(np.array(ids[:1]))
    assert gone != there
    grid.select_ids(ids)
    pull(grid, 0)
    qtbot.waitUntil(lambda: bool(drags.files))
    assert drags.files == [[there]]
    assert drags.ids == [ids]


def test_too_many_for_other_programs_still_go_onto_a_class_and_that_is_told(
    grid: ImageGrid, controller: Controller, drags: Drags, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_drag, "MAX_FILES", 10)
    grid.select_all()
    QCursor.setPos(grid.frameGeometry().bottomRight() + QPoint(20, 20))
    with qtbot.waitSignal(controller.notice) as told:
        pull(grid, 0)
    assert drags.ids == [grid.images.ids.tolist()]
    assert drags.files == [[]]
    assert "at most 10" in told.args[0]


def test_names_that_are_no_text_keep_their_bytes(tmp_path: Path) -> None:
    odd = tmp_path / "a b#é%41.jpg"
    bytes_ = Path(str(tmp_path) + "/\udcff.jpg")
    data = image_drag.drag_data([1, 2], [odd, bytes_])
    assert data.urls()[0].toLocalFile() == str(odd)
    assert bytes(data.data("text/uri-list").data()).splitlines()[1].endswith(b"/%FF.jpg")
    assert data.text().endswith("/?.jpg")


def test_the_window_takes_its_own_pictures_for_no_import(tmp_path: Path) -> None:
    assert not may_hold_images(image_drag.drag_data([1], [tmp_path / "a.jpg"]))


def test_the_pictures_of_another_window_of_the_program_are_files_here(tmp_path: Path) -> None:
    ours = image_drag.drag_data([1], [tmp_path / "a.jpg"])
    theirs = QMimeData()
    for kind in ours.formats():
        theirs.setData("x-of/another" if kind == IMAGE_MIME else kind, ours.data(kind))
    assert not unpack(theirs)
    assert may_hold_images(theirs)


def test_dropped_back_on_the_window_they_are_neither_imported_nor_typed(person: Person, drags: Drags) -> None:
    page = person.label
    window = person.window
    taken: list[bool] = []

    def meanwhile(data: QMimeData) -> None:
        taken.append(person.drop(data, window.rect().center()))
        for field in (page.panel.names.viewport(), page.filter_bar.search):
            dropped_on(field, data)

    drags.meanwhile = meanwhile
    page.grid.select_ids(person.shown()[:2])
    pull(page.grid, 0)
    person.until(lambda: drags.files and drags.files[0])
    assert taken == [False]
    assert page.panel.names.toPlainText() == ""
    assert page.filter_bar.search.text() == ""
    assert window.imports.dialog is None
    files = QMimeData()
    files.setText("typed as ever")
    dropped_on(page.filter_bar.search, files)
    assert page.filter_bar.search.text() == "typed as ever"


def test_dragged_onto_a_class_they_are_labelled(person: Person, drags: Drags) -> None:
    page, ids = person.label, person.shown()[4:6]
    classes = page.panel.list
    at = classes.visualRect(page.panel.model.index(1)).center()
    enter = classes.viewport().mapTo(person.window, at)
    drags.meanwhile = lambda data: drags.actions.append((person.drop(data, enter),))
    page.grid.select_ids(ids)
    pull(page.grid, page.grid.images.ids.tolist().index(ids[0]))
    person.until(lambda: set(person.labels()) == set(ids))
    assert set(person.labels().values()) == {person.context.classes[1].name}


def test_the_nearest_examples_are_clicked(grid: ImageGrid, controller: Controller, qtbot: QtBot) -> None:
    panel = NearestShots(controller)
    qtbot.addWidget(panel)
    image = int(grid.images.ids[7])
    panel.show_nearest([Neighbour(image, 0, 0.9)], Among.LABELLED)
    shot = panel.list.model().index(0, 0)
    (path,) = paths(controller, [image])
    qtbot.waitUntil(lambda: path.name in shot.data(Qt.ItemDataRole.ToolTipRole))
    at = panel.list.visualRect(shot).center()
    with qtbot.waitSignal(panel.list.chosen) as chosen:
        QTest.mouseClick(panel.list.viewport(), LEFT, NONE, at)
    assert chosen.args == [image]


def test_a_dropped_file_is_still_a_file_to_import(tmp_path: Path) -> None:
    data = image_drag.drag_data([1], [tmp_path / "a.jpg"])
    only_files = QMimeData()
    only_files.setUrls(data.urls())
    assert find_images(only_files, "dropped", datetime.now()).files == [tmp_path / "a.jpg"]
