"""What leaves a project: the adapter, the labels, the predictions, the pictures in class folders."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.answers import NONE_OF_THESE
from mma_desktop.domain import CancelToken, Progress, Ranked, TrainRequest, Use, UserError
from mma_desktop.files import copy_file
from mma_desktop.media import copy_class_folders
from mma_desktop.session.catalogue import Filter, Ids, Order, Show
from mma_desktop.session.training import existing_place, find_run, uses_of

if TYPE_CHECKING:
    from mma_desktop.session.project_session import ProjectSession


@dataclass(frozen=True, slots=True)
class Copied:
    """A finished copy: the folder, and a sentence on how many pictures are in it and which were left out."""

    folder: Path
    sentence: str


def _predictions(session: ProjectSession) -> Mapping[int, Ranked]:
    """Best guess by image id; "None of these" where the adapter is too unsure, with the confidence of its best."""
    guesses = session.guesses
    if guesses is None:
        return {}
    names = {one.id: one.name for one in session.classes}
    parts = (guesses.image_ids, guesses.best_class, guesses.best_confidence, guesses.rejected)
    return {
        image_id: Ranked(NONE_OF_THESE if rejected else names[class_id], chance)
        for image_id, class_id, chance, rejected in zip(*(part.tolist() for part in parts), strict=True)
        if class_id in names
    }


def labels(session: ProjectSession, out: Path) -> Path:
    """See `ProjectSession.export_labels`."""
    ids = session.select(Filter(Show.ALL, order=Order.NAME))
    if not len(ids):
        raise UserError("There is no image to write yet. Add some pictures first.")
    from mma_desktop.store import write_labels_csv

    return write_labels_csv(session.project, out, ids.tolist(), _predictions(session), _uses(session))


def _uses(session: ProjectSession) -> dict[int, Use]:
    """What each labelled image was used for in the newest training, or would be in one with the defaults."""
    newest = next(iter(session.runs()), None)
    if newest is None:
        return uses_of(session, TrainRequest())
    return uses_of(session, TrainRequest(shots=int(newest.settings["shots"]), seed=int(newest.settings["seed"])))


def predictions(session: ProjectSession, out: Path) -> Path:
    """See `ProjectSession.export_predictions`."""
    found = _predictions(session)
    ids: Ids = session.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE))
    ids = ids[np.isin(ids, np.fromiter(found, np.int64))]
    if not len(ids):
        raise UserError("There is no prediction of an unlabelled image to write yet.")
    from mma_desktop.store import write_labels_csv

    return write_labels_csv(session.project, out, ids.tolist(), found)


def adapter(session: ProjectSession, run_id: int, out: Path) -> Path:
    """See `ProjectSession.export_adapter`."""
    run = find_run(session, run_id)
    source = session.project.checkpoint_path(run)
    if not source.is_file():
        raise UserError(f"The checkpoint of '{run.name}' is gone from the project folder: train it again.")
    copy_file(source, out)
    return out


def class_folders(session: ProjectSession, out: Path, token: CancelToken) -> Generator[Progress, None, Copied]:
    """See `ProjectSession.export_class_folders`."""
    ids = session.select(Filter(Show.LABELLED))
    if not len(ids):
        raise UserError("There is no labelled image to copy yet.")
    names = {one.id: one.name for one in session.classes}
    rows = session.rows(ids.tolist())
    items = [(existing_place(row), names[row.class_id]) for row in rows if row.class_id in names]
    steps = copy_class_folders(items, out, token)
    sentence = ""
    try:
        while True:
            event = next(steps)
            sentence = event.message
            yield event
    except StopIteration as stop:
        return Copied(stop.value, sentence)
    finally:
        steps.close()
