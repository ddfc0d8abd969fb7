"""Which answers the bridge delivers: those of the open project, and of a question only the newest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.ui.base.bridge import Bridge


class Told:
    """Notes what the bridge says."""

    def __init__(self, bridge: Bridge, qtbot: QtBot) -> None:
        self._bridge = bridge
        self._qtbot = qtbot
        self.given_texts: list[object] = []
        self.problems: list[str] = []
        bridge.problem.connect(lambda _title, sentence: self.problems.append(sentence))

    def run(self, work: Callable[[CancelToken], object], name: str, *, fails: bool = False, **more: object) -> Job:
        """Start a job that notes what comes of it."""
        return self._bridge.run(
            LaneName.MEDIA,
            name,
            work,
            done=lambda result: self.given_texts.append((name, result)),
            event=lambda event: self.given_texts.append((name, event.done)),
            failed=(lambda why: self.given_texts.append((name, why))) if fails else None,
            finished=lambda: self.given_texts.append(f"{name} finished"),
            **more,  # type: ignore[arg-type]
        )

    def wait(self) -> None:
        """Until everything that was started before has been told."""
        over: list[bool] = []
        self._bridge.run(LaneName.MEDIA, "last", lambda _t: None, finished=lambda: over.append(True))
        self._qtbot.waitUntil(lambda: bool(over))


@pytest.fixture
def told(bridge: Bridge, qtbot: QtBot) -> Told:
    """What the bridge of the test says."""
    return Told(bridge, qtbot)


@pytest.fixture
def gate(bridge: Bridge) -> Iterator[threading.Event]:
    """Holds the media lane until it is set, so that what is started waits."""
    made = threading.Event()
    bridge.run(LaneName.MEDIA, "gate", lambda _t: made.wait(20))
    yield made
    made.set()


def _two_steps(token: CancelToken) -> str:
    token.checkpoint(Progress(1, None, changes=Changes()))
    return "result"


def _refuse(_token: CancelToken) -> None:
    raise UserError("There is no such file.")


def test_what_belongs_to_the_open_project_is_told(bridge: Bridge, told: Told) -> None:
    bridge.context = project = object()
    told.run(_two_steps, "job", context=project)
    told.wait()
    assert told.given_texts == [("job", 1), ("job", "result"), "job finished"]


def test_what_belongs_to_another_project_only_ends(bridge: Bridge, told: Told, gate: threading.Event) -> None:
    bridge.context = project = object()
    told.run(_two_steps, "job", context=project)
    told.run(_refuse, "refused", fails=True, context=project)
    bridge.context = object()
    gate.set()
    told.wait()
    assert told.given_texts == ["job finished", "refused finished"]
    assert not told.problems


def test_a_job_of_no_project_is_told_whatever_is_open(bridge: Bridge, told: Told, gate: threading.Event) -> None:
    told.run(_two_steps, "job")
    bridge.context = object()
    gate.set()
    told.wait()
    assert ("job", "result") in told.given_texts


def test_a_failure_that_no_view_shows_is_told_even_of_a_closed_project(
    bridge: Bridge, told: Told, gate: threading.Event
) -> None:
    bridge.context = project = object()
    told.run(_refuse, "saving", context=project)
    bridge.context = None
    gate.set()
    told.wait()
    assert told.problems == ["There is no such file."]


def test_of_a_question_only_the_newest_answers(told: Told, gate: threading.Event) -> None:
    old = told.run(_two_steps, "old", question="rank")
    other = told.run(_two_steps, "other", question="sort")
    told.run(_two_steps, "new", question="rank")
    assert old.token.cancelled
    assert not other.token.cancelled
    gate.set()
    told.wait()
    assert told.given_texts == [
        "old finished",
        ("other", 1),
        ("other", "result"),
        "other finished",
        ("new", 1),
        ("new", "result"),
        "new finished",
    ]


def test_an_answer_on_its_way_is_dropped_by_a_newer_question(told: Told, qtbot: QtBot) -> None:
    old = told.run(lambda _t: "late", "old", question="rank")
    while not old.finished:  # the event loop does not turn, so the answer waits in it
        threading.Event().wait(0.001)
    told.run(lambda _t: "fresh", "new", question="rank")
    told.wait()
    assert told.given_texts == ["old finished", ("new", "fresh"), "new finished"]


def test_the_failure_of_an_older_question_is_told_nowhere(bridge: Bridge, told: Told) -> None:
    old = told.run(_refuse, "old", question="rank")
    while not old.finished:
        threading.Event().wait(0.001)
    bridge.forget("rank")
    told.wait()
    assert told.given_texts == ["old finished"]
    assert not told.problems


def test_a_forgotten_question_is_not_answered(bridge: Bridge, told: Told, gate: threading.Event) -> None:
    job = told.run(_two_steps, "job", question="rank")
    bridge.forget("rank")
    bridge.forget("never asked")
    assert job.token.cancelled
    gate.set()
    told.wait()
    assert told.given_texts == ["job finished"]


def test_a_question_may_be_asked_again_in_its_own_answer(bridge: Bridge, told: Told) -> None:
    def again(_result: object) -> None:
        told.run(lambda _t: 2, "second", question="rank")

    first = bridge.run(LaneName.MEDIA, "first", lambda _t: 1, done=again, question="rank")
    told.wait()
    told.wait()
    assert not first.token.cancelled, "it was over"
    assert told.given_texts == [("second", 2), "second finished"]
