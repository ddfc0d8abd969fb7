"""The right of the Use page: rank the images by any typed class name, and test one image (drop, paste or file)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QCheckBox, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE, name_key, split_names, split_reading
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow, Role
from mma_desktop.media.decoding import Pixels, preview
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.services.similarity import Among, ExaminedImage, Neighbour, examine_image
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import clipboard_data, find_images, may_hold_images, unpack
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.grid.preview import RankedBars
from mma_desktop.ui.grid.thumbnail_loader import rows_of, to_pixmap
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import Card, button, in_column, in_row, restyle, tool
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.text_format import with_keys
from mma_desktop.ui.widgets.text_labels import IconLabel, heading, hint, set_or_hide
from mma_desktop.ui.widgets.theme import tokens
from mma_desktop.ui.widgets.windows import ask_file, or_all_files

PREVIEW_SIDE = 480  # sharp at `SPOT_SIDE` on a screen of three times the resolution
SPOT_SIDE = 160  # of the place to drop on: a picture is recognised, and the predictions still fit below
NEAREST_SIDE = 72  # three side by side in the panel
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


def source_of(data: QMimeData, word: str) -> TestSource | str:
    """Return the first image in data that was "pasted" or "dropped", or a sentence on why there is none."""
    contents = find_images(data, word, datetime.now())
    if contents.files:
        return TestSource(partial(Path, contents.files[0]))
    if contents.pictures:
        return TestSource(contents.pictures[0].data)
    return contents.refusal


def holds_image(data: QMimeData) -> bool:
    # An office program copies a text as an image as well: into a text field, it is the text that is meant.
    if any(url.isLocalFile() for url in data.urls()):
        return True
    return data.hasImage() and not data.hasFormat("text/plain")


class DropSpot(QLabel):
    """Where an image is dropped, as large as fits, or a sentence in its place."""

    dropped = Signal(object)  # TestSource, or why it contains no image
    image_dropped = Signal(int)  # image id

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drop")
        self.setAccessibleName(tr("Drop a picture here"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_picture(None)

    def show_picture(self, image: QPixmap | None, text: str = "") -> None:
        self.source = image
        self.setText(text or tr("Drop a picture here"))
        self.setAccessibleDescription(text)
        self._fit()

    def _fit(self) -> None:
        if self.source is not None:
            # In device pixels, or it would be blurred on a dense screen.
            ratio, room = self.devicePixelRatioF(), self.contentsRect().size()
            modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            shown = self.source.scaled(room * ratio, *modes)
            shown.setDevicePixelRatio(ratio)
            self.setPixmap(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(SPOT_SIDE, SPOT_SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 96)

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
            self.dropped.emit(source_of(event.mimeData(), "dropped"))


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
        for neighbour in nearest:
            choice, similarity = context.class_by_id(neighbour.class_id), number(neighbour.similarity, ".2f")
            name, colour = (
                (one_line(choice.title), choice.colour) if choice is not None else (tr("no class"), tokens().dim)
            )
            entries.append(FindingEntry(name, similarity, neighbour.image_id, (neighbour.image_id,), colour))
        self.list.show_entries(entries, none or note)
        self.show()


class TestPanel(Card):
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
        self.spot.dropped.connect(self._test_or_refuse)
        self.spot.image_dropped.connect(self.test_image)
        beside = in_column(self.choose_button, self.paste_button, self.note, None, spacing=8)
        top = in_row((self.spot, 3), (beside, 2), spacing=12)
        self._bars, self.none, self.none_label = QWidget(), QWidget(), QLabel()
        self.none_label.setWordWrap(True)
        in_row((self.adapted, 1), (self.zero_shot, 1), inside=self._bars, margins=0, spacing=16)
        in_row(IconLabel("info", 18, "warn"), (self.none_label, 1), inside=self.none, margins=0)
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
        if pasted and event.type() == QEvent.Type.KeyPress and holds_image(clipboard_data()):
            self.paste()
            return True
        return super().eventFilter(watched, event)

    def paste(self) -> None:
        self._test_or_refuse(source_of(clipboard_data(), "pasted"))

    def _test_or_refuse(self, source: TestSource | str) -> None:
        if isinstance(source, TestSource):
            self._test(source)
        else:
            self.test_requested.emit()
            self._forget()
            self.spot.show_picture(None, source)

    def _choose(self) -> None:
        ask_file(self, tr("Choose a picture"), "", self.test, or_all_files(tr("Pictures"), sorted(SUFFIXES)))

    def test(self, path: Path | str) -> None:
        self._test(TestSource(partial(Path, path)))

    def test_image(self, image_id: int) -> None:
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
        # The answer's error stays, in place of the picture.
        if not self._trouble:
            self.spot.show_picture(self._pixels)

    def ask_again(self) -> None:
        """Test the same image again once visible, after classes, names, labels or the adapter changed."""
        if self._source is not None:
            # A hidden panel asks once it is shown.
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
                confidence=text_format.whole_percent(first.confidence),
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


NO_SUCH_WORD = later("The model does not know '{class_name}'. Type a common word for it after '{class_name} ='.")
MAX_ROWS = 4  # names that were typed; more scroll


class TypedNames(QListWidget):
    """A list in which a click on the selected name selects none."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if item is not None and item.isSelected():
            self.clearSelection()
        else:
            super().mousePressEvent(event)


class NameTrials(Card):
    chosen = Signal(str)  # name to rank the images by, "" to stop ranking
    add_asked = Signal(str)  # name to add as a class
    names_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._typed: dict[str, tuple[str, str]] = {}  # each name, and what the model reads for it, by the name's key
        self.current = ""  # the name that ranks the images
        self._class_keys: frozenset[str] = frozenset()
        tip = tr(
            "Type a name that nobody labelled and press Enter. With Kohlmeise = great tit the model reads great tit."
        )
        name, such_as = tr("Try any class name"), tr("zebra, teapot")
        self.edit = line_edit("", name, placeholder=such_as, tip=tip, clears=True)
        self.rank_button = button(tr("Rank"), "search", clicked=self.rank_typed)
        self.before = QCheckBox(tr("As before training"))
        self.before.setToolTip(tr("Without what the model has learned from your labels"))
        self.before.toggled.connect(self._again)
        self.problem = hint()
        self.problem.hide()
        self.list = TypedNames()
        self.list.setAccessibleName(name)
        self.list.itemSelectionChanged.connect(self._picked)
        self.add_button = button(tr("Add"), "add", clicked=lambda: self.add_asked.emit(self.current))
        self.remove_button = tool("close", "", clicked=self.remove)
        self._listed = QWidget()
        actions = in_row(self.add_button, None, self.remove_button)
        in_column(self.list, actions, inside=self._listed, margins=0, spacing=6)
        about = hint(tr("Finds matching pictures, whatever your classes are. No labels needed."))
        typed = in_row((self.edit, 1), self.rank_button, spacing=6)
        self.fill(heading(name, 3), about, typed, self.before, self.problem, self._listed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.edit.returnPressed.connect(self.rank_typed)
        self._list_names()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self._typed.values()]

    def reads(self, name: str) -> str:
        """Return what the model reads for a typed name, "" for the name itself."""
        return self._typed.get(name_key(name), ("", ""))[1]

    def rank_typed(self) -> None:
        names = [split_reading(typed) for typed in split_names(self.edit.text())]
        if not names:
            self.show_problem(tr("Type a class name"))
            return
        for name, reads in names:
            key = name_key(name)
            # Typed again with another reading, a name goes to the end.
            if key not in self._typed or reads not in {"", self.reads(name)}:
                self._typed.pop(key, None)
                self._typed[key] = (name, reads)
        self.edit.clear()
        self.show_problem("")
        self._list_names()
        self.names_changed.emit()
        self.choose(names[0][0])

    def show_problem(self, problem: str) -> None:
        set_or_hide(self.problem, problem)

    def _again(self) -> None:
        if self.current:
            self.chosen.emit(self.current)

    def _picked(self) -> None:
        self.choose(self.names[self.list.currentRow()] if self.list.selectedItems() else "")

    def choose(self, name: str) -> None:
        self.current = name
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(list(self._typed).index(name_key(name)) if name else -1)
        self._update_actions()
        self.chosen.emit(name)

    def remove(self) -> None:
        self._typed.pop(name_key(self.current))
        self._list_names()
        self.names_changed.emit()
        self.choose("")
        self.edit.setFocus()

    def clear(self) -> None:
        """Remove all names without emitting a signal."""
        self._typed.clear()
        self.current = ""
        self.show_problem("")
        self._list_names()

    def set_classes(self, names: Iterable[str]) -> None:
        self._class_keys = frozenset(map(name_key, names))
        self._update_actions()

    def _list_names(self) -> None:
        with QSignalBlocker(self.list):
            self.list.clear()
            for name, reads in self._typed.values():
                item = QListWidgetItem(one_line(name), self.list)
                read = [tr("The model reads '{text}'", text=reads)] if reads else []
                item.setToolTip("\n".join([one_line(name), *read]))
        self._listed.setVisible(bool(self._typed))
        self.list.setFixedHeight(min(MAX_ROWS, len(self._typed)) * max(24, self.list.sizeHintForRow(0)) + 6)
        self._update_actions()

    def _update_actions(self) -> None:
        is_class = name_key(self.current) in self._class_keys
        self.add_button.setEnabled(bool(self.current) and not is_class)
        self.add_button.setText(tr("Is a class") if self.current and is_class else tr("Add"))
        self.add_button.setAccessibleName(tr("Add {name} as a new class", name=self.current))
        self.remove_button.setEnabled(bool(self.current))
        forget = tr("Forget '{name}'", name=one_line(self.current))
        self.remove_button.setToolTip(forget)
        self.remove_button.setAccessibleName(forget)
