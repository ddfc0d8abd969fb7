"""The report to send: versions, system, device, the last lines of the log, and no name of anybody."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from mma_desktop.core.logging import last_lines, log_file
from mma_desktop.services import diagnostics


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = tmp_path / "Jo Doe.x"
    home.mkdir()
    monkeypatch.setattr(Path, "home", classmethod(lambda _: home))
    monkeypatch.setattr(getpass, "getuser", lambda: "jodoe")
    return home


def write_log(*lines: str) -> None:
    log_file().parent.mkdir(parents=True, exist_ok=True)
    log_file().write_text("".join(line + "\n" for line in lines), "utf-8")


def test_what_is_in_it(somebody: Path) -> None:
    write_log(*(f"line {number}." for number in range(200)), "x INFO mma-engine m: Backbone starter (ab) on cuda:0")
    text = diagnostics.report({"Qt": "6.8", "Window system": "wayland"}, "Traceback of it")
    for name in ("mma-desktop", "Python", "torch", "open_clip_torch", "pillow", "SQLite", "System", "Qt"):
        assert f"\n{name}: " in f"\n{text}"
    assert "Window system: wayland" in text
    assert "Device: cuda:0" in text
    assert "Traceback of it" in text
    assert "line 151." in text
    assert "line 150." not in text
    assert text.count("line ") == 49


def test_without_a_log(somebody: Path) -> None:
    assert "Device: none used lately" in diagnostics.report({})
    assert "(none)" in diagnostics.report({})


def test_nobody_is_named(somebody: Path) -> None:
    link = somebody.parent / "link"
    link.symlink_to(somebody)
    write_log(f"{somebody}/a.mma is damaged", f"'{somebody}'", "/media/jodoe/disk/b.jpg", f"{link.resolve()}/c: x")
    text = diagnostics.report({}, f'File "{somebody}/x.py", line 3\n{somebody}')
    assert "jodoe" not in text
    assert "Jo Doe" not in text
    assert "~/a.mma is damaged" in text
    assert "'~'" in text
    assert "/media/USER/disk/b.jpg" in text
    assert '"~/x.py"' in text


def test_a_windows_home(monkeypatch: pytest.MonkeyPatch) -> None:
    class Home:
        name = "Jo"

        def __str__(self) -> str:
            return r"C:\Users\Jo"

        def __fspath__(self) -> str:
            return str(self)

    monkeypatch.setattr(Path, "home", classmethod(lambda _: Home()))
    monkeypatch.setattr(getpass, "getuser", lambda: "Jo")
    text = diagnostics.without_names(r"C:\Users\Jo\a c:/users/jo/b 'C:\\Users\\Jo\\c' D:\data\Jo\d C:\Users\Joan\e")
    assert text == r"~\a ~/b '~\\c' D:\data\USER\d C:\Users\Joan\e"


def test_others_with_a_longer_name_are_left_alone(somebody: Path) -> None:
    assert diagnostics.without_names(f"{somebody}2/a") == f"{somebody}2/a"


def test_a_damaged_log(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"\xff\n" * 100_000)
    assert last_lines(path, 3) == ["\ufffd"] * 3
    assert last_lines(tmp_path / "no", 3) == []
