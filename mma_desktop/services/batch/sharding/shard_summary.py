"""Whether every shard of a folder of results is there, and what they hold together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.services.batch.sharding import parquet
from mma_desktop.services.batch.sharding.shard_plan import MANIFEST, Plan, Shard, read_plan


@dataclass
class Summary:
    """What a folder of results holds.

    Attributes:
        plan: Its plan.
        missing: Shards that are not there.
        other: Shards that are there and are not the plan's, or do not have all of their pictures.
        classes: Pictures of each class, "None of these" among them.
        errors: Pictures without a prediction, by kind.
    """

    plan: Plan
    missing: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing or wrong."""
        return not self.missing and not self.other


def summarise(folder: Path) -> Summary:
    """Read every part of a folder of results, one after the other.

    Raises:
        UserError: There is no manifest in the folder, or it cannot be read.
    """
    plan = read_plan(folder)
    if plan is None:
        raise UserError(f"{folder} has no {MANIFEST}: it is no folder of predictions. Give the --out of a prediction.")
    found = Summary(plan, errors=Counter(kind for _, kind, _ in plan.unlisted))
    for shard in plan.shards:
        try:
            differences = parquet.differences(plan, shard)
            if differences is None:
                found.missing.append(shard.name)
            elif differences or not _count(found, shard):
                found.other.append(shard.name)
        except (OSError, ValueError):  # damaged inside
            found.other.append(shard.name)
    return found


def _count(found: Summary, shard: Shard) -> bool:
    """Count a shard; whether it has all of its pictures."""
    answers = Counter(row["prediction"] for row in parquet.rows(parquet.part_path(found.plan, shard), ["prediction"]))
    errors = Counter(row["kind"] for row in parquet.rows(parquet.errors_path(found.plan, shard), ["kind"]))
    if answers.total() + errors.total() != shard.pictures:
        return False
    found.classes += answers
    found.errors += errors
    return True
