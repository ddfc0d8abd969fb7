"""The sample project: pictures the program draws itself, so that a first run needs no data."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.media.sample import draw_sample
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project

PICTURES = "pictures"
PER_CLASS = 40
UNLABELLED = 10


def make_sample(folder: Path, token: CancelToken) -> Generator[Progress, None, Path]:
    """Draw the sample pictures into a new project folder, import them and label all but ten of each class.

    Returns the project folder. The ten are there to be predicted, and to try labelling on. A sample that is stopped on
    the way is taken away again, so that the next try is not half a project.

    Raises:
        UserError: The folder is there already, or cannot be written.
        Cancelled: It was stopped.
    """
    context = create_project(folder)
    try:
        pictures = yield from draw_sample(folder / PICTURES, per_class=PER_CLASS, cancel=token)
        found = class_folders([pictures])
        yield from importing.import_paths(context, [pictures], token, found, first_half_base=True)
        token.raise_if_cancelled()
        context.project.assign(_last_of_each_class(context), None)
    except BaseException:
        context.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    context.close()
    return folder


def _last_of_each_class(context: ProjectContext) -> list[int]:
    """The last pictures of each class, by name."""
    found: list[int] = []
    for one in context.classes:
        found += context.select(Filter(Show.CLASS, one.id, Order.NAME))[-UNLABELLED:].tolist()
    return found
