"""The grid under keys, mouse and wheel, with a real project below it where pictures matter."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import unpack
from mma_desktop.ui.grid.image_grid import MIN_WHOLE_SIDE, ImageGrid
from mma_desktop.ui.grid.thumbnail_delegate import AROUND
from mma_desktop.ui.widgets import painting

Open = Callable[[Controller], ProjectContext]
Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grid(controller: Controller, settings: Settings, qtbot: QtBot) -> ImageGrid:
    """Four columns, 18 images (the last row has two), ids from 100."""
    made = ImageGrid(controller)
    qtbot.addWidget(made)
    made.resize(4 * made.itemDelegate().cell(144).width() + 30, 500)
    made.show()
    qtbot.waitExposed(made)
    made.set_ids(np.arange(100, 118))
    made.setFocus()
    assert made.images.columns == 4
    return made


def chosen(grid: ImageGrid) -> list[int]:
    return grid.selected_ids().tolist()


def middle(grid: ImageGrid, position: int) -> QPoint:
    return grid.card_rect(position).center()


def press(grid: ImageGrid, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> int:
    for key in keys:
        QTest.keyClick(grid, key, modifier)
    return grid.current_id()


def test_arrows_walk_over_the_ends_of_rows(grid: ImageGrid) -> None:
    grid.set_current(3)
    assert press(grid, Key.Key_Right) == 104
    assert press(grid, Key.Key_Left, Key.Key_Left) == 102
    assert press(grid, Key.Key_Down) == 106
    assert press(grid, Key.Key_Up, Key.Key_Up) == 102
    assert press(grid, Key.Key_End) == 117
    assert press(grid, Key.Key_Right, Key.Key_Down) == 117
    assert press(grid, Key.Key_Home) == 100
    assert press(grid, Key.Key_Left, Key.Key_Up) == 100
    assert chosen(grid) == [100]


def test_down_into_a_shorter_last_row_takes_its_last_image(grid: ImageGrid) -> None:
    grid.set_current(15)
    assert press(grid, Key.Key_Down) == 117


def test_page_keys_move_by_what_is_shown_and_scroll(grid: ImageGrid) -> None:
    grid.set_ids(np.arange(1000))
    grid.set_current(0)
    page = grid.viewport().height() // grid.card_rect(0).height()
    after = press(grid, Key.Key_PageDown)
    assert after > 0
    assert after % 4 == 0
    assert after <= 4 * (page + 1)
    assert grid.verticalScrollBar().value() > 0
    assert press(grid, Key.Key_PageUp) == 0


def test_shift_selects_in_reading_order_and_control_moves_alone(grid: ImageGrid) -> None:
    grid.set_current(2)
    press(grid, Key.Key_Down, modifier=SHIFT)
    assert chosen(grid) == [102, 103, 104, 105, 106]
    press(grid, Key.Key_Up, Key.Key_Left, modifier=SHIFT)
    assert chosen(grid) == [101, 102]
    assert press(grid, Key.Key_End, modifier=CONTROL) == 117
    assert chosen(grid) == [101, 102]
    press(grid, Key.Key_Space, modifier=CONTROL)
    assert chosen(grid) == [101, 102, 117]


def test_control_a_selects_images_and_no_empty_cell(grid: ImageGrid) -> None:
    press(grid, Key.Key_A, modifier=CONTROL)
    assert chosen(grid) == list(range(100, 118))
    press(grid, Key.Key_Escape)
    assert chosen(grid) == []


def test_the_last_row_scrolls_into_view_with_names_below_the_pictures(grid: ImageGrid) -> None:
    grid.set_ids(np.arange(1000))
    grid.set_show_names(True)
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert grid.cell_rect(999).bottom() == grid.viewport().height() - 1


def test_a_million_are_selected_at_once(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.set_ids(np.arange(1_000_000))
    press(grid, Key.Key_A, modifier=CONTROL)
    assert len(grid.selection) == 1_000_000
    assert press(grid, Key.Key_End) == 999_999
    assert grid.viewport().rect().contains(middle(grid, 999_999))


def test_where_not_all_can_be_in_sight_they_are_small_beside_one_another(grid: ImageGrid) -> None:
    grid.set_ids(np.arange(1000))
    grid.set_whole(True)
    assert grid.side == MIN_WHOLE_SIDE
    assert 1 < grid.images.columns <= grid.viewport().width() // (MIN_WHOLE_SIDE + AROUND)


def test_clicks_with_shift_and_control(grid: ImageGrid) -> None:
    view = grid.viewport()
    QTest.mouseClick(view, LEFT, NONE, middle(grid, 1))
    QTest.mouseClick(view, LEFT, SHIFT, middle(grid, 5))
    assert chosen(grid) == [101, 102, 103, 104, 105]
    QTest.mouseClick(view, LEFT, CONTROL, middle(grid, 3))
    assert chosen(grid) == [101, 102, 104, 105]
    QTest.mouseClick(view, LEFT, NONE, middle(grid, 4))
    assert chosen(grid) == [104]
    assert grid.current_id() == 104


def test_a_click_beside_the_images_selects_nothing(grid: ImageGrid) -> None:
    grid.set_current(2)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    empty = grid.visualRect(grid.images.index(4, 3)).center()
    QTest.mouseClick(grid.viewport(), LEFT, NONE, empty)
    assert chosen(grid) == []
    assert grid.current_id() == 102


def test_a_rubber_band_from_the_gap_selects_what_it_touches(grid: ImageGrid) -> None:
    view = grid.viewport()
    start = grid.cell_rect(0).topLeft() + QPoint(1, 1)
    QTest.mousePress(view, LEFT, NONE, start)
    QTest.mouseMove(view, start + QPoint(30, 30))
    QTest.mouseMove(view, middle(grid, 5))
    assert chosen(grid) == [100, 101, 104, 105]
    QTest.mouseMove(view, middle(grid, 1))
    assert chosen(grid) == [100, 101]
    QTest.mouseRelease(view, LEFT, NONE, middle(grid, 1))
    QTest.mouseMove(view, middle(grid, 5))
    assert chosen(grid) == [100, 101]


def test_a_rubber_band_scrolls_at_the_edge(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.set_ids(np.arange(400))
    view = grid.viewport()
    start = grid.cell_rect(0).topLeft() + QPoint(1, 1)
    QTest.mousePress(view, LEFT, NONE, start)
    QTest.mouseMove(view, QPoint(middle(grid, 1).x(), view.height() + 120))
    qtbot.waitUntil(lambda: grid.verticalScrollBar().value() > 2 * grid.cell_rect(0).height())
    QTest.mouseRelease(view, LEFT, NONE, QPoint(50, view.height() + 120))
    assert {0, 1, 4, 5, 8, 9, 12} <= set(chosen(grid))
    assert not {2, 3, 6, 7} & set(chosen(grid))


def test_a_drag_from_the_selection_carries_all_of_it(grid: ImageGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[list[int]] = []

    def drop_nowhere(drag: QDrag, *_actions: object) -> Qt.DropAction:
        carried.append(unpack(drag.mimeData()))
        assert not drag.pixmap().isNull()
        return Qt.DropAction.IgnoreAction

    # The system's drag loop is the one thing that a test cannot run.
    monkeypatch.setattr(QDrag, "exec", drop_nowhere)
    view = grid.viewport()
    grid.select_ids([101, 102, 105])
    QTest.mousePress(view, LEFT, NONE, middle(grid, 2))
    QTest.mouseMove(view, middle(grid, 2) + QPoint(40, 0))
    assert carried == [[101, 102, 105]]
    QTest.mouseRelease(view, LEFT, NONE, middle(grid, 2))
    QTest.mousePress(view, LEFT, NONE, middle(grid, 8))
    QTest.mouseMove(view, middle(grid, 8) + QPoint(40, 0))
    assert carried[-1] == [108]


def test_a_plain_click_on_one_of_several_selects_it_alone(grid: ImageGrid) -> None:
    grid.select_ids([101, 102, 105])
    QTest.mouseClick(grid.viewport(), LEFT, NONE, middle(grid, 2))
    assert chosen(grid) == [102]


def test_images_that_come_at_the_end_move_nothing(grid: ImageGrid) -> None:
    grid.set_ids(np.arange(400))
    grid.select_ids([3, 200])
    grid.verticalScrollBar().setValue(500)
    grid.set_ids(np.arange(455), keep_place=True)
    assert grid.verticalScrollBar().value() == 500
    assert chosen(grid) == [3, 200]
    assert grid.current_id() == 3
    assert grid.images.rowCount() == 114


def test_when_the_current_image_leaves_the_next_one_is_current(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.set_current(5)
    with qtbot.waitSignal(grid.current_changed) as told:
        grid.set_ids(np.delete(np.arange(100, 118), [5, 6]), keep_place=True)
    assert told.args == [107]
    assert not chosen(grid), "nobody selected it"
    QTest.keyClick(grid, Key.Key_Right)
    assert chosen(grid) == [107]
    grid.set_current(len(grid.images.ids) - 1)
    grid.set_ids(np.arange(100, 117), keep_place=True)
    assert grid.current_id() == 116
    grid.set_ids(np.empty(0, np.int64))
    assert grid.current_id() == -1


def test_another_order_keeps_selection_and_current_image(grid: ImageGrid) -> None:
    grid.select_ids([104, 110])
    grid.set_ids(np.arange(117, 99, -1))
    assert sorted(chosen(grid)) == [104, 110]
    assert grid.current_id() == 104


def test_the_number_of_columns_follows_width_and_size_and_the_top_stays(grid: ImageGrid) -> None:
    grid.set_ids(np.arange(5000))
    grid.verticalScrollBar().setValue(200 * grid.card_rect(0).height())
    top = grid.visible_span()[0]
    grid.sides.set(80)
    assert grid.images.columns > 4
    assert abs(grid.visible_span()[0] - top) < 2 * grid.images.columns
    grid.resize(240, 500)
    assert grid.images.columns == 2
    assert abs(grid.visible_span()[0] - top) < 30
    grid.sides.set(320)
    assert grid.images.columns == 1


def test_space_and_double_click_ask_for_the_preview(grid: ImageGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.preview_toggled):
        press(grid, Key.Key_Space)
    with qtbot.waitSignal(grid.image_opened) as opened:
        QTest.mouseDClick(grid.viewport(), LEFT, NONE, middle(grid, 6))
    assert opened.args == [106]


def test_thumbnails_of_what_is_seen_are_painted_and_those_scrolled_away_are_dropped(
    controller: Controller, with_pictures: ProjectContext, qtbot: QtBot
) -> None:
    grid = ImageGrid(controller)
    qtbot.addWidget(grid)
    grid.resize(460, 330)
    grid.show()
    ids = with_pictures.index.columns.ids
    grid.set_ids(ids)
    first, last = grid.visible_span()
    assert 0 < last - first < len(ids)
    qtbot.waitUntil(lambda: all(int(one) in grid.thumbnails for one in ids[first:last]), timeout=10_000)
    assert int(ids[-1]) not in grid.thumbnails
    assert list(with_pictures.on_screen) == ids[first:last].tolist()
    inside = grid.grab().toImage().pixelColor(middle(grid, 0))
    assert inside != grid.palette().base().color()
    QTest.keyClick(grid, Key.Key_End)
    qtbot.waitUntil(lambda: int(ids[-1]) in grid.thumbnails, timeout=10_000)
    assert grid.thumbnails.in_flight <= 6
    assert with_pictures.on_screen[-1] == ids[-1]


def on_screen(grid: ImageGrid) -> QImage:
    """What is on the screen; `grab` would paint everything anew."""
    return QGuiApplication.primaryScreen().grabWindow(grid.winId()).toImage()


def differing(one: QImage, other: QImage) -> int:
    """How many pixels differ."""
    pixels = [np.asarray(each.convertToFormat(QImage.Format.Format_RGB32).constBits()) for each in (one, other)]
    return int((pixels[0] != pixels[1]).sum()) if len(pixels[0]) == len(pixels[1]) else -1


@pytest.mark.parametrize("start", [80, 320])
def test_after_each_change_of_layout_every_pixel_is_as_in_a_grid_made_that_way(
    controller: Controller,
    settings: Settings,
    with_pictures: ProjectContext,
    qtbot: QtBot,
    start: int,
) -> None:
    ids = with_pictures.index.columns.ids

    def shown(width: int, height: int, side: int, names: bool) -> ImageGrid:
        made = ImageGrid(controller)
        qtbot.addWidget(made)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the ring around the current picture is the same in both
        made.sides.set(side)
        made.set_show_names(names)
        made.resize(width, height)
        made.set_ids(ids)
        made.show()
        qtbot.waitExposed(made)
        return made

    def has_its_pictures(grid: ImageGrid) -> bool:
        first, last = grid.visible_span()
        return all(image in grid.thumbnails for image in ids[first:last].tolist())

    grid = shown(700, 600, start, names=False)
    qtbot.waitUntil(lambda: has_its_pictures(grid))
    for width, height, side, names in (
        (700, 600, 150, False),  # another size of the pictures
        (560, 600, 150, False),  # fewer columns
        (563, 600, 150, True),  # as many columns with other places, and rows of another height
        (1100, 700, 150, False),
        (300, 400, 80, False),
        (130, 400, 320, False),  # narrower than one picture
        (900, 700, 96, True),
    ):
        grid.sides.set(side)
        grid.set_show_names(names)
        grid.resize(width, height)
        fresh = shown(width, height, side, names)

        def alike(fresh: ImageGrid = fresh) -> bool:
            return has_its_pictures(fresh) and not differing(on_screen(grid), on_screen(fresh))

        qtbot.waitUntil(alike)  # pictures are painted in their new size after a pause
        fresh.close()


@pytest.mark.parametrize("width", [300, 433, 570, 852, 1335])
def test_tiles_fill_the_row_at_every_width_and_leave_narrow_gaps(grid: ImageGrid, width: int) -> None:
    for count in (3, 400):  # without a scroll bar, and with one
        grid.set_ids(np.arange(count))
        grid.resize(width, 500)
        last = min(grid.images.columns, count) - 1
        assert len({grid.card_rect(at).size().width() for at in range(last + 1)}) == 1
        assert 144 * 0.7 <= grid.side <= 144 * 1.5
        bar = grid.verticalScrollBar().sizeHint().width()  # which may be hidden
        assert grid.columnWidth(0) - grid.card_rect(0).width() <= 13 + bar / grid.images.columns
        columns = [grid.columnWidth(at) for at in range(grid.images.columns)]
        assert sum(columns) == grid.viewport().width()
        assert max(columns) - min(columns) <= 1


def test_the_store_of_thumbnails_stays_below_its_limit(
    controller: Controller, with_pictures: ProjectContext, qtbot: QtBot
) -> None:
    from mma_desktop.ui.grid.thumbnail_loader import ThumbnailLoader

    rows = with_pictures.project.image_rows(with_pictures.index.columns.ids.tolist())
    loader = ThumbnailLoader(controller, limit=400_000)
    came: list[int] = []
    loader.loaded.connect(came.append)
    loader.want(rows)
    qtbot.waitUntil(lambda: len(came) == len(rows), timeout=20_000)
    assert 0 < loader.bytes <= 400_000
    assert came[-1] in loader
    assert came[0] not in loader
    loader.clear()
    assert loader.bytes == 0


def test_two_rows_fit_into_a_low_window_and_ctrl_and_the_wheel_change_the_size(grid: ImageGrid) -> None:
    grid.set_ids(np.arange(400))
    grid.sides.set(200)
    grid.resize(600, 330)
    assert grid.card_rect(grid.images.columns).bottom() < grid.viewport().height()
    assert grid.images.columns >= 3
    grid.resize(900, 900)
    before = grid.sides.value
    where = QPointF(grid.viewport().rect().center())
    for turned, side in ((120, before + 16), (-120, before)):
        wheel = QWheelEvent(
            where,
            where,
            QPoint(),
            QPoint(0, turned),
            Qt.MouseButton.NoButton,
            CONTROL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(grid.viewport(), wheel)
        assert grid.sides.value == side


def test_on_a_small_tile_the_sign_of_the_source_gives_way_to_the_name(
    controller: Controller,
    with_pictures: ProjectContext,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = with_pictures
    controller.add_classes(["accordion"])
    qtbot.waitUntil(lambda: bool(context.classes))
    ids = context.index.columns.ids
    controller.assign(ids.tolist(), context.classes[0].id, LabelSource.FOLDER)
    qtbot.waitUntil(lambda: bool(context.index.columns.labelled.all()))
    grid = ImageGrid(controller)
    qtbot.addWidget(grid)
    grid.set_ids(ids)
    texts, signs = [], []
    elided = painting.elided
    monkeypatch.setattr(painting, "elided", lambda *what: texts.append(elided(*what)) or texts[-1])
    monkeypatch.setattr(painting, "pixmap", lambda name, *_: signs.append(name) or QPixmap(1, 1))
    grid.show()
    beside = 22 + grid.width() - grid.contentsRect().width() + grid.verticalScrollBar().sizeHint().width()
    grid.grab()
    fits = grid.fontMetrics().horizontalAdvance("accordion") + 17  # beside the colour of its class
    for side, signed in ((fits + 4, False), (fits + 24, True)):
        grid.resize(side + beside, 600)
        grid.grab()
        texts.clear()
        signs.clear()
        grid.grab()
        assert grid.side == side
        assert set(texts) == {"accordion"}
        assert ("folder" in signs) is signed
