"""A disk that is full from the n-th write on, for every n, through everything a person does to a project.

The writes are failed below Python, SQLite and safetensors alike, by `full_disk.c`; it needs Linux and a C compiler.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.programs import environment, preloaded, python

from .whole_session import STEPS

GOES_ON = {"create", "import"}
"""Without room a thumbnail is left out, and SQLite leaves its log for the next opening: these may end all the same."""


def failed_everywhere(tmp_path: Path, cache_home: Path, every: int) -> dict[str, int]:
    """Go through the session; returns how many of each step's writes were failed."""
    own = environment(LD_PRELOAD=preloaded("full_disk", tmp_path), XDG_CACHE_HOME=cache_home)
    words = ("-m", "tests.disk.whole_session", tmp_path / "disk", "--every", str(every))
    done = python(*words, env=own, timeout=None)
    assert done.returncode == 0, done.stderr[-3000:]
    tries: dict[str, int] = {}
    for line in done.stdout.splitlines():
        report = json.loads(line)
        tries[report["step"]] = report["tries"]
        assert report["writes"] >= 3, "too few writes: are they still seen?"
        told = [sentence for sentence in report["said"] if sentence]
        assert told, report
        if report["step"] not in GOES_ON:
            assert len(told) == report["tries"], report
        for sentence in told:
            assert "full" in sentence or "could not be read or written" in sentence or "cannot be opened" in sentence
            assert "Traceback" not in sentence
    assert set(tries) == set(STEPS)
    return tries


def test_a_full_disk_loses_nothing(tmp_path: Path, cache_home: Path) -> None:
    tries = failed_everywhere(tmp_path, cache_home, every=41)
    assert sum(tries.values()) >= 2 * len(STEPS)


@pytest.mark.slow
def test_a_disk_that_is_full_at_any_write_loses_nothing(tmp_path: Path, cache_home: Path) -> None:
    tries = failed_everywhere(tmp_path, cache_home, every=1)
    assert sum(tries.values()) >= 300
