"""Work out the starter's space, which is the same for everyone, and write it to `resources/starter/space.safetensors`.

    python packaging/starter_space.py [--check]

The file holds what `engine/backbones/starter.py` needs beside the two networks: the vectors of ImageNet's 1,000 class
names, the table that sends a text to where a classifier for it would be, and what image features are centred and scaled
by. All of it follows from the published weights and from ImageNet's class names; no picture is looked at. `--check`
works everything out anew and compares it with the file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from timm.data import ImageNetInfo
from torch import nn

from mma_desktop.core.paths import starter_file
from mma_desktop.engine.backbones.starter import (
    IMAGE_SHA256,
    SPACE,
    SPACE_SHA256,
    STAGES,
    TEXT_SHA256,
    TextEncoder,
    load_image_model,
)

PROMPT = "a photo of a {}."
DEFINITION_WEIGHT = 0.5  # beside the mean of a class's synonyms
SHARPNESS = 7.0  # g of the kernel
RIDGE = 0.3  # r of the kernel regression
TYPICAL_DEVIATION = 0.8  # of a channel's deviation over positions from what its last batch norm predicts, about
TYPICAL_MAXIMUM = 2.2  # deviations above the mean, of the largest of 49 to 784 positions, about
BATCH = 128


def encoded(encoder: TextEncoder, texts: list[str]) -> torch.Tensor:
    """Embeddings (N, 384) of texts, in batches of like length, which wastes no padding."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    out = torch.empty(len(texts), 384, dtype=torch.float64)
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            out[rows] = encoder([texts[at] for at in rows]).double()
    return out


def name_vectors(encoder: TextEncoder) -> torch.Tensor:
    """One vector a class, (1000, 384) of length 1: the mean of its synonyms, and its definition."""
    info = ImageNetInfo("imagenet-1k")
    synonyms = [[name.strip() for name in names.split(",")] for names in info.label_descriptions()]
    flat = [PROMPT.format(name) for names in synonyms for name in names]
    meanings = [PROMPT.format(text) for text in info.label_descriptions(detailed=True)]
    vectors = encoded(encoder, flat + meanings)
    parts = torch.split(vectors[: len(flat)], [len(names) for names in synonyms])
    names = nn.functional.normalize(torch.stack([part.mean(0) for part in parts]), dim=-1)
    return nn.functional.normalize(names + DEFINITION_WEIGHT * vectors[len(flat) :], dim=-1)


def expected_pooled(norm: Any) -> torch.Tensor:
    """E[relu6(x)] (C,) where x is normal with the batch norm's own mean and deviation: the mean of pooled features."""
    mean, deviation = norm.bias.detach().double(), norm.weight.detach().double().abs().clamp_min(1e-9)
    normal: Any = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))

    def above_zero(shifted: torch.Tensor) -> torch.Tensor:
        scaled = shifted / deviation
        found: torch.Tensor = shifted * normal.cdf(scaled) + deviation * normal.log_prob(scaled).exp()
        return found

    return above_zero(mean) - above_zero(mean - 6)


def stage_statistics(stage: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """What a stage's mean, deviation and maximum over positions are centred and divided by, (3 C,) each.

    A block adds its last batch norm's output to what it was given, so means and variances add up over the stage.
    """
    mean = variance = torch.zeros(())
    for block in stage:
        norm = block.body[-1]
        own = norm.bias.detach().double(), norm.weight.detach().double().square()
        mean, variance = (mean + own[0], variance + own[1]) if block.skip else own
    deviation = variance.sqrt().clamp_min(1e-6)
    centre = torch.cat([mean, TYPICAL_DEVIATION * deviation, mean + TYPICAL_MAXIMUM * deviation])
    return centre, deviation.repeat(3)


def space() -> dict[str, torch.Tensor]:
    """Every tensor of the file."""
    encoder, model = TextEncoder().eval(), load_image_model()
    names = name_vectors(encoder)
    mean = names.mean(0)
    direction = torch.linalg.svd(names - mean, full_matrices=False).Vh[:1]
    centred = names - mean
    centred = nn.functional.normalize(centred - centred @ direction.T @ direction, dim=-1)
    weights = model.classifier.weight.detach().double()
    kernel = torch.exp(SHARPNESS * (centred @ centred.T - 1))
    table = torch.linalg.solve(kernel + RIDGE * torch.eye(len(kernel)), weights - weights.mean(0))
    found = {
        "names": centred.half(),
        "table": table.half(),
        "text_mean": mean.float(),
        "text_direction": direction.float(),
        "image_mean": expected_pooled(model.head[1]).float(),
    }
    for number in STAGES:
        centre, scale = stage_statistics(model.stages[number])
        found[f"stage_{number}_mean"], found[f"stage_{number}_scale"] = centre.float(), scale.float()
    return {name: tensor.contiguous() for name, tensor in found.items()}


def main() -> int:
    """Write the file, or check it."""
    tensors = space()
    if "--check" in sys.argv[1:]:
        kept = safetensors.torch.load_file(starter_file(SPACE))
        for name, tensor in tensors.items():
            np.testing.assert_allclose(kept[name].float(), tensor.float(), atol=2e-2, err_msg=name)
        print("The file holds what the weights give.")
        return 0
    about = {"sharpness": SHARPNESS, "ridge": RIDGE, "image": IMAGE_SHA256, "text": TEXT_SHA256}
    data = safetensors.torch.save(tensors, {"mma_desktop_space": json.dumps(about)})
    path = Path(starter_file(SPACE))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    print(f"{path}: {len(data):,} bytes, SHA-256 {digest}")
    if digest != SPACE_SHA256:
        print("Put that SHA-256 into SPACE_SHA256 of mma_desktop/engine/backbones/starter.py.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
