"""One look at what was dropped says what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from mma_desktop.services.formats.registry import Dropped, find_format, inspect_dropped


@pytest.fixture
def draw(tmp_path: Path) -> Callable[[str], Path]:
    """A function that draws a picture at a path below the test's folder."""

    def drawn(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(path)
        return path

    return drawn


def test_class_folders_are_told_and_pictures_are_none(tmp_path: Path, draw: Callable[[str], Path]) -> None:
    for name in ("cats/1.png", "cats/2.png", "dogs/1.png"):
        draw(f"pets/{name}")
    folders = {"cats": tmp_path / "pets/cats", "dogs": tmp_path / "pets/dogs"}
    assert inspect_dropped([tmp_path / "pets"]) == Dropped(classes=folders)
    assert inspect_dropped([draw("one.png"), draw("two.png")]) == Dropped()


def test_a_table_is_another_tools_also_beside_its_pictures(tmp_path: Path, draw: Callable[[str], Path]) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,label\none.png,cat\n")
    assert inspect_dropped([draw("one.png"), table]) == Dropped((table, find_format("csv")))
