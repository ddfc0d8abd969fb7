"""Preview of an import from another tool, and where a model is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QWidget

from mma_desktop.core.class_names import is_none_of_these
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.paths import expanded, full_path
from mma_desktop.services.formats.dataset import Format, ImageEntry, Listing, ReadOptions
from mma_desktop.services.formats.kinds import csv_table
from mma_desktop.services.formats.registry import FORMATS
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.dialogs.text_dialogs import DetailsDialog, LineDialog
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, button, cancel_button, fill_dialog, in_form, in_row
from mma_desktop.ui.widgets.fields import browse_button, choice_box
from mma_desktop.ui.widgets.text_format import USE_WORDS, whole_percent
from mma_desktop.ui.widgets.text_labels import hint
from mma_desktop.ui.widgets.windows import open_once, or_all_files

ADAPTER_SUFFIX = ".safetensors"
HUB = "hf://"
WORDS = later(
    "A file that this program or Python has exported, or hf://owner/name on the Hugging Face hub, from where it is "
    "downloaded. If it has classes that the project lacks, you are asked what to do."
)


class LoadModelDialog(LineDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Load a model"), tr(WORDS), tr("Load"), parent)
        self.edit.setPlaceholderText(f"{HUB}owner/name")
        kinds = or_all_files(tr("Models"), [ADAPTER_SUFFIX])
        self.row.addWidget(browse_button(self.edit, tr("Load a model"), filters=kinds, folder=False))

    @property
    def text(self) -> str:
        text = super().text
        return text if text.startswith(HUB) or not text else str(expanded(text))


ROWS = 50  # a few screens: enough to see whether the columns were read as they are meant
# For each role, the label of its column's field.
ROLES = {
    "file": later("File &name"),
    "label": later("&Label"),
    "split": later("&Split"),
    "reads": later("The model &reads"),
}
HEADER = (later("Picture"), later("Label"), later("Split"), later("Prediction"))
NO_COLUMN = later("(none)")


@dataclass(frozen=True)
class ImportRequest:
    """What to read: the source, its format (None to detect it), options, and whether its images are to be tests."""

    source: Path
    format: Format | None
    options: ReadOptions
    tests: bool = False


class ImportPreview(QDialog):
    """Shows what a source lists, with fields for format, columns and base folder; what is not given is asked for.

    If it `tests`, the images are to be set apart, with the labels of the source.
    """

    wanted = Signal(object)  # ImportRequest; read it, then call `show_listing` or `show_problem`
    chosen = Signal(object, str, bool)  # Listing, its name, whether existing labels are replaced

    def __init__(
        self, source: Path | None, chosen: Format | None, parent: QWidget | None = None, *, tests: bool = False
    ) -> None:
        super().__init__(parent)
        self._tests = tests
        self.listing: Listing | None = None
        self._columns: dict[str, str] = {}
        self._recognised: Format | None = None
        self.source = QLineEdit(str(source or ""))
        self.source.setPlaceholderText(tr("A file or folder of another tool"))
        self.source.editingFinished.connect(self._source_changed)
        self.file_button = browse_button(self.source, tr("Choose a file"), tr("File…"), folder=False)
        self.folder_button = browse_button(self.source, tr("Choose a folder"), tr("Folder…"), folder=True)
        self.format = choice_box([(tr("Recognise it"), None), *((tr(form.title), form) for form in FORMATS)])
        self.format.setCurrentIndex(self.format.findData(chosen) if chosen is not None else 0)
        self.format.activated.connect(self._other_source)
        self.about = hint()
        self.about.hide()
        self.base = QLineEdit()
        self.base.editingFinished.connect(self.begin)
        self.base_button = browse_button(self.base, tr("Choose a folder"), folder=True, near=self.source)
        self.mapping = {role: choice_box(()) for role in ROLES}
        self.table = CellTable(tr("Pictures"))
        self._show_rows(())
        self.summary = QLabel()
        self.problems_button = button("", "warning", clicked=self._show_problems)
        self.bar = InfoBar()
        self.bar.close_button.hide()
        self.overwrite = QCheckBox(tr("&Replace labels and splits that are there already"))
        self.import_button = button(tr("Import"), primary=True, clicked=self._import)
        self._lay_out()
        self._show_nothing(tr("Choose a file or folder.") if source is None else tr("Reading…"))

    def _lay_out(self) -> None:
        form = in_form(
            (tr("&From"), (self.source, self.file_button, self.folder_button)),
            (tr("F&ormat"), self.format),
            ("", self.about),
            (tr("&Pictures in"), (self.base, self.base_button)),
        )
        self._mapping_labels: dict[str, QLabel] = {}
        columns = in_row(spacing=SPACE)
        for role, box in self.mapping.items():
            label = self._mapping_labels[role] = QLabel(tr(ROLES[role]))
            label.setBuddy(box)
            box.setPlaceholderText(tr("Choose…"))
            box.activated.connect(self._mapping_changed)
            columns.addWidget(label)
            columns.addWidget(box, 1)
        self.overwrite.setChecked(self._tests)
        self.overwrite.setHidden(self._tests)
        about = tr("Pictures stay where they are; a label that somebody set here stays as it is.")
        if self._tests:
            about = tr("Nothing is learned from these pictures, also not from those that are here already.")
        fill_dialog(
            self,
            hint(about),
            form,
            columns,
            self.bar,
            in_row((self.summary, 1), self.problems_button),
            (self.table, 1),
            title=tr("Test on a folder") if self._tests else tr("Import from another tool"),
            buttons=(self.overwrite, None, cancel_button(self), self.import_button),
        )
        base_label = next(label for label in self.findChildren(QLabel) if label.buddy() is self.base)
        self._base_row = (base_label, self.base, self.base_button)
        self.resize(760, 640)

    def begin(self) -> None:
        text = self.source.text().strip()
        if not text:
            return
        base = self.base.text().strip() if not self.base.isHidden() else ""
        options = ReadOptions(dict(self._columns), full_path(expanded(base)) if base else None)
        self._show_nothing(tr("Reading…"))
        self.wanted.emit(ImportRequest(full_path(expanded(text)), self.format.currentData(), options, self._tests))

    def _source_changed(self) -> None:
        if self.source.isModified():
            self.source.setModified(False)
            self._other_source()

    def _other_source(self) -> None:
        self._recognised = None
        self.about.hide()
        self._columns.clear()
        self.base.clear()
        self.begin()

    def _mapping_changed(self) -> None:
        self._columns = {
            role: str(box.currentData())
            for role, box in self.mapping.items()
            if not box.isHidden() and box.currentIndex() >= 0
        }
        self.begin()

    def _show_nothing(self, text: str) -> None:
        self.listing = None
        self._show_rows(())
        self.summary.setText(text)
        self.bar.dismiss()
        self.problems_button.hide()
        self.import_button.setText(tr("Import"))
        self.import_button.setEnabled(False)
        if self._recognised is None:
            self._show_fields(None, None)

    def _show_fields(self, form: Format | None, listing: Listing | None) -> None:
        for widget in self._base_row:
            widget.setVisible(form is not None and form.based)
        columns = listing.columns if listing is not None else ()
        mapping: Mapping[str, str] = listing.mapping if listing is not None else {}
        for role, box in self.mapping.items():
            shown = form is not None and role in form.columns and bool(columns)
            box.setVisible(shown)
            self._mapping_labels[role].setVisible(shown)
            box.clear()
            if role != "file":
                box.addItem(tr(NO_COLUMN), "")
            for name in columns:
                box.addItem(one_line(name), name)
            box.setCurrentIndex(max(0, box.findData(mapping.get(role, ""))))
        if listing is not None and listing.question:
            self.mapping["label"].setCurrentIndex(-1)  # nothing selected, not even "(none)"

    def show_listing(self, read: tuple[Format, Listing]) -> None:
        self._recognised, self.listing = form, listing = read
        title = tr(form.title)
        what = tr("Recognised as {format}.", format=title) if self.format.currentData() is None else f"{title}."
        self.about.show()
        self.about.setText(f"{what} {tr(form.about)}")
        self._show_fields(form, listing)
        source = Path(self.source.text().strip())
        self.base.setPlaceholderText(str(source if source.is_dir() else source.parent))
        self._show_rows(listing.entries[:ROWS])
        count, problems = len(listing.entries), len(listing.problems)
        classes = sum(not is_none_of_these(name) for name in listing.classes)
        parts = text_format.project_words(count, listing.labelled, classes)
        below = [tr("the first {rows} below", rows=ROWS)] if count > ROWS else []
        self.summary.setText(", ".join([*parts, *below]))
        self.problems_button.setText(tr("{n} problem", "{n} problems", problems))
        self.problems_button.setVisible(bool(problems))
        unused = [
            tr(
                "{sentence} To use it, choose the format '{format}' and the column of the label.",
                sentence=left.sentence(),
                format=tr(csv_table.FORMAT.title),
            )
            for left in listing.unused
        ]
        if text := " ".join((listing.question, *unused, *listing.notes)).strip():
            self.bar.show_message(text, "warn" if listing.question or unused else "info")
        self.import_button.setText(
            tr("Test on {n} picture", "Test on {n} pictures", count)
            if self._tests
            else tr("Import {n} picture", "Import {n} pictures", count)
        )
        self.import_button.setEnabled(count > 0 and not listing.question)

    def _show_rows(self, entries: Sequence[ImageEntry]) -> None:
        heads = [Head(tr(title)) for title in HEADER]
        self.table.show_cells(heads, [self._cells(entry) for entry in entries], sorts=False)

    @staticmethod
    def _cells(entry: ImageEntry) -> list[TableCell]:
        prediction = entry.prediction or ""
        if entry.prediction is not None and entry.confidence is not None:
            prediction += f" {whole_percent(entry.confidence)}"
        use = "" if entry.use is None else tr(USE_WORDS[entry.use])
        path = f"{entry.image.parent.name}/{entry.image.name}"
        texts = map(one_line, (entry.label or "", use, prediction))
        return [
            TableCell(one_line(path), tip=one_line(str(entry.image))),
            *(TableCell(text, tip=text) for text in texts),
        ]

    def show_problem(self, sentence: str) -> None:
        self._show_nothing("")
        self.bar.show_message(sentence, "bad")

    def _show_problems(self) -> None:
        if self.listing is None:
            return
        text = tr("These are left out, or taken without what is said. The rest is imported.")
        lines = [problem.sentence() for problem in self.listing.problems]
        open_once(DetailsDialog(tr("Rows with a problem"), text, lines, self))

    def _import(self) -> None:
        listing, name = self.listing, Path(self.source.text().strip()).name
        if listing is not None:
            self.accept()
            self.chosen.emit(listing, name, self.overwrite.isChecked())
