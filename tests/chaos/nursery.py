"""A process that has everything imported and forks a child for each life of the program that is to be killed.

It reads orders, one JSON object a line, and answers each with the child's number at once and with its exit status at
its end. A child drives a project through the session layer and the lanes, as the window does, and writes into a file,
flushed to the disk, what it is about to do ("ask") and what has returned ("ack").
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.core.jobs import Job, LaneName, Lanes
from mma_desktop.core.types import ImageSpec, Recipe, TrainRequest
from mma_desktop.engine import checkpoint
from mma_desktop.engine.backbones import loading
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.features import extraction
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.images import importing
from mma_desktop.services.images.embedding import embed as embed_all
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import open_project, scratch_project
from mma_desktop.services.training import project_training
from tests.steps import labels_csv

CLASSES = ("apples", "boxes", "clouds")
PICTURES = 24
WAIT = 60
SPEC = ImageSpec(16, 16, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
REQUEST = TrainRequest(shots=2, recipe=Recipe(max_epochs=3, patience=2), device="cpu")
EVENTS = {"open", "os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir", "shutil.copyfile"}


DIM, WIDTH = 32, 48


class Squares(torch.nn.Module):
    """Colours in coarse squares, most of them as the shared space."""

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        found = torch.nn.functional.avg_pool2d(pictures, 4).flatten(1) + 0.01
        return torch.cat([torch.nn.functional.normalize(found[:, :DIM], dim=-1), found[:, DIM:]], dim=1)


class Tiny(Backbone):
    """A real backbone with a model of nothing."""

    compiled = False

    def _encode_texts(self, texts: Any) -> torch.Tensor:
        rows = [np.random.default_rng([*text.encode()]).normal(size=self.embed_dim) for text in texts]
        return torch.tensor(np.array(rows), dtype=torch.float32)


LAYOUT = RowLayout(DIM, WIDTH, (0, DIM))
TINY = Tiny("starter", "0123456789ab", LAYOUT, 10.0, SPEC, torch.device("cpu"), Squares())


@dataclass
class Life:
    """One child: its project, where it writes what it did, and what it is to do."""

    order: dict[str, Any]
    journal: int
    context: ProjectContext
    lanes: Lanes

    def echo(self, word: str, *rest: Any) -> None:
        """Write a line into the journal; it is on the disk when this returns."""
        os.write(self.journal, (json.dumps([word, *rest]) + "\n").encode())
        os.fsync(self.journal)

    def run(self, lane: LaneName, work: Callable[[CancelToken], Any], **how: Any) -> Any:
        """Run work on a lane and wait for its result."""
        over = threading.Event()
        result: list[Any] = []

        def notify(_job: Job, kind: str, payload: Any) -> None:
            if kind in {"done", "cancelled", "failed"}:
                result.extend((kind, payload))
                over.set()

        self.lanes.submit(lane, "work", work, notify, **how)
        assert over.wait(WAIT), "a job did not end"
        if result[0] != "done":
            raise result[1] if isinstance(result[1], BaseException) else RuntimeError(result[0])
        return result[1]

    def label(self, turn: int) -> None:
        """Label an image after another."""
        ids = self.context.index.columns.ids
        image = int(ids[turn * 7 % len(ids)])
        class_id = self.context.classes[turn % 3].id
        self.echo("ask", "label", image, class_id)
        self.run(LaneName.STORE, lambda _t: self.context.project.assign([image], class_id))
        self.echo("ack", "label", image, class_id)

    def fill(self, count: int) -> Path:
        """A folder of new small pictures."""
        folder = Path(self.order["pictures"]) / str(self.order["number"]) / str(time.monotonic_ns())
        folder.mkdir(parents=True)
        rng = np.random.default_rng()
        for number in range(count):
            Image.fromarray(rng.integers(0, 255, (20, 24, 3), np.uint8)).save(folder / f"{number}.png")
        return folder

    def bring_in(self, folder: Path) -> None:
        """Import a folder."""
        self.run(LaneName.MEDIA, lambda token: importing.import_paths(self.context, [folder], token))

    def embed(self) -> None:
        """Encode what has no features yet."""
        self.run(LaneName.ENGINE, lambda token: embed_all(self.context, token), background=True)

    def train(self) -> int:
        """Train once; the number of the run."""
        run = self.run(LaneName.ENGINE, lambda token: project_training.train(self.context, REQUEST, token)).run
        self.echo("ack", "run", run.id)
        return int(run.id)


def importing_pictures(life: Life, turn: int) -> None:
    life.bring_in(life.fill(PICTURES))
    life.label(turn)


def embedding(life: Life, _turn: int) -> None:
    life.bring_in(life.fill(PICTURES))
    life.embed()
    life.echo("ack", "embedded", len(life.context.engine.need()[1]))


def labelling(life: Life, turn: int) -> None:
    if turn == 0:
        life.lanes.submit(
            LaneName.ENGINE, "embed", lambda token: embed_all(life.context, token), lambda *_: None, background=True
        )
    life.label(turn)


def training(life: Life, turn: int) -> None:
    run = life.train()
    life.label(turn)
    if turn % 3 == 2:
        life.echo("ask", "delete", run)
        life.run(LaneName.ENGINE, lambda _t: model_in_use.delete_run(life.context, run), quick=True)
        life.echo("ack", "delete", run)


def exporting_table(life: Life, turn: int) -> None:
    out = Path(life.order["exports"]) / "labels.csv"
    life.run(LaneName.MEDIA, lambda _t: labels_csv(life.context, out))
    life.echo("ack", "export", "labels.csv")
    life.label(turn)


def exporting_adapter(life: Life, turn: int) -> None:
    run = life.context.project.runs()[turn % len(life.context.project.runs())].id
    out = Path(life.order["exports"]) / "adapter.safetensors"
    life.run(LaneName.MEDIA, lambda _t: exporting.adapter(life.context, run, out))
    life.echo("ack", "export", "adapter.safetensors")


def exporting_folders(life: Life, turn: int) -> None:
    out = Path(life.order["exports"]) / f"folders {life.order['number']} {turn}"
    life.run(LaneName.MEDIA, lambda token: exporting.export(life.context, image_folder.FORMAT, out, token))
    life.echo("ack", "export", out.name)


def backing_up(life: Life, turn: int) -> None:
    life.label(turn)
    life.run(LaneName.STORE, lambda _t: life.context.project.keep_backup())


LIVES: dict[str, Callable[[Life, int], None]] = {
    "import": importing_pictures,
    "embed": embedding,
    "label": labelling,
    "train": training,
    "export table": exporting_table,
    "export adapter": exporting_adapter,
    "export folders": exporting_folders,
    "backup": backing_up,
}


def live(order: dict[str, Any], echo: Callable[..., None], journal: int) -> None:
    """Open the project and do one thing over and over, until somebody kills this process."""
    context = open_project(Path(order["project"]), threads=1)
    life = Life(order, journal, context, Lanes())
    life.run(LaneName.ENGINE, lambda token: model_in_use.prepare(context, token, device="cpu"))
    echo("begin")
    for turn in range(100_000):
        LIVES[order["what"]](life, turn)


def make(order: dict[str, Any], echo: Callable[..., None], journal: int) -> None:
    """A project with pictures, labels and a trained adapter."""
    from mma_desktop.services.project_factory import create_project

    context = create_project(Path(order["project"]), threads=1)
    life = Life(order, journal, context, Lanes())
    context.project.add_classes(CLASSES)
    life.bring_in(life.fill(PICTURES))
    life.run(LaneName.ENGINE, lambda token: model_in_use.prepare(context, token, device="cpu"))
    life.embed()
    for turn in range(12):
        life.label(turn)
    life.train()
    life.lanes.close()
    context.close()
    echo("over")


def check(order: dict[str, Any], echo: Callable[..., None], journal: int) -> None:
    """Open the project that a killed process left and say what is there; encode what is missing."""
    context = open_project(Path(order["project"]), threads=1)
    life = Life(order, journal, context, Lanes())
    columns = context.index.columns
    labels = {int(one): int(label) for one, label in zip(columns.ids, columns.class_ids, strict=True) if label >= 0}
    runs = {}
    for run in context.project.runs():
        checkpoint.load(context.project.checkpoint_path(run))
        runs[run.id] = run.checkpoint
    life.run(LaneName.ENGINE, lambda token: model_in_use.prepare(context, token, device="cpu"))
    rows = len(context.engine.need()[1])
    context.engine.need()[1].gather(columns.hashes[context.engine.embedded(columns.hashes)])
    missing = int((~context.engine.embedded(columns.hashes[columns.usable])).sum())
    encoded = 0
    inner = TINY.encode_images

    def counted(pictures: np.ndarray) -> np.ndarray:
        nonlocal encoded
        encoded += len(pictures)
        return inner(pictures)

    TINY.encode_images = counted  # type: ignore[method-assign]
    life.embed()
    assert context.engine.embedded(columns.hashes[columns.usable]).all()
    thumbnails = context.thumbnails
    assert thumbnails is not None
    for content_hash in columns.hashes[-PICTURES:].tolist():
        whole = content_hash.ljust(32, b"\0")
        assert not thumbnails.path(whole).exists() or thumbnails.load(whole) is not None
    life.lanes.close()
    context.close()
    found = {"labels": labels, "runs": runs, "encoded": encoded, "missing": missing, "rows": rows}
    echo("found", found | {"images": len(columns.ids)})


def _die_at(event: int) -> None:
    """Kill this process at its n-th dealing with a file: the moments between two of them are the dangerous ones."""
    left = event

    def count(name: str, _arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if name in EVENTS:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def _child(order: dict[str, Any]) -> None:
    torch.set_num_threads(1)
    journal = os.open(order["journal"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def echo(word: str, *rest: Any) -> None:
        os.write(journal, (json.dumps([word, *rest]) + "\n").encode())
        os.fsync(journal)
        if word == "begin" and order.get("event"):
            _die_at(order["event"])

    try:
        {"make": make, "check": check}.get(order["what"], live)(order, echo, journal)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, the test has to hear of it
        echo("failed", traceback.format_exc())
        os._exit(1)


def _answer(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve orders until the input ends."""
    torch.set_num_threads(1)
    loading.load_backbone = lambda *_a, **_k: TINY
    extraction.FLUSH_SECONDS = 0.01
    importing.BATCH_FILES = 5
    with scratch_project():
        pass  # what the first project imports, the children need not
    gc.collect()
    gc.freeze()
    _answer("ready")
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(order)
        _answer(child)
        _answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
