"""What a person names as an output: links stay and are followed, pipes are written into, whoever writes it."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.cli import common
from mma_desktop.cli import main as cli
from mma_desktop.core.atomic_io import copy_file
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.features.feature_file import write_feature_file
from mma_desktop.engine.training_data import FeatureSet
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project
from tests.services.shard_fakes import make_pictures
from tests.steps import labels_csv

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and links are POSIX")

PACKAGE = Path(cli.__file__).parents[1]
NAMED_BY_THE_PROGRAM = {
    "engine/checkpoint.py", "engine/features/feature_cache.py", "core/atomic_io.py",
    "engine/backbones/on_processor.py", "services/predicting/prediction.py",
    "services/batch/benchmark/results.py",
    "services/batch/benchmark/runner.py",
    "services/images/importing.py", "services/batch/sharding/parts.py", "cli/shards.py",
    "services/formats/kinds/xmp_keywords.py", "services/project_factory.py",
    "core/settings.py",
    "store/snapshots.py",
}  # fmt: skip
"""They write into a project, a cache or a folder of results: a link there is replaced, lest it leads out."""


def write_features(out: Path) -> None:
    images = FeatureSet(np.eye(3, dtype=np.float32), np.arange(3))
    write_feature_file(out, ["a", "b", "c"], np.eye(3), {"train": images, "test": images})


def write_copy(out: Path) -> None:
    source = out.parent / "source"
    source.write_text("x")
    copy_file(source, out)


def write_labels(out: Path) -> None:
    context = create_project(out.parent / "some.mma", threads=1)
    try:
        importing.import_paths(context, [make_pictures(out.parent / "pictures", 2)], CancelToken())
        labels_csv(context, out)
    finally:
        context.close()


WRITERS: dict[str, Callable[[Path], object]] = {
    "features": write_features,
    "adapter": write_copy,
    "labels": write_labels,
    "json": lambda out: common.write_json(out, {"a": 1}),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_link_stays_and_its_file_keeps_its_mode(tmp_path: Path, name: str) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o604)
    link.symlink_to("target")
    WRITERS[name](link)
    assert link.is_symlink()
    assert target.read_bytes() not in {b"", b"old"}
    assert target.stat().st_mode & 0o777 == 0o604


@pytest.mark.parametrize("name", WRITERS)
def test_a_pipe_stays_and_all_goes_through_it(tmp_path: Path, name: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    WRITERS[name](pipe)
    reader.join(30)
    assert pipe.is_fifo()
    assert len(got) == 1
    assert got[0]


def test_no_output_of_a_person_is_written_as_one_of_the_program() -> None:
    """Whoever calls `atomic_path` names the file itself; what a person names goes by `output_path`."""
    callers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\batomic_path\(", path.read_text("utf-8"))
    }
    assert callers == NAMED_BY_THE_PROGRAM, (
        "write what a person names by `output_path`, and list here who writes only what the program names"
    )
