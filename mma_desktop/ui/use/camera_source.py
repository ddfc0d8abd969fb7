"""Camera frames. QtMultimedia is not part of every installation and is imported when a camera is first used."""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import Any

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QImage

from mma_desktop.core.errors import install_hint
from mma_desktop.core.i18n import later, tr

FRAME_SECONDS = 1 / 20
"""Faster frames are skipped: converting one takes milliseconds of the main thread."""
MOST_PIXELS = 1280 * 720

NO_PACKAGE = later("The camera needs an extra package.")
NO_CAMERA = later("There is no camera. Plug one in, and it is used.")
DENIED = later("This program may not use the camera. Allow it in the privacy settings of the system, then try again.")


class CameraSource(QObject):
    """One camera at a time, from `start` to `stop`."""

    frame = Signal(QImage)
    trouble = Signal(str, bool)  # why there is no frame, and whether `restart` may help; "" when the camera starts
    cameras = Signal(list, int)  # names of the connected cameras, index of the one in use

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._multimedia: Any = None
        self._devices: Any = None
        self._wanted = False
        self._chosen = b""
        self._camera: Any = None
        self._session: Any = None
        self._sink: Any = None
        self._taken = 0.0

    def start(self) -> None:
        """Use the camera as soon as one is connected and the system allows it."""
        if self._wanted:
            return
        if self._multimedia is None:
            try:
                self._multimedia = load_multimedia()
            except ImportError as error:  # a library of the system is missing; for the package see `why_not`
                self.trouble.emit(tr("The camera cannot be used here: {reason}", reason=error), False)
                return
        self._wanted = True
        app, permission = QCoreApplication.instance(), QCameraPermission()
        assert app is not None
        status = app.checkPermission(permission)
        if status == Qt.PermissionStatus.Undetermined:
            app.requestPermission(permission, self, lambda given: self._permitted(given.status()))
        else:
            self._permitted(status)

    def stop(self) -> None:
        self._wanted = False
        self._drop()

    def restart(self) -> None:
        self.stop()
        self.start()

    def choose(self, number: int) -> None:
        inputs = self._devices.videoInputs() if self._devices is not None else []
        if 0 <= number < len(inputs):
            self._chosen = bytes(inputs[number].id().data())
            self._plug_in()

    def _permitted(self, status: Qt.PermissionStatus) -> None:
        if not self._wanted:
            return
        if status != Qt.PermissionStatus.Granted:
            self.trouble.emit(tr(DENIED), True)
            return
        if self._devices is None:
            self._devices = self._multimedia.QMediaDevices(self)
            self._devices.videoInputsChanged.connect(self._inputs_changed)
        self._plug_in()

    def _inputs_changed(self) -> None:
        if not self._wanted:
            return
        inputs = self._devices.videoInputs()
        if self._camera is not None and self._camera.cameraDevice() in inputs:
            self._tell_cameras(inputs, inputs.index(self._camera.cameraDevice()))
        else:
            self._plug_in()

    def _plug_in(self) -> None:
        self._drop()
        inputs = self._devices.videoInputs()
        if not inputs:
            self._tell_cameras([], -1)
            self.trouble.emit(tr(NO_CAMERA), False)
            return
        first = self._devices.defaultVideoInput()
        device = next((device for device in inputs if bytes(device.id().data()) == self._chosen), first)
        multimedia = self._multimedia
        self._camera = multimedia.QCamera(device, self)
        fitting = [form for form in device.videoFormats() if _pixels(form) <= MOST_PIXELS]
        if fitting:
            self._camera.setCameraFormat(max(fitting, key=lambda form: (_pixels(form), form.maxFrameRate())))
        self._sink = multimedia.QVideoSink(self)
        self._sink.videoFrameChanged.connect(self.take_frame)
        self._session = multimedia.QMediaCaptureSession(self)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._camera.errorOccurred.connect(self._failed)
        self._tell_cameras(inputs, inputs.index(device) if device in inputs else 0)
        self.trouble.emit("", False)
        self._camera.start()

    def _tell_cameras(self, inputs: list[Any], number: int) -> None:
        self.cameras.emit([device.description() for device in inputs], number)

    def _failed(self, _error: object, reason: str) -> None:
        if self._camera is not None:
            self._drop()
            self.trouble.emit(
                tr(
                    "The camera does not answer: {reason}. Another program may be using it.",
                    reason=reason.rstrip("."),
                ),
                True,
            )

    def _drop(self) -> None:
        if self._camera is not None:
            camera, self._camera = self._camera, None
            camera.stop()
            for part in (self._session, self._sink, camera):
                part.deleteLater()
            self._session = self._sink = None

    def take_frame(self, frame: Any) -> None:
        """Emit a QVideoFrame as an image, unless the last one was too recent."""
        now = time.monotonic()
        if now - self._taken < FRAME_SECONDS or not frame.isValid():
            return
        image = frame.toImage()
        if not image.isNull():
            self._taken = now
            self.frame.emit(image)


def why_not() -> str:
    """Why this installation can use no camera; "" if it can."""
    return "" if find_spec("PySide6.QtMultimedia") is not None else f"{tr(NO_PACKAGE)}\n{install_hint('camera')}"


def load_multimedia() -> Any:
    """Import and return QtMultimedia.

    Raises:
        ImportError: QtMultimedia, or a system library that it needs, is not installed.
    """
    import PySide6.QtMultimedia

    return PySide6.QtMultimedia


def _pixels(camera_format: Any) -> int:
    size = camera_format.resolution()
    return int(size.width() * size.height())
