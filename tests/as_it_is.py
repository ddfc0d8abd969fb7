"""Whole classifiers exported without tracing them, or tracing them once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from mma_desktop.engine.export import runtimes


class AsItIs(runtimes.Format):
    """The module itself, before anything traces it: exporting takes seconds for each method."""

    model: ClassVar[torch.nn.Module]

    def write(self, model: torch.nn.Module, example: torch.Tensor, metadata: str, path: Path) -> None:
        AsItIs.model = model
        path.write_text(metadata)

    def read(self, path: Path) -> tuple[runtimes.Run, str]:
        def run(pictures: runtimes.Pictures) -> tuple[np.ndarray, ...]:
            found = self.model(torch.from_numpy(pictures))
            return tuple(one.numpy() for one in (found if isinstance(found, tuple) else (found,)))

        return run, path.read_text()


MODULE = AsItIs("module", "Module", "", "torch", "")


@contextmanager
def traced_once() -> Iterator[None]:
    """One classifier is exported meanwhile, in several formats: tracing it takes longer than writing it."""
    traced: list[Any] = []
    trace = runtimes._exported  # private: as said

    def once(*given: Any) -> Any:
        traced[:] = traced or [trace(*given)]
        return traced[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtimes, "_exported", once)  # private: as above
        yield
