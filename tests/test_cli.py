"""The command line: the main job on drawn pictures, its report, refusals with a sentence and the right exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mma_desktop import Classifier, __main__, load_classifier
from mma_desktop.cli import main as cli
from mma_desktop.cli.main import COMMANDS, build_parser
from mma_desktop.cli.parser import commands_of
from mma_desktop.cli.progress import Reporter
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import EpochEvent
from mma_desktop.core.types import ALL_SHOTS, Accuracy, Scores, TrainRequest
from mma_desktop.services.batch.labelled_images import in_class_folders
from tests.programs import UNCOMPILED, environment, main_code, python

pytestmark = pytest.mark.usefixtures("warm_starter")
REPORT = {"zero_shot", "adapted", "classes", "counts", "epochs", "parameters", "seconds", "backbone", "method", "seed"}
HALF = ("--shots", "6", "--base-fraction", "0.5")


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> tuple[Path, dict[str, object]]:
    """An adapter trained by the command line, in a process of its own, and its report."""
    out = tmp_path_factory.mktemp("cli")
    arguments = ["train", str(sample_pictures), "--out", str(out / "a.safetensors"), "--json", str(out / "m.json")]
    done = command(cache_home, *arguments, *HALF)
    assert done.returncode == 0, done.stderr
    assert "zero-shot: before training" in done.stdout
    assert "Trained on 6 of 12 classes: " in done.stdout
    assert "The others were used to measure new accuracy; for a classifier of all classes leave out" in done.stdout
    assert re.search(r"^epoch \d+/20  loss \S+  val \S+  base \S+  new \S+  H \S+$", done.stderr, re.M)
    assert re.search(r"^trained for 20 epochs, \S+ s$", done.stderr, re.M)
    assert "\r" not in done.stderr  # no terminal, so few plain lines
    assert "[#" not in done.stderr
    assert "\nImporting: 288 of 288\n" in f"\n{done.stderr}"
    assert len(re.findall(r"^epoch ", done.stderr, re.M)) < 10
    return out / "a.safetensors", json.loads((out / "m.json").read_text())


def command(cache_home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    return python("-m", "mma_desktop", *arguments, env=environment(XDG_CACHE_HOME=cache_home))


def refused(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 1) -> str:
    """Run a command that is refused; returns what it said."""
    assert __main__.main([str(one) for one in arguments]) == code
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def misused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that is used wrongly; returns what it said."""
    try:
        code = __main__.main([str(one) for one in arguments])
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_the_report(trained: tuple[Path, dict[str, object]]) -> None:
    _, report = trained
    assert set(report) >= REPORT
    for part in ("zero_shot", "adapted"):
        assert set(report[part]) == {"base", "new", "all", "h"}
        assert all(0 <= value <= 100 for value in report[part].values())
    assert report["adapted"]["base"] > report["zero_shot"]["base"]
    assert len(report["classes"]["base"]) == len(report["classes"]["new"]) == 6
    assert report["counts"]["shots"] == 36
    assert set(report["calibration"]) == {"zero_shot", "adapted"}
    assert report["calibration"]["adapted"]["n"] == report["intervals"]["adapted"]["all"]["n"]
    assert set(report["seconds"]) == {"embed", "train"}
    assert (report["method"], report["backbone"], report["seed"]) == ("quick", "starter", 0)


def four_of(sample_pictures: Path, folder: Path) -> Path:
    """Four of the class folders, by links."""
    for name in ("banana", "cactus", "lemon", "umbrella"):
        (folder / "four").mkdir(exist_ok=True)
        (folder / "four" / name).symlink_to(sample_pictures / name)
    return folder / "four"


WORDS_OF_TWO_KINDS = r"\b(base|Base|new|never trained|harmonic)\b"


@pytest.mark.parametrize("shots", [8, 24], ids=["held-out", "in turn"])
def test_every_class_is_trained_unless_told_otherwise(
    shots: int, sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter, report = tmp_path / "a.safetensors", tmp_path / "page.html"
    pictures = four_of(sample_pictures, tmp_path)
    assert main_code("train", pictures, "--shots", shots, "--out", adapter, "--json", tmp_path / "m.json") == 0
    trained = capsys.readouterr()
    numbers = json.loads((tmp_path / "m.json").read_text())
    assert (len(numbers["classes"]["base"]), numbers["classes"]["new"]) == (4, [])
    assert "Trained on all 4 classes: " in trained.out
    assert re.search(r"^accuracy +[\d.]+ +[\d.]+ ", trained.out, re.M)
    assert len(load_classifier(adapter).base_classes) == 4
    others = tmp_path / "others"
    for name in ("banana", "lemon"):
        (others / name).mkdir(parents=True)
        for path in sorted((sample_pictures / name).iterdir())[:4]:
            with Image.open(path) as picture:
                picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(others / name / path.name)
    assert main_code("evaluate", adapter, others, "--report", report) == 0
    measured = capsys.readouterr()
    page = re.sub(r"<[^>]*>", " ", report.read_text("utf-8").partition("<body")[2])
    epochs = "" if shots == 24 else trained.err  # in turn, both are known after each of them
    for said in (trained.out.partition("\nMethod ")[0], epochs, measured.out, measured.err, page):
        assert re.findall(WORDS_OF_TWO_KINDS, said) == [], said


def test_names_that_were_never_trained_are_said_to_be_so(
    trained: tuple[Path, dict[str, object]], sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = trained
    new = report["classes"]["new"]
    for name in new[:2]:
        shutil.copytree(sample_pictures / name, tmp_path / "others" / name)
    assert main_code("evaluate", trained[0], tmp_path / "others") == 0
    said = capsys.readouterr().out
    assert "None of these classes was trained." in said
    assert re.search(r"^accuracy +[\d.]+ +[\d.]+ ", said, re.M)
    assert "harmonic" not in said


def test_a_seed_is_repeatable_in_another_process(
    trained: tuple[Path, dict[str, object]], sample_pictures: Path, tmp_path: Path
) -> None:
    _, report = trained
    assert main_code("train", sample_pictures, "--out", tmp_path / "b", "--json", tmp_path / "m.json", *HALF) == 0
    again = json.loads((tmp_path / "m.json").read_text())
    for part in ("zero_shot", "adapted", "classes", "counts", "epochs"):
        assert again[part] == report[part]


def test_predictions_in_a_fresh_process_are_those_of_this_one(
    trained: tuple[Path, dict[str, object]], cache_home: Path, sample_pictures: Path, tmp_path: Path
) -> None:
    adapter, _ = trained
    some = tmp_path / "some"
    some.mkdir()
    for path in sorted(sample_pictures.rglob("*.jpg"))[::40]:
        shutil.copy(path, some)
    (some / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    done = command(cache_home, "predict", str(adapter), str(some), "--out", str(tmp_path / "p.csv"))
    assert done.returncode == 0, done.stderr
    with (tmp_path / "p.csv").open(newline="") as handle:
        table = {row["file_name"]: row for row in csv.DictReader(handle)}
    assert table[str(some / "broken.jpg")]["problem"]
    assert "broken.jpg" not in table[str(some / "broken.jpg")]["problem"]
    here = load_classifier(adapter).rank(sorted(some.glob("*.jpg")))
    for one in here:
        row = table[one.source]
        answer = NONE_OF_THESE if one.rejected else one.ranked[0].class_name if one.ranked else ""
        assert row["prediction"] == answer
        if one.ranked:
            assert float(row["confidence"]) == pytest.approx(one.ranked[0].confidence, abs=2e-4)


def test_classifier_takes_paths_pictures_arrays_and_any_names(
    trained: tuple[Path, dict[str, object]], sample_pictures: Path
) -> None:
    classifier = load_classifier(trained[0])
    path = sorted(sample_pictures.rglob("*.jpg"))[0]
    with Image.open(path) as image:
        picture = image.convert("RGB")
    by_path, by_image, by_array = (classifier.rank(one)[0] for one in (str(path), picture, np.asarray(picture)))
    assert by_image.ranked == by_array.ranked
    assert [one.class_name for one in by_path.ranked] == [one.class_name for one in by_image.ranked]
    (typed,) = classifier.rank([path], classes=["zebra", "bicycle", path.parent.name], top_k=2)
    assert len(typed.ranked) == 2
    assert typed.ranked[0].class_name == path.parent.name
    assert sorted(classifier.classes) == sorted(one.name for one in sample_pictures.iterdir())
    with pytest.raises(UserError, match="twice"):
        classifier.rank(path, classes=["cat", "Cat"])
    with pytest.raises(UserError, match="at least one"):
        classifier.rank(path, classes=[])


def test_evaluate_leaves_out_what_it_was_trained_on(
    trained: tuple[Path, dict[str, object]], sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter, report = trained
    code = __main__.main(["evaluate", str(adapter), str(sample_pictures), "--json", str(tmp_path / "e.json")])
    assert code == 0
    found = json.loads((tmp_path / "e.json").read_text())
    counts = report["counts"]
    assert found["counts"]["trained_on"] == counts["shots"] + counts["validation"]
    assert found["adapted"] == report["adapted"]
    assert "left out" in capsys.readouterr().err


def test_predictions_are_in_the_order_of_the_files(
    trained: tuple[Path, dict[str, object]], sample_pictures: Path, tmp_path: Path
) -> None:
    pictures = sorted(sample_pictures.rglob("*.jpg"))[:80]
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    gone = [tmp_path / f"gone {number}.jpg" for number in range(3)]
    asked = [gone[0], *pictures[:40], gone[1], broken, *pictures[40:], gone[2]]
    assert main_code("predict", trained[0], *asked, "--out", tmp_path / "p.csv") == 1  # some cannot be read
    with (tmp_path / "p.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["file_name"] for row in rows] == [str(path) for path in asked]
    assert [row["file_name"] for row in rows if row["problem"]] == [str(one) for one in (*gone[:2], broken, gone[2])]


def test_a_download_for_a_prediction_is_shown(
    trained: tuple[Path, dict[str, object]],
    sample_pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mma_desktop.engine.backbones import loading

    monkeypatch.setattr(loading, "load_backbone", downloading(loading.load_backbone))
    picture = next(sample_pictures.rglob("*.jpg"))
    assert main_code("predict", trained[0], picture, "--out", tmp_path / "p.csv") == 0
    assert "Downloading 40 of 40 MB\n" in capsys.readouterr().err
    pictures = four_of(sample_pictures, tmp_path)
    assert main_code("evaluate", trained[0], pictures) == 0
    assert "Downloading 40 of 40 MB\n" in capsys.readouterr().err
    assert main_code("train", pictures, "--shots", "2", "--max-epochs", "1", "--out", tmp_path / "a") == 0
    assert "Downloading 40 of 40 MB\n" in capsys.readouterr().err


def downloading(load: Callable[..., Any]) -> Callable[..., Any]:
    """A `load_backbone` that downloads 40 MB first."""

    def loaded(
        backbone: str, device: str, weights: Path | None, progress: Callable[[int, int], None], cancel: object
    ) -> Any:
        for done in range(0, 41 << 20, 1 << 20):
            progress(done, 40 << 20)
        return load(backbone, device, weights, progress, cancel)

    return loaded


def test_zero_shot_does_not_claim_a_training(
    sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_code("train", sample_pictures, "--method", "zero-shot", "--out", tmp_path / "a") == 0
    said = capsys.readouterr().out
    assert "Trained on" not in said
    assert "--base-fraction" not in said
    assert "trains nothing; it was measured on 12 classes." in said


def test_backbones(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["backbones"]) == 0
    said = capsys.readouterr().out
    assert "starter" in said
    assert "ViT-B-16/openai" in said
    table = said.split("\n\n")[0].splitlines()
    assert table[0].split() == ["id", "dims", "download", "here", "sees", "licence", "title"]
    start = table[0].index("title")
    assert all(line[start - 2 : start] == "  " and line[start] != " " for line in table)


def test_folders_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is not there" in refused(capsys, "train", tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    assert "in no format that was recognised" in refused(capsys, "train", tmp_path / "file")
    images = tmp_path / "images"
    images.mkdir()
    assert "There is no picture in" in refused(capsys, "train", images, "--new", "a,b")
    for name in ("ant", "bee", "cat"):
        (images / name).mkdir()
    (images / "ant" / "a.png").write_bytes(png(1))
    (images / "bee" / "b.png").write_bytes(png(2))
    said = refused(capsys, "train", images)
    assert "'cat'" in said
    assert "this class folder has no images" in said
    (images / "cat" / "c.png").write_bytes(png(3))
    (images / "Old.MMA").mkdir()  # a project is no class
    assert "there is no such class" in refused(capsys, "train", images, "--base", "ant,elephant", code=2)
    for option, value in (("--base", "ant"), ("--base-fraction", "0.3")):
        said = refused(capsys, "train", images, option, value, code=2)
        assert "There is only one base class, 'ant': a classifier needs at least two base classes." in said
        assert "Importing" not in said
    shutil.copy(images / "ant" / "a.png", images / "bee" / "copy.png")
    said = refused(capsys, "train", images, "--shots", "1")
    assert "copy.png is labelled 'ant' and was not labelled 'bee'." in said
    assert "Give each picture one label." in said


def test_a_class_with_fewer_pictures_than_shots_is_trained_on_what_it_has(
    sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, adapter = tmp_path / "images", tmp_path / "a.safetensors"
    for name, count in (("banana", 10), ("cactus", 10), ("daisy", 3), ("lemon", 1)):
        (images / name).mkdir(parents=True)
        for path in sorted((sample_pictures / name).iterdir())[:count]:
            shutil.copy(path, images / name)
    given = ("train", images, "--out", adapter)
    assert main_code(*given, "--shots", "6", "--json", tmp_path / "m.json") == 0
    said = capsys.readouterr().err
    sentence = "'daisy', 'lemon': fewer than 6 shots ('lemon' has 1). They are trained on all that they have."
    assert said.count(sentence) == 1
    report = json.loads((tmp_path / "m.json").read_text())
    assert (report["counts"]["shots"], report["shots"]) == (6 + 6 + 3 + 1, 6)
    assert report["base_measured_by"] == "leave-one-out"
    files = sorted(images.rglob("*.jpg"))
    classifier = Classifier(shots=6, device="cpu").fit(files, [one.parent.name for one in files])
    assert sentence in classifier.messages
    assert classifier.header.seen_images == load_classifier(adapter).header.seen_images
    more = ("--method", "tip-adapter-f", "--json", tmp_path / "m.json", "--overwrite")
    assert main_code(*given, *more) == 0  # every label
    assert json.loads((tmp_path / "m.json").read_text())["counts"]["shots"] == 24


def test_every_label_is_trained_on_and_one_more_leaves_shots_out_as_before(
    sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures, numbers = four_of(sample_pictures, tmp_path), tmp_path / "m.json"
    given = ("train", pictures, "--out", tmp_path / "a", "--json", numbers, "--overwrite")
    assert main_code(*given) == 0
    assert "too few labelled images" not in capsys.readouterr().err
    every = json.loads(numbers.read_text())
    count = every["counts"]["labelled"]
    most = every["shots"]
    assert every["counts"]["shots"] == every["intervals"]["adapted"]["base"]["n"] == count
    assert main_code(*given, "--shots", most - 1) == 0
    assert "too few labelled images are left for testing" in capsys.readouterr().err
    fewer = json.loads(numbers.read_text())
    assert (fewer["shots"], fewer["base_measured_by"]) == (most - 1, "leave-one-out")
    assert fewer["intervals"]["adapted"]["base"]["n"] == fewer["counts"]["shots"] == 4 * (most - 1)


def test_one_class_folder_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ant").mkdir()
    (tmp_path / "ant" / "a.png").write_bytes(png(1))
    said = refused(capsys, "train", tmp_path)
    assert "were not taken for classes" in said
    assert "Put the pictures of each class into a folder named after it." in said


def test_two_folders_of_one_class_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, name in enumerate(("ant", "Ant", "bee")):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "a.png").write_bytes(png(number))
    assert main_code("train", tmp_path / "in", "--shots", "2", "--out", tmp_path / "a") == 0
    said = capsys.readouterr()
    assert "'ant' is taken as 'Ant'." in said.err
    assert "both classes: 'Ant', 'bee'" in said.out


def test_adapters_that_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = tmp_path / "gone.safetensors"
    for command in ("predict", "evaluate"):
        assert "no model file" in refused(capsys, command, gone, tmp_path)
    (tmp_path / "other.safetensors").write_bytes(b"nonsense" * 100)
    assert "not an adapter file" in refused(capsys, "predict", tmp_path / "other.safetensors", tmp_path)
    said = refused(capsys, "predict", tmp_path, tmp_path / "other.safetensors")
    assert said == f"{tmp_path} is a folder, not an adapter file. The adapter comes first, then the pictures.\n"


@pytest.mark.parametrize("more", [(), ("--shard-size", "2", "--out", "shards")], ids=["table", "folder"])
def test_what_cannot_be_is_refused_before_anything_slow(
    more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for heavy in (
        "mma_desktop.engine.checkpoint",
        "mma_desktop.services.predicting.classifier",
        "mma_desktop.services.batch.headless",
    ):
        monkeypatch.setitem(sys.modules, heavy, None)  # an import of it fails
    monkeypatch.chdir(tmp_path)
    assert "no model file" in refused(capsys, "predict", "gone.safetensors", ".", *more)
    Path("a.safetensors").write_bytes(b"x")
    for names, told in (("", "Name at least one class"), (" , ", "Name at least one class"), ("a,A", "given twice")):
        assert main_code("predict", "a.safetensors", ".", "--classes", names, *more) == 2
        said = capsys.readouterr()
        assert told in said.err
        assert said.out == ""
    if not more:
        assert "no model file" in refused(capsys, "evaluate", "gone.safetensors", ".")


def test_no_readable_picture(
    trained: tuple[Path, dict[str, object]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = tmp_path / "some"
    some.mkdir()
    assert f"There are no pictures in {some}." in refused(capsys, "predict", trained[0], some)
    (some / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    said = refused(capsys, "predict", trained[0], some)
    assert f"No picture could be read in {some} (1 problem, see above)." in said
    assert main_code("predict", trained[0], some / "gone.jpg") == 1
    out = capsys.readouterr().out
    assert out.splitlines()[1].endswith(",there is no such file")


def test_unknown_names_are_refused_before_the_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, name in enumerate(("ant", "bee", "cat", "dog")):
        (tmp_path / name).mkdir()
        for i in range(3):
            (tmp_path / name / f"{i}.png").write_bytes(png(10 * number + i))
    weights = tmp_path / "w.safetensors"
    weights.write_bytes(b"x")
    for option, value, told, end in (
        ("--backbone", "nobody/knows", "nobody/knows", misused),
        ("--method", "nonsense", "nonsense", misused),
        ("--option", "wrong=1", "wrong", misused),
        ("--option", "share=2", "from 0 to 1", misused),
        ("--weights", weights, "has built-in weights", refused),
    ):
        said = end(capsys, "train", tmp_path, "--shots", "1", option, value)
        assert told in said
        assert "Importing" not in said
    said = misused(capsys, "train", tmp_path, "--backbone", "vit-b-16/opnai")
    assert re.search(r"Did you mean [^ ,]+, [^ ,]+ or [^ ,]+\?\n", said)


@pytest.mark.parametrize(
    "arguments",
    [
        ["train"],
        ["train", "x", "--shots", "0"],
        ["train", "x", "--seed", "99999999999999999999"],
        ["sample", "--headless", "x", "--seed", "-1"],
        ["train", "x", "--learning-rate", "0"],
        ["train", "x", "--learning-rate", "nan"],
        ["train", "x", "--learning-rate", "1e39"],
        ["train", "x", "--weight-decay", "-1"],
        ["train", "x", "--weight-decay", "1e300"],
        ["benchmark", "x", "--noise", "1e39"],
        ["train", "x", "--base-fraction", "2"],
        ["train", "x", "--base-fraction", "0"],
        ["train", "x", "--base-fraction", "half"],
        ["predict"],
        ["--nonsense"],
    ],
)
def test_usage_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        __main__.main(arguments)
    assert stop.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["cafe\u0301", os.fsdecode(b"caf\xe9")])
def test_class_folders_need_not_be_composed_unicode(tmp_path: Path, name: str) -> None:
    try:
        for number, folder in enumerate(("bar", name)):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "1.png").write_bytes(png(number))
    except OSError:
        pytest.skip("the file system has no such names")
    assert len(in_class_folders(tmp_path).names) == 2


def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    for option in ("--out", "--json"):
        assert "cannot be written" in refused(capsys, "train", tmp_path, option, tmp_path / "file" / "inside")


def test_a_reader_that_has_enough_is_no_error(trained: tuple[Path, dict[str, object]], sample_pictures: Path) -> None:
    adapter, _ = trained
    pictures = sorted(path for path in sample_pictures.rglob("*") if path.is_file())[:70]
    process = subprocess.Popen(
        [sys.executable, "-c", UNCOMPILED, "predict", str(adapter), *map(str, pictures)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0, said
    assert "Traceback" not in said


ENDS = """
import sys
from mma_desktop.__main__ import main

class TakenApart:
    def __del__(self):
        sys.stdout.write("taken apart")

kept = TakenApart()
code = main()
"""


@pytest.mark.parametrize(
    ("words", "then", "code"),
    [
        ("backbones", "sys.exit(code)", 0),
        ("backups nowhere.mma", "sys.exit(code)", 1),
        ("backbones", "raise RuntimeError", 1),
    ],
)
def test_the_end_of_a_command_takes_nothing_apart_and_keeps_its_code(words: str, then: str, code: int) -> None:
    done = python("-c", ENDS + then, *words.split())
    assert done.returncode == code
    assert "taken apart" not in done.stdout or "raise" in then
    assert ("starter" in done.stdout) == ("backbones" in words)


def test_a_command_seldom_looks_for_garbage_and_not_when_it_ends() -> None:
    script = (
        "import atexit, gc\nfrom mma_desktop.cli import main as cli\n"
        "atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count()))\ncli.prepare_process()\n"
    )
    threshold, frozen = map(int, python("-c", script).stdout.split())
    assert threshold == cli.GC_THRESHOLD
    assert frozen > 10_000


def test_the_window_of_a_command_looks_for_garbage_as_usual() -> None:
    """With the rare looks of a command it would keep the projects that were closed."""
    script = (
        "import gc\nusual = gc.get_threshold()\nfrom mma_desktop.cli import main as cli\ncli.prepare_process()\n"
        "cli.main(['sample'], lambda: print(gc.get_threshold() == usual) or 0)\n"
    )
    assert python("-c", script, env=environment()).stdout.split() == ["True"]


def test_a_missing_project_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "does not exist" in refused(capsys, tmp_path / "gone.mma")


def test_a_word_that_is_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main_code("trian", "../pics") == 2
    assert capsys.readouterr().err == "'trian' is not a command, file or folder. Did you mean train?\n"
    assert misused(capsys, "nonsense") == "'nonsense' is not a command, file or folder.\n"


def test_the_help_has_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        __main__.main(["--help"])
    said = capsys.readouterr().out
    for name, command in COMMANDS.items():
        what, text = command.USAGE, command.ABOUT
        assert f"  {name} {what}".rstrip() + "\n" in said
        assert text in said


def test_a_cache_that_cannot_be_written_is_a_note(sample_pictures: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the cache should be")
    done = command(blocked, "import", str(tmp_path / "one.mma"), str(sample_pictures / "lemon"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Not remembered for the next start: small copies of pictures and other caches.") == 1
    assert f"{blocked / 'mma-desktop'} cannot be written to" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_epoch_fits_a_narrow_terminal() -> None:
    full = Accuracy.of(10, 10)
    event = EpochEvent("fold 2 of 4", 200, 200, 12.345, 1.0, replace(full), full, full, 100.0, Scores(), 1, 0.0)
    stream = io.StringIO()
    reporter = Reporter(stream)
    reporter.show(event)
    reporter.end()
    line = stream.getvalue()
    assert line == "fold 2/4  epoch 200/200  loss 12.345  val 100.0  base 100.0  new 100.0  H 100.0\n"
    assert len(line) <= 80
    reporter.show(replace(event, phase="train", validation=None, new=None, h=None))
    reporter.end()
    assert stream.getvalue().endswith("\nepoch 200/200  loss 12.345  accuracy 100.0\n")


def test_every_command_is_known_to_the_entry_point() -> None:
    assert set(commands_of(build_parser())) == set(COMMANDS)


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_interrupted_is_130_and_leaves_nothing(cache_home: Path, tmp_path: Path, sample_pictures: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "mma_desktop", "train", str(sample_pictures), "--out", str(tmp_path / "a")],
        stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "Importing" in line or "Loading" in line:
            break
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.strip().endswith("Stopped.")
    assert not (tmp_path / "a").exists()
    assert not list(tmp_path.glob("*mma-desktop-*"))


def png(seed: int) -> bytes:
    """A small picture; another one for another seed."""
    buffer = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 24, 3), np.uint8)
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def test_the_sample_without_headless_opens_the_window() -> None:
    opened = []
    assert cli.main(["sample"], lambda: opened.append(True) or 0) == 0
    assert opened == [True]


def test_the_sample_is_trained_on_all_its_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def copied(place: Path, *_: object) -> None:
        for number, name in enumerate(("ant", "bee")):
            (place / name).mkdir(parents=True)
            (place / name / "a.png").write_bytes(png(number))

    def trained(_images: object, _out: Path, request: TrainRequest, *_: object) -> None:
        raise UserError("all shots" if request.shots == ALL_SHOTS else "some shots")

    monkeypatch.setattr("mma_desktop.services.images.sample_project.copy_sample", copied)
    monkeypatch.setattr("mma_desktop.services.batch.headless.train", trained)
    assert refused(capsys, "sample", "--headless", tmp_path / "out").strip().endswith("all shots")


# ------------------------------------------------------------------ predictions in use


@pytest.fixture
def some_pictures(sample_pictures: Path, tmp_path: Path) -> Path:
    """One picture of each class, and one that cannot be read."""
    some = tmp_path / "some pictures"
    some.mkdir()
    for folder in sorted(sample_pictures.iterdir()):
        shutil.copy2(sorted(folder.iterdir())[0], some)
    (some / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    return some


def names_in(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


@pytest.mark.parametrize("way", ["copy", "link"])
def test_predictions_sort_pictures(
    way: str,
    trained: tuple[Path, dict[str, object]],
    some_pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before, out = names_in(some_pictures), tmp_path / "sorted pictures"
    answers = {Path(one.source).name: one for one in load_classifier(trained[0]).rank(some_pictures.glob("*.jpg"))}
    asked = ["--sort-into", out, "--sort-by", way, "--min-confidence", "0.6", "--out", tmp_path / "p.csv"]
    assert main_code("predict", trained[0], some_pictures, *asked) == 0
    told = capsys.readouterr().out
    done = {"copy": "copied", "link": "linked"}[way]
    assert f"{out}: 12 pictures {done}." in told
    assert len((tmp_path / "p.csv").read_text().splitlines()) == 14
    expected = []
    for name, one in answers.items():
        if one.ranked:
            sure = one.ranked[0].confidence >= 0.6
            folder = "None of these" if one.rejected else one.ranked[0].class_name if sure else "Unsure"
            expected.append(f"{folder}/{name}")
    assert names_in(out) == sorted(expected)
    assert names_in(some_pictures) == before
    assert "already exists and is not empty" in refused(capsys, "predict", trained[0], some_pictures, *asked[:2])


def test_predictions_become_keywords(
    trained: tuple[Path, dict[str, object]], some_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--xmp", "--min-confidence", "0", "--sort-into", tmp_path / "out", "--none-share", "0"]
    assert main_code("predict", trained[0], some_pictures, *asked) == 0
    said = capsys.readouterr()
    assert "Keywords written for 12 pictures." in said.out
    assert "file_name" not in said.out
    assert "1 file could not be used; --out FILE lists them." in said.err
    one = next(iter((tmp_path / "out").rglob("*.jpg")))
    assert f"<rdf:li>{one.parent.name}</rdf:li>" in (some_pictures / f"{one.name}.xmp").read_text()


def test_using_predictions_refuses_what_does_not_fit(
    trained: tuple[Path, dict[str, object]], some_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = ["predict", trained[0], some_pictures]
    assert "--sort-by needs --sort-into" in misused(capsys, *start, "--xmp", "--sort-by", "link")
    assert "need --sort-into or --xmp" in misused(capsys, *start, "--min-confidence", "0.5")
    assert "cannot be combined with shards" in misused(capsys, *start, "--xmp", "--out", tmp_path)
    (tmp_path / "file").touch()
    assert "already exists" in refused(capsys, *start, "--sort-into", tmp_path / "file")
    assert "there is no 'move'" in misused(capsys, *start, "--sort-into", tmp_path / "out", "--sort-by", "move")


# ------------------------------------------------------------------------------ what the model reads


NAMES = "name,reads\nSchirm,umbrella\nTeil 4711,starfish\n"


@pytest.fixture
def named(sample_pictures: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A folder of four class folders, two of them without English names, and the file that says what these read."""
    pictures = tmp_path / "pictures"
    for name, word in {"Schirm": "umbrella", "Teil 4711": "starfish", "lemon": "lemon", "pizza": "pizza"}.items():
        (pictures / name).mkdir(parents=True)
        for path in sorted((sample_pictures / word).glob("*.jpg"))[:8]:
            shutil.copy(path, pictures / name)
    (tmp_path / "names.csv").write_text(NAMES, "utf-8")
    return pictures, tmp_path / "names.csv"


def test_names_and_what_the_model_reads_come_from_a_file(
    named: tuple[Path, Path], sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures, names = named
    out = tmp_path / "a.safetensors"
    assert main_code("train", pictures, "--out", out, "--names", names, "--base", "Schirm,lemon", "--shots", 4) == 0
    assert "--names FILE" not in capsys.readouterr().err
    classifier = load_classifier(out)
    assert classifier.header.reads == {"Schirm": "umbrella", "Teil 4711": "starfish"}
    assert main_code("evaluate", out, pictures, "--json", tmp_path / "m.json") == 0
    (tmp_path / "more.csv").write_text("reads;name\nstarfish;Seestern\n;Schirm\nbanana;Banane\n", "utf-8")
    some = [sorted((sample_pictures / word).glob("*.jpg"))[0] for word in ("starfish", "banana", "umbrella")]
    expected = classifier.rank(some, {"Seestern": "starfish", "Schirm": "", "Banane": "banana"})
    for given in (("--names", tmp_path / "more.csv"), ("--classes", "Seestern = starfish, Schirm, Banane=banana")):
        assert main_code("predict", out, *some, *given, "--out", tmp_path / "p.csv", "--overwrite") == 0
        rows = list(csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text("utf-8"))))
        assert [row["prediction"] for row in rows] == [one.ranked[0].class_name for one in expected]
        assert [float(row["confidence"]) for row in rows] == pytest.approx(
            [one.ranked[0].confidence for one in expected], abs=1e-4
        )
    assert [row["prediction"] for row in rows][:2] == ["Seestern", "Banane"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("class,reads\nSchirm,umbrella\n", "has no column 'name'"),
        ("", "has no column 'name'"),
        ("name,reads\n", "names no class"),
        ("name\nSchirm\nschirm\n", "'schirm' is given twice"),
        ("name,reads\nSchirm,lemon\nlemon,\n", "would read 'lemon' for both 'Schirm' and 'lemon'"),
        (f"name,reads\nSchirm,{'x' * 201}\n", "too long"),
        ('name,reads\n"Schirm,umbrella\n', "cannot be read as a table"),
    ],
)
def test_a_file_of_names_that_cannot_be_used(
    tmp_path: Path, trained: tuple[Path, dict[str, object]], capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (tmp_path / "names.csv").write_text(text, "utf-8")
    assert words in refused(capsys, "predict", trained[0], tmp_path, "--names", tmp_path / "names.csv")


def test_names_of_classes_that_are_not_there(named: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    pictures, names = named
    names.write_text("name,reads\nRegenschirm,umbrella\n", "utf-8")
    assert "'Regenschirm': there is no such class" in refused(capsys, "train", pictures, "--names", names)
    assert main_code("train", pictures, "--out", names.parent / "a", "--base-fraction", 1, "--shots", 2) == 0
    said = capsys.readouterr().err
    assert "The model does not know 'Schirm'. Let it read a common word for it" in said
    assert "use --names FILE, or reads in Python" in said
    names.write_text("name,reads\nSchirm,Lemon\n", "utf-8")
    assert "would read 'Lemon' for both 'Schirm' and 'lemon'" in refused(capsys, "train", pictures, "--names", names)


def test_shards_know_what_the_model_reads(
    trained: tuple[Path, dict[str, object]], sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["predict", trained[0], sample_pictures / "banana", "--none-share", "0", "--out"]
    arguments.append(tmp_path / "shards")
    (tmp_path / "shards").mkdir()
    assert main_code(*arguments, "--classes", "Banane=banana,Schirm=umbrella") == 0
    assert main_code("shards", tmp_path / "shards") == 0
    assert re.search(r"^Banane +2\d$", capsys.readouterr().out, re.M)
    assert main_code(*arguments, "--classes", "Banane=banana,Schirm=umbrella") == 0
    assert "24 pictures were done before" in capsys.readouterr().out
    assert main_code(*arguments, "--classes", "Banane=umbrella,Schirm=banana") == 1
    assert "other class names" in capsys.readouterr().err
    arguments[-1] = tmp_path / "others"
    assert main_code(*arguments, "--shard-size", 20, "--classes", "Banane=umbrella,Schirm=banana") == 0
    assert main_code("shards", tmp_path / "others") == 0
    assert re.search(r"^Schirm +2\d$", capsys.readouterr().out, re.M)
