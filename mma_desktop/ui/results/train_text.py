"""Texts of the train page: what a training will do, why a number is missing, what a run was."""

from __future__ import annotations

from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Evaluation, Role, RunRecord, TrainRequest
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.results.result_models import class_rows, summary_rows
from mma_desktop.ui.results.run_model import METHOD_TITLES, method_title, when
from mma_desktop.ui.results.saved_curves import chooses_epoch
from mma_desktop.ui.widgets import number_format

NO_BASE = later("not measured, as no labelled base image is left for testing")
BASE_LATER = later("measured on the shots; shown at the end")
NO_NEW_CLASS = later("not measured, as there is no new class")
NO_NEW_IMAGE = later("not measured, as there is no labelled image of a new class")
ONE_NEW_CLASS = later("not measured, as among one new class everything is right")
LEARNT_NOTHING = later("The class names alone were already as good: the adapter changes next to nothing.")
FEW_EPOCHS = 2


def how_far(progress: Progress) -> str:
    """Return the progress before the first epoch, as far as known."""
    of = "" if progress.total is None else tr("{done:,} of {total:,}", done=progress.done, total=progress.total)
    return ", ".join(filter(None, (of, time_left(progress))))


def time_left(progress: Progress) -> str:
    """Return the time left, as far as known."""
    left = progress.seconds_left
    return "" if left is None else tr("about {duration} left", duration=number_format.duration(left))


def ready(context: ProjectContext | None, request: TrainRequest) -> str:
    """Return what a training that can start will do."""
    if context is None or not find_method(request.method).trains:
        return f"{tr('Ready')}."
    return tr(
        "Ready: trains on {base:,} of {classes}, {shots} each.",
        base=sum(one.role is Role.BASE for one in context.classes),
        classes=number_format.classes(len(context.classes)),
        shots=number_format.shots(request.shots),
    )


def no_new(context: ProjectContext | None) -> str:
    """Return why there is no new accuracy."""
    new = [one.id for one in context.classes if one.role is Role.NEW] if context is not None else []
    if context is None or not new:
        return tr(NO_NEW_CLASS)
    counts = context.index.counts()
    labelled = any(counts.get(one) for one in new)
    return tr(ONE_NEW_CLASS if labelled and len(new) == 1 else NO_NEW_IMAGE)


def no_new_words(evaluation: Evaluation) -> str:
    """Return why an evaluation has no new accuracy."""
    new = evaluation.roles.count(Role.NEW)
    return tr(NO_NEW_CLASS if not new else ONE_NEW_CLASS if new == 1 else NO_NEW_IMAGE)


def facts(run: RunRecord) -> str:
    """Return a summary of a run in one line; the number of examples is in its name."""
    return tr(
        "{method}, seed {seed}, {backbone}, {parameters:,} parameters, {when}",
        method=method_title(run.method),
        seed=run.settings.get("seed", "?"),
        backbone=run.backbone,
        parameters=int(run.metrics.get("parameters", 0)),
        when=when(run),
    )


def epochs_of(run: RunRecord) -> tuple[str, str]:
    """Return how many epochs a run has, which one was kept if one was selected, and the duration."""
    epochs, took = int(run.metrics.get("epochs", 0)), number_format.duration(float(run.metrics.get("seconds", 0.0)))
    if not epochs:
        return tr("Measured"), tr("nothing is trained")
    if chooses_epoch(run):
        took = f"{tr('best epoch {best_epoch}', best_epoch=run.metrics.get('best_epoch', 0))}, {took}"
    return tr("{n} epoch", "{n} epochs", epochs), took


def learnt_nothing(run: RunRecord, evaluation: Evaluation) -> str:
    """Return a sentence if training changed next to nothing: no number did, or an epoch or two changed little."""
    if run.method in METHOD_TITLES and not find_method(run.method).trains:
        return ""
    rows = [*summary_rows(evaluation), *class_rows(evaluation.per_class)]
    measured = [row for row in rows if row.difference is not None]
    same = all(round(row.difference or 0.0, 1) == 0 for row in measured)
    short = int(run.metrics.get("best_epoch", FEW_EPOCHS + 1)) <= FEW_EPOCHS
    little = short and not any(row.change for row in measured)
    return tr(LEARNT_NOTHING) if measured and (same or little) else ""
