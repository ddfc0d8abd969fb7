"""Work that grows with the images and no faster, what is read once and kept, and names as they are searched."""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import ScannedFile
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.store.database import Database
from mma_desktop.store.project import Project

from ..benchmarks.million_project import make_files, make_project

Scanned = Callable[..., ScannedFile]
FEW, MANY = 2_000, 8_000
BYTES_A_ROW = 500
"""Python may hold so many bytes an image while the columns are read: text for SQLite's answer and the arrays."""
BYTES_A_KNOWN_FILE = 100


@pytest.mark.parametrize(
    ("text", "found"),
    [("[1]", [1]), ("*", [2]), ("?", [3]), ("a[", [1]), ("]", [1]), ("a", [1, 2, 3]), ("a\0", []), ("b*", [])],
)
def test_signs_that_mean_more_to_sqlite_are_signs(
    project: Project, scanned: Scanned, text: str, found: list[int]
) -> None:
    project.add_files([scanned("/p/a[1].jpg"), scanned("/p/a*.jpg"), scanned("/p/a?.jpg")])
    assert project.search_names(text).tolist() == found


def test_orders_follow_what_comes_goes_and_is_undone(project: Project, scanned: Scanned) -> None:
    project.add_files([scanned("/p/b.jpg"), scanned("/p/c.jpg")])
    assert project.paths_sorted("name").tolist() == [1, 2]
    project.add_files([scanned("/p/a.jpg")])
    assert project.paths_sorted("name").tolist() == [3, 1, 2]
    project.remove_images([1])
    assert project.paths_sorted("name").tolist() == [3, 2]
    project.undo()
    assert project.paths_sorted("name").tolist() == [3, 1, 2]
    project.redo()
    assert project.paths_sorted("oldest").tolist() == [2, 3]


def test_a_label_does_not_make_a_known_order_be_read_again(
    filled: Project, class_ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.paths_sorted("name")
    monkeypatch.setattr(Database, "reading", lambda _self: pytest.fail("it was read again"))
    filled.assign([3], class_ids["cat"])
    filled.undo()
    assert filled.paths_sorted("name") is before


def test_a_large_gap_between_ids_costs_nothing(project: Project, scanned: Scanned) -> None:
    project.add_files([scanned("/p/a.jpg")])
    with closing(sqlite3.connect(project.folder / "project.db")) as other, other:
        other.execute("UPDATE sqlite_sequence SET seq = 4000000000000000 WHERE name = 'image'")
    project.add_files([scanned("/p/b.jpg")])
    assert project.catalogue().ids.tolist() == [1, 4_000_000_000_000_001]
    assert project.paths_sorted("name").tolist() == project.catalogue().ids.tolist()


def _peak(work: Callable[[], object]) -> int:
    """The most bytes that Python held for it."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A folder with a project and its files for few and for many images."""
    found = {}
    for rows in (FEW, MANY):
        found[rows] = tmp_path_factory.mktemp(f"rows {rows}")
        (found[rows] / "pictures").mkdir()
        make_files(found[rows] / "pictures", rows)
        make_project(found[rows] / "many.mma", found[rows] / "pictures", rows)
    return found


def test_memory_of_the_catalogue_is_bounded_by_the_image(sizes: dict[int, Path]) -> None:
    for rows, folder in sizes.items():
        with Project.open(folder / "many.mma") as project:
            project.catalogue()
            assert _peak(project.catalogue) / rows < BYTES_A_ROW
            assert len(project.catalogue()) == rows


def test_known_files_cost_a_question_for_each_batch_and_keep_nothing(sizes: dict[int, Path]) -> None:
    asked, peaks = {}, {}
    for rows, folder in sizes.items():
        context = ProjectContext(Project.open(folder / "many.mma"), threads=1)
        try:
            count: list[int] = []
            known = context.project.known_paths
            context.project.known_paths = lambda paths, known=known, count=count: (count.append(1), known(paths))[1]  # type: ignore[method-assign]
            how = (context, [folder / "pictures"], CancelToken())
            peaks[rows] = _peak(lambda how=how: importing.import_paths(*how))
            asked[rows] = len(count)
            assert np.all(context.index.columns.usable)
            assert len(context.index.columns.ids) == rows
        finally:
            context.close()
    assert asked[MANY] <= 4 * asked[FEW]
    assert (peaks[MANY] - peaks[FEW]) / (MANY - FEW) < BYTES_A_KNOWN_FILE
