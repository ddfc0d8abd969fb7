"""What the installers tell the system: valid by the system's own tools, where they are installed."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINUX = ROOT / "packaging" / "linux"


@pytest.fixture
def build_deb(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(LINUX), *sys.path])
    import build_deb

    return build_deb  # type: ignore[no-any-return]


def needs(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} is not installed")


def run(*command: object) -> None:
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_home_page_is_the_repository_everywhere(build_deb: ModuleType) -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    about = build_deb.metainfo(datetime.date(2026, 1, 1))
    told = dict(re.findall(r'<url type="([a-z-]+)">([^<]+)</url>', about))
    assert urls["Homepage"] == urls["Repository"] == told["homepage"] == told["vcs-browser"] == build_deb.HOME
    assert urls["Issues"] == told["bugtracker"]
    assert urls["Documentation"] == told["help"]


def test_the_authors_are_the_same_everywhere_and_no_account_is_made_up(
    build_deb: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (author,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["authors"]
    about = build_deb.metainfo(datetime.date(2026, 1, 1))
    assert author == {"name": "The mma-desktop contributors", "email": "noreply@github.com"}
    assert f"<name>{author['name']}</name>" in about
    assert f"AppPublisher={author['name']}\n" in (ROOT / "packaging/windows/mma-desktop.iss").read_text("utf-8")
    monkeypatch.delenv("DEBFULLNAME", raising=False)
    monkeypatch.delenv("DEBEMAIL", raising=False)
    assert build_deb.maintainer() == f"{author['name']} <{author['email']}>"
    monkeypatch.setenv("DEBFULLNAME", "Ada Lovelace")
    monkeypatch.setenv("DEBEMAIL", "ada@lovelace.org")
    assert build_deb.maintainer() == "Ada Lovelace <ada@lovelace.org>"


def test_what_the_description_shows_is_in_the_repository(build_deb: ModuleType) -> None:
    about = build_deb.metainfo(datetime.date(2026, 1, 1))
    places = re.findall(r"(?:mma-desktop/main|blob/main)/([\w./-]+)", about)
    assert sum(place.endswith(".png") for place in places) == 4
    assert [place for place in places if not (ROOT / place).exists()] == []


@needs("appstreamcli")
def test_the_description_is_valid_and_complete(build_deb: ModuleType, tmp_path: Path) -> None:
    about = tmp_path / build_deb.METAINFO
    about.write_text(build_deb.metainfo(datetime.date(2026, 1, 1)), encoding="utf-8")
    run("appstreamcli", "validate", "--no-net", "--pedantic", about)


@needs("desktop-file-validate")
def test_the_menu_entry_is_valid() -> None:
    run("desktop-file-validate", LINUX / "mma-desktop.desktop")


@needs("dpkg-deb", "lintian", "appstreamcli", "desktop-file-validate")
def test_a_package_with_a_small_program_has_no_error_that_is_not_stated(build_deb: ModuleType, tmp_path: Path) -> None:
    program = tmp_path / "dist" / "mma-desktop"
    (program / "_internal").mkdir(parents=True)
    shutil.copy(os.path.realpath("/bin/true"), program / "mma-desktop")
    (program / "_internal" / "data.txt").write_text("data\n")
    (program / "_internal" / "torch").mkdir()
    (program / "_internal" / "torch" / "read_only.py").write_text("#!/usr/bin/env/python3\n")  # as torch has them
    run(LINUX / "lint_deb.sh", build_deb.build(program, tmp_path))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="an AppImage is made on Linux")
def test_an_appimage_is_made_where_its_tool_is_and_the_lack_of_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, tools = tmp_path / "mma-desktop", tmp_path / "tools"
    program.mkdir()
    shutil.copy(os.path.realpath("/bin/true"), program / "mma-desktop")
    tools.mkdir()
    for name in (
        "bash",
        "basename",
        "cat",
        "chmod",
        "cp",
        "dirname",
        "ln",
        "mkdir",
        "readlink",
        "realpath",
        "rm",
        "uname",
    ):
        (tools / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(tools))

    def packed(out: Path, python: str) -> tuple[list[str], str]:
        command = [str(LINUX / "build_appimage.sh"), str(program), str(out), python]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        assert (out / "AppDir" / "AppRun").exists()
        return [path.name for path in out.glob("*.AppImage")], done.stderr

    names, said = packed(tmp_path / "without", sys.executable)
    assert names == []
    assert "No AppImage was made, since appimagetool is not installed." in said
    (tools / "appimagetool").write_text('#!/usr/bin/env bash\ncp "$1/AppRun" "$2"\n')
    (tools / "env").symlink_to(str(shutil.which("env", path="/usr/bin:/bin")))
    (tools / "appimagetool").chmod(0o755)
    again = tools / "again"  # what is laid out is the same
    again.write_text(f'#!/usr/bin/env bash\ncp -a "{tmp_path}/without/AppDir" "$4"\n')
    again.chmod(0o755)
    names, said = packed(tmp_path / "with", str(again))
    assert [name.startswith("mma-desktop-") for name in names] == [True]
    assert "No AppImage" not in said


@pytest.mark.parametrize(("size", "right"), [(1.5, True), (1.3, False)])
def test_the_build_checks_the_sizes_that_the_readme_says(
    size: float, right: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "packaging"), *sys.path])
    import build

    made = tmp_path / "program"
    made.mkdir()
    with (made / "library.so").open("wb") as file:
        file.truncate(round(size * 1e9))  # a hole, which takes no room
    if right:
        build.said(r"one ([\d.]+) GB folder", made)
    else:
        with pytest.raises(SystemExit, match=r"1\.30 GB; the README says 1\.5"):
            build.said(r"one ([\d.]+) GB folder", made)
