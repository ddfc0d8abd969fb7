"""Pictures pasted or dropped from other programs, through the real window with real clipboard and drop data."""

from __future__ import annotations

import base64
import io
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QMimeData, QTimer, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLineEdit

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import bytes_of_address, pixels_of
from mma_desktop.ui.shell import import_flow

from .person import CONTROL, LONG, Key, Person

Open = Callable[[Controller], ProjectContext]
pytestmark = pytest.mark.usefixtures("no_embedding")


@pytest.fixture
def person(person: Person) -> Iterator[Person]:
    """Somebody whose clipboard is empty afterwards."""
    yield person
    QGuiApplication.clipboard().clear()


@pytest.fixture
def context(person: Person, controller: Controller, open_project: Open) -> ProjectContext:
    opened = open_project(controller)
    person.until(lambda: person.window.current_page == "label")
    return opened


def picture(colour: str = "teal") -> QImage:
    image = QImage(40, 30, QImage.Format.Format_ARGB32)
    image.fill(QColor(colour))
    return image


def encoded(kind: str, colour: str = "olive") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (24, 18), colour).save(buffer, kind)
    return buffer.getvalue()


def data_url(colour: str = "navy") -> str:
    return "data:image/png;base64," + base64.b64encode(encoded("PNG", colour)).decode()


def holding(
    *,
    image: QImage | None = None,
    formats: dict[str, bytes] | None = None,
    urls: list[str] | None = None,
    html: str = "",
    text: str = "",
) -> QMimeData:
    data = QMimeData()
    for kind, content in (formats or {}).items():
        data.setData(kind, QByteArray(content))
    if image is not None:
        data.setImageData(image)
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if html:
        data.setHtml(html)
    if text:
        data.setText(text)
    return data


def paste(person: Person, data: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(data)
    person.press(Key.Key_V, CONTROL)


def drop(person: Person, data: QMimeData) -> None:
    assert person.drop(data, person.window.rect().center())


def files(context: ProjectContext) -> list[str]:
    folder = context.project.folder / "pictures"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def said(person: Person) -> list[str]:
    return [bar.text for bar in person.window.messages.bars]


def test_a_pasted_image_becomes_a_file_of_the_project_and_once_only(person: Person, context: ProjectContext) -> None:
    # A picture is no text, so it is not the field's for names of classes.
    person.click(person.label.panel.names.viewport())
    assert person.keyboard() is person.label.panel.names
    paste(person, holding(image=picture()))
    person.until(lambda: len(person.shown()) == 1)
    (name,) = files(context)
    assert name.startswith("pasted 20")
    assert name.endswith(".png")
    with Image.open(context.project.folder / "pictures" / name) as kept:
        assert kept.size == (40, 30)
        assert kept.convert("RGB").getpixel((3, 3)) == (0, 128, 128)
    paste(person, holding(image=picture()))
    person.until(lambda: person.says("1 duplicate (same bytes)"))
    assert files(context) == [name]
    person.window.menus.paste.trigger()  # by the menu, another one
    person.until(lambda: person.says("1 duplicate (same bytes)"))


def test_the_bytes_of_a_picture_are_kept_with_the_name_of_its_address(person: Person, context: ProjectContext) -> None:
    jpeg = encoded("JPEG")
    drop(person, holding(formats={"image/jpeg": jpeg}, urls=["https://example.org/zoo/Red%20panda.jpg?w=800"]))
    person.until(lambda: len(person.shown()) == 1)
    assert files(context) == ["Red panda.jpg"]
    assert (context.project.folder / "pictures" / "Red panda.jpg").read_bytes() == jpeg


def test_a_picture_inside_the_text_of_a_page_is_taken(person: Person, context: ProjectContext) -> None:
    page = f'<html><p>Look</p><img alt="x" src="{data_url()}"><img src=\'{data_url("red")}\'></html>'
    drop(person, holding(html=page))
    person.until(lambda: len(person.shown()) == 2)
    person.label.grid.setFocus()
    paste(person, holding(text=data_url("gold")))
    person.until(lambda: len(person.shown()) == 3)
    drop(person, holding(urls=[data_url("pink")]))
    person.until(lambda: len(person.shown()) == 4)


def test_an_address_alone_is_not_fetched_and_that_is_said(person: Person, context: ProjectContext) -> None:
    drop(person, holding(urls=["https://example.org/cat.jpg"]))
    assert any("nothing is fetched from the internet" in one and "Copy image" in one for one in said(person))
    person.window.messages.clear()
    drop(person, holding(html='<img src="https://example.org/cat.jpg">', text="https://example.org/cat.jpg"))
    assert any("nothing is fetched" in one for one in said(person))
    assert not files(context)
    assert not person.window.controller.bridge.busy()


def test_copied_files_are_imported_where_they_lie(
    person: Person, context: ProjectContext, picture_folder: Path
) -> None:
    apples = sorted((picture_folder / "apples").iterdir())
    person.label.filter_bar.names_button.setFocus()
    paste(person, holding(urls=[QUrl.fromLocalFile(str(path)).toString() for path in apples[:2]]))
    person.until(lambda: len(person.shown()) == 2)
    paste(person, holding(text="just words"))
    assert any("no picture on the clipboard" in one for one in said(person))
    assert not files(context)


def test_a_text_is_pasted_into_the_field_that_has_the_keyboard(person: Person, context: ProjectContext) -> None:
    person.click(person.label.panel.names.viewport())
    assert person.keyboard() is person.label.panel.names
    paste(person, holding(text="cat, dog"))
    assert person.label.panel.names.toPlainText() == "cat, dog"
    assert not said(person)


def test_damaged_pictures_are_told_and_leave_nothing(person: Person, context: ProjectContext) -> None:
    drop(person, holding(urls=["data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode()]))
    person.until(lambda: any("an SVG drawing" in one for one in said(person)))
    drop(person, holding(urls=["data:image/png;base64,abc"]))
    person.until(lambda: any("damaged" in one for one in said(person)))
    assert not files(context)


def test_without_a_project_a_picture_asks_for_a_new_one(person: Person) -> None:
    paste(person, holding(image=picture("plum")))
    person.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    person.press(Key.Key_A, CONTROL)
    person.type("From the web")
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=LONG):
        person.press(Key.Key_Return)
    assert person.context.project.name == "From the web"
    person.until(lambda: len(person.shown()) == 1)
    assert len(files(person.context)) == 1


def test_on_the_predict_page_the_key_belongs_to_the_test_panel(person: Person, context: ProjectContext) -> None:
    person.press(Key.Key_5, CONTROL)
    assert person.window.current_page == "use"
    assert not person.window.menus.paste.isEnabled()
    person.press(Key.Key_2, CONTROL)
    assert person.window.menus.paste.isEnabled()


def test_many_megapixels_do_not_hold_the_window_up(person: Person, context: ProjectContext) -> None:
    image = QImage(5000, 3200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("orchid"))
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start(5)
    paste(person, holding(image=image))
    during = len(beats)
    person.until(lambda: len(person.shown()) == 1, LONG)
    timer.stop()
    assert len(beats) - during > 20, "the window lived while the picture was encoded"
    (name,) = files(context)
    with Image.open(context.project.folder / "pictures" / name) as kept:
        assert kept.size == (5000, 3200)


def test_pixels_are_those_of_the_image_whatever_its_format() -> None:
    rng = np.random.default_rng(0)
    wanted = rng.integers(0, 255, (37, 53, 4), np.uint8)
    wanted[..., 3] = rng.integers(0, 2, (37, 53)) * 255
    clear = QImage(wanted.tobytes(), 53, 37, 4 * 53, QImage.Format.Format_RGBA8888)
    assert (pixels_of(clear) == wanted).all()
    wanted[..., 3] = 255
    solid = QImage(wanted.tobytes(), 53, 37, 4 * 53, QImage.Format.Format_RGBA8888)
    assert (pixels_of(solid) == wanted[..., :3]).all()
    assert (pixels_of(solid.convertToFormat(QImage.Format.Format_RGB32)) == wanted[..., :3]).all()
    grey = solid.convertToFormat(QImage.Format.Format_Grayscale8)
    assert pixels_of(grey).shape == (37, 53, 3)


def test_addresses_that_hold_their_data() -> None:
    assert bytes_of_address("data:image/gif,GIF89a%00") == b"GIF89a\0"
    assert bytes_of_address("data:image/png;base64,aGk%3D") == b"hi"
    for bad in ("data:image/png;base64", "data:image/png;base64,abc"):
        with pytest.raises(UserError, match="damaged"):
            bytes_of_address(bad)


def test_an_empty_clipboard_may_be_none_at_all(
    controller: Controller, open_project: Open, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_project(controller)
    none = type("Clipboard", (), {"mimeData": lambda _self: None, "clear": lambda _self: None})()
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: none)
    person.window.menus.paste.trigger()
    assert any("clipboard" in one for one in said(person))


def test_pictures_that_a_power_cut_left_in_no_image_are_taken_in_and_told(
    person: Person, controller: Controller, tmp_path: Path
) -> None:
    create_project(tmp_path / "other.mma", threads=1).close()
    folder = tmp_path / "other.mma" / "pictures"
    folder.mkdir()
    for colour in ("navy", "olive"):
        Image.new("RGB", (24, 18), colour).save(folder / f"{colour}.png")
    with person.qtbot.waitSignal(controller.import_done):
        controller.set_context(open_project(tmp_path / "other.mma", 1))
    assert len(controller.open_context.index.columns.ids) == 2
    said = " | ".join(bar.text for bar in person.window.messages.bars)
    assert said == (
        "2 pictures in the project's own folder were left out, as after a power cut. They are taken in again."
    )


@pytest.mark.parametrize("cut_by", ["closing", "a kill"])
def test_an_import_that_was_cut_off_is_told_and_goes_on(
    person: Person,
    controller: Controller,
    context: ProjectContext,
    picture_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    cut_by: str,
) -> None:
    begun, real = threading.Event(), importing.import_paths

    def cut(context: ProjectContext, paths: list[Path], token: CancelToken, *how: Any) -> Any:
        begun.set()
        person_closes.wait(20)
        return real(context, paths, token, *how)

    person_closes = threading.Event()
    monkeypatch.setattr(importing, "import_paths", cut)
    if cut_by == "closing":
        controller.import_paths([picture_folder], {"apples": picture_folder / "apples"})
        person.until(begun.is_set)
    else:  # what an import writes first is all that is left
        left = importing.resume_value([picture_folder], {"apples": picture_folder / "apples"})
        context.project.set_setting(importing.UNFINISHED, left)
    with person.qtbot.waitSignal(controller.closed):
        controller.close_context(lambda: None)
        person_closes.set()
    monkeypatch.undo()
    controller.set_context(open_project(context.project.folder, 1))
    person.until(lambda: any("was interrupted" in bar.text for bar in person.window.messages.bars))
    (bar,) = (bar for bar in person.window.messages.bars if "was interrupted" in bar.text)
    assert str(picture_folder) in bar.text
    person.until(lambda: importing.interrupted_import(controller.open_context) is None)  # it is told once
    with person.qtbot.waitSignal(controller.import_done):
        person.click(bar.action_button)
    assert "apples" in [one.name for one in controller.open_context.classes]
    assert importing.interrupted_import(controller.open_context) is None


def test_very_many_dropped_files_are_looked_at_by_a_job_that_counts_and_can_be_stopped(
    person: Person, context: ProjectContext, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, known, bar = threading.Semaphore(0), import_flow.by_kind, person.window.jobs

    def slowly(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
        assert parts.acquire(timeout=LONG / 1000)
        return known(paths)

    monkeypatch.setattr(import_flow, "by_kind", slowly)
    paths = sorted(picture_folder.glob("*/*.jpg"))
    many = [paths[place % len(paths)] for place in range(3 * import_flow.MANY)]
    person.drop_files(many)  # comes back although nothing can have been looked at
    for done in ("2,000", "4,000"):
        parts.release()
        person.until(lambda done=done: bar.detail.text().startswith(f"{done} of 6,000"))
    assert bar.title.text() == "Looking at what was dropped"
    person.click(bar.stop_button)
    parts.release()
    person.until(lambda: not person.window.controller.bridge.jobs())
    assert not len(context.index.columns.ids), "it was stopped"
    monkeypatch.setattr(import_flow, "by_kind", known)
    person.drop_files(many)
    person.until(lambda: len(context.index.columns.ids) == len(paths))
