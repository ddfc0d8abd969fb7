"""Weight files: find them in the hub cache, download them, check them, and read them without pickle."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mma_desktop.core.atomic_io import open_regular, read_regular, unreadable
from mma_desktop.core.errors import Cancelled, UserError, first_line
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.logging import silenced
from mma_desktop.core.paths import is_hub_name
from mma_desktop.engine.backbones.backbone_table import FILE_TAG, BackboneSpec, weights_config

log = logging.getLogger(__name__)

ByteProgress = Callable[[int, int], None]

# The largest open_clip model has 20 GB.
MAX_WEIGHTS_BYTES = 32 << 30
BUNDLED_BYTES = 256 << 20  # above the largest bundled file, of 90 MB
SAFE_SUFFIX = ".safetensors"
SUFFIXES = (SAFE_SUFFIX, ".pt", ".pth", ".bin")
HUB_DEFAULT = "open_clip_pytorch_model.bin"
HUB_DEFAULT_SAFE = "open_clip_model.safetensors"
CHUNK = 1 << 20  # a cancel is noticed after each
PROBE_SECONDS = 6.0  # longer than a slow network needs for a header
LONGEST_NAMED = 80  # letters in a message


def cannot_load(spec: BackboneSpec, reason: str) -> UserError:
    """The error for a model that is neither cached nor downloadable: its name, size and the three options."""
    size = (
        tr("about {megabytes} MB", megabytes=spec.download_mb)
        if spec.download_mb
        else tr("of a size the hub would tell")
    )
    return UserError.tr(
        "The backbone {backbone} ({size}) is not on this machine and could not be downloaded ({reason}). Go online and "
        "try again, pick a weights file that you already have, or use the starter, which needs no download.",
        backbone=spec.id,
        size=size,
        reason=reason,
    )


def hub_problem() -> str:
    """Check that the hub is reachable; returns the reason if not, else an empty text. Downloads nothing."""
    import urllib.error
    import urllib.request

    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return tr("the hub is switched off by HF_HUB_OFFLINE")
    request = urllib.request.Request(constants.ENDPOINT, method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=PROBE_SECONDS).close()
    except urllib.error.HTTPError:
        return ""  # any response means that it is reachable
    except (OSError, ValueError) as error:
        return tr("{server} cannot be reached ({reason})", server=constants.ENDPOINT, reason=first_line(error))
    return ""


def hub_files(spec: BackboneSpec) -> tuple[str, list[str]]:
    """The hub repository of a model's weights and the files to try, safetensors first; UserError if it has none."""
    if spec.pretrained == FILE_TAG:
        raise UserError.tr(
            "The backbone {backbone} needs its weights file. Pick the file it was loaded from, or use --weights.",
            backbone=spec.id,
        )
    if spec.repository:
        return spec.repository, [HUB_DEFAULT_SAFE, HUB_DEFAULT]
    known = weights_config(spec.model_name, spec.pretrained)
    repository, _, name = str(known.get("hf_hub") or "").rpartition("/")
    if not repository:
        where = known.get("url") or tr("its publisher")
        raise UserError.tr(
            "The weights of {backbone} are not on the hub. Download them from {where} and pick the file.",
            backbone=spec.id,
            where=where,
        )
    if not name or name == HUB_DEFAULT:
        return repository, [HUB_DEFAULT_SAFE, HUB_DEFAULT]
    if name.endswith((".bin", ".pth")):
        return repository, [str(Path(name).with_suffix(SAFE_SUFFIX)), name]
    return repository, [name]


def cached_weights(spec: BackboneSpec) -> Path | None:
    """Path of the weights in the hub cache, or None; does not use the network."""
    from huggingface_hub import constants

    try:
        repository, names = hub_files(spec)
    except UserError:
        return None
    # A page calls this for every backbone; avoid importing the hub client if nothing is cached.
    folder = constants.REPO_ID_SEPARATOR.join(("models", *repository.split("/")))
    if not Path(constants.HF_HUB_CACHE, folder).is_dir():
        return None
    from huggingface_hub import try_to_load_from_cache

    for name in names:
        place = try_to_load_from_cache(repository, name)
        if isinstance(place, str) and Path(place).is_file():
            return Path(place)
    return None


def is_local(spec: BackboneSpec) -> bool:
    """Whether the weights are bundled or in the hub cache. Does not use the network."""
    return spec.bundled or cached_weights(spec) is not None


class _Bar:
    progress: ByteProgress | None = None
    cancel: CancelToken | None = None

    def __init__(self, *_: Any, total: int | None = None, initial: int = 0, **__: Any) -> None:
        self.total, self.n = int(total or 0), int(initial)
        self._report()

    def update(self, count: int | float | None = 1) -> None:
        self.n += int(count or 0)
        self._report()

    def _report(self) -> None:
        kind = type(self)
        if kind.cancel is not None:
            kind.cancel.raise_if_cancelled()
        if kind.progress is not None:
            kind.progress(self.n, self.total)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[..., None]:
        # Ignore other progress bar methods (close, refresh, set_description…), which are for a terminal.
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_args, **_kwargs: None


class ForeignAnswerError(UserError):
    """A server that stands for the hub gave a file or commit a name that no file of the cache can have."""


_named = threading.local()  # `etag`: what the hub last called a file that this thread asked for


def _check_answer(response: Any) -> None:
    """Refuse metadata of the hub that the hub's library would make paths of which lead out of its cache."""
    headers, request = response.headers, response.request
    commit, linked = headers.get("X-Repo-Commit"), headers.get("X-Linked-Etag")
    if request.method != "HEAD" or commit is None:
        return  # the library takes no names from it
    etag = (linked or headers.get("ETag") or "").lstrip("W/").strip('"')
    unnamed = response.is_error or (response.is_redirect and not etag)  # such as one to a repository's new name
    names = [commit] if unnamed else [commit, etag]
    # A commit that was read elsewhere, in a listing, is asked for before it is written.
    names += [part for part in request.url.path.split("/") if part == ".."]
    if foreign := [name for name in names if not is_hub_name(name)]:
        server, name = f"{request.url.scheme}://{request.url.netloc.decode()}", foreign[0][:LONGEST_NAMED]
        raise ForeignAnswerError(
            tr("{server} does not answer as the hub does: it names a file '{name}'", server=server, name=name)
        )
    _named.etag = etag


@dataclass(frozen=True)
class _CheckedClients:
    """Makes the HTTP clients of the hub's library, with a look at each answer before the library has it."""

    usual: Callable[[], Any]

    def __call__(self) -> Any:
        client = self.usual()
        hooks = client.event_hooks
        client.event_hooks = {**hooks, "response": [*hooks["response"], _check_answer]}
        return client


@contextmanager
def plain_transfers() -> Iterator[None]:
    """Make the hub library check its answers, download one plain stream in small pieces, and say nothing of retries."""
    # Its accelerated transfer uses its own threads, which cancellation does not reach.
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    from huggingface_hub import constants, set_client_factory
    from huggingface_hub.utils import _http

    if not isinstance(usual := _http._GLOBAL_CLIENT_FACTORY, _CheckedClients):
        set_client_factory(_CheckedClients(usual))  # for good: other threads may be in the middle of a transfer
    before = constants.HF_HUB_DISABLE_XET, constants.DOWNLOAD_CHUNK_SIZE
    constants.HF_HUB_DISABLE_XET, constants.DOWNLOAD_CHUNK_SIZE = True, CHUNK
    try:
        with silenced("huggingface_hub"):
            yield
    finally:
        constants.HF_HUB_DISABLE_XET, constants.DOWNLOAD_CHUNK_SIZE = before


def _request_header(spec: BackboneSpec, repository: str, name: str) -> None:
    """Request a file's header once; a download would retry for half a minute before it fails.

    Raises:
        EntryNotFoundError: The hub has no such file.
        UserError: The hub is not reachable, or it is none.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError

    try:
        _named.etag = ""
        get_hf_file_metadata(hf_hub_url(repository, name), timeout=PROBE_SECONDS)
    except ForeignAnswerError:
        raise
    except HfHubHTTPError as error:
        if error.response.status_code == 404:
            raise
        # The hub responded with an error, which the download will report.
    except Exception as error:  # the exceptions of the hub's HTTP client differ between versions
        log.info("%s/%s: no network", repository, name, exc_info=True)
        raise cannot_load(spec, tr("no network connection to the hub")) from error


def _matches(path: Path, expected: str) -> bool:
    """Whether a downloaded file has the hub's hash: SHA-256, or Git's for small files. Removes a wrong file."""
    if re.fullmatch(r"[0-9a-f]{64}", expected):
        digest = hashlib.sha256()
    elif re.fullmatch(r"[0-9a-f]{40}", expected):
        digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    else:
        log.warning("the hub gave no hash of %s; what arrived is not checked", path.name)
        return True
    with path.open("rb") as handle:
        if hashlib.file_digest(handle, lambda: digest).hexdigest() == expected:
            return True
    for place in (path.resolve(), path):
        place.unlink(missing_ok=True)
    return False


def download_weights(
    spec: BackboneSpec, progress: ByteProgress | None = None, cancel: CancelToken | None = None
) -> Path:
    """Download a model's weights into the hub cache.

    Resumes after a connection error. Whether a cancelled download can be resumed depends on the hub library: since
    version 1 it starts over. `progress` is called with bytes so far and total bytes (0 while unknown); `cancel` is
    checked for each megabyte.

    Raises:
        UserError: The network or the hub fails, or the file does not match its hash; the message lists the three
            options.
        Cancelled: The download was cancelled.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError

    repository, names = hub_files(spec)
    bar = type("_ThisBar", (_Bar,), {"progress": staticmethod(progress) if progress else None, "cancel": cancel})
    for name in names:
        try:
            with plain_transfers():
                _request_header(spec, repository, name)
                path = Path(hf_hub_download(repository, name, library_name="mma-desktop", tqdm_class=bar))
                if _matches(path, _named.etag):
                    return path
                raise cannot_load(spec, tr("what arrived is not the file that the hub names; it was not kept"))
        except ForeignAnswerError as error:
            raise cannot_load(spec, str(error)) from error
        except (Cancelled, UserError):
            raise
        except LocalEntryNotFoundError as error:
            log.info("%s/%s: no network", repository, name, exc_info=True)
            raise cannot_load(spec, tr("no network connection to the hub")) from error
        except EntryNotFoundError:
            continue
        except Exception as error:  # the exceptions of the hub's HTTP client differ between versions
            log.info("%s/%s could not be downloaded", repository, name, exc_info=True)
            if cancel is not None:
                cancel.raise_if_cancelled()
            raise cannot_load(spec, first_line(error)) from error
    raise cannot_load(spec, tr("the hub has no such file"))


def content_hash(path: Path) -> str:
    """SHA-256 of a weight file, in hexadecimal."""
    # Files in the hub cache are named by their SHA-256, so they need not be read.
    name = path.readlink().name if path.is_symlink() else ""  # what it leads to may be a link itself, of another name
    if re.fullmatch(r"[0-9a-f]{64}", name):
        return name
    with open_regular(path, MAX_WEIGHTS_BYTES) as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def read_bundled(path: Path, sha256: str) -> bytes:
    """Read a file of a bundled backbone once; UserError if its SHA-256 is not the published one."""
    try:
        data = read_regular(path, BUNDLED_BYTES)
    except OSError as error:
        raise UserError.tr(
            "The weights in {path} could not be read ({reason}). Install mma-desktop again.",
            path=path,
            reason=error.strerror,
        ) from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != sha256:
        raise UserError.tr(
            "The weights in {file} are not the published ones (SHA-256 {found}… instead of "
            "{expected}…). The file is damaged or was changed: install mma-desktop again.",
            file=path.name,
            found=digest[:12],
            expected=sha256[:12],
        )
    return data


def check_suffix(path: Path) -> None:
    """Reject, as UserError, a file that by its suffix (`SUFFIXES`), its absence or its size is no weight file."""
    if path.suffix not in SUFFIXES:
        raise UserError.tr(
            "{file} is not a readable weights file. Pick one of {suffixes}.",
            file=path.name,
            suffixes=", ".join(SUFFIXES),
        )
    if not path.is_file():
        raise UserError.tr(
            "The weights file {path} is not there (any more). Pick it again, or use --weights.", path=path
        )
    try:
        open_regular(path, MAX_WEIGHTS_BYTES).close()
    except OSError as error:
        raise unreadable(path, error) from error
