"""Small made-up trainings: classes as random directions, image features around them, text features beside them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors import safe_open

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Evaluation, Role
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.evaluation.metrics import predict, summarise, zero_shot_of
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.training_data import FeatureSet, TrainingData

DIM = 32


def unit(array: np.ndarray) -> np.ndarray:
    return (array / np.linalg.norm(array, axis=-1, keepdims=True)).astype(np.float32)


def make_data(
    base: int = 4,
    new: int = 4,
    shots: int = 8,
    validation: int = 8,
    test: int = 10,
    seed: int = 0,
    noise: float = 0.2,
    shift: float = 1.0,
) -> TrainingData:
    """`shift` moves every image the same way, as the gap between modalities does; zero-shot suffers, training helps."""
    draw = np.random.default_rng(seed)
    count = base + new
    prototypes = unit(draw.normal(size=(count, DIM)))
    gap = shift * unit(draw.normal(size=(1, DIM)))

    def images(each: int, classes: range) -> FeatureSet:
        labels = np.repeat(np.array(classes, dtype=np.int64), each)
        return FeatureSet(unit(prototypes[labels] + gap + noise * draw.normal(size=(len(labels), DIM))), labels)

    return TrainingData(
        class_names=[f"class {i}" for i in range(count)],
        roles=[Role.BASE] * base + [Role.NEW] * new,
        text_features=unit(prototypes + 0.15 * draw.normal(size=prototypes.shape)),
        logit_scale=30.0,
        shots=images(shots, range(base)),
        validation=images(validation, range(base)),
        test=images(test, range(count)),
    )


def measured(adapter: Adapter | None, data: TrainingData, token: CancelToken | None = None) -> Evaluation:
    """An adapter and zero-shot on the test images; without an adapter, both are zero-shot."""
    before = predict(zero_shot_of(data), data.test, data, token)
    after = before if adapter is None else predict(adapter, data.test, data, token)
    return summarise(before, after, data.class_names, data.roles)


def with_visual(data: TrainingData, columns: int = 12, noise: float = 0.3, seed: int = 0) -> TrainingData:
    """The same with visual features behind the shared ones, which tell the classes apart better than texts do."""
    draw = np.random.default_rng(seed)
    centres = unit(draw.normal(size=(len(data.class_names), columns)))

    def rows(part: FeatureSet) -> FeatureSet:
        own = unit(centres[part.labels] + noise / np.sqrt(columns) * draw.normal(size=(len(part), columns)))
        return FeatureSet(np.hstack([part.features, 0.5 * own]), part.labels)

    layout = RowLayout(DIM, DIM + columns, (0, DIM))
    parts = {name: rows(getattr(data, name)) for name in ("shots", "validation", "test")}
    return replace(data, **parts, layout=layout)


def read_features(path: Path, order_seed: int = 0) -> TrainingData:
    """A file of real features; order 0 is the file's own, others are drawn. The first half, rounded up, is base."""
    with safe_open(path, "numpy") as file:
        names = json.loads(file.metadata()["class_names"])
        order = np.arange(len(names))
        if order_seed:
            order = np.random.default_rng(order_seed).permutation(order)
        place = np.argsort(order)
        half = -(-len(names) // 2)

        def part(name: str) -> FeatureSet:
            features = file.get_tensor(f"{name}_features").astype(np.float32)
            return FeatureSet(features, place[file.get_tensor(f"{name}_labels")])

        return TrainingData(
            class_names=[names[i] for i in order],
            roles=[Role.BASE if i < half else Role.NEW for i in range(len(names))],
            text_features=file.get_tensor("text_features").astype(np.float32)[order],
            logit_scale=100.0,
            shots=part("train"),
            validation=part("val"),
            test=part("test"),
        )
