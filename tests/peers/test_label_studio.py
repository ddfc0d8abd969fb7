"""Exports shown by a running Label Studio, set up as the export says, and its own exports read."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.registry import recognise

from ..services.format_steps import read, write

pytestmark = pytest.mark.peers
TOKEN = "0123456789abcdef0123456789abcdef01234567"
Start = Callable[[dict[str, str]], str]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start Label Studio with some variables; its address."""
    program = os.environ.get("MMA_PEERS_LABEL_STUDIO")
    if not program:
        pytest.skip("MMA_PEERS_LABEL_STUDIO is not set: run tests/peers/install")
    servers: list[subprocess.Popen[bytes]] = []

    def begin(variables: dict[str, str]) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        more = {
            "HOME": str(tmp_path / "home"),
            "PYTHONPATH": "",
            "COLLECT_ANALYTICS": "false",
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        }
        (tmp_path / "home").mkdir(exist_ok=True)
        arguments = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
        arguments += ["--data-dir", str(tmp_path / "home"), "--username", "a@example.org", "--password", "secret-12"]
        environment = {**os.environ, **more, **variables}
        with (tmp_path / "server.log").open("wb") as log:
            command = [program, *arguments, "--user-token", TOKEN]
            servers.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).read()
            except (OSError, urllib.error.URLError):
                assert servers[-1].poll() is None, (tmp_path / "server.log").read_text("utf-8")[-3000:]
                time.sleep(1)
            else:
                return address
        raise AssertionError((tmp_path / "server.log").read_text("utf-8")[-3000:])

    yield begin
    for one in servers:
        one.terminate()
        one.wait(30)


def ask(address: str, data: object = None) -> tuple[int, bytes]:
    request = urllib.request.Request(
        address,
        None if data is None else json.dumps(data).encode(),
        {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def made(address: str, data: object) -> dict[str, Any]:
    status, text = ask(address, data)
    assert status < 300, text
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("images", [Images.COPY, Images.NONE])
def test_every_picture_is_shown(
    images: Images, labelled: ProjectContext, photos: Path, tmp_path: Path, start: Start
) -> None:
    out = tmp_path / "out"
    told = write(labelled, "labelstudio", out, images, labelled_only=False).sentence
    variables = dict(re.findall(r"(LABEL_STUDIO_\w+)=(\S+?)\.?(?= |$)", told))
    assert set(variables) == {"LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED", "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT"}
    storage = re.search(r"absolute local path (\S+) ", told)
    assert storage is not None
    address = start(variables)
    config = (out / "label_config.xml").read_text("utf-8")
    project = made(f"{address}/api/projects", {"title": "pictures", "label_config": config})["id"]
    made(f"{address}/api/storages/localfiles", {"project": project, "path": storage[1], "use_blob_urls": True})
    tasks = json.loads((out / "tasks.json").read_text("utf-8"))
    assert made(f"{address}/api/projects/{project}/import", tasks)["task_count"] == 6
    pictures = sorted(one.read_bytes() for one in photos.rglob("*.png"))
    answers = [ask(f"{address}{one['data']['image']}") for one in tasks]
    assert [status for status, _ in answers] == [200] * 6
    assert sorted(data for _, data in answers) == pictures
    base = Path(variables["LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT"])
    for kind, suffix in (("JSON", "json"), ("JSON_MIN", "json"), ("CSV", "csv"), ("TSV", "tsv")):
        status, text = ask(f"{address}/api/projects/{project}/export?exportType={kind}")
        assert status == 200
        file = tmp_path / f"{kind}.{suffix}"
        file.write_bytes(text)
        assert recognise(file).id == "labelstudio"  # type: ignore[union-attr]
        listing = read(file, base=base)
        assert not listing.problems
        assert sorted(one.label or "" for one in listing.entries) == ["cat"] * 3 + ['the "dog", ü'] * 2, kind
