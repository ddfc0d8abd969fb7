"""The welcome page by keyboard and mouse, with real projects; the sample project from nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from mma_desktop.core.settings import Settings
from mma_desktop.core.types import STARTER_ID, Accuracy, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Predictions
from mma_desktop.services.project_factory import ProjectCard, cards_of, create_project, keep_card
from mma_desktop.services.training.learning import is_followed
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.place_dialog import NewProjectDialog
from mma_desktop.ui.home.home_page import SHOWN_SIDE, card_text, tilde_path
from mma_desktop.ui.shell.import_flow import project_of, suggested_name
from mma_desktop.ui.shell.main_window import MainWindow

from .person import LONG, words

WAIT = 20_000


@pytest.fixture
def projects(tmp_path: Path, settings: Settings) -> list[Path]:
    """Two projects that are there and one that is gone, newest first."""
    folders = [tmp_path / name for name in ("birds.mma", "slides.mma", "gone.mma")]
    for folder in folders[:2]:
        create_project(folder, threads=1).close()
    for folder in reversed(folders):
        settings.add_recent(folder)
    return folders


@pytest.fixture
def window(controller: Controller, settings: Settings, projects: list[Path], qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(controller, settings)
    made.show()
    qtbot.waitExposed(made)
    yield made
    for job in controller.bridge.busy():
        job.cancel()
    made.closing.over = True
    made.close()
    made.deleteLater()


def texts(window: MainWindow) -> list[str]:
    recent = window.welcome.recent
    spoken = [recent.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(recent.count())]
    return [text.partition(", ")[0] for text in spoken]


def test_three_recent_projects_need_no_scrolling_and_restoring_is_below_them(window: MainWindow, qtbot: QtBot) -> None:
    page = window.welcome
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: page.recent.visualItemRect(page.recent.item(2)).bottom() < page.recent.viewport().height())
    card = page.restore_button.parentWidget()
    assert card.height() - page.restore_button.geometry().bottom() < 2 * page.restore_button.height()


def test_without_recent_projects_their_heading_stays_at_the_top(
    window: MainWindow, projects: list[Path], qtbot: QtBot
) -> None:
    for folder in (*projects, projects[0].with_name("gone.mma")):
        window.projects.forget(folder)
    heading = next(one for one in window.welcome.findChildren(QLabel) if one.text() == "Recent projects")
    qtbot.waitUntil(lambda: not window.welcome.recent.isVisible() and heading.geometry().bottom() < 60)


def test_recent_projects_are_listed_and_the_missing_one_is_marked(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: texts(window) == ["birds", "slides", "gone (missing)"], timeout=WAIT)
    tips = [window.welcome.recent.item(row).toolTip() for row in range(3)]
    assert all("Its folder stays" in tip for tip in tips[:2])
    assert "Press Delete to forget it" in tips[2]


def test_the_own_folder_is_shown_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert tilde_path(tmp_path / "Documents" / "mma-desktop") == str(Path("~") / "Documents" / "mma-desktop")
    assert tilde_path(tmp_path.parent / "elsewhere") == str(tmp_path.parent / "elsewhere")


def test_return_opens_the_chosen_one(
    window: MainWindow, controller: Controller, projects: list[Path], qtbot: QtBot
) -> None:
    recent = window.welcome.recent
    QTest.keyClick(recent, Qt.Key.Key_Down)
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        QTest.keyClick(recent, Qt.Key.Key_Return)
    assert controller.open_context.project.folder == projects[1]
    window.show_page("home")
    assert texts(window)[0] == "slides", "what was opened last comes first"


def test_quick_clicks_open_a_project_once(
    window: MainWindow, controller: Controller, projects: list[Path], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        window.welcome.recent.chosen.emit(projects[0])
    card_text: list[str] = []
    window.projects.busy.connect(card_text.append)
    clicks = [projects[1]]

    def click_again(context: ProjectContext | None) -> None:
        if context is None and clicks:  # the former one is being closed, and the other one waits for that
            assert controller.is_closing
            window.welcome.recent.chosen.emit(clicks.pop())

    controller.opened.connect(click_again)
    window.welcome.recent.chosen.emit(projects[1])
    qtbot.waitUntil(lambda: not clicks, timeout=WAIT)
    qtbot.waitUntil(lambda: controller.context is not None and card_text[-1] == "", timeout=WAIT)
    assert controller.open_context.project.folder == projects[1]
    assert card_text == ["Opening slides", ""]
    assert [bar.text for bar in window.messages.bars] == []


def test_the_open_project_is_shown_again_and_takes_what_came_with_it(
    window: MainWindow, controller: Controller, projects: list[Path], picture_folder: Path, qtbot: QtBot
) -> None:
    window.projects.open_folder(projects[0])
    qtbot.waitUntil(lambda: controller.context is not None and window.current_page == "label", timeout=WAIT)
    context = controller.open_context
    window.show_page("home")
    window.projects.open_folder(projects[0])
    assert window.current_page == "label"
    assert controller.context is context
    window.show_page("home")
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        window.projects.open_folder(projects[0], sorted((picture_folder / "apples").iterdir()))
    assert window.current_page == "label"
    assert len(context.index.columns.ids) == 12


def test_delete_forgets_the_chosen_one(
    window: MainWindow, settings: Settings, projects: list[Path], qtbot: QtBot
) -> None:
    recent = window.welcome.recent
    recent.setCurrentRow(2)
    QTest.keyClick(recent, Qt.Key.Key_Delete)
    assert settings.recent() == projects[:2]
    qtbot.waitUntil(lambda: texts(window) == ["birds", "slides"], timeout=WAIT)
    assert all(folder.is_dir() for folder in projects[:2]), "forgetting deletes nothing"


def test_a_missing_project_says_so(window: MainWindow, qtbot: QtBot) -> None:
    recent = window.welcome.recent
    recent.setCurrentRow(2)
    QTest.keyClick(recent, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.messages.bars), timeout=WAIT)
    assert "is not there" in window.messages.bars[0].text
    assert window.welcome.new_button.isEnabled()


def test_new_project_by_keyboard(window: MainWindow, controller: Controller, settings: Settings, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = window.projects.dialog
    assert dialog is not None
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "Garden birds")
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert controller.open_context.project.folder == Path(str(settings.get("projects_folder"))) / "Garden birds.mma"


def test_a_new_project_asks_what_it_sees_with(
    window: MainWindow, controller: Controller, settings: Settings, qtbot: QtBot
) -> None:
    """Each choice says what it costs; the card on Home says which it is, unless it comes with the program."""
    window.projects.new_project("Clips")
    dialog = window.projects.dialog
    assert dialog is not None
    assert dialog.backbone.currentData() == STARTER_ID == settings.get("backbone")
    titles = [dialog.backbone.itemText(row) for row in range(dialog.backbone.count())]
    assert "CLIP ViT-B/32 (OpenAI) · 605 MB download" in titles
    dialog.backbone.setCurrentIndex(dialog.backbone.findData("ViT-B-32/openai"))
    assert "The quickest OpenAI CLIP." in words(dialog)
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        QTest.mouseClick(dialog.go_button, Qt.MouseButton.LeftButton)
    assert controller.open_context.backbone_id == "ViT-B-32/openai"
    keep_card(controller.open_context, None)
    card = cards_of([controller.open_context.project.folder])[controller.open_context.project.folder]
    assert card_text(card) == "0 pictures, 0 labelled, 0 classes, seen with CLIP ViT-B/32 (OpenAI)"


@pytest.mark.parametrize("name", ["", "...", "a/b", "what?", "hidden."])
def test_names_that_are_no_folder_names(name: str, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = NewProjectDialog("x", tmp_path)
    qtbot.addWidget(dialog)
    dialog.name.setText(name)
    assert not dialog.go_button.isEnabled()
    dialog.name.setText("good name")
    assert dialog.go_button.isEnabled()


def test_a_name_with_a_tab_in_it_is_told_so(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = NewProjectDialog("x", tmp_path)
    qtbot.addWidget(dialog)
    dialog.name.setText("birds\tand bees")
    assert not dialog.go_button.isEnabled()
    assert "tabs" in words(dialog)


def test_a_name_that_is_taken(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "birds.mma").mkdir()
    dialog = NewProjectDialog("birds", tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.name.text() == "birds 2", "a free name is offered"
    dialog.name.setText("birds")
    assert not dialog.go_button.isEnabled()


def test_suggested_names() -> None:
    assert suggested_name([Path("/a/holiday")]) == "holiday"
    assert suggested_name([Path("/a/holiday/1.jpg"), Path("/a/holiday/2.jpg")]) == "holiday"
    assert suggested_name([Path("/1.jpg")]) == "My project"


def test_the_drop_zone_is_a_button_too(window: MainWindow, qtbot: QtBot) -> None:
    zone = window.welcome.zone
    with qtbot.waitSignal(zone.clicked):
        QTest.keyClick(zone, Qt.Key.Key_Return)
    with qtbot.waitSignal(zone.clicked):
        QTest.mouseClick(zone, Qt.MouseButton.LeftButton)


def test_every_button_has_a_name(window: MainWindow) -> None:
    for made in window.findChildren(QAbstractButton):
        if made.isVisible() and made.objectName() != "qt_menubar_ext_button":
            assert made.accessibleName() or made.text(), made


def test_sample_project(window: MainWindow, controller: Controller, settings: Settings, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controller.opened, timeout=120_000):
        QTest.mouseClick(window.welcome.sample_button, Qt.MouseButton.LeftButton)
        assert not window.welcome.new_button.isEnabled()
    context = controller.open_context
    assert context.project.folder == Path(str(settings.get("projects_folder"))) / "Sample.mma"
    assert len(context.classes) >= 10
    assert {one.role for one in context.classes} == {Role.BASE}
    assert min(context.index.counts().values()) >= 30
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        window.menus.close_project.trigger()
    qtbot.waitUntil(window.welcome.new_button.isEnabled, timeout=WAIT)
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        window.menus.sample.trigger()
    assert controller.open_context.project.folder == context.project.folder, "the second time it is only opened"


def test_a_stopped_sample_leaves_nothing_behind(
    window: MainWindow, controller: Controller, settings: Settings, qtbot: QtBot
) -> None:
    QTest.mouseClick(window.welcome.sample_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "of" in window.jobs.detail.text(), timeout=WAIT)
    QTest.mouseClick(window.jobs.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not controller.bridge.busy(), timeout=WAIT)
    qtbot.waitUntil(window.welcome.sample_button.isEnabled, timeout=WAIT)
    assert controller.context is None
    folder = Path(str(settings.get("projects_folder")))
    assert list(folder.iterdir()) == []


def test_a_project_opened_by_its_database_is_the_project(tmp_path: Path) -> None:
    project = tmp_path / "Birds.mma"
    assert project_of(project / "project.db") == project
    assert project_of(tmp_path / "project.db") == tmp_path / "project.db"
    assert project_of(project / "photo.jpg") == project / "photo.jpg"


def drop_on_home(window: MainWindow, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle = QPointF(window.rect().center())
    window.dropEvent(
        QDropEvent(middle, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )


@pytest.mark.parametrize("at_once", [False, True])
def test_a_drop_on_home_makes_a_new_project_by_one_dialog_though_one_is_open(
    window: MainWindow, controller: Controller, projects: list[Path], picture_folder: Path, at_once: bool, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        window.projects.open_folder(projects[1])
    former = controller.open_context.project.folder
    window.show_page("home")
    drop_on_home(window, [picture_folder])
    dialog = window.projects.dialog
    assert dialog is not None
    if not at_once:  # otherwise the folders were not looked at yet
        qtbot.waitUntil(dialog.use_names.isVisible, timeout=WAIT)
    assert dialog.use_names.isChecked()
    with qtbot.waitSignal(controller.import_done, timeout=WAIT) as done:
        QTest.mouseClick(dialog.go_button, Qt.MouseButton.LeftButton)
    assert window.imports.dialog is None, "what the folders mean was answered already"
    assert (done.args[0].added, done.args[0].labelled) == (48, 48)
    context = controller.open_context
    assert context.project.folder != former
    assert [one.name for one in context.classes] == ["apples", "boxes", "clouds", "stripes"]


def test_a_folder_without_pictures_makes_no_project(
    window: MainWindow, controller: Controller, tmp_path: Path, qtbot: QtBot
) -> None:
    papers = tmp_path / "papers"
    (papers / "old").mkdir(parents=True)
    for name in ("one.pdf", "old/two.pdf"):
        (papers / name).write_bytes(b"%PDF-1.7")
    drop_on_home(window, [papers])
    qtbot.waitUntil(lambda: window.projects.dialog is None, timeout=WAIT)
    assert [bar.text for bar in window.messages.bars] == ["There is no picture in 'papers'. No project was made."]
    assert controller.context is None


def test_a_folder_of_a_later_start_makes_a_new_project_though_one_is_open(
    window: MainWindow, controller: Controller, projects: list[Path], picture_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        window.projects.open_folder(projects[1])
    window.show_page("label")
    window.open_from_outside(picture_folder)
    dialog = window.projects.dialog
    assert dialog is not None, "the pictures went into the open project"
    with qtbot.waitSignal(controller.import_done, timeout=WAIT):
        QTest.mouseClick(dialog.go_button, Qt.MouseButton.LeftButton)
    assert controller.open_context.project.folder != projects[1]


def test_class_folders_of_a_new_project_can_be_left_without_labels(
    window: MainWindow, controller: Controller, picture_folder: Path, qtbot: QtBot
) -> None:
    drop_on_home(window, [picture_folder])
    dialog = window.projects.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.use_names.isVisible, timeout=WAIT)
    dialog.use_names.setChecked(False)
    with qtbot.waitSignal(controller.import_done, timeout=WAIT) as done:
        QTest.mouseClick(dialog.go_button, Qt.MouseButton.LeftButton)
    assert (done.args[0].added, done.args[0].labelled) == (48, 0)
    assert not controller.open_context.classes


def test_a_card_says_a_range() -> None:
    """Not one figure, and never "100% right"."""

    def said(right: Accuracy | None) -> str:
        return card_text(ProjectCard(200, 180, 12, right, 0.0, ()))

    assert said(None) == "200 pictures, 180 labelled, 12 classes"
    assert said(Accuracy.of(95, 100)) == f"88 to 98% right, {said(None)}"
    assert said(Accuracy.of(180, 180)) == f"at least 97% right, {said(None)}"


def test_a_project_that_was_closed_has_a_card_with_numbers_and_pictures(
    window: MainWindow, controller: Controller, projects: list[Path], picture_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        window.projects.open_folder(projects[1])
    with qtbot.waitSignal(controller.import_done, timeout=WAIT):
        controller.import_paths([picture_folder], {"apples": picture_folder / "apples"})
    window.closing.close_project()
    recent = window.welcome.recent

    said = "48 pictures, 12 labelled, 1 class"
    qtbot.waitUntil(
        lambda: controller.context is None and said in words(recent.itemWidget(recent.item(0))), timeout=WAIT
    )
    assert said in recent.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    picture = recent.itemWidget(recent.item(0)).findChild(QLabel).pixmap()
    assert picture.deviceIndependentSize().width() == SHOWN_SIDE, "not only an icon"


@pytest.mark.parametrize("killed", [False, True])
def test_the_window_opens_where_it_was_left(
    window: MainWindow, controller: Controller, settings: Settings, projects: list[Path], killed: bool, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        window.projects.open_folder(projects[1])
    window.show_page("use")
    if not killed:
        window.closing.starts.emit()  # the window is closed
    again = MainWindow(controller, settings)
    controller.close_context(lambda: None)
    qtbot.waitUntil(lambda: controller.context is None, timeout=WAIT)
    with qtbot.waitSignal(controller.opened, timeout=WAIT):
        again.open_last()
    assert controller.open_context.project.folder == projects[1]
    assert again.current_page == ("label" if killed else "use")
    again.closing.over = True
    again.close()
    again.deleteLater()


@pytest.mark.parametrize("project", ["labelled_project", "trained_project"])
def test_a_project_opens_to_the_predictions_it_was_closed_with(
    window: MainWindow,
    controller: Controller,
    project: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    folder = shutil.copytree(request.getfixturevalue(project), tmp_path / "again.mma")
    controller.prepare_on_open = controller.learns = True

    def opened() -> Predictions | None:
        with qtbot.waitSignal(controller.opened, timeout=WAIT):
            window.projects.open_folder(folder)
        return controller.open_context.predictions

    def follows() -> bool:
        context = controller.open_context
        return is_followed(context) and not controller.bridge.jobs()

    def close() -> None:
        controller.close_context(lambda: None)
        qtbot.waitUntil(lambda: controller.context is None and not controller.is_closing, timeout=WAIT)

    assert opened() is None
    qtbot.waitUntil(follows, timeout=LONG)
    before = controller.open_context.predictions
    assert before is not None
    assert before.adapted_class is not None
    context = controller.open_context
    controller.assign(context.select(Filter())[:1].tolist(), context.classes[-1].id)
    qtbot.waitUntil(lambda: not follows(), timeout=WAIT)
    qtbot.waitUntil(follows, timeout=LONG)
    before = context.predictions
    close()
    first = opened()
    assert first is not None
    np.testing.assert_array_equal(first.best_confidence, before.best_confidence)
    qtbot.waitUntil(follows, timeout=LONG)
    np.testing.assert_array_equal(controller.open_context.predictions.best_confidence, before.best_confidence)
    close()
    assert opened() is not None
    close()
    assert opened() is not None, "closed before the model was there"
