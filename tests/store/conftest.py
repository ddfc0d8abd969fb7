"""Fixtures of the store's tests: a project in a folder of its own, and scanned files without pictures behind them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mma_desktop.core.types import OTHER_REASON, ProblemKind, ScannedFile
from mma_desktop.store.project import Project


def make_scanned(path: str | Path, content: str | None = None, problem: ProblemKind | None = None) -> ScannedFile:
    """What the media layer would say of a file with this content."""
    path = Path(path)
    text = str(path) if content is None else content
    unread = problem in {ProblemKind.UNREADABLE, ProblemKind.VANISHED, ProblemKind.LINK_LOOP}
    return ScannedFile(
        path=path,
        content_hash=None if unread else hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest(),
        size=len(text),
        mtime_ns=1_700_000_000_000_000_000 + len(text),
        width=0 if problem else 640,
        height=0 if problem else 480,
        format="" if problem else "JPEG",
        problem=problem,
        reason=OTHER_REASON.of(text=f"because {problem}") if problem else None,
    )


@pytest.fixture
def scanned() -> Callable[..., ScannedFile]:
    return make_scanned


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "birds.mma") as opened:
        yield opened


def fill(project: Project) -> Project:
    """Ten images (ids 1 to 10) and the classes cat, dog and owl."""
    project.add_files([make_scanned(f"/photos/{number:02d}.jpg") for number in range(1, 11)])
    project.add_classes(["cat", "dog", "owl"])
    return project


@pytest.fixture
def filled(project: Project) -> Project:
    return fill(project)


@pytest.fixture
def class_ids(filled: Project) -> dict[str, int]:
    return {one.name: one.id for one in filled.classes()}
