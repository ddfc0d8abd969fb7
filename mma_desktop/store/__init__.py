"""Projects on disk: the only user of SQLAlchemy and SQLite."""

from mma_desktop.store.classes import PALETTE, clean_class_name
from mma_desktop.store.image_columns import CatalogueRows
from mma_desktop.store.images import AddOutcome
from mma_desktop.store.project import Project
from mma_desktop.store.schema import SCHEMA_VERSION

__all__ = [
    "PALETTE",
    "SCHEMA_VERSION",
    "AddOutcome",
    "CatalogueRows",
    "Project",
    "clean_class_name",
]
