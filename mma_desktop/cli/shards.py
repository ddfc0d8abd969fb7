"""The command `mma-desktop shards`, and `predict` into a folder of shards."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.common import DONE, REFUSED, STDIN, json_argument, positive, write_json
from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, aligned, complain, counted, echo, note
from mma_desktop.core.atomic_io import STDOUT, atomic_path, open_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import shortened

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader
    from mma_desktop.services.batch.sharding.image_list import Shards
    from mma_desktop.services.batch.sharding.parts import Request, Summary
    from mma_desktop.services.predicting.classifier import Ranker

USAGE = "FOLDER [--json FILE]"
ABOUT = "check that a prediction has all its shards, decide what is 'None of these', and count the results"
PATHS = "pictures or folders; for shards also lists: .txt, or .csv and .tsv with a column path or file_name"
TOP_K = 5  # as in the usual top-5 accuracy
SHARD_SIZE = 4096  # a minute or two of work, which is all that a killed task loses
LEFT_SHOWN = 5  # in one line
DECODERS = 4  # threads of a task; they keep one encoder busy


def load_same(adapter: Path, sha256: str, device: str, weights: Path | None, threads: int | None) -> Ranker:
    """Load the same classifier with torch's `threads`, all for None; UserError if the adapter has changed since."""
    from mma_desktop.engine.device import set_threads
    from mma_desktop.services.predicting.classifier import load_ranker
    from mma_desktop.services.predicting.model_in_use import Model

    if threads is not None:
        set_threads(threads)
    if _sha256(adapter) != sha256:
        raise UserError(f"{adapter} has changed since this prediction began. Start the prediction again.")
    return load_ranker(Model(adapter, weights), device)


def _sha256(path: Path) -> str:
    from mma_desktop.engine.checkpoint import MAX_FILE_BYTES

    try:
        with open_regular(path, MAX_FILE_BYTES) as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise UserError(
            f"Cannot read {path} on this machine ({error.strerror or error}). Every machine needs it."
        ) from error


def add_predict_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "shards", "With any of these options, or if --out is a folder, results are Parquet files in the folder --out."
    )
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--shard-size",
        type=positive,
        metavar="N",
        help=f"pictures per shard, one after another (default: {SHARD_SIZE})",
    )
    which.add_argument(
        "--shard",
        type=_turn,
        metavar="i/n",
        help="only every n-th picture of a list from the i-th (1 to n), as one shard",
    )
    group.add_argument(
        "--ray", metavar="ADDRESS", help="run on the Ray cluster at this address; 'local' starts one on this machine"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
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
    out: Path | None = arguments.out
    return any((arguments.shard_size, arguments.shard, arguments.ray)) or (out is not None and out.is_dir())


def predict(arguments: argparse.Namespace, class_names: dict[str, str] | None) -> int:
    """Predict into a folder of Parquet files, shard by shard."""
    from mma_desktop.engine.checkpoint import read_header
    from mma_desktop.services.batch.sharding.image_list import divided, is_list
    from mma_desktop.services.batch.sharding.parts import left_to_do

    out: Path | None = arguments.out
    lists_only = all(map(is_list, arguments.paths))
    if out is None or out == STDOUT:
        raise UsageError("Give the folder for the shards with --out.")
    if arguments.json is not None:
        raise UsageError("--json cannot be combined with shards: their results are Parquet files.")
    if STDIN in arguments.paths:
        raise UsageError("Shards cannot read paths from standard input: give a list, such as a .txt file.")
    if arguments.shard and not lists_only:
        raise UsageError("--shard divides a list, since a folder may change meanwhile: give a .txt, .csv or .tsv file.")
    if arguments.shard and arguments.ray:
        raise UsageError("--ray does all shards: leave out --shard.")
    if out.exists() and not out.is_dir():
        raise UserError(f"{out} is a file. Shards need a folder: give another --out.")
    header = read_header(arguments.adapter)  # refused before a long list is read
    size = arguments.shard_size or SHARD_SIZE
    with Reporter() as reporter:
        shards = divided(arguments.paths, out, size, reporter.token, arguments.shard)
    if not shards.pictures:
        raise UserError(f"There are no pictures in {', '.join(str(path) for path in arguments.paths[:LEFT_SHOWN])}.")
    request = _request(arguments, header, class_names, shards)
    todo = left_to_do(out, request, shards.sizes)
    if not lists_only:
        _write_list(out, shards)
    predicted, failed = _predict(arguments, request, shards, todo) if todo else (0, 0)
    return _report(arguments, shards, todo, predicted, failed)


def _request(
    arguments: argparse.Namespace, header: CheckpointHeader, class_names: dict[str, str] | None, shards: Shards
) -> Request:
    from mma_desktop.services.batch.sharding.parts import Request

    names = header.class_names if class_names is None else tuple(class_names)
    given = arguments.none_share is not None
    return Request(
        _sha256(arguments.adapter),
        header.backbone,
        header.fingerprint,
        names,
        header.prompt_template,
        min(arguments.top_k or TOP_K, len(names)),
        shards.pictures,
        shards.sha256,
        shards.count,
        tuple(class_names.values()) if class_names and any(class_names.values()) else (),
        arguments.none_share,
        None if given or header.open_set is None else json.loads(json.dumps(asdict(header.open_set))),
    )


def _write_list(out: Path, shards: Shards) -> None:
    """Keep the list of what was found in folders, since more may be found there when the prediction goes on."""
    from mma_desktop.services.batch.sharding.parts import LIST

    with atomic_path(out / LIST) as temporary, temporary.open("wb") as handle:
        for number in shards.sizes:
            handle.write(shards.paths(number).replace(b"\0", b"\n"))


def _predict(arguments: argparse.Namespace, request: Request, shards: Shards, todo: Sequence[int]) -> tuple[int, int]:
    from mma_desktop.engine.device import usable_cores
    from mma_desktop.services.batch.sharding.shard import ShardJob, run_in_turn

    # Absolute paths, since Ray's actors do not start in the current folder. Each of them has one core.
    weights = None if arguments.weights is None else arguments.weights.absolute()
    threads = 1 if arguments.ray else None
    load = partial(
        load_same,
        arguments.adapter.absolute(),
        request.adapter_sha256,
        device=arguments.device,
        weights=weights,
        threads=threads,
    )
    decoders = 1 if arguments.ray else min(DECODERS, usable_cores())
    job = ShardJob(arguments.out.absolute(), request, load, decoders, shards.problems)
    if arguments.ray:
        from mma_desktop.services.batch.sharding.shard import run_on_ray

        with Reporter() as reporter:
            return run_on_ray(job, shards, todo, arguments.ray, reporter.token)
    model = load()
    for text in model.messages:
        note(text)
    with Reporter() as reporter:
        return run_in_turn(job, shards, todo, model, reporter.token)


def _report(arguments: argparse.Namespace, shards: Shards, todo: Sequence[int], predicted: int, failed: int) -> int:
    """Say what was done; after the last shard of all, also decide what is None of these."""
    from mma_desktop.services.batch.sharding.parts import summarise

    out: Path = arguments.out
    before = sum(shards.sizes.values()) - sum(shards.sizes[number] for number in todo)
    earlier = f"; {before:,} pictures were done before" if before else ""
    done = f"{predicted:,} pictures classified, {failed:,} with a problem, in {counted(len(todo), 'shard')}{earlier}."
    if arguments.shard:
        echo(f"{done} When all are done: mma-desktop shards {out}")
    else:
        summary = summarise(out)
        echo(f"{done} See {out}.")
        if not summary.whole:
            _complain_of(summary)
            return REFUSED
    if failed and not predicted and not before:
        complain("No picture could be read; the column reason says why.")
        return REFUSED
    return DONE


def _complain_of(summary: Summary) -> None:
    for what, names in (("missing", summary.missing), ("damaged or from another prediction", summary.damaged)):
        if names:
            complain(f"{counted(len(names), 'shard')} {what}: {shortened(names, LEFT_SHOWN)}.")
    complain("Run the prediction again for what is missing. Remove what is damaged first.")


def run(arguments: argparse.Namespace) -> int:
    """Report whether all shards are there, with counts by class and by problem."""
    from mma_desktop.services.batch.sharding.parts import summarise

    summary = summarise(arguments.folder)
    request = summary.request
    if arguments.json is not None:
        counts = {"classes": dict(summary.classes.most_common()), "problems": dict(summary.problems.most_common())}
        there = {"shards": request.shards, "pictures": request.pictures}
        write_json(arguments.json, {**there, "missing": summary.missing, "damaged": summary.damaged, **counts})
        return DONE if summary.whole else REFUSED
    for what, counted_by in (("pictures", summary.classes), ("problems", summary.problems)):
        rows = [*counted_by.most_common(), (what, counted_by.total())]
        echo(aligned([(name, f"{count:,}") for name, count in rows], "<>") + "\n")
    if not summary.whole:
        _complain_of(summary)
        return REFUSED
    echo(f"All {counted(request.shards, 'shard')} with {request.pictures:,} pictures are there.")
    return DONE
