"""The predict page: what it shows before there is anything, real predictions, typed names, a tested picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource, Ranked, Role
from mma_desktop.media.image_formats import RAW_READABLE, SUFFIXES
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.grid_query import moved
from mma_desktop.ui.grid.preview import RankedBars
from mma_desktop.ui.use.use_page import UsePage
from mma_desktop.ui.widgets.text_labels import ElidedLabel
from mma_desktop.ui.widgets.windows import or_all_files

from .person import words
from .projects import open_copy

Opener = Callable[[Controller], ProjectContext]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(controller: Controller, settings: Settings, qtbot: QtBot) -> UsePage:
    made = UsePage(controller)
    qtbot.addWidget(made)
    made.resize(1180, 700)
    made.show()
    made.set_active(True)
    return made


@pytest.fixture
def starter_session(controller: Controller, embedded_project: Path, tmp_path: Path, qtbot: QtBot) -> ProjectContext:
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=60_000):
        return open_copy(controller, embedded_project, tmp_path / "project.mma", ("umbrella", "crossword puzzle"))


@pytest.fixture
def predicted(page: UsePage, controller: Controller, starter_session: ProjectContext, qtbot: QtBot) -> UsePage:
    """The page over 48 unlabelled pictures with zero-shot predictions of two classes."""
    qtbot.waitUntil(
        lambda: (
            starter_session.predictions is not None
            and len(starter_session.predictions.image_ids) == 48
            and not controller.bridge.jobs()
        ),
        timeout=60_000,
    )
    qtbot.waitUntil(lambda: len(page.grid.images.ids) == 48 and len(page.classes.counts) == 3)
    qtbot.waitUntil(lambda: sum(page.classes.counts[row].count for row in (1, 2)) == 48)
    return page


# ------------------------------------------------------------------ before there is anything


def test_an_empty_project_says_where_to_begin(
    page: UsePage, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    qtbot.waitUntil(page.stack.label_button.isVisible)
    assert "No pictures yet" in words(page.stack.empty)


def test_pictures_without_classes_or_embeddings(
    page: UsePage, controller: Controller, open_project: Opener, picture_folder: Path, qtbot: QtBot
) -> None:
    open_project(controller)
    controller.settings.set("embed_on_import", False)
    with qtbot.waitSignal(controller.import_done):
        controller.import_paths([picture_folder])
    qtbot.waitUntil(lambda: page.stack.label_button.isVisible() and "No classes yet" in words(page.stack.empty))
    controller.add_classes(["a", "b"])
    qtbot.waitUntil(page.stack.embed_button.isVisible)


def test_until_there_are_predictions_again_it_says_what_it_does(
    page: UsePage, controller: Controller, embedded_project: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    controller.prepare_on_open = True
    free = Event()
    # Asked before anything that follows the backbone is, or the pictures may be predicted already.
    controller.engine_ready.connect(
        lambda: controller.ask(LaneName.ENGINE, lambda _context, _token: free.wait(60), quick=True)
    )
    with qtbot.waitSignal(controller.engine_ready, timeout=60_000):
        open_copy(controller, embedded_project, tmp_path / "project.mma", ("umbrella",))
    qtbot.waitUntil(lambda: "Predicting what the pictures show" in words(page.stack.empty))
    assert "looked at yet" not in words(page.stack.empty)
    free.set()
    qtbot.waitUntil(lambda: len(page.grid.images.ids) == 48)


# ------------------------------------------------------------------ predictions


def test_the_predictions_are_counted_filtered_and_sorted(
    predicted: UsePage, starter_session: ProjectContext, qtbot: QtBot
) -> None:
    page, predictions = predicted, starter_session.predictions
    assert predictions is not None
    counts = [page.classes.counts[row].count for row in range(3)]
    assert counts[0] == 48 == sum(counts[1:])

    def falls() -> bool:
        return bool(np.all(np.diff(predictions.best_confidence[predictions.positions(page.grid.images.ids)]) <= 0))

    if page.sort_button.isVisible():  # they came while others were looked at
        qtbot.mouseClick(page.sort_button, LEFT)
    qtbot.waitUntil(falls)
    page.order.setCurrentIndex(1)
    qtbot.waitUntil(
        lambda: int(page.grid.images.ids[0]) == int(predictions.image_ids[predictions.best_confidence.argmin()])
    )
    row = 1 if counts[1] else 2
    chosen = page.classes.counts[row]
    at = page.classes.visualRect(page.classes.model().index(row, 0)).center()
    qtbot.mouseClick(page.classes.viewport(), LEFT, pos=at)
    qtbot.waitUntil(lambda: len(page.grid.images.ids) == counts[row] and page.title.text() == chosen.title)


def test_the_order_stays_until_it_is_asked_for(
    predicted: UsePage, starter_session: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    page, context = predicted, starter_session
    if page.sort_button.isVisible():
        qtbot.mouseClick(page.sort_button, LEFT)
    qtbot.waitUntil(lambda: not page.sort_button.isVisible() and not controller.bridge.jobs())
    before = page.grid.images.ids.tolist()
    first, second = context.classes
    page.grid.set_current(0)
    page.grid.setFocus()
    context.learns = controller.learns = True
    for image, one in zip((before[0], before[-1]), (second, first), strict=True):
        page.grid.select_ids([image])
        qtbot.keyClicks(page.grid, one.key)  # as on Label
        qtbot.waitUntil(lambda image=image: image not in page.grid.images.ids)
    qtbot.waitUntil(page.sort_button.isVisible)
    assert page.grid.images.ids.tolist() == before[1:-1], "the others are where they were"
    qtbot.waitUntil(lambda: not controller.bridge.jobs())
    ordered = context.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE)).tolist()
    assert ordered != before[1:-1]
    count = moved(page.grid.images.ids, np.array(ordered))
    qtbot.waitUntil(lambda: page.sort_button.text() == f"{count} have moved: sort again")
    qtbot.mouseClick(page.sort_button, LEFT)
    qtbot.waitUntil(lambda: page.grid.images.ids.tolist() == ordered)
    assert not page.sort_button.isVisible()
    assert page.grid.hasFocus()
    side = page.grid.side
    page.slider.setValue(page.slider.minimum())
    qtbot.waitUntil(lambda: page.grid.side < side)


@pytest.mark.parametrize(
    ("after", "count"),
    [([1, 2, 3, 4], 0), ([2, 3, 4, 1], 1), ([1, 2, 3], 1), ([1, 2, 5, 3, 4], 1), ([4, 3, 2, 1], 3), ([], 4)],
)
def test_how_many_have_moved(after: list[int], count: int) -> None:
    assert moved(np.array([1, 2, 3, 4]), np.array(after, np.int64)) == count


def test_predictions_by_names_are_called_so_and_lead_to_training(
    predicted: UsePage, starter_session: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    assert predicted.info.isVisible()
    assert "names alone" in predicted.info.text
    with qtbot.waitSignal(predicted.page_wanted):
        qtbot.mouseClick(predicted.info.action_button, LEFT)
    ids = predicted.grid.images.ids.tolist()
    for image, one in zip(ids, starter_session.classes, strict=False):
        controller.assign([image], one.id)
    starter_session.learns = True  # as after a start, until the model has learned
    qtbot.waitUntil(lambda: predicted.info.text.startswith("Learning from your labels: until then"))


def test_enter_accepts_the_selected_predictions(
    predicted: UsePage, starter_session: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    page, predictions = predicted, starter_session.predictions
    assert predictions is not None
    chosen = page.grid.images.ids[:3].copy()
    page.grid.select_ids(chosen)
    page.grid.setFocus()
    with qtbot.waitSignal(controller.changed):
        qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    rows = starter_session.project.image_rows(chosen.tolist())
    assert [row.class_id for row in rows] == predictions.best_class[predictions.positions(chosen)].tolist()
    assert {row.source for row in rows} == {LabelSource.SUGGESTION}
    qtbot.waitUntil(lambda: len(page.grid.images.ids) == 45)
    assert not np.isin(chosen, page.grid.images.ids).any()


# ------------------------------------------------------------------ any class name


def test_the_number_of_selected_pictures_is_read_whole_in_a_small_window(predicted: UsePage, qtbot: QtBot) -> None:
    predicted.resize(predicted.minimumSizeHint())
    predicted.grid.selection.clear()
    predicted.grid.emit_selection()
    predicted.grid.select_all()
    count = next(one for one in predicted.findChildren(ElidedLabel) if one.text().endswith(" selected"))
    qtbot.waitUntil(lambda: count.width() >= count.sizeHint().width())


def test_a_name_that_the_model_does_not_know_is_said_to_be_one(predicted: UsePage, qtbot: QtBot) -> None:
    page = predicted
    assert page.trials.edit.placeholderText() == "zebra, teapot"
    for typed, known in (("xqzvt", False), ("zebra", True), ("xqzvt = zebra", True)):
        page.trials.edit.setText(typed)
        qtbot.keyClick(page.trials.edit, Qt.Key.Key_Return)
        name = typed.partition(" ")[0]
        qtbot.waitUntil(lambda name=name: page.title.text() == f"Most likely '{name}' first")
        qtbot.waitUntil(lambda known=known: page.trials.problem.isHidden() == known)
    assert page.trials.names == ["zebra", "xqzvt"]


def test_typed_names_rank_the_pictures_and_become_classes(
    predicted: UsePage, starter_session: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    page = predicted
    page.trials.edit.setFocus()
    qtbot.keyClicks(page.trials.edit, "red apple, zebra")
    qtbot.keyClick(page.trials.edit, Qt.Key.Key_Return)
    assert page.trials.names == ["red apple", "zebra"]
    qtbot.waitUntil(lambda: page.title.text() == "Most likely 'red apple' first")
    before = page.grid.images.ids.tolist()
    page.trials.before.click()
    qtbot.waitUntil(lambda: page.adapter.text() == "Ranked by the name alone")
    assert page.adapter.isVisible()
    assert sorted(page.grid.images.ids.tolist()) == sorted(before)
    page.trials.before.click()
    names = page.trials.list
    qtbot.mouseClick(names.viewport(), LEFT, pos=names.visualItemRect(names.item(1)).center())
    qtbot.waitUntil(lambda: page.title.text() == "Most likely 'zebra' first")
    qtbot.mouseClick(names.viewport(), LEFT, pos=names.visualItemRect(names.item(1)).center())
    qtbot.waitUntil(lambda: page.title.text() == "All unlabelled")
    qtbot.mouseClick(names.viewport(), LEFT, pos=names.visualItemRect(names.item(1)).center())
    qtbot.waitUntil(lambda: page.title.text() == "Most likely 'zebra' first")
    captions = [page.grid.images.badge(one).caption for one in page.grid.images.ids.tolist()]
    assert captions == [f"{place}. zebra" for place in range(1, len(captions) + 1)], "a ranking has no percentages"
    page.grid.set_current(0)
    assert not page.accept_button.isEnabled(), "a name that is no class cannot be a label"
    assert page.accept_button.toolTip().startswith("Add 'zebra' as a new class first")

    qtbot.mouseClick(page.trials.add_button, LEFT)
    qtbot.waitUntil(lambda: "zebra" in [one.name for one in starter_session.classes])
    added = starter_session.classes[-1]
    assert added.role is Role.NEW
    qtbot.waitUntil(lambda: not page.trials.add_button.isEnabled())
    qtbot.waitUntil(lambda: page.accept_button.text() == "Label as zebra")
    page.grid.select_ids(page.grid.images.ids[:2])
    with qtbot.waitSignal(controller.changed):
        qtbot.mouseClick(page.accept_button, LEFT)
    assert starter_session.index.counts()[added.id] == 2

    qtbot.mouseClick(page.trials.remove_button, LEFT)
    assert page.trials.names == ["red apple"]
    qtbot.waitUntil(lambda: page.title.text() == "All unlabelled")
    assert page.adapter.isHidden()


def test_where_all_pictures_are_removed_there_are_none_to_predict(
    predicted: UsePage, starter_session: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    controller.remove_images(starter_session.index.columns.ids.tolist())
    qtbot.waitUntil(predicted.stack.label_button.isVisible)
    assert [predicted.classes.counts[row].count for row in range(3)] == [0, 0, 0]


def test_where_all_is_labelled_there_is_more_to_do(
    predicted: UsePage, starter_session: ProjectContext, controller: Controller, qtbot: QtBot
) -> None:
    columns = starter_session.index.columns
    controller.assign(columns.ids.tolist(), starter_session.classes[0].id)
    qtbot.waitUntil(predicted.stack.mistakes_button.isVisible)


# ------------------------------------------------------------------ one picture


def drop(widget: object, data: QMimeData) -> None:
    at, buttons, none = QPointF(20, 20), LEFT, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at.toPoint(), Qt.DropAction.CopyAction, data, buttons, none)
    QApplication.sendEvent(widget, enter)  # type: ignore[arg-type]
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(at, Qt.DropAction.CopyAction, data, buttons, none))  # type: ignore[arg-type]


def test_a_dropped_and_a_pasted_picture_are_classified(predicted: UsePage, drawn_pictures: Path, qtbot: QtBot) -> None:
    panel = predicted.test
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(next((drawn_pictures / "apples").iterdir())))])
    drop(panel.spot, data)
    qtbot.waitUntil(lambda: len(panel.zero_shot.ranked) == 2 and panel.spot.source is not None, timeout=30_000)
    assert not panel.adapted.isVisible(), "there is no adapter yet"
    assert sum(one.confidence for one in panel.zero_shot.ranked) == pytest.approx(1.0, abs=1e-3)

    predicted.trials.edit.setText("zebra")
    predicted.trials.rank_typed()
    qtbot.waitUntil(lambda: {one.class_name for one in panel.zero_shot.ranked} >= {"zebra"}, timeout=30_000)

    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 30, 30))
    QGuiApplication.clipboard().setImage(image)
    before = panel.zero_shot.ranked
    panel.spot.setFocus()
    qtbot.keyClick(panel.spot, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.zero_shot.ranked != before, timeout=30_000)
    assert len(panel.zero_shot.ranked) == 3


def test_a_file_that_is_no_picture_gets_a_sentence(predicted: UsePage, tmp_path: Path, qtbot: QtBot) -> None:
    bad = tmp_path / "notes.jpg"
    bad.write_text("not a picture")
    panel = predicted.test
    panel.test(bad)
    qtbot.waitUntil(lambda: panel.spot.accessibleDescription().endswith("."), timeout=30_000)
    assert not panel.spot.source
    assert not panel.zero_shot.isVisible()


def test_guesses_are_spoken(qtbot: QtBot) -> None:
    bars = RankedBars("Zero-shot")
    qtbot.addWidget(bars)
    bars.show_ranked([Ranked("ant", 0.75), Ranked("bee", 0.25)])
    assert bars.accessibleName() == "Zero-shot: ant 75%, bee 25%"


def test_every_picture_that_can_be_read_can_be_chosen() -> None:
    listed, _, others = or_all_files("Pictures", SUFFIXES).partition(";;")
    assert listed.startswith("Pictures (*")
    assert others == "All files (*)"
    assert all(f"*{suffix}" in listed for suffix in (".heic", ".heif", ".hif", ".avif", ".jpg"))
    assert ("*.nef" in listed) == RAW_READABLE
