"""The sample project: pictures the program draws itself, so that a first run needs no data."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.media.sample import draw_sample
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectSession
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.project_factory import create_session

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
    session = create_session(folder)
    try:
        pictures = yield from draw_sample(folder / PICTURES, per_class=PER_CLASS, cancel=token)
        found = class_folders([pictures])
        yield from session.import_paths([pictures], token, found, first_half_base=True)
        token.raise_if_cancelled()
        session.assign(_last_of_each_class(session), None)
    except BaseException:
        session.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    session.close()
    return folder


def _last_of_each_class(session: ProjectSession) -> list[int]:
    """The last pictures of each class, by name."""
    found: list[int] = []
    for one in session.classes:
        found += session.select(Filter(Show.CLASS, one.id, Order.NAME))[-UNLABELLED:].tolist()
    return found
