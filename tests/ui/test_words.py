"""One word for one thing: texts of the window, read from the source, without the words of the experiments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import mma_desktop
from mma_desktop.core.paths import resources_dir

PACKAGE = Path(mma_desktop.__file__).parent
PLACES = (
    *(f"ui/{one}" for one in ("base", "dialogs", "grid", "home", "label", "check", "use", "shell", "widgets")),
    *("core", "media", "services", "store"),
)
INSTEAD = {
    r"\bembedd?(ed|ing|ings|s)?\b": "looked at, what was learned",
    r"\badapters?\b": "model",
    r"\bcosines?\b": "similarity",
    r"\bname only\b": "no word at all",
    r"\bzero-shot\b": "before training",
    r"\bbackbones?\b": "image model",
    r"\bimages?\b(?! models?\b)": "picture",
    r"\bthumbnails?\b": "picture",
    r"\bcheckpoints?\b": "model",
    r"\broles?\b": "no word at all",
}
IN_GERMAN = r"\b(Embedding|Adapter|Kosinus|Zero-Shot|Backbone|Miniatur|Vorschaubild|Checkpoint|nur Name|Rolle)"
# What the program was asked for in the paper's words, what is about the experiments, or the name of something.
ALLOWED = re.compile(
    r"frozen CLIP|Multi-Modal Adapter|^Train the adapter$|export the adapter\.$|Copy image|'mma-desktop train IMAGES'|"
    r"'images'|in images\.|"
    r"^not an image$"  # is stored
)
OF_EXPERIMENTS = re.compile(
    r"ui/widgets/plot\.py|ui/dialogs/backbone_picker\.py|services/training/(experiment_table|preflight|snapshot)\.py"
)
"""These write curves, the table of the trainings, what speaks against one, or the list of image models."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every literal that is passed to `tr` or `later`, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tr", "later"}:
            for one in node.args[:2]:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.lineno, one.value


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """Where each text of the window is written, but for the experiments."""
    found = {}
    for place in PLACES:
        for path in sorted((PACKAGE / place).rglob("*.py")):
            name = path.relative_to(PACKAGE).as_posix()
            if not OF_EXPERIMENTS.fullmatch(name):
                found.update({text: f"{name}:{line}" for line, text in texts(path) if not ALLOWED.search(text)})
    return found


def test_the_window_says_what_users_say(shown: dict[str, str]) -> None:
    found = []
    for text, where in shown.items():
        plain = re.sub(r"\{[^}]*\}", "", text).replace("&", "")
        better = [said for word, said in INSTEAD.items() if re.search(word, plain, re.IGNORECASE)]
        found += [f"{where}: {text!r} (say: {said})" for said in better]
    assert not found, "\n".join(found)


def test_so_it_does_in_german(shown: dict[str, str]) -> None:
    found = []
    for message in ElementTree.parse(resources_dir() / "translations" / "de.ts").iter("message"):
        where, said = shown.get(message.findtext("source") or ""), message.find("translation")
        text = "" if said is None else re.sub(r"\{[^}]*\}", "", "".join(said.itertext()))
        if where is not None and re.search(IN_GERMAN, text):
            found.append(f"{where}: {text.strip()!r}")
    assert not found, "\n".join(found)
