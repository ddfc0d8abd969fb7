"""A power cut right after something was acknowledged: what was flushed to the disk by then is all there is.

Flushes are seen below Python and SQLite alike, by `power_cut.c`; it needs Linux and a C compiler.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.programs import environment, preloaded, python

from .acknowledging import PROJECT, seen


def test_what_was_acknowledged_is_there_after_a_power_cut(tmp_path: Path, cache_home: Path) -> None:
    library, flushed, root = preloaded("power_cut", tmp_path), tmp_path / "flushed", tmp_path / "root"
    flushed.mkdir()
    root.mkdir()
    own = environment(LD_PRELOAD=library, POWER_CUT=flushed, XDG_CACHE_HOME=cache_home)
    done = python("-m", "tests.disk.acknowledging", root, env=own)
    assert done.returncode == 0, done.stderr[-3000:]
    acknowledged = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(acknowledged) == 24
    lost = [name for name, told in acknowledged if seen(root / name / PROJECT) != told]
    assert not lost, "told to the person, and gone after a power cut"
