"""The pictures at hand: which ones teach, and that nothing but labels, names and contents decides."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from mma_desktop import load_classifier
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource, Role, TrainRequest, Use
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.device import on_threads
from mma_desktop.engine.training import at_hand
from mma_desktop.engine.training.at_hand import components_of
from mma_desktop.services.batch import headless
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.kinds import csv_table
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.training import learning, project_training, snapshot
from mma_desktop.services.training.learning import learn
from mma_desktop.store.project import Project
from tests.warm_starter import WarmStarter

from .conftest import noisy_folders
from .test_headless_sources import command, refused
from .test_learning import label

TOKEN = CancelToken()
CLASSES = {"red": 8, "green": 8, "blue": 8}


def hashes(count: int, seed: int) -> np.ndarray:
    return np.frombuffer(np.random.default_rng(seed).bytes(32 * count), "S32")


def test_the_sample_is_the_smallest_hashes_so_an_import_changes_it_by_little() -> None:
    many, more = hashes(5000, 0), hashes(100, 1)
    sample = set(many[snapshot.sampled(many)].tolist())
    assert sample == set(sorted(many.tolist())[: snapshot.MAX_AT_HAND])
    backwards = many[::-1]
    np.testing.assert_array_equal(backwards[snapshot.sampled(backwards)], many[snapshot.sampled(many)])
    every = np.concatenate([more, many])
    after = set(every[snapshot.sampled(every)].tolist())
    new = after - sample
    assert 20 < len(new) < 60, "the share of the sample, of 100"
    assert new <= set(more.tolist())
    assert len(sample - after) == len(new)
    few = hashes(3, 2)
    assert sorted(few.tolist()) == few[snapshot.sampled(few)].tolist()


def test_the_sample_of_a_project_is_that_of_its_masked_pictures(
    pool: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MAX_AT_HAND", 3)  # the first 9 of 24 are kept
    columns, draw = pool.index.columns, np.random.default_rng(0)
    asked = [draw.random(len(columns.ids)) < share for share in (0.0, 0.05, 0.2, 0.4, 0.8, 1.0) for _ in range(5)]
    several = 0
    for mask in asked:
        where = np.flatnonzero(mask)
        expected = where[snapshot.sampled(columns.hashes[where])]
        np.testing.assert_array_equal(snapshot.sample_of(pool, columns, mask), expected)
        several += len(expected) == 3
    assert several > 10


def project_of(place: Path, paths: list[Path]) -> ProjectContext:
    context = ProjectContext(Project.create(place), threads=1)
    context.learns = True
    for path in paths:
        importing.import_paths(context, [path], TOKEN)
    context.project.add_classes(list(CLASSES), Role.BASE)
    model_in_use.prepare(context, TOKEN)
    return context


def by_name(context: ProjectContext, names: list[str]) -> list[int]:
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    return [one.id for one in rows if one.path.name in names]


def test_order_copies_damage_and_undo_make_no_other_model(tmp_path: Path, cache_home: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    folder = noisy_folders(tmp_path, "pictures", CLASSES)
    first = project_of(tmp_path / "first.mma", [folder])
    labels = {name: [f"{name} 00.jpg", f"{name} 01.jpg"] for name in CLASSES}
    copies, damaged = tmp_path / "copies", tmp_path / "damaged.jpg"
    copies.mkdir()
    for name in CLASSES:
        for number in (0, 5):  # of a labelled one, and of one at hand
            shutil.copy(folder / name / f"{name} {number:02}.jpg", copies / f"again {name} {number}.jpg")
    damaged.write_bytes((folder / "red" / "red 07.jpg").read_bytes()[:300])
    pieces = [copies, damaged, *sorted(folder.iterdir(), reverse=True)]
    second = project_of(tmp_path / "second.mma", pieces)
    with closing(first), closing(second):
        models = []
        for context in (first, second):
            at = {item.name: item.id for item in context.classes}
            for name, files in labels.items():
                again = [f"again {name} 0.jpg"]
                context.project.assign(by_name(context, files + again), at[name])
            project_training.embed_needed(context, TOKEN, at_hand=True)
            models.append(learn(context, TOKEN))
        label(second, "red", 2)
        learn(second, TOKEN)
        second.project.undo()
        models.append(learn(second, TOKEN))
        for found in models:
            assert found.snapshot.counts["at_hand"] == 18
            np.testing.assert_array_equal(found.snapshot.data.unlabelled, models[0].snapshot.data.unlabelled)
            for name, tensor in models[0].result.adapter.state_dict().items():
                np.testing.assert_array_equal(found.result.adapter.state_dict()[name].numpy(), tensor.numpy(), name)


def test_an_experiment_knows_no_picture_without_a_label(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 3)
    plain = project_training.assemble_labelled(pool, TrainRequest(shots=2), TOKEN)
    assert plain.data.unlabelled is None
    assert "at_hand" not in plain.counts
    taught = project_training.assemble_labelled(pool, TrainRequest(shots=2, at_hand=True), TOKEN)
    assert len(taught.data.unlabelled) == taught.counts["at_hand"] == 15
    assert learn(pool, TOKEN).snapshot.counts["at_hand"] == 15
    assert learning.store_learned(pool).metrics["counts"]["at_hand"] == 15


def test_what_the_pictures_vary_in_is_worked_out_once(pool: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    monkeypatch.setattr(at_hand, "components_of", lambda rows: found.append(rows) or components_of(rows))
    learn(pool, TOKEN)
    label(pool, "red", 1)
    label(pool, "green", 1)
    taught = learn(pool, TOKEN)
    assert [len(rows) for rows in found] == [24]
    fresh = at_hand.components_of(found[0])
    np.testing.assert_array_equal(taught.snapshot.data.components, fresh)
    pool.project.rename_class(pool.classes[0].id, "crimson")
    again = learn(pool, TOKEN)
    assert again is not taught
    assert again.snapshot.data.kept is taught.snapshot.data.kept, "the same pictures are at hand"
    pool.project.set_use(label(pool, "blue", 2), Use.TEST)
    assert len(learn(pool, TOKEN).snapshot.data.test) == 2
    assert len(found[-1]) == 22, "what is tested is no part of it"


def test_what_the_pictures_vary_in_is_the_same_with_any_number_of_threads() -> None:
    rows = np.random.default_rng(0).normal(size=(500, 1792)).astype(np.float32)
    found = []
    for threads in (1, 2):
        with on_threads(threads):
            found.append(components_of(rows))
    np.testing.assert_array_equal(*found)


def test_no_more_than_the_sample_is_looked_at(pool: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "MAX_AT_HAND", 5)
    pool.engine.need()[1].close()
    for name in CLASSES:
        label(pool, name, 1)
    columns = pool.index.columns
    wanted = snapshot.needed(columns, at_hand=True)
    assert wanted.sum() == 8
    assert snapshot.needed(columns, at_hand=False).sum() == 3


AS_CLASSES = ("--format", "imagefolder")


def test_of_many_pictures_no_more_than_the_sample_is_encoded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    encode = Backbone.encode_images
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for kind in (Backbone, WarmStarter):
        monkeypatch.setattr(kind, "encode_images", lambda own, rows: found.append(len(rows)) or encode(own, rows))
    for module in (snapshot, headless):
        monkeypatch.setattr(module, "MAX_AT_HAND", 5)
    none = noisy_folders(tmp_path, "none", {"any": 2}, seed=9)
    counts = trained(tmp_path / "a.safetensors", folder, *AS_CLASSES, "--none", none)["counts"]
    assert (counts["images"], counts["at_hand"]) == (26, 5)
    assert sum(found) == 16 + 5 + 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Class folders `red` and `green`, and pictures beside them that have no label (`AS_CLASSES`)."""
    place = noisy_folders(tmp_path_factory.mktemp("at hand"), "pictures", CLASSES)
    for number, picture in enumerate(sorted((place / "blue").iterdir())):
        picture.rename(place / f"{number}.jpg")
    (place / "blue").rmdir()
    return place


def trained(out: Path, *arguments: object) -> dict:
    report = out.with_suffix(".json")
    given = ("--shots", "3", "--out", out, "--json", report, "--overwrite")
    assert command("train", *arguments, *given) == 0
    return json.loads(report.read_text())


def test_pictures_beside_the_class_folders_are_at_hand(folder: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "a.safetensors"
    counts = trained(out, folder, *AS_CLASSES)["counts"]
    assert (counts["labelled"], counts["at_hand"]) == (16, 8)
    assert "8 pictures at hand" in capsys.readouterr().out
    assert read_header(out).metrics["counts"]["at_hand"] == 8
    more = noisy_folders(tmp_path, "more", {"any": 4}, seed=3)
    assert trained(out, folder, *AS_CLASSES, "--unlabelled", more)["counts"]["at_hand"] == 12
    counts = trained(out, folder, *AS_CLASSES, "--no-at-hand")["counts"]
    assert (counts["images"], counts["at_hand"]) == (16, 0)
    assert "at hand" not in capsys.readouterr().out.rpartition("Trained on")[2]
    assert "at_hand" not in read_header(out).metrics["counts"]


def test_pictures_that_taught_nothing_are_not_said_to(folder: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("mma_desktop.engine.training.trainer.is_worse", lambda *_: True)
    out = tmp_path / "a.safetensors"
    assert trained(out, folder, *AS_CLASSES)["counts"]["at_hand"] == 0
    assert "at hand" not in capsys.readouterr().out.rpartition("Trained on")[2]
    assert "at_hand" not in read_header(out).metrics["counts"]


def test_names_alone_of_a_project_are_for_the_default_method(pool: ProjectContext) -> None:
    pool.project.set_role([item.id for item in pool.classes], Role.NEW)
    assert project_training.check(pool, TrainRequest(at_hand=True)) == []
    for method in ("zero-shot", "linear-probe"):
        assert any(one.blocking for one in project_training.check(pool, TrainRequest(method, at_hand=True)))


def test_names_without_pictures_go_beside_class_folders(folder: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "a.safetensors"
    assert trained(out, folder, *AS_CLASSES, "--new", "blue, violet")["classes"] == {
        "base": ["green", "red"],
        "new": ["blue", "violet"],
    }
    assert read_header(out).class_names == ("green", "red", "blue", "violet")
    assert "Classes with pictures: 'green', 'red'. Only named: 'blue', 'violet'." in capsys.readouterr().err


def test_what_cannot_be_at_hand_is_said(folder: Path, tmp_path: Path, capsys) -> None:
    assert "'red' has labelled pictures" in refused(capsys, "train", folder, *AS_CLASSES, "--new", "Red,blue")
    with pytest.raises(SystemExit):
        command("train", folder, "--no-at-hand", "--unlabelled", folder)
    assert "not allowed with" in capsys.readouterr().err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "has no picture" in refused(capsys, "train", folder, *AS_CLASSES, "--unlabelled", empty)
    flat = tmp_path / "flat"
    flat.mkdir()
    shutil.copy(folder / "0.jpg", flat)
    assert "--new" in refused(capsys, "train", flat)
    assert "at least two" in refused(capsys, "train", flat, "--new", "red")
    for method in ("linear-probe", "zero-shot"):
        said = refused(capsys, "train", flat, "--new", "red,green", "--method", method)
        assert "Only the default method learns from names alone" in said
    assert "--no-at-hand" in refused(capsys, "train", flat, "--new", "red,green", "--no-at-hand", code=2)
    for division in (("--base", "red"), ("--base-fraction", "0.5")):
        said = refused(capsys, "train", flat, "--new", "red,green", *division, code=2)
        assert f"Leave {division[0]} out" in said


# ------------------------------------------------------------------------------ from names alone


def right(context: ProjectContext, predictor: object) -> float:
    names = [item.name for item in context.classes]
    columns = context.index.columns
    rows = context.project.image_rows(columns.ids.tolist())
    features = context.engine.gather(columns.hashes)
    probabilities = predictor.probabilities(
        features, names, context.prompt_template, adapted=predictor.adapter is not None
    )
    own = np.array([names.index(row.path.parent.name) for row in rows])
    return float((probabilities.argmax(1) == own).mean())


def test_two_names_and_pictures_are_a_model(pool: ProjectContext) -> None:
    found = learn(pool, TOKEN)
    assert found.run.names_alone
    assert (found.labels, found.accuracy, found.zero_shot) == (0, None, None)
    assert found.snapshot.counts["at_hand"] == 24
    assert pool.engine.adapter is found.result.adapter
    assert found.result.adapter.transduction is not None
    pool.engine.use(None)
    before = right(pool, pool.engine.predictor)
    assert right(pool, found.predictor) >= before - 0.05  # one of 24 pictures
    assert learning.points_of(pool) == []
    kept = learning.store_learned(pool)
    assert kept.names_alone
    assert kept.name.startswith("From names alone, 3 classes, ")
    assert learning.store_learned(pool) == kept
    model_in_use.use_run(pool, kept.id)
    assert right(pool, pool.engine.predictor) == right(pool, found.predictor)


def test_the_first_label_holds_the_names_and_the_second_class_trains(pool: ProjectContext) -> None:
    (red,) = label(pool, "red", 1)
    none = by_name(pool, ["blue 00.jpg"])
    pool.project.assign_none(none)
    found = learn(pool, TOKEN)
    assert found.run.names_alone
    assert (found.labels, found.accuracy) == (1, None)
    assert found.snapshot.counts == {
        "shots": 1,
        "validation": 0,
        "test": 0,
        "images": 24,
        "labelled": 2,
        "none_of_these": 1,
        "at_hand": 22,
    }
    assert found.snapshot.shot_ids.tolist() == [red]
    label(pool, "green", 1)
    assert not learn(pool, TOKEN).run.names_alone
    pool.project.undo()
    again = learn(pool, TOKEN)
    for name, tensor in found.result.adapter.state_dict().items():
        np.testing.assert_array_equal(again.result.adapter.state_dict()[name].numpy(), tensor.numpy(), name)


def test_an_accepted_prediction_holds_the_names_too(pool: ProjectContext) -> None:
    accepted = label(pool, "red", 3, LabelSource.SUGGESTION)
    pool.project.set_use(label(pool, "red", 2), Use.VALIDATION)
    found = learn(pool, TOKEN)
    assert found.run.names_alone
    assert sorted(found.snapshot.shot_ids.tolist()) == sorted(accepted)
    assert (found.labels, found.proposed, found.accuracy.n) == (3, 3, 2)


def test_one_name_or_one_picture_is_no_model(context: ProjectContext, tmp_path: Path) -> None:
    context.learns = True
    importing.import_paths(context, [noisy_folders(tmp_path, "one", {"red": 1})], TOKEN)
    context.project.add_classes(["red", "green"], Role.BASE)
    model_in_use.prepare(context, TOKEN)
    embedding.embed(context, TOKEN)
    assert learn(context, TOKEN) is None
    with pytest.raises(UserError, match="Add pictures, and name two"):
        learning.store_learned(context)
    importing.import_paths(context, [noisy_folders(tmp_path, "more", {"red": 3}, seed=1)], TOKEN)
    embedding.embed(context, TOKEN)
    assert learn(context, TOKEN).snapshot.counts["at_hand"] == 4
    context.project.delete_classes([context.classes[0].id])
    assert learn(context, TOKEN) is None
    assert context.engine.adapter is None


@pytest.mark.parametrize("traced", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_flat_folder_and_names_are_enough_for_every_command(
    folder: Path, tmp_path: Path, capsys, traced: bool, request: pytest.FixtureRequest
) -> None:
    if not traced:
        request.getfixturevalue("untraced")
    flat, out, numbers = tmp_path / "flat", tmp_path / "a.safetensors", tmp_path / "n.json"
    flat.mkdir()
    for picture in folder.rglob("*.jpg"):
        shutil.copy(picture, flat)
    words = ("train", flat, "--new", "red,green,blue", "--out", out, "--json", numbers)
    assert command(*words) == 0
    said = capsys.readouterr().out
    assert "Trained on the names alone of 3 classes, by 24 pictures at hand." in said
    assert said.startswith("How often it is right was not measured.")
    assert "zero-shot" not in said
    assert "--base" not in said
    report = json.loads(numbers.read_text())
    assert report["classes"] == {"base": [], "new": ["red", "green", "blue"]}
    assert report["adapted"] == {"base": None, "new": None, "h": None, "all": None}
    table = tmp_path / "p.csv"
    assert command("predict", out, flat, "--out", table) == 0
    assert {row.split(",")[1] for row in table.read_text().splitlines()[1:]} <= {"red", "green", "blue"}
    page = tmp_path / "report.html"
    assert command("evaluate", out, folder, *AS_CLASSES, "--report", page) == 0
    assert "none: from names alone" in page.read_text()
    assert "24 without a label taught, too" in page.read_text()
    for form in ("onnx", "torch-export"):
        assert command("export", form, out, tmp_path / f"model.{form}") == 0
    again = tmp_path / "b.safetensors"
    assert command("train", flat, "--new", "red,green,blue", "--out", again) == 0
    assert load_file(again).keys() == load_file(out).keys()
    for name, tensor in load_file(out).items():
        np.testing.assert_array_equal(load_file(again)[name], tensor, name)


def test_new_names_say_what_is_read_and_are_given_one_by_one(folder: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "a.safetensors"
    more = ("--new", "Kohlmeise=great tit", "--new", "Dohle")
    assert command("train", folder, *AS_CLASSES, *more, "--out", out) == 0
    assert "leave out --base" not in capsys.readouterr().out
    classifier = load_classifier(out, device="cpu")
    assert {"Kohlmeise", "Dohle"} <= set(classifier.classes_)
    assert classifier.reads["Kohlmeise"] == "great tit"


@pytest.mark.parametrize("option", [("--base", "red"), ("--base-fraction", "0.5"), ("--no-at-hand",)])
def test_names_alone_refuse_what_takes_labels(option: tuple[str, ...], folder: Path, tmp_path: Path, capsys) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for picture in folder.rglob("*.jpg"):
        shutil.copy(picture, flat)
    assert command("train", flat, "--new", "red,green", *option, "--out", tmp_path / "a.safetensors") == 2
    said = capsys.readouterr().err
    assert f"Fewer than two classes have a label, so names alone teach. Leave {option[0]} out." in said


def test_a_project_of_names_alone_is_a_whole_model(pool: ProjectContext, tmp_path: Path, capsys) -> None:
    found = learn(pool, TOKEN)
    prediction.score(pool, TOKEN)
    said = dict(zip(pool.predictions.image_ids.tolist(), pool.predictions.best_class.tolist(), strict=True))
    names, place = {item.id: item.name for item in pool.classes}, pool.project.folder
    files = {row.existing_place(): names[said[row.id]] for row in pool.project.image_rows(list(said))}
    assert found.run.names_alone
    exporting.export(pool, csv_table.FORMAT, tmp_path / "all.csv", TOKEN, Images.NONE, labelled_only=False)
    assert (tmp_path / "all.csv").read_text().splitlines()[1].endswith(",names")
    pool.close()
    table, out = tmp_path / "p.csv", tmp_path / "a.safetensors"
    assert command("predict", place, "--out", table) == 0
    assert dict(line.split(",")[:2] for line in table.read_text().splitlines()[1:]) == {
        str(file): name for file, name in files.items()
    }
    assert command("export", "model", place, out) == 0
    classifier = load_classifier(out, device="cpu")
    assert classifier.predict(list(files)).tolist() == list(files.values())
    assert classifier.base_classes == []


def test_what_was_asked_before_is_scored_as_then_whatever_was_asked_since(pool: ProjectContext) -> None:
    predictor = learn(pool, TOKEN).predictor
    names, rows = [item.name for item in pool.classes], pool.engine.gather(pool.index.columns.hashes)
    asked = predictor.candidates(names, pool.prompt_template)
    score = predictor._probabilities  # private: another thread may ask between the two steps of a prediction
    first = score(rows, asked)[0]
    score(rows, predictor.candidates(names[::-1], pool.prompt_template))
    np.testing.assert_array_equal(score(rows, asked)[0], first)
