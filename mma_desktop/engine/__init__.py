"""The engine: backbones, cached features, adapters, training. The only layer that imports torch."""

from __future__ import annotations

import os

# OpenMP threads that spin while they wait made two busy cores 20 times slower; it is read when torch is first loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
