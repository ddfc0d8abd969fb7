"""One tested picture and its nearest shots, through the real window, with the real starter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QModelIndex, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Recipe, TrainRequest, Use
from mma_desktop.engine.open_set_scores import Thresholds
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training.experiments import Division, Experiment, Trial
from mma_desktop.services.training.snapshot import uses_of
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.use import try_panel

from .person import CONTROL, LONG, Key, Person, close, shown_window

Opener = Callable[[Controller], ProjectContext]
LABELLED = 6
NAMES = ("lemon", "strawberry", "umbrella")
REQUEST = TrainRequest(shots=3, recipe=Recipe(max_epochs=3))


@pytest.fixture
def pictures(sample_pictures: Path, tmp_path: Path) -> Path:
    """Three class folders of six drawn pictures."""
    import shutil

    for name in NAMES:
        (tmp_path / "things" / name).mkdir(parents=True)
        for file in sorted((sample_pictures / name).iterdir())[:LABELLED]:
            shutil.copy(file, tmp_path / "things" / name)
    return tmp_path / "things"


@pytest.fixture
def person(
    controller: Controller, settings: Settings, qtbot: QtBot, starter_session: ProjectContext, pictures: Path
) -> Iterator[Person]:
    """Somebody on the predict page of a project of 18 labelled pictures, all embedded."""
    assert starter_session is controller.context
    made = Person(shown_window(controller, settings, qtbot), qtbot)
    found = {one.name: one for one in sorted(pictures.iterdir())}
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([pictures], found)
    made.wait_for_guesses(LABELLED * len(NAMES))
    made.until(lambda: not controller.bridge.jobs())
    made.window.resize(1280, 800)  # the panel is a button away in a narrow window
    made.window.show_page("use")
    yield made
    close(made)
    made.window.deleteLater()
    QApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete.value)


def panel(person: Person) -> try_panel.TestPanel:
    found: try_panel.TestPanel = person.window.pages["use"].test
    return found


def middle(person: Person, widget: QWidget) -> QPoint:
    return widget.mapTo(person.window, widget.rect().center())


def answered(person: Person) -> bool:
    one = panel(person)
    return one.spot.source is not None and one.zero_shot.isVisible() and len(one.nearest.list.entries) == 6


def spoken(person: Person) -> list[str]:
    model = panel(person).nearest.list.model()
    role = Qt.ItemDataRole.AccessibleTextRole
    return [model.index(row, 0, QModelIndex()).data(role) for row in range(model.rowCount())]


def drawn() -> QImage:
    image = QImage(90, 60, QImage.Format.Format_RGB32)
    image.fill(QColor(230, 210, 40))
    return image


def test_a_dropped_file_shows_its_nearest_and_one_opens_on_the_label_page(
    person: Person, sample_pictures: Path
) -> None:
    one = panel(person)
    person.drop_files([sorted((sample_pictures / "umbrella").iterdir())[-1]], middle(person, one.spot))
    person.until(lambda: answered(person), LONG)
    assert one.nearest.title.text() == one.nearest.list.accessibleName() == "Nearest labelled pictures"
    assert sum(words.startswith("umbrella, 0.") for words in spoken(person)) >= 3  # chance is 2
    similar = [float(each.detail) for each in one.nearest.list.entries]
    assert similar == sorted(similar, reverse=True)
    assert not one.adapted.isVisible()
    assert len(one.zero_shot.ranked) == 3
    first = one.nearest.list.entries[0]
    person.until(lambda: spoken(person)[0].count(",") == 2)
    one.nearest.list.setFocus()
    person.press(Key.Key_Return)
    assert person.window.current_page == "label"
    person.until(lambda: person.shown() == [first.value])
    assert person.labels()[first.value] == first.title
    person.until(lambda: person.label.grid.current_id() == first.value)
    person.press(Key.Key_T, CONTROL)
    assert person.window.current_page == "use"
    person.until(lambda: answered(person) and not one.spot.accessibleDescription().startswith("Reading"), LONG)
    person.until(lambda: first.value not in [each.value for each in one.nearest.list.entries])


def test_what_is_pasted_or_dropped_from_a_browser_is_tested(
    person: Person, pictures: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    one, clipboard = panel(person), QGuiApplication.clipboard()
    one.choose_button.setFocus()  # the page may still change what it shows beside it
    path = next((pictures / "lemon").iterdir())
    clipboard.setImage(drawn())
    person.press(Key.Key_V, CONTROL)
    person.until(lambda: answered(person), LONG)

    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path))])
    clipboard.setMimeData(files)
    person.press(Key.Key_V, CONTROL)
    person.until(lambda: answered(person) and ", 1.00" in spoken(person)[0], LONG)

    browser, buffer = QMimeData(), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawn().save(buffer, "PNG")
    browser.setUrls([QUrl("https://example.org/lemons/yellow.png")])
    browser.setData("image/png", buffer.data())
    assert person.drop(browser, middle(person, one.spot))
    person.until(lambda: answered(person) and ", 1.00" not in spoken(person)[0], LONG)
    assert len(person.context.index.columns.ids) == LABELLED * len(NAMES), "nothing was imported"

    bad = tmp_path / "notes.jpg"
    bad.write_text("not a picture")
    for given in (bad, tmp_path / "gone.png", "https://example.org/a.png", "hello"):
        wrong = QMimeData()
        if isinstance(given, Path):
            wrong.setUrls([QUrl.fromLocalFile(str(given))])
        else:
            wrong.setText(given)
        clipboard.setMimeData(wrong)
        person.press(Key.Key_V, CONTROL)
        person.until(
            lambda: (
                one.spot.source is None
                and one.spot.accessibleDescription().endswith(".")
                and not one.zero_shot.isVisible()
            )
        )
        assert not one.nearest.isVisible()
        with qtbot.assertNotEmitted(person.window.controller.bridge.bug):
            person.until(lambda: not person.window.controller.bridge.jobs())


def test_an_image_of_the_grid_beside_the_adapter_and_none_of_these(person: Person) -> None:
    one, controller = panel(person), person.window.controller
    asked = Experiment((Trial(REQUEST.method),), (REQUEST.shots,), (REQUEST.seed,), Division.PICKED)
    with person.qtbot.waitSignal(controller.experiment_finished, timeout=LONG) as finished:
        controller.run_experiment(asked)
    controller.use_run(finished.args[0].runs[0].id)
    person.until(lambda: not controller.bridge.jobs())
    seen = {image_id for image_id, use in uses_of(person.context, REQUEST).items() if use is not Use.TEST}
    person.window.show_page("label")
    page = person.label
    person.until(lambda: len(person.shown()) == LABELLED * len(NAMES))
    person.click_image(0)
    tested = page.grid.current_id()
    page.grid.menu_requested.emit(page.mapToGlobal(page.rect().center()))
    menu = next(each for each in page.findChildren(QMenu) if each.isVisible())
    action = next(each for each in menu.actions() if each.text() == "Test this picture")
    assert action.isEnabled()
    action.trigger()
    menu.close()
    assert person.window.current_page == "use"
    person.until(lambda: answered(person), LONG)
    assert one.nearest.title.text() == "Nearest examples"
    assert {each.value for each in one.nearest.list.entries} <= seen - {tested}
    assert one.adapted.isVisible()
    assert one.zero_shot.isVisible()
    assert len(one.adapted.ranked) == len(one.zero_shot.ranked) == 3
    assert not one.none.isVisible()

    def refuse(context: ProjectContext, _token: object) -> None:
        """As where no picture at hand shows any of the classes."""
        assert context.predictions is not None
        assert context.predictions.open_set is not None
        context.predictions = replace(context.predictions, thresholds=Thresholds(float("inf")))

    def refused() -> bool:
        if not controller.bridge.jobs():  # again, if newer predictions took their place
            controller.ask(LaneName.ENGINE, refuse, lambda _nothing: None, quick=True)
            one.ask_again()
        return bool(one.none.isVisible())

    person.until(refused, LONG)
    assert one.none_label.text().startswith(f"{NONE_OF_THESE}: ")


def test_what_changes_meanwhile_or_elsewhere_is_shown(person: Person, sample_pictures: Path) -> None:
    one, controller = panel(person), person.window.controller
    person.drop_files([sorted((sample_pictures / "umbrella").iterdir())[-1]], middle(person, one.spot))
    controller.predictions_changed.emit()  # as while pictures are embedded; the picture is being read
    person.until(lambda: answered(person), LONG)
    name = one.nearest.list.entries[0].title
    umbrella = next(each for each in person.context.classes if each.name == name)
    controller.edit(lambda project: project.rename_class(umbrella.id, "parasol"))
    person.until(lambda: spoken(person)[0].startswith("parasol, "))
    person.until(lambda: not controller.bridge.jobs())
    first = one.nearest.list.entries[0].value
    person.window.show_page("label")
    controller.assign([first], None)
    person.until(lambda: first not in person.labels())
    person.window.show_page("use")
    person.until(lambda: answered(person) and first != one.nearest.list.entries[0].value)
    assert all(each.value != first for each in one.nearest.list.entries)


def test_a_picture_that_could_not_be_classified_is_when_there_is_a_class(person: Person, sample_pictures: Path) -> None:
    one, controller = panel(person), person.window.controller
    controller.delete_classes([each.id for each in person.context.classes])
    person.until(lambda: not person.context.classes and not controller.bridge.jobs())
    person.drop_files([sorted((sample_pictures / "umbrella").iterdir())[-1]], middle(person, one.spot))
    person.until(lambda: one.spot.accessibleDescription().endswith(".") and not controller.bridge.jobs())
    person.until(lambda: one.spot.source is None)
    controller.add_classes(["umbrella"])
    person.until(lambda: one.spot.source is not None and one.zero_shot.isVisible())
    assert [each.class_name for each in one.zero_shot.ranked] == ["umbrella"]
