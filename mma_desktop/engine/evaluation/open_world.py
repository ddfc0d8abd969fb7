"""How well images of none of the trained classes are told from theirs, beside scores of the literature.

Rows and figures are OpenOOD's (Zhang et al. 2023): the area under the ROC curve, and the share of unknown images that
get a name where 95% of the known images keep theirs. The highest softmax is Hendrycks and Gimpel's (2017), the energy
is Liu et al.'s (2020), the nearest neighbour Sun et al.'s (2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.i18n import later
from mma_desktop.core.types import Role
from mma_desktop.engine.backbones.backbone_table import unit
from mma_desktop.engine.evaluation.calibration import Temperatures, softmax

if TYPE_CHECKING:
    from mma_desktop.engine.methods.adapter import Adapter
    from mma_desktop.engine.methods.open_set import OpenSetModel
    from mma_desktop.engine.training_data import TrainingData

OWN, MAX_SOFTMAX = later("claims of the head"), later("max softmax")
ENERGY, NEIGHBOUR = later("energy"), later("nearest neighbour")
SHARES = (0.0, 0.1, 0.25, 0.5, 0.75)  # of unknown images: from none to most
RECALL = 0.95  # usual for out-of-distribution detectors: FPR95
BLOCK = 2048  # images compared with all shots at once, by memory


@dataclass(frozen=True)
class OpenWorldRow:
    """What one score achieves, in percent.

    Attributes:
        score: Its name.
        auc: Area under the ROC curve.
        named: Unknown images that get a name where `RECALL` of the known images keep theirs.
        overall: Images answered rightly, unknown images as None of these, for each of `SHARES`. The threshold of the
            claims is their own, estimated without a label; that of the others keeps `RECALL` of the known images, which
            nobody knows without labels.
        forced: The same if every image gets a name.
    """

    score: str
    auc: float
    named: float
    overall: tuple[float, ...]
    forced: tuple[float, ...]


def measure(
    adapter: Adapter, open_set: OpenSetModel | None, temperatures: Temperatures, data: TrainingData
) -> list[OpenWorldRow]:
    """Measure on the test images of `data`, those of new classes as unknown images.

    Raises:
        ValueError: The adapter was trained without `open_set_scorer`, or one of the two kinds has no test image.
    """
    from mma_desktop.engine.evaluation.metrics import logits, name_inputs
    from mma_desktop.engine.methods.open_set import auroc

    open_set_scorer, test = adapter.open_set_scorer, data.test
    base = data.classes_of(Role.BASE)
    if open_set_scorer is None or open_set is None:
        raise ValueError("nothing tells unknown images from known ones")
    known = np.isin(test.labels, base)
    if known.all() or not known.any():
        raise ValueError("there are no test images of both kinds")
    names = [data.class_names[at] for at in base]
    inputs = name_inputs(adapter, names, data.text_features[base], [data.reads[at] for at in base])
    test_logits = logits(adapter, test.features, inputs)
    right = base[test_logits.argmax(axis=1)] == test.labels
    rows, shots = unit(test.features), unit(data.shots.features)
    scores = {
        OWN: open_set_scorer.score_rows(test.features),
        MAX_SOFTMAX: softmax(test_logits / temperatures.adapted).max(axis=1),
        ENERGY: np.logaddexp.reduce(test_logits.astype(np.float64), axis=1),
        NEIGHBOUR: np.concatenate([(rows[at : at + BLOCK] @ shots.T).max(axis=1) for at in range(0, len(rows), BLOCK)]),
    }
    found_rows = []
    for name, score in scores.items():
        usual = float(np.quantile(score[known], 1 - RECALL))
        overall, forced = [], []
        for share in SHARES:
            some = _with_share(known, share)
            threshold = usual
            if name == OWN:
                threshold = open_set.decide(score[some])[2].score
            kept = score[some] >= threshold
            overall.append(100 * float(np.where(known[some], kept & right[some], ~kept).mean()))
            forced.append(100 * float((known & right)[some].mean()))
        named = 100 * float((score[~known] >= usual).mean())
        auc = 100 * auroc(score[known].astype(np.float64), score[~known].astype(np.float64))
        found_rows.append(OpenWorldRow(name, auc, named, tuple(overall), tuple(forced)))
    return found_rows


def mean_rows(runs: Sequence[Sequence[OpenWorldRow]]) -> list[OpenWorldRow]:
    """The mean over seeds of rows in the same order."""
    means = []
    for rows in zip(*runs, strict=True):
        curves = (np.mean([getattr(row, part) for row in rows], axis=0).tolist() for part in ("overall", "forced"))
        auc, named = (float(np.mean([getattr(row, part) for row in rows])) for part in ("auc", "named"))
        means.append(OpenWorldRow(rows[0].score, auc, named, *map(tuple, curves)))
    return means


def _with_share(known: np.ndarray, share: float) -> np.ndarray:
    """Rows of the largest selection of images with this share of unknown images; deterministic."""
    order = np.random.default_rng(0).permutation(len(known))
    known_rows, others = order[known[order]], order[~known[order]]
    total = min(len(known_rows) / (1 - share), len(others) / share if share else np.inf)
    chosen = np.concatenate([known_rows[: round(total * (1 - share))], others[: round(total * share)]])
    return np.sort(chosen)
