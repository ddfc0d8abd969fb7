"""What the open project holds, for the status bar."""

from __future__ import annotations

from mma_desktop.session import ProjectSession
from mma_desktop.words import tr


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
