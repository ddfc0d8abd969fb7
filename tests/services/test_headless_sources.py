"""`train`, `evaluate` and `predict` on a project, and on whatever `import` reads."""

from __future__ import annotations

import csv
import json
import pickle
import shutil
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mma_desktop import load_classifier
from mma_desktop.cli import main as cli
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role, TrainRequest, Use
from mma_desktop.engine.backbones import loading
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.export.runtimes import FORMATS
from mma_desktop.engine.methods.open_set import STRICT_WEIGHT
from mma_desktop.media.scan import class_folders
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.images import importing
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.predicting.none_of_these import SETTING, Strictness
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import snapshot

from .conftest import noisy_folders
from .format_steps import write

CLASSES = {"red": 8, "green": 8, "blue": 8, "black": 3}
QUICK = ("--shots", "3")


def command(*arguments: object) -> int:
    return cli.main([str(one) for one in arguments], lambda: 0)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 1) -> str:
    assert command(*arguments) == code
    return capsys.readouterr().err


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that tests only read."""
    return noisy_folders(tmp_path_factory.mktemp("headless"), "pictures", CLASSES)


@pytest.fixture(scope="module")
def made(folder: Path) -> Path:
    """See `project`."""
    place = folder.parent / "colours.mma"
    context = create_project(place, threads=1)
    importing.import_paths(context, [folder], CancelToken(), class_folders([folder]))
    by_name = {one.name: one for one in context.classes}
    context.project.set_role([by_name["black"].id], Role.NEW)
    context.project.set_reads({by_name["red"].id: "something red"})
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    reds = [one.id for one in rows if one.class_id == by_name["red"].id]
    context.project.set_use(reds[:2], Use.TEST)
    context.project.set_use(reds[2:3], Use.VALIDATION)
    blues = [one.id for one in rows if one.class_id == by_name["blue"].id]
    context.project.assign(blues[:2], None)
    context.close()
    return place


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A closed project: four classes, one of them new, one with a text of its own, uses, and unlabelled pictures."""
    return Path(shutil.copytree(made, tmp_path / made.name))


def opened(place: Path) -> Any:
    return open_project(place, threads=1)


def hashes(place: Path, use: Use) -> set[str]:
    """Content hashes (16 hexadecimal digits) of the pictures with this use."""
    context = opened(place)
    columns = context.index.columns
    found = columns.hashes[columns.uses == list(Use).index(use)]
    context.close()
    return {one.ljust(32, b"\0")[:8].hex() for one in found.tolist()}


# -------------------------------------------------------------------------------------- train on a project


def test_a_project_is_trained_as_in_the_window(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, report = tmp_path / "a.safetensors", tmp_path / "m.json"
    assert command("train", project, *QUICK, "--out", out, "--json", report) == 0
    header = read_header(out)
    assert dict(header.classes) == {
        "black": Role.NEW, "blue": Role.BASE, "green": Role.BASE, "red": Role.BASE,
    }  # fmt: skip
    assert header.reads == {"red": "something red"}
    assert header.project == "colours"
    assert not hashes(project, Use.TEST) & set(header.seen_images)
    assert hashes(project, Use.VALIDATION) <= set(header.seen_images)
    numbers = json.loads(report.read_text())
    assert numbers["classes"]["new"] == ["black"]
    assert numbers["counts"]["labelled"] == sum(CLASSES.values()) - 2
    said = capsys.readouterr()
    assert "Trained on 3 of 4 classes: " in said.out
    assert f"The adapter is in {out}." in said.out
    context = opened(project)
    (kept,) = context.project.runs()
    assert context.current_run == kept.id
    assert f"The training is kept in {project} as '{kept.name}'." in said.out
    assert numbers["run"] == kept.name
    assert context.project.checkpoint_path(kept).read_bytes() == out.read_bytes()
    used = snapshot.uses_of(context, TrainRequest(shots=3))  # what the window's training divides
    rows = context.project.image_rows([one for one, use in used.items() if use is not Use.TEST])
    trained = {one.id for one in context.classes if one.role is Role.BASE}
    assert {one.content_hash[:8].hex() for one in rows if one.class_id in trained} == set(header.seen_images)
    context.close()


def test_without_out_the_run_is_in_the_project_alone(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("train", project.with_suffix(""), *QUICK) == 0  # a project is named with or without its ending
    assert not (tmp_path / "adapter.safetensors").exists()
    assert command("train", project, *QUICK, "--seed", 1) == 0
    context = opened(project)
    assert len(context.project.runs()) == 2
    context.close()


@pytest.mark.parametrize(
    "option",
    [
        ("--base", "red,green"),
        ("--base-fraction", "1"),
        ("--names", "names.csv"),
        ("--prompt", "a {}."),
        ("--format", "csv"),
        ("--base-folder", "."),
        ("--column", "label=x"),
    ],
    ids=lambda one: one[0],
)
def test_what_the_project_says_itself_is_refused(
    option: tuple[str, str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "train", project, *option, code=2)
    assert f"{option[0]} is not for a project" in said
    assert "Loading" not in said


def test_a_project_that_cannot_be_trained(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = opened(project)
    context.project.add_classes(["violet"], Role.BASE)
    context.close()
    assert "'violet': no labelled image." in refused(capsys, "train", project)
    assert "is not there" in refused(capsys, "train", tmp_path / "gone.mma")
    (tmp_path / "a-file").write_text("")
    assert "cannot be written" in refused(capsys, "train", project, *QUICK, "--out", tmp_path / "a-file" / "inside")
    context = opened(project)
    assert not context.project.runs()
    for name in ("train", "evaluate", "predict"):
        assert "open" in refused(capsys, name, project)  # elsewhere
    context.close()


# -------------------------------------------------------------------------------------- predict with a project


def test_a_project_predicts_its_unlabelled_pictures(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "p.csv"
    assert command("predict", project, "--out", out) == 0  # nothing was trained: the learning model
    rows = table(out)
    assert len(rows) == 2
    assert {Path(row["file_name"]).parent.name for row in rows} == {"blue"}
    assert {row["prediction"] for row in rows} == {"blue"}
    assert command("predict", project, "--all", "--out", out, "--overwrite") == 0
    assert len(table(out)) == sum(CLASSES.values())
    context = opened(project)
    assert not context.project.runs()  # nothing was kept
    context.close()
    capsys.readouterr()


def test_the_kept_run_predicts_and_any_names_do(project: Path, folder: Path, tmp_path: Path) -> None:
    adapter, out = tmp_path / "a.safetensors", tmp_path / "p.csv"
    assert command("train", project, *QUICK, "--out", adapter) == 0
    parts = []
    for given in ((project,), (adapter, project), (project, project), (adapter, folder / "blue")):
        assert command("predict", *given, "--out", out, "--overwrite") == 0
        parts.append({row["file_name"]: row for row in table(out)})
    assert parts[0] == parts[1] == parts[2]
    assert len(parts[0]) == 2
    assert all(parts[3][name] == row for name, row in parts[0].items())
    assert command("predict", project, folder / "red", "--out", out, "--overwrite") == 0
    assert len(table(out)) == CLASSES["red"]
    others = ("--classes", "sky,grass", "--none-share", "0")
    assert command("predict", project, *others, "--out", out, "--overwrite") == 0
    assert {row["prediction"] for row in table(out)} <= {"sky", "grass"}


def test_a_project_predicts_as_strictly_as_its_window(project: Path, tmp_path: Path) -> None:
    noise, draw = tmp_path / "noise", np.random.default_rng(0)
    noise.mkdir()
    for at in range(12):
        colours = draw.integers(0, 255, (1 + at % 4, 1 + at // 4, 3), np.uint8)
        Image.fromarray(colours).resize((64, 64)).save(noise / f"{at}.png")
    model, files = load_classifier(project, "cpu"), sorted(noise.iterdir())
    open_set, asked = model.header.open_set, model.rank(files)
    files = [file for file, one in zip(files, asked, strict=True) if not one.by_text]
    scores = np.array([one.score for one in asked if not one.by_text])
    assert open_set is not None
    found = []
    for strictness, weight in ((Strictness.STRICT, STRICT_WEIGHT), (Strictness.BALANCED, 1.0), (Strictness.OFF, 0.0)):
        context = opened(project)
        context.project.set_setting(SETTING, strictness.value)
        context.close()
        assert command("predict", project, noise, "--out", tmp_path / "p.csv", "--overwrite") == 0
        said = {Path(row["file_name"]).name: row["prediction"] == "None of these" for row in table(tmp_path / "p.csv")}
        below = scores < open_set.thresholds(open_set.share, weight).score if weight else np.zeros(len(files), bool)
        assert [said[one.name] for one in files] == below.tolist()
        found.append(int(below.sum()))
    assert found[0] > found[2] == 0


def test_names_typed_since_the_training_are_among_the_answers(project: Path, folder: Path, tmp_path: Path) -> None:
    assert command("train", project, *QUICK) == 0
    context = opened(project)
    context.project.add_classes(["a plain blue picture", "Gras"], Role.NEW)
    black, grass = (next(one.id for one in context.classes if one.name == name) for name in ("black", "Gras"))
    context.project.set_reads({black: "a dark night", grass: "green grass"})
    context.close()
    out = tmp_path / "shown"
    assert command("predict", project, "--out", tmp_path / "p.csv") == 0
    assert command("predict", project, "--sort-into", out) == 0
    assert any(out.iterdir())
    classifier = load_classifier(project, "cpu")
    classifier.save(tmp_path / "saved.safetensors")
    saved = load_classifier(tmp_path / "saved.safetensors", "cpu")
    assert set(saved.classes) == set(classifier.classes) >= {"a plain blue picture", "red", "black"}
    assert saved.base_classes == classifier.base_classes
    files = sorted(folder.rglob("*.jpg"))
    np.testing.assert_allclose(saved.predict_proba(files), classifier.predict_proba(files), atol=1e-6)


def test_what_cannot_be_predicted(
    project: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.mma"
    create_project(empty, threads=1).close()
    assert "There is no model yet." in refused(capsys, "predict", empty)
    context = opened(project)
    columns = context.index.columns
    some = next(one.id for one in context.classes)
    context.project.assign(columns.ids[~columns.labelled].tolist(), some)
    context.close()
    said = refused(capsys, "predict", project)
    assert f"Every picture in {project} has a label. Add --all" in said
    assert command("train", project, *QUICK, "--out", tmp_path / "a.safetensors") == 0
    capsys.readouterr()
    for given in ((project, folder), (tmp_path / "a.safetensors", project)):
        said = refused(capsys, "predict", *given, "--shard-size", "2", "--out", tmp_path / "shards")
        assert "Shards take an adapter file" in said
    assert "--all is for a project" in refused(capsys, "predict", tmp_path / "a.safetensors", folder, "--all", code=2)
    assert "PATH" in refused(capsys, "predict", tmp_path / "a.safetensors", code=2)


# -------------------------------------------------------------------------------------- evaluate with a project


def test_an_adapter_is_measured_on_a_project(
    project: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter, report = tmp_path / "a.safetensors", tmp_path / "e.json"
    assert command("train", project, *QUICK, "--out", adapter, "--json", report) == 0
    trained = json.loads(report.read_text())
    found = []
    for given in ((project,), (adapter, project)):
        page = tmp_path / f"{len(given)}.html"
        assert command("evaluate", *given, "--json", report, "--overwrite", "--report", page) == 0
        found.append(json.loads(report.read_text()))
        assert "colours" in page.read_text("utf-8")
    for one in found:
        assert one["adapted"]["base"] == trained["adapted"]["base"] == 100
        assert one["counts"]["trained_on"] == trained["counts"]["shots"] + trained["counts"]["validation"]
        assert one["classes"] == trained["classes"]
    assert command("evaluate", project, folder, "--json", report, "--overwrite") == 0
    assert json.loads(report.read_text())["classes"]["new"] == ["black"]
    context = opened(project)
    assert [one.role for one in context.classes].count(Role.NEW) == 1  # as it was
    context.close()
    capsys.readouterr()


def test_the_learning_model_says_how_it_was_measured(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "e.json"
    assert command("evaluate", project, "--json", report) == 0
    assert json.loads(report.read_text())["intervals"]["adapted"]["base"]["n"] == 2  # those marked for testing
    context = opened(project)
    columns = context.index.columns
    kept = columns.uses == list(Use).index(Use.TEST)
    black = next(one.id for one in context.classes if one.name == "black")
    context.project.set_use(columns.ids[kept].tolist(), None)
    context.project.assign(columns.ids[columns.class_ids == black].tolist(), None)
    context.close()
    assert command("evaluate", project, "--json", report, "--overwrite", "--report", tmp_path / "r.html") == 0
    said = capsys.readouterr()
    assert "trained on every labelled picture" in said.err
    assert "colours" in (tmp_path / "r.html").read_text("utf-8")
    numbers = json.loads(report.read_text())
    assert sorted(numbers["classes"]["base"] + numbers["classes"]["new"]) == sorted(CLASSES)
    assert numbers["base_measured_by"] == "leave-one-out"
    assert numbers["intervals"]["adapted"]["base"]["n"] > 0
    assert "zero-shot" in said.out


# -------------------------------------------------------------------------------------- a project's model as a file


def test_the_kept_model_is_exported_without_training_anew(
    project: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, out = tmp_path / "1.safetensors", tmp_path / "2.safetensors", tmp_path / "out.safetensors"
    assert command("train", project, *QUICK, "--out", first) == 0
    assert command("train", project, *QUICK, "--seed", 1, "--out", second) == 0
    context = opened(project)
    oldest = min(context.project.runs(), key=lambda one: one.id)
    name = oldest.name
    model_in_use.prepare(context, CancelToken())
    model_in_use.use_run(context, oldest.id)
    context.close()
    capsys.readouterr()
    assert command("export", "model", project.with_suffix(""), out) == 0
    assert capsys.readouterr().out.startswith(f"The model '{name}' is in {out}.\n\nHow to use it:\n")
    assert out.read_bytes() == first.read_bytes()
    assert "already exists. Choose another name, or use --overwrite." in refused(
        capsys, "export", "model", project, out
    )
    assert "is a folder" in refused(capsys, "export", "model", project, folder)
    for given in (folder, first):
        assert "is not a project" in refused(capsys, "export", "model", given, tmp_path / "x")
    assert command("export", "model", project, out, "--overwrite") == 0
    loaded = load_classifier(project)
    assert loaded.digest == load_classifier(out).digest
    assert loaded.classes == load_classifier(str(first)).classes
    assert loaded.predict(sorted((folder / "red").iterdir())[0]).tolist() == ["red"]
    again = open_project(project, threads=1)  # it was let go
    assert len(again.project.runs()) == 2
    again.close()


def test_the_learning_model_is_exported_and_not_kept(
    project: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.safetensors"
    assert command("export", "model", project, out) == 0
    assert f"The model that learns while you label is in {out}." in capsys.readouterr().out
    header = read_header(out)
    assert sorted(header.class_names) == sorted(CLASSES)
    context = opened(project)
    assert not context.project.runs()
    context.close()
    (one,) = load_classifier(project).rank(sorted((folder / "red").iterdir())[0])
    (other,) = load_classifier(out).rank(sorted((folder / "red").iterdir())[0])
    assert one.ranked == other.ranked


@pytest.mark.parametrize(
    "option",
    [("--images", "copy"), ("--splits", "all"), ("--all",), ("--predictions",)],
    ids=lambda one: one[0],
)
def test_an_adapter_holds_no_pictures(
    option: tuple[str, ...], project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "export", "model", project, tmp_path / "a.safetensors", *option, code=2)
    assert f"{option[0]} does not apply to model." in said


@pytest.mark.parametrize("option", [("--device", "cpu"), ("--weights", "gone.safetensors")], ids=lambda one: one[0])
def test_pictures_and_labels_need_no_backbone(
    option: tuple[str, ...], project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("export", "csv", project, tmp_path / "labels.csv", *option)
    assert f"{option[0]} does not apply to csv without --predictions." in refused(capsys, *given, code=2)
    assert not (tmp_path / "labels.csv").exists()
    if option[0] == "--device":
        assert command(*given, "--predictions") == 0


def test_a_project_without_a_model_says_what_to_do(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.mma"
    create_project(empty, threads=1).close()
    sentence = "There is no model yet. Add pictures, and name two or more classes."
    assert sentence in refused(capsys, "export", "model", empty, tmp_path / "a.safetensors")
    assert not (tmp_path / "a.safetensors").exists()
    with pytest.raises(UserError, match="There is no model yet"):
        load_classifier(empty)
    with pytest.raises(UserError) as told:
        load_classifier(folder)
    assert str(told.value) == f"{folder} is a folder, not a model file or a project. Choose the .safetensors file."
    with pytest.raises(UserError, match="is not there"):
        load_classifier(tmp_path / "gone.mma")
    assert "The adapter comes first, then the pictures." in refused(capsys, "predict", folder, folder)


@pytest.fixture(scope="module")
def changed(made: Path, cache_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """See `renamed`."""
    project = Path(shutil.copytree(made, tmp_path_factory.mktemp("changed") / made.name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        assert command("train", project, *QUICK) == 0
    context = opened(project)
    context.project.add_classes(["violet"], Role.NEW)
    by_name = {one.name: one.id for one in context.classes}
    context.project.set_reads({by_name["violet"]: "a purple flower"})
    context.project.delete_classes([by_name["black"]])
    context.close()
    return project


@pytest.fixture
def renamed(changed: Path, tmp_path: Path) -> Path:
    """The project with a kept run, since when a class was added with a text of its own, and one deleted."""
    return Path(shutil.copytree(changed, tmp_path / changed.name))


def test_python_chooses_among_the_classes_of_a_project_as_the_commands_do(
    renamed: Path, folder: Path, tmp_path: Path
) -> None:
    pictures, names, answers = (
        sorted(folder.rglob("*.jpg"))[:6],
        ["blue", "green", "red", "violet"],
        tmp_path / "p.json",
    )
    classifier = load_classifier(renamed, "cpu")
    assert sorted(classifier.classes) == classifier.classes_.tolist() == names
    assert classifier.base_classes == ["blue", "green", "red"]
    found = classifier.rank(pictures)
    assert command("predict", renamed, *pictures, "--json", answers, "--quiet") == 0
    for ours, theirs in zip(found, json.loads(answers.read_text("utf-8")), strict=True):
        assert [one.class_name for one in ours.ranked] == [one["name"] for one in theirs["classes"]]
        assert [one.confidence for one in ours.ranked] == [one["confidence"] for one in theirs["classes"]]
    probabilities = classifier.predict_proba(pictures)
    assert probabilities.shape == (6, 4)
    best = [max(zip(row, names, strict=True))[1] for row in probabilities.tolist()]
    assert classifier.predict(pictures).tolist() == best == [one.ranked[0].class_name for one in found]
    again = pickle.loads(pickle.dumps(classifier))
    assert np.array_equal(again.predict_proba(pictures), probabilities)


@pytest.mark.usefixtures("untraced")
def test_a_project_is_a_whole_classifier(renamed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "whole.pt2"
    assert command("export", "torch-export", renamed, out) == 0
    assert f"The classifier of 4 classes is in {out} (" in capsys.readouterr().out
    told = json.loads(FORMATS["torch-export"].read(out)[1])
    assert sorted(told["class_names"]) == ["blue", "green", "red", "violet"]
    assert told["reads"] == {"red": "something red", "violet": "a purple flower"}


def test_what_a_project_reads_is_read_in_python_and_by_the_commands(
    renamed: Path, folder: Path, tmp_path: Path
) -> None:
    picture, answers = sorted(folder.rglob("*.jpg"))[0], tmp_path / "p.json"
    classifier = load_classifier(renamed, "cpu")
    words = classifier.text_features({"violet": "a purple flower", "another": "violet"})
    assert np.array_equal(classifier.text_features(["violet"])[0], words[0])
    assert not np.array_equal(*words)
    (listed,) = classifier.rank(picture, ["red", "violet"])
    assert (
        command("predict", renamed, picture, "--classes", "red,violet", "--json", answers, "--overwrite", "--quiet")
        == 0
    )
    (told,) = json.loads(answers.read_text("utf-8"))
    assert [one.confidence for one in listed.ranked] == [one["confidence"] for one in told["classes"]]
    (given,) = classifier.rank(picture, {"red": "", "violet": "a red rose"})
    assert given.ranked != listed.ranked


def test_a_classifier_of_a_project_that_is_fitted_anew_forgets_its_classes(renamed: Path, folder: Path) -> None:
    pictures = [one for name in ("green", "blue") for one in sorted((folder / name).iterdir())]
    classifier = load_classifier(renamed, "cpu").set_params(shots=3, reads=None, base=None)
    classifier.fit(pictures, [one.parent.name for one in pictures])
    assert sorted(classifier.classes) == ["blue", "green"]
    assert {one.class_name for one in classifier.rank(pictures[0])[0].ranked} == {"blue", "green"}


def test_a_download_for_the_learning_model_is_shown(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is loaded to learn from the labels, and again to predict with what was learned."""
    load_backbone, steps = loading.load_backbone, iter([(1, 4), (4, 4)])

    def slowly(*given: Any) -> Backbone:
        given[3](*next(steps))
        return load_backbone(*given)

    monkeypatch.setattr(loading, "load_backbone", slowly)
    shown: list[tuple[int, int]] = []
    reports: list[Any] = []
    token = CancelToken(reports.append)
    load_classifier(project, "cpu", progress=lambda done, total: shown.append((done, total)), cancel=token)
    assert shown == [(1, 4), (4, 4)]
    assert reports, "whoever gave the token hears it too"
    assert token.on_report == reports.append


# -------------------------------------------------------------------------------------- whatever import reads


def listed(project: Path, tmp_path: Path, form: str) -> Path:
    """The project in another tool's format; its pictures stay where they are or come along."""
    target = tmp_path / (f"as {form}.csv" if form == "csv" else f"as {form}")
    context = opened(project)
    write(context, form, target, Images.NONE if form == "csv" else Images.COPY)
    context.close()
    return target


@pytest.mark.parametrize("form", ["csv", "hf", "fiftyone", "labelstudio", "cvat"])
def test_train_and_evaluate_take_what_import_reads(
    form: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, adapter, report = listed(project, tmp_path, form), tmp_path / "a.safetensors", tmp_path / "m.json"
    base = ("--base", "red,green,blue")
    assert command("train", source, *QUICK, *base, "--out", adapter, "--json", report) == 0
    said = capsys.readouterr()
    assert "25 labelled, 4 classes." in said.err
    numbers = json.loads(report.read_text())
    assert numbers["classes"]["new"] == ["black"]
    assert numbers["counts"]["labelled"] == 25
    if form != "cvat":  # its lists have no uses but the folders'
        assert not hashes(project, Use.TEST) & set(read_header(adapter).seen_images)
    assert command("evaluate", adapter, source, "--json", report, "--overwrite") == 0
    measured = json.loads(report.read_text())
    assert measured["adapted"]["base"] == numbers["adapted"]["base"] == 100
    assert numbers["base_measured_by"] == "leave-one-out", "few are kept for testing"


def test_columns_format_and_folder_are_those_of_import(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "list.csv"
    lines = [f"{one.parent.name}/{one.name}\t{one.parent.name}" for one in sorted(folder.rglob("*.jpg"))]
    source.write_text("Bild\tArt\n" + "\n".join([*lines, "gone.jpg\tred"]) + "\n")
    given = ["--column", "file=Bild", "--column", "label=Art", "--format", "csv", "--base-folder", folder]
    adapter, report = tmp_path / "a.safetensors", tmp_path / "m.json"
    assert command("train", source, *given, *QUICK, "--out", adapter, "--json", report) == 0
    said = capsys.readouterr()
    assert "Columns: file is 'Bild', label is 'Art'." in said.err
    assert "there is no file 'gone.jpg'" in said.err
    (problem,) = json.loads(report.read_text())["problems"]
    assert problem["path"] == f"{source}, line 29"
    assert command("evaluate", adapter, source, *given) == 0
    assert command("import", tmp_path / "made", source, *given) == 0  # --base-folder is another name of its --base
    capsys.readouterr()
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "None of the pictures listed" in refused(capsys, "train", source, "--base-folder", empty)


def test_splits_are_uses_and_never_classes(folder: Path, tmp_path: Path) -> None:
    for number, picture in enumerate(sorted(folder.rglob("*.jpg"))):
        place = tmp_path / "split" / ("test" if number % 4 == 0 else "train") / picture.parent.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, place)
    adapter = tmp_path / "a.safetensors"
    assert command("train", tmp_path / "split", "--shots", "2", "--base-fraction", "1", "--out", adapter) == 0
    header = read_header(adapter)
    assert sorted(header.class_names) == sorted(CLASSES)
    assert command("evaluate", adapter, tmp_path / "split") == 0


def test_a_damaged_picture_in_a_shard_is_a_problem_and_no_second_label(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shard, report = tmp_path / "shard.tar", tmp_path / "report.json"
    with tarfile.open(shard, "w") as made:
        for number, picture in enumerate(sorted(folder.rglob("*.jpg"), reverse=True)):
            data = picture.read_bytes() if number else b"no picture"
            for name, content in ((f"{number}.jpg", data), (f"{number}.cls", picture.parent.name.encode())):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                made.addfile(member, BytesIO(content))
    adapter = tmp_path / "a.safetensors"
    assert command("train", shard, *QUICK, "--base-fraction", "1", "--out", adapter, "--json", report) == 0
    assert "1 file could not be used:" in capsys.readouterr().err
    found = json.loads(report.read_text())
    (problem,) = found["problems"]
    assert problem["path"].endswith("0.jpg")
    assert found["counts"]["problems"] == 1
    assert command("import", tmp_path / "new.mma", shard) == 0
    said = capsys.readouterr()
    assert "1 with a problem" in said.out
    assert said.err.count("0.jpg: its content is not that of a picture") == 1


def test_sources_that_do_not_fit(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = sorted((folder / "red").glob("*.jpg"))[:2]
    source = tmp_path / "list.csv"
    source.write_text(f"file,label\n{one},cat\n{one},dog\n{two},dog\n")
    said = refused(capsys, "train", source, "--shots", "1", "--base-fraction", "1")
    assert "Give each picture one label." in said
    source.write_text(f"file\n{one}\n{two}\n")
    assert "No picture in list.csv has a label" in refused(capsys, "train", source)
    source.write_text(f"file,label\n{one},cat\n{two},cat\n")
    assert "at least two" in refused(capsys, "train", source)
    source.write_text(f"file,label\n{one},cat\n{two},dog\n")
    assert "there is no such class" in refused(capsys, "train", source, "--base", "cat,horse", code=2)
    (tmp_path / "text.doc").write_text("x")
    assert "no format that was recognised" in refused(capsys, "train", tmp_path / "text.doc")
