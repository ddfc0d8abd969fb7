"""A project of many images without reading any: rows put straight into the tables, and empty files where they say."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image

from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import LabelSource, Role
from mma_desktop.store.database import connect
from mma_desktop.store.project import Project

FOLDER_FILES = 1_000
CLASSES = 100
LABELLED = 10  # one image in so many
BODIES = 8
MTIME = 1_700_000_000


def picture_path(root: Path, number: int) -> Path:
    """Where an image lies; ids count from 1."""
    return root / f"day {number // FOLDER_FILES:04}" / f"IMG_{number:07}.jpg"


def content_hashes(rows: int) -> np.ndarray:
    """'S32' (rows,): the content hashes of the images, in the order of their ids."""
    noise = np.random.default_rng(0).integers(1, 256, (rows, 32), np.uint8)
    return noise.view("S32").ravel()


def make_files(root: Path, rows: int) -> None:
    """Empty files, all of one date: enough to be found and known again."""
    for number in range(1, rows + 1):
        path = os.fspath(picture_path(root, number))
        try:
            handle = os.open(path, os.O_CREAT | os.O_WRONLY)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path))  # noqa: PTH103, PTH120 - a million times
            handle = os.open(path, os.O_CREAT | os.O_WRONLY)
        os.utime(handle, (MTIME, MTIME))
        os.close(handle)


def make_pictures(root: Path, count: int) -> None:
    """Small JPEGs of a few pictures, each with a comment of its own, so that their bytes and hashes differ."""
    noise = np.random.default_rng(0)
    bodies = []
    for _ in range(BODIES):
        written = io.BytesIO()
        Image.fromarray(noise.integers(0, 255, (12, 16, 3), np.uint8)).resize((64, 48)).save(written, "JPEG")
        bodies.append(written.getvalue())
    for number in range(1, count + 1):
        path = picture_path(root, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        comment = f"{number:08}".encode()
        body = bodies[number % BODIES]  # a JPEG begins with its two bytes SOI; a comment may follow at once
        path.write_bytes(body[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + body[2:])


def make_project(folder: Path, root: Path, rows: int) -> None:
    """A project of `rows` images below `root`, 100 classes, one image in ten labelled."""
    with Project.create(folder) as project:
        project.add_classes([f"class {number:03}" for number in range(CLASSES)], Role.BASE)
        class_ids = [one.id for one in project.classes()]
    images = range(1, rows + 1, LABELLED)
    fill(folder, root, rows, [(number, class_ids[number // LABELLED % len(class_ids)]) for number in images])


def make_real_project(folder: Path, root: Path, names: Sequence[str], of_image: Sequence[int], each: int) -> None:
    """A project with these classes: image i shows name `of_image[i - 1]`; the first `each` of a class are labelled."""
    with Project.create(folder) as project:
        project.add_classes(names, Role.BASE)
        ids = {one.name: one.id for one in project.classes()}
    shows = np.asarray(of_image)
    labelled = np.sort(np.concatenate([np.flatnonzero(shows == at)[:each] for at in range(len(names))]))
    fill(folder, root, len(shows), [(at + 1, ids[names[shows[at]]]) for at in labelled.tolist()])


def fill(folder: Path, root: Path, rows: int, labels: Sequence[tuple[int, int]]) -> None:
    """Put `rows` images and their labels (image id, class id) into the tables."""
    hashes = content_hashes(rows)
    with closing(connect(folder / DATABASE_FILE)) as connection:
        connection.execute("BEGIN")
        _insert(connection, "image", 10, _images(hashes))
        _insert(connection, "place", 6, _places(root, rows))
        _insert(connection, "label", 5, _labels(labels))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(connection: sqlite3.Connection, table: str, columns: int, rows: Iterator[tuple[object, ...]]) -> None:
    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)


def _images(hashes: np.ndarray) -> Iterator[tuple[object, ...]]:
    for at, content_hash in enumerate(hashes.tolist()):
        yield at + 1, content_hash, 640, 480, "JPEG", 0, None, "", float(at), None


def _places(root: Path, rows: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, rows + 1):
        path = picture_path(root, number)
        yield number, number, os.fsencode(path), path.name.lower(), MTIME * 10**9, float(number)


def _labels(labels: Sequence[tuple[int, int]]) -> Iterator[tuple[object, ...]]:
    for number, class_id in labels:
        yield number, class_id, LabelSource.PERSON.value, None, float(number)
