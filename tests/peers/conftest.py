"""Other tools, installed by `tests/peers/install` in environments of their own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order
from mma_desktop.services.images import importing

from ..services.conftest import *  # noqa: F403 - its fixtures

Peer = Callable[..., Any]


@pytest.fixture
def peer(tmp_path: Path) -> Peer:
    """Run lines of Python with the other tools; what they print last is JSON."""
    python = os.environ.get("MMA_PEERS_PYTHON")
    if not python:
        pytest.skip("MMA_PEERS_PYTHON is not set: run tests/peers/install")

    def call(code: str, *arguments: object, needs: str) -> Any:
        environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": "", "FIFTYONE_DO_NOT_TRACK": "1"}
        found = subprocess.run([python, "-c", f"import {needs}"], env=environment, check=False, capture_output=True)
        if found.returncode:
            pytest.skip(f"{needs} is not installed: {found.stderr.decode()[-200:]}")
        done = subprocess.run(
            [python, "-c", f"import sys, json\n{code}", *map(str, arguments)],
            env=environment,
            cwd=tmp_path,
            check=False,
            capture_output=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        return json.loads(done.stdout.decode().strip().splitlines()[-1])

    return call


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six pictures in two folders, one with a name that needs quoting."""
    for number in range(6):
        folder = tmp_path / "photos" / str(number % 2)
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number * 40, 20, 0)).save(folder / f"ä & {number}.png")
    return tmp_path / "photos"


@pytest.fixture
def labelled(context: ProjectContext, photos: Path) -> ProjectContext:
    """A project whose pictures are cat and dog in turn; the last has no label."""
    importing.import_paths(context, [photos], CancelToken())
    context.project.add_classes(["cat", 'the "dog", ü'])
    ids = context.select(Filter(order=Order.NAME)).tolist()
    for number, image in enumerate(ids[:5]):
        context.project.assign([image], context.classes[number % 2].id)
    return context
