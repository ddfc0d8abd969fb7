"""ProjectSession: each thing a person can do to a project, once. No Qt; the window and the command line both use it.

Writes go straight to the database and return `Changes`; they may come from any thread. Methods under "engine" must
all be called from one thread, the engine lane's. Long ones are generators, see `jobs`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, EpochEvent, ImportReport, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import (
    STARTER_ID,
    Finding,
    ImageClass,
    ImageRow,
    LabelSource,
    Prediction,
    ProblemKind,
    Role,
    RunRecord,
    ScannedFile,
    TrainRequest,
    Use,
)
from mma_desktop.engine.backbones.backbone_table import prompt_of
from mma_desktop.media.decoding import preview, read_checked
from mma_desktop.media.handover import Handover
from mma_desktop.media.scan import class_folders
from mma_desktop.media.thumbnails import Thumbnails
from mma_desktop.services.formats import exporting
from mma_desktop.services.image_index import BY_FILE, Catalogue, Filter, Guesses, Ids
from mma_desktop.services.images import duplicates, embedding_sort, file_check, paste_import, similar
from mma_desktop.services.images.file_check import FindReport
from mma_desktop.services.images.importing import import_files
from mma_desktop.services.images.paste_import import Picture
from mma_desktop.services.inference_state import EngineRoom
from mma_desktop.services.labels import label_errors, shot_selection
from mma_desktop.services.predicting import prediction
from mma_desktop.services.training import method_comparison, project_training
from mma_desktop.services.training.project_training import TrainOutcome

if TYPE_CHECKING:
    from mma_desktop.store.project import Project
    from mma_desktop.store.undo import Step

log = logging.getLogger(__name__)
RESCORE_SECONDS = 3.0

PROJECT_SETTINGS: Mapping[str, Any] = {
    "prompt_template": "",
    "backbone": STARTER_ID,
    "weights_file": "",
    "current_run": 0,
}


class ProjectSession:
    """One open project.

    Args:
        project: The open store; closed by `close`.
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
        self.catalogue = Catalogue(project.catalogue())
        self.engine = EngineRoom(features_dir or project.embeddings_dir, threads)
        self.handover = Handover()
        self.guesses: Guesses | None = None
        self.signatures = duplicates.Signatures()
        self.typicality = embedding_sort.Typicality()
        self._refreshing = threading.Lock()
        self._classes = project.classes()
        self._settings = {name: project.setting(name, default) for name, default in PROJECT_SETTINGS.items()}

    # ---------------------------------------------------------------- reading (memory only, any thread)

    @property
    def name(self) -> str:
        """The project's name."""
        return self.project.name

    @property
    def folder(self) -> Path:
        """The project's folder."""
        return self.project.folder

    @property
    def classes(self) -> list[ImageClass]:
        """The classes in their order."""
        return self._classes

    def class_by_id(self, class_id: int | None) -> ImageClass | None:
        """One class, None when it is gone."""
        return next((one for one in self._classes if one.id == class_id), None)

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
        """The weights file that the person picked for the backbone, if any."""
        return Path(str(self._settings["weights_file"])) if self._settings["weights_file"] else None

    def is_current(self, run: RunRecord) -> bool:
        """Whether the predictions of now come from the adapter of this run."""
        return self.engine.adapter_file == self.project.checkpoint_path(run)

    def counts(self) -> Mapping[int, int]:
        """Labelled images by class id."""
        return self.catalogue.counts()

    def close(self) -> None:
        """Close the project. Nothing is pending: every label was on disk when its mark appeared."""
        self.engine.close()
        self.project.close()

    # ---------------------------------------------------------------- reading (database, off the main thread)

    def rows(self, ids: Sequence[int]) -> list[ImageRow]:
        """Rows of these images, in this order; those that are gone are left out."""
        return self.project.image_rows(ids)

    def select(self, query: Filter) -> Ids:
        """The image ids that a filter shows, in its order. LIKELY and those over the embeddings are `ordered`'s."""
        found = self.project.search_names(query.text) if query.text else None
        if query.order in BY_FILE:
            ordered = self.project.paths_sorted(query.order.value)
            found = ordered if found is None else ordered[np.isin(ordered, found)]
        return self.catalogue.select(query, self.guesses, found)

    def runs(self) -> list[RunRecord]:
        """The finished trainings, newest first."""
        return self.project.runs()

    def thumbnail(self, row: ImageRow) -> NDArray[np.uint8] | None:
        """(h, w, 3) thumbnail of an image, made again when the cache was cleared; None for one that cannot be had."""
        if self.thumbnails is None or row.content_hash is None or row.problem is not None:
            return None
        for place in (row.path, *row.places):
            try:
                return self.thumbnails.ensure(row.content_hash, place)
            except UserError as error:
                log.info("No thumbnail of image %d: %s", row.id, error)
        return None

    def big_picture(self, row: ImageRow, side: int) -> NDArray[np.uint8]:
        """(h, w, 3) picture with its longer side at most `side` pixels.

        Raises:
            UserError: The file is gone, damaged, or another picture now.
        """
        problem: UserError | None = None
        for place in (row.path, *row.places):
            try:
                return preview(read_checked(place, row.content_hash), side)
            except UserError as error:
                problem = problem or error
        raise problem or UserError(tr("The picture is gone."))

    # ---------------------------------------------------------------- writing

    def _wrote(self, changes: Changes | None) -> Changes:
        """Bring the catalogue and the classes up to date after a write."""
        if changes is None:
            return Changes()
        # One at a time: what was read before another write must not be put in after it.
        with self._refreshing:
            if changes.classes:
                self._classes = self.project.classes()
            touched = sorted({*changes.images_added, *changes.labels})
            if touched or changes.images_removed:
                self.catalogue.refresh(self.project.catalogue_for(touched), changes.images_removed)
        return changes

    def add_classes(self, names: Sequence[str], role: Role = Role.BASE) -> Changes:
        """Add classes.

        Raises:
            UserError: A name is empty or there already.
        """
        return self._wrote(self.project.add_classes(names, role))

    def rename_class(self, class_id: int, name: str) -> Changes:
        """Rename a class; its labels stay."""
        return self._wrote(self.project.rename_class(class_id, name))

    def delete_classes(self, class_ids: Sequence[int]) -> Changes:
        """Delete classes with their labels (undoable); images stay."""
        return self._wrote(self.project.delete_classes(class_ids))

    def move_class(self, class_id: int, position: int) -> Changes:
        """Put a class at another position."""
        return self._wrote(self.project.move_class(class_id, position))

    def set_role(self, class_ids: Sequence[int], role: Role) -> Changes:
        """Make classes base (trained) or new (never trained)."""
        return self._wrote(self.project.set_role(class_ids, role))

    def set_colour(self, class_id: int, colour: str) -> Changes:
        """Give a class another colour, "#rrggbb"."""
        return self._wrote(self.project.set_colour(class_id, colour))

    def set_key(self, class_id: int, key: str) -> Changes:
        """Give a class another key, or none with an empty string."""
        return self._wrote(self.project.set_key(class_id, key))

    def first_half_base(self) -> Changes:
        """The protocol of the paper: the first half of the classes (rounded up) is base, the rest new."""
        return self._wrote(self.project.first_half_base())

    def assign(
        self, image_ids: Sequence[int], class_id: int | None, source: LabelSource = LabelSource.PERSON
    ) -> Changes:
        """Label images, or take their labels away with None. On disk when this returns."""
        return self._wrote(self.project.assign(image_ids, class_id, source))

    def accept(self, pairs: Sequence[tuple[int, int]], *, overwrite: bool = False) -> Changes:
        """Label each image with the class that it was shown with, (image id, class id), as one step.

        A person's own label stays, unless `overwrite` is set.
        """
        return self._wrote(self.project.assign_many(pairs, LabelSource.SUGGESTION, overwrite))

    def keep_one(self, groups: Sequence[tuple[int, Sequence[int]]]) -> Changes:
        """Keep the first of each (image, its copies) with their label; the copies leave the project.

        Raises:
            UserError: Copies of one picture carry different labels.
        """
        return self._wrote(self.project.keep_one(groups))

    def keep_labels(self, image_ids: Sequence[int], *, keep: bool = True) -> Changes:
        """Note that the labels of these images are right: `wrong_labels` leaves them out. Or take that back."""
        return label_errors.keep_labels(self, image_ids, keep=keep)

    def set_use(self, image_ids: Sequence[int], use: Use | None) -> Changes:
        """Mark labelled images as shots, for validation or for testing; None divides them automatically."""
        return self._wrote(self.project.set_use(image_ids, use))

    def remove_images(self, image_ids: Sequence[int]) -> Changes:
        """Take images out of the project (undoable); the files stay where they are."""
        return self._wrote(self.project.remove_images(image_ids))

    def mark_problems(self, problems: Sequence[tuple[int, ProblemKind, str]]) -> Changes:
        """Turn images whose file cannot be read any more into problems with their reason; labels stay."""
        return self._wrote(self.project.mark_problems(problems))

    def note_files(self, times: Sequence[tuple[int, int]], back: Sequence[int]) -> Changes:
        """Note what `missing.FileCheck` found; see `Project.note_files`."""
        return self._wrote(self.project.note_files(times, back))

    def add_known(self, files: Sequence[ScannedFile]) -> Changes:
        """Note that images of the project are at these places too."""
        return self._wrote(self.project.add_files(files).changes)

    def undo(self) -> Changes:
        """Take back the last edit of labels, classes or images."""
        return self._wrote(self.project.undo())

    def redo(self) -> Changes:
        """Do again what was taken back last."""
        return self._wrote(self.project.redo())

    def set_setting(self, name: str, value: Any) -> Changes:
        """Keep a setting of the project, one of `PROJECT_SETTINGS`."""
        changes = self.project.set_setting(name, value)
        self._settings[name] = value
        return changes

    def rename_run(self, run_id: int, name: str) -> Changes:
        """Rename a finished training."""
        return self._wrote(self.project.rename_run(run_id, name))

    def star_runs(self, run_ids: Sequence[int], starred: bool) -> Changes:
        """Give finished trainings a star, or take it away."""
        return self._wrote(self.project.star_runs(run_ids, starred))

    def delete_run(self, run_id: int) -> Changes:
        """Delete a finished training with its checkpoint; its adapter is no longer the current one. Engine lane."""
        if self.is_current(project_training.find_run(self, run_id)):
            self.engine.use(None)
        if run_id == self.current_run:
            self.set_setting("current_run", 0)
        return self._wrote(self.project.delete_run(run_id))

    # ---------------------------------------------------------------- media lane

    def class_folders(self, paths: Sequence[Path]) -> Mapping[str, Path] | None:
        """Class name to folder when what was dropped is made of class folders, else None."""
        return class_folders(paths)

    def import_paths(
        self,
        paths: Sequence[Path],
        token: CancelToken,
        folder_classes: Mapping[str, Path] | None = None,
        first_half_base: bool = False,
    ) -> Generator[Progress, None, ImportReport]:
        """Import files and folders; see `importing.import_files`.

        Args:
            paths: What was dropped.
            token: Stops it; what was imported by then stays.
            folder_classes: Take these folders' names as classes and labels; classes that are missing are added.
            first_half_base: Then make the first half of all classes base and the rest new.
        """
        steps: list[Step] = []
        if folder_classes:
            with self.project.noting() as steps:
                changes = project_training.add_missing_classes(self.project, list(folder_classes))
                if first_half_base:
                    halves = self.project.first_half_base()
                    changes = replace(changes, classes=changes.classes or halves.classes)
            yield Progress(0, None, tr("Importing"), changes=self._wrote(changes))
        parts = (self.project, self.thumbnails, paths, folder_classes, token, self._wrote, steps, self.handover)
        return replace((yield from import_files(*parts)), found_again=(yield from file_check.look_again(self, token)))

    def check_files(self, *, hashing: bool = True) -> file_check.FileCheck:
        """A check whether the files of the images are where they were, and the same; its `run` is the job."""
        return file_check.FileCheck(self, hashing=hashing)

    def find_missing(self, folders: Sequence[Path], token: CancelToken) -> Generator[Progress, None, FindReport]:
        """Look in folders for the files of images that are missing or changed; see `missing.find_missing`."""
        return file_check.find_missing(self, folders, token)

    def take_in(self, pictures: Sequence[Picture], token: CancelToken) -> Generator[Progress, None, ImportReport]:
        """Keep pictures that are no files in the project's folder, then import them; see `intake.take_in`."""
        return paste_import.take_in(self, pictures, token, self._wrote)

    def export_class_folders(self, out: Path, token: CancelToken) -> exporting.Exporting:
        """Copy the labelled images into one folder a class, with their own names."""
        return exporting.class_folders(self, out, token)

    def export_labels(self, out: Path) -> Path:
        """Write labels and predictions of all images as CSV."""
        return exporting.labels(self, out)

    def export_predictions(self, out: Path) -> Path:
        """Write the predictions of the images that nobody labelled as CSV."""
        return exporting.predictions(self, out)

    def export_adapter(self, run_id: int, out: Path) -> Path:
        """Copy the checkpoint of a run to where the person wants it."""
        return exporting.adapter(self, run_id, out)

    def near_duplicates(self, token: CancelToken) -> Generator[Progress, None, list[duplicates.DuplicateGroup]]:
        """Groups of images that are the same picture, resized or recompressed; see `duplicates.near_duplicates`."""
        return duplicates.near_duplicates(self, token)

    def leaks(self, request: TrainRequest, token: CancelToken) -> Generator[Progress, None, list[duplicates.Leak]]:
        """Pictures of which a training would have copies among both its shots and its test images."""
        return duplicates.leaks(self, request, token)

    # ---------------------------------------------------------------- engine lane

    def prepare(
        self, token: CancelToken, backbone: str | None = None, device: str = "auto", weights_file: Path | None = None
    ) -> list[str]:
        """Load the backbone (the project's own when none is named) and the newest adapter that fits it.

        Returns:
            What the person should be told, a device that was not to be had, say.
        """
        chosen = backbone or self.backbone_id
        weights = weights_file or (self.weights_file if chosen == self.backbone_id else None)
        before = self.engine.backbone
        messages = self.engine.load(chosen, device, weights, token)
        if self.engine.backbone is not before:
            messages += project_training.restore_adapter(self)
        return messages

    def embed(self, token: CancelToken) -> Generator[Progress, None, Changes]:
        """Encode what has no features yet, and what an import brings meanwhile; what fails becomes a problem.

        Every few seconds the predictions are brought up to date; such a `Progress` has `Changes(predictions=True)`.
        """
        scored = time.monotonic()
        steps = project_training.follow(self, token)
        try:
            event = next(steps)
            while True:
                if time.monotonic() - scored > RESCORE_SECONDS and self.classes:
                    event = replace(event, changes=self.score(token))
                    scored = time.monotonic()
                yield event
                event = next(steps)
        except StopIteration as stop:
            changes: Changes = stop.value
            return changes
        finally:
            steps.close()

    def score(self, token: CancelToken) -> Changes:
        """Work out the best class of every embedded image, zero-shot and, where there is one, with the adapter."""
        self.guesses = prediction.score(self, token)
        return Changes(predictions=True)

    def likely(self, class_id: int, query: Filter, token: CancelToken) -> Ids:
        """The images a filter shows, those most likely of a class first; images without features come last."""
        return prediction.likely(self, class_id, query, token)

    def ordered(self, query: Filter, token: CancelToken) -> Ids:
        """The images a filter shows in an order over the embeddings; images without features come last."""
        return embedding_sort.ordered(self, query, token)

    def rank(self, name: str, token: CancelToken) -> tuple[Ids, NDArray[np.float32]]:
        """All embedded images by their probability of a class name, most likely first; the name may be any."""
        return prediction.rank(self, name, token)

    def suggest_shots(self, per_class: int, token: CancelToken, seed: int = 0) -> shot_selection.Suggestions:
        """The images to label next so that every base class gets `per_class` shots; see `suggesting.suggest`."""
        return shot_selection.suggest(self, per_class, token, seed)

    def wrong_labels(self, token: CancelToken, seed: int = 0) -> Generator[Progress, None, label_errors.Suspects]:
        """The labels that look wrong, the surest first; see `suspects.find_suspects`."""
        return label_errors.find_suspects(self, token, seed)

    def more_like(self, image_ids: Sequence[int], token: CancelToken) -> tuple[Ids, NDArray[np.float32]]:
        """All other embedded images by their cosine with the mean of these, the most alike first."""
        return similar.more_like(self, image_ids, token)

    def search_text(self, text: str, token: CancelToken) -> tuple[Ids, NDArray[np.float32]]:
        """All embedded images by their cosine with any text, the most alike first."""
        return similar.search_text(self, text, token)

    def guess_picture(self, source: Path | bytes | NDArray[np.uint8], names: Sequence[str] | None = None) -> Prediction:
        """Top five of one picture, adapted and zero-shot, among the project's classes or `names`."""
        return prediction.picture(self, source, names)

    def check(self, request: TrainRequest) -> list[Finding]:
        """What stands in the way of a training or of its numbers; reads memory only."""
        return project_training.check(self, request)

    def train(self, request: TrainRequest, token: CancelToken) -> Generator[Progress | EpochEvent, None, TrainOutcome]:
        """Embed what is labelled, train, evaluate, keep the checkpoint as a run; the adapter becomes the current one.

        Raises:
            UserError: Something `check` calls blocking, or the backbone cannot be had.
        """
        return project_training.train(self, request, token)

    def compare_methods(
        self, methods: Sequence[str], request: TrainRequest, token: CancelToken
    ) -> Generator[Progress, None, method_comparison.ComparingOutcome]:
        """Train each of the methods on the same shots; see `comparing.compare_methods`."""
        return method_comparison.compare_methods(self, methods, request, token)

    def use_run(self, run_id: int) -> None:
        """Make the adapter of a run the current one."""
        run = project_training.find_run(self, run_id)
        self.engine.use(self.project.checkpoint_path(run))
        self.set_setting("current_run", run_id)
