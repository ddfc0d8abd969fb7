"""Features that all commands of a user share: rows of images, within a limit of bytes for all backbones, and texts.

The rows of a backbone are in segments, each a `FeatureCache` in a folder of its own: NAME, NAME+2, NAME+3 and so on, of
an eighth of the limit each; the time of a segment's `meta.json` tells when its rows were last used. Whoever appends or
deletes holds the lock of the folder around them. Rows are in single precision, so that what is predicted for an image
does not depend on whether it was seen before; `gather_rows` rounds them as a project's cache does. Texts are kept by
their SHA-256.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.atomic_io import make_folder, os_errors
from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import AppData, usable_folder
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.features import feature_cache

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.backbone import Backbone

log = logging.getLogger(__name__)

# How many fill the limit: a look-up goes through all of a backbone.
SEGMENTS = 8
OWN_SHARE = 0.5  # of the limit: half is left to what others have just used
TOUCH_SECONDS = 60.0  # a file time is precise enough by then, and a write each time would cost more


class SharedCache:
    """As `FeatureCache`, in segments within a limit.

    Several processes may share it. Rows that others add are visible after `refresh` or `append`; what they delete can
    still be gathered until `refresh` or `close`. What is found may be deleted by an `append` of one's own, unless it
    `holds` its rows for a project, which is trimmed when it is closed.

    Args:
        folder: The first segment; the others stand beside it.
        width: As for `FeatureCache`.
        embed_dim: As for `FeatureCache`.
        most_bytes: The limit for all folders beside this one as well.
        holds: Whether nothing in use is deleted before the end.

    Raises:
        UserError: As for `FeatureCache`.
    """

    def __init__(self, folder: Path, width: int, embed_dim: int, most_bytes: float, *, holds: bool = False) -> None:
        self.folder, self.width, self.embed_dim = folder, width, embed_dim
        self._most, self._holds, self._over = most_bytes, holds, False
        self._segments: dict[Path, feature_cache.FeatureCache] = {}
        self._begun: list[Path] = []
        self._touched: dict[Path, float] = {}
        with os_errors(folder.parent):
            make_folder(folder.parent)
        self.refresh()

    def __len__(self) -> int:
        return sum(map(len, self._segments.values()))

    @property
    def hash_bytes(self) -> int:
        """Size of the files of hashes."""
        return sum(segment.hash_bytes for segment in self._segments.values())

    def refresh(self) -> None:
        """See what other processes added and deleted."""
        with feature_cache.locked(self.folder.parent):
            self._refresh()

    def _refresh(self) -> None:
        kept = dict(self._segments) if self._holds else {}
        for place in self._places():
            segment = self._segments.get(place)
            if self._holds and segment is not None and segment.is_replaced:
                kept[place.with_name(f"{place.name} was {len(kept)}")] = segment  # its map can still be gathered from
                segment = None
            if segment is None:
                segment = _open_exact(place, self.width)
            elif (place / feature_cache.HASHES).exists() or not self._holds:
                segment.refresh()
            segment.hold()
            kept[place] = segment
        self._segments = kept  # at once, since other threads look into it

    def close(self) -> None:
        """Release the memory maps; what was spared until now may be deleted."""
        for segment in self._segments.values():
            segment.close()
        if self._over:
            try:
                with feature_cache.locked(self.folder.parent):
                    self._make_room(())
            except UserError as error:
                log.warning("the cache of pictures was not trimmed: %s", error)

    def rows(self, hashes: object) -> feature_cache.Rows:
        """A number of at least 0 for each content hash that has a row, -1 if missing."""
        wanted = feature_cache.as_hashes(hashes)
        places, before = np.full(len(wanted), -1, np.int64), 0
        for segment in self._segments.values():
            in_segment = segment.rows(wanted)
            places = np.where(in_segment < 0, places, before + in_segment)
            before += len(segment)
        return places

    def verify(self, hashes: object) -> None:
        """See `FeatureCache.verify`."""
        for segment in self._segments.values():
            segment.verify(hashes)

    def gather(self, hashes: object) -> feature_cache.Floats:
        """See `FeatureCache.gather`."""
        return self.gather_rows(hashes, self.embed_dim)

    def gather_rows(
        self, hashes: object, columns: int | None = None, part: feature_cache.Rows | None = None
    ) -> feature_cache.Floats:
        """See `FeatureCache.gather_rows`; to the bit what the cache of a project gives."""
        wanted = hashes if part is None else feature_cache.as_hashes(hashes)[part]
        return feature_cache.as_stored(self.exact_rows(wanted, columns), self.embed_dim)

    def exact_rows(self, hashes: object, columns: int | None = None) -> feature_cache.Floats:
        """Rows (N, `width`) float32 as they were appended, or their first columns; raises as `gather_rows`."""
        wanted = feature_cache.as_hashes(hashes)
        out, missing = np.empty((len(wanted), columns or self.width), np.float32), np.ones(len(wanted), np.bool_)
        for place, segment in reversed(self._segments.items()):  # of two rows of an image the newer one
            here = missing & (segment.rows(wanted) >= 0)
            if here.any():
                out[here] = segment.gather_rows(wanted[here], columns)
                missing &= ~here
                self._touch(place)
        if missing.any():
            raise KeyError(f"{missing.sum()} of {len(wanted)} pictures have no features yet")
        return out

    def append(self, hashes: object, features: feature_cache.Floats) -> int:
        """See `FeatureCache.append`; deletes segments over the limit."""
        keys = feature_cache.as_hashes(hashes)
        with feature_cache.locked(self.folder.parent):
            self._refresh()
            new = self.rows(keys) < 0
            if not new.any():
                return 0
            segment = self._with_room()
            added = segment.append(keys[new], features[new])
            segment.hold()
            self._touch(segment.folder, now=True)
            self._make_room({segment.folder, *(self._segments if self._holds else ())})
        return added

    # -- inside

    def _number(self, place: Path) -> int:
        """The number of a segment, 0 for what is none."""
        number = place.name.removeprefix(f"{self.folder.name}+")
        return 1 if place == self.folder else int(number) if number.isdecimal() else 0

    def _places(self) -> list[Path]:
        """The folders of the segments, in the order in which they were begun."""
        folders = [self.folder, *self.folder.parent.glob(f"{self.folder.name}+*")]
        return sorted((place for place in folders if self._number(place) and place.is_dir()), key=self._number)

    def _with_room(self) -> feature_cache.FeatureCache:
        """The newest segment, or another one if that is full or gone."""
        newest = max([*self._places(), *self._segments], key=self._number, default=None)
        segment = None if newest is None else self._segments.get(newest)
        # Another process may have removed one that is held open; an empty one has no hashes yet.
        file = feature_cache.HASHES if segment is not None and len(segment) else feature_cache.META
        small = segment is not None and _bytes_in(segment.folder) < self._most / SEGMENTS
        if segment is not None and small and (segment.folder / file).exists():
            return segment
        name = self.folder.name if newest is None else f"{self.folder.name}+{self._number(newest) + 1}"
        segment = _open_exact(self.folder.with_name(name), self.width)
        self._segments = {**self._segments, segment.folder: segment}
        self._begun.append(segment.folder)
        return segment

    def _touch(self, place: Path, *, now: bool = False) -> None:
        if now or time.monotonic() - self._touched.get(place, -TOUCH_SECONDS) >= TOUCH_SECONDS:
            with contextlib.suppress(OSError):  # gone, or on a disk that cannot be written to
                os.utime(place / feature_cache.META)
                self._touched[place] = time.monotonic()

    def _make_room(self, spared: Collection[Path]) -> None:
        """Delete segments until all folders keep to the limit; the lock is held."""
        sizes = {
            place: _bytes_in(place)
            for place in self.folder.parent.iterdir()
            if place.is_dir() and not place.is_symlink()
        }
        self._begun = [place for place in self._begun if place in sizes]
        # A prediction of ten million images must not push out what others have just used, so it deletes its own first.
        too_many = self._too_many_begun(sizes, spared)
        for place in (*too_many, *sorted(sizes.keys() - set(too_many), key=_last_use)):
            if place in too_many or (sum(sizes.values()) > self._most and place not in spared):
                # Once the limit is passed, the segment that was not used for longest goes.
                self._segments = {other: segment for other, segment in self._segments.items() if other != place}
                with contextlib.suppress(OSError):
                    # First the hashes: without them no row counts, so that a killed process leaves nothing half
                    # deleted.
                    (place / feature_cache.HASHES).unlink(missing_ok=True)
                shutil.rmtree(place, ignore_errors=True)
                del sizes[place]
        self._over = sum(sizes.values()) > self._most

    def _too_many_begun(self, sizes: dict[Path, int], spared: Collection[Path]) -> list[Path]:
        """Segments of this run beyond its share of the limit, the first of them first."""
        left = sum(sizes[place] for place in self._begun) - OWN_SHARE * self._most
        begun = []
        for place in self._begun:
            if left > 0 and place not in spared and sum(sizes.values()) > self._most:
                begun.append(place)
                left -= sizes[place]
        return begun


def _bytes_in(place: Path) -> int:
    total = 0
    with contextlib.suppress(OSError):
        for path in place.iterdir():
            total += path.stat(follow_symlinks=False).st_size
    return total


def _last_use(place: Path) -> int:
    with contextlib.suppress(OSError):
        return (place / feature_cache.META).stat().st_mtime_ns
    return 0


def project_cache(features_dir: Path, backbone: Backbone, kind: str = "") -> feature_cache.FeatureCache:
    """The cache of a backbone in a project, which has no limit, or one of a `kind` of altered images."""
    return feature_cache.FeatureCache(*_cache_arguments(features_dir, backbone, kind))


def shared_cache(
    features_dir: Path, backbone: Backbone, most_bytes: float, kind: str = "", *, holds: bool = False
) -> SharedCache:
    """The cache of a backbone in the folder of the user; see `project_cache` and `SharedCache`."""
    return SharedCache(*_cache_arguments(features_dir, backbone, f"{kind}-f32"), most_bytes, holds=holds)


def _cache_arguments(features_dir: Path, backbone: Backbone, kind: str) -> tuple[Path, int, int]:
    folder = features_dir / f"{backbone.file_stem}-{backbone.layout.width}{kind}"
    return folder, backbone.layout.width, backbone.embed_dim


VOCABULARY_DIGITS = 12  # of its SHA-256: enough to tell versions apart in a file name
# 100 MB of the starter's; with more of them the cache begins anew.
MAX_TEXTS = 20_000


def encode_texts(backbone: Backbone, texts: Sequence[str]) -> feature_cache.Floats:
    """`Backbone.encode_texts`, which is asked only for what is not in the cache.

    Raises:
        UserError: Not even one text fits in memory.
    """
    cache = _text_cache(backbone)
    if cache is None:
        return backbone.encode_texts(texts)
    hashes = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    cache.verify(hashes)
    known = cache.rows(hashes) >= 0
    new = [at for at, there in enumerate(known.tolist()) if not there]
    features = np.empty((len(texts), backbone.embed_dim), np.float32)
    if new:
        features[new] = backbone.encode_texts([texts[at] for at in new])
    try:
        features[known] = cache.gather_rows([hashes[at] for at in np.flatnonzero(known)])
    except UserError as error:
        log.warning("the cache of text features begins anew: %s", error)
        shutil.rmtree(cache.folder, ignore_errors=True)
        return backbone.encode_texts(texts)
    try:
        if new:
            cache.append([hashes[at] for at in new], features[new])
    except (UserError, ValueError) as error:  # a full disk, or features that are not finite
        log.warning("text features are not kept: %s", error)
    return features


def _text_cache(backbone: Backbone) -> feature_cache.FeatureCache | None:
    """The cache of a backbone; None where the features of a text are not always the same, or none can be kept."""
    # On the CPU a text's features are the same whenever it is encoded, bit for bit, and so they are from here.
    folder = usable_folder(AppData.CACHE, "prepared") if backbone.device.type == "cpu" else None
    if folder is None:
        return None
    name = f"texts-{backbone.file_stem}"
    # The places of names in other languages also depend on the vocabulary, which no fingerprint covers.
    place = folder / (f"{name}-{languages.VOCABULARY_SHA256[:VOCABULARY_DIGITS]}" if backbone.takes_names else name)
    try:
        cache = _open_exact(place, backbone.embed_dim)
        if len(cache) > MAX_TEXTS:
            shutil.rmtree(place)
            cache = _open_exact(place, backbone.embed_dim)
    except (OSError, UserError) as error:
        log.warning("text features are not kept: %s", error)
        return None
    return cache


def _open_exact(place: Path, width: int) -> feature_cache.FeatureCache:
    return feature_cache.FeatureCache(place, width, embed_dim=0, kind=np.dtype("<f4"))  # in single precision
