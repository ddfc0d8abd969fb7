"""The large preview: the image, with details of its file and label, beside the grid or over the whole page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QSplitter, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow, Prediction, Ranked
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.prediction import predict_image
from mma_desktop.services.training.overview import prediction_without
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.big_image import BigImage
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.image_model import LOST
from mma_desktop.ui.grid.thumbnail_loader import rows_of
from mma_desktop.ui.widgets import painting, text_format
from mma_desktop.ui.widgets.controls import SPACE, ProgressBar, in_column, in_row, single_shot, tool
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_format import capital, with_keys
from mma_desktop.ui.widgets.text_labels import ElidedLabel, IconLabel, bold, elided_hint, heading, hint, set_or_hide
from mma_desktop.ui.widgets.windows import show_in_folder

LOAD_MS = 60  # an image that an arrow key only passes is not read whole
GUESS_MS = 250  # nor predicted
PLACES_SHOWN = 3  # of an image with copies, so that its other details stay in sight


def file_size(size: int) -> str:
    if size == 1:  # Qt would write "1 bytes"
        return tr("1 byte")
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


class Preview(QWidget):
    """Shows the current image of a grid, beside it or over the whole page. Its parts are made when it is shown."""

    def __init__(
        self, controller: Controller, grid: ImageGrid, preview_controller: PreviewController, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._grid = grid
        self._preview_controller = preview_controller
        self._made = False
        self.image_id = -1  # the image shown, -1 for none
        self._row: ImageRow | None = None
        self._guess = single_shot(self, GUESS_MS, self._ask_guess)
        self._grid.images.details.arrived.connect(self._details_arrived)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Preview"))
        self.setMinimumWidth(240)

    def setVisible(self, visible: bool) -> None:
        if visible and not self._made:
            self._made = True
            self._make_parts()
            self._make_layout()
        super().setVisible(visible)

    def _make_parts(self) -> None:
        self.canvas = BigImage(self._controller, LOAD_MS)
        self.name = heading("", 3)
        self.name.setWordWrap(True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = hint()
        self.places = hint()
        self.places.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.label_chip, self.label_line = IconLabel(QIcon(), CHIP), ElidedLabel()
        self.predictions = RankedBars(beside=True)
        self.previous_button = tool("up", tr("Previous picture"), "K", clicked=partial(self._grid.step, -1))
        self.next_button = tool("down", tr("Next picture"), "J", clicked=partial(self._grid.step, 1))
        self.full_button = tool("expand", tr("Open large"), clicked=self._preview_controller.toggle_full)
        self.reveal_button = tool("folder", tr("Show in folder"), clicked=self._preview_controller.reveal_current)
        self._tools = (self.previous_button, self.next_button, self.full_button, self.reveal_button)
        self.close_button = tool("close", tr("Close"), "Space", clicked=self._preview_controller.close)

    def _make_layout(self) -> None:
        in_column(
            in_row(*self._tools, None, self.close_button, spacing=2),
            (self.canvas, 1),
            self.name,
            in_row(self.label_chip, (self.label_line, 1), spacing=6),
            self.problem,
            self.predictions,
            self.facts,
            self.places,
            inside=self,
            margins=SPACE + 4,
            spacing=SPACE,
        )

    def show_image(self, image_id: int) -> None:
        """Show an image, -1 for none. Nothing is loaded while the preview is hidden."""
        if image_id != self.image_id or self._row is None:
            self.image_id = image_id
            self._row = None
            if self._made:
                self.canvas.cancel()
                self._guess.stop()
                self._controller.bridge.forget((self, "guess"))
                self.predictions.hide()
        self.refresh()

    def refresh(self) -> None:
        if not self.isVisible():
            return
        if self.image_id >= 0:
            self._grid.images.details.want([self.image_id])
        row = self._grid.images.row(self.image_id) if self.image_id >= 0 else None
        new = row is not None and self._row is None
        self._row = row or self._row
        self._show_details()
        if self._row is not None:
            # Shown until the file itself is read.
            thumbnail = self._grid.thumbnails.pixmap(self.image_id, self._grid.side, self.devicePixelRatioF())
            self.canvas.show_row(self._row, self._lost, thumbnail)
        if new:
            self._guess.start()

    @property
    def _lost(self) -> str:
        """Whether the image's file is missing or changed, see `Badge.lost`."""
        return self._grid.images.badge(self.image_id).lost

    def _show_details(self) -> None:
        row, there, badge = self._row, self.image_id >= 0, self._grid.images.badge(self.image_id)
        label = None if badge.problem else badge.label
        set_or_hide(self.label_line, badge.words() if there and not badge.problem else "")
        self.label_chip.setVisible(label is not None)
        if label is not None:
            self.label_chip.show_icon(painting.chip(label.colour))
        for button in self._tools:
            button.setEnabled(there)
        if not there:
            self.canvas.show_text(tr("No picture selected"))
        problem = tr(LOST[badge.lost]) if badge.lost else ""
        if row is not None and row.problem is not None:
            problem = f"{capital(tr(row.problem.value))}. {reason_text(row.reason)}".strip()
        set_or_hide(self.problem, problem)
        self.name.setText(one_line(row.path.name) if row is not None else "")
        set_or_hide(self.facts, self._facts(row) if row is not None else "")
        self.places.setText(self._places(row) if row is not None else "")

    @staticmethod
    def _facts(row: ImageRow) -> str:
        pixels = tr("{width:,} \u00d7 {height:,} pixels", width=row.width, height=row.height)
        facts = (pixels if row.width else "", file_size(row.size) if row.size else "", row.format or "")
        return ", ".join(filter(None, facts))

    @staticmethod
    def _places(row: ImageRow) -> str:
        places = [str(place) for place in row.places or (row.path,)]
        # Allow line breaks at every separator, as a path has no spaces.
        lines = [one_line(place).replace("/", "/\u200b").replace("\\", "\\\u200b") for place in places[:PLACES_SHOWN]]
        if len(places) > 1:
            lines.insert(0, tr("In {n} place:", "In {n} places:", len(places)))
        if len(places) > PLACES_SHOWN:
            lines.append(tr("and {n} more", "and {n} more", len(places) - PLACES_SHOWN))
        return "\n".join(lines)

    def _details_arrived(self, ids: list[int]) -> None:
        if self.image_id in ids:
            self.refresh()

    def _ask_guess(self) -> None:
        context, row = self._controller.context, self._row
        if context is None or row is None or row.problem is not None or not self.isVisible():
            return
        if not context.classes or not context.engine.ready or self._lost:
            return
        path, image_id = row.path, row.id

        def work(context: ProjectContext, _token: CancelToken) -> tuple[Prediction, Ranked | None]:
            return predict_image(context, path), prediction_without(context, image_id)

        self._controller.ask(
            LaneName.ENGINE,
            work,
            self._on_guess,
            quick=True,
            failed=lambda _reason: self.predictions.hide(),
            question=(self, "guess"),
        )

    def _on_guess(self, answer: tuple[Prediction, Ranked | None]) -> None:
        prediction, without = answer
        context = self._controller.open_context
        adapted = context.predictions is not None and context.predictions.adapted_class is not None
        colours = {choice.name: choice.colour for choice in context.classes}
        ranked: Sequence[Ranked] = prediction.ranked
        title = tr("After training") if adapted else tr("Before training")
        if without is not None:  # with the image, it says what it was told
            title = tr("Without this picture")
            ranked = [without]
        elif prediction.rejected:
            title += f": {tr(NONE_OF_THESE)}"
        self.predictions.show_ranked(ranked, title, colours)
        self.predictions.setVisible(bool(ranked))

    def set_full(self, full: bool) -> None:
        self.canvas.fit()
        self.full_button.setIcon(painting.icon("shrink" if full else "expand"))
        name = tr("Back to the grid") if full else tr("Open large")
        self.full_button.setToolTip(with_keys(name, "Escape") if full else name)
        self.full_button.setAccessibleName(name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.canvas.handle_key(event):
            return
        if key in {Qt.Key.Key_Left, Qt.Key.Key_Up}:
            self._grid.step(-1)
        elif key in {Qt.Key.Key_Right, Qt.Key.Key_Down}:
            self._grid.step(1)
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Escape}:
            self.close_button.click()
        else:
            super().keyPressEvent(event)


class PreviewController(QObject):
    """Opens and closes the preview, which is the last part of a splitter.

    Over the full page it takes the place of `middle`, the part with the grid; beside the grid, that of `instead_of`.
    """

    def __init__(
        self,
        controller: Controller,
        grid: ImageGrid,
        splitter: QSplitter,
        middle: QWidget,
        instead_of: QWidget | None = None,
    ) -> None:
        super().__init__(splitter)
        self._controller = controller
        self._grid = grid
        self._splitter = splitter
        self._middle = middle
        self._instead_of = instead_of
        self._full = False
        self._was_beside = False
        self._sizes: list[int] = []
        self.action = QAction(icon("eye"), tr("Big preview"), self, checkable=True)
        self.action.setToolTip(with_keys(self.action.text(), "Space"))
        self.action.toggled.connect(self.set_shown)
        self.preview = Preview(controller, grid, self, splitter)
        splitter.setStretchFactor(splitter.count() - 1, 0)
        self.preview.hide()
        grid.preview_toggled.connect(self.action.toggle)
        grid.image_opened.connect(self.open_full)
        grid.current_changed.connect(self.preview.show_image)

    @property
    def is_open(self) -> bool:
        return not self.preview.isHidden()

    def set_shown(self, shown: bool) -> None:
        if shown == self.is_open:
            return
        if not shown:
            self.leave_full()
        self._make_room(shown)
        sizes = self._splitter.sizes()
        self.preview.setVisible(shown)
        # Its room is the grid's again; the splitter by itself would give other parts some of it.
        if not shown and self._instead_of is None:
            sizes[self._splitter.indexOf(self._middle)] += sizes.pop()
            self._splitter.setSizes([*sizes, 0])
        if shown:
            if self._grid.current_position < 0 and len(self._grid.images.ids):
                self._grid.set_current(0)
            self.preview.show_image(self._grid.current_id())
        elif self._grid.isVisible():
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.action.setChecked(shown)

    def close(self) -> None:
        # From the whole page to beside the grid, and from there to closed.
        if self._full:
            self.toggle_full()
        else:
            self.set_shown(False)

    def toggle_full(self) -> None:
        self._full = not self._full
        if self._full:
            self._was_beside = self.is_open
            self._sizes = self._splitter.sizes()
            self._make_room(True)
            self.preview.show()
            self._middle.hide()
            # What is left of the grid keeps its place; all else is the preview's.
            collapsed = [0] * (len(self._sizes) - 2)
            self._splitter.setSizes([self._sizes[0], *collapsed, sum(self._sizes[1:])])
            self.preview.show_image(self._grid.current_id())
            self.preview.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._middle.show()
            self._make_room(self._was_beside)
            self.preview.setVisible(self._was_beside)
            self._splitter.setSizes(self._sizes)
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self._grid.scrollTo(self._grid.images.index_at(self._grid.current_position))
        self.preview.set_full(self._full)
        self.action.setChecked(self.is_open)

    def leave_full(self) -> None:
        if self._full:
            self.toggle_full()

    def open_full(self) -> None:
        if not self._full:
            self.toggle_full()

    def _make_room(self, shown: bool) -> None:
        beside = self._instead_of
        if beside is None or beside.isHidden() == shown:
            return
        sizes = self._splitter.sizes()
        index, last = self._splitter.indexOf(beside), len(sizes) - 1
        # The preview gets exactly the room of what it replaces, so that the grid between them does not move.
        sizes[index], sizes[last] = sizes[last], sizes[index]
        beside.setVisible(not shown)
        self.preview.setVisible(shown)
        self._splitter.setSizes(sizes)

    def reveal_current(self) -> None:
        def reveal(rows: list[ImageRow]) -> None:
            if rows:
                show_in_folder(rows[0].path)

        self._controller.ask(LaneName.STORE, rows_of([self._grid.current_id()]), reveal)


SHOWN = 5  # classes, as `prediction.TOP`
CHIP = 12  # as high as a small letter


class RankedBars(QWidget):
    """Predictions, best first, under a title: each bar below its name, or `beside` it after the colour of the class.

    Bars below their names keep the room of those that are not there.
    """

    def __init__(self, title: str = "", *, beside: bool = False) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title = elided_hint()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(0 if beside else 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, int(beside))
        grid.addWidget(self.title, 0, 0, 1, 4)
        self._rows: list[tuple[IconLabel, ElidedLabel, ProgressBar, QLabel]] = []
        for row in range(1, SHOWN + 1):
            parts = chip, name, bar, percent = IconLabel(QIcon(), CHIP), ElidedLabel(), ProgressBar(), QLabel()
            percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, part in enumerate((chip, name, bar, percent)):
                keep = part.sizePolicy()
                keep.setRetainSizeWhenHidden(not beside)
                part.setSizePolicy(keep)
                if beside:
                    grid.addWidget(part, row, column)
            if not beside:
                grid.addWidget(name, 2 * row, 0, 1, 3)
                grid.addWidget(percent, 2 * row, 3)
                grid.addWidget(bar, 2 * row + 1, 0, 1, 4)
            if not beside and row == 1:
                bold(name)
                bold(percent)
            bar.setProperty("faint", row > 1)
            self._rows.append(parts)
        self.show_ranked((), title)

    def show_ranked(
        self, ranked: Sequence[Ranked], title: str | None = None, colours: Mapping[str, str] | None = None
    ) -> None:
        self.ranked = tuple(ranked[: len(self._rows)])
        self.title.setText(self.title.text() if title is None else title)
        words = []
        for rank, (chip, name, bar, percent) in enumerate(self._rows):
            guess = self.ranked[rank] if rank < len(self.ranked) else None
            for part in (name, bar, percent):
                part.setVisible(guess is not None)
            colour = (colours or {}).get(guess.class_name, "") if guess is not None else ""
            chip.setVisible(bool(colour))
            if guess is None:
                continue
            if colour:
                chip.show_icon(painting.chip(colour))
            name.setText(guess.class_name)
            percent.setText(text_format.whole_percent(guess.confidence))
            percent.setToolTip(tr("{percent:.2f}%", percent=100 * guess.confidence))
            bar.setAccessibleName(one_line(guess.class_name))
            bar.show_progress(round(1000 * guess.confidence), 1000)
            words.append(f"{one_line(guess.class_name)} {percent.text()}")
        self.setAccessibleName(f"{self.title.text()}: {', '.join(words)}")
