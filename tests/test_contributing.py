"""What CONTRIBUTING.md and the packages' docstrings say of files and imports is so."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_file_that_is_named_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]+\.py)`", text))
    assert len(named) > 20
    assert [
        one for one in sorted(named) if not any((place / one).exists() for place in (ROOT, ROOT / "mma_desktop"))
    ] == []


def test_no_two_modules_share_a_name() -> None:
    names = Counter(one.name for one in (ROOT / "mma_desktop").rglob("*.py"))
    assert len(names) > 200
    assert [name for name, count in names.items() if count > 1 and name != "__init__.py"] == []


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
    assert wrong == []
