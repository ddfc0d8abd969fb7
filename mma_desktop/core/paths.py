"""The user's folders (platformdirs), the program's own resources, and names and paths that come from elsewhere."""

from __future__ import annotations

import logging
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, chdir, suppress
from enum import Enum
from functools import cache
from itertools import chain, count
from pathlib import Path, PurePosixPath, PureWindowsPath

import platformdirs

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr

log = logging.getLogger(__name__)
APP = "mma-desktop"
PRIVATE = 0o700  # for the owner alone
PROJECT_SUFFIX = ".mma"
DATABASE_FILE = "project.db"  # of a project, in its folder


class AppData(Enum):
    """What the program keeps between sessions, as shown to the user. All of it is optional."""

    SETTINGS = later("settings and recent projects")
    CACHE = later("small copies of pictures and other caches")
    LOG = later("the log")


def names_project(path: str | os.PathLike[str]) -> bool:
    return os.fspath(path).lower().endswith(PROJECT_SUFFIX)


def home() -> Path:
    """The user's home folder; the file system root if the user has none, as in containers."""
    with suppress(RuntimeError):
        if (folder := Path.home()).is_absolute():
            return folder
    return Path(os.sep).absolute()


def ensure_home() -> None:
    """Set HOME if it is missing, so that no library creates a folder named "~"."""
    if not Path(os.path.expanduser("~")).is_absolute():  # noqa: PTH111 - Path.expanduser raises without a home
        os.environ["HOME"] = str(home())


def documents_dir() -> Path:
    return _folder(platformdirs.user_documents_dir, "Documents") / APP


def cache_dir() -> Path:
    """Thumbnails, and embeddings of headless runs. Safe to delete while the program is closed."""
    return _folder(lambda: platformdirs.user_cache_dir(APP, appauthor=False), f".cache/{APP}")


def config_dir() -> Path:
    return _folder(lambda: platformdirs.user_config_dir(APP, appauthor=False), f".config/{APP}")


def log_dir() -> Path:
    return _folder(lambda: platformdirs.user_log_dir(APP, appauthor=False), f".local/state/{APP}/log")


def _folder(ask: Callable[[], str], default: str) -> Path:
    """A folder from platformdirs; `default` in the home folder if platformdirs gives no absolute path or fails."""
    with suppress(RuntimeError):
        folder = Path(ask())
        if folder.is_absolute():
            return folder
    return home() / default


_reported: set[Path] = set()


def _folder_of(kept: AppData) -> Path:
    return {AppData.SETTINGS: config_dir, AppData.CACHE: cache_dir, AppData.LOG: log_dir}[kept]()


def usable_folder(kept: AppData, inside: str = "") -> Path | None:
    """Create and return a private folder of the user, or a subfolder of it; None if it is not writable."""
    # The only place that decides it. Callers that get None carry on without; `unsaved_sentence` tells the user once.
    folder = _folder_of(kept) / inside
    if inside and usable_folder(kept) is None:
        return None
    if reason := trouble(folder):
        if folder not in _reported:
            _reported.add(folder)
            log.warning("%s", _sentence([kept], folder, reason))
        return None
    return folder


def unsaved_sentence() -> str:
    """One sentence on what cannot be kept for the next session, and why; empty if everything can."""
    lost = [kept for kept in AppData if usable_folder(kept) is None]
    if not lost:
        return ""
    folder = _folder_of(lost[0])
    return _sentence(lost, folder, trouble(folder))


def _sentence(lost: Sequence[AppData], folder: Path, reason: str) -> str:
    return tr(
        "Not remembered for the next start: {things}. {folder} cannot be written to ({reason}). Everything else works.",
        things=", ".join(tr(kept.value) for kept in lost),
        folder=folder,
        reason=reason,
    )


@cache
def trouble(folder: Path) -> str:
    """Why the program cannot write to a folder of the user, as the system says it; empty if it can."""
    # Created here, and made private. Checked once per folder.
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        status = folder.stat()
        if os.name == "posix" and status.st_uid == os.geteuid() and status.st_mode & ~PRIVATE & 0o777:
            with suppress(OSError):  # some file systems have no permissions
                folder.chmod(status.st_mode & PRIVATE)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"room")
    except OSError as error:
        return error.strerror or str(error)
    return ""


def unused_path(folder: Path, stem: str, suffix: str, joint: str = " ") -> Path:
    """The first of "stem.suffix", "stem 2.suffix", "stem 3.suffix" and so on that is not in a folder."""
    names = chain([stem], (f"{stem}{joint}{number}" for number in count(2)))
    return next(path for name in names if not (path := folder / f"{name}{suffix}").exists())


def temporary_folder() -> Path:
    """The system's folder for temporary files. Raises UserError if there is none."""
    try:
        return Path(tempfile.gettempdir())
    except OSError as error:
        raise UserError.tr(
            "There is no folder for temporary files. Set TMPDIR to one that can be written to, and try again."
        ) from error


def private_folder() -> Path | None:
    """A folder that is there for the session and that this user alone can enter; None if none can be made. POSIX only.

    Raises:
        UserError: What is in its place may be entered by others.
    """
    # After `su` or `sudo` the variable may still name the folder of the user before.
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if Path(named).is_absolute() and _is_private(Path(named)):
        return Path(named)
    try:
        folder = temporary_folder() / f"{APP}-{os.geteuid()}"
    except UserError:
        return None
    with suppress(OSError):
        folder.mkdir(PRIVATE)
    if not os.path.lexists(folder):
        return None
    if _is_private(folder):
        return folder
    raise UserError.tr(
        "This is a window of its own, which the next start will not find: {folder} is not a folder that only you can "
        "enter. Delete it, or let XDG_RUNTIME_DIR name one that is, and start again.",
        folder=folder,
    )


def _is_private(folder: Path) -> bool:
    try:
        status = folder.lstat()  # a link may be anybody's
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & ~PRIVATE & 0o777


def full_path(path: Path) -> Path:
    """The absolute path without "..", whose last part is a name; ".." is followed as the system does, through links."""
    full = path.absolute()
    return Path(os.path.realpath(full)) if os.pardir in full.parts else full


def expanded(text: str) -> Path:
    """Expand ~ in a typed path; ~name stays as it is if there is no such user."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises for an unknown user


def resources_dir() -> Path:
    """The `resources` of a frozen build, an installed wheel or a checkout, in this order; else FileNotFoundError."""
    package = Path(__file__).resolve().parents[1]
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "resources"] if frozen else []
    places += [package / "resources", package.parent / "resources"]
    for place in places:
        if (place / "icons").is_dir():
            return place
    raise FileNotFoundError("The program's own icons are missing. Install mma-desktop again.")


def resource(*parts: str) -> Path:
    """One file of the program's resources, e.g. `resource("icons", "app.svg")`; else FileNotFoundError."""
    path = resources_dir().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"The program's file {'/'.join(parts)} is missing. Install mma-desktop again.")
    return path


def starter_file(name: str) -> Path:
    """Path of a file that the starter ships with; it may be missing."""
    return resources_dir() / "starter" / name


def safe_current_folder() -> AbstractContextManager[None]:
    """Temporarily change into a folder of the program."""
    # For starting processes and imports that search the current folder, which is untrusted.
    return chdir(resources_dir())


_PORTS = tuple(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")
_DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", "clock$", *_PORTS))
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_OF_A_HUB = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{,127}")
MAX_LETTERS = 80  # of a name, which still shows whole in a file manager
MAX_BYTES = 200  # of a name; file systems allow 255 including suffix, number and temporary-file extras


def is_device_name(name: str) -> bool:
    """Whether a name, ignoring its suffix, is a reserved device name on Windows (CON, LPT1)."""
    return name.split(".", maxsplit=1)[0].rstrip(" ").lower() in _DEVICES


def is_hub_name(name: str) -> bool:
    """Whether a name that a server gave is one of letters, digits, "-", "_" and ".", and no path."""
    return bool(_OF_A_HUB.fullmatch(name)) and ".." not in name and not is_device_name(name)


def clean_name(name: str) -> str:
    """A file name without suffix that every system accepts; empty if nothing usable is left."""
    text = " ".join(_FORBIDDEN.sub(" ", name.encode("utf-8", "replace").decode()).split())
    text = text[:MAX_LETTERS].encode()[:MAX_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"_{text}" if is_device_name(text) else text


def start_of(folder: Path | str) -> str:
    """The common prefix of the paths of all files in a folder."""
    return os.path.join(folder, "")  # noqa: PTH118 - with one separator behind it, also of "/"


def is_inside(relative: str) -> bool:
    """Whether a path is relative and stays inside its folder, judged by its text alone; rejects devices and streams."""
    parts = {*PureWindowsPath(relative).parts, *PurePosixPath(relative).parts}
    absolute = PurePosixPath(relative).is_absolute() or bool(PureWindowsPath(relative).anchor)
    if not relative or absolute or ".." in parts or "\0" in relative:
        return False
    return not any(":" in part or is_device_name(part) for part in PureWindowsPath(relative).parts)


def leads_out(folder: Path, path: Path) -> bool:
    """Whether links between a folder and a path below it lead outside the folder."""
    root = Path(os.path.realpath(folder))
    return not Path(os.path.realpath(path)).is_relative_to(root)
