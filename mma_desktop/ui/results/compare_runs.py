"""Compare two or more trainings: differing settings, measured numbers, and whether the comparison is fair.

No Qt: the dialog shows these tables, and the CSV file contains them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mma_desktop.core.class_names import name_key
from mma_desktop.core.i18n import english, later, number, tr
from mma_desktop.core.safe_csv import write_rows
from mma_desktop.core.types import Accuracy, ClassScore, Evaluation, Role, RunRecord, Scores, Use
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.engine.prompt_templates import in_words
from mma_desktop.ui.results.run_model import evaluation_of, method_title, when
from mma_desktop.ui.results.saved_curves import chooses_epoch
from mma_desktop.ui.widgets import number_format

MOST = 6
LETTERS = "ABCDEF"
UNKNOWN = later("not kept")
DIFFERS = later("differs")
NONE = ""
LEAST_IMAGES = 2
LEAST_POINTS = 2.0
RECIPE = {
    "learning_rate": later("Learning rate"),
    "batch_size": later("Batch size"),
    "weight_decay": later("Weight decay"),
    "max_epochs": later("Max epochs"),
    "patience": later("Patience"),
}
COUNTS = {
    "shots": later("Images trained on"),
    "validation": later("Validation images"),
    "test": later("Held-out test images"),
}
PARTS = {
    "base": later("Base classes"),
    "new": later("New classes"),
    "all": later("All classes together"),
    "h": later("Harmonic mean (H)"),
}


@dataclass(frozen=True)
class Line:
    """One row of a table: its subject, a text for each run, and how the runs differ.

    `note` is empty if they do not differ, and `DIFFERS` for settings that do. `measured` is empty for settings. `best`
    holds the positions of the highest accuracies, empty if all are equal. `spread` is the sort key of the difference
    column.
    """

    head: str
    cells: tuple[str, ...]
    note: str
    measured: tuple[Accuracy | None, ...] = ()
    best: tuple[int, ...] = ()
    group: str = ""
    spread: float = 0.0


@dataclass(frozen=True)
class Fairness:
    """Whether the numbers are comparable, in sentences; `fair` is None if unknown."""

    fair: bool | None
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True)
class Comparison:
    """The tables of a comparison. Runs are called A, B, ... in the order given."""

    runs: tuple[RunRecord, ...]
    settings: tuple[Line, ...]
    numbers: tuple[Line, ...]
    classes: tuple[Line, ...]
    fairness: Fairness

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the runs, as in "A: name", with the date if names repeat."""
        names = [run.name for run in self.runs]
        dates = [f" ({when(run)})" if names.count(run.name) > 1 else "" for run in self.runs]
        parts = zip(LETTERS, names, dates, strict=False)
        return tuple(f"{letter}: {name}{date}" for letter, name, date in parts)

    @property
    def difference_head(self) -> str:
        return tr("B minus A") if len(self.runs) == 2 else tr("Highest minus lowest")


def compare(runs: Sequence[RunRecord]) -> Comparison:
    """Compare runs side by side.

    Raises:
        ValueError: Fewer than two or more than `MOST`.
    """
    if not 2 <= len(runs) <= MOST:
        raise ValueError(f"cannot compare {len(runs)} trainings")
    found = [evaluation_of(run) for run in runs]
    return Comparison(tuple(runs), _settings(runs), _numbers(found), _classes(found), _fairness(runs, found))


# ------------------------------------------------------------------ settings


def _settings(runs: Sequence[RunRecord], write: Callable[[float, str], str] = number) -> tuple[Line, ...]:
    """Return the training settings; `write` formats a number."""

    def line(head: str, of: Callable[[RunRecord], Any], *, telling: bool = True) -> Line:
        cells = tuple(_text(of(run), write) for run in runs)
        return Line(head, cells, DIFFERS if telling and len(set(cells)) > 1 else NONE)

    def option(name: str, run: RunRecord) -> Any:
        return _options(run, defaults).get(name, "\u2013")

    lines = [
        line(tr("When"), when, telling=False),
        line(tr("Method"), lambda run: method_title(run.method)),
        line(tr("Backbone"), lambda run: run.backbone),
        line(tr("Shots per class"), lambda run: run.settings.get("shots")),
        line(tr("Seed"), lambda run: run.settings.get("seed")),
        line(tr("Prompt template"), lambda run: in_words(str(run.settings.get("prompt_template", "")))),
        line(tr("Base classes"), lambda run: _roles(run, Role.BASE)),
        line(tr("New classes"), lambda run: _roles(run, Role.NEW)),
    ]
    lines += [line(tr(head), partial(_of, "metrics", "counts", name)) for name, head in COUNTS.items()]
    lines.append(line(tr("Base accuracy measured on"), _measured_on))
    lines += [line(tr(head), partial(_of, "settings", "recipe", name)) for name, head in RECIPE.items()]
    labels = {option.name: tr(option.label) for spec in METHODS for option in spec.options}
    defaults = {(spec.id, option.name): option.default for spec in METHODS for option in spec.options}
    names = dict.fromkeys(name for run in runs for name in _options(run, defaults))
    lines += [line(labels.get(name, name), partial(option, name)) for name in names]
    lines += [
        line(tr("Epochs"), lambda run: run.metrics.get("epochs"), telling=False),
        line(
            tr("Best epoch"),
            lambda run: run.metrics.get("best_epoch") if chooses_epoch(run) else tr("none chosen"),
            telling=False,
        ),
        line(tr("Parameters"), lambda run: run.metrics.get("parameters")),
        line(tr("Device"), lambda run: run.settings.get("device")),
        line(tr("Training time"), lambda run: _duration(run.metrics.get("seconds")), telling=False),
    ]
    return tuple(lines)


def _of(record: str, part: str, name: str, run: RunRecord) -> Any:
    """Return a value of a run from a part of its `settings` or `metrics`, None if it was not kept."""
    inner = getattr(run, record).get(part)
    return inner.get(name) if isinstance(inner, Mapping) else None


def _options(run: RunRecord, defaults: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """Return a run's options, with defaults for those left out."""
    usual = {name: value for (method, name), value in defaults.items() if method == run.method}
    given = run.settings.get("options")
    return {**usual, **(given if isinstance(given, Mapping) else {})}


def _roles(run: RunRecord, role: Role) -> int | None:
    evaluation = evaluation_of(run)
    return None if evaluation is None else sum(one is role for one in evaluation.roles)


def _measured_on(run: RunRecord) -> str | None:
    evaluation = evaluation_of(run)
    base = None if evaluation is None else evaluation.adapted.base
    if evaluation is None or base is None:
        return None if evaluation is None else tr(number_format.NOTHING)
    if evaluation.base_by == "held-out":
        return tr("{n} held-out test image", "{n} held-out test images", base.n)
    if evaluation.base_by == "leave-one-out":
        return tr("{n} shot, left out", "{n} shots, each left out in turn", base.n)
    return tr("{n} cross-validated image", "{n} cross-validated images", base.n)


def _duration(seconds: Any) -> str | None:
    return number_format.duration(float(seconds)) if isinstance(seconds, int | float) else None


def _text(value: Any, write: Callable[[float, str], str]) -> str:
    if value is None:
        return tr(UNKNOWN)
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        return write(value, "g")
    if isinstance(value, int):
        return write(value, ",") if value >= 10_000 else str(value)
    if isinstance(value, list | tuple):
        return " | ".join(str(one) for one in value)
    return " | ".join(str(value).splitlines())


# ------------------------------------------------------------------ numbers


def accuracy_text(value: Accuracy | None) -> str:
    """Return an accuracy with its interval and n, as in "79.3% (74.2 to 83.6), n 312"."""
    if value is None:
        return tr(number_format.NOTHING)
    percent, interval = number_format.percent(value.percent), number_format.interval(value.low, value.high)
    return tr("{percent} ({interval}), n {images:,}", percent=percent, interval=interval, images=value.n)


def _numbers(found: Sequence[Evaluation | None]) -> tuple[Line, ...]:
    lines = []
    for which, group in (("adapted", tr("After training")), ("zero_shot", tr("Zero-shot"))):
        for part, head in PARTS.items():
            values = []
            for evaluation in found:
                scores = Scores() if evaluation is None else getattr(evaluation, which)
                values.append(number_format.harmonic(scores) if part == "h" else getattr(scores, part))
            lines.append(_accuracy_line(tr(head), values, group))
    return tuple(lines)


def _accuracy_line(head: str, values: Sequence[Accuracy | None], group: str, *, words: bool = False) -> Line:
    known = [None if value is None else round(value.percent, 3) for value in values]
    numbers = [one for one in known if one is not None]
    spread, note, best = 0.0, NONE, tuple[int, ...]()
    if len(numbers) > 1:
        top = max(numbers)
        spread = top - min(numbers)
        if spread > 0:
            best = tuple(at for at, one in enumerate(known) if one == top)
        first, second = (known[0], known[1]) if len(known) == 2 else (None, None)
        if first is not None and second is not None:
            spread = second - first
        note = number_format.points(spread) if len(known) == 2 else number(spread, ".1f")
        if words:
            note = f"{note} {_verdict(values, best)}".rstrip()
    cells = tuple(accuracy_text(value) for value in values)
    return Line(head, cells, note, tuple(values), best, group, spread)


def _verdict(values: Sequence[Accuracy | None], best: Sequence[int]) -> str:
    """Return which run is better in a class, if by at least `LEAST_IMAGES` images and `LEAST_POINTS` points."""
    measured = [value for value in values if value is not None]
    gap = max(one.percent for one in measured) - min(one.percent for one in measured)
    fewest = min(one.n for one in measured)
    if not best or round(gap, 3) < LEAST_POINTS or round(gap / 100 * fewest, 3) < LEAST_IMAGES:
        return f"({tr('about the same')})"
    runs = LETTERS[best[0]]
    for at in best[1:]:
        runs += f", {LETTERS[at]}"
    return tr("({runs} better)", runs=runs)


def _classes(found: Sequence[Evaluation | None]) -> tuple[Line, ...]:
    scores: list[dict[str, ClassScore]] = [
        {name_key(one.name): one for one in evaluation.per_class} if evaluation is not None else {}
        for evaluation in found
    ]
    lines = []
    for key in dict.fromkeys(key for one in scores for key in one):
        ones = [one.get(key) for one in scores]
        here = [one for one in ones if one is not None]
        roles = dict.fromkeys(number_format.role_word(one.role) for one in here)
        values = [None if one is None else one.adapted for one in ones]
        line = _accuracy_line(here[0].name, values, " / ".join(roles), words=True)
        missing = tuple("\u2013" if one is None else cell for one, cell in zip(ones, line.cells, strict=True))
        lines.append(replace(line, cells=missing))
    return tuple(lines)


# ------------------------------------------------------------------ fairness


def _fairness(runs: Sequence[RunRecord], found: Sequence[Evaluation | None]) -> Fairness:
    """A fair comparison needs the same test images, class names with roles, and way of measuring."""
    sentences: list[str] = []
    fair: bool | None = True
    tests = [_of("settings", "split_hashes", Use.TEST.value, run) for run in runs]
    if None in tests:
        fair = None
        sentences.append(
            tr("It is not known whether the test images are the same: one of these trainings did not keep it.")
        )
    elif len(set(tests)) > 1:
        fair = False
        sentences.append(tr("The test images are not the same, so a difference may come from the images alone."))
    if None in found:
        fair = None if fair else fair
        sentences.append(tr("The numbers of '{run}' cannot be read.", run=runs[found.index(None)].name))
    known = [one for one in found if one is not None]
    classes = {frozenset(zip(map(name_key, one.class_names), one.roles, strict=True)) for one in known}
    if len(classes) > 1:
        fair = False
        sentences.append(tr("The class names or their roles differ, so the choice among them was not equally hard."))
    ways = {one.base_by for one in known}
    shots = {_of("settings", "split_hashes", Use.SHOT.value, run) for run in runs}
    if len(ways) > 1:
        fair = False
        sentences.append(tr("Base accuracy was not measured in the same way: see 'Base accuracy measured on'."))
    elif ways and ways != {"held-out"} and len(shots) > 1:
        fair = False
        sentences.append(tr("Base accuracy was measured on the shots, which are not the same."))
    if fair:
        sentences.insert(0, tr("A fair comparison: the same test images, class names and roles."))
    return Fairness(fair, tuple(sentences))


# ------------------------------------------------------------------ CSV


def csv_text(comparison: Comparison) -> str:
    """Return everything as one CSV table: section, row, label, a column per run, difference in percentage points.

    It is in English, whatever the language of the window.
    """
    with english():
        return _csv_text(compare(comparison.runs))


def _csv_text(comparison: Comparison) -> str:
    out = io.StringIO()

    def row(*cells: str) -> None:
        write_rows(out, [cells])

    row("section", "row", "of", *comparison.names, "difference")
    row("note", comparison.fairness.text, "", *("" for _ in comparison.runs), "")
    for line in _settings(comparison.runs, format):
        row("settings", line.head, "value", *line.cells, line.note)
    for section, lines in (("accuracy", comparison.numbers), ("class", comparison.classes)):
        for line in lines:
            head = f"{line.head}, {line.group.lower()}" if section == "accuracy" else line.head
            for of, form in (("percent", ".2f"), ("low", ".2f"), ("high", ".2f"), ("n", "d")):
                cells = ["" if one is None else format(getattr(one, of), form) for one in line.measured]
                row(section, head, of, *cells, f"{line.spread:.2f}" if of == "percent" and line.note else "")
    return out.getvalue()
