"""Folders of small pictures, and sessions on projects of the test's own."""

from __future__ import annotations

import hashlib
import pickle
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core import i18n
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role
from mma_desktop.engine.training import trainer
from mma_desktop.engine.training.trainer import TrainingResult
from mma_desktop.engine.training_data import TrainingData
from mma_desktop.media.reader import Thumbnails
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.predicting import model_in_use
from mma_desktop.store.project import Project

from .format_steps import MakePicture

MakeFolder = Callable[..., Path]
POOL = {"red": 8, "green": 8, "blue": 8}


@pytest.fixture(scope="session", autouse=True)
def _warm_starter(warm_starter: None) -> None:
    """No test here is about loading the starter."""


@pytest.fixture(scope="session")
def fits() -> dict[bytes, TrainingResult]:
    """See `fitted_once`."""
    return {}


@pytest.fixture
def fitted_once(fits: dict[bytes, TrainingResult], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who fits what was fitted before gets a copy of that, as a training is deterministic and takes half a second."""
    real = trainer.train

    def train(data: TrainingData, *given: Any, **more: Any) -> TrainingResult:
        if data.encoder is not None:
            return real(data, *given, **more)
        parts = [getattr(data, one.name) for one in fields(data) if one.name != "kept"]
        asked = {name: value for name, value in more.items() if name != "cancel"}
        key = hashlib.sha256(pickle.dumps((parts, given, asked))).digest()
        if key not in fits:
            fits[key] = real(data, *given, **more)
        return deepcopy(fits[key])

    monkeypatch.setattr(trainer, "train", train)


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """Make class folders of small noisy JPEGs, every one with other bytes."""
    return partial(noisy_folders, tmp_path)


def noisy_folders(place: Path, name: str, classes: dict[str, int], seed: int = 0) -> Path:
    rng = np.random.default_rng(seed)
    for number, (class_name, count) in enumerate(classes.items()):
        folder = place / name / class_name
        folder.mkdir(parents=True)
        for i in range(count):
            pixels = rng.integers(0, 90, (48, 64, 3), np.uint8)
            pixels[..., number % 3] += np.uint8(80 + 40 * (number // 3 % 3))
            Image.fromarray(pixels).save(folder / f"{class_name} {i:02}.jpg", quality=80)
    return place / name


@pytest.fixture
def picture(tmp_path: Path) -> MakePicture:
    """Make a small picture, every one with other bytes."""
    count = iter(range(250))

    def make(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4), (next(count), 0, 0)).save(path)
        return path

    return make


@pytest.fixture
def context(tmp_path: Path) -> Iterator[ProjectContext]:
    """An empty project with thumbnails."""
    made = ProjectContext(Project.create(tmp_path / "test.mma"), Thumbnails(tmp_path / "thumbnails"), threads=1)
    yield made
    made.close()


@pytest.fixture(scope="session")
def made_pool(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Path:
    """See `pool`."""
    place = tmp_path_factory.mktemp("pool")
    with embedded(place, noisy_folders(place, "pictures", POOL), cache_home) as context:
        context.project.add_classes(list(POOL), Role.BASE)
    return context.project.folder


@contextmanager
def embedded(place: Path, pictures: Path, cache_home: Path) -> Iterator[ProjectContext]:
    """A project `made.mma` of pictures without labels, closed in the end, for `opened_copy`."""
    with pytest.MonkeyPatch.context() as patch, closing(ProjectContext(Project.create(place / "made.mma"))) as context:
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        importing.import_paths(context, [pictures], CancelToken())
        model_in_use.prepare(context, CancelToken())
        embedding.embed(context, CancelToken())
        yield context


@contextmanager
def opened_copy(project: Path, place: Path) -> Iterator[ProjectContext]:
    """A copy of a project with thumbnails and the image model."""
    copied = Project.open(shutil.copytree(project, place / "test.mma"))
    with closing(ProjectContext(copied, Thumbnails(place / "thumbnails"), threads=1)) as context:
        model_in_use.prepare(context, CancelToken())
        yield context


@pytest.fixture
def pool(made_pool: Path, tmp_path: Path) -> Iterator[ProjectContext]:
    """24 embedded images of three classes, none of them labelled; it learns."""
    with opened_copy(made_pool, tmp_path) as context:
        context.learns = True
        yield context


@pytest.fixture
def foreign() -> Iterator[None]:
    """Every letter of a text is an "ж", numbers have points between thousands and a decimal comma."""

    def lookup(text: str, other: str, number: int) -> str:
        parts = re.split(r"(\{.*?\})", text if number in {-1, 1} else other)
        return "".join(part if part.startswith("{") else re.sub("[A-Za-z]", "ж", part) for part in parts)

    i18n.install(i18n.Language(lookup, ".", ","))
    yield
    i18n.install(i18n.ENGLISH)
