"""`mma-desktop import` and `mma-desktop export`."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from mma_desktop.cli import export_command
from mma_desktop.cli import main as cli
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.exporting import Splits
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.formats.kinds.xmp_keywords import add_keyword
from mma_desktop.services.formats.registry import FORMATS
from mma_desktop.services.project_factory import open_project


def run(*arguments: str | Path) -> int:
    return cli.main([str(one) for one in arguments], lambda: 0)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Six pictures in two class folders."""
    for number in range(6):
        path = tmp_path / "pictures" / ("cat" if number % 2 else "dog") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (40 * number, 0, 90)).save(path)
    return tmp_path / "pictures"


def test_the_choices_are_those_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    written = [one.id for one in FORMATS if one.write]
    kinds = [kind for one in EXPORTS for kind in (written if one.id == "pictures" else one.formats)]
    for command, given, ids in (
        ("import", ("p", "q", "--format", "none"), [one.id for one in FORMATS]),
        ("export", ("none", "p", "q"), kinds),
    ):
        with pytest.raises(SystemExit, match="2"):
            run(command, *given)
        assert f"there is no 'none'. Choose from {', '.join(ids)}." in capsys.readouterr().err
        with pytest.raises(SystemExit, match="0"):
            run(command, "--help")
        assert ", ".join(ids[:3]) in capsys.readouterr().out


def test_neither_formats_nor_large_libraries_are_imported_before_a_command_needs_them() -> None:
    code = "import sys; from mma_desktop.cli.main import build_parser; build_parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "mma_desktop.cli.import_labels" in loaded
    assert not {"mma_desktop.services.formats.registry", "numpy", "PIL", "sqlalchemy", "torch"} & set(loaded)


def test_the_choices_of_an_export_are_those_of_its_services() -> None:
    assert set(export_command.IMAGES) == {one.value for one in Images}
    assert set(export_command.SPLITS) == {one.value for one in Splits}


def test_there_and_back(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", tmp_path / "first", pictures) == 0
    said = capsys.readouterr().out
    assert "pictures, Class folders (ImageFolder): 6 pictures, 6 labelled, 2 classes." in said
    assert f"Created the project {tmp_path / 'first.mma'}." in said
    assert "6 pictures added, 6 labelled from pictures." in said
    assert run("export", "hf", tmp_path / "first.mma", tmp_path / "out", "--images", "link") == 0
    assert capsys.readouterr().out.startswith(f"{tmp_path / 'out'}: 6 pictures linked.\n\nHow to use it:\n")
    assert run("import", tmp_path / "second", tmp_path / "out") == 0
    context = open_project(tmp_path / "second.mma", threads=1)
    assert sorted(one.name for one in context.classes) == ["cat", "dog"]
    assert sorted(context.index.counts().values()) == [3, 3]
    context.close()


def test_columns_base_and_preview(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "list.csv"
    table.write_text("Bild\tArt\n" + "".join(f"cat/{one}.png\ttiger\n" for one in (1, 3, *range(6, 13))))
    given = ["--column", "file=Bild", "--column", "label=Art", "--base-folder", str(pictures)]
    assert run("import", tmp_path / "made", table, *given, "--preview") == 0
    told = capsys.readouterr()
    assert "list.csv, CSV table: 2 pictures, 2 labelled, 1 class." in told.out
    assert "Columns: file is 'Bild', label is 'Art'." in told.out
    assert "line 4: there is no file 'cat/6.png'" in told.err
    assert "and 2 more rows with a problem." in told.err
    assert not (tmp_path / "made.mma").exists()
    assert run("import", tmp_path / "made", table, *given) == 0
    assert run("import", tmp_path / "made", table, *given, "--column", "label=Tier") == 1
    assert "no column 'Tier'" in capsys.readouterr().err


def test_a_preview_counts_the_pictures_of_each_class(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(pictures / "cat" / "1.png", pictures / "cat" / "7.png")
    assert run("import", tmp_path / "made", pictures, "--preview") == 0
    assert capsys.readouterr().out.splitlines() == [
        "pictures, Class folders (ImageFolder): 7 pictures, 7 labelled, 2 classes.",
        "cat  4",
        "dog  3",
    ]
    table = tmp_path / "list.csv"
    table.write_text("file,label\n" + "".join(f"pictures/dog/0.png,{number:02}\n" for number in range(23)))
    assert run("import", tmp_path / "made", table, "--preview") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == ["19  1", "and 3 more."]
    assert said.index("00  1") == len(said) - 21
    assert run("import", tmp_path / "made", pictures) == 0
    assert "cat  4" not in capsys.readouterr().out


def test_a_preview_refuses_what_an_import_would(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file.mma").write_text("no project")
    (tmp_path / "folder.mma").mkdir()
    for project, words in (
        (tmp_path / "gone" / "made", "The folder"),
        (tmp_path / "file.mma", "is not a project"),
        (tmp_path / "folder.mma", "is not a project"),
    ):
        for more in ((), ("--preview",)):
            assert run("import", project, pictures, *more) == 1
            assert words in capsys.readouterr().err
    (tmp_path / "empty.csv").write_text("file,label\nnothing.png,cat\n")
    for more in ((), ("--preview",)):
        assert run("import", tmp_path / "made", tmp_path / "empty.csv", *more) == 1
        assert "None of the pictures listed" in capsys.readouterr().err
    assert run("import", tmp_path / "made", pictures) == 0
    assert run("import", tmp_path / "made", pictures, "--preview") == 0


def test_a_table_without_labels_is_asked_about(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "list.csv"
    table.write_text("image,caption,when\npictures/cat/1.png,a tiger,2020\n")
    assert run("import", tmp_path / "made", table) == 1
    asked = (
        "list.csv has no column named like one of labels. It has image, caption, when. Choose the one with the label."
    )
    said = capsys.readouterr().err
    assert said.count(asked) == 1
    answer = "Use --column label=NAME, or --column label= to import the pictures without labels."
    assert f"{asked} {answer} Nothing was imported." in said
    assert run("train", table) == 1
    assert capsys.readouterr().err.endswith(f"{asked} Use --column label=NAME.\n")
    assert not (tmp_path / "made.mma").exists()
    assert run("import", tmp_path / "made", table, "--preview") == 1
    assert f"{asked} {answer} Nothing was imported." in capsys.readouterr().err
    assert run("import", tmp_path / "made", table, "--column", "label=") == 0
    assert run("import", tmp_path / "made", table, "--column", "label=caption") == 0
    assert "1 labelled from list.csv" in capsys.readouterr().out


def test_keywords_are_labels_where_one_is_a_class(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "photos"
    (pictures / "cat").rename(folder)
    for path in folder.iterdir():
        for keyword in ("tiger", "sunny"):
            add_keyword(path, keyword)
    asked = ("import", tmp_path / "made", folder, "--format", "xmp")
    assert run("import", tmp_path / "made", pictures, "--classes", "tiger,lion") == 1
    assert "--classes chooses among keywords" in capsys.readouterr().err
    assert run(*asked, "--preview") == 0
    assert "3 pictures, 0 labelled" in capsys.readouterr().out
    assert run(*asked, "--classes", "tiger,lion") == 0
    assert "3 labelled from photos" in capsys.readouterr().out
    assert run(*asked, "--preview") == 0
    assert "3 pictures, 3 labelled, 1 class." in capsys.readouterr().out, "the project has the class now"


def test_an_archive_is_imported(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.make_archive(str(tmp_path / "animals"), "zip", pictures)
    shutil.rmtree(pictures)
    assert run("import", tmp_path / "made", tmp_path / "animals.zip", "--preview") == 0
    assert "animals.zip, Archive (zip, tar): 6 pictures, 6 labelled, 2 classes." in capsys.readouterr().out
    assert not (tmp_path / "animals").exists()
    assert run("import", tmp_path / "made", tmp_path / "animals.zip") == 0
    assert "6 pictures added, 6 labelled from animals.zip." in capsys.readouterr().out
    assert len(list((tmp_path / "animals").rglob("*.png"))) == 6


def test_an_archive_on_a_read_only_medium_is_unpacked_beside_the_project(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = tmp_path / "medium"
    shutil.make_archive(str(medium / "animals"), "zip", pictures)
    shutil.rmtree(pictures)
    access = os.access
    # As a read-only file system answers root, too, who may write into any folder otherwise.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != medium and access(path, mode))
    (tmp_path / "projects").mkdir()
    assert run("import", tmp_path / "projects" / "made", medium / "animals.zip") == 0
    said = capsys.readouterr().out
    assert f"{medium} cannot be written to, so the pictures are unpacked beside the project" in said
    assert "6 pictures added, 6 labelled from animals.zip." in said
    assert [one.name for one in medium.iterdir()] == ["animals.zip"]
    assert len(list((tmp_path / "projects" / "animals").rglob("*.png"))) == 6


def test_a_failed_import_leaves_no_empty_project(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.make_archive(str(tmp_path / "animals"), "zip", pictures)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1 << 20))
    assert run("import", tmp_path / "made", tmp_path / "animals.zip") == 1
    told = capsys.readouterr()
    assert "Nothing was changed." in told.err
    assert "Created" not in told.out
    assert sorted(one.name for one in tmp_path.iterdir()) == ["animals.zip", "pictures"]
    same = tmp_path / "list.csv"
    same.write_text(f"file,label,reads\n{next(pictures.rglob('*.png'))},cat,pet\nx.png,dog,pet\n")
    assert run("import", tmp_path / "made", same) == 1
    assert not (tmp_path / "made.mma").exists()
    assert run("import", tmp_path / "made", pictures) == 0
    assert run("import", tmp_path / "made", tmp_path / "animals.zip") == 1
    assert (tmp_path / "made.mma").exists(), "a project that was there stays"


def test_a_table_that_is_not_used_is_said_with_the_command_that_uses_it(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        f"{one.relative_to(pictures)},{'home' if n % 3 else 'away'},2024"
        for n, one in enumerate(pictures.rglob("*.png"))
    ]
    (pictures / "shots.csv").write_text("\n".join(("photo_file,where_taken,when_taken", *lines)))
    unused = "shots.csv lists these pictures and is not used: which of its columns has the label is not clear "
    assert run("import", tmp_path / "made", pictures, "--preview") == 0
    said = capsys.readouterr().out
    assert "6 pictures, 6 labelled, 2 classes." in said
    command = f"mma-desktop import {tmp_path / 'made'} {pictures} --column label=NAME"
    assert f"{unused}(where_taken, when_taken). To use it: {command}\n" in said
    asked = [one.replace("NAME", "where_taken") for one in command.split()[1:]]
    assert run(*asked) == 0
    said = capsys.readouterr().out
    assert "pictures, CSV table: 6 pictures, 6 labelled, 2 classes." in said
    context = open_project(tmp_path / "made.mma", threads=1)
    assert sorted(one.name for one in context.classes) == ["away", "home"]
    context.close()
    for number, one in enumerate([*pictures.rglob("*.png")]):
        one.rename(pictures / f"{number}.png")
    (pictures / "shots.csv").write_text("file,place,when\n0.png,home,noon\n1.png,home,noon\n")
    assert run("train", pictures, "--out", tmp_path / "a.safetensors") == 1
    assert f"(place, when). To use it: mma-desktop train {pictures} --column label=NAME\n" in capsys.readouterr().err


def test_an_import_without_a_picture_makes_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text("file,label\ngone.png,cat\n")
    assert run("import", tmp_path / "made", tmp_path / "list.csv") == 1
    assert (
        "Nothing was imported. Use --base-folder FOLDER to say where its file names start." in capsys.readouterr().err
    )
    assert not (tmp_path / "made.mma").exists()


def test_pictures_that_cannot_be_used_are_named(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = sorted(pictures.rglob("*.png"))[0]
    broken.write_bytes(b"")
    assert run("import", tmp_path / "made", pictures) == 0
    told = capsys.readouterr()
    assert "1 with a problem" in told.out
    assert f"{broken}: the file is empty" in told.err
    for number in range(21):
        (pictures / "cat" / f"new {number}.png").write_bytes(b"")
    Image.new("RGB", (8, 8)).save(broken)
    assert run("import", tmp_path / "made", pictures) == 0
    told = capsys.readouterr()
    assert str(broken) not in told.err
    assert told.err.count("the file is empty") == 20
    assert "and 1 more pictures that could not be used." in told.err


def test_labels_that_stay_are_told(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", tmp_path / "made", pictures) == 0
    table = tmp_path / "list.csv"
    table.write_text("file,label\n" + "".join(f"pictures/cat/{one}.png,tiger\n" for one in (1, 3, 5)))
    assert run("import", tmp_path / "made", table) == 0
    told = capsys.readouterr()
    assert "1.png is labelled 'cat' and was not labelled 'tiger'." in told.err
    assert "3 already here" in told.out
    assert run("import", tmp_path / "made", table, "--overwrite") == 0
    assert "3 labelled from list.csv" in capsys.readouterr().out


def test_exports_are_refused_in_a_sentence(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", tmp_path / "made", pictures) == 0
    out = tmp_path / "labels.csv"
    assert run("export", "csv", tmp_path / "made", out, "--splits", "all") == 0
    with out.open(newline="", encoding="utf-8") as handle:
        assert {row["split"] for row in csv.DictReader(handle)} == {"shot"}
    assert run("export", "csv", tmp_path / "made", out) == 1
    assert "already exists" in capsys.readouterr().err
    assert run("export", "csv", tmp_path / "made", out, "--overwrite") == 0
    assert run("export", "csv", tmp_path / "made", out, "--images", "copy") == 2
    assert "cannot be written with pictures 'copy'" in capsys.readouterr().err
    assert run("export", "csv", tmp_path / "nowhere", out) == 1
    with pytest.raises(SystemExit) as usage:
        run("export", "labelme", tmp_path / "made", out)
    assert usage.value.code == 2


def predicted(pictures: Path, tmp_path: Path) -> list[dict[str, str]]:
    """The rows of a table that is written with predictions."""
    assert run("import", tmp_path / "made", pictures) == 0
    out = tmp_path / "labels.csv"
    assert run("export", "csv", tmp_path / "made", out, "--predictions") == 0
    with out.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_a_project_is_found_by_where_one_is_and_without_its_ending(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", tmp_path / "first", pictures) == 0
    for command in ("check", "backups"):
        run(command, tmp_path / "first")
        assert "is not" not in capsys.readouterr().err
    monkeypatch.chdir(tmp_path / "first.mma")
    assert run("export", "csv", ".", tmp_path / "list.csv") == 0
    assert run("import", ".", pictures) == 0


def test_names_that_no_system_takes_are_refused_in_a_sentence(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", tmp_path / "first", pictures) == 0
    long = tmp_path / ("x" * 300)
    asked: tuple[tuple[str | Path, ...], ...] = (
        ("export", "csv", tmp_path / "first", long),
        ("export", "hf", tmp_path / "first", long),
        ("export", "csv", long, tmp_path / "out.csv"),
        ("import", long, pictures),
        ("import", tmp_path / "second", long),
        ("check", tmp_path / "first", "--json", long),
    )
    for given in asked:
        capsys.readouterr()
        assert run(*given) == 1, given
        assert str(long) in capsys.readouterr().err


@pytest.mark.parametrize("format_id", ["cvat", "fiftyone", "imagefolder"])
def test_predictions_that_a_format_cannot_hold_are_refused(
    format_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("export", format_id, tmp_path / "p.mma", tmp_path / "out", "--predictions")
    assert run(*given) == 2
    assert "cannot hold predictions; csv, hf, labelstudio can" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_predictions_are_worked_out_on_demand(pictures: Path, tmp_path: Path) -> None:
    rows = predicted(pictures, tmp_path)
    assert {row["prediction"] for row in rows} <= {"cat", "dog"}
    assert {row["predicted_by"] for row in rows} == {"labels"}
    assert all(0.5 <= float(row["confidence"]) <= 1 for row in rows)
