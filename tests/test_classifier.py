"""The public classifier: the order of its answers, and decoding ahead of the encoder."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import safetensors.torch
from numpy.typing import NDArray

from mma_desktop import load_classifier
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.evaluation.calibration import Temperatures
from mma_desktop.engine.features.extraction import BATCH
from mma_desktop.media import decoding
from mma_desktop.services.predicting import classifier as classifier_module
from mma_desktop.services.predicting.classifier import Ranker
from tests.strangers.test_current_folder import zero_shot


class SlowBackbone:
    """Knows two directions; notes how many pictures were decoded when each of its batches begins and ends."""

    messages = ()
    embed_dim, logit_scale, many_languages, takes_names = 2, 1.0, False, False
    device = SimpleNamespace(type="none")  # so that no text is kept
    layout, image_spec = RowLayout.plain(2), ImageSpec(4, 4, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))

    def __init__(self, decoded: list[str]) -> None:
        self.decoded = decoded
        self.during: list[tuple[int, int]] = []

    def encode_texts(self, texts: list[str]) -> NDArray[np.float32]:
        """(N, 2) unit vectors."""
        return np.eye(2, dtype=np.float32)[[number % 2 for number in range(len(texts))]]

    def encode_images(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, 2) unit vectors, after a while."""
        before = len(self.decoded)
        time.sleep(0.05)
        self.during.append((before, len(self.decoded)))
        return np.eye(2, dtype=np.float32)[np.zeros(len(pictures), int)]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was decoded so far; files named "bad" cannot be."""
    names: list[str] = []
    lock = threading.Lock()

    def decode(source: Any, _spec: Any) -> NDArray[np.uint8]:
        time.sleep(0.002)
        with lock:
            names.append(threading.current_thread().name)
        if isinstance(source, Path) and source.name.startswith("bad"):
            raise UserError(f"{source.name}: no picture")
        return np.zeros((4, 4, 3), np.uint8)

    def read_hashed(source: Any, spec: Any) -> tuple[bytes, Callable[[], NDArray[np.uint8]]]:
        if not isinstance(source, Path):
            return real(source, spec)
        return hashlib.sha256(source.name.encode()).digest(), partial(decode, source, spec)

    monkeypatch.setenv("MMA_CACHE_GB", "0")
    real = decoding.read_hashed
    monkeypatch.setattr(decoding, "decode", decode)
    monkeypatch.setattr(classifier_module, "read_hashed", read_hashed)
    return names


def make(decoded: list[str]) -> tuple[Ranker, SlowBackbone]:
    """A classifier of two classes that decodes with `decode` of this test."""
    from mma_desktop.engine.methods.adapter import build_adapter

    backbone = SlowBackbone(decoded)
    header = SimpleNamespace(
        method="zero-shot",
        classes=(("a", "base"), ("b", "base")),
        open_set=None,
        prompt_template="{}",
        texts={"a": "a", "b": "b"},
        given_texts={"a": "a", "b": "b"},
        class_names=("a", "b"),
        base_keys=frozenset("ab"),
        context=lambda _names: [],
        trained=lambda names: np.ones(len(names), bool),
        temperatures=Temperatures(),
    )
    return Ranker(build_adapter("zero-shot", 2, 1.0, {}), header, backbone), backbone  # type: ignore[arg-type]


def test_files_are_decoded_while_the_encoder_works_and_answers_keep_their_order(decoded: list[str]) -> None:
    classifier, backbone = make(decoded)
    files = [Path(f"bad {number}" if number % 7 == 3 else f"good {number}") for number in range(5 * BATCH)]
    found = classifier.rank(files)
    assert [one.source for one in found] == [str(path) for path in files]
    assert [bool(one.problem) for one in found] == [path.name.startswith("bad") for path in files]
    assert any(after > before for before, after in backbone.during)
    assert 1 <= len(set(decoded)) <= 4
    assert all(name.startswith("mma-decode") for name in set(decoded))


def test_no_more_than_a_bounded_number_of_files_is_read_ahead(decoded: list[str]) -> None:
    classifier, _ = make(decoded)
    asked = 0

    def files() -> Iterator[Path]:
        nonlocal asked
        for number in range(1000):
            asked = number + 1
            yield Path(f"good {number}")

    answers = classifier.predict_each(files())
    next(answers)
    assert asked <= 3 * BATCH + 4 + 1
    answers.close()  # type: ignore[attr-defined]
    assert not [one for one in threading.enumerate() if one.name.startswith("mma-decode")]


def test_pictures_in_memory_are_decoded_where_they_are_asked_for(decoded: list[str]) -> None:
    classifier, _ = make(decoded)
    classifier.rank([np.zeros((4, 4, 3), np.uint8)] * 3)
    assert set(decoded) == {threading.main_thread().name}


def test_the_digest_is_of_the_bytes_that_were_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm_starter: None
) -> None:
    path, other = zero_shot(tmp_path / "a.safetensors"), tmp_path / "b.safetensors"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    parse = safetensors.torch.load

    def replaced_meanwhile(data: bytes) -> dict[str, Any]:
        other.write_bytes(path.read_bytes() + b"another file")
        other.replace(path)
        return parse(data)

    monkeypatch.setattr(safetensors.torch, "load", replaced_meanwhile)
    assert load_classifier(path, "cpu").digest == digest
