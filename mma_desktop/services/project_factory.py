"""Open, create and close projects, keep cards of closed ones, and clear caches.

Imports SQLAlchemy, Pillow and NumPy with the first project.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.core import paths
from mma_desktop.core.atomic_io import atomic_path, unfinished
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import DATABASE_FILE, clean_name
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import STARTER_ID, Accuracy

if TYPE_CHECKING:
    from mma_desktop.media.reader import Thumbnails
    from mma_desktop.services.context import ProjectContext
    from mma_desktop.store.project import Project


log = logging.getLogger(__name__)
CACHE_VARIABLE = "MMA_CACHE_GB"
GIGABYTE = 1e9  # as disks count them


def user_thumbnails() -> Thumbnails:
    """The user's thumbnail cache, shared by all projects. Thumbnails that cannot be stored are made on demand."""
    from mma_desktop.media.reader import Thumbnails

    paths.usable_folder(paths.AppData.CACHE)  # creates it with access for the user only
    return Thumbnails(paths.cache_dir() / "thumbnails")


def user_embeddings_dir() -> Path | None:
    """Where commands share embeddings; None if nothing can be stored, or is to be."""
    return paths.usable_folder(paths.AppData.CACHE, "embeddings") if cache_limit() else None


def cache_limit() -> float:
    """How many bytes of embeddings may be kept there: as the environment says, or else the settings.

    Raises:
        UserError: The environment says no number.
    """
    given = os.environ.get(CACHE_VARIABLE, "").strip()
    if not given:
        return GIGABYTE * float(Settings(paths.config_dir(), writes=False).get("cache_gigabytes"))
    with suppress(ValueError):
        if 0 <= (limit := float(given)) < math.inf:
            return GIGABYTE * limit
    raise UserError.tr(
        "{variable} is '{given}', which is no number of gigabytes. Set it to one, such as 2, or to nothing.",
        variable=CACHE_VARIABLE,
        given=given,
    )


def project_folder(folder: Path) -> Path:
    """A project's folder from a command-line argument, with or without the suffix."""
    full = Path(f"{folder.absolute()}{paths.PROJECT_SUFFIX}")
    return full if os.path.exists(full) and not os.path.exists(folder) else folder  # noqa: PTH110 - never raises


def given_project(path: Path) -> Path | None:
    """The project folder that an argument names, with or without its suffix; None if it is something else."""
    # A path that cannot be looked at, such as a name that is too long, is something else.
    folder = project_folder(path)
    is_project = paths.names_project(folder) and not os.path.isfile(folder)  # noqa: PTH113
    return folder if is_project or os.path.isfile(folder / DATABASE_FILE) else None  # noqa: PTH113


def _store() -> type[Project]:
    from mma_desktop.store import integrity
    from mma_desktop.store.project import Project

    integrity.set_notes_folder(paths.cache_dir() / "known")
    return Project


def open_project(folder: Path, threads: int | None = None) -> ProjectContext:
    """Open a project folder. Raises UserError if it is not a project, damaged, newer, or open in another window."""
    return _context(_store().open(folder), threads)


def create_project(
    folder: Path, prompt_template: str = "", backbone: str = STARTER_ID, threads: int | None = None
) -> ProjectContext:
    """Create a project folder and open it. Without a prompt template, the backbone's default is used.

    Raises:
        UserError: The folder exists or cannot be created.
    """
    context = _context(_store().create(folder), threads)
    context.project.set_setting("prompt_template", prompt_template)
    context.project.set_setting("backbone", backbone)
    return context


def close_project(context: ProjectContext) -> str:
    """Back up a project if it changed, and close it even if that fails.

    Returns:
        Why there is no backup, as a sentence; empty on success.
    """
    try:
        if context.lasting:
            context.project.keep_backup()
    except UserError as error:
        log.warning("%s was closed without a backup: %s", context.project.folder, error)
        return str(error)
    finally:
        context.close()
    return ""


def clear_unfinished() -> None:
    """Remove temporary files of killed processes, and start recording those of this one."""
    unfinished.set_folder(paths.cache_dir() / "unfinished")
    unfinished.clear()


def _context(project: Project, threads: int | None) -> ProjectContext:
    from mma_desktop.services.context import ProjectContext

    try:
        clear_unfinished()
        if project.images_dir.is_dir():
            project.follow_images()  # the folder may have been moved or copied
        return ProjectContext(project, user_thumbnails(), threads=threads)
    except BaseException:
        project.close()
        raise


def free_project_folder(parent: Path, name: str) -> Path:
    return paths.unused_path(parent, clean_name(name) or "project", paths.PROJECT_SUFFIX)


@contextmanager
def scratch_project() -> Iterator[ProjectContext]:
    """A temporary project for one headless job. Its embeddings go to the user's cache, for later jobs.

    Raises:
        UserError: There is no folder for temporary files.
    """
    from mma_desktop.services.context import ProjectContext
    from mma_desktop.store.project import Project

    clear_unfinished()
    made = tempfile.TemporaryDirectory(prefix=".mma-desktop-", suffix=".tmp", dir=paths.temporary_folder())
    with unfinished.tracked(Path(made.name)), made as folder:  # stays recorded until the folder is gone
        project = Project.create(Path(folder) / f"headless{paths.PROJECT_SUFFIX}")
        context = ProjectContext(project, shared_dir=user_embeddings_dir(), most_shared=cache_limit(), lasting=False)
        try:
            yield context
        finally:
            context.close()


@dataclass(frozen=True, slots=True)
class Cache:
    """One cache. `again` says how its content is rebuilt."""

    name: str
    folder: Path
    again: str

    def size_bytes(self) -> int:
        total = 0
        for place, _, names in os.walk(self.folder):
            for name in names:
                with suppress(OSError):
                    total += Path(place, name).stat(follow_symlinks=False).st_size
        return total

    def clear(self) -> None:
        """Delete the content; the folder stays. Raises UserError if something could not be deleted."""
        try:
            for path in list(self.folder.iterdir()) if self.folder.is_dir() else ():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise UserError.tr(
                "{folder} could not be cleared ({reason}). Change its permissions, or close the "
                "program that uses it, and try again.",
                folder=self.folder,
                reason=error.strerror or error,
            ) from error


def caches() -> list[Cache]:
    folder = paths.cache_dir()
    return [
        Cache(tr("Small copies of pictures"), user_thumbnails().folder, tr("made again as pictures are shown")),
        Cache(
            tr("What commands learned of pictures"), folder / "embeddings", tr("made again when a command needs them")
        ),
        Cache(
            tr("Prepared models and names"),
            folder / "prepared",
            tr("made again when one is loaded"),
        ),
    ]


CARD_IMAGES, CARD_VERSION = 4, 3  # a square of examples, on Home


@dataclass(frozen=True)
class ProjectCard:
    """A project at a glance: numbers, how many predictions are right if measured, last seen when, and small JPEGs.

    `backbone` is the id of what its pictures are seen with.
    """

    pictures: int
    labelled: int
    classes: int
    right: Accuracy | None
    seen: float
    shown: tuple[bytes, ...]
    backbone: str = STARTER_ID


def _card_file(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]
    return paths.cache_dir() / "projects" / f"{name}.json"


def keep_card(context: ProjectContext, right: Accuracy | None) -> None:
    """Keep the card of a project that is about to be closed, with how many of its predictions are right."""
    # A card that cannot be written is no reason not to close.
    from mma_desktop.media.pixels import jpeg_bytes

    columns = context.index.columns
    ids = columns.ids[columns.usable]
    step = max(1, len(ids) // CARD_IMAGES)
    rows = context.project.image_rows(ids[::step][:CARD_IMAGES].tolist())
    thumbnails = [image for row in rows if (image := context.thumbnail(row)) is not None]
    card = ProjectCard(
        len(ids),
        int((columns.labelled & columns.usable).sum()),
        len(context.classes),
        right,
        time.time(),
        tuple(jpeg_bytes(image) for image in thumbnails),
        context.backbone_id,
    )
    data = asdict(card) | {"version": CARD_VERSION, "shown": [base64.b64encode(image).decode() for image in card.shown]}
    place = _card_file(context.project.folder)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(place) as temporary:
            temporary.write_text(json.dumps(data), "utf-8")
    except (OSError, UserError) as error:
        log.info("No card of %s: %s", context.project.folder, error)


def cards_of(folders: Iterable[Path]) -> dict[Path, ProjectCard]:
    cards = {}
    for folder in folders:
        try:
            data = json.loads(_card_file(folder).read_text("utf-8"))
            if data.pop("version") == CARD_VERSION:
                shown = tuple(base64.b64decode(image) for image in data.pop("shown"))
                right = data.pop("right")
                cards[folder] = ProjectCard(shown=shown, right=right and Accuracy(**right), **data)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return cards
