"""An adapter of another project, loaded into one: kept as a run, in use, and refused where it does not fit."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mma_desktop import load_classifier
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role, RunRecord, TrainRequest
from mma_desktop.engine import checkpoint, hub
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.training import learning, overview
from mma_desktop.services.training.adapter_loading import Loaded, predict_with, read_model, revert_model, use_model
from mma_desktop.services.training.snapshot import newest_request
from mma_desktop.store.project import Project
from tests.strangers.test_many_names import changed

from .conftest import POOL, embedded, noisy_folders, opened_copy


@pytest.fixture(scope="module")
def colours(made_pool: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """See `adapter`."""
    place = tmp_path_factory.mktemp("colours")
    with opened_copy(made_pool, place) as pool:
        return exported(pool, place / "colours.safetensors")


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Path:
    """See `other`."""
    place = tmp_path_factory.mktemp("others")
    with embedded(place, noisy_folders(place, "pictures", POOL, seed=1), cache_home) as context:
        context.project.add_classes(["Red"])
    return context.project.folder


def exported(pool: ProjectContext, out: Path) -> Path:
    project = pool.project
    red, green, blue = pool.classes
    project.rename_class(green.id, "grün", "green")
    project.set_role([blue.id], Role.NEW)
    for row in project.image_rows(pool.index.columns.ids.tolist()):
        at = {"red": red.id, "green": green.id}.get(row.path.parent.name)
        if at is not None:
            project.assign([row.id], at)
    assert learning.learn(pool, CancelToken()) is not None
    kept = learning.store_learned(pool)
    return exporting.adapter(pool, kept.id, out)


@pytest.fixture
def adapter(colours: Path, tmp_path: Path) -> Path:
    """The file of a model of three classes, one of them trained under another text and one by its name only."""
    return Path(shutil.copy(colours, tmp_path))


@pytest.fixture
def other(others: Path, tmp_path: Path) -> Iterator[ProjectContext]:
    """Another project, with other pictures of the same classes and one class of its own."""
    with opened_copy(others, tmp_path) as context:
        yield context


def load_adapter(context: ProjectContext, source: str, token: CancelToken) -> Loaded:
    return use_model(context, read_model(context, source, token))


def test_it_predicts_as_load_classifier_does(other: ProjectContext, adapter: Path) -> None:
    loaded = load_adapter(other, str(adapter), CancelToken())
    assert (loaded.classes, len(loaded.added), loaded.before) == (3, 2, 0)
    assert [(one.name, one.reads, one.role) for one in other.classes] == [
        ("Red", "", Role.BASE),
        ("grün", "green", Role.BASE),
        ("blue", "", Role.NEW),
    ]
    prediction.score(other, CancelToken())
    assert other.predictions is not None
    rows = other.project.image_rows(other.predictions.image_ids.tolist())
    found = load_classifier(adapter, device="cpu").rank([row.path for row in rows], top_k=1)
    names = {one.id: one.name.lower() for one in other.classes}
    assert [names[one] for one in other.predictions.best_class.tolist()] == [one.ranked[0].class_name for one in found]
    np.testing.assert_allclose(
        other.predictions.best_confidence, [one.ranked[0].confidence for one in found], atol=2e-3
    )  # features are kept as float16


def test_it_is_a_run_that_stays_in_use(other: ProjectContext, adapter: Path) -> None:
    first = load_adapter(other, str(adapter), CancelToken()).run
    again = load_adapter(other, str(adapter), CancelToken())
    assert (first.name, again.run.name, again.added, again.before) == ("colours", "colours (2)", (), first.id)
    adapter.unlink()
    assert all(run.loaded for run in other.project.runs())
    assert "/" not in json.dumps(dict(first.settings)), "a project goes to others, and a path has the user's name"
    folder = other.project.folder
    other.close()
    opened = ProjectContext(Project.open(folder), threads=1)
    model_in_use.prepare(opened, CancelToken())
    assert opened.is_current(opened.project.run(again.run.id))
    model_in_use.use_run(opened, first.id)
    assert opened.is_current(opened.project.run(first.id))
    learning.learn_again(opened)
    assert opened.engine.adapter is None
    opened.close()


def test_one_step_of_undo_takes_it_and_its_classes_away(other: ProjectContext, adapter: Path) -> None:
    loaded = load_adapter(other, str(adapter), CancelToken())
    assert other.current_run == loaded.run.id
    assert other.project.undo_title == "Load a model"
    other.project.undo()
    assert [one.name for one in other.classes] == ["Red"]
    assert other.current_run == loaded.before


def test_the_former_model_takes_its_classes_away_but_for_those_with_labels(
    other: ProjectContext, adapter: Path
) -> None:
    loaded = load_adapter(other, str(adapter), CancelToken())
    green = next(one.id for one in other.classes if one.name == "grün")
    other.project.assign(other.index.columns.ids[:1].tolist(), green)
    revert_model(other, loaded)
    assert [one.name for one in other.classes] == ["Red", "grün"]
    assert (other.current_run, other.engine.adapter) == (0, None)
    other.project.undo()
    assert ([one.name for one in other.classes], other.current_run) == (["Red", "grün", "blue"], loaded.run.id)


def test_a_former_model_that_is_gone_or_damaged_is_not_used(other: ProjectContext, adapter: Path) -> None:
    first = load_adapter(other, str(adapter), CancelToken())
    second = load_adapter(other, str(adapter), CancelToken())
    other.project.checkpoint_path(first.run).write_bytes(b"damaged")
    with pytest.raises(UserError):
        revert_model(other, second)
    assert other.current_run == second.run.id
    assert other.is_current(second.run)
    model_in_use.delete_run(other, first.run.id)
    revert_model(other, second)
    assert (other.current_run, other.engine.adapter) == (0, None)
    assert learning.in_use(other, without_adapter=True)


def test_one_that_is_only_looked_with_changes_nothing(other: ProjectContext, adapter: Path) -> None:
    before, title = runs_and_files(other), other.project.undo_title
    model = read_model(other, str(adapter), CancelToken())
    assert model.missing == ("grün", "blue")
    said = predict_with(other, model, CancelToken())
    rows = other.project.image_rows(list(said))
    found = load_classifier(adapter, device="cpu").rank([row.path for row in rows], top_k=1)
    assert len(said) == len(other.index.columns.ids)
    assert {said[row.id].class_name for row in rows} == {one.ranked[0].class_name for one in found}
    assert (runs_and_files(other), other.project.undo_title) == (before, title)
    assert (other.current_run, other.engine.adapter) == (0, None)


def test_what_was_measured_elsewhere_asks_for_nothing_here(other: ProjectContext, adapter: Path) -> None:
    load_adapter(other, str(adapter), CancelToken())
    found = overview.summarise(other)
    assert found.run is not None
    assert found.run.loaded
    assert found.evaluation is not None, "the file says how good it was"
    assert found.weak_classes == ()
    assert newest_request(other.project.runs()) == TrainRequest()


def altered(adapter: Path, **fields: object) -> None:
    """Write other fields into the header of a file, past all checks."""
    data = adapter.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    table = json.loads(data[8 : 8 + length])
    header = {**json.loads(table["__metadata__"]["mma_desktop"]), **fields}
    table["__metadata__"]["mma_desktop"] = json.dumps(header)
    text = json.dumps(table).encode()
    adapter.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])


def runs_and_files(context: ProjectContext) -> tuple[list[RunRecord], list[Path], list[str]]:
    names = [one.name for one in context.classes]
    return context.project.runs(), list(context.project.runs_dir.iterdir()), names


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"backbone": "ViT-B-32/openai"}, "with the image model ViT-B-32/openai, and this project .* with starter"),
        ({"format_version": 99}, "written by a newer version"),
        ({"fingerprint": "0" * 64}, "starter of another version"),
        ({"shots": -1}, "damaged or incomplete"),
        ({"reads": {"blue": "red"}}, "would read .Red. for both"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_changed(
    other: ProjectContext, adapter: Path, fields: dict[str, object], says: str
) -> None:
    altered(adapter, **fields)
    before = runs_and_files(other)
    with pytest.raises(UserError, match=says):
        load_adapter(other, str(adapter), CancelToken())
    assert runs_and_files(other) == before
    assert other.engine.adapter is None
    assert not other.current_run


@pytest.mark.parametrize("keep", [0, 100, -1])
def test_a_file_that_is_cut_off_is_refused(other: ProjectContext, adapter: Path, keep: int) -> None:
    adapter.write_bytes(adapter.read_bytes()[:keep])
    before = runs_and_files(other)
    with pytest.raises(UserError, match=r"colours\.safetensors"):
        load_adapter(other, str(adapter), CancelToken())
    assert runs_and_files(other) == before


def test_it_may_be_stopped_before_anything_is_changed(other: ProjectContext, adapter: Path) -> None:
    before, token = runs_and_files(other), CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        load_adapter(other, str(adapter), token)
    assert runs_and_files(other) == before


def test_one_of_the_hub_is_downloaded(other: ProjectContext, adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def download(name: str, revision: str | None) -> Path:
        asked.append((name, revision))
        return adapter

    monkeypatch.setattr(hub, "download", download)  # test_hub.py has a hub
    assert load_adapter(other, "hf://mma/colours@v1", CancelToken()).run.name == "mma/colours"
    assert asked == [("mma/colours", "v1")]


@pytest.mark.parametrize("created", ["0001-01-01T00:00:00", "9999-12-31T23:59:59+00:00"])
def test_a_file_of_another_age_is_of_today(other: ProjectContext, adapter: Path, created: str) -> None:
    model, header = checkpoint.load(adapter)
    checkpoint.save(adapter, model, replace(header, created=created))
    assert load_adapter(other, str(adapter), CancelToken()).run.created_at > 1.7e9


def test_a_class_of_the_name_kept_for_none_of_these_is_refused(other: ProjectContext, adapter: Path) -> None:
    header = checkpoint.read_header(adapter)
    changed(adapter, classes=[[NONE_OF_THESE if name == "blue" else name, role] for name, role in header.classes])
    before = [one.name for one in other.every_class]
    with pytest.raises(UserError, match=r"kept for pictures of none of the classes"):
        load_adapter(other, str(adapter), CancelToken())
    assert [one.name for one in other.every_class] == before
    assert not other.project.runs()
