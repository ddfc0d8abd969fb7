"""What is said of the open project in the status bar and in the title of the window."""

from __future__ import annotations

from mma_desktop.core.i18n import tr
from mma_desktop.services.context import ProjectSession
from mma_desktop.ui.widgets.text_format import in_title

TITLE = "mma-desktop"


def summary(session: ProjectSession | None) -> str:
    """How many images, labels, classes and problems a project has, or that none is open."""
    if session is None:
        return tr("No project is open.")
    columns = session.catalogue.columns
    problems = int(columns.problems.sum())
    images, classes = len(columns.ids) - problems, len(session.classes)
    parts = [
        tr("{n} image", "{n} images", images),
        tr("{count:,} labelled", count=int(columns.labelled.sum())),
        tr("{n} class", "{n} classes", classes),
    ]
    if problems:
        parts.append(tr("{count:,} with a problem", count=problems))
    return ", ".join(parts)


def window_title(session: ProjectSession | None) -> str:
    """The project's name, if one is open, before the program's."""
    return TITLE if session is None else f"{in_title(session.name)} \u2013 {TITLE}"
