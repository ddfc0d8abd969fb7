"""Checks of relative paths from untrusted files: they must stay inside their folder on every operating system."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

_PORTS = tuple(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")
_DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", "clock$", *_PORTS))


def is_device_name(name: str) -> bool:
    """Whether a name, ignoring its suffix, is a reserved device name on Windows (CON, LPT1)."""
    return name.split(".", maxsplit=1)[0].rstrip(" ").lower() in _DEVICES


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
