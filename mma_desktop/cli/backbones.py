"""The command `mma-desktop backbones`: list the backbones."""

from __future__ import annotations

import argparse

from mma_desktop.cli.common import DONE
from mma_desktop.cli.progress import aligned, say

USAGE = ""
ABOUT = "list the backbones"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """The command has no arguments."""


def run(_arguments: argparse.Namespace) -> int:
    """List the backbones."""
    from mma_desktop.engine.backbones.backbone_table import BACKBONES
    from mma_desktop.engine.backbones.loading import is_local

    rows = [("id", "dims", "download", "here", "licence", "title")]
    for spec in BACKBONES:
        size = f"{spec.download_mb} MB" if spec.download_mb else "none"
        here = "yes" if is_local(spec) else "no"
        rows.append((spec.id, str(spec.embed_dim), size, here, spec.licence, spec.title))
    say(aligned(rows, "<>><<<"))
    say("\nAny other open_clip model can be named as MODEL/PRETRAINED.")
    return DONE
