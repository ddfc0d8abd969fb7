"""Paths that are noted in files from elsewhere: they stay inside their folder, by the rules of every system."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

_PORTS = tuple(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")
_DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", "clock$", *_PORTS))


def is_device_name(name: str) -> bool:
    """Whether a name, whatever its suffix, is that of a device on some system (CON, LPT1)."""
    return name.split(".", maxsplit=1)[0].rstrip(" ").lower() in _DEVICES


def is_inside(relative: str) -> bool:
    """Whether a noted path is relative and stays below its folder, by its text alone; devices and streams do not."""
    parts = {*PureWindowsPath(relative).parts, *PurePosixPath(relative).parts}
    absolute = PurePosixPath(relative).is_absolute() or bool(PureWindowsPath(relative).anchor)
    if not relative or absolute or ".." in parts or "\0" in relative:
        return False
    return not any(":" in part or is_device_name(part) for part in PureWindowsPath(relative).parts)


def leads_out(folder: Path, path: Path) -> bool:
    """Whether links on the way from a folder to a path below it lead out of the folder."""
    root = Path(os.path.realpath(folder))
    return not Path(os.path.realpath(path)).is_relative_to(root)
