"""Cache of image features by content hash, in half precision; consistent even if the process is killed.

A folder contains four files:

    meta.json       format, version and the number of dimensions
    features.f16    the rows, one after the other, D little-endian float16 each (features.f32: float32)
    sums.bin        the checksum of each row, a little-endian uint32; 0 or missing in what an older version added
    hashes.bin      the SHA-256 (32 bytes) of the image of each row, in the same order

The data files are append-only. Features are flushed to disk before their hashes are written, and a row is valid only
if its hash is complete. A killed process can therefore leave invalid rows, which the next writer truncates. A power cut
can leave a file padded with zeros, so trailing zero hashes are invalid too. A row is compared with its checksum when it
is first read; if it does not fit, it counts no more, and the image gets a new one: of several, the last counts.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core import atomic_io
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_json import parsed_object

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Hashes = NDArray[np.bytes_]
Sums = NDArray[np.uint32]

log = logging.getLogger(__name__)
FORMAT = "mma-desktop features"
VERSION = 1
HASH_BYTES = 32
HASH_TYPE = np.dtype(f"S{HASH_BYTES}")
FEATURE_TYPE = np.dtype("<f2")
SUM_TYPE = np.dtype("<u4")
GATHER_CHUNK = 256  # fits into the processor's cache
MAX_SPAN = 2  # rows read for each row that is wanted
LOCK_SECONDS = 60.0  # far longer than an append takes
POLL_SECONDS = 0.02  # short beside an append
META, SUMS, HASHES, LOCK = FILES = ("meta.json", "sums.bin", "hashes.bin", "write.lock")
MAX_META_BYTES = 10_000  # our own has a hundred
# Maximum rows of a cache, 512 MiB of hashes; sixteen times the largest benchmarked project.
MAX_ROWS = 16 << 20


def as_hashes(hashes: object) -> Hashes:
    """An 'S32' array of content hashes."""
    # NumPy drops trailing zero bytes of single elements; comparing, sorting and writing whole arrays is exact.
    return np.asarray(hashes, dtype=HASH_TYPE).reshape(-1)


def as_stored(rows: Floats, embed_dim: int) -> Floats:
    """Rows (N, W) as `FeatureCache.gather_rows` gives them once they are in a cache, bit for bit."""
    rounded = rows.astype(FEATURE_TYPE).astype(np.float32)
    shared = rounded[:, :embed_dim]
    shared /= np.maximum(np.linalg.norm(shared, axis=1, keepdims=True), 1e-12)  # in place: a view of the rows
    return rounded


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's write lock, which other processes wait for.

    Raises:
        UserError: Another process holds it for too long, or there can be none.
    """
    from filelock import lock_descriptor

    path = folder / LOCK
    give_up = time.monotonic() + LOCK_SECONDS
    with contextlib.ExitStack() as stack:
        with atomic_io.os_errors(path):  # `filelock.FileLock` would also lock a pipe or a device
            handle = stack.enter_context(atomic_io.open_regular(path, sys.maxsize, "a+b"))
            while not lock_descriptor(handle.fileno(), blocking=False):
                if time.monotonic() > give_up:
                    raise UserError.tr(
                        "Another window or program has been writing to {folder} for {seconds:.0f} "
                        "seconds. Close it, and try again.",
                        folder=folder,
                        seconds=LOCK_SECONDS,
                    )
                time.sleep(POLL_SECONDS)
        yield


def heads_of(hashes: Hashes) -> NDArray[np.uint64]:
    """(N,) the first bytes of content hashes, in the same order: they are found eight times as fast."""
    return np.ascontiguousarray(hashes).view(">u8")[:: HASH_BYTES // 8].astype(np.uint64)


def starts_of(hashes: Hashes) -> Sums:
    """(N,) where the checksums of rows start, so that the row of another image does not fit."""
    return np.ascontiguousarray(hashes).view(">u4")[:: HASH_BYTES // 4].astype(SUM_TYPE)


def checksums(rows: NDArray[Any], starts: Sums) -> Sums:
    """(N,) checksums of rows as they are stored; never 0."""
    return np.array([zlib.crc32(row, start) or 1 for row, start in zip(rows, starts.tolist(), strict=True)], SUM_TYPE)


class FeatureCache:
    """The features of one backbone with one preprocessing, in a folder.

    Several processes may share a folder: each `append` takes an operating-system lock and reads the rows added by
    others. Those rows are visible after the next `append`, or after opening the cache again. A missing folder is
    created. `width` is the length of a row, `embed_dim` that of its first part, which `gather` returns and which has
    unit length; None for all. `kind` is the type of the stored numbers.

    Raises:
        UserError: The folder's cache has other dimensions or a newer format, or cannot be read or created.
    """

    _count: int
    _seen: tuple[int, ...]
    _sorted: tuple[Hashes, Rows, NDArray[np.uint64]]
    _lengths: Floats
    _starts: Sums
    _sums: Sums

    def __init__(
        self, folder: Path, width: int, embed_dim: int | None = None, kind: np.dtype[Any] = FEATURE_TYPE
    ) -> None:
        self.folder = folder
        self.width, self.embed_dim = width, width if embed_dim is None else embed_dim
        self._kind = kind
        self._features_path = folder / f"features.f{8 * kind.itemsize}"
        self._sums_path, self._hashes_path = folder / SUMS, folder / HASHES
        self._row_bytes = width * kind.itemsize
        self._map: NDArray[Any] | None = None  # of a file that another process may delete
        self._looked_up: list[tuple[object, object, Rows]] = []  # the newest: a project's images, and the usable ones
        self._verified: Rows | None = None
        self._changing = threading.Lock()  # of what is known of rows
        self._held = 0  # its number in the file system, which no other file gets while it is mapped
        with self._explained(folder / META):
            atomic_io.make_folder(folder)
            files = (folder / name for name in FILES)
            for path in (folder, self._features_path, *files):  # our writes would go to files outside
                if path.is_symlink():
                    raise self._of_no_use(path, tr("it is a link to another place"))
            self._check_meta()
            self._load()
        self._add_sums()

    def __len__(self) -> int:
        return len(self._sorted[0])

    @property
    def hash_bytes(self) -> int:
        """Size of the file of hashes."""
        return self._count * HASH_BYTES

    def close(self) -> None:
        """Let go of a file that is held. The cache stays usable."""
        self._map = None

    def hold(self) -> None:
        """Map the file until `close`, so that its rows can be gathered even if another process deletes it."""
        if self._map is None and self._count:
            shape = (self._count, self.width)
            with (
                self._explained(self._features_path),
                atomic_io.open_regular(self._features_path, sys.maxsize) as handle,
            ):
                self._held = self._features_path.stat().st_ino
                self._map = np.memmap(handle, dtype=self._kind, mode="r", shape=shape)

    @property
    def is_replaced(self) -> bool:
        """Whether the file that is held was deleted, and another one begun in its place."""
        if self._map is None:
            return False
        with self._explained(self._features_path), contextlib.suppress(FileNotFoundError):
            return self._features_path.stat().st_ino != self._held
        return False

    def refresh(self) -> None:
        """Read the rows that others added, or began with after they deleted these."""
        with self._explained(self._hashes_path):
            if self._stamp() != self._seen:
                with self._changing:
                    self._load()

    def rows(self, hashes: object) -> Rows:
        """The row number of each content hash (an 'S32' array or a list of 32-byte hashes), -1 if missing."""
        known = self._sorted
        for asked, among, places in self._looked_up:
            if asked is hashes and among is known:
                return places
        places = self._found(as_hashes(hashes), *known)
        if isinstance(hashes, np.ndarray) and not hashes.flags.writeable:  # a project's, looked up for each label
            places.flags.writeable = False
            self._looked_up = [(hashes, known, places), *self._looked_up[:1]]
        return places

    @staticmethod
    def _found(wanted: Hashes, keys: Hashes, rows: Rows, heads: NDArray[np.uint64]) -> Rows:
        if not len(keys):
            return np.full(len(wanted), -1, np.int64)
        # By the first eight bytes, as numbers; whole hashes only where that was not enough.
        place = np.minimum(np.searchsorted(heads, heads_of(wanted)), len(keys) - 1)
        places = np.where(keys[place] == wanted, rows[place], -1)
        others = np.flatnonzero(places < 0)  # not there, or a hash with the same head comes before it
        place = np.minimum(np.searchsorted(keys, wanted[others]), len(keys) - 1)
        places[others] = np.where(keys[place] == wanted[others], rows[place], -1)
        return places

    def verify(self, hashes: object) -> None:
        """Read the rows of these content hashes that nobody has read yet; those that were edited count no more."""
        rows = self.rows(hashes)
        if rows is not self._verified:  # as those of a project are, which are looked up for each label
            self._lengths_of(rows[rows >= 0])
            self._verified = rows

    def gather(self, hashes: object) -> Floats:
        """Unit features (N, D) float32 of the shared space, in the order of `hashes`; raises as `gather_rows`.

        Renormalised, because half precision changes lengths by 0.1%.
        """
        return self.gather_rows(hashes, self.embed_dim)

    def gather_rows(self, hashes: object, columns: int | None = None, part: Rows | None = None) -> Floats:
        """Whole rows (N, `width`) float32 in the order of `hashes`, or at places of them; or the first columns.

        The shared space is renormalised, the rest is returned as stored.

        Raises:
            KeyError: A hash has no row.
            UserError: A row is not as it was written; it counts no more.
        """
        import torch

        rows = self.rows(hashes) if part is None else self.rows(hashes)[part]
        missing = int((rows < 0).sum())
        if missing:
            raise KeyError(f"{missing} of {len(rows)} pictures have no features yet")
        out = np.empty((len(rows), columns or self.width), np.float32)
        if not len(rows):  # there may be no file yet
            return out
        lengths = torch.from_numpy(np.maximum(self._lengths_of(rows), 1e-12))[:, None]
        if lost := int(lengths.isnan().sum()):
            raise UserError.tr(
                "The features of {n} picture in {folder} were damaged. They will be made again: please try once more.",
                "The features of {n} pictures in {folder} were damaged. They will be made again: please try once more.",
                lost,
                folder=self.folder,
            )
        with self._stored_rows() as stored:
            for start in range(0, len(rows), GATHER_CHUNK):
                end = start + GATHER_CHUNK
                numbers = torch.from_numpy(stored(rows[start:end])[:, : out.shape[1]])
                wide = torch.from_numpy(out[start:end]).copy_(numbers)
                # NumPy's division, with the same quotients, takes three times as long.
                wide[:, : self.embed_dim].div_(lengths[start:end])
        return out

    def append(self, hashes: object, features: Floats) -> int:
        """Append rows; skips known and duplicate hashes. The rows are on disk when it returns.

        Args:
            hashes: N content hashes of 32 bytes.
            features: (N, `width`), finite.

        Returns:
            Number of added rows.

        Raises:
            ValueError: Shapes differ, a value is not finite, or a hash is empty.
            UserError: The disk is full or read-only, or another writer holds the lock for too long; nothing was added.
        """
        keys = as_hashes(hashes)
        # Everything is checked before the lock: nothing invalid may reach the files, which only grow.
        if features.shape != (len(keys), self.width):
            raise ValueError(f"features {features.shape} for {len(keys)} hashes of {self.width} dimensions")
        if not np.isfinite(features).all():
            raise ValueError("features with numbers that are not finite")
        if (keys == b"").any():
            raise ValueError("a content hash is missing")
        _, first = np.unique(keys, return_index=True)
        with self._writing():
            keep = np.sort(first)
            keep = keep[self.rows(keys[keep]) < 0]
            if not len(keep):
                return 0
            fresh, stored = keys[keep], features[keep].astype(self._kind)
            starts = starts_of(fresh)
            sums = checksums(stored, starts)
            # Features before their hashes: a row counts only once its hash is there, so a killed process leaves no half
            # one.
            added = (
                (self._features_path, self._row_bytes, stored),
                (self._sums_path, SUM_TYPE.itemsize, sums),
                (self._hashes_path, HASH_BYTES, fresh),
            )
            self._map = None  # Windows cannot resize a mapped file
            try:
                for path, size, data in added:
                    self._write(path, self._count * size, data)
            except OSError as error:  # all or nothing
                for path, size, _ in reversed(added):
                    with contextlib.suppress(OSError):
                        os.truncate(path, self._count * size)
                raise UserError(atomic_io.os_error_sentence(error, self._features_path)) from error
            with self._changing:
                known, rows, _ = self._sorted
                self._lengths = np.concatenate([self._lengths, np.full(len(fresh), np.nan, np.float32)])
                self._starts, self._sums = np.append(self._starts, starts), np.append(self._sums, sums)
                order = np.argsort(fresh, kind="stable")
                places = np.searchsorted(known, fresh[order])  # adding some to a million takes 30 ms
                known = np.insert(known, places, fresh[order])
                self._sorted = known, np.insert(rows, places, order + self._count), heads_of(known)
                self._count += len(fresh)
                self._seen = self._stamp()
        return len(fresh)

    # -- inside

    @contextlib.contextmanager
    def _stored_rows(self) -> Iterator[Callable[[Rows], NDArray[Any]]]:
        """What gives rows as they are in the file, neighbours in one go."""
        # They are read: a map of the file counts as memory of the process, and a few rows all over it map all.
        if (held := self._map) is not None:
            yield held.__getitem__
            return
        with self._explained(self._features_path), atomic_io.open_regular(self._features_path, sys.maxsize) as handle:

            def read(rows: Rows) -> NDArray[Any]:
                first, span = int(rows.min()), int(np.ptp(rows)) + 1
                # One read of a span costs less than many small ones, up to this share of rows that nobody asked for.
                near = span <= MAX_SPAN * len(rows)
                stored = np.empty((span if near else len(rows), self.width), self._kind)
                for part, row in [(stored, first)] if near else zip(stored, rows.tolist(), strict=True):
                    handle.seek(row * self._row_bytes)
                    if handle.readinto(part.view(np.uint8).data) != part.nbytes:
                        raise self._of_no_use(self._features_path, tr("it is damaged"))
                in_order = not near or (span == len(rows) and bool((np.diff(rows) == 1).all()))
                return stored if in_order else stored[rows - first]

            yield read

    def _lengths_of(self, rows: Rows) -> Floats:
        """(N,) lengths in the shared space; NaN of a row that, read for the first time, was not as it was written."""
        with self._changing:
            known = self._lengths
            if len(new := np.unique(rows[np.isnan(known[rows])])):
                with self._stored_rows() as stored:
                    for start in range(0, len(new), GATHER_CHUNK):
                        part = new[start : start + GATHER_CHUNK]
                        known[part] = self._checked_lengths(part, stored(part))
                if len(lost := new[np.isnan(known[new])]):
                    log.warning("%s: rows that are not as they were written: %d", self.folder, len(lost))
                    keys, places, heads = self._sorted
                    kept = ~np.isin(keys, keys[np.isin(places, lost)])  # and no older row of these images
                    self._sorted = keys[kept], places[kept], heads[kept]
            lengths: Floats = known[rows]
            return lengths

    def _checked_lengths(self, rows: Rows, stored: NDArray[Any]) -> Floats:
        import torch  # not with the module: what only adds rows does not need it

        numbers = torch.from_numpy(stored).float().numpy()  # NumPy takes twelve times as long
        sums = self._sums[rows]
        with np.errstate(invalid="ignore", over="ignore"):
            lengths = np.linalg.norm(numbers[:, : self.embed_dim], axis=1)
        fits = np.isfinite(lengths) & np.isfinite(numbers[:, self.embed_dim :]).all(axis=1)
        fits &= (sums == 0) | (sums == checksums(stored, self._starts[rows]))
        return np.where(fits, lengths, np.float32(np.nan))

    def _add_sums(self) -> None:
        """Give checksums to rows that have none, as they are now."""
        if self._sums.all():
            return
        try:
            with self._writing(), self._stored_rows() as stored:
                without = np.flatnonzero(self._sums == 0)
                for start in range(0, len(without), GATHER_CHUNK):
                    part = without[start : start + GATHER_CHUNK]
                    self._sums[part] = checksums(stored(part), self._starts[part])
                self._write(self._sums_path, 0, self._sums)
        except (OSError, UserError) as error:  # a disk that cannot be written to
            log.info("rows are read without checksums: %s", error)

    def _of_no_use(self, path: Path, reason: str) -> UserError:
        return UserError.tr(
            "{path} cannot be used: {reason}. Delete the folder {folder}: it will be computed anew.",
            path=path,
            reason=reason,
            folder=self.folder,
        )

    @contextlib.contextmanager
    def _explained(self, path: Path) -> Iterator[None]:
        try:
            yield
        except atomic_io.UnsuitableFileError as error:
            raise self._of_no_use(error.filename, str(error.strerror)) from error
        except OSError as error:
            raise UserError(atomic_io.os_error_sentence(error, path)) from error

    def _check_meta(self) -> None:
        path = self.folder / META
        if not path.exists():
            with atomic_io.atomic_path(path) as temporary:
                fresh = {"format": FORMAT, "version": VERSION, "embed_dim": self.width}
                temporary.write_text(json.dumps(fresh) + "\n", encoding="utf-8")
            return
        try:
            meta = parsed_object(atomic_io.read_regular(path, MAX_META_BYTES))
            kind, version, embed_dim = meta["format"], int(meta["version"]), int(meta["embed_dim"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._of_no_use(path, tr("it is damaged")) from error
        if kind != FORMAT or version > VERSION:
            raise self._of_no_use(path, tr("a newer mma-desktop wrote it (update the program to keep it)"))
        if embed_dim != self.width:
            reason = tr("it has {found} dimensions, the backbone has {needed}", found=embed_dim, needed=self.width)
            raise self._of_no_use(path, reason)

    def _load(self) -> None:
        """Determine the valid rows: complete in both files, ignoring trailing zero hashes."""
        raw, sums, stored, self._seen = b"", b"", 0, self._stamp()
        with contextlib.suppress(FileNotFoundError):
            sums = atomic_io.read_regular(self._sums_path, MAX_ROWS * SUM_TYPE.itemsize)
        with contextlib.suppress(FileNotFoundError):
            raw = atomic_io.read_regular(self._hashes_path, MAX_ROWS * HASH_BYTES)
            with atomic_io.open_regular(self._features_path, MAX_ROWS * self._row_bytes) as handle:
                stored = os.fstat(handle.fileno()).st_size
        count = min(len(raw) // HASH_BYTES, stored // self._row_bytes)
        hashes = np.frombuffer(raw, HASH_TYPE, count)
        written = np.flatnonzero(hashes != b"")
        self._count = count = int(written[-1]) + 1 if len(written) else 0
        self._map, self._lengths = None, np.full(count, np.nan, np.float32)
        self._starts, self._sums = starts_of(hashes[:count]), np.zeros(count, SUM_TYPE)
        found = np.frombuffer(sums, SUM_TYPE, min(len(sums) // SUM_TYPE.itemsize, count))
        self._sums[: len(found)] = found
        # The last row of an image comes first, and so is found.
        rows = count - 1 - np.argsort(hashes[:count][::-1], kind="stable")
        # One tuple, since others may be looking while rows are added.
        self._sorted = hashes[rows], rows, heads_of(hashes[rows])

    def _stamp(self) -> tuple[int, ...]:
        """Another one for each state of the file of hashes. Its size is not enough: it may be a file begun anew."""
        with contextlib.suppress(FileNotFoundError):
            status = self._hashes_path.stat()
            return status.st_ino, status.st_size, status.st_mtime_ns
        return ()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the write lock, after reading the rows added by others."""
        with locked(self.folder):
            self.refresh()
            yield

    def _write(self, path: Path, place: int, data: NDArray[Any]) -> None:
        """Write at a place, where the valid rows end, and flush to disk."""
        fresh = not path.exists()
        with atomic_io.open_regular(path, sys.maxsize, "wb+" if fresh else "rb+") as handle:
            handle.truncate(place)
            handle.seek(place)
            handle.write(data.tobytes())
            handle.flush()
            os.fsync(handle.fileno())
        if fresh:
            atomic_io.sync_folder(self.folder)
