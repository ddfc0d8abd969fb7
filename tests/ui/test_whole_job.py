"""The whole job as a person does it: through the real window by keys, clicks and drops, with real files and starter."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from mma_desktop import load_classifier
from mma_desktop.core.events import EpochEvent
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource, ProblemKind
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER
from mma_desktop.services.image_index import Show
from mma_desktop.services.project_factory import open_project
from mma_desktop.services.serialization import evaluation_of
from mma_desktop.services.training.experiments import Division
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import pack

from .person import CONTROL, LEFT, LONG, SHIFT, WAIT, Key, Person, labels_of, shown_window, tick

CLASSES = ("banana", "daisy", "lemon", "mushroom", "strawberry", "umbrella")
NEW = CLASSES[-2:]
UNNAMED = "soccer ball"
"""Its pictures are dropped too; nobody makes a class of it."""
PER_CLASS = 16
LABELLED = 12
EPOCHS = 50
"""Two hundred, in five fits, take ten seconds."""


@pytest.fixture
def pictures(sample_pictures: Path, tmp_path: Path) -> Path:
    """Seven class folders of sixteen pictures, the test's own."""
    folder = tmp_path / "things"
    for name in (*CLASSES, UNNAMED):
        (folder / name).mkdir(parents=True)
        for file in sorted((sample_pictures / name).iterdir())[:PER_CLASS]:
            shutil.copy(file, folder / name)
    return folder


@pytest.fixture(autouse=True)
def warm(warm_starter: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The starter is loaded here as in the program, and encodes every picture; the value loads the one of all tests."""
    from mma_desktop.engine.backbones import loading

    warm = loading.load_backbone
    monkeypatch.setattr(loading, "load_backbone", warm_starter)
    return warm


@pytest.fixture
def person(person: Person) -> Person:
    """Somebody who has just started the program, which loads its backbone by itself."""
    person.window.controller.prepare_on_open = True
    return person


def begin(person: Person, pictures: Path) -> None:
    """Drop the folder on the welcome page, name the project by keys, and import without labels."""
    person.drop_files([pictures])
    person.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    person.press(Key.Key_A, CONTROL)
    person.type("Fruit and more")
    dialog = person.window.projects.dialog
    assert dialog is not None
    person.until(dialog.use_names.isVisible)
    person.click(dialog.use_names, QPoint(12, dialog.use_names.height() // 2))
    assert not dialog.use_names.isChecked()
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=LONG) as done:
        person.click(dialog.go_button)
    count = PER_CLASS * len(list(pictures.iterdir()))
    assert (done.args[0].added, done.args[0].labelled, done.args[0].problems) == (count, 0, 0)
    assert person.window.current_page == "label"
    person.until(lambda: len(person.shown()) == count)


def test_the_whole_job(
    person: Person,
    pictures: Path,
    tmp_path: Path,
    settings: Settings,
    warm: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert person.window.current_page == "home"
    begin(person, pictures)
    assert settings.recent() == [tmp_path / "projects" / "Fruit and more.mma"]
    person.name_classes(", ".join(CLASSES))
    person.until(lambda: person.classes_are(*CLASSES))
    person.wait_for_guesses(PER_CLASS * (len(CLASSES) + 1))
    label_by_name(person)
    accept_likely(person)
    undo_a_label_and_a_name(person)
    train(person)
    look_at_predictions(person)
    monkeypatch.setattr("mma_desktop.engine.backbones.loading.load_backbone", warm)
    export(person, pictures, tmp_path)
    reopen_by_keyboard(person)


def label_by_name(person: Person) -> None:
    """Label twelve pictures of each class but mushroom: by mouse, by keyboard, one by one, by a drag."""
    grid = person.label.grid
    keys = {one.name: one.key for one in person.context.classes}
    person.search("banana", PER_CLASS)
    person.click_image(0)
    person.click_image(LABELLED - 1, SHIFT)
    person.type(keys["banana"])
    person.search("daisy", PER_CLASS)
    person.click_image(0)
    for _ in range(LABELLED - 1):
        person.press(Key.Key_Right, SHIFT)
    person.type(keys["daisy"])
    person.search("lemon", PER_CLASS)
    person.click_image(0)
    person.type(keys["lemon"] * LABELLED)
    person.search("strawberry", PER_CLASS)
    for position in range(LABELLED):
        person.click_image(position, CONTROL)
    person.type(keys["strawberry"])
    person.search("umbrella", PER_CLASS)
    person.click_image(0)
    person.click_image(LABELLED - 1, SHIFT)
    classes = person.label.panel.list
    row = classes.visualRect(classes.model().index(CLASSES.index("umbrella"), 0)).center()
    assert person.drop(pack(grid.selected_ids()), classes.viewport().mapTo(person.window, row))
    five = [name for name in CLASSES if name != "mushroom"]
    person.until(lambda: Counter(person.labels().values()) == dict.fromkeys(five, LABELLED))
    ids = list(person.labels())
    assert person.true_classes(ids) == list(person.labels().values()), "each picture got the class that it shows"


def accept_likely(person: Person) -> None:
    """Most likely mushrooms first: Enter where the suggestion is right, its key where it is not, S for other things."""
    panel, grid = person.label.panel, person.label.grid
    person.click(person.label.filter_bar.buttons[Show.ALL])
    person.click_row(panel.list, CLASSES.index("mushroom"))
    next(one for one in panel.make_menu().actions() if one.text() == "Most likely first").trigger()
    free = PER_CLASS * (len(CLASSES) + 1) - LABELLED * (len(CLASSES) - 1)
    person.until(lambda: len(person.shown()) == free and person.label.query.answered)
    names = dict(zip(person.shown(), person.true_classes(person.shown()), strict=True))
    assert [names[one] for one in person.shown()].index("mushroom") < 3
    key = person.context.classes[CLASSES.index("mushroom")].key
    done: Counter[str] = Counter()
    while done["accepted"] + done["typed"] < LABELLED:
        image_id = grid.current_id()
        guess = grid.images.badge(image_id).guess
        if names[image_id] != "mushroom":
            person.type("s")
            done["skipped"] += 1
            assert done["skipped"] < free, "every picture was looked at"
        elif guess is not None and guess.name == "mushroom":
            person.press(Key.Key_Return)
            done["accepted"] += 1
        else:
            person.type(key)
            done["typed"] += 1
    person.until(lambda: Counter(person.labels().values()) == dict.fromkeys(CLASSES, LABELLED))
    assert person.true_classes(list(person.labels())) == list(person.labels().values())
    columns = person.context.index.columns
    suggested = np.flatnonzero(columns.sources == list(LabelSource).index(LabelSource.SUGGESTION))
    assert len(suggested) == done["accepted"] >= LABELLED // 2


def undo_a_label_and_a_name(person: Person) -> None:
    """Ctrl+Z takes a wrong label back, and a new name of a class."""
    before = person.labels()
    person.click(person.label.filter_bar.buttons[Show.UNLABELLED])
    person.until(lambda: len(person.shown()) == PER_CLASS * (len(CLASSES) + 1) - len(before))
    wrong = person.shown()[0]
    person.click_image(0)
    person.type("2")
    person.until(lambda: person.labels().get(wrong) == CLASSES[1] and wrong not in person.shown())
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: person.labels() == before and wrong in person.shown())
    person.click(person.label.filter_bar.buttons[Show.ALL])
    person.click_row(person.label.panel.list, CLASSES.index("lemon"))
    person.press(Key.Key_F2)
    person.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    person.press(Key.Key_A, CONTROL)
    person.type("citrus")
    person.press(Key.Key_Return)
    person.until(lambda: person.classes_are("banana", "daisy", "citrus", *CLASSES[3:]))
    assert list(person.labels().values()).count("citrus") == LABELLED
    person.press(Key.Key_Z, CONTROL)
    person.until(lambda: person.classes_are(*CLASSES) and person.labels() == before)


def train(person: Person) -> None:
    """Eight shots, Ctrl+Return, curves while it runs, the table afterwards; then it is used."""
    controller = person.window.controller
    page = person.go_to_experiments()
    page.form.division.setCurrentIndex(page.form.division.findData(Division.PICKED))
    tick(page.form.new_classes, *(one.id for one in person.context.classes if one.name in NEW))
    person.until(lambda: "fewer than 16 shots" in page.form.obstacle)
    tick(page.form.methods, MULTI_MODAL_ADAPTER)
    page.form.options.currentWidget().recipe.fields["max_epochs"].setValue(EPOCHS)
    QTest.mouseDClick(page.form.shots, LEFT)
    person.type("8")
    assert page.form.shots.text() == "8"
    person.until(page.form.run_button.isEnabled)
    events: list[EpochEvent] = []
    controller.epoch.connect(events.append)
    with person.qtbot.waitSignal(controller.experiment_finished, timeout=3 * LONG) as finished:
        person.press(Key.Key_Return, CONTROL)
    assert finished.args[0] is not None, "it was neither stopped nor failed"
    main = [event for event in events if event.phase == "train"]
    assert len(main) > 3
    curves = page.views.curves.panel
    # One plot is drawn a turn after the other.
    for line in (curves.accuracy_plot.lines["train", "new"], curves.loss_plot.lines["train", "loss"]):
        person.until(lambda line=line.curve: line.getData()[0] is not None and len(line.getData()[0]) == len(main))
    assert [line.isVisible() for line in curves.zero_shot.values()] == [True, True], "zero-shot, dashed"
    (only,) = finished.args[0].runs
    result = evaluation_of(only.metrics)
    assert result.adapted.base.percent >= result.zero_shot.base.percent
    assert result.adapted.new.n == len(NEW) * LABELLED
    person.until(lambda: len(page.table.selected()) == 1)
    assert page.table.selected()[0].figures["base"].mean == pytest.approx(result.adapted.base.percent, abs=1e-3)
    person.click(page.use_button)
    person.until(lambda: QApplication.activeModalWidget() is not None)
    person.answer("Use this one")
    person.until(lambda: person.context.is_current(only))


def look_at_predictions(person: Person) -> None:
    """Every unlabelled picture has a prediction, and a name that nobody labelled ranks its pictures first."""
    page = person.go_to(Key.Key_5, "use")
    free = PER_CLASS * (len(CLASSES) + 1) - LABELLED * len(CLASSES)
    person.until(lambda: len(page.grid.images.ids) == free)
    ids = page.grid.images.ids.tolist()
    person.until(lambda: page.grid.images.predictions.adapted_class is not None)
    person.until(lambda: all(page.grid.images.badge(one).guess for one in ids))
    named = [(one, name) for one, name in zip(ids, person.true_classes(ids), strict=True) if name != UNNAMED]
    right = [page.grid.images.badge(one).guess.name == name for one, name in named]
    assert np.mean(right) > 0.6, "chance is 0.17"
    if page.more_button.isVisible():  # the window is narrow
        person.click(page.more_button)
    person.click(page.trials.edit)
    person.type(UNNAMED)
    person.press(Key.Key_Return)
    person.until(lambda: page.title.text() == f"Most likely '{UNNAMED}' first")
    best = person.true_classes(page.grid.images.ids[:8].tolist())
    assert best.count(UNNAMED) >= 6, best
    assert page.grid.images.badge(int(page.grid.images.ids[0])).caption == f"1. {UNNAMED}"


def export(person: Person, pictures: Path, tmp_path: Path) -> None:
    """The adapter and the predictions, through the menu, to typed file names; the exported adapter says the same."""
    messages = person.window.messages
    person.window.menus.export["model"].trigger()
    adapter = tmp_path / "out.safetensors"
    person.answer_file_dialog(adapter)
    person.until(lambda: any(str(adapter) in bar.text for bar in messages.bars))
    assert messages.bars[-1].action_button.text() == "How to use it"
    person.window.menus.export["predictions"].trigger()
    table = tmp_path / "predictions.csv"
    person.answer_file_dialog(table)
    person.until(lambda: any(str(table) in bar.text for bar in messages.bars))
    with table.open(newline="", encoding="utf-8") as file:
        predicted = {row["file_name"]: row["prediction"] for row in csv.DictReader(file)}
    assert len(predicted) == PER_CLASS * (len(CLASSES) + 1) - LABELLED * len(CLASSES)
    classifier = load_classifier(adapter)
    assert classifier.classes == list(CLASSES)
    assert classifier.base_classes == [name for name in CLASSES if name not in NEW]
    files = [next(pictures.rglob(Path(name).name)) for name in predicted]
    same = [
        found.ranked[0].class_name == name
        for found, name in zip(classifier.rank(files), predicted.values(), strict=True)
        if name != "None of these"
    ]
    assert len(same) > len(files) / 2
    assert np.mean(same) > 0.95, "the window's features are float16, so a tie may fall the other way"
    (ball,) = classifier.rank([pictures / UNNAMED / f"{UNNAMED} 01.jpg"], classes=[UNNAMED, *CLASSES])
    assert ball.ranked[0].class_name == UNNAMED


def reopen_by_keyboard(person: Person) -> None:
    """Close the project and open it again from the list of recent ones, without the mouse."""
    labels, folder = person.labels(), person.context.project.folder
    runs = person.context.project.runs()
    assert len(runs) == 1
    person.press(Key.Key_W, CONTROL)
    person.until(lambda: person.window.controller.context is None and not person.window.controller.is_closing)
    assert person.window.current_page == "home"
    assert QApplication.focusWidget() is person.window.welcome.recent
    person.press(Key.Key_Return)
    person.until(lambda: person.window.controller.context is not None)
    assert person.context.project.folder == folder
    assert person.window.current_page == "label"
    assert person.labels() == labels
    person.wait_for_guesses(PER_CLASS * (len(CLASSES) + 1))
    person.until(
        lambda: person.context.predictions is not None and person.context.predictions.adapted_class is not None
    )
    person.until(lambda: person.context.is_current(runs[0]))  # predictions are there before the image model is


def test_closing_at_work_loses_no_label(
    person: Person,
    pictures: Path,
    controller: Controller,
    settings: Settings,
    warm: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    for name in CLASSES[2:]:
        shutil.rmtree(pictures / name)
    begin(person, pictures)
    folder = person.context.project.folder
    person.name_classes("banana, daisy")
    person.until(lambda: person.classes_are("banana", "daisy"))
    person.click_image(0)
    wanted = dict(zip(person.shown()[:24], ("banana", "daisy") * 12, strict=True))
    person.type("12" * 12)
    busy = [job.title for job in controller.bridge.busy()]
    assert busy, "the backbone is loading, or the pictures are being embedded"
    with qtbot.waitSignal(person.window.closed, timeout=WAIT):
        person.press(Key.Key_Q, CONTROL)
        if person.window.closing.question is not None:  # not about embedding, which goes on by itself next time
            person.answer("Stop and close")
        assert not person.window.isVisible()
    assert controller.context is None
    reopened = open_project(folder, threads=1)
    try:
        assert labels_of(reopened) == wanted
    finally:
        reopened.close()
    monkeypatch.setattr("mma_desktop.engine.backbones.loading.load_backbone", warm)
    person.window.deleteLater()
    person.window = shown_window(controller, settings, qtbot)
    assert QApplication.focusWidget() is person.window.welcome.recent, "the next start offers the project"
    person.press(Key.Key_Return)
    person.until(lambda: controller.context is not None)
    assert person.labels() == wanted
    person.wait_for_guesses(3 * PER_CLASS)


def bad_files(folder: Path, picture: Path) -> dict[str, ProblemKind]:
    """Files that are no usable pictures: name to what is wrong with it."""
    folder.mkdir()
    (folder / "empty.png").touch()
    (folder / "letter.jpg").write_text("Dear picture,")
    whole = picture.read_bytes()
    (folder / "cut off.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "round and round").symlink_to(folder)
    found = {
        "empty.png": ProblemKind.EMPTY,
        "letter.jpg": ProblemKind.NOT_AN_IMAGE,
        "cut off.jpg": ProblemKind.TRUNCATED,
        "round and round": ProblemKind.LINK_LOOP,
    }
    if os.name == "posix":  # a name that is no text
        (folder / os.fsdecode(b"caf\xe9.gif")).write_bytes(b"GIF89a, and then nothing")
    return found


def test_dropped_twice_and_files_with_problems(person: Person, pictures: Path, tmp_path: Path) -> None:
    person.window.controller.prepare_on_open = False
    begin(person, pictures)
    ids = person.shown()
    classes = person.label.panel
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=WAIT) as done:
        person.drop_files([pictures], classes.mapTo(person.window, classes.rect().center()))
        person.only_import()
    assert (done.args[0].added, done.args[0].known) == (0, len(ids))
    person.until(lambda: person.says("0 pictures added, 112 already here."))
    copies = tmp_path / "copies"
    shutil.copytree(pictures / UNNAMED, copies)
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=WAIT) as done:
        person.drop_files([copies])
    assert (done.args[0].added, done.args[0].same_bytes) == (0, PER_CLASS)
    assert person.shown() == ids
    problems = bad_files(tmp_path / "odd", pictures / UNNAMED / f"{UNNAMED} 01.jpg")
    with person.qtbot.waitSignal(person.window.controller.import_done, timeout=WAIT) as done:
        person.drop_files([tmp_path / "odd"])
    count = done.args[0].problems
    assert done.args[0].added == 0
    assert person.window.messages.bars[-1].text.startswith(f"{count} pictures could not be used.")
    person.until(lambda: person.says(f"112 pictures, 0 labelled, 0 classes, {count} with a problem"))
    assert person.shown() == ids, "they are not among the pictures"
    button = person.label.filter_bar.buttons[Show.PROBLEMS]
    person.until(lambda: button.text() == f"Problems {count}")
    person.click(button)
    person.until(lambda: len(person.shown()) == count)
    images = person.label.grid.images
    person.until(lambda: all(images.row(one) is not None for one in person.shown()))
    words = [str(images.index_at(at).data(Qt.ItemDataRole.AccessibleTextRole)) for at in range(count)]
    for name, kind in problems.items():
        (told,) = (one for one in words if one.startswith(f"{name}, "))
        reason = told.removeprefix(f"{name}, ")
        assert reason.startswith(f"{kind.value}: ")
        assert len(reason) > len(kind.value) + 10, "in words"
    assert count == len(problems) + (os.name == "posix")
