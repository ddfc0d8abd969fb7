"""Settings of watched folders. Without SQLAlchemy, since the window reads them before it opens a project."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

WATCHED_FOLDERS = "watched_folders"
"""Project setting: the folders whose new images are imported."""

WATCHED_REMOVED = "watched_removed"
"""Project setting: files in these folders whose images the user removed from the project."""


def strings(value: Any) -> list[str]:
    """The texts in a setting that is a list of texts; other values in it are ignored."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def start_of(folder: Path | str) -> str:
    """The common prefix of the paths of all files in a folder."""
    return os.path.join(folder, "")  # noqa: PTH118 - with one separator behind it, also of "/"
