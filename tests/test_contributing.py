"""What CONTRIBUTING.md and the packages' docstrings say of files and imports is so."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from textwrap import indent

import pytest
from PIL import Image

from mma_desktop.services.project_factory import close_project, create_project

ROOT = Path(__file__).resolve().parents[1]


def guide(*parts: str) -> str:
    """CONTRIBUTING.md, or the part of it under a title and the titles inside."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for level, title in enumerate(parts, 2):
        text = re.split(rf"^{'#' * level} {title}\n", text, flags=re.M)[1]
        text = re.split(rf"^#{{2,{level}}} ", text, flags=re.M)[0]
    return text


def place_of(path: str) -> Path | None:
    """The file or folder that a path in the guide names, seen from the root or from the package."""
    return next((place / path for place in (ROOT, ROOT / "mma_desktop") if (place / path).exists()), None)


def test_it_is_short() -> None:
    assert len(guide().encode()) <= 14_000, "what not every newcomer needs belongs in a docstring or in DECISIONS.md"


def test_every_file_that_is_named_exists() -> None:
    texts = {"": guide()} | {
        str(one.parent.relative_to(ROOT)): one.read_text("utf-8") for one in ROOT.glob("**/DECISIONS.md")
    }
    assert len(texts) > 6
    wrong = []
    for folder, text in texts.items():
        named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]+\.(?:py|md|ts))`", text))
        named -= {path for path, _ in recipes()} if not folder else set()
        wrong += [(folder, one) for one in named if place_of(one) is None and not (ROOT / folder / one).exists()]
    assert wrong == [], "these texts name files that are not there: folder, path"


def test_each_decision_has_its_date() -> None:
    """As what was measured ages, and the code that it was measured with."""
    undated = [
        f"{file.relative_to(ROOT)}: {decision.splitlines()[0]}"
        for file in ROOT.glob("**/DECISIONS.md")
        for decision in re.split(r"^- ", file.read_text("utf-8"), flags=re.M)[1:]
        if not re.search(r"\b20\d\d-\d\d-\d\d\b", decision)
    ]
    assert not undated, "End these with the date of the decision, as (2026-12-01):\n" + "\n".join(undated)


@pytest.mark.parametrize("way", ["A drop", "A label", "A training", "A prediction"])
def test_each_step_of_a_way_names_what_its_files_have(way: str) -> None:
    steps = re.split(r"^\d\. ", guide("Four ways through the code", way), flags=re.M)[1:]
    assert len(steps) > 3
    for step in steps:
        quoted = re.findall(r"`([^`]+)`", step)
        files = [place_of(one) for one in quoted if one.endswith(".py")]
        assert files
        assert None not in files, step
        source = "\n".join(one.read_text("utf-8") for one in files if one)
        for name in {one for one in quoted if one.isidentifier()} - {"Changes"}:
            there = re.search(rf"\b(def|class) {name}\b|\b{name}\b( = |:)", source)
            assert there, f"{name} is in none of the files that this step names: {step}"


# --------------------------------------------------------------------------------------
# the recipes


def recipes() -> list[tuple[str, str]]:
    """The path that stands before each block of code, and the block."""
    found = re.findall(r"`([a-z_/]+\.py)`:\n\n```python\n(.*?)```", guide("Recipes"), flags=re.S)
    assert len(found) == guide("Recipes").count("```python")
    return found


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the recipes in place."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "mma_desktop", tree / "mma_desktop")  # with what is compiled already
    (tree / "resources").symlink_to(ROOT / "resources")
    for path, code in recipes():
        file, source = tree / path, code.replace('"""\n\n', '"""\n\nfrom __future__ import annotations\n\n', 1)
        if file.exists():
            (table,) = re.findall(rf"[Oo]ne row of `(\w+)` in `{path}`", guide("Recipes"))
            row = indent(f"{code.rstrip()},\n", " " * 4)
            source = re.sub(
                rf"^{table}\b[^=\n]* = [({{]\n.*?(?=^[)}}])",
                lambda all_, row=row: all_[0] + row,
                file.read_text("utf-8"),
                flags=re.M | re.S,
            )
            imported = re.search(rf"After an import of `(\w+)`, one row of `{table}`", guide("Recipes"))
            if imported:
                source = source.replace("    doctor,\n", f"    {imported[1]},\n    doctor,\n", 1)
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, "utf-8")
    return tree


def run(tree: Path, here: Path, *words: str) -> str:
    """What Python prints with the copy of the program."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(
        [sys.executable, *words], cwd=here, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_the_recipes_add_is_as_the_rest_of_the_source(extended: Path) -> None:
    files = {path for path, _ in recipes()}
    config = ("--config", ROOT / "pyproject.toml")
    for check in (("check",), ("format", "--check")):
        done = subprocess.run(
            [Path(sys.executable).with_name("ruff"), *check, *config, *files],
            cwd=extended,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_the_method_trains_on_pictures_in_the_format(extended: Path, sample_pictures: Path, tmp_path: Path) -> None:
    pictures = [file for folder in sorted(sample_pictures.iterdir())[:3] for file in sorted(folder.iterdir())[:3]]
    lines = [f"{file.relative_to(sample_pictures)}: {file.parent.name}" for file in pictures]
    listed = tmp_path / "three.labels"
    listed.write_text("\n".join(lines), "utf-8")
    train = ["train", str(listed), "--base-folder", str(sample_pictures), "--method", "class-means", "--shots", "2"]
    predict = ["predict", "means.safetensors", str(pictures[0])]
    told = run(extended, tmp_path, "-c", BOTH, json.dumps([[*train, "--out", "means.safetensors"], predict]))
    assert "Trained on all 3 classes" in told
    assert pictures[0].parent.name in told.rpartition("\n" + str(pictures[0]))[2]


def test_the_backbone_knows_its_words(extended: Path, tmp_path: Path) -> None:
    for colour in ("red", "green", "blue"):
        (tmp_path / "pictures" / colour).mkdir(parents=True)
        for number in range(4):
            picture = Image.effect_noise((64, 48), 20 + number).convert("RGB")
            Image.blend(picture, Image.new("RGB", picture.size, colour), 0.7).save(
                tmp_path / "pictures" / colour / f"{number}.png"
            )
    train = ["train", "pictures", "--backbone", "colours", "--method", "zero-shot", "--out", "colours.safetensors"]
    predict = ["predict", "colours.safetensors", "pictures/blue/0.png"]
    told = run(extended, tmp_path, "-c", BOTH, json.dumps([train, predict, ["backbones"]]))
    assert "blue" in told.rpartition("\npictures/blue/0.png")[2].splitlines()[0]
    assert re.search(r"^colours +3 +none +yes ", told, flags=re.M)


def test_the_command_counts(extended: Path, tmp_path: Path) -> None:
    made = create_project(tmp_path / "pets.mma", threads=1)
    made.project.add_classes(["cat", "dog"])
    close_project(made)
    told = run(extended, tmp_path, "-c", BOTH, json.dumps([["counts", "pets.mma"], ["help", "counts"]]))
    assert told.startswith("cat  0\ndog  0\n")
    assert "count the labelled pictures of each class of a project" in told.lower()


BOTH = """
import json, sys
from mma_desktop.__main__ import main
asked = json.loads(sys.argv[1])
if asked[0][0] == "train":
    from mma_desktop.engine.backbones.backbone import Backbone
    Backbone.compiled = False
sys.exit(max([main(words) for words in asked]))
"""
SHOWN = """
import os
from pathlib import Path

from PySide6.QtWidgets import QApplication

from mma_desktop.core.jobs import Lanes
from mma_desktop.core.settings import Settings
from mma_desktop.services.project_factory import create_project
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.shell.main_window import MainWindow

app, settings = QApplication([]), Settings(Path("settings"))
controller = Controller(Bridge(Lanes()), settings)
controller.prepare_on_open = False
window = MainWindow(controller, settings)
context = create_project(Path("project.mma"), threads=1)
controller.set_context(context)
window.show_page("tally")
page = window.stack.currentWidget()
print(type(page).__name__, repr(page.number.text()))
controller.changed.emit(context.project.add_classes(["cat", "dog"]))
print(page.number.text(), flush=True)
os._exit(0)
"""


def test_the_page_shows_what_changes(extended: Path, tmp_path: Path) -> None:
    assert run(extended, tmp_path, "-c", SHOWN).splitlines() == ["TallyPage '0'", "2"]


ASKED = """
import json, os, sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from mma_desktop.core.events import CancelToken
from mma_desktop.core.jobs import Lanes
from mma_desktop.core.settings import Settings
from mma_desktop.services.images.importing import import_paths
from mma_desktop.services.project_factory import create_project
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.pairs import Pairs
from mma_desktop.ui.shell.main_window import MainWindow

def until(true):
    while not true():
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()

app, settings = QApplication([]), Settings(Path("settings"))
controller = Controller(Bridge(Lanes()), settings)
controller.prepare_on_open = False
window = MainWindow(controller, settings)
window.show()
context = create_project(Path("project.mma"), threads=1)
import_paths(context, [Path(one) for one in json.loads(sys.argv[1])], CancelToken())
context.project.add_classes(["balloon"])
first, other = context.index.columns.ids.tolist()
context.project.assign([first], context.classes[0].id)
controller.set_context(context)
window.show_page("label")
page = window.stack.currentWidget()
window.finder.found.emit(Pairs(context, {other: first}))
print(page.query.ids.tolist() == [other], page.question.isVisible(), page.review.bar.ask_button.text())
page.review.bar.ask_button.click()
question = page.question
until(lambda: not question.picture.pixmap.isNull() and not question.beside.pixmap.isNull())
widths = question.picture.width(), question.beside.width()
print(question.title.text(), max(widths) - min(widths) <= 1, min(widths) > 100)
question.yes_button.click()
until(lambda: context.index.counts() == {context.classes[0].id: 2})
print(page.question.isVisible(), flush=True)
os._exit(0)
"""


def test_the_question_shows_two_pictures(extended: Path, sample_pictures: Path, tmp_path: Path) -> None:
    pictures = json.dumps([str(sample_pictures / "balloon" / f"balloon 0{number}.jpg") for number in (1, 2)])
    said = run(extended, tmp_path, "-c", ASKED, pictures).splitlines()
    assert said == ["True False One by one", "Do both show 'balloon'? True True", "False"]


def test_no_two_modules_share_a_name() -> None:
    files = [one for one in (ROOT / "mma_desktop").rglob("*.py") if one.name != "__init__.py"]
    assert len(files) > 200
    names = Counter(one.name for one in files)
    twice = [str(one.relative_to(ROOT)) for one in files if names[one.name] > 1]
    assert not twice, f"rename one of each: {sorted(twice)}"


@cache
def imported(file: Path) -> set[tuple[str, ...]]:
    """The dotted places inside `mma_desktop` that a file imports when it runs."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {(*str(one.module).split("."), name.name)[1:] for one in froms for name in one.names if one.level == 0}


def test_each_package_says_which_of_its_neighbours_it_imports() -> None:
    root = ROOT / "mma_desktop"
    wrong = []
    for init in root.rglob("*/__init__.py"):
        package = init.parent.relative_to(root).parts
        around, says = package[:-1], str(ast.get_docstring(ast.parse(init.read_text("utf-8"))))
        if "migrations" in package or re.search(f"(the rest|all) of `{'.'.join(around)}`", says):
            continue
        used = {place for file in init.parent.rglob("*.py") for place in imported(file)}
        for name in sorted({one[len(around)] for one in used if one[: len(around)] == around}):
            is_package = (root.joinpath(*around, name) / "__init__.py").exists()
            if is_package and name != package[-1] and not re.search(rf"`([a-z_]+\.)*{name}[`.]", says):
                wrong.append(f"{'.'.join(package)} does not say that it imports {name}")
    assert wrong == [], "name what is imported in the docstring of the package's __init__.py"
