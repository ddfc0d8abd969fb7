"""Encode with the starter what a first start would encode otherwise, and write it to `resources/starter/`.

    python packaging/starter_features.py [--check]

`sample-features/` is a feature cache of the sample pictures, as the program would fill it. `prompts.safetensors` has
sentence vectors of prompts in the starter's own template: those of the sample's classes, and of the related names that
class names are compared with (`services/labels/class_name_lint.py`). `--check` encodes everything anew and compares it
with the files. Run it after `starter_space.py` has written another space; `sample_pictures.py` runs it itself.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import safetensors.torch
import torch

from mma_desktop.core.paths import resource, starter_file
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone_table import prompt_of
from mma_desktop.engine.backbones.starter import (
    IMAGE_SPEC,
    LAYOUT,
    PROMPTS,
    PROMPTS_SHA256,
    TEXT_TOKENS,
    TextEncoder,
    load_prompts,
    load_starter,
    starter_fingerprint,
)
from mma_desktop.engine.backbones.starter_networks import TEXT_DIM
from mma_desktop.engine.features.feature_cache import FEATURE_TYPE, HASH_TYPE, FeatureCache
from mma_desktop.engine.prompt_templates import name_features
from mma_desktop.media.decoding import read_hashed
from mma_desktop.services.labels.class_name_lint import RELATED_NAMES

FOLDER = starter_file("sample-features")
CACHE = f"{STARTER_ID}-{starter_fingerprint()}-{LAYOUT.width}"
MAX_PICTURE_DIFFERENCE = 2e-3  # of a value of a row: another processor rounds differently, and so does half precision
MAX_PROMPT_DIFFERENCE = 1e-5


def picture_features(step: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Content hashes (N,) and rows (N, 2696) of every sample picture, or of every `step`th."""
    backbone = load_starter(torch.device("cpu"))
    files = [*sorted(resource("sample").glob("*/*.jpg")), *sorted(resource("sample-more").glob("*.jpg"))]
    read = [read_hashed(path, IMAGE_SPEC) for path in files[::step]]
    rows = backbone.encode_images(np.stack([decoded() for _, decoded in read]))
    return np.array([digest for digest, _ in read], HASH_TYPE), rows


def prompts() -> list[str]:
    """The texts whose vectors are shipped."""
    asked: list[str] = []

    def note(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return np.ones((len(texts), 1), np.float32)

    classes = sorted(folder.name for folder in resource("sample").iterdir())
    name_features([*classes, *RELATED_NAMES], prompt_of(STARTER_ID), note)
    return list(dict.fromkeys(asked))


def prompt_vectors(texts: Sequence[str]) -> torch.Tensor:
    """Sentence vectors (N, 384)."""
    encoder, alike = TextEncoder().eval(), defaultdict(list)
    for at, text in enumerate(texts):
        alike[encoder.tokenizer([text], TEXT_TOKENS)[0].shape[1]].append(at)
    found = torch.empty(len(texts), TEXT_DIM)
    with torch.inference_mode():
        for places in alike.values():  # those of a length together, so that no padding has a part in them
            found[places] = encoder([texts[at] for at in places])
    return found


def write() -> None:
    """Write the files in place of whatever is there."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    hashes, rows = picture_features()
    FeatureCache(FOLDER / CACHE, LAYOUT.width).append(hashes, rows)
    for name in ("sums.bin", "write.lock"):  # a project makes its own
        (FOLDER / CACHE / name).unlink()
    texts = prompts()
    named = torch.tensor(list("\n".join(texts).encode()), dtype=torch.uint8)
    data = safetensors.torch.save({"texts": named, "vectors": prompt_vectors(texts).contiguous()})
    starter_file(PROMPTS).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    print(f"{FOLDER / CACHE}: {len(hashes)} pictures; {starter_file(PROMPTS)}: {len(texts)} prompts, SHA-256 {digest}")
    if digest != PROMPTS_SHA256:
        print("Put that SHA-256 into PROMPTS_SHA256 of mma_desktop/engine/backbones/starter.py.")


def check(step: int = 1) -> list[str]:
    """What is wrong with the files, a line each; of the pictures, look at every `step`th."""
    if [path.name for path in FOLDER.iterdir()] != [CACHE]:
        return [f"{FOLDER} is of another version of the starter, whose features are in {CACHE}"]
    digests = np.fromfile(FOLDER / CACHE / "hashes.bin", HASH_TYPE)
    stored = np.fromfile(FOLDER / CACHE / "features.f16", FEATURE_TYPE).reshape(len(digests), LAYOUT.width)
    kept = dict(zip(digests, stored, strict=True))
    hashes, rows = picture_features(step)
    wrong = [f"{digest.hex()} is no picture of the sample" for digest in kept if step == 1 and digest not in hashes]
    for digest, row in zip(hashes, rows, strict=True):
        if digest not in kept:
            wrong.append(f"{digest.hex()} is missing")
        elif (away := float(np.abs(kept[digest] - row).max())) > MAX_PICTURE_DIFFERENCE:
            wrong.append(f"{digest.hex()} has other features: {away:.4f} away")
    texts, known = prompts(), load_prompts()
    wrong += [f"{text!r} is missing" for text in texts if text not in known]
    wrong += [f"{text!r} is not needed" for text in known if text not in texts]
    both = [text for text in texts if text in known]
    for text, vector in zip(both, prompt_vectors(both), strict=True):
        if (away := float((known[text] - vector).abs().max())) > MAX_PROMPT_DIFFERENCE:
            wrong.append(f"{text!r} has another vector: {away:.6f} away")
    return wrong


def main() -> int:
    """Write the files, or check them."""
    if "--check" in sys.argv[1:]:
        wrong = check()
        print("\n".join(wrong) or "The files hold what the starter computes.")
        return 1 if wrong else 0
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
