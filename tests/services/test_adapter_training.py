"""The training of the page Train: what is planned, trained, measured, compared and kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, EpochEvent
from mma_desktop.core.types import IN_TURN, Recipe, Role, RunRecord, Use
from mma_desktop.engine import checkpoint
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER, QUICK, WITH_HEAD
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.serialization import accuracy_json
from mma_desktop.services.training import adapter_training
from mma_desktop.services.training.adapter_training import Choice, Outcome, Row, RowStep, train_adapter
from mma_desktop.services.training.likeliest import Likeliest
from tests.steps import meanwhile, run

from .conftest import embedded, noisy_folders, opened_copy

CLASSES = {"red": 7, "green": 7, "blue": 7, "bright red": 7, "bright green": 4}
SHORT = Choice(MULTI_MODAL_ADAPTER, WITH_HEAD, Recipe(max_epochs=6))
FAST = Choice(QUICK)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Path:
    """Pictures of five classes, none of them labelled."""
    place = tmp_path_factory.mktemp("train")
    with embedded(place, noisy_folders(place, "pictures", CLASSES), cache_home) as context:
        context.project.add_classes(list(CLASSES), Role.BASE)
    return context.project.folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Iterator[ProjectContext]:
    """Five labels each of four classes; "bright green" is a name alone."""
    with opened_copy(made, tmp_path) as context:
        for name in list(CLASSES)[:4]:
            label(context, name, 5)
        yield context


def label(context: ProjectContext, name: str, count: int) -> list[int]:
    """Label the next pictures of a folder; nothing else is done."""
    columns = context.index.columns
    rows = context.project.image_rows(columns.ids[columns.class_ids < 0].tolist())
    found = [row.id for row in rows if row.path.parent.name == name][:count]
    context.project.assign(found, next(item.id for item in context.classes if item.name == name))
    return found


def of_kind(events: list[object], kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


def test_a_row_is_shown_by_epoch_and_the_other_is_trained_beside_it(project: ProjectContext) -> None:
    events, outcome = run(lambda token: train_adapter(project, SHORT, token))
    epochs = of_kind(events, EpochEvent)
    assert [event.epoch for event in epochs] == list(range(1, 7))
    assert all(event.base is not None and event.new is not None for event in epochs)
    first, second = outcome.rows
    assert (first.choice, second.choice) == (SHORT, FAST)
    best = epochs[first.epoch - 1]
    assert (first.base.n, first.new.n) == (20, 20)
    for kept, shown in (
        (first.base, best.base),
        (first.new, best.new),
        (first.zero_shot.base, best.zero_shot.base),
        (first.zero_shot.new, best.zero_shot.new),
    ):
        assert accuracy_json(kept) == accuracy_json(shown)  # to the digits that are stored
    assert second.zero_shot == first.zero_shot  # of the same pictures
    steps = of_kind(events, RowStep)
    assert [(step.shown, step.run is None) for step in steps] == [
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [step.run.id for step in steps[1::2]] == [row.run.id for row in outcome.rows]
    assert outcome.changes.runs
    assert not outcome.stopped


def test_both_rows_leave_out_the_same_pictures(project: ProjectContext) -> None:
    outcome = train_adapter(project, SHORT, CancelToken())
    first, second = (row.run.metrics["left_out"] for row in outcome.rows)
    columns = project.index.columns
    labelled = set(columns.ids[columns.labelled].tolist())
    for kind in ("base", "new"):
        assert first[kind]["ids"] == second[kind]["ids"]
        assert first[kind]["labels"] == second[kind]["labels"]
        assert set(first[kind]["ids"]) == labelled
        right = np.mean(np.array(first[kind]["labels"]) == first[kind]["predicted"])
        assert getattr(outcome.rows[0], kind).percent == pytest.approx(100 * right, abs=1e-3)


def test_what_is_kept_is_trained_on_every_label_and_knows_every_class(project: ProjectContext) -> None:
    before = project.engine.adapter
    run_of = train_adapter(project, SHORT, CancelToken(), compare=False).rows[0].run
    assert project.engine.adapter is before  # nobody asked to use it
    assert not project.current_run
    assert run_of.settings["division"] == IN_TURN
    assert run_of.metrics["counts"] == {"shots": 20, "validation": 0, "test": 0, "images": 32, "labelled": 20}
    adapter, header = checkpoint.load(project.project.checkpoint_path(run_of))
    assert [name for name, role in header.classes if role is Role.BASE] == list(CLASSES)[:4]
    assert len(adapter.head.codes) == 4
    assert len(header.seen_images) == 20


def test_what_is_set_apart_for_testing_is_not_looked_at(project: ProjectContext) -> None:
    columns = project.index.columns
    apart = columns.ids[columns.labelled][:2].tolist()
    project.project.set_use(apart, Use.TEST)
    kept = train_adapter(project, FAST, CancelToken(), compare=False).rows[0].run.metrics
    assert not set(apart) & set(kept["left_out"]["base"]["ids"] + kept["left_out"]["new"]["ids"])
    assert kept["counts"]["shots"] == 18


def test_stop_keeps_the_best_so_far_and_begins_no_other_row(project: ProjectContext) -> None:
    token = meanwhile(CancelToken.wrap_up, when=lambda event: isinstance(event, EpochEvent) and event.epoch == 3)
    outcome = train_adapter(project, SHORT, token)
    assert outcome.stopped
    assert outcome.comparison is None
    (row,) = outcome.rows
    assert row.run.metrics["epochs"] == 3
    assert 1 <= row.epoch <= 3
    assert [stored.id for stored in project.project.runs()] == [row.run.id]


def test_cancel_keeps_nothing(project: ProjectContext) -> None:
    token = meanwhile(CancelToken.cancel, when=lambda event: isinstance(event, EpochEvent) and event.epoch == 3)
    with pytest.raises(Cancelled):
        train_adapter(project, SHORT, token)
    assert project.project.runs() == []
    assert not list(project.project.runs_dir.iterdir())


@pytest.mark.parametrize("classes", [2, 3])
def test_of_few_classes_there_is_no_new(made: Path, tmp_path: Path, classes: int) -> None:
    with opened_copy(made, tmp_path) as context:
        for name in list(CLASSES)[:classes]:
            label(context, name, 2)  # the fewest there may be
        found = adapter_training.plan(context)
        assert found.can_start
        assert (found.folds, found.in_turn, found.pictures, len(found.new)) == (2, False, 2 * classes, 5 - classes)
        events, outcome = run(lambda token: train_adapter(context, FAST, token, compare=False))
        assert all(event.new is None and event.base.n == 2 * classes for event in of_kind(events, EpochEvent))
        assert (outcome.rows[0].new, outcome.rows[0].base.n) == (None, 2 * classes)


def test_a_single_label_is_refused_with_what_to_do(made: Path, tmp_path: Path) -> None:
    with opened_copy(made, tmp_path) as context:
        label(context, "red", 3)
        label(context, "blue", 1)
        with pytest.raises(UserError, match="'blue': one label"):
            train_adapter(context, FAST, CancelToken())


def row(method: str, **wrong: set[int]) -> Row:
    """A row that was asked about 40 pictures of each kind, and wrong about some of them."""
    left_out = {
        kind: {"ids": list(range(40)), "labels": [0] * 40, "predicted": [int(at in bad) for at in range(40)]}
        for kind, bad in wrong.items()
    }
    metrics = {"class_names": ["a", "b"], "left_out": left_out}
    return adapter_training.row_of(RunRecord(1, "", 0.0, method, "starter", "", {}, metrics))


def test_rows_are_compared_on_trained_and_on_new_classes(project: ProjectContext) -> None:
    outcome = train_adapter(project, SHORT, CancelToken())
    found = outcome.comparison
    assert found is not None
    assert (found.first, found.second) == outcome.rows
    for kind in ("base", "new"):
        part, (first, second) = getattr(found, kind), (getattr(one, kind).percent for one in outcome.rows)
        assert part.n == 20
        assert part.points == pytest.approx(first - second, abs=1e-3)


def test_a_row_is_better_where_chance_does_not_explain_it() -> None:
    many, few = set(range(12)), {0}
    quick, other = row(QUICK, base=few, new=few), row(MULTI_MODAL_ADAPTER, base=many, new=few)
    found = adapter_training.compared(other, quick)
    assert (found.base.points, found.base.n, found.base.p) == (-27.5, 40, pytest.approx(2 / 2**11))
    assert found.base.high < 0
    assert (found.new.points, found.new.p, found.new.told) == (0, 1, False)
    assert found.better is quick
    assert adapter_training.sentence(found) == (
        "Trained classes: Quick is right 27.5 points oftener on 40 left-out pictures (+11.3 to +41.0). New classes: on "
        "40 left-out pictures the two cannot be told apart (-6.6 to +6.6 points)."
    )
    torn = adapter_training.compared(row(QUICK, base=few, new=many), row(MULTI_MODAL_ADAPTER, base=many, new=few))
    assert torn.base.told
    assert torn.new.told
    assert torn.better is None


def test_rows_of_other_pictures_are_not_compared() -> None:
    found = adapter_training.compared(row(QUICK, base={0}, new=set()), row(MULTI_MODAL_ADAPTER, base={1}))
    assert found.base is not None
    assert found.new is None
    other = row(QUICK, base={0})
    other.run.metrics["left_out"]["base"]["ids"][0] = 99
    found = adapter_training.compared(other, row(MULTI_MODAL_ADAPTER, base={1}))
    assert (found.base, found.new, found.better) == (None, None, None)
    assert adapter_training.sentence(found) == (
        "The two were not asked about the same pictures, so they cannot be compared."
    )


def test_the_plan_says_what_is_held_back(project: ProjectContext) -> None:
    found = adapter_training.plan(project)
    assert [item.name for item in found.new] == ["bright green"]
    assert (found.fewest, found.most, found.pictures, found.folds, found.in_turn) == (5, 5, 20, 4, True)
    train_adapter(project, SHORT, CancelToken())
    kept = adapter_training.last_rows(project)
    assert {row.run.method for row in kept} == {QUICK, MULTI_MODAL_ADAPTER}


def test_it_can_be_trained_on_a_thread_of_its_own(project: ProjectContext, caplog: pytest.LogCaptureFixture) -> None:
    found: list[Outcome] = []
    job = threading.Thread(
        target=lambda: found.append(train_adapter(project, FAST, CancelToken(), compare=False)), name="engine"
    )
    with caplog.at_level("INFO"):
        job.start()
        job.join()
    assert found[0].rows[0].base is not None
    assert "training quick on the thread engine" in caplog.text


def named(context: ProjectContext, ids: tuple[int, ...]) -> list[str]:
    """The folders of these pictures, which are their classes."""
    return [row.path.parent.name for row in context.project.image_rows(list(ids))]


def test_the_likeliest_pictures_of_a_name_without_labels_are_shown_by_epoch(project: ProjectContext) -> None:
    likeliest, events = Likeliest(), []

    def heard(event: object) -> None:
        events.append(event)
        if isinstance(event, EpochEvent) and event.epoch == 2:
            project.project.add_classes(["bright blue"], Role.BASE)
            likeliest.add(project.classes[-1])

    train_adapter(project, SHORT, CancelToken(heard), compare=False, likeliest=likeliest)
    epochs, end = of_kind(events, EpochEvent), of_kind(events, RowStep)[-1]
    new, typed = project.classes[4].id, project.classes[5].id
    trained = {item.id for item in project.classes[:4]}
    assert set(epochs[0].likely) == {new} | trained  # each trained class is held back once
    labelled = set(project.index.columns.ids[project.index.columns.labelled].tolist())
    assert not labelled & set(epochs[0].likely[new])
    assert typed not in epochs[1].likely
    assert any(typed in event.likely for event in epochs[2:])
    assert set(end.likely) == {new, typed}
    assert set(named(project, end.likely[new][:2])) <= {"bright green", "green"}


def test_a_name_that_is_typed_meanwhile_does_not_prevent_the_comparison(project: ProjectContext) -> None:
    def heard(event: object) -> None:
        if isinstance(event, EpochEvent) and event.epoch == 2:
            project.project.add_classes(["bright blue"], Role.BASE)

    found = train_adapter(project, SHORT, CancelToken(heard)).comparison
    assert found.base is not None
    assert found.new is not None


def test_looking_for_the_likeliest_leaves_the_training_most_of_the_time(
    project: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, times = Likeliest.ranked, []

    def counted(self: Likeliest, *given: object) -> object:
        times.append(given)
        time.sleep(0.3)
        return slow(self, *given)

    monkeypatch.setattr(Likeliest, "ranked", counted)
    events, _ = run(lambda token: train_adapter(project, SHORT, token, compare=False, likeliest=Likeliest()))
    assert len(times) < 3 * len(of_kind(events, EpochEvent)) / 2
    assert of_kind(events, RowStep)[-1].likely
