"""Run as a process of its own: everything that acknowledges something to a person, and what a power cut would leave.

After each step the disk is put together from what `power_cut.c` has seen flushed, into a folder that is named after the
step, and a line of JSON says what the person was told by then.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource, Role, Use
from mma_desktop.engine import checkpoint
from mma_desktop.engine.backbones import loading
from mma_desktop.media.reader import Thumbnails
from mma_desktop.services.context import ProjectContext, load_image
from mma_desktop.services.images import importing
from mma_desktop.services.images.importing import UnsavedImage
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import project_training
from mma_desktop.store.snapshots import restore
from tests.chaos.nursery import REQUEST, TINY

PROJECT = "one.mma"


def told(context: ProjectContext) -> dict[str, Any]:
    """All that a person sees of a project: images with their labels, classes, settings, trainings."""
    names = {one.id: one.name for one in context.classes}
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    return {
        "images": sorted(
            [row.path.name, (row.content_hash or b"").hex(), names.get(row.class_id or 0, ""), str(row.use)]
            for row in rows
        ),
        "classes": [[one.name, one.role.value, one.colour, one.key] for one in context.classes],
        "prompt": context.prompt_template,
        "trainings": [[run.name, run.checkpoint] for run in context.project.runs()],
    }


def seen(folder: Path) -> dict[str, Any]:
    """What there is when the project is opened again: as `told`, once each file has been read."""
    context = open_project(folder, threads=1)
    try:
        for row in context.project.image_rows(context.index.columns.ids.tolist()):
            if row.path.is_relative_to(folder):
                load_image(row, 8)
        for run in context.project.runs():
            checkpoint.load(context.project.checkpoint_path(run))
        return told(context)
    finally:
        context.close()


def put_together(flushed: Path, folder: Path, target: Path) -> None:
    """Make the folder again as a power cut would leave it: names and bytes as they were last flushed."""
    _names(flushed, folder.stat().st_ino, target)


def _names(flushed: Path, number: int, target: Path) -> None:
    target.mkdir()
    names = flushed / f"{number}.names"
    for entry in names.read_bytes().split(b"\0")[:-1] if names.exists() else ():
        inner, _, name = entry.partition(b" ")
        path = target / os.fsdecode(name)
        if (flushed / f"{int(inner)}.names").exists():
            _names(flushed, int(inner), path)
        else:
            data = flushed / f"{int(inner)}.bytes"
            if data.exists():
                path.write_bytes(data.read_bytes())


def steps(context: ProjectContext, outside: Path) -> dict[str, Callable[[], object]]:
    """What a person does, and is told of."""
    rng = np.random.default_rng(0)
    pictures = [UnsavedImage(f"p{n}", rng.integers(0, 255, (20, 24, 3), np.uint8)) for n in range(12)]
    ids = range(1, 13)

    def class_id(at: int) -> int:
        return context.classes[at].id

    def train() -> None:
        model_in_use.prepare(context, CancelToken(), device="cpu")
        project_training.train(context, REQUEST, CancelToken())

    return {
        "paste": lambda: importing.import_images(context, pictures, CancelToken()),
        "add classes": lambda: context.project.add_classes(["apples", "boxes", "clouds", "doors"]),
        "label": lambda: [context.project.assign([image], class_id(image % 3)) for image in ids],
        "label one": lambda: context.project.assign([1], class_id(3)),
        "accept": lambda: context.project.assign_many([(2, class_id(3))], LabelSource.SUGGESTION, overwrite=True),
        "unlabel": lambda: context.project.assign([3], None),
        "use": lambda: context.project.set_use([4], Use.TEST),
        "undo": context.project.undo,
        "redo": context.project.redo,
        "role": lambda: context.project.set_role([class_id(3)], Role.NEW),
        "rename": lambda: context.project.rename_class(class_id(3), "dogs"),
        "colour": lambda: context.project.set_colour(class_id(3), "#123456"),
        "key": lambda: context.project.set_key(class_id(3), "x"),
        "move": lambda: context.project.move_class(class_id(3), 0),
        "setting": lambda: context.project.set_setting("prompt_template", "a {}."),
        "train": train,
        "rename training": lambda: context.project.rename_run(1, "first"),
        "remove": lambda: context.project.remove_images([5]),
        "delete class": lambda: context.project.delete_classes([class_id(3)]),
        "import": lambda: importing.import_paths(context, [outside], CancelToken()),
        "paste more": lambda: importing.import_images(
            context, [UnsavedImage("more", pictures[0].data[:9])], CancelToken()
        ),  # type: ignore[arg-type]
        "delete training": lambda: model_in_use.delete_run(context, 1),
    }


def main(root: Path) -> None:
    """Every step, each followed by a power cut that nobody notices."""
    loading.load_backbone = lambda *_a, **_k: TINY
    flushed = Path(os.environ["POWER_CUT"])
    outside, disk = root / "outside", root / "disk"
    outside.mkdir()
    disk.mkdir()
    Image.new("RGB", (9, 9), (1, 2, 3)).save(outside / "outside.png")
    context = create_project(disk / PROJECT, threads=1)
    context.thumbnails = Thumbnails(root / "thumbnails")

    def tell(name: str) -> None:
        sys.stdout.write(json.dumps([name, told(context)]) + "\n")
        sys.stdout.flush()

    for name, step in steps(context, outside).items():
        step()
        put_together(flushed, disk, root / name)
        tell(name)
    backup = context.project.keep_backup()
    assert backup is not None
    context.project.add_classes(["eels"])
    context.close()
    restore(disk / PROJECT, backup)
    put_together(flushed, disk, root / "restore")
    context = open_project(disk / PROJECT, threads=1)
    tell("restore")
    context.project.assign([1], context.classes[0].id)
    put_together(flushed, disk, root / "label what was restored")
    tell("label what was restored")
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
