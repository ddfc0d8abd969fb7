"""A closer look at a picture: wheel, keys, double click and drag, on a real picture in the real page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.big_image import BigImage
from mma_desktop.ui.grid.preview import Preview, file_size

from .person import LEFT, LONG, NONE, SHIFT, Key, Person

Open = Callable[[Controller], ProjectContext]
WIDE = 3000
pytestmark = pytest.mark.usefixtures("no_embedding")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of 3000 x 2000 with single blue columns, gone where it fits and there at 100%, and a small one."""
    folder, pixels = tmp_path_factory.mktemp("in"), np.zeros((2000, WIDE, 3), np.uint8)
    pixels[:, ::2] = (0, 0, 255)
    Image.fromarray(pixels).save(folder / "a.png", compress_level=1)
    Image.new("RGB", (50, 40), "green").save(folder / "b.png")
    return folder


@pytest.fixture
def person(person: Person, open_project: Open, pictures: Path, qtbot: QtBot) -> Person:
    """At these pictures, the preview open."""
    controller = person.window.controller
    open_project(controller)
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([pictures])
    person.until(lambda: len(person.shown()) == 2)
    person.click_image(0)
    person.press(Key.Key_Space)
    person.until(lambda: not person.label.preview.canvas.pixmap.isNull())
    return person


def looking(person: Person) -> Preview:
    preview: Preview = person.label.preview
    preview.setFocus()
    return preview


def middle_column(canvas: BigImage) -> float:
    """Which column of the picture is in the middle."""
    return canvas.to_image(QPointF(canvas.viewport().width() / 2, canvas.viewport().height() / 2)).x()


def wheel(preview: Preview, notches: int, at: QPointF) -> None:
    canvas = preview.canvas
    turned = QPoint(0, 120 * notches)
    where = canvas.mapToGlobal(at)
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(canvas.viewport(), QWheelEvent(at, where, QPoint(), turned, buttons, NONE, phase, False))


def test_a_double_click_shows_every_pixel_and_another_all_of_it(person: Person) -> None:
    preview = looking(person)
    canvas = preview.canvas
    assert canvas.zoom is None
    fit = canvas.factor
    assert fit == pytest.approx((canvas.width() - 16) / WIDE, abs=0.01)
    QTest.mouseDClick(canvas.viewport(), LEFT, NONE, canvas.rect().center())
    assert canvas.factor == 1.0
    person.until(lambda: canvas.has_pixels)
    seen = canvas.grab().toImage()
    middle = canvas.rect().center()
    colours = {seen.pixelColor(middle.x() + shift, middle.y()).blue() for shift in range(8)}
    assert colours == {0, 255}, "single columns are told apart"
    QTest.mouseDClick(canvas.viewport(), LEFT, NONE, middle)
    assert canvas.zoom is None
    assert canvas.factor == fit


def test_the_wheel_keeps_what_is_below_the_pointer(person: Person) -> None:
    preview = looking(person)
    canvas = preview.canvas
    at = QPointF(canvas.width() * 0.7, canvas.height() * 0.5)
    below = canvas.to_image(at)
    wheel(preview, 9, at)  # so far that it is larger than its place both ways
    assert canvas.factor > 3 * (canvas.width() - 16) / WIDE
    moved = (canvas.to_image(at) - below) * canvas.factor
    assert moved.manhattanLength() <= 2, "but for the rounding to pixels of the screen"
    wheel(preview, -18, at)
    assert canvas.zoom is None, "back to all of it, not smaller"


def test_a_drag_and_shift_with_arrows_move_the_picture_up_to_its_edge(person: Person) -> None:
    preview = looking(person)
    canvas = preview.canvas
    middle = canvas.rect().center()
    QTest.mouseDClick(canvas.viewport(), LEFT, NONE, middle)
    before = middle_column(canvas)
    QTest.mousePress(canvas.viewport(), LEFT, NONE, middle)
    QTest.mouseMove(canvas.viewport(), middle + QPoint(40, 0))
    QTest.mouseRelease(canvas.viewport(), LEFT, NONE, middle + QPoint(40, 0))
    assert middle_column(canvas) == pytest.approx(before - 40)
    preview.setFocus()
    for _ in range(60):
        person.press(Key.Key_Right, SHIFT)
    assert middle_column(canvas) == pytest.approx(WIDE - canvas.viewport().width() / 2)
    assert person.label.grid.current_position == 0, "the arrows alone go to other images"


def test_keys_zoom_and_another_image_fits_again(person: Person) -> None:
    preview = looking(person)
    canvas = preview.canvas
    fit = canvas.factor
    person.press(Key.Key_Plus)
    person.press(Key.Key_Equal)
    assert canvas.factor == pytest.approx(fit * 1.25**2)
    person.press(Key.Key_Minus)
    assert canvas.factor == pytest.approx(fit * 1.25)
    person.press(Key.Key_Home)
    assert canvas.zoom is None
    person.press(Key.Key_Plus)
    person.press(Key.Key_Right)
    person.until(lambda: preview.name.text() == "b.png" and canvas.has_pixels)
    assert canvas.zoom is None
    # A small picture fits enlarged; at 100% it is smaller, in the middle.
    assert canvas.factor == pytest.approx(min(4.0, (canvas.width() - 16) / 50))
    QTest.mouseDClick(canvas.viewport(), LEFT, NONE, canvas.rect().center())
    assert canvas.factor == 1.0
    shown = canvas.grab().toImage()
    middle = canvas.rect().center()
    assert shown.pixelColor(middle).green() == 128
    assert shown.pixelColor(middle - QPoint(40, 0)).green() != 128


def test_a_picture_that_was_loaded_ahead_is_not_that_of_another_project(
    person: Person, open_project: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    """The first pictures of all projects have the same ids."""
    controller, canvas = person.window.controller, person.label.question.picture
    images = person.label.grid.images
    row = images.row(person.shown()[1])
    canvas.prepare(row)
    person.until(lambda: not controller.bridge.jobs())
    canvas.show_row(row)
    assert not canvas.pixmap.isNull()
    canvas.cancel()
    closed: list[bool] = []
    controller.close_context(lambda: closed.append(True))
    person.until(lambda: bool(closed))
    (tmp_path / "more").mkdir()
    for number, colour in enumerate(("red", "blue")):
        Image.new("RGB", (50, 40), colour).save(tmp_path / "more" / f"{number}.png")
    open_project(controller, "other")
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([tmp_path / "more"])
    person.until(lambda: len(person.shown()) == 2 and images.row(row.id) is not None)
    canvas.show_row(images.row(row.id))
    assert canvas.pixmap.isNull()


def test_the_size_of_a_file_in_words(qapp: QApplication) -> None:
    assert [file_size(size) for size in (0, 1, 2)] == ["0 bytes", "1 byte", "2 bytes"]


def test_the_list_of_classes_is_no_wider_after_the_preview_than_before(person: Person) -> None:
    page = person.label
    page.preview_controller.set_shown(False)
    for size in ((910, 512), (1500, 800)):
        person.window.resize(*size)
        QApplication.processEvents()
        before = page.splitter.sizes()
        page.preview_controller.set_shown(True)
        page.preview_controller.toggle_full()
        page.preview_controller.toggle_full()
        page.preview_controller.set_shown(False)
        QApplication.processEvents()
        assert page.splitter.sizes()[0] <= before[0]
