"""Names, paths and reasons that others wrote are text: no markup is read in them, and no file is opened for one.

Class names, files, a project, a training, prompts, jobs and errors are called what Qt takes for rich text. The picture
that they name lies in the current folder and is watched.
"""

from __future__ import annotations

import csv
import ctypes
import os
import re
import shutil
import struct
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QColorDialog,
    QGraphicsTextItem,
    QGraphicsView,
    QGroupBox,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QProgressDialog,
    QPushButton,
    QTabBar,
    QTabWidget,
    QTextEdit,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

import mma_desktop.ui
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import Role
from mma_desktop.ui.dialogs.help import GuideWindow
from mma_desktop.ui.dialogs.import_preview import ImportPreview
from mma_desktop.ui.dialogs.names_dialog import NamesDialog
from mma_desktop.ui.dialogs.text_dialogs import DetailsDialog
from mma_desktop.ui.widgets.controls import EmptyState, theme

from ..translations.texts import of_widget
from .dialogs import every_dialog
from .person import LONG, Person
from .projects import trained

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names files as Windows does not allow")

PICTURE = "probe.png"
IMAGE = f"<img src={PICTURE}>"
TURN = "\N{RIGHT-TO-LEFT OVERRIDE}"
CLASSES = {
    "apples": f"{IMAGE} R&D",
    "boxes": f"<b>boxes &amp; R&D {IMAGE}",
    "clouds": f"<a href={PICTURE}>clouds{IMAGE}",
    "stripes": f"stripes{TURN}R&D {IMAGE}",
}
FILE = f"{IMAGE}\nBELOW{TURN}R&D"
TEXT = f"{IMAGE} R&D{TURN}[*]"
TIPS = 6  # rows of a list whose tooltips pop up
IN_OPEN = 0x20


class Watched:
    """A picture whose openings the kernel tells."""

    def __init__(self, path: Path) -> None:
        image = QImage(8, 8, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.red)
        assert image.save(str(path))
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._queue = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert self._libc.inotify_add_watch(self._queue, os.fsencode(path), IN_OPEN) >= 0

    def opened(self) -> bool:
        """Whether somebody opened it since it was last asked."""
        try:
            return len(os.read(self._queue, 4096)) >= struct.calcsize("iIII")
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._queue)


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """The picture that the names refer to, in the current folder."""
    monkeypatch.chdir(tmp_path)
    made = Watched(tmp_path / PICTURE)
    assert not made.opened()
    (tmp_path / PICTURE).read_bytes()
    assert made.opened()
    yield made
    made.close()


@pytest.fixture
def picture_folder(drawn_pictures: Path, tmp_path: Path, probe: Watched) -> Path:
    """Class folders and a file in each of them with such names, and a file that is no picture."""
    target = tmp_path / "pictures"
    for name, other in CLASSES.items():
        shutil.copytree(drawn_pictures / name, target / other)
        (target / other / f"{name} 12.jpg").rename(target / other / f"{FILE} {name}.jpg")
    (target / CLASSES["apples"] / f"{FILE}.png").write_bytes(b"no picture")
    return target


@pytest.fixture
def trained_project(picture_folder: Path, tmp_path: Path, own_cache: None, warm_starter: None) -> Path:
    folder = tmp_path / "made" / f"{TEXT}.mma"
    folder.parent.mkdir()
    trained(folder, picture_folder)
    return folder


# ---------------------------------------------------------------------- what is wrong with a text


def with_mnemonics(widget: QWidget) -> Iterator[str]:
    """The texts of a widget in which Qt takes `&` for the mark of a letter."""
    if isinstance(widget, QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QGroupBox | QMenu):
        yield widget.title()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(at) for at in range(widget.count()))
    elif isinstance(widget, QLabel) and widget.buddy() is not None:
        yield widget.text()
    yield from (action.text() for action in widget.actions())


def rich(widget: QWidget) -> Iterator[str]:
    """What of a widget would be read as markup."""
    if isinstance(widget, QLabel):
        widget.ensurePolished()  # as before it is first measured or painted
        if widget.text() and widget.textFormat() is not Qt.TextFormat.PlainText:
            yield f"{widget.textFormat().name}: {widget.text()}"
    if isinstance(widget, QTextEdit) and not isinstance(widget.window(), GuideWindow):  # which shows our own pages
        yield f"a {type(widget).__name__}"
    if isinstance(widget, QGraphicsView) and widget.scene() is not None:
        texts = (one.toHtml() for one in widget.scene().items() if isinstance(one, QGraphicsTextItem))
        yield from (text for text in texts if "<img" in text)
    if IMAGE in widget.whatsThis():
        yield widget.whatsThis()


@cache
def broken(text: str) -> str:
    """What is wrong with a text that is shown in full; empty if nothing is."""
    if TURN in text:
        return "turns the writing round"
    if "\nBELOW" in text:
        return "is not in one piece"
    return "is escaped for nobody" if re.search("&(lt|gt|quot|amp;amp);", text) else ""


def faults(top: QWidget) -> set[str]:
    """Every foreign text in a window or dialog that would not be shown as the text that it is."""
    found = set()
    for widget in (top, *top.findChildren(QWidget)):
        kind = type(widget).__name__
        found.update(f"{kind} is rich: {text[:160]!r}" for text in rich(widget))
        if "[*]" in widget.windowTitle().replace("[*][*]", ""):
            found.add(f"{kind} loses '[*]': {widget.windowTitle()!r}")
        found.update(f"{kind} loses '&': {one!r}" for one in with_mnemonics(widget) if re.search("(?<!&)R&D", one))
        if not isinstance(widget, QLineEdit | QPlainTextEdit):  # they show what is edited
            told = ((text, broken(text)) for text in filter(None, of_widget(widget)))
            found.update(f"{kind} {wrong}: {text[:160]!r}" for text, wrong in told if wrong)
    return found


def pop_up_tips(top: QWidget) -> set[str]:
    """Rest the mouse on all that is on the screen; what of the tooltips would be read as markup."""
    found = set()
    for widget in top.findChildren(QWidget):
        if not isValid(widget) or not widget.isVisible():
            continue
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for row in range(min(TIPS, widget.model().rowCount(QModelIndex()))):
                index = widget.model().index(row, 0, QModelIndex())
                found.update(tips_at(widget.viewport(), widget.visualRect(index).center()))
        elif widget.toolTip():
            found.update(tips_at(widget, widget.rect().center()))
    QToolTip.hideText()
    return found


def tips_at(widget: QWidget, at: QPoint) -> list[str]:
    """What of the tooltip at a point would be read as markup."""
    QApplication.processEvents()  # a window that becomes active hides tooltips
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
    QApplication.processEvents()
    tips = [one for one in QApplication.topLevelWidgets() if one.objectName() == "qtooltip_label" and one.isVisible()]
    return [f"tooltip {text}" for one in tips for text in rich(one)]


@pytest.fixture
def look(probe: Watched) -> Iterator[Callable[[QWidget], None]]:
    """Collects the faults of windows; at the end there are none, and the picture was never opened."""
    found: set[str] = set()

    def looked(top: QWidget) -> None:
        found.update(faults(top), pop_up_tips(top))
        QApplication.processEvents()
        if probe.opened():
            found.add(f"{type(top).__name__} opened the picture")

    yield looked
    assert not found, "\n".join(sorted(found))


# ---------------------------------------------------------------------- the tests


def test_every_page_and_dialog_shows_foreign_texts_as_text(
    at_experiments: Person, tmp_path: Path, look: Callable[[QWidget], None]
) -> None:
    person, window = at_experiments, at_experiments.window
    context = person.context
    window.controller.add_classes([f'<img src="{tmp_path / PICTURE}"> R&D'], Role.NEW)
    person.until(lambda: len(context.classes) > len(CLASSES))
    run = context.project.runs()[0]
    window.controller.edit(lambda project: project.rename_run(run.id, f"{TEXT} run"))
    window.controller.set_project_setting("prompt_template", f"{IMAGE} {TURN}R&D {{}}")
    assert {one.name for one in context.classes} >= set(CLASSES.values())
    check_pages(person, look)
    check_lists(person, look)
    check_jobs(person, look)
    check_questions(person, look)
    check_dialogs(person, tmp_path, look)
    check_import(person, tmp_path, look)


def idle(person: Person) -> None:
    person.until(lambda: not person.window.controller.bridge.jobs(), LONG)


def check_pages(person: Person, look: Callable[[QWidget], None]) -> None:
    window = person.window
    window.show_page("use")
    predict: Any = window.pages["use"]
    predict.trials.edit.setText(f"{TEXT}, R&D")
    predict.trials.rank_typed()
    predict.trials.choose(predict.trials.names[0])
    idle(person)
    predict.test.test_image(person.shown()[0])
    for page in ("home", "label", "check", "use"):
        window.show_page(page)
        idle(person)
        look(window)
    window.show_page("experiments")
    tabs: QTabWidget = window.pages["experiments"].views
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        idle(person)
        look(window)
    look(window)


def check_lists(person: Person, look: Callable[[QWidget], None]) -> None:
    """The lists of the Find menu, the preview of each kind of file, the menus of images and classes."""
    window, label = person.window, person.label
    for action in (window.menus.suggest, window.menus.suspects, window.menus.duplicates):
        window.show_page("label")
        action.trigger()
        idle(person)
        look(window)
    label.show_all()
    idle(person)
    names = {row.id: row.path.name for row in person.context.project.image_rows(person.shown())}
    label.preview_controller.set_shown(True)
    for image in [one for one, name in names.items() if name.startswith(FILE)][:2]:
        label.grid.select_ids([image])
        idle(person)
        look(window)
    label.labeller.label(person.context.classes[0].id)
    idle(person)
    label.panel.list.selectAll()
    for menu in (label.make_menu(), label.panel.make_menu()):
        popped_up(menu, look)
    label.show_problems()
    idle(person)
    look(window)


def popped_up(menu: QMenu, look: Callable[[QWidget], None]) -> None:
    """See what a menu holds, and the menus in it."""
    menu.popup(QPoint(20, 20))
    for one in (menu, *menu.findChildren(QMenu)):
        look(one)
    menu.close()
    menu.deleteLater()


def check_jobs(person: Person, look: Callable[[QWidget], None]) -> None:
    """Jobs that run, wait, hang and fail, and the question whether to end them."""
    window, go = person.window, Event()
    bridge, title = window.controller.bridge, tr("Training {method}", method=TEXT)

    def fail(_token: object) -> None:
        raise UserError(tr("{path} cannot be read: {reason}", path=TEXT, reason=FILE))

    for _ in range(2):
        bridge.run(LaneName.MEDIA, title, lambda _token: go.wait(LONG / 1000))
    try:
        person.until(window.jobs.title.text)
        window.jobs.list_button.click()
        person.until(window.jobs.popup.isVisible)
        look(window.jobs.popup)
        window.jobs.popup.close()
        window.closing.ask(lambda: None)
        question = window.closing.question
        assert question is not None
        look(question)
        question.reject()
        look(window)
    finally:
        go.set()
    idle(person)
    bridge.run(LaneName.VIEW, title, fail)
    idle(person)
    person.until(lambda: any(IMAGE in bar.text for bar in window.messages.bars))
    look(window)


def check_questions(person: Person, look: Callable[[QWidget], None]) -> None:
    """Questions about a training and a class."""
    window = person.window
    window.show_page("experiments")
    runs = window.pages["experiments"]
    idle(person)
    runs.ask_delete()
    question = next(one for one in runs.findChildren(QMessageBox) if one.isVisible())
    assert IMAGE in question.informativeText()
    look(question)
    question.reject()
    window.show_page("label")
    window.pages["label"].panel.list.setCurrentIndex(window.pages["label"].panel.model.index(0))
    window.pages["label"].panel.ask_colour()
    look(window)
    for dialog in window.findChildren(QColorDialog):
        look(dialog)
        dialog.close()


def check_dialogs(person: Person, folder: Path, look: Callable[[QWidget], None]) -> None:
    window = person.window
    for dialog in every_dialog(window, folder, TEXT):
        dialog.open()
        tabs = dialog.findChild(QTabWidget)
        for tab in range(tabs.count() if tabs is not None else 1):
            if tabs is not None:
                tabs.setCurrentIndex(tab)
            idle(person)
            look(dialog)
        if isinstance(dialog, NamesDialog):
            dialog.rename(person.context.classes[0].id)
            assert dialog.name_dialog is not None
            look(dialog.name_dialog)
            dialog.name_dialog.close()
        dialog.close()
        dialog.deleteLater()


def check_import(person: Person, folder: Path, look: Callable[[QWidget], None]) -> None:
    """A table whose columns, labels and files have such names, and rows with a problem."""
    table = folder / f"{IMAGE}{TURN}.csv"
    picture = next((folder / "pictures").rglob("*.jpg")).relative_to(folder)
    rows = [["file", f"label {TEXT}"], [str(picture), TEXT], [f"../{TEXT}.jpg", TEXT], [str(picture), f"{IMAGE} 2"]]
    with table.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    person.window.show_page("label")
    person.drop_files([table])
    person.until(lambda: isinstance(person.window.imports.dialog, ImportPreview))
    dialog = person.window.imports.dialog
    assert isinstance(dialog, ImportPreview)
    person.until(lambda: dialog.isVisible() and dialog.listing is not None)
    look(dialog)
    dialog.problems_button.click()
    look(next(one for one in dialog.findChildren(DetailsDialog) if one.isVisible()))
    dialog.close()


# Where Qt reads markup, or loads what it names, and no style sheet keeps it from doing so.
RICH = (
    r"\bQText(Browser|Edit|Document)\(|\(QText(Browser|Edit)\)|\bQErrorMessage\b|\bsetHtml\b|\bhtml=|\baddLegend\b|\bLabelItem\b|"
    r"\bsetWhatsThis\b|\bsetMarkdown\b|TextFormat\.(RichText|MarkdownText|AutoText)|\bsetTextFormat\b"
)


def test_nothing_in_the_window_is_written_as_markup() -> None:
    folder = Path(mma_desktop.ui.__file__).parent
    found = [
        f"{file.name}:{number}: {line.strip()}"
        for file in sorted(folder.rglob("*.py"))
        if file.name != "help.py"  # shows the program's own pages and nothing of a stranger's
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if re.search(RICH, line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_what_qt_makes_itself_is_plain_too(theme_name: str, qapp: QApplication, probe: Watched) -> None:
    """Tooltips, also of a widget with a style of its own, message boxes with all their parts, questions for a text."""
    theme.apply_theme(qapp, theme_name)
    owner = QLabel("x")
    owner.setToolTip(TEXT)
    box = QMessageBox()
    box.setText(TEXT)
    box.setInformativeText(TEXT)
    box.setDetailedText(TEXT)
    box.setCheckBox(QCheckBox("x"))
    question = QInputDialog()
    question.setLabelText(TEXT)
    progress = QProgressDialog(TEXT, "Stop", 0, 2)
    for own in ("", "color: red;"):
        owner.setStyleSheet(own)
        owner.show()
        assert not tips_at(owner, QPoint(1, 1))
        assert QToolTip.isVisible()
        QToolTip.hideText()
    for widget in (box, question, progress):
        widget.show()
        QApplication.processEvents()
        assert not list(rich(widget))
        assert {one.textFormat() for one in widget.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
        widget.close()
    assert not probe.opened()


def test_a_text_that_is_measured_before_it_is_shown_is_plain(qtbot: QtBot, probe: Watched) -> None:
    qtbot.addWidget(EmptyState("info", IMAGE, IMAGE))
    assert not probe.opened()


def test_markup_is_found(qtbot: QtBot, look: Callable[[QWidget], None], probe: Watched) -> None:
    """The probe sees what it is there for."""
    label = QLabel(IMAGE)
    qtbot.addWidget(label)
    label.show()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setToolTip(TURN)
    button = QPushButton("R&D", label)
    qtbot.waitUntil(probe.opened)
    assert {one.partition(":")[0] for one in faults(label)} == {
        "QLabel is rich",
        "QLabel turns the writing round",
        "QPushButton loses '&'",
    }
    button.setText("R&&D")
    assert len(faults(label)) == 2
