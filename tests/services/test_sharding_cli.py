"""`mma-desktop predict` into a folder and `mma-desktop shards`, with a real adapter on the starter."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from mma_desktop import __main__
from mma_desktop.cli import shards
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.types import Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.methods.adapter import build_adapter
from tests.services.shard_fakes import Load, make_pictures, rows_of, temporary


def command(*arguments: object) -> int:
    return __main__.main([str(one) for one in arguments])


def save_adapter(path: Path, fingerprint: str, embed_dim: int, logit_scale: float) -> Path:
    """An adapter that trained nothing."""
    header = checkpoint.CheckpointHeader(
        "zero-shot",
        "starter",
        fingerprint,
        embed_dim,
        logit_scale,
        (("balloon", Role.BASE), ("banana", Role.BASE), ("umbrella", Role.NEW)),
        "a photo of a {}.",
        shots=1,
        seed=0,
        created="2026-01-01T00:00:00+00:00",
    )
    checkpoint.save(path, build_adapter("zero-shot", embed_dim, logit_scale, {}), header)
    return path


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_adapter(tmp_path_factory.mktemp("adapter") / "a.safetensors", "f00d", 32, 30.0)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pictures(tmp_path_factory.mktemp("shards") / "pictures")


@pytest.fixture
def list_file(tmp_path: Path, pictures: Path) -> Path:
    place = tmp_path / "list.txt"
    place.write_text("".join(f"{path}\n" for path in sorted(pictures.iterdir())))
    return place


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "load_same", lambda *_, **__: Load()())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence(
    tmp_path: Path,
    adapter: Path,
    list_file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    fake: None,
) -> None:
    opened = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda path, *how, **more: opened(Path("/dev/full") if "part" in path.name else path, *how, **more),
    )
    out = tmp_path / "out"
    assert command("predict", adapter, list_file, "--out", out, "--shard-size", 40) == 1
    assert "The disk is full" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_it_predicts_goes_on_and_checks(
    tmp_path: Path, adapter: Path, pictures: Path, capsys: pytest.CaptureFixture[str], fake: None
) -> None:
    out = tmp_path / "out"
    asked = ("predict", adapter, pictures, "--out", out, "--shard-size", 15)
    assert command(*asked) == 0
    said = capsys.readouterr()
    assert said.out == f"40 pictures classified, 3 with a problem, in 3 shards. See {out}.\n"
    assert "told by the model\n" in said.err
    assert (out / "pictures.txt").read_text().splitlines() == [str(path) for path in sorted(pictures.iterdir())]
    (out / "part-00002-of-00003.parquet").unlink()
    assert command("shards", out) == 1
    assert "1 shard missing: part-00002-of-00003.parquet.\n" in capsys.readouterr().err
    assert command("predict", adapter, out / "pictures.txt", "--out", out, "--shard-size", 15) == 0
    assert "13 pictures classified, 2 with a problem, in 1 shard; 28 pictures were done before. See" in (
        capsys.readouterr().out
    )
    assert command("shards", out) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert {"balloon 14", "banana 13", "umbrella 13", "pictures 40", "empty file 1", "problems 3"} < set(lines)
    assert lines[-1] == "All 3 shards with 43 pictures are there."
    assert command(*asked) == 0
    assert "0 shards; 43 pictures were done before." in capsys.readouterr().out
    assert command(*asked, "--top-k", 1) == 1
    assert "was made with another --top-k" in capsys.readouterr().err


def test_the_tasks_of_an_array_do_a_shard_each(
    tmp_path: Path, adapter: Path, list_file: Path, capsys: pytest.CaptureFixture[str], fake: None
) -> None:
    out = tmp_path / "out"
    for number, said in ((2, "13 pictures classified, 1 with"), (1, "14 pictures classified, 1 with")):
        assert command("predict", adapter, list_file, "--out", out, "--shard", f"{number}/3") == 0
        assert f"{said} a problem, in 1 shard. When all are done: mma-desktop shards {out}\n" in capsys.readouterr().out
    assert command("shards", out, "--json", tmp_path / "counts.json") == 1
    found = json.loads((tmp_path / "counts.json").read_text())
    assert (found["shards"], found["pictures"], found["missing"]) == (3, 43, ["part-00003-of-00003.parquet"])
    assert command("predict", adapter, list_file, "--out", out, "--shard", "3/3") == 0
    assert command("predict", adapter, list_file, "--out", out, "--shard", "3/3") == 0
    assert "0 pictures classified, 0 with a problem, in 0 shards; 14 pictures were done before" in (
        capsys.readouterr().out
    )
    assert command("shards", out) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        f"part-0000{number}-of-00003.parquet" for number in (1, 2, 3)
    ]


def test_pictures_that_cannot_be_read_alone_are_an_error(
    tmp_path: Path, adapter: Path, capsys: pytest.CaptureFixture[str], fake: None
) -> None:
    (tmp_path / "list.txt").write_text("gone.png\n")
    assert command("predict", adapter, tmp_path / "list.txt", "--out", tmp_path / "out", "--shard-size", 1) == 1
    assert "No picture could be read" in capsys.readouterr().err


@pytest.mark.slow
def test_a_folder_of_parts_says_what_the_table_says(
    tmp_path: Path, sample_pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the share of None of these estimated, over 120 pictures, of a table and of two divisions."""
    adapter, pictures, cpu = tmp_path / "a.safetensors", tmp_path / "pictures", ("--device", "cpu")
    names = sorted(path.name for path in sample_pictures.iterdir())
    for name in names[:4]:
        shutil.copytree(sample_pictures / name, tmp_path / "trained" / name)
    assert command("train", tmp_path / "trained", "--shots", 4, "--max-epochs", 2, "--out", adapter, *cpu) == 0
    for name in names[2:7]:
        shutil.copytree(sample_pictures / name, pictures / name)
    (pictures / names[2] / "zz broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    assert command("predict", adapter, pictures, "--out", tmp_path / "p.csv", *cpu) == 0
    with (tmp_path / "p.csv").open(newline="") as handle:
        table = {row["file_name"]: row for row in csv.DictReader(handle)}
    assert len(table) > 100
    in_turn, tasks = tmp_path / "in turn", tmp_path / "tasks"
    assert command("predict", adapter, pictures, "--out", in_turn, "--shard-size", 50, *cpu) == 0
    for number in (1, 2):
        asked = ("predict", adapter, in_turn / "pictures.txt", "--out", tasks, "--shard", f"{number}/2", *cpu)
        assert command(*asked) == 0
    assert command("shards", tasks) == 0
    answers = Counter(row["prediction"] for row in table.values() if not row["problem"])
    assert 0 < answers[NONE_OF_THESE] < answers.total()
    for out in (in_turn, tasks):
        assert not temporary(out)
        rows = {row["path"]: row for row in rows_of(out)}
        assert set(rows) == set(table)
        for path, row in rows.items():
            there = table[path]
            assert (row["prediction"] or "", bool(row["problem"])) == (there["prediction"], bool(there["problem"]))
            if not there["problem"]:
                assert row["zero_shot"] == there["zero_shot"]
                assert row["confidence"] == pytest.approx(float(there["confidence"]), abs=2e-4)
                assert len(row["probabilities"]) == 4
                assert sum(row["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_what_shards_need_is_said(
    tmp_path: Path, adapter: Path, pictures: Path, list_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    size, out = ("--shard-size", 2), ("--out", tmp_path / "o")
    for arguments, code, said in (
        ((pictures, *size), 2, "with --out"),
        ((pictures, *size, "--out", "-"), 2, "with --out"),
        ((pictures, *size, *out, "--json", "-"), 2, "cannot be combined with shards"),
        (("-", *size, *out), 2, "cannot read paths from standard input"),
        ((pictures, "--shard", "1/2", *out), 2, "--shard divides a list, since a folder may change meanwhile"),
        ((list_file, "--shard", "1/2", "--ray", "local", *out), 2, "--ray does all shards"),
        ((list_file, "--shard", "1/1000000", *out), 1, "1,000,000 shards are too many"),
        ((pictures, *size, "--out", tmp_path / "file"), 1, "is a file. Shards need a folder"),
        ((pictures, *size, "--out", tmp_path / "no" / "o"), 1, f"The folder {tmp_path / 'no'} does not exist"),
        ((tmp_path / "empty", *size, *out), 1, "There are no pictures in"),
        ((pictures, *size, *out, "--classes", "a,A"), 2, "'A' is given twice"),
    ):
        assert command("predict", adapter, *arguments) == code, said
        assert said in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
    for given in ("0/3", "4/3", "3", "a/b"):
        with pytest.raises(SystemExit, match="2"):
            command("predict", adapter, list_file, *out, "--shard", given)
