"""The camera: frames are fed where those of a camera arrive; the rest is real. Trouble is said in sentences."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import install_hint
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.use import camera_source
from mma_desktop.ui.use.camera_dialog import EXAMPLE_MS, GUESSES, REST_MS, CameraDialog
from mma_desktop.ui.use.camera_source import DENIED, NO_CAMERA, NO_PACKAGE, CameraSource

from .person import Person, close, shown_window

Opener = Callable[[Controller], ProjectContext]
Key = Qt.Key


def frame(seed: int = 0) -> QImage:
    pixels = np.random.default_rng(seed).integers(0, 255, (120, 160, 3), np.uint8)
    return QImage(pixels.tobytes(), 160, 120, 480, QImage.Format.Format_RGB888).copy()


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ImportError("no module")

    monkeypatch.setattr(camera_source, "why_not", lambda: "")
    monkeypatch.setattr(camera_source, "load_multimedia", missing)


@pytest.fixture
def dialog(controller: Controller, settings: Settings, no_library: None, qtbot: QtBot) -> Iterator[CameraDialog]:
    bugs: list[object] = []
    controller.bridge.bug.connect(lambda title, error: bugs.append((title, error)))
    made = CameraDialog(controller)
    qtbot.addWidget(made)
    yield made
    assert not bugs


def shown(dialog: CameraDialog, qtbot: QtBot) -> None:
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def counts_shown(dialog: CameraDialog) -> list[str]:
    """What stands beside the classes' buttons."""
    return [made.text().split()[-1] for made in dialog.class_buttons.values()]


# ------------------------------------------------------------------ examples


def test_a_held_key_takes_examples_of_its_class(
    dialog: CameraDialog, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    context = open_project(controller)
    controller.add_classes(["apple", "box"])
    qtbot.waitUntil(lambda: len(dialog.class_buttons) == 2)
    shown(dialog, qtbot)
    apple, box = context.classes
    QTest.keyPress(dialog.view, apple.key)
    qtbot.wait(50)
    assert not context.index.counts()  # there is no frame yet
    number = 0
    while number < 40 and context.index.counts().get(apple.id, 0) < 3:
        number += 1
        dialog.show_frame(frame(number))
        qtbot.wait(60)
    QTest.keyRelease(dialog.view, apple.key)
    qtbot.waitUntil(lambda: not controller.bridge.jobs())
    taken = context.index.counts()[apple.id]
    assert taken >= 3
    assert number >= 2 * taken  # five a second, of more frames
    for more in range(5):
        dialog.show_frame(frame(100 + more))
        qtbot.wait(60)
    assert context.index.counts() == {apple.id: taken}
    QTest.keyClick(dialog.view, box.key)
    qtbot.waitUntil(lambda: context.index.counts().get(box.id) == 1)
    qtbot.waitUntil(lambda: counts_shown(dialog) == [str(taken), "1"])
    spoken = [made.accessibleName() for made in dialog.class_buttons.values()]
    assert spoken == [f"apple, {taken} labelled, key {apple.key}", f"box, 1 labelled, key {box.key}"]
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    assert {row.path.parent for row in rows} == {context.project.pictures_dir}
    assert {row.path.suffix for row in rows} == {".jpg"}
    assert {row.source for row in rows} == {LabelSource.PERSON}
    kept = Image.open(io.BytesIO(rows[-1].path.read_bytes()))
    assert (kept.format, kept.size) == ("JPEG", (160, 120))
    controller.undo()
    qtbot.waitUntil(lambda: box.id not in context.index.counts())


def test_a_held_button_does_the_same_and_another_window_ends_it(
    dialog: CameraDialog, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    context = open_project(controller)
    controller.add_classes(["apple"])
    qtbot.waitUntil(lambda: len(dialog.class_buttons) == 1)
    shown(dialog, qtbot)
    apple = context.classes[0]

    def taken(number: int) -> None:
        qtbot.waitUntil(lambda: context.index.counts() == {apple.id: number})

    def no_more_than(number: int) -> None:
        dialog.show_frame(frame(number + 1))
        qtbot.wait(2 * EXAMPLE_MS)
        qtbot.waitUntil(lambda: not controller.bridge.jobs())
        assert context.index.counts() == {apple.id: number}

    dialog.show_frame(frame(1))
    qtbot.mousePress(dialog.class_buttons[apple.id], Qt.MouseButton.LeftButton)
    taken(1)
    dialog.show_frame(frame(2))
    taken(2)
    qtbot.mouseRelease(dialog.class_buttons[apple.id], Qt.MouseButton.LeftButton)
    no_more_than(2)
    QTest.keyPress(dialog.view, apple.key)
    taken(3)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    no_more_than(3)
    QTest.keyPress(dialog.view, apple.key)
    taken(4)
    dialog.hide()
    dialog.show()
    no_more_than(4)


def test_what_is_taken_during_another_import_waits_and_has_a_limit(
    dialog: CameraDialog,
    controller: Controller,
    open_project: Opener,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    from threading import Event

    from mma_desktop.core.jobs import LaneName

    context = open_project(controller)
    controller.add_classes(["apple"])
    qtbot.waitUntil(lambda: len(dialog.class_buttons) == 1)
    shown(dialog, qtbot)
    go_on = Event()
    controller.bridge.run(LaneName.MEDIA, "other", lambda _t: go_on.wait(30))
    monkeypatch.setattr("mma_desktop.ui.use.camera_dialog.MOST_WAITING_BYTES", 2 * frame().sizeInBytes())
    apple = context.classes[0]
    QTest.keyPress(dialog.view, apple.key)
    for number in range(6):
        dialog.show_frame(frame(number))
        qtbot.wait(EXAMPLE_MS + 50)
    qtbot.waitUntil(lambda: dialog.status.text() == "Another import is running. Wait until it is done.")
    QTest.keyRelease(dialog.view, apple.key)
    go_on.set()
    # one that is being written, and as many as fit
    qtbot.waitUntil(lambda: context.index.counts() == {apple.id: 4} and not controller.bridge.jobs())


# ------------------------------------------------------------------ predictions


def test_the_newest_frame_is_predicted_one_at_a_time(
    dialog: CameraDialog,
    controller: Controller,
    starter_session: ProjectContext,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    ask, asked = controller.ask, []

    def noted(lane, work, *args, **named):
        job = ask(lane, work, *args, **named)
        if work.__qualname__.startswith("CameraDialog."):  # the window asks for other things meanwhile
            asked.append(job)
        return job

    monkeypatch.setattr(controller, "ask", noted)
    controller.add_classes(["apple", "box", "cloud", "stripe"])
    qtbot.waitUntil(lambda: len(dialog.class_buttons) == 4 and not controller.bridge.jobs())
    shown(dialog, qtbot)
    most = 0
    for number in range(30):
        dialog.show_frame(frame(number))
        most = max(most, sum(not job.finished for job in asked))
        qtbot.wait(10)
    qtbot.waitUntil(lambda: len(dialog.guesses.ranked) == GUESSES)
    assert most == 1
    assert dialog.guesses.ranked[0].confidence >= dialog.guesses.ranked[1].confidence
    qtbot.waitUntil(lambda: not controller.bridge.jobs())
    qtbot.wait(2 * REST_MS)
    before = len(asked)
    dialog.hide()
    dialog.show_frame(frame(99))
    assert len(asked) == before


def test_new_examples_are_embedded_while_it_predicts(
    dialog: CameraDialog, controller: Controller, starter_session: ProjectContext, picture_folder: Path, qtbot: QtBot
) -> None:
    controller.add_classes(["apple", "box"])
    qtbot.waitUntil(lambda: len(dialog.class_buttons) == 2)
    shown(dialog, qtbot)
    controller.import_paths([picture_folder])
    for number in range(600):
        dialog.show_frame(frame(number))
        qtbot.wait(30)
        guesses = starter_session.guesses
        if guesses is not None and len(guesses.image_ids) == 48:
            break
    assert starter_session.guesses is not None
    assert len(starter_session.guesses.image_ids) == 48
    assert number < 599


def test_without_a_model_the_reason_is_said_and_frames_go_on(
    dialog: CameraDialog, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    shown(dialog, qtbot)
    assert dialog.hint.text() == "There is no class yet. Add the names of your classes on the Label page first."
    dialog.show_frame(frame())
    assert not controller.bridge.jobs()
    controller.add_classes(["apple"])
    qtbot.waitUntil(lambda: len(dialog.class_buttons) == 1)
    dialog.show_frame(frame())
    qtbot.waitUntil(lambda: dialog.status.text() != "")
    assert dialog.view.text() == ""


def test_it_closes_with_the_project(
    dialog: CameraDialog, controller: Controller, open_project: Opener, qtbot: QtBot
) -> None:
    open_project(controller)
    shown(dialog, qtbot)
    closed: list[bool] = []
    controller.close_context(lambda: closed.append(True))
    qtbot.waitUntil(lambda: bool(closed))
    assert not dialog.isVisible()


# ------------------------------------------------------------------ trouble


def test_without_the_package_nothing_offers_a_camera_and_the_reason_is_there(
    controller: Controller,
    settings: Settings,
    open_project: Opener,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(camera_source, "find_spec", lambda _name: None)
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    open_project(controller)
    page = person.window.pages["use"]
    for one in (person.window.menus.camera, page.stack.camera_button, page.test.camera_button):
        assert not one.isEnabled()
        assert one.toolTip() == f"{NO_PACKAGE}\n{install_hint('camera')}"
    close(person)
    person.window.deleteLater()


def test_from_the_menu_and_the_predict_page(
    controller: Controller, settings: Settings, no_library: None, open_project: Opener, qtbot: QtBot
) -> None:
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    assert not person.window.menus.camera.isEnabled()
    open_project(controller)
    person.menu("fa")
    camera = person.window.camera
    assert camera is not None
    assert camera.isVisible()
    camera.close()
    page = person.window.pages["use"]
    page.stack.camera_button.click()
    assert person.window.camera is camera
    assert camera.isVisible()
    camera.close()
    page.stack.mistakes_button.click()
    assert person.window.current_page == "check"
    page.stack.watch_button.click()
    assert person.window.watch.dialog is not None
    close(person)
    person.window.deleteLater()


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, qapp: object) -> None:
    def missing() -> None:
        raise ImportError("libpulse.so.0: cannot open shared object file")

    monkeypatch.setattr(camera_source, "load_multimedia", missing)
    told = troubles(source := CameraSource())
    source.start()
    assert told == ["The camera cannot be used here: libpulse.so.0: cannot open shared object file"]


class Devices(QObject):
    """Stands for QMediaDevices."""

    videoInputsChanged = Signal()  # noqa: N815
    plugged: list[Any] = []  # noqa: RUF012
    made: Devices

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        Devices.made = self

    def videoInputs(self) -> list[Any]:  # noqa: N802
        return list(self.plugged)

    def defaultVideoInput(self) -> Any:  # noqa: N802
        return self.plugged[0]


class Camera(QObject):
    """Stands for QCamera."""

    errorOccurred = Signal(object, str)  # noqa: N815
    running: list[str] = []  # noqa: RUF012
    made: Camera

    def __init__(self, device: Any, parent: QObject) -> None:
        super().__init__(parent)
        self.device = device
        Camera.made = self

    def cameraDevice(self) -> Any:  # noqa: N802
        return self.device

    def setCameraFormat(self, chosen: Any) -> None:  # noqa: N802
        self.running.append(f"{chosen.resolution().width()}")

    def start(self) -> None:
        self.running.append(self.device.description())

    def stop(self) -> None:
        self.running.append("stopped")


class Sink(QObject):
    """Stands for QVideoSink."""

    videoFrameChanged = Signal(object)  # noqa: N815


class Session(QObject):
    """Stands for QMediaCaptureSession."""

    def setCamera(self, camera: Camera) -> None:  # noqa: N802
        assert isinstance(camera, Camera)

    def setVideoSink(self, sink: Sink) -> None:  # noqa: N802
        assert isinstance(sink, Sink)


def device(name: str, *widths: int) -> Any:
    formats = [SimpleNamespace(resolution=lambda w=w: QSize(w, w * 9 // 16), maxFrameRate=lambda: 30.0) for w in widths]
    ident = QByteArray(name.encode())
    return SimpleNamespace(description=lambda: name, id=lambda: ident, videoFormats=lambda: formats)


def troubles(source: CameraSource) -> list[str]:
    told: list[str] = []
    source.trouble.connect(lambda sentence, _again: told.append(sentence))
    return told


@pytest.fixture
def cameras(monkeypatch: pytest.MonkeyPatch, qapp: object) -> type[Devices]:
    """What is plugged in, of a stand-in for QtMultimedia."""
    module = SimpleNamespace(QMediaDevices=Devices, QCamera=Camera, QVideoSink=Sink, QMediaCaptureSession=Session)
    monkeypatch.setattr(camera_source, "load_multimedia", lambda: module)
    monkeypatch.setattr(Devices, "plugged", [])
    monkeypatch.setattr(Camera, "running", [])
    return Devices


def test_a_camera_is_plugged_in_and_out(cameras: type[Devices]) -> None:
    source = CameraSource()
    told = troubles(source)
    names: list[tuple[list[str], int]] = []
    source.cameras.connect(lambda listed, number: names.append((listed, number)))
    source.start()
    assert told == [NO_CAMERA]
    one, two = device("built in", 640, 1280, 3840), device("microscope")
    cameras.plugged.append(one)
    cameras.made.videoInputsChanged.emit()
    assert Camera.running == ["1280", "built in"]
    assert told[-1] == ""
    cameras.plugged.append(two)
    cameras.made.videoInputsChanged.emit()
    assert names[-1] == (["built in", "microscope"], 0)
    source.choose(1)
    assert Camera.running[-2:] == ["stopped", "microscope"]
    cameras.plugged.remove(two)
    cameras.made.videoInputsChanged.emit()
    assert Camera.running[-1] == "built in"
    cameras.plugged.clear()
    cameras.made.videoInputsChanged.emit()
    assert told[-1] == NO_CAMERA
    cameras.plugged.append(two)
    cameras.made.videoInputsChanged.emit()
    assert Camera.running[-1] == "microscope"
    Camera.made.errorOccurred.emit(1, "Device is busy.")
    assert told[-1] == "The camera does not answer: Device is busy. Another program may be using it."
    source.restart()
    assert Camera.running[-1] == "microscope"
    source.stop()
    cameras.made.videoInputsChanged.emit()
    assert Camera.running[-1] == "stopped"


def test_a_denied_permission_is_said_and_asked_for_again(
    cameras: type[Devices], monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras.plugged.append(device("built in"))
    answers = [Qt.PermissionStatus.Denied, Qt.PermissionStatus.Undetermined]
    asked: list[Any] = []
    app = SimpleNamespace(
        checkPermission=lambda _permission: answers.pop(0),
        requestPermission=lambda _permission, _owner, answer: asked.append(answer),
    )
    monkeypatch.setattr(camera_source, "QCoreApplication", SimpleNamespace(instance=lambda: app))
    source = CameraSource()
    told = troubles(source)
    source.start()
    assert told == [DENIED]
    source.restart()
    asked[0](SimpleNamespace(status=lambda: Qt.PermissionStatus.Granted))
    assert Camera.running == ["built in"]


@pytest.mark.qt_log_ignore("pipewire", "RHI", extend=True)
def test_frames_of_qt_become_pictures(qapp: QCoreApplication) -> None:
    """With the real QtMultimedia, where it is installed."""
    try:
        multimedia = camera_source.load_multimedia()
    except ImportError as error:
        pytest.skip(f"QtMultimedia: {error}")
    source = CameraSource()
    got: list[QImage] = []
    source.frame.connect(got.append)
    source.take_frame(multimedia.QVideoFrame())
    video = multimedia.QVideoFrame(frame().convertToFormat(QImage.Format.Format_ARGB32))
    source.take_frame(video)
    source.take_frame(video)
    assert [image.size() for image in got] == [QSize(160, 120)]
