"""The open project: its store, its image index and its engine. Services are functions over this context."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.types import STARTER_ID, ImageClass, ImageRow, Role, RunRecord
from mma_desktop.engine.backbones.backbone_table import prompt_of
from mma_desktop.media.decoding import Pixels, preview, read_checked
from mma_desktop.media.image_buffer import ImageBuffer
from mma_desktop.media.reader import Thumbnails
from mma_desktop.services.image_index import BY_FILE, Columns, Filter, Ids, ImageIndex, Predictions
from mma_desktop.services.inference_state import InferenceState

if TYPE_CHECKING:
    from mma_desktop.store.project import Project


log = logging.getLogger(__name__)
Kind = TypeVar("Kind")

PROJECT_SETTINGS: Mapping[str, Any] = {
    "prompt_template": "",
    "backbone": STARTER_ID,
    "weights_file": "",
    "current_run": 0,
    "spot_checks": [],
}


class ProjectContext:
    """One open project.

    Attributes:
        engine: The loaded backbone, cached features and current adapter. Engine lane only.
        predictions: Of the images; None before the first scoring.
        on_screen: Ids of the images that are on the screen, which are embedded first; set by the window.
        image_buffer: Decoded images passed from a running import to a running embedding.
        every_class: The classes of labels, in order: `classes`, then "None of these" once an image is labelled so.
        learns: Whether the learning model predicts until a run is kept (`services.training.learning`).

    Args:
        project: The open store, which `close` closes.
        thumbnails: The thumbnail cache; None makes no thumbnails (headless).
        shared_dir: Folder of embeddings that other processes share; None keeps them in the project.
        most_shared: How many bytes may be in that folder.
        threads: Threads for torch; None uses all cores, or `OMP_NUM_THREADS` where that is set.
        lasting: Whether the project outlives this process; if so, its checkpoints name it.
    """

    def __init__(
        self,
        project: Project,
        thumbnails: Thumbnails | None = None,
        shared_dir: Path | None = None,
        most_shared: float = 0,
        threads: int | None = None,
        lasting: bool = True,
    ) -> None:
        self.project = project
        self.lasting = lasting
        self.learns = False
        self.thumbnails = thumbnails
        self.index = ImageIndex(project.catalogue())
        self.engine = InferenceState(
            shared_dir or project.embeddings_dir,
            None if shared_dir is None else most_shared,
            threads,
            lambda: {name_key(item.name): item.reads for item in self.classes},
        )
        self.image_buffer = ImageBuffer()
        self.on_screen: tuple[int, ...] = ()
        self.predictions: Predictions | None = None
        self._read_classes()
        self._settings = self.project.settings(PROJECT_SETTINGS)
        self._once: dict[type[Any], Any] = {}
        self._refreshing = threading.Lock()
        project.listener = self._refresh

    def _read_classes(self) -> None:
        self.every_class = self.project.classes()
        self.classes = [item for item in self.every_class if item.role is not Role.NONE]

    def _refresh(self, changes: Changes) -> None:
        # One at a time: a refresh must not overwrite newer data with what it read before another write.
        with self._refreshing:
            if changes.classes:
                self._read_classes()
            if changes.settings:
                self._settings = self.project.settings(PROJECT_SETTINGS)
            touched = sorted({*changes.images_added, *changes.labels})
            if touched or changes.images_removed:
                self.index.refresh(self.project.catalogue_for(touched), changes.images_removed)

    def state_of(self, kind: type[Kind]) -> Kind:
        """Return this context's only instance of `kind`, a class without constructor arguments."""
        state: Kind | None = self._once.get(kind)
        if state is None:
            state = self._once[kind] = kind()
        return state

    @property
    def none_of_these(self) -> ImageClass | None:
        """The class of images of no class; None before an image is labelled so."""
        return next((item for item in self.every_class if item.role is Role.NONE), None)

    def class_by_id(self, class_id: int | None) -> ImageClass | None:
        """Look up a class, "None of these" too; None if it is gone."""
        return next((item for item in self.every_class if item.id == class_id), None)

    def classed(self, columns: Columns) -> NDArray[np.bool_]:
        """Mask of the usable images in `columns` whose label is one of `classes`."""
        none = self.none_of_these
        mask: NDArray[np.bool_] = columns.labelled & columns.usable
        return mask if none is None else mask & (columns.class_ids != none.id)

    @property
    def prompt_template(self) -> str:
        """The prompt template of the project, or the default of its backbone."""
        return str(self._settings["prompt_template"]) or prompt_of(self.backbone_id)

    @property
    def backbone_id(self) -> str:
        return str(self._settings["backbone"])

    @property
    def current_run(self) -> int:
        """Id of the run whose adapter predicts, 0 if none."""
        return int(self._settings["current_run"])

    @property
    def spot_checks(self) -> object:
        """The checks as they are stored; see `services.training.spot_checks`."""
        return self._settings["spot_checks"]

    @property
    def weights_file(self) -> Path | None:
        """The weights file the user chose for the backbone, if any."""
        return Path(str(self._settings["weights_file"])) if self._settings["weights_file"] else None

    def is_current(self, run: RunRecord) -> bool:
        """Whether this run's adapter makes the current predictions."""
        return self.engine.adapter_file == self.project.checkpoint_path(run)

    def embedded(self, columns: Columns, mask: NDArray[np.bool_]) -> Ids:
        """Positions in `columns` of the masked images that have features. Engine lane only."""
        return np.flatnonzero(mask & self.engine.embedded(columns.hashes))

    def select(self, query: Filter) -> Ids:
        """The image ids a filter shows, in order. For the orders over the embeddings, use `ordered`."""
        named = self.project.search_names(query.text) if query.text else None
        if query.order in BY_FILE:
            ordered = self.project.paths_sorted(query.order.value)
            named = ordered if named is None else ordered[np.isin(ordered, named)]
        return self.index.select(query, self.predictions, named)

    def thumbnail(self, row: ImageRow) -> Pixels | None:
        """(h, w, 3) thumbnail of an image, rebuilt if the cache was cleared; None if unavailable."""
        if self.thumbnails is None or row.content_hash is None or row.problem is not None:
            return None
        for place in row.places or (row.path,):
            try:
                return self.thumbnails.ensure(row.content_hash, place)
            except UserError as error:
                log.info("No thumbnail of image %d: %s", row.id, error)
        return None

    def small_image(self, row: ImageRow, side: int) -> Pixels | None:
        """(h, w, 3) thumbnail of an image, or the image at `side` pixels; None if its file cannot be read."""
        thumbnail = self.thumbnail(row)
        try:
            return load_image(row, side) if thumbnail is None else thumbnail
        except UserError:
            return None

    def close(self) -> None:
        """Close the project. There is nothing to flush: each label is on disk before its mark appears."""
        self.engine.close()
        self.project.close()


def load_image(row: ImageRow, side: int) -> Pixels:
    """(h, w, 3) image, its longer side at most `side` pixels.

    Raises:
        UserError: The file is gone or damaged, or now holds another image.
    """
    problem: UserError | None = None
    for place in row.places or (row.path,):
        try:
            return preview(read_checked(place, row.content_hash), side)
        except UserError as error:
            # Of several places, the first is the one the user knows.
            problem = problem or error
    raise problem or UserError.tr("The picture is gone.")
