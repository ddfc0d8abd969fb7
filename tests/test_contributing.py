"""What CONTRIBUTING.md says of files is so."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_file_that_is_named_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]+\.py)`", text))
    assert len(named) > 20
    assert [
        one for one in sorted(named) if not any((place / one).exists() for place in (ROOT, ROOT / "mma_desktop"))
    ] == []


def test_no_two_modules_share_a_name() -> None:
    names = Counter(one.name for one in (ROOT / "mma_desktop").rglob("*.py"))
    assert len(names) > 200
    assert [name for name, count in names.items() if count > 1 and name != "__init__.py"] == []
