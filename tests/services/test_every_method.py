"""Every method through checkpoint, classifier, evaluation and predictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mma_desktop import load_classifier
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import TrainRequest
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.media.scan import class_folders
from mma_desktop.services.batch.headless import evaluate
from mma_desktop.services.batch.labelled_images import in_class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training import project_training
from tests.steps import second_half_new

TOKEN = CancelToken()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, sample_pictures: Path) -> Path:
    """Four classes of the drawn pictures, 9 of each."""
    root = tmp_path_factory.mktemp("small")
    for folder in sorted(sample_pictures.iterdir())[:4]:
        (root / folder.name).mkdir()
        for picture in sorted(folder.iterdir())[:9]:
            (root / folder.name / picture.name).symlink_to(picture)
    return root


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory, cache_home: Path, small: Path) -> Iterator[ProjectContext]:
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    made = create_project(tmp_path_factory.mktemp("project") / "small.mma", threads=2)
    add_features(made.project.embeddings_dir)
    importing.import_paths(made, [small], TOKEN, class_folders([small]))
    second_half_new(made)
    model_in_use.prepare(made, TOKEN)
    yield made
    made.close()
    patch.undo()


@pytest.mark.parametrize("spec", METHODS, ids=lambda spec: spec.id)
def test_every_method_goes_all_the_way(context: ProjectContext, small: Path, tmp_path: Path, spec) -> None:
    """Train, predict in the project, export, load, predict with an unseen name, evaluate on the folder."""
    few = {"coop": 2, "cocoop": 1, "proda": 1}
    recipe = replace(spec.recipe, max_epochs=min(spec.recipe.max_epochs, few.get(spec.id, 10)))
    options = {"prompts": 4} if spec.id == "proda" else {}
    asked = TrainRequest(method=spec.id, options=options, shots=3, recipe=recipe)
    outcome = project_training.train(context, asked, TOKEN)
    embedding.embed(context, TOKEN)
    prediction.score(context, TOKEN)
    assert context.predictions is not None
    assert len(context.predictions.image_ids) == 36
    picture = next((small / "daisy").iterdir()) if (small / "daisy").is_dir() else next(next(small.iterdir()).iterdir())
    here = prediction.predict_image(context, picture)
    path = exporting.adapter(context, outcome.run.id, tmp_path / "adapter.safetensors")
    header = read_header(path)
    assert header.method == spec.id
    assert set(header.sizes) == set(spec.sizes_with(header.options))
    classifier = load_classifier(path)
    (there,) = classifier.rank(picture)
    assert [one.class_name for one in there.ranked] == [one.class_name for one in here.ranked]
    np.testing.assert_allclose(
        [one.confidence for one in there.ranked], [one.confidence for one in here.ranked], atol=2e-3
    )
    (asked,) = classifier.rank(picture, classes=[classifier.classes[0], "a typed name"])
    assert sum(one.confidence for one in asked.ranked) == pytest.approx(asked.known, abs=1e-5)
    report = evaluate(path, in_class_folders(small), "cpu", None, TOKEN)
    assert report.json["counts"]["trained_on"] == (6 + 6)
    assert report.evaluation.adapted.new is not None
    assert report.evaluation.adapted.new.n == 18
