"""The camera: live predictions, and examples of a class while its key is held."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QSizePolicy, QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.jobs import Job, JobState, LaneName
from mma_desktop.core.types import ImageClass, Prediction
from mma_desktop.media.pixels import jpeg_bytes
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.paste_import import UnsavedPicture, import_pictures, name_from_time
from mma_desktop.services.predicting import prediction
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_pictures import pixels_of
from mma_desktop.ui.grid.class_picker import NO_CLASSES
from mma_desktop.ui.grid.ranked_bars import RankedBars
from mma_desktop.ui.use.camera_source import CameraSource
from mma_desktop.ui.widgets.controls import (
    SPACE,
    FittedPicture,
    button,
    discard,
    heading,
    hint,
    in_column,
    in_row,
    restyle,
    say,
    scrolled,
)
from mma_desktop.ui.widgets.fields import ChoiceBox
from mma_desktop.ui.widgets.text_format import unmarked
from mma_desktop.ui.widgets.timers import repeating, single_shot

EXAMPLE_MS = 200
REST_MS = 100
FAILED_MS = 1000
GUESSES = 3
MOST_WAITING_BYTES = 128 << 20
"""Limit of the pixels kept in memory for examples while another import runs."""
JPEG_QUALITY = 92
BUSY = later("Another import is running. Wait until it is done.")
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def picture_of(name: str, image: QImage) -> UnsavedPicture:
    """Return a frame as a JPEG. Slow; runs on a lane."""
    return UnsavedPicture(name, jpeg_bytes(pixels_of(image)[..., :3], JPEG_QUALITY))


class LiveView(FittedPicture):
    def __init__(self) -> None:
        super().__init__(tr("Camera"), QSize(520, 390))
        self.setObjectName("live")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def say(self, sentence: str) -> None:
        self.show_picture(None, sentence)
        self.setAccessibleDescription(sentence)


class CameraDialog(QDialog):
    """Live predictions, and examples by holding a key.

    Attributes:
        source: Provides the frames; it runs while the dialog is shown.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Camera"))
        self._controller = controller
        self._newest: QImage | None = None
        self._fresh = False
        self._asked: Job | None = None
        self._saving: Job | None = None
        self._class_id: int | None = None
        self._key = 0
        self._waiting: list[tuple[int, str, QImage]] = []
        self.source = CameraSource(self)
        self.source.frame.connect(self.show_frame)
        self.source.trouble.connect(self._tell_trouble)
        self.source.cameras.connect(self._list_cameras)
        self._every = repeating(self, EXAMPLE_MS, self._take)
        self._rest = single_shot(self, REST_MS, self._ask)
        self._build()
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        self._opened(controller.context)

    def _build(self) -> None:
        self.view = LiveView()
        self.choice = ChoiceBox()
        self.choice.setAccessibleName(tr("Camera"))
        self.choice.activated.connect(self._choose)
        self.choice.hide()
        self.again_button = button(tr("Try again"), "refresh", clicked=self.source.restart)
        self.again_button.hide()
        self.status = hint("")
        self.status.hide()
        left = in_column(
            (self.view, 1),
            (self.again_button, 0, Qt.AlignmentFlag.AlignHCenter),
            self.choice,
            self.status,
            spacing=SPACE,
        )
        self.guesses = RankedBars(tr("Prediction"), GUESSES)
        self.hint = hint("")
        inner = QWidget()
        self._column = in_column(None, inside=inner, margins=(0, 0, SPACE, 0), spacing=4)
        self.class_buttons: dict[int, QPushButton] = {}
        side = QWidget()
        parts = (self.guesses, heading(tr("Take examples"), 3), self.hint, (scrolled(inner), 1))
        in_column(*parts, inside=side, margins=(0, 0, 0, 0), spacing=SPACE)
        side.setFixedWidth(270)
        in_row((left, 1), side, inside=self, margins=(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE), spacing=2 * SPACE)
        self.again_button.setAutoDefault(False)
        self.resize(860, 460)

    def _opened(self, context: ProjectContext | None) -> None:
        self._let_go()
        self._waiting.clear()
        say(self.status, "")
        self.guesses.show_ranked(())
        self._list_classes(context.classes if context is not None else [])
        if context is None:
            self.close()

    def _changed(self, changes: Changes) -> None:
        context = self._controller.context
        if context is not None and changes.classes:
            self._list_classes(context.classes)
        elif changes.labels or changes.images_removed:
            self._tell_counts()

    def _list_classes(self, classes: list[ImageClass]) -> None:
        for made in self.class_buttons.values():
            discard(made)
        self.class_buttons = {}
        for row, choice in enumerate(classes):
            made = self.class_buttons[choice.id] = button("")
            made.setAutoDefault(False)
            made.setStyleSheet("text-align: left")
            made.pressed.connect(partial(self._hold, choice.id))
            made.released.connect(self._let_go)
            self._column.insertWidget(row, made)
        self.hint.setText(
            tr("Hold the key of a class, or its button, to take five pictures per second.")
            if classes
            else tr(NO_CLASSES)
        )
        self._tell_counts()

    def _tell_counts(self) -> None:
        context = self._controller.context
        counts = {} if context is None else context.index.counts()
        for choice in context.classes if context is not None else ():
            if (made := self.class_buttons.get(choice.id)) is not None:
                key, count = choice.key.upper(), counts.get(choice.id, 0)
                made.setText("   ".join(filter(None, (key, unmarked(choice.name), number(count)))))
                said = tr("{n} labelled", "{n} labelled", count), tr("key {key}", key=key) if key else ""
                made.setAccessibleName(", ".join(filter(None, (one_line(choice.name), *said))))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.view.say(tr("Starting the camera"))
        self.view.setFocus()
        self.source.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Release the camera, so that other programs can use it."""
        super().hideEvent(event)
        self._let_go()
        self.source.stop()
        self._newest = None

    def _choose(self, number: int) -> None:
        self.source.choose(number)
        self.view.setFocus()  # in the camera list, class keys would select a camera

    def _tell_trouble(self, sentence: str, again: bool) -> None:
        self.again_button.setVisible(again)
        if sentence:
            self._let_go()
            self._newest = None
            self.guesses.show_ranked(())
            self.view.say(sentence)

    def _list_cameras(self, names: list[str], number: int) -> None:
        self.choice.clear()
        self.choice.addItems([one_line(name) for name in names])
        self.choice.setCurrentIndex(number)
        self.choice.setVisible(len(names) > 1)

    def show_frame(self, image: QImage) -> None:
        """Show a frame and classify it, unless the last request is still pending."""
        if not self.isVisible():
            return
        self._newest, self._fresh = image, True
        self.view.show_picture(QPixmap.fromImage(image))
        self._ask()

    def _ask(self) -> None:
        context, image = self._controller.context, self._newest
        open_question = self._asked is not None and self._asked.state in {JobState.WAITING, JobState.RUNNING}
        if context is None or image is None or not context.classes or open_question or self._rest.isActive():
            return

        def answer(found: Prediction) -> None:
            self._rest.start(REST_MS)
            if self.status.text() != tr(BUSY):
                say(self.status, "")
            if self._newest is not None:
                self.guesses.show_ranked(found.ranked)

        def failed(why: str) -> None:
            self._rest.start(FAILED_MS)
            self.guesses.show_ranked(())
            say(self.status, why)

        self._asked = self._controller.ask(
            LaneName.ENGINE,
            lambda context, _token: prediction.picture(context, pixels_of(image)[..., :3]),
            answer,
            failed=failed,
            quick=True,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        context, key = self._controller.context, event.text().lower()
        choice = None
        if context is not None and key and not event.modifiers() & _WITH:
            choice = next((choice for choice in context.classes if choice.key == key), None)
        if choice is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._key = event.key()
            self._hold(choice.id)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == self._key and not event.isAutoRepeat():
            self._let_go()
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Stop capturing when another window gets the keyboard, as no release event will come."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._let_go()

    def _hold(self, class_id: int) -> None:
        self._class_id = class_id
        self._take()
        self._every.start()
        restyle(self.view, "hot", True)

    def _let_go(self) -> None:
        self._every.stop()
        self._class_id, self._key = None, 0
        restyle(self.view, "hot", False)

    def _take(self) -> None:
        if self._class_id is None or self._newest is None or not self._fresh:
            return
        if sum(image.sizeInBytes() for _, _, image in self._waiting) > MOST_WAITING_BYTES:
            say(self.status, tr(BUSY))
            return
        self._fresh = False
        self._waiting.append((self._class_id, name_from_time("camera", datetime.now()), self._newest))
        self._save()

    def _save(self) -> None:
        """Save the waiting examples, one class at a time; later ones wait for the next call."""
        if self._saving is not None or not self._waiting:
            return
        class_id = self._waiting[0][0]
        now = [example for example in self._waiting if example[0] == class_id]
        self._waiting = [example for example in self._waiting if example[0] != class_id]
        makers = [partial(picture_of, name, image) for _, name, image in now]

        def over() -> None:
            self._saving = None
            say(self.status, "")
            self._save()

        self._saving = self._controller.import_by(
            lambda context, token: import_pictures(context, [make() for make in makers], token, class_id), over
        )
