"""mma-desktop: label a few photos a class, train a Multi-Modal Adapter, keep everything on your own machine.

The public API is loaded on first use, so that importing the package costs no torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mma_desktop.version import __version__

if TYPE_CHECKING:
    from mma_desktop.classifier import Classifier, load_classifier
    from mma_desktop.engine.methods.mma import MultiModalAdapter

__all__ = ["Classifier", "MultiModalAdapter", "__version__", "load_classifier"]


def __getattr__(name: str) -> Any:
    if name == "MultiModalAdapter":
        from mma_desktop.engine.methods.mma import MultiModalAdapter

        return MultiModalAdapter
    if name in {"load_classifier", "Classifier"}:
        from mma_desktop import classifier

        return getattr(classifier, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
