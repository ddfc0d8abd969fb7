"""Every command that takes a folder takes it however it is written: `.`, `..`, a link, with a separator at its end."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mma_desktop.media.scan import class_folders, walk
from mma_desktop.services.batch.benchmark import runner
from mma_desktop.services.batch.sharding.image_list import listing
from mma_desktop.services.image_index import Filter
from mma_desktop.services.project_factory import open_project
from tests.programs import main_code
from tests.strangers.test_current_folder import zero_shot

pytestmark = pytest.mark.usefixtures("warm_starter")
NAMES = ("cat", "dog")
WAYS = (".", "./", "..", "pets/", "../here/pets", "pets/cat/..", "link", "/pets")
QUICK = ("--shots", "2", "--max-epochs", "1")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder `here` with `pets`, which has six pictures in two class folders, and `link`, which leads to it."""
    here = tmp_path / "here"
    for number in range(6):
        path = here / "pets" / NAMES[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (40 * number, 0, 90)).save(path)
    (here / "link").symlink_to(here / "pets")
    return here


@pytest.fixture(params=WAYS)
def folder(request: pytest.FixtureRequest, here: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A way to write the folder of the pictures, in the current folder from which it leads there."""
    return entered(request.param, here, monkeypatch)


def entered(way: str, here: Path, monkeypatch: pytest.MonkeyPatch, name: str = "pets", inside: str = "cat") -> str:
    """Change to where a way of writing a folder leads to it, and return it as it is typed."""
    monkeypatch.chdir({".": here / name, "./": here / name, "..": here / name / inside}.get(way, here))
    return f"{here}{way}" if way.startswith("/") else way


def written(path: Path) -> Any:
    return json.loads(path.read_text())


def real(paths: list[Path]) -> set[Path]:
    return {Path(os.path.realpath(one)) for one in paths}


def images_in(here: Path) -> set[Path]:
    return real(list((here / "pets").glob("*/*.png")))


def test_a_walk_finds_its_class_folders(folder: str, here: Path) -> None:
    given = [Path(folder)]
    found = class_folders(given)
    assert found is not None
    assert list(found) == list(NAMES)
    walked = list(walk(given, classes=found))
    assert real([one.path for one in walked]) == images_in(here)
    assert all(one.folder_class == one.path.parent.name for one in walked)


def test_training_and_measuring(folder: str, tmp_path: Path) -> None:
    adapter, report = tmp_path / "a.safetensors", tmp_path / "report.json"
    assert main_code("train", folder, *QUICK, "--out", adapter, "--json", report, "--overwrite") == 0
    assert written(report)["counts"]["shots"] == 4
    assert main_code("evaluate", adapter, folder, "--json", report, "--overwrite") == 0
    assert written(report)["classes"]["base"] == list(NAMES)
    assert written(report)["counts"] == {"images": 6, "trained_on": 4, "problems": 0}


def test_predicting_and_sorting(folder: str, here: Path, tmp_path: Path) -> None:
    adapter, out = zero_shot(tmp_path / "a.safetensors"), tmp_path / "out.csv"
    assert main_code("predict", adapter, folder, "--out", out, "--sort-into", tmp_path / "sorted") == 0
    with out.open(newline="", encoding="utf-8") as handle:
        assert real([Path(row["file_name"]) for row in csv.DictReader(handle)]) == images_in(here)
    assert len(list((tmp_path / "sorted").glob("*/*.png"))) == 6


def test_predicting_shards(folder: str, here: Path, tmp_path: Path) -> None:
    adapter, out = zero_shot(tmp_path / "a.safetensors"), tmp_path / "shards"
    assert main_code("predict", adapter, folder, "--out", out, "--shard-size", 4) == 0
    listed = [Path(line) for line in (out / "pictures.txt").read_text("utf-8").splitlines()]
    assert all(one.is_absolute() and ".." not in one.parts for one in listed)
    assert real(listed) == real([one.path for one in listing([Path(folder)], out)]) == images_in(here)
    assert len(list(out.glob("part-*-of-00002.parquet"))) == 2
    inside = Path(folder) / "cat" / ".."
    assert "link" in folder or list(listing([Path(folder)], inside)) == []  # the results are no pictures


@pytest.mark.parametrize("option", ["source", "--base-folder"])
def test_importing(option: str, folder: str, here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project, table = tmp_path / "one.mma", tmp_path / "labels.csv"
    rows = [f"{one.parent.name}/{one.name},{one.parent.name}" for one in images_in(here)]
    table.write_text("\n".join(["file,label", *rows]))
    given = (folder,) if option == "source" else (table, option, folder)
    assert main_code("import", project, *given) == 0
    name = "link" if "link" in folder else "pets"
    assert "6 pictures added, 6 labelled from " + (f"{name}." if option == "source" else "") in capsys.readouterr().out
    context = open_project(project, threads=1)
    stored = [row.path for row in context.project.image_rows(context.select(Filter()).tolist())]
    context.close()
    assert real(stored) == images_in(here)
    assert all(one.is_absolute() and ".." not in one.parts for one in stored)


def test_benchmarks(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "draw_plots", lambda *_: ())  # as below
    out = tmp_path / "benchmark"
    assert main_code("benchmark", folder, "--methods", "zero-shot", "--shots", 1, "--seeds", 1, "--out", out) == 0
    name = "link" if "link" in folder else "pets"
    assert list(written(out / "results.json")["data"]) == [name]


def test_finding_pictures_again(folder: str, here: Path, tmp_path: Path) -> None:
    project, report = tmp_path / "one.mma", tmp_path / "report.json"
    shutil.copytree(here / "pets", tmp_path / "away")
    assert main_code("import", project, tmp_path / "away") == 0
    shutil.rmtree(tmp_path / "away")
    assert main_code("check", project, "--find", folder, "--json", report, "--overwrite") == 0
    assert written(report)["found"] == 6
    context = open_project(project, threads=1)
    stored = [row.path for row in context.project.image_rows(context.select(Filter()).tolist())]
    context.close()
    assert real(stored) == images_in(here)
    assert all(".." not in one.parts for one in stored)


PROJECT_WAYS = tuple(way.replace("pets/cat", "pets/runs").replace("pets", "pets.mma") for way in WAYS)


@pytest.mark.parametrize("way", PROJECT_WAYS)
def test_a_project(way: str, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main_code("import", here / "pets.mma", here / "pets") == 0
    (here / "link").unlink()
    (here / "link").symlink_to(here / "pets.mma")
    given = entered(way, here, monkeypatch, "pets.mma", "runs")
    report, out = tmp_path / "report.json", tmp_path / "out"
    assert main_code("train", given, *QUICK, "--json", report, "--overwrite") == 0
    assert written(report)["counts"]["shots"] == 4
    assert main_code("check", given, "--json", report, "--overwrite") == 0
    assert written(report)["images"] == 6
    assert main_code("backups", given) == 0
    assert main_code("export", "imagefolder", given, out) == 0
    assert len(list(out.rglob("*.png"))) == 6
    assert main_code("predict", given, "--all", "--json", report, "--overwrite") == 0
    assert len(written(report)) == 6
    assert main_code("evaluate", given, given, "--json", report, "--overwrite") == 0
    assert main_code("import", given, here / "pets") == 0
    assert main_code("export", "features", given, tmp_path / "features.safetensors", "--shots", 2) == 0


OUT_WAYS: dict[str, tuple[str, Callable[[Path], str]]] = {
    ".": ("out", lambda _: "."),
    "./": ("out", lambda _: "./"),
    "..": ("out/in", lambda _: ".."),
    "separator": (".", lambda _: "out/"),
    "relative": (".", lambda _: "./out"),
    "link": (".", lambda _: "way"),
    "absolute": (".", lambda root: str(root / "out")),
}
"""The current folder, and how `out` is written in it."""


@pytest.mark.parametrize("way", OUT_WAYS)
def test_folders_that_are_written_into(
    way: str, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter, out = zero_shot(tmp_path / "a.safetensors"), tmp_path / "out"
    (out / "in").mkdir(parents=True)
    (tmp_path / "way").symlink_to(out)
    where, write = OUT_WAYS[way]
    monkeypatch.chdir(tmp_path / where)
    given = write(tmp_path)
    new = os.path.join(given, "new")  # noqa: PTH118 - as it is written
    assert main_code("predict", adapter, here / "pets", "--sort-into", new) == 0
    assert len(list(out.glob("new/*/*.png"))) == 6
    assert main_code("predict", adapter, here / "pets", "--out", given) == 0
    assert main_code("shards", given) == 0
    assert "All 1 shard with 6 pictures are there." in capsys.readouterr().out
    assert (
        main_code("benchmark", here / "pets", "--methods", "zero-shot", "--shots", 1, "--seeds", 1, "--out", given) == 0
    )
    assert (out / "results.md").is_file()
