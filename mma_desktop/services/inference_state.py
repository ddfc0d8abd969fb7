"""State of the engine lane: the loaded backbone, its feature cache, text features and the current adapter.

Every method runs on the engine lane (or on the only thread). The engine is imported on first use, because torch takes
seconds to import and the window must open before that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.backbone import Backbone
    from mma_desktop.engine.checkpoint import CheckpointHeader
    from mma_desktop.engine.features.extraction import Cache
    from mma_desktop.engine.methods.adapter import Adapter
    from mma_desktop.engine.predictor import Predictor

log = logging.getLogger(__name__)
Features = NDArray[np.float32]
CHUNK = 1024  # rows at a time: 12 MB of the widest backbone
_NOT_LOADED = later("No image model is loaded yet. Wait until it is, or choose one under Train.")


@dataclass(frozen=True, slots=True)
class DownloadProgress(Progress):
    """Download progress in bytes; the message has it in readable units."""


def downloading(token: CancelToken) -> Callable[[int, int], None]:
    """What reports the bytes of a download, and how many there are, to a token."""
    megabytes = 1024 * 1024

    def report(done: int, total: int) -> None:
        words = tr("Downloading {done} of {total} MB", done=done // megabytes, total=total // megabytes)
        token.report(DownloadProgress(done, total, words))

    return report


class InferenceState:
    """The engine's state for one open project.

    Args:
        features_dir: Folder of the feature caches, one subfolder per backbone and fingerprint.
        most_bytes: How many bytes may be in that folder, if other processes share it; None for a project's own.
        threads: Threads for torch; None as many as `engine.device.all_threads` says.
        reads: What the text encoder reads for the project's classes, by `name_key`.
    """

    def __init__(
        self,
        features_dir: Path,
        most_bytes: float | None = None,
        threads: int | None = None,
        reads: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._features_dir, self._most_bytes = features_dir, most_bytes
        self._reads = reads
        self._threads = threads
        self._reported = 0
        self._asked: tuple[str, str, Path | None] | None = None
        self._predictor: Predictor | None = None
        self.cache: Cache | None = None
        self.adapter_file: Path | None = None

    @property
    def backbone(self) -> Backbone | None:
        return None if self._predictor is None else self._predictor.backbone

    @property
    def adapter(self) -> Adapter | None:
        return None if self._predictor is None else self._predictor.adapter

    @property
    def header(self) -> CheckpointHeader | None:
        return None if self._predictor is None else self._predictor.header

    @property
    def predictor(self) -> Predictor:
        """Turns names and features into probabilities. Raises UserError if no image model is loaded."""
        if self._predictor is None:
            raise UserError.tr(_NOT_LOADED)
        return self._predictor

    @property
    def ready(self) -> bool:
        return self.backbone is not None

    def load(self, backbone_id: str, device: str, weights_file: Path | None, token: CancelToken) -> list[str]:
        """Load a backbone unless it is already loaded; returns messages. Raises UserError if it is unavailable."""
        asked = (backbone_id, device, weights_file)
        if self._asked == asked and self.backbone is not None:
            return []
        token.report(Progress(0, None, tr("Loading the model")))
        from mma_desktop.engine.backbones.loading import load_backbone
        from mma_desktop.engine.device import all_threads, set_threads

        set_threads(self._threads or all_threads())
        backbone = load_backbone(backbone_id, device, weights_file, downloading(token), token)
        self.use_backbone(backbone)
        self._asked = asked
        self._reported = 0
        log.info("Backbone %s (%s) on %s", backbone.id, backbone.fingerprint, backbone.device)
        return self.new_messages()

    def use_backbone(self, backbone: Backbone) -> None:
        """Switch to a loaded backbone; a different fingerprint means another cache and no adapter."""
        from mma_desktop.engine.predictor import Predictor

        before = self._predictor
        same = before is not None and before.backbone.fingerprint == backbone.fingerprint
        if not same:
            cache = self.open_cache(backbone)  # may fail, so it comes first and leaves the state unchanged
            self.close()
            self.cache = cache
        self._predictor = Predictor(backbone, self._reads)
        if before is not None and same:
            self._predictor.hold(before.adapter, before.header)

    def new_messages(self) -> list[str]:
        """Deviations from the request since the last call, such as another device or smaller batches."""
        messages = [] if self.backbone is None else self.backbone.messages[self._reported :]
        self._reported += len(messages)
        return messages

    def open_cache(self, backbone: Backbone, kind: str = "") -> Cache:
        """Open the feature cache of a backbone, or one of a kind of altered images; the caller closes it."""
        from mma_desktop.engine.features.shared_cache import project_cache, shared_cache

        # A project's own cache goes with the project and has no limit.
        if self._most_bytes is None:
            return project_cache(self._features_dir, backbone, kind)
        return shared_cache(self._features_dir, backbone, self._most_bytes, kind, holds=True)

    def renews(self) -> bool:
        """Whether another version of the backbone had features of more images here than this one has."""
        backbone, cache = self.need()
        name, fingerprint, _ = cache.folder.name.partition(f"-{backbone.fingerprint}")
        # By the size of their hashes alone: the features themselves are never read.
        former = self._features_dir.glob(f"{name}-*/hashes.bin")
        others = (path for path in former if not path.parent.name.startswith(name + fingerprint))
        return any(path.stat().st_size > cache.hash_bytes for path in others)

    def close(self) -> None:
        if self.cache is not None:
            self.cache.close()
            self.cache = None

    def need(self) -> tuple[Backbone, Cache]:
        """The loaded backbone and its cache. Raises UserError if no image model is loaded."""
        if self.backbone is None or self.cache is None:
            raise UserError.tr(_NOT_LOADED)
        return self.backbone, self.cache

    def embedded(self, hashes: NDArray[np.bytes_]) -> NDArray[np.bool_]:
        """(N,) which content hashes have features; those that were edited on the disk have none, and are made again."""
        cache = self.need()[1]
        cache.verify(hashes)
        return cache.rows(hashes) >= 0

    def gather(
        self, hashes: NDArray[np.bytes_], *, whole: bool = True, part: NDArray[np.int64] | None = None
    ) -> Features:
        """(N, E) rows of image features or, if not `whole`, (N, D) the shared space; with `part`, of these."""
        # Where all are is then kept, if nobody can write into `hashes`.
        cache = self.need()[1]
        return cache.gather_rows(hashes, None if whole else cache.embed_dim, part)

    def blocks(
        self, hashes: NDArray[np.bytes_], token: CancelToken, *, whole: bool = True
    ) -> Iterator[tuple[slice, Features]]:
        """`gather` for some of N content hashes at a time, with their slice: a million rows need no huge matrix."""
        for part in token.slices(len(hashes), CHUNK):
            yield part, self.gather(hashes[part], whole=whole)

    def use(self, path: Path | None, loaded: tuple[Adapter, CheckpointHeader] | None = None) -> None:
        """Make a checkpoint the current adapter, perhaps `loaded` already, or none; UserError if it does not fit."""
        if path is None:
            if self._predictor is not None:
                self._predictor.hold(None, None)
            self.adapter_file = None
            return
        from mma_desktop.engine.checkpoint import check_backbone, load

        backbone, _ = self.need()
        adapter, header = loaded or load(path)
        check_backbone(header, backbone)
        self.hold(adapter, header, path)

    def hold(self, adapter: Adapter, header: CheckpointHeader, path: Path | None) -> None:
        """Make an adapter the current one, without a path if it is in no file yet; UserError if it does not fit."""
        self.predictor.hold(adapter, header)
        self.adapter_file = path
