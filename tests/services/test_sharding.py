"""Shards: which pictures, how they are cut, what a part holds, and what is done again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tracemalloc
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Progress
from mma_desktop.core.types import ProblemKind
from mma_desktop.services.batch.sharding import parquet
from mma_desktop.services.batch.sharding.picture_list import listing
from mma_desktop.services.batch.sharding.resume import Request
from mma_desktop.services.batch.sharding.shard import run_shard
from mma_desktop.services.batch.sharding.shard_plan import MANIFEST, Plan, PlanWriter, ShardSize, read_plan
from mma_desktop.services.batch.sharding.shard_summary import summarise
from tests.services.shard_fakes import (
    SETTINGS,
    Fake,
    hashes,
    job,
    make_pictures,
    prepared,
    request,
    temporary,
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return make_pictures(tmp_path / "pictures")


def run(asked: Request, turn: tuple[int, int] | None = None) -> list[int]:
    """Do in this process what is to be done; which shards that was."""
    todo = prepared(asked, turn)
    for index in todo.shards:
        run_shard(job(todo), index, Fake())
    return list(todo.shards)


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
    first = run(request(out, pictures))
    assert run(request(out, pictures)) == []
    todo = prepared(request(out, pictures), replan=True)
    assert (todo.shards, len(first)) == ((), 6)


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
            prepared(request(tmp_path / "out", tmp_path / name))
        assert not temporary(tmp_path)


# ------------------------------------------------------------------------------ cutting


@pytest.mark.parametrize(
    ("cut", "sizes"), [(ShardSize(20), [20, 20, 3]), (ShardSize(None, 4), [10, 11, 11, 11]), (ShardSize(99), [43])]
)
def test_shards_together_are_the_listing(tmp_path: Path, pictures: Path, cut: ShardSize, sizes: list[int]) -> None:
    plan = prepared(Request(tmp_path / "out", SETTINGS, [pictures], cut)).plan
    assert [shard.pictures for shard in plan.shards] == sizes
    listed = [path for shard in plan.shards for path in plan.paths(shard)]
    assert listed == sorted(pictures.iterdir())
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text())
    assert (manifest["format"], manifest["pictures"], manifest["settings"]["adapter_sha256"]) == (2, 43, "a" * 64)
    assert read_plan(tmp_path / "out") == plan


def test_more_shards_than_pictures_make_no_empty_ones(tmp_path: Path, pictures: Path) -> None:
    plan = prepared(Request(tmp_path / "out", SETTINGS, [pictures], ShardSize(None, 99))).plan
    assert [shard.pictures for shard in plan.shards] == [1] * 43


@pytest.mark.parametrize("cut", [ShardSize(250), ShardSize(None, 80)])
def test_a_long_listing_is_never_all_in_memory(tmp_path: Path, cut: ShardSize) -> None:
    count = 20_000
    # Few names, and kept: Python remembers those that paths are made of, which is not to be counted.
    names = [Path(f"/somewhere/with/a/long/name/that/goes/on/picture {number:09}.jpg") for number in range(100)]

    def plan_of(folder: Path) -> Plan:
        draft = PlanWriter(folder, cut)
        for number in range(count):
            draft.add(names[number % 100])
        return draft.finish(SETTINGS, [])

    plan_of(tmp_path / "first")
    tracemalloc.start()
    plan = plan_of(tmp_path / "second")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(plan.shards), plan.pictures) == (80, count)
    assert peak < 50 * count  # their bytes alone are 62 each


def test_a_list_that_was_changed_is_not_predicted(tmp_path: Path, pictures: Path) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    place = todo.plan.folder / todo.plan.lists / "part-00001.paths"
    place.write_bytes(place.read_bytes().replace(b"009", b"010"))
    with pytest.raises(UserError, match="has changed since it was planned"):
        run_shard(job(todo), 1, Fake())
    assert prepared(request(tmp_path / "out", pictures), replan=True).plan.shards == todo.plan.shards
    run_shard(job(todo), 1, Fake())


# ------------------------------------------------------------------------------ what a part holds


def test_a_part_has_a_row_for_each_picture_and_errors_have_the_rest(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    run(request(out, pictures, size=None))
    part, errors = pq.read_table(out / "part-00000.parquet"), pq.read_table(out / "part-00000.errors.parquet")
    assert part.column("probabilities").type == pa.list_(pa.float32())
    rows = part.to_pylist()
    assert [row["path"] for row in rows] == [f"{pictures}/{number:03}.png" for number in range(40)]
    assert {row["prediction"] for row in rows} == {"red", "green", "blue"}
    first = rows[0]
    assert (first["prediction"], first["classes"][0], len(first["classes"])) == ("red", "red", 2)
    assert first["confidence"] == first["probabilities"][0] > first["probabilities"][1]
    assert first["content_hash"].hex() == hashlib.sha256((pictures / "000.png").read_bytes()).hexdigest()
    assert [(row["path"], row["kind"]) for row in errors.to_pylist()] == [
        (f"{pictures}/004 empty.png", ProblemKind.EMPTY.value),
        (f"{pictures}/020 text.png", ProblemKind.NOT_AN_IMAGE.value),
        (f"{pictures}/021 gone.png", ProblemKind.VANISHED.value),
    ]
    assert errors.to_pylist()[2]["reason"] == "the link points to a file that is not there"
    about = json.loads(part.schema.metadata[parquet.METADATA_KEY])
    assert about["adapter_sha256"] == "a" * 64
    assert about["fingerprint"] == "f00d"
    assert json.loads(errors.schema.metadata[parquet.METADATA_KEY]) == about


def test_below_the_threshold_it_is_none_of_these(tmp_path: Path, pictures: Path) -> None:
    run(request(tmp_path / "out", pictures, size=None, settings=replace(SETTINGS, none_share=0.99)))
    (row, *_) = pq.read_table(tmp_path / "out" / "part-00000.parquet").to_pylist()
    assert (row["prediction"], row["classes"][0]) == (NONE_OF_THESE, "red")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are Unicode there")
def test_a_name_that_is_no_unicode_is_kept_exactly(tmp_path: Path, pictures: Path) -> None:
    odd = os.fsencode(pictures) + b"/\xff odd\n\\name.png"
    os.rename(os.fsencode(pictures / "000.png"), odd)  # noqa: PTH104
    (tmp_path / "list.txt").write_bytes(b"pictures/001.png\npictures/\xfe gone.png\n")
    run(request(tmp_path / "out", pictures, tmp_path / "list.txt", size=None))
    rows = pq.read_table(tmp_path / "out" / "part-00000.parquet").to_pylist()
    (kept,) = [row for row in rows if row["path_bytes"] is not None]
    assert kept["path_bytes"] == odd
    assert kept["path"] == f"{pictures}/\\xff odd\n\\name.png"
    errors = pq.read_table(tmp_path / "out" / "part-00000.errors.parquet").to_pylist()
    assert errors[-1]["path_bytes"] == os.fsencode(pictures) + b"/\xfe gone.png"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, pictures: Path) -> None:
    closed = pictures / "closed"
    closed.mkdir(mode=0)
    todo = prepared(request(tmp_path / "out", pictures))
    assert [(path, kind) for path, kind, _ in todo.plan.unlisted] == [(str(closed), "unreadable")]


def test_a_folder_that_leads_back_to_itself_is_told(tmp_path: Path, pictures: Path) -> None:
    (pictures / "loop").symlink_to(pictures)
    run(request(tmp_path / "out", pictures))
    found = summarise(tmp_path / "out")
    assert found.plan.unlisted == ((f"{pictures}/loop", "link loop", "the link leads back to a folder above it"),)
    assert (found.errors["link loop"], found.errors.total(), found.classes.total()) == (1, 4, 40)


# ------------------------------------------------------------------------------ what is done again


def test_finished_shards_are_not_done_again(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    assert run(request(out, pictures)) == [0, 1, 2, 3, 4, 5]
    before = hashes(out)
    (out / "part-00002.parquet").unlink()
    (out / "part-00004.errors.parquet").write_bytes(b"PAR1 cut off")
    todo = prepared(request(out, pictures))
    assert (todo.shards, todo.finished) == ((2, 4), 43 - 16)
    assert todo.notes == (f"Using the list of 43 pictures from {todo.plan.created[:10]}; --plan lists them again.",)
    assert run(request(out, pictures, size=None)) == [2, 4]
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
def test_results_of_other_settings_are_never_mixed(
    tmp_path: Path, pictures: Path, change: dict[str, object], words: str
) -> None:
    out = tmp_path / "out"
    run(request(out, pictures))
    other = replace(SETTINGS, **change)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=f"was planned with {words}"):
        prepared(request(out, pictures, settings=other), (1, 2))
    assert len(hashes(out)) == 12
    todo = prepared(request(out, pictures, settings=other))
    assert todo.notes == (f"6 shards were made with {words} and are computed again.",)
    assert (todo.shards, hashes(out)) == ((0, 1, 2, 3, 4, 5), {})
    assert summarise(out).missing == [shard.name for shard in todo.plan.shards]


def test_pictures_that_came_later_are_found_when_the_list_is_made_anew(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    run(request(out, pictures))
    (pictures / "999.png").write_bytes((pictures / "000.png").read_bytes())
    assert run(request(out, pictures)) == []
    todo = prepared(request(out, pictures), replan=True)
    assert todo.notes == ("1 shard was made with another list of pictures and is computed again.",)
    assert (todo.shards, todo.plan.pictures) == ((5,), 44)
    assert [one.name for one in out.glob("lists-*")] == [todo.plan.lists]


def test_another_cut_leaves_nothing_of_the_former(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    run(request(out, pictures))
    todo = prepared(request(out, pictures, size=30))
    assert todo.notes[0] == f"Removed 8 files of an earlier, longer plan from {out}."
    assert todo.shards == (0, 1)
    assert not hashes(out)


@pytest.mark.parametrize("name", ["part-00000.parquet", "part-00099.errors.parquet"])
def test_files_of_another_program_are_neither_replaced_nor_removed(tmp_path: Path, pictures: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_bytes(b"somebody's")
    with pytest.raises(UserError, match=f"{name} exists and is damaged"):
        prepared(request(out, pictures))
    assert [one.name for one in out.iterdir()] == [name]
    assert (out / name).read_bytes() == b"somebody's"


def test_folders_that_are_named_nearly_like_its_lists_stay(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    (out / "lists-of-birds").mkdir(parents=True)
    (out / "lists-0123456789ab").mkdir()
    todo = prepared(request(out, pictures))
    assert sorted(one.name for one in out.glob("lists-*")) == sorted(["lists-of-birds", todo.plan.lists])


def test_finished_shards_are_kept_where_the_manifest_was_removed(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    run(request(out, pictures))
    (out / MANIFEST).unlink()
    assert run(request(out, pictures)) == []


def test_shares_of_a_batch_are_together_the_whole(tmp_path: Path, pictures: Path) -> None:
    whole, shared = tmp_path / "whole", tmp_path / "shared"
    run(request(whole, pictures))
    assert run(request(shared, pictures), (2, 3)) == [1, 4]
    found = summarise(shared)
    assert (found.whole, found.missing) == (False, ["part-00000", "part-00002", "part-00003", "part-00005"])
    assert run(request(shared, pictures), (1, 3)) == [0, 3]
    assert run(request(shared, pictures), (3, 3)) == [2, 5]
    assert hashes(shared) == hashes(whole)
    assert summarise(shared).whole
    with pytest.raises(UserError, match="planned for different pictures or shards"):
        prepared(request(shared, pictures, size=30), (1, 3))


def test_a_part_of_another_plan_is_found_by_the_check(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    run(request(out, pictures))
    (out / "part-00001.parquet").write_bytes((out / "part-00000.parquet").read_bytes())
    found = summarise(out)
    assert (found.other, found.missing, found.whole) == (["part-00001"], [], False)


def test_a_newer_or_damaged_manifest_is_refused(tmp_path: Path, pictures: Path) -> None:
    out = tmp_path / "out"
    prepared(request(out, pictures))
    place = out / MANIFEST
    text = place.read_text()
    for changed, said in (
        (text.replace('"format": 2', '"format": 3'), "newer version"),
        (text[:99], "Cannot read"),
        ("[" * 100_000, "Cannot read"),
        (text.replace('"backbone": "', '"backbone": ["a"], "b": "'), r"\(settings\.backbone cannot be \['a'\]\)"),
        (text.replace("part-00000", "../part-00000"), "lists files that are not from a prediction"),
        (text.replace('"lists": "', '"lists": "../'), "lists files that are not from a prediction"),
    ):
        place.write_text(changed)
        with pytest.raises(UserError, match=said):
            prepared(request(out, pictures))
    with pytest.raises(UserError, match="not a prediction folder"):
        summarise(pictures)


def test_one_cut_of_none_of_these_is_found_for_all_shards(tmp_path: Path, pictures: Path) -> None:
    seen: list[int] = []

    def cut(paths: Sequence[Path]) -> Generator[Progress, None, float]:
        seen.append(len(paths))
        yield Progress(1, len(paths))
        return 0.99

    answers = []
    for size in (8, 20):
        asked = replace(request(tmp_path / f"out-{size}", pictures, size=size), none_cut=cut)
        plan = prepared(asked).plan
        assert plan.settings.none_cut == 0.99
        run(asked)
        rows = [
            row for part in sorted(plan.folder.glob("part-*[0-9].parquet")) for row in pq.read_table(part).to_pylist()
        ]
        answers.append([row["prediction"] for row in rows])
    assert answers[0] == answers[1]
    assert NONE_OF_THESE in answers[0]
    assert seen == [43, 43], "once for each plan"
    assert prepared(replace(request(tmp_path / "out-20", pictures, size=20), none_cut=cut), replan=True).finished == 43
    assert seen == [43, 43], "a list made anew keeps it"


def test_a_cut_of_none_of_these_is_found_after_a_share_that_was_given(tmp_path: Path, pictures: Path) -> None:
    def cut(paths: Sequence[Path]) -> Generator[Progress, None, float]:
        yield Progress(1, len(paths))
        return 0.99

    for share in (0.0, 0.5, None):  # --none-share 0, --none-share 0.5 and --everything-gets-a-name
        out = tmp_path / f"out-{share}"
        given = request(out, pictures, settings=replace(SETTINGS, none_share=share))
        estimated = replace(request(out, pictures, settings=replace(SETTINGS, none_share=0.0)), none_cut=cut)
        assert prepared(given).plan.settings.none_cut is None
        run(given)
        with pytest.raises(UserError, match="another share of None of these"):
            prepared(estimated, (1, 2))
        again = prepared(estimated)
        assert (again.plan.settings.none_cut, again.finished) == (0.99, 0)
        run(given)
        assert prepared(estimated, replan=True).plan.settings.none_cut == 0.99


def test_a_plan_without_pictures_has_no_cut_to_find_yet(tmp_path: Path) -> None:
    seen: list[int] = []

    def cut(paths: Sequence[Path]) -> Generator[Progress, None, float]:
        seen.append(len(paths))
        yield Progress(1, len(paths))
        return 0.99

    (tmp_path / "empty").mkdir()
    asked = replace(request(tmp_path / "out", tmp_path / "empty"), none_cut=cut)
    assert prepared(asked).plan.pictures == 0
    assert not seen
    make_pictures(tmp_path / "later", 3).rename(tmp_path / "empty" / "later")
    assert prepared(asked, replan=True).plan.settings.none_cut == 0.99
    assert seen == [6], "the empty plan had none"
