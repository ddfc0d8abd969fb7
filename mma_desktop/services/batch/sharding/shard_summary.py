"""Check that every shard of a result folder exists, and count the results."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.services.batch.sharding import parquet
from mma_desktop.services.batch.sharding.shard_plan import MANIFEST, Plan, Shard, read_plan


@dataclass
class Summary:
    """Contents of a result folder.

    Attributes:
        plan: Its plan.
        missing: Shards that do not exist.
        other: Shards that exist but belong to another plan, or lack some of their pictures.
        classes: Number of pictures by class, including "None of these".
        errors: Number of pictures without a prediction, by kind.
    """

    plan: Plan
    missing: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Whether no shard is missing or wrong."""
        return not self.missing and not self.other


def summarise(folder: Path) -> Summary:
    """Read every part of a result folder in turn.

    Raises:
        UserError: The folder has no manifest, or it cannot be read.
    """
    plan = read_plan(folder)
    if plan is None:
        raise UserError(
            f"{folder} has no {MANIFEST}, so it is not a prediction folder. Give the --out folder of a prediction."
        )
    found = Summary(plan, errors=Counter(kind for _, kind, _ in plan.unlisted))
    for shard in plan.shards:
        try:
            differences = parquet.differences(plan, shard)
            if differences is None:
                found.missing.append(shard.name)
            elif differences or not _count(found, shard):
                found.other.append(shard.name)
        except (OSError, ValueError):  # damaged
            found.other.append(shard.name)
    return found


def _count(found: Summary, shard: Shard) -> bool:
    """Count a shard; return whether all its pictures are there."""
    answers = Counter(row["prediction"] for row in parquet.rows(parquet.part_path(found.plan, shard), ["prediction"]))
    errors = Counter(row["kind"] for row in parquet.rows(parquet.errors_path(found.plan, shard), ["kind"]))
    if answers.total() + errors.total() != shard.pictures:
        return False
    found.classes += answers
    found.errors += errors
    return True
