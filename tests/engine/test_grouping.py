"""Groups of rows: how many, whether they are clear, and that the number of threads changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mma_desktop.engine.methods.grouping import around, find_groups


def blobs(groups: int, each: int, spread: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    centres = draw.standard_normal((groups, 100))
    of = np.repeat(np.arange(groups), each)
    rows = centres[of] + spread * draw.standard_normal((len(of), 100))
    return rows.astype(np.float32), of


@pytest.mark.parametrize("groups", [3, 7, 12])
def test_there_are_as_many_groups_as_kinds(groups: int) -> None:
    rows, of = blobs(groups, 30, 0.5)
    found = find_groups(rows)
    place, cosines = found.place(found.points(rows))
    assert found.clear
    assert len(found.centres) == groups
    assert len(set(zip(of.tolist(), place.tolist(), strict=True))) == groups, "one group a kind"
    assert (cosines > 0.5).all()


def test_pictures_of_one_kind_are_no_clear_groups() -> None:
    assert not find_groups(blobs(1, 200, 1.0)[0]).clear


@pytest.mark.parametrize("count", [2, 3, 9])
def test_few_pictures_are_one_group(count: int) -> None:
    found = find_groups(blobs(1, count, 1.0)[0])
    assert len(found.centres) == 1
    assert not found.clear


def test_new_rows_are_placed_in_the_groups_there_are() -> None:
    rows, of = blobs(5, 40, 0.5)
    found = find_groups(rows[::2])
    place, _ = found.place(found.points(rows))
    assert len(set(zip(of.tolist(), place.tolist(), strict=True))) == 5


def test_a_split_divides_one_group_and_moves_no_other() -> None:
    rows, of = blobs(4, 40, 0.5)
    mixed = np.where(of == 3, 2, of)
    rows[of == 3] = rows[of == 2] + np.random.default_rng(1).standard_normal(100).astype(np.float32) * 0.4
    found = find_groups(rows)
    place, _ = found.place(found.points(rows))
    group = int(place[of == 2][0])
    after = found.split(group, found.points(rows[place == group]))
    after = after.place(found.points(rows))[0]
    assert len(set(after[mixed == 2].tolist())) == 2
    np.testing.assert_array_equal(after[mixed != 2], place[mixed != 2])


def test_the_number_of_threads_changes_nothing() -> None:
    rows, _ = blobs(6, 40, 1.5)
    before = torch.get_num_threads()
    try:
        results = []
        for count in (1, 2):
            torch.set_num_threads(count)
            results.append(find_groups(rows))
    finally:
        torch.set_num_threads(before)
    np.testing.assert_array_equal(results[0].centres, results[1].centres)


def test_pictures_that_are_all_alike_are_no_groups() -> None:
    rows = np.ones((40, 100), np.float32)
    found = find_groups(rows)
    assert not found.clear
    assert np.isfinite(found.centres).all()
    assert found.split(0, found.points(rows)) is found


def test_a_group_is_split_among_its_halves_only() -> None:
    rows, _ = blobs(4, 40, 1.0)
    found = find_groups(rows)
    place, _ = found.place(found.points(rows))
    halves = found.split(0, found.points(rows[place == 0]))
    inside, _ = halves.place(halves.points(rows[place == 0]), (0, len(halves.centres) - 1))
    assert set(inside.tolist()) == {0, len(halves.centres) - 1}


def test_pictures_that_are_rather_known_leave_a_group() -> None:
    rows, of = blobs(4, 40, 0.8)
    found = find_groups(rows)
    points = found.points(rows)
    place, _ = found.place(points)
    zero, one = int(place[0]), int(place[40])
    held = np.where(np.arange(len(rows)) < 12, 0, -1)
    mixed = found.centres[zero] + 2 * found.centres[one]
    centres = np.stack([mixed / np.linalg.norm(mixed), *np.delete(found.centres, [zero, one], axis=0)])
    slopes, offsets = around(points, held, centres)
    likely = (points @ slopes + offsets).argmax(1)
    assert (likely[of == 0] == 0).mean() > 0.95, "those like the held ones"
    assert (likely[of == 1] == 1).mean() > 0.95, "the group is about its own"
    assert not (likely[of > 1] < 2).any()
