"""A model that was trained elsewhere is dropped on the window, or chosen from the menu, and used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QMessageBox

from mma_desktop import Classifier
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import AdapterInUse
from mma_desktop.ui.dialogs.import_preview import LoadModelDialog

from .person import LONG, NAMES, Key, Person


@pytest.fixture(scope="module")
def model(drawn_pictures: Path, tmp_path_factory: pytest.TempPathFactory, warm_starter: None) -> Path:
    """The file of a classifier of three of the classes, trained in Python."""
    files = [(path, name) for name in NAMES[:3] for path in sorted((drawn_pictures / name).iterdir())[:4]]
    paths, names = zip(*files, strict=True)
    out = tmp_path_factory.mktemp("model") / "shapes.safetensors"
    Classifier(shots=4, device="cpu").fit(list(paths), list(names)).save(out)
    return out


def told(person: Person, part: str) -> str:
    """The message that says this, once it is there."""
    person.until(lambda: any(part in bar.text for bar in person.window.messages.bars), LONG)
    return next(bar.text for bar in person.window.messages.bars if part in bar.text)


def test_a_dropped_model_is_in_use_and_the_former_one_comes_back(at_pictures: Person, model: Path) -> None:
    person, context = at_pictures, at_pictures.context
    before = context.predictions
    person.drop_files([model])
    assert told(person, "is in use") == "'shapes' is in use, with 3 classes."
    person.until(lambda: context.predictions is not before and context.predictions.adapted_class is not None)
    assert [run.name for run in context.project.runs()] == ["shapes"]
    predict = person.go_to(Key.Key_5, "use")
    person.until(lambda: predict.adapter.text().startswith("Predicted by: shapes. At least "))
    assert predict.adapter.text().endswith("% right on other pictures, where it was trained.")
    results = person.go_to(Key.Key_4, "check")
    person.until(lambda: results.accuracy.how.text() == "Measured where it was trained, on other pictures.")
    assert results.weak_classes.note.text().startswith("It was trained elsewhere and says nothing of your labels.")
    assert results.pairs.note.text().startswith("It was tested elsewhere, on other pictures.")
    assert results.accuracy.unit.text() == "of other pictures right"
    assert "your classes" not in results.accuracy.accessibleName()
    bar = next(bar for bar in person.window.messages.bars if "is in use" in bar.text)
    person.click(bar.action_button)
    person.until(lambda: context.engine.adapter is None and context.current_run == 0)
    assert [run.name for run in context.project.runs()] == ["shapes"], "it stays among the trainings"


def without_others(person: Person) -> None:
    """Leave the project one class of its own."""
    controller, context = person.window.controller, person.context
    controller.delete_classes([one.id for one in context.classes[1:]])
    person.until(lambda: person.classes_are("apples"))


def test_what_a_model_with_other_classes_is_for_is_asked_and_all_of_it_taken_back(
    at_pictures: Person, model: Path
) -> None:
    person, context = at_pictures, at_pictures.context
    without_others(person)
    person.drop_files([model])
    person.until(lambda: person.window.findChildren(QMessageBox))
    assert not context.project.runs()
    (box,) = person.window.findChildren(QMessageBox)
    assert "2 classes that are not in this project: 'boxes', 'clouds'" in box.informativeText()
    person.answer("Use it here")
    assert told(person, "is in use") == "'shapes' is in use, with 3 classes. 2 of them are new in this project."
    person.until(lambda: person.classes_are("apples", "boxes", "clouds"))
    in_use = person.label.next_step.findChild(AdapterInUse)
    person.until(lambda: in_use.text().startswith("Predicted by: shapes. "))
    assert in_use.isVisible()
    assert not person.label.next_step.accuracy.isVisible(), "these are not the numbers of the model that learns"
    bar = next(bar for bar in person.window.messages.bars if "is in use" in bar.text)
    person.click(bar.action_button)
    person.until(lambda: person.classes_are("apples") and context.current_run == 0)
    person.until(in_use.isHidden)


def test_a_model_that_is_only_looked_with_leaves_the_project_as_it_is(at_pictures: Person, model: Path) -> None:
    person, context = at_pictures, at_pictures.context
    without_others(person)
    title = context.project.undo_title
    person.drop_files([model])
    person.until(lambda: person.window.findChildren(QMessageBox))
    person.answer("Only look")
    bar, grid = person.label.review.bar, person.label.grid
    person.until(lambda: bar.text == "What 'shapes' says; nothing is changed (48 pictures)")
    spoken = [re.sub(r" \d+%$", "", grid.images.note(image).text) for image in person.shown()]
    assert set(spoken) <= {*NAMES[:3], "None of these"}
    assert spoken[:12].count("apples") > 8, "class by class, the surest first"
    assert (context.project.undo_title, context.project.runs(), context.engine.adapter) == (title, [], None)
    person.click(bar.close_button)
    person.until(bar.isHidden)


def test_the_menu_asks_for_a_file_or_an_address(at_pictures: Person, model: Path, tmp_path: Path) -> None:
    person = at_pictures
    person.menu("fl")
    dialog = person.window.findChild(LoadModelDialog)
    assert dialog is not None
    assert not dialog.go_button.isEnabled()
    person.until(lambda: person.keyboard() is dialog.findChild(QLineEdit))
    person.type(str(tmp_path / "none.safetensors"))
    person.press(Key.Key_Return)
    assert "none.safetensors" in told(person, "none.safetensors")
    assert not person.context.project.runs()
    person.menu("fl")
    dialog = next(one for one in person.window.findChildren(LoadModelDialog) if one.isVisible())
    dialog.edit.setText(str(model))
    person.click(dialog.go_button)
    told(person, "is in use")


def test_a_model_dropped_without_a_project_makes_one_of_its_classes(
    person: Person, controller: Controller, model: Path
) -> None:
    controller.prepare_on_open = True
    person.drop_files([model])
    person.until(lambda: person.window.projects.dialog is not None)
    dialog = person.window.projects.dialog
    assert dialog is not None
    assert dialog.name.text() == "shapes"
    person.click(dialog.go_button)
    assert told(person, "is in use") == "'shapes' is in use, with 3 classes. 3 of them are new in this project."
    assert [one.name for one in controller.open_context.classes] == list(NAMES[:3])
    person.go_to(Key.Key_2, "label")
    person.until(lambda: person.classes_are(*NAMES[:3]))
