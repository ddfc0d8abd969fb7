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


WAYS = {
    "good": Way(sha256(GOOD), good=True),
    "small": Way(git_hash(GOOD), good=True),
    "unnamed": Way("something", good=True),
    "changed": Way(sha256(GOOD), OTHER),
    "truncated": Way(sha256(GOOD), GOOD[: len(GOOD) // 2]),
    "longer": Way(sha256(GOOD), GOOD + GOOD),
    "small-changed": Way(git_hash(OTHER)),
}


class Hub(http.server.BaseHTTPRequestHandler):
    """A hub of repositories with one file each."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        way = WAYS[self.path.split("/")[2]]
        self.send_response(200)
        self.send_header("ETag", f'"{way.etag}"')
        self.send_header("X-Repo-Commit", "c" * 40)
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
    from mma_desktop.engine.backbones import weights
    from mma_desktop.engine.backbones.backbone_table import find_backbone

    spec, out = find_backbone("ViT-B-32/openai"), {}
    for way in sys.argv[2:]:
        constants.HF_HUB_CACHE = f"{sys.argv[1]}/{way}"
        spec = dataclasses.replace(spec, repository=f"mma/{way}")
        try:
            said = weights.content_hash(weights.download_weights(spec))
        except UserError as error:
            said = str(error)
        out[way] = [said, weights.cached_weights(spec) is not None]
    sys.stdout.write(json.dumps(out))
    """
)


def test_only_what_the_hub_names_is_kept(hub: str, tmp_path: Path) -> None:
    env = {**os.environ, "HF_ENDPOINT": hub, "HF_HUB_OFFLINE": "0", "NO_PROXY": "*", "no_proxy": "*"}
    command = [sys.executable, "-c", CODE, str(tmp_path), *WAYS]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for name, way in WAYS.items():
        said, cached = found[name]
        big = [path for path in (tmp_path / name).rglob("*") if path.is_file() and path.stat().st_size > 1000]
        assert (cached, bool(big)) == (way.good, way.good), name
        if way.good:
            assert said == sha256(GOOD)
        else:
            assert "is not the file that the hub names; it was not kept" in said, name
            assert "use the starter" in said
