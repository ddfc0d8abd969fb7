"""The command `mma-desktop backbones`: list the backbones."""

from __future__ import annotations

import argparse

from mma_desktop.cli.common import DONE, json_argument, write_json
from mma_desktop.cli.progress import aligned, echo

USAGE = "[--json FILE]"
ABOUT = "list the backbones (image and text encoders) to choose from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    json_argument(parser, "the list")


def run(arguments: argparse.Namespace) -> int:
    from mma_desktop.engine.backbones.backbone_table import BACKBONES
    from mma_desktop.engine.backbones.weights import is_local

    if arguments.json is not None:
        listed = [
            {
                "id": spec.id,
                "title": spec.title,
                "dimensions": spec.embed_dim,
                "download_mb": spec.download_mb,
                "here": is_local(spec),
                "licence": spec.licence,
                "middle_only": spec.middle_only,
                "core_ms": spec.core_ms,
                "memory_mb": spec.memory_mb,
            }
            for spec in BACKBONES
        ]
        write_json(arguments.json, listed)
        return DONE
    rows = [("id", "dims", "download", "here", "sees", "licence", "title")]
    for spec in BACKBONES:
        size = f"{spec.download_mb} MB" if spec.download_mb else "none"
        here = "yes" if is_local(spec) else "no"
        sees = "middle" if spec.middle_only else "all"
        rows.append((spec.id, str(spec.embed_dim), size, here, sees, spec.licence, spec.title))
    echo(aligned(rows, "<>><<<<"))
    echo("\nmiddle: the middle square of a picture; one that is more than 1.5 times as long as wide loses its ends.")
    echo("\nAny other open_clip model can be named as MODEL/PRETRAINED.")
    return DONE
