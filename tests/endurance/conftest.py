"""The fixtures of the real window."""

from ..ui.conftest import (
    bridge,
    controller,
    drawn_pictures,
    garbage,
    lanes,
    picture_folder,
    pytest_configure,
    qapp_cls,
    settings,
    themed,
)

__all__ = [
    "bridge",
    "controller",
    "drawn_pictures",
    "garbage",
    "lanes",
    "picture_folder",
    "pytest_configure",
    "qapp_cls",
    "settings",
    "themed",
]
