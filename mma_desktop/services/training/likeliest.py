"""The pictures that are the likeliest of each class without labels, as an adapter learns: what the page Train shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.types import ImageClass, Role
from mma_desktop.services.context import ProjectContext

if TYPE_CHECKING:
    from mma_desktop.engine.methods.adapter import Adapter
    from mma_desktop.engine.training_data import Floats, Integers
    from mma_desktop.services.training.snapshot import Snapshot

SHOWN = 8  # pictures a class
SHARE = 4  # times as long as it took to look, the training goes on before it is looked again


class Likeliest:
    """Looks up which pictures an adapter would give each class that it was not trained on.

    Called between two epochs as an `engine.training.in_turn.Watch`, so each fit answers for the classes that it holds
    back, and the fit of all shots for those without labels. Of these only pictures without a label are shown. The
    pictures are those that a training has at hand (`snapshot.MAX_AT_HAND`), and those with a label.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._added: list[ImageClass] = []
        self._context: ProjectContext | None = None
        self._took: dict[tuple[int, ...], tuple[float, float]] = {}

    def add(self, item: ImageClass) -> None:
        """Show one class more from the next epoch on, from any thread: its name was typed while it trains."""
        with self._lock:
            self._added.append(item)

    def begin(self, context: ProjectContext, snapshot: Snapshot) -> None:
        """Take the pictures and the names of a training that is about to start. Engine lane."""
        from mma_desktop.services.training.snapshot import sample_of

        columns, cache = context.index.columns, context.engine.need()[1]
        free = sample_of(context, columns, columns.usable & ~columns.labelled)
        labelled = columns.positions(snapshot.shot_ids)
        where = np.concatenate([free, labelled[labelled >= 0]])
        self._context, self._template, data = context, snapshot.prompt_template, snapshot.data
        self._ids, self._free = columns.ids[where], np.arange(len(where)) < len(free)
        self._images: Floats = cache.gather_rows(columns.hashes[where])
        self._classes, self._base = list(snapshot.classes), data.classes_of(Role.BASE)
        self._texts, self._reads = data.text_features, list(data.reads)
        self._took = {}

    def __call__(self, adapter: Adapter, classes: Integers) -> Mapping[int, tuple[int, ...]]:
        """The likeliest images of each class that is not among the `classes` that the adapter was trained on, by id.

        Empty while the training has not gone on for long enough since it was last looked.
        """
        key, now = tuple(classes.tolist()), time.monotonic()
        at, took = self._took.get(key, (-np.inf, 0.0))
        if now - at < SHARE * took:
            return {}
        found = self.ranked(adapter, classes)
        ended = time.monotonic()
        self._took[key] = ended, ended - now
        return found

    def at_end(self, adapter: Adapter) -> Mapping[int, tuple[int, ...]]:
        """As a call for the fit of all shots, at once and of its best epoch."""
        return self.ranked(adapter, self._base)

    def ranked(self, adapter: Adapter, classes: Integers) -> Mapping[int, tuple[int, ...]]:
        """As a call, at once."""
        from mma_desktop.engine.evaluation.metrics import logits, name_inputs

        self._take_names()
        # A fit answers for what it holds back; the one of all shots holds nothing back.
        held = np.setdiff1d(self._base, classes)
        asked = held if len(held) else np.setdiff1d(np.arange(len(self._classes)), classes)
        if not len(asked) or not len(self._ids):
            return {}
        order = np.concatenate([classes, asked])
        names, reads = [self._classes[at].name for at in order], [self._reads[at] for at in order]
        inputs = name_inputs(adapter, names, self._texts[order], reads)
        found = logits(adapter, self._images, inputs)
        # How much likelier than every other name: among a few names, a sum of all would be the same.
        result = {}
        for column, at in enumerate(asked.tolist(), len(classes)):
            others = np.delete(found, column, axis=1).max(axis=1)
            ahead = found[:, column] - others
            if not len(held):
                ahead = ahead[self._free]
            ids = self._ids if len(held) else self._ids[self._free]
            best = np.argsort(-ahead, kind="stable")[:SHOWN]
            result[self._classes[at].id] = tuple(ids[best].tolist())
        return result

    def _take_names(self) -> None:
        """The names that were added, with what the text encoder makes of them."""
        with self._lock:
            added, self._added = self._added, []
        context, known = self._context, {item.id for item in self._classes}
        added = [item for item in added if item.id not in known]
        if context is None or not added:
            return
        predictor = context.engine.predictor
        reads = predictor.read({item.name: item.reads for item in added}, adapted=False)
        self._classes += added
        self._reads += reads
        self._texts = np.concatenate([self._texts, predictor.features_of(reads, self._template)])
