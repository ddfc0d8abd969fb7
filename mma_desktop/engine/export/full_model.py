"""The whole classifier as one traceable torch module, from images to calibrated probabilities.

Everything that depends only on the class names is precomputed (`Adapter.fixed`). No branch depends on values, and only
the batch size is dynamic.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.on_processor import Normalising
from mma_desktop.engine.evaluation.calibration import Temperatures, range_columns
from mma_desktop.engine.evaluation.metrics import CandidateNames
from mma_desktop.engine.methods.adapter import Adapter, ZeroShot
from mma_desktop.engine.methods.open_set import NEAREST_NAMES, OpenSetScorer, far_from
from mma_desktop.engine.open_set_scores import FAR, MIN_KNOWN, NO_THRESHOLD, Line, Thresholds

SMALLEST = 1e-30  # replaces a zero range of logits


class Parts(NamedTuple):
    """Parts of a classifier: an adapter and its backbone, both on the CPU, and the C candidate names.

    `names` has the entry (2,) of `OpenSetModel.names` for each of them; it is empty where there are none.
    """

    adapter: Adapter
    backbone: Backbone
    candidates: CandidateNames
    temperatures: Temperatures
    columns: tuple[int, ...] = ()
    thresholds: Thresholds = Thresholds()
    names: tuple[tuple[float, float], ...] = ()


class WholeClassifier(nn.Module):
    """Probabilities (N, C) float32 of images (N, 3, size, size) uint8, RGB, resized and cropped for the backbone.

    Equal to `evaluation.metrics.calibrated_probabilities` of the backbone's features up to float32 rounding. Where the
    adapter tells unknown images, these are multiplied by the probability that an image shows any of the classes, and
    there are also scores (N,): how much the classes claim each image (`methods.open_set`). Where the text of the best
    name decides alone, that is above or below every threshold.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.tower = Normalising(folded(parts.backbone.tower), parts.backbone.image_spec)
        adapter, candidates = parts.adapter, parts.candidates
        self.head = adapter.fixed(adapter_inputs(candidates), len(candidates.inputs))
        self.calibrated = _Calibrated(parts)
        self.open_set_scorer = (
            None if adapter.open_set_scorer is None else _OpenSetScores(parts, adapter.open_set_scorer)
        )

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        features = self.tower(images)
        probabilities: Tensor = self.calibrated(self.head(features), features)
        if self.open_set_scorer is None:
            return probabilities
        score, known = self.open_set_scorer(probabilities, features)
        return probabilities * known.unsqueeze(-1), score


def folded(tower: nn.Module) -> nn.Module:
    """A copy of a tower whose convolutions do the batch normalisation after them: tracing takes two thirds of the time.

    The result is the same up to rounding. Only what `nn.Sequential` runs one after the other is folded.
    """
    if not any(isinstance(part, nn.BatchNorm2d) for part in tower.modules()):
        return tower
    tower = deepcopy(tower)
    for parts in [part for part in tower.modules() if isinstance(part, nn.Sequential)]:
        for (name, convolution), (next_name, norm) in pairwise([*parts.named_children()]):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                parts.set_submodule(name, fuse_conv_bn_eval(convolution, norm))
                parts.set_submodule(next_name, nn.Identity())
    return tower


class _OpenSetScores(nn.Module):
    """The score of each image, and how likely it shows a class; see `OpenSetScores.claimed` and `Thresholds.known`."""

    trained: Tensor
    texts: Tensor
    named_texts: Tensor
    far: Tensor
    names: Tensor
    columns: Tensor

    def __init__(self, parts: Parts, open_set_scorer: OpenSetScorer) -> None:
        super().__init__()
        self.open_set_scorer = open_set_scorer
        self.thresholds, self.told = parts.thresholds, bool(parts.names) or parts.backbone.background is not None
        trained, texts = parts.candidates.trained, parts.candidates.features
        self.named = not bool(trained.all())
        self.register_buffer("columns", torch.tensor(parts.columns, dtype=torch.long))
        self.register_buffer("trained", torch.tensor(trained, dtype=torch.float32))
        self.register_buffer("texts", torch.tensor(texts))
        self.taught = parts.adapter.transduction is not None
        self.by_name = bool(parts.names)
        self.register_buffer("names", torch.tensor(parts.names or ((0.0, 1.0),)))
        self.register_buffer("named_texts", torch.tensor(texts[~trained]))
        background = parts.backbone.background
        far = texts[:0] if background is None or not self.named else far_from(background, texts)
        self.register_buffer("far", torch.tensor(far if len(far) else -texts[:1]))

    def forward(self, probabilities: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (N,) and probabilities (N,) given those of classes (N, C) and rows (N, E)."""
        if len(self.columns):
            score: Tensor = self.open_set_scorer(features, self.columns)
        else:
            score = torch.full_like(probabilities[:, 0], -FAR)
        known = score.clamp(self.thresholds.far_known, 1.0)  # ONNX promotes a whole number to a tensor
        if self.thresholds.odds is not None:
            far = score < min(self.thresholds.score, NO_THRESHOLD)
            known = _sigmoid(self.thresholds.odds, score).masked_fill(far, self.thresholds.far_known)
        if not self.named:
            return score, known.clamp_min(MIN_KNOWN)
        best = probabilities.argmax(-1)
        images = features[:, : self.texts.shape[1]]
        name_cosines = (images * self.texts[best]).sum(-1)
        if self.by_name:
            margin = self.names[best, 1] * (name_cosines - self.names[best, 0])
        else:
            near = (images @ self.far.T).topk(min(NEAREST_NAMES, len(self.far))).values.mean(-1)
            margin = ((images @ self.named_texts.T).amax(-1) if self.taught else name_cosines) - near
        margin = margin if self.told else torch.full_like(margin, FAR)
        by_text = torch.where(
            margin < self.thresholds.margin, torch.full_like(score, -FAR), torch.full_like(score, FAR)
        )
        trained = self.trained[best] > 0.5
        known = torch.where(trained, known, _sigmoid(self.thresholds.text, margin))
        return torch.where(trained, score, by_text), known.clamp_min(MIN_KNOWN)


def _sigmoid(line: Line, at: Tensor) -> Tensor:
    return (line[0] + line[1] * at).clamp(-50, 50).sigmoid()


def adapter_inputs(candidates: CandidateNames) -> Tensor:
    """(C + K, X) the adapter's inputs for the candidate names, then for the context."""
    parts = [candidates.inputs] if candidates.context is None else [candidates.inputs, candidates.context]
    return torch.cat([torch.tensor(part, dtype=torch.float32) for part in parts])


class _Calibrated(nn.Module):
    """Implements `calibration.confidences` for logits (N, C); computes zero-shot logits from rows (N, E)."""

    trained: Tensor
    judged: Tensor

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        candidates, adapter = parts.candidates, parts.adapter
        self.temperatures = parts.temperatures
        self.mixed = not bool(candidates.trained.all()) and len(candidates.trained) > 1
        self.register_buffer("trained", torch.tensor(candidates.trained, dtype=torch.float32))
        self.register_buffer("judged", torch.tensor(range_columns(candidates.trained)))
        plain = ZeroShot(candidates.features.shape[1], adapter.logit_scale)
        self.zero_shot = plain.fixed(torch.tensor(candidates.features), len(candidates.features))

    def forward(self, logits: Tensor, features: Tensor) -> Tensor:
        scaled = logits / self.temperatures.adapted
        if self.mixed:
            new = (self.trained[logits.argmax(-1)] < 0.5).unsqueeze(-1)
            of, target = logits[:, self.judged], self.zero_shot(features)[:, self.judged]
            low, floor = of.amin(-1, keepdim=True), target.amin(-1, keepdim=True)
            share = (logits - low) / (of.amax(-1, keepdim=True) - low).clamp_min(SMALLEST)
            ranged = floor + share * (target.amax(-1, keepdim=True) - floor)
            scaled = torch.where(new, ranged / self.temperatures.zero_shot, scaled)
        return scaled.softmax(-1)
