"""Experiments: methods trained on the project's labels with a division of their own. They change nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from mma_desktop.core.class_names import listed
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Changes, EpochEvent, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import STARTER_ID, ImageClass, Recipe, Role, RunRecord, TrainingFinding, TrainRequest
from mma_desktop.engine.methods.method_table import find_method, resolve_options
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.splits import base_count
from mma_desktop.services.predicting.model_in_use import prepare
from mma_desktop.services.training import project_training

MAX_NUMBERS = 100  # of shots or of seeds: more is a slip, as "0-1000" for "0, 1000"
MAX_CHECKED = 60  # trainings, of which all of the first seed come first: 0.5 s with 100,000 images
MAX_SEED = 2**31 - 1  # what every library that draws takes


class Division(StrEnum):
    """How an experiment divides the classes into base and new; others are drawn for each seed."""

    HALVES = later("In the order of the list")
    DRAWN = later("Drawn by the seed")
    PICKED = later("Picked")


@dataclass(frozen=True, slots=True)
class Trial:
    """A method with its options and recipe; without a recipe, its own."""

    method: str
    options: Mapping[str, Any] = field(default_factory=dict)
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is trained: every trial with every number of shots and every seed.

    `picked` are the ids of the new classes of `Division.PICKED`; of the other divisions, `new_share` of the classes are
    new. An empty `prompt_template` is the project's.
    """

    trials: tuple[Trial, ...]
    shots: tuple[int, ...]
    seeds: tuple[int, ...]
    division: Division = Division.HALVES
    picked: frozenset[int] = frozenset()
    new_share: float = 0.5
    prompt_template: str = ""
    backbone: str = STARTER_ID
    weights_file: Path | None = None
    device: str = "auto"

    def requests(self, classes: Sequence[ImageClass]) -> list[TrainRequest]:
        """The trainings, in order: all trials of the first seed, then of the next."""
        return [
            TrainRequest(
                method=trial.method,
                options=trial.options,
                recipe=trial.recipe,
                backbone=self.backbone,
                weights_file=self.weights_file,
                device=self.device,
                shots=shots,
                seed=seed,
                new_classes=self.new_classes(classes, seed),
                prompt_template=self.prompt_template,
                division=self.division.name.lower(),
            )
            for seed in self.seeds
            for shots in self.shots
            for trial in self.trials
        ]

    def new_classes(self, classes: Sequence[ImageClass], seed: int) -> frozenset[int]:
        """Ids of the classes that are held back as new."""
        ids = [item.id for item in classes]
        base = len(ids) - new_count(len(ids), self.new_share)
        if self.division is Division.PICKED:
            return self.picked & frozenset(ids)
        if self.division is Division.HALVES:
            return frozenset(ids[base:])
        return frozenset(random.Random(seed).sample(ids, len(ids) - base))


def new_count(classes: int, share: float) -> int:
    """How many of this many classes are new, so that two are base, as far as there are two."""
    return classes - max(min(2, classes), base_count(classes, 1 - share))


def roles_of(classes: Sequence[ImageClass]) -> frozenset[int]:
    """Ids of the classes that are new in the project."""
    return frozenset(item.id for item in classes if item.role is Role.NEW)


def whole_numbers(text: str, low: int, high: int) -> tuple[int, ...]:
    """The numbers in a text such as "0-2" or "1, 2, 4", ascending and each once; anything else is a UserError."""
    numbers: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-\u2013]\s*", "-", text))):
        match = re.fullmatch(r"(\d{1,10})(?:-(\d{1,10}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (-1, -1)
        if not low <= first <= last <= high or last - first >= MAX_NUMBERS:
            raise UserError.tr(
                "'{text}' is not valid. Enter whole numbers from {low} to {high:,}, such as 0-2 or 4, 8, 16.",
                text=text,
                low=low,
                high=high,
            )
        numbers.update(range(first, last + 1))
    if not 0 < len(numbers) <= MAX_NUMBERS:
        raise UserError.tr("Give 1 to {most} whole numbers, such as 0-2 or 4, 8, 16.", most=MAX_NUMBERS)
    return tuple(sorted(numbers))


@dataclass(frozen=True, slots=True)
class TrainingStep(Progress):
    """A training of an experiment begins, was stored as a run, or was not possible for a reason."""

    request: TrainRequest = field(default_factory=TrainRequest)
    run: RunRecord | None = None
    reason: str = ""

    @property
    def begins(self) -> bool:
        return self.run is None and not self.reason


@dataclass(frozen=True)
class ExperimentOutcome:
    """A finished experiment: the runs it stored, and whether it was stopped."""

    runs: tuple[RunRecord, ...]
    stopped: bool
    changes: Changes


def check(context: ProjectContext, experiment: Experiment) -> list[TrainingFinding]:
    """What prevents an experiment or limits its figures, each once, with the methods if it is not all; memory only."""
    requests = experiment.requests(context.classes)[:MAX_CHECKED]
    findings: dict[str, TrainingFinding] = {}
    concerned: dict[str, dict[str, None]] = {}
    for request in requests:
        for finding in project_training.check(context, request):
            findings[finding.text] = finding
            concerned.setdefault(finding.text, {})[request.method] = None
    chosen = len({request.method for request in requests})
    return [
        note if len(concerned[text]) == chosen else replace(note, text=f"{text} {_applies_to(concerned[text])}")
        for text, note in findings.items()
    ]


def _applies_to(methods: Iterable[str]) -> str:
    return tr("This applies to {methods}.", methods=", ".join(tr(find_method(method).title) for method in methods))


def run_experiment(context: ProjectContext, experiment: Experiment, token: CancelToken) -> ExperimentOutcome:
    """Train every trial, and store each as a run that is not used.

    A method that this backbone or these labels do not allow is reported, and the others go on. If `token` asks to wrap
    up, the running training ends with its best epoch so far and no other begins.

    Raises:
        UserError: There is nothing to train, the backbone is unavailable, or no training was possible.
        Cancelled: `token` was cancelled; finished trainings are kept.
    """
    requests = experiment.requests(context.classes)
    if not requests:
        raise UserError.tr("Choose at least one method.")
    for message in prepare(context, token, experiment.backbone, experiment.device, experiment.weights_file):
        token.checkpoint(Progress(0, None, message))
    runs: list[RunRecord] = []
    refused: dict[str, str] = {}
    for at, request in enumerate(requests):
        title = tr(find_method(request.method).title)
        # Those with changes, even empty ones, all arrive; of others only the newest may.
        step = TrainingStep(at, len(requests), title, changes=Changes(), request=request)
        token.checkpoint(step)
        try:
            asked = replace(request, options=resolve_options(find_method(request.method), request.options))
            part = token.relaying(partial(_shown, at, len(requests), title))
            outcome = project_training.train(context, asked, part, use=False)
        except Cancelled:
            if token.wrapping_up and not token.cancelled:  # it had no epoch to keep yet
                break
            raise
        except UserError as error:
            refused[title] = str(error)
            token.checkpoint(replace(step, done=at + 1, reason=str(error)))
        else:
            runs.append(outcome.run)
            token.checkpoint(replace(step, done=at + 1, changes=Changes(runs=True), run=outcome.run))
        if token.wrapping_up:
            break
    if refused and not runs:
        raise UserError(listed(list(dict.fromkeys(refused.values()))))
    return ExperimentOutcome(tuple(runs), token.wrapping_up, Changes(title=tr("Experiment"), runs=True))


def _shown(done: int, total: int, title: str, event: Progress | EpochEvent) -> Progress | EpochEvent:
    if isinstance(event, EpochEvent):
        return event
    return replace(event, done=done, total=total, message=f"{title}: {event.message}" if event.message else title)
