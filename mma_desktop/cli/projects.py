"""Projects as arguments of `train`, `evaluate` and `predict`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, drive
from mma_desktop.core.atomic_io import check_adapter_file
from mma_desktop.core.events import CancelToken
from mma_desktop.core.paths import config_dir, temporary_folder
from mma_desktop.core.settings import Settings

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

MODEL = "an adapter file, or a project (.mma), whose model in use is taken"


@dataclass(frozen=True)
class Model:
    """The model that a command was given: an adapter file, and the project that it comes from, if any.

    `names` are the project's classes with what the model reads for them.
    """

    adapter: Path
    weights: Path | None
    project: Path | None = None
    names: dict[str, str] | None = None


def given_project(path: Path) -> Path | None:
    """The project folder that an argument names, with or without its suffix; None if it is something else."""
    from mma_desktop.services.project_factory import DATABASE_FILE, SUFFIX, project_folder

    folder = project_folder(path)
    is_project = folder.suffix.lower() == SUFFIX and not folder.is_file()
    return folder if is_project or (folder / DATABASE_FILE).is_file() else None


def refuse_given(arguments: argparse.Namespace, *options: str) -> None:
    """Refuse options that a project decides itself.

    Raises:
        UsageError: One of them was given.
    """
    for option in options:
        if getattr(arguments, option.removeprefix("--").replace("-", "_")):
            raise UsageError(f"{option} is not for a project, which says this itself. Leave it out.")


@contextmanager
def opened(folder: Path) -> Iterator[ProjectContext]:
    """An open project, which predicts as its window does.

    Raises:
        UserError: It is not a project, damaged, newer, or open elsewhere.
    """
    from mma_desktop.services.project_factory import open_project

    context = open_project(folder)
    try:
        context.learns = bool(Settings(config_dir()).get("learn"))
        yield context
    finally:
        context.close()


@contextmanager
def given_model(given: Path, device: str, weights: Path | None, reporter: Reporter) -> Iterator[Model]:
    """The model of an adapter file or of a project.

    Raises:
        UserError: There is no such file or project, or the project has no model.
    """
    folder = given_project(given)
    if folder is None:
        check_adapter_file(given)
        yield Model(given, weights)
        return
    from mma_desktop.services.batch.on_projects import model_file

    with tempfile.TemporaryDirectory(prefix="mma-desktop-", dir=temporary_folder()) as scratch:
        with opened(folder) as context:
            weights = weights or context.weights_file
            out = Path(scratch) / f"{context.project.name}.safetensors"
            steps = model_file(context, out, device, weights, CancelToken(reporter.show))
            adapter = drive(steps, reporter)
            names = {one.name: one.text for one in context.classes}
        yield Model(adapter, weights, folder, names)


def pictures_at(paths: Sequence[Path], *, labelled: bool) -> list[Path]:
    """The paths, with each project replaced by its pictures without a label, or all of its pictures if `labelled`."""
    from mma_desktop.services.batch.on_projects import pictures_of

    found: list[Path] = []
    for path in paths:
        folder = given_project(path)
        if folder is None:
            found.append(path)
            continue
        with opened(folder) as context:
            found += pictures_of(context, labelled=labelled)
    return found
