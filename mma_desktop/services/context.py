"""What an open project is: its store, its images as columns, its engine. Services are functions over it.

The store tells the context of every write, so that index and classes are never older than the database. What a service
works out and wants to keep while the project is open, it keeps with `once`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from mma_desktop.core.events import Changes
from mma_desktop.core.types import STARTER_ID, ImageClass, RunRecord
from mma_desktop.engine.backbones.backbone_table import prompt_of
from mma_desktop.media.handover import Handover
from mma_desktop.media.thumbnails import Thumbnails
from mma_desktop.services.image_index import BY_FILE, Filter, Guesses, Ids, ImageIndex
from mma_desktop.services.inference_state import InferenceState

if TYPE_CHECKING:
    from mma_desktop.store.project import Project

Kind = TypeVar("Kind")

PROJECT_SETTINGS: Mapping[str, Any] = {
    "prompt_template": "",
    "backbone": STARTER_ID,
    "weights_file": "",
    "current_run": 0,
}


class ProjectContext:
    """One open project.

    Attributes:
        project: The open store; closed by `close`.
        index: Every image as columns.
        engine: The loaded backbone, cached features and the adapter in use. Engine lane only.
        guesses: What the images are predicted as, None before the first scoring.
        handover: Pictures on their way from an import to an embedding at the same time.
        classes: The classes in their order.

    Args:
        project: The open store.
        thumbnails: Where thumbnails are kept; None makes none (headless).
        features_dir: Where embeddings are kept; None keeps them in the project.
        threads: Threads for torch; None takes all cores.
        lasting: Whether the project is there afterwards; then its checkpoints name it.
    """

    def __init__(
        self,
        project: Project,
        thumbnails: Thumbnails | None = None,
        features_dir: Path | None = None,
        threads: int | None = None,
        lasting: bool = True,
    ) -> None:
        self.project = project
        self.lasting = lasting
        self.thumbnails = thumbnails
        self.index = ImageIndex(project.catalogue())
        self.engine = InferenceState(features_dir or project.embeddings_dir, threads)
        self.handover = Handover()
        self.guesses: Guesses | None = None
        self.classes = project.classes()
        self._settings = self._read_settings()
        self._once: dict[type[Any], Any] = {}
        self._refreshing = threading.Lock()
        project.listener = self._follow

    def _read_settings(self) -> dict[str, Any]:
        return {name: self.project.setting(name, default) for name, default in PROJECT_SETTINGS.items()}

    def _follow(self, changes: Changes) -> None:
        """Bring index, classes and settings up to date after a write."""
        # One at a time: what was read before another write must not be put in after it.
        with self._refreshing:
            if changes.classes:
                self.classes = self.project.classes()
            if changes.settings:
                self._settings = self._read_settings()
            touched = sorted({*changes.images_added, *changes.labels})
            if touched or changes.images_removed:
                self.index.refresh(self.project.catalogue_for(touched), changes.images_removed)

    def once(self, kind: type[Kind]) -> Kind:
        """The one object of a class without arguments that lives as long as this context."""
        found: Kind = self._once.setdefault(kind, None) or kind()
        self._once[kind] = found
        return found

    def class_by_id(self, class_id: int | None) -> ImageClass | None:
        """One class, None when it is gone."""
        return next((one for one in self.classes if one.id == class_id), None)

    @property
    def prompt_template(self) -> str:
        """How class names are put to the text encoder: as the project says, or as suits its backbone."""
        return str(self._settings["prompt_template"]) or prompt_of(self.backbone_id)

    @property
    def backbone_id(self) -> str:
        """The project's backbone."""
        return str(self._settings["backbone"])

    @property
    def current_run(self) -> int:
        """Id of the run whose adapter predicts, 0 for none."""
        return int(self._settings["current_run"])

    @property
    def weights_file(self) -> Path | None:
        """The weights file that the user picked for the backbone, if any."""
        return Path(str(self._settings["weights_file"])) if self._settings["weights_file"] else None

    def is_current(self, run: RunRecord) -> bool:
        """Whether the predictions of now come from the adapter of this run."""
        return self.engine.adapter_file == self.project.checkpoint_path(run)

    def select(self, query: Filter) -> Ids:
        """The image ids that a filter shows, in its order. LIKELY and those over the embeddings are `ordered`'s."""
        found = self.project.search_names(query.text) if query.text else None
        if query.order in BY_FILE:
            ordered = self.project.paths_sorted(query.order.value)
            found = ordered if found is None else ordered[np.isin(ordered, found)]
        return self.index.select(query, self.guesses, found)

    def close(self) -> None:
        """Close the project. Nothing is pending: every label was on disk when its mark appeared."""
        self.engine.close()
        self.project.close()
