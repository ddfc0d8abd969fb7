"""Report on a classifier: a self-contained HTML file, in English, for people who did not train it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.class_names import name_key, split_templates
from mma_desktop.core.errors import INSTALL, UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import english, one_line, tr
from mma_desktop.core.paths import resource
from mma_desktop.core.types import Accuracy, ConfidenceHistogram, Evaluation, Role, RunRecord
from mma_desktop.engine.backbones.backbone_table import find_backbone
from mma_desktop.engine.evaluation.calibration import Calibration, calibration
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.media.decoding import preview
from mma_desktop.media.pixels import jpeg_uri
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.serialization import evaluation_of, markdown_cell
from mma_desktop.services.training.claims import range_words
from mma_desktop.services.training.learning import current, in_use
from mma_desktop.services.training.mistakes import Measured, Pair, measured_of, pairs_of, wrong_examples
from mma_desktop.services.training.set_apart import held_out
from mma_desktop.version import __version__

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader

# With more classes a confusion matrix is unreadable; the most confused pairs are listed above it.
MAX_IN_TABLE = 30

# Number of classes listed in a notebook; the rest are counted.
SHOWN_CLASSES = 30

SIDE = 160  # of an example, in pixels
BARS = (0.0, 0.5, 0.7, 0.9, 1.0)  # ends of the bins of confidence
HOW: Mapping[str, str] = {
    "held-out": "Measured on pictures that were kept apart: nothing was learned from them.",
    "leave-one-out": "Measured by leaving out one example of each class at a time, with copies of the same picture: "
    "each was answered by a model that learned from all the others. The model itself has one more of each class, so an "
    "error counts for less: as much as errors are expected to fall by it.",
    "cross-validation": "Measured by cross-validation: the examples were divided into four parts, and each part was "
    "answered by a model that learned from the other three.",
}
OF_NAMES = "Pictures of classes known by name only were never learned from."


@dataclass(frozen=True)
class ReportContent:
    """Contents of a report, whose title says what was measured.

    Attributes:
        measured: The measured images; None if they were not stored.
        settings: Pairs of a setting and its value, in plain words; the `details` in technical terms.
        trains: Whether the method learns anything.
        notes: Sentences on what was left out.
        reads: What the model reads, by class name; missing ones are read themselves.
    """

    title: str
    evaluation: Evaluation
    measured: Sequence[Measured] | None
    settings: Sequence[tuple[str, str]]
    details: Sequence[tuple[str, str]] = ()
    trains: bool = True
    notes: Sequence[str] = ()
    reads: Mapping[str, str] = field(default_factory=dict)


def of_run(context: ProjectContext, run: RunRecord) -> ReportContent:
    """The findings of a run, or of the learning model, which is in no file; fewer if the run's file cannot be read.

    Of the model in use they are the test on images that are set apart, if there are any.

    Raises:
        UserError: Its evaluation cannot be read.
    """
    from mma_desktop.engine.checkpoint import read_header

    evaluation, learned = evaluation_of(run.metrics), current(context)
    if evaluation is None or not (run.checkpoint or learned is not None):
        raise UserError.tr("What was measured in '{run}' cannot be read.", run=run.name)
    title = f"{context.project.name}: {run.name}"
    measured: Sequence[Measured] | None = measured_of(run)
    # Figures of pictures that nobody learned from are worth more than those of the training.
    test = held_out(context) if (context.is_current(run) if run.checkpoint else in_use(context)) else None
    if test is not None and test.evaluation is not None:
        evaluation, measured = test.evaluation, test.measured
    if learned is not None and not run.checkpoint:
        header = learned.predictor.need_adapter()[1]
        return of_model(title, evaluation, measured, header, header.shown_reads)
    try:
        with english():  # as the report is, which says what is wrong
            header = read_header(context.project.checkpoint_path(run))
    except UserError as error:
        method, notes = find_method(run.method), [f"Details that only the file of the model has are left out. {error}"]
        settings = [("Method", method.title), ("Image model", _backbone_title(run.backbone))]
        return ReportContent(title, evaluation, measured, settings, _figures(evaluation), method.trains, notes)
    return of_model(title, evaluation, measured, header, header.shown_reads)


def of_model(
    title: str,
    evaluation: Evaluation,
    measured: Sequence[Measured] | None,
    header: CheckpointHeader,
    reads: Mapping[str, str],
    notes: Sequence[str] = (),
) -> ReportContent:
    """What was measured of an adapter; see `ReportContent`."""
    trains, details = find_method(header.method).trains, details_of(evaluation, header)
    return ReportContent(title, evaluation, measured, settings_of(header), details, trains, notes, reads)


def settings_of(header: CheckpointHeader) -> list[tuple[str, str]]:
    counts = header.metrics.get("counts")  # of a file, which may say anything
    at_hand = counts.get("at_hand") if isinstance(counts, Mapping) else None
    return [
        ("Method", find_method(header.method).title),
        ("Image model", _backbone_title(header.backbone)),
        ("Examples per class", f"at most {header.shots}" if header.base_keys else "none: from names alone"),
        *([("Pictures at hand", f"{at_hand:,} without a label taught, too")] if isinstance(at_hand, int) else []),
        ("What the model reads", " / ".join(split_templates(header.prompt_template))),
        ("Seed", str(header.seed)),
        ("Trained", f"{header.created[:16].replace('T', ' ')} UTC"),
        ("Versions", ", ".join(f"{name} {number}" for name, number in header.versions.items())),
    ]


def _backbone_title(backbone: str) -> str:
    try:
        return find_backbone(backbone).title
    except UserError:
        return backbone


def _figures(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Accuracies by role, H and calibration errors before and after training."""
    rows = []
    for title, scores, answers in (
        ("zero-shot", evaluation.zero_shot, evaluation.zero_shot_answers),
        ("adapted", evaluation.adapted, evaluation.adapted_answers),
    ):
        kinds = (("base classes among base names", scores.base), ("new classes among new names", scores.new))
        for word, accuracy in (
            *(kinds if evaluation.has_two_kinds else ()),
            ("all images among all names", scores.all),
        ):
            if accuracy is not None:
                rows.append((f"Accuracy, {word}, {title}", format_accuracy(accuracy)))
        if scores.h is not None:
            rows.append((f"Harmonic mean H of base and new, {title}", f"{scores.h:.1f}%"))
        if answers is not None:
            fit = calibration(answers)
            error = f"{fit.ece:.1f} percentage points ({fit.chance:.1f} expected by chance), n = {fit.n:,}"
            rows.append((f"Expected calibration error (ECE), {title}", error))
    return [*rows, (f"{'Base accuracy' if evaluation.has_two_kinds else 'Accuracy'} measured by", evaluation.base_by)]


def details_of(evaluation: Evaluation, header: CheckpointHeader) -> list[tuple[str, str]]:
    """Technical details: the figures, and what is known of the adapter."""
    numbers = (("Epochs", header.metrics.get("epochs")), ("Trained parameters", header.metrics.get("parameters")))
    return [
        *_figures(evaluation),
        *((f"Option {name}", str(value)) for name, value in header.options.items()),
        ("Backbone", f"{header.backbone}, fingerprint {header.fingerprint}"),
        *((f"SHA-256 of the split, {use}", digest) for use, digest in header.split_hashes.items()),
        *((word, f"{value:,}") for word, value in numbers if isinstance(value, int)),
    ]


def format_accuracy(accuracy: Accuracy) -> str:
    """Format an accuracy as in "97.5% (95% interval 93.1 to 99.2), n = 120"."""
    return f"{accuracy.percent:.1f}% (95% interval {accuracy.low:.1f} to {accuracy.high:.1f}), n = {accuracy.n:,}"


def write(context: ProjectContext, findings: ReportContent, out: Path, token: CancelToken) -> Path:
    """Write a report with images of the project as HTML, replacing an existing file atomically. Media lane.

    Raises:
        UserError: Nothing was measured, the disk is full or the folder read-only.
    """
    if findings.evaluation.adapted.all is None:
        raise UserError.tr("Nothing was measured yet, so there is nothing to report. Label more pictures.")
    pairs = pairs_of(findings.evaluation, findings.measured)
    wrong = wrong_examples(findings.measured)
    wanted = list(dict.fromkeys([*(image for pair in pairs for image in pair.images()), *wrong]))
    rows = {row.id: row for row in context.project.image_rows(wanted)}
    shown: dict[int, str] = {}
    for done, image in enumerate(wanted):
        if image in rows and (picture := context.small_image(rows[image], SIDE)) is not None:
            # Inside the file, so that the report can be sent by itself.
            shown[image] = jpeg_uri(preview(picture, SIDE))
        token.checkpoint(Progress(done + 1, len(wanted), tr("Writing the report")))
    with english():
        text = _page(findings, pairs, wrong, shown, {image: row.path.name for image, row in rows.items()})
    token.raise_if_cancelled()
    with output_path(out) as temporary:
        temporary.write_text(text, "utf-8", "replace")
    return out


def _page(
    findings: ReportContent,
    pairs: Sequence[Pair],
    wrong: Mapping[int, Measured],
    shown: Mapping[int, str],
    files: Mapping[int, str],
) -> str:
    evaluation = findings.evaluation
    answers, before = evaluation.adapted_answers, evaluation.zero_shot_answers
    total = sum(map(sum, evaluation.confusion))
    right = sum(row[at] for at, row in enumerate(evaluation.confusion))
    return _filled(
        "report.html",
        evaluation,
        findings.reads,
        trains=findings.trains,
        title=findings.title,
        notes=findings.notes,
        names=evaluation.class_names,
        two_kinds=evaluation.has_two_kinds,
        confusion=evaluation.confusion if len(evaluation.class_names) <= MAX_IN_TABLE else (),
        pairs=pairs,
        wrong=wrong,
        mistakes=total - right,
        kept=findings.measured is not None,
        shown=shown,
        files=files,
        reliability=None if answers is None else calibration(answers),
        reliability_before=None if before is None or not findings.trains else calibration(before),
        bars=() if answers is None else confidence_rows(answers),
        trust=None if answers is None else trust(calibration(answers)),
        settings=findings.settings,
        details=findings.details,
        version=__version__,
        written=time.strftime("%Y-%m-%d %H:%M"),
    )


def _filled(
    template: str, evaluation: Evaluation | None, reads: Mapping[str, str], *, trains: bool, **values: Any
) -> str:
    """Fill in one of the templates in `resources/report`, which are HTML or Markdown, with what was measured."""
    import jinja2

    environment = jinja2.Environment(
        # Names of classes and files go into the page, and a misspelt variable is an error rather than a gap.
        autoescape=template.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["line"] = one_line
    environment.filters["cell"] = markdown_cell
    return environment.from_string(resource("report", template).read_text("utf-8")).render(
        range_words=range_words,
        accuracy=None if evaluation is None else evaluation.adapted.all,
        before=None if evaluation is None or not trains else evaluation.zero_shot.all,
        how="" if evaluation is None else how(evaluation),
        classes=() if evaluation is None else class_rows(evaluation, reads),
        **values,
    )


def how(evaluation: Evaluation) -> str:
    """How it was measured, in one or two sentences."""
    named = evaluation.base_by != "held-out" and Role.NEW in evaluation.roles
    return " ".join([HOW.get(evaluation.base_by, evaluation.base_by), *([OF_NAMES] if named else [])])


def class_rows(evaluation: Evaluation, reads: Mapping[str, str]) -> list[dict[str, Any]]:
    """For each class, how many of its images were predicted correctly, and how many predictions of it were right.

    `reads` is what the model reads, by class name; missing ones are read themselves.
    """
    answered: Counter[int] = Counter()
    for row in evaluation.confusion:
        answered.update(dict(enumerate(row)))
    rows = []
    for at, (name, role, row) in enumerate(
        zip(evaluation.class_names, evaluation.roles, evaluation.confusion, strict=True)
    ):
        n, right = sum(row), row[at]
        rows.append(
            {
                "name": name,
                "reads": reads.get(name, ""),
                "trained": role is not Role.NEW,
                "n": n,
                "right": right,
                "accuracy": Accuracy.of(right, n) if n else None,
                "answered": answered[at],
                "share": 100 * right / answered[at] if answered[at] else None,
            }
        )
    return sorted(rows, key=lambda row: 101.0 if row["accuracy"] is None else row["accuracy"].percent)


def confidence_rows(answers: ConfidenceHistogram) -> list[dict[str, Any]]:
    levels, counts, right = (np.array(part, np.float64) for part in (answers.levels, answers.counts, answers.correct))
    rows = []
    for low, high in pairwise(BARS):
        inside = (levels >= low) & ((levels < high) | (high == BARS[-1]))
        n = int(counts[inside].sum())
        if n:
            accuracy = Accuracy.of(int(right[inside].sum()), n)
            rows.append({"low": 100 * low, "high": 100 * high, "n": n, "accuracy": accuracy})
    return rows


def trust(measured: Calibration) -> str:
    """Whether the predictions are overconfident or underconfident, in words."""
    sure = f"on average it was {measured.confidence:.0f}% sure and {measured.accuracy:.0f}% right."
    gap = measured.confidence - measured.accuracy
    if abs(gap) < max(1.0, measured.chance):
        return f"It is about as sure as it is right: {sure}"
    return f"It is too sure of itself: {sure}" if gap > 0 else f"It is less sure than it could be: {sure}"


# ------------------------------------------------------------------------------ without its images


def measured_in(header: CheckpointHeader) -> Evaluation | None:
    """The evaluation of an adapter; None if there is none or it cannot be read."""
    evaluation = evaluation_of(header.metrics)
    return None if evaluation is None or evaluation.adapted.all is None else evaluation


def card(header: CheckpointHeader, repo_id: str) -> str:
    """The model card of an adapter in Markdown: the report's figures without its images."""
    evaluation = measured_in(header)
    settings = settings_of(header)
    title = repo_id.rpartition("/")[2]
    return _filled(
        "model_card.md",
        evaluation,
        header.shown_reads,
        trains=find_method(header.method).trains,
        names=header.class_names,
        title=title,
        repo_id=repo_id,
        install=INSTALL,
        model=dict(settings)["Image model"],
        tells_unknown=header.open_set is not None,
        settings=settings,
        details=[] if evaluation is None else details_of(evaluation, header),
    )


def notebook_page(header: CheckpointHeader, examples: Mapping[str, Sequence[str]], title: str) -> str:
    """HTML fragment: an evaluation, and each class with some images, as data URIs in `examples` by `name_key`."""
    roles = {name_key(name): role for name, role in header.classes}
    evaluation = measured_in(header)
    rows = {name_key(row["name"]): row for row in class_rows(evaluation, header.shown_reads)} if evaluation else {}
    classes = [
        {
            "name": name,
            "reads": header.shown_reads.get(name, ""),
            "trained": roles[name_key(name)] is Role.BASE,
            "accuracy": rows.get(name_key(name), {}).get("accuracy"),
            "pictures": examples.get(name_key(name), ()),
        }
        for name in header.class_names[:SHOWN_CLASSES]
    ]
    more = len(header.classes) - len(classes)
    return _filled(
        "notebook.html",
        evaluation,
        header.shown_reads,
        trains=find_method(header.method).trains,
        title=title,
        shown=classes,
        more=more,
        has_pictures=any(examples.values()),
    )
