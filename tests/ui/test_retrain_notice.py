"""New names without a training, and the notice that says when one would help, through the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.main_window import MainWindow
from mma_desktop.ui.train.retrain_notice import RetrainNotice

from .person import Person

LEFT = Qt.MouseButton.LeftButton
LONG = 120_000
SHOTS = 3


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.set("shots", SHOTS)
    return settings


@pytest.fixture
def window(
    person: Person,
    controller: Controller,
    open_project: Callable[[Controller], ProjectContext],
    picture_folder: Path,
    qtbot: QtBot,
) -> MainWindow:
    """A trained window: apples and boxes are base classes with eight labels each; clouds and stripes have no label."""
    made = person.window
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        context = open_project(controller)
    controller.add_classes(["apples", "boxes"])
    qtbot.waitUntil(lambda: len(context.classes) == 2)
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder])
    ids = {one.name: one.id for one in context.classes}
    by_folder: dict[str, list[int]] = {}
    for row in context.project.image_rows(context.index.columns.ids.tolist()):
        by_folder.setdefault(row.path.parent.name, []).append(row.id)
    for name, class_id in ids.items():
        controller.assign(by_folder[name][:5], class_id)
    qtbot.waitUntil(lambda: sum(context.index.counts().values()) == 10)
    made.show_page("train")
    made.pages["train"].show_advanced()
    start = made.pages["train"].advanced.form.start_button
    qtbot.waitUntil(start.isEnabled, timeout=LONG)
    with qtbot.waitSignal(controller.train_finished, timeout=LONG):
        QTest.mouseClick(start, LEFT)
    qtbot.waitUntil(lambda: context.engine.adapter is not None)
    qtbot.waitUntil(lambda: not controller.bridge.jobs(), timeout=LONG)  # the predictions of the adapter are here
    return made


def notice(window: MainWindow, page: str) -> RetrainNotice:
    found = window.pages[page].findChild(RetrainNotice)
    assert found is not None
    return found


def test_a_new_name_is_predicted_at_once_and_is_no_reason_to_train(window: MainWindow, qtbot: QtBot) -> None:
    context = window.controller.open_context
    window.show_page("predict")
    page, said = window.pages["predict"], notice(window, "predict")
    QTest.keyClicks(page.trials.edit, "stripes")
    QTest.keyClick(page.trials.edit, Qt.Key.Key_Return)
    (chip,) = page.trials.chips.values()
    with qtbot.waitSignal(window.controller.guesses_changed, timeout=LONG):  # no training in between
        QTest.mouseClick(chip.add_button, LEFT)
    stripes = context.classes[-1]
    assert stripes.name == "stripes"
    assert context.guesses is not None
    assert context.guesses.adapted_class is not None
    qtbot.waitUntil(said.isVisible)
    assert said.text == "The new class 'stripes' needs no training: it is predicted by its name."
    assert not said.action_button.isVisible()
    QTest.mouseClick(said.close_button, LEFT)
    assert not said.isVisible()
    # Renamed, it is predicted by its new name at once; still nothing to train.
    with qtbot.waitSignal(window.controller.guesses_changed, timeout=LONG):
        window.controller.rename_class(stripes.id, "zebra crossing")
    assert not said.isVisible()
    assert len(context.project.runs()) == 1


def test_a_renamed_base_class_is_a_reason_and_the_button_trains(window: MainWindow, qtbot: QtBot) -> None:
    context = window.controller.open_context
    panel = window.pages["label"].panel
    window.controller.add_classes(["stripes"], Role.NEW)  # the next training's results are about it: no news after it
    qtbot.waitUntil(lambda: len(context.classes) == 3)
    window.show_page("label")
    panel.list.select_class(context.classes[0].id)
    with qtbot.waitSignal(window.controller.guesses_changed, timeout=LONG):
        QTest.keyClick(panel.list, Qt.Key.Key_F2)
        editor = panel.list.findChild(QLineEdit)
        assert editor is not None
        editor.selectAll()
        QTest.keyClicks(editor, "red balls")
        QTest.keyClick(editor, Qt.Key.Key_Return)
    window.show_page("predict")
    said = notice(window, "predict")
    words = "Since the adapter in use was trained, 'apples' was renamed 'red balls'. Training again would help."
    qtbot.waitUntil(lambda: said.isVisible() and said.text == words)
    QTest.mouseClick(said.action_button, LEFT)
    assert window.current_page == "train"
    here = notice(window, "train")
    qtbot.waitUntil(here.isVisible)
    start = window.pages["train"].advanced.form.start_button
    qtbot.waitUntil(start.isEnabled, timeout=LONG)
    with qtbot.waitSignal(window.controller.train_finished, timeout=LONG):
        QTest.mouseClick(here.action_button, LEFT)
        assert not here.isVisible()
    qtbot.waitUntil(lambda: len(context.project.runs()) == 2)
    qtbot.waitUntil(lambda: not window.controller.bridge.busy(), timeout=LONG)
    assert not here.isVisible()
    assert not said.isVisible()


def test_a_dismissed_notice_is_gone_from_both_pages(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.set_project_setting("prompt_template", "a drawing of {}.")
    here, there = notice(window, "train"), notice(window, "predict")
    qtbot.waitUntil(here.isVisible)
    assert "the prompt template was changed (the adapter goes on with its own)" in here.text
    QTest.mouseClick(here.close_button, LEFT)
    assert not here.isVisible()
    assert there.isHidden()
    with qtbot.waitSignal(window.controller.guesses_changed, timeout=LONG):
        window.controller.move_class(window.controller.open_context.classes[0].id, 1)
    qtbot.waitUntil(lambda: not window.controller.bridge.busy(), timeout=LONG)
    assert not here.isVisible()
