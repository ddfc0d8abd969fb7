"""Prepare a run: load or create the plan, and find the shards still to be done."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from mma_desktop.core.atomic_io import os_error_sentence
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Progress
from mma_desktop.core.paths import full_path
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.batch.sharding import parquet
from mma_desktop.services.batch.sharding.picture_list import listing
from mma_desktop.services.batch.sharding.shard_plan import (
    MANIFEST,
    Plan,
    PlanWriter,
    Settings,
    ShardSize,
    read_plan,
    same_sources,
    sweep,
    write_plan,
)

TOLD_EACH = 10_000
SAMPLED = 1000
"""Pictures that tell the share of None of these for all shards."""
_PART = re.compile(r"(part-\d+)(\.errors)?\.parquet")
_OTHERWISE = {
    "adapter_sha256": "another adapter",
    "backbone": "another backbone",
    "fingerprint": "another backbone",
    "classes": "other class names",
    "reads": "other class names",
    "prompt": "other prompts",
    "none_share": "another share of None of these",
    "none_cut": "another share of None of these",
    "top_k": "another --top-k",
    "list_sha256": "another list of pictures",
    "format": "another version of the format",
}


@dataclass(frozen=True)
class Request:
    """A request to predict. `cut` is None if not specified; an existing plan then decides.

    `none_cut` finds the cut of None of these on some of the pictures, once for all shards; None takes that of the
    settings.
    """

    folder: Path
    settings: Settings
    sources: Sequence[Path]
    cut: ShardSize | None = None
    none_cut: Callable[[Sequence[Path]], Generator[Progress, None, float]] | None = None


@dataclass(frozen=True)
class RemainingWork:
    """What is left of a plan: shard indices, the number of finished pictures, and notes for the user."""

    plan: Plan
    shards: tuple[int, ...]
    finished: int
    notes: tuple[str, ...]


def prepare(
    request: Request, turn: tuple[int, int] | None, *, replan: bool = False
) -> Generator[Progress, None, RemainingWork]:
    """Return the plan and the shards this run must process.

    An existing plan is kept together with its lists, so that a second run resumes where the first stopped. Other
    sources, another cut or `replan` list the pictures again. Results of another plan are removed, so that a folder
    never mixes them.

    Args:
        request: What to predict.
        turn: (i, n): this run processes every n-th shard from the i-th, 1 to n, while others do the rest. It then never
            changes an existing plan.
        replan: List the pictures again.

    Raises:
        UserError: A source is missing, the folder is not writable, or `turn` is given and a different plan exists.
    """
    folder = request.folder
    plan, notes = read_plan(folder), []
    sources = [os.fspath(full_path(one)) for one in request.sources]
    if plan is not None and (replan or not same_sources(plan, sources) or request.cut not in {None, plan.cut}):
        if turn is not None:
            raise UserError(
                f"{folder / MANIFEST} was planned for different pictures or shards. Run the command once with "
                "--plan instead of --shard, or give another folder."
            )
        plan = None
    if plan is None:
        _refuse_foreign_files(folder)
        plan = yield from _make_plan(request, sources, read_plan(folder))
    elif plan.settings != (wanted := _as_before(request, plan)):
        if turn is not None:
            old, new = asdict(plan.settings), asdict(wanted)
            words = _in_words((name for name in old if old[name] != new[name]), ", ")
            raise UserError(
                f"{folder / MANIFEST} was planned with {words}. Run the command once with --plan instead of --shard, "
                "or give another folder."
            )
        plan = yield from _with_cut(request, replace(plan, settings=request.settings))
        write_plan(plan)
    else:
        notes.append(f"Using the list of {plan.pictures:,} pictures from {plan.created[:10]}; --plan lists them again.")
    mine = [index for index in range(len(plan.shards)) if turn is None or index % turn[1] == turn[0] - 1]
    sweep(folder, (plan.shards[index].name for index in mine), planning=turn is None)
    if turn is None:
        notes += _remove_strays(plan)
    return _left(plan, mine, notes, remove=turn is None)


def _as_before(request: Request, plan: Plan) -> Settings:
    """The requested settings, with the cut that was found for a plan; none was if its share was given."""
    if request.none_cut is None or not plan.pictures:
        return request.settings
    found = plan.settings.none_cut
    return replace(request.settings, none_cut=-np.inf if found is None else found)


def _with_cut(request: Request, plan: Plan) -> Generator[Progress, None, Plan]:
    """The plan with the cut of None of these, found on its pictures if that is asked for."""
    if request.none_cut is None or not plan.pictures:
        return plan
    cut = yield from request.none_cut(_sample(plan))
    return replace(plan, settings=replace(plan.settings, none_cut=cut))


def _sample(plan: Plan) -> list[Path]:
    """Up to `SAMPLED` pictures of a plan, evenly spaced."""
    count = plan.pictures
    wanted = sorted({round(place) for place in np.linspace(0, count - 1, min(count, SAMPLED)).tolist()})
    found: list[Path] = []
    before = 0
    for shard in plan.shards:
        here = [at - before for at in wanted if before <= at < before + shard.pictures]
        before += shard.pictures
        if here:
            paths = plan.paths(shard)
            found += [paths[at] for at in here]
    return found


def _refuse_foreign_files(folder: Path) -> None:
    """Refuse a folder with another program's files that are named like shards: they would be replaced or removed."""
    if (folder / MANIFEST).exists():
        return
    for one in sorted(folder.glob("part-*.parquet")):
        if _PART.fullmatch(one.name) and not parquet.is_ours(one):
            raise UserError(
                f"{one} exists and is damaged or not from a prediction. Give another folder with --out; "
                "nothing was changed."
            )


def _in_words(names: Iterable[str], joined: str) -> str:
    """What differs, given the names of settings."""
    return joined.join(dict.fromkeys(_OTHERWISE[name] for name in names))


def _make_plan(request: Request, sources: Sequence[str], former: Plan | None) -> Generator[Progress, None, Plan]:
    cut = request.cut or (former.cut if former is not None else ShardSize())
    draft = PlanWriter(request.folder, cut)
    try:
        for found in listing([Path(one) for one in sources], request.folder):
            # Unreadable files are reported when their shard is processed; unreadable folders only here.
            if found.problem is not None and os.path.isdir(found.path):  # noqa: PTH112 - a name may be too long
                draft.add_problem(found.path, found.problem.value, reason_text(found.reason))
                continue
            draft.add(found.path)
            if draft.pictures % TOLD_EACH == 0:
                yield Progress(draft.pictures, None, "Listing pictures")
        plan = draft.finish(request.settings, sources)
        if former is not None and former.pictures and former.settings == _as_before(request, former):
            plan = replace(plan, settings=former.settings)  # so that finished shards are kept
        else:
            plan = yield from _with_cut(request, plan)
        if former is None and (meanwhile := read_plan(request.folder)) is not None:
            return meanwhile  # another run of the same batch planned first
        write_plan(plan)
    except OSError as error:
        raise UserError(os_error_sentence(error, request.folder / MANIFEST)) from error
    finally:
        draft.close()
    return plan


def _remove_strays(plan: Plan) -> list[str]:
    """Remove part files of shards that are not in the plan."""
    names = {shard.name for shard in plan.shards}
    strays = [
        one for one in plan.folder.iterdir() if (found := _PART.fullmatch(one.name)) and found.group(1) not in names
    ]
    for one in strays:
        one.unlink(missing_ok=True)
    return [f"Removed {len(strays)} files of an earlier, longer plan from {plan.folder}."] if strays else []


def _left(plan: Plan, mine: Sequence[int], notes: list[str], *, remove: bool) -> RemainingWork:
    """Find unfinished shards; add a note for results that do not match the plan."""
    todo, finished = [], 0
    reasons: Counter[str] = Counter()
    for index in mine:
        shard = plan.shards[index]
        changed = parquet.differences(plan, shard)
        if changed == []:
            finished += shard.pictures
            continue
        todo.append(index)
        if changed:
            reasons[_in_words(changed, " and ")] += 1
            if remove:
                for path in (parquet.part_path(plan, shard), parquet.errors_path(plan, shard)):
                    path.unlink(missing_ok=True)
    again = [
        f"{count} shard{' was' if count == 1 else 's were'} made with {words} and "
        f"{'is' if count == 1 else 'are'} computed again."
        for words, count in reasons.items()
    ]
    return RemainingWork(plan, tuple(todo), finished, (*notes, *again))
