"""Pipes, devices, folders and sparse files of 40 GB in the place of everything that is read: told in a sentence.

Nothing waits for a pipe, nothing reads a device, and memory stays as it was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("pipe", "sparse", "device", "folder", "unreadable")
GOES_ON = {
    "project: embeddings": {"folder"},
    "project: backups": {"folder"},
    "project: pictures": {"folder"},
    "project: runs": {"folder"},
    "list *": {"folder"},
    "project: runs/*": {"device"},
    "project: labels.csv": {"sparse", "device", "unreadable"},
    "project: pictures/*": set(KINDS),
    "project: *.restored": set(KINDS),
    "project: *write.lock": {"sparse"},
    "project: project.lock": {"sparse"},
    "backups: *": set(KINDS),
    "thumbnail": set(KINDS),
    "settings": set(KINDS),
}
"""What is as it should be, not needed, or made again: it may go on, and need not say anything of that file."""
MIB = 700

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="named pipes, devices and fork are POSIX")


def told_of(kind: str, folder: Path, cache_home: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.strangers.special_files", str(folder), kind],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(cache_home), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", [*KINDS[:3], *(pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS[3:])])
def test_what_is_no_file_is_refused_in_words(kind: str, tmp_path: Path, cache_home: Path) -> None:
    if kind == "unreadable" and os.geteuid() == 0:
        pytest.skip("root may read every file")
    wrong = []
    for told in told_of(kind, tmp_path, cache_home):
        case, said = told["case"], told["said"]
        may_go_on = any(fnmatch(case, pattern) and kind in kinds for pattern, kinds in GOES_ON.items())
        # Of one that may not be opened SQLite does not say which it is.
        named = told["name"] in said or may_go_on or (kind == "unreadable" and f"{tmp_path}/copy/" in said)
        if said.startswith("Traceback") or told["mib"] > MIB or not named:
            wrong.append(told)
    assert not wrong, "\n".join(f"{told['case']}: {told['mib']:.0f} MiB, {told['said'] or 'went on'}" for told in wrong)
