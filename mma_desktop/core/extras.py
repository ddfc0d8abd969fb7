"""How to install what is missing. The package is on no registry, so every hint starts from a copy of the repository."""

from __future__ import annotations

from mma_desktop.core.i18n import tr

INSTALL = ("# from a copy of the repository of mma-desktop", "pip install .")
"""Lines for a shell that install the program, in files for others."""


def install_hint(extra: str = "") -> str:
    """Say how to install an extra, or everything anew: whole sentences that end with a command."""
    if not extra:
        return tr(
            "To install it again, run in a copy of the repository of mma-desktop: {command}",
            command="pip install --force-reinstall .",
        )
    return tr(
        "To install it, run in a copy of the repository of mma-desktop: {command}", command=f"pip install '.[{extra}]'"
    )
