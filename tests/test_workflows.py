"""The workflows cannot run here: they parse, their steps are scripts of the repository, they test what is promised."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def loaded(path: Path) -> dict[str, Any]:
    # YAML 1.1 takes the key "on" for True.
    found = yaml.safe_load(path.read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in found.items()}


def named(name: str) -> dict[str, Any]:
    return loaded(ROOT / ".github" / "workflows" / f"{name}.yml")


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job.get("steps", [])]


def test_there_are_tests_installers_and_a_release() -> None:
    assert [path.stem for path in WORKFLOWS] == ["installers", "release", "tests"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_step_is_a_script_of_the_repository_or_a_versioned_action(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {}, "each job says what it may"
    for job in workflow["jobs"].values():
        assert job["permissions"]
        called = job.get("uses")
        assert called is None or (ROOT / called).is_file()
        assert called or job["timeout-minutes"] <= 90
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"(actions/[a-z-]+@v\d+|pypa/gh-action-pypi-publish@release/v1)", step["uses"])
            continue
        assert "${{" not in step["run"], "a value from outside would be part of the command"
        words = shlex.split(step["run"])
        script = ROOT / words[1 if words[0] == "python" else 0]
        if words[:2] not in (["pipx", "install"], ["gh", "release"]):
            assert script.is_file(), step["run"]
            assert words[0] == "python" or os.name == "nt" or os.access(script, os.X_OK)


def test_the_checks_before_a_merge_are_the_scripts_of_the_workflow() -> None:
    everything = (ROOT / ".ci" / "run").read_text("utf-8")
    commands = {step["run"] for step in steps(named("tests")) if step.get("run", "").startswith(".ci/")}
    assert commands == {".ci/system_packages", ".ci/check", ".ci/tests"}
    for command in commands - {".ci/system_packages"}:
        assert re.search(rf"^{re.escape(command)}\b", everything, re.MULTILINE)


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_tests_leave_the_environment_of_whoever_runs_them(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "tests", tmp_path / ".ci")
    (tmp_path / "pytest.py").write_text("import sys; print('tested in', sys.prefix)")
    (tmp_path / "README.md").write_text("    python3 -m venv --without-pip .venv && .venv/bin/python -m pytest\n")
    own = tmp_path / ".venv" / "kept"
    own.parent.mkdir()
    own.touch()
    for _ in range(2):
        done = subprocess.run([tmp_path / ".ci" / "tests"], capture_output=True, text=True, check=True)
        assert f"tested in {tmp_path / '.ci' / 'venv'}" in done.stdout
    assert list(own.parent.iterdir()) == [own]


def test_every_promised_version_of_python_is_tested_on_every_system() -> None:
    matrix = named("tests")["jobs"]["tests"]["strategy"]["matrix"]
    start = "Programming Language :: Python :: 3."
    promised = [one.removeprefix(start[:-2]) for one in PROJECT["classifiers"] if one.startswith(start)]
    assert matrix["python"] == promised
    assert PROJECT["requires-python"] == f">={promised[0]}"
    assert {one.partition("-")[0] for one in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_every_system_gets_its_installer() -> None:
    systems = named("installers")["jobs"]["build"]["strategy"]["matrix"]["os"]
    assert {one.partition("-")[0] for one in systems} == {"ubuntu", "macos", "windows"}
    build = (ROOT / "packaging" / "build.py").read_text("utf-8")
    for made_by in ("build_deb.py", "build_appimage.sh", "mma-desktop.iss", "hdiutil"):
        assert made_by in build


def test_pypi_knows_the_workflow_and_no_password_is_kept() -> None:
    release = named("release")
    assert release["on"] == {"push": {"tags": ["v*"]}}
    job = release["jobs"]["pypi"]
    assert job["permissions"] == {"id-token": "write"}
    assert set(job["needs"]) == {"tests", "installers", "wheel"}
    assert "secrets." not in "".join(path.read_text("utf-8") for path in WORKFLOWS)


def test_hooks_before_a_commit_are_what_is_asked_of_files() -> None:
    """All of `.ci/check` but the tests."""
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    hooks = "\n".join(f"check {one['entry']}" for one in local["hooks"])
    asked = (ROOT / ".ci" / "check").read_text("utf-8")
    in_hooks, in_check = (
        Counter(re.findall(r"^(?:\w+=\S+ )?check (?:bash -c ')?(?:\.venv/bin/)?(\S+(?: [a-z]+)?)", text, flags=re.M))
        for text in (hooks, asked)
    )
    in_check.pop("pytest")
    assert in_hooks == in_check, "a check of files belongs in .ci/check and in .pre-commit-config.yaml"


def test_dependabot_offers_no_qt_beyond_the_range() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))["updates"]
    assert {one["package-ecosystem"] for one in updates} == {"pip", "github-actions"}
    ignored = {one["dependency-name"]: one["versions"] for update in updates for one in update.get("ignore", [])}
    (essentials,) = (one for one in PROJECT["dependencies"] if one.startswith("PySide6"))
    name, end = re.split(r">=[\d.]+,<", essentials)
    assert ignored[name] == [f">={end}"]
