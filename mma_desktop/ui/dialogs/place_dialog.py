"""Dialogs before something is written: a new project, an export, images sorted into folders, keywords."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLineEdit, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE, listed
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.paths import PROJECT_SUFFIX, expanded
from mma_desktop.core.types import STARTER_ID, USUAL_LIMIT
from mma_desktop.engine.backbones.backbone_table import BACKBONES, BackboneSpec
from mma_desktop.engine.export.runtimes import FORMATS as MODEL_FORMATS
from mma_desktop.engine.export.runtimes import default_format
from mma_desktop.services.formats.dataset import Format, Images
from mma_desktop.services.formats.exporting import Counts, Splits, sorted_counts
from mma_desktop.services.formats.kinds import csv_table
from mma_desktop.services.formats.registry import FORMATS
from mma_desktop.services.project_factory import free_project_folder
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import Incoming
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import SPACE, Part, button, cancel_button, fill_dialog, in_form
from mma_desktop.ui.widgets.fields import ChoiceBox, browse_button, check_box, choice_box, whole_box
from mma_desktop.ui.widgets.text_format import action_title
from mma_desktop.ui.widgets.text_labels import hint

FORBIDDEN = '<>:"/\\|?*'


class PlaceDialog(QDialog):
    """Asks for a name and a folder, and says what is written, or what is wrong."""

    def __init__(self, name: str, folder: Path, go: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(name)
        self.folder = QLineEdit(str(folder))
        self.browse = browse_button(self.folder, tr("Choose a folder"), folder=True)
        self.note = hint()
        self.note.setMinimumHeight(2 * self.note.fontMetrics().height())
        self.go_button = button(go, primary=True, clicked=self._go)

    def _rows(self, *above: tuple[str, QWidget], below: Sequence[tuple[str, QWidget]] = ()) -> QGridLayout:
        return in_form(*above, (tr("&Name"), self.name), (tr("&Folder"), (self.folder, self.browse)), *below)

    def _fill(self, title: str, *parts: Part) -> None:
        buttons = (None, cancel_button(self), self.go_button)
        fill_dialog(self, *parts, None, title=title, buttons=buttons, spacing=2 * SPACE)
        self.name.textChanged.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self._check()

    @property
    def suffix(self) -> str:
        """What the name ends with."""
        raise NotImplementedError

    @property
    def out(self) -> Path:
        """What is written: a file or folder that is not there yet."""
        return (
            expanded(self.folder.text().strip()) / f"{self.name.text().strip().removesuffix(self.suffix)}{self.suffix}"
        )

    def _trouble(self) -> str:
        name, folder = self.name.text().strip(), self.folder.text().strip()
        if any(ord(letter) < 32 for letter in name):
            return tr("Type a name without tabs and other control characters.")
        if not name or set(name) & set(FORBIDDEN) or name.strip(". ") != name:
            letters = " ".join(FORBIDDEN)
            return tr("Type a name without {letters} and without a dot at either end.", letters=letters)
        if not folder or not expanded(folder).is_absolute():
            return tr("Choose a folder.")
        if os.path.lexists(self.out):
            return tr("{file} already exists. Choose another name.", file=self.out.name)
        return ""

    def _promise(self) -> str:
        return tr("Writes {path}", path=self.out)

    def _check(self) -> None:
        trouble = self._trouble()
        self.note.setText(trouble or self._promise())
        self.go_button.setEnabled(not trouble)

    def _go(self) -> None:
        if not self._trouble():
            self.accept()
            self.answer()

    def answer(self) -> None:
        raise NotImplementedError


class NewProjectDialog(PlaceDialog):
    # Folder, what to import, the folder of each class or None if not known, the backbone's id.
    chosen = Signal(object, list, object, str)

    def __init__(
        self,
        name: str,
        place: Path,
        dropped: Sequence[Path | Incoming] = (),
        parent: QWidget | None = None,
        backbone: str = STARTER_ID,
    ) -> None:
        free = free_project_folder(place, name).name.removesuffix(PROJECT_SUFFIX)
        super().__init__(free, place, tr("Create project"), parent)
        self._dropped = list(dropped)
        self.name.selectAll()
        self._looking = any(isinstance(item, Path) for item in dropped)
        self._pressed = False
        self._classes: Mapping[str, Path] | None = None
        self.use_names = QCheckBox(tr("&Use folder names as classes and labels"))
        self.use_names.setChecked(True)
        self.use_names.hide()
        self._names = hint()
        self._names.hide()
        choices = {spec.id: f"{tr(spec.title)} · {_cost(spec)}" for spec in BACKBONES} | (
            {} if backbone in {spec.id for spec in BACKBONES} else {backbone: one_line(backbone)}
        )
        self.backbone = choice_box(((title, key) for key, title in choices.items()), tr("What the program sees with"))
        self.backbone.setCurrentIndex(self.backbone.findData(backbone))
        self.backbone.currentIndexChanged.connect(self._show_backbone)
        self._about_backbone = hint()
        self._about_backbone.setMinimumHeight(3 * self._about_backbone.fontMetrics().height())
        rows = self._rows(below=((tr("Sees &with"), self.backbone), ("", self._about_backbone)))
        parts = (hint(self._introduction()), rows, self.note, self.use_names, self._names)
        self._show_backbone()
        self._fill(action_title(tr("&New project…")), *parts)
        self.setMinimumWidth(560)
        self.name.setFocus()

    suffix = PROJECT_SUFFIX

    def _show_backbone(self) -> None:
        # Those outside the table are looked up when the project loads them, which may read a large file.
        backbone = str(self.backbone.currentData())
        known = next((spec for spec in BACKBONES if spec.id == backbone), None)
        later_on = tr("You can change this later on the Train page.")
        self._about_backbone.setText(" ".join([*(known.notes if known is not None else ()), later_on]))

    def show_classes(self, classes: Mapping[str, Path] | None) -> None:
        """Offer the names of class folders as classes, if there are any; None if that is not known."""
        # Who pressed Return before has agreed to what is offered.
        self._looking, self._classes = False, classes
        if self._pressed:
            self._go()
            return
        classes = classes or {}
        self.use_names.setVisible(bool(classes))
        self._names.setVisible(bool(classes))
        counted = tr("{n} class folder found", "{n} class folders found", len(classes))
        self._names.setText(f"{counted}: {listed(list(classes))}")

    def _introduction(self) -> str:
        parts = [tr("A project is a folder that holds your labels and what was learned from them.")]
        count = len(self._dropped)
        if any(isinstance(item, Incoming) for item in self._dropped):
            parts.append(tr("The picture is kept in it, too.", "The {n} pictures are kept in it, too.", count))
            return " ".join(parts)
        parts.append(tr("Pictures stay where they are."))
        if count:
            names = listed([item.name for item in self._dropped])
            parts.append(tr("{files} will be imported.", files=names))
        return " ".join(parts)

    def _go(self) -> None:
        """Wait, once, for the folders: the question about them is asked here."""
        if self._looking and not self._pressed and not self._trouble():
            self._pressed = True
            self.note.setText(tr("Looking at the folders."))
        else:
            super()._go()

    def answer(self) -> None:
        named = self.use_names.isChecked()
        classes = self._classes if named or self._classes is None else {}
        self.chosen.emit(self.out, self._dropped, classes, str(self.backbone.currentData()))


def _cost(spec: BackboneSpec) -> str:
    return tr("{size:,} MB download", size=spec.download_mb) if spec.download_mb else tr("no download")


IMAGES = {
    Images.COPY: later("Copied"),
    Images.LINK: later("As hard links: no space, but an edit of one edits both"),
    Images.NONE: later("Not: only where they are is written"),
}
SPLITS = {
    Splits.MARKED: later("As marked on the labels"),
    Splits.ALL: later("All labels, as a training divides them"),
    Splits.NONE: later("None"),
}


@dataclass(frozen=True)
class ExportRequest:
    format: Format
    out: Path
    images: Images
    splits: Splits
    labelled_only: bool
    none: bool


class _TargetDialog(PlaceDialog):
    """Asks for one of the formats in `format`, too, which have a suffix and say in `about` what they are for."""

    def __init__(self, name: str, folder: Path, parent: QWidget | None) -> None:
        super().__init__(name, folder, tr("Export"), parent)
        self.format = ChoiceBox()
        self.about = hint()

    def _lay_out(self, title: str, *options: tuple[str, QWidget]) -> None:
        self._fill(title, self._rows((tr("F&ormat"), self.format), ("", self.about), *options), self.note)
        self.about.setMinimumHeight(3 * self.about.fontMetrics().height())
        self.setMinimumWidth(600)
        self.format.currentIndexChanged.connect(self._show_format)
        self._show_format()

    def _show_format(self) -> None:
        self.about.setText(tr(self.format.currentData().about))
        self._check()

    @property
    def suffix(self) -> str:
        return str(self.format.currentData().suffix)


class ExportModelDialog(_TargetDialog):
    """Asks how to write a whole classifier. A format that cannot be written here is disabled, with the reason."""

    chosen = Signal(str, object)  # the format's id, and the file

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(name, folder, parent)
        reasons = []
        for form in MODEL_FORMATS.values():
            self.format.addItem(form.title, form)
            if reason := form.missing():
                row = self.format.count() - 1
                self.format.setItemData(row, 0, Qt.ItemDataRole.UserRole - 1)  # the flags of the item: none
                self.format.setItemData(row, reason, Qt.ItemDataRole.ToolTipRole)
                reasons.append(reason)
        self.format.setCurrentText(default_format().title)
        self.missing = hint("\n".join(reasons))
        self.missing.setVisible(bool(reasons))
        self._lay_out(tr("Model for other programs"), ("", self.missing))

    def answer(self) -> None:
        self.chosen.emit(self.format.currentData().id, self.out)


class ExportFormatsDialog(_TargetDialog):
    chosen = Signal(object)  # ExportRequest

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None, *, with_none: bool = False) -> None:
        super().__init__(name, folder, parent)
        for form in FORMATS:
            if form.write is not None:
                self.format.addItem(tr(form.title), form)
        self.format.setCurrentIndex(self.format.findText(tr(csv_table.FORMAT.title)))
        self.images = ChoiceBox()
        self.splits = choice_box((tr(text), splits) for splits, text in SPLITS.items())
        self.unlabelled = QCheckBox(tr("&Unlabelled pictures too"))
        also = tr("Pictures of none of your classes too, as a class '{name}'", name=tr(NONE_OF_THESE))
        self.none = check_box(also, True)
        self.none.setVisible(with_none)
        self._lay_out(
            tr("Labels and pictures"),
            (tr("&Pictures"), self.images),
            (tr("&Splits"), self.splits),
            ("", self.unlabelled),
            *([("", self.none)] if with_none else []),
        )

    def _show_format(self) -> None:
        chosen: Format = self.format.currentData()
        self.images.clear()
        for choice in chosen.images:
            self.images.addItem(tr(IMAGES[choice]), choice)
        self.images.setEnabled(len(chosen.images) > 1)
        self.unlabelled.setEnabled(chosen.unlabelled)
        super()._show_format()

    def answer(self) -> None:
        request = ExportRequest(
            self.format.currentData(),
            self.out,
            Images(self.images.currentData()),  # Qt returns a string enumeration as a plain string
            Splits(self.splits.currentData()),
            not (self.unlabelled.isEnabled() and self.unlabelled.isChecked()),
            self.none.isChecked(),
        )
        self.chosen.emit(request)


@dataclass(frozen=True)
class SortRequest:
    """The choices: the new folder and how it is filled (not for keywords), the limit, and whether labels count, too."""

    out: Path
    images: Images = Images.COPY
    limit: float = USUAL_LIMIT
    labelled: bool = True


class ConfidenceFields(QObject):
    """From which confidence on a prediction counts, whether labels do, too; `show` gets how many images that makes."""

    def __init__(
        self, controller: Controller, last: SortRequest, tip: str, show: Callable[[Counts], None], dialog: QDialog
    ) -> None:
        super().__init__(dialog)
        self._controller, self._last, self._show = controller, last, show
        self.limit = whole_box(0, 100, round(100 * last.limit), self.count)
        self.limit.setSuffix(text_format.whole_percent(0)[1:])
        self.limit.setToolTip(tip)
        self.labelled = check_box(tr("&Labelled pictures too, by their label"), last.labelled, self.count)
        self.rows = ((tr("&Sure from"), self.limit), ("", self.labelled))

    def count(self) -> None:
        request = self.request()
        self._controller.ask(
            LaneName.VIEW,
            lambda context, _t: sorted_counts(context, request.limit, labelled=request.labelled),
            self._show,
            question=(self, "counts"),
        )

    def request(self) -> SortRequest:
        return replace(self._last, limit=self.limit.value() / 100, labelled=self.labelled.isChecked())


class SortDialog(PlaceDialog):
    chosen = Signal(object)  # SortRequest
    suffix = ""

    def __init__(self, controller: Controller, last: SortRequest, parent: QWidget | None = None) -> None:
        super().__init__(last.out.name, last.out.parent, tr("Sort"), parent)
        tip = tr("Predictions below this confidence go into the folder Unsure")
        self.sure = ConfidenceFields(controller, last, tip, self._show_counts, self)
        self._pictures = self._folders = 0
        self.images = choice_box((tr(IMAGES[choice]), choice) for choice in (Images.COPY, Images.LINK))
        self.images.setCurrentIndex(self.images.findData(last.images))
        self.table = CellTable(tr("Pictures"))
        self.table.setSelectionMode(CellTable.SelectionMode.NoSelection)
        self.table.setMinimumHeight(100)
        form = self._rows((tr("&Pictures"), self.images), *self.sure.rows)
        self._fill(tr("Pictures sorted into folders"), form, (self.table, 9), self.note)
        self.sure.count()
        self.resize(560, 560)

    def _show_counts(self, counts: Counts) -> None:
        lines = [line for line in counts if line[1]]
        self._pictures, self._folders = sum(count for _, count in lines), len(lines)
        heads = [Head(tr("Folder")), Head(tr("Pictures"), "", True)]
        rows = [[TableCell(one_line(name)), TableCell(number(count), count)] for name, count in lines]
        self.table.show_cells(heads, rows, sorts=False)
        self._check()

    def _trouble(self) -> str:
        return super()._trouble() or ("" if self._pictures else tr("There is no picture to sort."))

    def _promise(self) -> str:
        words = tr("{n} picture", "{n} pictures", self._pictures)
        done = tr("{pictures} into {n} folder.", "{pictures} into {n} folders.", self._folders, pictures=words)
        return tr("{count_sentence} Pictures stay where they are and are never changed.", count_sentence=done)

    def answer(self) -> None:
        images = Images(self.images.currentData())  # Qt returns a string enumeration as a plain string
        self.chosen.emit(replace(self.sure.request(), out=self.out, images=images))


class KeywordsDialog(QDialog):
    chosen = Signal(object)  # SortRequest

    def __init__(self, controller: Controller, last: SortRequest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = tr("Predictions below this confidence give no keyword")
        self.sure = ConfidenceFields(controller, last, tip, self._show_counts, self)
        self.note = hint()
        self.go_button = button(tr("Write"), primary=True, clicked=self._go)
        self.go_button.setEnabled(False)
        about = tr(
            "Writes the class of each picture into an XMP side-car (.xmp) beside it, for digiKam, darktable "
            "and others. Pictures and other keywords stay as they are."
        )
        title, buttons = tr("Keywords beside the pictures"), (None, cancel_button(self), self.go_button)
        parts = (hint(about), in_form(*self.sure.rows), self.note)
        fill_dialog(self, *parts, title=title, buttons=buttons, spacing=2 * SPACE)
        self.setMinimumWidth(520)
        self.sure.count()

    def _show_counts(self, counts: Counts) -> None:
        count = sum(count for _, count in counts[:-2])  # the last two are None of these and Unsure
        total = sum(count for _, count in counts)
        self.note.setText(tr("{count:,} of {n} picture", "{count:,} of {n} pictures", total, count=count))
        self.go_button.setEnabled(count > 0)

    def _go(self) -> None:
        self.accept()
        self.chosen.emit(self.sure.request())
