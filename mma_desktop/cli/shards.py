"""The command `mma-desktop shards`, and what it checks: predictions into a folder, too many for one process."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.common import DONE, positive
from mma_desktop.cli.progress import Reporter, aligned, drive, note, say
from mma_desktop.core.atomic_io import open_regular
from mma_desktop.core.errors import UserError

if TYPE_CHECKING:
    from mma_desktop.services.batch.sharding.resume import Request, Todo
    from mma_desktop.services.batch.sharding.shard import Job
    from mma_desktop.services.batch.sharding.shard_plan import Cut, Settings
    from mma_desktop.services.batch.sharding.workers import Outcome
    from mma_desktop.services.predicting.classifier import Classifier

USAGE = "FOLDER"
ABOUT = "check that every shard of a prediction is there, and count"
PATHS = "pictures, or folders of them; into a folder also lists: .txt, or .csv and .tsv with a column path or file_name"
TOP_K = 5
LEFT_SHOWN = 5
DECODERS = 4
WORKERS = 8
NOT_ALL = 1


@dataclass(frozen=True)
class Loader:
    """Loads the classifier in a worker. One thread of torch each: sums in another order end in other last digits."""

    adapter: Path
    adapter_sha256: str
    device: str
    weights: Path | None

    def __call__(self) -> Classifier:
        """The classifier.

        Raises:
            UserError: The adapter is not the one that was planned with, or its backbone cannot be had.
        """
        from mma_desktop.engine.device import set_threads
        from mma_desktop.services.predicting.classifier import load_classifier

        set_threads(1)
        if _sha256(self.adapter) != self.adapter_sha256:
            raise UserError(f"{self.adapter} has changed since this prediction began. Start it again.")
        return load_classifier(self.adapter, self.device, self.weights)


def _sha256(path: Path) -> str:
    from mma_desktop.engine.checkpoint import MAX_FILE_BYTES

    try:
        with open_regular(path, MAX_FILE_BYTES) as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"{path} cannot be read here ({error.strerror or error}). Every machine needs it.") from error


# ------------------------------------------------------------------------------ arguments


def add_predict_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what makes a prediction go into a folder."""
    group = parser.add_argument_group(
        "shards", "With one of these, or where --out is a folder, results go to Parquet files in the folder --out."
    )
    cut = group.add_mutually_exclusive_group()
    cut.add_argument("--shards", type=positive, metavar="N", help="cut the pictures into so many shards")
    cut.add_argument("--shard-size", type=positive, metavar="N", help="or into shards of so many pictures (4096)")
    group.add_argument(
        "--workers", type=positive, metavar="K", help="processes (one for each core, at most 8), or actors"
    )
    which = group.add_mutually_exclusive_group()
    which.add_argument("--shard", type=_turn, metavar="i/n", help="do every n-th shard from the i-th (1 to n) only")
    which.add_argument("--plan", action="store_true", help="list the pictures (anew), write the manifest, and stop")
    group.add_argument(
        "--ray", metavar="ADDRESS", help="run on a Ray cluster: its address, or 'local' for one on this machine"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the check takes."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="what --out was")


def _turn(text: str) -> tuple[int, int]:
    """Reads "i/n"."""
    first, _, last = text.partition("/")
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last):
        return int(first), int(last)
    raise argparse.ArgumentTypeError(f"{text!r} is not i/n with i from 1 to n, such as 3/10")


def into_folder(arguments: argparse.Namespace) -> bool:
    """Whether a command is a prediction that goes into a folder."""
    if arguments.command != "predict":
        return False
    given = ("shards", "shard_size", "workers", "shard", "plan", "ray")
    out: Path | None = arguments.out
    return any(getattr(arguments, name) for name in given) or (out is not None and out.is_dir())


# ------------------------------------------------------------------------------ commands


def predict(arguments: argparse.Namespace, asked: list[str] | None) -> int:
    """Predict into a folder of Parquet files, shard by shard."""
    from mma_desktop.services.batch.sharding.claim import claimed
    from mma_desktop.services.batch.sharding.resume import Request

    if arguments.out is None:
        raise UserError("Say with --out which folder the shards go to.")
    if arguments.out.exists() and not arguments.out.is_dir():
        raise UserError(f"{arguments.out} is a file. Shards need a folder: give another --out.")
    settings = _settings(arguments, asked)
    request = Request(arguments.out, settings, arguments.paths, _cut(arguments))
    with claimed(arguments.out, arguments.shard) as notes:
        for text in notes:
            note(text)
        return _predict(arguments, request)


def _predict(arguments: argparse.Namespace, request: Request) -> int:
    from mma_desktop.services.batch.sharding.resume import prepare
    from mma_desktop.services.batch.sharding.shard import Job
    from mma_desktop.services.batch.sharding.shard_plan import sweep

    todo = drive(prepare(request, arguments.shard, anew=arguments.plan), Reporter())
    for text in todo.notes:
        note(text)
    plan = todo.plan
    if not plan.pictures:
        raise UserError(f"There is no picture in {', '.join(str(one) for one in arguments.paths[:LEFT_SHOWN])}.")
    if arguments.plan:
        say(f"{plan.pictures:,} pictures in {_shards(len(plan.shards))}, {len(todo.shards)} of them to be done.")
        return DONE
    # Workers do not start in the current folder: their paths are absolute.
    weights = None if arguments.weights is None else arguments.weights.absolute()
    loader = Loader(arguments.adapter.absolute(), plan.settings.adapter_sha256, arguments.device, weights)
    job_plan = replace(plan, folder=plan.folder.absolute())
    try:
        outcome = _run(arguments, partial(Job, job_plan, loader), todo)
    finally:
        sweep(plan.folder, (plan.shards[index].name for index in todo.shards), planning=False)
    return _told(arguments.out, todo, outcome)


def _settings(arguments: argparse.Namespace, asked: list[str] | None) -> Settings:
    from mma_desktop.engine.checkpoint import read_header
    from mma_desktop.services.batch.sharding.shard_plan import Settings

    header = read_header(arguments.adapter)
    names = list(header.class_names) if asked is None else asked
    return Settings(
        _sha256(arguments.adapter),
        header.backbone,
        header.fingerprint,
        tuple(names),
        header.prompt_template,
        header.reject if arguments.reject is None else arguments.reject,
        min(arguments.top_k or TOP_K, len(names)),
    )


def _cut(arguments: argparse.Namespace) -> Cut | None:
    from mma_desktop.services.batch.sharding.shard_plan import Cut

    if arguments.shards:
        return Cut(None, arguments.shards)
    return Cut(arguments.shard_size) if arguments.shard_size else None


def _workers(arguments: argparse.Namespace) -> int:
    """How many processes: each has a model of its own in memory, and a graphics card is shared."""
    from mma_desktop.engine.device import pick_device, usable_cores

    if arguments.workers:
        return int(arguments.workers)
    return min(WORKERS, usable_cores()) if pick_device(arguments.device)[0].type == "cpu" else 1


def _run(arguments: argparse.Namespace, job: Callable[[int], Job], todo: Todo) -> Outcome:
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


def _told(out: Path, todo: Todo, outcome: Outcome) -> int:
    """Say what was done; the exit code."""
    for text in outcome.messages:
        note(text)
    predicted = sum(one.predicted for one in outcome.done)
    failed = sum(one.failed for one in outcome.done)
    before = f"; {todo.finished:,} pictures were done before" if todo.finished else ""
    say(
        f"{predicted:,} pictures classified, {failed:,} with a problem, in {_shards(len(outcome.done))}{before}. "
        f"See {out}."
    )
    for path, _, reason in todo.plan.unlisted:
        note(f"{path}: {reason}")
    for one in sorted(outcome.left, key=lambda left: left.index)[:LEFT_SHOWN]:
        note(f"{todo.plan.shards[one.index].name} was left: {one.reason}.")
    if outcome.left:
        note(
            f"{_shards(len(outcome.left))} could not be done. The lists of their pictures are in "
            f"{out / todo.plan.lists}; run the command again to try them once more."
        )
    nothing = bool(failed) and not predicted and not todo.finished
    if nothing:
        note(f"No picture could be read: {out}/*.errors.parquet say why.")
    return NOT_ALL if outcome.left or nothing else DONE


def run(arguments: argparse.Namespace) -> int:
    """Say whether every shard is there, with counts by class and by error."""
    from mma_desktop.services.batch.sharding.shard_summary import summarise

    found = summarise(arguments.folder)
    for what, counts in (("pictures", found.classes), ("problems", found.errors)):
        rows = [*counts.most_common(), (what, counts.total())]
        say(aligned([(name, f"{count:,}") for name, count in rows], "<>") + "\n")
    for what, names in (("not there", found.missing), ("of another plan or damaged", found.other)):
        if names:
            more = f" and {len(names) - LEFT_SHOWN} more" if len(names) > LEFT_SHOWN else ""
            note(f"{_shards(len(names))} {what}: {', '.join(names[:LEFT_SHOWN])}{more}.")
    if not found.whole:
        note("Run the prediction again: it does these shards and no other.")
        return NOT_ALL
    say(f"All {_shards(len(found.plan.shards))} of {found.plan.pictures:,} pictures are there.")
    return DONE


def _shards(count: int) -> str:
    return f"{count:,} shard{'' if count == 1 else 's'}"
