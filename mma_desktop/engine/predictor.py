"""From class names and image features to probabilities, with one backbone and optionally an adapter.

The text encoder may read another text for a class than its name: what the user says, or the English names of a name in
another language (`backbones.languages`). Callers ask for names and are answered with names, and a
visual head knows its classes by them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.class_names import ClassNames, as_one_reading, name_key, shown_reading
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.checkpoint import CheckpointHeader
from mma_desktop.engine.doubts import Doubts
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.engine.evaluation.metrics import CandidateNames, calibrated_probabilities, logits, name_inputs, scored
from mma_desktop.engine.features.shared_cache import encode_texts
from mma_desktop.engine.methods.adapter import Adapter, InnerProducts, Scorer, ZeroShot
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.engine.methods.strangers import Claims, nearness_of, text_margins
from mma_desktop.engine.prompt_templates import name_features
from mma_desktop.engine.training_data import tensor_of

Features = NDArray[np.float32]
Value = TypeVar("Value")
KEPT = 4
"""Of lists of names: a picture is asked for by the adapter's names, zero-shot's, and the others that were trained."""


def _kept(newest: dict[tuple[object, ...], Value], key: tuple[object, ...], work_out: Callable[[], Value]) -> Value:
    """The value of a key, which is worked out unless it is among the `KEPT` newest."""
    if key not in newest:
        newest[key] = work_out()
        if len(newest) > KEPT:
            del newest[next(iter(newest))]
    return newest[key]


class Predictor:
    """Shared by the open project and `load_classifier`.

    Attributes:
        backbone: Encodes names and images.
        adapter: The current adapter, None for zero-shot only.
        header: Its checkpoint header.

    `reads` tells what the text encoder reads for the project's classes, by `name_key`; "" where nobody said.
    """

    def __init__(self, backbone: Backbone, reads: Callable[[], Mapping[str, str]] = dict) -> None:
        self.backbone = backbone
        self._reads = reads
        self.adapter: Adapter | None = None
        self.header: CheckpointHeader | None = None
        self._texts: dict[str, Features] = {}
        # The same names are used for many images.
        self._readings = dict[tuple[object, ...], list[languages.Reading]]()
        self._features = dict[tuple[object, ...], Features]()
        self._last: tuple[tuple[str, ...], tuple[str, ...], str, CandidateNames] | None = None
        self._scorer: tuple[CandidateNames, Scorer, torch.device, Claims | None] | None = None

    def sibling(self) -> Predictor:
        """A predictor for another adapter, with the same backbone, readings and encoded texts."""
        made = Predictor(self.backbone, self._reads)
        made._texts = self._texts
        return made

    def hold(self, adapter: Adapter | None, header: CheckpointHeader | None) -> None:
        """Set the adapter, or None.

        Raises:
            UserError: The backbone does not provide what the adapter needs.
        """
        if adapter is not None and header is not None and find_method(header.method).needs_encoder:
            adapter.attach(self.backbone.text_tower())
        self.adapter, self.header, self._last, self._scorer = adapter, header, None, None

    def need_adapter(self) -> tuple[Adapter, CheckpointHeader]:
        """The current adapter.

        Raises:
            UserError: There is none.
        """
        if self.adapter is None or self.header is None:
            raise UserError.tr("There is no trained adapter yet.")
        return self.adapter, self.header

    def read(self, names: ClassNames, *, adapted: bool) -> list[str]:
        """(C,) what the text encoder reads for class names.

        An adapter reads the names it was trained on as it did then. For other names, the first source that has a text
        counts: `names`, the project, the checkpoint, English names that mean the same, the name itself.
        """
        said = self.said(names, adapted=adapted)
        unsaid = [name for name, text in zip(names, said, strict=True) if not text]
        found = dict(zip(unsaid, self._in_english(unsaid, names), strict=True))
        return [text or found[name].text or as_one_reading(name) for name, text in zip(names, said, strict=True)]

    def said(self, names: ClassNames, *, adapted: bool = False) -> list[str]:
        """(C,) the texts that `names`, the project or the checkpoint give for class names; "" where none does."""
        given = names if isinstance(names, Mapping) else {}
        own, header, found = self._reads(), self.header, []
        for name in names:
            key = name_key(name)
            if adapted and header is not None and key in header.base_keys:
                found.append(header.texts[key])
            else:
                found.append(given.get(name) or own.get(key) or self._stored(name))
        return found

    def _stored(self, name: str) -> str:
        """The text that the checkpoint gives for a class. It stores none for an English name that is read as it is."""
        header, key = self.header, name_key(name)
        if header is None or key not in header.texts:
            return ""
        return header.said.get(key) or (as_one_reading(name) if languages.is_english(name) else "")

    def to_keep(self, names: Mapping[str, str]) -> dict[str, str]:
        """The entries (text by class name) that a checkpoint has to store, to read its classes the same elsewhere."""
        many = self.backbone.many_languages
        return {name: text for name, text in names.items() if text != name or not (many or languages.is_itself(name))}

    def doubtful(self, texts: Mapping[str, str]) -> list[str]:
        """Class names of which nobody said what is read, where that may be wrong, or they are not understood.

        `texts` is what is read, as it is or as it is shown.
        """
        english = self._in_english(list(texts), texts)
        read = (shown_reading(one.text) or as_one_reading(name) for name, one in zip(texts, english, strict=True))
        each = zip(texts, english, read, strict=True)
        return [name for name, one, text in each if one.doubtful and text == shown_reading(texts[name])]

    def _in_english(self, names: Sequence[str], asked: ClassNames) -> list[languages.Reading]:
        """(C,) what names in other languages are read as (`languages.read_as`), judged by the whole list `asked`."""
        if self.backbone.many_languages or not names:
            return [languages.Reading()] * len(names)
        known = [*asked, *self._reads(), *(() if self.header is None else self.header.class_names)]

        def found() -> list[languages.Reading]:
            language = languages.language_of({name_key(name): name for name in known}.values())
            return languages.read_as(names, language, itself=self.backbone.takes_names)

        return _kept(self._readings, (tuple(names), tuple(known)), found)

    def texts(self, names: ClassNames, template: str) -> Features:
        """(C, D) unit text features of class names with a prompt template, or an ensemble with one per line."""
        return self.features_of(self.read(names, adapted=False), template)

    def features_of(self, texts: Sequence[str], template: str) -> Features:
        """(C, D) as `texts`, for the texts that are read."""
        key = tuple(texts), template
        return _kept(self._features, key, lambda: name_features(texts, template, self._encoded))

    def _encoded(self, texts: Sequence[str]) -> Features:
        """(N, D) unit features of texts; each is encoded once."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if missing:
            self._texts.update(zip(missing, encode_texts(self.backbone, missing), strict=True))
        if not texts:
            return np.empty((0, self.backbone.embed_dim), np.float32)
        return np.stack([self._texts[text] for text in texts])

    def asked(self, names: ClassNames, template: str) -> CandidateNames:
        """Class names as inputs of the adapter; other trained names become context."""
        key = tuple(names), tuple(self.read(names, adapted=True)), template
        last = self._last
        if last is None or last[:3] != key:
            adapter, header = self.need_adapter()
            features, context = self.features_of(key[1], template), None
            if unasked := header.context(key[0]):
                others = self.read(unasked, adapted=True)
                context = name_inputs(adapter, unasked, self.features_of(others, template), others)
            inputs = name_inputs(adapter, key[0], features, key[1])
            self._last = last = *key, CandidateNames(inputs, features, header.trained(key[0]), context)
        return last[3]

    def zero_shot(self) -> Adapter:
        return ZeroShot(self.backbone.embed_dim, self.backbone.logit_scale)

    def name_logits(self, features: Features, texts: Features) -> Features:
        """(N, C) zero-shot logits of image features for text features (C, D), such as those of some of the names."""
        return logits(self.zero_shot(), features[:, : self.backbone.embed_dim], texts)

    def chances(self, features: Features, names: ClassNames, template: str, *, adapted: bool) -> Features:
        """Class probabilities (N, C) of image features: calibrated ones of the adapter, or zero-shot's.

        Raises:
            UserError: There is no adapter.
        """
        if not adapted:
            return softmax(logits(self.zero_shot(), features, self.texts(names, template)))
        return self._chances(features, self.asked(names, template))[0]

    def answers(
        self,
        features: Features,
        names: ClassNames,
        template: str,
        near: Features | None = None,
        kept: tuple[InnerProducts, NDArray[np.int64]] | None = None,
    ) -> tuple[Features, Doubts | None]:
        """`chances` of the adapter (N, C), and the `doubts` of the best names: what both follow from is found once.

        `near` (N,) keeps how near they are to the backbone's background for the next adapter of these names: NaN where
        that is not known, which is filled in where it is needed. `kept` are inner products likewise, with the places
        (N,) of these pictures, of which the shared space has unit length.
        """
        asked = self.asked(names, template)
        chances, claimed = self._chances(features, asked, kept)
        return chances, self._doubts(features, names, asked, chances.argmax(axis=1), near, claimed)

    def _chances(
        self,
        features: Features,
        asked: CandidateNames,
        products: tuple[InnerProducts, NDArray[np.int64]] | None = None,
    ) -> tuple[Features, Features | None]:
        """Calibrated probabilities (N, C) of the adapter, and scores (N,) of its claims where they come with them."""
        adapter, header = self.need_adapter()
        inputs = asked.inputs if asked.context is None else np.concatenate([asked.inputs, asked.context])
        kept = self._scorer  # a local one, as another thread may ask for other names
        if kept is None or kept[0] is not asked:
            device, claims = adapter.device, adapter.claims
            shares = claims is not None and adapter.head is not None and claims.is_of(adapter.head)
            scorer = adapter.for_names(tensor_of(inputs).to(device, torch.float32))
            self._scorer = kept = asked, scorer, device, claims if shares and asked.trained.any() else None
        _, scorer, device, claims = kept
        rows = tensor_of(features).to(device, torch.float32)
        if products is not None and products[0].hold(scorer.anchors):
            with torch.inference_mode():
                found, own = scorer(rows, products[0].of(products[1], rows[:, : adapter.embed_dim]))
        else:
            found, own = scored(scorer, adapter, rows, len(inputs))
        logits = found[:, : len(asked.inputs)].cpu().numpy()
        claimed: Features | None = None
        if claims is not None and own is not None:
            some = own[:, : len(asked.inputs)]
            trained = torch.from_numpy(asked.trained).to(device)
            best = claims.above_chance((some if asked.trained.all() else some[:, trained]).amax(1))
            claimed = claims.within(tensor_of(features).to(device), best).cpu().numpy()
        return calibrated_probabilities(adapter, logits, features, asked, header.temperatures), claimed

    def doubts(
        self,
        features: Features,
        names: ClassNames,
        template: str,
        best: NDArray[np.int64],
        *,
        adapted: bool = True,
    ) -> Doubts | None:
        """What speaks for and against the `best` (N,) of the names for image features (N, E).

        None if the adapter does not know what pictures of none of its classes look like, or without one the backbone.
        """
        if adapted:
            return self._doubts(features, names, self.asked(names, template), best)
        unclaimed, unknown = np.full(len(features), -np.inf, np.float32), self.backbone.background is None
        return None if unknown else Doubts(unclaimed, self._margins(features, self.texts(names, template), best))

    def _doubts(
        self,
        features: Features,
        names: ClassNames,
        asked: CandidateNames,
        best: NDArray[np.int64],
        near: Features | None = None,
        claimed: Features | None = None,
    ) -> Doubts | None:
        """`doubts` by the adapter; `claimed` (N,) are the scores of its claims, if known."""
        adapter, header = self.need_adapter()
        if adapter.claims is None or header.strangers is None:
            return None
        scores = np.full(len(features), -np.inf, np.float32) if claimed is None else claimed
        if claimed is None and (columns := self.claiming(names)):
            scores = adapter.claims.of_rows(features, columns)
        margins = np.full(len(features), np.nan, np.float32)
        by_text = ~asked.trained[best]
        if header.strangers.names:
            own, images = best[by_text], features[by_text, : self.backbone.embed_dim]
            places = self.places_of(names)[own]
            margins[by_text] = header.strangers.name_margins((images * asked.features[own]).sum(axis=1), places)
            return Doubts(scores, margins)
        known = None if near is None else near[by_text]
        named = np.flatnonzero(~asked.trained)
        if adapter.transduction is not None and len(named):  # what was taught tells names apart, not that one is right
            best = named[(features[:, : self.backbone.embed_dim] @ asked.features[named].T).argmax(1)]
        margins[by_text] = self._margins(features[by_text], asked.features, best[by_text], known)
        if near is not None and known is not None:
            near[by_text] = known
        return Doubts(scores, margins)

    def _margins(
        self, features: Features, texts: Features, best: NDArray[np.int64], near: Features | None = None
    ) -> Features:
        background = self.backbone.background
        if background is None or not len(features):
            return np.full(len(features), np.inf, np.float32)
        images = features[:, : self.backbone.embed_dim]
        if near is None:
            return text_margins(images, texts, best, background)
        new = np.isnan(near)
        if new.any():
            near[new] = nearness_of(images[new], texts, background)
        found: Features = (images * texts[best]).sum(axis=1) - near
        return found

    def claiming(self, names: ClassNames) -> list[int]:
        """The columns of `Adapter.claims` for those of the names that were trained."""
        trained = [name for name, role in self.need_adapter()[1].classes if role is Role.BASE]
        column = {name_key(name): at for at, name in enumerate(trained)}
        return [column[key] for key in map(name_key, names) if key in column]

    def places_of(self, names: ClassNames) -> NDArray[np.int64]:
        """(C,) where `Strangers.names` has each of the names; the last place for those that the training had not."""
        untrained = [name for name, role in self.need_adapter()[1].classes if role is not Role.BASE]
        strangers = self.need_adapter()[1].strangers
        last = 0 if strangers is None else len(strangers.names) - 1
        place = {name_key(name): at for at, name in enumerate(untrained[:last])}
        return np.array([place.get(name_key(name), last) for name in names], np.int64)

    def logits(
        self, features: Features, names: ClassNames, template: str, token: CancelToken, *, adapted: bool
    ) -> Features:
        """Uncalibrated logits (N, C) of image features, of the adapter or zero-shot."""
        if not adapted:
            return logits(self.zero_shot(), features, self.texts(names, template), cancel=token)
        asked = self.asked(names, template)
        return logits(self.need_adapter()[0], features, asked.inputs, context=asked.context, cancel=token)
