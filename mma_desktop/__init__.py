"""mma-desktop: label a few photos a class, train a Multi-Modal Adapter, keep everything on your own machine.

The public API is loaded on first use, so that importing the package costs no torch. Nothing else is imported here:
`python -m mma_desktop` reads this while the current folder is still on the import path.
"""

from mma_desktop.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mma_desktop.api import Classifier, load_classifier
    from mma_desktop.core.errors import UserError
    from mma_desktop.core.types import Recipe
    from mma_desktop.engine.features.feature_file import FeatureFile, read_feature_file, write_feature_file
    from mma_desktop.engine.methods.mma import MultiModalAdapter
    from mma_desktop.engine.training_data import FeatureSet
    from mma_desktop.services.batch.image_groups import find_groups

__all__ = [
    "Classifier",
    "FeatureFile",
    "FeatureSet",
    "MultiModalAdapter",
    "Recipe",
    "UserError",
    "__version__",
    "find_groups",
    "load_classifier",
    "read_feature_file",
    "write_feature_file",
]

_PLACES = {
    "Classifier": "api",
    "FeatureFile": "engine.features.feature_file",
    "FeatureSet": "engine.training_data",
    "MultiModalAdapter": "engine.methods.mma",
    "Recipe": "core.types",
    "UserError": "core.errors",
    "find_groups": "services.batch.image_groups",
    "load_classifier": "api",
    "read_feature_file": "engine.features.feature_file",
    "write_feature_file": "engine.features.feature_file",
}


if not TYPE_CHECKING:

    def __getattr__(name):
        from importlib import import_module

        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"mma_desktop.{_PLACES[name]}"), name)
