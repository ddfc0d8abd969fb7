"""A classifier goes to the Hugging Face hub and comes back, with a hub on this machine that keeps what it is sent."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import close_session, constants

from mma_desktop import Classifier, UserError, load_classifier
from mma_desktop.core.paths import resource
from mma_desktop.engine import hub as hub_module
from mma_desktop.engine.backbones.backbone_table import BACKBONES, find_backbone
from mma_desktop.engine.hub import metadata_of
from mma_desktop.services.serialization import evaluation_from
from mma_desktop.services.training.claims import range_words
from mma_desktop.services.training.report import card
from tests.programs import served

CLASSES = ("banana", "cac|tus <b>")
COMMIT = "c" * 40


class Hub(http.server.BaseHTTPRequestHandler):
    """The calls of the hub's API that uploading and downloading make. Requests and files are kept in the class."""

    protocol_version = "HTTP/1.1"
    requests: list[tuple[str, str, Any]] = []  # noqa: RUF012 - emptied by the fixture
    files: dict[str, bytes] = {}  # noqa: RUF012

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        lines = [json.loads(line) for line in body.splitlines()] if body.strip() else []
        Hub.requests.append(("POST", self.path, lines))
        if self.path == "/api/repos/create" and lines[0]["organization"] == "stranger":
            self._answer(403, {"error": "You may not"})
        elif self.path == "/api/repos/create":
            self._answer(200, {"url": f"http://{self.headers['Host']}/{lines[0]['organization']}/{lines[0]['name']}"})
        elif "/preupload/" in self.path:
            files = [{"path": one["path"], "uploadMode": "regular", "shouldIgnore": False} for one in lines[0]["files"]]
            self._answer(200, {"files": files})
        elif "/commit/" in self.path:
            for line in lines:
                if line["key"] == "file":
                    where = self.path.replace("/api/models/", "/").replace("/commit/", "/resolve/")
                    Hub.files[f"{where}/{line['value']['path']}"] = base64.b64decode(line["value"]["content"])
            self._answer(
                200, {"commitUrl": f"http://{self.headers['Host']}/mma/birds/commit/{COMMIT}", "commitOid": COMMIT}
            )
        else:  # branches, and the check of a card's metadata
            self._answer(200, {"errors": [], "warnings": []})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        Hub.requests.append((self.command, self.path, None))
        found = Hub.files.get(self.path)
        if self.path == "/":
            self._send(200, b"", {})
        elif found is not None:
            etag = hashlib.sha1(b"blob %d\0" % len(found) + found).hexdigest()
            self._send(200, found, {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT})
        elif "/mma/birds/" not in self.path:
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"})
        elif "/main/" not in self.path and "/v1/" not in self.path:
            self._send(404, b"", {"X-Error-Code": "RevisionNotFound"})
        else:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})

    def _answer(self, status: int, data: Any) -> None:
        self._send(status, json.dumps(data).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The hub of this machine in place of the other, and an empty cache."""
    Hub.requests, Hub.files = [], {}
    for name, value in {"NO_PROXY": "*", "no_proxy": "*", "HF_HUB_DISABLE_XET": "1", "HF_TOKEN": "hf_test"}.items():
        monkeypatch.setenv(name, value)
    close_session()  # another test's proxies
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    with served(Hub) as address:
        monkeypatch.setattr(constants, "ENDPOINT", address)
        template = f"{address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        yield address


@pytest.fixture(scope="module")
def fitted(cache_home: Path, warm_starter: None) -> Classifier:
    """A classifier of two classes, one with a name that is no plain Markdown."""
    files = [resource("sample", name, f"{name} {n:02d}.jpg") for name in ("banana", "cactus") for n in range(1, 7)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache_home))
        quick = {"inverse_penalty": 10.0}
        return Classifier(shots=4, method="linear-probe", options=quick, device="cpu").fit(
            files, [c for c in CLASSES for _ in range(6)]
        )


def test_a_classifier_goes_to_the_hub_and_comes_back(hub: str, fitted: Classifier, tmp_path: Path) -> None:
    adapter, picture = tmp_path / "a.safetensors", resource("sample", "banana", "banana 20.jpg")
    fitted.save(adapter)
    classifier = load_classifier(adapter, "cpu")
    assert classifier.push_to_hub("mma/birds") == f"{hub}/mma/birds"
    classifier.push_to_hub("mma/birds", licence="cc-by-4.0", private=False, revision="v1")
    for address in ("hf://mma/birds", "hf://mma/birds@v1"):
        found = load_classifier(address, "cpu")
        assert found.digest == hashlib.sha256(adapter.read_bytes()).hexdigest()
        assert found.predict(picture).tolist() == fitted.predict(picture).tolist()
    said = {}
    before = sorted(tmp_path.rglob("*"))
    paths = ("hf://mma/birds@../../x", "hf://mma/birds@refs/../../../x", "hf://mma/birds@/x", "hf://mma/birds@a\\b")
    for address in ("hf://mma/none", "hf://mma/birds@v9", "hf://birds", "hf://a b/c", *paths):
        with pytest.raises(UserError) as caught:
            load_classifier(address, "cpu")
        said[address] = str(caught.value)
    assert said["hf://mma/none"].startswith(
        "hf://mma/none cannot be loaded: the hub has no such repository, or it is private. Sign"
    )
    assert said["hf://mma/birds@v9"].startswith("hf://mma/birds@v9 cannot be loaded: there is no such revision.")
    assert said["hf://birds"] == said["hf://a b/c"]
    assert "is named owner/name" in said["hf://a b/c"]
    assert all("is no revision on the hub. It is a branch, a tag or a commit" in said[address] for address in paths)
    assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(UserError, match=r"^'\.\./x' is no revision on the hub"):
        classifier.push_to_hub("mma/birds", revision="../x")
    with pytest.raises(UserError, match=r"^Nothing was uploaded to stranger/birds: the hub wants to know who you are"):
        classifier.push_to_hub("stranger/birds")

    made = [lines[0] for _, path, lines in Hub.requests if path == "/api/repos/create"]
    assert [one.get("private", one.get("visibility")) in {True, "private"} for one in made] == [True, False, True]
    assert sorted(Hub.files) == [
        f"/mma/birds/resolve/{branch}/{name}"
        for branch in ("main", "v1")
        for name in ("README.md", "adapter.safetensors")
    ]
    assert not any(re.search(rb"image/jpeg|\xff\xd8\xff|banana 0", data) for data in Hub.files.values())
    first, second = (Hub.files[f"/mma/birds/resolve/{branch}/README.md"].decode() for branch in ("main", "v1"))
    about = yaml.safe_load(first.split("---\n")[1])
    assert about["license"] == "apache-2.0"
    assert about["library_name"] == "mma-desktop"
    assert about["base_model"] == ["sentence-transformers/all-MiniLM-L6-v2"]
    assert about["model-index"][0]["name"] == "mma/birds"
    assert yaml.safe_load(second.split("---\n")[1])["license"] == "cc-by-4.0"


def test_the_card_has_the_reports_numbers(fitted: Classifier) -> None:
    text = card(fitted.header, "mma/birds")
    evaluation = evaluation_from(fitted.header.metrics)
    accuracy, before = evaluation.adapted.all, evaluation.zero_shot.all
    assert accuracy is not None
    assert before is not None
    assert f"**{accuracy.percent:.1f}% of {accuracy.n:,} pictures were given the right class out of 2.**" in text
    assert f"expect {accuracy.low:.1f}% to {accuracy.high:.1f}% (95% interval)" in text
    assert f"by the names alone, it was {range_words(before)}." in text
    assert re.search(r"Measured (on pictures|by)", text)
    assert r"| cac\|tus \<b\> (read as " in text
    assert 'load_classifier("hf://mma/birds")' in text
    assert "| Seed | 0 |" in text
    assert "| Backbone | starter, fingerprint" in text


@pytest.mark.parametrize("backbone", [one.id for one in BACKBONES])
def test_each_backbone_has_a_licence_that_the_hub_knows(backbone: str) -> None:
    spec = find_backbone(backbone)
    about = metadata_of(spec, "", 91.234)
    assert about["license"] in {"apache-2.0", "mit", "apple-amlr"}
    assert spec.bundled or spec.repository
    assert about.get("base_model", [""]) == [spec.repository], "a bundled one need have none"
    assert about["model-index"][0]["results"][0]["metrics"] == [{"type": "accuracy", "value": 0.9123}]
    assert "metrics" not in metadata_of(spec, "mit", None)


def test_offline_is_a_sentence(fitted: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UserError) as loading:
        load_classifier("hf://mma/never-there")
    assert str(loading.value) == (
        "hf://mma/never-there cannot be loaded: it is not on this machine, and the hub is switched off by "
        "HF_HUB_OFFLINE. Unset HF_HUB_OFFLINE and try again."
    )
    with pytest.raises(UserError) as uploading:
        fitted.push_to_hub("mma/birds")
    assert str(uploading.value) == (
        "Nothing was uploaded to mma/birds: the hub is switched off by HF_HUB_OFFLINE. "
        "Unset HF_HUB_OFFLINE and try again."
    )


def test_a_hub_out_of_reach_is_a_sentence(fitted: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(
        UserError, match=r"^Nothing was uploaded to mma/birds: http://127\.0\.0\.1:9 cannot be reached \("
    ):
        fitted.push_to_hub("mma/birds")


def test_nothing_is_sent_but_by_push_to_hub() -> None:
    root = Path(hub_module.__file__).parents[1]
    senders = [
        path.name for path in root.rglob("*.py") if re.search(r"hub\.upload\(|create_commit|upload_f", path.read_text())
    ]
    assert sorted(senders) == ["api.py", "hub.py"]
