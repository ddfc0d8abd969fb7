"""What else happens while a long job runs: labels, deleted classes, files that go, a cache that cannot be opened."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.types import Role, TrainRequest
from mma_desktop.services.context import ProjectSession
from mma_desktop.services.inference_state import EngineRoom
from mma_desktop.store.image_columns import CatalogueRows

from .test_importing import imported, run

MakeFolder = Callable[..., Path]
SHOTS = 3


def test_a_label_set_while_a_training_embeds_waits_for_its_features(
    session: ProjectSession, make_folder: MakeFolder
) -> None:
    pictures = make_folder("pictures", {"ant": 8, "bee": 8, "cat": 6, "dog": 6})
    imported(session, pictures, folders=True, half=True)
    columns = session.catalogue.columns
    late = columns.ids[columns.class_ids == session.classes[0].id][-1:].tolist()
    session.assign(late, None)
    steps = session.train(TrainRequest(shots=SHOTS, device="cpu"), CancelToken())
    while next(steps).message != "Looking at pictures":
        pass
    session.assign(late, session.classes[0].id)
    _, outcome = run(steps)
    assert outcome.counts["labelled"] == 28
    assert outcome.counts["shots"] == 2 * SHOTS


def test_a_training_tells_of_files_that_are_gone(session: ProjectSession, make_folder: MakeFolder) -> None:
    pictures = make_folder("pictures", {"ant": 8, "bee": 8})
    imported(session, pictures, folders=True)
    (pictures / "ant" / "ant 00.jpg").unlink()
    events, _ = run(session.train(TrainRequest(shots=SHOTS, device="cpu"), CancelToken()))
    told = [event.changes for event in events if isinstance(event, Progress) and event.changes is not None]
    assert [len(changes.labels) for changes in told] == [1]


def test_an_unknown_method_or_option_is_refused_before_any_work(
    session: ProjectSession, make_folder: MakeFolder
) -> None:
    imported(session, make_folder("pictures", {"ant": 8, "bee": 8}), folders=True)
    with pytest.raises(UserError, match="no method called"):
        next(session.train(TrainRequest(method="magic", shots=SHOTS), CancelToken()))
    with pytest.raises(UserError, match="Adapted share"):
        next(session.train(TrainRequest(options={"share": 2}, shots=SHOTS), CancelToken()))


def test_roles_are_set_also_where_all_classes_are_there_already(
    session: ProjectSession, make_folder: MakeFolder
) -> None:
    session.add_classes(["ant", "bee"])
    imported(session, make_folder("pictures", {"ant": 2, "bee": 2}), folders=True, half=True)
    assert [one.role for one in session.classes] == [Role.BASE, Role.NEW]


def test_a_class_deleted_during_an_import_costs_only_its_own_labels(
    session: ProjectSession, make_folder: MakeFolder
) -> None:
    pictures = make_folder("pictures", {"ant": 3, "bee": 3})
    found = session.class_folders([pictures])
    steps = session.import_paths([pictures], CancelToken(), found)
    while not (event := next(steps)).changes or not event.changes.images_added:
        pass
    session.delete_classes([session.classes[0].id])
    _, report = run(steps)
    assert report.labelled == 3
    assert session.counts() == {session.classes[0].id: 3}


def test_a_refresh_that_is_overtaken_does_not_bring_the_past_back(
    session: ProjectSession, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(session, make_folder("pictures", {"ant": 1, "bee": 1}))
    session.add_classes(["ant", "bee"])
    image = int(session.catalogue.columns.ids[0])
    ant, bee = session.classes
    read, overtaken = threading.Event(), threading.Event()
    catalogue_for = session.project.catalogue_for

    def slow(ids: Iterable[int]) -> CatalogueRows:
        rows = catalogue_for(ids)
        if not read.is_set():
            read.set()
            overtaken.wait(0.5)
        return rows

    monkeypatch.setattr(session.project, "catalogue_for", slow)
    first = threading.Thread(target=session.assign, args=([image], ant.id))
    first.start()
    assert read.wait(5)
    session.assign([image], bee.id)
    overtaken.set()
    first.join()
    assert session.counts() == {bee.id: 1}


def test_a_cache_that_cannot_be_opened_is_tried_again(session: ProjectSession, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:

        def refuse(_room: EngineRoom, _backbone: object) -> None:
            raise UserError("The disk is full.")

        patch.setattr(EngineRoom, "open_cache", refuse)
        with pytest.raises(UserError, match="full"):
            session.prepare(CancelToken(), device="cpu")
        assert not session.engine.ready
    session.prepare(CancelToken(), device="cpu")
    session.engine.need()


def test_class_folders_are_copied_from_where_the_files_still_are(
    session: ProjectSession, make_folder: MakeFolder, tmp_path: Path
) -> None:
    pictures = make_folder("pictures", {"ant": 2, "bee": 2})
    imported(session, pictures, folders=True)
    shutil.copy(pictures / "ant" / "ant 00.jpg", tmp_path / "copy.jpg")
    imported(session, tmp_path / "copy.jpg")
    (tmp_path / "copy.jpg").unlink()
    (pictures / "bee" / "bee 01.jpg").unlink()
    _, copied = run(session.export_class_folders(tmp_path / "out", CancelToken()))
    assert copied.sentence.startswith("3 pictures copied, 1 left out: ")
    assert sorted(path.name for path in copied.path.rglob("*.jpg")) == ["ant 00.jpg", "ant 01.jpg", "bee 00.jpg"]


def test_what_the_backbone_did_otherwise_is_told_once(session: ProjectSession) -> None:
    session.prepare(CancelToken(), device="cpu")
    assert session.engine.backbone is not None
    session.engine.backbone.messages.append("Memory ran out.")
    assert session.engine.news() == ["Memory ran out."]
    assert session.engine.news() == []


def test_deleting_the_training_in_use_takes_its_adapter_away(session: ProjectSession, make_folder: MakeFolder) -> None:
    imported(session, make_folder("pictures", {"ant": 8, "bee": 8}), folders=True)
    _, outcome = run(session.train(TrainRequest(shots=SHOTS, device="cpu"), CancelToken()))
    session.set_setting("current_run", 0)  # as it is where the newest was taken because the one chosen is gone
    assert session.is_current(outcome.run)
    session.delete_run(outcome.run.id)
    assert session.engine.adapter is None
