"""The engine: backbones, cached features, adapters, training. The only layer that imports torch."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from mma_desktop.core import paths

# OpenMP threads that spin while they wait made two busy cores 20 times slower; it is read when torch is first loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# OpenVINO counts its imports and conversions at Google unless a file in the home folder forbids it. It does without the
# package that tells, and None keeps Python from finding that.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def _torch_cache() -> Path:
    """A folder for what torch compiles. It compiles nothing here, but trains nothing either unless the folder is there.

    Its own choice is a name among the temporary files, which any user of the machine can take first.
    """
    folder = paths.cache_dir() / "torch"
    with suppress(OSError):
        folder.mkdir(mode=paths.PRIVATE, parents=True, exist_ok=True)
        return folder
    return Path(__file__).parent


if "TORCHINDUCTOR_CACHE_DIR" not in os.environ:
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(_torch_cache())
