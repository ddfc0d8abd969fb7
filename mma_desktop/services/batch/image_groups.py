"""Groups of pictures that look alike, without a project or a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mma_desktop.core.class_names import duplicate_names, name_key, unfit_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.paths import full_path
from mma_desktop.core.types import STARTER_ID
from mma_desktop.services.batch.headless import refuse_backbone
from mma_desktop.services.images import importing
from mma_desktop.services.images.embedding import import_and_embed
from mma_desktop.services.predicting import prediction
from mma_desktop.services.predicting.model_in_use import prepare
from mma_desktop.services.project_factory import scratch_project
from mma_desktop.services.training import groups
from mma_desktop.services.training.learning import learn


@dataclass(frozen=True)
class ImageGroup:
    """A group of pictures that look alike.

    Attributes:
        name: The name that is proposed; "" if none fits. Groups have the same one only if it was given.
        central: The pictures that stand for the group, the most typical first; nearly all show the same.
        files: All of its pictures, these first.
    """

    name: str
    central: tuple[Path, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Groups:
    """The groups, the clearest first.

    Attributes:
        groups: The groups.
        clear: Whether the pictures fall into groups; if not, many groups are mixed.
        notes: Sentences for the user, such as on pictures that could not be read.
    """

    groups: tuple[ImageGroup, ...]
    clear: bool
    notes: tuple[str, ...] = ()


def find_groups(
    files: Sequence[str | Path],
    names: Sequence[str] = (),
    token: CancelToken | None = None,
    *,
    backbone: str = STARTER_ID,
    device: str = "auto",
    weights_file: Path | None = None,
) -> Groups:
    """Find groups of pictures that look alike, and propose a name for each.

    Copies count once. The same pictures give the same groups, in any order.

    >>> found = find_groups(["pictures"])
    >>> sum(len(group.files) for group in found.groups)
    18

    Args:
        files: Pictures, and folders of them.
        names: Class names that groups may have; others are proposed where none of them fits.
        token: Gets `Progress`, and cancels.
        backbone: As for `Classifier`.
        device: Likewise.
        weights_file: Likewise.

    Raises:
        UserError: There is no picture that can be read, a name is not one, or the backbone is not available.
        Cancelled: `token` was set.
    """
    token = token or CancelToken()
    if names and (trouble := unfit_names(names)):
        raise UserError(trouble)
    if twice := duplicate_names(names):
        raise UserError(f"The class name '{twice[0]}' is given twice. Give each class once.")
    refuse_backbone(backbone, weights_file)
    with scratch_project() as context:
        context.project.set_setting("backbone", backbone)
        if names:
            context.project.add_classes(list(names))
        notes = prepare(context, token, backbone, device, weights_file)
        report = import_and_embed(
            context, partial(importing.import_paths, context, [full_path(Path(file)) for file in files]), token
        )
        if report.problems or report.unread:
            notes.append(report.sentence())
        if names:
            learn(context, token)
            prediction.score(context, token)
        open_groups, proposed = groups.open_groups(context, token), groups.proposals(context, token)
        if not open_groups:
            raise UserError("There is no picture here that could be read. Give others.")
        rows = context.project.image_rows(context.index.columns.ids.tolist())
        paths = {row.id: row.path for row in rows}
        given, often = set(map(name_key, names)), Counter[str]()
        listed = []
        for group in open_groups:
            name, key = proposed[group.key], name_key(proposed[group.key])
            often[key] += 1
            if name and often[key] > 1 and key not in given:
                name = f"{name} {often[key]}"
            central = tuple(paths[image] for image in group.typical.tolist())
            listed.append(ImageGroup(name, central, (*central, *(paths[image] for image in group.others.tolist()))))
        return Groups(tuple(listed), groups.clusters(context, token).grouping.clear, tuple(notes))
