"""Text features are encoded once for all processes of a machine, and are the same bits from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from mma_desktop.core import paths
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.features import shared_cache
from mma_desktop.engine.features.shared_cache import encode_texts

SPEC = ImageSpec(size=32, resize_to=32, mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25))


class Counting(Backbone):
    """Tells which texts it was asked for."""

    def __init__(self, fingerprint: str = "0" * 12, device: str = "cpu") -> None:
        super().__init__(
            "counting/one", fingerprint, RowLayout.plain(8), 10.0, SPEC, torch.device(device), nn.Identity()
        )
        self.candidates: list[str] = []

    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        self.candidates += texts
        return torch.stack(
            [torch.randn(8, generator=torch.Generator().manual_seed(sum(map(ord, one)))) for one in texts]
        )


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache" / "prepared"


def test_a_text_is_encoded_once_for_all_processes():
    first, later = Counting(), Counting()
    expected = first.encode_texts(["cat", "dog", "ox"])
    first.candidates.clear()
    np.testing.assert_array_equal(encode_texts(first, ["dog", "cat"]), expected[[1, 0]])
    np.testing.assert_array_equal(encode_texts(later, ["cat", "ox", "dog", "cat"]), expected[[0, 2, 1, 0]])
    assert (first.candidates, later.candidates) == (["dog", "cat"], ["ox"])


def test_another_version_of_a_backbone_has_features_of_its_own():
    encode_texts(Counting(), ["cat"])
    other = Counting("1" * 12)
    encode_texts(other, ["cat"])
    assert other.candidates == ["cat"]


def test_names_in_other_languages_are_encoded_anew_with_another_vocabulary(monkeypatch: pytest.MonkeyPatch):
    for takes, again in ((False, []), (True, ["\u2248Hund"])):
        one = Counting()
        one.takes_names = takes
        encode_texts(one, ["\u2248Hund"])
        with monkeypatch.context() as later:
            later.setattr(languages, "VOCABULARY_SHA256", "another one")
            one.candidates.clear()
            encode_texts(one, ["\u2248Hund"])
        assert one.candidates == again


class Broken(Counting):
    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        return torch.full((len(texts), 8), torch.nan)


def test_features_that_are_not_finite_are_returned_and_not_kept():
    assert np.isnan(encode_texts(Broken(), ["cat"])).all()
    assert np.isfinite(encode_texts(Counting(), ["cat"])).all()


def test_a_damaged_cache_and_no_folder_change_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch):
    expected = encode_texts(Counting(), ["cat", "dog"])
    (features,) = cache.glob("texts-*/features.f32")
    features.write_bytes(b"\xff" * features.stat().st_size)
    for asked in (["cat", "dog"], []):  # what is damaged is made again
        np.testing.assert_array_equal(encode_texts(one := Counting(), ["cat", "dog"]), expected)
        assert one.candidates == asked
    stored = np.fromfile(features, np.float32).reshape(-1, 8)
    stored[-1] = 1  # of the dog, whose first row is no longer found
    stored.tofile(features)
    np.testing.assert_array_equal(encode_texts(one := Counting(), ["cat", "dog"]), expected)
    assert one.candidates == ["dog"]
    monkeypatch.setattr(shared_cache, "usable_folder", lambda *_: None)
    np.testing.assert_array_equal(encode_texts(Counting(), ["cat", "dog"]), expected)


def test_a_cache_of_very_many_texts_begins_anew(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shared_cache, "MAX_TEXTS", 2)
    encode_texts(Counting(), ["a", "b", "c"])
    encode_texts(Counting(), ["d"])
    (hashes,) = cache.glob("texts-*/hashes.bin")
    assert hashes.stat().st_size == 32
