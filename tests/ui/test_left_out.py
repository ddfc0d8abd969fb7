"""The preview of class folders says what is left out of them."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from mma_desktop.media.scan import FileList, walk
from mma_desktop.ui.dialogs.import_preview import ImportFoldersDialog


def test_side_cars_are_one_line_below_the_classes(qtbot: QtBot, tmp_path: Path) -> None:
    classes = {name: tmp_path / name for name in ("cat", "dog")}
    for folder in classes.values():
        folder.mkdir()
        (folder / "1.jpg").write_bytes(b"x")
    dialog = ImportFoldersDialog([tmp_path], classes)
    qtbot.addWidget(dialog)
    plain, mixed = FileList(), FileList()
    for one in walk([tmp_path], classes=classes, left_out=plain.left_out):
        plain.add(one)
    dialog.show_files(plain)
    assert dialog.left_out.isHidden()
    (tmp_path / "cat" / "1.xmp").write_text("x")
    (tmp_path / "dog" / "1.mov").write_text("x")
    for one in walk([tmp_path], classes=classes, left_out=mixed.left_out):
        mixed.add(one)
    dialog.show_files(mixed)
    assert not dialog.left_out.isHidden()
    assert dialog.left_out.text() == "Left out: 1 side-car, 1 film."
    assert dialog.import_button.text() == "Import 2 pictures"


def test_the_two_choices_stand_together_where_no_roles_are_between_them(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ImportFoldersDialog([tmp_path], {"cat": tmp_path / "cat"})
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.only_pictures.y() - dialog.use_names.geometry().bottom() <= 2 * dialog.layout().spacing()
