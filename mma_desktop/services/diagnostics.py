"""Examine this machine and installation: what is wrong and how to fix it, and the text of a bug report."""

from __future__ import annotations

import errno
import getpass
import os
import platform
import re
import shlex
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mma_desktop.core import paths
from mma_desktop.core.errors import UserError, install_hint
from mma_desktop.core.i18n import later
from mma_desktop.core.logging import last_lines, log_file
from mma_desktop.services.project_factory import caches
from mma_desktop.version import __version__

# Environment variables that say where windows are shown.
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
# A disk with fewer free bytes counts as full: one backbone takes a few hundred megabytes.
LITTLE_ROOM = 2**30


class State(StrEnum):
    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check: what was found, and how to fix it."""

    topic: str
    state: State
    found: str
    fix: str = ""


def diagnose(ask_window: Callable[[], tuple[bool, str]], ask_hub: bool = True) -> Iterator[CheckResult]:
    """Run all checks, one after the other.

    `ask_window` says whether a window can be opened, and on which platform or why not. `ask_hub` allows the only check
    that uses the network.
    """
    for name, value in versions().items():
        missing = value == NOT_INSTALLED
        yield CheckResult(name, State.WRONG if missing else State.FINE, value, install_hint() if missing else "")
    opens, text = ask_window()
    no_screen = not opens and sys.platform == "linux" and not any(os.environ.get(name) for name in SCREENS)
    if no_screen:
        text = f"there is no screen to open a window on ({', '.join(SCREENS[:2])}: neither is set)"
    fix = (
        "Nothing is missing: the command line needs no screen."
        if no_screen
        else "Install the system libraries for windows (on Debian: apt install libxcb-cursor0 libxkbcommon-x11-0 "
        "libegl1), or use the command line, which needs no screen."
    )
    state = State.FINE if opens else State.NOTE if no_screen else State.WRONG
    yield CheckResult("Window", state, text, "" if opens else fix)
    yield from _devices()
    yield _hub() if ask_hub else CheckResult("Model hub", State.NOTE, "not checked")
    yield from _folders()
    for cache in caches() if not paths.trouble(paths.cache_dir()) else ():
        yield CheckResult(f"Cache: {cache.name}", State.FINE, f"{_readable_size(cache.size_bytes())} in {cache.folder}")


def _devices() -> Iterator[CheckResult]:
    from mma_desktop.engine.device import pick_device, set_threads, usable_cores

    try:
        device, messages = pick_device("auto")
    except (UserError, RuntimeError, OSError) as error:
        yield CheckResult("Device", State.WRONG, str(error), "Update the graphics driver, or choose the device cpu.")
        return
    for message in messages:
        yield CheckResult("Device", State.WRONG, message, "Update the graphics driver, or choose the device cpu.")
    what = "CPU; torch found no GPU it can use" if device.type == "cpu" else str(device)
    yield CheckResult("Device", State.FINE, what)
    yield CheckResult("Processor", State.FINE, f"{usable_cores()} cores, {set_threads()} for the engine")


def _hub() -> CheckResult:
    from mma_desktop.engine.backbones.weights import hub_problem

    if not (trouble := hub_problem()):
        return CheckResult("Model hub", State.FINE, "reachable")
    fix = (
        "The starter and downloaded backbones work without it. For others, connect this machine to the network, or "
        "copy a weights file to it."
    )
    return CheckResult("Model hub", State.NOTE, trouble, fix)


def _folders() -> Iterator[CheckResult]:
    for topic, folder, ours in (
        ("Projects", paths.documents_dir(), False),
        ("Settings", paths.config_dir(), True),
        ("Cache", paths.cache_dir(), True),
        ("Log", paths.log_dir(), True),
    ):
        place = next(above for above in (folder, *folder.parents) if os.path.exists(above))  # noqa: PTH110 - never raises
        reason = paths.trouble(folder) if ours else _why_not_writable(place)
        if reason:
            state = f"{folder} is not writable ({reason})"
            fix = _of_another_user(place) or f"Change the permissions of {place}, or remove what is in its place."
            yield CheckResult(topic, State.WRONG, state, fix)
            continue
        free = shutil.disk_usage(place).free
        state = f"{folder}, {_readable_size(free)} free"
        fix = "Free some space on this disk, or clear the caches in the settings." if free < LITTLE_ROOM else ""
        yield CheckResult(topic, State.WRONG if fix else State.FINE, state, fix)


def _of_another_user(place: Path) -> str:
    """What to do about a folder that belongs to another user; empty if it does not."""
    if os.name != "posix" or place.stat().st_uid == os.geteuid():
        return ""
    try:
        owner, user = place.owner(), getpass.getuser()
    except (KeyError, OSError):  # the system does not know one of them
        return ""
    given_back = f"sudo chown -R {shlex.quote(user)} {shlex.quote(str(place))}"
    return f"It belongs to {owner}: this program was once run as that user. Give it back with: {given_back}"


def _why_not_writable(place: Path) -> str:
    """Why nothing can be created in a folder; empty if it can."""
    if not place.is_dir():
        return os.strerror(errno.ENOTDIR)
    return "" if os.access(place, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)


def _readable_size(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB" if size <= 2**30 else f"{size / 2**30:,.1f} GiB"


def as_text(finding: CheckResult) -> str:
    """Format a finding as text, without the user's name in its paths."""
    mark = {State.FINE: "ok", State.NOTE: "note", State.WRONG: "WRONG"}[finding.state]
    lines = [f"{mark:5}  {finding.topic}: {finding.found}"]
    if finding.fix:
        lines.append(f"       {finding.fix}")
    return without_names("\n".join(lines))


def program() -> list[str]:
    """The command that starts this program again: the frozen build, or the current interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # Started by path, because -P keeps the current folder off the import path; -m would import from it.
    return [sys.executable, "-P", str(Path(__file__).parents[1] / "__main__.py")]


LINES = 50  # of the log, which a report of a bug needs
PACKAGES = ("torch", "torchvision", "open_clip_torch", "timm", "transformers", "numpy", "pillow", "SQLAlchemy")
NOT_INSTALLED = later("not installed")
_DEVICE = re.compile(r" Backbone .+ on (\S+)$")


def versions() -> dict[str, str]:
    """Names and versions of the program and its platform, in English; imports nothing heavy."""
    versions_of = {"mma-desktop": __version__, "Python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions_of[name] = version(name)
        except PackageNotFoundError:
            versions_of[name] = NOT_INSTALLED
    versions_of["SQLite"] = sqlite3.sqlite_version
    versions_of[later("System")] = platform.platform()
    return versions_of


def report(more: Mapping[str, str], details: str = "") -> str:
    """Build the report as plain text, with `more` names and values and the details of an error."""
    lines = last_lines(log_file(), LINES)
    device = next((match[1] for line in reversed(lines) if (match := _DEVICE.search(line))), "none used lately")
    facts = "\n".join(f"{name}: {value}" for name, value in {**versions(), **more, "Device": device}.items())
    log = "\n".join(lines) or "(none)"
    parts = [facts, *([details.strip()] if details.strip() else []), f"Last lines of the log:\n{log}"]
    return without_names("\n\n".join(parts)) + "\n"


def without_names(text: str) -> str:
    """Replace the home folder by ~ and the user name in other paths by USER."""
    homes = {str(Path.home()), os.path.realpath(Path.home())}
    for home in sorted(homes, key=len, reverse=True):
        if len(home) > 1:
            for form in {home, home.replace("\\", "/"), home.replace("\\", "\\\\")}:
                text = re.sub(re.escape(form) + r"(?![^\\/\s'\":,;)\]])", "~", text, flags=re.IGNORECASE)
    names = {Path.home().name}
    with suppress(OSError, KeyError, ImportError):  # the user has no name
        names.add(getpass.getuser())
    for name in names - {"", "root"}:
        text = re.sub(rf"(?<=[\\/]){re.escape(name)}(?=[\\/\s'\":,;)\]]|$)", "USER", text, flags=re.IGNORECASE)
    return text
