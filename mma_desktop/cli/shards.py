"""The command `mma-desktop shards`, and `predict` into a folder of shards."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.common import DONE, REFUSED, json_argument, positive, write_json
from mma_desktop.cli.outputs import STDIN
from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, aligned, complain, counted, drive, note, say
from mma_desktop.core.atomic_io import STDOUT, open_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Progress
from mma_desktop.services.batch.sharding.claim import claimed
from mma_desktop.services.batch.sharding.shard_plan import Settings, ShardSize, sweep

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader
    from mma_desktop.services.batch.sharding.resume import RemainingWork, Request
    from mma_desktop.services.batch.sharding.shard import Job
    from mma_desktop.services.batch.sharding.shard_summary import Summary
    from mma_desktop.services.batch.sharding.workers import Outcome
    from mma_desktop.services.predicting.classifier import Ranker

USAGE = "FOLDER [--json FILE]"
ABOUT = "check that every shard of a prediction is there, and count the results"
PATHS = "pictures or folders; for shards also lists: .txt, or .csv and .tsv with a column path or file_name"
TOP_K = 5
LEFT_SHOWN = 5
DECODERS = 4
WORKERS = 8


@dataclass(frozen=True)
class Loader:
    """Loads the classifier in a worker. One torch thread each: the order of summation changes the last digits."""

    adapter: Path
    adapter_sha256: str
    device: str
    weights: Path | None

    def __call__(self) -> Ranker:
        """Load the classifier.

        Raises:
            UserError: The adapter has changed since planning, or its backbone is unavailable.
        """
        from mma_desktop.engine.device import set_threads
        from mma_desktop.services.predicting.classifier import load_ranker

        set_threads(1)
        if _sha256(self.adapter) != self.adapter_sha256:
            raise UserError(f"{self.adapter} has changed since this prediction began. Start the prediction again.")
        return load_ranker(self.adapter, self.device, self.weights)


def _sha256(path: Path) -> str:
    from mma_desktop.engine.checkpoint import MAX_FILE_BYTES

    try:
        with open_regular(path, MAX_FILE_BYTES) as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise UserError(
            f"Cannot read {path} on this machine ({error.strerror or error}). Every machine needs it."
        ) from error


# ------------------------------------------------------------------------------ arguments


def add_predict_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of predictions into a folder."""
    group = parser.add_argument_group(
        "shards", "With any of these options, or if --out is a folder, results are Parquet files in the folder --out."
    )
    cut = group.add_mutually_exclusive_group()
    cut.add_argument("--shards", type=positive, metavar="N", help="number of shards")
    cut.add_argument("--shard-size", type=positive, metavar="N", help="pictures per shard (default: 4096)")
    group.add_argument(
        "--workers",
        type=positive,
        metavar="K",
        help="number of processes (default: one per core, at most 8) or Ray actors",
    )
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--shard", type=_turn, metavar="i/n", help="process every n-th shard from the i-th (1 to n) only"
    )
    which.add_argument("--plan", action="store_true", help="list the pictures again, write the manifest, and stop")
    group.add_argument(
        "--ray", metavar="ADDRESS", help="run on the Ray cluster at this address; 'local' starts one on this machine"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the arguments of `shards`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the --out folder of the prediction")
    json_argument(parser, "the counts")


def _turn(text: str) -> tuple[int, int]:
    """Argument type: "i/n"."""
    first, _, last = text.partition("/")
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last):
        return int(first), int(last)
    raise argparse.ArgumentTypeError(f"{text!r} is not i/n with i from 1 to n, for example 3/10")


def into_folder(arguments: argparse.Namespace) -> bool:
    """Whether the command is a prediction into a folder."""
    if arguments.command != "predict":
        return False
    given = ("shards", "shard_size", "workers", "shard", "plan", "ray")
    out: Path | None = arguments.out
    return any(getattr(arguments, name) for name in given) or (out is not None and out.is_dir())


# ------------------------------------------------------------------------------ commands


def predict(arguments: argparse.Namespace, asked: dict[str, str] | None) -> int:
    """Predict into a folder of Parquet files, shard by shard."""
    from mma_desktop.engine.checkpoint import read_header
    from mma_desktop.services.batch.sharding.resume import Request

    if arguments.out is None or arguments.out == STDOUT:
        raise UsageError("Give the folder for the shards with --out.")
    if arguments.json is not None:
        raise UsageError("--json cannot be combined with shards: their results are Parquet files.")
    if STDIN in arguments.paths:
        raise UsageError("Shards cannot read paths from standard input: give a list, such as a .txt file.")
    if arguments.out.exists() and not arguments.out.is_dir():
        raise UserError(f"{arguments.out} is a file. Shards need a folder: give another --out.")
    header = read_header(arguments.adapter)
    settings = _settings(arguments, header, asked)
    # A model that does not know what strangers look like has no share to estimate.
    estimated = header.strangers is not None and arguments.none_share is None and not arguments.everything_gets_a_name
    none_cut = partial(_none_cut, _loader(arguments, settings), settings) if estimated else None
    request = Request(arguments.out, settings, arguments.paths, _cut(arguments), none_cut)
    with claimed(arguments.out, arguments.shard) as notes:
        for text in notes:
            note(text)
        return _predict(arguments, request)


def _predict(arguments: argparse.Namespace, request: Request) -> int:
    from mma_desktop.services.batch.sharding.resume import prepare
    from mma_desktop.services.batch.sharding.shard import Job

    todo = drive(prepare(request, arguments.shard, replan=arguments.plan), Reporter())
    for text in todo.notes:
        note(text)
    plan = todo.plan
    if not plan.pictures:
        raise UserError(f"There are no pictures in {', '.join(str(one) for one in arguments.paths[:LEFT_SHOWN])}.")
    if arguments.plan:
        cut = counted(len(plan.shards), "shard")
        say(f"{plan.pictures:,} pictures in {cut}, {len(todo.shards)} of them left to do.")
        return DONE
    loader = _loader(arguments, plan.settings)
    job_plan = replace(plan, folder=plan.folder.absolute())
    try:
        outcome = _run(arguments, partial(Job, job_plan, loader), todo)
    finally:
        sweep(plan.folder, (plan.shards[index].name for index in todo.shards), planning=False)
    return _report(arguments.out, todo, outcome)


def _loader(arguments: argparse.Namespace, settings: Settings) -> Loader:
    # Paths must be absolute, since workers do not start in the current folder.
    weights = None if arguments.weights is None else arguments.weights.absolute()
    return Loader(arguments.adapter.absolute(), settings.adapter_sha256, arguments.device, weights)


def _none_cut(loader: Loader, settings: Settings, paths: Sequence[Path]) -> Generator[Progress, None, float]:
    """The score below which pictures are None of these, on some of them; the same for the same pictures."""
    classifier = loader()
    scores = []
    for done, one in enumerate(classifier.predict_each(paths, settings.names, 1), 1):
        if one.score is not None:
            scores.append(one.score)
        yield Progress(done, len(paths), "Looking for pictures of none of the classes")
    return round(classifier.none_cut(scores), 6)


def _settings(arguments: argparse.Namespace, header: CheckpointHeader, asked: dict[str, str] | None) -> Settings:
    names = header.class_names if asked is None else tuple(asked)
    return Settings(
        _sha256(arguments.adapter),
        header.backbone,
        header.fingerprint,
        names,
        header.prompt_template,
        min(arguments.top_k or TOP_K, len(names)),
        tuple(asked.values()) if asked and any(asked.values()) else (),
        None if arguments.everything_gets_a_name else arguments.none_share or 0.0,
    )


def _cut(arguments: argparse.Namespace) -> ShardSize | None:
    if arguments.shards:
        return ShardSize(None, arguments.shards)
    return ShardSize(arguments.shard_size) if arguments.shard_size else None


def _workers(arguments: argparse.Namespace) -> int:
    """Number of processes. Each loads its own model; a GPU gets only one."""
    from mma_desktop.engine.device import pick_device, usable_cores

    if arguments.workers:
        return int(arguments.workers)
    return min(WORKERS, usable_cores()) if pick_device(arguments.device)[0].type == "cpu" else 1


def _run(arguments: argparse.Namespace, job: Callable[[int], Job], todo: RemainingWork) -> Outcome:
    from mma_desktop.engine.device import usable_cores
    from mma_desktop.services.batch.sharding.workers import Outcome, run_in_processes

    if not todo.shards:
        return Outcome()
    if arguments.ray:
        from mma_desktop.services.batch.sharding.on_ray import run_on_ray

        return drive(run_on_ray(job(1), todo.shards, arguments.ray, arguments.workers), Reporter())
    workers = _workers(arguments)
    decoders = max(1, min(DECODERS, usable_cores() // workers))
    return drive(run_in_processes(job(decoders), todo.shards, workers), Reporter())


def _report(out: Path, todo: RemainingWork, outcome: Outcome) -> int:
    for text in outcome.messages:
        note(text)
    predicted = sum(one.predicted for one in outcome.done)
    failed = sum(one.failed for one in outcome.done)
    before = f"; {todo.finished:,} pictures were done before" if todo.finished else ""
    where = f"in {counted(len(outcome.done), 'shard')}{before}. See {out}."
    say(f"{predicted:,} pictures classified, {failed:,} with a problem, {where}")
    for path, _, reason in todo.plan.unlisted:
        note(f"{path}: {reason}")
    for one in sorted(outcome.left, key=lambda left: left.index)[:LEFT_SHOWN]:
        complain(f"{todo.plan.shards[one.index].name} was given up: {one.reason}.")
    if outcome.left:
        complain(
            f"{counted(len(outcome.left), 'shard')} could not be processed. The lists of their pictures are in "
            f"{out / todo.plan.lists}; run the command again to retry them."
        )
    nothing = bool(failed) and not predicted and not todo.finished
    if nothing:
        complain(f"No picture could be read; see {out}/*.errors.parquet for the reasons.")
    return REFUSED if outcome.left or nothing else DONE


def run(arguments: argparse.Namespace) -> int:
    """Report whether all shards are there, with counts by class and by error."""
    from mma_desktop.services.batch.sharding.shard_summary import summarise

    found = summarise(arguments.folder)
    if arguments.json is not None:
        write_json(arguments.json, _as_json(found))
        return DONE if found.whole else REFUSED
    for what, counts in (("pictures", found.classes), ("problems", found.errors)):
        rows = [*counts.most_common(), (what, counts.total())]
        say(aligned([(name, f"{count:,}") for name, count in rows], "<>") + "\n")
    for what, names in (("missing", found.missing), ("damaged or from another plan", found.other)):
        if names:
            more = f" and {len(names) - LEFT_SHOWN} more" if len(names) > LEFT_SHOWN else ""
            complain(f"{counted(len(names), 'shard')} {what}: {', '.join(names[:LEFT_SHOWN])}{more}.")
    if not found.whole:
        complain("Run the prediction again: it processes only these shards.")
        return REFUSED
    say(f"All {counted(len(found.plan.shards), 'shard')} with {found.plan.pictures:,} pictures are there.")
    return DONE


def _as_json(found: Summary) -> dict[str, object]:
    return {
        "shards": len(found.plan.shards),
        "pictures": found.plan.pictures,
        "missing": found.missing,
        "other": found.other,
        "classes": dict(found.classes.most_common()),
        "problems": dict(found.errors.most_common()),
    }
