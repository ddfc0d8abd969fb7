"""The text of a bug report: versions, system, device and the last log lines, without personal names."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mma_desktop.core.i18n import later
from mma_desktop.core.logging import last_lines, log_file
from mma_desktop.version import __version__

LINES = 50
PACKAGES = ("torch", "torchvision", "open_clip_torch", "timm", "transformers", "numpy", "pillow", "SQLAlchemy")
NOT_INSTALLED = later("not installed")
_DEVICE = re.compile(r" Backbone .+ on (\S+)$")


def versions() -> dict[str, str]:
    """Names and versions of the program and its platform, in English; imports nothing heavy."""
    found = {"mma-desktop": __version__, "Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = NOT_INSTALLED
    found["SQLite"] = sqlite3.sqlite_version
    found[later("System")] = platform.platform()
    return found


def report(more: Mapping[str, str], details: str = "") -> str:
    """Build the report as plain text, with `more` names and values and the details of an error."""
    lines = last_lines(log_file(), LINES)
    device = next((found[1] for line in reversed(lines) if (found := _DEVICE.search(line))), "none used lately")
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
