"""The formats of a whole classifier, for choosing one: imports no torch, nor what a format needs."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from mma_desktop.core.errors import install_hint
from mma_desktop.core.i18n import later, tr


@dataclass(frozen=True, slots=True)
class ModelFormat:
    """An export format; `runtime` runs it, `about` says in a sentence what it is for, and `packages` write it."""

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


MODEL_FORMATS = (
    ModelFormat(
        "onnx",
        "ONNX",
        ".onnx",
        "onnxruntime",
        later("For ONNX Runtime and all programs that read ONNX, without Python or torch."),
        ("onnx", "onnxscript", "onnxruntime"),
    ),
    ModelFormat(
        "torch-export",
        "torch.export",
        ".pt2",
        "torch.export",
        later("For torch in Python, where torch.export.load reads it."),
    ),
)


def default_format() -> ModelFormat:
    """The first that this installation can write."""
    return next(model_format for model_format in MODEL_FORMATS if not model_format.missing())
