"""The user's cache folder: what is in it, how much space it takes, and clearing it."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mma_desktop.core import paths
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.services.project_factory import thumbnails_of_user


@dataclass(frozen=True, slots=True)
class Cache:
    """One cache. `again` says how its content is rebuilt."""

    name: str
    folder: Path
    again: str

    def size_bytes(self) -> int:
        total = 0
        for place, _, names in os.walk(self.folder):
            for name in names:
                with suppress(OSError):
                    total += Path(place, name).stat(follow_symlinks=False).st_size
        return total

    def clear(self) -> None:
        """Delete the content; the folder stays.

        Raises:
            UserError: Something could not be deleted.
        """
        try:
            for path in list(self.folder.iterdir()) if self.folder.is_dir() else ():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise UserError.tr(
                "{folder} could not be cleared ({reason}). Change its permissions, or close the "
                "program that uses it, and try again.",
                folder=self.folder,
                reason=error.strerror or error,
            ) from error


def caches() -> list[Cache]:
    """Every cache used by this program alone. None of them holds labels, projects or adapters."""
    folder = paths.cache_dir()
    return [
        Cache(tr("Small copies of pictures"), thumbnails_of_user().folder, tr("made again as pictures are shown")),
        Cache(
            tr("What commands learned of pictures"), folder / "embeddings", tr("made again when a command needs them")
        ),
        Cache(
            tr("Prepared models and names"),
            folder / "prepared",
            tr("made again when one is loaded"),
        ),
    ]
