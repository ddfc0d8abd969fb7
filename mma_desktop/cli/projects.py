"""Projects and adapters as arguments of commands."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, note
from mma_desktop.core.atomic_io import check_adapter_file
from mma_desktop.core.errors import UserError
from mma_desktop.services.project_factory import given_project

if TYPE_CHECKING:
    from mma_desktop.services.predicting.classifier import Ranker
    from mma_desktop.services.predicting.model_in_use import Model

MODEL = "an adapter file, or a project (.mma), whose model in use is taken"


def refuse_given(arguments: argparse.Namespace, *options: str) -> None:
    """Refuse options that a project decides itself.

    Raises:
        UsageError: One of them was given.
    """
    for option in options:
        if getattr(arguments, option.removeprefix("--").replace("-", "_")):
            raise UsageError(f"{option} is not for a project, which says this itself. Leave it out.")


def check_adapter(path: Path) -> None:
    """Check that an adapter file exists before importing anything slow to read it.

    Raises:
        UserError: It is a folder, does not exist, or is not accessible.
    """
    with suppress(OSError):  # said by `check_adapter_file`
        if path.is_dir():
            raise UserError(f"{path} is a folder, not an adapter file. The adapter comes first, then the pictures.")
    check_adapter_file(path)


@contextmanager
def given_model(given: Path, device: str, weights: Path | None, reporter: Reporter) -> Iterator[Model]:
    """The model of an adapter file or of a project; see `on_projects.given_model`.

    Raises:
        UserError: There is no such file or project, or the project has no model.
    """
    if given_project(given) is None:
        from mma_desktop.services.predicting.model_in_use import Model

        check_adapter(given)
        yield Model(given, weights)
        return
    from mma_desktop.services.batch import on_projects  # imports what trains

    with reporter, on_projects.given_model(given, device, weights, reporter.token) as model:
        reporter.end()
        for text in model.messages:
            note(text)
        yield model


def loaded(model: Model, device: str, reporter: Reporter) -> Ranker:
    """Load a model and its backbone, and say what deviates from the request."""
    from mma_desktop.services.predicting.classifier import load_ranker

    try:
        found = load_ranker(model, device, reporter.token)
    finally:
        reporter.end()
    for message in found.messages:
        note(message)
    return found


def pictures_at(paths: Sequence[Path], model: Model, *, labelled: bool) -> tuple[list[Path], Path | None]:
    """The paths, with each project replaced by its pictures, and the weights file, if need be that of such a project.

    With `labelled`, a project stands for all its pictures, not only for those without a label.
    """
    found, weights = list[Path](), model.weights
    for path in paths:
        folder = given_project(path)
        if folder is None:
            found.append(path)
            continue
        from mma_desktop.engine.checkpoint import read_header
        from mma_desktop.services.batch.on_projects import opened, pictures_of, weights_for

        with opened(folder) as context:
            found += pictures_of(context, labelled=labelled)
            if weights is None:
                weights = weights_for(context, read_header(model.adapter).backbone, weights)
    return found, weights
