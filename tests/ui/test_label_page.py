"""The label page as a person uses it: keys, clicks and drops on real pictures in a real project."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import CancelToken
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource, Use
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Predictions, Show
from mma_desktop.services.images.importing import import_paths
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import pack
from mma_desktop.ui.grid.filter_bar import FilterBar
from mma_desktop.ui.label.label_page import LabelPage

from .person import words
from .projects import embedded, open_copy

Open = Callable[[Controller], ProjectContext]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def with_a_problem(drawn_pictures: Path, made_projects: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 48 pictures and a file that is none, classes apples (1), boxes (2)."""
    (notes := tmp_path_factory.mktemp("notes") / "notes.jpg").write_text("no picture")
    with embedded(made_projects / "problem.mma", drawn_pictures, labelled=False) as context:
        import_paths(context, [notes], CancelToken())
        context.project.add_classes(["apples", "boxes"])
        return context.project.folder


@pytest.fixture
def context(controller: Controller, with_a_problem: Path, tmp_path: Path, settings: Settings) -> ProjectContext:
    """A copy of it is open."""
    settings.set("embed_on_import", False)
    return open_copy(controller, with_a_problem, tmp_path / "project.mma")


@pytest.fixture
def page(controller: Controller, settings: Settings, context: ProjectContext, qtbot: QtBot) -> LabelPage:
    return made_page(controller, settings, qtbot)


def made_page(controller: Controller, settings: Settings, qtbot: QtBot) -> LabelPage:
    made = LabelPage(controller)
    made.use_actions(defaultdict(partial(QAction, made)))
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    made.set_active(True)
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(lambda: made.query.answered)
    if len(made.query.ids):
        made.grid.setFocus()
        made.grid.set_current(0)
    return made


def label_of(context: ProjectContext, image_id: int) -> int:
    columns = context.index.columns
    return int(columns.class_ids[columns.positions(np.array([image_id]))[0]])


def guessed(context: ProjectContext, controller: Controller, share: float = 0.8) -> None:
    """Give every picture a guess: apples for even ids, boxes for odd ones, surer and surer."""
    columns = context.index.columns
    ids = columns.ids[columns.usable]
    classes = np.array([one.id for one in context.classes], np.int64)[ids % 2]
    context.predictions = Predictions(ids, classes, np.linspace(0.3, share, len(ids), dtype=np.float32))
    controller.predictions_changed.emit()


def shown(page: LabelPage) -> list[int]:
    return page.grid.images.ids.tolist()


def test_a_class_key_labels_the_current_image_and_goes_on(
    page: LabelPage, context: ProjectContext, qtbot: QtBot
) -> None:
    ids = shown(page)
    apples, boxes = (one.id for one in context.classes)
    QTest.keyClicks(page.grid, "112")
    assert page.grid.current_id() == ids[3]
    qtbot.waitUntil(lambda: [label_of(context, one) for one in ids[:4]] == [apples, apples, boxes, -1])
    labelled = page.filter_bar.buttons[Show.LABELLED]
    qtbot.waitUntil(lambda: labelled.text() == "Labelled 3")
    told = QAccessible.queryAccessibleInterface(labelled)
    assert told.text(QAccessible.Text.Name) == "Labelled 3", "screen readers tell the number, too"
    assert told.role() is QAccessible.Role.RadioButton
    assert page.panel.model.numbers(context.classes[0]) == "2/16 examples"


def test_a_label_that_is_not_written_yet_counts(page: LabelPage, controller: Controller, qtbot: QtBot) -> None:
    written = Event()
    controller.bridge.run(LaneName.STORE, "", lambda _token: written.wait(60))
    ids = shown(page)
    QTest.keyClicks(page.grid, "1")
    page.grid.set_current(len(ids) - 1)
    QTest.keyClicks(page.grid, "1")
    assert page.grid.current_id() == ids[1]
    written.set()


def test_without_moving_on_the_image_stays(
    page: LabelPage, context: ProjectContext, settings: Settings, qtbot: QtBot
) -> None:
    settings.set("advance_after_label", False)
    QTest.keyClicks(page.grid, "1")
    assert page.grid.current_id() == shown(page)[0]
    qtbot.waitUntil(lambda: label_of(context, shown(page)[0]) == context.classes[0].id)
    QTest.keyClicks(page.grid, "u")
    qtbot.waitUntil(lambda: label_of(context, shown(page)[0]) == -1)


def test_many_are_labelled_at_once_and_undone_at_once(
    page: LabelPage, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    QTest.keyClick(page.grid, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.grid, "2")
    qtbot.waitUntil(lambda: context.index.counts().get(context.classes[1].id) == 48)
    controller.undo()
    qtbot.waitUntil(lambda: not context.index.counts())


def test_keys_of_classes_are_letters_in_a_text_field(page: LabelPage, context: ProjectContext, qtbot: QtBot) -> None:
    page.filter_bar.search.setFocus()
    QTest.keyClicks(page.filter_bar.search, "1")
    assert page.filter_bar.search.text() == "1"
    qtbot.wait(100)
    assert not context.index.counts()


def test_skip_goes_on_and_leaves_no_label(page: LabelPage, context: ProjectContext, qtbot: QtBot) -> None:
    ids = shown(page)
    QTest.keyClicks(page.grid, "ss")
    assert page.grid.current_id() == ids[2]
    QTest.keyClicks(page.grid, "jk")
    assert page.grid.current_id() == ids[2]
    assert not context.index.counts()


def test_unlabelled_pictures_leave_and_the_next_is_current(
    page: LabelPage, context: ProjectContext, qtbot: QtBot
) -> None:
    QTest.mouseClick(page.filter_bar.buttons[Show.UNLABELLED], LEFT)
    qtbot.waitUntil(lambda: len(shown(page)) == 48)
    ids = shown(page)
    page.grid.setFocus()
    page.grid.set_current(4)
    QTest.keyClicks(page.grid, "1")
    qtbot.waitUntil(lambda: shown(page) == [one for one in ids if one != ids[4]])
    assert page.grid.current_id() == ids[5]
    assert page.grid.selected_ids().tolist() == [ids[5]]
    QTest.keyClicks(page.grid, "2")
    qtbot.waitUntil(lambda: len(shown(page)) == 46)
    assert page.grid.current_id() == ids[6]


def test_an_undone_label_comes_back_into_the_unlabelled(
    page: LabelPage, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    page.query.show(Filter(Show.UNLABELLED))
    qtbot.waitUntil(lambda: page.query.answered)
    ids = shown(page)
    QTest.keyClicks(page.grid, "1")
    qtbot.waitUntil(lambda: len(shown(page)) == 47)
    controller.undo()
    qtbot.waitUntil(lambda: shown(page) == ids)


def test_when_all_are_labelled_the_way_to_training_is_shown(
    page: LabelPage, context: ProjectContext, qtbot: QtBot
) -> None:
    page.query.show(Filter(Show.UNLABELLED))
    qtbot.waitUntil(lambda: page.query.answered)
    page.grid.select_all()
    QTest.keyClicks(page.grid, "1")
    qtbot.waitUntil(page.empty.train_button.isVisible)


def test_while_undone_pictures_are_sorted_in_nothing_is_called_a_problem(
    page: LabelPage, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    page.query.show(Filter(Show.UNLABELLED, order=Order.NAME))
    qtbot.waitUntil(lambda: page.query.answered)
    page.grid.select_all()
    QTest.keyClicks(page.grid, "1")
    qtbot.waitUntil(page.empty.train_button.isVisible)
    controller.undo()
    qtbot.waitUntil(page.empty.train_button.isHidden)
    assert "Nothing to show" in words(page.empty)
    qtbot.waitUntil(lambda: len(shown(page)) == 48)


def test_enter_accepts_the_guess_of_the_selection(
    page: LabelPage, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    guessed(context, controller)
    ids = shown(page)
    page.grid.select_ids(ids[:3])
    QTest.keyClick(page.grid, Key.Key_Return)
    wanted = [context.classes[one % 2].id for one in ids[:3]]
    qtbot.waitUntil(lambda: [label_of(context, one) for one in ids[:3]] == wanted)
    assert page.grid.images.badge(ids[0]).source is LabelSource.SUGGESTION
    assert page.grid.current_id() == ids[3]


def test_enter_without_a_guess_says_so(page: LabelPage, controller: Controller, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controller.notice) as reason_text:
        QTest.keyClick(page.grid, Key.Key_Return)
    assert "no predictions yet" in reason_text.args[0]


def test_a_drop_on_a_class_labels_and_files_are_left_to_the_window(
    page: LabelPage, context: ProjectContext, picture_folder: Path, qtbot: QtBot
) -> None:
    ids = shown(page)
    page.grid.select_ids(ids[5:8])
    view = page.panel.list.viewport()
    point = page.panel.list.visualRect(page.panel.model.index(1)).center()
    dragged = pack(page.grid.selected_ids())
    QApplication.sendEvent(view, QDragEnterEvent(point, Qt.DropAction.CopyAction, dragged, LEFT, NONE))
    drop = QDropEvent(point.toPointF(), Qt.DropAction.CopyAction, dragged, LEFT, NONE)
    QApplication.sendEvent(view, drop)
    qtbot.waitUntil(lambda: context.index.counts() == {context.classes[1].id: 3})
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(picture_folder))])
    for target in (view, page.grid.viewport(), page.preview):
        enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, files, LEFT, NONE)
        QApplication.sendEvent(target, enter)
        assert not enter.isAccepted()


def test_problems_show_their_reason_and_take_no_label(
    page: LabelPage, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    page.show_problems()
    qtbot.waitUntil(lambda: len(shown(page)) == 1)
    assert page.filter_bar.buttons[Show.PROBLEMS].isChecked()
    image = shown(page)[0]
    qtbot.waitUntil(lambda: page.grid.images.row(image) is not None)
    row = page.grid.images.row(image)
    assert row is not None
    assert reason_text(row.reason) in str(
        page.grid.images.data(page.grid.images.index_at(0), Qt.ItemDataRole.AccessibleTextRole)
    )
    page.grid.set_current(0)
    with qtbot.waitSignal(controller.notice) as notice:
        QTest.keyClicks(page.grid, "1")
    assert "cannot be labelled" in notice.args[0]


def test_search_sort_and_class_filters(
    page: LabelPage, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    guessed(context, controller)
    QTest.keyClicks(page.filter_bar.search, "clouds")
    QTest.keyClick(page.filter_bar.search, Key.Key_Return)
    qtbot.waitUntil(lambda: len(shown(page)) == 12)
    page.filter_bar.search.clear()
    qtbot.waitUntil(lambda: len(shown(page)) == 48)
    box = page.filter_bar.order_box
    box.setCurrentIndex(box.findData(Order.CONFIDENCE))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: shown(page) == sorted(shown(page), reverse=True))
    classes = page.filter_bar.class_box
    classes.setCurrentIndex(classes.findText(f"{context.classes[0].name}?"))
    classes.activated.emit(classes.currentIndex())
    qtbot.waitUntil(lambda: len(shown(page)) == 24 and all(one % 2 == 0 for one in shown(page)))
    assert classes.toolTip() == f"Predicted as {context.classes[0].name}"  # a long name is elided in the box
    assert not any(one.isChecked() for one in page.filter_bar.buttons.values())


def test_the_search_goes_below_the_buttons_where_they_leave_no_room(controller: Controller, qtbot: QtBot) -> None:
    place = QWidget()  # a window would not get narrower than its layout
    qtbot.addWidget(place)
    bar = FilterBar(controller)
    bar.setParent(place)
    bar.resize(780, 140)
    place.show()
    buttons, search = bar.buttons, bar.search
    bar.set_counts(dict.fromkeys((Show.ALL, Show.UNLABELLED, Show.LABELLED), 120))
    qtbot.waitUntil(lambda: search.geometry().left() > buttons[Show.LABELLED].geometry().right())
    assert buttons[Show.PROBLEMS].isHidden()
    bar.set_counts(dict.fromkeys(buttons, 12_480))
    assert bar.minimumSizeHint().width() <= 780
    qtbot.waitUntil(lambda: search.geometry().top() > buttons[Show.ALL].geometry().bottom())
    assert bar.rect().contains(search.geometry())
    assert bar.rect().contains(buttons[Show.CHANGED].geometry())
    bar.resize(1100, bar.height())
    qtbot.waitUntil(lambda: search.geometry().left() > buttons[Show.CHANGED].geometry().right())


def test_arrow_keys_walk_through_the_filters_which_exclude_each_other(page: LabelPage, qtbot: QtBot) -> None:
    buttons = page.filter_bar.buttons
    buttons[Show.ALL].setFocus()
    QTest.keyClick(buttons[Show.ALL], Qt.Key.Key_Right)
    assert buttons[Show.UNLABELLED].hasFocus()
    assert [show for show, one in buttons.items() if one.isChecked()] == [Show.UNLABELLED]
    assert page.query.query.show is Show.UNLABELLED


def test_a_wide_window_leaves_the_names_of_classes_more_room(page: LabelPage, qtbot: QtBot) -> None:
    narrow = page.panel.width()
    page.resize(1800, 760)
    qtbot.waitUntil(lambda: page.panel.width() > narrow + 60)
    model = page.panel.model
    assert str(model.data(model.index(0), Qt.ItemDataRole.ToolTipRole)).startswith("apples,")


def test_a_click_on_a_class_offers_to_label_and_filters_nothing(
    page: LabelPage, context: ProjectContext, qtbot: QtBot
) -> None:
    ids = shown(page)
    page.grid.select_ids(ids[4:7])
    point = page.panel.list.visualRect(page.panel.model.index(1)).center()
    QTest.mouseClick(page.panel.list.viewport(), LEFT, NONE, point)
    assert page.panel.label_button.accessibleName() == "Label 3 as boxes"
    assert shown(page) == ids
    assert page.grid.selected_ids().tolist() == ids[4:7]
    assert not context.index.counts(), "it is not done unasked"
    QTest.mouseClick(page.panel.label_button, LEFT)
    qtbot.waitUntil(lambda: context.index.counts() == {context.classes[1].id: 3})
    page.panel.class_chosen.emit(context.classes[1].id)
    qtbot.waitUntil(lambda: shown(page) == ids[4:7])
    assert page.filter_bar.class_box.currentText() == "boxes"


def test_the_keyboard_is_in_the_pictures_of_a_project_with_classes(page: LabelPage, context: ProjectContext) -> None:
    page.panel.names.setFocus()
    page.controller.opened.emit(context)
    ids = shown(page)
    assert page.grid.hasFocus()
    assert page.grid.selected_ids().tolist() == ids[:1]


def test_an_explicit_list_has_a_title_and_a_way_back(page: LabelPage, qtbot: QtBot) -> None:
    ids = shown(page)
    page.show_images([ids[7], ids[3]], "Apples taken for boxes")
    assert shown(page) == [ids[7], ids[3]]
    assert page.review.bar.text == "Apples taken for boxes (2 pictures)"
    assert not any(one.isChecked() for one in page.filter_bar.buttons.values())
    QTest.mouseClick(page.review.bar.close_button, LEFT)
    qtbot.waitUntil(lambda: shown(page) == ids)
    assert page.review.bar.isHidden()
    page.show_images(ids[:1], "One")
    QTest.mouseClick(page.filter_bar.buttons[Show.ALL], LEFT)
    qtbot.waitUntil(lambda: shown(page) == ids)


def test_space_opens_the_preview_with_the_picture_and_its_places(page: LabelPage, qtbot: QtBot) -> None:
    QTest.keyClick(page.grid, Key.Key_Space)
    assert page.preview.isVisible()
    qtbot.waitUntil(lambda: page.preview.name.text() == "apples 01.jpg")
    qtbot.waitUntil(lambda: max(page.preview.canvas.pixmap.width(), page.preview.canvas.pixmap.height()) > 90)
    assert "JPEG" in page.preview.facts.text()
    QTest.keyClick(page.preview, Key.Key_Right)
    qtbot.waitUntil(lambda: page.preview.name.text() == "apples 02.jpg")
    QTest.keyClicks(page.preview, "1")
    qtbot.waitUntil(lambda: page.preview.name.text() == "apples 03.jpg")
    QTest.keyClick(page.grid, Key.Key_Space)
    assert page.preview.isHidden()


def test_double_click_goes_full_page_and_escape_back(page: LabelPage, qtbot: QtBot) -> None:
    QTest.mouseDClick(page.grid.viewport(), LEFT, NONE, page.grid.card_rect(2).center())
    assert page.preview.isVisible()
    assert not page.grid.isVisible()
    QTest.keyClick(page.preview, Key.Key_Escape)
    assert page.grid.isVisible()
    assert page.preview.isHidden()


def test_the_menu_labels_pins_and_removes(page: LabelPage, context: ProjectContext, qtbot: QtBot) -> None:
    ids = shown(page)
    menu = page.make_menu()
    submenu = next(action.menu() for action in menu.actions() if action.text() == "Label as")
    submenu.actions()[1].trigger()
    qtbot.waitUntil(lambda: label_of(context, ids[0]) == context.classes[1].id)
    page.grid.set_current(0)
    uses = next(action.menu() for action in page.make_menu().actions() if action.text() == "Use for")
    next(action for action in uses.actions() if action.text().startswith("Test")).trigger()
    qtbot.waitUntil(lambda: page.grid.images.badge(ids[0]).use is Use.TEST)
    QTest.keyClick(page.grid, Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(page) == ids[1:])
    page.controller.undo()
    qtbot.waitUntil(lambda: shown(page) == ids)


def test_a_removal_selects_no_other_picture(page: LabelPage, context: ProjectContext, qtbot: QtBot) -> None:
    ids = shown(page)
    page.grid.set_current(0)
    QTest.keyClick(page.grid, Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(page) == ids[1:])
    assert not len(page.grid.selected_ids())
    with qtbot.waitSignal(page.controller.notice) as told:
        QTest.keyClick(page.grid, Key.Key_1)
    assert told.args == ["Select one or more pictures first."]
    QTest.keyClick(page.grid, Key.Key_Right)
    assert page.grid.selected_ids().tolist() == ids[1:2]
    QTest.keyClick(page.grid, Key.Key_1)
    qtbot.waitUntil(lambda: label_of(context, ids[1]) == context.classes[0].id)


def test_the_grid_fills_while_an_import_runs_and_keeps_its_place(
    controller: Controller, open_project: Open, settings: Settings, picture_folder: Path, qtbot: QtBot
) -> None:
    settings.set("embed_on_import", False)
    open_project(controller)
    page = made_page(controller, settings, qtbot)
    assert page.empty.import_button.isVisible()
    assert page.empty.import_button.toolTip() == "Add a folder (Ctrl+I)"
    assert {one.accessibleName() for one in page.filter_bar.search.findChildren(QToolButton)} == {"Search file names"}
    controller.import_paths([picture_folder / "apples"])
    qtbot.waitUntil(lambda: len(shown(page)) == 12, timeout=20_000)
    assert page.grid.isVisible()
    qtbot.waitUntil(lambda: "name your classes" in page.next_step.text.text())
    page.grid.set_current(2)
    current = page.grid.current_id()
    controller.import_paths([picture_folder / "boxes"])
    qtbot.waitUntil(lambda: len(shown(page)) == 24, timeout=20_000)
    assert page.grid.current_id() == current
    assert page.grid.selected_ids().tolist() == [current]


def test_a_deleted_class_ends_its_filter(
    page: LabelPage, context: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    page.show_class(context.classes[0].id)
    qtbot.waitUntil(lambda: page.query.answered)
    controller.delete_classes([context.classes[0].id])
    qtbot.waitUntil(lambda: len(shown(page)) == 48)


def test_closing_the_project_empties_the_page(page: LabelPage, controller: Controller, qtbot: QtBot) -> None:
    page.preview_controller.set_shown(True)
    closed: list[bool] = []
    controller.close_context(lambda: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed))
    assert shown(page) == []
    assert page.preview.image_id == -1


def test_most_likely_first_with_the_real_starter(
    controller: Controller, starter_session: ProjectContext, settings: Settings, picture_folder: Path, qtbot: QtBot
) -> None:
    page = made_page(controller, settings, qtbot)
    controller.add_classes(["red apple", "blue box"])
    controller.import_paths([picture_folder / "apples", picture_folder / "boxes"])
    qtbot.waitUntil(
        lambda: starter_session.predictions is not None and len(starter_session.predictions.image_ids) == 24,
        timeout=120_000,
    )
    page.panel.list.select_class(starter_session.classes[0].id)
    page.panel.likely_requested.emit(starter_session.classes[0].id)
    qtbot.waitUntil(lambda: page.query.listed, timeout=20_000)
    assert page.review.bar.text == "Most likely 'red apple' first (24 pictures)"
    predictions = starter_session.predictions
    assert predictions is not None
    places = predictions.positions(page.grid.images.ids)
    first = starter_session.classes[0].id
    chance = np.where(
        predictions.zero_shot_class[places] == first,
        predictions.zero_shot_confidence[places],
        1 - predictions.zero_shot_confidence[places],
    )
    assert (np.diff(chance) <= 1e-5).all()
    badge = page.grid.images.badge(int(page.grid.images.ids[0]))
    assert badge.guess is not None
    QTest.keyClick(page.grid, Key.Key_Return)
    qtbot.waitUntil(lambda: int(starter_session.index.columns.labelled.sum()) == 1)
