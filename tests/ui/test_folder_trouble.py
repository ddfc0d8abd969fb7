"""The project's folder goes away under the window, or another window has it: the sentence is seen, and work goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt

from tests.services.test_folder_trouble import HOLD

from .person import Person, labels_of
from .test_missing_files import message, person

__all__ = ["person"]  # the fixture

Key = Qt.Key


def close_project(person: Person) -> None:
    person.window.closing.close_project()
    person.until(lambda: person.window.controller.context is None and not person.window.controller.is_closing)
    assert person.window.pages["home"].isVisible()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_labelling_goes_on_once_the_folder_is_back(person: Person) -> None:
    folder, before = person.context.project.folder, labels_of(person.context)
    away = folder.with_name("away.mma")
    folder.rename(away)
    person.click_image(0)
    image = person.shown()[0]
    person.press(Key.Key_2)
    person.until(lambda: "is not there any more" in message(person))
    assert message(person) == (
        f"{folder} is not there any more, or cannot be opened; this change was not saved. Plug its drive in or put the "
        "folder back, then open the project again."
    )
    assert labels_of(person.context) == before, "no mark without a label on disk"
    person.press(Key.Key_3)
    person.go_to_experiments()
    person.go_to(Key.Key_2, "label")
    person.until(lambda: not person.window.controller.bridge.jobs())  # the second label is refused as well
    away.rename(folder)
    person.click_image(0)
    person.press(Key.Key_2)
    person.until(lambda: labels_of(person.context)[image] == "boxes")
    close_project(person)
    person.window.projects.open_folder(folder)
    person.until(lambda: person.window.controller.context is not None)
    assert labels_of(person.context) == {**before, image: "boxes"}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_project_whose_folder_is_gone_can_be_closed(person: Person) -> None:
    folder = person.context.project.folder
    folder.rename(folder.with_name("away.mma"))
    close_project(person)
    person.window.projects.open_folder(folder.with_name("away.mma"))
    person.until(lambda: person.window.controller.context is not None)
    assert len(labels_of(person.context)) == 48


def test_a_project_that_another_window_has_is_refused_until_it_is_closed_there(person: Person) -> None:
    folder, before = person.context.project.folder, labels_of(person.context)
    close_project(person)
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "48\n"
        person.window.projects.open_folder(folder)
        person.until(lambda: "is open in another window or used by a command." in message(person))
        assert person.window.controller.context is None
        other.communicate("\n")
    person.window.projects.open_folder(folder)
    person.until(lambda: person.window.controller.context is not None)
    assert labels_of(person.context) == before
