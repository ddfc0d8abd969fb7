"""The features of a project as a file: what a training would see, read again exactly, and taken by the benchmark."""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from mma_desktop import FeatureSet, __main__, read_feature_file, write_feature_file
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role, TrainRequest, Use
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.exporting import export_features
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training import project_training
from tests.services.conftest import MakeFolder

REQUEST = TrainRequest(shots=2, seed=1)
CLASSES = {"ash": 6, "birch": 5, "cedar": 4, "dogwood": 3}


def filled(context: ProjectContext, folder: Path) -> None:
    """Four class folders, the second new and one picture of the first without a label; one picture is broken."""
    (folder / "ash" / "broken.jpg").write_bytes(b"no picture")
    importing.import_paths(context, [folder], CancelToken(), {name: folder / name for name in CLASSES})
    context.project.set_role([context.classes[1].id], Role.NEW)
    columns = context.index.columns
    ash = columns.ids[columns.class_ids == context.classes[0].id].tolist()
    context.project.assign(ash[:1], None)
    context.project.set_use(ash[-1:], Use.VALIDATION)


def written(context: ProjectContext, out: Path) -> str:
    return str(export_features(context, out, REQUEST, CancelToken()).sentence)


def test_a_project_and_what_a_training_of_it_sees(context: ProjectContext, make_folder: MakeFolder, tmp_path: Path):
    filled(context, make_folder("trees", CLASSES))
    out = tmp_path / "trees.safetensors"
    sentence = written(context, out)
    data = read_feature_file(out)
    snapshot = project_training.assemble_labelled(context, replace(REQUEST, division="halves"), CancelToken()).data
    assert data.class_names == ("ash", "cedar", "dogwood", "birch")
    assert data.logit_scale == snapshot.logit_scale
    order = [snapshot.class_names.index(name) for name in data.class_names]
    np.testing.assert_allclose(data.text_features, snapshot.text_features[order], atol=1e-6)
    for part, expected in (("train", snapshot.shots), ("val", snapshot.validation), ("test", snapshot.test)):
        found = data.parts[part]
        assert [data.class_names[at] for at in found.labels] == [snapshot.class_names[at] for at in expected.labels]
        np.testing.assert_allclose(found.features, expected.features, atol=1e-6)
    assert data.layout == snapshot.layout
    numbers = [len(data.parts[part]) for part in ("train", "val", "test")]
    assert min(numbers) > 0
    assert [int(one) for one in re.findall(r"\d+", sentence.removeprefix(str(out)).split(".")[0])] == [*numbers, 1]
    tensors = load_file(out)
    files = {
        hashlib.sha256(one.read_bytes()).digest() for one in tmp_path.rglob("trees/*/*.jpg") if "brok" not in one.name
    }
    rows = [bytes(row) for part in ("train", "val", "test", "unlabelled") for row in tensors[f"{part}_sha256"]]
    assert len(rows) == len(set(rows)) == 18
    assert set(rows) == files
    assert tensors["unlabelled_features"].shape == (1, 2696)
    with safe_open(out, "numpy") as file:
        about = file.metadata()
    columns = {"shared": [0, 1280], "visual": [1280, 2696], "probe": [0, 1280]}
    assert json.loads(about["columns"]) == columns
    assert json.loads(about["roles"]) == ["base", "base", "base", "new"]
    assert (about["backbone"], about["shots"], about["seed"], about["project"]) == ("starter", "2", "1", "test")
    assert str(tmp_path) not in json.dumps(about)


def test_the_command_and_the_benchmark_that_reads_it(
    make_folder: MakeFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "trees.mma"
    with closing(create_project(folder)) as context:
        filled(context, make_folder("trees", CLASSES))
    out = tmp_path / "trees.safetensors"
    assert __main__.main(["export", "features", str(folder), str(out), "--shots", "2"]) == 0
    assert f"{out} has the features of 6 pictures for training, " in capsys.readouterr().out
    benchmark = ["benchmark", str(out), "--methods", "zero-shot", "--shots", "2", "--seeds", "1"]
    assert __main__.main([*benchmark, "--base-fraction", "0.75", "--out", str(tmp_path / "results")]) == 0
    (found,) = json.loads((tmp_path / "results" / "results.json").read_text())["cells"]
    assert found


def test_what_cannot_be_written(context: ProjectContext, make_folder: MakeFolder, tmp_path: Path):
    with pytest.raises(UserError, match="at least two classes"):
        written(context, tmp_path / "out.safetensors")
    context.project.add_classes(["ash", "birch"])
    with pytest.raises(UserError, match="No picture is labelled yet"):
        written(context, tmp_path / "out.safetensors")
    assert not (tmp_path / "out.safetensors").exists()


def test_a_file_that_no_benchmark_can_read_says_so(context: ProjectContext, make_folder: MakeFolder, tmp_path: Path):
    folder = make_folder("trees", {"ash": 1, "birch": 1})
    importing.import_paths(context, [folder], CancelToken(), {name: folder / name for name in ("ash", "birch")})
    assert "A benchmark needs pictures for testing: label more." in written(context, tmp_path / "out.safetensors")


def test_writing_and_reading_again(tmp_path: Path):
    draw = np.random.default_rng(0)
    texts = draw.normal(size=(3, 8)).astype(np.float32)
    part = FeatureSet(draw.normal(size=(5, 8)), np.array([0, 1, 2, 2, 0]))
    path = write_feature_file(tmp_path / "a.safetensors", ["a", "ä", "c"], texts, {"train": part, "test": part}, 30.5)
    data = read_feature_file(path)
    assert (data.class_names, data.logit_scale, len(data.parts["val"])) == (("a", "ä", "c"), 30.5, 0)
    assert data.parts["train"].labels.tolist() == [0, 1, 2, 2, 0]
    length = np.linalg.norm(part.features, axis=1, keepdims=True)
    np.testing.assert_allclose(data.parts["train"].features, part.features / length, rtol=1e-6)


def test_what_does_not_belong_together_is_no_file(tmp_path: Path):
    texts, part = np.eye(2, 4), FeatureSet(np.ones((2, 4)), np.array([0, 1]))
    path = tmp_path / "a.safetensors"
    for names, parts, match in (
        (["a"], {"train": part}, "at least 2 class names"),
        (["a", "A"], {"train": part}, "no two the same"),
        (["a", "b"], {"training": part}, "'training' is none of train, val, test"),
        (["a", "b"], {"train": FeatureSet(np.ones((2, 3)), np.array([0, 1]))}, r"must be \(N, 4\)"),
        (["a", "b"], {"test": FeatureSet(np.full((1, 4), np.nan), np.array([0]))}, "finite"),
        (["a", "b"], {"test": FeatureSet(np.ones((1, 4)), np.array([2]))}, "not a place in the class names"),
    ):
        with pytest.raises(ValueError, match=match):
            write_feature_file(path, names, texts, parts)
    with pytest.raises(ValueError, match="text features"):
        write_feature_file(path, ["a", "b"], np.eye(3, 4), {"train": part})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("number", "match"), [("3", "newer version"), ("1.5", "not a whole number")])
def test_a_newer_format_is_refused(number: str, match: str, tmp_path: Path):
    part = FeatureSet(np.ones((2, 4)), np.array([0, 1]))
    path = write_feature_file(tmp_path / "a.safetensors", ["a", "b"], np.eye(2, 4), {"train": part, "test": part})
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    save_file(load_file(path), path, {**metadata, "format_version": number})
    with pytest.raises(UserError, match=match):
        read_feature_file(path)


ROWS = RowLayout(4, 6, (1, 5))


def test_whole_rows_are_written_and_read_again(tmp_path: Path):
    part = FeatureSet(np.arange(1, 13).reshape(2, 6), np.array([0, 1]))
    given = (tmp_path / "a.safetensors", ["a", "b"], np.eye(2, 4), {"train": part, "test": part})
    data = read_feature_file(write_feature_file(*given, layout=ROWS))
    found = data.parts["train"].features
    assert data.layout == ROWS
    np.testing.assert_allclose(np.linalg.norm(found[:, :4], axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(found[:, 4:], part.features[:, 4:])
    with pytest.raises(ValueError, match=r"must be \(N, 4\)"):
        write_feature_file(*given)


@pytest.mark.parametrize(
    "columns",
    [
        "nothing",
        "[]",
        '{"shared": [0, 4], "visual": [4, 6]}',
        '{"shared": [0, 3], "visual": [3, 6], "probe": [0, 3]}',
        '{"shared": [0, 4], "visual": [5, 6], "probe": [0, 4]}',
        '{"shared": [0, 4], "visual": [4, 6], "probe": [0, 7]}',
        '{"shared": [0, 4], "visual": [4, 6], "probe": [2, 2]}',
        '{"shared": [0, 4], "visual": [4, 9999999], "probe": [0, 4]}',
        '{"shared": [0, 4], "visual": [4, 6.0], "probe": [0, 4]}',
    ],
)
def test_columns_that_make_no_sense_are_refused(columns: str, tmp_path: Path):
    part = FeatureSet(np.ones((2, 6)), np.array([0, 1]))
    names, texts, parts = ["a", "b"], np.eye(2, 4), {"train": part, "test": part}
    path = write_feature_file(tmp_path / "a.safetensors", names, texts, parts, layout=ROWS)
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    save_file(load_file(path), path, {**metadata, "columns": columns})
    with pytest.raises(UserError, match="its 'columns' do not say what is in which column"):
        read_feature_file(path)


@pytest.mark.skipif(os.name != "posix", reason="permissions of this system")
@pytest.mark.parametrize("umask", [0o022, 0o027])
def test_others_may_read_the_file_as_the_umask_says(tmp_path: Path, umask: int) -> None:
    images = FeatureSet(np.eye(2), np.arange(2))
    former = os.umask(umask)
    try:
        path = write_feature_file(tmp_path / "f.safetensors", ["a", "b"], np.eye(2), {"train": images, "test": images})
    finally:
        os.umask(former)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
