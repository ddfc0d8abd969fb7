"""Build this system's installers, or the wheel, and check them. What the workflows call, and anyone may.

    python packaging/build.py                       # dist/mma-desktop, tried out, and dist/installers/
    python packaging/build.py --wheel --tag v0.1.0  # dist/wheel/; refused unless the tag is that of the version

Everything is installed into environments of its own below build/. Debian's package is linted (`linux/lint_deb.sh`).
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DIST = ROOT / "dist"
TOLERANCE = 0.05  # of a size; it changes with the versions of libraries
INNO = Path("C:/Program Files (x86)/Inno Setup 6/ISCC.exe")


def run(*command: object) -> None:
    """Run a command in the repository that must succeed."""
    words = [str(word) for word in command]
    print("+", *words, flush=True)
    subprocess.run(words, cwd=ROOT, check=True)


def version() -> str:
    """The program's version."""
    found: dict[str, str] = {}
    exec((ROOT / "mma_desktop" / "version.py").read_text(encoding="utf-8"), found)
    return found["__version__"]


def environment(name: str, *packages: str) -> Path:
    """The Python of a fresh virtual environment with these packages."""
    folder = ROOT / "build" / name
    venv.create(folder, clear=True, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    run(python, "-m", "pip", "install", "--no-compile", *packages)  # PyInstaller compiles by itself
    return python


def empty(folder: Path) -> Path:
    """An empty folder at this place."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def said(about: str, made: Path) -> None:
    """End unless the README says the size of a file or folder that was made, within `TOLERANCE`; Linux's alone."""
    files = [made] if made.is_file() else (path for path in made.rglob("*") if path.is_file() and not path.is_symlink())
    size = sum(path.stat().st_size for path in files) / 1e9
    found = re.search(about, " ".join((ROOT / "README.md").read_text(encoding="utf-8").split()))
    if found is None or abs(float(found[1]) / size - 1) > TOLERANCE:
        sys.exit(f"{made} has {size:.2f} GB; the README says {found and found[1]} ({about})")


def wheel() -> None:
    """The wheel and the source distribution, with the checks that PyPI makes."""
    python = environment("wheel-env", "build", "twine")
    out = empty(DIST / "wheel")
    run(python, "-m", "build", "--outdir", out, ".")
    run(python, "-m", "twine", "check", "--strict", *sorted(out.iterdir()))


def installers() -> None:
    """The frozen build, tried out, and what this system installs it with."""
    python = environment("env", ".", "pyinstaller")
    run(python, "-m", "PyInstaller", "--noconfirm", "--distpath", DIST, HERE / "mma-desktop.spec")
    program = DIST / "mma-desktop"
    run(python, HERE / "smoke_test.py", program)
    out = empty(DIST / "installers")
    if sys.platform == "win32":
        run(python, HERE / "icons.py", ROOT / "build" / "icons")
        run(shutil.which("iscc") or INNO, f"/DVersion={version()}", f"/O{out}", HERE / "windows" / "mma-desktop.iss")
    elif sys.platform == "darwin":
        image = out / f"mma-desktop-{version()}-{platform.machine()}.dmg"
        volume = ("-volname", "MMA Desktop", "-srcfolder", DIST / "MMA Desktop.app")
        run("hdiutil", "create", *volume, "-format", "UDZO", image)
    else:
        said(r"one ([\d.]+) GB folder", program)
        run(python, HERE / "linux" / "build_deb.py", program, out)
        for package in out.glob("*.deb"):
            said(r"Debian package \(([\d.]+) GB\)", package)
        run(HERE / "linux" / "lint_deb.sh", *out.glob("*.deb"))
        os.environ["APPIMAGE_EXTRACT_AND_RUN"] = "1"  # appimagetool is one itself, and there may be no FUSE
        run(HERE / "linux" / "build_appimage.sh", program, DIST / "appimage", python)
        for packed in (DIST / "appimage").glob("*.AppImage"):
            packed.rename(out / packed.name)
    for made in sorted(out.iterdir()):
        print(f"made: {made}, {made.stat().st_size / 2**20:,.0f} MiB")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", action="store_true", help="the wheel and the source distribution")
    parser.add_argument("--tag", help="the tag of the release, which has to be that of the version")
    asked = parser.parse_args()
    if asked.tag not in {None, f"v{version()}"}:
        parser.error(f"the tag is {asked.tag}, but mma_desktop/version.py says {version()}")
    (wheel if asked.wheel else installers)()


if __name__ == "__main__":
    main()
