"""One look at what was dropped says what it is, and counts class folders once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken
from mma_desktop.services.formats.dropped import Dropped, first_look, look
from mma_desktop.services.formats.registry import find_format


@pytest.fixture
def draw(tmp_path: Path) -> Callable[[str], Path]:
    """A function that draws a picture at a path below the test's folder."""

    def drawn(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(path)
        return path

    return drawn


def test_class_folders_are_told_at_once_and_then_counted(tmp_path: Path, draw: Callable[[str], Path]) -> None:
    for name in ("cats/1.png", "cats/2.png", "dogs/1.png"):
        draw(f"pets/{name}")
    steps = look([tmp_path / "pets"], CancelToken())
    assert next(steps) == Dropped(classes={"cats": tmp_path / "pets/cats", "dogs": tmp_path / "pets/dogs"})
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value.per_class == {"cats": 2, "dogs": 1}


def test_pictures_are_not_walked(draw: Callable[[str], Path]) -> None:
    steps = look([draw("one.png"), draw("two.png")], CancelToken())
    assert next(steps) == Dropped()
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value is None


def test_a_table_is_another_tools_also_beside_its_pictures(tmp_path: Path, draw: Callable[[str], Path]) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,label\none.png,cat\n")
    assert first_look([draw("one.png"), table]) == Dropped((table, find_format("csv")))


def test_counting_is_cancelled(tmp_path: Path, draw: Callable[[str], Path]) -> None:
    for name in ("cats/1.png", "dogs/1.png"):
        draw(f"pets/{name}")
    token = CancelToken()
    steps = look([tmp_path / "pets"], token)
    next(steps)
    token.cancel()
    with pytest.raises(Cancelled):
        next(steps)
