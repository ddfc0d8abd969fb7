"""Load an adapter file that was trained elsewhere into a project, as one of its runs."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.core.class_names import is_none_of_these, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import unused_path
from mma_desktop.core.types import Role, RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.importing import add_missing_classes
from mma_desktop.services.predicting.model_in_use import use_run
from mma_desktop.services.training.run_writer import free_name

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader


@dataclass(frozen=True)
class Loaded:
    """What was loaded: its run, how many classes it has, how many of them the project lacked, and the run before it.

    `before` is 0 if no run was in use.
    """

    run: RunRecord
    classes: int
    added: int
    before: int


def load_adapter(context: ProjectContext, source: str, token: CancelToken) -> Loaded:
    """Keep an adapter file as a run, add classes that the project lacks, and use it: one step of undo.

    `source` is a path, or an address on the hub: "hf://owner/name" or "hf://owner/name@revision". Engine lane only.

    Raises:
        UserError: The file is missing, damaged, newer, or of another backbone than the project's, the hub cannot be
            reached, or no backbone is loaded; nothing was changed. Or the disk is full.
        Cancelled: `token` was set before anything was changed.
    """
    from mma_desktop.engine import checkpoint, hub

    backbone, _ = context.engine.need()
    if source.startswith(hub.ADDRESS):
        name, revision = hub.parsed_address(source)
        path = hub.download(name, revision)
    else:
        path = Path(source)
        name = path.stem
    adapter, header = checkpoint.load(path)
    if header.backbone != backbone.id:
        raise UserError.tr(
            "{source} was trained with the image model {other}, and this project looks at its pictures with "
            "{own}. Choose {other} under Experiments, then load it again.",
            source=source,
            other=header.backbone,
            own=backbone.id,
        )
    checkpoint.check_backbone(header, backbone)
    token.raise_if_cancelled()
    project, before = context.project, context.current_run
    stamp = time.strftime("%Y%m%d-%H%M%S")
    file = unused_path(project.runs_dir, f"{stamp}-{header.method}", ".safetensors", "-")
    waiting = project.pending_path(file)
    checkpoint.save(waiting, adapter, header)
    with project.collecting_steps() as steps:
        try:
            added = _add_missing_classes(context, header)
        except UserError:
            waiting.unlink(missing_ok=True)
            raise
        run = project.add_run(
            name=free_name(name, {run.name for run in project.runs()}),
            method=header.method,
            backbone=header.backbone,
            checkpoint=file.relative_to(project.folder).as_posix(),
            settings={
                "options": dict(header.options),
                "shots": header.shots,
                "seed": header.seed,
                "prompt_template": header.prompt_template,
                "split_hashes": dict(header.split_hashes),
                "loaded_from": name,
            },
            metrics={**header.metrics, "history": [], "temperatures": asdict(header.temperatures)},
            created_at=_trained_at(header.created),
        )
        use_run(context, run.id)
    project.join(steps, tr("Load a model"))
    return Loaded(run, len(header.classes), added, before)


def _add_missing_classes(context: ProjectContext, header: CheckpointHeader) -> int:
    """Add the adapter's classes that the project lacks, with their roles and what the model reads."""
    have = {name_key(item.name) for item in context.classes}
    if taken := [name for name in header.class_names if is_none_of_these(name)]:
        raise UserError.tr(
            "This model has a class called '{class_name}', a name kept for pictures of none of the classes. Train "
            "it again with another name for the class.",
            class_name=taken[0],
        )
    missing = {name_key(name): role for name, role in header.classes if name_key(name) not in have}
    add_missing_classes(context.project, header.class_names, header.reads)
    if new := [item.id for item in context.classes if missing.get(name_key(item.name)) is Role.NEW]:
        context.project.set_role(new, Role.NEW)
    return len(missing)


def _trained_at(created: str) -> float:
    """Seconds since 1970; now, where a file names a time that no training can have had."""
    now = time.time()
    try:
        then = datetime.fromisoformat(created).timestamp()
    except (OverflowError, ValueError, OSError):
        return now
    return then if 0 <= then <= now else now
