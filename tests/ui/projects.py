"""Projects that are made once, without a window, and of which each test opens a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import DEFAULT_METHOD, LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.images.importing import import_paths
from mma_desktop.services.predicting.model_in_use import prepare, use_run
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training.experiments import Experiment, Trial, run_experiment
from mma_desktop.ui.base.controller import Controller


@contextmanager
def embedded(folder: Path, pictures: Path, *, labelled: bool) -> Iterator[ProjectContext]:
    """A project with the pictures of class folders, embedded by the starter, with their labels or without a class."""
    context, folders = create_project(folder, threads=1), {one.name: one for one in sorted(pictures.iterdir())}
    prepare(context, CancelToken())
    import_paths(context, [pictures], CancelToken(), folders if labelled else None)
    embed_images(context, None, CancelToken())
    yield context
    context.close()


def made(folder: Path, pictures: Path, *, labelled: bool) -> Path:
    """As `embedded`, closed; its folder."""
    with embedded(folder, pictures, labelled=labelled):
        return folder


def trained(folder: Path, pictures: Path) -> None:
    """A project with a short training that is used; half the classes are base, two images of each not labelled."""
    with embedded(folder, pictures, labelled=True) as context:
        columns = context.index.columns
        free = [int(image) for one in context.classes for image in columns.ids[columns.class_ids == one.id][-2:]]
        context.project.assign(free, None, LabelSource.PERSON)
        found = run_experiment(context, Experiment((Trial(DEFAULT_METHOD),), (4,), (0,)), CancelToken())
        use_run(context, found.runs[0].id)


def open_copy(controller: Controller, project: Path, folder: Path, classes: Sequence[str] = ()) -> ProjectContext:
    """Open a copy of a project, with more classes; those that are added later wait for another scoring."""
    context = open_project(shutil.copytree(project, folder), threads=1)
    if classes:
        context.project.add_classes(classes)
    controller.set_context(context)
    return context
