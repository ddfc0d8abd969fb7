"""List model of the project's classes, with the number of labels of each, and "None of these" below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt, Signal

from mma_desktop.core.class_names import name_key
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_pictures import IMAGE_MIME, unpack
from mma_desktop.ui.widgets.painting import Index

CLASS_MIME = "application/x-mma-desktop-class"
CLASS_ROLE = Qt.ItemDataRole.UserRole + 1


class ClassModel(QAbstractListModel):
    """List model of the classes in order. Renaming goes through the controller and shows once the change is written."""

    images_dropped = Signal(object, int)  # image ids, class id: label them

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.rows: list[ImageClass] = []
        self._labels: Mapping[int, int] = {}
        self._shots: Mapping[int, int] = {}
        self._read_as: Mapping[int, str] = {}
        self._doubtful: Set[int] = frozenset()
        self.shots = 16

    @property
    def classes(self) -> Sequence[ImageClass]:
        """The classes, without "None of these"."""
        return [choice for choice in self.rows if choice.role is not Role.NONE]

    def set_rows(self, rows: Sequence[ImageClass]) -> None:
        """Show other `label_choices`; the selection survives where only contents changed."""
        if [choice.id for choice in rows] == [choice.id for choice in self.rows]:
            self.rows = list(rows)
            self._all_changed()
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def set_read_as(self, texts: Mapping[int, str], doubtful: Set[int] = frozenset()) -> None:
        """Update what is read for classes that are not read by their name, by class id, and where it may be wrong."""
        if (texts, doubtful) != (self._read_as, self._doubtful):
            self._read_as, self._doubtful = dict(texts), doubtful
            self._all_changed()

    def read_as(self, choice: ImageClass) -> str:
        """Return what the model reads for a class, "" for its name."""
        text = choice.reads or self._read_as.get(choice.id, "")
        return "" if name_key(text) == name_key(choice.name) else text

    def is_doubtful(self, choice: ImageClass) -> bool:
        return choice.id in self._doubtful and not choice.reads

    def set_counts(self, labels: Mapping[int, int], shots: Mapping[int, int], wanted: int) -> None:
        """Update the numbers by class id: labels, and how many of them can be examples; `wanted` are per class."""
        if (labels, shots, wanted) != (self._labels, self._shots, self.shots):
            self._labels, self._shots, self.shots = dict(labels), dict(shots), wanted
            self._all_changed()

    def _all_changed(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def labelled(self, class_id: int) -> int:
        return self._labels.get(class_id, 0)

    def shots_of(self, class_id: int) -> int:
        """Return the number of examples of a class, at most as many as are wanted."""
        return min(self._shots.get(class_id, 0), self.shots)

    def numbers(self, choice: ImageClass) -> str:
        labelled = self.labelled(choice.id)
        labelled_words = tr("{n} labelled", "{n} labelled", labelled)
        if choice.role is Role.NONE:
            return labelled_words
        shots = self.shots_of(choice.id)
        if shots >= self.shots:
            return tr("{n} example", "{n} examples", labelled)
        return tr("{shots}/{n} example", "{shots}/{n} examples", self.shots, shots=shots)

    def class_at(self, index: Index) -> ImageClass | None:
        return self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None

    def index_of(self, class_id: int | None) -> QModelIndex:
        for row, choice in enumerate(self.rows):
            if choice.id == class_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name for display; the delegate paints the rest from the class itself."""
        choice = self.class_at(index)
        if choice is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(choice.title)
        if role == Qt.ItemDataRole.EditRole:
            return choice.name
        if role == CLASS_ROLE:
            return choice
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return self._spoken(choice)
        return None

    def _spoken(self, choice: ImageClass) -> str:
        parts = [one_line(choice.title)]
        if choice.role is Role.NONE:
            parts.append(tr("shows none of your classes"))
        elif text := self.read_as(choice):
            if self.is_doubtful(choice):
                parts.append(tr("The model probably reads '{text}': please check", text=text))
            else:
                parts.append(tr("The model reads '{text}'", text=text))
        parts.append(self.numbers(choice))
        if choice.key:
            parts.append(tr("key {key}", key=choice.key.upper()))
        return ", ".join(parts)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        choice = self.class_at(index)
        name = " ".join(str(value).split())
        if choice is None or role != Qt.ItemDataRole.EditRole or not name or name == choice.name:
            return False
        self._controller.rename_class(choice.id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        choice = self.class_at(index)
        if choice is None:
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDropEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )
        if choice.role is Role.NONE:  # it keeps its name and its place
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [CLASS_MIME, IMAGE_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        choice = self.class_at(indexes[0]) if indexes else None
        if choice is not None:
            data.setData(CLASS_MIME, str(choice.id).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def canDropMimeData(self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index) -> bool:
        return data.hasFormat(CLASS_MIME) or (data.hasFormat(IMAGE_MIME) and self.class_at(parent) is not None)

    def dropMimeData(self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: Index) -> bool:
        """Label images that are dropped on a class, and move a class that is dropped between two."""
        if not data.hasFormat(CLASS_MIME):
            choice = self.class_at(parent)
            if choice is not None:
                self.images_dropped.emit(unpack(data), choice.id)
            return choice is not None
        class_id, last = int(bytes(data.data(CLASS_MIME).data())), len(self.classes)
        before = self.index_of(class_id).row()
        gap = min(last, row if row >= 0 else parent.row() if parent.isValid() else last)
        target = gap - 1 if gap > before else gap
        if before >= 0 and target != before:
            self._controller.edit(lambda project: project.move_class(class_id, target))
        return True

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction
