"""A disk that is full from the n-th write on, for every n, through everything a person does to a project.

The writes are failed below Python, SQLite and safetensors alike, by `full_disk.c`; it needs Linux and a C compiler.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .whole_session import STEPS

ROOT = Path(__file__).resolve().parents[2]
GOES_ON = {"create", "import"}
"""Without room a thumbnail is left out, and SQLite leaves its log for the next opening: these may end all the same."""


def failed_everywhere(tmp_path: Path, cache_home: Path, every: int) -> dict[str, int]:
    """Go through the session; returns how many of each step's writes were failed."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("this needs Linux and a C compiler")
    library = tmp_path / "full_disk.so"
    source = Path(__file__).with_name("full_disk.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.disk.whole_session", str(tmp_path / "disk"), "--every", str(every)],
        capture_output=True,
        text=True,
        env={**os.environ, "LD_PRELOAD": str(library), "XDG_CACHE_HOME": str(cache_home)},
        cwd=ROOT,
        check=False,
    )
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
