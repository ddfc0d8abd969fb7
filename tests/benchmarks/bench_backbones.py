"""What each backbone of the table costs on one core: milliseconds a picture from its file, and peak memory.

    python tests/benchmarks/bench_backbones.py [ID...] [--images 24] [--rounds 3]

Each is measured in a process of its own, as the program embeds pictures (decoded, OpenVINO in float32, one thread),
and printed beside `core_ms` and `memory_mb` of the table. CLIP models have random weights, which take as long as any:
nothing is downloaded. One whose tokenizer is not on this computer is skipped with a line. Milliseconds are of the
processor, the least of the rounds; memory is the most that was resident, the imports, the weights and their conversion
included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource as limits
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mma_desktop.core.errors import UserError
from mma_desktop.engine.backbones.backbone_table import BACKBONES, BackboneSpec, find_backbone


def measure(spec: BackboneSpec, images: int, rounds: int) -> dict[str, float | str]:
    """In this process: milliseconds of the processor for a picture, and peak memory in MB; or why it cannot be."""
    import numpy as np
    import torch

    from mma_desktop.core.paths import resource
    from mma_desktop.engine.backbones.loading import load_backbone
    from mma_desktop.engine.device import set_threads
    from mma_desktop.media.decoding import decode_file

    set_threads(1)
    try:
        if spec.bundled:
            backbone = load_backbone(spec.id, "cpu")
        else:  # imported here: the starter does without
            from mma_desktop.engine.backbones.open_clip_backbone import OpenClipBackbone, build_model, load_tokenizer

            tokenizer, cpu = load_tokenizer(spec), torch.device("cpu")
            backbone = OpenClipBackbone(spec, build_model(spec), tokenizer, "0" * 64, cpu, [])
    except UserError as error:
        return {"skipped": str(error).partition(". ")[0]}
    backbone.encode_texts(["a photo of a cat."])
    files = sorted(resource("sample").rglob("*.jpg"))[:images]

    def embed(some: list[Path]) -> None:
        backbone.encode_images(np.stack([decode_file(path, backbone.image_spec, None) for path in some]))

    embed(files[:4])  # compiles
    spent = []
    for _ in range(rounds):
        started = time.process_time()
        embed(files)
        spent.append(1000 * (time.process_time() - started) / len(files))
    return {"core_ms": min(spent), "memory_mb": limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ids", nargs="*", default=[spec.id for spec in BACKBONES], metavar="ID")
    parser.add_argument("--images", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--here", action="store_true", help="measure one in this process and print JSON")
    given = parser.parse_args()
    if given.here:
        print(json.dumps(measure(find_backbone(given.ids[0]), given.images, given.rounds)))
        return
    print(f"{'':34}{'ms':>7}{'table':>7}{'MB':>8}{'table':>7}", flush=True)
    known: dict[tuple[str, bool], dict[str, float | str]] = {}  # of an architecture, whoever trained it
    for spec in map(find_backbone, given.ids):
        key = spec.model_name or spec.id, spec.middle_only
        if key not in known:
            more = ["--here", "--images", str(given.images), "--rounds", str(given.rounds)]
            done = subprocess.run([sys.executable, __file__, spec.id, *more], stdout=subprocess.PIPE, check=True)
            known[key] = json.loads(done.stdout.splitlines()[-1])
        found = known[key]
        if "skipped" in found:
            print(f"{spec.id:34}skipped: {found['skipped']}", flush=True)
            continue
        table = (str(spec.core_ms or "-"), str(spec.memory_mb or "-"))
        print(f"{spec.id:34}{found['core_ms']:7.0f}{table[0]:>7}{found['memory_mb']:8.0f}{table[1]:>7}", flush=True)


if __name__ == "__main__":
    main()
