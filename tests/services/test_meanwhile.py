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
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER
from mma_desktop.media import scan
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.images import importing
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.training import project_training
from mma_desktop.services.training.experiments import Experiment, Trial, run_experiment
from mma_desktop.store.columns import Columns
from tests.steps import meanwhile, run

from .test_importing import imported

MakeFolder = Callable[..., Path]
SHOTS = 3


def test_a_label_set_while_a_training_embeds_waits_for_its_features(
    context: ProjectContext, make_folder: MakeFolder
) -> None:
    pictures = make_folder("pictures", {"ant": 8, "bee": 8, "cat": 6, "dog": 6})
    imported(context, pictures, folders=True, half=True)
    columns = context.index.columns
    late = columns.ids[columns.class_ids == context.classes[0].id][-1:].tolist()
    context.project.assign(late, None)
    model_in_use.prepare(context, CancelToken(), device="cpu")
    token = meanwhile(
        lambda _token: context.project.assign(late, context.classes[0].id),
        lambda event: event.message == "Looking at pictures",
    )
    outcome = project_training.train(context, TrainRequest(shots=SHOTS, device="cpu"), token)
    assert outcome.run.metrics["counts"]["labelled"] == 28
    assert outcome.run.metrics["counts"]["shots"] == 2 * SHOTS


def test_a_training_tells_of_files_that_are_gone(context: ProjectContext, make_folder: MakeFolder) -> None:
    pictures = make_folder("pictures", {"ant": 8, "bee": 8})
    imported(context, pictures, folders=True)
    (pictures / "ant" / "ant 00.jpg").unlink()
    model_in_use.prepare(context, CancelToken(), device="cpu")
    events, _ = run(lambda token: project_training.train(context, TrainRequest(shots=SHOTS, device="cpu"), token))
    told = [event.changes for event in events if isinstance(event, Progress) and event.changes is not None]
    assert [len(changes.labels) for changes in told] == [1]


def test_an_unknown_method_or_option_is_refused_before_any_work(
    context: ProjectContext, make_folder: MakeFolder
) -> None:
    imported(context, make_folder("pictures", {"ant": 8, "bee": 8}), folders=True)
    with pytest.raises(UserError, match="no method called"):
        project_training.train(context, TrainRequest(method="magic", shots=SHOTS), CancelToken())
    with pytest.raises(UserError, match="Adapted share"):
        run_experiment(context, Experiment((Trial(MULTI_MODAL_ADAPTER, {"share": 2}),), (SHOTS,), (0,)), CancelToken())


def test_roles_are_set_also_where_all_classes_are_there_already(
    context: ProjectContext, make_folder: MakeFolder
) -> None:
    context.project.add_classes(["ant", "bee"])
    imported(context, make_folder("pictures", {"ant": 2, "bee": 2}), folders=True, half=True)
    assert [one.role for one in context.classes] == [Role.BASE, Role.NEW]


def test_a_class_deleted_during_an_import_costs_only_its_own_labels(
    context: ProjectContext, make_folder: MakeFolder
) -> None:
    pictures = make_folder("pictures", {"ant": 3, "bee": 3})
    found = scan.class_folders([pictures])
    token = meanwhile(
        lambda _token: context.project.delete_classes([context.classes[0].id]),
        lambda event: event.changes is not None and event.changes.images_added,
    )
    report = importing.import_paths(context, [pictures], token, found)
    assert report.labelled == 6  # what the import wrote, before and after
    assert context.index.counts() == {context.classes[0].id: 3}


def test_a_refresh_that_is_overtaken_does_not_bring_the_past_back(
    context: ProjectContext, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(context, make_folder("pictures", {"ant": 1, "bee": 1}))
    context.project.add_classes(["ant", "bee"])
    image = int(context.index.columns.ids[0])
    ant, bee = context.classes
    read, overtaken = threading.Event(), threading.Event()
    catalogue_for = context.project.catalogue_for

    def slow(ids: Iterable[int]) -> Columns:
        rows = catalogue_for(ids)
        if not read.is_set():
            read.set()
            overtaken.wait(0.5)
        return rows

    monkeypatch.setattr(context.project, "catalogue_for", slow)
    first = threading.Thread(target=context.project.assign, args=([image], ant.id))
    first.start()
    assert read.wait(5)
    context.project.assign([image], bee.id)
    overtaken.set()
    first.join()
    assert context.index.counts() == {bee.id: 1}


def test_a_cache_that_cannot_be_opened_is_tried_again(context: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:

        def refuse(_room: InferenceState, _backbone: object) -> None:
            raise UserError("The disk is full.")

        patch.setattr(InferenceState, "open_cache", refuse)
        with pytest.raises(UserError, match="full"):
            model_in_use.prepare(context, CancelToken(), device="cpu")
        assert not context.engine.ready
    model_in_use.prepare(context, CancelToken(), device="cpu")
    context.engine.need()


def test_class_folders_are_copied_from_where_the_files_still_are(
    context: ProjectContext, make_folder: MakeFolder, tmp_path: Path
) -> None:
    pictures = make_folder("pictures", {"ant": 2, "bee": 2})
    imported(context, pictures, folders=True)
    shutil.copy(pictures / "ant" / "ant 00.jpg", tmp_path / "copy.jpg")
    imported(context, tmp_path / "copy.jpg")
    (tmp_path / "copy.jpg").unlink()
    (pictures / "bee" / "bee 01.jpg").unlink()
    copied = exporting.export(
        context, image_folder.FORMAT, tmp_path / "out", CancelToken(), splits=exporting.Splits.NONE
    )
    assert copied.sentence.startswith("3 pictures copied, 1 left out: ")
    assert sorted(path.name for path in copied.path.rglob("*.jpg")) == ["ant 00.jpg", "ant 01.jpg", "bee 00.jpg"]


def test_what_the_backbone_did_otherwise_is_told_once(context: ProjectContext) -> None:
    model_in_use.prepare(context, CancelToken(), device="cpu")
    assert context.engine.backbone is not None
    context.engine.backbone.messages.append("Memory ran out.")
    assert context.engine.new_messages() == ["Memory ran out."]
    assert context.engine.new_messages() == []


def test_deleting_the_training_in_use_takes_its_adapter_away(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 8, "bee": 8}), folders=True)
    model_in_use.prepare(context, CancelToken(), device="cpu")
    outcome = project_training.train(context, TrainRequest(shots=SHOTS, device="cpu"), CancelToken())
    context.project.set_setting("current_run", 0)  # as it is where the newest was taken because the one chosen is gone
    assert context.is_current(outcome.run)
    model_in_use.delete_run(context, outcome.run.id)
    assert context.engine.adapter is None
