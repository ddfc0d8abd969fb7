"""Projects and adapters of another starter than this program's: what they become, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from mma_desktop import __main__
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role, TrainRequest
from mma_desktop.engine import checkpoint
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.methods.adapter import build_adapter
from mma_desktop.services.images import embedding
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import project_training
from tests.steps import run

from .test_importing import MakeFolder, imported

OTHER = "0b3f4d1c7a92"
DIM = 384
TOKEN = CancelToken()


def test_a_project_is_embedded_anew_and_its_training_is_kept_but_not_used(
    tmp_path: Path, make_folder: MakeFolder
) -> None:
    made = create_project(tmp_path / "birds.mma", threads=1)
    imported(made, make_folder("pictures", {"ant": 4, "bee": 4}), folders=True)
    columns = made.index.columns
    labels = dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True))
    before = FeatureCache(made.project.embeddings_dir / f"starter-{OTHER}", DIM)
    before.append(columns.hashes, np.full((8, DIM), DIM**-0.5, np.float32))
    before.close()
    header = checkpoint.CheckpointHeader(
        method="clip-adapter",
        backbone="starter",
        fingerprint=OTHER,
        embed_dim=DIM,
        logit_scale=30.0,
        classes=(("ant", Role.BASE), ("bee", Role.BASE)),
        prompt_template="a photo of a {}.",
        shots=2,
        seed=0,
    )
    checkpoint.save(made.project.runs_dir / "old.safetensors", build_adapter("clip-adapter", DIM, 30.0), header)
    settings = {"options": {}, "shots": 2, "seed": 0}
    old = made.project.add_run("first try", "clip-adapter", "starter", "runs/old.safetensors", settings, {})
    made.project.set_setting("current_run", old.id)
    made.close()

    context = open_project(tmp_path / "birds.mma")
    try:
        (told,) = model_in_use.prepare(context, TOKEN)
        assert told.startswith("'first try' is not used: ")
        assert "another version" in told
        assert told.endswith("Train again: labels and classes are as they were.")
        assert context.engine.adapter is None
        columns = context.index.columns
        assert dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True)) == labels
        assert not context.engine.embedded(columns.hashes).any()
        events, _ = run(lambda token: embedding.embed(context, token))
        assert {event.message for event in events} == {
            "Looking at pictures again, as the image model is of another version now"
        }
        assert context.engine.embedded(columns.hashes).all()
        more, _ = run(lambda token: embedding.embed(context, token))
        assert not any("again" in event.message for event in more)
        prediction.score(context, TOKEN)
        with pytest.raises(UserError, match="another version"):
            model_in_use.use_run(context, old.id)
        outcome = project_training.train(context, TrainRequest(shots=2), TOKEN)
        assert [one.name for one in context.project.runs() if one.id == old.id] == ["first try"]
        assert context.is_current(outcome.run)
    finally:
        context.close()
    again = open_project(tmp_path / "birds.mma")
    try:
        assert model_in_use.prepare(again, TOKEN) == []
        assert again.engine.adapter is not None
    finally:
        again.close()


def test_the_command_refuses_an_adapter_of_another_starter(
    tmp_path: Path, make_folder: MakeFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    images = make_folder("pictures", {"ant": 3, "bee": 3})
    adapter, other = tmp_path / "own.safetensors", tmp_path / "other.safetensors"
    assert __main__.main(["train", str(images), "--shots", "2", "--out", str(adapter)]) == 0
    with safe_open(adapter, "numpy") as file:
        header = json.loads(file.metadata()["mma_desktop"]) | {"fingerprint": OTHER}
    save_file(load_file(adapter), other, {"mma_desktop": json.dumps(header)})
    assert __main__.main(["predict", str(adapter), str(images)]) == 0
    capsys.readouterr()
    assert __main__.main(["predict", str(other), str(images)]) == 1
    said = capsys.readouterr().err
    assert said.rstrip().endswith("another version of mma-desktop. Train again: labels and classes are as they were.")
