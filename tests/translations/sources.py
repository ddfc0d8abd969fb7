"""Texts in the source of the program: those that go through `tr`, and those that look as if they should."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "mma_desktop"

# The command line, the Python API, what only they use, reports for developers, and files for others stay English.
ENGLISH_ONLY = (
    "__init__.py", "__main__.py", "cli/*.py", "api.py", "core/errors.py", "core/logging.py", "core/paths.py",
    "services/batch/headless.py", "services/batch/image_groups.py", "services/batch/benchmark/*.py",
    "services/diagnostics.py", "services/batch/sharding/*.py",
    "engine/export/*.py", "store/migrations/*.py", "store/migrations/versions/*.py",
    "engine/features/feature_file.py", "services/batch/labelled_images.py", "services/batch/on_projects.py",
    "services/formats/exports.py", "services/training/report.py",
    "ui/widgets/theme.py",
    "engine/estimator.py", "engine/hub.py",
)  # fmt: skip

# Calls whose texts nobody reads: errors of the programmer, names of objects, formats, SQL.
UNSEEN_CALLS = {
    "ValueError", "TypeError", "KeyError", "RuntimeError", "AssertionError", "NotImplementedError", "LookupError",
    "OSError", "IndexError", "AttributeError", "SystemExit", "getLogger", "compile", "setObjectName", "property",
    "setProperty", "strftime", "strptime", "execute", "executescript", "getattr", "setattr", "open", "encode", "decode",
    "startswith", "endswith", "text", "raw", "cast", "TypeVar", "Literal", "NewType", "Signal", "setStyleSheet",
    "replace", "removesuffix", "removeprefix", "fullmatch", "match", "sub", "search", "split", "join", "Thread",
    "addaudithook", "setDesktopFileName", "setApplicationName", "QKeySequence", "bindparam", "from_dict", "count",
    "toString", "partition", "rpartition", "find", "index", "format_field", "number", "get", "pop", "filterwarnings",
    "warn", "ReadError",
}  # fmt: skip
LOGGERS = {"log", "logging", "logger"}
SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA|CREATE|WITH|BEGIN|COMMIT|ALTER|DROP|ATTACH|CAST|FROM|WHERE)\b"
)
TWO_WORDS = re.compile(r"[A-Za-zÀ-ž]{2,}[,;:.)]*\s+\S*[A-Za-z]{2,}")
TITLE = re.compile(r"&?[A-Z][a-z&]{2,}")


@dataclass(frozen=True)
class Text:
    """A text in the source."""

    place: str
    text: str


def modules() -> list[Path]:
    """The modules whose texts a person can see in the window."""
    left_out = {path for pattern in ENGLISH_ONLY for path in PACKAGE.glob(pattern)}
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path not in left_out]


@cache
def tree_of(path: Path) -> ast.Module:
    """What a module says; not to be changed."""
    return ast.parse(path.read_text("utf-8"))


def called(node: ast.AST) -> str:
    """The name of what a call calls; empty for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def translated(path: Path) -> Iterator[ast.Call]:
    """The calls of `tr` and `later` in a module."""
    for node in ast.walk(tree_of(path)):
        if called(node) in {"tr", "later"}:
            assert isinstance(node, ast.Call)
            yield node


def looks_visible(text: str) -> bool:
    """Whether a text reads like words for a person: two words, or a title."""
    bare = re.sub(r"\{.*?\}", " ", text).strip()
    if SQL.match(bare) or re.fullmatch(r"[\w.+-]+/[\w.+*-]+", bare):
        return False
    return bool(TWO_WORDS.search(bare) or TITLE.fullmatch(bare) or bare.endswith("…"))


class Left(ast.NodeVisitor):
    """Finds texts that look visible and are in no `tr`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parents: list[ast.AST] = []
        self.found: list[Text] = []
        self.visit(tree_of(path))

    def generic_visit(self, node: ast.AST) -> None:
        self.parents.append(node)
        super().generic_visit(node)
        self.parents.pop()

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._consider(node, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        self._consider(node, "".join(str(part) for part in parts))
        self.parents.append(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)
        self.parents.pop()

    def _consider(self, node: ast.expr, text: str) -> None:
        if looks_visible(text) and not self._is_unseen(node):
            self.found.append(Text(f"{self.path.relative_to(PACKAGE.parent)}:{node.lineno}", text))

    def _is_unseen(self, node: ast.AST) -> bool:
        child = node
        if isinstance(self.parents[-1], ast.Expr):
            return True  # a docstring
        for parent in reversed(self.parents):
            if isinstance(parent, (ast.Compare, ast.Subscript, ast.Assert, ast.arg)):
                return True
            if isinstance(parent, ast.Dict) and child in parent.keys:
                return True
            if isinstance(parent, ast.AnnAssign) and child is parent.annotation:
                return True
            if isinstance(parent, ast.Assign) and getattr(parent.targets[0], "id", "") in {"__all__", "CODE"}:
                return True
            if isinstance(parent, ast.Call) and child is not parent.func and self._is_deaf(parent):
                return True
            if isinstance(parent, (ast.FunctionDef, ast.Lambda)):
                return isinstance(parent, ast.FunctionDef) and child is parent.returns
            child = parent
        return False

    @staticmethod
    def _is_deaf(call: ast.Call) -> bool:
        if called(call) in {"tr", "later"} | UNSEEN_CALLS:
            return True
        func = call.func
        return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in LOGGERS
