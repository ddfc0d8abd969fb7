"""Run a benchmark cell by cell. Each result is saved before the next cell starts, so an interrupted run resumes."""

from __future__ import annotations

import json
import logging
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mma_desktop.core.atomic_io import atomic_path, check_writable, read_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.safe_json import as_record, parsed_object
from mma_desktop.core.types import DEFAULT_METHOD, STARTER_ID
from mma_desktop.services.batch.benchmark.benchmark_plan import BenchmarkOptions, Result, Results, plan, refusals
from mma_desktop.services.batch.benchmark.results import FILES, draw_plots, markdown
from mma_desktop.services.batch.benchmark.sources import Cell, FeatureSource, Source, list_images
from mma_desktop.services.predicting.model_in_use import prepare
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.serialization import percents
from mma_desktop.services.training.experiment_table import world_table
from mma_desktop.version import __version__

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.backbone import Backbone

log = logging.getLogger(__name__)

FILE_VERSION = 1
MAX_RESULTS_BYTES = 256 << 20  # far above what a benchmark writes, and not too much to hold
RESULTS, TABLES, OPEN_WORLD = "results.json", "results.md", "open-world.md"


@dataclass(frozen=True)
class BenchmarkOutcome:
    """A finished benchmark: the files written, what was skipped and why, and the results."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]
    results: Results
    text: str


def read_results(path: Path) -> dict[str, Result]:
    """The results of an earlier run, by cell key. Raises UserError if the file is another one, or others are there."""
    if not path.exists():
        for name in (TABLES, *FILES):
            if os.path.lexists(path.with_name(name)):
                raise UserError(
                    f"{path.with_name(name)} exists, but no results of a benchmark are beside it. Give another folder "
                    "with --out, or remove it."
                )
        return {}
    try:
        data = parsed_object(read_regular(path, MAX_RESULTS_BYTES))
        if data["version"] != FILE_VERSION:
            raise KeyError("version")
        return {key: as_record(Result, value) for key, value in data["cells"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{path} exists but is not a result file of this version. Give another folder with --out, or remove it."
        ) from error


def write_results(path: Path, results: Mapping[str, Result], about: Mapping[str, Any]) -> None:
    """Save all results, with entries about the benchmark."""
    cells = {key: asdict(result) for key, result in results.items()}
    data = {"version": FILE_VERSION, "mma-desktop": __version__, **about, "cells": cells}
    _write(path, json.dumps(data, indent=1, ensure_ascii=False))


def run_benchmark(
    data: Sequence[Path],
    options: BenchmarkOptions,
    out: Path,
    token: CancelToken,
    backbone: str = STARTER_ID,
    device: str = "auto",
) -> BenchmarkOutcome:
    """Run methods on data sets; write `results.json`, `results.md` and plots to a folder, or `open-world.md` alone.

    `data` are feature files (`.safetensors`) or as for `list_images`. Results of an earlier run in the folder are
    reused.

    Raises:
        UserError: A data set cannot be read, none of the methods can run on any of them, or for the open world a data
            set has no test image of both kinds.
    """
    from mma_desktop.engine.features.feature_file import read_feature_file

    out.mkdir(parents=True, exist_ok=True)
    check_writable(out / (OPEN_WORLD if options.open_world else RESULTS))
    known = {} if options.open_world else read_results(out / RESULTS)
    with ExitStack() as lent:
        sources: list[Source] = []
        loaded: Backbone | None = None
        for path in data:
            if path.suffix == ".safetensors":
                sources.append(FeatureSource(path, read_feature_file(path)))
                continue
            context = lent.enter_context(scratch_project())
            source = list_images(path, context, token)
            if loaded is None:
                for message in prepare(context, token, backbone, device, None):
                    token.checkpoint(Progress(0, None, message))
                loaded, _ = context.engine.need()
            source.use(loaded)
            lent.callback(source.close)
            sources.append(source)
        titles = Counter(source.title for source in sources)
        if twice := sorted(title for title, count in titles.items() if count > 1):
            raise UserError(f"Two data sets are called {twice[0]}. Rename one of them.")
        if options.open_world:
            text = _open_world(sources, options, token)
            _write(out / OPEN_WORLD, text)
            return BenchmarkOutcome((out / OPEN_WORLD,), (), {}, text)
        notes = [note for source in sources for note in (*source.notes, *refusals(source, options))]
        cells = [(source, cell) for source in sources for cell in plan(source, options)]
        if not cells:
            raise UserError("\n".join(notes) or "There is nothing to run.")
        notes += _few_shots(sources, options)
        about = _about(sources, options, notes, "cpu" if loaded is None else str(loaded.device))
        for note in notes:
            token.checkpoint(Progress(0, None, note))
        place = device if device != "auto" else about["device"]
        results = _run_all(cells, out / RESULTS, known, about, token, place)
    write_results(out / RESULTS, known, about)
    text = markdown(results, options, {source.title: source for source in sources}, notes)
    _write(out / TABLES, text)
    files = (out / RESULTS, out / TABLES, *draw_plots(results, out))
    return BenchmarkOutcome(files, tuple(notes), results, text)


def _write(path: Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text, "utf-8")


def _few_shots(sources: Sequence[Source], options: BenchmarkOptions) -> list[str]:
    """One note per data set that has fewer shots than requested."""
    notes = []
    for source in sources:
        drawn, base = source.draw(_default_cell(source, options, 0))
        fewest = min(int((source.labels[drawn.shots] == at).sum()) for at in range(base))
        if fewest < options.shots:
            notes.append(
                f"{source.title}: a class has only {fewest} of the {options.shots} requested shots, so it uses those."
            )
    return notes


def _about(sources: Sequence[Source], options: BenchmarkOptions, notes: Sequence[str], device: str) -> dict[str, Any]:
    return {
        "asked": asdict(options),
        "device": device,
        "cores": os.cpu_count(),
        "data": {
            source.title: {
                "classes": len(source.class_names),
                "images": len(source.labels),
                "fingerprint": source.fingerprint,
                "backbone": source.backbone,
            }
            for source in sources
        },
        "notes": list(notes),
    }


def _run_all(
    cells: Sequence[tuple[Source, Cell]],
    path: Path,
    known: dict[str, Result],
    about: Mapping[str, Any],
    token: CancelToken,
    device: str,
) -> Results:
    """Run the cells that have no saved result; report one line of progress per cell."""
    missing: dict[str, tuple[Source, Cell]] = {}
    for source, cell in cells:
        if (key := cell.key(source.fingerprint)) not in known:
            missing.setdefault(key, (source, cell))
    for source in dict.fromkeys(source for source, _ in missing.values()):
        source.prepare([cell for other, cell in missing.values() if other is source], token)
    for done, (key, (source, cell)) in enumerate(missing.items(), 1):
        known[key] = _run(source, cell, token, device)
        write_results(path, known, about)
        token.checkpoint(Progress(done, len(missing), f"[{done}/{len(missing)}] {_line(cell, known[key])}"))
    return {cell: known[cell.key(source.fingerprint)] for source, cell in cells}


def _default_cell(source: Source, options: BenchmarkOptions, seed: int) -> Cell:
    return Cell(
        source.title,
        "",
        "",
        DEFAULT_METHOD,
        (),
        shots=options.shots,
        seed=seed,
        base_fraction=options.base_fraction,
        noise=0.0,
        prompt=source.own_prompt,
    )


def _run(source: Source, cell: Cell, token: CancelToken, device: str) -> Result:
    from mma_desktop.engine.training.trainer import train

    started = time.perf_counter()
    result = train(
        source.data(cell),
        cell.method,
        dict(cell.options),
        recipe=cell.spec.recipe,
        seed=cell.seed,
        device=device,
        cancel=token,
        transductive=cell.taught,
    )
    log.info("%s in %.1f s", cell.key(source.fingerprint), time.perf_counter() - started)
    return Result(
        **percents(result.evaluation.adapted),
        seconds=round(result.seconds, 3),
        epochs=result.epochs,
        parameters=result.parameters,
    )


def _line(cell: Cell, result: Result) -> str:
    numbers = " ".join(
        f"{name} {value:.1f}"
        for name, value in (("base", result.base), ("new", result.new), ("H", result.h))
        if value is not None
    )
    share = f", base share {cell.base_fraction:g}" if cell.base_fraction != 0.5 else ""
    noise = f", noise {cell.noise:g}" if cell.noise else ""
    what = f"{cell.source}, {cell.row}, {cell.shots} shots{share}{noise}, seed {cell.seed}"
    return f"{what}: {numbers} ({result.seconds:.1f} s)"


def _open_world(sources: Sequence[Source], options: BenchmarkOptions, token: CancelToken) -> str:
    """A Markdown table for each data set: the default trained on base classes once a seed, the others as unknowns."""
    from mma_desktop.engine.evaluation.open_world import mean_rows, measure
    from mma_desktop.engine.training.trainer import train

    tables = []
    for source in sources:
        cells = [_default_cell(source, options, seed) for seed in range(options.seeds)]
        source.prepare(cells, token)
        runs = []
        for seed, cell in enumerate(cells):
            data = source.data(cell)
            result = train(data, DEFAULT_METHOD, seed=seed, cancel=token, with_open_set=True)
            try:
                runs.append(measure(result.adapter, result.open_set, result.temperatures, data))
            except ValueError as error:
                raise UserError(f"{source.title}: {error}.") from error
            token.checkpoint(
                Progress(seed + 1, options.seeds, f"[{seed + 1}/{options.seeds}] {source.title}, open world")
            )
        title = f"{source.title}: {source.draw(cells[-1])[1]} of {len(source.class_names)} classes"
        tables.append(world_table(title, mean_rows(runs)))
    return "\n\n".join(tables) + "\n"
