"""The benchmark: data sets of every kind, the division by seed, a run with its tables and plots, resuming, refusals."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from mma_desktop.cli import main as cli
from mma_desktop.core.class_names import DICTIONARY_PROMPT
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.types import Role, harmonic_mean
from mma_desktop.engine.features.feature_file import read_feature_file
from mma_desktop.engine.methods.method_table import METHODS, find_method
from mma_desktop.services.batch.benchmark import results, runner, sources
from mma_desktop.services.batch.benchmark.benchmark_plan import (
    ABLATION,
    MAIN,
    NOISE,
    OTHERS,
    SHARE,
    SHOTS,
    BenchmarkOptions,
    choose_methods,
    plan,
)
from mma_desktop.services.batch.benchmark.results import average
from mma_desktop.services.batch.benchmark.runner import RESULTS, TABLES, run_benchmark
from mma_desktop.services.batch.benchmark.sources import AT_HAND, FeatureSource, ImageSource, draw_split, list_images
from mma_desktop.services.labels.splits import base_count, divide
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training.experiment_table import Figure
from tests.steps import Stopped, meanwhile, run, stop

from .understanding import train_shortly

TOKEN = CancelToken()
QUICK = ("zero-shot", "clip-adapter", "quick")


@pytest.fixture(scope="module")
def feature_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six classes around random directions, 8 train, 4 val and 10 test images each, of 32 dimensions."""
    rng = np.random.default_rng(0)
    prototypes = rng.normal(size=(6, 32))
    tensors = {"text_features": (prototypes + 0.5 * rng.normal(size=prototypes.shape)).astype(np.float16)}
    for part, each in (("train", 8), ("val", 4), ("test", 10)):
        labels = np.repeat(np.arange(6), each)
        noise = 1.5 * rng.normal(size=(len(labels), 32))
        tensors[f"{part}_features"] = (prototypes[labels] + noise).astype(np.float16)
        tensors[f"{part}_labels"] = labels.astype(np.int32)
    path = tmp_path_factory.mktemp("features") / "six.safetensors"
    save_file(tensors, path, {"class_names": json.dumps([f"class {at}" for at in range(6)])})
    return path


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, sample_pictures: Path) -> Path:
    """Four classes of the drawn pictures, 9 of each."""
    root = tmp_path_factory.mktemp("pictures") / "drawn"
    for folder in sorted(sample_pictures.iterdir())[:4]:
        (root / folder.name).mkdir(parents=True)
        for picture in sorted(folder.iterdir())[:9]:
            (root / folder.name / picture.name).symlink_to(picture)
    return root


@pytest.fixture
def unplotted(monkeypatch: pytest.MonkeyPatch) -> None:
    """No plots are drawn, which takes a second."""
    monkeypatch.setattr(runner, "draw_plots", lambda *_: ())


def picture(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (20, 24, 3), np.uint8)).save(path)


def listed(data: Path) -> ImageSource:
    with scratch_project() as context:
        return list_images(data, context, TOKEN)


# -------------------------------------------------------------------------------------- the division


def test_an_undivided_data_set_is_divided_as_a_project_is() -> None:
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 5, 200)
    keys = np.array([rng.bytes(31) + b"x" for _ in labels], "S32")
    for seed in (0, 7):
        found = draw_split(labels, np.full(200, ""), keys, 3, 8, seed)
        roles = {at: Role.BASE if at < 3 else Role.NEW for at in range(5)}
        expected = divide(labels, np.full(200, -1, np.int8), keys, roles, 8, seed)
        assert [part.tolist() for part in found.parts] == [part.tolist() for part in expected.parts]


def test_a_divided_data_set_keeps_its_division() -> None:
    labels = np.repeat([0, 1, 2], 30)
    parts = np.tile(np.repeat(["train", "val", "test"], 10), 3)
    keys = np.array([b"%d" % at for at in range(90)])
    found, other = (draw_split(labels, parts, keys, 2, 4, seed) for seed in (0, 1))
    assert set(parts[found.shots]) == {"train"}
    assert np.bincount(labels[found.shots], minlength=3).tolist() == [4, 4, 0]
    assert set(parts[found.validation]) == {"val"}
    assert np.bincount(labels[found.validation], minlength=3).tolist() == [4, 4, 0]
    assert found.test.tolist() == np.flatnonzero(parts == "test").tolist()
    assert found.shots.tolist() != other.shots.tolist()
    assert found.test.tolist() == other.test.tolist()


def test_half_of_the_classes_is_rounded_up() -> None:
    assert [base_count(classes, 0.5) for classes in (3, 4, 7, 101)] == [2, 2, 4, 51]
    assert base_count(30, 0.1) == 3
    assert base_count(10, 0.05) == 1


# -------------------------------------------------------------------------------------- feature files


def test_a_feature_file_is_read_as_unit_vectors(feature_file: Path) -> None:
    found = read_feature_file(feature_file)
    assert len(found.class_names) == 6
    assert {part: len(images) for part, images in found.parts.items()} == {"train": 48, "val": 24, "test": 60}
    assert found.logit_scale == 100
    for features in (found.text_features, found.parts["test"].features):
        np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, atol=1e-5)


GOOD = {
    "text_features": np.eye(3, 4, dtype=np.float32),
    "train_features": np.eye(3, 4, dtype=np.float32),
    "train_labels": np.arange(3),
    "test_features": np.eye(3, 4, dtype=np.float32),
    "test_labels": np.arange(3),
}
NAMES = {"class_names": '["a", "b", "c"]'}


@pytest.mark.parametrize(
    ("change", "metadata", "sentence"),
    [
        ({}, {}, "class_names"),
        ({}, {"class_names": '["a", "b"]'}, "do not belong together"),
        ({}, {"class_names": '["a", "b", "A"]'}, "no two the same"),
        ({}, {"class_names": "[" * 100_000}, "class_names"),
        ({}, {**NAMES, "logit_scale": "-1"}, "logit_scale"),
        ({"text_features": None}, NAMES, "text_features"),
        ({"test_features": None}, NAMES, "test_features"),
        ({"train_labels": np.arange(2)}, NAMES, "train_labels"),
        ({"train_labels": np.arange(3) + 1}, NAMES, "not a place"),
        ({"train_labels": np.arange(3.0)}, NAMES, "train_labels"),
        ({"test_features": np.eye(3, dtype=np.float32)}, NAMES, "columns"),
        ({"train_features": np.full((3, 4), np.nan, np.float32)}, NAMES, "not a number"),
        ({"train_features": np.zeros((0, 4), np.float32), "train_labels": np.arange(0)}, NAMES, "train_features"),
    ],
)
def test_a_feature_file_out_of_line(tmp_path: Path, change: dict, metadata: dict[str, str], sentence: str) -> None:
    tensors = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    save_file(tensors, tmp_path / "a.safetensors", metadata)
    with pytest.raises(UserError, match=sentence):
        read_feature_file(tmp_path / "a.safetensors")


def test_a_feature_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"nothing of the kind")
    with pytest.raises(UserError, match=r"not a \.safetensors"):
        read_feature_file(tmp_path / "a.safetensors")
    with pytest.raises(UserError, match="cannot be read"):
        read_feature_file(tmp_path / "b.safetensors")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_feature_file_whose_name_is_no_unicode(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.safetensors")
    save_file(GOOD, tmp_path / "a.safetensors", NAMES)
    read_feature_file(tmp_path / "a.safetensors")
    with pytest.raises(UserError, match="not valid Unicode"):
        read_feature_file((tmp_path / "a.safetensors").rename(path))


# -------------------------------------------------------------------------------------- pictures


def test_class_folders_divided_or_not(tmp_path: Path) -> None:
    for at, name in enumerate(("ant", "bee", "cat")):
        for number in range(3):
            picture(tmp_path / "plain" / name / f"{number}.png", 10 * at + number)
            for part in ("train", "validation", "test"):
                picture(
                    tmp_path / "oxford_pets" / part / name / f"{number}.png", 1000 + 100 * at + 10 * len(part) + number
                )
    plain = listed(tmp_path / "plain")
    assert plain.class_names == ("ant", "bee", "cat")
    assert plain.labels.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert set(plain.parts) == {""}
    assert plain.data_set is None
    divided = listed(tmp_path / "oxford_pets")
    assert divided.data_set == "OxfordPets"
    assert {part: int((divided.parts == part).sum()) for part in ("train", "val", "test")} == dict.fromkeys(
        ("train", "val", "test"), 9
    )


def test_a_split_of_coop(tmp_path: Path) -> None:
    rows: dict[str, list] = {"train": [], "val": [], "test": []}
    for label, name in enumerate(("tench", "great_white shark")):
        for part, given in rows.items():
            for number in range(2):
                file = f"{label}{part}{number}.png"
                picture(tmp_path / "pets" / "images" / file, 100 * label + 10 * len(part) + number)
                given.append([file, label, name])
    rows["train"].append(["gone.png", 0, "tench"])
    path = tmp_path / "pets" / "split_zhou_Caltech101.json"
    path.write_text(json.dumps(rows))
    found = listed(path)
    assert found.class_names == ("tench", "great white shark")
    assert found.data_set == "Caltech101"
    assert found.notes == ("Caltech101: pictures left out as unreadable: 1.",)
    moved = path.rename(tmp_path / "split_zhou_Other.json")
    named = listed(Path(f"{moved}={tmp_path / 'pets' / 'images'}"))
    assert sorted(named.keys.tolist()) == sorted(found.keys.tolist())
    assert named.data_set is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", "no format that was recognised"),
        ('{"train": [["a.png", 0]]}', "not a CoOp split"),
        ("[" * 100_000, "no format that was recognised"),
        ('{"train": [["a.png", 0, "a"], ["b.png", 2, "b"]]}', "0, 1, 2"),
        ('{"train": [["a.png", 0, "a"], ["b.png", 1, "b"]]}', "there is no file 'a.png'"),
    ],
)
def test_a_split_out_of_line(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "split_zhou_X.json"
    path.write_text(content)
    with pytest.raises(UserError, match=sentence):
        listed(path)


def test_a_split_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    picture(tmp_path / "in" / "a.png", 1)
    picture(tmp_path / "secret.png", 2)
    path = tmp_path / "in" / "split_zhou_X.json"
    path.write_text(json.dumps({"train": [["a.png", 0, "a"], ["../secret.png", 1, "b"]]}))
    with pytest.raises(UserError, match=r"two classes.*secret\.png"):
        listed(path)


def test_what_is_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not there"):
        listed(tmp_path / "nothing")
    picture(tmp_path / "one" / "a" / "a.png", 1)
    with pytest.raises(UserError, match="at least two classes"):
        listed(tmp_path / "one")


# -------------------------------------------------------------------------------------- published numbers, means


def test_the_papers_average_is_the_average_of_its_rows() -> None:
    for method, row in results.PUBLISHED.items():
        assert find_method(method).id == method
        for at in (0, 1):
            mean = np.mean([pair[at] for name, pair in row.items() if name != results.AVERAGE])
            # CLIP-Adapter's and ProDA's printed averages differ from their columns by up to 0.6.
            assert mean == pytest.approx(row[results.AVERAGE][at], abs=0.7), method


def test_names_of_the_papers_data_sets() -> None:
    assert sources.data_set_of("split_zhou_OxfordFlowers") == "Flowers102"
    assert sources.data_set_of("caltech-101") == "Caltech101"
    assert sources.data_set_of("caltech-20") is None
    assert set(sources.PROMPTS) == set(results.PUBLISHED["coop"]) - {results.AVERAGE}


def test_the_average_row_has_the_true_harmonic_mean() -> None:
    rows = {
        "a": {"base": Figure(90, 0, 1), "new": Figure(50, 0, 1), "h": Figure(64.3, 0, 1), "all": Figure(70, 0, 1)},
        "b": {"base": Figure(70, 0, 1), "new": Figure(90, 0, 1), "h": Figure(78.8, 0, 1), "all": Figure(80, 0, 1)},
    }
    found = average(rows, ["a", "b"])
    assert found is not None
    assert found["h"] is not None
    assert found["h"].mean == pytest.approx(harmonic_mean(80, 70))
    assert average(rows, ["a", "b", "c"]) is None


def test_methods_are_chosen_by_name() -> None:
    assert set(choose_methods("all")) == {spec.id for spec in METHODS}
    assert choose_methods("multi-modal-adapter, zero-shot") == ("zero-shot", "multi-modal-adapter")
    with pytest.raises(UserError, match="Did you mean clip-adapter"):
        choose_methods("clip-adaptor")


# -------------------------------------------------------------------------------------- a run


def cell_lines(events: Sequence[object]) -> list[str]:
    return [event.message for event in events if isinstance(event, Progress) and event.message.startswith("[")]


def test_a_run_on_features_and_pictures(
    feature_file: Path, folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_shortly(monkeypatch, 1)
    asked = BenchmarkOptions(QUICK, shots=3, seeds=1, shots_sweep=(1, 2), noise=25, ablations=True)
    events, outcome = run(lambda token: run_benchmark([folders, feature_file], asked, tmp_path, token))
    cells = cell_lines(events)
    assert cells[-1].startswith(f"[{len(cells)}/{len(cells)}]")
    tables = {cell.table for cell in outcome.results}
    assert tables == {MAIN, ABLATION, SHARE, NOISE, SHOTS}
    assert any("the noise table is left out" in note for note in outcome.notes)
    assert {cell.noise for cell in outcome.results if cell.source == "six"} == {0.0}
    assert {path.name for path in outcome.files} == {
        RESULTS, TABLES, "base-against-new.png", "share.png", "shots.png",
    }  # fmt: skip
    for path in outcome.files:
        assert path.stat().st_size > 500
        if path.suffix == ".png":
            with Image.open(path) as image:
                image.verify()
    text = (tmp_path / TABLES).read_text("utf-8")
    assert "| average | base | new | H | all |" in text
    assert "**" in text
    prompts = {cell.prompt for cell in outcome.results if cell.method == "quick"}
    assert prompts >= {DICTIONARY_PROMPT, ""}
    before = (tmp_path / RESULTS).stat().st_mtime_ns
    monkeypatch.setattr(runner, "draw_plots", lambda *_: ())
    again, same = run(lambda token: run_benchmark([folders, feature_file], asked, tmp_path, token))
    assert not cell_lines(again), "nothing is run twice"
    assert same.results == outcome.results
    assert (tmp_path / RESULTS).stat().st_mtime_ns >= before


@pytest.mark.usefixtures("unplotted")
def test_it_resumes_where_it_stopped(feature_file: Path, tmp_path: Path) -> None:
    asked = BenchmarkOptions(QUICK, shots=3, seeds=2)
    token = meanwhile(stop, lambda event: any(line.startswith("[3/") for line in cell_lines([event])))
    with pytest.raises(Stopped):
        run_benchmark([feature_file], asked, tmp_path, token)
    kept = json.loads((tmp_path / RESULTS).read_text("utf-8"))["cells"]
    assert len(kept) == 3
    events, outcome = run(lambda token: run_benchmark([feature_file], asked, tmp_path, token))
    assert [line[:5] for line in cell_lines(events)] == ["[1/3]", "[2/3]", "[3/3]"]
    whole = run_benchmark([feature_file], asked, tmp_path / "other", TOKEN)
    numbers = [(result.base, result.new, result.all) for result in outcome.results.values()]
    assert numbers == [(result.base, result.new, result.all) for result in whole.results.values()]
    one, other = (result for cell, result in whole.results.items() if cell.method == "clip-adapter")
    assert one != other, "of another seed"


def test_a_stop_is_heard_within_a_training(feature_file: Path, tmp_path: Path) -> None:
    token = meanwhile(CancelToken.cancel, lambda event: isinstance(event, EpochEvent))
    with pytest.raises(Cancelled):
        run_benchmark([feature_file], BenchmarkOptions(("quick",), shots=3), tmp_path, token)


@pytest.mark.usefixtures("unplotted")
def test_feature_files_skip_what_needs_more_and_say_so(feature_file: Path, tmp_path: Path) -> None:
    events, outcome = run(
        lambda token: run_benchmark(
            [feature_file], BenchmarkOptions(("coop", "prolip", "zero-shot"), 3, 1), tmp_path, token
        )
    )
    assert {cell.method for cell in outcome.results} == {"zero-shot"}
    assert any("CoOp is left out" in note and "text encoder" in note for note in outcome.notes)
    assert any("ProLIP is left out" in note for note in outcome.notes)
    assert set(outcome.notes) <= {event.message for event in events if isinstance(event, Progress)}
    with pytest.raises(UserError, match="CoOp is left out"):
        run_benchmark([feature_file], BenchmarkOptions(("coop",)), tmp_path, TOKEN)


@pytest.mark.usefixtures("unplotted")
def test_fewer_shots_than_asked_for_are_said(feature_file: Path, tmp_path: Path) -> None:
    outcome = run_benchmark([feature_file], BenchmarkOptions(("zero-shot",), shots=16, seeds=1), tmp_path, TOKEN)
    assert any("a class has only 8" in note for note in outcome.notes)


def test_results_of_something_else_are_not_overwritten(feature_file: Path, tmp_path: Path) -> None:
    (tmp_path / RESULTS).write_text('{"mine": 1}')
    with pytest.raises(UserError, match="Give another folder"):
        run_benchmark([feature_file], BenchmarkOptions(("zero-shot",)), tmp_path, TOKEN)
    assert (tmp_path / RESULTS).read_text() == '{"mine": 1}'


@pytest.mark.parametrize("name", [TABLES, "base-against-new.png", "share.png", "shots.png"])
def test_a_file_of_something_else_is_not_overwritten(name: str, feature_file: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(UserError, match=f"{name} exists, but no results"):
        run_benchmark([feature_file], BenchmarkOptions(("zero-shot",)), tmp_path, TOKEN)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "mine")]


@pytest.mark.usefixtures("unplotted")
def test_the_command_says_what_it_does_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(6):
        picture(tmp_path / "new" / ("ant", "bee")[number % 2] / f"{number}.png", 7000 + number)
    how = ["--methods", "zero-shot", "--shots", "1", "--seeds", "1"]
    assert cli.main(["benchmark", str(tmp_path / "new"), *how, "--out", str(tmp_path / "out")], lambda: 1) == 0
    said = capsys.readouterr().err.splitlines()
    phases = ("Importing", "Loading", "Looking at pictures", "[1/1]", "Written")
    found = [next(one for one in phases if line.startswith(one)) for line in said]
    assert [one for one, _ in groupby(found)] == list(phases), "a phase that takes seconds says so more than once"


@pytest.mark.usefixtures("unplotted")
def test_the_methods_that_are_named_run_alone(folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train_shortly(monkeypatch, 2)
    asked = BenchmarkOptions(("zero-shot", "quick"), shots=1, seeds=1, noise=25, at_hand=True)
    outcome = run_benchmark([folders], asked, tmp_path, TOKEN)
    assert {cell.table for cell in outcome.results} == {MAIN, NOISE, AT_HAND, OTHERS}
    assert {cell.method for cell in outcome.results} == set(asked.methods)


def test_the_command(feature_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results"
    code = cli.main(
        ["benchmark", str(feature_file), "--methods", "zero-shot,clip-adapter", "--shots", "3", "--seeds", "1",
         "--out", str(out)], lambda: 1,
    )  # fmt: skip
    said = capsys.readouterr()
    assert code == 0
    assert "| six | base | new | H | all |" in said.out
    assert "[2/2] six, CLIP-Adapter, 3 shots, seed 0: base" in said.err
    assert sorted(one.name for one in out.iterdir()) == ["base-against-new.png", RESULTS, TABLES]
    assert cli.main(["benchmark", str(tmp_path / "nothing"), "--out", str(out)], lambda: 1) == 1
    assert "is not there" in capsys.readouterr().err
    with pytest.raises(SystemExit) as usage:
        cli.main(["benchmark", str(feature_file), "--shots-sweep", "1,x"], lambda: 1)
    assert usage.value.code == 2


@pytest.mark.parametrize("data", ["feature_file", "folders"])
def test_pictures_at_hand_are_half_of_the_test_pictures_and_are_measured_on_both_halves(
    data: str, request: pytest.FixtureRequest, tmp_path: Path, unplotted: None
) -> None:
    """Also where they are so few that a training alone would leave shots out."""
    asked = BenchmarkOptions(
        choose_methods("zero-shot,linear-probe,quick"),
        shots=2,
        seeds=1,
        base_fraction=1,
        at_hand=True,
    )
    place = request.getfixturevalue(data)
    outcome = run_benchmark([place], asked, tmp_path / "out", TOKEN)
    rows: dict[str, list[str]] = {}
    for cell, result in outcome.results.items():
        if cell.table in (AT_HAND, OTHERS):
            rows.setdefault(cell.table, []).append(cell.row)
            assert result.all is not None
    assert rows[AT_HAND] == rows[OTHERS]
    assert list(dict.fromkeys(rows[OTHERS])) == [
        "From names alone, with pictures at hand",
        "Zero-shot",
        "Linear probe, 2 shots",
        "Linear probe, 2 shots, with pictures at hand",
        "Quick, 2 shots",
        "Quick, 2 shots, with pictures at hand",
    ]
    for words in ("## On the pictures at hand", "## On others", "| From names alone, with pictures at hand |"):
        assert words in outcome.text
    again, same = run(lambda token: run_benchmark([place], asked, tmp_path / "out", token))
    assert not cell_lines(again), "nothing is run twice"
    assert same.results == outcome.results


def test_too_few_pictures_for_half_of_them_at_hand_are_told(tmp_path: Path) -> None:
    for at in range(6):
        picture(tmp_path / "few" / "ab"[at % 2] / f"{at}.png", at)
    asked = BenchmarkOptions(choose_methods("zero-shot"), shots=2, seeds=1, base_fraction=1, at_hand=True)
    with pytest.raises(UserError, match="too few pictures are left for testing"):
        run_benchmark([tmp_path / "few"], asked, tmp_path / "out", TOKEN)


def test_no_picture_is_at_hand_and_among_the_others(feature_file: Path) -> None:
    source = FeatureSource(feature_file, read_feature_file(feature_file))
    asked = BenchmarkOptions(choose_methods("quick"), shots=2, seeds=1, base_fraction=0.5, at_hand=True)
    whole, *cells = (cell for cell in plan(source, asked) if cell.table in (MAIN, AT_HAND, OTHERS))
    test = source.data(whole).test
    for cell in cells:
        data = source.data(cell)
        rows = {row.tobytes() for row in data.test.features}
        seen = set() if data.unlabelled is None else {row.tobytes() for row in data.unlabelled}
        assert cell.taught == bool(seen)
        assert len(rows) * 2 == len(test)
        assert (rows == seen if cell.table == AT_HAND else not rows & seen) or not seen
        assert cell.names_alone == (Role.BASE not in data.roles) == (not len(data.shots))
