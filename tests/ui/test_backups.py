"""Backups in the window: made on closing and by the clock, restored from the welcome page, offered when damaged."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import close_project, create_project, open_project
from mma_desktop.store.project import Project
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.home.project_actions import EVERY_MS, RestoreDialog, made_at
from mma_desktop.ui.shell.main_window import MainWindow
from tests.store.conftest import make_scanned

WAIT = 20_000


@pytest.fixture
def birds(tmp_path: Path, settings: Settings) -> Path:
    """A closed project with two backups, the older one without the label; there is a damaged one too."""
    folder = tmp_path / "birds.mma"
    context = create_project(folder, threads=1)
    context.project.add_files([make_scanned(f"/p/{number}.jpg") for number in range(3)])
    context.project.add_classes(["cat"])
    first = context.project.keep_backup()
    assert first is not None
    first.rename(first.with_name("project-20250102-101500Z.db"))
    context.project.assign([1], context.classes[0].id)
    assert context.project.keep_backup() is not None
    context.close()
    (folder / "backups" / "project-20250101-101500Z.db").write_bytes(b"torn")
    settings.add_recent(folder)
    return folder


@pytest.fixture
def window(controller: Controller, settings: Settings, birds: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(controller, settings)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.closing.over = True
    made.close()
    made.deleteLater()


def ruin(folder: Path) -> bytes:
    content = b"not a database at all" * 100
    (folder / "project.db").write_bytes(content)
    return content


def opened(window: MainWindow, folder: Path, qtbot: QtBot) -> ProjectContext:
    with qtbot.waitSignal(window.controller.opened, timeout=WAIT):
        window.projects.open_folder(folder)
    return window.controller.open_context


def closed(window: MainWindow, qtbot: QtBot) -> None:
    done: list[bool] = []
    window.controller.close_context(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done), timeout=WAIT)


def dialog_of(window: MainWindow, qtbot: QtBot) -> RestoreDialog:
    qtbot.waitUntil(lambda: window.restoring.dialog is not None, timeout=WAIT)
    dialog = window.restoring.dialog
    assert dialog is not None
    return dialog


def rows(dialog: RestoreDialog) -> list[list[str]]:
    table = dialog.table
    return [[table.model().index(row, at).data() for at in range(6)] for row in range(len(table.lines))]


def count(folder: Path) -> int:
    return len(list((folder / "backups").iterdir()))


# -- on closing, and by the clock -------------------------------------------------------


def test_closing_backs_up_what_changed_and_nothing_else(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    before = count(birds)
    opened(window, birds, qtbot)
    closed(window, qtbot)
    assert count(birds) == before
    context = opened(window, birds, qtbot)
    context.project.assign([2], context.classes[0].id)
    closed(window, qtbot)
    assert count(birds) == before + 1
    assert (birds / "labels.csv").read_text("utf-8").count("\n") == 3


def test_closing_the_window_waits_for_the_backup(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    before = count(birds)
    context = opened(window, birds, qtbot)
    window.controller.assign([2], context.classes[0].id)
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close()
    assert count(birds) == before + 1
    Project.open(birds).close()


@pytest.mark.parametrize("by_window", [False, True])
def test_a_backup_that_fails_keeps_no_project_and_no_window_open(
    window: MainWindow,
    birds: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    by_window: bool,
) -> None:
    context = opened(window, birds, qtbot)
    context.project.assign([2], context.classes[0].id)

    def full(_folder: Path) -> Path:
        raise UserError("The disk that holds birds.mma is full; no backup was made.")

    monkeypatch.setattr("mma_desktop.store.snapshots.back_up", full)
    if by_window:
        with qtbot.waitSignal(window.closed, timeout=WAIT):
            window.close()
    else:
        closed(window, qtbot)
        bars = [bar.text for bar in window.messages.bars]
        assert "The disk that holds birds.mma is full; no backup was made." in bars
    assert "closed without a backup" in caplog.text
    with Project.open(birds) as project:
        assert [row.class_id for row in project.image_rows([1, 2])] == [1, 1]


def test_a_fault_of_ours_in_a_backup_closes_the_project_too(birds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_project: Project) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Project, "keep_backup", broken)
    context = open_project(birds)
    with pytest.raises(RuntimeError, match="a bug"):
        close_project(context)
    Project.open(birds).close()


def test_the_clock_backs_up_an_open_project(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    timer = window.backups.timer
    assert timer.interval() == EVERY_MS == 15 * 60 * 1000
    assert not timer.isActive()
    context = opened(window, birds, qtbot)
    assert timer.isActive()
    before = count(birds)
    context.project.assign([2], context.classes[0].id)
    timer.setInterval(20)
    qtbot.waitUntil(lambda: count(birds) == before + 1, timeout=WAIT)
    qtbot.wait(200)
    qtbot.waitUntil(lambda: not window.controller.bridge.jobs(), timeout=WAIT)
    assert count(birds) == before + 1, "nothing changed since"
    timer.setInterval(EVERY_MS)
    closed(window, qtbot)
    assert not timer.isActive()


def test_labels_and_an_import_go_on_while_a_backup_is_made(
    window: MainWindow, birds: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = opened(window, birds, qtbot)
    begun, go_on = threading.Event(), threading.Event()

    def slow(_project: Project) -> None:
        begun.set()
        assert go_on.wait(20)

    monkeypatch.setattr(Project, "keep_backup", slow)
    events: list[str] = []

    def long_job(token: object) -> None:
        token.checkpoint("first")
        window.backups.back_up()
        token.checkpoint("second")
        events.append("the import ended")

    window.controller.bridge.run(LaneName.MEDIA, "Import", long_job)
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    assert not events, "it came between two events of the import"
    with qtbot.waitSignal(window.controller.changed, timeout=WAIT):
        window.controller.assign([2], context.classes[0].id)
    assert not go_on.is_set()
    go_on.set()
    qtbot.waitUntil(lambda: bool(events), timeout=WAIT)


def test_a_backup_that_fails_while_the_project_is_open_is_said(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    context = opened(window, birds, qtbot)
    context.project.assign([2], context.classes[0].id)
    shutil.rmtree(birds / "backups")
    (birds / "backups").write_text("a file in the way")
    window.backups.back_up()
    qtbot.waitUntil(lambda: any(bar.severity == "bad" for bar in window.messages.bars), timeout=WAIT)
    (text,) = (bar.text for bar in window.messages.bars if bar.severity == "bad")
    assert "backups" in text
    (birds / "backups").unlink()


# -- restoring --------------------------------------------------------------------------


def test_a_backup_is_chosen_and_restored_by_keyboard(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    recent = window.welcome.recent
    assert window.welcome.restore_button.isEnabled()
    recent.setFocus()
    QTest.keyClick(recent, Qt.Key.Key_Tab)
    focus = QApplication.focusWidget()
    assert focus is window.welcome.restore_button
    QTest.keyClick(focus, Qt.Key.Key_Space)
    dialog = dialog_of(window, qtbot)
    shown = rows(dialog)
    assert [row[1:4] for row in shown] == [["3", "1", "1"], ["3", "0", "1"], ["", "", ""]]
    assert [row[5] for row in shown] == ["", "", "damaged"]
    assert shown[1][0] == made_at(dialog.backups[1].file)
    assert dialog.table.currentIndex().row() == 0, "the newest good one is offered"
    assert not dialog.table.model().index(2, 0).flags() & Qt.ItemFlag.ItemIsSelectable
    assert dialog.table.hasFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.table.currentIndex().row() == 1, "the damaged one cannot be chosen"
    with qtbot.waitSignal(window.controller.opened, timeout=WAIT):
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    context = window.controller.open_context
    assert context.project.folder == birds
    assert context.index.counts() == {}
    (kept,) = birds.glob("project-before-restore-*.db")
    text = f"birds is as it was on {shown[1][0]}. The database it had until now is kept in its folder as {kept.name}."
    qtbot.waitUntil(lambda: text in [bar.text for bar in window.messages.bars], timeout=WAIT)


def test_dates_are_written_as_the_locale_does(window: MainWindow, qtbot: QtBot) -> None:
    former = QLocale()
    window.restoring.ask(window.settings.recent()[0])
    dialog = dialog_of(window, qtbot)
    try:
        QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
        assert made_at(dialog.backups[1].file).startswith("02.01.25 ")
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
        assert made_at(dialog.backups[1].file).startswith("1/2/25")
    finally:
        QLocale.setDefault(former)
    dialog.reject()


def test_the_context_menu_offers_it_too(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    recent = window.welcome.recent
    qtbot.waitUntil(lambda: not window.controller.bridge.jobs(), timeout=WAIT)
    where = recent.visualItemRect(recent.item(0)).center()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(recent.viewport(), QContextMenuEvent(reason, where, recent.mapToGlobal(where)))
    (menu,) = [one for one in recent.findChildren(QMenu) if one.isVisible()]
    action = menu.actions()[1]
    assert action.text() == "Restore a backup…"
    action.trigger()
    menu.close()
    dialog = dialog_of(window, qtbot)
    dialog.reject()
    assert window.restoring.dialog is None
    assert window.controller.context is None


def test_an_open_project_is_closed_first_and_a_missing_one_has_no_backup(
    window: MainWindow, birds: Path, settings: Settings, qtbot: QtBot
) -> None:
    opened(window, birds, qtbot)
    window.show_page("home")
    window.welcome.restore_button.click()
    assert "Close the project first" in window.messages.bars[-1].text
    assert window.restoring.dialog is None
    closed(window, qtbot)
    settings.add_recent(birds.with_name("gone.mma"))
    window.projects.recent_changed.emit()
    qtbot.waitUntil(
        lambda: "(missing)" in window.welcome.recent.item(0).data(Qt.ItemDataRole.AccessibleTextRole), timeout=WAIT
    )
    window.welcome.recent.setCurrentRow(0)
    window.welcome.restore_button.click()
    dialog = dialog_of(window, qtbot)
    assert dialog.note.text() == "There is no backup of this project."
    dialog.reject()


@pytest.mark.parametrize("gone", [False, True])
def test_a_damaged_project_offers_the_newest_good_backup(
    window: MainWindow, birds: Path, qtbot: QtBot, gone: bool
) -> None:
    content = ruin(birds)
    if gone:
        (birds / "project.db").unlink()
    window.projects.open_folder(birds)
    dialog = dialog_of(window, qtbot)
    assert dialog.table.currentIndex().row() == 0
    dialog.reject()
    assert (birds / "project.db").exists() != gone, "the person decides"
    (bar,) = window.messages.bars
    assert ("gone" if gone else "damaged") in bar.text
    QTest.mouseClick(bar.action_button, Qt.MouseButton.LeftButton)
    dialog = dialog_of(window, qtbot)
    with qtbot.waitSignal(window.controller.opened, timeout=WAIT):
        QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    assert window.controller.open_context.index.counts() == {1: 1}
    asides = list(birds.glob("project-damaged-*.db"))
    assert [path.read_bytes() for path in asides] == ([] if gone else [content])


def test_looking_at_backups_can_be_stopped(
    window: MainWindow, birds: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge, looked = window.controller.bridge, list[object]()

    def look(file: object) -> None:
        looked.append(file)
        bridge.busy()[0].cancel()

    monkeypatch.setattr("mma_desktop.store.snapshots.inspect_backup", look)
    window.restoring.ask(birds)
    qtbot.waitUntil(lambda: not bridge.jobs(), timeout=WAIT)
    qtbot.wait(50)
    assert len(looked) == 1
    assert window.restoring.dialog is None


def test_a_damaged_project_without_a_good_backup(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    ruin(birds)
    for path in list((birds / "backups").iterdir()):
        path.write_bytes(b"torn")
    window.projects.open_folder(birds)
    dialog = dialog_of(window, qtbot)
    assert dialog.note.text() == "None of these backups can be restored."
    assert not dialog.restore_button.isEnabled()
    dialog.reject()
    shutil.rmtree(birds / "backups")
    window.restoring.ask(birds)
    dialog = dialog_of(window, qtbot)
    assert dialog.note.text() == "There is no backup of this project."
    assert not dialog.restore_button.isEnabled()
    dialog.reject()


def test_a_restoring_that_fails_is_said_and_changes_nothing(window: MainWindow, birds: Path, qtbot: QtBot) -> None:
    window.restoring.ask(birds)
    dialog = dialog_of(window, qtbot)
    with Project.open(birds):  # another window
        QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(window.messages.bars), timeout=WAIT)
    assert "open in another window" in window.messages.bars[0].text
    with closing(sqlite3.connect(birds / "project.db")) as connection:
        assert connection.execute("SELECT count(*) FROM label").fetchone() == (1,)
    assert window.welcome.restore_button.isEnabled()


def test_another_open_project_stays_until_the_restored_one_is_there(
    window: MainWindow,
    birds: Path,
    open_project: Callable[[Controller, str], ProjectContext],
    qtbot: QtBot,
) -> None:
    other = open_project(window.controller, "other")
    window.restoring.ask(birds)
    dialog = dialog_of(window, qtbot)
    QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.controller.context not in {None, other}, timeout=WAIT)
    assert window.controller.open_context.project.folder == birds
    Project.open(other.project.folder).close()
