"""What one command does, it does once: options, model, features, texts, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop import __main__
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.export import model_writer
from mma_desktop.engine.features import extraction
from mma_desktop.services import similarity
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting import prediction
from mma_desktop.services.predicting.classifier import export_project_model
from mma_desktop.services.training import learning
from tests.calls import counted

MakeFolder = Callable[..., Path]
TOKEN = CancelToken()


def command(*arguments: object) -> None:
    assert __main__.main(list(map(str, arguments))) == 0


def test_a_training_does_nothing_twice(make_folder: MakeFolder, tmp_path: Path) -> None:
    pictures, out = make_folder("pictures", {"cat": 6, "dog": 6, "fox": 6, "owl": 6}), tmp_path / "a.safetensors"
    with counted() as calls:
        command("train", pictures, "--out", out, "--shots", 2, "--base-fraction", 0.5, "--option", "visual_head=false")
    once = {
        "headless.choose_base",
        "headless.refuse_backbone",
        "model_in_use.prepare",
        "inference_state.InferenceState.load",
        "preflight.check_training",
        "atomic_io.check_writable",
        "splits.divide",
        "languages.read_as",
        "run_writer.store_run",
    }
    assert {name: calls[name] for name in once} == dict.fromkeys(once, 1)
    assert calls["method_table.resolve_options"] == 2, "of the command, and of the file that was written"


def test_a_picture_is_encoded_once_in_a_project(
    pool: ProjectContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backbone, cache = pool.engine.need()
    encoded, real = [], backbone.encode_images
    monkeypatch.setattr(backbone, "encode_images", lambda pictures: encoded.append(len(pictures)) or real(pictures))
    path, inside = tmp_path / "new.png", pool.project.image_rows([1])[0].path
    pasted = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    Image.fromarray(pasted.transpose(1, 0, 2)).save(path)
    similarity.examine_image(pool, inside, None, TOKEN)
    prediction.predict_image(pool, inside)
    assert not encoded
    for source in (path, pasted):
        first, again = (similarity.examine_image(pool, source, None, TOKEN) for _ in range(2))
        assert first == again, "to the bit, also before it is in the cache"
    assert encoded == [1, 1]
    kept = len(cache)
    prediction.predict_image(pool, pasted[::-1])
    assert len(cache) == kept, "frames of a camera are not kept"


def test_an_exported_model_is_compared_by_rows_like_all_others(
    pool: ProjectContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = pool.project.image_rows(pool.index.columns.ids.tolist())
    pool.project.assign([row.id for row in rows[:4]], pool.classes[0].id)
    pool.project.assign([row.id for row in rows[-4:]], pool.classes[1].id)
    learning.learn(pool, TOKEN)
    run = learning.store_learned(pool)
    rows[0].path.write_bytes(b"no picture any more")
    rows[1].path.unlink()
    given: list[np.ndarray] = []
    monkeypatch.setattr(model_writer, "write_model", lambda *parts: given.extend(parts[4:6]))
    with counted() as calls:
        export_project_model(pool, run.id, "torch-export", tmp_path / "a.pt2", TOKEN)
    shown, probabilities = given
    assert len(shown) == len(probabilities) == model_writer.RANDOM_IMAGES + len(rows) - 2
    assert calls["decoding.prepared"] == len(rows) - 2
    assert calls["extraction._Looking.__init__"] == 1
    assert np.ptp(probabilities, axis=0).min() > 0, "each has an answer of its own"


def test_a_prediction_reads_its_names_and_its_files_once(
    make_folder: MakeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, adapter = make_folder("pictures", {"cat": 40, "Löwe": 40}), tmp_path / "a.safetensors"
    command("train", pictures, "--out", adapter, "--shots", 2)
    monkeypatch.setattr(extraction, "KNOWN_CHUNK", 32)
    for number, more in enumerate(((), ("--classes", "cat,Löwe,Kohlmeise"))):
        with counted() as calls:
            command("predict", adapter, pictures, "--out", tmp_path / f"{number}.csv", *more)
        assert calls["prediction.top_predictions"] > 1, "several batches"
        assert calls["checkpoint.read"] == calls["checkpoint.loaded"] == 1
        assert calls["decoding.read_bytes"] == 80
        assert calls["languages.read_as"] <= 2, "names of which nobody said what is read, and all for what is in doubt"
        assert calls["prompt_templates._text_features"] == 1, "the adapter's template is zero-shot's here"


def test_an_evaluation_does_nothing_twice(make_folder: MakeFolder, tmp_path: Path) -> None:
    adapter, others = tmp_path / "a.safetensors", make_folder("others", {"cat": 5, "Löwe": 5, "Kohlmeise": 5})
    command("train", make_folder("pictures", {"cat": 4, "Löwe": 4}), "--out", adapter, "--shots", 2)
    with counted() as calls:
        command("evaluate", adapter, others, "--report", tmp_path / "report.html")
    once = {
        "checkpoint.read",
        "checkpoint.loaded",
        "headless.refuse_backbone",
        "model_in_use.prepare",
        "languages.read_as",
        "prompt_templates._text_features",
    }
    assert {name: calls[name] for name in once} == dict.fromkeys(once, 1)
    assert calls["decoding.decode_file"] == 0, "what the import decoded is not read again"
