"""Zero-shot accuracy of prompt templates on the existing labels. Engine lane only."""

from __future__ import annotations

from dataclasses import dataclass

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Scores
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import indices_in


@dataclass(frozen=True, slots=True)
class PromptScore:
    """Zero-shot accuracy with a prompt template, or with several, one per line.

    `waiting` labelled images are not counted because they are not embedded yet.
    """

    template: str
    scores: Scores
    waiting: int = 0


def measure(context: ProjectContext, template: str, token: CancelToken) -> PromptScore:
    """Zero-shot accuracy on every labelled image that has features. Each prompt is encoded once and cached."""
    from mma_desktop.engine.evaluation.metrics import Predictions, predict, scores_of
    from mma_desktop.engine.training_data import FeatureSet, TrainingData

    backbone, _ = context.engine.need()
    classes, columns = context.classes, context.index.columns
    labelled = context.classed(columns)
    embedded = context.embedded(columns, labelled)
    names = [item.name for item in classes]
    if not classes or not len(embedded):
        return PromptScore(template, Scores(), int(labelled.sum()))
    labels = indices_in([item.id for item in classes], columns.class_ids[embedded])
    none = FeatureSet.empty(backbone.embed_dim)
    roles = [item.role for item in classes]
    texts = context.engine.predictor.texts(names, template)
    data = TrainingData(names, roles, texts, backbone.logit_scale, none)
    adapter = context.engine.predictor.zero_shot()
    parts = []
    for part, features in context.engine.blocks(columns.hashes[embedded], token, whole=False):
        parts.append(predict(adapter, FeatureSet(features, labels[part]), data, token))
    found = scores_of(Predictions.join(parts), roles)
    return PromptScore(template, found, int(labelled.sum()) - len(embedded))
