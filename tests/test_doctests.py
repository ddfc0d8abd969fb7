"""The examples of the README, the guide and the docstrings run as they are written, and do what they are there for."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mma_desktop import Classifier, load_classifier
from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import resource
from mma_desktop.engine import hub

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "mma_desktop"
CLASSES = ("cactus", "daisy", "lemon")
PAGES = [ROOT / "README.md", *sorted((ROOT / "resources" / "guide").glob("*.md"))]
BLOCKS = [
    block
    for page in PAGES
    for block in re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    if "onnxruntime." not in block  # these lines and a file for them are made in `services/test_python_snippets.py`
]
MYPY_PATH = {"MYPYPATH": str(ROOT)}
WRONG = """import mma_desktop
from mma_desktop import Classifier, Recipe
c = Classifier(recipe=Recipe(max_epochs=3)).fit(['a.jpg'], ['a'])
c.score(['a.jpg'], ['a']); c.predict_proba(['a.jpg']).shape; c.set_params(shots=2).classes
c.fitt()
mma_desktop.Clasifier
"""
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted(PACKAGE.rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the examples run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sample_picture(name: str, number: int) -> Path:
    """One of the sample pictures that come with the program, counted from 0."""
    return resource("sample", name, f"{name} {number + 1:02d}.jpg")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three class folders of six pictures, and three pictures more, one of them broken."""
    folder = tmp_path_factory.mktemp("drawn")
    for name in CLASSES:
        (folder / "pictures" / name).mkdir(parents=True)
        for number in range(6):
            shutil.copyfile(sample_picture(name, number), folder / "pictures" / name / f"{number}.jpg")
    (folder / "new-pictures").mkdir()
    shutil.copyfile(sample_picture("lemon", 7), folder / "new-pictures" / "a.jpg")
    shutil.copyfile(sample_picture("daisy", 8), folder / "new-pictures" / "b.jpg")
    (folder / "new-pictures" / "c.jpg").write_bytes(b"no picture")
    shutil.copy(folder / "new-pictures" / "a.jpg", folder / "a.jpg")
    return folder


@pytest.fixture(scope="module")
def folder(drawn: Path, cache_home: Path) -> Path:
    """The same with the adapter that the guide's example of training makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(drawn)
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        run("for load_classifier, the window")
    return drawn


def run(part: str) -> dict[str, Any]:
    """Run the one block of README and guide with this in it; returns its names."""
    (block,) = (one for one in BLOCKS if part in one)
    names: dict[str, Any] = {}
    exec(compile(block, f"README and guide, {part}", "exec"), names)
    return names


def test_every_block_of_readme_and_guide_is_run_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    parts = re.findall(r'^ +.*\brun\("(.+?)"\)', text, re.M)
    times = [sum(part in block for part in parts) for block in BLOCKS]
    assert times == [1] * len(BLOCKS), "one test runs each block of Python of README and guide, by `run`"
    assert len(parts) == len(BLOCKS) >= 6


def test_groups_of_a_folder(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    run("find_groups")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(line.endswith(".jpg") for line in lines)


def test_training_on_two_lists(folder: Path) -> None:
    classifier = load_classifier(folder / "adapter.safetensors")
    assert classifier.base_classes == list(CLASSES)
    assert classifier.header.shots == 6, "all of them"
    assert classifier.header.metrics["adapted"]["all"]["percent"] > 60


def test_classifying_a_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    run("for prediction in classifier")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [
        ["new-pictures/a.jpg", "lemon"],
        ["new-pictures/b.jpg", "daisy"],
    ]
    assert "c.jpg: its content is not that of a picture" in lines[2]


def test_from_pictures_to_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    run("where push_to_hub put it")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("['lemon'] [[")
    assert lines[-1].split()[0] == "lemon"


def test_labels_probabilities_and_features(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert run("image_features(")["features"].shape == (1, 1280)
    assert capsys.readouterr().out.splitlines()[:2] == ["['cactus' 'daisy' 'lemon']", "['lemon' 'daisy']"]


def test_the_hub(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(hub, "upload", lambda repo_id, *_, **__: f"https://huggingface.co/{repo_id}")
    monkeypatch.setattr(hub, "download", lambda *_: folder / "adapter.safetensors")
    assert run("push_to_hub(")["again"].classes == list(CLASSES)
    assert capsys.readouterr().out == "https://huggingface.co/owner/name\n"


@pytest.mark.types
def test_the_blocks_are_typed_for_mypy_strict_which_finds_what_is_not_there(tmp_path: Path) -> None:
    for number, block in enumerate(BLOCKS):
        (tmp_path / f"block_{number}.py").write_text(block, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    # The options and the cache of the whole check, so that whichever comes first does the work for both.
    command = [
        sys.executable,
        "-m",
        "mypy",
        f"--config-file={ROOT / 'pyproject.toml'}",
        f"--cache-dir={ROOT / '.mypy_cache'}",
    ]
    files = sorted(str(path) for path in tmp_path.glob("*.py"))
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False, env=os.environ | MYPY_PATH)
    # mypy's cache repeats what it said of a file where that once was.
    found = re.findall(r"(\w+)\.py:(\d+): error: (.+?)(?:;|$)", done.stdout, re.M)
    assert [(file, line) for file, line, _ in found] == [("wrong", "5"), ("wrong", "6")], done.stdout + done.stderr
    assert found[0][2] == '"Classifier" has no attribute "fitt"'
    assert found[1][2] == 'Module has no attribute "Clasifier"'


def test_the_adapter_in_code_of_ones_own(here: Path) -> None:
    names = run("from mma_desktop import MultiModalAdapter")
    assert names["adapter"].parameter_count() == 107_712
    assert torch.isfinite(names["loss"])


def test_feature_files(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = run("write_feature_file(")["data"]
    assert data.class_names == ("cat", "dog")
    np.testing.assert_allclose(np.linalg.norm(data.parts["val"].features, axis=1), 1, atol=1e-6)
    assert "('cat', 'dog') (2, 512) (20, 512)" in capsys.readouterr().out


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module(module: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    found = doctest.testmod(importlib.import_module(module), report=True)
    assert found.attempted
    assert not found.failed


def test_what_training_on_two_lists_refuses(drawn: Path) -> None:
    files = sorted((drawn / "pictures").rglob("*.jpg"))
    names = [one.parent.name for one in files]
    with pytest.raises(ValueError, match="18 pictures but 17 labels"):
        Classifier().fit(files, names[1:])
    with pytest.raises(ValueError, match="a label is empty"):
        Classifier().fit(files, [*names[1:], " "])
    with pytest.raises(UserError, match="at least two classes"):
        Classifier().fit(files, ["cactus"] * 18)
    with pytest.raises(UserError, match=r"'rose': there is no such class\. There are 'cactus', 'daisy'"):
        Classifier(base=["cactus", "rose"]).fit(files, names)
    with pytest.raises(UserError, match="no method called 'clip'"):
        Classifier(method="clip").fit(files, names)
    with pytest.raises(UserError, match=r"was not labelled 'daisy'\.\nGive each picture one label"):
        Classifier().fit([*files, files[0]], [*names, "daisy"])


def test_training_on_two_lists_leaves_out_what_cannot_be_read_and_says_so(drawn: Path, cache_home: Path) -> None:
    files = [*sorted((drawn / "pictures").rglob("*.jpg")), drawn / "new-pictures" / "c.jpg", drawn / "none.jpg"]
    names = [*(one.parent.name for one in files[:-2]), "lemon", "Daisy"]
    seen: list[Any] = []
    with pytest.warns(UserWarning, match="^2 pictures could not be read and had no part in the training:"):
        classifier = Classifier(base=["lemon", "cactus"], shots=3).fit(files, names, progress=seen.append)
    assert classifier.base_classes == ["cactus", "lemon"]
    assert classifier.classes == list(CLASSES)  # "Daisy" is "daisy"
    assert classifier.header.metrics["adapted"]["all"]["n"] > 6
    told = "\n".join(classifier.messages)
    assert "c.jpg: its content is not that of a picture" in told
    assert "none.jpg" in told
    assert seen
