"""Texts about the open project for the status bar and the window title."""

from __future__ import annotations

from mma_desktop.core.i18n import tr
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.text_format import in_title

TITLE = "mma-desktop"


def summary(context: ProjectContext | None) -> str:
    """Return the number of images, labels, classes and problems of a project, or that none is open."""
    if context is None:
        return tr("No project is open.")
    columns = context.index.columns
    problems = int(columns.problems.sum())
    images, classes = len(columns.ids) - problems, len(context.classes)
    parts = [
        number_format.pictures(images),
        tr("{count:,} labelled", count=int(columns.labelled.sum())),
        number_format.classes(classes),
    ]
    if problems:
        parts.append(tr("{count:,} with a problem", count=problems))
    return ", ".join(parts)


def window_title(context: ProjectContext | None) -> str:
    return TITLE if context is None else f"{in_title(context.project.name)} \u2013 {TITLE}"
