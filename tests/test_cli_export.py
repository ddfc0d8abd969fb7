"""`mma-desktop export`: everything that the window exports, by the same words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mma_desktop import __main__
from mma_desktop.cli.main import COMMANDS
from mma_desktop.core.events import CancelToken, result_of
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.images.sample_project import make_sample

UNLABELLED = 132


def run(*arguments: object) -> int:
    try:
        return __main__.main([str(one) for one in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "Sample.mma"
    result_of(make_sample(folder, CancelToken()))
    return folder


def test_the_help_names_every_export_as_the_window_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("help", "export") == 0
    said = " ".join(capsys.readouterr().out.split())
    for one in EXPORTS:
        assert one.title in said or one.id == "keywords"
        assert all(form in said for form in one.formats)
    assert COMMANDS["export"].USAGE.startswith("PROJECT TARGET")


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("model", "m.safetensors"),
        ("torch-export", "m.pt2"),
        ("features", "f.safetensors"),
        ("predictions", "p.csv"),
        ("sorted", "folders"),
        ("report", "r.html"),
    ],
)
def test_each_export_writes_what_it_is_called(sample: Path, form: str, name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    assert run("export", sample, out, "--format", form, "--quiet") == 0
    assert out.exists()
    if form == "predictions":
        with out.open(newline="", encoding="utf-8") as file:
            assert len(list(csv.DictReader(file))) == UNLABELLED
    elif form == "sorted":
        assert len(list(out.rglob("*.jpg"))) == UNLABELLED
    elif form == "report":
        assert "<html" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("there", "--format", "report", "--all"), "--all is about pictures and labels"),
        (("there", "--format", "predictions", "--images", "copy"), "--images is about pictures and labels"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], told: str, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", sample, *arguments) == 2
    assert told in capsys.readouterr().err
