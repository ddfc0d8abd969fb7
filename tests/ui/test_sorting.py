"""Predictions in use, through the real window: pictures sorted into a new folder, keywords beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog
from shiboken6 import isValid

from mma_desktop.core import i18n
from mma_desktop.core.jobs import LaneName
from mma_desktop.engine.open_set_scores import OpenSetScores, Thresholds
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.kinds.xmp_keywords import keywords_in
from mma_desktop.services.image_index import Filter, Predictions
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.place_dialog import KeywordsDialog, SortDialog, SortRequest
from mma_desktop.ui.shell import export_actions

from .person import Person

pytestmark = pytest.mark.usefixtures("no_embedding")


@pytest.fixture
def context(
    person: Person, open_project: Callable[[Controller], ProjectContext], picture_folder: Path
) -> ProjectContext:
    """48 pictures, half of which are predicted as each of two classes, more or less surely; one is labelled."""
    controller = person.window.controller
    made = open_project(controller)
    with person.qtbot.waitSignal(controller.import_done):
        controller.import_paths([picture_folder])
    with person.qtbot.waitSignal(controller.changed):
        controller.add_classes(["round", "square & flat"])
    ids = made.select(Filter())
    with person.qtbot.waitSignal(controller.changed):
        controller.assign([int(ids[0])], made.classes[1].id)
    found = np.array([one.id for one in made.classes])[np.arange(48) % 2]
    sure = np.linspace(0.2, 1, 48).astype(np.float32)
    made.predictions = Predictions(
        ids, found, sure, found, sure, OpenSetScores(sure, np.full(48, np.nan, np.float32)), thresholds=Thresholds(0.3)
    )
    person.window.show_page("use")
    person.until(lambda: not controller.bridge.jobs())
    return made


def opened(person: Person, kind: type[QDialog]) -> QDialog:
    person.until(lambda: any(one.isVisible() for one in person.window.findChildren(kind)))
    return next(one for one in person.window.findChildren(kind) if one.isVisible())


def sort_dialog(person: Person, out: Path) -> SortDialog:
    person.window.menus.export["sorted"].trigger()
    dialog = opened(person, SortDialog)
    assert isinstance(dialog, SortDialog)
    place(dialog, out)
    person.until(dialog.go_button.isEnabled)
    return dialog


def place(dialog: SortDialog, out: Path) -> None:
    dialog.folder.setText(str(out.parent))
    dialog.name.setText(out.name)


def counted(dialog: SortDialog) -> dict[str, int]:
    table = dialog.table
    cells = [[cell.text for cell in line[:2]] for line in table.lines]
    return {name: int(count) for name, count in cells}


def bar(person: Person, part: str) -> object:
    bars = person.window.messages.bars
    person.until(lambda: any(part in one.text for one in person.window.messages.bars))
    return next(one for one in person.window.messages.bars if part in one.text) if bars is not None else None


def test_the_counts_follow_the_limit(person: Person, context: ProjectContext, tmp_path: Path) -> None:
    dialog = sort_dialog(person, tmp_path / "out")
    assert counted(dialog) == {"round": 15, "square & flat": 16, "None of these": 5, "Unsure": 12}
    dialog.sure.labelled.setChecked(False)
    person.until(lambda: sum(counted(dialog).values()) == 47)
    dialog.sure.limit.setValue(100)
    person.until(lambda: counted(dialog).get("Unsure") == 41)
    assert "round" not in counted(dialog)
    assert dialog.note.text() == "47 pictures into 3 folders. Pictures stay where they are and are never changed."
    dialog.folder.setText("here")
    assert not dialog.go_button.isEnabled()
    (tmp_path / "file").touch()
    place(dialog, tmp_path / "file")
    assert dialog.note.text() == "file already exists. Choose another name."
    dialog.reject()


def test_offered_names_are_in_the_language_of_the_window(
    person: Person, context: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"{project} predictions": "{project} Vorhersagen", "{project} sorted": "{project} sortiert"}
    offered: list[Path] = []
    monkeypatch.setattr(export_actions, "ask_where", lambda _parent, _title, out, _chosen: offered.append(out))
    i18n.install(i18n.Language(lambda text, _other, _number: names.get(text, "")))
    try:
        person.window.menus.export["predictions"].trigger()
        person.window.menus.export["sorted"].trigger()
    finally:
        i18n.install(i18n.ENGLISH)
    dialog = opened(person, SortDialog)
    assert isinstance(dialog, SortDialog)
    name = context.project.name
    assert [offered[0].name, dialog.out.name] == [f"{name} Vorhersagen.csv", f"{name} sortiert"]
    dialog.reject()


@pytest.mark.parametrize("kind", [SortDialog, KeywordsDialog])
def test_a_dialog_can_be_closed_before_its_pictures_are_counted(
    person: Person, context: ProjectContext, tmp_path: Path, kind: type[SortDialog | KeywordsDialog]
) -> None:
    controller, counted = person.window.controller, Event()
    controller.bridge.run(LaneName.VIEW, "", lambda _token: counted.wait(60))
    dialog = kind(controller, SortRequest(tmp_path / "sorted"), person.window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    dialog.reject()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete.value)
    assert not isValid(dialog)
    counted.set()
    person.until(lambda: not controller.bridge.jobs())
    QApplication.processEvents()


@pytest.mark.parametrize("images", [Images.COPY, Images.LINK])
def test_pictures_are_sorted_and_stay_as_and_where_they_are(
    images: Images,
    person: Person,
    context: ProjectContext,
    picture_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, before = tmp_path / "out", {one: one.read_bytes() for one in picture_folder.rglob("*.jpg")}
    rows = context.project.image_rows(context.select(Filter()).tolist())
    shown: list[Path] = []
    monkeypatch.setattr(export_actions, "show_in_folder", shown.append)
    dialog = sort_dialog(person, out)
    dialog.images.setCurrentIndex(dialog.images.findData(images))
    expected = counted(dialog)
    person.click(dialog.go_button)
    done = "linked" if images is Images.LINK else "copied"
    notice = bar(person, f"Written to {out}: 48 pictures {done}.")
    assert {one.name: len(list(one.iterdir())) for one in out.iterdir()} == expected
    assert {one: one.read_bytes() for one in picture_folder.rglob("*.jpg")} == before
    assert context.project.image_rows([one.id for one in rows]) == rows
    person.click(notice.action_button)
    assert shown == [out]
    person.window.messages.clear()
    person.window.menus.export["sorted"].trigger()
    again = opened(person, SortDialog)
    assert isinstance(again, SortDialog)
    assert again.out.parent == tmp_path
    assert not again.out.exists(), "another new folder is offered"
    assert Images(again.images.currentData()) is images
    place(again, out)
    assert "already exists" in again.note.text()
    assert not again.go_button.isEnabled()
    again.reject()


def test_keywords_are_written(person: Person, context: ProjectContext, picture_folder: Path) -> None:
    person.window.menus.export["keywords"].trigger()
    dialog = opened(person, KeywordsDialog)
    assert isinstance(dialog, KeywordsDialog)
    person.until(dialog.go_button.isEnabled)
    assert dialog.note.text() == "31 of 48 pictures"
    person.click(dialog.go_button)
    bar(person, "Keywords written for 31 pictures.")
    files = list(picture_folder.rglob("*.xmp"))
    assert len(files) == 31
    assert {one for file in files for one in keywords_in(file.read_bytes())} == {"round", "square & flat"}


def test_nothing_to_use_is_a_sentence(person: Person, open_project: Callable[[Controller], ProjectContext]) -> None:
    assert not person.window.menus.export["sorted"].isEnabled()
    open_project(person.window.controller)
    person.window.menus.export["sorted"].trigger()
    dialog = opened(person, SortDialog)
    assert isinstance(dialog, SortDialog)
    person.until(lambda: not person.window.controller.bridge.jobs())
    assert dialog.note.text() == "There is no picture to sort."
    assert not dialog.go_button.isEnabled()
    dialog.reject()
