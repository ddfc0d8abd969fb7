"""Have I labelled enough? Retrain a run with fewer shots, store the learning curve with the run, and interpret it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.i18n import number, tr
from mma_desktop.core.safe_json import as_record
from mma_desktop.core.types import RunRecord, TrainRequest
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.engine.training.learning_curve import CurveProgress, ShotCurve, shot_curve
from mma_desktop.services.serialization import recipe_of
from mma_desktop.services.training.project_training import assemble_labelled

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

METRIC = "enough"
FLAT = 2.0  # percentage points: a change not significantly above this (95%) is called flat


@dataclass(frozen=True)
class EnoughOutcome:
    """A finished measurement: the curve, and the changes from storing it."""

    run_id: int
    curve: ShotCurve
    changes: Changes


def request_of(run: RunRecord) -> TrainRequest:
    """The request a run was trained with."""
    settings = run.settings
    return TrainRequest(
        method=run.method,
        options=dict(settings.get("options", {})),
        backbone=run.backbone,
        shots=int(settings["shots"]),
        seed=int(settings["seed"]),
        recipe=recipe_of(run),
    )


def measure(
    context: ProjectContext, run_id: int, token: CancelToken, repetitions: int | None = None
) -> Generator[Progress, None, EnoughOutcome]:
    """Repeat a run's training on fewer and fewer of its shots, with the current labels and prompt template.

    Yields `CurveProgress` with the curve so far. The curve is stored with the run; if cancelled, nothing is stored.

    Raises:
        UserError: The run is gone, its backbone is not loaded, its method trains nothing, or labels are now missing.
    """
    run = context.project.run(run_id)
    request = request_of(run)
    if not find_method(request.method).trains:
        raise UserError(tr("This method has nothing to train, so more labels change nothing. Choose another training."))
    backbone, _ = context.engine.need()
    if backbone.id != request.backbone:
        raise UserError(
            tr(
                "'{run}' was trained with the backbone {backbone}. Load that backbone to measure it.",
                run=run.name,
                backbone=request.backbone,
            )
        )
    snapshot = yield from assemble_labelled(context, request, token)
    request = replace(request, device=str(backbone.device))
    curve = yield from shot_curve(snapshot.data, request, repetitions, token)
    return EnoughOutcome(run_id, curve, context.project.note_metric(run_id, METRIC, curve_json(curve)))


# ------------------------------------------------------------------------------ stored with the run


def curve_json(curve: ShotCurve) -> dict[str, Any]:
    """A curve as stored with a run."""
    kept = asdict(curve)
    kept["zero_shot"] = {part: kept.pop(f"zero_shot_{part}") for part in ("base", "new")}
    return kept


def kept_curve(run: RunRecord) -> ShotCurve | None:
    """The curve stored with a run; None if there is none or it cannot be read."""
    data = run.metrics.get(METRIC)
    try:
        if data is None:
            return None
        zero_shot = {f"zero_shot_{part}": data["zero_shot"][part] for part in ("base", "new")}
        return as_record(ShotCurve, {**data, **zero_shot})
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


# ------------------------------------------------------------------------------ sentences


def verdict(curve: ShotCurve) -> str:
    """Whether more labels help, as a sentence; says so if that cannot be decided."""
    change, last = curve.difference, curve.points[-1].base if curve.points else None
    if change is None or last is None:
        return tr("With one number of shots there is nothing to compare yet. Label more images of each base class.")
    interval = tr(
        "95% interval {low} to {high}, {images}",
        low=_signed(change.low),
        high=_signed(change.high),
        images=tr("{n} image", "{n} images", last.n),
    )
    if change.low > 0:
        return tr(
            "From {before} to {after} shots base accuracy rose by {points:.1f} points ({interval}): "
            "more shots still help.",
            before=change.before,
            after=change.after,
            points=change.points,
            interval=interval,
        )
    if change.high < 0:
        return tr(
            "From {before} to {after} shots base accuracy fell by {points:.1f} points ({interval}): "
            "more labels of this kind do not help.",
            before=change.before,
            after=change.after,
            points=-change.points,
            interval=interval,
        )
    changed = tr(
        "From {before} to {after} shots base accuracy changed by {points} points ({interval})",
        before=change.before,
        after=change.after,
        points=_signed(change.points),
        interval=interval,
    )
    if change.high <= FLAT:
        return tr("{changed}: flat, so more labels are unlikely to help.", changed=changed)
    return tr(
        "{changed}. That may be chance: with so few images it cannot be told whether more labels help.",
        changed=changed,
    )


def _signed(value: float) -> str:
    text = number(abs(value), ".1f")
    if round(abs(value), 1) == 0:
        return text
    return f"+{text}" if value > 0 else f"\N{MINUS SIGN}{text}"


def footnote(curve: ShotCurve) -> str:
    """How it was measured, and which sizes were left out and why."""
    if curve.base_by == "cross-validation":
        how = tr(
            "Each point was measured by cross-validation, once: a part of the shots is held out in turn.",
            "Each point was measured by cross-validation, {n} times with other shots: "
            "a part of the shots is held out in turn.",
            curve.repetitions,
        )
    elif curve.base_by == "leave-one-out":
        how = tr(
            "Each point was trained once and measured on all shots: those it was trained on were left out in turn.",
            "Each point was trained {n} times, with other shots, and measured on all shots: "
            "those it was trained on were left out in turn.",
            curve.repetitions,
        )
    else:
        how = tr(
            "Each point was trained once and measured on the same test images.",
            "Each point was trained {n} times with other shots and measured on the same test images.",
            curve.repetitions,
        )
    return f"{how} {_left_out(curve)}" if curve.left_out else how


def _left_out(curve: ShotCurve) -> str:
    sizes, many = [str(size) for size in curve.left_out], len(curve.left_out)
    named = sizes[0] if many == 1 else tr("{list} and {last}", list=", ".join(sizes[:-1]), last=sizes[-1])
    most = curve.points[-1].shots if curve.points else 0
    if curve.base_by == "cross-validation":
        return tr(
            "{sizes} shots is left out: this training has {most} per class to train on, the rest is measured on.",
            "{sizes} shots are left out: this training has {most} per class to train on, the rest is measured on.",
            many,
            sizes=named,
            most=most,
        )
    return tr(
        "{sizes} shots is left out: this training has {most} per class to train on.",
        "{sizes} shots are left out: this training has {most} per class to train on.",
        many,
        sizes=named,
        most=most,
    )


__all__ = ["CurveProgress", "EnoughOutcome", "footnote", "kept_curve", "measure", "request_of", "verdict"]
