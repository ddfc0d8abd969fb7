"""A power cut right after something was acknowledged: what was flushed to the disk by then is all there is.

Flushes are seen below Python and SQLite alike, by `power_cut.c`; it needs Linux and a C compiler.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .acknowledging import PROJECT, seen

ROOT = Path(__file__).resolve().parents[2]


def test_what_was_acknowledged_is_there_after_a_power_cut(tmp_path: Path, cache_home: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("this needs Linux and a C compiler")
    library, flushed = tmp_path / "power_cut.so", tmp_path / "flushed"
    source = Path(__file__).with_name("power_cut.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    flushed.mkdir()
    root = tmp_path / "root"
    root.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.disk.acknowledging", str(root)],
        capture_output=True,
        text=True,
        env={**os.environ, "LD_PRELOAD": str(library), "POWER_CUT": str(flushed), "XDG_CACHE_HOME": str(cache_home)},
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    acknowledged = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(acknowledged) == 24
    lost = [name for name, told in acknowledged if seen(root / name / PROJECT) != told]
    assert not lost, "told to the person, and gone after a power cut"
