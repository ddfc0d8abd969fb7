"""Tests use the program from outside: where one touches something private of ours, a comment says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REASON = "# private: "
OWN = {"self", "cls", "super()"}


def defined(tree: ast.AST) -> Iterator[str]:
    """Names that a module gives to its own functions, classes, variables and attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.attr if isinstance(node, ast.Attribute) else node.id


def used(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names of others that a module imports, reads or replaces, and the lines where it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and ast.unparse(node.value) not in OWN:
            yield node.end_lineno or 0, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((one.lineno, one.name) for one in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            texts = (one.value for one in node.args if isinstance(one, ast.Constant))
            yield from ((node.lineno, text.rpartition(".")[2]) for text in texts if isinstance(text, str))


def test_what_is_private_is_touched_with_a_reason() -> None:
    sources = ((ROOT / "mma_desktop").rglob("*.py"), (ROOT / "tests").rglob("*.py"))
    ours, tests = ({path: path.read_text("utf-8") for path in paths} for paths in sources)
    names = {name for text in ours.values() for name in defined(ast.parse(text))}
    private = {name for name in names if name.startswith("_") and not name.startswith("__") and name[-1] != "_"}
    without_reason = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path, text in tests.items()
        if private.intersection(re.findall(r"\b_\w+", text))
        for line, name in used(ast.parse(text))
        if name in private and not any(REASON in near for near in text.splitlines()[max(0, line - 2) : line])
    ]
    assert not without_reason, (
        "Use what is public, or say why not in a comment above the line, '# private: ...':\n"
        + "\n".join(without_reason)
    )
