"""Commands on a project whose image model was loaded from a weights file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mma_desktop import load_classifier
from mma_desktop.cli import main as cli
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.media.scan import class_folders
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project, open_project
from tests import small_open_clip

from .conftest import MakeFolder

pytestmark = pytest.mark.usefixtures("uncompiled")
NAME = "mma-own"


def command(*arguments: object) -> int:
    return cli.main([str(one) for one in arguments], lambda: 0)


@pytest.fixture
def weights(tmp_path: Path) -> Iterator[Path]:
    """A small open_clip model's weights, its architecture among open_clip's own for this test."""
    folder = tmp_path / "weights"
    folder.mkdir()
    with small_open_clip.architectures(folder, {NAME: small_open_clip.TINY}):
        yield small_open_clip.write_weights(NAME, folder / "own.safetensors")


@pytest.fixture
def folder(make_folder: MakeFolder) -> Path:
    return make_folder("pictures", {"red": 6, "green": 6})


@pytest.fixture
def project(tmp_path: Path, folder: Path, weights: Path) -> Path:
    """A closed project of labelled pictures, set up with the weights file."""
    place = tmp_path / "own.mma"
    context = create_project(place, backbone=f"{NAME}/file", threads=1)
    context.project.set_setting("weights_file", str(weights))
    importing.import_paths(context, [folder], CancelToken(), class_folders([folder]))
    context.close()
    return place


def test_every_command_uses_the_file_that_the_project_knows(
    project: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learned = tmp_path / "learned.safetensors"
    assert command("export", "model", project, learned) == 0
    assert command("predict", project, "--all", "--out", tmp_path / "p.csv") == 0
    assert command("train", project, "--shots", "4", "--out", tmp_path / "a.safetensors") == 0
    for adapter in (learned, tmp_path / "a.safetensors"):
        assert read_header(adapter).backbone == f"{NAME}/file"
    assert command("predict", project, folder, "--out", tmp_path / "p.csv", "--overwrite") == 0
    assert command("predict", learned, project, "--all", "--out", tmp_path / "p.csv", "--overwrite") == 0
    assert command("evaluate", project) == 0
    assert command("evaluate", project, folder) == 0
    assert command("evaluate", tmp_path / "a.safetensors", project) == 0
    assert command("export", "csv", project, tmp_path / "l.csv", "--predictions") == 0
    assert command("export", "features", project, tmp_path / "f.safetensors") == 0
    classifier = load_classifier(project)
    assert classifier.predict(sorted(folder.rglob("*.jpg"))[0]).shape == (1,)
    assert classifier.get_params()["weights_file"] == tmp_path / "weights" / "own.safetensors"


@pytest.mark.parametrize("name", ["train", "predict", "evaluate"])
def test_a_file_that_has_moved_is_named_with_weights(
    name: str, project: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = weights.rename(tmp_path / "moved.safetensors")
    asked = {"train": ("--shots", "4"), "predict": ("--all",), "evaluate": ()}[name]
    assert command(name, project, *asked) == 1
    assert f"The weights file {weights} is not there (any more). Pick it again, or use --weights." in (
        capsys.readouterr().err
    )
    assert command(name, project, *asked, "--weights", moved) == 0
    context = open_project(project, threads=1)
    context.project.set_setting("weights_file", "")
    context.close()
    capsys.readouterr()
    assert command(name, project, *asked) == 1
    assert (
        f"The backbone {NAME}/file needs its weights file. Pick the file it was loaded from, or use --weights."
    ) in capsys.readouterr().err
