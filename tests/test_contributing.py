"""The files that CONTRIBUTING.md names are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_file_that_is_named_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]+\.py)`", text))
    assert len(named) > 20
    assert [
        one for one in sorted(named) if not any((place / one).exists() for place in (ROOT, ROOT / "mma_desktop"))
    ] == []
