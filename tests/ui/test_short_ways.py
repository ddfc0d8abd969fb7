"""How many jobs a drop and a label take, from the window's event to what is seen of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mma_desktop.core.jobs import Job, LaneName, Lanes
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller

from .person import LONG, Person


@pytest.fixture
def queued(lanes: Lanes, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Every job that was queued, in order."""
    jobs: list[Job] = []
    submit = lanes.submit

    def noted(*args: object, **named: object) -> Job:
        jobs.append(submit(*args, **named))  # type: ignore[arg-type]
        return jobs[-1]

    monkeypatch.setattr(lanes, "submit", noted)
    return jobs


def test_pictures_that_are_dropped_are_looked_at_once(
    person: Person,
    open_project: Callable[[Controller], ProjectContext],
    picture_folder: Path,
    queued: list[Job],
    qtbot: QtBot,
) -> None:
    controller = person.window.controller
    controller.settings.set("embed_on_import", False)
    open_project(controller)
    person.until(lambda: not controller.bridge.jobs())
    files = sorted((picture_folder / "apples").iterdir())
    with qtbot.waitSignal(controller.changed, timeout=LONG):
        queued.clear()
        person.window.imports.import_items(files)
    assert [job.lane for job in queued] == [LaneName.VIEW, LaneName.MEDIA]


def test_a_label_is_one_commit_and_one_fit_that_brings_its_scores(
    controller: Controller, starter_session: ProjectContext, picture_folder: Path, queued: list[Job], qtbot: QtBot
) -> None:
    context = starter_session
    with qtbot.waitSignal(controller.import_done, timeout=LONG):
        controller.import_paths([picture_folder], {one.name: one for one in sorted(picture_folder.iterdir())})
    qtbot.waitUntil(lambda: not controller.bridge.jobs(), timeout=LONG)
    controller.learns = context.learns = True
    with qtbot.waitSignals([controller.learned, controller.predictions_changed], timeout=LONG):
        controller.follow()
    qtbot.waitUntil(lambda: context.engine.adapter is not None and not controller.bridge.jobs(), timeout=LONG)
    writes: list[object] = []
    listener, before = context.project.listener, context.predictions
    assert listener is not None
    context.project.listener = lambda changes: (listener(changes), writes.append(changes))
    queued.clear()
    with qtbot.waitSignals([controller.learned, controller.predictions_changed], timeout=LONG):
        controller.assign([int(context.index.columns.ids[0])], context.classes[1].id)
    qtbot.waitUntil(lambda: context.predictions is not before and not controller.bridge.jobs(), timeout=LONG)
    assert [job.lane for job in queued] == [LaneName.STORE, LaneName.ENGINE]
    assert len(writes) == 1
