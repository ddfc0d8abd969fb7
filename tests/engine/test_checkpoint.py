"""The adapter file: the same logits in another process, and a sentence for every file that is not as it should be."""

from __future__ import annotations

import errno
import json
import os
import pickle
import struct
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import DEFAULT_METHOD, Recipe, Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.backbones.starter import starter_fingerprint
from mma_desktop.engine.checkpoint import (
    FORMAT_VERSION,
    WITHOUT_TRANSDUCTION,
    CheckpointHeader,
    check_backbone,
    load,
    read_header,
    save,
)
from mma_desktop.engine.evaluation.metrics import logits, name_inputs
from mma_desktop.engine.methods.adapter import Adapter, build_adapter, sizes_of
from mma_desktop.engine.methods.method_table import VISUAL_HEAD, WITH_HEAD
from mma_desktop.engine.training.trainer import train

from .cases import make_data

HEADER = CheckpointHeader(
    method="multi-modal-adapter",
    options={"share": 0.3, "mask": "exclusive", "adapt_text": True, "down": "factorised", "up": "mlp"}
    | {"block": "attention", "heads": 2, "image_map": False, "visual_head": False},
    backbone="starter",
    fingerprint="0123456789ab",
    embed_dim=32,
    logit_scale=30.0,
    classes=(("étoile de mer", Role.BASE), ("lemon", Role.BASE), ("umbrella", Role.NEW)),
    prompt_template="a photo of a {}.",
    shots=16,
    seed=7,
    metrics={"adapted": {"base": 91.25, "new": None}},
    split_hashes={"shot": "0" * 64},
    project="/somewhere/My photos.mma",
)


@pytest.fixture
def adapter() -> Adapter:
    return build_adapter(HEADER.method, HEADER.embed_dim, HEADER.logit_scale, HEADER.options, seed=5)


@pytest.fixture
def good(tmp_path: Path, adapter: Adapter) -> Path:
    path = tmp_path / "good.safetensors"
    save(path, adapter, HEADER)
    return path


def written(path: Path, adapter: Adapter, change: dict[str, Any] | None = None, **tensors: torch.Tensor | None) -> Path:
    """A file as `save` writes it, but for some header values and tensors; None leaves one out."""
    values = {**json.loads(HEADER.to_json()), **(change or {})}
    values = {name: value for name, value in values.items() if value is not ...}
    state = {**adapter.state_dict(), **{name.replace("__", "."): tensor for name, tensor in tensors.items()}}
    state = {name: tensor.contiguous() for name, tensor in state.items() if tensor is not None}
    safetensors.torch.save_file(state, path, {"mma_desktop": json.dumps(values)})
    return path


ROUND_TRIPS: tuple[tuple[str, dict[str, Any]], ...] = (
    (DEFAULT_METHOD, {}),
    (DEFAULT_METHOD, {VISUAL_HEAD: False}),
    ("multi-modal-adapter", {}),
    ("multi-modal-adapter", {VISUAL_HEAD: True}),
    ("multi-modal-adapter", WITH_HEAD),
    ("linear-probe", {}),
)
READ_AGAIN = """
import sys
from pathlib import Path
import numpy as np
from mma_desktop.engine.checkpoint import load
from mma_desktop.engine.evaluation.metrics import logits
for folder in map(Path, sys.argv[1:]):
    adapter, header = load(folder / "adapter.safetensors")
    given = np.load(folder / "in.npz")
    np.save(folder / "out.npy", logits(adapter, given["images"], given["texts"]))
    print(header.class_names[0] == "\xe9toile de mer", adapter.training)
"""


def test_round_trip_in_a_fresh_process(tmp_path: Path) -> None:
    data, expected = make_data(), {}
    for number, (method, options) in enumerate(ROUND_TRIPS):
        folder = tmp_path / str(number)
        folder.mkdir()
        result = train(data, method, options, recipe=Recipe(max_epochs=3))
        header = replace(
            HEADER,
            method=method,
            embed_dim=data.embed_dim,
            logit_scale=data.logit_scale,
            options=options,
            sizes=sizes_of(result.adapter, method, options),
        )
        save(folder / "adapter.safetensors", result.adapter, header)
        texts = name_inputs(result.adapter, data.class_names, data.text_features)
        np.savez(folder / "in.npz", images=data.test.features, texts=texts)
        expected[folder] = logits(result.adapter, data.test.features, texts)
    command = [sys.executable, "-W", "error", "-c", READ_AGAIN, *map(str, expected)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "False"] * len(ROUND_TRIPS)
    for folder, numbers in expected.items():
        assert np.array_equal(np.load(folder / "out.npy"), numbers), folder.name


def test_header_comes_back_as_it_was(good: Path) -> None:
    adapter, header = load(good)
    assert header == HEADER == read_header(good)
    assert (adapter.embed_dim, adapter.logit_scale) == (32, 30.0)
    assert header.class_names == ("étoile de mer", "lemon", "umbrella")
    assert header.roles == (Role.BASE, Role.BASE, Role.NEW)
    assert set(header.versions) == {"mma-desktop", "python", "torch", "safetensors"}


def test_options_left_out_come_back_with_their_defaults(tmp_path: Path) -> None:
    adapter = build_adapter("multi-modal-adapter", 32, 30.0)
    save(tmp_path / "a.safetensors", adapter, replace(HEADER, options={}))
    assert read_header(tmp_path / "a.safetensors").options["down"] == "factorised"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_may_have_a_name_that_is_not_unicode(good: Path) -> None:
    path = good.rename(good.with_name(os.fsdecode(b"caf\xe9.safetensors")))
    assert load(path)[1] == read_header(path)


def test_zero_shot_has_a_file_without_tensors(tmp_path: Path) -> None:
    header = replace(HEADER, method="zero-shot", options={})
    save(tmp_path / "z.safetensors", build_adapter("zero-shot", 32, 30.0), header)
    adapter, found = load(tmp_path / "z.safetensors")
    assert found == header
    assert adapter.parameter_count() == 0


def test_file_is_plain_safetensors(good: Path, adapter: Adapter) -> None:
    tensors = safetensors.torch.load_file(good)
    assert tensors.keys() == adapter.state_dict().keys()
    assert all(torch.equal(tensors[name], value) for name, value in adapter.state_dict().items())


# --------------------------------------------------------------------------------------
# refused


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04" + bytes(100), pickle.dumps({"a": 1}), b"\xff\xd8\xff" + bytes(64)]
)
def test_another_kind_of_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    for read in (load, read_header):
        with pytest.raises(UserError, match="not an adapter file"):
            read(path)


def test_safetensors_of_someone_else(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    safetensors.torch.save_file({"x": torch.zeros(3)}, path)
    with pytest.raises(UserError, match="not an adapter file"):
        load(path)


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "nothing.safetensors", "There is no model file"), (tmp_path, "is a folder")):
        with pytest.raises(UserError, match=told):
            load(path)


def test_far_too_large(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "MAX_FILE_BYTES", 100)
    with pytest.raises(UserError, match="at most 100"):
        load(good)


def test_what_the_model_reads_is_in_the_header(tmp_path: Path, adapter: Adapter) -> None:
    path = tmp_path / "a.safetensors"
    save(path, adapter, replace(HEADER, reads={"étoile de mer": "starfish"}))
    _, header = load(path)
    assert header.reads == {"étoile de mer": "starfish"}
    assert header.texts == {"étoile de mer": "starfish", "lemon": "lemon", "umbrella": "umbrella"}


@pytest.mark.parametrize(
    "reads",
    [
        {"banana": "banana"},
        {"lemon": ""},
        {"lemon": "x" * 201},
        {"lemon": 3},
        ["lemon"],
        {f"name {number}": "text" for number in range(4_000)},
    ],
)
def test_texts_that_no_training_leaves_are_refused(tmp_path: Path, adapter: Adapter, reads: Any) -> None:
    path = written(tmp_path / "odd.safetensors", adapter, {"reads": reads})
    with pytest.raises(UserError, match=r"damaged|cannot be used"):
        load(path)


def test_only_a_file_with_transduction_is_of_the_newest_format(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = replace(make_data(base=0, new=5, shots=0, validation=0), unlabelled=make_data(base=0, new=5).test.features)
    result = train(data, transductive=True)
    sizes = sizes_of(result.adapter, DEFAULT_METHOD, {})
    assert sizes == {"rank": 1, "classes": 0, "row": 32, "names": 5}
    header, path = replace(HEADER, method=DEFAULT_METHOD, options={}, sizes=sizes), tmp_path / "new.safetensors"
    save(path, result.adapter, header)
    texts = name_inputs(result.adapter, data.class_names, data.text_features)
    found = (logits(adapter, data.test.features, texts) for adapter in (result.adapter, load(path)[0]))
    assert np.array_equal(*found)
    assert b'\\"format_version\\": 6,' in good.read_bytes()
    assert b'\\"format_version\\": 7,' in path.read_bytes()
    with pytest.raises(ValueError, match="damaged"):
        save(path, result.adapter, replace(header, sizes={**sizes, "names": 4}))
    monkeypatch.setattr(checkpoint, "FORMAT_VERSION", 6)
    assert load(good)
    with pytest.raises(UserError, match="newer version"):
        load(path)


def test_an_adapter_from_before_its_method_was_renamed_is_read(tmp_path: Path) -> None:
    data = make_data()
    adapter = train(data, DEFAULT_METHOD).adapter
    sizes = sizes_of(adapter, DEFAULT_METHOD, {})
    header, path = (
        replace(HEADER, method="multi-modal-adapter-plus", options={}, sizes=sizes),
        tmp_path / "old.safetensors",
    )
    save(path, adapter, header)
    assert b"multi-modal-adapter-plus" in path.read_bytes()
    read_again, read_header_again = load(path)
    assert (read_header_again.method, read_header(path).method) == ("quick", "quick")
    texts = name_inputs(adapter, data.class_names, data.text_features)
    assert np.array_equal(*(logits(one, data.test.features, texts) for one in (adapter, read_again)))


@pytest.mark.parametrize("number", range(1, WITHOUT_TRANSDUCTION))
def test_older_format(tmp_path: Path, adapter: Adapter, number: int) -> None:
    path = written(tmp_path / "old.safetensors", adapter, {"format_version": number})
    for read in (load, read_header):
        with pytest.raises(UserError, match=r"before its first release\. Train again: labels and classes are"):
            read(path)


def test_a_threshold_that_files_of_this_format_may_have_is_passed_over(tmp_path: Path, adapter: Adapter) -> None:
    assert load(written(tmp_path / "a.safetensors", adapter, {"reject": 0.0}))[1] == HEADER


def test_fields_of_a_later_version_that_can_be_ignored_are(tmp_path: Path, adapter: Adapter) -> None:
    later = {"optional": ["colours", "unused"], "colours": {"lemon": "yellow"}}
    path = written(tmp_path / "later.safetensors", adapter, later)
    assert load(path)[1] == HEADER
    again = tmp_path / "again.safetensors"
    save(again, *load(path))
    assert b"optional" not in again.read_bytes(), "what is written today is read by who knows no optional fields"


@pytest.mark.parametrize(
    "later",
    [
        {"optional": ["colours"], "invention": 1},
        {"optional": {"invention": 1}, "invention": 1},
        {"optional": ["invention", 1], "invention": 1},
        {"optional": [f"field {number}" for number in range(1001)]},
        {"optional": ["seed"], "seed": ...},
        {"optional": ["seed"], "seed": "x"},
    ],
)
def test_fields_that_cannot_be_ignored_are_not(tmp_path: Path, adapter: Adapter, later: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="damaged"):
        load(written(tmp_path / "bad.safetensors", adapter, later))


def test_newer_format(tmp_path: Path, adapter: Adapter) -> None:
    path = written(tmp_path / "new.safetensors", adapter, {"format_version": FORMAT_VERSION + 1, "invention": 1})
    with pytest.raises(UserError, match="newer version of mma-desktop"):
        load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"format_version": 0},
        {"format_version": "1"},
        {"format_version": True},
        {"temperatures": {"adapted": 0.0, "zero_shot": 1.0}},
        {"temperatures": None},
        {"seed": ...},
        {"unknown": 1},
        {"embed_dim": 64},
        {"embed_dim": 10**9},
        {"embed_dim": 32.0},
        {"logit_scale": -1},
        {"logit_scale": "30"},
        {"logit_scale": 10**400},
        {"classes": []},
        {"classes": {}},
        {"classes": [["a", "old"]]},
        {"classes": [["a"]]},
        {"classes": [["a", "base"], ["A ", "new"]]},
        {"classes": [["", "base"]]},
        {"classes": [["a", ["base"]]]},
        {"prompt_template": ""},
        {"prompt_template": 3},
        {"seen_images": ["xyz"]},
        {"seen_images": "0123456789abcdef"},
        {"metrics": [1]},
        {"split_hashes": {"shot": 1}},
        {"shots": -1},
        {"shots": 1.5},
        {"created": "yesterday"},
        {"versions": {"torch": None}},
        {"project": 3},
        {"options": [1]},
        {"method": 7},
    ],
)
def test_header_value_out_of_line(tmp_path: Path, adapter: Adapter, change: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="damaged"):
        load(written(tmp_path / "bad.safetensors", adapter, change))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"logit_scale": -1}, "logit_scale cannot be -1"),
        ({"classes": [["a", "base"], ["b", "old"]]}, r"classes\.1\.1 cannot be 'old'"),
        ({"created": "x" * 900}, r"created cannot be 'xxxxxxxxxxxx\.\.\.xxxxxxxxxxxxx'"),
        ({"versions": {"a\u202eb" * 90: 1}}, "versions\\.a\ufffdb[^.]{,60} cannot be 1"),
        ({"versions": dict.fromkeys(map(str, range(2000)), 1)}, r"versions cannot be \{'0': 1, '1': 1, .*\.\.\.\}"),
        ({"seen_images": [1] * 100_000}, r"seen_images\.0 cannot be 1"),
    ],
)
def test_the_wrong_value_is_named_on_one_line(
    tmp_path: Path, adapter: Adapter, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(UserError, match=f"damaged or incomplete: {told}\\. Copy or export it again") as refused:
        load(written(tmp_path / "bad.safetensors", adapter, change))
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300 + len(str(tmp_path))


@pytest.mark.parametrize(
    "change", [{"method": "tipadapter"}, {"options": {"share": 3}}, {"options": {"colour": 1}}, {"embed_dim": 40}]
)
def test_method_that_is_not_known_here(tmp_path: Path, adapter: Adapter, change: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"cannot be used|does not fit"):
        load(written(tmp_path / "bad.safetensors", adapter, change))


@pytest.mark.parametrize(
    "text", ["{", "[]", "1", '{"format_version": NaN}', '{"format_version": 1e999}', "[" * 100_000]
)
def test_header_that_is_no_json_object(tmp_path: Path, adapter: Adapter, text: str) -> None:
    path = tmp_path / "bad.safetensors"
    safetensors.torch.save_file(adapter.state_dict(), path, {"mma_desktop": text})
    with pytest.raises(UserError, match="damaged"):
        load(path)


@pytest.mark.parametrize(
    "tensors",
    [
        {"expand__bias": torch.full((32,), float("nan"))},
        {"expand__bias": torch.full((32,), float("inf"))},
        {"expand__bias": torch.zeros(31)},
        {"expand__bias": torch.zeros(32, dtype=torch.float64)},
        {"expand__bias": None},
        {"extra": torch.zeros(1)},
    ],
)
def test_tensors_out_of_line(tmp_path: Path, adapter: Adapter, tensors: dict[str, torch.Tensor | None]) -> None:
    with pytest.raises(UserError, match="damaged"):
        load(written(tmp_path / "bad.safetensors", adapter, **tensors))


def test_truncated_anywhere(good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    path = tmp_path / "cut.safetensors"
    for size in {*range(0, len(content), 97), len(content) - 1}:
        path.write_bytes(content[:size])
        for read in (load, read_header):
            with pytest.raises(UserError, match=r"damaged|not an adapter file"):
                read(path)
    path.write_bytes(content + b"\0")
    for read in (load, read_header):
        with pytest.raises(UserError, match="damaged"):
            read(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), in_header=st.booleans())
def test_a_changed_byte_never_escapes_as_another_error(good: Path, place: float, value: int, in_header: bool) -> None:
    content = bytearray(good.read_bytes())
    end = 8 + struct.unpack("<Q", content[:8])[0] if in_header else len(content)
    content[int(place * end)] = value
    path = good.with_name("changed.safetensors")
    path.write_bytes(content)
    try:
        adapter, _ = load(path)
    except UserError:
        return
    assert all(torch.isfinite(parameter).all() for parameter in adapter.parameters())


@dataclass
class OtherBackbone:
    id: str = "starter"
    fingerprint: str = "0123456789ab"
    embed_dim: int = 32


def test_backbone_must_be_the_same() -> None:
    check_backbone(HEADER, OtherBackbone())
    with pytest.raises(UserError, match="trained with the backbone starter, not with ViT-B-32/openai"):
        check_backbone(HEADER, OtherBackbone(id="ViT-B-32/openai"))
    other = replace(HEADER, backbone="ViT-B-32/openai")
    check_backbone(other, OtherBackbone(id="ViT-B-32/openai"))
    with pytest.raises(UserError, match="other weights or other preprocessing"):
        check_backbone(other, OtherBackbone("ViT-B-32/openai", "ba9876543210"))


def test_an_adapter_of_another_starter_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"the starter of another version of mma-desktop\. Train again: labels and"):
        check_backbone(HEADER, OtherBackbone(fingerprint=starter_fingerprint(), embed_dim=1280))


# --------------------------------------------------------------------------------------
# writing


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path, adapter: Adapter) -> None:
    path = tmp_path / "a.safetensors"
    for header in (
        replace(HEADER, embed_dim=48),
        replace(HEADER, classes=()),
        replace(HEADER, metrics={"base": float("nan")}),
        replace(HEADER, prompt_template=""),
    ):
        with pytest.raises(ValueError, match=r"."):
            save(path, adapter, header)
    assert not path.exists()


def test_a_full_disk_leaves_the_old_file(good: Path, adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    before = good.read_bytes()

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as handle:
            handle.write(data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match="disk is full"):
        save(good, adapter, HEADER)
    assert good.read_bytes() == before
    assert [path.name for path in good.parent.iterdir()] == [good.name]
