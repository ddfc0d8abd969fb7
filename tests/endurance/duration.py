"""How long the endurance tests go on: seconds in every run of the suite, 20 minutes each with `-m slow`."""

from __future__ import annotations

import os

VARIABLE = "MMA_ENDURANCE_MINUTES"


def long_seconds() -> float:
    """What the environment says, else 20 minutes."""
    return 60 * float(os.environ.get(VARIABLE, "20"))
