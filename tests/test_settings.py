"""Settings: typed, kept, and a damaged file costs no more than itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.settings import RECENT_LIMIT, SETTINGS, Settings


def test_values_recent_projects_and_window_states_survive_a_restart(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set("theme", "dark")
    settings.set("shots", 4)
    settings.add_recent(tmp_path / "a.mma")
    settings.add_recent(tmp_path / "b.mma")
    settings.add_recent(tmp_path / "a.mma")
    settings.set_window_states({"main": "AAAA"})
    settings.allow_watching(Path("/p.mma"), [Path("/a"), Path("/b")])
    again = Settings(tmp_path)
    assert again.get("theme") == "dark"
    assert again.get("shots") == 4
    assert again.recent() == [tmp_path / "a.mma", tmp_path / "b.mma"]
    assert again.window_state("main") == "AAAA"
    assert again.allows_watching(Path("/p.mma"), [Path("/a"), Path("/b")])
    assert not again.allows_watching(Path("/p.mma"), [Path("/a")])
    assert not again.allows_watching(Path("/q.mma"), [Path("/a"), Path("/b")])
    assert not list(tmp_path.glob(".*tmp"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("shots", 0), ("shots", True), ("shots", "16"), ("prompt_template", 3), ("shots", 1.5)],
)
def test_a_value_that_does_not_fit_is_refused(tmp_path: Path, name: str, value: object) -> None:
    settings = Settings(tmp_path)
    before = settings.get(name)
    with pytest.raises(UserError):
        settings.set(name, value)
    assert settings.get(name) == before


def test_every_default_fits_its_own_setting() -> None:
    for setting in SETTINGS:
        assert setting.accepts(setting.default), setting.name


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"version": "x", "values": {}}', "\0\0"])
def test_a_damaged_file_gives_the_defaults_and_is_kept(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    assert Settings(tmp_path, writes=False).get("shots") == 16, "a command looks, and leaves it to the window"
    settings = Settings(tmp_path)
    assert settings.get("shots") == 16
    assert settings.trouble
    assert (tmp_path / "settings.damaged.json").read_text() == text
    settings.set("shots", 8)
    assert Settings(tmp_path).get("shots") == 8


def test_only_so_many_recent_projects_are_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    for number in range(RECENT_LIMIT + 3):
        settings.add_recent(tmp_path / f"{number}.mma")
    assert len(settings.recent()) == RECENT_LIMIT
    settings.remove_recent(settings.recent()[0])
    assert len(Settings(tmp_path).recent()) == RECENT_LIMIT - 1


def test_recent_projects_that_are_gone(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    (tmp_path / "locked" / "a.mma").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "gone.mma", tmp_path / "locked" / "a.mma"):
        settings.add_recent(folder)
    (tmp_path / "locked").chmod(0)
    try:
        locked = [] if os.access(tmp_path / "locked" / "a.mma", os.F_OK) else [tmp_path / "locked" / "a.mma"]
        assert settings.missing_recent() == [*locked, tmp_path / "gone.mma"]
    finally:
        (tmp_path / "locked").chmod(0o755)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def enormous(path: Path) -> None:
    path.touch()
    os.truncate(path, 10 << 30)


def forbidden(path: Path) -> None:
    path.write_text('{"version": 1, "values": {"shots": 3}}')
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.unlink()
        pytest.skip("root may read everything")


@pytest.mark.skipif(os.name != "posix", reason="pipes and permissions of POSIX")
@pytest.mark.parametrize("make", [Path.mkdir, pipe, enormous, forbidden])
def test_what_cannot_be_read_gives_the_defaults_and_stands_aside(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "settings.json")
    settings = Settings(tmp_path)
    assert settings.get("shots") == 16
    assert str(tmp_path / "settings.json") in settings.trouble
    settings.set("shots", 8)
    assert settings.trouble == ""
    assert Settings(tmp_path).get("shots") == 8
    assert os.path.lexists(tmp_path / "settings.damaged.json")


def test_what_cannot_be_written_counts_until_the_end_and_is_told_once(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("where the folder should be")
    settings, told = Settings(folder), list[str]()
    settings.on_trouble = told.append
    settings.set("shots", 8)
    settings.add_recent(tmp_path / "a.mma")
    settings.set_window_states({"main": "AAAA"})
    assert (settings.get("shots"), settings.recent(), settings.window_state("main")) == (
        8,
        [tmp_path / "a.mma"],
        "AAAA",
    )
    assert told == [settings.trouble]
    assert "settings.json" in settings.trouble
    folder.unlink()
    settings.set("shots", 4)
    assert settings.trouble == ""
    assert Settings(folder).recent() == [tmp_path / "a.mma"]


def test_where_nothing_is_kept_nothing_is_written_or_told(tmp_path: Path) -> None:
    settings = Settings(tmp_path, writes=False)
    settings.set("shots", 8)
    assert (settings.get("shots"), settings.trouble) == (8, "")
    assert not list(tmp_path.iterdir())
