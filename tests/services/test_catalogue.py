"""Filters and refreshes over columns, against plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.engine.open_set_scores import OpenSetScores, Thresholds
from mma_desktop.services.image_index import Filter, ImageIndex, Order, Predictions, Show, looked_up
from mma_desktop.store.columns import Columns


def rows(table: dict[int, tuple[int, bool]]) -> Columns:
    """Catalogue rows of {id: (class or -1, is a problem)}."""
    ids = sorted(table)
    return Columns(
        np.array(ids, np.int64),
        np.array([table[one][0] for one in ids], np.int64),
        np.full(len(ids), -1, np.int8),
        np.full(len(ids), -1, np.int8),
        np.array([table[one][1] for one in ids], bool),
        np.array([b"%d" % one for one in ids], "S32"),
    )


TABLES = st.dictionaries(st.integers(1, 40), st.tuples(st.integers(-1, 3), st.booleans()), max_size=25)


@given(TABLES, TABLES, st.sets(st.integers(1, 40), max_size=10))
def test_refresh_is_what_a_dictionary_would_do(
    before: dict[int, tuple[int, bool]], update: dict[int, tuple[int, bool]], removed: set[int]
) -> None:
    catalogue = ImageIndex(rows(before))
    update = {key: value for key, value in update.items() if key not in removed}
    catalogue.refresh(rows(update), removed)
    expected = {key: value for key, value in {**before, **update}.items() if key not in removed}
    columns = catalogue.columns
    assert columns.ids.tolist() == sorted(expected)
    pairs = zip(columns.class_ids.tolist(), columns.problems.tolist(), strict=True)
    assert dict(zip(columns.ids.tolist(), pairs, strict=True)) == expected
    assert [int(one) for one in columns.hashes.tolist()] == columns.ids.tolist()


@given(TABLES)
def test_filters(table: dict[int, tuple[int, bool]]) -> None:
    catalogue = ImageIndex(rows(table))

    def shown(query: Filter) -> list[int]:
        return catalogue.select(query, None).tolist()

    assert shown(Filter()) == sorted(k for k, (_, bad) in table.items() if not bad)
    assert shown(Filter(Show.UNLABELLED)) == sorted(k for k, (c, bad) in table.items() if c < 0 and not bad)
    assert shown(Filter(Show.LABELLED)) == sorted(k for k, (c, _) in table.items() if c >= 0)
    assert shown(Filter(Show.CLASS, 2)) == sorted(k for k, (c, _) in table.items() if c == 2)
    assert shown(Filter(Show.PROBLEMS)) == sorted(k for k, (_, bad) in table.items() if bad)
    assert shown(Filter(Show.PREDICTED, 2)) == []


def test_orders_by_confidence_put_what_has_none_last() -> None:
    catalogue = ImageIndex(rows({1: (-1, False), 2: (-1, False), 3: (-1, False), 4: (-1, False)}))
    predictions = Predictions(np.array([1, 2, 4]), np.array([7, 8, 7]), np.array([0.2, 0.9, 0.5], np.float32))
    most = catalogue.select(Filter(order=Order.CONFIDENCE), predictions)
    least = catalogue.select(Filter(order=Order.LEAST_CONFIDENT), predictions)
    assert most.tolist() == [2, 4, 1, 3]
    assert least.tolist() == [1, 4, 2, 3]
    assert catalogue.select(Filter(Show.PREDICTED, 7), predictions).tolist() == [1, 4]


def test_names_filter_and_order() -> None:
    catalogue = ImageIndex(rows({1: (-1, False), 2: (0, False), 3: (-1, False), 4: (-1, True)}))
    by_name = np.array([3, 4, 1, 2])
    assert catalogue.select(Filter(order=Order.NAME), None, by_name).tolist() == [3, 1, 2]
    assert catalogue.select(Filter(Show.UNLABELLED, text="x"), None, np.array([2, 3])).tolist() == [3]


def test_a_snapshot_stays_as_it_was() -> None:
    catalogue = ImageIndex(rows({1: (-1, False), 2: (-1, False)}))
    before = catalogue.columns
    catalogue.refresh(rows({1: (3, False)}))
    assert before.class_ids.tolist() == [-1, -1]
    assert catalogue.columns.class_ids.tolist() == [3, -1]
    assert catalogue.counts() == {3: 1}
    assert catalogue.columns.hashes is before.hashes  # found by them before, and not looked up again
    with pytest.raises(ValueError, match="read-only"):
        catalogue.columns.class_ids[0] = 3


def test_what_the_adapter_rejects_is_none_of_the_classes() -> None:
    catalogue = ImageIndex(rows({1: (-1, False), 2: (-1, False), 3: (7, False), 4: (-1, False)}))
    sure = np.array([0.2, 0.9, 0.1, 0.5], np.float32)
    ids, seven = np.array([1, 2, 3, 4]), np.full(4, 7)
    predictions = Predictions(
        ids, seven, sure, seven, sure, OpenSetScores(sure, np.full(4, np.nan, np.float32)), thresholds=Thresholds(0.5)
    )
    assert predictions.rejected.tolist() == [True, False, True, False], "what is claimed exactly so much is kept"
    assert catalogue.select(Filter(Show.REJECTED), predictions).tolist() == [1], "labelled ones need no answer"
    assert catalogue.select(Filter(Show.PREDICTED, 7), predictions).tolist() == [2, 4]
    zero_shot = Predictions(ids, seven, sure)
    assert not zero_shot.rejected.any()
    assert catalogue.select(Filter(Show.REJECTED), None).tolist() == []


def test_what_is_gone_is_looked_up_also_where_nothing_is_left() -> None:
    values = np.array([5, 6, 7])
    assert looked_up(values, np.array([2, -1, 0]), -9).tolist() == [7, -9, 5]
    assert looked_up(values[:0], np.array([-1, -1]), -9).tolist() == [-9, -9]
    assert looked_up(values[:0], np.array([], np.int64), 0).tolist() == []
