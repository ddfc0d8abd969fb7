"""Adapter files, feature files, feature caches and JSON from strangers: used, or refused with a sentence, never run."""

from __future__ import annotations

import json
import os
import pickle
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.settings import BY_NAME, Settings
from mma_desktop.core.types import Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.checkpoint import CheckpointHeader
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.features.feature_file import read_feature_file
from mma_desktop.engine.methods.adapter import Sizes, build_adapter
from mma_desktop.engine.methods.visual_head import name_codes
from mma_desktop.services.batch.benchmark.runner import read_results
from mma_desktop.services.batch.benchmark.sources import list_images

HEADER = CheckpointHeader(
    method="quick",
    backbone="starter",
    fingerprint="0123456789ab",
    embed_dim=16,
    logit_scale=30.0,
    classes=(("lemon", Role.BASE), ("mug", Role.BASE), ("umbrella", Role.NEW)),
    prompt_template="a photo of a {}.",
    shots=4,
    seed=7,
    sizes={"rank": 6, "classes": 2, "row": 20},
)
COUNTS = [150, pytest.param(6000, marks=pytest.mark.slow)]


@pytest.fixture
def adapter_file(tmp_path: Path) -> Path:
    path = tmp_path / "good.safetensors"
    sizes = Sizes(**HEADER.sizes)
    adapter = build_adapter(HEADER.method, HEADER.embed_dim, HEADER.logit_scale, sizes=sizes, trained=True)
    checkpoint.save(path, adapter, HEADER)
    return path


@pytest.fixture
def feature_file(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    tensors: dict[str, Any] = {"text_features": rng.normal(size=(3, 8)).astype(np.float32)}
    for part in ("train", "val", "test"):
        tensors[f"{part}_features"] = rng.normal(size=(6, 8)).astype(np.float16)
        tensors[f"{part}_labels"] = np.arange(6) % 3
    path = tmp_path / "features.safetensors"
    safetensors.numpy.save_file(tensors, path, {"class_names": '["a", "b", "c"]', "logit_scale": "50"})
    return path


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A safetensors file with flipped bits, a cut, another length of its header, or a header changed as JSON."""
    out = bytearray(data)
    end = 8 + struct.unpack("<Q", data[:8])[0]
    way = chance.randrange(6)
    if way == 0:
        for _ in range(chance.randint(1, 8)):
            out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    elif way == 1:
        del out[chance.randrange(len(out)) :]
    elif way == 2:
        out[:8] = struct.pack("<Q", chance.choice((0, 1, 2, end, end + 1, 2**31, 2**63, 2**64 - 1)))
    elif way == 3:
        at = chance.randrange(8, end)
        out[at : at + chance.randint(1, 30)] = chance.choice(JUNK)
    else:
        header = json.loads(data[8:end])
        changed = change(header, chance)
        text = json.dumps(changed).encode() if way == 4 else json.dumps(changed).replace("8", "1e400").encode()
        out = bytearray(struct.pack("<Q", len(text)) + text + data[end:])
    return bytes(out)


JUNK = (b"[" * 3000, b'"\\ud800"', b"1e999", b"9" * 5000, b"NaN", b"\0", b"\xff", b'"a":1,"a":2', b"null", b"-1", b"{}")
VALUES = (None, True, -1, 0, 2**31, 2**63, 2**64, 10**30, 0.5, "", "x" * 10_000, "\ud800", "..", [], {}, [[]], [1, 2])


def change(value: Any, chance: random.Random) -> Any:
    """One thing somewhere in a JSON value is another, is twice, or is gone; what is JSON in a text is changed too."""
    if isinstance(value, str) and value[:1] in "{[" and len(value) > 1:
        return json.dumps(change(json.loads(value), chance))
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(list(value))
        if chance.random() < 0.15:
            return {name: one for name, one in value.items() if name != key}
        return {**value, key: change(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.7:
        at = chance.randrange(len(value))
        return [*value[:at], change(value[at], chance), *value[at + 1 :]]
    return chance.choice(VALUES)


def fuzz(path: Path, read: Callable[[Path], object], count: int) -> int:
    """Read damaged copies of a file; how many were refused. Nothing but a sentence may come of one."""
    good = path.read_bytes()
    read(path)
    refused = 0
    for number in range(count):
        bad = path.with_name("bad.safetensors")
        bad.write_bytes(damaged(good, random.Random(number)))
        try:
            read(bad)
        except UserError:
            refused += 1
    return refused


def use_adapter(path: Path) -> None:
    adapter, header = checkpoint.load(path)
    assert all(torch.isfinite(one).all() for one in adapter.state_dict().values())
    texts = torch.nn.functional.normalize(torch.ones(len(header.classes), header.embed_dim), dim=-1)
    names = torch.cat([texts, name_codes(header.class_names)], dim=1) if adapter.head is not None else texts
    adapter(torch.ones(2, header.embed_dim if adapter.head is None else adapter.head.width), names)
    checkpoint.read_header(path)
    checkpoint.save(path, adapter, header)  # what was read can be written


@pytest.mark.parametrize("count", COUNTS)
def test_adapter_files(adapter_file: Path, count: int) -> None:
    assert fuzz(adapter_file, use_adapter, count) > count / 2


@pytest.mark.parametrize("count", COUNTS)
def test_feature_files(feature_file: Path, count: int) -> None:
    assert fuzz(feature_file, read_feature_file, count) > count / 2


def test_numbers_that_are_none_are_refused_when_they_are_loaded(adapter_file: Path, feature_file: Path) -> None:
    for path, read in ((adapter_file, checkpoint.load), (feature_file, read_feature_file)):
        with safetensors.safe_open(path, "numpy") as file:
            tensors, metadata = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118
        name = next(one for one, tensor in tensors.items() if tensor.dtype.kind == "f" and tensor.size)
        for number in (np.nan, np.inf, -np.inf):
            broken = tensors[name].copy()
            broken.flat[-1] = number
            safetensors.numpy.save_file({**tensors, name: broken}, path, metadata)
            with pytest.raises(UserError, match=r"damaged|holds something that is not a number"):
                read(path)


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float8_e4m3fn, torch.float64, torch.bool, torch.complex64])
def test_tensors_of_any_type(feature_file: Path, kind: torch.dtype) -> None:
    tensors = safetensors.torch.load_file(feature_file)
    for name in ("text_features", "test_labels"):
        changed = {**tensors, name: tensors[name].to(kind)}
        safetensors.torch.save_file(changed, feature_file, {"class_names": '["a", "b", "c"]'})
        if name == "text_features" and kind.is_floating_point:
            read_feature_file(feature_file)
        else:
            with pytest.raises(UserError, match=r"a matrix of floating numbers|not one whole number"):
                read_feature_file(feature_file)


class Ran(Exception):  # noqa: N818 - a sign
    """What is raised when something in a file was run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("import sys; sys.was_run = True",))


@pytest.mark.parametrize("read", [checkpoint.load, checkpoint.read_header, read_feature_file])
def test_a_pickle_is_not_run(tmp_path: Path, read: Callable[[Path], object]) -> None:
    path = tmp_path / "adapter.safetensors"
    torch.save({"x": Ran()}, path)
    for data in (path.read_bytes(), pickle.dumps(Ran())):
        path.write_bytes(data)
        with pytest.raises(UserError):
            read(path)
    assert not hasattr(sys, "was_run")
    pickle.loads(pickle.dumps(Ran()))
    assert sys.__dict__.pop("was_run"), "and it would have been seen"


HUGE = """
import sys
from pathlib import Path
from importing import peak_mib
from mma_desktop.core.errors import UserError
from mma_desktop.engine import checkpoint
from mma_desktop.engine.features.feature_file import read_feature_file
before = peak_mib()
for path in sys.argv[1:]:
    for read in (checkpoint.load, checkpoint.read_header, read_feature_file):
        try:
            read(Path(path))
            if read is not checkpoint.read_header:  # which does not see the tensors
                sys.exit(f"{path} was read")
        except UserError:
            pass
sys.stdout.write(str(peak_mib() - before))
"""


def test_claims_of_gigabytes_take_no_memory(tmp_path: Path, adapter_file: Path) -> None:
    good = adapter_file.read_bytes()
    end = 8 + struct.unpack("<Q", good[:8])[0]
    table = json.loads(good[8:end])
    ours = json.loads(table["__metadata__"]["mma_desktop"])

    def written(name: str, header: bytes, size: int) -> Path:
        path = tmp_path / name
        with path.open("wb") as handle:
            handle.write(struct.pack("<Q", len(header)) + header)
            handle.truncate(handle.tell() + size)
        return path

    def claiming(**values: Any) -> bytes:
        meta = {"mma_desktop": json.dumps({**ours, **values})}
        return json.dumps({**table, "__metadata__": meta}).encode()

    huge = {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42]}
    paths = [
        written("wide", claiming(embed_dim=16384), len(good) - end),
        written("many", claiming(method="clap", options={}, sizes={"classes": 1 << 24}), len(good) - end),
        written("rank", claiming(sizes={"rank": 1 << 24, "classes": 2, "row": 20}), len(good) - end),
        written("rows", claiming(sizes={"rank": 6, "classes": 1 << 24, "row": 1 << 24}), len(good) - end),
        written("shots", claiming(method="tip-adapter-f", options={}, sizes={"classes": 9, "shots": 1 << 24}), 9),
        written("tensor", json.dumps({**table, "x": huge}).encode(), 99),
        written("header", b"{" + b" " * (30 << 20), 0),
        written("levels", b'{"a":' + b"[" * (10 << 20), 0),
        written("sparse", good[8:end], 600 << 20),
        written("larger", good[8:end], 9 << 30),
    ]
    done = subprocess.run(
        [sys.executable, "-c", HUGE, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])},
    )
    assert done.returncode == 0, done.stderr
    assert 0 < float(done.stdout) < 1024


# --------------------------------------------------------------------------------------
# feature caches


def cache_of(folder: Path) -> FeatureCache:
    return FeatureCache(folder, 4)


@pytest.fixture
def cache_folder(tmp_path: Path) -> Path:
    with closing(cache_of(tmp_path / "cache")) as cache:
        rows = np.random.default_rng(0).normal(size=(19, 4)).astype(np.float32)
        cache.append([bytes([number] * 32) for number in range(1, 20)], rows)
    return tmp_path / "cache"


@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=pytest.mark.slow)])
def test_any_damage_of_a_feature_cache(cache_folder: Path, count: int) -> None:
    good = {path.name: path.read_bytes() for path in cache_folder.iterdir()}
    rows_of_cache = FeatureCache(cache_folder, 4).gather_rows([bytes([number] * 32) for number in range(1, 20)])
    refused = 0
    for number in range(count):
        chance = random.Random(number)
        for name, data in good.items():
            (cache_folder / name).write_bytes(data)
        path = cache_folder / chance.choice(("meta.json", "features.f16", "sums.bin", "hashes.bin"))
        data = bytearray(path.read_bytes())
        way = chance.randrange(3)
        if way == 0:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif way == 1:
            del data[chance.randrange(len(data)) :]
        else:
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 9)] = chance.choice(JUNK)
        path.write_bytes(data)
        try:
            with closing(cache_of(cache_folder)) as cache:
                images = np.array([bytes([number] * 32) for number in range(1, 20)], "S32")
                cache.verify(images)
                known = cache.rows(images) >= 0
                np.testing.assert_array_equal(cache.gather_rows(images[known]), rows_of_cache[known])
                cache.append([b"\x77" * 32], np.ones((1, 4), np.float32))
        except UserError:
            refused += 1
    assert refused > count / 10


def test_features_that_are_no_numbers_are_refused(cache_folder: Path) -> None:
    (cache_folder / "features.f16").write_bytes(np.full((19, 4), np.nan, np.float16).tobytes())
    with pytest.raises(UserError, match="were damaged"):
        cache_of(cache_folder).gather([b"\x01" * 32])


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("name", ["meta.json", "features.f16", "sums.bin", "hashes.bin", "write.lock"])
def test_a_cache_that_links_elsewhere_is_refused(cache_folder: Path, tmp_path: Path, name: str) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes((cache_folder / name).read_bytes() + b"\0" * 1000)
    (cache_folder / name).unlink()
    (cache_folder / name).symlink_to(mine)
    before = mine.read_bytes()
    with pytest.raises(UserError, match="is a link"):
        cache_of(cache_folder).append([b"\x77" * 32], np.ones((1, 4), np.float32))
    assert mine.read_bytes() == before
    link = tmp_path / "linked"
    link.symlink_to(tmp_path)
    with pytest.raises(UserError, match="is a link"):
        cache_of(link)


# --------------------------------------------------------------------------------------
# JSON

TEXT = st.text(max_size=8) | st.sampled_from(["..", "../a.jpg", "/a.jpg", "CON", "C:\\a", "a\0b", "x" * 300, "\ud800"])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
ROW = st.tuples(TEXT, st.integers(-1, 3) | ANY, TEXT | ANY).map(list)
SPLIT = st.fixed_dictionaries({part: st.lists(ROW | ANY, max_size=4) | ANY for part in ("train", "val", "test")})
FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FAST
@given(content=SPLIT.map(json.dumps).map(str.encode) | ANY.map(json.dumps).map(str.encode) | st.binary(max_size=40))
def test_splits(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "split_zhou_x.json"
    path.write_bytes(content)
    with pytest.raises(UserError):
        list_images(path, None, CancelToken())  # refused before it is imported


@pytest.mark.parametrize(
    "name",
    ["../a.jpg", "/etc/passwd", "C:\\a.jpg", "\\\\host\\a.jpg", "a/../../b.jpg", "CON", "a/NUL.jpg", "a:b", "a\0b"],
)
def test_pictures_of_a_split_stay_below_their_folder(tmp_path: Path, name: str) -> None:
    path = tmp_path / "split_zhou_x.json"
    path.write_text(json.dumps({"train": [["a.jpg", 0, "a"], [name, 1, "b"]], "val": [], "test": []}))
    (tmp_path / "a.jpg").write_bytes(b"x")
    for place in (path, Path(f"{path}={tmp_path}")):
        with pytest.raises(UserError, match="at least two classes"):
            list_images(place, None, CancelToken())


CELL = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("base", "new", "all", "h", "seconds", "epochs", "parameters", "more"), ANY)
)
SHELF = st.fixed_dictionaries({"version": st.integers(0, 3) | ANY, "cells": st.dictionaries(TEXT, CELL) | ANY})


@FAST
@given(content=SHELF.map(json.dumps).map(str.encode) | st.binary(max_size=40))
def test_results_of_a_benchmark(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(content)
    try:
        known = read_results(path)
    except UserError:
        return
    for one in known.values():
        assert all(value is None or type(value) in {int, float} for value in astuple(one))


@FAST
@given(
    values=st.dictionaries(st.sampled_from(sorted(BY_NAME)), ANY, max_size=4) | ANY,
    window=st.dictionaries(TEXT, ANY, max_size=2) | ANY,
    recent=st.lists(ANY, max_size=3) | ANY,
    version=st.integers(0, 3) | ANY,
)
def test_settings(tmp_path: Path, values: Any, window: Any, recent: Any, version: Any) -> None:
    data = {"version": version, "values": values, "window": window, "recent": recent}
    (tmp_path / "settings.json").write_text(json.dumps(data))
    found = Settings(tmp_path)
    for name, one in BY_NAME.items():
        assert one.accepts(found.get(name))
    found.set("shots", 7 if found.get("shots") != 7 else 8)
    assert Settings(tmp_path).get("shots") in {7, 8}
