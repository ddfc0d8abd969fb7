"""The engine dies, runs out of memory or hangs: the window says so, labelling goes on, and quitting always works."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core.jobs import SILENT_SECONDS, JobState, LaneName
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import DEFAULT_METHOD, Recipe
from mma_desktop.engine.backbones import loading
from mma_desktop.engine.training import trainer
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training.experiments import Division, Experiment, Trial
from mma_desktop.ui.base.controller import Controller
from tests.chaos.nursery import TINY

from .person import LONG, Person, close, shown_window

ASKED = Experiment(
    (Trial(DEFAULT_METHOD, recipe=Recipe(max_epochs=3, patience=2)),), (2,), (0,), Division.PICKED, device="cpu"
)


class Hang:
    """A call that does not return, until the test is over."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.gate = threading.Event()

    def __call__(self, *_: Any) -> None:
        self.entered.set()
        self.gate.wait()


@pytest.fixture
def hang() -> Iterator[Hang]:
    made = Hang()
    yield made
    made.gate.set()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The jobs bar and a closing window look often."""
    monkeypatch.setattr("mma_desktop.ui.base.bridge.WATCH_MS", 10)
    monkeypatch.setattr("mma_desktop.ui.base.controller.CLOSE_CHECK_MS", 10)


@pytest.fixture
def person(controller: Controller, settings: Settings, qtbot: QtBot, hang: Hang) -> Iterator[Person]:
    """Somebody at the window."""
    made = Person(shown_window(controller, settings, qtbot), qtbot)
    yield made
    hang.gate.set()
    if not made.window.closing.over:
        close(made)
    made.window.deleteLater()
    QApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def context(
    person: Person,
    open_project: Callable[[Controller], ProjectContext],
    picture_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> ProjectContext:
    """A project with labelled pictures and a loaded backbone, in the window."""
    monkeypatch.setattr(loading, "load_backbone", lambda *_a, **_k: TINY)
    controller = person.window.controller
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        made = open_project(controller)
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder], {one.name: one for one in picture_folder.iterdir()})
    person.until(lambda: not controller.bridge.busy())
    return made


def told(person: Person, text: str) -> bool:
    """Whether a message in the window says so."""
    return any(text in bar.text for bar in person.window.messages.bars)


def test_a_training_that_hangs_is_named_while_labelling_goes_on(
    person: Person,
    context: ProjectContext,
    hang: Hang,
    let_pass: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    controller, jobs, real = person.window.controller, person.window.jobs, trainer.train
    monkeypatch.setattr(trainer, "train", lambda *a, **k: hang() or real(*a, **k))  # type: ignore[func-returns-value]
    controller.run_experiment(ASKED)
    person.until(hang.entered.is_set)
    person.until(jobs.isVisible)
    assert not jobs.warning.isVisible()
    let_pass(SILENT_SECONDS + 5)
    person.until(jobs.warning.isVisible)
    assert jobs.accessibleName() == "Experiment: has not answered for 2 minutes"
    image = int(context.index.columns.ids[0])
    controller.assign([image], context.classes[2].id)
    person.until(lambda: context.project.image_rows([image])[0].class_id == context.classes[2].id)
    with qtbot.waitSignal(controller.experiment_finished, timeout=LONG) as finished:
        hang.gate.set()
    assert finished.args[0] is not None
    person.until(lambda: not controller.bridge.busy() and jobs.isHidden())


def test_a_job_that_is_not_shown_comes_to_the_front_while_it_does_not_answer(
    person: Person, hang: Hang, let_pass: Callable[[float], None]
) -> None:
    jobs, bridge = person.window.jobs, person.window.controller.bridge
    job = bridge.run(LaneName.STORE, "", hang)
    person.until(hang.entered.is_set)
    let_pass(SILENT_SECONDS + 5)
    person.until(jobs.isVisible)
    assert jobs.title.text() == "Reading or saving the project"
    assert jobs.detail.text() == "has not answered for 2 minutes"
    assert not jobs.stop_button.isVisible(), "what is being saved is not stopped"
    job.token.beat()
    person.until(jobs.isHidden)
    hang.gate.set()
    person.until(lambda: job.finished)


@pytest.mark.parametrize("error", [MemoryError(), torch.OutOfMemoryError("CUDA out of memory")], ids=["cpu", "gpu"])
def test_running_out_of_memory_is_a_sentence(person: Person, error: BaseException) -> None:
    bridge, bugs = person.window.controller.bridge, []
    bridge.bug.connect(lambda *found: bugs.append(found))

    def work(_token: object) -> None:
        raise error

    bridge.run(LaneName.ENGINE, "Comparing", work)
    person.until(lambda: told(person, "There was not enough memory for: Comparing. Every label is saved."))
    assert not bugs


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(2), ZeroDivisionError("one by nothing")])
def test_whatever_the_engine_raises_is_told_and_the_next_job_works(person: Person, error: BaseException) -> None:
    bridge = person.window.controller.bridge
    bugs: list[object] = []
    done: list[object] = []
    bridge.bug.connect(lambda _title, found: bugs.append(found))

    def work(_token: object) -> None:
        raise error

    bridge.run(LaneName.ENGINE, "Comparing", work)
    bridge.run(LaneName.ENGINE, "Next", lambda _token: 7, done=done.append)
    person.until(lambda: done == [7])
    assert bugs == [error]
    assert person.window.isVisible()


@pytest.mark.parametrize("lane", [LaneName.MEDIA, LaneName.ENGINE])
def test_a_window_with_a_job_that_hangs_is_closed_and_keeps_its_labels(
    person: Person, context: ProjectContext, hang: Hang, lane: LaneName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mma_desktop.ui.base.controller.CLOSE_SECONDS", 0.0)
    controller, folder = person.window.controller, context.project.folder
    job = controller.bridge.run(lane, "Working", hang)
    person.until(hang.entered.is_set)
    image = int(context.index.columns.ids[0])
    controller.assign([image], context.classes[3].id)
    person.window.close()
    person.until(lambda: person.window.closing.question is not None)
    person.answer("Stop and close")
    person.until(lambda: person.window.closing.over)
    assert job.state is JobState.RUNNING
    from mma_desktop.store.project import Project

    with Project.open(folder) as project:
        assert project.image_rows([image])[0].class_id == context.classes[3].id


def test_a_window_whose_project_hangs_is_closed(
    person: Person, context: ProjectContext, hang: Hang, let_pass: Callable[[float], None]
) -> None:
    person.window.controller.bridge.run(LaneName.STORE, "", hang)
    person.until(hang.entered.is_set)
    person.window.close()
    person.until(person.window.isHidden)
    assert not person.window.closing.over
    let_pass(SILENT_SECONDS + 5)
    person.until(lambda: person.window.closing.over)
    hang.gate.set()  # the project is closed after all
    person.until(lambda: not person.window.controller.bridge.jobs())
    assert context.project.folder.exists()


PROGRAM = textwrap.dedent(
    """
    import sys, threading
    from concurrent.futures import ThreadPoolExecutor
    from PySide6.QtCore import QTimer
    from mma_desktop.core.jobs import LaneName
    from mma_desktop.ui.base import controller
    from mma_desktop.ui.shell import application
    controller.CLOSE_SECONDS = application.CLOSE_SECONDS = 0.1
    application.Application.warm_up = lambda self: None
    show = application.MainWindow.show

    def hang(_token):
        with ThreadPoolExecutor(1) as pool:  # the interpreter waits for such a thread at its end
            pool.submit(lambda: (told.set(), threading.Event().wait())).result()

    def shown(window):
        show(window)
        window.controller.bridge.run(LaneName[sys.argv[1]], "", hang)
        told.wait(60)
        QTimer.singleShot(0, window.close)

    told = threading.Event()
    application.MainWindow.show = shown
    sys.exit(application.run_window())
    """
)


@pytest.mark.parametrize("lane", ["ENGINE", "STORE"])
def test_a_program_with_a_hanging_thread_ends(lane: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", PROGRAM, lane], env=environment, timeout=120, check=False)
    assert done.returncode == 0
