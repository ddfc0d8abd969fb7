"""From class names and image features to probabilities, with one backbone and optionally an adapter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.checkpoint import CheckpointHeader
from mma_desktop.engine.evaluation.metrics import Asked, ask, calibrated_probabilities, logits, probabilities
from mma_desktop.engine.methods.adapter import Adapter, TokenAdapter, build_adapter
from mma_desktop.engine.prompt_templates import name_features

Features = NDArray[np.float32]


class Predictor:
    """Shared by the open project and `load_classifier`.

    Args:
        backbone: Encodes names and images.
        like: Another predictor of the same backbone, whose encoded texts are shared.

    Attributes:
        backbone: Encodes names and images.
        adapter: The current adapter, None for zero-shot only.
        header: Its checkpoint header.
    """

    def __init__(self, backbone: Backbone, like: Predictor | None = None) -> None:
        self.backbone = backbone
        self.adapter: Adapter | None = None
        self.header: CheckpointHeader | None = None
        self._texts: dict[str, Features] = {} if like is None else like._texts  # encoding texts takes time
        self._last: tuple[tuple[str, ...], str, Asked] | None = None  # the same names are used for many images

    def hold(self, adapter: Adapter | None, header: CheckpointHeader | None) -> None:
        """Set the adapter, or None.

        Raises:
            UserError: The backbone does not provide what the adapter needs.
        """
        if isinstance(adapter, TokenAdapter):
            adapter.attach(self.backbone.text_tower())
        self.adapter, self.header, self._last = adapter, header, None

    def need_adapter(self) -> tuple[Adapter, CheckpointHeader]:
        """The current adapter.

        Raises:
            UserError: There is none.
        """
        if self.adapter is None or self.header is None:
            raise UserError(tr("There is no trained adapter yet."))
        return self.adapter, self.header

    def texts(self, names: Sequence[str], template: str) -> Features:
        """(C, D) unit text features of class names with a prompt template, or an ensemble with one per line."""
        return name_features(names, template, self._encoded)

    def _encoded(self, texts: Sequence[str]) -> Features:
        """(N, D) unit features of texts; each is encoded once."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if missing:
            self._texts.update(zip(missing, self.backbone.encode_texts(missing), strict=True))
        if not texts:
            return np.empty((0, self.backbone.embed_dim), np.float32)
        return np.stack([self._texts[text] for text in texts])

    def asked(self, names: Sequence[str], template: str) -> Asked:
        """Class names as inputs of the adapter; other trained names become context."""
        key = tuple(names)
        if self._last is None or self._last[:2] != (key, template):
            adapter, header = self.need_adapter()
            unasked, trained = header.context(names), header.trained(names)
            self._last = key, template, ask(adapter, names, unasked, trained, lambda some: self.texts(some, template))
        return self._last[2]

    def zero_shot(self) -> Adapter:
        """The classifier without training."""
        return build_adapter("zero-shot", self.backbone.embed_dim, self.backbone.logit_scale, {})

    def chances(self, features: Features, names: Sequence[str], template: str, *, adapted: bool) -> Features:
        """Class probabilities (N, C) of image features: calibrated ones of the adapter, or zero-shot's.

        Raises:
            UserError: There is no adapter.
        """
        if not adapted:
            return probabilities(self.zero_shot(), features, self.texts(names, template))
        adapter, header = self.need_adapter()
        return calibrated_probabilities(adapter, features, self.asked(names, template), header.calibration)

    def logits(
        self, features: Features, names: Sequence[str], template: str, token: CancelToken, *, adapted: bool
    ) -> Features:
        """Uncalibrated logits (N, C) of image features, of the adapter or zero-shot."""
        if not adapted:
            return logits(self.zero_shot(), features, self.texts(names, template), cancel=token)
        asked = self.asked(names, template)
        return logits(self.need_adapter()[0], features, asked.inputs, context=asked.context, cancel=token)
