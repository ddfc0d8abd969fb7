"""A model without torch for tests of shards, which kills its own process where a picture's name says so."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageSpec, Prediction, Ranked
from mma_desktop.services.batch.sharding.resume import RemainingWork, Request, prepare
from mma_desktop.services.batch.sharding.shard import Job
from mma_desktop.services.batch.sharding.shard_plan import Settings, ShardSize
from tests.steps import value

SETTINGS = Settings("a" * 64, "fake", "f00d", ("red", "green", "blue"), "{}", 2, none_share=0.4)
SPEC = ImageSpec(8, 8, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@dataclass
class Fake:
    """Its answers are the shares of the colours."""

    pause: float = 0.0
    messages: tuple[str, ...] = ()
    image_spec: ImageSpec = SPEC

    def predict_decoded(
        self,
        decoded: Generator[tuple[str, Any], None, None],
        classes: Sequence[str] | Mapping[str, str] | None = None,
        top_k: int = 5,
        *,
        none_share: float | None = None,
        none_cut: float | None = None,
        everything: bool = False,
    ) -> Iterator[Prediction]:
        assert classes is not None
        names = list(classes)
        for name, picture in decoded:
            if name.startswith("poison") or (name.startswith("once") and not _deaths(name)):
                with _marker(name).open("a") as marker:
                    marker.write("+")
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(self.pause * (2000 if "slow" in name else 1))
            if isinstance(picture, str):
                yield Prediction(name, problem=picture)
                continue
            means = picture.reshape(-1, 3).mean(0).astype(np.float64) + 1.0
            shares = means / means.sum()
            best = [Ranked(names[at], float(shares[at])) for at in np.argsort(-shares)]
            cut = (none_share or 0) if none_cut is None else none_cut
            yield Prediction(name, tuple(best[:top_k]), tuple(best[:1]), rejected=best[0].confidence < cut)


def _marker(name: str) -> Path:
    return Path(os.environ["SHARD_TEST_MARKERS"]) / name


def _deaths(name: str) -> int:
    return _marker(name).stat().st_size if _marker(name).exists() else 0


@dataclass(frozen=True)
class Load:
    """What a worker calls; `refuse` is what it says in place of loading."""

    pause: float = 0.0
    refuse: str = ""
    die: bool = False

    def __call__(self) -> Fake:
        if self.die:
            os.kill(os.getpid(), signal.SIGKILL)
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


def request(out: Path, *sources: Path, size: int | None = 8, settings: Settings = SETTINGS) -> Request:
    return Request(out, settings, sources, ShardSize(size) if size else None)


def prepared(asked: Request, turn: tuple[int, int] | None = None, *, replan: bool = False) -> RemainingWork:
    todo: RemainingWork = value(prepare(asked, turn, replan=replan))
    return todo


def job(todo: RemainingWork, load: Load | None = None) -> Job:
    return Job(todo.plan, load or Load(), 2)


def hashes(folder: Path) -> dict[str, str]:
    """Every file of results with the SHA-256 of its bytes."""
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(folder.glob("*.parquet"))}


def temporary(folder: Path) -> list[str]:
    return [str(one) for one in folder.rglob("*") if ".tmp" in one.name]
