"""Where things are: the user's folders (platformdirs) and the program's own resources."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, chdir, suppress
from enum import Enum
from pathlib import Path

import platformdirs

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr

log = logging.getLogger(__name__)
APP = "mma-desktop"
PRIVATE = 0o700


class Kept(Enum):
    """What the program remembers from one start to the next, as a person reads it. All of it is optional."""

    SETTINGS = later("settings and recent projects")
    CACHE = later("thumbnails and other caches")
    LOG = later("the log")


def home() -> Path:
    """The user's home folder; the root of the file system for a user without one, as in containers."""
    with suppress(RuntimeError):
        if (found := Path.home()).is_absolute():
            return found
    return Path(os.sep).absolute()


def settle_home() -> None:
    """Have the whole process take the same folder for home; many a library makes a folder "~" where there is none."""
    if not Path(os.path.expanduser("~")).is_absolute():  # noqa: PTH111 - that of Path raises then
        os.environ["HOME"] = str(home())


def documents_dir() -> Path:
    """The folder in which new projects are offered: `mma-desktop` in the user's documents."""
    return _folder(platformdirs.user_documents_dir, "Documents") / APP


def cache_dir() -> Path:
    """Thumbnails, and embeddings of headless runs. Safe to delete while the program is closed."""
    return _folder(lambda: platformdirs.user_cache_dir(APP, appauthor=False), f".cache/{APP}")


def config_dir() -> Path:
    """Settings and the list of recent projects."""
    return _folder(lambda: platformdirs.user_config_dir(APP, appauthor=False), f".config/{APP}")


def log_dir() -> Path:
    """The rotating log file."""
    return _folder(lambda: platformdirs.user_log_dir(APP, appauthor=False), f".local/state/{APP}/log")


def _folder(ask: Callable[[], str], default: str) -> Path:
    """What platformdirs says, or `default` in the home folder where that is no whole path or there is no home."""
    with suppress(RuntimeError):
        found = Path(ask())
        if found.is_absolute():
            return found
    return home() / default


_troubles: dict[Path, str] = {}
_told: set[Path] = set()


def _folder_of(kept: Kept) -> Path:
    return {Kept.SETTINGS: config_dir, Kept.CACHE: cache_dir, Kept.LOG: log_dir}[kept]()


def usable_folder(kept: Kept, inside: str = "") -> Path | None:
    """The user's folder for this, or one inside it, there and private; None where it cannot be written to.

    This is the one place that decides it. Who gets None goes on without; `not_kept` says it for all.
    """
    folder = _folder_of(kept) / inside
    if inside and usable_folder(kept) is None:
        return None
    if reason := trouble(folder):
        if folder not in _told:
            _told.add(folder)
            log.warning("%s", _sentence([kept], folder, reason))
        return None
    return folder


def not_kept() -> str:
    """What is not remembered for the next start, and why, in a sentence; empty where everything is."""
    lost = [kept for kept in Kept if usable_folder(kept) is None]
    if not lost:
        return ""
    folder = _folder_of(lost[0])
    return _sentence(lost, folder, trouble(folder))


def _sentence(lost: Sequence[Kept], folder: Path, reason: str) -> str:
    return tr(
        "Not remembered for the next start: {things}. {folder} cannot be written to ({reason}). Everything else works.",
        things=", ".join(tr(kept.value) for kept in lost),
        folder=folder,
        reason=reason,
    )


def trouble(folder: Path) -> str:
    """Why the program cannot keep things in a folder, as the system says it; empty where it can. Tried once."""
    if folder not in _troubles:
        try:
            _try(folder)
            _troubles[folder] = ""
        except OSError as error:
            _troubles[folder] = error.strerror or str(error)
    return _troubles[folder]


def _try(folder: Path) -> None:
    """Make a folder that only its user may look into, and write into it.

    Raises:
        OSError: It cannot be.
    """
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    status = folder.stat()
    if os.name == "posix" and status.st_uid == os.geteuid() and status.st_mode & ~PRIVATE & 0o777:
        with suppress(OSError):  # some drives know no permissions
            folder.chmod(status.st_mode & PRIVATE)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"room")


def temporary_folder() -> Path:
    """The system's folder for temporary files.

    Raises:
        UserError: There is none.
    """
    try:
        return Path(tempfile.gettempdir())
    except OSError as error:
        raise UserError(
            tr("There is no folder for temporary files. Set TMPDIR to one that can be written to, and try again.")
        ) from error


def expanded(text: str) -> Path:
    """A path as a person types it, with ~ for the home folder; where nobody is called so, ~name stays as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - that of Path raises then


def resources_dir() -> Path:
    """The folder `resources`, in a frozen build, an installed wheel or a checkout, in that order.

    Raises:
        FileNotFoundError: None of the three holds it; the installation is damaged.
    """
    package = Path(__file__).resolve().parents[1]
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
