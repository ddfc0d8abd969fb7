"""Any open_clip model can be chosen by its name: completed, checked, and downloaded only when that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.backbone_picker import OTHER, BackbonePicker, OtherBackboneDialog

from .person import LONG, Key, Person

FAR = next(spec for spec in BACKBONES if not spec.bundled)
MODEL = "ViT-B-32-quickgelu/laion400m_e31"
"""A model that open_clip lists and our table does not."""


@pytest.fixture
def person(person: Person, open_project: Callable[[Controller], ProjectContext]) -> Person:
    """At the experiments of an empty project."""
    open_project(person.window.controller)
    person.window.show_page("experiments")
    return person


def picker(person: Person) -> BackbonePicker:
    found = person.window.pages["experiments"].form.picker
    assert isinstance(found, BackbonePicker)
    return found


def open_dialog(person: Person) -> OtherBackboneDialog:
    """Choose the last row of the list with the keyboard."""
    combo = picker(person).combo
    combo.setFocus()
    person.press(Key.Key_Space)
    person.until(combo.view().isVisible)
    combo.view().setCurrentIndex(combo.model().index(combo.count() - 1, 0))
    person.qtbot.keyClick(combo.view(), Qt.Key.Key_Return)
    person.until(lambda: isinstance(QApplication.activeModalWidget(), OtherBackboneDialog))
    found = QApplication.activeModalWidget()
    assert isinstance(found, OtherBackboneDialog)
    person.until(lambda: found.names.rowCount() > 100, LONG)
    return found


def test_another_model_is_completed_checked_and_waits_for_its_download(person: Person) -> None:
    picked: list[str] = []
    picker(person).picked.connect(picked.append)
    dialog = open_dialog(person)
    assert picker(person).backbone_id == STARTER_ID, "nothing is chosen yet"
    dialog.edit.setFocus()
    person.qtbot.keyClicks(dialog.edit, "quickgelu/laion400m_e3")
    found = [
        dialog.completer.completionModel().index(row, 0).data() for row in range(dialog.completer.completionCount())
    ]
    assert MODEL in found
    dialog.edit.setText(MODEL)
    dialog.completer.popup().hide()
    person.click(dialog.go_button)
    person.until(lambda: picker(person).backbone_id == MODEL, LONG)
    assert "512 dimensions" in picker(person).facts.text()
    assert picker(person).is_undecided
    assert picker(person).download_button.isVisible()
    assert picked == [], "it is not fetched unasked"
    assert MODEL in [spec.id for spec in picker(person).specs]
    assert picker(person).combo.itemData(picker(person).combo.count() - 1) == OTHER


def test_an_unknown_name_is_refused_with_a_sentence(person: Person) -> None:
    dialog = open_dialog(person)
    dialog.edit.setText("ViT-B-32/laion2b_s34b_b79")
    dialog.completer.popup().hide()
    person.click(dialog.go_button)
    person.until(lambda: dialog.state.text().startswith("There is no backbone"), LONG)
    assert "Did you mean" in dialog.state.text()
    assert dialog.isVisible()
    person.press(Key.Key_Escape)
    person.until(lambda: QApplication.activeModalWidget() is None)
    assert picker(person).backbone_id == STARTER_ID


def test_a_runs_own_model_is_looked_up_and_not_fetched_unasked(person: Person) -> None:
    picked: list[str] = []
    made = picker(person)
    made.picked.connect(picked.append)
    made.choose(MODEL)
    person.until(lambda: made.spec is not None, LONG)
    assert made.is_undecided
    assert picked == []
    made.choose("Some-Model/own")
    person.until(lambda: made.state.text().startswith("There is no backbone"), LONG)
    assert picked == []
    assert not made.download_button.isVisible()


def test_what_is_here_is_taken_at_once(controller: Controller, qtbot: QtBot) -> None:
    made = BackbonePicker(controller.bridge)
    qtbot.addWidget(made)
    picked: list[str] = []
    made.picked.connect(picked.append)
    made.choose("Some/weights")
    assert made.is_undecided
    made.add(replace(FAR, id="Some/weights"), True)
    assert picked == ["Some/weights"]
    made.choose("Mine/file")
    made.add(replace(FAR, id="Mine/file"), False)
    assert made.is_undecided
    assert made.download_button.isHidden(), "nobody publishes these"
    assert not made.file_button.isHidden()
