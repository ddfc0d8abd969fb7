"""The whole job through the session, with the real starter on drawn pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mma_desktop import load_classifier
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.types import DEFAULT_METHOD, LabelSource, ProblemKind, Role, TrainRequest
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.engine.training import trainer as engine_training
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.serialization import answers_json, evaluation_from, evaluation_json
from mma_desktop.services.training import project_training
from mma_desktop.services.training.project_training import TrainOutcome
from tests.steps import labels_csv, run, second_half_new

SHOTS = 8


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectContext, TrainOutcome]]:
    """A project of the drawn pictures, half of its classes new, trained once."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    context = create_project(tmp_path_factory.mktemp("project") / "drawn.mma", threads=2)
    add_features(context.project.embeddings_dir)
    folders = class_folders([sample_pictures])
    importing.import_paths(context, [sample_pictures], CancelToken(), folders)
    second_half_new(context)
    model_in_use.prepare(context, CancelToken())
    events, outcome = run(lambda token: project_training.train(context, TrainRequest(shots=SHOTS), token))
    assert any(isinstance(event, EpochEvent) for event in events)
    yield context, outcome
    context.close()
    patch.undo()


def test_training_learns_and_keeps_a_run(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, outcome = trained
    zero, adapted = outcome.result.evaluation.zero_shot, outcome.result.evaluation.adapted
    assert zero.base is not None
    assert adapted.base is not None
    assert adapted.base.percent > zero.base.percent
    assert adapted.base.n == 6 * (24 - 2 * SHOTS)
    assert adapted.new is not None
    assert adapted.new.n == 6 * 24
    (stored,) = context.project.runs()
    assert stored == outcome.run
    whole = {**evaluation_json(outcome.result.evaluation), "answers": answers_json(outcome.result.evaluation)}
    assert evaluation_from(stored.metrics) == evaluation_from(whole)
    assert evaluation_from(stored.metrics).adapted_answers == outcome.result.evaluation.adapted_answers
    assert context.project.checkpoint_path(stored).is_file()
    assert outcome.run.metrics["counts"]["shots"] == 6 * SHOTS


def test_a_run_knows_which_images_it_measured(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, outcome = trained
    kept = outcome.run.metrics["measured"]
    columns = context.index.columns
    classes = [one.id for one in context.classes]
    labels = columns.class_ids[columns.positions(np.array(kept["ids"]))]
    assert [classes[at] for at in kept["labels"]] == labels.tolist()
    assert len(set(kept["ids"])) == len(kept["ids"]) == 6 * (24 - 2 * SHOTS) + 6 * 24
    cells = np.zeros((12, 12), int)
    np.add.at(cells, (kept["labels"], kept["predicted"]), 1)
    assert cells.tolist() == [list(row) for row in outcome.result.evaluation.confusion]


def test_a_seed_is_repeatable(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, outcome = trained
    again = project_training.train(context, TrainRequest(shots=SHOTS), CancelToken())
    assert again.result.evaluation == outcome.result.evaluation
    other = project_training.train(context, TrainRequest(shots=SHOTS, seed=1), CancelToken())
    assert other.run.settings["split_hashes"] != outcome.run.settings["split_hashes"]
    for extra in (again, other):
        model_in_use.delete_run(context, extra.run.id)
    model_in_use.use_run(context, outcome.run.id)


def test_a_typed_name_ranks_at_once_without_training(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, _ = trained
    one = context.classes[-1]
    assert one.role is Role.NEW
    ids, probabilities = prediction.rank(context, one.name, CancelToken())
    columns = context.index.columns
    top = columns.class_ids[columns.positions(ids[:24])]
    assert (top == one.id).mean() > 0.3  # chance is 1 in 12
    assert np.all(np.diff(probabilities) <= 0)
    typed, _ = prediction.rank(context, "a thing nobody named before", CancelToken())
    assert sorted(typed) == sorted(ids)
    with pytest.raises(UserError, match="Type a class name"):
        prediction.rank(context, "   ", CancelToken())


def test_a_trained_class_that_is_deleted_changes_no_other_answer(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    """An adapter that lost sight of a name it was trained among took nearly all pictures of one class for another."""
    context, outcome = trained
    prediction.score(context, CancelToken())
    before = context.predictions
    assert before is not None
    assert before.adapted_class is not None
    gone = context.classes[0]
    source = context.project.image_rows(before.image_ids[:1].tolist())[0].path
    others = [one.name for one in context.classes if one.id != gone.id]
    ranked = prediction.predict_image(context, source).ranked
    context.project.delete_classes([gone.id])
    try:
        prediction.score(context, CancelToken())
        after = context.predictions
        assert after is not None
        assert after.adapted_class is not None
        stays = before.adapted_class != gone.id
        assert stays.sum() > 100
        assert np.mean(after.adapted_class[stays] == before.adapted_class[stays]) > 0.999
        now = prediction.predict_image(context, source).ranked
        kept = [one.class_name for one in ranked if one.class_name in others]
        assert [one.class_name for one in now][: len(kept)] == kept
    finally:
        context.project.undo()
        prediction.score(context, CancelToken())
    file = context.project.checkpoint_path(outcome.run)
    classifier = load_classifier(file, "cpu")
    (whole,) = classifier.rank([source], top_k=12)
    (part,) = classifier.rank([source], others, top_k=12)
    assert [one.class_name for one in part.ranked] == [
        one.class_name for one in whole.ranked if one.class_name in others
    ]
    assert sum(one.confidence for one in part.ranked) == pytest.approx(part.known, abs=1e-4)


def test_guesses_filters_and_acceptance(trained: tuple[ProjectContext, TrainOutcome]) -> None:
    context, _ = trained
    prediction.score(context, CancelToken())
    predictions = context.predictions
    assert predictions is not None
    assert predictions.adapted_class is not None
    assert len(predictions.image_ids) == 12 * 24
    assert np.all((predictions.best_confidence > 0) & (predictions.best_confidence <= 1))
    first = context.select(Filter(order=Order.CONFIDENCE))[:3].tolist()
    context.project.assign(first, None)
    assert set(first) <= set(context.select(Filter(Show.UNLABELLED)).tolist())
    context.project.assign_many(shown_pairs(predictions, first), LabelSource.SUGGESTION)
    assert {row.source for row in context.project.image_rows(first)} == {LabelSource.SUGGESTION}
    context.project.undo()
    context.project.undo()
    assert {row.source for row in context.project.image_rows(first)} == {LabelSource.FOLDER}
    context.project.assign(first, None)
    assert set(prediction.by_likelihood(context, context.classes[0].id, CancelToken()).tolist()) == set(first)
    context.project.undo()


def test_one_picture(trained: tuple[ProjectContext, TrainOutcome], sample_pictures: Path) -> None:
    context, _ = trained
    path = sorted(sample_pictures.rglob("*.*"))[0]
    found = prediction.predict_image(context, path)
    assert len(found.ranked) == len(found.zero_shot) == 5
    assert sum(one.confidence for one in found.ranked) <= 1.0001
    two = prediction.predict_image(context, path, ["dog", "cat"])
    assert {one.class_name for one in two.ranked} == {"dog", "cat"}
    with pytest.raises(UserError):
        prediction.predict_image(context, path.with_name("gone.png"))


def test_reopening_restores_embeddings_and_adapter(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path
) -> None:
    context, outcome = trained
    import shutil

    copy = tmp_path / "copy.mma"
    shutil.copytree(context.project.folder, copy)
    with_copy = open_project(copy, threads=2)
    try:
        model_in_use.prepare(with_copy, CancelToken())
        assert with_copy.engine.header is not None
        assert with_copy.engine.header.metrics["adapted"] == outcome.run.metrics["adapted"]
        events, changes = run(lambda token: embedding.embed(with_copy, token))
        assert not events
        assert not changes.embeddings
    finally:
        with_copy.close()


def test_a_picture_that_is_gone_becomes_a_problem_and_comes_back(
    trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path, sample_pictures: Path
) -> None:
    context, _ = trained
    import shutil

    source = tmp_path / "fresh.png"
    from PIL import Image

    Image.effect_noise((80, 80), 60).convert("RGB").save(source)
    importing.import_paths(context, [source], CancelToken())
    (image_id,) = set(context.select(Filter(Show.UNLABELLED)).tolist())
    kept = tmp_path / "kept.png"
    shutil.move(source, kept)
    embedding.embed(context, CancelToken())
    (row,) = context.project.image_rows([image_id])
    assert row.problem is ProblemKind.VANISHED
    assert row.reason
    importing.import_paths(context, [kept], CancelToken())
    (row,) = context.project.image_rows([image_id])
    assert row.problem is None
    changes = embedding.embed(context, CancelToken())
    assert changes.embeddings
    context.project.remove_images([image_id])


def test_exports(trained: tuple[ProjectContext, TrainOutcome], tmp_path: Path) -> None:
    import csv

    context, outcome = trained
    prediction.score(context, CancelToken())
    labels = labels_csv(context, tmp_path / "labels.csv")
    with labels.open(newline="", encoding="utf-8") as handle:
        table = list(csv.DictReader(handle))
    assert len(table) == 12 * 24
    assert sum(row["split"] == "shot" for row in table) == outcome.run.metrics["counts"]["shots"]
    assert {row["label"] for row in table} == {one.name for one in context.classes}
    with pytest.raises(UserError, match="no prediction of an unlabelled"):
        exporting.predictions(context, tmp_path / "predictions.csv")
    first = context.select(Filter())[:4].tolist()
    context.project.assign(first, None)
    exporting.predictions(context, tmp_path / "predictions.csv")
    assert len((tmp_path / "predictions.csv").read_text().splitlines()) == 5
    context.project.undo()
    copied = exporting.export(context, image_folder.FORMAT, tmp_path / "folders", CancelToken())
    folder = copied.path
    assert sum(1 for _ in folder.rglob("*.*")) == 12 * 24
    out = exporting.adapter(context, outcome.run.id, tmp_path / "adapter.safetensors")
    assert out.read_bytes() == context.project.checkpoint_path(outcome.run).read_bytes()


@pytest.mark.parametrize(
    ("method", "base_by", "said", "phases"),
    [
        ("clip-adapter", "cross-validation", "4-fold cross-validation", {"fold 1 of 4", "train"}),
        (DEFAULT_METHOD, "leave-one-out", "leaving out shots, one of each class", {"train"}),
        ("zero-shot", "held-out", "", set()),
    ],
)
def test_shots_alone_measure_base_accuracy(
    trained: tuple[ProjectContext, TrainOutcome], method: str, base_by: str, said: str, phases: set[str]
) -> None:
    context, _ = trained
    request = TrainRequest(method, shots=SHOTS, recipe=replace(find_method(method).recipe, max_epochs=10))
    base = [one.id for one in context.classes if one.role is Role.BASE]
    columns = context.index.columns
    extra = np.concatenate([columns.ids[columns.class_ids == one][SHOTS:] for one in base])
    context.project.assign(extra.tolist(), None)
    try:
        notes = [
            finding.text
            for finding in project_training.check(context, request)
            if "too few labelled images" in finding.text
        ]
        assert len(notes) == bool(said)
        assert all(said in note for note in notes)
        events, outcome = run(lambda token: project_training.train(context, request, token))
        assert outcome.result.evaluation.base_by == base_by
        assert outcome.result.evaluation.adapted.base is not None
        assert outcome.result.evaluation.adapted.base.n == 6 * SHOTS
        found = {event.phase for event in events if isinstance(event, EpochEvent)}
        assert found >= phases
        assert ("fold 1 of 4" in found) == ("fold 1 of 4" in phases)
        model_in_use.delete_run(context, outcome.run.id)
    finally:
        context.project.undo()


def test_a_blocking_finding_is_refused_before_any_work(context: ProjectContext) -> None:
    context.project.add_classes(["ant", "bee"])
    with pytest.raises(UserError, match="no labelled image"):
        project_training.train(context, TrainRequest(), CancelToken())


def test_a_training_whose_device_fails_starts_again_on_the_processor(
    trained: tuple[ProjectContext, TrainOutcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, outcome = trained
    backbone, _ = context.engine.need()
    places: list[str] = []
    real = engine_training.train

    def failing(data, method, options, recipe, seed, device, cancel, **switches):
        places.append(device)

        def fail(_event):
            raise RuntimeError("XPU out of memory\nwith a long stack")

        token = cancel if device == "cpu" else cancel.relaying(fail)
        return real(data, method, options, recipe, seed, "cpu", token, **switches)

    monkeypatch.setattr(engine_training, "train", failing)
    monkeypatch.setattr(backbone, "device", torch.device("xpu"))
    events, again = run(lambda token: project_training.train(context, TrainRequest(shots=SHOTS), token))
    assert places == ["xpu", "cpu"]
    told = [event.message for event in events if isinstance(event, Progress)]
    assert "The device xpu failed (XPU out of memory), so the training starts again on the processor (cpu)." in told
    assert again.result.evaluation.adapted == outcome.result.evaluation.adapted
    assert len(again.run.metrics["history"]) == len(outcome.run.metrics["history"])
    context.project.delete_run(again.run.id)
