"""The images behind one cell of the confusion matrix."""

from __future__ import annotations

import numpy as np

from mma_desktop.domain import name_key
from mma_desktop.session import ProjectSession
from mma_desktop.session.catalogue import Ids


def confused_ids(session: ProjectSession, labelled: str, predicted: str) -> Ids:
    """Images that carry one label and are predicted as another class (or the same one), by their names."""
    by_name = {name_key(one.name): one.id for one in session.classes}
    true_id, predicted_id = by_name.get(name_key(labelled)), by_name.get(name_key(predicted))
    guesses = session.guesses
    if guesses is None or true_id is None or predicted_id is None:
        return np.empty(0, np.int64)
    columns = session.catalogue.columns
    of_label = columns.ids[columns.class_ids == true_id]
    where = guesses.positions(of_label)
    known = where >= 0
    found: Ids = of_label[known][guesses.best_class[where[known]] == predicted_id]
    return found
