"""Checks before a training, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mma_desktop.core.class_names import listed, too_many_names
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import ImageClass, QuickFix, Role, TrainingFinding
from mma_desktop.services.image_index import Columns
from mma_desktop.services.labels.splits import Split, too_few

ALL_BASE = later("Every class is trained, so accuracy on new classes is not measured.")


class Estimate(NamedTuple):
    """How base accuracy is measured without labelled images for testing: how many shots of a class that `needs`.

    It is leave-one-out over the shots of each class; cross-validation, with one fold held out and perhaps another for
    early stopping; or testing on the shots themselves, if nothing is trained.
    """

    needs: int
    alone: bool = False


LEFT_OUT, FOLDS, STOPPED_FOLDS, NOT_NEEDED = Estimate(2, alone=True), Estimate(2), Estimate(3), Estimate(0)


def check_training(
    classes: Sequence[ImageClass],
    columns: Columns,
    split: Split,
    labelled: np.ndarray,
    shots: int,
    estimate: Estimate,
    *,
    fewer: bool,
    names_alone: bool,
    compared: bool,
) -> list[TrainingFinding]:
    """Everything that prevents a training, and everything its figures will lack.

    `labelled` are the positions of the labelled images in `columns`, and the split has positions in `labelled`. With
    `ALL_SHOTS` no class has too few. With `fewer`, a class that has fewer shots is trained on what it has; with
    `names_alone`, these are enough. `compared` is as for `too_few`.
    """
    if trouble := too_many_names(len(classes)):
        return [TrainingFinding(trouble, True)]
    base = [item for item in classes if item.role is Role.BASE]
    new = [item for item in classes if item.role is Role.NEW]
    if names_alone and not base and len(new) > 1:
        return []
    if len(base) < 2:
        return [_too_few_base(base, len(classes))]
    per = _counts(columns, labelled)
    shot_counts = _counts(columns, labelled[split.shots])
    findings = _too_few(base, per, shot_counts, shots, fewer=fewer)
    tested = _counts(columns, labelled[split.test])
    without = too_few(columns.class_ids[labelled[split.test]], [item.id for item in base], compared=compared)
    untested = [item.name for item in base if item.id in without]
    blocked = any(finding.blocking for finding in findings)
    if untested and not blocked and estimate.needs:
        counts = [shot_counts.get(item.id, 0) for item in base]
        # What is left out is judged by all others, so one class with two shots is enough for a figure.
        decisive = max(counts) if estimate.alone else min(counts)
        if shots or decisive < estimate.needs:  # where all labels are trained on, leaving some out is what is expected
            findings.append(TrainingFinding(_without_test(listed(untested), decisive, estimate), False))
    findings += _new_notes(new, tested)
    return findings


def _without_test(names: str, shots: int, estimate: Estimate) -> str:
    if shots >= estimate.needs:
        how = tr("by leaving out shots, one of each class") if estimate.alone else tr("by 4-fold cross-validation")
        return tr(
            "{classes}: too few labelled images are left for testing, so accuracy on trained classes is estimated "
            "{how}. Some more labelled images in each class give a direct measure.",
            classes=names,
            how=how,
        )
    why = tr("to leave out a shot takes two pictures of a class")
    if not estimate.alone:
        why = tr("fewer than {shots} shots are too few for cross-validation", shots=estimate.needs)
    return tr(
        "{classes}: too few labelled images are left for testing, and {reason}. Accuracy on trained classes cannot be "
        "measured.",
        classes=names,
        reason=why,
    )


def _too_few_base(base: Sequence[ImageClass], classes: int) -> TrainingFinding:
    text = tr("There is no base class yet: a classifier needs at least two base classes with labelled images.")
    if base:
        text = tr(
            "There is one base class, '{class_name}': a classifier needs at least two base classes with labelled "
            "images.",
            class_name=base[0].name,
        )
    half = QuickFix.FIRST_HALF_BASE if classes > 3 else QuickFix.ALL_BASE  # that leaves both roles filled, or all
    return TrainingFinding(text, True, QuickFix.LABEL if classes < 2 else half)


def _counts(columns: Columns, where: np.ndarray) -> Mapping[int, int]:
    class_ids, number = np.unique(columns.class_ids[where], return_counts=True)
    return dict(zip(class_ids.tolist(), number.tolist(), strict=True))


def _too_few(
    base: Sequence[ImageClass], per: Mapping[int, int], shot_counts: Mapping[int, int], shots: int, *, fewer: bool
) -> list[TrainingFinding]:
    findings = []
    empty = [item.name for item in base if not per.get(item.id)]
    if empty:
        findings.append(
            TrainingFinding(
                tr(
                    "{classes}: no labelled image. Add {images}, delete the class, or make it name only.",
                    "{classes}: no labelled image. Add {images} for each, delete these classes, "
                    "or make them name only.",
                    len(empty),
                    classes=listed(empty),
                    images=tr("{n} labelled image", "{n} labelled images", max(1, shots)),
                ),
                True,
                QuickFix.LABEL,
            )
        )
    short = [item for item in base if per.get(item.id) and shot_counts.get(item.id, 0) < shots]
    if short:
        least = min(short, key=lambda item: shot_counts.get(item.id, 0))
        have = shot_counts.get(least.id, 0)
        if fewer and have:
            text = _trained_on_less(short, least.name, have, shots)
            return [*findings, TrainingFinding(text, False, QuickFix.FEWER_SHOTS, have)]
        text = tr(
            "{classes}: fewer than {n} shot ('{fewest}' has {have}).",
            "{classes}: fewer than {n} shots ('{fewest}' has {have}).",
            shots,
            classes=listed([item.name for item in short]),
            fewest=least.name,
            have=have,
        )
        fix = tr("Add {n} more labelled image to train on.", "Add {n} more labelled images to train on.", shots)
        if have:
            fix = tr(
                "Add {images}, or train with {n} shot a class.",
                "Add {images}, or train with {n} shots per class.",
                have,
                images=tr("{n} more labelled image", "{n} more labelled images", shots - have),
            )
        text = f"{text} {fix}"
        findings.append(TrainingFinding(text, True, QuickFix.FEWER_SHOTS if have else QuickFix.LABEL, have))
    return findings


def _trained_on_less(short: Sequence[ImageClass], fewest: str, have: int, shots: int) -> str:
    if len(short) == 1:
        return tr(
            "'{class_name}' has {have} of {shots} shots, and is trained on these.",
            class_name=fewest,
            have=have,
            shots=shots,
        )
    return tr(
        "{classes}: fewer than {shots} shots ('{fewest}' has {have}). They are trained on all that they have.",
        classes=listed([item.name for item in short]),
        shots=shots,
        fewest=fewest,
        have=have,
    )


def _new_notes(new: Sequence[ImageClass], tested: Mapping[int, int]) -> list[TrainingFinding]:
    fix = QuickFix.NONE
    if not new:
        how = tr("To measure it, make some classes name only (new).")
        text = f"{tr(ALL_BASE)} {how}"
    elif len(new) == 1:
        text = tr(
            "'{class_name}' is the only new class, and among one name every answer is right: new "
            "accuracy needs at least two new classes.",
            class_name=new[0].name,
        )
    elif not any(tested.get(item.id) for item in new):
        text, fix = tr("No image of a new class is labelled, so new accuracy cannot be measured."), QuickFix.LABEL
    else:
        return []
    return [TrainingFinding(text, False, fix)]
