"""Export formats of a whole classifier: writing each, and running it in its own runtime."""

from __future__ import annotations

import io
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError, install_hint
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.logging import silenced

if TYPE_CHECKING:
    import torch
    from torch import nn

INPUT, OUTPUT, SCORE = "pictures", "probabilities", "score"
METADATA = "mma_desktop"
METADATA_FILE = f"{METADATA}.json"
TRACED = 2  # batch size of the traced example; tracing would treat 1 as a constant
MAX_ONNX_BYTES = 2_000_000_000  # just below the limit of a protobuf message

Pictures = NDArray[np.uint8]
Run = Callable[[Pictures], tuple[NDArray[np.float32], ...]]
"""The outputs for images: probabilities (N, C), and scores (N,) where the model has them."""


@dataclass(frozen=True, slots=True)
class Format(ABC):
    """Writes and reads an export format.

    `runtime` runs it, `about` says in a sentence what it is for, and `packages` write it.
    """

    id: str
    title: str
    suffix: str
    runtime: str
    about: str
    packages: tuple[str, ...] = ()

    def missing(self) -> str:
        """Why this installation cannot write it, in whole sentences; "" if it can."""
        missing = [name for name in self.packages if find_spec(name) is None]
        if not missing:
            return ""
        packages = missing[-1]
        if missing[:-1]:
            packages = tr("{packages} and {last}", packages=", ".join(missing[:-1]), last=packages)
        return tr(
            "Writing and checking {format} needs {packages}. {hint}",
            format=self.title,
            packages=packages,
            hint=install_hint(),
        )

    def check_can(self, model: nn.Module | None = None) -> None:  # noqa: ARG002 - for those with a limit
        """Check that its packages are there, and that the model is not too large for it, else raise UserError."""
        if missing := self.missing():
            raise UserError.tr("Choose another format. {reason}", reason=missing)

    @abstractmethod
    def write(self, model: nn.Module, example: torch.Tensor, metadata: str, path: Path) -> None:
        """Trace the model with an example (2, 3, size, size) and write it with a dynamic batch size."""

    @abstractmethod
    def read(self, path: Path) -> tuple[Run, str]:
        """Load a written file: a function of images (N, 3, size, size), and the metadata."""


class Onnx(Format):
    """ONNX in a single file, with the metadata in `metadata_props`."""

    def check_can(self, model: nn.Module | None = None) -> None:
        Format.check_can(self, model)
        size = 0 if model is None else sum(tensor.nbytes for tensor in model.state_dict().values())
        if size > MAX_ONNX_BYTES:
            raise UserError.tr(
                "This classifier has {size:.1f} GB of weights, and one ONNX file holds 2. Choose the "
                "format torch-export, or a smaller backbone.",
                size=size / 1e9,
            )

    def write(self, model: nn.Module, example: torch.Tensor, metadata: str, path: Path) -> None:
        import torch

        with _quiet():
            traced = _exported(model, example)
            program = torch.onnx.export(
                traced,
                dynamo=True,
                input_names=[INPUT],
                output_names=[OUTPUT, SCORE][: len(traced.graph_signature.user_outputs)],
                dynamic_shapes=_open_batch(),
                external_data=False,
                verbose=False,
            )
        assert program is not None  # always set with dynamo=True
        program.model.metadata_props[METADATA] = metadata
        path.write_bytes(program.model_proto.SerializeToString())

    def read(self, path: Path) -> tuple[Run, str]:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

        def run(images: Pictures) -> tuple[NDArray[np.float32], ...]:
            return tuple(session.run(None, {INPUT: images}))

        return run, session.get_modelmeta().custom_metadata_map[METADATA]


class TorchExport(Format):
    """`torch.export` for compatible torch versions, with the metadata in an extra file."""

    def write(self, model: nn.Module, example: torch.Tensor, metadata: str, path: Path) -> None:
        import torch

        buffer = io.BytesIO()  # given a path, torch requires a certain suffix
        with _quiet():
            torch.export.save(_exported(model, example), buffer, extra_files={METADATA_FILE: metadata})
        path.write_bytes(buffer.getbuffer())

    def read(self, path: Path) -> tuple[Run, str]:
        import torch

        extra: dict[str, Any] = {METADATA_FILE: ""}
        with _quiet(), path.open("rb") as handle:
            model = torch.export.load(handle, extra_files=extra).module()

        def run(images: Pictures) -> tuple[NDArray[np.float32], ...]:
            with torch.no_grad():
                outputs = model(torch.from_numpy(images))
            return tuple(output.numpy() for output in (outputs if isinstance(outputs, tuple) else (outputs,)))

        text = extra[METADATA_FILE]
        return run, text.decode() if isinstance(text, bytes) else text


FORMATS: Mapping[str, Format] = {
    form.id: form
    for form in (
        Onnx(
            "onnx",
            "ONNX",
            ".onnx",
            "onnxruntime",
            later("For ONNX Runtime and all programs that read ONNX, without Python or torch."),
            ("onnx", "onnxscript", "onnxruntime"),
        ),
        TorchExport(
            "torch-export",
            "torch.export",
            ".pt2",
            "torch.export",
            later("For torch in Python, where torch.export.load reads it."),
        ),
    )
}


def default_format() -> Format:
    """The first that this installation can write."""
    return next(form for form in FORMATS.values() if not form.missing())


def find_format(format_id: str) -> Format:
    """The format with this id. Raises UserError if there is none."""
    export_format = FORMATS.get(format_id)
    if export_format is None:
        raise UserError.tr(
            "There is no format called {format!r}. Choose one of {formats}.",
            format=format_id,
            formats=", ".join(FORMATS),
        )
    return export_format


def _exported(model: nn.Module, example: torch.Tensor) -> torch.export.ExportedProgram:
    import torch

    program = torch.export.export(model, (example,), dynamic_shapes=_open_batch())
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)  # names the folders of whoever exports
    return program


def _open_batch() -> tuple[dict[int, Any]]:
    import torch

    return ({0: torch.export.Dim("batch", min=1)},)


@contextmanager
def _quiet() -> Iterator[None]:
    # The comparison afterwards detects what the exporters warn about.
    with silenced("onnxscript", "onnx_ir", "torch.onnx", "torch.export"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
