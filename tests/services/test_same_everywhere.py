"""The same labels, shots, prompt and seed give the same numbers in the window, on the command line and from Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from mma_desktop.api import Classifier
from mma_desktop.cli import main as cli
from mma_desktop.core.class_names import DEFAULT_PROMPT, DICTIONARY_PROMPT
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import DEFAULT_METHOD, STARTER_ID, Evaluation, TrainRequest
from mma_desktop.engine.methods.method_table import METHODS, MULTI_MODAL_ADAPTER, training_prompt
from mma_desktop.engine.training import trainer
from mma_desktop.engine.training.trainer import TrainingResult
from mma_desktop.media.scan import class_folders
from mma_desktop.services.batch.benchmark import runner
from mma_desktop.services.batch.benchmark.benchmark_plan import PAPER, BenchmarkOptions
from mma_desktop.services.batch.benchmark.runner import RESULTS, run_benchmark
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.serialization import percents
from mma_desktop.services.training import project_training
from tests.steps import second_half_new

from .understanding import train_shortly

SHOTS, EACH = 2, 3
NAMES = ("axe", "bird", "a small red dragon", "yacht at anchor")
LEARNERS = [one.id for one in METHODS if one.needs_encoder]
OFTEN = {DEFAULT_METHOD, MULTI_MODAL_ADAPTER, "coop", "linear-probe", "zero-shot"}
"""Ours, one that learns its prompts, one that is solved, one that learns nothing; the others take 20 seconds."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, sample_pictures: Path) -> Path:
    """Four classes of the drawn pictures, under other names, which no shipped file knows."""
    root = tmp_path_factory.mktemp("pictures") / "drawn"
    for folder, name in zip(sorted(sample_pictures.iterdir()), NAMES, strict=False):
        (root / name).mkdir(parents=True)
        for picture in sorted(folder.iterdir())[:EACH]:
            (root / name / picture.name).symlink_to(picture)
    return root


@pytest.fixture
def trained(folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[TrainingResult]]:
    """Let trainings be short, and draw no plots; what they give from here on. No shipped features are used."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folders.parent / "cache"))
    train_shortly(monkeypatch, 2)
    monkeypatch.setattr(runner, "draw_plots", lambda *_: ())
    found: list[TrainingResult] = []
    real = trainer.train

    def noted(*given: Any, **more: Any) -> TrainingResult:
        found.append(real(*given, **more))
        return found[-1]

    monkeypatch.setattr(trainer, "train", noted)
    before = torch.get_num_threads()
    yield found
    torch.set_num_threads(before)


def in_the_window(folders: Path, method: str, out: Path, prompt: str = "") -> None:
    """As the window trains: on a core less, with pictures in another order, and names that were read one by one."""
    context = create_project(out / "window.mma", prompt, threads=1)
    try:
        pictures = sorted(folders.glob("*/*"), reverse=True)
        importing.import_paths(context, pictures, CancelToken(), class_folders([folders]))
        second_half_new(context)
        context.engine.load(STARTER_ID, "cpu", None, CancelToken())
        for name in NAMES:
            context.engine.predictor.texts([name], context.prompt_template)
        project_training.train(context, TrainRequest(method=method, shots=SHOTS), CancelToken())
    finally:
        context.close()


def on_the_command_line(folders: Path, method: str, out: Path, *more: str) -> dict[str, Any]:
    files = ["--out", str(out / "adapter.safetensors"), "--json", str(out / "report.json")]
    options = ["--method", method, "--shots", str(SHOTS), "--base-fraction", "0.5", *more]
    assert cli.main(["train", str(folders), *options, *files], lambda: 0) == 0
    report: dict[str, Any] = json.loads((out / "report.json").read_text())
    return report


def from_python(folders: Path, method: str, prompt: str = "") -> None:
    pictures = sorted(folders.glob("*/*"), key=lambda path: path.name)
    labels = [path.parent.name for path in pictures]
    Classifier(method=method, shots=SHOTS, base=sorted(NAMES)[:2], prompt=prompt).fit(pictures, labels)


def in_a_benchmark(folders: Path, method: str, out: Path, prompt: str = "") -> None:
    asked = BenchmarkOptions((method,), SHOTS, seeds=1, prompt=prompt)
    run_benchmark([folders], asked, out / "benchmark", CancelToken())


def check_the_same(one: TrainingResult, other: TrainingResult) -> None:
    ours, theirs = one.adapter.state_dict(), other.adapter.state_dict()
    assert list(ours) == list(theirs)
    assert [name for name in ours if not torch.equal(ours[name], theirs[name])] == []
    assert one.evaluation == other.evaluation
    assert (one.epochs, one.best_epoch, one.temperatures) == (other.epochs, other.best_epoch, other.temperatures)


@pytest.mark.parametrize(
    "method", [one.id if one.id in OFTEN else pytest.param(one.id, marks=pytest.mark.slow) for one in METHODS]
)
def test_every_way_to_train_gives_the_same_adapter(method, folders, trained, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    if method in LEARNERS:
        train_shortly(monkeypatch, 1)
    in_the_window(folders, method, tmp_path)
    report = on_the_command_line(folders, method, tmp_path)
    from_python(folders, method)
    in_a_benchmark(folders, method, tmp_path)
    window, *others = trained[:4]
    for other in others:
        check_the_same(window, other)
    assert report["adapted"] == percents(window.evaluation.adapted)
    cells = json.loads((tmp_path / "benchmark" / RESULTS).read_text("utf-8"))["cells"]
    assert percents(window.evaluation.adapted).items() <= next(iter(cells.values())).items()


@pytest.mark.parametrize("method", ["coop", "clip-adapter"])
def test_the_prompt_is_the_backbones_own_but_for_methods_that_learn_it(method):
    assert training_prompt(method, STARTER_ID) == (DEFAULT_PROMPT if method in LEARNERS else DICTIONARY_PROMPT)
    assert training_prompt(method, STARTER_ID, "a {}") == (DEFAULT_PROMPT if method in LEARNERS else "a {}")


def test_a_prompt_that_is_given_is_read_everywhere(folders, trained, tmp_path):
    prompt = "a drawing of a {}."
    in_the_window(folders, "clip-adapter", tmp_path, prompt)
    assert on_the_command_line(folders, "clip-adapter", tmp_path, "--prompt", prompt)["prompts"] == [prompt]
    from_python(folders, "clip-adapter", prompt)
    in_a_benchmark(folders, "clip-adapter", tmp_path, prompt)
    for other in trained[1:4]:
        check_the_same(trained[0], other)
    in_a_benchmark(folders, "clip-adapter", tmp_path, PAPER)
    from_python(folders, "clip-adapter", DEFAULT_PROMPT)
    check_the_same(*trained[-2:])


def test_a_learner_of_prompts_is_compared_with_the_words_it_starts_from(folders, trained, tmp_path):
    in_the_window(folders, "coop", tmp_path, "a drawing of a {}.")
    in_the_window(folders, "zero-shot", tmp_path / "plain", DEFAULT_PROMPT)
    coop, plain = (one.evaluation for one in trained)
    assert coop.zero_shot == plain.zero_shot
    assert zero_shot_of_each_class(coop) == zero_shot_of_each_class(plain)


def zero_shot_of_each_class(evaluation: Evaluation) -> list[Any]:
    return [one.zero_shot for one in evaluation.per_class]


def test_a_learner_of_prompts_refuses_one(folders):
    with pytest.raises(UserError, match="CoOp learns its prompts and reads no template"):
        from_python(folders, "coop", "a drawing of a {}.")
