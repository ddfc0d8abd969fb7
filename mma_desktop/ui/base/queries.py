"""Queries of views on the open project: each runs on its lane and answers by callback on the main thread.

An answer about a project that is no longer open is dropped. A view that may ask again before it was answered passes a
`question`: then only the newest answer arrives, see `Bridge.run`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from mma_desktop.core.class_names import ClassNames
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import Finding, ImageRow, Prediction, RunRecord
from mma_desktop.engine.backbones.backbone_table import BackboneSpec, find_backbone
from mma_desktop.media import scan
from mma_desktop.media.decoding import preview
from mma_desktop.media.scan import FileList, walk
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Format, Listing, ReadOptions
from mma_desktop.services.formats.registry import read_source, recognise, recognise_dropped
from mma_desktop.services.image_index import BY_FEATURES, Filter, Order
from mma_desktop.services.images import embedding_sort, viewing
from mma_desktop.services.labels.neighbours import Tested, examine
from mma_desktop.services.predicting import prediction
from mma_desktop.services.training.experiments import Experiment, check
from mma_desktop.ui.base.bridge import Bridge

MANY = 20_000


class Questions(QObject):
    """The querying half of the controller."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge

    @property
    def context(self) -> ProjectContext | None:
        """The open project. The bridge holds it, as it drops reports of other projects."""
        context: ProjectContext | None = self.bridge.context
        return context

    @context.setter
    def context(self, context: ProjectContext | None) -> None:
        self.bridge.context = context

    @property
    def open_context(self) -> ProjectContext:
        """The open project; call only while one is open."""
        if self.context is None:
            raise RuntimeError("no project is open")
        return self.context

    def _ask(
        self,
        lane: LaneName,
        work: Callable[[ProjectContext, CancelToken], Any],
        answer: Callable[[Any], None],
        question: Hashable | None = None,
        failed: Callable[[str], None] | None = None,
        *,
        quick: bool = False,
    ) -> Job:
        context = self.open_context
        return self.bridge.ask(
            lane,
            lambda token: work(context, token),
            done=answer,
            failed=failed,
            quick=quick,
            context=context,
            question=question,
        )

    def ask_rows(
        self, ids: Sequence[int], answer: Callable[[list[ImageRow]], None], question: Hashable | None = None
    ) -> None:
        wanted = list(ids)
        self._ask(LaneName.STORE, lambda context, _t: context.project.image_rows(wanted), answer, question)

    def ask_runs(self, answer: Callable[[list[RunRecord]], None], question: Hashable | None = None) -> None:
        self._ask(LaneName.STORE, lambda context, _t: context.project.runs(), answer, question)

    def ask_check(
        self, experiment: Experiment, answer: Callable[[list[Finding]], None], question: Hashable | None = None
    ) -> None:
        self._ask(LaneName.STORE, lambda context, _t: check(context, experiment), answer, question)

    def ask_local_backbones(self, specs: Sequence[BackboneSpec], answer: Callable[[frozenset[str]], None]) -> None:
        """Check which of these backbones can be loaded without a download (ids)."""
        wanted = list(specs)

        def work(_token: CancelToken) -> frozenset[str]:
            from mma_desktop.engine.backbones.loading import is_local

            return frozenset(spec.id for spec in wanted if is_local(spec))

        self.bridge.ask(LaneName.ENGINE, work, done=answer, quick=True)

    def ask_backbone_names(self, answer: Callable[[list[str]], None]) -> None:
        def work(_token: CancelToken) -> list[str]:
            from mma_desktop.engine.backbones.open_clip_names import all_ids

            return all_ids()

        self.bridge.ask(LaneName.ENGINE, work, done=answer, quick=True)

    def ask_backbone(
        self,
        backbone_id: str,
        answer: Callable[[tuple[BackboneSpec, bool]], None],
        failed: Callable[[str], None],
    ) -> None:
        """Look up a backbone, in the table or not, and whether it can be loaded without a download.

        `failed` is called with a sentence if this id does not exist.
        """

        def work(_token: CancelToken) -> tuple[BackboneSpec, bool]:
            from mma_desktop.engine.backbones.loading import is_local

            spec = find_backbone(backbone_id)
            return spec, is_local(spec)

        self.bridge.ask(LaneName.ENGINE, work, done=answer, failed=failed, quick=True)

    def ask_preview(
        self,
        load: Callable[[], Path | bytes | NDArray[np.uint8]],
        side: int,
        answer: Callable[[NDArray[np.uint8]], None],
        failed: Callable[[str], None],
        question: Hashable | None = None,
    ) -> Job:
        """Decode the picture that `load` returns (any picture), scaled to at most `side` pixels on the longer side."""
        return self.bridge.ask(
            LaneName.VIEW, lambda _t: preview(load(), side), done=answer, failed=failed, question=question
        )

    def ask_select(
        self,
        query: Filter,
        answer: Callable[[NDArray[np.int64]], None],
        failed: Callable[[str], None] | None = None,
        question: Hashable | None = None,
    ) -> Job:
        """Find the ids that match a filter. LIKELY and the orders by embedding are computed on the engine lane."""
        context = self.open_context
        if query.order in BY_FEATURES and context.engine.ready:
            return self.bridge.run(
                LaneName.ENGINE,
                tr("Comparing pictures"),
                lambda token: embedding_sort.ordered(context, query, token),
                done=answer,
                failed=failed,
                visible=len(context.index.columns.ids) > MANY,  # takes a second per 30,000 images
                quick=True,
                context=context,
                question=question,
            )
        if query.order is Order.LIKELY and query.class_id is not None and context.engine.ready:
            class_id = query.class_id
            return self.ask_engine(
                lambda one, token: prediction.likely(one, class_id, query, token), answer, question, failed
            )
        return self._ask(LaneName.STORE, lambda one, _t: one.select(query), answer, question)

    def ask_thumbnail(
        self, row: ImageRow, answer: Callable[[NDArray[np.uint8] | None], None], question: Hashable | None = None
    ) -> Job:
        """Fetch a thumbnail; cancel the job once the row has scrolled away."""
        return self._ask(LaneName.VIEW, lambda context, _t: viewing.thumbnail(context, row), answer, question)

    def ask_picture(
        self,
        row: ImageRow,
        side: int,
        answer: Callable[[NDArray[np.uint8]], None],
        failed: Callable[[str], None],
        question: Hashable | None = None,
    ) -> Job:
        return self.bridge.ask(
            LaneName.VIEW,
            lambda _t: viewing.picture(row, side),
            done=answer,
            failed=failed,
            context=self.context,
            question=question,
        )

    def ask_rank(
        self,
        name: str,
        answer: Callable[[tuple[NDArray[np.int64], NDArray[np.float32]]], None],
        failed: Callable[[str], None] | None = None,
        question: Hashable | None = None,
        reads: str = "",
        *,
        zero_shot: bool = False,
    ) -> Job:
        """Rank all embedded images by any class name; see `prediction.rank`."""

        def work(context: ProjectContext, token: CancelToken) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
            return prediction.rank(context, name, token, reads, zero_shot=zero_shot)

        return self.ask_engine(work, answer, question, failed)

    def ask_engine(
        self,
        work: Callable[[ProjectContext, CancelToken], Any],
        answer: Callable[[Any], None],
        question: Hashable | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> Job:
        """Run a short task on the engine lane, between two events of whatever runs there."""
        return self._ask(LaneName.ENGINE, work, answer, question, failed, quick=True)

    def ask_long(
        self,
        title: str,
        work: Callable[[ProjectContext, CancelToken], Any],
        answer: Callable[[Any], None],
        event: Callable[[Any], None] | None = None,
        *,
        quick: bool = False,
    ) -> Job:
        """Run a task on the engine lane, shown among the jobs with progress and a way to cancel it.

        `event` is called for changes on the way; for `quick` see `Bridge.run`.
        """
        context = self.open_context
        return self.bridge.run(
            LaneName.ENGINE,
            title,
            lambda token: work(context, token),
            done=answer,
            event=event,
            quick=quick,
            context=context,
        )

    def ask_guess(
        self,
        source: Path | bytes | NDArray[np.uint8],
        names: ClassNames | None,
        answer: Callable[[Prediction], None],
        failed: Callable[[str], None],
        question: Hashable | None = None,
    ) -> Job:
        return self.ask_engine(lambda context, _t: prediction.picture(context, source, names), answer, question, failed)

    def ask_test(
        self,
        load: Callable[[], Path | bytes | NDArray[np.uint8]],
        names: ClassNames | None,
        image_id: int | None,
        answer: Callable[[Tested], None],
        failed: Callable[[str], None],
        question: Hashable | None = None,
    ) -> Job:
        """Classify the picture that `load` returns and find its nearest examples; see `neighbours.examine`."""
        return self.ask_engine(
            lambda context, token: examine(context, load(), names, token, image_id), answer, question, failed
        )

    def ask_class_folders(self, paths: Sequence[Path], answer: Callable[[Mapping[str, Path] | None], None]) -> None:
        """Check whether dropped files consist of class folders."""
        dropped = list(paths)
        self.bridge.ask(LaneName.VIEW, lambda _t: scan.class_folders(dropped), done=answer, context=self.context)

    def ask_recognised(self, paths: Sequence[Path], answer: Callable[[tuple[Path, Format] | None], None]) -> None:
        """Check whether another tool wrote the dropped files."""
        dropped = list(paths)
        self.bridge.ask(LaneName.VIEW, lambda _t: recognise_dropped(dropped), done=answer, context=self.context)

    def ask_listing(
        self,
        source: Path,
        chosen: Format | None,
        options: ReadOptions,
        answer: Callable[[tuple[Format, Listing]], None],
        failed: Callable[[str], None],
        question: Hashable | None = None,
    ) -> Job:
        """Read what a file or folder of another tool lists; cancel the job if the answer is no longer needed."""
        if self.context is not None:
            options = replace(options, classes=tuple(one.name for one in self.context.classes))

        def work(token: CancelToken) -> Generator[Progress, None, tuple[Format, Listing]]:
            found = chosen or recognise(source)
            listing = yield from read_source(source, found, options, token)
            assert found is not None  # otherwise it was refused
            return found, listing

        return self.bridge.ask(LaneName.VIEW, work, done=answer, failed=failed, context=self.context, question=question)

    def ask_class_files(
        self,
        paths: Sequence[Path],
        folders: Mapping[str, Path],
        answer: Callable[[FileList], None],
        question: Hashable | None = None,
    ) -> Job:
        """Walk dropped folders to count the files per class folder and to import them later."""
        dropped, classes = list(paths), dict(folders)

        def work(token: CancelToken) -> FileList:
            files = FileList()
            for found in walk(dropped, token, classes, files.left_out):
                files.add(found)
            return files

        return self.bridge.ask(LaneName.VIEW, work, done=answer, context=self.context, question=question)
