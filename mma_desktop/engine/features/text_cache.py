"""Text features of former runs: reading twenty new names takes the starter a second, and CLIP's encoders ten.

A `FeatureCache` for each backbone in the user's cache folder, by the SHA-256 of the text, in single precision: on the
CPU a text's features are the same whenever it is encoded, bit for bit, and so they are from here.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import AppData, usable_folder
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.features.feature_cache import FeatureCache, Floats

log = logging.getLogger(__name__)

VOCABULARY_DIGITS = 12
MOST_TEXTS = 20_000
"""100 MB of the starter's; with more of them the cache begins anew."""


def encode_texts(backbone: Backbone, texts: Sequence[str]) -> Floats:
    """`Backbone.encode_texts`, which is asked only for what is not in the cache.

    Raises:
        UserError: Not even one text fits in memory.
    """
    cache = _cache_of(backbone)
    if cache is None:
        return backbone.encode_texts(texts)
    hashes = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    known = cache.rows(hashes) >= 0
    new = [at for at, there in enumerate(known.tolist()) if not there]
    found = np.empty((len(texts), backbone.embed_dim), np.float32)
    if new:
        found[new] = backbone.encode_texts([texts[at] for at in new])
    try:
        found[known] = cache.gather_rows([hashes[at] for at in np.flatnonzero(known)])
    except UserError as error:
        log.warning("the cache of text features begins anew: %s", error)
        shutil.rmtree(cache.folder, ignore_errors=True)
        return backbone.encode_texts(texts)
    try:
        if new:
            cache.append([hashes[at] for at in new], found[new])
    except (UserError, ValueError) as error:  # a full disk, or features that are not finite
        log.warning("text features are not kept: %s", error)
    return found


def _cache_of(backbone: Backbone) -> FeatureCache | None:
    """The cache of a backbone; None where the features of a text are not always the same, or none can be kept."""
    folder = usable_folder(AppData.CACHE, "prepared") if backbone.device.type == "cpu" else None
    if folder is None:
        return None
    name = f"texts-{backbone.file_stem}"
    # The places of names in other languages also depend on the vocabulary, which no fingerprint covers.
    place = folder / (f"{name}-{languages.VOCABULARY_SHA256[:VOCABULARY_DIGITS]}" if backbone.takes_names else name)
    try:
        cache = _opened(place, backbone.embed_dim)
        if len(cache) > MOST_TEXTS:
            shutil.rmtree(place)
            cache = _opened(place, backbone.embed_dim)
    except (OSError, UserError) as error:
        log.warning("text features are not kept: %s", error)
        return None
    return cache


def _opened(place: Path, width: int) -> FeatureCache:
    return FeatureCache(place, width, embed_dim=0, kind=np.dtype("<f4"))
