"""The wheel carries what it needs: installed in a fresh environment, asked for icon, pictures and migration there."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib.metadata import distributions
from pathlib import Path

import pytest

from mma_desktop.core import paths

ROOT = Path(__file__).resolve().parents[1]

INSIDE = """
import sys
from pathlib import Path
import mma_desktop
assert Path(mma_desktop.__file__).is_relative_to(Path(sys.prefix)), mma_desktop.__file__
from PySide6.QtWidgets import QApplication
from mma_desktop.core import paths
from mma_desktop.ui.widgets.painting import icon
application = QApplication([])
assert paths.resource("icons", "app.svg").is_file()
assert not icon("app").pixmap(64, 64).isNull()
from mma_desktop.ui.shell.application import install_language
from mma_desktop.core.i18n import tr
assert paths.resource("guide", "index.md").is_file()
assert len(list(paths.resource("sample").glob("*/*.jpg"))) == 480
assert len(list(paths.resource("sample-more").glob("*.jpg"))) == 12
install_language(application, "de")
assert tr("Cancel") == "Abbrechen"
from mma_desktop.store.project import Project
Project.create(Path(sys.argv[1]) / "wheel.mma").close()
assert "torch" not in sys.modules
print("fine")
"""


def run(*command: object, **more: object) -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed."""
    done = subprocess.run(
        [str(one) for one in command], capture_output=True, text=True, timeout=600, check=False, **more
    )  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return done  # type: ignore[no-any-return]


def test_the_wheel_works_without_the_checkout(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=False)
    places = sysconfig.get_paths(vars={"base": str(fresh), "platbase": str(fresh)})
    python = Path(places["scripts"]) / ("python.exe" if os.name == "nt" else "python")
    quick = ("--no-deps", "--no-compile", "--quiet")
    run(sys.executable, "-m", "pip", "--python", python, "install", *quick, ROOT)  # builds the wheel
    # The dependencies come from the environment of the tests, which may borrow from another. A .pth line adds a folder
    # and nothing it points to, so the checkout itself stays out of reach.
    installed = {str(one.locate_file("")) for one in distributions()} - {str(ROOT)}
    (Path(places["purelib"]) / "zz_dependencies.pth").write_text("\n".join(installed))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONPATH", None)
    done = run(python, "-W", "error::ImportWarning", "-c", INSIDE, tmp_path, cwd=tmp_path, env=environment)
    assert done.stdout.strip().endswith("fine")


def test_each_folder_of_resources_goes_into_the_wheel_and_into_the_build() -> None:
    folders = {one.name for one in (ROOT / "resources").iterdir() if one.is_dir()} - {"screenshots"}
    assert len(folders) > 6
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {f"resources/{one}": f"mma_desktop/resources/{one}" for one in folders}
    differ = sorted(wheel["force-include"].items() ^ wanted.items())
    assert not differ, f"force-include of pyproject.toml differs in these lines: {differ}"
    recipe = ast.parse((ROOT / "packaging" / "mma-desktop.spec").read_text("utf-8"))
    (datas,) = [
        node.value for node in recipe.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "datas"
    ]
    put = dict(eval(ast.unparse(datas), {"ROOT": ROOT}))
    assert {source: place for source, place in put.items() if place.startswith("resources")} == {
        str(ROOT / "resources" / one): f"resources/{one}" for one in folders
    }


def test_resources_of_a_checkout_and_of_a_frozen_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.resources_dir() == ROOT / "resources"
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources_dir() == tmp_path / "resources"
    with pytest.raises(FileNotFoundError, match="Install mma-desktop again"):
        paths.resource("icons", "app.svg")
