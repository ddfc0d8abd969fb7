"""Pipes, devices, folders and sparse files of 40 GB in the place of everything that is read: told in a sentence.

Nothing waits for a pipe, nothing reads a device, and memory stays as it was.
"""

from __future__ import annotations

import json
import os
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.programs import environment, python

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


@pytest.mark.parametrize("kinds", [KINDS[:3], pytest.param(KINDS[3:], marks=pytest.mark.slow)])
def test_what_is_no_file_is_refused_in_words(kinds: tuple[str, ...], tmp_path: Path, cache_home: Path) -> None:
    asked = [kind for kind in kinds if kind != "unreadable" or os.geteuid() != 0]  # root may read every file
    own = environment(XDG_CACHE_HOME=cache_home, OMP_NUM_THREADS=1)
    done = python("-m", "tests.strangers.special_files", tmp_path, *asked, env=own, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {told["kind"] for told in lines} == set(asked)
    wrong = []
    for told in lines:
        case, kind, said = told["case"], told["kind"], told["said"]
        may_go_on = any(fnmatch(case, pattern) and kind in kinds for pattern, kinds in GOES_ON.items())
        # Of one that may not be opened SQLite does not say which it is.
        named = told["name"] in said or may_go_on or (kind == "unreadable" and f"{tmp_path}/copy/" in said)
        if said.startswith("Traceback") or told["mib"] > MIB or not named:
            wrong.append(told)
    assert not wrong, "\n".join("{kind}, {case}: {mib:.0f} MiB, {said}".format(**told) for told in wrong)
