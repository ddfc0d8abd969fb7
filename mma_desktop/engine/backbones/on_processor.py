"""Run the image encoder on the CPU with OpenVINO: the same network in float32, compiled for this machine.

Each image is a separate inference on one thread, with as many in parallel as torch may use threads. A row therefore
does not depend on the rest of the batch or the number of threads, bit for bit, and activations stay in a core's cache.
For the speed-up over torch see `tests/benchmarks/bench_embedding.py`.
"""

from __future__ import annotations

import logging
import time
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mma_desktop.core.idle import Kept
from mma_desktop.core.types import ImageSpec

if TYPE_CHECKING:
    import openvino

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]

AGREEMENT = 0.9999
"""Minimum cosine between OpenVINO's and torch's rows; below it OpenVINO is not used."""
AHEAD = 2
"""Images queued per thread, so that no thread waits for Python."""


class Normalising(nn.Module):
    """An image tower with normalisation in front: takes images (B, 3, size, size) uint8, gives rows (B, W)."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, tower: nn.Module, spec: ImageSpec) -> None:
        super().__init__()
        self.tower = tower
        self.register_buffer("mean", 255 * torch.tensor(spec.mean).view(1, 3, 1, 1))
        self.register_buffer("std", 255 * torch.tensor(spec.std).view(1, 3, 1, 1))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.tower((pictures.to(torch.float32) - self.mean) / self.std)
        return found


class _FromBytes(Normalising):
    """As `Normalising`, for images (B, size, size, 3)."""

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return super().forward(pictures.permute(0, 3, 1, 2))


class CompiledTower:
    """An image tower compiled by OpenVINO.

    What is compiled for the threads of torch (25 MB for each image that is under way) is let go while nothing is asked.

    Args:
        tower: From normalised images (B, 3, size, size) to rows (B, W), on the CPU. Its weights are not copied until
            compilation.
        spec: Image size and normalisation.

    Raises:
        Exception: Any, if OpenVINO is missing, cannot convert the module, or gives different results.
    """

    def __init__(self, tower: nn.Module, spec: ImageSpec) -> None:
        import openvino
        from openvino.frontend import FrontEndManager
        from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

        started = time.monotonic()
        whole = _FromBytes(tower, spec).eval().requires_grad_(False)
        example, other = _example(spec.size, 0), _example(spec.size, 1)
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # the comparison below detects what tracing warns about
            # Private: `jit.trace` scripts every module first, and OpenVINO walks through them for each weight.
            graph, _ = torch._C._create_graph_by_tracing(whole, (example,), lambda _weight: "", True, False)
            torch._C._jit_pass_constant_pooling(graph)  # type: ignore[attr-defined] # weights that are used twice
            # Not `convert_model`: it changes the root logger's level and reports its use to Google.
            decoder = TorchScriptPythonDecoder(None, graph, alias_db=graph.alias_db())
            frontend = FrontEndManager().load_by_framework("pytorch")
            self._model = frontend.convert(frontend.load(decoder))
            self._model.reshape(list(example.shape))
            expected = whole(other).numpy()  # another image than the traced one, which may have become a constant
        self.width = expected.shape[1]
        self._core = openvino.Core()
        self._threads = 0
        self._requests: Kept[list[openvino.InferRequest]] = Kept()
        found = self.encode(other.numpy())
        agreement = float(nn.functional.cosine_similarity(torch.from_numpy(found), torch.from_numpy(expected)).min())
        if not agreement >= AGREEMENT:  # written this way to reject NaN
            raise ArithmeticError(f"its features agree with torch's to a cosine of {agreement:.6f} only")
        log.info(
            "image tower compiled by OpenVINO %s in %.1f s, cosine with torch's %.7f",
            openvino.__version__.partition("-")[0],
            time.monotonic() - started,
            agreement,
        )

    def encode(self, pictures: Pictures) -> Floats:
        """Rows (B, W) of images (B, size, size, 3).

        Raises:
            RuntimeError, MemoryError: OpenVINO failed.
        """
        if self._threads != torch.get_num_threads():
            self._requests.let_go()
            self._threads = torch.get_num_threads()
        requests = self._requests.get(self._compile)
        out = np.empty((len(pictures), self.width), np.float32)
        try:
            for at in range(len(pictures) + len(requests)):
                request, before = requests[at % len(requests)], at - len(requests)
                if 0 <= before < len(pictures):
                    request.wait()
                    out[before] = request.get_output_tensor().data[0]
                if at < len(pictures):
                    request.get_input_tensor().data[0] = pictures[at]
                    request.start_async()
        except BaseException:
            self._requests.let_go()  # some may still be running
            raise
        return out

    def _compile(self) -> list[openvino.InferRequest]:
        options: dict[str, Any] = {
            "NUM_STREAMS": self._threads,
            "INFERENCE_NUM_THREADS": self._threads,
            "INFERENCE_PRECISION_HINT": "f32",  # not bfloat16, even where supported
            "ENABLE_CPU_PINNING": False,  # the window and the decoders share these cores
        }
        compiled = self._core.compile_model(self._model, "CPU", options)
        return [compiled.create_infer_request() for _ in range(AHEAD * self._threads)]


def _example(size: int, seed: int) -> torch.Tensor:
    """A synthetic image (1, size, size, 3) with patches and noise."""
    rng = np.random.default_rng(seed)
    patches = np.kron(rng.uniform(20, 235, (8, 8, 3)), np.ones((-(-size // 8), -(-size // 8), 1)))[:size, :size]
    return torch.tensor(np.clip(patches + rng.normal(0, 12, patches.shape), 0, 255).astype(np.uint8))[None]
