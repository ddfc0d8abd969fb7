"""A tested picture and its nearest shots, with the real starter on drawn pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Recipe, Role, TrainRequest, Use
from mma_desktop.engine.features.feature_cache import as_stored
from mma_desktop.media.decoding import decode
from mma_desktop.services import similarity
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.similarity import NEAREST, Among
from mma_desktop.services.training import project_training
from mma_desktop.services.training.snapshot import uses_of

from .conftest import embedded, opened_copy

TOKEN = CancelToken()
NAMES = ("strawberry", "umbrella", "lemon")
LABELLED = 8
REQUEST = TrainRequest(shots=2, recipe=Recipe(max_epochs=3))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path) -> Path:
    """See `labelled`."""
    place = tmp_path_factory.mktemp("made")
    for name in NAMES:
        (place / "pictures" / name).mkdir(parents=True)
        for picture in sorted((sample_pictures / name).iterdir())[: LABELLED + 2]:
            shutil.copy(picture, place / "pictures" / name)
    with embedded(place, place / "pictures", cache_home) as context:
        context.project.add_classes(list(NAMES), Role.BASE)
        for one in context.classes:
            rows = context.project.image_rows(context.index.columns.ids.tolist())
            context.project.assign([row.id for row in rows if one.name in row.path.parts][:LABELLED], one.id)
    return context.project.folder


@pytest.fixture
def labelled(made: Path, tmp_path: Path) -> Iterator[ProjectContext]:
    """Three drawn classes with eight labels each, and two pictures of each left over."""
    with opened_copy(made, tmp_path) as context:
        yield context


def test_without_an_adapter_the_nearest_are_labelled_images(labelled: ProjectContext, sample_pictures: Path) -> None:
    backbone, cache = labelled.engine.need()
    columns = labelled.index.columns
    right = 0
    for name in NAMES:
        path = sorted((sample_pictures / name).iterdir())[-1]
        tested = similarity.examine_image(labelled, path, None, TOKEN)
        assert tested.among is Among.LABELLED
        assert {one.class_name for one in tested.prediction.ranked} == set(NAMES)
        assert len(tested.nearest) == NEAREST
        features = as_stored(backbone.encode_images(decode(path, backbone.image_spec)[None]), cache.embed_dim)[0]
        cosines = cache.gather(columns.hashes) @ features[: cache.embed_dim]
        cosines[~columns.labelled] = -2
        best = np.argsort(-cosines)[:NEAREST]
        assert [one.image_id for one in tested.nearest] == columns.ids[best].tolist()
        assert [one.similarity for one in tested.nearest] == pytest.approx(cosines[best].tolist(), abs=1e-5)
        assert [one.class_id for one in tested.nearest] == columns.class_ids[best].tolist()
        named = labelled.class_by_id(tested.nearest[0].class_id)
        right += named is not None and named.name == name
    assert right >= 2  # chance is 1


def test_an_image_of_the_project_is_not_its_own_neighbour(labelled: ProjectContext) -> None:
    row = labelled.project.image_rows([int(labelled.index.columns.ids[0])])[0]
    alone = similarity.examine_image(labelled, row.path, None, TOKEN)
    assert alone.nearest[0].image_id == row.id
    assert alone.nearest[0].similarity == pytest.approx(1.0, abs=2e-3)
    others = similarity.examine_image(labelled, row.path, None, TOKEN, row.id)
    assert row.id not in [one.image_id for one in others.nearest]
    assert len(others.nearest) == NEAREST


def test_with_an_adapter_they_are_what_it_was_trained_or_selected_on(labelled: ProjectContext) -> None:
    project_training.train(labelled, REQUEST, TOKEN)
    uses = uses_of(labelled, REQUEST)
    shots = {image_id for image_id, use in uses.items() if use is Use.SHOT}
    seen = shots | {image_id for image_id, use in uses.items() if use is Use.VALIDATION}
    assert len(shots) == 6
    assert len(seen) > len(shots)
    row = labelled.project.image_rows([next(iter(shots))])[0]
    tested = similarity.examine_image(labelled, row.path, None, TOKEN)
    assert tested.among is Among.SEEN
    assert {one.image_id for one in tested.nearest} <= seen
    assert tested.prediction.zero_shot

    changed = next(one for one in shots if one != row.id)
    labelled.project.assign([changed], None)
    mask, among = similarity.example_mask(labelled, labelled.index.columns)
    assert among is Among.SEEN
    assert set(labelled.index.columns.ids[mask].tolist()) == seen - {changed}


def test_with_an_adapter_of_other_pictures_they_are_labelled_images(labelled: ProjectContext) -> None:
    project_training.train(labelled, REQUEST, TOKEN)
    engine = labelled.engine
    assert engine.adapter is not None
    assert engine.header is not None
    engine.hold(engine.adapter, replace(engine.header, seen_images=("00" * 8,)), None)
    mask, among = similarity.example_mask(labelled, labelled.index.columns)
    assert (int(mask.sum()), among) == (LABELLED * len(NAMES), Among.LABELLED)


def test_a_stop_and_a_picture_that_is_none(labelled: ProjectContext, tmp_path: Path) -> None:
    bad = tmp_path / "notes.jpg"
    bad.write_text("not a picture")
    with pytest.raises(UserError, match=r"notes\.jpg"):
        similarity.examine_image(labelled, bad, None, TOKEN)
    stopped = CancelToken()
    stopped.cancel()
    row = labelled.project.image_rows([1])[0]
    with pytest.raises(Cancelled):
        similarity.examine_image(labelled, row.path, None, stopped)


def test_nothing_labelled_has_no_neighbours(labelled: ProjectContext) -> None:
    row = labelled.project.image_rows([1])[0]
    labelled.project.assign(labelled.index.columns.ids.tolist(), None)
    tested = similarity.examine_image(labelled, row.path, ["lemon", "tree"], TOKEN)
    assert tested.nearest == ()
    assert len(tested.prediction.ranked) == 2
