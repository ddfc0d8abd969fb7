"""What a command says of the texts that a model reads for class names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mma_desktop.core.class_names import listed
from mma_desktop.core.i18n import shortened

NAMES_SHOWN = 5
READS = "To say what the model reads for a name, use --names FILE, or reads in Python."


def read_as_notes(texts: Mapping[str, str], doubtful: Sequence[str]) -> list[str]:
    """Notes on the classes that the model reads as another text, by class name, and on which may be wrong.

    Of `doubtful`, those without a text are not understood.
    """
    shown = shortened([f"'{name}' as '{text}'" for name, text in texts.items()], NAMES_SHOWN)
    unsure, unknown = ([name for name in doubtful if (name in texts) is read] for read in (True, False))
    return [
        *([f"The model reads {shown}."] if texts else []),
        *([f"Please check what it reads for {listed(unsure)}: it may be something else."] if unsure else []),
        *([f"The model does not understand {listed(unknown)}."] if unknown else []),
    ]
