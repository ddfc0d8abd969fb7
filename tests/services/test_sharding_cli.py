"""`mma-desktop predict` into a folder and `mma-desktop shards`, with a real adapter on the starter."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from mma_desktop import __main__
from mma_desktop.cli import shards
from mma_desktop.core.types import Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.methods.adapter import build_adapter
from mma_desktop.engine.methods.strangers import LEVELS, Claims, Strangers
from tests.services.shard_fakes import Load, hashes, make_pictures, temporary


def command(*arguments: object) -> int:
    return __main__.main([str(one) for one in arguments])


def save_adapter(
    path: Path, fingerprint: str, embed_dim: int, logit_scale: float, strangers: Strangers | None = None
) -> Path:
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
        strangers=strangers,
    )
    built = build_adapter("zero-shot", embed_dim, logit_scale, {})
    if strangers is not None:
        built.claims = Claims(strangers.width, len(header.base_keys))
    checkpoint.save(path, built, header)
    return path


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_adapter(tmp_path_factory.mktemp("adapter") / "a.safetensors", "f00d", 32, 30.0)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pictures(tmp_path_factory.mktemp("shards") / "pictures")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence(
    tmp_path: Path,
    adapter: Path,
    pictures: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *how: opened(Path("/dev/full") if path.name == "all" else path, *how)
    )
    out = tmp_path / "out"
    assert command("predict", adapter, pictures, "--out", out, "--shards", 2) == 1
    assert "The disk is full" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_it_predicts_goes_on_and_checks(
    tmp_path: Path,
    adapter: Path,
    pictures: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shards, "Loader", lambda *_: Load())
    out = tmp_path / "out"
    asked = ("predict", adapter, pictures, "--out", out, "--shards", 3)
    assert command(*asked, "--shard", "2/3", "--workers", 1) == 0
    assert sorted(hashes(out)) == ["part-00001.errors.parquet", "part-00001.parquet"]
    capsys.readouterr()
    assert command("shards", out) == 1
    assert "2 shards missing: part-00000, part-00002.\n" in capsys.readouterr().err
    assert command(*asked, "--workers", 2) == 0
    said = capsys.readouterr()
    assert said.out == (
        f"28 pictures classified, 1 with a problem, in 2 shards; 14 pictures were done before. See {out}.\n"
    )
    assert "told by the model\n" in said.err
    assert command("shards", out) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert {"balloon 14", "banana 13", "umbrella 13", "pictures 40", "empty file 1", "problems 3"} < set(lines)
    assert lines[-1] == "All 3 shards with 43 pictures are there."
    assert command("predict", adapter, pictures, "--out", out) == 0
    assert "0 shards; 43 pictures were done before." in capsys.readouterr().out


def test_a_shard_that_is_left_is_named_and_the_code_is_one(
    tmp_path: Path,
    adapter: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shards, "Loader", lambda *_: Load())
    monkeypatch.setenv("SHARD_TEST_MARKERS", str(tmp_path))
    folder = make_pictures(tmp_path / "pictures", 4)
    (folder / "001.png").rename(folder / "poison.png")
    code = command("predict", adapter, folder, "--out", tmp_path / "out", "--shard-size", 6, "--workers", 1)
    assert code == 1
    said = capsys.readouterr().err
    assert "part-00001 was given up: its worker died (signal 9), 2 times.\n" in said
    assert "1 shard could not be processed." in said


@pytest.mark.slow
def test_a_folder_of_parts_says_what_the_table_says(
    tmp_path: Path, sample_pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backbone = load_backbone("starter", "cpu")
    dim, scale = backbone.embed_dim, backbone.logit_scale
    adapter = save_adapter(tmp_path / "a.safetensors", backbone.fingerprint, dim, scale)
    pictures = tmp_path / "pictures"
    for name in ("balloon", "banana", "umbrella"):
        (pictures / name).mkdir(parents=True)
        for path in sorted((sample_pictures / name).iterdir())[:13]:
            shutil.copy(path, pictures / name)
    (pictures / "banana" / "zz broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    out, cpu = tmp_path / "out", ("--device", "cpu")
    assert command("predict", adapter, pictures, "--out", tmp_path / "p.csv", *cpu) == 0
    capsys.readouterr()
    assert command("predict", adapter, pictures, "--out", out, "--workers", 2, "--shard-size", 14, *cpu) == 0
    assert capsys.readouterr().out == f"39 pictures classified, 1 with a problem, in 3 shards. See {out}.\n"
    assert not temporary(out)
    with (tmp_path / "p.csv").open(newline="") as handle:
        table = {row["file_name"]: row for row in csv.DictReader(handle)}
    rows = [row for path in sorted(out.glob("part-?????.parquet")) for row in pq.read_table(path).to_pylist()]
    assert [row["path"] for row in rows] == [name for name, row in table.items() if not row["problem"]]
    for row in rows:
        there = table[row["path"]]
        assert (row["prediction"], row["zero_shot"]) == (there["prediction"], there["zero_shot"])
        assert row["confidence"] == pytest.approx(float(there["confidence"]), abs=2e-4)
        assert len(row["probabilities"]) == 3
        assert sum(row["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert command("shards", out) == 0
    said = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    counts = Counter(row["prediction"] for row in rows)
    assert {f"{name} {count}" for name, count in counts.items()} | {"pictures 39", "problems 1"} < set(said)
    assert said[-1] == "All 3 shards with 40 pictures are there."
    assert command("predict", adapter, pictures, "--out", out, *cpu) == 0
    assert "0 shards; 40 pictures were done before." in capsys.readouterr().out
    (out / "part-00001.parquet").unlink()
    assert command("shards", out) == 1
    assert "1 shard missing: part-00001.\n" in capsys.readouterr().err


def test_a_plan_is_only_a_plan(
    tmp_path: Path, adapter: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert command("predict", adapter, pictures, "--out", out, "--plan", "--shards", 8) == 0
    assert capsys.readouterr().out == "43 pictures in 8 shards, 8 of them left to do.\n"
    assert hashes(out) == {}
    assert (out / "manifest.json").exists()


def test_a_plan_needs_the_model_only_to_estimate_the_share_of_none_of_these(
    tmp_path: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = tuple(np.linspace(-1, 1, LEVELS).tolist())
    strangers = Strangers(levels, levels, ((0.0, 1.0),), 32)
    adapter = save_adapter(tmp_path / "a.safetensors", "f00d", 32, 30.0, strangers)  # its backbone refuses to load
    (tmp_path / "empty").mkdir()
    for number, (given, code, said) in enumerate(
        (
            ((pictures,), 1, "trained with the starter of another version"),
            ((tmp_path / "empty",), 1, f"There are no pictures in {tmp_path / 'empty'}."),
            ((pictures, "--none-share", 0.2), 0, "43 pictures in 1 shard, 1 of them left to do."),
            ((pictures, "--everything-gets-a-name"), 0, "43 pictures in 1 shard, 1 of them left to do."),
        )
    ):
        assert command("predict", adapter, *given, "--plan", "--out", tmp_path / f"out-{number}") == code
        assert said in "".join(capsys.readouterr())


def test_what_shards_need_is_said(
    tmp_path: Path, adapter: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    for arguments, code, said in (
        ((pictures, "--workers", 2), 2, "with --out"),
        ((pictures, "--workers", 2, "--out", "-"), 2, "with --out"),
        ((pictures, "--workers", 2, "--out", tmp_path / "o", "--json", "-"), 2, "cannot be combined with shards"),
        (("-", "--workers", 2, "--out", tmp_path / "o"), 2, "cannot read paths from standard input"),
        ((pictures, "--workers", 2, "--out", tmp_path / "file"), 1, "is a file. Shards need a folder"),
        ((pictures, "--workers", 2, "--out", tmp_path / "no" / "o"), 1, f"The folder {tmp_path / 'no'} does not exist"),
        ((tmp_path / "empty", "--plan", "--out", tmp_path / "o"), 1, "There are no pictures in"),
        ((pictures, "--plan", "--out", tmp_path / "o", "--classes", "a,A"), 2, "'A' is given twice"),
    ):
        assert command("predict", adapter, *arguments) == code
        assert said in capsys.readouterr().err
    for given in ("0/3", "4/3", "3", "a/b"):
        with pytest.raises(SystemExit, match="2"):
            command("predict", adapter, pictures, "--out", tmp_path / "o", "--shard", given)
