"""The sample project: pictures the program draws itself, so that a first run needs no data."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

from mma_desktop.domain import CancelToken, Progress
from mma_desktop.media import class_folders, draw_sample
from mma_desktop.session.opening import create_session

PICTURES = "pictures"


def make_sample(folder: Path, token: CancelToken) -> Generator[Progress, None, Path]:
    """Draw the sample pictures into a new project folder, import and label them; returns the project folder.

    A sample that is stopped on the way is taken away again, so that the next try is not half a project.

    Raises:
        UserError: The folder is there already, or cannot be written.
        Cancelled: It was stopped.
    """
    session = create_session(folder)
    try:
        pictures = yield from draw_sample(folder / PICTURES, cancel=token)
        found = class_folders([pictures])
        yield from session.import_paths([pictures], token, found, first_half_base=True)
        token.raise_if_cancelled()
    except BaseException:
        session.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    session.close()
    return folder
