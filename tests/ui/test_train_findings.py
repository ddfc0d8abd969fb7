"""What a new user met on the Train and Predict pages, through the real window: keys, messages, names of trainings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QStackedWidget
from pytestqt.qtbot import QtBot

from mma_desktop.cli.progress import epochs_line
from mma_desktop.core.events import EpochEvent
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Accuracy, ClassScore, Evaluation, Role, RunRecord, Scores
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.serialization import evaluation_json
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.compare_runs import compare
from mma_desktop.ui.results.run_views import RunViews
from mma_desktop.ui.results.saved_curves import saved_curves
from mma_desktop.ui.results.train_text import LEARNT_NOTHING, epochs_of, learnt_nothing
from mma_desktop.ui.widgets import number_format

from .person import CONTROL, LONG, Key, Person

Opener = Callable[[Controller], ProjectContext]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.set("shots", 4)
    return settings


@pytest.fixture
def person(person: Person, open_project: Opener, picture_folder: Path, qtbot: QtBot) -> Person:
    """Somebody in front of an open project whose pictures are labelled by their folders; no backbone is loaded."""
    controller = person.window.controller
    open_project(controller)
    folders = {one.name: one for one in sorted(picture_folder.iterdir())}
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder], folders, True)
    return person


def test_the_key_that_starts_a_training_works_wherever_the_keyboard_is_on_the_train_page(person: Person) -> None:
    window = person.window
    train = window.pages["train"].advanced
    started: list[object] = []
    window.controller.train_started.connect(started.append)
    person.go_to_advanced()
    person.until(train.form.start_button.isEnabled)
    rail = window.rail.tabs

    person.go_to(Key.Key_2, "label")
    person.press(Key.Key_Return, CONTROL)  # there it belongs to the review
    assert not started

    window.show_page("train")
    window.pages["train"].show_advanced()
    window.show_settings()
    person.until(lambda: QApplication.activeWindow() is QApplication.activeModalWidget())
    person.press(Key.Key_Return, CONTROL)
    assert not started
    person.press(Key.Key_Escape)

    rail.setFocus()
    person.until(train.form.start_button.isEnabled)
    person.press(Key.Key_Return, CONTROL)
    assert len(started) == 1
    with person.qtbot.waitSignal(window.controller.train_finished, timeout=LONG):
        train.stop()


def test_the_form_has_the_keyboard_when_the_page_is_shown_by_its_key(person: Person) -> None:
    window = person.window
    window.rail.tabs.setFocus()
    train = person.go_to_advanced()
    assert train.form.isAncestorOf(person.keyboard())
    train.form.seed.setFocus()
    person.go_to(Key.Key_2, "label")
    window.rail.tabs.setFocus()
    person.go_to_advanced()
    assert person.keyboard() is train.form.seed


# ------------------------------------------------------------------ a training that learnt nothing


def evaluation(before: int, after: int) -> Evaluation:
    old, new = Accuracy.of(before, 60), Accuracy.of(after, 60)
    scores = [ClassScore("ant", Role.BASE, old, new), ClassScore("bee", Role.NEW, old, new)]
    roles = (Role.BASE, Role.NEW)
    return Evaluation(
        ("ant", "bee"), roles, Scores(old, old, old), Scores(new, new, new), tuple(scores), ((0, 0), (0, 0))
    )


def test_no_epoch_is_called_the_best_where_none_is_chosen() -> None:
    row = {"phase": "train", "loss": 1.0, "validation_loss": 1.0, "base": 50.0, "new": 50.0}
    history = [{**row, "epoch": 100}, {**row, "epoch": 200, "validation_loss": 2.0}]
    told = {"epochs": 200, "best_epoch": 200, "seconds": 4, "history": history}
    metrics = {**evaluation_json(evaluation(50, 51)), **told}
    every = RunRecord(1, "x", 0.0, "clip-adapter", "starter", "x", {"recipe": {"patience": 0}}, metrics)
    chosen = replace(every, settings={"recipe": {"patience": 10}}, metrics={**metrics, "best_epoch": 100})
    took = number_format.duration(4)
    assert epochs_of(every) == ("200 epochs", took)
    assert epochs_of(chosen) == ("200 epochs", f"best epoch 100, {took}")
    assert saved_curves(every).phases["train"].best_epoch == 0
    assert saved_curves(chosen).phases["train"].best_epoch == 100
    epoch = EpochEvent("train", 200, 200, 1.0, 2.0, None, None, None, None, Scores(), 100, 0.0)
    assert epochs_line(epoch) == "best epoch 100 of 200"
    assert epochs_line(replace(epoch, best_epoch=0)) == "trained for 200 epochs"
    lines = {one.head: one.cells for one in compare([every, chosen]).settings}
    assert lines["Best epoch"] == ("none chosen", "100")


def test_a_training_that_learnt_nothing_is_told_from_others() -> None:
    run = RunRecord(1, "x", 0.0, "multi-modal-adapter", "starter", "x", {}, {"best_epoch": 9})
    short = replace(run, metrics={"best_epoch": 1})
    assert learnt_nothing(run, evaluation(50, 50)) == LEARNT_NOTHING
    assert learnt_nothing(short, evaluation(50, 51)) == LEARNT_NOTHING  # one picture: about the same
    assert not learnt_nothing(run, evaluation(50, 51))
    assert not learnt_nothing(short, evaluation(50, 55))
    assert not learnt_nothing(replace(run, method="zero-shot"), evaluation(50, 50)), "there is no adapter"


def test_the_results_say_that_a_training_learnt_nothing(controller: Controller, qtbot: QtBot) -> None:
    views = RunViews(controller, QStackedWidget())
    qtbot.addWidget(views)
    views.show()
    run = RunRecord(1, "x", 0.0, "multi-modal-adapter", "starter", "x", {}, {"best_epoch": 1})
    for after, said in ((50, True), (57, False)):
        views.setCurrentWidget(views.results)
        views.show_run(run, evaluation(50, after))
        shown = [one.text() for one in views.results.findChildren(QLabel) if one.isVisible()]
        assert any(text.startswith(LEARNT_NOTHING) for text in shown) is said


# ------------------------------------------------------------------ messages, and pasting a picture


def test_a_second_export_takes_the_place_of_the_first_message(person: Person, tmp_path: Path) -> None:
    window = person.window
    for name in ("one.csv", "two.csv"):
        window.exports.predictions()
        person.answer_file_dialog(tmp_path / name)
        person.until(lambda name=name: any(name in bar.text for bar in window.messages.bars))
    assert len(window.messages.bars) == 1
    assert "two.csv" in window.messages.bars[0].text
    for at in range(4):
        window.messages.show_message(f"Sentence {at}.", "warn")
    assert [bar.text for bar in window.messages.bars] == ["Sentence 2.", "Sentence 3."]


def test_an_image_on_the_clipboard_is_tested_though_the_keyboard_is_in_the_names(person: Person) -> None:
    page = person.go_to(Key.Key_4, "predict")
    edit = page.trials.edit
    edit.setFocus()
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("zebra")
    QTest.keyClick(edit, Key.Key_V, CONTROL)
    assert edit.text() == "zebra"
    image = QImage(80, 60, QImage.Format.Format_RGB32)
    for field, colour in zip(page.findChildren(QLineEdit), ("red", "green", "blue"), strict=False):
        before, text = page.test.spot.grab().toImage(), field.text()
        image.fill(QColor(colour))
        clipboard.setImage(image)
        QTest.keyClick(field, Key.Key_V, CONTROL)
        person.until(lambda before=before: page.test.spot.grab().toImage() != before)
        assert field.text() == text
