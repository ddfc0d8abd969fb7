"""The table of experiments: a row per method, options, shots and division, its seeds folded into mean and deviation."""

from __future__ import annotations

import io
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import english, later, number, tr
from mma_desktop.core.safe_csv import write_rows
from mma_desktop.core.safe_json import as_record
from mma_desktop.core.types import Accuracy, ConfidenceHistogram, Evaluation, Role, RunRecord, Scores
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.engine.evaluation import open_world
from mma_desktop.engine.evaluation.calibration import calibration
from mma_desktop.engine.methods.method_table import METHODS, find_method
from mma_desktop.engine.prompt_templates import in_words
from mma_desktop.services.serialization import evaluation_of, markdown_cell, markdown_table, recipe_of

# What the choices of options are called.
CHOICES = {key: title for spec in METHODS for option in spec.options for key, title in option.choices}
TITLES = {spec.id: spec.title for spec in METHODS}
BACKBONE_TITLES = {spec.id: spec.title for spec in BACKBONES}
DRAWN = "drawn"
TESTED = later("Tested on")
PERCENTS = ("base", "new", "h", "all")
RECIPE: Mapping[str, str] = {
    "learning_rate": later("Learning rate"),
    "batch_size": later("Batch size"),
    "weight_decay": later("Weight decay"),
    "max_epochs": later("Max epochs"),
    "patience": later("Patience"),
}
BASE_BY: Mapping[str, str] = {
    "held-out": later("held-out"),
    "cross-validation": later("cross-validation"),
    "leave-one-out": later("leave-one-out"),
}


def role_word(role: Role) -> str:
    return tr("base", "role of a class") if role is Role.BASE else tr("new", "role of a class")


def method_title(method: str) -> str:
    """The title of a method; its id if this version does not know it."""
    return tr(TITLES[method]) if method in TITLES else method


def backbone_title(backbone: str) -> str:
    """The title of a backbone; its id if it is not in the table."""
    return tr(BACKBONE_TITLES.get(backbone, backbone))


@dataclass(frozen=True, slots=True)
class Figure:
    """Mean and sample standard deviation over `n` seeds; a single seed has no deviation."""

    mean: float
    spread: float
    n: int

    @classmethod
    def of(cls, values: Sequence[float | None]) -> Figure | None:
        """Fold the values of the seeds; None if one of them was not measured."""
        known = [value for value in values if value is not None]
        # A mean of fewer seeds would stand beside those of all as if it were comparable.
        if not known or len(known) < len(values):
            return None
        return cls(statistics.fmean(known), statistics.stdev(known) if len(known) > 1 else 0.0, len(known))

    def text(self, form: str = ".1f") -> str:
        """Such as "93.1 ± 0.4"."""
        whole = form.endswith("0f")
        spread = (
            ""
            if self.n < 2 or (whole and not self.spread)
            else f" \N{PLUS-MINUS SIGN} {number(self.spread, form.lstrip('+'))}"
        )
        return f"{number(self.mean, form)}{spread}"


def balanced(evaluation: Evaluation) -> float | None:
    """Accuracy among all names as the mean over the classes that were measured, in percent."""
    rows = np.array(evaluation.confusion, np.float64)
    n = rows.sum(axis=1)
    if not n.any():
        return None
    return float(100 * (np.diag(rows)[n > 0] / n[n > 0]).mean())


def gain(evaluation: Evaluation) -> float | None:
    """H with the adapter minus zero-shot's with the same prompts, in points; without new classes, that of all names."""
    after, before = evaluation.adapted, evaluation.zero_shot
    if after.h is not None and before.h is not None:
        return after.h - before.h
    return None if after.all is None or before.all is None else after.all.percent - before.all.percent


def _percent(scores: Scores, part: str) -> float | None:
    score: Accuracy | float | None = getattr(scores, part)
    return score.percent if isinstance(score, Accuracy) else score


@dataclass(frozen=True)
class FoldedRun:
    """Runs that differ in nothing but their seeds, ascending, with their evaluations; None for an unreadable one."""

    runs: tuple[RunRecord, ...]
    evaluations: tuple[Evaluation | None, ...]

    @property
    def first(self) -> RunRecord:
        """The run of the lowest seed, which stands for the row where there can be one: it is chosen by no result."""
        return self.runs[0]

    @property
    def method(self) -> str:
        return self.first.method

    @property
    def shots(self) -> int:
        shots_set = self.first.settings.get("shots")
        return shots_set if isinstance(shots_set, int) else 0

    @property
    def seeds(self) -> str:
        """The seeds, such as "0-2"."""
        drawn = [run.settings.get("seed") for run in self.runs]
        # Settings come from a file that another version may have written.
        numbers = [seed for seed in drawn if isinstance(seed, int)]
        if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"{numbers[0]}-{numbers[-1]}"
        return ", ".join(map(str, numbers))

    @property
    def prompt(self) -> str:
        return in_words(str(self.first.settings.get("prompt_template", "")))

    @cached_property
    def title(self) -> str:
        if self.first.loaded:
            return self.first.name
        return ", ".join([method_title(self.method), *changed_options(self.first), *changed_recipe(self.first)])

    @cached_property
    def figures(self) -> dict[str, Figure | None]:
        evaluations = self.evaluations

        def fold(of: Any) -> Figure | None:
            return Figure.of([None if result is None else of(result) for result in evaluations])

        return {
            **{name: fold(lambda result, name=name: _percent(result.adapted, name)) for name in PERCENTS},
            "balanced": fold(balanced),
            "gain": fold(gain),
            "ece_before": fold(lambda result: _ece(result.zero_shot_answers)),
            "ece_after": fold(lambda result: _ece(result.adapted_answers)),
            "parameters": Figure.of([_number(run, "parameters") for run in self.runs]),
            "seconds": Figure.of([_number(run, "seconds") for run in self.runs]),
        }

    @cached_property
    def tested(self) -> str:
        """On how many images base and new accuracy were measured; see `images_tested`."""
        return images_tested([evaluation.adapted for evaluation in self.evaluations if evaluation is not None])

    @cached_property
    def open_world(self) -> list[open_world.OpenWorldRow]:
        """How well each score tells unknowns, the mean of the seeds; empty if one of them did not measure it."""
        try:
            runs = [
                [as_record(open_world.OpenWorldRow, record) for record in run.metrics["open_world"]]
                for run in self.runs
            ]
            return open_world.mean_rows(runs)
        except (KeyError, TypeError, ValueError):
            return []

    @cached_property
    def evaluation(self) -> Evaluation | None:
        return self.evaluations[0]


def images_tested(scores: Sequence[Scores]) -> str:
    """Numbers of images of base and of new classes, such as "90 + 87", or of seeds that differ "88-90 + 87"."""
    images = (
        [accuracy.n for scores_of in scores if (accuracy := getattr(scores_of, part)) is not None]
        for part in ("base", "new")
    )
    ends = ((number(min(counts)), number(max(counts))) for counts in images if counts)
    return " + ".join(low if low == high else f"{low}-{high}" for low, high in ends)


def _ece(answers: ConfidenceHistogram | None) -> float | None:
    return None if answers is None else calibration(answers).ece


def _number(run: RunRecord, name: str) -> float | None:
    value = run.metrics.get(name)
    return float(value) if isinstance(value, int | float) else None


def options_of(run: RunRecord) -> dict[str, Any]:
    """A run's options, with the defaults for those that it leaves out."""
    given = run.settings.get("options")
    try:
        # An option that was added since counts as its default, so that older runs fold with newer ones.
        usual = {option.name: option.default for option in find_method(run.method).options}
    except UserError:  # of another version
        usual = {}
    return {**usual, **(given if isinstance(given, Mapping) else {})}


def changed_options(run: RunRecord) -> list[str]:
    """The options that differ from the method's defaults, such as "Adapted share 0.4"."""
    try:
        specs = find_method(run.method).options
    except UserError:
        return []
    values = options_of(run)
    return [
        f"{tr(option.label)} {plain(values[option.name])}" for option in specs if values[option.name] != option.default
    ]


def changed_recipe(run: RunRecord) -> list[str]:
    """The numbers of the recipe that differ from the method's own."""
    recipe = recipe_of(run)
    if recipe is None or run.method not in TITLES:
        return []
    usual = find_method(run.method).recipe
    return [
        f"{tr(title)} {plain(getattr(recipe, name))}"
        for name, title in RECIPE.items()
        if getattr(recipe, name) != getattr(usual, name)
    ]


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        return number(value, "g")
    return tr(CHOICES.get(value, value)) if isinstance(value, str) else str(value)


def fold(runs: Sequence[RunRecord]) -> list[FoldedRun]:
    """The rows of these runs, which come newest first; of a seed that was trained twice the newer one counts."""
    # What is folded differs in its seed alone. Versions of the learning model belong to no experiment.
    groups: dict[tuple[object, ...], dict[object, RunRecord]] = {}
    for run in runs:
        if not run.kept:
            groups.setdefault(_key(run), {}).setdefault(run.settings.get("seed"), run)
    rows = []
    for of_seeds in groups.values():
        ordered = tuple(sorted(of_seeds.values(), key=lambda run: run.settings.get("seed") or 0))
        rows.append(FoldedRun(ordered, tuple(evaluation_of(run.metrics) for run in ordered)))
    return rows


def _key(run: RunRecord) -> tuple[object, ...]:
    if run.loaded:
        return ("loaded", run.id)
    settings, metrics = run.settings, run.metrics
    division = settings.get("division")
    return (
        run.method,
        repr(sorted(options_of(run).items())),
        recipe_of(run),
        settings.get("shots"),
        settings.get("prompt_template"),
        run.backbone,
        # A drawn division gives each seed other base classes, so only how many there are must agree.
        (division, repr(sorted(metrics.get("roles", ())))) if division == DRAWN else repr(metrics.get("roles")),
        repr(metrics.get("class_names")),
        repr(metrics.get("counts")) if division != DRAWN else "",
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its name in `FoldedRun.figures`, its title, its format, and what it means."""

    name: str
    title: str
    form: str = ".1f"
    tip: str = ""


COLUMNS = (
    Column("base", later("Base"), tip=later("Accuracy on base classes, among base names, in percent")),
    Column("new", later("New"), tip=later("Accuracy on new classes, among new names, in percent")),
    Column("h", "H", tip=later("Harmonic mean of base and new accuracy, in percent")),
    Column("all", later("All"), tip=later("Accuracy among all class names, in percent")),
    Column("balanced", later("Balanced"), tip=later("Accuracy among all class names, the mean over the classes")),
    Column(
        "gain",
        later("Gain"),
        "+.1f",
        later(
            "Gain in H over zero-shot with the same prompts, in points; without new classes, gain in accuracy among "
            "all names"
        ),
    ),
    Column("ece_before", later("ECE before"), tip=later("Expected calibration error of zero-shot, 15 bins, in points")),
    Column(
        "ece_after", later("ECE after"), tip=later("Expected calibration error with the adapter, 15 bins, in points")
    ),
    Column("parameters", later("Parameters"), ",.0f", later("Number of trained parameters")),
    Column(
        "seconds", later("Seconds"), tip=later("Time of the training alone, without reading and embedding pictures")
    ),
)


def csv_text(rows: Sequence[FoldedRun]) -> str:
    """The table as CSV, in English: mean and deviation of each number in columns of their own."""
    out = io.StringIO()
    with english():
        heads = [head for column in COLUMNS for head in (column.name, f"{column.name}_sd")]
        write_rows(out, [["method", "title", "shots", "seeds", *heads, "prompt", "backbone", "tested_on"]])
        for row in rows:
            cells = []
            for column in COLUMNS:
                known = row.figures[column.name]
                cells += (
                    ["", ""] if known is None else [f"{known.mean:.4g}", f"{known.spread:.4g}" if known.n > 1 else ""]
                )
            about = [row.prompt, row.first.backbone, row.tested]
            write_rows(out, [[row.method, row.title, str(row.shots), row.seeds, *cells, *about]])
    return out.getvalue()


def markdown(rows: Sequence[FoldedRun]) -> str:
    """The table as Markdown, in English; the highest base, new, H and all are bold."""
    with english():
        lines = [["Method", "Prompt", "Shots", "Seeds", tr(TESTED), *(tr(column.title) for column in COLUMNS)]]
        best = {column.name: _highest(rows, column.name) for column in COLUMNS[:5]}
        for row in rows:
            cells = []
            for column in COLUMNS:
                figure = row.figures[column.name]
                text = "" if figure is None else figure.text(column.form)
                top = best.get(column.name)
                cells.append(f"**{text}**" if figure is not None and top is not None and figure.mean == top else text)
            about = [markdown_cell(row.title), markdown_cell(row.prompt), str(row.shots), row.seeds, row.tested]
            lines.append([*about, *cells])
    worlds = (world_table(f"{markdown_cell(row.title)}, open world", row.open_world) for row in rows if row.open_world)
    return "\n".join(f"{table}\n" for table in (markdown_table(lines), *worlds))


WorldLine = tuple[str, tuple[float | None, ...]]
"""How images of new classes are told by a score: its name, then AUC, unknowns named, accuracy by their share."""


def world_lines(rows: Sequence[open_world.OpenWorldRow]) -> list[WorldLine]:
    """A line per score, and one where every image gets a name."""
    lines: list[WorldLine] = [(tr(row.score), (row.auc, row.named, *row.overall)) for row in rows]
    return [*lines, *((tr("everything gets a name"), (None, None, *row.forced)) for row in rows[:1])]


def world_table(title: str, rows: Sequence[open_world.OpenWorldRow]) -> str:
    """How well each score tells unknown images, as a Markdown table under a title."""
    first, *others = (f"{100 * share:.0f}%" for share in open_world.SHARES)
    head = [
        "score",
        "AUC",
        f"named at {open_world.RECALL:.0%} recall",
        f"overall, with unknown images: {first}",
        *others,
    ]
    lines = [
        [name, *("" if value is None else f"{value:.1f}" for value in numbers)] for name, numbers in world_lines(rows)
    ]
    return f"## {title}\n\n{markdown_table([head, *lines])}"


def _highest(rows: Sequence[FoldedRun], name: str) -> float | None:
    means = [figure.mean for row in rows if (figure := row.figures[name]) is not None]
    return max(means) if len(means) > 1 else None


def settings_of(rows: Sequence[FoldedRun]) -> list[tuple[str, tuple[str, ...]]]:
    runs = [row.first for row in rows]
    measured_by = ["" if row.evaluation is None else row.evaluation.base_by for row in rows]
    settings = [
        (tr("Method"), tuple(method_title(run.method) for run in runs)),
        (tr("Backbone"), tuple(backbone_title(run.backbone) for run in runs)),
        (tr("Shots per class"), tuple(str(row.shots or "") for row in rows)),
        (tr("Seeds"), tuple(row.seeds for row in rows)),
        (tr(TESTED), tuple(row.tested for row in rows)),
        (tr("Prompt template"), tuple(row.prompt for row in rows)),
        (tr("Division"), tuple(_division(row) for row in rows)),
        (tr("Base accuracy measured by"), tuple(tr(BASE_BY.get(by, by)) for by in measured_by)),
    ]
    counts = {"shots": tr("Images trained on"), "validation": tr("Validation images"), "test": tr("Test images")}
    for name, title in counts.items():
        settings.append((title, tuple(str((run.metrics.get("counts") or {}).get(name, "")) for run in runs)))
    recipes = [recipe_of(run) for run in runs]
    for name, title in RECIPE.items():
        values = tuple("" if recipe is None else plain(getattr(recipe, name)) for recipe in recipes)
        settings.append((tr(title), values))
    labels = {option.name: tr(option.label) for spec in METHODS for option in spec.options}
    options = [options_of(run) for run in runs]
    for name in dict.fromkeys(name for option in options for name in option):
        values = tuple(plain(option[name]) if name in option else "\N{EN DASH}" for option in options)
        settings.append((labels.get(name, name), values))
    settings.append((tr("Device"), tuple(str(run.settings.get("device", "")) for run in runs)))
    return settings


def _division(row: FoldedRun) -> str:
    roles = row.first.metrics.get("roles")
    if not isinstance(roles, Sequence):
        return ""
    text = tr("{base} base, {new} new", base=list(roles).count("base"), new=list(roles).count("new"))
    drawn = tr("drawn by the seed")
    return f"{text}, {drawn}" if row.first.settings.get("division") == DRAWN else text
