"""SIGKILL at random moments of all that a person does with a project; nothing acknowledged is lost, nothing stays."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.core.paths import DATABASE_FILE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are POSIX")

WAIT = 60.0
LONGEST = 0.3
EVENTS = 80
ALL = ("import", "embed", "label", "train", "export table", "export adapter", "export folders", "backup")


class Nursery:
    """The process that forks the children; see `nursery`."""

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        environment |= {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "CONFIG", "STATE", "DATA")}
        self.home = home
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self, order: dict[str, Any]) -> int:
        """Fork a child with this order; its number."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def status(self) -> int:
        """How the child has ended."""
        return int(self._line())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(WAIT) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    made = Nursery(tmp_path_factory.mktemp("nursery"))
    yield made
    made.close()


def lines(journal: Path) -> list[list[Any]]:
    """What a child wrote; a last line that was cut off does not count."""
    text = journal.read_text("utf-8") if journal.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


@dataclass
class Story:
    """One project and what has to be in it, over all its lives."""

    nursery: Nursery
    folder: Path
    labels: dict[int, int] = field(default_factory=dict)
    runs: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    asked: list[Any] | None = None
    embedded: int = 0
    lives: int = 0

    @property
    def project(self) -> Path:
        return self.folder / "killed.mma"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    def order(self, what: str, **more: Any) -> tuple[int, Path]:
        self.lives += 1
        self.exports.mkdir(parents=True, exist_ok=True)
        journal = self.folder / f"journal {self.lives}.jsonl"
        places = {"project": self.project, "exports": self.exports, "pictures": self.folder / "pictures"}
        order = {"what": what, "journal": str(journal), "number": self.lives, **more}
        return self.nursery.start(order | {name: str(place) for name, place in places.items()}), journal

    def live(self, what: str) -> Path:
        """A life that is not killed."""
        _, journal = self.order(what)
        assert self.nursery.status() == 0, lines(journal)[-1][-1]
        return journal

    def kill(self, what: str, chance: random.Random) -> bool:
        """A life that is killed, after a time or at a dealing with a file; whether it had begun by then."""
        event = chance.randrange(1, EVENTS) if chance.random() < 0.5 else 0
        delay = chance.uniform(0.0, LONGEST)
        child, journal = self.order(what, event=event)
        until = time.monotonic() + WAIT
        while not (said := [one[0] for one in lines(journal)]) and time.monotonic() < until:
            time.sleep(0.002)
        assert "failed" not in said, lines(journal)[-1][-1]
        time.sleep(delay + (LONGEST if event else 0.0))
        with suppress(ProcessLookupError):  # it killed itself, or is over
            os.kill(child, signal.SIGKILL)
        status = self.nursery.status()
        heard = lines(journal)
        assert status == -signal.SIGKILL or ["over"] in heard, heard[-1][-1]
        self.note(heard)
        return status == -signal.SIGKILL

    def note(self, heard: list[list[Any]]) -> None:
        self.asked = None
        for word, *rest in heard:
            if word == "ask":
                self.asked = rest
            elif word == "ack" and rest[0] == "label":
                self.labels[rest[1]] = rest[2]
                self.asked = None
            elif word == "ack" and rest[0] == "run":
                self.runs.add(rest[1])
            elif word == "ack" and rest[0] == "embedded":
                self.embedded = rest[1]
            elif word == "ack" and rest[0] == "delete":
                self.deleted.add(rest[1])
                self.asked = None

    def check(self) -> None:
        """Open the project as the window does, and look at all that must be there and all that must not."""
        found = lines(self.live("check"))[-1][1]
        labels = {int(image): label for image, label in found["labels"].items()}
        in_flight = self.asked if self.asked and self.asked[0] == "label" else None
        if in_flight and labels != self.labels:
            self.labels[in_flight[1]] = in_flight[2]
        assert labels == self.labels
        assert found["rows"] >= self.embedded
        assert found["encoded"] == found["missing"], "what had its features was encoded again"
        self._check_runs({int(number): path for number, path in found["runs"].items()})
        self._check_exports(found["images"])
        with closing(sqlite3.connect(self.project / DATABASE_FILE)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for backup in (self.project / "backups").glob("*.db"):
            with closing(sqlite3.connect(backup)) as connection:
                assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        self.check_leftovers()

    def _check_runs(self, runs: dict[int, str]) -> None:
        in_flight = {self.asked[1]} if self.asked and self.asked[0] == "delete" else set()
        assert self.runs - self.deleted - in_flight <= set(runs)
        assert not self.deleted & set(runs)
        self.runs |= set(runs)
        kept = {path.relative_to(self.project).as_posix() for path in (self.project / "runs").iterdir()}
        assert kept == set(runs.values())

    def _check_exports(self, images: int) -> None:
        for path in self.exports.iterdir():
            if path.suffix == ".csv":
                text = path.read_text("utf-8")
                assert text.endswith("\n")
                rows = list(csv.reader(text.splitlines()))
                assert {len(row) for row in rows} == {5}
                assert len(rows) - 1 <= images
            elif path.is_dir():
                assert sum(one.is_file() for one in path.rglob("*")) >= 1
        adapter = self.exports / "adapter.safetensors"
        if adapter.exists():
            kept = [path.read_bytes() for path in (self.project / "runs").iterdir()]
            assert adapter.read_bytes() in kept or len(self.deleted) > 0

    def check_leftovers(self) -> None:
        places = (self.folder, self.nursery.home)
        left = [path for place in places for path in place.rglob("*") if is_leftover(path)]
        assert not left, "temporary files have stayed"


def is_leftover(path: Path) -> bool:
    """Whether only a process that was killed leaves a file of such a name."""
    return (
        path.name.endswith((".tmp", ".new", ".parked", "-wal", "-shm", "-journal")) or "unfinished" in path.parts[:-1]
    )


def tell(seed: int, number: int, what: str) -> None:
    """Say which kill it is, so that a failure can be repeated."""
    print(f"seed {seed}, kill {number}: {what}", flush=True)  # noqa: T201 - shown where the test fails


def story(nursery: Nursery, folder: Path) -> Story:
    made = Story(nursery, folder)
    made.note(lines(made.live("make")))
    made.check()
    return made


def killed_over_and_over(nursery: Nursery, folder: Path, seed: int, lives: list[str]) -> int:
    """One project through many kills; how many there were."""
    chance = random.Random(seed)
    told, kills = story(nursery, folder), 0
    for number, what in enumerate(lives, 1):
        tell(seed, number, what)
        kills += told.kill(what, chance)
        told.check()
    assert told.labels
    return kills


def test_a_few_kills(nursery: Nursery, tmp_path: Path) -> None:
    seed = 8
    lives = list(ALL)
    random.Random(seed).shuffle(lives)
    assert killed_over_and_over(nursery, tmp_path / "one", seed, lives) >= 6


@pytest.mark.slow
def test_two_hundred_kills(nursery: Nursery, tmp_path: Path) -> None:
    seed = int(os.environ.get("MMA_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
    kills = killed_over_and_over(nursery, tmp_path / "one", seed, [ALL[n % len(ALL)] for n in range(160)])
    for fresh, what in enumerate(ALL * 5):
        kills += killed_over_and_over(nursery, tmp_path / f"fresh {fresh}", seed + fresh, [what])
    assert kills >= 200
