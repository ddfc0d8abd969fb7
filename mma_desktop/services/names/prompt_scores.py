"""Zero-shot accuracy of prompt templates on the existing labels. Engine lane only."""

from __future__ import annotations

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Accuracy
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import indices_in


def measure(context: ProjectContext, template: str, token: CancelToken) -> tuple[Accuracy | None, int]:
    """Zero-shot accuracy among all names with a template, or with several, one per line, on every labelled image.

    A prompt may be chosen by it, so images that are set apart for testing have no part. Those that are not embedded yet
    are not measured; their number comes second. Each prompt is encoded once.
    """
    context.engine.need()
    columns = context.index.columns
    labelled = context.classed(columns) & ~columns.set_apart
    embedded = context.embedded(columns, labelled)
    waiting = int(labelled.sum()) - len(embedded)
    if not len(embedded):
        return None, waiting
    labels = indices_in([item.id for item in context.classes], columns.class_ids[embedded])
    texts = context.engine.predictor.texts([item.name for item in context.classes], template)
    right = 0
    for part, features in context.engine.blocks(columns.hashes[embedded], token, whole=False):
        right += int(((features @ texts.T).argmax(axis=1) == labels[part]).sum())
    return Accuracy.of(right, len(embedded)), waiting
