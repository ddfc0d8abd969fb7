"""What the buttons and actions of the pages lead to: the window opens the page or the dialog that they name."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import pytest
from PySide6.QtCore import SIGNAL, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QDialog, QFileDialog

from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.file_watch import WatchedFoldersDialog

from .person import Person, make_pages

FILES, FOLDER = QFileDialog.FileMode.ExistingFiles, QFileDialog.FileMode.Directory


@pytest.fixture
def person(person: Person, open_project: Callable[[Controller], ProjectContext]) -> Person:
    """Somebody at a project with a training and no picture."""
    project = open_project(person.window.controller).project
    project.add_run("first", "multi-modal-adapter", "starter", "runs/first.safetensors", {"shots": 4, "seed": 1}, {})
    return person


def trigger(person: Person, page: str, path: str) -> None:
    """Press a button, trigger an action or send a signal of a page, which is the page shown."""
    person.window.show_page(page)
    found: object = reduce(getattr, path.split("."), person.window.pages[page])
    if isinstance(found, QAbstractButton):
        found.click()
    elif isinstance(found, QAction):
        found.trigger()
    else:
        assert isinstance(found, SignalInstance)
        found.emit()


def opened(person: Person) -> QDialog:
    """The one dialog that is open, once it is."""
    person.until(lambda: any(one.isVisible() for one in person.window.findChildren(QDialog)))
    (dialog,) = (one for one in person.window.findChildren(QDialog) if one.isVisible())
    return dialog


@pytest.mark.parametrize(
    ("page", "path", "leads_to"),
    [
        ("use", "stack.label_button", "label"),
        ("label", "empty.train_button", "check"),
        ("label", "next_step.results_requested", "check"),
        ("label", "next_step.train_requested", "train"),
    ],
)
def test_a_page_leads_to_another(person: Person, page: str, path: str, leads_to: str) -> None:
    trigger(person, page, path)
    assert person.window.current_page == leads_to
    assert person.window.pages[leads_to].isVisible()


def test_a_page_asks_for_a_folder_to_watch(person: Person) -> None:
    trigger(person, "use", "stack.watch_button")
    person.until(lambda: any(one.isVisible() for one in person.window.findChildren(WatchedFoldersDialog)))


@pytest.mark.parametrize(
    ("page", "path", "mode"), [("use", "stack.import_button", FILES), ("label", "empty.import_button", FOLDER)]
)
def test_a_page_asks_for_pictures(person: Person, page: str, path: str, mode: QFileDialog.FileMode) -> None:
    trigger(person, page, path)
    dialog = opened(person)
    assert isinstance(dialog, QFileDialog)
    assert dialog.windowTitle() == "Import pictures"
    assert dialog.fileMode() is mode


def test_pictures_are_as_large_on_every_page(person: Person) -> None:
    label, predict = person.window.pages["label"], person.window.pages["use"]
    slider = label.filter_bar.slider
    for side in (slider.value(), 208, slider.minimum()):
        slider.setValue(side)
        for name in ("use", "label"):
            person.window.show_page(name)
        assert label.grid.sides is predict.grid.sides
        assert predict.grid.sides.value == side


def test_every_action_of_the_menus_does_something(person: Person) -> None:
    make_pages(person.window)
    idle = [
        name
        for name, action in person.window.menus.by_name.items()
        if action.receivers(SIGNAL("triggered(bool)")) <= len(action.associatedObjects())  # each menu is a receiver
    ]
    assert not idle, f"connect these in `_wire_menus` of ui/shell/main_window.py, or where they belong: {idle}"


def test_every_export_has_the_same_words_on_the_page_in_the_menu_and_in_its_dialog(person: Person) -> None:
    window = person.window
    listed = [one.text() for one in window.menus.exports.actions() if not one.isSeparator()]
    assert [one.replace("&", "") for one in listed] == [f"{one.title}…" for one in EXPORTS]
    here = window.pages["use"].export_button.menu().actions()
    assert [one.text() for one in here if not one.isSeparator()] == listed
    for one in EXPORTS:
        if one.id in {"model", "whole_model", "report"}:  # they ask for nothing while there is no model
            continue
        window.menus.export[one.id].trigger()
        dialog = opened(person)
        assert dialog.windowTitle() == one.title
        dialog.reject()
        person.until(lambda: not any(one.isVisible() for one in window.findChildren(QDialog)))
