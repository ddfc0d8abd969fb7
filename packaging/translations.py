"""Gather the window's texts into `resources/translations/*.ts`, and release these as `.qm`, with Qt's own tools.

    python packaging/translations.py update      # after texts were changed; then translate what is "unfinished"
    python packaging/translations.py release     # after texts were translated

A `.ts` file is plain XML; Qt Linguist edits it, and so does any editor.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"


def tool(name: str) -> str:
    """One of PySide6's own tools, beside this Python.

    Raises:
        SystemExit: It is not installed.
    """
    found = shutil.which(f"pyside6-{name}", path=str(Path(sys.executable).parent)) or shutil.which(f"pyside6-{name}")
    if found is None:
        raise SystemExit(f"pyside6-{name} is not installed. It comes with PySide6.")
    return found


def update(files: list[Path]) -> None:
    """Bring translation files up to date with the texts in the program; what is there no more is dropped."""
    modules = sorted((ROOT / "mma_desktop").rglob("*.py"))
    # One alias: `later` marks a text as Qt's QT_TR_NOOP does. No line numbers, they would change with each commit.
    flags = ["-tr-function-alias", "QT_TR_NOOP=later", "-locations", "none", "-sort-messages", "-no-obsolete"]
    # A new or changed text stays without translation: one guessed from a similar text would read as if it were right.
    flags += ["-disable-heuristic", "sametext", "-disable-heuristic", "similartext", "-source-language", "en"]
    subprocess.run([tool("lupdate"), *flags, *modules, "-ts", *files], check=True)


def release(files: list[Path]) -> None:
    """Write the `.qm` of each translation file beside it."""
    subprocess.run([tool("lrelease"), "-silent", *files], check=True)


def main() -> None:
    """Do what the command line says."""
    commands = {"update": update, "release": release}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    commands[sys.argv[1]](sorted(FOLDER.glob("*.ts")))


if __name__ == "__main__":
    main()
