"""Standard input and output as files: `-`, and what else is said meanwhile."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
import safetensors

from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_csv import read_rows, safe_cell, unambiguous_path, unescaped_cell
from mma_desktop.media import copy_export
from mma_desktop.media.decoding import os_problem
from mma_desktop.services.batch.sharding.image_list import listing
from mma_desktop.services.formats.kinds import xmp_keywords
from tests.programs import main_code
from tests.services.shard_fakes import make_pictures
from tests.strangers.test_current_folder import zero_shot

pytestmark = pytest.mark.usefixtures("warm_starter")


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """An adapter that trained nothing."""
    return zero_shot(tmp_path / "a.safetensors")


@pytest.fixture
def few(tmp_path: Path, sample_pictures: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: three pictures, one with a name like an option."""
    folder = tmp_path / "few"
    folder.mkdir()
    for number, name in enumerate(("-k.jpg", "one.jpg", "two.jpg")):
        shutil.copy(sorted((sample_pictures / "banana").iterdir())[number], folder / name)
    monkeypatch.chdir(folder)
    return folder


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Put bytes into standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize("option", ["--out", "--json"])
@pytest.mark.parametrize("links", [True, False])
def test_what_another_command_wrote_meanwhile_is_kept(
    option: str,
    links: bool,
    adapter: Path,
    few: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    class Listing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            (few / "t").write_text("of the other")
            return super().read(size)

    if not links:  # as on an exFAT stick
        monkeypatch.setattr(os, "link", Mock(side_effect=PermissionError(errno.EPERM, "no links here")))
    for overwrite in (False, True):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Listing(b"one.jpg\n")))
        arguments = ["predict", adapter, "-", option, "t", *(["--overwrite"] if overwrite else [])]
        assert main_code(*arguments) == (0 if overwrite else 1)
        told = capfd.readouterr().err
        assert (
            "t already exists. Choose another name, or use --overwrite. Nothing was changed.\n" in told
        ) != overwrite
        assert ((few / "t").read_text("utf-8") == "of the other") != overwrite
        assert sorted(path.name for path in few.iterdir()) == ["-k.jpg", "one.jpg", "t", "two.jpg"]
        (few / "t").unlink()
        give(monkeypatch, b"one.jpg\n")
        assert main_code("predict", adapter, "-", option, "t") == 0
        assert "one.jpg" in (few / "t").read_text("utf-8")
        (few / "t").unlink()


# ------------------------------------------------------------------------------ standard output


def test_json_of_predictions_is_all_of_standard_output(
    adapter: Path, few: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main_code("predict", adapter, ".", "--json", "-", "--sort-into", "sorted") == 0
    told = capfd.readouterr()
    found = json.loads(told.out)
    assert [one["file_name"] for one in found] == ["-k.jpg", "one.jpg", "two.jpg"]
    assert all(one["prediction"] == one["classes"][0]["name"] for one in found)
    assert all(one["confidence"] == one["classes"][0]["confidence"] for one in found)
    assert [len(one["classes"]) for one in found] == [3, 3, 3]
    assert {one["problem"] for one in found} == {None}
    assert "sorted: 3 pictures copied.\n" in told.err
    assert not (few / "-").exists()


def test_json_and_a_table_of_the_same_predictions(adapter: Path, few: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (few / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    assert main_code("predict", adapter, ".", "--json", "-", "--out", "t.csv") == 0
    told = capfd.readouterr()
    assert "3 pictures classified, 1 with a problem. See t.csv." in told.err
    rows = list(csv.DictReader((few / "t.csv").read_text("utf-8").splitlines()))
    found = json.loads(told.out)
    assert [one["prediction"] for one in found] == [row["prediction"] or None for row in rows]
    assert [one["problem"] for one in found] == [row["problem"] or None for row in rows]


@pytest.mark.parametrize("out", [(), ("--out", "-"), ("--out", "/dev/stdout")])
def test_a_table_is_all_of_standard_output(
    out: tuple[str, ...], adapter: Path, few: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main_code("predict", adapter, few, *out) == 0
    told = capfd.readouterr()
    assert len(list(csv.reader(io.StringIO(told.out)))) == 4
    assert not (few / "-").exists()


def test_a_file_of_that_name_is_named_with_its_folder(adapter: Path, few: Path) -> None:
    assert main_code("predict", adapter, few, "--out", "./-") == 0
    assert (few / "-").read_bytes().startswith(b"file_name,")


def test_the_other_commands_print_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_pictures(tmp_path / "pictures", 3)
    assert main_code("import", tmp_path / "p", tmp_path / "pictures", "--format", "imagefolder") == 0
    capfd.readouterr()
    assert main_code("check", tmp_path / "p", "--json", "-") == 0
    told = capfd.readouterr()
    assert json.loads(told.out)["missing"] == 0
    assert told.err
    assert main_code("backbones", "--json", "-") == 0
    listed = json.loads(capfd.readouterr().out)
    assert listed[0]["id"] == "starter"
    assert listed[0]["here"] is True
    assert main_code("export", "csv", tmp_path / "p", "-", "--all") == 0
    told = capfd.readouterr()
    assert len(list(csv.DictReader(io.StringIO(told.out)))) == 3
    assert "standard output: 3 pictures listed." in told.err
    assert main_code("export", "hf", tmp_path / "p", "-") == 2
    assert "hf makes a folder" in capfd.readouterr().err


def test_doctor_prints_json(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = subprocess.CompletedProcess([], 0, "no window was asked for", "")
    monkeypatch.setattr("mma_desktop.cli.doctor.subprocess", SimpleNamespace(run=lambda *_, **__: asked))
    assert main_code("doctor", "--offline", "--json", "-") == 0
    told = capfd.readouterr()
    assert json.loads(told.out)[0]["topic"] == "mma-desktop"
    assert "no window was asked for" in told.err


def test_shards_print_json(tmp_path: Path, adapter: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pictures = make_pictures(tmp_path / "pictures", 3)
    assert main_code("predict", adapter, pictures, "--out", tmp_path / "out", "--shard-size", 4) == 0
    (tmp_path / "out" / "part-00001-of-00002.parquet").unlink()
    capfd.readouterr()
    assert main_code("shards", tmp_path / "out", "--json", "-") == 1
    found = json.loads(capfd.readouterr().out)
    assert (found["shards"], found["pictures"], found["missing"]) == (2, 6, ["part-00001-of-00002.parquet"])


def test_bytes_go_into_a_pipe_and_not_onto_a_terminal(
    tmp_path: Path, sample_pictures: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("train", sample_pictures, "--method", "zero-shot", "--shots", "1", "--out", "-", "-q")
    with (tmp_path / "a.safetensors").open("wb") as out, capfd.disabled():
        saved = os.dup(1)
        os.dup2(out.fileno(), 1)
        try:
            assert main_code(*asked) == 0
        finally:
            os.dup2(saved, 1)
            os.close(saved)
    with safetensors.safe_open(tmp_path / "a.safetensors", "np") as opened:
        assert "zero-shot" in str(opened.metadata())
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main_code(*asked) == 2
    assert "--out is not text: name a file, or send standard output into one." in capfd.readouterr().err


def test_standard_output_is_for_one_thing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main_code("train", tmp_path, "--out", "-", "--json", "-") == 2
    assert "--out and --json cannot both be standard output." in capfd.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="a pipe of the shell")
def test_a_reader_of_json_that_has_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "mma_desktop", "backbones", "--json", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


# ------------------------------------------------------------------------------ standard input


@pytest.mark.parametrize(("zeros", "end"), [((), b"\n"), (("-0",), b"\0"), (("--null",), b"\0")])
def test_paths_come_from_standard_input(
    zeros: tuple[str, ...],
    end: bytes,
    adapter: Path,
    few: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    give(monkeypatch, end.join([b"two.jpg", b"-k.jpg", b""]))
    assert main_code("predict", adapter, "-", "one.jpg", *zeros, "--json", "-") == 0
    assert [one["file_name"] for one in json.loads(capfd.readouterr().out)] == ["two.jpg", "-k.jpg", "one.jpg"]


def test_lines_may_end_as_on_windows(
    adapter: Path, few: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, b"two.jpg\r\n-k.jpg\none.jpg\r\n\r\n")
    assert main_code("predict", adapter, "-", "--json", "-") == 0
    assert [one["file_name"] for one in json.loads(capfd.readouterr().out)] == ["two.jpg", "-k.jpg", "one.jpg"]


@pytest.mark.parametrize("option", [(), ("--out", "t.csv"), ("--json", "-"), ("--sort-into", "sorted")], ids=" ".join)
def test_a_path_that_was_named_and_cannot_be_read_is_an_error(
    option: tuple[str, ...], adapter: Path, few: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (few / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    assert main_code("predict", adapter, "one.jpg", "gone.jpg", "broken.jpg", "two.jpg", *option, "--quiet") == 1
    told = capfd.readouterr()
    assert "gone.jpg: there is no such file\n" in told.err
    assert "broken.jpg: it begins like a JPEG picture" in told.err
    if "--json" in option:
        assert [one["prediction"] is not None for one in json.loads(told.out)] == [True, False, False, True]
    elif "--sort-into" in option:
        assert len(list((few / "sorted").rglob("*.jpg"))) == 2
    else:
        text = (few / "t.csv").read_text("utf-8") if option else told.out
        assert [bool(row["problem"]) for row in csv.DictReader(io.StringIO(text))] == [False, True, True, False]


def test_a_picture_in_a_named_folder_is_a_row_with_a_problem(
    adapter: Path, few: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (few / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    assert main_code("predict", adapter, ".") == 0
    told = capfd.readouterr()
    assert [row["file_name"] for row in csv.DictReader(io.StringIO(told.out)) if row["problem"]] == ["broken.jpg"]


@pytest.mark.parametrize("named", [(), ("gone.jpg",)], ids=["listed alone", "one of them named"])
def test_a_path_from_standard_input_is_a_row_with_a_problem(
    named: tuple[str, ...],
    adapter: Path,
    few: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (few / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    give(monkeypatch, b"one.jpg\0gone.jpg\0broken.jpg\0two.jpg\0")
    assert main_code("predict", adapter, "-", *named, "-0", "--quiet") == len(named)
    told = capfd.readouterr()
    rows = [row for row in csv.DictReader(io.StringIO(told.out)) if row["problem"]]
    assert {row["file_name"] for row in rows} == {"gone.jpg", "broken.jpg"}
    assert "broken.jpg" not in told.err
    assert ("gone.jpg: there is no such file" in told.err) == bool(named)


def test_one_bad_path_among_many_is_one_row(
    adapter: Path, few: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    locked = few.parent / "locked"
    (locked / "inside").mkdir(parents=True)
    real_stat = os.stat

    def stat(path: object, *rest: object, **more: object) -> os.stat_result:
        if "locked/" in os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else False:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real_stat(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", stat)  # root may look everywhere
    bad = ("x" * 300, f"{locked}/inside", f"{locked}/a.jpg", f"{'y' * 300}/a.jpg")
    give(monkeypatch, "\n".join(["one.jpg", *bad, "two.jpg"]).encode())
    assert main_code("predict", adapter, "-") == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert [row["file_name"] for row in rows] == ["one.jpg", *bad, "two.jpg"]
    assert [bool(row["prediction"]) for row in rows] == [True, False, False, False, False, True]
    for row, reason in zip(rows[1:5], ("name too long", "ermission", "ermission", "name too long"), strict=True):
        assert reason in row["problem"]


LONG = "x" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", LONG),
        ("train", f"{LONG}.csv"),
        ("evaluate", LONG, "few"),
        ("evaluate", "a.safetensors", LONG),
        ("predict", LONG, "few"),
        ("predict", "a.safetensors", LONG),
        ("predict", "a.safetensors", "few", "--sort-into", LONG),
        ("predict", "a.safetensors", "few", "--out", LONG),
        ("predict", "a.safetensors", "few", "--shard-size", "9", "--out", LONG),
        ("predict", "a.safetensors", LONG, "--shard-size", "9", "--out", "shards"),
        ("backups", LONG),
        ("backups", "few", "--restore", LONG),
        ("benchmark", LONG),
        ("benchmark", f"{LONG}.json"),
        ("benchmark", "few", "--out", LONG),
        ("export", "onnx", LONG, "m.onnx"),
    ],
    ids=lambda words: " ".join(words).replace(LONG, "LONG"),
)
def test_a_name_that_no_file_can_have_is_a_sentence(
    arguments: tuple[str, ...], adapter: Path, few: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    os.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main_code(*arguments) == 1
    said = capfd.readouterr().err
    assert LONG in said
    assert "too long" in said or "does not exist" in said
    assert "Traceback" not in said
    assert "Classifying: 3" not in said  # it is found out before the work
    assert [one for one in sorted(tmp_path.iterdir()) if one.name not in {"benchmark", "shards"}] == before


def test_only_the_first_of_many_such_paths_are_listed(
    adapter: Path, few: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main_code("predict", adapter, "one.jpg", *(f"gone {one}.jpg" for one in range(23))) == 1
    told = capfd.readouterr().err
    assert "gone 19.jpg: there is no such file\nand 3 more paths that could not be read.\n" in told
    assert "gone 20.jpg" not in told


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("name", [b"two\nlines.jpg", b"caf\xe9.jpg"])
def test_any_name_goes_in_and_out(
    name: bytes, adapter: Path, few: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("one.jpg").rename(os.fsdecode(name))
    give(monkeypatch, name + b"\0")
    assert main_code("predict", adapter, "-", "-0", "--json", "-") == 0
    told = json.loads(capfd.readouterr().out)[0]["file_name"]
    assert os.fsencode(told) == name
    assert Path(told).exists()


def test_standard_input_without_paths(
    adapter: Path, few: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, b"\n")
    assert main_code("predict", adapter, "-") == 1
    assert "Standard input lists no path." in capfd.readouterr().err
    assert main_code("predict", adapter, "one.jpg", "-0") == 2
    assert "-0 is about paths from standard input" in capfd.readouterr().err


def test_zero_bytes_that_were_not_asked_for(
    adapter: Path, few: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, b"one.jpg\0two.jpg\0")
    assert main_code("predict", adapter, "-") == 2
    assert "end with zero bytes: add -0." in capfd.readouterr().err


# ------------------------------------------------------------------------------ folders that are missing


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "few", "--out", "gone/a.safetensors"),
        ("train", "few", "--json", "gone/m.json"),
        ("evaluate", "a.safetensors", "few", "--report", "gone/r.html"),
        ("predict", "a.safetensors", "few", "--out", "gone/p.csv"),
        ("predict", "a.safetensors", "few", "--out", "gone/shards", "--shard-size", "9"),
        ("predict", "a.safetensors", "few", "--sort-into", "gone/sorted"),
        ("benchmark", "few", "--out", "gone/table"),
        ("sample", "--headless", "gone/sample"),
        ("export", "torch-export", "a.safetensors", "gone/m.pt2"),
        ("export", "features", "p.mma", "gone/f.safetensors"),
        ("export", "csv", "p.mma", "gone/labels.csv"),
        ("export", "hf", "p.mma", "gone/folder"),
        ("import", "gone/p", "few", "--format", "imagefolder"),
        ("backbones", "--json", "gone/b.json"),
        ("doctor", "--offline", "--json", "gone/d.json"),
    ],
    ids=" ".join,
)
def test_a_missing_folder_is_named_and_not_made(
    arguments: tuple[str, ...], tmp_path: Path, few: Path, capsys: pytest.CaptureFixture[str], adapter: Path
) -> None:
    os.chdir(tmp_path)
    assert main_code(*arguments) == 1
    assert f"The folder {tmp_path / 'gone'} does not exist." in capsys.readouterr().err
    assert not (tmp_path / "gone").exists()


# ------------------------------------------------------------------------------ a table's cells


def test_a_file_named_like_an_option_is_found_by_any_reader(
    adapter: Path, few: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main_code("predict", adapter, ".", "--out", "t.csv") == 0
    with (few / "t.csv").open(newline="", encoding="utf-8") as handle:
        names = [row["file_name"] for row in csv.DictReader(handle)]
    assert names == [f".{os.sep}-k.jpg", "one.jpg", "two.jpg"]
    assert all(Path(name).is_file() for name in names)
    assert main_code("import", "p", "t.csv", "--format", "csv", "--column", "label=") == 0
    assert "3 pictures" in capfd.readouterr().out
    listed = [one.path.name for one in listing([few / "t.csv"], few / "shards")]
    assert listed == ["-k.jpg", "one.jpg", "two.jpg"]


@pytest.mark.parametrize("name", ["-k.jpg", "=1.jpg", "@a", "'=x.jpg", "\t=1", "a;=b.jpg", "'a.jpg", "plain.jpg", "+1"])
def test_a_path_in_a_table_is_the_same_path(name: str) -> None:
    cell = unambiguous_path(name)
    assert Path(unescaped_cell(safe_cell(cell))) == Path(name)
    assert not safe_cell(cell).startswith("'") or name.startswith("'")
    [(_, row)] = read_rows(f"{chr(34)}{safe_cell(cell)}{chr(34)}\n")
    assert Path(row[0]) == Path(name)


def test_lines_of_a_table_in_a_pipe_end_with_lf(
    adapter: Path, few: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main_code("predict", adapter, ".") == 0
    table = capfdbinary.readouterr().out
    assert table.count(b"\n") == 4
    assert b"\r" not in table
    assert main_code("import", tmp_path / "one.mma", ".", "-q") == 0
    capfdbinary.readouterr()
    assert main_code("export", "csv", tmp_path / "one.mma", "-", "--all") == 0
    table = capfdbinary.readouterr().out
    assert table.count(b"\n") == 4
    assert b"\r" not in table


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_table_is_written_into_a_device(few: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main_code("import", tmp_path / "one.mma", ".") == 0
    assert main_code("export", "csv", tmp_path / "one.mma", "/dev/full", "--all") == 1
    assert "The disk is full: /dev/full was not written." in capfd.readouterr().err
    assert main_code("export", "csv", tmp_path / "one.mma", "/dev/null", "--all") == 0


@pytest.mark.parametrize("use", [("--xmp",), ("--sort-into", "../sorted")], ids=["xmp", "sort"])
def test_nothing_that_was_asked_for_could_be_done(
    use: tuple[str, ...], adapter: Path, few: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    refusal = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(xmp_keywords, "atomic_path", Mock(side_effect=_as_user_error(refusal)))
    monkeypatch.setattr(copy_export, "read_bytes", Mock(side_effect=os_problem(refusal, few / "one.jpg")))
    assert main_code("predict", adapter, ".", *use, "--min-confidence", 0) == 1
    told = capfd.readouterr()
    assert " 3 left out: " in told.out + told.err
    assert not (few.parent / "sorted").exists()


def _as_user_error(cause: OSError) -> UserError:
    error = UserError("it cannot be written")
    error.__cause__ = cause
    return error
