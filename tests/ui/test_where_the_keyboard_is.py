"""Where the keyboard is after something was done: on what comes next, never on a button that happens to be near."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training.learning import Learning, LearningPoint
from mma_desktop.ui.base.controller import Controller

from .person import CONTROL, LONG, Key, Person
from .projects import open_copy

Opener = Callable[[Controller], ProjectContext]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.set("shots", 4)
    return settings


@pytest.fixture
def labelled(person: Person, controller: Controller, labelled_project: Path, tmp_path: Path) -> None:
    """A copy of `labelled_project` is open."""
    open_copy(controller, labelled_project, tmp_path / "project.mma")


def test_start_gives_the_keyboard_to_stop_and_stop_gives_it_back(person: Person, labelled: None) -> None:
    train = person.go_to_experiments()
    person.until(train.form.run_button.isEnabled)
    train.form.run_button.setFocus()
    person.press(Key.Key_Space)
    assert person.keyboard() is train.form.stop_button
    with person.qtbot.waitSignal(person.window.controller.experiment_finished, timeout=LONG):
        person.press(Key.Key_Space)
    person.until(train.form.run_button.isEnabled)
    assert person.keyboard() is train.form.run_button


def test_the_keyboard_is_on_the_label_page_after_the_question_about_class_folders(
    person: Person, picture_folder: Path
) -> None:
    window = person.window
    person.drop_files([picture_folder])
    person.until(lambda: window.projects.dialog is not None and window.projects.dialog.use_names.isVisible())
    with person.qtbot.waitSignal(window.controller.import_done, timeout=LONG):
        person.press(Key.Key_Return)
        person.until(lambda: window.current_page == "label")
        assert person.label.isAncestorOf(person.keyboard()), person.keyboard()
    person.until(lambda: person.keyboard() is person.label.grid)


def test_an_import_that_ends_takes_no_keyboard_from_another_page(
    person: Person, open_project: Opener, picture_folder: Path
) -> None:
    controller = person.window.controller
    open_project(controller)
    person.go_to(Key.Key_4, "check")
    folders = {one.name: one for one in sorted(picture_folder.iterdir())}
    with person.qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder], folders)
    person.until(lambda: person.label.query.ids.size)
    assert person.window.pages["check"].isAncestorOf(person.keyboard())
    person.press(Key.Key_2, CONTROL)
    person.until(lambda: person.keyboard() is person.label.grid)


def stops(person: Person, first: QWidget, last: QWidget) -> list[QWidget]:
    """What has the keyboard, from one widget to another by Tab; each stop has a name."""
    first.setFocus()
    found = [person.keyboard()]
    while found[-1] is not last:
        person.press(Key.Key_Tab)
        found.append(person.keyboard())
        told = QAccessible.queryAccessibleInterface(found[-1])
        assert told is not None
        assert told.text(QAccessible.Text.Name), found[-1]
        assert len(found) < 40, found
    return found


def test_tab_goes_through_the_experiments_from_top_to_bottom(at_experiments: Person) -> None:
    page = at_experiments.window.pages["experiments"]
    at_experiments.until(page.form.run_button.isEnabled, LONG)
    found = stops(at_experiments, page.back_button, page.views.tabBar())
    form = page.form
    expected = (page.back_button, form.run_button, form.methods, form.division, form.shots, form.seeds, form.prompt)
    expected = (*expected, page.delete_button, page.table, page.views.tabBar())
    assert [one for one in found if one in expected] == list(expected)


def test_tab_goes_through_the_results_from_top_to_bottom(trained_person: Person) -> None:
    front = trained_person.window.pages["check"]
    curve = [LearningPoint(4, 50.0, 40.0, 4), LearningPoint(8, 60.0, 40.0, 8)]
    trained_person.context.state_of(Learning).points = curve
    trained_person.window.show_page("check")
    trained_person.until(lambda: front.chart is not None and front.mistakes.isVisible())
    found = stops(trained_person, front.use_button, front.mistakes)
    assert found.index(front.experiments_button) < found.index(front.chart) < found.index(front.pairs)
    after = stops(trained_person, front.mistakes, trained_person.window.rail.tabs)
    assert not any(front.isAncestorOf(one) for one in after[1:])


def slow_work(token: CancelToken) -> None:
    for number in range(10_000):
        time.sleep(0.01)
        token.checkpoint(Progress(number, 10_000))


def test_a_job_that_is_stopped_gives_the_keyboard_back_to_where_it_was(person: Person, labelled: None) -> None:
    window = person.window
    person.until(lambda: not window.controller.bridge.busy(), LONG)
    person.go_to(Key.Key_2, "label")
    job = window.controller.bridge.run(LaneName.MEDIA, "Copying", slow_work)
    person.until(window.jobs.isVisible)
    person.label.grid.setFocus()
    person.until(lambda: person.keyboard() is person.label.grid)
    window.jobs.stop_button.setFocus()
    person.press(Key.Key_Space)
    person.until(lambda: job.finished and not window.jobs.isVisible())
    person.until(lambda: QApplication.focusWidget() is not None)
    assert person.keyboard() is person.label.grid


def test_the_images_have_the_keyboard_when_predict_is_shown_by_its_key(person: Person, labelled: None) -> None:
    window = person.window
    window.rail.tabs.setFocus()
    predict = person.go_to(Key.Key_5, "use")
    assert person.keyboard() in {predict.grid, predict.classes}
    predict.order.setFocus()
    person.press(Key.Key_2, CONTROL)
    window.rail.tabs.setFocus()
    person.go_to(Key.Key_5, "use")
    assert person.keyboard() is predict.order


@pytest.mark.usefixtures("no_embedding")
def test_the_pictures_have_the_keyboard_on_entering_label_and_after_dialogs(
    person: Person, open_project: Opener, picture_folder: Path
) -> None:
    """`?` and the keys of classes are never typed into the field for names, which only a click chooses."""
    window, names = person.window, person.label.panel.names
    open_project(window.controller)
    person.drop_files([picture_folder / "apples"])
    person.until(lambda: len(person.shown()) == 12)
    person.until(lambda: person.keyboard() is person.label.grid)
    person.type("?")
    person.until(lambda: QApplication.activeModalWidget() is not None)
    QApplication.activeModalWidget().reject()
    person.until(lambda: QApplication.activeModalWidget() is None)
    assert person.keyboard() is person.label.grid
    person.name_classes("cat, dog")
    person.until(lambda: person.classes_are("cat", "dog"))
    assert person.keyboard() is names
    person.go_to(Key.Key_4, "check")
    person.go_to(Key.Key_2, "label")
    assert person.keyboard() is person.label.grid
    person.type("1")
    person.until(lambda: list(person.labels().values()) == ["cat"])
    person.click(names.viewport())
    names.clearFocus()  # as a dialog that ends does where nothing takes the keyboard back
    person.until(lambda: QApplication.focusWidget() is not None)
    assert person.keyboard() is person.label.grid
    person.click(names.viewport())
    person.type("half a na")
    person.go_to(Key.Key_4, "check")
    person.go_to(Key.Key_2, "label")
    assert person.keyboard() is names, "what is being typed goes on"
    assert names.toPlainText() == "half a na"
