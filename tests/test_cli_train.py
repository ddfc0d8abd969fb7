"""The command `train`: base and new accuracy by epoch, and one table for every method."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mma_desktop import load_classifier
from mma_desktop.core.types import IN_TURN
from tests.programs import main_code

pytestmark = pytest.mark.usefixtures("warm_starter")
HEADS = r"^Method +Base +New +H +zero-shot base/new +Epoch +Seconds$"
MEASURED = r"[\d.]+ \(n (\d+)\)"


@pytest.fixture
def pictures(sample_pictures: Path, tmp_path: Path) -> Path:
    """Six class folders of six pictures."""
    for name in ("banana", "cactus", "daisy", "lemon", "pizza", "umbrella"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for path in sorted((sample_pictures / name).glob("*.jpg"))[:6]:
            (tmp_path / "pictures" / name / path.name).symlink_to(path)
    return tmp_path / "pictures"


def row_of(said: str, title: str) -> str:
    """The line of a method in the table at the end."""
    assert re.search(HEADS, said, re.M), said
    (line,) = re.findall(rf"^{re.escape(title)}  .*$", said, re.M)
    return line


@pytest.mark.parametrize(
    ("method", "title", "epoch"),
    [
        ("quick", "Quick", r"20"),
        ("multi-modal-adapter", "Multi-Modal Adapter (paper)", r"\d+( of \d+)?"),
        ("tip-adapter-f", "Tip-Adapter-F", r"\d+"),
        ("linear-probe", "Linear probe", r"\d+"),
    ],
)
def test_base_and_new_are_both_known_where_every_label_is_a_shot(
    method: str, title: str, epoch: str, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("train", pictures, "--out", tmp_path / "a", "--json", tmp_path / "m.json", "--method", method)
    assert main_code(*given) == 0
    said = capsys.readouterr().out
    line = row_of(said, title)
    assert re.search(rf"  {MEASURED} +{MEASURED} +[\d.]+ +[\d.]+ / [\d.]+ +{epoch} +[\d.]+$", line), line
    assert re.findall(r"\(n (\d+)\)", line) == ["36", "36"]
    assert "What is kept is trained on all 6 classes." in said
    numbers = json.loads((tmp_path / "m.json").read_text())
    assert numbers["counts"]["shots"] == 36
    assert (numbers["base_measured_by"], numbers["new_measured_by"]) == ("cross-validation", "halves")
    assert f"{numbers['adapted']['base']:.1f} (n 36)" in line
    assert f"{numbers['adapted']['new']:.1f} (n 36)" in line
    assert numbers["intervals"]["adapted"]["new"]["n"] == 36
    assert (len(numbers["classes"]["base"]), numbers["classes"]["new"]) == (6, [])
    assert len(load_classifier(tmp_path / "a").base_classes) == 6


def test_verbose_prints_base_and_new_of_every_epoch(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--method", "multi-modal-adapter", "--max-epochs", 12, "--patience", 0)
    assert main_code("train", pictures, "--out", tmp_path / "a", "--json", tmp_path / "m.json", *given, "-v") == 0
    said = capsys.readouterr().err
    found = re.findall(r"^epoch (\d+)/12  loss [\d.]+  base ([\d.]+)  new ([\d.]+)  H [\d.]+$", said, re.M)
    assert [int(epoch) for epoch, _, _ in found] == list(range(1, 13))
    history = json.loads((tmp_path / "m.json").read_text())["history"]
    assert [(f"{row['base']:.1f}", f"{row['new']:.1f}") for row in history] == [row[1:] for row in found]
    assert {(row["base_n"], row["new_n"]) for row in history} == {(36, 36)}


def test_verbose_prints_epochs_of_a_division_too(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--base-fraction", "0.5", "--shots", 3, "--method", "multi-modal-adapter", "--max-epochs", 5, "-v")
    assert main_code("train", pictures, "--out", tmp_path / "a", *given) == 0
    said = capsys.readouterr()
    assert re.search(r"^epoch 1/\d+  .*new [\d.]+", said.err, re.M)
    line = row_of(said.out, "Multi-Modal Adapter (paper)")
    assert re.search(rf"  {MEASURED} +{MEASURED} ", line), line
    assert "The others were used to measure new accuracy" in said.out
    assert "What is kept" not in said.out


@pytest.mark.parametrize(
    "division", [("--shots", 3), ("--new", "axolotl,zebra")], ids=["pictures to test on", "names of one's own"]
)
def test_a_division_of_ones_own_is_kept(
    division: tuple[object, ...], pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_code("train", pictures, "--out", tmp_path / "a", "--json", tmp_path / "m.json", *division) == 0
    assert re.search(rf"  {MEASURED} +- +- +[\d.]+ / - +20 +[\d.]+$", row_of(capsys.readouterr().out, "Quick"))
    numbers = json.loads((tmp_path / "m.json").read_text())
    assert (numbers["base_measured_by"], numbers["new_measured_by"]) == ("leave-one-out", "")


def test_pictures_at_hand_teach_as_before(
    pictures: Path, sample_pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--unlabelled", sample_pictures / "starfish", "--json", tmp_path / "m.json")
    assert main_code("train", pictures, "--out", tmp_path / "a", *given) == 0
    assert " pictures at hand taught, too." in capsys.readouterr().out
    assert json.loads((tmp_path / "m.json").read_text())["base_measured_by"] == "leave-one-out"


def test_a_method_that_trains_nothing_has_the_same_table(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_code("train", pictures, "--out", tmp_path / "a", "--method", "zero-shot") == 0
    said = capsys.readouterr().out
    assert re.search(rf"  {MEASURED} +- +- +[\d.]+ / - +- +[\d.]+$", row_of(said, "Zero-shot")), said
    assert "What is kept" not in said


def test_what_is_written_is_what_was_written_before(pictures: Path, tmp_path: Path) -> None:
    """The adapter is that of all shots; accuracy is measured beside it."""
    assert main_code("train", pictures, "--out", tmp_path / "in-turn") == 0
    assert main_code("train", pictures, "--out", tmp_path / "left-out", "--new", "axolotl,zebra") == 0
    some = sorted(pictures.rglob("*.jpg"))[::5]
    one, other = (load_classifier(tmp_path / name) for name in ("in-turn", "left-out"))
    names = [path.parent.name for path in some]
    assert [answer.ranked[0].class_name for answer in one.rank(some)] == names
    assert [answer.ranked[0].class_name for answer in other.rank(some)] == names
    assert one.header.seen_images == other.header.seen_images


def test_a_project_is_trained_in_turn_where_every_label_is_a_shot(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "one.mma"
    assert main_code("import", project, pictures) == 0
    assert main_code("train", project, "--json", tmp_path / "m.json") == 0
    assert re.search(rf"  {MEASURED} +{MEASURED} ", row_of(capsys.readouterr().out, "Quick"))
    assert main_code("train", project, "--shots", 3, "--json", tmp_path / "m.json", "--overwrite") == 0
    assert json.loads((tmp_path / "m.json").read_text())["new_measured_by"] == ""
    from mma_desktop.services.batch.on_projects import opened

    with opened(project) as context:
        assert [run.settings["division"] for run in context.project.runs()] == ["", IN_TURN]
