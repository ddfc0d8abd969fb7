"""Table model of the grid: one long array of ids, cut into rows, and what of it is selected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import ImageClass, ImageRow, LabelSource, Use
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns, Predictions, Show
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.thumbnail_loader import RowCache
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.painting import Index
from mma_desktop.ui.widgets.text_format import USE_WORDS, in_sentence

Ids = NDArray[np.int64]
_TEXT_ROLES = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}
_USES = tuple(Use)
_SOURCES = tuple(LabelSource)
_SOURCE_TEXT = {
    LabelSource.PERSON: later("labelled by you"),
    LabelSource.FOLDER: later("labelled by its folder"),
    LabelSource.SUGGESTION: later("accepted prediction"),
}
LOST_TAGS = {Show.MISSING.value: later("Missing"), Show.CHANGED.value: later("Changed")}
# What a lost file means, by `Badge.lost`.
LOST = {
    "missing": later(
        "Missing. The file is at none of its places. The label is kept, and learned from if the picture was looked at."
    ),
    "changed": later(
        "Changed on disk. The file was changed; the label belongs to the picture that was added. If it "
        "is still a picture, import it again to add that one."
    ),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """What is known of an image from memory: its label, or else its best prediction (0 to 1).

    `lost` is a key of `LOST_TAGS` if its file is missing or changed.
    """

    label: ImageClass | None = None
    source: LabelSource | None = None
    use: Use | None = None
    problem: bool = False
    guess: ImageClass | None = None
    confidence: float = 0.0
    caption: str = ""
    rejected: bool = False
    lost: str = ""

    def words(self) -> str:
        parts = [in_sentence(tr(LOST_TAGS[self.lost]))] if self.lost else []
        if self.label is not None:
            source = "" if self.source is None else tr(_SOURCE_TEXT[self.source])
            use = "" if self.use is None else tr(USE_WORDS[self.use])
            parts = [one_line(self.label.title), source, use, *parts]
        elif self.caption:
            parts.insert(0, self.caption)
        elif self.guess is not None:
            name, sure = self.guess.name, text_format.whole_percent(self.confidence)
            text = tr("not labelled, guess {class_name}, {sure}", class_name=name, sure=sure)
            if self.rejected:
                text = tr("not labelled, none of these: guess {class_name}, only {sure}", class_name=name, sure=sure)
            parts.insert(0, text)
        else:
            parts.insert(0, in_sentence(tr("Problem") if self.problem else tr("Unlabelled")))
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Note:
    """Second line below an image under review: a text, the class it names, and the text for screen readers."""

    text: str
    about: ImageClass | None = None
    spoken: str = ""


Notes = Callable[[int, ImageRow | None], Note | None]
Captions = Callable[[int, ImageClass | None], str]
"""What stands below an image, by its id and predicted class, in place of the prediction; "" for that itself."""


def _position(ids: Ids, image_id: int) -> int:
    """Return the position of an id in an ascending array, -1 if it is absent."""
    position = int(np.searchsorted(ids, image_id))
    return position if position < len(ids) and int(ids[position]) == image_id else -1


class ImageModel(QAbstractTableModel):
    """Image ids in reading order over `columns` columns. Labels come from memory, details page by page on demand."""

    notes_changed = Signal()

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._notes: Notes | None = None
        self.predictions: Predictions | None = None  # on the screen; those of the project may be a moment newer
        controller.opened.connect(self._on_predictions)
        controller.predictions_changed.connect(self._on_predictions)
        self._on_predictions()
        self.ids: Ids = np.empty(0, np.int64)  # in order; not to be written to
        self.columns = 1
        self._captions: Captions | None = None
        self._classes: dict[int, ImageClass] = {}
        self._classes_of: list[ImageClass] | None = None
        self.details = RowCache(controller, self)

    def set_ids(self, ids: Ids) -> None:
        self.beginResetModel()
        self.ids = np.asarray(ids, np.int64)
        self.endResetModel()

    def append_ids(self, ids: Ids) -> None:
        if not len(ids):
            return
        before = self.rowCount()
        joined = np.concatenate([self.ids, np.asarray(ids, np.int64)])
        after = -(-len(joined) // self.columns)
        # The last row may have had empty cells, which get images without a new row.
        partial_row = len(self.ids) % self.columns != 0
        if after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
        self.ids = joined
        if after > before:
            self.endInsertRows()
        if partial_row:
            row = before - 1
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columns - 1))

    def set_columns(self, columns: int) -> None:
        if columns != self.columns:
            self.beginResetModel()
            self.columns = max(1, columns)
            self.endResetModel()

    def set_captions(self, captions: Captions | None) -> None:
        """Set captions that replace the predictions below unlabelled images; None removes them."""
        self._captions = captions

    def set_notes(self, notes: Notes | None) -> None:
        before, self._notes = self._notes, notes
        if (before is None) != (notes is None):
            self.notes_changed.emit()

    @property
    def has_notes(self) -> bool:
        return self._notes is not None

    def note(self, image_id: int) -> Note | None:
        return self._notes(image_id, self.row(image_id)) if self._notes is not None else None

    def _on_predictions(self, _context: object = None) -> None:
        context = self._controller.context
        self.predictions = context.predictions if context is not None else None

    def position(self, index: Index) -> int:
        """Return the position of an index in `ids`, -1 for an empty cell."""
        if not index.isValid():
            return -1
        position = index.row() * self.columns + index.column()
        return position if position < len(self.ids) else -1

    def index_at(self, position: int) -> QModelIndex:
        if not 0 <= position < len(self.ids):
            return QModelIndex()
        return self.index(position // self.columns, position % self.columns)

    def row(self, image_id: int) -> ImageRow | None:
        return self.details.get(image_id)

    def badge(self, image_id: int) -> Badge:
        context = self._controller.context
        if context is None:
            return Badge()
        badge = self._label_or_guess(context, image_id)
        lost = context.index.lost.state(image_id)
        return replace(badge, lost=lost) if lost else badge

    def _label_or_guess(self, context: ProjectContext, image_id: int) -> Badge:
        columns: Columns = context.index.columns
        position = _position(columns.ids, image_id)
        if position < 0:
            return Badge()
        if context.every_class is not self._classes_of:  # it is made anew when a class changes, this once for each
            self._classes_of = context.every_class
            self._classes = {choice.id: choice for choice in self._classes_of}
        classes = self._classes
        label = classes.get(int(columns.class_ids[position]))
        problem = bool(columns.problems[position])
        if label is not None:
            use, source = int(columns.uses[position]), int(columns.sources[position])
            return Badge(label, _SOURCES[source] if source >= 0 else None, _USES[use] if use >= 0 else None, problem)
        badge, predictions = Badge(problem=problem), self.predictions
        guessed = _position(predictions.image_ids, image_id) if predictions is not None and not problem else -1
        if predictions is not None and guessed >= 0:
            guess, sure = classes.get(int(predictions.best_class[guessed])), float(predictions.best_confidence[guessed])
            badge = Badge(guess=guess, confidence=sure, rejected=bool(predictions.rejected[guessed]))
        answer = None if badge.rejected else badge.guess
        return badge if self._captions is None else replace(badge, caption=self._captions(image_id, answer))

    def refresh(self, changed: Iterable[int] = ()) -> None:
        self.details.drop(changed)
        rows = self.rowCount()
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, self.columns - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else -(-len(self.ids) // self.columns)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.position(index) >= 0 else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        # The delegate paints from `badge` and `row`; what is here is for tooltips and screen readers.
        position = self.position(index)
        if position < 0 or role not in _TEXT_ROLES:
            return None
        image_id = int(self.ids[position])
        row = self.row(image_id)
        name = one_line(row.path.name) if row is not None else tr("Picture {image_id}", image_id=image_id)
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        words, note = self.badge(image_id).words(), self.note(image_id)
        if row is not None and row.problem is not None:
            words = f"{tr(row.problem.value)}: {reason_text(row.reason)}" if row.reason else tr(row.problem.value)
        if note is not None:
            words = f"{words}, {note.spoken or note.text}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name}, {words}"
        lines = [name, words]
        if row is not None:
            lines.append(one_line(str(row.path)))
        return "\n".join(lines)


Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


class GridSelection:
    """A set of positions in a flat list, with the anchor of range selections.

    Positions outside the list are ignored everywhere, so that empty cells of the last row are never selected.
    """

    def __init__(self) -> None:
        self.mask: Mask = np.zeros(0, bool)
        self.anchor = -1
        # The icon of the selected where a click or the space key selects one more, and nothing else does.
        self.picks = ""
        self._base: Mask | None = None

    def __len__(self) -> int:
        return int(np.count_nonzero(self.mask))

    def __contains__(self, position: int) -> bool:
        return 0 <= position < len(self.mask) and bool(self.mask[position])

    def reset(self, mask: Mask) -> None:
        self.mask = mask
        self.anchor = -1
        self._base = None

    def grow(self, count: int) -> None:
        self.mask = np.concatenate([self.mask, np.zeros(count, bool)])
        self._base = None

    def clear(self) -> None:
        self.mask[:] = False

    def all(self) -> None:
        self.mask[:] = True

    def only(self, position: int) -> None:
        self.mask[:] = False
        self._set(position, True)
        self.anchor = position

    def toggle(self, position: int) -> None:
        self._set(position, position not in self)
        self.anchor = position

    def range_to(self, position: int, keep: bool = False) -> None:
        if not keep:
            self.mask[:] = False
        start = position if self.anchor < 0 else self.anchor
        first, last = sorted((start, position))
        self.mask[max(0, first) : last + 1] = True
        self.anchor = start

    def hold(self, keep: bool) -> None:
        """Start a rubber band; with `keep`, it adds to the current selection."""
        self._base = self.mask.copy() if keep else np.zeros(len(self.mask), bool)

    def band(self, positions: Positions) -> None:
        # Images were added while the rubber band was held.
        if self._base is None or len(self._base) != len(self.mask):
            self.hold(False)
        self.mask[:] = self._base
        self.mask[positions[(positions >= 0) & (positions < len(self.mask))]] = True

    def positions(self) -> Positions:
        return np.flatnonzero(self.mask).astype(np.int64)

    def _set(self, position: int, selected: bool) -> None:
        if 0 <= position < len(self.mask):
            self.mask[position] = selected
