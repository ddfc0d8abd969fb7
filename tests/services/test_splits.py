"""Exactly k shots a class, nothing used twice, new classes never trained on."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.core.types import Role, Use
from mma_desktop.services.labels.splits import Split, base_count, divide, hash_prefixes, have_prefixes, too_few

USES = list(Use)


def labelled(counts: dict[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Class ids, uses (automatic) and hashes of so many images a class."""
    class_ids = np.concatenate([np.full(n, one, np.int64) for one, n in counts.items()] or [np.empty(0, np.int64)])
    hashes = np.array([hashlib.sha256(b"%d" % i).digest() for i in range(len(class_ids))], "S32")
    return class_ids, np.full(len(class_ids), -1, np.int8), hashes


def per_class(split_part: np.ndarray, class_ids: np.ndarray) -> dict[int, int]:
    found, number = np.unique(class_ids[split_part], return_counts=True)
    return dict(zip(found.tolist(), number.tolist(), strict=True))


def test_fifty_labels_at_sixteen_shots() -> None:
    class_ids, uses, hashes = labelled({1: 50, 2: 50, 3: 50})
    roles = {1: Role.BASE, 2: Role.BASE, 3: Role.NEW}
    split = divide(class_ids, uses, hashes, roles, 16, 0)
    assert per_class(split.shots, class_ids) == {1: 16, 2: 16}
    assert per_class(split.validation, class_ids) == {1: 16, 2: 16}
    assert per_class(split.test, class_ids) == {1: 18, 2: 18, 3: 50}


def test_shots_alone_leave_nothing_to_hold_out() -> None:
    class_ids, uses, hashes = labelled({1: 16, 2: 17})
    split = divide(class_ids, uses, hashes, {1: Role.BASE, 2: Role.BASE}, 16, 0)
    assert per_class(split.shots, class_ids) == {1: 16, 2: 16}
    assert not len(split.validation)
    assert per_class(split.test, class_ids) == {2: 1}


def test_a_seed_is_repeatable_and_another_one_differs() -> None:
    class_ids, uses, hashes = labelled({1: 40, 2: 40})
    roles = {1: Role.BASE, 2: Role.BASE}
    first, again, other = (divide(class_ids, uses, hashes, roles, 8, seed) for seed in (3, 3, 4))
    assert np.array_equal(first.shots, again.shots)
    assert not np.array_equal(first.shots, other.shots)
    assert first.digests(hashes) == again.digests(hashes) != other.digests(hashes)


def test_the_order_of_import_does_not_matter() -> None:
    class_ids, uses, hashes = labelled({1: 40, 2: 40})
    order = np.random.default_rng(0).permutation(80)
    roles = {1: Role.BASE, 2: Role.BASE}
    one = divide(class_ids, uses, hashes, roles, 8, 0)
    two = divide(class_ids[order], uses[order], hashes[order], roles, 8, 0)
    assert set(hashes[one.shots]) == set(hashes[order][two.shots])


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from([-1, 0, 1, 2])), max_size=80),
    st.integers(1, 20),
    st.integers(0, 5),
)
def test_nothing_is_used_twice_and_marks_are_kept(rows: list[tuple[int, int]], shots: int, seed: int) -> None:
    class_ids = np.array([one for one, _ in rows], np.int64)
    uses = np.array([use for _, use in rows], np.int8)
    hashes = np.array([hashlib.sha256(b"%d" % i).digest() for i in range(len(rows))], "S32")
    roles = {1: Role.BASE, 2: Role.BASE, 3: Role.NEW}  # class 4 is not in the project any more
    split: Split = divide(class_ids, uses, hashes, roles, shots, seed)
    everything = np.concatenate([split.shots, split.validation, split.test])
    assert len(set(everything.tolist())) == len(everything) == int(np.isin(class_ids, [1, 2, 3]).sum())
    assert not np.isin(class_ids[split.shots], [3]).any()
    assert not np.isin(class_ids[split.validation], [3]).any()
    parts = {Use.SHOT: split.shots, Use.VALIDATION: split.validation, Use.TEST: split.test}
    for use, part in parts.items():
        marked = np.flatnonzero((uses == USES.index(use)) & np.isin(class_ids, [1, 2]))
        assert set(marked.tolist()) <= set(part.tolist())
    for one in (1, 2):
        free = int(((class_ids == one) & (uses < 0)).sum())
        marked_shots = int(((class_ids == one) & (uses == 0)).sum())
        taken = per_class(split.shots, class_ids).get(one, 0)
        assert taken == max(marked_shots, min(shots, marked_shots + free))


def test_a_share_of_classes_is_rounded_up_but_for_errors_of_floating_point() -> None:
    assert base_count(100, 0.55) == 55  # 0.55 * 100 is 55.00000000000001
    assert base_count(30, 0.1) == 3
    assert base_count(11, 0.5) == 6


def test_an_accepted_prediction_is_trained_on_and_tests_nothing() -> None:
    class_ids, uses, hashes = labelled({1: 40, 2: 40})
    proposed = np.arange(80) % 2 == 0
    uses[0] = list(Use).index(Use.TEST)  # said by a person
    roles = {1: Role.BASE, 2: Role.NEW}
    plain, split = (divide(class_ids, uses, hashes, roles, 16, 0, some) for some in (None, proposed))
    assert np.array_equal(plain.shots, split.shots)
    assert proposed[split.shots].any()
    held = np.concatenate([split.validation, split.test])
    assert held[proposed[held]].tolist() == [0]
    assert set(held.tolist()) < set(np.concatenate([plain.validation, plain.test]).tolist())


@given(st.lists(st.binary(max_size=32), max_size=20), st.data())
def test_hashes_are_found_by_their_prefixes(raw: list[bytes], data: st.DataObject) -> None:
    """A hash may begin with zero bytes, and numpy cuts those at its end."""
    hashes = np.array(raw, "S32")
    known = hash_prefixes(hashes)
    others = ["0" * 16, "f" * 16, "00000000000000ff", "ff00000000000000"]
    asked = data.draw(st.lists(st.sampled_from([*known, *others]), max_size=10))
    assert have_prefixes(hashes, asked).tolist() == [one in asked for one in known]
    assert have_prefixes(hashes[::2], asked).tolist() == [one in asked for one in known[::2]]


@pytest.mark.parametrize(
    ("counts", "compared", "wanted"),
    [
        ((25, 25), False, []),
        ((24, 25), False, [1, 2]),
        ((60, 4), False, [2]),
        ((60, 0), True, [2]),
        ((1, 1), True, []),
    ],
)
def test_few_pictures_kept_for_testing_measure_nothing_unless_methods_are_compared(
    counts: tuple[int, int], compared: bool, wanted: list[int]
) -> None:
    assert too_few(np.repeat([1, 2], counts), [1, 2], compared=compared) == wanted
