"""The sample project, made from images shipped with the program, so that a first run needs no data."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import resource
from mma_desktop.engine.features.feature_cache import FEATURE_TYPE, HASH_TYPE, FeatureCache, Floats, Hashes
from mma_desktop.media.copy_export import atomic_folder
from mma_desktop.media.scan import class_folders
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project

PICTURES = "pictures"
# The number of shipped images per class.
PER_CLASS = 40
UNLABELLED = 10  # of each class, to predict and to try labelling on


def make_sample(folder: Path, token: CancelToken) -> Path:
    """Copy the sample images into a new project folder, import them and label all but ten of each class; the folder."""
    # The ten are for predictions and for trying out labelling.
    context = create_project(folder)
    try:
        pictures = copy_sample(folder / PICTURES, PER_CLASS, token)
        classes = class_folders([pictures])
        # Twelve more show something that has no class, to be found by its name.
        for more in sorted(resource("sample-more").iterdir()):
            shutil.copyfile(more, pictures / more.name)
        importing.import_paths(context, [pictures], token, classes)
        token.raise_if_cancelled()
        add_features(context.project.embeddings_dir)
        ordered = (context.select(Filter(Show.CLASS, item.id, Order.NAME)) for item in context.classes)
        context.project.assign([int(image) for images in ordered for image in images[-UNLABELLED:]], None)
    except BaseException:  # also if cancelled: the next attempt starts clean
        context.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    context.close()
    return folder


def copy_sample(out: Path, per_class: int, token: CancelToken) -> Path:
    """Copy the first sample images of each class to `out/<class>/<class> 01.jpg` and so on; returns `out`."""
    # Renamed once complete, so that an error (`out` is not empty) or a cancellation leaves nothing behind.
    folders = sorted(resource("sample").iterdir())
    with atomic_folder(out) as temporary:
        done = 0
        for folder in folders:
            (temporary / folder.name).mkdir()
            for image in sorted(folder.iterdir())[:per_class]:
                shutil.copyfile(image, temporary / folder.name / image.name)
                done += 1
                token.checkpoint(Progress(done, per_class * len(folders), tr("Copying the sample pictures")))
    return out


def add_features(embeddings: Path) -> None:
    """Add the starter's features of the sample images, which are shipped, to the feature caches in a folder."""
    name, hashes, rows = shipped_features()
    FeatureCache(embeddings / name, rows.shape[1]).append(hashes, rows)


def shipped_features() -> tuple[str, Hashes, Floats]:
    """The name of the cache that finds the starter's features of the sample images, their content hashes, and rows."""
    # Made by `packaging/starter_features.py`. The name has the starter's fingerprint, so another version does not find
    # it.
    (shipped,) = resource("starter", "sample-features").iterdir()
    hashes = np.fromfile(shipped / "hashes.bin", HASH_TYPE)
    rows = np.fromfile(shipped / "features.f16", FEATURE_TYPE).reshape(len(hashes), -1)
    return shipped.name, hashes, rows.astype(np.float32)
