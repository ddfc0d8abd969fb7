"""Test one image (drop, paste or file): top five of the adapter beside zero-shot, and its nearest examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QPixmap, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow, Role
from mma_desktop.media.decoding import Pixels, preview
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.services.similarity import Among, ExaminedImage, Neighbour, examine_image
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import clipboard_data, find_images, may_hold_images, unpack
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.grid.ranked_bars import RankedBars
from mma_desktop.ui.grid.thumbnail_loader import rows_of, to_pixmap
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import (
    Card,
    FittedImage,
    IconLabel,
    button,
    heading,
    hint,
    in_column,
    in_row,
    restyle,
)
from mma_desktop.ui.widgets.text_format import with_keys
from mma_desktop.ui.widgets.theme import tokens
from mma_desktop.ui.widgets.windows import ask_file, or_all_files

PREVIEW_SIDE = 480
SPOT_SIDE = 160
NEAREST_SIDE = 72
TITLES = {
    Among.SEEN: later("Nearest examples"),
    Among.LABELLED: later("Nearest labelled pictures"),
}
MEANING = later("Similarity, 1 for the same picture. Enter or a click shows it on the Label page.")


@dataclass(frozen=True, eq=False)
class TestSource:
    """An image to test: how to load it (on a lane, as it may be slow), and its image id if it has one."""

    load: Callable[[], Path | bytes | Pixels]
    image_id: int | None = None


def found_in(data: QMimeData, word: str) -> TestSource | str:
    """Return the first image in data that was "pasted" or "dropped", or a sentence on why there is none."""
    found = find_images(data, word, datetime.now())
    if found.files:
        return TestSource(partial(Path, found.files[0]))
    if found.pictures:
        return TestSource(found.pictures[0].data)
    return found.refusal


def is_picture(data: QMimeData) -> bool:
    if any(url.isLocalFile() for url in data.urls()):
        return True
    return data.hasImage() and not data.hasFormat("text/plain")


class DropSpot(FittedImage):
    dropped = Signal(object)  # TestSource, or why it contains no image
    image_dropped = Signal(int)  # image id

    def __init__(self) -> None:
        super().__init__(tr("Drop a picture here"), QSize(SPOT_SIDE, SPOT_SIDE))
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_picture(None)

    def show_picture(self, image: QPixmap | None, text: str = "") -> None:
        super().show_picture(image, text or tr("Drop a picture here"))
        self.setAccessibleDescription(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_hold_images(event.mimeData()) or unpack(event.mimeData()):
            event.acceptProposedAction()
            restyle(self, "hot", True)

    def dragLeaveEvent(self, _event: object) -> None:
        restyle(self, "hot", False)

    def dropEvent(self, event: QDropEvent) -> None:
        restyle(self, "hot", False)
        event.acceptProposedAction()
        if images := unpack(event.mimeData()):
            self.image_dropped.emit(images[0])
        else:
            self.dropped.emit(found_in(event.mimeData(), "dropped"))


class NearestShots(QWidget):
    """Up to six images over their class and similarity, the most similar first; `list` chooses an image id."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.title = heading("", 3)
        self.title.setToolTip(tr(MEANING))
        self.list = FindingList(tr(TITLES[Among.SEEN]), controller, tile=NEAREST_SIDE)
        self.list.setAccessibleDescription(tr(MEANING))
        in_column(self.title, self.list.note, self.list, inside=self, margins=(0, 4, 0, 0), spacing=6)
        self.hide()

    def clear(self) -> None:
        self.list.clear()
        self.hide()

    def show_nearest(self, nearest: Sequence[Neighbour], among: Among, note: str = "") -> None:
        """Show these images, searched in `among`, under a note; if they are the same, they keep the keyboard focus."""
        context = self._controller.open_context
        self.title.setText(tr(TITLES[among]))
        self.list.setAccessibleName(self.title.text())
        none = "" if nearest else tr("Label some pictures, and the ones most like this one are shown here.")
        entries = []
        for found in nearest:
            choice, similarity = context.class_by_id(found.class_id), number(found.similarity, ".2f")
            name, colour = (
                (one_line(choice.title), choice.colour) if choice is not None else (tr("no class"), tokens().dim)
            )
            entries.append(FindingEntry(name, similarity, found.image_id, (found.image_id,), colour))
        self.list.show_entries(entries, none or note)
        self.show()


class TestPanel(Card):
    """The drop target, its buttons, the predictions and the nearest examples."""

    test_requested = Signal()  # a test was requested, or the panel shows another message

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._stale = False
        self._trouble = ""
        self._pixels: QPixmap | None = None
        self._source: TestSource | None = None
        self._extra: dict[str, str] = {}
        self.spot = DropSpot()
        self.adapted = RankedBars(tr("After training"))
        self.zero_shot = RankedBars(tr("Before training"))
        self.nearest = NearestShots(controller)
        self.note = hint(tr("Compared with the classes and the names you typed."))
        self.choose_button = button(tr("Choose…"), "open", clicked=self._choose)
        self.choose_button.setAccessibleName(tr("Choose a picture"))
        self.paste_button = button(tr("Paste"), "copy", tip=with_keys(tr("Paste"), "Ctrl+V"), clicked=self.paste)
        self.spot.dropped.connect(self._test_found)
        self.spot.image_dropped.connect(self.test_image)
        beside = in_column(self.choose_button, self.paste_button, self.note, None, spacing=8)
        top = in_row((self.spot, 3), (beside, 2), spacing=12)
        self._bars, self.none, self.none_label = QWidget(), QWidget(), QLabel()
        self.none_label.setWordWrap(True)
        in_row((self.adapted, 1), (self.zero_shot, 1), inside=self._bars, margins=(0, 0, 0, 0), spacing=16)
        in_row(IconLabel("info", 18, "warn"), (self.none_label, 1), inside=self.none, margins=(0, 0, 0, 0))
        parts = (heading(tr("Test a picture"), 3), top, self.none, self._bars, self.nearest)
        self.fill(*parts)
        self._hide_answer()

    def set_extra_names(self, names: Mapping[str, str]) -> None:
        if names != self._extra:
            self._extra = dict(names)
            self.ask_again()

    def clear(self) -> None:
        self._forget()
        self.spot.show_picture(None)

    def _forget(self) -> None:
        for question in ("picture", "answer"):
            self._controller.bridge.forget((self, question))
        self._source = self._pixels = None
        self._stale, self._trouble = False, ""
        self._hide_answer()

    def _hide_answer(self) -> None:
        self._bars.hide()
        self.none.hide()
        self.nearest.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take an image that is pasted into a text field; a text goes into the field."""
        pasted = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste)
        if pasted and event.type() == QEvent.Type.KeyPress and is_picture(clipboard_data()):
            self.paste()
            return True
        return super().eventFilter(watched, event)

    def paste(self) -> None:
        self._test_found(found_in(clipboard_data(), "pasted"))

    def _test_found(self, found: TestSource | str) -> None:
        if isinstance(found, TestSource):
            self._test(found)
        else:
            self.test_requested.emit()
            self._forget()
            self.spot.show_picture(None, found)

    def _choose(self) -> None:
        ask_file(self, tr("Choose a picture"), "", self.test, or_all_files(tr("Pictures"), sorted(SUFFIXES)))

    def test(self, path: Path | str) -> None:
        self._test(TestSource(partial(Path, path)))

    def test_image(self, image_id: int) -> None:
        """Show and classify an image of the project; it is not among its own nearest examples."""
        self.test_requested.emit()

        def answer(rows: list[ImageRow]) -> None:
            if rows:
                self._test(TestSource(rows[0].existing_place, image_id))

        self._controller.ask(LaneName.STORE, rows_of([image_id]), answer, question=(self, "picture"))

    def _test(self, source: TestSource) -> None:
        self.test_requested.emit()
        self._forget()
        self._source = source
        self.spot.show_picture(None, tr("Loading"))
        self._controller.ask(
            LaneName.VIEW,
            lambda _context, _t: preview(source.load(), PREVIEW_SIDE),
            self._show_pixels,
            failed=self._show_trouble,
            question=(self, "picture"),
        )
        self._ask()

    def _show_pixels(self, pixels: Pixels) -> None:
        self._pixels = to_pixmap(pixels)
        if not self._trouble:
            self.spot.show_picture(self._pixels)

    def ask_again(self) -> None:
        """Test the same image again once visible, after classes, names, labels or the adapter changed."""
        if self._source is not None:
            self._stale = not self.isVisible()
            if not self._stale:
                self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.ask_again()

    def _ask(self) -> None:
        context, source = self._controller.context, self._source
        if context is None or source is None:
            return
        names = {choice.name: choice.text for choice in context.classes} | self._extra
        self._controller.ask(
            LaneName.ENGINE,
            lambda context, token: examine_image(context, source.load(), names, token, source.image_id),
            self._show,
            failed=self._show_trouble,
            quick=True,
            question=(self, "answer"),
        )

    def _show(self, tested: ExaminedImage) -> None:
        context, prediction = self._controller.open_context, tested.prediction
        if self._trouble and self._pixels is not None:  # the error was not about the image itself
            self.spot.show_picture(self._pixels)
        self._trouble = ""
        self.adapted.setVisible(context.engine.adapter is not None)
        self.adapted.show_ranked(prediction.ranked)
        self.zero_shot.show_ranked(prediction.zero_shot)
        if prediction.rejected:
            first = prediction.ranked[0]
            text = tr(
                "{none_of_these}: {class_name} is the best guess, but at {confidence} too unsure.",
                none_of_these=tr(NONE_OF_THESE),
                class_name=first.class_name,
                confidence=number_format.whole_percent(first.confidence),
            )
            self.none_label.setText(text)
        self.none.setVisible(prediction.rejected)
        self._bars.show()
        best = prediction.ranked[0].class_name if prediction.ranked else ""
        new = any(choice.name == best and choice.role is Role.NEW for choice in context.classes)
        note = (
            tr("'{class_name}' has no examples.", class_name=best) if new and tested.among is not Among.LABELLED else ""
        )
        self.nearest.show_nearest(tested.nearest, tested.among, note)

    def _show_trouble(self, why: str) -> None:
        self._trouble = why if why.endswith(".") else f"{why}."
        self._hide_answer()
        self.spot.show_picture(None, self._trouble)
