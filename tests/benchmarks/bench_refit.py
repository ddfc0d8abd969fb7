"""Processor time of a fit of the learning model, which follows every label: one thread, caltech-20 with the starter.

    python tests/benchmarks/bench_refit.py [FOLDER] [--runs 15]

FOLDER holds class folders (default: ../shared/data/caltech-20 beside the checkout). 16 shots of each class; some or all
classes are trained, and the others are only named. Then 2,000 pictures at hand teach it, too: the other pictures, again
with a little noise where there are fewer. Printed are the lowest and the median time, in milliseconds.
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

import numpy as np
import torch
from bench_default import FOLDER, TOKEN, pictures  # beside this file

from mma_desktop.core import paths
from mma_desktop.core.types import DEFAULT_METHOD, Role
from mma_desktop.engine.methods.transduction import principal_axes
from mma_desktop.engine.training.at_hand import Unlabelled
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet
from mma_desktop.services.batch.benchmark.sources import list_images
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.project_factory import scratch_project

SHOTS, AT_HAND = 16, 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER / "caltech-20")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    torch.set_num_threads(1)
    room = InferenceState(paths.cache_dir() / "embeddings")
    room.load("starter", "cpu", None, TOKEN)
    lent = ExitStack()
    listed = list_images(options.folder, lent.enter_context(scratch_project()), TOKEN)
    for share in (1.0, 0.95, 0.5):
        drawn = pictures(listed, room, 0, 0, SHOTS, share)()
        none, background = FeatureSet.empty(0), room.need()[0].background
        draw, others = np.random.default_rng(0), drawn.validation.joined(drawn.test).features
        rows = others[draw.integers(0, len(others), AT_HAND)]
        rows = rows + draw.normal(0, 0.002, rows.shape).astype(np.float32)
        data = replace(drawn, validation=none, test=none, background=background, unlabelled=rows)
        named = data.roles.count(Role.NEW)
        axes = principal_axes(torch.from_numpy(rows)).numpy()
        for how, given in (("", None), (", at hand", axes), (", at hand, axes too", None)):
            kept = Unlabelled(rows, given)  # as in a project
            taken, case = [], replace(data, unlabelled=kept.given, components=given, kept=kept)
            if not how:
                case = replace(case, unlabelled=None, kept=None)
            for _ in range(options.runs + 1):
                started = time.process_time()
                train(case, DEFAULT_METHOD, with_open_set=True, balances=named > 0, transductive=bool(how))
                taken.append(1000 * (time.process_time() - started))
            what = f"{len(data.roles) - named} trained, {named} only named, {len(data.shots)} shots{how}"
            print(f"{what:60s} {min(taken[1:]):5.0f}, median {statistics.median(taken[1:]):5.0f}", flush=True)
    lent.close()


if __name__ == "__main__":
    main()
