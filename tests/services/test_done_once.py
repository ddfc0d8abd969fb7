"""What one command does, it does once: options, model, features, texts, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mma_desktop import __main__
from tests.calls import counted

MakeFolder = Callable[..., Path]


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
        "run_writer.store_run",
    }
    assert {name: calls[name] for name in once} == dict.fromkeys(once, 1)
    assert calls["method_table.resolve_options"] == 2, "of the command, and of the file that was written"
