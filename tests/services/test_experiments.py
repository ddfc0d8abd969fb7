"""Experiments: what they train, that they change nothing, and how their table folds, compares and is written."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent
from mma_desktop.core.types import DEFAULT_METHOD, Recipe, Role, RunRecord
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER, ZERO_SHOT
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.inference_state import DownloadProgress
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.serialization import evaluation_from
from mma_desktop.services.training import experiment_table, experiments, learning, mistakes, overview
from mma_desktop.services.training.experiment_table import Figure, balanced, fold
from mma_desktop.services.training.experiments import (
    Division,
    Experiment,
    TrainingStep,
    Trial,
    check,
    run_experiment,
    whole_numbers,
)
from tests.steps import run

TOKEN = CancelToken()
PAPER, PLUS = Trial(MULTI_MODAL_ADAPTER, recipe=Recipe(max_epochs=5)), Trial(DEFAULT_METHOD)


@pytest.fixture(scope="module")
def context(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[ProjectContext]:
    """Six classes of the drawn pictures, 9 of each, all base in the project, which learns."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    root = tmp_path_factory.mktemp("small")
    for folder in sorted(sample_pictures.iterdir())[:6]:
        (root / folder.name).mkdir()
        for picture in sorted(folder.iterdir())[:9]:
            (root / folder.name / picture.name).symlink_to(picture)
    made = create_project(tmp_path_factory.mktemp("project") / "small.mma", threads=1)
    add_features(made.project.embeddings_dir)
    made.learns = True
    importing.import_paths(made, [root], TOKEN, class_folders([root]))
    yield made
    made.close()
    patch.undo()


@pytest.fixture(scope="module")
def trained(context: ProjectContext) -> list[RunRecord]:
    """Two methods with two seeds."""
    asked = Experiment((PLUS, PAPER), (3,), (0, 1))
    outcome = run_experiment(context, asked, TOKEN)
    return list(outcome.runs)


def test_an_experiment_changes_nothing_but_the_list_of_runs(context: ProjectContext, trained: list[RunRecord]) -> None:
    learned = learning.learn(context, TOKEN)
    roles = [one.role for one in context.classes]
    settings = {name: context.project.setting(name) for name in ("current_run", "prompt_template", "backbone")}
    before, score = len(context.project.runs()), overview.summarise(context)
    adapter = context.engine.adapter
    asked = Experiment((PAPER,), (2,), (5,), Division.PICKED, frozenset(one.id for one in context.classes[:3]))
    outcome = run_experiment(context, asked, TOKEN)
    assert len(context.project.runs()) == before + 1 == len(trained) + 1
    assert context.engine.adapter is adapter
    assert learning.in_use(context)
    assert [one.role for one in context.classes] == roles == [Role.BASE] * 6
    assert {name: context.project.setting(name) for name in settings} == settings
    now = overview.summarise(context)
    assert (now.run, now.learning, now.evaluation) == (score.run, True, score.evaluation)
    assert now.run is learned.run
    evaluation = evaluation_from(outcome.runs[0].metrics)
    assert [role.value for role in evaluation.roles] == ["new"] * 3 + ["base"] * 3
    context.project.delete_run(outcome.runs[0].id)


def test_one_is_used_only_when_told_and_taken_back(context: ProjectContext, trained: list[RunRecord]) -> None:
    learning.learn(context, TOKEN)
    lines = overview.beside_now(context, trained[0])
    assert lines[0].startswith("Now: ")
    assert lines[1].startswith("This one: ")
    assert trained[0].name in lines[1]
    assert "at least" in lines[1], "a range, not a percent alone"
    assert "pictures that both were tested on" in lines[2]
    model_in_use.use_run(context, trained[0].id)
    found = overview.summarise(context)
    assert (found.run, found.learning) == (trained[0], False)
    assert found.learned is not None
    learning.learn_again(context)
    assert overview.summarise(context).learning


def test_methods_and_seeds_make_rows(context: ProjectContext, trained: list[RunRecord]) -> None:
    version = learning.learn(context, TOKEN) and learning.store_learned(context)
    rows = fold(context.project.runs())
    assert version.kept
    assert version.id not in {one.id for row in rows for one in row.runs}
    assert [(row.method, row.shots, row.seeds) for row in rows] == [
        (MULTI_MODAL_ADAPTER, 3, "0, 1"),
        (DEFAULT_METHOD, 3, "0, 1"),
    ]
    assert rows[0].title == "Multi-Modal Adapter (paper), Max epochs 5"
    for row in rows:
        found = [evaluation_from(one.metrics) for one in row.runs]
        base = [one.adapted.base.percent for one in found]
        assert row.figures["base"].mean == pytest.approx(sum(base) / 2)
        assert row.figures["base"].spread == pytest.approx(abs(base[0] - base[1]) / math.sqrt(2))
        gains = [one.adapted.h - one.zero_shot.h for one in found]
        assert row.figures["gain"].mean == pytest.approx(sum(gains) / 2)
        assert row.figures["ece_before"] is not None
        assert row.figures["ece_after"] is not None
    context.project.delete_run(version.id)


def test_other_shots_prompts_and_divisions_are_other_rows(trained: list[RunRecord]) -> None:
    one = trained[0]
    for settings in ({"shots": 2}, {"prompt_template": "a drawing of {}."}, {"options": {"share": 0.3}}):
        assert len(fold([one, replace(one, settings={**one.settings, **settings})])) == 2
    roles = ["base"] * 2 + ["new"] * 4
    other = replace(one, metrics={**one.metrics, "roles": roles})
    assert len(fold([one, other])) == 2
    turned = replace(one, metrics={**one.metrics, "roles": one.metrics["roles"][::-1]})
    drawn = [replace(run, settings={**run.settings, "division": "drawn"}) for run in (one, turned, other)]
    drawn[1] = replace(drawn[1], settings={**drawn[1].settings, "seed": 9})
    assert [row.seeds for row in fold(drawn)] == ["0, 9", "0"]  # other classes, and another share of new ones
    again = replace(one, id=99)
    assert [row.runs for row in fold([again, one])] == [(again,)]  # the newer training of a seed


def test_drawn_classes_depend_on_the_seed_alone(context: ProjectContext) -> None:
    drawn = Experiment((PLUS,), (2,), tuple(range(6)), Division.DRAWN)
    sets = [one.new_classes for one in drawn.requests(context.classes)]
    assert sets == [one.new_classes for one in drawn.requests(context.classes)]
    assert len(set(sets)) > 1
    assert {len(one) for one in sets} == {3}
    halves = Experiment((PLUS,), (2,), (0,))
    assert halves.requests(context.classes)[0].new_classes == frozenset(one.id for one in context.classes[3:])


def test_its_own_prompt_is_what_the_names_are_read_by(context: ProjectContext) -> None:
    before = context.prompt_template
    asked = Experiment((Trial(ZERO_SHOT),), (2,), (0,), prompt_template="a blurred drawing of a {}.")
    outcome = run_experiment(context, asked, TOKEN)
    assert outcome.runs[0].settings["prompt_template"] == "a blurred drawing of a {}."
    assert context.prompt_template == before
    context.project.delete_run(outcome.runs[0].id)


def test_a_download_of_a_training_is_shown_as_it_is(context: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    told, prepare = DownloadProgress(1, 4, "Downloading 1 of 4 MB"), experiments.prepare

    def downloading(context: ProjectContext, token: CancelToken, *more: Any) -> list[str]:
        token.report(told)
        return prepare(context, token, *more)

    monkeypatch.setattr(experiments, "prepare", downloading)
    asked = Experiment((Trial(ZERO_SHOT),), (2,), (0,))
    events, outcome = run(lambda token: run_experiment(context, asked, token))
    assert told in events
    context.project.delete_run(outcome.runs[0].id)


def test_a_stop_keeps_the_best_epoch_and_begins_no_other(context: ProjectContext) -> None:
    asked = Experiment((replace(PAPER, recipe=Recipe(max_epochs=10_000, patience=10_000)), PLUS), (3,), (0,))
    epochs: list[EpochEvent] = []

    def shown(event: object) -> None:
        if isinstance(event, EpochEvent):
            epochs.append(event)
            if event.epoch == 7:
                token.wrap_up()

    token = CancelToken(shown)
    outcome = run_experiment(context, asked, token)
    assert outcome.stopped
    assert [one.method for one in outcome.runs] == [MULTI_MODAL_ADAPTER]
    kept = outcome.runs[0]
    assert kept.metrics["epochs"] == 7
    losses = [one.validation_loss for one in epochs]
    assert kept.metrics["best_epoch"] == 1 + losses.index(min(losses))
    assert context.project.checkpoint_path(kept).is_file()
    context.project.delete_run(kept.id)


def test_a_note_says_which_methods_it_is_about_unless_it_is_about_all(context: ProjectContext) -> None:
    every_shot = Experiment((PLUS, PAPER), (9,), (0, 1))
    notes = [one.text for one in check(context, every_shot) if "too few labelled images" in one.text]
    assert [note.partition(" measure. ")[2] for note in notes] == [
        "This applies to Quick.",
        "This applies to Multi-Modal Adapter (paper).",
    ]
    assert not any("applies" in one.text for one in check(context, replace(every_shot, trials=(PLUS,))))


def test_what_cannot_be_trained_says_why_and_the_others_go_on(context: ProjectContext) -> None:
    with pytest.raises(UserError, match="at least one method"):
        run_experiment(context, Experiment((), (3,), (0,)), TOKEN)
    short = Experiment((Trial(ZERO_SHOT),), (200, 2), (0,))
    assert any("fewer than 200 shots" in one.text for one in check(context, short))
    events, outcome = run(lambda token: run_experiment(context, short, token))
    ends = [event for event in events if isinstance(event, TrainingStep) and not event.begins]
    assert [bool(one.reason) for one in ends] == [True, False] or [bool(one.reason) for one in ends] == [False, True]
    assert len(outcome.runs) == 1
    context.project.delete_run(outcome.runs[0].id)
    with pytest.raises(UserError, match="fewer than 200 shots"):
        run_experiment(context, replace(short, shots=(200,)), TOKEN)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("0-2", (0, 1, 2)), ("4, 8,16", (4, 8, 16)), ("8 4", (4, 8)), ("1 - 3; 3", (1, 2, 3)), ("0\N{EN DASH}1", (0, 1))],
)
def test_numbers_are_listed_or_ranges(text: str, numbers: tuple[int, ...]) -> None:
    assert whole_numbers(text, 0, 1000) == numbers


@pytest.mark.parametrize("text", ["", ",", "x", "-1", "2-0", "1.5", "0-100000", "99999", "1--2", "1e3"])
def test_what_is_no_list_of_numbers_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError, match="such as 0-2"):
        whole_numbers(text, 0, 1000)


# ------------------------------------------------------------------ McNemar


@pytest.mark.parametrize(("first", "second", "p"), [(0, 0, 1.0), (5, 5, 1.0), (1, 9, 0.021484375), (0, 6, 0.03125)])
def test_mcnemar_is_the_exact_binomial_test(first: int, second: int, p: float) -> None:
    assert mistakes.exact_mcnemar(first, second) == pytest.approx(p)
    assert mistakes.exact_mcnemar(second, first) == pytest.approx(p)


def test_mcnemar_agrees_with_scipy_for_many() -> None:
    from scipy.stats import binomtest

    assert mistakes.exact_mcnemar(4_900, 5_100) == pytest.approx(binomtest(4_900, 10_000).pvalue)


def test_two_rows_are_compared_picture_by_picture(context: ProjectContext, trained: list[RunRecord]) -> None:
    plus, paper = (row for row in reversed(fold(trained[::-1])))
    said = mistakes.paired_sentences(plus, paper)
    assert [text.split(":")[0] for text in said] == ["Seed 0", "Seed 1"]
    one = mistakes.paired(plus.runs[0], paper.runs[0])
    wrong = [evaluation_from(found.runs[0].metrics) for found in (plus, paper)]
    assert one.n == wrong[0].adapted.all.n == wrong[1].adapted.all.n
    assert one.first.percent == pytest.approx(wrong[0].adapted.all.percent)
    assert one.second.percent == pytest.approx(wrong[1].adapted.all.percent)
    nothing = replace(paper.runs[0], metrics={**paper.runs[0].metrics, "measured": None})
    assert mistakes.paired(plus.runs[0], nothing) is None


# ------------------------------------------------------------------ the table as a file


def test_the_table_is_written_as_csv(trained: list[RunRecord]) -> None:
    rows = fold(trained[::-1])
    lines = list(csv.DictReader(io.StringIO(experiment_table.csv_text(rows))))
    assert [line["method"] for line in lines] == [row.method for row in rows]
    assert lines[0]["seeds"] == "0, 1"
    assert float(lines[0]["base"]) == pytest.approx(rows[0].figures["base"].mean, rel=1e-3)
    assert float(lines[0]["base_sd"]) == pytest.approx(rows[0].figures["base"].spread, rel=1e-3, abs=1e-6)


def test_the_table_is_written_as_markdown(trained: list[RunRecord]) -> None:
    rows = fold(trained[::-1])
    table, *worlds = experiment_table.markdown(rows).split("\n\n## ")
    assert len(worlds) == len(rows)
    text = table.splitlines()
    assert text[0].startswith("| Method | Prompt | Shots | Seeds | Tested on | Base | New | H | All |")
    assert len(text) == 2 + len(rows)
    assert len({line.count(" | ") for line in text}) == 1
    best = max(row.figures["h"].mean for row in rows)
    assert any(f"**{best:.1f} ± " in line for line in text)


def test_a_deviation_is_of_a_sample_and_none_of_one() -> None:
    assert Figure.of([90.0, 92.0]).text() == "91.0 ± 1.4"
    assert Figure.of([90.0]).text() == "90.0"
    assert Figure.of([90.0, None]) is None
    assert Figure.of([]) is None
    assert Figure.of([107_712.0, 107_712.0]).text(",.0f") == "107,712"


def test_balanced_accuracy_is_the_mean_over_classes(trained: list[RunRecord]) -> None:
    evaluation = replace(evaluation_from(trained[0].metrics), confusion=((8, 2, 0), (0, 1, 0), (0, 0, 0)))
    assert balanced(evaluation) == pytest.approx((80 + 100) / 2)


def test_settings_side_by_side_tell_which_differ(trained: list[RunRecord]) -> None:
    found = dict(experiment_table.settings_of(fold(trained[::-1])))
    assert len(set(found["Method"])) == 2
    assert len(set(found["Shots per class"])) == 1
    assert found["Max epochs"][0] == "5"
    assert found["Division"] == ("3 base, 3 new",) * 2
    assert found["Backbone"][0] == "Starter (comes with the program)"
