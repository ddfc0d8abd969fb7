"""One word for one thing: texts of the window, read from the source, without the words of the experiments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import mma_desktop

UI = Path(mma_desktop.__file__).parent / "ui"
PLACES = ("base", "dialogs", "grid", "home", "label", "check", "use", "shell", "widgets")
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
}
# What is about the experiments, or the name of something.
ALLOWED = re.compile(r"frozen CLIP|Multi-Modal Adapter|Copy image|'mma-desktop train IMAGES'")
OF_EXPERIMENTS = {"label/class_panel.py", "widgets/number_format.py", "widgets/plot.py"}
"""These write roles, or the curves of a training, where the settings ask for them."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every literal that is passed to `tr` or `later`, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tr", "later"}:
            for one in node.args[:2]:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.lineno, one.value


def test_the_window_says_what_users_say() -> None:
    found = []
    for place in PLACES:
        for path in sorted((UI / place).rglob("*.py")):
            name = f"{place}/{path.name}"
            for line, text in texts(path) if name not in OF_EXPERIMENTS else ():
                plain = re.sub(r"\{[^}]*\}", "", text).replace("&", "")
                found += [
                    f"{name}:{line}: {text!r} (say: {better})"
                    for word, better in INSTEAD.items()
                    if re.search(word, plain, re.IGNORECASE) and not ALLOWED.search(text)
                ]
    assert not found, "\n".join(found)
