"""The images of the grid as a table, their details in pages, and the selection over a long list."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import LabelSource, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import pack, unpack
from mma_desktop.ui.grid.image_model import GridSelection, ImageModel
from mma_desktop.ui.grid.thumbnail_loader import KEPT_ROWS

Open = Callable[[Controller], ProjectContext]


@pytest.fixture
def model(controller: Controller, qtbot: QtBot) -> ImageModel:
    made = ImageModel(controller)
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    tester.setParent(made)
    return made


def shown(model: ImageModel) -> list[list[int | None]]:
    """The image of each cell, row by row."""
    columns = range(model.columnCount())
    places = [[model.position(model.index(row, column)) for column in columns] for row in range(model.rowCount())]
    return [[int(model.ids[at]) if at >= 0 else None for at in row] for row in places]


def test_ids_are_cut_into_rows_and_the_rest_of_the_last_row_is_empty(model: ImageModel) -> None:
    model.set_columns(3)
    model.set_ids(np.arange(10, 17))
    assert shown(model) == [[10, 11, 12], [13, 14, 15], [16, None, None]]
    assert model.flags(model.index(2, 1)) == Qt.ItemFlag.NoItemFlags
    assert model.flags(model.index(2, 0)) & Qt.ItemFlag.ItemIsSelectable
    assert model.position(model.index_at(6)) == 6
    assert not model.index_at(7).isValid()


def test_appending_fills_the_last_row_and_adds_rows_under_the_tester(model: ImageModel) -> None:
    model.set_columns(4)
    for count in (1, 2, 1, 4, 9, 0):
        before = len(model.ids)
        model.append_ids(np.arange(before, before + count))
    assert [one for row in shown(model) for one in row if one is not None] == list(range(17))
    model.set_columns(7)
    assert model.rowCount() == 3
    model.set_ids(np.empty(0, np.int64))
    assert model.rowCount() == 0


def test_another_number_of_columns_with_a_million_images(controller: Controller, qtbot: QtBot) -> None:
    model = ImageModel(controller)  # without the tester, which looks at every row
    model.set_ids(np.arange(1_000_000))
    model.set_columns(9)
    assert model.rowCount() == 111_112
    assert model.ids[model.position(model.index(111_111, 0))] == 999_999


def test_details_come_by_the_page_and_only_once(
    controller: Controller, with_pictures: ProjectContext, model: ImageModel, drawn_pictures: Path, qtbot: QtBot
) -> None:
    context = with_pictures
    ids = context.index.columns.ids.tolist()
    with qtbot.waitSignal(model.details.arrived) as arrived:
        model.details.want(ids)
        model.details.want(ids)  # on its way already
    assert sorted(arrived.args[0]) == sorted(ids)
    row = model.row(ids[0])
    assert row is not None
    assert row.path.name.endswith(".jpg")
    model.set_ids(np.array(ids))
    assert model.data(model.index(0, 0)) == row.path.name
    assert str(drawn_pictures) in str(model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole))
    assert 0 < len(ids) < KEPT_ROWS


def test_a_row_that_changed_while_it_was_asked_for_is_asked_for_again(
    controller: Controller, with_pictures: ProjectContext, model: ImageModel, qtbot: QtBot
) -> None:
    context = with_pictures
    image = int(context.index.columns.ids[0])
    model.details.want([image])
    model.details.drop([image])
    with qtbot.assertNotEmitted(model.details.arrived, wait=200):
        pass
    assert model.row(image) is None
    with qtbot.waitSignal(model.details.arrived):
        model.details.want([image])


def test_a_badge_says_who_labelled_and_for_what(
    controller: Controller, with_pictures: ProjectContext, model: ImageModel, qtbot: QtBot
) -> None:
    context = with_pictures
    image = int(context.index.columns.ids[0])
    assert model.badge(image).words() == "unlabelled"
    controller.add_classes(["apple"])
    qtbot.waitUntil(lambda: len(context.classes) == 1)
    controller.assign([image], context.classes[0].id)
    controller.edit(lambda project: project.set_use([image], Use.TEST))
    qtbot.waitUntil(lambda: model.badge(image).use is Use.TEST)
    badge = model.badge(image)
    assert (badge.label, badge.source, badge.use) == (context.classes[0], LabelSource.PERSON, Use.TEST)
    assert badge.words() == "apple, labelled by you, test"
    assert model.badge(10**9).label is None


@given(
    ids=st.lists(st.integers(0, 10_000), min_size=1, max_size=60, unique=True),
    steps=st.lists(
        st.tuples(st.sampled_from(["only", "toggle", "range", "add range"]), st.integers(0, 80)), max_size=12
    ),
)
@settings(max_examples=80, deadline=None)
def test_the_selection_never_leaves_the_list(ids: list[int], steps: list[tuple[str, int]]) -> None:
    selection = GridSelection()
    selection.reset(np.zeros(len(ids), bool))
    expected: set[int] = set()
    anchor = -1
    for what, position in steps:
        if what == "only":
            selection.only(position)
            expected, anchor = {position}, position
        elif what == "toggle":
            selection.toggle(position)
            expected, anchor = expected ^ {position}, position
        else:
            selection.range_to(position, keep=what == "add range")
            start = position if anchor < 0 else anchor
            part = set(range(min(start, position), max(start, position) + 1))
            expected = part | (expected if what == "add range" else set())
            anchor = start
        expected = {one for one in expected if one < len(ids)}
        assert set(selection.positions().tolist()) == expected
        assert len(selection) == len(expected)


def test_a_rubber_band_gives_back_what_it_leaves() -> None:
    selection = GridSelection()
    selection.reset(np.zeros(10, bool))
    selection.only(9)
    selection.hold(True)
    selection.band(np.array([0, 1, 2, 40]))
    assert selection.positions().tolist() == [0, 1, 2, 9]
    selection.band(np.array([0]))
    assert selection.positions().tolist() == [0, 9]


def test_dragged_ids_come_back_as_they_were() -> None:
    assert unpack(pack(np.array([3, 1, 2**40], np.int64))) == [3, 1, 2**40]
