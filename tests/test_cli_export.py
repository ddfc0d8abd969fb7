"""`mma-desktop export`: everything that the window exports, by the same words."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from mma_desktop.cli.main import COMMANDS
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.project_factory import open_project
from tests.programs import main_code

pytestmark = pytest.mark.usefixtures("warm_starter")
CLASSES = ("balloon", "banana", "cactus")
UNLABELLED = 30


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, made_sample: Path) -> Path:
    """Three classes of the sample project: each export learns it."""
    folder = Path(shutil.copytree(made_sample, tmp_path_factory.mktemp("export") / "Sample.mma"))
    context = open_project(folder, threads=1)
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    context.project.remove_images([row.id for row in rows if not row.path.name.startswith(CLASSES)])
    context.project.delete_classes([one.id for one in context.classes if one.name not in CLASSES])
    context.close()
    return folder


def test_the_help_names_every_export_as_the_window_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main_code("help", "export") == 0
    said = " ".join(capsys.readouterr().out.split())
    for one in EXPORTS:
        assert one.title in said
        assert all(form in said for form in one.formats)
    assert COMMANDS["export"].USAGE.startswith("WHAT PROJECT|ADAPTER OUT")


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("model", "m.safetensors"),
        ("onnx", "m.onnx"),
        ("torch-export", "m.pt2"),
        ("features", "f.safetensors"),
        ("predictions", "p.csv"),
        ("sorted", "folders"),
        ("report", "r.html"),
        ("csv", "l.csv"),
    ],
)
def test_each_export_writes_what_it_is_called(sample: Path, form: str, name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    assert main_code("export", form, sample, out, "--quiet") == 0
    assert out.exists()
    if form == "predictions":
        with out.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == UNLABELLED
        assert {row["predicted_by"] for row in rows} == {"labels"}
    elif form == "sorted":
        assert len(list(out.rglob("*.jpg"))) == UNLABELLED
    elif form == "report":
        assert "<html" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("report", "--all"), "--all does not apply to report. It takes --device, --weights, --overwrite."),
        (("predictions", "--images", "copy"), "--images does not apply to predictions."),
        (("model", "--splits", "all"), "--splits does not apply to model."),
        (("features", "--classes", "cat,dog"), "--classes does not apply to features."),
        (("onnx", "--device", "cpu"), "--device does not apply to onnx."),
        (("onnx", "--shots", "4"), "--shots does not apply to onnx."),
        (("sorted", "--overwrite"), "--overwrite does not apply to sorted."),
        (("hf", "--overwrite"), "--overwrite does not apply to hf, which makes a new folder."),
        (("imagefolder", "--all"), "has a label for each picture: leave out --all."),
        (("csv", "--seed", "1"), "--seed does not apply to csv."),
        (("csv", "--device", "cpu"), "--device does not apply to csv without --predictions."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_option_that_does_not_apply_is_refused(
    arguments: tuple[str, ...], told: str, sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what, *options = arguments
    assert main_code("export", what, sample, tmp_path / "there", *options) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("what", ["sorted", "imagefolder"])
def test_a_folder_is_not_written_to_standard_output(
    what: str, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_code("export", what, sample, "-") == 2
    assert f"{what} makes a folder" in capsys.readouterr().err
