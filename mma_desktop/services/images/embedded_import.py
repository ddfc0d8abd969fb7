"""Save pictures that are inside another tool's file, such as a table or an archive, as files of the project.

They are stored like pasted pictures, see `paste_import`: in the project's `pictures` folder, with their own bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.media.encoding import checked_suffix
from mma_desktop.services.images.paste_import import images_here, write_picture

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext


def write_embedded(
    context: ProjectContext,
    pictures: Sequence[tuple[str, Callable[[], bytes]]],
    written: list[Path],
    token: CancelToken,
) -> Generator[Progress, None, list[Path | str]]:
    """Write the pictures that are not in the project yet. Media lane.

    Only one picture is in memory at a time. Remove files that are written but then not imported with
    `paste_import.drop_unknown`.

    Args:
        context: The project.
        pictures: A name, of which only the safe part is used, and a function that reads the bytes.
        written: Receives the new files.
        token: Cancels the job.

    Returns:
        The file of each picture, or the reason why there is none.

    Raises:
        UserError: The disk is full, or the project's folder is not writable.
        Cancelled: `token` was set.
    """
    context.project.follow_pictures()
    have = images_here(context)
    new: dict[bytes, Path] = {}
    found: list[Path | str] = []
    for number, (name, read) in enumerate(pictures):
        token.raise_if_cancelled()
        yield Progress(number, len(pictures), tr("Keeping pictures"))
        try:
            data = read()
            checked_suffix(data)
        except UserError as error:
            found.append(str(error))
            continue
        except OSError as error:
            found.append(error.strerror or str(error))
            continue
        digest = hashlib.sha256(data).digest()
        if digest not in new and (known := have.get(digest.rstrip(b"\0"))) is not None:
            new[digest] = context.project.image_rows([known])[0].existing_place()
        if digest not in new:
            new[digest] = write_picture(context, name, data)
            written.append(new[digest])
        found.append(new[digest])
    return found
