"""The image side on a processor, run by OpenVINO: the same network in float32, compiled for this machine.

A picture is a run of its own on one thread, and as many run at a time as torch may have threads. So its row has the
same bytes whatever else is in the batch and however many threads there are, and what is between two layers stays in a
core's cache. How much faster than torch it is: `tests/benchmarks/bench_embedding.py`.
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

from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.device import first_line

if TYPE_CHECKING:
    import openvino

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]

AGREEMENT = 0.9999
"""The least cosine between OpenVINO's rows and torch's at which OpenVINO is believed."""
AHEAD = 2
"""Pictures handed to each thread in advance, so that none waits for Python."""


class _FromBytes(nn.Module):
    """A tower with the normalisation in front of it: pictures (B, size, size, 3) uint8 in."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, tower: nn.Module, spec: ImageSpec) -> None:
        super().__init__()
        self.tower = tower
        self.register_buffer("mean", 255 * torch.tensor(spec.mean).view(1, 3, 1, 1))
        self.register_buffer("std", 255 * torch.tensor(spec.std).view(1, 3, 1, 1))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Rows (B, W)."""
        found: torch.Tensor = self.tower((pictures.permute(0, 3, 1, 2).to(torch.float32) - self.mean) / self.std)
        return found


class CompiledTower:
    """An image tower that OpenVINO runs.

    Args:
        tower: Rows (B, W) of normalised pictures (B, 3, size, size), on the processor. Its weights are not copied until
            they are compiled.
        spec: Size and normalisation.

    Raises:
        Exception: OpenVINO is not there, cannot convert the module, or comes to other numbers; of any kind.
    """

    def __init__(self, tower: nn.Module, spec: ImageSpec) -> None:
        import openvino
        from openvino.frontend import FrontEndManager
        from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

        started = time.monotonic()
        whole = _FromBytes(tower, spec).eval()
        example, other = _example(spec.size, 0), _example(spec.size, 1)
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # a trace warns of what the comparison below would find
            traced = torch.jit.trace(whole, example, check_trace=False)  # type: ignore[no-untyped-call]
            # Not by `convert_model`, which sets the root logger's level and counts its calls at Google.
            frontend, decoder = FrontEndManager().load_by_framework("pytorch"), TorchScriptPythonDecoder(traced)
            self._model = frontend.convert(frontend.load(decoder))
            self._model.reshape(list(example.shape))
            expected = whole(other).numpy()  # not of what was traced, which may have become a constant
        self.width = expected.shape[1]
        self._core = openvino.Core()
        self._threads = 0
        self._requests: list[openvino.InferRequest] = []
        found = self.encode(other.numpy())
        agreement = _cosine(found, expected)
        if not agreement >= AGREEMENT:  # also where it is no number
            raise ArithmeticError(f"its features agree with torch's to a cosine of {agreement:.6f} only")
        log.info(
            "image tower compiled by OpenVINO %s in %.1f s, cosine with torch's %.7f",
            openvino.__version__.partition("-")[0],
            time.monotonic() - started,
            agreement,
        )

    def encode(self, pictures: Pictures) -> Floats:
        """Rows (B, W) of pictures (B, size, size, 3).

        Raises:
            RuntimeError, MemoryError: OpenVINO failed.
        """
        requests = self._ready()
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
            self._requests, self._threads = [], 0  # some are still at work
            raise
        return out

    def _ready(self) -> list[openvino.InferRequest]:
        """The runs that can go on at a time, for the number of threads that torch has now."""
        threads = torch.get_num_threads()
        if threads != self._threads:
            options: dict[str, Any] = {
                "NUM_STREAMS": threads,
                "INFERENCE_NUM_THREADS": threads,
                "INFERENCE_PRECISION_HINT": "f32",  # not bfloat16 on processors that have it
                "ENABLE_CPU_PINNING": False,  # the window's and the decoders' threads run on these cores, too
            }
            compiled = self._core.compile_model(self._model, "CPU", options)
            self._requests = [compiled.create_infer_request() for _ in range(AHEAD * threads)]
            self._threads = threads
        return self._requests


class OnProcessor:
    """The compiled tower of one backbone, made when it is first used.

    Args:
        name: Of the backbone, for the log.
        spec: How its pictures are prepared.
    """

    def __init__(self, name: str, spec: ImageSpec) -> None:
        self._name, self._spec = name, spec
        self._tried = False
        self._compiled: CompiledTower | None = None

    def encode(self, tower: nn.Module, pictures: Pictures) -> torch.Tensor | None:
        """Rows (B, W) of pictures (B, size, size, 3) uint8 by this backbone's tower; None where torch has to do it."""
        if not self._tried:
            self._tried = True
            try:
                self._compiled = CompiledTower(tower, self._spec)
            except Exception as error:  # noqa: BLE001 - converters raise anything, so does the loader of a missing library
                self._tell(error)
        if self._compiled is None:
            return None
        try:
            return torch.from_numpy(self._compiled.encode(pictures))
        except (RuntimeError, MemoryError) as error:
            self._compiled = None
            self._tell(error)
            return None

    def _tell(self, error: Exception) -> None:
        """Torch does it from now on, and knows what to do where memory is short."""
        reason = first_line(error)[:200]
        log.warning("OpenVINO does not run %s (%s), so torch does, more slowly.", self._name, reason)


def _example(size: int, seed: int) -> torch.Tensor:
    """One picture (1, size, size, 3) of patches and grain."""
    rng = np.random.default_rng(seed)
    patches = np.kron(rng.uniform(20, 235, (8, 8, 3)), np.ones((-(-size // 8), -(-size // 8), 1)))[:size, :size]
    return torch.tensor(np.clip(patches + rng.normal(0, 12, patches.shape), 0, 255).astype(np.uint8))[None]


def _cosine(one: Floats, other: Floats) -> float:
    """The least cosine of two rows of the same place."""
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(((one * other).sum(1) / lengths).min())
