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
from mma_desktop.core.types import Role, Use
from mma_desktop.engine import checkpoint
from mma_desktop.engine.backbones import loading
from mma_desktop.media.thumbnails import Thumbnails
from mma_desktop.services.context import ProjectSession
from mma_desktop.services.images.paste_import import Picture
from mma_desktop.services.project_factory import create_session
from tests.chaos.nursery import REQUEST, TINY
from tests.session.shard_fakes import value

PROJECT = "one.mma"


def told(session: ProjectSession) -> dict[str, Any]:
    """All that a person sees of a project: images with their labels, classes, settings, trainings."""
    names = {one.id: one.name for one in session.classes}
    rows = session.rows(session.catalogue.columns.ids.tolist())
    return {
        "images": sorted(
            [row.path.name, (row.content_hash or b"").hex(), names.get(row.class_id or 0, ""), str(row.use)]
            for row in rows
        ),
        "classes": [[one.name, one.role.value, one.colour, one.key] for one in session.classes],
        "prompt": session.prompt_template,
        "trainings": [[run.name, run.starred, run.checkpoint] for run in session.runs()],
    }


def seen(folder: Path) -> dict[str, Any]:
    """What there is when the project is opened again: as `told`, once each file has been read."""
    from mma_desktop.services.project_factory import open_session

    session = open_session(folder, threads=1)
    try:
        for row in session.rows(session.catalogue.columns.ids.tolist()):
            if row.path.is_relative_to(folder):
                session.big_picture(row, 8)
        for run in session.runs():
            checkpoint.load(session.project.checkpoint_path(run))
        return told(session)
    finally:
        session.close()


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


def steps(session: ProjectSession, outside: Path) -> dict[str, Callable[[], object]]:
    """What a person does, and is told of."""
    rng = np.random.default_rng(0)
    pictures = [Picture(f"p{n}", rng.integers(0, 255, (20, 24, 3), np.uint8)) for n in range(12)]
    ids = range(1, 13)

    def class_id(at: int) -> int:
        return session.classes[at].id

    def train() -> None:
        session.prepare(CancelToken(), device="cpu")
        value(session.train(REQUEST, CancelToken()))

    return {
        "paste": lambda: value(session.take_in(pictures, CancelToken())),
        "add classes": lambda: session.add_classes(["apples", "boxes", "clouds", "doors"]),
        "label": lambda: [session.assign([image], class_id(image % 3)) for image in ids],
        "label one": lambda: session.assign([1], class_id(3)),
        "accept": lambda: session.accept([(2, class_id(3))], overwrite=True),
        "unlabel": lambda: session.assign([3], None),
        "use": lambda: session.set_use([4], Use.TEST),
        "undo": session.undo,
        "redo": session.redo,
        "role": lambda: session.set_role([class_id(3)], Role.NEW),
        "rename": lambda: session.rename_class(class_id(3), "dogs"),
        "colour": lambda: session.set_colour(class_id(3), "#123456"),
        "key": lambda: session.set_key(class_id(3), "x"),
        "move": lambda: session.move_class(class_id(3), 0),
        "setting": lambda: session.set_setting("prompt_template", "a {}."),
        "train": train,
        "star": lambda: session.star_runs([1], starred=True),
        "rename training": lambda: session.rename_run(1, "first"),
        "remove": lambda: session.remove_images([5]),
        "delete class": lambda: session.delete_classes([class_id(3)]),
        "import": lambda: value(session.import_paths([outside], CancelToken())),
        "paste more": lambda: value(session.take_in([Picture("more", pictures[0].data[:9])], CancelToken())),  # type: ignore[arg-type]
        "delete training": lambda: session.delete_run(1),
    }


def main(root: Path) -> None:
    """Every step, each followed by a power cut that nobody notices."""
    loading.load_backbone = lambda *_a, **_k: TINY
    flushed = Path(os.environ["POWER_CUT"])
    outside, disk = root / "outside", root / "disk"
    outside.mkdir()
    disk.mkdir()
    Image.new("RGB", (9, 9), (1, 2, 3)).save(outside / "outside.png")
    session = create_session(disk / PROJECT, threads=1)
    session.thumbnails = Thumbnails(root / "thumbnails")
    for name, step in steps(session, outside).items():
        step()
        put_together(flushed, disk, root / name)
        sys.stdout.write(json.dumps([name, told(session)]) + "\n")
        sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
