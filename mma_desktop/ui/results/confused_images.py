"""The images behind a cell of the confusion matrix."""

from __future__ import annotations

import numpy as np

from mma_desktop.core.class_names import name_key
from mma_desktop.core.types import RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids
from mma_desktop.services.training.mistakes import measured_of


def measured_ids(run: RunRecord, labelled: str, predicted: str) -> Ids | None:
    """Return a run's test images of a class that were predicted as a class; None if it did not store them."""
    measured = measured_of(run)
    keys = [name_key(str(name)) for name in run.metrics["class_names"]] if measured is not None else []
    if measured is None or not {name_key(labelled), name_key(predicted)} <= set(keys):
        return None
    cell = keys.index(name_key(labelled)), keys.index(name_key(predicted))
    return np.sort(np.array([one.image for one in measured if (one.label, one.answer) == cell], np.int64))


def confused_ids(context: ProjectContext, labelled: str, predicted: str, run: RunRecord | None = None) -> Ids:
    """Return the images in a cell of a run's confusion matrix, by true and predicted class name.

    If the run did not store its test images, return those with this label and this prediction now.
    """
    kept = None if run is None else measured_ids(run, labelled, predicted)
    if kept is not None:
        here: Ids = kept[context.index.columns.positions(kept) >= 0]
        return here
    by_name = {name_key(one.name): one.id for one in context.classes}
    true_id, predicted_id = by_name.get(name_key(labelled)), by_name.get(name_key(predicted))
    guesses, columns = context.guesses, context.index.columns
    if guesses is None or true_id is None or predicted_id is None:
        return np.empty(0, np.int64)
    of_label = columns.ids[columns.class_ids == true_id]
    where = guesses.positions(of_label)
    known = where >= 0
    found: Ids = of_label[known][guesses.best_class[where[known]] == predicted_id]
    return found
