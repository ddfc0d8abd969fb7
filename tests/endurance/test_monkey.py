"""A monkey at the window: nothing fails, no label is lost, nothing is held that was let go."""

from __future__ import annotations

import logging
import math
import random
import statistics
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.settings import Settings
from mma_desktop.engine.backbones import loading
from mma_desktop.services.project_factory import create_project
from mma_desktop.ui.base.controller import Controller

from ..ui.person import Person, close, make_pages, shown_window
from .duration import long_seconds
from .monkey import Holdings, Monkey

GROWTH = 1.10
ROUNDS = 9
FEW_ROUNDS = (3, 9, 27)  # more while something grows: descriptors go from 18 to 24 and back with the connections

needs_proc = pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from /proc")


class NameIssue(logging.Handler):
    """Everything that went wrong where nobody looked: errors in the log, exceptions without a catcher."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))

    def hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.found.append("".join(traceback.format_exception(kind, error, trace)))


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameIssue]:
    made = NameIssue()
    logging.getLogger().addHandler(made)
    monkeypatch.setattr(sys, "excepthook", made.hook)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    yield made
    logging.getLogger().removeHandler(made)


@pytest.fixture
def monkey(
    controller: Controller, settings: Settings, picture_folder: Path, qtbot: QtBot, trouble: NameIssue, tmp_path: Path
) -> Iterator[Callable[[int, bool], Monkey]]:
    """A function that opens a project of the drawn pictures, half of them labelled, and lets a monkey near it."""
    controller.bridge.bug.connect(lambda title, error: trouble.found.append(f"{title}: {error}"))
    people: list[Person] = []

    def let_in(number: int, prepared: bool) -> Monkey:
        person = Person(shown_window(controller, settings, qtbot), qtbot)
        people.append(person)
        make_pages(person.window)
        controller.prepare_on_open = prepared
        context = create_project(tmp_path / "monkey.mma", threads=1)
        controller.set_context(context)
        halves = sorted(picture_folder.iterdir())
        with qtbot.waitSignal(controller.import_done, timeout=120_000):
            controller.import_paths(halves, {one.name: one for one in halves})
        controller.assign(context.index.columns.ids[::2].tolist(), None)
        person.until(lambda: not controller.bridge.jobs(), 240_000)
        person.window.show_page("label")
        return Monkey(person, context.project.folder, picture_folder, number)

    yield let_in
    for person in people:
        close(person)
        person.window.deleteLater()


def played(monkey: Monkey, trouble: NameIssue, seconds: float, rounds: int) -> list[Holdings]:
    """What is held after each of some rounds; it ends at the first trouble."""
    held = []
    for _ in range(rounds):
        monkey.play(seconds / rounds, until=lambda: bool(trouble.found))
        assert not trouble.found, trouble.found[0]
        held.append(monkey.holdings())
        monkey.compare()
    return held


def growth(held: list[Holdings]) -> dict[str, float]:
    """How much more is held at the end than when it had settled: the last third of the rounds to the second."""
    third = len(held) // 3
    early, late = held[third : 2 * third], held[-third:]
    return {field.name: middle(late, at) / middle(early, at) for at, field in enumerate(fields(Holdings))}


def middle(held: Sequence[Holdings], at: int) -> float:
    """The median of one of the figures, where it is known."""
    return float(statistics.median(value for one in held if not math.isnan(value := astuple(one)[at])))


def check(monkey: Monkey, trouble: NameIssue, seconds: float, rounds: Sequence[int], number: int) -> None:
    """Nothing grows by each of these numbers of rounds, of some seconds: a page or a connection is made once."""
    try:
        held: list[Holdings] = []
        grown = {field.name for field in fields(Holdings)}
        for count in rounds:
            more = count - len(held)
            held += played(monkey, trouble, seconds * more, more)
            assert not trouble.found, trouble.found[0]
            grown &= {name for name, ratio in growth(held).items() if ratio > GROWTH}
            if not grown:
                break
        assert not grown, (grown, held)
    except BaseException as error:
        error.add_note(f"The monkey's number is {number}. It last did: " + "; ".join(monkey.done[-12:]))
        traceback.print_exception(error)  # at once: a window that is left in the middle may take the report with it
        raise


@needs_proc
def test_seconds_of_anything(
    monkey: Callable[[int, bool], Monkey], trouble: NameIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise UserError("There is no backbone here.")

    monkeypatch.setattr(loading, "load_backbone", refuse)  # it would take most of the seconds
    check(monkey(6, False), trouble, 1, FEW_ROUNDS, 6)


@needs_proc
@pytest.mark.slow
def test_hours_of_anything(monkey: Callable[[int, bool], Monkey], trouble: NameIssue) -> None:
    number = random.SystemRandom().randrange(1 << 30)
    check(monkey(number, True), trouble, long_seconds() / ROUNDS, [ROUNDS], number)
