"""Embedding stands back for what the person waits for, and goes on afterwards; a job is paused only where it can be."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.jobs import Job, JobState, LaneName
from mma_desktop.core.types import DEFAULT_METHOD, ScannedFile
from mma_desktop.media.decoding import decode_file
from mma_desktop.media.image_buffer import ImageBuffer
from mma_desktop.media.reader import read_file
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.inference_state import DownloadProgress
from mma_desktop.services.training import experiments
from mma_desktop.services.training.experiments import Experiment
from mma_desktop.ui.base.controller import Controller

from .person import LONG, Person, tick


@pytest.fixture
def person(person: Person, open_project: Callable[[Controller], ProjectContext], qtbot: QtBot) -> Person:
    """At a project with a loaded backbone."""
    controller = person.window.controller
    controller.prepare_on_open = True
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        open_project(controller)
    return person


def start_and_pause_embedding(person: Person, folder: Path) -> Job:
    """Import labelled class folders and pause the embedding with the button of the status bar."""
    controller = person.window.controller
    held: list[Job] = []

    def hold(job: Job, _progress: object) -> None:
        if job.title == "Looking at the pictures" and not held:
            held.append(job)
            job.pause()

    controller.bridge.job_changed.connect(hold)
    with person.qtbot.waitSignal(controller.import_done, timeout=60_000):
        controller.import_paths([folder], {one.name: one for one in sorted(folder.iterdir())})
    columns = person.context.index.columns
    free = [int(image) for one in person.context.classes for image in columns.ids[columns.class_ids == one.id][-4:]]
    controller.assign(free, None)
    person.until(lambda: int(person.context.index.columns.labelled.sum()) == 32)
    person.until(lambda: bool(held) and held[0].state is JobState.RUNNING and held[0].can_pause)
    return held[0]


def embedded(person: Person) -> int:
    return int(person.context.engine.embedded(person.context.index.columns.hashes).sum())


def test_training_does_not_wait_for_embedding(person: Person, picture_folder: Path, qtbot: QtBot) -> None:
    job = start_and_pause_embedding(person, picture_folder)
    controller = person.window.controller
    person.window.show_page("experiments")
    form = person.window.pages["experiments"].form
    form.shots.setText("4")
    tick(form.methods, DEFAULT_METHOD)
    person.until(form.run_button.isEnabled, LONG)
    with qtbot.waitSignal(controller.experiment_finished, timeout=LONG) as finished:
        person.click(form.run_button)
    assert finished.args[0] is not None
    assert not job.finished
    assert job.paused, "what the person paused stays so"
    assert embedded(person) < 48
    jobs = person.window.jobs
    person.until(lambda: jobs.entry is not None and jobs.entry.job is job and jobs.pause_button.isEnabled())
    person.click(person.window.jobs.pause_button)
    person.until(lambda: job.finished, LONG)
    assert job.state is JobState.DONE
    assert embedded(person) == 48
    person.wait_for_guesses(48)


@pytest.mark.parametrize("ending", ["failed", "stopped"])
def test_embedding_goes_on_after_a_training_that_came_to_nothing(
    person: Person, picture_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    job = start_and_pause_embedding(person, picture_folder)
    controller = person.window.controller

    def refused(_context: object, _asked: object, token: CancelToken) -> None:
        while True:
            if ending == "failed":
                raise UserError("No.")
            token.checkpoint(Progress(0, None, "Training"))

    monkeypatch.setattr(experiments, "run_experiment", refused)
    with qtbot.waitSignal(controller.experiment_finished, timeout=LONG) as finished:
        training = controller.run_experiment(Experiment((), (), ()))
        if ending == "stopped":
            person.until(lambda: training.state is JobState.RUNNING)
            training.cancel()
    assert finished.args == [None]
    job.resume()
    person.until(lambda: job.finished, LONG)
    assert embedded(person) == 48
    qtbot.wait(300)
    assert all(one.title != "Looking at the pictures" for one in controller.bridge.jobs()), "and it ends"


def test_loading_another_backbone_and_using_a_run_do_not_wait_for_embedding(
    person: Person, picture_folder: Path, qtbot: QtBot
) -> None:
    job = start_and_pause_embedding(person, picture_folder)
    controller = person.window.controller
    asked: list[str] = []
    with qtbot.waitSignal(controller.engine_ready, timeout=LONG):
        controller.prepare()
    controller.ask(LaneName.ENGINE, lambda _context, _token: "answer", asked.append, title="Asked")
    person.until(lambda: asked == ["answer"])
    assert not job.finished
    job.resume()
    person.wait_for_guesses(48)


def test_suspected_labels_are_looked_for_among_all_labels(person: Person, picture_folder: Path, qtbot: QtBot) -> None:
    job = start_and_pause_embedding(person, picture_folder)
    person.window.show_page("label")
    person.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    labelled = int(person.context.index.columns.labelled.sum())
    nothing = f"None of the {labelled} labels"

    def told() -> bool:
        return any(bar.text.startswith(nothing) for bar in person.window.messages.bars)

    person.until(lambda: told() or person.label.review.bar.isVisible(), LONG)
    columns = person.context.index.columns
    assert person.context.engine.embedded(columns.hashes[columns.labelled]).all()
    assert not job.finished


def test_a_download_is_not_said_to_be_paused(person: Person, qtbot: QtBot) -> None:
    gate = threading.Event()

    def download(token: CancelToken) -> None:
        while not gate.wait(0.02):
            token.report(DownloadProgress(1, 4, "1 von 4 MB geladen"))

    job = person.window.controller.bridge.run(LaneName.ENGINE, "Loading the model", download)
    jobs = person.window.jobs
    person.until(lambda: jobs.isVisible() and jobs.title.text() == "1 von 4 MB geladen")
    assert not jobs.pause_button.isEnabled()
    assert "cannot be paused" in jobs.pause_button.toolTip()
    assert jobs.stop_button.isEnabled()
    gate.set()
    person.until(lambda: job.finished)


def counting(steps: list[int]) -> Callable[[CancelToken], None]:
    def work(token: CancelToken) -> None:
        while not token.cancelled:
            steps.append(len(steps))
            threading.Event().wait(0.01)
            token.checkpoint(Progress(len(steps), 10_000))

    return work


def test_a_job_of_the_list_is_paused_in_its_row(person: Person, qtbot: QtBot) -> None:
    bridge, jobs = person.window.controller.bridge, person.window.jobs
    exported: list[int] = []
    bridge.run(LaneName.ENGINE, "Measuring", counting([]))
    second = bridge.run(LaneName.MEDIA, "Exporting", counting(exported))
    waiting = bridge.run(LaneName.MEDIA, "Importing", counting([]))
    person.until(lambda: jobs.isVisible() and len(exported) > 2)
    person.click(jobs.list_button)
    rows = {row.entry.job.title: row for row in jobs.popup.rows}
    assert not rows["Importing"].pause_button.isEnabled(), "it waits for its turn"
    person.until(rows["Exporting"].pause_button.isEnabled)
    person.click(rows["Exporting"].pause_button)
    assert second.paused
    qtbot.wait(100)
    held = len(exported)
    qtbot.wait(100)
    assert len(exported) == held
    assert rows["Exporting"].pause_button.accessibleName() == "Go on with Exporting"
    person.click(rows["Exporting"].pause_button)
    person.until(lambda: len(exported) > held)
    for job in (waiting, *bridge.busy()):
        job.cancel()
    person.until(lambda: not bridge.busy())


def test_pictures_are_embedded_while_others_are_imported(
    person: Person, picture_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, controller, again = person.context, person.window.controller, []
    taking, started = threading.Event(), itertools.count()

    def in_turn(path: Path, *more: object, **others: object) -> ScannedFile:
        if next(started) >= 8:
            assert taking.wait(LONG / 1000), "nobody takes what the import decodes"
        return read_file(path, *more, **others)

    @contextmanager
    def noted(*given: object) -> Iterator[None]:
        with ImageBuffer.consuming(context.image_buffer, *given):
            taking.set()
            yield

    def counted(path: Path, *more: object) -> object:
        again.append(path)
        return decode_file(path, *more)

    monkeypatch.setattr(importing, "BATCH_FILES", 4)
    monkeypatch.setattr(importing, "read_file", in_turn)
    monkeypatch.setattr(context.image_buffer, "consuming", noted)
    monkeypatch.setattr(embedding, "decode_file", counted)
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder], {one.name: one for one in sorted(picture_folder.iterdir())})
    person.until(lambda: not controller.bridge.busy(), LONG)
    assert embedded(person) == 48
    assert len(again) <= 8, "those that were imported before the embedding began"
    person.wait_for_guesses(48)


def test_an_embedding_that_waits_stands_for_all(person: Person, picture_folder: Path) -> None:
    controller, gate = person.window.controller, threading.Event()
    importing.import_paths(person.context, [picture_folder], CancelToken())
    controller.ask(LaneName.ENGINE, lambda _context, _token: gate.wait(60))
    first = controller.embed()
    assert controller.embed() is first
    first.cancel()
    second = controller.embed()
    assert second is not first
    assert controller.embed() is second
    gate.set()
    person.until(lambda: second.finished, LONG)
    assert (first.state, second.state) == (JobState.CANCELLED, JobState.DONE)
    assert embedded(person) == 48
    assert controller.embed() is not second, "for what was imported since"
