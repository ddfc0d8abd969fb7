"""A model without torch for tests of shards, which kills its own process where a picture's name says so."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import ImageSpec, Prediction, Ranked
from mma_desktop.engine.features.extraction import EncodedImage
from mma_desktop.media.decoding import read_hashed
from mma_desktop.services.batch.sharding.image_list import Shards, divided
from mma_desktop.services.batch.sharding.parts import Request, left_to_do
from mma_desktop.services.batch.sharding.shard import ShardJob, run_in_turn
from mma_desktop.services.predicting.classifier import InputImage

SPEC = ImageSpec(8, 8, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@dataclass
class Fake:
    """Its answers are the shares of the colours."""

    pause: float = 0.0
    messages: tuple[str, ...] = ()
    image_spec: ImageSpec = SPEC

    def answered(
        self,
        images: Iterable[Path],
        classes: Sequence[str] | Mapping[str, str] | None = None,
        top_k: int = 5,
        *,
        none_share: float | None = None,
        keeps: bool = True,
        workers: int | None = None,
    ) -> Iterator[tuple[EncodedImage[InputImage], Prediction]]:
        assert classes is not None
        assert not keeps
        names = list(classes)
        for path in images:
            name, given = path.name, InputImage(str(path), path)
            if name.startswith("poison") or (name.startswith("once") and not _deaths(name)):
                with _marker(name).open("a") as marker:
                    marker.write("+")
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(self.pause * (2000 if "slow" in name else 1))
            try:
                digest, decode = read_hashed(path, SPEC)
                picture = decode()
            except UserError as error:
                yield EncodedImage(given, b"", error=error), Prediction(given.label, problem=str(error))
                continue
            means = picture.reshape(-1, 3).mean(0).astype(np.float64) + 1.0
            shares = means / means.sum()
            best = [Ranked(names[at], float(shares[at])) for at in np.argsort(-shares)]
            number = int("".join(filter(str.isdigit, name)) or 0)
            score = (0.6 if number % 4 else 0.2) + number / 1000  # every fourth picture shows something else
            none = best[0].confidence < (none_share or 0)
            found = Prediction(given.label, tuple(best[:top_k]), tuple(best[:1]), rejected=none, score=score)
            if number % 5 == 0:  # of a class that is only named
                found = replace(found, by_text=True, margin=-0.3 if number % 2 else 0.1)
            yield EncodedImage(given, digest), found


def _marker(name: str) -> Path:
    return Path(os.environ["SHARD_TEST_MARKERS"]) / name


def _deaths(name: str) -> int:
    return _marker(name).stat().st_size if _marker(name).exists() else 0


@dataclass(frozen=True)
class Load:
    """What loads the model; `refuse` is what it says in place of loading."""

    pause: float = 0.0
    refuse: str = ""

    def __call__(self) -> Fake:
        if self.refuse:
            raise UserError(self.refuse)
        return Fake(self.pause, ("told by the model",))


def make_pictures(folder: Path, count: int = 40) -> Path:
    """Small pictures of three colours, two files that are none, and a link to nothing."""
    folder.mkdir()
    rng = np.random.default_rng(5)
    for number in range(count):
        pixels = rng.integers(0, 90, (12, 12, 3), np.uint8)
        pixels[..., number % 3] += np.uint8(100)
        Image.fromarray(pixels).save(folder / f"{number:03}.png")
    (folder / "004 empty.png").touch()
    (folder / "020 text.png").write_text("no picture at all, just a text")
    (folder / "021 gone.png").symlink_to(folder / "nowhere.png")
    return folder


def twelve(folder: Path, mark: str) -> Path:
    """Twelve red pictures, a mark before the name of the sixth."""
    folder.mkdir()
    for number in range(12):
        Image.new("RGB", (12, 12), "red").save(folder / f"{mark if number == 5 else ''}{number:02}.png")
    return folder


def shards_of(out: Path, *sources: Path, size: int = 8, turn: tuple[int, int] | None = None) -> Shards:
    return divided(sources, out, size, CancelToken(), turn)


def request_for(shards: Shards) -> Request:
    """What is asked of `Fake` with these pictures."""
    named = ("a" * 64, "fake", "f00d", ("red", "green", "blue"), "{}")
    return Request(*named, 2, shards.pictures, shards.sha256, shards.count, none_share=0.4)


def job_for(out: Path, shards: Shards, load: Load | None = None, **changed: Any) -> ShardJob:
    return ShardJob(out, replace(request_for(shards), **changed), load or Load(), 2, shards.problems)


def predicted(
    out: Path, *sources: Path, size: int = 8, turn: tuple[int, int] | None = None, **changed: Any
) -> list[int]:
    """Do in this process what is to be done; the numbers of the shards that were."""
    shards = shards_of(out, *sources, size=size, turn=turn)
    job = job_for(out, shards, **changed)
    todo = left_to_do(out, job.request, shards.sizes)
    run_in_turn(job, shards, todo, job.load(), CancelToken())
    return todo


def rows_of(out: Path) -> list[dict[str, Any]]:
    """The rows of all parts, one after another."""
    return [row for path in sorted(out.glob("part-*.parquet")) for row in pq.read_table(path).to_pylist()]


def hashes(folder: Path) -> dict[str, str]:
    """Every file of results with the SHA-256 of its bytes."""
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(folder.glob("*.parquet"))}


def temporary(folder: Path) -> list[str]:
    return [str(one) for one in folder.rglob("*") if ".tmp" in one.name]
