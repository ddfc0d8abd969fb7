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
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project, open_project

from .test_importing import imported

MakeFolder = Callable[..., Path]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
GONE = "is not there any more"

IN_USE = "birds.mma is open in another window or used by a command. Close it there, or wait for the command."
HOLD = """
import sys
from pathlib import Path
from mma_desktop.store.project import Project
with Project.open(Path(sys.argv[1])) as project:
    print(len(project.catalogue()), flush=True)
    sys.stdin.readline()
"""


def labels(context: ProjectContext) -> dict[int, int]:
    columns = context.index.columns
    return dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True))


def filled(folder: Path, pictures: Path) -> ProjectContext:
    context = create_project(folder, threads=1)
    imported(context, pictures, folders=True)
    return context


@pytest.fixture
def pictures(make_folder: MakeFolder) -> Path:
    return make_folder("pictures", {"ant": 3, "bee": 2})


def everything_is_refused(context: ProjectContext, pictures: Path, out: Path) -> None:
    """Each thing that is written to the project is refused with the sentence, and nothing of it is in memory."""
    before = labels(context)
    image = next(iter(before))
    other = context.classes[1].id
    with pytest.raises(UserError, match=GONE):
        context.project.assign([image], other)
    with pytest.raises(UserError, match=GONE):
        context.project.add_classes(["wasp"])
    with pytest.raises(UserError, match=GONE):
        context.project.undo()
    with pytest.raises(UserError, match=GONE):
        context.project.set_setting("prompt_template", "a {}.")
    fresh = pictures.parent / "fresh"
    fresh.mkdir(exist_ok=True)
    shutil.copy(pictures / "ant" / "ant 00.jpg", fresh / "copy.jpg")
    with pytest.raises(UserError, match=GONE):
        importing.import_paths(context, [fresh], CancelToken())
    with pytest.raises(UserError, match=GONE):
        context.project.keep_backup()
    assert labels(context) == before
    assert [one.name for one in context.classes] == ["ant", "bee"]
    assert len(context.select(Filter(Show.LABELLED))) == 5
    assert not out.exists(), "nothing was made at the place where the project was"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_project_that_is_renamed_while_it_is_open(tmp_path: Path, pictures: Path) -> None:
    context = filled(tmp_path / "birds.mma", pictures)
    image = next(iter(labels(context)))
    context.project.assign([image], context.classes[1].id)
    away = context.project.folder.with_name("away.mma")
    context.project.folder.rename(away)
    everything_is_refused(context, pictures, context.project.folder)
    away.rename(context.project.folder)
    context.project.assign([image], context.classes[0].id)
    context.project.undo()
    context.project.undo()
    after = labels(context)
    context.close()
    again = open_project(tmp_path / "birds.mma", threads=1)
    assert labels(again) == after
    again.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_project_that_is_removed_while_it_is_open(tmp_path: Path, pictures: Path) -> None:
    context = filled(tmp_path / "birds.mma", pictures)
    shutil.rmtree(context.project.folder)
    everything_is_refused(context, pictures, context.project.folder)
    context.close()
    assert not context.project.folder.exists()
    with pytest.raises(UserError, match="is not there"):
        open_project(tmp_path / "birds.mma", threads=1)
    create_project(tmp_path / "birds.mma", threads=1).close()


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
    context = filled(drive / "birds.mma", pictures)
    before = labels(context)
    image = next(iter(before))
    assert mounted("umount", "-l", str(drive))
    everything_is_refused(context, pictures, context.project.folder)
    assert mounted("mount", "--bind", str(tmp_path / "stick"), str(drive))
    context.project.assign([image], context.classes[1].id)
    assert mounted("umount", "-l", str(drive))
    context.close()
    assert mounted("mount", "--bind", str(tmp_path / "stick"), str(drive))
    again = open_project(drive / "birds.mma", threads=1)
    assert labels(again) == {**before, image: again.classes[1].id}
    again.close()


def test_a_project_on_a_read_only_drive_is_refused_and_untouched(drive: Path, tmp_path: Path, pictures: Path) -> None:
    filled(drive / "birds.mma", pictures).close()
    files = {one: one.read_bytes() for one in drive.rglob("*") if one.is_file()}
    if not mounted("mount", "-o", "remount,bind,ro", str(drive)):
        pytest.skip("this system mounts nothing read-only")
    with pytest.raises(UserError, match=r"cannot be written to\. Choose another folder, or change its permissions"):
        open_project(drive / "birds.mma", threads=1)
    with pytest.raises(UserError, match="cannot be written to"):
        create_project(drive / "second.mma", threads=1)
    assert {one: one.read_bytes() for one in drive.rglob("*") if one.is_file()} == files
    shutil.copytree(drive / "birds.mma", tmp_path / "copy.mma")
    copied = open_project(tmp_path / "copy.mma", threads=1)
    assert len(labels(copied)) == 5
    copied.close()


@pytest.mark.skipif(IS_ROOT or os.name == "nt", reason="root may write everywhere")
def test_a_folder_that_becomes_read_only_while_it_is_open(tmp_path: Path, pictures: Path) -> None:
    context = filled(tmp_path / "birds.mma", pictures)
    image = next(iter(labels(context)))
    for folder in (context.project.folder / "backups", context.project.folder):
        folder.chmod(0o555)
    try:
        context.project.assign([image], context.classes[1].id)  # the files that are open stay so
        with pytest.raises(UserError, match="cannot be written to"):
            context.project.keep_backup()
        context.close()
        again = open_project(tmp_path / "birds.mma", threads=1)  # SQLite's log could not be removed, and goes on
        again.project.assign([image], again.classes[0].id)
        again.project.assign([image], again.classes[1].id)
        again.close()
    finally:
        for folder in (context.project.folder, context.project.folder / "backups"):
            folder.chmod(0o755)
    again = open_project(tmp_path / "birds.mma", threads=1)
    assert labels(again)[image] == again.classes[1].id
    again.close()


def test_two_windows_on_one_project(tmp_path: Path, pictures: Path) -> None:
    filled(tmp_path / "birds.mma", pictures).close()
    command = [sys.executable, "-c", HOLD, str(tmp_path / "birds.mma")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "5\n"
        with pytest.raises(UserError, match=IN_USE):
            open_project(tmp_path / "birds.mma", threads=1)
        other.kill()
    context = open_project(tmp_path / "birds.mma", threads=1)  # what a killed window held is free
    done = subprocess.run(
        [sys.executable, "-m", "mma_desktop", "check", str(tmp_path / "birds.mma")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"{IN_USE}\n")
    image = next(iter(labels(context)))
    context.project.assign([image], context.classes[1].id)
    context.close()
