"""A question in every size of the window: the picture is large, every answer is whole or scrolls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import ImageClass, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.review import Question
from mma_desktop.ui.label.question_view import QuestionView

KEYS = "123456789abcdefghilm"


def choices(name: str) -> list[ImageClass]:
    classes = [
        ImageClass(number, name.format(number), Role.BASE, number, "#4477aa", key) for number, key in enumerate(KEYS, 1)
    ]
    return [*classes, ImageClass(0, "None of these", Role.NONE, len(classes), "#808080", "0")]


@pytest.mark.parametrize("name", ["class {}", "an uncommonly long name of a class, number {}", "{}"])
@pytest.mark.parametrize(("width", "height"), [(826, 446), (1196, 734), (1836, 1014)])
def test_the_picture_is_large_and_every_answer_is_whole(
    name: str,
    width: int,
    height: int,
    controller: Controller,
    open_project: Callable[[Controller], ProjectContext],
    qtbot: QtBot,
) -> None:
    open_project(controller)
    view = QuestionView(controller)
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show()
    every = choices(name)
    asked = Question(1, every[4], every[7])
    for size in ((826, 446), (width, height)):  # also after another size
        view.resize(*size)
        view.show_question(asked, every, "class 5: 3/16 examples", back=True, confirms=True)
        for _ in range(5):  # a place that gets its width asks those around it for theirs
            qtbot.wait(10)
    picture = view.picture
    assert picture.width() * picture.height() > 0.33 * width * height
    deeds = (view.yes_button, view.keep_button, view.none_button, view.skip_button, view.back_button, view.name_button)
    for one in deeds:
        assert view.rect().contains(on(view, one)), one.text()
        assert not on(view, one).intersects(on(view, picture))
    for one in view.classes.buttons:
        assert view.classes.rect().contains(one.geometry()), one.text()
    places = [one.geometry() for one in view.classes.buttons]
    assert not any(a.intersects(b) for at, a in enumerate(places) for b in places[:at])
    shown = view.classes.parentWidget()
    assert shown.height() >= min(view.classes.height(), 80)
    assert view.rect().contains(on(view, shown))
    if height > 600:
        assert on(view, shown).bottom() > height - 24, "no room is left empty below the answers"


def on(view: QWidget, part: QWidget) -> QRect:
    """Where a part of the view is in it."""
    return QRect(part.mapTo(view, part.rect().topLeft()), part.size())
