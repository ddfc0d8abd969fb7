"""Fixtures of the tests of pictures and their files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of one's own, and for the time of the test no right to read everything."""
    if os.name != "posix":
        pytest.skip("no permissions of this kind here")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            for inner in folder.iterdir():
                inner.chmod(0o700)
