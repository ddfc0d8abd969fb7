"""Where things are: the user's folders (platformdirs) and the program's own resources."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, chdir
from pathlib import Path

import platformdirs

APP = "mma-desktop"


def documents_dir() -> Path:
    """The folder in which new projects are offered: `mma-desktop` in the user's documents."""
    return Path(platformdirs.user_documents_dir()) / APP


def cache_dir() -> Path:
    """Thumbnails, and embeddings of headless runs. Safe to delete while the program is closed."""
    return Path(platformdirs.user_cache_dir(APP, appauthor=False))


def config_dir() -> Path:
    """Settings and the list of recent projects."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def log_dir() -> Path:
    """The rotating log file."""
    return Path(platformdirs.user_log_dir(APP, appauthor=False))


def expanded(text: str) -> Path:
    """A path as a person types it, with ~ for the home folder; where nobody is called so, ~name stays as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - that of Path raises then


def resources_dir() -> Path:
    """The folder `resources`, in a frozen build, an installed wheel or a checkout, in that order.

    Raises:
        FileNotFoundError: None of the three holds it; the installation is damaged.
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "resources"] if frozen else []
    places += [package / "resources", package.parent / "resources"]
    for place in places:
        if (place / "icons").is_dir():
            return place
    raise FileNotFoundError("The program's own icons are missing. Install mma-desktop again.")


def resource(*parts: str) -> Path:
    """One file of the program's resources, e.g. `resource("icons", "app.svg")`.

    Raises:
        FileNotFoundError: There is no such file.
    """
    path = resources_dir().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"The program's file {'/'.join(parts)} is missing. Install mma-desktop again.")
    return path


def elsewhere() -> AbstractContextManager[None]:
    """Make a folder of the program the current one meanwhile.

    For what starts a process, or imports what reads the current folder, which may hold anything.
    """
    return chdir(resources_dir())
