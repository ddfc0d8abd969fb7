"""Labels as CSV."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mma_desktop.domain import Cancelled, CancelToken, ProblemKind, Ranked, ScannedFile, Use, UserError
from mma_desktop.store import Project, write_labels_csv


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_one_line_per_image_in_the_order_of_names(
    project: Project, scanned: Callable[..., ScannedFile], tmp_path: Path
) -> None:
    odd = os.fsdecode(b'/p/c\xff, "q".jpg') if os.name != "nt" else '/p/c?, "q".jpg'
    project.add_files(
        [scanned("/p/b.jpg"), scanned("/p/a.jpg"), scanned(odd), scanned("/p/bad.jpg", "", ProblemKind.EMPTY)]
    )
    project.add_classes(["=cmd()", "dog"])
    danger, dog = project.classes()
    project.assign([1], danger.id)
    project.assign([2], dog.id, use=Use.TEST)
    out = write_labels_csv(project, tmp_path / "out" / "labels.csv", predictions={3: Ranked("dog", 0.93456)})
    assert read(out) == [
        ["file_name", "label", "split", "prediction", "confidence"],
        ["/p/a.jpg", "dog", "test", "", ""],
        ["/p/b.jpg", "'=cmd()", "", "", ""],
        ['/p/c?, "q".jpg', "", "", "dog", "0.9346"],
    ]


def test_stopping_and_failing_leave_nothing(filled: Project, tmp_path: Path) -> None:
    out = tmp_path / "labels.csv"
    out.write_text("before")
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        write_labels_csv(filled, out, cancel=token)
    assert out.read_text() == "before"
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError):
        write_labels_csv(filled, tmp_path / "file" / "labels.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["birds.mma", "file", "labels.csv"]
