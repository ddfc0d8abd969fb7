"""Train and evaluate without a window."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mma_desktop.core.class_names import (
    NAMES_SHOWN,
    NONE_OF_THESE,
    listed,
    name_key,
    same_text,
    shown_reading,
    split_templates,
    too_many_names,
)
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.types import (
    DEFAULT_METHOD,
    IN_TURN,
    ConfidenceHistogram,
    Evaluation,
    ImageClass,
    QuickFix,
    Role,
    TrainingFinding,
    TrainRequest,
)
from mma_desktop.engine.backbones.backbone_table import FILE_TAG, find_backbone
from mma_desktop.engine.evaluation.calibration import calibration
from mma_desktop.engine.methods.method_table import find_method, training_prompt
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.batch.labelled_images import (
    READS,
    LabelledImages,
    first_lines,
    read_as_notes,
    refuse_conflicts,
)
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.image_index import Filter, Ids, Show, indices_in
from mma_desktop.services.images import importing
from mma_desktop.services.images.embedding import import_and_embed
from mma_desktop.services.labels.class_name_lint import NameIssue, lint_names
from mma_desktop.services.labels.splits import base_count, have_prefixes
from mma_desktop.services.predicting.model_in_use import prepare
from mma_desktop.services.predicting.none_of_these import decided
from mma_desktop.services.predicting.prediction import score
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.serialization import accuracy_json, percents
from mma_desktop.services.training import project_training, report
from mma_desktop.services.training.adapter_training import Row, row_of
from mma_desktop.services.training.preflight import ALL_BASE
from mma_desktop.services.training.set_apart import answered
from mma_desktop.services.training.snapshot import MAX_AT_HAND, most_labels

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader

LISTED_AT = '; --json FILE lists all of them under "problems".'
UNREAD = {NameIssue.UNKNOWN, NameIssue.WORDLESS}


@dataclass(frozen=True)
class HeadlessReport:
    """Result of a headless training or evaluation: `json` is the documented report, `notes` are sentences.

    `fewer` is a sentence on classes with fewer shots than asked for, which was also reported as progress. `answers` is
    an evaluation's as `predict` answers (`set_apart.answered`). `row` is a training's, as the page Train has it.
    """

    json: Mapping[str, Any]
    evaluation: Evaluation
    notes: tuple[str, ...]
    fewer: tuple[str, ...] = ()
    answers: Evaluation | None = None
    row: Row | None = None


def choose_base(names: Sequence[str], base: Sequence[str] | None, fraction: float) -> list[str]:
    """Choose the base classes, two or more (else UserError): the named ones, or the first `ceil(fraction * C)`."""
    if base is not None:
        chosen = find_names(names, base)
        more = f"Name two or more of {listed(list(names))}."
    elif 0 < fraction <= 1:
        chosen = list(names[: base_count(len(names), fraction)])
        more = "Give a larger base fraction; 1 trains every class."
    else:
        raise UserError(f"The base fraction is {fraction}; give a number above 0 and at most 1.")
    if len(chosen) < 2:
        have = f"There is only one base class, '{chosen[0]}'" if chosen else "There is no base class"
        raise UserError(f"{have}: a classifier needs at least two base classes. {more}")
    return chosen


def find_names(names: Sequence[str], wanted: Collection[str]) -> list[str]:
    """Look up names as `name_key` compares them, each once. Raises UserError if one is not among `names`."""
    by_key = {name_key(name): name for name in names}
    unknown = [name for name in wanted if name_key(name) not in by_key]
    if unknown:
        raise UserError(f"{listed(unknown)}: there is no such class. There are {listed(list(names))}.")
    return [by_key[key] for key in dict.fromkeys(map(name_key, wanted))]


def reads_by_key(names: Sequence[str], reads: Mapping[str, str]) -> dict[str, str]:
    """What the model reads, by `name_key`, "" for the name.

    Raises:
        UserError: A name is not among `names`, or the model would read the same text for two of them.
    """
    find_names(names, reads)
    by_key = {name_key(name): text for name, text in reads.items()}
    texts = {name: by_key.get(name_key(name)) or name for name in names}
    if trouble := same_text(texts) if reads else "":
        raise UserError(trouble)
    return by_key


def refuse_backbone(backbone_id: str, weights_file: Path | None) -> None:
    """Fail before any image is read if the backbone is unknown or the weights file does not fit it."""
    spec = find_backbone(backbone_id)
    if spec.bundled:
        if weights_file is not None:
            raise UserError(f"{spec.id} has built-in weights. Choose another backbone for your weights file.")
    elif weights_file is not None or spec.pretrained == FILE_TAG:
        from mma_desktop.engine.backbones.weights import check_suffix, hub_files

        if weights_file is not None:
            check_suffix(weights_file)
        else:
            hub_files(spec)


def train(
    images: LabelledImages,
    out: Path,
    request: TrainRequest,
    token: CancelToken,
    base: Sequence[str],
    prompt: str = "",
    reads: Mapping[str, str] | None = None,
    none_of_these_folder: Path | None = None,
    *,
    in_turn: bool = False,
) -> HeadlessReport:
    """Train an adapter on images and write it to `out`; `refuse_backbone` comes before this.

    The splits of the images are uses, `base` is from `choose_base`. Without a prompt template (or several, one a
    line) it is that of `training_prompt`. What the model `reads`, by class name, overrides the source's.
    `none_of_these_folder` is a folder of images of none of the classes. Images without a label are left out unless they
    are `request.at_hand`. `in_turn` is as for `train_in`.

    Raises:
        UserError: The images, classes, method or backbone are unsuitable, the method reads no prompt template, or
            `out` cannot be written.
    """
    if prompt not in ("", training_prompt(request.method, request.backbone, prompt)):
        title = find_method(request.method).title
        raise UserError(f"{title} learns its prompts and reads no template. Leave the prompt out, or choose a method.")
    if not base and request.method != DEFAULT_METHOD:
        raise UserError("Only the default method learns from names alone. Leave the method out, or give labels.")
    if not request.at_hand:
        images = images.labelled_only()
    chosen, free = set(map(name_key, base)), len(images.listing.entries) - images.listing.labelled
    texts = reads_by_key(images.classes, {**images.listing.reads, **(reads or {})})
    with scratch_project() as context:
        context.project.set_setting("backbone", request.backbone)
        context.project.set_setting("prompt_template", prompt)
        started = time.monotonic()
        # Before any image is read, so that each is decoded once.
        messages = prepare(context, token, request.backbone, request.device, request.weights_file)
        every = [partial(images.import_into, context)]
        if none_of_these_folder is not None:
            every.append(partial(_import_none, context, none_of_these_folder))
        for imported in every:
            if free > MAX_AT_HAND:  # most of them need no features, and which ones do is known when all are read
                imported(token)
            else:
                import_and_embed(context, imported, token)
        embedding = time.monotonic() - started
        context.project.set_reads({kind.id: texts.get(name_key(kind.name), kind.reads) for kind in context.classes})
        context.project.set_role([kind.id for kind in context.classes if name_key(kind.name) not in chosen], Role.NEW)
        report = train_in(context, out, request, token, messages, embedding, in_turn=in_turn)
    return _with_unread(images, report)


def train_in(
    context: ProjectContext,
    out: Path | None,
    request: TrainRequest,
    token: CancelToken,
    messages: Sequence[str],
    embedding: float = 0.0,
    *,
    in_turn: bool = False,
) -> HeadlessReport:
    """Train on the labels, uses and roles of an open project, and write the adapter to `out`.

    The request's backbone is loaded, which gave the `messages` for the user; `embedding` seconds were spent on features
    before. Without `out` the adapter is left in the project alone. A class with fewer labelled images than shots is
    trained on what it has, and a note says so. With `in_turn`, where every label is a shot, base and new accuracy are
    measured by leaving shots and classes out in turn.

    Raises:
        UserError: The labels, method or backbone are unsuitable, or `out` cannot be written.
    """
    request = replace(request, fewer=True)
    columns = context.index.columns
    findings = _warn(context, request, token, messages)
    request = replace(request, shots=request.shots or most_labels(context, columns))
    if in_turn and project_training.every_label_is_a_shot(context, request):
        request = replace(request, division=IN_TURN)
    used = request.backbone == context.backbone_id  # an adapter of another backbone cannot predict in this project
    outcome = project_training.train(context, request, token, use=used, checked=columns)
    late = context.engine.new_messages()
    if out is not None:
        exporting.adapter(context, outcome.run.id, out)
    problems = _problems(context)
    result = outcome.result
    seconds = {"embed": outcome.embed_seconds + embedding, "train": result.seconds}
    counts = {"at_hand": 0, **outcome.run.metrics["counts"]}
    numbers = {
        **_numbers(result.evaluation, context.classes, counts, seconds, request, problems),
        "new_measured_by": _new_by(result.evaluation, request),
        "epochs": result.epochs,
        "best_epoch": result.best_epoch,
        "history": outcome.run.metrics["history"],
        "parameters": result.parameters,
        "options": dict(request.options),
        "shots": request.shots,
        "prompts": split_templates(outcome.run.settings["prompt_template"]),
    }
    if context.lasting:
        numbers["run"] = outcome.run.name
    fewer = tuple(finding.text for finding in findings if finding.fix is QuickFix.FEWER_SHOTS)
    notes = (*late, *problem_notes(problems))
    return HeadlessReport(numbers, result.evaluation, notes, fewer, row=row_of(outcome.run))


def _new_by(evaluation: Evaluation, request: TrainRequest) -> str:
    """How new accuracy was measured: on classes held back in turn, or that were not trained; "" if it was not."""
    if evaluation.adapted.new is None:
        return ""
    return "halves" if request.division == IN_TURN else "held-out"


def _import_none(context: ProjectContext, none_of_these_folder: Path, token: CancelToken) -> None:
    """Import a folder of images of none of the classes, which must not be labelled as one of them already."""
    report = importing.import_paths(context, [none_of_these_folder], token, {NONE_OF_THESE: none_of_these_folder})
    refuse_conflicts(report)
    if report.known:
        raise UserError(
            f"{none_of_these_folder} has pictures that are among those of the classes. Give a folder of its own."
        )
    if not report.added:
        raise UserError(
            f"{none_of_these_folder} has no picture of its own that can be read. Give pictures of none of the classes."
        )


def _warn(
    context: ProjectContext, request: TrainRequest, token: CancelToken, messages: Sequence[str]
) -> Sequence[TrainingFinding]:
    """Report loading messages, gaps in the training's figures and doubtful class names; return the findings."""
    findings = project_training.check(context, request)
    if blocking := [finding.text for finding in findings if finding.blocking]:
        raise UserError("\n".join([*blocking, *problem_notes(_problems(context), listed_at="")]))
    # Nobody asked for the new classes that are lacking where all are base.
    warnings = [finding.text for finding in findings if not finding.text.startswith(ALL_BASE)]
    for text in [*messages, *warnings, *_name_notes(context, token)]:
        token.checkpoint(Progress(0, None, text))
    return findings


def _name_notes(context: ProjectContext, token: CancelToken) -> list[str]:
    lint = lint_names(context, token)
    strong = [finding for finding in lint.findings if not finding.weak or finding.issue in UNREAD]
    more = [f"{len(strong) - NAMES_SHOWN} more class names may cause trouble."] if len(strong) > NAMES_SHOWN else []
    texts = {kind.name: lint.read_as[kind.id] for kind in context.classes if kind.id in lint.read_as}
    more += read_as_notes(
        texts, [name for kind in context.classes if kind.id in lint.doubtful and (name := kind.name) in texts]
    )
    unasked = any(kind.id in lint.read_as and not kind.reads for kind in context.classes)
    more += [READS] if not context.lasting and (unasked or any(finding.issue in UNREAD for finding in strong)) else []
    return [f"{finding.title}. {finding.advice}" for finding in strong[:NAMES_SHOWN]] + more


def _problems(context: ProjectContext) -> list[tuple[str, str]]:
    rows = context.project.image_rows(context.select(Filter(Show.PROBLEMS)).tolist())
    return [(str(row.path), reason_text(row.reason) or str(row.problem)) for row in rows]


def problem_notes(problems: Sequence[tuple[str, str]], listed_at: str = LISTED_AT) -> list[str]:
    """A note with the first files that could not be used; [] if there are none."""
    if not problems:
        return []
    lines = [f"{path}: {reason}" for path, reason in problems]
    return [f"{_not_used(problems)}:\n{first_lines(lines, listed_at)}"]


def _not_used(problems: Sequence[tuple[str, str]]) -> str:
    return f"{len(problems)} file{'s' if len(problems) != 1 else ''} could not be used"


def _numbers(
    evaluation: Evaluation,
    classes: Sequence[ImageClass],
    counts: Mapping[str, int],
    seconds: Mapping[str, float],
    model: TrainRequest | CheckpointHeader,
    problems: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """What the documented reports of a training and of an evaluation both have: percentages, n and 95% intervals."""
    return {
        "zero_shot": percents(evaluation.zero_shot),
        "adapted": percents(evaluation.adapted),
        "intervals": {
            kind: {part: accuracy_json(getattr(scores, part)) for part in ("base", "new", "all")}
            for kind, scores in (("zero_shot", evaluation.zero_shot), ("adapted", evaluation.adapted))
        },
        "base_measured_by": evaluation.base_by,
        "calibration": {"zero_shot": _ece(evaluation.zero_shot_answers), "adapted": _ece(evaluation.adapted_answers)},
        "classes": {role.value: [kind.name for kind in classes if kind.role is role] for role in (Role.BASE, Role.NEW)},
        "counts": {**counts, "problems": len(problems)},
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "backbone": model.backbone,
        "method": model.method,
        "seed": model.seed,
        "problems": problems_json(problems),
    }


def problems_json(problems: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Files that could not be used, as the documented report lists them."""
    return [{"path": path, "reason": reason} for path, reason in problems]


def _ece(answers: ConfidenceHistogram | None) -> dict[str, float] | None:
    """Expected calibration error in percentage points, its expected value by chance for the same n, and n."""
    if answers is None:
        return None
    calibrated = calibration(answers)
    return {"ece": round(calibrated.ece, 3), "by_chance": round(calibrated.chance, 3), "n": calibrated.n}


def evaluate(
    adapter_file: Path,
    images: LabelledImages,
    device: str,
    weights_file: Path | None,
    token: CancelToken,
    report_file: Path | None = None,
) -> HeadlessReport:
    """Measure an exported adapter on labelled images.

    Classes named like a trained class count as base classes, all others as new. Images the adapter was trained or
    selected on, identified by content, are left out. The report (see `training.report`) is written if it has a file.

    Raises:
        UserError: The checkpoint, images or backbone are unsuitable, or the report cannot be written.
    """
    from mma_desktop.engine.checkpoint import load

    loaded = load(adapter_file)
    header, started = loaded[1], time.monotonic()
    refuse_backbone(header.backbone, weights_file)
    with scratch_project() as context:
        messages = prepare(context, token, header.backbone, device, weights_file)
        context.engine.use(adapter_file, loaded)
        context.project.set_setting("prompt_template", header.prompt_template)
        import_and_embed(context, partial(images.import_into, context), token)
        title = f"{adapter_file.stem} on {images.title}"
        embedding = time.monotonic() - started
        report = measure(context, header, title, token, report_file, messages, embedding)
    return _with_unread(images, report)


def _with_unread(images: LabelledImages, report: HeadlessReport) -> HeadlessReport:
    problems = [*problems_json([*images.rows, *images.unread]), *report.json["problems"]]
    counts = {**report.json["counts"], "problems": len(problems)}
    notes = (*problem_notes(images.unread), *report.notes)
    return replace(report, json={**report.json, "problems": problems, "counts": counts}, notes=notes)


def measure(
    context: ProjectContext,
    header: CheckpointHeader,
    title: str,
    token: CancelToken,
    report_file: Path | None,
    messages: Sequence[str],
    embedding: float = 0.0,
    known: Evaluation | None = None,
) -> HeadlessReport:
    """Measure the current adapter on the embedded labelled images of a project, which is not changed.

    The adapter's trained classes are base, all others new. `messages` and `embedding` are as for `train_in`, `title`
    and `report_file` are the report's. `known` is what its training measured, if it has seen every labelled image.

    Raises:
        UserError: The adapter was trained on all of the images, or the report cannot be written.
    """
    started = time.monotonic()
    of_classes = [
        replace(kind, role=Role.BASE if name_key(kind.name) in header.base_keys else Role.NEW)
        for kind in context.classes
    ]
    answers, measured = None, None
    if known is None:
        columns = context.index.columns
        at = np.flatnonzero(columns.labelled & columns.usable)
        unseen = at[~have_prefixes(columns.hashes[at], header.seen_images)]
        evaluation, seen = _evaluate(context, of_classes, unseen, token), len(at) - len(unseen)
        score(context, token.quiet())
        # As `predict` does with the images that it is given.
        if not context.lasting and context.predictions is not None:
            context.predictions = decided(context, context.predictions, columns.ids[unseen])
        answers, measured = answered(context, unseen)
        noun, were = ("picture", "was") if seen == 1 else ("pictures", "were")
        left_out = [f"{seen} {noun} that the adapter was trained or selected on {were} left out."] if seen else []
    else:
        evaluation, seen = known, int(context.classed(context.index.columns).sum())
        left_out = ["The model was trained on every labelled picture, so these are the figures of its training."]
    messages = [*messages, *context.engine.new_messages()]
    problems = _problems(context)
    if report_file is not None:
        unusable = [f"{_not_used(problems)}."] if problems else []
        names = evaluation.class_names
        # What was measured in the training needs no model now; its file has what it read.
        predictor = context.engine.predictor if known is None else None
        read = header.reads if predictor is None else dict(zip(names, predictor.read(names, adapted=True), strict=True))
        shown = {name: shown_reading(text) for name, text in read.items()}
        reads = {name: text for name, text in shown.items() if name_key(text) != name_key(name)}
        findings = report.of_model(title, answers or evaluation, measured, header, reads, [*left_out, *unusable])
        report.write(context, findings, report_file, token)
    counts = {"images": int(context.index.columns.usable.sum()), "trained_on": seen}
    seconds = {"embed": embedding, "evaluate": time.monotonic() - started}
    numbers = {
        **_numbers(evaluation, of_classes, counts, seconds, header, problems),
        "per_class": [
            {"name": item.name, "role": item.role.value, "adapted": accuracy_json(item.adapted)}
            for item in evaluation.per_class
        ],
        **({} if answers is None else {"answers": _answers_json(answers)}),
    }
    return HeadlessReport(numbers, evaluation, (*messages, *problem_notes(problems), *left_out), answers=answers)


def _answers_json(answers: Evaluation) -> dict[str, Any]:
    """Accuracy, precision and recall in percent, the confusion matrix, and the reliability diagram."""
    confidence = answers.adapted_answers
    return {
        "accuracy": accuracy_json(answers.adapted.all),
        "per_class": [
            {
                "name": row["name"],
                "n": row["n"],
                "recall": None if row["accuracy"] is None else round(row["accuracy"].percent, 3),
                "precision": None if row["share"] is None else round(row["share"], 3),
            }
            for row in report.class_rows(answers, {})
        ],
        "confusion": {"names": list(answers.class_names), "counts": list(map(list, answers.confusion))},
        "reliability": [] if confidence is None else [asdict(part) for part in calibration(confidence).bins if part.n],
    }


def _evaluate(context: ProjectContext, classes: Sequence[ImageClass], unseen: Ids, token: CancelToken) -> Evaluation:
    """Evaluate, among names, on the images at these positions of the image index that have one of the classes."""
    from mma_desktop.engine.evaluation import metrics
    from mma_desktop.engine.training_data import FeatureSet, TrainingData

    adapter, header = context.engine.predictor.need_adapter()
    backbone, _ = context.engine.need()
    columns = context.index.columns
    left = unseen[context.classed(columns)[unseen]]
    if not len(left):
        raise UserError("The adapter was trained on all of these pictures. Evaluate it on others.")
    names = [kind.name for kind in classes]
    if trouble := too_many_names(len(names)):
        raise UserError(trouble)
    labels = indices_in([kind.id for kind in classes], columns.class_ids[left])
    test = FeatureSet(context.engine.gather(columns.hashes[left]), labels)
    data = TrainingData(
        names,
        [kind.role for kind in classes],
        context.engine.predictor.texts(names, header.prompt_template),
        header.logit_scale,
        FeatureSet.empty(backbone.layout.width),
        test=test,
        layout=backbone.layout,
        reads=context.engine.predictor.read(names, adapted=False),
    )
    texts = context.engine.predictor.candidates(names, header.prompt_template).context
    before = metrics.predict(metrics.zero_shot_of(data), test, data, token)
    after = metrics.predict(adapter, test, data, token, texts, header.temperatures)
    return metrics.summarise(before, after, names, data.roles)
