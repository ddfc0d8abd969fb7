"""open_clip models through the real path: a tiny one is built, saved, loaded, downloaded from a hub on this machine."""

from __future__ import annotations

import hashlib
import http.server
import logging
import pickle
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from open_clip import pretrained
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image
from safetensors.torch import save_file

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.backbones import open_clip_backbone
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import BACKBONES, RowLayout, find_backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.backbones.weights import is_local
from mma_desktop.media.decoding import decode
from tests.small_open_clip import TINY, architectures, build

DOWNLOADED = [spec for spec in BACKBONES if not spec.bundled]
WIDE = {**TINY, "embed_dim": 28}
SIGMOID = {**TINY, "init_logit_bias": -10, "init_logit_scale": 2.0, "custom_text": True}
AVERAGE = {**TINY, "vision_cfg": {**TINY["vision_cfg"], "pool_type": "avg"}}
RESNET = {**TINY, "vision_cfg": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 8}}
FOREIGN = {**TINY, "text_cfg": {**TINY["text_cfg"], "hf_tokenizer_name": "nobody/has-this-tokenizer"}}
CONFIGS = {"mma-tiny": TINY, "mma-wide": WIDE, "mma-sigmoid": SIGMOID, "mma-foreign": FOREIGN}
CONFIGS |= {"mma-average": AVERAGE, "mma-resnet": RESNET}
SQUASH = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5), "interpolation": "bilinear", "resize_mode": "squash"}


@pytest.fixture(scope="module", autouse=True)
def configs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """open_clip with our small architectures among its own, for this module."""
    folder = tmp_path_factory.mktemp("configs")
    tags = {
        "hub": {"hf_hub": "mma/tiny/"},
        "quick": {"hf_hub": "mma/tiny/", "quick_gelu": True},
        "squash": {"hf_hub": "mma/tiny/", **SQUASH},
    }
    pretrained._PRETRAINED["mma-tiny"] = tags
    with architectures(folder, CONFIGS):
        yield folder
    del pretrained._PRETRAINED["mma-tiny"]


@pytest.fixture(scope="module")
def model(configs: Path) -> torch.nn.Module:
    return build("mma-tiny")


@pytest.fixture(scope="module")
def weights(model: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_file(model.state_dict(), path)
    return path


@pytest.fixture(scope="module")
def photos() -> list[Image.Image]:
    rng = np.random.default_rng(0)
    sizes = [(40, 50), (64, 32), (32, 32), (90, 33)]
    return [Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8)) for h, w in sizes]


@pytest.fixture
def empty_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "hub"


def reference(model: torch.nn.Module, photos: list[Image.Image], **config: object) -> np.ndarray:
    merged = {**model.visual.preprocess_cfg, **config}
    transform = image_transform_v2(PreprocessCfg(**merged), is_train=False)
    with torch.inference_mode():
        features = model.encode_image(torch.stack([transform(photo) for photo in photos]), normalize=True)
    return features.numpy()


def shared(backbone: Backbone, pictures: np.ndarray) -> np.ndarray:
    """The part of rows that texts are compared with."""
    return backbone.encode_images(pictures)[:, : backbone.embed_dim]


def unit(tensor: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(tensor, dim=-1)


@pytest.fixture
def load(tmp_path):
    """A backbone of one of our architectures, and the model that its weights were taken from."""

    def loaded(name: str) -> tuple[Backbone, torch.nn.Module]:
        model = build(name)
        save_file(model.state_dict(), tmp_path / "own.safetensors")
        return load_backbone(f"{name}/file", device="cpu", weights_file=tmp_path / "own.safetensors"), model

    return loaded


def parts(
    model: torch.nn.Module, backbone: Backbone, photos: list[Image.Image]
) -> tuple[np.ndarray, torch.Tensor, torch.Tensor]:
    """open_clip's own features, all tokens after the last norm, and the pictures that both are of."""
    seen: list[torch.Tensor] = []
    hook = model.visual.ln_post.register_forward_hook(lambda _m, _i, out: seen.append(out))
    features = reference(model, photos)
    hook.remove()
    return features, seen[0], np.stack([decode(photo, backbone.image_spec) for photo in photos])


def test_rows_are_features_then_those_before_the_projection_then_patches(load, photos):
    backbone, model = load("mma-tiny")
    features, tokens, pictures = parts(model, backbone, photos)
    assert backbone.layout == RowLayout(24, 24 + 32 + 32, (24, 56))
    rows = backbone.encode_images(pictures)
    np.testing.assert_allclose(rows[:, :24], features, atol=1e-5)
    np.testing.assert_allclose(rows[:, 24:56], unit(tokens[:, 0]), atol=1e-5)
    np.testing.assert_allclose(rows[:, 56:], unit(tokens[:, 1:].mean(1)), atol=1e-5)
    np.testing.assert_array_equal(backbone.need_projection(), model.visual.proj.detach())
    projected = unit(torch.tensor(rows[:, 24:56] @ backbone.need_projection()))
    np.testing.assert_allclose(projected, features, atol=1e-5)


def test_patches_are_left_out_where_a_row_would_be_too_long(load, photos, monkeypatch):
    monkeypatch.setattr(open_clip_backbone, "ROW_BYTES", 2 * (24 + 32 + 32) - 1)
    backbone, model = load("mma-tiny")
    features, tokens, pictures = parts(model, backbone, photos)
    assert backbone.layout == RowLayout(24, 56, (24, 56))
    rows = backbone.encode_images(pictures)
    np.testing.assert_allclose(rows, np.hstack([features, unit(tokens[:, 0])]), atol=1e-5)


def test_where_patches_are_pooled_they_are_in_a_row_once(load, photos):
    backbone, model = load("mma-average")
    features, tokens, pictures = parts(model, backbone, photos)
    assert backbone.layout == RowLayout(24, 56, (24, 56))
    rows = backbone.encode_images(pictures)
    np.testing.assert_allclose(rows, np.hstack([features, unit(tokens[:, 1:].mean(1))]), atol=1e-5)


def test_without_a_linear_projection_rows_are_features_alone(load, photos):
    backbone, model = load("mma-resnet")
    assert backbone.layout == RowLayout.plain(24)
    with pytest.raises(UserError, match="mma-resnet/file does not end in a linear projection"):
        backbone.need_projection()
    pictures = np.stack([decode(photo, backbone.image_spec) for photo in photos])
    np.testing.assert_allclose(backbone.encode_images(pictures), reference(model, photos), atol=1e-5)


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".bin"])
def test_a_weights_file_gives_open_clips_own_features(model, weights, photos, suffix, tmp_path):
    path = weights if suffix == ".safetensors" else tmp_path / f"tiny{suffix}"
    if suffix == ".pt":
        torch.save(model.state_dict(), path)
    elif suffix == ".bin":
        state = {f"module.{name}": value for name, value in model.state_dict().items()}
        torch.save({"epoch": 3, "state_dict": state}, path)
    backbone = load_backbone("mma-tiny/file", device="cpu", weights_file=path)
    pictures = np.stack([decode(photo, backbone.image_spec) for photo in photos])
    np.testing.assert_allclose(shared(backbone, pictures), reference(model, photos), atol=1e-5)
    texts = ["a photo of a lemon.", "a grand piano, on a stage"]
    tokens = open_clip.get_tokenizer("mma-tiny")(texts)
    with torch.inference_mode():
        expected = model.encode_text(tokens, normalize=True).numpy()
    np.testing.assert_allclose(backbone.encode_texts(texts), expected, atol=1e-5)
    assert backbone.embed_dim == 24
    assert backbone.logit_scale == pytest.approx(np.exp(3.0))
    assert backbone.messages == []


def test_the_tags_own_preparation_is_used(model, weights, photos):
    backbone = load_backbone("mma-tiny/squash", device="cpu", weights_file=weights)
    assert (backbone.image_spec.resize_mode, backbone.image_spec.interpolation) == ("squash", "bilinear")
    pictures = np.stack([decode(photo, backbone.image_spec) for photo in photos])
    np.testing.assert_allclose(shared(backbone, pictures), reference(model, photos, **SQUASH), atol=1e-5)


def test_which_models_are_given_the_middle_square_is_said_beside_them():
    others = [find_backbone("ViT-B-16-SigLIP-256/webli"), find_backbone("RN50/openai")]
    for spec in (*DOWNLOADED, *others):
        mode = open_clip.get_pretrained_cfg(spec.model_name, spec.pretrained).get("resize_mode", "shortest")
        assert spec.middle_only == (mode == "shortest"), spec.id
        assert any("loses its ends" in note for note in spec.notes) == spec.middle_only


def test_quickgelu_follows_the_tag(weights, photos):
    quick = load_backbone("mma-tiny/quick", device="cpu", weights_file=weights)
    plain = load_backbone("mma-tiny/file", device="cpu", weights_file=weights)
    pictures = np.stack([decode(photo, quick.image_spec) for photo in photos])
    found, own = shared(quick, pictures), build("mma-tiny", force_quick_gelu=True)
    np.testing.assert_allclose(found, reference(own, photos), atol=1e-5)
    assert np.abs(found - shared(plain, pictures)).max() > 1e-3


def test_sigmoid_models_need_no_bias(tmp_path, photos):
    model = build("mma-sigmoid")
    path = tmp_path / "sigmoid.safetensors"
    save_file(model.state_dict(), path)
    backbone = load_backbone("mma-sigmoid/file", device="cpu", weights_file=path)
    pictures = np.stack([decode(photo, backbone.image_spec) for photo in photos])
    np.testing.assert_allclose(shared(backbone, pictures), reference(model, photos), atol=1e-5)
    assert backbone.logit_scale == pytest.approx(np.exp(3.0))


def test_fingerprint_covers_weights_set_up_and_preparation(weights, tmp_path):
    first = load_backbone("mma-tiny/file", device="cpu", weights_file=weights).fingerprint
    renamed = tmp_path / "other name.safetensors"
    renamed.write_bytes(weights.read_bytes())
    assert load_backbone("mma-tiny/file", device="cpu", weights_file=renamed).fingerprint == first
    other = build("mma-tiny")
    with torch.no_grad():
        other.visual.proj[0, 0] += 1
    save_file(other.state_dict(), renamed)
    prints = {
        first,
        load_backbone("mma-tiny/file", device="cpu", weights_file=renamed).fingerprint,
        load_backbone("mma-tiny/squash", device="cpu", weights_file=weights).fingerprint,
        load_backbone("mma-tiny/quick", device="cpu", weights_file=weights).fingerprint,
    }
    assert len(prints) == 4
    assert all(len(one) == 12 for one in prints)


def test_weights_of_another_architecture(weights):
    with pytest.raises(UserError, match="not those of mma-wide"):
        load_backbone("mma-wide/file", device="cpu", weights_file=weights)


class Trap:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_code_in_a_pickle_is_never_run(tmp_path):
    sprung = tmp_path / "sprung"
    path = tmp_path / "trap.pt"
    torch.save({"weights": Trap(sprung)}, path)
    with pytest.raises(UserError, match="never run"):
        load_backbone("mma-tiny/file", device="cpu", weights_file=path)
    path.write_bytes(pickle.dumps(Trap(sprung)))
    with pytest.raises(UserError, match="never run"):
        load_backbone("mma-tiny/file", device="cpu", weights_file=path)
    assert not sprung.exists()


@pytest.mark.parametrize("name", ["cut.safetensors", "cut.pt", "empty.pt", "text.bin", "list.pt", "number.pt"])
def test_damaged_files_are_refused(name, weights, model, tmp_path):
    path = tmp_path / name
    contents = {"list.pt": [1, 2], "number.pt": {"state_dict": {"a": 1}}}
    if name in contents:
        torch.save(contents[name], path)
    elif name == "cut.pt":
        torch.save(model.state_dict(), path)
        path.write_bytes(path.read_bytes()[:-1000])
    else:
        path.write_bytes({"cut.safetensors": weights.read_bytes()[:-10], "text.bin": b"hello"}.get(name, b""))
    with pytest.raises(UserError, match=r"could not be read as weights|are not those of"):
        load_backbone("mma-tiny/file", device="cpu", weights_file=path)


def test_other_files_and_missing_files(tmp_path):
    with pytest.raises(UserError, match="not a readable weights file"):
        load_backbone("mma-tiny/file", device="cpu", weights_file=tmp_path / "x.npz")
    with pytest.raises(UserError, match="not there"):
        load_backbone("mma-tiny/file", device="cpu", weights_file=tmp_path / "x.pt")
    with pytest.raises(UserError, match="Pick the file"):
        load_backbone("mma-tiny/file", device="cpu")


@pytest.mark.parametrize("spec", [DOWNLOADED[0], find_backbone("RN50/openai")], ids=lambda spec: spec.id)
def test_without_network_three_ways_on(spec, empty_hub):
    assert not is_local(spec)
    with pytest.raises(UserError) as error:
        load_backbone(spec.id, device="cpu")
    sentence = str(error.value)
    for part in (spec.id, "Go online", "weights file", "starter"):
        assert part in sentence
    if spec.download_mb:
        assert f"{spec.download_mb} MB" in sentence


def test_a_tokenizer_that_is_not_here(empty_hub, tmp_path):
    path = tmp_path / "foreign.safetensors"
    save_file(build("mma-foreign").state_dict(), path)
    with pytest.raises(UserError, match=r"tokenizer.*Go online"):
        load_backbone("mma-foreign/file", device="cpu", weights_file=path)


def test_a_tokenizer_of_the_current_folder_is_not_read(empty_hub, tmp_path, monkeypatch):
    (tmp_path / "nobody" / "has-this-tokenizer").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    spec = find_backbone("mma-foreign/file")
    with pytest.raises(UserError, match=r"holds 'nobody/has-this-tokenizer'.*Start the program from another folder"):
        open_clip_backbone.load_tokenizer(spec)
    with pytest.raises(UserError, match="holds 'nobody/has-this-tokenizer'"):
        open_clip_backbone.build_model(spec)


def test_cancel_between_the_steps(weights):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        load_backbone("mma-tiny/file", device="cpu", weights_file=weights, cancel=cancel)


def test_open_clip_is_kept_off_the_root_logger(weights, caplog, capfd):
    root = logging.getLogger()
    handlers, filters = list(root.handlers), list(root.filters)
    load_backbone("mma-tiny/file", device="cpu", weights_file=weights)
    assert (list(root.handlers), list(root.filters)) == (handlers, filters)
    assert not [record for record in caplog.records if record.name == "root"]
    assert capfd.readouterr() == ("", "")


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of the hub as a download needs: a file with an ETag and a commit, whole or from an offset.

    The second answer breaks off in the middle, as a bad connection does.
    """

    data = b""
    name = "open_clip_pytorch_model.bin"
    etag = ""
    """What every file is called, if it is not called by its hash."""
    ranges: list[str | None] = []  # noqa: RUF012 - one list for all requests, on purpose
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        if not self.path.endswith(f"/resolve/main/{self.name}") and not self.etag:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("ETag", f'"{self.etag or hashlib.sha256(self.data).hexdigest()}"')
        self.send_header("X-Repo-Commit", "c" * 40)
        self.send_header("Content-Length", str(len(self.data) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(self.data) - 1}/{len(self.data)}")
        self.end_headers()
        if body:
            type(self).ranges.append(asked)
            dropped = len(self.ranges) == 2
            try:
                self.wfile.write(self.data[start : len(self.data) // 2 if dropped else None])
                self.close_connection = self.close_connection or dropped
            except ConnectionError:
                self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(model: torch.nn.Module, tmp_path: Path) -> Iterator[str]:
    torch.save(model.state_dict(), tmp_path / "tiny.bin")
    Hub.data, Hub.ranges = (tmp_path / "tiny.bin").read_bytes(), []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.handle_error = lambda *_: None  # a client that was cancelled hangs up
    thread = threading.Thread(target=server.serve_forever, name="hub")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def online(empty_hub: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Go online with an empty cache, to the hub at an address."""
    from huggingface_hub import close_session, constants

    def to(address: str) -> None:
        for name, value in {"NO_PROXY": "*", "no_proxy": "*", "HF_HUB_DISABLE_XET": "1"}.items():
            monkeypatch.setenv(name, value)
        close_session()  # another test's proxies
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "ENDPOINT", address)
        template = f"{address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)

    return to


def test_a_hub_that_cannot_be_reached_is_said_once_and_soon(online, caplog, capfd):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    online(f"http://127.0.0.1:{port}")
    library = logging.getLogger("huggingface_hub")  # which hands nothing on
    library.addHandler(caplog.handler)
    try:
        with pytest.raises(UserError, match="no network connection to the hub"):
            load_backbone("ViT-B-32/openai", device="cpu")
    finally:
        library.removeHandler(caplog.handler)
    said = caplog.text + capfd.readouterr().err
    assert "Retrying" not in said  # one request, not the hub library's five over half a minute
    assert "thrown while requesting" not in said


def test_a_tokenizer_is_not_written_where_a_hostile_hub_says(hub, online, empty_hub, tmp_path, monkeypatch):
    path = tmp_path / "foreign.safetensors"
    save_file(build("mma-foreign").state_dict(), path)
    monkeypatch.setattr(Hub, "etag", "../../../victim/evil")
    online(hub)
    with pytest.raises(UserError, match="tokenizer"):
        load_backbone("mma-foreign/file", device="cpu", weights_file=path)
    assert not [*tmp_path.rglob("victim"), *empty_hub.parent.rglob("victim")]


def test_download_with_progress_cancel_and_a_broken_connection(hub, online):
    online(hub)
    spec, cancel, seen, size = find_backbone("mma-tiny/hub"), CancelToken(), [], len(Hub.data)
    assert not is_local(spec)

    def stop_early(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 2_000_000:
            cancel.cancel()

    with pytest.raises(Cancelled):
        load_backbone(spec.id, device="cpu", progress=stop_early, cancel=cancel)
    assert 2_000_000 <= seen[-1][0] < seen[-1][1] == size
    assert not is_local(spec)
    seen.clear()
    backbone = load_backbone(spec.id, device="cpu", progress=lambda *at: seen.append(at))
    assert seen[-1] == (size, size)
    assert len(seen) > 3
    assert is_local(spec)
    seen.clear()
    again = load_backbone(spec.id, device="cpu", progress=lambda *at: seen.append(at))
    assert seen == []
    assert again.fingerprint == backbone.fingerprint
    first, second, rest = Hub.ranges
    assert (first, second) == (None, None)
    assert 0 < int(rest.removeprefix("bytes=").rstrip("-")) <= size // 2, "goes on where the connection broke"
