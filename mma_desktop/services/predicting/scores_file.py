"""Scores from one opening of a project to the next, so that it opens to its predictions.

A file of the project, written when it is closed: two lines of JSON, the second of which tells what follows, then the
numbers of `kept_scores` for each image of the project. It is a cache: with another version of the program, other
images or any damage it is not read. Predictions are shown at once if nothing in the project is another; the image
model and the fit are compared later, as after any edit.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np

from mma_desktop.core.atomic_io import atomic_path, read_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_json import parsed_object
from mma_desktop.engine.open_set_scores import Thresholds
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.kept_scores import Kept, Scores, guesses_of
from mma_desktop.services.predicting.none_of_these import strictness_of
from mma_desktop.services.predicting.prediction import scores
from mma_desktop.version import __version__

log = logging.getLogger(__name__)
FILE = "predictions.bin"
LIMIT = 2 << 30


class _InFile:
    """The scores that were read, and the digest of the project whose predictions they are."""

    scores: Scores | None = None
    project = ""


def store(context: ProjectContext, *, current: bool) -> None:
    """Write the scores, unless those that were read are still right.

    `current` tells whether the predictions are those of the project as it is.
    """
    found, file = scores.kept(context), context.state_of(_InFile)
    columns, guesses = context.index.columns, context.guesses
    project = _project(context) if guesses is not None and current else ""
    if found is None or (found is file.scores and project in ("", file.project)):
        return
    header: dict[str, object] = {
        "pictures": _digest(columns.ids.tobytes(), columns.hashes.tobytes()),
        "project": project,
        "cuts": None if guesses is None or guesses.thresholds is None else list(guesses.thresholds),
        "off": guesses is not None and guesses.off,
        "adapted_in_use": guesses is not None and guesses.adapted_class is not None,
    }
    body = b""
    for part, kept in found._asdict().items():
        if kept is not None:
            header[part] = [kept.version, sorted(kept.names), len(kept.numbers)]
            body += kept.of(columns.ids, columns.hashes).numbers.tobytes()
    content = json.dumps(header).encode() + b"\n" + body
    head = {"program": __version__, "sha256": _digest(content)}
    try:
        with atomic_path(_path(context)) as temporary:
            temporary.write_bytes(json.dumps(head).encode() + b"\n" + content)
    except UserError as error:
        log.warning("The predictions were not kept: %s", error)


def restore(context: ProjectContext) -> None:
    """Read what `store` wrote, as far as it fits the project; without torch."""
    file, columns = context.state_of(_InFile), context.index.columns
    try:
        head, content = read_regular(_path(context), LIMIT).split(b"\n", 1)
        first = parsed_object(head)
        if first["program"] != __version__ or first["sha256"] != _digest(content):
            return
        line, body = content.split(b"\n", 1)
        header = parsed_object(line)
        if header["pictures"] != _digest(columns.ids.tobytes(), columns.hashes.tobytes()):
            return
        at, found = 0, dict[str, Kept]()
        for part in Scores._fields:
            if part in header:
                version, names, rows = header[part]
                numbers = np.frombuffer(body, np.float64, rows * len(columns.ids), at).reshape(rows, -1)
                at += numbers.nbytes
                read = frozenset((int(class_id), str(text)) for class_id, text in names)
                if part != "near" and not np.isin(numbers[0, ~np.isnan(numbers[0])], [one for one, _ in read]).all():
                    return  # a file that this program did not write
                found[part] = Kept(str(version), read, columns.ids, columns.hashes, numbers)
        file.scores, file.project = Scores(**found), str(header["project"])
        scores.put(context, file.scores)
        if file.project == _project(context):
            guesses = guesses_of(file.scores.zero_shot, file.scores.adapted if header["adapted_in_use"] else None)
            thresholds = header["cuts"]
            if thresholds is not None:
                score, margin, odds, (offset, slope) = thresholds
                odds = None if odds is None else (float(odds[0]), float(odds[1]))
                thresholds = Thresholds(float(score), float(margin), odds, (float(offset), float(slope)))
            context.guesses = replace(guesses, thresholds=thresholds, off=bool(header["off"]))
    except (OSError, ValueError, KeyError, TypeError, UserError) as error:
        log.info("No predictions are read from the project: %s", error)


def _path(context: ProjectContext) -> Path:
    return context.project.embeddings_dir / FILE


def _digest(*parts: bytes) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()


def _project(context: ProjectContext) -> str:
    """Of everything in the project that predictions follow from."""
    settings = context.backbone_id, context.weights_file, context.prompt_template, context.current_run
    # In a backup that was restored, the number of a run may come again.
    run = [run.created_at for run in context.project.runs() if run.id == context.current_run]
    columns = (np.ascontiguousarray(column).tobytes() for column in context.index.columns.each())
    return _digest(
        repr((graph.names(context), settings, run, strictness_of(context), graph.at_hand(context))).encode(), *columns
    )
