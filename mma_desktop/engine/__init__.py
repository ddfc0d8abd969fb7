"""The engine: backbones, cached features, adapters, training. The only layer that imports torch."""

from __future__ import annotations

import os
import sys

# OpenMP threads that spin while they wait made two busy cores 20 times slower; it is read when torch is first loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# OpenVINO counts its imports and conversions at Google unless a file in the home folder forbids it. It does without the
# package that tells, and None keeps Python from finding that.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
