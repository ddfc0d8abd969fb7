"""Shards: which pictures, how they are divided, what a part holds, what is done again, and the share for all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ProblemKind
from mma_desktop.engine.methods.open_set import QUANTILES, OpenSetModel
from mma_desktop.media.scan import Found
from mma_desktop.services.batch.sharding import image_list, parts
from mma_desktop.services.batch.sharding.image_list import listing
from mma_desktop.services.batch.sharding.parts import left_to_do, summarise
from tests.services.shard_fakes import hashes, make_pictures, predicted, request_for, rows_of, shards_of, temporary


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return make_pictures(tmp_path / "pictures")


@pytest.fixture
def list_file(tmp_path: Path, pictures: Path) -> Path:
    place = tmp_path / "list.txt"
    place.write_text("".join(f"pictures/{path.name}\n" for path in sorted(pictures.iterdir())))
    return place


# ------------------------------------------------------------------------------ which pictures


def test_lists_and_folders_are_read_in_the_order_they_are_given(tmp_path: Path, pictures: Path) -> None:
    (tmp_path / "some.txt").write_bytes(b"\xef\xbb\xbfpictures/003.png\r\n\r\n/elsewhere/b.png\n")
    (tmp_path / "table.csv").write_text('label,File_Name\ncat,"pictures/00, 1.png"\ndog\n')
    asked = [tmp_path / "table.csv", pictures / "002.png", tmp_path / "some.txt"]
    found = [os.fspath(one.path) for one in listing(asked, tmp_path / "out")]
    assert found == [
        f"{tmp_path}/pictures/00, 1.png",
        f"{tmp_path}/pictures/002.png",
        f"{tmp_path}/pictures/003.png",
        "/elsewhere/b.png",
    ]


def test_what_lies_in_the_folder_of_results_is_no_picture_of_it(tmp_path: Path, pictures: Path) -> None:
    out = pictures / "out"
    assert predicted(out, pictures) == [1, 2, 3, 4, 5, 6]
    assert predicted(out, pictures) == []


@pytest.mark.parametrize("where", ["linked/out", "pictures/out"])
def test_nor_is_it_where_the_folder_is_a_link(where: str, tmp_path: Path, pictures: Path) -> None:
    link = tmp_path / "linked"
    link.symlink_to(pictures)
    out = (link if where.startswith("linked") else pictures) / "out"
    shutil.copytree(pictures, out / "kept", symlinks=True)
    sources = [link, pictures] if where.startswith("linked") else [link]
    assert not [one for one in listing(sources, out) if "kept" in os.fspath(one.path)]


def test_a_list_that_is_none_is_refused(tmp_path: Path, pictures: Path) -> None:
    (tmp_path / "wide.txt").write_text("a.png\n", "utf-16")
    (tmp_path / "table.csv").write_text("picture;label\na.png;cat\n")
    for name, said in (("wide.txt", "zero byte"), ("table.csv", "no path column"), ("gone.txt", "does not exist")):
        with pytest.raises(UserError, match=said):
            shards_of(tmp_path / "out", tmp_path / name)


# ------------------------------------------------------------------------------ dividing


@pytest.mark.parametrize(("size", "sizes"), [(20, [20, 20, 3]), (99, [43]), (43, [43])])
def test_shards_together_are_the_list(tmp_path: Path, pictures: Path, size: int, sizes: list[int]) -> None:
    shards = shards_of(tmp_path / "out", pictures, size=size)
    assert (list(shards.sizes.values()), shards.count, shards.pictures) == (sizes, len(sizes), 43)
    whole = b"".join(shards.paths(number) for number in shards.sizes)
    assert whole.split(b"\0")[:-1] == [os.fsencode(path) for path in sorted(pictures.iterdir())]
    assert shards.sha256 == hashlib.sha256(whole).hexdigest()


def test_a_turn_has_every_nth_picture_and_the_digest_of_all(tmp_path: Path, list_file: Path) -> None:
    whole = shards_of(tmp_path / "out", list_file, size=99)
    every = whole.paths(1).split(b"\0")[:-1]
    for number in (1, 2, 3):
        one = shards_of(tmp_path / "out", list_file, turn=(number, 3))
        assert one.paths(number).split(b"\0")[:-1] == every[number - 1 :: 3]
        assert (one.count, one.pictures, one.sha256) == (3, 43, whole.sha256)
    beyond = shards_of(tmp_path / "out", list_file, turn=(50, 50))
    assert (beyond.sizes, beyond.paths(50)) == ({50: 0}, b"")


@pytest.mark.parametrize("turn", [None, (7, 80)])
def test_a_long_list_is_compressed_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: tuple[int, int] | None
) -> None:
    count = 20_000

    def many(*_: object) -> Iterator[Found]:
        return (Found(f"/somewhere/with/a/long/name/that/goes/on/picture {number:09}.jpg") for number in range(count))

    monkeypatch.setattr(image_list, "listing", many)
    shards_of(tmp_path, size=250, turn=turn)
    tracemalloc.start()
    shards = shards_of(tmp_path, size=250, turn=turn)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (shards.count, shards.pictures) == (80, count)
    assert peak < 25 * count  # their bytes alone are 62 each


# ------------------------------------------------------------------------------ what a part holds


def test_a_part_has_a_row_for_each_picture(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    predicted(out, pictures, size=99)
    part = pq.read_table(out / "part-00001-of-00001.parquet")
    assert part.column("probabilities").type == pa.list_(pa.float32())
    rows = part.to_pylist()
    assert [row["path"] for row in rows] == [str(path) for path in sorted(pictures.iterdir())]
    good = [row for row in rows if row["problem"] is None]
    assert {row["prediction"] for row in good} == {"red", "green", "blue"}
    first = good[0]
    assert (first["prediction"], first["classes"][0], len(first["classes"])) == ("red", "red", 2)
    assert first["confidence"] == first["probabilities"][0] > first["probabilities"][1]
    assert first["content_hash"].hex() == hashlib.sha256((pictures / "000.png").read_bytes()).hexdigest()
    assert [(row["path"], row["problem"], row["prediction"]) for row in rows if row["problem"] is not None] == [
        (f"{pictures}/004 empty.png", ProblemKind.EMPTY.value, None),
        (f"{pictures}/020 text.png", ProblemKind.NOT_AN_IMAGE.value, None),
        (f"{pictures}/021 gone.png", ProblemKind.VANISHED.value, None),
    ]
    assert rows[23]["reason"] == "the link points to a file that is not there"
    about = json.loads(part.schema.metadata[parts.REQUEST])
    assert (about["adapter_sha256"], about["fingerprint"], about["pictures"]) == ("a" * 64, "f00d", 43)


def test_with_a_share_that_was_given_it_is_none_of_these_at_once(tmp_path: Path, pictures: Path) -> None:
    predicted(tmp_path / "out", pictures, none_share=0.99)
    row = rows_of(tmp_path / "out")[0]
    assert (row["prediction"], row["classes"][0]) == (NONE_OF_THESE, "red")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are Unicode there")
def test_a_name_that_is_no_unicode_is_kept_exactly(tmp_path: Path, pictures: Path) -> None:
    odd = os.fsencode(pictures) + b"/\xff odd\n\\name.png"
    os.rename(os.fsencode(pictures / "000.png"), odd)  # noqa: PTH104
    (tmp_path / "list.txt").write_bytes(b"pictures/001.png\npictures/\xfe gone.png\n")
    predicted(tmp_path / "out", pictures, tmp_path / "list.txt")
    rows = rows_of(tmp_path / "out")
    kept, gone = [row for row in rows if row["path_bytes"] is not None]
    assert kept["path_bytes"] == odd
    assert kept["path"] == f"{pictures}/\\xff odd\n\\name.png"
    assert gone["path_bytes"] == os.fsencode(pictures) + b"/\xfe gone.png"
    assert gone["problem"] == ProblemKind.VANISHED.value


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_read_is_a_row(tmp_path: Path, pictures: Path) -> None:
    closed = pictures / "closed"
    closed.mkdir(mode=0)
    predicted(tmp_path / "out", pictures)
    assert [row["problem"] for row in rows_of(tmp_path / "out") if row["path"] == str(closed)] == ["unreadable"]


def test_a_folder_that_leads_back_to_itself_is_a_row(tmp_path: Path, pictures: Path) -> None:
    (pictures / "loop").symlink_to(pictures)
    predicted(tmp_path / "out", pictures)
    (row,) = [row for row in rows_of(tmp_path / "out") if row["problem"] == "link loop"]
    assert (row["path"], row["reason"]) == (f"{pictures}/loop", "the link leads back to a folder above it")
    found = summarise(tmp_path / "out")
    assert (found.problems["link loop"], found.problems.total(), found.classes.total()) == (1, 4, 40)


# ------------------------------------------------------------------------------ what is done again


def test_shards_whose_part_is_there_are_skipped(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    assert predicted(out, pictures) == [1, 2, 3, 4, 5, 6]
    before = hashes(out)
    (out / "part-00003-of-00006.parquet").unlink()
    assert predicted(out, pictures) == [3]
    assert hashes(out) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"adapter_sha256": "b" * 64}, "another adapter"),
        ({"fingerprint": "beef"}, "another backbone"),
        ({"classes": ("red", "green", "violet")}, "other class names"),
        ({"none_share": 0.5}, "another share of None of these"),
        ({"top_k": 1}, "another --top-k"),
    ],
)
def test_results_of_other_requests_are_never_mixed(
    tmp_path: Path, pictures: Path, change: dict[str, object], words: str
) -> None:
    out = tmp_path / "out"
    predicted(out, pictures)
    before = hashes(out)
    with pytest.raises(UserError, match=f"00001-of-00006.parquet was made with {words}. Give another folder"):
        predicted(out, pictures, **change)
    with pytest.raises(UserError, match="another number of shards"):
        predicted(out, pictures, size=30)
    assert hashes(out) == before


def test_after_pictures_came_the_list_of_then_can_be_named(tmp_path: Path, pictures: Path, list_file: Path) -> None:
    out = tmp_path / "out"
    predicted(out, pictures)
    (out / "part-00002-of-00006.parquet").unlink()
    (pictures / "000 new.png").write_bytes((pictures / "000.png").read_bytes())
    with pytest.raises(UserError, match=r"another list of pictures\. Give another folder with --out\. Nothing was"):
        predicted(out, pictures)
    list_file.rename(out / parts.LIST)
    with pytest.raises(UserError, match=rf"go on with the list of then: {out}/pictures\.txt\. Nothing was changed"):
        predicted(out, pictures)
    (out / parts.LIST).write_text((out / parts.LIST).read_text().replace("pictures/", f"{pictures}/"))
    assert predicted(out, out / parts.LIST) == [2]
    assert summarise(out).whole


@pytest.mark.parametrize("name", ["part-00001-of-00006.parquet", "part-00099-of-00100.parquet"])
def test_files_of_another_program_are_neither_replaced_nor_removed(tmp_path: Path, pictures: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_bytes(b"somebody's")
    with pytest.raises(UserError, match=f"{name} is damaged or not from a prediction"):
        predicted(out, pictures)
    assert [one.name for one in out.iterdir()] == [name]
    assert (out / name).read_bytes() == b"somebody's"


def test_a_turn_looks_at_no_part_of_another(tmp_path: Path, list_file: Path) -> None:
    out = tmp_path / "out"
    assert predicted(out, list_file, turn=(2, 3)) == [2]
    (out / "part-00001-of-00003.parquet").write_bytes(b"half of one")
    assert predicted(out, list_file, turn=(3, 3)) == [3]
    assert predicted(out, list_file, turn=(2, 3)) == []
    (out / "part-00001-of-00003.parquet").unlink()
    with pytest.raises(UserError, match="another number of shards"):
        predicted(out, list_file, turn=(1, 2))


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")
def test_killed_before_any_step_the_next_run_ends_with_the_same_bytes(tmp_path: Path, pictures: Path) -> None:
    command = [sys.executable, "-m", "tests.services.shard_killer", str(pictures), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    steps = int(done.stdout)
    assert steps >= 6  # two parts, each flushed, renamed, and its folder flushed
    expected = hashes(tmp_path / "whole")
    assert len(expected) == 2
    for step in range(1, steps + 1):
        assert hashes(tmp_path / str(step)) == expected, step
        assert not temporary(tmp_path / str(step)), step


# ------------------------------------------------------------------------------ all parts together

LOW, HIGH = np.linspace(0.1, 0.4, QUANTILES).tolist(), np.linspace(0.4, 0.8, QUANTILES).tolist()
TEXT = tuple(np.linspace(-0.1, 0.3, QUANTILES).tolist()), tuple(np.linspace(-0.5, -0.1, QUANTILES).tolist())
RATIOS = ((-8.0, 20.0), (-8.0, 20.0), (-8.0, 19.0))
STRANGERS = OpenSetModel(tuple(HIGH), tuple(LOW), RATIOS, 32, share=0.3, answers=8, text=TEXT)


def estimated(out: Path, *sources: Path, **how: object) -> list[tuple[str, str]]:
    """Predict with a share that is estimated over all shards; the path and answer of each picture."""
    turns = how.pop("turns", 0)
    for turn in [(number, turns) for number in range(1, turns + 1)] if isinstance(turns, int) and turns else [None]:
        predicted(out, *sources, turn=turn, none_share=None, strangers=json.loads(json.dumps(asdict(STRANGERS))), **how)
    assert summarise(out).whole
    return sorted((row["path"], row["prediction"]) for row in rows_of(out) if row["problem"] is None)


def test_the_share_of_none_of_these_does_not_depend_on_the_division(
    tmp_path: Path, pictures: Path, list_file: Path
) -> None:
    list_file.write_text(list_file.read_text() * 4)
    whole = estimated(tmp_path / "whole", list_file, size=999)
    none = [answer for _, answer in whole if answer == NONE_OF_THESE]
    assert 0 < len(none) < len(whole) == 160
    assert estimated(tmp_path / "many", list_file, size=8) == whole
    assert estimated(tmp_path / "turns", list_file, turns=3) == whole
    rows = [row for row in rows_of(tmp_path / "many") if row["problem"] is None]
    scores, margins = (np.array([row[name] for row in rows], np.float64) for name in ("score", "margin"))
    thresholds = STRANGERS.decide(scores, margins)[2]
    by_text = np.isfinite(margins)
    assert 0 < (margins < thresholds.margin).sum() < by_text.sum()
    assert np.where(by_text, margins < thresholds.margin, scores < thresholds.score).sum() == len(none)


def with_unclear(pictures: Path, numbers: range) -> list[Path]:
    """The pictures and some more, which are neither like the classes nor like strangers: the cut is among them."""
    for number in numbers:
        shutil.copy(pictures / "000.png", pictures / f"{number}.png")
    return sorted(pictures.iterdir())


def test_of_very_many_pictures_some_of_every_score_tell_the_share(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "list.txt"
    source.write_text("".join(f"{path}\n" for path in with_unclear(pictures, range(164, 172, 4))) * 16)
    whole = estimated(tmp_path / "whole", source, size=999)
    monkeypatch.setattr(parts, "MAX_SCORES", 160)  # every fourth, and every fourth in the list is a stranger
    assert estimated(tmp_path / "some", source, size=999) == whole


def test_parts_that_are_made_anew_change_the_answers_of_the_others(tmp_path: Path, pictures: Path) -> None:
    source = tmp_path / "list.txt"
    source.write_text("".join(f"{path}\n" * 4 for path in with_unclear(pictures, range(204, 220, 4))))
    whole = estimated(tmp_path / "whole", source)
    open_set = [pictures / f"{number:03}.png" for number in range(12, 40, 4)]
    for path in open_set:
        path.rename(tmp_path / path.name)
    out = tmp_path / "out"
    assert not set(estimated(out, source)) <= set(whole), "fewer strangers, another cut"
    for path in open_set:
        (tmp_path / path.name).rename(path)
    for part in sorted(out.glob("part-*")):
        if not {str(path) for path in open_set}.isdisjoint(pq.read_table(part).column("path").to_pylist()):
            part.unlink()
    assert estimated(out, source) == whole


def test_until_no_part_is_missing_nothing_is_decided(tmp_path: Path, list_file: Path) -> None:
    out = tmp_path / "out"
    open_set = json.loads(json.dumps(asdict(STRANGERS)))
    predicted(out, list_file, turn=(1, 2), none_share=None, strangers=open_set)
    before = hashes(out)
    found = summarise(out)
    assert (found.whole, found.missing, found.classes.total()) == (False, ["part-00002-of-00002.parquet"], 21)
    assert hashes(out) == before
    predicted(out, list_file, turn=(2, 2), none_share=None, strangers=open_set)
    assert summarise(out).whole
    decided = hashes(out)
    assert not set(decided.values()) & set(before.values())
    assert summarise(out).whole
    assert hashes(out) == decided, "decided once"
    assert predicted(out, list_file, turn=(2, 2), none_share=None, strangers=open_set) == []


def test_parts_that_are_damaged_or_of_another_prediction_are_found(tmp_path: Path, pictures: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    predicted(out, pictures)
    predicted(other, pictures, top_k=1)
    shutil.copy(other / "part-00002-of-00006.parquet", out)
    (out / "part-00004-of-00006.parquet").write_bytes(b"PAR1 cut off")
    pq.write_table(pa.table({"path": ["a"]}), out / "part-00005-of-00006.parquet")
    found = summarise(out)
    assert found.damaged == [f"part-0000{number}-of-00006.parquet" for number in (2, 4, 5)]
    assert (found.missing, found.whole) == ([], False)
    shutil.copy(out / "part-00001-of-00006.parquet", out / "part-00001-of-00007.parquet")
    with pytest.raises(UserError, match="parts of several predictions"):
        summarise(out)
    with pytest.raises(UserError, match="no part of a prediction"):
        summarise(pictures)


def test_rows_that_are_missing_are_found(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    predicted(out, pictures)
    place = out / "part-00004-of-00006.parquet"
    pq.write_table(pq.read_table(place).slice(1), place)
    with pytest.raises(UserError, match="lacks some of its 43 pictures"):
        summarise(out)


def test_a_part_of_a_newer_version_is_refused(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    shards = shards_of(out, pictures)
    predicted(out, pictures, format=parts.FORMAT_VERSION + 1)
    with pytest.raises(UserError, match="another version of the program"):
        left_to_do(out, replace(request_for(shards)), shards.sizes)
