"""Run the image encoder on the CPU with OpenVINO: the same network in float32, compiled for this machine.

Each image is a separate inference on one thread, with as many in parallel as torch may use threads. A row therefore
does not depend on the rest of the batch or the number of threads, bit for bit. Converting and compiling takes 1.5 s, so
a small network is kept in the cache folder, in one file that begins with the SHA-256 of the rest: to import that takes
0.15 s. A converted network is compiled from OpenVINO's own two files, as the order of operations shows in the last
bits.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import safetensors
import safetensors.numpy
import torch
from numpy.typing import NDArray
from torch import nn

from mma_desktop.core.atomic_io import atomic_path, read_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.idle import ReleasedWhenIdle
from mma_desktop.core.paths import AppData, temporary_folder, usable_folder
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.backbones.backbone_table import RowLayout

if TYPE_CHECKING:
    import openvino

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]

# Minimum cosine between OpenVINO's and torch's rows; below it OpenVINO is not used.
AGREEMENT = 0.9999
# Images queued per thread, so that no thread waits for Python.
AHEAD = 2
# Increase when the conversion changes.
VERSION = 2
# Of weights that are kept in a file. A larger network takes as long to look at a few images as it does to be converted;
# it stays in memory, where it shares torch's weights.
MAX_BYTES = 64 << 20
DIGEST_BYTES = 32
DIGEST_LETTERS = 16  # of a file name: 64 bits tell versions apart


class Normalising(nn.Module):
    """An image tower with normalisation in front: takes images (B, 3, size, size) uint8, gives rows (B, W)."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, tower: nn.Module, spec: ImageSpec) -> None:
        super().__init__()
        self.tower = tower
        self.register_buffer("mean", 255 * torch.tensor(spec.mean).view(1, 3, 1, 1))
        self.register_buffer("std", 255 * torch.tensor(spec.std).view(1, 3, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        rows: torch.Tensor = self.tower((images.to(torch.float32) - self.mean) / self.std)
        return rows


class _FromBytes(Normalising):
    """As `Normalising`, for images (B, size, size, 3)."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return super().forward(images.permute(0, 3, 1, 2))


class CompiledTower:
    """An image tower compiled by OpenVINO.

    What is compiled for the threads of torch (25 MB for each image that is under way) is let go while nothing is asked.

    Args:
        tower: Gives what makes rows (B, W) of normalised images (B, 3, size, size), on the CPU. It is asked only when
            the network has to be converted.
        spec: Image size and normalisation.
        key: Identifies the tower's weights, and names the file in which the converted network is kept; "" to keep none.
        layout: What is in a row, which the weights do not tell.

    Raises:
        Exception: Any, if OpenVINO is missing, cannot convert the module, or gives different results.
    """

    def __init__(
        self, tower: Callable[[], nn.Module], spec: ImageSpec, key: str = "", layout: RowLayout | None = None
    ) -> None:
        import openvino

        started = time.monotonic()
        self._core = openvino.Core()
        self._tower, self._spec, self._place = tower, spec, _place(key, spec, layout, self._core)
        self._threads, self._exported = 0, b""
        self._requests: ReleasedWhenIdle[list[openvino.InferRequest]] = ReleasedWhenIdle()
        network = _kept(self._place)
        kept = network is not None
        if network is None:
            network = self._convert()
        self._network: _Network | None = network  # a small one until it is compiled
        self.width = network.row.shape[1]
        rows = self.encode(_example(spec.size, 1).numpy())
        agreement = float(nn.functional.cosine_similarity(torch.tensor(rows), torch.tensor(network.row)).min())
        if not agreement >= AGREEMENT:  # written this way to reject NaN
            raise ArithmeticError(f"its features agree with torch's to a cosine of {agreement:.6f} only")
        _keep(self._place, self._exported, network.row)
        self._exported = b""
        log.info(
            "image tower %s and compiled by OpenVINO %s in %.1f s, cosine with torch's %.7f",
            "read" if kept else "converted",
            openvino.__version__.partition("-")[0],
            time.monotonic() - started,
            agreement,
        )

    def _convert(self) -> _Network:
        import openvino
        from openvino.frontend import FrontEndManager
        from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

        tower = self._tower()
        small = sum(weights.nbytes for weights in tower.parameters()) <= MAX_BYTES
        whole = _FromBytes(tower, self._spec).eval().requires_grad_(False)
        example, other = _example(self._spec.size, 0), _example(self._spec.size, 1)
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # the comparison with torch's row detects what tracing warns about
            # Private: `jit.trace` scripts every module first, and OpenVINO walks through them for each weight.
            graph, _ = torch._C._create_graph_by_tracing(whole, (example,), lambda _weight: "", True, False)
            torch._C._jit_pass_constant_pooling(graph)  # type: ignore[attr-defined] # weights that are used twice
            # Not `convert_model`: it changes the root logger's level and reports its use to Google.
            decoder = TorchScriptPythonDecoder(None, graph, alias_db=graph.alias_db())
            frontend = FrontEndManager().load_by_framework("pytorch")
            model = frontend.convert(frontend.load(decoder))
            model.reshape(list(example.shape))
            row = whole(other).numpy()  # of another image than the traced one, which may have become a constant
        if not small:
            return _Network(row, model=model, small=False)
        with TemporaryDirectory(dir=self._place.parent if self._place else temporary_folder()) as folder:
            xml, weights = Path(folder, "network.xml"), Path(folder, "network.bin")
            openvino.serialize(model, xml, weights)
            return _Network(row, model=self._core.read_model(xml.read_bytes(), weights.read_bytes()))

    def encode(self, images: Pictures) -> Floats:
        """Rows (B, W) of images (B, size, size, 3).

        Raises:
            RuntimeError, MemoryError: OpenVINO failed.
        """
        if self._threads != torch.get_num_threads():
            self._requests.release()
            self._threads = torch.get_num_threads()
        requests = self._requests.get(self._compile)
        out = np.empty((len(images), self.width), np.float32)
        try:
            for at in range(len(images) + len(requests)):
                request, before = requests[at % len(requests)], at - len(requests)
                if 0 <= before < len(images):
                    request.wait()
                    out[before] = request.get_output_tensor().data[0]
                if at < len(images):
                    request.get_input_tensor().data[0] = images[at]
                    request.start_async()
        except BaseException:
            self._requests.release()  # some may still be running
            raise
        return out

    def _compile(self) -> list[openvino.InferRequest]:
        options: dict[str, Any] = {
            "NUM_STREAMS": self._threads,
            "INFERENCE_NUM_THREADS": self._threads,
            "INFERENCE_PRECISION_HINT": "f32",  # not bfloat16, even where supported
            "ENABLE_CPU_PINNING": False,  # the window and the decoders share these cores
        }
        network = self._network or _kept(self._place) or self._convert()
        self._network = None if network.small else network
        if network.compiled:
            try:
                compiled = self._core.import_model(network.compiled, "CPU", options)
            except RuntimeError:
                log.warning("what OpenVINO exported is of no use, so the image tower is converted again", exc_info=True)
                network = self._convert()
        if not network.compiled:
            compiled = self._core.compile_model(network.model, "CPU", options)
            if self._place is not None and network.small:
                self._exported = compiled.export_model().getvalue()
        return [compiled.create_infer_request() for _ in range(AHEAD * self._threads)]


class _Network(NamedTuple):
    """Torch's row (1, W) of `_example` 1, with a network as OpenVINO exported it, or one that is not compiled yet."""

    row: Floats
    compiled: bytes = b""
    model: openvino.Model | None = None
    small: bool = True


def _place(key: str, spec: ImageSpec, layout: RowLayout | None, core: openvino.Core) -> Path | None:
    """The file of a network for this processor; None if it cannot be kept."""
    import openvino

    folder = usable_folder(AppData.CACHE, "prepared") if key else None
    processor = (core.get_property("CPU", name) for name in ("FULL_DEVICE_NAME", "OPTIMIZATION_CAPABILITIES"))
    machine = (*processor, torch.backends.cpu.get_cpu_capability())
    made_by = (VERSION, key, spec.fingerprint, layout, openvino.__version__, torch.__version__, *machine)
    digest = hashlib.sha256(repr(made_by).encode()).hexdigest()[:DIGEST_LETTERS]
    return folder and folder / f"{key}-{digest}.network"


def _kept(place: Path | None) -> _Network | None:
    """The network in a file; None if there is none, or if it is damaged."""
    if place is None:
        return None
    with contextlib.suppress(OSError, KeyError, safetensors.SafetensorError):
        data = read_regular(place, 2 * MAX_BYTES)
        if hashlib.sha256(data[DIGEST_BYTES:]).digest() == data[:DIGEST_BYTES]:
            arrays = safetensors.numpy.load(data[DIGEST_BYTES:])
            return _Network(arrays["row"], arrays["compiled"].tobytes())
        log.warning("%s is damaged, so the image tower is converted again", place)
    return None


def _keep(place: Path | None, compiled: bytes, row: Floats) -> None:
    if place is None or not compiled:
        return
    data = safetensors.numpy.save({"compiled": np.frombuffer(compiled, np.uint8), "row": row})
    try:
        with atomic_path(place) as temporary:
            temporary.write_bytes(hashlib.sha256(data).digest() + data)
        for former in set(place.parent.glob(f"{place.stem[:-DIGEST_LETTERS]}*{place.suffix}")) - {place}:
            if len(former.stem) == len(place.stem):  # the same backbone, by another version of OpenVINO or torch
                former.unlink(missing_ok=True)
    except (OSError, UserError) as error:  # such as a full disk
        log.warning("the converted image tower is not kept: %s", error)


def _example(size: int, seed: int) -> torch.Tensor:
    """A synthetic image (1, size, size, 3) with patches and noise."""
    rng = np.random.default_rng(seed)
    patches = np.kron(rng.uniform(20, 235, (8, 8, 3)), np.ones((-(-size // 8), -(-size // 8), 1)))[:size, :size]
    return torch.tensor(np.clip(patches + rng.normal(0, 12, patches.shape), 0, 255).astype(np.uint8))[None]
