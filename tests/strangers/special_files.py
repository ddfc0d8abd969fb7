"""Run as a process of its own: put what is no file in the place of each file that is read, and read it.

Everything is imported and made once; each case is a forked child that is killed when it hangs. Prints one line of JSON
a case: its name, what was said (empty where it went on without the file) and its peak of memory in MiB.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np
import safetensors.numpy

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.settings import Settings
from mma_desktop.engine import checkpoint
from mma_desktop.engine.backbones import loading, starter, weights
from mma_desktop.engine.features.feature_file import read_feature_file
from mma_desktop.media.reader import Thumbnails
from mma_desktop.services.batch.benchmark.runner import read_results, write_results
from mma_desktop.services.batch.benchmark.sources import list_images
from mma_desktop.services.batch.sharding.parts import summarise
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.dataset import ReadOptions
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.registry import read_source, recognise
from mma_desktop.services.images import embedding, file_check, importing
from mma_desktop.services.images.importing import UnsavedImage, unimported_files
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import open_project, scratch_project
from mma_desktop.services.training import project_training
from mma_desktop.store import integrity
from mma_desktop.store.project import Project
from mma_desktop.store.snapshots import inspect_backup, list_restorable, restore
from tests.chaos.nursery import REQUEST, TINY
from tests.services.shard_fakes import predicted, shards_of
from tests.steps import labels_csv
from tests.strangers.importing import peak_mib

HANGS = 40
SPARSE = 40 << 30
MEMORY = 24 << 30
KINDS = ("pipe", "sparse", "device", "folder", "unreadable")


def put(kind: str, path: Path) -> None:
    """Put what is no file where a file is, or was."""
    data = path.read_bytes() if path.is_file() else b""
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "sparse":
        path.write_bytes(data)
        os.truncate(path, SPARSE)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(data or b"x")
        path.chmod(0)


# --------------------------------------------------------------------------------------
# what is made once


def make_all(root: Path) -> None:
    """One of everything that is read: a project with all it may hold, and every file that a person may name."""
    rng = np.random.default_rng(0)
    context = make_project(root / "one.mma", rng)
    labels_csv(context, root / "table.csv")
    context.close()
    shutil.copy(next((root / "one.mma" / "runs").glob("*.safetensors")), root / "adapter.safetensors")
    tensors = {"text_features": np.eye(3, 8, dtype=np.float32)}
    for part in ("train", "test"):
        tensors[f"{part}_features"] = rng.normal(size=(6, 8)).astype(np.float32)
        tensors[f"{part}_labels"] = np.arange(6) % 3
    safetensors.numpy.save_file(tensors, root / "features.safetensors", {"class_names": '["a", "b", "c"]'})
    (root / "weights.pt").write_bytes(b"weights")
    (root / "split.json").write_text(json.dumps({"train": [["a.jpg", 0, "a"]], "val": [], "test": []}))
    (root / "tasks.json").write_text(json.dumps([{"data": {"image": "a.jpg"}, "annotations": []}]))
    for name in ("list.txt", "list.csv"):
        pictures = sorted(str(path) for path in (root / "one.mma" / "pictures").iterdir())
        (root / name).write_text("\n".join((["path"] if name.endswith("csv") else []) + pictures))
    (root / "settings").mkdir()
    Settings(root / "settings").set("language", "de")
    (root / "bench").mkdir()
    write_results(root / "bench" / "results.json", {}, {})
    predicted(root / "shards", root / "list.txt", size=6)


def make_project(folder: Path, rng: np.random.Generator) -> ProjectContext:
    """A project with pictures of its own, labels, features, a training, a backup and a table of labels."""
    context = ProjectContext(Project.create(folder), Thumbnails(folder.parent / "thumbnails"), threads=1)
    pictures = [UnsavedImage(f"p{n}", rng.integers(0, 255, (20, 24, 3), np.uint8)) for n in range(12)]
    importing.import_images(context, pictures, CancelToken())
    context.project.add_classes(["apples", "boxes", "clouds"])
    for turn, image in enumerate(context.index.columns.ids.tolist()):
        context.project.assign([image], context.classes[turn % 3].id)
    model_in_use.prepare(context, CancelToken(), device="cpu")
    project_training.train(context, REQUEST, CancelToken())
    context.project.keep_backup()
    return context


# --------------------------------------------------------------------------------------
# what is read


def use_project(root: Path) -> None:
    """Open a project and do with it what a person does."""
    thumbnails = Thumbnails(root / "thumbnails")
    context = open_project(root / "one.mma", threads=1)
    context.thumbnails = thumbnails
    try:
        unimported_files(context)
        file_check.FileCheck(context).run(CancelToken())
        for row in context.project.image_rows(context.index.columns.ids.tolist()):
            context.thumbnail(row)
        pixels = np.random.default_rng(1).integers(0, 255, (20, 24, 3), np.uint8)
        importing.import_images(context, [UnsavedImage("new", pixels)], CancelToken())
        model_in_use.prepare(context, CancelToken(), device="cpu")
        embedding.embed(context, CancelToken())
        prediction.score(context, CancelToken())
        run = context.project.runs()[0]
        checkpoint.load(context.project.checkpoint_path(run))
        exporting.adapter(context, run.id, root / "out.safetensors")
        exporting.export(context, image_folder.FORMAT, root / "out", CancelToken(), splits=exporting.Splits.NONE)
        context.project.add_classes(["more"])
        context.project.keep_backup()
    finally:
        context.close()


def use_backups(root: Path) -> None:
    """List the backups of a project, and put the first that is good in its place."""
    good = [seen for file in list_restorable(root / "one.mma") if not (seen := inspect_backup(file)).problem]
    if not good:
        raise UserError(f"there is no good backup, but {sorted((root / 'one.mma' / 'backups').iterdir())}")
    restore(root / "one.mma", good[0].file.path)
    open_project(root / "one.mma", threads=1).close()


def use_shards(root: Path) -> None:
    """Count what is in a folder of results, and go on with it."""
    summary = summarise(root / "shards")
    if not summary.whole:
        names = sorted(path.name for path in (root / "shards").iterdir())
        raise UserError(f"{summary.missing} {summary.damaged}: {names}")
    assert predicted(root / "shards", root / "list.txt", size=6) == []


def use_own_list(name: str) -> Callable[[Path], None]:
    """Predict what a list names."""

    def use(root: Path) -> None:
        shutil.rmtree(root / "shards")
        shards_of(root / "shards", root / name)

    return use


def use_table(name: str) -> Callable[[Path], None]:
    """Import a table of another tool, whatever it is."""

    def use(root: Path) -> None:
        read_source(root / name, recognise(root / name), ReadOptions(), CancelToken())

    return use


def use_split(root: Path) -> None:
    with scratch_project() as context:
        list_images(root / "split.json", context, CancelToken())


def use_adapter(root: Path) -> None:
    """Read an adapter that came from elsewhere."""
    checkpoint.read_header(root / "adapter.safetensors")
    checkpoint.load(root / "adapter.safetensors")


def use_weights(root: Path) -> None:
    """Look at a file of weights as the loading does."""
    weights.check_suffix(root / "weights.pt")
    weights.content_hash(root / "weights.pt")


Use = Callable[[Path], object]

PROJECT = (
    "project.db project.db-journal project.db-wal project.db-shm project.lock labels.csv embeddings/*/meta.json "
    "embeddings/*/hashes.bin embeddings/*/features.f16 embeddings/*/sums.bin embeddings/*/write.lock "
    "runs/*.safetensors pictures/p0.png embeddings runs backups pictures pictures/stray.png "
    ".project-damaged-20260101-000000Z.db.restored"
)
CASES: dict[str, tuple[str, Use]] = {
    **{f"project: {name}": (f"one.mma/{name}", use_project) for name in PROJECT.split()},
    **{
        f"backups: {name}": (f"one.mma/{name}", use_backups)
        for name in ("backups/*.db", "backups/project-20260101-000000Z.db-wal", "project.db", "project.db-wal")
    },
    "thumbnail": ("thumbnails/*/*/*.jpg", use_project),
    "adapter": ("adapter.safetensors", use_adapter),
    "features": ("features.safetensors", lambda root: read_feature_file(root / "features.safetensors")),
    "weights": ("weights.pt", use_weights),
    "starter space": ("space.safetensors", lambda root: starter.load_space(root / "space.safetensors")),
    "split": ("split.json", use_split),
    "results": ("bench/results.json", lambda root: read_results(root / "bench" / "results.json")),
    "settings": ("settings/settings.json", lambda root: Settings(root / "settings")),
    "table": ("table.csv", use_table("table.csv")),
    "tasks": ("tasks.json", use_table("tasks.json")),
    "list of lines": ("list.txt", use_own_list("list.txt")),
    "list as a table": ("list.csv", use_own_list("list.csv")),
    "first shard": ("shards/part-00001-of-*.parquet", use_shards),
    "last shard": ("shards/part-00002-of-00002.parquet", use_shards),
}


def one_of(root: Path, pattern: str) -> Path:
    """The first file of this pattern; a name without a star may be of none."""
    return sorted(root.glob(pattern))[0] if "*" in pattern else root / pattern


def child(root: Path, kind: str, pattern: str, use: Use, answer: int) -> None:
    """One case, in a process of its own; never returns."""
    signal.alarm(HANGS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    before = peak_mib()
    said = ""
    try:
        place = one_of(root, pattern)
        put(kind, place)
        use(root)
    except UserError as error:
        said = str(error)
    except BaseException:  # noqa: BLE001 - whatever it is, the test has to hear of it
        said = "Traceback: " + traceback.format_exc()
    report = {"name": place.name, "said": said, "mib": peak_mib() - before}
    os.write(answer, json.dumps(report).encode())
    os._exit(0)


def main(root: Path, kinds: list[str]) -> None:
    """All cases of some kinds."""
    loading.load_backbone = lambda *_a, **_k: TINY
    integrity.set_notes_folder(root / "known")
    original = root / "original"
    original.mkdir()
    make_all(original)
    gc.collect()
    gc.freeze()  # a child that collects garbage need not copy all that is imported
    for kind in kinds:
        for name, (pattern, use) in CASES.items():
            copy = root / "copy"
            shutil.copytree(original, copy)
            (copy / "one.mma" / "project.db").touch()
            mine, theirs = os.pipe()
            number = os.fork()
            if number == 0:
                child(copy, kind, pattern, use, theirs)
            os.close(theirs)
            with os.fdopen(mine, "rb") as answer:
                told = answer.read()
            status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
            report = json.loads(told) if told else {"name": "", "said": f"Traceback: ended with {status}", "mib": 0}
            sys.stdout.write(json.dumps({"case": name, "kind": kind, **report}) + "\n")
            sys.stdout.flush()
            shutil.rmtree(copy)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
