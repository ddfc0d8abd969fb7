"""Everything a person does to a project, on a disk that is full from the n-th write on, for each n.

Run as a process of its own with `full_disk.c` loaded before the C library; see `test_full_disk.py`. Each step is done
on a copy of a project that is ready for it. Whatever happens, the project closes on the full disk, opens again with
every label that was acknowledged, is sound, holds no temporary file, and takes the step once there is room.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import Recipe, TrainRequest
from mma_desktop.engine.backbones import loading
from mma_desktop.engine.export import runtimes
from mma_desktop.media.reader import Thumbnails
from mma_desktop.services.batch.sharding.parts import summarise
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.images import embedding, file_check, importing
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.predicting.classifier import export_project_model
from mma_desktop.services.training import project_training
from mma_desktop.store import snapshots
from mma_desktop.store.project import Project
from tests.as_it_is import AsItIs
from tests.chaos.nursery import TINY
from tests.services.shard_fakes import predicted
from tests.steps import labels_csv

CLASSES = ("ant", "bee")
EACH = 4
PLENTY = 0
WHOLE = "torch-export"


class Disk:
    """The disk below a folder.

    Args:
        folder: Where what is written is counted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder).encode() + b"/"
        self._library = ctypes.CDLL(None)
        self._library.disk_writes.restype = ctypes.c_long

    def full_at(self, write: int) -> None:
        """Be full from this write on, counted from now; `PLENTY` is never."""
        self._library.disk_full_at(self._folder, ctypes.c_long(write))

    @property
    def writes(self) -> int:
        """Writes since `full_at`, those that failed too."""
        return int(self._library.disk_writes())


@dataclass
class Place:
    """The folders of one try, and what was acknowledged in it."""

    root: Path
    source: Path
    backbone: Any = None
    acknowledged: dict[int, int] = field(default_factory=dict)
    refused: tuple[int, int] | None = None

    @property
    def project(self) -> Path:
        return self.root / "try.mma"

    def open(self) -> ProjectContext:
        context = ProjectContext(Project.open(self.project), Thumbnails(self.root / "thumbnails"), threads=1)
        if self.backbone is not None:
            context.engine.use_backbone(self.backbone)
        return context


def labels(context: ProjectContext) -> dict[int, int]:
    columns = context.index.columns
    pairs = zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True)
    return {image: class_id for image, class_id in pairs if class_id >= 0}


# ------------------------------------------------------------------------------ the steps


def import_folder(place: Place, context: ProjectContext) -> None:
    folders = {name: place.source / name for name in CLASSES}
    report = importing.import_paths(context, [place.source], CancelToken(), folders)
    place.acknowledged |= labels(context)
    assert report.labelled + report.known >= 0


def label(place: Place, context: ProjectContext) -> None:
    other = context.classes[1].id
    for image in sorted(labels(context))[:3]:
        place.refused = image, other
        context.project.assign([image], other)
        place.refused = None
        place.acknowledged[image] = other


def edit(_place: Place, context: ProjectContext) -> None:
    count = len(context.classes)
    context.project.add_classes([f"wasp {count}", f"fly {count}"])
    context.project.rename_class(context.classes[-1].id, f"moth {count}")
    context.project.undo()
    context.project.set_setting("prompt_template", "a drawing of a {}.")


def embed(_place: Place, context: ProjectContext) -> None:
    _ready(context)
    embedding.embed(context, CancelToken())


def train(_place: Place, context: ProjectContext) -> None:
    _ready(context)
    project_training.train(context, TrainRequest(shots=2, recipe=Recipe(max_epochs=1)), CancelToken())
    assert context.project.checkpoint_path(context.project.runs()[0]).is_file()


def export(place: Place, context: ProjectContext) -> None:
    _ready(context)
    labels_csv(context, place.root / "labels.csv")
    exporting.adapter(context, context.project.runs()[0].id, place.root / "adapter.safetensors")


def export_folders(place: Place, context: ProjectContext) -> None:
    shutil.rmtree(place.root / "folders", ignore_errors=True)
    exporting.export(context, image_folder.FORMAT, place.root / "folders", CancelToken(), splits=exporting.Splits.NONE)
    assert len(list((place.root / "folders").rglob("*.jpg"))) == len(CLASSES) * EACH


def export_model(place: Place, context: ProjectContext) -> None:
    _ready(context)
    out = place.root / "whole.pt2"
    export_project_model(context, context.project.runs()[0].id, WHOLE, out, CancelToken())
    assert out.is_file()


def export_features(place: Place, context: ProjectContext) -> None:
    _ready(context)
    out = place.root / "features.safetensors"
    exporting.export_features(context, out, TrainRequest(shots=2), CancelToken())
    assert out.is_file()


def shards(place: Place, _context: ProjectContext) -> None:
    """The files of a prediction into a folder."""
    predicted(place.root / "found", place.source, size=3)
    found = summarise(place.root / "found")
    assert (found.whole, found.request.shards, found.classes.total()) == (True, 3, len(CLASSES) * EACH)


def back_up(_place: Place, context: ProjectContext) -> None:
    snapshots.back_up(context.project.folder)


def settings(place: Place, _context: ProjectContext) -> None:
    made = Settings(place.root / "config")
    made.set("theme", "dark" if made.get("theme") != "dark" else "light")
    made.add_recent(place.project)
    if made.trouble:  # it goes on, and says so
        raise UserError(made.trouble)
    assert Settings(place.root / "config").recent() == [place.project]


def find(place: Place, context: ProjectContext) -> None:
    file_check.find_missing(context, [place.source], CancelToken())
    assert not len(context.index.lost.ids)


def create(place: Place, _context: ProjectContext) -> None:
    folder = place.root / "new.mma"
    if folder.exists():  # a whole project, or none
        Project.open(folder).close()
        shutil.rmtree(folder)
    Project.create(folder).close()


STEPS: dict[str, tuple[str, Callable[[Place, ProjectContext], None]]] = {
    "create": ("empty", create),
    "import": ("empty", import_folder),
    "label": ("imported", label),
    "edit": ("imported", edit),
    "embed": ("imported", embed),
    "find": ("moved", find),
    "train": ("embedded", train),
    "export": ("trained", export),
    "export folders": ("trained", export_folders),
    "export model": ("trained", export_model),
    "export features": ("trained", export_features),
    "shards": ("empty", shards),
    "backup": ("trained", back_up),
    "settings": ("empty", settings),
}
"""Each with the state of the project that it begins with."""


def _ready(context: ProjectContext) -> None:
    engine = context.engine
    if engine.cache is None and engine.backbone is not None:
        engine.cache = engine.open_cache(engine.backbone)


# ------------------------------------------------------------------------------ one try


def attempt(name: str, place: Place, ready: Path, disk: Disk, write: int) -> tuple[int, str]:
    """Do a step on a disk that is full at a write.

    Returns:
        How many writes there were, and the sentence that was said, "" where the step ended.
    """
    shutil.rmtree(place.root, ignore_errors=True)
    shutil.copytree(ready, place.root)
    step, said = STEPS[name][1], ""
    context = place.open()
    place.acknowledged, place.refused = labels(context), None
    disk.full_at(write)
    try:
        step(place, context)
    except UserError as error:
        said = str(error)
    finally:
        count = disk.writes
        context.close()
        disk.full_at(PLENTY)
    _check(place, name, write, (".tmp", ".new"))  # SQLite's own logs stay for the next opening
    context = place.open()
    try:
        _compare(place, labels(context), f"{name}, write {write}")
        step(place, context)
    finally:
        context.close()
    _check(place, name, write, (".tmp", ".new", "-journal", "-wal", "-shm"))
    return count, said


def _compare(place: Place, now: dict[int, int], where: str) -> None:
    """See that every label is what was acknowledged last.

    The one that was refused last may be there all the same: SQLite writes it, waits for the disk, hears that there is
    no room, and finds it whole at the next opening.
    """
    lost = {
        image: (class_id, now.get(image))
        for image, class_id in place.acknowledged.items()
        if now.get(image) != class_id
    }
    if place.refused is not None and now.get(place.refused[0]) == place.refused[1]:
        lost.pop(place.refused[0], None)
    assert not lost, f"{where}: lost {lost}"


def _check(place: Place, name: str, write: int, temporary: tuple[str, ...]) -> None:
    found = [str(one) for one in place.root.rglob("*") if one.name.endswith(temporary)]
    assert not found, f"{name}, write {write}: {found} stayed"
    with closing(sqlite3.connect(place.project / "project.db")) as connection:
        known = {path for (path,) in connection.execute("SELECT checkpoint FROM run")}
        runs = list((place.project / "runs").iterdir())
        if "-wal" not in temporary:  # what is parked finds its place at the next opening
            runs += [one.with_name(one.name[1:].removesuffix(".parked")) for one in runs]
        kept = {one.relative_to(place.project).as_posix() for one in runs}
        assert known <= kept, f"{name}, write {write}: a training lost its checkpoint"
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def prepare(root: Path) -> tuple[Place, dict[str, Path]]:
    """Pictures, and a copy of the project in each of its states."""
    place = Place(root / "try", root / "source")
    rng = np.random.default_rng(0)
    for number, name in enumerate(CLASSES):
        (place.source / name).mkdir(parents=True)
        for at in range(EACH):
            pixels = rng.integers(0, 90, (48, 64, 3), np.uint8)
            pixels[..., number] += np.uint8(90)
            Image.fromarray(pixels).save(place.source / name / f"{name} {at}.jpg")
    ready: dict[str, Path] = {}

    def keep(state: str) -> None:
        ready[state] = root / "ready" / state
        shutil.copytree(place.root, ready[state])

    place.root.mkdir()
    Project.create(place.project).close()
    keep("empty")
    for state, step in (("imported", import_folder), ("embedded", embed), ("trained", train)):
        context = place.open()
        if state == "embedded":
            model_in_use.prepare(context, CancelToken())
            place.backbone = context.engine.backbone
        step(place, context)
        context.close()
        keep(state)
    shutil.rmtree(place.root)
    shutil.copytree(ready["empty"], place.root)
    elsewhere = Place(place.root, root / "elsewhere")
    shutil.copytree(place.source, elsewhere.source)
    context = place.open()
    import_folder(elsewhere, context)
    context.close()
    shutil.rmtree(elsewhere.source)
    keep("moved")
    return place, ready


def main() -> int:
    """Print what happened as JSON, a line a step."""
    loading.load_backbone = lambda *_a, **_k: TINY
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--steps", nargs="*", default=list(STEPS))
    arguments = parser.parse_args()
    if arguments.every > 1:  # tracing takes seconds, and comes before the first write
        runtimes.FORMATS[WHOLE] = AsItIs(*astuple(runtimes.FORMATS[WHOLE]))
    place, ready = prepare(arguments.root)
    disk = Disk(place.root)
    for name in arguments.steps:
        state = ready[STEPS[name][0]]
        total, said = attempt(name, place, state, disk, PLENTY)
        assert not said, said
        tries = sorted({*range(1, total + 1, arguments.every), total})
        sentences = [attempt(name, place, state, disk, write)[1] for write in tries]
        report = {"step": name, "writes": total, "tries": len(tries), "said": sentences}
        sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
