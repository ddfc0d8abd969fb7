"""The doctor says what is there, what is wrong and what mends it."""

from __future__ import annotations

import errno
import getpass
import json
import os
import shutil
import sys
import tempfile
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from mma_desktop.core import paths
from mma_desktop.services import diagnostics
from mma_desktop.services.diagnostics import CheckResult, State
from tests.programs import main_code


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("documents_dir", "config_dir", "cache_dir", "log_dir"):
        monkeypatch.setattr(paths, name, lambda name=name: tmp_path / name)
    return tmp_path


def opens() -> tuple[bool, str]:
    return True, "Qt, some platform"


def found(topic: str, ask: Callable[[], tuple[bool, str]] = opens) -> CheckResult:
    return next(one for one in diagnostics.diagnose(ask, ask_hub=False) if one.topic == topic)


def test_a_sound_machine(folders: Path) -> None:
    findings = list(diagnostics.diagnose(opens, ask_hub=False))
    assert [one.topic for one in findings if one.state is State.WRONG] == []
    assert {"mma-desktop", "torch", "Window", "Device", "Model hub", "Projects", "Cache: Small copies of pictures"} <= {
        one.topic for one in findings
    }
    assert all(one.found for one in findings)


def test_a_window_that_cannot_open_has_a_cure(folders: Path) -> None:
    one = found("Window", lambda: (False, "no xcb"))
    assert one.state is State.WRONG
    assert "no xcb" in one.found
    assert "libxcb-cursor0" in one.fix


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_no_screen_is_nothing_to_mend(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in diagnostics.SCREENS:
        monkeypatch.delenv(name, raising=False)
    one = found("Window", lambda: (False, "could not load the Qt platform plugin xcb"))
    assert one.state is State.NOTE
    assert "there is no screen" in one.found
    assert "libxcb" not in one.fix


def test_a_package_that_is_missing(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "PACKAGES", ("torch", "no-such-package"))
    one = found("no-such-package")
    assert one.state is State.WRONG
    assert "pip install" in one.fix


def test_large_sizes_are_told_in_gib(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    for free, text in ((2**30, "1,024.0 MiB free"), (41 * 2**28, "10.2 GiB free")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: usage(2**40, 0, free))
        assert found("Projects").found.endswith(text)


def test_a_full_disk_and_a_folder_without_permission(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 9, 1))
    assert found("Cache").state is State.WRONG
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert "is not writable" in found("Projects").found


def test_the_folder_of_another_user_is_named(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = paths.cache_dir()
    cache.mkdir()
    refusal = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=refusal))
    monkeypatch.setattr(os, "geteuid", lambda: cache.stat().st_uid + 1)
    one = found("Cache")
    assert one.state is State.WRONG
    assert f"{cache} is not writable (Permission denied)" in one.found
    assert f"It belongs to {cache.owner()}" in one.fix
    assert f"chown -R {getpass.getuser()} {cache}" in one.fix
    topics = [one.topic for one in diagnostics.diagnose(opens, ask_hub=False)]
    assert not any(topic.startswith("Cache:") for topic in topics), "what is in it is not known"


def test_a_device_that_fails_is_told(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from mma_desktop.engine import device

    told = ["The device cuda failed (old driver), so the next one is used."]
    monkeypatch.setattr(device, "pick_device", lambda _name: (torch.device("cpu"), told))
    one = found("Device")
    assert one.state is State.WRONG
    assert "old driver" in one.found
    assert "driver" in one.fix


def test_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    from mma_desktop.engine.backbones.weights import hub_problem

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in hub_problem()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")  # nobody listens to "discard"
    assert "127.0.0.1:9" in hub_problem()


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """As a process of its own: `strangers/test_current_folder.py`."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main_code("doctor", "--offline", "--json", tmp_path / "found.json") == 0
    assert "platform offscreen" in capsys.readouterr().out
    topics = [one["topic"] for one in json.loads((tmp_path / "found.json").read_text())]
    assert topics[0] == "mma-desktop"


def test_a_platform_that_does_not_exist_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    assert main_code("doctor", "--offline") == 1
    said = capsys.readouterr().out
    assert "WRONG  Window" in said
    assert "no-such-platform" in said


def test_a_build_carries_the_versions_that_are_told() -> None:
    recipe = Path(__file__).parents[1] / "packaging" / "mma-desktop.spec"
    carried = recipe.read_text("utf-8").lower()
    assert [name for name in diagnostics.PACKAGES if f'"{name.lower()}"' not in carried] == []
