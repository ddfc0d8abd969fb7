"""Sort pictures into one folder per class, with undo.

Everything a sort is going to do is written to a journal in the target folder before the first file is touched. Undo
compares the journal with the disk, so it also works after a crash halfway, or after an interrupted undo.
"""

from __future__ import annotations

import errno
import filecmp
import json
import os
import stat
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from mma_desktop.core.atomic_io import (
    atomic_path,
    changed_at,
    make_folder,
    open_regular,
    os_error_sentence,
    read_regular,
    unreadable,
)
from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Changes, Progress, Throttle
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.path_safety import is_device_name, is_inside, leads_out
from mma_desktop.core.paths import full_path
from mma_desktop.core.safe_json import as_record, parsed
from mma_desktop.media.copy_export import (
    LINKS_UNSUPPORTED,
    FileStamp,
    collision_key,
    copy_new,
    move_new,
    safe_folder_name,
    unused_name,
    with_left_out,
)
from mma_desktop.media.decoding import PictureError, read_checked
from mma_desktop.media.error_messages import reason_text
from mma_desktop.media.picture_formats import MAX_FILE_BYTES, SUFFIXES, begins_like
from mma_desktop.services.predicting.sidecars import sidecar_of

UNSURE = later("Unsure", "folder of pictures whose prediction is below the confidence limit")
VERSION = 1
_STEM, _SUFFIX = ".mma-desktop sort", ".json"  # hidden, so that no folder walk mistakes it for a picture
JOURNAL = f"{_STEM}{_SUFFIX}"
MAX_JOURNAL_BYTES = 1 << 30
BATCH_SECONDS = 0.1
REPORT_SECONDS = 0.1
_FORMAT = "mma-desktop sort"
_COARSE_NS = 2_000_000_000
_NO_LINKS = LINKS_UNSUPPORTED - {errno.EMLINK}

Follow = Callable[[Sequence[tuple[Path, Path]]], Changes]
"""Called with (from, to) of moved files."""


class Way(StrEnum):
    """How a picture gets into its folder."""

    COPY = "copy"
    LINK = "link"
    MOVE = "move"


@dataclass(frozen=True)
class Folders:
    """Folder names, each valid on every system and used once: by class name, for rejected and for unsure pictures."""

    by_class: Mapping[str, str]
    none: str
    unsure: str

    @classmethod
    def of(cls, classes: Iterable[str]) -> Folders:
        """The folders for these classes; a class with the name of one of the other two gets a number."""
        taken: dict[str, int] = {}
        none, unsure = (unused_name(taken, safe_folder_name(tr(one))) for one in (NONE_OF_THESE, UNSURE))
        return cls({name: unused_name(taken, safe_folder_name(name)) for name in classes}, none, unsure)

    @property
    def names(self) -> frozenset[str]:
        """All folder names."""
        return frozenset((*self.by_class.values(), self.none, self.unsure))

    def choose(self, class_name: str, confidence: float, limit: float, *, rejected: bool) -> str:
        """The folder of a prediction."""
        if rejected:
            return self.none
        return self.by_class[class_name] if confidence >= limit else self.unsure


@dataclass(frozen=True, slots=True)
class Item:
    """A picture to sort: its file, its folder's name, and the file's state at the prediction, if known."""

    path: Path
    folder: str
    known: FileStamp | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One file of a journal. `source` is absolute, `target` relative with "/"; size and mtime are the source's."""

    source: str
    target: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Journal:
    """The plan of a sort. `folders` are those it creates, relative, "" for the target folder itself.

    `project` is the folder of the project whose pictures are moved, or empty.
    """

    way: Way
    project: str
    folders: tuple[str, ...]
    steps: tuple[Step, ...]


def shown(path: Path) -> str:
    """A path on one line, for a message."""
    return one_line(os.fsencode(path).decode("utf-8", "replace"))


# --------------------------------------------------------------------------------------
# planning


class _Plan:
    """Finds a free name for each picture. Nothing is written."""

    def __init__(self, out: Path, way: Way, names: Iterable[str]) -> None:
        self.out = out
        self._names = frozenset(collision_key(one, False) for one in names)
        self.way = way
        self.folders: dict[str, None] = {} if out.is_dir() else {"": None}
        self.steps: list[Step] = []
        self.left_out: list[str] = []
        self.already = 0
        self._seen: set[Path] = set()
        self._inside = Path(os.path.realpath(out))
        self._taken: dict[str, dict[str, int]] = {}
        self._real: dict[Path, Path] = {}
        self._stems: tuple[Path, Counter[str]] = (Path(), Counter())
        above = next(one for one in (out, *out.absolute().parents) if one.is_dir())
        self._device = above.stat().st_dev

    def add(self, item: Item) -> None:
        """Plan one picture with its side-car; a repeated one is skipped.

        Raises:
            UserError: Hard links from its drive to the target's are impossible, or its folder cannot be created.
        """
        source = item.path.absolute()
        if source in self._seen:
            return
        self._seen.add(source)
        try:
            status = self._checked(source, item.known)
        except PictureError as error:
            self.leave_out(source, reason_text(error.reason))
            return
        except (OSError, ValueError) as error:
            self.leave_out(source, getattr(error, "strerror", None) or str(error))
            return
        if self._is_there(source, item.folder):
            self.already += 1
        elif self.way is Way.MOVE and source.is_symlink():
            self.leave_out(source, tr("it is a link, which would lead nowhere after a move"))
        elif self.way is Way.LINK and status.st_dev != self._device:
            raise UserError(_no_links(source, self.out))
        else:
            self._place(source, status, item.folder)

    def leave_out(self, source: Path, reason: str) -> None:
        self.left_out.append(f"{shown(source)}: {reason}")

    def _checked(self, source: Path, known: FileStamp | None) -> os.stat_result:
        if known is not None and not known.looks_like(source):
            read_checked(source, known.content_hash)
        status = source.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, tr("it is not a file"))
        return status

    def _is_there(self, source: Path, folder: str) -> bool:
        """Whether a picture is in its folder already, or, unless it can be moved, in that of another class."""
        if source.parent not in self._real:
            self._real[source.parent] = Path(os.path.realpath(source.parent))
        at = self._real[source.parent]
        name = collision_key(at.name, False)
        names = {collision_key(folder, False)} if self.way is Way.MOVE else self._names
        return at.parent == self._inside and name in names

    def _place(self, source: Path, status: os.stat_result, folder: str) -> None:
        taken = self._names_in(folder)
        name = f"_{source.name}" if is_device_name(source.name) else source.name
        name = unused_name(taken, name)
        self._step(source, status, f"{folder}/{name}")
        sidecar = sidecar_of(source)
        with suppress(OSError):
            beside = sidecar.lstat()
            if stat.S_ISREG(beside.st_mode) and self._is_own(sidecar, source):
                named = f"{name}.xmp" if sidecar.stem == source.name else f"{Path(name).stem}.xmp"
                self._step(sidecar, beside, f"{folder}/{unused_name(taken, named)}")

    def _is_own(self, sidecar: Path, source: Path) -> bool:
        """Whether a side-car belongs to this picture alone: IMG.xmp may belong to IMG.CR2 beside IMG.jpg."""
        if sidecar.stem == source.name:
            return True
        if self._stems[0] != source.parent:
            self._stems = source.parent, Counter(one.stem for one in source.parent.iterdir())
        return self._stems[1][source.stem] == 2

    def _step(self, source: Path, status: os.stat_result, target: str) -> None:
        self.steps.append(Step(str(source), target, status.st_size, changed_at(status)))

    def _names_in(self, folder: str) -> dict[str, int]:
        if folder not in self._taken:
            place, names = self.out / folder, []
            try:
                if place.is_symlink():  # an undo would not follow it
                    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
                names = [one.name for one in place.iterdir()]
            except FileNotFoundError:
                self.folders[folder] = None
            except NotADirectoryError as error:
                raise UserError(
                    tr("{path} is not a folder. Rename it, or sort into another folder.", path=shown(place))
                ) from error
            except OSError as error:
                raise unreadable(place, error) from error
            self._taken[folder] = {collision_key(name, False): 1 for name in names}
        return self._taken[folder]


def _no_links(source: Path, out: Path) -> str:
    return tr(
        "Hard links cannot be made from {source} to {folder}: both must be on one drive that has such links. "
        "Copy the pictures instead, or choose another folder.",
        source=shown(source.parent),
        folder=shown(out),
    )


def check_target(out: Path) -> None:
    """Check early that pictures can be sorted into a folder. Writes nothing.

    Raises:
        UserError: It is a file, or neither it nor the folder above can be written to.
    """
    try:
        out.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass  # it may be made
    except OSError as error:
        raise UserError(os_error_sentence(error, out)) from error
    place = next(one for one in (full_path(out), *full_path(out).parents) if os.path.lexists(one))
    if not place.is_dir():
        raise UserError(tr("{path} is a file. Choose a folder to sort into.", path=shown(place)))
    if not os.access(place, os.W_OK):
        raise UserError(os_error_sentence(PermissionError(errno.EACCES, ""), place / "x"))


# --------------------------------------------------------------------------------------
# sorting


@dataclass
class SortReport:
    """Result of a sort, in files without side-cars. `journal` undoes it; None if nothing was done.

    `trouble` says why it ended early, other than by cancellation.
    """

    out: Path
    way: Way
    journal: Path | None = None
    placed: int = 0
    already: int = 0
    folders: int = 0
    left_out: list[str] = field(default_factory=list)
    not_reached: int = 0
    stopped: bool = False
    trouble: str = ""

    @property
    def failed(self) -> bool:
        """Whether it ended early, or nothing that was asked for could be done."""
        return bool(self.trouble) or bool(self.left_out and not self.placed and not self.already)

    def sentence(self) -> str:
        """The report as text."""
        match self.way:
            case Way.COPY:
                done = tr("{n} picture copied", "{n} pictures copied", self.placed)
            case Way.LINK:
                done = tr("{n} picture linked", "{n} pictures linked", self.placed)
            case Way.MOVE:
                done = tr("{n} picture moved", "{n} pictures moved", self.placed)
        if self.folders:
            done = tr("{done} into {n} folder", "{done} into {n} folders", self.folders, done=done)
        if self.already:
            done = tr("{done}, {n} already there", "{done}, {n} already there", self.already, done=done)
        sentence = with_left_out(done, self.left_out, stopped=self.stopped, not_reached=self.not_reached)
        return f"{self.trouble} {sentence}" if self.trouble else sentence


Sorting = Generator[Progress, None, SortReport]


def sort_files(
    items: Iterable[Item],
    total: int,
    folders: Folders,
    out: Path,
    way: Way,
    token: CancelToken,
    *,
    left_out: Sequence[str] = (),
    project: Path | None = None,
    follow: Follow | None = None,
) -> Sorting:
    """Put pictures into folders. Nothing is overwritten: if a name is taken, the file becomes "name (2).jpg".

    The parent folder `out` may exist and contain other files. If cancelled, what is done stays done, and is reported.
    `left_out` are pictures left out before, each with its reason; `project` is the folder of the project that the
    pictures belong to. `follow` records moved files there, from time to time and always at the end.

    Yields:
        Progress, with the `Changes` recorded by `follow`.

    Raises:
        UserError: There is no picture, or nothing can be sorted there. Nothing was done.
        Cancelled: Before the first picture was sorted.
    """
    check_target(out)
    out = full_path(out)
    plan, throttle = _Plan(out, way, folders.names), Throttle(REPORT_SECONDS)
    for done, item in enumerate(items, 1):
        token.raise_if_cancelled()
        plan.add(item)
        if throttle.due() or done == total:
            yield Progress(done, total, tr("Looking at the pictures"))
    report = SortReport(out, way, already=plan.already, left_out=[*left_out, *plan.left_out])
    if not plan.steps:
        if not (report.already or report.left_out):
            raise UserError(tr("There is no picture to sort."))
        return report
    journal = Journal(way, "" if project is None else str(project), tuple(plan.folders), tuple(plan.steps))
    try:
        report.journal = _written(journal, out)
        for folder in plan.folders:
            make_folder(out / folder)
    except (OSError, UserError) as error:
        _clear(report, plan)
        raise (error if isinstance(error, UserError) else UserError(os_error_sentence(error, out / "x"))) from error
    yield from _Sorter(plan, report, follow).run(token)
    if not report.placed:
        _clear(report, plan)
        if report.trouble:
            raise UserError(report.trouble)
    return report


def _clear(report: SortReport, plan: _Plan) -> None:
    """Remove the journal and the folders of a sort that placed no picture."""
    if report.journal is not None:
        deque(undo_sort(report.out, CancelToken()), maxlen=0)
    elif "" in plan.folders:
        with suppress(OSError):
            report.out.rmdir()
    report.journal = None


def _is_picture(step: Step) -> bool:
    """Whether a step is not about a side-car, which goes along with its picture."""
    return not step.source.lower().endswith(".xmp")


class _Sorter:
    def __init__(self, plan: _Plan, report: SortReport, follow: Follow | None) -> None:
        self._plan = plan
        self._report = report
        self._follower = _Follower(follow if plan.way is Way.MOVE else None)
        self._used: set[str] = set()
        self._tried = 0  # pictures placed or left out
        self._stays = False  # whether the last picture was left out, and so its side-car

    def run(self, token: CancelToken) -> Generator[Progress, None, None]:
        def do(step: Step) -> bool:
            return self._do(step) and not self._follower.trouble

        stopped = yield from _carried_out(self._plan.steps, do, self._follower, tr("Sorting"), token)
        self._report.stopped, self._report.folders = stopped, len(self._used)
        self._report.trouble = self._report.trouble or self._follower.trouble
        if self._report.trouble:
            self._report.not_reached = sum(map(_is_picture, self._plan.steps)) - self._tried

    def _do(self, step: Step) -> bool:
        """Carry out one step; return False if the sort has to end."""
        if self._stays and not _is_picture(step):
            return True
        left_out = len(self._report.left_out)
        source, target = Path(step.source), self._plan.out / step.target
        try:
            match self._plan.way:
                case Way.COPY:
                    copy_new(source, target)
                case Way.LINK:
                    os.link(os.path.realpath(source), target)
                case Way.MOVE:
                    move_new(source, target)
        except PictureError as error:
            self._leave_out(source, reason_text(error.reason))
        except OSError as error:
            if self._ends_it(error, source, target):
                return False
            self._leave_out(source, (error.strerror or str(error)).lower())
        else:
            self._follower.moved(source, target)
            if _is_picture(step):
                self._report.placed += 1
                self._used.add(step.target.split("/", maxsplit=1)[0])
        self._tried += _is_picture(step)
        self._stays = len(self._report.left_out) > left_out
        return True

    def _ends_it(self, error: OSError, source: Path, target: Path) -> bool:
        """Whether an error affects all pictures, not just this one; it becomes the report's trouble."""
        if self._plan.way is Way.LINK and error.errno in _NO_LINKS:
            self._report.trouble = _no_links(source, self._plan.out)
        elif error.errno in {errno.ENOSPC, errno.EDQUOT} or not os.access(target.parent, os.W_OK):
            self._report.trouble = os_error_sentence(error, target)
        return bool(self._report.trouble)

    def _leave_out(self, source: Path, reason: str) -> None:
        self._report.left_out.append(f"{shown(source)}: {reason}")


class _Follower:
    """Reports moved files to the project in batches."""

    def __init__(self, follow: Follow | None) -> None:
        self._follow = follow
        self.trouble = ""  # why the project could not be updated
        self._moves: list[tuple[Path, Path]] = []
        self._told = time.monotonic()

    def moved(self, source: Path, target: Path) -> None:
        if self._follow is not None:
            self._moves.append((source, target))

    def changes(self, *, at_once: bool = False) -> Changes | None:
        """Report the recorded files if it is time, or `at_once`."""
        if self._follow is None or not self._moves or self.trouble:
            return None
        if not at_once and time.monotonic() - self._told < BATCH_SECONDS:
            return None
        try:
            changes = self._follow(self._moves)
        except UserError as error:
            self.trouble = str(error)
            return None
        self._moves = []
        self._told = time.monotonic()
        return changes


def _carried_out(
    steps: Sequence[Step], do: Callable[[Step], bool], follower: _Follower, title: str, token: CancelToken
) -> Generator[Progress, None, bool]:
    """Do each step, until it returns False, and tell the project; returns whether it was cancelled."""
    throttle, stopped, done = Throttle(REPORT_SECONDS), False, 0
    try:
        for step in steps:
            token.raise_if_cancelled()
            if not do(step):
                break
            done += 1
            changes = follower.changes()
            if changes is not None or throttle.due():
                yield Progress(done, len(steps), title, changes=changes)
    except Cancelled:
        stopped = True
    finally:
        last = follower.changes(at_once=True)
    if last is not None or not stopped:
        yield Progress(done, len(steps), title, changes=last)
    return stopped


# --------------------------------------------------------------------------------------
# journals


def _journals(out: Path) -> list[Path]:
    """The journals in a folder, oldest first."""

    def turn(path: Path) -> int:
        number = path.name.removeprefix(_STEM).removesuffix(_SUFFIX).strip(" ()")
        return int(number) if number.isdecimal() else 1

    return sorted(out.glob(f"{_STEM}*{_SUFFIX}"), key=turn)


def can_undo(out: Path) -> bool:
    """Whether a folder has the journal of a sort."""
    try:
        return bool(_journals(out))
    except OSError:
        return False


def _written(journal: Journal, out: Path) -> Path:
    names = {one.name for one in _journals(out)}
    turns = (f"{_STEM} ({number}){_SUFFIX}" for number in range(len(names) + 1, 2 * len(names) + 3))
    path = out / (next(one for one in turns if one not in names) if names else JOURNAL)
    data = {"format": _FORMAT, "version": VERSION, **asdict(replace(journal, steps=()))}
    data["steps"] = [[one.source, one.target, one.size, one.mtime_ns] for one in journal.steps]
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(data), "ascii")
    return path


def _read_journal(path: Path) -> Journal:
    """Read a journal, which is untrusted.

    Raises:
        UserError: It is damaged, or made by a newer version.
    """
    try:
        data = parsed(read_regular(path, MAX_JOURNAL_BYTES), paths=True)
        if not isinstance(data, dict) or data.get("format") != _FORMAT:
            raise ValueError("no journal")
        if isinstance(data.get("version"), int) and data["version"] > VERSION:
            raise UserError(
                tr("{file} was written by a newer version of mma-desktop. Update it to undo that sort.", file=path)
            )
        steps = tuple(as_record(Step, dict(zip(Step.__slots__, one, strict=True))) for one in data["steps"])
        project, folders = str(data["project"]), tuple(map(str, data["folders"]))
        if not all(_stays_inside(one) for one in (*(step.target for step in steps), *filter(None, folders))):
            raise ValueError("a path leads out")
        return Journal(Way(data["way"]), project, folders, steps)
    except OSError as error:
        raise unreadable(path, error) from error
    except UserError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(tr("{file} is damaged, so the sort cannot be undone from it.", file=path)) from error


def _stays_inside(relative: str) -> bool:
    """Whether a path of a journal stays in its folder, judged by its text.

    Only Windows restricts colons and the like.
    """
    if any(part in {"", ".", ".."} or "\0" in part for part in relative.split("/")):
        return False
    return os.name != "nt" or is_inside(relative)


# --------------------------------------------------------------------------------------
# undoing


class _Undone(StrEnum):
    YES = "yes"
    NOTHING = "nothing"
    GONE = "gone"
    KEPT = "kept"


@dataclass
class UndoReport:
    """Result of undoing a sort, in files without side-cars. What is `left` can be tried again."""

    out: Path
    way: Way
    undone: int = 0
    gone: int = 0
    kept: int = 0
    left: list[str] = field(default_factory=list)
    stopped: bool = False
    note: str = ""

    def sentence(self) -> str:
        """The report as text."""
        if self.way is Way.MOVE:
            done = tr("{n} picture moved back", "{n} pictures moved back", self.undone)
        else:
            done = tr("{n} picture taken out again", "{n} pictures taken out again", self.undone)
        if self.kept:
            done = tr(
                "{done}, {n} kept because it or its original was changed",
                "{done}, {n} kept because they or their originals were changed",
                self.kept,
                done=done,
            )
        if self.gone:
            done = tr("{done}, {n} gone", "{done}, {n} gone", self.gone, done=done)
        sentence = with_left_out(done, self.left, stopped=self.stopped)
        return f"{sentence} {self.note}" if self.note else sentence


def undo_sort(
    out: Path, token: CancelToken, find_follow: Callable[[Path], Follow] | None = None
) -> Generator[Progress, None, UndoReport]:
    """Undo the last sort into a folder, as far as the files are unchanged.

    Moved files go back, unless their old path is occupied by now. Copies and links are removed if they are unchanged
    and their originals exist. Folders created by the sort are removed if they are empty. If cancelled, it can be
    started again. `find_follow` opens the project whose pictures were moved, from its folder.

    Yields:
        Progress, with the `Changes` recorded in the project.

    Raises:
        UserError: There is no journal, or it cannot be used.
    """
    out = full_path(out)
    journals = _journals(out)
    if not journals:
        raise UserError(tr("{folder} has no sort to undo.", folder=shown(out)))
    path = journals[-1]
    journal = _read_journal(path)
    report = UndoReport(out, journal.way)
    follow: Follow | None = None
    if journal.project and journal.way is Way.MOVE and find_follow is not None:
        try:
            follow = find_follow(Path(journal.project))
        except UserError as error:
            report.note = tr("The project does not know of it yet: {reason}", reason=error)
    yield from _undo_steps(journal, report, _Follower(follow), token)
    if not (report.left or report.stopped or (report.gone and not report.undone)):  # they may exist again later
        path.unlink(missing_ok=True)
        for folder in sorted(journal.folders, reverse=True):
            with suppress(OSError):  # it contains other files by now
                (out / folder).rmdir()
    return report


def _undo_steps(
    journal: Journal, report: UndoReport, follower: _Follower, token: CancelToken
) -> Generator[Progress, None, None]:
    steps, stays = _backwards(journal.steps), False
    outside = {folder: leads_out(report.out, report.out / folder) for folder in {_folder_of(one) for one in steps}}

    def do(step: Step) -> bool:
        nonlocal stays
        if not (outside[_folder_of(step)] or (stays and not _is_picture(step))):
            stays = not _undo_step(journal.way, step, report, follower)
        return True

    report.stopped = yield from _carried_out(steps, do, follower, tr("Undoing the sort"), token)
    report.note = report.note or follower.trouble


def _backwards(steps: Iterable[Step]) -> list[Step]:
    """The steps from the last on, each picture still before its side-car, which stays if the picture does."""
    pairs: list[list[Step]] = []
    for step in steps:
        if _is_picture(step) or not pairs:
            pairs.append([])
        pairs[-1].append(step)
    return [step for pair in pairs[::-1] for step in pair]


def _folder_of(step: Step) -> str:
    return step.target.rpartition("/")[0]


def _undo_step(way: Way, step: Step, report: UndoReport, follower: _Follower) -> bool:
    """Undo one step; return False if the file was left, which can be tried again."""
    source, target = Path(step.source), report.out / step.target
    try:
        undone = _move_back(step, target) if way is Way.MOVE else _take_out(way, step, target)
    except PictureError as error:
        report.left.append(f"{shown(target)}: {reason_text(error.reason)}")
        return False
    except OSError as error:
        report.left.append(f"{shown(target)}: {(error.strerror or str(error)).lower()}")
        return False
    if undone is _Undone.YES:
        follower.moved(target, source)
    if _is_picture(step):
        report.undone += undone is _Undone.YES
        report.kept += undone is _Undone.KEPT
        report.gone += undone is _Undone.GONE
    return True


def _move_back(step: Step, target: Path) -> _Undone:
    source = Path(step.source)
    if not _is_file(target):
        return _Undone.NOTHING if os.path.lexists(source) else _Undone.GONE
    if os.path.lexists(source):
        if not filecmp.cmp(source, target, shallow=False):
            raise OSError(errno.EEXIST, tr("another file is in its old place"))
        target.unlink()  # a crash between the two halves of the move
        return _Undone.YES
    if not _may_be_ours(source, target):
        raise OSError(errno.EINVAL, tr("it is not a picture"))
    make_folder(source.parent)
    move_new(target, source)
    return _Undone.YES


def _may_be_ours(source: Path, target: Path) -> bool:
    """Whether a file is one that a sort moves: an untrusted journal must not move other files."""
    suffix = source.suffix.lower()
    if not source.is_absolute() or suffix != target.suffix.lower():
        return False
    if suffix in SUFFIXES or suffix == ".xmp":
        return True
    with open_regular(target, MAX_FILE_BYTES) as handle:
        return begins_like(handle.read(64)) is not None


def _take_out(way: Way, step: Step, target: Path) -> _Undone:
    source = Path(step.source)
    if not _is_file(target):
        return _Undone.NOTHING
    if not source.is_file():
        return _Undone.KEPT
    if not (source.samefile(target) if way is Way.LINK else _is_unchanged_copy(source, target, step)):
        return _Undone.KEPT
    target.unlink()
    return _Undone.YES


def _is_unchanged_copy(source: Path, target: Path, step: Step) -> bool:
    if source.stat().st_size != step.size or abs(changed_at(source.stat()) - step.mtime_ns) > _COARSE_NS:
        return False
    status = target.stat()
    if status.st_size != step.size:
        return False
    # Some file systems store times in steps of two seconds, and some cannot set them.
    return abs(changed_at(status) - step.mtime_ns) <= _COARSE_NS or filecmp.cmp(source, target, shallow=False)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False
