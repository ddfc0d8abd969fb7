"""Import from and export for other tools in the window: the preview, the columns, drops, and what is written."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.exporting import Splits
from mma_desktop.services.image_index import Filter
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.import_preview import ImportPreview
from mma_desktop.ui.dialogs.place_dialog import ExportFormatsDialog
from mma_desktop.ui.dialogs.text_dialogs import DetailsDialog

from .person import Person, words

Opener = Callable[[Controller], ProjectContext]
pytestmark = pytest.mark.usefixtures("no_embedding")


@pytest.fixture
def person(person: Person, open_project: Opener) -> Person:
    """Somebody in front of an empty project."""
    open_project(person.window.controller)
    return person


@pytest.fixture
def table(picture_folder: Path, tmp_path: Path) -> Path:
    """A table with foreign column names, separated by semicolons; one row names no file."""
    rows = [["Qux", "Quux", "Teil"]]
    for number, path in enumerate(sorted(picture_folder.rglob("*.jpg"))):
        rows.append(
            [path.parent.name, f"pictures/{path.relative_to(picture_folder)}", "train" if number % 2 else "test"]
        )
    rows.append(["apples", "../secret.jpg", "train"])
    out = tmp_path / "list.csv"
    with out.open("w", encoding="utf-16", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows(rows)
    return out


def preview(person: Person) -> ImportPreview:
    """The preview, once it shows what it read."""
    person.until(lambda: isinstance(person.window.imports.dialog, ImportPreview))
    dialog = person.window.imports.dialog
    assert isinstance(dialog, ImportPreview)
    person.until(lambda: dialog.isVisible() and dialog.listing is not None)
    return dialog


def cells(dialog: ImportPreview, row: int) -> list[str]:
    return [cell.text for cell in dialog.table.lines[row]]


def focus(person: Person, widget: QWidget) -> None:
    """Give a widget of a dialog the keyboard; a window manager makes the dialog the active window."""
    widget.window().activateWindow()
    widget.setFocus()
    person.until(lambda: QApplication.focusWidget() is widget)


def type_source(person: Person, dialog: Any, path: Path) -> None:
    """Type a path over the source, and leave the field."""
    focus(person, dialog.source)
    person.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    person.type(str(path))
    person.press(Qt.Key.Key_Tab)


def pick(person: Person, dialog: Any, box: QComboBox, text: str) -> None:
    """Choose in a combo box with the keyboard: its first letters."""
    focus(person, box)
    person.type(text)
    person.press(Qt.Key.Key_Return)
    person.until(lambda: box.currentText() == text and dialog.listing is not None)


def test_a_dropped_table_is_previewed_mapped_and_imported(person: Person, table: Path) -> None:
    person.drop_files([table])
    dialog = preview(person)
    assert dialog.format.currentText() == "CSV table"
    assert dialog.summary.text() == "48 pictures, 0 labelled, 0 classes"
    assert dialog.bar.text == (
        "list.csv has no column named like one of labels. It has Qux, Quux, Teil. Choose the one with the label. "
        "No column is named like one of file names: 'Quux' was taken for it."
    )
    assert not dialog.import_button.isEnabled()
    assert dialog.mapping["label"].currentText() == ""
    for role, name in (("file", "Quux"), ("label", "Qux"), ("split", "Teil")):
        box = dialog.mapping[role]
        assert box.isVisible()
        box.setCurrentIndex(box.findData(name))
        box.activated.emit(box.currentIndex())
        person.until(lambda: dialog.listing is not None)
    assert dialog.summary.text() == "48 pictures, 48 labelled, 4 classes"
    assert cells(dialog, 0) == ["apples/apples 01.jpg", "apples", "test", ""]
    assert dialog.bar.isHidden()
    person.click(dialog.problems_button)
    details = next(one for one in dialog.findChildren(DetailsDialog) if one.isVisible())
    assert "leads out of its folder" in details.text.toPlainText()
    person.click(details.close_button)
    assert dialog.import_button.text() == "Import 48 pictures"
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=60_000) as done:
        person.click(dialog.import_button)
    assert done.args[0].sentence() == "48 pictures added, 48 labelled from list.csv."
    person.until(lambda: person.classes_are("apples", "boxes", "clouds", "stripes"))
    context = person.context
    rows = context.project.image_rows(context.select(Filter()).tolist())
    assert {row.use for row in rows} == {Use.SHOT, Use.TEST}
    assert sorted(person.labels().values()) == sorted(row.path.parent.name for row in rows)
    assert person.window.menus.undo.text() == "&Undo import from list.csv"


def test_a_table_without_labels_is_asked_about(person: Person, picture_folder: Path, tmp_path: Path) -> None:
    names = [one.relative_to(tmp_path) for one in sorted(picture_folder.rglob("*.jpg"))]
    table = tmp_path / "list.csv"
    table.write_text("image,caption,when\n" + "".join(f"{name},text {name},now\n" for name in names), "utf-8")
    person.drop_files([table])
    dialog = preview(person)
    assert (dialog.summary.text(), dialog.import_button.isEnabled()) == ("48 pictures, 0 labelled, 0 classes", False)
    assert "Choose the one with the label." in dialog.bar.text
    box = dialog.mapping["label"]
    box.setCurrentIndex(0)
    box.activated.emit(0)
    person.until(lambda: dialog.listing is not None)
    assert box.currentText() == "(none)"
    assert dialog.import_button.isEnabled(), "no labels are wanted"


def test_none_of_these_is_counted_as_no_class_in_the_preview(
    person: Person, picture_folder: Path, tmp_path: Path
) -> None:
    files = sorted(picture_folder.rglob("*.jpg"))
    lines = [f"{one},{one.parent.name if number else 'Keine davon'}" for number, one in enumerate(files)]
    (tmp_path / "list.csv").write_text("\n".join(["file_name,label", *lines]), "utf-8")
    person.drop_files([tmp_path / "list.csv"])
    assert preview(person).summary.text() == "48 pictures, 48 labelled, 4 classes"


def test_a_dropped_archive_is_previewed_unpacked_beside_and_imported(
    person: Person, picture_folder: Path, tmp_path: Path
) -> None:
    shutil.make_archive(str(tmp_path / "animals"), "zip", picture_folder)
    person.drop_files([tmp_path / "animals.zip"])
    dialog = preview(person)
    assert dialog.summary.text() == "48 pictures, 48 labelled, 4 classes"
    assert f"unpacked into {tmp_path / 'animals'} when they are imported" in dialog.bar.text
    assert not (tmp_path / "animals").exists()
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=60_000) as done:
        person.click(dialog.import_button)
    assert done.args[0].sentence() == "48 pictures added, 48 labelled from animals.zip."
    assert len(list((tmp_path / "animals").rglob("*.jpg"))) == 48


def test_what_is_dropped_beside_an_archive_is_not_lost_silently(
    person: Person, picture_folder: Path, tmp_path: Path
) -> None:
    shutil.make_archive(str(tmp_path / "animals"), "zip", picture_folder)
    some = sorted(picture_folder.rglob("*.jpg"))[:2]
    person.drop_files([*some, tmp_path / "animals.zip"])
    assert preview(person).summary.text() == "48 pictures, 48 labelled, 4 classes"
    assert [bar.text for bar in person.window.messages.bars] == [
        "animals.zip is shown first. The other 2 items were not taken: drop them again afterwards."
    ]


def test_dropped_boxes_are_refused_and_the_pictures_offered(
    person: Person, picture_folder: Path, tmp_path: Path
) -> None:
    picture_folder.rename(tmp_path / "images")
    (tmp_path / "yolo").mkdir()
    (tmp_path / "images").rename(tmp_path / "yolo" / "images")
    (tmp_path / "yolo" / "labels").mkdir()
    (tmp_path / "yolo" / "labels" / "a.txt").write_text("0 0.5 0.5 0.1 0.1")
    person.drop_files([tmp_path / "yolo"])
    person.until(lambda: isinstance(person.window.imports.dialog, ImportPreview))
    dialog: Any = person.window.imports.dialog
    person.until(lambda: "boxes or masks" in dialog.bar.text)
    dialog.format.setCurrentIndex(dialog.format.findText("Pictures without labels"))
    dialog.format.activated.emit(dialog.format.currentIndex())
    person.until(lambda: dialog.listing is not None)
    assert dialog.summary.text() == "48 pictures, 0 labelled, 0 classes"


def test_the_keyboard_alone_imports_and_the_base_folder_can_be_chosen(
    person: Person, table: Path, picture_folder: Path, tmp_path: Path
) -> None:
    far = tmp_path.with_name(f"{tmp_path.name} far")
    far.mkdir()
    picture_folder.rename(far / "pictures")
    person.menu("ft")
    person.until(lambda: isinstance(person.window.imports.dialog, ImportPreview))
    dialog: Any = person.window.imports.dialog
    person.until(dialog.isVisible)
    assert dialog.summary.text() == "Choose a file or folder."
    assert not dialog.base.isVisible()
    type_source(person, dialog, table)
    person.until(lambda: dialog.listing is not None)
    assert dialog.about.text().startswith("Recognised as CSV table. ")
    pick(person, dialog, dialog.mapping["file"], "Quux")
    pick(person, dialog, dialog.mapping["label"], "Qux")
    assert dialog.summary.text().startswith("0 pictures")
    focus(person, dialog.base)
    person.type(str(far))
    person.press(Qt.Key.Key_Tab)
    person.until(lambda: dialog.listing is not None and dialog.listing.entries)
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=60_000):
        person.press(Qt.Key.Key_Return)
    assert len(person.labels()) == 48


def test_a_table_that_is_not_used_is_shown_with_the_format_that_reads_it(
    person: Person, picture_folder: Path, tmp_path: Path
) -> None:
    names = [one.relative_to(picture_folder) for one in sorted(picture_folder.rglob("*.jpg"))]
    lines = [f"{name},{'home' if at % 3 else 'away'},{'noon' if at % 2 else 'night'}" for at, name in enumerate(names)]
    (picture_folder / "shots.csv").write_text("\n".join(("photo,where,day", *lines)), "utf-8")
    person.drop_files([picture_folder])
    dialog = preview(person)
    assert dialog.summary.text().startswith("48 pictures, 48 labelled")
    assert "shots.csv lists these pictures and is not used" in dialog.bar.text
    assert "To use it, choose the format 'CSV table' and the column of the label." in dialog.bar.text
    at = dialog.format.findText("CSV table")
    dialog.format.setCurrentIndex(at)
    dialog.format.activated.emit(at)
    person.until(lambda: dialog.listing is not None)
    assert not dialog.import_button.isEnabled()
    box = dialog.mapping["label"]
    box.setCurrentIndex(box.findText("where"))
    box.activated.emit(box.currentIndex())
    person.until(lambda: dialog.listing is not None)
    assert dialog.summary.text() == "48 pictures, 48 labelled, 2 classes"
    assert dialog.import_button.isEnabled()


def test_what_cannot_be_read_is_said_and_another_source_may_follow(
    person: Person, picture_folder: Path, tmp_path: Path
) -> None:
    person.window.menus.import_labels.trigger()
    dialog: Any = person.window.imports.dialog
    (tmp_path / "broken.json").write_text('[{"data": {"image": "a.png"')
    type_source(person, dialog, tmp_path / "broken.json")
    person.until(dialog.bar.isVisible)
    assert "is not valid JSON" in dialog.bar.text
    assert dialog.bar.severity == "bad"
    assert not dialog.import_button.isEnabled()
    type_source(person, dialog, picture_folder)
    person.until(lambda: dialog.listing is not None)
    assert dialog.about.text().startswith("Recognised as Class folders")
    assert dialog.summary.text() == "48 pictures, 48 labelled, 4 classes"
    assert dialog.bar.isHidden()
    person.press(Qt.Key.Key_Escape)
    assert person.window.imports.dialog is None
    assert not len(person.context.index.columns.ids)


def test_labels_that_are_there_are_replaced_only_when_asked(person: Person, table: Path) -> None:
    def take(*, replace: bool) -> Any:
        person.drop_files([table])
        dialog = preview(person)
        for role, column in {"file": "Quux", "label": "Qux", "split": "Teil"}.items():
            pick(person, dialog, dialog.mapping[role], column)
        if replace:
            person.click(dialog.overwrite, QPoint(12, dialog.overwrite.height() // 2))
            assert dialog.overwrite.isChecked()
        with person.qtbot.waitSignal(person.window.controller.import_done, timeout=60_000) as done:
            person.click(dialog.import_button)
        return done.args[0]

    take(replace=False)
    before = person.labels()
    first, other = next(iter(before)), person.context.classes[-1]
    assert before[first] != other.name
    person.context.project.assign([first], other.id)
    assert len(take(replace=False).notes) == 1
    assert person.labels()[first] == other.name
    assert take(replace=True).labelled == 1
    assert person.labels() == before


def test_plain_class_folders_and_pictures_keep_their_own_ways(person: Person, picture_folder: Path) -> None:
    person.drop_files([picture_folder])
    person.only_import()
    person.until(lambda: len(person.shown()) == 48)
    assert not person.context.classes


def test_an_export_for_another_tool_comes_back(
    person: Person, controller: Controller, picture_folder: Path, tmp_path: Path
) -> None:
    with person.qtbot.waitSignal(controller.import_done, timeout=60_000):
        controller.import_paths([picture_folder], {one.name: one for one in sorted(picture_folder.iterdir())})
    person.menu("fel")
    person.until(lambda: person.window.findChildren(ExportFormatsDialog))
    (dialog,) = person.window.findChildren(ExportFormatsDialog)
    focus(person, dialog.format)
    person.type("Label")
    assert dialog.format.currentText() == "Label Studio JSON"
    dialog.folder.setText(str(tmp_path))
    (tmp_path / "taken").mkdir()
    dialog.name.setText("taken")
    assert not dialog.go_button.isEnabled()
    assert "taken already exists" in words(dialog)
    dialog.name.setText("a/b")
    assert not dialog.go_button.isEnabled()
    dialog.name.setText("studio")
    focus(person, dialog.name)
    person.press(Qt.Key.Key_Return)
    person.until(lambda: any(bar.text.startswith("Written to") for bar in person.window.messages.bars))
    assert "48 pictures copied." in person.window.messages.bars[-1].text
    assert len(json.loads((tmp_path / "studio" / "tasks.json").read_text("utf-8"))) == 48
    person.drop_files([tmp_path / "studio"])
    back = preview(person)
    assert back.format.currentText() == "Label Studio JSON"
    assert back.summary.text() == "48 pictures, 48 labelled, 4 classes"
    assert back.mapping["label"].currentText() == "choice"
    person.press(Qt.Key.Key_Escape)


def test_the_export_dialog_offers_what_a_format_can(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportFormatsDialog("data", tmp_path)
    qtbot.addWidget(dialog)
    wishes: list[Any] = []
    dialog.chosen.connect(wishes.append)
    offered = {}
    for at in range(dialog.format.count()):
        dialog.format.setCurrentIndex(at)
        images = [str(dialog.images.itemData(number)) for number in range(dialog.images.count())]
        offered[dialog.format.currentData().id] = (images, dialog.unlabelled.isEnabled(), dialog.out.name)
    told = {
        "imagefolder": (["copy", "link"], False, "data"),
        "csv": (["none"], True, "data.csv"),
        "hf": (["copy", "link"], True, "data"),
        "labelstudio": (["copy", "link", "none"], True, "data"),
        "fiftyone": (["copy", "link"], True, "data"),
        "cvat": (["copy", "link"], True, "data"),
    }
    assert {one: offered[one] for one in told} == told
    dialog.format.setCurrentIndex(dialog.format.findText("CVAT"))
    dialog.unlabelled.setChecked(True)
    dialog.splits.setCurrentIndex(1)
    dialog.images.setCurrentIndex(1)
    dialog.go_button.click()
    (wish,) = wishes
    assert (wish.format.id, wish.labelled_only) == ("cvat", False)
    assert wish.images is Images.LINK
    assert wish.splits is Splits.ALL


def test_the_export_dialog_asks_about_pictures_of_none_where_there_are_any(qtbot: QtBot, tmp_path: Path) -> None:
    for with_none in (False, True):
        dialog = ExportFormatsDialog("data", tmp_path, with_none=with_none)
        qtbot.addWidget(dialog)
        wishes: list[Any] = []
        dialog.chosen.connect(wishes.append)
        assert dialog.none.isHidden() != with_none
        dialog.none.setChecked(not with_none)
        dialog.go_button.click()
        assert [wish.none for wish in wishes] == [not with_none]


def test_whatever_is_typed_as_a_folder_is_answered(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportFormatsDialog("data", tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.go_button.isEnabled()
    for folder in ("~nobody is called so", "~nobody is called so/x", "here", ""):
        dialog.folder.setText(folder)
        assert not dialog.go_button.isEnabled(), folder
    dialog.folder.setText(str(tmp_path))
    for name in ("", "..", ".x", "x.", "a/b", "a\\b"):
        dialog.name.setText(name)
        assert not dialog.go_button.isEnabled(), name
        assert "without a dot at either end" in words(dialog)
    dialog.name.setText("x.y")
    assert dialog.go_button.isEnabled()
    dialog.name.setText("x" * 300)
    assert dialog.out.name == "x" * 300 + dialog.format.currentData().suffix
    preview = ImportPreview(Path("~nobody is called so"), None)
    qtbot.addWidget(preview)
    with qtbot.waitSignal(preview.wanted):
        preview.begin()
