"""Names and relative paths from elsewhere: valid on every operating system, and inside their folder."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

_PORTS = tuple(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")
_DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", "clock$", *_PORTS))
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_OF_A_HUB = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{,127}")
MOST_LETTERS = 80
MOST_BYTES = 200  # of a name; file systems allow 255 including suffix, number and temporary-file extras


def is_device_name(name: str) -> bool:
    """Whether a name, ignoring its suffix, is a reserved device name on Windows (CON, LPT1)."""
    return name.split(".", maxsplit=1)[0].rstrip(" ").lower() in _DEVICES


def is_hub_name(name: str) -> bool:
    """Whether a name that a server gave is one of letters, digits, "-", "_" and ".", and no path."""
    return bool(_OF_A_HUB.fullmatch(name)) and ".." not in name and not is_device_name(name)


def clean_name(name: str) -> str:
    """A file name without suffix that every system accepts; empty if nothing usable is left."""
    text = " ".join(_FORBIDDEN.sub(" ", name.encode("utf-8", "replace").decode()).split())
    text = text[:MOST_LETTERS].encode()[:MOST_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"_{text}" if is_device_name(text) else text


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
