"""Export > Whole classifier and Export > Features, through the real menus, dialogs and lanes."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from mma_desktop import read_feature_file
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import Recipe, TrainRequest
from mma_desktop.engine.export import runtimes
from mma_desktop.engine.export.runtimes import FORMATS
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.services.training import project_training
from mma_desktop.services.training.learning import NO_MODEL
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.place_dialog import ExportModelDialog
from mma_desktop.ui.dialogs.text_dialogs import HowToUseDialog
from mma_desktop.ui.shell.main_window import MainWindow
from tests.ui.conftest import CLASSES

from .person import Person

WAIT = 120_000


@pytest.fixture
def window(person: Person) -> MainWindow:
    return person.window


def choose(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Answer the file dialog that is open: the name and Return."""
    qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)), timeout=WAIT)
    dialog = window.findChildren(QFileDialog)[-1]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=WAIT)


def told(qtbot: QtBot, window: MainWindow, part: str) -> str:
    """What a message says that has this in it."""
    qtbot.waitUntil(lambda: any(part in bar.text for bar in window.messages.bars), timeout=WAIT)
    return next(bar.text for bar in window.messages.bars if part in bar.text)


def on_engine(qtbot: QtBot, controller: Controller, work: Callable[..., object]) -> None:
    """Run a job on the engine lane to its end."""
    ended: list[object] = []
    controller.bridge.run(LaneName.ENGINE, "Test", work, done=ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT)


def test_without_an_adapter_it_says_so(
    window: MainWindow, controller: Controller, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> None:
    assert not window.menus.export["whole_model"].isEnabled()
    open_project(controller)
    window.menus.export["whole_model"].trigger()
    assert told(qtbot, window, "model") == NO_MODEL


def test_a_format_that_cannot_be_written_is_disabled_with_its_reason_and_not_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(runtimes, "find_spec", lambda name: None if name == "onnxruntime" else find_spec(name))
    dialog = ExportModelDialog("birds", tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.format.currentText() == "torch.export"
    assert dialog.out == tmp_path / "birds.pt2"
    assert not dialog.format.model().index(0, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    assert "ONNX needs onnxruntime." in dialog.missing.text()
    assert dialog.missing.isVisible()
    dialog.format.setFocus()
    QTest.keyClick(dialog.format, Qt.Key.Key_Up)
    assert dialog.format.currentText() == "torch.export", "the keyboard does not reach it either"
    (tmp_path / "birds.pt2").touch()
    dialog.name.setText("birds ")
    assert not dialog.go_button.isEnabled()


@pytest.mark.usefixtures("untraced")
def test_a_trained_project_is_exported_whole(
    window: MainWindow,
    controller: Controller,
    starter_session: ProjectContext,
    picture_folder: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    context = starter_session
    folders = {name: picture_folder / name for name in CLASSES}
    request = TrainRequest(shots=4, seed=3, recipe=Recipe(max_epochs=5))
    on_engine(qtbot, controller, lambda token: importing.import_paths(context, [picture_folder], token, folders))
    on_engine(qtbot, controller, lambda token: project_training.train(context, request, token))
    window.menus.export["whole_model"].trigger()
    qtbot.waitUntil(lambda: window.findChild(ExportModelDialog) is not None, timeout=WAIT)
    asked = window.findChild(ExportModelDialog)
    assert asked.format.currentText() == "ONNX"
    asked.format.setCurrentText("torch.export")
    asked.folder.setText(str(tmp_path))
    asked.name.setText("shapes")
    asked.go_button.click()
    out = tmp_path / "shapes.pt2"
    said = told(qtbot, window, "The classifier of 4 classes is in")
    assert f"{out}. Its probabilities of 12 pictures are the same there, to within " in said
    bar = next(bar for bar in window.messages.bars if "The classifier of 4 classes" in bar.text)
    bar.action_button.click()
    dialog = window.findChild(HowToUseDialog)
    dialog.copy_button.click()
    code = QGuiApplication.clipboard().text()
    assert f'with open("{out}", "rb") as file:' in code
    dialog.close_button.click()
    about = json.loads(FORMATS["torch-export"].read(out)[1])
    assert about["class_names"] == list(CLASSES)
    window.menus.export["features"].trigger()
    choose(qtbot, window, tmp_path / "shapes")
    said = told(qtbot, window, "has the features of")
    data = read_feature_file(tmp_path / "shapes.safetensors")
    assert [len(data.parts[part]) for part in ("train", "val", "test")] == [16, 16, 16]
    assert "16 pictures for training, 16 for validation, 16 for testing and 0 without a label" in said
    window.menus.export["report"].trigger()
    choose(qtbot, window, tmp_path / "shapes")
    said = told(qtbot, window, "written to")
    assert str(tmp_path / "shapes.html") in said
    assert context.project.runs()[0].name in (tmp_path / "shapes.html").read_text("utf-8")
