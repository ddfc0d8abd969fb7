"""A format of whole classifiers in which nothing is traced."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
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
