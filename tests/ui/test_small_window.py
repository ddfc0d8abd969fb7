"""Every page in a small window: nothing is outside, cut off or printed over another thing."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, QSize, Qt, QTimer, QTranslator
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSlider,
    QStyleOptionComboBox,
    QTabBar,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import install, language, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.paths import resources_dir
from mma_desktop.core.settings import Settings
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.import_preview import ImportPreview, LoadModelDialog
from mma_desktop.ui.dialogs.place_dialog import ExportFormatsDialog, ExportModelDialog, NewProjectDialog
from mma_desktop.ui.grid import thumbnail_delegate
from mma_desktop.ui.grid.image_grid import MIN_SIDE
from mma_desktop.ui.grid.image_model import Badge
from mma_desktop.ui.grid.review import ReviewButtons
from mma_desktop.ui.label import class_list, next_step
from mma_desktop.ui.shell import application, main_window
from mma_desktop.ui.shell.file_watch import WatchedFoldersDialog
from mma_desktop.ui.shell.main_window import MainWindow
from mma_desktop.ui.widgets import painting, windows
from mma_desktop.ui.widgets.fields import WideBox
from mma_desktop.ui.widgets.text_labels import ElidedLabel

from .dialogs import every_dialog
from .person import Person, close, make_pages, shown_window

PARTS = (QAbstractButton, QAbstractSpinBox, QComboBox, QGraphicsView, QLabel, QLineEdit, QSlider)
SIZES = [("en", [(850, 460), (910, 480), (1040, 700), (1280, 800)]), ("de", [(850, 460), (910, 480), (1280, 800)])]
LONG_ADVICE = "One stays, with the label: the one that you select, or the largest. The files stay, too. "


def areas_around(widget: QWidget, top: QWidget) -> list[QScrollArea]:
    """The places that scroll, from the widget up."""
    found = []
    above = widget.parentWidget()
    while above is not None and above is not top:
        if isinstance(above, QScrollArea):
            found.append(above)
        above = above.parentWidget()
    return found


def belongs_to_another(widget: QWidget) -> bool:
    above = widget.parentWidget()
    return widget.objectName().startswith("qt_") or isinstance(
        above, QAbstractSpinBox | QComboBox | QLineEdit | QTabBar
    )


def place(widget: QWidget, top: QWidget) -> QRect:
    return QRect(widget.mapTo(top, QPoint(0, 0)), widget.size())


def outside(top: QWidget) -> list[str]:
    """Parts that no scrolling brings into sight."""
    missed = []
    for widget in top.findChildren(QWidget):
        if not isinstance(widget, PARTS) or belongs_to_another(widget) or not widget.isVisible():
            continue
        areas = areas_around(widget, top)
        if areas:
            inner = areas[0].widget()
            room = inner.rect()
            if inner.width() > areas[0].viewport().width():
                missed.append(f"{told(widget)} in what is wider than its place")
            here = place(widget, inner)
        else:
            room, here = top.rect(), place(widget, top)
        if not room.contains(here):
            missed.append(f"{told(widget)} at {here} of {room}")
    return missed


def clashing(window: MainWindow) -> list[str]:
    """Letters of a menu, or with Alt of a page, that mean two things: Qt only goes from one to the other."""

    def letters(texts: Iterable[str]) -> list[str]:
        return [found[1].lower() for one in texts if (found := re.search("(?<!&)&([^&])", one))]

    menus = letters(one.text() for one in window.menuBar().actions())
    assert len(menus) == len(window.menuBar().actions())
    bad = []
    for menu in window.menuBar().findChildren(QMenu):
        marked = [one.text() for one in menu.actions() if letters([one.text()])]
        counts = Counter(letters(marked))
        bad += [f"{menu.title()}: {one!r} shares its letter" for one in marked if counts[letters([one])[0]] > 1]
    for name, page in window.pages.items():
        labels = [one.text() for one in page.findChildren(QLabel) if one.buddy() is not None]
        mine = letters([*labels, *(one.text() for one in page.findChildren(QPushButton))])
        bad += [f"{name}: Alt+{one}" for one in set(mine) if (mine + menus).count(one) > 1]
    return bad


def cut(top: QWidget) -> list[str]:
    """Texts that have less room than they need."""
    fields = [*top.findChildren(QPushButton), *top.findChildren(QComboBox)]
    missed = [
        f"{told(one)} is {one.width()} wide, not {one.minimumSizeHint().width()}"
        for one in fields
        if one.isVisible() and not isinstance(one, WideBox) and one.width() < one.minimumSizeHint().width()
    ]
    for widget in top.findChildren(QLabel):
        if not widget.isVisible() or not widget.text() or isinstance(widget, ElidedLabel) or not widget.width():
            continue
        if widget.wordWrap():
            if widget.height() < widget.heightForWidth(widget.width()):
                missed.append(f"{told(widget)} is {widget.height()} high")
        elif widget.width() < widget.sizeHint().width() - 1:
            missed.append(f"{told(widget)} is {widget.width()} wide, not {widget.sizeHint().width()}")
    return missed


def elided(top: QWidget) -> list[str]:
    """Boxes that have no room for a short text."""
    missed = []
    for box in top.findChildren(WideBox):
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        if box.isVisible() and option.currentText != box.currentText():
            missed.append(f"{told(box)} shows {option.currentText!r}")
    return missed


def over_another(top: QWidget) -> list[str]:
    """Parts of one place that cover each other."""
    missed = []
    for owner in (top, *top.findChildren(QWidget)):
        if not owner.isVisible() or owner.layout() is None:
            continue
        parts = [one for one in owner.children() if isinstance(one, PARTS) and one.isVisible()]
        for one, other in combinations(parts, 2):
            if one.geometry().adjusted(1, 1, -1, -1).intersects(other.geometry().adjusted(1, 1, -1, -1)):
                missed += [f"{told(one)} over {told(other)}"]
    return missed


def told(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel | QLineEdit) else ""
    return f"{type(widget).__name__} {(text or widget.accessibleName())[:40]!r}"


def settle(person: Person) -> None:
    """Wait until no job runs, listed or not, and nothing is to happen in the next quarter of a second."""

    def soon() -> bool:
        timers = person.window.findChildren(QTimer)
        return any(one.isSingleShot() and one.isActive() and one.remainingTime() < 250 for one in timers)

    QApplication.processEvents()
    person.until(lambda: not soon())
    person.until(lambda: not person.window.controller.bridge.jobs())
    for _ in range(5):  # a place that gets its width asks those around it for theirs
        person.qtbot.wait(10)


@pytest.fixture
def spoken(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """The language of the window that is made next."""
    before, translator = language(), QTranslator(qapp)
    if request.param != "en":
        assert translator.load(str(resources_dir() / "translations" / f"{request.param}.qm"))
        install(application.language_from(translator, QLocale(request.param)))
    yield
    install(before)


@pytest.mark.parametrize(("spoken", "sizes"), SIZES, indirect=["spoken"])
@pytest.mark.usefixtures("spoken")
def test_everything_is_in_sight_in_a_small_window(
    at_experiments: Person, sizes: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, window = at_experiments, at_experiments.window
    window.messages.clear()
    window.pages["check"].suspects.bar.dismiss()
    person.context.project.add_classes([f"class {number}" for number in range(14)])  # so that they are searched
    window.controller.changed.emit(window.controller.context.project.add_classes(["one more"]))
    person.label.grid.set_current(0)
    bar, bad = person.label.review.bar, []
    texts = ("Accept {n}", "Leave {n} out", "Answer {n} questions")
    accept, reject, ask = (tr(one, one, 12) for one in texts)
    buttons = ReviewButtons(accept=accept, reject=reject, ask=ask)
    monkeypatch.setattr(next_step, "accuracy_text", lambda context, short=False: "At least 98% of pictures right")
    monkeypatch.setattr(next_step, "accuracy_claims", lambda context: SimpleNamespace(telling=0))

    def look(what: str) -> None:
        settle(person)
        page = window.pages[window.current_page]
        found = dict.fromkeys([*outside(window), *cut(page), *over_another(page)])
        bad.extend(f"{window.width()} x {window.height()}, {what}: {one}" for one in found)

    for size in sizes:
        window.resize(*size)
        assert (window.width(), window.height()) == size
        window.show_page("home")
        look("home")
        window.show_page("label")
        look("label")
        bad += elided(window)
        bar.show_state("12 pictures that the model is sure of", "", buttons, newer=True)
        look("label with sure pictures")
        window.messages.show_message("None of the 400 labels looks wrong.", "info", "Show")
        bar.show_state("6 pictures with copies", 2 * LONG_ADVICE, ReviewButtons(accept=accept), newer=False)
        look("label with copies and a message")
        window.messages.clear()
        bar.hide()
        person.label.preview_controller.set_shown(True)
        look("label with preview")
        person.label.show_images(person.label.query.ids, tr("Most likely '{name}' first", name="sailing boat"))
        look("label with a list and preview")
        person.label.review.end()
        person.label.preview_controller.set_shown(False)
        window.show_page("check")
        look("check")
        window.show_page("experiments")
        views = window.pages["experiments"].views
        for at in range(views.count()):
            views.setCurrentIndex(at)
            look(views.tabText(at))
        window.show_page("use")
        look("use")
    bad += clashing(window)
    assert not bad, "\n".join(bad)


def test_what_a_job_says_is_whole_in_a_small_window(
    controller: Controller, settings: Settings, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> None:
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    window, jobs, gate = person.window, person.window.jobs, threading.Event()
    open_project(controller)
    window.resize(900, 500)
    job = controller.bridge.run(LaneName.MEDIA, "Importing pictures", lambda _token: gate.wait(60))
    person.until(jobs.isVisible)
    controller.bridge.job_changed.emit(job, Progress(43_210, 123_456, "", 123.0, 700.0))
    qtbot.wait(50)
    assert jobs.detail.text() == "43,210 of 123,456, 123 per second, about 12 min left"
    assert jobs.detail.width() >= jobs.detail.sizeHint().width()
    assert window.rect().contains(place(jobs.list_button, window))
    gate.set()
    close(person)
    window.deleteLater()


def test_a_message_and_an_untrained_project_fit_too(
    controller: Controller, settings: Settings, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot
) -> None:
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    window = person.window
    make_pages(window)
    context = open_project(controller)
    context.project.add_classes([f"class {number}" for number in range(14)])
    controller.changed.emit(context.project.add_classes(["class one", "class ones"]))
    window.pages["label"].panel.warning.setVisible(True)
    window.pages["use"].info.show_message(
        "Nothing is learned from labels yet: these predictions come from names alone.", "info", "Go to Check"
    )
    window.resize(900, 500)
    window.messages.show_message("12 pictures are missing. Labels and what was learned stay.", "warn", "Find again…")
    bad: list[str] = []
    for name in ("home", "label", "check", "experiments", "use"):
        window.show_page(name)
        settle(person)
        page = window.pages[name]
        bad += [f"{name}: {one}" for one in (*outside(window), *cut(page), *over_another(page))]
    assert not bad, "\n".join(bad)
    close(person)
    window.deleteLater()


def test_names_and_what_is_read_for_them_are_whole_in_a_small_window(
    trained_person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, window, drawn = trained_person, trained_person.window, set[str]()
    bars: list[float] = []
    real_words, real_bar = painting.paint_words, painting.paint_bar

    def words(painter: QPainter, area: QRect, text: str, *more: object, **named: object) -> None:
        drawn.add(text)
        real_words(painter, area, text, *more, **named)

    def bar(painter: QPainter, track: QRectF, *more: Any) -> None:
        bars.append(track.width())
        real_bar(painter, track, *more)

    for module in (painting, class_list, thumbnail_delegate):
        monkeypatch.setattr(module, "paint_words", words)
    monkeypatch.setattr(painting, "paint_bar", bar)
    first = person.context.classes[0]
    change = person.context.project.rename_class(first.id, first.name, "a small apple")
    window.controller.changed.emit(change)
    window.resize(850, 460)
    window.show_page("label")
    settle(person)
    assert MIN_SIDE <= person.label.grid.side < 110
    person.label.grid.viewport().grab()
    person.label.panel.list.viewport().grab()
    assert {"apples", "boxes"} <= drawn
    assert not [text for text in drawn if text.endswith("\u2026") and not text.startswith(("1", "2"))]
    assert drawn & {"= a small apple", "read as a small apple"}
    assert not [text for text in drawn if "example" in text], "beside a reading, no number has its word"
    assert min(bars) >= painting.MIN_BAR
    assert not person.label.next_step.accuracy.shown.endswith("\u2026")
    drawn.clear()
    long_name = replace(first, name="a hawksbill turtle")
    monkeypatch.setattr(person.label.grid.images, "badge", lambda _id: Badge(guess=long_name, confidence=1.0))
    person.label.grid.itemDelegate().side = MIN_SIDE
    person.label.grid.viewport().grab()
    assert "100%" in drawn, "beside a name that has no room"
    assert any(text.endswith("\u2026") for text in drawn)


def test_the_window_scrolls_on_a_screen_below_the_least_one(
    controller: Controller, settings: Settings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_window, "available_geometry", lambda _window: QRect(0, 32, 640, 368))
    person = Person(shown_window(controller, settings, qtbot), qtbot)
    window = person.window
    assert (window.minimumSize(), window.size()) == (QSize(640, 368), QSize(640, 368))
    area = window.centralWidget()
    person.until(lambda: area.horizontalScrollBar().maximum() and area.verticalScrollBar().maximum())
    window.resize(850, 460)
    person.until(lambda: not area.horizontalScrollBar().maximum() and not area.verticalScrollBar().maximum())
    close(person)
    window.deleteLater()


ROOMS = [("en", QSize(640, 368), 1.0), ("de", QSize(640, 368), 1.0), ("de", QSize(910, 480), 1.6)]
"""What 1280x800 at twice the size leaves for a dialog, and 1366x768 at one and a half with large letters."""


def needs_more_room(dialog: QDialog, room: QSize) -> list[str]:
    """Why a dialog does not fit on a small screen, or its buttons are not on it."""
    asked = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
    bad = [
        f"{what} {size.width()}x{size.height()}"
        for what, size in (("needs", asked), ("is", dialog.size()))
        if size.expandedTo(room) != room
    ]
    own = [one for one in dialog.findChildren(QPushButton) if one.isVisible() and one.window() is dialog]
    fixed = (one for one in own if not areas_around(one, dialog))
    bad += [f"{told(one)} is outside" for one in fixed if not dialog.rect().contains(place(one, dialog))]
    return [f"{dialog.windowTitle()}: {one}" for one in [*bad, *cut(dialog)]]


@pytest.mark.parametrize(("spoken", "room", "letters"), ROOMS, indirect=["spoken"])
@pytest.mark.usefixtures("spoken")
def test_every_dialog_fits_on_a_small_screen(
    at_pictures: Person,
    room: QSize,
    letters: float,
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(windows, "available_geometry", lambda _window: QRect(QPoint(0, 32), room))
    person, window, usual = at_pictures, at_pictures.window, qapp.font()
    large = QFont(usual)
    large.setPointSizeF(letters * usual.pointSizeF())
    qapp.setFont(large)
    questions = [
        windows.confirm(window, "Delete", "Delete it?", "It cannot be undone. " * 8, lambda: None, cancel_text="Keep")
    ]
    bad: list[str] = []
    dialogs = [
        *every_dialog(window, tmp_path, "things"),
        ImportPreview(None, None, window),
        LoadModelDialog(window),
        ExportModelDialog("things", tmp_path, window),
        ExportFormatsDialog("things", tmp_path, window, with_none=True),
        WatchedFoldersDialog(window),
    ]
    for dialog in dialogs:
        (windows.bring_to_front if dialog.windowType() is Qt.WindowType.Window else windows.open_once)(dialog)
        tabs = dialog.findChild(QTabWidget)
        for tab in range(tabs.count() if tabs is not None else 1):
            if tabs is not None:
                tabs.setCurrentIndex(tab)
            settle(person)
            bad += needs_more_room(dialog, room)
        dialog.close()
    for question in questions:
        bad += needs_more_room(question, room)
        question.reject()
    qapp.setFont(usual)
    person.until(lambda: not window.controller.bridge.busy())
    assert not bad, "\n".join(bad)


def test_a_dialog_that_scrolls_shows_what_has_the_keyboard_and_grows_while_there_is_room(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    height = 260
    monkeypatch.setattr(windows, "available_geometry", lambda _window: QRect(0, 32, 640, height))
    dialog = NewProjectDialog("things", tmp_path, [tmp_path], person.window)
    windows.open_once(dialog)
    dialog.show_classes({f"class {number}": tmp_path for number in range(40)})
    person.until(lambda: dialog.height() == height)
    dialog.use_names.setFocus()
    person.until(dialog.use_names.hasFocus)
    shown = areas_around(dialog.use_names, dialog)[0].viewport()
    assert shown.rect().contains(place(dialog.use_names, dialog).translated(-shown.mapTo(dialog, QPoint())))
    height = 600
    dialog.show_classes({"one class": tmp_path})
    dialog.show_classes({f"class {number}": tmp_path for number in range(40)})
    person.until(lambda: not areas_around(dialog.use_names, dialog)[0].verticalScrollBar().isVisible())
    assert dialog.height() < height
    dialog.reject()
