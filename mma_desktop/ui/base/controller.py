"""Actions of the window on the open project: one short method per action, run on its lane, with signals for changes.

Views never call the slow methods of the services, but an action here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, EpochEvent, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import SILENT_SECONDS, Job, JobState, LaneName, Work
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import LabelSource, Role, RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.importing import ImportReport
from mma_desktop.services.labels import label_errors
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.predicting.none_of_these import NOT_YET
from mma_desktop.services.project_factory import close_project, keep_card
from mma_desktop.services.training import adapter_loading, adapter_training, experiments, learning, overview
from mma_desktop.services.training.claims import accuracy_claims
from mma_desktop.services.training.experiments import Experiment, ExperimentOutcome, TrainingStep
from mma_desktop.ui.base.bridge import Bridge, receiver_is_alive
from mma_desktop.ui.widgets.controls import repeating, single_shot

if TYPE_CHECKING:
    from mma_desktop.services.training.adapter_loading import Loaded, ModelFile
    from mma_desktop.services.training.adapter_training import Choice, Outcome
    from mma_desktop.services.training.likeliest import Likeliest
    from mma_desktop.store.project import Project

log = logging.getLogger(__name__)
FOLLOW_MS = 150  # gathers the changes of one action; a longer pause would be felt after each label
CLOSE_CHECK_MS = 1000  # exact enough for the seconds below
# A cancelled job that does not answer for this long no longer keeps a project open.
CLOSE_SECONDS = 20.0
LOADING = later("Loading the model")
ContextWork = Callable[[ProjectContext, CancelToken], Any]
Edit = Callable[["Project"], Changes]


class Controller(QObject):
    opened = Signal(object)  # ProjectContext, or None once it is closed
    closed = Signal()
    changed = Signal(object)  # Changes that were written: update from it alone
    undo_changed = Signal(str, str)  # undo title or "", redo title or ""
    predictions_changed = Signal()  # `context.predictions` is new
    engine_ready = Signal(list)  # messages: the backbone is loaded and images can be embedded
    import_done = Signal(object)  # ImportReport
    epoch = Signal(object)  # EpochEvent of the running training
    experiment_finished = Signal(object)  # ExperimentOutcome, or None if it was cancelled or failed
    training_progress = Signal(object)  # TrainingStep of the experiment
    adapter_progress = Signal(object)  # Progress of the page Train's training, such as a RowStep
    adapter_trained = Signal(object)  # Outcome of it, or None if it was cancelled or failed
    undone_or_redone = Signal(object)  # Changes that were undone or redone
    notice = Signal(str)  # a sentence for the status bar
    engine_changed = Signal()  # a backbone is being loaded from now on, is loaded, or could not be loaded
    learned = Signal(object)  # Learned, a new fit of the learning model, or None if there can be none

    def __init__(self, bridge: Bridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.settings = settings
        self.training: Job | None = None
        self.preparing: Job | None = None
        self._embedding: Job | None = None  # the newest
        self._keep_engine_notes()
        self.prepare_on_open = True
        self.learns = True
        self._closed_then: list[Callable[[], None]] | None = None
        self._closing_step: tuple[LaneName, Callable[[], None]] | None = None
        self._following: Job | None = None
        self._screen_is_right = False  # before that job has ended
        self._imports = 0  # every batch of one would be followed
        self._follow_soon = single_shot(self, FOLLOW_MS, self._follow)
        self.changed.connect(self.follow)
        self._closing_watch = repeating(self, CLOSE_CHECK_MS, self._skip_hanging_lane)

    # ------------------------------------------------------------------ project

    @property
    def context(self) -> ProjectContext | None:
        # The bridge holds it, as it drops reports of other projects.
        context: ProjectContext | None = self.bridge.context
        return context

    @property
    def open_context(self) -> ProjectContext:
        """The open project; call only while one is open."""
        if self.context is None:
            raise RuntimeError("no project is open")
        return self.context

    def ask_runs(self, done: Callable[[list[RunRecord]], None], question: Hashable | None = None) -> None:
        """Read the trainings of the open project, newest first."""
        self.ask(LaneName.STORE, lambda context, _token: context.project.runs(), done, question=question)

    def ask(
        self,
        lane: LaneName,
        work: ContextWork,
        done: Callable[[Any], None] | None = None,
        *,
        title: str = "",
        outlives: bool = False,
        **options: Any,
    ) -> Job:
        """Queue work on the open project; `title` and `options` as for `Bridge.run`."""
        context = self.open_context
        # The answer is dropped once another project is open, unless it `outlives` that: a written file is still told.
        owner = None if outlives else context
        return self.bridge.run(lane, title, lambda token: work(context, token), done=done, context=owner, **options)

    def set_context(self, context: ProjectContext | None) -> None:
        """Show another project, or none. The previous one must have been closed by `close_context`."""
        self.bridge.context = context
        self._keep_engine_notes()
        if context is not None:
            context.learns = self.learns
        self.opened.emit(context)
        if context is not None and context.predictions is not None:  # the scores that were kept with the project
            self.predictions_changed.emit()
        self._emit_undo_titles()
        if context is not None and self.prepare_on_open:
            self.prepare()

    @property
    def is_closing(self) -> bool:
        """Whether a project is being closed; `close_context` then only waits for it."""
        return self._closed_then is not None

    @property
    def is_importing(self) -> bool:
        return self._imports > 0

    def close_context(self, then: Callable[[], None]) -> None:
        """Cancel every job of the project, close it on the store lane, then call `then`."""
        # Closing already: it goes on once for all who wait.
        if self._closed_then is not None:
            self._closed_then.append(then)
            return
        context = self.context
        if context is None:
            then()
            return
        self._closed_then = [then]
        troubles: list[str] = []
        self._follow_soon.stop()
        for job in self.bridge.jobs():
            if job.lane is not LaneName.STORE:  # labels on their way to the database must arrive
                job.cancel()
        # Before anything is closed: no view may ask a project that is going.
        self.set_context(None)

        def store() -> None:
            self._close_on(LaneName.STORE, lambda _t: _closed(context), closed, troubles.append)

        def closed() -> None:
            self._closing_watch.stop()
            self._closing_step = None  # a lane that answers after all starts no second step
            waiting, self._closed_then = self._closed_then or [], None
            self.closed.emit()
            for callback in waiting:
                callback()
            for trouble in filter(None, troubles):
                self.bridge.problem.emit(tr("Backing up"), trouble)

        def engine() -> None:
            self._close_on(LaneName.ENGINE, lambda _t: None, store)

        # The store lane comes last: what the others have still begun is written there.
        self._close_on(LaneName.MEDIA, lambda _t: None, engine)
        self._closing_watch.start()

    def _close_on(
        self, lane: LaneName, work: Work, then: Callable[[], None], done: Callable[[Any], None] | None = None
    ) -> None:
        """Do one step of closing, after all that waits on the lane; then go on."""
        self._closing_step = step = (lane, then)

        def finished() -> None:
            # Otherwise the watch went on without this lane, whose thread hung.
            if self._closing_step is step:
                then()

        self.bridge.run(lane, "", work, done=done, finished=finished)

    def _skip_hanging_lane(self) -> None:
        if self._closing_step is None:
            return
        lane, then = self._closing_step
        # A hanging thread keeps neither project nor program open: what it was to save is lost. Writing may take longer.
        if self.bridge.silence(lane) > (SILENT_SECONDS if lane is LaneName.STORE else CLOSE_SECONDS):
            log.error("The lane %s does not answer; the project is closed without it", lane)
            then()

    # ------------------------------------------------------------------ edits (store lane)

    def edit(
        self,
        work: Edit,
        then: Callable[[Changes], object] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Write something that can be undone, as in `edit(lambda project: project.set_key(class_id, key))`.

        `then` is called once it is written, `failed` with a sentence if it is refused; neither is once its Qt object is
        deleted.
        """

        def done(changes: Changes) -> None:
            self._edited(changes)
            if then is not None and receiver_is_alive(then):
                then(changes)

        self.ask(LaneName.STORE, lambda context, _t: work(context.project), done, failed=failed)

    def on_progress(self, progress: Progress) -> None:
        """Emit the changes that a job reports on its way."""
        if progress.changes is not None:
            self.changed.emit(progress.changes)

    def _edited(self, changes: Changes) -> None:
        self.changed.emit(changes)
        self._emit_undo_titles()
        self.follow(edit=True)

    def _emit_undo_titles(self) -> None:
        project = self.context.project if self.context is not None else None
        undo = project.undo_title if project is not None else None
        redo = project.redo_title if project is not None else None
        self.undo_changed.emit(undo or "", redo or "")

    def add_classes(
        self,
        names: Sequence[str],
        role: Role = Role.BASE,
        reads: Mapping[str, str] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        self.edit(lambda project: project.add_classes(names, role, reads), failed=failed)

    def delete_classes(self, class_ids: Sequence[int]) -> None:
        self.edit(lambda project: project.delete_classes(class_ids))

    def assign(self, image_ids: Sequence[int], class_id: int | None, source: LabelSource = LabelSource.PERSON) -> None:
        """Label images; the class may be one of `label_choices`."""
        ids = list(image_ids)
        if not ids:
            return
        if class_id == NOT_YET:
            self.edit(lambda project: project.assign_none(ids, source))
        else:
            self.edit(lambda project: project.assign(ids, class_id, source))

    def accept(
        self,
        pairs: Sequence[tuple[int, int]],
        *,
        overwrite: bool = False,
        source: LabelSource = LabelSource.SUGGESTION,
    ) -> None:
        """Label each image with the class it was shown with: (image id, class id)."""
        chosen = list(pairs)
        if chosen:
            self.edit(lambda project: project.assign_many(chosen, source, overwrite))

    def confirm_labels(self, image_ids: Sequence[int], *, keep: bool = True) -> None:
        ids, context = list(image_ids), self.open_context
        self.edit(lambda _project: label_errors.confirm_labels(context, ids, keep=keep))

    def remove_images(self, image_ids: Sequence[int]) -> None:
        ids = list(image_ids)
        self.edit(lambda project: project.remove_images(ids))

    def undo(self) -> None:
        self._undo_or_redo(later("Undone: {edit}."), lambda project: project.undo())

    def redo(self) -> None:
        self._undo_or_redo(later("Redone: {edit}."), lambda project: project.redo())

    def _undo_or_redo(self, message: str, work: Edit) -> None:
        def done(changes: Changes) -> None:
            self.undone_or_redone.emit(changes)
            if changes.settings:
                self._switch(lambda context, _t: learning.follow(context))
            # What was undone may not be visible.
            if changes.title:
                self.notice.emit(tr(message, edit=changes.title))

        self.edit(work, done)

    def set_project_setting(self, name: str, value: Any) -> None:
        self.edit(lambda project: project.set_setting(name, value), lambda _changes: self._follow())

    def set_prompt_template(self, template: str) -> None:
        if self.context is not None and template != self.context.prompt_template:
            self.set_project_setting("prompt_template", template)

    def delete_run(self, run_id: int) -> None:
        def work(context: ProjectContext, _token: CancelToken) -> Changes:
            used = context.current_run
            changes = model_in_use.delete_run(context, run_id)
            # It was the model of the project, which is the learning one again.
            if used and not context.current_run:
                learning.learn_again(context)
            return changes

        self.ask(LaneName.ENGINE, work, self._edited, quick=True)

    # ------------------------------------------------------------------ long jobs

    def import_paths(self, paths: Sequence[Path], folder_classes: Mapping[str, Path] | None = None) -> Job:
        """Import files and folders in the background, then embed new images."""
        dropped = list(paths)

        def work(context: ProjectContext, token: CancelToken) -> ImportReport:
            # The project names them until the end, for an import that is cut off: `importing.interrupted_import`.
            context.project.set_setting(importing.UNFINISHED, importing.resume_value(dropped, folder_classes))
            try:
                return importing.import_paths(context, dropped, token, folder_classes)
            finally:
                if not self.is_closing:
                    context.project.set_setting(importing.UNFINISHED, None)

        return self.import_by(work)

    def import_by(self, work: ContextWork) -> Job:
        """Import by work that returns an `ImportReport`, then embed new images."""
        context = self.open_context

        def report(progress: Progress) -> None:
            self.on_progress(progress)
            added = progress.changes is not None and progress.changes.images_added
            if added and not embeddings and self.settings.get("embed_on_import"):
                embeddings.append(self.embed())

        def done(report: ImportReport) -> None:
            self._emit_undo_titles()
            self.import_done.emit(report)
            self.notice.emit(report.sentence())
            if self.settings.get("embed_on_import"):
                self.embed()

        def finished() -> None:
            self._imports -= 1
            if self.context is context:
                self.changed.emit(Changes())  # what waited for the end of the import looks again

        embeddings: list[Job] = []
        self._imports += 1
        return self.ask(LaneName.MEDIA, work, done, title=tr("Importing pictures"), event=report, finished=finished)

    def prepare(self, backbone: str | None = None, weights_file: Path | None = None) -> Job:
        """Load the backbone in the background, then embed and score the images."""
        # A newer call replaces one that has not ended.
        device = str(self.settings.get("device"))

        def failed(sentence: str) -> None:
            self._keep_engine_notes(trouble=sentence)
            if isinstance(job.error, UserError):  # the bridge has already reported a bug
                self.bridge.problem.emit(LOADING, sentence)

        def finished() -> None:
            if self.preparing is job:
                self.preparing = None
                self.engine_changed.emit()

        job = self.preparing = self.ask(
            LaneName.ENGINE,
            lambda context, token: model_in_use.prepare(context, token, backbone, device, weights_file),
            self._prepared,
            title=tr(LOADING),
            failed=failed,
            finished=finished,
            question=(self, "prepare"),
        )
        self._keep_engine_notes()
        self.engine_changed.emit()
        return job

    def _keep_engine_notes(self, notes: Sequence[str] = (), trouble: str = "") -> None:
        """Keep what was said of loading the backbone, for pages that are made later."""
        self.engine_notes, self.engine_trouble = notes, trouble

    def _prepared(self, messages: Sequence[str]) -> None:
        self._keep_engine_notes(messages)
        self.engine_ready.emit(messages)
        for message in messages:
            self.notice.emit(message)
        self.follow()
        if self.context is not None and len(self.context.index.columns.ids):
            self.embed()

    def embed(self) -> Job:
        """Embed images without features, then predict, while the engine has nothing else to do."""
        # It waits for the backbone, and yields to whatever the user waits for: finished features are kept.

        # One that waits has not looked at the project yet: it will find what this one would.
        if (job := self._embedding) is not None and job.state is JobState.WAITING and not job.token.cancelled:
            return job

        def work(context: ProjectContext, token: CancelToken) -> object:
            return embedding.embed(context, token) if context.engine.ready else Changes()

        def done(changes: Changes) -> None:
            self.changed.emit(changes)
            self._show_news()

        def event(_progress: Progress) -> None:
            self.predictions_changed.emit()

        title = tr("Looking at the pictures")
        self._embedding = self.ask(LaneName.ENGINE, work, done, title=title, event=event, background=True)
        return self._embedding

    def _show_news(self) -> None:
        if self.context is not None:
            for message in self.context.engine.new_messages():
                self.notice.emit(message)

    def _scored(self, changes: Changes) -> None:
        if changes.predictions:
            self.predictions_changed.emit()

    # ------------------------------------------------------------------ what follows from edits

    def follow(self, *, edit: bool = False) -> None:
        """Ask soon for what is out of date, once for all changes together; during an import only for an `edit`."""
        if edit or not self._imports:
            self._follow_soon.ensure_started()

    def _follow(self) -> None:
        if (context := self.context) is None:
            return
        if self._following is not None:
            if self._screen_is_right and not learning.learn.is_current(context):
                self._following.cancel()  # not before, or a fast labeller would never see a prediction
            self._follow_soon.start()
            return

        def event(report: tuple[learning.Learned | None] | Changes) -> None:
            if isinstance(report, Changes):
                self._screen_is_right = True
                self._scored(report)
            else:
                self.learned.emit(*report)

        def finished() -> None:
            self._following, self._screen_is_right = None, False

        self._following = self.ask(
            LaneName.ENGINE,
            learning.follow_edits,
            self._scored,
            event=event,
            finished=finished,
            quick=True,  # between two batches of an embedding, which would otherwise restart its batch
        )

    def store_learned(self, done: Callable[[RunRecord], None]) -> None:
        def kept(run: RunRecord) -> None:
            self.changed.emit(Changes(runs=True))
            done(run)

        self.ask(
            LaneName.ENGINE,
            lambda context, _t: overview.keep_version(context),
            kept,
            title=tr("Keep this version"),
        )

    def run_experiment(self, experiment: Experiment) -> Job:
        """Train an experiment in the background; `training_progress` and `epoch` report the progress."""
        outcome: list[ExperimentOutcome] = []

        def event(payload: Progress | EpochEvent) -> None:
            if isinstance(payload, EpochEvent):
                self.epoch.emit(payload)
                return
            if isinstance(payload, TrainingStep):
                self.training_progress.emit(payload)
            self.on_progress(payload)

        def finished() -> None:
            if self.training is job:
                self.training = None
            self.experiment_finished.emit(outcome[0] if outcome else None)
            self._show_news()

        job = self.training = self.ask(
            LaneName.ENGINE,
            lambda context, token: experiments.run_experiment(context, experiment, token),
            outcome.append,
            title=tr("Experiment"),
            event=event,
            finished=finished,
        )
        return job

    def train_adapter(self, choice: Choice, likeliest: Likeliest) -> Job:
        """Train on every label in the background; `adapter_progress` and `epoch` report the progress."""
        outcome: list[Outcome] = []

        def event(payload: Progress | EpochEvent) -> None:
            if isinstance(payload, EpochEvent):
                self.epoch.emit(payload)
                return
            self.adapter_progress.emit(payload)
            self.on_progress(payload)

        def finished() -> None:
            if self.training is job:
                self.training = None
            self.adapter_trained.emit(outcome[0] if outcome else None)
            self._show_news()

        job = self.training = self.ask(
            LaneName.ENGINE,
            lambda context, token: adapter_training.train_adapter(context, choice, token, likeliest=likeliest),
            outcome.append,
            title=tr("Training {method}", method=choice.title),
            event=event,
            finished=finished,
        )
        return job

    def use_run(self, run_id: int) -> None:
        """Predict with a run, or with the learning model again for 0."""
        if run_id:
            self._switch(lambda context, _t: model_in_use.use_run(context, run_id))
        else:
            self._switch(lambda context, _t: learning.learn_again(context))

    def _switch(self, work: ContextWork, done: Callable[[Any], None] | None = None) -> None:
        switching = tr("Switching to another model")
        self.ask(LaneName.ENGINE, work, done or self._on_adapter, title=switching, quick=True)

    def read_model(self, source: str, done: Callable[[ModelFile], None]) -> None:
        self.ask(
            LaneName.ENGINE,
            lambda context, token: adapter_loading.read_model(context, source, token),
            done,
            title=tr("Loading a model"),
            quick=self.open_context.engine.ready,  # otherwise after the backbone that is being loaded
        )

    def use_model(self, model: ModelFile, done: Callable[[Loaded], None]) -> None:
        def loaded(result: Loaded) -> None:
            self._on_adapter(classes=bool(result.added))
            done(result)

        self._switch(lambda context, _t: adapter_loading.use_model(context, model), loaded)

    def revert_model(self, loaded: Loaded) -> None:
        """Use the model before a loaded one again, without the classes that came with it."""
        self._switch(
            lambda context, _t: adapter_loading.revert_model(context, loaded),
            lambda _none: self._on_adapter(classes=bool(loaded.added)),
        )

    def _on_adapter(self, _result: object = None, *, classes: bool = False) -> None:
        self._emit_undo_titles()
        self.changed.emit(Changes(classes=classes, runs=True))
        self._follow()
        self.embed()


def _closed(context: ProjectContext) -> str:
    """Keep card, learning curve and scores of a project and close it; returns why there is no backup."""
    if context.lasting:
        keep_project_card(context)
        prediction.keep_scores(context, current=learning.is_followed(context))
        try:
            learning.keep_points(context)
        except UserError as error:  # the backup cannot be written either, which is told
            log.warning("The learning curve was not kept: %s", error)
    return close_project(context)


def keep_project_card(context: ProjectContext) -> None:
    right = accuracy_claims(context)
    keep_card(context, None if right is None else right.known)
