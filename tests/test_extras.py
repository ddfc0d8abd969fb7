"""Hints to install something name a command that works: the package is on no registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from mma_desktop.core.errors import install_hint

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
TOLD = [
    ROOT / "README.md",
    *(ROOT / "resources" / "guide").glob("*.md"),
    *(ROOT / "mma_desktop").rglob("*.py"),
    *(ROOT / "packaging").glob("*.md"),
]


def test_a_hint_is_a_command_in_a_copy_of_the_repository() -> None:
    assert install_hint("raw").endswith("in a copy of the repository of mma-desktop: pip install '.[raw]'")
    assert install_hint().endswith("in a copy of the repository of mma-desktop: pip install --force-reinstall .")


def test_nothing_is_said_to_be_on_a_registry() -> None:
    texts = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in TOLD}
    told = [name for name, text in texts.items() if re.search(r"pip install [^\n`&]*mma-desktop|mma-desktop\[", text)]
    assert not told, "The package is on no registry: say `pip install .` in a copy of the repository"
    named = {name: set(re.findall(r"'\.\[(\w+)\]'", text)) - set(EXTRAS) for name, text in texts.items()}
    assert [name for name, unknown in named.items() if unknown] == [], "these name extras that pyproject.toml lacks"


def test_commands_are_in_one_place_and_name_extras_that_exist() -> None:
    texts = {one.relative_to(ROOT).as_posix(): one.read_text("utf-8") for one in (ROOT / "mma_desktop").rglob("*.py")}
    written = [name for name, text in texts.items() if "pip install" in text]
    assert written == ["mma_desktop/core/errors.py"], "take `install_hint` instead of writing a command"
    used = {extra for text in texts.values() for extra in re.findall(r"install_hint\([\"'](\w+)", text)}
    assert used == {"raw", "ray"}
    assert used <= set(EXTRAS)
