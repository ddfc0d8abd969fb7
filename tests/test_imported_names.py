"""What the suite itself does not run, benchmarks first, names nothing of the program that is not there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

TESTS = Path(__file__).parent
OURS = ("mma_desktop", "tests")


def imported(node: ast.ImportFrom) -> Iterator[tuple[str, object]]:
    """Names that an import gives, and what they stand for.

    Raises:
        ImportError: There is no such module, or nothing in it is called so.
    """
    module = import_module(node.module or "")
    for one in node.names:
        here = hasattr(module, one.name)
        yield one.asname or one.name, getattr(module, one.name) if here else import_module(f"{node.module}.{one.name}")


def missing(path: Path) -> Iterator[str]:
    """What a module imports from us, or asks of a module of ours, in vain."""
    tree, known = ast.parse(path.read_text("utf-8")), dict[str, object]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in OURS:
            try:
                known.update(imported(node))
            except ImportError as error:
                yield f"{path.name}:{node.lineno} {error}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = known.get(node.value.id)
            if isinstance(module, ModuleType) and not hasattr(module, node.attr):
                yield f"{path.name}:{node.lineno} {ast.unparse(node)}"


@pytest.mark.parametrize("folder", ["benchmarks", "disk", "chaos", "endurance", "peers", "strangers"])
def test_every_name_is_there(folder: str) -> None:
    paths = sorted((TESTS / folder).glob("*.py"))
    assert paths
    gone = [line for path in paths for line in missing(path)]
    assert not gone, "No other test runs these files; give them the names of today:\n" + "\n".join(gone)


def test_a_name_that_is_not_there_would_be_seen(tmp_path: Path) -> None:
    gone = tmp_path / "gone.py"
    gone.write_text(
        "from mma_desktop.core import files\nfrom mma_desktop.core.nowhere import x\n"
        "def later():\n    from mma_desktop.core.files import no_such_name\n    files.no_such_attribute()\n"
    )
    assert len(list(missing(gone))) == 3
