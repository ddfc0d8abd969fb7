"""The engine: backbones, cached features, adapters, training. The only layer that imports torch. Imports `core`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from mma_desktop.core import paths

# By default OpenMP threads spin while they wait, which slowed two busy cores by a factor of 20. Read when torch is
# first loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# OpenVINO reports usage to Google unless a file in the home folder forbids it. It works without its telemetry package,
# and None prevents the import of that.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def _torch_cache() -> Path:
    """A private cache folder for torch's compiler. Nothing is compiled here, but training fails without the folder."""
    # Torch's default is a predictable name in the temporary folder, which another user could create first.
    folder = paths.cache_dir() / "torch"
    with suppress(OSError):
        folder.mkdir(mode=paths.PRIVATE, parents=True, exist_ok=True)
        return folder
    return Path(__file__).parent


if "TORCHINDUCTOR_CACHE_DIR" not in os.environ:
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(_torch_cache())
