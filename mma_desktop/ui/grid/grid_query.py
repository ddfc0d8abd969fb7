"""The filter of the grid and its result, updated without a new query for every label."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services import similarity
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import BY_FEATURES, BY_PREDICTION, Filter, Order, Show
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.controls import single_shot

Ids = NDArray[np.int64]
# These orders are about what comes first; in the others the current image stays visible.
_FROM_START = BY_PREDICTION | BY_FEATURES
ASK_MS = 400  # between two questions, while an import or predictions change what fits a filter
TAKE_MS = 60  # gathers the batches of one turn
MANY = 20_000  # comparing takes a second per 30,000 images


def ask_ids(
    controller: Controller,
    query: Filter,
    done: Callable[[Ids], None],
    question: Hashable,
    failed: Callable[[str], None] | None = None,
) -> None:
    """Find the ids that a filter shows. The orders by embedding are computed on the engine lane."""
    by_features = query.order in BY_FEATURES and controller.open_context.engine.ready
    many = by_features and len(controller.open_context.index.columns.ids) > MANY

    def work(context: ProjectContext, token: CancelToken) -> Ids:
        return similarity.ordered(context, query, token) if by_features else context.select(query)

    controller.ask(
        LaneName.ENGINE if by_features else LaneName.STORE,
        work,
        done,
        title=tr("Comparing pictures") if many else "",
        failed=failed,
        quick=by_features,
        question=question,
    )


def moved(before: Ids, after: Ids) -> int:
    """Return how many images came, went, or are elsewhere in an order: what stays in line has not moved."""
    places, line = {image: place for place, image in enumerate(after.tolist())}, list[int]()
    for image in before.tolist():  # `line` has the least ends of the longest rising lines so far, by their lengths
        if (place := places.get(image)) is not None:
            at = bisect_left(line, place)
            line[at : at + 1] = [place]
    return max(len(before), len(after)) - len(line)


class GridQuery(QObject):
    """The filter of the grid and its result."""

    # What the user does shows at once. What arrives by itself never moves an image: new images go to the end in the
    # order of adding; everywhere else they and new scores are announced, and come with `refresh`. Only an empty list
    # takes them.

    ids_changed = Signal(object, bool)  # ids, whether it is the same list with images added or removed
    query_changed = Signal()  # another filter or another list is shown
    announced = Signal(int, bool)  # how many new images wait, whether the order or the predictions are out of date

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.query = Filter()
        self.listed = False  # whether it shows exactly some images instead
        self.ids: Ids = np.empty(0, np.int64)
        self._arrived: set[int] = set()
        self._added: set[int] = set()  # those of `_arrived` that were added to the project
        self._new: set[int] = set()
        self._outdated = False
        self.answered = True  # whether the result of the current filter has arrived
        self.from_start = False  # whether to show the result from its first image
        self._ask = single_shot(self, ASK_MS, self._ask_again)
        self._merge_soon = single_shot(self, TAKE_MS, self._merge_new)

    def reset(self) -> None:
        self.query, self.listed, self.from_start = Filter(), False, False
        self._arrived.clear()
        self._added.clear()
        self._ask.stop()
        self._merge_soon.stop()
        self.query_changed.emit()
        if self._controller.context is None:
            self._put(np.empty(0, np.int64), same=False)
        else:
            self._question(same=False)

    def show(self, query: Filter) -> None:
        if query == self.query and not self.listed:
            return
        self.from_start = query.order in _FROM_START and query.order is not self.query.order
        self.query, self.listed = query, False
        self.query_changed.emit()
        self._question(same=False)

    def sorted_as_before(self, show: Show = Show.ALL, class_id: int | None = None, text: str = "") -> Filter:
        return Filter(show, class_id, self.query.order, text)

    def refresh(self) -> None:
        """Ask again: with what has arrived since, in the order that follows from it."""
        if not self.listed:
            self.from_start = self.query.order in _FROM_START
            self._question(same=False)

    def _announce(self, new: Iterable[int] = (), *, outdated: bool = False) -> None:
        if not self.listed and not len(self.ids):
            self._ask.start()
            return
        self._new.update(new)
        self._outdated = self._outdated or outdated
        self.announced.emit(len(self._new), self._outdated)

    def _forget_news(self) -> None:
        self._new.clear()
        self._outdated = False
        self.announced.emit(0, False)

    def show_list(self, ids: Sequence[int] | Ids, *, same: bool = False) -> None:
        """Show exactly these images; `same` if it is the current list with images added or removed."""
        self.listed, self.from_start, self.answered = True, False, True
        self._forget_news()
        self._controller.bridge.forget((self, "ids"))
        self.ids = np.asarray(ids, np.int64)
        self.query_changed.emit()
        self._put(self.ids, same=same)

    def on_changes(self, changes: Changes) -> None:
        context = self._controller.open_context
        touched = [*changes.labels, *changes.images_removed]
        if touched and len(self.ids):
            self._drop(context, np.unique(np.array(touched, np.int64)))
        if changes.embeddings:
            self.on_features()
        if changes.files and not self.listed and self.query.show in {Show.MISSING, Show.CHANGED}:
            self._ask.start()
        self._added.update(changes.images_added)
        self._arrived.update(changes.images_added)
        self._arrived.update(changes.labels)
        if self._arrived:
            self._merge_soon.ensure_started()

    def on_predictions(self) -> None:
        if not self.listed and (self.query.show is Show.PREDICTED or self.query.order in BY_PREDICTION):
            self._announce(outdated=True)

    def on_engine_failure(self) -> None:
        # The order by embedding would otherwise wait for ever.
        if not self._controller.engine_trouble or self._controller.open_context.engine.ready:
            return
        if self.query.order in BY_FEATURES:
            self._failed(tr("The order needs the image model, so the pictures are in the order they were added."))

    def on_features(self) -> None:
        if not self.listed and self.query.order in BY_FEATURES:
            self._announce(outdated=True)

    def _drop(self, context: ProjectContext, touched: Ids) -> None:
        # Without asking again: an edit of some images shows at once however many there are.
        if self.listed:
            stays = context.index.columns.positions(touched) >= 0
        else:
            stays = context.index.matches(self.query, context.predictions, touched)
        keep = ~np.isin(self.ids, touched[~stays])
        if not keep.all():
            self._put(self.ids[keep], same=True)

    def _merge_new(self) -> None:
        context = self._controller.context
        if not self.answered:
            return  # the pending result will include them
        arrived, self._arrived = np.array(sorted(self._arrived), np.int64), set()
        added, self._added = self._added, set()
        if context is None or self.listed or not len(arrived):
            return
        fresh = arrived[context.index.matches(self.query, context.predictions, arrived)]
        fresh = fresh[~np.isin(fresh, self.ids)]
        if not len(fresh):
            return
        if self.query.order is not Order.ADDED or self.query.text:
            if not added.isdisjoint(fresh.tolist()):
                self._announce(added.intersection(fresh.tolist()))
            elif self.query.order in BY_PREDICTION | BY_FEATURES and len(self.ids):
                self._put(np.concatenate([self.ids, fresh]), same=True)  # asking again would move all the others
                self._announce(outdated=True)
            else:
                self._ask.ensure_started()
            return
        if not len(self.ids) or fresh[0] > self.ids[-1]:
            self._put(np.concatenate([self.ids, fresh]), same=True)
        else:
            self._put(np.union1d(self.ids, fresh), same=True)

    def _ask_again(self) -> None:
        if not self.listed:
            self._question(same=True)

    def _question(self, *, same: bool) -> None:
        self._ask.stop()
        if self._controller.context is None:
            return
        self.answered = False
        self._forget_news()
        ask_ids(self._controller, self.query, partial(self._answer, same), (self, "ids"), self._failed)

    def _failed(self, sentence: str) -> None:
        # In the order they were added: something has to be shown.
        self._controller.notice.emit(sentence)
        in_order = replace(self.query, order=Order.ADDED)
        if self.listed:
            self.query = in_order
        else:
            self.show(in_order)

    def _answer(self, same: bool, ids: Ids) -> None:
        context = self._controller.open_context
        self.answered = True
        # The result may be older than the index: images that no longer match are removed here, new matches are added by
        # `_merge_new`.
        self._put(ids[context.index.matches(self.query, context.predictions, ids)], same=same)
        if self._arrived:
            self._merge_soon.start()

    def _put(self, ids: Ids, *, same: bool) -> None:
        self.ids = ids
        self.ids_changed.emit(ids, same)
