"""A download that is not what the hub names is refused with a sentence, and the bad file is not kept."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.programs import served

GOOD = bytes(range(256)) * 8000
OTHER = GOOD[:-1] + b"x"
NAME = "open_clip_model.safetensors"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_hash(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass(frozen=True)
class Way:
    """What a repository of the hub says of its file, and what it sends."""

    etag: str
    sent: bytes = GOOD
    good: bool = False
    commit: str = "c" * 40
    later: str = ""
    """Its ETag when it is asked again."""
    status: int = 200
    linked: bool = False
    moved: bool = False
    """Whether it first leads to another address, without an ETag."""


OUT = "../../../victim/evil"
"""From a folder of a repository's cache to one beside the cache."""
WAYS = {
    "good": Way(sha256(GOOD), good=True),
    "small": Way(git_hash(GOOD), good=True),
    "unnamed": Way("something", good=True),
    "changed": Way(sha256(GOOD), OTHER),
    "truncated": Way(sha256(GOOD), GOOD[: len(GOOD) // 2]),
    "longer": Way(sha256(GOOD), GOOD + GOOD),
    "small-changed": Way(git_hash(OTHER)),
    "moved": Way(sha256(GOOD), good=True, moved=True),
    "renamed": Way(sha256(OTHER), later=sha256(GOOD), good=True),
    "renamed-changed": Way(sha256(OTHER), OTHER, later=sha256(GOOD)),
}
HOSTILE = {
    "etag": Way(OUT),
    "linked": Way(OUT, linked=True),
    "weak": Way(f"W/W/{OUT}"),
    "windows": Way(OUT.replace("/", "\\")),
    "later": Way(sha256(GOOD), later=OUT),
    "commit": Way(sha256(GOOD), commit=OUT),
    "missing": Way(sha256(GOOD), commit=OUT, status=404),
}


class Hub(http.server.BaseHTTPRequestHandler):
    """A hub of repositories with one file each."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    asked: set[str] = set()  # noqa: RUF012 - one set for all requests, on purpose

    def _answer(self, body: bool) -> None:
        way = (WAYS | HOSTILE)[self.path.split("/")[2]]
        if way.moved and "?" not in self.path:
            self.send_response(307)
            self.send_header("X-Repo-Commit", way.commit)
            self.send_header("Location", f"{self.path}?moved")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        etag = way.later if way.later and self.path in self.asked else way.etag
        self.asked.add(self.path)
        self.send_response(way.status)
        if way.status == 404:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("ETag", f'"{sha256(GOOD) if way.linked else etag}"')
        if way.linked:
            self.send_header("X-Linked-Etag", f'"{etag}"')
        self.send_header("X-Repo-Commit", way.commit)
        self.send_header("Content-Length", str(len(way.sent)))
        self.end_headers()
        if body:
            self.wfile.write(way.sent)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[str]:
    with served(Hub) as address:
        yield address


CODE = textwrap.dedent(
    """
    import dataclasses, json, sys
    from huggingface_hub import constants
    from mma_desktop.core.errors import UserError
    from mma_desktop.engine import hub
    from mma_desktop.engine.backbones import weights
    from mma_desktop.engine.backbones.backbone_table import find_backbone

    spec, out = find_backbone("ViT-B-32/openai"), {}
    HOSTILE = sys.argv[2].split()
    for way in sys.argv[3:]:
        constants.HF_HUB_CACHE = f"{sys.argv[1]}/{way}"
        spec = dataclasses.replace(spec, repository=f"mma/{way}")
        try:
            said = weights.content_hash(weights.download_weights(spec))
        except UserError as error:
            said = str(error)
        out[way] = [said, weights.cached_weights(spec) is not None, ""]
        if way in HOSTILE:
            try:
                hub.download(f"mma/{way}", None)
            except UserError as error:
                out[way][2] = str(error)
    sys.stdout.write(json.dumps(out))
    """
)


@pytest.fixture
def said(hub: str, tmp_path: Path) -> dict[str, tuple[str, bool, str]]:
    """What downloads say in each way: of weights, whether they are there now, and of an adapter in a hostile way."""
    Hub.asked.clear()
    env = {**os.environ, "HF_ENDPOINT": hub, "HF_HUB_OFFLINE": "0", "NO_PROXY": "*", "no_proxy": "*"}
    command = [sys.executable, "-c", CODE, str(tmp_path / "caches"), " ".join(HOSTILE), *WAYS, *HOSTILE]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_only_what_the_hub_names_is_kept(said: dict[str, tuple[str, bool, str]], tmp_path: Path) -> None:
    for name, way in WAYS.items():
        weights, cached, _ = said[name]
        folder = tmp_path / "caches" / name
        big = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 1000]
        assert (cached, bool(big)) == (way.good, way.good), name
        if way.good:
            assert weights == sha256(GOOD)
        else:
            assert "is not the file that the hub names; it was not kept" in weights, name
            assert "use the starter" in weights
    for name in HOSTILE:
        weights, cached, adapter = said[name]
        assert not cached
        assert "does not answer as the hub does" in weights, name
        assert "use the starter" in weights
        if name != "later":  # an adapter's metadata are asked for once: its file is good, and no adapter
            assert adapter.endswith("Nothing was downloaded. Check HF_ENDPOINT."), (name, adapter)
            assert adapter.startswith(f"hf://mma/{name} cannot be loaded: http://127.0.0.1:"), name
    assert [path.name for path in tmp_path.iterdir()] == ["caches"]
