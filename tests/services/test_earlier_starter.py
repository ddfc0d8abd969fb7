"""Projects and adapters of the starter before it kept the whole picture: what they become, and what is said."""

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
from mma_desktop.core.types import DEFAULT_METHOD, Recipe, TrainRequest
from mma_desktop.engine.checkpoint import read_header
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.images import embedding
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.serialization import recipe_of
from mma_desktop.services.training import project_training
from tests.steps import run

from .test_importing import MakeFolder, imported

EARLIER = "0b3f4d1c7a92"
MIDDLE_SQUARE = "f00c72694195"
DIM = 384
TOKEN = CancelToken()
RECIPE = {"learning_rate": 1e-3, "batch_size": 65_536, "weight_decay": 0.0, "max_epochs": 200, "patience": 0}


def earlier_adapter(path: Path, method: str = DEFAULT_METHOD) -> Path:
    """An adapter file as format 3 wrote it."""
    options: dict[str, object] = {"share": 0.75, "penalty": 0.3, "adapt_text": True}
    tensors = {name: np.eye(DIM, dtype=np.float32) for name in ("image_map", "text_map")}
    sizes: dict[str, int] = {}
    if method == "prolip":
        options, sizes = {"penalty": 1.0}, {"before": DIM}
        tensors = {name: np.eye(DIM, dtype=np.float32) for name in ("projection", "pretrained")}
    elif method == "clip-adapter":
        options = {"share": 0.2}
        tensors = {
            "down.weight": np.ones((DIM // 4, DIM), np.float32),
            "up.weight": np.ones((DIM, DIM // 4), np.float32),
        }
    header = {
        "method": method,
        "options": options,
        "backbone": "starter",
        "fingerprint": EARLIER,
        "embed_dim": DIM,
        "logit_scale": 30.0,
        "classes": [["ant", "base"], ["bee", "base"]],
        "prompt_template": "a photo of a {}.",
        "metrics": {},
        "split_hashes": {},
        "seen_images": [],
        "shots": 2,
        "seed": 0,
        "created": "2026-01-01T00:00:00+00:00",
        "versions": {"mma-desktop": "0.1"},
        "project": None,
        "reject": 0.0,
        "sizes": sizes,
        "temperatures": {"adapted": 1.0, "zero_shot": 1.0},
        "format_version": 3,
    }
    save_file(tensors, path, {"mma_desktop": json.dumps(header)})
    return path


def test_a_project_is_embedded_anew_and_its_training_is_kept_but_not_used(
    tmp_path: Path, make_folder: MakeFolder
) -> None:
    made = create_project(tmp_path / "earlier.mma", threads=1)
    imported(made, make_folder("pictures", {"ant": 4, "bee": 4}), folders=True)
    columns = made.index.columns
    labels = dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True))
    before = FeatureCache(made.project.embeddings_dir / f"starter-{EARLIER}", DIM)
    before.append(columns.hashes, np.full((8, DIM), DIM**-0.5, np.float32))
    before.close()
    earlier_adapter(made.project.runs_dir / "old.safetensors")
    settings = {"options": {}, "recipe": RECIPE, "shots": 2, "seed": 0}
    old = made.project.add_run("first try", DEFAULT_METHOD, "starter", "runs/old.safetensors", settings, {})
    made.project.set_setting("current_run", old.id)
    made.close()

    context = open_project(tmp_path / "earlier.mma")
    try:
        (told,) = model_in_use.prepare(context, TOKEN)
        assert told.startswith("'first try' is not used: ")
        assert "earlier version" in told
        assert told.endswith("Train again: labels and classes are as they were.")
        assert context.engine.adapter is None
        columns = context.index.columns
        assert dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True)) == labels
        assert not context.engine.embedded(columns.hashes).any()
        events, _ = run(embedding.embed(context, TOKEN))
        assert {event.message for event in events} == {
            "Looking at pictures again, as the image model is of another version now"
        }
        assert context.engine.embedded(columns.hashes).all()
        more, _ = run(embedding.embed(context, TOKEN))
        assert not any("again" in event.message for event in more)
        prediction.score(context, TOKEN)
        with pytest.raises(UserError, match="earlier version"):
            model_in_use.use_run(context, old.id)
        with pytest.raises(UserError, match="earlier version"):
            read_header(context.project.checkpoint_path(old))
        assert recipe_of(old) == find_method(DEFAULT_METHOD).recipe
        _, outcome = run(project_training.train(context, TrainRequest(shots=2), TOKEN))
        assert [one.name for one in context.project.runs() if one.id == old.id] == ["first try"]
        assert context.is_current(outcome.run)
    finally:
        context.close()
    again = open_project(tmp_path / "earlier.mma")
    try:
        assert model_in_use.prepare(again, TOKEN) == []
        assert again.engine.adapter is not None
    finally:
        again.close()


def test_an_adapter_of_the_starter_that_saw_the_middle_square_is_refused(
    tmp_path: Path, make_folder: MakeFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its features had the same size as today's."""
    images = make_folder("pictures", {"ant": 3, "bee": 3})
    adapter, former = tmp_path / "own.safetensors", tmp_path / "former.safetensors"
    assert __main__.main(["train", str(images), "--shots", "2", "--out", str(adapter)]) == 0
    with safe_open(adapter, "numpy") as file:
        header = json.loads(file.metadata()["mma_desktop"]) | {"fingerprint": MIDDLE_SQUARE}
    save_file(load_file(adapter), former, {"mma_desktop": json.dumps(header)})
    assert __main__.main(["predict", str(adapter), str(images)]) == 0
    capsys.readouterr()
    assert __main__.main(["predict", str(former), str(images)]) == 1
    said = capsys.readouterr().err
    assert said.rstrip().endswith("another version of mma-desktop. Train again: labels and classes are as they were.")


def test_a_recipe_of_the_persons_own_is_kept(tmp_path: Path) -> None:
    with_own = {"options": {}, "recipe": {**RECIPE, "max_epochs": 50}, "shots": 2, "seed": 0}
    made = create_project(tmp_path / "own.mma", threads=1)
    try:
        own = made.project.add_run("own", DEFAULT_METHOD, "starter", "runs/a.safetensors", with_own, {})
        assert recipe_of(own) == Recipe(**with_own["recipe"])  # type: ignore[arg-type]
    finally:
        made.close()


@pytest.mark.parametrize("method", [DEFAULT_METHOD, "prolip", "clip-adapter"])
@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_a_command_says_what_to_do_with_an_earlier_adapter(
    tmp_path: Path, make_folder: MakeFolder, capsys: pytest.CaptureFixture[str], method: str, command: str
) -> None:
    adapter = earlier_adapter(tmp_path / "old.safetensors", method)
    images = make_folder("pictures", {"ant": 1, "bee": 1})
    assert __main__.main([command, str(adapter), str(images)]) == 1
    said = capsys.readouterr().err
    assert "another version of mma-desktop" in said or "an earlier version of mma-desktop" in said
    assert said.rstrip().endswith("Train again: labels and classes are as they were.")
    assert "Traceback" not in said
    assert "damaged" not in said
