"""A project's folder that is read-only, goes away or comes back while it is open, and two windows on one project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectSession
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.project_factory import create_session, open_session

from .test_importing import imported, run

MakeFolder = Callable[..., Path]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
GONE = "is not there any more"

IN_USE = "birds.mma is open in another window or used by a command. Close it there, or wait for the command."
HOLD = """
import sys
from pathlib import Path
from mma_desktop.store import Project
with Project.open(Path(sys.argv[1])) as project:
    print(len(project.catalogue()), flush=True)
    sys.stdin.readline()
"""


def labels(session: ProjectSession) -> dict[int, int]:
    columns = session.catalogue.columns
    return dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True))


def filled(folder: Path, pictures: Path) -> ProjectSession:
    session = create_session(folder, threads=1)
    imported(session, pictures, folders=True)
    return session


@pytest.fixture
def pictures(make_folder: MakeFolder) -> Path:
    return make_folder("pictures", {"ant": 3, "bee": 2})


def everything_is_refused(session: ProjectSession, pictures: Path, out: Path) -> None:
    """Each thing that is written to the project is refused with the sentence, and nothing of it is in memory."""
    before = labels(session)
    image = next(iter(before))
    other = session.classes[1].id
    with pytest.raises(UserError, match=GONE):
        session.assign([image], other)
    with pytest.raises(UserError, match=GONE):
        session.add_classes(["wasp"])
    with pytest.raises(UserError, match=GONE):
        session.undo()
    with pytest.raises(UserError, match=GONE):
        session.set_setting("prompt_template", "a {}.")
    fresh = pictures.parent / "fresh"
    fresh.mkdir(exist_ok=True)
    shutil.copy(pictures / "ant" / "ant 00.jpg", fresh / "copy.jpg")
    with pytest.raises(UserError, match=GONE):
        run(session.import_paths([fresh], CancelToken()))
    with pytest.raises(UserError, match=GONE):
        session.project.backup()
    assert labels(session) == before
    assert [one.name for one in session.classes] == ["ant", "bee"]
    assert len(session.select(Filter(Show.LABELLED))) == 5
    assert not out.exists(), "nothing was made at the place where the project was"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_project_that_is_renamed_while_it_is_open(tmp_path: Path, pictures: Path) -> None:
    session = filled(tmp_path / "birds.mma", pictures)
    image = next(iter(labels(session)))
    session.assign([image], session.classes[1].id)
    away = session.folder.with_name("away.mma")
    session.folder.rename(away)
    everything_is_refused(session, pictures, session.folder)
    away.rename(session.folder)
    session.assign([image], session.classes[0].id)
    session.undo()
    session.undo()
    after = labels(session)
    session.close()
    again = open_session(tmp_path / "birds.mma", threads=1)
    assert labels(again) == after
    again.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_project_that_is_removed_while_it_is_open(tmp_path: Path, pictures: Path) -> None:
    session = filled(tmp_path / "birds.mma", pictures)
    shutil.rmtree(session.folder)
    everything_is_refused(session, pictures, session.folder)
    session.close()
    assert not session.folder.exists()
    with pytest.raises(UserError, match="is not there"):
        open_session(tmp_path / "birds.mma", threads=1)
    create_session(tmp_path / "birds.mma", threads=1).close()


def mounted(*arguments: str) -> bool:
    """Whether a mount could be made or taken away."""
    return (
        shutil.which("mount") is not None and not subprocess.run(arguments, capture_output=True, check=False).returncode
    )


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A folder that is mounted and can be unplugged."""
    stick, place = tmp_path / "stick", tmp_path / "drive"
    stick.mkdir()
    place.mkdir()
    if not mounted("mount", "--bind", str(stick), str(place)):
        pytest.skip("this user may not mount")
    yield place
    while mounted("umount", "-l", str(place)):
        pass


def test_a_drive_that_is_unplugged_and_plugged_in_again(drive: Path, tmp_path: Path, pictures: Path) -> None:
    session = filled(drive / "birds.mma", pictures)
    before = labels(session)
    image = next(iter(before))
    assert mounted("umount", "-l", str(drive))
    everything_is_refused(session, pictures, session.folder)
    assert mounted("mount", "--bind", str(tmp_path / "stick"), str(drive))
    session.assign([image], session.classes[1].id)
    assert mounted("umount", "-l", str(drive))
    session.close()
    assert mounted("mount", "--bind", str(tmp_path / "stick"), str(drive))
    again = open_session(drive / "birds.mma", threads=1)
    assert labels(again) == {**before, image: again.classes[1].id}
    again.close()


def test_a_project_on_a_read_only_drive_is_refused_and_untouched(drive: Path, tmp_path: Path, pictures: Path) -> None:
    filled(drive / "birds.mma", pictures).close()
    files = {one: one.read_bytes() for one in drive.rglob("*") if one.is_file()}
    if not mounted("mount", "-o", "remount,bind,ro", str(drive)):
        pytest.skip("this system mounts nothing read-only")
    with pytest.raises(UserError, match=r"cannot be written to\. Choose another folder, or change its permissions"):
        open_session(drive / "birds.mma", threads=1)
    with pytest.raises(UserError, match="cannot be written to"):
        create_session(drive / "second.mma", threads=1)
    assert {one: one.read_bytes() for one in drive.rglob("*") if one.is_file()} == files
    shutil.copytree(drive / "birds.mma", tmp_path / "copy.mma")
    copied = open_session(tmp_path / "copy.mma", threads=1)
    assert len(labels(copied)) == 5
    copied.close()


@pytest.mark.skipif(IS_ROOT or os.name == "nt", reason="root may write everywhere")
def test_a_folder_that_becomes_read_only_while_it_is_open(tmp_path: Path, pictures: Path) -> None:
    session = filled(tmp_path / "birds.mma", pictures)
    image = next(iter(labels(session)))
    for folder in (session.folder / "backups", session.folder):
        folder.chmod(0o555)
    try:
        session.assign([image], session.classes[1].id)  # the files that are open stay so
        with pytest.raises(UserError, match="cannot be written to"):
            session.project.backup()
        session.close()
        again = open_session(tmp_path / "birds.mma", threads=1)  # SQLite's log could not be removed, and goes on
        again.assign([image], again.classes[0].id)
        again.assign([image], again.classes[1].id)
        again.close()
    finally:
        for folder in (session.folder, session.folder / "backups"):
            folder.chmod(0o755)
    again = open_session(tmp_path / "birds.mma", threads=1)
    assert labels(again)[image] == again.classes[1].id
    again.close()


def test_two_windows_on_one_project(tmp_path: Path, pictures: Path) -> None:
    filled(tmp_path / "birds.mma", pictures).close()
    command = [sys.executable, "-c", HOLD, str(tmp_path / "birds.mma")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "5\n"
        with pytest.raises(UserError, match=IN_USE):
            open_session(tmp_path / "birds.mma", threads=1)
        other.kill()
    session = open_session(tmp_path / "birds.mma", threads=1)  # what a killed window held is free
    done = subprocess.run(
        [sys.executable, "-m", "mma_desktop", "check", str(tmp_path / "birds.mma")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"{IN_USE}\n")
    image = next(iter(labels(session)))
    session.assign([image], session.classes[1].id)
    session.close()
