"""The sample pictures: repeatable, varied, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.media.reader import read_file
from mma_desktop.media.sample import SAMPLE_CLASSES, draw_picture, draw_sample
from mma_desktop.media.scan import class_folders


def draw(out: Path, per_class: int = 2, seed: int = 0) -> Path:
    told = list(draw_sample(out, per_class, seed))
    total = per_class * len(SAMPLE_CLASSES)
    assert [(one.done, one.total) for one in told] == [(i + 1, total) for i in range(total)]
    return out


def test_the_classes() -> None:
    assert len(SAMPLE_CLASSES) == 12
    assert list(SAMPLE_CLASSES) == sorted(SAMPLE_CLASSES)


def test_class_folders_of_good_pictures_that_all_differ(tmp_path: Path) -> None:
    out = draw(tmp_path / "pictures")
    assert list(class_folders([out]) or ()) == list(SAMPLE_CLASSES)
    found = [read_file(path) for path in sorted(out.rglob("*.jpg"))]
    assert len(found) == 24
    assert {one.problem for one in found} == {None}
    assert len({one.content_hash for one in found}) == 24
    assert len({(one.width, one.height) for one in found}) > 12
    assert (out / "lemon" / "lemon 01.jpg").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, again, other = draw(tmp_path / "a", 1), draw(tmp_path / "b", 1), draw(tmp_path / "c", 1, seed=1)
    for path in first.rglob("*.jpg"):
        name = path.relative_to(first)
        assert path.read_bytes() == (again / name).read_bytes()
        assert path.read_bytes() != (other / name).read_bytes()


@pytest.mark.parametrize("name", SAMPLE_CLASSES)
def test_each_thing_is_drawn_with_light_and_colour(name: str) -> None:
    for number in range(3):
        seen = np.asarray(draw_picture(name, number)).astype(float)
        assert seen.shape[2] == 3
        assert seen.std() > 15
        assert 20 < seen.mean() < 235


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    token = CancelToken()
    job = draw_sample(tmp_path / "pictures", 3, 0, token)
    next(job)
    token.cancel()
    with pytest.raises(Cancelled):
        list(job)
    assert list(tmp_path.iterdir()) == []


def test_a_taken_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="not empty"):
        next(draw_sample(tmp_path))
