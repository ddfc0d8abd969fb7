"""What is imported while the window is idle: nothing that only other backbones, exports or benchmarks need."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

HEAVY = (
    "torch._dynamo",
    "sympy",
    "torchvision",
    "timm",
    "transformers",
    "open_clip",
    "scipy",
    "sklearn",
    "pandas",
    "pyarrow",
    "matplotlib",
    "onnx",
)
CODE = textwrap.dedent(
    """
    import json, sys
    from pathlib import Path
    import torch
    from mma_desktop.core.events import CancelToken
    from mma_desktop.core.types import Recipe, Role
    from mma_desktop.ui.shell.application import warm_up

    events = []
    warm_up(CancelToken(events.append))
    assert events[-1].done == events[-1].total
    from mma_desktop.engine import checkpoint
    from mma_desktop.engine.backbones.weights import is_local
    from mma_desktop.engine.backbones.backbone_table import BACKBONES
    from mma_desktop.engine.backbones.wordnet import definitions
    from mma_desktop.engine.methods.adapter import Sizes, build_adapter
    from mma_desktop.engine.methods.method_table import Optimiser
    from mma_desktop.engine.methods.method_table import METHODS, resolve_options
    from mma_desktop.engine.methods.optimiser import ScheduledOptimiser

    assert [spec for spec in BACKBONES if is_local(spec)] == [spec for spec in BACKBONES if spec.bundled]
    assert definitions("ketch")
    for spec in METHODS:
        if spec.is_probe:  # it is nothing but its head, and scikit-learn fits that
            continue
        sizes = {name: 40 if name == "row" else 4 for name in spec.sizes_with(resolve_options(spec, {}))}
        header = checkpoint.CheckpointHeader(
            spec.id, "starter", "0" * 12, 32, 10.0, (("cat", Role.BASE),), "{}", 1, 0, sizes=sizes
        )
        adapter = build_adapter(spec.id, 32, 10.0, sizes=Sizes(**sizes), trained=True)
        for parameter in adapter.parameters():  # weights of nothing but zeros are refused
            parameter.data = torch.rand(parameter.shape)
        checkpoint.save(Path(sys.argv[1]), adapter, header)
        checkpoint.load(Path(sys.argv[1]))
    for kind in ("adam", "adamw", "sgd", "lbfgs"):
        layer = torch.nn.Linear(2, 2)
        ScheduledOptimiser(layer, Optimiser(kind), Recipe(), 1).step(lambda: layer(torch.ones(1, 2)).square().sum())
    sys.stdout.write(json.dumps([name for name in sys.argv[2:] if name in sys.modules]))
    """
)


def test_an_idle_window_has_imported_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CODE, str(tmp_path / "adapter.safetensors"), *HEAVY]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
