"""Processor time of a fit of the learning model, which follows every label: one thread, caltech-20 with the starter.

    python tests/benchmarks/bench_refit.py [FOLDER] [--runs 15]

FOLDER holds class folders (default: ../shared/data/caltech-20 beside the checkout). 16 shots of each class; some or all
classes are trained, and the others are only named. Printed are the lowest and the median time, in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch
from bench_default import FOLDER, TOKEN, pictures  # beside this file

from mma_desktop.core import paths
from mma_desktop.core.types import DEFAULT_METHOD, Role
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet
from mma_desktop.services.batch.benchmark.sources import list_pictures
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.project_factory import scratch_project

SHOTS = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER / "caltech-20")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    torch.set_num_threads(1)
    room = InferenceState(paths.cache_dir() / "embeddings")
    room.load("starter", "cpu", None, TOKEN)
    lent = ExitStack()
    listed = list_pictures(options.folder, lent.enter_context(scratch_project()), TOKEN)
    for share in (1.0, 0.95, 0.5):
        drawn = pictures(listed, room, 0, 0, SHOTS, share)()
        none, background = FeatureSet.empty(0), room.need()[0].background
        data = replace(drawn, validation=none, test=none, background=background)
        named = data.roles.count(Role.NEW)
        taken = []
        for _ in range(options.runs + 1):
            started = time.process_time()
            train(data, DEFAULT_METHOD, claims=True, balances=named > 0)
            taken.append(1000 * (time.process_time() - started))
        what = f"{len(data.roles) - named} trained, {named} only named, {len(data.shots)} shots"
        print(f"{what:45s} {min(taken[1:]):5.0f}, median {statistics.median(taken[1:]):5.0f}", flush=True)
    lent.close()


if __name__ == "__main__":
    main()
